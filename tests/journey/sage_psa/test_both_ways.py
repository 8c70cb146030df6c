"""Clients and projects of Sage PSA and Sage Intacct, kept in step both ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.journey.sage_psa.conftest import PsaWorld
from tieout.core.ports import Effect, Outcome
from tieout.core.record import Ref
from tieout.engine import tieout
from tieout.engine.batch import Batch
from tieout.engine.effects import follow_up
from tieout.engine.facts import decide_pairs, find_successors
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.observe import read
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.probe import handle_of
from tieout.engine.queue import LEASE
from tieout.engine.send import carry_out
from tieout.platforms import registry
from tieout.store.models import Integration, Intent, Journal, Link, Problem, Ruling


def calls(world: PsaWorld) -> list[tuple[str, str, str]]:
    return list(Intent.objects.order_by("id").values_list("flow", "step", "side"))


def new_project(world: PsaWorld, name: str, **more: Any) -> dict[str, Any]:
    client = world.psa("POST", "v1/clients", {"name": f"{name} Ltd", "city": "Leeds", "zip": "LS1"})
    body = {
        "name": name,
        "stage": "RUNNING",
        "budget_type": "FIXED_PRICE",
        "client": client["id"],
        "custom_project_id": f"X-{name}",
        **more,
    }
    made: dict[str, Any] = world.psa("POST", "v1/projects", body)
    return made


@pytest.mark.req("R-PSA-01", "R-PSA-11", "R-PSA-21")
def test_a_project_made_in_sage_psa_appears_in_the_books_with_its_client(world: PsaWorld) -> None:
    world.connect()
    project = new_project(world, "Roof", description="<p>One &amp; two</p>", start_date="2026-03-01", end_date="2026-09-30")
    world.run_until_quiet()
    row = world.projects()["X-Roof"]
    customer = f"C-{project['client']}"
    assert (row["NAME"], row["STATUS"], row["PROJECTCATEGORY"], row["CUSTOMERID"]) == ("Roof", "active", "Contract", customer)
    assert (row["DESCRIPTION"], row["BEGINDATE"], row["ENDDATE"]) == ("One & two", "03/01/2026", "09/30/2026")
    assert world.customers()[customer]["NAME"] == "Roof Ltd"
    assert calls(world) == [("clients", "create", "right"), ("projects", "create", "right")]
    world.run(600)
    assert len(calls(world)) == 2  # nothing echoes
    assert tieout.run(world.runtime, Integration.objects.get()).agreed


@pytest.mark.req("R-PSA-09", "R-PSA-16", "R-PSA-20")
def test_a_project_made_in_the_books_appears_in_sage_psa_with_its_customer(world: PsaWorld) -> None:
    world.connect()
    world.run_until_quiet()
    world.book("create", "CUSTOMER", CUSTOMERID="K-1", NAME="Ashby Farm")
    world.book(
        "create",
        "PROJECT",
        PROJECTID="P-77",
        NAME="Barn",
        PROJECTCATEGORY="Internal Billable",
        LOCATIONID="100",
        CUSTOMERID="K-1",
        ENDDATE="12/31/2026",
    )
    world.run_until_quiet()
    project = world.psa_projects()["Barn"]
    assert (project["stage"], project["budget_type"], project["custom_project_id"]) == ("RUNNING", "FIXED_PRICE", "P-77")
    assert project["client"] == world.clients()["Ashby Farm"]["id"]
    assert project["end_date"] == "2026-12-31"
    assert calls(world) == [("clients", "create", "left"), ("projects", "create", "left")]
    world.run(600)
    assert len(calls(world)) == 2
    assert world.projects()["P-77"]["PROJECTCATEGORY"] == "Internal Billable"
    assert set(Link.objects.values_list("flow", "left_kind", "is_open")) == {("clients", "client", True), ("projects", "project", True)}


@pytest.mark.req("R-PSA-56", "R-PSA-60", "R-PSA-61")
def test_changes_go_both_ways_field_by_field_and_a_stage_the_books_cannot_name_is_left_as_it_is(world: PsaWorld) -> None:
    world.connect()
    project = new_project(world, "Roof", stage="PLANNING")
    world.run_until_quiet()
    assert world.projects()["X-Roof"]["STATUS"] == "inactive"
    world.book("update", "PROJECT", PROJECTID="X-Roof", DESCRIPTION="from the books")
    world.psa("PUT", f"v1/projects/{project['id']}", {"name": "Roof II"})
    world.run_until_quiet()
    assert world.psa_projects()["Roof II"]["description"] == "from the books"
    assert world.psa_projects()["Roof II"]["stage"] == "PLANNING"
    assert world.projects()["X-Roof"]["NAME"] == "Roof II"
    world.book("update", "PROJECT", PROJECTID="X-Roof", STATUS="active")
    world.run_until_quiet()
    assert world.psa_projects()["Roof II"]["stage"] == "RUNNING"
    world.book("update", "PROJECT", PROJECTID="X-Roof", STATUS="inactive")
    world.run_until_quiet()
    assert world.psa_projects()["Roof II"]["stage"] == "DONE"
    count = len(calls(world))
    world.run(900)
    assert len(calls(world)) == count
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_with_one_way_the_books_edit_is_shown_and_left_alone(world: PsaWorld) -> None:
    world.connect(project_direction="to-intacct")
    new_project(world, "Roof")
    world.run_until_quiet()
    world.book("update", "PROJECT", PROJECTID="X-Roof", DESCRIPTION="from the books")
    world.book("create", "PROJECT", PROJECTID="P-78", NAME="Silo", PROJECTCATEGORY="Contract", LOCATIONID="100", ENDDATE="12/31/2026")
    world.run_until_quiet()
    assert world.psa_projects()["Roof"]["description"] != "from the books"
    assert "Silo" not in world.psa_projects()


@pytest.mark.req("R-PSA-36")
def test_a_project_that_is_on_both_sides_already_is_linked_by_its_id(world: PsaWorld) -> None:
    project = new_project(world, "Roof")
    world.book("create", "PROJECT", PROJECTID="X-Roof", NAME="Roof", PROJECTCATEGORY="Contract", LOCATIONID="100", ENDDATE="12/31/2026")
    world.connect()
    world.run_until_quiet()
    link = Link.objects.get(flow="projects")
    assert (link.left_id, link.origin) == (str(project["id"]), "adopted")
    assert len(world.psa_projects()) == len(world.projects()) == 1


@pytest.mark.req("R-PSA-30", "R-PSA-31")
def test_a_deleted_project_is_unlinked_and_one_deleted_in_sage_psa_comes_back_overnight(world: PsaWorld) -> None:
    world.connect()
    project = new_project(world, "Roof", end_date="2026-12-31")
    world.run_until_quiet()
    world.psa("DELETE", f"v1/projects/{project['id']}")
    world.run(900)
    assert world.psa_projects() == {}
    assert world.projects()["X-Roof"]["STATUS"] == "active"
    world.run_until_quiet(hours=20)
    again = world.psa_projects()["Roof"]
    assert again["custom_project_id"] == "X-Roof"
    assert again["id"] != project["id"]
    world.book("delete", "PROJECT", RECORDNO=str(world.projects()["X-Roof"]["RECORDNO"]))
    world.run(4000, pause=120)  # the audit trail, which alone tells of deletions, is read once an hour
    assert list(world.psa_projects()) == ["Roof"]
    assert world.projects() == {}
    assert not Link.objects.filter(flow="projects", is_open=True).exists()


def test_a_lost_answer_to_a_create_in_sage_psa_makes_no_second_project(world: PsaWorld) -> None:
    world.connect()
    world.run_until_quiet()
    fault = {"match": {"function": "POST v1/projects", "times": 1}, "action": "cut_after_commit"}
    world.control("sage-psa", "POST", "faults", [fault])
    world.book("create", "PROJECT", PROJECTID="P-9", NAME="Barn", PROJECTCATEGORY="Contract", LOCATIONID="100", ENDDATE="12/31/2026")
    world.run_until_quiet()
    assert Journal.objects.filter(event="outcome unknown").exists()
    assert [row["custom_project_id"] for row in world.psa("GET", "v1/projects")] == ["P-9"]
    assert Link.objects.filter(flow="projects", is_open=True).count() == 1


@pytest.mark.parametrize(("cut", "choice"), [("cut_after_commit", "done"), ("cut_before_commit", "not done")])
def test_a_person_may_say_what_became_of_a_call_that_nothing_can_find_again(world: PsaWorld, cut: str, choice: str) -> None:
    integration = world.connect()
    world.run_until_quiet()
    world.control("sage-psa", "POST", "faults", [{"match": {"function": "POST v1/projects", "times": 1}, "action": cut}])
    world.book("create", "PROJECT", PROJECTID="P-9", NAME="Barn", PROJECTCATEGORY="Contract", LOCATIONID="100", ENDDATE="12/31/2026")
    while not Intent.objects.exists():
        world.step()
        world.clock.advance(20)
    intent = Intent.objects.get()
    assert (intent.state, intent.left_id) == ("unknown", f"right:{intent.right_id}")
    made = world.psa("GET", "v1/projects")
    Ruling.objects.create(
        integration=integration,
        flow="projects",
        left_id=intent.left_id,
        kind="resolved",
        by="kim",
        at=world.clock.now(),
        fingerprint=handle_of(intent),
        data={"choice": choice, **({"id": made[0]["id"]} if made else {})},
    )
    world.run(30)
    assert [row["name"] for row in world.psa("GET", "v1/projects")] == ["Barn"]
    assert Link.objects.get(flow="projects").right_id == intent.right_id
    intent.refresh_from_db()
    assert intent.state == ("done" if choice == "done" else "spent")
    assert Intent.objects.count() == (1 if choice == "done" else 2)


def test_a_record_made_anew_in_the_books_takes_over_the_link_of_its_predecessor(world: PsaWorld) -> None:
    integration = world.connect()
    new_project(world, "Roof")
    world.run_until_quiet()
    before = Link.objects.get(flow="projects", is_open=True)
    row = world.projects()["X-Roof"]
    world.book("delete", "PROJECT", RECORDNO=str(row["RECORDNO"]))
    world.book("create", "PROJECT", PROJECTID="X-Roof", NAME="Roof", PROJECTCATEGORY="Contract", LOCATIONID="100", STATUS="active")
    flow = next(replace(flow, succeeds=True) for flow in registry.platform("sage-psa").flows if flow.name == "projects")
    read(integration.company, world.runtime.systems.of(integration.company), [before.right], world.clock.now(), timedelta())
    pair = Pair(integration, flow, before.left, settings_of(integration))
    now = world.clock.now()
    batch = Batch(world.runtime, integration.company, 0, Pass(integration.company, "drain"), [], now + LEASE)
    load([pair])
    find_successors(batch, [pair])
    decide_pairs(batch, [pair])
    carry_out(batch, [pair])
    links = list(Link.objects.filter(flow="projects").order_by("id"))
    assert [(link.is_open, link.closed_because) for link in links] == [(False, "replaced"), (True, "")]
    assert links[1].right_id == str(world.projects()["X-Roof"]["RECORDNO"]) != links[0].right_id
    assert links[1].base == links[0].base


@pytest.mark.parametrize("explained", [True, False])
def test_what_a_call_changed_beside_its_record_is_nobodys_edit(world: PsaWorld, explained: bool) -> None:
    integration = world.connect(project_direction="to-intacct")
    new_project(world, "Roof")
    world.run_until_quiet()
    if explained:
        follow_up(integration.company, [Outcome(Effect.DONE, touched=(Ref("PROJECT", "~X-Roof"),))], world.clock.now())
    world.book("update", "PROJECT", user="ws-user", PROJECTID="X-Roof", DESCRIPTION="worked out by the books")
    world.run_until_quiet()
    assert Journal.objects.filter(event="edited there").exists() is not explained
    base = Link.objects.get(flow="projects", is_open=True).base
    assert base["DESCRIPTION"][1] == ("worked out by the books" if explained else None)
