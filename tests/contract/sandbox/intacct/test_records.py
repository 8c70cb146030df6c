"""Creating, changing, deleting, reading by key (intacct-xml §2.1–2.4, §3, §4.4, §5.2)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, project, query

WRAPPER = ("BL01001973", "Could not create project record!")


def read(kind: str, keys: str, fields: str = "*", function: str = "read") -> str:
    return f"<{function}><object>{kind}</object><keys>{keys}</keys><fields>{fields}</fields></{function}>"


def test_a_create_gives_record_number_and_natural_key_in_a_lower_case_record(intacct: Gateway) -> None:
    # §1.3, §2.1
    reply = intacct.project("P-1")
    assert dict(reply.data.attrib) == {"listtype": "objects", "count": "1"}
    assert reply.data[0].tag == "project"
    assert [child.tag for child in reply.data[0]] == ["RECORDNO", "PROJECTID"]


def test_objects_of_one_create_may_be_mixed(intacct: Gateway) -> None:
    # §2.1
    contact = "<CONTACT><CONTACTNAME>Sill, Ada</CONTACTNAME><PRINTAS>Ada Sill</PRINTAS></CONTACT>"
    reply = intacct.call(f"<create>{project('P-1')}{contact}</create>")
    assert [record.tag for record in reply.data] == ["project", "contact"]


def test_objects_before_the_failing_one_stay(intacct: Gateway) -> None:
    # §1.7, recorded reply
    intacct.project("P-2")
    reply = intacct.call(f"<create>{project('P-1')}{project('P-2')}{project('P-3')}</create>")
    assert reply.status == "failure"
    assert reply.data.get("count") == "1"
    assert reply.data.findtext("project/PROJECTID") == "P-1"
    assert reply.errors == [("BL34000061", "Another Project with the given value(s) P-2  already exists"), WRAPPER]
    assert reply.result.findtext("errormessage/error/correction") == "Use a unique value instead."
    assert sorted(row["PROJECTID"] for row in intacct.stored("PROJECT")) == ["P-1", "P-2"]


def test_a_create_whose_first_object_fails_counts_none(intacct: Gateway) -> None:
    # §1.7
    reply = intacct.call("<create><PROJECT><PROJECTID>P-1</PROJECTID></PROJECT></create>")
    assert reply.data.get("count") == "0"
    assert len(reply.data) == 0


def test_one_call_takes_at_most_a_hundred_objects(intacct: Gateway) -> None:
    # §6
    many = "".join(project(f"P-{number}") for number in range(101))
    assert intacct.call(f"<create>{many}</create>").errors[0][0] == "DL02000001"
    assert intacct.call("<create/>").status == "failure"
    assert intacct.stored("PROJECT") == []
    intacct.set(strict=False)
    assert intacct.call(f"<create>{many}</create>").status == "success"


@pytest.mark.parametrize("missing", ["PROJECTID", "NAME", "PROJECTCATEGORY", "LOCATIONID"])
def test_a_project_without_a_required_field_is_refused(intacct: Gateway, missing: str) -> None:
    # §3A PROJECT, column C
    values = {"PROJECTID": "P-1", "NAME": "N", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
    given = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if name != missing)
    reply = intacct.call(f"<create><PROJECT>{given}</PROJECT></create>")
    assert reply.errors[0][0] == "BL03000018"
    assert missing in reply.errors[0][1]
    assert reply.errors[1] == WRAPPER


def test_a_numbered_object_makes_its_own_id_but_takes_one_that_is_given(intacct: Gateway) -> None:
    # §3A PROJECT: PROJECTID may be supplied even when numbering is on
    intacct.set(numbered=["PROJECT"])
    bare = project("X").replace("<PROJECTID>X</PROJECTID>", "")
    assert intacct.call(f"<create>{bare}</create>").rows[0]["PROJECTID"] == "PROJ-00001"
    assert intacct.project("PROJ-00002").status == "success"
    assert intacct.call(f"<create>{bare}</create>").rows[0]["PROJECTID"] == "PROJ-00003"


@pytest.mark.parametrize(
    "extra",
    [
        "<NONSENSE>1</NONSENSE>",
        "<CUSTOMER><CUSTOMERID>C-1</CUSTOMERID></CUSTOMER>",
        "<BILLTO><NONSENSE>1</NONSENSE></BILLTO>",
        "<PROJECT_RULES><NONSENSE>1</NONSENSE></PROJECT_RULES>",
    ],
)
def test_an_unknown_element_is_refused(intacct: Gateway, extra: str) -> None:
    assert intacct.project("P-1", extra).errors[0][0] == "DL02000001"
    assert intacct.stored("PROJECT") == []


@pytest.mark.parametrize("name", ["RECORDNO", "WHENMODIFIED", "CREATEDBY", "MEGAENTITYID", "CUSTOMERNAME", "PARENTKEY", "RECORD_URL"])
def test_a_read_only_field_is_refused(intacct: Gateway, name: str) -> None:
    # §3: system fields and companion columns
    assert "read-only" in intacct.project("P-1", f"<{name}>1</{name}>").errors[0][1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STATUS", "T"),
        ("STATUS", "closed"),
        ("STATUS", "active non-posting"),
        ("PAYER", "federal"),
        ("BEGINDATE", "2026-03-01"),
        ("BEGINDATE", "02/30/2026"),
        ("BEGINDATE", "3/1/2026"),
        ("BUDGETAMOUNT", "1,000.00"),
        ("BUDGETAMOUNT", "1e3"),
        ("BILLINGRATE", "ten"),
        ("INVOICEWITHPARENT", "yes"),
        ("PROJECTID", "P" * 21),
        ("NAME", "N" * 101),
        ("SCOPE", "S" * 4001),
        ("SCHEDULEDIMPACT", "S" * 101),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(intacct: Gateway, name: str, value: str) -> None:
    # §4.1 formats, §3 pick lists, lengths as inspect reports them
    base = {"PROJECTID": "P-1", "NAME": "N", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"} | {name: value}
    given = "".join(f"<{field}>{text}</{field}>" for field, text in base.items())
    assert intacct.call(f"<create><PROJECT>{given}</PROJECT></create>").errors[0][0] == "BL03000018"


def test_a_category_outside_the_list_is_refused(intacct: Gateway) -> None:
    # §3A PROJECT: PROJECTCATEGORY
    body = project("P-1").replace("Contract", "Fixed Fee")
    assert intacct.call(f"<create>{body}</create>").errors[0][0] == "BL03000018"


def test_a_length_can_be_set_to_what_a_tenant_reports(intacct: Gateway) -> None:
    intacct.set(max_lengths={"PROJECT.NAME": 5})
    assert intacct.project("P-1").errors[0][0] == "BL03000018"


@pytest.mark.parametrize(
    ("extra", "text"),
    [
        ("<CUSTOMERID>C-9</CUSTOMERID>", "Customer 'C-9' specified is not valid."),
        ("<PARENTID>P-9</PARENTID>", "Invalid Project 'P-9' specified."),
        ("<DEPARTMENTID>D-9</DEPARTMENTID>", "The department 'D-9' is invalid."),
        ("<LOCATIONID>L-9</LOCATIONID>", "The location 'L-9' is invalid."),
        ("<MANAGERID>E-9</MANAGERID>", "The employee 'E-9' is invalid."),
        ("<PROJECTSTATUS>Nope</PROJECTSTATUS>", "Invalid Project Status 'Nope' specified."),
        ("<PROJECTTYPE>Nope</PROJECTTYPE>", "Invalid Project Type 'Nope' specified."),
        ("<BILLTO><CONTACTNAME>Nobody</CONTACTNAME></BILLTO>", "Invalid Contact 'Nobody' specified."),
        ("<CUSTUSERID>nobody</CUSTUSERID>", "Login ID nobody does not exist."),
    ],
)
def test_a_reference_to_nothing_is_refused_in_the_clients_words(intacct: Gateway, extra: str, text: str) -> None:
    # §5.2, message texts clients match
    reply = intacct.project("P-1", extra)
    assert reply.errors == [("BL01001973", text), WRAPPER]


def test_references_to_inactive_records_are_a_switch(intacct: Gateway) -> None:
    intacct.project("P-1", "<STATUS>inactive</STATUS>")
    assert intacct.project("P-2", "<PARENTID>P-1</PARENTID>").status == "success"
    intacct.set(inactive_references="refuse")
    assert intacct.project("P-3", "<PARENTID>P-1</PARENTID>").errors[0][1] == "Invalid Project 'P-1' specified."


def test_a_new_row_shows_defaults_companions_and_audit_columns(intacct: Gateway) -> None:
    # §3 system fields, §4.1, §4.4
    intacct.at("2026-03-01T08:00:00Z")
    intacct.customer("C-1")
    intacct.project("P-0")
    intacct.project("P-1", "<CUSTOMERID>C-1</CUSTOMERID><PARENTID>P-0</PARENTID><BUDGETAMOUNT>1500.50</BUDGETAMOUNT>")
    [row] = [row for row in intacct.stored("PROJECT") if row["PROJECTID"] == "P-1"]
    expected = {
        "STATUS": "active",
        "INVOICEWITHPARENT": "false",
        "CUSTOMERNAME": "Harrow Dental",
        "PARENTNAME": "Rooftop units",
        "LOCATIONNAME": "Sandbox Entity 100",
        "BUDGETAMOUNT": "1500.5",
        "WHENCREATED": "03/01/2026 08:00:00",
        "WHENMODIFIED": "03/01/2026 08:00:00",
        "CREATEDBY": "2",
        "MEGAENTITYID": "",
        "DESCRIPTION": "",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["CUSTOMERKEY"] == intacct.stored("CUSTOMER")[0]["RECORDNO"]
    assert row["RECORD_URL"].startswith("https://")


def test_an_update_changes_only_what_it_carries_and_clears_with_an_empty_element(intacct: Gateway) -> None:
    # §2.2, §4.4
    intacct.at("2026-03-01T08:00:00Z")
    intacct.customer("C-1")
    intacct.project("P-1", "<DESCRIPTION>Old</DESCRIPTION><CUSTOMERID>C-1</CUSTOMERID><BEGINDATE>03/01/2026</BEGINDATE>")
    intacct.advance(60)
    reply = intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><CUSTOMERID/><DESCRIPTION></DESCRIPTION></PROJECT></update>")
    assert reply.data[0].tag == "project"
    [row] = intacct.stored("PROJECT")
    assert (row["DESCRIPTION"], row["CUSTOMERID"], row["CUSTOMERKEY"], row["CUSTOMERNAME"]) == ("", "", "", "")
    assert (row["BEGINDATE"], row["NAME"]) == ("03/01/2026", "Rooftop units")
    assert (row["WHENCREATED"], row["WHENMODIFIED"]) == ("03/01/2026 08:00:00", "03/01/2026 08:01:00")


def test_an_update_names_its_row_by_record_number_or_natural_key(intacct: Gateway) -> None:
    # §2.2
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    assert intacct.call(f"<update><PROJECT><RECORDNO>{number}</RECORDNO><NAME>A</NAME></PROJECT></update>").status == "success"
    reply = intacct.call("<update><PROJECT><RECORDNO>999</RECORDNO><NAME>A</NAME></PROJECT></update>")
    assert reply.errors == [
        ("BL01001973", "Cannot find project with key '999' to update."),
        ("BL01001973", "Could not update project record!"),
    ]
    assert intacct.call("<update><PROJECT><NAME>A</NAME></PROJECT></update>").status == "failure"


def test_a_natural_key_cannot_be_changed(intacct: Gateway) -> None:
    # §4.3
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    reply = intacct.call(f"<update><PROJECT><RECORDNO>{number}</RECORDNO><PROJECTID>P-2</PROJECTID></PROJECT></update>")
    assert reply.errors[0][0] == "BL03000018"
    assert intacct.stored("PROJECT")[0]["PROJECTID"] == "P-1"


@pytest.mark.parametrize("name", ["NAME", "PROJECTCATEGORY", "LOCATIONID"])
def test_a_required_field_cannot_be_cleared(intacct: Gateway, name: str) -> None:
    # §4.4
    intacct.project("P-1")
    reply = intacct.call(f"<update><PROJECT><PROJECTID>P-1</PROJECTID><{name}/></PROJECT></update>")
    assert reply.errors[0][0] == "BL03000018"


def test_updates_before_the_failing_one_stay(intacct: Gateway) -> None:
    # §2.2: reply as create
    intacct.project("P-1")
    one = "<PROJECT><PROJECTID>P-1</PROJECTID><NAME>New</NAME></PROJECT>"
    reply = intacct.call(f"<update>{one}<PROJECT><PROJECTID>P-9</PROJECTID></PROJECT></update>")
    assert reply.status == "failure"
    assert reply.data.get("count") == "1"
    assert intacct.stored("PROJECT")[0]["NAME"] == "New"


def test_a_refused_object_leaves_nothing_of_itself(intacct: Gateway) -> None:
    # a customer whose own id is taken must not leave its contact behind
    intacct.customer("C-1")
    before = len(intacct.stored("CONTACT"))
    assert intacct.customer("C-1", contact="<PRINTAS>Other</PRINTAS><CONTACTNAME>Other</CONTACTNAME>").status == "failure"
    assert len(intacct.stored("CONTACT")) == before


def test_a_project_cannot_become_its_own_ancestor(intacct: Gateway) -> None:
    intacct.project("P-1")
    intacct.project("P-2", "<PARENTID>P-1</PARENTID>")
    intacct.project("P-3", "<PARENTID>P-2</PARENTID>")
    for parent in ("P-1", "P-3"):
        reply = intacct.call(f"<update><PROJECT><PROJECTID>P-1</PROJECTID><PARENTID>{parent}</PARENTID></PROJECT></update>")
        assert "ancestor" in reply.errors[0][1]


def test_a_project_hierarchy_has_at_most_five_levels(intacct: Gateway) -> None:
    # sage-psa §5.2: project hierarchy can be 5 deep
    for level in range(1, 6):
        parent = f"<PARENTID>P-{level - 1}</PARENTID>" if level > 1 else ""
        assert intacct.project(f"P-{level}", parent).status == "success"
    assert "levels" in intacct.project("P-6", "<PARENTID>P-5</PARENTID>").errors[0][1]
    intacct.project("P-0")
    moved = intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><PARENTID>P-0</PARENTID></PROJECT></update>")
    assert "levels" in moved.errors[0][1]


def test_project_rules_are_replaced_as_a_whole_and_shown_only_by_read(intacct: Gateway) -> None:
    # §2.2, §2.4
    number = intacct.project("P-1", "<PROJECT_RULES><RULENAME>A</RULENAME><RULENAME>B</RULENAME></PROJECT_RULES>").rows[0]["RECORDNO"]
    rules = intacct.call(read("PROJECT", number)).data.findall("PROJECT/PROJECT_RULES/RULENAME")
    assert [rule.text for rule in rules] == ["A", "B"]
    intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><PROJECT_RULES><RULENAME>C</RULENAME></PROJECT_RULES></PROJECT></update>")
    assert intacct.stored("PROJECT")[0]["PROJECT_RULES"] == [{"RULENAME": "C"}]
    assert intacct.call(query("PROJECT", "PROJECT_RULES")).status == "failure"


def test_a_project_names_contacts_in_containers(intacct: Gateway) -> None:
    # §3A PROJECT: CONTACTINFO, BILLTO, SHIPTO hold one CONTACTNAME
    intacct.call("<create><CONTACT><CONTACTNAME>Ada Sill</CONTACTNAME><PRINTAS>Ada Sill</PRINTAS></CONTACT></create>")
    number = intacct.project("P-1", "<BILLTO><CONTACTNAME>Ada Sill</CONTACTNAME></BILLTO>").rows[0]["RECORDNO"]
    assert intacct.call(read("PROJECT", number)).data.findtext("PROJECT/BILLTO/CONTACTNAME") == "Ada Sill"
    intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><BILLTO/></PROJECT></update>")
    assert intacct.stored("PROJECT")[0]["BILLTO.CONTACTNAME"] == ""


def test_a_delete_takes_record_numbers_and_answers_with_status_alone(intacct: Gateway) -> None:
    # §2.3
    numbers = [intacct.project(f"P-{n}").rows[0]["RECORDNO"] for n in (1, 2)]
    reply = intacct.call(f"<delete><object>PROJECT</object><keys>{','.join(numbers)}</keys></delete>")
    assert [child.tag for child in reply.result] == ["status", "function", "controlid"]
    assert intacct.stored("PROJECT") == []
    again = intacct.call(f"<delete><object>PROJECT</object><keys>{numbers[0]}</keys></delete>")
    assert again.errors[0] == ("BL01001973", f"Cannot find project with key '{numbers[0]}' to delete.")


def test_a_record_number_is_never_used_again(intacct: Gateway) -> None:
    # §4.3
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    intacct.call(f"<delete><object>PROJECT</object><keys>{number}</keys></delete>")
    assert int(intacct.project("P-1").rows[0]["RECORDNO"]) > int(number)


def test_what_others_refer_to_cannot_be_deleted(intacct: Gateway) -> None:
    intacct.customer("C-1")
    parent = intacct.project("P-1", "<CUSTOMERID>C-1</CUSTOMERID>").rows[0]["RECORDNO"]
    intacct.project("P-2", "<PARENTID>P-1</PARENTID>")
    for kind, number in (("PROJECT", parent), ("CUSTOMER", "1"), ("LOCATION", "1"), ("CONTACT", "1")):
        reply = intacct.call(f"<delete><object>{kind}</object><keys>{number}</keys></delete>")
        assert reply.status == "failure", kind
        assert "refers to it" in reply.errors[0][1]


def test_keys_before_the_failing_one_are_deleted(intacct: Gateway) -> None:
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    assert intacct.call(f"<delete><object>PROJECT</object><keys>{number},999</keys></delete>").status == "failure"
    assert intacct.stored("PROJECT") == []


def test_a_deletion_leaves_a_trace_in_the_audit_history(intacct: Gateway) -> None:
    # §4.2
    intacct.at("2026-03-01T08:00:00Z")
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    intacct.call(f"<delete><object>PROJECT</object><keys>{number}</keys></delete>")
    wanted = "<and><equalto><field>ACCESSMODE</field><value>D</value></equalto>"
    wanted += "<equalto><field>OBJECTTYPE</field><value>project</value></equalto></and>"
    asked = query("AUDITHISTORY", "OBJECTKEY", "ACCESSTIME", "USERID", "SOURCE", filter=wanted)
    assert intacct.call(asked).rows == [{"OBJECTKEY": number, "ACCESSTIME": "03/01/2026 08:00:00", "USERID": "ws-user", "SOURCE": "api"}]
    assert intacct.call("<create><AUDITHISTORY><OBJECTTYPE>x</OBJECTTYPE></AUDITHISTORY></create>").errors[0][0] == "PL04000005"
    for form, key in (("recordno_rec", f"{int(number) + 1}--REC"), ("natural", "P-1")):
        intacct.set(audit_object_key=form)
        new = intacct.project("P-1").rows[0]["RECORDNO"]
        intacct.call(f"<delete><object>PROJECT</object><keys>{new}</keys></delete>")
        assert intacct.call(query("AUDITHISTORY", "OBJECTKEY", order="-RECORDNO")).rows[0]["OBJECTKEY"] == key


def test_whether_several_spaces_within_a_text_stay_is_a_switch(intacct: Gateway) -> None:
    # nobody knows (docs/assumptions.md, A-61)
    for form, shown in (("kept", "Barn   and yard"), ("single", "Barn and yard")):
        intacct.set(text_spaces=form)
        intacct.project(f"P-{form}", "<DESCRIPTION>Barn   and yard</DESCRIPTION>")
        assert intacct.stored("PROJECT")[-1]["DESCRIPTION"] == shown


def test_the_audit_history_may_be_closed_to_the_user(intacct: Gateway) -> None:
    # §5.2: an error without a number
    intacct.set(denied_operations=["query AUDITHISTORY"])
    assert intacct.call(query("AUDITHISTORY", "RECORDNO")).errors == [("", "You do not have permission to view audit history")]


@pytest.mark.parametrize("kind", ["PROJECTSTATUS", "PROJECTTYPE", "LOCATIONENTITY", "TAXSOLUTION", "CREDITCARD"])
def test_definitions_are_read_only_through_the_gateway(intacct: Gateway, kind: str) -> None:
    # §3A, §3B
    reply = intacct.call(f"<create><{kind}><NAME>X</NAME></{kind}></create>")
    assert reply.errors == [("PL04000005", f"You do not have permission for API operation CREATE on objects of type {kind}")]
    assert intacct.call(f"<delete><object>{kind}</object><keys>1</keys></delete>").errors[0][0] == "PL04000005"


def test_a_missing_permission_is_refused_before_anything_else(intacct: Gateway) -> None:
    # §5.2 PL04000005
    intacct.set(denied_operations=["readByQuery PROJECT", "create *"])
    reply = intacct.call("<readByQuery><object>PROJECT</object><fields>NONSENSE</fields><query/></readByQuery>")
    assert reply.errors[0][1] == "You do not have permission for API operation READ_BY_QUERY on objects of type PROJECT"
    assert intacct.project("P-1").errors[0][0] == "PL04000005"


def test_read_shows_upper_case_records_with_nested_containers(intacct: Gateway) -> None:
    # §1.3, §2.4
    intacct.customer("C-1", contact="<PRINTAS>H</PRINTAS><EMAIL1>a@harrow.example</EMAIL1><MAILADDRESS><CITY>Denver</CITY></MAILADDRESS>")
    reply = intacct.call(read("CUSTOMER", "1"))
    assert dict(reply.data.attrib) == {"listtype": "CUSTOMER", "count": "1"}
    assert reply.data[0].tag == "CUSTOMER"
    assert reply.data.findtext("CUSTOMER/DISPLAYCONTACT/MAILADDRESS/CITY") == "Denver"
    assert reply.data.findtext("CUSTOMER/DISPLAYCONTACT/EMAIL1") == "a@harrow.example"


def test_read_of_missing_keys_counts_what_there_is(intacct: Gateway) -> None:
    # §2.4
    number = intacct.project("P-1").rows[0]["RECORDNO"]
    assert intacct.call(read("PROJECT", f"{number},999", "PROJECTID")).rows == [{"PROJECTID": "P-1"}]
    reply = intacct.call(read("PROJECT", "999"))
    assert (reply.status, reply.data.get("count")) == ("success", "0")


def test_read_by_name_takes_natural_keys(intacct: Gateway) -> None:
    # §2.4
    intacct.project("P-1")
    intacct.project("P-2")
    rows = intacct.call(read("PROJECT", "P-2,P-1", "RECORDNO,PROJECTID", "readByName")).rows
    assert [row["PROJECTID"] for row in rows] == ["P-2", "P-1"]


def test_read_of_an_unknown_field_or_object_fails_with_the_recorded_number(intacct: Gateway) -> None:
    # §1.4, §2.4
    assert intacct.call(read("PROJECT", "1", "NONSENSE")).errors == [("Invalid fields list NONSENSE", "")]
    assert intacct.call(read("NONSENSE", "1")).errors == [("Query Failed", "Object definition NONSENSE not found")]
    intacct.set(strict=False)
    assert intacct.call(read("PROJECT", "1", "NONSENSE")).errors[0][1] != ""


def test_a_read_takes_at_most_a_hundred_keys(intacct: Gateway) -> None:
    # §6
    keys = ",".join(str(number) for number in range(1, 102))
    assert intacct.call(read("PROJECT", keys)).errors[0][0] == "DL02000001"
    assert intacct.call(f"<delete><object>PROJECT</object><keys>{keys}</keys></delete>").status == "failure"
    assert intacct.call("<read><object>PROJECT</object></read>").status == "failure"


def test_when_modified_may_be_empty_or_in_another_zone(intacct: Gateway) -> None:
    # §4.2
    intacct.at("2026-03-01T08:00:00Z")
    intacct.set(modified_on_create=False, include_timezone_skew=True)
    intacct.project("P-1")
    assert intacct.stored("PROJECT")[0]["WHENMODIFIED"] == ""
    intacct.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>N</NAME></PROJECT></update>")
    row = intacct.stored("PROJECT")[0]
    assert (row["WHENCREATED"], row["WHENMODIFIED"]) == ("03/01/2026 08:00:00", "03/01/2026 01:00:00")
