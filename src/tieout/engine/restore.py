"""After an older copy of the database was restored: compare only, take up what is found, and only then write.

How far the journal has come is kept in a file beside the database. A database that has come less far than the file was
restored. Every company is then frozen, everything is read from the beginning, and what was made since the copy is found by
its ID and linked again. When all of it has been looked at, the freeze ends by itself.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Q

from tieout.engine import freeze
from tieout.engine.poll import kinds_of
from tieout.store.models import Comparing, Connection, Cursor, Freeze, Hint, Integration, Intent, IntentState, Journal

TIEOUT = "Tieout"
WHY = "The database was restored from an older copy: everything is compared before anything is written."


def watch(mark: Path, now: datetime) -> bool:
    """Keep the file up to date; whether it shows that the database was restored, and every company is now only compared."""
    newest = Journal.objects.aggregate(newest=Max("id"))["newest"] or 0
    known = _read(mark)
    was_restored = newest < known
    if was_restored:
        begin(now)
    if newest != known or was_restored:
        _write(mark, newest)
    return was_restored


def _read(mark: Path) -> int:
    try:
        return int(json.loads(mark.read_text())["journal"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0  # no file yet, or one that a full disk cut short


def _write(mark: Path, newest: int) -> None:
    fresh = mark.with_name(f"{mark.name}.{os.getpid()}")
    fresh.write_text(json.dumps({"journal": newest}))
    fresh.replace(mark)


def begin(now: datetime) -> list[Connection]:
    """Freeze every company that is kept in step, and have both its sides read from the beginning; those companies."""
    companies = list(Connection.objects.filter(as_company__active=True).distinct())
    with transaction.atomic():
        for company in companies:
            found = freeze.freeze(company, by=TIEOUT, why=WHY, now=now)
            Freeze.objects.filter(pk=found.pk, by=TIEOUT).update(ends_when_compared=True)
        sides = Connection.objects.filter(Q(as_company__active=True) | Q(as_platform__active=True)).distinct()
        Cursor.objects.filter(connection__in=sides).update(value=None, caught_up_at=None, next_at=now)
        Comparing.objects.filter(connection__in=sides).delete()
    return companies


def end_compared(now: datetime) -> list[Connection]:
    """End the freezes whose companies have been compared to the end; those companies. The caller wakes them."""
    compared = []
    for found in Freeze.objects.filter(lifted_at=None, ends_when_compared=True).select_related("company"):
        if _is_compared(found.company, now):
            freeze.lift(found.company, by=TIEOUT, now=now)
            compared.append(found.company)
    return compared


def _is_compared(company: Connection, now: datetime) -> bool:
    """Whether both sides were read to the end, and nothing that was found waits to be looked at."""
    for integration in Integration.objects.filter(company=company, active=True).select_related("platform", "company"):
        for connection in (integration.platform, integration.company):
            kinds = kinds_of(connection)
            if Cursor.objects.filter(connection=connection, kind__in=kinds, caught_up_at__isnull=False).count() < len(kinds):
                return False
    waits = Hint.objects.filter(company=company).filter(Q(due_at__lte=now) | Q(slot__isnull=False))
    return not waits.exists() and not Intent.objects.filter(company=company, state=IntentState.SENDING).exists()


__all__ = ["begin", "end_compared", "watch"]
