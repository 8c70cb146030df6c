"""The nightly compare: everything on both sides is read again, a slice at a time, to find what events and polls missed.

A pass over a kind reads it from the beginning to the end with a cursor of its own, so that polling goes on beside it. What
differs from what is stored is marked as bulk, which lets live changes pass. A linked record that a whole pass did not show
is marked too: whoever looks at it reads it by its id and finds that it was deleted. A pass that a night is too short for
goes on in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from tieout.core.ports import Fault, Scope, System
from tieout.core.record import Ref
from tieout.engine import health, mass_deletion
from tieout.engine.hours import is_night
from tieout.engine.mark import mark
from tieout.engine.observe import store
from tieout.engine.poll import kinds_of
from tieout.engine.runtime import Runtime
from tieout.engine.usage import count_usage
from tieout.store.models import Comparing, Connection, Integration
from tieout.store.statements import rows

PAGES = 20  # a slice; then other work has its turn
PAUSE_BETWEEN_PASSES = timedelta(hours=18)


def due(now: datetime) -> list[Connection]:
    """The connections of which a slice is to be compared now."""
    found: dict[int, Connection] = {}
    for integration in Integration.objects.filter(active=True).select_related("platform", "company"):
        if is_night(integration.company, now):
            for connection in (integration.platform, integration.company):
                if (connection.retry_at is None or connection.retry_at <= now) and _open_kinds(connection, now):
                    found.setdefault(connection.pk, connection)
    return list(found.values())


def _open_kinds(connection: Connection, now: datetime) -> list[str]:
    """The kinds whose pass is under way or due again."""
    ended = Comparing.objects.filter(connection=connection, ended_at__isnull=False, began_at__gt=now - PAUSE_BETWEEN_PASSES)
    over = set(ended.values_list("kind", flat=True))
    return [kind for kind in kinds_of(connection) if kind not in over]


def compare_slice(runtime: Runtime, connection: Connection, pages: int = PAGES) -> bool:
    """Compare up to `pages` pages of a connection; whether more is left of this pass.

    A fault pauses the connection or leaves the kind for the next slice; what was read stays read.
    """
    try:
        system = runtime.systems.of(connection)
        for kind in _open_kinds(connection, runtime.now()):
            try:
                pages = _compare_kind(runtime, connection, system, kind, pages)
            except Fault as fault:
                if fault.case.scope is Scope.CONNECTION:
                    raise
            if pages <= 0:
                return True
    except Fault as fault:
        health.failed(connection, fault, runtime.now())
    finally:
        count_usage(runtime, connection)
    return False


def _compare_kind(runtime: Runtime, connection: Connection, system: System, kind: str, pages: int) -> int:
    """Go on with the pass over one kind; how many of the pages are left."""
    state, _ = Comparing.objects.get_or_create(connection=connection, kind=kind, defaults={"began_at": runtime.now()})
    if state.ended_at is not None:
        state.value, state.began_at, state.ended_at = None, runtime.now(), None
    while pages > 0 and state.ended_at is None:
        page = system.changes(kind, state.value)
        pages -= 1
        with transaction.atomic():
            found = store(connection, page.records, page.read_at)
            mass_deletion.watch(connection, page.records, runtime.now())
            unseen = () if page.more else _unseen(connection, kind, state.began_at)
            companies = mark(
                connection, found.changed, reason="compare", now=runtime.now(), changed_at=page.read_at, unread=unseen, bulk=True
            )
            state.value = dict(page.cursor)
            if not page.more:
                state.ended_at = runtime.now()
            state.save()
        for company in companies:
            runtime.wake(company)
    return pages


def _unseen(connection: Connection, kind: str, since: datetime) -> Sequence[Ref]:
    """The linked records of a kind that nobody has seen since a pass began."""
    found = rows("linked_unseen", {"connection": connection.pk, "kind": kind, "since": since})
    return [Ref(kind, id_) for (id_,) in found]


__all__ = ["PAGES", "compare_slice", "due"]
