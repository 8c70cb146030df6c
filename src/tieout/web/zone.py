"""The time zone pages are shown in: the browser's own, which a small script hands over in a cookie."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import cache
from urllib.parse import unquote
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest

COOKIE = "tieout_zone"


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_of(request: HttpRequest) -> tzinfo:
    """The zone the browser named, or UTC if it named none that exists."""
    name = unquote(request.COOKIES.get(COOKIE, ""))
    return ZoneInfo(name) if name in _known() else UTC
