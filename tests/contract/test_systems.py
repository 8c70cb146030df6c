"""One contract for every implementation of `tieout.core.ports.System`, each against its emulator over real HTTP.

A new platform is one entry in `IMPLEMENTATIONS` with its workshop: the vendor's own way to make and rename a record.
The clock is the emulator's, held in the test's hand and given to the adapter, so that nothing here sleeps.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import httpx
import pytest

from tieout.core.platform import Vendor
from tieout.core.ports import Check, Effect, Fault, Outcome, Page, Probe, System, Trace, Usage, Verb, Write
from tieout.core.record import Record, Ref
from tieout.intacct.client import Client, Credentials
from tieout.intacct.connection import IntacctSystem
from tieout.intacct.reader import Pace
from tieout.platforms import sage_psa
from tieout.platforms.registry import vendor
from tieout.sandbox.run import Running, start

START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


class IntacctWorkshop:
    """Makes and renames projects as another application of the company would, in raw XML."""

    def __init__(self, running: Running) -> None:
        self.http = httpx.Client(verify=False, base_url=running.url)

    def make(self, name: str) -> str:
        number = f"P-{uuid4().hex[:8]}"
        row = {"PROJECTID": number, "NAME": name, "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
        return str(self.http.post("/_sandbox/objects/PROJECT", json=row).raise_for_status().json()["RECORDNO"])

    def rename(self, id_: str, name: str) -> None:
        body = f"<update><PROJECT><RECORDNO>{id_}</RECORDNO><NAME>{escape(name)}</NAME></PROJECT></update>"
        login = "<login><userid>ws-user</userid><companyid>SANDBOX</companyid><password>ws-user-pw</password></login>"
        control = (
            "<senderid>sandbox-sender</senderid><password>sandbox-sender-pw</password><controlid>c</controlid>"
            "<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion>"
        )
        content = f"<content><function controlid='f'>{body}</function></content>"
        text = f"<request><control>{control}</control><operation><authentication>{login}</authentication>{content}</operation></request>"
        answer = self.http.post("/ia/xml/xmlgw.phtml", content=text, headers={"Content-Type": "application/xml"})
        assert answer.text.count("<status>success</status>") == 3

    def names(self) -> dict[str, str]:
        return {row["RECORDNO"]: row["NAME"] for row in self.http.get("/_sandbox/objects/PROJECT").json()}


class ServiceTitanWorkshop:
    """Makes and renames projects through the vendor's own API."""

    def __init__(self, running: Running) -> None:
        self.http = httpx.Client(verify=False, base_url=running.url)
        asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
        running.emulator.settings.update({"session_lifetime_s": 10_000_000, "rate_limit_per_s": 0})
        token = self.http.post("/connect/token", data=asked).json()["access_token"]
        self.http.headers.update({"Authorization": f"Bearer {token}", "ST-App-Key": "st-app-key"})
        running.emulator.settings.update({"session_lifetime_s": 900, "rate_limit_per_s": 60})
        address = {"street": "12 Mill Lane", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}
        given = {"name": "Ashby", "type": "Residential", "address": address, "locations": [{"name": "Ashby", "address": address}]}
        customer = self._call("POST", "crm", "customers", given)
        self.location = self._call("GET", "crm", f"locations?customerId={customer['id']}", None)["data"][0]["id"]
        self.settings = running.emulator.settings

    def _call(self, method: str, area: str, path: str, body: Any) -> Any:
        return self.http.request(method, f"/{area}/v2/tenant/1000001/{path}", json=body).raise_for_status().json()

    def make(self, name: str) -> str:
        self.settings.update({"rate_limit_per_s": 0})
        return str(self._call("POST", "jpm", "projects", {"locationId": self.location, "name": name})["id"])

    def rename(self, id_: str, name: str) -> None:
        self._call("PATCH", "jpm", f"projects/{id_}", {"name": name})

    def names(self) -> dict[str, str]:
        return {str(row["id"]): row["name"] for row in self.http.get("/_sandbox/objects/projects").json()}


