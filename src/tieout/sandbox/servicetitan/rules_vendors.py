"""What can be done to vendors (servicetitan §8, Appendix B inventory/v2). A vendor cannot be deleted, only made inactive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_inventory import VENDORS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, changed_external, new_external, refuse_if

_CONTACT: Final = ("firstName", "lastName", "phone", "email", "fax")
# Member of a request -> member of the vendor.
_PLAIN: Final = {
    "name": "name",
    "active": "active",
    "memo": "memo",
    "isTruckReplenishment": "isTruckReplenishment",
    "deliveryOption": "deliveryOption",
    "taxRate": "defaultTaxRate",
    "restrictedMobileCreation": "isMobileCreationRestricted",
    "address": "address",
    "paymentTermId": "_paymentTermId",
    "remittanceVendorId": "_remittanceVendorId",
}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST vendors``: the reply is the id."""
    given = tenant.accept("inventory", "CreateVendorRequest", call.body)
    return tenant.show("inventory", "ModificationResponse", open_vendor(tenant, given))


def open_vendor(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a vendor from an accepted create request."""
    _check(tenant, given)
    blank = {"memo": "", "deliveryOption": "Manual", "contactInfo": dict.fromkeys(_CONTACT, ""), "customFields": []}
    row = {**blank, **_members(given), "_external": new_external(given.get("externalData"))}
    row["contactInfo"] |= {name: given[name] for name in _CONTACT if given.get(name) is not None}
    return tenant.records.insert("vendors", row)


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH vendors/{id}``: the reply is the id."""
    vendor = tenant.existing(VENDORS, call.keys["id"])
    given = tenant.accept("inventory", "UpdateVendorRequest", call.body)
    _check(tenant, given)
    changes = _members(given)
    changes["contactInfo"] = {**vendor["contactInfo"], **{name: given[name] for name in _CONTACT if name in given}}
    if "externalData" in given:
        changes["_external"] = changed_external(vendor, given["externalData"])
    return tenant.show("inventory", "ModificationResponse", tenant.records.change("vendors", vendor["id"], changes))


def _members(given: Mapping[str, Any]) -> dict[str, Any]:
    return {member: given[name] for name, member in _PLAIN.items() if given.get(name) is not None}


def _check(tenant: Tenant, given: Mapping[str, Any]) -> None:
    errors: Errors = {}
    if not (given.get("name", "x") or "").strip():
        errors["name"] = ["The name may not be empty."]
    tenant.check_reference(errors, "paymentTermId", "payment-terms", given.get("paymentTermId"), "Payment term")
    tenant.check_reference(errors, "remittanceVendorId", "remittance-vendors", given.get("remittanceVendorId"), "Remittance vendor")
    tags = [tag["tagTypeId"] for tag in given.get("tags") or ()]
    tenant.check_references(errors, "tags", "tag-types", tags, "Tag type")
    refuse_if(errors)
