"""The object-specific functions of tasks and timesheets (intacct-xml §2.11; objects table create_task, create_timesheet)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.projects import employee, made, stored, task

DAY = "<year>2026</year><month>11</month><day>{0:02d}</day>"
HEAD = f"<employeeid>E-1</employeeid><begindate>{DAY.format(2)}</begindate>"


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    intacct.project("P-1")
    employee(intacct)
    return intacct


def item(day: int = 2, more: str = "", hours: str = "8") -> str:
    start = "<projectid>P-1</projectid>"
    rest = f"<locationid>100</locationid><entrydate>{DAY.format(day)}</entrydate><qty>{hours}</qty>"
    return f"<timesheetitem>{start}{more}{rest}</timesheetitem>"


def test_a_task_is_created_changed_and_deleted(site: Gateway) -> None:
    # legacy create gives a key, update and delete a status only (§2.11)
    top = made(task(site, "House"))
    body = f"<taskname>Roof</taskname><projectid>P-1</projectid><pbegindate>{DAY.format(5)}</pbegindate><utilized>true</utilized>"
    reply = site.call(f"<create_task>{body}<parenttaskname>House</parenttaskname><estqty>4</estqty></create_task>")
    number = reply.result.findtext("key") or ""
    row = stored(site, "TASK", number)
    assert (row["NAME"], row["PBEGINDATE"], row["UTILIZED"], row["PARENTKEY"], row["ESTQTY"]) == ("Roof", "11/05/2026", "true", top, "4")
    assert row["TASKSTATUS"] == "Not Started"
    assert site.call(f'<update_task key="{number}"><taskname>Top</taskname></update_task>').status == "success"
    assert (stored(site, "TASK", number)["NAME"], stored(site, "TASK", number)["TASKSTATUS"]) == ("Top", "Not Started")
    assert site.call(f'<delete_task key="{number}"/>').status == "success"
    assert [each["NAME"] for each in site.stored("TASK")] == ["House"]


@pytest.mark.parametrize(
    "wrong",
    [
        "<create_task><projectid>P-1</projectid></create_task>",
        "<create_task><projectid>P-1</projectid><taskname>A</taskname></create_task>",
        "<create_task><taskname>A</taskname><projectid>P-1</projectid><colour>red</colour></create_task>",
        "<update_task><taskname>A</taskname></update_task>",
        f"<create_timesheet>{HEAD}</create_timesheet>",
        f"<create_timesheet><begindate>{DAY.format(2)}</begindate><employeeid>E-1</employeeid></create_timesheet>",
    ],
)
def test_a_lacking_strange_or_misplaced_element_is_a_schema_error(site: Gateway, wrong: str) -> None:
    # §2.11: element order is fixed, wrong order = XL03000003
    reply = site.call(wrong)
    assert (reply.text("control/status"), reply.text("errormessage/error/errorno")) == ("failure", "XL03000003")
    assert site.stored("TASK") == []


def test_a_task_name_nobody_has_is_refused(site: Gateway) -> None:
    body = "<taskname>Roof</taskname><projectid>P-1</projectid><parenttaskname>House</parenttaskname>"
    assert site.call(f"<create_task>{body}</create_task>").errors[0] == ("BL01001973", "Invalid Task 'House' specified.")
    items = f"<timesheetitems>{item(2, '<taskname>House</taskname>')}</timesheetitems>"
    assert site.call(f"<create_timesheet>{HEAD}{items}</create_timesheet>").errors[0] == ("BL01001973", "Invalid Task 'House' specified.")


def test_a_timesheet_is_submitted_unless_it_says_otherwise(site: Gateway) -> None:
    # objects table create_timesheet: state default Submitted
    made(task(site, "House", TASKID="H"))
    items = f"<timesheetitems>{item(2, '<taskname>House</taskname>')}{item(3)}</timesheetitems>"
    number = site.call(f"<create_timesheet>{HEAD}{items}</create_timesheet>").result.findtext("key") or ""
    row = stored(site, "TIMESHEET", number)
    assert (row["STATE"], [each["TASKID"] for each in row["TIMESHEETENTRIES"]]) == ("Submitted", ["H", ""])


def test_an_update_of_a_timesheet_replaces_all_items(site: Gateway) -> None:
    # §2.2, §3B TIMESHEET
    items = f"<timesheetitems>{item(2)}{item(3)}</timesheetitems>"
    reply = site.call(f"<create_timesheet>{HEAD}<state>Draft</state>{items}</create_timesheet>")
    number = reply.result.findtext("key") or ""
    later = f"<state>Draft</state><timesheetitems>{item(4, hours='1')}</timesheetitems>"
    assert site.call(f'<update_timesheet key="{number}">{HEAD}{later}</update_timesheet>').status == "success"
    assert [each["QTY"] for each in stored(site, "TIMESHEET", number)["TIMESHEETENTRIES"]] == ["1"]
    assert site.call(f'<delete_timesheet key="{number}"/>').status == "success"
    assert site.stored("TIMESHEET") == site.stored("TIMESHEETENTRY") == []
