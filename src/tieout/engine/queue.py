"""The queue of hints of one company, as one drain sees it: claim, finish, postpone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tieout.core.record import Ref
from tieout.engine.mark import NEVER
from tieout.store.models import Connection
from tieout.store.statements import execute, rows

BATCH = 100
LEASE = timedelta(seconds=120)
AFTER_REFUSAL = (timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A hint leased to this drain."""

    id: int
    connection_id: int
    kind: str
    remote_id: str
    version: int
    attempts: int
    reason: str
    marked_at: datetime
    is_read: bool  # what it asks for was read after it was marked

    @property
    def ref(self) -> Ref:
        """The key to look at."""
        return Ref(self.kind, self.remote_id)


@dataclass(frozen=True, slots=True)
class Postponed:
    """A hint given back until `due_at`; `counts` says that it was an attempt of its own, not an outage."""

    hint: Claimed
    due_at: datetime
    counts: bool = False


def claim(company: Connection, slot: int, now: datetime, limit: int = BATCH) -> list[Claimed]:
    """Lease the next due hints to this slot; none while the company waits out an error."""
    parameters = {"company": company.pk, "slot": slot, "now": now, "lease": now + LEASE, "limit": limit}
    return [Claimed(*row) for row in rows("claim", parameters)]


def held(hints: Sequence[Claimed], slot: int, lease_until: datetime, links: Sequence[int] = ()) -> dict[int, int] | None:
    """The versions of these links that are open, if every one of the hints is still leased to this very drain; else None.

    Both stay as they are until the transaction ends. A drain that was taken over while it waited for an answer learns it here,
    even if its successor has the same slot.
    """
    parameters = {"hints": [hint.id for hint in hints], "slot": slot, "lease": lease_until, "links": list(links)}
    (_, count), *versions = rows("held", parameters)
    return dict(versions) if count == len(hints) else None


def finish(hints: Sequence[Claimed], slot: int, lease_until: datetime, now: datetime) -> None:
    """Remove hints that were worked off; one marked again meanwhile is due again, one taken over meanwhile is left alone."""
    if hints:
        parameters = {"ids": [h.id for h in hints], "versions": [h.version for h in hints], "slot": slot, "lease": lease_until, "now": now}
        execute("finish", parameters)


def postpone(postponed: Iterable[Postponed], slot: int, lease_until: datetime, now: datetime) -> None:
    """Give hints back until later; one taken over meanwhile is left alone."""
    items = list(postponed)
    if items:
        parameters = {
            "ids": [item.hint.id for item in items],
            "versions": [item.hint.version for item in items],
            "dues": [item.due_at for item in items],
            "attempts": [int(item.counts) for item in items],
            "slot": slot,
            "lease": lease_until,
            "now": now,
        }
        execute("postpone", parameters)


def take_over(company: Connection, slot: int, now: datetime, settle_after: timedelta) -> int:
    """Own what an earlier drain on this slot left behind: its leases end, its open calls become unknown.

    They may go on for `settle_after`, unless the connection says otherwise. The number of calls whose outcome is unknown now.
    """
    return execute("take_over", {"company": company.pk, "slot": slot, "now": now, "settle_s": settle_after.total_seconds()})


def release_waits(company: Connection, now: datetime) -> int:
    """Mark the records whose wait has ended; how many there were."""
    return len(rows("release_waits", {"company": company.pk, "now": now, "never": NEVER}))


def after_refusal(hint: Claimed, now: datetime) -> Postponed:
    """Try a refused record again by itself: soon, then ever more rarely."""
    return Postponed(hint, now + AFTER_REFUSAL[min(hint.attempts, len(AFTER_REFUSAL) - 1)], counts=True)
