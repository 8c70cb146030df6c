"""One installation of Tieout for one measurement: an empty database in a temporary directory, and its real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tieout.bench import cpu
from tieout.bench.emulated import Emulated
from tieout.host.configuration import Configuration

PROGRAM = (sys.executable, "-m", "tieout.cli")
LOOK_S = 0.1
PATIENCE_S = 300.0


class BenchError(RuntimeError):
    """A measurement that did not come to its end; the text says which and where it stood."""


@dataclass(slots=True)
class Hub:
    """The installation.

    Attributes:
        folder: its data directory; it goes when the measurement ends.
        started: its processes, by command.
    """

    configuration: Configuration
    folder: Path
    environment: dict[str, str]
    started: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, command: str) -> int:
        """Start one of the product's commands; its process id."""
        with (self.folder / f"{command}.log").open("ab") as log:
            process = subprocess.Popen([*PROGRAM, command], env=self.environment, stdout=log, stderr=log)
        self.started[command] = process
        return process.pid

    def serve(self) -> str:
        """Start `tieout serve`; the address once it answers."""
        self.start("serve")
        url = f"http://127.0.0.1:{self.configuration.port}"

        def answers() -> bool:
            try:
                return httpx.get(f"{url}/healthz", timeout=2).status_code < httpx.codes.INTERNAL_SERVER_ERROR
            except httpx.HTTPError:
                return False

        self.wait(answers, "the server answers")
        return url

    def wait(self, is_so: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S, look_s: float = LOOK_S) -> float:
        """Wait until something is so; how long it took. Raises BenchError."""
        began = time.monotonic()
        while not is_so():
            for command, process in self.started.items():
                if process.poll() is not None:
                    raise BenchError(f"“tieout {command}” ended: {self.said(command)}")
            if time.monotonic() - began > patience_s:
                raise BenchError(f"Not within {patience_s:.0f} s: {what}. {' '.join(self.said(command) for command in self.started)}")
            time.sleep(look_s)
        return time.monotonic() - began

    def said(self, command: str) -> str:
        """The last lines a process wrote."""
        return (self.folder / f"{command}.log").read_text(errors="replace")[-1500:]

    def database_pid(self) -> int:
        """The embedded PostgreSQL's first process."""
        file = next(self.folder.rglob("postmaster.pid"))
        return int(file.read_text().split("\n", 1)[0])

    def cpu_s(self, command: str) -> tuple[float, float]:
        """CPU seconds so far of a command's processes and of the database."""
        if not cpu.is_known():
            return 0.0, 0.0
        return cpu.seconds(self.started[command].pid), cpu.seconds(self.database_pid())

    def stop(self, command: str | None = None) -> None:
        """Stop one process or all, by their own ids."""
        wanted = [command] if command else list(self.started)
        for name in wanted:
            process = self.started.pop(name)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


@contextmanager
def a_hub(*, concurrency: int = 20) -> Iterator[Hub]:
    """An installation with an empty database; Django is loaded in this process too, so only one can be had in a process."""
    with tempfile.TemporaryDirectory(prefix="tieout-bench-") as text:
        folder = Path(text)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_", "DATABASE_URL"))}
        kept = {name: os.environ[name] for name in ("TIEOUT_PG_BIN", "TIEOUT_PG_USER") if name in os.environ}
        base = Configuration.from_environment({**clean, **kept, "TIEOUT_DATA_DIR": text})
        configuration = replace(base, port=_free_port(), concurrency=concurrency)
        from tieout.host.setup import close_connections, open_database, setup

        os.environ.pop("DATABASE_URL", None)
        url, server = open_database(configuration)
        setup(replace(configuration, database_url=url))
        environment = {**clean, **configuration.as_environment(), "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
        hub = Hub(configuration, folder, environment)
        try:
            yield hub
        finally:
            hub.stop()
            close_connections()
            if server is not None:
                server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def connect(
    emulated: Emulated,
    *,
    books: Mapping[str, Any] | None = None,
    field: Mapping[str, Any] | None = None,
    now: datetime | None = None,
    linked: bool = True,
) -> Any:
    """Connect and pair both emulators with every setting on; the integration. With `linked`, projects carry their customer."""
    from tieout.engine import connections

    moment = now or datetime.now(UTC)
    right = connections.connect("intacct", "books", emulated.books_values(**(books or {})), environment="test", now=moment)
    left = connections.connect("servicetitan", "field", emulated.field_values(**(field or {})), environment="test", now=moment)
    integration = connections.pair(left, right, now=moment, since=None)
    first = {"enable_projects": True, "use_project_name": True, "default_location": "100"}
    then = {"project_auto_sync": True, "parent_project_mapping": True, "customer_project_linkage": linked}
    for wanted in (first, then):
        connections.save_settings(integration, wanted, by="bench", now=moment)
    return type(integration).objects.get(pk=integration.pk)


def is_quiet() -> bool:
    """Whether nothing waits to be looked at and no call is open."""
    from tieout.store.models import IN_FLIGHT, Hint, Intent

    return not Hint.objects.exists() and not Intent.objects.filter(state__in=IN_FLIGHT).exists()
