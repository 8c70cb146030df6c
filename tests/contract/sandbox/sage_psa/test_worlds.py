"""The two worlds, and what people do in the product's own pages through the control routes (design §6)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.contract.sandbox.sage_psa.api import Api
from tieout.sandbox.worlds import demo as story


def test_the_empty_world_is_one_company_set_up_and_no_work(api: Api) -> None:
    # design §6
    for kind in ("clients", "projects", "tasks", "phases", "time_registrations", "webhook_subscriptions"):
        assert api.rows(kind) == []
    assert [row["is_system_user"] for row in api.get("v2/persons")] == [True, False]
    assert len(api.get("v1/roles")) >= 3
    assert len(api.get("v1/rate_cards")[0]["name"]) > 0


def test_the_demo_world_is_a_contractor_with_all_kinds_of_projects(demo: Api) -> None:
    # design §6
    clients, projects = demo.get("v1/clients"), demo.get("v1/projects", includeProgress="true")
    assert (len(clients), len(projects)) == (60, 120)
    assert {row["stage"] for row in projects} == {"OPPORTUNITY", "PLANNING", "RUNNING", "HALTED", "DONE"}
    assert {row["budget_type"] for row in projects} == {"FIXED_PRICE", "NON_BILLABLE", "TIME_AND_MATERIALS", "RETAINER"}
    assert {row["estimation_units"] for row in projects} == {"HOURS", "POINTS"}
    assert any(row["client"] is None for row in projects)
    assert any(row["end_date"] is None and row["stage"] == "RUNNING" for row in projects)
    assert max(len(row["custom_project_id"] or "") for row in projects) == 20
    assert Counter(row["name"] for row in clients).most_common(1)[0][1] == 2
    assert any(not row["street"] for row in clients)
    emails = {row["email"] for row in demo.get("v2/persons")}
    assert {person.email for person in story.PEOPLE} <= emails
    assert demo.get("v1/company")["company_name"] == story.COMPANY


def test_everything_in_the_demo_world_obeys_the_rules(demo: Api) -> None:
    # sage-psa §2.2: every reply is held against the vendor's tables by the client
    for path in ("v3/tasks", "v3/time_registrations", "v1/phases", "v1/expense_items", "v1/roles", "v1/labels"):
        assert demo.get(path)
    number = demo.get("v1/projects")[0]["id"]
    for path in ("team", "workflow_columns", "phases", "statuses"):
        assert demo.get(f"v1/projects/{number}/{path}")
    for row in demo.get("v1/projects"):
        assert row["created_at"] <= row["updated_at"] <= "2026-03-02T15:00:00Z"
    for row in demo.get("v3/time_registrations"):
        assert row["date"] <= "2026-03-02"
    assert demo.http.get("/_sandbox/webhooks").json() == []


def test_the_same_seed_gives_the_same_world(demo: Api) -> None:
    # design §6
    before = {kind: demo.rows(kind) for kind in ("clients", "projects", "tasks", "time_registrations")}
    demo.http.post("/_sandbox/reset", json={"world": "demo", "seed": 7})
    assert {kind: demo.rows(kind) for kind in before} == before
    demo.http.post("/_sandbox/reset", json={"world": "demo", "seed": 8})
    assert demo.rows("projects") != before["projects"]
    demo.http.post("/_sandbox/reset", json={})
    assert demo.rows("projects") == []


def test_a_person_can_do_in_the_pages_what_the_api_cannot(api: Api) -> None:
    # design §6 objects
    person = api.person()["id"]
    made = api.by_hand("projects", name="Hand", color="#123456", _actor=person, _custom_fields={"entity": "200"})
    assert (made["color"], made["created_by"], made["custom_fields"]) == ("#123456", person, {"entity": "200"})
    copy = api.by_hand("projects", name="Copy", _duplicate_of=made["id"])
    assert copy["color"] == "#123456"
    task = api.by_hand("tasks", title="T", project_id=made["id"])
    assert task["project_id"] == made["id"]
    column = api.by_hand("workflow_columns", name="X", _project=made["id"])
    assert column["project_id"] == made["id"]
    api.by_hand("project_team", _project=made["id"], person_id=person, project_role=api.role())
    assert api.by_hand("project_team", _project=made["id"], person_id=person, project_contact=True)["project_contact"] is True
    api.by_hand("tasks", id=task["id"], _deleted=True)
    api.refused(404, "GET", f"v3/tasks/{task['id']}")
    assert [row["id"] for row in api.rows("deleted_tasks")] == [task["id"]]
    api.by_hand("projects", id=made["id"], updated_at="2025-01-01T00:00:00Z")
    assert api.get(f"v1/projects/{made['id']}")["updated_at"] == "2025-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("kind", "row", "status"),
    [
        ("projects", {"stage": "OVER"}, 400),
        ("projects", {"id": 999, "name": "X"}, 404),
        ("projects", {"_actor": 999}, 400),
        ("projects", {"_duplicate_of": 999}, 400),
        ("projects", {"custom_project_id": "x" * 21}, 400),
        ("phases", {"name": "P"}, 400),
        ("clients", {}, 400),
        ("persons", {"first_name": "No profile"}, 400),
        ("project_team", {"_project": 1, "person_id": 1, "_deleted": True}, 400),
        ("deleted_tasks", {"id": 1}, 400),
        ("invoices", {}, 404),
    ],
)
def test_the_pages_obey_the_rules_too(api: Api, kind: str, row: dict[str, object], status: int) -> None:
    # design §6 validated like real ones
    reply = api.http.post(f"/_sandbox/objects/{kind}", json=row)
    assert reply.status_code == status, reply.text
    assert reply.json()["error"]
