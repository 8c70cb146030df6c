"""Intents: every remote call is stored with its key before it is made, and at most one is in flight for a link.

The key is made of what the call is for and what it carries, so that a crash, a retry or an old backup gives the
same key, and corrected data gives a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from tieout.core.decide import Side, Step, StepKind
from tieout.core.ports import Verb, Write
from tieout.core.record import Fields, Line, Ref, Value, fingerprint, refs_in
from tieout.engine.observe import stored
from tieout.engine.pairs import Pair
from tieout.store.bulk import insert, new
from tieout.store.models import Connection, Intent, IntentState
from tieout.store.statements import durable, rows

KEYS = UUID("6f0f3c1e-8f0b-5d5a-9c39-5a3f1f2a7e10")
SETTLE_AFTER = timedelta(minutes=15)  # a call cut by us may go on this long
READ_LAG = timedelta(minutes=2)  # a row written just now may stay invisible to queries this long
_VERBS = {
    StepKind.CREATE: Verb.CREATE,
    StepKind.UPDATE: Verb.UPDATE,
    StepKind.DELETE: Verb.DELETE,
    StepKind.ACT: Verb.ACT,
    StepKind.ADJUST: Verb.CREATE,
}


def settle_after(connection: Connection) -> timedelta:
    """How long a call may go on after it was cut, on this connection."""
    return timedelta(seconds=float(connection.values.get("settle_after_s", SETTLE_AFTER.total_seconds())))


def read_lag(connection: Connection) -> timedelta:
    """How long a written row may stay invisible to queries, on this connection."""
    return timedelta(seconds=float(connection.values.get("read_lag_s", READ_LAG.total_seconds())))


@dataclass(frozen=True, slots=True)
class Planned:
    """One step of one pair, ready to be sent."""

    pair: Pair
    step: Step
    write: Write


def target_connection(pair: Pair, side: Side) -> Connection:
    """The connection a step writes to."""
    return pair.integration.company if side is Side.RIGHT else pair.integration.platform


def prepare(items: Sequence[tuple[Pair, Step]]) -> list[Planned]:
    """Complete the calls of steps: references become natural keys, and each call gets its key."""
    if not items:
        return []
    names = _natural_keys(items)
    counts = _settled_before([pair for pair, _ in items])
    return [_planned(pair, step, names, counts.get((*pair.identity, step.name), 0)) for pair, step in items]


def _planned(pair: Pair, step: Step, names: Mapping[Ref, str], n: int) -> Planned:
    known = names if step.side is Side.RIGHT else None
    fields = {name: encoded(value, known) for name, value in step.fields.items()}
    kind = step.made_kind or (pair.flow.right_kind if step.side is Side.RIGHT else pair.flow.left_kind)
    write = Write(
        key=str(_key(pair, step, n, fields)),
        verb=_VERBS[step.kind],
        kind=kind,
        fields=fields,
        entity=step.entity,
        target=step.target.id if step.target is not None else None,
        natural_key=step.natural_key,
        expected={name: encoded(value, known) for name, value in step.expected.items()},
        action=step.action,
    )
    return Planned(pair, step, write)


def _key(pair: Pair, step: Step, n: int, fields: Fields) -> UUID:
    identity = [pair.integration.company.name, pair.flow.name, pair.integration.platform.name, pair.left_ref.kind, pair.left_ref.id]
    sent = fingerprint([step.side, step.entity, step.natural_key, step.target.id if step.target else None, fields])
    return uuid5(KEYS, "|".join([*identity, step.name, str(n), sent]))


def encoded(value: Value, names: Mapping[Ref, str] | None) -> Value:
    """A value as it is sent: a reference as the natural key of its target in the books, as its target's id on a platform.

    What a line refers to in the books beyond our own flows has no known key; it stays a reference, which tells as much.
    """
    if isinstance(value, Ref):
        return value.id if names is None else names.get(value, value)
    if isinstance(value, tuple):
        return tuple(Line(line.id, {name: encoded(inner, names) for name, inner in line.fields.items()}) for line in value)
    return value


def _natural_keys(items: Sequence[tuple[Pair, Step]]) -> dict[Ref, str]:
    refs: set[Ref] = set()
    for _, step in items:
        if step.side is Side.RIGHT:
            for fields in (step.fields, step.expected):
                for value in fields.values():
                    refs.update(refs_in(value))
    return {ref: row.record.natural_key or ref.id for ref, row in stored(items[0][0].integration.company, refs).items()}


def _settled_before(pairs: Sequence[Pair]) -> dict[tuple[int, str, str, str], int]:
    found = rows("settled_before", {**_named(pairs), "ids": [pair.left_ref.id for pair in pairs]})
    return {(integration, flow, left_id, step): n for integration, flow, left_id, step, n in found}


def _named(pairs: Sequence[Pair]) -> dict[str, list[Any]]:
    """What the indexes of links and calls begin with."""
    return {"integrations": list({pair.integration.pk for pair in pairs}), "flows": list({pair.flow.name for pair in pairs})}


Opened = tuple[list[tuple[Planned, Intent]], list[Pair]]


def open_intents(
    planned: Sequence[Planned], hold: Callable[[Sequence[int]], Mapping[int, int]], run_id: int, slot: int, now: datetime
) -> Opened:
    """Store the intents of calls about to be made, on the disk; those stored, and the pairs somebody else is working on.

    A call that was surely not sent before is opened again under its own key. A pair whose link moved or was made since it
    was decided, or that has another call in flight, is left to a later look. `hold` holds the batch and its links until the
    transaction ends and tells their versions; what it raises is passed on.
    """
    try:
        with transaction.atomic():
            durable()  # an intent is on the disk before its call is made
            return _open(planned, hold([item.pair.link.pk for item in planned if item.pair.link is not None]), run_id, slot, now)
    except IntegrityError:  # another drain opened an intent for one of these links at this very moment
        return [], [item.pair for item in planned]


def _open(planned: Sequence[Planned], current: Mapping[int, int], run_id: int, slot: int, now: datetime) -> Opened:
    in_flight, not_sent = _open_before(planned)
    busy = in_flight | _linked_meanwhile(planned)
    kept: list[Planned] = []
    left: list[Pair] = []
    for item in planned:
        link = item.pair.link
        moved = link is not None and current.get(link.pk) != link.version
        if moved or item.pair.identity in busy:
            left.append(item.pair)
        else:
            kept.append(item)
    keys = not_sent.intersection(item.write.key for item in kept)
    unsent = Intent.objects.select_for_update().filter(key__any=[UUID(key) for key in keys], state=IntentState.NOT_SENT) if keys else ()
    again = {str(intent.key): intent for intent in unsent}
    fresh: list[Intent] = []
    opened: list[tuple[Planned, Intent]] = []
    for item in kept:
        intent = again.get(item.write.key) or _intent(item)
        intent.state, intent.slot, intent.run_id, intent.sent_at = IntentState.SENDING, slot, run_id, now
        intent.resend_after = now + settle_after(target_connection(item.pair, item.step.side))
        opened.append((item, intent))
        if item.write.key not in again:
            fresh.append(intent)
    if again:
        Intent.objects.bulk_update(list(again.values()), ["state", "slot", "run_id", "sent_at", "resend_after"])
    insert(fresh)
    return opened, left


def _open_before(planned: Sequence[Planned]) -> tuple[set[tuple[int, str, str]], set[str]]:
    """The pairs that have a call in flight, and those of the keys under which nothing was sent yet."""
    asked = {
        **_named([item.pair for item in planned]),
        "ids": [item.pair.left_ref.id for item in planned],
        "keys": [item.write.key for item in planned],
    }
    found = rows("calls_open", asked)
    return {(pk, flow, left) for pk, flow, left, key in found if key is None}, {str(key) for *_, key in found if key is not None}


def _linked_meanwhile(planned: Sequence[Planned]) -> set[tuple[int, str, str]]:
    """Pairs without a link when they were decided that have one now."""
    pairs = [item.pair for item in planned if item.pair.link is None]
    if not pairs:
        return set()
    by_right = {(p.integration.pk, p.flow.name, right.id): p.identity for p in pairs if p.is_right_born and (right := p.right_ref)}
    asked = {**_named(pairs), "ids": [pair.left_ref.id for pair in pairs], "right_ids": [id_ for _, _, id_ in by_right]}
    unlinked = {pair.identity for pair in pairs}
    found: set[tuple[int, str, str]] = set()
    for integration, flow, left, right_id in rows("links_open", asked):
        if (integration, flow, left) in unlinked:
            found.add((integration, flow, left))
        elif (integration, flow, right_id) in by_right:
            found.add(by_right[(integration, flow, right_id)])
    return found


def _intent(item: Planned) -> Intent:
    pair, step, write = item.pair, item.step, item.write
    return new(
        Intent,
        key=UUID(write.key),
        company_id=pair.integration.company_id,
        integration_id=pair.integration.pk,
        flow=pair.flow.name,
        left_kind=pair.left_ref.kind,
        left_id=pair.left_ref.id,
        right_kind=pair.flow.right_kind,
        right_id=right.id if (right := pair.right_ref) is not None else "",
        step=step.name,
        side=step.side.value,
        content=content_of(write) | ({"becomes": dict(step.becomes)} if step.becomes else {}),
        base={name: list(halves) for name, halves in step.base.items()},
        reason=step.reason,
    )


def content_of(write: Write) -> dict[str, Any]:
    """A call as it is stored."""
    return {
        "verb": write.verb.value,
        "kind": write.kind,
        "fields": dict(write.fields),
        "entity": write.entity,
        "target": write.target,
        "natural_key": write.natural_key,
        "expected": dict(write.expected),
        "action": write.action,
    }


def write_of(intent: Intent) -> Write:
    """The call of a stored intent, exactly as it was made."""
    content = intent.content
    return Write(
        key=str(intent.key),
        verb=Verb(content["verb"]),
        kind=content["kind"],
        fields=content["fields"],
        entity=content["entity"],
        target=content["target"],
        natural_key=content["natural_key"],
        expected=content["expected"],
        action=content["action"],
    )
