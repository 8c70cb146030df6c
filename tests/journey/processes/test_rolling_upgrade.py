"""Workers are replaced one after the other while work flows, as an upgrade does it, and one of them dies; and two load at once.

The first takes about a minute of a quiet machine: a whole load at a limited pace, by processes and commands as people start them.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.journey.processes.running import HTTP, Installation, installed, until
from tests.journey.processes.test_kills import expected, shown

CALLS_PER_SECOND = 8
FEW_CALLS_PER_SECOND = 3  # so few that a busy machine, too, uses them up
RESTARTS_WITHIN_S = 10.0


@pytest.fixture
def own_database(database_url: str) -> Iterator[str]:
    """A database of its own on the server of the test run, as an installation with DATABASE_URL has one."""
    name = f"rolling_{uuid4().hex[:12]}"
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    host, _, rest = database_url.partition("//")
    address, _, query = rest.partition("?")
    yield f"{host}//{address.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Jobs:
    """What the workers' own tables show."""

    def __init__(self, url: str) -> None:
        self.url = make_conninfo(url)

    def ask(self, statement: str) -> set[Any]:
        with psycopg.connect(self.url) as database:
            return {row[0] for row in database.execute(statement).fetchall()}

    def alive(self) -> set[int]:
        return self.ask("SELECT id FROM procrastinate_workers")

    def draining(self) -> set[int]:
        """The workers in whose hands the one slot of the company is."""
        return self.ask("SELECT worker_id FROM procrastinate_jobs WHERE task_name = 'tieout.drain' AND status = 'doing'")


def meter(address: str) -> dict[str, Any]:
    found: dict[str, Any] = HTTP.get(f"{address}/_sandbox/meter").json()
    return found


def new_worker(tieout: Installation, jobs: Jobs) -> tuple[Any, int]:
    """One more worker process, and its number in the database."""
    before = jobs.alive()
    process = tieout.start("worker")
    (number,) = until(lambda: jobs.alive() - before, "the new worker is there")
    return process, number


def test_workers_are_replaced_one_by_one_and_one_dies_and_nothing_is_lost_nor_the_pace_exceeded(tmp_path: Path, own_database: str) -> None:
    with installed(tmp_path, "--world", "demo", "--latency-ms", "50", "--per-record-ms", "6") as tieout:
        tieout.environment["DATABASE_URL"] = own_database
        tieout.connect(concurrency="1", calls_per_second=str(CALLS_PER_SECOND))
        jobs = Jobs(own_database)
        old, _ = new_worker(tieout, jobs)
        until(lambda: shown(tieout), "work flows")
        new, number = new_worker(tieout, jobs)
        old.send_signal(signal.SIGTERM)
        assert old.wait(timeout=20) == 0
        at_once = len(shown(tieout))
        assert at_once < len(expected(tieout))
        until(lambda: len(shown(tieout)) > at_once, "the new worker goes on", within_s=RESTARTS_WITHIN_S)
        _, successor = new_worker(tieout, jobs)
        until(lambda: jobs.draining() == {number}, "the one to be killed is at work")
        new.kill()
        died = time.monotonic()
        until(lambda: jobs.draining() == {successor}, "its work is taken up", within_s=RESTARTS_WITHIN_S)
        print(f"taken up after {time.monotonic() - died:.1f} s")
        until(lambda: len(shown(tieout)) >= len(expected(tieout)) and tieout.is_quiet(), "everything is worked off", within_s=240)
        assert expected(tieout) == shown(tieout)
        assert tieout.json("tie-out")["agreed"] is True
        assert meter(tieout.intacct)["max_per_second"] == CALLS_PER_SECOND
        assert meter(tieout.servicetitan)["max_per_second"] <= 50


def test_two_workers_that_load_at_once_keep_to_the_one_budget_of_calls_a_second(tmp_path: Path, own_database: str) -> None:
    """What counts is when the calls arrived, by the emulator's own record: no window of a second ever held more."""
    with installed(tmp_path, "--world", "demo", "--per-record-ms", "1") as tieout:
        tieout.environment |= {"DATABASE_URL": own_database, "TIEOUT_CONCURRENCY": "2"}  # so that neither can have all the slots
        tieout.connect(concurrency="4", calls_per_second=str(FEW_CALLS_PER_SECOND))
        jobs = Jobs(own_database)
        both = {new_worker(tieout, jobs)[1] for _ in range(2)}
        until(lambda: jobs.draining() == both, "both workers load", within_s=30)
        HTTP.delete(f"{tieout.intacct}/_sandbox/meter")
        before = meter(tieout.intacct)["requests"]
        shared = until(lambda: (now := meter(tieout.intacct))["requests"] >= before + 5 * FEW_CALLS_PER_SECOND and now, "both went on")
        assert shared["max_per_second"] == FEW_CALLS_PER_SECOND  # the budget is used up, and no more
        assert meter(tieout.servicetitan)["max_per_second"] <= 50
