"""What a document posts: its lines against its control account, and what entities then owe each other (intacct-xml §3D, §7.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from tieout.sandbox.intacct import line_taxes
from tieout.sandbox.intacct.facts import Document
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ledger import Leg, Posting, bank_account, dimensions_of, entity_of_line, money, place_of
from tieout.sandbox.intacct.records import amend
from tieout.sandbox.intacct.shares import shares
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# Hidden columns: how much of a document is in its party's TOTALDUE, and in whose.
COUNTED, COUNTED_FOR = "COUNTED", "COUNTEDFOR"
_OWED = frozenset({"APBILL", "APADJUSTMENT", "ARINVOICE", "ARADJUSTMENT"})
OPEN = frozenset({"Posted", "Partially Paid", "Paid"})


def is_posted(row: Row) -> bool:
    """Whether a document is in the books."""
    return row.get("STATE") in OPEN


def party_of(facts: Document, work: Work, kind: Kind, row: Row) -> Row | None:
    """The vendor or customer of a document."""
    ref = kind.by_name[facts.party].ref
    return work.storage.get(ref.kind, row.get(ref.key, "")) if ref is not None else None


def name_of(facts: Document, row: Mapping[str, str]) -> str:
    """A document as messages name it: by its number, or its record number."""
    return f"'{row.get(facts.number) or row['RECORDNO']}'"


def posting_of(facts: Document, kind: Kind, row: Row, *, when: str = "", mark: str = "") -> Posting:
    """The header of a document's entries; a reversal has a day and a mark of its own."""
    ref = kind.by_name[facts.party].ref
    detail = {
        "RECORDTYPE": facts.record_type,
        "RECORDKEY": row["RECORDNO"],
        "RECORDID": row.get(facts.number, ""),
        "DOCNUMBER": row.get("DOCNUMBER", ""),
        "PRDESCRIPTION": row.get("DESCRIPTION", ""),
        "TOTALENTERED": row["TOTALENTERED"],
        "WHENDUE": row.get(facts.due, "") if facts.due else "",
        facts.party: row.get(facts.party, ""),
        facts.party.replace("ID", "DIMKEY"): row.get(ref.key, "") if ref is not None else "",
    }
    title = f"{kind.label} {name_of(facts, row)}"
    when = when or row.get(facts.posted, "") or row[facts.date]
    return Posting(
        kind.name,
        row["RECORDNO"],
        facts.module,
        facts.journal,
        when,
        title,
        row.get(facts.number, ""),
        row["CURRENCY"],
        row["BASECURR"],
        detail,
        mark,
    )


def legs_of(facts: Document, work: Work, kind: Kind, row: Row, lines: list[Row], factor: int = 1) -> list[Leg]:
    """Both sides of every line; `factor` -1 turns them round."""
    rate = Decimal(row.get("EXCHANGE_RATE") or "1")
    taxes = [tax for line in lines for tax in line_taxes.tax_lines(facts, work, line, rate)] if facts.taxes else []
    lines = [*(share for line in lines for share in shares(work, line)), *taxes]
    party = party_of(facts, work, kind, row) or {}
    home = work.entity or row.get("MEGAENTITYID", "") or entity_of_line(work, lines[0])
    legs: list[Leg] = []
    offsets: dict[tuple[str, str], list[Leg]] = defaultdict(list)
    for line in lines:
        amount, base = (factor * facts.sign * money(line[name]) for name in ("TRX_AMOUNT", "AMOUNT"))
        dimensions = dimensions_of(line)
        legs.append(Leg(line["ACCOUNTNO"], amount, base, dimensions, line.get("ENTRYDESCRIPTION", "")))
        own = line.get("OFFSETGLACCOUNTNO") or party.get("OFFSETGLACCOUNTNO") or work.settings[facts.control]
        number = bank_account(work, row) if facts.bank else own
        entity = entity_of_line(work, line)
        where = dimensions if entity == home else place_of(work, home)
        held, base_held = (factor * facts.sign * each for each in held_back(facts, work, line))
        for target, part, base_part in ((number, amount - held, base - base_held), (work.settings.get(facts.retainage), held, base_held)):
            if target and (part or base_part or target == number):
                offsets[(target, where.get("LOCATIONID", ""))].append(Leg(target, -part, -base_part, _only_place(where)))
        if entity != home:
            legs += between(work, home, entity, amount, base)
    for (number, _), parts in offsets.items():
        legs.append(Leg(number, sum(p.amount for p in parts) or Decimal(0), sum(p.base for p in parts) or Decimal(0), parts[0].dimensions))
    return legs


def held_back(facts: Document, work: Work, line: Row) -> tuple[Decimal, Decimal]:
    """What of a line is not due before it is released, in its currency and the base's (assumption A-58)."""
    if not facts.retainage or work.settings["retainage_due"] == "at once":
        return Decimal(0), Decimal(0)
    return money(line.get("TRX_AMOUNTRETAINED", "")), money(line.get("AMOUNTRETAINED", ""))


def between(work: Work, home: str, other: str, amount: Decimal, base: Decimal) -> list[Leg]:
    """What two entities owe each other when one books a line of the other (intacct-xml §7.4)."""
    return [
        Leg(work.settings["ie_payable_account"], -amount, -base, place_of(work, other), f"Due to {home}"),
        Leg(work.settings["ie_receivable_account"], amount, base, place_of(work, home), f"Due from {other}"),
    ]


def _only_place(dimensions: Mapping[str, str]) -> dict[str, str]:
    return {name: dimensions[name] for name in ("LOCATIONID", "LOCATIONKEY") if name in dimensions}


def settle_party(facts: Document, work: Work, kind: Kind, row: Row, *, gone: bool = False) -> None:
    """Keeps what is owed to a vendor or by a customer on its record: what this document adds, less what it added before."""
    ref = kind.by_name[facts.party].ref
    if ref is None or kind.name not in _OWED:
        return
    before, counted = row.get(COUNTED_FOR, ""), money(row.get(COUNTED, ""))
    party = "" if gone else row.get(ref.key, "")
    amount = money(row.get("TOTALDUE", "")) if party and is_posted(row) else Decimal(0)
    if (party, amount) == (before, counted):
        return
    _add(work, work.company.kinds[ref.kind], before, -counted)
    _add(work, work.company.kinds[ref.kind], party, amount)
    if not gone:
        amend(work, kind, row["RECORDNO"], {COUNTED: plain(amount), COUNTED_FOR: party})


def _add(work: Work, kind: Kind, number: str, amount: Decimal) -> None:
    party = work.storage.get(kind.name, number) if number and amount else None
    if party is not None:
        amend(work, kind, number, {"TOTALDUE": plain(money(party.get("TOTALDUE", "")) + amount)})
