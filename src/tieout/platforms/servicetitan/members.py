"""How single members of ServiceTitan's bodies are read: each function gives a value in normal type or a fault that names the member.

`where` is the path of the member in plain sight; a value itself never appears in a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tieout.core.record import Ref, Value
from tieout.platforms.servicetitan.faults import unreadable

Read = Callable[[Any, str], Value]

_LARGEST_ID = 2**63 - 1
_MOST_DIGITS = 28


def text(value: Any, where: str) -> str | None:
    """Text without NUL characters, which no database column takes; None when empty or null."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise unreadable(where, f"is {shape(value)}, not text")
    return value.replace("\x00", "").strip() or None


def name(value: Any, where: str) -> str:
    """Text that must not be empty, such as a number that becomes part of an id."""
    found = text(value, where)
    if found is None:
        raise unreadable(where, "is empty")
    return found


def flag(value: Any, where: str) -> bool | None:
    """True, false or None."""
    if value is None or isinstance(value, bool):
        return value
    raise unreadable(where, f"is {shape(value)}, not true or false")


def identity(value: Any, where: str) -> str | None:
    """An int64 id as text; None for null and for 0, by which some members say “none”."""
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_ID:
        raise unreadable(where, f"is {shape(value)}, not an id")
    return str(value) if value else None


def moment(value: Any, where: str) -> datetime | None:
    """A time as aware UTC, cut to microseconds (bodies carry seven digits, servicetitan §5); None for null and for year 1."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise unreadable(where, f"is {shape(value)}, not a time")
    try:
        found = datetime.fromisoformat(value.strip())
        # All times are UTC; one without a zone is no exception.
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise unreadable(where, "is not a time") from None
    return None if found.year == 1 else found


def money(value: Any, where: str) -> Decimal | None:
    """An amount: text in accounting objects, a number elsewhere (servicetitan §5); always a finite Decimal."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | float):
        raise unreadable(where, f"is {shape(value)}, not an amount")
    try:
        # Our own decoder gives Decimals; of a float, its shortest form is what was written.
        found = Decimal(str(value) if isinstance(value, float) else value)
    except ArithmeticError:
        raise unreadable(where, "is not an amount") from None
    if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS or len(found.as_tuple().digits) > _MOST_DIGITS:
        raise unreadable(where, "is not an amount")
    return found


def ref(kind: str) -> Read:
    """How to read the id of another record."""

    def read(value: Any, where: str) -> Value:
        id_ = identity(value, where)
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


__all__ = ["Read", "flag", "identity", "items", "moment", "money", "name", "ref", "refs", "shape", "text"]
