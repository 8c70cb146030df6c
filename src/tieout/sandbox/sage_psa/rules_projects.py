"""Projects (sage-psa §2.2, §4.6, §4.7, §4.12): running numbers, budgets, stages, and what a new one starts with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.resources_work import COLUMNS, EXPENSES, PHASES, PROJECTS, SPRINTS, TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.schema import Row, check_dates
from tieout.sandbox.sage_psa.work import Rules, Work

FIXED_PRICE: Final = "FIXED_PRICE"
OPPORTUNITY: Final = "OPPORTUNITY"
NEW_COLUMNS: Final = (("To do", "TODO"), ("In progress", "INPROGRESS"), ("Done", "DONE"))
_COLOURS: Final = ("#FF7C75", "#5C9EAD", "#8BC34A", "#FFB74D", "#7E57C2", "#26A69A", "#EC407A", "#78909C")


class ProjectRules(Rules):
    """Rules of projects."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """Running number, colour, priority; the pages make a baseline project an opportunity (FH)."""
        new["company_project_id"] = work.storage.next("company_project_id")
        new["color"] = new["color"] or _COLOURS[new["company_project_id"] % len(_COLOURS)]
        levels = work.storage.all("priority_levels")
        if new["priority_level_id"] is None and levels:
            new["priority_level_id"] = levels[len(levels) // 2]["id"]
        if work.hand and new["use_baseline"] and "stage" not in given:
            new["stage"] = OPPORTUNITY

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Identity, budget and dates."""
        if new["custom_project_id"] == "":
            new["custom_project_id"] = None
        _check_custom_id(work, new, old)
        _check_budget(work, new, old, given)
        check_dates(work.settings, new)

    def stored(self, work: Work, new: Row, old: Row | None, changed: tuple[str, ...]) -> None:
        """A new project gets its columns; a changed health light goes into the history."""
        if old is None:
            for place, (name, category) in enumerate(NEW_COLUMNS, start=1):
                work.insert(COLUMNS, {"name": name, "category": category, "sort_order": place}, {"_project": new["id"]})
        if old is None or {"status", "status_description"} & set(changed):
            entry = {name: new[name] for name in ("status_description", "status")}
            entry |= {"created_at": new["updated_at"], "created_by": work.actor, "_project": new["id"]}
            work.storage.put("project_statuses", str(work.storage.next("id:project_statuses")), entry)

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """A deletion is final and takes everything below the project with it."""
        number = row["id"]
        if time_on_project(work, number) and work.settings["delete_project_with_time"] == "refuse":
            raise invalid("The project has registered time and cannot be deleted.")
        for time in time_on_project(work, number):
            work.remove(TIME, time, along=True)
        for task in work.where("tasks", "project", number):
            if work.get("tasks", task["id"]) is not None:
                work.remove(TASKS, task, along=True)
        for resource in (EXPENSES, PHASES, SPRINTS, TEAM, COLUMNS):
            for below in work.where(resource.kind, "project", number):
                work.remove(resource, below, along=True)
        for key, entry in list(work.storage.items("project_statuses")):
            if entry["_project"] == number:
                work.storage.remove("project_statuses", key)

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """The old billable flag, the levels, and the target of a fixed price."""
        fixed = row["budget_type"] == FIXED_PRICE
        return {
            "billable": row["budget_type"] != "NON_BILLABLE",
            "card_levels": 2,
            "task_levels": 2,
            "baseline_target": row["budget"] if fixed else row["baseline_target"],
        }


def time_on_project(work: Work, number: int) -> list[Row]:
    """Time registered on a project or on one of its tasks."""
    found = list(work.where("time_registrations", "project", number))
    for task in work.where("tasks", "project", number):
        found += work.where("time_registrations", "task", task["id"])
    return found


def _check_custom_id(work: Work, new: Row, old: Row | None) -> None:
    wanted = new["custom_project_id"]
    if wanted is None or not work.settings["unique_custom_project_id"]:
        return
    for row in work.where(PROJECTS.kind, "custom_project_id", wanted):
        if old is None or row["id"] != old["id"]:
            raise invalid(f"The custom_project_id {wanted} is used by another project.")


def _check_budget(work: Work, new: Row, old: Row | None, given: Row) -> None:
    fixed = new["budget_type"] == FIXED_PRICE
    before = old or {}
    if given.get("budget") is not None and not fixed:
        wanted = work.settings["budget_outside_fixed_price"]
        if wanted == "refuse":
            raise invalid("The budget can only be set with the budget_type FIXED_PRICE.")
        if wanted == "ignore":
            new["budget"] = before.get("budget")
    target = given.get("baseline_target")
    if target is not None and fixed:
        if target != new["budget"] and work.settings["baseline_target_on_fixed_price"] == "refuse":
            raise invalid("The baseline_target cannot be set with the budget_type FIXED_PRICE.")
        new["baseline_target"] = before.get("baseline_target")
    if not fixed and before.get("budget_type") == FIXED_PRICE and work.settings["type_change_clears_budget"]:
        new["budget"] = None
