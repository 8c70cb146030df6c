"""What ServiceTitan keeps in step with Sage Intacct: customers, projects as parents, jobs as projects under them.

The order is customer, parent project, job (servicetitan D1). Names of kinds and fields on the right are those of the
Intacct catalogue; settings are those of `settings`.
"""

from __future__ import annotations

from tieout.core.flow import Convert, Exclusion, FieldMap, Flow, Gone, Read, View, When, linked
from tieout.core.record import Ref, Value
from tieout.platforms.servicetitan.kinds import CUSTOMER, JOB, JOB_TYPE, LOCATION, PROJECT
from tieout.platforms.servicetitan.records import is_active

NAME_LENGTH = 100
ADDRESS_LENGTH = 80
ON_REQUEST = Exclusion(
    "servicetitan.on-request",
    "“Enable Project Automatic Synchronization” is off, so it is sent only on request or when a document needs it.",
    until_needed=True,
)


def member(name: str) -> Read:
    """A rule that reads one field as it is."""
    return lambda view: view.get(name)


def setting(name: str) -> Read:
    """A rule whose value is a setting; an empty one is no value."""
    return lambda view: view.settings.get(name) or None


def cut(length: int) -> Convert:
    """At most `length` characters; a cut text ends with an ellipsis, so that a reader sees it."""

    def convert(value: Value, view: View) -> Value:
        text = "" if value is None else " ".join(str(value).split())
        return text if len(text) <= length else text[: length - 1].rstrip() + "…"

    return convert


def survivor(view: View, ref: Ref) -> Ref:
    """The customer or location that a merged one became (servicetitan D13); itself if it was never merged or only in a circle."""
    last, passed = ref, {ref}
    while isinstance(into := view.look(last).fields.get("mergedToId"), Ref):
        if into in passed:
            return ref
        passed.add(into)
        last = into
    return last


def surviving(name: str) -> Read:
    """A rule that reads a reference to a customer and follows merges."""

    def read(view: View) -> Value:
        ref = view.ref(name)
        return survivor(view, ref) if ref is not None else None

    return read


def named(view: View, name: str) -> str:
    """The name of the record a field refers to; empty if the field is empty."""
    ref = view.ref(name)
    return str(view.look(ref).fields.get("name") or "") if ref is not None else ""


def status(view: View) -> Value:
    """“active” or “inactive”; a record is never deleted in the books (servicetitan D12)."""
    if view.settings.get("inactive_handling") == "keep":
        return "active"
    return "inactive" if is_active(view.record) is False or view.ref("mergedToId") is not None else "active"


def _template(view: View, setting_name: str, **values: str) -> str:
    return str(view.settings[setting_name]).format(**values).strip()


# Customers


def customer_id(view: View) -> str:
    """The ID a customer gets in the books."""
    return _template(view, "customer_id", id=view.record.id)


def customer_name(view: View) -> Value:
    """The name a customer gets in the books. ServiceTitan's names are not unique (servicetitan §8): a long one gives way to the ID."""
    name = " ".join(view.text("name").split())
    whole = _template(view, "customer_name", name=name, id=view.record.id)
    too_long = len(whole) - NAME_LENGTH
    if too_long <= 0:
        return whole
    return _template(view, "customer_name", name=str(cut(max(len(name) - too_long, 1))(name, view)), id=view.record.id)


def customer_excluded(view: View) -> Exclusion | None:
    """A merged or inactive customer is not created anew; its survivor is, and an inactive one once something needs it."""
    if view.ref("mergedToId") is not None:
        return Exclusion("servicetitan.merged", "The customer was merged into another one before it was ever sent.")
    if is_active(view.record) is False:
        return Exclusion("servicetitan.inactive", "The customer was inactive before it was ever sent.", until_needed=True)
    return None


def _address(part: str, column: str, label: str, length: int = ADDRESS_LENGTH) -> FieldMap:
    return FieldMap(f"DISPLAYCONTACT.MAILADDRESS.{column}", member(f"address.{part}"), cut(length), label=label)


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
        _address("street", "ADDRESS1", "street"),
        _address("unit", "ADDRESS2", "unit"),
        _address("city", "CITY", "city"),
        _address("state", "STATE", "state", 40),
        _address("zip", "ZIP", "ZIP code", 30),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)


# Projects


def project_id(view: View) -> str:
    """The ID a project gets in the books; its prefix keeps it apart from job numbers (servicetitan D5)."""
    return _template(view, "project_id", number=view.text("number"), id=view.record.id)


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


def _defaults() -> tuple[FieldMap, ...]:
    return (
        FieldMap("PROJECTCATEGORY", setting("project_category"), when=When.CREATE_ONLY, label="project category"),
        FieldMap("LOCATIONID", setting("default_location"), when=When.CREATE_ONLY, label="location"),
        FieldMap("DEPARTMENTID", setting("default_department"), when=When.CREATE_ONLY, label="department"),
        FieldMap("CLASSID", setting("default_class"), when=When.CREATE_ONLY, label="class"),
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
        *_defaults(),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)


# Jobs


def job_project_id(view: View) -> str:
    """The ID a job's project gets in the books."""
    return _template(view, "job_project_id", jobNumber=view.text("jobNumber"), id=view.record.id)


def job_name(view: View) -> Value:
    """A name for a job, which has none: made from its number and what it belongs to (servicetitan D6)."""
    template = str(view.settings["job_name"])
    wanted = {"jobTypeName": "jobTypeId", "customerName": "customerId", "locationName": "locationId"}
    names = {place: named(view, field) if "{" + place + "}" in template else "" for place, field in wanted.items()}
    return _template(view, "job_name", jobNumber=view.text("jobNumber"), **names)


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
        *_defaults(),
        FieldMap("STATUS", status, label="status"),
    ),
    when_left_is_gone=Gone({"STATUS": "inactive"}),
)

FLOWS = (CUSTOMERS, PROJECTS, JOBS)
READS = (LOCATION, JOB_TYPE)
"""Kinds that only rules look at."""
