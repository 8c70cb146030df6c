"""The vendor's Node SDK on order entry transactions (intacct-xml §3D SODOCUMENT, §9.1)."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

NUMBERS = count(1)


@pytest.fixture(scope="module", autouse=True)
def goods(sdk: NodeSdk) -> None:
    sdk.run("AccountsReceivable.CustomerCreate", customerId="C-1", customerName="Birch", printAs="Birch")
    values = {"itemType": "Non-Inventory", "unitOfMeasure": "Count", "revenueGlAccountNo": "4000"}
    for number in ("LABOR", "PUMP"):
        sdk.run("InventoryControl.ItemCreate", itemId=number, itemName=number.title(), **values)
    sdk.run("Projects.ProjectCreate", projectId="P-1", projectName="Job", projectCategory="Contract", locationId="100")


def line(item: str = "LABOR", **values: Any) -> dict[str, Any]:
    told = {"itemId": item, "quantity": 10, "unit": "Each", "price": 4.25, "locationId": "100"}
    return made("OrderEntry.OrderEntryTransactionLineCreate", **{**told, **values})


def order(sdk: NodeSdk, *lines: dict[str, Any], **values: Any) -> str:
    told = {
        "transactionDefinition": "Sales Order",
        "transactionDate": day("2026-03-10"),
        "dueDate": day("2026-04-09"),
        "customerId": "C-1",
        "documentNumber": f"SO-{next(NUMBERS)}",
        "lines": list(lines) or [line()],
    }
    return str(sdk.run("OrderEntry.OrderEntryTransactionCreate", **{**told, **values})["key"])


def document(sdk: NodeSdk, key: str) -> dict[str, Any]:
    (row,) = sdk.run("Common.ReadByName", objectName="SODOCUMENT", names=[key])["data"]
    return dict(row)


def entries(sdk: NodeSdk, key: str) -> list[dict[str, Any]]:
    return sorted((row for row in sdk.stored("SODOCUMENTENTRY") if row["DOCHDRID"] == key), key=lambda row: int(row["LINE_NO"]))


def test_an_order_is_made_with_what_the_sdk_can_say(sdk: NodeSdk) -> None:
    key = order(
        sdk,
        line(itemDescription="Two fitters", memo="slab", projectId="P-1", discountPercent=10, taxable=False),
        line("PUMP", quantity=2, unit="Dozen", price=48),
        documentNumber="SO-SDK",
        referenceNumber="REF-5",
        message="Thank you",
        externalId="ext-so",
        glPostingDate=day("2026-03-12"),
        originalDocumentDate=day("2026-03-01"),
        baseCurrency="USD",
        transactionCurrency="USD",
        exchangeRateValue=1,
        state="Pending",
    )
    assert key == "Sales Order-SO-SDK"
    row = document(sdk, key)
    names = ("DOCNO", "PONUMBER", "STATE", "WHENDUE", "ORIGDOCDATE", "CUSTVENDID", "MESSAGE", "CUSTVENDNAME")
    told = ["SO-SDK", "REF-5", "Pending", "04/09/2026", "03/01/2026", "C-1", "Thank you", "Birch"]
    assert [row[name] for name in names] == told
    first, second = entries(sdk, key)
    assert [first[name] for name in ("ITEMID", "MEMO", "PROJECTID", "UIQTY", "DISCOUNTPERCENT")] == ["LABOR", "slab", "P-1", "10", "10"]
    assert [second[name] for name in ("ITEMID", "UNIT", "UIQTY", "QUANTITY")] == ["PUMP", "Dozen", "2", "24"]


def test_an_order_is_changed_line_by_line_by_its_id_or_external_id(sdk: NodeSdk) -> None:
    key = order(sdk, externalId="ext-so-2")
    changed = made("OrderEntry.OrderEntryTransactionLineUpdate", lineNo=1, itemId="LABOR", quantity=12, price=4.5, memo="dearer")
    added = line("PUMP", quantity=1, price=9)
    sdk.run("OrderEntry.OrderEntryTransactionUpdate", transactionId=key, referenceNumber="REF-6", lines=[changed, added])
    told = [(row["ITEMID"], row["UIQTY"], row["UIPRICE"], row["MEMO"]) for row in entries(sdk, key)]
    assert told == [("LABOR", "12", "4.5", "dearer"), ("PUMP", "1", "9", "")]
    assert [document(sdk, key)[name] for name in ("PONUMBER", "TOTAL")] == ["REF-6", "63"]
    sdk.run("OrderEntry.OrderEntryTransactionUpdate", externalId="ext-so-2", message="By its external id")
    assert document(sdk, key)["MESSAGE"] == "By its external id"


def test_an_invoice_makes_its_invoice_in_receivables(sdk: NodeSdk) -> None:
    key = order(sdk, transactionDefinition="Sales Invoice", documentNumber="SI-1")
    row = document(sdk, key)
    (invoice,) = [each for each in sdk.stored("ARINVOICE") if each["RECORDNO"] == row["PRRECORDKEY"]]
    assert (invoice["TOTALENTERED"], invoice["MODULEKEY"], invoice["CUSTOMERID"]) == ("42.5", "8.SO", "C-1")


def test_what_an_order_may_not_say_is_refused(sdk: NodeSdk) -> None:
    for values, told in (
        ({"transactionDefinition": "No such definition"}, "No such definition"),
        ({"customerId": "C-9"}, "C-9"),
        ({"lines": [line(unit="Furlong")]}, "unit"),
        ({"lines": [line("NOSUCH")]}, "NOSUCH"),
    ):
        with pytest.raises(RefusedBySdk) as refused:
            order(sdk, **values)
        assert any(told.lower() in each.lower() for each in refused.value.errors), (told, refused.value.errors)


def test_an_order_is_deleted_by_its_document_id(sdk: NodeSdk) -> None:
    key = order(sdk)
    sdk.run("OrderEntry.OrderEntryTransactionDelete", documentId=key)
    assert sdk.run("Common.ReadByName", objectName="SODOCUMENT", names=[key])["count"] == 0
