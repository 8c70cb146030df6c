"""Sessions, the four levels of an answer, and what each failure says about the effect of a call."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import etree

from tieout.intacct.client import (
    Client,
    Credentials,
    IntacctError,
    Level,
    Limits,
    NotSentError,
    Query,
    Reason,
    RefusedError,
    Status,
    UnsureError,
    functions,
)
from tieout.intacct.client.interpret import seconds_to_wait
from tieout.intacct.client.sessions import bound_endpoint

from .company import Clock, Company, error

CREDENTIALS = Credentials("ACME", "acme-sender", "sender-secret", "ws", "user-secret")
ASKED = Query("PROJECT", ("RECORDNO", "NAME"))


def client_of(company: Company, **limits: float) -> Client:
    return Client(CREDENTIALS, clock=company.clock, http=httpx.MockTransport(company.handle), limits=Limits(**limits) if limits else None)


def test_it_signs_in_once_and_uses_the_session_until_shortly_before_it_ends() -> None:
    company = Company(Clock())
    client = client_of(company)
    client.query(ASKED)
    client.query(ASKED)
    company.clock.advance(minutes=109)
    client.query(ASKED)  # moves the end
    company.clock.advance(minutes=109)
    client.query(ASKED)
    assert company.calls.count("getAPISession") == 1
    company.clock.advance(minutes=116)
    client.query(ASKED)
    assert company.calls.count("getAPISession") == 2


def test_each_entity_has_a_session_of_its_own() -> None:
    company = Company(Clock())
    client = client_of(company)
    entities: list[str | None] = []
    company.answer = lambda request, root: entities.append(root.findtext("operation/authentication/login/locationid"))
    for entity in ("", "100", "200", "100", ""):
        client.query(ASKED, entity=entity)
    assert [entity for entity in entities if entity] == ["100", "200"]
    assert company.calls.count("getAPISession") == 3


def test_a_refused_session_is_replaced_once_and_the_call_repeated() -> None:
    company = Company(Clock())
    client = client_of(company)
    client.query(ASKED)
    company.sessions.clear()
    result = client.create("PROJECT", {"PROJECTID": "P-1", "NAME": "Depot"}, key="k-1")
    assert result.rows[0].fields["PROJECTID"] == "P-1"
    assert company.calls.count("getAPISession") == 2


def test_a_session_that_is_refused_again_is_not_repeated_for_ever() -> None:
    company = Company(Clock())
    client = client_of(company)
    count = 0

    def refuse(request: httpx.Request, root: etree._Element) -> httpx.Response | None:
        nonlocal count
        if root.find("operation/authentication/sessionid") is None:
            return None
        count += 1
        return company.reply("<authentication><status>failure</status></authentication>" + error("XL03000006", "Invalid session"))

    company.answer = refuse
    with pytest.raises(NotSentError) as caught:
        client.query(ASKED)
    assert caught.value.level is Level.AUTHENTICATION
    assert count == 1
    with pytest.raises(NotSentError):
        client.query(ASKED)
    assert count == 3  # the kept session, and one fresh one


def test_threads_that_need_the_same_session_wait_for_one_sign_in() -> None:
    company = Company(Clock())
    client = client_of(company)
    threads = [threading.Thread(target=client.get_api_session) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert company.calls == ["getAPISession"]


@pytest.mark.parametrize(
    ("configured", "returned", "used"),
    [
        ("https://api.intacct.com/x", "https://na12.intacct.com/x", "https://na12.intacct.com/x"),
        ("https://api.intacct.com/x", "https://intacct.com.evil.example/x", "https://api.intacct.com/x"),
        ("https://api.intacct.com/x", "http://api.intacct.com/x", "https://api.intacct.com/x"),
        ("http://127.0.0.1:8101/x", "http://127.0.0.1:8101/y", "http://127.0.0.1:8101/y"),
        ("http://127.0.0.1:8101/x", "https://api.intacct.com/x", "http://127.0.0.1:8101/x"),
        ("https://api.intacct.com/x", "", "https://api.intacct.com/x"),
        ("https://api.intacct.com/x", "file:///etc/passwd", "https://api.intacct.com/x"),
    ],
)
def test_the_returned_endpoint_is_used_only_where_a_session_may_go(configured: str, returned: str, used: str) -> None:
    credentials = Credentials("ACME", "s", "p", "u", "p", configured)
    assert bound_endpoint(credentials, returned) == used


ENVELOPE = "<response><control><status>{control}</status></control>{rest}</response>"
SIGNED_IN = "<authentication><status>success</status></authentication>"


def envelope(rest: str, control: str = "success") -> bytes:
    return ENVELOPE.format(control=control, rest=rest).encode()


def answer(status: int, body: bytes, content_type: str = "text/xml", **headers: str) -> Callable[[], httpx.Response]:
    return lambda: httpx.Response(status, headers={"content-type": content_type, **headers}, content=body)


def fails(exception: Exception) -> Callable[[], httpx.Response]:
    def raise_it() -> httpx.Response:
        raise exception

    return raise_it


PAGE = b"<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>x</body></html>"
CASES: dict[str, tuple[Callable[[], httpx.Response], type[IntacctError], Reason]] = {
    "connection refused": (fails(httpx.ConnectError("refused")), NotSentError, Reason.UNREACHABLE),
    "connection timeout": (fails(httpx.ConnectTimeout("slow")), NotSentError, Reason.UNREACHABLE),
    "no free connection": (fails(httpx.PoolTimeout("full")), NotSentError, Reason.BUSY),
    "no answer": (fails(httpx.ReadTimeout("slow")), UnsureError, Reason.TIMEOUT),
    "half sent": (fails(httpx.WriteError("cut")), UnsureError, Reason.CUT),
    "half read": (fails(httpx.ReadError("cut")), UnsureError, Reason.CUT),
    "server hung up": (fails(httpx.RemoteProtocolError("hung up")), UnsureError, Reason.CUT),
    "429": (answer(429, b"slow down", "text/plain"), NotSentError, Reason.RATE_LIMIT),
    "429 with errors": (answer(429, error("GW-0010", "API rate limit exceeded").encode()), NotSentError, Reason.RATE_LIMIT),
    "rate limit with another status": (answer(503, error("GW-0010", "").encode()), NotSentError, Reason.RATE_LIMIT),
    "rate limit in JSON": (answer(400, b'{"error": {"code": "GW-0010"}}', "application/json"), NotSentError, Reason.RATE_LIMIT),
    "rate limit in the envelope": (
        answer(200, envelope(error("", "API rate limit exceeded"), "failure")),
        NotSentError,
        Reason.RATE_LIMIT,
    ),
    "unknown tenant": (answer(400, error("GW-0011", "Invalid Request").encode()), NotSentError, Reason.REFUSED),
    "front door": (answer(401, error("XMLGW_JPP0002", "Sign-in information is incorrect").encode()), NotSentError, Reason.REFUSED),
    "front door in words": (answer(401, b"Unauthorized", "text/plain"), NotSentError, Reason.REFUSED),
    "control failure": (answer(200, envelope(error("XL03000003", "schema error"), "failure")), NotSentError, Reason.REFUSED),
    "authentication failure": (
        answer(200, envelope(f"<operation><authentication><status>failure</status></authentication>{error('', 'x')}</operation>")),
        NotSentError,
        Reason.REFUSED,
    ),
    "500": (answer(500, b"oops", "text/plain"), UnsureError, Reason.SERVER_ERROR),
    "503 page": (answer(503, PAGE, "text/html"), UnsureError, Reason.SERVER_ERROR),
    "502 with an envelope": (answer(502, envelope(f"<operation>{SIGNED_IN}</operation>")), UnsureError, Reason.SERVER_ERROR),
    "504": (answer(504, PAGE, "text/html"), UnsureError, Reason.SERVER_ERROR),
    "page of the front door": (
        answer(200, b'<html><body><div id="cf-error-details">Access denied</div></body></html>', "text/html"),
        UnsureError,
        Reason.HTML,
    ),
    "403 page": (answer(403, PAGE, "text/html"), UnsureError, Reason.HTML),
    "524": (answer(524, PAGE, "text/html"), UnsureError, Reason.STILL_RUNNING),
    "redirect": (answer(302, b"", location="https://elsewhere.example/"), UnsureError, Reason.REDIRECT),
    "page": (answer(200, PAGE, "text/html"), UnsureError, Reason.HTML),
    "page named XML": (answer(200, PAGE), UnsureError, Reason.HTML),
    "text": (answer(200, b"hello", "text/plain"), UnsureError, Reason.NOT_XML),
    "nothing": (answer(200, b""), UnsureError, Reason.MALFORMED),
    "cut": (answer(200, envelope("")[:-4]), UnsureError, Reason.MALFORMED),
    "document type": (answer(200, b"<!DOCTYPE response><response/>"), UnsureError, Reason.MALFORMED),
    "no status": (answer(200, b"<response><control/></response>"), UnsureError, Reason.INCOMPLETE),
    "no operation": (answer(200, envelope("")), UnsureError, Reason.INCOMPLETE),
    "too large": (answer(200, envelope("x" * 5000)), UnsureError, Reason.TOO_LARGE),
}


@pytest.mark.parametrize(("given", "kind", "reason"), CASES.values(), ids=CASES.keys())
def test_each_failure_says_what_is_known_about_the_effect(
    given: Callable[[], httpx.Response], kind: type[IntacctError], reason: Reason
) -> None:
    company = Company(Clock())
    client = client_of(company, max_bytes=4000)
    client.get_api_session()
    company.answer = lambda request, root: given() if root.find("operation/authentication/sessionid") is not None else None
    with pytest.raises(IntacctError) as caught:
        client.execute([functions.create("k", "PROJECT", {"NAME": "x"})], unique=True)
    assert (type(caught.value), caught.value.reason) == (kind, reason)
    assert caught.value.host == "api.intacct.com"


def test_a_failure_while_signing_in_means_that_the_write_was_not_sent() -> None:
    company = Company(Clock())
    company.answer = lambda request, root: httpx.Response(503, content=b"")
    with pytest.raises(NotSentError) as caught:
        client_of(company).execute([functions.create("k", "PROJECT", {"NAME": "x"})], unique=True)
    assert caught.value.reason is Reason.SERVER_ERROR


def test_a_refused_get_api_session_is_told_apart_from_a_wrong_password() -> None:
    company = Company(Clock())
    refusal = error("Get API Session Failed", "")
    result = f"<result><status>failure</status><function>getAPISession</function><controlid>{{id}}</controlid>{refusal}</result>"

    def refuse(request: httpx.Request, root: etree._Element) -> httpx.Response:
        node = root.find("operation/content/function")
        assert node is not None
        return company.reply(company.authentication() + result.format(id=node.get("controlid")))

    company.answer = refuse
    with pytest.raises(NotSentError) as caught:
        client_of(company).get_api_session()
    assert caught.value.level is Level.FUNCTION


def test_results_are_matched_by_control_id_and_a_missing_one_is_none() -> None:
    company = Company(Clock())
    client = client_of(company)
    client.get_api_session()
    ok = "<result><status>success</status><function>delete</function><controlid>{}</controlid></result>"
    company.answer = lambda request, root: company.reply(SIGNED_IN + ok.format("c") + ok.format("a") + ok.format("d") + ok.format("d"))
    calls = [functions.delete(key, "PROJECT", ["1"]) for key in "abcd"]
    assert [result and result.status for result in client.execute(calls, unique=True)] == [Status.SUCCESS, None, Status.SUCCESS, None]


def test_a_refused_read_raises_with_all_errors() -> None:
    company = Company(Clock())
    with pytest.raises(RefusedError) as caught:
        client_of(company).query(Query("PROJECT", ("NO_SUCH",)))
    assert caught.value.errors[0].errorno == "Query Failed"
    assert caught.value.object == "PROJECT"


def test_all_rows_come_page_by_page_without_overlap() -> None:
    company = Company(Clock())
    for each in range(7):
        company.put("PROJECT", PROJECTID=f"P-{each}")
    rows = client_of(company).query_all(Query("PROJECT", ("PROJECTID",), page_size=3))
    assert [row.fields["PROJECTID"] for row in rows] == [f"P-{each}" for each in range(7)]


def test_usage_counts_records_written_and_reads_but_not_sign_ins() -> None:
    company = Company(Clock())
    client = client_of(company)
    client.query(ASKED)
    calls = [functions.create(f"k-{each}", "PROJECT", {"PROJECTID": f"P-{each}", "NAME": "x"}) for each in range(3)]
    client.execute(calls, unique=True)
    assert (client.usage.requests, client.usage.transactions) == (3, 4)


def test_server_time_follows_the_systems_own_clock() -> None:
    company = Company(Clock())
    ours = Clock(company.clock.now() - timedelta(minutes=7))
    client = Client(CREDENTIALS, clock=ours, http=httpx.MockTransport(company.handle))
    client.get_api_session()
    ours.advance(seconds=30)
    assert client.server_time() == company.clock.now() + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("30", 30.0),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("9" * 40, 86400.0),
    ],
)
def test_the_wait_the_system_asks_for_is_read_in_both_forms(header: str, seconds: float | None) -> None:
    assert seconds_to_wait(header, datetime(2026, 11, 21, 12, 0, tzinfo=UTC)) == seconds


def test_no_body_and_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    company = Company(Clock())
    with caplog.at_level(logging.DEBUG):
        client_of(company).create("PROJECT", {"PROJECTID": "P-1", "NAME": "private name"}, key="k")
    everything = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "api.intacct.com" in everything
    for secret in ("secret", "private name", "s-1-"):
        assert secret not in everything


@contextmanager
def listening(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A real socket that treats every connection in the same way."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def reading(connection: socket.socket) -> None:
    connection.recv(65536)


def half_an_answer(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 500\r\n\r\n<response>")


def plain_text(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def on(port: int, scheme: str = "http") -> Client:
    credentials = Credentials("ACME", "s", "p", "u", "p", f"{scheme}://127.0.0.1:{port}/ia/xml/xmlgw.phtml")
    return Client(credentials, clock=Clock(), limits=Limits(connect=5, read=5))


@pytest.mark.parametrize("behave", [reading, half_an_answer])
def test_a_real_connection_cut_after_the_request_leaves_the_effect_unknown(behave: Callable[[socket.socket], None]) -> None:
    with listening(behave) as port, on(port) as client, pytest.raises(UnsureError) as caught:
        client._exchange(client.credentials.endpoint, b"<request/>", "", [])
    assert caught.value.reason is Reason.CUT


def test_a_port_where_nobody_listens_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with on(port) as client, pytest.raises(NotSentError) as caught:
        client.get_api_session()
    assert caught.value.reason is Reason.UNREACHABLE


def test_a_server_that_does_not_speak_tls_is_told_apart() -> None:
    with listening(plain_text) as port, on(port, "https") as client, pytest.raises(NotSentError) as caught:
        client.get_api_session()
    assert caught.value.reason is Reason.TLS


def test_an_answer_that_drips_for_longer_than_the_deadline_is_given_up() -> None:
    ticks = iter(range(0, 10_000, 100))
    company = Company(Clock())
    client = Client(
        CREDENTIALS,
        clock=company.clock,
        http=httpx.MockTransport(company.handle),
        limits=Limits(deadline=50),
        monotonic=lambda: float(next(ticks)),
    )
    with pytest.raises(NotSentError) as caught:
        client.query(ASKED)
    assert caught.value.reason is Reason.TIMEOUT


def test_no_more_calls_run_at_once_than_allowed() -> None:
    company = Company(Clock())
    running, most = 0, 0
    guard = threading.Lock()
    release = threading.Event()

    def watch(request: httpx.Request, root: etree._Element) -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
            if running == 2:
                release.set()
        release.wait(5)
        with guard:
            running -= 1

    client = client_of(company, max_concurrency=2)
    client.get_api_session()
    company.answer = watch  # type: ignore[assignment]
    threads = [threading.Thread(target=client.query, args=(ASKED,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_the_metadata_functions_give_plain_data() -> None:
    company = Company(Clock())
    client = client_of(company)
    described = client.lookup("PROJECT")
    assert "PROJECTID" in described.field_names
    formatting = client.read_user_formatting()
    assert formatting is not None
    assert (formatting.date_format, formatting.clock) == ("/mdY", "24")
