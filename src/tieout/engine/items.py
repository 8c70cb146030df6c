"""Plan items: what would be written, kept so that a person can see it, release it, and be sure that it is what happens.

An item's fingerprint names references as people do, so that it is the same before and after the record referred to exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property

from django.db import transaction

from tieout.core.decide import FindingKind, Side, Step, decide
from tieout.core.flow import APPROVALS
from tieout.core.record import Line, Ref, Value, fingerprint, refs_in
from tieout.engine import journal
from tieout.engine.intents import encoded
from tieout.engine.mark import NEVER, mark
from tieout.engine.observe import stored
from tieout.engine.pairs import RIGHT_BORN, Pair
from tieout.store.bulk import insert
from tieout.store.models import OPEN_ITEM, Connection, Hold, PlanItem, PlanState

MARKED_AT_ONCE = 1000
PLANNED = "planned "  # stands for the id of a record that a plan would create
Names = Mapping[Ref, str]


@dataclass(frozen=True)
class Wanted:
    """One step of one pair, as it is shown: the item it makes, and the standing item of the same step if there is one.

    `names` gives the names of all references of the steps it was found with; `awaits` says that the decision itself
    withholds it until a person approves.
    """

    pair: Pair
    step: Step
    names: Callable[[], Names]
    now: datetime
    awaits: bool = False

    @cached_property
    def item(self) -> PlanItem:
        """The item it makes; made when first asked for, because of most steps nobody has to be shown anything."""
        return _item(self.pair, self.step, self.names(), self.now)

    @property
    def standing(self) -> PlanItem | None:
        """The open item of this step, planned before."""
        return next((each for each in self.pair.items if each.state in OPEN_ITEM and is_for(each, self.step)), None)

    @property
    def is_rejected(self) -> bool:
        """Whether a person rejected exactly this."""
        return any(each.state == PlanState.REJECTED and each.fingerprint == self.item.fingerprint for each in self.pair.items)


def is_for(item: PlanItem, step: Step) -> bool:
    """Whether an item is about this step of its record."""
    return item.undoes is None and (item.step, item.side) == (step.name, step.side.value)


def wanted(pairs: Iterable[Pair], now: datetime) -> list[Wanted]:
    """What the decisions of these pairs would do."""
    steps = [(pair, step, False) for pair in pairs for step in pair.decision.steps]
    steps += [(pair, step, True) for pair in pairs for step in _awaiting(pair, now)]
    names = cache(lambda: _names([(pair, step) for pair, step, _ in steps]))
    return [Wanted(pair, step, names, now, awaits) for pair, step, awaits in steps]


def _awaiting(pair: Pair, now: datetime) -> tuple[Step, ...]:
    """The step that a decision withholds until it is approved, and all after it."""
    if not any(finding.kind is FindingKind.AWAITING for finding in pair.decision.findings):
        return ()
    without = decide(replace(pair.flow, approval=None), pair.case(), {**pair.settings, APPROVALS: ""}, now)
    return without.steps[len(pair.decision.steps) :]


def _names(steps: Sequence[tuple[Pair, Step]]) -> dict[Ref, str]:
    refs = {ref for _, step in steps for fields in (step.fields, step.expected) for value in fields.values() for ref in refs_in(value)}
    refs |= {ref for pair, _ in steps for ref in pair.counterparts.values()}
    names = {ref: ref.id.removeprefix(PLANNED) for ref in refs}
    real = [ref for ref in refs if not ref.id.startswith(PLANNED)]
    names |= {ref: row.record.natural_key or ref.id for ref, row in stored(steps[0][0].integration.company, real).items()}
    return names


def _item(pair: Pair, step: Step, names: Names, now: datetime) -> PlanItem:
    fields = {name: _as_planned(pair, step, name, encoded(value, names), names) for name, value in step.fields.items()}
    expected = {name: encoded(value, names) for name, value in step.expected.items()}
    natural_key = _key_as_planned(step, names)
    target = [step.target.kind, step.target.id] if step.target is not None else None
    raw = {name: halves[0] for name, halves in step.base.items()}
    return PlanItem(
        integration=pair.integration,
        flow=pair.flow.name,
        left_kind=pair.left_ref.kind,
        left_id=pair.left_ref.id,
        right_kind=pair.flow.right_kind,
        right_id=step.target.id if step.target is not None and step.side is Side.RIGHT else "",
        name=pair.name[:250],
        step=step.name,
        side=step.side.value,
        natural_key=natural_key,
        entity=step.entity,
        changes=journal.changes(expected, fields, raw),
        reason=step.reason,
        fingerprint=fingerprint([step.name, step.side, step.entity, target, step.made_kind, natural_key, fields]),
        mark=step.fingerprint(),
        planned_at=now,
    )


def _key_as_planned(step: Step, names: Names) -> str:
    """The natural key; one that is meant within an owner names the owner by its key, whose id is not known before it exists."""
    owner, slash, rest = step.natural_key.partition("/")
    own = {value.id: names[value] for value in step.fields.values() if isinstance(value, Ref) and value in names}
    return f"{own[owner]}/{rest}" if slash and owner in own else step.natural_key


def _as_planned(pair: Pair, step: Step, name: str, value: Value, names: Names) -> Value:
    """A value in whose lines a record of the books that is named by its id goes by its natural key, for the same reason."""
    lefts = step.base.get(name, ((), ()))[0]
    if not isinstance(value, tuple) or not isinstance(lefts, tuple) or len(lefts) != len(value):
        return value
    return tuple(Line(line.id, _by_key(pair, left, line, names)) for left, line in zip(lefts, value, strict=True))


def _by_key(pair: Pair, left: Line, line: Line, names: Names) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in line.fields.items():
        raw = left.fields.get(name)
        there = pair.counterparts.get(raw) if isinstance(raw, Ref) else None
        found[name] = names.get(there, value) if there is not None and value == there.id else value
    return found


def keep(found: Sequence[Wanted], now: datetime, run_id: int | None = None) -> None:
    """Store what is shown. An open item that says the same stays and keeps its number; one that says something else was planned anew.

    What is planned in the place of a released item waits for a person again, because nobody has seen it.
    """
    if not found:
        return
    again: list[PlanItem] = []
    over: list[PlanItem] = []
    fresh: list[PlanItem] = []
    for each in found:
        item, before = each.item, each.standing
        item.run_id = run_id
        if before is None:
            fresh.append(item)
        elif before.fingerprint == item.fingerprint:
            before.hold, before.run_id, before.planned_at = item.hold, run_id or before.run_id, now
            before.changes, before.name, before.reason, before.mark = item.changes, item.name, item.reason, item.mark
            again.append(before)
        else:
            was_released = before.state == PlanState.RELEASED
            item.hold = Hold.MOVED if was_released or before.hold == Hold.MOVED else item.hold
            before.state, before.ended_at = PlanState.REPLANNED, now
            over.append(before)
            fresh.append(item)
    with transaction.atomic():
        PlanItem.objects.bulk_update(over, ["state", "ended_at"])
        PlanItem.objects.bulk_update(again, ["hold", "run_id", "planned_at", "changes", "name", "reason", "mark"])
        insert(fresh, ignore_conflicts=True)  # a plan and a drain may come to the same item at once; either is right


def look_at(items: Iterable[PlanItem], reason: str, now: datetime) -> int:
    """Have the records of items looked at as they are stored (whoever sends reads them again right before); how many there are."""
    by_connection: dict[Connection, set[Ref]] = {}
    for item in items:
        is_right_born = item.left_id.startswith(RIGHT_BORN)
        connection = item.integration.company if is_right_born else item.integration.platform
        by_connection.setdefault(connection, set()).add(Ref(item.left_kind, item.left_id.removeprefix(RIGHT_BORN)))
    for connection, refs in by_connection.items():
        ordered = sorted(refs)
        for start in range(0, len(ordered), MARKED_AT_ONCE):
            mark(connection, ordered[start : start + MARKED_AT_ONCE], reason=reason, now=now, changed_at=NEVER)
    return sum(len(refs) for refs in by_connection.values())


def end(items: Sequence[PlanItem], state: PlanState, now: datetime) -> None:
    """End open items."""
    if items:
        PlanItem.objects.filter(pk__in=[item.pk for item in items], state__in=OPEN_ITEM).update(state=state, ended_at=now)
