"""A webhook is believed only when signed, and says where to look and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.spec_facts import validate_value
from tests.unit.servicetitan.bodies import job
from tests.unit.servicetitan.documents import invoice
from tieout.core.record import Ref
from tieout.platforms.servicetitan import delivery_id, hints, tenant_of, verify
from tieout.platforms.servicetitan.webhooks import INVOICE_EVENTS, JOB_EVENTS, LARGEST_EVENT

KEY = "0123456789abcdef0123456789abcdef"


def event(type_: str = "tn.jpm.job-scheduled", **data: Any) -> dict[str, Any]:
    body = {name: value for name, value in job().items() if name not in ("summary", "customFields", "externalData")}
    return {
        "specversion": "1.0",
        "id": "5d1c",
        "type": type_,
        "time": "2026-05-20T12:00:00Z",
        "source": "https://webhooks.servicetitan.io",
        "userassignedid": "evt-77",
        "datacontenttype": "application/json",
        "data": {"tenantId": 1000001, "tenantName": "Acme", "job": body, **data},
    }


BODY = json.dumps(event()).encode()


def signed(body: bytes, key: str = KEY) -> bytes:
    return hmac.new(key.encode(), body, hashlib.sha256).digest()


@pytest.mark.parametrize("name", ["x-servicetitan-signature", "X-ServiceTitan-Signature", "X-SERVICETITAN-SIGNATURE"])
@pytest.mark.parametrize(
    "spelt",
    [
        lambda digest: digest.hex(),
        lambda digest: digest.hex().upper(),
        lambda digest: "sha256=" + digest.hex(),
        lambda digest: base64.b64encode(digest).decode(),
        lambda digest: base64.b64encode(digest).decode().rstrip("="),
        lambda digest: f" {digest.hex()} ",
    ],
)
def test_a_true_signature_is_accepted_however_it_is_written(name: str, spelt: Any) -> None:
    assert verify({name: spelt(signed(BODY))}, BODY, KEY)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-servicetitan-signature": ""},
        {"x-servicetitan-signature": "zz"},
        {"x-servicetitan-signature": "ключ"},
        {"x-servicetitan-signature": "z" * 64},
        {"x-servicetitan-signature": signed(BODY, "another key").hex()},
        {"x-servicetitan-signature": signed(BODY + b" ").hex()},
        {"x-servicetitan-signature": signed(BODY).hex()[:-2]},
        {"authorization": signed(BODY).hex()},
    ],
)
def test_a_missing_or_false_signature_is_refused(headers: dict[str, str]) -> None:
    assert not verify(headers, BODY, KEY)


def test_the_raw_bytes_count_not_their_meaning() -> None:
    spaced = json.dumps(event(), indent=1).encode()
    assert not verify({"x-servicetitan-signature": signed(BODY).hex()}, spaced, KEY)


def test_without_a_key_the_vendors_default_every_event_is_accepted() -> None:
    assert verify({}, BODY, "")


def test_an_oversized_body_is_refused_unread() -> None:
    body = b" " * (LARGEST_EVENT + 1)
    assert not verify({"x-servicetitan-signature": signed(body).hex()}, body, KEY)
    assert not verify({}, body, "")
    with pytest.raises(ValueError, match="bytes long"):
        hints(body)


@pytest.mark.parametrize("type_", sorted(JOB_EVENTS))
def test_every_job_event_points_at_the_job_its_project_and_its_customer(type_: str) -> None:
    assert hints(json.dumps(event(type_)).encode()) == [Ref("job", "501"), Ref("project", "301"), Ref("customer", "101")]


def test_the_events_used_here_are_the_vendors_own() -> None:
    seen = dict(event()["data"]["job"], appointmentCount=1, firstAppointmentId=1, lastAppointmentId=1, notificationsEnabled=True)
    seen |= {"createdById": 1, "tagTypeIds": [], "invoiceId": 1, "estimateIds": []}
    assert validate_value("jpm", "Jpm.V2.Webhook.Job", seen) == []


def invoice_event(type_: str) -> dict[str, Any]:
    left_out = ("summary", "items", "customFields", "active", "exportId", "invoiceConfiguration")
    body = {name: value for name, value in invoice().items() if name not in left_out}
    return {**event(type_), "data": {"tenantId": 1000001, "tenantName": "Acme", "invoice": body}}


@pytest.mark.parametrize("type_", sorted(INVOICE_EVENTS))
def test_every_invoice_event_points_at_the_invoice_and_at_what_it_needs(type_: str) -> None:
    body = invoice_event(type_)
    assert validate_value("accounting", "Accounting.V2.Webhook.InvoiceEventPayloadModel", body["data"]["invoice"]) == []
    expected = [Ref("invoice", "601"), Ref("job", "501"), Ref("project", "301"), Ref("customer", "101")]
    assert hints(json.dumps(body).encode()) == expected


def test_an_invoice_without_a_job_points_at_what_it_has() -> None:
    body = invoice_event("tn.acc.invoice-posted")
    body["data"]["invoice"] |= {"job": None, "projectId": None}
    assert hints(json.dumps(body).encode()) == [Ref("invoice", "601"), Ref("customer", "101")]


def test_a_job_without_a_project_points_at_what_it_has() -> None:
    body = event()
    body["data"]["job"]["projectId"] = None
    assert hints(json.dumps(body).encode()) == [Ref("job", "501"), Ref("customer", "101")]


@pytest.mark.parametrize("type_", ["tn.acc.invoice-task-created", "tn.crm.lead-created", "job.created"])
def test_an_event_about_anything_else_points_nowhere(type_: str) -> None:
    assert hints(json.dumps(event(type_)).encode()) == []


def test_an_event_of_another_tenant_points_nowhere() -> None:
    assert tenant_of(BODY) == "1000001"
    assert hints(BODY, "1000001") != []
    assert hints(BODY, "77") == []


def test_a_repeated_delivery_is_known_by_the_id_that_stays_the_same() -> None:
    again = {**event(), "id": "another"}
    assert delivery_id(json.dumps(again).encode()) == delivery_id(BODY) == "evt-77"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"type": 7, "data": {}}).encode(),
        json.dumps({**event(), "data": None}).encode(),
        json.dumps({**event(), "data": {"tenantId": 1}}).encode(),
        json.dumps(event(job=[])).encode(),
        json.dumps(event(job={"id": None})).encode(),
        json.dumps(event(job={"id": "x"})).encode(),
        json.dumps(event(job={"id": 1, "projectId": {}})).encode(),
    ],
)
def test_a_malformed_event_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^The webhook .*\.$"):
        hints(body)


@pytest.mark.parametrize("given_id", [None, "", " ", 7])
def test_a_delivery_without_its_lasting_id_is_refused(given_id: Any) -> None:
    with pytest.raises(ValueError, match="userassignedid"):
        delivery_id(json.dumps({**event(), "userassignedid": given_id}).encode())


@pytest.mark.parametrize("data", [{}, [], {"tenantId": None}, {"tenantId": "x"}])
def test_an_event_that_names_no_tenant_is_refused(data: Any) -> None:
    with pytest.raises(ValueError, match="webhook"):
        tenant_of(json.dumps({**event(), "data": data}).encode())


@given(st.dictionaries(st.text(), st.text()) | st.just({"x-servicetitan-signature": "ab"}), st.binary(), st.text(min_size=1))
def test_nothing_random_is_ever_accepted_and_nothing_raises(headers: dict[str, str], body: bytes, key: str) -> None:
    assert not verify(headers, body, key)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_give_hints_or_a_sentence(body: bytes) -> None:
    try:
        found = hints(body)
    except ValueError as error:
        assert str(error).startswith("The webhook")  # noqa: PT017 - either outcome is right
    else:
        assert found == []
