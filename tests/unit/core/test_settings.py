"""Settings as data: one way to change them, with the same refusals for pages, commands and the API."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.values import fast
from tieout.core.settings import Setting, SettingError, SettingKind, change, missing, parse, values_of

PARENT = Setting("projects", "Projects", "Keep projects in step.", SettingKind.BOOLEAN, default=False)
CHILD = Setting("mapping", "Mapping", "Map parents.", SettingKind.BOOLEAN, default=False, requires="projects")
GRANDCHILD = Setting("names", "Names", "Use names.", SettingKind.BOOLEAN, default=False, requires="mapping")
WORDS = Setting("prefix", "Prefix", "Stands before.", requires="projects")
ALONE = Setting("alone", "Alone", "Depends on nothing.", SettingKind.BOOLEAN, default=True)
SCHEMA = (PARENT, CHILD, GRANDCHILD, WORDS, ALONE)
SWITCHES = ("projects", "mapping", "names")

saved_values = st.dictionaries(st.sampled_from([s.name for s in SCHEMA if s.kind is SettingKind.BOOLEAN]), st.booleans())


def is_consistent(values: dict[str, Any]) -> bool:
    return not (values["mapping"] and not values["projects"]) and not (values["names"] and not values["mapping"])


@fast
@given(saved_values, st.permutations(SCHEMA))
def test_no_child_is_on_under_a_parent_that_is_off_in_whatever_order_the_schema_lists_them(
    saved: dict[str, bool], schema: list[Setting]
) -> None:
    assert is_consistent(values_of(schema, saved))


@fast
@given(saved_values, saved_values, st.permutations(SCHEMA))
def test_every_accepted_change_saves_what_will_stand(saved: dict[str, bool], wanted: dict[str, bool], schema: list[Setting]) -> None:
    """What is saved is what is in force: nothing waits in the store to come on by itself later."""
    try:
        changed = change(schema, saved, wanted)
    except SettingError:
        return
    in_force = values_of(schema, changed.values)
    for name, value in changed.values.items():
        assert in_force[name] == value


@fast
@given(saved_values, saved_values)
def test_a_child_comes_on_only_under_a_parent_that_was_on_before(saved: dict[str, bool], wanted: dict[str, bool]) -> None:
    before = values_of(SCHEMA, saved)
    try:
        after = values_of(SCHEMA, change(SCHEMA, saved, wanted).values)
    except SettingError:
        return
    for parent, child in itertools.pairwise(SWITCHES):
        if after[child] and not before[child]:
            assert before[parent]
            assert child in wanted


def test_an_unset_value_is_its_default_and_an_unknown_saved_one_is_left_out() -> None:
    assert values_of(SCHEMA, {"long gone": 1}) == {"projects": False, "mapping": False, "names": False, "prefix": "", "alone": True}


def test_a_child_turned_on_together_with_its_parent_is_refused_until_the_parent_is_saved() -> None:
    with pytest.raises(
        SettingError, match=r"“Mapping” cannot be turned on while “Projects” is off\. Turn that on, save, and try again\."
    ) as told:
        change(SCHEMA, {}, {"projects": True, "mapping": True})
    assert told.value.name == "mapping"
    saved = change(SCHEMA, {}, {"projects": True}).values
    assert values_of(SCHEMA, change(SCHEMA, saved, {"mapping": True}).values)["mapping"] is True


def test_a_child_turned_on_while_its_parent_is_turned_off_stays_off() -> None:
    changed = change(SCHEMA, {"projects": True}, {"projects": False, "mapping": True})
    assert changed.values["mapping"] is False
    assert values_of(SCHEMA, change(SCHEMA, changed.values, {"projects": True}).values)["mapping"] is False


def test_a_child_saved_without_its_parent_does_not_come_on_with_the_parent() -> None:
    """Such a value can come from an import of settings or from a schema that gained a dependence."""
    changed = change(SCHEMA, {"mapping": True}, {"projects": True})
    assert values_of(SCHEMA, changed.values)["mapping"] is False


def test_turning_a_parent_off_turns_everything_below_it_off_and_names_each() -> None:
    changed = change(SCHEMA, dict.fromkeys(SWITCHES, True), {"projects": False})
    assert [changed.values[name] for name in SWITCHES] == [False, False, False]
    assert changed.warnings == (
        "“Mapping” is turned off too, because it depends on “Projects”.",
        "“Names” is turned off too, because it depends on “Mapping”.",
    )


def test_turning_off_what_has_nothing_below_it_warns_of_nothing() -> None:
    assert change(SCHEMA, {"alone": True}, {"alone": False}).warnings == ()
    assert change(SCHEMA, {"projects": True}, {"projects": False}).warnings == ()


def test_a_text_below_a_switch_waits_for_it_and_can_always_be_emptied() -> None:
    with pytest.raises(SettingError, match="“Projects” is off"):
        change(SCHEMA, {}, {"prefix": "P-"})
    assert change(SCHEMA, {}, {"prefix": ""}).values["prefix"] == ""
    assert change(SCHEMA, {"projects": True}, {"prefix": "P-"}).values["prefix"] == "P-"


def test_a_saved_value_of_a_setting_that_no_longer_exists_is_carried_along() -> None:
    assert change(SCHEMA, {"long gone": ""}, {"alone": False}).values == {"long gone": "", "alone": False}


def test_a_refused_value_changes_nothing_that_came_before_it() -> None:
    saved = {"projects": True}
    with pytest.raises(SettingError):
        change(SCHEMA, saved, {"alone": False, "mapping": "perhaps"})
    assert saved == {"projects": True}


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingError, match=r"no setting named colour.*alone, mapping, names, prefix, projects"):
        change(SCHEMA, {}, {"colour": "red"})


def one(kind: SettingKind, **more: Any) -> Setting:
    return Setting("it", "It", "Say it.", kind, **more)


@pytest.mark.parametrize(
    ("setting", "raw", "value"),
    [
        (one(SettingKind.BOOLEAN), " Yes ", True),
        (one(SettingKind.BOOLEAN), "off", False),
        (one(SettingKind.BOOLEAN), "", False),
        (one(SettingKind.BOOLEAN), 1, True),
        (one(SettingKind.INTEGER, minimum=1, maximum=5), "5", 5),
        (one(SettingKind.INTEGER, minimum=1, maximum=5), 1, 1),
        (one(SettingKind.INTEGER), "-3", -3),
        (one(SettingKind.CHOICE, choices=(("a", "A"), ("b", "B"))), " a ", "a"),
        (one(SettingKind.TEXT), "  x  ", "x"),
        (one(SettingKind.TEXT), 100, "100"),
        (one(SettingKind.TEXT), None, ""),
        (one(SettingKind.SECRET), None, ""),
        (one(SettingKind.URL), None, ""),
        (one(SettingKind.URL), "https://example.com/api/", "https://example.com/api"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "P-{number}", "P-{number}"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{{{number}}}", "{{{number}}}"),
    ],
)
def test_what_a_person_or_a_file_writes_is_understood(setting: Setting, raw: Any, value: Any) -> None:
    understood = parse(setting, raw)
    assert understood == value
    assert type(understood) is type(value)


@pytest.mark.parametrize(
    ("setting", "raw", "told"),
    [
        (one(SettingKind.BOOLEAN), "maybe", "on or off"),
        (one(SettingKind.BOOLEAN), None, "on or off"),
        (one(SettingKind.INTEGER), "1.5", "whole number"),
        (one(SettingKind.INTEGER), True, "whole number"),
        (one(SettingKind.INTEGER, minimum=1, maximum=5), 0, "between 1 and 5"),
        (one(SettingKind.INTEGER, minimum=1, maximum=5), 6, "between 1 and 5"),
        (one(SettingKind.CHOICE, choices=(("a", "A"),)), "A", "one of: a"),
        (one(SettingKind.TEXT, required=True), "   ", "is missing. Say it"),
        (one(SettingKind.TEXT, required=True), None, "is missing. Say it"),
        (one(SettingKind.SECRET, required=True), "", "is missing"),
        (one(SettingKind.URL), "example.com", "starts with https://"),
        (one(SettingKind.URL, required=True), "", "starts with https://"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{name}", "does not know name"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "P", "uses no placeholder"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{{number}}", "uses no placeholder"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{number", "not a readable template"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{number.__class__}", "does not know"),
        (one(SettingKind.TEMPLATE, placeholders=("number",)), "{}", "does not know"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_accepted_forms(setting: Setting, raw: Any, told: str) -> None:
    with pytest.raises(SettingError, match=told):
        parse(setting, raw)


@fast
@given(st.text("{}:!dr>10number.[]P-", max_size=14))
def test_a_template_that_is_accepted_works_for_every_record(text: str) -> None:
    setting = one(SettingKind.TEMPLATE, placeholders=("number",))
    try:
        template = parse(setting, text)
    except SettingError:
        return
    assert "J-17" in template.format(number="J-17")


@pytest.mark.parametrize(
    "template", ["{number:d}", "{number!x}", "{number:{number}}", "{number:>9999999999}", "{number:.2f}", "{number:.0}"]
)
def test_a_template_that_would_fail_or_swell_on_a_record_is_refused(template: str) -> None:
    with pytest.raises(SettingError, match="It"):
        parse(one(SettingKind.TEMPLATE, placeholders=("number",)), template)


def test_required_settings_without_a_value_are_missing() -> None:
    schema = (one(SettingKind.TEXT, required=True), Setting("other", "Other", "x", required=True, default="given"), ALONE)
    assert [setting.name for setting in missing(schema, {})] == ["it"]
    assert [setting.name for setting in missing(schema, {"it": "", "other": ""})] == ["it", "other"]
    assert missing(schema, {"it": "x"}) == []


def test_a_secret_never_appears_in_a_refusal() -> None:
    with pytest.raises(SettingError) as told:
        change((one(SettingKind.SECRET, required=True),), {"it": "hunter2"}, {"it": "  "})
    assert "hunter2" not in str(told.value)


def test_a_date_is_kept_as_it_is_written_and_nothing_else_is_taken_for_one() -> None:
    setting = Setting("closed", "Closed through", "The last closed day.", SettingKind.DATE)
    assert (parse(setting, " 2026-03-31 "), parse(setting, ""), parse(setting, None)) == ("2026-03-31", "", "")
    with pytest.raises(SettingError, match="a date such as 2026-03-31"):
        parse(setting, "31 March")


def test_a_setting_warns_when_it_is_turned_on_and_not_when_it_stays_on_or_goes_off() -> None:
    setting = Setting("parents", "Parents", "Map parents.", SettingKind.BOOLEAN, default=False, warning="Two may write the same.")
    assert change([setting], {}, {"parents": True}).warnings == ("Two may write the same.",)
    assert change([setting], {"parents": True}, {"parents": True}).warnings == ()
    assert change([setting], {"parents": True}, {"parents": False}).warnings == ()
