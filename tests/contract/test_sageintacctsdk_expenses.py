"""`sageintacctsdk`, unchanged, on expense reports, reimbursements and charge card transactions (objects table; intacct-xml §9.3)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import WrongParamsError

from tests.contract.sage_sdk import signed_in

DAY = {"year": "2026", "month": "03", "day": "10"}


@pytest.fixture(scope="module")
def client() -> Iterator[SageIntacctSDK]:
    with signed_in() as (connected, _):
        connected.contacts.post({"CONTACTNAME": "Eli Post", "PRINTAS": "Eli Post"})
        connected.employees.post({"EMPLOYEEID": "E-1", "PERSONALINFO": {"CONTACTNAME": "Eli Post"}, "LOCATIONID": "100"})
        connected.attachments.create_attachments_folder({"supdocfoldername": "Receipts"})
        file = {"attachmentname": "receipt", "attachmenttype": "pdf", "attachmentdata": base64.b64encode(b"A receipt").decode()}
        connected.attachments.post(
            {"supdocid": "ATT-1", "supdocname": "Receipt", "supdocfoldername": "Receipts", "attachments": {"attachment": file}}
        )
        yield connected


def report(client: SageIntacctSDK, number: str, *amounts: str) -> str:
    """An expense report as the client's main consumer writes it (intacct-xml source FY)."""
    lines = [{"expensetype": "Travel", "amount": each, "expensedate": DAY, "memo": "Hotel", "locationid": "100"} for each in amounts]
    head = {"employeeid": "E-1", "datecreated": DAY, "expensereportno": number, "state": "Submitted", "description": "March"}
    made = client.expense_reports.post({**head, "basecurr": "USD", "currency": "USD", "expenses": {"expense": lines}})
    return str(made["key"])


def test_an_expense_report_is_made_read_and_given_its_receipt(client: SageIntacctSDK) -> None:
    number = report(client, "ER-1", "60", "40.5")
    (read,) = [row for row in client.expense_reports.get_all() if row["RECORDNO"] == number]
    assert (read["RECORDID"], read["STATE"], read["TOTALENTERED"], read["TOTALDUE"]) == ("ER-1", "Posted", "100.5", "100.5")
    assert client.expense_reports.update_attachment(number, "ATT-1")["status"] == "success"
    assert client.expense_reports.get("RECORDID", "ER-1")["eexpenses"]["SUPDOCID"] == "ATT-1"
    assert client.expense_reports.count("RECORDID", "ER-1") == 1
    (found,) = client.expense_reports.get_by_query(and_filter=[("equalto", "RECORDID", "ER-1")])
    assert found["RECORDNO"] == number
    pages = list(client.expense_reports.get_all_generator("RECORDID", "ER-1"))
    assert [row["RECORDNO"] for row in pages[0]] == [number]


def test_a_refused_report_names_what_is_wrong(client: SageIntacctSDK) -> None:
    line = {"expensetype": "Travel", "amount": "1", "locationid": "100"}
    with pytest.raises(WrongParamsError) as refused:
        client.expense_reports.post({"employeeid": "E-9", "datecreated": DAY, "expenses": {"expense": [line]}})
    assert "The employee 'E-9' is invalid." in refused.value.response["error"][0]["description2"]
    with pytest.raises(WrongParamsError) as refused:
        client.expense_reports.post({"datecreated": DAY, "employeeid": "E-1", "expenses": {"expense": [line]}})
    assert refused.value.response["error"][0]["errorno"] == "XL03000003"


def test_a_deleted_report_is_gone(client: SageIntacctSDK) -> None:
    number = report(client, "ER-GONE", "5")
    client.expense_reports.delete(number)
    assert client.expense_reports.count("RECORDID", "ER-GONE") == 0


def test_a_report_is_reimbursed_and_the_payment_read(client: SageIntacctSDK) -> None:
    number = report(client, "ER-2", "70")

    def pay(amount: str) -> dict[str, Any]:
        item = {"key": number, "paymentamount": amount}
        head = {"bankaccountid": "OPERATING", "employeeid": "E-1", "memo": "March", "paymentmethod": "EFT", "paymentdate": DAY}
        found: dict[str, Any] = client.reimbursements.post({**head, "eppaymentrequestitems": {"eppaymentrequestitem": [item]}})
        return found

    assert pay("70")["status"] == "success"
    assert client.expense_reports.get("RECORDID", "ER-2")["eexpenses"]["STATE"] == "Paid"
    payment = client.reimbursements.get_all()
    assert (payment["EMPLOYEEID"], payment["PAYMENTAMOUNT"], payment["PAYMENTTYPE"]) == ("E-1", "70", "EFT")
    assert client.reimbursements.count(None) == 1
    with pytest.raises(WrongParamsError) as refused:
        pay("1")
    assert "exceeds total amount due (0)" in refused.value.response["error"][0]["description2"]


def test_a_charge_card_transaction_is_made_read_and_given_its_receipt(client: SageIntacctSDK) -> None:
    item = {"glaccountno": "5100", "description": "Pipe", "paymentamount": "42.5", "locationid": "100", "billable": "false"}
    head = {"chargecardid": "VISA-1", "paymentdate": DAY, "referenceno": "CC-1", "payee": "Depot", "description": "Pipe", "currency": "USD"}
    made = client.charge_card_transactions.post({**head, "exchratetype": None, "ccpayitems": {"ccpayitem": [item]}})
    number = made["key"]
    client.charge_card_transactions.update_attachment(number, "ATT-1")
    (read,) = client.charge_card_transactions.get_all()
    assert (read["RECORDNO"], read["RECORDID"], read["TOTALENTERED"], read["STATE"]) == (number, "CC-1", "42.5", "Posted")
    assert client.charge_card_transactions.get("RECORDID", "CC-1")["cctransaction"]["SUPDOCID"] == "ATT-1"
    assert client.charge_card_transactions.count(None) == 1
    with pytest.raises(WrongParamsError) as refused:
        client.charge_card_transactions.post({**head, "chargecardid": "NONE", "ccpayitems": {"ccpayitem": [item]}})
    assert "Charge card 'NONE' is not valid." in refused.value.response["error"][0]["description2"]
