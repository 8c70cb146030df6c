"""The overview: its figures, how they move, and what it says when there is nothing or something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tests.journey.web.test_lists import text_of
from tieout.engine.mark import NEVER
from tieout.engine.overview import at_hand, overview
from tieout.store.models import ApiUsage, Cursor
from tieout.web.roles import Role
from tieout.web.snapshot import Shared, shared


def test_the_figures_of_every_flow_are_counted(rows: Rows) -> None:
    rows.link("1")
    rows.link("2")
    rows.link("3", is_open=False)
    rows.link("4", flow="jobs", kind="job")
    rows.hint("5", marked_at=NEVER, turn_at=rows.now - timedelta(minutes=7))
    rows.hint("6", kind="job")
    rows.wait("7", "1")
    rows.wait("7", "2")
    rows.intent("8", "sending")
    rows.intent("9", "unknown")
    rows.problem("10")
    rows.problem("11", cleared_at=rows.now)
    state = overview(rows.now)
    (integration,) = state.integrations
    projects = next(flow for flow in integration.flows if flow.left_kind == "project")
    jobs = next(flow for flow in integration.flows if flow.left_kind == "job")
    assert (projects.linked, projects.waiting, projects.in_flight, projects.unknown, projects.problems) == (2, 1, 1, 1, 1)
    assert projects.last_sync_at == rows.now
    assert (jobs.linked, jobs.waiting, jobs.blocked, jobs.last_sync_at) == (1, 1, 1, None)
    assert (state.linked, state.backlog.count, state.blocked, state.unknown, state.problems) == (3, 2, 1, 1, 1)
    assert state.backlog.oldest_age(rows.now) == timedelta(minutes=7)


def test_a_flow_shows_before_its_first_record(rows: Rows) -> None:
    (integration,) = overview(rows.now).integrations
    assert len(integration.flows) >= 3
    assert all(flow.linked == 0 for flow in integration.flows)


def test_writes_are_counted_by_when_they_were_settled(rows: Rows) -> None:
    for number, seconds in enumerate((5, 30, 90, 3000, 7200, 90000)):
        rows.intent(str(number), "done", at=rows.now - timedelta(seconds=seconds))
    rows.intent("r", "refused")
    written = overview(rows.now).written
    assert (written.minute, written.hour, written.day) == (2, 4, 5)
    assert len(written.by_minute) == 30
    assert sum(count for _, count in written.by_minute) == 3
    assert written.by_minute[-1][0] == rows.now.replace(second=0, microsecond=0)


def test_usage_is_of_this_day_and_this_month_in_utc(rows: Rows) -> None:
    now = datetime(2026, 5, 3, 0, 30, tzinfo=UTC)
    for day, requests in ((3, 5), (2, 7), (1, 11)):
        ApiUsage.objects.create(connection=rows.books, day=now.date().replace(day=day), requests=requests, transactions=requests * 2)
    ApiUsage.objects.create(connection=rows.books, day=datetime(2026, 4, 30, tzinfo=UTC).date(), requests=1000)
    books, field = overview(now).connections
    assert (books.today.requests, books.today.transactions) == (5, 10)
    assert (books.month.requests, books.month.transactions) == (23, 46)
    assert field.month.requests == 0


@pytest.mark.parametrize("count", [1, 30])
def test_the_overview_takes_the_same_statements_however_much_there_is(
    count: int, rows: Rows, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        rows.link(str(number))
        rows.hint(f"h{number}")
        rows.problem(f"p{number}")
        rows.entry("Created.")
    with django_assert_max_num_queries(15):
        overview(rows.now)


def test_an_empty_installation_says_what_to_do_first(db: None, signed_in: As) -> None:
    shown = text_of(signed_in(Role.ADMINISTRATOR), "/")
    assert "No system is connected yet" in shown
    assert "tieout connect intacct" in shown


def test_a_connection_in_error_says_why_what_to_do_and_when_it_is_tried_again(rows: Rows, signed_in: As) -> None:
    rows.books.state, rows.books.state_code = "auth failed", "intacct.password"
    rows.books.state_text = "The password is wrong. Enter it again."
    rows.books.retry_at = datetime.now(UTC) + timedelta(seconds=600)
    rows.books.save()
    client = signed_in(Role.VIEWER)
    shown = text_of(client, "/")
    assert "Sign-in failed" in shown
    assert "The password is wrong. Enter it again." in shown
    assert "tried again by itself in 9 minutes" in shown
    assert "its records wait" in shown


def test_a_first_load_shows_how_far_it_is(rows: Rows, signed_in: As) -> None:
    Cursor.objects.update(caught_up_at=None)
    for number in range(60):
        rows.hint(f"h{number}")
    for number in range(40):
        rows.link(str(number))
    client = signed_in(Role.VIEWER)
    page = client.get("/").content.decode()
    assert "<progress" in page
    assert 'value="40"' in page
    assert "40 of 100 records in step" in text_of(client, "/")


def test_the_moving_part_is_sent_again_only_when_it_looks_different(rows: Rows, signed_in: As) -> None:
    client = signed_in(Role.VIEWER)
    first = client.get("/overview/moving/")
    seen = first.headers["X-Seen"]
    assert client.get("/overview/moving/", headers={"x-seen": seen}).status_code == 204
    rows.link("1")
    shared.forget()
    moved = client.get("/overview/moving/", headers={"x-seen": seen})
    assert moved.status_code == 200
    assert moved.headers["X-Seen"] != seen


def test_the_chart_has_a_name_a_description_and_a_table(rows: Rows, signed_in: As) -> None:
    rows.intent("1", "done")
    page = signed_in(Role.VIEWER).get("/").content.decode()
    assert '<title id="chart-name">' in page
    assert '<desc id="chart-words">' in page
    assert page.count('<th scope="row">') >= 30


def test_secrets_never_show_on_the_page_of_a_connection(rows: Rows, signed_in: As) -> None:
    rows.books.set_secrets({"sender_password": "hunter2-hunter2"})
    rows.books.save()
    page = signed_in(Role.ADMINISTRATOR).get("/connections/books/").content.decode()
    assert "hunter2" not in page
    assert "stored, encrypted" in page
    assert "SANDBOX" in page


def test_one_answer_serves_all_who_watch_for_ten_times_as_long_as_it_took(rows: Rows) -> None:
    ticks = iter([0.0, 0.3, 2.0, 3.29, 3.31, 3.5])
    asked: list[datetime] = []

    def find(now: datetime):  # type: ignore[no-untyped-def]
        asked.append(now)
        return overview(now)

    figures = Shared(find, lambda: next(ticks))
    figures.get(rows.now)
    figures.get(rows.now)
    figures.get(rows.now)
    assert len(asked) == 1
    figures.get(rows.now)
    assert len(asked) == 2


def test_pages_come_with_a_policy_that_allows_no_other_host(rows: Rows, signed_in: As) -> None:
    page = signed_in(Role.VIEWER).get("/")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src", 1)[1].split(";", 1)[0]
    body = page.content.decode()
    assert "https://" not in body.replace("https://www.w3.org", "")
    assert "<script>" not in body


def test_a_hint_that_waits_for_time_alone_is_not_at_hand(rows: Rows) -> None:
    rows.hint("1")
    rows.hint("2", due_at=rows.now + timedelta(seconds=30))
    rows.hint("3", due_at=rows.now + timedelta(hours=1))
    rows.hint("4", attempts=2)
    assert {hint.remote_id for hint in at_hand(rows.now)} == {"1", "2"}
