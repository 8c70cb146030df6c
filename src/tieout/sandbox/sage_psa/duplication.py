"""Duplicating a project: what is copied, and how dates move (sage-psa §2.2 duplicate, §4.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from tieout.sandbox.sage_psa.resources_work import COLUMNS, EXPENSES, PHASES, PROJECTS, TASKS, TEAM
from tieout.sandbox.sage_psa.schema import Field, Reader, Resource, Row, Type
from tieout.sandbox.sage_psa.work import Work

_FLAGS: Final[Mapping[str, bool]] = {
    "duplicate_color": True,
    "duplicate_expenses": True,
    "duplicate_phases": True,
    "duplicate_settings": True,
    "duplicate_project_persons": True,
    "duplicate_tasks": True,
    "duplicate_allocations": False,
    "duplicate_retainer_periods": False,
    "duplicate_placeholders": False,
    "duplicate_placeholder_allocations": False,
}
DUPLICATE: Final = Resource(
    "duplicate",
    "duplicate",
    (
        Field("name", Type.TEXT, "c"),
        Field("custom_project_id", Type.TEXT, "c", longest=20),
        Field("start_date", Type.DATE, "c"),
        Field("end_date", Type.DATE, "c"),
        Field("client", Type.INT, "c", ref="clients"),
        *(Field(name, Type.BOOL, "c", default=default) for name, default in _FLAGS.items()),
    ),
)
_SETTINGS: Final = (
    "estimation_units",
    "minutes_per_estimation_point",
    "budget",
    "budget_type",
    "use_sprints",
    "sprint_length",
    "rate_card",
    "remaining_auto_calculated",
    "use_project_allocations",
    "use_baseline",
    "baseline_win_chance",
    "baseline_target",
    "labels",
    "default_period_periodicity",
    "default_period_length",
    "default_period_budget_type",
    "default_period_hours_amount",
    "default_period_price_amount",
)
_DATES: Final = ("start_date", "end_date", "baseline_start_date", "baseline_end_date", "expense_date")
_FRESH: Final = ("id", "created_by", "updated_by", "created_at", "updated_at", "company_task_id")


def duplicate(work: Work, project: Row, body: object, version: int) -> Row:
    """The new project; its CREATE webhooks are sent only where the account does so."""
    given = Reader(DUPLICATE, work.settings, version, work.hand).read({} if body is None else body, "c")
    work.check_references(DUPLICATE, given)
    quiet, work.quiet = work.quiet, work.quiet or not work.settings["duplicate_fires"]
    try:
        return _Copy(work, project, {**_FLAGS, **given}).make()
    finally:
        work.quiet = quiet


@dataclass(slots=True)
class _Copy:
    work: Work
    source: Row
    asked: Mapping[str, Any]
    shift: timedelta = timedelta(0)

    def make(self) -> Row:
        self.shift = self._shift()
        made = self.work.insert(PROJECTS, {}, self._project())
        columns = self._columns(made["id"])
        people = self._team(made["id"]) if self.asked["duplicate_project_persons"] else set()
        phases = self._below(PHASES, made["id"]) if self.asked["duplicate_phases"] else {}
        if self.asked["duplicate_tasks"]:
            self._tasks(made["id"], columns, phases, people)
        if self.asked["duplicate_expenses"]:
            self._below(EXPENSES, made["id"], phases)
        return made

    def _project(self) -> Row:
        source, asked = self.source, self.asked
        row: Row = {"name": asked.get("name") or source["name"], "description": source["description"]}
        row |= {"client": asked.get("client", source["client"]), "custom_project_id": asked.get("custom_project_id")}
        row |= {"start_date": self._moved(source["start_date"]), "end_date": self._moved(source["end_date"])}
        row |= {name: asked[name] for name in ("start_date", "end_date") if name in asked}
        if asked["duplicate_settings"]:
            row |= {name: source[name] for name in _SETTINGS}
        if asked["duplicate_color"]:
            row["color"] = source["color"]
        if self.work.settings["duplicate_stage"] == "same":
            row["stage"] = source["stage"]
        return row

    def _columns(self, number: int) -> dict[int, int]:
        for row in self.work.where("workflow_columns", "project", number):
            self.work.storage.remove("workflow_columns", str(row["id"]))
        return self._below(COLUMNS, number)

    def _team(self, number: int) -> set[int]:
        members = self.work.where("project_team", "project", self.source["id"])
        for row in members:
            self.work.insert(TEAM, _copied(row), {"_project": number})
        return {row["person_id"] for row in members}

    def _below(self, resource: Resource, number: int, phases: Mapping[int, int] | None = None) -> dict[int, int]:
        """Copies records below the project; gives their new ids by the old ones."""
        made: dict[int, int] = {}
        for row in self.work.where(resource.kind, "project", self.source["id"]):
            new = {name: self._moved(value) if name in _DATES else value for name, value in _copied(row).items()}
            if phases is not None:
                new["phase_id"] = phases.get(row["phase_id"])
            made[row["id"]] = self.work.insert(resource, new, {resource.parent: number})["id"]
        return made

    def _tasks(self, number: int, columns: Mapping[int, int], phases: Mapping[int, int], people: set[int]) -> None:
        made: dict[int, int] = {}
        waiting = list(self.work.where("tasks", "project", self.source["id"]))
        while waiting:
            later = []
            for row in waiting:
                if row["parent_task_id"] is not None and row["parent_task_id"] not in made:
                    later.append(row)
                    continue
                new = {name: self._moved(value) if name in _DATES else value for name, value in _copied(row).items()}
                new |= {"parent_task_id": made.get(row["parent_task_id"]), "milestone": phases.get(row["milestone"])}
                new |= {"workflow_column": columns.get(row["workflow_column"]), "sprint": None, "remaining": None}
                new["assigned_persons"] = [person for person in row["assigned_persons"] if person in people]
                made[row["id"]] = self.work.insert(TASKS, new, {"project_id": number})["id"]
            waiting = later

    def _shift(self) -> timedelta:
        for name in ("start_date", "end_date"):
            if name in self.asked and self.source[name]:
                return date.fromisoformat(self.asked[name]) - date.fromisoformat(self.source[name])
        return timedelta(0)

    def _moved(self, day: str | None) -> str | None:
        return None if day is None else (date.fromisoformat(day) + self.shift).isoformat()


def _copied(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _FRESH and not name.startswith("_")}
