"""What can be done to a job: book, edit, cancel, restore, hold, complete (servicetitan §8, E12). A job cannot be deleted."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan import rules_invoices
from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.feeds import feed
from tieout.sandbox.servicetitan.listing import page_of
from tieout.sandbox.servicetitan.problems import conflict, invalid
from tieout.sandbox.servicetitan.resource import Resource, Row
from tieout.sandbox.servicetitan.resources_jpm import APPOINTMENTS, CANCELED_LOGS, JOB_HISTORY, JOBS, PRIORITIES
from tieout.sandbox.servicetitan.rules_projects import attach, auto_project
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, ApiCall, Tenant, application_of, changed_external, new_external, refuse_if

FIRST_JOB_NUMBER: Final = 10001
_REFERENCES: Final = (
    ("customerId", "customers", "Customer"),
    ("locationId", "locations", "Location"),
    ("businessUnitId", "business-units", "Business unit"),
    ("jobTypeId", "job-types", "Job type"),
    ("campaignId", "campaigns", "Campaign"),
    ("soldById", "technicians", "Technician"),
)
EMPTY: Final[Row] = {
    "active": True,
    "jobStatus": "Scheduled",
    "completedOn": None,
    "recallForId": None,
    "warrantyId": None,
    "jobGeneratedLeadSource": None,
    "noCharge": False,
    "notificationsEnabled": True,
    "createdById": API_USER,
    "tagTypeIds": [],
    "leadCallId": None,
    "partnerLeadCallId": None,
    "bookingId": None,
    "soldById": None,
    "customerPo": "",
    "membershipId": None,
    "total": "0.00",
    "createdFromEstimateId": None,
    "estimateIds": [],
    "summary": None,
    "customFields": [],
    "projectId": None,
}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST jobs``: books a job with its appointments; the event is job-scheduled, there is none for a creation (servicetitan §7)."""
    given = tenant.accept("jpm", "JobCreateRequest", call.body)
    return tenant.show("jpm", "JobResponse", book(tenant, given), application_of(given.get("externalData")))


