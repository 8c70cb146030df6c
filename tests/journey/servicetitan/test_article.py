"""The vendor's article on automatic project synchronisation, row by row: purpose, prerequisites, events and troubleshooting.

Each test is a row of servicetitan §1 played in a whole Tieout on one virtual clock. Rows about documents are in `test_documents`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.world import INTACCT, World
from tieout.core.settings import SettingError
from tieout.engine import connections
from tieout.engine.plan import plan
from tieout.engine.poll import due_connections, poll
from tieout.engine.problem_list import ProblemFilter, problems
from tieout.engine.queue_list import QueueFilter, QueueState, queue
from tieout.engine.release import Word, switch_on
from tieout.engine.requests import request
from tieout.store.models import Connection, ConnectionState, Hint, Integration, Intent


def poll_only(world: World) -> None:
    """Read what changed and do nothing about it yet."""
    for connection in due_connections(world.clock.now()):
        poll(world.runtime, connection)


def states(world: World) -> dict[str, QueueState]:
    """Where each record of the queue stands, by its name."""
    return {item.name: item.state for item in queue(world.clock.now(), QueueFilter()).items}


def left_alone(world: World, integration: Integration) -> list[str]:
    """Why records are left alone, as the plan says it."""
    return [text for text, _ in plan(world.runtime, Integration.objects.get(pk=integration.pk)).left_alone.values()]


# Purpose, scope and timing (§1.1)


@pytest.mark.req("R-ST-03")
def test_work_is_queued_and_nobody_waits_for_it(world: World) -> None:
    world.connect()
    job = world.new_job(world.new_customer("Ashby Farm"))
    poll_only(world)
    assert f"Job {job['jobNumber']}" in states(world)
    assert world.projects() == {}
    world.run(30)
    assert job["jobNumber"] in world.projects()
    assert world.backlog() == 0


@pytest.mark.req("R-ST-04")
def test_an_old_job_goes_as_soon_as_it_is_edited(world: World) -> None:
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.clock.advance(3600)
    world.connect(since=world.clock.now())
    world.run(90, pause=10)
    assert world.projects() == {}
    world.field("PATCH", f"jpm/jobs/{job['id']}", {"priority": "Urgent"})
    world.run(90, pause=10)
    assert job["jobNumber"] in world.projects()


@pytest.mark.req("R-ST-06")
def test_a_new_job_appears_within_seconds_to_a_few_minutes(world: World) -> None:
    world.connect()
    world.run(90, pause=10)
    customer = world.new_customer("Ashby Farm")
    made: datetime = world.clock.now()
    job = world.new_job(customer, world.new_project(customer, "Barn"))
    while job["jobNumber"] not in world.projects():
        world.step()
        world.clock.advance(1)
        assert world.clock.now() - made < timedelta(minutes=3)


def wrong_password(world: World) -> None:
    connections.connect("intacct", "books", {**INTACCT, "user_password": "changed"}, environment="test", now=world.clock.now())


def right_password(world: World) -> None:
    connections.connect("intacct", "books", INTACCT, environment="test", now=world.clock.now())


@pytest.mark.req("R-ST-07", "R-ST-34", "R-ST-D8")
def test_expired_credentials_build_a_backlog_that_is_worked_off_once_they_are_renewed(world: World) -> None:
    world.connect()
    world.run(60)
    wrong_password(world)
    customer = world.new_customer("Ashby Farm")
    jobs = [world.new_job(customer) for _ in range(5)]
    world.run(900, pause=30)
    books = Connection.objects.get(name="books")
    assert books.state == ConnectionState.AUTH_FAILED
    assert world.projects() == {}
    assert {states(world)[f"Job {job['jobNumber']}"] for job in jobs} == {QueueState.PAUSED}
    assert Intent.objects.exclude(state="not sent").count() == 0
    right_password(world)
    world.run(180, pause=10)
    assert {job["jobNumber"] for job in jobs} == set(world.projects())
    assert Hint.objects.count() == 0


@pytest.mark.req("R-ST-08", "R-ST-17")
def test_nothing_goes_without_the_parent_setting_and_all_goes_with_it(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"enable_projects": False})
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(90, pause=10)
    assert world.projects() == {}
    world.settings(integration, {"enable_projects": True})
    world.settings(integration, {"project_auto_sync": True, "parent_project_mapping": True, "customer_project_linkage": True})
    world.run(90, pause=10)
    assert job["jobNumber"] in world.projects()


@pytest.mark.req("R-ST-09")
@pytest.mark.parametrize("kind", ["Residential", "Commercial"])
def test_it_is_the_same_for_every_kind_of_business(world: World, kind: str) -> None:
    world.connect()
    address = {"street": "1 Main St", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}
    body = {"name": "Ashby", "type": kind, "address": address, "locations": [{"name": "Ashby", "address": address}]}
    job = world.new_job(world.field("POST", "crm/customers", body))
    world.run(90, pause=10)
    assert job["jobNumber"] in world.projects()


# Settings (§1.2)


@pytest.mark.req("R-ST-10")
def test_with_projects_enabled_a_job_becomes_a_project(world: World) -> None:
    world.connect()
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(90, pause=10)
    assert world.projects()[job["jobNumber"]]["NAME"] == f"{job['jobNumber']} Ashby Farm"


@pytest.mark.req("R-ST-11")
@pytest.mark.parametrize("linked", [True, False])
def test_the_customer_of_a_project_follows_the_linkage_setting(world: World, linked: bool) -> None:
    integration = world.connect()
    world.settings(integration, {"customer_project_linkage": linked})
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    world.run(90, pause=10)
    assert (world.projects()[job["jobNumber"]]["CUSTOMERID"] or None) == (f"C-{customer['id']}" if linked else None)


@pytest.mark.req("R-ST-12", "R-ST-30")
def test_without_automatic_synchronisation_a_job_stays_and_the_product_says_why(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"project_auto_sync": False})
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(90, pause=10)
    assert world.projects() == {}
    assert any("Enable Project Automatic Synchronization" in reason for reason in left_alone(world, integration))
    request(integration, f"job {job['id']}", by="tests", now=world.clock.now())
    world.run(60)
    assert job["jobNumber"] in world.projects()


@pytest.mark.req("R-ST-13", "R-ST-31", "R-ST-20")
def test_without_parent_mapping_jobs_go_and_projects_do_not_until_it_is_turned_on(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"parent_project_mapping": False})
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    world.run(90, pause=10)
    assert set(world.projects()) == {job["jobNumber"]}
    assert any("“Enable Parent Project Mapping” is off" in reason for reason in left_alone(world, integration))
    world.settings(integration, {"parent_project_mapping": True})
    world.run(180, pause=10)
    assert world.projects()[job["jobNumber"]]["PARENTID"] == f"P-{project['number']}"


@pytest.mark.req("R-ST-15", "R-ST-29")
@pytest.mark.parametrize("child", ["customer_project_linkage", "project_auto_sync", "parent_project_mapping"])
def test_a_child_setting_is_refused_until_its_parent_is_saved(world: World, child: str) -> None:
    integration = world.connect()
    world.settings(integration, {"enable_projects": False})
    with pytest.raises(SettingError, match="Enable Intacct Projects"):
        world.settings(integration, {child: True})
    with pytest.raises(SettingError, match="save, and try again"):
        world.settings(integration, {"enable_projects": True, child: True})
    world.settings(integration, {"enable_projects": True})
    world.settings(integration, {child: True})
    assert connections.settings_of(Integration.objects.get(pk=integration.pk))[child] is True


# Prerequisites (§1.3)


@pytest.mark.req("R-ST-16", "R-ST-30")
def test_nothing_goes_while_the_integration_is_not_active_and_all_goes_afterwards(world: World) -> None:
    integration = world.connect()
    Integration.objects.filter(pk=integration.pk).update(active=False)
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(90, pause=10)
    assert world.projects() == {}
    Integration.objects.filter(pk=integration.pk).update(active=True)
    world.run(90, pause=10)
    assert job["jobNumber"] in world.projects()


@pytest.mark.req("R-ST-18", "R-ST-30")
def test_wrong_credentials_are_told_with_their_cure(world: World) -> None:
    world.connect()
    wrong_password(world)
    world.new_job(world.new_customer("Ashby Farm"))
    world.run(60)
    books = Connection.objects.get(name="books")
    assert books.state == ConnectionState.AUTH_FAILED
    assert "password" in books.state_text


@pytest.mark.req("R-ST-19", "R-ST-07")
def test_while_intacct_cannot_be_reached_nothing_is_lost(world: World) -> None:
    world.connect()
    world.run(60)
    customer = world.new_customer("Ashby Farm")
    world.control("intacct", "POST", "faults", [{"action": "http_status", "status": 503, "match": {}}])
    jobs = [world.new_job(customer) for _ in range(3)]
    world.run(600, pause=30)
    assert Connection.objects.get(name="books").state == ConnectionState.DEGRADED
    world.control("intacct", "DELETE", "faults")
    world.run(180, pause=10)
    assert {job["jobNumber"] for job in jobs} == set(world.projects())


# Troubleshooting (§1.7)


@pytest.mark.req("R-ST-35", "R-ST-37")
def test_an_old_job_stays_out_says_why_and_goes_on_request(world: World) -> None:
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.clock.advance(3600)
    integration = world.connect(since=world.clock.now())
    world.run(90, pause=10)
    assert world.projects() == {}
    assert any("before the integration was switched on" in reason for reason in left_alone(world, integration))
    request(integration, job["jobNumber"], by="tests", now=world.clock.now())
    world.run(60)
    assert job["jobNumber"] in world.projects()


@pytest.mark.req("R-ST-37", "R-ST-D9", "R-ST-05")
def test_a_backfill_brings_in_what_is_older_than_the_switch_on_from_a_chosen_date(world: World) -> None:
    customer = world.new_customer("Ashby Farm")
    oldest = world.new_job(customer)
    world.clock.advance(86400)
    chosen = world.clock.now()
    older = world.new_job(customer)
    world.clock.advance(3600)
    integration = world.connect(since=world.clock.now())
    world.run(90, pause=10)
    assert world.projects() == {}
    switch_on(integration, ["jobs"], Word("tests"), world.clock.now(), since=chosen)
    world.run(90, pause=10)
    assert set(world.projects()) == {older["jobNumber"]}
    switch_on(Integration.objects.get(pk=integration.pk), ["jobs"], Word("tests"), world.clock.now(), since=None)
    world.run(90, pause=10)
    assert set(world.projects()) == {older["jobNumber"], oldest["jobNumber"]}


@pytest.mark.req("R-ST-36")
def test_the_queue_shows_each_item_with_its_cause(world: World) -> None:
    world.connect()
    taken = world.new_job(world.new_customer("Ashby Farm"))
    world.control("intacct", "POST", "faults", [{"action": "refuse", "match": {"function": "create", "object": "PROJECT"}}])
    world.run(60)
    (item,) = [item for item in queue(world.clock.now(), QueueFilter()).items if item.name == f"Job {taken['jobNumber']}"]
    assert item.state is QueueState.NEEDS_A_PERSON
    assert item.explanation
    assert item.next_step
    (problem,) = problems(ProblemFilter()).rows
    assert (problem.name, problem.cause) == (item.name, item.cause)


@pytest.mark.req("R-ST-32")
def test_a_stale_name_is_cured_by_its_setting(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"use_project_name": False})
    project = world.new_project(world.new_customer("Ashby Farm"), "Barn")
    world.run(60)
    world.field("PATCH", f"jpm/projects/{project['id']}", {"name": "Barn and yard"})
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Barn"
    world.settings(integration, {"use_project_name": True})
    world.run(60)
    assert world.projects()[f"P-{project['number']}"]["NAME"] == "Barn and yard"


# What the article does not say, and this product does (§2)


@pytest.mark.req("R-ST-D2", "R-ST-D3")
def test_a_job_detached_and_attached_again_moves_out_and_in_as_the_same_record(world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    world.run(90, pause=10)
    number = world.projects()[job["jobNumber"]]["RECORDNO"]
    world.field("POST", f"jpm/projects/detach-job/{job['id']}")
    world.run(90, pause=10)
    assert not world.projects()[job["jobNumber"]]["PARENTID"]
    world.field("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
    world.run(90, pause=10)
    again = world.projects()[job["jobNumber"]]
    assert (again["PARENTID"], again["RECORDNO"]) == (f"P-{project['number']}", number)


@pytest.mark.req("R-ST-D4")
def test_a_renumbered_or_renamed_record_is_still_the_same_one(world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    world.run(60)
    number = world.projects()[f"P-{project['number']}"]["RECORDNO"]
    for name in ("Yard", "Barn", "Byre"):
        world.field("PATCH", f"jpm/projects/{project['id']}", {"name": name})
        world.run(60)
    (only,) = world.projects().values()
    assert (only["RECORDNO"], only["NAME"]) == (number, "Byre")


@pytest.mark.req("R-ST-D7")
def test_turning_parent_mapping_on_warns_of_the_vendors_own_integration(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"parent_project_mapping": False})
    saved = connections.save_settings(integration, {"parent_project_mapping": True}, by="tests", now=world.clock.now())
    assert any("ServiceTitan's own Intacct integration" in warning for warning in saved.warnings)


@pytest.mark.req("R-ST-D10")
def test_everything_arrives_without_a_single_webhook(world: World) -> None:
    world.connect()
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    world.run(90, pause=10)
    assert set(world.projects()) == {f"P-{project['number']}", job["jobNumber"]}


@pytest.mark.req("R-ST-D12")
def test_a_cancelled_job_keeps_its_project_as_inactive(world: World) -> None:
    world.connect()
    job = world.new_job(world.new_customer("Ashby Farm"))
    world.run(60)
    reason = world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
    world.field("PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": reason, "memo": "wrong address"})
    world.run(60)
    assert world.projects()[job["jobNumber"]]["STATUS"] == "inactive"


@pytest.mark.req("R-ST-D5")
def test_a_project_whose_number_is_a_jobs_is_told_and_goes_once_its_template_keeps_them_apart(world: World) -> None:
    integration = world.connect()
    world.settings(integration, {"project_id": "{number}"})
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    world.run(90, pause=10)
    project = world.new_project(customer, "Barn")
    world.control("servicetitan", "POST", "objects/projects", {"id": project["id"], "number": job["jobNumber"]})
    world.run(90, pause=10)
    assert set(world.projects()) == {job["jobNumber"]}
    (told,) = [row for row in problems(ProblemFilter()).rows if row.code == "link.collision"]
    assert f"The ID {job['jobNumber']} it would get is already used by" in told.cause
    assert "Change the ID template" in told.next_step
    world.settings(integration, {"project_id": "P-{number}"})
    world.run(90, pause=10)
    assert set(world.projects()) == {job["jobNumber"], f"P-{job['jobNumber']}"}
    assert problems(ProblemFilter()).rows == ()
