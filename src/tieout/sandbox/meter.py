"""Counts what an emulator was asked to do, the way its vendor would bill it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from typing import Any


class Meter:
    """Requests, billed transactions, calls by function, and how many requests ran at once or came in one second. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._current = 0
        self.reset()

    def reset(self) -> None:
        """Starts every count at zero; requests still running stay counted as running."""
        with self._lock:
            self._requests = 0
            self._transactions = 0
            self._by_function: Counter[str] = Counter()
            self._max_concurrent = self._current
            self._last_second: deque[float] = deque()
            self._max_per_second = 0

    def request(self, now: float) -> None:
        """Counts one request that came at `now`, in seconds of the emulator's clock."""
        with self._lock:
            self._requests += 1
            while self._last_second and not now - 1 < self._last_second[0] <= now:
                self._last_second.popleft()
            self._last_second.append(now)
            self._max_per_second = max(self._max_per_second, len(self._last_second))

    def count(self, function: str, transactions: int = 1) -> None:
        """Counts one call of a function and the transactions its vendor bills for it."""
        with self._lock:
            self._by_function[function] += 1
            self._transactions += transactions

    def entered(self) -> None:
        """A request began to run."""
        with self._lock:
            self._current += 1
            self._max_concurrent = max(self._max_concurrent, self._current)

    def left(self) -> None:
        """A request ended."""
        with self._lock:
            self._current -= 1

    def as_dict(self) -> dict[str, Any]:
        """requests, transactions, by_function, max_concurrent, max_per_second, current."""
        with self._lock:
            return {
                "requests": self._requests,
                "transactions": self._transactions,
                "by_function": dict(sorted(self._by_function.items())),
                "max_concurrent": self._max_concurrent,
                "max_per_second": self._max_per_second,
                "current": self._current,
            }
