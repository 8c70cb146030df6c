"""Payments: what they settle, what they move in the books, and how they are voided (intacct-xml §3D APPYMT, ARPYMT)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.documents import DRAFT, POSTED, apply_payment, lines_of, refused
from tieout.sandbox.intacct.facts import Document, Settlement
from tieout.sandbox.intacct.fields import Field, Kind
from tieout.sandbox.intacct.ledger import Leg, Posting, bank_account, entity_of_line, money, place_of, post, unpost
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import base_currency, check_open, shown
from tieout.sandbox.intacct.postings import is_posted
from tieout.sandbox.intacct.rates import complete_rate
from tieout.sandbox.intacct.records import amend
from tieout.sandbox.intacct.summaries import check_summary
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

VOIDED = "Voided"
SUBMITTED, APPROVED, DECLINED = "Submitted", "Approved", "Declined"
UNAPPLIED = "UNAPPLIED"  # marks a payment that needs no lines; no column
_CODES = {POSTED: "C", DRAFT: "D", VOIDED: "V", SUBMITTED: "S", APPROVED: "A", DECLINED: "U"}
# What brings a payment that waits on -> from which states, and to which (objects table approve_appaymentrequest and its kin).
_STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    "approve": (frozenset({SUBMITTED}), APPROVED),
    "decline": (frozenset({SUBMITTED, APPROVED}), DECLINED),
    "send": (frozenset({APPROVED}), POSTED),
    "confirm": (frozenset({APPROVED}), POSTED),
}
ZERO = Decimal(0)
Facts = dict[str, Document]


@dataclass(frozen=True, slots=True)
class _Part:
    """One settled amount: the document it belongs to, and whether money or a credit settles it."""

    kind: str
    number: str
    amount: Decimal
    is_credit: bool = False
    is_money: bool = False


def behaviour(facts: Settlement, documents: Facts) -> Behaviour:
    """The hooks of one kind of payment; `documents` are the facts of what may be settled."""
    return Behaviour(partial(_prepare, facts), partial(_settle, facts, documents), partial(_release, facts))


def _prepare(facts: Settlement, change: Change) -> None:
    work, kind, row, old = change.work, change.kind, change.row, change.old
    action = row.pop("ACTION", "")
    if action not in {"", "Submit", "Draft"}:
        raise refused(kind, f"Invalid value '{action}' for ACTION. Use Draft or Submit.", "BL03002129", "ACTION")
    if old is not None and old["STATE"] != DRAFT:
        raise refused(kind, f"{kind.label} '{row['RECORDNO']}' is {str(old['STATE']).lower()} and cannot be changed.")
    container = kind.owned[0].name
    if old is None and not change.values.owned.get(container) and not row.get(UNAPPLIED):
        raise Refusal(missing(kind, Field(container)))
    if old is None:
        row["STATE"] = DRAFT if action == "Draft" else _submitted(kind, work)
    elif action == "Submit":
        row["STATE"] = _submitted(kind, work)
    check_summary(change)
    row.setdefault("BASECURR", base_currency(work, work.entity))
    row.setdefault("CURRENCY", row["BASECURR"])
    row.setdefault("WHENCREATED", row[facts.date])
    row.setdefault("PAYMENTDATE", shown(work.now.date()))
    if "EXCHANGE_RATE" in kind.by_name:
        complete_rate(work, kind, row, row["BASECURR"], row[facts.date])
    named = ("FINANCIALENTITY", "UNDEPOSITEDACCOUNTNO", "PRBATCH")
    if facts.needs_account and not any(row.get(name) for name in named):
        raise refused(kind, "One of FINANCIALENTITY, UNDEPOSITEDACCOUNTNO or PRBATCH is required.", "BL03000018", "FINANCIALENTITY")


def _submitted(kind: Kind, work: Work) -> str:
    return SUBMITTED if kind.name in work.settings["approvals"] else POSTED


def _settle(facts: Settlement, documents: Facts, change: Change) -> None:
    _complete(facts, documents, change.work, change.kind, change.row["RECORDNO"])


def _complete(facts: Settlement, documents: Facts, work: Work, kind: Kind, number: str) -> Row:
    row = work.storage.get(kind.name, number)
    assert row is not None
    rate = Decimal(row.get("EXCHANGE_RATE") or "1")
    lines = owned_rows(work, kind.owned[0], row["RECORDNO"])
    parts = [part for line in lines for part in _parts(facts, work, kind, row, line)]
    for line in lines:
        paid = money(line.get(facts.amount, ""))
        amend(work, work.company.kinds[kind.owned[0].kind], line["RECORDNO"], {"PAYMENTAMOUNT": plain(paid * rate), "STATE": row["STATE"]})
    over = money(row.get("OVERPAYMENTAMOUNT", ""))
    total = sum((part.amount for part in parts if part.is_money), ZERO) + over
    row = amend(work, kind, row["RECORDNO"], _totals(facts, row, total, over, rate))
    if row["STATE"] != POSTED:
        return row
    check_open(work, row[facts.date], {work.entity} - {""})
    for part in parts:
        _apply(facts, documents, work, kind, row, part)
    post(work, _posting(facts, kind, row), _legs(facts, work, kind, row, parts, rate))
    return row


def bring_on(facts: Settlement, documents: Facts, work: Work, kind: Kind, row: Row, step: str) -> Row:
    """Approves, declines, sends or confirms a payment that waits; it is posted last. Raises Refusal."""
    since, state = _STEPS[step]
    if row["STATE"] not in since:
        raise refused(kind, f"{kind.label} '{row['RECORDNO']}' is {str(row['STATE']).lower()}: it cannot be {_done(step)}.", field="STATE")
    amend(work, kind, row["RECORDNO"], {"STATE": state, "RAWSTATE": _CODES[state]})
    return _complete(facts, documents, work, kind, row["RECORDNO"])


def _done(step: str) -> str:
    return {"approve": "approved", "decline": "declined", "send": "sent", "confirm": "confirmed"}[step]


def _totals(facts: Settlement, row: Row, total: Decimal, over: Decimal, rate: Decimal) -> dict[str, str]:
    found = {"STATE": row["STATE"], "RAWSTATE": _CODES[row["STATE"]], "RECORDTYPE": facts.record_type}
    for prefix, factor in (("", rate), ("TRX_", Decimal(1))):
        found[f"{prefix}TOTALENTERED"] = plain((total * factor).quantize(Decimal("0.01")))
        found[f"{prefix}TOTALPAID"] = plain(((total - over) * factor).quantize(Decimal("0.01")))
        found[f"{prefix}TOTALDUE"] = plain((over * factor).quantize(Decimal("0.01")))
    if row["STATE"] == POSTED:
        found["WHENPAID"] = row.get("WHENPAID") or row[facts.date]
    return found


def _parts(facts: Settlement, work: Work, kind: Kind, row: Row, line: Row) -> Iterator[_Part]:
    """What one line settles; raises Refusal for a line that names nothing."""
    target = next(((name, line[key]) for key, name in facts.targets if line.get(key)), None)
    if target is None:
        raise refused(kind, "Oops, we can't find this transaction; enter a valid transaction.", field=facts.targets[0][0])
    paid = money(line.get(facts.amount, ""))
    settled = paid
    for credit in facts.credits:
        amount = money(line.get(credit.amount, ""))
        if not line.get(credit.key):
            continue
        if credit.kind not in work.company.kinds:
            raise refused(kind, "Oops, we can't find this transaction; enter a valid transaction.", field=credit.key)
        yield _Part(credit.kind, line[credit.key], amount, is_credit=True)
        settled += amount
    if settled <= 0 or paid < 0:
        raise refused(kind, f"Enter a valid payment amount for transaction '{target[1]}'.", "BL03000018", facts.amount)
    yield _Part(*target, settled - paid)
    yield _Part(*target, paid, is_money=True)


def _apply(facts: Settlement, documents: Facts, work: Work, kind: Kind, row: Row, part: _Part) -> None:
    """Takes one amount off what is due; raises Refusal if the document is gone, another's, or less is due."""
    if not part.amount:
        return
    target = work.visible(work.company.kinds[part.kind], part.number)
    party = kind.by_name[facts.party].ref
    same = target is not None and party is not None and (not row.get(party.key) or target.get(party.key) == row[party.key])
    if target is None or not same or not (is_posted(target) or target.get("STATE") == POSTED):
        raise refused(kind, f"Oops, we can't find this transaction; enter a valid transaction instead of '{part.number}'.")
    due = abs(money(target.get("TRX_TOTALDUE", "")))
    is_negative = money(target.get("TRX_TOTALENTERED", "")) < 0
    if part.is_credit != (is_negative or part.kind in {"ARADVANCE", "ARPYMT"}) or part.amount > due:
        raise refused(kind, f"Payment of {plain(part.amount)} for transaction '{part.number}' exceeds total amount due ({plain(due)})")
    apply_payment(work, documents, part.kind, part.number, -part.amount if is_negative else part.amount, row[facts.date])


