"""Whatever is done to purchasing documents, in whatever order, their figures agree with each other and with the ledger."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.orders import change, change_line, converted, delete, po_line, po_of, supplies

EFFECTIVE = {"Pending", "Approved", "In Progress", "Partially Converted", "Converted", "Closed"}
STEPS = 80


def number(row: dict[str, Any], name: str) -> Decimal:
    return Decimal(row[name] or 0)


class Clerk:
    """Does one random thing after another to an emulator; counts what was taken and what was refused."""

    def __init__(self, gateway: Gateway, seed: int) -> None:
        self.gateway, self.dice = gateway, random.Random(seed)
        self.seen: Counter[tuple[str, str]] = Counter()

    def step(self) -> None:
        deeds = {self.buy: 2, self.bill: 6, self.revise: 2, self.edit: 3, self.drop: 3, self.move: 1, self.decide: 1}
        [deed] = self.dice.choices(list(deeds), list(deeds.values()))
        status = deed()
        if status:
            self.seen[deed.__name__, status] += 1

    def buy(self) -> str | None:
        lines = [self._line() for _ in range(self.dice.randint(1, 2))]
        return self.gateway.call(po_of(*lines, state=self._state())).status

    def bill(self) -> str | None:
        source = self._pick("Purchase Order")
        if source is None:
            return self.gateway.call(po_of(self._line(), transactiontype="Vendor Invoice", state=self._state())).status
        chosen = self.dice.choice(self._lines(source))
        by_price = self.dice.random() < 0.3
        quantity = "1" if by_price else str(self.dice.randint(1, 6))
        line = po_line(
            quantity=quantity, price=str(self.dice.randint(1, 9)), sourcelinekey=chosen, conversiontype="Price" if by_price else None
        )
        return converted(self.gateway, source["DOCID"], line, state=self._state()).status

    def revise(self) -> str | None:
        source = self._pick("Purchase Order")
        if source is None:
            return None
        chosen = self.dice.choice([None, *self._lines(source)])
        line = po_line(
            quantity=str(self.dice.randint(-3, 5) or 1),
            price=str(self.dice.randint(1, 9)),
            relateddockey=source["RECORDNO"],
            relateddoclinekey=chosen,
        )
        return self.gateway.call(po_of(line, transactiontype="PO Change Order", state=self._state())).status

    def edit(self) -> str | None:
        row = self._pick()
        if row is None:
            return None
        inner = self.dice.choice([f"<quantity>{self.dice.randint(1, 8)}</quantity>", f"<price>{self.dice.randint(1, 9)}</price>"])
        return change_line(self.gateway, row["DOCID"], self.dice.randint(1, 2), inner).status

    def drop(self) -> str | None:
        row = self._pick()
        return None if row is None else delete(self.gateway, row["DOCID"]).status

    def move(self) -> str | None:
        row = self._pick()
        state = self.dice.choice(["Pending", "Closed", "Draft"])
        return None if row is None else change(self.gateway, row["DOCID"], f"<state>{state}</state>").status

    def decide(self) -> str | None:
        """Turns approval of invoices on and off, and decides one that waits."""
        self.gateway.set(approvals=self.dice.choice([[], ["PODOCUMENT Vendor Invoice"]]))
        waiting = [row for row in self.gateway.stored("PODOCUMENT") if row["STATE"] == "Submitted"]
        if not waiting:
            return None
        verb = self.dice.choice(["approve", "decline"])
        docid = self.dice.choice(waiting)["DOCID"]
        return self.gateway.call(f"<{verb}><PODOCUMENT><DOCID>{docid}</DOCID></PODOCUMENT></{verb}>").status

    def _line(self) -> str:
        return po_line(quantity=str(self.dice.randint(1, 8)), price=str(self.dice.randint(1, 9)))

    def _state(self) -> str:
        return self.dice.choice(["Pending", "Pending", "Pending", "Draft"])

    def _pick(self, kind: str = "") -> dict[str, Any] | None:
        rows = [row for row in self.gateway.stored("PODOCUMENT") if kind in ("", row["DOCPARID"])]
        return self.dice.choice(rows) if rows else None

    def _lines(self, row: dict[str, Any]) -> list[str]:
        return [each["RECORDNO"] for each in self.gateway.stored("PODOCUMENTENTRY") if each["DOCHDRNO"] == row["RECORDNO"]]


def check(gateway: Gateway) -> None:
    """The figures of every document follow from the lines of all, worked out here from nothing but the stored rows."""
    documents = {row["RECORDNO"]: row for row in gateway.stored("PODOCUMENT")}
    lines = {row["RECORDNO"]: row for row in gateway.stored("PODOCUMENTENTRY")}
    bills = {row["RECORDNO"]: row for row in gateway.stored("APBILL")}
    counts = {number for number, row in documents.items() if row["STATE"] in EFFECTIVE}
    assert {line["DOCHDRNO"] for line in lines.values()} == set(documents)
    for key, line in lines.items():
        changes = [each for each in lines.values() if each["RELATEDDOCLINEKEY"] == key and each["DOCHDRNO"] in counts]
        taken = [each for each in lines.values() if each["SOURCE_DOCLINEKEY"] == key and each["DOCHDRNO"] in counts]
        by_quantity = sum((number(each, "QUANTITY") for each in taken if each["CONVERSIONTYPE"] == "Quantity"), Decimal(0))
        by_price = sum((number(each, "TRX_VALUE") for each in taken if each["CONVERSIONTYPE"] == "Price"), Decimal(0))
        quantity = number(line, "QUANTITY") + sum(number(each, "QUANTITY") for each in changes)
        value = number(line, "TRX_VALUE") + sum(number(each, "TRX_VALUE") for each in changes)
        assert (number(line, "REVISEDQUANTITY"), number(line, "REVISEDVALUE")) == (quantity, value)
        assert (number(line, "QTY_CONVERTED"), number(line, "QTY_REMAINING")) == (by_quantity, quantity - by_quantity)
        assert number(line, "TOTAL_AMOUNT_CONVERTED") + number(line, "TOTAL_AMOUNT_REMAINING") == value
        assert abs(by_quantity) <= abs(quantity)
        assert not by_price or number(line, "TOTAL_AMOUNT_CONVERTED") <= value
    for key, row in documents.items():
        own = [line for line in lines.values() if line["DOCHDRNO"] == key]
        assert number(row, "TOTAL") == sum(number(line, "TRX_VALUE") for line in own)
        assert number(row, "REVISEDTOTAL") == sum(number(line, "REVISEDVALUE") for line in own)
        is_billed = row["DOCPARID"] == "Vendor Invoice" and key in counts
        assert bool(row["PRRECORDKEY"]) is is_billed
        if is_billed:
            bill = bills.pop(row["PRRECORDKEY"])
            assert (number(bill, "TOTALENTERED"), bill["DESCRIPTION2"]) == (number(row, "TOTAL"), row["DOCID"])
        is_taken = any(number(line, "QTY_CONVERTED") or number(line, "PRICE_CONVERTED") for line in own)
        assert (row["STATE"] in {"Partially Converted", "Converted"}) is is_taken
    assert bills == {}
    owed = sum((number(row, "TOTALDUE") for row in gateway.stored("APBILL")), Decimal(0))
    assert number(gateway.stored("VENDOR")[0], "TOTALDUE") == owed
    assert sum((number(row, "AMOUNT") for row in gateway.stored("GLDETAIL") if row["ACCOUNTNO"] == "2000"), Decimal(0)) == -owed


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_figures_agree_after_every_step(intacct: Gateway, seed: int) -> None:
    supplies(intacct)
    clerk = Clerk(intacct, seed)
    for _ in range(STEPS):
        clerk.step()
        check(intacct)
    done = {deed for deed, status in clerk.seen if status == "success"}
    refused = {deed for deed, status in clerk.seen if status == "failure"}
    assert {"buy", "bill", "revise", "edit"} <= done
    assert {"bill", "edit"} & refused
