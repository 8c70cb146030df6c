"""Worker processes under real signals, a real outage of the database, and a rescue while the dead are only asleep."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.journey.host.waiting import until
from tieout.host.configuration import Configuration
from tieout.host.postgres import Postgres
from tieout.host.worker import Pace

ROOT = Path(__file__).parents[3]
Worker = subprocess.Popen[bytes]


class Site:
    """One installation: a database, worker processes, and what can be seen of both."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.workers: list[Worker] = []
        configuration = Configuration(data_dir=server.data_dir, database_url=server.url, concurrency=4)
        self.environment = {
            **os.environ,
            **configuration.as_environment(),
            "DJANGO_SETTINGS_MODULE": "tests.journey.host.worker_settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        self._run("-c", "from tieout.host.setup import setup; setup()")
        self.ask("CREATE TABLE effect (id serial, job text, worker int, rescues int)")

    def _run(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=self.environment, check=True)

    def start(self) -> Worker:
        worker = subprocess.Popen([sys.executable, "-m", "tests.journey.host.hasty_worker"], env=self.environment)
        self.workers.append(worker)
        return worker

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.server.url) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def enqueue(self, task: str, job: str) -> None:
        self.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) VALUES ('default', %s, %s, %s)",
            task,
            job,
            json.dumps({"job": job}),
        )

    def effects(self, *, rescues: int = 0, worker: int = 0) -> int:
        return int(self.ask("SELECT count(*) FROM effect WHERE rescues = %s AND %s IN (0, worker)", rescues, worker)[0][0])

    def states(self, task: str) -> list[str]:
        return [state for (state,) in self.ask("SELECT status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", task)]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Postgres(tmp_path_factory.mktemp("worker")) as server:
        yield Site(server)


@pytest.fixture
def site(installation: Site) -> Iterator[Site]:
    installation.server.start()  # a test may have stopped it
    installation.ask("TRUNCATE effect, procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    yield installation
    for worker in installation.workers:
        worker.kill()
        worker.wait()
    installation.workers.clear()


def test_a_stop_in_the_middle_of_a_backlog_is_quick_and_leaves_nothing_half_done(site: Site) -> None:
    for number in range(40):
        site.enqueue("tests.drain", f"drain {number}")
    worker = site.start()
    until(lambda: site.effects() > 3, "work has begun")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=Pace().stop_s) == 0  # by itself, not by force
    assert set(site.states("tests.drain")) == {"todo"}


def test_a_worker_survives_a_restart_of_the_database(site: Site) -> None:
    worker = site.start()
    site.enqueue("tests.write", "before")
    until(lambda: site.effects() == 1, "the worker works")

    site.server.stop()
    assert not site.server.is_alive
    site.server.start()
    site.enqueue("tests.write", "after")

    until(lambda: site.effects() == 2, "the worker works again")
    assert worker.poll() is None
    assert site.effects(worker=worker.pid) == 2


def test_the_work_of_a_killed_worker_goes_on_in_another(site: Site) -> None:
    first = site.start()
    site.enqueue("tests.drain", "company:1")
    until(lambda: site.effects(worker=first.pid), "the first worker works")
    second = site.start()
    until(lambda: site.ask("SELECT 1 FROM procrastinate_workers OFFSET 1"), "the second worker is there")

    first.kill()

    until(lambda: site.effects(rescues=1, worker=second.pid), "the second worker took over")
    assert site.states("tests.drain") == ["failed", "doing"]


def test_a_worker_that_was_only_asleep_starts_nothing_new_and_ends_nothing_of_its_successor(site: Site) -> None:
    sleeper = site.start()
    site.enqueue("tests.drain", "company:1")
    until(lambda: site.effects(worker=sleeper.pid), "the first worker works")
    sleeper.send_signal(signal.SIGSTOP)
    successor = site.start()
    until(lambda: site.effects(rescues=1, worker=successor.pid), "the successor took over")
    done_asleep = site.effects(worker=sleeper.pid)

    sleeper.send_signal(signal.SIGCONT)
    sleeper.send_signal(signal.SIGTERM)

    sleeper.wait(timeout=10)
    assert site.effects(worker=sleeper.pid) <= done_asleep + 1  # the call in flight, no new batch
    assert site.states("tests.drain") == ["failed", "doing"]
    so_far = site.effects(rescues=1, worker=successor.pid)
    until(lambda: site.effects(rescues=1, worker=successor.pid) > so_far, "the successor goes on")


def test_a_worker_ends_when_asked_although_the_database_is_away(site: Site) -> None:
    worker = site.start()
    site.enqueue("tests.write", "before")
    until(lambda: site.effects() == 1, "the worker works")
    site.server.stop()

    worker.send_signal(signal.SIGTERM)

    worker.wait(timeout=Pace().stop_s + 3)  # each of its last words waits in vain for a connection; then it ends by force
