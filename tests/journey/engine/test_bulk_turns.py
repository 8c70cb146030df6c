"""A steady stream of live changes and a night's bulk share one queue: neither holds up the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.world import World
from tieout.core.record import Ref
from tieout.engine.drain import drain
from tieout.engine.mark import BULK_APART, BULK_TURN, mark
from tieout.store.models import Connection, Hint

BULK = 40
LIVE = 4  # live changes in each step, and what a step can work off: the stream alone takes all there is
STEP_S = 0.2


def test_bulk_is_not_starved_by_a_stream_that_takes_everything_and_does_not_hold_it_up(world: World) -> None:
    world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0})
    world.connect()
    customers = [world.new_customer(f"Customer {number}") for number in range(BULK + 8 * LIVE)]
    world.run_until_quiet()
    field = Connection.objects.get(name="field")
    refs = [Ref("customer", str(customer["id"])) for customer in customers]
    stream = [refs[BULK + LIVE * number :][:LIVE] for number in range(8)]
    mark(field, refs[:BULK], reason="compare", now=world.clock.now(), bulk=True)
    marked: dict[str, datetime] = {}
    waits: list[timedelta] = []
    steps = 0

    def step() -> int:
        """Some changes come in, and as many pieces of work are done; how much bulk is left."""
        nonlocal steps
        now = world.clock.now()
        coming = stream[steps % len(stream)]
        mark(field, coming, reason="webhook", now=now)
        for ref in coming:
            marked.setdefault(ref.id, now)
        drain(world.runtime, Connection.objects.get(name="books"), 0, limit=LIVE, go_on=once())
        waiting = set(Hint.objects.filter(reason="webhook").values_list("remote_id", flat=True))
        waits.extend(now - marked.pop(id_) for id_ in set(marked) - waiting)
        world.clock.advance(STEP_S)
        steps += 1
        return Hint.objects.filter(reason="compare").count()

    assert [step() for _ in range(10)] == [BULK] * 10  # bulk lets them pass
    assert max(waits) == timedelta(0)
    world.clock.advance(BULK_TURN.total_seconds())
    left = [step() for _ in range(60)]
    a_step = round(timedelta(seconds=STEP_S) / BULK_APART)
    assert left[-1] == 0
    assert all(before - after <= 2 * a_step for before, after in zip([BULK, *left], left, strict=False))  # a few at a time
    assert max(waits) <= timedelta(seconds=STEP_S) * (BULK / LIVE + 1)  # nobody waited longer than all of it takes


def once():  # type: ignore[no-untyped-def]
    """Lets one batch through."""
    turns = iter([True])
    return lambda: next(turns, False)
