"""Calls whose outcome is unknown: look for their trace, and only then send again, or leave it.

An unknown call quarantines its link: reading goes on, writing waits until it is settled (invariant 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tieout.core import problems
from tieout.core.decide import Side
from tieout.core.ports import Effect, Outcome, Probe, Sign, System, Trace, Verb, Write
from tieout.core.record import fingerprint
from tieout.core.rulings import RulingKind, standing
from tieout.engine import journal
from tieout.engine.intents import read_lag, settle_after, target_connection, write_of
from tieout.engine.journal import Pass
from tieout.engine.pairs import Pair
from tieout.engine.settle import SOON, Answer, settle
from tieout.store.models import Intent, IntentState, Level


@dataclass(frozen=True, slots=True)
class Unknown:
    """One pair whose call has an unknown outcome, and the call."""

    pair: Pair
    intent: Intent
    write: Write


def abandon(pairs: Sequence[Pair], now: datetime) -> None:
    """Calls that were never answered, and whose drain must be gone by now, become unknown, whichever slot made them.

    A slot whose drain died is taken over by its next drain; but a slot may never be drained again.
    """
    for pair in pairs:
        intent = pair.intent
        if intent is None or intent.state != IntentState.SENDING:
            continue
        if now < intent.sent_at + settle_after(target_connection(pair, Side(intent.side))):
            pair.look_again_at(now + SOON)
            continue
        mine = Intent.objects.filter(pk=intent.pk, state=IntentState.SENDING, sent_at=intent.sent_at)
        mine.update(state=IntentState.UNKNOWN, slot=None)
        pair.look_again_at(now)


def unknowns(pairs: Sequence[Pair]) -> list[Unknown]:
    """The pairs whose open call got no clear answer."""
    return [Unknown(p, p.intent, write_of(p.intent)) for p in pairs if p.intent is not None and p.intent.state == IntentState.UNKNOWN]


def probe(items: Sequence[Unknown], system: System, work: Pass, now: datetime) -> list[Unknown]:
    """Settle what can be settled; the calls that may be sent again now.

    Raises Fault if the probing itself fails; then nothing is changed.
    """
    again: list[Unknown] = []
    found: list[Answer] = []
    answered = _answered(items, work, now)
    found += answered
    items = [item for item in items if item.intent.state == IntentState.UNKNOWN and item.intent.pk not in {a.intent.pk for a in answered}]
    for item, answer in zip(items, system.probe([item.write for item in items]) if items else (), strict=True):
        match answer.trace:
            case Trace.EQUAL:
                found.append(_found(item, answer))
            case Trace.OTHER:
                _spent(item, work, now, "What is there is neither what was sent nor what was there before. It is decided anew.")
            case Trace.NO_HANDLE:
                journal.raise_problem(item.pair, problems.NO_HANDLE, item.intent.detail, now, fingerprint=handle_of(item.intent))
                item.pair.look_again_at(now + read_lag(item.pair.integration.company))
            case Trace.ABSENT:
                if _absent(item, answer, work, now):
                    again.append(item)
    settle(found, work, now, slot=None)
    for each in found:
        each.pair.look_again_at(now)  # the link stands; decide what else the pair needs
    return again


def handle_of(intent: Intent) -> str:
    """What a person's answer about a call that nothing can find again is bound to."""
    return fingerprint(["call", str(intent.key)])


def _answered(items: Sequence[Unknown], work: Pass, now: datetime) -> list[Answer]:
    """The calls of which a person said what became of them; those that had no effect are closed and decided anew."""
    done: list[Answer] = []
    for item in items:
        ruling = standing(item.pair.rulings, RulingKind.RESOLVED, now, handle_of(item.intent))
        if ruling is None:
            continue
        id_ = str(ruling.data.get("id") or item.write.target or "")
        if ruling.data.get("choice") == "done" and id_:
            done.append(Answer(item.pair, item.intent, Outcome(Effect.DONE, id_, item.write.natural_key), found=True))
        elif ruling.data.get("choice") == "not done":
            _spent(item, work, now, f"{ruling.by} said that it had no effect; it is decided anew.")
            item.intent.state = IntentState.SPENT
    return done


def _found(item: Unknown, answer: Probe) -> Answer:
    record = answer.record
    outcome = Outcome(
        Effect.DONE, record.id if record else item.write.target or "", record.natural_key if record else item.write.natural_key
    )
    return Answer(item.pair, item.intent, outcome, found=True)


def _absent(item: Unknown, answer: Probe, work: Pass, now: datetime) -> bool:
    """Whether a call that left no trace may be sent again now; else the pair waits, or the call is given up."""
    intent, pair = item.intent, item.pair
    connection = target_connection(pair, Side(intent.side))
    if intent.resends and intent.answered_at is not None:
        visible_at = intent.answered_at + read_lag(connection)
        if now < visible_at:
            pair.look_again_at(visible_at)
            return False
        if intent.refusal:
            return _give_up(item, work, now)
    may_resend_at = intent.resend_after or now
    if not (answer.enforced and item.write.verb is Verb.CREATE) and now < may_resend_at:
        pair.look_again_at(may_resend_at)
        return False
    return True


def _give_up(item: Unknown, work: Pass, now: datetime) -> bool:
    """The call was sent again, was not accepted, and still left no trace."""
    intent = item.intent
    if intent.refusal == Sign.CALL_REPEATED:
        earlier = Intent.objects.filter(
            integration=intent.integration_id, flow=intent.flow, left_id=intent.left_id, step=intent.step, state=IntentState.SPENT
        )
        if earlier.filter(content__fields=intent.content["fields"]).exists():
            journal.raise_problem(item.pair, problems.REPEATEDLY_LOST, intent.detail, now)
        _spent(item, work, now, "Its key was spent without effect; it is decided anew under the next key.")
        return False
    _close(item, IntentState.REFUSED, now)
    item.pair.refused = True
    text = f"The call to {intent.step} it was refused when it was sent again: {intent.detail}"
    journal.write([journal.entry(work, item.pair, "refused", text, now, level=Level.ERROR, code=intent.fault_code)])
    return False


def _spent(item: Unknown, work: Pass, now: datetime, text: str) -> None:
    _close(item, IntentState.SPENT, now)
    journal.write([journal.entry(work, item.pair, "decided anew", text, now, level=Level.WARNING, code=problems.OUTCOME_UNCLEAR.code)])


def _close(item: Unknown, state: IntentState, now: datetime) -> None:
    Intent.objects.filter(pk=item.intent.pk, state=IntentState.UNKNOWN).update(state=state, settled_at=now, slot=None)
    item.pair.look_again_at(now)


def reopen(items: Sequence[Unknown], slot: int, now: datetime) -> list[Unknown]:
    """Take calls into the hand again before they are resent under the same key; those that were still free."""
    with transaction.atomic():
        ids = [item.intent.pk for item in items]
        free = set(Intent.objects.select_for_update().filter(pk__in=ids, state=IntentState.UNKNOWN, slot=None).values_list("pk", flat=True))
        Intent.objects.filter(pk__in=free).update(state=IntentState.SENDING, slot=slot, sent_at=now, resends=F("resends") + 1)
    mine = [item for item in items if item.intent.pk in free]
    for item in items:
        if item.intent.pk in free:
            item.intent.state, item.intent.slot, item.intent.sent_at = IntentState.SENDING, slot, now
            item.intent.resends += 1
        else:
            item.pair.look_again_at(now + SOON)
    return mine
