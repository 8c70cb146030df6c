"""Fills the emulator with a world: ``empty`` holds the tenant's set-up only, ``demo`` a contractor with a year and a half of work."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Final

from tieout.sandbox.servicetitan.tenant import Tenant
from tieout.sandbox.servicetitan.world_books import load_books
from tieout.sandbox.servicetitan.world_documents import load_documents
from tieout.sandbox.servicetitan.world_setup import load_setup
from tieout.sandbox.servicetitan.world_work import load_work

SIZES: Final[Mapping[str, int]] = {"customers": 320, "projects": 220, "jobs": 1100}


def load(tenant: Tenant, world: str, chance: random.Random, sizes: Mapping[str, int]) -> None:
    """Writes the named world; the same seed, clock and sizes give the same rows."""
    load_setup(tenant)
    load_books(tenant)
    if world == "demo":
        load_work(tenant, chance, {**SIZES, **sizes})
        load_documents(tenant, chance)
