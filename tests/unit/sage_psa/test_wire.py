"""The client on a real connection: what a broken wire means for a read and for a write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from tests.unit.sage_psa.bodies import VALUES, Watch, client
from tieout.core.ports import Effect, Fault
from tieout.core.record import Ref
from tieout.platforms.sage_psa import connect, faults
from tieout.platforms.sage_psa.client import Client
from tieout.platforms.sage_psa.system import credentials_of


class Answering(BaseHTTPRequestHandler):
    """Gives one client, and breaks off in the middle of every answer about projects."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[set[Any]] = set()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.connections.add(self.client_address)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(client(4)).encode()
        cut = "/projects" in self.path
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:20] if cut else body)
        self.close_connection = cut

    do_POST = do_PUT = do_DELETE = do_GET


@pytest.fixture
def address() -> Iterator[str]:
    Answering.connections.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_one_connection_serves_many_calls(address: str) -> None:
    system = connect({**VALUES, "base_url": address}, clock=Watch())
    for _ in range(5):
        assert set(system.read([Ref("client", "4")])) == {Ref("client", "4")}
    system.close()
    assert len(Answering.connections) == 1


def test_an_answer_cut_short_is_no_answer_and_of_a_write_the_effect_is_unknown(address: str) -> None:
    http = Client(credentials_of({**VALUES, "base_url": address}), clock=Watch().now)
    calls: list[tuple[Callable[[], object], Effect]] = [
        (lambda: http.get("v1/projects"), Effect.NOT_SENT),
        (lambda: http.post("v1/projects", {"name": "x"}), Effect.UNKNOWN),
        (lambda: http.put("v1/projects/1", {"name": "x"}), Effect.UNKNOWN),
        (lambda: http.delete("v1/projects/1"), Effect.UNKNOWN),
    ]
    for call, effect in calls:
        with pytest.raises(Fault, match="broke off") as caught:
            call()
        assert (caught.value.case, caught.value.effect) == (faults.UNREACHABLE, effect)
    http.close()
