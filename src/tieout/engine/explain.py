"""Where a value comes from: which system set each field, when, in which run, by which rule, from what; and how a record was on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from tieout.core.born import left_view
from tieout.core.flow import FieldMap, Flow
from tieout.core.record import Ref, normal
from tieout.core.tables import HoldError
from tieout.core.view import MissingError
from tieout.engine.loading import load
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.seen import CHANGED
from tieout.platforms import registry
from tieout.store.models import Integration, Journal, Link, Record

LEFT, RIGHT = "left", "right"


class ExplainError(ValueError):
    """Something that cannot be explained; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a field of the books got the value it has.

    Attributes:
        field, label: the field's name in the books, and what people call it.
        value: its value there; `source` the platform's value now, `accepted` the two values last accepted as a pair.
        set_by: “Tieout”, a person or program in the books, or how the value was met; `at` when, as far as it is known.
        run, rule, raw: of a value that Tieout wrote. entry: the entry of the sync log that tells it.
    """

    field: str
    label: str
    value: Any
    source: Any
    accepted: tuple[Any, Any] | None
    set_by: str
    at: datetime | None
    run: int | None = None
    rule: str = ""
    raw: Any = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """One pair of records and the origin of every field.

    `as_of` is the moment it is shown at; None is now. `left`, `right` are all fields of both sides at that moment; None if the
    side did not exist or was not known then.
    """

    name: str
    flow: str
    left_ref: Ref
    right_ref: Ref | None
    state: str
    as_of: datetime | None
    left: Mapping[str, Any] | None
    right: Mapping[str, Any] | None
    fields: tuple[Origin, ...]


def explain(integration: Integration, ref: Ref, *, field: str = "", as_of: datetime | None = None) -> list[Explained]:
    """The pairs of a left record, one for each flow it is part of; only one field of each if it is named.

    `field` is a name or what people call it. Raises ExplainError if there is no such record or field.
    """
    row = Record.objects.filter(connection=integration.platform, kind=ref.kind, remote_id=ref.id).first()
    if row is None:
        raise ExplainError(f"{ref} is not known. Only what has been read once can be explained.")
    flows = [flow for flow in registry.platform(integration.platform.system).flows if flow.left_kind == ref.kind]
    settings = settings_of(integration)
    found = [_explain(integration, flow, row, settings, field, as_of) for flow in flows if flow.is_on(settings)]
    if field and not any(each.fields for each in found):
        known = sorted({field_map.shown for flow in flows for field_map in flow.fields})
        raise ExplainError(f"There is no field “{field}”. Known are {', '.join(known)}.")
    return found


def _explain(
    integration: Integration, flow: Flow, row: Record, settings: Mapping[str, Any], field: str, as_of: datetime | None
) -> Explained:
    left_ref = Ref(row.kind, row.remote_id)
    link = _link(integration, flow, row.remote_id, as_of)
    right_row = None
    if link is not None:
        right_row = Record.objects.filter(connection=integration.company, kind=link.right_kind, remote_id=link.right_id).first()
    entries = _entries(integration, flow, row.remote_id, link)
    left = _as_of(row, entries, LEFT, as_of)
    right = _as_of(right_row, entries, RIGHT, as_of)
    named = field.casefold()
    maps = [each for each in flow.fields if each.is_mapped(settings) and named in ("", each.right.casefold(), each.shown.casefold())]
    until = [entry for entry in entries if as_of is None or entry.at <= as_of]
    sources = _sources(integration, flow, row, settings, left, maps)
    origins = tuple(_origin(each, sources.get(each.right), right, link, until) for each in maps)
    name = flow.shown_as(row.as_core())
    return Explained(name, flow.name, left_ref, link.right if link is not None else None, _state(link), as_of, left, right, origins)


def _link(integration: Integration, flow: Flow, left_id: str, as_of: datetime | None) -> Link | None:
    links = Link.objects.filter(integration=integration, flow=flow.name, left_id=left_id)
    if as_of is not None:
        links = links.filter(Q(closed_at=None) | Q(closed_at__gt=as_of), opened_at__lte=as_of)
    return links.order_by("-is_open", "-id").first()


def _state(link: Link | None) -> str:
    if link is None:
        return "not linked"
    return "in step" if link.is_open else f"closed: {link.closed_because}"


def _entries(integration: Integration, flow: Flow, left_id: str, link: Link | None) -> list[Journal]:
    """Every entry that tells a field of this pair, the newest first."""
    told = list(Journal.objects.filter(integration=integration, flow__in=[flow.name, ""], left_id=left_id).exclude(changes={}))
    if link is not None:
        theirs = Journal.objects.filter(company=integration.company, right_kind=link.right_kind, right_id=link.right_id, event=CHANGED)
        told += [entry for entry in theirs if entry.left_id != left_id]
    return sorted(told, key=lambda entry: (entry.at, entry.pk), reverse=True)


def _side(entry: Journal, change: Mapping[str, Any]) -> str:
    if entry.event == CHANGED:
        return LEFT if entry.left_id else RIGHT
    return str(change.get("side") or RIGHT)


def _told(entries: Sequence[Journal], side: str) -> Iterator[tuple[Journal, str, Mapping[str, Any]]]:
    for entry in entries:
        for name, change in entry.changes.items():
            if isinstance(change, Mapping) and _side(entry, change) == side:
                yield entry, name, change


def _as_of(row: Record | None, entries: Sequence[Journal], side: str, as_of: datetime | None) -> Mapping[str, Any] | None:
    """All fields of a record at a moment: as they are now, taken back by every change told since."""
    if row is None:
        return None
    fields = dict(row.fields)
    if as_of is None:
        return None if row.deleted else fields
    if row.first_seen_at is not None and row.first_seen_at > as_of:
        return None
    for entry, name, change in _told(entries, side):
        if entry.at > as_of:
            fields[name] = change.get("from")
    return fields


def _sources(
    integration: Integration,
    flow: Flow,
    row: Record,
    settings: Mapping[str, Any],
    left: Mapping[str, Any] | None,
    maps: Sequence[FieldMap],
) -> dict[str, Any]:
    """The platform's value of each field, as the rules read it; one that lacks something is left out."""
    if left is None:
        return {}
    pair = Pair(integration, flow, Ref(row.kind, row.remote_id), settings)
    load([pair])
    view = left_view(pair.case(), replace(row.as_core(), fields=left), settings, row.seen_at)
    found: dict[str, Any] = {}
    for each in maps:
        with suppress(MissingError, HoldError):
            found[each.right] = normal(each.left(view))
    return found


def _origin(field_map: FieldMap, source: Any, right: Mapping[str, Any] | None, link: Link | None, entries: Sequence[Journal]) -> Origin:
    name = field_map.right
    halves = link.base.get(name) if link is not None else None
    accepted = (halves[0], halves[1]) if halves else None
    value = right.get(name) if right is not None else None
    found = Origin(name, field_map.shown, value, source, accepted, "nobody", None)
    for entry, field, change in _told(entries, RIGHT):
        if field == name and entry.event == CHANGED:
            return replace(found, set_by=str(change.get("by") or "somebody in the books"), at=entry.at, entry=entry.pk)
        if field == name:
            rule = str(change.get("rule") or "")
            return replace(found, set_by="Tieout", at=entry.at, run=entry.run_id, rule=rule, raw=change.get("raw"), entry=entry.pk)
    met = "there when it was linked" if link is not None and link.origin == "adopted" else "there when it was first seen"
    at = link.opened_at if link is not None else None
    return found if value is None else replace(found, set_by=met, at=at)
