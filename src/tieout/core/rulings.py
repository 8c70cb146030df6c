"""A person's stored word about a record, and how long it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tieout.core.record import EMPTY


class RulingKind(StrEnum):
    """What a person said."""

    REQUESTED = "requested"  # bring it in, whatever rule left it out
    APPROVED = "approved"  # releases the one step that has its fingerprint
    REJECTED = "rejected"  # withholds the step that has its fingerprint
    SKIPPED = "skipped"  # leave the record alone, until it is requested
    TAKEN_BACK = "taken back"  # the skip holds no longer; what left the record out by rule still does
    KEPT_APART = "kept apart"  # these two records are not the same thing; `data["record"]` is the id on the other side
    RESOLVED = "resolved"  # which value of a conflict stands, or what becomes of a change to a locked record
    PERIOD_ALLOWED = "period allowed"  # may be posted into a closed period


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ruling. `fingerprint` is what it is bound to; empty binds it to the record alone."""

    kind: RulingKind
    by: str
    at: datetime
    why: str = ""
    until: datetime | None = None
    fingerprint: str = ""
    data: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


def standing(rulings: Sequence[Ruling], kind: RulingKind, now: datetime, fingerprint: str = "") -> Ruling | None:
    """The latest ruling of a kind that holds now and is bound to this fingerprint."""
    for ruling in reversed(rulings):
        if ruling.kind is kind and ruling.fingerprint == fingerprint and (ruling.until is None or now < ruling.until):
            return ruling
    return None


def is_skipped(rulings: Sequence[Ruling], now: datetime) -> Ruling | None:
    """The ruling that leaves a record alone, unless somebody took it back or asked for the record afterwards."""
    skipped = standing(rulings, RulingKind.SKIPPED, now)
    if skipped is None:
        return None
    later = (standing(rulings, kind, now) for kind in (RulingKind.REQUESTED, RulingKind.TAKEN_BACK))
    return None if any(each is not None and each.at > skipped.at for each in later) else skipped


def kept_apart(rulings: Sequence[Ruling], now: datetime) -> frozenset[str]:
    """The ids on the other side that a person keeps apart from this record."""
    held = [r for r in rulings if r.kind is RulingKind.KEPT_APART and (r.until is None or now < r.until)]
    return frozenset(str(ruling.data.get("record") or "") for ruling in held)


__all__ = ["Ruling", "RulingKind", "is_skipped", "kept_apart", "standing"]
