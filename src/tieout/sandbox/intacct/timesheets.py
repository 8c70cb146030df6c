"""What timesheets do beyond their tables: periods, states, approvals, hours on tasks (intacct-xml §3B TIMESHEET, sage-psa §5.4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from tieout.sandbox.intacct import hours, labor_costs, records
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.events import Event, note
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import check_open
from tieout.sandbox.intacct.values import is_before, stamp
from tieout.sandbox.intacct.wording import Refusal, business, invalid
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

CHANGEABLE = frozenset({"Draft", "Saved", "Declined"})
DECIDABLE = frozenset({"Submitted", "Partially Approved", "Partially Declined"})
VERDICTS = {"approve": "Approved", "decline": "Declined"}
DAYS = 7
# The reference names APPROVEDBY for both verdicts; the vendor's SDKs write DECLINEDBY with `decline` (intacct-xml §9.1).
_JUDGED = frozenset({"RECORDNO", "ENTRYKEYS", "APPROVEDBY", "COMMENT"})
_JUDGE = {"approve": "APPROVEDBY", "decline": "DECLINEDBY"}


def prepare(change: Change) -> None:
    """A timesheet covers a week, posts into open books, and is changed only while nobody has it to decide on."""
    if change.old is not None and change.old.get("STATE") not in CHANGEABLE:
        text = f"Timesheet '{change.row['RECORDNO']}' is {change.old.get('STATE')} and cannot be changed."
        raise Refusal(invalid(change.kind, change.kind.by_name["STATE"], text, "Decline it first."))
    if change.row.get("GLPOSTDATE"):
        check_open(change.work, change.row["GLPOSTDATE"], {change.work.entity} - {""})
    begin = datetime.strptime(change.row["BEGINDATE"], "%m/%d/%Y")
    change.row["ENDDATE"] = (begin + timedelta(days=DAYS - 1)).strftime("%m/%d/%Y")


def release(work: Work, kind: Kind, row: Row) -> None:
    """The same holds for deleting it."""
    if row.get("STATE") not in CHANGEABLE:
        raise Refusal(business(f"Timesheet '{row['RECORDNO']}' is {row.get('STATE')} and cannot be deleted.", object=kind.name))


def prepare_entry(change: Change) -> None:
    """An entry lies in its timesheet's week, its person may work on the project, and it takes what its task says."""
    work, row, kind = change.work, change.row, change.kind
    sheet = work.storage.get("TIMESHEET", row["TIMESHEETKEY"])
    assert sheet is not None
    row["STATE"] = sheet["STATE"]
    if is_before(row["ENTRYDATE"], sheet["BEGINDATE"]) or is_before(sheet["ENDDATE"], row["ENTRYDATE"]):
        text = f"The entry date {row['ENTRYDATE']} is not between {sheet['BEGINDATE']} and {sheet['ENDDATE']}."
        raise Refusal(invalid(kind, kind.by_name["ENTRYDATE"], text))
    project = work.storage.get("PROJECT", row.get("PROJECTKEY", ""))
    task = work.storage.get("TASK", row.get("TASKKEY", ""))
    if project is not None:
        _check_resource(work, kind, row, project)
    if task is not None and not row.get("ITEMID") and task.get("ITEMID"):
        row.update(ITEMID=task["ITEMID"], ITEMKEY=task["ITEMKEY"])
    if not row.get("BILLABLE"):
        row["BILLABLE"] = "false" if task is None else task.get("BILLABLE", "false")


def settle_entry(change: Change) -> None:
    """The hours of the task and project an entry is on are worked out again."""
    for row in (change.old, change.row):
        if row is not None:
            hours.count(change.work, row.get("TASKKEY", ""), row.get("PROJECTKEY", ""))


def dissolve_entry(work: Work, kind: Kind, row: Row) -> None:
    """Likewise when it is gone."""
    hours.count(work, row.get("TASKKEY", ""), row.get("PROJECTKEY", ""))


