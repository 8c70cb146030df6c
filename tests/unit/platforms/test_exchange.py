"""An exchange is paced and bounded, and every failure on the way is a row of the table that says what may have happened."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest

from tests.unit.platforms.rows import CASES, NOW, Watch
from tieout.core.ports import Effect, Fault, FaultCase
from tieout.platforms.exchange import DEFAULT_WAIT, LONGEST_WAIT, Exchange, Limits, Pace, effect_of, host_of, http_date, wait_of

URL = "https://api.acme.example/things"
MANY = Limits(1000)


def caught(call: Callable[[], Any]) -> Fault:
    with pytest.raises(Fault) as info:
        call()
    return info.value


def answering(
    answer: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response], limits: Limits = MANY, watch: Watch | None = None
) -> Exchange:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    return Exchange(CASES, limits, clock=(watch or Watch()).now, transport=httpx.MockTransport(handle))


def chained(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class Stream(httpx.SyncByteStream):
    """A body in parts; `between` runs before each."""

    def __init__(self, parts: int, part: bytes, between: Callable[[], None] = lambda: None) -> None:
        self.parts, self.part, self.between = parts, part, between

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.parts):
            self.between()
            yield self.part


def test_a_request_carries_what_it_is_given_and_a_reply_everything_that_came() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"id": 1.10}, headers={"Date": "Wed, 20 May 2026 12:00:07 GMT"})

    exchange = answering(answer)
    reply = exchange.send("POST", URL, writes=True, headers={"X-Key": "k"}, params={"a": "b"}, content=b"{}")
    assert (reply.status, reply.done, exchange.requests) == (201, True, 1)
    assert exchange.answer("things", reply, writes=True).served_at == NOW + timedelta(seconds=7)
    assert (seen[0].method, str(seen[0].url), seen[0].headers["X-Key"], seen[0].content) == ("POST", f"{URL}?a=b", "k", b"{}")
    exchange.send("POST", URL, writes=False, form={"grant": "x y"})
    assert seen[1].content == b"grant=x+y"
    assert seen[1].headers["Accept"] == "application/json"


def test_a_reply_shows_neither_its_body_nor_its_headers() -> None:
    reply = answering(httpx.Response(200, text="secret", headers={"Set-Cookie": "secret"})).send("GET", URL, writes=False)
    assert "secret" not in repr(reply)


def test_a_refusal_is_a_reply_and_a_redirection_is_not_followed() -> None:
    reply = answering(httpx.Response(302, headers={"Location": "https://elsewhere.example"})).send("GET", URL, writes=False)
    assert (reply.status, reply.done, reply.data) == (302, False, None)
    assert answering(httpx.Response(400, json={"message": "no"})).send("GET", URL, writes=False).data == {"message": "no"}


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize(
    ("failure", "case", "arrived"),
    [
        (httpx.ConnectError("refused"), CASES.unreachable, False),
        (httpx.ProxyError("no"), CASES.unreachable, False),
        (httpx.UnsupportedProtocol("what"), CASES.unreachable, False),
        (httpx.ConnectTimeout("slow"), CASES.timeout, False),
        (httpx.PoolTimeout("busy"), CASES.timeout, False),
        (chained(httpx.ConnectError("x"), socket.gaierror(-2, "unknown")), CASES.unknown_host, False),
        (chained(httpx.ConnectError("x"), ssl.SSLCertVerificationError("self-signed")), CASES.certificate, False),
        (httpx.ReadTimeout("slow"), CASES.timeout, True),
        (httpx.WriteTimeout("slow"), CASES.timeout, True),
        (httpx.ReadError("reset"), CASES.unreachable, True),
        (httpx.WriteError("reset"), CASES.unreachable, True),
        (httpx.RemoteProtocolError("cut"), CASES.unreachable, True),
        (httpx.DecodingError("gzip"), CASES.unexpected, True),
    ],
)
def test_each_failure_on_the_way_has_its_row_names_the_host_and_says_whether_a_write_may_have_arrived(
    failure: Exception, case: FaultCase, arrived: bool, writes: bool
) -> None:
    fault = caught(lambda: answering(failure).send("POST", URL, writes=writes))
    assert (fault.case, fault.effect) == (case, Effect.UNKNOWN if writes and arrived else Effect.NOT_SENT)
    assert "api.acme.example" in fault.detail


@pytest.mark.parametrize(("writes", "effect"), [(False, Effect.NOT_SENT), (True, Effect.UNKNOWN)])
def test_an_answer_that_drips_ends_at_the_deadline(writes: bool, effect: Effect) -> None:
    watch = Watch()
    dripping = Stream(50, b" ", lambda: watch.advance(9))
    exchange = answering(httpx.Response(200, stream=dripping), Limits(10, deadline=100), watch)
    fault = caught(lambda: exchange.send("POST", URL, writes=writes))
    assert (fault.case, fault.effect) == (CASES.timeout, effect)
    assert watch.at - NOW < timedelta(seconds=120)


def test_an_answer_that_is_too_large_is_not_read_to_its_end() -> None:
    read: list[None] = []
    endless = Stream(1000, b"x" * 100, lambda: read.append(None))
    exchange = answering(httpx.Response(200, stream=endless), Limits(10, largest_body=1000))
    fault = caught(lambda: exchange.send("GET", URL, writes=False))
    assert (fault.case, "larger than 1000 bytes" in fault.detail) == (CASES.unexpected, True)
    assert len(read) == 11


@pytest.mark.parametrize(("writes", "effect"), [(False, Effect.NOT_SENT), (True, Effect.UNKNOWN)])
@pytest.mark.parametrize(
    ("body", "case"), [(b" <!doctype html><p>log in", CASES.page), (b'{"data": [', CASES.body), (b"[" * 100_000, CASES.body)]
)
def test_a_success_that_cannot_be_read_leaves_a_write_open(body: bytes, case: FaultCase, writes: bool, effect: Effect) -> None:
    exchange = answering(httpx.Response(200, content=body))
    reply = exchange.send("POST", URL, writes=writes)
    fault = caught(lambda: exchange.answer("things", reply, writes=writes))
    assert (fault.case, fault.effect) == (case, effect)
    assert fault.detail.startswith("things")


def test_an_empty_success_is_nothing() -> None:
    exchange = answering(httpx.Response(200, content=b" "))
    assert exchange.answer("things", exchange.send("GET", URL, writes=False), writes=False).data is None


# pacing


def test_in_no_window_are_there_more_calls_than_allowed_and_whoever_waits_as_told_gets_half_of_them_through() -> None:
    watch = Watch()
    pace = Pace(10, 5.0, clock=watch.now)
    sent: list[datetime] = []
    in_a_row, shortest = 0, 10
    while len(sent) < 100:
        wait = pace.wait()
        if wait == 0:
            sent.append(watch.at)
            in_a_row += 1
        else:
            shortest, in_a_row = min(shortest, in_a_row), 0
            watch.advance(wait)
    assert all(later - earlier >= timedelta(seconds=5) for earlier, later in zip(sent, sent[10:], strict=False))
    assert shortest >= 5


def test_a_call_held_back_here_was_not_sent_and_is_not_counted() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    watch = Watch()
    exchange = answering(answer, Limits(1), watch)
    exchange.send("GET", URL, writes=False)
    watch.advance(0.4)
    fault = caught(lambda: exchange.send("POST", URL, writes=True))
    assert (fault.case, fault.effect, fault.retry_after) == (CASES.paced, Effect.NOT_SENT, pytest.approx(0.6))
    assert len(sent) == exchange.requests == 1


def test_after_a_429_nothing_is_sent_before_the_wait_is_over() -> None:
    watch = Watch()
    exchange = answering(httpx.Response(429, headers={"Retry-After": "7"}), watch=watch)
    reply = exchange.send("GET", URL, writes=False)
    fault = exchange.held("things: 429", [reply.headers.get("retry-after")])
    assert (fault.case, fault.retry_after, fault.effect) == (CASES.rate, 7.0, Effect.NOT_SENT)
    watch.advance(6)
    assert caught(lambda: exchange.send("GET", URL, writes=False)).retry_after == 1.0
    watch.advance(1)
    assert exchange.send("GET", URL, writes=False).status == 429
    assert exchange.requests == 2


def test_a_clock_set_back_blocks_no_calls_for_good() -> None:
    watch = Watch()
    full, told = answering(httpx.Response(200), Limits(1), watch), answering(httpx.Response(200), watch=watch)
    full.send("GET", URL, writes=False)
    told.held("", ["60"])
    watch.advance(-86400)
    assert full.send("GET", URL, writes=False).done
    assert told.send("GET", URL, writes=False).done


def test_no_more_calls_are_in_flight_than_allowed_and_one_that_failed_no_longer_is() -> None:
    together, leave = Barrier(3), Barrier(3)
    answers = iter([httpx.ReadError("cut"), None, None])

    def answer(request: httpx.Request) -> httpx.Response:
        if (failure := next(answers, None)) is not None:
            raise failure
        if request.method == "GET":
            together.wait(10)
            leave.wait(10)
        return httpx.Response(200)

    exchange = answering(answer, Limits(1000, in_flight=2))
    caught(lambda: exchange.send("GET", URL, writes=False))
    busy = [Thread(target=exchange.send, args=("GET", URL), kwargs={"writes": False}) for _ in range(2)]
    for thread in busy:
        thread.start()
    together.wait(10)
    fault = caught(lambda: exchange.send("POST", URL, writes=True))
    leave.wait(10)
    for thread in busy:
        thread.join()
    assert (fault.case, fault.effect, fault.retry_after) == (CASES.paced, Effect.NOT_SENT, 1.0)
    assert exchange.send("POST", URL, writes=True).done


# what answers say


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (["11", "7"], 11.0),
        ([None, "0.5"], 0.5),
        (["soon", "7"], 7.0),
        (["Wed, 20 May 2026 12:00:30 GMT"], 30.0),
        (["Wed, 20 May 2026 11:00:00 GMT", "7"], 0.0),
        (["99999999"], LONGEST_WAIT),
        (["Thu, 20 May 2027 12:00:00 GMT"], LONGEST_WAIT),
        (["-3"], DEFAULT_WAIT),
        (["٣"], DEFAULT_WAIT),
        (["9" * 13], DEFAULT_WAIT),
        ([""], DEFAULT_WAIT),
        ([], DEFAULT_WAIT),
    ],
)
def test_the_first_place_that_tells_how_long_to_wait_counts(told: list[str | None], seconds: float) -> None:
    assert wait_of(told, NOW) == seconds


@pytest.mark.parametrize(
    ("status", "effect"),
    [
        (302, Effect.UNKNOWN),
        (400, Effect.REFUSED),
        (401, Effect.NOT_SENT),
        (403, Effect.REFUSED),
        (408, Effect.UNKNOWN),
        (409, Effect.REFUSED),
        (429, Effect.NOT_SENT),
        (500, Effect.UNKNOWN),
        (524, Effect.UNKNOWN),
    ],
)
def test_of_a_refused_write_the_status_says_what_may_have_happened(status: int, effect: Effect) -> None:
    assert effect_of(status, writes=True) is effect
    assert effect_of(status, writes=False) is Effect.NOT_SENT
    assert effect_of(403, writes=True, unsent=frozenset({403})) is Effect.NOT_SENT


@pytest.mark.parametrize("text", ["", "soon", "Wed, 99 May 2026 12:00:30 GMT", "Wed, 20 May 99999 12:00:30 GMT"])
def test_a_header_that_is_no_date_names_no_moment(text: str) -> None:
    assert http_date(text) is None


@pytest.mark.parametrize("text", ["Wed, 20 May 2026 12:00:00 GMT", "Wed, 20 May 2026 14:00:00 +0200", "Wed, 20 May 2026 12:00:00 -0000"])
def test_a_date_in_a_header_is_aware_utc(text: str) -> None:
    found = http_date(text)
    assert found == NOW
    assert found is not None
    assert found.tzinfo is UTC


def test_a_host_is_read_out_of_an_address() -> None:
    assert [host_of(url) for url in ("https://user:pw@api.acme.example:81/x", "nowhere")] == ["api.acme.example", "nowhere"]
