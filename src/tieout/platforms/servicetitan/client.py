"""The HTTP client for ServiceTitan's API v2: tokens, headers, and answers turned into data or faults.

It knows paths and statuses, not kinds of records, and no secret is in a repr. Pacing, deadlines and what a broken wire means are
`tieout.platforms.exchange`'s.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

import httpx
import msgspec

from tieout.core.platform import Turns
from tieout.core.ports import Fault, FaultCase
from tieout.platforms.exchange import Answer, Exchange, Limits, Now, Params, Reply, effect_of
from tieout.platforms.members import parsed
from tieout.platforms.servicetitan import faults
from tieout.platforms.servicetitan.members import unreadable

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
class Token:
    """An access token and what its unverified claims say; the claims explain refusals and decide nothing.

    `tenant` is "" and `scopes` None when the token does not tell (its content is not part of the contract, servicetitan §3).
    """

    text: str = field(repr=False)
    renew_at: datetime
    tenant: str = ""
    scopes: frozenset[str] | None = None


class Client:
    """One app's access to one tenant. Safe to share between threads."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Now,
        transport: httpx.BaseTransport | None = None,
        calls_per_second: int = CALLS_PER_SECOND,
        turns: Turns | None = None,
    ) -> None:
        self.credentials = credentials
        self._clock = clock
        limits = Limits(calls_per_second, deadline=DEADLINE)
        self._exchange = Exchange(faults.ON_THE_WAY, limits, clock=clock, transport=transport, turns=turns)
        self._token: Token | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Client({self.credentials.api_root}, tenant {self.credentials.tenant})"

    @property
    def requests(self) -> int:
        """How many requests have been sent, those for tokens included."""
        return self._exchange.requests

    def close(self) -> None:
        """Release the connections; the client is not used afterwards."""
        self._exchange.close()

    def get(self, area: str, path: str, params: Params | None = None) -> Answer:
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

    def _call(self, method: str, area: str, path: str, *, params: Params | None = None, data: Any = None) -> Answer:
        url = f"{self.credentials.api_root}/{area}/v2/tenant/{self.credentials.tenant}/{path}"
        used = self.token()
        reply = self._send(method, url, used, params=params, data=data)
        if reply.status == 401:
            # A token may die before its time; one renewal, then the refusal is believed.
            self._forget(used)
            reply = self._send(method, url, self.token(), params=params, data=data)
        return self._answer(method, f"{area}/{path}", reply)

    def _forget(self, used: Token) -> None:
        with self._lock:
            if self._token is used:
                self._token = None

    def _send(self, method: str, url: str, token: Token, *, params: Params | None, data: Any) -> Reply:
        headers = {"Authorization": f"Bearer {token.text}", "ST-App-Key": self.credentials.app_key}
        content = None
        if data is not None:
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(data)
        return self._exchange.send(method, url, writes=method != "GET", headers=headers, params=params, content=content)

    def _answer(self, method: str, where: str, reply: Reply) -> Answer:
        writes = method != "GET"
        if reply.done:
            return self._exchange.answer(where, reply, writes=writes)
        said = _said(where, reply)
        if reply.status == 429:
            raise self._held(said, reply)
        case = self._forbidden() if reply.status == 403 else faults.case_of(reply.status)
        raise Fault(case, said, effect=effect_of(reply.status, writes=writes))

    def _held(self, said: str, reply: Reply) -> Fault:
        return self._exchange.held(said, faults.told_wait(reply.headers.get("Retry-After"), reply.data))

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
        reply = self._exchange.send("POST", f"{given.auth_root}/connect/token", writes=False, form=form)
        if reply.status == 429:
            raise self._held("connect/token: 429", reply)
        if reply.status != 200:
            raise _token_fault(reply)
        data = self._exchange.answer("connect/token", reply, writes=False).data
        text = data.get("access_token") if isinstance(data, Mapping) else None
        if not isinstance(text, str) or not text.isascii() or not text.isprintable() or not text.strip():
            raise unreadable("connect/token: access_token", "is missing or not a token")
        claims = _claims(text)
        return Token(text, asked_at + timedelta(seconds=_renewal(data.get("expires_in"))), _tenant_of(claims), _scopes_of(claims))


def _renewal(expires_in: Any) -> float:
    """Seconds after which to renew: 60 before the end, at most `RENEW_AFTER`, and half the life of a very short one."""
    if not isinstance(expires_in, int | Decimal) or isinstance(expires_in, bool) or not 0 < expires_in < 10**9:
        return RENEW_AFTER
    return min(RENEW_AFTER, max(float(expires_in) - 60.0, float(expires_in) / 2))


def _said(where: str, reply: Reply) -> str:
    return f"{where}: {reply.status}" + (f", {told}" if (told := faults.words(reply.data)) else "")


def _token_fault(reply: Reply) -> Fault:
    status, data = reply.status, reply.data
    code = data.get("error") if isinstance(data, Mapping) else None
    said = _said("connect/token", reply)
    if status >= 500:
        return Fault(faults.SERVER, said)
    if code in ("invalid_client", "invalid_grant") or status == 401:
        return Fault(faults.CREDENTIALS, said)
    return Fault(faults.TOKEN_REFUSED if code is not None or status == 403 else faults.UNEXPECTED, said)


def _claims(token: str) -> Mapping[str, Any]:
    """The claims in the middle part of the token, unverified; empty when it is not a readable one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        data = parsed(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
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


__all__ = ["CALLS_PER_SECOND", "DEADLINE", "HOSTS", "RENEW_AFTER", "Client", "Credentials", "Token"]
