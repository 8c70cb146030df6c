"""What one side knows about one thing, in a form both sides can be compared in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from tieout.core.values import valueclass

EMPTY: Mapping[str, Any] = MappingProxyType({})
NEW_LINE = "+"  # begins the id of a line its system has given none yet
BY_KEY = "~"  # begins the id of a reference to a record of which only the natural key is known
ELSEWHERE = "!"  # begins the id of a line that another document carries
_PLAIN = frozenset((str, int, bool, type(None)))  # nearly all values are of these types, which are their own stored form


@valueclass(frozen=True, slots=True, order=True)
class Ref:
    """A reference to a record of one system by kind and that system's own stable id."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@valueclass(frozen=True, slots=True)
class Line:
    """One line of a document; `id` is the stable id its system gives the line.

    In a write, an id that begins with `NEW_LINE` means a line to be added.
    """

    id: str
    fields: Mapping[str, Value]


Value = str | int | Decimal | bool | date | datetime | Ref | frozenset[Ref] | tuple[Line, ...] | None
Fields = Mapping[str, Value]


@valueclass(frozen=True, slots=True)
class Record:
    """One thing on one side, normalised.

    Attributes:
        kind: the adapter's name of the kind of record.
        id: the system's own stable id; never the natural key.
        fields: values in normal form (see `normal`).
        natural_key: the id by which other records and people name it, where it differs from `id`.
        entity: the legal entity of the books it belongs to; "" is the top level or "does not apply".
        version: the system's own version mark, if it keeps one; only ever compared for equality.
        modified_at: when its system says it was last changed, aware UTC.
        modified_by: who changed it last, in the system's own words.
        deleted: the system says the record no longer exists.
    """

    kind: str
    id: str
    fields: Fields
    natural_key: str = ""
    entity: str = ""
    version: str = ""
    modified_at: datetime | None = None
    modified_by: str = ""
    deleted: bool = False
    _digest: str = field(default="", init=False, repr=False, compare=False)

    @property
    def ref(self) -> Ref:
        """The reference by which other records of the same system name this one."""
        return Ref(self.kind, self.id)

    def refs(self) -> Iterator[Ref]:
        """Every record this one refers to, lines included."""
        for value in self.fields.values():
            if type(value) not in _PLAIN:
                yield from refs_in(value)

    def fingerprint(self) -> str:
        """A digest of everything that can change a decision about this record; made once, because a decision asks for it many times."""
        if not self._digest:
            made = fingerprint([self.kind, self.id, self.natural_key, self.entity, self.deleted, self.fields])
            object.__setattr__(self, "_digest", made)
        return self._digest


def refs_in(value: Value) -> Iterator[Ref]:
    """The references inside one value: itself, the members of a set, or those of its lines."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, frozenset):
        yield from sorted(value)
    elif isinstance(value, tuple):
        for line in value:
            for inner in line.fields.values():
                yield from refs_in(inner)


def normal(value: Value) -> Value:
    """The normal form of a value, in which equal meanings are equal values.

    Text is stripped and an empty text is None (the books cannot tell them apart);
    a Decimal loses trailing zeros; a time is aware UTC. Raises ValueError for a time without a zone.
    """
    if type(value) is str:  # nearly all values are, and a decision normalises dozens
        return value.strip() or None
    match value:
        case str():
            return value.strip() or None
        case bool() | None:
            return value
        case Decimal():
            return _without_trailing_zeros(value)
        case datetime():
            return _zoned(value)
        case tuple():
            return tuple(Line(line.id, normal_fields(line.fields)) for line in value)
        case _:
            return value


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment.isoformat()} has no zone")
    return moment.astimezone(UTC)


def _without_trailing_zeros(number: Decimal) -> Decimal:
    """Exact, and written without an exponent: `Decimal.normalize` rounds to the context's precision and gives 1E+2 for 100."""
    if number == 0:
        return Decimal(0)
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def normal_fields(fields: Fields) -> dict[str, Value]:
    """Every field in normal form; the order of fields carries no meaning."""
    return {name: normal(value) for name, value in fields.items()}


