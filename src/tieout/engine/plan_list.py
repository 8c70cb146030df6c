"""The plan as people read it: the queries behind its page. Everything here only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet

from tieout.engine import freeze
from tieout.engine.log_list import FieldChange
from tieout.engine.pairs import settings_of
from tieout.engine.plan import AT_ONCE
from tieout.platforms import registry
from tieout.platforms.registry import UnknownSystemError
from tieout.store.models import OPEN_ITEM, Connection, Freeze, Hold, Integration, PlanItem, PlanState, Problem

PAGE = 50
BY_ITSELF = (Hold.NONE, Hold.FROZEN, Hold.BATCH)


class Tab(StrEnum):
    """What part of the plan is shown."""

    WAITING = "waiting"  # for a person
    FROZEN = "frozen"
    GOING = "going"  # released, or by itself
    DONE = "done"
    ENDED = "ended"  # planned anew, lapsed or rejected


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan item with its fields."""

    id: int
    name: str
    integration: str
    company: str
    flow: str
    step: str
    side: str
    left_kind: str
    left_id: str
    right_kind: str
    natural_key: str
    entity: str
    reason: str
    state: str
    hold: str
    changes: tuple[FieldChange, ...]
    planned_at: datetime
    released_by: str
    released_at: datetime | None
    until: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What to show of the plan; an empty value shows all. `text` is part of a record's name or its ID."""

    tab: Tab = Tab.WAITING
    integration: str = ""
    flow: str = ""
    hold: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of the plan.

    Attributes:
        counts: of every tab under the other filters.
        transactions: what carrying out all that match on this tab costs on the books' side, as they bill.
    """

    rows: tuple[PlanRow, ...]
    counts: Mapping[str, int]
    transactions: int
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class SwitchOn:
    """An integration with kinds that wait for their release: what that would link and create, and how many need an eye."""

    integration: str
    flows: tuple[tuple[str, str], ...]
    links: int
    creates: int
    updates: int
    needs_eye: int


@dataclass(frozen=True, slots=True)
class OnFlows:
    """An integration and its kinds that are turned on, by flow and label."""

    integration: str
    flows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FreezeRow:
    """One company, its freeze if it is frozen, and what that holds back."""

    company: str
    standing: Freeze | None
    waiting: freeze.Waiting | None = field(default=None)


def plan_items(wanted: PlanFilter, *, page: int = 1, size: int = PAGE) -> PlanPage:
    """One page of the plan items that match; a page outside the list is the nearest one."""
    found = _matching(wanted)
    counts = {tab.value: _of_tab(found, tab).count() for tab in Tab}
    mine = _of_tab(found, wanted.tab)
    order = "id" if wanted.tab in (Tab.WAITING, Tab.FROZEN, Tab.GOING) else "-ended_at"
    total = counts[wanted.tab]
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = mine.select_related("integration__company").order_by(order, "id")[(page - 1) * size : page * size]
    cost = _cost(mine) if wanted.tab in (Tab.WAITING, Tab.FROZEN, Tab.GOING) else 0
    return PlanPage(tuple(_row(row) for row in rows), counts, cost, page, pages, total)


def waiting_ids(wanted: PlanFilter, newest: int) -> list[int]:
    """The numbers of all items that match and wait for a person, up to the newest one that the person can have seen."""
    return list(_of_tab(_matching(wanted), Tab.WAITING).filter(pk__lte=newest).order_by("id").values_list("pk", flat=True))


def newest_id() -> int:
    """The number of the newest plan item there is."""
    return PlanItem.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def _matching(wanted: PlanFilter) -> QuerySet[PlanItem]:
    found = PlanItem.objects.all()
    if wanted.integration:
        found = found.filter(integration__name=wanted.integration)
    if wanted.flow:
        found = found.filter(flow=wanted.flow)
    if wanted.hold:
        found = found.filter(hold=wanted.hold)
    if text := wanted.text.strip():
        found = found.filter(Q(name__icontains=text) | Q(left_id=text) | Q(right_id=text) | Q(natural_key__iexact=text))
    return found


def _cost(rows: QuerySet[PlanItem]) -> int:
    """Billed transactions: one for each record written in the books, and one read before each hundred of a kind."""
    writes = rows.filter(side="right", state__in=OPEN_ITEM).exclude(step__in=["link", "unlink"])
    counted = writes.values("flow", "step", "entity").annotate(n=Count("id")).order_by()
    return sum(row["n"] + -(-row["n"] // AT_ONCE) for row in counted)


def _of_tab(rows: QuerySet[PlanItem], tab: Tab) -> QuerySet[PlanItem]:
    match tab:
        case Tab.WAITING:
            return rows.filter(state=PlanState.PLANNED).exclude(hold__in=BY_ITSELF)
        case Tab.FROZEN:
            return rows.filter(state__in=OPEN_ITEM, hold=Hold.FROZEN)
        case Tab.GOING:
            return rows.filter(Q(state=PlanState.RELEASED) | Q(state=PlanState.PLANNED, hold=Hold.NONE)).exclude(hold=Hold.FROZEN)
        case Tab.DONE:
            return rows.filter(state=PlanState.DONE)
        case Tab.ENDED:
            return rows.exclude(state__in=[*OPEN_ITEM, PlanState.DONE])


def _row(row: PlanItem) -> PlanRow:
    changes = row.changes if isinstance(row.changes, Mapping) else {}
    return PlanRow(
        id=row.pk,
        name=row.name,
        integration=row.integration.name,
        company=row.integration.company.name,
        flow=row.flow,
        step=row.step,
        side=row.side,
        left_kind=row.left_kind,
        left_id=row.left_id,
        right_kind=row.right_kind,
        natural_key=row.natural_key,
        entity=row.entity,
        reason=row.reason,
        state=row.state,
        hold=row.hold,
        changes=tuple(FieldChange(name, change.get("from"), change.get("to"), change.get("raw")) for name, change in changes.items()),
        planned_at=row.planned_at,
        released_by=row.released_by,
        released_at=row.released_at,
        until=row.until,
        ended_at=row.ended_at,
    )


def waiting_count() -> int:
    """How many plan items wait for a person."""
    return _of_tab(PlanItem.objects.all(), Tab.WAITING).count()


def switch_ons() -> list[SwitchOn]:
    """The integrations with kinds of record that are turned on and wait for their release."""
    found = []
    for row in Integration.objects.filter(active=True, asks_first=True).select_related("platform", "company"):
        flows = _unreleased(row)
        if flows:
            items = PlanItem.objects.filter(integration=row, state=PlanState.PLANNED, hold=Hold.SWITCH_ON)
            steps: dict[str, Any] = dict(items.values_list("step").annotate(n=Count("id")).order_by())
            eye = Problem.objects.filter(integration=row, cleared_at=None, flow__in=[name for name, _ in flows]).count()
            links, creates = steps.pop("link", 0), steps.pop("create", 0)
            found.append(SwitchOn(row.name, tuple(flows), links, creates, sum(steps.values()), eye))
    return found


def on_flows() -> list[OnFlows]:
    """The integrations with kinds of record that are turned on: what a backfill may bring in."""
    rows = Integration.objects.filter(active=True).select_related("platform", "company")
    return [OnFlows(row.name, tuple(flows)) for row in rows if (flows := _on(row))]


def _unreleased(row: Integration) -> list[tuple[str, str]]:
    return [(name, label) for name, label in _on(row) if not row.is_released(name)]


def _on(row: Integration) -> list[tuple[str, str]]:
    try:
        flows = registry.platform(row.platform.system).flows
    except UnknownSystemError:
        return []
    settings = settings_of(row)
    return [(flow.name, flow.label) for flow in flows if flow.is_on(settings)]


def freezes() -> list[FreezeRow]:
    """Every company that is kept in step, the frozen ones with what waits."""
    found = []
    for company in Connection.objects.filter(as_company__isnull=False).distinct():
        stands = freeze.standing(company)
        found.append(FreezeRow(company.name, stands, freeze.waiting(company) if stands is not None else None))
    return found
