"""The command about batches: `tieout export` selects documents, shows what they add up to, sends them and compares."""

from __future__ import annotations

import getpass
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.output import FAILURE, CommandError, JsonOption, Terminal, day, usage
from tieout.cli.planning import FlowOption, WhyOption
from tieout.cli.systems import SHOWN_ITEMS, WATCH_S, IntegrationArgument, integration_named, worker_is_running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tieout.engine.release import Word
    from tieout.engine.runtime import Runtime
    from tieout.store.models import BatchDocument, ExportBatch, Integration

    Days = tuple[date | None, date | None]

terminal = Terminal()
TOTALS = ("Kind", "Place", "Documents", "Sum", "In the books", "Sum there", "")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(export)


def export(
    integration: IntegrationArgument = "",
    flow: FlowOption = None,
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="Documents dated on this day or later.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DAY", help="Documents dated on this day or earlier.")] = "",
    record: Annotated[list[str] | None, typer.Option(metavar="NUMBER", help="Only this one; its number or ID. May be repeated.")] = None,
    batch: Annotated[int, typer.Option(metavar="ID", help="Show this batch instead of making one.")] = 0,
    release_it: Annotated[bool, typer.Option("--release", help="Send it, wait until it has arrived, and compare the totals.")] = False,
    without: Annotated[list[int] | None, typer.Option(metavar="ID", help="With --release: leave this document of the batch out.")] = None,
    discard: Annotated[bool, typer.Option("--discard", help="Give a batch up that was not released.")] = False,
    compare: Annotated[bool, typer.Option("--compare", help="Read its documents from the books again and compare.")] = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="With --release: do not wait until it has arrived.")] = False,
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Select documents and show what they add up to; with --release, send them and compare what arrived, to the cent."""
    if sum((release_it, discard, compare)) > 1:
        usage("Choose one of --release, --discard and --compare.")
    if (discard or compare) and not batch:
        usage("Name the batch with --batch.")
    chosen = (day("--from", since), day("--to", until))
    from tieout.host.setup import setup

    setup()
    from tieout.engine import exports
    from tieout.engine.release import Word
    from tieout.engine.runtime import Runtime

    word, runtime = Word(getpass.getuser(), why), Runtime.real()
    found = _known(batch) if batch else _made(integration_named(integration), flow, chosen, record, runtime)
    if discard:
        exports.discard(found, word, runtime.now())
        terminal.json({"batch": found.pk, "state": "discarded"}) if as_json else terminal.say(f"Batch {found.pk} is discarded.")
        return
    if release_it:
        found = _send(found, word, without or (), wait=not no_wait)
    elif compare:
        found = exports.compare(runtime, found)
    runtime.systems.close()
    found = _known(found.pk)
    terminal.json(data(found)) if as_json else _show(found)
    if (release_it and not no_wait and not found.agreed) or (compare and not found.agreed):
        raise typer.Exit(FAILURE)


def _known(number: int) -> ExportBatch:
    from tieout.store.models import ExportBatch

    found = ExportBatch.objects.select_related("integration__company", "integration__platform").filter(pk=number).first()
    if found is None:
        raise CommandError(f"There is no batch {number}. “tieout export” makes one.")
    return found


def _made(row: Integration, flow: list[str] | None, chosen: Days, record: list[str] | None, runtime: Runtime) -> ExportBatch:
    from tieout.engine import exports
    from tieout.engine.requests import meant

    ids = tuple(meant(row, text).id for text in record or ())
    wanted = exports.Selection(tuple(flow or ()), chosen[0], chosen[1], ids)
    asked = exports.ask(row, wanted, by=getpass.getuser(), now=runtime.now())
    with terminal.progress(f"Selecting documents of {row.name}"):
        found = exports.make(runtime, asked)
    if found.fault:
        raise CommandError(found.fault)
    return found


def _send(found: ExportBatch, word: Word, without: Sequence[int], *, wait: bool) -> ExportBatch:
    from tieout.engine import exports
    from tieout.engine.jobs import wake_company
    from tieout.store.models import BatchState, Connection

    if wait and not worker_is_running():
        raise CommandError("No worker is running, so nothing would be sent. Start one with “tieout serve” or “tieout worker”.")
    sent = exports.send(found, word, datetime.now(UTC), without=without)
    wake_company(found.integration.company_id)
    total = sent.documents.filter(state="sent").count()
    ends = (found.integration.company_id, found.integration.platform_id)
    with terminal.progress(f"Sending batch {sent.pk}", total) as bar:
        while wait and sent.state == BatchState.RELEASED and sent.compared_at is None:
            if Connection.objects.filter(pk__in=ends, retry_at__gt=datetime.now(UTC)).exists():
                raise CommandError(f"A connection is in error, so batch {sent.pk} waits; it goes by itself afterwards.")
            time.sleep(WATCH_S)
            sent.refresh_from_db()
            bar.set(sent.documents.filter(state="there").count())
    return sent


def data(found: ExportBatch) -> dict[str, Any]:
    """A batch for programs."""
    documents = [
        {"id": each.pk, "flow": each.flow, "left": each.left_id, "name": each.name, "day": each.day, "state": each.state, "text": each.text}
        | {"before": each.before, "after": each.after, "right": each.right_name}
        for each in found.documents.all()
    ]
    return {
        "batch": found.pk,
        "integration": found.integration.name,
        "state": found.state,
        "agreed": found.agreed,
        "before": found.before,
        "after": found.after,
        "left_out": found.left_out,
        "documents": documents,
    }


def _show(found: ExportBatch) -> None:
    from tieout.store.models import BatchState

    rows = found.after or found.before
    shown = [
        (
            row["flow"],
            "all" if row["place"] is None else row["place"] or "top level",
            f"{row['count']:,}",
            f"{row['amount']:,.2f}",
            f"{row['count_there']:,}" if found.after else "",
            f"{row['amount_there']:,.2f}" if found.after else "",
            "" if not found.after else "agrees" if row["agrees"] else "differs",
        )
        for row in rows
    ]
    terminal.table(f"Batch {found.pk} of {found.integration.name}: {found.get_state_display().lower()}", TOTALS, shown, right=(2, 3, 4, 5))
    documents = list(found.documents.all())
    for each in documents[:SHOWN_ITEMS]:
        terminal.say(_line(each))
    if len(documents) > SHOWN_ITEMS:
        terminal.say(f"… and {len(documents) - SHOWN_ITEMS:,} more; --json lists all of them.")
    for text, count in found.left_out.items():
        terminal.say(f"{count:,} left out: {text}")
    if found.state == BatchState.SHOWN:
        terminal.say(f"Nothing has been sent. “tieout export --batch {found.pk} --release” sends it.")
    elif found.agreed is not None:
        terminal.say("Both sides agree." if found.agreed else "The sides differ: each document above says why.")


def _line(each: BatchDocument) -> str:
    amount = f"{sum(each.before.values()):,.2f}" if each.before else "–"
    there = f" → {each.right_name}" if each.right_name else ""
    said = f": {each.text}" if each.text else ""
    return f"{each.pk}  {each.name}, {each.day or 'no date'}, {amount}{there} [{each.get_state_display().lower()}]{said}"


__all__ = ["data", "register"]
