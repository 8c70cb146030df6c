"""The commands that only read: status and log."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.connecting import connection_named
from tieout.cli.output import JsonOption, Terminal, ago, moment, span, usage

if TYPE_CHECKING:
    from tieout.engine.log_list import Entry
    from tieout.engine.overview import Overview

terminal = Terminal()


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(status)
    app.command()(log)
    app.command()(queue)


def status(as_json: JsonOption = False) -> None:
    """How every connection is doing, what is in step, and what waits."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine.overview import overview
    from tieout.engine.plan_list import waiting_count

    now = datetime.now(UTC)
    state = overview(now)
    if as_json:
        terminal.json(state)
        return
    if not state.connections:
        terminal.say("No system is connected yet. Run “tieout connect intacct” and “tieout connect servicetitan”.")
        return
    _show_connections(state)
    _show_integrations(state)
    age = f", the oldest for {span(state.backlog.oldest_age(now))}" if state.backlog.count else ""
    terminal.say(f"Waiting: {state.backlog.count:,}{age}.")
    written = state.written
    terminal.say(
        f"Written: {written.minute:,} in the last minute, {written.hour:,} in the last hour, {written.day:,} in the last 24 hours."
    )
    if state.unknown:
        terminal.say(f"Outcome unknown: {state.unknown:,}. Tieout looks for their traces before it sends anything again.")
    if waiting := waiting_count():
        terminal.say(f"Plan items that wait for a person: {waiting:,}. “tieout approve” lists them.")
    if state.problems:
        terminal.say(f"Problems that need a person: {state.problems:,}. “tieout problems” lists them.")


def queue(
    state: Annotated[str, typer.Option(help="Only this state, such as “waiting”, “needs a person” or “skipped”.")] = "",
    text: Annotated[str, typer.Option(help="Part of a record's name, or its number.")] = "",
    page: Annotated[int, typer.Option(min=1, help="Which page of the list.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Every record that is not in step yet: its state, why, what it waits for, and when it is tried again."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine.queue_list import QueueFilter, QueueState
    from tieout.engine.queue_list import queue as listed

    if state and state not in list(QueueState):
        usage(f"“{state}” is no state of the queue. Those are {', '.join(QueueState)}.")
    now = datetime.now(UTC)
    found = listed(now, QueueFilter(state=state, text=text), page=page)
    if as_json:
        items = [{**dataclasses.asdict(each), "explanation": each.explanation} for each in found.items]
        terminal.json({"items": items, "counts": found.counts, "page": found.page, "pages": found.pages, "total": found.total})
        return
    rows = [(each.name, each.state.value, f"{each.explanation} {each.next_step}".strip(), ago(each.since, now)) for each in found.items]
    if not rows:
        skipped = found.counts.get(QueueState.SKIPPED, 0) if not state else 0
        terminal.say("Nothing waits." + (f" {skipped:,} skipped: “tieout queue --state skipped” lists them." if skipped else ""))
        return
    terminal.table("", ("Record", "State", "Why", "Since"), rows)
    if found.pages > 1:
        terminal.say(f"Page {found.page} of {found.pages}; {found.total:,} in all.")


def _show_connections(state: Overview) -> None:
    rows = [
        (
            row.name,
            row.system,
            row.environment,
            row.state,
            ago(row.seen_at, state.at),
            f"{row.today.requests:,}",
            f"{row.month.requests:,}",
            f"{row.month.transactions:,}",
        )
        for row in state.connections
    ]
    headings = ("Connection", "System", "Environment", "State", "Last answer", "Calls today", "Calls this month", "Billed this month")
    terminal.table("", headings, rows, right=(5, 6, 7))
    for row in state.connections:
        if row.cause:
            again = f" Tried again by itself {ago(row.next_try, state.at)}." if row.next_try else ""
            terminal.say(f"{row.name}: {row.cause}{again}")


def _show_integrations(state: Overview) -> None:
    headings = ("Kind", "In step", "Waiting", "Waiting for another", "Being sent", "Outcome unknown", "Problems", "Last look")
    for integration in state.integrations:
        rows = [
            (
                flow.label,
                *(f"{number:,}" for number in (flow.linked, flow.waiting, flow.blocked, flow.in_flight, flow.unknown, flow.problems)),
                ago(flow.last_sync_at, state.at),
            )
            for flow in integration.flows
        ]
        off = "" if integration.active else " (off)"
        terminal.table(f"{integration.name}{off}", headings, rows, right=(1, 2, 3, 4, 5, 6))


def log(
    level: Annotated[str, typer.Option(help="Only this level: info, warning or error.")] = "",
    event: Annotated[str, typer.Option(help="Only this event, such as created or refused.")] = "",
    flow: Annotated[str, typer.Option(help="Only this flow, such as projects.")] = "",
    record: Annotated[str, typer.Option(help="Part of a record's name, or its ID on either side.")] = "",
    connection: Annotated[str, typer.Option(help="Only what concerns this connection.")] = "",
    since: Annotated[
        str, typer.Option(help="From this day or time on, such as 2026-05-01 or 2026-05-01T14:00; UTC unless it names a zone.")
    ] = "",
    until: Annotated[str, typer.Option(help="Before this day or time.")] = "",
    run: Annotated[int | None, typer.Option(help="Only this run.", min=1)] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many entries.", min=1, max=10_000)] = 50,
    before: Annotated[str, typer.Option(help="Go on from the mark an earlier page ended with.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON for each entry, then one with the mark of the next page.")
    ] = False,
) -> None:
    """The sync log: what was seen, decided and written, newest first."""
    first, last = moment("--since", since), moment("--until", until)
    from tieout.host.setup import setup

    setup()
    from tieout.engine.log_list import LogFilter
    from tieout.engine.log_list import log as find
    from tieout.store.models import Level

    if level and level not in Level.values:
        usage(f"There is no level “{level}”. Choose one of {', '.join(Level.values)}.")
    if connection:
        connection_named(connection)
    wanted = LogFilter(level=level, event=event, flow=flow, text=record, connection=connection, since=first, until=last, run=run)
    found = find(wanted, before=before, size=limit)
    if as_json:
        for entry in found.entries:
            terminal.json(entry)
        terminal.json({"older": found.older})
        return
    for entry in found.entries:
        terminal.say(_line(entry))
    if not found.entries:
        terminal.say("No entry of the sync log matches." if wanted != LogFilter() else "The sync log is empty: nothing has been read yet.")
    if found.older:
        terminal.note(f"There is more: tieout log --before '{found.older}'")


def _line(entry: Entry) -> str:
    mark = {"warning": "! ", "error": "!! "}.get(entry.level, "")
    name = f"{entry.name}: " if entry.name else ""
    run = f" (run {entry.run})" if entry.run and entry.changes else ""
    return f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z  {mark}{name}{entry.text}{run}"
