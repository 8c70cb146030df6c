"""What the company works on: clients, projects, phases, columns, tasks, team, time, expenses (sage-psa §2.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tieout.sandbox.sage_psa.schema import Field, Resource, Type, stamps

_INT, _TEXT, _BOOL, _NUMBER, _DATE, _INTS = Type.INT, Type.TEXT, Type.BOOL, Type.NUMBER, Type.DATE, Type.INTS
_ID: Final = Field("id", _INT, "r")
_OLD: Final = frozenset({2})
_NEW: Final = frozenset({3, 4})

STAGES: Final = ("PLANNING", "RUNNING", "HALTED", "DONE")
BUDGET_TYPES: Final = ("FIXED_PRICE", "NON_BILLABLE", "TIME_AND_MATERIALS", "RETAINER")

CLIENTS: Final = Resource(
    "clients",
    "client",
    (
        _ID,
        Field("name", _TEXT, required=True),
        Field("street", _TEXT),
        Field("zip", _TEXT),
        Field("city", _TEXT),
        Field("country", _TEXT),
        Field("vat_number", _TEXT),
        Field("notes", _TEXT),
        *stamps(),
    ),
    first_id=501,
)

PROJECTS: Final = Resource(
    "projects",
    "project",
    (
        _ID,
        Field("company_project_id", _INT, "r"),
        Field("custom_project_id", _TEXT, longest=20),
        Field("name", _TEXT, default="New Project"),
        Field("connected_project", _INT, "ur", ref="connected_projects"),
        Field("stage", _TEXT, default="PLANNING", words=STAGES, by_hand=("OPPORTUNITY",)),
        Field("status", _TEXT, default="GREEN", words=("GREEN", "YELLOW", "RED")),
        Field("status_description", _TEXT),
        Field("description", _TEXT),
        Field("priority_level_id", _INT, "r", ref="priority_levels"),
        Field("color", _TEXT, "r"),
        Field("estimation_units", _TEXT, default="HOURS", words=("HOURS", "POINTS")),
        Field("minutes_per_estimation_point", _INT, default=60, low=1),
        Field("budget", _NUMBER),
        Field("billable", _BOOL, "r"),
        Field("budget_type", _TEXT, default="TIME_AND_MATERIALS", words=BUDGET_TYPES),
        Field("use_sprints", _BOOL, default=False),
        Field("sprint_length", _INT, default=14, low=1),
        Field("start_date", _DATE),
        Field("end_date", _DATE),
        Field("card_levels", _INT, "r"),
        Field("task_levels", _INT, "r"),
        Field("client", _INT, ref="clients"),
        Field("rate_card", _INT, ref="rate_cards"),
        Field("remaining_auto_calculated", _BOOL, default=True),
        Field("use_project_allocations", _BOOL, default=False),
        Field("use_baseline", _BOOL, default=False),
        Field("baseline_win_chance", _NUMBER, default=1.0, low=0, high=1),
        Field("baseline_target", _NUMBER, low=0),
        Field("labels", _INTS, default=[], ref="labels"),
        Field("external_refs", Type.LIST, "r", default=[]),
        Field("default_period_periodicity", _TEXT, words=("DAILY", "WEEKLY", "MONTHLY")),
        Field("default_period_length", _INT, low=1),
        Field("default_period_budget_type", _TEXT, words=("FIXED_HOURS", "FIXED_PRICE", "TIME_AND_MATERIALS")),
        Field("default_period_hours_amount", _NUMBER),
        Field("default_period_price_amount", _NUMBER),
        *stamps(),
    ),
    event="PROJECT",
    custom="PROJECT",
    first_id=1001,
)

PHASES: Final = Resource(
    "phases",
    "phase",
    (
        _ID,
        Field("name", _TEXT, required=True),
        Field("project_id", _INT, "r"),
        Field("start_date", _DATE),
        Field("end_date", _DATE),
        Field("baseline_start_date", _DATE),
        Field("baseline_end_date", _DATE),
        *stamps(),
    ),
    parent="project_id",
    event="PHASE",
    custom="PHASE",
    first_id=7001,
)

MILESTONES: Final = replace(PHASES, noun="milestone", fields=tuple(each for each in PHASES.fields if "baseline" not in each.name))
"""Phases under their old name, which never learnt of baseline dates."""

COLUMNS: Final = Resource(
    "workflow_columns",
    "workflow column",
    (
        _ID,
        Field("connected_project_workflow_column", _INT, "r"),
        Field("name", _TEXT, required=True),
        Field("category", _TEXT, default="TODO", words=("TODO", "INPROGRESS", "DONE")),
        Field("sort_order", _INT),
        *stamps(),
    ),
    parent="_project",
    first_id=5001,
)

TEAM: Final = Resource(
    "project_team",
    "team member",
    (
        Field("person_id", _INT, "cr", required=True, ref="persons"),
        Field("project_role", _INT, required=True, ref="roles"),
        Field("project_contact", _BOOL, default=False),
        *stamps(),
    ),
    parent="_project",
)

TASKS: Final = Resource(
    "tasks",
    "task",
    (
        _ID,
        Field("company_card_id", _INT, "r", versions=_OLD),
        Field("company_task_id", _INT, "r"),
        Field("title", _TEXT),
        Field("description", _TEXT),
        Field("project_id", _INT, required=True, ref="projects"),
        Field("parent_task_id", _INT, ref="tasks"),
        Field("role", _INT, ref="roles"),
        Field("low_estimate", _NUMBER, low=0, versions=_OLD),
        Field("high_estimate", _NUMBER, low=0, versions=_OLD),
        Field("forecast", _NUMBER, "r", versions=_OLD),
        Field("estimate", _NUMBER, default=0, low=0, versions=_NEW),
        Field("remaining", _NUMBER, "ur", low=0),
        Field("approved", _BOOL, default=True),
        Field("start_date", _DATE),
        Field("end_date", _DATE),
        Field("bug", _BOOL, default=False),
        Field("high_priority", _BOOL, default=False),
        Field("un_billable", _BOOL, default=False),
        Field("blocked", _BOOL, default=False),
        Field("sprint", _INT, ref="sprints"),
        Field("workflow_column", _INT, ref="workflow_columns"),
        Field("milestone", _INT, ref="phases"),
        Field("assigned_persons", _INTS, default=[], ref="persons"),
        Field("labels", _INTS, default=[], ref="labels"),
        Field("owner_id", _INT, ref="persons"),
        *stamps(),
    ),
    event="TASK",
    custom="TASK",
    first_id=20001,
)

COMMENTS: Final = Resource(
    "comments",
    "comment",
    (
        _ID,
        Field("card_id", _INT, "r"),
        Field("task_id", _INT, "r"),
        Field("comment", _TEXT, required=True),
        Field("created_at", Type.STAMP, "r"),
        Field("person_id", _INT, required=True, ref="persons"),
    ),
    first_id=80001,
)

_PAGED: Final = frozenset({4})
TIME: Final = Resource(
    "time_registrations",
    "time registration",
    (
        _ID,
        Field("person", _INT, "cr", required=True, ref="persons"),
        Field("project", _INT, "cr", ref="projects"),
        Field("role", _INT, ref="roles"),
        Field("phase", _INT, "r", versions=_PAGED),
        Field("card", _INT, "cr", ref="tasks", versions=frozenset({1, 2, 3})),
        Field("task", _INT, "cr", ref="tasks"),
        Field("task_project", _INT, "r", versions=_PAGED),
        Field("non_project_time", _INT, "cr", ref="non_project_time"),
        Field("time_registered", _INT, required=True),
        Field("billable_minutes_registered", _INT),
        Field("date", _DATE, required=True),
        Field("notes", _TEXT),
        Field("approval_status", _TEXT, "r", default="NOT_SUBMITTED", words=("NOT_SUBMITTED", "SUBMITTED", "APPROVED")),
        Field("invoice_entry", _INT, "r", versions=_NEW),
        Field("invoice", _INT, "r", versions=_NEW),
        *stamps(),
    ),
    event="TIME_REG",
    custom="TIME_REG",
    first_id=60001,
)

EXPENSES: Final = Resource(
    "expense_items",
    "expense item",
    (
        _ID,
        Field("project_id", _INT, "r"),
        Field("name", _TEXT, required=True),
        Field("expense_date", _DATE),
        Field("cost", _NUMBER, required=True),
        Field("price", _NUMBER),
        Field("quantity", _NUMBER, default=1),
        Field("approved", _BOOL, default=False),
        Field("billable", _BOOL),
        Field("notes", _TEXT),
        Field("person_id", _INT, ref="persons"),
        Field("expense_category", _INT, required=True, ref="expense_categories"),
        *stamps(),
        Field("phase_id", _INT, ref="phases"),
        Field("part_of_fixed_price", _BOOL),
    ),
    parent="project_id",
    first_id=40001,
)

SPRINTS: Final = Resource(
    "sprints",
    "sprint",
    (
        _ID,
        Field("connected_project_sprint", _INT, "r"),
        Field("name", _TEXT, required=True),
        Field("start_date", _DATE, required=True),
        Field("end_date", _DATE, required=True),
        *stamps(),
    ),
    parent="_project",
    first_id=9001,
)
