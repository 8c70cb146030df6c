"""Hours the system works out from timesheets, for tasks, those who work on them, and projects (intacct-xml §3A TASK, inferred).

Submitted and approved time counts as actual. The results are derived: they leave the audit columns alone and fire no event.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.amounts import number
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

WORKED = frozenset({"Submitted", "Partially Approved", "Approved"})
ENTRY = "TIMESHEETENTRY"


def of_task(work: Work, task: Row) -> dict[str, str]:
    """The derived columns of a task; those of billable time are read over REST only."""
    entries = work.storage.where(ENTRY, "TASKKEY", task["RECORDNO"])
    billable = [entry for entry in entries if entry.get("BILLABLE") == "true"]
    planned = number(task, "ESTQTY") or number(task, "BUDGETQTY")
    return {
        **_progress(entries, planned),
        "ACTUALQTYBILLABLE": plain(_sum(billable, WORKED)),
        "APPROVEDQTYBILLABLE": plain(_sum(billable, {"Approved"})),
        **{f"{name}BILLABLE": task.get(name, "") if task.get("BILLABLE") == "true" else "" for name in ("ESTQTY", "BUDGETQTY")},
    }


def count(work: Work, task: str, project: str) -> None:
    """Works the hours out again after an entry on a task, or on a project alone, has changed."""
    row = work.storage.get("TASK", task)
    if row is not None:
        records.amend(work, work.company.kinds["TASK"], task, of_task(work, row))
        _count_people(work, task)
    _count_project(work, project)


def _count_people(work: Work, task: str) -> None:
    kind = work.company.kinds["TASKRESOURCES"]
    entries = work.storage.where(ENTRY, "TASKKEY", task)
    for person in work.storage.where("TASKRESOURCES", "TASKKEY", task):
        own = [entry for entry in entries if entry.get("EMPLOYEEKEY") == person.get("EMPLOYEEKEY")]
        records.amend(work, kind, person["RECORDNO"], _progress(own, number(person, "ESTQTY") or number(person, "BUDGETQTY")))


def _count_project(work: Work, project: str) -> None:
    if work.storage.get("PROJECT", project) is None:
        return
    planned = sum((number(row, "ESTQTY") for row in work.storage.where("TASK", "PROJECTKEY", project)), Decimal(0))
    progress = _progress(work.storage.where(ENTRY, "PROJECTKEY", project), planned)
    records.amend(work, work.company.kinds["PROJECT"], project, {"ESTIMATEDQTY": plain(planned), **progress})


def _progress(entries: Iterable[Row], planned: Decimal) -> dict[str, str]:
    entries = list(entries)
    actual, approved = _sum(entries, WORKED), _sum(entries, {"Approved"})
    part = min(actual / planned, Decimal(1)).quantize(Decimal("0.0001")) if planned > 0 else Decimal(0)
    return {
        "ACTUALQTY": plain(actual),
        "APPROVEDQTY": plain(approved),
        "REMAININGQTY": plain(max(planned - actual, Decimal(0))),
        "PERCENTCOMPLETE": plain(part),
    }


def _sum(entries: Iterable[Row], states: Iterable[str]) -> Decimal:
    counted = frozenset(states)
    return sum((number(entry, "QTY") for entry in entries if entry.get("STATE") in counted), Decimal(0))
