"""Settings as data: a schema declared by an adapter, and the rules that every change of values obeys.

Pages, the command line and the API all go through `change`, so what one refuses the others refuse too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any
from zoneinfo import available_timezones

from tieout.core.schedule import windows


class SettingKind(StrEnum):
    """How a setting's value is written and shown."""

    BOOLEAN = "boolean"
    TEXT = "text"
    SECRET = "secret"  # stored encrypted, never shown  # noqa: S105
    INTEGER = "integer"
    CHOICE = "choice"
    NAMES = "names"  # any of its choices, kept as text with commas in between
    URL = "url"
    TEMPLATE = "template"  # text with {placeholders}
    HOURS = "hours"  # hours of the week, as `core.schedule.windows` reads them
    ZONE = "zone"  # the name of a time zone
    DATE = "date"  # kept as text, YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        requires: the boolean setting that must be on, and saved, before this one can be set.
        placeholders: the names a template may use.
        minimum, maximum: inclusive bounds of an integer.
        requirement: the number of the requirement or reference section it comes from.
        warning: what a person is told when the setting is turned on or given a value.
        off: what turning it off leads to, in a sentence that begins with “Then”.
    """

    name: str
    label: str
    help: str
    kind: SettingKind = SettingKind.TEXT
    default: Any = ""
    required: bool = False
    requires: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    placeholders: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    group: str = ""
    requirement: str = ""
    warning: str = ""
    off: str = ""


Schema = Sequence[Setting]


class SettingError(ValueError):
    """A change of settings that cannot be saved; its text names the setting, the cause and the next step."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome of a change: all values to save, and what the user must be told about further effects."""

    values: Mapping[str, Any]
    warnings: tuple[str, ...] = ()


