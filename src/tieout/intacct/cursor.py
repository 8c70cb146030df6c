"""Where a change reader stands: plain data that survives restarts as JSON.

All stamps are the system's own WHENMODIFIED texts; they are only ever compared with one another, so the zone that
column is in does no harm. Times are the system's own clock (intacct-xml §4.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.intacct.client.formats import read_timestamp, wire_text

MAX_TOMBS = 500
RECORD_SLACK = 1000
_AHEAD = timedelta(hours=14)  # the farthest a local time can run ahead of UTC


@dataclass(slots=True)
class Poll:
    """One pass over what changed, possibly in several pages.

    Attributes:
        since: stamps from this second on are still to be read; "" means all.
        nulls_after: rows without a stamp are still to be read above this RECORDNO.
        tie_after: while one second holds more than a page: its rows are read by RECORDNO above this; -1 otherwise.
        done: rows of the second `since` that were read already, by RECORDNO; empty while they are few enough to read again.
        started: the system's time before the first page was asked for.
        best: the latest stamp seen in this pass.
        deep: this pass reaches back as far as rows may become visible late.
    """

    since: str
    nulls_after: int
    started: str
    tie_after: int = -1
    best: str = ""
    done: list[str] = field(default_factory=list)
    deep: bool = True


@dataclass(slots=True)
class Cursor:
    """The whole state for one kind.

    Attributes:
        full_after: during the first full read the last RECORDNO read; -1 once it is complete.
        stamp, stamp_at: the latest stamp known, and the system's time when it was first seen.
        since: where the next pass begins; deep_since: where the next deep one does; deep_at: when the last deep one began.
        high: the highest RECORDNO seen; top, top_at: its value some time ago; low: rows without a stamp up to here are settled.
        audited: the system's time up to which deletions were read; asked: when that was last tried; tombs: deletions reported.
    """

    full_after: int = 0
    stamp: str = ""
    stamp_at: str = ""
    since: str = ""
    deep_since: str = ""
    deep_at: str = ""
    high: int = 0
    top: int = 0
    top_at: str = ""
    low: int = 0
    audited: str = ""
    asked: str = ""
    audit_off: bool = False
    tombs: list[str] = field(default_factory=list)
    poll: Poll | None = None

    def dump(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {"version": 2, **asdict(self)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Cursor:
        """The cursor that `dump` made the data from."""
        values = {name: value for name, value in data.items() if name != "version"}
        values.setdefault("deep_since", values.get("since", ""))  # before there were two kinds of passes, all were deep
        poll = values.pop("poll", None)
        return cls(**values, poll=Poll(**poll) if poll else None)


def instant(text: str) -> datetime:
    """A stored time of the system's clock; the beginning of time for none."""
    return datetime.fromisoformat(text) if text else datetime(1970, 1, 1, tzinfo=UTC)


def later(one: str, other: str) -> str:
    """The later of two stamps; "" is before all."""
    first, second = read_timestamp(one), read_timestamp(other)
    if first is None or (second is not None and second > first):
        return other
    return one


def shifted(stamp: str, by: timedelta) -> str:
    """A stamp moved in time; "" stays."""
    moment = read_timestamp(stamp)
    return wire_text(moment + by) if moment else ""


def is_plausible(stamp: str, now: datetime) -> bool:
    """Whether a stamp can be a time that has come, in whatever zone; a stray one far ahead must not hide later changes."""
    moment = read_timestamp(stamp)
    return moment is not None and moment <= now + _AHEAD


def next_since(cursor: Cursor, started: datetime, overlap: timedelta) -> str:
    """Where the next pass begins, so that rows which become visible up to `overlap` after their stamp are not missed.

    The latest stamp w was made at or before the time it was first seen. Every row stamped before `started - overlap`
    was visible from the start; measured in elapsed time alone that is w - overlap + (started - first seen), and never
    beyond w. A stamp first seen while the pass ran takes the next one back by as long.
    """
    waited = started - instant(cursor.stamp_at)
    return shifted(cursor.stamp, min(timedelta(0), waited - overlap))
