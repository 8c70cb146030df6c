"""The vendor's Node SDK on projects, tasks and timesheets (intacct-xml §3A, §3B, §9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

PEOPLE = ("Eli Post", "Ida Rahm")


@pytest.fixture(scope="module", autouse=True)
def staff(sdk: NodeSdk) -> None:
    for number, name in enumerate(PEOPLE, 1):
        sdk.run("Company.ContactCreate", contactName=name, printAs=name)
        sdk.run("EmployeeExpense.EmployeeCreate", employeeId=f"E-{number}", contactName=name, locationId="100")
    sdk.run("AccountsReceivable.CustomerCreate", customerId="C-1", customerName="Birch", printAs="Birch")


def project(sdk: NodeSdk, number: str, **values: Any) -> str:
    return sdk.number(
        "Projects.ProjectCreate",
        **{"projectId": number, "projectName": f"Job {number}", "projectCategory": "Contract", "locationId": "100", **values},
    )


def test_projects_are_made_with_what_the_sdk_can_say_changed_and_deleted(sdk: NodeSdk) -> None:
    project(sdk, "P-1", customerId="C-1")
    number = project(
        sdk,
        "P-2",
        parentProjectId="P-1",
        invoiceWithParent=True,
        description="Two units",
        projectType="Installation",
        projectStatus="In Progress",
        customerId="C-1",
        projectManagerEmployeeId="E-1",
        referenceNo="REF-1",
        active=True,
        primaryContactName="Ida Rahm",
        beginDate=day("2026-02-01"),
        endDate=day("2026-11-30"),
        billableEmployeeExpense=True,
        billableApPurchasing=True,
        purchaseOrderNo="PO-7",
        purchaseOrderAmount=1000,
        contractAmount=125000.5,
        budgetedCost=90000,
        budgetedDuration=300,
    )
    row = sdk.read("PROJECT", number)
    names = ("PARENTID", "PROJECTTYPE", "PROJECTSTATUS", "MANAGERID", "BEGINDATE", "ENDDATE", "BILLABLEAPPODEFAULT", "CONTRACTAMOUNT")
    assert [row[name] for name in names] == ["P-1", "Installation", "In Progress", "E-1", "02/01/2026", "11/30/2026", "true", "125000.5"]
    assert row["CONTACTINFO"]["CONTACTNAME"] == "Ida Rahm"
    sdk.run("Projects.ProjectUpdate", projectId="P-2", projectName="Job 2, renamed", active=False)
    changed = sdk.read("PROJECT", number)
    assert [changed[name] for name in ("NAME", "STATUS", "PARENTID", "CUSTOMERID")] == ["Job 2, renamed", "inactive", "P-1", "C-1"]
    with pytest.raises(RefusedBySdk) as refused:
        project(sdk, "P-1")
    assert refused.value.name == "ResultException"
    assert refused.value.errors[0].startswith("BL34000061 Another Project with the given value(s) P-1")
    with pytest.raises(RefusedBySdk):
        sdk.run("Projects.ProjectDelete", projectId="P-1")
    for key in ("P-2", "P-1"):
        assert sdk.run("Projects.ProjectDelete", projectId=key)["function"] == "delete_project"
    assert not [row for row in sdk.stored("PROJECT") if row["PROJECTID"] in {"P-1", "P-2"}]


def test_tasks_are_made_changed_and_deleted(sdk: NodeSdk) -> None:
    project(sdk, "T-JOB")
    sdk.run("InventoryControl.ItemCreate", itemId="LABOR", itemName="Labor", itemType="Non-Inventory")
    values = {"projectId": "T-JOB", "taskStatus": "Planned"}
    parent = sdk.number("Projects.TaskCreate", taskName="Sitework", **values)
    number = sdk.number(
        "Projects.TaskCreate",
        taskName="Footings",
        parentTaskRecordNo=parent,
        itemId="LABOR",
        billable=True,
        description="Pour",
        milestone=False,
        priority=2,
        wbsCode="01.2",
        plannedBeginDate=day("2026-03-02"),
        plannedEndDate=day("2026-03-20"),
        plannedDuration=40,
        estimatedDuration=44.5,
        timeType="Regular",
        **values,
    )
    row = sdk.read("TASK", number)
    names = ("NAME", "PARENTTASKNAME", "ITEMID", "PBEGINDATE", "BUDGETQTY", "ESTQTY", "TASKNO", "TIMETYPENAME")
    assert [row[name] for name in names] == ["Footings", "Sitework", "LABOR", "03/02/2026", "40", "44.5", "01.2", "Regular"]
    sdk.run("Projects.TaskUpdate", recordNo=number, taskName="Footing", taskStatus="In Progress", plannedDuration=50)
    changed = sdk.read("TASK", number)
    assert [changed[name] for name in ("NAME", "TASKSTATUS", "BUDGETQTY", "ESTQTY")] == ["Footing", "In Progress", "50", "44.5"]
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Projects.TaskUpdate", recordNo=number, taskName="Without the status")
    assert any("TASKSTATUS is required" in each for each in refused.value.errors)
    for key in (number, parent):
        sdk.run("Projects.TaskDelete", recordNo=key)
    assert not [row for row in sdk.stored("TASK") if row["PROJECTID"] == "T-JOB"]


def entry(date: str, hours: float, **values: Any) -> dict[str, Any]:
    return made("Projects.TimesheetEntryCreate", **{"entryDate": day(date), "quantity": hours, "locationId": "100", **values})


def test_a_timesheet_is_made_changed_and_deleted(sdk: NodeSdk) -> None:
    project(sdk, "S-JOB")
    task = sdk.number("Projects.TaskCreate", taskName="Dig", projectId="S-JOB", taskStatus="In Progress")
    values = {"projectId": "S-JOB", "taskRecordNo": task, "timeTypeName": "Regular", "notes": "<wet> & cold"}
    number = sdk.number(
        "Projects.TimesheetCreate",
        employeeId="E-1",
        beginDate=day("2026-11-02"),
        description="Week 45",
        action="Draft",
        entries=[entry("2026-11-02", 8, **values), entry("2026-11-03", 7.5, **values)],
    )
    sheet = sdk.read("TIMESHEET", number)
    lines = sheet["TIMESHEETENTRIES"]["timesheetentry"]
    assert [(each["ENTRYDATE"], each["QTY"], each["NOTES"]) for each in lines] == [
        ("11/02/2026", "8", "<wet> & cold"),
        ("11/03/2026", "7.5", "<wet> & cold"),
    ]
    assert (sheet["STATE"], sheet["EMPLOYEEID"], sheet["DESCRIPTION"]) == ("Draft", "E-1", "Week 45")
    kept = made(
        "Projects.TimesheetEntryUpdate",
        lineRecordNo=lines[0]["RECORDNO"],
        entryDate=day("2026-11-02"),
        quantity=6,
        locationId="100",
        projectId="S-JOB",
        taskRecordNo=task,
    )
    sdk.run("Projects.TimesheetUpdate", recordNo=number, employeeId="E-1", beginDate=day("2026-11-02"), action="Draft", entries=[kept])
    assert [row["QTY"] for row in sdk.stored("TIMESHEETENTRY") if row["TIMESHEETKEY"] == number] == ["6"]
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("Projects.TimesheetCreate", employeeId="E-1", beginDate=day("2026-11-02"), entries=[entry("2026-11-02", 1)])
    assert refused.value.errors
    sdk.run("Projects.TimesheetDelete", recordNo=number)
    assert not [row for row in sdk.stored("TIMESHEETENTRY") if row["TIMESHEETKEY"] == number]


def test_a_submitted_timesheet_is_approved_or_declined_line_by_line(sdk: NodeSdk) -> None:
    project(sdk, "A-JOB")
    task = sdk.number("Projects.TaskCreate", taskName="Dig", projectId="A-JOB", taskStatus="In Progress")
    values = {"projectId": "A-JOB", "taskRecordNo": task}
    number = sdk.number(
        "Projects.TimesheetCreate",
        employeeId="E-2",
        beginDate=day("2026-11-02"),
        action="Submitted",
        entries=[entry("2026-11-02", 8, **values), entry("2026-11-03", 8, **values)],
    )
    lines = [row["RECORDNO"] for row in sdk.stored("TIMESHEETENTRY") if row["TIMESHEETKEY"] == number]
    sdk.run("Projects.TimesheetApprove", recordNo=number, lineRecordNo=lines[:1], approvedBy="Admin", comment="Fine")
    assert sdk.read("TIMESHEET", number)["STATE"] == "Partially Approved"
    sdk.run("Projects.TimesheetDecline", recordNo=number, lineRecordNo=lines[1:], declinedBy="Admin", comment="Not there")
    states = {row["RECORDNO"]: row["STATE"] for row in sdk.stored("TIMESHEETENTRY") if row["TIMESHEETKEY"] == number}
    assert [states[each] for each in lines] == ["Approved", "Declined"]
