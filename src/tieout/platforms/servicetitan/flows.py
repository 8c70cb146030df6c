"""What ServiceTitan keeps in step with Sage Intacct: customers, projects as parents, jobs as projects under them.

The order is customer, parent project, job (servicetitan D1). Names of kinds and fields on the right are those of the
Intacct catalogue; settings are those of `settings`.
"""

from __future__ import annotations

from tieout.core.flow import Exclusion, FieldMap, Flow, Gone, Read, View, When, linked, member
from tieout.core.record import Ref, Value
from tieout.platforms.servicetitan.kinds import BUSINESS_UNIT, CUSTOMER, JOB, JOB_TYPE, LOCATION, PROJECT
from tieout.platforms.servicetitan.payables import PAYABLES
from tieout.platforms.servicetitan.receivables import RECEIVABLES
from tieout.platforms.servicetitan.records import is_active
from tieout.platforms.servicetitan.rules import NAME_LENGTH, address, cut, named, setting, status, surviving, template
from tieout.platforms.servicetitan.tables import CUSTOMERS as CUSTOMER_TABLE
from tieout.platforms.servicetitan.tables import row_of, unit_row

ON_REQUEST = Exclusion(
    "servicetitan.on-request",
    "“Enable Project Automatic Synchronization” is off, so it is sent only on request or when a document needs it.",
    until_needed=True,
)


# Customers


def customer_id(view: View) -> str:
    """The ID a customer has in the books: the table's, if it names one, else one made by the template."""
    known = row_of(view, CUSTOMER_TABLE, (view.record.id,)).get("customer_id")
    return known or template(view, "customer_id", id=view.record.id)


def customer_name(view: View) -> Value:
    """The name a customer gets in the books. ServiceTitan's names are not unique (servicetitan §8): a long one gives way to the ID."""
    name = " ".join(view.text("name").split())
    whole = template(view, "customer_name", name=name, id=view.record.id)
    too_long = len(whole) - NAME_LENGTH
    if too_long <= 0:
        return whole
    return template(view, "customer_name", name=str(cut(max(len(name) - too_long, 1))(name, view)), id=view.record.id)


def customer_excluded(view: View) -> Exclusion | None:
    """A merged or inactive customer is not created anew; its survivor is, and an inactive one once something needs it."""
    if view.ref("mergedToId") is not None:
        return Exclusion("servicetitan.merged", "The customer was merged into another one before it was ever sent.")
    if is_active(view.record) is False:
        return Exclusion("servicetitan.inactive", "The customer was inactive before it was ever sent.", until_needed=True)
    return None


