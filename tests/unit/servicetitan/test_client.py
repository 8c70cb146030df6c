"""The client signs in, paces itself, and turns every refusal into a row of the fault table."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.unit.servicetitan.bodies import NOW, VALUES, Service, Watch, error, listing, token
from tieout.core.ports import Actor, Effect, Fault, FaultCase, Scope
from tieout.platforms.exchange import DEFAULT_WAIT, LONGEST_WAIT
from tieout.platforms.servicetitan import faults
from tieout.platforms.servicetitan.client import Client, Credentials
from tieout.platforms.servicetitan.system import credentials_of

GUID = "6fa4d9b2-0000-4000-8000-000000000001"


def caught(call: Any) -> Fault:
    with pytest.raises(Fault) as info:
        call()
    return info.value


def read(client: Client) -> Any:
    return client.get("jpm", "jobs", {"pageSize": "1"})


def answering(response: httpx.Response | Exception) -> tuple[Service, Client]:
    service = Service()

    def answer(request: httpx.Request, params: Any) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    service.on("jpm/jobs", answer)
    return service, service.client(Watch())


def test_a_call_carries_the_token_and_the_app_key() -> None:
    service, client = answering(httpx.Response(200, json=listing([])))
    assert read(client).data["data"] == []
    assert [request.url.host for request in service.seen] == ["auth.servicetitan.io", "api.servicetitan.io"]
    assert service.seen[1].headers["Authorization"] == f"Bearer {token()}"
    assert client.requests == 2


def test_the_integration_environment_has_hosts_of_its_own_and_an_address_given_by_hand_replaces_them() -> None:
    given = credentials_of({**VALUES, "environment": "integration"})
    assert (given.auth_root, given.api_root) == ("https://auth-integration.servicetitan.io", "https://api-integration.servicetitan.io")
    given = credentials_of({**VALUES, "auth_url": "http://127.0.0.1:8102/", "api_url": "http://127.0.0.1:8102/"})
    assert (given.auth_root, given.api_root) == ("http://127.0.0.1:8102", "http://127.0.0.1:8102")


def test_a_token_is_used_until_840_seconds_have_passed() -> None:
    service, watch = Service(), Watch()
    service.on("jpm/jobs", listing([]))
    client = service.client(watch)
    for seconds, tokens in ((0, 1), (839, 1), (1, 2), (100, 2)):
        watch.advance(seconds)
        read(client)
        assert service.tokens == tokens


@pytest.mark.parametrize(
    ("expires_in", "seconds"), [(900, 840), (300, 240), (40, 20), (None, 840), ("900", 840), (True, 840), (-5, 840), (10**12, 840)]
)
def test_the_life_of_a_token_is_believed_only_when_it_makes_sense(expires_in: Any, seconds: int) -> None:
    service = Service(token_answer=lambda request: httpx.Response(200, json={"access_token": token(), "expires_in": expires_in}))
    assert service.client(Watch()).token().renew_at == NOW + timedelta(seconds=seconds)


def test_a_token_that_dies_early_is_renewed_once() -> None:
    service = Service()
    answers = iter([httpx.Response(401, json=error(401, "Unauthorized")), httpx.Response(200, json=listing([]))])
    service.on("jpm/jobs", lambda request, params: next(answers))
    assert read(service.client(Watch())).data["data"] == []
    assert service.tokens == 2


def test_a_refusal_with_a_new_token_is_about_the_app_key() -> None:
    service, client = answering(httpx.Response(401, json=error(401, "Unauthorized")))
    fault = caught(lambda: read(client))
    assert fault.case is faults.APP_KEY
    assert fault.case.authentication
    assert service.tokens == 2


def test_the_clients_repr_and_faults_hold_no_secret() -> None:
    service = Service(token_answer=lambda request: httpx.Response(401, json={"error": "invalid_client"}))
    client = service.client(Watch())
    fault = caught(client.token)
    for shown in (repr(client), repr(client.credentials), str(fault), fault.detail):
        assert "very-secret" not in shown
        assert "ak1.key" not in shown
    signed_in = Service().client(Watch()).token()
    assert signed_in.text not in repr(signed_in)


@pytest.mark.parametrize(
    ("response", "case"),
    [
        (httpx.Response(400, json={"error": "invalid_client"}), faults.CREDENTIALS),
        (httpx.Response(401, text=""), faults.CREDENTIALS),
        (httpx.Response(400, json={"error": "invalid_scope", "error_description": "no scope"}), faults.TOKEN_REFUSED),
        (httpx.Response(400, json={"error": "unauthorized_client"}), faults.TOKEN_REFUSED),
        (httpx.Response(403, html="<html>blocked</html>"), faults.TOKEN_REFUSED),
        (httpx.Response(429, json=error(429, "Rate limit is exceeded. Try again in 7 seconds.")), faults.RATE),
        (httpx.Response(503, html="<h1>down</h1>"), faults.SERVER),
        (httpx.Response(404, html="<h1>?</h1>"), faults.UNEXPECTED),
        (httpx.Response(200, html="<html>log in</html>"), faults.PAGE),
        (httpx.Response(200, text="{"), faults.BODY),
        (httpx.Response(200, json=[]), faults.BODY),
        (httpx.Response(200, json={"access_token": None}), faults.BODY),
        (httpx.Response(200, json={"access_token": "a\nb"}), faults.BODY),
        (httpx.Response(200, json={"access_token": "ключ"}), faults.BODY),
        (httpx.Response(200, content=b""), faults.BODY),
    ],
)
def test_each_way_to_refuse_a_token_has_its_row(response: httpx.Response, case: FaultCase) -> None:
    service = Service(token_answer=lambda request: response)
    assert caught(service.client(Watch()).token).case is case


def test_wrong_credentials_make_the_connection_fail_authentication_and_name_the_cure() -> None:
    service = Service(token_answer=lambda request: httpx.Response(400, json={"error": "invalid_client"}))
    fault = caught(service.client(Watch()).token)
    assert (fault.case.authentication, fault.case.scope, fault.case.actor) == (True, Scope.CONNECTION, Actor.ADMINISTRATOR)
    assert "API Application Access" in str(fault)


@pytest.mark.parametrize(
    ("response", "case", "said"),
    [
        (httpx.Response(403, json=error(403, "Forbidden")), faults.FORBIDDEN, "Forbidden"),
        (httpx.Response(404, json=error(404, "No job")), faults.NOT_FOUND, "No job"),
        (httpx.Response(400, json=error(400, "Bad", ids=["too many"])), faults.INVALID, "Bad; ids: too many; trace 00-ab"),
        (httpx.Response(409, json=error(409, "Posted")), faults.CONFLICT, "Posted"),
        (httpx.Response(500, json=error(500, "Oops")), faults.SERVER, "Oops"),
        (httpx.Response(503, html="<html><body>Service unavailable</body></html>"), faults.SERVER, "503"),
        (httpx.Response(200, html="<!doctype html><p>log in</p>"), faults.PAGE, "jpm/jobs"),
        (httpx.Response(200, text='{"data": ['), faults.BODY, "not JSON"),
        (httpx.Response(200, content=b"[" * 100_000), faults.BODY, "not JSON"),
        (httpx.Response(302, headers={"Location": "https://elsewhere"}), faults.UNEXPECTED, "302"),
        (httpx.Response(410, text="gone"), faults.UNEXPECTED, "410"),
    ],
)
def test_each_refused_read_has_its_row_and_no_effect(response: httpx.Response, case: FaultCase, said: str) -> None:
    _, client = answering(response)
    fault = caught(lambda: read(client))
    assert fault.case is case
    assert said in fault.detail
    assert fault.effect is Effect.NOT_SENT


def chained(error_: Exception, cause: Exception) -> Exception:
    error_.__cause__ = cause
    return error_


@pytest.mark.parametrize(
    ("failure", "case"),
    [
        (httpx.ReadTimeout("slow"), faults.TIMEOUT),
        (httpx.ConnectTimeout("slow"), faults.TIMEOUT),
        (httpx.ConnectError("refused"), faults.UNREACHABLE),
        (httpx.ReadError("reset"), faults.UNREACHABLE),
        (httpx.RemoteProtocolError("cut"), faults.UNREACHABLE),
        (chained(httpx.ConnectError("x"), socket.gaierror(-2, "Name or service not known")), faults.UNKNOWN_HOST),
        (chained(httpx.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")), faults.CERTIFICATE),
    ],
)
def test_each_failure_on_the_way_has_its_row_and_names_the_host(failure: Exception, case: FaultCase) -> None:
    _, client = answering(failure)
    fault = caught(lambda: read(client))
    assert fault.case is case
    assert "api.servicetitan.io" in fault.detail


def test_a_host_that_is_not_there_is_named() -> None:
    given = Credentials("1", "a", "b", "c", auth_url="http://127.0.0.1:9", api_url="http://127.0.0.1:9")
    client = Client(given, clock=Watch().now)
    fault = caught(client.token)
    client.close()
    assert fault.case is faults.UNREACHABLE
    assert "127.0.0.1" in fault.detail


@pytest.mark.parametrize(
    ("headers", "title", "seconds"),
    [
        ({"Retry-After": "11"}, "Rate limit is exceeded. Try again in 7 seconds.", 11),
        ({"Retry-After": "Wed, 20 May 2026 12:00:30 GMT"}, "", 30),
        ({"Retry-After": "Wed, 20 May 2026 11:00:00 GMT"}, "", 0),
        ({"Retry-After": "soon"}, "Rate limit is exceeded. Try again in 7 seconds.", 7),
        ({}, "Rate limit is exceeded. Try again in 7 seconds.", 7),
        ({}, "Rate limit is exceeded. Try again in 2.5 seconds.", 2.5),
        ({}, "Too many requests", DEFAULT_WAIT),
        ({}, "", DEFAULT_WAIT),
        ({"Retry-After": "99999999"}, "", LONGEST_WAIT),
        ({"Retry-After": "-3"}, "", DEFAULT_WAIT),
    ],
)
def test_over_the_limit_the_header_counts_then_the_title_then_a_default(headers: dict[str, str], title: str, seconds: float) -> None:
    _, client = answering(httpx.Response(429, json=error(429, title), headers=headers))
    fault = caught(lambda: read(client))
    assert (fault.case, fault.retry_after) == (faults.RATE, seconds)


def test_over_the_limit_with_an_unreadable_body_waits_the_default() -> None:
    _, client = answering(httpx.Response(429, html="<p>slow down</p>"))
    assert caught(lambda: read(client)).retry_after == DEFAULT_WAIT


def test_after_being_told_to_wait_nothing_is_sent_before_the_time() -> None:
    service, watch = Service(), Watch()
    answers = iter([httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(200, json=listing([]))])
    service.on("jpm/jobs", lambda request, params: next(answers))
    client = service.client(watch)
    caught(lambda: read(client))
    sent = len(service.seen)
    watch.advance(6)
    assert caught(lambda: read(client)).retry_after == 1
    assert len(service.seen) == sent
    watch.advance(1)
    assert read(client).data["data"] == []


def test_in_no_second_are_there_more_calls_than_allowed_and_the_client_never_sleeps() -> None:
    service, watch = Service(), Watch()
    sent: list[datetime] = []

    def answer(request: httpx.Request, params: Any) -> httpx.Response:
        sent.append(watch.at)
        return httpx.Response(200, json=listing([]))

    service.on("jpm/jobs", answer)
    client = service.client(watch, calls_per_second=10)
    client.token()
    watch.advance(1)
    refused = 0
    while len(sent) < 60:
        try:
            read(client)
            watch.advance(0.001)
        except Fault as fault:
            refused += 1
            watch.advance(fault.retry_after or 0)
    assert refused == 5
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in zip(sent, sent[10:], strict=False))


def test_a_call_held_back_here_was_not_sent_and_says_how_long_to_wait() -> None:
    service, watch = Service(), Watch()
    service.on("jpm/jobs", listing([]))
    client = service.client(watch, calls_per_second=2)
    read(client)
    watch.advance(0.4)
    fault = caught(lambda: read(client))
    assert (fault.case, fault.effect) == (faults.PACED, Effect.NOT_SENT)
    assert fault.retry_after == pytest.approx(0.6)
    assert len(service.seen) == client.requests == 2


def test_a_token_of_another_tenant_explains_a_403() -> None:
    service = Service(token_answer=lambda request: httpx.Response(200, json={"access_token": token("77"), "expires_in": 900}))
    service.on("jpm/jobs", httpx.Response(403, text=""))
    fault = caught(lambda: read(service.client(Watch())))
    assert fault.case is faults.OTHER_TENANT


@pytest.mark.parametrize("text", ["opaque", "a.b.c", "a.!!!.c", "a.bnVsbA.c", "a.eyJzY29wZSI6IDcsICJ0ZW5hbnQiOiB0cnVlfQ.c"])
def test_a_token_that_tells_nothing_is_still_a_token(text: str) -> None:
    service = Service(token_answer=lambda request: httpx.Response(200, json={"access_token": text, "expires_in": 900}))
    found = service.client(Watch()).token()
    assert (found.text, found.tenant, found.scopes) == (text, "", None)


@pytest.mark.parametrize(
    ("response", "effect"),
    [
        (httpx.Response(400, json=error(400, "Bad")), Effect.REFUSED),
        (httpx.Response(404, json=error(404, "None")), Effect.REFUSED),
        (httpx.Response(409, json=error(409, "State")), Effect.REFUSED),
        (httpx.Response(403, text=""), Effect.REFUSED),
        (httpx.Response(401, text=""), Effect.NOT_SENT),
        (httpx.Response(429, text=""), Effect.NOT_SENT),
        (httpx.Response(500, text=""), Effect.UNKNOWN),
        (httpx.Response(302, text=""), Effect.UNKNOWN),
        (httpx.Response(200, text="<html>"), Effect.UNKNOWN),
        (httpx.ReadTimeout("x"), Effect.UNKNOWN),
        (httpx.ReadError("x"), Effect.UNKNOWN),
        (httpx.WriteError("x"), Effect.UNKNOWN),
        (httpx.ConnectError("x"), Effect.NOT_SENT),
        (httpx.ConnectTimeout("x"), Effect.NOT_SENT),
    ],
)
def test_of_a_write_the_fault_says_what_may_have_happened(response: httpx.Response | Exception, effect: Effect) -> None:
    service = Service()

    def answer(request: httpx.Request, params: Any) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    service.on("jpm/projects/301", answer)
    client = service.client(Watch())
    patch = {"externalData": {"patchMode": "Merge", "applicationGuid": GUID, "externalData": [{"key": "RECORDNO", "value": "88"}]}}
    assert caught(lambda: client.patch("jpm", "projects/301", patch)).effect is effect


def test_a_write_sends_json_and_reads_an_empty_answer_as_nothing() -> None:
    service = Service()
    service.on("jpm/projects/301/attach-job/501", httpx.Response(200, content=b""))
    service.on("jpm/projects/301", {"id": 301})
    client = service.client(Watch())
    assert client.patch("jpm", "projects/301", {"name": "Roof"}).data == {"id": 301}
    assert service.seen[-1].headers["Content-Type"] == "application/json"
    assert client.post("jpm", "projects/301/attach-job/501").data is None
    assert service.seen[-1].content == b""


def test_every_row_of_the_table_is_complete_and_unique() -> None:
    assert len({case.code for case in faults.CASES}) == len(faults.CASES)
    listed = {value for value in vars(faults).values() if isinstance(value, FaultCase)}
    assert listed == set(faults.CASES)
    for case in faults.CASES:
        assert case.code.startswith("servicetitan.")
        assert case.cause.endswith(".")
        assert case.next_step.endswith(".")


@pytest.mark.parametrize("body", [None, [], "x", {}, {"title": 7}, {"errors": {"a": [1, None]}}, {"errors": []}, {"error": " "}])
def test_an_error_body_that_says_nothing_readable_is_no_trouble(body: Any) -> None:
    assert faults.words(body) == ""
