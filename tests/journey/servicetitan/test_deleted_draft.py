"""A draft that an accountant deletes in the books by hand: told once, with the choices, and never made again in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.journey.servicetitan.papers import Papers
from tests.journey.servicetitan.test_documents import confirm, drafted_bill, refusals
from tests.world import World
from tieout.engine import exports, tieout
from tieout.engine.exports import Selection
from tieout.engine.problem_list import ProblemFilter, problems
from tieout.engine.queue_list import QueueFilter, QueueState, queue
from tieout.engine.release import Word
from tieout.engine.requests import request
from tieout.engine.rulings import problem_pair, skip
from tieout.store.models import BatchState, Going, Integration, Intent, IntentState, Journal, Link, Problem


@pytest.fixture
def office(world: World) -> Papers:
    """Documents go, and an accountant has confirmed the first one of every kind."""
    integration = world.connect()
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    confirm(world)
    return Papers(world)


@pytest.fixture
def bill(world: World, office: Papers) -> dict[str, Any]:
    """A bill whose draft was deleted in the books, as the next looks have found."""
    made = drafted_bill(world, office)
    (draft,) = office.books("APBILL").values()
    world.clock.advance(60)
    assert world.delete_in_books("APBILL", draft["RECORDNO"])
    world.run_until_quiet(hours=12)
    look_again(world)
    assert office.books("APBILL") == {}
    return made


def look_again(world: World) -> None:
    world.clock.advance(4 * 3600)
    world.run_until_quiet(hours=12)


def creates() -> int:
    return Intent.objects.filter(flow="inventory-bills", step="create", state=IntentState.DONE).count()


def test_a_deleted_draft_is_a_problem_that_says_what_can_be_done(world: World, bill: dict[str, Any]) -> None:
    (told,) = problems(ProblemFilter()).rows
    assert (told.code, told.actor) == ("link.deleted-right", "accountant")
    assert bill["referenceNumber"] in told.name
    assert told.cause.startswith("The linked record was deleted on the other side.")
    assert told.next_step == "Sync the record on request to create it again, or leave it as it is."
    assert Journal.objects.filter(event="unlinked", flow="inventory-bills").count() == 1
    assert not Link.objects.filter(flow="inventory-bills", is_open=True).exists()
    report = tieout.run(world.runtime, Integration.objects.get())
    assert report.agreed
    (bills,) = [flow for flow in report.flows if flow.flow == "inventory-bills"]
    assert bills.excluded == {f"held: {told.cause}": 1}


def test_neither_time_nor_a_change_of_the_bill_makes_it_again(world: World, office: Papers, bill: dict[str, Any]) -> None:
    office.change("inventory-bills", bill, summary="corrected")
    look_again(world)
    look_again(world)
    assert office.books("APBILL") == {}
    assert creates() == 1
    assert [row.code for row in problems(ProblemFilter()).rows] == ["link.deleted-right"]


def test_whoever_asks_for_it_gets_it_once_more_and_the_problem_ends(world: World, office: Papers, bill: dict[str, Any]) -> None:
    request(Integration.objects.get(), f"inventory-bill {bill['id']}", by="Rosa", now=world.clock.now())
    look_again(world)
    assert [row["RECORDID"] for row in office.books("APBILL").values()] == [bill["referenceNumber"]]
    assert creates() == 2
    assert refusals() == []
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_whoever_leaves_it_so_says_why_and_is_not_asked_again(world: World, office: Papers, bill: dict[str, Any]) -> None:
    pair = problem_pair(Problem.objects.get(cleared_at=None), world.clock.now())
    assert pair is not None
    skip(pair, Word("Rosa", "entered twice"), world.clock.now())
    look_again(world)
    assert not Problem.objects.filter(cleared_at=None).exists()
    (skipped,) = queue(world.clock.now(), QueueFilter(state=QueueState.SKIPPED)).items
    assert "entered twice" in skipped.explanation
    assert queue(world.clock.now(), QueueFilter(state=QueueState.SKIPPED, text=skipped.name)).items == (skipped,)  # as it is shown
    assert queue(world.clock.now(), QueueFilter(state=QueueState.SKIPPED, text=f"{skipped.name}9")).items == ()
    assert office.books("APBILL") == {}


@pytest.mark.parametrize("wanted", [{}, {"first": date(2020, 1, 1)}])
def test_a_batch_of_a_period_tells_of_it_and_does_not_take_it_along(
    world: World, office: Papers, bill: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """Who sends a month's documents has not asked for the one that was deleted."""
    asked = exports.ask(Integration.objects.get(), Selection(**wanted), by="Rosa", now=world.clock.now())
    batch = exports.make(world.runtime, asked)
    (document,) = batch.documents.all()
    assert (document.state, batch.state) == (Going.CANNOT, BatchState.SHOWN)
    assert "was in the books before and was deleted there" in document.text
    look_again(world)
    assert office.books("APBILL") == {}


def test_a_batch_that_names_it_takes_it(world: World, office: Papers, bill: dict[str, Any]) -> None:
    asked = exports.ask(Integration.objects.get(), Selection(ids=(str(bill["id"]),)), by="Rosa", now=world.clock.now())
    batch = exports.make(world.runtime, asked)
    assert [each.state for each in batch.documents.all()] == [Going.GOES]
    exports.send(batch, Word("Rosa", "it was right after all"), world.clock.now())
    look_again(world)
    assert [row["RECORDID"] for row in office.books("APBILL").values()] == [bill["referenceNumber"]]
    assert creates() == 2
