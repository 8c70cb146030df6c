"""The pages of settings and mapping tables: what they lock, what they show before saving, what they refuse, and who did it."""

from __future__ import annotations

import io

import pytest

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tieout.engine.pairs import settings_of
from tieout.store.models import Integration, Journal, MappingRow
from tieout.web.roles import Role

PAGE = "/settings/field-books/"
SAVE = "/settings/field-books/save/"
UNITS = "/settings/field-books/tables/business-units/"
CHILDREN = ("customer_project_linkage", "project_auto_sync", "parent_project_mapping")


def saved() -> dict[str, object]:
    return settings_of(Integration.objects.get(name="field-books"))


def switch(client, *on: str, shown: tuple[str, ...], **more: str):
    return client.post(SAVE, {"shown": list(shown), **dict.fromkeys(on, "on"), **more}, follow=True)


def box(text: str, name: str) -> str:
    """The checkbox of a setting as the page holds it."""
    start = text.index(f'name="{name}"')
    return text[text.rindex("<", 0, start) : text.index(">", start)]


@pytest.mark.req("R-ST-15")
def test_the_card_of_the_article_shows_each_child_locked_below_its_parent(signed_in: As, rows: Rows) -> None:
    text = signed_in(Role.ADMINISTRATOR).get(PAGE).content.decode()
    assert "<h1" in text
    assert "Settings › Accounting › Sage Intacct" in text
    assert "Integration Settings" in text
    assert "disabled" not in box(text, "enable_projects")
    for child in CHILDREN:
        assert "disabled" in box(text, child)
    assert text.count("Turn on “Enable Intacct Projects” and save first.") == len(CHILDREN)


@pytest.mark.req("R-ST-15", "R-ST-29")
def test_a_child_can_be_set_once_its_parent_is_on_and_saved(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    refused = switch(client, "enable_projects", "project_auto_sync", shown=("enable_projects", "project_auto_sync"))
    assert refused.status_code == 422
    assert "cannot be turned on while “Enable Intacct Projects” is off" in refused.content.decode()
    assert not saved()["enable_projects"]

    switch(client, "enable_projects", shown=("enable_projects",))
    assert "disabled" not in box(client.get(PAGE).content.decode(), "project_auto_sync")
    switch(client, "enable_projects", "project_auto_sync", shown=("enable_projects", "project_auto_sync"))
    assert saved()["project_auto_sync"]


@pytest.mark.req("R-ST-15")
def test_turning_a_parent_off_names_the_children_it_turns_off_before_anything_is_saved(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    switch(client, "enable_projects", shown=("enable_projects",))
    switch(client, "enable_projects", "project_auto_sync", shown=("enable_projects", "project_auto_sync"))

    asked = switch(client, "project_auto_sync", shown=("enable_projects", "project_auto_sync")).content.decode()
    assert "Nothing has been saved yet" in asked
    assert "“Enable Project Automatic Synchronization” is turned off too" in asked
    assert saved()["enable_projects"]

    switch(client, shown=("enable_projects",), confirmed="yes")
    assert not saved()["enable_projects"]
    assert not saved()["project_auto_sync"]


def test_every_change_says_who_made_it_and_when(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    switch(client, "enable_projects", shown=("enable_projects",))
    entry = Journal.objects.get(event="setting changed")
    assert entry.text == "administrator changed the setting “Enable Intacct Projects” from off to on."
    text = client.get(PAGE).content.decode()
    assert entry.text in text
    assert f'datetime="{entry.at.isoformat()}"' in text


def test_a_value_that_cannot_be_saved_is_shown_again_with_the_reason_beside_its_field(signed_in: As, rows: Rows) -> None:
    answer = switch(signed_in(Role.ADMINISTRATOR), shown=("job_project_id",), job_project_id="{nonsense}")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "does not know nonsense. Use at least one of {jobNumber}, {id}." in text
    assert 'value="{nonsense}"' in text
    assert saved()["job_project_id"] == "{jobNumber}"


def test_saving_without_a_change_saves_nothing_and_says_so(signed_in: As, rows: Rows) -> None:
    answer = switch(signed_in(Role.ADMINISTRATOR), shown=("enable_projects", "job_project_id"), job_project_id="{jobNumber}")
    assert "Nothing was changed." in answer.content.decode()
    assert not Journal.objects.filter(event="setting changed").exists()


def test_an_accountant_sees_the_settings_but_changes_only_the_mapping_tables(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    assert "disabled" in box(client.get(PAGE).content.decode(), "enable_projects")
    assert client.post(SAVE, {"shown": "enable_projects", "enable_projects": "on"}).status_code == 403
    lines = {"column-business_unit": ["10", ""], "column-location": ["100", ""], "column-department": ["", ""]}
    lines |= {"column-class": ["", ""], "column-entity": ["", ""], "column-since": ["", ""]}
    assert client.post(UNITS + "save/", lines).status_code == 302
    assert MappingRow.objects.get().values["location"] == "100"


def test_a_mapping_table_is_replaced_by_a_file_and_downloaded_again(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    file = io.BytesIO(b"business_unit,location\nHVAC,100\nPlumbing,200\n")
    file.name = "units.csv"
    answer = client.post(UNITS + "save/", {"file": file}, follow=True)
    assert "“Business units” has 2 rows now." in answer.content.decode()
    text = client.get(UNITS + "table.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1] == "HVAC,100,,,,"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"business_unit,nonsense\nHVAC,1\n", "has nonsense"),
        (b"business_unit,location\n,1\n", "has an empty key"),
        (b"business_unit,location\nHVAC,1\nhvac,2\n", "says the same keys"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)
def test_a_table_that_cannot_be_saved_is_refused_with_the_line_and_the_reason(
    content: bytes, reason: str, signed_in: As, rows: Rows
) -> None:
    file = io.BytesIO(content)
    file.name = "units.csv"
    answer = signed_in(Role.ACCOUNTANT).post(UNITS + "save/", {"file": file})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not MappingRow.objects.exists()


def test_a_problem_about_a_missing_row_leads_to_its_table_and_the_table_to_it(signed_in: As, rows: Rows) -> None:
    rows.record("7")
    problem = rows.problem("7", code="mapping.unmatched", cause="The mapping table “Business units” has no row for “HVAC”.")
    client = signed_in(Role.ACCOUNTANT)
    assert f'href="{UNITS}"' in client.get(f"/problems/{problem.pk}/").content.decode()
    text = client.get(UNITS).content.decode()
    assert "has no row for “HVAC”" in text
    assert f'href="/problems/{problem.pk}/"' in text


def test_tables_and_integrations_that_are_not_there_are_said_not_to_be(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    for address in ("/settings/nothing/", "/settings/field-books/tables/nothing/", "/connect/nothing/", "/connections/nothing/change/"):
        assert client.get(address).status_code == 404, address


def test_kinds_that_wait_for_an_approval_are_ticked_and_unticked(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ADMINISTRATOR)
    client.post(SAVE, {"shown": ["approvals"], "approvals": ["projects", "jobs"]})
    assert saved()["approvals"] == "projects, jobs"
    text = client.get(PAGE).content.decode()
    assert [f'name="approvals" value="{name}" checked' in text for name in ("customers", "projects", "jobs")] == [False, True, True]
    client.post(SAVE, {"shown": ["approvals"]})
    assert saved()["approvals"] == ""
