"""servicepytan in every area the emulator has (servicetitan §13.2)."""

from __future__ import annotations

from typing import Any

import pytest
import servicepytan

from tests.contract.sandbox.servicetitan.api import Api
from tests.contract.sandbox.servicetitan.test_time import activity_body
from tieout.sandbox.servicetitan.resource import Resource
from tieout.sandbox.servicetitan.routes import RESOURCES

LISTED = [each for each in RESOURCES if each.listed and not each.bare]
FEEDS = [each for each in RESOURCES if each.feed]
READ_ONE = [each for each in RESOURCES if each.by_id]
PAY = {"amount": 50, "activityCodeId": 1, "date": "2026-03-01T00:00:00Z"}
PAYROLL = {"startedOn": "2026-02-16", "endedOn": "2026-03-01", "employeeId": 1, "employeeType": "Technician", "status": "Pending"}
# Area -> what is made there by the client: resource, and how its body is got.
MADE = {
    "jpm": ("jobs", lambda api: api.job_body()),
    "crm": ("locations", lambda api: {**api.new_customer()["locations"][0], "name": "Second"}),
    "accounting": (
        "payments",
        lambda api: {"typeId": first(api, "accounting/payment-types"), "customerId": api.new_customer()["id"], "amount": 5},
    ),
    "inventory": ("trucks", lambda api: {"name": "Truck 77", "warehouseId": first(api, "inventory/warehouses")}),
    "pricebook": ("materials", lambda api: {"code": "NEW-1", "description": "New"}),
    "payroll": ("gross-pay-items", lambda api: {**PAY, "payrollId": api.put("payrolls", **PAYROLL)["id"]}),
    "timesheets": ("activities", lambda api: activity_body(api, "SHOP")),
}
# Areas nothing is made in: what is changed there instead.
CHANGED = {"settings": ("business-units", '{"externalData": {"applicationGuid": "%s", "externalData": []}}')}


def first(api: Api, about: str) -> int:
    key: int = api.get(about)["data"][0]["id"]
    return key


def connect(api: Api) -> dict[str, Any]:
    conn: dict[str, Any] = servicepytan.auth.servicepytan_connect(
        app_key="st-app-key", tenant_id="1000001", client_id="st-client", client_secret="st-secret", app_id="app"
    )
    conn["auth_root"] = conn["api_root"] = str(api.http.base_url).rstrip("/")
    return conn


def endpoint(api: Api, area: str, resource: str) -> Any:
    return servicepytan.Endpoint(area, resource, conn=connect(api))


def test_the_tables_know_every_area() -> None:
    assert {each.area for each in RESOURCES} == MADE.keys() | CHANGED.keys()


@pytest.mark.parametrize("resource", LISTED, ids=lambda each: f"{each.area}/{each.path}")
def test_servicepytan_reads_every_list(whole: Api, resource: Resource) -> None:
    # servicetitan §13.2 "List"
    rows = endpoint(whole, resource.area, resource.path).get_all(query={})
    assert rows == whole.rows(f"{resource.area}/{resource.path}", pageSize=500)[: len(rows)] != []


@pytest.mark.parametrize("resource", FEEDS, ids=lambda each: f"{each.area}/{each.feed}")
def test_servicepytan_reads_every_feed(whole: Api, resource: Resource) -> None:
    # servicetitan §13.2 "Export"
    rows = endpoint(whole, resource.area, "export").export_all(resource.feed)
    assert rows == whole.export(f"{resource.area}/export/{resource.feed}")[0] != []


@pytest.mark.parametrize("resource", READ_ONE, ids=lambda each: f"{each.area}/{each.path}")
def test_servicepytan_reads_one_record(whole: Api, resource: Resource) -> None:
    # servicetitan §13.2 "GET"
    row = whole.get(f"{resource.area}/{resource.path}")["data"][0]
    assert endpoint(whole, resource.area, resource.path).get_one(row["id"]) == row


@pytest.mark.parametrize("area", MADE)
def test_servicepytan_makes_a_record(api: Api, area: str) -> None:
    # servicetitan §13.2 "Create"
    resource, body = MADE[area]
    given = body(api)
    given = {name: given[name] for name in ("customerId", "name", "address")} if resource == "locations" else given
    made = endpoint(api, area, resource).create(given)
    kept = api.control("GET", f"objects/{resource}")
    assert made["id"] in {row["id"] for row in kept}
    # What the emulator refuses reaches the caller as an error.
    with pytest.raises(Exception, match="400"):
        endpoint(api, area, resource).create({**given, "nonsense": True})


@pytest.mark.parametrize("area", CHANGED)
def test_servicepytan_changes_a_record(api: Api, area: str) -> None:
    # servicetitan §13.2 "Update": a JSON text without a content type
    resource, text = CHANGED[area]
    key = first(api, f"{area}/{resource}")
    body = text % "6f1c1f6e-3d0a-4a52-9d43-0c2f6a1f9b11"
    assert endpoint(api, area, resource).update(key, body, request_type="PATCH") == {"id": key}


def test_servicepytan_reads_a_bare_array_only_as_one_page(whole: Api) -> None:
    # servicetitan E14: the client's loop wants an envelope, its single call does not
    bills = endpoint(whole, "accounting", "inventory-bills")
    assert len(bills.get_many(query={"pageSize": 5000})) == len(whole.get("accounting/inventory-bills", pageSize=5000))
    with pytest.raises(TypeError):
        bills.get_all(query={})
