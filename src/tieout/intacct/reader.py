"""The change reader: never skips a record, may repeat one (design §5; intacct-xml §4.2).

First everything once, by RECORDNO. From then on passes over WHENMODIFIED: most reach back a few minutes, and now and then one
reaches back as far as rows may become visible late, from where the last such one left off. One pass is one query as long as
little changed: it asks for stamped rows from a second on, and for rows that never got a stamp above a RECORDNO. A page that
is cut short goes on from its last second, which is read again, without the rows already read if they are many; a second with
more rows than a few pages hold is read by RECORDNO. Nothing relies on the order of rows within one second: the system may
keep finer stamps than it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from tieout.core.ports import Page
from tieout.core.record import Record
from tieout.intacct.client import (
    MAX_IN,
    MAX_PAGE,
    Condition,
    IntacctError,
    Result,
    Row,
    all_of,
    any_of,
    at_least,
    greater_than,
    is_not_null,
    is_null,
    less_than,
    not_in,
)
from tieout.intacct.client.formats import read_timestamp
from tieout.intacct.cursor import RECORD_SLACK, Cursor, Poll, instant, is_plausible, later, next_since, shifted
from tieout.intacct.deletions import deletions
from tieout.intacct.faults import own_fault
from tieout.intacct.reading import Reading

_SECOND = timedelta(seconds=1)
_FEW = 100  # up to one in so many rows of a page may be read again
_LEFT_OUT = 3  # pages of rows of one second that may be left out by naming them
_US_DATES = "mdy"


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The time, aware."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How far back passes reach, and how often deletions are looked for.

    Attributes:
        overlap: rows may become visible this long after their stamp.
        near: how far back a pass reaches that is not deep; deep: the time between two that are.
        deletions: the least time between two looks at the audit trail, which cost a call each.
    """

    overlap: timedelta = timedelta(hours=2)
    deletions: timedelta = timedelta(hours=1)
    page_size: int = MAX_PAGE
    near: timedelta = timedelta(minutes=10)
    deep: timedelta = timedelta(minutes=30)


class ChangeReader:
    """Reads the changes of any kind of one company. Holds no state between calls but what `Reading` learnt."""

    def __init__(self, reading: Reading, clock: Clock, pace: Pace) -> None:
        self._reading = reading
        self._clock = clock
        self._pace = pace

    def changes(self, kind: str, data: Mapping[str, Any] | None) -> Page:
        """The next page of changes of a kind. Raises Fault."""
        read_at = self._clock.now()
        self._reading.kind(kind)
        cursor = Cursor.load(data) if data is not None else self._begin(kind)
        if cursor.full_after < 0 and not self._reading.kind(kind).has_modified:
            cursor.full_after, cursor.poll = 0, None
        if cursor.full_after >= 0:
            records, more = self._read_all(kind, cursor)
        else:
            records, more = self._read_changed(kind, cursor)
        return Page(records, cursor.dump(), more, read_at)

    def _begin(self, kind: str) -> Cursor:
        """A fresh cursor. The latest stamp there is before the full read is where the first pass will start from."""
        self._check_formatting()
        stamp = self._reading.newest_stamp(kind)
        now = self._reading.client.server_time()
        stamp = stamp if is_plausible(stamp, now) else ""
        cursor = Cursor(stamp=stamp, stamp_at=now.isoformat(), audited=now.isoformat(), asked=now.isoformat())
        cursor.since = cursor.deep_since = shifted(stamp, -self._pace.overlap)
        return cursor

    def _check_formatting(self) -> None:
        """Refuse to read dates whose order is not month, day, year: they could be misread in silence (intacct-xml §4.1)."""
        client = self._reading.client
        try:
            formatting = client.read_user_formatting(entity=self._reading.scope.session)
        except IntacctError:
            return  # no right to ask; the doctor says so, and an impossible date still stops the read
        if formatting is not None and not reads_us_dates(formatting.date_format, formatting.clock):
            raise own_fault("intacct.date-format", self._reading.context(), f"{formatting.date_format}, {formatting.clock}")

    def _read_all(self, kind: str, cursor: Cursor) -> tuple[list[Record], bool]:
        result = self._reading.page(kind, greater_than("RECORDNO", cursor.full_after), page_size=self._pace.page_size)
        records = [seen.record for seen in self._reading.seen(kind, result.rows)]
        cursor.high = max([cursor.high, *_numbers(result.rows)])
        if result.rows and result.remaining:
            cursor.full_after = cursor.high
            return records, True
        if self._reading.kind(kind).has_modified:
            cursor.full_after = -1
            cursor.top, cursor.top_at = cursor.high, self._now()
            cursor.low = max(0, cursor.high - RECORD_SLACK)
        else:
            cursor.full_after = 0
        return records, False

    def _read_changed(self, kind: str, cursor: Cursor) -> tuple[list[Record], bool]:
        records: list[Record] = []
        if cursor.poll is None:
            records += deletions(self._reading, kind, cursor, self._pace.deletions, self._pace.overlap)
            started = self._now()
            deep = instant(started) - instant(cursor.deep_at) >= self._pace.deep
            cursor.poll = Poll(cursor.deep_since if deep else cursor.since, cursor.low, started, deep=deep)
        poll = cursor.poll
        result = self._ask(kind, poll)
        records += [seen.record for seen in self._reading.seen(kind, result.rows)]
        cursor.high = max([cursor.high, *_numbers(result.rows)])
        now = self._reading.client.server_time()
        for stamp in _stamps(result.rows):
            if is_plausible(stamp, now):
                poll.best = later(poll.best, stamp)
        if _advance(poll, result, self._pace.page_size):
            return records, True
        self._finish(cursor, poll)
        return records, False

    def _ask(self, kind: str, poll: Poll) -> Result:
        if poll.tie_after >= 0:
            where = all_of(*_second(poll), greater_than("RECORDNO", poll.tie_after))
            return self._reading.page(kind, where, page_size=self._pace.page_size)
        stamped: Condition = at_least("WHENMODIFIED", poll.since) if poll.since else is_not_null("WHENMODIFIED")
        if poll.done:
            stamped = any_of(all_of(*_second(poll)), at_least("WHENMODIFIED", shifted(poll.since, _SECOND)))
        where = any_of(stamped, all_of(is_null("WHENMODIFIED"), greater_than("RECORDNO", poll.nulls_after)))
        return self._reading.page(kind, where, ("WHENMODIFIED", "RECORDNO"), page_size=self._pace.page_size)

    def _finish(self, cursor: Cursor, poll: Poll) -> None:
        started = instant(poll.started)
        now = self._reading.client.server_time()
        if poll.best and later(cursor.stamp, poll.best) != cursor.stamp:
            cursor.stamp, cursor.stamp_at = poll.best, now.isoformat()
        cursor.since = next_since(cursor, started, min(self._pace.near, self._pace.overlap))
        if poll.deep:
            # Every row stamped an overlap before this pass began was visible to it; the next deep one goes on from there.
            cursor.deep_since, cursor.deep_at = next_since(cursor, started, self._pace.overlap), poll.started
        if started - instant(cursor.top_at) >= self._pace.overlap:
            # Every number up to `top` was given out before `top_at`, so its row is visible and this pass has read it.
            cursor.low = max(cursor.low, cursor.top)
            cursor.top, cursor.top_at = cursor.high, now.isoformat()
        cursor.poll = None

    def _now(self) -> str:
        return self._reading.client.server_time().isoformat()


