"""Rows in the form of an object GET: nested groups, references, owned lines (intacct-rest §3)."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.rest.binding import OwnedList, Place, Reference, Scalar, Schema, UnknownPath
from tieout.sandbox.intacct.rest.context import Context
from tieout.sandbox.intacct.rest.forms import shown
from tieout.sandbox.intacct.rest.mapping import Form
from tieout.sandbox.storage import Row

Json = dict[str, Any]


def short(schema: Schema, row: Row) -> Json:
    """key, id and href: what a list gives."""
    return {"key": row["RECORDNO"], "id": schema.id_of(row), "href": schema.address(row)}


def written(schema: Schema, row: Row) -> Json:
    """The same for a write, whose id is the natural key (intacct-rest §15.18)."""
    return {**short(schema, row), "id": row.get(schema.kind.key) or None}


def full(context: Context, schema: Schema, row: Row) -> Json:
    """The whole object with its owned lines."""
    made: Json = {}
    for scalar in schema.scalars.values():
        _set(made, scalar.path, value(scalar, context.places.getter(schema, scalar)(row)))
    for reference in schema.references.values():
        _set(made, reference.path, linked(context, schema, reference, row))
    for owned in schema.lists.values():
        made[owned.path] = [_line(context, schema, owned, row, key, line) for key, line in keyed(owned, row).items()]
    for rows in schema.rows.values():
        inner = context.schemas[rows.object]
        made[rows.path] = [full(context, inner, each) for each in owned_rows(context.work, rows.owned, row["RECORDNO"])]
    made["href"] = schema.address(row)
    return made


def value(scalar: Scalar, text: str) -> Any:
    """The JSON form of a kept text."""
    if scalar.form is Form.WORD:
        return scalar.word_for(text) if text else None
    return shown(scalar.form, text)


def at(place: Place, row: Row) -> Any:
    """The JSON form of what a row has at a place."""
    return value(place.scalar, place.get(row))


def linked(context: Context, schema: Schema, reference: Reference, row: Row) -> Json:
    """A reference; an empty one has null for key, id and name and no href (intacct-rest §3.3)."""
    if not reference.kind and reference.column:
        text = context.work.columns.find(schema.kind, reference.column).get(row)
        return {"key": row.get(reference.key) or None if reference.key else None, "id": text or None}
    return _target(context, reference, context.places.follower(schema, reference)(row))


def keyed(owned: OwnedList, row: Row) -> dict[str, Row]:
    """The lines of a list by key. XML gives such lines no number, so the key is made of the owner's and the line's first value."""
    found: dict[str, Row] = {}
    first = next(iter((*(each.column for each in owned.scalars.values()), *(each.column for each in owned.references.values()))))
    for line in row.get(owned.lines, ()):
        text = str(line.get(first, ""))
        while (key := f"{row['RECORDNO']}{crc32(text.encode()) % 10**8:08d}") in found:
            text += "+"
        found[key] = line
    return found


def _target(context: Context, reference: Reference, target: Row | None) -> Json:
    known = context.schemas.get(reference.target)
    if known is None or target is None:
        return {"key": None, "id": None, **({"name": None} if reference.named else {})}
    made: Json = {"key": target["RECORDNO"], "id": known.id_of(target)}
    if reference.named:
        made["name"] = at(context.places.find(known, "name"), target)
    for path in reference.shows:
        try:
            _set(made, path, at(context.places.find(known, path), target))
        except UnknownPath:
            continue
    made["href"] = known.address(target)
    return made


def _line(context: Context, schema: Schema, owned: OwnedList, row: Row, key: str, line: Row) -> Json:
    made: Json = {"key": key, "id": key}
    for scalar in owned.scalars.values():
        _set(made, scalar.path, value(scalar, str(line.get(scalar.column, ""))))
    for reference in owned.references.values():
        found = context.storage.find(reference.kind, "key", line.get(reference.column, "")) if reference.kind else None
        _set(made, reference.path, _target(context, reference, found))
    if owned.owner:
        made[owned.owner] = short(schema, row)
    made["href"] = f"/objects/{owned.object}/{key}"
    return made


def _set(made: Json, path: str, what: Any) -> None:
    *groups, name = path.split(".")
    for group in groups:
        made = made.setdefault(group, {})
    if isinstance(what, dict) and isinstance(made.get(name), dict):
        made[name].update(what)
    else:
        made[name] = what
