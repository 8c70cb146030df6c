"""Tasks, phases, workflow columns and sprints (sage-psa §2.2, §4.7, §4.8, R-PSA-83)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.resources_work import TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.schema import Row, check_dates
from tieout.sandbox.sage_psa.work import Rules, Work


class TaskRules(Rules):
    """Rules of tasks."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """Running number; a task without a column lands in the first one for work not begun."""
        new["company_task_id"] = work.storage.next("company_task_id")
        if new["workflow_column"] is None:
            new["workflow_column"] = first_column(work, new["project_id"])

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Everything a task points to lies in its own project."""
        if old is not None and new["project_id"] != old["project_id"]:
            _move(work, new, given)
        _merge_old_estimates(new, given)
        if given.get("remaining") is not None and work.need("projects", new["project_id"])["remaining_auto_calculated"]:
            raise invalid("The remaining can only be set when the project does not calculate it.")
        for name, kind, parent in (
            ("workflow_column", "workflow_columns", "_project"),
            ("milestone", "phases", "project_id"),
            ("sprint", "sprints", "_project"),
        ):
            if new[name] is not None and work.need(kind, new[name])[parent] != new["project_id"]:
                raise invalid(f"The {name} {new[name]} belongs to another project.")
        check_dates(work.settings, new)
        _check_place(work, new, old)
        _check_people(work, new, given)

    def stored(self, work: Work, new: Row, old: Row | None, changed: tuple[str, ...]) -> None:
        """Puts assigned persons on the team; takes the children along into another project."""
        if work.settings["assign_outside_team"] == "add":
            for number in new["assigned_persons"]:
                _join(work, new["project_id"], number)
        if "project_id" in changed:
            for child in work.where("tasks", "parent", new["id"]):
                work.update(TASKS, child, {"project_id": new["project_id"], "parent_task_id": new["id"]})

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Children and time go along, or hold the task back; a deleted task stays in the deleted feed."""
        children, wanted = work.where("tasks", "parent", row["id"]), work.settings["delete_parent_task"]
        if children and wanted == "refuse" and not along:
            raise invalid("The task has child tasks and cannot be deleted.")
        times = work.where("time_registrations", "task", row["id"])
        if times and work.settings["delete_task_with_time"] == "refuse" and not along:
            raise invalid("The task has registered time and cannot be deleted.")
        for child in children:
            if along or wanted == "cascade":
                work.remove(TASKS, child, along=True)
            else:
                work.update(TASKS, child, {"parent_task_id": row["parent_task_id"]})
        for time in times:
            work.remove(TIME, time, along=True)
        comments = [each for each in work.storage.all("comments") if each["task_id"] == row["id"]]
        for comment in comments:
            work.storage.remove("comments", str(comment["id"]))
        gone = {"deleted_at": work.now, "deleted_by": work.actor, "_comments": [each["comment"] for each in comments]}
        work.storage.put("deleted_tasks", str(row["id"]), {**row, **gone, **_names(work, row)})

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """Remaining work; the old version's members."""
        left = remaining(work, row)
        if version > 2:
            return {"remaining": left}
        estimate = row["estimate"]
        old = {"low_estimate": estimate, "high_estimate": estimate, "forecast": registered(work, row) + left}
        return {"remaining": left, "company_card_id": row["company_task_id"], **old}


class PhaseRules(Rules):
    """Rules of phases, once called milestones."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Dates in order."""
        check_dates(work.settings, new)
        check_dates(work.settings, new, "baseline_start_date", "baseline_end_date")

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Tasks stay, without a phase."""
        for task in work.where("tasks", "project", row["project_id"]):
            if task["milestone"] == row["id"]:
                work.update(TASKS, task, {"milestone": None})


class ColumnRules(Rules):
    """Rules of workflow columns."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """A new column comes last."""
        if new["sort_order"] is None:
            places = [row["sort_order"] for row in work.where("workflow_columns", "project", new["_project"])]
            new["sort_order"] = max(places, default=0) + 1

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Tasks stay, in the first column."""
        target = first_column(work, row["_project"], without=row["id"]) if work.settings["deleted_column_tasks"] == "first" else None
        for task in work.where("tasks", "project", row["_project"]):
            if task["workflow_column"] == row["id"]:
                work.update(TASKS, task, {"workflow_column": target})


