"""The settings hierarchy of the article, row by row, and the defaults that keep records apart."""

from __future__ import annotations

from typing import Any

import pytest

from tieout.core.settings import Setting, SettingError, SettingKind, change, missing, values_of
from tieout.platforms.servicetitan import CONNECTION, SETTINGS, environment_of

BY_NAME = {setting.name: setting for setting in SETTINGS}
CHILDREN = ("customer_project_linkage", "project_auto_sync", "parent_project_mapping")


@pytest.mark.parametrize(
    ("name", "label", "requires", "requirement"),
    [
        pytest.param("enable_projects", "Enable Intacct Projects", "", "R-ST-10", marks=pytest.mark.req("R-ST-10")),
        pytest.param(
            "customer_project_linkage",
            "Enable Customer-Project Linkage",
            "enable_projects",
            "R-ST-11",
            marks=pytest.mark.req("R-ST-11"),
        ),
        pytest.param(
            "project_auto_sync",
            "Enable Project Automatic Synchronization",
            "enable_projects",
            "R-ST-12",
            marks=pytest.mark.req("R-ST-12"),
        ),
        pytest.param(
            "parent_project_mapping", "Enable Parent Project Mapping", "enable_projects", "R-ST-13", marks=pytest.mark.req("R-ST-13")
        ),
        pytest.param("use_project_name", "Use Project Name for Intacct Project Name", "", "R-ST-14", marks=pytest.mark.req("R-ST-14")),
    ],
)
def test_each_switch_of_the_article_has_its_name_and_its_parent(name: str, label: str, requires: str, requirement: str) -> None:
    setting = BY_NAME[name]
    assert (setting.label, setting.requires, setting.requirement) == (label, requires, requirement)
    assert (setting.kind, setting.default) == (SettingKind.BOOLEAN, False)


@pytest.mark.req("R-ST-15", "R-ST-29")
@pytest.mark.parametrize("child", CHILDREN)
def test_a_child_is_refused_until_its_parent_is_on_and_saved(child: str) -> None:
    with pytest.raises(SettingError, match="Enable Intacct Projects"):
        change(SETTINGS, {}, {child: True})
    with pytest.raises(SettingError, match="Turn that on, save, and try again"):
        change(SETTINGS, {}, {"enable_projects": True, child: True})
    saved = change(SETTINGS, {}, {"enable_projects": True}).values
    assert values_of(SETTINGS, change(SETTINGS, saved, {child: True}).values)[child] is True


@pytest.mark.req("R-ST-15")
@pytest.mark.parametrize("child", CHILDREN)
def test_turning_the_parent_off_turns_each_child_off_and_says_so(child: str) -> None:
    saved = {"enable_projects": True, child: True}
    changed = change(SETTINGS, saved, {"enable_projects": False})
    assert changed.values[child] is False
    assert any(BY_NAME[child].label in warning for warning in changed.warnings)


@pytest.mark.req("R-ST-14")
def test_using_the_project_name_depends_on_nothing() -> None:
    assert change(SETTINGS, {}, {"use_project_name": True}).values == {"use_project_name": True}


def test_turning_parent_mapping_on_warns_of_the_vendors_own_integration() -> None:
    assert "off in ServiceTitan first" in BY_NAME["parent_project_mapping"].help


def test_default_ids_of_a_job_and_a_project_with_one_number_differ() -> None:
    values = values_of(SETTINGS, {})
    assert values["job_project_id"].format(jobNumber="1001", id=1) != values["project_id"].format(number="1001", id=1)


def test_default_names_and_ids_read_as_people_expect() -> None:
    values = values_of(SETTINGS, {})
    assert values["job_project_id"].format(jobNumber="1001") == "1001"
    assert values["project_id"].format(number="77") == "P-77"
    assert values["job_name"].format(jobNumber="1001", customerName="Acme Homes") == "1001 Acme Homes"
    assert values["customer_id"].format(id="101") == "C-101"
    assert values["customer_name"].format(name="Acme Homes", id="101") == "Acme Homes (101)"


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("job_project_id", "JOB"),
        ("project_id", "{name}"),
        ("job_name", "{jobNumber} {technician}"),
        ("customer_id", "{id"),
        ("project_id", "{}"),
    ],
)
def test_a_template_that_would_give_equal_or_unknown_text_is_refused(name: str, template: str) -> None:
    with pytest.raises(SettingError):
        change(SETTINGS, {}, {name: template})


@pytest.mark.parametrize(
    ("name", "value"),
    [("project_category", "Residential"), ("inactive_handling", "delete")],
)
def test_a_choice_outside_its_list_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match="must be one of"):
        change(SETTINGS, {}, {name: value})


def test_deleting_in_the_books_is_not_offered() -> None:
    assert {value for value, _ in BY_NAME["inactive_handling"].choices} == {"deactivate", "keep"}


def test_a_connection_needs_four_values_and_nothing_more() -> None:
    assert [setting.name for setting in missing(CONNECTION, {})] == ["tenant", "client_id", "client_secret", "app_key"]
    assert values_of(CONNECTION, {})["poll_seconds"] == 45


def test_everything_that_must_stay_secret_is_marked_so() -> None:
    assert {setting.name for setting in CONNECTION if setting.kind is SettingKind.SECRET} == {"client_secret", "app_key", "webhook_key"}


@pytest.mark.parametrize("seconds", [0, 14, 3601, "often"])
def test_polling_too_often_or_too_rarely_is_refused(seconds: Any) -> None:
    with pytest.raises(SettingError, match="Seconds between polls"):
        change(CONNECTION, {}, {"poll_seconds": seconds})


def test_the_integration_environment_is_a_test_system_and_everything_else_is_production() -> None:
    assert environment_of({"environment": "integration"}) == "test"
    assert environment_of({"environment": "production"}) == environment_of({}) == "production"


@pytest.mark.parametrize("setting", [*CONNECTION, *SETTINGS], ids=lambda setting: setting.name)
def test_every_setting_explains_itself_and_names_its_source(setting: Setting) -> None:
    assert setting.help.endswith(".")
    assert setting.requirement
    assert setting.group
    assert setting.kind is not SettingKind.CHOICE or setting.default in dict(setting.choices)
