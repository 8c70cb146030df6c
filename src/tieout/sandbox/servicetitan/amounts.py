"""Money and quantities of documents: exact, rounded to cents half up, kept as text (servicetitan §5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.resource import Row

CENT: Final = Decimal("0.01")


def cents(value: Any) -> Decimal:
    """A number or its text, to the cent; nothing counts as zero."""
    return Decimal(str(value or 0)).quantize(CENT, ROUND_HALF_UP)


def money(value: Any) -> str:
    """The stored text of an amount, with two digits."""
    return str(cents(value))


def unit_price(value: Any) -> str:
    """The stored text of a price or cost of one: at least two digits, and those it has."""
    plain = f"{Decimal(str(value)):f}"
    return plain if len(plain.partition(".")[2]) > 2 else money(plain)


def quantity(value: Any) -> str:
    """The stored text of a quantity, without needless zeros."""
    plain = f"{Decimal(str(value)):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def extended(count: Any, price: Any) -> Decimal:
    """Quantity times price, to the cent."""
    return cents(Decimal(str(count)) * Decimal(str(price)))


def total(values: Iterable[Any]) -> Decimal:
    """The sum of amounts, to the cent."""
    return sum((cents(value) for value in values), Decimal("0.00"))


def due_date(term: Row, at: str) -> str:
    """When a document of a day is due under a payment term, in stored form."""
    moment = timestamps.to_datetime(at)
    if term["dueDayType"] == "NumberOfDays":
        return timestamps.from_datetime(moment + timedelta(days=term["dueDay"] or 0))
    months = 1 if term["dueDayType"] == "CertainDayOfFollowingMonth" else 0
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return timestamps.from_datetime(moment.replace(year=year, month=month + 1, day=min(term["dueDay"] or 1, 28)))
