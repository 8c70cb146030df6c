"""The gate: which of the steps decided may be taken now, and which wait for a person.

What waits is stored as a plan item and its hint is done with: the one who opens the gate marks the records again, so nothing
is asked over and over meanwhile, and nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from tieout.core.decide import Finding, FindingKind, Step, StepKind
from tieout.engine import items, undo
from tieout.engine.batch import Batch
from tieout.engine.hours import blackout_until
from tieout.engine.items import Wanted
from tieout.engine.pairs import Pair
from tieout.store.models import OPEN_ITEM, Hold, Intent, IntentState, PlanItem, PlanState

REJECTED = "plan.rejected"
HELD: dict[Hold, Finding] = {
    Hold.SWITCH_ON: Finding(FindingKind.HELD, "plan.switch-on", "It waits until its kind of record is switched on."),
    Hold.APPROVAL: Finding(FindingKind.HELD, "plan.approval", "It waits for an approval."),
    Hold.MOVED: Finding(FindingKind.HELD, "plan.moved", "It changed after it was released, so it waits for another look."),
    Hold.FROZEN: Finding(FindingKind.HELD, "plan.frozen", "The company is frozen; it goes when the freeze is lifted."),
}
_REJECTED = Finding(FindingKind.HELD, REJECTED, "A person rejected exactly this; it is left alone until something of it changes.")


def hold_of(each: Wanted, *, frozen: bool, now: datetime) -> Hold:
    """Why a step waits for a person; `Hold.NONE` if it may be taken."""
    item = each.standing
    is_released = item is not None and item.state == PlanState.RELEASED and (item.until is None or now < item.until)
    if item is not None and (item.fingerprint != each.item.fingerprint if is_released else item.hold == Hold.MOVED):
        return Hold.MOVED
    if frozen and each.step.writes:
        return Hold.FROZEN
    if is_released:
        return Hold.APPROVAL if each.awaits else Hold.NONE
    if not each.pair.integration.is_released(each.pair.flow.name):
        return Hold.SWITCH_ON
    return Hold.APPROVAL if each.awaits else Hold.NONE


def gate(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Leave of each decision only the steps that may be taken, and store the others as plan items."""
    now = batch.now()
    found = items.wanted(pairs, now)
    frozen = batch.frozen  # whoever sends asks again right before the call
    closed = blackout_until(batch.company, now) if found else None
    held: list[Wanted] = []
    stopped: dict[int, Hold | None] = {}  # a step that comes after one that waits, waits too
    for each in found:
        if (item := undo.released(each.pair)) is not None:
            if frozen:
                PlanItem.objects.filter(pk=item.pk).update(hold=Hold.FROZEN)
                _withhold(each.pair, each.step, HELD[Hold.FROZEN])
            continue
        hold = stopped.get(id(each.pair)) or hold_of(each, frozen=frozen, now=now)
        if each.is_rejected:
            _withhold(each.pair, each.step, _REJECTED)
        elif hold:
            stopped[id(each.pair)] = hold
            each.item.hold = hold
            _withhold(each.pair, each.step, HELD[hold])
            held.append(each)
        elif closed is not None and each.step.writes:
            each.pair.look_again_at(closed)  # its hint waits for the end of these hours; nobody need do anything
    if held:
        with transaction.atomic():
            batch.hold()
            items.keep(held, now)


def _withhold(pair: Pair, step: Step, finding: Finding) -> None:
    findings = pair.decision.findings if finding in pair.decision.findings else (*pair.decision.findings, finding)
    pair.decision = replace(pair.decision, steps=tuple(each for each in pair.decision.steps if each is not step), findings=findings)


def _awaits_release(item: PlanItem) -> bool:
    """Whether an item is about a record that takes part only once the item is released: without it, nothing is due."""
    return item.hold == Hold.BACKFILL or (item.hold == Hold.BATCH and item.state == PlanState.PLANNED)


def follow(pairs: Sequence[Pair], now: datetime) -> None:
    """End the open items of pairs that were just worked on: done, or no longer needed. What failed keeps its item."""
    done, lapsed = [], []
    for pair in pairs:
        for item in pair.items:
            if item.state not in OPEN_ITEM or item.undoes is not None or pair.refused or pair.stopped:
                continue
            step = next((step for step in pair.decision.steps if items.is_for(item, step)), None)
            if step is None:
                if not _awaits_release(item) and pair.due_at is None and not pair.decision.missing and not _is_held(pair):
                    lapsed.append(item)
            elif pair.due_at is None or (step.kind in (StepKind.CREATE, StepKind.LINK) and pair.link is not None):
                done.append(item)
    undo.follow(pairs, now)
    done += [item for item in lapsed if _was_done(item)]
    items.end(done, PlanState.DONE, now)
    items.end([item for item in lapsed if item not in done], PlanState.LAPSED, now)


def _was_done(item: PlanItem) -> bool:
    """Whether the call of an item was made after it was planned: what follows it may have been decided in another pass."""
    mine = Intent.objects.filter(integration=item.integration_id, flow=item.flow, left_id=item.left_id, step=item.step, side=item.side)
    return mine.filter(state=IntentState.DONE, settled_at__gte=item.planned_at).exists()


def _is_held(pair: Pair) -> bool:
    return any(finding.code.startswith("plan.") for finding in pair.decision.findings)
