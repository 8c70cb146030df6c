"""The wake and rescue statements against the job library's own tables: a change of its layout must show here."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

from tieout.engine.wake import RESCUE_TASK, RESCUES_LIMIT, wake, wake_drains
from tieout.store.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)
ran: list[tuple[int, int]] = []


@app.task(name="tests.remember")
def remember(n: int, rescues: int = 0) -> None:
    ran.append((n, rescues))


@pytest.fixture(autouse=True)
def _nothing_waits(transactional_db: None) -> None:
    """The library's tables are not flushed between tests, because their models are unmanaged."""
    ran.clear()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, procrastinate_periodic_defers CASCADE")


def work_off() -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")


def jobs(*columns: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def wake_remember(n: int = 1, lock: str = "company:1", **options: Any) -> None:
    wake("tests.remember", queueing_lock=lock, lock=lock, args={"n": n}, **options)


def test_a_woken_worker_runs_the_task_with_its_arguments() -> None:
    wake_remember(7)

    work_off()

    assert ran == [(7, 0)]
    assert jobs("id") == []


def test_a_wake_writes_the_row_that_the_library_itself_would_write() -> None:
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    wake_remember(1, "a", priority=3, run_at=moment)
    app.configure_task("tests.remember", lock="b", queueing_lock="b", priority=3, schedule_at=moment).defer(n=1)

    ours, theirs = jobs("*")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'procrastinate_jobs' ORDER BY ordinal_position"
        )
        columns = [name for (name,) in cursor.fetchall()]
    differing = {name for name, our, their in zip(columns, ours, theirs, strict=True) if our != their}
    assert differing == {"id", "lock", "queueing_lock"}


def test_drains_are_woken_on_so_many_slots_of_a_company_with_the_rows_that_the_library_itself_would_write() -> None:
    company = Connection.objects.create(name="books", system="intacct", slots=3)
    wake_drains("tests.drain", company.pk, 2, priority=3)
    wake_drains("tests.drain", company.pk, 9, priority=3)

    found = jobs("queue_name", "task_name", "priority", "lock", "queueing_lock", "args", "status::text", "scheduled_at", "attempts")

    named = {f"drain:{company.pk}:{slot}": {"company_id": company.pk, "slot": slot} for slot in range(3)}
    assert {row[3]: json.loads(row[5]) for row in found} == named
    assert {(*row[:3], row[3] == row[4], *row[6:]) for row in found} == {("default", "tests.drain", 3, True, "todo", None, 0)}


def test_a_wake_of_what_already_waits_changes_nothing_and_fails_nothing() -> None:
    with transaction.atomic():
        wake_remember(1)
        wake_remember(2)
    wake_remember(3)

    assert jobs("args ->> 'n'") == [("1",)]


def test_a_wake_while_the_job_runs_queues_another_look() -> None:
    wake_remember(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")

    wake_remember(2)

    assert jobs("status::text") == [("doing",), ("todo",)]


def test_a_transaction_that_is_rolled_back_wakes_nobody() -> None:
    with transaction.atomic():
        wake_remember(1)
        transaction.set_rollback(True)

    assert jobs("id") == []


def test_nobody_is_woken_before_the_commit() -> None:
    with transaction.atomic():
        wake_remember(1)
        before = jobs("id")

    assert before == []
    assert len(jobs("id")) == 1


def test_a_wake_that_cannot_be_written_does_not_fail_what_was_committed() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE committed (n int) ON COMMIT PRESERVE ROWS")
        wake("x" * 500, queueing_lock="longer than the table allows")

    assert jobs("id") == []
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE committed")


def leave_behind(rescues: int) -> None:
    """A job as a dead worker leaves it: being done, by nobody."""
    wake("tests.remember", queueing_lock="company:1", lock="company:1", args={"n": 5, "rescues": rescues})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")


def run_rescue() -> None:
    wake(RESCUE_TASK, queueing_lock=RESCUE_TASK, args={"timestamp": 0}, priority=1000)
    work_off()


def test_the_job_of_a_dead_worker_is_failed_and_a_new_one_does_its_work() -> None:
    leave_behind(rescues=0)

    run_rescue()

    assert ran == [(5, 1)]
    assert jobs("status::text", "attempts") == [("failed", 1)]


def test_a_job_that_outlived_too_many_workers_is_given_up() -> None:
    leave_behind(rescues=RESCUES_LIMIT)

    run_rescue()

    assert ran == []
    assert jobs("status::text") == [("failed",)]


def test_a_rescue_joins_a_job_that_already_waits() -> None:
    leave_behind(rescues=0)
    wake_remember(6)

    run_rescue()

    assert ran == [(6, 0)]


def test_the_job_of_a_living_worker_is_left_alone() -> None:
    leave_behind(rescues=0)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute("UPDATE procrastinate_jobs SET worker_id = %s", cursor.fetchone())

    run_rescue()

    assert ran == []
    assert jobs("status::text") == [("doing",)]
