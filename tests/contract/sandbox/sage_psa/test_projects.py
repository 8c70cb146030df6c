"""Projects: identity, stages, budgets, references, history, progress, deletion (sage-psa §2.2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api

DEFAULTS = {
    "name": "New Project",
    "stage": "PLANNING",
    "status": "GREEN",
    "estimation_units": "HOURS",
    "minutes_per_estimation_point": 60,
    "budget_type": "TIME_AND_MATERIALS",
    "billable": True,
    "use_sprints": False,
    "sprint_length": 14,
    "remaining_auto_calculated": True,
    "use_baseline": False,
    "baseline_win_chance": 1.0,
    "labels": [],
    "external_refs": [],
}


def test_a_project_needs_nothing_and_gets_the_documented_defaults(api: Api) -> None:
    # sage-psa §2.2 project
    made = api.post("v1/projects")
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    for name in ("custom_project_id", "client", "budget", "start_date", "end_date", "rate_card", "connected_project"):
        assert made[name] is None
    assert re.fullmatch("#[0-9A-F]{6}", made["color"])
    assert made["priority_level_id"] in [row["id"] for row in api.get("v1/priority_levels")]
    assert "progress" not in made
    assert api.get(f"v1/projects/{made['id']}") == made
    assert api.get("v1/projects") == [made]


@pytest.mark.parametrize("member", ["currency", "entity", "entity_id", "project_lead", "location", "archived"])
def test_a_project_has_no_such_field(api: Api, member: str) -> None:
    # sage-psa §2.2 no entity field, no currency field
    assert member in api.refused(400, "POST", "v1/projects", {member: "x"})


def test_every_writable_field_can_be_written(api: Api) -> None:
    # sage-psa §2.2 project
    client = api.post("v1/clients", name="A")["id"]
    label = api.post("v1/labels", name="Rush")["id"]
    body = {
        "name": "Chiller",
        "custom_project_id": "RM-25-0001",
        "stage": "RUNNING",
        "status": "RED",
        "status_description": "<div>Late</div>",
        "description": "<p>Roof</p>",
        "estimation_units": "POINTS",
        "minutes_per_estimation_point": 480,
        "budget": 1234.56,
        "budget_type": "FIXED_PRICE",
        "use_sprints": True,
        "sprint_length": 7,
        "start_date": "2026-01-01",
        "end_date": "2026-12-31",
        "client": client,
        "rate_card": api.get("v1/rate_cards")[0]["id"],
        "remaining_auto_calculated": False,
        "use_project_allocations": True,
        "use_baseline": True,
        "baseline_win_chance": 0.25,
        "labels": [label],
        "default_period_periodicity": "MONTHLY",
        "default_period_length": 1,
        "default_period_budget_type": "FIXED_HOURS",
        "default_period_hours_amount": 20,
        "default_period_price_amount": 99.5,
    }
    made = api.post("v1/projects", **body)
    assert {name: made[name] for name in body} == body
    assert made["baseline_target"] == 1234.56
    other = api.project()
    changed = api.put(f"v1/projects/{other['id']}", **{**body, "custom_project_id": "RM-2"})
    assert {name: changed[name] for name in body} == {**body, "custom_project_id": "RM-2"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", 7),
        ("custom_project_id", "x" * 21),
        ("custom_project_id", 12),
        ("stage", "Running"),
        ("stage", "ARCHIVED"),
        ("stage", "OPPORTUNITY"),
        ("status", "RUNNING"),
        ("estimation_units", "DAYS"),
        ("minutes_per_estimation_point", 1.5),
        ("minutes_per_estimation_point", 0),
        ("budget", 100),
        ("budget", "100"),
        ("budget_type", "FIXED"),
        ("use_sprints", "true"),
        ("start_date", "01/02/2026"),
        ("start_date", "2026-02-30"),
        ("end_date", "2026-1-1"),
        ("end_date", "2026-01-01T00:00:00Z"),
        ("client", 999),
        ("client", "501"),
        ("rate_card", 999),
        ("labels", [999]),
        ("labels", 1),
        ("baseline_target", -1),
        ("baseline_win_chance", 1.5),
        ("default_period_periodicity", "YEARLY"),
        ("default_period_budget_type", "RETAINER"),
    ],
)
def test_a_wrong_value_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # sage-psa §2.2 project, §2 Errors, §4.12
    assert member in api.refused(400, "POST", "v1/projects", {member: value})
    assert api.get("v1/projects") == []
    good = api.project()
    assert member in api.refused(400, "PUT", f"v1/projects/{good['id']}", {member: value})
    assert api.get("v1/projects") == [good]


def test_a_linked_project_can_be_named_in_an_update_only_and_must_exist(api: Api) -> None:
    # sage-psa §2.2 connected_project (PUT only)
    project = api.post("v1/projects", connected_project=4)
    assert project["connected_project"] is None
    assert "connected_project" in api.refused(400, "PUT", f"v1/projects/{project['id']}", {"connected_project": 4})


def test_the_status_of_an_unknown_reference_is_a_switch(api: Api) -> None:
    # sage-psa §2 Errors
    api.settings(missing_reference_status=404)
    api.refused(404, "POST", "v1/projects", {"client": 999})


def test_numbers_run_on_and_are_never_used_again(api: Api) -> None:
    # sage-psa §4.6
    one, two = api.project(), api.project()
    assert (two["id"], two["company_project_id"]) == (one["id"] + 1, one["company_project_id"] + 1)
    api.delete(f"v1/projects/{two['id']}")
    three = api.project(company_project_id=77)
    assert (three["id"], three["company_project_id"]) == (two["id"] + 1, two["company_project_id"] + 1)


def test_a_project_is_found_by_each_of_its_three_ids(api: Api) -> None:
    # sage-psa §2.2 lookups
    project = api.project(custom_project_id="RM 25/é")
    assert api.get(f"v1/projects/company_project_id/{project['company_project_id']}") == project
    longest = api.put(f"v1/projects/{project['id']}", custom_project_id="12345678901234567890")
    assert api.get("v1/projects/custom_project_id/12345678901234567890") == longest


def test_a_custom_id_is_used_once(api: Api) -> None:
    # sage-psa §4.6 (uniqueness inferred, a switch)
    one, two = api.project(custom_project_id="RM-1"), api.project()
    assert "RM-1" in api.refused(400, "POST", "v1/projects", {"custom_project_id": "RM-1"})
    api.refused(400, "PUT", f"v1/projects/{two['id']}", {"custom_project_id": "RM-1"})
    assert api.put(f"v1/projects/{one['id']}", custom_project_id="RM-1") == one
    api.put(f"v1/projects/{one['id']}", custom_project_id="")
    assert api.put(f"v1/projects/{two['id']}", custom_project_id="RM-1")["custom_project_id"] == "RM-1"
    api.settings(unique_custom_project_id=False)
    assert api.project(custom_project_id="RM-1")["custom_project_id"] == "RM-1"


@pytest.mark.parametrize("stage", ["PLANNING", "RUNNING", "HALTED", "DONE"])
def test_any_stage_can_follow_any_other_and_all_are_listed(api: Api, stage: str) -> None:
    # sage-psa §2.2 stage
    project = api.project(stage=stage)
    for other in ("DONE", "PLANNING", "HALTED", "RUNNING"):
        assert api.put(f"v1/projects/{project['id']}", stage=other)["stage"] == other
    assert len(api.get("v1/projects")) == 1


def test_opportunities_are_read_and_not_written(api: Api) -> None:
    # sage-psa §2.2 Stage gap, §4.12
    made = api.by_hand("projects", name="Maybe", stage="OPPORTUNITY")
    assert api.get(f"v1/projects/{made['id']}")["stage"] == "OPPORTUNITY"
    assert api.put(f"v1/projects/{made['id']}", name="Perhaps")["stage"] == "OPPORTUNITY"
    api.refused(400, "PUT", f"v1/projects/{made['id']}", {"stage": "OPPORTUNITY"})
    assert api.put(f"v1/projects/{made['id']}", stage="RUNNING")["stage"] == "RUNNING"
    api.settings(accept_opportunity=True)
    assert api.put(f"v1/projects/{made['id']}", stage="OPPORTUNITY")["stage"] == "OPPORTUNITY"


def test_baseline_projects_made_in_the_pages_are_opportunities(api: Api) -> None:
    # sage-psa §2.2 Stage gap (FH)
    assert api.by_hand("projects", use_baseline=True)["stage"] == "OPPORTUNITY"
    assert api.by_hand("projects")["stage"] == "PLANNING"
    assert api.post("v1/projects", use_baseline=True)["stage"] == "PLANNING"


def test_a_budget_belongs_to_a_fixed_price(api: Api) -> None:
    # sage-psa §2.2 budget
    project = api.project(budget_type="FIXED_PRICE", budget=1000)
    assert (project["budget"], project["baseline_target"]) == (1000, 1000)
    retainer = api.project(budget_type="RETAINER")
    assert "budget" in api.refused(400, "PUT", f"v1/projects/{retainer['id']}", {"budget": 5})
    both = api.put(f"v1/projects/{retainer['id']}", budget=5, budget_type="FIXED_PRICE")
    assert both["budget"] == 5
    api.refused(400, "PUT", f"v1/projects/{both['id']}", {"budget": 6, "budget_type": "RETAINER"})


def test_a_budget_outside_a_fixed_price_is_a_switch(api: Api) -> None:
    # sage-psa §2.2 budget ("should only be set with")
    api.settings(budget_outside_fixed_price="ignore")
    assert api.project(budget=5)["budget"] is None
    api.settings(budget_outside_fixed_price="accept")
    assert api.project(budget=5)["budget"] == 5


def test_leaving_the_fixed_price_keeps_the_budget_unless_told_otherwise(api: Api) -> None:
    # sage-psa Q10
    project = api.project(budget_type="FIXED_PRICE", budget=1000)
    assert api.put(f"v1/projects/{project['id']}", budget_type="TIME_AND_MATERIALS")["budget"] == 1000
    api.put(f"v1/projects/{project['id']}", budget_type="FIXED_PRICE")
    api.settings(type_change_clears_budget=True)
    assert api.put(f"v1/projects/{project['id']}", budget_type="RETAINER")["budget"] is None


def test_a_baseline_target_does_not_go_with_a_fixed_price(api: Api) -> None:
    # sage-psa §2.2 baseline_target
    body = {"budget_type": "FIXED_PRICE", "budget": 10, "baseline_target": 5}
    assert "baseline_target" in api.refused(400, "POST", "v1/projects", body)
    api.settings(baseline_target_on_fixed_price="ignore")
    assert api.post("v1/projects", **body)["baseline_target"] == 10
    assert api.project(baseline_target=5)["baseline_target"] == 5


def test_the_old_billable_flag_follows_the_budget_type(api: Api) -> None:
    # sage-psa §2.2 billable deprecated r/o
    project = api.project(budget_type="NON_BILLABLE", billable=True)
    assert project["billable"] is False
    assert api.put(f"v1/projects/{project['id']}", budget_type="RETAINER")["billable"] is True


def test_a_project_cannot_end_before_it_starts(api: Api) -> None:
    # sage-psa §2.2 dates; undocumented, so a switch
    api.refused(400, "POST", "v1/projects", {"start_date": "2026-03-02", "end_date": "2026-03-01"})
    project = api.project(start_date="2026-03-02", end_date="2026-03-02")
    api.refused(400, "PUT", f"v1/projects/{project['id']}", {"end_date": "2026-03-01"})
    api.settings(check_date_order=False)
    assert api.put(f"v1/projects/{project['id']}", end_date="2026-03-01")["end_date"] == "2026-03-01"


def test_a_cleared_end_date_can_leave_the_stamp_where_it_is(api: Api) -> None:
    # sage-psa §2 updated_at trust (L1), §4.5
    api.settings(updated_at_unmoved_by=["projects.end_date"])
    project = api.project(end_date="2026-05-01")
    api.advance(60)
    assert api.put(f"v1/projects/{project['id']}", end_date=None) == {**project, "end_date": None}
    moved = api.put(f"v1/projects/{project['id']}", end_date="2026-06-01", name="B")
    assert moved["updated_at"] == "2026-03-02T15:01:00Z"


def test_stamps_have_whole_seconds(api: Api) -> None:
    # sage-psa §2 Timestamp
    api.advance(0.9)
    assert api.project()["created_at"] == "2026-03-02T15:00:00Z"


def test_the_health_light_has_a_history(api: Api) -> None:
    # sage-psa §2.1 statuses
    project = api.project(status_description="Fine")
    api.advance(60)
    api.put(f"v1/projects/{project['id']}", status="RED", status_description="Late")
    api.put(f"v1/projects/{project['id']}", name="No entry for this")
    history = api.get(f"v1/projects/{project['id']}/statuses")
    assert [(row["status"], row["status_description"], row["created_at"]) for row in history] == [
        ("GREEN", "Fine", "2026-03-02T15:00:00Z"),
        ("RED", "Late", "2026-03-02T15:01:00Z"),
    ]
    assert api.get(f"v1/projects/{api.project()['id']}/statuses")[0]["status"] == "GREEN"


def test_progress_is_told_on_request_and_cached_for_ten_minutes(api: Api) -> None:
    # sage-psa §2.2 progress
    project = api.project()
    done = next(row for row in api.get(f"v1/projects/{project['id']}/workflow_columns") if row["category"] == "DONE")
    one = api.task(project["id"], estimate=60)
    api.task(project["id"], estimate=180)
    assert api.get(f"v1/projects/{project['id']}", includeProgress="true")["progress"] == 0
    api.put(f"v3/tasks/{one['id']}", workflow_column=done["id"])
    assert api.get("v1/projects", includeProgress="true")[0]["progress"] == 0
    api.advance(600)
    assert api.get("v1/projects", includeProgress="true")[0]["progress"] == 25
    assert "progress" not in api.get("v1/projects", includeProgress="no")[0]


def test_custom_fields_have_defined_keys(api: Api) -> None:
    # sage-psa §2.2 custom fields
    project = api.project()
    changed = api.put(f"v1/projects/{project['id']}/custom_fields", entity="200")
    assert changed["custom_fields"] == {"entity": "200"}
    api.refused(400, "PUT", f"v1/projects/{project['id']}/custom_fields", {"nobody": "x"})
    api.refused(400, "PUT", f"v1/projects/{project['id']}/custom_fields", {"entity": "900"})
    assert api.get(f"v1/projects/{project['id']}", includeCustomFields="true")["custom_fields"] == {"entity": "200"}
    assert "custom_fields" not in api.get(f"v1/projects/{project['id']}")
    assert [row["name"] for row in api.get("v1/custom_fields/PROJECT/entity/options")] == ["100", "200"]
    api.refused(404, "GET", "v1/custom_fields/TASK/entity/options")


def test_a_deleted_project_is_gone_for_good_with_all_below_it(api: Api) -> None:
    # sage-psa §2.2 (UI delete is final), no deleted feed for projects
    project = api.project()
    number = project["id"]
    task = api.task(number)
    api.task(number, parent_task_id=task["id"])
    phase = api.post(f"v1/projects/{number}/phases", name="One")
    time = api.post("v1/time_registrations", person=api.person()["id"], task=task["id"], time_registered=30, date="2026-03-02")
    api.by_hand("time_registrations", id=time["id"], approval_status="APPROVED")
    api.delete(f"v1/projects/{number}")
    for path in (
        f"v1/projects/{number}",
        f"v1/projects/{number}/team",
        f"v1/projects/company_project_id/{project['company_project_id']}",
        f"v3/tasks/{task['id']}",
        f"v1/phases/{phase['id']}",
        f"v3/time_registrations/{time['id']}",
    ):
        api.refused(404, "GET", path)
    assert [row["id"] for row in api.get("v2/tasks/deleted")] == [task["id"] + 1, task["id"]]
    assert api.rows("workflow_columns") == api.rows("project_team") == []


def test_a_project_with_time_can_be_kept_from_deletion(api: Api) -> None:
    # undocumented, so a switch
    api.settings(delete_project_with_time="refuse")
    project = api.project()
    api.post("v1/time_registrations", person=api.person()["id"], project=project["id"], time_registered=30, date="2026-03-02")
    api.refused(400, "DELETE", f"v1/projects/{project['id']}")
    assert api.get(f"v1/projects/{project['id']}") == project
