"""Planning without writing: what would be done now, field by field, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from tieout.core.decide import Decision, Finding, Step, StepKind, decide
from tieout.core.flow import Flow, layers
from tieout.core.ports import System
from tieout.core.record import Ref
from tieout.engine import journal
from tieout.engine.observe import store
from tieout.engine.pairs import Pair, load, settings_of
from tieout.engine.poll import poll
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.models import Integration, PlanItem, Record

CHUNK = 500
PLANNED = "planned "  # stands for the id of a record that this plan would create


@dataclass(slots=True)
class Plan:
    """What would happen: the items to write, what only would be linked, and what is left alone, by reason."""

    items: list[PlanItem] = field(default_factory=list)
    links: int = 0
    in_step: int = 0
    left_alone: dict[str, int] = field(default_factory=dict)
    blocked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def transactions(self) -> int:
        """What executing it costs on the books' side, as they bill: one for each record written, one read a hundred."""
        return len(self.items) + -(-len(self.items) // 100)


def plan(runtime: Runtime, integration: Integration) -> Plan:
    """Bring both sides up to date, decide every record, and store the plan items. Nothing is written to either side.

    Raises Fault if a side cannot be read.
    """
    poll(runtime, integration.platform)
    poll(runtime, integration.company)
    result = Plan()
    platform = registry.platform(integration.platform.system)
    settings = settings_of(integration)
    planned: dict[Ref, Ref] = {}
    books = runtime.systems.of(integration.company)
    for layer in layers(platform.flows):
        for flow in layer:
            if flow.is_on(settings):
                for pairs in _chunks(integration, flow):
                    _plan_chunk(runtime, books, pairs, planned, result)
    with transaction.atomic():
        PlanItem.objects.filter(integration=integration).delete()
        PlanItem.objects.bulk_create(result.items, batch_size=1000)
    return result


def _chunks(integration: Integration, flow: Flow) -> Iterator[list[Pair]]:
    settings = settings_of(integration)
    ids = Record.objects.filter(connection=integration.platform, kind=flow.left_kind).order_by("pk").values_list("remote_id", flat=True)
    everything = list(ids)
    for start in range(0, len(everything), CHUNK):
        yield [Pair(integration, flow, Ref(flow.left_kind, id_), settings) for id_ in everything[start : start + CHUNK]]


def _plan_chunk(runtime: Runtime, books: System, pairs: Sequence[Pair], planned: dict[Ref, Ref], result: Plan) -> None:
    load(pairs)
    _decide(runtime, pairs, planned)
    creating = {key: pair for pair in pairs if (key := _created_key(pair.decision)) is not None}
    if creating:
        flow, company = pairs[0].flow, pairs[0].integration.company
        found = books.find(flow.right_kind, sorted(creating))
        store(company, list(found.values()), runtime.now())
        for key, record in found.items():
            creating[key].candidate = record
        _decide(runtime, [creating[key] for key in found], planned)
    for pair in pairs:
        _add(runtime, pair, planned, result)


def _decide(runtime: Runtime, pairs: Sequence[Pair], planned: dict[Ref, Ref]) -> None:
    for pair in pairs:
        pair.counterparts = {**{ref: planned[ref] for ref in pair.related if ref in planned}, **pair.counterparts}
        pair.decision = decide(pair.flow, pair.case(), pair.settings, runtime.now())


def _created_key(decision: Decision) -> str | None:
    return next((step.natural_key for step in decision.steps if step.kind is StepKind.CREATE), None)


def _add(runtime: Runtime, pair: Pair, planned: dict[Ref, Ref], result: Plan) -> None:
    for step in pair.decision.steps:
        if step.kind is StepKind.CREATE:
            planned[pair.left_ref] = Ref(pair.flow.right_kind, PLANNED + step.natural_key)
        if step.kind is StepKind.LINK:
            result.links += 1
            if step.target is not None:
                planned[pair.left_ref] = step.target
        elif step.kind is not StepKind.UNLINK:
            result.items.append(_item(runtime, pair, step))
    if pair.decision.steps:
        return
    for finding in pair.decision.findings or (None,):
        _count(pair, finding, result)


def _count(pair: Pair, finding: Finding | None, result: Plan) -> None:
    if finding is None or finding.code == "record.in-step":
        result.in_step += 1
    elif finding.ref is not None:
        result.blocked.append((pair.name, finding.text))
    else:
        result.left_alone[finding.text] = result.left_alone.get(finding.text, 0) + 1


def _item(runtime: Runtime, pair: Pair, step: Step) -> PlanItem:
    raw = {name: halves[0] for name, halves in step.base.items()}
    return PlanItem(
        integration=pair.integration,
        flow=pair.flow.name,
        left_kind=pair.left_ref.kind,
        left_id=pair.left_ref.id,
        right_kind=pair.flow.right_kind,
        right_id=step.target.id if step.target is not None else "",
        name=pair.name[:250],
        step=step.kind.value,
        entity=step.entity,
        changes=journal.changes(step.expected, step.fields, raw),
        reason=step.reason,
        fingerprint=step.fingerprint(),
        planned_at=runtime.now(),
    )
