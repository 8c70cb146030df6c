"""What stands between the server and the application: whole requests only, of bearable size, within a bearable time.

The server hands a request on as soon as its head is there. Its body is taken in here, outside the threads that work on requests, so that
bodies which trickle in cost no thread, however many they are. Only then does a thread run the WSGI application on the whole of it.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, Protocol

LONGEST_ADDRESS = 8_000  # as most servers and proxies have it
AT_ONCE = 10  # bodies of the largest size that are held in memory together
FORMS = ("application/x-www-form-urlencoded", "multipart/")
"""What a cut leaves readable. A body without a length ends for us where its connection does, so one of these could be taken for whole."""

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = Sequence[tuple[str, str]]


class Exchange(Protocol):
    """One request of the server (RSGI): its body, piece by piece, and the way to answer it."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces of the body."""
        ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer, once."""
        ...


class RefusedError(Exception):
    """A request that the application does not get to see."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class Intake:
    """A server application in front of a WSGI application.

    Args:
        threads: how many requests are worked on at once.
        most: bytes of the largest body.
        patience: seconds in which a body must have arrived.
        proxies: how many proxies stand in front; the address that the outermost of them saw becomes the request's.
    """

    def __init__(self, application: Application, *, threads: int, most: int, patience: float, proxies: int = 0) -> None:
        self._application = application
        self._most = most
        self._patience = patience
        self._proxies = proxies
        self._held = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    async def __rsgi__(self, scope: Any, exchange: Exchange) -> None:
        """Answer one request."""
        parts: list[bytes] = []
        try:
            headers = scope.headers.items()
            if await self._take_in(scope, dict(headers), exchange, parts):
                environ = self._environ(scope, headers, b"".join(parts))
                answer = await asyncio.get_running_loop().run_in_executor(self._threads, _run, self._application, environ)
                exchange.response_bytes(*answer)
        except RefusedError as refused:
            _refuse(exchange, refused)
        finally:
            self._held -= sum(map(len, parts))

    async def _take_in(self, scope: Any, headers: dict[str, str], exchange: Exchange, parts: list[bytes]) -> bool:
        """Take in the body; whether it is whole, since its sender may have gone away. Raises RefusedError."""
        if len(scope.path) + len(scope.query_string) > LONGEST_ADDRESS:
            raise RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG, f"The address is longer than {LONGEST_ADDRESS:,} characters.")
        length = headers.get("content-length", "")
        if length == "0" or (not length and "transfer-encoding" not in headers):
            return True
        if length.isdigit() and int(length) > self._most:
            raise self._too_large()
        if not length and headers.get("content-type", "").lower().startswith(FORMS):
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "A form must say how long it is.")
        # A task of its own, because the server's cannot be cancelled.
        reading = asyncio.get_running_loop().create_task(self._read(exchange, parts))
        done, _ = await asyncio.wait({reading}, timeout=self._patience)
        if not done:
            reading.cancel()
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, f"The body of the request did not arrive within {self._patience:g} seconds.")
        return reading.result() and (not length.isdigit() or sum(map(len, parts)) == int(length))

    async def _read(self, exchange: Exchange, parts: list[bytes]) -> bool:
        try:
            async for part in exchange:
                parts.append(part)
                self._held += len(part)
                if sum(map(len, parts)) > self._most:
                    raise self._too_large()
                if self._held > AT_ONCE * self._most:
                    raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, "Too many large requests are under way; try again in a few seconds.")
        except RuntimeError:  # the server's word for a connection that ended
            return False
        return True

    def _too_large(self) -> RefusedError:
        return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body of the request is larger than {self._most:,} bytes.")

    def _environ(self, scope: Any, headers: Headers, body: bytes) -> Environ:
        """The request as WSGI has it (PEP 3333)."""
        server, _, port = str(scope.server).rpartition(":")
        environ: Environ = {
            "REQUEST_METHOD": scope.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": scope.path.encode().decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_NAME": server,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "REMOTE_ADDR": str(scope.client).rpartition(":")[0].strip("[]"),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": scope.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers:
            key = name.upper().replace("-", "_")
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            if "_" not in name:  # such a name could pass for another with a hyphen
                environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
        if body:
            environ["CONTENT_LENGTH"] = str(len(body))
        seen = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if 0 < self._proxies <= len(seen) and seen[-self._proxies]:
            environ["REMOTE_ADDR"] = seen[-self._proxies]
        return environ


def _run(application: Application, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes]:
    """The whole answer of the application."""
    told: list[tuple[int, list[tuple[str, str]]]] = []

    def start(status: str, headers: Headers, exc_info: Any = None) -> None:
        told.append((int(status.split(" ", 1)[0]), [(name.lower(), value) for name, value in headers]))

    answer = application(environ, start)
    try:
        content = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()
    status, headers = told[-1]
    return status, headers, content


def _refuse(exchange: Exchange, refused: RefusedError) -> None:
    headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
    if refused.status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("retry-after", "5"))
    exchange.response_bytes(refused.status.value, headers, f"{refused}\n".encode())
