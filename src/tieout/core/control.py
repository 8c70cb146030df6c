"""Control totals: what documents add up to before they go and after, by kind and by where they are booked.

An accountant compares them to know that a batch arrived whole: the same number of documents and the same amount, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.core.record import Fields, Line, Ref, Value
from tieout.core.view import View

Shares = Mapping[str, Decimal]
"""An amount by where it is booked; "" is the company as a whole."""
Name = Callable[[Ref], str]


@dataclass(frozen=True, slots=True)
class Control:
    """What a document adds to control totals.

    Attributes:
        amount: its total on the left, with the sign it has in the books.
        day: its own day. Both raise HoldError for a document that does not tell.
        total: the right's field that holds its total.
        share, place: the fields of a line on the right with its amount and with where it is booked; a document whose lines
            have none counts for its entity as a whole.
    """

    amount: Callable[[View], Decimal]
    day: Callable[[View], date]
    total: str
    share: str = ""
    place: str = ""


@dataclass(slots=True)
class Total:
    """The number of documents and their sum, before they went and as the books hold them."""

    count: int = 0
    amount: Decimal = Decimal(0)
    count_there: int = 0
    amount_there: Decimal = Decimal(0)

    @property
    def agrees(self) -> bool:
        """Whether as many documents arrived, with the same sum to the cent."""
        return self.count == self.count_there and self.amount == self.amount_there


@dataclass(frozen=True, slots=True)
class Counted:
    """One document as control totals count it: by its kind, with its shares before, and after if the books hold it."""

    flow: str
    before: Shares
    after: Shares | None = None


def shares(control: Control, fields: Fields, entity: str, amount: Decimal, name: Name) -> dict[str, Decimal]:
    """A document's amount by where it is booked: its entity, else the places of its lines.

    What the lines do not account for stands under the entity, so that shares always add up to the amount.
    """
    found: dict[str, Decimal] = {}
    if not entity and control.place:
        for line in _lines(fields):
            part, place = line.fields.get(control.share), _named(line.fields.get(control.place), name)
            if isinstance(part, Decimal) and place:
                found[place] = found.get(place, Decimal(0)) + part
    rest = amount - sum(found.values(), Decimal(0))
    if rest or not found:
        found[entity] = found.get(entity, Decimal(0)) + rest
    return found


def _lines(fields: Fields) -> Iterable[Line]:
    return (line for value in fields.values() if isinstance(value, tuple) for line in value)


def _named(value: Value, name: Name) -> str:
    return name(value) if isinstance(value, Ref) else str(value or "")


def totals(documents: Iterable[Counted]) -> dict[tuple[str, str], Total]:
    """The totals of documents by kind and place. A document counts once in each place it has a share of."""
    found: dict[tuple[str, str], Total] = {}
    for each in documents:
        for place, amount in each.before.items():
            total = found.setdefault((each.flow, place), Total())
            total.count += 1
            total.amount += amount
        for place, amount in (each.after or {}).items():
            total = found.setdefault((each.flow, place), Total())
            total.count_there += 1
            total.amount_there += amount
    return dict(sorted(found.items()))


def by_kind(documents: Iterable[Counted]) -> dict[str, Total]:
    """The totals of documents by kind alone, each document counted once."""
    found: dict[str, Total] = {}
    for each in documents:
        total = found.setdefault(each.flow, Total())
        total.count += 1
        total.amount += sum(each.before.values(), Decimal(0))
        if each.after is not None:
            total.count_there += 1
            total.amount_there += sum(each.after.values(), Decimal(0))
    return found


__all__ = ["Control", "Counted", "Shares", "Total", "by_kind", "shares", "totals"]
