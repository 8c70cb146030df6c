"""The table of figures: on the terminal, and as docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

HEADINGS = ("figure", "measured", "target", "", "command")


class Verdict(StrEnum):
    """Whether a figure is where it should be."""

    MET = "met"
    MISSED = "missed"
    SHOWN = ""  # a figure without a target
    NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        figure: what was measured, in words.
        measured: the figure with its unit, and the limit or peer it is compared with.
        target: as words; empty if there is none.
        command: how to get this figure alone.
        note: how it was measured, what was scaled or extrapolated, and which flows it covers.
    """

    figure: str
    measured: str
    target: str
    verdict: Verdict
    command: str
    note: str = ""

    def plain(self) -> dict[str, str]:
        """The row as JSON data."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def load(cls, data: Mapping[str, str]) -> Row:
        """The row that `plain` made the data from."""
        rest = {name: text for name, text in data.items() if name != "verdict"}
        return cls(verdict=Verdict(data["verdict"]), **rest)

    def cells(self) -> tuple[str, str, str, str, str]:
        """The row's cells under `HEADINGS`."""
        return (self.figure, self.measured, self.target, self.verdict.value, self.command)


def at_least(value: float, target: float) -> Verdict:
    """Met if the value reaches the target."""
    return Verdict.MET if value >= target else Verdict.MISSED


def at_most(value: float, target: float) -> Verdict:
    """Met if the value does not exceed the target."""
    return Verdict.MET if value <= target else Verdict.MISSED


def document(rows: Sequence[Row], machine: str, taken_s: float, busy: float = 0.0) -> str:
    """The page docs/benchmarks.md; `busy` is how many programs wanted a core before the run began."""
    met = sum(row.verdict is Verdict.MET for row in rows)
    aimed = sum(row.verdict in (Verdict.MET, Verdict.MISSED) for row in rows)
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. Each figure is a ratio to a computed limit, or to a peer on the same emulator in the same",
        "run, so that it says the same on another machine; seconds and rates are this machine's. PostgreSQL is the embedded one with",
        "fsync on; the emulators answer over HTTP from a process of their own, unless a note says otherwise.",
        "",
        f"- Machine: {machine}",
        f"- The whole run took {taken_s / 60:.1f} minutes; {met} of {aimed} targets met.",
        *([f"- Before it began, {busy:.1f} other programs wanted a core: times and rates of this run say little."] if busy > 1 else []),
        "",
        _line(HEADINGS),
        "|" + "---|" * len(HEADINGS),
    ]
    lines += [_line((*row.cells()[:4], f"`{row.command}`")) for row in rows]
    notes: dict[str, list[str]] = {}
    for row in rows:
        if row.note:
            notes.setdefault(row.note, []).append(row.figure)
    lines += ["", "## How each was measured", ""]
    lines += [f"- **{'; '.join(figures)}.** {note}" for note, figures in notes.items()]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as JSON data."""
    return [dict(row.plain()) for row in rows]
