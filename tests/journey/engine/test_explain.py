"""Where a value comes from, and how a record was on a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from tieout.core.record import Ref
from tieout.engine.explain import ExplainError, explain
from tieout.store.models import Integration, Journal


def test_each_field_names_who_set_it_in_which_run_by_which_rule_and_from_what(world: World) -> None:
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    (found,) = explain(integration, Ref("project", str(project["id"])))
    name = next(each for each in found.fields if each.field == "NAME")
    entry = Journal.objects.get(pk=name.entry)
    assert (name.value, name.raw, name.set_by) == ("Grain store", "Grain store", "Tieout")
    assert name.rule == "projects/NAME, revision 1"
    assert (name.run, name.at) == (entry.run_id, entry.at)
    assert found.state == "in step"


def test_a_field_edited_in_the_books_names_its_editor(world: World) -> None:
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    number = world.projects()[f"P-{project['number']}"]["RECORDNO"]
    world.edit_books("PROJECT", {"RECORDNO": number, "NAME": "Barn of theirs"})
    world.clock.advance(300)
    world.run_until_quiet()
    (found,) = explain(integration, Ref("project", str(project["id"])), field="name")
    (name,) = found.fields
    told = Journal.objects.filter(event="changed", right_id=number).latest("id")
    assert (name.value, name.set_by, name.entry) == ("Barn of theirs", told.changes["NAME"]["by"], told.pk)
    assert name.run is None
    assert name.accepted == ("Grain store", "Grain store")


def test_a_record_is_shown_as_it_was_on_a_day(world: World) -> None:
    integration = world.connect()
    before = world.clock.now()
    world.clock.advance(60)
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    first = world.clock.now()
    world.clock.advance(86400)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.run_until_quiet()
    ref = Ref("project", str(project["id"]))
    (then,) = explain(integration, ref, as_of=first)
    (now,) = explain(integration, ref)
    (earlier,) = explain(integration, ref, as_of=before)
    assert then.left is not None
    assert then.right is not None
    assert now.right is not None
    assert (then.left["name"], then.right["NAME"], now.right["NAME"]) == ("Grain store", "Grain store", "Seed store")
    assert (earlier.left, earlier.right) == (None, None)
    assert next(each.at for each in then.fields if each.field == "NAME") <= first < now.fields[0].at + timedelta(days=1)


def test_a_field_or_record_that_there_is_not_is_told(world: World) -> None:
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    with pytest.raises(ExplainError, match="There is no field “colour”"):
        explain(integration, Ref("project", str(project["id"])), field="colour")
    with pytest.raises(ExplainError, match="project 99 is not known"):
        explain(Integration.objects.get(), Ref("project", "99"))
