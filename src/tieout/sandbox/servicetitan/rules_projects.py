"""What can be done to a project: create, edit, attach and detach jobs (servicetitan §8, D2, D3, E12). A project cannot be deleted."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_jpm import PROJECTS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, application_of, changed_external, new_external, refuse_if

FIRST_PROJECT_NUMBER: Final = 10801
_LISTS: Final = (
    ("projectManagerIds", "employees", "Employee"),
    ("businessUnitIds", "business-units", "Business unit"),
)
EMPTY: Final[Row] = {
    "active": True,
    "name": None,
    "summary": None,
    "status": None,
    "statusId": None,
    "subStatus": None,
    "subStatusId": None,
    "projectTypeId": None,
    "projectManagerIds": [],
    "businessUnitIds": [],
    "startDate": None,
    "targetCompletionDate": None,
    "actualCompletionDate": None,
    "customFields": [],
    "jobIds": [],
}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST projects``: only the location is required; the customer is the location's."""
    given = tenant.accept("jpm", "CreateProjectRequest", call.body)
    return tenant.show("jpm", "ProjectResponse", open_project(tenant, given), application_of(given.get("externalData")))


def open_project(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a project from an accepted create request."""
    errors: Errors = {}
    location = tenant.check_reference(errors, "locationId", "locations", given["locationId"], "Location")
    customer_id = given.get("customerId") or (location["customerId"] if location else None)
    tenant.check_reference(errors, "customerId", "customers", customer_id, "Customer")
    if location is not None and location["customerId"] != customer_id:
        errors.setdefault("locationId", []).append(f"Location {location['id']} does not belong to customer {customer_id}.")
    changes = _checked(tenant, EMPTY, given, errors)
    refuse_if(errors)
    return tenant.records.insert(
        "projects",
        {
            **EMPTY,
            **{name: value for name, value in changes.items() if value is not None},
            "number": tenant.records.number("projectNumber", FIRST_PROJECT_NUMBER),
            "customerId": customer_id,
            "locationId": given["locationId"],
            "_external": new_external(given.get("externalData")),
        },
    )


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH projects/{id}``: ``jobIds`` is the whole list, so it attaches and detaches (servicetitan D3)."""
    project = tenant.existing(PROJECTS, call.keys["id"])
    given = tenant.accept("jpm", "UpdateProjectRequest", call.body)
    errors: Errors = {}
    changes = _checked(tenant, project, given, errors)
    wanted = changes.pop("jobIds", None)
    tenant.check_references(errors, "jobIds", "jobs", wanted, "Job")
    refuse_if(errors)
    if "externalData" in given:
        changes["_external"] = changed_external(project, given["externalData"])
    tenant.records.change("projects", project["id"], changes)
    if wanted is not None:
        for key in [key for key in project["jobIds"] if key not in wanted]:
            detach(tenant, key)
        for key in [key for key in dict.fromkeys(wanted) if key not in project["jobIds"]]:
            attach(tenant, project["id"], key, bump_job=tenant.settings["attach_bumps_job"])
    changed = tenant.existing(PROJECTS, project["id"])
    return tenant.show("jpm", "ProjectResponse", changed, application_of(given.get("externalData")))


def attach_job(tenant: Tenant, call: ApiCall) -> None:
    """``POST projects/{id}/attach-job/{jobId}``; the contract lists only 400, so unknown ids are a 400."""
    _known(tenant, "projects", "id", call.keys["id"], "Project")
    _known(tenant, "jobs", "jobId", call.keys["jobId"], "Job")
    attach(tenant, call.keys["id"], call.keys["jobId"], bump_job=tenant.settings["attach_bumps_job"])


def detach_job(tenant: Tenant, call: ApiCall) -> None:
    """``POST projects/detach-job/{jobId}``."""
    job = _known(tenant, "jobs", "jobId", call.keys["jobId"], "Job")
    if job["projectId"] is None:
        raise invalid("jobId", f"Job {job['jobNumber']} is not attached to a project.")
    detach(tenant, job["id"])


def attach(tenant: Tenant, project_id: int, job_id: int, *, bump_job: bool) -> Row:
    """Puts a job under a project of the same location; a job belongs to at most one (servicetitan §8)."""
    project, job = tenant.existing(PROJECTS, project_id), _known(tenant, "jobs", "jobId", job_id, "Job")
    if job["projectId"] == project_id:
        raise invalid("jobId", f"Job {job['jobNumber']} is already attached to project {project['number']}.")
    if job["locationId"] != project["locationId"]:
        raise invalid("jobId", "All jobs of a project share one location.")
    if job["projectId"] is not None:
        if not tenant.settings["attach_moves_job"]:
            raise invalid("jobId", f"Job {job['jobNumber']} is attached to another project; detach it first.")
        detach(tenant, job_id)
    tenant.records.change("projects", project_id, {"jobIds": [*project["jobIds"], job_id]})
    return _set_project(tenant, job_id, project_id, bump=bump_job)


def detach(tenant: Tenant, job_id: int) -> None:
    """Takes a job out of its project."""
    job = _known(tenant, "jobs", "jobId", job_id, "Job")
    project = tenant.existing(PROJECTS, job["projectId"])
    left = [key for key in project["jobIds"] if key != job_id]
    tenant.records.change("projects", project["id"], {"jobIds": left})
    _set_project(tenant, job_id, None, bump=tenant.settings["attach_bumps_job"])


def auto_project(tenant: Tenant, job: Row) -> Row:
    """Books a second related job into a project of its own making (servicetitan D2, E12).

    Related is an open job at the same location. Its project is used; if it has none, a project is created that holds both.
    """
    related = [
        other
        for other in tenant.records.children("jobs", "locationId", job["locationId"])
        if other["id"] != job["id"] and other["jobStatus"] not in ("Canceled", "Completed")
    ]
    if not related:
        return job
    project_id = next((other["projectId"] for other in related if other["projectId"] is not None), None)
    if project_id is None:
        project_id = open_project(tenant, {"locationId": job["locationId"], "businessUnitIds": [job["businessUnitId"]]})["id"]
        attach(tenant, project_id, related[0]["id"], bump_job=tenant.settings["attach_bumps_job"])
    return attach(tenant, project_id, job["id"], bump_job=False)


def _set_project(tenant: Tenant, job_id: int, project_id: int | None, *, bump: bool) -> Row:
    changed = tenant.records.change("jobs", job_id, {"projectId": project_id}, bump=bump)
    if bump:
        tenant.tell(Event.JOB_UPDATED, changed)
    return changed


def _known(tenant: Tenant, kind: str, member: str, key: int, label: str) -> Row:
    errors: Errors = {}
    row = tenant.check_reference(errors, member, kind, key, label)
    refuse_if(errors)
    return row or {}


def _checked(tenant: Tenant, old: Row, given: dict[str, Any], errors: Errors) -> dict[str, Any]:
    """The members to store, with the names that go with status ids."""
    changes = {name: value for name, value in given.items() if name not in ("externalData", "customerId", "locationId")}
    for member, kind, label in _LISTS:
        tenant.check_references(errors, member, kind, given.get(member), label)
    tenant.check_reference(errors, "projectTypeId", "project-types", given.get("projectTypeId"), "Project type")
    if "customFields" in given:
        changes["customFields"] = tenant.custom_fields(errors, "project-custom-fields", given["customFields"])
    status = tenant.check_reference(errors, "statusId", "project-statuses", given.get("statusId"), "Project status")
    if status is not None:
        changes |= {"status": status["name"]}
        if status["id"] != old["statusId"] and "subStatusId" not in given:
            changes |= {"subStatus": None, "subStatusId": None}
    sub = tenant.check_reference(errors, "subStatusId", "project-substatuses", given.get("subStatusId"), "Project sub status")
    if sub is not None:
        changes |= {"subStatus": sub["name"]}
        if sub["statusId"] != given.get("statusId", old["statusId"]):
            errors.setdefault("subStatusId", []).append(f"Sub status '{sub['name']}' does not belong to the project's status.")
    return changes
