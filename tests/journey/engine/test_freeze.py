"""The freeze switch: nothing is written to a frozen company, whichever worker is about to, and what waits is named."""

from __future__ import annotations

import httpx
import pytest

from tests.in_process import InProcess
from tests.world import World
from tieout.engine import freeze
from tieout.engine.drain import drain
from tieout.engine.freeze import FreezeError
from tieout.engine.poll import poll
from tieout.store.models import Connection, Hint, Hold, Intent, IntentState, Journal, PlanItem


@pytest.fixture
def books(world: World) -> Connection:
    """A company kept in step with nothing to do."""
    world.connect()
    world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    return Connection.objects.get(name="books")


def writes(world: World) -> int:
    by_function = world.control("intacct", "GET", "meter")["by_function"]
    return sum(int(by_function.get(name, 0)) for name in ("create", "update", "delete"))


def test_nothing_is_written_while_frozen_and_everything_after(world: World, books: Connection) -> None:
    before = writes(world)
    freeze.freeze(books, by="Ada", why="audit", now=world.clock.now())
    world.new_project(world.new_customer("Birch Mill"), "Boiler")
    world.run_until_quiet()
    assert writes(world) == before
    waiting = freeze.waiting(books)
    assert waiting.items == {("customers", "create"): 1}
    assert (waiting.on_their_way, waiting.unknown, waiting.total) == (0, 0, 1)
    assert PlanItem.objects.get(hold=Hold.FROZEN).name.startswith("Customer")
    assert freeze.lift(books, by="Ada", now=world.clock.now()) == 1
    world.run_until_quiet()
    assert sorted(row["NAME"] for row in world.projects().values()) == ["Boiler", "Grain store"]
    assert freeze.waiting(books).total == 0


class Thrower(InProcess):
    """The books' network, on which somebody throws the switch while a worker asks its last question before it writes."""

    is_armed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_armed:
            freeze.freeze(Connection.objects.get(name="books"), by="Ada", why="", now=self.emulator.clock.now())
        return super().handle_request(request)


def test_a_freeze_between_the_decision_and_the_call_stops_the_call(world: World) -> None:
    network = world.transports["books"] = Thrower(world.books)
    world.connect()
    world.new_project(world.new_customer("Birch Mill"), "Boiler")
    for connection in Connection.objects.all():
        poll(world.runtime, connection)
    Hint.objects.update(attempts=1)  # a second attempt looks in the books before it creates
    network.is_armed = True
    drain(world.runtime, Connection.objects.get(name="books"), 0)
    network.is_armed = False
    assert freeze.standing(Connection.objects.get(name="books")) is not None
    assert writes(world) == 0
    assert PlanItem.objects.filter(hold=Hold.FROZEN).exists()


def test_an_unknown_call_is_looked_for_but_not_sent_again_while_frozen(world: World, books: Connection) -> None:
    before = writes(world)
    world.control("intacct", "POST", "faults", [{"match": {"function": "create", "times": 1}, "action": "cut_before_commit"}])
    world.new_project(world.new_customer("Birch Mill"), "Boiler")
    world.clock.advance(120)
    world.step()
    assert Intent.objects.filter(state=IntentState.UNKNOWN).count() == 1
    freeze.freeze(books, by="Ada", why="", now=world.clock.now())
    assert freeze.waiting(books).unknown == 1
    world.run(seconds=3600, pause=60)
    assert writes(world) <= before + 1
    assert Intent.objects.get(state=IntentState.UNKNOWN).resends == 0
    freeze.lift(books, by="Ada", now=world.clock.now())
    world.run_until_quiet()
    assert sorted(row["NAME"] for row in world.projects().values()) == ["Boiler", "Grain store"]
    assert len(world.customers()) == len({row["NAME"] for row in world.customers().values()})


def test_freezing_twice_changes_nothing_and_lifting_needs_a_freeze(world: World, books: Connection) -> None:
    one = freeze.freeze(books, by="Ada", why="audit", now=world.clock.now())
    assert freeze.freeze(books, by="Ben", why="", now=world.clock.now()).pk == one.pk
    freeze.lift(books, by="Ben", now=world.clock.now())
    with pytest.raises(FreezeError, match="books is not frozen"):
        freeze.lift(books, by="Ben", now=world.clock.now())
    with pytest.raises(FreezeError, match="field is not a company's books"):
        freeze.freeze(Connection.objects.get(name="field"), by="Ada", why="", now=world.clock.now())
    told = list(Journal.objects.filter(event__in=["frozen", "freeze lifted"]).order_by("id").values_list("text", flat=True))
    assert told[0] == "Ada froze books: nothing is written until the freeze is lifted. audit"
    assert not Hint.objects.exists()
