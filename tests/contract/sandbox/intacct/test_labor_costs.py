"""Job cost from approved time: what is posted, with which dimensions, and what is refused (intacct-rest §15.2; §3.0 48.PROJACCT)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query
from tests.contract.sandbox.intacct.projects import create, employee, made, task

COST = ("ACCOUNTNO", "AMOUNT", "PROJECTID", "TASKID", "COSTTYPEID", "EMPLOYEEID", "MODULEKEY")
LABOR = {"NAME": "Site", "ACCOUNTNO": "5000", "OFFSETACCOUNTNO": "2030"}


@pytest.fixture
def crew(intacct: Gateway) -> Gateway:
    """Employee E-1, and task T-1 of project P-1 with the cost type LAB; labor cost posting is on."""
    intacct.control("POST", "objects/TIMETYPE", [LABOR, {"NAME": "Bare"}])
    intacct.set(labor_cost_posting=True)
    intacct.project("P-1")
    employee(intacct)
    made(create(intacct, "STANDARDCOSTTYPE", STANDARDCOSTTYPEID="LAB", NAME="Labor"))
    made(task(intacct, TASKID="T-1", TIMETYPENAME="Site"))
    made(create(intacct, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", STANDARDCOSTTYPEID="LAB"))
    return intacct


def entry(**values: Any) -> dict[str, Any]:
    place = {"PROJECTID": "P-1", "TASKID": "T-1", "COSTTYPEID": "LAB", "LOCATIONID": "100"}
    return {"ENTRYDATE": "11/02/2026", "QTY": "8", "EXTCOSTRATE": "40", **place, **values}


def submitted(gateway: Gateway, *entries: dict[str, Any], **values: Any) -> str:
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "STATE": "Submitted", **values}
    return made(create(gateway, "TIMESHEET", **head, TIMESHEETENTRIES=[("TIMESHEETENTRY", each) for each in entries]))


def approve(gateway: Gateway, number: str, more: str = "") -> Any:
    return gateway.call(f"<approve><TIMESHEET><RECORDNO>{number}</RECORDNO>{more}</TIMESHEET></approve>")


def costs(gateway: Gateway) -> list[tuple[str, ...]]:
    rows = gateway.call(query("GLDETAIL", *COST, order="RECORDNO")).rows
    return [tuple(row[name] for name in COST) for row in rows]


def test_approved_time_is_job_cost(crew: Gateway) -> None:
    number = submitted(crew, entry(), entry(EXTAMOUNT="100", EXTEMPLOYERTAXES="7.65", EXTFRINGES="2", EXTCASHFRINGES="0.35"))
    assert costs(crew) == []
    assert approve(crew, number).status == "success"
    place = ("P-1", "T-1", "LAB", "E-1", "48.PROJACCT")
    assert costs(crew) == [("5000", "320", *place), ("2030", "-320", *place), ("5000", "110", *place), ("2030", "-110", *place)]
    [batch] = crew.stored("GLBATCH")
    assert (batch["JOURNAL"], batch["BATCH_DATE"], batch["MODULE"]) == ("GJ", "11/08/2026", "48.PROJACCT")
    joined = crew.call(query("GLDETAIL", "PROJECTNAME", "TASKNAME", "EMPLOYEENAME")).rows[0]
    assert joined == {"PROJECTNAME": "Rooftop units", "TASKNAME": "Rough-in", "EMPLOYEENAME": "Ada Sill"}


def test_what_is_declined_or_costs_nothing_is_no_job_cost(crew: Gateway) -> None:
    number = submitted(crew, entry(), entry(EXTCOSTRATE=""))
    first, second = (row["RECORDNO"] for row in crew.stored("TIMESHEETENTRY"))
    approve(crew, number, f"<ENTRYKEYS>{second}</ENTRYKEYS>")
    crew.call(f"<decline><TIMESHEET><RECORDNO>{number}</RECORDNO><ENTRYKEYS>{first}</ENTRYKEYS></TIMESHEET></decline>")
    assert costs(crew) == []


def test_entries_approved_apart_are_each_posted_once(crew: Gateway) -> None:
    number = submitted(crew, entry(), entry(QTY="1"), GLPOSTDATE="11/30/2026")
    for row in crew.stored("TIMESHEETENTRY"):
        approve(crew, number, f"<ENTRYKEYS>{row['RECORDNO']}</ENTRYKEYS>")
    assert [(row["ACCOUNTNO"], row["AMOUNT"], row["ENTRY_DATE"]) for row in crew.stored("GLDETAIL")] == [
        ("5000", "320", "11/30/2026"),
        ("2030", "-320", "11/30/2026"),
        ("5000", "40", "11/30/2026"),
        ("2030", "-40", "11/30/2026"),
    ]
    assert "nothing to approve" in approve(crew, number).errors[0][1]


def test_a_refused_posting_leaves_the_time_waiting(crew: Gateway) -> None:
    bare = submitted(crew, entry(TIMETYPE="Bare"))
    assert "has no accounts to post its cost to" in approve(crew, bare).errors[0][1]
    crew.set(books_closed={"": "11/30/2026"})
    number = submitted(crew, entry(ENTRYDATE="11/09/2026"), BEGINDATE="11/09/2026")
    assert "Periods are closed" in approve(crew, number).errors[0][1]
    assert {row["STATE"] for row in crew.stored("TIMESHEET")} == {row["STATE"] for row in crew.stored("TIMESHEETENTRY")} == {"Submitted"}
    assert (costs(crew), crew.stored("TIMESHEETAPPROVAL")) == ([], [])


def test_a_task_needs_a_time_type_while_labor_cost_is_posted(crew: Gateway) -> None:
    assert "TIMETYPENAME is required" in task(crew, TASKID="T-2", NAME="Trim").errors[0][1]
    crew.set(labor_cost_posting=False)
    made(task(crew, TASKID="T-2", NAME="Trim"))
    approve(crew, submitted(crew, entry()))
    assert costs(crew) == []
