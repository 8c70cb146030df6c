"""What every pass of work needs from outside: the time, and the adapters of the connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from tieout.core.platform import Clock
from tieout.core.ports import Fault, System, Usage
from tieout.core.problems import NOT_CONFIGURED
from tieout.core.settings import SettingError, missing
from tieout.engine.turns import Pause, SharedTurns
from tieout.platforms import registry
from tieout.store.models import Connection


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class _Built:
    mark: bytes  # the connection's values as they are stored
    system: System
    counted: Usage = field(default_factory=Usage)


class Systems:
    """One long-lived adapter for each connection, rebuilt when the connection's values change.

    `transports` replaces the network of a connection, by its name; the simulation uses it. `pause` lets a call wait for its turn.
    """

    def __init__(self, clock: Clock, transports: Mapping[str, Any] | None = None, pause: Pause | None = None) -> None:
        self._clock = clock
        self._pause = pause
        self._transports = transports or {}
        self._built: dict[int, _Built] = {}
        self._lock = threading.Lock()

    def of(self, connection: Connection) -> System:
        """The adapter of a connection. Raises Fault if a value it needs is missing."""
        mark = msgspec.json.encode(connection.values) + bytes(connection.sealed)
        with self._lock:
            built = self._built.get(connection.pk)
            if built is not None and built.mark == mark:
                return built.system
            values = connection.configuration()
            vendor = registry.vendor(connection.system)
            absent = missing(vendor.connection, values)
            if absent:
                raise Fault(NOT_CONFIGURED, ", ".join(setting.label for setting in absent))
            try:
                rate = vendor.rate(values)
                turns = SharedTurns(connection.pk, rate, self._clock, self._pause) if rate is not None else None
                system = vendor.connect(values, clock=self._clock, transport=self._transports.get(connection.name), turns=turns)
            except SettingError as error:
                raise Fault(NOT_CONFIGURED, str(error)) from error
            self._built[connection.pk] = _Built(mark, system)
        if built is not None:
            built.system.close()
        return system

    def used_since_last(self, connection: Connection) -> Usage:
        """What the adapter has used since this was last asked."""
        with self._lock:
            built = self._built.get(connection.pk)
            if built is None:
                return Usage()
            total, before = built.system.usage(), built.counted
            built.counted = total
        return Usage(total.requests - before.requests, total.transactions - before.transactions)

    def close(self) -> None:
        """Close every adapter."""
        with self._lock:
            built, self._built = self._built, {}
        for each in built.values():
            each.system.close()


def _nobody(company: int) -> None:
    """Wake nobody: something else looks for due work."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """The time, the adapters, and how to wake a worker for a company."""

    clock: Clock
    systems: Systems
    wake: Callable[[int], None] = _nobody

    @classmethod
    def real(cls, wake: Callable[[int], None] = _nobody) -> Runtime:
        """The computer's clock and the real network."""
        clock = SystemClock()
        return cls(clock, Systems(clock, pause=time.sleep), wake)

    def now(self) -> datetime:
        """The time now, aware UTC."""
        return self.clock.now()
