"""A slot prepares its next batch while one is on the wire (decision 0008), and keeps every promise while it does."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.in_process import InProcess
from tests.journey.host.waiting import until
from tests.world import World, as_long_as_a_drain_may
from tieout.core.record import Ref
from tieout.engine.drain import drain
from tieout.engine.linking import link, unlink
from tieout.engine.poll import due_connections, poll
from tieout.engine.release import Word
from tieout.engine.runtime import Runtime, Systems
from tieout.platforms import registry
from tieout.store.models import IN_FLIGHT, Connection, Hint, Integration, Intent, Link, Problem

AT_ONCE = 3
ADA = Word("Ada", "as the books have it")
CUSTOMERS = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "customers")


class DiedError(BaseException):
    """The process is no more; nothing catches it."""


class Wire(InProcess):
    """A connection that knows how many of its calls are under way, and can be looked at while one is."""

    def __init__(self, world: World, name: str) -> None:
        super().__init__(world.emulators[name])
        self.under_way = self.most = 0
        self.lock = threading.Lock()
        self.before: Callable[[str], None] = lambda body: None
        self.after: Callable[[str], None] = lambda body: None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read().decode()
        with self.lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            self.before(body)
            answer = super().handle_request(request)
            self.after(body)
            return answer
        finally:
            with self.lock:
                self.under_way -= 1


def another_batch_waits() -> bool:
    """Whether the slot's other thread has prepared its batch and waits for the wire."""
    frames: dict[int, Any] = sys._current_frames()
    return any(frame.f_code.co_name == "calling" for thread, frame in frames.items() if thread != threading.get_ident())


def is_write(body: str) -> bool:
    return "<create" in body or "<update" in body


@pytest.fixture
def integration(world: World) -> Integration:
    world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})
    return world.connect()


@pytest.fixture
def books(world: World, integration: Integration) -> Wire:
    """The wire to the books."""
    world.transports |= {"books": Wire(world, "intacct"), "field": Wire(world, "servicetitan")}
    world.runtime.systems.close()
    world.runtime = Runtime(world.clock, Systems(world.clock, world.transports))
    return world.transports["books"]  # type: ignore[return-value]


def notice(world: World) -> None:
    for connection in due_connections(world.clock.now()):
        poll(world.runtime, connection)


def work(world: World) -> int:
    """One drain that works ahead; how many hints it worked off."""
    company = Connection.objects.get(name="books")
    return drain(world.runtime, company, 0, go_on=as_long_as_a_drain_may(), limit=AT_ONCE, ahead=True).hints


def enter(world: World, number: int) -> list[dict[str, Any]]:
    """Customers, each with the name it has in the books."""
    made = [world.new_customer(f"Customer {at:02}") for at in range(number)]
    return [{"id": each["id"], "name": in_books(each["name"], each["id"])} for each in made]


def in_books(name: str, id_: int) -> str:
    return f"{name} ({id_})"


def names(world: World) -> list[str]:
    return sorted(row["NAME"] for row in world.control("intacct", "GET", "objects/CUSTOMER"))


def test_a_slot_has_one_call_at_a_time_on_each_connection_and_the_next_batch_ready(world: World, books: Wire) -> None:
    made = [each["name"] for each in enter(world, 4 * AT_ONCE)]
    ready: list[bool] = []

    def look(body: str) -> None:
        if is_write(body) and len(ready) < 2:
            until(another_batch_waits, "another batch waits for the wire")
            ready.append(True)

    books.before = look
    notice(world)
    work(world)
    assert ready == [True, True]
    assert (books.most, world.transports["field"].most) == (1, 1)  # type: ignore[attr-defined]
    assert names(world) == made
    assert not Problem.objects.exists()


def test_a_batch_prepared_ahead_whose_record_was_linked_meanwhile_makes_no_double(
    world: World, books: Wire, integration: Integration
) -> None:
    customers = enter(world, 2 * AT_ONCE)
    world.control(
        "intacct", "POST", "objects/CUSTOMER", {"CUSTOMERID": "HAND", "NAME": "By hand", "DISPLAYCONTACT": {"PRINTAS": "By hand"}}
    )
    done: list[Link] = []

    def link_one(body: str) -> None:
        if is_write(body) and not done:
            until(another_batch_waits, "another batch waits for the wire")
            theirs = next(each for each in customers if f">{each['name']}<" not in body)
            done.append(link(others, integration, CUSTOMERS, Ref("customer", str(theirs["id"])), "HAND", ADA))

    notice(world)
    others = Runtime(world.clock, Systems(world.clock, {"books": InProcess(world.books), "field": InProcess(world.platform)}))
    books.before = link_one
    work(world)
    others.systems.close()
    world.run_until_quiet()
    assert len(done) == 1
    assert Link.objects.filter(flow="customers", is_open=True).count() == len(customers)
    assert names(world) == ["By hand", *(each["name"] for each in customers if str(each["id"]) != done[0].left_id)]
    assert not Problem.objects.exists()


def test_a_batch_prepared_ahead_whose_link_was_closed_meanwhile_writes_nothing_stale(
    world: World, books: Wire, integration: Integration
) -> None:
    customers = enter(world, 2 * AT_ONCE)
    world.run_until_quiet()
    for each in customers:
        world.field("PATCH", f"crm/customers/{each['id']}", {"name": f"New {each['id']}"})
    world.clock.advance(61)
    kept_apart: list[str] = []

    def unlink_one(body: str) -> None:
        if is_write(body) and not kept_apart:
            until(another_batch_waits, "another batch waits for the wire")
            theirs = next(each for each in customers if f">New {each['id']} (" not in body)
            unlink(integration, CUSTOMERS, Ref("customer", str(theirs["id"])), ADA, world.clock.now())
            kept_apart.append(theirs["name"])

    notice(world)
    books.before = unlink_one
    work(world)
    world.run_until_quiet()
    assert len(kept_apart) == 1
    changed = [in_books(f"New {each['id']}", each["id"]) for each in customers if each["name"] not in kept_apart]
    assert names(world) == sorted([*kept_apart, *changed])


@pytest.mark.parametrize("answered", [True, False])
def test_a_death_with_two_batches_in_hand_leaves_each_effect_once(world: World, books: Wire, answered: bool) -> None:
    """Before the call of the first batch has reached the books, and after they have carried it out."""
    made = [each["name"] for each in enter(world, 3 * AT_ONCE)]
    dead: list[str] = []

    def nobody_lives(body: str) -> None:
        if dead:
            raise DiedError

    def die(body: str) -> None:
        nobody_lives(body)
        if is_write(body):
            until(another_batch_waits, "another batch waits for the wire")
            assert Hint.objects.filter(slot=0).count() == 2 * AT_ONCE
            dead.append(body)
            raise DiedError

    books.before, books.after = (nobody_lives, die) if answered else (die, nobody_lives)
    notice(world)
    with pytest.raises(DiedError):
        work(world)
    assert len(names(world)) == (AT_ONCE if answered else 0)
    assert Intent.objects.filter(state__in=IN_FLIGHT).count() >= AT_ONCE
    books.before = books.after = lambda body: None
    world.runtime.systems.close()
    world.runtime = Runtime(world.clock, Systems(world.clock, world.transports))
    world.run_until_quiet()
    assert names(world) == made
    assert Link.objects.filter(flow="customers", is_open=True).count() == len(made)
    assert not Problem.objects.exists()
