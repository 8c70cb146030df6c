"""Lines of a document on their way to Intacct: those given, and those that go back as they are.

A line whose id is a number stands for the line Intacct has under it; any other id means a new line. Where an update
replaces all lines, a line of somebody else is sent back with everything Intacct lets be written; a line is left out only
if it was expected and is no longer wanted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.core.record import EMPTY, Fields, Line, Value
from tieout.intacct.catalogue import REMOVE_LINES, Access, Catalogue, Field, Lines, Type
from tieout.intacct.client import Row

_USER_DIMENSION = re.compile(r"GLDIM[A-Z0-9_]+")
_KEY = "KEY"
_ACCEPTED: dict[Type, tuple[type, ...]] = {
    Type.TEXT: (str,),
    Type.LABEL: (str,),
    Type.REFERENCE: (str,),
    Type.INTEGER: (int,),
    Type.NUMBER: (int, str),
    Type.DECIMAL: (Decimal, int),
    Type.BOOLEAN: (bool,),
    Type.DATE: (date,),
    Type.TIMESTAMP: (datetime,),
    Type.LINES: (tuple,),
}


class UnwritableWriteError(ValueError):
    """A write that this kind does not allow; its text says which field or verb, and why."""


class VanishedLineError(Exception):
    """A line that is to be changed is no longer in its document; the text says which."""


@dataclass(frozen=True, slots=True)
class Present:
    """A record as it is right before a write.

    Attributes:
        fields: the header's text by column.
        lines: its lines in order.
        custom: the company's own columns of a line that can be written.
    """

    fields: Mapping[str, str]
    lines: tuple[Row, ...] = ()
    custom: frozenset[str] = frozenset()


def lines_of(fields: Fields, lines: Lines) -> tuple[Line, ...] | None:
    """The lines among the fields of a write; None if it does not speak of lines."""
    value = fields.get(lines.container)
    return tuple(line for line in value if isinstance(line, Line)) if isinstance(value, tuple) else None


def is_new(line: Line) -> bool:
    """Whether a line is to be added."""
    return not line.id.isdigit()


def new_lines(lines: Lines, wanted: Sequence[Line], catalogue: Catalogue, *, by_alias: bool) -> list[dict[str, Any]]:
    """All lines of a new document. Raises UnwritableWriteError."""
    return [_encoded(lines, line, catalogue, by_alias=by_alias, adding=True) for line in wanted]


def merged_lines(
    lines: Lines, wanted: Sequence[Line], expected: Sequence[Line] | None, catalogue: Catalogue, present: Present
) -> tuple[dict[int, dict[str, Any]], list[dict[str, Any]]]:
    """The lines that change, by their number counted from 1, and the added ones (intacct-xml §2.11).

    The number is the line's place in the document as it is. Raises VanishedLineError, UnwritableWriteError.
    """
    places = {_id(lines, row): number for number, row in enumerate(present.lines, 1)}
    rows = {_id(lines, row): row for row in present.lines}
    _none_vanished(wanted, places)
    dropped = {line.id for line in expected or ()} - {line.id for line in wanted}
    if dropped & places.keys():
        raise UnwritableWriteError(f"a line of a document of {lines.kind.name} cannot be taken out once it is written")
    before = {line.id: line.fields for line in expected or ()}
    changed = {}
    for line in wanted:
        if not is_new(line) and (values := _encoded(lines, _changes(line, before), catalogue, by_alias=True, adding=False)):
            changed[places[line.id]] = {**_kept(lines, rows[line.id]), **values}
    added = [_encoded(lines, line, catalogue, by_alias=True, adding=True) for line in wanted if is_new(line)]
    return changed, added


def _kept(lines: Lines, row: Row) -> dict[str, Any]:
    """What Intacct wants with every changed line, as the line has it."""
    return {each.alias: row.fields[each.column] for each in lines.kind.fields if each.always_sent and row.fields.get(each.column)}


def changed_lines(lines: Lines, wanted: Sequence[Line], expected: Sequence[Line] | None, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The lines that change, each with its RECORDNO, and the added ones without; all others stay. Raises UnwritableWriteError."""
    dropped = {line.id for line in expected or ()} - {line.id for line in wanted}
    if dropped:
        raise UnwritableWriteError(f"line {', '.join(sorted(dropped))} can only be taken out by a call of its own, “{REMOVE_LINES}”")
    before = {line.id: line.fields for line in expected or ()}
    out = []
    for line in wanted:
        if is_new(line):
            out.append(_encoded(lines, line, catalogue, by_alias=False, adding=True))
        elif values := _encoded(lines, _changes(line, before), catalogue, by_alias=False, adding=False):
            out.append({lines.id_column: line.id, **values})
    return out


