"""The command that connects a system: `tieout connect`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.output import FAILURE, CommandError, JsonOption, Terminal, usage

if TYPE_CHECKING:
    from tieout.core.platform import Vendor
    from tieout.core.ports import Check
    from tieout.core.settings import Setting
    from tieout.store.models import Connection, Integration

terminal = Terminal()


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(connect)


def connect(
    system: Annotated[str, typer.Argument(help="The system: intacct, or a platform such as servicetitan.")],
    name: Annotated[str, typer.Option(help="What to call the connection; by default the system's name.")] = "",
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value of the connection; may be repeated. Never a secret.")
    ] = None,
    secrets: Annotated[
        str, typer.Option(metavar="FILE", help="File with the secrets, as JSON or NAME=VALUE lines; “-” reads standard input.")
    ] = "",
    environment: Annotated[
        str, typer.Option(help="production or test; by default what it was, and production if it is new.", show_default=False)
    ] = "",
    pair: Annotated[
        str, typer.Option(metavar="CONNECTION", help="Keep it in step with this connection; by default with the only one that fits.")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--everything", help="Also take in records from before now; else only what is made or changed from now on.")
    ] = False,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="Write as soon as a kind is turned on, without showing its plan and waiting for its release.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Store a connection's credentials, try them, and pair it with its other side."""
    from tieout.host.setup import setup
    from tieout.platforms.registry import vendor

    if environment not in ("", "production", "test"):
        usage(f"--environment is “{environment}”. Choose production or test.")
    setup()
    from tieout.engine import connections
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection

    kind = vendor(system)
    name = name or system
    given = _given(kind, values or ()) | _secrets(kind, secrets)
    before = Connection.objects.filter(name=name).first()
    given |= _asked(kind, {**(before.configuration() if before else {}), **given})
    now = datetime.now(UTC)
    connection = connections.connect(system, name, given, environment=environment, now=now)
    runtime = Runtime.real()
    lines = connections.check(runtime, connection)
    runtime.systems.close()
    paired = _pair(connection, pair, now=now, everything=everything, asks_first=not at_once)
    is_well = all(line.ok for line in lines)
    if as_json:
        terminal.json(
            {"connection": name, "system": system, "works": is_well, "checks": lines, "integration": paired.name if paired else None}
        )
    else:
        terminal.say(f"The connection {name} is stored.")
        show_checks(lines)
        if paired:
            terminal.say(f"{paired.platform.name} and {paired.company.name} are kept in step as {paired.name}.")
            _say_next(paired)
        else:
            terminal.say("It is kept in step with nothing yet: connect its other side with “tieout connect”, or choose one with --pair.")
    if not is_well:
        raise typer.Exit(FAILURE)


def _say_next(integration: Integration) -> None:
    """What stands between a new integration and its first record."""
    from tieout.core.settings import SettingKind
    from tieout.engine.pairs import settings_of
    from tieout.platforms.registry import platform

    values = settings_of(integration)
    switches = [setting.name for setting in platform(integration.platform.system).settings if setting.kind is SettingKind.BOOLEAN]
    if switches and not any(values[name] for name in switches):
        terminal.say("Nothing is switched on there yet: “tieout settings list” shows what can be, “tieout settings set NAME=on” does it.")
    if integration.asks_first:
        terminal.say("Then “tieout backfill” shows what that would link and create, and with --release it begins.")
    terminal.say("It is worked on while “tieout serve” or “tieout worker” runs.")


def _given(kind: Vendor, texts: Sequence[str]) -> dict[str, str]:
    from tieout.core.settings import SettingKind

    secret = {setting.name for setting in kind.connection if setting.kind is SettingKind.SECRET}
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            usage(f"--set needs NAME=VALUE, not “{text}”.")
        if name in secret:
            usage(f"{name} is a secret and would stay in the shell's history. Give it with --secrets FILE, or “-” for standard input.")
        found[name] = value
    return found


def _secrets(kind: Vendor, file: str) -> dict[str, str]:
    if not file:
        return {}
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        usage(f"The secrets file cannot be read: {error.strerror}. Give another with --secrets.")
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else dict(_lines(text))
    except ValueError:
        usage("The secrets file is neither a JSON object nor lines of NAME=VALUE. Correct it and run the command again.")
    unknown = sorted(set(found) - {setting.name for setting in kind.connection})
    if unknown:
        usage(
            f"{kind.label} has no value named {', '.join(unknown)}. Known values: {', '.join(setting.name for setting in kind.connection)}."
        )
    return {str(name): str(value) for name, value in found.items()}


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, equals, value = line.partition("=")
            if not equals:
                raise ValueError("no equals sign")
            found.append((name.strip().removeprefix("export "), value.strip().strip("'\"")))
    return found


def _asked(kind: Vendor, have: Mapping[str, Any]) -> dict[str, str]:
    """What is missing, asked for on a terminal; without one, the command ends and names it."""
    from tieout.core.settings import SettingKind, missing

    absent: list[Setting] = missing(kind.connection, have)
    if absent and not sys.stdin.isatty():
        plain = [setting.name for setting in absent if setting.kind is not SettingKind.SECRET]
        hidden = [setting.name for setting in absent if setting.kind is SettingKind.SECRET]
        parts = [f"--set for {', '.join(plain)}"] * bool(plain) + [f"--secrets FILE for {', '.join(hidden)}"] * bool(hidden)
        usage(f"{kind.label} needs more to connect: use {' and '.join(parts)}.")
    found: dict[str, str] = {}
    for setting in absent:
        is_secret = setting.kind is SettingKind.SECRET
        terminal.note(setting.help)
        found[setting.name] = typer.prompt(setting.label, hide_input=is_secret, err=True)
    return found


def _pair(connection: Connection, other: str, *, now: datetime, everything: bool, asks_first: bool) -> Integration | None:
    from tieout.engine import connections
    from tieout.platforms.registry import BOOKS
    from tieout.store.models import Connection as Row
    from tieout.store.models import Integration as Pairing

    is_books = connection.system == BOOKS
    if other:
        partner = connection_named(other)
    else:
        mine = Pairing.objects.filter(company=connection) if is_books else Pairing.objects.filter(platform=connection)
        if standing := mine.select_related("platform", "company").first():
            return standing
        fitting = Row.objects.exclude(system=BOOKS) if is_books else Row.objects.filter(system=BOOKS)
        fitting = fitting.filter(environment=connection.environment)
        # A platform that has its books already gets second ones only when asked: everything would be written there too.
        fitting = fitting.filter(as_platform__isnull=True) if is_books else fitting
        if fitting.count() != 1:
            return None
        partner = fitting.get()
    platform, company = (partner, connection) if is_books else (connection, partner)
    return connections.pair(platform, company, now=now, since=None if everything else now, asks_first=asks_first)


def connection_named(name: str) -> Connection:
    """The connection of this name. Raises CommandError with the names there are."""
    from tieout.store.models import Connection as Row

    found = Row.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Row.objects.values_list("name", flat=True)) or "none; run “tieout connect” first"
        raise CommandError(f"There is no connection named “{name}”. Known connections: {known}.")
    return found


def show_checks(lines: Sequence[Check]) -> None:
    """Each line of the preflight doctor, with the cure of what is not well."""
    for line in lines:
        terminal.say(f"  {'ok  ' if line.ok else 'FAIL'}  {line.name}: {line.detail}")
        if not line.ok and line.cure:
            terminal.say(f"        {line.cure}")
