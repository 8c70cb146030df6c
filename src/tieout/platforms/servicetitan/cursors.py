"""Where a reader of changes stands: opaque JSON for everyone else, two small records here.

An export feed is read along two chains. The *fast* chain asks with `includeRecentChanges` and serves latency; what it promises beyond
that is not written anywhere, so nothing depends on it being complete. The *safe* chain asks without, lags some minutes, and is the
one the contract describes as complete; it runs every ten minutes from its own token (servicetitan §6). A record the fast chain skips is
therefore read at most one safe round later, and a record both show is only read twice.

A kind without a feed is listed page by page in the order of ids, from a time that stays the same for the whole walk. A change during
the walk can then only add records or repeat them, and the next walk begins where this one can have missed something (`Walk.advanced`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

VERSION = 1

SAFE_EVERY = timedelta(minutes=10)
"""How often the safe chain runs (servicetitan §6: 5–10 minutes between calls of a finished feed)."""

OVERLAP = timedelta(minutes=15)
"""How much further back a walk reaches, for rows that become visible later than their time of change says."""


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _moment(data: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(data, name))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _later(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def stamp(moment: datetime) -> str:
    """A time as this service's parameters take it: UTC, to the microsecond, ending in Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """A place in both chains of one export feed.

    Attributes:
        start: the date a first read begins at; "" is the very first record.
        safe, fast: the tokens to go on with; "" is a chain that has not begun.
        on_safe: the next call is one of the safe chain.
        safe_at: when the safe chain last reached its end.
        latest: the latest time of change seen in either chain.
    """

    start: str = ""
    safe: str = ""
    fast: str = ""
    on_safe: bool = True
    safe_at: datetime | None = None
    latest: datetime | None = None

    @classmethod
    def load(cls, data: Mapping[str, Any] | None) -> Self:
        """The cursor in `data`; one that cannot be read starts anew, which repeats records and skips none."""
        if not data or data.get("v") != VERSION:
            return cls(start=_text(data or {}, "start"))
        safe_at = _moment(data, "safe_at")
        on_safe = data.get("on_safe") is not False or safe_at is None
        return cls(_text(data, "start"), _text(data, "safe"), _text(data, "fast"), on_safe, safe_at, _moment(data, "latest"))

    def dump(self) -> dict[str, Any]:
        """The cursor as plain JSON data."""
        return {"v": VERSION, **_plain(asdict(self))}

    @property
    def position(self) -> str:
        """What the next call passes as `from`: a token, the start date, or ""."""
        return (self.safe if self.on_safe else self.fast) or self.start

    def advanced(self, token: str, *, more: bool, latest: datetime | None, now: datetime) -> tuple[Self, bool]:
        """The cursor after a page of the current chain that ended in `token`, and whether another page is ready now."""
        seen = replace(self, latest=_later(self.latest, latest))
        if self.on_safe:
            return seen._after_safe(token, more=more, now=now)
        moved = replace(seen, fast=token)
        if more or not self._is_safe_due(now):
            return moved, more
        return replace(moved, on_safe=True), True

    def _after_safe(self, token: str, *, more: bool, now: datetime) -> tuple[Self, bool]:
        if more:
            return replace(self, safe=token), True
        is_first = not self.fast
        # The fast chain begins where the safe one ends; tokens are not said to belong to one of the two ways of asking.
        return replace(self, safe=token, fast=self.fast or token, on_safe=False, safe_at=now), is_first

    def _is_safe_due(self, now: datetime) -> bool:
        return self.safe_at is None or now - self.safe_at >= SAFE_EVERY or now < self.safe_at

    def restarted(self) -> Self | None:
        """Where to go on after the position was refused; None if it was a beginning and nothing simpler is left.

        The safe chain begins anew. The fast chain goes on from the latest time seen, a form of `from` the service documents.
        """
        if self.on_safe:
            return type(self)(start=self.start) if self.safe else None
        plainer = stamp(self.latest) if self.latest is not None else ""
        return replace(self, fast=plainer) if self.fast != plainer else None


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in a listing by time of change.

    Attributes:
        since: the lower bound of this walk; None lists everything.
        page: the page to read next, from 1.
        before: the latest time of change that was known when this walk began.
        latest: the latest time of change seen in any walk.
    """

    since: datetime | None = None
    page: int = 1
    before: datetime | None = None
    latest: datetime | None = None

    @classmethod
    def load(cls, data: Mapping[str, Any] | None) -> Self:
        """The cursor in `data`; one that cannot be read starts anew."""
        if not data or data.get("v") != VERSION:
            return cls(since=_moment(data or {}, "start"))
        page = data.get("page")
        since = _moment(data, "since")
        if not isinstance(page, int) or isinstance(page, bool) or page < 1:
            return cls(since=since)
        return cls(since, page, _moment(data, "before"), _moment(data, "latest"))

    def dump(self) -> dict[str, Any]:
        """The cursor as plain JSON data."""
        return {"v": VERSION, **_plain(asdict(self))}

    def advanced(self, latest: datetime | None, *, more: bool) -> Self:
        """The cursor after a page whose latest change was `latest`.

        What changes during a walk, behind its back, changes later than anything known when it began. So the next walk begins there,
        not at the latest change this one has seen; no clock but the one that stamps the records takes part.
        """
        seen = _later(self.latest, latest)
        if more:
            return replace(self, page=self.page + 1, latest=seen)
        since = self.since if self.before is None else self.before - OVERLAP
        return type(self)(since=since, before=seen, latest=seen)


def starting_at(moment: datetime) -> dict[str, Any]:
    """A cursor of any kind that reads from `moment` instead of from the beginning (servicetitan D9)."""
    return {"start": stamp(moment)}


__all__ = ["OVERLAP", "SAFE_EVERY", "FeedCursor", "Walk", "stamp", "starting_at"]
