"""The query string of one call, read as ServiceTitan reads it: empty means absent, unknown names are ignored (servicetitan §5, E6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.problems import invalid

_YES_NO: Final = {"true": True, "false": False}


class Query:
    """Typed, case-insensitive access to query parameters; every reader raises the 400 that names its parameter."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                self._values.setdefault(name.lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def text(self, name: str) -> str | None:
        """The first value as it came, or None."""
        values = self._values.get(name.lower())
        return values[0] if values else None

    def texts(self, name: str) -> list[str]:
        """All values, comma lists and repetitions alike; a trailing ``[]`` on the name is accepted (servicetitan §5)."""
        values = self._values.get(name.lower(), []) + self._values.get(f"{name.lower()}[]", [])
        return [part.strip() for value in values for part in value.split(",") if part.strip()]

    def whole(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self.text(name)
        return None if value is None else _whole(name, value)

    def wholes(self, name: str, *, most: int | None = None) -> list[int]:
        """A comma list of whole numbers, at most ``most`` of them."""
        values = [_whole(name, value) for value in self.texts(name)]
        if most is not None and len(values) > most:
            raise invalid(name, f"At most {most} values are allowed in '{name}', {len(values)} were given.")
        return values

    def number(self, name: str) -> Decimal | None:
        """A decimal number, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise invalid(name, f"The value '{value}' is not valid for {name}.")
        return number

    def flag(self, name: str) -> bool | None:
        """true/True/false/False, or None."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in _YES_NO:
            raise invalid(name, f"The value '{value}' is not valid for {name}.")
        return _YES_NO[value.lower()]

    def moment(self, name: str) -> str | None:
        """A date or date-time in stored form, or None."""
        value = self.text(name)
        if value is None:
            return None
        try:
            # A plus sign in an offset that was not encoded arrives as a space.
            return timestamps.parse(value.replace(" ", "+") if "T" in value else value)
        except ValueError:
            raise invalid(name, f"The value '{value}' is not valid for {name}.") from None

    def word(self, name: str, words: Sequence[str]) -> str | None:
        """One of a closed set of words, any case, or None."""
        value = self.text(name)
        return None if value is None else _word(name, value, words)

    def words(self, name: str, words: Sequence[str]) -> list[str]:
        """Several of a closed set of words, any case."""
        return [_word(name, value, words) for value in self.texts(name)]

    def fields(self, prefix: str) -> dict[str, str]:
        """A dictionary of names and values: ``prefix[name]=value`` or ``prefix.name=value`` (servicetitan §5)."""
        stem = prefix.lower()
        found: dict[str, str] = {}
        for name, values in self._values.items():
            rest = name.removeprefix(stem)
            if rest != name and rest[:1] in (".", "["):
                found[rest[1:].removesuffix("]")] = values[0]
        return found


def _word(name: str, value: str, words: Sequence[str]) -> str:
    for word in words:
        if word.lower() == value.lower():
            return word
    raise invalid(name, f"The value '{value}' is not valid for {name}. It must be one of {', '.join(words)}.")


def _whole(name: str, value: str) -> int:
    try:
        number = int(value)
    except ValueError:
        raise invalid(name, f"The value '{value}' is not valid for {name}.") from None
    if not -(2**63) <= number < 2**63:
        raise invalid(name, f"The value '{value}' is not valid for {name}.")
    return number
