"""A guard against another account behind the same key: when many linked records are gone at once, nothing is written until a person looks.

A key that suddenly opens another account, or a user who suddenly sees less, looks exactly like the deletion of everything: the
other side would be set aside record by record, and the strange account's records would be made there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q

from tieout.core.record import Record as CoreRecord
from tieout.engine import freeze
from tieout.store.models import Connection, Freeze, Integration, Link, Record

AT_ONCE = timedelta(hours=1)
FEWEST = 20
SHARE = 0.1


def watch(connection: Connection, read: Sequence[CoreRecord], now: datetime) -> None:
    """Freeze the companies kept in step with a connection if this reading makes it many linked records of a kind that are gone at once.

    Whoever lifts the freeze has looked; what was gone before is not counted again.
    """
    for kind in sorted({record.kind for record in read if record.deleted}):
        for integration in Integration.objects.filter(Q(platform=connection) | Q(company=connection), active=True).select_related(
            "company"
        ):
            gone, linked = _gone(connection, integration, kind, now)
            if gone >= FEWEST and gone >= SHARE * linked:
                why = (
                    f"{gone:,} of {linked:,} linked {kind} records of {connection.name} are gone at once, as if its key opened another "
                    "account. Check the connection; lift the freeze if they were deleted on purpose."
                )
                freeze.freeze(integration.company, by="Tieout", why=why, now=now)


def _gone(connection: Connection, integration: Integration, kind: str, now: datetime) -> tuple[int, int]:
    """How many records of a kind that are or were just linked are gone since a while, and of how many."""
    lifted = Freeze.objects.filter(company=integration.company, lifted_at__isnull=False).aggregate(at=Max("lifted_at"))["at"]
    since = max(filter(None, (now - AT_ONCE, lifted)))
    deleted = Record.objects.filter(connection=connection, kind=kind, deleted=True, seen_at__gte=since).values("remote_id")
    own = "left" if integration.platform_id == connection.pk else "right"
    links = Link.objects.filter(Q(is_open=True) | Q(closed_at__gte=since), integration=integration, **{f"{own}_kind": kind})
    return links.filter(**{f"{own}_id__in": deleted}).count(), links.count()
