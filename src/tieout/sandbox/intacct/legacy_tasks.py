"""Tasks that object-specific functions name by their name instead of their key (objects table create_task, create_timesheet)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work

_NAMES = {"PARENTTASKNAME": "PARENTKEY", "DEPENDENTONNAME": "DEPENDENTONKEY"}


def name_tasks(work: Work, kind: Kind, given: Given) -> None:
    """Puts keys in the place of task names, and the status a task has where an update leaves it out; raises Refusal."""
    if kind.name == "TIMESHEET":
        for line in given.get("TIMESHEETENTRIES", []):
            if name := line.pop("TASKNAME", ""):
                line["TASKKEY"] = _key(work, line.get("PROJECTID", ""), name)
    if kind.name == "TASK":
        held = work.visible(kind, given.get("RECORDNO", "")) or {}
        if held:
            given.setdefault("TASKSTATUS", held["TASKSTATUS"])
        for column, key in _NAMES.items():
            if name := given.pop(column, ""):
                given[key] = _key(work, given.get("PROJECTID") or held.get("PROJECTID", ""), name)


def _key(work: Work, project: str, name: str) -> str:
    """The record number of the task of that name in the project; names are unique there."""
    owner = work.storage.find("PROJECT", "key", project) or {}
    found = work.storage.find("TASK", "unique PROJECTKEY NAME", (owner.get("RECORDNO", ""), name))
    if found is None:
        raise Refusal(business(f"Invalid Task '{name}' specified.", object="TASK", field="NAME"))
    return str(found["RECORDNO"])
