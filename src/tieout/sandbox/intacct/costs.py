"""What standard tasks and cost types do beyond their tables (intacct-xml §3A STANDARDTASK, COSTTYPE)."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.wording import Refusal, missing

# What a cost type takes from its standard cost type where nothing else was sent.
COPIED = (
    "NAME",
    "DESCRIPTION",
    "ACCUMULATIONTYPENAME",
    "ACCUMULATIONTYPEKEY",
    "COSTUNITDESCRIPTION",
    "ACCOUNTNO",
    "ACCOUNTKEY",
    "ITEMID",
    "ITEMKEY",
)


def prepare_standard_task(change: Change) -> None:
    """A billable standard task needs an item."""
    if change.row.get("BILLABLE") == "true" and not change.row.get("ITEMID"):
        raise Refusal(missing(change.kind, change.kind.by_name["ITEMID"]))


def prepare_cost_type(change: Change) -> None:
    """A cost type belongs to a task, has its standard's id, and takes what that says."""
    row, fields = change.row, change.kind.by_name
    if change.old is not None:
        return
    if not row.get("TASKKEY"):
        raise Refusal(missing(change.kind, fields["TASKID" if row.get("PROJECTID") else "TASKKEY"]))
    row["COSTTYPEID"] = row["STANDARDCOSTTYPEID"]
    standard = change.work.storage.get("STANDARDCOSTTYPE", row["STANDARDCOSTTYPEKEY"]) or {}
    for name in COPIED:
        if standard.get(name) and not row.get(name):
            row[name] = standard[name]


STANDARDTASK = Behaviour(prepare=prepare_standard_task)
COSTTYPE = Behaviour(prepare=prepare_cost_type)
