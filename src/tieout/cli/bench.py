"""The command that measures: bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieout.cli.output import JsonOption, Terminal, usage

terminal = Terminal()


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(bench)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="What to measure; everything if left out.", show_default=False)] = None,
    page: Annotated[Path | None, typer.Option(help="Write the table to this Markdown page.", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure throughput, latency and cost on this machine against computed limits; about eight minutes for everything."""
    from tieout.bench import cpu
    from tieout.bench.figures import IN_FULL, MEASUREMENTS, measure, measure_all, write_page
    from tieout.bench.table import HEADINGS, plain

    wanted = names or list(MEASUREMENTS)
    if unknown := [name for name in wanted if name not in {**MEASUREMENTS, **IN_FULL}]:
        usage(f"There is no measurement named “{unknown[0]}”. Known are {', '.join([*MEASUREMENTS, *IN_FULL])}.")
    busy = cpu.busy()
    if len(wanted) == 1:
        rows, took_s = measure(wanted[0]), 0.0
    else:
        rows, took_s = measure_all(wanted, terminal.note)
    if page is not None:
        write_page(rows, took_s, page, busy)
    if as_json:
        terminal.json(plain(rows))
        return
    terminal.table("", HEADINGS, [row.cells() for row in rows])
    if page is not None:
        terminal.note(f"Written to {page}.")
