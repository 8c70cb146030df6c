"""A whole installation as a user starts it: real processes, real addresses, and nothing but its commands."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

Found = TypeVar("Found")
BLOCK = 8
HTTP = httpx.Client(verify=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
"""Over loopback, where no certificates are needed: reading them takes longer than a call."""
PROGRAM = (sys.executable, "-m", "tieout.cli")


def until(condition: Callable[[], Found], what: str, *, within_s: float = 60.0) -> Found:
    """The condition's first true answer; fails the test when there is none in time."""
    deadline = time.monotonic() + within_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {within_s} s")
        time.sleep(0.05)


def free_ports(count: int) -> int:
    """The first of `count` consecutive free ports, at most `BLOCK`, which no other process of a test run takes at the same time."""
    for base in range(20000 + os.getpid() * BLOCK % 12000, 60000, BLOCK):
        sockets = []
        try:
            for offset in range(count):
                probe = socket.socket()
                sockets.append(probe)
                probe.bind(("127.0.0.1", base + offset))
            return base
        except OSError:
            continue
        finally:
            for probe in sockets:
                probe.close()
    raise AssertionError("no free ports")


@dataclass(slots=True)
class Installation:
    """One installation with its sandbox, in a directory of its own."""

    folder: Path
    base_port: int
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def intacct(self) -> str:
        return f"http://127.0.0.1:{self.base_port}"

    @property
    def servicetitan(self) -> str:
        return f"http://127.0.0.1:{self.base_port + 1}"

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a command in the background."""
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen([*PROGRAM, *command], env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def run(self, *command: str, stdin: str = "", fails: bool = False) -> str:
        """Run a command to its end; what it printed, and with `fails` also what it complained of."""
        done = subprocess.run(
            [*PROGRAM, *command], env=self.environment, input=stdin, capture_output=True, text=True, timeout=300, check=False
        )
        assert (done.returncode != 0) == fails, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + (done.stderr if fails else "")

    def json(self, *command: str, fails: bool = False) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.run(*command, "--json", fails=fails).splitlines()[-1])

    def connect(self, *, at_once: bool = True, everything: bool = True, **intacct: str) -> None:
        """Connect both systems and turn every setting on, by commands alone.

        Without `at_once`, every kind waits for its release; without `everything`, only what is new or changed from now on goes.
        """
        secrets = json.dumps({"sender_password": "sandbox-sender-pw", "user_password": "ws-user-pw"})
        values = {
            "company_id": "SANDBOX",
            "sender_id": "sandbox-sender",
            "user_id": "ws-user",
            "endpoint": f"{self.intacct}/ia/xml/xmlgw.phtml",
            "poll_seconds": "10",
            **intacct,
        }
        self.run("connect", "intacct", *_sets(values), "--environment", "test", "--secrets", "-", stdin=secrets)
        secrets = json.dumps({"client_secret": "st-secret", "app_key": "st-app-key"})
        values = {"tenant": "1000001", "client_id": "st-client", "auth_url": self.servicetitan, "api_url": self.servicetitan}
        values["poll_seconds"] = "15"
        chosen = [name for name, wanted in (("--everything", everything), ("--at-once", at_once)) if wanted]
        more = ("--environment", "test", *chosen, "--secrets", "-")
        self.run("connect", "servicetitan", *_sets(values), *more, stdin=secrets)
        self.run("settings", "set", "--yes", "enable_projects=on", "use_project_name=on", "default_location=100")
        self.run("settings", "set", "--yes", "project_auto_sync=on", "parent_project_mapping=on", "customer_project_linkage=on")

    def rows(self, address: str, kind: str) -> list[dict[str, Any]]:
        """What an emulator holds."""
        found: list[dict[str, Any]] = HTTP.get(f"{address}/_sandbox/objects/{kind}").json()
        return found

    def workers(self) -> list[int]:
        """The process ids of the workers that run now."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes().split(b"\0")
                    settings = (entry / "environ").read_bytes()
                except OSError:
                    continue
                if b"tieout.host.worker" in command and str(self.folder).encode() in settings:
                    found.append(int(entry.name))
        return found

    def is_quiet(self) -> bool:
        """Whether nothing waits and nothing is being sent."""
        state = self.json("status")
        return state["backlog"]["count"] == 0 and all(state[name] == 0 for name in ("blocked", "in_flight", "unknown"))

    def stop(self) -> None:
        """End everything, by its own process ids."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _sets(values: dict[str, str]) -> list[str]:
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


@contextmanager
def installed(folder: Path, *sandbox: str) -> Iterator[Installation]:
    """An installation whose sandbox answers; nothing is connected yet."""
    base_port = free_ports(8)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_", "DATABASE_URL"))}
    environment |= {"TIEOUT_DATA_DIR": str(folder / "data"), "TIEOUT_PORT": str(base_port + 7), "TIEOUT_HOST": "127.0.0.1"}
    installation = Installation(folder, base_port, environment)
    try:
        installation.start("sandbox", "all", "--base-port", str(base_port), *sandbox)
        for address in (installation.intacct, installation.servicetitan):
            until(lambda address=address: _answers(f"{address}/_sandbox/health"), f"{address} answers")  # type: ignore[misc]
        yield installation
    finally:
        installation.stop()


def _answers(url: str) -> bool:
    try:
        return HTTP.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
