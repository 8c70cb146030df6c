"""Undoing what a run wrote, as a plan: our own creates and updates, as long as nobody has touched what they wrote.

An update is undone by writing what was there before; a create by setting the record aside as its flow does when the original is
deleted, never by deleting it. Everything else is refused with its reason. After an undo the pair stays as it is until
either side changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tieout.core.born import right_view, what_becomes
from tieout.core.decide import Decision, Finding, FindingKind, Side, Step, StepKind
from tieout.core.flow import Flow
from tieout.core.ports import Verb
from tieout.core.record import Fields, Record, Ref, Value, fingerprint, normal
from tieout.engine.intents import read_lag
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.observe import read
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.bulk import insert
from tieout.store.models import IN_FLIGHT, OPEN_ITEM, Hold, Integration, Intent, IntentState, PlanItem, PlanState, Run

CHUNK = 100
UNDONE = "undone"
REFUSED = "plan.undo-refused"
Tell = Callable[[str, str], None]


class UndoError(ValueError):
    """A run that cannot be undone at all; the text says why and what to do."""


@dataclass(slots=True)
class Undo:
    """What undoing a run comes to: the run of the plan, how many items it has, and how many writes it refuses to undo."""

    run: int
    items: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class _Written:
    """What one run wrote to one side of one pair: its calls, the oldest first."""

    pair: Pair
    intents: list[Intent] = field(default_factory=list)

    @property
    def last(self) -> Intent:
        return self.intents[-1]

    @property
    def side(self) -> Side:
        return Side(self.last.side)

    @property
    def is_new(self) -> bool:
        """Whether the run made the record."""
        return any(Verb(intent.content["verb"]) is Verb.CREATE for intent in self.intents)

    def before(self) -> dict[str, Value]:
        """What every field it wrote held before."""
        found: dict[str, Value] = {}
        for intent in self.intents:
            for name in intent.content["fields"]:
                found.setdefault(name, intent.content["expected"].get(name))
        return found


class _RefusedError(Exception):
    """Why one write is not undone, as a sentence."""


def plan_undo(runtime: Runtime, run_id: int, *, by: str, tell: Tell = lambda name, text: None) -> Undo:
    """Read afresh what the run wrote and store what would undo it as plan items; `tell` hears of each refusal with its reason.

    Raises UndoError if the run wrote nothing, and Fault if a side cannot be read.
    """
    run = Run.objects.filter(pk=run_id).select_related("company").first()
    if run is None or run.company is None:
        raise UndoError(f"There is no run {run_id}. “tieout log” names the run of each write.")
    calls = Intent.objects.filter(run_id=run_id).exclude(state__in=[IntentState.NOT_SENT, IntentState.REFUSED, IntentState.SPENT])
    if not calls.exists():
        raise UndoError(f"Run {run_id} wrote nothing, so there is nothing to undo.")
    work = Pass(run.company, "undo", by)
    found = Undo(work.started(runtime.now()).pk)
    for integration in Integration.objects.filter(pk__in=calls.values("integration")).select_related("platform", "company"):
        for group in _groups(integration, calls.filter(integration=integration)):
            _plan_group(runtime, run_id, group, found, tell)
    work.count("to undo", found.items)
    work.count("refused", found.refused)
    work.end(runtime.now())
    return found


def _groups(integration: Integration, calls: Any) -> Iterator[list[_Written]]:
    """The writes of a run by pair and side, so many pairs at a time."""
    settings = settings_of(integration)
    flows = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}
    found: dict[tuple[str, str, str], _Written] = {}
    for intent in calls.order_by("flow", "left_id", "id").iterator(CHUNK):
        key = (intent.flow, intent.left_id, intent.side)
        if key not in found and len(found) >= CHUNK:
            yield list(found.values())
            found = {}
        if key not in found:
            found[key] = _Written(Pair(integration, flows[intent.flow], Ref(intent.left_kind, intent.left_id), settings))
        found[key].intents.append(intent)
    if found:
        yield list(found.values())


def _plan_group(runtime: Runtime, run_id: int, group: Sequence[_Written], found: Undo, tell: Tell) -> None:
    load([written.pair for written in group])
    _read(runtime, group)
    load([written.pair for written in group])
    items: list[PlanItem] = []
    refused: list[PlanItem] = []  # kept too, so that people see why
    for written in group:
        try:
            fields = _restored(written.pair, written.side, written.before(), is_new=written.is_new, now=runtime.now())
            _refuse_unsettled(written, run_id)
            items.append(_item(written, fields, run_id, found.run, runtime.now()))
        except _RefusedError as refusal:
            found.refused += 1
            tell(written.pair.name, str(refusal))
            refused.append(_item(written, {}, run_id, found.run, runtime.now()))
            refused[-1].state, refused[-1].ended_at = PlanState.LAPSED, runtime.now()
            refused[-1].reason = f"{refused[-1].reason} Not done: {refusal}"
    found.items += len(items)
    _keep(items, runtime.now())
    insert(refused)


def _read(runtime: Runtime, group: Sequence[_Written]) -> None:
    """Read the records as they are now, both sides of each pair."""
    integration = group[0].pair.integration
    rights = [written.pair.link.right for written in group if written.pair.link is not None]
    lefts = [written.pair.left_ref for written in group]
    for connection, refs in ((integration.company, rights), (integration.platform, lefts)):
        for kind in sorted({ref.kind for ref in refs}):
            mine = sorted({ref for ref in refs if ref.kind == kind})
            read(connection, runtime.systems.of(connection), mine, runtime.now(), read_lag(connection))


def _refuse_unsettled(written: _Written, run_id: int) -> None:
    intent = written.last
    if any(each.state in IN_FLIGHT for each in written.intents):
        raise _RefusedError("Its outcome is not known yet; try again once it is settled.")
    later = Intent.objects.filter(integration=intent.integration_id, flow=intent.flow, left_id=intent.left_id, side=intent.side)
    names = set(written.before())
    for other in later.filter(pk__gt=intent.pk, state=IntentState.DONE).exclude(run_id=run_id).order_by("id"):
        if names & set(other.content["fields"]):
            raise _RefusedError(f"It was written again by run {other.run_id}; undo that one first.")


def _restored(pair: Pair, side: Side, before: Fields, *, is_new: bool, now: datetime) -> dict[str, Value]:
    """The fields to write in order to undo. Raises _RefusedError."""
    record = pair.right if side is Side.RIGHT else pair.left
    if pair.link is None:
        raise _RefusedError("Its link was closed since, so Tieout no longer looks after it.")
    if record is None or record.deleted:
        raise _RefusedError("It was deleted since.")
    if state := _locked(pair, now):
        raise _RefusedError(f"It is {state} there and can no longer be changed.")
    if side is Side.RIGHT and (closed := _closed(pair, now)):
        raise _RefusedError(f"Its period is closed: the books are {closed}. Reopen the period, or correct it by hand in an open one.")
    if edited := _edited(pair, side, record, pair.link.base if is_new else before):
        by = f" by {record.modified_by}" if record.modified_by else ""
        raise _RefusedError(f"It was edited since{by}: {pair.flow.shown_fields(edited)}.")
    if not is_new:
        if any(isinstance(value, tuple) for value in before.values()):
            raise _RefusedError("It changed lines, which are not put back line by line; correct them by hand.")
        return dict(before)
    if side is Side.LEFT:
        raise _RefusedError("A record made on the platform is not taken back; set it aside there by hand.")
    gone = what_becomes(pair.flow.when_left_is_gone, right_view(pair.case(), record, pair.settings, now), now)
    if not gone.sets:
        raise _RefusedError("This kind of record cannot be set aside; delete or reverse it in the books by hand.")
    return dict(gone.sets)


def _locked(pair: Pair, now: datetime) -> str:
    """The state of the record in the books that forbids changes; empty if it can be changed."""
    if pair.flow.lock is None or pair.right is None:
        return ""
    return pair.flow.lock.state(right_view(pair.case(), pair.right, pair.settings, now))


def _closed(pair: Pair, now: datetime) -> str:
    """Why the record's period in the books takes no changes; empty if it does, as far as the settings tell."""
    if pair.flow.lock is None or pair.right is None:
        return ""
    return pair.flow.lock.closed(right_view(pair.case(), pair.right, pair.settings, now))


