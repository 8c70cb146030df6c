"""Sage Intacct, as the engine, the pages and the command line know it."""

from __future__ import annotations

from tieout.core.platform import Vendor
from tieout.intacct.connection import connect
from tieout.intacct.settings import SCHEMA

VENDOR = Vendor(name="intacct", label="Sage Intacct", connection=tuple(SCHEMA), connect=connect)