def _second(poll: Poll) -> list[Condition]:
    """What is still to be read of the second `since`."""
    parts = [poll.done[at : at + MAX_IN] for at in range(0, len(poll.done), MAX_IN)]
    return [
        at_least("WHENMODIFIED", poll.since),
        less_than("WHENMODIFIED", shifted(poll.since, _SECOND)),
        *(not_in("RECORDNO", part) for part in parts),
    ]


def _advance(poll: Poll, result: Result, page_size: int) -> bool:
    """Move on within a pass after a page; False if the pass is complete."""
    if poll.tie_after >= 0:
        numbers = _numbers(result.rows)
        if numbers and result.remaining:
            poll.tie_after = max(numbers)
        else:
            poll.tie_after, poll.done = -1, []
            poll.since = shifted(poll.since, _SECOND)
        return True
    if not result.rows or not result.remaining:
        return False
    stamps = _stamps(result.rows)
    unstamped = [row for row in result.rows if not row.fields.get("WHENMODIFIED", "").strip()]
    poll.nulls_after = max([poll.nulls_after, *_numbers(unstamped)])
    if stamps:
        last = max(stamps, key=_moment)
        read = [row.fields["RECORDNO"].strip() for row in result.rows if row.fields.get("WHENMODIFIED", "").strip() == last]
        if last == poll.since:
            poll.done += read
            poll.tie_after = 0 if len(poll.done) > _LEFT_OUT * page_size else -1
        else:
            poll.since = last
            poll.done = read if len(read) > page_size // _FEW else []
    return True


def _moment(stamp: str) -> float:
    moment = read_timestamp(stamp)
    return moment.timestamp() if moment else 0.0


def _stamps(rows: Sequence[Row]) -> list[str]:
    return [stamp for row in rows if (stamp := row.fields.get("WHENMODIFIED", "").strip())]


def _numbers(rows: Sequence[Row]) -> list[int]:
    return [int(number) for row in rows if (number := row.fields.get("RECORDNO", "").strip()).isdigit()]


def reads_us_dates(date_format: str, clock: str) -> bool:
    """Whether a user's formatting is month, day, year with a 24-hour clock: `/mdY` and `24`, or nothing said."""
    order = "".join(letter for letter in date_format.lower() if letter in _US_DATES)
    return (not order or order == _US_DATES) and clock.strip() in ("", "24")
