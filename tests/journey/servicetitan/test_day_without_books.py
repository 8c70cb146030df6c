"""Intacct is down for a day while the office works on: afterwards nothing is missing and nothing was sent twice.

`EVENTS` sets how many events there are; `make test` takes few, `make soak` the full 20,000 (docs/promises/07-nothing-lost-in-an-outage.md).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import time_machine
from django.test import Client

from tests.in_process import InProcess
from tests.simulation.oracle import faults_of
from tests.world import World
from tieout.engine import tieout
from tieout.store.models import Connection, ConnectionState, Hint, Integration, Intent, IntentState, Problem

EVENTS = int(os.environ.get("EVENTS", "300"))
DAY = timedelta(days=1)
SWEEPS = max(24, EVENTS // 100)
KEY = "a key of forty characters for the webhook"
KEYS = {"CUSTOMER": "CUSTOMERID", "PROJECT": "PROJECTID"}


class Watched(InProcess):
    """The way to the books, with a list of every write that was sent on it: when, what, of which record, with which values."""

    def __init__(self, emulator: Any) -> None:
        super().__init__(emulator)
        self.writes: list[tuple[datetime, str, str, dict[str, str]]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.unreachable:
            for function in ElementTree.fromstring(request.read()).iter("function"):
                call = function[0]
                for record in call if call.tag in ("create", "update", "delete") else ():
                    key = record.findtext("RECORDNO") or record.findtext(KEYS[record.tag])
                    values = {each.tag: each.text or "" for each in record if each.tag not in ("RECORDNO", KEYS[record.tag])}
                    self.writes.append((self.emulator.clock.now(), call.tag, f"{record.tag} {key}", values))
        return super().handle_request(request)


class Day:
    """What an office does all day."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.customers: list[dict[str, Any]] = []
        self.projects: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.loose: list[dict[str, Any]] = []
        self.cancelled: set[int] = set()
        self.reason = world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
        world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})

    def event(self) -> None:
        """One thing somebody does."""
        acts: tuple[tuple[Callable[[], None], int], ...] = (
            (self.new_customer, 1),
            (self.new_project, 2),
            (self.new_job, 5),
            (self.edit, 6),
            (self.rename, 4),
            (self.attach, 1),
            (self.cancel_or_restore, 1),
        )
        self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()

    def new_customer(self) -> None:
        self.customers.append(self.world.new_customer(f"Customer {len(self.customers)}"))

    def new_project(self) -> None:
        self.projects.append(self.world.new_project(self.chance.choice(self.customers), f"Project {len(self.projects)}"))

    def new_job(self) -> None:
        project = self.chance.choice(self.projects) if self.chance.random() < 0.6 else None
        customer = {"id": project["customerId"]} if project is not None else self.chance.choice(self.customers)
        job = self.world.new_job(customer, project)
        self.jobs.append(job)
        if project is None:
            self.loose.append(job)

    def edit(self) -> None:
        self._job("PATCH", "", {"customerPo": f"PO {self.chance.randint(1, 999)}", "priority": self.chance.choice(("Normal", "Urgent"))})

    def rename(self) -> None:
        project = self.chance.choice(self.projects)
        self.world.field("PATCH", f"jpm/projects/{project['id']}", {"name": f"Renamed {self.chance.randint(1, 999)}"})

    def attach(self) -> None:
        if not self.loose:
            return
        job = self.loose.pop(self.chance.randrange(len(self.loose)))
        own = [project for project in self.projects if project["customerId"] == job["customerId"]]
        if own:
            self.world.field("POST", f"jpm/projects/{self.chance.choice(own)['id']}/attach-job/{job['id']}")

    def cancel_or_restore(self) -> None:
        job = self.chance.choice(self.jobs)
        if job["id"] in self.cancelled:
            self.cancelled.discard(job["id"])
            self.world.field("PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
        else:
            self.cancelled.add(job["id"])
            self.world.field("PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": self.reason, "memo": "no"})

    def _job(self, method: str, path: str, body: Any) -> None:
        job = self.chance.choice(self.jobs)
        if job["id"] not in self.cancelled:
            self.world.field(method, f"jpm/jobs/{job['id']}{path}", body)


@pytest.fixture
def books(world: World) -> Watched:
    """The way to the books, watched."""
    watched = Watched(world.books)
    world.transports["books"] = watched
    return watched


def hear(world: World) -> Counter[int]:
    """The webhooks that are due arrive at the product's own address; how it answered them."""
    answers: Counter[int] = Counter()
    client = Client()

    def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
        status = client.post("/webhooks/field/", body, content_type="application/json", headers=dict(headers)).status_code
        answers[status] += 1
        return int(status)

    with time_machine.travel(world.clock.now(), tick=False):
        world.platform.outbox.pump(post)
    return answers


