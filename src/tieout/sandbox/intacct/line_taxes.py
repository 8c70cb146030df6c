"""Taxes of a document's lines: their amounts, and the account each is booked to (objects table TAXENTRY, TAXDETAIL, TAXSOLUTION)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from tieout.sandbox.intacct.amounts import cents, number
from tieout.sandbox.intacct.facts import Document
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row


def _entries(work: Work, line: Row) -> Iterator[tuple[Row, Decimal]]:
    """Each tax of a line: its detail and amount, the one sent or that of its rate."""
    for entry in line.get("TAXENTRIES", ()):
        detail = work.storage.find("TAXDETAIL", "key", entry["DETAILID"]) or {}
        rate = number(line, "TRX_AMOUNT") * number(detail, "VALUE") / 100
        yield detail, cents(Decimal(entry["TRX_TAX"]) if entry.get("TRX_TAX") else rate)


def tax_of(work: Work, line: Row, rate: Decimal) -> dict[str, str]:
    """The tax columns of a line, in its currency and in the base's; they are added to its document's total."""
    trx = sum((amount for _, amount in _entries(work, line)), Decimal(0))
    return {"TRX_TAX": plain(trx), "TAX": plain(cents(trx * rate))} if line.get("TAXENTRIES") else {"TRX_TAX": "", "TAX": ""}


def tax_lines(facts: Document, work: Work, line: Row, rate: Decimal) -> list[Row]:
    """The taxes of a line as lines of their own, each against its account; raises Refusal where a tax has none."""
    found = []
    for detail, amount in _entries(work, line):
        solution = work.storage.get("TAXSOLUTION", detail.get("TAXSOLUTIONKEY", "")) or {}
        account = detail.get("GLACCOUNT") or solution.get(facts.taxes, "")
        if not account:
            text = f"The tax detail '{detail.get('DETAILID', '')}' has no account to post to."
            raise Refusal(business(text, errorno="BL03000018", object="TAXDETAIL", field="GLACCOUNT"))
        left_out = {"ALLOCATIONKEY", "TAXENTRIES", "TRX_AMOUNTRETAINED", "AMOUNTRETAINED"}
        own = {name: value for name, value in line.items() if name not in left_out}
        found.append({**own, "ACCOUNTNO": account, "TRX_AMOUNT": plain(amount), "AMOUNT": plain(cents(amount * rate))})
    return found
