"""What can be done to job types (servicetitan §8; the vendor's jpm v2 definitions)."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_jpm import PRIORITIES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, application_of, changed_external, new_external, refuse_if

EMPTY: Final[Row] = {
    "active": True,
    "businessUnitIds": [],
    "skills": [],
    "tagTypeIds": [],
    "priority": "Normal",
    "duration": 7200,
    "soldThreshold": None,
    "class": "",
    "summary": "",
    "noCharge": False,
    "enforceRecurringServiceEventSelection": None,
    "invoiceSignaturesRequired": False,
    "isSmartDispatched": False,
}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST job-types``."""
    given = tenant.accept("jpm", "CreateJobTypeRequest", call.body)
    _check(tenant, given)
    kept = {name: value for name, value in given.items() if value is not None and name != "externalData"}
    row = tenant.records.insert("job-types", {**EMPTY, **kept, "_external": new_external(given.get("externalData"))})
    return tenant.show("jpm", "JobTypeResponse", row, application_of(given.get("externalData")))


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH job-types/{id}``; the contract lists no 404 here, so an unknown id is a 400."""
    row = tenant.records.find("job-types", call.keys["id"])
    if row is None:
        raise invalid("id", f"Job type with ID {call.keys['id']} was not found.")
    given = tenant.accept("jpm", "UpdateJobTypeRequest", call.body)
    _check(tenant, given)
    changes = {name: value for name, value in given.items() if name != "externalData"}
    if "externalData" in given:
        changes["_external"] = changed_external(row, given["externalData"])
    changed = tenant.records.change("job-types", row["id"], changes)
    return tenant.show("jpm", "JobTypeResponse", changed, application_of(given.get("externalData")))


def _check(tenant: Tenant, given: dict[str, Any]) -> None:
    errors: Errors = {}
    if not (given.get("name", "x") or "").strip():
        errors["name"] = ["The name may not be empty."]
    tenant.check_references(errors, "businessUnitIds", "business-units", given.get("businessUnitIds"), "Business unit")
    tenant.check_references(errors, "tagTypeIds", "tag-types", given.get("tagTypeIds"), "Tag type")
    if given.get("priority") is not None and given["priority"] not in PRIORITIES:
        errors["priority"] = [f"The priority must be one of {', '.join(PRIORITIES)}."]
    refuse_if(errors)