def _edited(pair: Pair, side: Side, record: Record, names: Mapping[str, Any]) -> list[str]:
    """The fields of these that no longer hold what was last accepted as a pair."""
    assert pair.link is not None
    found = []
    for name in names:
        right_name = _right_name(pair.flow, side, name)
        halves = pair.link.base.get(right_name)
        own = halves[1 if side is Side.RIGHT else 0] if halves is not None else None
        if halves is not None and not _holds(record.fields.get(name), own):
            found.append(name)
    return found


def _holds(there: Value, own: Value) -> bool:
    """Whether a field still holds what was last accepted: of lines, each of ours in each of its fields."""
    if isinstance(there, tuple) and isinstance(own, tuple):
        lines = {line.id: line.fields for line in there}
        return all(line.id in lines and all(_holds(lines[line.id].get(name), value) for name, value in line.fields.items()) for line in own)
    if isinstance(normal(there), Ref) and isinstance(own, str):
        return True  # an ID that was sent as text is read as a reference; nobody edited it
    return normal(there) == normal(own)


def _right_name(flow: Flow, side: Side, name: str) -> str:
    """The name under which a field's pair stands in the base."""
    if side is Side.RIGHT:
        return name
    return next((each.right for each in flow.fields if each.left_name == name), name)


def _item(written: _Written, fields: Fields, run_id: int, plan_run: int, now: datetime) -> PlanItem:
    pair, intent = written.pair, written.last
    record = pair.right if written.side is Side.RIGHT else pair.left
    current = record.fields if record is not None else {}
    target = intent.right_id if written.side is Side.RIGHT else intent.left_id
    return PlanItem(
        integration=pair.integration,
        flow=pair.flow.name,
        left_kind=pair.left_ref.kind,
        left_id=pair.left_ref.id,
        right_kind=pair.flow.right_kind,
        right_id=pair.link.right_id if pair.link is not None else "",
        natural_key=record.natural_key if record is not None else "",
        name=pair.name[:250],
        step=StepKind.UPDATE.value,
        side=written.side.value,
        entity=record.entity if record is not None and written.side is Side.RIGHT else "",
        changes={name: {"from": current.get(name), "to": value} for name, value in fields.items()},
        reason=f"It undoes run {run_id}" + (": the record is set aside and its link closed." if written.is_new else "."),
        fingerprint=fingerprint([UNDONE, written.side, target, written.is_new, fields]),
        hold=Hold.UNDO,
        run_id=plan_run,
        undoes=intent.pk,
        planned_at=now,
    )


