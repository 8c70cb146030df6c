"""The account as a whole: the rules of every kind of record, and the indexes of the storage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from tieout.sandbox.sage_psa.resources_setup import LABELS, PERSONS, PRIORITY_LEVELS, PROFILES, RATE_CARDS, ROLES, SUBSCRIPTIONS
from tieout.sandbox.sage_psa.resources_work import CLIENTS, COLUMNS, EXPENSES, PHASES, PROJECTS, SPRINTS, TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.rules_clients import ClientRules
from tieout.sandbox.sage_psa.rules_people import PersonRules, TeamRules
from tieout.sandbox.sage_psa.rules_projects import ProjectRules
from tieout.sandbox.sage_psa.rules_setup import (
    LabelRules,
    PriorityRules,
    ProfileRules,
    RateCardRules,
    RoleRules,
    SubscriptionRules,
    UsedRules,
)
from tieout.sandbox.sage_psa.rules_tasks import ColumnRules, PhaseRules, SprintRules, TaskRules
from tieout.sandbox.sage_psa.rules_time import ExpenseRules, TimeRules
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Rules
from tieout.sandbox.storage import Storage

_OWN: Final[Mapping[str, Rules]] = {
    CLIENTS.kind: ClientRules(),
    PROJECTS.kind: ProjectRules(),
    PHASES.kind: PhaseRules(),
    COLUMNS.kind: ColumnRules(),
    SPRINTS.kind: SprintRules(),
    TEAM.kind: TeamRules(),
    TASKS.kind: TaskRules(),
    TIME.kind: TimeRules(),
    EXPENSES.kind: ExpenseRules(),
    PERSONS.kind: PersonRules(),
    ROLES.kind: RoleRules(),
    LABELS.kind: LabelRules(),
    RATE_CARDS.kind: RateCardRules(),
    PROFILES.kind: ProfileRules(),
    PRIORITY_LEVELS.kind: PriorityRules(),
    SUBSCRIPTIONS.kind: SubscriptionRules(),
    "expense_categories": UsedRules("expense category", "expense_items", "expense_category"),
    "non_project_time": UsedRules("non project time", "time_registrations", "non_project_time"),
}
RULES: Final[Mapping[str, Rules]] = defaultdict(Rules, _OWN)
"""The rules by kind; a kind without rules of its own has none."""


def declare(storage: Storage) -> None:
    """Declares the indexes the rules and lists look things up by; keys are texts."""
    storage.declare("clients", index={"name": _by("name")})
    storage.declare("projects", index={name: _by(name) for name in ("client", "company_project_id", "custom_project_id")})
    for resource in (PHASES, COLUMNS, SPRINTS, TEAM, EXPENSES):
        storage.declare(resource.kind, index={"project": _by(resource.parent)})
    storage.declare(
        "tasks",
        index={"project": _by("project_id"), "parent": _by("parent_task_id"), "company_task_id": _by("company_task_id")},
    )
    storage.declare("time_registrations", index={name: _by(name) for name in ("project", "task", "person")})
    storage.declare("persons", index={"client": _by("client_id"), "email": _email})


def _by(member: str) -> Callable[[Row], Hashable | None]:
    def key(row: Row) -> Hashable | None:
        value = row.get(member)
        return None if value is None else str(value)

    return key


def _email(row: Row) -> Hashable | None:
    return row["email"].lower() if row.get("email") else None
