"""What is going on right now, in figures: the queries behind the overview page and `tieout status`.

Everything here only reads. Each figure is one aggregate statement, so the number of statements does not grow with
the number of connections, flows or records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMinute

from tieout.engine.log_list import Entry, newest
from tieout.engine.queue_list import FlowsOf, known_flows
from tieout.store.models import (
    IN_FLIGHT,
    ApiUsage,
    Connection,
    ConnectionState,
    Cursor,
    Hint,
    Integration,
    Intent,
    IntentState,
    Link,
    Problem,
    Wait,
)

if TYPE_CHECKING:
    from tieout.core.flow import Flow

CHART_MINUTES = 30
AT_HAND = timedelta(minutes=3)  # longer than what was written may take to show what it led to
LOADING_FROM = 50  # a backlog below this is everyday work, not a first load


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls made and transactions billed in one span of time."""

    requests: int = 0
    transactions: int = 0


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """One connection and how it is doing.

    Attributes:
        cause: why it is in error, and what a person can do about it; empty while it is well.
        seen_at: when it last answered. next_try: when a connection in error is tried again by itself.
        today, month: API usage of the current day and calendar month, in UTC.
    """

    name: str
    system: str
    environment: str
    state: str
    code: str
    cause: str
    since: datetime | None
    seen_at: datetime | None
    next_try: datetime | None
    failures: int
    today: Usage
    month: Usage

    @property
    def is_well(self) -> bool:
        """Whether work goes on over this connection."""
        return self.state == ConnectionState.CONNECTED


