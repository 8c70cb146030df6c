"""Customers, contacts, employees, locations, departments and what describes them (intacct-xml §2.8–2.10, §3B, §7.4)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query

CONTACT = "<create><CONTACT><CONTACTNAME>{0}</CONTACTNAME><PRINTAS>{0}</PRINTAS>{1}</CONTACT></create>"


def employee(number: str, extra: str = "", contact: str = "Ada Sill") -> str:
    who = f"<PERSONALINFO><CONTACTNAME>{contact}</CONTACTNAME></PERSONALINFO>"
    return f"<create><EMPLOYEE><EMPLOYEEID>{number}</EMPLOYEEID>{who}<LOCATIONID>100</LOCATIONID>{extra}</EMPLOYEE></create>"


def test_a_customer_makes_its_display_contact(intacct: Gateway) -> None:
    # §3B CUSTOMER DISPLAYCONTACT
    address = "<MAILADDRESS><ADDRESS1>4 Mill St</ADDRESS1><ISOCOUNTRYCODE>US</ISOCOUNTRYCODE></MAILADDRESS>"
    intacct.customer("C-1", contact=f"<PRINTAS>Harrow</PRINTAS><EMAIL1>a@harrow.example</EMAIL1>{address}")
    [contact] = intacct.stored("CONTACT")
    assert contact["CONTACTNAME"] == "Harrow Dental(CC-1)"
    assert (contact["MAILADDRESS.ADDRESS1"], contact["MAILADDRESS.COUNTRYCODE"]) == ("4 Mill St", "US")
    [customer] = intacct.stored("CUSTOMER")
    assert customer["DISPLAYCONTACT.EMAIL1"] == "a@harrow.example"
    assert customer["ENTITY"] == "CC-1"


def test_an_update_of_a_customer_changes_its_contact(intacct: Gateway) -> None:
    intacct.customer("C-1", contact="<PRINTAS>Harrow</PRINTAS><PHONE1>1</PHONE1><EMAIL1>a@harrow.example</EMAIL1>")
    contact = "<DISPLAYCONTACT><PHONE1/><EMAIL1>b@harrow.example</EMAIL1></DISPLAYCONTACT>"
    assert intacct.call(f"<update><CUSTOMER><CUSTOMERID>C-1</CUSTOMERID>{contact}</CUSTOMER></update>").status == "success"
    [row] = intacct.stored("CUSTOMER")
    assert (row["DISPLAYCONTACT.PHONE1"], row["DISPLAYCONTACT.EMAIL1"], row["NAME"]) == ("", "b@harrow.example", "Harrow Dental")
    assert len(intacct.stored("CONTACT")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<CUSTOMERID>C-1</CUSTOMERID><NAME>N</NAME>",
        "<CUSTOMERID>C-1</CUSTOMERID><NAME>N</NAME><DISPLAYCONTACT/>",
        "<CUSTOMERID>C-1</CUSTOMERID><NAME>N</NAME><DISPLAYCONTACT><EMAIL1>a@b.example</EMAIL1></DISPLAYCONTACT>",
        "<NAME>N</NAME><DISPLAYCONTACT><PRINTAS>N</PRINTAS></DISPLAYCONTACT>",
        "<CUSTOMERID>C-1</CUSTOMERID><DISPLAYCONTACT><PRINTAS>N</PRINTAS></DISPLAYCONTACT>",
    ],
)
def test_a_customer_needs_id_name_and_a_contact_to_print(intacct: Gateway, body: str) -> None:
    # §3B CUSTOMER, column C
    reply = intacct.call(f"<create><CUSTOMER>{body}</CUSTOMER></create>")
    assert reply.errors[0][0] == "BL03000018"
    assert reply.errors[-1] == ("BL01001973", "Could not create Customer record!")
    assert intacct.stored("CONTACT") == []


def test_a_taken_contact_name_refuses_the_customer(intacct: Gateway) -> None:
    # §5.2 BL34000061 "Another Contact …", followed by wrappers
    intacct.call(CONTACT.format("Ada Sill", ""))
    reply = intacct.customer("C-1", contact="<PRINTAS>A</PRINTAS><CONTACTNAME>Ada Sill</CONTACTNAME>")
    assert reply.errors == [
        ("BL34000061", "Another Contact with the given value(s) Ada Sill  already exists"),
        ("BL01001973", "Could not create contact record!"),
        ("BL01001973", "Could not create Customer record!"),
    ]
    assert intacct.stored("CUSTOMER") == []


def test_a_duplicate_customer_is_refused(intacct: Gateway) -> None:
    intacct.customer("C-1")
    reply = intacct.customer("C-1", contact="<PRINTAS>B</PRINTAS><CONTACTNAME>B</CONTACTNAME>")
    assert reply.errors[0] == ("BL34000061", "Another Customer with the given value(s) C-1  already exists")


def test_an_e_mail_address_is_checked_in_the_recorded_words(intacct: Gateway) -> None:
    # §5.2 BL03000018
    reply = intacct.customer("C-1", contact="<PRINTAS>A</PRINTAS><EMAIL1>nobody</EMAIL1>")
    assert reply.errors[:2] == [
        ("BL03000018", "Illegal format for Contactversion : Primary Email Address"),
        ("BL01001973", "Validate contactversion record failed!"),
    ]


def test_a_customer_may_be_active_non_posting(intacct: Gateway) -> None:
    # §3B CUSTOMER: status also active non-posting
    assert intacct.customer("C-1", "<STATUS>active non-posting</STATUS>").status == "success"


def test_customer_references_and_lists_are_checked(intacct: Gateway) -> None:
    # §3B CUSTOMER
    intacct.customer("C-1", "<CUSTTYPE>Commercial</CUSTTYPE><TERMNAME>Net 30</TERMNAME>")
    [row] = intacct.stored("CUSTOMER")
    assert (row["CUSTTYPE"], row["TERMNAME"]) == ("Commercial", "Net 30")
    for number, extra in enumerate(
        (
            "<CUSTTYPE>Nope</CUSTTYPE>",
            "<TERMNAME>Nope</TERMNAME>",
            "<SUPDOCID>Nope</SUPDOCID>",
            "<PARENTID>C-9</PARENTID>",
            "<DELIVERY_OPTIONS>Fax</DELIVERY_OPTIONS>",
            "<OBJECTRESTRICTION>Secret</OBJECTRESTRICTION>",
            "<TOTALDUE>5</TOTALDUE>",
            "<CONTACT_LIST_INFO><CATEGORYNAME>Site</CATEGORYNAME><CONTACT><NAME>Nobody</NAME></CONTACT></CONTACT_LIST_INFO>",
            "<CONTACT_LIST_INFO><CATEGORYNAME>Site</CATEGORYNAME></CONTACT_LIST_INFO>",
        ),
        start=2,
    ):
        contact = f"<PRINTAS>A</PRINTAS><CONTACTNAME>K-{number}</CONTACTNAME>"
        assert intacct.customer(f"C-{number}", extra, contact).status == "failure", extra


def test_a_customers_contact_list_is_kept_and_read_back(intacct: Gateway) -> None:
    intacct.call(CONTACT.format("Ada Sill", ""))
    line = "<CONTACT_LIST_INFO><CATEGORYNAME>Site</CATEGORYNAME><CONTACT><NAME>Ada Sill</NAME></CONTACT></CONTACT_LIST_INFO>"
    number = intacct.customer("C-1", line).rows[0]["RECORDNO"]
    reply = intacct.call(f"<read><object>CUSTOMER</object><keys>{number}</keys><fields>*</fields></read>")
    assert reply.data.findtext("CUSTOMER/CONTACT_LIST_INFO/CONTACT/NAME") == "Ada Sill"


def test_related_fields_follow_contacts_of_a_customer(intacct: Gateway) -> None:
    # §3B CUSTOMER: SHIPTOCONTACT.CONTACTNAME in the reference's own examples
    intacct.call(CONTACT.format("Ada Sill", ""))
    intacct.customer("C-1", "<SHIPTO><CONTACTNAME>Ada Sill</CONTACTNAME></SHIPTO>")
    [row] = intacct.call(query("CUSTOMER", "SHIPTOCONTACT.CONTACTNAME", "DISPLAYCONTACT.PRINTAS")).rows
    assert row == {"SHIPTOCONTACT.CONTACTNAME": "Ada Sill", "DISPLAYCONTACT.PRINTAS": "Harrow Dental"}


def test_an_employee_needs_an_existing_contact(intacct: Gateway) -> None:
    # §3B EMPLOYEE
    assert intacct.call(employee("E-1")).errors[0] == ("BL01001973", "Employee Contact info cannot be empty")
    intacct.call(CONTACT.format("Ada Sill", "<FIRSTNAME>Ada</FIRSTNAME>"))
    assert intacct.call(employee("E-1")).status == "success"
    missing = employee("E-2").replace("<PERSONALINFO><CONTACTNAME>Ada Sill</CONTACTNAME></PERSONALINFO>", "")
    assert intacct.call(missing).errors[0][0] == "BL03000018"
    [row] = intacct.call(query("EMPLOYEE", "EMPLOYEEID", "CONTACT.FIRSTNAME", "LOCATION.LOCATIONID", "STATUS")).rows
    assert row == {"EMPLOYEEID": "E-1", "CONTACT.FIRSTNAME": "Ada", "LOCATION.LOCATIONID": "100", "STATUS": "active"}


def test_an_employee_needs_a_location_and_keeps_create_only_fields(intacct: Gateway) -> None:
    # §3B EMPLOYEE: LOCATIONID in a multi-entity company, MERGEPAYMENTREQ create only
    intacct.call(CONTACT.format("Ada Sill", ""))
    assert intacct.call(employee("E-1").replace("<LOCATIONID>100</LOCATIONID>", "")).status == "failure"
    intacct.call(employee("E-1"))
    changed = "<update><EMPLOYEE><EMPLOYEEID>E-1</EMPLOYEEID><MERGEPAYMENTREQ>false</MERGEPAYMENTREQ></EMPLOYEE></update>"
    assert intacct.call(changed).status == "failure"
    gone = "<update><EMPLOYEE><EMPLOYEEID>E-1</EMPLOYEEID><TERMINATIONTYPE>fired</TERMINATIONTYPE></EMPLOYEE></update>"
    assert intacct.call(gone).errors[0][0] == "BL03000018"


def test_a_location_update_must_carry_its_name(intacct: Gateway) -> None:
    # §3B LOCATION, column U
    intacct.call("<create><LOCATION><LOCATIONID>Y</LOCATIONID><NAME>Yard</NAME><PARENTID>100</PARENTID></LOCATION></create>")
    bare = "<update><LOCATION><LOCATIONID>Y</LOCATIONID><CUSTTITLE>T</CUSTTITLE></LOCATION></update>"
    assert intacct.call(bare).errors[0][0] == "BL03000018"
    assert intacct.call(bare.replace("<CUSTTITLE>", "<NAME>Yard</NAME><CUSTTITLE>")).status == "success"


def test_departments_and_classes_are_trees(intacct: Gateway) -> None:
    # §3B DEPARTMENT, CLASS
    intacct.call("<create><DEPARTMENT><DEPARTMENTID>D</DEPARTMENTID><TITLE>D</TITLE></DEPARTMENT></create>")
    child = "<DEPARTMENT><DEPARTMENTID>E</DEPARTMENTID><TITLE>E</TITLE><PARENTID>D</PARENTID></DEPARTMENT>"
    assert intacct.call(f"<create>{child}</create>").status == "success"
    loop = "<update><DEPARTMENT><DEPARTMENTID>D</DEPARTMENTID><PARENTID>E</PARENTID></DEPARTMENT></update>"
    assert "ancestor" in intacct.call(loop).errors[0][1]
    assert intacct.call("<create><DEPARTMENT><DEPARTMENTID>F</DEPARTMENTID></DEPARTMENT></create>").status == "failure"
    assert intacct.call("<create><CLASS><CLASSID>K</CLASSID><NAME>K</NAME></CLASS></create>").status == "success"


def test_the_empty_company_has_two_entities_and_its_definitions(intacct: Gateway) -> None:
    # design §6
    rows = intacct.call(query("LOCATIONENTITY", "RECORDNO", "LOCATIONID", "NAME", "STATUS", order="RECORDNO")).rows
    assert [row["LOCATIONID"] for row in rows] == ["100", "200"]
    assert [row["LOCATIONID"] for row in intacct.call(query("LOCATION", "LOCATIONID", order="RECORDNO")).rows] == ["100", "200"]
    for kind in ("PROJECTSTATUS", "PROJECTTYPE", "CUSTTYPE", "ARTERM"):
        assert intacct.stored(kind), kind
    for kind in ("PROJECT", "CUSTOMER", "CONTACT", "EMPLOYEE", "DEPARTMENT", "CLASS", "AUDITHISTORY"):
        assert intacct.stored(kind) == [], kind


def test_the_demo_company_has_its_organisation_and_no_business_records(intacct: Gateway) -> None:
    # design §6
    intacct.control("POST", "reset", {"world": "demo", "seed": 1})
    assert len(intacct.stored("EMPLOYEE")) > 10
    assert len(intacct.stored("DEPARTMENT")) > 5
    assert intacct.stored("EMPLOYEE")[0]["CREATEDBY"] == "2"
    assert intacct.stored("PROJECT") == intacct.stored("CUSTOMER") == []


def test_lookup_describes_what_writes_enforce(intacct: Gateway) -> None:
    # §2.8
    reply = intacct.call("<lookup><object>PROJECT</object></lookup>")
    kind = reply.data.find("Type")
    assert kind is not None
    assert dict(kind.attrib) == {"Name": "PROJECT", "DocumentType": ""}
    fields = {field.findtext("ID"): field for field in kind.findall("Fields/Field")}
    name = fields["NAME"]
    assert [child.tag for child in name] == ["ID", "LABEL", "DESCRIPTION", "REQUIRED", "READONLY", "DATATYPE", "ISCUSTOM"]
    assert (name.findtext("REQUIRED"), name.findtext("READONLY"), name.findtext("DATATYPE")) == ("true", "false", "TEXT")
    assert fields["WHENMODIFIED"].findtext("READONLY") == "true"
    assert [value.text for value in fields["STATUS"].findall("VALIDVALUES/VALIDVALUE")] == ["active", "inactive", "active non-posting"]
    assert fields["BEGINDATE"].findtext("DATATYPE") == "DATE"
    paths = {each.findtext("OBJECTPATH"): each for each in kind.findall("Relationships/Relationship")}
    assert paths["CUSTOMER"].findtext("RELATEDBY") == "CUSTOMERID"
    assert intacct.call("<lookup><name>PROJECT</name></lookup>").status == "success"
    assert intacct.call("<lookup><object>NONSENSE</object></lookup>").errors == [("Query Failed", "Object definition NONSENSE not found")]


def test_every_column_lookup_lists_can_be_read(intacct: Gateway) -> None:
    # §2.8, §2.6
    intacct.customer("C-1")
    unselectable = set()
    for kind in ("PROJECT", "CUSTOMER", "CONTACT", "EMPLOYEE", "LOCATION", "LOCATIONENTITY", "DEPARTMENT", "AUDITHISTORY"):
        reply = intacct.call(f"<lookup><object>{kind}</object></lookup>")
        names = [field.findtext("ID") or "" for field in reply.data.findall("Type/Fields/Field")]
        assert len(names) == len(set(names))
        for name in names:
            if intacct.call(query(kind, name)).status != "success":
                unselectable.add(f"{kind}.{name}")
    assert unselectable == {
        f"PROJECT.{name}"
        for name in (
            "CFDA", "FUNDEDNAME", "AGENCY", "PAYER", "FUNDINGOTHERID", "ASSISTANCETYPE", "REVRESTRICTION", "RESTRICTIONEXPIRY",
            "RESTRICTIONEXPIRATIONDATE", "TIMESATISFACTIONSCHEDULED",
        )
    }  # fmt: skip


def test_descriptions_are_given_without_permission(intacct: Gateway) -> None:
    # §2.6
    intacct.set(denied_operations=["query PROJECT", "lookup *"])
    assert intacct.call("<lookup><object>PROJECT</object></lookup>").status == "success"


def test_inspect_reports_lengths_in_detail(intacct: Gateway) -> None:
    # §2.10
    everything = intacct.call("<inspect><object>*</object></inspect>")
    assert everything.data.get("listtype") == "All"
    assert "project" in [kind.get("typename") for kind in everything.data.findall("type")]
    plain = intacct.call("<inspect><object>PROJECT</object></inspect>")
    assert plain.data.findtext("Type/Fields/Field") == "RECORDNO"
    detailed = intacct.call('<inspect detail="1"><object>PROJECT</object></inspect>')
    fields = {field.findtext("Name"): field for field in detailed.data.findall("Type/Fields/Field")}
    assert detailed.data.findtext("Type/Attributes/SingularName") == "Project"
    assert fields["PROJECTID"].findtext("maxLength") == "20"
    assert fields["SCOPE"].findtext("maxLength") == "4000"
    assert fields["NAME"].findtext("isRequired") == "true"
    assert fields["RECORDNO"].findtext("isReadOnly") == "true"
    assert intacct.call("<inspect><object>NONSENSE</object></inspect>").status == "failure"


def test_dimensions_are_listed(intacct: Gateway) -> None:
    # §7.4
    rows = intacct.call("<getDimensions/>").data.findall("dimensions/dimension")
    assert [child.tag for child in rows[0]] == ["objectName", "objectLabel", "termLabel", "userDefinedDimension", "enabledInGL"]
    assert "PROJECT" in [row.findtext("objectName") for row in rows]


def test_the_users_formatting_is_us_dates_and_24_hours(intacct: Gateway) -> None:
    # §2.9, §4.1
    found = intacct.call("<readUserFormatting><userId>ws-user</userId></readUserFormatting>").data.find("userformatting")
    assert found is not None
    assert [child.tag for child in found] == ["recordno", "locale", "dateformat", "gmtoffset", "clock"]
    assert (found.findtext("dateformat"), found.findtext("clock")) == ("/mdY", "24")
    assert intacct.call("<readUserFormatting><userId>nobody</userId></readUserFormatting>").errors == [
        ("BL03000025", "Login ID nobody does not exist.")
    ]


def test_permissions_are_the_true_ones(intacct: Gateway) -> None:
    # §2.9
    def rights(policy: str) -> str:
        reply = intacct.call("<getUserPermissions><userId>ws-user</userId></getUserPermissions>")
        found = {
            each.findtext("policyName"): each.findtext("rights") or ""
            for each in reply.data.findall("permissions/appSubscription/policies/policy")
        }
        return found[policy]

    assert rights("Projects") == "List|Readonly|Add|Modify|Delete"
    assert rights("Project Statuses") == "List|Readonly"
    intacct.set(denied_operations=["create PROJECT", "delete *"])
    assert rights("Projects") == "List|Readonly|Modify"


def test_entity_details_are_those_of_the_session(intacct: Gateway) -> None:
    # §2.9
    reply = intacct.call("<readEntityDetails/>", authentication=intacct.session("200"))
    assert reply.data.findtext("entity/id") == "200"
    assert reply.data.findtext("entity/currency") == "USD"
    assert intacct.call("<readEntityDetails/>").status == "failure"
