"""Customers, locations, business units (servicetitan §8, D13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import GUID, Api

ADDRESS = {"street": "9 Pearl St", "city": "Boulder", "state": "CO", "zip": "80302", "country": "USA"}


def test_a_customer_is_created_with_its_locations_and_contacts(api: Api) -> None:
    # servicetitan §8 "Every customer has at least one location"
    name = "Zażółć & O'Dowd's \"Gęślą\" 東風 " + "x" * 150
    customer = api.new_customer(name, type="Commercial", contacts=[{"type": "Phone", "value": "3035550100"}])
    assert (customer["name"], customer["type"], customer["active"]) == (name, "Commercial", True)
    assert customer["contacts"][0]["value"] == "3035550100"
    location = api.get(f"crm/locations/{customer['locations'][0]['id']}")
    assert location["customerId"] == customer["id"]
    assert api.rows("crm/locations", customerId=customer["id"]) == [location]
    assert [row["id"] for row in api.rows("crm/customers", phone="3035550100")] == [customer["id"]]


def test_two_customers_may_have_one_name(api: Api) -> None:
    # servicetitan §8 "name is not unique"
    assert api.new_customer("Same")["id"] != api.new_customer("Same")["id"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", None),
        ("name", " "),
        ("locations", []),
        ("locations", None),
        ("locations", [{"name": "No address"}]),
        ("address", {"street": "only"}),
        ("type", "Industrial"),
        ("taxExempt", "yes"),
        ("tagTypeIds", [999]),
        ("customFields", [{"typeId": 999, "value": "x"}]),
        ("contacts", [{"type": "Pigeon", "value": "coo"}]),
        ("mergedToId", 1),
        ("active", False),
    ],
)
def test_a_wrong_customer_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # servicetitan §4; the vendor's crm v2 definitions
    body = {"name": "Good", "address": ADDRESS, "locations": [{"name": "Good", "address": ADDRESS}], member: value}
    assert any(name.startswith(member) for name in api.refused(400, "POST", "crm/customers", body)["errors"])
    assert api.rows("crm/customers") == api.rows("crm/locations") == []


def test_a_customer_is_edited_and_made_inactive(api: Api) -> None:
    # servicetitan §5 active default, E12
    customer = api.new_customer()
    about = f"crm/customers/{customer['id']}"
    api.advance(1)
    changed = api.made("PATCH", about, {"name": "Renamed", "active": False, "creditLimit": 2500.5})
    assert (changed["name"], changed["creditLimit"]) == ("Renamed", 2500.5)
    assert changed["modifiedOn"] > customer["modifiedOn"]
    assert api.rows("crm/customers") == []
    assert api.get(about) == changed
    api.refused(404, "PATCH", "crm/customers/999", {"name": "x"})
    api.refused(400, "PATCH", about, {"name": ""})
    api.refused(400, "PATCH", about, {"mergedToId": customer["id"]})


def test_locations_are_added_and_edited(api: Api) -> None:
    # servicetitan Appendix B "locations"
    customer = api.new_customer()
    made = api.made("POST", "crm/locations", {"customerId": customer["id"], "name": "Annex", "address": ADDRESS})
    assert made["contacts"] == []
    changed = api.made("PATCH", f"crm/locations/{made['id']}", {"name": "Annex B", "taxZoneId": 7})
    assert (changed["name"], changed["taxZoneId"]) == ("Annex B", 7)
    assert len(api.rows("crm/locations", customerId=customer["id"])) == 2
    api.refused(400, "POST", "crm/locations", {"customerId": 999, "name": "x", "address": ADDRESS})
    api.refused(404, "PATCH", "crm/locations/999", {"name": "x"})


def test_a_location_in_use_does_not_change_hands(api: Api) -> None:
    # servicetitan §4 "409 on … location create/update"
    one, two = api.new_customer("One"), api.new_customer("Two")
    api.new_job(one)
    api.refused(409, "PATCH", f"crm/locations/{one['locations'][0]['id']}", {"customerId": two["id"]})
    spare = api.made("POST", "crm/locations", {"customerId": one["id"], "name": "Spare", "address": ADDRESS})
    assert api.made("PATCH", f"crm/locations/{spare['id']}", {"customerId": two["id"]})["customerId"] == two["id"]


def test_a_merged_customer_points_at_the_survivor(api: Api) -> None:
    # servicetitan D13 "mergedToId set, active=false"; design §6 "merged customers"
    survivor, merged = api.new_customer("Keeps"), api.new_customer("Goes")
    job = api.new_job(merged)
    project = api.new_project(merged)
    row = api.control("POST", "objects/customers", {"id": merged["id"], "mergedToId": survivor["id"]})
    assert (row["active"], row["mergedToId"]) == (False, survivor["id"])
    assert api.get(f"crm/customers/{merged['id']}")["mergedToId"] == survivor["id"]
    assert api.get(f"jpm/jobs/{job['id']}")["customerId"] == survivor["id"]
    assert api.get(f"jpm/projects/{project['id']}")["customerId"] == survivor["id"]
    fed, _ = api.export("crm/export/customers", includeRecentChanges="true")
    assert {each["id"]: each["mergedToId"] for each in fed} == {merged["id"]: survivor["id"], survivor["id"]: None}


def test_a_merge_may_leave_records_where_they_were(api: Api) -> None:
    # servicetitan D13: nobody says what happens to them, so it is a switch
    api.settings(merge_moves_records=False)
    survivor, merged = api.new_customer("Keeps"), api.new_customer("Goes")
    job = api.new_job(merged)
    api.control("POST", "objects/customers", {"id": merged["id"], "mergedToId": survivor["id"]})
    assert api.get(f"jpm/jobs/{job['id']}")["customerId"] == merged["id"]


@pytest.mark.parametrize("target", ["self", "unknown"])
def test_a_merge_into_nothing_is_refused(api: Api, target: str) -> None:
    # design §6 objects "validated like real ones"
    customer = api.new_customer()
    into = customer["id"] if target == "self" else 999
    reply = api.http.post("/_sandbox/objects/customers", json={"id": customer["id"], "mergedToId": into})
    assert reply.status_code == 400
    assert "cannot be merged into" in reply.json()["error"]


def test_a_business_unit_takes_only_external_data(api: Api) -> None:
    # servicetitan §8 Business unit, D11
    unit = api.rows("settings/business-units")[0]
    about = f"settings/business-units/{unit['id']}"
    body = {"externalData": {"applicationGuid": GUID, "externalData": [{"key": "entity", "value": "100"}]}}
    assert api.made("PATCH", about, body) == {"id": unit["id"]}
    assert api.get(about, externalDataApplicationGuid=GUID)["externalData"] == [{"key": "entity", "value": "100"}]
    api.refused(400, "PATCH", about, {"name": "Other"})
    api.refused(404, "PATCH", "settings/business-units/999", body)


def test_rows_added_by_the_control_route_meet_the_same_rules(api: Api) -> None:
    # design §6 objects "validated like real ones"
    wrong = api.http.post("/_sandbox/objects/jobs", json={"customerId": 999})
    assert wrong.status_code == 400
    assert "locationId field is required" in wrong.json()["error"]
    unit = api.control("POST", "objects/business-units", {"name": "Snow Removal", "accountCode": "200"})
    assert api.get(f"settings/business-units/{unit['id']}")["accountCode"] == "200"
    nameless = api.http.post("/_sandbox/objects/business-units", json={"accountCode": "200"})
    assert nameless.status_code == 400
    job = api.control("POST", "objects/jobs", {**api.job_body(), "createdOn": "2024-01-01", "modifiedOn": "2024-01-02", "total": 12.5})
    assert api.get(f"jpm/jobs/{job['id']}")["total"] == 12.5
    assert api.get(f"jpm/jobs/{job['id']}")["modifiedOn"] == "2024-01-02T00:00:00Z"
    elsewhere, twin = api.new_customer("Elsewhere"), api.new_job()
    for wrong_change in (
        {"projectId": 5},
        {"jobStatus": "Lost"},
        {"priority": "Extreme"},
        {"jobNumber": twin["jobNumber"]},
        {"customerId": elsewhere["id"]},
        {"businessUnitId": 999},
        {"modifiedOn": None},
        {"colour": "red"},
    ):
        assert api.http.post("/_sandbox/objects/jobs", json={"id": job["id"], **wrong_change}).status_code == 400
    assert api.http.post("/_sandbox/objects/campaigns", json={"name": "x"}).status_code == 400


def test_a_change_of_balance_can_be_left_out_of_the_modified_range(api: Api) -> None:
    # servicetitan §5 "excludeAccountingChangesFromModifiedDateRange because balance changes do move it"
    customer = api.new_customer()
    api.advance(600)
    api.control("POST", "objects/customers", {"id": customer["id"], "balance": 125.75})
    since = {"modifiedOnOrAfter": "2026-03-02T15:05:00Z"}
    assert [row["balance"] for row in api.rows("crm/customers", **since)] == [125.75]
    assert api.rows("crm/customers", **since, excludeAccountingChangesFromModifiedDateRange="true") == []
    api.made("PATCH", f"crm/customers/{customer['id']}", {"name": "Renamed"})
    assert len(api.rows("crm/customers", **since, excludeAccountingChangesFromModifiedDateRange="true")) == 1


def test_a_job_that_changes_hands_takes_its_appointments_along(api: Api) -> None:
    # servicetitan §8; AppointmentResponse has a customerId of its own
    one, two = api.new_customer("One"), api.new_customer("Two")
    job = api.new_job(one)
    api.made("PATCH", f"jpm/jobs/{job['id']}", {"customerId": two["id"], "locationId": two["locations"][0]["id"]})
    assert [visit["jobId"] for visit in api.rows("jpm/appointments", customerId=two["id"])] == [job["id"]]
    api.refused(400, "PATCH", f"jpm/jobs/{job['id']}", {"customerId": one["id"]})


@pytest.mark.parametrize("owner", ["customer", "location"])
def test_contacts_are_kept_beside_their_owner_and_do_not_touch_it(api: Api, owner: str) -> None:
    # servicetitan §5 "modifiedOn does not move when only contacts or memberships change"; §6 feeds customers/contacts, locations/contacts
    customer = api.new_customer(contacts=[{"type": "Phone", "value": "3035550100"}])
    key = customer["id"] if owner == "customer" else customer["locations"][0]["id"]
    before = api.get(f"crm/{owner}s/{key}")
    api.advance(60)
    path = f"crm/{owner}s/{key}/contacts"
    made = api.made("POST", path, {"type": "Email", "value": "a@example.com"})
    changed = api.made("PATCH", f"{path}/{made['id']}", {"type": "MobilePhone", "value": "3035550199"})
    assert changed["phoneSettings"]["phoneNumber"] == "3035550199"
    assert made["id"] in {row["id"] for row in api.rows(f"crm/{owner}s/contacts", **{f"{owner}Ids": key})}
    assert made["id"] in {row["id"] for row in api.get(path)["data"]}
    api.made("DELETE", f"{path}/{made['id']}")
    assert made["id"] not in {row["id"] for row in api.rows(f"crm/{owner}s/contacts")}
    rows, _ = api.export(f"crm/export/{owner}s/contacts", includeRecentChanges="true")
    assert {row["id"]: row["active"] for row in rows}[made["id"]] is False
    assert api.get(f"crm/{owner}s/{key}") == before
    for status, method, about, body in (
        (404, "GET", f"crm/{owner}s/999/contacts", None),
        (404, "POST", f"crm/{owner}s/999/contacts", {"type": "Email", "value": "x"}),
        (404, "PATCH", f"{path}/{made['id']}", {"memo": "x"}),
        (404, "DELETE", f"{path}/999", None),
        (400, "POST", path, {"type": "Pigeon", "value": "x"}),
        (400, "POST", path, {"type": "Email", "value": " "}),
        (400, "POST", path, {"type": "Email"}),
    ):
        api.refused(status, method, about, body)
