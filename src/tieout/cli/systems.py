"""The commands about what is kept in step: check, sync, tie-out."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.connecting import connection_named, show_checks
from tieout.cli.output import FAILURE, CommandError, JsonOption, Progress, Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tieout.core.ports import Check
    from tieout.core.tieout import Report
    from tieout.store.models import Integration, Problem, TieOut

terminal = Terminal()
WATCH_S = 0.5
SHOWN_ITEMS = 50
IntegrationArgument = Annotated[str, typer.Argument(help="Which integration; may be left out while there is only one.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(check)
    app.command()(sync)
    app.command("tie-out")(tie_out)


def check(
    name: Annotated[str, typer.Argument(help="Which connection; all if left out.", show_default=False)] = "",
    as_json: JsonOption = False,
) -> None:
    """Try every connection: credentials, permissions, and what each system must have for the work."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine import connections
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection as Row

    rows = [connection_named(name)] if name else list(Row.objects.all())
    if not rows:
        raise CommandError("No system is connected yet. Run “tieout connect intacct” first.")
    runtime = Runtime.real()
    found: dict[str, list[Check]] = {}
    with terminal.progress("Checking", len(rows)) as bar:
        for done, row in enumerate(rows):
            bar.set(done, text=f"Checking {row.name}")
            found[row.name] = connections.check(runtime, row)
    runtime.systems.close()
    is_well = all(line.ok for lines in found.values() for line in lines)
    if as_json:
        terminal.json({"works": is_well, "connections": found})
    else:
        for each, lines in found.items():
            terminal.say(each)
            show_checks(lines)
    if not is_well:
        raise typer.Exit(FAILURE)


def integration_named(name: str) -> Integration:
    """The integration of this name, or the only one. Raises CommandError with the names there are."""
    from tieout.store.models import Integration as Row

    rows = list(Row.objects.select_related("platform", "company"))
    if not rows:
        raise CommandError("Nothing is kept in step yet. Connect Sage Intacct and a platform with “tieout connect”.")
    if not name and len(rows) == 1:
        return rows[0]
    for row in rows:
        if row.name == name:
            return row
    names = ", ".join(row.name for row in rows)
    raise CommandError(
        f"There is no integration named “{name}”. Choose one of {names}." if name else f"Name one of the integrations: {names}."
    )


def value_text(value: object) -> str:
    """A field's value on a terminal."""
    return "nothing" if value in (None, "") else str(value)


def sync(
    integration: IntegrationArgument = "",
    record: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Only this record, also if it goes only on request; its number or ID. May be repeated."),
    ] = None,
    item: Annotated[
        list[int] | None,
        typer.Option(metavar="ID", help="Only this plan item, exactly as “tieout plan” showed it. May be repeated."),
    ] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Only ask for it; do not wait until it is done.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look for changes on both sides now, or carry out plan items, and wait until they are worked off."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine.jobs import wake_company, wake_poll
    from tieout.store.models import Cursor

    asked_at = datetime.now(UTC)
    if item:
        _sync_items(item, asked_at, no_wait=no_wait, as_json=as_json)
        return
    row = integration_named(integration)
    if not no_wait and not worker_is_running():
        raise CommandError("No worker is running, so nothing would be worked off. Start one with “tieout serve” or “tieout worker”.")
    if record:
        _sync_records(row, record, asked_at, no_wait=no_wait, as_json=as_json)
        return
    ends = (row.platform_id, row.company_id)
    Cursor.objects.filter(connection__in=ends).update(next_at=None)
    for connection in ends:
        wake_poll(connection)
    wake_company(row.company_id)
    if no_wait:
        terminal.json({"integration": row.name, "asked": True}) if as_json else terminal.say(
            f"A worker looks for changes of {row.name} now."
        )
        return
    with terminal.progress(f"Looking for changes of {row.name}") as bar:
        _await_sync(row, asked_at, bar)
    _tell_sync(row, asked_at, as_json)


