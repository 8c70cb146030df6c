"""Several workers on one database: killed, put to sleep and woken as zombies, their database restarted under them."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.journey.processes.running import HTTP, Installation, installed, until
from tests.journey.processes.test_kills import expected, shown

ROUNDS = 8
SLOTS = 3
ASLEEP_S = 8.0  # longer than a silent worker keeps its jobs


def wait(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    until(lambda: time.monotonic() > deadline, "the time passes", within_s=seconds + 60)


def kill(tieout: Installation, chance: random.Random) -> None:
    os.kill(chance.choice(until(tieout.workers, "a worker runs")), signal.SIGKILL)


def sleep_and_wake(tieout: Installation, chance: random.Random) -> None:
    """A worker stops in mid-work for longer than its jobs are kept, and goes on as if nothing had happened."""
    worker = chance.choice(until(tieout.workers, "a worker runs"))
    os.kill(worker, signal.SIGSTOP)
    wait(ASLEEP_S)
    os.kill(worker, signal.SIGCONT)


def restart_database(tieout: Installation, chance: random.Random) -> None:
    """The database ends at once, whatever is under way; it is brought up again by whoever looks after it."""
    (file,) = Path(tieout.environment["TIEOUT_DATA_DIR"]).rglob("postmaster.pid")
    os.kill(int(file.read_text().split()[0]), signal.SIGINT)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_that_die_sleep_and_lose_their_database_lose_and_double_nothing(tmp_path: Path, workers: int) -> None:
    chance = random.Random(workers)
    with installed(tmp_path, "--world", "demo", "--latency-ms", "60", "--per-record-ms", "3") as tieout:
        tieout.environment["TIEOUT_WORKERS"] = str(workers)
        tieout.start("serve")
        tieout.connect(concurrency=str(SLOTS))
        until(lambda: len(tieout.workers()) == workers, "all workers run")
        for round_number in range(ROUNDS):
            wait(chance.uniform(0.3, 2.5))
            (kill, sleep_and_wake, restart_database)[round_number % 3](tieout, chance)
        until(lambda: len(shown(tieout)) >= len(expected(tieout)) and tieout.is_quiet(), "everything is worked off", within_s=240)
        assert expected(tieout) == shown(tieout)
        assert tieout.json("tie-out")["agreed"] is True
        meter = HTTP.get(f"{tieout.intacct}/_sandbox/meter").json()
        assert meter["max_concurrent"] <= SLOTS + 1  # a slot makes one call at a time; the poll makes one beside them
