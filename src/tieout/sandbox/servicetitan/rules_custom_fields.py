"""Changing custom fields of many documents at once: ``PATCH …/custom-fields`` (servicetitan §8 "Custom fields").

Fields that are not named stay as they are; nothing is changed when one operation is wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_custom_fields import FIELD_TYPES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if


def updater(area: str, kind: str) -> Callable[[Tenant, ApiCall], None]:
    """The handler of the call for one kind."""

    def update(tenant: Tenant, call: ApiCall) -> None:
        errors: Errors = {}
        operations = tenant.accept(area, "CustomFieldUpdateRequest", call.body)["operations"]
        changes: list[tuple[int, list[Row]]] = []
        for place, operation in enumerate(operations):
            path = f"operations[{place}]."
            row = tenant.check_reference(errors, f"{path}objectId", kind, operation["objectId"], "Object")
            given = [_typed(tenant, kind, field, f"{path}customFields", errors) for field in operation["customFields"]]
            changes.append((operation["objectId"], merged(row, given)))
        refuse_if(errors)
        for key, fields in changes:
            tenant.records.change(kind, key, {"customFields": fields})

    return update


def merged(row: Row | None, given: list[Row]) -> list[Row]:
    """The fields a row has after some of them are set; a null value takes a field away."""
    held = {field["name"]: field for field in (row or {}).get("customFields") or ()}
    held |= {field["name"]: field for field in given}
    return [field for field in held.values() if field["value"] is not None]


def _typed(tenant: Tenant, kind: str, given: Row, path: str, errors: Errors) -> Row:
    for declared in tenant.records.all(FIELD_TYPES[kind].kind):
        if declared["name"].lower() == given["name"].lower():
            tenant.custom_fields(errors, FIELD_TYPES[kind].kind, [{"typeId": declared["id"], "value": given.get("value")}])
            return {"typeId": declared["id"], "name": declared["name"], "value": given.get("value")}
    errors.setdefault(path, []).append(f"There is no custom field '{given['name']}'.")
    return {"typeId": 0, "name": given["name"], "value": None}