CUSTOMERS = Flow(
    name="customers",
    label="Customers",
    left_kind=CUSTOMER,
    right_kind="CUSTOMER",
    natural_key=customer_id,
    shown_as=lambda record: f"Customer {record.fields.get('name') or record.id}",
    excluded=customer_excluded,
    fields=(
        FieldMap("NAME", customer_name, cut(NAME_LENGTH), label="name"),
        FieldMap("DISPLAYCONTACT.PRINTAS", member("name"), cut(NAME_LENGTH), label="printed name"),
        *address("address"),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)


# Projects


def project_id(view: View) -> str:
    """The ID a project gets in the books; its prefix keeps it apart from job numbers (servicetitan D5)."""
    return template(view, "project_id", number=view.text("number"), id=view.record.id)


def project_name(view: View) -> Value:
    """The project's name; one without a name goes by its number (servicetitan D6)."""
    return view.text("name") or view.text("number")


def project_excluded(view: View) -> Exclusion | None:
    """Projects go by themselves only with automatic synchronisation; inactive ones only once something needs them."""
    if not view.settings.get("project_auto_sync"):
        return ON_REQUEST
    if is_active(view.record) is False:
        return Exclusion("servicetitan.inactive", "The project was inactive before it was ever sent.", until_needed=True)
    return None


def units_of(view: View) -> list[Ref]:
    """The business units of a job or project, in a fixed order."""
    several = view.get("businessUnitIds")
    one = view.ref("businessUnitId")
    return sorted(several) if isinstance(several, frozenset) else [one] if one is not None else []


def by_units(column: str, setting_name: str) -> Read:
    """A dimension that all business units of a record have in common, else the one in the settings (servicetitan D11)."""

    def read(view: View) -> Value:
        found = {unit_row(view, unit).get(column, "") for unit in units_of(view)} if view.facts.tables else set()
        return (found.pop() if len(found) == 1 else "") or view.settings.get(setting_name) or None

    return read


def _dimensions() -> tuple[FieldMap, ...]:
    return (
        FieldMap("PROJECTCATEGORY", setting("project_category"), when=When.CREATE_ONLY, label="project category"),
        FieldMap("LOCATIONID", by_units("location", "default_location"), when=When.CREATE_ONLY, label="location"),
        FieldMap("DEPARTMENTID", by_units("department", "default_department"), when=When.CREATE_ONLY, label="department"),
        FieldMap("CLASSID", by_units("class", "default_class"), when=When.CREATE_ONLY, label="class"),
    )


_CUSTOMER_OF_PROJECT = FieldMap("CUSTOMERID", surviving("customerId"), linked, only_if="customer_project_linkage", label="customer")

PROJECTS = Flow(
    name="projects",
    label="Projects",
    left_kind=PROJECT,
    right_kind="PROJECT",
    natural_key=project_id,
    shown_as=lambda record: " ".join(filter(None, ("Project", record.natural_key, str(record.fields.get("name") or "")))),
    excluded=project_excluded,
    refers_to=(CUSTOMER,),
    only_if=("enable_projects", "parent_project_mapping"),
    fields=(
        FieldMap("NAME", project_name, cut(NAME_LENGTH), updates_if="use_project_name", label="name"),
        _CUSTOMER_OF_PROJECT,
        *_dimensions(),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)


# Jobs


def job_project_id(view: View) -> str:
    """The ID a job's project gets in the books."""
    return template(view, "job_project_id", jobNumber=view.text("jobNumber"), id=view.record.id)


def job_name(view: View) -> Value:
    """A name for a job, which has none: made from its number and what it belongs to (servicetitan D6)."""
    pattern = str(view.settings["job_name"])
    wanted = {"jobTypeName": "jobTypeId", "customerName": "customerId", "locationName": "locationId"}
    names = {place: named(view, field) if "{" + place + "}" in pattern else "" for place, field in wanted.items()}
    return template(view, "job_name", jobNumber=view.text("jobNumber"), **names)


def job_excluded(view: View) -> Exclusion | None:
    """Jobs go by themselves only with automatic synchronisation; a job cancelled before it went only once something needs it."""
    if not view.settings.get("project_auto_sync"):
        return ON_REQUEST
    if is_active(view.record) is False:
        return Exclusion("servicetitan.cancelled", "The job was cancelled before it was ever sent.", until_needed=True)
    return None


JOBS = Flow(
    name="jobs",
    label="Jobs",
    left_kind=JOB,
    right_kind="PROJECT",
    natural_key=job_project_id,
    shown_as=lambda record: f"Job {record.natural_key}",
    excluded=job_excluded,
    refers_to=(CUSTOMER, PROJECT),
    only_if=("enable_projects",),
    fields=(
        FieldMap("NAME", job_name, cut(NAME_LENGTH), when=When.CREATE_ONLY, label="name"),
        FieldMap("PARENTID", member("projectId"), linked, only_if="parent_project_mapping", label="parent project"),
        _CUSTOMER_OF_PROJECT,
        *_dimensions(),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)

FLOWS = (CUSTOMERS, PROJECTS, JOBS, *PAYABLES, *RECEIVABLES)
READS = (BUSINESS_UNIT, LOCATION, JOB_TYPE)
"""Kinds that only rules look at. Purchase orders are read by id when a bill names one."""