class SagePsaWorkshop:
    """Makes and renames projects as a person does in the product's own pages, and through the vendor's own API."""

    def __init__(self, running: Running) -> None:
        self.http = httpx.Client(verify=False, base_url=running.url, headers={"X-FORECAST-API-KEY": "psa-key"})

    def make(self, name: str) -> str:
        body = {"name": name, "custom_project_id": f"P-{uuid4().hex[:8]}"}
        return str(self.http.post("/_sandbox/objects/projects", json=body).raise_for_status().json()["id"])

    def rename(self, id_: str, name: str) -> None:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        self.http.put(f"/api/v1/projects/{id_}", json={"name": name}, headers=headers).raise_for_status()

    def names(self) -> dict[str, str]:
        return {str(row["id"]): row["name"] for row in self.http.get("/_sandbox/objects/projects").json()}


def intacct_values(url: str) -> dict[str, Any]:
    return {
        "company_id": "SANDBOX",
        "sender_id": "sandbox-sender",
        "sender_password": "sandbox-sender-pw",
        "user_id": "ws-user",
        "user_password": "ws-user-pw",
        "endpoint": f"{url}/ia/xml/xmlgw.phtml",
    }


def servicetitan_values(url: str) -> dict[str, Any]:
    keys = {"tenant": "1000001", "client_id": "st-client", "client_secret": "st-secret", "app_key": "st-app-key"}
    return {**keys, "auth_url": url, "api_url": url}


def sage_psa_values(url: str) -> dict[str, Any]:
    return {"api_key": "psa-key", "base_url": url, "api_person": "101"}


def intacct_in_small_pages(running: Running) -> System:
    """The same adapter with pages of five: real ones hold two thousand."""
    clock = running.emulator.clock
    values = intacct_values(running.url)
    names = ("company_id", "sender_id", "sender_password", "user_id", "user_password", "endpoint")
    client = Client(Credentials(*(values[name] for name in names)), clock=clock)
    return IntacctSystem(client, clock=clock, pace=Pace(page_size=5))


def servicetitan_in_small_pages(running: Running) -> System:
    running.emulator.settings.update({"export_page_size": 5})
    return vendor("servicetitan").connect(servicetitan_values(running.url), clock=running.emulator.clock)


def sage_psa_as_it_is(running: Running) -> System:
    """Its lists have no pages."""
    return sage_psa.connect(sage_psa_values(running.url), clock=running.emulator.clock)


@dataclass(frozen=True)
class Implementation:
    """How the suite meets one implementation.

    `kind` is what the workshop makes, `name` the field that it renames; `new` gives the fields of a create, None if the
    system is only read. `cut` is the emulator's name for the call that creates one; `enforced` says that the vendor itself
    keeps a call that a probe did not find from being executed later. `without` are the faults that the vendor never takes back.
    """

    vendor: Vendor
    values: Callable[[str], dict[str, Any]]
    workshop: Callable[[Running], Any]
    small_pages: Callable[[Running], System]
    kind: str
    name: str
    editor: bool
    bills: bool
    secrets: Sequence[str]
    new: Callable[[str], Mapping[str, Any]] | None = None
    key: str = ""
    cut: str = "create"
    enforced: bool = True
    without: frozenset[str] = frozenset()

    @property
    def system(self) -> str:
        return self.vendor.name


