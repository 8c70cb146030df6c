"""Time registrations and expenses (sage-psa §2.1, §2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import Api
from tieout.sandbox.sage_psa.rules_time import TIME_RULES


@dataclass(frozen=True, slots=True)
class Site:
    """A project with one task and one person on it."""

    project: int
    task: int
    person: int


@pytest.fixture
def site(api: Api) -> Site:
    project = api.project(start_date="2026-01-01", end_date="2026-06-30")["id"]
    person = api.person()["id"]
    task = api.task(project, estimate=60, assigned_persons=[person], start_date="2026-02-01", end_date="2026-04-30")["id"]
    return Site(project, task, person)


def test_time_on_a_task_is_shown_by_each_version_in_its_way(api: Api, site: Site) -> None:
    # sage-psa §2.2 time_registration
    made = api.post("v1/time_registrations", person=site.person, task=site.task, time_registered=45, date="2026-03-01", notes="On site")
    assert (made["project"], made["task"], made["card"]) == (site.project, site.task, site.task)
    assert (made["billable_minutes_registered"], made["approval_status"]) == (45, "NOT_SUBMITTED")
    assert api.get(f"v3/time_registrations/{made['id']}")["time_registered"] == 45
    row = api.get("v4/time_registrations")["pageContents"][0]
    assert (row["project"], row["task_project"], row["task"], row["phase"]) == (None, site.project, site.task, None)
    for path in ("v3/time_registrations", f"v3/projects/{site.project}/time_registrations", f"v3/persons/{site.person}/time_registrations"):
        assert [each["id"] for each in api.get(path)] == [made["id"]]
    api.settings(v3_project_of_task=False)
    assert api.get("v3/time_registrations")[0]["project"] is None


def test_time_goes_on_a_project_or_on_neither(api: Api, site: Site) -> None:
    # sage-psa §2.2 one of project|task|non_project_time
    other = api.get("v1/non_project_time")[0]["id"]
    assert api.post("v1/time_registrations", person=site.person, project=site.project, time_registered=1, date="2026-03-01")
    leave = api.post("v1/time_registrations", person=site.person, non_project_time=other, time_registered=480, date="2026-03-01")
    assert (leave["project"], leave["billable_minutes_registered"]) == (None, 0)
    assert api.post("v1/time_registrations", person=site.person, card=site.task, time_registered=1, date="2026-03-01")["task"] == site.task


@pytest.mark.parametrize(
    "wrong",
    [
        {"task": None},
        {"project": "own"},
        {"person": None},
        {"person": 999},
        {"task": 999},
        {"role": 999},
        {"time_registered": None},
        {"time_registered": 7.5},
        {"time_registered": "30"},
        {"date": None},
        {"date": "20260301"},
        {"billable_minutes_registered": "all"},
        {"hours": 1},
    ],
)
def test_a_wrong_registration_is_refused_and_leaves_nothing(api: Api, site: Site, wrong: dict[str, Any]) -> None:
    # sage-psa §2.2 time_registration
    body = {"person": site.person, "task": site.task, "time_registered": 30, "date": "2026-03-01", **wrong}
    if wrong.get("project") == "own":
        body["project"] = site.project
    api.refused(400, "POST", "v1/time_registrations", body)
    assert api.get("v3/time_registrations") == []


def test_billable_time_follows_project_and_task(api: Api, site: Site) -> None:
    # sage-psa §2.2 billable_minutes_registered (default inferred)
    api.put(f"v3/tasks/{site.task}", un_billable=True)
    body = {"person": site.person, "task": site.task, "time_registered": 30, "date": "2026-03-01"}
    assert api.post("v1/time_registrations", **body)["billable_minutes_registered"] == 0
    assert api.post("v1/time_registrations", **body, billable_minutes_registered=10)["billable_minutes_registered"] == 10


def test_an_update_changes_five_fields_only(api: Api, site: Site) -> None:
    # sage-psa §2.2 PUT may change only
    made = api.post("v1/time_registrations", person=site.person, task=site.task, time_registered=30, date="2026-03-01")
    body = {"time_registered": 40, "billable_minutes_registered": 5, "role": api.role(), "date": "2026-03-02", "notes": "x"}
    ignored = {"person": 101, "project": site.project, "task": None, "approval_status": "APPROVED"}
    changed = api.put(f"v1/time_registrations/{made['id']}", **body, **ignored)
    assert changed == {**made, **body}
    api.settings(read_only_fields="refuse")
    for name in ("person", "approval_status"):
        api.refused(400, "PUT", f"v1/time_registrations/{made['id']}", {name: 101})


def test_approved_time_is_approved_in_the_pages_and_closed_to_the_api(api: Api, site: Site) -> None:
    # sage-psa §2.2 Approval status is not writable; the lock is a switch
    made = api.post("v1/time_registrations", person=site.person, task=site.task, time_registered=30, date="2026-03-01")
    path = f"v1/time_registrations/{made['id']}"
    api.by_hand("time_registrations", id=made["id"], approval_status="APPROVED", invoice=6065)
    assert api.get(f"v3/time_registrations/{made['id']}")["approval_status"] == "APPROVED"
    assert api.get("v4/time_registrations")["pageContents"][0]["invoice"] == 6065
    api.refused(400, "PUT", path, {"notes": "late"})
    api.refused(400, "DELETE", path)
    api.settings(approved_time_locked=False)
    api.put(path, notes="late")
    api.delete(path)


def test_deltas_come_by_path_or_query_as_the_version_has_it(api: Api, site: Site) -> None:
    # sage-psa §2 Delta form
    body = {"person": site.person, "task": site.task, "time_registered": 30}
    one = api.post("v1/time_registrations", **body, date="2026-03-01")["id"]
    api.advance(60)
    two = api.post("v1/time_registrations", **body, date="2026-03-02")["id"]

    def page(tail: str, **params: str) -> list[int]:
        return [row["id"] for row in api.get(f"v4/time_registrations{tail}", **params)["pageContents"]]

    assert page("/updated_after/20260302T150000") == page("/date_after/20260301") == [two]
    assert page("", updated_after="20260302T150000") == [one, two]
    for path in ("v3/time_registrations", f"v3/projects/{site.project}/time_registrations", f"v3/persons/{site.person}/time_registrations"):
        assert [row["id"] for row in api.get(path, updated_after="20260302T150000")] == [two]
        assert [row["id"] for row in api.get(path, date_after="20260301")] == [two]
        api.refused(400, "GET", path, updated_after="02032026T150000")
        api.refused(400, "GET", path, date_after="2026-03-01")
    api.refused(404, "GET", "v3/persons/999/time_registrations")


def test_deleted_time_stays_in_the_feeds(api: Api, site: Site) -> None:
    # sage-psa §2.2 deleted feeds
    body = {"person": site.person, "time_registered": 30, "date": "2026-03-01"}
    leave = api.get("v1/non_project_time")[0]
    for target in ({"task": site.task}, {"project": site.project}, {"non_project_time": leave["id"]}):
        api.delete(f"v1/time_registrations/{api.post('v1/time_registrations', **body, **target)['id']}")
    assert len(api.get("v3/time_registrations/deleted")) == 3
    assert api.get("v3/time_registrations/deleted", updated_after="20260302T150000") == []
    one, two, three = api.get("v4/time_registrations/deleted")["pageContents"]
    about = {"id": site.project, "name": "Boiler room"}
    assert one["registeredOn"] == {"type": "TASK", "id": site.task, "name": "Rough-in", "project": about}
    assert two["registeredOn"] == {"type": "PROJECT", **about, "project": about}
    assert three["registeredOn"] == {"type": "NON_PROJECT_TIME", "id": leave["id"], "name": leave["name"], "project": None}
    assert (one["minutesRegistered"], one["person"]["name"], one["deletedAt"]) == (30, "Sam Reed", "2026-03-02T16:00:00+01:00")


def _wrong(api: Api, site: Site, rule: str) -> dict[str, Any]:
    """A registration that breaks just this validation."""
    match rule:
        case "date":
            return {"date": "2026-03-03"}
        case "done_tasks":
            done = api.get(f"v1/projects/{site.project}/workflow_columns")[2]["id"]
            api.put(f"v3/tasks/{site.task}", workflow_column=done)
            return {}
        case "projects":
            return {"task": None, "project": site.project}
        case "billable_minutes":
            return {"billable_minutes_registered": 1}
        case "internal_time":
            internal = next(row["id"] for row in api.get("v1/non_project_time") if row["is_internal_time"])
            return {"task": None, "non_project_time": internal}
        case "role":
            return {"role": api.role()}
        case "note":
            return {"notes": " "}
        case "assigned":
            return {"person": api.person("b@x.example")["id"]}
        case "project_dates":
            return {"date": "2025-12-31"}
        case "task_dates":
            return {"date": "2026-01-31"}
    return {"time_registered": 61}


@pytest.mark.parametrize("rule", list(TIME_RULES))
def test_each_validation_refuses_with_its_fixed_message_once_switched_on(api: Api, site: Site, rule: str) -> None:
    # sage-psa §2.2 eleven fixed messages
    good = {"person": site.person, "task": site.task, "time_registered": 60, "date": "2026-03-01", "notes": "On site"}
    body = {**good, **_wrong(api, site, rule)}
    first = api.post("v1/time_registrations", **body)
    api.delete(f"v1/time_registrations/{first['id']}")
    api.settings(time_rules=[rule])
    assert api.refused(400, "POST", "v1/time_registrations", body) == TIME_RULES[rule][0]
    if rule != "done_tasks":
        assert api.post("v1/time_registrations", **good)


def test_a_validation_holds_for_updates_too(api: Api, site: Site) -> None:
    # sage-psa §2.2 POST/PUT
    made = api.post("v1/time_registrations", person=site.person, task=site.task, time_registered=30, date="2026-03-01")
    api.settings(time_rules=["remaining"])
    assert api.put(f"v1/time_registrations/{made['id']}", time_registered=60)["time_registered"] == 60
    api.refused(400, "PUT", f"v1/time_registrations/{made['id']}", {"time_registered": 61})


def test_an_expense_needs_name_cost_and_category(api: Api, site: Site) -> None:
    # sage-psa §2.2 expense_item
    category, path = api.get("v1/expense_categories")[0]["id"], f"v1/projects/{site.project}/expense_items"
    made = api.post(path, name="Crane", cost=150.25, expense_category=category)
    assert (made["quantity"], made["approved"], made["billable"], made["project_id"]) == (1, False, True, site.project)
    assert api.put(f"{path}/{made['id']}", price=200)["price"] == 200
    assert [row["id"] for row in api.get("v1/expense_items")] == [made["id"]]
    for name in ("name", "cost", "expense_category"):
        body = {"name": "Crane", "cost": 1, "expense_category": category, name: None}
        assert name in api.refused(400, "POST", path, body)
    other = api.post(f"v1/projects/{api.project()['id']}/phases", name="P")["id"]
    for wrong in ({"phase_id": other}, {"person_id": 999}, {"cost": "1"}, {"expense_category": 999}):
        api.refused(400, "POST", path, {"name": "Crane", "cost": 1, "expense_category": category, **wrong})
    api.delete(f"{path}/{made['id']}")
    api.refused(404, "GET", f"v1/expense_items/{made['id']}")


def test_what_an_expense_can_be_depends_on_the_budget_type(api: Api, site: Site) -> None:
    # sage-psa §2.2 billable, part_of_fixed_price
    body = {"name": "Crane", "cost": 1, "expense_category": api.get("v1/expense_categories")[0]["id"]}
    free = api.project(budget_type="NON_BILLABLE")["id"]
    fixed = api.project(budget_type="FIXED_PRICE")["id"]
    retainer = api.project(budget_type="RETAINER", default_period_budget_type="FIXED_PRICE")["id"]
    hours = api.project(budget_type="RETAINER", default_period_budget_type="FIXED_HOURS")["id"]
    assert api.post(f"v1/projects/{free}/expense_items", **body)["billable"] is False
    api.refused(400, "POST", f"v1/projects/{free}/expense_items", {**body, "billable": True})
    for number in (fixed, retainer):
        assert api.post(f"v1/projects/{number}/expense_items", **body, part_of_fixed_price=True)["part_of_fixed_price"] is True
    for number in (site.project, hours):
        api.refused(400, "POST", f"v1/projects/{number}/expense_items", {**body, "part_of_fixed_price": True})
