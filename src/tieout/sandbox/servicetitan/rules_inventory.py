"""What can be done to warehouses, trucks, order types and return types (servicetitan Appendix B inventory/v2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tieout.sandbox.servicetitan.problems import conflict
from tieout.sandbox.servicetitan.resource import Resource, Row
from tieout.sandbox.servicetitan.resources_inventory import TRUCKS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import CATALOGUES, ApiCall, Tenant, changed_external, new_external, refuse_if

Handler = Callable[[Tenant, ApiCall], dict[str, Any]]


def creator(resource: Resource, request: str) -> Handler:
    """The handler that creates a named row; 400 when the name is empty, 409 in the contract's places when it is taken."""

    def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        given = tenant.accept("inventory", request, call.body)
        _check(tenant, resource, given, None)
        shown = {name: value for name, value in given.items() if name in CATALOGUES["inventory"][resource.shape].members}
        row = {**_blank(resource), **shown, "_external": new_external(given.get("externalData"))}
        return tenant.show("inventory", "ModificationResponse", tenant.records.insert(resource.kind, row))

    return create


def updater(resource: Resource, request: str) -> Handler:
    """The handler that changes one; the reply is the id."""

    def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        row = tenant.existing(resource, call.keys["id"])
        given = tenant.accept("inventory", request, call.body)
        _check(tenant, resource, given, row)
        shape = CATALOGUES["inventory"][resource.shape].members - {"id", "externalData"}
        changes: dict[str, Any] = {name: value for name, value in given.items() if name in shape}
        if "externalData" in given:
            changes["_external"] = changed_external(row, given["externalData"])
        return tenant.show("inventory", "ModificationResponse", tenant.records.change(resource.kind, row["id"], changes))

    return update


def _check(tenant: Tenant, resource: Resource, given: Mapping[str, Any], old: Row | None) -> None:
    errors: Errors = {}
    if not (given.get("name", "x") or "").strip():
        errors["name"] = ["The name may not be empty."]
    if resource is TRUCKS:
        tenant.check_reference(errors, "warehouseId", "warehouses", given.get("warehouseId"), "Warehouse")
        tenant.check_references(errors, "technicianIds", "technicians", given.get("technicianIds"), "Technician")
    refuse_if(errors)
    if old is not None and resource.kind in ("purchase-order-types", "return-types"):
        for other in tenant.records.all(resource.kind):
            if other["id"] != old["id"] and other["name"] == given.get("name"):
                raise conflict(f"{resource.label} {other['id']} already has the name {other['name']}.")


def _blank(resource: Resource) -> Row:
    words = {"str": "", "bool": False, "i32": 0}
    fields = CATALOGUES["inventory"][resource.shape].fields
    blank = {field.name: None if field.nullable else [] if field.many else words.get(field.type) for field in fields}
    return {name: value for name, value in blank.items() if name not in ("id", "createdOn", "modifiedOn")} | {"active": True}
