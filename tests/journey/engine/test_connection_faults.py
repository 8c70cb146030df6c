"""Each way a connection can be in error: one sentence, one entry, one pause, and it goes on by itself when cured.

A case says how its trouble begins and how it ends: in an emulator, on the way to it, or in the saved credentials.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.in_process import InProcess
from tests.world import ALL_ON, INTACCT, SERVICETITAN, World
from tieout.core.ports import Actor, Fault, FaultCase, Scope, Sign
from tieout.core.record import Ref
from tieout.engine import connections, health, tieout
from tieout.engine.mark import mark
from tieout.engine.overview import ConnectionStatus, overview
from tieout.engine.poll import poll
from tieout.sandbox.registry import named
from tieout.store.models import Connection, ConnectionState, Hint, Integration, Intent, IntentState, Journal, Level, Problem

AUTH, DEGRADED = ConnectionState.AUTH_FAILED, ConnectionState.DEGRADED
SECRETS = ("sandbox-sender-pw", "ws-user-pw", "st-secret", "st-app-key", "mistyped", "eyJ")


class Way(httpx.BaseTransport):
    """The way to an emulator; while `garble` is set, answers arrive broken."""

    def __init__(self, to: InProcess) -> None:
        self.to = to
        self.garble: Callable[[bytes], bytes] | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.to.handle_request(request)
        if self.garble is None:
            return answer
        headers = {"content-type": answer.headers["content-type"]}
        return httpx.Response(answer.status_code, headers=headers, content=self.garble(answer.read()), request=request)


class Trouble(World):
    """A world with ways that can break, and a second platform account beside the first."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.ways = {name: Way(transport) for name, transport in self.transports.items()}
        self.transports.update(self.ways)  # type: ignore[arg-type]
        second = named("servicetitan")[0].load()(world="empty", seed=seed + 1, clock=self.clock, settings={"concurrency": 0})
        self.emulators["second"] = second
        self.transports["second"] = InProcess(second)

    def connect_second(self) -> Integration:
        """Pair the second account with the same books, under IDs of its own."""
        now = self.clock.now()
        account = connections.connect("servicetitan", "second", SERVICETITAN, environment="test", now=now)
        integration = connections.pair(account, Connection.objects.get(name="books"), now=now, since=None)
        ids = {"job_project_id": "S-{jobNumber}", "project_id": "SP-{number}", "customer_id": "SC-{id}"}
        for wanted in (*ALL_ON, ids):
            connections.save_settings(integration, wanted, by="tests", now=now)
        return integration

    @contextmanager
    def at_second(self) -> Iterator[None]:
        """What is made meanwhile is made in the second account."""
        first = self.platform, self.emulators["servicetitan"]
        self.platform = self.emulators["servicetitan"] = self.emulators["second"]
        try:
            yield
        finally:
            self.platform, self.emulators["servicetitan"] = first

    def save(self, system: str, name: str, **values: str) -> None:
        """Save credentials, as the page and the command do."""
        connections.connect(system, name, values, environment="test", now=self.clock.now())


@pytest.fixture
def world(transactional_db: None) -> Iterator[Trouble]:
    made = Trouble()
    yield made
    made.close()


Do = Callable[[Trouble], object]


@dataclass(frozen=True)
class Case:
    """One trouble of one connection.

    `says` must be in the sentence of the state, `checked` in the preflight line (by default the same).
    """

    name: str
    where: str
    begin: Do
    end: Do
    code: str
    state: ConnectionState
    says: tuple[str, ...]
    checked: tuple[str, ...] = ()


def books(**settings: Any) -> Do:
    return lambda world: world.control("intacct", "PUT", "settings", settings)


def faulty(emulator: str, **fault: Any) -> Do:
    return lambda world: world.control(emulator, "POST", "faults", [fault])


def clear(emulator: str) -> Do:
    return lambda world: world.control(emulator, "DELETE", "faults")


def save(system: str, name: str, **values: str) -> Do:
    return lambda world: world.save(system, name, **values)


