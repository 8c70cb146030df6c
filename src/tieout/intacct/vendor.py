"""Sage Intacct, as the engine, the pages and the command line know it."""

from __future__ import annotations

from tieout.core.platform import Vendor
from tieout.intacct.connection import connect
from tieout.intacct.kinds import KINDS
from tieout.intacct.settings import SCHEMA


def shown_key(kind: str, key: str) -> str:
    """A record's own number, without the record number of the vendor, project or other owner it is meant within."""
    known = KINDS.get(kind)
    return known.own_key(key) if known is not None else key


VENDOR = Vendor(name="intacct", label="Sage Intacct", connection=tuple(SCHEMA), connect=connect, shown_key=shown_key)
