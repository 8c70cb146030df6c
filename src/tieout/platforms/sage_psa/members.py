"""How Sage PSA's members are read: ids of built-in things are negative, and a reference may be the record itself (sage-psa §2.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tieout.platforms.members import LARGEST_ID, Members
from tieout.platforms.sage_psa.faults import BODY

_MEMBERS = Members(BODY, least_id=-LARGEST_ID, embedded=True)

unreadable = _MEMBERS.unreadable
text = _MEMBERS.text
flag = _MEMBERS.flag
whole = _MEMBERS.whole
identity = _MEMBERS.identity
amount = _MEMBERS.amount
day = _MEMBERS.day
items = _MEMBERS.items
ref = _MEMBERS.ref
refs = _MEMBERS.refs


def moment(value: Any, where: str) -> datetime | None:
    """A time as aware UTC to the second, the resolution the service has (sage-psa §2); one without a zone is UTC. None for null."""
    found = _MEMBERS.moment(value, where)
    return None if found is None else found.replace(microsecond=0)


__all__ = ["amount", "day", "flag", "identity", "items", "moment", "ref", "refs", "text", "unreadable", "whole"]
