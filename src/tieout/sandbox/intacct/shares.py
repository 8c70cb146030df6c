"""What an allocation makes of a line: one share for each of its entries (objects table ALLOCATION).

A share is the line with part of its amount and with the dimensions of the entry in the place of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.allocations import CUSTOM, PERCENTAGE
from tieout.sandbox.intacct.ledger import CENT, dimensions_of, money
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_AMOUNTS = ("TRX_AMOUNT", "AMOUNT", "TRX_AMOUNTRETAINED", "AMOUNTRETAINED")


def shares(work: Work, line: Row) -> list[Row]:
    """The shares of a line, or the line itself where it names no allocation; raises Refusal if fixed amounts do not add up to it."""
    entries, is_exact = _entries(work, line)
    if not entries:
        return [line]
    parts = [Decimal(entry.get("VALUE") or entry["AMOUNT"]) for entry in entries]
    whole = sum(parts, Decimal(0))
    if is_exact and whole != money(line["TRX_AMOUNT"]):
        text = f"Allocation '{line['ALLOCATION']}' distributes {plain(whole)}, not the {line['TRX_AMOUNT']} of the line."
        raise Refusal(business(text, field="ALLOCATION"))
    divided = {name: list(_divided(money(line.get(name, "")), parts, whole)) for name in _AMOUNTS}
    # Journal entries name two dimensions without ID; dimensions_of would prefer those of the line.
    kept = {name: value for name, value in {**line, **dimensions_of(line)}.items() if name not in {"LOCATION", "DEPARTMENT"}}
    return [
        {**kept, **dimensions_of(entry), **{name: plain(amounts[number]) for name, amounts in divided.items()}}
        for number, entry in enumerate(entries)
    ]


def _entries(work: Work, line: Row) -> tuple[list[Row], bool]:
    """What a line is shared among, and whether by amounts that must add up to it; raises Refusal."""
    allocation = work.storage.get("ALLOCATION", line.get("ALLOCATIONKEY", ""))
    if allocation is not None:
        entries = owned_rows(work, work.company.kinds["ALLOCATION"].owned[0], allocation["RECORDNO"])
        return entries, allocation["TYPE"] != PERCENTAGE
    return (_splits(work, line), True) if line.get("ALLOCATION") == CUSTOM else ([], False)


def _splits(work: Work, line: Row) -> list[Row]:
    splits = work.storage.where("SPLIT", "ENTRYKEY", line["RECORDNO"])
    if not splits:
        raise Refusal(business(f"An allocation that is {CUSTOM} needs a SPLIT.", errorno="BL03000018", field="SPLIT"))
    if any(money(split["AMOUNT"]) <= 0 for split in splits):
        raise Refusal(business("AMOUNT of a SPLIT must be positive.", errorno="BL03000018", field="SPLIT"))
    return splits


def _divided(amount: Decimal, parts: list[Decimal], whole: Decimal) -> Iterator[Decimal]:
    """The amount by parts, to the cent; the last part takes what rounding leaves."""
    left = amount
    for part in parts[:-1]:
        share = (amount * part / whole).quantize(CENT)
        left -= share
        yield share
    yield left


def _check(change: Change) -> None:
    """The entries of an allocation by percentage are a whole (assumed: the reference gives no rule)."""
    work, kind, row = change.work, change.kind, change.row
    entries = owned_rows(work, kind.owned[0], row["RECORDNO"])
    whole = sum((Decimal(entry["VALUE"]) for entry in entries), Decimal(0))
    if row["TYPE"] == PERCENTAGE and whole != 100:
        text = f"The entries of allocation '{row['ALLOCATIONID']}' add up to {plain(whole)} percent, not 100."
        raise Refusal(business(text, errorno="BL03000018", object=kind.name, field="ALLOCATIONENTRIES"))


ALLOCATION = Behaviour(settle=_check)