IMPLEMENTATIONS = (
    Implementation(
        vendor("intacct"),
        intacct_values,
        IntacctWorkshop,
        intacct_in_small_pages,
        kind="PROJECT",
        name="NAME",
        editor=True,
        bills=True,
        secrets=("sandbox-sender-pw", "ws-user-pw", r"[A-Za-z0-9_-]{43}\.\."),
        new=lambda number: {"PROJECTID": number, "NAME": f"Work {number}", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"},
        key="PROJECTID",
    ),
    Implementation(
        vendor("servicetitan"),
        servicetitan_values,
        ServiceTitanWorkshop,
        servicetitan_in_small_pages,
        kind="project",
        name="name",
        editor=False,
        bills=False,
        secrets=("st-secret", "st-app-key", r"eyJ[A-Za-z0-9_-]{20}"),
    ),
    Implementation(
        Vendor("sage-psa", "Sage PSA", sage_psa.CONNECTION, sage_psa.connect, sage_psa.environment_of),
        sage_psa_values,
        SagePsaWorkshop,
        sage_psa_as_it_is,
        kind="project",
        name="name",
        editor=True,
        bills=False,
        secrets=("psa-key",),
        new=lambda number: {"custom_project_id": number, "name": f"Work {number}"},
        key="custom_project_id",
        cut="POST v1/projects",
        enforced=False,
        without=frozenset({"expire_session"}),  # it deactivates the key, and only a person makes another
    ),
)
FAULTS: Sequence[Mapping[str, Any]] = (
    {"action": "delay", "seconds": 400},
    {"action": "refuse"},
    {"action": "refuse", "status": 409},
    {"action": "http_status", "status": 302},
    {"action": "http_status", "status": 400},
    {"action": "http_status", "status": 401},
    {"action": "http_status", "status": 403},
    {"action": "http_status", "status": 404},
    {"action": "http_status", "status": 418},
    {"action": "http_status", "status": 429, "seconds": 3},
    {"action": "http_status", "status": 429},
    {"action": "http_status", "status": 500},
    {"action": "http_status", "status": 503},
    {"action": "http_status", "status": 524},
    {"action": "html_body"},
    {"action": "html_body", "status": 502},
    {"action": "cut_before_commit"},
    {"action": "cut_after_commit"},
    {"action": "finish_after_cut", "seconds": 20},
    {"action": "expire_session"},
)


@dataclass
class Bench:
    """One implementation, its emulator and its workshop."""

    of: Implementation
    running: Running
    system: System
    shop: Any
    said: list[object] = field(default_factory=list)

    @property
    def clock(self) -> Any:
        return self.running.emulator.clock

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = httpx.request(method, f"{self.running.url}/_sandbox/{path}", json=body).raise_for_status()
        return answer.json() if answer.content else None

    def call(self, do: Callable[[System], Any]) -> Any:
        """Call; wait as often as the system or its adapter says so."""
        for _ in range(40):
            self.clock.advance(1)
            try:
                return do(self.system)
            except Fault as fault:
                if fault.retry_after is None:
                    raise
                self.clock.advance(fault.retry_after + 1)
        raise AssertionError("it never stops telling us to wait")

    def attempt(self, do: Callable[[System], Any]) -> Any:
        """Call; a fault is an answer too. Anything else fails the test by itself."""
        self.clock.advance(30)
        try:
            answer = do(self.system)
        except Fault as fault:
            answer = fault
        self.said.append(answer)
        return answer

    def read_to_the_end(self, cursor: Any, seen: dict[str, str], most: int = 200) -> Any:
        """Follow the pages until none is ready; the cursor goes through JSON each time."""
        for _ in range(most):
            asked = cursor
            page = self.call(lambda system, asked=asked: system.changes(self.of.kind, asked))
            assert page.read_at <= self.clock.now()
            for record in page.records:
                assert record.kind == self.of.kind
                seen[record.id] = str(record.fields[self.of.name])
            cursor = json.loads(json.dumps(page.cursor))
            if not page.more:
                return cursor
        raise AssertionError("the pages do not end")

    def create(self) -> Write:
        assert self.of.new is not None
        number = f"W-{uuid4().hex[:8]}"
        return Write(str(uuid4()), Verb.CREATE, self.of.kind, self.of.new(number), "100", natural_key=number)

    def rename(self, record: Record, name: str) -> Write:
        before = {self.of.name: record.fields[self.of.name]}
        key = record.natural_key
        return Write(str(uuid4()), Verb.UPDATE, self.of.kind, {self.of.name: name}, record.entity, record.id, key, before)

    def any_write(self, id_: str) -> Write:
        if self.of.new is not None:
            return self.create()
        return Write(str(uuid4()), Verb.UPDATE, self.of.kind, {self.of.name: "x"}, target=id_)


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda each: each.system)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    of: Implementation = request.param
    (running,) = start([of.system], world="empty").values()
    with running:
        running.emulator.clock.set(START)
        system = of.vendor.connect(of.values(running.url), clock=running.emulator.clock)
        shop = of.workshop(running)
        made = Bench(of, running, system, shop)
        yield made
        shop.http.close()
        made.system.close()


