"""Starts emulators: embedded in a test, or in the foreground until the process is told to stop."""

from __future__ import annotations

import signal
import ssl
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named
from tieout.sandbox.server import Server


@dataclass(frozen=True, slots=True)
class Running:
    """One emulator and the server it answers on; a context manager that stops both."""

    emulator: Emulator
    server: Server

    @property
    def url(self) -> str:
        """The base address, such as http://127.0.0.1:8101."""
        return self.server.url

    def stop(self) -> None:
        """Stops the server, then the emulator."""
        self.server.stop()
        self.emulator.close()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def serve(emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> Running:
    """Serves an emulator in the background; port 0 takes any free one."""
    server = Server(emulator, host, port, tls=tls)
    emulator.start()
    return Running(emulator, server.start())


def start(
    systems: str | Iterable[str] = "all",
    *,
    host: str = "127.0.0.1",
    base_port: int = 0,
    world: str = "demo",
    seed: int = 0,
    data_dir: Path | None = None,
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Running]:
    """Starts the named systems in the background and gives them by name; `base_port` 0 takes any free ports.

    `settings` are given to each. Raises ValueError for an unknown system or setting, OSError if a port is taken.
    """
    running: dict[str, Running] = {}
    names = (systems,) if isinstance(systems, str) else systems
    wanted = {system.name: system for name in names for system in named(name)}
    try:
        for system in wanted.values():
            emulator = system.load()(world=world, seed=seed, data_dir=data_dir, settings=settings)
            try:
                running[system.name] = serve(emulator, host=host, port=base_port + system.offset if base_port else 0)
            except OSError:
                emulator.close()
                raise
    except BaseException:
        for each in running.values():
            each.stop()
        raise
    return running


def run(
    systems: str | Iterable[str] = "all",
    *,
    host: str = "127.0.0.1",
    base_port: int = 8101,
    world: str = "demo",
    seed: int = 0,
    data_dir: Path | None = None,
    latency_ms: float = 0,
    per_record_ms: float = 0,
    concurrency: int = 6,
    advertise_endpoint: str = "",
    say: Callable[[str], None] | None = None,
) -> None:
    """Runs the named systems until SIGTERM or SIGINT; `say` is given one line for each (default: standard output)."""
    tell = say or _print
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    settings = {
        "latency_ms": latency_ms,
        "per_record_ms": per_record_ms,
        "concurrency": concurrency,
        "advertise_endpoint": advertise_endpoint,
    }
    running = start(systems, host=host, base_port=base_port, world=world, seed=seed, data_dir=data_dir, settings=settings)
    try:
        for name, each in running.items():
            tell(f"{name}: {each.url}")
        told.wait()
    finally:
        for each in running.values():
            each.stop()


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
