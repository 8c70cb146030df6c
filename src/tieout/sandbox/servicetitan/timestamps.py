"""Date-times as ServiceTitan writes them: UTC, up to seven fractional digits (servicetitan §5).

Inside the emulator a moment is kept as one fixed-width text with seven digits, so that plain text comparison is time order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_SHAPE: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?P<fraction>\d{1,9}))?\s*(?P<zone>Z|z|[+-]\d{2}:?\d{2})?)?"
)


def from_datetime(moment: datetime, *, seventh: int = 0) -> str:
    """The stored form of an aware moment; ``seventh`` (0-9) is the 100-nanosecond digit Python cannot hold."""
    at = moment.astimezone(UTC)
    return f"{at.replace(tzinfo=None).isoformat(timespec='microseconds')}{seventh % 10}Z"


def to_datetime(stored: str) -> datetime:
    """The aware moment of a stored form, cut to microseconds."""
    return datetime.fromisoformat(stored[:26]).replace(tzinfo=UTC)


def parse(text: str) -> str:
    """The stored form of a date (``2020-01-01``) or ISO date-time; without an offset it is read as UTC (servicetitan §5, §6).

    Raises ValueError when the text is neither.
    """
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"'{text}' is not a date or date-time")
    clock = found["time"] or "00:00"
    moment = datetime.strptime(f"{found['date']} {clock}", "%Y-%m-%d %H:%M:%S" if clock.count(":") == 2 else "%Y-%m-%d %H:%M")
    zone = found["zone"]
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        shift = timedelta(hours=hours, minutes=minutes)
        moment = moment - shift if zone[0] == "+" else moment + shift
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{(found['fraction'] or '')[:7]:0<7}Z"


def write(stored: str, *, digits: int = 7) -> str:
    """The wire form: at most ``digits`` fractional digits, trailing zeros dropped as .NET does, none when all are zero."""
    fraction = stored[20:-1][:digits].rstrip("0")
    return f"{stored[:19]}.{fraction}Z" if fraction else f"{stored[:19]}Z"


def plus(stored: str, seconds: float) -> str:
    """The stored form ``seconds`` later (earlier when negative); the 100-nanosecond digit stays."""
    return from_datetime(to_datetime(stored) + timedelta(seconds=seconds), seventh=int(stored[26]))
