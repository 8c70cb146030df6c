"""OAuth, bearers and the addresses of the REST surface (intacct-rest §0, §1, §2, §9.3)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.contract.sandbox.intacct.rest import CREDENTIALS, PROJECTS, ROOT, Rest, problem, project


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def whole(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def test_a_grant_gives_an_access_and_a_refresh_token_for_twelve_hours(rest: Rest) -> None:
    # §0.8, §1
    answer = rest.token().json()
    assert answer.keys() == {"token_type", "access_token", "refresh_token", "expires_in"}
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 43200)


def test_an_access_token_is_a_signed_jwt_that_says_whom_it_is_for(rest: Rest) -> None:
    # §1, §17.2
    rest.xml.at("2026-03-02T08:00:00Z")
    token = rest.token(username="ws-user@SANDBOX|100").json()["access_token"]
    said = claims(token)
    assert (said["cnyId"], said["userId"], said["entityId"], said["clientId"]) == ("SANDBOX", "ws-user", "100", "sandbox-app")
    assert said["exp"] - said["iat"] == 43200
    key = rest.http.get("/.well-known/jwks.json").json()["keys"][0]
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public = rsa.RSAPublicNumbers(whole(key["e"]), whole(key["n"])).public_key()
    public.verify(raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_the_discovery_names_where_tokens_are_given(rest: Rest) -> None:
    # §1
    found = rest.http.get("/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{rest.xml.url}{ROOT}/oauth2/token"


def test_a_token_request_may_be_json(rest: Rest) -> None:
    # §1: form and JSON are both in use
    answer = rest.http.post(f"{ROOT}/oauth2/token", json=CREDENTIALS)
    assert answer.json()["access_token"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": "password"}, "GW-0032"),
        ({"grant_type": None}, "GW-0032"),
        ({"client_id": None}, "GW-0037"),
        ({"client_id": "someone"}, "GW-0011"),
        ({"username": None}, "GW-0015"),
        ({"username": ""}, "GW-0036"),
        ({"username": "ws-user"}, "GW-0012"),
        ({"username": "ws-user@"}, "GW-0012"),
        ({"username": "ws-user@OTHER"}, "GW-0011"),
        ({"client_id": ["sandbox-app", "sandbox-app"]}, "GW-0038"),
        ({"username": ["ws-user@SANDBOX", "ws-user@SANDBOX"]}, "GW-0039"),
        ({"grant_type": "refresh_token", "username": None}, "GW-0015"),
    ],
)
def test_a_token_request_with_a_wrong_part_is_refused_by_the_gateway(rest: Rest, changes: dict[str, Any], code: str) -> None:
    # §9.3 GW-0011 … GW-0039
    answer = rest.token(**changes)
    assert answer.status_code == 400
    error = answer.json()["ia::error"]
    assert error["code"] == code
    assert error["details"]["requestId"]


def test_an_empty_or_unreadable_token_request_is_refused(rest: Rest) -> None:
    # §9.3 GW-0035, GW-0032
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert rest.http.post(f"{ROOT}/oauth2/token", headers=form).json()["ia::error"]["code"] == "GW-0035"
    assert rest.http.post(f"{ROOT}/oauth2/token", headers=form, content=b"nonsense").json()["ia::error"]["code"] == "GW-0032"
    assert rest.http.post(f"{ROOT}/oauth2/token", json=["a"]).json()["ia::error"]["code"] == "GW-0032"
    assert rest.http.post(f"{ROOT}/oauth2/token", json={"grant_type": 1}).json()["ia::error"]["code"] == "GW-0032"


@pytest.mark.parametrize(
    "changes", [{"client_secret": "wrong"}, {"client_secret": None}, {"username": "other@SANDBOX"}, {"username": "ws-user@SANDBOX|999"}]
)
def test_wrong_credentials_are_refused_without_saying_which(rest: Rest, changes: dict[str, Any]) -> None:
    # §1, the third failure shape
    answer = rest.token(**changes)
    assert answer.status_code == 401
    assert answer.json() == {"code": "invalidRequest", "message": "Credentials are invalid.", "supportId": "sandbox%7Etoken"}


def test_an_unknown_oauth_address_is_refused(rest: Rest) -> None:
    # §9.3 GW-0033
    assert rest.http.post(f"{ROOT}/oauth2/nonsense", data=CREDENTIALS).json()["ia::error"]["code"] == "GW-0033"


def test_a_refresh_token_gives_a_new_access_token_and_may_choose_an_entity(rest: Rest) -> None:
    # §1 refresh_token, entity_id
    first = rest.token().json()
    again = rest.token(grant_type="refresh_token", refresh_token=first["refresh_token"], username=None, entity_id="200").json()
    assert again["access_token"] != first["access_token"]
    assert again["refresh_token"] == first["refresh_token"]
    assert claims(again["access_token"])["entityId"] == "200"


def test_a_refresh_token_may_be_rotated(rest: Rest) -> None:
    # §1: rotation is not guaranteed, so it is a switch
    rest.xml.set(rotate_refresh_tokens=True)
    first = rest.token().json()["refresh_token"]
    second = rest.token(grant_type="refresh_token", refresh_token=first).json()["refresh_token"]
    assert second != first
    assert rest.token(grant_type="refresh_token", refresh_token=first).status_code == 401
    assert rest.token(grant_type="refresh_token", refresh_token=second).status_code == 200


def test_a_refresh_token_may_end(rest: Rest) -> None:
    # §1: its lifetime is not published, so it is a setting
    rest.xml.set(refresh_token_lifetime_s=3600.0)
    rest.xml.at("2026-03-02T08:00:00Z")
    token = rest.token().json()["refresh_token"]
    rest.xml.advance(3600)
    assert rest.token(grant_type="refresh_token", refresh_token=token).json()["error"]["errorId"] == "REST-2102"


def test_an_access_token_ends_by_the_clock(rest: Rest) -> None:
    # §0.8
    rest.xml.at("2026-03-02T08:00:00Z")
    rest.sign_in()
    rest.xml.advance(43199)
    assert rest.get(PROJECTS).status_code == 200
    rest.xml.advance(1)
    answer = rest.get(PROJECTS)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "tokenInvalid"
    assert answer.json()["error"]["errorId"] == "REST-2102"


def test_a_dead_token_may_be_a_400_with_the_text_clients_look_for(rest: Rest) -> None:
    # §1, §16.1
    rest.xml.set(bearer_failure_http="400")
    rest.http.headers["Authorization"] = "Bearer nonsense"
    answer = rest.get(PROJECTS)
    assert answer.status_code == 400
    assert "The token is not valid" in answer.text


@pytest.mark.parametrize(("header", "code"), [("", "GW-0034"), ("Basic abc", "GW-0034"), ("Bearer", "GW-0034"), ("Bearer abc", "GW-0031")])
def test_a_call_without_a_readable_bearer_is_refused(rest: Rest, header: str, code: str) -> None:
    # §9.3 GW-0031, GW-0034
    rest.http.headers["Authorization"] = header
    answer = rest.get(PROJECTS)
    assert (answer.status_code, answer.json()["ia::error"]["code"]) == (401, code)


def test_a_new_grant_may_kill_the_old_one(rest: Rest) -> None:
    # §0.9
    rest.token()
    assert rest.get(PROJECTS).status_code == 200
    rest.xml.set(new_grant_kills_old=True)
    rest.token()
    assert rest.get(PROJECTS).json()["error"]["errorId"] == "REST-2102"


def test_a_token_is_introspected_and_revoked(rest: Rest) -> None:
    # §1 introspect, revoke
    token = rest.token().json()
    asked = {"token": token["access_token"]}
    found = rest.http.post(f"{ROOT}/oauth2/introspect", data=asked).json()
    assert (found["active"], found["user_id"], found["cny_id"], found["client_id"]) == (True, "ws-user", "SANDBOX", "sandbox-app")
    client = {"client_id": "sandbox-app", "client_secret": "sandbox-app-secret"}
    assert rest.http.post(f"{ROOT}/oauth2/revoke", data=asked | client | {"client_secret": "no"}).status_code == 401
    assert rest.http.post(f"{ROOT}/oauth2/revoke", data=asked | client).json() == {"revoked": True}
    assert rest.http.post(f"{ROOT}/oauth2/introspect", data=asked).json() == {"active": False}
    assert rest.token(grant_type="refresh_token", refresh_token=token["refresh_token"]).status_code == 401


def test_a_session_of_either_surface_opens_the_other(rest: Rest) -> None:
    # §1 session bridge; grant by session_id
    session = rest.get("/services/core/session/id").json()["ia::result"]
    assert session["expiresIn"] == 43200
    assert rest.xml.call("<getAPISession/>", authentication=f"<sessionid>{session['sessionId']}</sessionid>").status == "success"
    rest.sign_in(username=None, session_id=session["sessionId"])
    assert rest.get(PROJECTS).status_code == 200
    assert rest.token(username=None, session_id="nonsense").status_code == 401


@pytest.mark.parametrize(
    ("path", "text"),
    [("/ia/api/v2/objects/projects/project", "Version is not supported."), ("/ia/api/objects/projects/project", "Malformed URL")],
)
def test_an_address_without_version_one_is_refused(rest: Rest, path: str, text: str) -> None:
    # §0.1, §9.3
    answer = rest.http.get(path)
    assert (answer.status_code, problem(answer)["message"]) == (400, text)


def test_an_unknown_address_is_not_found_and_a_real_one_that_is_missing_says_so(rest: Rest) -> None:
    # §9.2; what is not emulated is refused by name
    assert rest.get("/objects/projects/nonsense").status_code == 404
    assert rest.get("/objects/projects").status_code == 404
    answer = rest.post("/workflows/accounts-payable/bill/submit", {"key": "1"})
    assert (answer.status_code, problem(answer)["errorId"]) == (501, "EMU-NOT-EMULATED")
    assert rest.post("/objects/company-config/user", {"id": "x"}).status_code == 501


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", PROJECTS),
        ("POST", f"{PROJECTS}/1"),
        ("GET", "/services/core/query"),
        ("POST", "/services/core/model"),
        ("GET", "/oauth2/token"),
    ],
)
def test_a_method_that_is_not_offered_is_405(rest: Rest, method: str, path: str) -> None:
    # §3.2: there is no PUT
    assert rest.call(method, path, {}).status_code == 405


def test_an_xml_body_is_refused(rest: Rest) -> None:
    # §2, §9.3 GW-0014
    answer = rest.http.post(ROOT + PROJECTS, content=b"<project/>", headers={"Content-Type": "application/xml"})
    assert answer.json()["ia::error"]["code"] == "GW-0014"


@pytest.mark.parametrize("body", [b"{", b'{"id": NaN}', b"[" * 100_000, b"\xff\xfe"])
def test_a_body_that_is_not_json_is_refused(rest: Rest, body: bytes) -> None:
    answer = rest.http.post(ROOT + PROJECTS, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, problem(answer)["code"]) == (400, "invalidRequest")


def test_the_client_secret_is_masked(rest: Rest) -> None:
    assert rest.xml.control("PUT", "settings", {})["rest_client_secret"] == "***"


def test_the_entity_of_a_call_comes_from_token_or_header(rest: Rest) -> None:
    # §0.10, §2 (both spellings), §12: the header goes first
    rest.sign_in(username="ws-user@SANDBOX|100")
    own = rest.read(PROJECTS, rest.project("P-1"))
    assert own["entity"]["id"] == "100"
    assert own["entity"]["name"] == "Sandbox Entity 100"
    place = {"location": {"id": "200"}}
    other = rest.made(PROJECTS, project("P-2", **place), X_IA_API_Param_Entity="200")
    third = rest.made(PROJECTS, project("P-3", **place), X_IA_API_ParamEntity="200")
    for key in (other, third):
        assert rest.get(f"{PROJECTS}/{key}").status_code == 404
        seen = rest.call("GET", f"{PROJECTS}/{key}", headers={"x-ia-api-param-entity": "200"}).json()["ia::result"]
        assert seen["entity"]["id"] == "200"
    assert rest.call("GET", PROJECTS, headers={"X-IA-API-Param-Entity": "999"}).status_code == 400
