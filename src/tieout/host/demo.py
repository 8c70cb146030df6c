"""`tieout demo`: the server and the sandbox as a user would start them, connected, with a login, stopped together.

Nothing here is special to the demonstration but the ports, the data directory and the login: `serve` and `sandbox`
are the commands themselves, as child processes, and the connecting is done by what is handed in.
"""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tieout.host.configuration import Configuration, default_data_dir
from tieout.host.processes import Child, Supervisor
from tieout.host.serve import answers, is_free

HOST = "127.0.0.1"
FIRST_SANDBOX_PORT = 8101
PORT_STEP = 10
PORT_ATTEMPTS = 50
PATIENCE_S = 90.0
PROBE_TIMEOUT_S = 2.0
POLL_S = 0.1
LOGIN_NAME = "demo"
PROGRAM = (sys.executable, "-m", "tieout.cli")


class DemoError(RuntimeError):
    """The demonstration cannot run; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Systems:
    """Where the emulated systems answer.

    Attributes:
        base_port: the first of their consecutive ports.
        offsets: each system's offset from it, by name.
    """

    base_port: int
    offsets: Mapping[str, int]

    def url(self, system: str) -> str:
        """The address of one system, such as http://127.0.0.1:8101."""
        return f"http://{HOST}:{self.base_port + self.offsets[system]}"


@dataclass(frozen=True, slots=True)
class Demo:
    """One demonstration.

    Attributes:
        configuration: of the server; see `demo_configuration`.
        offsets: the emulated systems' port offsets, by name.
        connect: connects the systems once they answer; Django is loaded and the tables are there.
        is_finished: looked at twice a second once all runs; true ends the demonstration. None runs until Ctrl-C.
        say: gets each line for the person in front of it.
        program: the command line of Tieout itself.
    """

    configuration: Configuration
    offsets: Mapping[str, int]
    connect: Callable[[Systems], None]
    is_finished: Callable[[], bool] | None = None
    say: Callable[[str], None] = print
    program: Sequence[str] = field(default=PROGRAM)

    def run(self) -> None:
        """Start everything, print address and login, and stop everything on Ctrl-C, SIGTERM, or when finished.

        Raises:
            DemoError: a part did not start.
            ConfigurationError, PostgresError: a value or the database cannot be used.
        """
        from tieout.host.setup import setup

        settings = {**os.environ, **self.configuration.as_environment()}  # before `setup` adds the database's address
        systems = Systems(free_base_port(self.offsets), self.offsets)
        sandbox = Child("sandbox", self._sandbox_command(systems), settings)
        server = Child("serve", [*self.program, "serve"], settings)
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C, also while starting
        try:
            sandbox.keep_running(time.monotonic())
            setup(self.configuration)
            for name in systems.offsets:
                self._await(sandbox, lambda name=name: is_healthy(systems.url(name)))  # type: ignore[misc]
            self.connect(systems)
            password = make_login()
            server.keep_running(time.monotonic())
            self._await(server, lambda: answers(self.configuration.local_url))
            self._welcome(systems, password)
            self._supervise((sandbox, server))
        except KeyboardInterrupt:
            pass
        finally:
            _stop((server, sandbox))
            signal.signal(signal.SIGTERM, before)

    def _sandbox_command(self, systems: Systems) -> list[str]:
        folder = self.configuration.data_dir / "sandbox"
        return [*self.program, "sandbox", "all", "--base-port", str(systems.base_port), "--world", "demo", "--data-dir", str(folder)]

    def _await(self, child: Child, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_ready():
            if child.has_ended:
                raise DemoError(f"The {child.name} process ended while starting; what it printed above says why.")
            if time.monotonic() > deadline:
                raise DemoError(f"The {child.name} process was not ready within {PATIENCE_S:.0f} s; see what it printed above.")
            time.sleep(POLL_S)

    def _supervise(self, children: Sequence[Child]) -> None:
        def look() -> None:
            if self.is_finished is not None and self.is_finished():
                supervisor.stop()

        supervisor = Supervisor(children, tick=look)
        supervisor.run()

    def _welcome(self, systems: Systems, password: str) -> None:
        self.say(f"Tieout runs at {self.configuration.public_url} — sign in as {LOGIN_NAME} with the password {password}")
        self.say("The systems it keeps in step: " + ", ".join(f"{name} at {systems.url(name)}" for name in systems.offsets))
        if self.is_finished is None:
            self.say("Press Ctrl-C to stop.")


def demo_configuration(configuration: Configuration, *, data_dir: Path | None = None) -> Configuration:
    """The demonstration's own configuration: a data directory apart from the real one, loopback only, a free port.

    A data directory that was chosen, here or in TIEOUT_DATA_DIR, is used as it is.
    """
    chosen = data_dir.expanduser().absolute() if data_dir else configuration.data_dir
    if not data_dir and chosen == default_data_dir(os.environ):
        chosen = chosen.with_name(f"{chosen.name}-demo")
    port = configuration.port if is_free(HOST, configuration.port) else _any_free_port()
    return replace(configuration, data_dir=chosen, host=HOST, port=port, base_url="")


def free_base_port(offsets: Mapping[str, int], first: int = FIRST_SANDBOX_PORT) -> int:
    """The first base port from `first` on, in steps of ten, of which every system's port is free.

    Raises:
        DemoError: there is none.
    """
    for base in range(first, first + PORT_STEP * PORT_ATTEMPTS, PORT_STEP):
        if all(is_free(HOST, base + offset) for offset in offsets.values()):
            return base
    raise DemoError(f"No {len(offsets)} free ports for the sandbox from {first} on; end some of the programs that listen there.")


def is_healthy(url: str) -> bool:
    """Whether an emulator answers."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/_sandbox/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def make_login() -> str:
    """See that the demonstration's administrator exists, with a new password each time, which is given back."""
    from django.contrib.auth import get_user_model

    password = secrets.token_urlsafe(9)
    user, _ = get_user_model().objects.get_or_create(username=LOGIN_NAME)
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(password)
    user.save()
    return password


def _any_free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _stop(children: Sequence[Child]) -> None:
    """End what still runs; after the supervisor has done so there is nothing left."""
    deadline = time.monotonic() + 15.0  # more than `serve` grants its own children
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait_or_kill(deadline)