def _keep(items: Sequence[PlanItem], now: datetime) -> None:
    with transaction.atomic():
        before = PlanItem.objects.filter(undoes__in=[item.undoes for item in items], state__in=OPEN_ITEM)
        before.update(state=PlanState.REPLANNED, ended_at=now)
        insert(items, ignore_conflicts=True)


def released(pair: Pair) -> PlanItem | None:
    """The released item that undoes something of this pair, if there is one."""
    return next((item for item in pair.items if item.undoes is not None and item.state == PlanState.RELEASED), None)


def decide_undo(pair: Pair, item: PlanItem, now: datetime) -> Decision:
    """The steps that undo, as long as they still may be taken; else a finding that says why not."""
    side = Side(item.side)
    before = {name: change["to"] for name, change in item.changes.items()}
    is_new = _made_it(item)
    try:
        fields = _restored(pair, side, before, is_new=is_new, now=now)
    except _RefusedError as refusal:
        return Decision(findings=(Finding(FindingKind.HELD, REFUSED, str(refusal)),))
    record = pair.right if side is Side.RIGHT else pair.left
    assert record is not None
    assert pair.link is not None
    expected = {name: record.fields.get(name) for name in fields}
    base = _base(pair, side, fields)
    step = Step(StepKind.UPDATE, side, item.reason, fields, expected, base, record.natural_key, record.ref, item.entity)
    unlink = Step(StepKind.UNLINK, Side.RIGHT, UNDONE, target=pair.link.right)
    return Decision(steps=(step, unlink) if is_new else (step,))


def _made_it(item: PlanItem) -> bool:
    """Whether the run that is undone made the record."""
    intent = Intent.objects.get(pk=item.undoes or 0)
    mine = Intent.objects.filter(run_id=intent.run_id, integration=intent.integration_id, flow=intent.flow, left_id=intent.left_id)
    return mine.filter(step=StepKind.CREATE.value, state=IntentState.DONE).exists()


def _base(pair: Pair, side: Side, fields: Fields) -> dict[str, tuple[Value, Value]]:
    """The pairs that are accepted by an undo: the other side as it was last accepted, ours as it is put back."""
    assert pair.link is not None
    named = {_right_name(pair.flow, side, name): value for name, value in fields.items()}
    return {name: _halves(pair, name, side, value) for name, value in named.items() if name in pair.link.base}


def _halves(pair: Pair, right_name: str, side: Side, value: Value) -> tuple[Value, Value]:
    assert pair.link is not None
    left, right = pair.link.base[right_name]
    return (left, value) if side is Side.RIGHT else (value, right)


def follow(pairs: Sequence[Pair], now: datetime) -> None:
    """End the undo items of pairs that were just worked on: done, or refused with the reason."""
    for pair in pairs:
        item = released(pair)
        if item is None or pair.stopped:
            continue
        refusal = next((finding.text for finding in pair.decision.findings if finding.code == REFUSED), "")
        if pair.refused:
            last = Intent.objects.filter(integration=pair.integration, flow=pair.flow.name, left_id=pair.left_ref.id).latest("id")
            refusal = last.detail
        if refusal:
            changes = {"state": PlanState.LAPSED, "ended_at": now, "reason": f"{item.reason} Not done: {refusal}"}
            PlanItem.objects.filter(pk=item.pk, state__in=OPEN_ITEM).update(**changes)
        elif pair.decision.steps and pair.due_at is None:
            PlanItem.objects.filter(pk=item.pk, state__in=OPEN_ITEM).update(state=PlanState.DONE, ended_at=now)
