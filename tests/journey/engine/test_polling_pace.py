"""How often the books are read: at their usual pace while something happens, ever more rarely while nothing does."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from tests.world import World
from tieout.core.record import Ref
from tieout.engine.mark import mark
from tieout.store.models import Connection, Cursor

KEY = "a webhook key of forty characters, or so"
USUAL = timedelta(seconds=60)


def take_webhooks(world: World, key: str = KEY) -> None:
    field = Connection.objects.get(name="field")
    field.set_secrets({**field.secrets(), "webhook_key": key})
    field.save()


def next_reading(world: World) -> datetime:
    moments = Cursor.objects.filter(connection__name="books").order_by("next_at").values_list("next_at", flat=True)
    first = moments.first()
    assert first is not None
    return first


def pauses(world: World, count: int) -> list[timedelta]:
    """The pauses between the next readings of the books."""
    found = []
    for _ in range(count):
        world.clock.set(next_reading(world))
        world.step()
        found.append(next_reading(world) - world.clock.now())
    return found


def quiet(world: World) -> None:
    world.new_customer("Ashby Farm")
    world.run_until_quiet()


def test_books_that_do_not_change_are_read_ever_more_rarely_while_webhooks_tell_of_changes(world: World) -> None:
    world.connect()
    take_webhooks(world)
    quiet(world)
    seen = pauses(world, 6)
    assert seen == sorted(seen)
    assert seen[-1] == timedelta(minutes=15)
    assert all(later == min(2 * earlier, timedelta(minutes=15)) for earlier, later in itertools.pairwise(seen))


def test_without_webhooks_the_pace_stays_what_it_is(world: World) -> None:
    world.connect()
    quiet(world)
    assert pauses(world, 3) == [USUAL] * 3


def test_the_longest_pause_is_a_setting_and_never_shorter_than_the_usual_one(world: World) -> None:
    world.connect(poll_seconds=120, idle_poll_seconds=30)
    take_webhooks(world)
    quiet(world)
    assert pauses(world, 3) == [timedelta(seconds=120)] * 3


def test_a_hint_brings_the_next_reading_forward(world: World) -> None:
    world.connect()
    take_webhooks(world)
    quiet(world)
    pauses(world, 6)
    world.clock.advance(10)
    mark(Connection.objects.get(name="field"), [Ref("customer", "1")], reason="webhook", now=world.clock.now())
    assert next_reading(world) - world.clock.now() == USUAL - timedelta(seconds=10)


def test_a_hint_long_after_the_last_reading_has_the_books_read_at_once(world: World) -> None:
    world.connect()
    take_webhooks(world)
    quiet(world)
    pauses(world, 6)
    world.clock.advance(600)
    mark(Connection.objects.get(name="field"), [Ref("customer", "1")], reason="webhook", now=world.clock.now())
    assert next_reading(world) == world.clock.now()


def test_a_change_in_the_books_brings_back_the_usual_pace(world: World) -> None:
    world.connect()
    take_webhooks(world)
    quiet(world)
    pauses(world, 6)
    (customer,) = world.customers().values()
    assert world.edit_books("CUSTOMER", {"RECORDNO": customer["RECORDNO"], "NAME": "By hand"})
    assert pauses(world, 1) == [USUAL]