def all_lines(
    lines: Lines, wanted: Sequence[Line] | None, expected: Sequence[Line] | None, catalogue: Catalogue, present: Present
) -> list[dict[str, Any]]:
    """Every line the document shall have: those that stay as they are, changed ones over them, and the added ones.

    `wanted` is None for a write that does not speak of lines. Raises VanishedLineError, UnwritableWriteError.
    """
    here = {_id(lines, row) for row in present.lines}
    _none_vanished(wanted or (), here)
    given = {line.id: line for line in wanted or () if not is_new(line)}
    dropped = {line.id for line in expected or ()} - given.keys() if wanted is not None else set()
    before = {line.id: line.fields for line in expected or ()}
    out: list[dict[str, Any]] = []
    for row in present.lines:
        id_ = _id(lines, row)
        if id_ in dropped:
            continue
        values = _as_it_is(lines, row, present.custom)
        if id_ in given:
            values |= _encoded(lines, _changes(given[id_], before), catalogue, by_alias=False, adding=False)
        out.append(values)
    highest = max((int(id_) for id_ in here if id_.isdigit()), default=0)
    for number, line in enumerate((line for line in wanted or () if is_new(line)), highest + 1):
        values = _encoded(lines, line, catalogue, by_alias=False, adding=True)
        if lines.id_column in lines.named_by and lines.id_column != "RECORDNO":
            values[lines.id_column] = str(number)
        out.append(values)
    return out


def _id(lines: Lines, row: Row) -> str:
    return row.fields.get(lines.id_column, "").strip()


def _none_vanished(wanted: Sequence[Line], here: Mapping[str, int] | set[str]) -> None:
    gone = [line.id for line in wanted if not is_new(line) and line.id not in here]
    if gone:
        raise VanishedLineError(f"line {', '.join(gone)} is no longer there")


def _as_it_is(lines: Lines, row: Row, custom: frozenset[str]) -> dict[str, Any]:
    """Everything of a line that can be written, word for word, and what names it."""
    values: dict[str, Any] = {name: row.fields[name] for name in lines.named_by if row.fields.get(name, "").strip()}
    columns = [each.column for each in lines.kind.fields if each.column and each.access is not Access.NEVER]
    own = [name for name in row.fields if name in custom or (_USER_DIMENSION.fullmatch(name) and not name.endswith(_KEY))]
    for name in dict.fromkeys([*columns, *own]):
        if row.fields.get(name, "").strip():
            values[name] = row.fields[name]
    for container, (element, names) in lines.sub.items():
        rows = [{name: each.fields[name] for name in names if each.fields.get(name)} for each in row.lines.get(container, ())]
        if rows:
            values[container] = {element: rows}
    return values


def _encoded(lines: Lines, line: Line, catalogue: Catalogue, *, by_alias: bool, adding: bool) -> dict[str, Any]:
    """The values of a line by the names they are written under."""
    values: dict[str, Any] = {}
    for name, value in line.fields.items():
        each = lines.kind.by_name.get(name)
        if each is None:
            raise UnwritableWriteError(f"a line of {lines.kind.name} has no field {name}")
        if each.access is Access.NEVER:
            continue  # what Intacct works out itself is part of the line's picture, not of the write
        if each.access is Access.CREATE and not adding:
            raise UnwritableWriteError(f"{name} of a line can be written {each.access.value}")
        if not fits(each.type, value):
            raise UnwritableWriteError(f"{name} of a line takes a {each.type.value}, not a {type(value).__name__}")
        if by_alias and not (each.alias or each.custom):
            raise UnwritableWriteError(f"{name} of a line of {lines.kind.name} cannot be written")
        if adding and value is None:
            continue
        if each.type is Type.REFERENCE and isinstance(value, str) and each.target in catalogue:
            value = catalogue[each.target].own_key(value)
        put(values, each, value, by_alias=by_alias)
    return values


def put(values: dict[str, Any], each: Field, value: Any, *, by_alias: bool) -> None:
    """Set a field's value under the name it is written by; document functions take a company's own among its custom fields."""
    if by_alias and not each.alias:
        values.setdefault("customfields", {})[each.name] = value
    else:
        values[each.alias if by_alias else each.name] = value


def _changes(line: Line, before: Mapping[str, Fields]) -> Line:
    """The line with only those fields that differ from what was last read of it."""
    known = before.get(line.id, EMPTY)
    return Line(line.id, {name: value for name, value in line.fields.items() if name not in known or known[name] != value})


def fits(type: Type, value: Value) -> bool:
    """Whether a value is of a type; None clears a field of any type."""
    if value is None:
        return True
    if isinstance(value, bool):
        return type is Type.BOOLEAN
    if isinstance(value, datetime):
        return type is Type.TIMESTAMP
    if type is Type.NUMBER and isinstance(value, str):
        return value.isdigit()
    return isinstance(value, _ACCEPTED[type])
