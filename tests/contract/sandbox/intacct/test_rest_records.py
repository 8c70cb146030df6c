"""Creating, changing, deleting and reading records over REST, and the same records over XML (intacct-rest §3, §9, §15)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import query
from tests.contract.sandbox.intacct.rest import CONTACTS, CUSTOMERS, PROJECTS, Rest, detail, problem, project

EMPTY = {"key": None, "id": None}


def test_a_create_answers_201_with_key_id_and_href_only(rest: Rest) -> None:
    # §0.3, §3.1
    answer = rest.post(PROJECTS, project("P-1"))
    assert answer.status_code == 201
    assert answer.json() == {
        "ia::result": {"key": "1", "id": "P-1", "href": "/objects/projects/project/1"},
        "ia::meta": {"totalCount": 1, "totalSuccess": 1, "totalError": 0},
    }


def test_a_read_gives_the_whole_object_with_nested_groups_and_references(rest: Rest) -> None:
    # §3.1, §3.3, §3.4, §15.1
    rest.xml.at("2026-03-02T08:00:00Z")
    rest.sign_in()
    customer = rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"})
    given = {
        "customer": {"key": customer},
        "startDate": "2026-03-09",
        "budget": {"billingAmount": "1200.5"},
        "projectStatus": {"id": "On Hold"},
        "scopeDetails": {"scope": "Two units"},
        "billingType": "fixedFee",
    }
    shown = rest.read(PROJECTS, rest.project("P-1", **given))
    assert shown["customer"] == {"key": customer, "id": "C-1", "name": "Harrow Dental", "href": f"{CUSTOMERS}/{customer}"}
    assert shown["startDate"] == "2026-03-09"
    assert shown["budget"] == {"billingAmount": "1200.50", "budgetedCost": None, "budgetedDuration": None}
    assert shown["projectStatus"]["disableTimesheetEntry"] is True
    assert shown["parent"] == {**EMPTY, "name": None}
    assert shown["projectType"] == EMPTY
    assert shown["entity"] == {**EMPTY, "name": None}
    assert shown["rootProject"]["id"] == "P-1"
    assert (shown["category"], shown["status"], shown["billingType"]) == ("contract", "active", "fixedFee")
    assert shown["excludeFromWIPSchedule"] is True
    assert shown["audit"]["createdDateTime"] == "2026-03-02T08:00:00Z"
    assert shown["audit"]["createdByUser"]["id"] == "ws-user"
    assert shown["href"] == f"{PROJECTS}/{shown['key']}"


def test_a_record_created_over_xml_is_read_over_rest(rest: Rest) -> None:
    # one store behind both surfaces
    extra = "<BEGINDATE>03/09/2026</BEGINDATE><BUDGETAMOUNT>1200.5</BUDGETAMOUNT><BILLABLEEXPDEFAULT>true</BILLABLEEXPDEFAULT>"
    number = rest.xml.project("P-1", extra).rows[0]["RECORDNO"]
    shown = rest.read(PROJECTS, number)
    assert (shown["id"], shown["startDate"], shown["budget"]["billingAmount"]) == ("P-1", "2026-03-09", "1200.50")
    assert shown["isBillableEmployeeExpense"] is True
    assert (shown["excludeFromWIPSchedule"], shown["billingOverMax"]) == (True, "doNothing")


def test_a_record_created_over_rest_is_read_and_changed_over_xml(rest: Rest) -> None:
    # one store behind both surfaces
    key = rest.project("P-1", startDate="2026-03-09", category="internalNonBillable", excludeExpenses=True)
    rows = rest.xml.call(query("PROJECT", "PROJECTID", "BEGINDATE", "PROJECTCATEGORY", "LOCATIONID")).rows
    assert rows == [{"PROJECTID": "P-1", "BEGINDATE": "03/09/2026", "PROJECTCATEGORY": "Internal Non-Billable", "LOCATIONID": "100"}]
    rest.xml.call("<update><PROJECT><PROJECTID>P-1</PROJECTID><NAME>Renamed</NAME><BEGINDATE/></PROJECT></update>")
    shown = rest.read(PROJECTS, key)
    assert (shown["name"], shown["startDate"], shown["excludeExpenses"]) == ("Renamed", None, True)


def test_a_field_that_only_rest_has_stays_out_of_xml(rest: Rest) -> None:
    rest.project("P-1", excludeExpenses=True)
    assert rest.query("projects/project", "excludeExpenses").json()["ia::result"] == [{"excludeExpenses": True}]
    assert rest.xml.call(query("PROJECT", "EXCLUDEEXPENSES")).status == "failure"
    assert rest.xml.project("P-2", "<EXCLUDEEXPENSES>true</EXCLUDEEXPENSES>").errors[0][0] == "DL02000001"


def test_an_update_leaves_what_is_absent_and_clears_what_is_null(rest: Rest) -> None:
    # §3.3
    customer = rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"})
    key = rest.project("P-1", description="Old", startDate="2026-03-09", customer={"id": "C-1"})
    answer = rest.patch(f"{PROJECTS}/{key}", {"description": None, "customer": None})
    assert (answer.status_code, answer.json()["ia::result"]["id"]) == (200, "P-1")
    shown = rest.read(PROJECTS, key)
    assert (shown["description"], shown["customer"]["key"], shown["startDate"]) == (None, None, "2026-03-09")
    rest.patch(f"{PROJECTS}/{key}", {"customer": {"key": customer}})
    rest.patch(f"{PROJECTS}/{key}", {"customer": {"key": None}})
    assert rest.read(PROJECTS, key)["customer"]["id"] is None


def test_a_delete_answers_204_without_a_body_and_leaves_a_trail(rest: Rest) -> None:
    # §0.3
    key = rest.project("P-1")
    answer = rest.call("DELETE", f"{PROJECTS}/{key}", {})
    assert (answer.status_code, answer.content) == (204, b"")
    assert rest.get(f"{PROJECTS}/{key}").status_code == 404
    assert [row["ACCESSMODE"] for row in rest.xml.stored("AUDITHISTORY")] == ["D"]


def test_a_record_that_others_refer_to_is_not_deleted(rest: Rest) -> None:
    # the same rule as XML
    parent = rest.project("P-1")
    rest.project("P-2", parent={"key": parent})
    answer = rest.delete(f"{PROJECTS}/{parent}")
    assert (answer.status_code, problem(answer)["errorId"]) == (422, "REST-7001")
    rest.project("P-3", wipScheduleProject={"id": "P-2"})
    assert rest.delete(f"{PROJECTS}/2").status_code == 422
    assert rest.xml.call("<delete><object>PROJECT</object><keys>2</keys></delete>").status == "failure"


@pytest.mark.parametrize("body", [None, {}])
def test_a_write_without_a_payload_is_refused(rest: Rest, body: Any) -> None:
    # §9.3 REST-1028
    key = rest.project("P-1")
    for answer in (rest.post(PROJECTS, body), rest.patch(f"{PROJECTS}/{key}", body)):
        assert (answer.status_code, problem(answer)["errorId"]) == (400, "REST-1028")


@pytest.mark.parametrize(
    ("field", "target"),
    [
        ({"nonsense": 1}, "/nonsense"),
        ({"PROJECTID": "P-1"}, "/PROJECTID"),
        ({"budget": {"nonsense": 1}}, "/budget/nonsense"),
        ({"customer": {"nonsense": "C-1"}}, "/customer/nonsense"),
        ({"contacts": {"nonsense": {"id": "C"}}}, "/contacts/nonsense"),
    ],
)
def test_an_unknown_field_is_refused_with_its_pointer(rest: Rest, field: dict[str, Any], target: str) -> None:
    # §9.3 REST-1064 around REST-1043
    answer = rest.post(PROJECTS, project("P-1", **field))
    assert (answer.status_code, problem(answer)["errorId"]) == (400, "REST-1064")
    assert detail(answer) == ("REST-1043", target)
    assert rest.xml.stored("PROJECT") == []


@pytest.mark.parametrize(
    "field",
    [
        {"name": 5},
        {"category": "Contract"},
        {"category": "nonsense"},
        {"status": None},
        {"status": "activeNonposting"},
        {"startDate": "03/09/2026"},
        {"startDate": "2026-02-30"},
        {"startDate": 20260309},
        {"contractAmount": "1,000"},
        {"contractAmount": True},
        {"invoiceWithParent": "true"},
        {"invoiceWithParent": None},
        {"budget": "1"},
        {"budget": None},
        {"customer": "C-1"},
        {"customer": {"id": 5}},
        {"customer": ["C-1"]},
    ],
)
def test_a_value_of_the_wrong_form_is_refused(rest: Rest, field: dict[str, Any]) -> None:
    # §3.4, §15.1
    answer = rest.post(PROJECTS, project("P-1", **field))
    assert (answer.status_code, problem(answer)["errorId"]) == (400, "REST-1064")
    assert detail(answer)[0] == "EMU-INVALID-VALUE"
    assert rest.xml.stored("PROJECT") == []


@pytest.mark.parametrize(
    "field",
    [
        {"key": "9"},
        {"href": "/objects/projects/project/9"},
        {"audit": {"createdDateTime": "2026-03-09T00:00:00Z"}},
        {"progress": {"percentComplete": "5.00"}},
        {"rootProject": {"key": "1"}},
        {"entity": {"id": "100"}},
        {"customer": {"id": "C-1", "name": "Harrow Dental"}},
        {"projectStatus": {"id": "On Hold", "disableTimesheetEntry": True}},
        {"ratesAndPricing": {"purchasingAPPricing": "costPlusFee"}},
    ],
)
def test_a_read_only_field_is_refused_or_ignored_as_set(rest: Rest, field: dict[str, Any]) -> None:
    # §3.3, §18: not settled by any source, so it is a switch
    rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"})
    assert detail(rest.post(PROJECTS, project("P-1", **field)))[0] == "EMU-READ-ONLY"
    rest.xml.set(read_only_fields="ignore")
    assert rest.post(PROJECTS, project("P-1", **field)).status_code == 201


@pytest.mark.parametrize(("missing", "pointer"), [("id", "/id"), ("name", "/name"), ("category", "/category"), ("location", "/location")])
def test_a_project_without_a_required_field_is_refused(rest: Rest, missing: str, pointer: str) -> None:
    # §15.1 required on create; the location by the company's own rule
    body = {name: value for name, value in project("P-1").items() if name != missing}
    answer = rest.post(PROJECTS, body)
    assert (answer.status_code, problem(answer)["errorId"]) == (422, "REST-7001")
    assert problem(answer)["additionalInfo"]["placeholders"] == {"OPERATION": "POST", "RESOURCE_NAME": "objects/projects/project"}
    assert detail(answer)[1] == pointer
    assert problem(answer)["details"][0]["correction"].startswith("Provide a value for")


def test_a_numbered_object_makes_its_own_id(rest: Rest) -> None:
    # §15.1: id is optional with document sequencing
    rest.xml.set(numbered=["PROJECT"])
    body = {name: value for name, value in project("").items() if name != "id"}
    assert rest.post(PROJECTS, body).json()["ia::result"]["id"] == "PROJ-00001"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({"name": "N" * 101}, "longer than 100"),
        ({"id": "P" * 21}, "longer than 20"),
        ({"scopeDetails": {"scope": "S" * 4001}}, "longer than 4000"),
    ],
)
def test_a_text_that_is_too_long_is_refused(rest: Rest, field: dict[str, Any], text: str) -> None:
    # §15.1 lengths, by XML's rule
    answer = rest.post(PROJECTS, project("P-1") | field)
    assert answer.status_code == 422
    assert text in problem(answer)["details"][0]["message"]


@pytest.mark.parametrize(
    "field",
    [
        {"customer": {"id": "C-9"}},
        {"customer": {"key": "9"}},
        {"customer": {"key": "nonsense"}},
        {"manager": {"id": "E-9"}},
        {"location": {"key": "99"}},
        {"glBudget": {"id": "B-9"}},
        {"cipAsset": {"key": "9"}},
        {"contacts": {"billTo": {"id": "Nobody"}}},
    ],
)
def test_a_reference_to_nothing_is_refused(rest: Rest, field: dict[str, Any]) -> None:
    # §17.3
    answer = rest.post(PROJECTS, project("P-1", **field))
    assert (answer.status_code, problem(answer)["errorId"]) == (422, "REST-7001")
    assert detail(answer)[0] == "BL01001973"


def test_a_key_goes_before_an_id(rest: Rest) -> None:
    # §17.3
    first = rest.made(CUSTOMERS, {"id": "C-1", "name": "One"})
    rest.made(CUSTOMERS, {"id": "C-2", "name": "Two"})
    key = rest.project("P-1", customer={"key": first, "id": "C-2"})
    assert rest.read(PROJECTS, key)["customer"]["id"] == "C-1"


@pytest.mark.parametrize("status", ["409", "422", "400"])
def test_a_duplicate_id_is_refused_with_the_status_that_is_set(rest: Rest, status: str) -> None:
    # §9.2, §9.3: the sources disagree on the status
    rest.xml.set(duplicate_http=status)
    rest.xml.project("P-1")
    answer = rest.post(PROJECTS, project("P-1"))
    assert answer.status_code == int(status)
    assert problem(answer)["details"][0]["message"] == "Another record with the value 'P-1' already exists"
    assert len(rest.xml.stored("PROJECT")) == 1


def test_an_id_cannot_be_changed_but_may_be_repeated(rest: Rest) -> None:
    # §3.3: immutable after create
    key = rest.project("P-1")
    assert detail(rest.patch(f"{PROJECTS}/{key}", {"id": "P-2"})) == ("EMU-READ-ONLY", "/id")
    assert rest.patch(f"{PROJECTS}/{key}", {"id": "P-1", "name": "New"}).status_code == 200


def test_an_address_takes_a_record_number_only(rest: Rest) -> None:
    # §0.2
    rest.project("P-1")
    answer = rest.get(f"{PROJECTS}/P-1")
    assert (answer.status_code, problem(answer)["code"]) == (400, "invalidKey")
    for missing in (rest.get(f"{PROJECTS}/9"), rest.patch(f"{PROJECTS}/9", {"name": "x"}), rest.delete(f"{PROJECTS}/9")):
        assert (missing.status_code, problem(missing)["code"]) == (404, "notFound")


def test_no_project_is_its_own_ancestor(rest: Rest) -> None:
    # the same rule as XML
    top = rest.project("P-1")
    low = rest.project("P-2", parent={"key": top})
    assert rest.read(PROJECTS, low)["rootProject"]["key"] == top
    assert rest.patch(f"{PROJECTS}/{top}", {"parent": {"key": low}}).status_code == 422


def test_a_project_may_be_non_posting_over_rest_and_xml_shows_it(rest: Rest) -> None:
    # §15.1 status
    key = rest.project("P-1", status="activeNonPosting")
    assert rest.read(PROJECTS, key)["status"] == "activeNonPosting"
    assert rest.xml.stored("PROJECT")[0]["STATUS"] == "active non-posting"


def test_a_customer_needs_only_a_name_and_gets_a_contact_of_its_own(rest: Rest) -> None:
    # §15.20 customer
    assert rest.post(CUSTOMERS, {"id": "C-1"}).status_code == 422
    shown = rest.read(CUSTOMERS, rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"}))
    assert shown["contacts"]["default"]["printAs"] == "Harrow Dental"
    assert shown["contacts"]["primary"] == EMPTY
    assert (shown["totalDue"], shown["customerRestriction"]) == ("0.00", "unrestricted")


def test_a_customer_writes_its_contact_through_or_links_one_that_exists(rest: Rest) -> None:
    # §15.20 contacts.default, recorded customer model
    body = {"id": "C-1", "name": "Harrow Dental", "contacts": {"default": {"email1": "a@b.example", "mailingAddress": {"city": "Leeds"}}}}
    key = rest.made(CUSTOMERS, body)
    contact = rest.read(CUSTOMERS, key)["contacts"]["default"]
    assert (contact["email1"], contact["mailingAddress"]["city"]) == ("a@b.example", "Leeds")
    rest.patch(f"{CUSTOMERS}/{key}", {"contacts": {"default": {"phone1": "555"}}})
    assert rest.read(CONTACTS, contact["key"])["phone1"] == "555"
    other = rest.made(CONTACTS, {"id": "Sill, Ada", "printAs": "Ada Sill"})
    rest.patch(f"{CUSTOMERS}/{key}", {"contacts": {"default": {"id": "Sill, Ada"}, "billTo": {"key": other}}})
    shown = rest.read(CUSTOMERS, key)["contacts"]
    assert (shown["default"]["key"], shown["billTo"]["id"]) == (other, "Sill, Ada")
    made = rest.made(CUSTOMERS, {"id": "C-2", "name": "Two", "contacts": {"default": {"key": other}}})
    assert rest.read(CUSTOMERS, made)["contacts"]["default"]["id"] == "Sill, Ada"


@pytest.mark.parametrize(
    ("contact", "status"),
    [({"email1": "nonsense"}, 422), ({"nonsense": "x"}, 400), ({"id": "Nobody"}, 422), ({"key": "99"}, 422), ({"key": 5}, 400), ("x", 400)],
)
def test_a_wrong_contact_of_a_customer_is_refused_and_nothing_stays(rest: Rest, contact: Any, status: int) -> None:
    answer = rest.post(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental", "contacts": {"default": contact}})
    assert answer.status_code == status
    assert rest.xml.stored("CUSTOMER") == []
    assert rest.xml.stored("CONTACT") == []


def test_an_unknown_field_of_a_contact_is_named_by_its_whole_path(rest: Rest) -> None:
    # §9.1: details of a wrong payload carry a JSON pointer
    answer = rest.post(CUSTOMERS, {"id": "C-1", "name": "x", "contacts": {"default": {"mailingAddress": {"nonsense": "x"}}}})
    assert detail(answer) == ("REST-1043", "/contacts/default/mailingAddress/nonsense")


def test_lines_are_added_changed_and_removed_by_key(rest: Rest) -> None:
    # §3.3 owned arrays
    contact = rest.made(CONTACTS, {"id": "Sill, Ada", "printAs": "Ada Sill"})
    key = rest.made(CUSTOMERS, {"id": "C-1", "name": "x", "contactList": [{"categoryName": "Site", "contact": {"id": "Sill, Ada"}}]})
    rest.patch(f"{CUSTOMERS}/{key}", {"contactList": [{"categoryName": "Office", "contact": {"key": contact}}]})
    lines = rest.read(CUSTOMERS, key)["contactList"]
    assert [line["categoryName"] for line in lines] == ["Site", "Office"]
    assert lines[0]["contact"]["key"] == contact
    assert lines[0]["customer"]["id"] == "C-1"
    rest.patch(f"{CUSTOMERS}/{key}", {"contactList": [{"key": lines[0]["key"], "ia::operation": "delete"}]})
    (left,) = rest.read(CUSTOMERS, key)["contactList"]
    assert (left["key"], left["categoryName"]) == (lines[1]["key"], "Office")
    rest.patch(f"{CUSTOMERS}/{key}", {"contactList": [{"key": left["key"], "categoryName": "Yard"}]})
    assert [line["categoryName"] for line in rest.read(CUSTOMERS, key)["contactList"]] == ["Yard"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ({"key": "9", "categoryName": "x"}, 400),
        ({"ia::operation": "delete"}, 400),
        ({"ia::operation": "replace", "key": "9"}, 400),
        ({"categoryName": "x", "contact": {"id": "Sill, Ada"}, "nonsense": 1}, 400),
        ({"categoryName": "x"}, 422),
        ({"categoryName": "x", "contact": {"id": "Nobody"}}, 422),
        ("x", 400),
    ],
)
def test_a_wrong_line_is_refused(rest: Rest, line: Any, status: int) -> None:
    rest.made(CONTACTS, {"id": "Sill, Ada", "printAs": "Ada Sill"})
    assert rest.post(CUSTOMERS, {"id": "C-1", "name": "x", "contactList": [line]}).status_code == status


def test_an_employee_is_made_with_a_contact_and_named_after_it(rest: Rest) -> None:
    # §15.20 employee: its create example sends a name and a primaryContact
    rest.made(CONTACTS, {"id": "Sill, Ada", "printAs": "Ada Sill", "email1": "ada@b.example"})
    path = "/objects/company-config/employee"
    body = {"id": "E-1", "name": "Ada", "location": {"id": "100"}, "primaryContact": {"id": "Sill, Ada"}, "jobTitle": "Fitter"}
    assert rest.post(path, {**body, "primaryContact": None}).status_code == 422
    shown = rest.read(path, rest.made(path, body))
    assert (shown["name"], shown["jobTitle"]) == ("Sill, Ada", "Fitter")
    assert shown["primaryContact"]["email1"] == "ada@b.example"
    key = rest.project("P-1", manager={"id": "E-1"})
    assert rest.read(PROJECTS, key)["manager"]["name"] == "Sill, Ada"


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("/objects/projects/project-status", {"id": "Bidding", "disableTimesheetEntry": True}, {"disableTimesheetEntry": False}),
        ("/objects/projects/project-type", {"id": "Repair", "parent": {"id": "Service"}}, {"status": "inactive"}),
        ("/objects/company-config/location", {"id": "300", "name": "Yard", "parent": {"id": "100"}}, {"name": "Old yard"}),
        ("/objects/company-config/department", {"id": "D-1", "name": "Field", "reportTitle": "Field work"}, {"name": "Works"}),
        ("/objects/company-config/class", {"id": "K-1", "name": "New build", "description": "x"}, {"description": None}),
        ("/objects/company-config/contact", {"id": "Sill, Ada", "printAs": "Ada"}, {"mailingAddress": {"city": "Leeds"}}),
        ("/objects/accounts-receivable/customer-type", {"id": "Public"}, {"parent": {"id": "Commercial"}}),
        ("/objects/accounts-receivable/territory", {"id": "East"}, {"status": "inactive"}),
        ("/objects/company-config/employee-type", {"id": "Casual"}, {"status": "inactive"}),
    ],
)
def test_every_object_is_created_changed_and_deleted(rest: Rest, path: str, body: dict[str, Any], change: dict[str, Any]) -> None:
    # §14
    key = rest.made(path, body)
    assert rest.read(path, key)["id"] == body["id"]
    assert rest.patch(f"{path}/{key}", change).status_code == 200
    shown = rest.read(path, key)
    for name, value in change.items():
        assert shown[name] == value or value.items() <= shown[name].items()
    assert rest.delete(f"{path}/{key}").status_code == 204
    assert rest.get(f"{path}/{key}").status_code == 404


def test_entities_and_users_are_read(rest: Rest) -> None:
    # §12 entity objects
    assert rest.found("company-config/entity") == ["100", "200"]
    key = rest.found("company-config/entity", {"$eq": {"id": "100"}}, field="key")[0]
    assert rest.read("/objects/company-config/entity", key)["name"] == "Sandbox Entity 100"
    assert rest.found("company-config/user") == ["Admin", "ws-user"]


def test_several_keys_are_read_and_deleted_at_once(rest: Rest) -> None:
    # §3.2 read many, delete many; §3.6 what is missing is told by position
    keys = [rest.project(f"P-{number}") for number in range(1, 4)]
    answer = rest.get(f"{PROJECTS}/{keys[0]},{keys[2]}")
    assert [row["id"] for row in answer.json()["ia::result"]] == ["P-1", "P-3"]
    mixed = rest.get(f"{PROJECTS}/{keys[0]},99")
    assert (mixed.status_code, mixed.json()["ia::result"][1]["ia::status"]) == (207, 404)
    gone = rest.delete(f"{PROJECTS}/{keys[0]},99")
    assert gone.status_code == 207
    assert [item["ia::status"] for item in gone.json()["ia::result"]] == [204, 404]
    assert "key" not in gone.json()["ia::result"][0]
    assert rest.delete(f"{PROJECTS}/{keys[1]},{keys[2]}").status_code == 204
    assert rest.found("projects/project") == []


def test_a_list_gives_key_id_and_href_a_hundred_at_a_time(rest: Rest) -> None:
    # §0.4, §3.1
    rest.post(PROJECTS, [project(f"P-{number}") for number in range(1, 124)])
    first = rest.get(PROJECTS).json()
    assert len(first["ia::result"]) == 100
    assert first["ia::result"][0].keys() == {"key", "id", "href"}
    assert first["ia::meta"] == {"totalCount": 123, "start": 1, "pageSize": 100, "next": 101, "previous": None}
    rest_of_it = rest.get(PROJECTS, start="101").json()
    assert rest_of_it["ia::meta"] == {"totalCount": 123, "start": 101, "pageSize": 100, "next": None, "previous": 1}
    assert len({row["key"] for row in first["ia::result"] + rest_of_it["ia::result"]}) == 123
    assert rest.get(PROJECTS, start="0").status_code == 400
    assert rest.get(PROJECTS, size="101").status_code == 400


def test_a_denied_operation_is_403(rest: Rest) -> None:
    # §9.3 unauthorizedUser
    key = rest.project("P-1")
    rest.xml.set(denied_operations=["create PROJECT", "update PROJECT", "delete PROJECT", "read PROJECT", "query PROJECT"])
    answers = (
        rest.post(PROJECTS, project("P-2")),
        rest.patch(f"{PROJECTS}/{key}", {"name": "x"}),
        rest.delete(f"{PROJECTS}/{key}"),
        rest.get(f"{PROJECTS}/{key}"),
        rest.get(PROJECTS),
        rest.query("projects/project", "id"),
    )
    assert [(answer.status_code, problem(answer)["code"]) for answer in answers] == [(403, "unauthorizedUser")] * 6


def test_options_tells_what_is_offered(rest: Rest) -> None:
    # §3.2: OPTIONS is listed in httpMethods
    answer = rest.call("OPTIONS", PROJECTS)
    assert (answer.status_code, answer.headers["allow"]) == (204, "OPTIONS,GET,POST,DELETE,PATCH")
