"""The HTTP client for the Forecast API of Sage PSA: the key, and answers turned into data or faults.

It knows paths and statuses, not kinds of records, and the key is in no repr. Pacing, deadlines and what a broken wire means are
`tieout.platforms.exchange`'s. The service has no idempotency key and no request id (sage-psa §2), so what a lost answer leaves open stays
open here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from tieout.core.platform import Turns
from tieout.core.ports import Fault
from tieout.platforms.exchange import Answer, Exchange, Limits, Now, effect_of
from tieout.platforms.sage_psa import faults

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

_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens one account: an API key, which has access to everything (sage-psa §2), and the address in front of `/api`."""

    api_key: str = field(repr=False)
    base_url: str = BASE_URL


class Client:
    """Access to one account. Safe to share between threads."""

    def __init__(
        self, credentials: Credentials, *, clock: Now, transport: httpx.BaseTransport | None = None, turns: Turns | None = None
    ) -> None:
        self.credentials = credentials
        limits = Limits(CALLS, WINDOW, in_flight=IN_FLIGHT, deadline=DEADLINE)
        self._exchange = Exchange(faults.ON_THE_WAY, limits, clock=clock, transport=transport, turns=turns)

    def __repr__(self) -> str:
        return f"Client({self.credentials.base_url})"

    @property
    def requests(self) -> int:
        """How many requests have been sent."""
        return self._exchange.requests

    def close(self) -> None:
        """Release the connections; the client is not used afterwards."""
        self._exchange.close()

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
        writes = method != "GET"
        reply = self._exchange.send(method, url, writes=writes, headers=headers, params=params, content=content)
        if reply.done:
            # What the answer to a delete holds is not documented (sage-psa §2).
            return Answer(None, None) if method == "DELETE" else self._exchange.answer(path, reply, writes=writes)
        said = f"{method} {path}: {reply.status}" + (f", {told}" if (told := faults.words(reply.data)) else "")
        if reply.status == 429:
            raise self._exchange.held(said, [reply.headers.get("Retry-After")])
        case = faults.case_of(reply.status)
        if case is faults.NOT_FOUND and not faults.is_vendor_error(reply.data):
            case = faults.ADDRESS
        if case is faults.INVALID and not writes:
            case = faults.QUERY
        raise Fault(case, said, effect=effect_of(reply.status, writes=writes, unsent=faults.UNSENT))


__all__ = ["BASE_URL", "CALLS", "DEADLINE", "IN_FLIGHT", "KEY_HEADER", "WINDOW", "Client", "Credentials"]
