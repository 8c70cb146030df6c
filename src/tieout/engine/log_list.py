"""The sync log as people read it: the queries behind its page and `tieout log`. Everything here only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tieout.store.models import Journal, Run

PAGE = 50


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one entry: its value before and after, and the other side's value it came from."""

    field: str
    before: Any
    after: Any
    source: Any = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the sync log.

    Attributes:
        level: info, warning or error. event: what happened, in one word. text: the sentence people read.
        name: the record as people know it. company, integration: the names of the connections concerned.
    """

    id: int
    at: datetime
    level: str
    event: str
    text: str
    name: str
    flow: str
    left_kind: str
    left_id: str
    right_kind: str
    right_id: str
    entity: str
    code: str
    company: str
    integration: str
    run: int | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The pass of work an entry belongs to."""

    id: int
    kind: str
    by: str
    started_at: datetime
    ended_at: datetime | None
    company: str
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What to show of the log; an empty value shows all.

    Attributes:
        text: part of a record's name, of its id on either side, or of the entry's sentence.
        connection: the name of a connection on either side.
        since, until: aware times; `until` is exclusive.
        run: the entries of one run. record: the flow and the platform's id of one record.
    """

    level: str = ""
    event: str = ""
    flow: str = ""
    text: str = ""
    connection: str = ""
    since: datetime | None = None
    until: datetime | None = None
    run: int | None = None
    record: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, newest first; `older` and `newer` are marks to go on from, if there is more."""

    entries: tuple[Entry, ...]
    older: str = ""
    newer: str = ""


class BadMarkError(ValueError):
    """A mark that no page of the log has handed out."""

    def __init__(self, mark: str) -> None:
        super().__init__(f"“{mark[:40]}” is not a place in the log. Leave it out to begin with the newest entry.")


def log(wanted: LogFilter, *, before: str = "", after: str = "", size: int = PAGE) -> LogPage:
    """One page of the entries that match, newest first.

    `before` and `after` are the marks of an earlier page. Pages are found by place and not by number, so
    that the thousandth costs no more than the first. Raises BadMarkError.
    """
    rows = _matching(wanted)
    backwards = bool(after)
    if mark := after or before:
        at, pk = _place(mark)
        rows = (
            rows.filter(Q(at__gt=at) | Q(at=at, pk__gt=pk), at__gte=at)
            if backwards
            else rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
        )
    found = list(rows.order_by("at", "id")[: size + 1] if backwards else rows.order_by("-at", "-id")[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_older, has_newer = (bool(found), more) if backwards else (more, bool(before and found))
    entries = tuple(_entry(row) for row in found)
    return LogPage(
        entries=entries,
        older=place_of(entries[-1]) if has_older else "",
        newer=place_of(entries[0]) if has_newer else "",
    )


def newest(count: int) -> tuple[Entry, ...]:
    """The newest entries of the whole log."""
    return tuple(_entry(row) for row in _rows().order_by("-at", "-id")[:count])


def entry(pk: int) -> Entry | None:
    """One entry with its changes, or None if there is no such entry."""
    row = _rows().filter(pk=pk).first()
    return _entry(row) if row else None


def place_of(found: Entry) -> str:
    """The mark of an entry: the page before it begins with the next older one."""
    return f"{found.at.isoformat()}~{found.id}"


def run_of(pk: int) -> RunInfo | None:
    """The run an entry belongs to, or None if it has been dropped or there is none."""
    row = Run.objects.select_related("company").filter(pk=pk).first()
    if row is None:
        return None
    return RunInfo(row.pk, row.kind, row.by, row.started_at, row.ended_at, row.company.name if row.company else "", row.counts)


def _rows() -> QuerySet[Journal]:
    return Journal.objects.select_related("company", "integration").defer("company__sealed", "company__values")


def _matching(wanted: LogFilter) -> QuerySet[Journal]:
    exact = {"level": wanted.level, "event": wanted.event, "flow": wanted.flow, "run_id": wanted.run}
    rows = _rows().filter(**{name: value for name, value in exact.items() if value})
    if wanted.since:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(at__lt=wanted.until)
    if wanted.record:
        rows = rows.filter(flow=wanted.record[0], left_id=wanted.record[1])
    if wanted.connection:
        rows = rows.filter(Q(company__name=wanted.connection) | Q(integration__platform__name=wanted.connection))
    if text := wanted.text.strip():
        rows = rows.filter(Q(name__icontains=text) | Q(left_id=text) | Q(right_id=text) | Q(text__icontains=text))
    return rows


def _entry(row: Journal) -> Entry:
    return Entry(
        id=row.pk,
        at=row.at,
        level=row.level,
        event=row.event,
        text=row.text,
        name=row.name,
        flow=row.flow,
        left_kind=row.left_kind,
        left_id=row.left_id,
        right_kind=row.right_kind,
        right_id=row.right_id,
        entity=row.entity,
        code=row.code,
        company=row.company.name if row.company else "",
        integration=row.integration.name if row.integration else "",
        run=row.run_id,
        changes=_changes(row.changes),
    )


def _changes(stored: Any) -> tuple[FieldChange, ...]:
    if not isinstance(stored, Mapping):
        return ()
    return tuple(
        FieldChange(name, row.get("from"), row.get("to"), row.get("raw")) for name, row in stored.items() if isinstance(row, Mapping)
    )


def _place(mark: str) -> tuple[datetime, int]:
    moment, _, pk = mark.replace(" ", "+").rpartition("~")
    try:
        at = datetime.fromisoformat(moment)
        number = int(pk)
    except ValueError:
        raise BadMarkError(mark) from None
    if at.tzinfo is None:
        raise BadMarkError(mark)
    return at, number
