"""Mapping tables: which value of the books belongs to which value of a platform. Declared as data, filled by people.

A platform declares a `Table`; its rows are kept in the store, in order, each from a day on. A rule looks one up with
`View.mapped`; what matches no row is held, and the finding names the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tieout.core.record import EMPTY

ANY = "*"


class HoldError(Exception):
    """A rule cannot go on before a person has done something. The text is one sentence: what is missing, and where to enter it.

    Attributes:
        code: of the problem.
        cause: equal for all records that the same deed would release.
    """

    def __init__(self, code: str, text: str, cause: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.cause = cause


class UnmappedError(HoldError):
    """No row of a mapping table matches; the text names the table and what was looked up."""

    def __init__(self, table: str, keys: Sequence[str]) -> None:
        shown = ", ".join(f"“{key}”" for key in keys)
        super().__init__("mapping.unmatched", f"The mapping table “{table}” has no row for {shown}.", f"{table}: {shown}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, by the name its file uses and the label people read."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping table a platform needs.

    Attributes:
        name: as used in commands, files and rules.
        keys: what is looked up; a row may hold `*` for a key, which matches everything.
        values: what a row gives; an empty value is no value.
        requirement: the number of the requirement or reference section it comes from.
    """

    name: str
    label: str
    help: str
    keys: tuple[Column, ...]
    values: tuple[Column, ...]
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its keys and values by column, and the day it counts from; None means always."""

    keys: tuple[str, ...]
    values: Mapping[str, str]
    since: date | None = None


@dataclass(slots=True)
class Rows:
    """The rows of one table, in order, ready to be looked up."""

    label: str
    rows: tuple[TableRow, ...] = ()
    _exact: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False)
    _loose: list[tuple[int, tuple[str, ...]]] = field(default_factory=list, repr=False)
    _groups: list[list[TableRow]] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        places: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            keys = _folded(row.keys)
            if keys not in places:
                places[keys] = len(self._groups)
                self._groups.append([])
                if ANY in keys:
                    self._loose.append((places[keys], keys))
            self._groups[places[keys]].append(row)
        self._exact = {keys: place for keys, place in places.items() if ANY not in keys}

    def find(self, keys: Sequence[str], day: date | None = None) -> Mapping[str, str] | None:
        """The values of the first row that matches and counts on that day; None if no row does.

        Of several rows with the same keys the one that counts from the latest day wins; without a day, the last of them.
        """
        wanted = _folded(keys)
        places = [place for place, pattern in self._loose if _matches(pattern, wanted)]
        if wanted in self._exact:
            places = sorted([*places, self._exact[wanted]])
        for place in places:
            row = _counting(self._groups[place], day)
            if row is not None:
                return row.values
        return None


def _folded(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(key.strip().casefold() for key in keys)


def _matches(pattern: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(pattern) == len(wanted) and all(one in (ANY, other) for one, other in zip(pattern, wanted, strict=True))


def _counting(rows: Sequence[TableRow], day: date | None) -> TableRow | None:
    counting = [row for row in rows if row.since is None or day is None or row.since <= day]
    return max(counting, key=lambda row: row.since or date.min, default=None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision may know beside the records.

    Attributes:
        tables: the rows of the platform's mapping tables, by name.
        confirmed: an accountant has confirmed the first record this flow made.
        since: when the integration was switched on.
        mark: changes whenever a table does.
    """

    tables: Mapping[str, Rows] = field(default_factory=lambda: EMPTY)
    confirmed: bool = False
    mark: str = ""
    since: datetime | None = None


NO_FACTS = Facts()

__all__ = ["ANY", "NO_FACTS", "Column", "Facts", "HoldError", "Rows", "Table", "TableRow", "UnmappedError"]
