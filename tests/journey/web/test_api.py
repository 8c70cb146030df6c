"""The REST API: it takes a token or a session, and refuses what the page refuses, in the same words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tieout.engine.pairs import settings_of
from tieout.store.models import Integration, Journal, SettingValue
from tieout.web import tokens
from tieout.web.roles import Role

ADDRESS = "/api/v1/integrations/field-books/settings"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def bearer(signed_in: As) -> dict[Role, str]:
    """A token of somebody of each role."""
    for role in (Role.ADMINISTRATOR, Role.ACCOUNTANT, Role.VIEWER):
        signed_in(role)
    people = {role: User.objects.get(username=role.value) for role in (Role.ADMINISTRATOR, Role.ACCOUNTANT, Role.VIEWER)}
    return {role: tokens.make(person, "tests", NOW) for role, person in people.items()}


def change(token: str, values: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
    """What the API answers to a change."""
    body = {"values": values, **more}
    answer = Client().patch(ADDRESS, body, "application/json", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def saved() -> dict[str, Any]:
    return settings_of(Integration.objects.get())


@pytest.mark.req("R-ST-15", "R-ST-29")
@pytest.mark.parametrize("child", ["customer_project_linkage", "project_auto_sync", "parent_project_mapping"])
def test_a_child_is_refused_until_its_parent_is_saved_as_on_the_page(child: str, rows: Rows, bearer: dict[Role, str]) -> None:
    token = bearer[Role.ADMINISTRATOR]
    for values in ({child: True}, {"enable_projects": True, child: True}):
        status, answer = change(token, values)
        assert (status, answer["setting"]) == (422, child)
        assert "“Enable Intacct Projects” is off" in answer["error"]
    assert not SettingValue.objects.exists()
    assert change(token, {"enable_projects": True})[0] == 200
    assert change(token, {child: True}, confirmed=True)[0] == 200
    assert saved()[child] is True


def test_turning_a_parent_off_names_its_children_and_is_saved_only_when_confirmed(rows: Rows, bearer: dict[Role, str]) -> None:
    for name in ("enable_projects", "project_auto_sync"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    status, answer = change(bearer[Role.ADMINISTRATOR], {"enable_projects": False})
    assert status == 409
    parent, child = answer["warnings"]
    assert "documents go there without a project" in parent
    assert "“Enable Project Automatic Synchronization” is turned off too" in child
    assert "go only on request, or when a document needs them" in child
    assert saved()["project_auto_sync"] is True
    assert change(bearer[Role.ADMINISTRATOR], {"enable_projects": False}, confirmed=True)[0] == 200
    assert (saved()["enable_projects"], saved()["project_auto_sync"]) == (False, False)
    assert any("administrator changed the setting" in text for text in Journal.objects.values_list("text", flat=True))


def test_nobody_reads_or_changes_more_than_on_the_pages(rows: Rows, bearer: dict[Role, str]) -> None:
    assert change("tieout_nobody", {"enable_projects": True})[0] == 401
    assert change(bearer[Role.ACCOUNTANT], {"enable_projects": True})[0] == 403
    reading = {role: Client().get(ADDRESS, headers={"Authorization": f"Bearer {token}"}).status_code for role, token in bearer.items()}
    assert reading == {Role.ADMINISTRATOR: 200, Role.ACCOUNTANT: 200, Role.VIEWER: 403}
    assert Client().get(ADDRESS).status_code == 401
    assert not SettingValue.objects.exists()


def test_a_session_needs_the_page_s_own_token_to_change_anything(rows: Rows, signed_in: As) -> None:
    signed_in(Role.ADMINISTRATOR)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="administrator"), "django.contrib.auth.backends.ModelBackend")
    shown = {each["name"]: each for each in client.get(ADDRESS).json()}
    assert (shown["enable_projects"]["value"], shown["project_auto_sync"]["may_be_set"]) == (False, False)
    assert client.patch(ADDRESS, {"values": {"enable_projects": True}}, "application/json").status_code == 403
    assert not SettingValue.objects.exists()


def test_a_revoked_token_and_one_of_a_person_who_left_open_nothing(rows: Rows, bearer: dict[Role, str]) -> None:
    person = User.objects.get(username="administrator")
    assert tokens.owner(bearer[Role.ADMINISTRATOR], NOW) == person
    assert tokens.revoke(person, "tests", NOW) == 1
    assert change(bearer[Role.ADMINISTRATOR], {"enable_projects": True})[0] == 401
    User.objects.filter(username="accountant").update(is_active=False)
    assert tokens.owner(bearer[Role.ACCOUNTANT], NOW) is None
