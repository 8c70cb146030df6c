"""The control route ``/_sandbox/objects``: rows as the vendor shows them, and changes its API has no call for.

Without the id of a known row it creates one by the same rules as the API; with it, it changes members the API cannot, such as
``active`` of a project, or ``mergedToId`` of a customer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.control import Refused as ControlRefused
from tieout.sandbox.servicetitan import (
    rules_batches,
    rules_crm,
    rules_job_types,
    rules_jobs,
    rules_projects,
    rules_purchasing,
    rules_receiving,
    rules_vendors,
)
from tieout.sandbox.servicetitan.objects_documents import DOCUMENTS, put_document, put_entry
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Resource, Row
from tieout.sandbox.servicetitan.resources_jpm import JOB_STATUSES, PRIORITIES
from tieout.sandbox.servicetitan.routes import RESOURCES
from tieout.sandbox.servicetitan.schema import Errors, Field
from tieout.sandbox.servicetitan.tenant import CATALOGUES, Tenant, refuse_if

OTHER_KINDS: Final = ("batches", "budget-codes", "campaigns", "invoice-tasks", "job-history", "segment-items", "segments")
KINDS: Final = tuple(sorted({each.name for each in RESOURCES} | set(OTHER_KINDS)))
_BY_KIND: Final = {each.name: each for each in RESOURCES}
_CREATES: Final[Mapping[str, tuple[str, Callable[[Tenant, dict[str, Any]], Row]]]] = {
    "jobs": ("JobCreateRequest", rules_jobs.book),
    "projects": ("CreateProjectRequest", rules_projects.open_project),
    "customers": ("CreateCustomerRequest", lambda tenant, given: rules_crm.open_customer(tenant, given)[0]),
    "locations": ("CreateLocationRequest", rules_crm.open_location),
    "vendors": ("CreateVendorRequest", rules_vendors.open_vendor),
    "purchase-orders": ("CreatePurchaseOrderRequest", rules_purchasing.open_order),
    "receipts": ("ReceivePurchaseOrderRequest", rules_receiving.open_receipt),
    "returns": ("CreateInventoryReturnRequest", rules_receiving.open_return),
}
_REFERENCES: Final = {
    "customerId": "customers",
    "locationId": "locations",
    "projectId": "projects",
    "businessUnitId": "business-units",
    "jobTypeId": "job-types",
    "jobId": "jobs",
    "statusId": "project-statuses",
    "managerId": "employees",
}
_KEPT_BY_RULES: Final = {"jobs": ("projectId",), "projects": ("jobIds",)}
_EMPTY: Final[Mapping[str, Any]] = {"str": "", "bool": False, "i64": 0, "i32": 0, "dec": "0", "dbl": 0.0}


def rows(tenant: Tenant, kind: str) -> list[dict[str, Any]]:
    """Every row of a kind as the widest reply about it shows it."""
    resource = _BY_KIND.get(kind)
    if kind == "batches":
        return [rules_batches.shown(tenant, row) for row in tenant.records.all(kind)]
    if resource is None:
        return [{name: value for name, value in row.items() if name[0] != "_"} for row in tenant.records.all(kind)]
    shape = _shape(resource)
    return [tenant.show_as(resource, shape, row) for row in tenant.records.all(resource.kind)]


def add(tenant: Tenant, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """Creates or changes a row; raises the control route's Refused with one sentence."""
    try:
        if kind == "batches":
            return rules_batches.put_batch(tenant, tenant.records.find(kind, given.get("id")), given)
        resource = _BY_KIND.get(kind)
        if resource is None:
            raise Refused(400, f"rows of {kind} cannot be added here")
        row = _put(tenant, resource, given)
    except Refused as refusal:
        raise ControlRefused(_sentence(refusal)) from None
    return tenant.show_as(resource, _shape(resource), row)


def _put(tenant: Tenant, resource: Resource, given: dict[str, Any]) -> Row:
    key = given.get("id")
    old = tenant.records.find(resource.kind, key) if isinstance(key, int | str) else None
    if resource.kind in DOCUMENTS:
        return put_document(tenant, resource.kind, old, given)
    if resource.kind == "journal-entries":
        return put_entry(tenant, old, given)
    return _create(tenant, resource, given) if old is None else _amend(tenant, resource, old, given)


def _create(tenant: Tenant, resource: Resource, given: dict[str, Any]) -> Row:
    if resource.kind not in _CREATES:
        return _create_plain(tenant, resource, given)
    request, create = _CREATES[resource.kind]
    asked = CATALOGUES[resource.area][request].members
    accepted, errors = CATALOGUES[resource.area].accept(request, {name: value for name, value in given.items() if name in asked})
    refuse_if(errors)
    row = create(tenant, accepted)
    rest = {name: value for name, value in given.items() if name not in asked}
    return _amend(tenant, resource, row, {**rest, "id": row["id"]}) if rest else row


