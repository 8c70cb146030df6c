"""The commands about what would be written: plan, approve, backfill, freeze and unfreeze."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.connecting import connection_named
from tieout.cli.output import CommandError, JsonOption, Terminal, moment, usage
from tieout.cli.systems import SHOWN_ITEMS, IntegrationArgument, integration_named, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tieout.engine.plan import Plan, Scope
    from tieout.engine.release import Word
    from tieout.store.models import Integration, PlanItem

terminal = Terminal()
LinesOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON for each item, then one with the sums.")]
FlowOption = Annotated[list[str] | None, typer.Option("--flow", metavar="FLOW", help="Only this flow, such as projects; may be repeated.")]
WhyOption = Annotated[str, typer.Option("--why", help="The reason, kept with your name.")]
ITEM = (
    "id",
    "state",
    "hold",
    "flow",
    "step",
    "side",
    "name",
    "left_kind",
    "left_id",
    "right_kind",
    "right_id",
    "natural_key",
    "entity",
    "changes",
    "reason",
    "fingerprint",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (plan, approve, backfill, freeze, unfreeze):
        app.command()(command)


def plan(integration: IntegrationArgument = "", flow: FlowOption = None, as_json: LinesOption = False) -> None:
    """Show what would be written now, field by field, what waits, and what it would cost. Nothing is written."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine.plan import Scope

    row = integration_named(integration)
    _plan(row, Scope(flows=_known_flows(row, flow)), as_json)


def _known_flows(row: Integration, wanted: list[str] | None) -> frozenset[str]:
    from tieout.platforms.registry import platform

    known = [flow.name for flow in platform(row.platform.system).flows]
    if unknown := [name for name in wanted or () if name not in known]:
        usage(f"There is no flow “{unknown[0]}” in {row.name}. Known are {', '.join(known)}.")
    return frozenset(wanted or ())


def _plan(row: Integration, scope: Scope, as_json: bool) -> Plan:
    """Make a plan and show it; its items are read from the store as they are printed, so that a large plan needs no more memory."""
    from tieout.engine import plan as planning
    from tieout.engine.runtime import Runtime

    told: list[tuple[str, str, str]] = []

    def tell(what: str, name: str, text: str) -> None:
        if as_json:
            terminal.json({what.replace(" ", "_"): name, "text": text})
        elif len(told) < SHOWN_ITEMS:
            told.append((what, name, text))

    runtime = Runtime.real()
    with terminal.progress(f"Reading both sides of {row.name}"):
        found = planning.plan(runtime, row, scope=scope, by=getpass.getuser(), tell=tell)
    runtime.systems.close()
    if as_json:
        for item in planning.items_of(found):
            terminal.json(item_data(item))
        terminal.json({"integration": row.name, **sums(found)})
        return found
    _show_items(row, planning.items_of(found))
    for what, name, text in told:
        terminal.say(f"{what}: {name}: {text}")
    if len(told) == SHOWN_ITEMS:
        terminal.say("… and more; --json lists all of them.")
    for text, count in found.left_alone.values():
        terminal.say(f"{count:,} left alone, such as: {text}" if count else text)
    _say_sums(row, found)
    return found


def item_data(item: PlanItem) -> dict[str, Any]:
    """A plan item for programs."""
    return {name: getattr(item, name) for name in ITEM}


def sums(found: Plan) -> dict[str, Any]:
    """What a plan adds up to, for programs."""
    return {
        "run": found.run,
        "steps": [{"flow": flow, "step": step, "count": count} for (flow, step), count in found.steps.items()],
        "held": found.holds,
        "in_step": found.in_step,
        "blocked": found.blocked,
        "needs_eye": found.needs_eye,
        "left_alone": [{"code": code, "text": text, "count": count} for code, (text, count) in found.left_alone.items()],
        "transactions": found.transactions,
    }


def _show_items(row: Integration, items: Iterable[PlanItem]) -> None:
    from tieout.platforms.registry import platform
    from tieout.store.models import Hold

    flows = {flow.name: flow for flow in platform(row.platform.system).flows}
    for number, item in enumerate(items):
        if number == SHOWN_ITEMS:
            terminal.say("… and more; --json lists all of them.")
            return
        where = "" if item.side == "right" else " on the platform"
        held = f" [{Hold(item.hold).label.lower()}]" if item.hold else ""
        terminal.say(f"{item.id}  {item.step} {item.name}{where} ({item.flow}){held}")
        for field, change in item.changes.items():
            terminal.say(f"    {flows[item.flow].shown_fields([field])}: {value_text(change['from'])} → {value_text(change['to'])}")


