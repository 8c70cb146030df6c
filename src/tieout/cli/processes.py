"""The commands that start something: demo, init, serve, worker, sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.output import FAILURE, Terminal, usage

if TYPE_CHECKING:
    from tieout.core.tieout import Report
    from tieout.host.demo_world import DemoWorld

terminal = Terminal()
ACTIVITY_A_MINUTE = 6


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (demo, init, serve, worker, sandbox):
        app.command()(command)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End when there is nothing left to do, print the tie-out, and fail if the sides differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: print the tie-out as one line of JSON, last.")] = False,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where the demonstration keeps its data; by default apart from the real one.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the pages; by default 8000 or a free one.", min=1, max=65535)] = None,
) -> None:
    """Run everything with demonstration systems, and print the address and a login."""
    from dataclasses import replace

    from tieout.host.configuration import Configuration
    from tieout.host.demo import Demo, demo_configuration
    from tieout.host.demo_world import DemoWorld
    from tieout.sandbox.registry import SYSTEMS

    if as_json and not once:
        usage("--json belongs to --once, which ends with a tie-out; leave it out, or add --once.")
    configuration = Configuration.from_environment()
    if port is not None:
        configuration = replace(configuration, port=port)
    configuration = demo_configuration(configuration, data_dir=data_dir)
    world = DemoWorld(configuration.local_url, activity=0 if once else ACTIVITY_A_MINUTE)
    ending = _Ending(world) if once else None
    offsets = {system.name: system.offset for system in SYSTEMS}
    say = terminal.note if as_json else terminal.say
    Demo(configuration, offsets, world.connect, ending, say).run()
    if ending is not None:
        ending.tell(as_json)


class _Ending:
    """When a demonstration is finished, and what the tie-out says then, while both systems still answer."""

    def __init__(self, world: DemoWorld) -> None:
        self._world = world
        self.reports: dict[str, Report] = {}
        self.writes = 0

    def __call__(self) -> bool:
        """Whether nothing is left to do; then the tie-out has been made."""
        if not self._world.is_quiet():
            return False
        from tieout.engine import tieout
        from tieout.engine.runtime import Runtime
        from tieout.store.models import Integration

        runtime = Runtime.real()
        self.writes = self._world.write_transactions()
        for integration in Integration.objects.select_related("platform", "company"):
            self.reports[integration.name] = tieout.run(runtime, integration)
        runtime.systems.close()
        return True

    def tell(self, as_json: bool) -> None:
        """Print the tie-out; exit status 1 unless both sides agree."""
        from tieout.cli.systems import show_report, summary

        if not self.reports:
            terminal.fail("The demonstration was stopped before it was finished, so there is no tie-out. Run it again.")
            raise typer.Exit(FAILURE)
        agreed = all(report.agreed for report in self.reports.values())
        if as_json:
            integrations: dict[str, Any] = {name: summary(report) for name, report in self.reports.items()}
            counts = {key: sum(row[key] for row in integrations.values()) for key in ("left", "right", "pairs", "missing", "differences")}
            terminal.json({"agreed": agreed, **counts, "write_transactions": self.writes, "integrations": integrations})
        else:
            for name, report in self.reports.items():
                show_report(name, report)
        if not agreed:
            raise typer.Exit(FAILURE)


def init(
    user: Annotated[str, typer.Option(help="Name of the first administrator; leave it out to make none.")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="File that holds the administrator's password; “-” reads it from standard input.")
    ] = None,
) -> None:
    """Make the data directory, the keys and the tables, and the first administrator."""
    from tieout.host.setup import setup

    configuration = setup()
    terminal.say(f"The data directory is {configuration.data_dir}, and the database is ready.")
    if user:
        _make_administrator(user, _password(password_file))
        terminal.say(f"{user} can sign in as an administrator at {configuration.public_url}.")
    else:
        terminal.say("Next: tieout init --user NAME makes the first administrator, tieout connect intacct the first connection.")


def _password(file: Path | None) -> str:
    import sys

    if file is not None and str(file) == "-":
        return sys.stdin.readline().rstrip("\n")
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            usage(f"The password file cannot be read: {error.strerror}. Give another with --password-file.")
    if not sys.stdin.isatty():
        usage("The password is missing. Give it with --password-file FILE, or “-” for standard input.")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


def _make_administrator(name: str, password: str) -> None:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from tieout.web.roles import Role

    found = get_user_model().objects.filter(username=name).first() or get_user_model()(username=name)
    try:
        found._meta.get_field("username").clean(name, found)
    except ValidationError as error:
        usage(f"“{name[:40]}” cannot be the name of a user: {' '.join(error.messages)}")
    try:
        validate_password(password, found)
    except ValidationError as error:
        usage(f"The password cannot be used: {' '.join(error.messages)}")
    found.set_password(password)
    found.is_active = True
    found.save()
    found.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))


def serve(no_worker: Annotated[bool, typer.Option("--no-worker", help="Only the pages; workers run elsewhere.")] = False) -> None:
    """Run the pages and the workers until Ctrl-C."""
    from tieout.host.configuration import Configuration
    from tieout.host.serve import serve as run

    run(Configuration.from_environment(), worker=not no_worker, say=terminal.say)


def worker() -> None:
    """Run one worker until Ctrl-C; as many as wanted may run, on any machine that reaches the database."""
    from tieout.host.setup import setup

    configuration = setup()
    from tieout.host.worker import run_worker

    run_worker(configuration)


def sandbox(
    systems: Annotated[
        list[str] | None, typer.Argument(help="The systems to emulate: all, or names such as intacct.", show_default="all")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    base_port: Annotated[int, typer.Option(help="The first system's port; the others follow.", min=1, max=65000)] = 8101,
    world: Annotated[str, typer.Option(help="What is there at first: demo or empty.")] = "demo",
    seed: Annotated[int, typer.Option(help="Which of the random worlds.")] = 0,
    data_dir: Annotated[Path | None, typer.Option(help="Keep what happens in this directory; by default it is forgotten.")] = None,
    latency_ms: Annotated[float, typer.Option(help="Delay of each request.", min=0)] = 0,
    per_record_ms: Annotated[float, typer.Option(help="Further delay for each record written.", min=0)] = 0,
    concurrency: Annotated[int, typer.Option(help="Requests served at once.", min=1)] = 6,
    advertise_endpoint: Annotated[str, typer.Option(help="The address the Intacct emulator names in its answers to a sign-in.")] = "",
) -> None:
    """Run emulators of the systems until Ctrl-C, for trying out and for tests."""
    from tieout.host.processes import die_with_parent
    from tieout.sandbox.run import run

    die_with_parent()
    try:
        run(
            systems or ["all"],
            host=host,
            base_port=base_port,
            world=world,
            seed=seed,
            data_dir=data_dir,
            latency_ms=latency_ms,
            per_record_ms=per_record_ms,
            concurrency=concurrency,
            advertise_endpoint=advertise_endpoint,
            say=terminal.say,
        )
    except ValueError as error:
        usage(f"{str(error)[:1].upper()}{str(error)[1:]}.")
    except OSError as error:
        terminal.fail(f"The sandbox cannot listen on {host}: {error.strerror or error}. Choose other ports with --base-port.")
        raise typer.Exit(FAILURE) from None
