"""The token endpoint and what a call must carry (servicetitan §3, E1-E3)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import CREDENTIALS, Api

JOBS = "/jpm/v2/tenant/1000001/jobs"


def part(token: str, place: int) -> dict[str, Any]:
    text = token.split(".")[place]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decoded


def test_a_token_is_a_signed_jwt_with_the_documented_claims(api: Api) -> None:
    # servicetitan §3 "Token content"
    token = api.sign_in()
    header, claims = part(token, 0), part(token, 1)
    assert (header["alg"], header["typ"]) == ("RS256", "at+jwt")
    assert set(claims) == {"nbf", "exp", "iat", "iss", "client_id", "tenant", "jti", "scope"}
    assert claims["exp"] == claims["nbf"] + 900
    assert claims["tenant"] == "1000001"
    assert isinstance(claims["scope"], list)
    assert {"tn.jpm.jobs:r", "tn.jpm.jobs:w", "tn.jpm.appointments:r", "tn.jpm.jobcancelreasons:r"} <= set(claims["scope"])


def test_the_reply_has_the_documented_members(api: Api) -> None:
    # servicetitan §3 "Token request"
    reply = api.http.post("/connect/token", data=CREDENTIALS).json()
    assert (reply["expires_in"], reply["token_type"]) == (900, "Bearer")
    assert set(reply) == {"access_token", "expires_in", "token_type", "scope"}


def test_a_json_body_is_refused(api: Api) -> None:
    # servicetitan §3 "A JSON body is refused (400)", E1
    reply = api.http.post("/connect/token", json=CREDENTIALS)
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"scope": "tn.jpm.everything:w"}, "invalid_scope"),
    ],
)
def test_a_wrong_token_request_is_refused(api: Api, change: dict[str, str], error: str) -> None:
    # servicetitan E1; only client_credentials exists (§3)
    reply = api.http.post("/connect/token", data={**CREDENTIALS, **change})
    assert (reply.status_code, reply.json()) == (400, {"error": error})


def test_the_token_endpoint_throttles_when_told_to(api: Api) -> None:
    # servicetitan §3 "Caching", E1: off by default, an option
    api.settings(token_limit_per_minute=2)
    statuses = [api.http.post("/connect/token", data=CREDENTIALS).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    api.advance(60)
    assert api.http.post("/connect/token", data=CREDENTIALS).status_code == 200


def test_a_token_lives_900_seconds_of_the_sandbox_clock(api: Api) -> None:
    # servicetitan §3 "expires_in = 900"; E11 expired token mid-run
    api.advance(899)
    api.get("jpm/jobs")
    api.advance(1)
    api.refused(401, "GET", "jpm/jobs")
    api.sign_in()
    api.get("jpm/jobs")


def test_two_tokens_are_good_at_once(api: Api) -> None:
    # servicetitan §13.2: one client asks for a token before every call
    first = dict(api.headers)
    api.sign_in()
    assert api.http.get(JOBS, headers=first).status_code == 200


@pytest.mark.parametrize("word", ["", "Bearer ", "bearer "])
def test_the_word_bearer_may_be_there_or_not(api: Api, word: str) -> None:
    # servicetitan §3 "Headers on every API call", E3
    headers = {"Authorization": word + api.sign_in(), "ST-App-Key": "st-app-key"}
    assert api.http.get(JOBS, headers=headers).status_code == 200


def test_the_app_key_may_come_in_a_header_of_any_case_or_in_the_query(api: Api) -> None:
    # servicetitan §3, E3
    token = {"Authorization": api.headers["Authorization"]}
    assert api.http.get(JOBS, headers={**token, "st-APP-key": "st-app-key"}).status_code == 200
    assert api.http.get(JOBS, headers=token, params={"servicetitanapplicationkey": "st-app-key"}).status_code == 200


@pytest.mark.parametrize("change", [{"ST-App-Key": "other"}, {"ST-App-Key": ""}, {"Authorization": "Bearer x.y.z"}, {"Authorization": ""}])
def test_an_unknown_key_or_token_is_a_401(api: Api, change: dict[str, str]) -> None:
    # servicetitan E3 "Missing/unknown -> 401"
    api.headers = {**api.headers, **change}
    api.refused(401, "GET", "jpm/jobs")


def test_a_token_of_one_tenant_is_a_403_at_another(api: Api) -> None:
    # servicetitan E3 "tenant in path differs from token tenant -> 403"
    reply = api.http.get("/jpm/v2/tenant/1000002/jobs", headers=api.headers)
    assert (reply.status_code, reply.json()["status"]) == (403, 403)


def test_a_missing_scope_is_a_403(api: Api) -> None:
    # servicetitan §4 and E3 "scope missing -> 403"
    api.settings(scopes=["tn.jpm.jobs:r"])
    api.sign_in()
    api.get("jpm/jobs")
    api.refused(403, "GET", "jpm/projects")
    api.refused(403, "POST", "jpm/jobs", {})


def test_an_expired_session_fault_ends_the_token_in_use(api: Api) -> None:
    # design §6 expire_session; servicetitan E11
    api.control("POST", "faults", [{"match": {"function": "GET jpm/jobs", "nth": 1}, "action": "expire_session"}])
    api.refused(401, "GET", "jpm/jobs")
    api.refused(401, "GET", "jpm/jobs")
    api.sign_in()
    api.get("jpm/jobs")


def test_a_reset_ends_every_token(api: Api) -> None:
    # design §6 reset
    api.control("POST", "reset", {"world": "empty"})
    api.refused(401, "GET", "jpm/jobs")


@pytest.mark.parametrize(("environment", "host"), [("production", "auth"), ("integration", "auth-integration")])
def test_the_issuer_tells_the_environment(api: Api, environment: str, host: str) -> None:
    # servicetitan §3 "Token endpoint": two hosts, design §2 invariant 10
    api.settings(environment=environment)
    assert part(api.sign_in(), 1)["iss"] == f"https://{host}.servicetitan.io"
    assert api.http.put("/_sandbox/settings", json={"environment": "staging"}).status_code == 400
