"""Tasks, phases, workflow columns, sprints, comments, deltas and the deleted feed (sage-psa §2.1, §2.2, §4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api


def test_a_task_needs_a_project_and_gets_the_documented_defaults(api: Api) -> None:
    # sage-psa §2.2 task, §4.7
    number = api.project()["id"]
    task = api.post("v3/tasks", project_id=number, title="One")
    flags = ("approved", "bug", "high_priority", "un_billable", "blocked")
    assert [task[name] for name in flags] == [True, False, False, False, False]
    assert (task["estimate"], task["remaining"], task["assigned_persons"], task["parent_task_id"]) == (0, 0, [], None)
    first = api.get(f"v1/projects/{number}/workflow_columns")[0]
    assert (task["workflow_column"], first["category"]) == (first["id"], "TODO")
    assert api.get(f"v3/tasks/{task['id']}") == task
    assert api.get(f"v3/tasks/company_task_id/{task['company_task_id']}") == task
    assert "project_id" in api.refused(400, "POST", "v3/tasks", {"title": "No project"})


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("project_id", 999),
        ("parent_task_id", 999),
        ("role", 999),
        ("workflow_column", 999),
        ("milestone", 999),
        ("sprint", 999),
        ("assigned_persons", [999]),
        ("assigned_persons", ["101"]),
        ("labels", [999]),
        ("owner_id", 999),
        ("estimate", -1),
        ("estimate", "60"),
        ("title", 7),
        ("start_date", "soon"),
        ("bug", "no"),
        ("status", "DONE"),
        ("low_estimate", 5),
        ("remaining", 5),
    ],
)
def test_a_wrong_task_is_refused_and_leaves_nothing(api: Api, member: str, value: Any) -> None:
    # sage-psa §2.2 task (no status field; version 2 estimates; remaining by PUT only)
    number = api.project()["id"]
    api.settings(read_only_fields="refuse")
    assert member in api.refused(400, "POST", "v3/tasks", {"project_id": number, "title": "One", member: value})
    assert api.get("v3/tasks") == []
    task = api.task(number)
    api.refused(400, "PUT", f"v3/tasks/{task['id']}", {member: value})
    assert api.get("v3/tasks") == [task]


def test_columns_phases_and_sprints_of_another_project_are_refused(api: Api) -> None:
    # sage-psa §4.8
    one, two = api.project()["id"], api.project()["id"]
    column = api.get(f"v1/projects/{two}/workflow_columns")[0]["id"]
    phase = api.post(f"v1/projects/{two}/phases", name="P")["id"]
    sprint = api.post(f"v1/projects/{two}/sprints", name="S", start_date="2026-03-02", end_date="2026-03-16")["id"]
    for member, value in (("workflow_column", column), ("milestone", phase), ("sprint", sprint)):
        assert member in api.refused(400, "POST", "v3/tasks", {"project_id": one, member: value})
        assert api.task(two, **{member: value})[member] == value


def test_tasks_nest_three_levels_in_one_project_and_never_in_a_circle(api: Api) -> None:
    # sage-psa §4.8, R-PSA-83
    number = api.project()["id"]
    one = api.task(number)["id"]
    two = api.task(number, parent_task_id=one)["id"]
    three = api.task(number, parent_task_id=two)["id"]
    api.refused(400, "POST", "v3/tasks", {"project_id": number, "parent_task_id": three})
    api.refused(400, "PUT", f"v3/tasks/{one}", {"parent_task_id": three})
    api.refused(400, "PUT", f"v3/tasks/{one}", {"parent_task_id": one})
    api.refused(400, "PUT", f"v3/tasks/{one}", {"parent_task_id": api.task(number)["id"]})
    api.refused(400, "POST", "v3/tasks", {"project_id": api.project()["id"], "parent_task_id": one})
    assert [row["id"] for row in api.get(f"v3/tasks/{one}/children")] == [two]
    assert api.put(f"v3/tasks/{two}", parent_task_id=None)["parent_task_id"] is None
    api.settings(max_task_depth=2)
    api.refused(400, "POST", "v3/tasks", {"project_id": number, "parent_task_id": three})


def test_a_moved_task_takes_its_children_and_drops_what_stays_behind(api: Api) -> None:
    # sage-psa §2.2 task project_id on PUT; the rest is undocumented
    one, two = api.project()["id"], api.project()["id"]
    phase = api.post(f"v1/projects/{one}/phases", name="P")["id"]
    parent = api.task(one, milestone=phase)
    child = api.task(one, parent_task_id=parent["id"])
    moved = api.put(f"v3/tasks/{parent['id']}", project_id=two)
    assert (moved["milestone"], moved["workflow_column"]) == (None, api.get(f"v1/projects/{two}/workflow_columns")[0]["id"])
    after = api.get(f"v3/tasks/{child['id']}")
    assert (after["project_id"], after["parent_task_id"]) == (two, parent["id"])
    assert api.get(f"v3/projects/{one}/tasks") == []


def test_remaining_is_calculated_unless_the_project_says_otherwise(api: Api) -> None:
    # sage-psa §2.2 remaining
    auto, manual = api.project()["id"], api.project(remaining_auto_calculated=False)["id"]
    task = api.task(auto, estimate=90)
    api.post("v1/time_registrations", person=api.person()["id"], task=task["id"], time_registered=30, date="2026-03-02")
    assert api.get(f"v3/tasks/{task['id']}")["remaining"] == 60
    assert "remaining" in api.refused(400, "PUT", f"v3/tasks/{task['id']}", {"remaining": 5})
    assert api.put(f"v3/tasks/{api.task(manual, estimate=90)['id']}", remaining=5)["remaining"] == 5


def test_the_unit_of_estimates_can_be_found_out(api: Api) -> None:
    # sage-psa §2.2 scope_total_minutes, §12.2
    hours = api.task(api.project()["id"], estimate=90)["id"]
    points = api.task(api.project(estimation_units="POINTS", minutes_per_estimation_point=480)["id"], estimate=2)["id"]

    def scope(task: int) -> float:
        minutes: float = api.get(f"v1/tasks/{task}/financials")["scope_total_minutes"]
        return minutes

    assert (scope(hours), scope(points)) == (90, 960)
    api.settings(estimate_unit="hours", points_estimate_unit="minutes")
    assert (scope(hours), scope(points)) == (5400, 120)


def test_the_money_of_a_task_follows_rates_and_costs(api: Api) -> None:
    # sage-psa §2.2 task financials
    card, role = api.get("v1/rate_cards")[0]["id"], api.role()
    api.put(f"v1/rate_cards/{card}/rates/{role}", rate=100)
    person = api.person(cost=40)["id"]
    number = api.project(rate_card=card)["id"]
    task = api.task(number, role=role, estimate=120, assigned_persons=[person])["id"]
    api.post("v1/time_registrations", person=person, task=task, time_registered=60, date="2026-03-02")
    told = api.get(f"v1/projects/{number}/tasks/financials")[0]
    assert (told["actual_revenue"], told["actual_cost"], told["actual_profit"], told["actual_margin"]) == (100, 40, 60, 0.6)
    assert (told["planned_revenue"], told["planned_cost"], told["remaining_minutes"], told["forecast_minutes"]) == (200, 80, 60, 120)


def test_assigned_persons_join_the_team_unless_told_otherwise(api: Api) -> None:
    # sage-psa §4.10, §12.8
    number, person, other = api.project()["id"], api.person()["id"], api.person("pat@example.com")["id"]
    api.task(number, assigned_persons=[person, person])
    assert [row["person_id"] for row in api.get(f"v1/projects/{number}/team")] == [person]
    api.settings(assign_outside_team="refuse")
    api.refused(400, "POST", "v3/tasks", {"project_id": number, "assigned_persons": [other]})
    api.settings(assign_outside_team="accept")
    api.task(number, assigned_persons=[other])
    assert len(api.get(f"v1/projects/{number}/team")) == 1


def test_a_deleted_task_takes_children_and_time_along_and_stays_in_the_feed(api: Api) -> None:
    # sage-psa §2.1 DELETE v2, deleted feeds; cascade is a switch (gap 8)
    number, person = api.project()["id"], api.person()["id"]
    parent = api.task(number, title="Parent", un_billable=True)
    child = api.task(number, title="Child", parent_task_id=parent["id"], assigned_persons=[person])
    time = api.post("v1/time_registrations", person=person, task=child["id"], time_registered=30, date="2026-03-02")
    api.post(f"v2/tasks/{parent['id']}/comments", comment="Bye", person_id=person)
    api.advance(60)
    api.delete(f"v2/tasks/{parent['id']}")
    assert api.get("v3/tasks") == []
    gone = {"deleted_by": parent["created_by"], "deleted_at": "2026-03-02T15:01:00Z"}
    assert api.get("v2/tasks/deleted") == [{"id": each["id"], **gone} for each in (child, parent)]
    assert api.get("v2/tasks/deleted", updated_after="20260302T150100") == []
    assert len(api.get("v2/tasks/deleted", updated_after="20260302T150059")) == 2
    full = api.get("v2/tasks/deleted", includeAllFields="true")[1]
    assert (full["company_task_id"], full["title"], full["billable"]) == (f"T{parent['company_task_id']}", "Parent", False)
    page = api.get("v4/tasks/deleted")
    assert (page["totalObjectCount"], page["pageContents"][0]["assignedPersons"]) == (2, [{"id": person, "name": "Sam Reed"}])
    about = page["pageContents"][1]
    assert about["task"] == {"id": parent["id"], "name": "Parent", "deleted_at": "2026-03-02T16:01:00+01:00", "deleted_by": 101}
    assert (about["project"], about["phase"], about["comments"]) == ({"id": number, "name": "Boiler room"}, {}, ["Bye"])
    assert [row["id"] for row in api.get("v3/time_registrations/deleted")] == [time["id"]]


def test_the_deleted_feed_can_look_like_the_samples(api: Api) -> None:
    # sage-psa §2 Timestamp, §4.3
    api.delete(f"v2/tasks/{api.task(api.project()['id'])['id']}")
    api.settings(deleted_feed_envelope=False, deleted_feed_unpadded_month=True, deleted_feed_zone_minutes=120)
    assert api.get("v4/tasks/deleted")[0]["task"]["deleted_at"] == "2026-3-02T17:00:00+02:00"


@pytest.mark.parametrize(("wanted", "left"), [("promote", 1), ("refuse", 2)])
def test_deleting_a_parent_is_a_switch(api: Api, wanted: str, left: int) -> None:
    # sage-psa §12.8
    number = api.project()["id"]
    parent = api.task(number)["id"]
    child = api.task(number, parent_task_id=parent)["id"]
    api.settings(delete_parent_task=wanted)
    assert api.call("DELETE", f"v2/tasks/{parent}").status_code == (200 if wanted == "promote" else 400)
    rows = api.get("v3/tasks")
    assert len(rows) == left
    assert api.get(f"v3/tasks/{child}")["parent_task_id"] == (None if wanted == "promote" else parent)


def test_a_task_with_time_can_be_kept_from_deletion(api: Api) -> None:
    # R-PSA-91; undocumented on the wire, so a switch
    api.settings(delete_task_with_time="refuse")
    task = api.task(api.project()["id"])["id"]
    api.post("v1/time_registrations", person=api.person()["id"], task=task, time_registered=30, date="2026-03-02")
    api.refused(400, "DELETE", f"v2/tasks/{task}")


def test_pages_have_the_documented_envelope_and_defaults(api: Api) -> None:
    # sage-psa §2 Pagination, §4.3
    number = api.project()["id"]
    tasks = [api.task(number)["id"] for _ in range(5)]
    page = api.get("v4/tasks", pageSize=2, pageNumber=2)
    assert {name: page[name] for name in ("pageNumber", "pageSize", "totalObjectCount")} == {
        "pageNumber": 2,
        "pageSize": 2,
        "totalObjectCount": 5,
    }
    assert [row["id"] for row in page["pageContents"]] == tasks[2:4]
    assert api.get("v4/tasks", pageSize=2, pageNumber=9)["pageContents"] == []
    for wrong in ("0", "-1", "x", ""):
        whole = api.get("v4/tasks", pageNumber=wrong, pageSize=wrong)
        assert (whole["pageNumber"], whole["pageSize"], len(whole["pageContents"])) == (1, 100, 5)
    api.settings(max_page_size=3)
    assert api.get("v4/tasks", pageSize=500)["pageSize"] == 3


def test_the_lists_of_version_3_are_bare(api: Api) -> None:
    # sage-psa §2 Un-paged lists
    number = api.project()["id"]
    api.task(number)
    assert isinstance(api.get("v3/tasks", pageSize=0), list)
    assert isinstance(api.get(f"v3/projects/{number}/tasks"), list)
    api.refused(404, "GET", "v3/projects/999999/tasks")


@pytest.mark.parametrize("path", ["v4/tasks", "v3/tasks", "v3/projects/{}/tasks"])
def test_deltas_are_asked_in_the_path(api: Api, path: str) -> None:
    # sage-psa §2 Delta form, Delta stamp, Silent ignore
    number = api.project()["id"]
    one = api.task(number)
    api.advance(60)
    two = api.task(number)
    path = path.format(number)

    def asked(tail: str, **params: Any) -> list[int]:
        data = api.get(f"{path}{tail}", **params)
        return [row["id"] for row in (data["pageContents"] if isinstance(data, dict) else data)]

    assert asked("/updated_after/20260302T150000") == [two["id"]]
    assert asked("/updated_after/20260302T145959") == [one["id"], two["id"]]
    assert asked("/updated_after/20260302T150100") == []
    assert asked("", updated_after="20260302T150000") == [one["id"], two["id"]]
    for wrong in ("02032026T150000", "20260302", "2026-03-02T15:00:00Z"):
        api.refused(400, "GET", f"{path}/updated_after/{wrong}")
    api.settings(delta_inclusive=True)
    assert asked("/updated_after/20260302T150100") == [two["id"]]
    api.settings(delta_inclusive=False, delta_zone_minutes=60)
    assert asked("/updated_after/20260302T160000") == [two["id"]]


def test_version_2_has_its_own_fields_and_takes_deltas_in_the_query(api: Api) -> None:
    # sage-psa §2 Delta form, §2.2 low_estimate, high_estimate, forecast
    number = api.project()["id"]
    task = api.post("v2/tasks", project_id=number, title="Old", low_estimate=60, high_estimate=120)
    assert (task["low_estimate"], task["high_estimate"], task["forecast"], "estimate" in task) == (90, 90, 90, False)
    assert task["company_card_id"] == task["company_task_id"]
    assert api.get(f"v3/tasks/{task['id']}")["estimate"] == 90
    for path in ("v2/tasks", f"v2/projects/{number}/tasks"):
        assert len(api.get(path)) == 1
        assert api.get(path, updated_after="20260302T150000") == []
        assert len(api.get(path, updated_after="20260302T145959")) == 1
    assert api.put(f"v2/tasks/{task['id']}", high_estimate=30)["low_estimate"] == 30
    api.refused(400, "POST", "v2/tasks", {"project_id": number, "estimate": 5})


def test_columns_give_tasks_their_status(api: Api) -> None:
    # sage-psa §2.2 workflow_column, §4.7
    number = api.project()["id"]
    rows = api.get(f"v1/projects/{number}/workflow_columns")
    assert [(row["name"], row["category"], row["sort_order"]) for row in rows] == [
        ("To do", "TODO", 1),
        ("In progress", "INPROGRESS", 2),
        ("Done", "DONE", 3),
    ]
    made = api.post(f"v1/projects/{number}/workflow_columns", name="Parked")
    assert (made["category"], made["sort_order"]) == ("TODO", 4)
    path = f"v1/projects/{number}/workflow_columns/{made['id']}"
    assert api.put(path, sort_order=0)["sort_order"] == 0
    assert api.task(number)["workflow_column"] == made["id"]
    api.refused(400, "POST", f"v1/projects/{number}/workflow_columns", {"name": "X", "category": "OPEN"})
    api.refused(400, "POST", f"v1/projects/{number}/workflow_columns", {"category": "TODO"})
    api.refused(404, "GET", f"v1/projects/{api.project()['id']}/workflow_columns/{made['id']}")


@pytest.mark.parametrize(("wanted", "kept"), [("first", True), ("none", False)])
def test_a_deleted_column_keeps_its_tasks(api: Api, wanted: str, kept: bool) -> None:
    # sage-psa §2.2 Deleting a column keeps its tasks; where to is a switch
    api.settings(deleted_column_tasks=wanted)
    number = api.project()["id"]
    first, second, _ = api.get(f"v1/projects/{number}/workflow_columns")
    task = api.task(number, workflow_column=second["id"])
    api.delete(f"v1/projects/{number}/workflow_columns/{second['id']}")
    assert api.get(f"v3/tasks/{task['id']}")["workflow_column"] == (first["id"] if kept else None)


@pytest.mark.parametrize("name", ["phases", "milestones"])
def test_phases_have_two_names_and_their_tasks_outlive_them(api: Api, name: str) -> None:
    # sage-psa §2.2 phase, milestones
    number = api.project()["id"]
    phase = api.post(f"v1/projects/{number}/{name}", name="Rough-in", start_date="2026-03-02", end_date="2026-03-09")
    path = f"v1/projects/{number}/{name}/{phase['id']}"
    task = api.task(number, milestone=phase["id"])
    assert api.put(path, name="Trim") == {**phase, "name": "Trim"}
    api.refused(400, "POST", f"v1/projects/{number}/{name}", {"start_date": "2026-03-02"})
    api.refused(400, "PUT", path, {"end_date": "2026-03-01"})
    api.refused(404, "GET", f"v1/projects/{api.project()['id']}/{name}/{phase['id']}")
    assert [row["id"] for row in api.get("v1/phases")] == [phase["id"]]
    assert api.get(f"v1/phases/{phase['id']}")["project_id"] == number
    api.delete(path)
    assert api.get(f"v3/tasks/{task['id']}")["milestone"] is None


def test_paged_phases_were_seen_and_can_be_taken_away(api: Api) -> None:
    # sage-psa §2.1 phases
    api.post(f"v1/projects/{api.project()['id']}/phases", name="One")
    assert api.get("v4/phases")["totalObjectCount"] == 1
    api.settings(phases_v4=False)
    api.refused(404, "GET", "v4/phases")


def test_a_deleted_sprint_leaves_its_tasks(api: Api) -> None:
    # sage-psa §2.1 sprints
    number = api.project()["id"]
    api.refused(400, "POST", f"v1/projects/{number}/sprints", {"name": "S"})
    sprint = api.post(f"v1/projects/{number}/sprints", name="S", start_date="2026-03-02", end_date="2026-03-16")
    task = api.task(number, sprint=sprint["id"])
    api.delete(f"v1/projects/{number}/sprints/{sprint['id']}")
    assert api.get(f"v3/tasks/{task['id']}")["sprint"] is None


def test_comments_need_a_text_and_a_person(api: Api) -> None:
    # sage-psa §2.1 task comments
    task, person = api.task(api.project()["id"])["id"], api.person()["id"]
    made = api.post(f"v2/tasks/{task}/comments", comment="Parts are in", person_id=person)
    assert api.get(f"v2/tasks/{task}/comments") == [made]
    for body in ({"comment": "x"}, {"person_id": person}, {"comment": "x", "person_id": 999}):
        api.refused(400, "POST", f"v2/tasks/{task}/comments", body)


def test_tasks_can_share_a_title(api: Api) -> None:
    # sage-psa §5.2 titles are not unique, §2 Idempotency
    number = api.project()["id"]
    assert api.task(number, title="Design")["id"] != api.task(number, title="Design")["id"]
