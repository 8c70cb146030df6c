"""Linking by hand: two records become a pair without anything being written, and a pair can be taken apart."""

from __future__ import annotations

import pytest

from tests.world import World
from tieout.core.record import Ref
from tieout.engine.linking import LinkError, link, proposals, unlink
from tieout.engine.release import Word
from tieout.platforms import registry
from tieout.store.models import Integration, Intent, Journal, Link, Ruling

ADA = Word("Ada", "the same customer")
CUSTOMERS = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "customers")


def connected(world: World) -> Integration:
    """An integration that leaves alone what was there before it."""
    world.clock.advance(3600)
    integration = world.connect(since=world.clock.now())
    world.run_until_quiet()
    return integration


def in_books(world: World, key: str, name: str) -> None:
    world.control("intacct", "POST", "objects/CUSTOMER", {"CUSTOMERID": key, "NAME": name, "DISPLAYCONTACT": {"PRINTAS": name}})


def test_a_record_linked_by_hand_is_used_by_what_refers_to_it(world: World) -> None:
    customer = world.new_customer("Ashby Farm")
    in_books(world, "ASHBY", "Ashby Farm")
    integration = connected(world)
    made = link(world.runtime, integration, CUSTOMERS, Ref("customer", str(customer["id"])), "ASHBY", ADA)
    assert Link.objects.get().pk == made.pk
    assert not Intent.objects.exists()
    assert Ruling.objects.get().data == {"record": made.right_id}
    world.new_project(customer, "Grain store")
    world.run_until_quiet()
    assert [row["CUSTOMERID"] for row in world.projects().values()] == ["ASHBY"]
    assert list(world.customers()) == ["ASHBY"]


def test_a_record_that_is_linked_or_missing_is_not_linked_again(world: World) -> None:
    one, two = world.new_customer("Ashby Farm"), world.new_customer("Birch Mill")
    in_books(world, "ASHBY", "Ashby Farm")
    in_books(world, "OTHER", "Other")
    integration = connected(world)
    link(world.runtime, integration, CUSTOMERS, Ref("customer", str(one["id"])), "ASHBY", ADA)
    with pytest.raises(LinkError, match="ASHBY is linked to customer"):
        link(world.runtime, integration, CUSTOMERS, Ref("customer", str(two["id"])), "ASHBY", ADA)
    with pytest.raises(LinkError, match="have no CUSTOMER with the ID NOBODY"):
        link(world.runtime, integration, CUSTOMERS, Ref("customer", str(two["id"])), "NOBODY", ADA)
    with pytest.raises(LinkError, match="customer 99 does not exist"):
        link(world.runtime, integration, CUSTOMERS, Ref("customer", "99"), "OTHER", ADA)


def test_a_pair_that_is_taken_apart_stays_apart(world: World) -> None:
    integration = world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run_until_quiet()
    flow = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "projects")
    unlink(integration, flow, Ref("project", str(project["id"])), Word("Ada", "not the same"), world.clock.now())
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Seed store"})
    world.clock.advance(120)
    world.run_until_quiet()
    assert [row["NAME"] for row in world.projects().values()] == ["Grain store"]
    assert Link.objects.get(flow="projects").closed_because == "unlinked"
    assert Journal.objects.get(event="unlinked").text == "Ada unlinked it: both records stay as they are, and apart. not the same"
    with pytest.raises(LinkError, match="is not linked"):
        unlink(integration, flow, Ref("project", str(project["id"])), ADA, world.clock.now())


def test_what_is_alike_is_proposed(world: World) -> None:
    world.new_customer("Ashby Farm")
    in_books(world, "ASHBY", "Ashby Farm")
    in_books(world, "Z-1", "Quarry Works")
    integration = connected(world)
    (found,) = [each for each in proposals(integration) if each.flow == "customers"]
    assert found.right_name == "ASHBY Ashby Farm"
