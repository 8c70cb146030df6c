"""Which documents a batch takes: those that are selected and not in the books yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tieout.core.case import DELETED_RIGHT, REPLACED
from tieout.core.control import Control
from tieout.core.flow import Flow
from tieout.core.record import Record as CoreRecord
from tieout.core.tables import HoldError
from tieout.core.view import View
from tieout.engine.pairs import settings_of
from tieout.store.models import Integration, Link, Record, Ruling, RulingKind

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents a batch is to hold; an empty value takes all.

    Attributes:
        flows: of these flows.
        first, last: dated from this day on, until this day. With a first day, documents older than the switch-on are taken too.
        ids: only these left records, by their own IDs.
    """

    flows: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    ids: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        """As it is stored."""
        days = {name: day.isoformat() if day is not None else None for name, day in (("first", self.first), ("last", self.last))}
        return {"flows": list(self.flows), "ids": list(self.ids), **days}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Selection:
        """From how it is stored."""
        first, last = (date.fromisoformat(data[name]) if data.get(name) else None for name in ("first", "last"))
        return cls(tuple(data.get("flows", ())), first, last, tuple(data.get("ids", ())))


def chosen(integration: Integration, flow: Flow, wanted: Selection) -> Iterator[str]:
    """The left records of a flow that are selected and in no step yet, in a fixed order.

    One whose link was closed is taken only where it is named: who sends a month's documents has not asked for it.
    """
    rows = _unlinked(integration, flow)
    rows = rows.filter(remote_id__in=wanted.ids) if wanted.ids else rows.filter(~Exists(_parted(integration, flow)))
    return (row.remote_id for row in _fitting(rows, integration, flow, wanted))


def once_there(integration: Integration, flow: Flow, wanted: Selection) -> Iterator[tuple[CoreRecord, str]]:
    """The left records that are selected by more than their names and were in step before, each with why it does not go."""
    if wanted.ids:
        return
    for row in _fitting(_unlinked(integration, flow).filter(Exists(_parted(integration, flow))), integration, flow, wanted):
        parted = Link.objects.filter(integration=integration, flow=flow.name, left_id=row.remote_id).order_by("-closed_at").first()
        gone = parted is not None and parted.closed_because == DELETED_RIGHT
        text = "It was in the books before and was deleted there." if gone else "It was in step before, and its link was closed."
        yield row.as_core(), f"{text} To have it go once more, name it alone."


def _unlinked(integration: Integration, flow: Flow) -> QuerySet[Record]:
    linked = Link.objects.filter(integration=integration, left_kind=flow.left_kind, left_id=OuterRef("remote_id"), is_open=True)
    return Record.objects.filter(connection=integration.platform, kind=flow.left_kind, deleted=False).filter(~Exists(linked))


def _parted(integration: Integration, flow: Flow) -> QuerySet[Link]:
    """The closed links of a record for which nobody has asked since."""
    asked = Ruling.objects.filter(
        integration=integration, flow=flow.name, left_id=OuterRef("left_id"), kind=RulingKind.REQUESTED, at__gt=OuterRef("closed_at")
    )
    closed = Link.objects.filter(integration=integration, flow=flow.name, left_id=OuterRef("remote_id"), is_open=False)
    return closed.exclude(closed_because=REPLACED).filter(~Exists(asked))


def _fitting(rows: QuerySet[Record], integration: Integration, flow: Flow, wanted: Selection) -> Iterator[Record]:
    """Those whose age and day fit; a document without a day fits any."""
    control, since, settings = flow.control, integration.since(flow.name), settings_of(integration)
    assert control is not None
    for row in rows.order_by("remote_id").iterator(AT_ONCE):
        is_old = since is not None and row.modified_at is not None and row.modified_at < since
        if is_old and wanted.first is None and not wanted.ids:
            continue
        day = day_of(control, row.as_core(), settings)
        if day is None or ((wanted.first is None or wanted.first <= day) and (wanted.last is None or day <= wanted.last)):
            yield row


def day_of(control: Control, record: CoreRecord, settings: Mapping[str, Any]) -> date | None:
    """A document's own day; None if it does not tell."""
    try:
        return control.day(View(record, settings))
    except HoldError:
        return None


__all__ = ["Selection", "chosen", "day_of", "once_there"]