def wrong(world: World) -> list[str]:
    """What the oracle finds wrong in the books."""
    field = {kind: world.control("servicetitan", "GET", f"objects/{kind}") for kind in ("customers", "projects", "jobs")}
    return faults_of(field, {kind: world.control("intacct", "GET", f"objects/{kind}") for kind in KEYS}, {})


@pytest.mark.req("R-ST-07", "R-ST-19", "R-ST-34")
def test_a_day_without_the_books_loses_nothing_and_sends_nothing_twice(world: World, books: Watched) -> None:
    world.connect(monthly_transactions=100_000_000)
    field = Connection.objects.get(name="field")
    field.set_secrets({**field.secrets(), "webhook_key": KEY})
    field.save()
    told = {"webhook_url": "http://tieout.test/webhooks/field/", "webhook_key": KEY}
    world.control("servicetitan", "PUT", "settings", told)
    day = Day(world, seed=5)
    for _ in range(max(EVENTS // 50, 4)):
        day.new_customer()
        day.new_project()
        day.new_job()
    world.run_until_quiet()
    assert wrong(world) == []
    before = {kind: world.control("intacct", "GET", f"objects/{kind}") for kind in KEYS}
    # The last call before the outage is done, and its answer is lost. Webhooks are lost, doubled and late as well.
    world.control("intacct", "POST", "faults", [{"action": "cut_after_commit", "match": {"function": "create", "times": 1}}])
    day.new_job()
    lost = day.jobs[-1]["jobNumber"]
    world.clock.advance(60)
    world.step()
    world.control("intacct", "DELETE", "faults")
    kinds = (("drop_webhook", 3), ("duplicate_webhook", 2), ("reorder_webhook", 5))
    fault = lambda action, nth: {"action": action, "seconds": 900, "match": {"nth": nth, "times": EVENTS // 10}}  # noqa: E731
    world.control("servicetitan", "POST", "faults", [fault(action, nth * EVENTS // 10) for action, nth in kinds])
    went_down = world.clock.now()
    books.unreachable = True
    heard: Counter[int] = Counter()
    done = 0
    for sweep in range(SWEEPS):
        if sweep == SWEEPS // 2:  # from now on something answers there, and only to say that it cannot
            books.unreachable = False
            world.control("intacct", "POST", "faults", [{"action": "http_status", "status": 503}])
        while done < EVENTS * (sweep + 1) // SWEEPS:
            day.event()
            done += 1
        heard += hear(world)
        world.step()
        world.clock.advance(DAY.total_seconds() / SWEEPS)
    assert set(heard) == {200}
    assert sum(heard.values()) > EVENTS // 4
    assert Connection.objects.get(name="books").state == ConnectionState.DEGRADED
    now = {kind: world.control("intacct", "GET", f"objects/{kind}") for kind in KEYS}
    assert [(kind, len(now[kind])) for kind in KEYS] == [("CUSTOMER", len(before["CUSTOMER"])), ("PROJECT", len(before["PROJECT"]) + 1)]
    assert not Intent.objects.filter(state=IntentState.REFUSED).exists()
    world.control("intacct", "DELETE", "faults")
    came_back = world.clock.now()
    assert came_back - went_down >= DAY - timedelta(seconds=1)

    world.run_until_quiet(hours=24)

    assert wrong(world) == []
    assert not Hint.objects.exists()
    assert list(Problem.objects.filter(cleared_at=None).values_list("code", "name", "detail")) == []
    report = tieout.run(world.runtime, Integration.objects.get())
    assert [(flow.flow, flow.differences[:3], flow.missing[:3]) for flow in report.flows if not flow.agreed] == []
    creates = Counter(name for _, call, name, _ in books.writes if call == "create")
    rows = [(kind, row) for kind in KEYS for row in world.control("intacct", "GET", f"objects/{kind}")]
    names = {f"{kind} {row['RECORDNO']}": f"{kind} {row[KEYS[kind]]}" for kind, row in rows}
    assert creates == Counter(names.values())
    assert creates[f"PROJECT {lost}"] == 1
    after = [(names.get(name, name), values) for at, _, name, values in books.writes if at >= came_back]
    sent = Counter((name, field, value) for name, values in after for field, value in values.items())
    assert {what: count for what, count in sent.items() if count > 1} == {}  # a second write of a record brings something else
    assert len(after) >= EVENTS // 4
