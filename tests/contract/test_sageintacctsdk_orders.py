"""`sageintacctsdk`, unchanged, on order entry transactions (intacct-xml §3D SODOCUMENT, §9.3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import WrongParamsError

from tests.contract.sage_sdk import signed_in

DAY = {"year": "2026", "month": "03", "day": "10"}
FIELDS = ["RECORDNO", "DOCID", "DOCNO", "STATE", "CUSTVENDID", "TOTAL"]


@pytest.fixture(scope="module")
def client() -> Iterator[SageIntacctSDK]:
    with signed_in() as (connected, _):
        connected.customers.post({"CUSTOMERID": "C-1", "NAME": "Birch", "DISPLAYCONTACT": {"PRINTAS": "Birch"}})
        connected.items.post({"ITEMID": "LABOR", "NAME": "Labor", "ITEMTYPE": "Non-Inventory", "UOMGRP": "Count"})
        yield connected


def order(client: SageIntacctSDK, number: str, item: str = "LABOR") -> str:
    line = {"itemid": item, "quantity": "10", "unit": "Each", "price": "4.25", "locationid": "100"}
    made = client.order_entry_transactions.post(
        {
            "transactiontype": "Sales Order",
            "datecreated": DAY,
            "customerid": "C-1",
            "documentno": number,
            "datedue": DAY,
            "shipto": {"contactname": None},
            "billto": {"contactname": None},
            "sotransitems": {"sotransitem": [line]},
        }
    )
    return str(made["key"])


def test_an_order_is_made_and_read_by_every_method_of_the_class(client: SageIntacctSDK) -> None:
    assert order(client, "SO-1") == "Sales Order-SO-1"
    api = client.order_entry_transactions
    assert api.count("DOCNO", "SO-1") == 1
    assert api.get("DOCNO", "SO-1", fields=FIELDS)["sodocument"]["TOTAL"] == "42.5"
    (read,) = api.get_all("DOCNO", "SO-1", fields=FIELDS)
    assert (read["DOCID"], read["STATE"], read["CUSTVENDID"]) == ("Sales Order-SO-1", "Pending", "C-1")
    assert api.get_by_query(fields=FIELDS, and_filter=[("equalto", "DOCNO", "SO-1")]) == [read]
    assert list(api.get_all_generator("DOCNO", "SO-1", fields=FIELDS)) == [[read]]
    assert api.read_by_query(FIELDS)["data"]["sodocument"]["DOCID"] == "Sales Order-SO-1"
    assert "CUSTVENDID" in {each["ID"] for each in api.get_lookup()["Type"]["Fields"]["Field"]}


def test_a_refused_order_names_what_is_wrong(client: SageIntacctSDK) -> None:
    with pytest.raises(WrongParamsError) as refused:
        order(client, "SO-9", item="NOSUCH")
    assert "NOSUCH" in refused.value.response["error"][0]["description2"]