@pytest.fixture
def writing(bench: Bench) -> Bench:
    """Only the implementations that write; for the others the refusal has a test of its own."""
    return bench


def writers_only() -> Any:
    writers = [each for each in IMPLEMENTATIONS if each.new is not None]
    return pytest.mark.parametrize("bench", writers, indirect=True, ids=lambda each: each.system)


# changes


def test_no_record_is_skipped_while_others_make_and_change_records(bench: Bench) -> None:
    bench.system.close()
    bench.system = bench.of.small_pages(bench.running)
    ids = [bench.shop.make(f"first {number}") for number in range(12)]
    done = threading.Event()

    def others() -> None:
        try:
            for turn in range(30):
                bench.clock.advance(0.4)
                bench.shop.rename(ids[(turn * 7) % len(ids)], f"turn {turn}")
                ids.append(bench.shop.make(f"made {turn}"))
        finally:
            done.set()

    busy = threading.Thread(target=others)
    busy.start()
    seen: dict[str, str] = {}
    cursor = None
    while not done.is_set():
        cursor = bench.read_to_the_end(cursor, seen)
    busy.join()
    for _ in range(3):
        bench.clock.advance(120)
        cursor = bench.read_to_the_end(cursor, seen)
    assert len(ids) == 42
    assert seen == bench.shop.names()


def test_a_page_that_is_asked_for_again_gives_at_least_the_same_records(bench: Bench) -> None:
    bench.system.close()
    bench.system = bench.of.small_pages(bench.running)
    ids = {bench.shop.make(f"number {number}") for number in range(12)}
    first = bench.call(lambda system: system.changes(bench.of.kind, None))
    again = bench.call(lambda system: system.changes(bench.of.kind, None))
    assert {record.id for record in first.records} <= {record.id for record in again.records}
    cursor = json.loads(json.dumps(first.cursor))
    for _ in range(2):  # as after a crash between the page and the saving of its cursor
        seen = {record.id: "" for record in first.records}
        bench.read_to_the_end(cursor, seen)
        assert set(seen) == ids


def test_a_change_after_the_last_page_is_on_the_next(bench: Bench) -> None:
    id_ = bench.shop.make("before")
    seen: dict[str, str] = {}
    cursor = bench.read_to_the_end(None, seen)
    bench.clock.advance(600)
    cursor = bench.read_to_the_end(cursor, seen)
    bench.shop.rename(id_, "after")
    bench.read_to_the_end(cursor, seen)
    assert seen == {id_: "after"}


# read and find


def test_a_record_that_is_not_there_is_left_out_of_what_is_read(bench: Bench) -> None:
    there = Ref(bench.of.kind, bench.shop.make("here"))
    gone = Ref(bench.of.kind, "999999")
    found = bench.call(lambda system: system.read([gone, there]))
    assert set(found) == {there}
    assert found[there].ref == there
    assert found[there].fields[bench.of.name] == "here"
    assert bench.call(lambda system: system.read([])) == {}


def test_records_are_found_by_their_natural_key_and_no_others(bench: Bench) -> None:
    ids = [bench.shop.make(f"number {number}") for number in range(3)]
    records = bench.call(lambda system: system.read([Ref(bench.of.kind, id_) for id_ in ids])).values()
    keys = [record.natural_key for record in records]
    found = bench.call(lambda system: system.find(bench.of.kind, [*keys[:2], "no such number"]))
    assert {key: record.id for key, record in found.items()} == {keys[0]: ids[0], keys[1]: ids[1]}
    assert bench.call(lambda system: system.find(bench.of.kind, [])) == {}


