"""What a request must be before the application sees it: its address of bearable length, its body bearable and whole.

A body that trickles in holds a thread for as long as its sender likes; the server has no deadline for it, and answering while it
is read blocks the server. So at most half of the threads take in bodies at one time, and pages are shown whatever arrives.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

LONGEST_ADDRESS = 8_000  # as most servers and proxies have it
PLACE_PATIENCE_S = 0.25
PIECE = 64 * 1024

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class Intake:
    """A WSGI application in front of another.

    Args:
        threads: how many requests the server works on at once.
        most: bytes of the largest body.
        proxies: how many proxies stand in front; the address that the outermost of them saw becomes the request's.
    """

    def __init__(self, application: Application, *, threads: int, most: int, proxies: int = 0) -> None:
        self._application = application
        self._proxies = proxies
        self._most = most
        self._places = threading.BoundedSemaphore(max(1, threads // 2))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, or refuse it with 413, 414 or 503."""
        seen = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if 0 < self._proxies <= len(seen) and seen[-self._proxies]:
            environ["REMOTE_ADDR"] = seen[-self._proxies]
        if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
            return _refused(start_response, HTTPStatus.REQUEST_URI_TOO_LONG)
        length = str(environ.get("CONTENT_LENGTH") or "")
        if length == "0" or (not length and "HTTP_TRANSFER_ENCODING" not in environ):
            return self._application(environ, start_response)
        if length.isdigit() and int(length) > self._most:
            return _refused(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not self._places.acquire(timeout=PLACE_PATIENCE_S):
            return _refused(start_response, HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            body = _read(environ["wsgi.input"], self._most)
        finally:
            self._places.release()
        if len(body) > self._most:
            return _refused(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        return self._application(environ, start_response)


def _read(source: Any, most: int) -> bytes:
    """The whole body, or of one that is too large a little more than is allowed."""
    parts: list[bytes] = []
    size = 0
    while size <= most and (part := source.read(PIECE)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _refused(start_response: StartResponse, status: HTTPStatus) -> list[bytes]:
    text = f"{status.phrase}.\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text))), ("Connection", "close")]
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", "5"))
    start_response(f"{status.value} {status.phrase}", headers)
    return [text]