def judge(work: Work, kind: Kind, verb: str, given: Given) -> None:
    """Approves or declines all submitted entries of a timesheet, or those of ENTRYKEYS; raises Refusal."""
    unknown = sorted(set(given) - _JUDGED - {_JUDGE[verb]})
    if unknown:
        raise Refusal(invalid(kind, kind.by_name["RECORDNO"], f"Field {unknown[0]} does not exist in {verb}."))
    number = given.get("RECORDNO", "")
    sheet = work.visible(kind, number)
    if sheet is None:
        raise Refusal(business(f"Cannot find timesheet with key '{number}' to {verb}.", object=kind.name))
    if sheet["STATE"] not in DECIDABLE:
        raise Refusal(business(f"Timesheet '{number}' is {sheet['STATE']}: there is nothing to {verb}.", object=kind.name))
    entries = _chosen(work, kind, sheet, verb, given.get("ENTRYKEYS", ""))
    judge_name = given.get("APPROVEDBY") or given.get(_JUDGE[verb]) or work.userid
    if work.storage.find(work.company.user_kind, "key", judge_name) is None:
        text = f"Login ID {judge_name} does not exist."
        raise Refusal(business(text, errorno="BL03000025", correction="Provide a valid USER.LOGINID value."))
    entry_kind = work.company.kinds["TIMESHEETENTRY"]
    for entry in entries:
        records.amend(work, entry_kind, entry["RECORDNO"], {"STATE": VERDICTS[verb], **_touched(work)})
        _record(work, entry, VERDICTS[verb], judge_name, given.get("COMMENT", ""))
        hours.count(work, entry.get("TASKKEY", ""), entry.get("PROJECTKEY", ""))
    if VERDICTS[verb] == "Approved":
        labor_costs.post_labor(work, sheet, entries)
    row = records.amend(work, kind, number, {"STATE": _state(work, kind, number), **_touched(work)})
    note(work, kind, row, Event.UPDATE)


def _chosen(work: Work, kind: Kind, sheet: Row, verb: str, keys: str) -> list[Row]:
    waiting = {row["RECORDNO"]: row for row in _entries(work, kind, sheet["RECORDNO"]) if row["STATE"] == "Submitted"}
    wanted = [key.strip() for key in keys.split(",") if key.strip()] or list(waiting)
    for key in wanted:
        if key not in waiting:
            text = f"Timesheet '{sheet['RECORDNO']}' has no submitted entry with key '{key}' to {verb}."
            raise Refusal(business(text, object=kind.name, field="ENTRYKEYS"))
    return [waiting[key] for key in dict.fromkeys(wanted)]


def _entries(work: Work, kind: Kind, number: str) -> list[Row]:
    return owned_rows(work, kind.owned[0], number)


def _state(work: Work, kind: Kind, number: str) -> str:
    states = {row["STATE"] for row in _entries(work, kind, number)}
    if len(states) == 1:
        return str(next(iter(states)))
    return "Partially Declined" if "Declined" in states else "Partially Approved"


def _record(work: Work, entry: Row, state: str, judge_name: str, comment: str) -> None:
    given = {
        "STATE": state,
        "TIMESHEETENTRYKEY": entry["RECORDNO"],
        "APPROVERID": work.userid,
        "APPROVAL_STAGE": "1",
        "APPROVAL_LEVEL": "1",
        "APPROVEDBY": judge_name,
        "EVENTDATE": work.now.strftime("%m/%d/%Y"),
        "COMMENTS": comment,
    }
    records.create(work, work.company.kinds["TIMESHEETAPPROVAL"], {}, given)


def _touched(work: Work) -> dict[str, str]:
    return {"WHENMODIFIED": stamp(work.modified_at()), "MODIFIEDBY": work.user_number}


def _check_resource(work: Work, kind: Kind, row: Row, project: Row) -> None:
    """USERRESTRICTIONS may keep a project's time to its resources (sage-psa §5.3); its labels are not published."""
    limit = "".join(letter for letter in project.get("USERRESTRICTIONS", "").lower() if letter.isalpha())
    if not limit.startswith("project"):
        return
    person = row["EMPLOYEEKEY"]
    is_there = any(each.get("EMPLOYEEKEY") == person for each in work.storage.where("PROJECTRESOURCES", "PROJECTKEY", project["RECORDNO"]))
    if is_there and "task" in limit and row.get("TASKKEY"):
        assigned = work.storage.where("TASKRESOURCES", "TASKKEY", row["TASKKEY"])
        is_there = any(each.get("EMPLOYEEKEY") == person for each in assigned)
    if not is_there:
        text = f"The employee is not a resource of the project '{project['PROJECTID']}'."
        raise Refusal(invalid(kind, kind.by_name["PROJECTID"], text))


TIMESHEET = Behaviour(prepare=prepare, release=release, judge=judge)
TIMESHEETENTRY = Behaviour(prepare=prepare_entry, settle=settle_entry, dissolve=dissolve_entry)
