"""Polling: reading what changed on a connection, storing it, and marking what differs from what was known.

Records, marks and cursor are committed together, so a stop in between repeats a page and loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tieout.core.flow import layers
from tieout.core.ports import Fault, Page, Scope, System
from tieout.core.record import Ref
from tieout.engine import budget, health, journal, mass_deletion
from tieout.engine.mark import USUAL_PAUSE_S, mark
from tieout.engine.observe import store
from tieout.engine.pairs import is_unsafe, settings_of
from tieout.engine.runtime import Runtime
from tieout.engine.usage import count_usage
from tieout.platforms import registry
from tieout.store.models import Connection, Cursor, Integration, Link

PAUSE_WHEN_BOOKS = timedelta(seconds=USUAL_PAUSE_S)
LONGEST_IDLE_PAUSE = timedelta(minutes=15)


def kinds_of(connection: Connection) -> list[str]:
    """The kinds to read on a connection, those that others refer to first."""
    found: dict[str, None] = {}
    for integration in Integration.objects.filter(Q(platform=connection) | Q(company=connection), active=True).select_related("platform"):
        platform = registry.platform(integration.platform.system)
        settings = settings_of(integration)
        is_books = integration.company_id == connection.pk
        for kind in platform.reads_right if is_books else platform.reads:
            found.setdefault(kind)
        for layer in layers(platform.flows):
            for flow in layer:
                if flow.is_on(settings):
                    found.setdefault(flow.right_kind if is_books else flow.left_kind)
    return list(found)


def poll_pause(connection: Connection) -> timedelta:
    """How long to wait between two polls of a connection."""
    if connection.system == registry.BOOKS:
        return timedelta(seconds=float(connection.values.get("poll_seconds", PAUSE_WHEN_BOOKS.total_seconds())))
    return timedelta(seconds=registry.platform(connection.system).poll_seconds(connection.values))


def next_pause(connection: Connection, cursor: Cursor, changed: int) -> timedelta:
    """How long to wait before a kind is read again, of which just now so many records had changed.

    Reading the books is billed by the call. So while nothing changes there, and every platform tells of its changes by
    webhook, each pause is twice the one before, up to the connection's limit; a hint for the company ends that
    (`mark.mark`). Without webhooks the pause stays what it is, because readings are all there is to go by. All of it is
    stretched when the month would cost more than it includes.
    """
    usual = poll_pause(connection) * connection.slowing
    if changed or cursor.polled_at is None or cursor.next_at is None or not _is_told_by_webhooks(connection):
        return usual
    longest = timedelta(seconds=float(connection.values.get("idle_poll_seconds", LONGEST_IDLE_PAUSE.total_seconds())))
    return max(usual, min(2 * (cursor.next_at - cursor.polled_at), longest))


def _is_told_by_webhooks(connection: Connection) -> bool:
    """Whether these are books all of whose platforms send webhooks that are accepted."""
    if connection.system != registry.BOOKS:
        return False
    platforms = Connection.objects.filter(as_platform__company=connection, as_platform__active=True)
    return all(
        (webhook := registry.platform(platform.system).webhook) is not None and bool(platform.configuration().get(webhook.secret))
        for platform in platforms
    )


def poll(runtime: Runtime, connection: Connection) -> int:
    """Read every kind of a connection up to now; how many records had changed.

    A fault pauses the connection; what was read before it stays read. A fault that concerns one kind only becomes a
    problem of that kind, and the other kinds are read all the same; if no kind can be read, it is the connection's.
    """
    changed = 0
    failed: dict[str, Fault] = {}
    if connection.system == registry.BOOKS:
        budget.watch(connection, runtime.now())
    try:
        system = runtime.systems.of(connection)
        kinds = kinds_of(connection)
        for kind in kinds:
            try:
                changed += _read_kind(runtime, connection, system, kind)
            except Fault as fault:
                if fault.case.scope is Scope.CONNECTION:
                    raise
                failed[kind] = fault
        _kinds_read(connection, kinds, failed, runtime.now())
        connection.refresh_from_db(fields=["state", "state_code", "failures", "retry_at"])
        health.read_well(connection, runtime.now())
    except Fault as fault:
        health.failed(connection, fault, runtime.now())
    finally:
        count_usage(runtime, connection)
    return changed


def _read_kind(runtime: Runtime, connection: Connection, system: System, kind: str) -> int:
    changed = 0
    cursor, _ = Cursor.objects.get_or_create(connection=connection, kind=kind)
    more = True
    while more:
        page = system.changes(kind, cursor.value)
        companies, number = _keep(connection, cursor, page, runtime.now())
        changed += number
        more = page.more
        for company in companies:
            runtime.wake(company)
    _polled(connection, cursor, changed, runtime.now())
    return changed


def _kinds_read(connection: Connection, kinds: Sequence[str], failed: Mapping[str, Fault], now: datetime) -> None:
    """Tell what cannot be read and what can be read again. Raises the first fault if nothing can be read."""
    if failed and len(failed) == len(kinds):
        raise failed[kinds[0]]
    integrations = Integration.objects.filter(Q(platform=connection) | Q(company=connection), active=True)
    safe = [each.name for each in integrations.select_related("platform", "company") if not is_unsafe(each.platform, each.company)]
    journal.clear_kind_problems(connection, [*safe, *(kind for kind in kinds if kind not in failed)], now)
    if not failed:
        return
    Cursor.objects.filter(connection=connection, kind__in=list(failed)).update(next_at=now + poll_pause(connection))
    for integration in integrations:
        for kind, fault in failed.items():
            journal.raise_kind_problem(integration, fault.case, kind, fault.detail, now)


def _keep(connection: Connection, cursor: Cursor, page: Page, now: datetime) -> tuple[Sequence[int], int]:
    with transaction.atomic():
        first = cursor.value is None or cursor.caught_up_at is None
        found = store(connection, page.records, page.read_at)
        mass_deletion.watch(connection, page.records, now)
        interesting = _wanted(connection, found.changed) if connection.system == registry.BOOKS else found.changed
        moved = () if first else found.moved
        companies = mark(connection, interesting, reason="change", now=now, changed_at=page.read_at, unread=moved, bulk=first)
        cursor.value = dict(page.cursor)
        if not page.more:
            cursor.caught_up_at = page.read_at
        cursor.save()
    return companies, len(found.changed)


def _polled(connection: Connection, cursor: Cursor, changed: int, now: datetime) -> None:
    pause = next_pause(connection, cursor, changed)
    cursor.polled_at = now
    cursor.next_at = now + pause
    cursor.save(update_fields=["polled_at", "next_at"])


def _wanted(company: Connection, refs: Sequence[Ref]) -> list[Ref]:
    """Of these records of the books, those that are linked or that a flow makes on its platform; nobody waits for news of the others."""
    by_kind: dict[str, list[str]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    taken = _kinds_taken_over(company) if by_kind else frozenset()
    found: list[Ref] = []
    for kind, ids in by_kind.items():
        if kind in taken:
            found.extend(Ref(kind, id_) for id_ in ids)
            continue
        links = Link.objects.filter(integration__company=company, right_kind=kind, right_id__in=ids, is_open=True)
        found.extend(Ref(kind, id_) for id_ in links.values_list("right_id", flat=True).distinct())
    return found


def _kinds_taken_over(company: Connection) -> frozenset[str]:
    """The kinds of the books whose records some flow makes on its platform."""
    integrations = Integration.objects.filter(company=company, active=True).select_related("platform").prefetch_related("settings")
    return frozenset(
        flow.right_kind
        for integration in integrations
        for flow in registry.platform(integration.platform.system).flows
        if flow.takes_right_born(settings_of(integration))
    )


def due_connections(now: datetime) -> Iterable[Connection]:
    """The connections whose next poll is due, and that are not waiting out an error."""
    paired = Connection.objects.filter(Q(as_platform__active=True) | Q(as_company__active=True)).distinct()
    for connection in paired.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now)):
        due = Cursor.objects.filter(connection=connection).order_by("next_at").values_list("next_at", flat=True)
        kinds = kinds_of(connection)
        moments = list(due)
        if len(moments) < len(kinds) or any(moment is None or moment <= now for moment in moments):
            yield connection
