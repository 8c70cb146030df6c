"""Records by id, by the key people know them by, and the preflight check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.unit.sage_psa.bodies import NOW, VALUES, Account, Watch, client, column, error, member, person, phase, project, role, task
from tieout.core.ports import Fault, System
from tieout.core.record import Record, Ref
from tieout.platforms.sage_psa import KINDS, connect, faults
from tieout.platforms.sage_psa.reader import SINGLE_READS


def full() -> Account:
    account = Account()
    for kind, body in (("client", client(101)), ("project", project(301)), ("person", person(7)), ("role", role(21))):
        account.put(kind, body)
    account.put("phase", phase(61))
    account.put("task", task(501))
    account.team[301] = {7: member(7)}
    account.columns[301] = {41: column(41)}
    return account


IDS = {
    "client": "101",
    "project": "301",
    "person": "7",
    "role": "21",
    "phase": "61",
    "task": "501",
    "team-member": "301/7",
    "workflow-column": "301/41",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_by_id_and_looks_as_in_its_list(kind: str) -> None:
    account, ref = full(), Ref(kind, IDS[kind])
    system = account.system(Watch())
    found = system.read([ref, ref, Ref(kind, IDS[kind] + "9")])
    assert set(found) == {ref}
    cursor: Mapping[str, Any] | None = None
    listed: dict[Ref, Record] = {}
    while True:
        page = system.changes(kind, cursor)
        listed |= {record.ref: record for record in page.records}
        cursor = page.cursor
        if not page.more:
            break
    assert listed[ref] == found[ref]


@pytest.mark.parametrize("id_", ["", "abc", "1,2", "9" * 25, "²", "1/2", "..", "1 OR 1"])
def test_what_cannot_be_an_id_is_not_there_and_is_not_asked_for(id_: str) -> None:
    account = Account()
    assert account.system(Watch()).read([Ref("client", id_)]) == {}
    assert account.seen == []


def test_many_records_are_read_from_one_list_and_what_it_lacks_is_looked_up() -> None:
    account = Account()
    account.put("client", *(client(id_) for id_ in range(1, 31)))
    refs = [Ref("client", str(id_)) for id_ in range(1, 33)]
    assert set(account.system(Watch()).read(refs)) == set(refs[:30])
    assert account.asked() == ["GET v1/clients", "GET v1/clients/31", "GET v1/clients/32"]


def test_a_hundred_tasks_are_read_at_once_by_whoever_waited_as_told() -> None:
    account, watch = Account(), Watch()
    account.put("task", *(task(id_) for id_ in range(501, 601)))
    system = account.system(watch)
    refs = [Ref("task", str(id_)) for id_ in range(501, 601)]
    for _ in range(2):
        assert len(system.read(refs)) == 100
    with pytest.raises(Fault) as caught:
        system.read(refs)
    assert caught.value.retry_after is not None
    watch.advance(caught.value.retry_after)
    assert len(system.read(refs)) == 100


def test_another_record_than_the_one_asked_for_is_a_fault() -> None:
    account = Account(intercept=lambda request: httpx.Response(200, json=client(5)))
    with pytest.raises(Fault, match="another record"):
        account.system(Watch()).read([Ref("client", "4")])


# find


def numbered() -> Account:
    account = Account()
    account.put("project", project(301), project(302, custom_project_id=None), project(303, custom_project_id="2"))
    account.put("project", project(304, custom_project_id="A/7 ä"), project(305, custom_project_id=".."))
    return account


@pytest.mark.parametrize("more", [0, SINGLE_READS])
def test_projects_are_found_by_their_own_id_and_then_by_their_number(more: int) -> None:
    keys = ["P301", "2", "A/7 ä", "..", "1", "P999", "", *(f"none {number}" for number in range(more))]
    found = numbered().system(Watch()).find("project", keys)
    # 2 is the own ID of 303, so it no longer names 302, whose running number it is; 1 is a number that 301 does not go by.
    assert {key: record.id for key, record in found.items()} == {"P301": "301", "2": "303", "A/7 ä": "304", "..": "305"}


def test_a_project_without_an_own_id_is_found_by_its_running_number() -> None:
    account = Account()
    account.put("project", project(309, custom_project_id=None))
    system = account.system(Watch())
    assert {key: record.id for key, record in system.find("project", ["9", "09"]).items()} == {"9": "309"}


def test_clients_are_found_by_name_and_of_several_the_first_one_made() -> None:
    account = Account()
    account.put("client", client(12, name="Acme"), client(9, name=" Acme "), client(3, name="ACME"), client(4, name="Other"))
    system = account.system(Watch())
    assert {key: record.id for key, record in system.find("client", ["Acme", "Nobody"]).items()} == {"Acme": "9"}
    assert system.find("client", []) == {}


def test_people_are_found_by_email_in_any_case_and_roles_by_name() -> None:
    account = full()
    system = account.system(Watch())
    assert system.find("person", ["ADA7@EXAMPLE.COM"])["ADA7@EXAMPLE.COM"].id == "7"
    assert system.find("role", ["Engineer"])["Engineer"].id == "21"
    assert system.find("phase", ["61", "62"])["61"].fields["name"] == "Build"


# check


def lines(system: System) -> dict[str, bool]:
    return {line.name: line.ok for line in system.check()}


def test_every_preflight_line_is_well_when_all_is_well() -> None:
    checks = full().system(Watch()).check()
    assert all(line.ok and line.detail for line in checks)
    assert [line.name for line in checks] == [
        "API address",
        "Sign-in",
        "Read clients",
        "Read task changes",
        "Webhooks",
        "API key's person",
        "Clock",
    ]
    assert "Holm & Co, DKK" in [line.detail for line in checks]


@pytest.mark.parametrize(
    ("answer", "case"),
    [
        (error(401), faults.API_KEY),
        (error(403), faults.FORBIDDEN),
        (httpx.Response(404, html="<h1>?</h1>"), faults.ADDRESS),
        (httpx.Response(200, html="<html>log in</html>"), faults.PAGE),
        (httpx.Response(200, json=[]), faults.BODY),
    ],
)
def test_a_failed_sign_in_comes_first_says_what_to_do_and_is_the_only_thing_tried(answer: httpx.Response, case: Any) -> None:
    account = Account(intercept=lambda request: answer)
    first = account.system(Watch()).check()[0]
    assert (first.name, first.ok, first.code, first.cure) == ("Sign-in", False, case.code, case.next_step)
    assert len(account.seen) == 1


def test_a_list_that_cannot_be_read_does_not_hide_the_other_lines() -> None:
    account = Account(intercept=lambda request: error(400) if request.url.path.endswith("/clients") else None)
    assert lines(account.system(Watch())) | {"Read clients": False} == lines(account.system(Watch()))


@pytest.mark.parametrize(("minutes", "ok"), [(0, True), (4, True), (6, False), (-6, False)])
def test_clocks_that_differ_are_told(minutes: int, ok: bool) -> None:
    account = Account(served_at=NOW - timedelta(minutes=minutes))
    clock = next(line for line in account.system(Watch()).check() if line.name == "Clock")
    assert clock.ok is ok
    assert ok or ("ahead" if minutes > 0 else "behind") in clock.detail


def test_the_number_of_requests_is_counted_and_nothing_is_billed() -> None:
    system = full().system(Watch())
    system.check()
    assert (system.usage().requests, system.usage().transactions) == (5 - 1, 0)


# connect


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "API key"),
        ({"api_key": "a b"}, "API key"),
        ({"api_key": "ключ"}, "API key"),
        ({"api_key": "k", "base_url": "not an address"}, "API address"),
        ({"api_key": "k", "base_url": "https://user:pw@api.example"}, "API address"),
        ({"api_key": "k", "api_person": "me"}, "Person of the API key"),
    ],
)
def test_a_connection_that_cannot_work_is_refused_before_any_call(values: dict[str, str], said: str) -> None:
    with pytest.raises(Fault, match=said) as caught:
        connect(values, clock=Watch())
    assert caught.value.case is faults.NOT_CONFIGURED


def test_an_address_with_the_api_path_behind_it_is_understood() -> None:
    assert "127.0.0.1:8103)" in repr(connect({**VALUES, "base_url": "http://127.0.0.1:8103/api/"}, clock=Watch()))
