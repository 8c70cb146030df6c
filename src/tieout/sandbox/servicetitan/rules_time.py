"""What can be written about time and pay: job timesheets, gross pay items, activities (servicetitan §8, §10)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.listing import page_of
from tieout.sandbox.servicetitan.problems import conflict, invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_time import TIMESHEETS_OF_JOB
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import CATALOGUES, ApiCall, Tenant, refuse_if

# What an activity type asks for -> the member of the activity and the kind it refers to (servicetitan §10 Do Not Allow / Allow / Require).
_ASSOCIATIONS: Final = (
    ("jobAssociation", "jobId", "jobs", "Job"),
    ("projectAssociation", "projectId", "projects", "Project"),
    ("budgetCodeAssociation", "budgetCodeId", "budget-codes", "Budget code"),
)
_NO_PAY: Final = {field.name: None for field in CATALOGUES["payroll"]["GrossPayItemResponse"].fields}


def timesheets_of_job(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET jobs/{job}/timesheets``; an unknown job is a 400 (the contract lists no 404)."""
    _job(tenant, call)
    keys = [row["id"] for row in tenant.records.children("job-timesheets", "jobId", call.keys["job"])]
    rows, envelope = page_of(TIMESHEETS_OF_JOB, call.query, tenant.records, within=keys)
    return {**envelope, "data": [tenant.show("payroll", TIMESHEETS_OF_JOB.shape, row) for row in rows]}


def add_timesheet(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST jobs/{job}/timesheets``: the reply is the id."""
    job = _job(tenant, call)
    given = tenant.accept("payroll", "JobTimesheetCreateRequest", call.body)
    errors: Errors = {}
    visit = tenant.check_reference(errors, "appointmentId", "appointments", given["appointmentId"], "Appointment")
    tenant.check_reference(errors, "technicianId", "technicians", given["technicianId"], "Technician")
    if visit is not None and visit["jobId"] != job["id"]:
        errors.setdefault("appointmentId", []).append(f"Appointment {visit['id']} is of another job.")
    _check_order(given, ("dispatchedOn", "arrivedOn", "doneOn"), errors)
    refuse_if(errors)
    times = {"canceledOn": None, "doneOn": None, **given}
    sheet = tenant.records.insert("job-timesheets", {**times, "jobId": job["id"], "active": True})
    return tenant.show("payroll", "ModificationResponse", sheet)


def add_gross_pay(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST gross-pay-items``: 409 when its payroll is paid or locked (the contract lists 409)."""
    given = tenant.accept("payroll", "GrossPayItemCreateRequest", call.body)
    errors: Errors = {}
    payroll = tenant.check_reference(errors, "payrollId", "payrolls", given["payrollId"], "Payroll")
    invoice = tenant.check_reference(errors, "invoiceId", "invoices", given.get("invoiceId"), "Invoice")
    tenant.check_reference(errors, "budgetCodeId", "budget-codes", given.get("budgetCodeId"), "Budget code")
    refuse_if(errors)
    payroll = payroll or {}
    if payroll["status"] in ("Paid", "Locked"):
        raise conflict(f"Payroll {payroll['id']} is {payroll['status']}.")
    job = tenant.records.find("jobs", ((invoice or {}).get("job") or {}).get("id"))
    row = {
        **_NO_PAY,
        **given,
        **pay_about(tenant, job),
        "employeeId": payroll["employeeId"],
        "employeeType": payroll["employeeType"],
        "grossPayItemType": "CustomBonus",
        "isPrevailingWageJob": False,
        "active": True,
    }
    return tenant.show("payroll", "ModificationResponse", tenant.records.insert("gross-pay-items", {**row, "id": None}))


def pay_about(tenant: Tenant, job: Row | None) -> dict[str, Any]:
    """What a pay item says of its job, customer and project (servicetitan §8: the richest labour-cost source)."""
    if job is None:
        return {"jobId": 0}
    project = tenant.records.find("projects", job["projectId"])
    customer, location = (
        tenant.records.find(kind, job[member]) or {} for kind, member in (("customers", "customerId"), ("locations", "locationId"))
    )
    return {
        "jobId": job["id"],
        "jobNumber": job["jobNumber"],
        "projectId": job["projectId"],
        "projectNumber": None if project is None else project["number"],
        "invoiceId": job["invoiceId"],
        "invoiceNumber": job["jobNumber"],
        "customerId": job["customerId"],
        "customerName": customer.get("name"),
        "locationId": job["locationId"],
        "locationName": location.get("name"),
    }


def add_activity(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST activities``: its type says what must and what may not be named (servicetitan §10); the reply is the id."""
    given = tenant.accept("timesheets", "ActivityCreateRequest", call.body)
    errors: Errors = {}
    staff = "technicians" if given["employeeType"] == "Technician" else "employees"
    tenant.check_reference(errors, "employeeId", staff, given["employeeId"], given["employeeType"])
    kind = tenant.check_reference(errors, "activityTypeId", "activity-types", given["activityTypeId"], "Activity type")
    for asked, member, about, label in _ASSOCIATIONS:
        tenant.check_reference(errors, member, about, given.get(member), label)
        rule = "Allow" if kind is None else kind[asked]
        if rule == "Require" and given.get(member) is None:
            errors.setdefault(member, []).append(f"The {member} field is required for this activity.")
        if rule == "DoNotAllow" and given.get(member) is not None:
            errors.setdefault(member, []).append(f"The {member} field is not allowed for this activity.")
    if given.get("budgetCodeId") is not None and given.get("projectId") is None and _project_of(tenant, given) is None:
        errors.setdefault("budgetCodeId", []).append("A budget code needs a project.")
    tenant.check_references(errors, "tagTypes", "tag-types", given["tagTypes"], "Tag type")
    _check_order(given, ("startTime", "endTime"), errors)
    refuse_if(errors)
    blank = {field.name: None for field in CATALOGUES["timesheets"]["ActivitiesResponse"].fields}
    row = {**blank, **given, "active": True, "modifiedById": 1}
    return tenant.show("timesheets", "ModificationResponse", tenant.records.insert("activities", row))


def _project_of(tenant: Tenant, given: Mapping[str, Any]) -> int | None:
    job = tenant.records.find("jobs", given.get("jobId"))
    return None if job is None else job["projectId"]


def _job(tenant: Tenant, call: ApiCall) -> Row:
    job = tenant.records.find("jobs", call.keys["job"])
    if job is None:
        raise invalid("job", f"Job with ID {call.keys['job']} was not found.")
    return job


def _check_order(given: Mapping[str, Any], members: tuple[str, ...], errors: Errors) -> None:
    told = [member for member in members if given.get(member)]
    for first, second in itertools.pairwise(told):
        if given[second] < given[first]:
            errors.setdefault(second, []).append(f"The {second} may not be before the {first}.")
