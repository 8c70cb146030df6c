"""Webhooks: one message per matching subscription, unsigned, with five retries (sage-psa §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tieout.sandbox.sage_psa.schema import Row
from tieout.sandbox.storage import Storage
from tieout.sandbox.webhooks import Outbox

CREATE, UPDATE, DELETE = "CREATE", "UPDATE", "DELETE"
_PAST: Final[Mapping[str, str]] = {CREATE: "created", UPDATE: "updated", DELETE: "deleted"}


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that happened to a record: the webhook type and event, by whom, when, and which fields moved."""

    type: str
    event: str
    object_id: int
    person_id: int
    at: str
    fields: tuple[str, ...] = ()


class Events:
    """Hands what happened to the outbox: for every active subscription, and for ``webhook_url`` if that is set."""

    def __init__(self, outbox: Outbox, storage: Storage, settings: Mapping[str, Any]) -> None:
        self._outbox, self._storage, self._settings = outbox, storage, settings

    def send(self, noted: Iterable[Noted]) -> None:
        """Sends each to everyone who asked for it."""
        for each in noted:
            rows: list[Row] = self._storage.all("webhook_subscriptions")
            urls = [row["url"] for row in rows if row["active"] and (row["type"], row["event"]) == (each.type, each.event)]
            if self._settings["webhook_url"]:
                urls.append(self._settings["webhook_url"])
            for url in urls:
                self._enqueue(url, each)

    def _enqueue(self, url: str, noted: Noted) -> None:
        name = f"{self._noun(noted.type)}_{_PAST[noted.event]}"
        message: dict[str, Any] = {
            "timestamp": self._time(noted.at),
            "event": name,
            "object": {"id": noted.object_id},
            "person": {"id": noted.person_id},
        }
        if noted.event == UPDATE:
            message["fields_changed"] = list(noted.fields)
        retries = [seconds * self._settings["webhook_retry_scale"] for seconds in self._settings["webhook_retry_s"]]
        headers = {"Content-Type": "application/json"}
        self._outbox.enqueue(url, headers, msgspec.json.encode(message), retries=retries, function=name, object=noted.type)

    def _noun(self, kind: str) -> str:
        return str(self._settings["webhook_time_name"]) if kind == "TIME_REG" else kind.lower()

    def _time(self, at: str) -> str:
        if self._settings["webhook_timestamp"] == "epoch_ms":
            moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return str(int(moment.timestamp()) * 1000)
        return at
