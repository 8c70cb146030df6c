"""The pages: they read the engine's lists and hand them to templates. Nothing here decides or writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone

from tieout.engine import log_list, problem_list, queue_list
from tieout.engine.connections import partners
from tieout.engine.overview import IntegrationStatus, connection_statuses
from tieout.store.models import Connection, Integration, Level
from tieout.web import words
from tieout.web.chart import bar_chart
from tieout.web.site import site
from tieout.web.snapshot import snapshot

LAST_PAGE = 1_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2999


def overview(request: HttpRequest) -> HttpResponse:
    """The state of everything, kept moving by `overview_moving`."""
    return show(request, "tieout/overview.html", "Overview", **_moving())


def overview_moving(request: HttpRequest) -> HttpResponse:
    """The moving part of the overview, or 204 while it looks the same as what the page holds."""
    context = _moving()
    text = render_to_string("tieout/parts/moving.html", context, request)
    seen = hashlib.sha256(text.encode()).hexdigest()[:16]
    if seen == request.headers.get("X-Seen"):
        return HttpResponse(status=204)
    return HttpResponse(text, headers={"X-Seen": seen, "Cache-Control": "no-store"})


def queue(request: HttpRequest) -> HttpResponse:
    """Everything that is not in step yet."""
    now = datetime.now(UTC)
    asked = request.GET
    wanted = queue_list.QueueFilter(
        state=one_of(asked.get("state", ""), queue_list.QueueState),
        kind=asked_text(asked, "kind"),
        connection=asked_text(asked, "connection"),
        text=asked_text(asked, "text"),
    )
    found = queue_list.queue(now, wanted, page=asked_page(asked))
    states = [(state, words.QUEUE[state], found.counts.get(state, 0)) for state in queue_list.QueueState]
    return show(
        request,
        "tieout/queue.html",
        "Queue",
        now=now,
        found=found,
        wanted=wanted,
        states=states,
        counted=sum(count for state, count in found.counts.items() if state is not queue_list.QueueState.SKIPPED),
        integrations=list(Integration.objects.filter(active=True).values_list("name", flat=True)),
        kinds=queue_list.kinds(),
        connections=connection_names(),
        query=query_without(asked, "page"),
        query_of_state=query_without(asked, "page", "state"),
    )


def problems(request: HttpRequest) -> HttpResponse:
    """What needs a person."""
    asked = request.GET
    wanted = problem_list.ProblemFilter(
        actor=one_of(asked.get("actor", ""), words.ACTOR), connection=asked_text(asked, "connection"), text=asked_text(asked, "text")
    )
    found = problem_list.problems(wanted, page=asked_page(asked))
    context = {"found": found, "wanted": wanted, "actors": words.ACTOR, "connections": connection_names()}
    return show(request, "tieout/problems.html", "Problems", now=datetime.now(UTC), query=query_without(asked, "page"), **context)


def log(request: HttpRequest) -> HttpResponse:
    """The sync log, newest first."""
    asked = request.GET
    first, last = asked_day(asked.get("since", "")), asked_day(asked.get("until", ""))
    wanted = log_list.LogFilter(
        level=one_of(asked.get("level", ""), Level.values),
        event=asked_text(asked, "event"),
        flow=asked_text(asked, "flow"),
        text=asked_text(asked, "text"),
        connection=asked_text(asked, "connection"),
        since=start_of(first) if first else None,
        until=start_of(last + timedelta(days=1)) if last else None,
        run=whole_number(asked.get("run", "")),
    )
    try:
        found = log_list.log(wanted, before=asked.get("before", ""), after=asked.get("after", ""))
    except log_list.BadMarkError as error:
        raise Http404(str(error)) from error
    return show(
        request,
        "tieout/log.html",
        "Sync log",
        now=datetime.now(UTC),
        found=found,
        wanted=wanted,
        first=first,
        last=last,
        levels=[(level, words.LEVEL[level]) for level in Level.values],
        flows=queue_list.flow_labels(),
        connections=connection_names(),
        filtered=any((wanted.level, wanted.event, wanted.flow, wanted.text, wanted.connection, wanted.since, wanted.until, wanted.run)),
        query=query_without(asked, "before", "after"),
    )


def log_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry of the sync log: what changed, and the run it belongs to."""
    found = log_list.entry(pk)
    if found is None:
        raise Http404("There is no such entry in the sync log.")
    earlier: tuple[log_list.Entry, ...] = ()
    if found.left_id:
        page = log_list.log(log_list.LogFilter(record=(found.flow, found.left_id)), before=log_list.place_of(found), size=10)
        earlier = page.entries
    run = log_list.run_of(found.run) if found.run and request.user.has_perm("store.view_run") else None
    title = found.name or words.event_label(found.event)
    return show(request, "tieout/log_entry.html", title, now=datetime.now(UTC), entry=found, run=run, earlier=earlier)


