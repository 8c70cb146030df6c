"""The commands about single records and what a person says of them: problems, link, explain, undo."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tieout.cli.output import CommandError, JsonOption, Terminal, moment, usage
from tieout.cli.planning import WhyOption, item_data
from tieout.cli.systems import SHOWN_ITEMS, integration_named, value_text

if TYPE_CHECKING:
    from tieout.core.flow import Flow
    from tieout.core.record import Ref
    from tieout.engine.explain import Explained
    from tieout.engine.rulings import Question
    from tieout.store.models import Integration

terminal = Terminal()
OfOption = Annotated[str, typer.Option("--of", metavar="INTEGRATION", help="Which integration; may be left out while there is only one.")]
FlowOption = Annotated[str, typer.Option("--flow", help="The flow, where a record is part of several.")]
RecordArgument = Annotated[str, typer.Argument(help="Its number or ID on either side, such as 10042 or “job 10042”.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (problems, link, skip, explain, undo):
        app.command()(command)


def problems(
    number: Annotated[int | None, typer.Argument(help="The number of a problem; all open ones if left out.", show_default=False)] = None,
    resolve: Annotated[
        str, typer.Option(metavar="CHOICE", help="Answer it: left or right; adjust, replace or leave; done or “not done”.")
    ] = "",
    field: Annotated[str, typer.Option(help="Which of several fields in conflict.")] = "",
    made: Annotated[str, typer.Option(metavar="ID", help="With --resolve done: the ID the record got on the other side.")] = "",
    skip: Annotated[bool, typer.Option("--skip", help="Leave its record alone until somebody asks for it.")] = False,
    allow_period: Annotated[bool, typer.Option("--allow-period", help="Let its record be posted into a closed period.")] = False,
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """What needs a person, and the answer to it."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine.problem_list import ProblemFilter
    from tieout.engine.problem_list import problems as find

    if number is not None:
        _problem(number, resolve, field, made, skip=skip, allow_period=allow_period, why=why, as_json=as_json)
        return
    if resolve or skip or allow_period:
        usage("Name the problem by its number; “tieout problems” lists them.")
    found = find(ProblemFilter(), size=SHOWN_ITEMS)
    if as_json:
        terminal.json({"problems": found.rows, "total": found.total})
        return
    for row in found.rows:
        held = f" Holds up {row.holds_up:,} others." if row.holds_up else ""
        terminal.say(f"{row.id}  {row.name} ({row.code}, {row.actor}): {row.cause}{held}")
        terminal.say(f"    {row.next_step}")
    if not found.rows:
        terminal.say("Nothing needs a person.")
    elif found.total > len(found.rows):
        terminal.say(f"… and {found.total - len(found.rows):,} more, on the page “Problems”.")


def _problem(number: int, resolve: str, field: str, made: str, *, skip: bool, allow_period: bool, why: str, as_json: bool) -> None:
    from tieout.engine import rulings
    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word
    from tieout.store.models import Problem

    now, word = datetime.now(UTC), Word(getpass.getuser(), why)
    row = Problem.objects.select_related("integration__platform", "integration__company").filter(pk=number, cleared_at=None).first()
    if row is None:
        raise CommandError(f"There is no open problem {number}. “tieout problems” lists them.")
    pair = rulings.problem_pair(row, now)
    asked = rulings.questions(pair) if pair is not None else []
    if not (resolve or skip or allow_period):
        _show_problem(row, asked, as_json)
        return
    if pair is None:
        raise CommandError(f"Problem {number} is about {row.name} as a whole and cannot be answered. {row.next_step}")
    if resolve:
        fitting = [each for each in asked if not field or field.casefold() in (each.field.casefold(), each.label.casefold())]
        if len(fitting) != 1:
            known = ", ".join(each.label for each in asked) or "none"
            raise CommandError(f"Problem {number} asks about these fields: {known}. Name one with --field.")
        rulings.resolve(pair, fitting[0].fingerprint, resolve, word, now, made=made)
    elif skip:
        rulings.skip(pair, word, now)
    else:
        rulings.allow_period(pair, word, now)
    wake_company(pair.integration.company_id)
    terminal.json({"problem": number, "stored": True}) if as_json else terminal.say(f"Stored. {pair.name} is looked at again.")


