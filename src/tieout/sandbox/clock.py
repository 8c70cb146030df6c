"""The time an emulator lives in: the computer's, or one a test holds in its hand."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time, real (with an offset once advanced) or virtual (stands still until set or advanced).

    `later` runs work at a time of this clock: on a real clock from a background thread, on a virtual clock
    inside the call that moves the time. Thread-safe.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._offset = timedelta(0)
        self._held: datetime | None = None
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._listeners: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def is_virtual(self) -> bool:
        """Whether the time stands still until someone moves it."""
        return self._held is not None

    def now(self) -> datetime:
        """The time, aware UTC."""
        with self._changed:
            return self._held if self._held is not None else datetime.now(UTC) + self._offset

    def set(self, moment: datetime) -> None:
        """Makes the clock virtual and moves it to `moment` (aware); work that fell due is run first."""
        if moment.tzinfo is None:
            raise ValueError("the time has no zone; write it like 2026-03-01T08:00:00Z")
        moment = moment.astimezone(UTC)
        with self._changed:
            start = self._held if self._held is not None else min(self.now(), moment)
            self._held = start
        self._move_to(moment)

    def advance(self, seconds: float) -> None:
        """Moves the time forward, on a real clock by an offset; work that fell due is run."""
        if seconds < 0:
            raise ValueError("a clock cannot be advanced by a negative number of seconds")
        with self._changed:
            if self._held is None:
                self._offset += timedelta(seconds=seconds)
                self._changed.notify_all()
                target = None
            else:
                target = self._held + timedelta(seconds=seconds)
        if target is None:
            self._tell()
        else:
            self._move_to(target)

    def real(self) -> None:
        """Follows the computer again, without an offset."""
        with self._changed:
            self._held = None
            self._offset = timedelta(0)
            self._ensure_thread()
            self._changed.notify_all()
        self._tell()

    def sleep(self, seconds: float) -> None:
        """Waits on a real clock (an advance shortens the wait); moves a virtual one."""
        if seconds <= 0:
            return
        with self._changed:
            target = self.now() + timedelta(seconds=seconds)
            while self._held is None and not self._closed:
                left = (target - self.now()).total_seconds()
                if left <= 0:
                    return
                self._changed.wait(left)
            if self._closed:
                return
        if self.now() < target:
            self._move_to(target)

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Runs `work` once, `seconds` from now on this clock."""
        with self._changed:
            heapq.heappush(self._due, (self.now() + timedelta(seconds=seconds), next(self._order), work))
            if self._held is None:
                self._ensure_thread()
            self._changed.notify_all()

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after every jump of the time."""
        self._listeners.append(listener)

    def forget(self) -> None:
        """Drops all work that has not run yet."""
        with self._changed:
            self._due.clear()

    def close(self) -> None:
        """Ends the background thread and every wait."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
        self._tell()

    def _move_to(self, target: datetime) -> None:
        while True:
            with self._changed:
                if not self._due or self._due[0][0] > target:
                    self._held = target
                    self._changed.notify_all()
                    break
                due, _, work = heapq.heappop(self._due)
                if self._held is not None:
                    self._held = max(self._held, due)
            work()
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _ensure_thread(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="sandbox-clock", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                if self._held is not None or not self._due:
                    self._changed.wait()
                    continue
                left = (self._due[0][0] - self.now()).total_seconds()
                if left > 0:
                    self._changed.wait(left)
                    continue
                _, _, work = heapq.heappop(self._due)
            threading.Thread(target=work, name="sandbox-late-work", daemon=True).start()


def parse_moment(text: str) -> datetime:
    """Reads an ISO 8601 time with a zone; raises ValueError with a sentence otherwise."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone; write it like 2026-03-01T08:00:00Z")
    return moment.astimezone(UTC)
