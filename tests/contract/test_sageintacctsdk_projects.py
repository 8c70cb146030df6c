"""`sageintacctsdk`, unchanged, on tasks, cost types and dimensions of the Intacct emulator (intacct-xml §9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.exceptions import WrongParamsError

from tests.contract.sage_sdk import signed_in


@pytest.fixture
def client() -> Iterator[SageIntacctSDK]:
    with signed_in(page=2) as (connected, _):
        connected.projects.post({"PROJECTID": "J-1", "NAME": "Job 1", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"})
        yield connected


def task(number: int, **more: Any) -> dict[str, Any]:
    return {"TASKID": f"T-{number}", "NAME": f"Task {number}", "PROJECTID": "J-1", "TASKSTATUS": "Planned", **more}


def new(client: SageIntacctSDK, number: int, **more: Any) -> str:
    created = client.tasks.post(task(number, **more))
    assert created["status"] == "success"
    return str(created["data"]["task"]["RECORDNO"])


def test_a_created_task_is_read_back_with_every_column_the_client_knows(client: SageIntacctSDK) -> None:
    top = new(client, 1)
    low = new(client, 2, PARENTKEY=top, DESCRIPTION="Pull & crimp")
    (read,) = client.tasks.get_all("RECORDNO", low)
    assert (read["PARENTID"], read["PARENTTASKNAME"], read["PROJECTNAME"]) == ("T-1", "Task 1", "Job 1")
    assert (read["ROOTPARENTKEY"], read["ROOTPARENTID"], read["TASKSTATUS"]) == (top, "T-1", "Planned")
    assert (read["DESCRIPTION"], read["BILLABLE"]) == ("Pull & crimp", "false")


def test_a_task_is_updated_and_deleted(client: SageIntacctSDK) -> None:
    number = new(client, 1)
    client.tasks.update({"RECORDNO": number, "NAME": "Renamed", "TASKSTATUS": "Completed"})
    assert client.tasks.get("RECORDNO", number)["task"]["NAME"] == "Renamed"
    client.tasks.delete(number)
    assert client.tasks.count() == 0


def test_an_update_without_the_status_is_refused_in_words_the_client_shows(client: SageIntacctSDK) -> None:
    number = new(client, 1)
    with pytest.raises(WrongParamsError) as refused:
        client.tasks.update({"RECORDNO": number, "NAME": "Renamed"})
    assert "TASKSTATUS is required" in refused.value.response["error"][0]["description2"]


def test_a_missing_project_is_refused_in_words_the_client_shows(client: SageIntacctSDK) -> None:
    with pytest.raises(WrongParamsError) as refused:
        client.tasks.post(task(1, PROJECTID="J-9"))
    assert "Invalid Project 'J-9' specified." in refused.value.response["error"][0]["description2"]


def test_all_pages_of_tasks_are_read_in_order(client: SageIntacctSDK) -> None:
    for number in range(1, 6):
        new(client, number)
    pages = list(client.tasks.get_all_generator(order_by_field="TASKID", order="descending"))
    assert [[row["TASKID"] for row in page] for page in pages] == [["T-5", "T-4"], ["T-3", "T-2"], ["T-1"]]


def test_tasks_are_found_by_label_and_by_stored_code(client: SageIntacctSDK) -> None:
    new(client, 1)
    new(client, 2, TASKSTATUS="On Hold")
    assert [row["TASKID"] for row in client.tasks.get_by_query(and_filter=[("equalto", "TASKSTATUS", "On Hold")])] == ["T-2"]
    assert client.tasks.get("TASKSTATUS", "H")["task"]["TASKID"] == "T-2"


def test_the_lookup_of_tasks_lists_the_fields_the_client_selects(client: SageIntacctSDK) -> None:
    fields = {field["ID"] for field in client.tasks.get_lookup()["Type"]["Fields"]["Field"]}
    assert {"TASKID", "TASKSTATUS", "ITEMNAME", "CLASSNAME", "ROOTPARENTNAME", "ESTQTY"} <= fields


def test_cost_types_are_created_and_read_with_every_column_the_client_knows(client: SageIntacctSDK) -> None:
    new(client, 1)
    standard = {"STANDARDCOSTTYPE": {"STANDARDCOSTTYPEID": "MAT", "NAME": "Material"}}
    assert client.cost_types.format_and_send_request({"create": standard})["status"] == "success"
    created = client.cost_types.post({"PROJECTID": "J-1", "TASKID": "T-1", "STANDARDCOSTTYPEID": "MAT"})
    number = created["data"]["costtype"]["RECORDNO"]
    (read,) = client.cost_types.get_all("COSTTYPEID", "MAT")
    assert (read["RECORDNO"], read["TASKNAME"], read["PROJECTNAME"], read["STATUS"]) == (number, "Task 1", "Job 1", "active")
    assert read["WHENCREATED"]
    client.cost_types.update({"RECORDNO": number, "STATUS": "inactive"})
    assert client.cost_types.count() == 0
    client.cost_types.delete(number)
    assert client.cost_types.get_all() == []


def test_a_cost_type_of_no_task_is_refused_in_words_the_client_shows(client: SageIntacctSDK) -> None:
    with pytest.raises(WrongParamsError) as refused:
        client.cost_types.post({"STANDARDCOSTTYPEID": "MAT"})
    assert refused.value.response["error"][-1]["description2"].startswith("Could not create Cost Type record!")


def test_dimensions_name_tasks_and_cost_types(client: SageIntacctSDK) -> None:
    names = {row["objectName"] for row in client.dimensions.get_all()}
    assert {"PROJECT", "TASK", "COSTTYPE"} <= names


def test_objects_of_the_company_are_listed(client: SageIntacctSDK) -> None:
    listed = {each["@typename"] for each in client.dimensions.get_objects()["type"]}
    assert {"task", "timesheet", "costtype", "pjestimate", "changerequest", "projectcontract"} <= listed


def test_what_the_client_has_no_class_for_goes_through_its_general_call(client: SageIntacctSDK) -> None:
    client.contacts.post({"CONTACTNAME": "Ada Sill", "PRINTAS": "Ada Sill"})
    client.employees.post({"EMPLOYEEID": "E-1", "PERSONALINFO": {"CONTACTNAME": "Ada Sill"}, "LOCATIONID": "100"})
    entry = {"ENTRYDATE": "11/02/2026", "QTY": "8", "LOCATIONID": "100", "PROJECTID": "J-1"}
    sheet = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026", "TIMESHEETENTRIES": {"TIMESHEETENTRY": [entry, entry]}}
    created = client.tasks.format_and_send_request({"create": {"TIMESHEET": sheet}})
    assert created["data"]["timesheet"]["RECORDNO"]
    read = client.tasks.format_and_send_request(
        {"read": {"object": "TIMESHEET", "keys": created["data"]["timesheet"]["RECORDNO"], "fields": "*"}}
    )
    assert [line["QTY"] for line in read["data"]["TIMESHEET"]["TIMESHEETENTRIES"]["timesheetentry"]] == ["8", "8"]
