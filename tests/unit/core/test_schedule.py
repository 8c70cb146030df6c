"""Hours of the week in a time zone, and what a person may write for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.core.schedule import closed_until, windows
from tieout.core.settings import Setting, SettingError, SettingKind, parse

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("text", "now", "ends"),
    [
        ("Mon-Fri 08:00-17:30", at(0, 8), at(0, 17, 30)),
        ("Mon-Fri 08:00-17:30", at(0, 7, 59), None),
        ("Mon-Fri 08:00-17:30", at(0, 17, 30), None),
        ("Mon-Fri 08:00-17:30", at(5, 12), None),
        ("Fri-Mon 08:00-09:00", at(6, 8, 30), at(6, 9)),
        ("Sun 22:00-02:00", at(7, 1), at(7, 2)),
        ("Sun 22:00-02:00", at(6, 23), at(7, 2)),
        ("Sun 00:00-24:00", at(6, 3), at(7, 0)),
        ("Sat 20:00-24:00, Sun 00:00-06:00", at(5, 21), at(6, 6)),
        ("", at(0, 8), None),
    ],
)
def test_hours_hold_until_they_end_and_touching_hours_are_one(text: str, now: datetime, ends: datetime | None) -> None:
    assert closed_until(windows(text), now, "UTC") == ends


def test_hours_follow_the_clock_of_their_zone_through_the_change_to_summer_time() -> None:
    nights = windows("Sun 01:00-04:00")
    assert closed_until(nights, datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "America/Chicago") == datetime(2026, 3, 8, 9, tzinfo=UTC)
    assert closed_until(nights, datetime(2026, 3, 15, 7, 30, tzinfo=UTC), "America/Chicago") == datetime(2026, 3, 15, 9, tzinfo=UTC)
    assert closed_until(nights, datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "America/Chicago") == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_hours_that_leave_no_minute_open_end_a_week_ahead_at_the_earliest() -> None:
    ends = closed_until(windows("Mon-Sun 00:00-24:00"), at(2, 12), "UTC")
    assert ends is not None
    assert ends >= at(9, 12)


@pytest.mark.parametrize("text", ["Mon", "Mon 8:00-9:00", "Mon 08:00-25:00", "Mon 24:00-24:00", "Xyz 08:00-09:00", "Mon-Foo 08:00-09:00"])
def test_hours_that_cannot_be_read_are_refused_with_their_form(text: str) -> None:
    setting = Setting("blackout", "Nothing is written during", "", SettingKind.HOURS)
    with pytest.raises(SettingError, match="Write it like"):
        parse(setting, text)


def test_a_zone_must_be_one_that_exists() -> None:
    setting = Setting("time_zone", "Time zone", "", SettingKind.ZONE)
    assert parse(setting, "America/Chicago") == "America/Chicago"
    with pytest.raises(SettingError, match="America/Chicago"):
        parse(setting, "Texas")


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440), st.integers(0, 20159))
def test_a_moment_is_held_exactly_until_the_end_that_is_given(first: int, last: int, start: int, end: int, minute: int) -> None:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    text = f"{days[first]}-{days[last]} {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    closed, now = windows(text), MONDAY + timedelta(minutes=minute)
    ends = closed_until(closed, now, "UTC")
    if ends is not None:
        assert ends > now
        if ends < now + timedelta(days=7):
            assert closed_until(closed, ends, "UTC") is None
            assert closed_until(closed, ends - timedelta(minutes=1), "UTC") == ends
