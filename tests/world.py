"""A whole Tieout in one process: the real engine, store and emulators on one virtual clock, without a job runner."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

import httpx

from tests.in_process import InProcess
from tests.people import People
from tieout.engine import connections
from tieout.engine.drain import drain
from tieout.engine.poll import due_connections, poll
from tieout.engine.queue import release_waits
from tieout.engine.runtime import Runtime, Systems
from tieout.sandbox.clock import Clock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named
from tieout.store.models import IN_FLIGHT, Connection, Hint, Integration, Intent

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
    {"enable_projects": True, "use_project_name": True, "default_location": "100"},
    {"project_auto_sync": True, "parent_project_mapping": True, "customer_project_linkage": True},
]


_EDIT = """<request><control><senderid>sandbox-sender</senderid><password>sandbox-sender-pw</password><controlid>edit</controlid>
<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control><operation><authentication><login><userid>Admin</userid>
<companyid>SANDBOX</companyid><password>admin-pw</password></login></authentication><content><function controlid="edit">
{call}</function></content></operation></request>"""


LONGEST_DRAIN = 100  # batches
MOST_SWEEPS = 2000  # until it is quiet


def as_long_as_a_drain_may() -> Callable[[], bool]:
    """Lets a drain go on; one that goes round and round fails the test."""
    batches = iter(range(LONGEST_DRAIN))

    def go_on() -> bool:
        if next(batches, None) is None:
            raise AssertionError(f"a drain has not ended after {LONGEST_DRAIN} batches")
        return True

    return go_on


class World(People):
    """Two emulators, the engine between them, and the clock all three share."""

    system = "servicetitan"

    def __init__(self, seed: int = 1) -> None:
        self.clock = Clock()
        self.clock.set(START)
        self.emulators: dict[str, Emulator] = {}
        for name in ("intacct", self.system):
            self.emulators[name] = named(name)[0].load()(world="empty", seed=seed, clock=self.clock, settings={"concurrency": 0})
        self.books, self.platform = self.emulators["intacct"], self.emulators[self.system]
        self.transports = {"books": InProcess(self.books), "field": InProcess(self.platform)}
        self.runtime = Runtime(self.clock, Systems(self.clock, self.transports))
        self._token = ""

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
            done += drain(self.runtime, company, 0, go_on=as_long_as_a_drain_may()).hints
        return done

    def run(self, seconds: float = 300, pause: float = 5) -> None:
        """Let `seconds` pass, sweeping every `pause` seconds."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            self.step()
            self.clock.advance(pause)

    def run_until_quiet(self, hours: float = 12) -> None:
        """Sweep, jumping to the next due moment, until nothing is left to do and two more polls brought nothing new."""
        until = self.clock.now() + timedelta(hours=hours)
        quiet = sweeps = 0
        while quiet < 3:
            sweeps += 1
            if self.clock.now() > until or sweeps > MOST_SWEEPS:
                waiting = list(Hint.objects.values("kind", "remote_id", "reason", "due_at"))
                raise AssertionError(f"still busy after {sweeps} sweeps in {hours} hours at most: {waiting}")
            self.step()
            paused = Connection.objects.filter(retry_at__gt=self.clock.now()).exists()
            busy = paused or Hint.objects.exists() or Intent.objects.filter(state__in=IN_FLIGHT).exists()
            quiet = 0 if busy else quiet + 1
            due = Hint.objects.order_by("due_at").values_list("due_at", flat=True).first() if busy else None
            wait = (due - self.clock.now()).total_seconds() if due is not None else 61.0
            self.clock.advance(min(max(wait, 1.0), 3600.0))

    def now(self) -> datetime:
        """The time on the virtual clock."""
        return self.clock.now()

    def field(self, method: str, resource: str, body: Any = None) -> Any:
        """Call ServiceTitan's own API."""
        with httpx.Client(transport=InProcess(self.platform), base_url="http://servicetitan.test") as client:
            area, _, rest = resource.partition("/")
            for _attempt in range(2):  # a token is used until it is refused
                headers = {"Authorization": f"Bearer {self._token}", "ST-App-Key": "st-app-key"}
                answer = client.request(method, f"/{area}/v2/tenant/1000001/{rest}", json=body, headers=headers)
                if answer.status_code != httpx.codes.UNAUTHORIZED:
                    break
                asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
                self._token = client.post("/connect/token", data=asked).json()["access_token"]
            answer.raise_for_status()
            return answer.json() if answer.content else None

    def control(self, emulator: str, method: str, path: str, body: Any = None) -> Any:
        """Call an emulator's control route."""
        with httpx.Client(transport=InProcess(self.emulators[emulator]), base_url="http://sandbox.test") as client:
            answer = client.request(method, f"/_sandbox/{path}", json=body)
            answer.raise_for_status()
            return answer.json() if answer.content else None

    def edit_books(self, kind: str, fields: Mapping[str, str]) -> bool:
        """An accountant edits a record in the books; whether the books took it."""
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        return self._by_hand(f"<update><{kind}>{inner}</{kind}></update>")

    def delete_in_books(self, kind: str, record: str) -> bool:
        """An accountant deletes a record of the books by its RECORDNO; whether the books did it."""
        return self._by_hand(f"<delete><object>{kind}</object><keys>{record}</keys></delete>")

    def _by_hand(self, call: str) -> bool:
        text = _EDIT.format(call=call)
        with httpx.Client(transport=InProcess(self.books), base_url="http://intacct.test") as client:
            try:
                answer = client.post("/ia/xml/xmlgw.phtml", content=text.encode(), headers={"Content-Type": "application/xml"})
            except httpx.HTTPError:
                return True  # nobody knows; it may have been taken
            return "<status>failure</status>" not in answer.text and answer.status_code == 200

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
