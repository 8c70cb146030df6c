"""A company's hours: when nothing may be written, and when everything is compared. They are values of its connection."""

from __future__ import annotations

from datetime import datetime

from tieout.core.schedule import closed_until, windows
from tieout.core.settings import values_of
from tieout.platforms import registry
from tieout.store.models import Connection


def blackout_until(company: Connection, now: datetime) -> datetime | None:
    """When the hours end in which nothing is written for this company, aware UTC; None if writing is allowed now."""
    return _until(company, "blackout", now)


def is_night(company: Connection, now: datetime) -> bool:
    """Whether the company's hours for comparing hold now."""
    return _until(company, "night", now) is not None


def _until(company: Connection, name: str, now: datetime) -> datetime | None:
    values = values_of(registry.vendor(company.system).connection, company.values)
    return closed_until(windows(values[name]), now, values["time_zone"]) if values[name] else None
