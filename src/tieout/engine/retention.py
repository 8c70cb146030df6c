"""What is forgotten in time, and the months of the journal that are made ahead of it. What was written stays in the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from tieout.core.settings import values_of
from tieout.platforms import registry
from tieout.store.models import OPEN_ITEM, Connection, PlanItem, PlanState

CHUNK = 5_000
MONTHS_AHEAD = 3


def forget_ended_items(now: datetime) -> int:
    """Delete plan items that ended longer ago than their company keeps them; how many there were.

    A rejected item ends, but what it says holds until it changes, so it stays.
    """
    count = 0
    for company in Connection.objects.filter(system=registry.BOOKS):
        days = int(values_of(registry.vendor(company.system).connection, company.values)["plan_days"])
        over = PlanItem.objects.filter(integration__company=company, ended_at__lt=now - timedelta(days=days))
        over = over.exclude(state__in=[*OPEN_ITEM, PlanState.REJECTED])
        while ids := list(over.values_list("pk", flat=True)[:CHUNK]):
            count += PlanItem.objects.filter(pk__in=ids).delete()[0]
    return count


def make_months(now: datetime) -> None:
    """Make the partitions of the months to come, before anything is in them; one that is there is left alone."""
    next_month = (now.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT store_make_partitions(%s, %s)", [next_month, MONTHS_AHEAD])