def _sync_items(ids: list[int], asked_at: datetime, *, no_wait: bool, as_json: bool) -> None:
    """Release plan items and wait for their end; exit status 1 unless all of them were done as they were shown."""
    import getpass

    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word, approve
    from tieout.store.models import OPEN_ITEM, Connection, Hold, PlanItem, PlanState

    if not no_wait and not worker_is_running():
        raise CommandError("No worker is running, so nothing would be worked off. Start one with “tieout serve” or “tieout worker”.")
    companies = {item.integration.company_id for item in approve(ids, Word(getpass.getuser()), asked_at)}
    for company in companies:
        wake_company(company)
    open_ones = PlanItem.objects.filter(pk__in=ids, state__in=OPEN_ITEM)
    with terminal.progress("Carrying out plan items", len(ids)) as bar:
        while not no_wait and (left := open_ones.count()):
            if Connection.objects.filter(pk__in=companies, retry_at__gt=datetime.now(UTC)).exists():
                raise CommandError(
                    "A connection is in error, so the items wait; “tieout status” says why. They go by themselves afterwards."
                )
            if (refused := _refused(ids, asked_at)) is not None:
                raise CommandError(f"{refused.name}: {refused.cause} {refused.next_step}")
            if open_ones.filter(hold=Hold.FROZEN).exists():
                raise CommandError("The company is frozen, so the items wait. “tieout unfreeze” lets them go.")
            bar.set(len(ids) - left)
            time.sleep(WATCH_S)
    items = list(PlanItem.objects.filter(pk__in=ids).order_by("id"))
    if as_json:
        terminal.json({"items": [{"id": each.pk, "name": each.name, "state": each.state} for each in items]})
    else:
        for each in items:
            terminal.say(f"{each.pk}  {each.name}: {each.get_state_display().lower()}")
    if any(each.state == PlanState.REPLANNED for each in items):
        terminal.note("What changed since the plan was planned anew and waits; see it with “tieout approve”.")
    if not no_wait and any(each.state != PlanState.DONE for each in items):
        raise typer.Exit(FAILURE)


def _refused(ids: list[int], since: datetime) -> Problem | None:
    """A problem that one of these plan items met since then."""
    from tieout.store.models import PlanItem, Problem

    for item in PlanItem.objects.filter(pk__in=ids):
        found = Problem.objects.filter(integration=item.integration_id, flow=item.flow, subject_id=item.left_id, cleared_at=None)
        if (problem := found.filter(last_at__gte=since).first()) is not None:
            return problem
    return None


def _sync_records(row: Integration, wanted: list[str], asked_at: datetime, *, no_wait: bool, as_json: bool) -> None:
    import getpass

    from django.db import transaction

    from tieout.engine.jobs import wake_company
    from tieout.engine.overview import at_hand
    from tieout.engine.requests import request
    from tieout.store.models import Connection

    with transaction.atomic():
        refs = {request(row, text, by=getpass.getuser(), now=asked_at) for text in wanted}
    wake_company(row.company_id)
    if no_wait:
        terminal.json({"integration": row.name, "asked": True}) if as_json else terminal.say(f"Asked for {len(refs):,} of {row.name}.")
        return
    ids = [ref.id for ref in refs]
    with terminal.progress(f"Waiting for {', '.join(map(str, sorted(refs)))}"):
        while at_hand(datetime.now(UTC)).filter(connection=row.platform_id, remote_id__in=ids).exists():
            if Connection.objects.filter(pk__in=(row.platform_id, row.company_id), retry_at__gt=datetime.now(UTC)).exists():
                raise CommandError("A connection is in error, so the record waits; “tieout status” says why. It goes by itself afterwards.")
            time.sleep(WATCH_S)
    _tell_sync(row, asked_at, as_json, ids)


