"""How commands speak: sentences, tables and progress on a terminal, or JSON for programs."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NoReturn

import typer

FAILURE, USAGE = 1, 2
JsonOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON.")]
_KNOWN = (
    ("tieout.host.configuration", "ConfigurationError"),
    ("tieout.host.postgres_binaries", "PostgresError"),
    ("tieout.host.demo", "DemoError"),
    ("tieout.bench.hub", "BenchError"),
    ("tieout.core.ports", "Fault"),
    ("tieout.core.settings", "SettingError"),
    ("tieout.engine.connections", "PairingError"),
    ("tieout.engine.freeze", "FreezeError"),
    ("tieout.engine.linking", "LinkError"),
    ("tieout.engine.rulings", "RulingError"),
    ("tieout.engine.log_list", "BadMarkError"),
    ("tieout.engine.mapping", "MappingError"),
    ("tieout.engine.release", "ReleaseError"),
    ("tieout.engine.requests", "RequestError"),
    ("tieout.engine.undo", "UndoError"),
    ("tieout.engine.explain", "ExplainError"),
    ("tieout.engine.exports", "ExportError"),
    ("tieout.platforms.registry", "UnknownSystemError"),
    ("tieout.store.secrets", "SealedWithAnotherKeyError"),
)


# What a terminal obeys rather than shows (a name from another system may hold it), and what turns the direction of writing.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class CommandError(Exception):
    """A command that cannot do what was asked; its text says why and what to do next."""


def known(error: BaseException) -> bool:
    """Whether an error's own text is meant for the person at the terminal."""
    if isinstance(error, CommandError):
        return True
    for module, name in _KNOWN:
        # Only a module that is loaded can have raised its error, so nothing is imported to find out.
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return True
    return False


def harmless(text: str) -> str:
    """The text on one line, with every character a terminal would obey made visible as a replacement."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def usage(text: str) -> NoReturn:
    """End with a sentence about how the command was called, and exit status 2."""
    Terminal().fail(text)
    raise typer.Exit(USAGE)


class Terminal:
    """Standard output for answers, standard error for everything else."""

    def say(self, text: str = "") -> None:
        """One line of the answer."""
        typer.echo(harmless(text))

    def note(self, text: str) -> None:
        """One line that is not part of the answer."""
        typer.echo(harmless(text), err=True)

    def fail(self, text: str) -> None:
        """One sentence about what went wrong."""
        typer.secho(f"tieout: {harmless(text)}", err=True, fg="red" if sys.stderr.isatty() else None)

    def json(self, value: Any) -> None:
        """The answer as one line of JSON."""
        text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))
        typer.echo(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))

    def table(self, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
        """A table; `right` names the columns that hold numbers. Cut to the terminal's width, never when it is piped."""
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
        for position, heading in enumerate(headings):
            table.add_column(heading, justify="right" if position in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(harmless(cell)) for cell in row))
        console = Console(highlight=False) if sys.stdout.isatty() else Console(width=200, no_color=True, highlight=False)
        console.print(table)

    @contextmanager
    def progress(self, text: str, total: int | None = None) -> Iterator[Progress]:
        """A progress bar on the terminal; nothing when standard error goes elsewhere."""
        if not sys.stderr.isatty():
            yield Progress(None, None)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            yield Progress(bar, bar.add_task(text, total=total))


class Progress:
    """One bar, or none."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def set(self, done: int, *, total: int | None = None, text: str | None = None) -> None:
        """Move the bar."""
        if self._bar is not None:
            more = {name: value for name, value in (("total", total), ("description", text)) if value is not None}
            self._bar.update(self._task, completed=done, **more)


def plain(value: Any) -> Any:
    """A structure of our values as JSON data; times are ISO 8601 in UTC, amounts are text."""
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Decimal():
            return format(value, "f")
        case Mapping():
            return {plain_key(key): plain(inner) for key, inner in value.items()}
        case set() | frozenset():
            return sorted((plain(inner) for inner in value), key=str)
        case list() | tuple():
            return [plain(inner) for inner in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return str(value)


def plain_key(key: Any) -> str:
    """A key of a mapping as JSON needs it."""
    return str(key.value if isinstance(key, Enum) else key)


def span(length: timedelta | None) -> str:
    """A length of time in one rounded unit."""
    if length is None:
        return "–"
    seconds = int(abs(length.total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago, or in how long, a time is."""
    if at is None:
        return "never"
    return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"


def day(option: str, text: str) -> date | None:
    """The day an option names; None if it is left out. Ends the command if it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        usage(f"{option} is “{text}”, which is no day. Write it like 2026-05-01.")


def moment(option: str, text: str) -> datetime | None:
    """The day or time an option names, UTC unless it names a zone; None if it is left out. Ends the command if it is none."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        usage(f"{option} is “{text}”, which is no day or time. Write it like 2026-05-01 or 2026-05-01T14:00+02:00.")
    return at if at.tzinfo else at.replace(tzinfo=UTC)
