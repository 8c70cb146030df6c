"""Payments and contract entries over REST (intacct-rest §14; endpoint catalogue)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import bill, vendor
from tests.contract.sandbox.intacct.rest import Rest, detail

OUT, IN, BILLS = "/objects/accounts-payable/payment", "/objects/accounts-receivable/payment", "/objects/accounts-payable/bill"


@pytest.fixture
def site(rest: Rest) -> Rest:
    vendor(rest.xml)
    return rest


def payment(key: str, amount: str = "40.00", **more: Any) -> dict[str, Any]:
    body = {
        "vendor": {"id": "V-1"},
        "financialEntity": {"entityId": "OPERATING"},
        "paymentMethod": "EFT",
        "paymentDate": "2026-03-20",
        "txnCurrency": {"currency": "USD"},
        "details": [{"bill": {"key": key}, "txnCurrency": {"paymentAmount": amount}}],
        **more,
    }
    return {name: value for name, value in body.items() if value is not ...}


def test_a_bill_is_paid(site: Rest) -> None:
    number = bill(site.xml)
    key = site.made(OUT, payment(number))
    shown = site.read(OUT, key)
    assert (shown["state"], shown["txnCurrency"]["totalAmount"], shown["details"][0]["bill"]["key"]) == ("posted", "40.00", number)
    paid = site.read(BILLS, number)
    assert (paid["state"], paid["totalTxnAmountDue"]) == ("partiallyPaid", "60.00")
    assert site.patch(f"{OUT}/{key}", {"description": "x"}).status_code == 422  # a posted payment stays
    assert site.delete(f"{OUT}/{key}").status_code == 422


@pytest.mark.parametrize(
    ("more", "status", "pointer"),
    [
        ({"vendor": ...}, 422, "/vendor"),
        ({"vendor": {"id": "V-9"}}, 422, "/vendor"),
        ({"paymentDate": ...}, 422, "/paymentDate"),
        ({"paymentMethod": "eft"}, 400, "/paymentMethod"),
        ({"details": ...}, 422, "/details"),
        ({"details": [{"bill": {"key": "99"}, "txnCurrency": {"paymentAmount": "1"}}]}, 422, ""),
        ({"txnCurrency": {"currency": "USD", "totalAmount": "1"}}, 400, "/txnCurrency/totalAmount"),
        ({"nonsense": 1}, 400, "/nonsense"),
    ],
)
def test_a_wrong_payment_is_refused(site: Rest, more: dict[str, Any], status: int, pointer: str) -> None:
    number = bill(site.xml)
    answer = site.post(OUT, payment(number, **more))
    assert answer.status_code == status, answer.text
    assert not pointer or detail(answer)[1] == pointer
    assert site.xml.stored("APPYMT") == []
    too_much = site.post(OUT, payment(number, "100.01"))
    assert (too_much.status_code, "exceeds total amount due" in too_much.text) == (422, True)


def test_an_invoice_is_paid_by_its_customer(site: Rest) -> None:
    site.xml.customer("C-1")
    line = {"glAccount": {"id": "4100"}, "txnAmount": "100.00", "dimensions": {"location": {"id": "100"}}}
    sent = {"customer": {"id": "C-1"}, "invoiceDate": "2026-03-10", "dueDate": "2026-04-09", "lines": [line]}
    invoice = site.made("/objects/accounts-receivable/invoice", sent)
    body = {
        "customer": {"id": "C-1"},
        "financialEntity": {"entityId": "OPERATING"},
        "paymentMethod": "cash",
        "paymentSummary": {"receiptDate": "2026-03-20"},
        "txnCurrency": {"currency": "USD"},
        "baseCurrency": {"currency": "USD"},
        "paymentDetails": [{"arInvoice": {"id": invoice}, "txnCurrency": {"paymentAmount": "100.00"}}],
    }
    key = site.made(IN, body)
    assert site.read(IN, key)["paymentDetails"][0]["arInvoice"]["key"] == invoice
    assert site.read("/objects/accounts-receivable/invoice", invoice)["state"] == "paid"
    assert site.patch(f"{IN}/{key}", {"description": "x"}).status_code == 405


def test_a_contract_entry_is_read_and_deleted(site: Rest) -> None:
    site.xml.customer("C-1")
    site.xml.project("P-1")
    site.xml.call("<create><ITEM><ITEMID>SVC</ITEMID><NAME>Service</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE></ITEM></create>")
    entry = "<PROJECTCONTRACTLINEENTRY><WFTYPE>original</WFTYPE><PRICE>500</PRICE></PROJECTCONTRACTLINEENTRY>"
    reply = site.xml.call(
        "<create><PROJECTCONTRACT><PROJECTCONTRACTID>PC-1</PROJECTCONTRACTID><NAME>Depot</NAME><PROJECTID>P-1</PROJECTID>"
        "<CUSTOMERID>C-1</CUSTOMERID><CONTRACTDATE>03/10/2026</CONTRACTDATE></PROJECTCONTRACT>"
        "<PROJECTCONTRACTLINE><PROJECTCONTRACTID>PC-1</PROJECTCONTRACTID><PROJECTCONTRACTLINEID>1</PROJECTCONTRACTLINEID>"
        "<NAME>Work</NAME><CONTRACTLINEDATE>03/10/2026</CONTRACTLINEDATE><ACCOUNTNO>4000</ACCOUNTNO><BILLINGTYPE>Progress</BILLINGTYPE>"
        "<MAXIMUMBILLING>No maximum</MAXIMUMBILLING><ITEMID>SVC</ITEMID><PROJECTID>P-1</PROJECTID>"
        f"<PROJECTCONTRACTLINEENTRIES>{entry}</PROJECTCONTRACTLINEENTRIES></PROJECTCONTRACTLINE></create>"
    )
    assert reply.status == "success", reply.response.text
    path = "/objects/construction/project-contract-line-entry"
    (listed,) = site.get(path).json()["ia::result"]
    shown = site.read(path, listed["key"])
    assert (shown["price"], shown["workflowType"], shown["projectContractLine"]["key"]) == ("500.00", "original", "1")
    assert site.post(path, {"price": "1"}).status_code == 405
    assert site.delete(f"{path}/{listed['key']}").status_code == 204
    assert site.xml.stored("PROJECTCONTRACTLINE")[0]["TOTALREVISEDPRICE"] == "0"
