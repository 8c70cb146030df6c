"""Customers, projects and jobs reach the books by themselves, in the right order."""

from __future__ import annotations

import pytest

from tests.world import World
from tieout.core.record import Ref
from tieout.engine.drain import drain
from tieout.engine.mark import mark
from tieout.store.models import Connection, Link, Problem


@pytest.mark.req("R-ST-21", "R-ST-22", "R-ST-27")
def test_a_job_its_project_and_its_customer_appear_in_the_books(world: World) -> None:
    world.connect()
    customer = world.new_customer("Hollis & Daughters")
    project = world.new_project(customer, "Boiler room refit")
    job = world.new_job(customer, project)
    world.run(60)
    books = world.projects()
    parent, child = books[f"P-{project['number']}"], books[job["jobNumber"]]
    assert parent["NAME"] == "Boiler room refit"
    assert child["PARENTID"] == parent["PROJECTID"]
    assert child["CUSTOMERID"] == parent["CUSTOMERID"] == f"C-{customer['id']}"
    assert world.customers()[f"C-{customer['id']}"]["NAME"] == f"Hollis & Daughters ({customer['id']})"
    assert world.backlog() == 0


def test_a_second_look_writes_nothing(world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    world.new_job(customer, world.new_project(customer, "Grain store"))
    world.run(200)
    before = world.control("intacct", "GET", "meter")
    world.run(600)
    after = world.control("intacct", "GET", "meter")
    assert after["by_function"].get("create") == before["by_function"].get("create")
    assert after["by_function"].get("update") == before["by_function"].get("update")


@pytest.mark.req("R-ST-23", "R-ST-26")
def test_a_renamed_project_is_renamed_in_the_books(world: World) -> None:
    world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run(60)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Grain store and dryer"})
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Grain store and dryer"


@pytest.mark.req("R-ST-32")
def test_a_renamed_project_keeps_its_name_until_the_setting_is_turned_on(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"use_project_name": False})
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    world.run(60)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Grain store and dryer"})
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Grain store"
    world.settings(integration, {"use_project_name": True})
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Grain store and dryer"


def test_a_job_that_joins_a_project_later_is_moved_under_it_and_not_made_anew(world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    world.run(60)
    alone = world.projects()[job["jobNumber"]]
    assert alone["PARENTID"] in ("", None)
    project = world.new_project(customer, "Grain store")
    world.field("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
    world.run(120)
    moved = world.projects()[job["jobNumber"]]
    assert moved["PARENTID"] == f"P-{project['number']}"
    assert moved["RECORDNO"] == alone["RECORDNO"]


@pytest.mark.req("R-ST-04", "R-ST-05")
def test_what_was_there_before_the_switch_on_stays_out_until_it_is_touched_or_needed(world: World) -> None:
    old_customer = world.new_customer("Ashby Farm")
    old_project = world.new_project(old_customer, "Grain store")
    untouched = world.new_project(old_customer, "Barn")
    world.clock.advance(3600)
    world.connect(since=world.clock.now())
    world.run(60)
    assert world.projects() == {}
    job = world.new_job(old_customer, old_project)
    world.run(60)
    assert set(world.projects()) == {f"P-{old_project['number']}", job["jobNumber"]}
    world.field("PATCH", f"jpm/projects/{untouched['id']}", {"name": "Barn and yard"})
    world.run(60)
    assert f"P-{untouched['number']}" in world.projects()


def test_a_project_that_exists_already_is_linked_and_left_as_it_is(world: World) -> None:
    project = world.new_project(world.new_customer("Ashby Farm"), "Grain store")
    by_hand = {"PROJECTID": f"P-{project['number']}", "NAME": "Grain store (by hand)", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
    world.control("intacct", "POST", "objects/PROJECT", by_hand)
    world.connect()
    world.run(60)
    books = world.projects()
    assert len(books) == 1
    assert books[f"P-{project['number']}"]["NAME"] == "Grain store (by hand)"


def test_what_was_made_by_hand_a_moment_ago_is_found_by_the_refusal_of_its_key(world: World) -> None:
    world.connect()
    world.run(60)
    projects = [world.new_project(world.new_customer("Ashby Farm"), name) for name in ("Grain store", "Barn")]
    by_hand = {"PROJECTID": f"P-{projects[0]['number']}", "NAME": "By hand", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}
    world.control("intacct", "POST", "objects/PROJECT", by_hand)
    mark(Connection.objects.get(name="field"), [Ref("project", str(each["id"])) for each in projects], reason="w", now=world.clock.now())
    for _ in range(4):
        drain(world.runtime, Connection.objects.get(name="books"), 0)
    books = world.projects()
    assert {key: row["NAME"] for key, row in books.items()} == {
        f"P-{projects[0]['number']}": "By hand",
        f"P-{projects[1]['number']}": "Barn",
    }
    origins = dict(Link.objects.filter(flow="projects").values_list("left_id", "origin"))
    assert origins == {str(projects[0]["id"]): "adopted", str(projects[1]["id"]): "created"}
    assert not Problem.objects.exists()


def test_a_cancelled_job_is_set_inactive_and_active_again_when_it_is_restored(world: World) -> None:
    world.connect()
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(60)
    reason = world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
    world.field("PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": reason, "memo": "wrong address"})
    world.run(60)
    assert world.projects()[job["jobNumber"]]["STATUS"] == "inactive"
    world.field("PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
    world.run(60)
    assert world.projects()[job["jobNumber"]]["STATUS"] == "active"
