"""Whatever changes while changes are read, no record is skipped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.servicetitan.bodies import NOW, Service, Watch, feed, job, job_type, listing, project
from tieout.platforms.servicetitan import starting_at
from tieout.platforms.servicetitan.cursors import FeedCursor, Walk

LAG = timedelta(minutes=5)
PAGE = 3


def written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@dataclass
class ModelFeed:
    """An export feed: rows in the order of change, the newest hidden for a while unless recent changes are asked for.

    With `forgetful`, asking for recent changes skips every other row: the least that anyone promises about it.
    """

    watch: Watch
    rows: dict[int, datetime] = field(default_factory=dict)
    forgetful: bool = False
    asked: int = 0

    def touch(self, id_: int) -> None:
        self.rows[id_] = self.watch.at

    def answer(self, request: httpx.Request, params: dict[str, str]) -> httpx.Response:
        self.asked += 1
        recent = params["includeRecentChanges"] == "true"
        place = self._place(params.get("from", ""))
        visible = sorted((at, id_) for id_, at in self.rows.items() if recent or at <= self.watch.at - LAG)
        waiting = [row for row in visible if row > place]
        shown, left = waiting[:PAGE], waiting[PAGE:]
        token = shown[-1] if shown else place
        if recent and self.forgetful:
            shown = shown[1::2]
        data = [project(id_, modifiedOn=written(at)) for at, id_ in shown]
        return httpx.Response(200, json=feed(data, f"tok|{token[0].isoformat()}|{token[1]}", more=bool(left)))

    def _place(self, text: str) -> tuple[datetime, int]:
        if text.startswith("tok|"):
            _, at, id_ = text.split("|")
            return datetime.fromisoformat(at), int(id_)
        return (datetime.fromisoformat(text), 0) if text else (NOW - timedelta(days=999), 0)


@dataclass
class ModelList:
    """A list by time of change in the order of ids, page by page."""

    watch: Watch
    rows: dict[int, datetime] = field(default_factory=dict)

    def touch(self, id_: int) -> None:
        self.rows[id_] = self.watch.at

    def answer(self, request: httpx.Request, params: dict[str, str]) -> httpx.Response:
        since = datetime.fromisoformat(params["modifiedOnOrAfter"]) if "modifiedOnOrAfter" in params else None
        assert (params["orderBy"], params["orderByDirection"], params["active"]) == ("id", "asc", "Any")
        chosen = [(id_, at) for id_, at in sorted(self.rows.items()) if since is None or at >= since]
        first = (int(params["page"]) - 1) * PAGE
        data = [job_type(id_, modifiedOn=written(at)) for id_, at in chosen[first : first + PAGE]]
        return httpx.Response(200, json=listing(data, more=len(chosen) > first + PAGE))


@dataclass
class Follower:
    """Reads changes and keeps, per record, the latest time of change it has seen."""

    service: Service
    watch: Watch
    kind: str
    cursor: Any = None
    seen: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.system = self.service.system(self.watch)

    def page(self) -> bool:
        page = self.system.changes(self.kind, self.cursor)
        self.cursor = dict(page.cursor)
        for record in page.records:
            assert record.modified_at is not None
            self.seen[record.id] = max(self.seen.get(record.id, record.modified_at), record.modified_at)
        return page.more

    def round(self) -> int:
        pages = 1
        while self.page():
            pages += 1
            assert pages < 500, "reading does not end"
        return pages


def following(model: Any, kind: str, path: str) -> Follower:
    service = Service()
    service.on(path, model.answer)
    return Follower(service, model.watch, kind)


moves = st.lists(st.tuples(st.sampled_from(["change", "page", "wait"]), st.integers(1, 9), st.integers(0, 700)), max_size=40)


def play(model: Any, follower: Follower, steps: list[tuple[str, int, int]]) -> None:
    for move, id_, seconds in steps:
        if move == "change":
            model.touch(id_)
            model.watch.advance(0.001)
        elif move == "page":
            follower.page()
        else:
            model.watch.advance(seconds)


def settle(model: Any, follower: Follower) -> None:
    for _ in range(3):
        follower.round()
        model.watch.advance(900)
    follower.round()


@settings(max_examples=60, deadline=None)
@given(moves, st.booleans())
def test_no_change_is_ever_skipped_even_if_the_fast_feed_forgets_rows(steps: list[tuple[str, int, int]], forgetful: bool) -> None:
    model = ModelFeed(Watch(), forgetful=forgetful)
    follower = following(model, "project", "jpm/export/projects")
    play(model, follower, steps)
    settle(model, follower)
    assert follower.seen == {str(id_): at for id_, at in model.rows.items()}


@settings(max_examples=60, deadline=None)
@given(moves, st.sampled_from([0, -7200, 7200]))
def test_a_list_without_a_feed_skips_nothing_while_it_changes_whatever_our_clock_says(steps: list[tuple[str, int, int]], skew: int) -> None:
    model = ModelList(Watch(), {id_: NOW - timedelta(days=id_) for id_ in range(1, 10)})
    service = Service()
    service.on("jpm/job-types", model.answer)
    follower = Follower(service, Watch(NOW + timedelta(seconds=skew)), "job-type")
    play(model, follower, steps)
    settle(model, follower)
    assert follower.seen == {str(id_): at for id_, at in model.rows.items()}


def test_a_record_that_changes_behind_a_walk_is_found_by_the_next_although_a_later_change_was_seen() -> None:
    model = ModelList(Watch(), {id_: NOW - timedelta(days=id_) for id_ in range(1, 7)})
    follower = following(model, "job-type", "jpm/job-types")
    for _ in range(2):
        follower.round()
        model.watch.advance(3600)
    for id_ in range(1, 7):
        model.touch(id_)
    follower.page()
    model.watch.advance(3600)
    model.touch(1)
    model.watch.advance(3600)
    model.touch(6)
    follower.round()
    assert follower.seen["1"] < model.rows[1]
    follower.round()
    assert follower.seen == {str(id_): at for id_, at in model.rows.items()}


@pytest.mark.req("R-ST-06")
def test_a_change_is_seen_by_the_next_poll_although_the_complete_feed_lags() -> None:
    model = ModelFeed(Watch())
    follower = following(model, "project", "jpm/export/projects")
    follower.round()
    model.watch.advance(45)
    model.touch(7)
    follower.round()
    assert follower.seen == {"7": model.rows[7]}


def test_between_safe_rounds_a_poll_is_one_call() -> None:
    model = ModelFeed(Watch())
    follower = following(model, "project", "jpm/export/projects")
    assert follower.round() == 2
    for _ in range(13):
        model.watch.advance(45)
        assert follower.round() == 1
    model.watch.advance(45)
    assert follower.round() == 2
    asked = [call["includeRecentChanges"] for call in follower.service.calls("jpm/export/projects")]
    assert asked == ["false", "true", *["true"] * 14, "false"]


def test_the_first_read_begins_with_the_very_first_record_and_goes_on_where_it_ended() -> None:
    model = ModelFeed(Watch())
    for id_ in range(1, 8):
        model.rows[id_] = NOW - timedelta(days=10 - id_)
    follower = following(model, "project", "jpm/export/projects")
    follower.round()
    assert len(follower.seen) == 7
    calls = follower.service.calls("jpm/export/projects")
    assert "from" not in calls[0]
    assert calls[-1]["from"] == calls[-2]["from"] or calls[-1]["includeRecentChanges"] == "true"


def test_a_first_read_can_begin_at_a_date() -> None:
    model = ModelFeed(Watch())
    model.rows = {1: NOW - timedelta(days=30), 2: NOW - timedelta(days=3)}
    follower = following(model, "project", "jpm/export/projects")
    follower.cursor = starting_at(NOW - timedelta(days=7))
    follower.round()
    assert set(follower.seen) == {"2"}
    assert follower.service.calls("jpm/export/projects")[0]["from"] == "2026-05-13T12:00:00.000000Z"


def test_a_list_without_a_feed_can_begin_at_a_date_too() -> None:
    model = ModelList(Watch())
    follower = following(model, "job-type", "jpm/job-types")
    follower.cursor = starting_at(NOW - timedelta(days=7))
    follower.round()
    model.rows = {1: NOW - timedelta(days=30), 2: NOW - timedelta(days=3)}
    follower.round()
    assert set(follower.seen) == {"2"}


def test_a_row_repeated_on_a_page_is_given_once_as_it_was_latest() -> None:
    service, watch = Service(), Watch()
    rows = [job(1, modifiedOn="2026-05-03T00:00:00Z", jobStatus="Completed"), job(2), job(1, modifiedOn="2026-05-01T00:00:00Z")]
    service.on("jpm/export/jobs", feed(rows, "t1"))
    page = service.system(watch).changes("job", None)
    assert [(record.id, record.fields["jobStatus"]) for record in page.records] == [("1", "Completed"), ("2", "Scheduled")]
    assert page.read_at == NOW


def refusing(tokens: set[str], model: ModelFeed) -> Any:
    def answer(request: httpx.Request, params: dict[str, str]) -> httpx.Response:
        if params.get("from", "").startswith("tok|") and params["includeRecentChanges"] in tokens:
            return httpx.Response(400, json={"title": "Invalid continuation token", "status": 400})
        return model.answer(request, params)

    return answer


@pytest.mark.parametrize("ways", [{"true"}, {"false"}, {"true", "false"}])
def test_refused_tokens_cost_reading_again_and_nothing_else(ways: set[str]) -> None:
    model = ModelFeed(Watch())
    for id_ in range(1, 6):
        model.rows[id_] = NOW - timedelta(days=9 - id_)
    service = Service()
    service.on("jpm/export/projects", model.answer)
    follower = Follower(service, model.watch, "project")
    follower.page()
    follower.page()
    follower.seen.clear()
    service.on("jpm/export/projects", refusing(ways, model))
    model.touch(9)
    for _ in range(4):
        follower.page()
    service.on("jpm/export/projects", model.answer)
    settle(model, follower)
    assert follower.seen["9"] == model.rows[9]


def test_a_refused_beginning_is_a_fault() -> None:
    service = Service()
    service.on("jpm/export/projects", httpx.Response(400, json={"title": "Bad"}))
    with pytest.raises(Exception, match="invalid") as caught:
        service.system(Watch()).changes("project", None)
    assert caught.value.case.code == "servicetitan.query"  # type: ignore[attr-defined]


cursors = st.one_of(
    st.none(),
    st.dictionaries(
        st.sampled_from(["v", "start", "safe", "fast", "on_safe", "safe_at", "latest", "since", "page", "before"]),
        st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "2026-05-01T00:00:00+00:00", "2026-05-01"]),
    ),
)


@given(cursors)
def test_a_cursor_that_cannot_be_read_starts_anew_and_a_good_one_survives_storage(data: Any) -> None:
    feed_cursor, walk = FeedCursor.load(data), Walk.load(data)
    assert FeedCursor.load(feed_cursor.dump()) == feed_cursor
    assert Walk.load(walk.dump()) == walk
    assert feed_cursor.on_safe or feed_cursor.safe_at is not None
    assert walk.page >= 1
