"""Releasing what was held back: a document of its own for what a release makes due (objects table APRETAINAGERELEASE).

What the vendor makes of a release is not published; assumption A-58 says what is made here.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.retainage import Release
from tieout.sandbox.intacct.documents import recompute
from tieout.sandbox.intacct.facts import Document
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ledger import money
from tieout.sandbox.intacct.ownership import PRESET, owned_rows
from tieout.sandbox.intacct.periods import shown
from tieout.sandbox.intacct.postings import is_posted, name_of
from tieout.sandbox.intacct.records import amend, create, delete
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

DRAFT, RELEASED = "Draft", "Released"


def behaviour(facts: Release, document: Document) -> Behaviour:
    """The hooks of one kind of release; `document` are the facts of what it releases something of."""
    return Behaviour(prepare=_prepare, settle=partial(_settle, facts, document), release=partial(_undo, facts, document))


def _prepare(change: Change) -> None:
    """A release has its dates, and what is released stays so."""
    row, old = change.row, change.old
    if old is not None and old["STATE"] == RELEASED:
        raise _refused(change.kind, f"{change.kind.label} '{row['RECORDNO']}' is released and cannot be changed.", "STATE")
    row.setdefault("RELEASEDATE", shown(change.work.now.date()))
    row.setdefault("GLPOSTINGDATE", row["RELEASEDATE"])


def _settle(facts: Release, document: Document, change: Change) -> None:
    """Checks every entry, and once it is released makes the documents that are due for it."""
    work, kind, row = change.work, change.kind, change.row
    by_document: dict[str, list[Row]] = defaultdict(list)
    for entry in owned_rows(work, kind.owned[0], row["RECORDNO"]):
        _check(facts, document, work, entry)
        by_document[entry[facts.document_key]].append(entry)
        if row["STATE"] == RELEASED:
            _move(facts, work, entry, 1)
    if row["STATE"] == RELEASED:
        for number, entries in by_document.items():
            recompute(document, work, work.company.kinds[facts.document], number)
            if work.settings["retainage_due"] != "at once":
                _make_due(facts, document, work, row, number, entries)


def _check(facts: Release, document: Document, work: Work, entry: Row) -> None:
    kind = work.company.kinds[facts.entry]
    held = work.storage.get(facts.document, entry[facts.document_key]) or {}
    line = work.storage.get(facts.line, entry[facts.line_key]) or {}
    label = work.company.kinds[facts.document].label
    if not is_posted(held) or line.get("RECORDKEY") != held["RECORDNO"]:
        text = f"{label} '{entry[facts.document_key]}' is not posted or has no line '{entry[facts.line_key]}'."
        raise _refused(kind, text, facts.line_key)
    left = money(line.get("TRX_AMOUNTRETAINED", "")) - money(line.get("TRX_AMOUNTRELEASED", ""))
    amount = money(entry["TRX_AMOUNTRELEASED"])
    if not 0 < amount <= left:
        text = f"{plain(amount)} cannot be released of {label} {name_of(document, held)}: {plain(left)} is held back."
        raise _refused(kind, text, "TRX_AMOUNTRELEASED")


def _move(facts: Release, work: Work, entry: Row, sign: int) -> None:
    line = work.storage.get(facts.line, entry[facts.line_key])
    assert line is not None
    released = money(line.get("TRX_AMOUNTRELEASED", "")) + sign * money(entry["TRX_AMOUNTRELEASED"])
    changes = {"TRX_AMOUNTRELEASED": plain(released) if released else ""}
    amend(work, work.company.kinds[facts.line], line["RECORDNO"], changes)


def _make_due(facts: Release, document: Document, work: Work, row: Row, number: str, entries: list[Row]) -> None:
    """A document like the one released from, of its party and numbered after it, against the account of what is held back."""
    kind, inner = work.company.kinds[facts.document], work.company.kinds[facts.line]
    held = work.storage.get(facts.document, number)
    assert held is not None
    kept = ("CURRENCY", "BASECURR", "EXCH_RATE_DATE", "EXCHANGE_RATE", "DOCNUMBER", document.party)
    given = {name: held[name] for name in kept if held.get(name)}
    given |= {"WHENCREATED": row["RELEASEDATE"], "WHENPOSTED": row["GLPOSTINGDATE"], "WHENDUE": row["RELEASEDATE"]}
    given |= {"DESCRIPTION": row["DESCRIPTION"]}
    if held.get(document.number):
        given[document.number] = f"{held[document.number]}-R{row['RECORDNO']}"
    items = [_line(facts, document, work, inner, entry) for entry in entries]
    made = create(work, kind, {**given, kind.owned[0].name: items}, {"SYSTEMGENERATED": "T"})
    for entry in entries:
        amend(work, work.company.kinds[facts.entry], entry["RECORDNO"], {"RELEASEDTOKEY": made["RECORDNO"]})


def _line(facts: Release, document: Document, work: Work, inner: Kind, entry: Row) -> dict[str, object]:
    line = work.storage.get(facts.line, entry[facts.line_key]) or {}
    dimensions = {name: line[name] for name in inner.by_name if inner.by_name[name].ref is not None and line.get(name)}
    for name in ("ACCOUNTLABEL", "OFFSETGLACCOUNTNO", "ALLOCATION"):
        dimensions.pop(name, None)
    account = work.settings[document.retainage]
    mark = {"ISRETAINAGERELEASE": "true"} if "ISRETAINAGERELEASE" in inner.by_name else {}
    return {**dimensions, "ACCOUNTNO": account, "TRX_AMOUNT": entry["TRX_AMOUNTRELEASED"], PRESET: mark}


def _undo(facts: Release, document: Document, work: Work, kind: Kind, row: Row) -> None:
    """With a release go the documents it made, unless they are paid; what was held back is so again."""
    if row["STATE"] != RELEASED:
        return
    entries = owned_rows(work, kind.owned[0], row["RECORDNO"])
    for number in dict.fromkeys(entry["RELEASEDTOKEY"] for entry in entries if entry.get("RELEASEDTOKEY")):
        delete(work, work.company.kinds[facts.document], number)
    for entry in entries:
        _move(facts, work, entry, -1)
    for number in dict.fromkeys(entry[facts.document_key] for entry in entries):
        recompute(document, work, work.company.kinds[facts.document], number)


def _refused(kind: Kind, text: str, field: str) -> Refusal:
    return Refusal(business(text, errorno="BL03000018", object=kind.name, field=field))
