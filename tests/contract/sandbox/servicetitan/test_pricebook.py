"""Services, materials and equipment: what document lines take their accounts from (servicetitan §8, §11.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import GUID, Api

KINDS = ("services", "materials", "equipment")


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_is_created_changed_and_taken_away(api: Api, kind: str) -> None:
    # servicetitan Appendix B pricebook: 201, 200, 204
    body = {"code": "X-1", "description": "New", "price": 10.5, "account": "Contract Revenue", "intacctGlGroupAccount": "Job costs"}
    reply = api.call("POST", f"pricebook/{kind}", json=body)
    item = reply.json()
    assert (reply.status_code, item["price"], item["account"], item["active"]) == (201, 10.5, "Contract Revenue", True)
    assert "intacctGlGroupAccount" not in item
    path = f"pricebook/{kind}/{item['id']}"
    assert api.made("PATCH", path, {"displayName": "Renamed"})["displayName"] == "Renamed"
    assert [row["id"] for row in api.rows(f"pricebook/{kind}", searchText="rename")] == [item["id"]]
    assert api.call("DELETE", path).status_code == 204
    assert item["id"] not in {row["id"] for row in api.rows(f"pricebook/{kind}")}
    rows, _ = api.export(f"pricebook/export/{kind}", includeRecentChanges="true")
    assert next(row for row in rows if row["id"] == item["id"])["active"] is False
    for method in ("PATCH", "DELETE"):
        api.refused(404, method, f"pricebook/{kind}/999", {} if method == "PATCH" else None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"code": " "}, "code"),
        ({"code": "taken"}, "code"),
        ({"description": None}, "description"),
        ({"price": "free"}, "price"),
        ({"categories": [999]}, "categories"),
        ({"glGroup": "x"}, "glGroup"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(api: Api, kind: str, wrong: dict[str, Any], member: str) -> None:
    body = {"code": "X-1", "description": "New", **wrong}
    if body["code"] == "taken":
        body["code"] = api.sku(kind)["code"].lower()
    assert member in api.refused(400, "POST", f"pricebook/{kind}", body)["errors"]


def test_a_link_to_nothing_is_refused(api: Api) -> None:
    body = {"code": "X-1", "description": "New", "serviceMaterials": [{"skuId": 999, "quantity": 1}]}
    assert "serviceMaterials" in api.refused(400, "POST", "pricebook/services", body)["errors"]
    body["serviceMaterials"] = [{"skuId": api.sku()["id"], "quantity": 2}]
    assert api.call("POST", "pricebook/services", json=body).json()["serviceMaterials"][0]["quantity"] == 2


def test_a_later_remap_changes_new_lines_only(api: Api) -> None:
    # servicetitan §11.2 "Exported transactions are not changed by a later remap"
    sku = api.sku()
    line = {"skuId": sku["id"], "quantity": 1}
    old = api.put("invoices", jobId=api.new_job()["id"], items=[line])
    api.made("PATCH", f"pricebook/materials/{sku['id']}", {"account": "Contract Revenue"})
    new = api.put("invoices", jobId=api.new_job()["id"], items=[line])
    rows = {row["id"]: row["items"][0]["generalLedgerAccount"]["number"] for row in api.rows("accounting/invoices")}
    assert (rows[old["id"]], rows[new["id"]]) == ("4100", "4000")


def test_an_account_that_does_not_exist_leaves_the_line_without_one(api: Api) -> None:
    # servicetitan §11.2 "spelled exactly"
    sku = api.sku()
    api.made("PATCH", f"pricebook/materials/{sku['id']}", {"account": "Servce Revenue"})
    made = api.put("invoices", jobId=api.new_job()["id"], items=[{"skuId": sku["id"], "quantity": 1}])
    assert made["items"][0]["generalLedgerAccount"] is None


def test_items_carry_external_data(api: Api) -> None:
    # servicetitan §5 "External data"
    external = {"applicationGuid": GUID, "externalData": [{"key": "item", "value": "I-1"}]}
    api.call("POST", "pricebook/materials", json={"code": "X-1", "description": "New", "externalData": external})
    asked = {"externalDataApplicationGuid": GUID, "externalDataKey": "item", "externalDataValues": "I-1"}
    (row,) = api.rows("pricebook/materials", **asked)
    assert (row["code"], row["externalData"]) == ("X-1", external["externalData"])
