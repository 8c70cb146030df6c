"""Timesheets with their entries, their states and approval (intacct-xml §3B TIMESHEET, §3.0; sage-psa §5.3, §5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query, read_by_query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, element, employee, made, stored, task, update

Entry = dict[str, Any]


@pytest.fixture
def crew(intacct: Gateway) -> Gateway:
    """Employee E-1 on project P-1 with the task T-1."""
    intacct.customer("C-1")
    intacct.project("P-1", "<CUSTOMERID>C-1</CUSTOMERID>")
    employee(intacct)
    made(task(intacct, TASKID="T-1", ESTQTY="10"))
    return intacct


def entry(day: int = 2, hours: str = "8", **values: Any) -> Entry:
    return {"ENTRYDATE": f"11/{day:02d}/2026", "QTY": hours, "LOCATIONID": "100", **values}


def lines(*entries: Entry) -> list[tuple[str, Entry]]:
    return [("TIMESHEETENTRY", each) for each in entries]


def sheet(gateway: Gateway, *entries: Entry, **values: Any) -> Reply:
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", **values}
    return create(gateway, "TIMESHEET", **head, TIMESHEETENTRIES=lines(*(entries or (entry(),))))


def change(gateway: Gateway, number: str, *entries: Entry, **values: Any) -> Reply:
    head = {"RECORDNO": number, "EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", **values}
    return update(gateway, "TIMESHEET", **head, TIMESHEETENTRIES=lines(*entries))


def judge(gateway: Gateway, verb: str, number: str, more: str = "") -> Reply:
    return gateway.call(f"<{verb}><TIMESHEET><RECORDNO>{number}</RECORDNO>{more}</TIMESHEET></{verb}>")


def on_task(hours: str = "8", day: int = 2) -> Entry:
    return entry(day, hours, PROJECTID="P-1", TASKID="T-1")


def hours_of(gateway: Gateway) -> tuple[str, str, str, str]:
    [row] = gateway.stored("TASK")
    return row["ACTUALQTY"], row["APPROVEDQTY"], row["REMAININGQTY"], row["PERCENTCOMPLETE"]


def test_a_timesheet_is_a_draft_of_a_week_with_numbered_entries(crew: Gateway) -> None:
    # §3B TIMESHEET: STATE default Draft; entry numbering LINENO
    number = made(sheet(crew, entry(2), entry(3, "4.50"), DESCRIPTION="Week 45"))
    row = stored(crew, "TIMESHEET", number)
    assert (row["STATE"], row["BEGINDATE"], row["ENDDATE"], row["EMPLOYEENAME"]) == ("Draft", "11/02/2026", "11/08/2026", "Ada Sill")
    assert [(each["LINENO"], each["QTY"], each["STATE"]) for each in row["TIMESHEETENTRIES"]] == [
        ("1", "8", "Draft"),
        ("2", "4.5", "Draft"),
    ]


@pytest.mark.parametrize("lacking", ["EMPLOYEEID", "BEGINDATE", "TIMESHEETENTRIES"])
def test_a_timesheet_needs_employee_begin_and_entries(crew: Gateway, lacking: str) -> None:
    # §3B TIMESHEET, columns C and U
    values: dict[str, Any] = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "TIMESHEETENTRIES": lines(entry())}
    del values[lacking]
    assert_refused(create(crew, "TIMESHEET", **values), f"{lacking} is required")
    number = made(sheet(crew))
    assert_refused(update(crew, "TIMESHEET", RECORDNO=number, **values), f"{lacking} is required")


def test_a_timesheet_without_entries_is_refused(crew: Gateway) -> None:
    # §3B TIMESHEET: TIMESHEETENTRIES R
    assert_refused(create(crew, "TIMESHEET", EMPLOYEEID="E-1", BEGINDATE="11/02/2026", TIMESHEETENTRIES=None), "is required")
    number = made(sheet(crew))
    assert_refused(change(crew, number), "TIMESHEETENTRIES is required")
    assert len(crew.stored("TIMESHEETENTRY")) == 1


@pytest.mark.parametrize("lacking", ["ENTRYDATE", "QTY", "LOCATIONID"])
def test_an_entry_needs_day_quantity_and_in_this_company_a_location(crew: Gateway, lacking: str) -> None:
    # §3B TIMESHEETENTRY: ENTRYDATE*, QTY*, LOCATIONID(c)
    line = entry()
    del line[lacking]
    assert_refused(sheet(crew, line), f"{lacking} is required")
    assert crew.stored("TIMESHEET") == []


def test_a_second_timesheet_of_a_person_for_the_same_period_is_refused(crew: Gateway) -> None:
    # §3B TIMESHEET: one timesheet per employee and period start
    made(sheet(crew))
    assert sheet(crew).errors[0][0] == "BL34000061"
    made(sheet(crew, entry(9), BEGINDATE="11/09/2026"))
    employee(crew, "E-2", "Bo Lund")
    made(sheet(crew, EMPLOYEEID="E-2"))


def test_an_unknown_employee_is_refused_in_the_recorded_words(crew: Gateway) -> None:
    # §5.2 text fragments
    assert sheet(crew, EMPLOYEEID="E-9").errors[0] == ("BL01001973", "The employee 'E-9' is invalid.")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"PROJECTID": "P-9"}, "Invalid Project 'P-9' specified."),
        ({"PROJECTID": "P-1", "TASKID": "T-9"}, "Invalid Task 'T-9' specified."),
        ({"TASKKEY": "999"}, "Invalid Task '999' specified."),
        ({"LOCATIONID": "900"}, "The location '900' is invalid."),
        ({"DEPARTMENTID": "D-9"}, "The department 'D-9' is invalid."),
        ({"CUSTOMERID": "C-9"}, "Customer 'C-9' specified is not valid."),
        ({"TIMETYPE": "Night"}, "Invalid Time Type 'Night' specified."),
    ],
)
def test_an_entry_that_names_what_is_not_there_is_refused(crew: Gateway, values: dict[str, str], said: str) -> None:
    # §5.2 text fragments; §3B TIMESHEETENTRY
    assert sheet(crew, entry(**values)).errors[0] == ("BL01001973", said)


def test_a_task_needs_its_project_and_a_cost_type_needs_its_task(crew: Gateway) -> None:
    # §3C rules, the same for time: taskid needs projectid; costtypeid needs both
    assert_refused(sheet(crew, entry(TASKID="T-1")), "PROJECTID is required")
    assert_refused(sheet(crew, entry(PROJECTID="P-1", COSTTYPEID="LAB")), "TASKKEY is required")


def test_a_task_key_says_the_task_and_its_project(crew: Gateway) -> None:
    # sage-psa §5.4: TASKKEY or TASKID
    [number] = [row["RECORDNO"] for row in crew.stored("TASK")]
    made(sheet(crew, entry(TASKKEY=number)))
    [line] = crew.stored("TIMESHEETENTRY")
    assert (line["TASKID"], line["TASKNAME"], line["PROJECTID"], line["PROJECTNAME"]) == ("T-1", "Rough-in", "P-1", "Rooftop units")
    crew.project("P-2")
    assert_refused(sheet(crew, entry(9, TASKKEY=number, PROJECTID="P-2"), BEGINDATE="11/09/2026"), "does not belong")
    assert_refused(sheet(crew, entry(9, TASKKEY=number, TASKID="T-2", PROJECTID="P-1"), BEGINDATE="11/09/2026"), "does not belong")


def test_an_entry_takes_customer_item_and_billing_from_project_and_task(crew: Gateway) -> None:
    # §7.4 (inferred): the project fills the customer
    crew.call("<create><ITEM><ITEMID>HVAC</ITEMID><NAME>Labour</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE></ITEM></create>")
    made(task(crew, "Billed", TASKID="T-2", ITEMID="HVAC", BILLABLE="true"))
    made(sheet(crew, entry(PROJECTID="P-1", TASKID="T-2"), entry(3, PROJECTID="P-1", TASKID="T-2", BILLABLE="false"), entry(4)))
    first, second, third = sorted(crew.stored("TIMESHEETENTRY"), key=lambda row: str(row["LINENO"]))
    assert (first["CUSTOMERID"], first["ITEMID"], first["BILLABLE"]) == ("C-1", "HVAC", "true")
    assert (second["BILLABLE"], third["BILLABLE"], third["CUSTOMERID"]) == ("false", "false", "")


@pytest.mark.parametrize("day", ["11/01/2026", "11/09/2026"])
def test_an_entry_outside_the_week_is_refused(crew: Gateway, day: str) -> None:
    assert_refused(sheet(crew, {**entry(), "ENTRYDATE": day}), "is not between 11/02/2026 and 11/08/2026")


def test_a_posting_date_in_closed_books_is_refused(crew: Gateway) -> None:
    # §5.2: Periods are closed.
    crew.set(books_closed={"": "10/31/2026"})
    assert "Periods are closed" in sheet(crew, GLPOSTDATE="10/31/2026").errors[0][1]
    made(sheet(crew, GLPOSTDATE="11/01/2026"))


@pytest.mark.parametrize("state", ["Approved", "Saved", "Declined", "Partially Approved", "S"])
def test_only_draft_and_submitted_can_be_written(crew: Gateway, state: str) -> None:
    # §3B TIMESHEET: STATE Draft / Submitted
    assert_refused(sheet(crew, STATE=state), "Invalid value")


def test_an_update_replaces_all_entries(crew: Gateway) -> None:
    # §2.2, §3B TIMESHEET: update replaces all entries
    number = made(sheet(crew, entry(2), entry(3), entry(4)))
    before = {row["RECORDNO"] for row in crew.stored("TIMESHEETENTRY")}
    made(change(crew, number, entry(5, "1"), DESCRIPTION="Corrected"))
    row = stored(crew, "TIMESHEET", number)
    assert [(each["ENTRYDATE"], each["QTY"]) for each in row["TIMESHEETENTRIES"]] == [("11/05/2026", "1")]
    assert row["DESCRIPTION"] == "Corrected"
    assert not before & {each["RECORDNO"] for each in crew.stored("TIMESHEETENTRY")}


def test_a_refused_update_leaves_the_entries_as_they_were(crew: Gateway) -> None:
    # §1.7
    number = made(sheet(crew, entry(2), entry(3)))
    before = crew.stored("TIMESHEETENTRY")
    assert change(crew, number, entry(5), entry(6, PROJECTID="P-9")).status == "failure"
    assert sorted(crew.stored("TIMESHEETENTRY"), key=lambda row: str(row["RECORDNO"])) == before


@pytest.mark.parametrize(("field", "value"), [("EMPLOYEEID", "E-2"), ("BEGINDATE", "11/09/2026")])
def test_a_timesheet_keeps_its_person_and_period(crew: Gateway, field: str, value: str) -> None:
    employee(crew, "E-2", "Bo Lund")
    number = made(sheet(crew))
    assert_refused(change(crew, number, entry(), **{field: value}), "cannot be changed")


@pytest.mark.parametrize("verb", ["approve", "decline"])
def test_a_draft_is_neither_approved_nor_declined(crew: Gateway, verb: str) -> None:
    number = made(sheet(crew))
    assert "nothing to" in judge(crew, verb, number).errors[0][1]


def test_a_submitted_timesheet_is_not_changed_until_declined(crew: Gateway) -> None:
    # §3B TIMESHEET: only Draft/Saved/Declined sheets can be changed
    number = made(sheet(crew, STATE="Submitted"))
    assert_refused(change(crew, number, entry()), "is Submitted and cannot be changed")
    assert "is Submitted and cannot be deleted" in delete(crew, "TIMESHEET", number).errors[0][1]
    assert judge(crew, "decline", number, "<COMMENT>Wrong day</COMMENT>").status == "success"
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Declined"
    made(change(crew, number, entry(3), STATE="Submitted"))
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Submitted"


def test_an_approved_timesheet_is_final(crew: Gateway) -> None:
    number = made(sheet(crew, STATE="Submitted"))
    assert judge(crew, "approve", number).status == "success"
    assert_refused(change(crew, number, entry()), "is Approved and cannot be changed")
    assert "cannot be deleted" in delete(crew, "TIMESHEET", number).errors[0][1]
    assert "nothing to decline" in judge(crew, "decline", number).errors[0][1]


def test_entries_are_decided_one_by_one(crew: Gateway) -> None:
    # sage-psa §5.4: approve/decline TIMESHEET {RECORDNO, ENTRYKEYS, APPROVEDBY, COMMENT}
    number = made(sheet(crew, entry(2), entry(3), entry(4), STATE="Submitted"))
    one, two, three = sorted(row["RECORDNO"] for row in crew.stored("TIMESHEETENTRY"))
    assert judge(crew, "approve", number, f"<ENTRYKEYS>{one}</ENTRYKEYS>").status == "success"
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Partially Approved"
    assert "no submitted entry" in judge(crew, "decline", number, f"<ENTRYKEYS>{one}</ENTRYKEYS>").errors[0][1]
    assert judge(crew, "decline", number, f"<ENTRYKEYS>{two}</ENTRYKEYS>").status == "success"
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Partially Declined"
    assert judge(crew, "approve", number).status == "success"
    assert stored(crew, "TIMESHEETENTRY", three)["STATE"] == "Approved"
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Partially Declined"


def test_every_decision_is_recorded_with_who_and_why(crew: Gateway) -> None:
    # objects table TIMESHEETAPPROVAL: the page's own examples
    crew.at("2026-11-10T12:00:00Z")
    number = made(sheet(crew, STATE="Submitted"))
    more = "<APPROVEDBY>Admin</APPROVEDBY><COMMENT>Fine</COMMENT>"
    assert judge(crew, "approve", number, more).status == "success"
    wanted = ("STATE", "APPROVERID", "APPROVEDBY", "EVENTDATE", "COMMENTS", "TIMESHEETENTRY.LINENO", "TIMESHEETENTRY.TIMESHEET.RECORDNO")
    [row] = crew.call(query("TIMESHEETAPPROVAL", *wanted)).rows
    assert list(row.values()) == ["Approved", "ws-user", "Admin", "11/10/2026", "Fine", "1", number]
    assert crew.call(read_by_query("TIMESHEETAPPROVAL", "*", "")).errors[0][0] == "PL04000005"


def test_an_approver_who_does_not_exist_is_refused(crew: Gateway) -> None:
    # §5.2 BL03000025
    number = made(sheet(crew, STATE="Submitted"))
    reply = judge(crew, "approve", number, "<APPROVEDBY>nobody</APPROVEDBY>")
    assert reply.errors[0] == ("BL03000025", "Login ID nobody does not exist.")
    assert stored(crew, "TIMESHEET", number)["STATE"] == "Submitted"


def test_wrong_approvals_are_refused(crew: Gateway) -> None:
    # §2.9
    number = made(sheet(crew, STATE="Submitted"))
    assert "Cannot find timesheet" in judge(crew, "approve", "999").errors[0][1]
    assert "does not exist in approve" in judge(crew, "approve", number, "<WHY>x</WHY>").errors[0][1]
    assert crew.call("<approve><TASK><RECORDNO>1</RECORDNO></TASK></approve>").errors[0][0] == "PL04000005"
    assert crew.call("<approve><NOTHING/></approve>").errors[0][0] == "Query Failed"
    assert crew.call("<approve/>").errors[0][0] == "DL02000001"
    crew.set(denied_operations=["approve TIMESHEET"])
    assert judge(crew, "approve", number).errors[0][0] == "PL04000005"


def test_hours_of_a_task_follow_submitted_and_approved_time(crew: Gateway) -> None:
    # sage-psa R-PSA-02: actuals come only from timesheets
    number = made(sheet(crew, on_task("4"), on_task("2", 3)))
    assert hours_of(crew) == ("0", "0", "10", "0")
    made(change(crew, number, on_task("4"), on_task("1", 3), STATE="Submitted"))
    assert hours_of(crew) == ("5", "0", "5", "0.5")
    assert judge(crew, "approve", number).status == "success"
    assert hours_of(crew) == ("5", "5", "5", "0.5")


def test_declined_time_is_no_actual_time(crew: Gateway) -> None:
    number = made(sheet(crew, on_task("4"), STATE="Submitted"))
    assert judge(crew, "decline", number).status == "success"
    assert hours_of(crew) == ("0", "0", "10", "0")
    assert delete(crew, "TIMESHEET", number).status == "success"
    assert crew.stored("TIMESHEETENTRY") == crew.stored("TIMESHEETAPPROVAL") == []


def test_time_on_a_task_does_not_touch_its_audit_columns(crew: Gateway) -> None:
    # intacct-rest §11: totals are derived, so time fires no event of the task
    [before] = crew.stored("TASK")
    crew.advance(60)
    made(sheet(crew, on_task(), STATE="Submitted"))
    [after] = crew.stored("TASK")
    assert (after["WHENMODIFIED"], after["ACTUALQTY"]) == (before["WHENMODIFIED"], "8")


def test_a_task_with_time_is_not_deleted(crew: Gateway) -> None:
    # sage-psa R-PSA-91
    made(sheet(crew, on_task()))
    [row] = crew.stored("TASK")
    assert "refers to it" in delete(crew, "TASK", row["RECORDNO"]).errors[0][1]


@pytest.mark.parametrize("status", ["On Hold", "Completed"])
def test_a_project_status_may_prevent_time(crew: Gateway, status: str) -> None:
    # §3A PROJECT: project status records can block timesheet entry; §5.2 wording
    crew.project("P-3", f"<PROJECTSTATUS>{status}</PROJECTSTATUS>")
    said = "The Project 'P-3' has a project status that prevents timesheet submittal."
    assert sheet(crew, entry(PROJECTID="P-3")).errors[0] == ("BL01001973", said)
    number = made(sheet(crew, entry(PROJECTID="P-1")))
    assert change(crew, number, entry(PROJECTID="P-3")).errors[0] == ("BL01001973", said)
    made(update(crew, "PROJECT", PROJECTID="P-3", PROJECTSTATUS="In Progress"))
    made(change(crew, number, entry(PROJECTID="P-3")))


@pytest.mark.parametrize("label", ["Project users", "projectUsers", "Project and task users"])
def test_a_project_may_take_time_of_its_resources_only(crew: Gateway, label: str) -> None:
    # sage-psa §5.3: USERRESTRICTIONS; §5.2: The employee is not a resource of the project 'x'.
    made(update(crew, "PROJECT", PROJECTID="P-1", USERRESTRICTIONS=label))
    assert_refused(sheet(crew, entry(PROJECTID="P-1")), "The employee is not a resource of the project 'P-1'.")
    crew.control("POST", "objects/PROJECTRESOURCES", {"PROJECTID": "P-1", "EMPLOYEEID": "E-1"})
    number = made(sheet(crew, entry(PROJECTID="P-1")))
    if "task" in label:
        assert_refused(change(crew, number, on_task()), "not a resource")
        crew.control("POST", "objects/TASKRESOURCES", {"PROJECTID": "P-1", "TASKID": "T-1", "EMPLOYEEID": "E-1"})
    made(change(crew, number, on_task()))


def test_states_are_found_by_label_and_by_code(crew: Gateway) -> None:
    # §3.0 TIMESHEET.STATE
    made(sheet(crew))
    submitted = made(sheet(crew, entry(9), BEGINDATE="11/09/2026", STATE="Submitted"))
    approved = made(sheet(crew, entry(16), BEGINDATE="11/16/2026", STATE="Submitted"))
    judge(crew, "approve", approved)
    for code, number in (("S", submitted), ("A", approved)):
        assert [row["RECORDNO"] for row in crew.call(read_by_query("TIMESHEET", "RECORDNO", f"STATE = '{code}'")).rows] == [number]
    where = "<equalto><field>STATE</field><value>Submitted</value></equalto>"
    assert [row["RECORDNO"] for row in crew.call(query("TIMESHEET", "RECORDNO", filter=where)).rows] == [submitted]


def test_read_nests_the_entries_and_query_does_not(crew: Gateway) -> None:
    # §1.3, §2.4: container upper-case, line lower-case; §2.7: query the line object
    number = made(sheet(crew, on_task(), entry(3)))
    record = crew.call(f"<read><object>TIMESHEET</object><keys>{number}</keys><fields>*</fields></read>").data.find("TIMESHEET")
    assert record is not None
    assert [line.findtext("TASKID") for line in record.findall("TIMESHEETENTRIES/timesheetentry")] == ["T-1", ""]
    assert crew.call(query("TIMESHEET", "TIMESHEETENTRIES")).errors[0][0] == "DL02000001"
    where = f"<equalto><field>TIMESHEETKEY</field><value>{number}</value></equalto>"
    rows = crew.call(query("TIMESHEETENTRY", "LINENO", "TIMESHEET.STATE", "TASK.NAME", filter=where, order="LINENO")).rows
    assert [tuple(row.values()) for row in rows] == [("1", "Draft", "Rough-in"), ("2", "Draft", "")]


def test_entries_are_written_through_their_timesheet_only(crew: Gateway) -> None:
    # objects table TIMESHEETENTRY: query, readByQuery, read
    number = made(sheet(crew))
    [line] = crew.stored("TIMESHEETENTRY")
    assert create(crew, "TIMESHEETENTRY", TIMESHEETKEY=number, **entry()).errors[0][0] == "PL04000005"
    assert update(crew, "TIMESHEETENTRY", RECORDNO=line["RECORDNO"], QTY="1").errors[0][0] == "PL04000005"
    assert delete(crew, "TIMESHEETENTRY", line["RECORDNO"]).errors[0][0] == "PL04000005"


def test_a_strange_element_among_the_entries_is_refused(crew: Gateway) -> None:
    reply = create(crew, "TIMESHEET", EMPLOYEEID="E-1", BEGINDATE="11/02/2026", TIMESHEETENTRIES=[("LINE", entry())])
    assert reply.errors[0][0] == "DL02000001"
    assert sheet(crew, entry(HOURS="8")).errors[0][0] == "DL02000001"


def test_a_timesheet_counts_as_one_transaction_with_all_entries(crew: Gateway) -> None:
    # §6: a document with all its lines = 1
    crew.control("DELETE", "meter")
    number = made(sheet(crew, entry(2), entry(3), entry(4), STATE="Submitted"))
    judge(crew, "approve", number)
    assert crew.control("GET", "meter")["transactions"] == 2


def test_deleting_a_timesheet_deletes_its_entries_and_leaves_a_trail(crew: Gateway) -> None:
    # §4.2 AUDITHISTORY
    number = made(sheet(crew, entry(2), entry(3)))
    assert delete(crew, "TIMESHEET", number).status == "success"
    assert crew.stored("TIMESHEETENTRY") == []
    trail = [(row["OBJECTTYPE"], row["ACCESSMODE"]) for row in crew.stored("AUDITHISTORY")]
    assert trail == [("timesheetentry", "D"), ("timesheetentry", "D"), ("timesheet", "D")]


def test_a_rolled_back_transaction_leaves_no_timesheet_and_no_hours(crew: Gateway) -> None:
    # §1.7
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "STATE": "Submitted"}
    good = f"<create>{element('TIMESHEET', {**head, 'TIMESHEETENTRIES': lines(on_task())})}</create>"
    reply = crew.call(good, "<create><TASK><NAME>x</NAME></TASK></create>", transaction="true")
    assert [result.findtext("status") for result in reply.results] == ["aborted", "failure"]
    assert crew.stored("TIMESHEET") == crew.stored("TIMESHEETENTRY") == []
    assert hours_of(crew)[0] == "0"


def test_hours_count_for_the_person_on_the_task_and_for_the_project(crew: Gateway) -> None:
    # intacct-rest §15.1 progress, §15.4 duration: derived, read-only
    crew.control("POST", "objects/TASKRESOURCES", {"PROJECTID": "P-1", "TASKID": "T-1", "EMPLOYEEID": "E-1", "ESTQTY": "6"})
    number = made(sheet(crew, on_task("3"), entry(3, "2", PROJECTID="P-1"), STATE="Submitted"))
    [person] = crew.stored("TASKRESOURCES")
    assert (person["ACTUALQTY"], person["REMAININGQTY"], person["PERCENTCOMPLETE"]) == ("3", "3", "0.5")
    assert judge(crew, "decline", number).status == "success"
    [person] = crew.stored("TASKRESOURCES")
    assert (person["ACTUALQTY"], person["REMAININGQTY"]) == ("0", "6")


def test_a_search_sees_the_old_entries_until_the_lag_is_over(crew: Gateway) -> None:
    # design §6 consistency_lag_s; §2.2: an update replaces all entries
    crew.at("2026-11-21T12:00:00Z")
    number = made(sheet(crew, entry(2, "8"), entry(3, "4")))
    crew.set(consistency_lag_s=60)

    def hours() -> list[str]:
        found = crew.call(query("TIMESHEETENTRY", "QTY", order="RECORDNO")).rows
        paged = crew.call(read_by_query("TIMESHEETENTRY", "QTY", "")).rows
        assert sorted(row["QTY"] for row in paged) == sorted(row["QTY"] for row in found)
        return [row["QTY"] for row in found]

    change(crew, number, entry(2, "6"))
    assert hours() == ["8", "4"]
    crew.advance(30)
    change(crew, number, entry(2, "5"))
    assert hours() == ["8", "4"]
    crew.advance(30)
    assert hours() == ["6"]  # what was true a lag ago
    crew.advance(30)
    assert hours() == ["5"]
    assert delete(crew, "TIMESHEET", number).status == "success"
    assert hours() == ["5"]
    assert crew.call(query("TIMESHEET", "RECORDNO")).rows == [{"RECORDNO": number}]
    crew.advance(60)
    assert (hours(), crew.call(query("TIMESHEET", "RECORDNO")).rows) == ([], [])