def book(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Books a job from an accepted create request."""
    errors: Errors = {}
    _check(tenant, given, given, errors)
    fields = tenant.custom_fields(errors, "job-custom-fields", given.get("customFields"))
    _check_appointments(tenant, given["appointments"], errors)
    refuse_if(errors)
    project_id = given.get("projectId")
    kept = {name: value for name, value in given.items() if name in EMPTY and value is not None}
    key = tenant.records.new_id()
    visits = [_appointment(tenant, key, place, given["customerId"], visit) for place, visit in enumerate(given["appointments"], start=1)]
    row = tenant.records.insert(
        "jobs",
        {
            **EMPTY,
            **kept,
            **{name: given[name] for name in ("customerId", "locationId", "businessUnitId", "jobTypeId", "campaignId", "priority")},
            "id": key,
            "jobNumber": tenant.records.number("jobNumber", FIRST_JOB_NUMBER),
            "projectId": None,
            "invoiceId": tenant.records.new_id(),
            "noCharge": bool((tenant.records.find("job-types", given["jobTypeId"]) or {}).get("noCharge")),
            "appointmentCount": len(visits),
            "firstAppointmentId": visits[0]["id"],
            "lastAppointmentId": visits[-1]["id"],
            "customFields": fields,
            "_external": new_external(given.get("externalData")),
        },
    )
    rules_invoices.for_job(tenant, row)
    write_history(tenant, key, "Booked")
    if project_id is not None:
        row = attach(tenant, project_id, key, bump_job=False)
    elif tenant.settings["auto_create_project"]:
        row = auto_project(tenant, row)
    tenant.tell(Event.JOB_SCHEDULED, row)
    return row


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH jobs/{id}``. customFields and tagTypeIds are whole lists (servicetitan §8); a job's project is not a member of it."""
    job = tenant.existing(JOBS, call.keys["id"])
    given = tenant.accept("jpm", "UpdateJobRequest", call.body)
    errors: Errors = {}
    _check(tenant, {**job, **given}, given, errors)
    changes = {name: value for name, value in given.items() if name not in ("externalData", "shouldUpdateInvoiceItems")}
    if "customFields" in given:
        changes["customFields"] = tenant.custom_fields(errors, "job-custom-fields", given["customFields"])
    if job["projectId"] is not None and given.get("locationId", job["locationId"]) != job["locationId"]:
        errors.setdefault("locationId", []).append("All jobs of a project share one location; detach the job first.")
    refuse_if(errors)
    if "externalData" in given:
        changes["_external"] = changed_external(job, given["externalData"])
    changed = tenant.records.change("jobs", job["id"], changes)
    if changed["customerId"] != job["customerId"]:
        for visit in tenant.records.children("appointments", "jobId", job["id"]):
            tenant.records.change("appointments", visit["id"], {"customerId": changed["customerId"]})
    rules_invoices.follow_job(tenant, changed)
    tenant.tell(Event.JOB_UPDATED, changed)
    return tenant.show("jpm", "JobResponse", changed, application_of(given.get("externalData")))


def cancel(tenant: Tenant, call: ApiCall) -> None:
    """``PUT jobs/{id}/cancel``: needs a known reason and a memo; leaves a line in the cancelled log."""
    job = tenant.existing(JOBS, call.keys["id"])
    given = tenant.accept("jpm", "CancelJobRequest", call.body)
    errors: Errors = {}
    tenant.check_reference(errors, "reasonId", "job-cancel-reasons", given["reasonId"], "Job cancel reason")
    refuse_if(errors)
    if job["jobStatus"] in ("Canceled", "Completed"):
        raise invalid("id", f"Job {job['jobNumber']} is {job['jobStatus']} and cannot be canceled.")
    call_off(tenant, job, given["reasonId"], given["memo"])


def call_off(tenant: Tenant, job: Row, reason_id: int, memo: str) -> None:
    """Cancels an open job for a known reason."""
    log = {"jobId": job["id"], "reasonId": reason_id, "memo": memo, "createdById": API_USER, "active": True}
    tenant.records.insert("job-canceled-logs", log)
    _move(tenant, job, "Canceled", visits="Canceled", event="Canceled")


def remove_cancellation(tenant: Tenant, call: ApiCall) -> None:
    """``PUT jobs/{id}/remove-cancellation``: a cancelled job is scheduled again (servicetitan §8); an unknown job is a 400 here."""
    job = tenant.records.find("jobs", call.keys["id"])
    if job is None:
        raise invalid("id", f"Job with ID {call.keys['id']} was not found.")
    if job["jobStatus"] != "Canceled":
        raise invalid("id", f"Job {job['jobNumber']} is not canceled.")
    for log in tenant.records.children("job-canceled-logs", "jobId", job["id"]):
        if log["active"]:
            tenant.records.change("job-canceled-logs", log["id"], {"active": False})
    _move(tenant, job, "Scheduled", visits="Scheduled", event="CancellationRemoved")


def hold(tenant: Tenant, call: ApiCall) -> None:
    """``PUT jobs/{id}/hold``: needs a known reason and a memo."""
    job = tenant.existing(JOBS, call.keys["id"])
    given = tenant.accept("jpm", "HoldJobRequest", call.body)
    errors: Errors = {}
    tenant.check_reference(errors, "reasonId", "job-hold-reasons", given["reasonId"], "Job hold reason")
    refuse_if(errors)
    if job["jobStatus"] in ("Canceled", "Completed", "Hold"):
        raise invalid("id", f"Job {job['jobNumber']} is {job['jobStatus']} and cannot be put on hold.")
    _move(tenant, job, "Hold", visits="Hold", event="OnHold")


def complete(tenant: Tenant, call: ApiCall) -> None:
    """``PUT jobs/{id}/complete``: 409 when the job is cancelled or already completed (the contract lists 409 here)."""
    job = tenant.existing(JOBS, call.keys["id"])
    given = tenant.accept("jpm", "CompleteJobRequest", call.body)
    finish(tenant, job, given["completedOn"])


def finish(tenant: Tenant, job: Row, completed_on: str) -> None:
    """Completes a job at a moment in stored form."""
    if job["jobStatus"] in ("Canceled", "Completed"):
        raise conflict(f"Job {job['jobNumber']} is {job['jobStatus']} and cannot be completed.")
    _move(tenant, job, "Completed", visits="Done", event="Completed", completed_on=completed_on)


def canceled_log(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET jobs/{id}/canceled-log``."""
    job = tenant.existing(JOBS, call.keys["id"])
    return _page(tenant, call, CANCELED_LOGS, [log["id"] for log in tenant.records.children("job-canceled-logs", "jobId", job["id"])])


def history(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET jobs/{id}/history``."""
    job = tenant.existing(JOBS, call.keys["id"])
    return tenant.show("jpm", "JobHistoryResponse", {"history": tenant.records.children("job-history", "jobId", job["id"])})


def export_history(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET export/job-history``: the lines of a page of the feed, those of one job together (servicetitan §6)."""
    lines, more, token = feed(tenant.records, tenant.settings, call.query, JOB_HISTORY)
    jobs: dict[int, list[Row]] = {}
    for line in lines:
        jobs.setdefault(line["jobId"], []).append(line)
    data = [tenant.show("jpm", "ExportJobHistoryResponse", {"jobId": key, "history": held}) for key, held in jobs.items()]
    return {"hasMore": more, "continueFrom": token, "data": data}


def cancel_reasons(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET jobs/cancel-reasons``: why the jobs with these ids were cancelled; ``ids`` is required."""
    if "ids" not in call.query:
        raise invalid("ids", "The ids field is required.")
    found: list[Row] = []
    for key in call.query.wholes("ids", most=JOBS.most_ids):
        for log in tenant.records.children("job-canceled-logs", "jobId", key):
            if log["active"]:
                reason = tenant.records.find("job-cancel-reasons", log["reasonId"])
                named = reason["name"] if reason else ""
                found.append({"jobId": key, "reasonId": log["reasonId"], "name": named, "text": log["memo"] or ""})
    shown = [tenant.show("jpm", "CancelReasonResponse", row) for row in found]
    return {"page": 1, "pageSize": max(len(shown), 1), "hasMore": False, "totalCount": None, "data": shown}


def write_history(tenant: Tenant, job_id: int, event: str) -> None:
    """Adds a line to a job's history."""
    line = {"jobId": job_id, "employeeId": None, "eventType": event, "date": tenant.records.stamp(), "memo": ""}
    tenant.records.insert("job-history", {**line, "usedSchedulingTool": "Manual"})


def _page(tenant: Tenant, call: ApiCall, resource: Resource, keys: list[int]) -> dict[str, Any]:
    rows, envelope = page_of(resource, call.query, tenant.records, within=keys)
    return {**envelope, "data": [tenant.show(resource.area, resource.shape, row) for row in rows]}


def _check(tenant: Tenant, merged: Row, given: Row, errors: Errors) -> None:
    for member, kind, label in _REFERENCES:
        if member in given:
            tenant.check_reference(errors, member, kind, given[member], label)
    tenant.check_references(errors, "tagTypeIds", "tag-types", given.get("tagTypeIds"), "Tag type")
    if "priority" in given and given["priority"] not in PRIORITIES:
        errors.setdefault("priority", []).append(f"The priority must be one of {', '.join(PRIORITIES)}.")
    location = tenant.records.find("locations", merged["locationId"])
    if location is not None and location["customerId"] != merged["customerId"]:
        errors.setdefault("locationId", []).append(f"Location {location['id']} does not belong to customer {merged['customerId']}.")
    project = tenant.check_reference(errors, "projectId", "projects", given.get("projectId"), "Project")
    if project is not None and project["locationId"] != merged["locationId"]:
        errors.setdefault("projectId", []).append("All jobs of a project share one location.")


def _check_appointments(tenant: Tenant, visits: list[Row], errors: Errors) -> None:
    if not visits:
        errors.setdefault("appointments", []).append("At least one appointment is required.")
    for place, visit in enumerate(visits):
        check_times(visit, f"appointments[{place}].", errors)
        tenant.check_references(errors, f"appointments[{place}].technicianIds", "technicians", visit.get("technicianIds"), "Technician")


def check_times(visit: Row, path: str, errors: Errors) -> None:
    """Complains about an appointment or arrival window that ends before it starts."""
    for start, end in (("start", "end"), ("arrivalWindowStart", "arrivalWindowEnd")):
        if visit.get(start) and visit.get(end) and visit[end] <= visit[start]:
            errors.setdefault(f"{path}{end}", []).append(f"The {end} must be after the {start}.")


def _appointment(tenant: Tenant, job_id: int, place: int, customer_id: int, given: Row) -> Row:
    return tenant.records.insert(APPOINTMENTS.kind, appointment_row(job_id, str(place), customer_id, given))


def appointment_row(job_id: int, number: str, customer_id: int, given: Row) -> Row:
    """A scheduled appointment of a job from an accepted request."""
    return {
        "jobId": job_id,
        "appointmentNumber": f"{job_id}-{number}",
        "start": given["start"],
        "end": given["end"],
        "arrivalWindowStart": given.get("arrivalWindowStart") or given["start"],
        "arrivalWindowEnd": given.get("arrivalWindowEnd") or given["end"],
        "status": "Scheduled",
        "specialInstructions": given.get("specialInstructions"),
        "customerId": customer_id,
        "unused": False,
        "createdById": API_USER,
        "isConfirmed": False,
        "active": True,
        "_technicianIds": list(given.get("technicianIds") or ()),
    }


def _move(tenant: Tenant, job: Row, status: str, *, visits: str, event: str, completed_on: str | None = None) -> None:
    for visit in tenant.records.children("appointments", "jobId", job["id"]):
        if visit["active"] and visit["status"] != "Done":
            tenant.records.change("appointments", visit["id"], {"status": visits})
    write_history(tenant, job["id"], event)
    changed = tenant.records.change("jobs", job["id"], {"jobStatus": status, "completedOn": completed_on})
    tenant.tell(Event.JOB_COMPLETED if status == "Completed" else Event.JOB_UPDATED, changed)
