"""Object shapes as data: read the notation of the schema tables, check request bodies against it, and lay out replies.

The checks are those of the published contract (servicetitan Appendix A): required members, nullability, JSON types, closed sets of
words, and no member the contract does not list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from tieout.sandbox.servicetitan import timestamps

_FIELD: Final = re.compile(r"(?P<name>\w+)(?P<required>!?):(?P<many>\[?)(?P<type>[\w.]+)\]?(?P<nullable>\??)")
_GUID: Final = re.compile(r"\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?")
_PLAIN: Final = frozenset({"i64", "i32", "dec", "dbl", "bool", "obj", "str", "dt", "date", "guid", "duration"})
_BITS: Final = {"i64": 63, "i32": 31}

Errors = dict[str, list[str]]
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def encode(data: Any) -> bytes:
    """JSON bytes; a Decimal becomes a JSON number with its own digits."""
    return _ENCODER.encode(data)


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an object: its type word, and whether it is required, nullable, a list.

    ``as_stored`` says that the wire shows its value exactly as it is stored.
    """

    name: str
    type: str
    required: bool
    nullable: bool
    many: bool
    as_stored: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """One object (``fields``) or one closed set of words (``words``)."""

    name: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]
    members: frozenset[str]


class Catalogue:
    """All shapes of one area, by their short names."""

    def __init__(self, notation: str) -> None:
        self._schemas = {schema.name: schema for schema in _parse(notation)}

    def __getitem__(self, name: str) -> Schema:
        return self._schemas[name]

    def __contains__(self, name: object) -> bool:
        return name in self._schemas

    def accept(self, name: str, body: object, *, allow_unknown: bool = False, partial: bool = False) -> tuple[dict[str, Any], Errors]:
        """The body in stored form and the complaints about it, each under the path of its member.

        ``partial`` lets required members of the body itself be absent.
        """
        errors: Errors = {}
        if not isinstance(body, dict):
            return {}, {"": ["A JSON object is required."]}
        schema = self._schemas[name]
        accepted = self._accept_object(schema, body, "", errors, allow_unknown=allow_unknown)
        if partial:
            for field in schema.fields:
                if field.name not in body:
                    errors.pop(field.name, None)
        return accepted, errors

    def accept_list(self, name: str, body: object, *, allow_unknown: bool = False) -> tuple[list[dict[str, Any]], Errors]:
        """A body that is a list of objects, like `accept`."""
        errors: Errors = {}
        if not isinstance(body, list):
            return [], {"": ["A JSON array is required."]}
        accepted = [self._accept_value(name, item, f"[{place}]", errors, allow_unknown=allow_unknown) for place, item in enumerate(body)]
        return accepted, errors

    def lay_out(self, name: str, row: Mapping[str, Any], *, digits: int = 7) -> dict[str, Any]:
        """The reply for a stored row: every member of the shape in its order, null where the row has none."""
        return {
            field.name: row.get(field.name) if field.as_stored else self._write(field, row.get(field.name), digits)
            for field in self._schemas[name].fields
        }

    def _accept_object(self, schema: Schema, body: dict[str, Any], path: str, errors: Errors, *, allow_unknown: bool) -> dict[str, Any]:
        accepted: dict[str, Any] = {}
        for name in body.keys() - schema.members:
            if not allow_unknown:
                errors.setdefault(f"{path}{name}", []).append(f"The member '{name}' is not known.")
        for field in schema.fields:
            where = f"{path}{field.name}"
            if field.name not in body:
                if field.required:
                    errors.setdefault(where, []).append(f"The {field.name} field is required.")
                continue
            value = body[field.name]
            if value is None:
                if not field.nullable:
                    errors.setdefault(where, []).append(f"The {field.name} field may not be null.")
                accepted[field.name] = None
            elif field.many:
                accepted[field.name] = self._accept_list(field, value, where, errors, allow_unknown=allow_unknown)
            else:
                accepted[field.name] = self._accept_value(field.type, value, where, errors, allow_unknown=allow_unknown)
        return accepted

    def _accept_list(self, field: Field, value: object, path: str, errors: Errors, *, allow_unknown: bool) -> list[Any]:
        if not isinstance(value, list):
            errors.setdefault(path, []).append(f"The {field.name} field must be a list.")
            return []
        return [
            self._accept_value(field.type, item, f"{path}[{place}]", errors, allow_unknown=allow_unknown)
            for place, item in enumerate(value)
        ]

    def _accept_value(self, kind: str, value: Any, path: str, errors: Errors, *, allow_unknown: bool) -> Any:
        if kind not in _PLAIN:
            schema = self._schemas[kind]
            if schema.words:
                if value not in schema.words:
                    errors.setdefault(path, []).append(f"The value must be one of {', '.join(schema.words)}.")
                return value
            if not isinstance(value, dict):
                errors.setdefault(path, []).append("A JSON object is required.")
                return {}
            return self._accept_object(schema, value, f"{path}.", errors, allow_unknown=allow_unknown)
        try:
            return _plain(kind, value)
        except ValueError as refusal:
            errors.setdefault(path, []).append(str(refusal))
            return None

    def _write(self, field: Field, value: Any, digits: int) -> Any:
        if value is None:
            return [] if field.many and not field.nullable else None
        if field.many:
            return [self._write_value(field.type, item, digits) for item in value]
        return self._write_value(field.type, value, digits)

    def _write_value(self, kind: str, value: Any, digits: int) -> Any:
        if kind == "dt":
            return timestamps.write(value, digits=digits)
        if kind == "dec":
            return Decimal(value)
        if kind in _PLAIN or self._schemas[kind].words:
            return value
        return self.lay_out(kind, value, digits=digits)


