"""People's words: stored before they are acknowledged, bound to what was asked, and kept with who, when and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.world import World
from tieout.core.decide import decide
from tieout.core.flow import Direction, Flow, Owner, same
from tieout.core.record import Ref
from tieout.engine import rulings
from tieout.engine.loading import load
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.release import Word
from tieout.engine.rulings import RulingError
from tieout.platforms import registry
from tieout.store.models import Hint, Integration, Ruling

ADA = Word("Ada", "as agreed on the phone")


@pytest.fixture
def pair(world: World) -> Pair:
    """A project whose name was changed on both sides, under a flow that goes both ways and asks."""
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    number = world.projects()[f"P-{project['number']}"]["RECORDNO"]
    world.clock.advance(60)
    world.settings(integration, {"use_project_name": False})  # so that the platform's edit alone does not go across
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.edit_books("PROJECT", {"RECORDNO": number, "NAME": "Barn of theirs"})
    world.clock.advance(300)
    world.run_until_quiet()
    row = Integration.objects.select_related("platform", "company").get()
    made = Pair(row, asking(), Ref("project", str(project["id"])), {**settings_of(row), "use_project_name": True})
    load([made])
    made.decision = decide(made.flow, made.case(), made.settings, world.clock.now())
    return made


def asking() -> Flow:
    """The flow of projects, two-way, with a person deciding conflicts of the name."""
    flow = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "projects")
    fields = [replace(each, owner=Owner.ASK, to_left=same, left_name="name") if each.right == "NAME" else each for each in flow.fields]
    return replace(flow, direction=Direction.TWO_WAY, fields=tuple(fields))


def test_a_conflict_shows_both_halves_of_the_base_both_values_and_who_and_when(pair: Pair) -> None:
    (asked,) = rulings.questions(pair)
    assert (asked.label, asked.code) == ("name", "field.conflict")
    assert (asked.left.now, asked.left.accepted) == ("Seed store", "Grain store")
    assert (asked.right.now, asked.right.accepted) == ("Barn of theirs", "Grain store")
    assert asked.right.by
    assert asked.left.at is not None
    assert [choice for choice, _ in asked.choices] == ["left", "right"]


def test_the_answer_is_stored_bound_to_both_values_and_its_record_is_looked_at(pair: Pair, world: World) -> None:
    (asked,) = rulings.questions(pair)
    rulings.resolve(pair, asked.fingerprint, "right", ADA, world.clock.now())
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.by, ruling.why, ruling.fingerprint) == ("resolved", "Ada", ADA.why, asked.fingerprint)
    assert ruling.data == {"choice": "right", "field": "NAME"}
    assert Hint.objects.get().reason == "ruling"
    assert rulings.said(pair.integration, "projects", pair.left_ref.id) == [ruling]


def test_an_answer_to_what_is_no_longer_asked_is_refused(pair: Pair, world: World) -> None:
    (asked,) = rulings.questions(pair)
    with pytest.raises(RulingError, match="no longer asks this"):
        rulings.resolve(pair, "f" * 32, "left", ADA, world.clock.now())
    with pytest.raises(RulingError, match="Choose left or right"):
        rulings.resolve(pair, asked.fingerprint, "both", ADA, world.clock.now())
    assert not Ruling.objects.exists()


def test_skipping_keeping_apart_and_allowing_a_period_are_kept(pair: Pair, world: World) -> None:
    rulings.skip(pair, ADA, world.clock.now())
    rulings.keep_apart(pair, "77", ADA, world.clock.now())
    rulings.allow_period(pair, ADA, world.clock.now())
    kept = {ruling.kind: ruling.data for ruling in Ruling.objects.all()}
    assert kept == {"skipped": {}, "kept apart": {"record": "77"}, "period allowed": {}}
