"""Everything that is not in step yet, as one list: the queries behind the queue page. Everything here only reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import connection as database
from django.db.models import Q

from tieout.platforms.registry import UnknownSystemError, names, platform
from tieout.store.models import Integration, Record

if TYPE_CHECKING:
    from tieout.core.flow import Flow

PAGE = 50
FlowsOf: TypeAlias = "Callable[[str], Sequence[Flow]]"
_STATEMENT = (Path(__file__).parent / "sql" / "queue_list.sql").read_text()
_KINDS = """
SELECT kind FROM store_hint GROUP BY kind UNION SELECT left_kind FROM store_wait GROUP BY left_kind
UNION SELECT left_kind FROM store_intent WHERE state IN ('sending', 'unknown')
UNION SELECT subject_kind FROM store_problem WHERE cleared_at IS NULL ORDER BY 1
"""


def known_flows(system: str) -> Sequence[Flow]:
    """The flows of the platform of this name; the books, and a system that is no longer known, have none."""
    try:
        return platform(system).flows
    except UnknownSystemError:
        return ()


class QueueState(StrEnum):
    """Where a record stands, most urgent first."""

    NEEDS_A_PERSON = "needs a person"
    UNKNOWN = "outcome unknown"
    PAUSED = "paused"
    SENDING = "sending"
    IN_WORK = "in work"
    WAITING = "waiting"
    RETRYING = "trying again"
    QUEUED = "queued"
    SKIPPED = "skipped"  # shown only when asked for: it waits for nothing


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One record that is not in step yet, and why.

    Attributes:
        source, id: which table the row comes from (problem, intent, wait, hint) and its key there.
        name: the record as people know it; its kind and id if nothing better is known.
        cause, next_step: given for problems and for a connection in error, else empty.
        reason: why it was hinted, or what an intent does.
        needs: the records it waits for, by name.
        by: who skipped it. record: the key of its stored record, if there is one.
        since: when this began. next_try: when it is looked at again by itself, if that is known.
    """

    source: str
    id: int
    state: QueueState
    name: str
    kind: str
    remote_id: str
    connection: str
    company: str
    flow: str
    code: str
    cause: str
    next_step: str
    reason: str
    needs: tuple[str, ...]
    since: datetime
    attempts: int
    next_try: datetime | None
    integration: str = ""
    by: str = ""
    record: int | None = None

    @property
    def explanation(self) -> str:
        """Why it is where it is, in one sentence a person understands."""
        match self.state:
            case QueueState.NEEDS_A_PERSON:
                return self.cause
            case QueueState.UNKNOWN:
                return f"No answer came to “{self.reason}”. Tieout looks for its traces before it sends anything again."
            case QueueState.PAUSED:
                return self.cause or f"The connection “{self.connection}” is not working; it goes on by itself when that is cured."
            case QueueState.SENDING:
                return f"“{self.reason}” was sent and is being answered."
            case QueueState.IN_WORK:
                return "Both sides are being read and compared."
            case QueueState.WAITING:
                return f"Waits for {_listed(self.needs)}."
            case QueueState.RETRYING:
                return "The last attempt did not succeed and is repeated by itself."
            case QueueState.QUEUED:
                return "Waits for its turn."
            case QueueState.SKIPPED:
                return f"{self.by} left it alone{f': {self.cause}' if self.cause else '.'}"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to show of the queue; an empty value shows all. `text` is part of a record's name or content, or its id."""

    state: str = ""
    kind: str = ""
    connection: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue, most urgent first; `counts` are of every state under the other filters."""

    items: tuple[QueueItem, ...]
    counts: dict[QueueState, int]
    page: int
    pages: int
    total: int


def queue(now: datetime, wanted: QueueFilter, *, page: int = 1, size: int = PAGE, flows_of: FlowsOf = known_flows) -> QueuePage:
    """One page of the records that match; a page outside the list is the nearest one."""
    text = wanted.text.strip()
    values = {
        "now": now,
        "state": wanted.state,
        "kind": wanted.kind,
        "connection": wanted.connection,
        "text": text,
        "flows": json.dumps([{"system": name, "flow": each.name, "kind": each.left_kind} for name in names() for each in flows_of(name)]),
        "like": "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%",
    }
    counts, rows = _page(values, page, size)
    shown = sum(count for state, count in counts.items() if state is not QueueState.SKIPPED)
    total = counts.get(QueueState(wanted.state), 0) if wanted.state else shown
    pages = max(1, -(-total // size))
    if page not in range(1, pages + 1):
        page = min(max(1, page), pages)
        rows = _page(values, page, size)[1]
    return QueuePage(_named(rows, flows_of), counts, page, pages, total)


def kinds() -> list[str]:
    """The kinds of records that are in the queue now."""
    with database.cursor() as cursor:
        cursor.execute(_KINDS)
        return [kind for (kind,) in cursor.fetchall()]


def flow_labels(flows_of: FlowsOf = known_flows) -> dict[str, str]:
    """What people call the flows of all integrations, by name."""
    systems = Integration.objects.values_list("platform__system", flat=True).distinct()
    return {flow.name: flow.label for system in systems for flow in flows_of(system)}


def _page(values: dict[str, Any], page: int, size: int) -> tuple[dict[QueueState, int], list[dict[str, Any]]]:
    """The number of records in each state, and the rows of one page; both from one reading of the tables."""
    with database.cursor() as cursor:
        cursor.execute(_STATEMENT, {**values, "limit": size, "offset": max(0, page - 1) * size})
        columns = [column.name for column in cursor.description or ()]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    counts = {QueueState(state): n for state, n in json.loads(rows[0]["counts"]).items()}
    return counts, [row for row in rows if row["source"]]


def _named(rows: list[dict[str, Any]], flows_of: FlowsOf) -> tuple[QueueItem, ...]:
    """The rows with the names of their records and of the records they wait for, found in one statement."""
    names = _Names(rows, flows_of)
    return tuple(
        QueueItem(
            source=row["source"],
            id=row["source_id"],
            state=QueueState(row["state"]),
            name=row["name"] or names.of(row["connection_id"], row["system"], row["kind"], row["remote_id"]),
            kind=row["kind"],
            remote_id=row["remote_id"],
            connection=row["connection"] or row["platform"] or row["company"],
            company=row["company"],
            flow=row["flow"],
            code=row["code"],
            cause=row["cause"],
            next_step=row["next_step"],
            reason=row["reason"],
            needs=tuple(names.of(row["connection_id"], row["system"], *need.split(" ", 1)) for need in row["needs"] or ()),
            since=row["since"],
            attempts=row["attempts"],
            next_try=row["next_try"],
            integration=row["integration"],
            by=row["reason"] if row["source"] == "ruling" else "",
            record=row["record"],
        )
        for row in rows
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


class _Names:
    """How people know the records of one page."""

    def __init__(self, rows: list[dict[str, Any]], flows_of: FlowsOf) -> None:
        keys = {(row["connection_id"], row["kind"], row["remote_id"]) for row in rows if not row["name"]}
        keys |= {(row["connection_id"], *need.split(" ", 1)) for row in rows for need in row["needs"] or ()}
        self._flows_of = flows_of
        self._records: dict[tuple[int, str, str], Record] = {}
        wanted = Q()
        for connection, kind in {key[:2] for key in keys}:
            wanted |= Q(connection_id=connection, kind=kind, remote_id__in=[key[2] for key in keys if key[:2] == (connection, kind)])
        if wanted:
            self._records = {(row.connection_id, row.kind, row.remote_id): row for row in Record.objects.filter(wanted)}

    def of(self, connection: int, system: str | None, kind: str, remote_id: str) -> str:
        """The flow's name of the record, else its natural key, else its kind and id."""
        record = self._records.get((connection, kind, remote_id))
        if record is None:
            return f"{kind.capitalize()} {remote_id}"
        flow = next((flow for flow in self._flows_of(system or "") if flow.left_kind == kind), None)
        return (flow.shown_as(record.as_core()) if flow else "") or record.natural_key or f"{kind.capitalize()} {remote_id}"