# write and probe


@writers_only()
def test_created_and_updated_records_are_done_and_there(bench: Bench) -> None:
    writes = [bench.create() for _ in range(3)]
    made = bench.call(lambda system: system.write(writes))
    assert [(outcome.effect, outcome.natural_key) for outcome in made] == [(Effect.DONE, write.natural_key) for write in writes]
    records = bench.call(lambda system: system.read([Ref(bench.of.kind, outcome.id) for outcome in made]))
    first = records[Ref(bench.of.kind, made[0].id)]
    (changed,) = bench.call(lambda system: system.write([bench.rename(first, "Renamed & <kept>")]))
    assert (changed.effect, changed.id) == (Effect.DONE, first.id)
    assert bench.shop.names()[first.id] == "Renamed & <kept>"
    assert len(bench.shop.names()) == 3


@writers_only()
def test_one_refused_write_does_not_touch_the_others_of_its_batch(bench: Bench) -> None:
    taken = bench.create()
    bench.call(lambda system: system.write([taken]))
    batch = [bench.create(), replace(taken, key=str(uuid4())), bench.create()]
    outcomes = bench.call(lambda system: system.write(batch))
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE, Effect.REFUSED, Effect.DONE]
    assert outcomes[1].fault is not None
    assert outcomes[1].fault.effect is Effect.REFUSED
    assert len(bench.shop.names()) == 3


@writers_only()
def test_the_same_key_is_never_executed_twice(bench: Bench) -> None:
    write = bench.create()
    bench.call(lambda system: system.write([write]))
    (again,) = bench.call(lambda system: system.write([write]))
    assert again.effect is Effect.UNKNOWN
    assert len(bench.shop.names()) == 1


@pytest.mark.parametrize("bench", [each for each in IMPLEMENTATIONS if each.new is None], indirect=True, ids=lambda each: each.system)
def test_a_system_that_is_only_read_refuses_every_write_and_changes_nothing(bench: Bench) -> None:
    id_ = bench.shop.make("as it was")
    before = bench.control("GET", "meter")["requests"]
    (outcome,) = bench.system.write([bench.any_write(id_)])
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert "read" in str(outcome.fault)
    assert bench.system.probe([bench.any_write(id_)])[0].trace is Trace.ABSENT
    assert bench.shop.names() == {id_: "as it was"}
    assert bench.control("GET", "meter")["requests"] == before


@writers_only()
def test_a_probe_tells_the_target_from_nothing_and_from_something_else(bench: Bench) -> None:
    there, absent, foreign = bench.create(), bench.create(), bench.create()
    theirs = replace(foreign, key=str(uuid4()), fields={**foreign.fields, bench.of.name: "somebody else's"})
    bench.call(lambda system: system.write([there, theirs]))
    traces = bench.call(lambda system: system.probe([absent, there, foreign]))
    assert [probe.trace for probe in traces] == [Trace.ABSENT, Trace.EQUAL, Trace.OTHER]
    assert traces[0].enforced is bench.of.enforced
    assert traces[1].record is not None
    record = traces[1].record
    rename = bench.rename(record, "new name")
    assert bench.call(lambda system: system.probe([rename]))[0].trace is Trace.ABSENT
    bench.shop.rename(record.id, "a third name")
    assert bench.call(lambda system: system.probe([rename]))[0].trace is Trace.OTHER
    bench.shop.rename(record.id, "new name")
    assert bench.call(lambda system: system.probe([rename]))[0].trace is Trace.EQUAL


@writers_only()
@pytest.mark.parametrize(
    ("action", "trace"), [("cut_before_commit", Trace.ABSENT), ("cut_after_commit", Trace.EQUAL), ("finish_after_cut", Trace.EQUAL)]
)
def test_a_probe_finds_out_what_became_of_a_cut_write(bench: Bench, action: str, trace: Trace) -> None:
    bench.control("POST", "faults", [{"match": {"function": bench.of.cut, "times": 1}, "action": action, "seconds": 20}])
    write = bench.create()
    (cut,) = bench.system.write([write])
    assert cut.effect is Effect.UNKNOWN
    bench.clock.advance(30)
    (probe,) = bench.call(lambda system: system.probe([write]))
    assert probe.trace is trace
    assert len(bench.shop.names()) == (trace is Trace.EQUAL)


