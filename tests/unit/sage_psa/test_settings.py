"""What can be set, with the defaults of the article."""

from __future__ import annotations

from typing import Any

import pytest

from tieout.core.settings import Setting, SettingError, SettingKind, change, missing, values_of
from tieout.platforms.sage_psa import CONNECTION, SETTINGS, environment_of
from tieout.platforms.sage_psa.client import BASE_URL

DEFAULTS = values_of(SETTINGS, {})


def test_a_connection_needs_a_key_and_nothing_more() -> None:
    assert [setting.name for setting in missing(CONNECTION, {})] == ["api_key"]
    assert values_of(CONNECTION, {})["base_url"] == BASE_URL


def test_everything_that_must_stay_secret_is_marked_so() -> None:
    assert {setting.name for setting in CONNECTION if setting.kind is SettingKind.SECRET} == {"api_key", "webhook_secret"}


@pytest.mark.parametrize("seconds", [0, 29, 3601, "often"])
def test_polling_too_often_or_too_rarely_is_refused(seconds: Any) -> None:
    with pytest.raises(SettingError, match="Seconds between polls"):
        change(CONNECTION, {}, {"poll_seconds": seconds})


def test_only_a_trial_account_is_a_test_system() -> None:
    assert environment_of({"environment": "test"}) == "test"
    assert environment_of({"environment": "production"}) == environment_of({}) == "production"


def test_the_defaults_are_those_of_the_article() -> None:
    assert (DEFAULTS["project_direction"], DEFAULTS["financials_enabled"]) == ("two-way", False)
    assert (DEFAULTS["end_date_days"], DEFAULTS["missing_end_date"]) == (365, "skip")
    assert (DEFAULTS["category_billable"], DEFAULTS["category_non_billable"]) == ("Contract", "Internal Non-Billable")
    assert DEFAULTS["export_opportunities"] is DEFAULTS["export_planning"] is True
    assert DEFAULTS["project_id"].format(company_project_id=46, id=9) == "46"


def test_projects_can_be_led_by_sage_psa_but_not_by_the_books() -> None:
    directions = next(setting for setting in SETTINGS if setting.name == "project_direction")
    assert {value for value, _ in directions.choices} == {"two-way", "to-intacct"}


def test_deleting_in_the_books_is_not_offered() -> None:
    for name in ("deleted_project", "inactive_customer"):
        choices = next(setting for setting in SETTINGS if setting.name == name).choices
        assert not any("delete" in value for value, _ in choices)


@pytest.mark.parametrize("template", ["P", "{name}", "{", "{company_project_id:>5}"])
def test_a_template_that_would_give_equal_or_unknown_text_is_refused(template: str) -> None:
    with pytest.raises(SettingError):
        change(SETTINGS, {}, {"project_id": template})


@pytest.mark.parametrize("setting", [*CONNECTION, *SETTINGS], ids=lambda setting: setting.name)
def test_every_setting_explains_itself_and_names_its_source(setting: Setting) -> None:
    assert setting.help.endswith(".")
    assert setting.requirement
    assert setting.group
    assert setting.kind is not SettingKind.CHOICE or setting.default in dict(setting.choices)
