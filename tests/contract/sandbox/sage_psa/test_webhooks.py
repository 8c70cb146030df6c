"""Webhooks: twelve kinds of subscription, the payload, retries, who acted (sage-psa §3, §4.13)."""

from __future__ import annotations

import json
import queue
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api
from tieout.sandbox.server import Server
from tieout.sandbox.wire import Request, Response

URL = "http://hooks.example/psa/secret-path"


@dataclass(slots=True)
class Receiver:
    """Keeps what arrives and answers as told."""

    api: Api
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def pump(self) -> list[dict[str, Any]]:
        """Lets everything due arrive; gives what came."""
        self.got.clear()
        self.api.emulator.outbox.pump(self._post)
        return list(self.got)

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        assert url == URL
        self.headers.append(headers)
        self.got.append(json.loads(body))
        return self.status


@pytest.fixture
def receiver(near: Api) -> Receiver:
    return Receiver(near)


def subscribe(api: Api, kind: str, event: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = api.post("v1/webhook_subscriptions", name=f"{kind} {event}", type=kind, event=event, url=URL, **more)
    return made


@pytest.mark.parametrize(
    "wrong", [{"name": None}, {"type": "CLIENT"}, {"type": None}, {"event": "UPDATED"}, {"event": None}, {"url": None}, {"url": "here"}]
)
def test_a_wrong_subscription_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    # sage-psa §3 Manage
    api.refused(400, "POST", "v1/webhook_subscriptions", {"name": "a", "type": "TASK", "event": "CREATE", "url": URL, **wrong})
    assert api.get("v1/webhook_subscriptions") == []


def test_subscriptions_are_made_changed_and_deleted(api: Api) -> None:
    # sage-psa §3 Manage
    made = subscribe(api, "TASK", "CREATE")
    assert made["active"] is True
    assert set(made) == {"id", "name", "type", "event", "url", "active"}
    assert api.put(f"v1/webhook_subscriptions/{made['id']}", active=False) == {**made, "active": False}
    assert api.get(f"v1/webhook_subscriptions/{made['id']}")["active"] is False
    api.delete(f"v1/webhook_subscriptions/{made['id']}")
    assert api.get("v1/webhook_subscriptions") == []


def test_an_update_tells_who_what_when_and_which_fields(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 Delivery
    subscribe(near, "PROJECT", "UPDATE")
    project = near.project()
    assert receiver.pump() == []
    near.advance(60)
    changed = near.put(f"v1/projects/{project['id']}", stage="RUNNING", name="B", status="GREEN")
    (message,) = receiver.pump()
    assert message == {
        "timestamp": "2026-03-02T15:01:00Z",
        "event": "project_updated",
        "object": {"id": project["id"]},
        "person": {"id": changed["updated_by"]},
        "fields_changed": ["name", "stage"],
    }
    assert not any("sign" in name.lower() or "auth" in name.lower() for name in receiver.headers[0])


def test_all_twelve_kinds_have_their_events(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 one row = one pair, 12 rows
    for kind in ("TASK", "TIME_REG", "PROJECT", "PHASE"):
        for event in ("CREATE", "UPDATE", "DELETE"):
            subscribe(near, kind, event)
    project, person = near.project()["id"], near.person()["id"]
    phase = near.post(f"v1/projects/{project}/phases", name="P")["id"]
    task = near.task(project)["id"]
    time = near.post("v1/time_registrations", person=person, task=task, time_registered=30, date="2026-03-02")["id"]
    for path in (f"v1/projects/{project}/phases/{phase}", f"v1/projects/{project}"):
        near.put(path, name="Other")
    near.put(f"v3/tasks/{task}", title="Other")
    near.put(f"v1/time_registrations/{time}", notes="Other")
    for path in (f"v1/time_registrations/{time}", f"v2/tasks/{task}", f"v1/projects/{project}/phases/{phase}", f"v1/projects/{project}"):
        near.delete(path)
    messages = receiver.pump()
    names = {"project", "phase", "task", "time_reg"}
    wanted = [f"{name}_{what}" for name in names for what in ("created", "updated", "deleted")]
    assert sorted(each["event"] for each in messages) == sorted(wanted)
    assert all(("fields_changed" in each) == each["event"].endswith("updated") for each in messages)


def test_nothing_is_sent_for_other_records(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 No events for
    near.settings(webhook_url=URL)
    project, person, role = near.project()["id"], near.person()["id"], near.role()
    receiver.pump()
    near.post("v1/clients", name="A")
    near.post(f"v1/projects/{project}/team", person_id=person, project_role=role)
    near.post(f"v1/projects/{project}/workflow_columns", name="X")
    near.post("v1/roles", name="X")
    category = near.get("v1/expense_categories")[0]["id"]
    near.post(f"v1/projects/{project}/expense_items", name="X", cost=1, expense_category=category)
    assert receiver.pump() == []


def test_a_refused_or_empty_write_sends_nothing(near: Api, receiver: Receiver) -> None:
    # sage-psa §3
    near.settings(webhook_url=URL)
    project = near.project()["id"]
    receiver.pump()
    near.refused(400, "PUT", f"v1/projects/{project}", {"stage": "OVER"})
    near.put(f"v1/projects/{project}", stage="PLANNING")
    assert receiver.pump() == []


def test_a_served_emulator_posts_json_by_itself(api: Api) -> None:
    # sage-psa §3 Delivery: HTTP POST, JSON
    arrived: queue.Queue[tuple[str, str, dict[str, Any]]] = queue.Queue()

    class Hook:
        max_body = 10_000

        def handle(self, request: Request) -> Response:
            arrived.put((f"{request.method} {request.path}", request.header("content-type"), request.json()))
            return Response()

    with Server(Hook()) as server:
        api.settings(webhook_url=f"{server.url}/psa/secret")
        project = api.project()
        call, media, message = arrived.get(timeout=10)
    assert (call, media) == ("POST /psa/secret", "application/json")
    assert (message["event"], message["object"]) == ("project_created", {"id": project["id"]})
    assert "fields_changed" not in message


def test_failed_deliveries_are_tried_again_after_1_2_3_5_and_10_minutes_and_then_lost(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 Retry
    subscribe(near, "PROJECT", "CREATE")
    receiver.status = 500
    near.project()
    assert len(receiver.pump()) == 1
    for minutes in (1, 2, 3, 5, 10):
        near.advance(minutes * 60 - 1)
        assert receiver.pump() == []
        near.advance(1)
        assert len(receiver.pump()) == 1
    near.advance(86_400)
    assert receiver.pump() == []
    assert near.http.get("/_sandbox/webhooks").json()[0]["state"] == "failed"


def test_the_retries_can_be_shortened(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 Retry; design §6
    near.settings(webhook_url=URL, webhook_retry_s=[60], webhook_retry_scale=0.5)
    receiver.status = 302
    near.project()
    receiver.pump()
    near.advance(30)
    assert len(receiver.pump()) == 1
    near.advance(86_400)
    assert receiver.pump() == []


def test_any_2xx_ends_the_retries(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 Retry
    subscribe(near, "PROJECT", "CREATE")
    receiver.status = 204
    near.project()
    receiver.pump()
    near.advance(86_400)
    assert receiver.pump() == []


def test_inactive_subscriptions_get_nothing(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 active
    subscribe(near, "PROJECT", "CREATE", active=False)
    near.project()
    assert receiver.pump() == []


def test_the_actor_of_the_key_differs_from_a_person_in_the_pages(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 person.id, §4.13, §10.1
    near.settings(webhook_url=URL)
    project = near.project()
    person = near.person()["id"]
    changed = near.by_hand("projects", id=project["id"], name="By hand", _actor=person)
    assert changed["updated_by"] == person
    ours, theirs = receiver.pump()
    assert (ours["person"]["id"], theirs["person"]["id"]) == (project["created_by"], person)
    assert next(row for row in near.get("v2/persons") if row["id"] == project["created_by"])["is_system_user"]


def test_whether_api_writes_send_anything_is_a_switch(near: Api, receiver: Receiver) -> None:
    # sage-psa §3, §12.4
    near.settings(webhook_url=URL, api_writes_fire=False)
    project = near.project()
    assert receiver.pump() == []
    near.by_hand("projects", id=project["id"], name="By hand")
    assert len(receiver.pump()) == 1


def test_the_undocumented_words_are_switches(near: Api, receiver: Receiver) -> None:
    # sage-psa §3 time_reg_* or time_registration_*; epoch-ms until 2021
    near.settings(webhook_url=URL, webhook_time_name="time_registration", webhook_timestamp="epoch_ms")
    project, person = near.project()["id"], near.person()["id"]
    receiver.pump()
    near.post("v1/time_registrations", person=person, project=project, time_registered=30, date="2026-03-02")
    (message,) = receiver.pump()
    assert (message["event"], message["timestamp"]) == ("time_registration_created", "1772463600000")


def test_what_goes_along_with_a_deletion_is_silent_unless_told_otherwise(near: Api, receiver: Receiver) -> None:
    # sage-psa §12.8
    near.settings(webhook_url=URL)
    for cascade, expected in ((False, ["project_deleted"]), (True, ["task_deleted", "phase_deleted", "project_deleted"])):
        near.settings(cascade_webhooks=cascade)
        project = near.project()["id"]
        near.task(project)
        near.post(f"v1/projects/{project}/phases", name="P")
        receiver.pump()
        near.delete(f"v1/projects/{project}")
        assert [each["event"] for each in receiver.pump()] == expected


def test_custom_fields_count_as_an_update(near: Api, receiver: Receiver) -> None:
    # sage-psa §2.2 custom fields (whether they fire is unknown, a switch)
    near.settings(webhook_url=URL)
    project = near.project()["id"]
    receiver.pump()
    near.put(f"v1/projects/{project}/custom_fields", entity="100")
    assert [each["fields_changed"] for each in receiver.pump()] == [["custom_fields"]]
    near.settings(custom_field_webhooks=False)
    near.put(f"v1/projects/{project}/custom_fields", entity="200")
    assert receiver.pump() == []


@pytest.mark.parametrize(("action", "count"), [("drop_webhook", 0), ("duplicate_webhook", 2), ("reorder_webhook", 0)])
def test_webhooks_can_be_dropped_doubled_and_late(near: Api, receiver: Receiver, action: str, count: int) -> None:
    # sage-psa §4.13
    near.settings(webhook_url=URL)
    near.http.post("/_sandbox/faults", json=[{"action": action, "match": {"function": "project_created"}, "seconds": 30}])
    near.project()
    assert len(receiver.pump()) == count
    near.advance(30)
    assert len(receiver.pump()) == (1 if action == "reorder_webhook" else 0)
