"""Running a tie-out: read both systems afresh, and compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tieout.core.decide import StepKind
from tieout.core.ports import Actor, Fault, System
from tieout.core.record import Record, Ref
from tieout.core.tieout import Report, tie_out
from tieout.engine import journal
from tieout.engine.pairs import RIGHT_BORN, settings_of
from tieout.engine.report import as_data
from tieout.engine.runtime import Runtime
from tieout.engine.tables import facts_of
from tieout.engine.usage import count_usage
from tieout.platforms import registry
from tieout.store.models import (
    STANDING_ITEM,
    Held,
    Hold,
    Integration,
    Intent,
    IntentState,
    Level,
    Link,
    PlanItem,
    PlanState,
    Problem,
    TieOut,
    Wait,
)

HELD_UP = "held: it waits for another record that needs a person"

Progress = Callable[[str, int], None]


def _silent(what: str, number: int) -> None:
    """No progress is shown."""


def run(runtime: Runtime, integration: Integration, progress: Progress = _silent) -> Report:
    """Compare both sides of an integration, read afresh. Raises Fault if a side cannot be read."""
    platform = registry.platform(integration.platform.system)
    settings = settings_of(integration)
    flows = [flow for flow in platform.flows if flow.is_on(settings)]
    read_at: dict[str, datetime] = {}
    adjusted = _adjusted(integration)
    left_kinds = dict.fromkeys([*platform.reads, *(flow.left_kind for flow in flows)])
    right_kinds = dict.fromkeys([*platform.reads_right, *(flow.right_kind for flow in flows), *(kind for _, kind, _ in adjusted)])
    try:
        lefts = {kind: read_all(runtime, runtime.systems.of(integration.platform), kind, read_at, progress) for kind in left_kinds}
        rights = {kind: read_all(runtime, runtime.systems.of(integration.company), kind, read_at, progress) for kind in right_kinds}
        named = _named(runtime.systems.of(integration.company), rights)
    finally:
        count_usage(runtime, integration.platform)
        count_usage(runtime, integration.company)
    return tie_out(
        flows,
        settings,
        lefts,
        rights,
        since=integration.switched_on_at,
        held=_held(integration),
        read_at=read_at,
        links=_links(integration),
        facts=facts_of(integration),
        now=runtime.now(),
        named=named,
        adjustments=_adjustments(integration, adjusted, rights),
    )


def _adjusted(integration: Integration) -> list[tuple[Ref, str, str]]:
    """The left records whose later changes other documents carry, each with that document's kind and number."""
    made = Intent.objects.filter(integration=integration, step=StepKind.ADJUST.value, state=IntentState.DONE).order_by("id")
    return [(Ref(each.left_kind, each.left_id), each.content["kind"], each.content["natural_key"]) for each in made.iterator(5000)]


def _adjustments(
    integration: Integration, adjusted: Sequence[tuple[Ref, str, str]], rights: Mapping[str, Sequence[Record]]
) -> dict[Ref, list[Ref]]:
    """Where those documents stand in the books, by the left record."""
    shown = registry.vendor(integration.company.system).shown_key
    wanted = {kind for _, kind, _ in adjusted}
    there = {(kind, shown(kind, record.natural_key)): record.ref for kind in wanted for record in rights[kind] if not record.deleted}
    found: dict[Ref, list[Ref]] = {}
    for left, kind, number in adjusted:
        if (ref := there.get((kind, shown(kind, number)))) is not None:
            found.setdefault(left, []).append(ref)
    return found


def _named(books: System, rights: Mapping[str, Sequence[Record]]) -> dict[Ref, str]:
    """The IDs of what these records refer to and no flow writes: few accounts, locations and the like stand in many lines."""
    refs = {ref for records in rights.values() for record in records for ref in record.refs() if ref.kind not in rights}
    by_kind = {kind: sorted(ref for ref in refs if ref.kind == kind) for kind in {ref.kind for ref in refs}}
    return {ref: record.natural_key for wanted in by_kind.values() for ref, record in books.read(wanted).items()}


