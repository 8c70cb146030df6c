"""Values on their way to Sage PSA: a write as the JSON body of its call, and whether a record shows what was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.core.ports import Effect, Fault, Verb, Write
from tieout.core.record import Fields, Record, Ref, Value, normal
from tieout.platforms.sage_psa.faults import TOO_LONG, UNWRITABLE
from tieout.platforms.sage_psa.kinds import BUDGET_TYPES, CUSTOM_ID_LENGTH, STAGES, Kind

_IDS = frozenset({"client", "rate_card"})
_NEVER_EMPTY = frozenset({"name", "stage", "budget_type", "estimation_units"})
_CHOICES: Mapping[str, tuple[str, ...]] = {"stage": STAGES, "budget_type": BUDGET_TYPES, "estimation_units": ("HOURS", "POINTS")}


def encode(row: Kind, write: Write) -> dict[str, Any]:
    """The body of a create or update. An update carries only what changes; None becomes null, which empties the member.

    Raises Fault, refused, for what cannot be sent: the service would not say which value it means.
    """
    allowed = row.creates if write.verb is Verb.CREATE else row.updates
    body: dict[str, Any] = {}
    for name, value in write.fields.items():
        if name not in allowed:
            raise _unwritable(f"{row.name} has no member {name} that can be written")
        plain = normal(value)
        if plain is None and write.verb is Verb.CREATE:
            continue
        body[name] = _encoded(name, plain)
    if write.verb is Verb.CREATE and not body.get("name"):
        raise _unwritable(f"{row.name} has no name")
    return body


def _encoded(name: str, value: Value) -> Any:
    if value is None:
        if name in _NEVER_EMPTY:
            raise _unwritable(f"{name} cannot be empty")
        return None
    if name in _IDS:
        return _id(name, value)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise _unwritable(f"{name} must be one of {', '.join(_CHOICES[name])}")
    if name == "custom_project_id" and len(str(value)) > CUSTOM_ID_LENGTH:
        raise Fault(TOO_LONG, str(value), effect=Effect.REFUSED)
    match value:
        case str():
            return _text(name, value)
        case bool() | int() | Decimal():
            return value
        case date() if not isinstance(value, datetime):
            return value.isoformat()
    raise _unwritable(f"{name} is a {type(value).__name__}")


def _text(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _unwritable(f"{name} holds half a character") from None
    return value


def _id(name: str, value: Value) -> int:
    text = value.id if isinstance(value, Ref) else str(value)
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:
        raise _unwritable(f"{name} is not an id")
    return int(text)


def _unwritable(what: str) -> Fault:
    return Fault(UNWRITABLE, what, effect=Effect.REFUSED)


def matches(wanted: Fields, record: Record) -> bool:
    """Whether a record shows the wanted values, in normal form."""
    return all(_shown(name, value) == _shown(name, record.fields.get(name)) for name, value in wanted.items())


def _shown(name: str, value: Value) -> Any:
    """A value in the one form in which what is sent and what comes back are equal."""
    plain = normal(value)
    if isinstance(plain, Ref):
        return plain.id
    if isinstance(plain, str):
        return " ".join(plain.split()) if name == "name" else normal(plain.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(plain, int) and not isinstance(plain, bool):
        return str(plain) if name in _IDS else Decimal(plain)
    return plain


__all__ = ["encode", "matches"]
