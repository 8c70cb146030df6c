"""A company's transactions: what its month includes, what is used, and what the month will come to at this rate.

Only asking in turn is slowed when the month would cost more than it includes; changes are always sent.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from tieout.core.problems import OVER_BUDGET
from tieout.core.settings import values_of
from tieout.engine import journal
from tieout.platforms import registry
from tieout.store.models import ApiUsage, Connection, Integration

RATE_DAYS = 7  # the rate is that of the last full days, so that a first load does not count for ever
SLOWEST = 15


@dataclass(frozen=True, slots=True)
class Budget:
    """The API transactions of one company in one calendar month (UTC).

    Attributes:
        included: what the company's tier includes; 0 if its system bills none.
        used: so far this month.
        forecast: what the month will come to at the rate of the last days.
    """

    included: int
    used: int
    forecast: int

    @property
    def is_over(self) -> bool:
        """Whether the month will cost more than it includes."""
        return 0 < self.included < self.forecast

    @property
    def slowing(self) -> float:
        """By how much pauses between readings are stretched: 1 within the budget, at most `SLOWEST`."""
        return min(max(1.0, self.forecast / self.included), SLOWEST) if self.included else 1.0


def budget_of(company: Connection, now: datetime) -> Budget:
    """What a company has used and will use this month."""
    values = values_of(registry.vendor(company.system).connection, company.values)
    today = now.date()
    first = today.replace(day=1)
    used = _transactions(company, first, today)
    days_left = calendar.monthrange(today.year, today.month)[1] - today.day
    rate = _rate(company, today)
    return Budget(int(values.get("monthly_transactions") or 0), used, used + round(rate * days_left))


def _transactions(company: Connection, first: date, last: date) -> int:
    found = ApiUsage.objects.filter(connection=company, day__gte=first, day__lte=last).aggregate(total=Sum("transactions"))
    return int(found["total"] or 0)


def _rate(company: Connection, today: date) -> float:
    """Transactions a day over the last full days, or today's own until there is one."""
    earliest = ApiUsage.objects.filter(connection=company).order_by("day").values_list("day", flat=True).first()
    if earliest is None or earliest >= today:
        return float(_transactions(company, today, today))
    first = max(earliest, today - timedelta(days=RATE_DAYS))
    return _transactions(company, first, today - timedelta(days=1)) / (today - first).days


def watch(company: Connection, now: datetime) -> Budget:
    """The budget; while its month will cost more than it includes, the company is read more rarely, and one problem says so."""
    budget = budget_of(company, now)
    if company.slowing != budget.slowing:
        company.slowing = budget.slowing
        Connection.objects.filter(pk=company.pk).update(slowing=budget.slowing)
    subject = f"transactions of {company.name}"
    if budget.is_over:
        detail = f"{budget.used:,} of {budget.included:,} used; the month will come to about {budget.forecast:,}."
        integration = Integration.objects.filter(company=company, active=True).order_by("pk").first()
        if integration is not None:
            journal.raise_kind_problem(integration, OVER_BUDGET, subject, detail, now)
    else:
        journal.clear_kind_problems(company, [subject], now)
    return budget


__all__ = ["Budget", "budget_of", "watch"]
