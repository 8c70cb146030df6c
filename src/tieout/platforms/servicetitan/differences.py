"""The document that carries the difference to a posted one: an adjustment with a line for each line that changed.

What was posted, and what earlier adjustments carried, stands in the left half of the base; so the second change of a document is adjusted
from the first, not from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tieout.core.flow import Adjustment, FieldMap, LineMap, View
from tieout.core.record import NEW_LINE, Fields, Line, Value, normal
from tieout.core.tables import HoldError
from tieout.platforms.servicetitan import problems
from tieout.platforms.servicetitan.documents import NUMBER_LENGTH, action, day_of, money, posting_day

AMOUNT = "TRX_AMOUNT"
Before = Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class Carried:
    """How a kind of document is adjusted.

    Attributes:
        kind, container: the adjustment and its lines in the books.
        party: the field of vendor or customer.
        header: the fields of the document that an adjustment cannot carry.
        lines: how the document's own lines are made.
        day: the fields with the document's own day.
    """

    kind: str
    container: str
    party: str
    header: tuple[FieldMap, ...]
    lines: LineMap
    day: tuple[str, ...]


def adjustment(carried: Carried) -> Callable[[View, View, Before], Adjustment | None]:
    """The rule that makes the adjustment. Raises HoldError where a field changed that none can carry."""

    def rule(left: View, right: View, before: Before) -> Adjustment | None:
        for field_map in carried.header:
            known = before.get(field_map.right)
            if known is not None and field_map.is_kept(left.settings) and normal(field_map.left(left)) != normal(known[0]):
                text = f"The {field_map.shown} of a posted document changed, and no adjustment can carry that."
                raise HoldError(problems.NOT_ADJUSTABLE.code, text)
        lines = tuple(_differences(carried, left, before))
        if not lines:
            return None
        fields = {
            carried.party: right.record.fields.get(carried.party),
            "RECORDID": (number := _number(left, right)),
            "DESCRIPTION": f"Adjusts {_own_number(right)}: changed in ServiceTitan ({left.record.id}) after it was posted.",
            "WHENCREATED": posting_day(left, day_of(left, *carried.day)),
            "ACTION": action("adjustments")(left),
            carried.container: lines,
        }
        return Adjustment(carried.kind, {name: value for name, value in fields.items() if value is not None}, number)

    return rule


def _own_number(right: View) -> str:
    return right.text("RECORDID") or right.record.natural_key.rpartition("/")[2] or right.record.id


def _number(left: View, right: View) -> str:
    """A number of its own for every change: the document's, and when ServiceTitan says it changed."""
    at = left.record.modified_at
    suffix = f"-{at:%y%m%d%H%M%S}" if at is not None else "-A"
    return _own_number(right)[: NUMBER_LENGTH - len(suffix)] + suffix


def _differences(carried: Carried, left: View, before: Before) -> Iterable[Line]:
    known = before.get(carried.lines.right, ((), ()))[0]
    old = {line.id: line.fields for line in known} if isinstance(known, tuple) else {}
    new = {line.id: _values(carried.lines, left.line(line)) for line in carried.lines.left(left)}
    for id_ in dict.fromkeys([*old, *new]):
        was, is_now = old.get(id_), new.get(id_)
        if was is not None and is_now is not None and _rest(was) == _rest(is_now):
            parts = [{**is_now, AMOUNT: money(is_now.get(AMOUNT)) - money(was.get(AMOUNT))}]
        else:
            parts = [{**was, AMOUNT: -money(was.get(AMOUNT))}] if was is not None else []
            parts += [dict(is_now)] if is_now is not None else []
        for number, values in enumerate(parts):
            if money(values[AMOUNT]):
                yield Line(f"{NEW_LINE}{id_} {number}", _on_the_right(carried.lines, left.line(Line(id_, {})), values))


def _values(lines: LineMap, view: View) -> dict[str, Value]:
    return {each.right: normal(each.left(view)) for each in lines.fields if each.is_mapped(view.settings)}


def _rest(values: Fields) -> dict[str, Value]:
    """Everything but the amount; what is empty does not count."""
    return {name: normal(value) for name, value in values.items() if name != AMOUNT and normal(value) is not None}


def _on_the_right(lines: LineMap, view: View, values: Fields) -> dict[str, Value]:
    found = {each.right: normal(each.to_right(values[each.right], view)) for each in lines.fields if each.right in values}
    return {name: value for name, value in found.items() if value is not None}


__all__ = ["Carried", "adjustment"]