def reachable(name: str, yes: bool) -> Do:
    return lambda world: setattr(world.ways[name].to, "unreachable", not yes)


def garbled(name: str, how: Callable[[bytes], bytes] | None) -> Do:
    return lambda world: setattr(world.ways[name], "garble", how)


def both(*steps: Do) -> Do:
    return lambda world: [step(world) for step in steps]


def half(body: bytes) -> bytes:
    return body[: len(body) // 2]


_ASKED_AGAIN = faulty("intacct", match={"times": 1}, action="expire_session")
CASES = (
    Case(
        "a wrong user password",
        "books",
        both(books(user_password="changed"), _ASKED_AGAIN),
        both(books(user_password="ws-user-pw"), clear("intacct")),
        "intacct.wrong-sign-in",
        AUTH,
        ("SANDBOX", "ws-user", "password"),
    ),
    Case(
        "a wrong user password that was saved",
        "books",
        save("intacct", "books", user_password="mistyped"),
        save("intacct", "books", user_password="ws-user-pw"),
        "intacct.wrong-sign-in",
        AUTH,
        ("SANDBOX", "ws-user", "password"),
    ),
    Case(
        "a wrong sender password",
        "books",
        books(sender_password="changed"),
        books(sender_password="sandbox-sender-pw"),
        "intacct.wrong-sender-password",
        AUTH,
        ("sandbox-sender", "sender password"),
    ),
    Case(
        "an unauthorised sender",
        "books",
        books(authorised_senders=[]),
        books(authorised_senders=["sandbox-sender"]),
        "intacct.unauthorised-sender",
        AUTH,
        ("SANDBOX", "sandbox-sender", "Web Services authorizations"),
    ),
    Case(
        "an unknown company",
        "books",
        save("intacct", "books", company_id="NOWHERE"),
        save("intacct", "books", company_id="SANDBOX"),
        "intacct.wrong-sign-in",
        AUTH,
        ("NOWHERE", "company ID"),
    ),
    Case(
        "an unreachable host of the books",
        "books",
        reachable("books", False),
        reachable("books", True),
        "intacct.unreachable",
        DEGRADED,
        ("intacct.test", "cannot be reached", "firewall"),
    ),
    Case(
        "an unreachable host of the platform",
        "field",
        reachable("field", False),
        reachable("field", True),
        "servicetitan.unreachable",
        DEGRADED,
        ("servicetitan.test", "cannot be reached", "network"),
    ),
    Case(
        "malformed XML from the books",
        "books",
        garbled("books", half),
        garbled("books", None),
        "intacct.malformed",
        DEGRADED,
        ("intacct.test", "XML", "by itself"),
    ),
    Case(
        "malformed JSON from the platform",
        "field",
        garbled("field", half),
        garbled("field", None),
        "servicetitan.body",
        DEGRADED,
        ("cannot be read", "JSON"),
    ),
    Case(
        "a web page instead of the books",
        "books",
        faulty("intacct", action="html_body"),
        clear("intacct"),
        "intacct.html",
        DEGRADED,
        ("intacct.test", "web page", "proxy"),
    ),
    Case(
        "a web page instead of the platform",
        "field",
        faulty("servicetitan", action="html_body", match={"path": "/[cjs]*/v2/*"}),
        clear("servicetitan"),
        "servicetitan.page",
        DEGRADED,
        ("web page", "proxy"),
    ),
    Case(
        "sessions that end at once",
        "books",
        faulty("intacct", action="expire_session"),
        clear("intacct"),
        "intacct.expired-session",
        DEGRADED,
        ("session", "ws-user"),
    ),
    Case(
        "tokens that end at once",
        "field",
        faulty("servicetitan", action="expire_session"),
        clear("servicetitan"),
        "servicetitan.app-key",
        AUTH,
        ("app key", "access token"),
    ),
    Case(
        "a rate limit of the books that says how long",
        "books",
        faulty("intacct", action="http_status", status=429, seconds=20),
        clear("intacct"),
        "intacct.rate-limit",
        DEGRADED,
        ("SANDBOX", "by itself"),
    ),
    Case(
        "a rate limit of the books that does not say how long",
        "books",
        faulty("intacct", action="http_status", status=429),
        clear("intacct"),
        "intacct.rate-limit",
        DEGRADED,
        ("SANDBOX", "by itself"),
    ),
    Case(
        "a rate limit of the platform that says how long",
        "field",
        faulty("servicetitan", action="http_status", status=429, seconds=20),
        clear("servicetitan"),
        "servicetitan.rate",
        DEGRADED,
        ("no more calls", "by itself"),
    ),
    Case(
        "a rate limit of the platform that does not say how long",
        "field",
        faulty("servicetitan", action="http_status", status=429),
        clear("servicetitan"),
        "servicetitan.rate",
        DEGRADED,
        ("no more calls", "by itself"),
    ),
    Case(
        "a wrong client secret",
        "field",
        save("servicetitan", "field", client_secret="mistyped"),
        save("servicetitan", "field", client_secret="st-secret"),
        "servicetitan.credentials",
        AUTH,
        ("client ID", "client secret", "API Application Access"),
    ),
    Case(
        "a wrong app key",
        "field",
        save("servicetitan", "field", app_key="mistyped"),
        save("servicetitan", "field", app_key="st-app-key"),
        "servicetitan.app-key",
        AUTH,
        ("app key", "developer portal"),
    ),
    Case(
        "another tenant than the client's",
        "field",
        save("servicetitan", "field", tenant="1000002"),
        save("servicetitan", "field", tenant="1000001"),
        "servicetitan.other-tenant",
        AUTH,
        ("another ServiceTitan tenant", "tenant ID"),
    ),
    Case(
        "a tenant that the app is not connected to",
        "field",
        faulty("servicetitan", action="http_status", status=403, match={"path": "/[cjs]*/v2/*"}),
        clear("servicetitan"),
        "servicetitan.forbidden",
        DEGRADED,
        ("not connected to the tenant", "403"),
    ),
)
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))


