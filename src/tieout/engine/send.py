"""Making calls: intents first, then the call, then what became of it; and the calls whose outcome is still unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from tieout.core.decide import Side, Step, StepKind
from tieout.core.ports import Effect, Fault, Outcome, Scope, Write
from tieout.engine import freeze
from tieout.engine.batch import KIND_PAUSE, Batch
from tieout.engine.intents import Planned, open_intents, prepare, target_connection
from tieout.engine.pairs import Pair
from tieout.engine.probe import abandon, probe, reopen, unknowns
from tieout.engine.settle import SOON, Answer, settle
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
            again = probe(unknowns(group), batch.system(connection), batch.work, batch.now())
            batch.worked(connection)
        except Fault as fault:
            batch.failed(connection, fault, group, group[0].flow.right_kind)
            continue
        if again and freeze.refusal(batch.company.pk) is not None:
            for item in again:
                item.pair.look_again_at(batch.now() + KIND_PAUSE)
            continue
        mine = reopen(again, batch.slot, batch.now())
        _call(batch, connection, [_Sending(item.pair, item.intent, item.write) for item in mine])
    return [pair for pair in pairs if pair.intent is None]


@dataclass(frozen=True, slots=True)
class _Sending:
    """One stored intent about to be called."""

    pair: Pair
    intent: Intent
    write: Write


def send(batch: Batch, steps: Sequence[tuple[Pair, Step]]) -> None:
    """Make the calls of these steps, together for each connection, kind, step and entity."""
    groups: dict[tuple[int, str, StepKind, str], list[Planned]] = {}
    for planned in prepare([(pair, step) for pair, step in steps if pair.due_at is None]):
        connection = target_connection(planned.pair, planned.step.side)
        groups.setdefault((connection.pk, planned.write.kind, planned.step.kind, planned.write.entity), []).append(planned)
    for group in groups.values():
        connection = target_connection(group[0].pair, group[0].step.side)
        if connection.pk in batch.down:
            for planned in group:
                planned.pair.look_again_at(batch.down[connection.pk])
            continue
        now = batch.now()
        batch.system(connection)
        run = batch.work.started(now).pk
        with transaction.atomic():
            batch.hold()
            kept, busy = open_intents(group, run, batch.slot, now)
        for pair in busy:
            pair.look_again_at(now + SOON)
        _call(batch, connection, [_Sending(item.pair, intent, item.write) for item, intent in kept])


def _call(batch: Batch, connection: Connection, items: Sequence[_Sending]) -> None:
    """Make calls whose intents are stored, and settle them."""
    if not items:
        return
    try:
        system = batch.system(connection)
        if (frozen := freeze.refusal(batch.company.pk)) is not None:
            raise frozen
        outcomes = system.write([item.write for item in items])
    except Fault as fault:
        outcomes = [Outcome(fault.effect, fault=fault)] * len(items)
    answers = [Answer(item.pair, item.intent, outcome) for item, outcome in zip(items, outcomes, strict=True)]
    settle(answers, batch.work, batch.now(), slot=batch.slot)
    broken = next((o.fault for o in outcomes if o.fault is not None and o.fault.case.scope is Scope.CONNECTION), None)
    if broken is not None:
        batch.failed(connection, broken, [item.pair for item in items], items[0].write.kind)
    elif any(outcome.effect in (Effect.DONE, Effect.REFUSED) for outcome in outcomes):
        batch.worked(connection, wrote=True)
