"""The rules that flows of every kind are made of: reading fields and settings, names within lengths, merges followed, states."""

from __future__ import annotations

import html
import re

from tieout.core.flow import Convert, FieldMap, Read, View, member
from tieout.core.record import Ref, Value
from tieout.platforms.servicetitan.records import is_active

NAME_LENGTH = 100
ADDRESS_LENGTH = 80


def setting(name: str) -> Read:
    """A rule whose value is a setting; an empty one is no value."""
    return lambda view: view.settings.get(name) or None


def cut(length: int) -> Convert:
    """At most `length` characters; a cut text ends with an ellipsis, so that a reader sees it."""

    def convert(value: Value, view: View) -> Value:
        text = "" if value is None else " ".join(str(value).split())
        return text if len(text) <= length else text[: length - 1].rstrip() + "…"

    return convert


_TAG = re.compile(r"<[^<>]*>")


def plain(value: Value) -> str:
    """Text without the marks of HTML, on one line; descriptions carry them (servicetitan A)."""
    return " ".join(html.unescape(_TAG.sub(" ", "" if value is None else str(value))).split())


def survivor(view: View, ref: Ref) -> Ref:
    """The customer or location that a merged one became (servicetitan D13); itself if it was never merged or only in a circle."""
    last, passed = ref, {ref}
    while isinstance(into := view.look(last).fields.get("mergedToId"), Ref):
        if into in passed:
            return ref
        passed.add(into)
        last = into
    return last


def surviving(name: str) -> Read:
    """A rule that reads a reference to a customer and follows merges."""

    def read(view: View) -> Value:
        ref = view.ref(name)
        return survivor(view, ref) if ref is not None else None

    return read


def named(view: View, name: str) -> str:
    """The name of the record a field refers to; empty if the field is empty."""
    ref = view.ref(name)
    return str(view.look(ref).fields.get("name") or "") if ref is not None else ""


def status(view: View) -> Value:
    """“active” or “inactive”; a record is never deleted in the books (servicetitan D12)."""
    if view.settings.get("inactive_handling") == "keep":
        return "active"
    return "inactive" if is_active(view.record) is False or view.ref("mergedToId") is not None else "active"


def template(view: View, setting_name: str, **values: str) -> str:
    """The template of a setting, filled in."""
    return str(view.settings[setting_name]).format(**values).strip()


def address(path: str) -> tuple[FieldMap, ...]:
    """The mailing address of a customer or vendor, read at a path."""
    parts = (("street", "ADDRESS1", "street", ADDRESS_LENGTH), ("unit", "ADDRESS2", "unit", ADDRESS_LENGTH))
    places = (("city", "CITY", "city", ADDRESS_LENGTH), ("state", "STATE", "state", 40), ("zip", "ZIP", "ZIP code", 30))
    return tuple(
        FieldMap(f"DISPLAYCONTACT.MAILADDRESS.{column}", member(f"{path}.{part}"), cut(length), label=label)
        for part, column, label, length in (*parts, *places)
    )