@dataclass
class Scene:
    """What there was before the trouble began, and what has happened in the field since."""

    integration: Integration
    second: Integration
    began: Any
    arrived: set[str]
    polled: str
    late: str
    waiting: list[Ref]
    second_job: str


def scene(world: Trouble, case: Case) -> Scene:
    """Everything in step; then new things in the field, one of them read already; then the trouble."""
    integration, second = world.connect(), world.connect_second()
    customer = world.new_customer("Ashby Farm")
    barn = world.new_project(customer, "Barn")
    first = world.new_job(customer, barn)
    world.run_until_quiet(hours=1)
    assert {connection.state for connection in Connection.objects.all()} == {ConnectionState.CONNECTED}
    arrived = set(world.projects())
    assert arrived == {f"P-{barn['number']}", first["jobNumber"]}
    field = Connection.objects.get(name="field")
    polled = world.new_job(customer, barn)
    poll(world.runtime, field)
    late = world.new_job(customer, barn)
    with world.at_second():
        of_second = world.new_job(world.new_customer("Hollis & Daughters"))
    case.begin(world)
    began = world.clock.now()
    waiting = [Ref("job", str(late["id"])), Ref("job", str(first["id"]))]
    mark(field, waiting, reason="webhook", now=began)
    return Scene(integration, second, began, arrived, polled["jobNumber"], late["jobNumber"], waiting, f"S-{of_second['jobNumber']}")


def status(world: World, name: str) -> ConnectionStatus:
    return next(each for each in overview(world.clock.now()).connections if each.name == name)


def told(name: str, since: Any) -> list[Journal]:
    """What the log says of a connection since a moment."""
    return list(Journal.objects.filter(company__name=name, at__gte=since, event__startswith="connection").order_by("at", "id"))


def holds_no_secret(*texts: str) -> None:
    for secret in SECRETS:
        assert not any(secret in text for text in texts), secret


