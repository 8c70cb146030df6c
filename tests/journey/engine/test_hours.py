"""Hours in which nothing is written, and the nightly compare that finds what events and polls missed."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.world import World
from tieout.engine.compare import compare_slice, due
from tieout.engine.drain import drain
from tieout.store.models import Comparing, Connection, Hint, Record


def test_nothing_is_written_during_the_blackout_and_what_waits_goes_when_it_ends(world: World) -> None:
    world.connect(blackout="Mon 08:00-09:00", time_zone="America/Chicago")
    world.new_customer("Ashby")
    world.run(1700)
    assert world.customers() == {}
    assert Hint.objects.exists()
    world.clock.set(datetime(2026, 3, 2, 15, 0, tzinfo=UTC))
    world.run(60)
    assert len(world.customers()) == 1


def test_the_night_finds_a_change_and_a_deletion_that_no_poll_showed(world: World) -> None:
    world.connect()
    first, second = world.new_customer("Ashby"), world.new_customer("Birch")
    world.run_until_quiet()
    field, books = Connection.objects.get(name="field"), Connection.objects.get(name="books")
    world.field("PATCH", f"crm/customers/{first['id']}", {"name": "Ashby Farm"})
    assert world.delete_in_books("CUSTOMER", world.customers()[f"C-{second['id']}"]["RECORDNO"])
    assert due(world.clock.now()) == []
    world.clock.set(datetime(2026, 3, 3, 2, 0, tzinfo=UTC))
    assert {each.pk for each in due(world.clock.now())} == {field.pk, books.pk}
    for each in (field, books):
        while compare_slice(world.runtime, each, pages=1):
            pass
    drain(world.runtime, books, 0)
    assert {row["NAME"] for row in world.customers().values()} == {f"Ashby Farm ({first['id']})"}
    assert Record.objects.get(connection=books, kind="CUSTOMER", natural_key=f"C-{second['id']}").deleted
    assert due(world.clock.now()) == []
    assert not Comparing.objects.filter(ended_at=None).exists()


def test_a_pass_goes_on_where_its_slice_ended(world: World) -> None:
    world.connect()
    for number in range(3):
        world.new_customer(f"Customer {number}")
    world.run_until_quiet()
    field = Connection.objects.get(name="field")
    slices = 1
    while compare_slice(world.runtime, field, pages=1):
        slices += 1
    assert slices > 1
    assert compare_slice(world.runtime, field) is False
