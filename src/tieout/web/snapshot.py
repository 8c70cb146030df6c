"""The overview's figures, shared by everybody who watches.

Counting a million links takes some tenths of a second and every open page asks every two seconds, so one answer
serves all for ten times as long as it took to find, and at least a second. A small installation moves as fast as its pages ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from tieout.engine.overview import Overview, overview

SHARE = 10
LEAST = 1.0


class Shared:
    """The latest answer and how long it holds, in seconds of a clock that never jumps."""

    def __init__(self, find: Callable[[datetime], Overview], tick: Callable[[], float] = time.monotonic) -> None:
        self._find = find
        self._tick = tick
        self._lock = threading.Lock()
        self._answer: Overview | None = None
        self._until = 0.0

    def get(self, now: datetime) -> Overview:
        """The latest answer if it still holds, else a new one; others wait for it instead of asking too."""
        with self._lock:
            begun = self._tick()
            if self._answer is None or begun >= self._until:
                self._answer = self._find(now)
                ended = self._tick()
                self._until = ended + max(LEAST, SHARE * (ended - begun))
            return self._answer

    def forget(self) -> None:
        """Ask anew next time."""
        with self._lock:
            self._answer = None


shared = Shared(overview)


def snapshot() -> Overview:
    """The state of everything, as of a moment ago."""
    return shared.get(datetime.now(UTC))
