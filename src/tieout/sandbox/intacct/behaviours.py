"""Which objects do more than their tables say: object name -> its hooks."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Behaviours

BEHAVIOURS: Behaviours = {}
