"""From a write to one function of the gateway (intacct-xml §2.1–2.3, §2.11, §4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.core.ports import Verb, Write
from tieout.core.record import Value
from tieout.intacct.catalogue import REMOVE_LINES, Access, Catalogue, Field, Kind, Type, WriteMode
from tieout.intacct.client import Function
from tieout.intacct.client import functions as build
from tieout.intacct.client.formats import read_date
from tieout.intacct.decoding import own_value
from tieout.intacct.line_writing import (
    Present,
    UnwritableWriteError,
    all_lines,
    changed_lines,
    fits,
    is_new,
    lines_of,
    merged_lines,
    new_lines,
    put,
)


class LockedError(Exception):
    """The record is in a state in which Intacct does not let it be changed; the text says which."""


def needs_present(kind: Kind, write: Write) -> bool:
    """Whether a write can only be sent over the record as it is right now.

    That is so for lines that are replaced whole or named by number, for what Intacct wants with every update, and for
    documents that go by another name than their RECORDNO.
    """
    if write.verb is Verb.CREATE or kind.rest:
        return False
    if kind.documents is not None and kind.documents.name != "RECORDNO":
        return True
    if write.verb is not Verb.UPDATE:
        return False
    if any(each.name not in write.fields for each in kind.always_sent):
        return True
    return kind.lines is not None and (kind.lines.always_sent or (kind.lines.container in write.fields and not _names_lines(kind)))


def _names_lines(kind: Kind) -> bool:
    """Whether an update may name single lines by RECORDNO and leaves the others alone."""
    return kind.mode is WriteMode.LINES_MERGED and kind.documents is None


def encode(kind: Kind, write: Write, catalogue: Catalogue, present: Present | None = None) -> Function:
    """The function of a write, its control id being the write's key.

    `present` is the record as it is, where `needs_present` asks for it. Raises UnwritableWriteError for what the
    catalogue does not allow, LockedError for a record in a state that forbids it, UnwritableError for text that XML cannot
    carry.
    """
    if kind.mode is WriteMode.READ_ONLY or write.verb not in kind.verbs:
        raise UnwritableWriteError(f"Tieout does not {write.verb.value} a {kind.name}")
    if write.verb is Verb.ACT:
        return _act(kind, write, present)
    _refuse_locked(kind, write, present)
    if kind.by_function is not None:
        return kind.by_function(write, {} if write.verb is Verb.DELETE else checked(kind, write, catalogue))
    if write.verb is Verb.DELETE:
        if kind.documents is not None:
            return kind.documents.delete(write.key, _document_name(kind, write, present))
        return build.delete(write.key, kind.name, [target_of(write)])
    given = checked(kind, write, catalogue)
    if write.verb is Verb.UPDATE and present is not None:
        given = {**_kept(kind, present, given), **given}
    if kind.documents is not None:
        return _document(kind, write, catalogue, given, present)
    creating = write.verb is Verb.CREATE
    values: dict[str, Any] = {} if creating else {"RECORDNO": target_of(write)}
    for each, value in _ordered(kind, given, creating):
        if each.type is not Type.LINES:
            _nest(values, each.name.split("."), value)
    if kind.lines is not None and (rows := _generic_lines(kind, write, catalogue, present)) is not None:
        values[kind.lines.container] = {kind.lines.kind.name: rows}
    function = build.create if creating else build.update
    return function(write.key, kind.name, values)


def _refuse_locked(kind: Kind, write: Write, present: Present | None) -> None:
    """A state that forbids the write, in the record as it is or else as it was last read. Raises LockedError."""
    if write.verb is Verb.CREATE or (write.verb is Verb.UPDATE and kind.still and write.fields.keys() <= kind.still):
        return
    for name, values in kind.locked.items():
        seen = present.fields.get(kind.by_name[name].column, "") if present is not None else write.expected.get(name)
        if str(seen or "").strip().lower() in values:
            raise LockedError(f"{name} is {seen}")


def _document_name(kind: Kind, write: Write, present: Present | None) -> str:
    """How document functions know the record."""
    name = kind.documents.name if kind.documents is not None else "RECORDNO"
    if name == "RECORDNO":
        return target_of(write)
    found = present.fields.get(name, "").strip() if present is not None else ""
    if not found:
        raise UnwritableWriteError(f"{kind.name} {target_of(write)} shows no {name}")
    return found


def _generic_lines(kind: Kind, write: Write, catalogue: Catalogue, present: Present | None) -> list[dict[str, Any]] | None:
    lines = kind.lines
    assert lines is not None
    wanted = lines_of(write.fields, lines)
    if write.verb is Verb.CREATE:
        return new_lines(lines, wanted or (), catalogue, by_alias=False) if wanted else None
    if _names_lines(kind):
        return (changed_lines(lines, wanted, lines_of(write.expected, lines), catalogue) or None) if wanted is not None else None
    if present is None or (wanted is None and not lines.always_sent):
        return None
    return all_lines(lines, wanted, lines_of(write.expected, lines), catalogue, present)


def _document(kind: Kind, write: Write, catalogue: Catalogue, given: Mapping[str, Any], present: Present | None) -> Function:
    """A kind written by document functions: header and lines by the names of those."""
    assert kind.documents is not None
    assert kind.lines is not None
    creating = write.verb is Verb.CREATE
    header: dict[str, Any] = {}
    for each, value in _ordered(kind, given, creating):
        if each.type is Type.LINES:
            continue
        if not (each.alias or each.custom):
            raise UnwritableWriteError(f"{each.name} of a {kind.name} cannot be written")
        put(header, each, value, by_alias=True)
    wanted = lines_of(write.fields, kind.lines)
    if creating:
        return kind.documents.create(write.key, header, new_lines(kind.lines, wanted or (), catalogue, by_alias=True))
    changed: dict[int, dict[str, Any]] = {}
    added: list[dict[str, Any]] = []
    if wanted is not None and present is not None:
        changed, added = merged_lines(kind.lines, wanted, lines_of(write.expected, kind.lines), catalogue, present)
    return kind.documents.update(write.key, _document_name(kind, write, present), header, changed, added)


def _act(kind: Kind, write: Write, present: Present | None) -> Function:
    if write.action == REMOVE_LINES and kind.lines is not None and kind.lines.removable:
        wanted = lines_of(write.fields, kind.lines) or ()
        if not wanted or any(is_new(line) for line in wanted):
            raise UnwritableWriteError(f"to {write.action} of a {kind.name} needs lines it has, under {kind.lines.container}")
        return build.delete(write.key, kind.lines.kind.name, [line.id for line in wanted])
    act = kind.acts.get(write.action)
    if act is None:
        raise UnwritableWriteError(f"Tieout cannot “{write.action}” a {kind.name}")
    for name, value in write.fields.items():
        if name not in act.takes:
            raise UnwritableWriteError(f"to {write.action} a {kind.name} takes no {name}")
        if not fits(act.takes[name], value):
            raise UnwritableWriteError(f"{name} takes a {act.takes[name].value}, not a {type(value).__name__}")
    absent = sorted(name for name in act.needs if write.fields.get(name) is None)
    if absent:
        raise UnwritableWriteError(f"to {write.action} a {kind.name} needs {', '.join(absent)}")
    name = _document_name(kind, write, present) if act.by_name else target_of(write)
    return act.build(write.key, name, write.fields)


def target_of(write: Write) -> str:
    """The RECORDNO a write is for. Raises UnwritableWriteError."""
    if not write.target or not write.target.isdigit():
        raise UnwritableWriteError(f"an {write.verb.value} needs the RECORDNO of its record, not “{write.target or ''}”")
    return write.target


def checked(kind: Kind, write: Write, catalogue: Catalogue) -> dict[str, Any]:
    """The values of a create or update, checked against the catalogue, each reference as its target's own ID.

    Raises UnwritableWriteError.
    """
    creating = write.verb is Verb.CREATE
    given: dict[str, Any] = dict(write.fields)
    if creating and write.natural_key and kind.natural_key:
        given.setdefault(kind.numbered_by or kind.natural_key, _own_part(kind, write))
    for name, value in given.items():
        each = kind.by_name.get(name)
        if each is None:
            raise UnwritableWriteError(f"{kind.name} has no field {name}")
        if each.access is Access.NEVER or (each.access is Access.CREATE and not creating):
            raise UnwritableWriteError(f"{name} can be written {each.access.value}")
        if not fits(each.type, value):
            raise UnwritableWriteError(f"{name} takes a {each.type.value}, not a {type(value).__name__}")
        if each.type is Type.REFERENCE and isinstance(value, str) and each.target in catalogue:
            given[name] = catalogue[each.target].own_key(value)
    return given


def _own_part(kind: Kind, write: Write) -> Any:
    """What a create gives so that the record gets the natural key of the write."""
    own = own_value(kind, write.natural_key)
    prefix = write.fields.get(kind.prefix) if kind.prefix else None
    return own.removeprefix(f"{prefix}-") if isinstance(own, str) and prefix else own


def _kept(kind: Kind, present: Present, given: Mapping[str, Any]) -> dict[str, Any]:
    """What Intacct wants with every update and the write does not change, as the record has it."""
    kept: dict[str, Any] = {}
    for each in kind.always_sent:
        if each.name not in given:
            text = present.fields.get(each.column, "").strip()
            kept[each.name] = read_date(text) if each.type is Type.DATE else text
    return kept


def _ordered(kind: Kind, given: Mapping[str, Any], creating: bool) -> list[tuple[Field, Any]]:
    """The given fields in the order of the catalogue; a create leaves out empty ones."""
    names = sorted(given, key=kind.place.__getitem__)
    return [(kind.by_name[name], given[name]) for name in names if not (creating and given[name] is None)]


def _nest(values: dict[str, Any], path: list[str], value: Value) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value
