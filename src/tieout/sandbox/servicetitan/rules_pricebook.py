"""What can be done to services, materials and equipment (servicetitan §8, §11.2, Appendix B pricebook).

The Intacct GL group of an item is written by its own member and not read back; `account` is what documents use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import unit_price
from tieout.sandbox.servicetitan.resource import Resource, Row
from tieout.sandbox.servicetitan.resources_pricebook import EQUIPMENT, MATERIALS, SERVICES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import (
    API_USER,
    CATALOGUES,
    ApiCall,
    Tenant,
    application_of,
    changed_external,
    new_external,
    refuse_if,
)

# Resource -> the shape to create one, to change one, and of the reply to both.
SHAPES: Final = (
    (SERVICES, "ServiceCreateRequest", "ServiceUpdateRequest", "ServiceResponse"),
    (MATERIALS, "MaterialCreateRequest", "MaterialUpdateRequest", "MaterialResponse"),
    (EQUIPMENT, "EquipmentCreateRequest", "EquipmentUpdateRequest", "EquipmentResponse"),
)
_PRICES: Final = ("price", "memberPrice", "addOnPrice", "addOnMemberPrice", "cost")
_LINKS: Final = ("serviceMaterials", "serviceEquipment", "equipmentMaterials", "recommendations")
_NO_WARRANTY: Final = {"duration": 0, "description": None}
Handler = Callable[[Tenant, ApiCall], Any]


def creator(resource: Resource, request: str, reply: str) -> Handler:
    """The handler that creates an item: 201."""

    def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        given = tenant.accept("pricebook", request, call.body)
        _check(tenant, resource, given, None)
        row = {**_blank(resource), **_members(tenant, resource, given), "_external": new_external(given.get("externalData"))}
        return tenant.show("pricebook", reply, tenant.records.insert(resource.kind, row), application_of(given.get("externalData")))

    return create


def updater(resource: Resource, request: str, reply: str) -> Handler:
    """The handler that changes one."""

    def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        row = tenant.existing(resource, call.keys["id"])
        given = tenant.accept("pricebook", request, call.body)
        _check(tenant, resource, given, row)
        changes = _members(tenant, resource, given)
        if given.get("externalData") is not None:
            changes["_external"] = changed_external(row, given["externalData"])
        changed = tenant.records.change(resource.kind, row["id"], changes)
        return tenant.show("pricebook", reply, changed, application_of(given.get("externalData")))

    return update


def deleter(resource: Resource) -> Handler:
    """The handler that takes one away: 204; feeds and documents still know it, as inactive."""

    def delete(tenant: Tenant, call: ApiCall) -> None:
        row = tenant.existing(resource, call.keys["id"])
        tenant.records.change(resource.kind, row["id"], {"active": False})

    return delete


def _members(tenant: Tenant, resource: Resource, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a request the item keeps; vendors and assets are not followed here."""
    known = CATALOGUES["pricebook"][resource.shape].members - {"externalData", "assets", "primaryVendor", "otherVendors", "categories"}
    members = {name: value for name, value in given.items() if name in known and value is not None}
    members |= {name: unit_price(members[name]) for name in _PRICES if name in members}
    if given.get("intacctGlGroupAccount") is not None:
        members["_intacctGlGroupAccount"] = given["intacctGlGroupAccount"]
    if given.get("categories") is not None:
        rows = [tenant.records.find("categories", key) or {} for key in given["categories"]]
        shown = [{"id": row["id"], "name": row["name"], "active": row["active"]} for row in rows]
        members["categories"] = shown if resource is SERVICES else list(given["categories"])
    return members


def _check(tenant: Tenant, resource: Resource, given: Mapping[str, Any], old: Row | None) -> None:
    errors: Errors = {}
    if not (given.get("code", "x") or "").strip():
        errors["code"] = ["The code may not be empty."]
    for other in tenant.records.all(resource.kind) if given.get("code") else ():
        if other["code"].lower() == given["code"].lower() and (old is None or other["id"] != old["id"]):
            errors.setdefault("code", []).append(f"{resource.label} {other['id']} already has the code {other['code']}.")
    tenant.check_references(errors, "categories", "categories", given.get("categories"), "Category")
    for member in _LINKS:
        for link in given.get(member) or ():
            key = link["skuId"] if isinstance(link, dict) else link
            kinds = (each.kind for each, *_ in SHAPES)
            if not any(tenant.records.find(kind, key) for kind in kinds):
                errors.setdefault(member, []).append(f"Pricebook item with ID {key} was not found.")
    refuse_if(errors)


def _blank(resource: Resource) -> Row:
    neutral: dict[str, Any] = {"str": "", "bool": False, "i64": 0, "dec": "0.00", "SkuWarrantyResponse": _NO_WARRANTY}
    fields = CATALOGUES["pricebook"][resource.shape].fields
    blank: Row = {field.name: None if field.nullable else [] if field.many else neutral.get(field.type) for field in fields}
    kept = {name: value for name, value in blank.items() if name not in ("id", "createdOn", "modifiedOn", "externalData")}
    return {**kept, "active": True, **({"createdById": API_USER} if "createdById" in kept else {})}
