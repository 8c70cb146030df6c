"""Each fault of the sandbox, under each value of what nobody knows: one effect each, nothing lost, nothing doubled.

The expected rows are stated by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.world import World
from tieout.store.models import Intent, IntentState

SWITCHES: list[Mapping[str, Any]] = [
    {"duplicate_controlid_reply": "no_status"},
    {"duplicate_controlid_reply": "failure"},
    {"refusal_spends_controlid": True},
    {"controlid_memory_s": 60},
    {"duplicate_while_running": "refuse"},
    {"duplicate_while_running": "run"},
    {"duplicate_while_running": "wait"},
    {"consistency_lag_s": 90},
]
BOOKS_FAULTS: list[Mapping[str, Any]] = [
    {"action": "delay", "seconds": 400},
    {"action": "refuse"},
    {"action": "http_status", "status": 500},
    {"action": "http_status", "status": 429, "seconds": 3},
    {"action": "html_body"},
    {"action": "cut_before_commit"},
    {"action": "cut_after_commit"},
    {"action": "finish_after_cut", "seconds": 20},
    {"action": "expire_session"},
]
FIELD_FAULTS: list[Mapping[str, Any]] = [
    {"action": "delay", "seconds": 200},
    {"action": "refuse"},
    {"action": "http_status", "status": 503},
    {"action": "http_status", "status": 429, "seconds": 7},
    {"action": "html_body"},
    {"action": "cut_before_commit"},
    {"action": "cut_after_commit"},
    {"action": "expire_session"},
]


def named(value: Mapping[str, Any]) -> str:
    return "-".join(str(part) for pair in value.items() for part in pair)


def story(world: World) -> dict[str, dict[str, str]]:
    """Things happen in the field; what the books must show in the end."""
    first, second = world.new_customer("Ashby Farm"), world.new_customer("Hollis & Daughters")
    barn, refit = world.new_project(first, "Barn"), world.new_project(second, "Boiler room refit")
    jobs = [world.new_job(first, barn), world.new_job(second, refit), world.new_job(second)]
    for _ in range(4):
        world.step()
        world.clock.advance(3)
    world.field("PATCH", f"jpm/projects/{barn['id']}", {"name": "Barn and yard"})
    world.field("POST", f"jpm/projects/{refit['id']}/attach-job/{jobs[2]['id']}")
    late = world.new_job(first, barn)
    barn_id, refit_id = f"P-{barn['number']}", f"P-{refit['number']}"
    of_first, of_second = f"C-{first['id']}", f"C-{second['id']}"
    return {
        barn_id: {"NAME": "Barn and yard", "PARENTID": "", "CUSTOMERID": of_first},
        refit_id: {"NAME": "Boiler room refit", "PARENTID": "", "CUSTOMERID": of_second},
        jobs[0]["jobNumber"]: {"NAME": f"{jobs[0]['jobNumber']} Ashby Farm", "PARENTID": barn_id, "CUSTOMERID": of_first},
        jobs[1]["jobNumber"]: {"NAME": f"{jobs[1]['jobNumber']} Hollis & Daughters", "PARENTID": refit_id, "CUSTOMERID": of_second},
        jobs[2]["jobNumber"]: {"NAME": f"{jobs[2]['jobNumber']} Hollis & Daughters", "PARENTID": refit_id, "CUSTOMERID": of_second},
        late["jobNumber"]: {"NAME": f"{late['jobNumber']} Ashby Farm", "PARENTID": barn_id, "CUSTOMERID": of_first},
    }


def shown(world: World) -> dict[str, dict[str, str]]:
    """What the books show, of the columns that are expected."""
    rows = world.control("intacct", "GET", "objects/PROJECT")
    assert len({row["PROJECTID"] for row in rows}) == len(rows)
    columns = ("NAME", "PARENTID", "CUSTOMERID")
    return {row["PROJECTID"]: {column: row[column] or "" for column in columns} for row in rows}


def check(world: World) -> None:
    """Run the story to its end and compare."""
    check_against(world, story(world))


def check_against(world: World, expected: Mapping[str, Mapping[str, str]]) -> None:
    """Let everything settle and compare."""
    world.run_until_quiet()
    assert shown(world) == expected
    assert len(world.customers()) == 2
    assert not Intent.objects.filter(state__in=[IntentState.SENDING, IntentState.UNKNOWN]).exists()


@pytest.mark.parametrize("switch", SWITCHES, ids=named)
@pytest.mark.parametrize("fault", BOOKS_FAULTS, ids=named)
def test_every_record_exists_once_after_a_fault_of_the_books_while_writing(
    world: World, fault: Mapping[str, Any], switch: Mapping[str, Any]
) -> None:
    world.control("intacct", "PUT", "settings", switch)
    world.connect()
    writes = [{"match": {"function": function, "times": 3}, **fault} for function in ("create", "update")]
    world.control("intacct", "POST", "faults", writes)
    check(world)


@pytest.mark.parametrize("fault", BOOKS_FAULTS, ids=named)
def test_every_record_exists_once_after_a_fault_of_the_books_while_reading(world: World, fault: Mapping[str, Any]) -> None:
    world.connect()
    world.control("intacct", "POST", "faults", [{"match": {"function": "query", "nth": 2, "times": 4}, **fault}])
    check(world)


@pytest.mark.parametrize("fault", FIELD_FAULTS, ids=named)
def test_every_record_exists_once_after_a_fault_of_the_field(world: World, fault: Mapping[str, Any]) -> None:
    world.connect()
    expected = story(world)
    for path in ("/jpm", "/crm"):
        world.control("servicetitan", "POST", "faults", [{"match": {"path": path, "times": 5}, **fault}])
    check_against(world, expected)


def test_a_wrong_password_pauses_and_its_cure_goes_on_by_itself(world: World) -> None:
    world.connect()
    world.control("intacct", "PUT", "settings", {"user_password": "changed-by-an-administrator"})
    world.control("intacct", "POST", "faults", [{"match": {"times": 1}, "action": "expire_session"}])
    expected = story(world)
    world.run(600, pause=20)
    assert world.projects() == {}
    world.control("intacct", "PUT", "settings", {"user_password": "ws-user-pw"})
    check_against(world, expected)
