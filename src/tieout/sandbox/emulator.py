"""What every emulator has in common: settings, clock, faults, meter, storage, and the order in which a request meets them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from tieout.sandbox.clock import Clock
from tieout.sandbox.control import PREFIX, Refused, control
from tieout.sandbox.faults import Action, Fault, Faults
from tieout.sandbox.gate import Gate
from tieout.sandbox.meter import Meter
from tieout.sandbox.settings import Setting, Settings
from tieout.sandbox.storage import Storage
from tieout.sandbox.webhooks import Outbox
from tieout.sandbox.wire import Call, Cut, Request, Response

__all__ = ["Emulator", "Refused", "Setting"]

BASE_SETTINGS: Mapping[str, Setting] = {
    "latency_ms": Setting(0.0, "milliseconds every request takes before its work is done"),
    "per_record_ms": Setting(0.0, "milliseconds every record worked on takes, the emulator's own work included, before the reply"),
    "concurrency": Setting(6, "requests worked on at once; the rest wait in order; 0 is no limit"),
    "advertise_endpoint": Setting("", "the address the emulator gives for itself; empty: as the caller addressed it"),
    "webhook_url": Setting("", "where webhooks are sent; empty: none are"),
}


class Emulator:
    """Base of every emulator.

    A subclass sets `name`, extends `SETTINGS`, and writes `work` (answer one request), `load` (fill the empty storage with
    a world), `kinds`/`rows`/`add` (the objects routes). It may override `calls` (which functions a request asks for, for
    faults), `over_limit` (the vendor's reaction when all places are taken), `arrived` and `done` (around the life of one
    request, before any latency), and `expire_session`. `work` counts its functions with `self.meter.count`, and asks
    `self.faults.hit(function=…, object=…, path=…)` whether to refuse a call.

    `handle` may be called without any socket; it is what the server calls, from many threads.
    """

    name: ClassVar[str] = ""
    SETTINGS: ClassVar[Mapping[str, Setting]] = {}
    max_body: int = 32 * 1024 * 1024

    def __init__(
        self,
        *,
        world: str = "empty",
        seed: int = 0,
        data_dir: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._owns_clock = clock is None
        self.clock = clock or Clock()
        self.faults = Faults()
        self.meter = Meter()
        self.settings = Settings({**BASE_SETTINGS, **self.SETTINGS})
        self.settings.update(settings or {})
        self.storage = Storage(data_dir, name=self.name or "sandbox")
        self.outbox = Outbox(self.clock, self.faults)
        self.random = random.Random(seed)
        self._gate = Gate(self.settings["concurrency"])
        self.settings.on_change(lambda: self._gate.resize(self.settings["concurrency"]))
        self.declare()
        if self.storage.scalar("world") is None:
            self._fill(world, seed)

    # -- what a subclass writes

    def declare(self) -> None:
        """Declares the storage's indexes; called once, before rows are added."""

    def load(self, world: str) -> None:
        """Fills the empty storage with a world; `self.random` is seeded."""

    def work(self, request: Request) -> Response:
        """Answers one request; may raise Cut."""
        raise NotImplementedError

    def kinds(self) -> Sequence[str]:
        """The kinds of the objects routes."""
        return self.storage.kinds()

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every stored row of a kind as its vendor's API would show it."""
        return self.storage.all(kind)

    def add(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Adds a row past the vendor's API but with its rules; raises Refused with one sentence."""
        raise Refused(f"rows of {kind} cannot be added here")

    def calls(self, request: Request) -> Sequence[Call]:
        """The functions a request asks for, at least one; faults are matched against each."""
        return (Call(function=request.method),)

    def over_limit(self, request: Request) -> Response | None:
        """The reply when every place is taken, or None to let the request wait its turn."""
        return None

    def status_reply(self, status: int, retry_after: float | None) -> Response:
        """The reply of an http_status fault (429: the vendor's rate limit); `retry_after` in seconds."""
        headers = {"Retry-After": f"{retry_after:g}"} if retry_after is not None else {}
        return Response(status, b"The sandbox was told to answer so.", headers, "text/plain")

    def fault_reply(self, request: Request, status: int, retry_after: float | None) -> Response:
        """The reply of an http_status fault to this request; an emulator of several surfaces answers in the one addressed."""
        return self.status_reply(status, retry_after)

    def longest_s(self, request: Request) -> float:
        """Seconds after which the vendor cuts a call while its work goes on; 0 if it never does."""
        return 0.0

    def arrived(self, request: Request) -> Response | None:
        """Called once per request before latency and work; a reply ends the request at once (its work is not done)."""
        return None

    def done(self, request: Request) -> None:
        """Called once for every request that `arrived` let through, when its work has ended or was cut away."""

    def expire_session(self, request: Request) -> None:
        """Ends the session (token) this request uses, before its work is done."""

    # -- what the server and tests call

    @property
    def world(self) -> str:
        """The world the storage was filled with."""
        return str(self.storage.scalar("world"))

    def handle(self, request: Request) -> Response:
        """Answers a request: control routes at once, the vendor's routes through limit, latency and faults. Raises Cut."""
        if request.path.startswith(PREFIX):
            return control(self, request)
        self.meter.request(self.clock.now().timestamp())
        if not self._gate.enter_now():
            refused = self.over_limit(request)
            if refused is not None:
                return refused
            self._gate.enter()
        self.meter.entered()
        try:
            return self._admitted(request)
        finally:
            self.meter.left()
            self._gate.leave()

    def reset(self, world: str = "empty", seed: int = 0) -> None:
        """Empties everything and fills the storage with a world. Settings and clock stay as they are."""
        self.clock.forget()
        self.faults.clear()
        self.outbox.clear()
        with self.storage.transaction():
            self.storage.clear()
            self._fill(world, seed)
        self.meter.reset()

    def start(self) -> None:
        """Begins background work (webhook delivery); called by the server's owner."""
        self.outbox.start()

    def close(self) -> None:
        """Ends background work and closes the storage; a clock that was given is left running."""
        if self._owns_clock:
            self.clock.close()
        self.outbox.close()
        self.storage.close()

    # -- inside

    def _fill(self, world: str, seed: int) -> None:
        self.random = random.Random(seed)
        with self.storage.transaction():
            self.load(world)
            self.storage.set_scalar("world", world)
            self.storage.set_scalar("seed", seed)

    def _admitted(self, request: Request) -> Response:
        met = [
            fault
            for call in self.calls(request)
            for fault in self.faults.hits(function=call.function, object=call.object, path=request.path)
        ]
        early = self.arrived(request)
        if early is not None:
            return early
        handed_over = False
        try:
            takes_s = self.settings["latency_ms"] / 1000 + sum(fault.seconds or 0 for fault in met if fault.action is Action.DELAY)
            longest_s = self.longest_s(request)
            if 0 < longest_s < takes_s:
                self.clock.sleep(longest_s)
                handed_over = True
                self.clock.later(takes_s - longest_s, lambda: self._finish(request))
                raise Cut
            self.clock.sleep(takes_s)
            decisive = next((fault for fault in met if fault.action is not Action.DELAY), None)
            if decisive is not None and decisive.action is Action.FINISH_AFTER_CUT:
                handed_over = True
                self.clock.later(decisive.seconds or 0, lambda: self._finish(request))
                raise Cut
            return self._under(decisive, request)
        finally:
            if not handed_over:
                self.done(request)

    def _under(self, fault: Fault | None, request: Request) -> Response:
        if fault is None:
            return self._timed(request)
        match fault.action:
            case Action.CUT_BEFORE_COMMIT:
                raise Cut
            case Action.CUT_AFTER_COMMIT:
                self._timed(request)
                raise Cut
            case Action.HTTP_STATUS:
                return self.fault_reply(request, fault.status or 503, fault.seconds)
            case Action.HTML_BODY:
                page = "<!DOCTYPE html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>"
                return Response.text(page, fault.status or 200, content_type="text/html; charset=utf-8")
            case Action.DELIVER_TWICE:  # as a relay does that repeats a request; the caller sees the second answer
                self._timed(request)
                self.done(request)
                again = self.arrived(request)
                return self._timed(request) if again is None else again
            case Action.EXPIRE_SESSION:
                self.expire_session(request)
        return self._timed(request)

    def _timed(self, request: Request) -> Response:
        began = self.clock.now()
        answer = self.work(request)
        worked_s = (self.clock.now() - began).total_seconds()
        self.clock.sleep(answer.records * self.settings["per_record_ms"] / 1000 - worked_s)
        return answer

    def _finish(self, request: Request) -> None:
        try:
            self.work(request)
        finally:
            self.done(request)
