"""Bills, invoices, adjustments, advances: one engine for documents with lines, told by `facts.Document` (intacct-xml §3D).

`prepare` looks at the header before it is kept, `settle` at the whole document with its lines; a refusal undoes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.facts import Document
from tieout.sandbox.intacct.fields import Kind, Owned
from tieout.sandbox.intacct.ledger import (
    account,
    check_dimensions,
    entity_of_line,
    money,
    post,
    unpost,
)
from tieout.sandbox.intacct.line_taxes import tax_of
from tieout.sandbox.intacct.order_postings import mirror
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import base_currency, check_open
from tieout.sandbox.intacct.postings import OPEN, held_back, is_posted, legs_of, name_of, party_of, posting_of, settle_party
from tieout.sandbox.intacct.rates import complete_rate
from tieout.sandbox.intacct.records import amend
from tieout.sandbox.intacct.shares import shares
from tieout.sandbox.intacct.summaries import check_summary
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Problem, Refusal, business, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

DRAFT, SUBMITTED, DECLINED, POSTED, PART_PAID, PAID, REVERSED = (
    *("Draft", "Submitted", "Declined", "Posted", "Partially Paid", "Paid", "Reversed"),
)
CODES = {DRAFT: "D", SUBMITTED: "S", DECLINED: "U", REVERSED: "V", "Partially Approved": "PA"}
NUMBERED = "NUMBERED"  # a hidden column by which the number of one party is found
_MODULES = {"9.PO": "Purchasing", "8.SO": "Order Entry"}
# What a payment has been made for stays as it is (own words for the refusals; the reference gives none).
_FINANCIAL = ("CURRENCY", "BASECURR", "EXCHANGE_RATE")


def behaviour(facts: Document) -> Behaviour:
    """The hooks of one kind of document."""
    return Behaviour(partial(_prepare, facts), partial(_settle, facts), partial(_release, facts), partial(_dissolve, facts))


def source_of(kind: Kind, row: Row) -> str:
    """A document as the ledger names it."""
    return f"{kind.name}:{row['RECORDNO']}"


def lines_of(work: Work, kind: Kind, row: Row) -> list[Row]:
    """The lines of a document."""
    return owned_rows(work, _container(kind), row["RECORDNO"])


def refused(kind: Kind, text: str, errorno: str = "BL01001973", field: str = "") -> Refusal:
    """A refusal about a document."""
    return Refusal(business(text, errorno=errorno, object=kind.name, field=field))


# -- before the header is kept


def _prepare(facts: Document, change: Change) -> None:
    work, kind, row, old = change.work, change.kind, change.row, change.old
    action = row.pop("ACTION", "")
    if action not in {"", "Submit", "Draft"}:
        raise refused(kind, f"Invalid value '{action}' for ACTION. Use Draft or Submit.", "BL03002129", "ACTION")
    row["STATE"] = _next_state(work, kind, old, action)
    if old is not None:
        _check_change(facts, change)
    if row.get("INCLUSIVETAX") == "true":
        raise refused(kind, "Inclusive tax needs a tax solution, and this company has none.", field="INCLUSIVETAX")
    check_summary(change)
    _set_currency(facts, work, kind, row)
    if row["STATE"] == DRAFT:
        return
    for name in facts.required:
        if not row.get(name):
            raise Refusal(missing(kind, kind.by_name[name]))
    if facts.posted and not row.get(facts.posted):
        row[facts.posted] = row[facts.date]
    _check_party(facts, work, kind, row)
    _check_number(facts, work, kind, row)


def _next_state(work: Work, kind: Kind, old: Row | None, action: str) -> str:
    submitted = SUBMITTED if kind.name in work.settings["approvals"] else POSTED
    if old is None:
        return DRAFT if action == "Draft" else submitted
    before = str(old["STATE"])
    if action == "Draft" and before not in {DRAFT, DECLINED}:
        raise refused(kind, f"{kind.label} is {before.lower()} and cannot become a draft again.", "BL03002129", "ACTION")
    if before in {DRAFT, DECLINED}:
        return submitted if action == "Submit" else DRAFT if action == "Draft" else before
    return before


def _check_change(facts: Document, change: Change) -> None:
    kind, row, old = change.kind, change.row, change.old or {}
    check_changeable(facts, change.work, kind, old)
    money_moved = change.changed(facts.party, facts.date, facts.posted, *_FINANCIAL) or change.values.owned
    if old["STATE"] in {PART_PAID, PAID} and money_moved:
        text = f"{kind.label} {name_of(facts, row)} has payments; its amounts, dates and {facts.party_word} cannot be changed."
        raise refused(kind, text)


def check_changeable(facts: Document, work: Work, kind: Kind, old: Row) -> None:
    """Refuses to change or delete what is submitted, reversed, another module's, or in a closed period."""
    check_own(facts, work, kind, old)
    if old["STATE"] in {SUBMITTED, "Partially Approved"}:
        raise refused(kind, f"{kind.label} {name_of(facts, old)} is submitted for approval; recall it first.")
    if old["STATE"] == REVERSED:
        raise refused(kind, f"{kind.label} {name_of(facts, old)} is reversed and cannot be changed.")
    if is_posted(old):
        entities = {entity_of_line(work, line) for line in lines_of(work, kind, old)}
        check_open(work, old.get(facts.posted, "") or old[facts.date], entities)


