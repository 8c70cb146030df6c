"""What can be done to customers and locations (servicetitan §8, D13).

Neither can be deleted; customers are merged in the product, not over the API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan import balances
from tieout.sandbox.servicetitan.amounts import cents
from tieout.sandbox.servicetitan.problems import conflict
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_crm import CUSTOMERS, LOCATIONS
from tieout.sandbox.servicetitan.rules_contacts import add_contact
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, ApiCall, Tenant, application_of, changed_external, new_external, refuse_if

CUSTOMER: Final[Row] = {
    "active": True,
    "type": "Residential",
    "balance": "0.00",
    "taxExempt": False,
    "tagTypeIds": [],
    "doNotMail": False,
    "doNotService": False,
    "nationalAccount": False,
    "createdById": API_USER,
    "mergedToId": None,
    "paymentTermId": None,
    "creditLimit": None,
    "creditLimitBalance": None,
}
LOCATION: Final[Row] = {
    "active": True,
    "createdById": API_USER,
    "mergedToId": None,
    "zoneId": None,
    "taxExempt": False,
    "tagTypeIds": [],
    "taxZoneId": None,
}


def create_customer(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST customers``: with at least one location; the reply also has locations and contacts."""
    given = tenant.accept("crm", "CreateCustomerRequest", call.body)
    application = application_of(given.get("externalData"))
    customer, locations = open_customer(tenant, given)
    contacts = tenant.records.children("customer-contacts", "customerId", customer["id"])
    reply = tenant.show("crm", "CreatedCustomerResponse", {**customer, "contacts": contacts, "locations": []}, application)
    reply["locations"] = [_show_new_location(tenant, location, application) for location in locations]
    return reply


def open_customer(tenant: Tenant, given: dict[str, Any]) -> tuple[Row, list[Row]]:
    """Creates a customer and its locations from an accepted create request."""
    errors: Errors = {}
    if not given["locations"]:
        errors["locations"] = ["A customer needs at least one location."]
    _check_name(given, errors)
    fields = tenant.custom_fields(errors, "customer-custom-fields", given.get("customFields"))
    _check_tags(tenant, given, errors)
    prepared = [_prepare_location(tenant, location, errors, f"locations[{place}].") for place, location in enumerate(given["locations"])]
    refuse_if(errors)
    customer = tenant.records.insert(
        "customers",
        {
            **CUSTOMER,
            **{name: value for name, value in given.items() if name in CUSTOMER and value is not None},
            "name": given["name"],
            "address": _address(given["address"]),
            "customFields": fields,
            "_external": new_external(given.get("externalData")),
        },
    )
    for contact in given.get("contacts") or ():
        add_contact(tenant, "customer", customer["id"], contact)
    return customer, [_write_location(tenant, location, customer["id"]) for location in prepared]


