"""Marking: saying that a key should be looked at. It carries no data, and doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tieout.core.record import Ref
from tieout.store.models import Connection
from tieout.store.statements import rows

BULK_TURN = timedelta(minutes=10)  # bulk lets live changes pass for this long, and then takes its turn before newer ones,
BULK_APART = timedelta(milliseconds=100)  # one by one, so that a large piece of bulk does not hold them up when its time has come
USUAL_PAUSE_S = 60
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def mark(
    connection: Connection,
    refs: Sequence[Ref],
    *,
    reason: str,
    now: datetime,
    changed_at: datetime | None = None,
    unread: Sequence[Ref] = (),
    bulk: bool = False,
    beside: frozenset[str] = frozenset(),
    lasting: bool = True,
) -> list[int]:
    """Mark keys of one connection as hinted, for every company kept in step with it; the ids of those companies.

    What is stored of a key counts as fresh if it was read at or after `changed_at` (by default: now); of those that are `unread`,
    which are marked as well, nothing does. Keys of the kinds `beside` are marked only if nothing is stored of them. A transaction
    marks keys of one connection once: two that mark twice could wait for each other. Its commit does not wait for the disk if hints
    need not be `lasting`. The caller commits, and then wakes the companies.
    """
    marked = [*((ref, changed_at or now) for ref in refs), *((ref, now) for ref in unread)]
    if not marked:
        return []
    parameters = {
        "connection": connection.pk,
        "kinds": [ref.kind for ref, _ in marked],
        "ids": [ref.id for ref, _ in marked],
        "marked": [at for _, at in marked],
        "reason": reason,
        "now": now,
        "turn": now + BULK_TURN if bulk else now,
        "apart": BULK_APART if bulk else timedelta(0),
        "usual": USUAL_PAUSE_S,
        "beside": list(beside),
        "lasting": lasting,
    }
    return [company for company, _ in rows("mark", parameters)]
