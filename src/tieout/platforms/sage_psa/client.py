"""The HTTP client for the Forecast API of Sage PSA: the key, pacing, deadlines, and answers turned into data or faults.

It knows paths and statuses, not kinds of records. It never sleeps: when calls come too fast or too many are in flight it raises
`faults.PACED`, when the service has said to wait `faults.RATE`, each with the seconds to wait, and the engine backs off. It never logs a
body, and the key is in no repr. The service has no idempotency key and no request id (sage-psa §2), so what a lost answer leaves open
stays open here.
"""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from tieout.core.ports import Effect, Fault
from tieout.platforms.sage_psa import faults

Now = Callable[[], datetime]
Reply = tuple[int, httpx.Headers, bytes]

BASE_URL = "https://api.forecast.it"
"""The documented host; whether Sage-branded accounts share it is not documented (sage-psa §1), so it is a setting."""

KEY_HEADER = "X-FORECAST-API-KEY"

DEADLINE = 100.0
"""Seconds for one call; lists of a whole account take their time (sage-psa §2)."""

IN_FLIGHT = 4
"""Most calls at one time: fair use asks for a reasonable number and for waiting until they end (sage-psa §2)."""

CALLS = 200
WINDOW = 10.0
"""Our own limit: `CALLS` calls in any `WINDOW` seconds. The service publishes none (sage-psa §2)."""

LARGEST_BODY = 128 * 1024 * 1024

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one account: an API key, which has access to everything (sage-psa §2), and the address in front of `/api`."""

    api_key: str = field(repr=False)
    base_url: str = BASE_URL


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON data (None when empty) and the service's own time, if it told it."""

    data: Any
    served_at: datetime | None


