"""Hours of the week in which something happens or must not, in a time zone; pure, the time is passed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = "Write it like “Mon-Fri 08:00-17:30, Sun 00:00-24:00”."
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{2}):(\d{2})-(\d{2}):(\d{2})")
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of some days. Days count from Monday as 0; `start` and `end` are minutes from midnight, the end excluded.

    A window whose end is not after its start goes on into the next day.
    """

    days: frozenset[int]
    start: int
    end: int

    def end_for(self, moment: datetime) -> datetime | None:
        """When the window that holds `moment` (with a zone) ends, in the same zone; None if none holds it."""
        for began in (moment.date(), moment.date() - timedelta(days=1)):
            if began.weekday() not in self.days:
                continue
            minutes = self.end if self.end > self.start else self.end + _MINUTES_A_DAY
            start, end = _local(began, self.start, moment), _local(began, minutes, moment)
            if start <= moment < end:
                return end
        return None


def _local(day: date, minutes: int, like: datetime) -> datetime:
    days, rest = divmod(minutes, _MINUTES_A_DAY)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), like.tzinfo)


def windows(text: str) -> tuple[Window, ...]:
    """The windows a person wrote, such as “Mon-Fri 08:00-17:30, Sun 00:00-24:00”; empty text is none.

    Raises ValueError with a sentence that says which part cannot be read and how it is written.
    """
    return tuple(_window(part.strip()) for part in text.split(",") if part.strip())


def _window(part: str) -> Window:
    found = _PART.fullmatch(" ".join(part.lower().split()))
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise ValueError(f"“{part}” cannot be read. {_FORM}")
    start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if start >= _MINUTES_A_DAY or end > _MINUTES_A_DAY or int(found[4]) > 59 or int(found[6]) > 59:
        raise ValueError(f"“{part}” names an hour no day has. {_FORM}")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = range(first, last + 1 if last >= first else last + 8)
    return Window(frozenset(day % 7 for day in days), start, end)


def closed_until(closed: tuple[Window, ...], now: datetime, zone: str) -> datetime | None:
    """When the windows that hold `now` end, aware UTC; windows that touch count as one. None if none holds it.

    Windows that leave no minute of the week open give a moment a week ahead. Raises zoneinfo.ZoneInfoNotFoundError.
    """
    local = now.astimezone(ZoneInfo(zone))
    moment = local
    while moment < local + timedelta(days=7):
        ends = [end for window in closed if (end := window.end_for(moment)) is not None]
        if not ends:
            break
        moment = max(ends)
    return moment.astimezone(UTC) if moment > local else None


__all__ = ["Window", "closed_until", "windows"]
