"""Making calls: intents first, then the call, then what became of it; and the calls whose outcome is still unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from tieout.core.decide import Side, Step, StepKind
from tieout.core.ports import Effect, Fault, Outcome, Scope, System, Write
from tieout.engine import freeze
from tieout.engine.batch import KIND_PAUSE, Batch
from tieout.engine.effects import follow_up
from tieout.engine.hours import blackout_until
from tieout.engine.intents import Planned, open_intents, prepare, target_connection
from tieout.engine.pairs import Pair
from tieout.engine.probe import abandon, probe, reopen, unknowns
from tieout.engine.settle import SOON, Answer, settle, settle_links
from tieout.store.models import Connection, Intent, IntentState


def settle_unknowns(batch: Batch, pairs: Sequence[Pair]) -> list[Pair]:
    """Settle the open calls of these pairs; the pairs that have none."""
    abandon(pairs, batch.now())
    groups: dict[tuple[int, str], list[Pair]] = {}
    for pair in pairs:
        if pair.intent is not None and pair.intent.state == IntentState.UNKNOWN:
            groups.setdefault((target_connection(pair, Side(pair.intent.side)).pk, pair.intent.content["kind"]), []).append(pair)
    for group in groups.values():
        connection = target_connection(group[0], Side(group[0].intent.side)) if group[0].intent is not None else batch.company
        try:
            with batch.calling(connection) as system:
                again = probe(unknowns(group), system, batch.work, batch.now())
            batch.worked(connection)
        except Fault as fault:
            batch.failed(connection, fault, group, group[0].flow.right_kind)
            continue
        if again and (until := _no_resends_until(batch)) is not None:
            for item in again:
                item.pair.look_again_at(until)
            continue
        if again:
            with batch.calling(connection) as system:
                sent = [_Sending(item.pair, item.intent, item.write) for item in reopen(again, batch.slot, batch.now())]
                outcomes = _call(batch, system, sent)
            _settle(batch, connection, sent, outcomes)
    return [pair for pair in pairs if pair.intent is None]


def _no_resends_until(batch: Batch) -> datetime | None:
    """When to look again whether calls may be sent again, if they may not now."""
    if freeze.refusal(batch.company.pk) is not None:
        return batch.now() + KIND_PAUSE
    return blackout_until(batch.company, batch.now())


@dataclass(frozen=True, slots=True)
class _Sending:
    """One stored intent about to be called."""

    pair: Pair
    intent: Intent
    write: Write


def carry_out(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Take the steps of these pairs in order, each only after the one before it is done.

    Steps of the same rank go together. What follows a create, or a link that was closed, is decided anew from what is there
    then; so a stop between two steps is no different from going on.
    """
    for rank in range(max((len(pair.decision.steps) for pair in pairs), default=0)):
        ready = [(pair, pair.decision.steps) for pair in pairs if len(pair.decision.steps) > rank and _goes_on(pair)]
        _send(batch, [(pair, steps[rank]) for pair, steps in ready if steps[rank].writes])
        own = [(pair, step) for pair, steps in ready for step in _own_from(steps, rank)]
        settle_links(own, batch.work, batch.now())
        for pair, steps in ready:
            if (
                len(steps) > rank + 1
                and steps[rank].kind in (StepKind.CREATE, StepKind.UNLINK)
                and steps[rank + 1].writes
                and _goes_on(pair)
            ):
                pair.look_again_at(batch.now())


def _own_from(steps: Sequence[Step], rank: int) -> list[Step]:
    """The steps from here on that need no call, if this is the first of them: they are taken together."""
    if steps[rank].writes or (rank and not steps[rank - 1].writes):
        return []
    return list(takewhile(lambda step: not step.writes, steps[rank:]))


def _goes_on(pair: Pair) -> bool:
    return pair.due_at is None and not pair.refused


def _send(batch: Batch, steps: Sequence[tuple[Pair, Step]]) -> None:
    """Make the calls of these steps, together for each connection, kind, step and entity."""
    groups: dict[tuple[int, str, str, str], list[Planned]] = {}
    for planned in prepare(steps):
        connection = target_connection(planned.pair, planned.step.side)
        groups.setdefault((connection.pk, planned.write.kind, planned.step.name, planned.write.entity), []).append(planned)
    for group in groups.values():
        connection = target_connection(group[0].pair, group[0].step.side)
        if connection.pk in batch.down:
            for planned in group:
                planned.pair.look_again_at(batch.down[connection.pk])
            continue
        run = batch.work.started(batch.now()).pk
        with batch.calling(connection) as system:
            now = batch.now()
            kept, busy = open_intents(group, batch.hold, run, batch.slot, now)
            sent = [_Sending(item.pair, intent, item.write) for item, intent in kept]
            outcomes = _call(batch, system, sent)
        for pair in busy:
            pair.look_again_at(now + SOON)
        _settle(batch, connection, sent, outcomes)


def _call(batch: Batch, system: System, items: Sequence[_Sending]) -> Sequence[Outcome]:
    """Make calls whose intents are stored; what is known of each."""
    if not items:
        return ()
    try:
        if (frozen := freeze.refusal(batch.company.pk)) is not None:
            raise frozen
        return system.write([item.write for item in items])
    except Fault as fault:
        return [Outcome(fault.effect, fault=fault)] * len(items)


def _settle(batch: Batch, connection: Connection, items: Sequence[_Sending], outcomes: Sequence[Outcome]) -> None:
    """Record what became of calls, and what they say about their connection."""
    if not items:
        return
    answers = [Answer(item.pair, item.intent, outcome) for item, outcome in zip(items, outcomes, strict=True)]
    settle(answers, batch.work, batch.now(), slot=batch.slot)
    if connection.pk == batch.company.pk:
        follow_up(connection, outcomes, batch.now())
    broken = next((o.fault for o in outcomes if o.fault is not None and o.fault.case.scope is Scope.CONNECTION), None)
    if broken is not None:
        batch.failed(connection, broken, [item.pair for item in items], items[0].write.kind)
    elif any(outcome.effect in (Effect.DONE, Effect.REFUSED) for outcome in outcomes):
        batch.worked(connection, wrote=True)
