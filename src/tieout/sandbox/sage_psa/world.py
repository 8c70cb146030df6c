"""Fills the account with a world: ``empty`` holds its set-up only, ``demo`` a contractor with two years of projects."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tieout.sandbox.sage_psa.work import Work
from tieout.sandbox.sage_psa.world_setup import load_setup
from tieout.sandbox.sage_psa.world_work import load_work

MakeWork = Callable[[str, int], Work]


def load(make: MakeWork, now: datetime, world: str, chance: random.Random) -> None:
    """Writes the named world; the same seed and day give the same rows. Nothing is told to webhooks."""
    began = (now - timedelta(days=900)).strftime("%Y-%m-%dT09:00:00Z")
    load_setup(make(began, 0), demo=world == "demo")
    if world == "demo":
        load_work(make, now, chance)
