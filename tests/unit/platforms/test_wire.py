"""The exchange on a real connection: what a broken wire means for a read and for a write."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from tests.unit.platforms.rows import CASES, Watch
from tieout.core.ports import Effect, Fault
from tieout.platforms.exchange import Exchange, Limits


class Answering(BaseHTTPRequestHandler):
    """Gives one thing, and breaks off in the middle of every answer about what is broken."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[set[Any]] = set()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.connections.add(self.client_address)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b'{"id": 4, "name": "a thing of some length"}'
        cut = "/broken" in self.path
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:20] if cut else body)
        self.close_connection = cut

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET


@pytest.fixture
def address() -> Iterator[str]:
    Answering.connections.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    made = Exchange(CASES, Limits(100), clock=Watch().now)
    yield made
    made.close()


def test_one_connection_serves_many_calls(exchange: Exchange, address: str) -> None:
    for _ in range(5):
        reply = exchange.send("GET", f"{address}/things", writes=False)
        assert exchange.answer("things", reply, writes=False).data["id"] == 4
    assert len(Answering.connections) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_an_answer_cut_short_is_no_answer_and_of_a_write_the_effect_is_unknown(exchange: Exchange, address: str, method: str) -> None:
    writes = method != "GET"
    with pytest.raises(Fault, match="broke off") as caught:
        exchange.send(method, f"{address}/broken", writes=writes, content=b"{}" if writes else None)
    assert (caught.value.case, caught.value.effect) == (CASES.unreachable, Effect.UNKNOWN if writes else Effect.NOT_SENT)


def test_a_host_that_is_not_there_is_named(exchange: Exchange) -> None:
    with pytest.raises(Fault, match=r"127\.0\.0\.1") as caught:
        exchange.send("POST", "http://127.0.0.1:9/things", writes=True)
    assert (caught.value.case, caught.value.effect) == (CASES.unreachable, Effect.NOT_SENT)
