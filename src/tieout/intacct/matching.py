"""Whether a record shows what a write wanted, field by field and line by line in normal form."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.core.record import EMPTY, Fields, Line, Ref, Value, normal
from tieout.intacct.catalogue import Access, Field, Kind, Lines, Type, WriteMode
from tieout.intacct.decoding import Seen
from tieout.intacct.line_writing import is_new, lines_of
from tieout.intacct.reading import line_name


def matches(kind: Kind, wanted: Fields, seen: Seen, *, adding: bool = False, before: Fields = EMPTY) -> bool | None:
    """Whether a record shows the wanted values; None if none of them can be read.

    Args:
        adding: the wanted lines are those of a new document, in order.
        before: what was last read, by which added lines and lines taken out are told apart.
    """
    readable = [(each, value) for name, value in wanted.items() if (each := kind.by_name.get(name)) and name in seen.record.fields]
    if wanted and not readable:
        return None
    for each, value in readable:
        if each.type is Type.LINES and kind.lines is not None:
            if not _same_lines(kind, kind.lines, wanted, seen, adding, before):
                return False
        elif not _same(each, value, seen.record.fields[each.name], seen.names.get(each.name, "")):
            return False
    return True


def _same_lines(kind: Kind, lines: Lines, wanted: Fields, seen: Seen, adding: bool, before: Fields) -> bool:
    given, here = lines_of(wanted, lines) or (), lines_of(seen.record.fields, lines) or ()
    if adding:
        return len(given) == len(here) and all(_shows(lines, *pair, seen) for pair in zip(given, here, strict=True))
    by_id = {line.id: line for line in here}
    kept = [line for line in given if not is_new(line)]
    if not all(line.id in by_id and _shows(lines, line, by_id[line.id], seen) for line in kept):
        return False
    known = {line.id for line in lines_of(before, lines) or ()}
    if kind.mode is WriteMode.REPLACED and (known - {line.id for line in kept}) & by_id.keys():
        return False  # a line that was to be taken out is still there
    return _all_added([line for line in given if is_new(line)], [line for line in here if line.id not in known], lines, seen)


def _all_added(wanted: list[Line], fresh: list[Line], lines: Lines, seen: Seen) -> bool:
    """Whether each added line has a line of its own among those that were not there before."""
    left = list(fresh)
    for line in wanted:
        twin = next((each for each in left if _shows(lines, line, each, seen)), None)
        if twin is None:
            return False
        left.remove(twin)
    return True


def _shows(lines: Lines, wanted: Line, shown: Line, seen: Seen) -> bool:
    names: Mapping[str, str] = seen.names
    for name, value in wanted.fields.items():
        each = lines.kind.by_name.get(name)
        if each is None or each.access is Access.NEVER or name not in shown.fields:
            continue
        if not _same(each, value, shown.fields[name], names.get(line_name(lines, shown.id, name), "")):
            return False
    return True


def _same(each: Field, wanted: Value, shown: Value, name: str) -> bool:
    if each.type is Type.REFERENCE:
        if isinstance(wanted, Ref):
            return wanted == shown
        text = str(normal(wanted) or "")
        return text == name or _own(text) == name
    if each.type is Type.NUMBER:
        return wanted == shown or (isinstance(shown, Ref) and shown.id == str(wanted))
    if each.type is Type.BOOLEAN:
        return bool(wanted) == bool(shown)
    wanted = normal(wanted.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(wanted, str) else normal(wanted)
    if each.type is Type.LABEL and isinstance(wanted, str) and isinstance(shown, str):
        return wanted.casefold() == shown.casefold()
    return wanted == shown


def _own(text: str) -> str:
    """The target's own part of a natural key such as `12/010`."""
    owner, slash, own = text.partition("/")
    return own if slash and owner.isdigit() else text
