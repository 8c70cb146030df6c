"""Time, pay and budget codes (servicetitan §8, §10)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api

WBS = "jpm/work-breakdown-structure"


def sheet_body(api: Api, job: dict[str, Any], **more: Any) -> dict[str, Any]:
    technician = api.rows("settings/technicians")[0]["id"]
    times = {"dispatchedOn": "2026-03-05T14:30:00Z", "arrivedOn": "2026-03-05T15:00:00Z", "doneOn": "2026-03-05T17:00:00Z"}
    return {"appointmentId": job["firstAppointmentId"], "technicianId": technician, **times, **more}


def test_a_job_timesheet_stands_in_list_and_feed(api: Api) -> None:
    # servicetitan §8 "Job timesheet: project via job"
    api.settings(export_lag_s=0)
    job = api.new_job()
    made = api.made("POST", f"payroll/jobs/{job['id']}/timesheets", sheet_body(api, job))
    (row,) = api.rows("payroll/jobs/timesheets", jobIds=job["id"], technicianId=api.rows("settings/technicians")[0]["id"])
    assert (row["id"], row["jobId"], "projectId" in row) == (made["id"], job["id"], False)
    assert api.get(f"payroll/jobs/{job['id']}/timesheets")["data"] == [row]
    assert api.export("payroll/export/jobs/timesheets")[0] == [row]
    assert api.get(f"payroll/jobs/{api.new_job()['id']}/timesheets")["data"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"appointmentId": 999},
        {"technicianId": 999},
        {"appointmentId": "other"},
        {"arrivedOn": "2026-03-05T14:00:00Z"},
        {"doneOn": "2026-03-05T14:59:00Z"},
        {"dispatchedOn": None},
        {"hours": 2},
    ],
)
def test_a_timesheet_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    job = api.new_job()
    given = {**wrong, "appointmentId": api.new_job()["firstAppointmentId"]} if wrong.get("appointmentId") == "other" else wrong
    api.refused(400, "POST", f"payroll/jobs/{job['id']}/timesheets", sheet_body(api, job, **given))
    api.refused(400, "POST", "payroll/jobs/999/timesheets", sheet_body(api, job))


def test_gross_pay_names_job_and_project(demo: Api) -> None:
    # servicetitan §8 "Gross pay item: the richest labour-cost source"
    jobs = {job["id"]: job for job in demo.rows("jpm/jobs")}
    projects = {project["id"]: project for project in demo.rows("jpm/projects")}
    items = demo.rows("payroll/gross-pay-items", employeeType="Technician")
    assert items
    for item in items:
        job = jobs[item["jobId"]]
        assert (item["jobNumber"], item["projectId"]) == (job["jobNumber"], job["projectId"])
        assert item["projectNumber"] == (projects[job["projectId"]]["number"] if job["projectId"] else None)
    payroll = demo.rows("payroll/payrolls")[0]
    assert {item["employeeId"] for item in demo.rows("payroll/gross-pay-items", payrollIds=payroll["id"])} <= {payroll["employeeId"]}
    last = max(item["modifiedOn"] for item in items)
    assert demo.rows("payroll/gross-pay-items", modifiedOnOrAfter=last, modifiedOnOrBefore=last)


def test_pay_is_added_to_an_open_payroll_only(demo: Api) -> None:
    # servicetitan §4 "409 on … gross pay items"
    payroll = demo.rows("payroll/payrolls")[0]
    invoice = demo.rows("accounting/invoices")[0]
    code = demo.get(f"{WBS}/budget-codes")["data"][0]["id"]
    body = {"payrollId": payroll["id"], "amount": 50, "activityCodeId": 1, "date": "2026-03-01T00:00:00Z", "invoiceId": invoice["id"]}
    made = demo.made("POST", "payroll/gross-pay-items", {**body, "budgetCodeId": code})
    kept = {row["id"]: row for row in demo.rows("payroll/gross-pay-items")}[made["id"]]
    assert (kept["jobId"], kept["amount"], kept["budgetCodeId"]) == (invoice["job"]["id"], 50, code)
    for wrong in ({"payrollId": 999}, {"invoiceId": 999}, {"budgetCodeId": 999}, {"amount": None}):
        demo.refused(400, "POST", "payroll/gross-pay-items", {**body, **wrong})
    demo.put("payrolls", id=payroll["id"], status="Locked")
    demo.refused(409, "POST", "payroll/gross-pay-items", body)


def activity_body(api: Api, code: str = "JOB", **more: Any) -> dict[str, Any]:
    kind = next(row for row in api.rows("timesheets/activity-types") if row["code"] == code)
    who = {"employeeId": api.rows("settings/technicians")[0]["id"], "employeeType": "Technician", "activityTypeId": kind["id"]}
    return {**who, "startTime": "2026-03-02T08:00:00Z", "endTime": "2026-03-02T09:00:00Z", "tagTypes": [], **more}


def test_an_activity_carries_a_budget_code_of_its_project(api: Api) -> None:
    # servicetitan §10 "no project on the entry -> field disabled"
    customer = api.new_customer()
    project = api.new_project(customer)
    job = api.new_job(customer, projectId=project["id"])
    code = api.get(f"{WBS}/budget-codes")["data"][0]["id"]
    made = api.made("POST", "timesheets/activities", activity_body(api, jobId=job["id"], budgetCodeId=code))
    (row,) = api.rows("timesheets/activities")
    assert (row["id"], row["jobId"], row["budgetCodeId"]) == (made["id"], job["id"], code)
    loose = api.new_job()
    assert (
        "budgetCodeId"
        in api.refused(400, "POST", "timesheets/activities", activity_body(api, jobId=loose["id"], budgetCodeId=code))["errors"]
    )


@pytest.mark.parametrize(
    ("code", "more", "member"),
    [
        ("JOB", {}, "jobId"),
        ("JOB", {"jobId": 999}, "jobId"),
        ("SHOP", {"jobId": "mine"}, "jobId"),
        ("SHOP", {"budgetCodeId": "mine"}, "budgetCodeId"),
        ("SHOP", {"projectId": 999}, "projectId"),
        ("SHOP", {"employeeId": 999}, "employeeId"),
        ("SHOP", {"employeeType": "Helper"}, "employeeType"),
        ("SHOP", {"activityTypeId": 999}, "activityTypeId"),
        ("SHOP", {"endTime": "2026-03-02T07:00:00Z"}, "endTime"),
        ("SHOP", {"tagTypes": [999]}, "tagTypes"),
        ("SHOP", {"tagTypes": None}, "tagTypes"),
    ],
)
def test_an_activity_keeps_to_the_rules_of_its_type(api: Api, code: str, more: dict[str, Any], member: str) -> None:
    # servicetitan §10 "activity setting Do Not Allow / Allow / Require"
    mine = {"jobId": lambda: api.new_job()["id"], "budgetCodeId": lambda: api.get(f"{WBS}/budget-codes")["data"][0]["id"]}
    given = {name: mine[name]() if value == "mine" else value for name, value in more.items()}
    assert member in api.refused(400, "POST", "timesheets/activities", activity_body(api, code, **given))["errors"]


# -- budget codes


def test_a_budget_code_is_one_item_of_each_segment(api: Api) -> None:
    # servicetitan §10
    segments = api.get(f"{WBS}/segments")["data"]
    assert [segment["type"] for segment in segments] == ["CostCode", "CostType"]
    first = api.get(f"{WBS}/segments/{segments[0]['id']}/items", includeTotal="true")
    assert (first["totalCount"], first["data"][0]["path"]) == (3, "22-00")
    codes = api.get(f"{WBS}/budget-codes", pageSize=4)
    assert (len(codes["data"]), codes["hasMore"], codes["data"][0]["code"]) == (4, True, "22-00-L")
    item = first["data"][0]["id"]
    assert len(api.get(f"{WBS}/budget-codes", segmentItemIds=item)["data"]) == 3
    assert len(api.get(f"{WBS}/budget-codes", segmentIds=segments[1]["id"])["data"]) == 9
    assert api.get(f"{WBS}/budget-codes", budgetCodeIds=codes["data"][1]["id"])["data"] == codes["data"][1:2]
    project = api.new_project(api.new_customer())
    assert api.get(f"{WBS}/projects/{project['id']}/segments")["data"] == segments
    assert len(api.get(f"{WBS}/projects/{project['id']}/budget-codes")["data"]) == 9


def test_codes_are_matched(api: Api) -> None:
    # servicetitan §10 "match?codes= which validates code strings"
    matches = api.get(f"{WBS}/budget-codes/match", codes=["23-00-m", "99-00-M"])["matches"]
    assert [(match["code"], match["isValid"], len(match["budgetCodes"])) for match in matches] == [
        ("23-00-m", True, 1),
        ("99-00-M", False, 0),
    ]
    api.refused(400, "GET", f"{WBS}/budget-codes/match")
    api.refused(400, "GET", f"{WBS}/projects/999/budget-codes/match", codes="23-00-M")
    api.refused(400, "GET", f"{WBS}/segments/999/items")


def test_a_code_that_exists_or_is_not_full_is_refused(api: Api) -> None:
    keys = {row["code"]: row["id"] for row in api.control("GET", "objects/segment-items")}
    for wrong in ([keys["22-00"]], [keys["22-00"], keys["23-00"], keys["L"]], [999], [], [keys["22-00"], keys["L"]]):
        assert "segmentItemIds" in api.refused(400, "POST", f"{WBS}/budget-codes", {"segmentItemIds": wrong})["errors"]


# -- people, history


def test_people_are_hired(api: Api) -> None:
    # servicetitan Appendix B "POST technicians", "POST employees"
    unit = api.rows("settings/business-units")[0]["id"]
    technician = {
        "name": "Ines Redfern",
        "accountCreationMethod": "CreateLater",
        "roleId": 3,
        "positions": [],
        "licenseType": "ManagedTech",
    }
    made = api.made("POST", "settings/technicians", {**technician, "businessUnitId": unit, "login": "ines"})
    assert api.get(f"settings/technicians/{made['id']}")["firstName"] == "Ines"
    employee = {"name": "Hugo Tennant", "email": "h@example.com", "accountCreationMethod": "CreateLater", "roleId": 3, "positions": []}
    key = api.made("POST", "settings/employees", employee)["id"]
    assert key in {row["id"] for row in api.export("settings/export/employees", includeRecentChanges="true")[0]}
    for wrong in ({"name": " "}, {"businessUnitId": 999}, {"login": "ines"}, {"accountCreationMethod": "Later"}, {"salary": 5}):
        api.refused(400, "POST", "settings/employees", {**employee, **wrong})


def test_the_history_feed_groups_the_lines_of_a_job(api: Api) -> None:
    # servicetitan Appendix A ExportJobHistoryResponse
    api.settings(export_lag_s=0)
    one, two = api.new_job(), api.new_job()
    api.made("PUT", f"jpm/jobs/{one['id']}/complete", {"completedOn": "2026-03-02T14:00:00Z"})
    page = api.get("jpm/export/job-history")
    assert {row["jobId"]: [line["eventType"] for line in row["history"]] for row in page["data"]} == {
        one["id"]: ["Booked", "Completed"],
        two["id"]: ["Booked"],
    }
    assert api.get("jpm/export/job-history", **{"from": page["continueFrom"]})["data"] == []
