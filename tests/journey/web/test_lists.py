"""The queue, the problems and the sync log as lists: what they say, how they filter and turn pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tieout.engine import log_list, queue_list
from tieout.engine.log_list import LogFilter
from tieout.engine.mark import NEVER
from tieout.engine.problem_list import ProblemFilter, problems
from tieout.engine.queue_list import QueueFilter, QueueState
from tieout.store.models import Hint, Journal, Ruling, SettingValue
from tieout.web.roles import Role


def states(rows: Rows, **wanted: str) -> dict[str, QueueState]:
    """State by record id."""
    return {item.remote_id: item.state for item in queue_list.queue(rows.now, QueueFilter(**wanted)).items}


def text_of(client: Client, address: str) -> str:
    """What a person reads of a page's content."""
    page = client.get(address)
    assert page.status_code == 200
    body = page.content.decode().split('id="page-content"', 1)[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def test_each_record_stands_in_the_queue_once_with_its_most_telling_state(rows: Rows) -> None:
    rows.hint("1")
    rows.hint("2", slot=1, due_at=rows.now + timedelta(minutes=1))
    rows.hint("3", attempts=2, due_at=rows.now + timedelta(minutes=15))
    rows.hint("4")
    rows.intent("4", "sending")
    rows.intent("5", "unknown")
    rows.hint("6", kind="job")
    rows.wait("6", "1")
    rows.wait("6", "5")
    rows.hint("7")
    rows.problem("7")
    assert states(rows) == {
        "7": QueueState.NEEDS_A_PERSON,
        "5": QueueState.UNKNOWN,
        "4": QueueState.SENDING,
        "2": QueueState.IN_WORK,
        "6": QueueState.WAITING,
        "3": QueueState.RETRYING,
        "1": QueueState.QUEUED,
    }


def test_a_settled_write_and_a_cleared_problem_are_not_in_the_queue(rows: Rows) -> None:
    rows.intent("1", "done")
    rows.intent("2", "refused")
    rows.problem("3", cleared_at=rows.now)
    assert states(rows) == {}


def test_a_connection_in_error_pauses_its_records_with_the_cause_and_the_next_try(rows: Rows) -> None:
    rows.hint("1")
    rows.books.state, rows.books.state_text = "auth failed", "The password is wrong. Enter it again."
    rows.books.retry_at = rows.now + timedelta(seconds=30)
    rows.books.save()
    (item,) = queue_list.queue(rows.now, QueueFilter()).items
    assert item.state is QueueState.PAUSED
    assert item.explanation == "The password is wrong. Enter it again."
    assert item.next_try == rows.now + timedelta(seconds=30)


def test_a_waiting_record_names_what_it_waits_for(rows: Rows) -> None:
    rows.record("1", name="Harbor Lofts")
    rows.wait("6", "1")
    (item,) = queue_list.queue(rows.now, QueueFilter()).items
    assert "Harbor Lofts" in item.explanation


def test_the_queue_filters_by_state_kind_connection_and_name(rows: Rows) -> None:
    rows.record("1", name="Harbor Lofts")
    rows.record("2", name="50%_off shed")
    rows.hint("1")
    rows.hint("2")
    rows.hint("3", kind="job")
    rows.problem("4")
    assert set(states(rows, state="queued")) == {"1", "2", "3"}
    assert set(states(rows, kind="job")) == {"3"}
    assert set(states(rows, text="harbor")) == {"1", "4"}
    assert set(states(rows, text="50%_")) == {"2"}
    assert set(states(rows, text="3")) == {"3"}
    assert set(states(rows, connection="field")) == {"1", "2", "3", "4"}
    assert set(states(rows, connection="elsewhere")) == set()


def test_the_counts_of_states_hold_under_the_other_filters_whatever_state_is_chosen(rows: Rows) -> None:
    rows.hint("1")
    rows.hint("2", kind="job")
    rows.problem("3")
    found = queue_list.queue(rows.now, QueueFilter(state="queued", kind="project"))
    assert found.counts == {QueueState.QUEUED: 1, QueueState.NEEDS_A_PERSON: 1}
    assert found.total == 1


def test_every_record_of_the_queue_is_on_exactly_one_page(rows: Rows) -> None:
    for number in range(23):
        rows.hint(str(number))
    seen = [item.remote_id for page in (1, 2, 3) for item in queue_list.queue(rows.now, QueueFilter(), page=page, size=10).items]
    assert sorted(seen, key=int) == [str(number) for number in range(23)]
    assert queue_list.queue(rows.now, QueueFilter(), page=99, size=10).page == 3
    assert queue_list.queue(rows.now, QueueFilter(), page=-1, size=10).page == 1


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_of_the_queue_takes_the_same_few_statements_however_long_it_is(
    count: int, rows: Rows, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        rows.record(str(number))
        rows.hint(str(number))
        rows.wait(f"w{number}", str(number))
    with django_assert_num_queries(2):
        queue_list.queue(rows.now, QueueFilter())


def test_the_queue_page_says_what_to_do_and_shows_every_state_in_words(rows: Rows, signed_in: As) -> None:
    rows.hint("1")
    rows.problem("7")
    shown = text_of(signed_in(Role.ACCOUNTANT), "/queue/")
    assert "Needs a person" in shown
    assert "The ID is already used by another record." in shown
    assert "Change one of the two." in shown
    assert "Found in the regular look for changes; waits for its turn." in shown


def test_an_empty_queue_says_that_nothing_waits_and_a_fruitless_filter_how_to_drop_it(rows: Rows, signed_in: As) -> None:
    client = signed_in(Role.VIEWER)
    assert "Nothing waits" in text_of(client, "/queue/")
    assert "Nothing in the queue matches" in text_of(client, "/queue/?text=zebra")


def test_a_problem_says_what_it_holds_up(rows: Rows, signed_in: As) -> None:
    rows.problem("7")
    rows.problem("8", name="Project 8", actor="accountant")
    for number in range(3):
        rows.wait(f"j{number}", "7")
    first, second = problems(ProblemFilter()).rows
    assert (first.remote_id, first.holds_up) == ("7", 3)
    assert (second.remote_id, second.holds_up) == ("8", 0)
    assert "holds up 3 other records" in text_of(signed_in(Role.ACCOUNTANT), "/problems/")


def test_the_problems_filter_by_who_acts_connection_and_words(rows: Rows) -> None:
    rows.problem("7")
    rows.problem("8", name="Customer Northgate", actor="accountant", code="intacct.permission", cause="May not add customers.")

    def found(**wanted: str) -> set[str]:
        return {row.remote_id for row in problems(ProblemFilter(**wanted)).rows}

    assert found(actor="accountant") == {"8"}
    assert found(text="northgate") == {"8"}
    assert found(text="already used") == {"7"}
    assert found(connection="field") == {"7", "8"}
    assert found(connection="elsewhere") == set()


def test_the_log_filters_by_level_event_flow_record_connection_run_and_day(rows: Rows) -> None:
    run = rows.run()
    rows.entry("Created.", run_id=run.pk)
    rows.entry("Refused.", event="refused", level="error", ago=timedelta(days=2))
    rows.entry("Linked.", event="linked", flow="jobs", left_id="99", name="Job 99 Maple", ago=timedelta(days=4))

    def found(**wanted: object) -> set[str]:
        return {entry.text for entry in log_list.log(LogFilter(**wanted)).entries}  # type: ignore[arg-type]

    assert found(level="error") == {"Refused."}
    assert found(event="linked") == {"Linked."}
    assert found(flow="jobs") == {"Linked."}
    assert found(text="maple") == {"Linked."}
    assert found(text="99") == {"Linked."}
    assert found(run=run.pk) == {"Created."}
    assert found(connection="field") == {"Created.", "Refused.", "Linked."}
    assert found(connection="elsewhere") == set()
    assert found(since=rows.now - timedelta(days=3)) == {"Created.", "Refused."}
    assert found(until=rows.now - timedelta(days=3)) == {"Linked."}
    assert found(record=("jobs", "99")) == {"Linked."}


def test_turning_the_log_s_pages_to_the_end_and_back_shows_every_entry_once(rows: Rows) -> None:
    for number in range(25):
        rows.entry(f"{number:02}", ago=timedelta(seconds=number // 4))  # several entries of one moment
    forward: list[list[str]] = []
    page = log_list.log(LogFilter(), size=10)
    assert not page.newer
    while True:
        forward.append([entry.text for entry in page.entries])
        if not page.older:
            break
        page = log_list.log(LogFilter(), before=page.older, size=10)
    assert sorted(text for texts in forward for text in texts) == [f"{number:02}" for number in range(25)]
    back = [[entry.text for entry in page.entries]]
    while page.newer:
        page = log_list.log(LogFilter(), after=page.newer, size=10)
        back.append([entry.text for entry in page.entries])
    assert back[::-1] == forward


def test_the_log_page_turns_its_pages_under_its_filters(rows: Rows, signed_in: As) -> None:
    for number in range(60):
        rows.entry(f"Entry {number:02}.", ago=timedelta(seconds=number), event="created" if number % 2 else "updated")
    client = signed_in(Role.VIEWER)
    first = client.get("/log/?event=created").content.decode()
    assert "Entry 01." in first
    assert "Entry 02." not in first
    assert 'rel="next"' not in first
    whole = client.get("/log/").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', whole)
    assert older is not None
    second = client.get("/log/" + unescape(older.group(1))).content.decode()
    assert "Entry 59." in second
    assert 'rel="prev"' in second


def test_days_of_the_log_are_days_of_the_browser_s_zone(rows: Rows, signed_in: As) -> None:
    late = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)  # already the 2nd in Auckland
    rows.now = late
    rows.entry("Late.")
    client = signed_in(Role.VIEWER)
    assert "Late." in text_of(client, "/log/?since=2026-05-01&until=2026-05-01")
    client.cookies["tieout_zone"] = "Pacific%2FAuckland"
    assert "Late." not in text_of(client, "/log/?since=2026-05-01&until=2026-05-01")
    shown = text_of(client, "/log/?since=2026-05-02&until=2026-05-02")
    assert "2 May 2026, 11:30" in shown
    assert "Pacific/Auckland" in shown


def test_a_zone_that_does_not_exist_is_shown_as_utc(rows: Rows, signed_in: As) -> None:
    client = signed_in(Role.VIEWER)
    client.cookies["tieout_zone"] = "../../etc/passwd"
    assert "in the zone UTC" in text_of(client, "/log/")


def test_an_entry_shows_its_fields_before_and_after_its_run_and_what_came_earlier(rows: Rows, signed_in: As) -> None:
    run = rows.run()
    rows.entry("Created PROJECT N7.", ago=timedelta(hours=1))
    changes = {"NAME": {"from": "Old", "to": "New", "raw": "New name"}, "BUDGET": {"from": None, "to": Decimal("12500.5"), "raw": None}}
    entry = rows.entry("Updated PROJECT N7.", event="updated", run_id=run.pk, changes=changes)
    shown = text_of(signed_in(Role.ACCOUNTANT), f"/log/{entry.pk}/")
    assert "Name Old New New name" in shown
    assert "BUDGET empty 12,500.50 empty" in shown
    assert f"Run {run.pk}: Working off the queue" in shown
    assert "Earlier about this record" in shown
    assert "Created PROJECT N7." in shown


def test_what_comes_from_other_systems_is_never_taken_for_markup(rows: Rows, signed_in: As) -> None:
    nasty = '<script>alert("x")</script>'
    rows.record("1", name=nasty, number=nasty)
    rows.hint("1")
    rows.problem("7", name=nasty, detail=nasty)
    entry = rows.entry(nasty, name=nasty, changes={nasty: {"from": nasty, "to": nasty, "raw": nasty}})
    client = signed_in(Role.ADMINISTRATOR)
    for address in ("/", "/queue/", "/problems/", "/log/", f"/log/{entry.pk}/", f"/queue/?text={nasty}", f"/log/?text={nasty}"):
        page = client.get(address).content.decode()
        assert nasty not in page, address
        assert "&lt;script&gt;" in page, address


def test_a_record_looked_at_again_has_waited_since_its_turn_and_not_since_the_beginning_of_time(rows: Rows) -> None:
    rows.hint("1", marked_at=NEVER, turn_at=rows.now + timedelta(minutes=10))
    rows.hint("2", marked_at=NEVER, turn_at=rows.now - timedelta(minutes=2))
    shown = queue_list.queue(rows.now, queue_list.QueueFilter())
    assert {item.remote_id: item.since for item in shown.items} == {"1": rows.now, "2": rows.now - timedelta(minutes=2)}


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01", "until=0001-01-01&since=9999-12-31", "since=2026-02-30"])
def test_a_day_that_no_calendar_page_holds_is_left_out_of_the_filter(rows: Rows, signed_in: As, query: str) -> None:
    rows.entry("Still there.")
    client = signed_in(Role.ACCOUNTANT)
    client.cookies["tieout_zone"] = "Pacific/Kiritimati"
    assert "Still there." in text_of(client, f"/log/?{query}")


def test_a_skipped_record_is_shown_when_asked_for_with_who_and_why_and_is_taken_back(rows: Rows, signed_in: As) -> None:
    for name in ("enable_projects", "parent_project_mapping", "project_auto_sync"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    record = rows.record("7")
    rows.hint("7")
    client = signed_in(Role.ACCOUNTANT)
    form = {"integration": "field-books", "flow": "projects"}
    assert "Say why" in client.post(f"/records/{record.pk}/skip/", form, follow=True).content.decode()
    client.post(f"/records/{record.pk}/skip/", {**form, "why": "a test project"})
    Hint.objects.all().delete()
    assert states(rows) == {}
    (item,) = queue_list.queue(rows.now + timedelta(hours=1), QueueFilter(state="skipped")).items
    assert (item.remote_id, item.explanation, item.by) == ("7", "accountant left it alone: a test project", "accountant")
    page = client.get("/queue/?state=skipped").content.decode()
    assert "Take back" in page
    assert Journal.objects.get(event="skipped").text == "accountant skipped it: a test project"
    answer = client.post(f"/records/{record.pk}/skip/", {**form, "verb": "take back", "back": "/queue/"}, follow=True).content.decode()
    assert "goes on as before" in answer
    assert queue_list.queue(rows.now + timedelta(hours=1), QueueFilter(state="skipped")).items == ()
    assert Journal.objects.get(event="skip taken back").left_id == "7"
    assert Hint.objects.get().remote_id == "7"
    again = client.post(f"/records/{record.pk}/skip/", {**form, "verb": "take back"}, follow=True).content.decode()
    assert "is not skipped" in again


def test_the_queue_offers_what_each_person_may_do_about_a_record(rows: Rows, signed_in: As) -> None:
    rows.record("7")
    problem = rows.problem("7")
    page = signed_in(Role.ACCOUNTANT).get("/queue/").content.decode()
    for words in ("Try again", "Leave it alone", f"/problems/{problem.pk}/", "Re-sync"):
        assert words in page
    assert "Leave it alone" not in signed_in(Role.PROJECT_MANAGER).get("/queue/").content.decode()
    assert "Try again" not in signed_in(Role.VIEWER).get("/queue/").content.decode()


def test_an_older_record_is_asked_for_by_its_number_from_the_queue(rows: Rows, signed_in: As) -> None:
    rows.record("7", number="10042")
    client = signed_in(Role.PROJECT_MANAGER)
    answer = client.post("/queue/resync/", {"integration": "field-books", "number": "10042"}, follow=True).content.decode()
    assert "Asked for project 7" in answer
    assert Ruling.objects.filter(kind="requested", by="project-manager", left_id="7").exists()
    assert (
        "has the number or ID"
        in client.post("/queue/resync/", {"integration": "field-books", "number": "99"}, follow=True).content.decode()
    )


@pytest.mark.parametrize("address", ["/", "/log/"])
def test_what_changed_in_the_books_is_named_wherever_it_is_listed(rows: Rows, signed_in: As, address: str) -> None:
    seen = {"right_kind": "PROJECT", "right_id": "77", "left_kind": "", "left_id": "", "name": "PROJECT P-77"}
    rows.entry("Changed there by 2: NAME.", **seen)
    assert "PROJECT P-77" in text_of(signed_in(Role.VIEWER), address)
