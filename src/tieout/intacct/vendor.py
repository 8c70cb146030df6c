"""Sage Intacct, as the engine, the pages and the command line know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.platform import Rate, Vendor
from tieout.core.settings import values_of
from tieout.intacct.connection import connect
from tieout.intacct.kinds import KINDS
from tieout.intacct.settings import SCHEMA


def shown_key(kind: str, key: str) -> str:
    """A record's own number, without the record number of the vendor, project or other owner it is meant within."""
    known = KINDS.get(kind)
    return known.own_key(key) if known is not None else key


def rate(values: Mapping[str, Any]) -> Rate | None:
    """The calls a second that the settings allow; Intacct itself limits only those at one time (intacct-xml §6)."""
    most = int(values_of(SCHEMA, values)["calls_per_second"])
    return Rate(most) if most else None


VENDOR = Vendor(name="intacct", label="Sage Intacct", connection=tuple(SCHEMA), connect=connect, rate=rate, shown_key=shown_key)
