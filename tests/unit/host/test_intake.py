"""What reaches the application: whole bodies of bearable size, bearable addresses, and where a request came from."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tieout.host.intake import AT_ONCE, Intake


class Application:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen.append({**environ, "body": environ["wsgi.input"].read(), "thread": threading.current_thread().name})
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"o", b"k"]


class Exchange:
    """A request as the server hands it on; `more` lets the rest of its body come."""

    def __init__(self, parts: Sequence[bytes] = (), *, more: asyncio.Event | None = None, ends: bool = False) -> None:
        self.parts, self.more, self.ends = parts, more, ends
        self.told: list[tuple[int, dict[str, str], bytes]] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        if self.ends:
            raise RuntimeError("the connection ended")
        if self.more is not None:
            await self.more.wait()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.told.append((status, dict(headers), body))


def scope(path: str = "/", query_string: str = "", method: str = "POST", client: str = "10.0.0.1:4711", **headers: str) -> SimpleNamespace:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    common = {"http_version": "1.1", "server": "127.0.0.1:8000", "scheme": "http", "method": method, "client": client}
    return SimpleNamespace(path=path, query_string=query_string, headers=SimpleNamespace(items=lambda: named), **common)


def intake(application: Any, *, patience: float = 20, proxies: int = 0) -> Intake:
    return Intake(application, threads=2, most=100, patience=patience, proxies=proxies)


def ask(taking: Intake, *parts: bytes, **request: Any) -> int:
    """The status of one request."""
    exchange = Exchange(parts)
    asyncio.run(taking.__rsgi__(scope(**request), exchange))
    return exchange.told[0][0]


@pytest.mark.parametrize("more", [{"content_length": "12"}, {"transfer_encoding": "chunked"}])
def test_a_body_arrives_whole(more: dict[str, str]) -> None:
    application = Application()
    assert ask(intake(application), b"a whole", b" body", **more) == 200
    assert (application.seen[0]["body"], application.seen[0]["CONTENT_LENGTH"]) == (b"a whole body", "12")


@pytest.mark.parametrize("more", [{"content_length": "101"}, {"transfer_encoding": "chunked"}, {"content_length": "5"}])
def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_itself(more: dict[str, str]) -> None:
    application = Application()
    assert ask(intake(application), b"x" * 60, b"x" * 41, **more) == 413
    assert application.seen == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_that_could_be_cut_unnoticed_is_refused(kind: str) -> None:
    assert ask(intake(Application()), b"a=1", transfer_encoding="chunked", content_type=kind) == 411
    assert ask(intake(Application()), b"a=1", content_length="3", content_type=kind) == 200


def test_an_address_that_is_too_long_is_refused() -> None:
    assert ask(intake(Application()), path="/" + "a" * 8000) == 414
    assert ask(intake(Application()), query_string="next=" + "a" * 8000) == 414


def test_a_body_that_does_not_arrive_in_time_is_refused_and_its_connection_closed() -> None:
    application = Application()

    async def late() -> Exchange:
        exchange = Exchange([b"x"], more=asyncio.Event())
        await intake(application, patience=0.01).__rsgi__(scope(content_length="50"), exchange)
        return exchange

    (status, headers, text) = asyncio.run(late()).told[0]
    assert (status, headers["connection"], application.seen) == (408, "close", [])
    assert text == b"The body of the request did not arrive within 0.01 seconds.\n"


def test_bodies_that_trickle_in_hold_no_thread() -> None:
    async def many() -> list[int]:
        taking, more = intake(Application()), asyncio.Event()
        slow = [Exchange([b"x"], more=more) for _ in range(30)]
        tasks = [asyncio.ensure_future(taking.__rsgi__(scope(content_length="1"), each)) for each in slow]
        await asyncio.sleep(0)
        quick = Exchange()
        await taking.__rsgi__(scope(method="GET"), quick)
        assert not any(each.told for each in slow)
        more.set()
        await asyncio.gather(*tasks)
        return [quick.told[0][0], *(each.told[0][0] for each in slow)]

    assert asyncio.run(many()) == [200] * 31


def test_bodies_in_hand_take_a_bounded_part_of_memory_and_give_it_back() -> None:
    async def many() -> list[int]:
        taking, more = intake(Application()), asyncio.Event()
        large = [Exchange([b"x" * 100], more=more) for _ in range(AT_ONCE)]
        tasks = [asyncio.ensure_future(taking.__rsgi__(scope(content_length="100"), each)) for each in large]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        one_more, afterwards = Exchange([b"x"]), Exchange([b"x"])
        await taking.__rsgi__(scope(content_length="1"), one_more)
        more.set()
        await asyncio.gather(*tasks)
        await taking.__rsgi__(scope(content_length="1"), afterwards)
        assert one_more.told[0][1]["retry-after"] == "5"
        return [one_more.told[0][0], afterwards.told[0][0]]

    assert asyncio.run(many()) == [503, 200]


@pytest.mark.parametrize("ends", [True, False])
def test_a_sender_who_goes_away_is_not_answered(ends: bool) -> None:
    application, exchange = Application(), Exchange([b"x"], ends=ends)
    asyncio.run(intake(application).__rsgi__(scope(content_length="50"), exchange))
    assert (exchange.told, application.seen) == ([], [])


def test_the_application_gets_the_request_as_wsgi_has_it_and_its_answer_goes_back_whole() -> None:
    application, exchange = Application(), Exchange()
    asked = scope("/über uns", "a=%20", "GET", "[::1]:80", host="books.example", accept="text/html", x_a="1")
    asked.headers.items().extend([("accept", "*/*"), ("cookie", "a=1"), ("cookie", "b=2"), ("x_a", "forged")])
    asyncio.run(intake(application).__rsgi__(asked, exchange))
    seen = application.seen[0]
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/über uns"
    assert (seen["QUERY_STRING"], seen["REQUEST_METHOD"], seen["REMOTE_ADDR"]) == ("a=%20", "GET", "::1")
    assert (seen["HTTP_ACCEPT"], seen["HTTP_COOKIE"], seen["HTTP_X_A"]) == ("text/html,*/*", "a=1; b=2", "1")
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"], seen["SERVER_PROTOCOL"]) == ("127.0.0.1", "8000", "HTTP/1.1")
    assert seen["thread"].startswith("request")
    assert exchange.told == [(200, {"content-type": "text/plain", "set-cookie": "b=2"}, b"ok")]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "192.0.2.7", "10.0.0.1"),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "forged, 192.0.2.7", "192.0.2.7"),
        (2, "forged, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_the_one_that_the_outermost_believed_proxy_saw(proxies: int, forwarded: str, address: str) -> None:
    application = Application()
    ask(intake(application, proxies=proxies), x_forwarded_for=forwarded)
    assert application.seen[0]["REMOTE_ADDR"] == address