def _parse(notation: str) -> list[Schema]:
    schemas: list[Schema] = []
    blocks: list[tuple[str, list[str]]] = []
    for line in notation.splitlines():
        if not line.strip():
            continue
        if line[0] != " ":
            blocks.append((line.strip(), []))
        else:
            blocks[-1][1].append(line.strip())
    for name, lines in blocks:
        text = " ".join(lines)
        if text.startswith("= "):
            schemas.append(Schema(name, (), tuple(text[2:].split()), frozenset()))
        else:
            fields = tuple(_field(word) for word in text.split())
            schemas.append(Schema(name, fields, (), frozenset(field.name for field in fields)))
    return schemas


def _field(word: str) -> Field:
    found = _FIELD.fullmatch(word)
    if found is None:
        raise ValueError(f"The schema word '{word}' is not in the notation.")
    many = bool(found["many"])
    as_stored = not many and found["type"] in _PLAIN - {"dt", "dec"}
    return Field(found["name"], found["type"], bool(found["required"]), bool(found["nullable"]), many, as_stored)


def _plain(kind: str, value: Any) -> Any:
    """The stored form of a JSON value of a plain type; raises ValueError with the complaint."""
    if kind in _BITS:
        if not isinstance(value, int) or isinstance(value, bool) or not -(2 ** _BITS[kind]) <= value < 2 ** _BITS[kind]:
            raise ValueError("The value must be a whole number.")
        return value
    if kind in ("dec", "dbl"):
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            raise ValueError("The value must be a number.")
        return str(value) if kind == "dec" else float(value)
    if kind == "bool":
        if not isinstance(value, bool):
            raise ValueError("The value must be true or false.")
        return value
    if kind == "obj":
        return value
    if not isinstance(value, str):
        raise ValueError("The value must be a text.")
    if kind == "dt":
        return timestamps.parse(value)
    if kind == "date":
        return timestamps.parse(value)[:10]
    if kind == "guid" and not _GUID.fullmatch(value):
        raise ValueError("The value must be a GUID.")
    return value
