"""Sage PSA's webhooks: whether one is ours, and where it tells us to look.

A webhook carries hints, never data. It has neither signature nor delivery id (sage-psa §3), so the secret travels with the address that the
subscription calls: as the password in front of the host, which arrives as Basic authorisation, or in a header that whoever receives the
call fills from the address. After 21 minutes of failure an event is lost, and there is none for clients, people or project teams; polling
is what nothing depends on losing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tieout.core.ports import Fault
from tieout.core.record import Ref
from tieout.platforms.members import parsed
from tieout.platforms.sage_psa.kinds import PHASE, PROJECT, TASK
from tieout.platforms.sage_psa.members import identity

SECRET_HEADER = "x-tieout-webhook-secret"  # noqa: S105 - the name of a header
"""Filled from the address by whoever receives the call."""

LARGEST_EVENT = 256 * 1024
"""Bytes; an event holds a few ids and the names of changed members."""

KINDS_OF_EVENTS: Mapping[str, str] = {"task": TASK, "project": PROJECT, "phase": PHASE, "time_reg": "", "time_registration": ""}
"""The kind each sort of event is about; of the strings only `task_updated` is documented, the others follow its form (sage-psa §3)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        kind: of the record it is about; "" for kinds that are not read.
        what: “created”, “updated”, “deleted”, or a word not known yet.
        id: of the record.
        person: who caused it, if told. Our own writes appear here too.
        fields: the members that changed, if told.
    """

    kind: str
    what: str
    id: str
    person: str = ""
    fields: tuple[str, ...] = ()


def verify(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Whether the call knows the secret, by Basic or Bearer authorisation or by `SECRET_HEADER`. The body proves nothing.

    Without a secret nothing is accepted. A body over `LARGEST_EVENT` is refused unread. Compared in constant time; never raises.
    """
    if not secret or len(body) > LARGEST_EVENT:
        return False
    wanted = secret.encode()
    return any(hmac.compare_digest(given, wanted) for given in _given(headers))


def event_of(body: bytes) -> Event:
    """The event in a body. Raises ValueError, with a sentence, for a body that is not an event of the documented form."""
    data = _decoded(body)
    about = data.get("object")
    if not isinstance(about, Mapping):
        raise ValueError("The webhook has no “object”.")
    id_ = _id(about, "object.id")
    if id_ is None:
        raise ValueError("The webhook does not say which record it is about.")
    person = data.get("person")
    fields = data.get("fields_changed")
    sort, _, what = data["event"].rpartition("_")
    return Event(
        KINDS_OF_EVENTS.get(sort.lower(), ""),
        what.lower(),
        id_,
        (_id(person, "person.id") or "") if isinstance(person, Mapping) else "",
        tuple(name for name in fields if isinstance(name, str)) if isinstance(fields, list) else (),
    )


def hints(body: bytes) -> list[Ref]:
    """The record to look at; empty for an event about anything that is not read. Raises ValueError."""
    event = event_of(body)
    return [Ref(event.kind, event.id)] if event.kind else []


def delivery_id(body: bytes) -> str:
    """A digest that stays the same when an event is delivered again (sage-psa §3). Raises ValueError."""
    data, event = _decoded(body), event_of(body)
    stamp = data.get("timestamp")
    told = [data["event"], event.id, str(stamp) if isinstance(stamp, str | int) else "", sorted(event.fields)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _decoded(body: bytes) -> Mapping[str, Any]:
    if len(body) > LARGEST_EVENT:
        raise ValueError(f"The webhook is {len(body)} bytes long; at most {LARGEST_EVENT} are read.")
    try:
        data = parsed(body)
    except ValueError:
        raise ValueError("The webhook is not JSON.") from None
    if not isinstance(data, Mapping) or not isinstance(data.get("event"), str) or not data["event"]:
        raise ValueError("The webhook has no “event”.")
    return data


def _id(data: Mapping[str, Any], where: str) -> str | None:
    try:
        return identity(data.get("id"), where)
    except Fault as fault:
        raise ValueError(f"The webhook cannot be read ({fault.detail}).") from None


def _given(headers: Mapping[str, str]) -> list[bytes]:
    """Every secret the headers may hold; an unreadable one is empty, which equals none."""
    lower = {name.lower(): value for name, value in headers.items()}
    scheme, _, rest = lower.get("authorization", "").strip().partition(" ")
    found = [lower.get(SECRET_HEADER, "").encode()]
    if scheme.lower() == "bearer":
        found.append(rest.strip().encode())
    if scheme.lower() == "basic":
        try:
            found.append(base64.b64decode(rest.strip(), validate=True).partition(b":")[2])
        except (ValueError, binascii.Error):
            found.append(b"")
    return found


__all__ = ["LARGEST_EVENT", "SECRET_HEADER", "Event", "delivery_id", "event_of", "hints", "verify"]
