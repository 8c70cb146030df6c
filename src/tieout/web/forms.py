"""Settings as fields of a form: what each shows, what locks it, and what a post of the form asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict

from tieout.core.settings import Schema, Setting, SettingKind

SHOWN = "shown"  # names the fields a form holds, because an unticked box is not posted


@dataclass(frozen=True, slots=True)
class Field:
    """One setting in a form.

    Attributes:
        value: what the field holds. depth: how many parents stand above it.
        locked_by: the label of the parent that must be on and saved first; empty if the field can be set.
        error: why what was typed cannot be saved.
        stored: of a secret, whether there is one.
    """

    setting: Setting
    value: Any
    depth: int = 0
    locked_by: str = ""
    error: str = ""
    stored: bool = False

    @property
    def input_type(self) -> str:
        """The type of an input element that fits."""
        return {
            SettingKind.INTEGER: "number",
            SettingKind.DATE: "date",
            SettingKind.URL: "url",
            SettingKind.SECRET: "password",
        }.get(self.setting.kind, "text")

    @property
    def is_many(self) -> bool:
        """Whether any of its choices can be taken."""
        return self.setting.kind is SettingKind.NAMES

    @property
    def taken(self) -> frozenset[str]:
        """The choices that are taken."""
        return frozenset(str(self.value).split(", "))

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return self.setting.kind is SettingKind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand in one card."""

    label: str
    fields: tuple[Field, ...]

    @property
    def is_open(self) -> bool:
        """Whether a person must see it: something in it is needed, or was refused."""
        return any(field.setting.required or field.error for field in self.fields)


def groups(
    schema: Schema,
    saved: Mapping[str, Any],
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    secrets: Iterable[str] = (),
) -> list[Group]:
    """The fields of a schema in cards, in its order.

    Args:
        saved: the values in force; they alone decide what is locked (R-ST-15).
        typed: what a refused post held, shown instead of the saved values.
        secrets: the names of secrets that are stored; their values are never shown.
    """
    by_name = {setting.name: setting for setting in schema}
    known = set(secrets)
    fields = []
    for setting in schema:
        value = {**saved, **(typed or {})}.get(setting.name, setting.default)
        parent = by_name.get(setting.requires)
        fields.append(
            Field(
                setting,
                "" if setting.kind is SettingKind.SECRET else value,
                depth=_depth(setting, by_name),
                locked_by=parent.label if parent and not saved.get(parent.name) else "",
                error=(errors or {}).get(setting.name, ""),
                stored=setting.name in known,
            )
        )
    order = list(dict.fromkeys(field.setting.group for field in fields))
    fields.sort(key=lambda field: order.index(field.setting.group))
    return [Group(label, tuple(found)) for label, found in groupby(fields, key=lambda field: field.setting.group)]


def _depth(setting: Setting, by_name: Mapping[str, Setting]) -> int:
    depth = 0
    while setting.requires in by_name:
        setting, depth = by_name[setting.requires], depth + 1
    return depth


def posted(schema: Schema, post: QueryDict, saved: Mapping[str, Any]) -> dict[str, Any]:
    """What a post wants to be different from what is saved; a secret left empty stays what it is."""
    shown = set(post.getlist(SHOWN))
    wanted: dict[str, Any] = {}
    for setting in schema:
        if setting.name not in shown:
            continue
        text = ", ".join(post.getlist(setting.name)).replace("\x00", "").strip()
        if setting.kind is SettingKind.BOOLEAN:
            if (text == "on") != bool(saved.get(setting.name, setting.default)):
                wanted[setting.name] = text == "on"
        elif setting.kind is SettingKind.SECRET:
            if text:
                wanted[setting.name] = text
        elif text != str(saved.get(setting.name, setting.default)):
            wanted[setting.name] = text
    return wanted


def shown_value(setting: Setting, value: Any) -> str:
    """A setting's value as people say it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return dict(setting.choices).get(str(value), str(value)) or "empty"
