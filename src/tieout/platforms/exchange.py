"""One HTTP exchange with a vendor: paced, bounded in time and size, and every failure on the way a row of the vendor's fault table.

It knows neither paths nor statuses, except 429. It never sleeps: when calls come too fast or too many are in flight it raises
`Cases.paced`, when the service has said to wait `Cases.rate`, each with the seconds to wait, and the engine backs off. It never logs a
body. Of a write, every fault says what may have happened: what surely was not sent, and what may have arrived although no answer came.
"""

from __future__ import annotations

import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import httpx

from tieout.core.platform import Turns
from tieout.core.ports import Effect, Fault, FaultCase
from tieout.platforms.members import parsed

Now = Callable[[], datetime]

Params = Mapping[str, str | Sequence[str]]
"""The query of a call; a parameter with several values is repeated."""

DEFAULT_WAIT = 5.0
"""Seconds to wait after a 429 that says nothing about how long."""

LONGEST_WAIT = 3600.0

CONNECT = 10.0
"""Most seconds for a connection to come about."""


@dataclass(frozen=True, slots=True)
class Cases:
    """The rows of a vendor's fault table for what can happen to any call.

    Attributes:
        paced: our own pacing held the call back; its sign is `HELD_BACK`.
        rate: the service says to wait.
        page: a web page came where data should.
        body: what came is neither data nor a page.
        unexpected: the answer breaks the rules of HTTP, or is too large.
    """

    paced: FaultCase
    rate: FaultCase
    timeout: FaultCase
    unreachable: FaultCase
    unknown_host: FaultCase
    certificate: FaultCase
    page: FaultCase
    body: FaultCase
    unexpected: FaultCase


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a service: at most `calls` in any `seconds`, and `in_flight` at one time.

    `deadline` is the seconds for one call with its answer, `largest_body` the bytes of an answer. By default as many calls may be in
    flight as httpx opens connections.
    """

    calls: int
    seconds: float = 1.0
    in_flight: int = 100
    deadline: float = 100.0
    largest_body: int = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON data (None when empty) and the service's own time, if it told it."""

    data: Any
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, of whatever status."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def done(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    @property
    def data(self) -> Any:
        """The JSON data in the body, for what a refusal may say; None when it is none."""
        try:
            return parsed(self.body)
        except ValueError:
            return None


