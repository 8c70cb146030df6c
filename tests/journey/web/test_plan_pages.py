"""The pages about plans, problems, records and tie-outs: what they show, what their forms do, and who may use them."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tieout.store.models import Freeze, Hint, Hold, PlanItem, PlanState, Release, Ruling, SettingValue, TieOut
from tieout.web.roles import Role

FORMS = {
    "/plan/rule/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/plan/refresh/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/plan/switch-on/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/plan/freeze/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/plan/backfill/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/runs/1/undo/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/problems/1/answer/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/records/1/sync/": {Role.PROJECT_MANAGER, Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/records/1/skip/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/records/1/link/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/tie-outs/ask/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/queue/resync/": {Role.PROJECT_MANAGER, Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/exports/make/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
    "/exports/1/rule/": {Role.ACCOUNTANT, Role.ADMINISTRATOR},
}


def item(rows: Rows, id_: str = "7", **more: Any) -> PlanItem:
    values: dict[str, Any] = {
        "flow": "projects",
        "left_kind": "project",
        "left_id": id_,
        "right_kind": "PROJECT",
        "name": f"Project {id_} Harbor Lofts",
        "step": "create",
        "natural_key": f"P-{id_}",
        "changes": {"NAME": {"from": None, "to": "Harbor Lofts", "raw": "Harbor Lofts"}},
        "reason": "It had no counterpart yet.",
        "fingerprint": "f" * 32,
        "mark": "m" * 32,
        "hold": Hold.SWITCH_ON,
        "planned_at": rows.now,
        **more,
    }
    return PlanItem.objects.create(integration=rows.integration, **values)


def said(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_a_form_takes_only_those_whose_work_it_is(role: Role, signed_in: As, rows: Rows) -> None:
    client = signed_in(role)
    for address, allowed in FORMS.items():
        status = client.post(address).status_code
        assert (status == 403) == (role not in allowed), (address, status)
        assert client.get(address).status_code == 405, address


def test_a_form_needs_the_page_s_own_token(signed_in: As, rows: Rows) -> None:
    signed_in(Role.ADMINISTRATOR)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="administrator"), "django.contrib.auth.backends.ModelBackend")
    for address in FORMS:
        assert client.post(address).status_code == 403, address


def test_an_accountant_releases_what_waits_and_it_is_kept_who_and_why(signed_in: As, rows: Rows) -> None:
    waiting = item(rows)
    client = signed_in(Role.ACCOUNTANT)
    page = said(client, "/plan/")
    assert "Project 7 Harbor Lofts" in page
    assert "Waits to be switched on" in page
    answer = client.post("/plan/rule/", {"item": waiting.pk, "verb": "approve", "why": "month end"}, follow=True)
    assert "Released 1 item." in answer.content.decode()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.released_by) == (PlanState.RELEASED, "accountant")
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.by, ruling.why, ruling.fingerprint) == ("approved", "accountant", "month end", "m" * 32)
    assert Hint.objects.get().reason == "released"


def test_a_rejected_item_stands_among_what_has_ended(signed_in: As, rows: Rows) -> None:
    waiting = item(rows)
    client = signed_in(Role.ACCOUNTANT)
    client.post("/plan/rule/", {"item": waiting.pk, "verb": "reject", "why": "duplicate"})
    assert "Project 7 Harbor Lofts" not in said(client, "/plan/")
    assert "rejected by accountant" in said(client, "/plan/?tab=ended")
    assert not Hint.objects.exists()


def test_nothing_ticked_and_what_has_ended_are_told_in_a_sentence(signed_in: As, rows: Rows) -> None:
    gone = item(rows, state=PlanState.DONE, ended_at=rows.now)
    client = signed_in(Role.ACCOUNTANT)
    assert "Nothing was chosen" in client.post("/plan/rule/", {}, follow=True).content.decode()
    assert "no longer waits" in client.post("/plan/rule/", {"item": gone.pk}, follow=True).content.decode()


def test_all_that_match_are_released_at_once_but_nothing_that_came_after_the_page(signed_in: As, rows: Rows) -> None:
    shown = [item(rows, f"1{number:02}") for number in range(60)]
    item(rows, "9", flow="jobs", left_kind="job")
    client = signed_in(Role.ACCOUNTANT)
    assert "Release all 60" in said(client, "/plan/?flow=projects")
    later = item(rows, "999")
    client.post("/plan/rule/", {"verb": "approve all", "flow": "projects", "newest": later.pk - 1})
    assert set(PlanItem.objects.filter(state=PlanState.RELEASED).values_list("pk", flat=True)) == {each.pk for each in shown}


def test_a_switch_on_shows_link_create_and_eye_and_does_nothing_until_released(signed_in: As, rows: Rows) -> None:
    rows.integration.asks_first = True
    rows.integration.save()
    for name in ("enable_projects", "parent_project_mapping", "project_auto_sync"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    item(rows, "7")
    item(rows, "8", step="link")
    rows.problem("9")
    client = signed_in(Role.ACCOUNTANT)
    page = said(client, "/plan/")
    for words in ("link 1", "create 1", "1 needs your eye", "Nothing has been written or linked"):
        assert words in page
    assert not Release.objects.exists()
    answer = client.post("/plan/switch-on/", {"integration": "field-books", "flow": ["projects"]}, follow=True).content.decode()
    assert "Switched on." in answer
    assert Release.objects.get().flow == "projects"


def test_a_company_is_frozen_and_freed_on_the_page(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    client.post("/plan/freeze/", {"company": "books", "why": "audit"})
    item(rows, hold=Hold.FROZEN)
    page = said(client, "/plan/")
    assert "books is frozen" in page
    assert "audit" in page
    assert "1 item waits" in page
    client.post("/plan/freeze/", {"company": "books", "verb": "lift"})
    freeze = Freeze.objects.get()
    assert (freeze.by, freeze.lifted_by) == ("accountant", "accountant")
    assert Hint.objects.get().reason == "freeze lifted"


def test_a_back_address_of_another_host_is_not_followed(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    answer = client.post("/plan/rule/", {"back": "https://evil.example/"})
    assert answer.headers["Location"] == "/plan/"


def test_a_problem_leads_to_its_record_and_takes_an_answer(signed_in: As, rows: Rows) -> None:
    record = rows.record("7")
    problem = rows.problem("7")
    client = signed_in(Role.ACCOUNTANT)
    page = said(client, f"/problems/{problem.pk}/")
    assert problem.cause in page
    assert f"/records/{record.pk}/" in page
    client.post(f"/problems/{problem.pk}/answer/", {"verb": "skip", "why": "a test project"})
    ruling = Ruling.objects.get()
    assert (ruling.kind, ruling.left_id, ruling.why) == ("skipped", "7", "a test project")


def test_an_answer_to_what_is_not_asked_is_told(signed_in: As, rows: Rows) -> None:
    rows.record("7")
    problem = rows.problem("7")
    client = signed_in(Role.ACCOUNTANT)
    answer = client.post(f"/problems/{problem.pk}/answer/", {"fingerprint": "x", "choice": "left"}, follow=True)
    assert "no longer asks this" in answer.content.decode()


def test_a_record_shows_both_sides_and_a_project_manager_asks_for_it(signed_in: As, rows: Rows) -> None:
    for name in ("enable_projects", "parent_project_mapping"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    record = rows.record("7")
    rows.link("7")
    client = signed_in(Role.PROJECT_MANAGER)
    assert "Harbor Lofts" in said(client, "/records/?text=harbor")
    assert "No record matches" in said(client, "/records/?text=zebra")
    page = said(client, f"/records/{record.pk}/")
    assert "Both sides, and where each value comes from" in page
    assert "Close the link" not in page
    answer = client.post(f"/records/{record.pk}/sync/", follow=True)
    assert "Asked for." in answer.content.decode()
    assert Ruling.objects.filter(kind="requested", by="project-manager").exists()
    assert Hint.objects.get().remote_id == "7"


def test_a_record_is_shown_as_of_a_day(signed_in: As, rows: Rows) -> None:
    for name in ("enable_projects", "parent_project_mapping"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    record = rows.record("7")
    record.first_seen_at = rows.now - timedelta(days=3)
    record.save()
    client = signed_in(Role.VIEWER)
    assert "As it was at the end of" in said(client, f"/records/{record.pk}/?as_of={rows.now.date() - timedelta(days=1)}")
    assert "not known on the platform then" in said(client, f"/records/{record.pk}/?as_of={rows.now.date() - timedelta(days=9)}")


REPORT = {
    "agreed": False,
    "read_at": {},
    "unmanaged": {"PROJECT": 2},
    "flows": [
        {
            "flow": "projects",
            "label": "Projects",
            "left": 3,
            "right": 2,
            "pairs": 2,
            "missing": 1,
            "differing": 1,
            "totals": [],
            "places": [{"place": "100", "left": 3, "right": 2, "amount": None, "amount_there": None}],
            "excluded": {"held: it waits for an approval": 4},
            "explained": {},
            "rows": [{"name": "Project 7", "key": "P-7", "field": "NAME", "label": "name", "left": "A", "right": "B", "difference": None}],
        }
    ],
}


def test_a_tie_out_is_asked_for_shown_and_downloaded(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    client.post("/tie-outs/ask/", {"integration": "field-books"})
    made = TieOut.objects.get()
    assert made.by == "accountant"
    assert "Being read" in said(client, "/tie-outs/")
    assert client.get(f"/tie-outs/{made.pk}/report.csv").status_code == 404
    TieOut.objects.filter(pk=made.pk).update(agreed=False, ended_at=rows.now, report=REPORT)
    page = said(client, f"/tie-outs/{made.pk}/")
    for words in ("The sides differ", "Projects: 100", "held: it waits for an approval", "Project 7"):
        assert words in page
    answer = client.get(f"/tie-outs/{made.pk}/report.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Differs", "Projects", "Project 7", "P-7", "name", "A", "B", "", ""] in lines
    assert client.get(f"/tie-outs/{made.pk}/report.xlsx").content[:2] == b"PK"
    filed = client.get(f"/tie-outs/{made.pk}/report.pdf")
    assert (filed["Content-Type"], filed.content[:5]) == ("application/pdf", b"%PDF-")
    assert filed["Content-Disposition"].endswith('.pdf"')


def test_a_run_s_entry_offers_to_undo_it(signed_in: As, rows: Rows) -> None:
    run = rows.run()
    entry = rows.entry("Updated PROJECT N7.", event="updated", run_id=run.pk)
    assert f"/runs/{run.pk}/undo/" in said(signed_in(Role.ACCOUNTANT), f"/log/{entry.pk}/")
    assert f"/runs/{run.pk}/undo/" not in said(signed_in(Role.VIEWER), f"/log/{entry.pk}/")


def asked_of_workers() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'tieout.plan' ORDER BY id")
        return [json.loads(args) for (args,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("form", "scope"),
    [
        ({"which": "since", "since": "2026-01-31"}, {"ids": [], "since": "2026-01-31T00:00:00+00:00", "takes_all": False}),
        ({"which": "everything"}, {"ids": [], "since": None, "takes_all": True}),
        ({"which": "numbers", "numbers": "7, project 8"}, {"ids": ["7", "8"], "since": None, "takes_all": True}),
    ],
    ids=["by date", "all", "by selection"],
)
def test_older_records_are_planned_from_the_page_and_brought_in_by_its_word(
    signed_in: As, rows: Rows, form: dict[str, str], scope: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(Role.ACCOUNTANT)
    SettingValue.objects.create(integration=rows.integration, name="enable_projects", value=True)
    for id_ in ("7", "8"):
        rows.record(id_)
    page = said(client, "/plan/")
    assert "Bring in older records" in page
    asked = {"integration": "field-books", "flow": ["customers"], "why": "agreed", **form}
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/plan/backfill/", {**asked, "verb": "show"})
    assert [each["scope"] for each in asked_of_workers()] == [{"flows": ["customers"], **scope}]
    assert not Release.objects.exists()
    answer = client.post("/plan/backfill/", {**asked, "verb": "release"}, follow=True).content.decode()
    if form["which"] == "numbers":
        assert "released one by one" in answer
        assert not Release.objects.exists()
    else:
        begins = Release.objects.get(flow="customers").since
        assert (begins.isoformat() if begins else None) == scope["since"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"which": "since", "since": "soon"}, "The day is missing"),
        ({"which": "numbers", "numbers": "4711"}, "has the number or ID “4711”"),
        ({"which": "numbers", "numbers": " "}, "No record was named"),
        ({"which": "everything", "flow": []}, "No kind of record was chosen"),
    ],
)
def test_a_backfill_that_names_nothing_is_told_so(signed_in: As, rows: Rows, form: dict[str, Any], told: str) -> None:
    asked = {"integration": "field-books", "flow": ["projects"], "verb": "show", **form}
    assert told in signed_in(Role.ACCOUNTANT).post("/plan/backfill/", asked, follow=True).content.decode()
    assert asked_of_workers() == []
