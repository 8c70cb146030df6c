"""A fault table of no vendor, and a clock that moves when it is told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tieout.core.ports import Actor, FaultCase
from tieout.platforms.exchange import Cases

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def row(name: str) -> FaultCase:
    return FaultCase(f"acme.{name}", f"It is {name}.", "Wait.", Actor.NOBODY)


CASES = Cases(
    paced=row("paced"),
    rate=row("rate"),
    timeout=row("timeout"),
    unreachable=row("unreachable"),
    unknown_host=row("unknown-host"),
    certificate=row("certificate"),
    page=row("page"),
    body=row("body"),
    unexpected=row("unexpected"),
)


@dataclass
class Watch:
    """A clock that moves when it is told to."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
