"""Webhooks over HTTP: what is taken, what is refused, and that they only ever mark."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from tests.journey.web.rows import Rows
from tieout.platforms.registry import platform
from tieout.store.models import Hint, Record
from tieout.web.webhooks import LIMIT

KEY = "signing-key"


def job_event(**job: Any) -> bytes:
    """A webhook about a job, as the platform sends it."""
    data = {"tenantId": 1000001, "job": {"id": 42, "projectId": 7, "customerId": 9, **job}}
    return json.dumps({"type": "tn.jpm.job-scheduled", "id": "1", "userassignedid": "d-1", "data": data}).encode()


def signed(body: bytes, key: str = KEY) -> dict[str, str]:
    digest = base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()
    return {"x-servicetitan-signature": digest}


@pytest.fixture
def field(rows: Rows) -> Rows:
    """The platform's connection with a signing key."""
    reader = platform("servicetitan").webhook
    assert reader is not None
    rows.field.set_secrets({reader.secret: KEY})
    rows.field.save()
    return rows


def send(body: bytes, headers: dict[str, str], name: str = "field") -> Any:
    client = Client(enforce_csrf_checks=True)
    return client.post(f"/webhooks/{name}/", body, content_type="application/json", headers=headers)


def test_a_signed_webhook_marks_what_it_names_and_stores_nothing_of_it(field: Rows) -> None:
    body = job_event()
    answer = send(body, signed(body))
    assert answer.status_code == 200
    assert set(Hint.objects.values_list("kind", "remote_id", "reason")) == {
        ("job", "42", "webhook"),
        ("project", "7", "webhook"),
        ("customer", "9", "webhook"),
    }
    assert not Record.objects.exists()


def test_a_customer_that_an_event_only_names_is_marked_only_if_it_is_not_known(field: Rows) -> None:
    Record.objects.create(connection=field.field, kind="customer", remote_id="9", seen_at=datetime(2026, 1, 5, tzinfo=UTC))
    body = job_event()
    assert send(body, signed(body)).status_code == 200
    assert set(Hint.objects.values_list("kind", flat=True)) == {"job", "project"}


def test_a_webhook_delivered_twice_leaves_one_hint_for_each_record(field: Rows) -> None:
    body = job_event()
    assert [send(body, signed(body)).status_code for _ in range(2)] == [200, 200]
    assert Hint.objects.count() == 3


def test_a_wrong_signature_is_refused_and_marks_nothing(field: Rows) -> None:
    body = job_event()
    for headers in (signed(body, "another key"), signed(b"another body"), {}):
        assert send(body, headers).status_code == 401
    assert not Hint.objects.exists()


def test_without_a_signing_key_every_webhook_is_refused(rows: Rows) -> None:
    body = job_event()
    assert send(body, signed(body, "")).status_code == 401
    assert not Hint.objects.exists()


def test_an_unknown_connection_and_one_without_webhooks_are_not_found(field: Rows) -> None:
    body = job_event()
    assert send(body, signed(body), "nobody").status_code == 404
    assert send(body, signed(body), "books").status_code == 404


def test_a_body_beyond_the_limit_is_refused_unread(field: Rows) -> None:
    body = b"x" * (LIMIT + 1)
    assert send(body, signed(body)).status_code == 413
    assert send(b"x" * LIMIT, signed(b"x" * LIMIT)).status_code == 400


def test_a_signed_body_that_is_no_webhook_is_answered_with_a_sentence(field: Rows) -> None:
    for body in (b"", b"not json", b"[]", b'{"type": "tn.jpm.job-scheduled"}'):
        answer = send(body, signed(body))
        assert answer.status_code == 400, body
        assert answer.content.decode().endswith("Nothing was marked.\n")
    assert not Hint.objects.exists()


def test_only_posting_is_allowed(field: Rows) -> None:
    assert Client().get("/webhooks/field/").status_code == 405


def test_no_body_and_no_signature_reach_the_log(field: Rows, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    body = job_event(summary="Confidential heating repair")
    send(body, signed(body))
    send(body, signed(body, "wrong"))
    send(b"Confidential", signed(b"Confidential"))
    said = capsys.readouterr().err + capsys.readouterr().out + caplog.text
    assert "Confidential" not in said
    assert signed(body)["x-servicetitan-signature"] not in said


def test_a_body_that_comes_in_pieces_without_a_length_is_read(field: Rows) -> None:
    body = job_event()
    pieces = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(body)}
    client = Client(enforce_csrf_checks=True)
    answer = client.generic("POST", "/webhooks/field/", b"", "application/json", headers=signed(body), **pieces)
    assert answer.status_code == 200
    assert Hint.objects.filter(reason="webhook").count() == 3
