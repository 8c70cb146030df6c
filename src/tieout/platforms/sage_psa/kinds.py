"""The kinds of Sage PSA records this adapter knows: where each is found, which members are kept, and what can be written.

The version in a path is that of the operation, not of the account: old versions stay up, and not every resource has every version
(sage-psa §2, §2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tieout.core.ports import Fault
from tieout.platforms.members import Read
from tieout.platforms.sage_psa.faults import UNKNOWN_KIND
from tieout.platforms.sage_psa.members import amount, day, flag, identity, moment, ref, refs, text, whole

CLIENT = "client"
PROJECT = "project"
PERSON = "person"
ROLE = "role"
PHASE = "phase"
TASK = "task"
TEAM_MEMBER = "team-member"
WORKFLOW_COLUMN = "workflow-column"

STAGES = ("PLANNING", "RUNNING", "HALTED", "DONE")
"""The stages that may be written. OPPORTUNITY and others may be read: the documentation does not agree with itself (sage-psa §2.2)."""

BUDGET_TYPES = ("FIXED_PRICE", "NON_BILLABLE", "TIME_AND_MATERIALS", "RETAINER")

CUSTOM_ID_LENGTH = 20
"""Most characters of `custom_project_id` (sage-psa §2.2)."""


class Listing(StrEnum):
    """How all records of a kind are read."""

    WHOLE = "whole"  # one list of the whole account, without a delta
    BY_PROJECT = "by project"  # one list for each project, without a delta
    TASKS = "tasks"  # one list for each project, and a delta of the account


@dataclass(frozen=True, slots=True)
class Member:
    """One member that is kept: its name, how it is read, and whether a body must have it."""

    name: str
    read: Read
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        path: the list of the whole account, or under `v1/projects/{id}/` the last part of a project's list.
        one: the record with an id; `{}` stands for the id.
        creates, updates: the members that a create or an update may carry; empty for what is only read.
    """

    name: str
    label: str
    path: str
    one: str
    members: tuple[Member, ...]
    listing: Listing = Listing.WHOLE
    creates: frozenset[str] = frozenset()
    updates: frozenset[str] = frozenset()


def _members(*rows: tuple[str, Read] | tuple[str, Read, bool]) -> tuple[Member, ...]:
    return tuple(Member(*row) for row in rows)


_MADE = (("created_by", ref(PERSON)), ("created_at", moment))
_DAYS = tuple((name, whole) for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_CLIENT = frozenset({"name", "street", "zip", "city", "country", "vat_number", "notes"})
_PROJECT = frozenset(
    {
        "name",
        "custom_project_id",
        "stage",
        "description",
        "estimation_units",
        "minutes_per_estimation_point",
        "budget",
        "budget_type",
        "start_date",
        "end_date",
        "client",
        "rate_card",
    }
)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            CLIENT,
            "clients",
            "v1/clients",
            "v1/clients/{}",
            _members(
                ("name", text, True),
                ("street", text),
                ("zip", text),
                ("city", text),
                ("country", text),
                ("vat_number", text),
                ("notes", text),
                *_MADE,
            ),
            creates=_CLIENT,
            updates=_CLIENT,
        ),
        Kind(
            PROJECT,
            "projects",
            "v1/projects",
            "v1/projects/{}",
            _members(
                ("name", text, True),
                ("company_project_id", whole),
                ("custom_project_id", text),
                ("stage", text, True),
                ("description", text),
                ("budget", amount),
                ("budget_type", text),
                ("start_date", day),
                ("end_date", day),
                ("client", ref(CLIENT)),
                ("rate_card", identity),
                ("estimation_units", text),
                ("minutes_per_estimation_point", whole),
                ("use_baseline", flag),
                ("remaining_auto_calculated", flag),
                *_MADE,
            ),
            creates=_PROJECT,
            updates=_PROJECT,
        ),
        Kind(
            PERSON,
            "people",
            "v2/persons",
            "v2/persons/{}",
            _members(
                ("first_name", text),
                ("last_name", text),
                ("email", text),
                ("job_title", text),
                ("client_id", ref(CLIENT)),
                ("active", flag),
                ("default_role", ref(ROLE)),
                ("department_id", identity),
                ("language", text),
                ("start_date", day),
                ("end_date", day),
                ("is_system_user", flag),
                *_DAYS,
                *_MADE,
            ),
        ),
        Kind(ROLE, "roles", "v1/roles", "v1/roles/{}", _members(("name", text, True), *_MADE)),
        Kind(
            PHASE,
            "phases",
            "v1/phases",
            "v1/phases/{}",
            _members(("name", text, True), ("project_id", ref(PROJECT)), ("start_date", day), ("end_date", day), *_MADE),
        ),
        Kind(
            TASK,
            "tasks",
            "tasks",
            "v3/tasks/{}",
            _members(
                ("title", text, True),
                ("company_task_id", whole),
                ("description", text),
                ("project_id", ref(PROJECT)),
                ("parent_task_id", ref(TASK)),
                ("role", ref(ROLE)),
                ("estimate", amount),
                ("remaining", amount),
                ("approved", flag),
                ("start_date", day),
                ("end_date", day),
                ("bug", flag),
                ("high_priority", flag),
                ("un_billable", flag),
                ("blocked", flag),
                ("workflow_column", ref(WORKFLOW_COLUMN)),
                ("milestone", ref(PHASE)),
                ("assigned_persons", refs(PERSON)),
                ("owner_id", ref(PERSON)),
                *_MADE,
            ),
            Listing.TASKS,
        ),
        Kind(
            TEAM_MEMBER,
            "team members",
            "team",
            "v1/projects/{}/team/{}",
            _members(("person_id", ref(PERSON), True), ("project_role", ref(ROLE)), ("project_contact", flag), *_MADE),
            Listing.BY_PROJECT,
        ),
        Kind(
            WORKFLOW_COLUMN,
            "workflow columns",
            "workflow_columns",
            "v1/projects/{}/workflow_columns/{}",
            _members(("name", text, True), ("category", text), ("sort_order", whole), *_MADE),
            Listing.BY_PROJECT,
        ),
    )
}
"""Every kind this adapter reads (sage-psa §2.1, §2.2). Estimates are taken as minutes (sage-psa §2.2, §12.2)."""


def kind_of(kind: str) -> Kind:
    """The row of a kind. Raises Fault for a kind that is not known."""
    try:
        return KINDS[kind]
    except KeyError:
        raise Fault(UNKNOWN_KIND, kind) from None


__all__ = [
    "BUDGET_TYPES",
    "CLIENT",
    "CUSTOM_ID_LENGTH",
    "KINDS",
    "PERSON",
    "PHASE",
    "PROJECT",
    "ROLE",
    "STAGES",
    "TASK",
    "TEAM_MEMBER",
    "WORKFLOW_COLUMN",
    "Kind",
    "Listing",
    "Member",
    "kind_of",
]
