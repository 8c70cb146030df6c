"""Sums of money: quantities times prices, to the cent (intacct-xml §3D: amounts are rounded to 2 decimals)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from tieout.sandbox.intacct.values import plain
from tieout.sandbox.storage import Row

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def number(row: Row, name: str) -> Decimal:
    """A column as a number; null counts as nothing."""
    return Decimal(row.get(name) or 0)


def product(row: Row, quantity: str, price: str) -> str:
    """Quantity times price where both are given, else nothing."""
    return plain(cents(number(row, quantity) * number(row, price))) if row.get(quantity) and row.get(price) else ""


def total(rows: Iterable[Row], name: str) -> str:
    """The sum of a column."""
    return plain(sum((number(row, name) for row in rows), Decimal(0)))


def shares(amount: Decimal, parts: int) -> list[Decimal]:
    """The amount in equal parts to the cent; the last one takes what is left."""
    share = cents(amount / parts)
    return [share] * (parts - 1) + [amount - share * (parts - 1)]
