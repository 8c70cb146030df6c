"""The process is killed after every single step of the loop; each time there is exactly one effect in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from django.conf import settings
from django.db import connection as database

from tests.journey.processes.running import HTTP, free_ports, until
from tests.journey.processes.test_demo import book
from tests.journey.servicetitan.papers import Papers
from tests.world import ALL_ON, INTACCT, SERVICETITAN
from tieout.core.record import Ref
from tieout.engine import connections
from tieout.engine.mark import mark
from tieout.store.models import Connection, Cursor, Integration, Problem, Record, Ruling, RulingKind

ROOT = Path(__file__).parents[3]
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
KILLED = -9
DONE, UNDONE = 0, 1
FEWEST_FROM_INTENT = 3  # the intent, the call, its settlement
FEWEST_STEPS = 10  # a loop of fewer steps than this was not watched
MOST_STEPS = 400
LONGER_THAN_ANY_CALL_S = 1000
MARKED = ("Exported", "PostedAndExported")


class Site:
    """Both emulators as processes of their own, the test's database, and a process that is killed on order."""

    def __init__(self, sandbox: str, database_url: str) -> None:
        self.sandbox = sandbox
        self.now = START
        self.deletes = self.from_intent = False
        found_in = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        ours = {"DATABASE_URL": database_url, "TIEOUT_ENCRYPTION_KEYS": settings.TIEOUT_ENCRYPTION_KEYS[0], "PYTHONPATH": found_in}
        environment = {**os.environ, **ours}
        command = [sys.executable, "-m", "tests.journey.processes.dying"]
        self.mortal = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.http = httpx.Client(verify=False)

    def address(self, system: str) -> str:
        """Where an emulator answers."""
        host, _, port = self.sandbox.rpartition(":")
        return f"{host}:{int(port) + ('intacct', 'servicetitan').index(system)}"

    def control(self, system: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.address(system)}/_sandbox/{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def pass_time(self, seconds: float) -> None:
        """Move the clock of all."""
        self.now += timedelta(seconds=seconds)
        for system in ("intacct", "servicetitan"):
            self.control(system, "PUT", "clock", {"now": self.now.isoformat()})

    def work(self, *, dies_at: int | None = None) -> int:
        """One pass in a process of its own; how it ended."""
        assert self.mortal.stdin is not None
        assert self.mortal.stdout is not None
        order = {"at": self.now.isoformat(), "dies_at": dies_at, "deletes": self.deletes, "from_intent": self.from_intent}
        self.mortal.stdin.write(json.dumps(order) + "\n")
        self.mortal.stdin.flush()
        return int(self.mortal.stdout.readline())

    def settle(self, look: Callable[[], Any] = lambda: None) -> None:
        """Go on after a death until nothing is left to do, looking at the books after each pass."""
        for _ in range(12):
            self.pass_time(LONGER_THAN_ANY_CALL_S)
            ended = self.work()
            look()
            assert ended in (DONE, UNDONE)
            if ended == DONE:
                return
        raise AssertionError("it is not quiet after an hour")

    def rows(self, system: str, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control(system, "GET", f"objects/{kind}")
        return found

    def close(self) -> None:
        self.mortal.communicate(timeout=20)
        self.http.close()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Both emulators, as a user starts them."""
    port = free_ports(8)
    command = [sys.executable, "-m", "tieout.cli", "sandbox", "all", "--base-port", str(port), "--world", "empty"]
    with (tmp_path_factory.mktemp("sandbox") / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for each in (port, port + 1):
            until(lambda each=each: _answers(f"http://127.0.0.1:{each}/_sandbox/health"), "it answers")  # type: ignore[misc]
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return HTTP.get(url).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def site(transactional_db: None, sandbox: str) -> Iterator[Site]:
    """Connected and paired, with one customer, one project and one job in step."""
    parts = database.settings_dict
    server = urlencode({"host": parts["HOST"], **({"port": parts["PORT"]} if parts["PORT"] else {})})
    url = f"postgresql://{quote(parts['USER'])}:{quote(parts['PASSWORD'])}@/{parts['NAME']}?{server}"
    made = Site(sandbox, url)
    try:
        for system in ("intacct", "servicetitan"):
            made.control(system, "POST", "reset", {"world": "empty", "seed": 1})
        made.pass_time(0)
        values = {**INTACCT, "endpoint": f"{made.address('intacct')}/ia/xml/xmlgw.phtml"}
        books = connections.connect("intacct", "books", values, environment="test", now=START)
        values = {**SERVICETITAN, **dict.fromkeys(("auth_url", "api_url"), made.address("servicetitan"))}
        field = connections.connect("servicetitan", "field", values, environment="test", now=START)
        integration = connections.pair(field, books, now=START, since=None)
        for wanted in ALL_ON:
            connections.save_settings(Integration.objects.get(pk=integration.pk), wanted, by="tests", now=START)
        book(made.address("servicetitan"))
        made.settle()
        yield made
    finally:
        made.close()


def poll_seldom() -> None:
    """Leave changes to the marks of the test, so that a pass is one drain and nothing else."""
    Cursor.objects.update(next_at=START + timedelta(days=365))


def field(site: Site, method: str, resource: str, body: Any = None) -> Any:
    """Call ServiceTitan's own API."""
    address = site.address("servicetitan")
    asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
    token = site.http.post(f"{address}/connect/token", data=asked).json()["access_token"]
    area, _, rest = resource.partition("/")
    headers = {"Authorization": token, "ST-App-Key": "st-app-key"}
    answer = site.http.request(method, f"{address}/{area}/v2/tenant/1000001/{rest}", json=body, headers=headers)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def live(site: Site, step: int, kind: str, key: tuple[str, str], hint: Ref | None = None) -> tuple[int, dict[str, Any], int]:
    """Die at a step and go on until quiet; how the first pass ended, the record, and how often the books saw it made or changed."""
    seen: list[str] = []

    def look() -> dict[str, Any]:
        mine = [row for row in site.rows("intacct", kind) if row[key[0]] == key[1]]
        assert len(mine) <= 1, f"killed at step {step}: {key[1]} exists {len(mine)} times"
        seen.append(mine[0]["WHENMODIFIED"] if mine else "")
        return mine[0] if mine else {}

    look()
    site.pass_time(400)
    if hint is not None:
        mark(Connection.objects.get(name="field"), [hint], reason="webhook", now=site.now)
    if site.deletes:
        Record.objects.filter(kind=hint.kind, remote_id=hint.id).update(deleted=True, seen_at=site.now)
    ended = site.work(dies_at=step)
    look()
    site.settle(look)
    return ended, look(), sum(before != after for before, after in pairwise(seen))


def deaths() -> Iterator[int]:
    """Every step, until a pass lives to its end."""
    yield from range(MOST_STEPS)
    raise AssertionError(f"a pass has more than {MOST_STEPS} steps")


def test_a_death_after_any_step_of_reading_and_creating_leaves_one_record(site: Site) -> None:
    for step in deaths():
        address = {"street": "12 Mill Lane", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}
        body = {"name": f"Barn {step}", "type": "Residential", "address": address, "locations": [{"name": "Barn", "address": address}]}
        made = field(site, "POST", "crm/customers", body)
        ended, row, effects = live(site, step, "CUSTOMER", ("CUSTOMERID", f"C-{made['id']}"))
        assert (row["NAME"], effects) == (f"Barn {step} ({made['id']})", 1), f"killed at step {step}"
        if ended != KILLED:
            break
    assert step > FEWEST_STEPS


def test_a_death_after_any_step_of_changing_and_of_setting_aside_does_it_once(site: Site) -> None:
    poll_seldom()
    for change in (rename, cancel_or_restore):
        for step in deaths():
            key, hint, field_name, wanted = change(site, step)
            ended, row, effects = live(site, step, "PROJECT", ("PROJECTID", key), hint)
            assert (row[field_name], effects) == (wanted, 1), f"killed at step {step}"
            if ended != KILLED:
                break
        assert step > FEWEST_STEPS


def rename(site: Site, step: int) -> tuple[str, Ref, str, str]:
    """Rename a project in the field: its ID, what to look at, and what the books must show."""
    project = site.rows("servicetitan", "projects")[0]
    field(site, "PATCH", f"jpm/projects/{project['id']}", {"name": f"Barn {step}"})
    return f"P-{project['number']}", Ref("project", str(project["id"])), "NAME", f"Barn {step}"


def cancel_or_restore(site: Site, step: int) -> tuple[str, Ref, str, str]:
    """Cancel a job, and restore it the next time."""
    job = site.rows("servicetitan", "jobs")[0]
    if step % 2:
        field(site, "PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
    else:
        reason = field(site, "GET", "jpm/job-cancel-reasons")["data"][0]["id"]
        field(site, "PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": reason, "memo": "no"})
    return job["jobNumber"], Ref("job", str(job["id"])), "STATUS", "active" if step % 2 else "inactive"


class Desk:
    """Bills of one job, and what the books show of them."""

    def __init__(self, site: Site) -> None:
        self.site, self.office = site, Papers(site)  # type: ignore[arg-type]
        for wanted in Papers.SETTINGS:
            self.set(**wanted)
        site.settle()  # reads the kinds that are new for the first time
        poll_seldom()
        word = {"flow": "inventory-bills", "left_id": "", "kind": RulingKind.APPROVED, "by": "Rosa", "at": site.now}
        Ruling.objects.create(integration=Integration.objects.get(), **word)
        self.job = site.rows("servicetitan", "jobs")[0]
        self.vendor = self.office.vendor()
        self.draft: dict[str, Any] = {}

    def set(self, **wanted: Any) -> None:
        connections.save_settings(Integration.objects.get(), wanted, by="tests", now=self.site.now)

    def posted(self, step: int) -> int:
        """A bill is posted in the books in one call."""
        ended, row, effects = self.live(step, self.bill(10, 20.5))
        assert row, f"killed at step {step}: it is not in the books; {list(Problem.objects.values_list('cause', flat=True))}"
        assert (row["STATE"], self.amounts(row), effects) == ("Posted", [10, 20.5], 1), f"killed at step {step}"
        return ended

    def marked(self, step: int) -> int:
        """A bill that is seen to be posted is marked as exported in the field."""
        self.set(mark_exported=False)
        bill = self.booked(10)
        self.set(mark_exported=True)
        self.site.pass_time(400)
        ended = self.site.work(dies_at=step)
        self.site.settle()
        assert self.office.shown("inventory-bills", bill["id"])["syncStatus"] in MARKED, f"killed at step {step}"
        return ended

    def changed(self, step: int) -> int:
        """A draft gets other lines: one changes, and one comes or goes."""
        if not self.draft:
            self.set(post_bills="draft")
            self.draft = self.booked(10, 20)
        costs = [step + 0.25, 20, *([] if step % 2 else [30])]
        item = {"skuId": self.office.skus["materials"], "quantity": 1}
        self.office.change("inventory-bills", self.draft, items=[{**item, "cost": cost} for cost in costs])
        ended, row, effects = self.live(step, self.draft)
        assert (row["STATE"], self.amounts(row), effects) == ("Draft", sorted(costs), 1), f"killed at step {step}"
        return ended

    def deleted(self, step: int) -> int:
        """A draft goes with its original."""
        self.site.deletes = False
        bill = self.booked(10, 20)
        self.site.deletes = True
        ended, row, effects = self.live(step, bill)
        assert (row, effects) == ({}, 1), f"killed at step {step}"
        return ended

    def bill(self, *costs: float) -> dict[str, Any]:
        """A bill that the field has just posted."""
        return self.office.bill(self.vendor, self.job, *costs)

    def booked(self, *costs: float) -> dict[str, Any]:
        """One that is in the books."""
        bill = self.bill(*costs)
        mark(Connection.objects.get(name="field"), [self.ref(bill)], reason="webhook", now=self.site.now)
        self.site.settle()
        return bill

    def ref(self, bill: dict[str, Any]) -> Ref:
        return Ref("inventory-bill", str(bill["id"]))

    def live(self, step: int, bill: dict[str, Any]) -> tuple[int, dict[str, Any], int]:
        return live(self.site, step, "APBILL", ("RECORDID", bill["referenceNumber"]), self.ref(bill))

    def amounts(self, row: dict[str, Any]) -> list[float]:
        return sorted(float(line["TRX_AMOUNT"]) for line in self.site.rows("intacct", "APBILLITEM") if line["RECORDKEY"] == row["RECORDNO"])


def test_a_death_after_any_step_of_writing_changing_and_deleting_a_document_does_it_once_line_by_line(site: Site) -> None:
    desk = Desk(site)
    site.from_intent = True  # what comes before is the same for all that is written
    for life in (desk.posted, desk.marked, desk.changed, desk.deleted):
        for step in deaths():
            if life(step) != KILLED:
                break
        assert step >= FEWEST_FROM_INTENT