def _say_sums(row: Integration, found: Plan) -> None:
    from tieout.core.decide import StepKind

    counted = f"link {found.count(StepKind.LINK):,}, create {found.count(StepKind.CREATE):,}, update {found.count(StepKind.UPDATE):,}"
    terminal.say(
        f"{row.name}: {counted}; {found.needs_eye:,} need your eye, {found.blocked:,} wait for another record, "
        f"{found.in_step:,} are in step. Costs about {found.transactions:,} billed transactions."
    )
    if waiting := sum(found.holds.values()):
        terminal.say(f"{waiting:,} wait for you: “tieout approve ID” releases one, “tieout backfill --release” switches its whole kind on.")


def approve(
    items: Annotated[
        list[int] | None, typer.Argument(help="The numbers of plan items, as “tieout plan” shows them.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait, of the integration or of one flow.")] = False,
    of: Annotated[str, typer.Option("--of", metavar="INTEGRATION", help="With --all: which integration.")] = "",
    flow: Annotated[str, typer.Option("--flow", help="With --all: only this flow.")] = "",
    first: Annotated[
        list[str] | None,
        typer.Option(metavar="FLOW", help="Confirm that the first record of a flow is right, so that more may post. May be repeated."),
    ] = None,
    reject: Annotated[
        bool, typer.Option("--reject", help="Refuse them instead: each is left alone until it would do something else.")
    ] = False,
    why: WhyOption = "",
    until: Annotated[str, typer.Option(help="The approval lapses at this day or time; UTC unless it names a zone.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Release plan items, exactly as they were shown; without numbers, list what waits for a person."""
    lapses = moment("--until", until)
    from tieout.host.setup import setup

    setup()
    from tieout.engine import release
    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word
    from tieout.store.models import PlanItem

    word, now = Word(getpass.getuser(), why, lapses), datetime.now(UTC)
    if first:
        _confirm(integration_named(of), first, word, now, as_json=as_json)
        return
    if everything and (reject or items):
        usage("--all releases all that wait; give neither numbers nor --reject with it.")
    if everything:
        row = integration_named(of)
        count = release.approve_all(row, word, now, flow=flow)
        wake_company(row.company_id)
        terminal.json({"released": count}) if as_json else terminal.say(f"Released {count:,} of {row.name}; a worker carries them out now.")
        return
    if not items:
        _list_waiting(as_json)
        return
    ruled = release.reject(items, word, now) if reject else release.approve(items, word, now)
    for company in {item.integration.company_id for item in ruled}:
        wake_company(company)
    if as_json:
        terminal.json({"items": [item_data(item) for item in PlanItem.objects.filter(pk__in=items).order_by("id")]})
        return
    done = "Rejected" if reject else "Released"
    for item in ruled:
        terminal.say(f"{done} {item.id}: {item.step} {item.name}.")


def _confirm(row: Integration, flows: list[str], word: Word, now: datetime, *, as_json: bool) -> None:
    from django.db import transaction

    from tieout.engine.jobs import wake_company
    from tieout.engine.rulings import confirm_first

    with transaction.atomic():
        count = sum(confirm_first(row, flow, word, now) for flow in flows)
    wake_company(row.company_id)
    terminal.json({"confirmed": flows, "looked_at_again": count}) if as_json else terminal.say(
        f"Confirmed. {count:,} records are looked at again."
    )


def _list_waiting(as_json: bool) -> None:
    from tieout.store.models import Hold, PlanItem, PlanState

    rows = (
        PlanItem.objects.filter(state=PlanState.PLANNED)
        .exclude(hold__in=[Hold.NONE, Hold.FROZEN, Hold.BATCH])
        .select_related("integration")
    )
    if as_json:
        for item in rows.order_by("id").iterator(500):
            terminal.json(item_data(item))
        terminal.json({"waiting": rows.count()})
        return
    shown = [
        (str(row.id), row.step, row.name, row.flow, Hold(row.hold).label, row.integration.name) for row in rows.order_by("id")[:SHOWN_ITEMS]
    ]
    if not shown:
        terminal.say("Nothing waits for an approval.")
        return
    terminal.table("Waits for a person", ("Number", "Step", "Record", "Flow", "Why it waits", "Integration"), shown, right=(0,))
    if (total := rows.count()) > SHOWN_ITEMS:
        terminal.say(f"… and {total - SHOWN_ITEMS:,} more; --json lists all of them.")


def backfill(
    integration: IntegrationArgument = "",
    since: Annotated[str, typer.Option(help="Records created or changed since this day; by default since the systems were paired.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="Records of every age.")] = False,
    record: Annotated[list[str] | None, typer.Option(metavar="NUMBER", help="Only this record; its number or ID. May be repeated.")] = None,
    flow: FlowOption = None,
    release_it: Annotated[bool, typer.Option("--release", help="Do it: switch the kinds on, from then on and for these records.")] = False,
    why: WhyOption = "",
    as_json: LinesOption = False,
) -> None:
    """Show what switching a kind of record on would link and create, also for older records; with --release, do it."""
    begins = moment("--since", since)
    if sum((begins is not None, everything, bool(record))) > 1:
        usage("Choose one of --since, --everything and --record.")
    from tieout.host.setup import setup

    setup()
    from tieout.engine.jobs import wake_company
    from tieout.engine.plan import Scope
    from tieout.engine.release import Word

    row = integration_named(integration)
    flows = _known_flows(row, flow)
    ids = _ids_of(row, record or [])
    begins = begins or (None if everything or record else row.switched_on_at)
    scope = Scope(flows, ids, begins, takes_all=everything or bool(record))
    found = _plan(row, scope, as_json)
    if not release_it:
        if not as_json:
            terminal.say("Nothing has been written or linked. The same command with --release does it.")
        return
    word, now = Word(getpass.getuser(), why), datetime.now(UTC)
    count = _release(row, scope, found, word, now)
    wake_company(row.company_id)
    terminal.json({"released": count}) if as_json else terminal.say(
        f"Released. {count:,} records are looked at; a worker goes on with them."
    )


def _ids_of(row: Integration, wanted: list[str]) -> frozenset[str]:
    from tieout.engine.requests import meant

    return frozenset(meant(row, text).id for text in wanted)


def _release(row: Integration, scope: Scope, found: Plan, word: Any, now: datetime) -> int:
    from tieout.engine import release
    from tieout.engine.pairs import settings_of
    from tieout.engine.plan import items_of
    from tieout.platforms.registry import platform
    from tieout.store.models import PlanState

    if scope.ids:
        return len(release.approve([item.pk for item in items_of(found) if item.state == PlanState.PLANNED], word, now))
    settings = settings_of(row)
    on = [flow.name for flow in platform(row.platform.system).flows if flow.is_on(settings)]
    flows = [name for name in on if not scope.flows or name in scope.flows]
    if not flows:
        raise CommandError(f"Nothing of {row.name} is turned on. “tieout settings list” shows what can be.")
    return release.switch_on(row, flows, word, now, since=scope.since)


def freeze(
    company: Annotated[str, typer.Argument(help="The connection to the books.")],
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Stop all writing for one company at once, and show what waits; again, to see what waits now."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine import freeze as freezing

    row = connection_named(company)
    found = freezing.freeze(row, by=getpass.getuser(), why=why, now=datetime.now(UTC))
    waiting = freezing.waiting(row)
    if as_json:
        items = [{"flow": flow, "step": step, "count": count} for (flow, step), count in waiting.items.items()]
        calls = {"on_their_way": waiting.on_their_way, "unknown": waiting.unknown}
        terminal.json({"company": row.name, "frozen_at": found.at, "by": found.by, "why": found.why, **calls, "waiting": items})
        return
    terminal.say(f"{row.name} is frozen since {found.at:%Y-%m-%d %H:%M:%S}Z by {found.by}{f': {found.why}' if found.why else ''}.")
    if waiting.on_their_way:
        terminal.say(f"{waiting.on_their_way:,} calls were on their way already; they are settled as usual.")
    if waiting.unknown:
        terminal.say(f"{waiting.unknown:,} calls have an unknown outcome; they are looked for, and not sent again.")
    for (flow, step), count in waiting.items.items():
        terminal.say(f"waits: {count:,} to {step} ({flow})")
    if not waiting.items:
        terminal.say("Nothing waits yet.")


def unfreeze(company: Annotated[str, typer.Argument(help="The connection to the books.")], as_json: JsonOption = False) -> None:
    """Let a frozen company be written to again; what waited goes by itself."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine import freeze as freezing
    from tieout.engine.jobs import wake_company

    row = connection_named(company)
    count = freezing.lift(row, by=getpass.getuser(), now=datetime.now(UTC))
    wake_company(row.pk)
    if as_json:
        terminal.json({"company": row.name, "looked_at_again": count})
        return
    terminal.say(f"{row.name} may be written to again. {count:,} records that waited are looked at now.")
