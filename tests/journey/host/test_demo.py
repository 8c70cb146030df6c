"""The demonstration's processes: found ports, a login that works, and nothing left after Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.journey.host.waiting import until
from tieout.host.demo import FIRST_SANDBOX_PORT, free_base_port
from tieout.host.postgres import Postgres
from tieout.host.serve import is_free

ROOT = Path(__file__).parents[3]
Demonstration = subprocess.Popen[str]


@pytest.fixture
def environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DATABASE_URL", "DJANGO_"))}
    return {**inherited, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}


def start(environment: dict[str, str], data_dir: Path, *arguments: str) -> Demonstration:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journey.host.demonstrating", str(data_dir), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def demonstration(environment: dict[str, str], tmp_path: Path) -> Iterator[Demonstration]:
    process = start(environment, tmp_path / "data")
    yield process
    process.terminate()
    process.communicate()
    with Postgres(tmp_path / "data"):
        pass  # joins, and as the last user stops, a database that a killed process has left


def lines_until(process: Demonstration, pattern: str) -> re.Match[str]:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"it ended without saying {pattern}")


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_it_connects_then_prints_address_and_login_and_stops_on_ctrl_c(demonstration: Demonstration) -> None:
    intacct = lines_until(demonstration, r"connecting (\S+) with 0 users")[1]
    said = lines_until(demonstration, r"Tieout runs at (\S+) — sign in as demo with the password (\S+)")
    url = said[1]
    assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
    assert httpx.get(f"{intacct}/_sandbox/health").status_code == 200

    demonstration.send_signal(signal.SIGINT)

    assert demonstration.wait(timeout=20) == 0
    assert is_free("127.0.0.1", port_of(url))
    assert is_free("127.0.0.1", port_of(intacct))


def test_it_ends_by_itself_once_finished_and_stops_its_database(environment: dict[str, str], tmp_path: Path) -> None:
    process = start(environment, tmp_path / "data", "--once")

    output, _ = process.communicate(timeout=60)

    assert process.returncode == 0
    assert "Tieout runs at" in output
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


def test_when_it_is_killed_the_server_it_started_ends_too(demonstration: Demonstration) -> None:
    url = lines_until(demonstration, r"Tieout runs at (\S+)")[1]

    demonstration.kill()

    until(lambda: is_free("127.0.0.1", port_of(url)), "the server has ended")


def test_taken_ports_are_stepped_over() -> None:
    base = free_base_port({"a": 0, "b": 1})
    assert base >= FIRST_SANDBOX_PORT
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the sandbox of the test before may just have left it
        taken.bind(("127.0.0.1", base + 1))
        taken.listen()

        assert free_base_port({"a": 0, "b": 1}) > base
