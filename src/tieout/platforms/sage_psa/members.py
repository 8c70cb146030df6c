"""How single members of Sage PSA's bodies are read: each function gives a value in normal type or a fault that names the member.

`where` is the path of the member in plain sight; a value itself never appears in a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from tieout.core.record import Ref, Value
from tieout.platforms.sage_psa.faults import unreadable

Read = Callable[[Any, str], Value]

_LARGEST_ID = 2**63 - 1
_MOST_DIGITS = 28
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
# One printed sample has a month of one digit, deleted feeds have local offsets (sage-psa §2).
_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)


def text(value: Any, where: str) -> str | None:
    """Text without NUL characters, which no database column takes; None when empty or null."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise unreadable(where, f"is {shape(value)}, not text")
    return value.replace("\x00", "").strip() or None


def flag(value: Any, where: str) -> bool | None:
    """True, false or None."""
    if value is None or isinstance(value, bool):
        return value
    raise unreadable(where, f"is {shape(value)}, not true or false")


def whole(value: Any, where: str) -> int | None:
    """A whole number, such as minutes of a working day; None for null."""
    if value is None:
        return None
    if isinstance(value, Decimal) and value.is_finite() and abs(value) <= _LARGEST_ID and value == int(value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_ID:
        raise unreadable(where, f"is {shape(value)}, not a whole number")
    return value


def identity(value: Any, where: str) -> str | None:
    """An id as text; None for null. Ids of built-in things may be negative (sage-psa §2.2)."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value.strip()):
        value = int(value)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_ID:
        raise unreadable(where, f"is {shape(value)}, not an id")
    return str(value)


def amount(value: Any, where: str) -> Decimal | None:
    """An amount of money or of minutes, always a finite Decimal; None for null."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | float):
        raise unreadable(where, f"is {shape(value)}, not an amount")
    try:
        found = Decimal(str(value) if isinstance(value, float) else value)
    except ArithmeticError:
        raise unreadable(where, "is not an amount") from None
    if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS or len(found.as_tuple().digits) > _MOST_DIGITS:
        raise unreadable(where, "is not an amount")
    return found


def day(value: Any, where: str) -> date | None:
    """A date, written `YYYY-MM-DD` (sage-psa §2); of a time, its date as written; None for null."""
    plain = text(value, where)
    if plain is None:
        return None
    found = _DATE.match(plain)
    if found is None or ((rest := plain[found.end() :]) and rest[0] not in "T "):
        raise unreadable(where, "is not a date")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise unreadable(where, "is not a date") from None


def moment(value: Any, where: str) -> datetime | None:
    """A time as aware UTC to the second, the resolution the service has (sage-psa §2); one without a zone is UTC. None for null."""
    plain = text(value, where)
    if plain is None:
        return None
    found = _TIME.fullmatch(plain)
    if found is None:
        raise unreadable(where, "is not a time")
    *parts, zone = found.groups()
    try:
        year, month, day_, hour, minute, second = (int(part or 0) for part in parts)
        return datetime(year, month, day_, hour, minute, second, tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise unreadable(where, "is not a time") from None


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def ref(kind: str) -> Read:
    """How to read the id of another record; where some bodies hold the record itself, its id (a person's role, sage-psa §2.2)."""

    def read(value: Any, where: str) -> Value:
        id_ = identity(value.get("id") if isinstance(value, Mapping) else value, where)
        return None if id_ is None else Ref(kind, id_)

    return read


def refs(kind: str) -> Read:
    """How to read a list of ids of other records; null is an empty list."""

    def read(value: Any, where: str) -> Value:
        ids = [identity(item, f"{where}[{place}]") for place, item in enumerate(items(value, where))]
        return frozenset(Ref(kind, id_) for id_ in ids if id_ is not None)

    return read


def items(value: Any, where: str) -> Sequence[Any]:
    """The items of a list; null is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise unreadable(where, f"is {shape(value)}, not a list")
    return value


def shape(value: Any) -> str:
    """What sort of thing a value is, without showing it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case _:
            return "an object"


__all__ = ["Read", "amount", "day", "flag", "identity", "items", "moment", "ref", "refs", "shape", "text", "whole"]
