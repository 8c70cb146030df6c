"""The promises, attacked: lost and doubled events, broken constraints, a crash at every step, drains that wake too late.

`docs/promises/` names these tests. A crash is an exception that nothing catches, thrown from the wire or from what
counts usage, both handed in.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import django.db
import httpx
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client as Browser

from tests.in_process import InProcess
from tests.world import SERVICETITAN, World
from tieout.core.record import Ref
from tieout.engine import connections, tieout
from tieout.engine.connections import PairingError
from tieout.engine.drain import drain
from tieout.engine.mark import mark
from tieout.engine.poll import due_connections, poll
from tieout.engine.queue import LEASE, claim, release_waits
from tieout.engine.retention import make_months
from tieout.engine.runtime import Runtime
from tieout.store.models import (
    IN_FLIGHT,
    Connection,
    Environment,
    Hint,
    Integration,
    Intent,
    IntentState,
    Journal,
    Link,
    Problem,
    Record,
    Wait,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
KEY = "a webhook key of forty characters, or so"


class KilledError(BaseException):
    """The process is gone: nothing catches this."""


class Wire(httpx.BaseTransport):
    """The way to the books; `before` and `after` meet every call whose body holds `what`."""

    def __init__(self, to: InProcess) -> None:
        self.to = to
        self.what = b""
        self.before: Callable[[], None] | None = None
        self.after: Callable[[], None] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        met = bool(self.what) and self.what in request.read()
        if met and self.before is not None:
            self.before()
        answer = self.to.handle_request(request)
        if met and self.after is not None:
            self.after()
        return answer

    def on(self, what: bytes, *, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None) -> None:
        """Meet the next such call, once."""

        def once(do: Callable[[], None]) -> Callable[[], None]:
            def run() -> None:
                self.what = b""
                do()

            return run

        self.what = what
        self.before = once(before) if before else None
        self.after = once(after) if after else None


class Attacked(World):
    """A world with a wire that tests can reach into."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.wire = Wire(self.transports["books"])
        self.transports["books"] = self.wire  # type: ignore[assignment]

    @property
    def company(self) -> Connection:
        return Connection.objects.get(name="books")

    def ready(self) -> dict[str, Any]:
        """Everything connected; one customer in step, whom later jobs belong to."""
        self.connect()
        customer = self.new_customer("Ashby Farm")
        self.new_job(customer)
        self.run_until_quiet(hours=1)
        return customer

    def work(self, slot: int, seconds: float, pause: float = 5) -> None:
        """Sweep with one slot only."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            for each in due_connections(self.clock.now()):
                poll(self.runtime, each)
            release_waits(self.company, self.clock.now())
            drain(self.runtime, self.company, slot)
            self.clock.advance(pause)

    def agreed(self) -> bool:
        """Both sides, read afresh."""
        return tieout.run(self.runtime, Integration.objects.get()).agreed


@pytest.fixture
def world(transactional_db: None) -> Iterator[Attacked]:
    made = Attacked()
    yield made
    made.close()


def killed() -> None:
    raise KilledError


# Level-triggered: events change when, never what


def deliver(world: World) -> None:
    """Carry what the platform owes to the real webhook page."""
    browser = Browser()

    def post(url: str, headers: Any, body: bytes) -> int:
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name.lower() != "content-type"}
        with time_machine.travel(world.clock.now(), tick=False):
            return browser.post(httpx.URL(url).path, body, content_type="application/json", **sent).status_code

    world.platform.outbox.pump(post)


@pytest.mark.parametrize("fault", ["none", "drop_webhook", "duplicate_webhook", "reorder_webhook"])
def test_lost_doubled_and_reordered_webhooks_change_only_the_time(world: Attacked, fault: str) -> None:
    world.connect()
    now = world.clock.now()
    connections.connect("servicetitan", "field", {**SERVICETITAN, "webhook_key": KEY}, environment="test", now=now)
    world.control("servicetitan", "PUT", "settings", {"webhook_key": KEY, "webhook_url": "http://tieout.test/webhooks/field/"})
    if fault != "none":
        world.control("servicetitan", "POST", "faults", [{"action": fault, "match": {"nth": nth}} for nth in (1, 2, 4)])
    customer = world.new_customer("Ashby Farm")
    barn = world.new_project(customer, "Barn")
    jobs = [world.new_job(customer, barn if number % 2 else None) for number in range(4)]
    reason = world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
    world.field("PUT", f"jpm/jobs/{jobs[0]['id']}/cancel", {"reasonId": reason, "memo": "wrong address"})
    for _ in range(12):
        deliver(world)
        world.run(10)
    world.run_until_quiet()
    states = {delivery["state"] for delivery in world.platform.outbox.as_list()}
    assert states == ({"delivered", "dropped"} if fault == "drop_webhook" else {"delivered"})
    shown = {number: (row["PARENTID"] or "", row["STATUS"]) for number, row in world.projects().items()}
    expected = {f"P-{barn['number']}": ("", "active")}
    for number, job in enumerate(jobs):
        expected[job["jobNumber"]] = (f"P-{barn['number']}" if number % 2 else "", "active")
    # A job cancelled before it was ever sent may or may not have been there in time; both are right, and never doubled.
    first = jobs[0]["jobNumber"]
    assert shown.pop(first, ("", "inactive")) == ("", "inactive")
    del expected[first]
    assert shown == expected
    assert world.agreed()


def test_marks_in_any_order_and_number_for_any_key_lead_to_the_same_books(world: Attacked) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    barn = world.new_project(customer, "Barn")
    jobs = [world.new_job(customer, barn) for _ in range(3)]
    field = Connection.objects.get(name="field")
    refs = [Ref("job", str(job["id"])) for job in jobs] + [Ref("project", str(barn["id"])), Ref("customer", str(customer["id"]))]
    refs += [Ref("job", "987654321"), Ref("project", "987654321"), Ref("nothing", "1")]
    dice = random.Random(7)
    for turn in range(15):
        now = world.clock.now()
        some = dice.sample(refs, dice.randint(1, len(refs)))
        mark(field, some, reason="webhook", now=now, changed_at=now - timedelta(seconds=dice.choice([0, 0, 400])), bulk=turn % 4 == 0)
        drain(world.runtime, world.company, turn % 3)
        world.clock.advance(dice.choice([0, 1, 30]))
    world.run_until_quiet()
    assert set(world.projects()) == {f"P-{barn['number']}", *(job["jobNumber"] for job in jobs)}
    assert {world.projects()[job["jobNumber"]]["PARENTID"] for job in jobs} == {f"P-{barn['number']}"}
    assert Intent.objects.count() == Intent.objects.filter(state=IntentState.DONE).count() == len(jobs) + 2
    assert world.agreed()


def test_a_mark_that_arrives_while_its_record_is_worked_on_is_not_finished_with_it(world: Attacked) -> None:
    customer = world.ready()
    project = world.new_project(customer, "Barn")
    field = Connection.objects.get(name="field")
    ref = Ref("project", str(project["id"]))

    def renamed_meanwhile() -> None:
        world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Barn and yard"})
        world.clock.advance(1)
        mark(field, [ref], reason="webhook", now=world.clock.now())

    mark(field, [ref], reason="webhook", now=world.clock.now())
    world.wire.on(b"<create>", before=renamed_meanwhile)
    drain(world.runtime, world.company, 0)
    drain(world.runtime, world.company, 0)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Barn and yard"


@pytest.mark.parametrize("bumps", [True, False])
def test_a_job_that_is_attached_is_moved_even_if_nothing_says_that_it_changed(world: Attacked, bumps: bool) -> None:
    world.control("servicetitan", "PUT", "settings", {"attach_bumps_job": bumps})
    world.connect()
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    world.run_until_quiet(hours=1)
    project = world.new_project(customer, "Barn")
    world.run_until_quiet(hours=1)
    alone = world.projects()[job["jobNumber"]]
    world.field("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
    world.run(120)
    moved = world.projects()[job["jobNumber"]]
    assert (moved["PARENTID"], moved["RECORDNO"]) == (f"P-{project['number']}", alone["RECORDNO"])


# The database is the guarantee


def refused(sql: str, *parameters: Any) -> str:
    """Run a statement that must fail; what the database says."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
    return str(caught.value)