def read_all(runtime: Runtime, system: System, kind: str, read_at: dict[str, datetime], progress: Progress) -> list[Record]:
    """Every record of a kind as it is now; the last reading of a record counts."""
    read_at[kind] = runtime.now()
    found: dict[Ref, Record] = {}
    cursor = None
    while True:
        page = system.changes(kind, cursor)
        found.update((record.ref, record) for record in page.records)
        progress(kind, len(found))
        cursor = page.cursor
        if not page.more:
            return list(found.values())


def _links(integration: Integration) -> dict[tuple[str, Ref], Ref]:
    """Which records stand as pairs; what they hold is read afresh."""
    links = Link.objects.filter(integration=integration, is_open=True).only("flow", "left_kind", "left_id", "right_kind", "right_id")
    return {(link.flow, link.left): link.right for link in links.iterator(5000)}


def _held(integration: Integration) -> dict[Ref, str]:
    """Records that wait for a person, with the cause: a problem, a plan item that waits for its release, or another such record."""
    found: dict[Ref, str] = {}
    items = PlanItem.objects.filter(integration=integration, state__in=STANDING_ITEM, undoes=None).exclude(hold=Hold.NONE)
    for item in items.only("left_kind", "left_id", "hold", "state").iterator(5000):
        why = "rejected" if item.state == PlanState.REJECTED else Hold(item.hold).label[:1].lower() + Hold(item.hold).label[1:]
        found[Ref(item.left_kind, item.left_id.removeprefix(RIGHT_BORN))] = f"held: {why}"
    waiting = Problem.objects.filter(integration=integration, cleared_at__isnull=True).exclude(actor=Actor.NOBODY.value)
    for each in Held.objects.filter(problem__in=waiting).select_related("problem"):
        found[Ref(each.left_kind, each.left_id.removeprefix(RIGHT_BORN))] = f"held: {each.problem.cause}"
    for problem in waiting:
        found[Ref(problem.subject_kind, problem.subject_id.removeprefix(RIGHT_BORN))] = f"held: {problem.cause}"
    waits = Wait.objects.filter(integration=integration).values_list("left_kind", "left_id", "needs_kind", "needs_id")
    open_ones = [(Ref(kind, id_.removeprefix(RIGHT_BORN)), Ref(needed, needs)) for kind, id_, needed, needs in waits.iterator(5000)]
    while held_up := [left for left, needed in open_ones if needed in found and left not in found]:
        found |= dict.fromkeys(held_up, HELD_UP)
    return found


def ask(integration: Integration, *, by: str, now: datetime) -> TieOut:
    """Store that somebody asks for a tie-out; the one that is under way, if there is one. The caller wakes who makes it."""
    with suppress(IntegrityError), transaction.atomic():
        return TieOut.objects.create(integration=integration, by=by[:150], asked_at=now)
    return TieOut.objects.get(integration=integration, ended_at=None)


def make(runtime: Runtime, asked: TieOut, progress: Progress = _silent) -> Report | None:
    """Make a tie-out that was asked for and store what it found; None if a side could not be read, which is stored too."""
    integration = Integration.objects.select_related("platform", "company").get(pk=asked.integration_id)
    try:
        report = run(runtime, integration, progress)
    except Fault as fault:
        _end(asked, runtime.now(), fault=str(fault))
        return None
    except BaseException:
        _end(asked, runtime.now(), fault="It was stopped before it was finished.")
        raise
    _end(asked, runtime.now(), agreed=report.agreed, report=as_data(report))
    text = (
        f"{asked.by or 'The schedule'} tied out {integration.name}: both sides agree."
        if report.agreed
        else (f"{asked.by or 'The schedule'} tied out {integration.name}: the sides differ.")
    )
    level = Level.INFO if report.agreed else Level.WARNING
    journal.note(integration.company, "tied out", text, runtime.now(), level=level, name=integration.name)
    return report


def _end(asked: TieOut, now: datetime, **values: Any) -> None:
    TieOut.objects.filter(pk=asked.pk).update(ended_at=now, **values)