class Pace:
    """At most `calls` calls in any `seconds` of the given clock.

    A token bucket would let through twice as many in its first window, its store and its refill; services count both. Whoever is turned
    away is told to come back when half of the allowance is free again, so that a piece of work that needs many calls gets through
    instead of being turned away at every second one.
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


class Exchange:
    """The way to one service, for one connection. Safe to share between threads."""

    def __init__(
        self, cases: Cases, limits: Limits, *, clock: Now, transport: httpx.BaseTransport | None = None, turns: Turns | None = None
    ) -> None:
        self._cases = cases
        self._limits = limits
        self._clock = clock
        self._pace = Pace(limits.calls, limits.seconds, clock=clock)
        self._turns = turns
        self._requests = 0
        self._in_flight = 0
        self._lock = Lock()
        timeout = httpx.Timeout(limits.deadline, connect=min(limits.deadline, CONNECT))
        self._http = httpx.Client(timeout=timeout, transport=transport, headers={"Accept": "application/json", "User-Agent": "tieout"})

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._requests

    def close(self) -> None:
        """Release the connections; the exchange is not used afterwards."""
        self._http.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        writes: bool,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and read the whole answer, whatever its status; redirections are not followed. Raises Fault.

        `writes` says whether it can change something there, so that a lost answer leaves open what happened.
        """
        request = self._http.build_request(method, url, params=_query(params), headers=headers, content=content, data=form)
        host = request.url.netloc.decode("ascii")
        with self._turn():
            started = self._clock()
            try:
                response = self._http.send(request, stream=True)
                try:
                    return Reply(response.status_code, response.headers, self._read(response, started))
                finally:
                    response.close()
            except httpx.HTTPError as error:
                raise self._lost(error, host, writes=writes) from error
            except TimeoutError as error:
                raise Fault(self._cases.timeout, host, effect=_open(writes=writes)) from error

    def answer(self, where: str, reply: Reply, *, writes: bool) -> Answer:
        """The data of a success. Raises Fault when it is not JSON; `where` names the call in it."""
        served_at = http_date(reply.headers.get("Date", ""))
        if not reply.body.strip():
            return Answer(None, served_at)
        try:
            return Answer(parsed(reply.body), served_at)
        except ValueError as error:
            if reply.body.lstrip()[:1] == b"<":
                raise Fault(self._cases.page, where, effect=_open(writes=writes)) from error
            raise Fault(self._cases.body, f"{where}: the answer is {error}", effect=_open(writes=writes)) from error

    def held(self, said: str, told: Iterable[str | None]) -> Fault:
        """The fault for a 429. Nothing more is sent before the wait is over; `told` is where its length may stand, see `wait_of`."""
        seconds = wait_of(told, self._clock())
        with self._lock:
            self._pace.hold(seconds)
        return Fault(self._cases.rate, said, retry_after=seconds)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One of the calls that may be in flight, and that all workers together may make now. Raises Fault if there is none to have."""
        if self._turns is not None and (wait := self._turns()) > 0:
            raise Fault(self._cases.paced, retry_after=wait)
        with self._lock:
            if self._in_flight >= self._limits.in_flight:
                raise Fault(self._cases.paced, f"{self._in_flight} calls are under way already", retry_after=1.0)
            wait = self._pace.wait()
            if wait > 0:
                raise Fault(self._cases.paced, retry_after=wait)
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
            if (self._clock() - started).total_seconds() > self._limits.deadline:
                raise TimeoutError
            if size > self._limits.largest_body:
                raise httpx.DecodingError(f"the answer is larger than {self._limits.largest_body} bytes", request=response.request)
        return b"".join(parts)

    def _lost(self, error: httpx.HTTPError, host: str, *, writes: bool) -> Fault:
        cases = self._cases
        causes = list(_causes(error))
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return Fault(cases.unknown_host, host)
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return Fault(cases.certificate, host)
        if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
            return Fault(cases.timeout, host)
        if isinstance(error, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol):
            return Fault(cases.unreachable, host)
        if isinstance(error, httpx.TimeoutException):
            return Fault(cases.timeout, host, effect=_open(writes=writes))
        if isinstance(error, httpx.DecodingError):
            return Fault(cases.unexpected, f"{host}: {error}", effect=_open(writes=writes))
        return Fault(cases.unreachable, f"{host}: the connection broke off", effect=_open(writes=writes))


def _query(params: Params | None) -> dict[str, str | list[str]] | None:
    return None if params is None else {name: value if isinstance(value, str) else list(value) for name, value in params.items()}


def effect_of(status: int, *, writes: bool, unsent: frozenset[int] = frozenset({401, 429})) -> Effect:
    """What a refused call can have changed. A 4xx is a clear no, except 408, which only says that waiting ended.

    `unsent` are the statuses after which the same call may be made again because it did not get as far as being looked at.
    """
    if not writes or status in unsent:
        return Effect.NOT_SENT
    return Effect.REFUSED if 400 <= status < 500 and status != 408 else Effect.UNKNOWN


def wait_of(told: Iterable[str | None], now: datetime) -> float:
    """The first of some texts that is a number of seconds or a date, in seconds from now; at most `LONGEST_WAIT`, else `DEFAULT_WAIT`.

    The first is the Retry-After header as a rule.
    """
    for text in told:
        plain = (text or "").strip()
        if plain.isascii() and plain.replace(".", "", 1).isdigit() and len(plain) <= 12:
            return min(float(plain), LONGEST_WAIT)
        if (moment := http_date(plain)) is not None:
            return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)
    return DEFAULT_WAIT


def http_date(text: str) -> datetime | None:
    """The moment a header such as Date or Retry-After names; None when it names none."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def host_of(url: str) -> str:
    """The host name in an address, for people to read."""
    return urlsplit(url).hostname or url


def _open(*, writes: bool) -> Effect:
    return Effect.UNKNOWN if writes else Effect.NOT_SENT


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


__all__ = [
    "DEFAULT_WAIT",
    "LONGEST_WAIT",
    "Answer",
    "Cases",
    "Exchange",
    "Limits",
    "Now",
    "Pace",
    "Params",
    "Reply",
    "effect_of",
    "host_of",
    "http_date",
    "wait_of",
]
