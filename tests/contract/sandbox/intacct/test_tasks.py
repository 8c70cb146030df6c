"""Tasks and who works on them (intacct-xml §3A TASK, PROJECTRESOURCES, TASKRESOURCES; sage-psa §5.2, §5.3, §6.9–6.12)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query, read_by_query
from tests.contract.sandbox.intacct.projects import assert_refused, create, delete, employee, made, stored, task, update


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """One project P-1 and one P-2."""
    intacct.project("P-1", "<BEGINDATE>11/01/2026</BEGINDATE><ENDDATE>12/31/2026</ENDDATE>")
    intacct.project("P-2")
    return intacct


def test_a_task_without_an_id_has_its_record_number_as_id(site: Gateway) -> None:
    # §3A TASK: TASKID default record number
    number = made(task(site))
    row = stored(site, "TASK", number)
    assert (row["TASKID"], row["STATUS"], row["BILLABLE"], row["UTILIZED"], row["ISMILESTONE"]) == (
        number,
        "active",
        "false",
        "false",
        "false",
    )


def test_the_reply_to_a_new_task_holds_its_record_number_only(site: Gateway) -> None:
    # §2.1: an object without natural key; §3A TASK has no readByName
    [row] = task(site, TASKID="T-1").rows
    assert list(row) == ["RECORDNO"]


@pytest.mark.parametrize("lacking", ["NAME", "PROJECTID", "TASKSTATUS"])
def test_a_task_needs_name_project_and_status(site: Gateway, lacking: str) -> None:
    # §3A TASK, column C
    values = {"NAME": "Rough-in", "PROJECTID": "P-1", "TASKSTATUS": "Planned"}
    del values[lacking]
    assert_refused(create(site, "TASK", **values), f"{lacking} is required")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("TASKID", "T" * 21, "longer than 20"),
        ("PRODUCTIONUNITDESC", "u" * 31, "longer than 30"),
        ("TASKSTATUS", "Started", "Invalid value"),
        ("TASKSTATUS", "N", "Invalid value"),
        ("STATUS", "open", "Invalid value"),
        ("BILLABLE", "yes", "is not true or false"),
        ("ESTQTY", "two", "is not a plain number"),
        ("PBEGINDATE", "2026-11-01", "is not a date"),
        ("ACTUALQTY", "3", "read-only"),
        ("ROOTPARENTKEY", "1", "read-only"),
    ],
)
def test_what_a_task_field_does_not_take_is_refused(site: Gateway, field: str, value: str, said: str) -> None:
    # §3A TASK: lengths, values; §4.1; totals are calculated
    assert_refused(task(site, **{field: value}), said)


def test_an_unknown_project_is_refused_in_the_recorded_words(site: Gateway) -> None:
    # §5.2 BL01001973
    reply = task(site, project="P-9")
    assert reply.errors == [("BL01001973", "Invalid Project 'P-9' specified."), ("BL01001973", "Could not create Task record!")]


def test_a_task_id_is_unique_in_its_project_only(site: Gateway) -> None:
    # §3A TASK; sage-psa §5.2
    made(task(site, "A", TASKID="T-1"))
    made(task(site, "A", "P-2", TASKID="T-1"))
    reply = task(site, "B", TASKID="T-1")
    assert reply.errors[0] == ("BL34000061", "Another Task with the given value(s) T-1  already exists")


def test_a_task_name_is_unique_in_its_project_only(site: Gateway) -> None:
    # sage-psa §5.2: names and ids unique inside a project
    first = made(task(site, "A"))
    made(task(site, "A", "P-2"))
    assert task(site, "A").errors[0][0] == "BL34000061"
    second = made(task(site, "B"))
    assert update(site, "TASK", RECORDNO=second, NAME="A", TASKSTATUS="Planned").errors[0][0] == "BL34000061"
    made(update(site, "TASK", RECORDNO=first, NAME="C", TASKSTATUS="Planned"))
    made(task(site, "A"))


def test_every_update_must_repeat_the_task_status(site: Gateway) -> None:
    # §3A TASK: TASKSTATUS is required on every update too
    number = made(task(site))
    assert_refused(update(site, "TASK", RECORDNO=number, NAME="Trim"), "TASKSTATUS is required")
    made(update(site, "TASK", RECORDNO=number, NAME="Trim", TASKSTATUS="In Progress"))
    row = stored(site, "TASK", number)
    assert (row["NAME"], row["TASKSTATUS"]) == ("Trim", "In Progress")


@pytest.mark.parametrize(("field", "value"), [("TASKID", "T-2"), ("PROJECTID", "P-2"), ("PRODUCTIONUNITDESC", "ft")])
def test_id_project_and_production_unit_of_a_task_cannot_be_changed(site: Gateway, field: str, value: str) -> None:
    # §3A TASK, column U
    number = made(task(site, TASKID="T-1", PRODUCTIONUNITDESC="m"))
    assert_refused(update(site, "TASK", RECORDNO=number, TASKSTATUS="Planned", **{field: value}), "cannot be changed")


def test_a_task_is_addressed_by_record_number_only(site: Gateway) -> None:
    # §3A TASK: no readByName, RECORDNO required on update
    made(task(site, TASKID="T-1"))
    reply = site.call("<readByName><object>TASK</object><keys>T-1</keys><fields>*</fields></readByName>")
    assert reply.errors[0][0] == "PL04000005"
    assert "Cannot find task" in update(site, "TASK", TASKID="T-1", TASKSTATUS="Planned").errors[0][1]


def test_statuses_are_labels_in_query_and_codes_in_read_by_query(site: Gateway) -> None:
    # §3.0 TASK.TASKSTATUS
    for label in ("Not Started", "Planned", "In Progress", "Completed", "On Hold"):
        made(task(site, label, TASKSTATUS=label))
    for code, label in zip("NLPCH", ("Not Started", "Planned", "In Progress", "Completed", "On Hold"), strict=True):
        where = f"<equalto><field>TASKSTATUS</field><value>{label}</value></equalto>"
        assert [row["NAME"] for row in site.call(query("TASK", "NAME", filter=where)).rows] == [label]
        assert [row["NAME"] for row in site.call(read_by_query("TASK", "NAME", f"TASKSTATUS = '{code}'")).rows] == [label]
    assert site.call(read_by_query("TASK", "NAME", "TASKSTATUS = 'Planned'")).rows == []


def test_a_parent_is_named_by_record_number_and_read_with_id_and_name(site: Gateway) -> None:
    # §3A TASK: PARENTKEY, PARENTID, PARENTTASKNAME, ROOTPARENT*
    top = made(task(site, "House", TASKID="H"))
    middle = made(task(site, "Floor", TASKID="F", PARENTKEY=top))
    leaf = stored(site, "TASK", made(task(site, "Room", PARENTKEY=middle)))
    assert (leaf["PARENTKEY"], leaf["PARENTID"], leaf["PARENTTASKNAME"]) == (middle, "F", "Floor")
    assert (leaf["ROOTPARENTKEY"], leaf["ROOTPARENTID"], leaf["ROOTPARENTNAME"]) == (top, "H", "House")
    assert stored(site, "TASK", top)["ROOTPARENTKEY"] == top


def test_a_parent_of_another_project_is_refused(site: Gateway) -> None:
    # §3A TASK: PARENTKEY is the parent task's RECORDNO, of the same project
    other = made(task(site, "Far", "P-2"))
    assert "Invalid Task" in task(site, "Near", PARENTKEY=other).errors[0][1]
    assert "Invalid Task" in task(site, "Near", PARENTKEY="999").errors[0][1]


def test_a_task_cannot_become_its_own_ancestor(site: Gateway) -> None:
    top = made(task(site, "A"))
    low = made(task(site, "B", PARENTKEY=top))
    for parent in (top, low):
        assert_refused(update(site, "TASK", RECORDNO=top, PARENTKEY=parent, TASKSTATUS="Planned"), "own parent or ancestor")
    assert stored(site, "TASK", low)["ROOTPARENTKEY"] == top


def test_moving_a_task_moves_the_root_of_all_below_it(site: Gateway) -> None:
    # §4.4: an empty PARENTKEY clears it
    one, two = made(task(site, "One")), made(task(site, "Two"))
    middle = made(task(site, "Middle", PARENTKEY=one))
    leaf = made(task(site, "Leaf", PARENTKEY=middle))
    made(update(site, "TASK", RECORDNO=middle, PARENTKEY=two, TASKSTATUS="Planned"))
    assert stored(site, "TASK", leaf)["ROOTPARENTID"] == two
    made(update(site, "TASK", RECORDNO=middle, PARENTKEY=None, TASKSTATUS="Planned"))
    row = stored(site, "TASK", middle)
    assert (row["PARENTKEY"], row["PARENTID"], stored(site, "TASK", leaf)["ROOTPARENTKEY"]) == ("", "", middle)


def test_a_task_is_dated_like_its_project_unless_it_says_so(site: Gateway) -> None:
    # sage-psa §5.2: PBEGINDATE, PENDDATE default to the project's
    row = stored(site, "TASK", made(task(site, "A")))
    assert (row["PBEGINDATE"], row["PENDDATE"]) == ("11/01/2026", "12/31/2026")
    row = stored(site, "TASK", made(task(site, "B", PBEGINDATE="11/05/2026")))
    assert (row["PBEGINDATE"], row["PENDDATE"]) == ("11/05/2026", "")


def test_a_task_does_not_end_before_it_begins(site: Gateway) -> None:
    assert_refused(task(site, PBEGINDATE="12/01/2026", PENDDATE="11/30/2026"), "is before")
    number = made(task(site, PBEGINDATE="12/01/2026", PENDDATE="12/02/2026"))
    assert_refused(update(site, "TASK", RECORDNO=number, PENDDATE="11/30/2026", TASKSTATUS="Planned"), "is before")


def test_a_billable_task_needs_an_item_unless_told_otherwise(site: Gateway) -> None:
    # intacct-rest §15.2: item needed for billable tasks
    assert_refused(task(site, BILLABLE="true"), "billable task needs an item")
    site.set(billable_task_needs_item=False)
    made(task(site, BILLABLE="true"))


def test_a_task_with_children_is_not_deleted(site: Gateway) -> None:
    # sage-psa §6.12 R-PSA-91: unless dependent tasks or time entries exist
    top = made(task(site, "A"))
    low = made(task(site, "B", PARENTKEY=top))
    reply = delete(site, "TASK", top)
    assert "refers to it" in reply.errors[0][1]
    assert delete(site, "TASK", low, top).status == "success"
    assert site.stored("TASK") == []
    assert [(row["OBJECTTYPE"], row["OBJECTKEY"]) for row in site.stored("AUDITHISTORY")] == [("task", low), ("task", top)]


def test_a_project_with_tasks_is_not_deleted(site: Gateway) -> None:
    made(task(site))
    number = next(row["RECORDNO"] for row in site.stored("PROJECT") if row["PROJECTID"] == "P-1")
    assert "refers to it" in delete(site, "PROJECT", number).errors[0][1]


def test_dotted_fields_of_a_task_reach_project_and_customer(site: Gateway) -> None:
    # §3A TASK, the page's own examples: PROJECT.ENDDATE, PROJECT.CUSTOMER.CUSTOMERID
    site.customer("C-1")
    site.project("P-3", "<CUSTOMERID>C-1</CUSTOMERID><ENDDATE>12/31/2026</ENDDATE>")
    made(task(site, "A", "P-3"))
    [row] = site.call(query("TASK", "TASKID", "PROJECT.ENDDATE", "PROJECT.CUSTOMER.CUSTOMERID", "CUSTOMERNAME")).rows
    assert (row["PROJECT.ENDDATE"], row["PROJECT.CUSTOMER.CUSTOMERID"], row["CUSTOMERNAME"]) == ("12/31/2026", "C-1", "Harrow Dental")


def test_task_hours_are_summed_by_project(site: Gateway) -> None:
    # §2.6: aggregates group by the plain fields
    for number, (project, hours) in enumerate((("P-1", "4"), ("P-1", "2.5"), ("P-2", "1"))):
        made(task(site, f"T{number}", project, ESTQTY=hours))
    select = "<select><field>PROJECTID</field><sum>ESTQTY</sum><count>RECORDNO</count></select>"
    rows = site.call(f"<query><object>TASK</object>{select}</query>").rows
    assert sorted(tuple(row.values()) for row in rows) == [("P-1", "6.5", "2"), ("P-2", "1", "1")]


def test_lookup_of_tasks_says_what_the_rules_say(site: Gateway) -> None:
    # §2.8
    fields = {field.findtext("ID"): field for field in site.call("<lookup><object>TASK</object></lookup>").data.iter("Field")}
    assert fields["TASKSTATUS"].findtext("REQUIRED") == "true"
    assert [each.text for each in fields["TASKSTATUS"].iter("VALIDVALUE")] == [
        "Not Started",
        "Planned",
        "In Progress",
        "Completed",
        "On Hold",
    ]
    assert fields["ACTUALQTY"].findtext("READONLY") == "true"
    detail = site.call('<inspect detail="1"><object>TASK</object></inspect>').data
    lengths = {field.findtext("Name"): field.findtext("maxLength") for field in detail.iter("Field")}
    assert lengths["TASKID"] == "20"


@pytest.mark.parametrize("kind", ["PROJECTRESOURCES", "TASKRESOURCES"])
def test_resources_are_read_only_over_xml(site: Gateway, kind: str) -> None:
    # §3A TASKRESOURCES, PROJECTRESOURCES: lookup, query, readByQuery, read
    employee(site)
    reply = create(site, kind, PROJECTID="P-1", EMPLOYEEID="E-1")
    assert reply.errors[0][0] == "PL04000005"
    [row] = [site.control("POST", f"objects/{kind}", {"PROJECTID": "P-1", "EMPLOYEEID": "E-1"})]
    assert update(site, kind, RECORDNO=row["RECORDNO"], DESCRIPTION="x").errors[0][0] == "PL04000005"
    assert delete(site, kind, row["RECORDNO"]).errors[0][0] == "PL04000005"
    reply = site.call(f"<readByName><object>{kind}</object><keys>{row['RECORDNO']}</keys><fields>*</fields></readByName>")
    assert reply.errors[0][0] == "PL04000005"
    assert [each["EMPLOYEEID"] for each in site.call(query(kind, "EMPLOYEEID", "PROJECTNAME")).rows] == ["E-1"]
    [read] = site.call(f"<read><object>{kind}</object><keys>{row['RECORDNO']}</keys><fields>*</fields></read>").rows
    assert (read["PROJECTNAME"], read["EMPLOYEEID"]) == ("Rooftop units", "E-1")


def test_a_task_resource_names_a_task_of_its_project(site: Gateway) -> None:
    # intacct-rest §15.4; sage-psa §5.3
    employee(site)
    number = made(task(site, TASKID="T-1"))
    row = site.control("POST", "objects/TASKRESOURCES", {"TASKKEY": number, "EMPLOYEEID": "E-1"})
    assert (row["TASKID"], row["PROJECTID"], row["TASKNAME"], row["EMPLOYEENAME"]) == ("T-1", "P-1", "Rough-in", "Ada Sill")
    wrong = site.http.post("/_sandbox/objects/TASKRESOURCES", json={"PROJECTID": "P-2", "TASKID": "T-1", "EMPLOYEEID": "E-1"})
    assert (wrong.status_code, "Invalid Task 'T-1' specified." in wrong.json()["error"]) == (400, True)
    wrong = site.http.post("/_sandbox/objects/TASKRESOURCES", json={"PROJECTID": "P-2", "TASKKEY": number, "EMPLOYEEID": "E-1"})
    assert (wrong.status_code, "does not belong" in wrong.json()["error"]) == (400, True)


def test_assignments_go_with_their_task_and_project(site: Gateway) -> None:
    # sage-psa §6.12: only dependent tasks and time entries keep a task from being deleted
    employee(site)
    number = made(task(site))
    site.control("POST", "objects/TASKRESOURCES", {"TASKKEY": number, "EMPLOYEEID": "E-1"})
    site.control("POST", "objects/PROJECTRESOURCES", {"PROJECTID": "P-1", "EMPLOYEEID": "E-1"})
    assert delete(site, "TASK", number).status == "success"
    assert site.stored("TASKRESOURCES") == []
    project = next(row["RECORDNO"] for row in site.stored("PROJECT") if row["PROJECTID"] == "P-1")
    assert delete(site, "PROJECT", project).status == "success"
    assert site.stored("PROJECTRESOURCES") == []


def test_an_entity_sees_its_own_and_shared_tasks_only(site: Gateway) -> None:
    # §7.2, §7.3
    there = site.login(location="200")
    reply = site.call(f"<create><PROJECT>{_project('P-9')}</PROJECT></create>", authentication=there)
    assert reply.status == "success"
    own = made(create(site, "TASK", there, NAME="Own", PROJECTID="P-9", TASKSTATUS="Planned"))
    shared = made(task(site, "Shared"))
    seen = {row["RECORDNO"] for row in site.call(query("TASK", "RECORDNO"), authentication=there).rows}
    assert seen == {own, shared}
    assert {row["RECORDNO"] for row in site.call(query("TASK", "RECORDNO"), authentication=site.login(location="100")).rows} == {shared}
    assert (
        "Invalid Project" in create(site, "TASK", site.login(location="100"), NAME="x", PROJECTID="P-9", TASKSTATUS="Planned").errors[0][1]
    )


def _project(number: str) -> str:
    return f"<PROJECTID>{number}</PROJECTID><NAME>N</NAME><PROJECTCATEGORY>Contract</PROJECTCATEGORY><LOCATIONID>200</LOCATIONID>"


def test_earning_and_time_types_are_read_only(site: Gateway) -> None:
    # §3 EARNINGTYPE, TIMETYPE: lookup, query, readByQuery, read, readByName
    for kind, name in (("EARNINGTYPE", "Hourly"), ("TIMETYPE", "Regular")):
        [row] = site.call(f"<readByName><object>{kind}</object><keys>{name}</keys><fields>*</fields></readByName>").rows
        assert row["NAME"] == name
        assert create(site, kind, NAME="New").errors[0][0] == "PL04000005"
    assert [row["METHOD"] for row in site.call(query("EARNINGTYPE", "METHOD", order="NAME")).rows] == ["Hourly", "Salaried"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [("EMPLOYEEPOSITION", "POSITIONID"), ("LABORCLASS", "LABORCLASSID"), ("LABORSHIFT", "LABORSHIFTID"), ("LABORUNION", "LABORUNIONID")],
)
def test_positions_and_labour_lists_are_kept(site: Gateway, kind: str, key: str) -> None:
    # objects table EMPLOYEEPOSITION, LABORCLASS, LABORSHIFT, LABORUNION
    assert_refused(create(site, kind, **{key: "L-1"}), "NAME is required")
    number = made(create(site, kind, **{key: "L-1", "NAME": "Foreman"}))
    assert create(site, kind, **{key: "L-1", "NAME": "Again"}).errors[0][0] == "BL34000061"
    made(update(site, kind, **{key: "L-1", "NAME": "Lead"}))
    assert stored(site, kind, number)["NAME"] == "Lead"
    assert delete(site, kind, number).status == "success"
