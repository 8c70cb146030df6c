"""`serve` as a whole: it comes up, heals what dies, stops quickly, and leaves nothing behind even when it is killed."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journey.host.waiting import until
from tieout.host.configuration import Configuration
from tieout.host.postgres import Postgres

ROOT = Path(__file__).parents[3]


class Serving:
    """One serving process and its address."""

    def __init__(self, data_dir: Path, *arguments: str, **settings: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data_dir = data_dir
        self.url = f"http://127.0.0.1:{self.port}"
        configuration = Configuration(data_dir=data_dir, port=self.port, concurrency=4, **settings)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DATABASE_URL", "DJANGO_"))}
        python_path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journey.host.serving", *arguments],
            env={**inherited, **configuration.as_environment(), "PYTHONPATH": python_path},
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def children(self, pid: int | None = None) -> dict[int, str]:
        """The command of every process below this one."""
        found: dict[int, str] = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                command = (path / "cmdline").read_text().replace("\0", " ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == (pid or self.process.pid):
                found[int(path.name)] = command
                found.update(self.children(int(path.name)))
        return found

    def child(self, module: str) -> int:
        return next((pid for pid, command in self.children().items() if module in command), 0)

    def get(self, path: str) -> httpx.Response | None:
        try:
            return httpx.get(self.url + path, timeout=3)
        except httpx.TransportError:
            return None

    def is_well(self) -> bool:
        answer = self.get("/healthz")
        return answer is not None and answer.status_code == 200


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation for all tests here: what one leaves behind, even killed, the next must cope with."""
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start_one(*arguments: str, **settings: Any) -> Serving:
        started.append(Serving(data_dir, *arguments, **settings))
        return started[-1]

    yield start_one
    for serving in started:
        serving.process.terminate()
        serving.process.communicate()
    with Postgres(data_dir):
        pass  # joins, and as the last user stops, a database that a killed process has left


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_it_says_when_it_is_ready_and_stops_completely_when_asked(start: Callable[..., Serving]) -> None:
    serving = start()
    assert serving.line() == f"Tieout is ready at {serving.url}"
    assert serving.is_well()
    assert serving.child("tieout.host.worker")
    children = serving.children()

    serving.process.send_signal(signal.SIGTERM)

    assert serving.process.wait(timeout=10) == 0
    assert all(is_gone(pid) for pid in children)
    assert not (serving.data_dir / "postgres" / "postmaster.pid").exists()


def test_without_a_worker_it_serves_only(start: Callable[..., Serving]) -> None:
    serving = start("--no-worker")
    serving.line()

    assert serving.child("tieout.host.web")
    assert not serving.child("tieout.host.worker")


def test_static_files_are_collected_fingerprinted_and_cached_for_ever(start: Callable[..., Serving]) -> None:
    serving = start("--no-worker")
    serving.line()
    manifest = next((serving.data_dir / "static").glob("*/staticfiles.json")).read_text()
    name = re.search(r'"unfold/css/styles.css": "([^"]+)"', manifest)
    assert name

    answer = serving.get(f"/static/{name[1]}")

    assert answer is not None
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-security-policy"]


def test_a_child_that_dies_is_started_again(start: Callable[..., Serving]) -> None:
    serving = start()
    serving.line()
    web, worker = serving.child("tieout.host.web"), serving.child("tieout.host.worker")

    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)

    until(lambda: serving.child("tieout.host.web") not in (0, web) and serving.is_well(), "the web server is back")
    until(lambda: serving.child("tieout.host.worker") not in (0, worker), "the worker is back")


def test_a_database_that_dies_is_revived(start: Callable[..., Serving]) -> None:
    serving = start()
    serving.line()
    pid_file = serving.data_dir / "postgres" / "postmaster.pid"
    postmaster = int(pid_file.read_text().splitlines()[0])

    os.kill(postmaster, signal.SIGKILL)

    until(lambda: is_gone(postmaster), "the database is dead")
    until(serving.is_well, "all is well again")
    assert int(pid_file.read_text().splitlines()[0]) != postmaster

    serving.process.terminate()
    assert serving.process.wait(timeout=6) == 0  # also while the worker is only just coming back


def test_when_it_is_killed_its_children_end_too(start: Callable[..., Serving]) -> None:
    serving = start()
    serving.line()
    children = serving.children()
    assert len(children) >= 3

    serving.process.kill()

    until(lambda: all(is_gone(pid) for pid in children), "the children have ended", within_s=10)


def test_a_port_in_use_is_told_in_one_sentence(start: Callable[..., Serving]) -> None:
    with socket.socket() as taken:
        serving = start()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", serving.port))
        taken.listen()

        assert serving.line() == (
            f"Another program already listens on 127.0.0.1:{serving.port}; end it or choose another port with TIEOUT_PORT."
        )
        assert serving.process.wait(timeout=10) == 1


def test_slow_bodies_hold_up_no_page_and_a_long_address_or_large_body_is_refused_in_one_line(start: Callable[..., Serving]) -> None:
    serving = start("--no-worker")
    serving.line()
    head = "POST /webhooks/servicetitan/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly the beginning"
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(socket.create_connection(("127.0.0.1", serving.port))).sendall(head.encode())
        assert serving.is_well()
        assert [httpx.get(serving.url + "/login/", timeout=10).status_code for _ in range(3)] == [200] * 3
    answered = until(
        lambda: httpx.post(serving.url + "/webhooks/no-such/", content=b"whole").status_code in (401, 404), "bodies are read again"
    )
    assert answered
    assert httpx.get(serving.url + "/" + "a" * 60_000).status_code == 414
    assert httpx.post(serving.url + "/webhooks/no-such/", content=b"x" * 11_000_000).status_code == 413


def test_thirty_bodies_that_trickle_in_hold_nothing_up_and_are_cut(start: Callable[..., Serving]) -> None:
    serving = start("--no-worker", web_threads=2, body_seconds=3)
    assert serving.line()
    head = b"POST /connections/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(socket.create_connection(("127.0.0.1", serving.port), timeout=15)) for _ in range(30)]
        for each in slow:
            each.sendall(head + b"x")
        answered, cut = 0, set[socket.socket]()
        while len(cut) < len(slow):
            assert serving.is_well()
            answered += 1
            for each in set(slow) - cut:
                each.sendall(b"x")
            cut |= set(select.select(slow, (), (), 0.2)[0])
        told = []
        for each in slow:
            with each.makefile("rb") as answer:
                told.append(answer.read())  # to the end: the server closes it
    assert answered >= 5
    assert {each.split(b"\r\n", 1)[0] for each in told} == {b"HTTP/1.1 408 Request Timeout"}
    assert all(b"did not arrive within 3 seconds" in each for each in told)


def test_what_no_browser_sends_does_not_break_the_server(start: Callable[..., Serving]) -> None:
    serving = start("--no-worker")
    assert serving.line()

    def status(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", serving.port), timeout=15) as connection, connection.makefile("rb") as answer:
            connection.sendall(request)
            return bytes(answer.readline()[9:12])

    host = b"Host: localhost\r\nConnection: close\r\n"
    assert status(b"GET /%FF%00 HTTP/1.1\r\n" + host + b"\r\n") == b"302"  # to the page to sign in on
    assert status(b"GET /healthz HTTP/1.1\r\n" + host + b"X-Odd: \xff\xfe\r\n\r\n") == b"200"
    chunked = b"POST /sign-in/ HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    assert status(chunked + b"\r\n3\r\na=1\r\n0\r\n\r\n") == b"411"
    assert status(b"HEAD /healthz HTTP/1.1\r\n" + host + b"\r\n") == b"200"
    assert serving.is_well()
