"""Releasing what waits: plan items one by one, or a whole flow at its switch-on. A word is stored before it is acknowledged.

A release says “exactly this”: when what would happen has changed meanwhile, the item is planned anew and waits again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tieout.engine import journal
from tieout.engine.connections import look_again
from tieout.engine.items import look_at
from tieout.engine.pairs import settings_of
from tieout.platforms import registry
from tieout.store.bulk import insert
from tieout.store.models import Hold, Integration, PlanItem, PlanState, Release, Ruling, RulingKind

CHUNK = 1000


class ReleaseError(ValueError):
    """Something that cannot be released; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Word:
    """A person's word: who says it, why, and until when it holds."""

    by: str
    why: str = ""
    until: datetime | None = None


def approve(ids: Iterable[int], word: Word, now: datetime) -> list[PlanItem]:
    """Release these plan items; those that were still open and waiting. The caller wakes their companies.

    Raises ReleaseError if one of them does not exist, or is no longer open.
    """
    return _rule(list(ids), word, now, RulingKind.APPROVED, PlanState.RELEASED)


def reject(ids: Iterable[int], word: Word, now: datetime) -> list[PlanItem]:
    """Refuse these plan items: each is left alone until what would happen to it changes. Raises ReleaseError."""
    return _rule(list(ids), word, now, RulingKind.REJECTED, PlanState.REJECTED)


def _rule(ids: Sequence[int], word: Word, now: datetime, kind: RulingKind, state: PlanState) -> list[PlanItem]:
    with transaction.atomic():
        items = list(
            PlanItem.objects.select_for_update(of=("self",))
            .filter(pk__in=ids)
            .select_related("integration__platform", "integration__company")
        )
        _refuse_ended(ids, items)
        insert([_ruling(item, kind, word, now) for item in items])
        taken_in = [item for item in items if item.hold in (Hold.BACKFILL, Hold.BATCH) and kind == RulingKind.APPROVED]
        insert([_ruling(item, RulingKind.REQUESTED, word, now) for item in taken_in])
        ended = now if state == PlanState.REJECTED else None
        changes = {"state": state, "released_at": now, "released_by": word.by[:150], "until": word.until, "ended_at": ended}
        PlanItem.objects.filter(pk__in=[item.pk for item in items]).update(**changes)
        if kind == RulingKind.APPROVED:
            look_at(items, "released", now)
    return items


def _refuse_ended(ids: Sequence[int], items: Sequence[PlanItem]) -> None:
    if absent := sorted(set(ids) - {item.pk for item in items}):
        raise ReleaseError(f"There is no plan item {absent[0]}. Run “tieout plan” to see what there is.")
    for item in items:
        if item.state != PlanState.PLANNED:
            raise ReleaseError(
                f"Plan item {item.pk} ({item.name}) no longer waits: it is {item.get_state_display().lower()}. Run “tieout plan” again."
            )


def _ruling(item: PlanItem, kind: RulingKind, word: Word, now: datetime) -> Ruling:
    return Ruling(
        integration=item.integration,
        flow=item.flow,
        left_id=item.left_id,
        kind=kind,
        by=word.by[:150],
        at=now,
        why=word.why,
        until=word.until,
        fingerprint=item.mark if kind != RulingKind.REQUESTED else "",
        data={"item": item.pk, "step": item.step, "side": item.side},
    )


def approve_all(integration: Integration, word: Word, now: datetime, *, hold: Hold | None = None, flow: str = "") -> int:
    """Release everything of an integration that waits, or only what waits for one reason or in one flow; how many items."""
    rows = PlanItem.objects.filter(integration=integration, state=PlanState.PLANNED)
    rows = rows.filter(hold=hold) if hold is not None else rows.exclude(hold__in=[Hold.UNDO, Hold.FROZEN, Hold.BATCH])
    rows = rows.filter(flow=flow) if flow else rows
    count = 0
    while ids := list(rows.order_by("id").values_list("pk", flat=True)[:CHUNK]):
        count += len(approve(ids, word, now))
    return count


def switch_on(integration: Integration, flows: Sequence[str], word: Word, now: datetime, *, since: datetime | None) -> int:
    """Let these flows write from now on, and take records from `since` on (None takes all); how many records are looked at.

    A flow that is on already keeps its earlier beginning: a backfill only widens. The caller wakes the company.
    Raises ReleaseError for a flow that there is not or that the settings leave off.
    """
    settings = settings_of(integration)
    known = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}
    for name in flows:
        if name not in known:
            raise ReleaseError(f"{integration.name} keeps no “{name}” in step. Known are {', '.join(known)}.")
        if not known[name].is_on(settings):
            raise ReleaseError(f"{known[name].label} are off in the settings. Turn them on first, then look at the plan.")
    with transaction.atomic():
        for name in flows:
            before = Release.objects.select_for_update().filter(integration=integration, flow=name).first()
            begins = since if before is None else _earlier(before.since, since)
            Release.objects.update_or_create(integration=integration, flow=name, defaults={"since": begins, "by": word.by[:150], "at": now})
            text = f"{word.by} switched on {known[name].label.lower()}, with records {_from(begins)}."
            journal.note(integration.company, "switched on", text, now, name=integration.name)
        return look_again(integration, now, kinds={known[name].left_kind for name in flows})


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else min(one, other)


def _from(since: datetime | None) -> str:
    return "of every age" if since is None else f"created or changed since {since:%Y-%m-%d %H:%M} UTC"
