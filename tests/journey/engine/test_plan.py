"""Plan and apply: what is shown is what is done, what moved is shown again, and nothing happens before its release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from tieout.core.decide import StepKind
from tieout.core.settings import SettingError
from tieout.engine import release, tieout
from tieout.engine.drain import drain
from tieout.engine.pairs import settings_of
from tieout.engine.plan import Plan, items_of, plan, preview
from tieout.engine.poll import poll
from tieout.engine.release import ReleaseError, Word
from tieout.store.models import OPEN_ITEM, Connection, Hint, Hold, Integration, Link, PlanItem, PlanState, Ruling, RulingKind

FLOWS = ["customers", "projects", "jobs"]
ADA = Word("Ada", "month end")


@pytest.fixture
def asking(world: World) -> Integration:
    """An integration whose flows wait for their release."""
    integration = world.connect()
    Integration.objects.filter(pk=integration.pk).update(asks_first=True)
    return fresh(integration)


def fresh(integration: Integration) -> Integration:
    return Integration.objects.select_related("platform", "company").get(pk=integration.pk)


def planned(world: World, integration: Integration) -> tuple[Plan, list[PlanItem]]:
    found = plan(world.runtime, fresh(integration))
    return found, list(items_of(found))


def writes(world: World) -> int:
    by_function = world.control("intacct", "GET", "meter")["by_function"]
    return sum(int(by_function.get(name, 0)) for name in ("create", "update", "delete"))


def test_nothing_is_written_or_linked_before_the_release_of_its_kind(world: World, asking: Integration) -> None:
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    assert not writes(world)
    assert not Link.objects.exists()
    _, items = planned(world, asking)
    assert {(item.flow, item.step) for item in items} >= {("customers", "create"), ("projects", "create")}
    assert all(item.hold == Hold.SWITCH_ON for item in items)
    release.switch_on(fresh(asking), FLOWS, ADA, world.clock.now(), since=None)
    world.run_until_quiet()
    assert project["name"] in {row["NAME"] for row in world.projects().values()}
    assert not PlanItem.objects.filter(state__in=OPEN_ITEM).exists()
    assert PlanItem.objects.filter(state=PlanState.DONE).count() == len(items)


def test_the_plan_of_a_switch_on_counts_what_it_links_and_what_it_creates(world: World, asking: Integration) -> None:
    customer = world.new_customer("Ashby Farm")
    world.new_project(customer, "Grain store")
    found, items = planned(world, asking)  # before any worker has looked at anything
    assert found.count(StepKind.CREATE) == 2
    by_name = {item.flow: item for item in items}
    assert by_name["customers"].id < by_name["projects"].id  # what others refer to comes first
    assert by_name["projects"].changes["CUSTOMERID"]["to"] == by_name["customers"].natural_key
    assert found.holds == {"switch-on": 2}


def test_what_exists_already_under_its_id_is_linked_and_not_created(world: World, asking: Integration) -> None:
    customer = world.new_customer("Ashby Farm")
    world.new_project(customer, "Grain store")
    row = {"CUSTOMERID": f"C-{customer['id']}", "NAME": f"Ashby Farm ({customer['id']})", "DISPLAYCONTACT": {"PRINTAS": "Ashby Farm"}}
    world.control("intacct", "POST", "objects/CUSTOMER", row)
    found, items = planned(world, asking)
    assert {(item.flow, item.step) for item in items} == {("customers", "link"), ("projects", "create")}
    release.switch_on(fresh(asking), FLOWS, ADA, world.clock.now(), since=None)
    world.run_until_quiet()
    assert list(world.customers()) == [row["CUSTOMERID"]]
    assert Link.objects.get(flow="customers").origin == "adopted"
    assert found.count(StepKind.LINK) == 1


def test_a_released_item_is_written_exactly_as_it_was_shown(world: World, asking: Integration) -> None:
    world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, asking)
    release.approve([item.pk for item in items], ADA, world.clock.now())
    assert Hint.objects.filter(reason="released").count() == len(items)
    world.run_until_quiet()
    assert set(PlanItem.objects.values_list("state", flat=True)) == {"done"}
    assert [row["NAME"] for row in world.projects().values()] == ["Grain store"]
    ruling = Ruling.objects.filter(kind=RulingKind.APPROVED).first()
    assert ruling is not None
    assert (ruling.by, ruling.why, ruling.fingerprint) == ("Ada", "month end", items[0].mark)


def test_an_item_whose_source_moved_after_its_release_is_planned_again_and_not_written(world: World, asking: Integration) -> None:
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, asking)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})  # between the plan and the release
    world.clock.advance(120)
    poll(world.runtime, asking.platform)
    release.approve([item.pk for item in items], ADA, world.clock.now())
    world.run_until_quiet()
    assert world.customers()
    assert not world.projects()
    assert [item.state for item in PlanItem.objects.filter(flow="projects").order_by("id")] == ["replanned", "planned"]
    again = PlanItem.objects.get(flow="projects", state=PlanState.PLANNED)
    assert (again.hold, again.changes["NAME"]["to"]) == (Hold.MOVED, "Seed store")
    release.approve([again.pk], ADA, world.clock.now())
    world.run_until_quiet()
    assert [row["NAME"] for row in world.projects().values()] == ["Seed store"]


def test_an_unrelated_edit_voids_no_release(world: World, asking: Integration) -> None:
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, asking)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"summary": "Ask for the key at the gate."})
    world.clock.advance(120)
    poll(world.runtime, asking.platform)
    release.approve([item.pk for item in items], ADA, world.clock.now())
    world.run_until_quiet()
    assert [row["NAME"] for row in world.projects().values()] == ["Grain store"]


def test_a_release_lapses_at_its_date(world: World, asking: Integration) -> None:
    world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, asking)
    until = world.clock.now() + timedelta(hours=1)
    release.approve([item.pk for item in items], Word("Ada", until=until), world.clock.now())
    world.clock.advance(7200)
    world.run_until_quiet()
    assert not writes(world)


def test_a_rejected_item_is_left_alone_until_it_would_do_something_else(world: World) -> None:
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, integration)
    mine = next(item for item in items if item.flow == "projects")
    release.reject([mine.pk], ADA, world.clock.now())
    world.run_until_quiet()
    assert not world.projects()
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.clock.advance(120)
    world.run_until_quiet()
    assert [row["NAME"] for row in world.projects().values()] == ["Seed store"]


def test_an_item_that_has_ended_cannot_be_released_again(world: World, asking: Integration) -> None:
    world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    _, items = planned(world, asking)
    release.approve([items[0].pk], ADA, world.clock.now())
    with pytest.raises(ReleaseError, match="no longer waits: it is released"):
        release.approve([items[0].pk], ADA, world.clock.now())
    with pytest.raises(ReleaseError, match="There is no plan item 999"):
        release.approve([999], ADA, world.clock.now())


def test_a_plan_that_is_made_again_keeps_its_numbers_and_drops_what_is_no_longer_needed(world: World, asking: Integration) -> None:
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Grain store")
    _, first = planned(world, asking)
    assert [item.pk for item in planned(world, asking)[1]] == [item.pk for item in first]
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.clock.advance(120)
    _, then = planned(world, asking)
    assert PlanItem.objects.get(pk=first[-1].pk).state == PlanState.REPLANNED
    assert then[-1].changes["NAME"]["to"] == "Seed store"


def test_a_plan_costs_what_it_says(world: World) -> None:
    integration = world.connect()
    for name in ("Ashby Farm", "Birch Mill", "Cedar Lane"):
        world.new_project(world.new_customer(name), f"{name} roof")
    found, items = planned(world, integration)
    assert found.writes == len(items) == 6
    before = world.control("intacct", "GET", "meter")["transactions"]
    drain(world.runtime, Connection.objects.get(name="books"), 0)
    assert world.control("intacct", "GET", "meter")["transactions"] - before == found.transactions


def test_another_setting_is_shown_before_it_is_saved(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"use_project_name": False})
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.clock.advance(120)
    world.run_until_quiet()
    before = writes(world)
    wanted = {**settings_of(fresh(integration)), "use_project_name": True}
    shown = preview(world.runtime, fresh(integration), wanted)
    assert shown.steps == {("projects", "update"): 1}
    assert (writes(world), PlanItem.objects.count()) == (before, 0)


def test_a_tie_out_says_what_is_held_and_is_kept(world: World, asking: Integration) -> None:
    world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    planned(world, asking)
    asked = tieout.ask(fresh(asking), by="Ada", now=world.clock.now())
    assert tieout.ask(fresh(asking), by="Ben", now=world.clock.now()).pk == asked.pk
    report = tieout.make(world.runtime, asked)
    assert report is not None
    assert [flow.excluded for flow in report.flows if flow.flow == "projects"] == [{"held: its kind is not switched on yet": 1}]
    asked.refresh_from_db()
    assert (asked.agreed, asked.by) == (True, "Ada")
    assert asked.report["flows"][0]["label"]


def test_a_tie_out_that_cannot_read_a_side_says_why(world: World) -> None:
    integration = world.connect()
    world.transports["books"].unreachable = True
    asked = tieout.ask(integration, by="Ada", now=world.clock.now())
    assert tieout.make(world.runtime, asked) is None
    asked.refresh_from_db()
    assert asked.agreed is None
    assert "cannot be reached" in asked.fault


def test_a_kind_that_is_made_to_wait_for_approvals_waits_item_by_item_and_goes_when_released(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"approvals": "projects"})
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    assert len(world.customers()) == 1  # other kinds go by themselves
    assert world.projects() == {}
    (item,) = PlanItem.objects.filter(state=PlanState.PLANNED)
    assert (item.hold, item.changes["NAME"]["to"]) == (Hold.APPROVAL, "Grain store")
    release.approve([item.pk], ADA, world.clock.now())
    world.run_until_quiet()
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Grain store"
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.clock.advance(120)
    world.run_until_quiet()
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Grain store"
    _, (change,) = planned(world, integration)
    assert (change.step, change.hold) == ("update", Hold.APPROVAL)
    world.settings(integration, {"approvals": ""})
    world.run_until_quiet()
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Seed store"
    assert not PlanItem.objects.filter(state__in=OPEN_ITEM).exists()


def test_only_known_kinds_can_be_made_to_wait(world: World) -> None:
    with pytest.raises(SettingError, match="“Wait for an approval” does not know inovices"):
        world.settings(world.connect(), {"approvals": "inovices, projects"})
