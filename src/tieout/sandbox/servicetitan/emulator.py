"""ServiceTitan's API v2, rebuilt from its published contract: tokens, job planning, customers, accounting, purchasing, webhooks."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Final

from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.faults import Fault
from tieout.sandbox.servicetitan import objects, world
from tieout.sandbox.servicetitan.activity import Activity
from tieout.sandbox.servicetitan.events import Events
from tieout.sandbox.servicetitan.limits import RateLimit
from tieout.sandbox.servicetitan.options import SETTINGS
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.query import Query
from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.routes import ROUTES, SCOPES, Route
from tieout.sandbox.servicetitan.schema import encode
from tieout.sandbox.servicetitan.tenant import CATALOGUES, ApiCall, Tenant
from tieout.sandbox.servicetitan.tokens import TokenDesk
from tieout.sandbox.settings import Setting
from tieout.sandbox.wire import Call, Request, Response

TOKEN_PATH: Final = "/connect/token"  # noqa: S105 - a path
RESET_PATH: Final = "/_sandbox/reset"


class ServiceTitanEmulator(Emulator):
    """One tenant of ServiceTitan.

    ``sizes`` sets how many customers, projects and jobs the demo world has; ``POST /_sandbox/reset`` takes the same three numbers.
    """

    name: ClassVar[str] = "servicetitan"
    SETTINGS: ClassVar[Mapping[str, Setting]] = SETTINGS

    def __init__(
        self,
        *,
        world: str = "empty",
        seed: int = 0,
        data_dir: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self._sizes = dict(sizes or {})
        super().__init__(world=world, seed=seed, data_dir=data_dir, settings=settings, clock=clock)
        self.tokens = TokenDesk(self.clock, self.settings, random.Random(seed))
        self._limit = RateLimit(self.clock)
        self._activity = Activity(self.clock, self.settings, self.tenant, self._alter)
        self.settings.on_change(self._activity.follow)
        self._activity.follow()

    # -- the world and the objects routes

    def declare(self) -> None:
        """Sets up the tenant over the storage."""
        self.tenant = Tenant(Records(self.storage, self.clock), self.settings, Events(self.outbox, self.settings, CATALOGUES))

    def load(self, world_name: str) -> None:
        """Fills the empty storage; no webhooks are sent for what a world holds."""
        world.load(self.tenant, world_name, self.random, self._sizes)
        self.tenant.events.take()

    def handle(self, request: Request) -> Response:
        """Answers a request; a reset may also say how large the world is."""
        if request.path == RESET_PATH and request.method == "POST":
            request = self._take_sizes(request)
        return super().handle(request)

    def reset(self, world: str = "empty", seed: int = 0) -> None:
        """Empties everything, fills the storage with a world, and ends every token."""
        self.tokens.revoke_all()
        super().reset(world, seed)
        self._activity.follow()

    def kinds(self) -> Sequence[str]:
        """The kinds of the objects routes."""
        return objects.KINDS

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row of a kind as the vendor shows it."""
        return [json.loads(encode(row)) for row in objects.rows(self.tenant, kind)]

    def add(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Creates a row, or changes one beyond what the API can."""
        row: dict[str, Any] = json.loads(encode(self._alter(lambda: objects.add(self.tenant, kind, given))))
        return row

    # -- calls

    def calls(self, request: Request) -> Sequence[Call]:
        """The operation a request asks for, for faults: such as ``GET jpm/jobs/{id}`` about ``jobs``."""
        if request.path == TOKEN_PATH:
            return (Call("POST connect/token", "token"),)
        found = self._find(request)
        return (Call(request.method),) if found is None else (Call(found[0].function, found[0].object),)

    def expire_session(self, request: Request) -> None:
        """Ends the token the request uses."""
        self.tokens.revoke(request)

    def work(self, request: Request) -> Response:
        """Answers one request of the API or the token endpoint."""
        try:
            if request.path == TOKEN_PATH:
                return self._token(request)
            return self._api(request)
        except Refused as refusal:
            return Response(refusal.status, encode(refusal.body(self._trace_id())), refusal.headers)

    def _token(self, request: Request) -> Response:
        self.meter.count("POST connect/token")
        fault = self.faults.hit(function="POST connect/token", object="token", path=request.path)
        if fault is not None:
            return Response.of({"error": "invalid_client"}, fault.status or 400)
        if request.method != "POST":
            return Response.of({"error": "invalid_request"}, 405)
        return self.tokens.issue(request, self.settings["scopes"] or SCOPES)

    def _api(self, request: Request) -> Response:
        found = self._find(request)
        tenant = _tenant_of(request.path)
        settings = self.settings
        self._limit.pass_or_refuse(
            request.header("st-app-key"),
            tenant,
            per_second=settings["rate_limit_per_s"],
            wait_s=settings["rate_limit_wait_s"],
            tell_header=settings["rate_limit_retry_after"],
        )
        if found is None:
            raise Refused(404, "Resource not found")
        route, keys = found
        self.tokens.admit(request, tenant, route.scope)
        self.meter.count(route.function)
        fault = self.faults.hit(function=route.function, object=route.object, path=request.path)
        if fault is not None:
            raise _told(fault)
        call = ApiCall(keys, Query(request.query), request.body)
        result = route.handler(self.tenant, call) if route.method == "GET" else self._alter(lambda: route.handler(self.tenant, call))
        if result is None:
            return Response(route.status, records=1)
        return Response(route.status, encode(result), records=_count(result))

    def _alter(self, change: Callable[[], Any]) -> Any:
        """Makes a change in one transaction and sends its webhooks once it is stored."""
        with self.storage.transaction():
            try:
                result = change()
            finally:
                noted = self.tenant.events.take()
        self.tenant.events.send(noted)
        return result

    def _find(self, request: Request) -> tuple[Route, dict[str, Any]] | None:
        if "route" not in request.memo:
            method = "DELETE" if request.method == "DEL" and self.settings["accept_del_verb"] else request.method
            parts = request.path.strip("/").split("/")
            good = len(parts) > 4 and parts[1] == "v2" and parts[2] == "tenant"
            request.memo["route"] = ROUTES.find(method, parts[0], "/".join(parts[4:])) if good else None
        found: tuple[Route, dict[str, Any]] | None = request.memo["route"]
        return found

    def _take_sizes(self, request: Request) -> Request:
        try:
            body = request.json()
        except ValueError:
            return request
        if not isinstance(body, dict):
            return request
        sizes = {name: body[name] for name in world.SIZES if isinstance(body.get(name), int) and body[name] >= 0}
        self._sizes = sizes
        return replace(request, body=json.dumps({name: value for name, value in body.items() if name not in sizes}).encode())

    def _trace_id(self) -> str:
        return f"00-{self.random.getrandbits(128):032x}-{self.random.getrandbits(64):016x}-00"


def _count(result: Any) -> int:
    if isinstance(result, list):
        return len(result)
    return len(result["data"]) if isinstance(result, dict) and "data" in result else 1


def _tenant_of(path: str) -> str:
    parts = path.strip("/").split("/")
    return parts[3] if len(parts) > 3 else ""


def _told(fault: Fault) -> Refused:
    return Refused(fault.status or 500, "The sandbox was told to refuse this call.")
