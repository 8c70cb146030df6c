"""No change is skipped and every deletion is found, although most lists know neither delta nor deletions."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sage_psa.bodies import NOW, Account, Watch, client, column, error, member, person, phase, project, role, task
from tieout.core.ports import Fault, System
from tieout.platforms.sage_psa import faults
from tieout.platforms.sage_psa.changes import DOUBTS, FRESH, PROJECTS, ROUND, TASK_ROUND
from tieout.platforms.sage_psa.cursors import Place, pack, stamp, unpack

BODIES: dict[str, Any] = {"client": client, "project": project, "person": person, "role": role, "phase": phase}


class Follower:
    """Reads changes to the end, as the engine does, and keeps what it was told."""

    def __init__(self, account: Account, watch: Watch, kind: str) -> None:
        self.system: System = account.system(watch)
        self.kind = kind
        self.cursor: Mapping[str, Any] | None = None
        self.known: dict[str, Mapping[str, Any]] = {}
        self.deleted: set[str] = set()

    def page(self) -> bool:
        page = self.system.changes(self.kind, self.cursor)
        for record in page.records:
            if record.deleted:
                self.known.pop(record.id, None)
                self.deleted.add(record.id)
            else:
                self.known[record.id] = record.fields
        self.cursor = json.loads(json.dumps(page.cursor))
        return page.more

    def poll(self) -> int:
        for number in range(200):
            if not self.page():
                return number + 1
        raise AssertionError("the pages do not end")

    def named(self, field: str = "name") -> dict[str, Any]:
        return {id_: fields[field] for id_, fields in self.known.items()}


@pytest.mark.parametrize("kind", BODIES)
def test_a_whole_list_is_read_and_a_change_that_moves_no_stamp_is_seen(kind: str) -> None:
    account, watch = Account(), Watch()
    account.put(kind, BODIES[kind](31), BODIES[kind](32))
    follower = Follower(account, watch, kind)
    follower.poll()
    assert set(follower.known) == {"31", "32"}
    field = "last_name" if kind == "person" else "name"
    account.put(kind, BODIES[kind](31, **{field: "Renamed"}))  # updated_at as before (sage-psa §2)
    follower.poll()
    assert follower.named(field)["31"] == "Renamed"


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_missing_from_a_later_list_is_looked_up_and_reported_as_deleted(kind: str) -> None:
    account, watch = Account(), Watch()
    account.put(kind, BODIES[kind](31), BODIES[kind](32))
    follower = Follower(account, watch, kind)
    follower.poll()
    del getattr(account, kind)[31]
    follower.poll()
    assert (set(follower.known), follower.deleted) == ({"32"}, {"31"})
    before = len(account.seen)
    follower.poll()
    assert len(account.seen) == before + 1  # a deletion is looked up once


def test_a_list_cut_short_deletes_nothing() -> None:
    account, watch = Account(), Watch()
    account.put("client", *(client(id_) for id_ in range(1, 31)))
    follower = Follower(account, watch, "client")
    follower.poll()
    account.intercept = lambda request: httpx.Response(200, json=[]) if request.url.path.endswith("/clients") else None
    follower.poll()
    assert (len(follower.known), follower.deleted) == (30, set())


def test_a_404_from_somebody_else_deletes_nothing() -> None:
    account, watch = Account(), Watch()
    account.put("client", client(1), client(2))
    follower = Follower(account, watch, "client")
    follower.poll()
    del account.client[1]
    account.intercept = lambda request: None if request.url.path.endswith("/clients") else httpx.Response(404, html="<h1>proxy</h1>")
    with pytest.raises(Fault) as caught:
        follower.poll()
    assert caught.value.case is faults.ADDRESS
    assert follower.deleted == set()
    account.intercept = None
    follower.poll()
    assert follower.deleted == {"1"}


def test_many_deletions_are_looked_up_a_few_at_a_time_from_one_list() -> None:
    account, watch = Account(), Watch()
    account.put("client", *(client(id_) for id_ in range(1, 51)))
    follower = Follower(account, watch, "client")
    follower.poll()
    for id_ in range(1, 36):
        del account.client[id_]
    account.seen.clear()
    assert follower.poll() == 1 + -(-35 // DOUBTS)
    assert len(follower.deleted) == 35
    assert account.asked().count("GET v1/clients") == 1


def test_an_interrupted_look_goes_on_from_a_new_list_when_the_old_one_is_stale() -> None:
    account, watch = Account(), Watch()
    account.put("client", client(1), client(2))
    follower = Follower(account, watch, "client")
    follower.poll()
    del account.client[1]
    follower.cursor = follower.system.changes("client", follower.cursor).cursor
    watch.advance(FRESH.total_seconds() + 1)
    account.seen.clear()
    follower.poll()
    assert follower.deleted == {"1"}
    assert account.asked() == ["GET v1/clients", "GET v1/clients/1"]


def test_after_an_interrupted_look_what_was_made_since_is_read_at_once() -> None:
    account, watch = Account(), Watch()
    account.put("client", client(1), client(2))
    follower = Follower(account, watch, "client")
    follower.poll()
    del account.client[1]
    follower.cursor = follower.system.changes("client", follower.cursor).cursor
    watch.advance(30)
    account.put("client", client(3))
    follower.poll()
    assert (set(follower.known), follower.deleted) == ({"2", "3"}, {"1"})


def test_a_record_that_comes_back_under_its_id_is_there_again() -> None:
    account, watch = Account(), Watch()
    account.put("client", client(1))
    follower = Follower(account, watch, "client")
    follower.poll()
    kept = account.client.pop(1)
    follower.poll()
    account.put("client", kept)
    follower.poll()
    assert set(follower.known) == {"1"}


@pytest.mark.parametrize("answer", [{"pageContents": []}, None, "x", [None], [{"name": "no id"}], [[]]])
def test_a_list_that_is_not_one_of_records_is_a_fault_and_moves_nothing(answer: Any) -> None:
    account = Account(intercept=lambda request: httpx.Response(200, json=answer))
    with pytest.raises(Fault) as caught:
        account.system(Watch()).changes("client", None)
    assert caught.value.case is faults.BODY


STEPS = st.lists(st.tuples(st.sampled_from(["make", "rename", "delete", "poll", "break", "forget"]), st.integers(1, 6)), max_size=25)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_after_a_poll_what_was_told_is_what_is_there_whatever_happened_before(steps: list[tuple[str, int]]) -> None:
    account, watch = Account(), Watch()
    follower = Follower(account, watch, "client")
    ever: set[int] = set()
    for turn, (step, number) in enumerate(steps):
        watch.advance(30)
        if step == "make":
            account.put("client", client(100 + turn))
            ever.add(100 + turn)
        elif step == "rename" and account.client:
            id_ = sorted(account.client)[number % len(account.client)]
            account.client[id_]["name"] = f"turn {turn}"
        elif step == "delete" and account.client:
            del account.client[sorted(account.client)[number % len(account.client)]]
        elif step == "poll":
            follower.poll()
        elif step == "break":
            left = [number]

            def fail(request: httpx.Request, left: list[int] = left) -> httpx.Response | None:
                left[0] -= 1
                return error(503) if left[0] <= 0 else None

            account.intercept = fail
            with contextlib.suppress(Fault):
                follower.poll()
            account.intercept = None
        else:
            follower.system = account.system(watch)  # another process
    follower.poll()
    assert follower.named() == {str(id_): body["name"] for id_, body in account.client.items()}
    told = follower.deleted | set(follower.known)
    assert told <= {str(id_) for id_ in ever}


# Tasks


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_tasks(number: int = 25) -> tuple[Account, Watch, Follower]:
    account, watch = Account(), Watch()
    account.put("project", *(project(id_) for id_ in range(301, 301 + number)))
    account.put("task", *(task(id_ + 200, project_id=id_) for id_ in range(301, 301 + number)))
    return account, watch, Follower(account, watch, "task")


def test_tasks_are_read_project_by_project_first_and_by_delta_afterwards() -> None:
    account, watch, follower = with_tasks()
    assert follower.poll() == 1 + -(-25 // PROJECTS) + 1
    assert len(follower.known) == 25
    watch.advance(60)
    account.put("task", task(501, title="Renamed", updated_at=at(30)), task(900, title="New", updated_at=at(40)))
    account.seen.clear()
    follower.poll()
    assert (follower.named("title")["501"], follower.named("title")["900"]) == ("Renamed", "New")
    assert len([asked for asked in account.asked() if "updated_after" in asked]) <= 2
    assert "GET v1/projects" not in account.asked()


def test_what_changes_behind_the_first_round_is_in_the_delta_after_it() -> None:
    account, watch, follower = with_tasks()
    follower.page()
    for page in range(2):
        follower.page()
        if page == 0:
            watch.advance(600)
            account.put("task", task(501, title="Early", updated_at=at(1)))
    account.put("task", task(525, project_id=325, title="Late", updated_at=at(600)))
    follower.poll()
    assert (follower.named("title")["501"], follower.named("title")["525"]) == ("Early", "Late")


def test_a_deleted_task_is_found_in_the_feed() -> None:
    account, watch, follower = with_tasks(3)
    follower.poll()
    watch.advance(60)
    del account.task[501]
    account.deleted.append({"id": 501, "company_task_id": "T1", "deleted_by": 3, "deleted_at": at(20)})
    follower.poll()
    assert follower.deleted == {"501"}
    follower.poll()
    assert set(follower.known) == {"502", "503"}


@pytest.mark.parametrize("hours", [-11, -1, 0, 2, 13])
def test_the_zone_in_which_a_delta_is_read_does_not_matter(hours: int) -> None:
    account, watch, follower = with_tasks(2)
    account.zone = timedelta(hours=hours)
    follower.poll()
    for turn in range(1, 6):
        watch.advance(60)
        account.put("task", task(501, title=f"turn {turn}", updated_at=at(60 * turn - 5)))
        follower.poll()
        assert follower.named("title")["501"] == f"turn {turn}"


def test_once_a_day_all_tasks_are_read_because_not_every_edit_moves_a_stamp() -> None:
    account, watch, follower = with_tasks(3)
    follower.poll()
    account.put("task", task(501, title="Silent"))
    watch.advance(3600)
    follower.poll()
    assert follower.named("title")["501"] != "Silent"
    watch.advance(TASK_ROUND.total_seconds())
    follower.poll()
    assert follower.named("title")["501"] == "Silent"


def test_a_task_deleted_while_nobody_looked_for_more_than_a_day_is_found() -> None:
    account, watch, follower = with_tasks(3)
    follower.poll()
    del account.task[501]
    account.deleted.append({"id": 501, "company_task_id": "T1", "deleted_by": 3, "deleted_at": at(0)})
    watch.advance(TASK_ROUND.total_seconds() + 60)
    follower.poll()
    assert set(follower.known) == {"502", "503"}


def test_an_account_without_projects_has_no_tasks_and_reading_ends() -> None:
    follower = Follower(Account(), Watch(), "task")
    assert follower.poll() == 2
    follower.poll()
    assert follower.known == {}


TASK_STEPS = st.lists(
    st.tuples(st.sampled_from(["make", "rename", "delete", "move", "page", "poll", "wait"]), st.integers(0, 30)), max_size=40
)


@settings(deadline=None, max_examples=60)
@given(TASK_STEPS, st.integers(-12, 13))
def test_no_change_of_a_task_is_skipped_whenever_it_happens_and_however_stamps_are_read(steps: list[tuple[str, int]], hours: int) -> None:
    account, watch, follower = with_tasks(23)
    account.zone = timedelta(hours=hours)
    for turn, (step, number) in enumerate(steps):
        watch.advance(1)
        now = watch.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        some = account.task[sorted(account.task)[number % len(account.task)]] if account.task else None
        if step == "make":
            account.put("task", task(1000 + turn, project_id=301 + number % 23, updated_at=now))
        elif step == "rename" and some:
            some.update(title=f"turn {turn}", updated_at=now)
        elif step == "move" and some:
            some.update(project_id=301 + number % 23, updated_at=now)
        elif step == "delete" and some:
            del account.task[some["id"]]
            account.deleted.append({"id": some["id"], "deleted_by": 3, "deleted_at": now})
        elif step == "page":
            follower.page()
        elif step == "poll":
            follower.poll()
        elif step == "wait":
            watch.advance(number * 3600)
    watch.advance(1)
    follower.poll()
    assert follower.named("title") == {str(id_): body["title"] for id_, body in account.task.items()}


@pytest.mark.parametrize("rows", [[{"deleted_at": at(0)}], [7], {"id": 1}, [{"id": 1, "deleted_at": "soon"}]])
def test_a_feed_of_deletions_that_cannot_be_read_is_a_fault(rows: Any) -> None:
    account, _, follower = with_tasks(1)
    account.intercept = lambda request: httpx.Response(200, json=rows) if request.url.path.endswith("/deleted") else None
    with pytest.raises(Fault) as caught:
        follower.poll()
    assert caught.value.case is faults.BODY


# Under projects


@pytest.mark.parametrize(("kind", "make", "rows"), [("team-member", member, "team"), ("workflow-column", column, "columns")])
def test_what_lies_under_projects_is_read_in_rounds_and_deletions_are_found(kind: str, make: Any, rows: str) -> None:
    account, watch = Account(), Watch()
    account.put("project", *(project(id_) for id_ in range(301, 326)))
    for id_ in range(301, 326):
        getattr(account, rows)[id_] = {7: make(7), 8: make(8)}
    follower = Follower(account, watch, kind)
    follower.poll()
    assert len(follower.known) == 50
    before = len(account.seen)
    watch.advance(60)
    follower.poll()
    assert len(account.seen) == before
    del getattr(account, rows)[310][8]
    del account.project[325]
    watch.advance(ROUND.total_seconds())
    follower.poll()
    assert follower.deleted == {"310/8", "325/7", "325/8"}
    assert len(follower.known) == 47


def test_without_projects_nothing_lies_under_them() -> None:
    follower = Follower(Account(), Watch(), "team-member")
    assert follower.poll() == 1


# Cursors


@given(st.sets(st.from_regex(r"-?[0-9]{1,18}(/[0-9]{1,9})?", fullmatch=True)))
def test_packed_ids_come_back(ids: set[str]) -> None:
    assert unpack(pack(ids)) == ids


def test_ten_thousand_ids_take_little_room() -> None:
    assert len(pack(str(id_) for id_ in range(400_000, 430_000, 3))) < 40_000


PLACES = st.builds(
    Place,
    known=st.frozensets(st.sampled_from(["1", "2", "3"])),
    left=st.sets(st.sampled_from(["7", "8"])).map(lambda ids: tuple(sorted(ids))),
    seen=st.frozensets(st.sampled_from(["1/2", "3/4"])),
    began=st.none() | st.datetimes(timezones=st.just(UTC)),
    since=st.none() | st.datetimes(timezones=st.just(UTC)),
    anchor=st.sampled_from(["", "5"]),
)


@given(PLACES)
def test_a_place_survives_being_stored(place: Place) -> None:
    assert Place.load(json.loads(json.dumps(place.dump()))) == place


@given(
    st.none()
    | st.dictionaries(st.sampled_from(["v", "known", "doubts", "left", "seen", "began", "since", "anchor"]), st.integers() | st.text())
)
def test_a_cursor_that_cannot_be_read_starts_anew(data: dict[str, Any] | None) -> None:
    assert isinstance(Place.load(data), Place)


def test_a_stamp_is_written_in_utc() -> None:
    assert stamp(datetime.fromisoformat("2018-02-16T22:00:47+01:00")) == "20180216T210047"
