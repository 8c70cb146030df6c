"""Webhooks: envelope, signature, retries, and the events that do not exist (servicetitan §7, E13)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api
from tests.contract.spec_facts import validate_value

KEY = "0123456789abcdef0123456789abcdef"
HOOK = "http://127.0.0.1:9/hook"
SHAPES = {
    "tn.jpm.job-scheduled": "JobScheduledWebhookEvent",
    "tn.jpm.job-updated": "JobUpdatedWebhookEvent",
    "tn.jpm.job-completed": "JobCompletedWebhookEvent",
    "tn.jpm.job-rescheduled": "JobRescheduledWebhookEvent",
    "tn.jpm.job-appointment-updated": "JobAppointmentUpdatedWebhookEvent",
}


@dataclass
class Mailbox:
    """The receiver: answers with the statuses it is given, then 200."""

    api: Api
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def fetch(self, seconds: float = 0) -> list[dict[str, Any]]:
        """What arrives within the next seconds of the sandbox clock."""
        before = len(self.got)
        if seconds:
            self.api.advance(seconds)
        self.api.emulator.outbox.pump(self._post)
        return [json.loads(body) for _, _, body in self.got[before:]]

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((url, headers, body))
        return self.statuses.pop(0) if self.statuses else 200


@pytest.fixture
def mailbox(near: Api) -> Mailbox:
    near.settings(webhook_url=HOOK, webhook_key=KEY)
    return Mailbox(near)


def test_a_booking_tells_job_scheduled_and_nothing_else(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7: there is no "job created"; gap 5 "whether job-scheduled fires on booking"
    job = near.new_job(summary="secret", customerPo="PO")
    (event,) = mailbox.fetch()
    assert event["type"] == "tn.jpm.job-scheduled"
    assert (event["data"]["tenantId"], event["data"]["job"]["id"]) == (1_000_001, job["id"])
    assert not {"summary", "customFields", "externalData"} & event["data"]["job"].keys()


def test_every_event_has_the_envelope_of_the_contract(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "Envelope (CloudEvents)", list of event types
    one, two = near.new_job(), near.new_job()
    times = {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    near.made("PATCH", f"jpm/jobs/{one['id']}", {"customerPo": "x"})
    near.made("PATCH", f"jpm/appointments/{one['firstAppointmentId']}/reschedule", times)
    near.made("PUT", f"jpm/appointments/{one['firstAppointmentId']}/confirmation")
    near.made("PUT", f"jpm/jobs/{one['id']}/complete", {"completedOn": "2026-03-02T14:00:00Z"})
    reason = near.rows("jpm/job-cancel-reasons")[0]["id"]
    near.made("PUT", f"jpm/jobs/{two['id']}/cancel", {"reasonId": reason, "memo": "x"})
    events = mailbox.fetch()
    assert [event["type"].removeprefix("tn.jpm.job-") for event in events] == [
        "scheduled",
        "scheduled",
        "updated",
        "rescheduled",
        "appointment-updated",
        "completed",
        "updated",
    ]
    for event in events:
        assert validate_value("jpm", f"CloudEvent_Of_Jpm.V2.Webhook.{SHAPES[event['type']]}", event, strict=True) == []
        assert (event["specversion"], event["source"]) == ("1.0", "https://webhooks.servicetitan.io")
        assert event["datacontenttype"] == "application/json"
    assert len({event["userassignedid"] for event in events}) == len(events)
    assert events[3]["data"]["appointmentId"] == one["firstAppointmentId"]


def test_projects_and_customers_tell_nothing(near: Api, mailbox: Mailbox) -> None:
    # servicetitan D10 "no webhook for projects", §7
    customer = near.new_customer()
    project = near.new_project(customer, name="Quiet")
    near.made("PATCH", f"jpm/projects/{project['id']}", {"name": "Still quiet"})
    near.made("PATCH", f"crm/customers/{customer['id']}", {"name": "Hush"})
    assert mailbox.fetch() == []


def test_attaching_tells_job_updated_only_when_it_moves_the_job(near: Api, mailbox: Mailbox) -> None:
    # servicetitan gap 7, E12
    customer = near.new_customer()
    project, job = near.new_project(customer), near.new_job(customer)
    mailbox.fetch()
    near.made("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
    assert [event["type"] for event in mailbox.fetch()] == ["tn.jpm.job-updated"]
    near.settings(attach_bumps_job=False)
    near.made("POST", f"jpm/projects/detach-job/{job['id']}")
    assert mailbox.fetch() == []


def test_a_refused_call_tells_nothing(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7: an event is a change that happened
    one, two = near.new_customer("One"), near.new_customer("Two")
    project = near.new_project(one)
    near.refused(400, "POST", "jpm/jobs", near.job_body(two, projectId=project["id"]))
    assert mailbox.fetch() == []


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_the_signature_is_an_hmac_of_the_raw_body(near: Api, mailbox: Mailbox, encoding: str) -> None:
    # servicetitan §7 "HMAC-SHA256 over the raw body", digest text not confirmed
    near.settings(webhook_encoding=encoding)
    near.new_job()
    mailbox.fetch()
    _, headers, body = mailbox.got[0]
    digest = hmac.new(KEY.encode(), body, hashlib.sha256).digest()
    expected = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    assert headers["x-servicetitan-signature"] == expected
    assert headers["Content-Type"] == "application/json"


def test_the_header_can_be_renamed_and_the_key_left_out(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "optionally an HMAC key"; header name not confirmed
    near.settings(webhook_header="x-st-hmac")
    near.new_job()
    near.settings(webhook_key="")
    mailbox.fetch()
    near.new_job()
    mailbox.fetch()
    assert "x-st-hmac" not in mailbox.got[0][1]
    near.settings(webhook_key=KEY)
    near.new_job()
    mailbox.fetch()
    assert "x-st-hmac" in mailbox.got[2][1]


def test_a_failed_delivery_is_tried_again_with_a_new_id(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "after 10, 30, 60, 300 seconds", "id … can change between attempts; de-duplicate on userassignedid"
    mailbox.statuses = [500, 0, 404, 503, 500]
    near.new_job()
    events = mailbox.fetch()
    for wait in (10, 30, 60, 300):
        assert mailbox.fetch(wait - 1) == []
        events += mailbox.fetch(1)
    assert len(events) == 5
    assert len({event["id"] for event in events}) == 5
    assert len({event["userassignedid"] for event in events}) == 1
    assert len({event["time"] for event in events}) == 1
    assert mailbox.fetch(3600) == []


def test_the_retries_can_be_quicker(near: Api, mailbox: Mailbox) -> None:
    # servicetitan E13 "time scale adjustable"
    near.settings(webhook_retry_scale=0.1)
    mailbox.statuses = [500]
    near.new_job()
    mailbox.fetch()
    assert len(mailbox.fetch(1)) == 1


def test_each_event_type_may_have_its_own_address(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "give a callback URL per event"
    near.settings(webhook_url="", webhook_urls={"tn.jpm.job-completed": f"{HOOK}/done"})
    job = near.new_job()
    near.made("PUT", f"jpm/jobs/{job['id']}/complete", {"completedOn": "2026-03-02T14:00:00Z"})
    mailbox.fetch()
    assert [url for url, _, _ in mailbox.got] == [f"{HOOK}/done"]


def test_deliveries_can_be_dropped_repeated_and_reordered(near: Api, mailbox: Mailbox) -> None:
    # design §6 drop_webhook, duplicate_webhook, reorder_webhook
    updated = {"function": "tn.jpm.job-updated"}
    near.control(
        "POST",
        "faults",
        [
            {"match": {**updated, "nth": 1}, "action": "drop_webhook"},
            {"match": {**updated, "nth": 2}, "action": "duplicate_webhook"},
            {"match": {**updated, "nth": 3}, "action": "reorder_webhook", "seconds": 5},
        ],
    )
    job = near.new_job()
    mailbox.fetch()
    for number in range(1, 5):
        near.made("PATCH", f"jpm/jobs/{job['id']}", {"customerPo": str(number)})
    events = mailbox.fetch() + mailbox.fetch(5)
    assert [event["data"]["job"]["customerPo"] for event in events] == ["2", "2", "4", "3"]


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.got.append((dict(self.headers), body))  # type: ignore[attr-defined]
        self.server.arrived.set()  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as server:
        server.got, server.arrived = [], threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_served_emulator_delivers_over_http(api: Api, receiver: Any) -> None:
    # servicetitan §7, E13
    api.settings(webhook_url=f"http://127.0.0.1:{receiver.server_port}/hook", webhook_key=KEY)
    job = api.new_job()
    assert receiver.arrived.wait(10)
    headers, body = receiver.got[0]
    assert json.loads(body)["data"]["job"]["id"] == job["id"]
    signature = {name.lower(): value for name, value in headers.items()}["x-servicetitan-signature"]
    assert signature == hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
