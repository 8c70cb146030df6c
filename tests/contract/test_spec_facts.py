"""The checker itself: it must find what is wrong and stay silent about what is right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.spec_facts import SPECS, facts, find_path, validate_request, validate_response, validate_value

JOBS = "/jpm/v2/tenant/1000001/jobs"


def valid_project() -> dict[str, Any]:
    return {
        "id": 7,
        "number": "7",
        "name": None,
        "customerId": 3,
        "locationId": 4,
        "projectManagerIds": [],
        "businessUnitIds": [12],
        "createdOn": "2026-03-01T08:00:00.1234567Z",
        "customFields": [],
        "externalData": [],
        "jobIds": [1, 2],
    }


def test_a_good_request_has_nothing_wrong() -> None:
    query = {"pageSize": "50", "page": 1, "includeTotal": "true", "modifiedOnOrAfter": "2026-03-01T00:00:00Z", "jobStatus": "Completed"}
    assert validate_request("jpm", "GET", JOBS, query) == []


def test_the_base_path_and_a_query_in_the_path_are_understood() -> None:
    assert validate_request("jpm", "get", "/tenant/1/jobs?pageSize=5&page=2") == []
    assert validate_request("jpm", "get", "/tenant/1/jobs?pagesize=5") == ["unknown query parameter pagesize"]


def test_a_literal_segment_wins_over_a_placeholder() -> None:
    assert find_path("jpm", "/tenant/1/jobs/cancel-reasons") == ("/tenant/{tenant}/jobs/cancel-reasons", {"tenant": "1"})
    assert find_path("jpm", "/tenant/1/jobs/12") == ("/tenant/{tenant}/jobs/{id}", {"tenant": "1", "id": "12"})


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"colour": "red"}, "unknown query parameter colour"),
        ({"page": "two"}, "query parameter page is 'two', not a whole number"),
        ({"includeTotal": "yes"}, "query parameter includeTotal is 'yes', neither true nor false"),
        ({"modifiedOnOrAfter": "2026-03-01"}, "query parameter modifiedOnOrAfter is '2026-03-01', not a date with a time"),
        ({"page": str(2**31)}, "query parameter page is 2147483648, outside -2147483648 to 2147483647"),
    ],
)
def test_a_wrong_query_parameter_is_named(query: dict[str, str], sentence: str) -> None:
    assert validate_request("jpm", "GET", JOBS, query) == [sentence]


def test_a_value_outside_an_enumeration_is_named_with_the_choices() -> None:
    (problem,) = validate_request("jpm", "GET", JOBS, [("jobStatus", "Finished")])
    assert problem.startswith("query parameter jobStatus is 'Finished', not one of Scheduled,")


def test_an_unknown_path_method_and_area_are_refused() -> None:
    assert validate_request("jpm", "GET", "/tenant/1/nothing") == ["jpm has no GET /tenant/1/nothing"]
    assert validate_request("jpm", "DELETE", "/tenant/1/jobs") == ["jpm has no DELETE /tenant/1/jobs"]
    with pytest.raises(ValueError, match=r"there is no fact file moon\.json"):
        validate_request("moon", "GET", "/")


def test_a_path_parameter_must_fit_its_type() -> None:
    assert validate_request("jpm", "GET", "/tenant/1/jobs/J-12") == ["path parameter id is 'J-12', not a whole number"]


def test_a_request_body_is_held_to_its_schema_and_unknown_members_are_wrong() -> None:
    body = {"customerId": 1, "locationId": 2, "businessUnitId": 3, "jobTypeId": "four", "priority": None, "campaignId": 6, "hue": 1}
    assert validate_request("jpm", "POST", JOBS, None, body) == [
        "body.appointments is missing",
        "body.jobTypeId is 'four', not of type integer",
        "body.priority must not be null",
        "body.hue is not a member the vendor knows",
    ]


def test_a_read_takes_no_body() -> None:
    assert validate_request("jpm", "GET", JOBS, None, {"a": 1}) == ["GET /tenant/{tenant}/jobs takes no body"]


def test_a_good_reply_has_nothing_wrong_and_may_carry_unknown_members() -> None:
    assert validate_response("jpm", "GET", "/tenant/1/projects/7", 200, {**valid_project(), "addedLater": True}) == []


def test_a_reply_that_lacks_a_member_or_has_a_null_or_a_wrong_type_is_named() -> None:
    body = {**valid_project(), "number": None, "customerId": "3", "startDate": "soon"}
    del body["jobIds"]
    assert validate_response("jpm", "GET", "/tenant/1/projects/7", 200, body) == [
        "body.jobIds is missing",
        "body.number must not be null",
        "body.customerId is '3', not of type integer",
        "body.startDate is 'soon', not a date with a time",
    ]


def test_rows_of_a_page_are_checked_with_their_position() -> None:
    page = {"page": 1, "pageSize": 50, "hasMore": False, "totalCount": None, "data": [valid_project(), {**valid_project(), "id": True}]}
    assert validate_response("jpm", "GET", "/tenant/1/projects", 200, page) == ["body.data[1].id is True, not of type integer"]


def test_a_status_the_vendor_does_not_list_is_named_but_gateway_statuses_pass() -> None:
    assert validate_response("jpm", "GET", "/tenant/1/projects/7", 204) == [
        "GET /tenant/1/projects/7 never answers 204: it lists 200, 400, 404"
    ]
    assert validate_response("jpm", "GET", "/tenant/1/projects/7", 429) == []


def test_an_error_body_is_checked_too() -> None:
    assert validate_response("jpm", "GET", "/tenant/1/projects/7", 404, {"title": "Not found"}) == [
        f"body.{name} is missing" for name in ("type", "status", "traceId", "errors", "data")
    ]


def test_a_decimal_counts_as_a_number_and_a_truth_value_does_not() -> None:
    name = next(name for name, node in facts("accounting")["schemas"].items() if _number_member(node))
    member = _number_member(facts("accounting")["schemas"][name])
    right = validate_value("accounting", name, {member: Decimal("1.50")})
    wrong = validate_value("accounting", name, {member: True})
    assert not any(f".{member} " in line and "type" in line for line in right)
    assert f"{name}.{member} is True, not of type number" in wrong


def _number_member(node: dict[str, Any]) -> str | None:
    return next((name for name, child in node.get("properties", {}).items() if child.get("type") == "number"), None)


def test_a_date_may_arrive_with_midnight_in_a_reply_but_not_in_a_request() -> None:
    name, member = next(
        (name, member)
        for name, node in facts("accounting")["schemas"].items()
        for member, child in node.get("properties", {}).items()
        if child.get("format") == "date"
    )
    value = {member: "2025-10-13T00:00:00"}
    assert not any(f".{member} " in line and "not a date" in line for line in validate_value("accounting", name, value))
    assert f"{name}.{member} is '2025-10-13T00:00:00', not a date" in validate_value("accounting", name, value, strict=True)


@pytest.mark.parametrize("path", sorted(SPECS.rglob("*.json")), ids=lambda path: str(path.relative_to(SPECS)))
def test_every_fact_file_says_where_it_comes_from_and_when(path: Any) -> None:
    provenance = facts(str(path.relative_to(SPECS)).removesuffix(".json") if path.parent != SPECS else f"../specs/{path.stem}")[
        "provenance"
    ]
    assert provenance["from"]
    assert provenance["dated"] >= "2017"
    assert len(provenance["sha256"]) == 64
