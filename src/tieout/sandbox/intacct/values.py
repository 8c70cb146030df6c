"""Literals of the gateway: what is accepted, how it is kept, and how it sorts (intacct-xml §4.1).

Values are kept as the texts reads show; an empty text is null (intacct-xml §4.4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from tieout.sandbox.intacct.fields import Type

Comparable = str | int | Decimal
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_STAMP = re.compile(r"(\d{2})/(\d{2})/(\d{4}) (\d{2}):(\d{2}):(\d{2})")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
LARGEST = Decimal(10) ** 15  # the vendor's limit is not public
NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL, Type.CURRENCY, Type.PERCENT, Type.SEQUENCE})


class BadLiteral(ValueError):  # noqa: N818 - callers turn it into a refusal
    """A text that is no value of its type; the text says what was wanted."""


def stamp(moment: datetime) -> str:
    """A time as the gateway shows it: mm/dd/yyyy hh:mm:ss."""
    return moment.strftime("%m/%d/%Y %H:%M:%S")


def kept(type_: Type, value: str) -> str:
    """The text to keep for a value sent in a write; raises BadLiteral."""
    if value == "" or type_ is Type.TEXT:
        return value
    if type_ is Type.BOOLEAN:
        lowered = value.strip().lower()
        if lowered not in {"true", "false"}:
            raise BadLiteral("true or false")
        return lowered
    if type_ is Type.DATE:
        _date(value, "%m/%d/%Y", _DATE, "a date as mm/dd/yyyy")
        return value
    if type_ is Type.TIMESTAMP:
        _date(value, "%m/%d/%Y %H:%M:%S", _STAMP, "a time as mm/dd/yyyy hh:mm:ss")
        return value
    if type_ in NUMBERS:
        return plain(_number(value, whole=type_ in {Type.INTEGER, Type.SEQUENCE}))
    return value


def plain(number: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sorter(type_: Type) -> Callable[[str], Comparable]:
    """The function from a kept text to what it compares by."""
    if type_ in {Type.DATE, Type.TIMESTAMP}:
        return _chronological
    if type_ in {Type.INTEGER, Type.SEQUENCE}:
        return int
    if type_ in NUMBERS:
        return Decimal
    return str


def literal(type_: Type, value: str) -> Comparable:
    """What a literal of a filter compares by; raises BadLiteral (ISO-8601 times are refused, intacct-xml §4.2)."""
    if type_ in {Type.DATE, Type.TIMESTAMP}:
        if _STAMP.fullmatch(value):
            _date(value, "%m/%d/%Y %H:%M:%S", _STAMP, "")
        else:
            _date(value, "%m/%d/%Y", _DATE, "a date as mm/dd/yyyy or a time as mm/dd/yyyy hh:mm:ss")
            value = f"{value} 00:00:00" if type_ is Type.TIMESTAMP else value
        return _chronological(value[:10] if type_ is Type.DATE and value.endswith("00:00:00") else value)
    if type_ in NUMBERS:
        number = _number(value, whole=False)
        return int(number) if type_ in {Type.INTEGER, Type.SEQUENCE} and number == number.to_integral() else number
    return value


def is_before(first: str, second: str) -> bool:
    """Whether one kept date lies before another."""
    return _chronological(first) < _chronological(second)


def _chronological(text: str) -> str:
    return text[6:10] + text[0:2] + text[3:5] + text[10:]


def _date(value: str, layout: str, pattern: re.Pattern[str], wanted: str) -> None:
    if not pattern.fullmatch(value):
        raise BadLiteral(wanted)
    try:
        datetime.strptime(value, layout)
    except ValueError:
        raise BadLiteral(wanted or "a day that exists") from None


def _number(value: str, *, whole: bool) -> Decimal:
    if not _NUMBER.fullmatch(value.strip()):
        raise BadLiteral("a plain number")
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        raise BadLiteral("a plain number") from None
    if abs(number) >= LARGEST:
        raise BadLiteral("a number of this size")
    if whole and number != number.to_integral():
        raise BadLiteral("a whole number")
    return number
