"""A small bar chart as SVG, drawn on the server: no script, readable in light and dark, and by a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, FLOOR, TOP, LEFT = 600, 150, 128, 12, 48
GAP = 0.22


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, what it counts."""

    x: float
    y: float
    width: float
    height: float
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One horizontal line with its number."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Everything the template needs; all lengths are in the units of its view box."""

    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...]
    highest: int
    total: int
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR
    left: int = LEFT


def bar_chart(counts: Sequence[tuple[datetime, int]]) -> BarChart:
    """The chart of counts over time, oldest first; its scale ends at a round number at or above the highest count."""
    highest = max((count for _, count in counts), default=0)
    scale = round_up(highest)
    step = (WIDTH - LEFT) / max(1, len(counts))
    rise = (FLOOR - TOP) / scale
    bars = tuple(
        Bar(
            x=round(LEFT + i * step + step * GAP / 2, 2),
            y=round(FLOOR - count * rise, 2),
            width=round(step * (1 - GAP), 2),
            height=round(count * rise, 2),
            at=at,
            count=count,
        )
        for i, (at, count) in enumerate(counts)
    )
    rules = tuple(Rule(round(FLOOR - value * rise, 2), f"{value:,}") for value in (scale // 2, scale) if value)
    return BarChart(bars, rules, highest, sum(count for _, count in counts))


def round_up(number: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100, … that is not below `number`."""
    power = 1
    while True:
        for factor in (2, 4, 10):
            if factor * power >= number:
                return factor * power
        power *= 10
