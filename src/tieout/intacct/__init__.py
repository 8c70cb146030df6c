"""Sage Intacct: a client usable alone, the catalogue of record kinds, and the adapter behind the core's port."""

from tieout.intacct.catalogue import Access, Catalogue, Field, Kind, Type, WriteMode
from tieout.intacct.connection import IntacctSystem, connect
from tieout.intacct.kinds import KINDS
from tieout.intacct.settings import SCHEMA

__all__ = ["KINDS", "SCHEMA", "Access", "Catalogue", "Field", "IntacctSystem", "Kind", "Type", "WriteMode", "connect"]
