"""Tables of what is released of amounts held back (objects table APRETAINAGERELEASE, ARRETAINAGERELEASE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.sandbox.intacct.fields import SEARCH, Choice, Field, Kind, Need, Owned, Ref, Type, recordno

_STATES = (Choice("Draft", "D"), Choice("Released", "R"))


@dataclass(frozen=True, slots=True)
class Release:
    """One kind of release: its entries, and the document and line each releases something of."""

    release: str
    entry: str
    document: str
    line: str
    document_key: str
    line_key: str


RELEASES: Mapping[str, Release] = {
    each.release: each
    for each in (
        Release("APRETAINAGERELEASE", "APRETAINAGERELEASEENTRY", "APBILL", "APBILLITEM", "RETAINAGEBILLKEY", "RETAINAGEBILLITEMKEY"),
        Release(
            "ARRETAINAGERELEASE",
            "ARRETAINAGERELEASEENTRY",
            "ARINVOICE",
            "ARINVOICEITEM",
            "RETAINAGEINVOICEKEY",
            "RETAINAGEINVOICEITEMKEY",
        ),
    )
}


def _key(name: str, kind: str) -> Field:
    return Field(name, Type.INTEGER, need=Need.YES, ref=Ref(kind, "RECORDNO", name, kind))


def _entry(facts: Release, label: str) -> Kind:
    owner = f"{facts.release}KEY"
    return Kind(
        facts.entry,
        f"{label} Entry",
        f"{label} Entries",
        key="RECORDNO",
        functions=SEARCH,
        fields=(
            recordno(),
            Field(owner, Type.INTEGER, read_only=True, ref=Ref(facts.release, "RECORDNO", owner, facts.release)),
            _key(facts.document_key, facts.document),
            _key(facts.line_key, facts.line),
            Field("TRX_AMOUNTRELEASED", Type.CURRENCY, "Amount released", Need.YES),
            Field("RELEASEDTOKEY", Type.INTEGER, read_only=True),
        ),
        indexes=(owner,),
    )


def _release(facts: Release, label: str, functions: frozenset[str]) -> Kind:
    return Kind(
        facts.release,
        label,
        f"{label}s",
        key="RECORDNO",
        functions=functions | {"create", "update", "delete"},
        fields=(
            recordno(),
            Field("DESCRIPTION", label="Description", need=Need.YES, create_only=True, max=1000),
            Field("RELEASEDATE", Type.DATE, "Release date"),
            Field("GLPOSTINGDATE", Type.DATE, "GL posting date"),
            Field("STATE", Type.ENUM, "State", choices=_STATES, default="Draft"),
        ),
        owned=(Owned(f"{facts.release}ENTRIES", facts.entry, f"{facts.release}KEY"),),
    )


_AP, _AR = RELEASES["APRETAINAGERELEASE"], RELEASES["ARRETAINAGERELEASE"]
KINDS = (
    _release(_AP, "AP Retainage Release", SEARCH),
    _entry(_AP, "AP Retainage Release"),
    _release(_AR, "AR Retainage Release", frozenset({"inspect", "query", "read"})),
    _entry(_AR, "AR Retainage Release"),
)
