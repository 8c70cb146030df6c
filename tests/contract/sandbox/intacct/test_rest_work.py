"""Tasks, resources, cost types, timesheets, vendors, items, accounts and bills over REST (intacct-rest §14, §15.2–15.10, §15.20)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import query
from tests.contract.sandbox.intacct.rest import CONTACTS, Rest, detail, problem

TASKS, RESOURCES, TASK_RESOURCES = "/objects/projects/task", "/objects/projects/project-resource", "/objects/projects/task-resource"
EMPLOYEES, SHEETS, LINES = "/objects/company-config/employee", "/objects/time/timesheet", "/objects/time/timesheet-line"
VENDORS, BILLS, BILL_LINES = "/objects/accounts-payable/vendor", "/objects/accounts-payable/bill", "/objects/accounts-payable/bill-line"
ACCOUNTS, ITEMS, CONSTRUCTION = "/objects/general-ledger/account", "/objects/inventory-control/item", "/objects/construction"


def task(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": f"Task {number}", "taskStatus": "planned", "project": {"id": "P-1"}} | more


@pytest.fixture
def site(rest: Rest) -> Rest:
    """A project P-1, an employee E-1 with a contact, an account and a vendor."""
    rest.project("P-1", startDate="2026-03-02", endDate="2026-06-30")
    rest.made(CONTACTS, {"id": "Sill, Ada", "printAs": "Ada Sill", "firstName": "Ada"})
    rest.made(EMPLOYEES, {"id": "E-1", "location": {"id": "100"}, "primaryContact": {"id": "Sill, Ada"}, "startDate": "2026-01-05"})
    rest.made(ACCOUNTS, {"id": "5901", "name": "Materials", "accountType": "incomeStatement", "normalBalance": "debit"})
    rest.made(VENDORS, {"id": "V-1", "name": "Pipe Supply"})
    return rest


def test_a_task_is_written_over_rest_and_read_over_xml(site: Rest) -> None:
    # §15.2
    key = site.made(TASKS, task("01-010", planned={"startDate": "2026-03-09"}, duration={"planned": 8, "estimated": 10.5}, wbsCode="1.1"))
    shown = site.read(TASKS, key)
    assert (shown["taskStatus"], shown["duration"]["planned"], shown["duration"]["estimated"]) == ("planned", 8, 10.5)
    assert (shown["project"]["id"], shown["project"]["startDate"]) == ("P-1", "2026-03-02")
    assert (shown["root"]["id"], shown["isBillable"], shown["planned"]["startDate"]) == ("01-010", False, "2026-03-09")
    rows = site.xml.call(query("TASK", "TASKID", "PROJECTID", "TASKSTATUS", "ESTQTY", filter="")).rows
    assert rows == [{"TASKID": "01-010", "PROJECTID": "P-1", "TASKSTATUS": "Planned", "ESTQTY": "10.5"}]


def test_a_task_is_changed_without_repeating_what_xml_demands(site: Rest) -> None:
    # §3.3: fields not provided remain unchanged
    key = site.made(TASKS, task("01-010"))
    assert site.patch(f"{TASKS}/{key}", {"description": "x"}).status_code == 200
    assert site.read(TASKS, key)["taskStatus"] == "planned"
    assert site.patch(f"{TASKS}/{key}", {"taskStatus": None}).status_code == 422


def test_a_task_id_is_unique_in_its_project_only(site: Rest) -> None:
    # §15.2
    site.project("P-2")
    site.made(TASKS, task("01-010"))
    assert site.post(TASKS, task("01-010", name="Other")).status_code == 409
    assert site.post(TASKS, task("01-010", project={"id": "P-2"})).status_code == 201


def test_parents_and_predecessors_are_named_by_key(site: Rest) -> None:
    # §15.2: "write by key; id/name ro"
    first = site.made(TASKS, task("01-010"))
    second = site.made(TASKS, task("01-020", parent={"key": first}, dependentOn={"key": first}))
    shown = site.read(TASKS, second)
    assert (shown["parent"]["id"], shown["root"]["key"], shown["dependentOn"]["name"]) == ("01-010", first, "Task 01-010")
    assert detail(site.post(TASKS, task("01-030", parent={"id": "01-010"}))) == ("EMU-READ-ONLY", "/parent/id")
    assert site.post(TASKS, task("01-030", parent={"key": "99"})).status_code == 422


@pytest.mark.parametrize("missing", ["name", "project", "taskStatus"])
def test_a_task_without_a_required_field_is_refused(site: Rest, missing: str) -> None:
    # §15.2 required on create
    body = {name: value for name, value in task("01-010").items() if name != missing}
    answer = site.post(TASKS, body)
    assert (answer.status_code, detail(answer)[1]) == (422, f"/{missing}")


@pytest.mark.parametrize(
    "more",
    [
        {"taskStatus": "Planned"},
        {"percentComplete": "0.5"},
        {"duration": {"actual": 5}},
        {"root": {"key": "1"}},
        {"customer": {"id": "C-1"}},
        {"actual": {"startDate": "2026-03-09"}},
    ],
)
def test_what_a_task_works_out_itself_cannot_be_written(site: Rest, more: dict[str, Any]) -> None:
    # §15.2 ro
    assert site.post(TASKS, task("01-010", **more)).status_code == 400


def test_a_project_resource_is_written_over_rest_only(site: Rest) -> None:
    # §13, §15.3
    body = {"project": {"id": "P-1"}, "employee": {"id": "E-1"}, "startDate": "2026-03-02", "pricing": {"laborRate": 85.5}}
    key = site.made(RESOURCES, body)
    shown = site.read(RESOURCES, key)
    assert (shown["id"], shown["pricing"]["laborRate"]) == (key, 85.5)
    assert (shown["employee"]["id"], shown["employee"]["startDate"]) == ("E-1", "2026-01-05")
    assert shown["employeeContact"]["id"] == "Sill, Ada"
    rows = site.xml.call(query("PROJECTRESOURCES", "PROJECTID", "EMPLOYEEID", "BILLINGRATE")).rows
    assert rows == [{"PROJECTID": "P-1", "EMPLOYEEID": "E-1", "BILLINGRATE": "85.5"}]
    written = site.xml.call("<create><PROJECTRESOURCES><PROJECTID>P-1</PROJECTID></PROJECTRESOURCES></create>")
    assert written.status == "failure"
    assert site.patch(f"{RESOURCES}/{key}", {"description": "Lead"}).status_code == 200
    assert site.delete(f"{RESOURCES}/{key}").status_code == 204


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"employee": {"id": "E-1"}}, 422),
        ({"project": {"id": "P-9"}}, 422),
        ({"project": {"id": "P-1"}, "employee": {"id": "E-9"}}, 422),
        ({"project": {"id": "P-1"}, "pricing": {"laborPricingMethod": "billingRate"}}, 400),
        ({"project": {"id": "P-1"}, "pricing": {"laborRate": "much"}}, 400),
        ({"project": {"id": "P-1"}, "id": "5"}, 400),
    ],
)
def test_a_wrong_project_resource_is_refused(site: Rest, body: dict[str, Any], status: int) -> None:
    assert site.post(RESOURCES, body).status_code == status
    assert site.xml.stored("PROJECTRESOURCES") == []


def test_a_task_resource_names_its_task_by_key_or_id(site: Rest) -> None:
    # §13, §15.4
    key = site.made(TASKS, task("01-010"))
    base = {"project": {"id": "P-1"}, "employee": {"id": "E-1"}, "duration": {"planned": 8}, "isFullTime": True}
    for name in ({"key": key}, {"id": "01-010"}):
        shown = site.read(TASK_RESOURCES, site.made(TASK_RESOURCES, {**base, "task": name}))
        assert (shown["task"]["key"], shown["task"]["name"], shown["task"]["isBillable"]) == (key, "Task 01-010", False)
        assert (shown["isFullTime"], shown["duration"]["planned"]) == (True, 8)
    assert site.post(TASK_RESOURCES, {**base, "task": {"key": "99"}}).status_code == 422
    assert site.post(TASK_RESOURCES, {**base, "task": {"id": "99"}}).status_code == 422
    assert site.post(TASK_RESOURCES, {**base, "employee": None}).status_code == 422
    assert site.post(TASK_RESOURCES, {**base, "percentComplete": 5}).status_code == 400


def test_cost_types_come_of_standard_ones(site: Rest) -> None:
    # §15.7–15.10
    site.made(f"{CONSTRUCTION}/accumulation-type", {"id": "Materials", "costCategory": "material"})
    body = {"id": "MAT", "name": "Materials", "accumulationType": {"id": "Materials"}, "glAccount": {"id": "5901"}}
    site.made(f"{CONSTRUCTION}/standard-cost-type", body)
    site.made(f"{CONSTRUCTION}/standard-task", {"id": "01-010", "name": "Sitework"})
    number = site.made(TASKS, task("01-010", standardTask={"id": "01-010"}))
    made = {"project": {"id": "P-1"}, "task": {"key": number}, "standardCostType": {"id": "MAT"}, "name": "Materials"}
    key = site.made(f"{CONSTRUCTION}/cost-type", made)
    shown = site.read(f"{CONSTRUCTION}/cost-type", key)
    assert (shown["id"], shown["task"]["id"], shown["project"]["id"], shown["status"]) == ("MAT", "01-010", "P-1", "active")
    assert detail(site.post(f"{CONSTRUCTION}/cost-type", {**made, "id": "OWN"})) == ("EMU-READ-ONLY", "/id")
    assert site.post(f"{CONSTRUCTION}/cost-type", made).status_code == 409


def sheet(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"beginDate": "2026-03-09", "employee": {"id": "E-1"}, "state": "draft", "lines": list(lines)} | more


def line(day: int, hours: float, **more: Any) -> dict[str, Any]:
    place = {"project": {"id": "P-1"}, "location": {"id": "100"}}
    return {"entryDate": f"2026-03-{day:02d}", "quantity": hours, "timeType": {"id": "Regular"}, "dimensions": place} | more


def test_lines_of_a_timesheet_stay_what_they_are_unless_named(site: Rest) -> None:
    # §3.3 owned arrays, §3.5
    key = site.made(SHEETS, sheet(line(9, 6), line(10, 7.5)))
    first, second = site.read(SHEETS, key)["lines"]
    assert (first["quantity"], first["dimensions"]["project"]["id"], first["timesheet"]["key"]) == (6, "P-1", key)
    change = [{"key": second["key"], "quantity": 8}, line(11, 4)]
    assert site.patch(f"{SHEETS}/{key}", {"lines": change}).status_code == 200
    lines = site.read(SHEETS, key)["lines"]
    assert [(each["quantity"], each["entryDate"]) for each in lines] == [(6, "2026-03-09"), (8, "2026-03-10"), (4, "2026-03-11")]
    assert [each["key"] for each in lines[:2]] == [first["key"], second["key"]]
    site.patch(f"{SHEETS}/{key}", {"lines": [{"key": first["key"], "ia::operation": "delete"}]})
    assert [each["quantity"] for each in site.read(SHEETS, key)["lines"]] == [8, 4]
    assert site.patch(f"{SHEETS}/{key}", {"description": "Week 11"}).status_code == 200
    assert len(site.xml.stored("TIMESHEETENTRY")) == 2


def test_a_line_is_written_on_its_own_through_its_owner(site: Rest) -> None:
    # §3.5 standalone create names the owner
    sheet_key = site.made(SHEETS, sheet(line(9, 6)))
    key = site.made(LINES, {**line(10, 2), "timesheet": {"key": sheet_key}})
    assert site.read(LINES, key)["quantity"] == 2
    assert site.found("time/timesheet-line", {"$eq": {"timesheet.key": sheet_key}}, field="quantity") == [2, 6]
    assert site.patch(f"{LINES}/{key}", {"quantity": 3}).status_code == 200
    assert site.read(LINES, key)["quantity"] == 3
    assert site.patch(f"{LINES}/{key}", {"timesheet": {"key": "1"}}).status_code == 400
    assert site.delete(f"{LINES}/{key}").status_code == 204
    assert site.get(f"{LINES}/{key}").status_code == 404
    assert site.post(LINES, line(10, 2)).status_code == 400
    assert site.post(LINES, {**line(10, 2), "timesheet": {"key": "99"}}).status_code == 404


@pytest.mark.parametrize(
    ("lines", "status", "pointer"),
    [
        ([], 422, "/lines"),
        ("x", 400, "/lines"),
        ([{"key": "99", "quantity": 5}], 400, "/lines/0"),
        ([{**line(9, 5), "nonsense": 1}], 400, "/lines/0/nonsense"),
        ([{**line(9, 5), "quantity": "much"}], 400, "/lines/0/quantity"),
        ([{**line(9, 5), "timeType": {"id": "Nonsense"}}], 422, ""),
    ],
)
def test_a_wrong_line_is_refused_with_its_pointer(site: Rest, lines: Any, status: int, pointer: str) -> None:
    answer = site.post(SHEETS, sheet() | {"lines": lines})
    assert answer.status_code == status, answer.text
    if pointer:
        assert detail(answer)[1] == pointer
    assert site.xml.stored("TIMESHEET") == []


def bill(**more: Any) -> dict[str, Any]:
    place = {"location": {"id": "100"}, "project": {"id": "P-1"}}
    first = {"glAccount": {"id": "5901"}, "txnAmount": "100.00", "memo": "Pipe", "dimensions": place}
    base = {"billNumber": "B-73", "vendor": {"id": "V-1"}, "createdDate": "2026-03-05", "postingDate": "2026-03-05"}
    return {**base, "dueDate": "2026-04-05", "lines": [first]} | more


def test_a_bill_is_posted_over_rest_and_read_over_xml(site: Rest) -> None:
    # §14.2, §15.20 bill
    key = site.made(BILLS, bill())
    shown = site.read(BILLS, key)
    assert (shown["state"], shown["totalTxnAmount"], shown["vendor"]["name"]) == ("posted", "100.00", "Pipe Supply")
    assert (shown["lines"][0]["memo"], shown["lines"][0]["bill"]["key"]) == ("Pipe", key)
    rows = site.xml.call(query("APBILL", "RECORDID", "VENDORID", "TOTALENTERED", "STATE")).rows
    assert rows == [{"RECORDID": "B-73", "VENDORID": "V-1", "TOTALENTERED": "100", "STATE": "Posted"}]
    assert site.found("accounts-payable/bill-line", field="bill.vendor.name") == ["Pipe Supply"]
    site.made(BILL_LINES, {**bill()["lines"][0], "txnAmount": "50", "bill": {"key": key}})
    assert site.read(BILLS, key)["totalTxnAmount"] == "150.00"


@pytest.mark.parametrize(
    "more",
    [
        {"vendor": {"id": "V-9"}},
        {"vendor": None},
        {"lines": []},
        {"lines": [{"glAccount": {"id": "9999"}, "txnAmount": "1", "dimensions": {"location": {"id": "100"}}}]},
        {"lines": [{"glAccount": {"id": "5901"}, "dimensions": {"location": {"id": "100"}}}]},
        {"lines": [{"glAccount": {"id": "5901"}, "txnAmount": "1"}]},
    ],
)
def test_a_bill_that_xml_would_refuse_is_refused(site: Rest, more: dict[str, Any]) -> None:
    answer = site.post(BILLS, bill(**more))
    assert (answer.status_code, problem(answer)["errorId"]) == (422, "REST-7001")
    assert site.xml.stored("APBILL") == []


def test_a_vendor_needs_only_a_name_and_an_id(site: Rest) -> None:
    # §15.20 vendor: minimal create
    key = site.found("accounts-payable/vendor", field="key")[0]
    shown = site.read(VENDORS, key)
    assert (shown["contacts"]["default"]["printAs"], shown["vendorRestriction"], shown["mergePaymentRequests"]) == (
        "Pipe Supply",
        "unrestricted",
        True,
    )
    body = {"paymentPriority": "high", "billingType": "openItem", "preferredPaymentMethod": "EFT", "creditLimit": 500}
    site.patch(f"{VENDORS}/{key}", body)
    changed = site.read(VENDORS, key)
    assert {name: changed[name] for name in body} == body
    assert site.patch(f"{VENDORS}/{key}", {"paymentPriority": "High"}).status_code == 400
    assert site.xml.stored("VENDOR")[0]["VENDORID"] == "V-1"


def test_accounts_and_items_keep_the_words_of_the_model(site: Rest) -> None:
    # §15.20 account and item, recorded account model
    key = site.found("general-ledger/account", {"$eq": {"id": "5901"}}, field="key")[0]
    site.made(ACCOUNTS, {"id": "3901", "name": "Retained", "accountType": "balanceSheet", "normalBalance": "credit"})
    closing = {"closingType": "closingAccount", "closeToGLAccount": {"id": "3901"}}
    assert site.patch(f"{ACCOUNTS}/{key}", {"requireDimensions": {"project": True}, **closing}).status_code == 200
    shown = site.read(ACCOUNTS, key)
    assert (shown["accountType"], shown["closingType"], shown["requireDimensions"]["project"]) == (
        "incomeStatement",
        "closingAccount",
        True,
    )
    item = site.read(ITEMS, site.made(ITEMS, {"id": "I-1", "name": "Labour", "itemType": "nonInventory"}))
    assert (item["itemType"], item["sales"]["isTaxable"], item["unitOfMeasureGroup"]) == ("nonInventory", True, {"key": None, "id": None})
    assert site.post(ITEMS, {"id": "I-2", "name": "x", "itemType": "Non-Inventory"}).status_code == 400


def test_an_invoice_is_made_over_rest_and_read_over_xml(site: Rest) -> None:
    # §15.20 invoice: state and totals are the system's
    site.made("/objects/accounts-receivable/customer", {"id": "C-1", "name": "Harrow Dental"})
    path = "/objects/accounts-receivable/invoice"
    first = {"glAccount": {"id": "5901"}, "txnAmount": "250.00", "dimensions": {"location": {"id": "100"}}}
    body = {"invoiceNumber": "I-7", "customer": {"id": "C-1"}, "invoiceDate": "2026-03-05", "dueDate": "2026-04-05", "lines": [first]}
    shown = site.read(path, site.made(path, body))
    assert (shown["state"], shown["totalTxnAmountDue"], shown["lines"][0]["glAccount"]["id"]) == ("posted", "250.00", "5901")
    rows = site.xml.call(query("ARINVOICE", "RECORDID", "CUSTOMERID", "TOTALDUE")).rows
    assert rows == [{"RECORDID": "I-7", "CUSTOMERID": "C-1", "TOTALDUE": "250"}]
    assert site.post(path, {**body, "invoiceNumber": "I-8", "customer": {"id": "C-9"}}).status_code == 422
    assert site.post(path, {**body, "state": "paid"}).status_code == 400
