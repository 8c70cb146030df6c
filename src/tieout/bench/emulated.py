"""The emulators of one measurement: reached over HTTP from other processes, or in this process on a virtual clock.

They run in the measuring process, never in the hub's, so that their CPU is not counted as the hub's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named
from tieout.sandbox.server import Server
from tieout.sandbox.wire import Cut, Request, Response

BOOKS, FIELD = "intacct", "servicetitan"
GATEWAY = "/ia/xml/xmlgw.phtml"
TENANT = "1000001"
WEBHOOK_KEY = "0123456789abcdef0123456789abcdef"
BUSY_FIELD = {"rate_limit_per_s": 0, "concurrency": 0}  # the platform's own limits are not what is measured


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the emulator saw it, in seconds of a monotonic clock."""

    began: float
    ended: float
    is_write: bool
    size: int


@dataclass(slots=True)
class Recorder:
    """Hands requests on to an emulator and remembers when each came and went."""

    emulator: Emulator
    calls: list[Call] = field(default_factory=list)

    @property
    def max_body(self) -> int:
        """As the emulator's."""
        return self.emulator.max_body

    def handle(self, request: Request) -> Response:
        """The emulator's reply."""
        began = time.monotonic()
        try:
            return self.emulator.handle(request)
        finally:
            is_write = b"<create>" in request.body or b"<update>" in request.body
            self.calls.append(Call(began, time.monotonic(), is_write, len(request.body)))

    def writing_s(self) -> float:
        """From the beginning of the first write request to the end of the last."""
        writes = [call for call in self.calls if call.is_write]
        return max(call.ended for call in writes) - min(call.began for call in writes) if writes else 0.0

    def within_s(self, began: float, ended: float) -> float:
        """How long it worked on requests between two moments."""
        return sum(call.ended - call.began for call in list(self.calls) if began <= call.began and call.ended <= ended)

    def longest_s(self) -> float:
        """The longest any request took."""
        return max((call.ended - call.began for call in self.calls), default=0.0)


class InProcess(httpx.BaseTransport):
    """Carries requests to an emulator without a socket, on the emulator's own clock."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The emulator's reply. Raises httpx.ReadError where the wire would be cut."""
        target = request.url.raw_path.decode("ascii")
        try:
            answer = self._emulator.handle(Request.build(request.method, target, headers=dict(request.headers), body=request.read()))
        except Cut:
            raise httpx.ReadError("the connection was closed without a reply", request=request) from None
        return httpx.Response(
            answer.status, headers={"content-type": answer.content_type, **answer.headers}, content=answer.body, request=request
        )


class Emulated:
    """Both emulators, empty; `over_http` starts a server for each."""

    def __init__(self, *, clock: Clock | None = None, over_http: bool = True) -> None:
        self.books = named(BOOKS)[0].load()(world="empty", seed=1, clock=clock)
        self.field = named(FIELD)[0].load()(world="empty", seed=1, clock=clock, settings=BUSY_FIELD)
        self.recorder, self.field_recorder = Recorder(self.books), Recorder(self.field)
        self._servers = [Server(each).start() for each in (self.recorder, self.field_recorder)] if over_http else []
        for emulator in (self.books, self.field) if over_http else ():
            emulator.start()
        self.client = httpx.Client(transport=InProcess(self.field), base_url="http://field.test")
        self._token = ""

    def slow(self, *, per_request_s: float = 0.0, per_record_s: float = 0.0, connections: int = 6) -> None:
        """Give the books a latency."""
        self.books.settings.update({"latency_ms": per_request_s * 1000, "per_record_ms": per_record_s * 1000, "concurrency": connections})

    @property
    def books_url(self) -> str:
        """The base address of the books. Raises IndexError unless they are served."""
        return self._servers[0].url

    def books_values(self, **more: Any) -> dict[str, Any]:
        """The connection's values for the books."""
        address = self.books_url if self._servers else "http://books.test"
        return {
            "company_id": "SANDBOX",
            "sender_id": "sandbox-sender",
            "sender_password": "sandbox-sender-pw",
            "user_id": "ws-user",
            "user_password": "ws-user-pw",
            "endpoint": f"{address}{GATEWAY}",
            **more,
        }

    def field_values(self, **more: Any) -> dict[str, Any]:
        """The connection's values for the platform."""
        address = self._servers[1].url if self._servers else "http://field.test"
        known = {"tenant": TENANT, "client_id": "st-client", "client_secret": "st-secret", "app_key": "st-app-key"}
        return {**known, "auth_url": address, "api_url": address, **more}

    def transports(self) -> dict[str, httpx.BaseTransport]:
        """In place of the network, by connection."""
        return {"books": InProcess(self.books), "field": InProcess(self.field)}

    def call(self, method: str, resource: str, body: Any = None) -> Any:
        """Call the platform's own API as its users' software would, for example ``call("PATCH", "jpm/projects/5", {…})``."""
        area, _, rest = resource.partition("/")
        for _ in range(2):
            headers = {"Authorization": f"Bearer {self._token}", "ST-App-Key": "st-app-key"}
            answer = self.client.request(method, f"/{area}/v2/tenant/{TENANT}/{rest}", json=body, headers=headers)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
            asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
            self._token = self.client.post("/connect/token", data=asked).json()["access_token"]
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def transactions(self) -> int:
        """What the books have billed since the meter was last reset."""
        return int(self.books.meter.as_dict()["transactions"])

    def close(self) -> None:
        """Stop everything."""
        self.client.close()
        for server in self._servers:
            server.stop()
        for emulator in (self.books, self.field):
            emulator.close()


def event(job: Mapping[str, Any], number: int) -> tuple[bytes, dict[str, str]]:
    """A signed webhook that says that a job was updated: its body and its headers (servicetitan §7)."""
    told = {name: job[name] for name in ("id", "projectId", "customerId") if job.get(name)}
    body = json.dumps(
        {"type": "tn.jpm.job-updated", "id": str(number), "userassignedid": f"bench-{number}", "data": {"tenantId": TENANT, "job": told}}
    ).encode()
    signature = hmac.new(WEBHOOK_KEY.encode(), body, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "X-ServiceTitan-Signature": signature}
