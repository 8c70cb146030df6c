"""Batches, composite and bulk requests, idempotency, metering, limits and faults (intacct-rest §2, §3.6, §3.7, §6, §7, §10)."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import project as xml_project
from tests.contract.sandbox.intacct.rest import CUSTOMERS, PROJECTS, ROOT, Rest, detail, problem, project

BULK, COMPOSITE = "/services/bulk/job/create", "/services/core/composite"
ATOMIC = {"X_IA_API_Param_Transaction": "true"}


def ids(rest: Rest) -> list[str]:
    return sorted(row["PROJECTID"] for row in rest.xml.stored("PROJECT"))


# -- batches


def test_a_batch_that_succeeds_answers_with_every_record(rest: Rest) -> None:
    # §3.2 create many, update many
    answer = rest.post(PROJECTS, [project("P-1"), project("P-2")])
    assert answer.status_code == 201
    assert [item["id"] for item in answer.json()["ia::result"]] == ["P-1", "P-2"]
    assert answer.json()["ia::meta"] == {"totalCount": 2, "totalSuccess": 2, "totalError": 0}
    changed = rest.patch(PROJECTS, [{"key": "1", "name": "One"}, {"key": "2", "name": "Two"}])
    assert changed.status_code == 200
    assert rest.found("projects/project", field="name") == ["One", "Two"]


def test_a_mixed_batch_is_207_in_the_order_of_the_request(rest: Rest) -> None:
    # §3.6
    answer = rest.post(PROJECTS, [project("P-1"), project("P-1"), {"nonsense": 1}, project("P-2")])
    assert answer.status_code == 207
    items = answer.json()["ia::result"]
    assert [item["ia::status"] for item in items] == [201, 409, 400, 201]
    assert items[0]["id"] == "P-1"
    assert items[1]["ia::error"]["errorId"] == "REST-7001"
    assert items[2]["ia::error"]["errorId"] == "REST-1064"
    assert answer.json()["ia::meta"] == {"totalCount": 4, "totalSuccess": 2, "totalError": 2}
    assert ids(rest) == ["P-1", "P-2"]


@pytest.mark.parametrize("header", ["X_IA_API_Param_Transaction", "X_IA_API_ParamTransaction"])
def test_an_atomic_batch_is_all_or_nothing(rest: Rest, header: str) -> None:
    # §3.6, §2 both spellings
    answer = rest.post(PROJECTS, [project("P-1"), project("P-1"), project("P-2")], **{header: "true"})
    assert answer.status_code == 207
    items = answer.json()["ia::result"]
    assert [item["ia::status"] for item in items] == [422, 409, 422]
    assert items[0]["ia::error"]["code"] == "unprocessed"
    assert items[2]["ia::error"]["message"] == "Operation skipped due to atomic transaction failure"
    assert ids(rest) == []
    assert rest.post(PROJECTS, [project("P-1"), project("P-2")], **ATOMIC).status_code == 201


def test_an_update_of_many_needs_keys(rest: Rest) -> None:
    rest.project("P-1")
    answer = rest.patch(PROJECTS, [{"name": "x"}, {"key": "9", "name": "x"}, {"key": 1}, {"key": "1", "name": "One"}])
    assert [item["ia::status"] for item in answer.json()["ia::result"]] == [400, 404, 400, 200]
    assert rest.patch(PROJECTS, {"key": "1", "name": "x"}).status_code == 400
    assert rest.patch(f"{PROJECTS}/1,2", {"name": "x"}).status_code == 400
    assert rest.delete(PROJECTS).status_code == 400


def test_a_batch_has_at_most_five_hundred_records(rest: Rest) -> None:
    # §3.6
    assert rest.post(PROJECTS, [project(f"P-{number}") for number in range(501)]).status_code == 400
    assert rest.post(PROJECTS, []).status_code == 400
    assert ids(rest) == []


# -- composite


def test_a_composite_request_splices_earlier_results(rest: Rest) -> None:
    # §6
    answer = rest.post(
        COMPOSITE,
        [
            {"method": "POST", "path": CUSTOMERS, "body": {"id": "C-1", "name": "Harrow"}, "resultReference": "cust"},
            {"method": "POST", "path": PROJECTS, "body": project("P-1", customer={"key": "@{cust.1.key}"}), "resultReference": "prj"},
            {"method": "GET", "path": f"{PROJECTS}/@{{prj.key}}", "resultReference": "whole"},
            {"method": "PATCH", "path": f"{CUSTOMERS}/@{{whole.customer.key}}", "body": {"notes": "First job: @{whole.id}"}},
            {"method": "POST", "path": "/services/core/query", "body": {"object": "accounts-receivable/customer", "fields": ["notes"]}},
            {"method": "GET", "path": "/services/core/model?name=projects/project"},
            {"method": "DELETE", "path": f"{PROJECTS}/@{{prj.key}}"},
        ],
    )
    assert answer.status_code == 200
    items = answer.json()["ia::result"]
    assert [item["ia::status"] for item in items] == [201, 201, 200, 200, 200, 200, 204]
    assert items[0]["ia::result"] == {"key": "1", "id": "C-1", "href": f"{CUSTOMERS}/1"}
    assert items[4]["ia::result"] == [{"notes": "First job: P-1"}]
    assert items[6] == {"ia::status": 204}
    assert answer.json()["ia::meta"] == {"totalCount": 7}


def test_a_composite_request_stops_at_a_failure_and_keeps_what_was_done(rest: Rest) -> None:
    # §6: no rollback
    subs = [{"method": "POST", "path": PROJECTS, "body": project(number)} for number in ("P-1", "P-1", "P-2")]
    answer = rest.post(COMPOSITE, subs)
    assert answer.status_code == 207
    items = answer.json()["ia::result"]
    assert [item["ia::status"] for item in items] == [201, 409, 422]
    assert items[1]["ia::error"]["errorId"] == "REST-7001"
    assert items[2]["ia::error"]["code"] == "unprocessed"
    assert ids(rest) == ["P-1"]


def test_a_sub_request_may_have_headers_of_its_own(rest: Rest) -> None:
    # §6 headers
    subs = [
        {"method": "POST", "path": PROJECTS, "body": project("P-1", location={"id": "200"}), "headers": {"X-IA-API-Param-Entity": "200"}},
        {"method": "POST", "path": PROJECTS, "body": project("P-2")},
    ]
    assert rest.post(COMPOSITE, subs).status_code == 200
    entities = {row["PROJECTID"]: row["MEGAENTITYID"] for row in rest.xml.stored("PROJECT")}
    assert entities == {"P-1": "200", "P-2": ""}


GET_ONE = {"method": "GET", "path": PROJECTS}


@pytest.mark.parametrize(
    "subs",
    [
        None,
        {},
        [GET_ONE],
        [GET_ONE] * 11,
        [GET_ONE, "x"],
        [GET_ONE, {"method": "PUT", "path": PROJECTS}],
        [GET_ONE, {"method": "GET", "path": "/ia/api/v1/objects/projects/project"}],
        [GET_ONE, {"method": "GET", "path": "/workflows/x"}],
        [GET_ONE, {"method": "POST", "path": COMPOSITE, "body": [GET_ONE, GET_ONE]}],
        [GET_ONE, {**GET_ONE, "nonsense": 1}],
        [GET_ONE, {**GET_ONE, "headers": "x"}],
    ],
)
def test_a_composite_request_of_the_wrong_shape_is_refused(rest: Rest, subs: Any) -> None:
    # §6: 2 to 10 sub-requests, paths begin at /objects or /services
    assert rest.post(COMPOSITE, subs).status_code == 400


def test_a_splice_that_names_nothing_fails_its_sub_request(rest: Rest) -> None:
    answer = rest.post(COMPOSITE, [GET_ONE, {"method": "GET", "path": f"{PROJECTS}/@{{nobody.key}}"}])
    assert [item["ia::status"] for item in answer.json()["ia::result"]] == [200, 400]


@pytest.mark.parametrize("depth", [200, 700, 960, 5000])
def test_a_payload_that_is_nested_deeply_is_refused(rest: Rest, depth: int) -> None:
    inner = '{"a":' * depth + "1" + "}" * depth
    text = f'[{{"method": "POST", "path": "{PROJECTS}", "body": {inner}}}, {{"method": "GET", "path": "{PROJECTS}"}}]'
    headers = {"Content-Type": "application/json"}
    assert rest.http.post(ROOT + COMPOSITE, content=text, headers=headers).status_code in {207, 400}
    assert rest.http.post(ROOT + PROJECTS, content=inner, headers=headers).status_code == 400
    assert rest.post(PROJECTS, project("P-1")).status_code == 201


# -- bulk


def job(rest: Rest, records: Any, *, part: str = "file", **described: Any) -> httpx.Response:
    given = {"objectName": "projects/project", "operation": "create", "jobFile": "file", "fileContentType": "json"} | described
    text = records if isinstance(records, str) else json.dumps(records)
    return rest.http.post(
        ROOT + BULK,
        files={"ia::requestBody": (None, json.dumps(given), "application/json"), part: ("jobs.json", text, "application/json")},
    )


def test_a_bulk_job_works_on_every_record_on_its_own(rest: Rest) -> None:
    # §7
    answer = job(rest, [project("P-1"), project("P-1"), project("P-2")])
    assert answer.status_code == 201
    made = answer.json()["ia::result"]
    assert made.keys() == {"jobId", "statusURL", "createdDateTime"}
    state = rest.http.get(ROOT + made["statusURL"]).json()["ia::result"]
    assert (state["status"], state["percentComplete"]) == ("completed", 100)
    results = rest.http.get(ROOT + state["downloadURL"]).json()
    assert [item["ia::status"] for item in results] == [201, 409, 201]
    assert ids(rest) == ["P-1", "P-2"]
    changed = job(rest, [{"key": "1", "name": "One"}, {"name": "x"}], operation="update").json()["ia::result"]
    assert [item["ia::status"] for item in rest.http.get(f"{ROOT}{changed['statusURL']}&download=true").json()] == [200, 400]
    gone = job(rest, [{"key": "1"}, {"key": "1"}, {}], operation="delete").json()["ia::result"]
    assert [item["ia::status"] for item in rest.http.get(f"{ROOT}{gone['statusURL']}&download=true").json()] == [204, 404, 400]


def test_a_job_goes_through_its_stages_by_the_clock(rest: Rest) -> None:
    # §7 status
    rest.xml.set(bulk_job_s=100.0)
    rest.xml.at("2026-03-18T12:00:00Z")
    rest.sign_in()
    url = ROOT + job(rest, [project("P-1")], part="jobs.json", jobFile="jobs.json").json()["ia::result"]["statusURL"]
    seen = []
    for seconds in (0, 30, 25, 25, 25):
        rest.xml.advance(seconds)
        seen.append(rest.http.get(url).json()["ia::result"]["status"])
    assert seen == ["queued", "preprocessing", "processing", "postprocessing", "completed"]


@pytest.mark.parametrize(
    ("records", "described"),
    [
        ([], {"operation": "upsert"}),
        ([], {"fileContentType": "csv"}),
        ([], {"objectName": "projects/nonsense"}),
        ([], {"nonsense": 1}),
        ({}, {}),
        ("not json", {}),
    ],
)
def test_a_wrong_job_is_refused(rest: Rest, records: Any, described: dict[str, Any]) -> None:
    assert job(rest, records, **described).status_code == 400


def test_a_job_needs_both_parts_and_a_job_of_nobody_is_not_found(rest: Rest) -> None:
    assert rest.post(BULK, {"objectName": "projects/project"}).status_code == 400
    assert rest.http.post(ROOT + BULK, files={"file": ("a.json", "[]")}).status_code == 400
    assert rest.http.post(ROOT + BULK, files={"ia::requestBody": (None, "{}")}).status_code == 400
    assert rest.get("/services/bulk/job/status", jobId="nobody").status_code == 404
    rest.xml.set(bulk_job_s=100.0)
    url = ROOT + job(rest, []).json()["ia::result"]["statusURL"]
    assert rest.http.get(f"{url}&download=true").status_code == 404


# -- idempotency


def test_a_repeated_key_gives_the_first_answer_again_and_does_nothing(rest: Rest) -> None:
    # §3.7
    rest.xml.at("2026-03-18T12:00:00Z")
    rest.sign_in()
    first = rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")
    assert first.headers["idempotency-key"] == "k-1"
    assert "x-ia-idempotency-cached-date" not in first.headers
    rest.xml.advance(3600)
    again = rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["x-ia-idempotency-cached-date"] == "2026-03-18T12:00:00Z"
    assert ids(rest) == ["P-1"]


def test_a_refusal_is_given_again_too(rest: Rest) -> None:
    # §3.7: stored even on failure
    key = {"Idempotency_Key": "k-1"}
    first = rest.post(PROJECTS, project("P-1", customer={"id": "C-1"}), **key)
    rest.made(CUSTOMERS, {"id": "C-1", "name": "x"})
    again = rest.post(PROJECTS, project("P-1", customer={"id": "C-1"}), **key)
    assert (first.status_code, again.status_code, again.json()) == (422, 422, first.json())


def test_a_key_of_another_request_is_a_conflict(rest: Rest) -> None:
    # §3.7
    key = {"Idempotency_Key": "k-1"}
    number = rest.made(PROJECTS, project("P-1"), **key)
    assert rest.post(PROJECTS, project("P-2"), **key).status_code == 409
    assert rest.post(CUSTOMERS, {"id": "C-1", "name": "x"}, **key).status_code == 409
    assert rest.patch(f"{PROJECTS}/{number}", {"name": "x"}, **key).status_code == 409
    assert ids(rest) == ["P-1"]


def test_a_patch_may_have_a_key(rest: Rest) -> None:
    # §2
    number = rest.project("P-1")
    assert rest.patch(f"{PROJECTS}/{number}", {"name": "One"}, Idempotency_Key="k-1").status_code == 200
    rest.patch(f"{PROJECTS}/{number}", {"name": "Two"})
    assert rest.patch(f"{PROJECTS}/{number}", {"name": "One"}, Idempotency_Key="k-1").status_code == 200
    assert rest.read(PROJECTS, number)["name"] == "Two"


def test_an_answer_is_kept_for_two_days_and_the_key_for_sixty(rest: Rest) -> None:
    # §3.7
    rest.xml.at("2026-03-18T12:00:00Z")
    rest.xml.set(token_lifetime_s=1e8)
    rest.sign_in()
    rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")
    rest.xml.advance(48 * 3600 - 1)
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 201
    rest.xml.advance(1)
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 409
    rest.xml.advance(58 * 86400)
    answer = rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")
    assert detail(answer)[0] == "BL34000061"


def test_a_key_that_is_too_long_is_refused_and_searches_take_none(rest: Rest) -> None:
    # §2, §3.7
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k" * 257).status_code == 400
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k" * 256).status_code == 201
    body = {"object": "projects/project", "fields": ["id"]}
    rest.post("/services/core/query", body, Idempotency_Key="q-1")
    rest.project("P-2")
    again = rest.post("/services/core/query", body, Idempotency_Key="q-1")
    assert again.json()["ia::meta"]["totalCount"] == 2
    assert "idempotency-key" not in again.headers


def test_a_duplicate_that_arrives_while_the_first_runs_is_refused(rest: Rest) -> None:
    # §3.7: first wins, others error
    rest.xml.fault("delay", seconds=0.6, function="create", times=1)
    answers: list[httpx.Response] = []
    first = threading.Thread(target=lambda: answers.append(rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")))
    first.start()
    while rest.xml.control("GET", "meter")["current"] < 1:
        pass
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 409
    first.join()
    assert answers[0].status_code == 201
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize(("action", "count"), [("cut_before_commit", 0), ("cut_after_commit", 1)])
def test_a_lost_answer_is_settled_by_the_same_key(rest: Rest, action: str, count: int) -> None:
    # §3.7; design §2.4 f
    rest.xml.fault(action, function="create", object="PROJECT", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1")
    assert len(rest.xml.stored("PROJECT")) == count
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 201
    assert ids(rest) == ["P-1"]


def test_a_refusal_from_in_front_does_not_spend_the_key(rest: Rest) -> None:
    rest.xml.fault("http_status", status=503, function="create", nth=1)
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 503
    assert rest.post(PROJECTS, project("P-1"), Idempotency_Key="k-1").status_code == 201


# -- metering, limits, faults


def test_writes_are_billed_by_record_and_reads_by_call(rest: Rest) -> None:
    # intacct-xml §6 "what counts", shared by XML and REST
    rest.xml.control("POST", "reset", {})
    rest.sign_in()
    rest.post(PROJECTS, [project("P-1"), project("P-2"), project("P-2")])
    rest.post(PROJECTS, [project("P-3"), project("P-2")], **ATOMIC)
    rest.get(f"{PROJECTS}/1,2")
    rest.get(PROJECTS)
    rest.query("projects/project", "id")
    rest.delete(f"{PROJECTS}/2")
    rest.xml.project("P-4")
    meter = rest.xml.control("GET", "meter")
    assert meter["by_function"] == {"create": 6, "delete": 1, "list": 1, "query": 1, "read": 1, "token": 1}
    assert meter["transactions"] == 2 + 1 + 1 + 1 + 1 + 1


def test_a_call_above_the_limit_is_429_with_the_headers_of_the_limit(rest: Rest) -> None:
    # §0.11, §2, §10
    rest.xml.set(over_limit="refuse", concurrency=1, retry_after_s=3.0)
    rest.xml.fault("delay", seconds=0.6, function="query", times=1)
    slow = threading.Thread(target=lambda: rest.query("projects/project", "id"))
    slow.start()
    while rest.xml.control("GET", "meter")["current"] < 1:
        pass
    answer = rest.get(PROJECTS)
    slow.join()
    assert answer.status_code == 429
    assert answer.json()["ia::error"]["code"] == "GW-0010"
    assert (answer.headers["retry-after"], answer.headers["x-ia-throttle-limit-retryafter"]) == ("3", "3")
    assert answer.headers["x-ia-throttle-limit"] == "1"


@pytest.mark.parametrize(("status", "code"), [(429, "GW-0010"), (503, "GW-0001"), (500, "GW-0001"), (400, "GW-0011")])
def test_a_fault_with_a_status_is_answered_in_json(rest: Rest, status: int, code: str) -> None:
    # §9.3
    rest.xml.fault("http_status", status=status, seconds=2, path="/ia/api/v1/objects/*", nth=1)
    answer = rest.get(PROJECTS)
    assert (answer.status_code, answer.json()["ia::error"]["code"]) == (status, code)
    assert answer.headers["retry-after"] == "2"
    assert rest.get(PROJECTS).status_code == 200


def test_a_function_that_is_told_to_refuse_does(rest: Rest) -> None:
    rest.xml.fault("refuse", function="create", object="PROJECT", nth=2)
    answer = rest.post(PROJECTS, [project("P-1"), project("P-2"), project("P-3")])
    assert [item["ia::status"] for item in answer.json()["ia::result"]] == [201, 422, 201]


def test_a_fault_meets_the_same_function_on_both_surfaces(rest: Rest) -> None:
    rest.xml.fault("refuse", function="create", object="PROJECT", times=2)
    assert problem(rest.post(PROJECTS, project("P-1")))["errorId"] == "REST-7001"
    assert rest.xml.call(f"<create>{xml_project('P-1')}</create>").status == "failure"
    assert rest.post(PROJECTS, project("P-1")).status_code == 201


def test_a_token_may_be_told_to_expire(rest: Rest) -> None:
    rest.xml.fault("expire_session", function="list", nth=1)
    assert rest.get(PROJECTS).json()["error"]["errorId"] == "REST-2102"
    assert rest.get(PROJECTS).status_code == 401
    rest.sign_in()
    assert rest.get(PROJECTS).status_code == 200
