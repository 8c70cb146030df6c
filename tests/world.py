"""A whole Tieout in one process: the real engine, store and emulators on one virtual clock, without a job runner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.in_process import InProcess
from tieout.engine import connections
from tieout.engine.drain import drain
from tieout.engine.poll import due_connections, poll
from tieout.engine.queue import release_waits
from tieout.engine.runtime import Runtime, Systems
from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named
from tieout.store.models import Connection, Hint, Integration

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
INTACCT = {
    "company_id": "SANDBOX",
    "sender_id": "sandbox-sender",
    "sender_password": "sandbox-sender-pw",
    "user_id": "ws-user",
    "user_password": "ws-user-pw",
    "endpoint": "http://intacct.test/ia/xml/xmlgw.phtml",
}
SERVICETITAN = {
    "tenant": "1000001",
    "client_id": "st-client",
    "client_secret": "st-secret",
    "app_key": "st-app-key",
    "auth_url": "http://servicetitan.test",
    "api_url": "http://servicetitan.test",
}
ALL_ON = [
    {"enable_projects": True, "use_project_name": True},
    {"project_auto_sync": True, "parent_project_mapping": True, "customer_project_linkage": True},
]


class World:
    """Two emulators, the engine between them, and the clock all three share."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = Clock()
        self.clock.set(START)
        self.emulators: dict[str, Emulator] = {}
        for name in ("intacct", "servicetitan"):
            self.emulators[name] = named(name)[0].load()(world="empty", seed=seed, clock=self.clock, settings={"concurrency": 0})
        self.books, self.platform = self.emulators["intacct"], self.emulators["servicetitan"]
        self.transports = {"books": InProcess(self.books), "field": InProcess(self.platform)}
        self.runtime = Runtime(self.clock, Systems(self.clock, self.transports))

    def connect(self, since: datetime | None = None, **intacct: Any) -> Integration:
        """Connect and pair both systems, with every setting on."""
        now = self.clock.now()
        books = connections.connect("intacct", "books", {**INTACCT, **intacct}, environment="test", now=now)
        field = connections.connect("servicetitan", "field", SERVICETITAN, environment="test", now=now)
        integration = connections.pair(field, books, now=now, since=since)
        for wanted in ALL_ON:
            connections.save_settings(integration, wanted, by="tests", now=now)
        return Integration.objects.get(pk=integration.pk)

    def settings(self, integration: Integration, wanted: Mapping[str, Any]) -> None:
        """Save settings."""
        connections.save_settings(Integration.objects.get(pk=integration.pk), wanted, by="tests", now=self.clock.now())

    def step(self) -> int:
        """One sweep: poll what is due, then drain; how many hints were worked off."""
        now = self.clock.now()
        done = 0
        for connection in due_connections(now):
            poll(self.runtime, connection)
        for company in Connection.objects.filter(system="intacct"):
            release_waits(company, now)
            done += drain(self.runtime, company, 0).hints
        return done

    def run(self, seconds: float = 300, pause: float = 5) -> None:
        """Let `seconds` pass, sweeping every `pause` seconds."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            self.step()
            self.clock.advance(pause)

    def backlog(self) -> int:
        """Hints not worked off yet."""
        return Hint.objects.count()

    def close(self) -> None:
        """Release adapters and emulators."""
        self.runtime.systems.close()
        for emulator in self.emulators.values():
            emulator.close()


@contextmanager
def a_world(seed: int = 1) -> Iterator[World]:
    """A world that is closed afterwards."""
    world = World(seed)
    try:
        yield world
    finally:
        world.close()
