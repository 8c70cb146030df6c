"""What changed since a cursor, for lists that cannot tell.

Projects, clients and the like are read whole, each time, because they have no delta and their `updated_at` does not move with every
change (sage-psa §2); the engine drops what is equal. A record that a list no longer shows is looked up by itself, and only if the service
says that it is gone is it reported as deleted: a list cut short deletes nothing. A wrong list of another account would; see the
connection's preflight check.

Tasks have a delta and a feed of deletions. The pages of their v4 lists have no documented order, so a page number means nothing while
tasks are being edited. What is read instead are lists without pages: v3 lists of single projects first and once a day, the v3 delta in
between. Each is one answer, so nothing can slip from one page to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tieout.core.ports import Page
from tieout.core.record import Record
from tieout.platforms.exchange import Now
from tieout.platforms.members import shape
from tieout.platforms.sage_psa.cursors import Place, stamp
from tieout.platforms.sage_psa.kinds import PROJECT, TASK, Kind, Listing, kind_of
from tieout.platforms.sage_psa.members import identity, items, moment, unreadable
from tieout.platforms.sage_psa.reader import Reader
from tieout.platforms.sage_psa.records import gone

DOUBTS = 10
"""Most missing records looked up for one page."""

FRESH = timedelta(minutes=5)
"""How long a list is good for looking up what it missed; after that it is read again."""

RECENT = timedelta(seconds=15)
"""How old a list may be at the end of looking up what it missed; an older one, as after an interruption, is read again at once."""

PROJECTS = 10
"""Most projects whose lists are read for one page."""

ROUND = timedelta(hours=1)
"""How often kinds that must be read project by project are read."""

TASK_ROUND = timedelta(hours=24)
"""How often all tasks are read although there is a delta, for edits that do not move `updated_at` (sage-psa §2)."""

OVERLAP = timedelta(minutes=2)
"""How much further back a delta reaches: stamps have seconds, and rows may appear late (sage-psa §10.5)."""

ZONES = timedelta(hours=14)
"""The zone of a delta's stamp is not documented (sage-psa §2); no zone is further from UTC than this."""


class Changes:
    """The changes of one account. Every method raises only Fault."""

    def __init__(self, reader: Reader, *, clock: Now) -> None:
        self._reader = reader
        self._clock = clock

    def page(self, kind: str, cursor: Mapping[str, Any] | None) -> Page:
        """The next page of records of a kind that may have changed since the cursor; deleted ones are marked so."""
        row, place, now = kind_of(kind), Place.load(cursor), self._clock()
        if place.doubts and place.began is not None and timedelta() <= now - place.began <= FRESH and not place.left:
            return self._doubts(row, place, now)
        match row.listing:
            case Listing.WHOLE:
                return self._whole(row, place, now)
            case Listing.BY_PROJECT:
                return self._by_project(row, place, now)
            case Listing.TASKS:
                return self._tasks(row, place, now)

    def _whole(self, row: Kind, place: Place, now: datetime) -> Page:
        records = self._reader.everything(row)
        live = {record.id for record in records}
        return _page(records, _after_round(place, live, now), now)

    def _doubts(self, row: Kind, place: Place, now: datetime) -> Page:
        asked, left = place.doubts[:DOUBTS], place.doubts[DOUBTS:]
        records = [self._reader.one(row, id_) or gone(row.name, id_) for id_ in asked]
        known = place.known - {record.id for record in records if record.deleted}
        is_old = place.began is None or now - place.began > RECENT
        return _page(records, replace(place, known=known, doubts=left), now, more=bool(left) or (is_old and row.listing is Listing.WHOLE))

    def _by_project(self, row: Kind, place: Place, now: datetime) -> Page:
        if not place.left:
            if place.began is not None and timedelta() <= now - place.began < ROUND:
                return Page((), place.dump(), False, place.began)
            return self._round(row, place, now)
        records = [record for project in place.left[:PROJECTS] for record in self._reader.of_project(row, project)]
        walked = replace(place, left=place.left[PROJECTS:], seen=place.seen | {record.id for record in records})
        if walked.left:
            return _page(records, walked, now)
        return _page(records, _after_round(walked, set(walked.seen), now), now)

    def _round(self, row: Kind, place: Place, now: datetime) -> Page:
        """The beginning of a round through the projects. Nothing is known yet; what changes from here on is in a later delta."""
        projects = self._reader.everything(kind_of(PROJECT))
        # What was deleted since the last round began, and seen by no delta yet, is in no list of this one.
        since = place.since or place.began
        begun = replace(place, left=tuple(record.id for record in projects), seen=frozenset(), doubts=(), began=now, since=since)
        if not projects and row.listing is Listing.BY_PROJECT:
            begun = _after_round(begun, set(), now)
        return _page((), begun, now, more=True if row.listing is Listing.TASKS else None)

    def _tasks(self, row: Kind, place: Place, now: datetime) -> Page:
        if place.left:
            records = [record for project in place.left[:PROJECTS] for record in self._reader.of_project(row, project)]
            # The delta does not move with a round: what changed behind the round's back is earlier than what the round has seen.
            return _page(records, replace(place, left=place.left[PROJECTS:]), now, more=True)
        if place.began is None or not timedelta() <= now - place.began < TASK_ROUND:
            return self._round(row, place, now)
        since = (place.since or place.began) - OVERLAP
        records = self._delta(row, since) if place.anchor else []
        if place.anchor not in {record.id for record in records}:
            # What was there before is missing: it was deleted, or the stamp is read in another zone than UTC.
            records = self._delta(row, since - ZONES)
        deleted = {record.id: record for record in self._deleted(since - ZONES)}
        kept = [record for record in records if record.id not in deleted]
        return _page([*kept, *deleted.values()], _moved(place, records), now, more=False)

    def _delta(self, row: Kind, since: datetime) -> list[Record]:
        return self._reader.listed(row, f"v3/tasks/updated_after/{stamp(since)}")

    def _deleted(self, since: datetime) -> list[Record]:
        path = "v2/tasks/deleted"
        found = []
        for body in items(self._reader.client.get(path, {"updated_after": stamp(since)}).data, path):
            if not isinstance(body, Mapping) or (id_ := identity(body.get("id"), f"{path}: id")) is None:
                raise unreadable(path, f"holds {shape(body)} where a deleted task should be")
            at = moment(body.get("deleted_at"), f"{path}: task {id_}: deleted_at")
            by = identity(body.get("deleted_by"), f"{path}: task {id_}: deleted_by") or ""
            found.append(replace(gone(TASK, id_), modified_at=at, modified_by=by))
        return found


def _after_round(place: Place, live: set[str], began: datetime) -> Place:
    """The place after all was read: what is known now, and what was known before and is missing."""
    missing = tuple(sorted(place.known - live))
    return replace(place, known=frozenset(live | place.known), doubts=missing, seen=frozenset(), left=(), began=began)


def _moved(place: Place, records: list[Record]) -> Place:
    """The place after this delta: its latest time of change, as the service wrote it, and who has it. No clock of ours takes part."""
    latest = max(((record.modified_at, record.id) for record in records if record.modified_at is not None), default=None)
    return replace(place, anchor="") if latest is None else replace(place, since=latest[0], anchor=latest[1])


def _page(records: Any, place: Place, read_at: datetime, *, more: bool | None = None) -> Page:
    waiting = bool(place.left or place.doubts) if more is None else more
    return Page(tuple(records), place.dump(), waiting, read_at)


__all__ = ["DOUBTS", "FRESH", "PROJECTS", "ROUND", "TASK_ROUND", "Changes"]