def values_of(schema: Schema, saved: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting's value: the saved one, else the default. A child whose parent is off is off."""
    values = {setting.name: saved.get(setting.name, setting.default) for setting in schema}
    children = [setting for setting in schema if setting.requires and setting.kind is SettingKind.BOOLEAN]
    while off := [child.name for child in children if values[child.name] and not values[child.requires]]:
        values |= dict.fromkeys(off, False)
    return values


def change(schema: Schema, saved: Mapping[str, Any], wanted: Mapping[str, Any]) -> Change:
    """Apply `wanted` to the saved values.

    A child can be turned on only if its parent was on and saved before this change (R-ST-15). Turning a parent
    off turns its children off and says so, and what is saved is what is in force: no child waits in the store to come
    on by itself later. Raises SettingError for the first value that cannot be accepted.
    """
    by_name = {setting.name: setting for setting in schema}
    before = values_of(schema, saved)
    after = {name: before.get(name, value) for name, value in saved.items()}
    warnings: list[str] = []
    for name, raw in wanted.items():
        setting = by_name.get(name)
        if setting is None:
            raise SettingError(name, f"There is no setting named {name}. Known settings: {', '.join(sorted(by_name))}.")
        value = parse(setting, raw)
        if setting.requires and not before[setting.requires] and value != before[name] and value not in (False, "", None):
            parent = by_name[setting.requires]
            raise SettingError(
                name, f"“{setting.label}” cannot be turned on while “{parent.label}” is off. Turn that on, save, and try again."
            )
        after[name] = value
        if setting.warning and value and value != before[name]:
            warnings.append(setting.warning)
    in_force = values_of(schema, after)
    for child in schema:
        if (before[child.name] or child.name in wanted) and after.get(child.name, child.default) and not in_force[child.name]:
            after[child.name] = False
            parent = by_name[child.requires]
            told = f"“{child.label}” is turned off too, because it depends on “{parent.label}”. {child.off}".strip()
            warnings += [text for text in (parent.off, told) if text]
    return Change(after, tuple(dict.fromkeys(warnings)))


def parse(setting: Setting, raw: Any) -> Any:
    """The value a person or a file meant by `raw`. Raises SettingError with the accepted forms."""
    words = "" if raw is None else str(raw).strip()
    match setting.kind:
        case SettingKind.BOOLEAN:
            return _boolean(setting, raw)
        case SettingKind.INTEGER:
            return _integer(setting, raw)
        case SettingKind.CHOICE:
            if words not in dict(setting.choices):
                raise SettingError(setting.name, f"“{setting.label}” must be one of: {', '.join(value for value, _ in setting.choices)}.")
            return words
        case SettingKind.NAMES:
            return _names(setting, words)
        case SettingKind.URL:
            return _url(setting, words)
        case SettingKind.TEMPLATE:
            return _template(setting, words)
        case SettingKind.DATE:
            return _date(setting, words)
        case SettingKind.HOURS:
            return _hours(setting, words)
        case SettingKind.ZONE:
            return _zone(setting, words)
        case _:
            if setting.required and not words:
                raise SettingError(setting.name, f"“{setting.label}” is missing. {setting.help}")
            return words


def missing(schema: Schema, values: Mapping[str, Any]) -> list[Setting]:
    """The required settings that have no value yet."""
    return [setting for setting in schema if setting.required and values.get(setting.name, setting.default) in ("", None)]


def _boolean(setting: Setting, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text in ("true", "on", "yes", "1"):
        return True
    if text in ("false", "off", "no", "0", ""):
        return False
    raise SettingError(setting.name, f"“{setting.label}” must be on or off, not “{raw}”.")


def _integer(setting: Setting, raw: Any) -> int:
    try:
        value = int(str(raw).strip())
    except ValueError:
        raise SettingError(setting.name, f"“{setting.label}” must be a whole number, not “{raw}”.") from None
    low, high = setting.minimum, setting.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise SettingError(setting.name, f"“{setting.label}” must be between {low} and {high}, not {value}.")
    return value


def _names(setting: Setting, text: str) -> str:
    wanted = {part.strip() for part in text.split(",")} - {""}
    known = [name for name, _ in setting.choices]
    if unknown := sorted(wanted - set(known)):
        raise SettingError(setting.name, f"“{setting.label}” does not know {', '.join(unknown)}. It may hold any of: {', '.join(known)}.")
    return ", ".join(name for name in known if name in wanted)


def _hours(setting: Setting, text: str) -> str:
    try:
        windows(text)
    except ValueError as error:
        raise SettingError(setting.name, f"“{setting.label}”: {error}") from None
    return text


def _zone(setting: Setting, text: str) -> str:
    if text not in available_timezones():
        raise SettingError(setting.name, f"“{setting.label}” must be the name of a time zone, such as America/Chicago, not “{text}”.")
    return text


def _url(setting: Setting, text: str) -> str:
    if not text and not setting.required:
        return ""
    if not text.startswith(("https://", "http://")):
        raise SettingError(setting.name, f"“{setting.label}” must be a web address that starts with https://, not “{text}”.")
    return text.rstrip("/")


def _date(setting: Setting, text: str) -> str:
    if not text and not setting.required:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise SettingError(setting.name, f"“{setting.label}” must be a date such as 2026-03-31, not “{text}”.") from None


def _template(setting: Setting, text: str) -> str:
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise SettingError(setting.name, f"“{setting.label}” is not a readable template: {error}.") from None
    used = {str(name) for _, name, _, _ in parts}
    if any(form or conversion for _, _, form, conversion in parts):
        raise SettingError(setting.name, f"“{setting.label}” may use a placeholder as it is, without “:” or “!” inside the braces.")
    unknown = sorted(used - set(setting.placeholders))
    if unknown or not used:
        known = ", ".join("{" + name + "}" for name in setting.placeholders)
        what = f"does not know {', '.join(unknown)}" if unknown else "uses no placeholder"
        raise SettingError(setting.name, f"“{setting.label}” {what}. Use at least one of {known}.")
    return text
