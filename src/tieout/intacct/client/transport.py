"""One HTTP POST with a deadline, a bounded answer and a bounded number of calls at a time.

It says only what happened on the wire and what that means for the effect of the call. Bodies are never logged.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

import httpx

from tieout.intacct.client.errors import IntacctError, Level, NotSentError, Reason, UnsureError

_log = logging.getLogger(__name__)

_HEADERS = {"Content-Type": "application/xml", "Accept": "text/xml, application/xml", "Accept-Encoding": "gzip", "User-Agent": "tieout"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of every call, in seconds and bytes (intacct-xml §11).

    Attributes:
        deadline: for the whole call, waiting for a free place included; below the vendor's 15-minute cut.
        read: the longest silence while an answer is awaited.
    """

    connect: float = 10.0
    read: float = 300.0
    deadline: float = 840.0
    max_concurrency: int = 4
    max_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    retry_after: str
    content: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@lru_cache(maxsize=256)
def parsed(url: str) -> httpx.URL:
    """An address in its parts; nearly all calls go to the same few, and taking one apart costs as much as a query of the database."""
    return httpx.URL(url)


class Transport:
    """A long-lived HTTP client for one company; safe to use from many threads.

    `turns` takes one call of a budget shared with others: 0.0, or the seconds until one may be made.
    """

    def __init__(
        self,
        limits: Limits,
        http: httpx.BaseTransport | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        headers: Mapping[str, str] = _HEADERS,
        turns: Callable[[], float] | None = None,
    ) -> None:
        self._limits = limits
        self._turns = turns
        self._monotonic = monotonic
        self._places = threading.BoundedSemaphore(limits.max_concurrency)
        pool = httpx.Limits(max_connections=limits.max_concurrency, max_keepalive_connections=limits.max_concurrency)
        timeout = httpx.Timeout(limits.read, connect=limits.connect, pool=limits.connect)
        self._http = httpx.Client(transport=http, limits=pool, timeout=timeout, headers=dict(headers), follow_redirects=False)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def post(self, url: str, body: bytes) -> Answer:
        """Send one body. Raises NotSentError if surely nothing was executed, else UnsureError."""
        return self.send("POST", url, body)

    def send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send one request. Raises NotSentError if surely nothing was executed, else UnsureError."""
        started = self._monotonic()
        address = parsed(url)
        host = address.host
        if self._turns is not None and (wait := self._turns()) > 0:
            raise NotSentError(Reason.PACED, Level.TRANSPORT, host=host, retry_after=wait)
        with self._place(host):
            try:
                return self._exchange(method, address, body, headers or {}, started)
            except httpx.HTTPError as error:
                raise _translated(error, host) from error
            finally:
                _log.debug(
                    "intacct call", extra={"host": host, "seconds": round(self._monotonic() - started, 3), "bytes": len(body or b"")}
                )

    @contextmanager
    def _place(self, host: str) -> Iterator[None]:
        if not self._places.acquire(timeout=self._limits.deadline):
            raise NotSentError(Reason.BUSY, Level.TRANSPORT, host=host)
        try:
            yield
        finally:
            self._places.release()

    def _exchange(self, method: str, address: httpx.URL, body: bytes | None, given: Mapping[str, str], started: float) -> Answer:
        with self._http.stream(method, address, content=body, headers=dict(given)) as response:
            content = bytearray()
            for piece in _pieces(response, self._limits.max_bytes):
                content += piece
                if len(content) > self._limits.max_bytes:
                    raise UnsureError(Reason.TOO_LARGE, Level.TRANSPORT, http_status=response.status_code, host=response.url.host)
                if self._monotonic() - started > self._limits.deadline:
                    raise UnsureError(Reason.TIMEOUT, Level.TRANSPORT, http_status=response.status_code, host=response.url.host)
            headers = response.headers
            known = {name.lower(): text for name, text in headers.items()}
            return Answer(response.status_code, known.get("content-type", ""), known.get("retry-after", ""), bytes(content), known)


def _pieces(response: httpx.Response, most: int) -> Iterator[bytes]:
    """The body as it arrives, unpacked; no piece is much longer than `most`, however well it was packed.

    Raises httpx.DecodingError for a packing that was not asked for, and for one that cannot be undone.
    """
    if response.is_stream_consumed:  # a transport without a socket gives the whole body at once
        yield response.content
        return
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in ("", "identity"):
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip"):
        raise httpx.DecodingError("the answer is packed in a way that was not asked for", request=response.request)
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in response.iter_raw():
        try:
            yield inflater.decompress(chunk, most + 1)
        except zlib.error as error:
            raise httpx.DecodingError("the answer is packed wrongly", request=response.request) from error
    if not inflater.eof:
        raise httpx.DecodingError("the answer ends in the middle of its packing", request=response.request)


def _translated(error: httpx.HTTPError, host: str) -> IntacctError:
    """What a failure of the wire means: before a connection stands nothing was sent, after that nobody knows."""
    if isinstance(error, httpx.ConnectTimeout):
        return NotSentError(Reason.UNREACHABLE, Level.TRANSPORT, host=host, detail="no answer to the connection attempt")
    if isinstance(error, httpx.ConnectError):
        reason = Reason.TLS if _is_tls(error) else Reason.UNREACHABLE
        return NotSentError(reason, Level.TRANSPORT, host=host, detail=_words(error))
    if isinstance(error, httpx.PoolTimeout):
        return NotSentError(Reason.BUSY, Level.TRANSPORT, host=host)
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.ProxyError):
        return NotSentError(Reason.UNREACHABLE, Level.TRANSPORT, host=host, detail=_words(error))
    if isinstance(error, httpx.TimeoutException):
        return UnsureError(Reason.TIMEOUT, Level.TRANSPORT, host=host)
    return UnsureError(Reason.CUT, Level.TRANSPORT, host=host, detail=_words(error))


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return "CERTIFICATE_VERIFY_FAILED" in str(error) or "[SSL" in str(error)


def _words(error: Exception) -> str:
    return str(error)[:200]
