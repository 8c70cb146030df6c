"""Export feeds: every row in the order of its last change, by opaque continuation tokens (servicetitan §6, E9).

A token remembers the change number up to which rows were sent, so a row that is changed while a caller pages gets a higher number
and comes again. Without ``includeRecentChanges`` rows younger than the lag are held back, and everything after the first such row
with them, so that nothing is skipped. With it they are sent at once, and once more on the call that follows the end of the feed.
"""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.query import Query
from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import Resource, Row


@dataclass(frozen=True, slots=True)
class Position:
    """Where a caller stands in one feed.

    ``sent`` is the last change number sent; ``known`` the one before this run of pages began; ``again`` where the rows that are to
    be repeated begin; ``since`` the date the feed was begun from.
    """

    feed: str
    sent: int = 0
    known: int = 0
    again: int | None = None
    since: str = ""

    def token(self) -> str:
        """The opaque text of this position."""
        plain = json.dumps([self.feed, self.sent, self.known, self.again, self.since], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of a feed: rows on a page, seconds of lag, and whether recent rows are repeated."""

    page_size: int
    lag_s: float
    repeat_recent: bool


def feed(records: Records, settings: Mapping[str, Any], query: Query, resource: Resource) -> tuple[list[Row], bool, str]:
    """What one call of a feed answers: its rows, whether there are more, and the token to go on with."""
    position = read_position(f"{resource.area}/{resource.feed}", query)
    rules = Rules(settings["export_page_size"], settings["export_lag_s"], settings["export_repeat_recent"])
    rows, more, after = feed_page(resource, position, records, rules, recent=bool(query.flag("includeRecentChanges")))
    return rows, more, after.token()


def read_position(feed: str, query: Query) -> Position:
    """The position the ``from`` parameter asks for: none, a date, or a token of this feed; anything else is a 400."""
    text = query.text("from")
    if text is None:
        return Position(feed)
    try:
        return Position(feed, since=timestamps.parse(text))
    except ValueError:
        pass
    try:
        plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        named, sent, known, again, since = plain
    except (binascii.Error, ValueError, TypeError):
        raise invalid("from", "The value is neither a continuation token nor a date.") from None
    if named != feed:
        raise invalid("from", "The continuation token belongs to another export.")
    return Position(feed, sent, known, again, since)


def feed_page(resource: Resource, position: Position, records: Records, rules: Rules, *, recent: bool) -> tuple[list[Row], bool, Position]:
    """The rows of the next page, whether there are more, and the position after it."""
    numbers, rows = records.by_change(resource.kind)
    now = records.stamp(seventh=9)
    settled = timestamps.plus(now, -rules.lag_s) if rules.lag_s else now
    repeat = recent and rules.repeat_recent and position.again is not None
    start = bisect_right(numbers, position.again if repeat and position.again is not None else position.sent)
    page: list[Row] = []
    last = position.sent
    more = False
    for place in range(start, len(rows)):
        row = rows[place]
        if not recent and _touched(row) > settled:
            break
        if _touched(row) >= position.since and (resource.where is None or resource.where(row)):
            if len(page) == rules.page_size:
                more = True
                break
            page.append(row)
        last = numbers[place]
    after = replace(position, sent=last, again=None)
    if more:
        return page, True, after
    young = [row["_change"] for row in rows[bisect_right(numbers, position.known) :] if _touched(row) > settled and row["_change"] <= last]
    return page, False, replace(after, known=last, again=young[0] - 1 if recent and young else None)


def _touched(row: Row) -> str:
    text: str = row["modifiedOn"]
    return text
