"""What a call changed beside its own record: those records are looked at again, and what the call explains is nobody's edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tieout.core.ports import Effect, Outcome
from tieout.core.record import BY_KEY, Ref
from tieout.engine.mark import mark
from tieout.store.models import Connection, Link, Record

SHOWN_BY_THEN = timedelta(seconds=90)
"""The books are polled within this time. What the poll has read by then need not be read again, which is billed."""


def follow_up(company: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Have the linked records of the books that these calls touched looked at again.

    Their fields count as written by ourselves until they are read back: what their system made of them enters the base.
    """
    touched = {ref for outcome in outcomes if outcome.effect is Effect.DONE for ref in outcome.touched}
    if not touched:
        return
    wanted = _by_kind(_known(company, touched))
    with transaction.atomic():
        mine = Link.objects.filter(wanted, integration__company=company, is_open=True)
        links = list(mine.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
        for link in links:
            link.unread, link.settled_at, link.version = sorted({*link.unread, *link.base}), now, link.version + 1
        Link.objects.bulk_update(links, ["unread", "settled_at", "version"])
        refs = sorted({link.right for link in links})
        mark(company, refs, reason="effect", now=now + SHOWN_BY_THEN, changed_at=now)


def _known(company: Connection, refs: set[Ref]) -> set[Ref]:
    """The same records by their own ids, where they were named by natural key."""
    named = {Ref(ref.kind, ref.id.removeprefix(BY_KEY)) for ref in refs if ref.id.startswith(BY_KEY)}
    found = {ref for ref in refs if not ref.id.startswith(BY_KEY)}
    if named:
        rows = Record.objects.filter(_by_kind(named, "kind", "natural_key"), connection=company, deleted=False)
        found |= {Ref(kind, id_) for kind, id_ in rows.values_list("kind", "remote_id")}
    return found


def _by_kind(refs: set[Ref], kind: str = "right_kind", id_: str = "right_id") -> Q:
    wanted = Q(pk__in=[])
    for name in {ref.kind for ref in refs}:
        wanted |= Q(**{kind: name, f"{id_}__in": [ref.id for ref in refs if ref.kind == name]})
    return wanted


__all__ = ["SHOWN_BY_THEN", "follow_up"]
