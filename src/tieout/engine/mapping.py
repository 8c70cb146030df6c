"""Mapping tables of an integration: its rows as a file, and what saving them leads to.

A table is saved whole, so rows are never edited in place: a decision can tell by their ids that something changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tieout.core.tables import ANY, Table, TableRow
from tieout.engine import journal
from tieout.engine.connections import look_again
from tieout.engine.pairs import settings_of
from tieout.engine.plan import Plan, preview
from tieout.engine.runtime import Runtime
from tieout.platforms import registry
from tieout.store.models import Integration, MappingRow

SINCE = "since"
_SPREADSHEET = "\ufeff"  # a spreadsheet program puts it in front of a file


class MappingError(ValueError):
    """A table that cannot be saved; its text names the line, the cause and what is expected."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a table led to: its rows now and before, and how many records are looked at again."""

    rows: int
    before: int
    looked_at_again: int


def table_named(integration: Integration, name: str) -> Table:
    """The declaration of a table. Raises MappingError that lists those there are."""
    tables = {table.name: table for table in registry.platform(integration.platform.system).tables}
    if name not in tables:
        known = ", ".join(tables) or "none"
        raise MappingError(f"{integration.name} has no mapping table “{name}”. Its tables: {known}.")
    return tables[name]


def rows_of(integration: Integration, table: Table) -> list[TableRow]:
    """The saved rows of a table, in order."""
    return [row.as_core() for row in integration.mapping_rows.filter(table=table.name).order_by("position")]


def as_csv(table: Table, rows: Iterable[TableRow]) -> str:
    """A table as a file: a line of column names, then one line a row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_header(table))
    for row in rows:
        since = row.since.isoformat() if row.since is not None else ""
        writer.writerow([*row.keys, *(row.values.get(column.name, "") for column in table.values), since])
    return out.getvalue()


def _header(table: Table) -> list[str]:
    return [column.name for column in (*table.keys, *table.values)] + [SINCE]


def from_csv(table: Table, text: str) -> list[TableRow]:
    """The rows in a file. The first line names the columns, in any order; value columns and `since` may be left out.

    Raises MappingError.
    """
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix(_SPREADSHEET)), strict=True))
    except csv.Error as error:
        raise MappingError(f"The file is not readable as CSV: {error}.") from None
    lines = [[cell.strip() for cell in line] for line in lines if any(cell.strip() for cell in line)]
    header = [cell.lower() for cell in lines[0]] if lines else []
    _check_header(table, header)
    rows = [_row(table, dict(zip(header, line, strict=False)), number) for number, line in enumerate(lines[1:], 2)]
    _check_doubles(rows)
    return rows


def _check_header(table: Table, header: Sequence[str]) -> None:
    expected = ", ".join(_header(table))
    absent = [column.name for column in table.keys if column.name not in header]
    unknown = [name for name in header if name not in _header(table)]
    if absent or unknown or len(set(header)) != len(header):
        wrong = f"lacks {', '.join(absent)}" if absent else f"has {', '.join(unknown)}" if unknown else "names a column twice"
        raise MappingError(f"The first line of “{table.label}” {wrong}. Its columns are: {expected}.")


def _row(table: Table, cells: dict[str, str], number: int) -> TableRow:
    keys = tuple(cells.get(column.name, "") for column in table.keys)
    if not all(keys):
        raise MappingError(f"Line {number} of “{table.label}” has an empty key. Write {ANY} where everything matches.")
    given = cells.get(SINCE, "")
    try:
        since = date.fromisoformat(given) if given else None
    except ValueError:
        raise MappingError(f"Line {number} of “{table.label}” has the day “{given}”. Write it like 2026-03-31.") from None
    return TableRow(keys, {column.name: cells.get(column.name, "") for column in table.values}, since)


def _check_doubles(rows: Sequence[TableRow]) -> None:
    seen: dict[tuple[tuple[str, ...], date | None], int] = {}
    for number, row in enumerate(rows, 2):
        first = seen.setdefault((tuple(key.casefold() for key in row.keys), row.since), number)
        if first != number:
            raise MappingError(f"Line {number} says the same keys from the same day as line {first}. Keep one of them.")


def replace_rows(integration: Integration, table: Table, rows: Sequence[TableRow], *, by: str, now: datetime) -> Saved:
    """Save a table whole, say so in the log, and have every record it may concern looked at again."""
    with transaction.atomic():
        old = MappingRow.objects.filter(integration=integration, table=table.name)
        before = [row.as_core() for row in old.order_by("position")]
        if before == list(rows):
            return Saved(len(rows), len(before), 0)
        old.delete()
        for made in _rows(integration, table, rows):
            made._change_reason = f"by {by}"  # type: ignore[attr-defined]
            made.save()
        text = f"{by} saved the mapping table “{table.label}”: {len(rows)} rows, {len(before)} before."
        journal.note(integration.company, "mapping changed", text, now, name=integration.name)
        return Saved(len(rows), len(before), look_again(integration, now))


def _rows(integration: Integration, table: Table, rows: Sequence[TableRow]) -> list[MappingRow]:
    return [
        MappingRow(integration=integration, table=table.name, position=at, keys=list(row.keys), values=dict(row.values), since=row.since)
        for at, row in enumerate(rows)
    ]


def preview_rows(runtime: Runtime, integration: Integration, table: Table, rows: Sequence[TableRow]) -> Plan:
    """What would change if a table were saved so, from what is stored of both sides. Nothing is read, and nothing is kept."""
    with transaction.atomic():
        MappingRow.objects.filter(integration=integration, table=table.name).delete()
        MappingRow.objects.bulk_create(_rows(integration, table, rows))
        found = preview(runtime, integration, settings_of(integration))
        transaction.set_rollback(True)
    return found


__all__ = ["MappingError", "Saved", "as_csv", "from_csv", "preview_rows", "replace_rows", "rows_of", "table_named"]