# check, usage, editor


def test_every_line_of_the_preflight_check_is_well_when_all_is_well(bench: Bench) -> None:
    lines = bench.call(lambda system: system.check())
    assert len(lines) >= 4
    assert len({line.name for line in lines}) == len(lines)
    assert all(line.ok and line.detail for line in lines), lines


def test_a_failing_line_comes_first_among_the_failing_and_says_what_to_do(bench: Bench) -> None:
    bench.control("POST", "faults", [{"action": "html_body"}])
    failing = [line for line in bench.call(lambda system: system.check()) if not line.ok]
    assert failing
    assert failing[0].code.startswith(bench.of.system)
    assert failing[0].detail
    assert failing[0].cure.endswith(".")


def test_usage_counts_what_the_systems_own_meter_counts(bench: Bench) -> None:
    ids = [bench.shop.make(f"number {number}") for number in range(3)]
    bench.control("DELETE", "meter")
    assert bench.system.usage() == Usage()
    bench.read_to_the_end(None, {})
    bench.call(lambda system: system.read([Ref(bench.of.kind, id_) for id_ in ids]))
    bench.call(lambda system: system.find(bench.of.kind, ["no such number"]))
    bench.call(lambda system: system.check())
    bench.call(lambda system: system.editor())
    if bench.of.new is not None:
        bench.call(lambda system: system.write([bench.create() for _ in range(5)]))
        bench.call(lambda system: system.probe([bench.create()]))
    meter = bench.control("GET", "meter")
    assert bench.system.usage().requests == meter["requests"]
    assert bench.system.usage().transactions == (meter["transactions"] if bench.of.bills else 0)


def test_the_editor_is_the_one_our_own_writes_carry(bench: Bench) -> None:
    editor = bench.call(lambda system: system.editor())
    assert bool(editor) is bench.of.editor
    if bench.of.new is not None:
        (made,) = bench.call(lambda system: system.write([bench.create()]))
        ref = Ref(bench.of.kind, made.id)
        assert bench.call(lambda system: system.read([ref]))[ref].modified_by == editor


# faults and secrets


