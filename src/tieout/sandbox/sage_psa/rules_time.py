"""Time registrations and expenses (sage-psa §2.2).

The account may switch validations on (setting ``time_rules``); each then refuses with the vendor's fixed message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.sage_psa.problems import invalid
from tieout.sandbox.sage_psa.rules_tasks import estimate_minutes, registered_minutes
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Rules, Work

_Check = Callable[[Work, Row, Row | None, Row], bool]


class TimeRules(Rules):
    """Rules of time registrations."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """What the time is for; its role; how much of it is billable."""
        if new["task"] is None:
            new["task"] = new["card"]
        new["card"] = None
        if sum(new[name] is not None for name in ("project", "task", "non_project_time")) != 1:
            raise invalid("Exactly one of project, task and non_project_time is required.")
        project, task = _project(work, new), work.get("tasks", new["task"])
        if new["role"] is None and project is not None:
            member = work.get("project_team", f"{project['id']}/{new['person']}")
            own = work.need("persons", new["person"])["default_role"]
            new["role"] = (task["role"] if task else None) or (member["project_role"] if member else None) or own
        if new["billable_minutes_registered"] is None:
            billable = project is not None and project["budget_type"] != "NON_BILLABLE" and not (task and task["un_billable"])
            new["billable_minutes_registered"] = new["time_registered"] if billable else 0

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Approved time is closed; then the validations the account has switched on."""
        _refuse_locked(work, old)
        for name in work.settings["time_rules"]:
            rule = TIME_RULES.get(name)
            if rule is not None and rule[1](work, new, old, given):
                raise invalid(rule[0])

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Deleted time stays in the deleted feed."""
        if not along:
            _refuse_locked(work, row)
        task, project = work.get("tasks", row["task"]), _project(work, row)
        other = work.get("non_project_time", row["non_project_time"])
        target = task or (project if row["project"] is not None else other) or {}
        about: Row = {"type": "TASK" if row["task"] is not None else "PROJECT" if project else "NON_PROJECT_TIME"}
        about |= {"id": target.get("id"), "name": target.get("title" if task else "name")}
        about |= {"project": None if project is None else {"id": project["id"], "name": project["name"]}}
        gone = {"deleted_at": work.now, "deleted_by": work.actor, "_on": about}
        work.storage.put("deleted_time", str(row["id"]), {**row, **gone})

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """Where the time lies, which versions tell differently."""
        task = work.get("tasks", row["task"])
        if version == 4:
            where = None if task is None else task["project_id"]
            return {"task_project": where, "phase": None if task is None else task["milestone"]}
        project = row["project"]
        if task is not None and work.settings["v3_project_of_task"]:
            project = task["project_id"]
        return {"project": project, "card": row["task"]}


class ExpenseRules(Rules):
    """Rules of expense items."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """Billable where the project is; dated today."""
        project = work.need("projects", new["project_id"])
        if new["billable"] is None:
            new["billable"] = project["budget_type"] != "NON_BILLABLE"
        if new["part_of_fixed_price"] is None:
            new["part_of_fixed_price"] = False
        new["expense_date"] = new["expense_date"] or work.now[:10]

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """What a project's budget type forbids; the phase is the project's own."""
        project = work.need("projects", new["project_id"])
        kind = project["budget_type"]
        if given.get("billable") and kind == "NON_BILLABLE":
            raise invalid("An expense on a project that is not billable cannot be billable.")
        periods = kind == "RETAINER" and project["default_period_budget_type"] == "FIXED_PRICE"
        if given.get("part_of_fixed_price") and kind != "FIXED_PRICE" and not periods:
            raise invalid("An expense can be part of the fixed price on fixed price projects only.")
        if new["phase_id"] is not None and work.need("phases", new["phase_id"])["project_id"] != new["project_id"]:
            raise invalid(f"The phase_id {new['phase_id']} belongs to another project.")


def _refuse_locked(work: Work, row: Row | None) -> None:
    if row is None or work.hand or not work.settings["approved_time_locked"]:
        return
    if row["approval_status"] == "APPROVED" or row["invoice"] is not None:
        raise invalid("The time registration is approved or invoiced and cannot be changed.")


def _project(work: Work, row: Row) -> Row | None:
    task = work.get("tasks", row["task"])
    return work.get("projects", task["project_id"] if task is not None else row["project"])


def _task_column(work: Work, new: Row) -> Row | None:
    task = work.get("tasks", new["task"])
    return None if task is None else work.get("workflow_columns", task["workflow_column"])


def _outside(row: Row | None, day: str) -> bool:
    if row is None:
        return False
    return bool((row["start_date"] and day < row["start_date"]) or (row["end_date"] and day > row["end_date"]))


def _in_the_future(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    return bool(new["date"] > work.now[:10])


def _on_done_task(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    column = _task_column(work, new)
    return column is not None and column["category"] == "DONE"


def _billable_adjusted(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    wanted = given.get("billable_minutes_registered")
    return wanted is not None and wanted != new["time_registered"]


def _unassigned(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    task = work.get("tasks", new["task"])
    return task is not None and new["person"] not in task["assigned_persons"]


def _internal(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    other = work.get("non_project_time", new["non_project_time"])
    return other is not None and bool(other["is_internal_time"])


def _over_estimate(work: Work, new: Row, old: Row | None, given: Row) -> bool:
    task = work.get("tasks", new["task"])
    if task is None:
        return False
    before = registered_minutes(work, task) - (old["time_registered"] if old is not None else 0)
    return bool(before + new["time_registered"] > estimate_minutes(work, task))


TIME_RULES: Final[Mapping[str, tuple[str, _Check]]] = {
    "date": ("Time Registration Date is invalid", _in_the_future),
    "done_tasks": ("Time Registration is not allowed on Done Tasks", _on_done_task),
    "projects": ("Time Registration is not allowed on Projects", lambda work, new, old, given: new["project"] is not None),
    "billable_minutes": ("Time Registration is not allowed to adjust Billable Minutes Registered", _billable_adjusted),
    "internal_time": ("Time Registration is not allowed on Internal Time", _internal),
    "role": ("Time Registration is not allowed to have a specified role", lambda work, new, old, given: given.get("role") is not None),
    "note": ("Time Registration must include a Note", lambda work, new, old, given: not (new["notes"] or "").strip()),
    "assigned": ("Person registering Time must be assigned to the Task", _unassigned),
    "project_dates": (
        "Time Registration must be inside the Project's dates",
        lambda work, new, old, given: _outside(_project(work, new), new["date"]),
    ),
    "task_dates": (
        "Time Registration must be inside the Task's dates",
        lambda work, new, old, given: _outside(work.get("tasks", new["task"]), new["date"]),
    ),
    "remaining": ("Time Registration must not exceed the Remaining Estimate on the Task", _over_estimate),
}
"""The validations by the names the setting ``time_rules`` uses: the vendor's message, and when it is given."""