def copy(table: str, pk: int, **changed: Any) -> str:
    """Insert a row like another one, with some columns changed, behind the back of all our code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table])
        columns = [name for (name,) in cursor.fetchall() if name != "id"]
    values = ", ".join("%s" if name in changed else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    return refused(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %s", *(changed[n] for n in columns if n in changed), pk
    )


def test_a_record_cannot_have_two_open_links(world: Attacked) -> None:
    world.ready()
    link = Link.objects.filter(flow="jobs").get()
    assert "link_one_open_left" in copy("store_link", link.pk, right_id="999")
    assert "link_one_open_right" in copy("store_link", link.pk, left_id="999")
    Link.objects.filter(pk=link.pk).update(is_open=False)
    Link.objects.create(**{f.name: getattr(link, f.name) for f in Link._meta.fields if f.name not in ("id", "is_open")})


def test_no_two_calls_have_one_key_and_no_link_has_two_calls_in_flight(world: Attacked) -> None:
    world.ready()
    intent = Intent.objects.filter(flow="jobs").get()
    assert "store_intent_key" in copy("store_intent", intent.pk)
    Intent.objects.filter(pk=intent.pk).update(state=IntentState.UNKNOWN)
    for state in IN_FLIGHT:
        assert "intent_one_in_flight" in copy("store_intent", intent.pk, key=uuid4(), state=state.value)


def test_a_key_has_one_hint_and_a_wait_is_kept_once(world: Attacked) -> None:
    world.ready()
    field = Connection.objects.get(name="field")
    now = world.clock.now()
    mark(field, [Ref("job", "1")] * 3, reason="webhook", now=now)
    mark(field, [Ref("job", "1")], reason="webhook", now=now)
    hint = Hint.objects.get()
    assert hint.version == 2
    assert "hint_one_per_key" in copy("store_hint", hint.pk)
    wait = Wait.objects.create(
        integration=Integration.objects.get(), flow="jobs", left_kind="job", left_id="1", needs_kind="project", needs_id="2", since=now
    )
    assert "wait_once" in copy("store_wait", wait.pk)


def test_a_record_a_cursor_a_setting_and_an_open_problem_exist_once(world: Attacked) -> None:
    world.ready()
    field = Connection.objects.get(name="field")
    mark(field, [Ref("job", "1")], reason="webhook", now=world.clock.now())
    problem = Problem.objects.create(
        company=world.company, code="x", subject_kind="job", subject_id="1", actor="nobody", first_at=START, last_at=START
    )
    names = {"store_record": "record_once", "store_cursor": "cursor_once", "store_settingvalue": "setting_once"}
    for table, name in {**names, "store_integration": "integration_pair_once"}.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(id) FROM {table}")
            pk = cursor.fetchone()[0]
        changed = {"name": "another"} if table == "store_integration" else {}
        assert name in copy(table, pk, **changed)
    assert "problem_one_open" in copy("store_problem", problem.pk)


@pytest.mark.parametrize("sql", ["UPDATE store_journal SET text = 'x'", "DELETE FROM store_journal"])
def test_the_journal_is_only_added_to(world: Attacked, sql: str) -> None:
    world.ready()
    before = Journal.objects.count()
    assert "append-only" in refused(f"{sql} WHERE company_id = %s", world.company.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM store_journal LIMIT 1")
        (partition,) = cursor.fetchone()
    assert "append-only" in refused(sql.replace("store_journal", partition))
    make_months(world.clock.now() + timedelta(days=4000))  # also of months made long after
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'store_journal'::regclass")
        months = [month for (month,) in cursor.fetchall()]
    assert len(months) > 26
    assert [month for month in ("store_journal", *months) if "append-only" not in refused(f"TRUNCATE {month}")] == []
    assert Journal.objects.count() == before > 0


def test_two_drains_that_open_a_call_for_one_link_at_once_make_one(world: Attacked) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    poll(world.runtime, Connection.objects.get(name="field"))
    hint = Hint.objects.get(kind="job", remote_id=str(job["id"]))

    def another_drain() -> None:
        Hint.objects.filter(pk=hint.pk).update(slot=None, due_at=world.clock.now())
        drain(world.runtime, world.company, 1)

    world.wire.on(b"<query>", after=another_drain)
    drain(world.runtime, world.company, 0)
    world.run_until_quiet(hours=1)
    one_effect(world, job)


def test_drains_in_many_slots_at_once_do_everything_once(world: Attacked) -> None:
    world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})
    world.connect()
    customers = [world.new_customer(name) for name in ("Ashby Farm", "Hollis & Daughters", "Mill Lane School")]
    projects = [world.new_project(customer, f"Project {at}") for at, customer in enumerate(customers)]
    jobs = [world.new_job(customers[at % 3], projects[at % 3] if at % 4 else None) for at in range(24)]
    refs = [Ref("job", str(job["id"])) for job in jobs]
    mark(Connection.objects.get(name="field"), refs, reason="webhook", now=world.clock.now())
    world.clock.advance(1)
    failed: list[BaseException] = []

    def work(slot: int) -> None:
        try:
            for _ in range(60):
                drain(world.runtime, Connection.objects.get(name="books"), slot, limit=4)
                world.clock.advance(0.5)
        except BaseException as error:
            failed.append(error)
        finally:
            django.db.connections.close_all()

    threads = [threading.Thread(target=work, args=(slot,)) for slot in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    world.run_until_quiet()
    assert len(world.projects()) == len(jobs) + len(projects)
    assert len(world.customers()) == len(customers)
    assert Intent.objects.count() == Intent.objects.filter(state=IntentState.DONE).count()
    assert Link.objects.count() == len(jobs) + len(projects) + len(customers)
    assert not Problem.objects.exists()
    assert world.agreed()


# Dependencies


def test_a_record_waits_by_name_for_what_it_refers_to_and_goes_when_that_is_there(world: Attacked) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    barn = world.new_project(customer, "Barn")
    jobs = [world.new_job(customer, barn) for _ in range(3)]
    field = Connection.objects.get(name="field")
    world.control("intacct", "PUT", "settings", {"denied_operations": ["create CUSTOMER"]})
    mark(field, [Ref("job", str(job["id"])) for job in jobs], reason="webhook", now=world.clock.now())
    world.work(0, 120)
    assert world.projects() == {}
    names = {(wait.left_kind, wait.left_id, wait.needs_kind, wait.needs_id) for wait in Wait.objects.all()}
    of_customer = ("customer", str(customer["id"]))
    of_barn = ("project", str(barn["id"]))
    of_jobs = {("job", str(job["id"]), *needed) for job in jobs for needed in (of_barn, of_customer)}
    assert names == {(*of_barn, *of_customer), *of_jobs}
    (problem,) = Problem.objects.filter(cleared_at=None)
    assert (problem.subject_kind, problem.subject_id) == of_customer
    world.control("intacct", "PUT", "settings", {"denied_operations": []})
    mark(field, [Ref(*of_customer)], reason="request", now=world.clock.now())
    drain(world.runtime, world.company, 0)
    assert not Wait.objects.exists()
    assert set(world.projects()) == {f"P-{barn['number']}", *(job["jobNumber"] for job in jobs)}
    assert not Problem.objects.filter(cleared_at=None).exists()


# Exactly once: a crash at every step


def one_effect(world: Attacked, job: dict[str, Any]) -> None:
    """The job is in the books once, linked once, by one call; nothing is open, and both sides agree."""
    assert [number for number in world.projects() if number == job["jobNumber"]] == [job["jobNumber"]]
    mine = Intent.objects.filter(flow="jobs", left_id=str(job["id"]))
    assert [intent.state for intent in mine] == [IntentState.DONE]
    assert Link.objects.filter(flow="jobs", left_id=str(job["id"])).count() == 1
    entries = Journal.objects.filter(integration=Integration.objects.get(), flow="jobs", left_id=str(job["id"]))
    assert entries.filter(event="created").count() == 1
    assert not entries.filter(event="refused").exists()
    assert not Intent.objects.filter(state__in=IN_FLIGHT).exists()
    assert not Problem.objects.filter(cleared_at=None).exists()
    assert world.agreed()


class Uncounted:
    """Adapters whose usage cannot be counted: the drain dies when its calls are settled and its hints are not handed back."""

    def __init__(self, of: Any) -> None:
        self.of = of.of

    def used_since_last(self, connection: Connection) -> None:
        killed()


def crash_after_claim(world: Attacked) -> None:
    assert claim(world.company, 0, world.clock.now())


def crash_after_observe(world: Attacked) -> None:
    Hint.objects.update(attempts=1)  # a second attempt looks in the books before it creates
    world.wire.on(b"<query>", before=killed)
    with pytest.raises(KilledError):
        drain(world.runtime, world.company, 0)
    assert not Intent.objects.filter(state__in=IN_FLIGHT).exists()


def crash_after_intent(world: Attacked) -> None:
    world.wire.on(b"<create>", before=killed)
    with pytest.raises(KilledError):
        drain(world.runtime, world.company, 0)
    assert Intent.objects.filter(state=IntentState.SENDING).count() == 1


def crash_after_sending(world: Attacked) -> None:
    world.wire.on(b"<create>", after=killed)
    with pytest.raises(KilledError):
        drain(world.runtime, world.company, 0)
    assert Intent.objects.filter(state=IntentState.SENDING).count() == 1


def crash_after_settling(world: Attacked) -> None:
    dying = Runtime(world.clock, Uncounted(world.runtime.systems))  # type: ignore[arg-type]
    with pytest.raises(KilledError):
        drain(dying, world.company, 0)
    assert not Intent.objects.filter(state__in=IN_FLIGHT).exists()
    assert Hint.objects.filter(slot=0).exists()


CRASHES = (crash_after_claim, crash_after_observe, crash_after_intent, crash_after_sending, crash_after_settling)
SLOTS = {"the same slot": (0,), "another slot, then the same": (1, 0), "another slot only": (1,)}


@pytest.mark.parametrize("slots", SLOTS.values(), ids=SLOTS)
@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: crash.__name__)
def test_a_crash_at_any_step_leaves_one_effect(world: Attacked, crash: Callable[[Attacked], None], slots: tuple[int, ...]) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    mark(Connection.objects.get(name="field"), [Ref("job", str(job["id"]))], reason="webhook", now=world.clock.now())
    crash(world)
    for slot in slots:
        world.work(slot, 5 if slot != slots[-1] else 20 * 60, pause=5 if slot != slots[-1] else 30)
    assert Hint.objects.count() == 0
    one_effect(world, job)


@pytest.mark.parametrize(
    ("moment", "same_slot"),
    [(b"<query>", True), (b"<query>", False), (b"<create>", True)],
    ids=["before its call", "before its call, by another slot", "before its answer"],
)
def test_a_drain_that_wakes_after_it_was_taken_over_changes_nothing(world: Attacked, moment: bytes, same_slot: bool) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    mark(Connection.objects.get(name="field"), [Ref("job", str(job["id"]))], reason="webhook", now=world.clock.now())
    left: list[Any] = []

    def overtaken() -> None:
        if not same_slot:
            world.clock.advance(LEASE.total_seconds() + 1)
        drain(world.runtime, world.company, 0 if same_slot else 1)
        left.append(everything())

    Hint.objects.update(attempts=1)  # a second attempt looks in the books before it creates
    world.wire.on(moment, after=overtaken)
    drain(world.runtime, world.company, 0, go_on=lambda: not left)
    assert everything() == left[0]
    world.work(0, 20 * 60, pause=30)
    one_effect(world, job)


def everything() -> list[Any]:
    """All that a drain can change."""
    tables = (Hint, Intent, Link, Wait, Problem)
    rows = [sorted(table.objects.values_list(), key=str) for table in tables]
    seen = Record.objects.order_by("pk").values_list("pk", "fingerprint", "seen_at")
    return [*rows, list(seen), Journal.objects.exclude(event__startswith="connection").count()]


def test_a_drain_whose_hint_was_taken_over_does_not_finish_it_for_the_other(world: Attacked) -> None:
    customer = world.ready()
    project = world.new_project(customer, "Barn")
    world.run_until_quiet(hours=1)
    ref = Ref("project", str(project["id"]))
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Barn and yard"})
    mark(Connection.objects.get(name="field"), [ref], reason="webhook", now=world.clock.now())

    def another_that_cannot_reach_the_books() -> None:
        world.wire.to.unreachable = True
        drain(world.runtime, world.company, 0)
        assert Hint.objects.filter(slot=None).count() == 1

    world.wire.on(b"<query>", after=another_that_cannot_reach_the_books)
    drain(world.runtime, world.company, 0, go_on=iter([True, False]).__next__)
    assert Hint.objects.filter(remote_id=ref.id).count() == 1
    world.wire.to.unreachable = False
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Barn and yard"


def test_nothing_is_sent_once_the_lease_is_over(world: Attacked) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    poll(world.runtime, Connection.objects.get(name="field"))
    before = world.control("intacct", "GET", "meter")["by_function"]["create"]
    Hint.objects.update(attempts=1)  # a second attempt looks in the books before it creates
    world.wire.on(b"<query>", after=lambda: world.clock.advance(LEASE.total_seconds() - 9))
    drain(world.runtime, world.company, 0, go_on=iter([True, False]).__next__)
    assert world.control("intacct", "GET", "meter")["by_function"]["create"] == before
    assert not Intent.objects.filter(left_id=str(job["id"])).exists()
    assert Hint.objects.filter(remote_id=str(job["id"])).exists()
    world.run_until_quiet(hours=1)
    one_effect(world, job)


def test_a_link_made_while_a_create_was_under_way_stands_and_the_call_is_settled(world: Attacked) -> None:
    customer = world.ready()
    jobs = [world.new_job(customer) for _ in range(3)]
    poll(world.runtime, Connection.objects.get(name="field"))

    def somebody_links() -> None:
        row = world.projects()[jobs[0]["jobNumber"]]
        model = Link.objects.filter(flow="jobs").first()
        Link.objects.create(
            integration=model.integration,
            flow="jobs",
            left_kind="job",
            left_id=str(jobs[0]["id"]),
            right_kind="PROJECT",
            right_id=row["RECORDNO"],
            origin="by hand",
            opened_at=world.clock.now(),
            settled_at=world.clock.now(),
        )

    world.wire.on(b"<create>", after=somebody_links)
    drain(world.runtime, world.company, 0)
    world.run_until_quiet(hours=1)
    assert Link.objects.filter(flow="jobs", is_open=True).count() == 4
    assert Link.objects.get(left_id=str(jobs[0]["id"])).origin == "by hand"
    assert not Intent.objects.filter(state__in=IN_FLIGHT).exists()
    assert world.agreed()


def test_a_link_is_not_closed_before_the_last_write_it_needs_was_accepted(world: Attacked) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    world.run_until_quiet(hours=1)
    world.control("intacct", "PUT", "settings", {"denied_operations": ["update PROJECT"]})
    world.platform.storage.remove("jobs", str(job["id"]))
    world.clock.advance(600)
    mark(Connection.objects.get(name="field"), [Ref("job", str(job["id"]))], reason="webhook", now=world.clock.now())
    world.work(0, 120)
    assert Link.objects.get(left_id=str(job["id"])).is_open
    assert Problem.objects.filter(cleared_at=None).count() == 1
    world.control("intacct", "PUT", "settings", {"denied_operations": []})
    world.work(0, 20 * 60, pause=30)
    assert world.projects()[job["jobNumber"]]["STATUS"] == "inactive"
    assert not Link.objects.get(left_id=str(job["id"])).is_open
    assert not Problem.objects.filter(cleared_at=None).exists()


# A test system never writes to production books


def test_a_test_source_and_production_books_are_not_paired_in_either_order(world: Attacked) -> None:
    now = world.clock.now()
    integration = world.connect()
    for name, environment in (("live", "production"), ("trial", "test")):
        connections.connect("intacct", name, integration.company.configuration(), environment=environment, now=now)
    live = Connection.objects.get(name="live")
    with pytest.raises(PairingError, match="field is a test system and live holds production books"):
        connections.pair(integration.platform, live, now=now, since=None)
    with pytest.raises(PairingError, match="cannot be paired"):
        connections.pair(live, integration.platform, now=now, since=None)
    with pytest.raises(PairingError, match="production books"):
        connections.connect("intacct", "books", {}, environment="production", now=now)
    assert Connection.objects.get(name="books").environment == Environment.TEST
    real = connections.connect("servicetitan", "real", SERVICETITAN, environment="production", now=now)
    connections.pair(real, live, now=now, since=None)
    with pytest.raises(PairingError, match="production books"):
        connections.connect("servicetitan", "real", {}, environment="test", now=now)
    with pytest.raises(PairingError, match="production books"):
        connections.connect("servicetitan", "real", {"environment": "integration"}, environment="production", now=now)
    assert Connection.objects.get(name="real").environment == Environment.PRODUCTION


@pytest.mark.parametrize("open_call", [False, True])
def test_nothing_is_sent_if_a_pair_became_unsafe_after_it_was_made(world: Attacked, open_call: bool) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    poll(world.runtime, Connection.objects.get(name="field"))
    if open_call:
        crash_after_intent(world)
    Connection.objects.filter(name="books").update(environment=Environment.PRODUCTION)
    before = world.control("intacct", "GET", "meter")["by_function"]["create"]
    world.work(0, 20 * 60, pause=30)
    assert world.control("intacct", "GET", "meter")["by_function"]["create"] == before
    (problem,) = Problem.objects.filter(cleared_at=None)
    assert problem.code == "connection.unsafe-pair"
    assert Hint.objects.filter(remote_id=str(job["id"]), attempts=0).exists()
    Connection.objects.filter(name="books").update(environment=Environment.TEST)
    world.work(0, 20 * 60, pause=30)
    one_effect(world, job)


# Nothing is lost in an outage


def test_writes_alone_that_fail_are_told_once_although_reading_works(world: Attacked) -> None:
    customer = world.ready()
    faults = [{"match": {"function": function}, "action": "html_body"} for function in ("create", "update")]
    world.control("intacct", "POST", "faults", faults)
    began = world.clock.now()
    jobs = [world.new_job(customer) for _ in range(3)]
    world.run(600)
    told = Journal.objects.filter(company=world.company, at__gte=began, event__startswith="connection").order_by("at", "id")
    assert [(entry.event, entry.code) for entry in told] == [("connection failed", "intacct.html")]
    world.control("intacct", "DELETE", "faults")
    world.run_until_quiet()
    for job in jobs:
        one_effect(world, job)
    assert [entry.event for entry in told.all()] == ["connection failed", "connection recovered"]


def test_a_stop_between_a_page_and_its_cursor_repeats_the_page_and_loses_nothing(world: Attacked) -> None:
    customer = world.ready()
    job = world.new_job(customer)
    field = Connection.objects.get(name="field")
    before = dict(field.cursor_set.values_list("kind", "value"))
    poll(world.runtime, field)
    for kind, value in before.items():
        field.cursor_set.filter(kind=kind).update(value=json.loads(json.dumps(value)), next_at=None)
    world.run_until_quiet(hours=1)
    one_effect(world, job)
