"""A person's answers carried out: the value that stands, the call that was done after all, the record that is left alone."""

from __future__ import annotations

import pytest

from tests.journey.sage_psa.conftest import PsaWorld
from tieout.engine import rulings
from tieout.engine.release import Word
from tieout.engine.rulings import RulingError
from tieout.store.models import Intent, Link, Problem

KIM = Word("Kim", "as agreed")


def a_conflict(world: PsaWorld) -> Problem:
    """A project whose name was changed on both sides at the same moment, so that neither is the newer."""
    world.connect()
    world.psa("POST", "v1/projects", {"name": "Roof", "stage": "RUNNING", "start_date": "2026-03-01", "end_date": "2026-12-31"})
    world.run_until_quiet()
    (made,) = world.psa("GET", "v1/projects")
    (row,) = world.projects().values()
    world.clock.advance(60)
    world.psa("PUT", f"v1/projects/{made['id']}", {"name": "Roof of slate"})
    world.book("update", "PROJECT", RECORDNO=row["RECORDNO"], NAME="Roof of tiles")
    world.run(600, 30)
    return Problem.objects.get(code="field.conflict", cleared_at=None)


@pytest.mark.parametrize(("choice", "stands"), [("left", "Roof of slate"), ("right", "Roof of tiles")])
def test_the_value_a_person_chose_stands_on_both_sides_and_the_problem_is_over(world: PsaWorld, choice: str, stands: str) -> None:
    problem = a_conflict(world)
    pair = rulings.problem_pair(problem, world.clock.now())
    assert pair is not None
    (asked,) = rulings.questions(pair)
    assert {asked.left.now, asked.right.now} == {"Roof of slate", "Roof of tiles"}
    assert (asked.left.accepted, asked.right.accepted) == ("Roof", "Roof")
    rulings.resolve(pair, asked.fingerprint, choice, KIM, world.clock.now())
    world.run_until_quiet()
    assert list(world.psa_projects()) == [stands]
    assert [row["NAME"] for row in world.projects().values()] == [stands]
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_an_answer_lapses_when_a_value_moves(world: PsaWorld) -> None:
    problem = a_conflict(world)
    pair = rulings.problem_pair(problem, world.clock.now())
    assert pair is not None
    (asked,) = rulings.questions(pair)
    (row,) = world.projects().values()
    world.book("update", "PROJECT", RECORDNO=row["RECORDNO"], NAME="Roof of reed")
    world.run(600, 30)
    again = rulings.problem_pair(problem, world.clock.now())
    assert again is not None
    with pytest.raises(RulingError, match="no longer asks this"):
        rulings.resolve(again, asked.fingerprint, "left", KIM, world.clock.now())


def test_a_call_that_nothing_can_find_again_is_answered_with_the_id_it_made(world: PsaWorld) -> None:
    world.connect()
    world.run_until_quiet()
    world.control("sage-psa", "POST", "faults", [{"match": {"function": "POST v1/projects", "times": 1}, "action": "cut_after_commit"}])
    world.book("create", "PROJECT", PROJECTID="P-9", NAME="Barn", PROJECTCATEGORY="Contract", LOCATIONID="100", ENDDATE="12/31/2026")
    while not Intent.objects.exists():
        world.step()
        world.clock.advance(20)
    intent = Intent.objects.get()
    assert intent.state == "unknown"
    Problem.objects.create(  # as the probe raises it where nothing can find the call again
        company=intent.company,
        integration=intent.integration,
        flow="projects",
        code="write.no-handle",
        subject_kind=intent.left_kind,
        subject_id=intent.left_id,
        name="Barn",
        actor="accountant",
        cause="No answer.",
        next_step="Look.",
        first_at=world.clock.now(),
        last_at=world.clock.now(),
    )
    pair = rulings.problem_pair(Problem.objects.get(code="write.no-handle"), world.clock.now())
    assert pair is not None
    (asked,) = rulings.questions(pair)
    assert [choice for choice, _ in asked.choices] == ["done", "not done"]
    with pytest.raises(RulingError, match="Name the ID"):
        rulings.resolve(pair, asked.fingerprint, "done", KIM, world.clock.now())
    (made,) = world.psa("GET", "v1/projects")
    rulings.resolve(pair, asked.fingerprint, "done", KIM, world.clock.now(), made=str(made["id"]))
    world.run(60, 20)
    assert [row["name"] for row in world.psa("GET", "v1/projects")] == ["Barn"]
    assert Link.objects.filter(flow="projects", is_open=True).count() == 1
    assert Intent.objects.filter(state="done").count() == 1
