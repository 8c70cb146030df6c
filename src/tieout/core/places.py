"""What a tie-out counts by where records are booked: how many of a kind there are on each side in each place, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tieout.core.control import Control, Name, Total, shares
from tieout.core.record import Fields, Line, Record
from tieout.core.tables import HoldError
from tieout.core.view import MissingError, View

Places = dict[str, Total]
"""The totals of one kind by the ID of the place; "" is the company as a whole."""
NOTHING: Mapping[str, Decimal] = {}


def count_pair(
    places: Places, control: Control | None, view: View, images: Mapping[str, Sequence[Line]], rights: Sequence[Record], name: Name
) -> None:
    """Count a pair: the left with the amount its own system shows, the right with what its documents add up to.

    Where a record is booked only the books know, so its entity is the right's on both sides; the lines of a document are placed by
    what the rules make of the left's, `images`, and by what the right's show. `rights` are the counterpart and the documents that
    carry its later changes.
    """
    entity = rights[0].entity
    if control is None:
        _add(places, {entity: Decimal(0)}, {entity: Decimal(0)})
        return
    before = shares(control, _lines(images), entity, _amount(control, view), name)
    after: dict[str, Decimal] = {}
    for right in rights:
        amount = right.fields.get(control.total)
        for place, part in shares(control, right.fields, right.entity, amount if isinstance(amount, Decimal) else Decimal(0), name).items():
            after[place] = after.get(place, Decimal(0)) + part
    _add(places, before, after)


def count_left(places: Places, control: Control | None, view: View, entity: str) -> None:
    """Count a left record without counterpart in the entity it would be made in."""
    _add(places, {entity: _amount(control, view) if control is not None else Decimal(0)}, NOTHING)


def count_right(places: Places, control: Control | None, right: Record) -> None:
    """Count a right record without counterpart in its own entity."""
    amount = right.fields.get(control.total) if control is not None else None
    _add(places, NOTHING, {right.entity: amount if isinstance(amount, Decimal) else Decimal(0)})


def _add(places: Places, before: Mapping[str, Decimal], after: Mapping[str, Decimal]) -> None:
    for place, amount in before.items():
        total = places.setdefault(place, Total())
        total.count += 1
        total.amount += amount
    for place, amount in after.items():
        total = places.setdefault(place, Total())
        total.count_there += 1
        total.amount_there += amount


def _amount(control: Control, view: View) -> Decimal:
    """What the left's own system shows; a document that does not tell counts without an amount, and its field is told as differing."""
    try:
        return control.amount(view)
    except (HoldError, MissingError):
        return Decimal(0)


def _lines(images: Mapping[str, Iterable[Line]]) -> Fields:
    return {name: tuple(lines) for name, lines in images.items()}


__all__ = ["Places", "count_left", "count_pair", "count_right"]