def update_customer(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH customers/{id}``."""
    customer = tenant.existing(CUSTOMERS, call.keys["id"])
    given = tenant.accept("crm", "UpdateCustomerRequest", call.body)
    changed = _update(tenant, "customers", "customer-custom-fields", customer, given)
    return tenant.show("crm", "CustomerResponse", changed, application_of(given.get("externalData")))


def create_location(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST locations``."""
    given = tenant.accept("crm", "CreateLocationRequest", call.body)
    return _show_new_location(tenant, open_location(tenant, given), application_of(given.get("externalData")))


def open_location(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a location from an accepted create request."""
    errors: Errors = {}
    tenant.check_reference(errors, "customerId", "customers", given["customerId"], "Customer")
    prepared = _prepare_location(tenant, given, errors, "")
    refuse_if(errors)
    return _write_location(tenant, prepared, given["customerId"])


def update_location(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH locations/{id}``: 409 when it would go to another customer while jobs or projects are there."""
    location = tenant.existing(LOCATIONS, call.keys["id"])
    given = tenant.accept("crm", "UpdateLocationRequest", call.body)
    errors: Errors = {}
    tenant.check_reference(errors, "customerId", "customers", given.get("customerId"), "Customer")
    refuse_if(errors)
    moves = given.get("customerId", location["customerId"]) != location["customerId"]
    if moves and any(tenant.records.children(kind, "locationId", location["id"]) for kind in ("jobs", "projects")):
        raise conflict(f"Location {location['id']} has jobs or projects and cannot go to another customer.")
    changed = _update(tenant, "locations", "location-custom-fields", location, given)
    return tenant.show("crm", "LocationResponse", changed, application_of(given.get("externalData")))


def merge_customers(tenant: Tenant, customer: Row, survivor: Row) -> Row:
    """Merges one customer into another: it becomes inactive and points at the survivor (servicetitan D13).

    Its locations, jobs, projects and documents go to the survivor, unless the setting merge_moves_records is off.
    """
    if tenant.settings["merge_moves_records"]:
        for kind in ("locations", "jobs", "projects"):
            for row in tenant.records.children(kind, "customerId", customer["id"]):
                tenant.records.change(kind, row["id"], {"customerId": survivor["id"]})
                for visit in tenant.records.children("appointments", "jobId", row["id"]) if kind == "jobs" else ():
                    tenant.records.change("appointments", visit["id"], {"customerId": survivor["id"]})
        named = {"customer": {"id": survivor["id"], "name": survivor["name"]}}
        for kind in ("invoices", "payments", "credit-memos"):
            for row in tenant.records.children(kind, "customer.id", customer["id"]):
                tenant.records.change(kind, row["id"], named)
        owed = cents(customer["balance"])
        balances.owe(tenant, customer["id"], -owed)
        balances.owe(tenant, survivor["id"], owed)
    tenant.records.change("customers", survivor["id"], {})
    return tenant.records.change("customers", customer["id"], {"active": False, "mergedToId": survivor["id"]})


def _update(tenant: Tenant, kind: str, field_kind: str, row: Row, given: dict[str, Any]) -> Row:
    errors: Errors = {}
    _check_name(given, errors)
    _check_tags(tenant, given, errors)
    changes: dict[str, Any] = {name: value for name, value in given.items() if name != "externalData"} | {"_own_change": None}
    if "customFields" in given:
        changes["customFields"] = tenant.custom_fields(errors, field_kind, given["customFields"])
    refuse_if(errors)
    if "address" in given:
        changes["address"] = _address(given["address"])
    if "externalData" in given:
        changes["_external"] = changed_external(row, given["externalData"])
    return tenant.records.change(kind, row["id"], changes)


def _prepare_location(tenant: Tenant, given: Mapping[str, Any], errors: Errors, path: str) -> Row:
    if not given.get("name", "x").strip():
        errors.setdefault(f"{path}name", []).append("The name may not be empty.")
    _check_tags(tenant, given, errors)
    return {
        **LOCATION,
        "tagTypeIds": list(given.get("tagTypeIds") or ()),
        "name": given.get("name"),
        "address": _address(given.get("address") or {}),
        "customFields": tenant.custom_fields(errors, "location-custom-fields", given.get("customFields")),
        "_contacts": list(given.get("contacts") or ()),
        "_external": new_external(given.get("externalData")),
    }


def _write_location(tenant: Tenant, prepared: Row, customer_id: int) -> Row:
    """Stores a location and its contacts."""
    contacts = prepared.pop("_contacts")
    location = tenant.records.insert("locations", {**prepared, "customerId": customer_id})
    for contact in contacts:
        add_contact(tenant, "location", location["id"], contact)
    return location


def _show_new_location(tenant: Tenant, location: Row, application: str) -> dict[str, Any]:
    contacts = tenant.records.children("location-contacts", "locationId", location["id"])
    return tenant.show("crm", "CreateLocationResponse", {**location, "contacts": contacts}, application)


def _check_name(given: Mapping[str, Any], errors: Errors) -> None:
    if not (given.get("name", "x") or "").strip():
        errors.setdefault("name", []).append("The name may not be empty.")


def _check_tags(tenant: Tenant, given: Mapping[str, Any], errors: Errors) -> None:
    tenant.check_references(errors, "tagTypeIds", "tag-types", given.get("tagTypeIds"), "Tag type")


def _address(given: Mapping[str, Any]) -> Row:
    whole = {"street": "", "unit": None, "city": "", "state": "", "zip": "", "country": "", "latitude": None, "longitude": None}
    return {**whole, **given}
