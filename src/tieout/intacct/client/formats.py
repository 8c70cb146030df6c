"""How values are written on the wire and read from it (intacct-xml §4.1): US dates, points, true and false."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

Plain = str | int | Decimal | bool | date | datetime | None
Tree = Mapping[str, "Plain | Tree | list[Tree]"]

_TRUE = frozenset({"true", "t", "y", "yes", "1"})
_FALSE = frozenset({"false", "f", "n", "no", "0"})
_TIMES = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S")
_DATES = ("%m/%d/%Y", "%Y-%m-%d")


def wire_text(value: Plain) -> str:
    """A value as the gateway reads it; None is the empty text, which clears a field (intacct-xml §4.4).

    A time is written as it stands in UTC. Raises ValueError for a time without a zone or a number that is not finite.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            if not value.is_finite():
                raise ValueError(f"{value} is not a number that can be written")
            return format(value, "f")
        case datetime():
            if value.tzinfo is None:
                raise ValueError(f"the time {value.isoformat()} has no zone")
            return _padded(value.astimezone(UTC)) + value.astimezone(UTC).strftime(" %H:%M:%S")
        case date():
            return _padded(value)
        case _:
            return value


def _padded(day: date) -> str:
    return f"{day.month:02}/{day.day:02}/{day.year:04}"


def read_boolean(text: str) -> bool | None:
    """A boolean in any of the system's spellings; None for empty. Raises ValueError otherwise."""
    word = text.strip().lower()
    if not word:
        return None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"“{text}” is neither true nor false")


def read_decimal(text: str) -> Decimal | None:
    """A number; None for empty. Raises ValueError for anything but plain digits, sign and point."""
    word = text.strip()
    if not word:
        return None
    try:
        value = Decimal(word)
    except InvalidOperation:
        raise ValueError(f"“{text}” is not a number") from None
    if not value.is_finite():
        raise ValueError(f"“{text}” is not a number")
    return value


def read_integer(text: str) -> int | None:
    """A whole number; integer columns sometimes carry `1.0` (intacct-xml §2.8). Raises ValueError otherwise."""
    value = read_decimal(text)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise ValueError(f"“{text}” is not a whole number")
    return int(value)


def read_date(text: str) -> date | None:
    """A date in US order, or ISO as Platform objects give it; None for empty. Raises ValueError otherwise."""
    word = text.strip()
    if not word:
        return None
    for form in _DATES:
        try:
            return datetime.strptime(word, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    moment = read_timestamp(word)
    return moment.date() if moment else None


def read_timestamp(text: str) -> datetime | None:
    """A time of a column, taken as UTC (intacct-xml §4.2); None for empty. Raises ValueError otherwise."""
    word = text.strip()
    if not word:
        return None
    for form in _TIMES:
        try:
            return datetime.strptime(word, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"“{text}” is not a date in US order; the API user's date format must be month/day/year with a 24-hour clock")


def read_iso(text: str) -> datetime | None:
    """A session time (ISO with offset) as aware UTC; None if empty or unreadable."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
