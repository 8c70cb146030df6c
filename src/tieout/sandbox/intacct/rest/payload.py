"""Turns the JSON of a write into what the object's rules take: fields by XML name, parts, lists of lines (intacct-rest §3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.sandbox.intacct.fields import Field, Keeping
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.ownership import LINKED, REMOVED, owned_rows
from tieout.sandbox.intacct.rest.binding import OwnedList, Reference, RowList, Scalar, Schema
from tieout.sandbox.intacct.rest.context import Context
from tieout.sandbox.intacct.rest.errors import Error, bad_value, payload_errors, read_only, unknown_field
from tieout.sandbox.intacct.rest.forms import WANTED, BadForm, kept
from tieout.sandbox.intacct.rest.mapping import Form
from tieout.sandbox.intacct.rest.render import keyed
from tieout.sandbox.intacct.wording import Refusal, bad_reference
from tieout.sandbox.storage import Row

OPERATION = "ia::operation"
_REFERENCE_NAMES = frozenset({"key", "id", "name", "href"})


class Reader:
    """Reads one payload. What is wrong with its shape is gathered; what is wrong with its meaning is a Refusal."""

    def __init__(self, context: Context, schema: Schema, old: Row | None) -> None:
        self._context, self._schema, self._old = context, schema, old
        self._given: Given = {}
        self._errors: list[Error] = []

    def read(self, body: Any) -> Given:
        """The values by XML name; raises RestRefusal (REST-1064) or Refusal."""
        if not isinstance(body, Mapping):
            raise payload_errors([bad_value("", "A record is a JSON object.")])
        self._group(body, "")
        if self._errors:
            raise payload_errors(self._errors)
        if self._old is None:
            self._fill()
        return self._given

    def _group(self, body: Mapping[str, Any], prefix: str) -> None:
        for name, value in body.items():
            self._one(f"{prefix}{name}", value)

    def _one(self, path: str, value: Any) -> None:
        schema = self._schema
        if path in schema.scalars or path == "href":
            self._scalar(path, value)
        elif path in schema.references:
            self._reference(schema.references[path], value)
        elif path in schema.lists:
            self._list(schema.lists[path], value)
        elif path in schema.rows:
            self._rows(schema.rows[path], value)
        elif path in schema.groups:
            if isinstance(value, Mapping):
                self._group(value, f"{path}.")
            else:
                self._errors.append(bad_value(path, f"/{path.replace('.', '/')} is a group of fields."))
        else:
            self._errors.append(unknown_field(path))

    def _scalar(self, path: str, value: Any) -> None:
        scalar = self._schema.scalars.get(path)
        if scalar is None or scalar.read_only:
            self._fixed(path)
        elif not scalar.tolerated:
            text = self._text(scalar, path, value)
            if text is not None:
                self._given[scalar.column] = text

    def _fixed(self, path: str) -> None:
        if self._context.settings["read_only_fields"] == "refuse":
            self._errors.append(read_only(path))

    def _text(self, scalar: Scalar, path: str, value: Any) -> str | None:
        pointer = f"/{path.replace('.', '/')}"
        if value is None and not scalar.nullable:
            self._errors.append(bad_value(path, f"{pointer} cannot be null."))
            return None
        try:
            text = kept(scalar.form, value)
        except BadForm:
            self._errors.append(bad_value(path, f"{pointer} is not {WANTED[scalar.form]}."))
            return None
        if scalar.form is not Form.WORD or text == "":
            return text
        barred = self._schema.table.barred.get(scalar.column, ()) if self._old is None else ()
        words = {value: word for value, word in scalar.words.items() if value not in barred}
        found = next((value for value, word in words.items() if word == text), None)
        if found is None:
            self._errors.append(bad_value(path, f"{pointer} is not one of {', '.join(words.values())}."))
        return found

    # -- references

    def _reference(self, reference: Reference, value: Any) -> None:
        if reference.tolerated:
            return
        if reference.read_only:
            self._fixed(reference.path)
            return
        if value is not None and not isinstance(value, Mapping):
            self._errors.append(bad_value(reference.path, f"/{reference.path.replace('.', '/')} is an object with a key or an id."))
            return
        value = value or {}
        if reference.part is not None:
            self._part(reference, value)
            return
        if not self._known(reference, value):
            return
        if reference.id_needed and value and self._old is None and not value.get("id"):
            self._errors.append(bad_value(f"{reference.path}.id", f"/{reference.path}/id names it; a key alone does not do."))
            return
        if reference.by_key and value.get("key"):
            self._given[reference.by_key] = str(value["key"])
        else:
            self._given[reference.column] = self._natural(reference, value)

    def _known(self, reference: Reference, value: Mapping[str, Any]) -> bool:
        """Whether the reference has only what a reference may have; what is wrong is noted."""
        count = len(self._errors)
        for name, each in value.items():
            path = f"{reference.path}.{name}"
            if name == "id" and reference.by == "RECORDNO" and each is not None and not value.get("key"):
                self._fixed(path)
            elif name in {"key", "id"}:
                if not isinstance(each, str | None):
                    self._errors.append(bad_value(path, f"/{path.replace('.', '/')} is not a string."))
            elif name in _REFERENCE_NAMES or any(shown.partition(".")[0] == name for shown in reference.shows):
                self._fixed(path)
            else:
                self._errors.append(unknown_field(path))
        return len(self._errors) == count

    def _natural(self, reference: Reference, value: Mapping[str, Any]) -> str:
        """The natural key of what a reference names; a key wins over an id (intacct-rest §17.3). Raises Refusal."""
        key, natural = value.get("key"), value.get("id")
        known = self._context.schemas.get(reference.target)
        if not key:
            if natural and reference.either and self._context.storage.find(reference.kind, "key", natural) is None:
                raise self._no_such(reference, natural)
            return str(natural or "")
        row = self._context.work.visible(known.kind, key) if known is not None else None
        if row is None or known is None:
            raise self._no_such(reference, key)
        return str(row[reference.by or known.kind.key])

    def _no_such(self, reference: Reference, key: str) -> Refusal:
        kind = self._schema.kind
        column = reference.column or (reference.part.name if reference.part is not None else reference.path)
        known = self._context.schemas.get(reference.target)
        title = known.kind.label if known is not None else reference.path
        return Refusal(bad_reference(kind, kind.by_name.get(column) or Field(column), key, title))

    def _part(self, reference: Reference, value: Mapping[str, Any]) -> None:
        """A record written inside this one: key or id link it, anything else is written through (intacct-xml §3B)."""
        part, target = reference.part, self._context.schemas[reference.target]
        assert part is not None
        linked = self._linked(reference, value)
        if linked:
            self._given[f"{part.name}.{LINKED}"] = linked
        inner = Reader(self._context, target, {} if linked else self._old)
        inner._group({name: each for name, each in value.items() if name not in _REFERENCE_NAMES}, "")
        self._errors += [_below(each, reference.path) for each in inner._errors]
        self._given.update({f"{part.name}.{name}": text for name, text in inner._given.items()})
        for name in ("name", "href"):
            if name in value:
                self._fixed(f"{reference.path}.{name}")

    def _linked(self, reference: Reference, value: Mapping[str, Any]) -> str:
        key, natural = value.get("key"), value.get("id")
        if not isinstance(key, str | None) or not isinstance(natural, str | None):
            self._errors.append(bad_value(reference.path, f"/{reference.path.replace('.', '/')} has a key or an id as a string."))
            return ""
        kind = self._context.schemas[reference.target].kind
        if key:
            row = self._context.work.visible(kind, key)
        elif natural:
            row = self._context.storage.find(kind.name, "key", natural)
        else:
            return ""
        if row is None or not self._context.work.by_key().sees(kind, row):
            raise self._no_such(reference, key or natural or "")
        return str(row["RECORDNO"])

    def _fill(self) -> None:
        for column, source in self._schema.table.fills.items():
            part = column.partition(".")[0]
            is_linked = f"{part}.{LINKED}" in self._given
            if not is_linked and not self._given.get(column) and self._given.get(source):
                self._given[column] = self._given[source]

    # -- owned lines

    def _list(self, owned: OwnedList, value: Any) -> None:
        """Lines without a key are added, with one changed or removed, all others stay (intacct-rest §3.3)."""
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self._errors.append(bad_value(owned.path, f"/{owned.path} is an array of objects."))
            return
        lines: dict[str, Row] = {key: dict(line) for key, line in keyed(owned, self._old or {}).items()}
        for number, each in enumerate(value):
            self._line(owned, f"{owned.path}.{number}", each, lines)
        for line in lines.values():
            for column, source in owned.suffixes.items():
                if not line.get(column):
                    line[column] = str(line.get(source, "")).rpartition(".")[2]
        self._given[owned.lines] = list(lines.values())

    def _rows(self, rows: RowList, value: Any) -> None:
        """The same for rows that are objects of their own: what stays is sent along by its record number."""
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self._errors.append(bad_value(rows.path, f"/{rows.path} is an array of objects."))
            return
        schema, context = self._context.schemas[rows.object], self._context
        there = owned_rows(context.work, rows.owned, self._old["RECORDNO"]) if self._old else []
        held = {row["RECORDNO"]: row for row in there}
        given: dict[str, Given] = {number: {LINKED: number} for number in held}
        for number, each in enumerate(value):
            path, key = f"{rows.path}.{number}", each.get("key")
            if (key is not None and key not in held) or each.get(OPERATION) not in (None, "delete"):
                self._errors.append(bad_value(path, f"/{path.replace('.', '/')} names no line of this record, or no operation."))
            elif each.get(OPERATION) == "delete":
                gone = given.pop(str(key), {})
                if rows.owned.keeping is Keeping.MERGE:
                    given[str(key)] = {**gone, REMOVED: "true"}
            else:
                inner = Reader(context, schema, held.get(str(key), {}) if key is not None else None)
                inner._group({name: part for name, part in each.items() if name != "key"}, "")
                self._errors += [_below(error, path) for error in inner._errors]
                given[str(key) if key is not None else path] = {**inner._given, **({LINKED: key} if key is not None else {})}
        self._given[rows.owned.name] = list(given.values())

    def _line(self, owned: OwnedList, path: str, body: Mapping[str, Any], lines: dict[str, Row]) -> None:
        key, operation = body.get("key"), body.get(OPERATION)
        if key is not None and key not in lines:
            self._errors.append(bad_value(f"{path}.key", f"/{path.replace('.', '/')}/key is no line of this record."))
            return
        if operation not in (None, "delete") or (operation is not None and key is None):
            self._errors.append(bad_value(f"{path}.{OPERATION}", f"{OPERATION} is delete, for a line with a key."))
            return
        if operation == "delete":
            del lines[str(key)]
            return
        line = lines.setdefault(str(key) if key is not None else f"new {len(lines)} {path}", {})
        for name, value in body.items():
            if name in {"key", OPERATION}:
                continue
            self._line_value(owned, line, name, f"{path}.{name}", value)

    def _line_value(self, owned: OwnedList, line: Row, name: str, path: str, value: Any) -> None:
        if name in owned.scalars:
            text = self._text(owned.scalars[name], path, value)
            if text is not None:
                line[owned.scalars[name].column] = text
        elif name in owned.references and isinstance(value, Mapping | None):
            reference = owned.references[name]
            if self._known(reference, value or {}):
                line[reference.column] = self._natural(reference, value or {})
        elif name in {"id", "href", owned.owner}:
            self._fixed(path)
        else:
            self._errors.append(unknown_field(path))


def _below(error: Error, path: str) -> Error:
    target = f"/{path.replace('.', '/')}{error.get('target', '')}"
    return {**error, "target": target, "message": str(error["message"]).replace(str(error.get("target", "")), target, 1)}
