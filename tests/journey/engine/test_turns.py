"""A budget of calls a second that all workers share: one row in the database, and no window with more calls than it allows."""

from __future__ import annotations

from datetime import timedelta

from tests.world import World
from tieout.core.platform import Rate
from tieout.engine.turns import SharedTurns
from tieout.store.models import Connection

RATE = Rate(5)


def test_workers_take_turns_from_one_budget_and_no_second_sees_more(world: World) -> None:
    world.connect()
    books, field = Connection.objects.get(name="books"), Connection.objects.get(name="field")
    workers = [SharedTurns(books.pk, RATE, world.clock) for _ in range(2)]
    taken = []
    for at in range(400):
        if workers[at % 2]() == 0.0:
            taken.append(world.clock.now())
        world.clock.advance(0.013)
    assert all(later - earlier > timedelta(seconds=1) for earlier, later in zip(taken, taken[RATE.calls :], strict=False))
    assert len(taken) >= 400 * 0.013 * RATE.calls * 0.85  # and hardly fewer than it may
    assert SharedTurns(field.pk, RATE, world.clock)() == 0.0  # another connection has a budget of its own
    world.clock.set(world.clock.now() - timedelta(hours=1))
    assert workers[0]() == 0.0  # a clock that was set back holds nobody up


def test_whoever_finds_no_turn_is_told_when_or_waits_for_it(world: World) -> None:
    world.connect()
    books = Connection.objects.get(name="books")
    patient = SharedTurns(books.pk, RATE, world.clock, pause=world.clock.advance)
    hasty = SharedTurns(books.pk, RATE, world.clock)
    assert [hasty() for _ in range(RATE.calls)] == [0.0] * RATE.calls
    assert 0 < hasty() <= 1.2
    began = world.clock.now()
    assert patient() == 0.0
    assert timedelta(seconds=0.5) < world.clock.now() - began <= timedelta(seconds=1.2)