def _posting(facts: Settlement, kind: Kind, row: Row, *, when: str = "", mark: str = "") -> Posting:
    detail = {"RECORDTYPE": facts.record_type, "RECORDKEY": row["RECORDNO"], facts.party: row.get(facts.party, "")}
    ref = kind.by_name[facts.party].ref
    detail[facts.party.replace("ID", "DIMKEY")] = row.get(ref.key, "") if ref is not None else ""
    title = f"{kind.label} '{row.get('DOCNUMBER') or row['RECORDNO']}'"
    reference = row.get("DOCNUMBER", "")
    currencies = (row["CURRENCY"], row["BASECURR"])
    return Posting(
        kind.name, row["RECORDNO"], facts.module, facts.journal, when or row[facts.date], title, reference, *currencies, detail, mark
    )


def _legs(facts: Settlement, work: Work, kind: Kind, row: Row, parts: list[_Part], rate: Decimal, factor: int = 1) -> list[Leg]:
    """Control account against bank, at the entity of each document that money settles."""
    bank = bank_account(work, row)
    legs: list[Leg] = []
    for part in parts:
        if part.is_money and part.amount:
            amount = factor * facts.sign * part.amount
            legs += _pair(work, bank, work.settings[facts.control], amount, rate, _place_of_document(work, part))
    over = money(row.get("OVERPAYMENTAMOUNT", ""))
    if over:
        where = place_of(work, row.get("OVERPAYMENTLOCATIONID", "")) if row.get("OVERPAYMENTLOCATIONID") else {}
        legs += _pair(work, bank, work.settings[facts.control], factor * facts.sign * over, rate, where)
    return legs


