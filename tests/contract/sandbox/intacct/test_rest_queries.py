"""The query and model services (intacct-rest §4, §5, §12)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.rest import CUSTOMERS, PROJECTS, Rest, detail, problem, project

NAME = "projects/project"


@pytest.fixture
def four(rest: Rest) -> Rest:
    """Four projects; the day is the 18th of March 2026, a Wednesday."""
    rest.xml.at("2026-03-18T12:00:00Z")
    rest.sign_in()
    rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"})
    rest.project("A-1", name="Roof north", startDate="2026-03-18", contractAmount="100", customer={"id": "C-1"})
    rest.project("A-2", name="roof south", startDate="2026-03-17", contractAmount="20.5", category="capitalized")
    rest.project("B-1", name="100% done", startDate="2026-02-10", status="inactive", invoiceWithParent=True)
    rest.project("B-2", name="Cellar", contractAmount="100")
    return rest


def test_rows_are_flat_and_follow_references(four: Rest) -> None:
    # §0.5, §4
    fields = ("key", "id", "customer.id", "customer.name", "customer.contacts.default.printAs", "budget.billingAmount", "href")
    answer = four.query(NAME, *fields, filters=[{"$in": {"id": ["A-1", "B-2"]}}], orderBy=[{"id": "asc"}])
    assert answer.json() == {
        "ia::result": [
            {
                "key": "1",
                "id": "A-1",
                "customer.id": "C-1",
                "customer.name": "Harrow Dental",
                "customer.contacts.default.printAs": "Harrow Dental",
                "budget.billingAmount": None,
                "href": "/objects/projects/project/1",
            },
            {
                "key": "4",
                "id": "B-2",
                "customer.id": None,
                "customer.name": None,
                "customer.contacts.default.printAs": None,
                "budget.billingAmount": None,
                "href": "/objects/projects/project/4",
            },
        ],
        "ia::meta": {"totalCount": 2, "start": 1, "pageSize": 100, "next": None, "previous": None},
    }


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({"$eq": {"status": "inactive"}}, ["B-1"]),
        ({"$ne": {"status": "inactive"}}, ["A-1", "A-2", "B-2"]),
        ({"$eq": {"category": "capitalized"}}, ["A-2"]),
        ({"$eq": {"customer.id": None}}, ["A-2", "B-1", "B-2"]),
        ({"$ne": {"customer.id": None}}, ["A-1"]),
        ({"$eq": {"customer.name": "Harrow Dental"}}, ["A-1"]),
        ({"$eq": {"invoiceWithParent": True}}, ["B-1"]),
        ({"$eq": {"contractAmount": "100.00"}}, ["A-1", "B-2"]),
        ({"$lt": {"contractAmount": "100"}}, ["A-2"]),
        ({"$lte": {"contractAmount": 100}}, ["A-1", "A-2", "B-2"]),
        ({"$gt": {"startDate": "2026-03-17"}}, ["A-1"]),
        ({"$gte": {"startDate": "2026-03-17"}}, ["A-1", "A-2"]),
        ({"$gte": {"audit.modifiedDateTime": "2026-03-18T12:00:00Z"}}, ["A-1", "A-2", "B-1", "B-2"]),
        ({"$gt": {"audit.modifiedDateTime": "2026-03-18T12:00:00Z"}}, []),
        ({"$in": {"id": ["A-1", "B-1", "X"]}}, ["A-1", "B-1"]),
        ({"$notIn": {"id": ["A-1", "B-1"]}}, ["A-2", "B-2"]),
        ({"$in": {"customer.id": ["C-1", None]}}, ["A-1", "A-2", "B-1", "B-2"]),
        ({"$between": {"startDate": ["2026-02-01", "2026-03-17"]}}, ["A-2", "B-1"]),
        ({"$notBetween": {"startDate": ["2026-02-01", "2026-03-17"]}}, ["A-1"]),
        ({"$contains": {"name": "oof"}}, ["A-1", "A-2"]),
        ({"$notContains": {"name": "oof"}}, ["B-1", "B-2"]),
        ({"$contains": {"name": "0%"}}, ["B-1"]),
        ({"$startsWith": {"name": "Roof"}}, ["A-1"]),
        ({"$notStartsWith": {"name": "Roof"}}, ["A-2", "B-1", "B-2"]),
        ({"$endsWith": {"id": "-1"}}, ["A-1", "B-1"]),
        ({"$notEndsWith": {"id": "-1"}}, ["A-2", "B-2"]),
        ({"$eq": {"startDate": "today"}}, ["A-1"]),
        ({"$eq": {"startDate": "yesterday"}}, ["A-2"]),
        ({"$eq": {"startDate": "currentWeek"}}, ["A-1", "A-2"]),
        ({"$eq": {"startDate": "priorMonth"}}, ["B-1"]),
        ({"$lt": {"startDate": "currentMonth"}}, ["B-1"]),
        ({"$eq": {"startDate": "currentQuarter"}}, ["A-1", "A-2", "B-1"]),
        ({"$eq": {"startDate": "priorYear"}}, []),
        ({"$eq": {"audit.createdDateTime": "today"}}, ["A-1", "A-2", "B-1", "B-2"]),
    ],
)
def test_every_operator_finds_what_it_says(four: Rest, filter: dict[str, Any], expected: list[str]) -> None:
    # §4
    assert four.found(NAME, filter) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("and", []),
        ("or", ["A-1", "A-2", "B-1"]),
        (None, []),
        ("1 or 3", ["A-1", "B-1"]),
        ("1 and 2 or 3", ["B-1"]),
        ("(1 or 2) and 4", ["A-1", "A-2"]),
        ("1 AND 4", ["A-1"]),
    ],
)
def test_filters_are_joined_by_the_expression(four: Rest, expression: str | None, expected: list[str]) -> None:
    # §4 filterExpression
    filters = [{"$eq": {"id": "A-1"}}, {"$eq": {"id": "A-2"}}, {"$eq": {"status": "inactive"}}]
    more = [{"$eq": {"status": "active"}}] if expression and "4" in expression else []
    assert four.found(NAME, *filters, *more, filterExpression=expression) == expected


@pytest.mark.parametrize("expression", ["1 and", "(1", "1)", "9", "0", "1 2", "1 xor 2", "()", "(" * 200 + "1" + ")" * 200])
def test_an_expression_nobody_can_read_is_refused(four: Rest, expression: str) -> None:
    answer = four.query(NAME, "id", filters=[{"$eq": {"id": "A-1"}}], filterExpression=expression)
    assert (answer.status_code, detail(answer)[1]) == (400, "/filterExpression")


def test_comparing_minds_the_case_unless_told_otherwise(four: Rest) -> None:
    # §4 caseSensitiveComparison
    loose = {"filterParameters": {"caseSensitiveComparison": False}}
    assert four.found(NAME, {"$startsWith": {"name": "ROOF"}}) == []
    assert four.found(NAME, {"$startsWith": {"name": "ROOF"}}, **loose) == ["A-1", "A-2"]
    assert four.found(NAME, {"$eq": {"name": "roof north"}}, **loose) == ["A-1"]
    assert four.found(NAME, {"$in": {"id": ["a-1"]}}, **loose) == ["A-1"]


def test_relative_dates_count_from_the_day_given(four: Rest) -> None:
    # §4 asOfDate
    assert four.found(NAME, {"$eq": {"startDate": "today"}}, filterParameters={"asOfDate": "2026-02-10"}) == ["B-1"]
    assert four.query(NAME, "id", filterParameters={"asOfDate": "soon"}, filters=[{"$eq": {"id": "1"}}]).status_code == 400


def test_rows_are_ordered_as_asked_with_null_first(four: Rest) -> None:
    assert four.found(NAME, orderBy=[{"startDate": "asc"}]) == ["B-2", "B-1", "A-2", "A-1"]
    assert four.found(NAME, orderBy=[{"contractAmount": "desc"}, {"id": "desc"}]) == ["B-2", "A-1", "A-2", "B-1"]
    assert four.found(NAME, orderBy=[{"customer.name": "desc"}, {"id": "asc"}])[0] == "A-1"


def test_pages_without_an_order_still_hold_every_row_once(rest: Rest) -> None:
    # §4: nothing promises an order
    rest.post(PROJECTS, [project(f"P-{number}") for number in range(1, 41)])
    pages = [rest.query(NAME, "id", start=start, size=15).json() for start in (1, 16, 31)]
    found = [row["id"] for page in pages for row in page["ia::result"]]
    assert sorted(found) == sorted(f"P-{number}" for number in range(1, 41))
    assert found != [f"P-{number}" for number in range(1, 41)]
    assert [page["ia::meta"]["next"] for page in pages] == [16, 31, None]
    assert [page["ia::meta"]["previous"] for page in pages] == [None, 1, 16]


def test_aggregates_group_by_the_other_fields(four: Rest) -> None:
    # §4
    answer = four.query(NAME, "category", "count:id", "sum:contractAmount", "min:startDate", "avg:contractAmount", "max:id")
    rows = {row["category"]: row for row in answer.json()["ia::result"]}
    assert rows["contract"] == {
        "category": "contract",
        "count:id": 3,
        "sum:contractAmount": "200.00",
        "min:startDate": "2026-02-10",
        "avg:contractAmount": "100.00",
        "max:id": "B-2",
    }
    assert four.query(NAME, "count:key").json()["ia::result"] == [{"count:key": 4}]
    assert four.query(NAME, "sum:name").status_code == 400


def test_nulls_and_empty_parts_mean_nothing_was_asked(four: Rest) -> None:
    # §16.1: get_all_generator
    more = {"filters": [], "filterExpression": None, "filterParameters": {}, "orderBy": [], "start": 1, "size": 2000}
    assert len(four.query(NAME, "id", **more).json()["ia::result"]) == 4


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"object": "projects/nonsense", "fields": ["id"]}, "/object"),
        ({"object": NAME}, "/fields"),
        ({"object": NAME, "fields": []}, "/fields"),
        ({"object": NAME, "fields": ["*"]}, "/fields/0"),
        ({"object": NAME, "fields": ["id", "nonsense"]}, "/fields/1"),
        ({"object": NAME, "fields": ["budget"]}, "/fields/0"),
        ({"object": NAME, "fields": ["customer"]}, "/fields/0"),
        ({"object": NAME, "fields": ["customer.nonsense"]}, "/fields/0"),
        ({"object": "accounts-receivable/customer", "fields": ["contactList.categoryName"]}, "/fields/0"),
        ({"object": NAME, "fields": ["id"], "size": 4001}, "/size"),
        ({"object": NAME, "fields": ["id"], "size": 0}, "/size"),
        ({"object": NAME, "fields": ["id"], "start": 0}, "/start"),
        ({"object": NAME, "fields": ["id"], "start": "1"}, "/start"),
        ({"object": NAME, "fields": ["id"], "nonsense": 1}, "/nonsense"),
        ({"object": NAME, "fields": ["id"], "filterParameters": {"nonsense": 1}}, "/filterParameters/nonsense"),
        ({"object": NAME, "fields": ["id"], "filterParameters": {"includePrivate": "true"}}, "/filterParameters/includePrivate"),
        ({"object": NAME, "fields": ["id"], "orderBy": ["id"]}, "/orderBy/0"),
        ({"object": NAME, "fields": ["id"], "orderBy": [{"id": "up"}]}, "/orderBy/0"),
        ({"object": NAME, "fields": ["id"], "orderBy": [{"nonsense": "asc"}]}, "/orderBy/0"),
        ({"object": NAME, "fields": ["id"], "filters": {"$eq": {"id": "1"}}}, "/filters"),
        ({"object": NAME, "fields": ["id"], "filters": [{"field": "id", "operator": "$eq", "value": "1"}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$like": {"id": "1"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$eq": "id"}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$eq": {"nonsense": "1"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$eq": {"status": "Active"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$eq": {"startDate": "03/09/2026"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$gt": {"contractAmount": "much"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$eq": {"invoiceWithParent": "true"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$in": {"id": "1"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$in": {"id": []}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$between": {"id": ["1"]}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$contains": {"contractAmount": "1"}}]}, "/filters/0"),
        ({"object": NAME, "fields": ["id"], "filters": [{"$contains": {"name": 1}}]}, "/filters/0"),
    ],
)
def test_a_wrong_query_is_refused_with_its_pointer(rest: Rest, body: dict[str, Any], target: str) -> None:
    # §4, §9.3
    answer = rest.post("/services/core/query", body)
    assert (answer.status_code, problem(answer)["errorId"]) == (400, "REST-1064")
    assert detail(answer)[1] == target


def test_has_needs_an_array(rest: Rest) -> None:
    # §4: "array field contains"
    assert rest.query(NAME, "id", filters=[{"$has": {"name": "x"}}]).status_code == 400


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"fields": ["audit.createdBy"]}, "audit.createdBy"),
        ({"filters": [{"$eq": {"href": "/objects/projects/project/1"}}]}, "href"),
        ({"orderBy": [{"href": "asc"}]}, "href"),
    ],
)
def test_a_field_that_cannot_be_queried_is_rest_1106(rest: Rest, part: dict[str, Any], path: str) -> None:
    # §4, §9.3 REST-1106
    answer = rest.post("/services/core/query", {"object": NAME, "fields": ["id"], **part})
    assert (answer.status_code, problem(answer)["errorId"]) == (400, "REST-1106")
    assert problem(answer)["additionalInfo"]["placeholders"] == {"FIELD": path, "OBJECT": NAME, "VERSION": "v1"}


def test_a_query_needs_a_payload_and_may_be_several(four: Rest) -> None:
    # §4: an array of query bodies
    assert problem(four.post("/services/core/query", None))["errorId"] == "REST-1028"
    assert four.post("/services/core/query", ["x"]).status_code == 400
    two = [{"object": NAME, "fields": ["id"], "size": 1}, {"object": "accounts-receivable/customer", "fields": ["name"]}]
    items = four.post("/services/core/query", two).json()["ia::result"]
    assert [item["ia::meta"]["totalCount"] for item in items] == [4, 1]
    assert items[1]["ia::result"] == [{"name": "Harrow Dental"}]


def test_records_of_an_entity_are_private_to_the_top_level(rest: Rest) -> None:
    # §0.10, §12
    rest.project("P-1")
    key = rest.made(PROJECTS, project("P-2", location={"id": "200"}), X_IA_API_Param_Entity="200")
    assert rest.found(NAME) == ["P-1"]
    assert rest.found(NAME, filterParameters={"includePrivate": True}) == ["P-1", "P-2"]
    assert [row["id"] for row in rest.get(PROJECTS).json()["ia::result"]] == ["P-1"]
    assert rest.get(f"{PROJECTS}/{key}").status_code == 200
    body = {"object": NAME, "fields": ["id", "entity.id"], "orderBy": [{"id": "asc"}]}
    seen = {entity: rest.post("/services/core/query", body, X_IA_API_Param_Entity=entity).json()["ia::result"] for entity in ("100", "200")}
    assert seen["100"] == [{"id": "P-1", "entity.id": None}]
    assert seen["200"] == [{"id": "P-1", "entity.id": None}, {"id": "P-2", "entity.id": "200"}]


def test_a_late_search_does_not_see_what_was_just_written_but_a_read_does(rest: Rest) -> None:
    # the same lag as XML's searches
    rest.xml.set(consistency_lag_s=30.0)
    rest.xml.at("2026-03-18T12:00:00Z")
    rest.sign_in()
    key = rest.project("P-1")
    assert rest.found(NAME) == []
    assert rest.read(PROJECTS, key)["id"] == "P-1"
    rest.xml.advance(31)
    assert rest.found(NAME) == ["P-1"]


def test_the_model_describes_fields_groups_references_and_lists(rest: Rest) -> None:
    # §5
    model = rest.get("/services/core/model", name="accounts-receivable/customer", schema="true").json()["ia::result"]
    assert model["fields"]["status"] == {
        "type": "string",
        "readOnly": False,
        "writeOnly": False,
        "required": False,
        "nullable": False,
        "mutable": True,
        "enum": ["active", "activeNonPosting", "inactive"],
        "default": "active",
    }
    assert model["fields"]["id"]["mutable"] is False
    assert (model["fields"]["key"]["readOnly"], model["fields"]["href"]["readOnly"]) == (True, True)
    assert model["fields"]["totalDue"]["format"] == "decimal-precision-2"
    assert model["groups"]["audit"]["refs"]["createdByUser"]["apiObject"] == "company-config/user"
    assert model["groups"]["contacts"]["refs"]["default"]["groups"]["mailingAddress"]["fields"]["city"]["readOnly"] is False
    assert model["refs"]["parent"]["fields"]["name"]["readOnly"] is True
    assert model["lists"] == {"contactList": {"apiObject": "accounts-receivable/customer-contact"}}
    assert model["httpMethods"] == "OPTIONS,GET,POST,DELETE,PATCH"
    assert (model["apiObject"], model["type"], model["idempotenceSupported"]) == (
        "objects/accounts-receivable/customer",
        "rootObject",
        True,
    )
    assert rest.get("/services/core/model", name="objects/projects/project").json()["ia::result"]["lists"] == []


def test_the_model_lists_every_object(rest: Rest) -> None:
    # §5, §16.3
    listed = rest.get("/services/core/model").json()["ia::result"]
    assert {"apiObject", "type", "httpMethods", "href"} == listed[0].keys()
    assert "objects/projects/project" in {each["apiObject"] for each in listed}
    for each in listed:
        assert rest.get("/services/core/model", name=each["apiObject"]).status_code == 200
    assert rest.get("/services/core/model", name="projects/nonsense").status_code == 404
    assert rest.get("/services/core/model", name="projects/project", version="v2").status_code == 400


def test_what_the_model_says_is_what_the_query_takes(rest: Rest) -> None:
    # §4, §5: every described field can be asked for
    rest.project("P-1")
    rest.made(CUSTOMERS, {"id": "C-1", "name": "x"})
    for each in rest.get("/services/core/model").json()["ia::result"]:
        name = each["apiObject"].removeprefix("objects/")
        fields = paths(rest.get("/services/core/model", name=name).json()["ia::result"])
        answer = rest.query(name, *fields)
        assert answer.status_code == 200, answer.text
        assert all(row.keys() == set(fields) for row in answer.json()["ia::result"])


def paths(model: dict[str, Any], prefix: str = "") -> list[str]:
    """Every path a model describes, deprecated ones left out."""
    found = [f"{prefix}{name}" for name, about in model.get("fields", {}).items() if not about.get("deprecated")]
    for part in ("groups", "refs"):
        for name, inner in model.get(part, {}).items():
            found += paths(inner, f"{prefix}{name}.")
    return found


def test_the_dimensions_name_where_their_objects_are(rest: Rest) -> None:
    # §14 dimension catalogue
    found = {each["dimensionName"]: each for each in rest.get("/services/company-config/dimensions/list").json()["ia::result"]}
    assert found["PROJECT"] == {
        "dimensionName": "PROJECT",
        "dimensionLabel": "Project",
        "termName": "Project",
        "isUserDefinedDimension": False,
        "isEnabledInGL": True,
        "dimensionEndpoint": "/objects/projects/project",
    }
    assert rest.get("/objects/company-config/multi-entity-preference/setup").json()["ia::result"]["isModuleConfigured"] is True
