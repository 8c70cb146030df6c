"""How many requests an emulator works on at once; the rest wait their turn."""

from __future__ import annotations

import threading
from collections import deque


class Gate:
    """A first-come first-served limit; 0 means no limit. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._changed = threading.Condition()
        self._limit = limit
        self._inside = 0
        self._waiting: deque[object] = deque()

    def resize(self, limit: int) -> None:
        """Changes the limit; those inside stay inside."""
        with self._changed:
            self._limit = limit
            self._changed.notify_all()

    def enter_now(self) -> bool:
        """Takes a place if one is free and nobody waits for it."""
        with self._changed:
            if self._waiting or not self._free():
                return False
            self._inside += 1
            return True

    def enter(self) -> None:
        """Takes a place, after everyone who came before."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            while self._waiting[0] is not ticket or not self._free():
                self._changed.wait()
            self._waiting.popleft()
            self._inside += 1
            self._changed.notify_all()

    def leave(self) -> None:
        """Gives the place back."""
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def _free(self) -> bool:
        return self._limit == 0 or self._inside < self._limit
