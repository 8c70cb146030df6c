"""Members of a JSON body, read strictly: each gives a value in normal type, or a fault that names the member.

`where` is the path of the member in plain sight; a value itself never appears in a fault. Nothing here knows a vendor: what differs from
one to the next are the attributes of `Members`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec

from tieout.core.ports import Effect, Fault, FaultCase
from tieout.core.record import Ref, Value

Read = Callable[[Any, str], Value]
"""Reads one member: what the body holds, and where that is."""

LARGEST_ID = 2**63 - 1
_MOST_DIGITS = 28
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ID = re.compile(r"-?[0-9]{1,19}")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?", re.DOTALL)
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)


def parsed(body: bytes) -> Any:
    """The JSON data in a body, fractions as Decimal. Raises ValueError for anything else, however deep or large."""
    try:
        return _DECODER.decode(body)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise ValueError(f"not JSON ({len(body)} bytes)") from error


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


@dataclass(frozen=True, slots=True)
class Members:
    """How one vendor's members are read.

    Attributes:
        case: the row of the vendor's fault table for a body that cannot be read.
        least_id: the lowest number that is an id.
        none_id: the number that stands where there is no id, if the vendor has one.
        embedded: where a record is referred to, the record itself may stand instead of its id.
    """

    case: FaultCase
    least_id: int = 1
    none_id: int | None = None
    embedded: bool = False

    def unreadable(self, where: str, what: str, *, effect: Effect = Effect.NOT_SENT) -> Fault:
        """The fault for a body that is not what was promised: `where` is the path of the member, `what` is wrong with it."""
        return Fault(self.case, f"{where}: {what}", effect=effect)

    def text(self, value: Any, where: str) -> str | None:
        """Text without NUL characters, which no database column takes; None when empty or null."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.unreadable(where, f"is {shape(value)}, not text")
        return value.replace("\x00", "").strip() or None

    def name(self, value: Any, where: str) -> str:
        """Text that must not be empty, such as a number that becomes part of an id."""
        found = self.text(value, where)
        if found is None:
            raise self.unreadable(where, "is empty")
        return found

    def flag(self, value: Any, where: str) -> bool | None:
        """True, false or None."""
        if value is None or isinstance(value, bool):
            return value
        raise self.unreadable(where, f"is {shape(value)}, not true or false")

    def whole(self, value: Any, where: str) -> int | None:
        """A whole number; None for null."""
        if value is None:
            return None
        if isinstance(value, Decimal) and value.is_finite() and abs(value) <= LARGEST_ID and value == int(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_ID:
            raise self.unreadable(where, f"is {shape(value)}, not a whole number")
        return value

    def identity(self, value: Any, where: str) -> str | None:
        """An id as text; None for null and for `none_id`."""
        if value is None:
            return None
        number = int(value) if isinstance(value, str) and _ID.fullmatch(value.strip()) else value
        if isinstance(number, int) and not isinstance(number, bool):
            if number == self.none_id:
                return None
            if self.least_id <= number <= LARGEST_ID:
                return str(number)
        raise self.unreadable(where, f"is {shape(value)}, not an id")

    def amount(self, value: Any, where: str) -> Decimal | None:
        """An amount of money or of anything else, written as a number or as text; always a finite Decimal. None when empty or null."""
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal | float):
            raise self.unreadable(where, f"is {shape(value)}, not an amount")
        try:
            # `parsed` gives Decimals; of a float, its shortest form is what was written.
            found = Decimal(str(value) if isinstance(value, float) else value)
        except ArithmeticError:
            raise self.unreadable(where, "is not an amount") from None
        if not found.is_finite() or abs(found.adjusted()) > _MOST_DIGITS or len(found.as_tuple().digits) > _MOST_DIGITS:
            raise self.unreadable(where, "is not an amount")
        return found

    def day(self, value: Any, where: str) -> date | None:
        """A date, written `YYYY-MM-DD`; of a time, its date as written. None when empty or null."""
        plain = self.text(value, where)
        if plain is None:
            return None
        try:
            year, month, day = (int(part) for part in _parts(_DATE, plain))
            return date(year, month, day)
        except ValueError:
            raise self.unreadable(where, "is not a date") from None

    def moment(self, value: Any, where: str) -> datetime | None:
        """A time as aware UTC, cut to microseconds; one without a zone is UTC. None when empty or null."""
        plain = self.text(value, where)
        if plain is None:
            return None
        try:
            *parts, fraction, zone = _parts(_TIME, plain)
            year, month, day, hour, minute, second = (int(part or 0) for part in parts)
            micro = int((fraction or "0")[:6].ljust(6, "0"))
            return datetime(year, month, day, hour, minute, second, micro, tzinfo=_zone(zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.unreadable(where, "is not a time") from None

    def items(self, value: Any, where: str) -> Sequence[Any]:
        """The items of a list; null is an empty one."""
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.unreadable(where, f"is {shape(value)}, not a list")
        return value

    def ref(self, kind: str) -> Read:
        """How to read the id of another record."""

        def read(value: Any, where: str) -> Value:
            inside = self.embedded and isinstance(value, Mapping) and "id" in value
            id_ = self.identity(value["id"] if inside else value, where)
            return None if id_ is None else Ref(kind, id_)

        return read

    def refs(self, kind: str) -> Read:
        """How to read a list of ids of other records; null is an empty list."""
        one = self.ref(kind)

        def read(value: Any, where: str) -> Value:
            found = [one(item, f"{where}[{place}]") for place, item in enumerate(self.items(value, where))]
            return frozenset(ref for ref in found if isinstance(ref, Ref))

        return read


def _parts(form: re.Pattern[str], text: str) -> tuple[str, ...]:
    found = form.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return found.groups()


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


__all__ = ["LARGEST_ID", "Members", "Read", "parsed", "shape"]