def dump(value: Any) -> Any:
    """A value, or a structure of values, as plain JSON data that `load` turns back into the same value.

    Raises ValueError for a time without a zone, TypeError for what is no value.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {str(key): inner if type(inner) in _PLAIN else dump(inner) for key, inner in value.items()}
    if kind is list or (kind is tuple and value and not isinstance(value[0], Line)):
        return [inner if type(inner) in _PLAIN else dump(inner) for inner in value]
    if kind is Ref:
        return {"$ref": [value.kind, value.id]}
    match value:
        case bool() | int() | str():
            return value
        case Decimal():
            return {"$decimal": format(value, "f")}
        case datetime():
            return {"$time": _zoned(value).isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case Ref():
            return {"$ref": [value.kind, value.id]}
        case frozenset():
            return {"$refs": [[ref.kind, ref.id] for ref in sorted(value)]}
        case tuple() if all(isinstance(line, Line) for line in value):
            return {"$lines": [[line.id, dump(line.fields)] for line in value]}
        case Mapping():
            return {str(key): dump(inner) for key, inner in value.items()}
        case list() | tuple():
            return [dump(inner) for inner in value]
    raise TypeError(f"cannot store a {type(value).__name__}")


def load(data: Any) -> Any:
    """The value that `dump` made `data` from."""
    if isinstance(data, list):
        return [inner if type(inner) in _PLAIN else load(inner) for inner in data]
    if not isinstance(data, dict):
        return data
    match data if len(data) == 1 else None:
        case {"$decimal": str(text)}:
            return Decimal(text)
        case {"$time": str(text)}:
            return datetime.fromisoformat(text)
        case {"$date": str(text)}:
            return date.fromisoformat(text)
        case {"$ref": [str(kind), str(id_)]}:
            return Ref(kind, id_)
        case {"$refs": list(pairs)}:
            return frozenset(Ref(kind, id_) for kind, id_ in pairs)
        case {"$lines": list(pairs)}:
            return tuple(Line(id_, load(fields)) for id_, fields in pairs)
    return {key: inner if type(inner) in _PLAIN else load(inner) for key, inner in data.items()}


def fingerprint(value: Any) -> str:
    """A digest that is equal exactly when two structures of values are equal in normal form."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:32]


def canonical(value: Any) -> str:
    """The text a fingerprint is made of: equal exactly when two structures of values are equal in normal form."""
    return _CANONICAL.encode(_canonical(value))


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _canonical(value: Any) -> Any:
    """`dump(_normal_tree(value))`; in one pass for the types that nearly every structure is made of."""
    kind = type(value)
    if kind is str:
        return value.strip() or None
    if value is None or kind is bool:
        return value
    if kind is dict:
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if kind is list:
        return [_canonical(inner) for inner in value]
    if kind is Ref:
        return {"$ref": [value.kind, value.id]}
    return dump(_normal_tree(value))


def _normal_tree(value: Any) -> Any:
    if isinstance(value, (Ref, Decimal, date)):
        return normal(value)
    if isinstance(value, Mapping):
        return {key: _normal_tree(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_normal_tree(inner) for inner in value]
    if isinstance(value, tuple) and not all(isinstance(line, Line) for line in value):
        return [_normal_tree(inner) for inner in value]
    if isinstance(value, tuple):
        return tuple(Line(line.id, _normal_tree(line.fields)) for line in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)  # 5 and 5.0 are equal values
    return normal(value)


__all__ = [
    "ELSEWHERE",
    "EMPTY",
    "NEW_LINE",
    "Fields",
    "Line",
    "Record",
    "Ref",
    "Value",
    "canonical",
    "dump",
    "fingerprint",
    "load",
    "normal",
    "normal_fields",
    "refs_in",
]
