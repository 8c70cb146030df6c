"""Standard tasks, standard cost types, cost types and accumulation types (intacct-xml §3A)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, made, stored, task, update

ITEM = "<create><ITEM><ITEMID>LABOUR</ITEMID><NAME>Labour</NAME><ITEMTYPE>Non-Inventory</ITEMTYPE></ITEM></create>"


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """A project with one task, and the standard cost types LAB and MAT."""
    intacct.project("P-1")
    assert intacct.call(ITEM).status == "success"
    made(create(intacct, "ACCUMULATIONTYPE", NAME="Labour", COSTCATEGORY="Labor"))
    made(create(intacct, "STANDARDCOSTTYPE", STANDARDCOSTTYPEID="LAB", NAME="Labour", ACCUMULATIONTYPENAME="Labour", ACCOUNTNO="5000"))
    made(create(intacct, "STANDARDCOSTTYPE", STANDARDCOSTTYPEID="MAT", NAME="Material", ACCOUNTNO="5100", COSTUNITDESCRIPTION="pieces"))
    made(task(intacct, TASKID="T-1"))
    return intacct


def standard_task(gateway: Gateway, *cost_types: str, number: str = "S-1", **values: Any) -> str:
    links = [("STANDARDTASKSTANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": each}) for each in cost_types]
    more = {"STANDARDTASKSTANDARDCOSTTYPES": links} if links else {}
    return made(create(gateway, "STANDARDTASK", STANDARDTASKID=number, **values, **more))


def cost_type(gateway: Gateway, **values: Any) -> str:
    return made(create(gateway, "COSTTYPE", **{"PROJECTID": "P-1", "TASKID": "T-1", "STANDARDCOSTTYPEID": "MAT", **values}))


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("ACCUMULATIONTYPE", {}, "NAME is required"),
        ("ACCUMULATIONTYPE", {"NAME": "n" * 81}, "longer than 80"),
        ("ACCUMULATIONTYPE", {"NAME": "A", "COSTCATEGORY": "Labour"}, "Invalid value"),
        ("STANDARDCOSTTYPE", {"NAME": "A"}, "STANDARDCOSTTYPEID is required"),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A"}, "NAME is required"),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A" * 13, "NAME": "A"}, "longer than 12"),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "n" * 201}, "longer than 200"),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "A", "DESCRIPTION": "d" * 1001}, "longer than 1000"),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "A", "COSTUNITDESCRIPTION": "u" * 31}, "longer than 30"),
        ("STANDARDTASK", {"NAME": "A"}, "STANDARDTASKID is required"),
        ("STANDARDTASK", {"STANDARDTASKID": "A" * 21}, "longer than 20"),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "NAME": "n" * 201}, "longer than 200"),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "TASKNO": "123456789"}, "longer than 8"),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "PRODUCTIONUNITDESC": "u" * 31}, "longer than 30"),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "BILLABLE": "true"}, "ITEMID is required"),
        ("COSTTYPE", {"PROJECTID": "P-1", "TASKID": "T-1"}, "STANDARDCOSTTYPEID is required"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT"}, "TASKKEY is required"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "PROJECTID": "P-1"}, "TASKID is required"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "TASKID": "T-1"}, "PROJECTID is required"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "PROJECTID": "P-1", "TASKID": "T-1", "PARENTID": "LAB"}, "cannot be given"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "PROJECTID": "P-1", "TASKID": "T-1", "COSTTYPEID": "X"}, "read-only"),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "PROJECTID": "P-1", "TASKID": "T-1", "STATUS": "true"}, "Invalid value"),
    ],
)
def test_required_fields_lengths_and_values_are_enforced(site: Gateway, kind: str, values: dict[str, str], said: str) -> None:
    # §3A, the tables of the four objects
    assert_refused(create(site, kind, **values), said)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "A", "ACCUMULATIONTYPENAME": "Nope"}),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "A", "ACCOUNTNO": "9999"}),
        ("STANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "A", "NAME": "A", "PARENTID": "Nope"}),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "ITEMID": "Nope"}),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "PARENTKEY": "99"}),
        ("STANDARDTASK", {"STANDARDTASKID": "A", "TIMETYPENAME": "Nope"}),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "Nope", "PROJECTID": "P-1", "TASKID": "T-1"}),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "PROJECTID": "P-1", "TASKID": "Nope"}),
        ("COSTTYPE", {"STANDARDCOSTTYPEID": "MAT", "TASKKEY": "99"}),
    ],
)
def test_references_to_nothing_are_refused(site: Gateway, kind: str, values: dict[str, str]) -> None:
    # §5.2
    assert create(site, kind, **values).errors[0][0] == "BL01001973"


def test_standard_lists_are_addressed_by_name_and_unique(site: Gateway) -> None:
    # §3A: natural keys STANDARDTASKID, STANDARDCOSTTYPEID, NAME
    standard_task(site)
    for kind, key, value in (
        ("STANDARDTASK", "STANDARDTASKID", "S-1"),
        ("STANDARDCOSTTYPE", "STANDARDCOSTTYPEID", "LAB"),
        ("ACCUMULATIONTYPE", "NAME", "Labour"),
    ):
        [row] = site.call(f"<readByName><object>{kind}</object><keys>{value}</keys><fields>*</fields></readByName>").rows
        assert row[key] == value
        assert create(site, kind, **{key: value, "NAME": "Labour"}).errors[0][0] == "BL34000061"
        assert update(site, kind, **{key: value, "STATUS": "inactive"}).status == "success"
        assert stored(site, kind, row["RECORDNO"])["STATUS"] == "inactive"


def test_a_cost_type_has_the_id_and_the_facts_of_its_standard(site: Gateway) -> None:
    # §3A COSTTYPE: COSTTYPEID equals the standard cost type id; intacct-rest §15.8
    row = stored(site, "COSTTYPE", cost_type(site))
    assert (row["COSTTYPEID"], row["NAME"], row["COSTUNITDESCRIPTION"], row["ACCOUNTNO"]) == ("MAT", "Material", "pieces", "5100")
    assert (row["PROJECTID"], row["TASKID"], row["TASKNAME"], row["STATUS"]) == ("P-1", "T-1", "Rough-in", "active")
    other = stored(site, "COSTTYPE", cost_type(site, STANDARDCOSTTYPEID="LAB", NAME="Own crew", ACCOUNTNO="5200"))
    assert (other["NAME"], other["ACCOUNTNO"], other["ACCUMULATIONTYPENAME"]) == ("Own crew", "5200", "Labour")


def test_a_cost_type_is_unique_in_its_task_only(site: Gateway) -> None:
    # §3A COSTTYPE: unique only within its task
    cost_type(site)
    reply = create(site, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", STANDARDCOSTTYPEID="MAT")
    assert reply.errors[0] == ("BL34000061", "Another Cost Type with the given value(s) MAT  already exists")
    number = made(task(site, "Trim", TASKID="T-2"))
    assert stored(site, "COSTTYPE", cost_type(site, TASKKEY=number, TASKID="T-2"))["TASKKEY"] == number


def test_a_task_key_and_a_contradicting_task_are_refused(site: Gateway) -> None:
    # §3A COSTTYPE: TASKKEY, or PROJECTID + TASKID
    number = made(task(site, "Trim", TASKID="T-2"))
    reply = create(site, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", TASKKEY=number, STANDARDCOSTTYPEID="MAT")
    assert_refused(reply, "does not belong")


def test_a_cost_type_stays_with_its_task_and_standard(site: Gateway) -> None:
    # §3A COSTTYPE, column U: STANDARDCOSTTYPEID is not accepted on update
    number = cost_type(site)
    made(task(site, "Trim", TASKID="T-2"))
    for field, value in (("STANDARDCOSTTYPEID", "LAB"), ("TASKID", "T-2")):
        assert_refused(update(site, "COSTTYPE", RECORDNO=number, **{field: value}), "cannot be changed")
    made(update(site, "COSTTYPE", RECORDNO=number, PROJECTID="P-1", TASKID="T-1", NAME="Lumber"))
    assert stored(site, "COSTTYPE", number)["NAME"] == "Lumber"


def test_a_cost_type_is_addressed_by_record_number_only(site: Gateway) -> None:
    # §3A COSTTYPE: no readByName, RECORDNO required on update
    cost_type(site)
    assert site.call("<readByName><object>COSTTYPE</object><keys>MAT</keys><fields>*</fields></readByName>").status == "failure"
    assert "Cannot find cost type" in update(site, "COSTTYPE", COSTTYPEID="MAT", NAME="x").errors[0][1]


def test_the_parent_of_a_cost_type_is_one_of_the_same_task(site: Gateway) -> None:
    # §3A COSTTYPE: PARENTID on update
    low, top = cost_type(site), cost_type(site, STANDARDCOSTTYPEID="LAB")
    made(update(site, "COSTTYPE", RECORDNO=low, PARENTID="LAB"))
    assert (stored(site, "COSTTYPE", low)["PARENTKEY"], stored(site, "COSTTYPE", low)["PARENTNAME"]) == (top, "Labour")
    assert_refused(update(site, "COSTTYPE", RECORDNO=top, PARENTID="MAT"), "own parent or ancestor")
    assert update(site, "COSTTYPE", RECORDNO=low, PARENTID="SUB").errors[0][0] == "BL01001973"


def test_dates_of_a_cost_type_are_in_order(site: Gateway) -> None:
    for kind in ("PLANNED", "ACTUAL"):
        given = {f"{kind}BEGINDATE": "12/02/2026", f"{kind}ENDDATE": "12/01/2026"}
        reply = create(site, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", STANDARDCOSTTYPEID="MAT", **given)
        assert_refused(reply, "is before")


def test_cost_types_of_a_standard_task_are_replaced_as_a_whole(site: Gateway) -> None:
    # §2.2, §3A STANDARDTASK
    number = standard_task(site, "LAB", "MAT", NAME="Framing")
    links = [("STANDARDTASKSTANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "MAT"})]
    made(update(site, "STANDARDTASK", STANDARDTASKID="S-1", STANDARDTASKSTANDARDCOSTTYPES=links))
    record = site.call(f"<read><object>STANDARDTASK</object><keys>{number}</keys><fields>*</fields></read>").data[0]
    path = "STANDARDTASKSTANDARDCOSTTYPES/standardtaskstandardcosttype/STANDARDCOSTTYPEID"
    assert [each.text for each in record.findall(path)] == ["MAT"]
    made(update(site, "STANDARDTASK", STANDARDTASKID="S-1", NAME="Framing 2"))
    assert len(site.stored("STANDARDTASKSTANDARDCOSTTYPE")) == 1
    made(update(site, "STANDARDTASK", STANDARDTASKID="S-1", STANDARDTASKSTANDARDCOSTTYPES=None))
    assert site.stored("STANDARDTASKSTANDARDCOSTTYPE") == []


def test_a_standard_task_names_each_cost_type_once(site: Gateway) -> None:
    links = [("STANDARDTASKSTANDARDCOSTTYPE", {"STANDARDCOSTTYPEID": "MAT"})] * 2
    reply = create(site, "STANDARDTASK", STANDARDTASKID="S-1", STANDARDTASKSTANDARDCOSTTYPES=links)
    assert reply.errors[0][0] == "BL34000061"
    reply = create(site, "STANDARDTASK", STANDARDTASKID="S-1", STANDARDTASKSTANDARDCOSTTYPES=[("STANDARDTASKSTANDARDCOSTTYPE", {})])
    assert_refused(reply, "STANDARDCOSTTYPEID is required")


def test_a_task_of_a_standard_task_copies_it_with_its_cost_types(site: Gateway) -> None:
    # §3A TASK: STANDARDTASKID copies a standard task
    standard_task(site, "LAB", "MAT", DESCRIPTION="All walls", BILLABLE="true", ITEMID="LABOUR", TASKNO="1.2", UTILIZED="true")
    row = stored(site, "TASK", made(task(site, "Walls", STANDARDTASKID="S-1", TASKNO="9")))
    assert (row["DESCRIPTION"], row["ITEMID"], row["BILLABLE"], row["UTILIZED"], row["TASKNO"]) == (
        "All walls",
        "LABOUR",
        "true",
        "true",
        "9",
    )
    made_for = [each for each in site.stored("COSTTYPE") if each["TASKKEY"] == row["RECORDNO"]]
    assert sorted((each["COSTTYPEID"], each["PROJECTID"]) for each in made_for) == [("LAB", "P-1"), ("MAT", "P-1")]
    reply = update(site, "TASK", RECORDNO=row["RECORDNO"], TASKSTATUS="Planned", STANDARDTASKID="S-2")
    assert_refused(reply, "cannot be changed")
    assert task(site, "Roof", STANDARDTASKID="S-9").errors[0][0] == "BL01001973"


def test_what_is_in_use_is_not_deleted(site: Gateway) -> None:
    standard = standard_task(site, "LAB")
    made(task(site, "Walls", STANDARDTASKID="S-1"))
    lab = next(row["RECORDNO"] for row in site.stored("STANDARDCOSTTYPE") if row["STANDARDCOSTTYPEID"] == "LAB")
    mat = next(row["RECORDNO"] for row in site.stored("STANDARDCOSTTYPE") if row["STANDARDCOSTTYPEID"] == "MAT")
    [accumulation] = [row["RECORDNO"] for row in site.stored("ACCUMULATIONTYPE")]
    owner = next(row["RECORDNO"] for row in site.stored("TASK") if row["NAME"] == "Walls")
    for kind, number in (("STANDARDTASK", standard), ("STANDARDCOSTTYPE", lab), ("ACCUMULATIONTYPE", accumulation), ("TASK", owner)):
        assert "refers to it" in delete(site, kind, number).errors[0][1], kind
    assert delete(site, "STANDARDCOSTTYPE", mat).status == "success"


def test_time_is_entered_on_a_cost_type_of_the_entrys_task(site: Gateway) -> None:
    # §3B TIMESHEETENTRY: COSTTYPEID
    cost_type(site)
    made(task(site, "Trim", TASKID="T-2"))
    contact = "<CONTACT><CONTACTNAME>Ada</CONTACTNAME><PRINTAS>Ada</PRINTAS></CONTACT>"
    who = "<EMPLOYEEID>E-1</EMPLOYEEID><PERSONALINFO><CONTACTNAME>Ada</CONTACTNAME></PERSONALINFO><LOCATIONID>100</LOCATIONID>"
    assert site.call(f"<create>{contact}<EMPLOYEE>{who}</EMPLOYEE></create>").status == "success"
    line = {"ENTRYDATE": "11/02/2026", "QTY": "8", "LOCATIONID": "100", "PROJECTID": "P-1", "TASKID": "T-2", "COSTTYPEID": "MAT"}
    head = {"EMPLOYEEID": "E-1", "BEGINDATE": "11/02/2026"}
    reply = create(site, "TIMESHEET", **head, TIMESHEETENTRIES=[("TIMESHEETENTRY", line)])
    assert reply.errors[0] == ("BL01001973", "Invalid Cost Type 'MAT' specified.")
    made(create(site, "TIMESHEET", **head, TIMESHEETENTRIES=[("TIMESHEETENTRY", {**line, "TASKID": "T-1"})]))
    [row] = site.call(query("TIMESHEETENTRY", "COSTTYPEID", "COSTTYPE.NAME", "COSTTYPE.TASK.TASKID")).rows
    assert tuple(row.values()) == ("MAT", "Material", "T-1")
    number = next(each["RECORDNO"] for each in site.stored("COSTTYPE"))
    assert "refers to it" in delete(site, "COSTTYPE", number).errors[0][1]