def check_own(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    """Refuses what another module made: it is changed through the document it came from (intacct-xml §3D)."""
    if facts.foreign_module and row.get("MODULEKEY") == facts.foreign_module and not work.sandbox:
        module = _MODULES[facts.foreign_module]
        raise refused(kind, f"{kind.label} {name_of(facts, row)} was made by {module}; change the transaction it came from.")


def _set_currency(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    """Without currencies the entity's; a foreign one needs a rate, its own or one the company keeps."""
    if not row.get("BASECURR"):
        row["BASECURR"] = base_currency(work, work.entity)
    if not row.get("CURRENCY"):
        row["CURRENCY"] = row["BASECURR"]
    complete_rate(work, kind, row, row["BASECURR"], row.get(facts.date, ""))


def _check_party(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    party = party_of(facts, work, kind, row)
    if party is None:
        return
    if party.get("STATUS") == "inactive":
        raise refused(kind, f"Activate the {facts.party_word} {row[facts.party]}, then try again.", field=facts.party)
    row["CONTACTKEY"] = party.get("DISPLAYCONTACTKEY", "")
    for name, key, theirs in facts.contacts:
        if not row.get(key):
            contact = work.storage.get("CONTACT", party.get(theirs) or party.get("DISPLAYCONTACTKEY", ""))
            row.update({name: contact["CONTACTNAME"], key: contact["RECORDNO"]} if contact is not None else {})


def _check_number(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    number = row.get(facts.number, "")
    while not number and kind.name in work.settings["numbered"]:
        made = f"{kind.name}-{work.storage.next(f'sequence of {kind.name}'):05d}"
        if not work.storage.where(kind.name, NUMBERED, f"{row[facts.party]} {made}"):
            row[facts.number] = number = made
    if not number and kind.name in work.settings["numbers_required"]:
        raise Refusal(Problem(facts.missing_number, "Document Number is missing", "Make desired changes and press Save to continue."))
    row[NUMBERED] = f"{row[facts.party]} {number}" if number else ""
    if not number or not facts.unique or work.settings["duplicate_bill_numbers"] == "accept":
        return
    same = work.storage.where(kind.name, NUMBERED, row[NUMBERED])
    if any(each["RECORDNO"] != row["RECORDNO"] for each in same):
        text = f"A transaction with the number {number} already exists for the {facts.party_word} {row[facts.party]}."
        raise Refusal(business(text, errorno="BL03002185", correction="Use a unique value instead.", object=kind.name, field=facts.number))


# -- when the lines are kept too


def _settle(facts: Document, change: Change) -> None:
    recompute(facts, change.work, change.kind, change.row["RECORDNO"], repost=True)


def recompute(facts: Document, work: Work, kind: Kind, number: str, *, repost: bool = False) -> Row:
    """Brings totals, state and ledger of a document up to date with its lines and payments."""
    row = work.storage.get(kind.name, number)
    assert row is not None
    lines = [_line(facts, work, kind, row, line) for line in lines_of(work, kind, row)]
    row = amend(work, kind, number, _totals(facts, work, row, lines))
    if is_posted(row) and repost:
        entities = _check_entities(work, kind, row, lines)
        check_open(work, row.get(facts.posted, "") or row[facts.date], entities)
    if repost:
        unpost(work, source_of(kind, row))
        if is_posted(row) and row.get("NOGL") != "true":
            post(work, posting_of(facts, kind, row), legs_of(facts, work, kind, row, lines))
    settle_party(facts, work, kind, row)
    mirror(work, kind, row)
    return row


def _line(facts: Document, work: Work, kind: Kind, header: Row, line: Row) -> Row:
    inner = work.company.kinds[_container(kind).kind]
    found = dict(line)
    if found.get("ACCOUNTLABEL") and facts.labels:
        label = work.storage.find(facts.labels, "key", found["ACCOUNTLABEL"])
        if label is not None:
            found.update(ACCOUNTNO=label["GLACCOUNTNO"], ACCOUNTKEY=label["GLACCOUNTKEY"])
    if header["STATE"] != DRAFT:
        if not found.get("ACCOUNTNO"):
            raise Refusal(missing(inner, inner.by_name["ACCOUNTNO"]))
        check_dimensions(account(work, found["ACCOUNTNO"]), found)
    amount = money(found.get("TRX_AMOUNT", ""))
    rate = Decimal(header.get("EXCHANGE_RATE") or "1")
    found.update(
        TRX_AMOUNT=plain(amount),
        AMOUNT=plain((amount * rate).quantize(Decimal("0.01"))),
        RECORDTYPE=facts.record_type,
        ENTRY_DATE=header.get(facts.posted, "") or header.get(facts.date, ""),
        CURRENCY=header["CURRENCY"],
        BASECURR=header["BASECURR"],
        BASELOCATION=entity_of_line(work, found),
        STATE=header["STATE"],
        **(tax_of(work, found, rate) if facts.taxes else {}),
    )
    return amend(work, inner, line["RECORDNO"], found)


def _totals(facts: Document, work: Work, row: Row, lines: list[Row]) -> dict[str, str]:
    entered, trx = _sum(lines, "AMOUNT", "TAX"), _sum(lines, "TRX_AMOUNT", "TRX_TAX")
    paid, trx_paid = money(row.get("TOTALPAID", "")), money(row.get("TRX_TOTALPAID", ""))
    own = [line for line in lines if line.get("NONREIMBURSABLE") != "true"]  # what the company paid itself is due to nobody
    held = [held_back(facts, work, line) for line in own]
    owed = _sum(own, "AMOUNT", "TAX") - sum((base for _, base in held), Decimal(0))
    trx_owed = _sum(own, "TRX_AMOUNT", "TRX_TAX") - sum((part for part, _ in held), Decimal(0))
    state = row["STATE"]
    if state in OPEN:
        state = PAID if trx_paid == trx_owed and (trx_paid or trx) else PART_PAID if trx_paid else POSTED
    due, trx_due = (Decimal(0), Decimal(0)) if state == REVERSED else (owed - paid, trx_owed - trx_paid)
    return {
        "STATE": state,
        "RAWSTATE": CODES.get(state, "A"),
        "RECORDTYPE": facts.record_type,
        "MODULEKEY": row.get("MODULEKEY") or facts.module,
        "SYSTEMGENERATED": row.get("SYSTEMGENERATED") or "F",
        "TOTALENTERED": plain(entered),
        "TRX_TOTALENTERED": plain(trx),
        "TOTALDUE": plain(due),
        "TRX_TOTALDUE": plain(trx_due),
        **(_retained(lines) if facts.retainage else {}),
    }


def _retained(lines: list[Row]) -> dict[str, str]:
    """What is held back and what of it is released, empty where nothing is."""
    sums = (
        ("TRX_TOTALRETAINED", _sum(lines, "TRX_AMOUNTRETAINED")),
        ("TOTALRETAINED", _sum(lines, "AMOUNTRETAINED")),
        ("TRX_TOTALRELEASED", _sum(lines, "TRX_AMOUNTRELEASED")),
    )
    return {name: plain(amount) if amount else "" for name, amount in sums}


def _sum(lines: list[Row], *names: str) -> Decimal:
    return sum((money(line.get(name, "")) for line in lines for name in names), Decimal(0))


def _check_entities(work: Work, kind: Kind, row: Row, lines: list[Row]) -> set[str]:
    """The entities of the lines: each has one in a multi-entity company, and several only if they may owe each other (§7.4)."""
    lines = [share for line in lines for share in shares(work, line)]
    entities = {entity_of_line(work, line) for line in lines}
    if work.company.is_multi_entity and "" in entities and work.settings["location_required"]:
        place = next(line for line in lines if not entity_of_line(work, line)).get("LOCATIONID", "")
        raise refused(kind, f"The location '{place}' is invalid.", field="LOCATIONID")
    if len(entities) > 1 and not work.settings["inter_entity"]:
        raise refused(kind, "The lines belong to several entities, and inter-entity transactions are not set up.", field="LOCATIONID")
    return entities


# -- leaving, turning back


def _release(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    check_changeable(facts, work, kind, row)
    if money(row.get("TRX_TOTALPAID", "")):
        raise refused(kind, f"{kind.label} {name_of(facts, row)} has payments and cannot be deleted.")
    unpost(work, source_of(kind, row))


def _dissolve(facts: Document, work: Work, kind: Kind, row: Row) -> None:
    settle_party(facts, work, kind, row, gone=True)


def reverse(facts: Document, work: Work, kind: Kind, row: Row, when: str, text: str) -> Row:
    """Takes a posted document out of the books on a day; the entries stay and opposite ones are added. Raises Refusal."""
    if not is_posted(row):
        raise refused(kind, f"{kind.label} {name_of(facts, row)} is {str(row['STATE']).lower()} and cannot be reversed.")
    check_own(facts, work, kind, row)
    if money(row.get("TRX_TOTALPAID", "")):
        raise refused(kind, f"{kind.label} {name_of(facts, row)} has payments and cannot be reversed.")
    lines = lines_of(work, kind, row)
    check_open(work, when, {entity_of_line(work, line) for line in lines})
    posting = posting_of(facts, kind, row, when=when, mark=":reversal")
    post(work, posting, legs_of(facts, work, kind, row, lines, factor=-1))
    changes = {"STATE": REVERSED, "DESCRIPTION2": text}
    for line in lines:
        amend(work, work.company.kinds[_container(kind).kind], line["RECORDNO"], {"STATE": REVERSED})
    row = amend(work, kind, row["RECORDNO"], {**changes, **_totals(facts, work, {**row, **changes}, lines)})
    settle_party(facts, work, kind, row)
    return row


def recall(facts: Document, work: Work, kind: Kind, row: Row) -> Row:
    """Takes a submitted document back to draft (intacct-xml §2.9 recallApBill). Raises Refusal."""
    if row["STATE"] not in {SUBMITTED, "Partially Approved"}:
        raise refused(kind, f"{kind.label} {name_of(facts, row)} is {str(row['STATE']).lower()}; only a submitted one can be recalled.")
    return amend(work, kind, row["RECORDNO"], {"STATE": DRAFT, "RAWSTATE": CODES[DRAFT]})


def apply_payment(work: Work, facts: Mapping[str, Document], name: str, number: str, amount: Decimal, when: str) -> None:
    """Moves what is paid of a document by an amount in its currency; the day shows once nothing is due."""
    kind, row = work.company.kinds[name], work.storage.get(name, number)
    assert row is not None
    rate = Decimal(row.get("EXCHANGE_RATE") or "1")
    paid = money(row.get("TRX_TOTALPAID", "")) + amount
    changes = {"TRX_TOTALPAID": plain(paid), "TOTALPAID": plain((paid * rate).quantize(Decimal("0.01")))}
    if name not in facts:  # an overpayment, whose rest is what it has left
        left = money(row.get("OVERPAYMENTAMOUNT", "")) - amount
        amend(work, kind, number, {"OVERPAYMENTAMOUNT": plain(left), "TRX_TOTALDUE": plain(left), "TOTALDUE": plain(left * rate)})
        return
    amend(work, kind, number, changes)
    row = recompute(facts[name], work, kind, number)
    amend(work, kind, number, {"WHENPAID": when if row["STATE"] == PAID else ""})


def _container(kind: Kind) -> Owned:
    return kind.owned[0]