def _pair(work: Work, bank: str, control: str, amount: Decimal, rate: Decimal, where: dict[str, str]) -> list[Leg]:
    base = (amount * rate).quantize(Decimal("0.01"))
    return [Leg(control, amount, base, where), Leg(bank, -amount, -base, where)]


def _place_of_document(work: Work, part: _Part) -> dict[str, str]:
    target = work.storage.get(part.kind, part.number)
    lines = lines_of(work, work.company.kinds[part.kind], target) if target is not None else []
    return place_of(work, entity_of_line(work, lines[0])) if lines else {}


def _release(facts: Settlement, work: Work, kind: Kind, row: Row) -> None:
    if row["STATE"] == POSTED:
        raise refused(kind, f"{kind.label} '{row['RECORDNO']}' is posted and cannot be deleted; reverse it instead.")
    unpost(work, f"{kind.name}:{row['RECORDNO']}")


def void(facts: Settlement, documents: Facts, work: Work, kind: Kind, row: Row, when: str, text: str) -> Row:
    """Reverses a posted payment on a day: what it settled is due again. Raises Refusal."""
    if row["STATE"] != POSTED:
        raise refused(kind, f"{kind.label} '{row['RECORDNO']}' is {str(row['STATE']).lower()} and cannot be reversed.")
    if row.get("DEPOSITKEY"):
        raise refused(kind, f"{kind.label} '{row['RECORDNO']}' is part of a deposit and cannot be reversed.")
    check_open(work, when, {work.entity} - {""})
    lines = owned_rows(work, kind.owned[0], row["RECORDNO"])
    parts = [part for line in lines for part in _parts(facts, work, kind, row, line)]
    rate = Decimal(row.get("EXCHANGE_RATE") or "1")
    for part in parts:
        target = work.storage.get(part.kind, part.number)
        if target is not None and part.amount:
            is_negative = money(target.get("TRX_TOTALENTERED", "")) < 0
            apply_payment(work, documents, part.kind, part.number, part.amount if is_negative else -part.amount, "")
    post(work, _posting(facts, kind, row, when=when, mark=":reversal"), _legs(facts, work, kind, row, parts, rate, factor=-1))
    for line in lines:
        amend(work, work.company.kinds[kind.owned[0].kind], line["RECORDNO"], {"STATE": VOIDED})
    description = text or row.get("DESCRIPTION", "")
    return amend(work, kind, row["RECORDNO"], {"STATE": VOIDED, "RAWSTATE": _CODES[VOIDED], "DESCRIPTION": description})


def apply_more(facts: Settlement, documents: Facts, work: Work, kind: Kind, row: Row, given: list[tuple[str, Decimal]], when: str) -> Row:
    """Applies what a posted payment has left to further documents (legacy `apply_arpayment`). Raises Refusal."""
    left = money(row.get("OVERPAYMENTAMOUNT", ""))
    total = sum((amount for _, amount in given), ZERO)
    if row["STATE"] != POSTED or total > left:
        text = f"Payment of {plain(total)} exceeds total amount due ({plain(left)}): that is all payment '{row['RECORDNO']}' has left."
        raise Refusal(business(text, object=kind.name))
    check_open(work, when, {work.entity} - {""})
    for number, amount in given:
        _apply(facts, documents, work, kind, {**row, facts.date: when}, _Part(facts.targets[0][1], number, amount, is_money=True))
    row = {**row, "OVERPAYMENTAMOUNT": plain(left - total)}
    entered = money(row["TRX_TOTALENTERED"])
    changes = _totals(facts, row, entered, left - total, Decimal(row.get("EXCHANGE_RATE") or "1"))
    return amend(work, kind, row["RECORDNO"], {**changes, "OVERPAYMENTAMOUNT": row["OVERPAYMENTAMOUNT"]})
