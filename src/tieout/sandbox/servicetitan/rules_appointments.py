"""What can be done to an appointment of a job (servicetitan §8; the vendor's jpm v2 definitions)."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.problems import conflict
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_jpm import APPOINTMENTS
from tieout.sandbox.servicetitan.rules_jobs import appointment_row, check_times, write_history
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST appointments``: 409 when the job is closed."""
    given = tenant.accept("jpm", "AppointmentAddRequest", call.body)
    errors: Errors = {}
    job = tenant.check_reference(errors, "jobId", "jobs", given["jobId"], "Job")
    check_times(given, "", errors)
    tenant.check_references(errors, "technicianIds", "technicians", given.get("technicianIds"), "Technician")
    refuse_if(errors)
    if job is None or job["jobStatus"] in ("Canceled", "Completed"):
        raise conflict("Appointments cannot be added to a job that is completed or canceled.")
    _need_unlocked(tenant, job["id"])
    number = str(len(tenant.records.children("appointments", "jobId", job["id"])) + 1)
    visit = tenant.records.insert("appointments", appointment_row(job["id"], number, job["customerId"], given))
    _recount(tenant, job)
    tenant.tell(Event.APPOINTMENT_UPDATED, visit)
    return _show(tenant, visit)


def delete(tenant: Tenant, call: ApiCall) -> None:
    """``DELETE appointments/{id}``: the row stays as inactive; 409 for the job's only one or one that is done."""
    visit = _open(tenant, call)
    _need_unlocked(tenant, visit["jobId"])
    job = tenant.records.find("jobs", visit["jobId"])
    if job is not None and job["appointmentCount"] <= 1:
        raise conflict("The only appointment of a job cannot be deleted.")
    changed = tenant.records.change("appointments", visit["id"], {"active": False})
    if job is not None:
        _recount(tenant, job)
    tenant.tell(Event.APPOINTMENT_UPDATED, changed)


def reschedule(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH appointments/{id}/reschedule``: the event is job-rescheduled."""
    visit = _open(tenant, call)
    _need_unlocked(tenant, visit["jobId"])
    given = tenant.accept("jpm", "AppointmentRescheduleRequest", call.body)
    errors: Errors = {}
    check_times({**visit, **given}, "", errors)
    refuse_if(errors)
    changed = tenant.records.change("appointments", visit["id"], given)
    job = tenant.records.change("jobs", visit["jobId"], {})
    write_history(tenant, job["id"], "Rescheduled")
    tenant.tell(Event.JOB_RESCHEDULED, job, appointment=changed)
    return _show(tenant, changed)


def hold(tenant: Tenant, call: ApiCall) -> None:
    """``PUT appointments/{id}/hold``."""
    visit = _open(tenant, call)
    _need_unlocked(tenant, visit["jobId"])
    given = tenant.accept("jpm", "HoldAppointmentRequest", call.body)
    errors: Errors = {}
    tenant.check_reference(errors, "reasonId", "job-hold-reasons", given["reasonId"], "Job hold reason")
    refuse_if(errors)
    _set(tenant, visit, {"status": "Hold"})


def remove_hold(tenant: Tenant, call: ApiCall) -> None:
    """``DELETE appointments/{id}/hold``: 409 when it is not on hold."""
    visit = tenant.existing(APPOINTMENTS, call.keys["id"])
    _need_unlocked(tenant, visit["jobId"])
    if visit["status"] != "Hold":
        raise conflict("The appointment is not on hold.")
    _set(tenant, visit, {"status": "Scheduled"})


def confirm(tenant: Tenant, call: ApiCall) -> None:
    """``PUT appointments/{id}/confirmation``."""
    _set(tenant, _open(tenant, call), {"isConfirmed": True})


def remove_confirmation(tenant: Tenant, call: ApiCall) -> None:
    """``DELETE appointments/{id}/confirmation``."""
    _set(tenant, _open(tenant, call), {"isConfirmed": False})


def special_instructions(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PUT appointments/{id}/special-instructions``."""
    visit = _open(tenant, call)
    given = tenant.accept("jpm", "UpdateAppointmentSpecialInstructionsRequest", call.body)
    return _show(tenant, _set(tenant, visit, given))


def _open(tenant: Tenant, call: ApiCall) -> Row:
    visit = tenant.existing(APPOINTMENTS, call.keys["id"])
    if visit["status"] in ("Done", "Canceled") or not visit["active"]:
        raise conflict(f"Appointment {visit['appointmentNumber']} is closed and cannot be changed.")
    return visit


def _need_unlocked(tenant: Tenant, job_id: int) -> None:
    """Almost nothing about appointments can change once the job's invoice is posted or exported (servicetitan §9)."""
    job = tenant.records.find("jobs", job_id)
    invoice = tenant.records.find("invoices", None if job is None else job["invoiceId"])
    if invoice is not None and invoice["syncStatus"] != "Pending":
        raise conflict(f"Invoice {invoice['referenceNumber']} of the job is {invoice['syncStatus']}.")


def _set(tenant: Tenant, visit: Row, changes: Row) -> Row:
    changed = tenant.records.change("appointments", visit["id"], changes)
    tenant.tell(Event.APPOINTMENT_UPDATED, changed)
    return changed


def _recount(tenant: Tenant, job: Row) -> None:
    active = [visit["id"] for visit in tenant.records.children("appointments", "jobId", job["id"]) if visit["active"]]
    counts = {"appointmentCount": len(active), "firstAppointmentId": active[0], "lastAppointmentId": active[-1]}
    tenant.records.change("jobs", job["id"], counts)


def _show(tenant: Tenant, visit: Row) -> dict[str, Any]:
    return tenant.show("jpm", "AppointmentResponse", visit)
