"""Clients (sage-psa §2.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api

WHOLE = {
    "name": "Café L'Été & Sons",
    "street": "12 Pearl St",
    "zip": "80302",
    "city": "Boulder",
    "country": "US",
    "vat_number": "X-1",
    "notes": "Call first.\nGate 7",
}


def test_a_created_client_comes_back_whole(api: Api) -> None:
    # sage-psa §2 Success codes, §2.2 client
    made = api.post("v1/clients", **WHOLE)
    assert {name: made[name] for name in WHOLE} == WHOLE
    assert made["created_at"] == made["updated_at"] == "2026-03-02T15:00:00Z"
    assert made["created_by"] == made["updated_by"]
    assert api.get(f"v1/clients/{made['id']}") == made
    assert api.get("v1/clients") == [made]


def test_only_a_name_is_needed(api: Api) -> None:
    # sage-psa §2.2 client
    made = api.post("v1/clients", name="A")
    assert [made[name] for name in ("street", "zip", "city", "country", "vat_number", "notes")] == [None] * 6


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", None),
        ("name", ""),
        ("name", "   "),
        ("name", 7),
        ("street", 12),
        ("zip", 80302),
        ("city", ["Boulder"]),
        ("country", "USA"),
        ("country", "us"),
        ("country", "ZZ"),
        ("vat_number", 12),
        ("notes", {}),
        ("external_id", "C-1"),
        ("archived", True),
    ],
)
def test_a_wrong_client_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # sage-psa §2 Errors, §2.2 client (no external id)
    assert member in api.refused(400, "POST", "v1/clients", {"name": "A", member: value})
    assert api.get("v1/clients") == []
    good = api.post("v1/clients", **WHOLE)
    api.refused(400, "PUT", f"v1/clients/{good['id']}", {member: value}) if (member, value) != ("name", None) else None
    assert api.get("v1/clients") == [good]


def test_an_update_changes_what_it_names_and_moves_the_stamp(api: Api) -> None:
    # sage-psa §2 PUT semantics, Timestamp
    made = api.post("v1/clients", **WHOLE)
    api.advance(61)
    changed = api.put(f"v1/clients/{made['id']}", city="Golden")
    assert changed == {**made, "city": "Golden", "updated_at": "2026-03-02T15:01:01Z"}


def test_an_update_that_changes_nothing_leaves_the_stamp_unless_told_otherwise(api: Api) -> None:
    # sage-psa §2 updated_at trust (unknown: a switch)
    made = api.post("v1/clients", **WHOLE)
    api.advance(60)
    assert api.put(f"v1/clients/{made['id']}", city="Boulder") == made
    api.settings(unchanged_put_bumps=True)
    assert api.put(f"v1/clients/{made['id']}", city="Boulder")["updated_at"] == "2026-03-02T15:01:00Z"


def test_what_null_means_in_an_update_is_a_switch(api: Api) -> None:
    # sage-psa §2 PUT semantics, §12.7
    made = api.post("v1/clients", **WHOLE)
    assert api.put(f"v1/clients/{made['id']}", street=None)["street"] is None
    assert "name" in api.refused(400, "PUT", f"v1/clients/{made['id']}", {"name": None})
    api.settings(null_in_update="ignore")
    assert api.put(f"v1/clients/{made['id']}", city=None)["city"] == "Boulder"
    api.settings(null_in_update="refuse")
    api.refused(400, "PUT", f"v1/clients/{made['id']}", {"city": None})


def test_members_that_cannot_be_written_are_ignored_unless_told_otherwise(api: Api) -> None:
    # sage-psa §2.2 r/o
    made = api.post("v1/clients", name="A", id=7, created_at="2001-01-01T00:00:00Z")
    assert made["id"] != 7
    assert made["created_at"] == "2026-03-02T15:00:00Z"
    assert api.put(f"v1/clients/{made['id']}", **made) == made
    api.settings(read_only_fields="refuse")
    assert "id" in api.refused(400, "PUT", f"v1/clients/{made['id']}", {"id": 7})


def test_unknown_members_are_refused_unless_told_otherwise(api: Api) -> None:
    # sage-psa §2.2; undocumented, so a switch
    api.refused(400, "POST", "v1/clients", {"name": "A", "color": "red"})
    api.settings(unknown_fields="ignore")
    assert "color" not in api.post("v1/clients", name="A", color="red")


def test_a_repeated_create_makes_a_double(api: Api) -> None:
    # sage-psa §2 Idempotency
    one, two = api.post("v1/clients", name="A"), api.post("v1/clients", name="A")
    assert two["id"] == one["id"] + 1
    api.settings(unique_client_names=True)
    api.refused(400, "POST", "v1/clients", {"name": "A"})
    api.refused(400, "PUT", f"v1/clients/{api.post('v1/clients', name='B')['id']}", {"name": "A"})


def test_a_deleted_client_is_gone_and_its_projects_stay(api: Api) -> None:
    # sage-psa §2.2 (no archive, no deleted feed); what becomes of projects is a switch
    client = api.post("v1/clients", name="A")
    project = api.project(client=client["id"])
    api.delete(f"v1/clients/{client['id']}")
    api.refused(404, "GET", f"v1/clients/{client['id']}")
    api.refused(404, "DELETE", f"v1/clients/{client['id']}")
    assert api.get("v1/clients") == []
    assert api.get(f"v1/projects/{project['id']}")["client"] is None


def test_a_client_with_projects_can_be_kept_from_deletion(api: Api) -> None:
    # undocumented, so a switch
    api.settings(delete_client_in_use="refuse")
    client = api.post("v1/clients", name="A")
    project = api.project(client=client["id"])
    api.refused(400, "DELETE", f"v1/clients/{client['id']}")
    api.delete(f"v1/projects/{project['id']}")
    api.delete(f"v1/clients/{client['id']}")


def test_country_codes_can_go_unchecked(api: Api) -> None:
    # sage-psa §2.2 client; whether the vendor checks is unknown
    api.settings(check_country=False)
    assert api.post("v1/clients", name="A", country="Denmark")["country"] == "Denmark"


def test_clients_send_no_webhooks(api: Api) -> None:
    # sage-psa §3 No events for
    api.settings(webhook_url="http://127.0.0.1:9/hook")
    client = api.post("v1/clients", name="A")
    api.put(f"v1/clients/{client['id']}", name="B")
    api.delete(f"v1/clients/{client['id']}")
    assert api.http.get("/_sandbox/webhooks").json() == []
