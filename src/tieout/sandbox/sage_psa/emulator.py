"""Sage PSA's API, the Forecast REST API v1 to v4, rebuilt from its published tables: one account and its API key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, ClassVar, Final

import msgspec

from tieout.sandbox.emulator import Emulator
from tieout.sandbox.emulator import Refused as ControlRefused
from tieout.sandbox.sage_psa import objects, world
from tieout.sandbox.sage_psa.account import RULES, declare
from tieout.sandbox.sage_psa.events import Events
from tieout.sandbox.sage_psa.handling import Answer, ApiCall
from tieout.sandbox.sage_psa.limits import RateLimit
from tieout.sandbox.sage_psa.options import SETTINGS
from tieout.sandbox.sage_psa.problems import UNAUTHENTICATED, Refused
from tieout.sandbox.sage_psa.routes import ROUTES, Route
from tieout.sandbox.sage_psa.work import Work
from tieout.sandbox.settings import Setting
from tieout.sandbox.wire import Call, Request, Response

KEY_HEADER: Final = "X-FORECAST-API-KEY"
_VERSIONS: Final = {"v1": 1, "v2": 2, "v3": 3, "v4": 4}


class SagePsaEmulator(Emulator):
    """One account of Sage PSA."""

    name: ClassVar[str] = "sage-psa"
    SETTINGS: ClassVar[Mapping[str, Setting]] = SETTINGS

    # -- the world and the objects routes

    def declare(self) -> None:
        """Declares the storage's indexes."""
        declare(self.storage)
        self.events = Events(self.outbox, self.storage, self.settings)
        self._limit = RateLimit()

    def load(self, world_name: str) -> None:
        """Fills the empty storage; no webhooks are sent for what a world holds."""
        self._limit.clear()
        world.load(lambda now, actor: self._work(now=now, actor=actor, hand=True), self.clock.now(), world_name, self.random)

    def kinds(self) -> Sequence[str]:
        """The kinds of the objects routes."""
        return sorted((*objects.RESOURCES, *objects.FEEDS))

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row of a kind with all it holds."""
        with self.storage.transaction():
            return objects.rows(self._work(), kind)

    def add(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Does what a person does in the product's own pages; webhooks follow as for any change."""
        actor = given.get("_actor", self.storage.scalar("owner"))
        if self.storage.get("persons", str(actor)) is None:
            raise ControlRefused(f"there is no person {actor} to act")
        work = self._work(actor=actor, hand=True)
        with self.storage.transaction():
            row = objects.add(work, kind, given)
        self.events.send(work.noted)
        return row

    # -- calls

    def calls(self, request: Request) -> Sequence[Call]:
        """The operation a request asks for, for faults: such as ``GET v1/projects/{id}`` about ``projects``."""
        found = self._find(request)
        return (Call(request.method),) if found is None else (Call(found[0].function, found[0].object),)

    def expire_session(self, request: Request) -> None:
        """Deactivates the API key, as an administrator does; PUT /_sandbox/settings {"key_active": true} brings it back."""
        self.settings.update({"key_active": False})

    def status_reply(self, status: int, retry_after: float | None) -> Response:
        """The reply of an http_status fault in the vendor's form."""
        headers = {"Retry-After": f"{retry_after:g}"} if retry_after is not None else {}
        return _problem(Refused(status, "The server could not process the request. Try again later."), headers)

    def work(self, request: Request) -> Response:
        """Answers one request of the API."""
        try:
            answer = self._answer(request)
        except Refused as refusal:
            return _problem(refusal)
        body = b"" if answer.data is None else msgspec.json.encode(answer.data)
        return Response(answer.status, body, content_type="application/json;charset=utf-8", records=answer.records)

    # -- inside

    def _answer(self, request: Request) -> Answer:
        if not self.settings["key_active"] or request.header(KEY_HEADER) != self.settings["api_key"]:
            raise Refused(401, UNAUTHENTICATED)
        if not self._limit.passes(self.clock.now(), self.settings["rate_limit_per_minute"]):
            raise Refused(429, "Too many requests. Try again later.")
        found = self._find(request)
        if found is None:
            raise Refused(404, "There is no such resource.")
        route, keys = found
        self.meter.count(route.function)
        fault = self.faults.hit(function=route.function, object=route.object, path=request.path)
        if fault is not None:
            raise Refused(fault.status or 500, "The sandbox was told to refuse this call.")
        body = self._body(request) if request.method in ("POST", "PUT") else None
        call = ApiCall(route.version, keys, dict(reversed(request.query)), body)
        return self._run(route, call)

    def _run(self, route: Route, call: ApiCall) -> Answer:
        work = self._work()
        with self.storage.transaction():
            answer = route.handler(work, call)
        self.events.send(work.noted)
        return answer

    def _body(self, request: Request) -> Any:
        media, _, rest = request.header("content-type").lower().partition(";")
        charset = rest.strip().removeprefix("charset=").strip('" ')
        if media.strip() != "application/json" or (charset not in ("", "utf-8")) or (not charset and self.settings["strict_charset"]):
            raise Refused(415, "The content type must be application/json; charset=utf-8.")
        try:
            body = json.loads(request.body, parse_constant=_refuse_constant) if request.body.strip() else {}
            msgspec.json.encode(body)  # what could not be answered (lone surrogates, endless numbers) is not taken either
        except (ValueError, OverflowError):
            raise Refused(400, "The body is not JSON.") from None
        return body

    def _find(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        if "route" not in request.memo:
            request.memo["route"] = self._look_up(request)
        found: tuple[Route, dict[str, str]] | None = request.memo["route"]
        return found

    def _look_up(self, request: Request) -> tuple[Route, dict[str, str]] | None:
        root, _, rest = request.path.strip("/").partition("/")
        version, _, path = rest.partition("/")
        if root != "api" or version not in _VERSIONS:
            return None
        if (version, path) == ("v4", "phases") and not self.settings["phases_v4"]:
            return None
        return ROUTES.find(_VERSIONS[version], request.method, path)

    def _work(self, *, now: str | None = None, actor: int | None = None, hand: bool = False) -> Work:
        stamp = now or self.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        who = self.storage.scalar("api_person") if actor is None else actor
        return Work(self.storage, self.settings, RULES, stamp, who, hand=hand)


def _problem(refusal: Refused, headers: Mapping[str, str] | None = None) -> Response:
    body = msgspec.json.encode({"status": refusal.status, "message": refusal.message})
    return Response(refusal.status, body, headers or {}, content_type="application/json;charset=utf-8")


def _refuse_constant(name: str) -> Callable[[], None]:
    raise ValueError(f"{name} is not JSON")
