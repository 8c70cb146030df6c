"""The commands about mapping tables: `tieout mapping list`, `import` and `export`."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.output import CommandError, JsonOption, Terminal
from tieout.cli.settings import LookOption, OfOption, YesOption, goes_on

terminal = Terminal()
commands = typer.Typer(name="mapping", help="Which value of the books belongs to which value of a platform.", no_args_is_help=True)
TableArgument = Annotated[str, typer.Argument(help="The table, as “tieout mapping list” names it.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(commands)


@commands.command("list")
def list_tables(of: OfOption = "", as_json: JsonOption = False) -> None:
    """Every mapping table, what it is for, and how many rows it has."""
    from tieout.host.setup import setup

    setup()
    from tieout.cli.systems import integration_named
    from tieout.engine import mapping
    from tieout.platforms.registry import platform

    row = integration_named(of)
    found = [(table, mapping.rows_of(row, table)) for table in platform(row.platform.system).tables]
    if as_json:
        terminal.json({"integration": row.name, "tables": {table.name: rows for table, rows in found}})
        return
    shown = [
        (table.name, str(len(rows)), ", ".join(column.name for column in (*table.keys, *table.values)), table.help) for table, rows in found
    ]
    terminal.table(f"Mapping tables of {row.name}", ("Name", "Rows", "Columns", ""), shown)


@commands.command("export")
def export_table(
    table: TableArgument,
    file: Annotated[Path | None, typer.Argument(help="Where to write; to the terminal if left out.", show_default=False)] = None,
    of: OfOption = "",
) -> None:
    """Write a mapping table as CSV."""
    from tieout.host.setup import setup

    setup()
    from tieout.cli.systems import integration_named
    from tieout.engine import mapping

    row = integration_named(of)
    declared = mapping.table_named(row, table)
    text = mapping.as_csv(declared, mapping.rows_of(row, declared))
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}. Choose another file.") from None
    terminal.say(f"Wrote “{declared.label}” to {file}.")


@commands.command("import")
def import_table(
    table: TableArgument,
    file: Annotated[Path, typer.Argument(help="A CSV file with a first line of column names; - reads from standard input.")],
    of: OfOption = "",
    look: LookOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Replace a mapping table by a CSV file, after showing how many records in step would change; all it concerns is looked at again."""
    from tieout.host.setup import setup

    setup()
    from tieout.cli.systems import integration_named
    from tieout.engine import mapping
    from tieout.engine.runtime import Runtime

    row = integration_named(of)
    declared = mapping.table_named(row, table)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}. Give a CSV file in UTF-8.") from None
    rows = mapping.from_csv(declared, text)
    with terminal.progress("Looking what would change"):
        effect = mapping.preview_rows(Runtime.real(), row, declared, rows).changed()
    if not goes_on(row, effect, look=look, yes=yes, as_json=as_json):
        return
    saved = mapping.replace_rows(row, declared, rows, by=getpass.getuser(), now=datetime.now(UTC))
    if as_json:
        terminal.json(saved)
        return
    terminal.say(
        f"“{declared.label}” has {saved.rows} rows now; it had {saved.before}. {saved.looked_at_again:,} records are looked at again."
    )
