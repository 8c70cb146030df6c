"""`sageintacctsdk`, unchanged, over the objects of payables, receivables, ledger, items and attachments (intacct-xml §9.3)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import NoPrivilegeError, WrongParamsError

from tests.contract.sage_sdk import signed_in

CONTENT = base64.b64encode(b"A bill").decode()
DAY = {"year": "2026", "month": "03", "day": "10"}


@pytest.fixture
def client() -> Iterator[SageIntacctSDK]:
    with signed_in() as (connected, _):
        yield connected


def error_of(refused: pytest.ExceptionInfo[WrongParamsError]) -> dict[str, str]:
    error: dict[str, str] = refused.value.response["error"][0]
    return error


def vendor(client: SageIntacctSDK, number: str = "V-1") -> None:
    client.vendors.post({"VENDORID": number, "NAME": f"Vendor {number}", "DISPLAYCONTACT": {"PRINTAS": f"Vendor {number}"}})


def customer(client: SageIntacctSDK) -> None:
    client.customers.post({"CUSTOMERID": "C-1", "NAME": "Birch", "DISPLAYCONTACT": {"PRINTAS": "Birch"}})


def bill(client: SageIntacctSDK, number: str = "B-1", *amounts: str) -> str:
    lines = [{"ACCOUNTNO": "5100", "TRX_AMOUNT": amount, "LOCATIONID": "100"} for amount in amounts or ("100",)]
    made = client.bills.post(
        {
            "VENDORID": "V-1",
            "RECORDID": number,
            "WHENCREATED": "03/10/2026",
            "WHENDUE": "04/09/2026",
            "APBILLITEMS": {"APBILLITEM": lines},
        }
    )
    return str(made["data"]["apbill"]["RECORDNO"])


def invoice(client: SageIntacctSDK, amount: str = "80") -> str:
    made = client.ar_invoices.post(
        {
            "customerid": "C-1",
            "datecreated": DAY,
            "termname": "Net 30",
            "invoiceno": "INV-1",
            "invoiceitems": {"lineitem": [{"glaccountno": "4000", "amount": amount, "locationid": "100"}]},
        }
    )
    return str(made["key"])


def test_a_bill_is_posted_and_every_column_of_it_read(client: SageIntacctSDK) -> None:
    vendor(client)
    number = bill(client, "B-1", "60", "40.50")
    (read,) = client.bills.get_all()
    assert (read["RECORDNO"], read["STATE"], read["VENDORNAME"], read["TOTALDUE"]) == (number, "Posted", "Vendor V-1", "100.5")
    (page,) = client.bills.get_all_generator(field="RECORDID", value="B-1")
    assert [row["WHENDUE"] for row in page] == ["04/09/2026"]
    assert client.bills.get("RECORDID", "B-1")["apbill"]["RECORDNO"] == number
    assert client.bills.count(None) == 1
    assert client.bills.get_by_query(and_filter=[("equalto", "STATE", "Draft")]) == []


def test_a_refused_bill_names_what_is_wrong(client: SageIntacctSDK) -> None:
    vendor(client)
    bill(client)
    with pytest.raises(WrongParamsError) as refused:
        bill(client)
    assert error_of(refused)["errorno"] == "BL03002185"
    with pytest.raises(WrongParamsError) as refused:
        client.bills.post({"VENDORID": "V-9", "WHENCREATED": "03/10/2026", "WHENDUE": "03/10/2026", "APBILLITEMS": {"APBILLITEM": []}})
    assert "'V-9' specified is not valid." in error_of(refused)["description2"]


def test_an_attachment_is_filed_and_linked_to_a_bill(client: SageIntacctSDK) -> None:
    vendor(client)
    number = bill(client)
    client.attachments.create_attachments_folder({"supdocfoldername": "Bills"})
    file = {"attachmentname": "bill", "attachmenttype": "pdf", "attachmentdata": CONTENT}
    made = client.attachments.post(
        {"supdocid": "ATT-1", "supdocname": "Bill 1", "supdocfoldername": "Bills", "attachments": {"attachment": file}}
    )
    assert made["key"]
    client.attachments.update(
        {"supdocid": "ATT-1", "attachments": {"attachment": {**file, "attachmentname": "second"}}},
    )
    client.bills.update_attachment(number, "ATT-1")
    found = client.attachments.get_attachment("supdocid", "ATT-1")["data"]["supdoc"]
    assert [each["attachmentname"] for each in found["attachments"]["attachment"]] == ["bill", "second"]
    assert client.attachments.get_folder("supdocfoldername", "Bills")["data"]["supdocfolder"]["name"] == "Bills"
    assert client.attachments.get_all_attachments()["supdocid"] == "ATT-1"
    assert client.attachments.get_all_folders()["name"] == "Bills"
    with pytest.raises(WrongParamsError):
        client.attachments.delete("ATT-1")
    client.bills.delete(number)
    assert client.attachments.delete("ATT-1")["status"] == "success"


def test_vendors_are_found_by_field_and_counted(client: SageIntacctSDK) -> None:
    for number in ("V-1", "V-2", "V-3"):
        vendor(client, number)
    client.vendors.update({"VENDORID": "V-2", "STATUS": "inactive"})
    assert client.vendors.count() == 2
    assert client.vendors.get("VENDORID", "V-2")["VENDOR"][0]["STATUS"] == "inactive"
    assert {row["DISPLAYCONTACT.PRINTAS"] for row in client.vendors.get_all()} == {"Vendor V-1", "Vendor V-2", "Vendor V-3"}


def test_accounts_classes_items_and_bank_accounts_are_read(client: SageIntacctSDK) -> None:
    accounts = client.accounts.get_all()
    assert {"1000", "2000", "5100"} <= {row["ACCOUNTNO"] for row in accounts}
    client.accounts.post(
        {
            "ACCOUNTNO": "7000",
            "TITLE": "Tools",
            "NORMALBALANCE": "debit",
            "CLOSINGTYPE": "non-closing account",
            "ACCOUNTTYPE": "incomestatement",
        }
    )
    assert client.accounts.get("ACCOUNTNO", "7000")["glaccount"]["TITLE"] == "Tools"
    client.classes.post({"CLASSID": "R", "NAME": "Residential"})
    assert client.classes.get_all()[0]["NAME"] == "Residential"
    client.items.post({"ITEMID": "PUMP", "NAME": "Pump", "ITEMTYPE": "Non-Inventory"})
    client.items.update({"RECORDNO": "1", "NAME": "Sump pump"})
    assert client.items.get_all()[0]["NAME"] == "Sump pump"
    assert client.checking_accounts.get_all()[0]["GLACCOUNTNO"] == "1000"


def test_invoices_and_their_items_are_written_and_read(client: SageIntacctSDK) -> None:
    customer(client)
    number = invoice(client)
    (read,) = client.ar_invoices.get_all()
    assert (read["RECORDNO"], read["RECORDID"], read["WHENDUE"], read["TOTALDUE"]) == (number, "INV-1", "04/09/2026", "80")
    assert (read["BILLTO.PRINTAS"], read["CONTACT.PRINTAS"], read["SHIPTO.VISIBLE"]) == ("Birch", "Birch", "true")
    (item,) = client.ar_invoice_items.get_all()
    assert (item["RECORDKEY"], item["ACCOUNTTITLE"], item["AMOUNT"], item["LINE_NO"]) == (number, "Contract Revenue", "80", "0")
    with pytest.raises(NoPrivilegeError):
        client.ar_invoices.update({"RECORDNO": number, "DESCRIPTION": "x"})
    aging = client.ar_aging.get_araging(["0-30", "31-"], showdetails=True)["araging"]
    assert aging["customerid"] == "C-1"
    assert sum(float(each["totalamount"]) for each in aging["aging"]) == 80


def test_payments_of_both_sides_are_written_and_read(client: SageIntacctSDK) -> None:
    vendor(client)
    customer(client)
    detail = {"RECORDKEY": bill(client), "TRX_PAYMENTAMOUNT": "100"}
    client.ap_payments.post(
        {
            "FINANCIALENTITY": "OPERATING",
            "PAYMENTMETHOD": "EFT",
            "VENDORID": "V-1",
            "PAYMENTDATE": "03/20/2026",
            "CURRENCY": "USD",
            "BASECURR": "USD",
            "APPYMTDETAILS": {"APPYMTDETAIL": [detail]},
        }
    )
    assert client.ap_payments.get_all()["STATE"] == "Posted"
    assert client.bills.get_all()[0]["STATE"] == "Paid"
    receipt = {"RECORDKEY": invoice(client), "TRX_PAYMENTAMOUNT": "80"}
    client.ar_payments.post(
        {
            "FINANCIALENTITY": "OPERATING",
            "PAYMENTMETHOD": "EFT",
            "CUSTOMERID": "C-1",
            "RECEIPTDATE": "03/20/2026",
            "CURRENCY": "USD",
            "ARPYMTDETAILS": {"ARPYMTDETAIL": [receipt]},
        }
    )
    assert client.ar_payments.get_all()[0]["TOTALENTERED"] == "80"
    assert client.ar_invoices.get_all()[0]["TOTALDUE"] == "0"


def test_a_journal_entry_and_its_detail_are_read(client: SageIntacctSDK) -> None:
    sides = (("1", "6000"), ("-1", "1000"))
    entries = [{"ACCOUNTNO": number, "TRX_AMOUNT": "25", "TR_TYPE": side, "LOCATION": "100"} for side, number in sides]
    head = {"JOURNAL": "GJ", "BATCH_DATE": "03/15/2026", "BATCH_TITLE": "Accrual"}
    made = client.journal_entries.post({**head, "ENTRIES": {"GLENTRY": entries}})
    assert made["data"]["glbatch"]["RECORDNO"] == "1"
    assert client.journal_entries.get_all()[0]["BATCH_TITLE"] == "Accrual"
    detail = client.gl_detail.get_all()
    assert sorted((row["ACCOUNTNO"], row["AMOUNT"]) for row in detail) == [("1000", "-25"), ("6000", "25")]
    with pytest.raises(WrongParamsError) as refused:
        client.journal_entries.post({**head, "ENTRIES": {"GLENTRY": entries[:1] * 2}})
    assert "do not balance" in error_of(refused)["description2"]


def test_dimensions_and_their_values_are_listed(client: SageIntacctSDK) -> None:
    found = {each["objectName"]: each["userDefinedDimension"] for each in client.dimensions.get_all()}
    assert (found["VENDOR"], found["ITEM"], found["EQUIPMENT"]) == ("false", "false", "true")
    client.dimension_values.format_and_send_request({"create": {"EQUIPMENT": {"name": "Crane 7"}}})
    client.dimension_values.format_and_send_request({"create": {"EQUIPMENT": {"name": "Lift 2"}}})
    assert sorted(each["name"] for each in client.dimension_values.get_all("EQUIPMENT")) == ["Crane 7", "Lift 2"]


def test_lookups_describe_documents(client: SageIntacctSDK) -> None:
    fields = {each["ID"]: each for each in client.bills.get_lookup()["Type"]["Fields"]["Field"]}
    assert fields["TOTALDUE"]["READONLY"] == "true"
    assert fields["STATE"]["DATATYPE"] == "ENUM"
