"""Adjustments and advances over REST, as bills and invoices are (endpoint catalogue; assumption A-60)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import vendor
from tests.contract.sandbox.intacct.gateway import query
from tests.contract.sandbox.intacct.rest import Rest

LINE = {"glAccount": {"id": "5100"}, "txnAmount": "-40.00", "dimensions": {"location": {"id": "100"}}}
HEAD: dict[str, Any] = {"createdDate": "2026-03-10", "lines": [LINE]}
ADJUSTMENTS = {
    "accounts-payable": ("vendor", "V-1", "APADJUSTMENT"),
    "accounts-receivable": ("customer", "C-1", "ARADJUSTMENT"),
}


@pytest.fixture
def books(rest: Rest) -> Rest:
    vendor(rest.xml)
    rest.xml.customer("C-1")
    return rest


@pytest.mark.parametrize("module", ADJUSTMENTS)
def test_an_adjustment_is_the_same_on_both_surfaces(books: Rest, module: str) -> None:
    party, number, kind = ADJUSTMENTS[module]
    path = f"/objects/{module}/adjustment"
    key = books.made(path, {**HEAD, party: {"id": number}, "adjustmentNumber": "A-1"})
    shown = books.read(path, key)
    assert (shown["state"], shown["totalTxnAmount"], shown[party]["id"]) == ("posted", "-40.00", number)
    assert shown["lines"][0]["glAccount"]["id"] == "5100"
    rows = books.xml.call(query(kind, "RECORDNO", "RECORDID", "TOTALDUE")).rows
    assert rows == [{"RECORDNO": key, "RECORDID": "A-1", "TOTALDUE": "-40"}]
    assert books.found(f"{module}/adjustment-line", field="txnAmount") == ["-40.00"]
    assert books.patch(f"{path}/{key}", {"description": "Broken tiles"}).status_code == 200
    assert books.delete(f"{path}/{key}").status_code == 204
    assert books.xml.stored(kind) == books.xml.stored("GLDETAIL") == []


def test_an_advance_goes_to_the_bank_and_cannot_be_deleted(books: Rest) -> None:
    dates = {"paymentDate": "2026-03-20", "receiptDate": "2026-03-20", "paymentMethod": "EFT"}
    line = {**LINE, "glAccount": {"id": "2100"}, "txnAmount": "40.00"}
    body = {"customer": {"id": "C-1"}, "financialEntity": {"entityId": "OPERATING"}, **dates, "lines": [line]}
    path = "/objects/accounts-receivable/advance"
    key = books.made(path, body)
    assert books.read(path, key)["totalTxnAmount"] == "40.00"
    details = {row["ACCOUNTNO"]: row["AMOUNT"] for row in books.xml.stored("GLDETAIL")}
    assert details == {"2100": "-40", "1000": "40"}
    assert books.delete(f"{path}/{key}").status_code == 405


@pytest.mark.parametrize("wrong", [{"vendor": {"id": "V-9"}}, {"lines": [{**LINE, "glAccount": {"id": "9"}}]}, {"amount": "1"}])
def test_a_wrong_adjustment_is_refused(books: Rest, wrong: dict[str, Any]) -> None:
    answer = books.post("/objects/accounts-payable/adjustment", {**HEAD, "vendor": {"id": "V-1"}, **wrong})
    assert 400 <= answer.status_code < 500
    assert books.xml.stored("APADJUSTMENT") == []
