"""Turns: a budget of calls a second that all workers share, kept in one row of the database for each connection.

An adapter takes a turn before each call. The window is a little longer than what the vendor counts in, because two calls
that left one after the other may arrive closer together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tieout.core.platform import Clock, Rate
from tieout.store.statements import rows

MARGIN = timedelta(milliseconds=100)
PATIENCE_S = 20.0  # well below a lease

Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class SharedTurns:
    """The turns of one connection. With `pause`, whoever finds none waits for the next; without, nobody waits: on a virtual clock
    time passes only when nobody does."""

    connection: int
    rate: Rate
    clock: Clock
    pause: Pause | None = None

    def __call__(self) -> float:
        """Take one call, after waiting `PATIENCE_S` for it at most: 0.0, or the seconds until one may be taken."""
        left = PATIENCE_S if self.pause is not None else 0.0
        while (wait := self._take()) > 0 and self.pause is not None and wait <= left:
            self.pause(wait)
            left -= wait
        return wait

    def _take(self) -> float:
        now = self.clock.now()
        window = timedelta(seconds=self.rate.seconds) + MARGIN
        parameters = {"connection": self.connection, "now": now, "window": window, "calls": self.rate.calls}
        if rows("take_turn", parameters):
            return 0.0
        free_at: datetime = rows("next_turn", parameters)[0][0]
        return max((free_at - now).total_seconds(), 0.001)
