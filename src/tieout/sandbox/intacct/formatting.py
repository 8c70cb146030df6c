"""How a user reads and writes dates over the gateway: order of day, month and year, clock (intacct-xml §2.9, §4.1).

Rows keep the US form with the 24-hour clock; what another user sends and is shown is turned at the edge. Dates in
year/month/day groups, and REST, have no user's form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tieout.sandbox.emulator import Setting
from tieout.sandbox.intacct.fields import Kind, Type
from tieout.sandbox.storage import Row

US, CLOCK = "/mdY", "24"
SETTINGS: Mapping[str, Setting] = {
    "user_date_format": Setting(
        US, "how the user writes dates: the separator, then the order", choices=(US, "/dmY", "-dmY", ".dmY", "/Ymd", "-Ymd")
    ),
    "user_clock": Setting(CLOCK, "the user's clock", choices=(CLOCK, "12")),
}
_KEPT, _TIME = "%m/%d/%Y", "%H:%M:%S"
_WIDTHS = {"m": r"\d{2}", "d": r"\d{2}", "Y": r"\d{4}"}


@dataclass(frozen=True, slots=True)
class Formatting:
    """One user's form of dates and times."""

    dates: str = US
    clock: str = CLOCK

    @property
    def is_us(self) -> bool:
        """Whether texts need no turning."""
        return (self.dates, self.clock) == (US, CLOCK)

    def shown(self, type_: Type, text: str) -> str:
        """A kept text as the user reads it."""
        if not text or self.is_us or type_ not in (Type.DATE, Type.TIMESTAMP):
            return text
        if type_ is Type.DATE:
            return datetime.strptime(text, _KEPT).strftime(self._day)
        return datetime.strptime(text, f"{_KEPT} {_TIME}").strftime(f"{self._day} {self._time}")

    def reading(self, type_: Type, get: Callable[[Row], str]) -> Callable[[Row], str]:
        """The same for a column: how its value is got of a row."""
        if self.is_us or type_ not in (Type.DATE, Type.TIMESTAMP):
            return get
        return lambda row: self.shown(type_, get(row))

    def taken(self, type_: Type, text: str) -> str:
        """What the user wrote as it is kept; a text in another form becomes one that the check of the value refuses."""
        if not text or self.is_us or type_ not in (Type.DATE, Type.TIMESTAMP):
            return text
        for shape, form, kept in (
            (self._pattern, self._day, _KEPT),
            (f"{self._pattern} {self._time_pattern}", f"{self._day} {self._time}", f"{_KEPT} {_TIME}"),
        ):
            if re.fullmatch(shape, text):
                try:
                    return datetime.strptime(text, form).strftime(kept)
                except ValueError:
                    break
        return f"{text} ({self.dates})"

    def written(self, year: str, month: str, day: str) -> str:
        """A year/month/day group as the user would write it (intacct-xml §9.1)."""
        parts = {"Y": year, "m": month.zfill(2), "d": day.zfill(2)}
        return self.dates[0].join(parts[letter] for letter in self.dates[1:])

    def given(self, kind: Kind, values: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
        """What a write carries, with dates as they are kept, in its lines too."""
        if self.is_us:
            return dict(values)
        found: dict[str, Any] = {}
        within = {each.name: kinds[each.kind].by_name for each in kind.owned}
        within |= {each.name: {field.name: field for field in each.fields} for each in kind.lines}
        for name, value in values.items():
            if isinstance(value, list):
                inner = within.get(name, {})
                found[name] = [
                    {key: self.taken(inner[key].type, text) if key in inner else text for key, text in row.items()} for row in value
                ]
            else:
                field = kind.by_name.get(kind.cased.get(name, name))
                found[name] = value if field is None else self.taken(field.type, value)
        return found

    @property
    def _day(self) -> str:
        return self.dates[0].join(f"%{letter}" for letter in self.dates[1:])

    @property
    def _pattern(self) -> str:
        return re.escape(self.dates[0]).join(_WIDTHS[letter] for letter in self.dates[1:])

    @property
    def _time(self) -> str:
        return _TIME if self.clock == CLOCK else "%I:%M:%S %p"

    @property
    def _time_pattern(self) -> str:
        return r"\d{2}:\d{2}:\d{2}" + ("" if self.clock == CLOCK else " [AP]M")


US_FORM = Formatting()


def of(settings: Mapping[str, Any]) -> Formatting:
    """The form the settings say."""
    return Formatting(settings["user_date_format"], settings["user_clock"])
