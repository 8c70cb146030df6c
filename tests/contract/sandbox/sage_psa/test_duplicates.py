"""Duplicating projects (sage-psa §2.2 duplicate, §4.14)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api


@pytest.fixture
def source(api: Api) -> dict[str, Any]:
    """A running project with a team, a phase, nested tasks, a column of its own, and an expense."""
    client = api.post("v1/clients", name="A")["id"]
    body = {"start_date": "2026-01-10", "end_date": "2026-02-10", "stage": "RUNNING", "custom_project_id": "RM-1"}
    project = api.project(client=client, budget_type="FIXED_PRICE", budget=900, **body)
    number, person, category = project["id"], api.person()["id"], api.get("v1/expense_categories")[0]["id"]
    api.post(f"v1/projects/{number}/workflow_columns", name="Inspected", category="DONE")
    column = api.get(f"v1/projects/{number}/workflow_columns")[-1]["id"]
    phase = api.post(f"v1/projects/{number}/phases", name="One", start_date="2026-01-12")["id"]
    one = api.task(number, title="One", milestone=phase, start_date="2026-01-13", assigned_persons=[person], workflow_column=column)
    api.task(number, title="Two", parent_task_id=one["id"])
    api.post(f"v1/projects/{number}/expense_items", name="Crane", cost=80, expense_category=category, phase_id=phase)
    return project


def test_a_copy_has_everything_but_the_identity(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §2.2 duplicate flags default true
    copy = api.post(f"v1/projects/duplicate/{source['id']}", name="Again", custom_project_id="RM-2")
    assert copy["id"] != source["id"]
    assert copy["company_project_id"] == source["company_project_id"] + 1
    kept = ("client", "budget", "budget_type", "color", "start_date", "end_date")
    assert {name: copy[name] for name in kept} == {name: source[name] for name in kept}
    assert (copy["name"], copy["custom_project_id"], copy["stage"]) == ("Again", "RM-2", "PLANNING")
    number = copy["id"]
    columns = api.get(f"v1/projects/{number}/workflow_columns")
    assert [row["name"] for row in columns] == ["To do", "In progress", "Done", "Inspected"]
    one, two = api.get(f"v3/projects/{number}/tasks")
    phase = api.get(f"v1/projects/{number}/phases")[0]
    assert (one["milestone"], one["workflow_column"], one["start_date"]) == (phase["id"], columns[-1]["id"], "2026-01-13")
    assert two["parent_task_id"] == one["id"]
    assert len(api.get(f"v1/projects/{number}/team")) == 1
    assert api.get(f"v1/projects/{number}/expense_items")[0]["phase_id"] == phase["id"]


def test_the_flags_leave_things_out(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §2.2 duplicate
    names = ("tasks", "phases", "expenses", "project_persons", "settings")
    copy = api.post(f"v1/projects/duplicate/{source['id']}", **{f"duplicate_{name}": False for name in names})
    number = copy["id"]
    for path in (f"v3/projects/{number}/tasks", *(f"v1/projects/{number}/{name}" for name in ("phases", "expense_items", "team"))):
        assert api.get(path) == []
    assert (copy["name"], copy["budget_type"], copy["budget"]) == (source["name"], "TIME_AND_MATERIALS", None)


def test_new_dates_move_tasks_and_phases(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §2.2 duplicate start_date, end_date
    copy = api.post(f"v1/projects/duplicate/{source['id']}", start_date="2026-03-10")
    assert (copy["start_date"], copy["end_date"]) == ("2026-03-10", "2026-04-10")
    assert api.get(f"v1/projects/{copy['id']}/phases")[0]["start_date"] == "2026-03-12"
    assert api.get(f"v3/projects/{copy['id']}/tasks")[0]["start_date"] == "2026-03-13"


def test_a_wrong_duplication_is_refused_and_leaves_nothing(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §2.2 duplicate
    path = f"v1/projects/duplicate/{source['id']}"
    for body in ({"custom_project_id": "RM-1"}, {"custom_project_id": "x" * 21}, {"client": 999}, {"duplicate_tasks": "yes"}):
        api.refused(400, "POST", path, body)
    api.refused(404, "POST", "v1/projects/duplicate/999999", {})
    assert api.get("v1/projects") == [source]


def test_the_stage_of_a_copy_is_a_switch(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §7.3 TM-04; undocumented, so a switch
    api.settings(duplicate_stage="same")
    assert api.post(f"v1/projects/duplicate/{source['id']}")["stage"] == "RUNNING"


def test_a_copy_sends_no_create_event_unless_told_otherwise(api: Api, source: dict[str, Any]) -> None:
    # sage-psa §4.14, §12.4
    api.settings(webhook_url="http://127.0.0.1:9/hook")
    api.post(f"v1/projects/duplicate/{source['id']}")
    assert api.http.get("/_sandbox/webhooks").json() == []
    api.settings(duplicate_fires=True)
    api.post(f"v1/projects/duplicate/{source['id']}")
    assert len(api.http.get("/_sandbox/webhooks").json()) == 4
