"""Why records are not in the books yet, though they were released: what holds each of them up, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tieout.core.decide import FindingKind
from tieout.core.record import Ref
from tieout.engine import rulings
from tieout.engine.rulings import RulingError
from tieout.store.models import IN_FLIGHT, Held, Hint, Hold, Integration, Intent, PlanItem, PlanState, Problem, Wait

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a record stands still; `is_final` says that nothing brings it by itself any more."""

    text: str
    is_final: bool = False


def stops(integration: Integration, records: Sequence[Key], now: datetime) -> dict[tuple[str, str], Stop]:
    """What holds these records (flow, kind, id) up, by flow and id. A record that is being worked on has no entry."""
    ids = [id_ for _, _, id_ in records]
    found: dict[tuple[str, str], Stop] = {}
    for wait in Wait.objects.filter(integration=integration, left_id__any=ids).order_by("-id"):
        found[(wait.flow, wait.left_id)] = Stop(f"It waits for {wait.needs_kind} {wait.needs_id}.")
    for held in Held.objects.filter(integration=integration, left_id__any=ids, problem__cleared_at=None).select_related("problem"):
        found[(held.flow, held.left_id)] = Stop(f"{held.problem.cause} {held.problem.next_step}")
    for problem in Problem.objects.filter(integration=integration, subject_id__any=ids, cleared_at=None):
        found[(problem.flow, problem.subject_id)] = Stop(f"{problem.cause} {problem.next_step}")
    hints = Hint.objects.filter(connection=integration.platform, remote_id__any=ids, due_at__lte=now)
    calls = Intent.objects.filter(integration=integration, left_id__any=ids, state__in=IN_FLIGHT)
    busy = {*hints.values_list("remote_id", flat=True), *calls.values_list("left_id", flat=True)}
    for flow, kind, id_ in records:
        if (flow, id_) not in found and id_ not in busy:
            found |= _decided(integration, flow, Ref(kind, id_), now)
    return {key: stop for key, stop in found.items() if key in {(flow, id_) for flow, _, id_ in records}}


def _decided(integration: Integration, flow: str, ref: Ref, now: datetime) -> dict[tuple[str, str], Stop]:
    """What its decision says of a record that nothing is known to hold up: skipped, left out, or waiting for a person."""
    try:
        pair = rulings.pair_of(integration, flow, ref, now)
    except RulingError as error:
        return {(flow, ref.id): Stop(str(error), is_final=True)}
    out = [each for each in pair.decision.findings if each.kind in (FindingKind.SKIPPED, FindingKind.HELD)]
    if out:
        return {(flow, ref.id): Stop(out[0].text, is_final=out[0].kind is FindingKind.SKIPPED)}
    mine = PlanItem.objects.filter(integration=integration, flow=flow, left_id=ref.id, state=PlanState.PLANNED)
    item = mine.exclude(hold=Hold.NONE).first()
    return {(flow, ref.id): Stop(f"{item.get_hold_display()}: item {item.pk} of the plan.")} if item is not None else {}


__all__ = ["Stop", "stops"]
