"""From a write to one function of the gateway (intacct-xml §2.1–2.3, §4.4)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.core.ports import Verb, Write
from tieout.core.record import Value
from tieout.intacct.catalogue import Access, Field, Kind, Type, WriteMode
from tieout.intacct.client import Function
from tieout.intacct.client import functions as build

_ACCEPTED: dict[Type, tuple[type, ...]] = {
    Type.TEXT: (str,),
    Type.LABEL: (str,),
    Type.REFERENCE: (str,),
    Type.INTEGER: (int,),
    Type.DECIMAL: (Decimal, int),
    Type.BOOLEAN: (bool,),
    Type.DATE: (date,),
    Type.TIMESTAMP: (datetime,),
}


class UnwritableWriteError(ValueError):
    """A write that this kind does not allow; its text says which field or verb, and why."""


def encode(kind: Kind, write: Write) -> Function:
    """The function of a write, its control id being the write's key.

    Raises UnwritableWriteError for what the catalogue does not allow, UnwritableError for text that XML cannot carry.
    """
    if kind.mode is WriteMode.READ_ONLY or write.verb not in kind.verbs:
        raise UnwritableWriteError(f"Tieout does not {write.verb.value} a {kind.name}")
    if write.verb is Verb.DELETE:
        return build.delete(write.key, kind.name, [_target(write)])
    creating = write.verb is Verb.CREATE
    values: dict[str, Any] = {} if creating else {"RECORDNO": _target(write)}
    given = dict(write.fields)
    if creating and write.natural_key:
        given.setdefault(kind.natural_key, write.natural_key)
    _check(kind, given, creating)
    for each in kind.fields:
        if each.name in given and not (creating and given[each.name] is None):
            _nest(values, each.name.split("."), given[each.name])
    function = build.create if creating else build.update
    return function(write.key, kind.name, values)


def _target(write: Write) -> str:
    if not write.target or not write.target.isdigit():
        raise UnwritableWriteError(f"an {write.verb.value} needs the RECORDNO of its record, not “{write.target or ''}”")
    return write.target


def _check(kind: Kind, given: dict[str, Value], creating: bool) -> None:
    for name, value in given.items():
        each = kind.by_name.get(name)
        if each is None:
            raise UnwritableWriteError(f"{kind.name} has no field {name}")
        if each.access is Access.NEVER or (each.access is Access.CREATE and not creating):
            raise UnwritableWriteError(f"{name} can be written {each.access.value}")
        if not _fits(each, value):
            raise UnwritableWriteError(f"{name} takes a {each.type.value}, not a {type(value).__name__}")
    if not creating:
        absent = [each.name for each in kind.fields if each.always_sent and each.name not in given]
        if absent:
            raise UnwritableWriteError(f"Intacct wants {', '.join(absent)} with every change of a {kind.name}")


def _fits(each: Field, value: Value) -> bool:
    if value is None:
        return True
    if isinstance(value, bool):
        return each.type is Type.BOOLEAN
    if isinstance(value, datetime):
        return each.type is Type.TIMESTAMP
    return isinstance(value, _ACCEPTED[each.type])


def _nest(values: dict[str, Any], path: list[str], value: Value) -> None:
    for step in path[:-1]:
        values = values.setdefault(step, {})
    values[path[-1]] = value
