"""A key that suddenly opens another account, in which nothing is ours: everything seems deleted."""

from __future__ import annotations

from tests.journey.sage_psa.conftest import PsaWorld
from tieout.engine import freeze
from tieout.engine.mass_deletion import FEWEST
from tieout.store.models import Connection

OURS = FEWEST + 10


def test_when_everything_is_gone_at_once_the_company_is_frozen_before_the_books_follow(world: PsaWorld) -> None:
    world.connect(deleted_project="deactivate")
    for number in range(OURS):
        body = {"name": f"Project {number}", "stage": "RUNNING", "budget_type": "FIXED_PRICE", "custom_project_id": f"X-{number}"}
        world.control("sage-psa", "POST", "objects/projects", {**body, "end_date": "2027-12-31"})
    world.run_until_quiet()
    assert len(world.projects()) == OURS
    world.control("sage-psa", "POST", "reset", {"world": "empty", "seed": 2})
    world.clock.advance(120)
    world.run(600, pause=60)
    books = Connection.objects.get(name="books")
    standing = freeze.standing(books)
    assert standing is not None
    assert "as if its key opened another account" in standing.why
    shown = world.projects()
    assert len(shown) == OURS
    assert sum(row["STATUS"] == "inactive" for row in shown.values()) < FEWEST
    freeze.lift(books, by="Ada", now=world.clock.now())
    world.clock.advance(60)
    world.run_until_quiet()
    assert freeze.standing(books) is None
    assert sum(row["STATUS"] == "inactive" for row in world.projects().values()) == OURS
