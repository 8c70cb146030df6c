"""How ServiceTitan's members are read: ids are int64 with 0 for “none”, and a time of year 1 says “never” (servicetitan §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tieout.platforms.members import Members
from tieout.platforms.servicetitan.faults import BODY

_MEMBERS = Members(BODY, none_id=0)

unreadable = _MEMBERS.unreadable
text = _MEMBERS.text
name = _MEMBERS.name
flag = _MEMBERS.flag
identity = _MEMBERS.identity
day = _MEMBERS.day
amount = _MEMBERS.amount
items = _MEMBERS.items
ref = _MEMBERS.ref
refs = _MEMBERS.refs


def moment(value: Any, where: str) -> datetime | None:
    """A time as aware UTC; bodies carry seven digits of a second and mean UTC where they name no zone. None for null and for year 1."""
    found = _MEMBERS.moment(value, where)
    return None if found is None or found.year == 1 else found


__all__ = ["amount", "day", "flag", "identity", "items", "moment", "name", "ref", "refs", "text", "unreadable"]