def worker_is_running() -> bool:
    """Whether any worker has given a sign of life in the last half minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds')")
        (found,) = cursor.fetchone()
    return bool(found)


def _await_sync(row: Integration, asked_at: datetime, bar: Progress) -> None:
    from tieout.engine.overview import at_hand, overview
    from tieout.engine.poll import kinds_of
    from tieout.store.models import Cursor, Problem

    wanted = {(end.pk, kind) for end in (row.platform, row.company) for kind in kinds_of(end)}
    while True:
        read = set(Cursor.objects.filter(caught_up_at__gte=asked_at).values_list("connection_id", "kind"))
        left = at_hand(datetime.now(UTC)).filter(company_id=row.company_id).count()
        state = overview(datetime.now(UTC), recent=0)
        down = [each for each in state.connections if each.name in (row.platform.name, row.company.name) and each.next_try]
        if down:
            raise CommandError(f"{down[0].name}: {down[0].cause}")
        unread = Problem.objects.filter(integration=row, subject_id="", last_at__gte=asked_at, cleared_at=None)
        if (problem := unread.filter(subject_kind__in=[kind for _, kind in wanted - read]).first()) is not None:
            raise CommandError(f"{problem.subject_kind} cannot be read. {problem.cause} {problem.next_step}")
        if wanted <= read and not left:
            return
        bar.set(state.linked, total=state.linked + left, text=f"{row.name}: {left:,} waiting")
        time.sleep(WATCH_S)


def _tell_sync(row: Integration, asked_at: datetime, as_json: bool, ids: Sequence[str] = ()) -> None:
    from django.db.models import Count

    from tieout.store.models import Journal, Problem

    entries, open_ones = Journal.objects.filter(integration=row, at__gte=asked_at), Problem.objects.filter(integration=row, cleared_at=None)
    if ids:
        entries, open_ones = entries.filter(left_id__in=ids), open_ones.filter(subject_id__in=ids)
    events = entries.values("event").annotate(n=Count("id")).order_by("event")
    counts = {each["event"]: each["n"] for each in events}
    problems = open_ones.count()
    if as_json:
        terminal.json({"integration": row.name, "events": counts, "problems": problems})
        return
    told = ", ".join(f"{count:,} {event}" for event, count in counts.items()) or "nothing had changed"
    terminal.say(f"{row.name}: {told}." + (f" {problems:,} open problems need a person." if problems else ""))


def tie_out(
    integration: IntegrationArgument = "",
    csv: Annotated[Path | None, typer.Option(help="Also write the report to this CSV file.", show_default=False)] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Also write the report to this workbook.", show_default=False)] = None,
    pdf: Annotated[Path | None, typer.Option(help="Also write the report to this PDF, to be signed and filed.", show_default=False)] = None,
    as_json: JsonOption = False,
) -> None:
    """Read both systems afresh and compare every record; exit status 1 unless both sides agree."""
    from tieout.host.setup import setup

    setup()
    import getpass

    from tieout.engine import tieout as tying
    from tieout.engine.runtime import Runtime

    row = integration_named(integration)
    runtime = Runtime.real()
    asked = tying.ask(row, by=getpass.getuser(), now=runtime.now())
    with terminal.progress(f"Reading both sides of {row.name}") as bar:
        report = tying.make(runtime, asked, lambda what, number: bar.set(number, text=f"Reading {what}"))
    runtime.systems.close()
    asked.refresh_from_db()
    if report is None:
        raise CommandError(asked.fault)
    _write_files(asked, csv, xlsx, pdf)
    if as_json:
        terminal.json({"integration": row.name, **summary(report)})
    else:
        show_report(row.name, report)
    if not report.agreed:
        raise typer.Exit(FAILURE)


def _write_files(made: TieOut, csv: Path | None, xlsx: Path | None, pdf: Path | None) -> None:
    from tieout.engine.report import as_csv, as_workbook, heading
    from tieout.engine.report_pdf import as_pdf
    from tieout.web.words import kind_label

    title, subtitle = heading(made)
    try:
        if csv is not None:
            csv.write_text(as_csv(made.report), encoding="utf-8-sig")  # the mark by which a spreadsheet knows the encoding
        if xlsx is not None:
            xlsx.write_bytes(as_workbook(made.report, title, subtitle))
        if pdf is not None:
            pdf.write_bytes(as_pdf(made, kind_label))
    except OSError as error:
        raise CommandError(f"The report cannot be written to {error.filename}: {error.strerror}. Choose another file.") from error


def summary(report: Report) -> dict[str, Any]:
    """A tie-out for programs: whether both sides agree, the sums, and every flow with what is unexplained."""
    flows = report.flows
    return {
        "agreed": report.agreed,
        "left": sum(flow.left for flow in flows),
        "right": sum(flow.right for flow in flows),
        "pairs": sum(flow.pairs for flow in flows),
        "missing": sum(len(flow.missing) for flow in flows),
        "differences": sum(len(flow.differences) for flow in flows),
        "unmanaged": report.unmanaged,
        "read_at": report.read_at,
        "flows": flows,
    }


def show_report(name: str, report: Report) -> None:
    """A tie-out for people."""
    rows = [
        (flow.label, *(f"{number:,}" for number in (flow.left, flow.right, flow.pairs, len(flow.missing), len(flow.differences))))
        for flow in report.flows
    ]
    terminal.table(f"Tie-out of {name}", ("Kind", "Platform", "Books", "Pairs", "Missing", "Differences"), rows, right=(1, 2, 3, 4, 5))
    for flow in report.flows:
        for total in flow.totals.values():
            terminal.say(f"{flow.label}: {total.label}: {total.left:,} on the platform, {total.right:,} in the books")
        for reason, count in (*flow.excluded.items(), *flow.explained.items()):
            terminal.say(f"{flow.label}: {count:,} left out: {reason}")
        for row in [*flow.missing, *flow.differences][:SHOWN_ITEMS]:
            what = (
                f"{row.label} is {value_text(row.left)} on the platform and {value_text(row.right)} in the books"
                if row.field
                else "has no counterpart"
            )
            terminal.say(f"{flow.label}: {row.name} ({row.key}): {what}")
    terminal.say(
        "Both sides agree." if report.agreed else "The sides differ: see the lines above, and the page “Problems” for what is known."
    )
