"""Money and minutes of tasks: registered time at the project's rates and the persons' costs (sage-psa §2.2).

``scope_total_minutes`` is the task's estimate in minutes, by which a caller finds out the unit of estimates.
"""

from __future__ import annotations

from tieout.sandbox.sage_psa.handling import Answer, ApiCall, Handlers
from tieout.sandbox.sage_psa.problems import not_found
from tieout.sandbox.sage_psa.resources_work import TASKS
from tieout.sandbox.sage_psa.rules_tasks import estimate_minutes, remaining
from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.sage_psa.work import Work


def of_task(work: Work, call: ApiCall) -> Answer:
    """The figures of one task."""
    return Answer(figures(work, Handlers(TASKS).find(work, call)))


def of_project_tasks(work: Work, call: ApiCall) -> Answer:
    """The figures of every task of a project."""
    if work.get("projects", call.number("project")) is None:
        raise not_found("project")
    rows = work.where("tasks", "project", call.number("project"))
    return Answer([figures(work, row) for row in rows], records=len(rows))


def figures(work: Work, task: Row) -> Row:
    """Actual, planned, remaining and forecast figures of a task, in the company's currency."""
    times = work.where("time_registrations", "task", task["id"])
    rate, cost = _rate(work, task), _cost(work, task["assigned_persons"])
    scope = estimate_minutes(work, task)
    unit = estimate_minutes(work, {**task, "estimate": 1})
    left, registered = remaining(work, task) * unit, sum(row["time_registered"] for row in times)
    billable = 0 if task["un_billable"] else 1
    earned = rate * sum(row["billable_minutes_registered"] for row in times) / 60
    spent = sum(_cost(work, [row["person"]]) * row["time_registered"] / 60 for row in times)
    money = {
        "actual": (earned, spent),
        "planned": (rate * billable * scope / 60, cost * scope / 60),
        "remaining": (rate * billable * left / 60, cost * left / 60),
        "forecast": (earned + rate * billable * left / 60, spent + cost * left / 60),
    }
    told: Row = {"task_id": task["id"]}
    for name, (revenue, expense) in money.items():
        profit = revenue - expense
        told |= {f"{name}_revenue": revenue, f"{name}_cost": expense, f"{name}_profit": profit}
        told[f"{name}_margin"] = profit / revenue if revenue else 0
    told |= {"registered_minutes": registered, "remaining_minutes": left, "forecast_minutes": registered + left}
    return told | {"scope_approved_minutes": scope if task["approved"] else 0, "scope_total_minutes": scope}


def _rate(work: Work, task: Row) -> float:
    project = work.need("projects", task["project_id"])
    card = work.get("rate_cards", project["rate_card"])
    if card is None or project["budget_type"] == "NON_BILLABLE":
        return 0.0
    own = work.get("rates", f"{card['id']}/{task['role']}")
    return float((own["rate"] if own is not None else card["default_rate"]) or 0)


def _cost(work: Work, people: list[int]) -> float:
    costs = [work.need("persons", number)["cost"] or 0 for number in people]
    return sum(costs) / len(costs) if costs else 0.0