@EACH
def test_the_preflight_check_says_in_one_sentence_what_is_wrong_and_what_to_do(
    world: Trouble, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.connect()
    connection = Connection.objects.get(name=case.where)
    assert all(line.ok for line in connections.check(world.runtime, connection))
    case.begin(world)
    world.clock.advance(1000)
    connection.refresh_from_db()
    failing = [line for line in connections.check(world.runtime, connection) if not line.ok]
    assert failing[0].code == case.code
    sentence = f"{failing[0].detail} {failing[0].cure}"
    for words in case.checked or case.says:
        assert words in sentence
    assert failing[0].cure.endswith(".")
    assert {line.code for line in failing} == {case.code}
    case.end(world)
    world.clock.advance(60)
    connection.refresh_from_db()
    assert all(line.ok for line in connections.check(world.runtime, connection))
    holds_no_secret(sentence, caplog.text)


@EACH
def test_one_entry_one_state_one_pause_and_then_it_goes_on_by_itself(world: Trouble, case: Case, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = scene(world, case)
    world.run(180, pause=5)

    entries = [entry for entry in told(case.where, made.began) if entry.event != "connection changed"]
    assert [(entry.event, entry.level, entry.code) for entry in entries] == [("connection failed", Level.ERROR, case.code)]
    shown = status(world, case.where)
    connection = Connection.objects.get(name=case.where)
    assert (connection.state, connection.state_code) == (case.state, case.code)
    assert (shown.state, shown.code, shown.cause) == (case.state, case.code, connection.state_text)
    assert not shown.is_well
    assert shown.next_try is not None
    for words in case.says:
        assert words in connection.state_text
        assert words in entries[0].text
    assert entries[0].name == case.where

    nothing_is_lost(made)
    only_what_must_pause_pauses(world, case, made)

    case.end(world)
    goes_on(world, case, made)
    held = [caplog.text, *Journal.objects.values_list("text", flat=True), *Connection.objects.values_list("state_text", flat=True)]
    holds_no_secret(*held, *Problem.objects.values_list("detail", flat=True), repr(world.runtime.systems.of(connection)))


def nothing_is_lost(made: Scene) -> None:
    """What was hinted is still hinted or was worked off, and nothing counts as an attempt."""
    assert not Hint.objects.exclude(attempts=0).exists()
    late = made.waiting[0]
    assert Hint.objects.filter(kind=late.kind, remote_id=late.id).exists()
    assert Problem.objects.filter(cleared_at=None).count() <= 1  # one kind may be told as such, its records never
    assert not Intent.objects.filter(state=IntentState.REFUSED).exists()


def only_what_must_pause_pauses(world: Trouble, case: Case, made: Scene) -> None:
    """Without the books nothing can be written; without one platform account, all goes on that needs no call to it."""
    now_there = set(world.projects()) - made.arrived
    if case.where == "books":
        assert now_there == set()
        assert status(world, "field").is_well
    else:
        assert now_there == {made.polled, made.second_job}
        assert status(world, "books").is_well
    assert status(world, "second").is_well


def goes_on(world: Trouble, case: Case, made: Scene) -> None:
    """Within two minutes of the cure all is done, both sides agree, and nothing was made twice."""
    cured = world.clock.now()
    world.run(120, pause=5)
    assert set(world.projects()) == made.arrived | {made.polled, made.late, made.second_job}
    assert status(world, case.where).is_well
    assert status(world, case.where).cause == ""
    assert [entry.event for entry in told(case.where, cured) if entry.event != "connection changed"] == ["connection recovered"]
    world.run_until_quiet(hours=1)
    assert not Problem.objects.filter(cleared_at=None).exists()
    for integration in (made.integration, made.second):
        assert tieout.run(world.runtime, Integration.objects.get(pk=integration.pk)).agreed
    rows = len(world.projects()) + len(world.customers())
    assert world.control("intacct", "GET", "meter")["by_function"]["create"] == rows


def test_a_kind_that_may_not_be_read_is_one_problem_and_stops_no_other_kind(world: Trouble) -> None:
    integration = world.connect()
    customer = world.new_customer("Ashby Farm")
    world.run_until_quiet(hours=1)
    reads = ("GET jpm/jobs", "GET jpm/export/jobs")
    world.control(
        "servicetitan", "POST", "faults", [{"match": {"function": each}, "action": "http_status", "status": 403} for each in reads]
    )
    barn = world.new_project(customer, "Barn")
    jobs = [world.new_job(customer, barn) for _ in range(5)]
    began = world.clock.now()
    mark(integration.platform, [Ref("job", str(job["id"])) for job in jobs], reason="webhook", now=began)
    world.run(300)
    assert set(world.projects()) == {f"P-{barn['number']}"}
    (problem,) = Problem.objects.filter(cleared_at=None)
    assert (problem.code, problem.subject_kind, problem.subject_id) == ("servicetitan.forbidden", "job", "")
    assert "scopes" in problem.next_step
    assert told("field", began) == []
    assert status(world, "field").is_well
    world.control("servicetitan", "DELETE", "faults")
    world.run(120)
    assert set(world.projects()) == {f"P-{barn['number']}", *(job["jobNumber"] for job in jobs)}
    assert not Problem.objects.filter(cleared_at=None).exists()
    assert tieout.run(world.runtime, integration).agreed


@pytest.mark.parametrize(("emulator", "where"), [("intacct", "books"), ("servicetitan", "field")])
def test_a_session_that_ends_once_is_renewed_and_nobody_hears_of_it(world: Trouble, emulator: str, where: str) -> None:
    world.connect()
    world.new_job(world.new_customer("Ashby Farm"))
    world.run_until_quiet(hours=1)
    began = world.clock.now()
    for _ in range(5):
        world.control(emulator, "POST", "faults", [{"match": {"times": 1}, "action": "expire_session"}])
        world.run(70, pause=10)
    assert told(where, began) == []
    assert status(world, where).is_well


@pytest.mark.parametrize(("emulator", "where"), [("intacct", "books"), ("servicetitan", "field")])
def test_a_pause_that_was_asked_for_is_kept(world: Trouble, emulator: str, where: str) -> None:
    world.connect()
    world.new_job(world.new_customer("Ashby Farm"))
    world.run_until_quiet(hours=1)
    world.control(emulator, "POST", "faults", [{"action": "http_status", "status": 429, "seconds": 600}])
    before = world.control(emulator, "GET", "meter")["requests"]
    world.run(590, pause=10)
    asked = world.control(emulator, "GET", "meter")["requests"] - before
    assert asked <= 2
    world.control(emulator, "DELETE", "faults")
    world.run(120, pause=10)
    assert status(world, where).is_well


def test_no_connection_is_asked_more_often_than_every_half_minute_while_it_lasts(world: Trouble) -> None:
    world.connect()
    world.new_job(world.new_customer("Ashby Farm"))
    world.run_until_quiet(hours=1)
    customer = world.new_customer("Hollis & Daughters")
    for _ in range(5):
        world.new_job(customer)
    world.control("intacct", "PUT", "settings", {"sender_password": "changed"})
    before = world.control("intacct", "GET", "meter")["requests"]
    world.run(600, pause=2)
    assert world.control("intacct", "GET", "meter")["requests"] - before <= 600 / 30 + 6


def test_credentials_saved_anew_are_tried_at_once(world: Trouble) -> None:
    world.connect()
    world.save("intacct", "books", user_password="mistyped")
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(200)
    assert world.projects() == {}
    world.save("intacct", "books", user_password=INTACCT["user_password"])
    world.run(5)
    assert job["jobNumber"] in world.projects()


def test_calls_that_our_own_pacing_holds_back_wait_without_an_error(world: World) -> None:
    integration = world.connect()
    paced = Fault(FaultCase("field.paced", "Held back.", "Wait.", Actor.NOBODY, Scope.CONNECTION, sign=Sign.HELD_BACK), retry_after=2)
    until = health.failed(integration.platform, paced, world.clock.now())
    stored = Connection.objects.get(pk=integration.platform_id)
    assert stored.retry_at == until == world.clock.now() + timedelta(seconds=2)
    assert stored.state != ConnectionState.DEGRADED
    assert not Journal.objects.filter(code="field.paced").exists()
