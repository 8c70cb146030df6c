"""The client carries the key, paces itself, and turns every refusal into a row of the fault table."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest

from tests.unit.sage_psa.bodies import KEY, NOW, Account, Watch, client, error
from tieout.core.ports import Actor, Effect, Fault, FaultCase, Scope, Sign
from tieout.platforms.sage_psa import faults
from tieout.platforms.sage_psa.client import CALLS, IN_FLIGHT, Client


def caught(call: Callable[[], Any]) -> Fault:
    with pytest.raises(Fault) as info:
        call()
    return info.value


def answering(response: httpx.Response | Exception) -> Client:
    def answer(request: httpx.Request) -> httpx.Response:
        if isinstance(response, Exception):
            raise response
        return response

    return Account(intercept=answer).http(Watch())


CALLS_OF_EACH_METHOD: dict[str, Callable[[Client], Any]] = {
    "GET": lambda http: http.get("v1/clients"),
    "POST": lambda http: http.post("v1/clients", {"name": "Acme"}),
    "PUT": lambda http: http.put("v1/clients/1", {"name": "Acme"}),
    "DELETE": lambda http: http.delete("v1/clients/1"),
}


def test_a_list_is_read_with_the_key_and_the_services_own_time() -> None:
    account = Account()
    account.put("client", client(1))
    answer = account.http(Watch()).get("v1/clients")
    assert [row["id"] for row in answer.data] == [1]
    assert answer.served_at == NOW
    assert str(account.seen[0].url) == "https://api.forecast.it/api/v1/clients"


def test_neither_a_repr_nor_a_fault_holds_the_key() -> None:
    http = answering(error(401, "Server failed to authenticate the request."))
    fault = caught(lambda: http.get("v1/clients"))
    for shown in (repr(http), repr(http.credentials), str(fault), fault.detail):
        assert KEY not in shown


@pytest.mark.parametrize("method", CALLS_OF_EACH_METHOD)
@pytest.mark.parametrize(
    ("response", "case", "on_write"),
    [
        (error(400, "bad"), faults.INVALID, Effect.REFUSED),
        (error(401, "Server failed to authenticate the request."), faults.API_KEY, Effect.NOT_SENT),
        (error(403), faults.FORBIDDEN, Effect.NOT_SENT),
        (error(404), faults.NOT_FOUND, Effect.REFUSED),
        (httpx.Response(404, html="<h1>nothing here</h1>"), faults.ADDRESS, Effect.REFUSED),
        (httpx.Response(404, json=[]), faults.ADDRESS, Effect.REFUSED),
        (error(408), faults.UNEXPECTED, Effect.UNKNOWN),
        (error(409), faults.INVALID, Effect.REFUSED),
        (error(415), faults.UNEXPECTED, Effect.REFUSED),
        (error(429), faults.RATE, Effect.NOT_SENT),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), faults.UNEXPECTED, Effect.UNKNOWN),
        (error(500), faults.SERVER, Effect.UNKNOWN),
        (httpx.Response(503, html="<h1>down</h1>"), faults.SERVER, Effect.UNKNOWN),
        (httpx.ReadTimeout("slow"), faults.TIMEOUT, Effect.UNKNOWN),
        (httpx.ReadError("cut"), faults.UNREACHABLE, Effect.UNKNOWN),
        (httpx.RemoteProtocolError("cut"), faults.UNREACHABLE, Effect.UNKNOWN),
        (httpx.ConnectError("refused"), faults.UNREACHABLE, Effect.NOT_SENT),
        (httpx.ConnectTimeout("slow"), faults.TIMEOUT, Effect.NOT_SENT),
        (httpx.PoolTimeout("busy"), faults.TIMEOUT, Effect.NOT_SENT),
    ],
)
def test_each_refusal_has_its_row_and_says_what_is_known_of_a_write(
    method: str, response: httpx.Response | Exception, case: FaultCase, on_write: Effect
) -> None:
    fault = caught(lambda: CALLS_OF_EACH_METHOD[method](answering(response)))
    expected = faults.QUERY if case is faults.INVALID and method == "GET" else case
    assert (fault.case, fault.effect) == (expected, Effect.NOT_SENT if method == "GET" else on_write)
    assert fault.case.code.startswith("sage-psa.")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize(("body", "case"), [(b"<html>log in</html>", faults.PAGE), (b"{", faults.BODY)])
def test_a_success_that_cannot_be_read_leaves_a_write_open(method: str, body: bytes, case: FaultCase) -> None:
    http = answering(httpx.Response(200, content=body))
    fault = caught(lambda: CALLS_OF_EACH_METHOD[method](http))
    assert (fault.case, fault.effect) == (case, Effect.NOT_SENT if method == "GET" else Effect.UNKNOWN)


def test_what_the_answer_to_a_delete_holds_does_not_matter() -> None:
    answering(httpx.Response(200, content=b"gone")).delete("v1/clients/1")


@pytest.mark.parametrize(
    ("inner", "case"),
    [(socket.gaierror(8, "unknown"), faults.UNKNOWN_HOST), (ssl.SSLCertVerificationError("expired"), faults.CERTIFICATE)],
)
def test_the_cause_of_a_failed_connection_is_named(inner: Exception, case: FaultCase) -> None:
    error_ = httpx.ConnectError("no")
    error_.__cause__ = inner
    fault = caught(lambda: answering(error_).get("v1/clients"))
    assert (fault.case, fault.case.actor, fault.effect) == (case, Actor.ADMINISTRATOR, Effect.NOT_SENT)


def test_a_refused_key_makes_the_whole_connection_fail_authentication() -> None:
    fault = caught(lambda: answering(error(401)).get("v1/clients"))
    assert (fault.case.authentication, fault.case.scope) == (True, Scope.CONNECTION)


def test_the_services_words_are_kept_on_one_line() -> None:
    assert "GET v1/clients: 400, too many words" in str(caught(lambda: answering(error(400, "too many\n words")).get("v1/clients")))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("Wed, 20 May 2026 12:00:09 GMT", 9.0), ("", 5.0), ("soon", 5.0), ("-3", 5.0), ("999999", 3600.0)],
)
def test_after_a_429_nothing_is_sent_until_the_wait_is_over(header: str, seconds: float) -> None:
    watch = Watch()
    account = Account(intercept=lambda request: httpx.Response(429, headers={"Retry-After": header} if header else {}))
    http = account.http(watch)
    assert caught(lambda: http.get("v1/clients")).retry_after == seconds
    watch.advance(seconds - 0.25)
    assert caught(lambda: http.get("v1/clients")).retry_after == 0.25
    assert http.requests == 1
    watch.advance(0.25)
    account.intercept = None
    assert http.get("v1/clients").data == []


def test_calls_beyond_the_pace_are_held_back_and_not_counted() -> None:
    watch, account = Watch(), Account()
    http = account.http(watch)
    for _ in range(CALLS):
        http.get("v1/clients")
        watch.advance(0.01)
    fault = caught(lambda: http.get("v1/clients"))
    assert (fault.case, fault.effect) == (faults.PACED, Effect.NOT_SENT)
    assert http.requests == len(account.seen) == CALLS
    assert fault.retry_after is not None
    watch.advance(fault.retry_after)
    for _ in range(CALLS // 2):  # whoever waited as told gets a whole piece of work through
        http.get("v1/clients")


def test_being_held_back_here_is_no_fault_of_the_service() -> None:
    assert (faults.PACED.sign, faults.RATE.sign) == (Sign.HELD_BACK, Sign.NONE)


def test_no_more_calls_are_in_flight_than_fair_use_allows() -> None:
    together = Barrier(IN_FLIGHT + 1)
    leave = Barrier(IN_FLIGHT + 1)

    def hold(request: httpx.Request) -> None:
        together.wait(10)
        leave.wait(10)

    account = Account(intercept=hold)
    http = account.http(Watch())
    busy = [Thread(target=http.get, args=("v1/clients",)) for _ in range(IN_FLIGHT)]
    for thread in busy:
        thread.start()
    together.wait(10)
    fault = caught(lambda: http.get("v1/clients"))
    leave.wait(10)
    for thread in busy:
        thread.join()
    assert (fault.case, fault.retry_after) == (faults.PACED, 1.0)
    account.intercept = None
    assert http.get("v1/clients").data == []


def test_only_the_services_own_404_says_that_a_record_is_not_there() -> None:
    assert answering(error(404)).look("v1/clients/1") is None
    for other in (httpx.Response(404, html="<h1>proxy</h1>"), httpx.Response(404), httpx.Response(404, json={"message": "no route"})):
        assert caught(partial(answering(other).look, "v1/clients/1")).case is faults.ADDRESS


def test_every_row_of_the_fault_table_reads_as_a_sentence() -> None:
    assert len({case.code for case in faults.CASES}) == len(faults.CASES)
    for case in faults.CASES:
        assert case.code.startswith("sage-psa.")
        assert case.cause.endswith(".")
        assert case.next_step.endswith(".")