class Pace:
    """At most `calls` calls in any `seconds` of the given clock.

    Whoever is turned away is told to come back when half of the allowance is free again, so that a piece of work that needs many calls
    gets through instead of being turned away at every second one.
    """

    def __init__(self, calls: int, seconds: float, *, clock: Now) -> None:
        self._taken: deque[datetime] = deque(maxlen=calls)
        self._window = timedelta(seconds=seconds)
        self._clock = clock
        self._held_at = self._not_before = clock()

    def wait(self) -> float:
        """Take one call; 0.0, or the seconds until one may be taken."""
        now = self._clock()
        if self._held_at <= now < self._not_before:
            return (self._not_before - now).total_seconds()
        if self._taken and now < self._taken[-1]:
            self._taken.clear()  # the clock was set back
        if len(self._taken) == self._taken.maxlen and now - self._taken[0] < self._window:
            half_free_at = self._taken[(len(self._taken) - 1) // 2] + self._window
            return (half_free_at - now).total_seconds()
        self._taken.append(now)
        return 0.0

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long, because the service said so."""
        self._held_at = self._clock()
        self._not_before = self._held_at + timedelta(seconds=seconds)


class Client:
    """Access to one account. Safe to share between threads."""

    def __init__(
        self, credentials: Credentials, *, clock: Now, transport: httpx.BaseTransport | None = None, deadline: float = DEADLINE
    ) -> None:
        self.credentials = credentials
        self._clock = clock
        self._deadline = deadline
        self._pace = Pace(CALLS, WINDOW, clock=clock)
        self._requests = 0
        self._in_flight = 0
        self._lock = RLock()
        timeout = httpx.Timeout(deadline, connect=min(deadline, 10.0))
        self._http = httpx.Client(timeout=timeout, transport=transport, headers={"Accept": "application/json", "User-Agent": "tieout"})

    def __repr__(self) -> str:
        return f"Client({self.credentials.base_url})"

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._requests

    def close(self) -> None:
        """Release the connections; the client is not used afterwards."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read `/api/{path}`, such as `v1/projects`. Raises Fault."""
        return self._call("GET", path, params=params)

    def look(self, path: str) -> Answer | None:
        """Read one record; None if the service itself says that there is none. Raises Fault for every other refusal.

        A 404 without the service's own error body comes from somebody else, such as a proxy, and says nothing about the record.
        """
        try:
            return self._call("GET", path)
        except Fault as fault:
            if fault.case is faults.NOT_FOUND:
                return None
            raise

    def post(self, path: str, data: Mapping[str, Any]) -> Answer:
        """Create a record. Raises Fault, whose `effect` says what is known of the write."""
        return self._call("POST", path, data=data)

    def put(self, path: str, data: Mapping[str, Any]) -> Answer:
        """Change the members given and no others (sage-psa §2). Raises Fault, whose `effect` says what is known of the write."""
        return self._call("PUT", path, data=data)

    def delete(self, path: str) -> None:
        """Delete a record, for good. Raises Fault, whose `effect` says what is known of the write."""
        self._call("DELETE", path)

    def _call(self, method: str, path: str, *, params: Mapping[str, str] | None = None, data: Mapping[str, Any] | None = None) -> Answer:
        headers = {KEY_HEADER: self.credentials.api_key}
        content = None
        if data is not None:
            # Without this type the service answers 415 (sage-psa §2).
            headers["Content-Type"] = "application/json; charset=utf-8"
            content = _ENCODER.encode(data)
        url = f"{self.credentials.base_url}/api/{path}"
        request = self._http.build_request(method, url, params=params, headers=headers, content=content)
        status, answered, body = self._exchange(request)
        return self._answer(method, path, status, answered, body)

    def _exchange(self, request: httpx.Request) -> Reply:
        host = request.url.netloc.decode("ascii")
        writes = request.method != "GET"
        with self._taken():
            started = self._clock()
            try:
                response = self._http.send(request, stream=True)
                try:
                    return response.status_code, response.headers, self._read(response, started)
                finally:
                    response.close()
            except httpx.HTTPError as error:
                raise _transport_fault(error, host, writes=writes) from error
            except TimeoutError as error:
                raise Fault(faults.TIMEOUT, host, effect=Effect.UNKNOWN if writes else Effect.NOT_SENT) from error

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """One of the calls that may be in flight. Raises Fault if there is none to have."""
        with self._lock:
            if self._in_flight >= IN_FLIGHT:
                raise Fault(faults.PACED, f"{IN_FLIGHT} calls are under way already", retry_after=1.0)
            wait = self._pace.wait()
            if wait > 0:
                raise Fault(faults.PACED, retry_after=wait)
            self._in_flight += 1
            self._requests += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def _read(self, response: httpx.Response, started: datetime) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            # httpx limits each read of the socket; an answer that drips would pass all of them.
            if (self._clock() - started).total_seconds() > self._deadline:
                raise TimeoutError
            if size > LARGEST_BODY:
                raise httpx.DecodingError("the answer is larger than 128 MB", request=response.request)
        return b"".join(parts)

    def _answer(self, method: str, path: str, status: int, headers: httpx.Headers, body: bytes) -> Answer:
        writes = method != "GET"
        if 200 <= status < 300:
            if method == "DELETE":
                return Answer(None, None)  # what such an answer holds is not documented (sage-psa §2)
            data = _decode(path, body, effect=Effect.UNKNOWN if writes else Effect.NOT_SENT)
            return Answer(data, faults.http_date(headers.get("Date", "")))
        data = _decode_or_none(body)
        effect = faults.effect_of(status, writes=writes)
        said = f"{method} {path}: {status}" + (f", {told}" if (told := faults.words(data)) else "")
        if status == 429:
            seconds = faults.wait_of(headers.get("Retry-After"), self._clock())
            with self._lock:
                self._pace.hold(seconds)
            raise Fault(faults.RATE, said, retry_after=seconds)
        case = faults.case_of(status)
        if case is faults.NOT_FOUND and not faults.is_vendor_error(data):
            case = faults.ADDRESS
        if case is faults.INVALID and not writes:
            case = faults.QUERY
        raise Fault(case, said, effect=effect)


def _transport_fault(error: httpx.HTTPError, host: str, *, writes: bool) -> Fault:
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Fault(faults.UNKNOWN_HOST, host)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Fault(faults.CERTIFICATE, host)
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return Fault(faults.TIMEOUT, host)
    if isinstance(error, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol):
        return Fault(faults.UNREACHABLE, host)
    effect = Effect.UNKNOWN if writes else Effect.NOT_SENT
    if isinstance(error, httpx.TimeoutException):
        return Fault(faults.TIMEOUT, host, effect=effect)
    if isinstance(error, httpx.DecodingError):
        return Fault(faults.UNEXPECTED, f"{host}: {error}", effect=effect)
    return Fault(faults.UNREACHABLE, f"{host}: the connection broke off", effect=effect)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _decode(where: str, body: bytes, *, effect: Effect) -> Any:
    if not body.strip():
        return None
    try:
        return _DECODER.decode(body)
    except (ValueError, RecursionError, ArithmeticError) as error:
        if body.lstrip()[:1] == b"<":
            raise Fault(faults.PAGE, where, effect=effect) from error
        raise faults.unreadable(where, f"the answer is not JSON ({len(body)} bytes)", effect=effect) from error


def _decode_or_none(body: bytes) -> Any:
    try:
        return _DECODER.decode(body)
    except (ValueError, RecursionError, ArithmeticError):
        return None


def host_of(url: str) -> str:
    """The host name in an address, for people to read."""
    return urlsplit(url).hostname or url


__all__ = [
    "BASE_URL",
    "CALLS",
    "DEADLINE",
    "IN_FLIGHT",
    "KEY_HEADER",
    "WINDOW",
    "Answer",
    "Client",
    "Credentials",
    "Now",
    "Pace",
    "host_of",
]
