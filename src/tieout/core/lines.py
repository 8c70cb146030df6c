"""Lines of a document: paired by the ids both systems give them, merged field by field, added and taken out with the left's line.

The base of a document's lines is two equally long halves; lines at the same place belong together. A right id of our own
making stands for a line whose id is not known yet (`+`) or that will never have one, because another document carries it
(`!`). Lines on the right that no half names are not ours and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tieout.core.case import Finding, FindingKind
from tieout.core.fields import READ, Compared, Halves, Merged, Sides, Unread, blocked, compare, conflict, drift, mapped
from tieout.core.flow import Drift, FieldMap, LineMap
from tieout.core.merge import Verdict
from tieout.core.record import ELSEWHERE, NEW_LINE, Fields, Line, Value, normal
from tieout.core.view import MissingError, View

Pairs = list[tuple[Line, Line]]


def lines_in(value: Value) -> tuple[Line, ...]:
    """The lines in a field's value; none if it holds none."""
    return value if isinstance(value, tuple) else ()


def pairs_in(base: Halves | None) -> Pairs:
    """The pairs of lines in a base."""
    return list(zip(lines_in(base[0]), lines_in(base[1]), strict=True)) if base is not None else []


def halves(pairs: Iterable[tuple[Line, Line]]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The pairs as the two halves of a base."""
    kept = list(pairs)
    return tuple(left for left, _ in kept), tuple(right for _, right in kept)


def new_lines(line_map: LineMap, view: View) -> tuple[Pairs, list[MissingError]]:
    """Every left line with what it looks like on the right, as a line to be added; and what the references lack."""
    pairs: Pairs = []
    missing: list[MissingError] = []
    for line in line_map.left(view):
        try:
            pairs.append(_new(line_map, view.line(line)))
        except MissingError as error:
            missing.append(error)
    return pairs, missing


def _new(line_map: LineMap, view: View) -> tuple[Line, Line]:
    left: dict[str, Value] = {}
    right: dict[str, Value] = {}
    for field_map in mapped(line_map.fields, view.settings):
        value = normal(field_map.left(view))
        left[field_map.right], right[field_map.right] = value, normal(field_map.to_right(value, view))
    return Line(view.record.id, left), Line(NEW_LINE + view.record.id, right)


def added(line: Line) -> Line:
    """A new line as it is written: without its empty fields."""
    return Line(line.id, {name: value for name, value in line.fields.items() if value is not None})


def recognised(pairs: Pairs, right: Sequence[Line], *, by_place: bool = True) -> Pairs:
    """The pairs with the right's own ids, where lines that were added can be told among those that are there now.

    A line is recognised by its values, in the order in which they were sent; one whose system gave its values another form
    by its place, if as many are new there as were sent and `by_place` allows it.
    """
    taken = {line.id for _, line in pairs}
    free = [line for line in right if line.id not in taken]
    open_ones = [(at, line) for at, (_, line) in enumerate(pairs) if line.id.startswith(NEW_LINE) and not _is_image(line, right)]
    found: dict[int, Line] = {}
    for shows in (_equals, _shows):
        for at, sent in open_ones:
            twin = next((line for line in free if shows(sent.fields, line)), None) if at not in found else None
            if twin is not None:
                found[at] = twin
                free.remove(twin)
    rest = [at for at, _ in open_ones if at not in found]
    if by_place and len(rest) == len(free):
        found.update(zip(rest, free, strict=True))
    return [(left, Line(found[at].id, line.fields) if at in found else line) for at, (left, line) in enumerate(pairs)]


def _is_image(line: Line, right: Sequence[Line]) -> bool:
    """Whether the right record is our own picture of it, in which lines still have the ids we gave them."""
    return any(other.id == line.id for other in right)


def _equals(sent: Fields, line: Line) -> bool:
    return all(normal(line.fields.get(name)) == normal(value) for name, value in sent.items())


def _shows(sent: Fields, line: Line) -> bool:
    """Whether a line shows all that was sent, whatever its system filled in beside it."""
    given = {name: value for name, value in sent.items() if normal(value) is not None}
    return bool(given) and _equals(given, line)


@dataclass(slots=True)
class _Lines:
    """The lines of one document being merged; `pairs` becomes the base, `wanted` is what is written if anything is."""

    pairs: Pairs = field(default_factory=list)
    wanted: list[Line] = field(default_factory=list)
    expected: list[Line] = field(default_factory=list)
    writes: bool = False


def merge_lines(
    sides: Sides, line_map: LineMap, base: Halves | None, unread: Unread, merged: Merged, maybe: frozenset[str] = frozenset()
) -> None:
    """Add what the lines of a document need. A line that waits for another record is left as it is; the others go on.

    A line that a call may have added already is looked for among those that are there before it is added again.
    """
    here = lines_in(sides.right.record.fields.get(line_map.right))
    by_id = {line.id: line for line in here}
    views = {line.id: sides.left.line(line) for line in line_map.left(sides.left)}
    known = pairs_in(base)
    if base is None:  # an adopted document: its lines are recognised among those it has
        known = [pair for view in views.values() if (pair := _or_blocked(line_map, view, merged)) is not None]
    known = recognised(known, here, by_place=base is not None)
    if base is not None and maybe:
        known += _perhaps_added(line_map, [views[id_] for id_ in views if id_ in maybe], known, here)
    out = _Lines()
    for left, right in known:
        _known_line(sides, line_map, left, right, views.get(left.id), by_id.get(right.id), unread, merged, out)
    paired = {left.id for left, _ in known}
    for id_, view in views.items():
        if id_ not in paired and base is not None:
            _add_line(line_map, view, merged, out)
    _finish(line_map, base, merged, out)


def _perhaps_added(line_map: LineMap, views: Sequence[View], known: Pairs, here: Sequence[Line]) -> Pairs:
    """Of these left lines, those that have no pair yet and are there all the same."""
    paired = {left.id for left, _ in known}
    fresh: Pairs = []
    for view in views:
        try:
            fresh += [_new(line_map, view)] if view.record.id not in paired else []
        except MissingError:
            continue  # it cannot have been sent
    found = recognised([*known, *fresh], here, by_place=False)[len(known) :]
    return [pair for pair in found if not pair[1].id.startswith(NEW_LINE)]


def _finish(line_map: LineMap, base: Halves | None, merged: Merged, out: _Lines) -> None:
    found = halves(out.pairs)
    if out.writes:
        merged.to_right[line_map.right] = tuple(out.wanted)
        merged.expected[line_map.right] = tuple(out.expected)
        merged.base_right[line_map.right] = found
    elif base is None or found != (lines_in(base[0]), lines_in(base[1])):
        merged.agreed[line_map.right] = found


def _or_blocked(line_map: LineMap, view: View, merged: Merged) -> tuple[Line, Line] | None:
    try:
        return _new(line_map, view)
    except MissingError as missing:
        merged.findings.append(blocked(missing))
        return None


def _add_line(line_map: LineMap, view: View, merged: Merged, out: _Lines) -> None:
    pair = _or_blocked(line_map, view, merged)
    if pair is not None:
        out.pairs.append(pair)
        out.wanted.append(added(pair[1]))
        out.writes = True


def _known_line(
    sides: Sides,
    line_map: LineMap,
    left: Line,
    right: Line,
    view: View | None,
    present: Line | None,
    unread: Unread,
    merged: Merged,
    out: _Lines,
) -> None:
    """One pair of lines: both there, or gone on either side."""
    if right.id.startswith(ELSEWHERE):
        if view is not None:
            out.pairs.append((left, right))
    elif present is None:
        _gone_right(sides, line_map, left, right, view, merged, out)
    elif view is None:
        _gone_left(line_map, left, right, present, merged, out)
    else:
        _both(sides, line_map, (left, right), view, present, unread, merged, out)


def _both(
    sides: Sides, line_map: LineMap, pair: tuple[Line, Line], view: View, present: Line, unread: Unread, merged: Merged, out: _Lines
) -> None:
    other = sides.right.line(present)
    lefts, rights = dict(pair[0].fields), dict(pair[1].fields)
    wanted = {name: present.fields.get(name) for name in rights}
    for field_map in mapped(line_map.fields, view.settings):
        name = field_map.right
        base = (lefts[name], rights[name]) if name in rights else None
        try:
            found = compare(sides, field_map, view, other, base, unread)
        except MissingError as missing:
            merged.findings.append(blocked(missing))
            continue
        _line_field(sides, field_map, found, merged)
        if found.verdict is Verdict.TO_RIGHT:
            lefts[name], rights[name] = found.left, found.image
            wanted[name] = found.image
            out.writes = True
        elif found.verdict is Verdict.AGREED:
            lefts[name], rights[name] = found.left, found.right
    out.pairs.append((Line(view.record.id, lefts), Line(present.id, rights)))
    out.wanted.append(Line(present.id, wanted))
    out.expected.append(Line(present.id, {name: present.fields.get(name) for name in wanted}))


def _line_field(sides: Sides, field_map: FieldMap, found: Compared, merged: Merged) -> None:
    if found.verdict is Verdict.CONFLICT:
        merged.findings.append(conflict(field_map, found, " of a line"))
    elif found.verdict in (Verdict.DRIFT, Verdict.TO_LEFT):
        merged.findings.append(drift(sides, field_map, found))


def _gone_left(line_map: LineMap, left: Line, right: Line, present: Line, merged: Merged, out: _Lines) -> None:
    expected = Line(present.id, {name: present.fields.get(name) for name in right.fields})
    out.expected.append(expected)
    if line_map.removes:
        out.writes = True
        return
    out.pairs.append((left, right))
    out.wanted.append(expected)
    text = f"A line of the {line_map.label} was taken out, but this kind of document does not let a line go. Clear it there by hand."
    merged.findings.append(Finding(FindingKind.HELD, "line.stays", text, field=line_map.right))


def _gone_right(sides: Sides, line_map: LineMap, left: Line, right: Line, view: View | None, merged: Merged, out: _Lines) -> None:
    """Somebody took our line out on the right: that stands until the left changes the line, unless drift is restored."""
    if view is None:
        return
    pair = _or_blocked(line_map, view, merged)
    if pair is None:
        out.pairs.append((left, right))
        return
    changed = any(normal(pair[0].fields.get(name)) != normal(value) for name, value in left.fields.items())
    if changed or sides.flow.drift is Drift.RESTORE:
        out.pairs.append(pair)
        out.wanted.append(added(pair[1]))
        out.writes = True
        return
    out.pairs.append((left, Line(NEW_LINE + left.id, right.fields)))
    text = f"A line of the {line_map.label} was taken out on the other side; that is left alone."
    merged.findings.append(Finding(FindingKind.DRIFT, "line.gone", text, field=line_map.right))


def settled_elsewhere(value: Halves, right: Value) -> Halves:
    """The base of lines whose change another document carries: the left as it is now, the right as it stays."""
    here = {line.id: line for line in lines_in(right)}
    pairs = [(left, here.get(line.id) or Line(ELSEWHERE + left.id, line.fields)) for left, line in pairs_in(value)]
    names: Mapping[str, Fields] = {line.id: line.fields for _, line in pairs_in(value)}
    return halves((left, Line(line.id, {name: line.fields.get(name) for name in names.get(line.id, line.fields)})) for left, line in pairs)


def to_recognise(value: Halves) -> Halves:
    """The base of lines whose right ids are no longer valid, because the document was made anew under another id."""
    return halves((left, Line(NEW_LINE + left.id, right.fields)) for left, right in pairs_in(value))


__all__ = ["READ", "added", "halves", "lines_in", "merge_lines", "new_lines", "pairs_in", "recognised", "settled_elsewhere", "to_recognise"]
