"""Linking by hand: pairing a record with one that exists in the books, keeping two apart, and what might belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tieout.core.decide import StepKind, decide
from tieout.core.flow import Exclusion, Flow
from tieout.core.record import Record, Ref
from tieout.core.view import View
from tieout.engine import journal
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.mark import mark
from tieout.engine.observe import store
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.release import Word
from tieout.engine.runtime import Runtime
from tieout.engine.settle import settle_links
from tieout.platforms import registry
from tieout.store.models import Integration, Level, Link, Ruling, RulingKind
from tieout.store.models import Record as Row

UNLINKED = "unlinked"
ENOUGH = 0.6  # of two names that might be the same


class LinkError(ValueError):
    """Two records that cannot be linked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two records that are not linked and may be the same thing; `likeness` is between 0 and 1."""

    flow: str
    left: Ref
    left_name: str
    right: Ref
    right_name: str
    likeness: float


def link(runtime: Runtime, integration: Integration, flow: Flow, left: Ref, key: str, word: Word) -> Link:
    """Pair a left record with the record of the books that has this ID, read afresh. Equal fields are accepted, others shown.

    The caller wakes the company. Raises LinkError, and Fault if the books cannot be read.
    """
    now = runtime.now()
    right = _right(runtime, integration, flow, key)
    taken = Link.objects.filter(integration=integration, flow=flow.name, right_id=right.id, is_open=True).first()
    if taken is not None:
        raise LinkError(f"{key} is linked to {taken.left} already. Unlink that first.")
    pair = Pair(integration, flow, left, settings_of(integration))
    load([pair])
    if pair.link is not None:
        raise LinkError(f"{pair.name} is linked to {pair.link.right} already. Unlink it first.")
    if pair.left is None or pair.left.deleted:
        raise LinkError(f"{left} does not exist on the platform.")
    pair.candidate, pair.requested, pair.since = right, True, None
    # That it never goes by itself, such as what somebody else exported, is no reason against a person's word.
    decision = decide(replace(flow, excluded=partial(_excluded, flow)), pair.case(), pair.settings, now)
    step = next((step for step in decision.steps if step.kind is StepKind.LINK), None)
    if step is None:
        why = decision.findings[0].text if decision.findings else "The rules of this kind do not allow it."
        raise LinkError(f"{pair.name} cannot be linked: {why}")
    work = Pass(integration.company, "link", word.by)
    with transaction.atomic():
        store(integration.company, [right], now)
        _word(pair, RulingKind.REQUESTED, word, now, {"record": right.id})
        settle_links([(pair, step)], work, now)
        mark(integration.platform, [left], reason="requested", now=now)
    work.end(now)
    return Link.objects.get(integration=integration, flow=flow.name, left_id=left.id, is_open=True)


def _excluded(flow: Flow, view: View) -> Exclusion | None:
    exclusion = flow.excluded(view)
    return None if exclusion is None or exclusion.lasting else exclusion


def _right(runtime: Runtime, integration: Integration, flow: Flow, key: str) -> Record:
    found = runtime.systems.of(integration.company).find(flow.right_kind, [key])
    if key not in found:
        raise LinkError(f"The books have no {flow.right_kind} with the ID {key}.")
    return found[key]


def unlink(integration: Integration, flow: Flow, left: Ref, word: Word, now: datetime) -> None:
    """Close the link of a record and keep the two apart: nothing is written to either side, and nothing links them again by itself.

    Raises LinkError.
    """
    pair = Pair(integration, flow, left, settings_of(integration))
    load([pair])
    if pair.link is None:
        raise LinkError(f"{pair.name} is not linked.")
    if pair.intent is not None:
        raise LinkError(f"A write to {pair.name} has no answer yet. Unlink it once that is settled.")
    work = Pass(integration.company, "link", word.by)
    with transaction.atomic():
        closed = {"is_open": False, "closed_because": UNLINKED, "closed_at": now}
        Link.objects.filter(pk=pair.link.pk, is_open=True).update(**closed)
        _word(pair, RulingKind.KEPT_APART, word, now, {"record": pair.link.right_id})
        text = f"{word.by} unlinked it: both records stay as they are, and apart." + (f" {word.why}" if word.why else "")
        journal.write([journal.entry(work, pair, "unlinked", text, now, level=Level.WARNING)])
    work.end(now)


def _word(pair: Pair, kind: RulingKind, word: Word, now: datetime, data: dict[str, str]) -> None:
    Ruling.objects.create(
        integration=pair.integration,
        flow=pair.flow.name,
        left_id=pair.left_ref.id,
        kind=kind,
        by=word.by[:150],
        at=now,
        why=word.why,
        data=data,
    )


def proposals(integration: Integration, *, limit: int = 50) -> list[Proposal]:
    """Unlinked records of both sides whose names or IDs are alike, the likeliest first."""
    settings = settings_of(integration)
    found: list[Proposal] = []
    for flow in registry.platform(integration.platform.system).flows:
        if flow.is_on(settings):
            rights = list(_unlinked_right(integration, flow))
            for row in _unlinked_left(integration, flow)[:limit]:
                if (best := _likeliest(flow, row.as_core(), rights)) is not None:
                    found.append(best)
    return sorted(found, key=lambda each: -each.likeness)[:limit]


def _unlinked_left(integration: Integration, flow: Flow) -> QuerySet[Row]:
    linked = Link.objects.filter(integration=integration, flow=flow.name, left_id=OuterRef("remote_id"), is_open=True)
    rows = Row.objects.filter(connection=integration.platform, kind=flow.left_kind, deleted=False)
    return rows.filter(~Exists(linked)).order_by("-modified_at")


def _unlinked_right(integration: Integration, flow: Flow) -> Iterator[Row]:
    theirs = Link.objects.filter(integration__company=integration.company_id, right_kind=flow.right_kind, is_open=True)
    linked = theirs.filter(right_id=OuterRef("remote_id"))
    rows = Row.objects.filter(connection=integration.company, kind=flow.right_kind, deleted=False)
    yield from rows.filter(~Exists(linked)).order_by("remote_id")[:5000]


def _likeliest(flow: Flow, left: Record, rights: Sequence[Row]) -> Proposal | None:
    name = flow.shown_as(left)
    best: Proposal | None = None
    for row in rights:
        shown = _name_of(flow, row)
        likeness = max(_likeness(name, shown), _likeness(left.natural_key, row.natural_key))
        if likeness >= ENOUGH and (best is None or likeness > best.likeness):
            best = Proposal(flow.name, left.ref, name, Ref(row.kind, row.remote_id), shown, likeness)
    return best


def _name_of(flow: Flow, row: Row) -> str:
    """How people recognise an unlinked record of the books: its ID, and its name if the flow maps one."""
    named = next((each.right for each in flow.fields if "name" in each.shown.casefold()), "")
    return f"{row.natural_key} {row.fields.get(named) or ''}".strip() or str(row)


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ENOUGH and matcher.quick_ratio() >= ENOUGH else 0.0
