"""The job planning resources: jobs, projects, appointments and their lists of choices (servicetitan §8, Appendix B jpm/v2)."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource, Row

JOB_STATUSES: Final = ("Scheduled", "Dispatched", "InProgress", "Hold", "Completed", "Canceled")
APPOINTMENT_STATUSES: Final = ("Scheduled", "Dispatched", "Working", "Hold", "Done", "Canceled")
PRIORITIES: Final = ("Low", "Normal", "High", "Urgent")


def _appointments(records: Records, job: Row) -> list[Row]:
    return [visit for visit in records.children("appointments", "jobId", job["id"]) if visit["active"]]


def _visits(member: str) -> Any:
    return lambda records, job: [visit[member] for visit in _appointments(records, job)]


def _first_start(records: Records, job: Row) -> list[Any]:
    first = records.find("appointments", job["firstAppointmentId"])
    return [] if first is None else [first["start"]]


def _technicians(records: Records, job: Row) -> list[Any]:
    return [technician for visit in _appointments(records, job) for technician in visit["_technicianIds"]]


def _project_jobs(records: Records, project: Row) -> list[Row]:
    return [job for key in project["jobIds"] if (job := records.find("jobs", key)) is not None]


def _project_values(member: str) -> Any:
    return lambda records, project: [job[member] for job in _project_jobs(records, project)]


def _project_technicians(records: Records, project: Row) -> list[Any]:
    return [technician for job in _project_jobs(records, project) for technician in _technicians(records, job)]


def _project_visits(records: Records, project: Row) -> list[Any]:
    return [visit["id"] for job in _project_jobs(records, project) for visit in _appointments(records, job)]


def _project_of_visit(records: Records, visit: Row) -> list[Any]:
    job = records.find("jobs", visit["jobId"])
    return [] if job is None else [job["projectId"]]


def _same(*names: str) -> tuple[Filter, ...]:
    return tuple(Filter(name, Reads.ID, name) for name in names)


JOBS: Final = Resource(
    area="jpm",
    path="jobs",
    kind="jobs",
    shape="JobResponse",
    label="Job",
    scope="jobs",
    sort=("Id", "ModifiedOn", "CreatedOn", "Priority"),
    external=True,
    external_lookup=True,
    feed="jobs",
    feed_shape="ExportJobsResponse",
    filters=(
        IDS,
        Filter("number", Reads.TEXT, "jobNumber"),
        *_same("projectId", "bookingId", "customerId", "locationId", "soldById", "jobTypeId", "campaignId", "businessUnitId"),
        *_same("invoiceId", "createdFromEstimateId"),
        Filter("jobStatus", Reads.WORD, "jobStatus", JOB_STATUSES),
        Filter("appointmentStatus", Reads.WORD, "", APPOINTMENT_STATUSES, _visits("status")),
        Filter("priority", Reads.WORD, "priority", PRIORITIES),
        Filter("firstAppointmentStartsOnOrAfter", Reads.SINCE, "", through=_first_start),
        Filter("firstAppointmentStartsBefore", Reads.BEFORE, "", through=_first_start),
        Filter("appointmentStartsOnOrAfter", Reads.SINCE, "", through=_visits("start")),
        Filter("appointmentStartsBefore", Reads.BEFORE, "", through=_visits("start")),
        Filter("technicianId", Reads.ID, "", through=_technicians),
        Filter("estimateIds", Reads.ANY_ID, "estimateIds"),
        Filter("tagTypeIds", Reads.ANY_ID, "tagTypeIds"),
        Filter("completedOnOrAfter", Reads.SINCE, "completedOn"),
        Filter("completedBefore", Reads.BEFORE, "completedOn"),
        Filter("hasUnusedAppointments", Reads.FLAG, "", through=lambda records, job: [any(_visits("unused")(records, job))]),
    ),
)

PROJECTS: Final = Resource(
    area="jpm",
    path="projects",
    kind="projects",
    shape="ProjectResponse",
    label="Project",
    scope="projects",
    sort=("Id", "ModifiedOn", "CreatedOn", "Name", "TargetCompletionDate"),
    external=True,
    external_lookup=True,
    feed="projects",
    feed_shape="ExportProjectsResponse",
    filters=(
        IDS,
        *_same("customerId", "locationId", "projectTypeId"),
        Filter("invoiceId", Reads.ID, "", through=_project_values("invoiceId")),
        Filter("technicianId", Reads.ID, "", through=_project_technicians),
        Filter("jobId", Reads.ID, "", through=lambda records, project: list(project["jobIds"])),
        Filter("appointmentId", Reads.ID, "", through=_project_visits),
        Filter("projectManagerIds", Reads.ANY_ID, "projectManagerIds"),
        Filter("businessUnitIds", Reads.ANY_ID, "businessUnitIds"),
        Filter("startsOnOrAfter", Reads.SINCE, "startDate"),
        Filter("startsBefore", Reads.BEFORE, "startDate"),
        Filter("completedOnOrAfter", Reads.SINCE, "actualCompletionDate"),
        Filter("completedBefore", Reads.BEFORE, "actualCompletionDate"),
        Filter("targetCompletionDateOnOrAfter", Reads.SINCE, "targetCompletionDate"),
        Filter("targetCompletionDateBefore", Reads.BEFORE, "targetCompletionDate"),
        Filter("status", Reads.WORDS, "status"),
    ),
)

APPOINTMENTS: Final = Resource(
    area="jpm",
    path="appointments",
    kind="appointments",
    shape="AppointmentResponse",
    label="Appointment",
    scope="appointments",
    active="True",
    feed="appointments",
    feed_shape="ExportAppointmentsResponse",
    feed_active=True,
    filters=(
        IDS,
        *_same("jobId", "customerId"),
        Filter("projectId", Reads.ID, "", through=_project_of_visit),
        Filter("number", Reads.TEXT, "appointmentNumber"),
        Filter("status", Reads.WORD, "status", APPOINTMENT_STATUSES),
        Filter("startsOnOrAfter", Reads.SINCE, "start"),
        Filter("startsBefore", Reads.BEFORE, "start"),
        Filter("technicianId", Reads.ANY_ID, "_technicianIds"),
        Filter("unused", Reads.FLAG, "unused"),
    ),
)

JOB_TYPES: Final = Resource(
    area="jpm",
    path="job-types",
    kind="job-types",
    shape="JobTypeResponse",
    label="Job type",
    scope="jobtypes",
    sort=(),
    order_by=True,
    active="True",
    external=True,
    filters=(
        IDS,
        Filter("name", Reads.TEXT, "name"),
        Filter("minDuration", Reads.AT_LEAST, "duration"),
        Filter("maxDuration", Reads.AT_MOST, "duration"),
        Filter("priority", Reads.TEXT, "priority"),
    ),
)

PROJECT_STATUSES: Final = Resource(
    area="jpm",
    path="project-statuses",
    kind="project-statuses",
    shape="ProjectStatusResponse",
    label="Project status",
    scope="projectstatuses",
    sort=("Id", "Name", "Order", "ModifiedOn", "CreatedOn"),
    filters=(IDS, Filter("name", Reads.TEXT, "name")),
)

PROJECT_SUBSTATUSES: Final = Resource(
    area="jpm",
    path="project-substatuses",
    kind="project-substatuses",
    shape="ProjectSubStatusResponse",
    label="Project sub status",
    scope="projectsubstatuses",
    sort=("Id", "Name", "Order", "StatusId", "ModifiedOn", "CreatedOn"),
    active="True",
    filters=(IDS, Filter("name", Reads.TEXT, "name"), *_same("statusId")),
)

PROJECT_TYPES: Final = Resource(
    area="jpm",
    path="project-types",
    kind="project-types",
    shape="ProjectTypeResponse",
    label="Project type",
    scope="projecttypes",
    sort=(),
    created=False,
    modified=False,
)

CANCEL_REASONS: Final = Resource(
    area="jpm",
    path="job-cancel-reasons",
    kind="job-cancel-reasons",
    shape="JobCancelReasonResponse",
    label="Job cancel reason",
    scope="jobcancelreasons",
    active="Any",
    by_id=False,
)

HOLD_REASONS: Final = Resource(
    area="jpm",
    path="job-hold-reasons",
    kind="job-hold-reasons",
    shape="JobHoldReasonResponse",
    label="Job hold reason",
    scope="jobholdreasons",
    active="Any",
    by_id=False,
)

JOB_CUSTOM_FIELDS: Final = Resource(
    area="jpm",
    path="jobs/custom-fields",
    kind="job-custom-fields",
    shape="CustomFieldTypeResponse",
    label="Custom field",
    scope="jobs",
    sort=("Id", "Name"),
    by_id=False,
)

PROJECT_CUSTOM_FIELDS: Final = Resource(
    area="jpm",
    path="projects/custom-fields",
    kind="project-custom-fields",
    shape="CustomFieldTypeResponse",
    label="Custom field",
    scope="projects",
    sort=("Id", "Name"),
    by_id=False,
)

CANCELED_LOGS: Final = Resource(
    area="jpm",
    path="job-canceled-logs",
    kind="job-canceled-logs",
    shape="JobCanceledLogResponse",
    label="Cancelled log",
    scope="jobs",
    listed=False,
    by_id=False,
    feed="job-canceled-logs",
    feed_shape="ExportJobCanceledLogResponse",
)

# Its feed groups the lines of a job, so it is no resource of its own.
JOB_HISTORY: Final = Resource(
    area="jpm",
    path="job-history",
    kind="job-history",
    shape="ExportJobHistoryEntry",
    label="Job history",
    scope="jobs",
    listed=False,
    by_id=False,
    feed="job-history",
)

RESOURCES: Final = (
    JOBS,
    PROJECTS,
    APPOINTMENTS,
    JOB_TYPES,
    PROJECT_STATUSES,
    PROJECT_SUBSTATUSES,
    PROJECT_TYPES,
    CANCEL_REASONS,
    HOLD_REASONS,
    JOB_CUSTOM_FIELDS,
    PROJECT_CUSTOM_FIELDS,
    CANCELED_LOGS,
)