@dataclass(frozen=True, slots=True)
class FlowStatus:
    """One flow of an integration in figures.

    Attributes:
        waiting: records hinted and not looked at yet. A record of the books that several flows share is counted
            on the integration only.
        blocked: records that wait for another record. in_flight: calls sent and not answered yet.
        unknown: calls whose outcome is not known yet. problems: open problems.
        last_sync_at: when the platform was last asked for changes of this kind.
    """

    name: str
    label: str
    left_kind: str
    right_kind: str
    linked: int = 0
    waiting: int = 0
    blocked: int = 0
    in_flight: int = 0
    unknown: int = 0
    problems: int = 0
    last_sync_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntegrationStatus:
    """One integration: its two connections, its flows, and the sums over them (see `FlowStatus`)."""

    name: str
    platform: str
    company: str
    active: bool
    flows: tuple[FlowStatus, ...]
    linked: int
    waiting: int
    blocked: int
    in_flight: int
    unknown: int
    problems: int
    last_sync_at: datetime | None
    loading: bool

    @property
    def progress(self) -> int:
        """How much of what is known is linked, in whole percent; 100 when nothing waits."""
        left = self.waiting + self.blocked
        return 100 if not left else min(99, 100 * self.linked // (self.linked + left))


@dataclass(frozen=True, slots=True)
class Backlog:
    """What has been hinted and not been looked at yet; `oldest_at` is since when the oldest of it has had its turn."""

    count: int
    oldest_at: datetime | None

    def oldest_age(self, now: datetime) -> timedelta | None:
        """How long the oldest hint has waited."""
        return now - self.oldest_at if self.oldest_at else None


@dataclass(frozen=True, slots=True)
class Written:
    """Records written in the last minute, hour and day, and in each of the last 30 minutes, oldest first."""

    minute: int
    hour: int
    day: int
    by_minute: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of everything at one moment."""

    at: datetime
    connections: tuple[ConnectionStatus, ...]
    integrations: tuple[IntegrationStatus, ...]
    linked: int
    backlog: Backlog
    blocked: int
    in_flight: int
    unknown: int
    problems: int
    written: Written
    recent: tuple[Entry, ...]


def overview(now: datetime, *, recent: int = 12, flows_of: FlowsOf = known_flows) -> Overview:
    """The state of everything at `now`, with the newest `recent` journal entries.

    `flows_of` gives the flows of a platform by its name, so that a flow shows before its first record is linked.
    """
    hints = _hints()
    integrations = _integrations(flows_of, hints)
    return Overview(
        at=now,
        connections=connection_statuses(now),
        integrations=integrations,
        linked=sum(row.linked for row in integrations),
        backlog=Backlog(sum(row["n"] for row in hints), min((min(row["oldest"], now) for row in hints), default=None)),
        blocked=sum(row.blocked for row in integrations),
        in_flight=sum(row.in_flight for row in integrations),
        unknown=sum(row.unknown for row in integrations),
        problems=Problem.objects.filter(cleared_at=None).count(),
        written=_written(now),
        recent=newest(recent),
    )


def at_hand(now: datetime) -> QuerySet[Hint]:
    """The hints whose turn is now or comes within minutes and that have not failed: what somebody who waits for the end waits for.

    A hint that is due later waits for time alone, such as one that tells after an hour that its record still waits for another.
    """
    return Hint.objects.filter(attempts=0, due_at__lte=now + AT_HAND)


def connection_statuses(now: datetime) -> tuple[ConnectionStatus, ...]:
    """Every connection and how it is doing at `now`."""
    usage = _usage(now)
    polled = dict(Cursor.objects.values_list("connection_id").annotate(at=Max("polled_at")).order_by())
    return tuple(
        ConnectionStatus(
            name=row.name,
            system=row.system,
            environment=row.environment,
            state=row.state,
            code=row.state_code,
            cause=row.state_text,
            since=row.state_since,
            seen_at=max((at for at in (row.seen_at, polled.get(row.pk)) if at is not None), default=None),
            next_try=row.retry_at,
            failures=row.failures,
            today=usage[row.pk][0],
            month=usage[row.pk][1],
        )
        for row in Connection.objects.defer("sealed", "values")
    )


def _usage(now: datetime) -> defaultdict[int, tuple[Usage, Usage]]:
    """Usage of today and of this month by connection."""
    today = now.astimezone(UTC).date()
    rows = (
        ApiUsage.objects.filter(day__gte=today.replace(day=1), day__lte=today)
        .values("connection_id")
        .annotate(
            r=Sum("requests"),
            t=Sum("transactions"),
            today_r=Sum("requests", filter=Q(day=today), default=0),
            today_t=Sum("transactions", filter=Q(day=today), default=0),
        )
    )
    found: defaultdict[int, tuple[Usage, Usage]] = defaultdict(lambda: (Usage(), Usage()))
    found.update({row["connection_id"]: (Usage(row["today_r"], row["today_t"]), Usage(row["r"], row["t"])) for row in rows})
    return found


def _hints() -> list[dict[str, Any]]:
    rows: Any = Hint.objects.values("company_id", "connection_id", "kind").annotate(n=Count("id"), oldest=Min("turn_at"))
    return list(rows.order_by())


class _Counts(NamedTuple):
    """Counts by integration and flow; the key of a problem of no flow has an empty flow."""

    linked: dict[tuple[int, str], int]
    blocked: dict[tuple[int, str], int]
    sending: dict[tuple[int, str], int]
    unknown: dict[tuple[int, str], int]
    problems: dict[tuple[int, str], int]


def _counts() -> _Counts:
    in_flight = Intent.objects.filter(state__in=IN_FLIGHT)
    return _Counts(
        linked=_by_flow(Link.objects.filter(is_open=True)),
        blocked=_by_flow(Wait.objects, Count("left_id", distinct=True)),
        sending=_by_flow(in_flight.filter(state=IntentState.SENDING)),
        unknown=_by_flow(in_flight.filter(state=IntentState.UNKNOWN)),
        problems=_by_flow(Problem.objects.filter(cleared_at=None, integration__isnull=False)),
    )


def _by_flow(rows: Any, count: Count | None = None) -> dict[tuple[int, str], int]:
    grouped = rows.values("integration_id", "flow").annotate(n=count or Count("id")).order_by()
    return {(row["integration_id"], row["flow"]): row["n"] for row in grouped}


def _integrations(flows_of: FlowsOf, hints: list[dict[str, Any]]) -> tuple[IntegrationStatus, ...]:
    counts = _counts()
    polled = {(row.connection_id, row.kind): row for row in Cursor.objects.all()}
    found = []
    for integration in Integration.objects.select_related("platform", "company").defer("platform__sealed", "company__sealed"):
        flows = flows_of(integration.platform.system)
        rows = tuple(_flow(integration, flow, counts, polled, hints) for flow in flows)
        ends = {integration.platform_id, integration.company_id}
        mine = [row for row in hints if row["connection_id"] in ends and row["company_id"] == integration.company_id]
        cursors = [row for (connection, _), row in polled.items() if connection in ends]
        linked, waiting = _sum(counts.linked, integration), sum(row["n"] for row in mine)
        found.append(
            IntegrationStatus(
                name=integration.name,
                platform=integration.platform.name,
                company=integration.company.name,
                active=integration.active,
                flows=rows,
                linked=linked,
                waiting=waiting,
                blocked=_sum(counts.blocked, integration),
                in_flight=_sum(counts.sending, integration),
                unknown=_sum(counts.unknown, integration),
                problems=_sum(counts.problems, integration),
                last_sync_at=max((row.polled_at for row in cursors if row.polled_at), default=None),
                loading=waiting > LOADING_FROM and (waiting > linked // 20 or any(row.caught_up_at is None for row in cursors)),
            )
        )
    return tuple(found)


def _sum(counts: dict[tuple[int, str], int], integration: Integration) -> int:
    return sum(n for (pk, _), n in counts.items() if pk == integration.pk)


def _flow(
    integration: Integration, flow: Flow, counts: _Counts, polled: dict[tuple[int, str], Cursor], hints: list[dict[str, Any]]
) -> FlowStatus:
    key = (integration.pk, flow.name)
    cursor = polled.get((integration.platform_id, flow.left_kind))
    return FlowStatus(
        name=flow.name,
        label=flow.label,
        left_kind=flow.left_kind,
        right_kind=flow.right_kind,
        linked=counts.linked.get(key, 0),
        waiting=_waiting(integration, flow, hints),
        blocked=counts.blocked.get(key, 0),
        in_flight=counts.sending.get(key, 0),
        unknown=counts.unknown.get(key, 0),
        problems=counts.problems.get(key, 0),
        last_sync_at=cursor.polled_at if cursor else None,
    )


def _waiting(integration: Integration, flow: Flow, hints: Iterable[dict[str, Any]]) -> int:
    mine = (row for row in hints if row["connection_id"] == integration.platform_id and row["company_id"] == integration.company_id)
    return sum(row["n"] for row in mine if row["kind"] == flow.left_kind)


def _written(now: datetime) -> Written:
    """Calls that were done, by when they were settled."""
    done = Intent.objects.filter(state=IntentState.DONE, settled_at__lte=now)
    first = now.replace(second=0, microsecond=0) - timedelta(minutes=CHART_MINUTES - 1)
    totals = done.filter(settled_at__gt=now - timedelta(days=1)).aggregate(
        day=Count("id"),
        hour=Count("id", filter=Q(settled_at__gt=now - timedelta(hours=1))),
        minute=Count("id", filter=Q(settled_at__gt=now - timedelta(minutes=1))),
    )
    counted = done.filter(settled_at__gte=first).annotate(at=TruncMinute("settled_at", tzinfo=UTC)).values("at").annotate(n=Count("id"))
    found = {row["at"]: row["n"] for row in counted.order_by()}
    minutes = (first + timedelta(minutes=i) for i in range(CHART_MINUTES))
    return Written(totals["minute"], totals["hour"], totals["day"], tuple((at, found.get(at, 0)) for at in minutes))