def _create_plain(tenant: Tenant, resource: Resource, given: dict[str, Any]) -> Row:
    accepted = _accept(tenant, resource, given)
    blank = {field.name: _blank(resource, field) for field in CATALOGUES[resource.area][_shape(resource)].fields}
    if "name" in blank and not accepted.get("name"):
        raise Refused(400, f"A row of {resource.kind} needs a name.")
    if "active" in blank:
        blank["active"] = True
    if resource.kind == "job-types":
        blank |= rules_job_types.EMPTY
    times = {name: accepted.get(name) for name in ("id", "createdOn", "modifiedOn")}
    return tenant.records.insert(resource.kind, {**blank, **accepted, **times, "_external": {}, "_technicianIds": []})


def _amend(tenant: Tenant, resource: Resource, old: Row, given: dict[str, Any]) -> Row:
    changes = {name: value for name, value in _accept(tenant, resource, given).items() if name != "id"}
    for member in _KEPT_BY_RULES.get(resource.kind, ()):
        if member in changes:
            raise Refused(400, f"{member} of {resource.kind} is changed by attach-job and detach-job.")
    if resource.kind == "purchase-orders":
        return rules_purchasing.amend(tenant, old, changes)
    _check_amended(tenant, resource, old, changes)
    survivor_id = changes.pop("mergedToId", None)
    if survivor_id is not None:
        survivor = tenant.records.find(resource.kind, survivor_id)
        if survivor is None or survivor["id"] == old["id"] or survivor["mergedToId"] is not None:
            raise Refused(400, f"{resource.label} {survivor_id} cannot be merged into.")
        if resource.kind == "customers":
            old = rules_crm.merge_customers(tenant, old, survivor)
        else:
            changes |= {"mergedToId": survivor_id, "active": False}
    if resource.accounting:
        own = changes.keys() <= resource.accounting
        changes["_own_change"] = (old.get("_own_change") or old["modifiedOn"]) if own else None
        changes = changes if len(changes) > 1 else {}
    return tenant.records.change(resource.kind, old["id"], changes) if changes or survivor_id is None else old


def _check_amended(tenant: Tenant, resource: Resource, old: Row, changes: dict[str, Any]) -> None:
    """Holds a changed job or project against the rules the API keeps: words, numbers, one location and one customer."""
    merged = {**old, **changes}
    for member, words in (("jobStatus", JOB_STATUSES), ("priority", PRIORITIES)):
        if resource.kind == "jobs" and member in changes and changes[member] not in words:
            raise Refused(400, f"The {member} must be one of {', '.join(words)}.")
    for member in ("jobNumber", "number"):
        if member in changes and any(row["id"] != old["id"] for row in tenant.records.children(resource.kind, member, changes[member])):
            raise Refused(400, f"Another row of {resource.kind} already has the {member} {changes[member]}.")
    if resource.kind not in ("jobs", "projects") or not {"locationId", "customerId"} & changes.keys():
        return
    location = tenant.records.find("locations", merged["locationId"])
    if location is None or location["customerId"] != merged["customerId"]:
        raise Refused(400, f"Location {merged['locationId']} does not belong to customer {merged['customerId']}.")
    if merged["locationId"] != old["locationId"] and (old.get("projectId") is not None or old.get("jobIds")):
        raise Refused(400, "All jobs of a project share one location.")


def _accept(tenant: Tenant, resource: Resource, given: dict[str, Any]) -> dict[str, Any]:
    accepted, errors = CATALOGUES[resource.area].accept(_shape(resource), given, partial=True)
    if accepted.get("modifiedOn", "") is None:
        errors["modifiedOn"] = ["modifiedOn is kept; the setting project_modified_on_null hides it."]
    for member, kind in _REFERENCES.items():
        if member in accepted:
            tenant.check_reference(errors, member, kind, accepted[member], member)
    refuse_if(errors)
    return accepted


def _blank(resource: Resource, field: Field) -> Any:
    if field.nullable:
        return None
    if field.many:
        return []
    if field.type in _EMPTY:
        return _EMPTY[field.type]
    catalogue = CATALOGUES[resource.area]
    return catalogue[field.type].words[0] if field.type in catalogue and catalogue[field.type].words else None


def _shape(resource: Resource) -> str:
    return resource.feed_shape or resource.shape


def _sentence(refusal: Refused) -> str:
    errors: Errors = refusal.errors
    told = [f"{member}: {message}" if member else message for member, messages in errors.items() for message in messages]
    return "; ".join(told) or refusal.title
