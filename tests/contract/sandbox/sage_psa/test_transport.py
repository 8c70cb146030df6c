"""What holds for every call: the key, content type, versions, bodies, errors, limits, faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.sandbox.sage_psa.api import KEY, Api
from tieout.sandbox.run import serve
from tieout.sandbox.sage_psa.emulator import SagePsaEmulator

DENIED = {"status": 401, "message": "Server failed to authenticate the request."}
JSON = {"Content-Type": "application/json; charset=utf-8"}


@pytest.mark.parametrize("headers", [{}, {"X-FORECAST-API-KEY": "wrong"}, {"Authorization": "Bearer psa-key"}])
def test_a_call_without_the_right_key_is_answered_401(api: Api, headers: dict[str, str]) -> None:
    # sage-psa §2 Auth, Errors; §4.1
    reply = api.http.get("/api/v1/projects", headers=headers)
    assert (reply.status_code, reply.json()) == (401, DENIED)


def test_a_deactivated_key_is_answered_401_until_it_is_active_again(api: Api) -> None:
    # sage-psa §2 Key life
    api.settings(key_active=False)
    assert api.refused(401, "GET", "v1/clients") == DENIED["message"]
    api.settings(key_active=True)
    assert api.get("v1/clients") == []


def test_the_key_can_be_another_and_is_never_shown(api: Api) -> None:
    # sage-psa §2 Auth; design §6
    api.settings(api_key="other-key")
    api.refused(401, "GET", "v1/clients")
    assert api.http.get("/api/v1/clients", headers={"x-forecast-api-key": "other-key"}).json() == []
    assert "other-key" not in api.http.get("/_sandbox/settings").text


def test_an_expire_session_fault_deactivates_the_key(api: Api) -> None:
    # sage-psa §10.28
    api.http.post("/_sandbox/faults", json=[{"action": "expire_session", "match": {"times": 1}}])
    api.refused(401, "GET", "v1/clients")
    api.refused(401, "GET", "v1/clients")


@pytest.mark.parametrize("media", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"])
def test_a_write_without_a_json_content_type_is_answered_415(api: Api, media: str | None) -> None:
    # sage-psa §2 Content type
    headers = {**KEY, **({"Content-Type": media} if media else {})}
    for method, path in (("POST", "/api/v1/clients"), ("PUT", "/api/v1/company")):
        reply = api.http.request(method, path, headers=headers, content=b'{"name": "A"}')
        assert (reply.status_code, reply.json()["status"]) == (415, 415)
    assert api.get("v1/clients") == []


def test_a_content_type_without_a_charset_is_a_switch(api: Api) -> None:
    # sage-psa §2 Content type
    plain = {**KEY, "Content-Type": "application/json"}
    assert api.http.post("/api/v1/clients", headers=plain, content=b'{"name": "A"}').status_code == 201
    api.settings(strict_charset=True)
    assert api.http.post("/api/v1/clients", headers=plain, content=b'{"name": "A"}').status_code == 415
    assert api.http.post("/api/v1/clients", headers={**KEY, **JSON}, content=b'{"name": "A"}').status_code == 201


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"7", b'{"name": NaN}', b'{"name": "\\ud800"}', b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(api: Api, body: bytes) -> None:
    # sage-psa §2 Errors
    reply = api.http.post("/api/v1/clients", headers={**KEY, **JSON}, content=body)
    assert reply.status_code == 400
    assert api.get("v1/clients") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "v2/projects"),
        ("GET", "v4/clients"),
        ("GET", "v1/tasks"),
        ("DELETE", "v3/tasks/{task}"),
        ("DELETE", "v1/tasks/{task}"),
        ("PUT", "v4/tasks/{task}"),
        ("GET", "v4/time_registrations/1"),
        ("POST", "v3/time_registrations"),
        ("GET", "v5/projects"),
        ("GET", "v1/nothing"),
        ("PATCH", "v1/clients/1"),
        ("GET", "v1/projects/x"),
        ("GET", "v1/projects/999999"),
        ("PUT", "v1/projects/999999"),
        ("DELETE", "v1/projects/-1"),
        ("GET", "v1/projects/company_project_id/99"),
        ("GET", "v1/projects/custom_project_id/none"),
    ],
)
def test_what_does_not_exist_at_that_version_is_answered_404(api: Api, method: str, path: str) -> None:
    # sage-psa §2.1, §2 Not found vs version, §4.2
    task = api.task(api.project()["id"])
    api.refused(404, method, path.format(task=task["id"]), {} if method in ("PUT", "POST") else None)
    assert api.get(f"v3/tasks/{task['id']}") == task


def test_unknown_query_parameters_are_ignored(api: Api) -> None:
    # sage-psa §2 Silent ignore, §4.4
    api.post("v1/clients", name="A")
    assert len(api.get("v1/clients", updated_after="20990101T000000", page="9")) == 1
    assert len(api.get("v1/projects", updated_after="20990101T000000")) == 0


def test_a_minute_can_be_limited_although_no_limit_is_published(api: Api) -> None:
    # sage-psa §2 Rate limit
    for _ in range(5):
        api.get("v1/clients")
    api.settings(rate_limit_per_minute=6)
    api.get("v1/clients")
    api.refused(429, "GET", "v1/clients")
    api.advance(60)
    api.get("v1/clients")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_told_status_comes_in_the_vendors_error_form(api: Api, status: int) -> None:
    # sage-psa §2 Errors, §4.15
    api.http.post("/_sandbox/faults", json=[{"action": "http_status", "status": status, "seconds": 7, "match": {"times": 1}}])
    reply = api.call("GET", "v1/clients")
    assert (reply.status_code, reply.headers["Retry-After"]) == (status, "7")
    assert api.get("v1/clients") == []


def test_a_refuse_fault_meets_the_named_operation_only(api: Api) -> None:
    # sage-psa §4.15; design §6
    match = {"function": "POST v1/clients"}
    api.http.post("/_sandbox/faults", json=[{"action": "refuse", "status": 400, "match": match}])
    api.refused(400, "POST", "v1/clients", {"name": "A"})
    assert api.get("v1/clients") == []
    api.project()


def test_a_lost_reply_leaves_the_record_and_a_repeat_makes_a_double(api: Api) -> None:
    # sage-psa §2 Idempotency, §10.6
    api.http.post("/_sandbox/faults", json=[{"action": "cut_after_commit", "match": {"path": "/api/v1/projects", "times": 1}}])
    with pytest.raises(httpx.RemoteProtocolError):
        api.project(name="Once?")
    api.project(name="Once?")
    assert [row["name"] for row in api.get("v1/projects")] == ["Once?", "Once?"]


def test_a_repeat_with_a_custom_id_is_refused(api: Api) -> None:
    # sage-psa §10.6, §4.6
    api.http.post("/_sandbox/faults", json=[{"action": "cut_after_commit", "match": {"path": "/api/v1/projects", "times": 1}}])
    with pytest.raises(httpx.RemoteProtocolError):
        api.project(custom_project_id="RM-1")
    api.refused(400, "POST", "v1/projects", {"custom_project_id": "RM-1"})
    assert api.get("v1/projects/custom_project_id/RM-1")["company_project_id"] == 1


def test_a_call_cut_before_the_commit_leaves_nothing(api: Api) -> None:
    # sage-psa §4.15
    api.http.post("/_sandbox/faults", json=[{"action": "cut_before_commit", "match": {"times": 1}}])
    with pytest.raises(httpx.RemoteProtocolError):
        api.project()
    assert api.get("v1/projects") == []


def test_the_meter_counts_operations(api: Api) -> None:
    # design §6
    api.get("v1/clients")
    api.project()
    meter = api.http.get("/_sandbox/meter").json()
    assert meter["by_function"] == {"GET v1/clients": 1, "POST v1/projects": 1}


@pytest.mark.parametrize(("setting", "value"), [("null_in_update", "perhaps"), ("accept_opportunity", 1), ("no_such", 1)])
def test_a_wrong_setting_is_refused(api: Api, setting: str, value: Any) -> None:
    # design §6
    assert api.http.put("/_sandbox/settings", json={setting: value}).status_code == 400


def test_everything_answered_is_there_after_a_restart(tmp_path: Path) -> None:
    # design §6
    with serve(SagePsaEmulator(data_dir=tmp_path)) as running:
        body = json.dumps({"name": "Kept", "custom_project_id": "K-1"})
        made = httpx.post(f"{running.url}/api/v1/projects", headers={**KEY, **JSON}, content=body).json()
    with serve(SagePsaEmulator(data_dir=tmp_path)) as running:
        kept = httpx.get(f"{running.url}/api/v1/projects/custom_project_id/K-1", headers=KEY).json()
        again = httpx.post(f"{running.url}/api/v1/projects", headers={**KEY, **JSON}, content=b"{}").json()
    assert kept == made
    assert again["id"] == made["id"] + 1
