"""The HTTP client for ServiceTitan's API v2: tokens, headers, pacing, deadlines, and answers turned into data or faults.

It knows paths and statuses, not kinds of records. It never sleeps: when calls come too fast, or ServiceTitan has said to wait, it
raises `faults.RATE` with the seconds to wait, and the engine backs off. It never logs a body, and no secret is in a repr.
"""

from __future__ import annotations

import base64
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from tieout.core.ports import Effect, Fault, FaultCase
from tieout.platforms.servicetitan import faults

Now = Callable[[], datetime]
Reply = tuple[int, httpx.Headers, bytes]

HOSTS: Mapping[str, tuple[str, str]] = {
    "production": ("https://auth.servicetitan.io", "https://api.servicetitan.io"),
    "integration": ("https://auth-integration.servicetitan.io", "https://api-integration.servicetitan.io"),
}
"""Sign-in host and API host of each environment (servicetitan §3)."""

DEADLINE = 100.0
"""Seconds for one call; the service itself gives up after as many (servicetitan §4)."""

CALLS_PER_SECOND = 50
"""Our own limit per app key and tenant; the service's is 60 (servicetitan §4)."""

RENEW_AFTER = 840.0
"""Seconds after which a token is renewed; it lives 900 (servicetitan §3)."""

_SECOND = timedelta(seconds=1)

LARGEST_BODY = 128 * 1024 * 1024

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs an app in to one tenant in one environment (servicetitan §3).

    `auth_url` and `api_url` replace the environment's hosts, for a gateway of one's own.
    """

    tenant: str
    client_id: str
    client_secret: str = field(repr=False)
    app_key: str = field(repr=False)
    environment: str = "production"
    auth_url: str = ""
    api_url: str = ""

    @property
    def auth_root(self) -> str:
        """The address in front of `/connect/token`."""
        return self.auth_url or HOSTS[self.environment][0]

    @property
    def api_root(self) -> str:
        """The address in front of `/{area}/v2/…`."""
        return self.api_url or HOSTS[self.environment][1]


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON data (None when empty) and the service's own time, if it told it."""

    data: Any
    served_at: datetime | None


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and what its unverified claims say; the claims explain refusals and decide nothing.

    `tenant` is "" and `scopes` None when the token does not tell (its content is not part of the contract, servicetitan §3).
    """

    text: str = field(repr=False)
    renew_at: datetime
    tenant: str = ""
    scopes: frozenset[str] | None = None


class Pace:
    """At most `calls` calls in any second of the given clock.

    A token bucket would let through twice as many in its first second, its store and its refill; the service counts both.
    """

    def __init__(self, calls: int, *, clock: Now) -> None:
        self._taken: deque[datetime] = deque(maxlen=calls)
        self._clock = clock
        self._held_at = self._not_before = clock()

    def wait(self) -> float:
        """Take one call; 0.0, or the seconds until one may be taken."""
        now = self._clock()
        if self._held_at <= now < self._not_before:
            return (self._not_before - now).total_seconds()
        if self._taken and now < self._taken[-1]:
            self._taken.clear()  # the clock was set back
        if len(self._taken) == self._taken.maxlen and now - self._taken[0] < _SECOND:
            return (_SECOND - (now - self._taken[0])).total_seconds()
        self._taken.append(now)
        return 0.0

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long, because the service said so."""
        self._held_at = self._clock()
        self._not_before = self._held_at + timedelta(seconds=seconds)


