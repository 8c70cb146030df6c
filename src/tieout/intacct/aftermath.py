"""What a call left behind besides its own record: the ids of its lines, and the records that Intacct changed with it.

Intacct answers a create with a number, or for a purchasing document with its name, and never with lines. One query on the
lines of up to 1000 documents gives their ids, and the number of a document that is known by name only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tieout.core.ports import Effect, Fault, Outcome, Verb, Write
from tieout.core.record import Line, Ref
from tieout.intacct.catalogue import Kind, Lines, Touch, Type, WriteMode
from tieout.intacct.client import Row, is_in
from tieout.intacct.client.formats import read_integer
from tieout.intacct.decoding import BY_NATURAL_KEY
from tieout.intacct.faults import own_fault
from tieout.intacct.line_writing import Present, is_new, lines_of
from tieout.intacct.reading import Reading


@dataclass(frozen=True, slots=True)
class Done:
    """One write that was done, and the record as it was right before it, where it was read."""

    write: Write
    outcome: Outcome
    before: Present | None


def aftermath(reading: Reading, done: Sequence[Done]) -> dict[str, Outcome]:
    """The outcomes of writes by key, with what is known of their lines and of other records; one query for each kind.

    A document that is known by name only and cannot be found yet has an unknown outcome, so that it is looked for.
    """
    outcomes: dict[str, Outcome] = {}
    for name in dict.fromkeys(each.write.kind for each in done):
        kind = reading.catalogue[name]
        mine = [each for each in done if each.write.kind == name]
        rows = _lines_by_document(reading, kind, [each for each in mine if _wants_lines(kind, each.write)])
        for each in mine:
            found = _settled(reading, kind, each, rows.get(_document(kind, each)))
            outcomes[each.write.key] = replace(found, touched=touched(kind, each.write, each.before))
    return outcomes


def _wants_lines(kind: Kind, write: Write) -> bool:
    """Whether the lines have ids that nobody knows yet."""
    lines = kind.lines
    wanted = lines_of(write.fields, lines) if lines is not None else None
    if lines is None or not wanted or write.verb not in (Verb.CREATE, Verb.UPDATE):
        return False
    return any(is_new(line) for line in wanted) or (kind.mode is WriteMode.REPLACED and lines.id_column not in lines.named_by)


def _by_name(kind: Kind, write: Write) -> bool:
    return write.verb is Verb.CREATE and kind.documents is not None and kind.documents.name != "RECORDNO"


def _document(kind: Kind, each: Done) -> str:
    return each.outcome.natural_key if _by_name(kind, each.write) else each.outcome.id


def _lines_by_document(reading: Reading, kind: Kind, done: Sequence[Done]) -> Mapping[str, Sequence[Row]]:
    """The lines of documents in order, by what `_document` calls them; empty if they cannot be read."""
    lines = kind.lines
    names = [_document(kind, each) for each in done]
    if lines is None or not any(names):
        return {}
    found: dict[str, list[Row]] = {}
    for column, part in _columns(kind, lines, done):
        try:
            rows = reading.rows(lines.kind.name, is_in(column, part))
        except Fault:
            continue  # the engine reads the record again in any case
        for row in sorted(rows, key=lambda row: _place(lines, row)):
            found.setdefault(row.fields.get(column, "").strip(), []).append(row)
    return found


def _columns(kind: Kind, lines: Lines, done: Sequence[Done]) -> Iterator[tuple[str, list[str]]]:
    for by_name, column in ((True, lines.owner_name), (False, lines.owner)):
        part = [name for each in done if _by_name(kind, each.write) is by_name and (name := _document(kind, each))]
        if part and column:
            yield column, part


def _place(lines: Lines, row: Row) -> tuple[int, int]:
    return read_integer(row.fields.get(lines.position, "")) or 0, read_integer(row.fields.get("RECORDNO", "")) or 0


def _settled(reading: Reading, kind: Kind, each: Done, rows: Sequence[Row] | None) -> Outcome:
    outcome = each.outcome
    if _by_name(kind, each.write) and kind.lines is not None:
        number = rows[0].fields.get(kind.lines.owner, "").strip() if rows else ""
        if not number:
            context = reading.context(each.write.kind, each.write.entity)
            return Outcome(Effect.UNKNOWN, fault=own_fault("intacct.number-unknown", context, outcome.natural_key, effect=Effect.UNKNOWN))
        outcome = replace(outcome, id=number)
    if rows is None or kind.lines is None:
        return outcome
    ids = [row.fields.get(kind.lines.id_column, "").strip() for row in rows]
    return replace(outcome, lines=_as_written(kind, kind.lines, each, ids))


def _as_written(kind: Kind, lines: Lines, each: Done, ids: Sequence[str]) -> tuple[str, ...]:
    """The ids in the order in which the write gave its lines; empty if they cannot be told for certain."""
    write = each.write
    wanted = lines_of(write.fields, lines) or ()
    new = [line for line in wanted if is_new(line)]
    if write.verb is Verb.CREATE:
        return tuple(ids) if len(ids) == len(wanted) else ()
    before = [row.fields.get(lines.id_column, "").strip() for row in each.before.lines] if each.before is not None else []
    expected = {line.id for line in lines_of(write.expected, lines) or ()}
    if kind.mode is WriteMode.REPLACED:
        kept = [id_ for id_ in before if id_ in {line.id for line in wanted} or id_ not in expected]
        if len(ids) != len(kept) + len(new):
            return ()
        place, fresh = dict(zip(kept, ids, strict=False)), ids[len(kept) :]
    else:
        place = {line.id: line.id for line in wanted}
        fresh = [id_ for id_ in ids if id_ not in (set(before) or expected)]
        if len(fresh) != len(new):
            return ()
    following = iter(fresh)
    return tuple(next(following) if is_new(line) else place[line.id] for line in wanted)


def touched(kind: Kind, write: Write, before: Present | None = None) -> tuple[Ref, ...]:
    """The other records that Intacct changes by itself because of a write, as far as the write and what was read name them."""
    found: dict[Ref, None] = {}
    for touch in kind.effects:
        for fields in (write.fields, write.expected):
            holders = (lines_of(fields, kind.lines) or ()) if touch.in_lines and kind.lines is not None else (Line("", fields),)
            for holder in holders:
                found |= dict.fromkeys(_named(kind, touch, holder))
        if before is not None and not touch.in_lines:
            each = kind.by_name[touch.by]
            number = before.fields.get(each.key_column or each.column, "").strip()
            found |= {Ref(touch.kind, number): None} if number.isdigit() else {}
    own = {Ref(kind.name, write.target or ""), Ref(kind.name, BY_NATURAL_KEY + write.natural_key)}
    return tuple(ref for ref in found if ref not in own)


def _named(kind: Kind, touch: Touch, holder: Line) -> Iterator[Ref]:
    value = holder.fields.get(touch.by)
    each = kind.lines.kind.by_name[touch.by] if touch.in_lines and kind.lines is not None else kind.by_name[touch.by]
    if isinstance(value, Ref):
        yield value
    elif value is not None and str(value):
        yield Ref(touch.kind, str(value) if each.type is Type.NUMBER else BY_NATURAL_KEY + str(value))
