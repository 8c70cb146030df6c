"""Sage Intacct: a client usable alone, the catalogue of record kinds, and the adapter behind the core's port."""