@pytest.mark.parametrize(
    ("bench", "fault"),
    [(each, fault) for each in IMPLEMENTATIONS for fault in FAULTS if fault["action"] not in each.without],
    indirect=["bench"],
    ids=lambda each: each.system if isinstance(each, Implementation) else "-".join(str(part) for part in each.values()),
)
def test_a_fault_gives_a_fault_or_an_outcome_and_afterwards_all_is_as_before(
    bench: Bench, fault: Mapping[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id_ = bench.shop.make("as it was")
    ref = Ref(bench.of.kind, id_)
    if fault.get("status") != 401:  # with a session as well as without one
        bench.call(lambda system: system.read([ref]))
    bench.control("POST", "faults", [fault])
    write = bench.any_write(id_)
    outcomes = bench.attempt(lambda system: system.write([write]))
    answers = [
        outcomes,
        bench.attempt(lambda system: system.changes(bench.of.kind, None)),
        bench.attempt(lambda system: system.read([ref])),
        bench.attempt(lambda system: system.find(bench.of.kind, ["P-1"])),
        bench.attempt(lambda system: system.probe([write])),
        bench.attempt(lambda system: system.check()),
        bench.attempt(lambda system: system.editor()),
    ]
    for shape, answer in zip((list, Page, Mapping, Mapping, list, list, str), answers, strict=True):
        assert isinstance(answer, (Fault, shape))
    bench.control("DELETE", "faults")
    bench.clock.advance(3600)
    assert bench.call(lambda system: system.read([ref]))[ref].fields[bench.of.name] == "as it was"
    _what_is_said_is_true(bench, write, outcomes)
    _is_well_worded(bench, [each for each in answers if isinstance(each, Fault)])
    _holds_no_secret(bench, caplog.text)


def _what_is_said_is_true(bench: Bench, write: Write, outcomes: Sequence[Outcome] | Fault) -> None:
    effect = outcomes.effect if isinstance(outcomes, Fault) else outcomes[0].effect
    is_there = len(bench.shop.names()) == 2
    if effect in (Effect.NOT_SENT, Effect.REFUSED):
        assert not is_there
    elif effect is Effect.DONE:
        assert is_there
    if not isinstance(outcomes, Fault) and effect is not Effect.DONE:
        assert outcomes[0].fault is not None
        _is_well_worded(bench, [outcomes[0].fault])


def _is_well_worded(bench: Bench, faults: Sequence[Fault]) -> None:
    for fault in faults:
        assert fault.case.code.startswith(f"{bench.of.system}.")
        assert fault.case.cause.endswith(".")
        assert fault.case.next_step.endswith(".")
        assert str(fault).startswith(fault.case.cause.rstrip("."))
        assert "{" not in str(fault)
        assert fault.retry_after is None or fault.retry_after >= 0


def _holds_no_secret(bench: Bench, logged: str) -> None:
    parts: list[object] = [bench.system, *bench.said]
    for said in bench.said:
        parts += said if isinstance(said, list) else []
        parts += [said.case, said.detail, said.args, said.__cause__, said.__context__] if isinstance(said, Fault) else []
    parts += [part.fault for part in parts if isinstance(part, Outcome) and part.fault is not None]
    parts += [getattr(bench.system, name, "") for name in ("client", "_client")]
    text = "\n".join([logged, *(f"{part!r}\n{part!s}" for part in parts)])
    for secret in bench.of.secrets:
        assert not re.search(secret, text), secret


def test_nothing_that_can_be_printed_holds_a_secret(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    id_ = bench.shop.make("one")
    bench.said += [
        bench.call(lambda system: system.changes(bench.of.kind, None)),
        bench.call(lambda system: list(system.check())),
        bench.call(lambda system: list(system.write([bench.any_write(id_)]))),
    ]
    secret = next(setting.name for setting in bench.of.vendor.connection if setting.kind.value == "secret")
    wrong = {**bench.of.values(bench.running.url), secret: bench.of.secrets[0] + "-mistyped"}
    bench.system.close()
    bench.system = bench.of.vendor.connect(wrong, clock=bench.clock)
    bench.said += [bench.attempt(lambda system: system.read([Ref(bench.of.kind, id_)])), bench.attempt(lambda system: list(system.check()))]
    assert isinstance(bench.said[-2], Fault)
    assert isinstance(bench.said[-1][0], Check)
    _holds_no_secret(bench, caplog.text)


def test_a_host_that_does_not_exist_or_does_not_answer_is_a_fault(bench: Bench) -> None:
    bench.running.server.stop()
    bench.clock.advance(timedelta(hours=1).total_seconds())
    fault = bench.attempt(lambda system: system.read([Ref(bench.of.kind, "1")]))
    assert isinstance(fault, Fault)
    assert fault.case.code == f"{bench.of.system}.unreachable"
    assert "127.0.0.1" in str(fault)
    assert fault.effect is Effect.NOT_SENT


def test_probes_and_outcomes_come_in_the_order_of_the_writes(bench: Bench) -> None:
    id_ = bench.shop.make("one")
    writes = [bench.any_write(id_) for _ in range(7)]
    outcomes = bench.call(lambda system: system.write(writes))
    probes = bench.call(lambda system: system.probe(writes))
    assert len(outcomes) == len(probes) == 7
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    assert all(isinstance(probe, Probe) for probe in probes)
    if bench.of.new is not None:
        assert [probe.record.natural_key for probe in probes if probe.record] == [write.natural_key for write in writes]
    assert bench.system.probe([]) == []
