"""Records side by side, as people read them: the queries behind their pages. Everything here only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tieout.core.decide import Decision, decide
from tieout.core.flow import Flow
from tieout.core.record import Ref
from tieout.engine import explain as explaining
from tieout.engine.explain import Explained
from tieout.engine.loading import load
from tieout.engine.pairs import Pair, settings_of
from tieout.engine.queue_list import known_flows
from tieout.engine.rulings import Question, questions
from tieout.store.models import Connection, Integration, Link, PlanItem, Problem, Record, Ruling

PAGE = 50


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record of a platform, and what it is linked to."""

    id: int
    name: str
    kind: str
    remote_id: str
    connection: str
    links: tuple[tuple[str, str], ...]
    modified_at: datetime | None
    seen_at: datetime
    deleted: bool


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """What to show; an empty value shows all. `text` is part of a number or ID on either side, or of a name."""

    kind: str = ""
    connection: str = ""
    linked: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records, the newest change first."""

    rows: tuple[RecordRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class FieldPair:
    """One field of both sides: the platform's value, that of the books, what it should be there, and where that comes from."""

    label: str
    left: Any
    right: Any
    accepted: tuple[Any, Any] | None
    origin: explaining.Origin
    differs: bool


@dataclass(frozen=True, slots=True)
class Side:
    """Everything about a record under one flow that its page shows."""

    integration: str
    flow: str
    label: str
    explained: Explained
    fields: tuple[FieldPair, ...]
    decision: Decision
    questions: tuple[Question, ...]
    right_name: str
    items: tuple[PlanItem, ...]
    rulings: tuple[Ruling, ...]
    problems: tuple[Problem, ...]


def records(wanted: RecordFilter, *, page: int = 1, size: int = PAGE) -> RecordPage:
    """One page of the platforms' records that match; a page outside the list is the nearest one."""
    found = _kept(Record.objects.filter(connection__as_platform__isnull=False).distinct(), wanted)
    total = found.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = list(found.select_related("connection").order_by("-modified_at", "id")[(page - 1) * size : page * size])
    links = _links(rows)
    return RecordPage(tuple(_row(row, links.get((row.kind, row.remote_id), ())) for row in rows), page, pages, total)


def _kept(found: QuerySet[Record], wanted: RecordFilter) -> QuerySet[Record]:
    known = {flow.left_kind for system in _systems() for flow in known_flows(system)}
    found = found.filter(kind=wanted.kind) if wanted.kind else found.filter(kind__in=known)
    if wanted.connection:
        found = found.filter(connection__name=wanted.connection)
    if wanted.linked:
        open_ones = Link.objects.filter(is_open=True).values("left_id")
        found = found.filter(remote_id__in=open_ones) if wanted.linked == "yes" else found.exclude(remote_id__in=open_ones)
    if text := wanted.text.strip():
        rights = Record.objects.filter(natural_key__iexact=text).values("remote_id")
        named = Link.objects.filter(right_id__in=rights, is_open=True).values("left_id")
        match = Q(remote_id=text) | Q(natural_key__icontains=text) | Q(fields__icontains=text) | Q(remote_id__in=named)
        found = found.filter(match)
    return found


def _systems() -> list[str]:
    return list(Connection.objects.filter(as_platform__isnull=False).values_list("system", flat=True).distinct())


def kinds() -> list[str]:
    """The kinds of record that flows of connected platforms keep in step."""
    return sorted({flow.left_kind for system in _systems() for flow in known_flows(system)})


def _links(rows: list[Record]) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    links = Link.objects.filter(left_id__in=[row.remote_id for row in rows], is_open=True).select_related("integration")
    names = _right_names(list(links))
    for link in links:
        found.setdefault((link.left_kind, link.left_id), []).append((link.flow, names.get(link.pk, link.right_id)))
    return {key: tuple(value) for key, value in found.items()}


def _right_names(links: list[Link]) -> dict[int, str]:
    """The IDs by which the linked records of the books are known, by link."""
    rows = Record.objects.filter(connection__in={link.integration.company_id for link in links}, remote_id__in=[x.right_id for x in links])
    keys = {
        (row.connection_id, row.kind, row.remote_id): row.natural_key for row in rows.only("connection", "kind", "remote_id", "natural_key")
    }
    return {x.pk: keys.get((x.integration.company_id, x.right_kind, x.right_id)) or x.right_id for x in links}


def _row(row: Record, links: tuple[tuple[str, str], ...]) -> RecordRow:
    name = next((f.shown_as(row.as_core()) for f in known_flows(row.connection.system) if f.left_kind == row.kind), str(row))
    return RecordRow(row.pk, name, row.kind, row.remote_id, row.connection.name, links, row.modified_at, row.seen_at, row.deleted)


def sides(row: Record, now: datetime, *, as_of: datetime | None = None) -> list[Side]:
    """A record under every flow it is part of, as it is now or was at a moment."""
    found = []
    ref = Ref(row.kind, row.remote_id)
    for integration in Integration.objects.filter(platform=row.connection, active=True).select_related("platform", "company"):
        flows = {flow.name: flow for flow in known_flows(row.connection.system)}
        found += [_side(integration, flows[each.flow], ref, each, now) for each in explaining.explain(integration, ref, as_of=as_of)]
    return found


def _side(integration: Integration, flow: Flow, ref: Ref, explained: Explained, now: datetime) -> Side:
    pair = Pair(integration, flow, ref, settings_of(integration))
    load([pair])
    pair.decision = decide(flow, pair.case(), pair.settings, now)
    mine = {"integration": integration, "flow": flow.name}
    fields = tuple(
        FieldPair(each.label, each.source, each.value, each.accepted, each, each.accepted is not None and each.accepted[1] != each.value)
        for each in explained.fields
    )
    right = pair.right.natural_key if pair.right is not None else ""
    return Side(
        integration=integration.name,
        flow=flow.name,
        label=flow.label,
        explained=explained,
        fields=fields,
        decision=pair.decision,
        questions=tuple(questions(pair)),
        right_name=right or (explained.right_ref.id if explained.right_ref is not None else ""),
        items=tuple(PlanItem.objects.filter(**mine, left_id=ref.id).order_by("-id")[:10]),
        rulings=tuple(Ruling.objects.filter(**mine, left_id=ref.id).order_by("-at", "-id")[:20]),
        problems=tuple(Problem.objects.filter(**mine, subject_id=ref.id, cleared_at=None)),
    )
