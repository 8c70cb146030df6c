"""The vendor's Node SDK on purchasing transactions (intacct-xml §3C, §9.1)."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

NUMBERS = count(1)


@pytest.fixture(scope="module", autouse=True)
def supplies(sdk: NodeSdk) -> None:
    sdk.run("AccountsPayable.VendorCreate", vendorId="V-1", vendorName="Pipe Supply", printAs="Pipe Supply")
    for number in ("LUMBER", "NAILS"):
        values = {"itemId": number, "itemName": number.title(), "unitOfMeasure": "Count", "expenseGlAccountNo": "5100"}
        sdk.run("InventoryControl.ItemCreate", itemType="Non-Inventory", **values)
    sdk.run("InventoryControl.WarehouseCreate", warehouseId="YARD", warehouseName="Yard", locationId="100")
    sdk.run("Projects.ProjectCreate", projectId="P-1", projectName="Job", projectCategory="Contract", locationId="100")


def line(item: str = "LUMBER", **values: Any) -> dict[str, Any]:
    told = {"itemId": item, "quantity": 10, "unit": "Each", "price": 4.25, "locationId": "100"}
    return made("Purchasing.PurchasingTransactionLineCreate", **{**told, **values})


def order(sdk: NodeSdk, *lines: dict[str, Any], **values: Any) -> str:
    told = {
        "transactionDefinition": "Purchase Order",
        "transactionDate": day("2026-03-10"),
        "dueDate": day("2026-04-09"),
        "vendorId": "V-1",
        "documentNumber": f"PO-{next(NUMBERS)}",
        "lines": list(lines) or [line()],
    }
    made_ = sdk.run("Purchasing.PurchasingTransactionCreate", **{**told, **values})
    assert made_["function"] == "create_potransaction"
    return str(made_["key"])


def document(sdk: NodeSdk, key: str) -> dict[str, Any]:
    (row,) = sdk.run("Common.ReadByName", objectName="PODOCUMENT", names=[key])["data"]
    return dict(row)


def entries(sdk: NodeSdk, key: str) -> list[dict[str, Any]]:
    return sorted((row for row in sdk.stored("PODOCUMENTENTRY") if row["DOCHDRID"] == key), key=lambda row: int(row["LINE_NO"]))


def test_an_order_is_made_with_what_the_sdk_can_say(sdk: NodeSdk) -> None:
    key = order(
        sdk,
        line(itemDescription="2x4 & nails", warehouseId="YARD", memo="slab", projectId="P-1", billable=True, form1099=False, taxable=False),
        line("NAILS", quantity=2, unit="Dozen", price=48),
        documentNumber="PO-SDK",
        referenceNumber="REQ-55",
        vendorDocNumber="Q-1",
        message="Deliver early",
        externalId="ext-po",
        glPostingDate=day("2026-03-12"),
        baseCurrency="USD",
        transactionCurrency="USD",
        exchangeRateValue=1,
        state="Pending",
    )
    assert key == "Purchase Order-PO-SDK"
    row = document(sdk, key)
    names = ("DOCNO", "PONUMBER", "VENDORDOCNO", "STATE", "WHENPOSTED", "WHENDUE", "TOTAL", "CUSTVENDID")
    assert [row[name] for name in names] == ["PO-SDK", "REQ-55", "Q-1", "Pending", "03/12/2026", "04/09/2026", "138.5", "V-1"]
    first, second = entries(sdk, key)
    assert [first[name] for name in ("ITEMID", "MEMO", "PROJECTID", "UIQTY", "UIPRICE")] == ["LUMBER", "slab", "P-1", "10", "4.25"]
    assert [second[name] for name in ("ITEMID", "UNIT", "UIQTY", "QUANTITY", "TOTAL")] == ["NAILS", "Dozen", "2", "24", "96"]


def test_an_order_is_changed_line_by_line(sdk: NodeSdk) -> None:
    key = order(sdk, externalId="ext-change")
    changed = made("Purchasing.PurchasingTransactionLineUpdate", lineNo=1, price=4.5, memo="dearer")
    sdk.run(
        "Purchasing.PurchasingTransactionUpdate",
        documentNumber=key,
        referenceNumber="REQ-56",
        lines=[changed, line("NAILS", quantity=1, price=9)],
    )
    assert [(row["ITEMID"], row["UIPRICE"], row["MEMO"]) for row in entries(sdk, key)] == [("LUMBER", "4.5", "dearer"), ("NAILS", "9", "")]
    assert [document(sdk, key)[name] for name in ("PONUMBER", "TOTAL")] == ["REQ-56", "54"]
    sdk.run("Purchasing.PurchasingTransactionUpdate", externalId="ext-change", message="By its external id")
    assert document(sdk, key)["MESSAGE"] == "By its external id"
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run(
            "Purchasing.PurchasingTransactionUpdate",
            documentNumber=key,
            lines=[made("Purchasing.PurchasingTransactionLineUpdate", lineNo=9, price=1)],
        )
    assert "has no line 9" in refused.value.errors[0]


def test_what_an_order_may_not_say_is_refused(sdk: NodeSdk) -> None:
    for values, told in (
        ({"transactionDefinition": "No such definition"}, "No such definition"),
        ({"vendorId": "V-9"}, "V-9"),
        ({"lines": [line(unit="Furlong")]}, "unit"),
        ({"lines": [line("NOSUCH")]}, "NOSUCH"),
        ({"documentNumber": "TWICE"}, "TWICE"),
    ):
        if told == "TWICE":
            order(sdk, documentNumber="TWICE")
        with pytest.raises(RefusedBySdk) as refused:
            order(sdk, **values)
        assert any(told.lower() in each.lower() for each in refused.value.errors), (told, refused.value.errors)


def test_an_invoice_makes_its_bill_and_changes_it_with_its_subtotals(sdk: NodeSdk) -> None:
    freight = {"description": "Freight", "locationId": "100"}
    key = order(
        sdk,
        transactionDefinition="Vendor Invoice",
        documentNumber="VI-1",
        subtotals=[made("InventoryControl.TransactionSubtotalCreate", total=12.5, **freight)],
    )
    row = document(sdk, key)
    (bill,) = [each for each in sdk.stored("APBILL") if each["RECORDNO"] == row["PRRECORDKEY"]]
    assert (row["TOTAL"], bill["TOTALENTERED"], bill["MODULEKEY"], bill["VENDORID"]) == ("55", "55", "9.PO", "V-1")
    changed = made("InventoryControl.TransactionSubtotalUpdate", total=20, **freight)
    sdk.run("Purchasing.PurchasingTransactionUpdate", documentNumber=key, subtotals=[changed])
    again = document(sdk, key)
    assert (again["TOTAL"], again["PRRECORDKEY"] != row["PRRECORDKEY"]) == ("62.5", True)
    with pytest.raises(RefusedBySdk) as refused:
        order(sdk, subtotals=[made("InventoryControl.TransactionSubtotalCreate", total=12.5, **freight)])
    assert "has no subtotal 'Freight'" in refused.value.errors[0]


def test_details_of_a_line_are_kept_with_it(sdk: NodeSdk) -> None:
    detail = made("InventoryControl.TransactionItemDetail", quantity=10, lotNumber="L-1", aisle="A")
    key = order(sdk, line(itemDetails=[detail], warehouseId="YARD"))
    (entry,) = entries(sdk, key)
    assert [(each["QUANTITY"], each["LOTNO"], each["AISLE"]) for each in entry["ITEMDETAILS"]] == [("10", "L-1", "A")]


def test_this_sdk_cannot_convert_for_its_lines_name_no_source(sdk: NodeSdk) -> None:
    key = order(sdk)
    with pytest.raises(RefusedBySdk) as refused:
        order(sdk, transactionDefinition="Vendor Invoice", createdFrom=key)
    assert "name the source line they convert" in refused.value.errors[0]


def test_an_order_is_approved_or_declined(sdk: NodeSdk) -> None:
    httpx.put(f"{sdk.emulator.url}/_sandbox/settings", json={"approvals": ["PODOCUMENT"]}).raise_for_status()
    try:
        first, second = order(sdk), order(sdk)
    finally:
        httpx.put(f"{sdk.emulator.url}/_sandbox/settings", json={"approvals": []}).raise_for_status()
    assert document(sdk, first)["STATE"] == "Submitted"
    sdk.run("Purchasing.PurchasingTransactionApprove", externalId=first, comment="Fine")
    sdk.run("Purchasing.PurchasingTransactionDecline", externalId=second, comment="Too dear")
    assert [document(sdk, each)["STATE"] for each in (first, second)] == ["Approved", "Declined"]
    with pytest.raises(RefusedBySdk):
        sdk.run("Purchasing.PurchasingTransactionApprove", externalId=second)


def test_an_order_is_deleted_by_its_document_id(sdk: NodeSdk) -> None:
    key = order(sdk)
    sdk.run("Purchasing.PurchasingTransactionDelete", documentId=key)
    assert sdk.run("Common.ReadByName", objectName="PODOCUMENT", names=[key])["count"] == 0
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Purchasing.PurchasingTransactionDelete", documentId=key)
    assert key in refused.value.errors[0]