class Client:
    """One app's access to one tenant. Safe to share between threads."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Now,
        transport: httpx.BaseTransport | None = None,
        deadline: float = DEADLINE,
        calls_per_second: int = CALLS_PER_SECOND,
    ) -> None:
        self.credentials = credentials
        self._clock = clock
        self._deadline = deadline
        self._pace = Pace(calls_per_second, clock=clock)
        self._token: Token | None = None
        self._requests = 0
        self._lock = RLock()
        timeout = httpx.Timeout(deadline, connect=min(deadline, 10.0))
        self._http = httpx.Client(timeout=timeout, transport=transport, headers={"Accept": "application/json", "User-Agent": "tieout"})

    def __repr__(self) -> str:
        return f"Client({self.credentials.api_root}, tenant {self.credentials.tenant})"

    @property
    def requests(self) -> int:
        """How many requests have been sent, those for tokens included."""
        return self._requests

    def close(self) -> None:
        """Release the connections; the client is not used afterwards."""
        self._http.close()

    def get(self, area: str, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read `/{area}/v2/tenant/{tenant}/{path}`. Raises Fault."""
        return self._call("GET", area, path, params=params)

    def post(self, area: str, path: str, data: Any = None) -> Answer:
        """Create or do something; some calls take no body. Raises Fault, whose `effect` says what is known of the write."""
        return self._call("POST", area, path, data=data)

    def patch(self, area: str, path: str, data: Any) -> Answer:
        """Change members of a record. Raises Fault, whose `effect` says what is known of the write."""
        return self._call("PATCH", area, path, data=data)

    def token(self) -> Token:
        """The current access token, fetched anew when it is due. Raises Fault."""
        with self._lock:
            if self._token is None or self._clock() >= self._token.renew_at:
                self._token = self._fetch_token()
            return self._token

    def _call(self, method: str, area: str, path: str, *, params: Mapping[str, str] | None = None, data: Any = None) -> Answer:
        url = f"{self.credentials.api_root}/{area}/v2/tenant/{self.credentials.tenant}/{path}"
        used = self.token()
        status, headers, body = self._send(method, url, used, params=params, data=data)
        if status == 401:
            # A token may die before its time; one renewal, then the refusal is believed.
            self._forget(used)
            status, headers, body = self._send(method, url, self.token(), params=params, data=data)
        return self._answer(method, f"{area}/{path}", status, headers, body)

    def _forget(self, used: Token) -> None:
        with self._lock:
            if self._token is used:
                self._token = None

    def _send(self, method: str, url: str, token: Token, *, params: Mapping[str, str] | None, data: Any) -> Reply:
        headers = {"Authorization": f"Bearer {token.text}", "ST-App-Key": self.credentials.app_key}
        content = None
        if data is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(data)
        return self._exchange(self._http.build_request(method, url, params=params, headers=headers, content=content))

    def _exchange(self, request: httpx.Request) -> Reply:
        with self._lock:
            wait = self._pace.wait()
            self._requests += wait == 0
        if wait > 0:
            raise Fault(faults.PACED, retry_after=wait)
        started = self._clock()
        writes = request.method != "GET" and not request.url.path.endswith("/connect/token")
        try:
            response = self._http.send(request, stream=True)
            try:
                return response.status_code, response.headers, self._read(response, started)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise _transport_fault(error, request.url.netloc.decode("ascii"), writes=writes) from error
        except TimeoutError as error:
            raise Fault(faults.TIMEOUT, request.url.netloc.decode("ascii"), effect=Effect.UNKNOWN if writes else Effect.NOT_SENT) from error

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

    def _answer(self, method: str, where: str, status: int, headers: httpx.Headers, body: bytes) -> Answer:
        writes = method != "GET"
        served_at = faults.http_date(headers.get("Date", ""))
        if 200 <= status < 300:
            return Answer(_decode(where, body, effect=Effect.UNKNOWN if writes else Effect.NOT_SENT), served_at)
        data = _decode_or_none(body)
        effect = faults.effect_of(status, writes=writes)
        said = f"{where}: {status}" + (f", {told}" if (told := faults.words(data)) else "")
        if status == 429:
            raise self._held(headers, data, said)
        if status == 403:
            raise Fault(self._forbidden(), said, effect=effect)
        raise Fault(faults.case_of(status), said, effect=effect)

    def _held(self, headers: httpx.Headers, data: Any, said: str) -> Fault:
        seconds = faults.wait_of(headers.get("Retry-After"), data, self._clock())
        with self._lock:
            self._pace.hold(seconds)
        return Fault(faults.RATE, said, retry_after=seconds)

    def _forbidden(self) -> FaultCase:
        token = self._token
        if token is not None and token.tenant and token.tenant != self.credentials.tenant:
            return faults.OTHER_TENANT
        return faults.FORBIDDEN

    def _fetch_token(self) -> Token:
        given = self.credentials
        # ServiceTitan refuses a JSON body here, and limits how often a token may be asked for (servicetitan §3).
        form = {"grant_type": "client_credentials", "client_id": given.client_id, "client_secret": given.client_secret}
        asked_at = self._clock()
        status, headers, body = self._exchange(self._http.build_request("POST", f"{given.auth_root}/connect/token", data=form))
        data = _decode_or_none(body)
        if status == 429:
            raise self._held(headers, data, "connect/token: 429")
        if status != 200:
            raise _token_fault(status, data)
        if data is None:
            _decode("connect/token", body, effect=Effect.NOT_SENT)
        text = data.get("access_token") if isinstance(data, Mapping) else None
        if not isinstance(text, str) or not text.isascii() or not text.isprintable() or not text.strip():
            raise faults.unreadable("connect/token: access_token", "is missing or not a token")
        claims = _claims(text)
        return Token(text, asked_at + timedelta(seconds=_renewal(data.get("expires_in"))), _tenant_of(claims), _scopes_of(claims))


def _renewal(expires_in: Any) -> float:
    """Seconds after which to renew: 60 before the end, at most `RENEW_AFTER`, and half the life of a very short one."""
    if not isinstance(expires_in, int | Decimal) or isinstance(expires_in, bool) or not 0 < expires_in < 10**9:
        return RENEW_AFTER
    return min(RENEW_AFTER, max(float(expires_in) - 60.0, float(expires_in) / 2))


def _token_fault(status: int, data: Any) -> Fault:
    code = data.get("error") if isinstance(data, Mapping) else None
    said = f"connect/token: {status}" + (f", {told}" if (told := faults.words(data)) else "")
    if status >= 500:
        return Fault(faults.SERVER, said)
    if code in ("invalid_client", "invalid_grant") or status == 401:
        return Fault(faults.CREDENTIALS, said)
    return Fault(faults.TOKEN_REFUSED if code is not None or status == 403 else faults.UNEXPECTED, said)


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


def _claims(token: str) -> Mapping[str, Any]:
    """The claims in the middle part of the token, unverified; empty when it is not a readable one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        data = _DECODER.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError, ArithmeticError):
        return {}
    return data if isinstance(data, Mapping) else {}


def _tenant_of(claims: Mapping[str, Any]) -> str:
    tenant = claims.get("tenant")
    return str(tenant) if isinstance(tenant, str | int) and str(tenant).isdigit() else ""


def _scopes_of(claims: Mapping[str, Any]) -> frozenset[str] | None:
    """The scopes, an array in this service's tokens (servicetitan §3); one string, as elsewhere, is read too."""
    scope = claims.get("scope")
    if isinstance(scope, str):
        return frozenset(scope.split())
    if isinstance(scope, list):
        return frozenset(item for item in scope if isinstance(item, str))
    return None


def host_of(url: str) -> str:
    """The host name in an address, for people to read."""
    return urlsplit(url).hostname or url


__all__ = ["CALLS_PER_SECOND", "DEADLINE", "HOSTS", "RENEW_AFTER", "Answer", "Client", "Credentials", "Now", "Pace", "Token", "host_of"]
