"""The rate limit: calls in any one second per app key and tenant (servicetitan §4, E10)."""

from __future__ import annotations

import math
import threading
from collections import deque

from tieout.sandbox.clock import Clock
from tieout.sandbox.servicetitan.problems import Refused


class RateLimit:
    """Counts accepted calls in a sliding second of the sandbox clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def pass_or_refuse(self, app_key: str, tenant: str, *, per_second: int, wait_s: int, tell_header: bool) -> None:
        """Counts the call, or raises the 429; ``per_second`` 0 is no limit, ``wait_s`` 0 gives the true wait."""
        if not per_second:
            return
        now = self._clock.now().timestamp()
        with self._lock:
            calls = self._calls.setdefault((app_key, tenant), deque())
            # A clock that was set back must not leave calls from the future behind.
            while calls and not now - 1 < calls[0] <= now:
                calls.popleft()
            if len(calls) < per_second:
                calls.append(now)
                return
            wait = wait_s or max(1, math.ceil(calls[0] + 1 - now))
        title = f"Rate limit is exceeded. Try again in {wait} seconds."
        raise Refused(429, title, headers={"Retry-After": str(wait)} if tell_header else None)