def _show_problem(row: Any, asked: list[Question], as_json: bool) -> None:
    if as_json:
        shown = {name: getattr(row, name) for name in ("id", "code", "name", "actor", "cause", "next_step", "detail", "times", "first_at")}
        terminal.json({**shown, "questions": asked})
        return
    terminal.say(f"{row.name} ({row.code}): {row.cause}")
    if row.detail:
        terminal.say(f"In the other system's own words: {row.detail}")
    terminal.say(row.next_step)
    for each in asked:
        terminal.say(each.text)
        for side, half in (("platform", each.left), ("books", each.right)):
            when = f", record changed {half.at:%Y-%m-%d %H:%M}Z" if half.at else ""
            who = f" by {half.by}" if half.by else ""
            terminal.say(f"    {side}: {value_text(half.now)} (last agreed: {value_text(half.accepted)}{when}{who})")
        terminal.say(f"    Answer with --resolve {' or --resolve '.join(value for value, _ in each.choices)}.")


def link(
    record: Annotated[str, typer.Argument(help="The platform's record: its number or ID.", show_default=False)] = "",
    counterpart: Annotated[str, typer.Argument(help="The ID of the record in the books.", show_default=False)] = "",
    apart: Annotated[bool, typer.Option("--apart", help="Close the link of the record instead, and keep the two apart.")] = False,
    flow: FlowOption = "",
    of: OfOption = "",
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Link a record with one that exists in the books, or close a link; without records, what might belong together."""
    from tieout.host.setup import setup

    setup()
    row = integration_named(of)
    if not record:
        _propose(row, as_json)
        return
    if bool(counterpart) == apart:
        usage("Give the ID of the record in the books, or --apart, and not both.")
    from tieout.engine import linking
    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word
    from tieout.engine.requests import meant
    from tieout.engine.runtime import Runtime

    ref, word = meant(row, record), Word(getpass.getuser(), why)
    chosen = _flow_of(row, ref, flow)
    if apart:
        linking.unlink(row, chosen, ref, word, datetime.now(UTC))
        terminal.json({"unlinked": ref}) if as_json else terminal.say(f"{ref} is linked no more; both records stay as they are.")
        return
    runtime = Runtime.real()
    made = linking.link(runtime, row, chosen, ref, counterpart, word)
    runtime.systems.close()
    wake_company(row.company_id)
    if as_json:
        terminal.json({"left": made.left, "right": made.right})
        return
    terminal.say(f"{ref} and {counterpart} are linked. What differs is shown by “tieout explain {ref.id}” and left alone.")


def _propose(row: Integration, as_json: bool) -> None:
    from tieout.engine.linking import proposals

    found = proposals(row)
    if as_json:
        terminal.json({"proposals": found})
        return
    shown = [(each.left_name, each.right_name, each.flow, f"{each.likeness:.0%}", f"tieout link {each.left.id} …") for each in found]
    if not shown:
        terminal.say("No two unlinked records are alike.")
        return
    terminal.table("Might belong together", ("Platform", "Books", "Flow", "Alike", ""), shown, right=(3,))


def _flow_of(row: Integration, ref: Ref, name: str) -> Flow:
    from tieout.platforms.registry import platform

    flows = [flow for flow in platform(row.platform.system).flows if flow.left_kind == ref.kind and name in ("", flow.name)]
    if len(flows) != 1:
        known = ", ".join(flow.name for flow in platform(row.platform.system).flows if flow.left_kind == ref.kind)
        raise CommandError(f"{ref} is part of {known}. Name one of them with --flow.")
    return flows[0]


def skip(
    record: RecordArgument,
    flow: FlowOption = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="Take the skip back instead: the record goes on as before.")] = False,
    of: OfOption = "",
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Leave a record alone, with the reason, until somebody takes that back or asks for it."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine import rulings
    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word
    from tieout.engine.requests import meant

    row, now, word = integration_named(of), datetime.now(UTC), Word(getpass.getuser(), why)
    ref = meant(row, record)
    pair = rulings.pair_of(row, _flow_of(row, ref, flow).name, ref, now)
    (rulings.take_back if take_back else rulings.skip)(pair, word, now)
    wake_company(row.company_id)
    told = "goes on as before" if take_back else "is left alone"
    terminal.json({"record": ref, "skipped": not take_back}) if as_json else terminal.say(f"{pair.name} {told}.")


def explain(
    record: RecordArgument,
    field: Annotated[str, typer.Argument(help="One field, by its name; all if left out.", show_default=False)] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As it was at this day or time; UTC unless it names a zone.")] = "",
    of: OfOption = "",
    as_json: JsonOption = False,
) -> None:
    """Which system set each field of a record, when, in which run, by which rule and from what; also as of a day."""
    at = moment("--as-of", as_of)
    from tieout.host.setup import setup

    setup()
    from tieout.engine.explain import explain as explained
    from tieout.engine.requests import meant

    row = integration_named(of)
    found = explained(row, meant(row, record), field=field, as_of=at)
    if as_json:
        terminal.json({"integration": row.name, "record": found})
        return
    for each in found:
        _show_explained(each)


def _show_explained(found: Explained) -> None:
    when = f" as of {found.as_of:%Y-%m-%d %H:%M}Z" if found.as_of is not None else ""
    terminal.say(f"{found.name} ({found.flow}, {found.state}){when}")
    if found.right is None and found.as_of is not None:
        terminal.say("It was not known in the books then.")
    rows = [
        (
            each.label,
            value_text(each.value),
            each.set_by,
            f"{each.at:%Y-%m-%d %H:%M:%S}Z" if each.at else "",
            str(each.run or ""),
            each.rule,
            value_text(each.raw) if each.run else "",
        )
        for each in found.fields
    ]
    terminal.table("", ("Field", "Value in the books", "Set by", "When", "Run", "Rule", "From"), rows, right=(4,))


def undo(
    run: Annotated[int, typer.Argument(help="The number of the run, as the sync log shows it.")],
    release_it: Annotated[bool, typer.Option("--release", help="Do it; else it is only shown.")] = False,
    why: WhyOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show what would undo the writes of a run and what cannot be undone, with the reason; with --release, do it."""
    from tieout.host.setup import setup

    setup()
    from tieout.engine import release
    from tieout.engine import undo as undoing
    from tieout.engine.jobs import wake_company
    from tieout.engine.release import Word
    from tieout.engine.runtime import Runtime
    from tieout.store.models import PlanItem, PlanState

    refusals: list[dict[str, str]] = []
    runtime = Runtime.real()
    by = getpass.getuser()
    with terminal.progress(f"Reading what run {run} wrote"):
        found = undoing.plan_undo(runtime, run, by=by, tell=lambda name, text: refusals.append({"name": name, "why": text}))
    runtime.systems.close()
    items = list(PlanItem.objects.filter(run_id=found.run, state=PlanState.PLANNED).order_by("id").select_related("integration"))
    if release_it and items:
        release.approve([item.pk for item in items], Word(by, why), datetime.now(UTC))
        for company in {item.integration.company_id for item in items}:
            wake_company(company)
    if as_json:
        terminal.json({"run": run, "items": [item_data(item) for item in items], "refused": refusals, "released": release_it})
        return
    for item in items[:SHOWN_ITEMS]:
        told = ", ".join(f"{name}: {value_text(change['from'])} → {value_text(change['to'])}" for name, change in item.changes.items())
        terminal.say(f"{item.pk}  {item.name}: {told}")
    for refusal in refusals[:SHOWN_ITEMS]:
        terminal.say(f"not undone: {refusal['name']}: {refusal['why']}")
    done = "released; a worker carries it out now" if release_it else "nothing has been written; --release does it"
    terminal.say(f"Run {run}: {found.items:,} to undo, {found.refused:,} refused; {done}.")
