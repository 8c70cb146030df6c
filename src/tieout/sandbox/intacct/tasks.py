"""What tasks do beyond their table: standard tasks, roots, items of billable ones, hours from timesheets (§3A TASK)."""

from __future__ import annotations

from tieout.sandbox.intacct import hours, labor_costs, records
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.fields import Kind
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
_DATES = {"PBEGINDATE": "BEGINDATE", "PENDDATE": "ENDDATE"}


def prepare(change: Change) -> None:
    """Copies the standard task, dates it like its project, finds the root, and wants an item of what is billed."""
    work, row = change.work, change.row
    if change.old is None:
        _copy_standard(change)
        project = work.storage.get("PROJECT", row.get("PROJECTKEY", "")) or {}
        if not row.get("PBEGINDATE") and not row.get("PENDDATE"):
            row.update({mine: project[theirs] for mine, theirs in _DATES.items() if project.get(theirs)})
    labor_costs.check_task(work, change.kind, row)
    parent = work.storage.get("TASK", row.get("PARENTKEY", ""))
    row["ROOTPARENTKEY"] = row["RECORDNO"] if parent is None else parent["ROOTPARENTKEY"]
    if row.get("BILLABLE") == "true" and not row.get("ITEMID") and work.settings["billable_task_needs_item"]:
        text = "Missing Item for Task: a billable task needs an item."
        raise Refusal(invalid(change.kind, change.kind.by_name["ITEMID"], text, "Provide a value for ITEMID."))
    if change.old is None or change.changed("ESTQTY", "BUDGETQTY"):
        row.update({name: value for name, value in hours.of_task(work, row).items() if value})


def settle(change: Change) -> None:
    """Makes the standard task's cost types, gives the tasks below the new root, and the project its hours."""
    work, row = change.work, change.row
    if change.changed("ESTQTY"):
        hours.count(work, "", row["PROJECTKEY"])
    if change.old is None:
        _add_cost_types(change)
    elif change.changed("ROOTPARENTKEY"):
        _pass_root(work, change.kind, row)


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


def dissolve(work: Work, kind: Kind, row: Row) -> None:
    """Without the task the project's hours are others."""
    hours.count(work, "", row["PROJECTKEY"])


TASK = Behaviour(prepare=prepare, settle=settle, dissolve=dissolve)
