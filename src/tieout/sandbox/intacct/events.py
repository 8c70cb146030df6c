"""Smart events: what a change of a record makes Intacct send, and the signed delivery of it (intacct-xml §8).

Which events there are is configured by an administrator, here by the setting `smart_events`. An event is kept with the rows
until its transaction has committed, so that nothing is sent of what was rolled back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.reading import UnknownField
from tieout.sandbox.intacct.values import stamp
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row, Storage
from tieout.sandbox.webhooks import Outbox

WAITING_KIND = "_EVENT"
LOG_KIND = "SMARTEVENTLOG"
RETRIES = (10.0, 30.0, 90.0)
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
LIFETIME_S = 3600
ISSUER = "Sage Intacct"
_INJECTION = re.compile(r"\{!\s*(?:[A-Za-z_]+\.)?([A-Za-z_.]+?)\s*!\}")


class Event(StrEnum):
    """What happened to a record, in the words of the webhook's context."""

    CREATE = "after_create"
    UPDATE = "after_update"
    DELETE = "after_delete"


TOPICS = {Event.CREATE: "ADD", Event.UPDATE: "SET", Event.DELETE: "DELETE"}


def note(work: Work, kind: Kind, row: Row, event: Event) -> None:
    """Keeps an event for delivery, if one is configured for this object: "after_update PROJECT", "after_create *"."""
    wanted = work.settings["smart_events"]
    if not wanted or not any(each in wanted for each in (f"{event} {kind.name}", f"{event} *", f"* {kind.name}", "* *")):
        return
    number = work.storage.next("events")
    context = {
        "COMPANY": work.settings["webhook_company"],
        "ENTITY": work.entity or False,
        "USER": work.user_number,
        "OBJECTNAME": kind.name,
        "RESTOBJECTNAME": work.company.rest_names.get(kind.name, ""),
        "DOCTYPE": "",
        "ID": {},
        "VID": row["RECORDNO"],
        "EVENT": str(event),
        "EVENTNAME": f"{TOPICS[event]}_{kind.name}",
    }
    template = work.settings["webhook_templates"].get(kind.name, work.settings["webhook_template"])
    waiting = {"number": number, "object": kind.name, "context": context, "body": _rendered(work, kind, row, template)}
    work.storage.put(WAITING_KIND, str(number), waiting)
    log = {
        "RECORDNO": str(number),
        "SMARTLINKID": f"{TOPICS[event]}_{kind.name}",
        "TOPIC": f"{TOPICS[event]}_{kind.name}",
        "OWNEROBJECT": kind.name,
        "TIMESTAMP": stamp(work.now),
        "USERID": work.userid,
        "OBJECTKEY": row["RECORDNO"],
    }
    work.storage.put(LOG_KIND, str(number), log)


def deliver(storage: Storage, outbox: Outbox, settings: Mapping[str, Any]) -> None:
    """Owes every event whose transaction has committed to `webhook_url`; without an address they are forgotten."""
    for event in sorted(storage.all(WAITING_KIND), key=lambda row: int(row["number"])):
        storage.remove(WAITING_KIND, str(event["number"]))
        url = str(settings["webhook_url"])
        if not url:
            continue
        body = str(event["body"]).encode()
        if not settings["webhook_delivery"]:
            outbox.enqueue(url, {"Content-Type": "text/plain; charset=utf-8"}, body, function=_function(event), object=event["object"])
            continue
        fixed = _fixed_headers(settings, event)

        def headers(now: datetime, fixed: Mapping[str, str] = fixed, body: bytes = body) -> Mapping[str, str]:
            return {**fixed, "X-IA-Sage-Signature": signature(settings, body, now)}

        outbox.enqueue(
            url, headers, body, retries=RETRIES, retry_on=RETRIED, succeeds_on=(200,), function=_function(event), object=event["object"]
        )


def forget(storage: Storage) -> None:
    """Drops events that nobody should be sent, such as those of filling a world."""
    for kind, name in ((WAITING_KIND, "number"), (LOG_KIND, "RECORDNO")):
        for row in storage.all(kind):
            storage.remove(kind, str(row[name]))


def signature(settings: Mapping[str, Any], body: bytes, now: datetime) -> str:
    """The HS256 token that vouches for a body; as a bare token or in the base64 envelope, with times in ms or s (§8)."""
    unit = 1000 if settings["webhook_signature_time"] == "ms" else 1
    issued = int(now.timestamp()) * unit
    claims = {
        "iat": issued,
        "exp": issued + LIFETIME_S * unit,
        "iss": ISSUER,
        "tenant_id": settings["webhook_company"],
        "app_id": settings["webhook_client_id"],
        "payload_signature": hashlib.sha256(body).hexdigest(),
        "payload_signature_alg": "SHA-256",
    }
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    digest = hmac.new(str(settings["webhook_client_secret"]).encode(), signed.encode(), hashlib.sha256).digest()
    token = f"{signed}.{_unpadded(digest)}"
    if settings["webhook_signature_form"] == "envelope":
        return base64.b64encode(json.dumps({"jwtData": token}).encode()).decode()
    return token


def _function(event: Row) -> str:
    return str(event["context"]["EVENT"])


def _fixed_headers(settings: Mapping[str, Any], event: Row) -> dict[str, str]:
    """The headers that are the same at every attempt; the idempotency key is one per event."""
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{settings['webhook_company']}-{event['number']}-{event['context']}"))
    context = base64.b64encode(json.dumps(event["context"]).encode()).decode()
    return {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {settings['webhook_token']}",
        str(settings["webhook_context_header"]): context,
        str(settings["webhook_idempotency_header"]): key,
    }


def _part(content: Mapping[str, Any]) -> str:
    return _unpadded(json.dumps(content, separators=(",", ":")).encode())


def _unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _rendered(work: Work, kind: Kind, row: Row, template: str) -> str:
    """The author's text with injections such as {!PROJECT.NAME!}; an unknown field is left empty."""

    def value(match: re.Match[str]) -> str:
        try:
            return work.columns.find(kind, match.group(1)).get(row)
        except UnknownField:
            return ""

    return _INJECTION.sub(value, template)
