"""Webhooks v2: CloudEvents about jobs and invoices, signed over the raw body (servicetitan §7, E13).

Only the events of the published contract exist; there is none for a created job, a project or a customer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.schema import Catalogue, encode
from tieout.sandbox.webhooks import Outbox

SOURCE: Final = "https://webhooks.servicetitan.io"


class Event(StrEnum):
    """The job and invoice events of the contract."""

    JOB_SCHEDULED = "tn.jpm.job-scheduled"
    JOB_UPDATED = "tn.jpm.job-updated"
    JOB_COMPLETED = "tn.jpm.job-completed"
    JOB_RESCHEDULED = "tn.jpm.job-rescheduled"
    APPOINTMENT_UPDATED = "tn.jpm.job-appointment-updated"
    INVOICE_UPDATED = "tn.acc.invoice-updated"
    INVOICE_BATCHED = "tn.acc.invoice-batched"
    INVOICE_POSTED = "tn.acc.invoice-posted"
    INVOICE_EXPORTED = "tn.acc.invoice-exported"
    INVOICE_TASK_CREATED = "tn.acc.invoice-task-created"
    INVOICE_TASK_UPDATED = "tn.acc.invoice-task-updated"


_ABOUT: Final = {
    Event.JOB_SCHEDULED: ("jpm", "Webhook.JobScheduledWebhookEvent", "job"),
    Event.JOB_UPDATED: ("jpm", "Webhook.JobUpdatedWebhookEvent", "job"),
    Event.JOB_COMPLETED: ("jpm", "Webhook.JobCompletedWebhookEvent", "job"),
    Event.JOB_RESCHEDULED: ("jpm", "Webhook.JobRescheduledWebhookEvent", "job"),
    Event.APPOINTMENT_UPDATED: ("jpm", "Webhook.JobAppointmentUpdatedWebhookEvent", "appointment"),
    Event.INVOICE_UPDATED: ("accounting", "Webhook.InvoiceUpdatedEventPayload", "invoice"),
    Event.INVOICE_BATCHED: ("accounting", "Webhook.InvoiceBatchedEventPayload", "invoice"),
    Event.INVOICE_POSTED: ("accounting", "Webhook.InvoicePostedEventPayload", "invoice"),
    Event.INVOICE_EXPORTED: ("accounting", "Webhook.InvoiceExportedEventPayload", "invoice"),
    Event.INVOICE_TASK_CREATED: ("accounting", "Webhook.InvoiceTaskCreatedEventPayload", "invoice"),
    Event.INVOICE_TASK_UPDATED: ("accounting", "Webhook.InvoiceTaskUpdatedEventPayload", "invoice"),
}


_KINDS: Final = {"job": "jobs", "appointment": "jobs", "invoice": "invoices"}


@dataclass(frozen=True, slots=True)
class Noted:
    """One event that happened: its payload as it was then, its own id and its time."""

    event: Event
    data: dict[str, Any]
    occurrence: str
    at: str


class Events:
    """Makes events and hands them to the outbox, when a callback address is set for their type."""

    def __init__(self, outbox: Outbox, settings: Mapping[str, Any], shapes: Mapping[str, Catalogue]) -> None:
        self._outbox = outbox
        self._settings = settings
        self._shapes = shapes
        self._waiting: list[Noted] = []

    def tell(self, event: Event, row: Row, *, number: int, at: str, appointment: Row | None = None, task: Row | None = None) -> None:
        """Notes an event about a job, an appointment or an invoice, inside the transaction that makes the change.

        ``number`` makes the event's own id, the same at every attempt; ``at`` is its time in stored form.
        """
        area, shape, member = _ABOUT[event]
        data: Row = {member: row, "tenantId": self._settings["tenant"], "tenantName": self._settings["tenant_name"]}
        if appointment is not None:
            data |= {"appointmentId": appointment["id"], "appointmentNumber": appointment["appointmentNumber"]}
        if task is not None:
            data["task"] = task
        shaped = self._shapes[area].lay_out(shape, data, digits=self._settings["fraction_digits"])
        occurrence = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SOURCE}/{self._settings['tenant']}/{number}/{event}"))
        self._waiting.append(Noted(event, shaped, occurrence, timestamps.write(at)))

    def take(self) -> list[Noted]:
        """What was noted since the last call; to be called inside the transaction, so that an undone change tells nothing."""
        taken, self._waiting = self._waiting, []
        return taken

    def send(self, noted: Iterable[Noted]) -> None:
        """Hands events to the outbox, each to the callback address of its type, if there is one."""
        for each in noted:
            url = self._settings["webhook_urls"].get(each.event) or self._settings["webhook_url"]
            if url:
                self._enqueue(url, each)

    def _enqueue(self, url: str, noted: Noted) -> None:
        def message(now: datetime, attempt: int) -> tuple[dict[str, str], bytes]:
            envelope = {
                "specversion": "1.0",
                "id": str(uuid.uuid5(uuid.UUID(noted.occurrence), str(attempt))),
                "type": str(noted.event),
                "time": noted.at,
                "source": SOURCE,
                "userassignedid": noted.occurrence,
                "datacontenttype": "application/json",
                "data": noted.data,
            }
            body = encode(envelope)
            headers = {"Content-Type": "application/json"}
            if self._settings["webhook_key"]:
                headers[self._settings["webhook_header"]] = self._signature(body)
            return headers, body

        retries = [seconds * self._settings["webhook_retry_scale"] for seconds in self._settings["webhook_retry_s"]]
        self._outbox.enqueue(url, {}, message, retries=retries, function=str(noted.event), object=_KINDS[_ABOUT[noted.event][2]])

    def _signature(self, body: bytes) -> str:
        digest = hmac.new(self._settings["webhook_key"].encode(), body, hashlib.sha256).digest()
        return base64.b64encode(digest).decode() if self._settings["webhook_encoding"] == "base64" else digest.hex()
