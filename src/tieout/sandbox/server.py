"""A small threaded HTTP/1.1 server that hands whole requests to an emulator."""

from __future__ import annotations

import contextlib
import logging
import socket
import ssl
import threading
import time
from types import TracebackType
from typing import Protocol

import h11

from tieout.sandbox.wire import Call, Cut, Request, Response

__all__ = ["Call", "Cut", "Request", "Response", "Server"]

logger = logging.getLogger(__name__)
MAX_HEADER_BYTES = 64 * 1024
_READ_BYTES = 64 * 1024
_IDLE_SECONDS = 120.0


class Handler(Protocol):
    """What the server needs of an emulator."""

    @property
    def max_body(self) -> int:
        """The largest body taken, in bytes."""

    def handle(self, request: Request) -> Response:
        """Answers a request, or raises Cut."""


class _TooLargeError(Exception):
    """The body is larger than the emulator takes."""


class Server:
    """Serves one emulator on host:port (port 0: an ephemeral one, see `.port`), over TLS if given a context.

    Keep-alive, chunked request bodies, bounded headers and bodies. One thread per connection. `start()` returns when the
    port answers; `stop()` closes idle connections at once and gives running requests `grace` seconds.
    """

    def __init__(self, emulator: Handler, host: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None) -> None:
        self._emulator = emulator
        self._tls = tls
        self._listener = socket.create_server((host, port), backlog=256)
        self._address = self._listener.getsockname()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[_Connection, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, name=f"sandbox-{self.port}", daemon=True)

    @property
    def host(self) -> str:
        """The address it listens on."""
        return str(self._address[0])

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._address[1])

    @property
    def url(self) -> str:
        """Its base address, such as http://127.0.0.1:8101."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def start(self) -> Server:
        """Begins to accept connections in the background."""
        self._acceptor.start()
        return self

    def stop(self, grace: float = 2.0) -> None:
        """Stops accepting, closes idle connections, and closes busy ones after `grace` seconds."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._acceptor.is_alive():
            self._acceptor.join(grace)
        with self._lock:
            remaining = dict(self._open)
        for connection in remaining:
            if not connection.busy:
                connection.shut()
        deadline = time.monotonic() + grace
        for connection, thread in remaining.items():
            thread.join(max(deadline - time.monotonic(), 0))
            connection.shut()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            connection = _Connection(plain, self._tls, self._emulator, self._stopping)
            thread = threading.Thread(target=self._serve, args=(connection,), name="sandbox-connection", daemon=True)
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _serve(self, connection: _Connection) -> None:
        try:
            connection.run()
        except (OSError, h11.ProtocolError):
            pass  # the other side went away or does not speak HTTP: nothing is left to answer
        finally:
            connection.shut()
            with self._lock:
                self._open.pop(connection, None)


class _Connection:
    """One keep-alive connection."""

    def __init__(self, plain: socket.socket, tls: ssl.SSLContext | None, emulator: Handler, stopping: threading.Event) -> None:
        self._socket = plain
        self._tls = tls
        self._emulator = emulator
        self._stopping = stopping
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEADER_BYTES)
        self.busy = False

    def run(self) -> None:
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(_IDLE_SECONDS)
        if self._tls is not None:
            self._socket = self._tls.wrap_socket(self._socket, server_side=True)
        while not self._stopping.is_set():
            try:
                request = self._read()
            except _TooLargeError:
                limit = self._emulator.max_body
                self._send(Response.text(f"The body is larger than {limit} bytes.", 413), close=True)
                return
            except h11.RemoteProtocolError as error:
                if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                    self._send(Response.text("The request is not valid HTTP/1.1.", error.error_status_hint), close=True)
                return
            if request is None:
                return
            self._answer(request)
            request = None  # an idle connection holds no body
            if self._http.our_state is h11.MUST_CLOSE or self._http.our_state is not h11.DONE:
                return
            self.busy = False
            self._http.start_next_cycle()

    def shut(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._socket.close()

    def _answer(self, request: tuple[h11.Request, bytes]) -> None:
        head, body = request
        asked = Request.build(
            head.method.decode(),
            head.target.decode("latin-1"),
            headers=_joined(head),
            body=body,
            scheme="https" if self._tls else "http",
        )
        try:
            answer = self._emulator.handle(asked)
        except Cut:
            self.shut()
            raise OSError("cut on request") from None
        except Exception:
            logger.exception("the emulator failed on %s %s", asked.method, asked.path)
            answer = Response.text("The sandbox itself failed; its log says why.", 500)
        self._send(answer, close=self._stopping.is_set(), head_only=head.method == b"HEAD")

    def _read(self) -> tuple[h11.Request, bytes] | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._http.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[])
                    self._socket.sendall(self._http.send(go_on) or b"")
                self._http.receive_data(self._socket.recv(_READ_BYTES))
            elif isinstance(event, h11.Request):
                self.busy = True
                head = event
                self._check_announced(event)
            elif isinstance(event, h11.Data):
                if len(body) + len(event.data) > self._emulator.max_body:
                    raise _TooLargeError
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return head, bytes(body)
            else:
                return None

    def _check_announced(self, head: h11.Request) -> None:
        for name, value in head.headers:
            if name == b"content-length" and int(value) > self._emulator.max_body:
                raise _TooLargeError

    def _send(self, answer: Response, *, close: bool = False, head_only: bool = False) -> None:
        names = {name.lower() for name in answer.headers}
        headers = [(name, value) for name, value in answer.headers.items()]
        if answer.content_type and "content-type" not in names:
            headers.append(("Content-Type", answer.content_type))
        if "content-length" not in names and answer.status not in {204, 304}:
            headers.append(("Content-Length", str(len(answer.body))))
        if close:
            headers.append(("Connection", "close"))
        out = self._http.send(h11.Response(status_code=answer.status, headers=headers)) or b""
        if not head_only and answer.body:
            out += self._http.send(h11.Data(data=answer.body)) or b""
        out += self._http.send(h11.EndOfMessage()) or b""
        self._socket.sendall(out)


def _joined(head: h11.Request) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in head.headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
