"""The `tieout` command. Each command is a thin wrapper: it reads its options, calls one function, and shows the answer.

Nothing heavy is imported before a command runs, so that `tieout --help` answers at once.
"""

from __future__ import annotations

import typer

from tieout import __version__
from tieout.cli import bench, connecting, exporting, mapping, planning, processes, reading, records, settings, systems
from tieout.cli.output import Terminal, known

app = typer.Typer(
    name="tieout",
    help="Keeps the platforms where work is planned in step with Sage Intacct, and proves that both sides agree.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would show local values, secrets among them
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tieout {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", help="Print the version and end.", callback=_version, is_eager=True),
) -> None:
    """What holds for every command."""


processes.register(app)
connecting.register(app)
settings.register(app)
mapping.register(app)
systems.register(app)
planning.register(app)
exporting.register(app)
records.register(app)
reading.register(app)
bench.register(app)


def main() -> None:
    """Run the command of this process; a failure that is understood is one sentence and exit status 1."""
    try:
        app()
    except Exception as error:
        if not known(error):
            raise
        Terminal().fail(str(error))
        raise SystemExit(1) from None


__all__ = ["app", "main"]
