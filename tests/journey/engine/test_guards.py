"""One cause is one problem; circles are told; nothing is written back and forth; no two flows claim one field."""

from __future__ import annotations

import pytest

from tests.journey.sage_psa.conftest import SAGE_PSA
from tests.world import World
from tieout.core.decide import Decision, Finding, FindingKind
from tieout.core.record import Ref
from tieout.core.settings import SettingError
from tieout.core.view import Lookup, Side
from tieout.engine import connections, problem_list, tieout
from tieout.engine.findings import Raised, record_findings
from tieout.engine.journal import Pass
from tieout.engine.pairs import Pair, settings_of
from tieout.platforms import registry
from tieout.store.models import Connection, Held, Integration, Intent, Problem, Wait


def open_problems() -> list[Problem]:
    return list(Problem.objects.filter(cleared_at=None))


def test_refusals_with_one_cause_are_one_problem_that_lists_what_it_holds_up(world: World) -> None:
    integration = world.connect()
    customer = world.new_customer("Ashby Farm")
    world.run_until_quiet()
    world.settings(integration, {"default_location": ""})
    for _ in range(4):
        world.new_job(customer)
    world.run(300)
    (problem,) = open_problems()
    assert problem.actor == "accountant"
    assert Held.objects.filter(problem=problem).count() == 3
    (row,) = problem_list.problems(problem_list.ProblemFilter()).rows
    assert row.holds_up == 3
    assert len({row.name, *problem_list.held_by(row.id)}) == 4
    assert not tieout.run(world.runtime, integration).flows[-1].missing  # all four are held, and that is said

    world.settings(integration, {"default_location": "100"})
    world.run_until_quiet()
    assert open_problems() == []
    assert not Held.objects.filter(problem__cleared_at=None).exists()
    assert len(world.projects()) == 4


def test_a_problem_stays_with_the_others_when_its_first_record_is_helped(world: World) -> None:
    integration = world.connect()
    customer = world.new_customer("Ashby Farm")
    world.run_until_quiet()
    world.settings(integration, {"default_location": ""})
    jobs = [world.new_job(customer) for _ in range(2)]
    world.run(120)
    (problem,) = open_problems()
    first = next(job for job in jobs if str(job["id"]) == problem.subject_id)
    world.control("servicetitan", "GET", "objects/jobs")
    world.field(
        "PUT", f"jpm/jobs/{first['id']}/cancel", {"reasonId": world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"], "memo": "x"}
    )
    world.run(300)
    (after,) = open_problems()
    assert after.pk == problem.pk
    assert after.subject_id == str(next(job["id"] for job in jobs if job is not first))
    assert not Held.objects.filter(problem=after).exists()


def test_a_field_written_back_and_forth_is_left_alone_for_an_hour(world: World) -> None:
    world.connect()
    project = world.new_project(world.new_customer("Ashby Farm"), "East")
    world.run_until_quiet()
    began = world.clock.now()
    for name in ("West", "East", "West", "East", "West"):
        world.field("PATCH", f"jpm/projects/{project['id']}", {"name": name})
        world.run(240)
    assert [row.code for row in open_problems()] == ["field.alternates"]
    names = [intent.content["fields"]["NAME"] for intent in Intent.objects.filter(flow="projects", step="update").order_by("id")]
    assert names == ["West", "East", "West", "East"]
    world.run_until_quiet()
    assert (world.clock.now() - began).total_seconds() > 3600
    assert next(iter(world.projects().values()))["NAME"] == "West"
    assert open_problems() == []


def test_records_that_wait_for_each_other_are_told_as_one_circle(world: World) -> None:
    integration = world.connect()
    flow = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "jobs")
    refs = [Ref("job", "1"), Ref("job", "2"), Ref("job", "3")]
    pairs = []
    for ref, needs in zip(refs, [*refs[1:], refs[0]], strict=True):
        pair = Pair(integration, flow, ref, settings_of(integration))
        waits = Finding(FindingKind.BLOCKED, "record.waits", f"It waits for {needs}.", ref=needs, lookup=Lookup.COUNTERPART, side=Side.LEFT)
        pair.decision = Decision(findings=(waits,))
        pairs.append(pair)
    raised: Raised = {}
    record_findings(pairs, Pass(integration.company, "drain"), raised, world.clock.now())
    assert Wait.objects.count() == 3
    (problem,) = open_problems()
    assert problem.code == "record.cycle"
    assert problem.cause == "These records wait for each other: job 1, job 2, job 3. None of them can go first."
    assert Held.objects.filter(problem=problem).count() == 2
    assert all(raised[pair.identity] == {"record.cycle"} for pair in pairs)


def test_two_flows_of_one_company_may_not_claim_one_field(world: World) -> None:
    world.connect()
    now = world.clock.now()
    psa = connections.connect("sage-psa", "psa", SAGE_PSA, environment="test", now=now)
    second = connections.pair(psa, Connection.objects.get(name="books"), now=now, since=None)
    with pytest.raises(SettingError) as refused:
        connections.save_settings(second, {"default_department": "D"}, by="tests", now=now)
    assert str(refused.value).startswith("Clients of psa-books and Customers of field-books would both write ")
    connections.save_settings(second, {"client_direction": "to-intacct", "project_direction": "to-intacct"}, by="tests", now=now)
    with pytest.raises(SettingError, match="would both write"):
        connections.save_settings(Integration.objects.get(pk=second.pk), {"project_direction": "two-way"}, by="tests", now=now)
