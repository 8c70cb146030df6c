"""How many calls a minute takes; no number is published, so there is none unless a setting says so (sage-psa §2)."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Final

_MINUTE: Final = timedelta(minutes=1)


class RateLimit:
    """A sliding minute. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[datetime] = deque()

    def passes(self, now: datetime, most: int) -> bool:
        """Counts a call, and says whether it is within the limit; 0 is no limit."""
        with self._lock:
            while self._calls and self._calls[0] <= now - _MINUTE:
                self._calls.popleft()
            if most and len(self._calls) >= most:
                return False
            self._calls.append(now)
            return True

    def clear(self) -> None:
        """Forgets every call."""
        with self._lock:
            self._calls.clear()
