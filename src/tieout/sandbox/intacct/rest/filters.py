"""The filters of a query: {"$op": {"field": value}} against rows (intacct-rest §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from tieout.sandbox.intacct.rest.binding import Place, Scalar
from tieout.sandbox.intacct.rest.errors import bad_value, malformed, payload_errors
from tieout.sandbox.intacct.rest.expression import Test
from tieout.sandbox.intacct.rest.forms import WANTED, BadForm, kept
from tieout.sandbox.intacct.rest.mapping import Form
from tieout.sandbox.intacct.values import Comparable, sorter
from tieout.sandbox.storage import Row

Find = Callable[[str, str], Place]
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "$lt": lambda value, wanted: value < wanted,
    "$lte": lambda value, wanted: value <= wanted,
    "$gt": lambda value, wanted: value > wanted,
    "$gte": lambda value, wanted: value >= wanted,
}
TEXTUAL: Mapping[str, Callable[[str, str], bool]] = {
    "$contains": lambda value, wanted: wanted in value,
    "$startsWith": lambda value, wanted: value.startswith(wanted),
    "$endsWith": lambda value, wanted: value.endswith(wanted),
}
NEGATED = {"$notContains": "$contains", "$notStartsWith": "$startsWith", "$notEndsWith": "$endsWith"}
OPERATORS = frozenset({"$eq", "$ne", "$in", "$notIn", "$between", "$notBetween", "$has", *COMPARED, *TEXTUAL, *NEGATED})


class Filters:
    """Makes tests of filters: `find` looks a field up (with a pointer for messages), `today` is what relative dates count from."""

    def __init__(self, find: Find, today: date, *, any_case: bool) -> None:
        self._find, self._today, self._any_case = find, today, any_case

    def test(self, described: Any, pointer: str) -> Test:
        """The test of one filter; raises RestRefusal."""
        if not isinstance(described, Mapping) or len(described) != 1:
            raise payload_errors([bad_value(pointer, 'A filter is an object with one operator, such as {"$eq": {"id": "1"}}.')])
        operator, operand = next(iter(described.items()))
        if operator not in OPERATORS:
            raise payload_errors([bad_value(pointer, f"There is no operator {operator}.")])
        if not isinstance(operand, Mapping) or len(operand) != 1:
            raise payload_errors([bad_value(pointer, f"{operator} takes an object with one field.")])
        path, value = next(iter(operand.items()))
        place = self._find(path, pointer)
        if operator in TEXTUAL or operator in NEGATED:
            return self._textual(operator, place, value, pointer)
        if operator in {"$in", "$notIn", "$between", "$notBetween"}:
            return self._several(operator, place, value, pointer)
        if operator == "$has":
            raise malformed(f"$has needs a field that is an array; {path} is none.")
        return self._single(operator, place, value, pointer)

    def _single(self, operator: str, place: Place, value: Any, pointer: str) -> Test:
        get = place.get
        if operator in {"$eq", "$ne"} and value is None:
            return (lambda row: get(row) == "") if operator == "$eq" else (lambda row: get(row) != "")
        days = self._span(place.scalar, value)
        if days is not None:
            return self._relative(operator, place, days)
        read = self._reader(place.scalar)
        wanted = self._wanted(place.scalar, value, pointer)
        if operator == "$eq":
            return lambda row: (text := get(row)) != "" and read(text) == wanted
        if operator == "$ne":
            return lambda row: (text := get(row)) != "" and read(text) != wanted
        compare = COMPARED[operator]
        return lambda row: (text := get(row)) != "" and bool(compare(read(text), wanted))

    def _several(self, operator: str, place: Place, value: Any, pointer: str) -> Test:
        if not isinstance(value, list) or not value or ("etween" in operator and len(value) != 2):
            count = "two values" if "etween" in operator else "an array of values"
            raise payload_errors([bad_value(pointer, f"{operator} takes {count}.")])
        get, read = place.get, self._reader(place.scalar)
        allows_null = None in value and operator in {"$in", "$notIn"}
        wanted = [self._wanted(place.scalar, each, pointer) for each in value if not (allows_null and each is None)]
        if operator in {"$in", "$notIn"}:
            members = frozenset(wanted)
        if operator == "$in":
            return lambda row: (read(text) in members) if (text := get(row)) != "" else allows_null
        if operator == "$notIn":
            return lambda row: (text := get(row)) != "" and read(text) not in members
        low, high = wanted
        between: Test = lambda row: (text := get(row)) != "" and low <= read(text) <= high  # type: ignore[operator]  # noqa: E731
        if operator == "$between":
            return between
        return lambda row: get(row) != "" and not between(row)

    def _textual(self, operator: str, place: Place, value: Any, pointer: str) -> Test:
        if not isinstance(value, str) or place.scalar.form not in {Form.TEXT, Form.WORD}:
            raise payload_errors([bad_value(pointer, f"{operator} compares a text field with a string.")])
        get, compare = self._text(place), TEXTUAL[NEGATED.get(operator, operator)]
        wanted, expected = value.lower() if self._any_case else value, operator not in NEGATED
        return lambda row: (text := get(row)) != "" and compare(text, wanted) is expected

    def _text(self, place: Place) -> Callable[[Row], str]:
        get, scalar = place.get, place.scalar
        whole = (lambda row: scalar.word_for(text) if (text := get(row)) else "") if scalar.form is Form.WORD else get
        return (lambda row: whole(row).lower()) if self._any_case else whole

    def _reader(self, scalar: Scalar) -> Callable[[str], Comparable]:
        if scalar.form is Form.WORD:
            return scalar.word_for
        if self._any_case and scalar.form is Form.TEXT and sorter(scalar.type) is str:
            return str.lower
        return sorter(scalar.type)

    def _wanted(self, scalar: Scalar, value: Any, pointer: str) -> Comparable:
        """What a literal compares by, in the terms of the reader."""
        if scalar.form is Form.WORD:
            if isinstance(value, str) and scalar.value_of(value) is not None:
                return value
            raise payload_errors([bad_value(pointer, f"{value} is not one of {', '.join(scalar.words.values())}.")])
        span = self._span(scalar, value)
        try:
            if scalar.form is Form.MOMENT and isinstance(value, str) and len(value) == 10 and span is None:
                value = f"{value}T00:00:00Z"
            text = _day(span[0], scalar) if span is not None else kept(scalar.form, value)
            return self._reader(scalar)(text)
        except (BadForm, ValueError, ArithmeticError):
            raise payload_errors([bad_value(pointer, f"{value} is not {WANTED[scalar.form]}.")]) from None

    # -- relative dates

    def _span(self, scalar: Scalar, value: Any) -> tuple[date, date] | None:
        """First and last day of a relative date, for date fields; None for any other value."""
        if scalar.form not in {Form.DATE, Form.MOMENT} or not isinstance(value, str):
            return None
        make = _SPANS.get(value)
        return None if make is None else make(self._today)

    def _relative(self, operator: str, place: Place, days: tuple[date, date]) -> Test:
        """A span of days: equal is inside it, before and after are beyond its ends."""
        get, scalar = place.get, place.scalar
        read = sorter(scalar.type)
        first = read(_day(days[0], scalar))
        after = read(_day(days[1] + timedelta(days=1), scalar))
        inside: Callable[[Comparable], bool] = lambda value: first <= value < after  # type: ignore[operator]  # noqa: E731
        checks: dict[str, Callable[[Any], bool]] = {
            "$eq": inside,
            "$ne": lambda value: not inside(value),
            "$lt": lambda value: bool(value < first),
            "$lte": lambda value: bool(value < after),
            "$gt": lambda value: bool(value >= after),
            "$gte": lambda value: bool(value >= first),
        }
        check = checks[operator]
        return lambda row: (text := get(row)) != "" and check(read(text))


def _day(day: date, scalar: Scalar) -> str:
    text = day.strftime("%m/%d/%Y")
    return text if scalar.form is Form.DATE else f"{text} 00:00:00"


def _week(today: date, back: int) -> tuple[date, date]:
    start = today - timedelta(days=(today.weekday() + 1) % 7 + 7 * back)
    return start, start + timedelta(days=6)


def _months(today: date, length: int, back: int) -> tuple[date, date]:
    number = today.year * 12 + today.month - 1
    start = number - number % length - length * back
    first = date(start // 12, start % 12 + 1, 1)
    end = start + length
    return first, date(end // 12, end % 12 + 1, 1) - timedelta(days=1)


_SPANS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "currentWeek": lambda today: _week(today, 0),
    "lastWeek": lambda today: _week(today, 1),
    "currentMonth": lambda today: _months(today, 1, 0),
    "priorMonth": lambda today: _months(today, 1, 1),
    "currentQuarter": lambda today: _months(today, 3, 0),
    "priorQuarter": lambda today: _months(today, 3, 1),
    "currentYear": lambda today: _months(today, 12, 0),
    "priorYear": lambda today: _months(today, 12, 1),
}