class SprintRules(Rules):
    """Rules of sprints."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Dates in order."""
        check_dates(work.settings, new)

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Tasks stay, outside any sprint."""
        for task in work.where("tasks", "project", row["_project"]):
            if task["sprint"] == row["id"]:
                work.update(TASKS, task, {"sprint": None})


def first_column(work: Work, project: int, without: int | None = None) -> int | None:
    """The lowest column for work not begun, else the lowest of all."""
    rows = [row for row in work.where("workflow_columns", "project", project) if row["id"] != without]
    rows.sort(key=lambda row: (row["category"] != "TODO", row["sort_order"], row["id"]))
    return rows[0]["id"] if rows else None


def estimate_minutes(work: Work, task: Row) -> float:
    """A task's estimate in minutes, by the unit of its project."""
    project = work.need("projects", task["project_id"])
    if project["estimation_units"] == "POINTS" and work.settings["points_estimate_unit"] == "points":
        return float(task["estimate"] * project["minutes_per_estimation_point"])
    return float(task["estimate"] * (60 if work.settings["estimate_unit"] == "hours" else 1))


def registered_minutes(work: Work, task: Row) -> int:
    """Minutes registered on a task."""
    return sum(row["time_registered"] for row in work.where("time_registrations", "task", task["id"]))


def registered(work: Work, task: Row) -> float:
    """Time registered on a task, in the unit of its estimate."""
    minutes = registered_minutes(work, task)
    scale = estimate_minutes(work, {**task, "estimate": 1})
    return minutes if scale == 1 else minutes / scale


def remaining(work: Work, task: Row) -> float:
    """Work left: as set, or what the estimate leaves."""
    left = task["remaining"]
    return float(left) if left is not None else max(task["estimate"] - registered(work, task), 0)


def _move(work: Work, new: Row, given: Row) -> None:
    for name in ("milestone", "sprint", "parent_task_id"):
        if name not in given:
            new[name] = None
    if "workflow_column" not in given:
        new["workflow_column"] = first_column(work, new["project_id"])


def _merge_old_estimates(new: Row, given: Row) -> None:
    """Version 2 estimates between two bounds; later versions keep their middle."""
    low, high = given.get("low_estimate"), given.get("high_estimate")
    bounds = [each for each in (low, high) if each is not None]
    if bounds:
        new["estimate"] = sum(bounds) / len(bounds)
    new["low_estimate"] = new["high_estimate"] = new["forecast"] = None


def _check_place(work: Work, new: Row, old: Row | None) -> None:
    parent, above = new["parent_task_id"], 0
    while parent is not None:
        row = work.need("tasks", parent)
        if old is not None and row["id"] == old["id"]:
            raise invalid("A task cannot lie below itself.")
        if row["project_id"] != new["project_id"]:
            raise invalid("The parent_task_id belongs to another project.")
        parent, above = row["parent_task_id"], above + 1
    below = _levels_below(work, old["id"]) if old is not None else 0
    if above + 1 + below > work.settings["max_task_depth"] and (old is None or new["parent_task_id"] != old["parent_task_id"]):
        raise invalid(f"Tasks can be at most {work.settings['max_task_depth']} levels deep.")


def _levels_below(work: Work, number: int) -> int:
    return max((1 + _levels_below(work, child["id"]) for child in work.where("tasks", "parent", number)), default=0)


def _check_people(work: Work, new: Row, given: Row) -> None:
    if work.settings["assign_outside_team"] == "refuse":
        for number in given.get("assigned_persons") or ():
            if work.get("project_team", f"{new['project_id']}/{number}") is None:
                raise invalid(f"The person {number} is not on the project's team.")


def _join(work: Work, project: int, number: int) -> None:
    if work.get("project_team", f"{project}/{number}") is None:
        person = work.need("persons", number)
        roles = work.storage.all("roles")
        role = person["default_role"] or (roles[0]["id"] if roles else None)
        work.insert(TEAM, {"person_id": number, "project_role": role}, {"_project": project})


def _names(work: Work, row: Row) -> Row:
    """What the deleted feed tells about a task besides itself."""

    def about(kind: str, number: int | None) -> Row:
        found = work.get(kind, number)
        return {} if found is None else {"id": found["id"], "name": found["name"]}

    people = [work.need("persons", number) for number in row["assigned_persons"]]
    return {
        "_project": about("projects", row["project_id"]),
        "_phase": about("phases", row["milestone"]),
        "_sprint": about("sprints", row["sprint"]),
        "_persons": [{"id": each["id"], "name": f"{each['first_name']} {each['last_name']}"} for each in people],
        "_labels": [about("labels", number) for number in row["labels"]],
    }
