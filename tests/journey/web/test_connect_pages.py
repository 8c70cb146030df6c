"""The pages that connect a system: what they store, what they never show, what they refuse, and what they pair."""

from __future__ import annotations

import pytest

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tieout.store.models import Connection, Integration
from tieout.web.roles import Role

NOWHERE = "http://127.0.0.1:9"
VALUES = {
    "tenant": "1000001",
    "client_id": "cid",
    "client_secret": "hunter2-secret",
    "app_key": "hunter2-key",
    "environment": "integration",
    "auth_url": NOWHERE,
    "api_url": NOWHERE,
}


def posted(name: str, **more: str) -> dict[str, object]:
    values = VALUES | more
    return {"its-name": name, "its-environment": "production", "is_new": "yes", "shown": list(values), **values}


def test_a_connection_is_stored_tried_and_its_failure_shown_with_the_cure(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    answer = client.post("/connect/servicetitan/save/", posted("field-2"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "The connection field-2 is stored." in text
    assert "Not well:" in text
    row = Connection.objects.get(name="field-2")
    assert row.secrets()["client_secret"] == "hunter2-secret"
    assert row.environment == "test"  # ServiceTitan's integration environment is one, whatever was chosen
    for page in ("/connections/field-2/", "/connections/field-2/change/"):
        assert "hunter2" not in client.get(page).content.decode()


def test_a_secret_left_empty_stays_what_it_is(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    client.post("/connect/servicetitan/save/", posted("field-2"))
    client.post("/connect/servicetitan/save/", {**posted("field-2", client_secret="", app_key="", tenant="1000002"), "is_new": ""})
    row = Connection.objects.get(name="field-2")
    assert row.values["tenant"] == "1000002"
    assert row.secrets()["client_secret"] == "hunter2-secret"


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [
        ("field-2", {"app_key": ""}, "“App key” is missing"),
        ("field 2", {}, "cannot be the name of a connection"),
        ("field", {}, "There is a connection named “field” already"),
        ("field-2", {"api_url": "gopher://x"}, "must be a web address"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_what_was_typed_but_no_secret(
    name: str, more: dict[str, str], reason: str, signed_in: As, rows: Rows
) -> None:
    answer = signed_in(Role.ADMINISTRATOR).post("/connect/servicetitan/save/", posted(name, **more))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert reason in text
    assert 'value="1000001"' in text
    assert "hunter2" not in text
    assert not Connection.objects.filter(name__in=("field-2", "field 2")).exists()


def test_a_platform_is_paired_with_books_and_leads_to_its_settings(signed_in: As, rows: Rows) -> None:
    rows.integration.delete()
    answer = signed_in(Role.ADMINISTRATOR).post("/connections/field/pair/", {"other": "books", "begin": "now", "asks_first": "on"})
    made = Integration.objects.get()
    assert answer.headers["Location"] == f"/settings/{made.name}/"
    assert (made.platform.name, made.company.name, made.asks_first) == ("field", "books", True)
    assert made.switched_on_at is not None


def test_a_test_system_is_not_paired_with_production_books(signed_in: As, rows: Rows) -> None:
    rows.integration.delete()
    Connection.objects.filter(name="books").update(environment="production")
    answer = signed_in(Role.ADMINISTRATOR).post("/connections/field/pair/", {"other": "books", "begin": "now"}, follow=True)
    assert "is a test system and books holds production books" in answer.content.decode()
    assert not Integration.objects.exists()


def test_only_an_administrator_connects(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    assert client.post("/connect/servicetitan/save/", posted("field-2")).status_code == 403
    assert client.post("/connections/field/check/").status_code == 403
    assert not Connection.objects.filter(name="field-2").exists()