def connections(request: HttpRequest) -> HttpResponse:
    """Every connection and how it is doing."""
    now = datetime.now(UTC)
    return show(request, "tieout/connections.html", "Connections", now=now, statuses=connection_statuses(now))


def connection(request: HttpRequest, name: str) -> HttpResponse:
    """One connection: its state, its values without secrets, its usage, and what it is paired with."""
    now = datetime.now(UTC)
    status = next((row for row in connection_statuses(now) if row.name == name), None)
    if status is None:
        raise Http404(f"There is no connection named “{name}”.")
    row = Connection.objects.get(name=name)
    pairs = Integration.objects.filter(Q(platform=row) | Q(company=row)).select_related("platform", "company")
    entries = log_list.log(log_list.LogFilter(connection=name), size=10).entries
    context = {"status": status, "settings": _shown_values(row), "pairs": pairs, "entries": entries, "row": row, "partners": partners(row)}
    return show(request, "tieout/connection.html", f"Connection {name}", now=now, **context)


@dataclass(frozen=True, slots=True)
class Load:
    """A first load in progress."""

    integration: IntegrationStatus
    done: int
    total: int
    minutes_left: int | None


def _moving() -> dict[str, Any]:
    state = snapshot()
    loads = []
    for row in state.integrations:
        if row.loading:
            left = row.waiting + row.blocked
            speed = state.written.minute
            loads.append(Load(row, row.linked, row.linked + left, -(-left // speed) if speed else None))
    down = [row for row in state.connections if not row.is_well]
    return {
        "state": state,
        "now": state.at,
        "chart": bar_chart(state.written.by_minute),
        "loads": loads,
        "down": down,
        "oldest": state.backlog.oldest_at,
        "waiting": state.backlog.count + state.blocked,
    }


def show(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page of ours: its template, with what every page needs."""
    return TemplateResponse(
        request, template, {**site.each_context(request), "title": title, "zone": timezone.get_current_timezone_name(), **context}
    )


def connection_names() -> list[str]:
    """The names of every connection."""
    return list(Connection.objects.values_list("name", flat=True))


def _shown_values(row: Connection) -> list[tuple[str, str]]:
    """Label and value of each setting; a secret is only said to be stored."""
    schema = words.connection_schema(row.system)
    sealed = bool(row.sealed)
    shown = []
    for setting in schema:
        if setting.is_secret:
            shown.append((setting.label, "stored, encrypted" if sealed else "not entered"))
        else:
            shown.append((setting.label, str(row.values.get(setting.name, setting.default)) or "empty"))
    return shown


def asked_text(asked: QueryDict, name: str) -> str:
    """A text that an address asks for, cut and harmless."""
    return asked.get(name, "").replace("\x00", "").strip()[:200]


def one_of(text: str, known: Any) -> str:
    """The text if it is one of these, else nothing."""
    return text if text in list(known) else ""


def asked_page(asked: QueryDict) -> int:
    """The number of the page asked for."""
    return min(whole_number(asked.get("page", "")) or 1, LAST_PAGE)


def whole_number(text: str) -> int | None:
    """A whole number, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def asked_day(text: str) -> date | None:
    """The day meant; None for what is no day, and for one so far off that its ends leave the calendar in some zone."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def start_of(day: date) -> datetime:
    """The first moment of a day in the zone of the page."""
    return timezone.make_aware(datetime.combine(day, time.min))


def query_without(asked: QueryDict, *names: str) -> str:
    """The query of this page without some of its values, ready for more to follow."""
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name not in names and values[-1]:
            kept[name] = values[-1]
    return kept.urlencode() + "&" if kept else ""
