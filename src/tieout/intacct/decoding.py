"""From a row of text to a record in normal form (intacct-xml §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tieout.core.record import Record, Ref, Value, normal
from tieout.intacct.catalogue import Field, Kind, Type
from tieout.intacct.client import Plain, Row
from tieout.intacct.client.formats import read_boolean, read_date, read_decimal, read_integer, read_timestamp

BY_NATURAL_KEY = "~"


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with the natural keys its reference fields show, by field name."""

    record: Record
    names: Mapping[str, str]


def own_value(kind: Kind, natural_key: str) -> Plain:
    """The value of the natural key's own field; None for a text that cannot be one."""
    text = kind.own_key(natural_key)
    if kind.by_name[kind.natural_key].type is not Type.DATE:
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def decode(kind: Kind, row: Row, offset: timedelta, resolved: Mapping[tuple[str, str], str]) -> Seen:
    """A record from a row of text, without lines. Raises ValueError for a text that does not fit its field."""
    values, names = decode_fields(kind, row, resolved)
    stamp = row.fields.get("WHENMODIFIED", "").strip()
    moment = read_timestamp(stamp)
    record = Record(
        kind=kind.name,
        id=row.fields.get("RECORDNO", "").strip(),
        fields=values,
        natural_key=_natural_key(kind, row, values),
        entity=row.fields.get("MEGAENTITYID", "").strip(),
        version=stamp,
        modified_at=moment - offset if moment else None,
        modified_by=row.fields.get("MODIFIEDBY", "").strip(),
    )
    return Seen(record, names)


def decode_fields(kind: Kind, row: Row, resolved: Mapping[tuple[str, str], str]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values of a row, and the natural keys its reference fields show. Raises ValueError naming the field."""
    values: dict[str, Value] = {}
    names: dict[str, str] = {}
    shown = row.fields.keys()
    for each in kind.fields:
        if shown.isdisjoint(each.columns):
            continue
        try:
            values[each.name] = (
                _reference(each, row, resolved, names) if each.type is Type.REFERENCE else _value(each, row.fields[each.column])
            )
        except ValueError as error:
            raise ValueError(f"{each.name}: {error}") from None
    return values, names


def _value(each: Field, text: str) -> Value:
    if each.type is Type.NUMBER:
        number = read_integer(text)
        return Ref(each.target, str(number)) if number else None
    return read_value(each.type, text)


def _natural_key(kind: Kind, row: Row, values: Mapping[str, Value]) -> str:
    if not kind.natural_key:
        return ""
    own = values.get(kind.natural_key)
    text = own.isoformat() if isinstance(own, date) else row.fields.get(kind.natural_key, "").strip()
    owner = values.get(kind.within) if kind.within else None
    return kind.key_of(owner.id if isinstance(owner, Ref) and owner.id.isdigit() else "", text)


def _reference(each: Field, row: Row, resolved: Mapping[tuple[str, str], str], names: dict[str, str]) -> Ref | None:
    name = row.fields.get(each.column, "").strip()
    key = row.fields.get(each.key_column, "").strip() if each.key_column else resolved.get((each.target, name), "")
    names[each.name] = name
    if key:
        number = read_integer(key)
        return Ref(each.target, str(number))
    return Ref(each.target, BY_NATURAL_KEY + name) if name else None


def read_value(type: Type, text: str) -> Value:
    """A text of the wire as a value in normal form. Raises ValueError."""
    if not text:
        return None
    match type:
        case Type.BOOLEAN:
            return read_boolean(text)
        case Type.DECIMAL:
            return normal(read_decimal(text))
        case Type.INTEGER:
            return read_integer(text)
        case Type.DATE:
            return read_date(text)
        case Type.TIMESTAMP:
            return read_timestamp(text)
        case _:
            return normal(text.replace("\r\n", "\n").replace("\r", "\n"))
