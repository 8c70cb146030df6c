"""ServiceTitan's webhooks (v2): whether one is genuine, and where it tells us to look.

A webhook carries hints, never data: the record is read afresh afterwards. There is none for projects and none for a new job as such
(servicetitan D10), so polling is what nothing depends on losing; a webhook only makes it sooner.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from tieout.core.ports import Fault
from tieout.core.record import Ref
from tieout.platforms.members import parsed
from tieout.platforms.servicetitan.kinds import CUSTOMER, INVOICE, JOB, PROJECT
from tieout.platforms.servicetitan.members import identity

SIGNATURE_HEADER = "x-servicetitan-signature"
"""Known from independent integrations, not from the vendor (servicetitan §7)."""

LARGEST_EVENT = 1024 * 1024
"""Bytes; an event holds one job without its texts."""

JOB_EVENTS = frozenset(
    f"tn.jpm.{name}" for name in ("job-scheduled", "job-updated", "job-completed", "job-rescheduled", "job-appointment-updated")
)
"""Every event about a job in the published contract (servicetitan §7)."""

INVOICE_EVENTS = frozenset(f"tn.acc.invoice-{name}" for name in ("updated", "batched", "posted", "exported"))
"""Every event about an invoice itself; its tasks are no concern of the books (servicetitan §7)."""


def verify(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Whether `body` was signed with `key`: HMAC-SHA256 over the raw bytes, written in hexadecimal or base64.

    Both ways of writing it are in use (servicetitan §7). With an empty `key`, the vendor's default, every event is accepted: a false one
    costs one look at a record. A body over `LARGEST_EVENT` is refused unread. Compared in constant time; never raises.
    """
    if len(body) > LARGEST_EVENT:
        return False
    if not key:
        return True
    given = next((value for name, value in headers.items() if name.lower() == SIGNATURE_HEADER), "")
    return hmac.compare_digest(_digest_in(given), hmac.new(key.encode(), body, hashlib.sha256).digest())


def hints(body: bytes, tenant: str = "") -> list[Ref]:
    """The records to look at: the job or invoice, then what it names. Empty for an event about anything else.

    One app serves many tenants with one address; with `tenant` given, an event of another tenant gives no hints. Raises ValueError, with
    a sentence, for a body that is not an event of the published form.
    """
    event = _event(body)
    data = event.get("data")
    if not isinstance(data, Mapping):
        raise ValueError("The webhook has no “data” object.")
    kind = event["type"]
    if kind not in JOB_EVENTS | INVOICE_EVENTS or (tenant and tenant_of(body) != tenant):
        return []
    member, wanted = ("job", _OF_JOB) if kind in JOB_EVENTS else ("invoice", _OF_INVOICE)
    subject = data.get(member)
    if not isinstance(subject, Mapping):
        raise ValueError(f"The webhook {kind} has no “{member}” object.")
    named = [(of, _id(subject, path)) for of, path in wanted]
    if named[0][1] is None:
        raise ValueError(f"The webhook {kind} does not say which {member} it is about.")
    return [Ref(of, id_) for of, id_ in named if id_ is not None]


_OF_JOB = ((JOB, "id"), (PROJECT, "projectId"), (CUSTOMER, "customerId"))
_OF_INVOICE = ((INVOICE, "id"), (JOB, "job.id"), (PROJECT, "projectId"), (CUSTOMER, "customer.id"))


def delivery_id(body: bytes) -> str:
    """The id that stays the same when an event is delivered again: `userassignedid`, not `id` (servicetitan §7). Raises ValueError."""
    given = _event(body).get("userassignedid")
    if not isinstance(given, str) or not given.strip():
        raise ValueError("The webhook has no “userassignedid”.")
    return given.strip()[:200]


def tenant_of(body: bytes) -> str:
    """The tenant the event comes from, to find its connection by. Raises ValueError."""
    data = _event(body).get("data")
    tenant = _id(data, "tenantId") if isinstance(data, Mapping) else None
    if tenant is None:
        raise ValueError("The webhook does not name its tenant.")
    return tenant


def _event(body: bytes) -> Mapping[str, Any]:
    if len(body) > LARGEST_EVENT:
        raise ValueError(f"The webhook is {len(body)} bytes long; at most {LARGEST_EVENT} are read.")
    try:
        event = parsed(body)
    except ValueError:
        raise ValueError("The webhook is not JSON.") from None
    if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
        raise ValueError("The webhook is not a CloudEvents envelope: it has no “type”.")
    return event


def _id(data: Mapping[str, Any], path: str) -> str | None:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    try:
        return identity(value, path)
    except Fault as fault:
        raise ValueError(f"The webhook cannot be read ({fault.detail}).") from None


def _digest_in(text: str) -> bytes:
    """The digest a header spells in hexadecimal or base64; empty when it spells none, which equals no digest."""
    plain = text.strip()
    plain = plain[7:] if plain.lower().startswith("sha256=") else plain
    try:
        if len(plain) == 64:
            return bytes.fromhex(plain)
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (ValueError, binascii.Error):
        return b""


__all__ = ["INVOICE_EVENTS", "JOB_EVENTS", "LARGEST_EVENT", "SIGNATURE_HEADER", "delivery_id", "hints", "tenant_of", "verify"]
