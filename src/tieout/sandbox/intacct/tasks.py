"""What tasks do beyond their table: standard tasks, roots, items of billable ones, hours from timesheets (§3A TASK)."""

from __future__ import annotations

from decimal import Decimal

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, invalid
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# What a task takes from its standard task where nothing else was sent.
COPIED = (
    "DESCRIPTION",
    "PRODUCTIONUNITDESC",
    "ITEMID",
    "ITEMKEY",
    "PRIORITY",
    "TIMETYPENAME",
    "TIMETYPEKEY",
    "TASKNO",
    "CLASSID",
    "CLASSKEY",
)
COPIED_FLAGS = ("BILLABLE", "ISMILESTONE", "UTILIZED")
WORKED = frozenset({"Submitted", "Partially Approved", "Approved"})
_DATES = {"PBEGINDATE": "BEGINDATE", "PENDDATE": "ENDDATE"}


def prepare(change: Change) -> None:
    """Copies the standard task, dates it like its project, finds the root, and wants an item of what is billed."""
    work, row = change.work, change.row
    if change.old is None:
        _copy_standard(change)
        project = work.storage.get("PROJECT", row.get("PROJECTKEY", "")) or {}
        if not row.get("PBEGINDATE") and not row.get("PENDDATE"):
            row.update({mine: project[theirs] for mine, theirs in _DATES.items() if project.get(theirs)})
    parent = work.storage.get("TASK", row.get("PARENTKEY", ""))
    row["ROOTPARENTKEY"] = row["RECORDNO"] if parent is None else parent["ROOTPARENTKEY"]
    if row.get("BILLABLE") == "true" and not row.get("ITEMID") and work.settings["billable_task_needs_item"]:
        text = "Missing Item for Task: a billable task needs an item."
        raise Refusal(invalid(change.kind, change.kind.by_name["ITEMID"], text, "Provide a value for ITEMID."))
    if change.old is None or change.changed("ESTQTY", "BUDGETQTY"):
        row.update(_hours(work, row))


def settle(change: Change) -> None:
    """Makes the standard task's cost types, and gives the tasks below the new root."""
    work, row = change.work, change.row
    if change.old is None:
        _add_cost_types(change)
    elif change.changed("ROOTPARENTKEY"):
        _pass_root(work, change.kind, row)


def count_hours(work: Work, number: str) -> None:
    """Works out a task's hours again after its timesheet entries changed; the task's audit columns stay."""
    row = work.storage.get("TASK", number)
    if row is not None:
        records.amend(work, work.company.kinds["TASK"], number, _hours(work, row))


def _hours(work: Work, task: Row) -> dict[str, str]:
    entries = work.storage.where("TIMESHEETENTRY", "TASKKEY", task["RECORDNO"])
    actual = sum((Decimal(entry["QTY"]) for entry in entries if entry.get("STATE") in WORKED), Decimal(0))
    approved = sum((Decimal(entry["QTY"]) for entry in entries if entry.get("STATE") == "Approved"), Decimal(0))
    planned = Decimal(task.get("ESTQTY") or task.get("BUDGETQTY") or 0)
    part = min(actual / planned, Decimal(1)).quantize(Decimal("0.0001")) if planned > 0 else Decimal(0)
    return {
        "ACTUALQTY": plain(actual),
        "APPROVEDQTY": plain(approved),
        "REMAININGQTY": plain(max(planned - actual, Decimal(0))),
        "PERCENTCOMPLETE": plain(part),
    }


def _copy_standard(change: Change) -> None:
    standard = change.work.storage.get("STANDARDTASK", change.row.get("STANDARDTASKKEY", ""))
    if standard is None:
        return
    for name in COPIED:
        if standard.get(name) and not change.row.get(name):
            change.row[name] = standard[name]
    for name in COPIED_FLAGS:
        if name not in change.values.own:
            change.row[name] = standard.get(name, "false")


def _add_cost_types(change: Change) -> None:
    standard = change.work.storage.get("STANDARDTASK", change.row.get("STANDARDTASKKEY", ""))
    if standard is None:
        return
    kind = change.work.company.kinds["COSTTYPE"]
    for link in change.work.storage.where("STANDARDTASKSTANDARDCOSTTYPE", "STANDARDTASKKEY", standard["RECORDNO"]):
        given = {"TASKKEY": change.row["RECORDNO"], "STANDARDCOSTTYPEID": link["STANDARDCOSTTYPEID"]}
        records.create(change.work, kind, dict(given))


def _pass_root(work: Work, kind: Kind, row: Row) -> None:
    for child in work.storage.where("TASK", "PARENTKEY", row["RECORDNO"]):
        _pass_root(work, kind, records.amend(work, kind, child["RECORDNO"], {"ROOTPARENTKEY": row["ROOTPARENTKEY"]}))


TASK = Behaviour(prepare=prepare, settle=settle)
