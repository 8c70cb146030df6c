"""Turns what a write carries into values the object keeps: shape, type, length, pick list, reference (intacct-xml §2.1, §4.1, §4.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tieout.sandbox.intacct.fields import Choice, Field, Keeping, Kind, Lines, Need, Owned, Part, Type
from tieout.sandbox.intacct.formatting import Formatting
from tieout.sandbox.intacct.references import is_deferred, resolve_deferred, target_of
from tieout.sandbox.intacct.values import BadLiteral, is_before, kept
from tieout.sandbox.intacct.wording import Problem, Refusal, business, invalid, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

Given = dict[str, Any]
_DAY = ("year", "month", "day")
JOINT = "#~#"  # joins the values of a multi-picklist (intacct-xml §4.1)
_SPACES = re.compile(r" {2,}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Values:
    """Checked values: own fields with the keys of what they refer to, parts' own values, lists of lines, and rows to own.

    `owned` holds what was sent for each container; its rows are checked as they are written.
    """

    own: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Given] = field(default_factory=dict)
    lines: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    owned: dict[str, list[Given]] = field(default_factory=dict)


def given_in(work: Work, element: etree._Element, kind: Kind) -> Given:
    """The values in an object element by dotted upper-case name; lines as lists. An empty element is an empty text.

    Dates are taken as the user writes them.
    """
    return work.formatting.given(kind, _given_in(work, element, kind), work.company.kinds)


def _given_in(work: Work, element: etree._Element, kind: Kind) -> Given:
    form = work.formatting
    found: Given = {}
    lines = {each.name: each for each in kind.lines}
    owned = {each.name: each for each in kind.owned}
    for child in element:
        name = str(child.tag).upper()
        if name in lines:
            found.setdefault(name, []).extend(_lines_in(form, child, lines[name]))
        elif name in owned:
            found.setdefault(name, []).extend(_owned_in(work, child, owned[name]))
        else:
            _flatten(form, child, name, found)
    return found


def flattened(values: Mapping[str, Any], prefix: str = "") -> Given:
    """The same from nested JSON, for rows added past the API."""
    found: Given = {}
    for name, value in values.items():
        full = f"{prefix}{name.upper()}"
        if isinstance(value, Mapping):
            found.update(flattened(value, f"{full}."))
        elif isinstance(value, list):
            found[full] = [flattened(each) for each in value]
        else:
            found[full] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return found


def checked(work: Work, kind: Kind, given: Given, *, old: Row | None = None, preset: Mapping[str, Any] | None = None) -> Values:
    """Checks every value sent, then what is required; raises Refusal. `old` is the row an update changes.

    `preset` are columns a create has without their being sent, such as the owner's of an owned row.
    """
    values = Values()
    for name, value in given.items():
        _take(work, kind, name, value, values, old)
    base = (preset or {}) if old is None else old
    resolve_deferred(work, kind, values.own, base, old)
    demanding: tuple[Field | Part | Owned, ...] = (*kind.fields, *kind.parts, *kind.owned)
    for each in demanding:
        if _is_lacking(work, kind, each, values, base if old is None else {}, old):
            raise Refusal(missing(kind, each if isinstance(each, Field) else Field(each.name)))
    for earlier, later in kind.periods:
        first, last = (values.own.get(name, base.get(name, "")) for name in (earlier, later))
        if first and last and is_before(last, first):
            by_name = kind.by_name
            raise Refusal(invalid(kind, by_name[later], f"{by_name[later].title} is before {by_name[earlier].title}."))
    return values


def _flatten(form: Formatting, element: etree._Element, name: str, found: Given) -> None:
    if len(element) == 0:
        found[name] = (element.text or "").strip()
        return
    if tuple(str(child.tag) for child in element) == _DAY:  # the vendor's SDK writes some dates so (intacct-xml §9.1)
        year, month, day = ((child.text or "").strip() for child in element)
        found[name] = form.written(year, month, day)
        return
    for child in element:
        _flatten(form, child, f"{name}.{str(child.tag).upper()}", found)


def _lines_in(form: Formatting, element: etree._Element, lines: Lines) -> list[Given]:
    if lines.item:
        if any(str(child.tag).upper() != lines.item for child in element):
            raise Refusal(_unknown(lines.name, str(next(iter(element)).tag)))
        return [_line(form, child) for child in element]
    if len(lines.fields) == 1:
        return [{str(child.tag).upper(): (child.text or "").strip()} for child in element]
    return [_line(form, element)] if len(element) else []


def _owned_in(work: Work, element: etree._Element, owned: Owned) -> list[Given]:
    if owned.name == owned.kind:
        return [_given_in(work, element, work.company.kinds[owned.kind])]
    stranger = next((child for child in element if str(child.tag).upper() != owned.kind), None)
    if stranger is not None:
        raise Refusal(_unknown(owned.name, str(stranger.tag)))
    return [_given_in(work, child, work.company.kinds[owned.kind]) for child in element]


def _line(form: Formatting, element: etree._Element) -> Given:
    found: Given = {}
    for child in element:
        _flatten(form, child, str(child.tag).upper(), found)
    return found


def _unknown(kind: str, name: str) -> Problem:
    """An element the object does not have (own words; the number is the one recorded for unknown fields)."""
    text = "There was an error processing the request."
    return Problem("DL02000001", text, f"Field {name} does not exist on object {kind}.", "Error", object=kind, field=name)


def _take(work: Work, kind: Kind, name: str, value: Any, values: Values, old: Row | None) -> None:
    own = kind.by_name.get(kind.cased.get(name, name))
    if own is not None and isinstance(value, str):
        if own.name == ("id" if kind.custom else "RECORDNO") and old is not None:
            return
        _own(work, kind, own, value, values, old)
        return
    lines = next((each for each in kind.lines if each.name == name), None)
    if lines is not None and (isinstance(value, list) or value == ""):
        values.lines[name] = [_checked_line(work, kind, lines, each) for each in value or ()]
        return
    if any(each.name == name for each in kind.owned) and (isinstance(value, list) or value == ""):
        values.owned[name] = list(value or ())
        return
    if not isinstance(value, str):
        raise Refusal(_unknown(kind.name, name))
    for part in kind.parts:
        if name == part.name and value == "":
            if old is not None:  # the vendor's own SDK sends the element empty with every update (intacct-xml §9.1)
                return
            raise Refusal(missing(kind, Field(part.name)))
        if name.startswith(f"{part.name}."):
            inner = name.removeprefix(f"{part.name}.")
            values.parts.setdefault(part.name, {})[part.aliases.get(inner, inner)] = value
            return
    under = [each for each in kind.fields if each.name.startswith(f"{name}.")]
    if not under or value != "":
        if name in kind.shown or any(part.key == name for part in kind.parts):
            raise Refusal(_read_only(kind, Field(name)))
        raise Refusal(_unknown(kind.name, name))
    for each in under:
        _own(work, kind, each, "", values, old)


def _own(work: Work, kind: Kind, field: Field, value: str, values: Values, old: Row | None) -> None:
    if field.read_only and not (work.sandbox and field.name != "RECORDNO"):
        raise Refusal(_read_only(kind, field))
    if old is not None and (field.create_only or field.name == kind.key) and value != old.get(field.name, ""):
        raise Refusal(invalid(kind, field, f"{field.title} of a {kind.label} cannot be changed."))
    if old is None and field.update_only and not work.sandbox:
        raise Refusal(invalid(kind, field, f"{field.title} of a {kind.label} cannot be given when it is created."))
    values.own[field.name] = checked_value(work, kind, field, value)
    if field.ref is not None and not is_deferred(field.ref):
        target = target_of(work, kind, field, value, {}, old) if value and value not in field.ref.free else None
        values.own[field.ref.key] = "" if target is None else target["RECORDNO"]


def _label(work: Work, kind: Kind, field: Field, value: str, offered: list[Choice]) -> str:
    label = next((choice.label for choice in offered if choice.label == value), None)
    if label is None and not work.strict:
        label = next((choice.label for choice in offered if value.lower() in {choice.label.lower(), choice.code.lower()}), None)
    if label is None:
        wanted = ", ".join(choice.label for choice in offered)
        raise Refusal(invalid(kind, field, f"Invalid value '{value}' for {field.title}.", f"Use one of: {wanted}."))
    return label


def _read_only(kind: Kind, field: Field) -> Problem:
    return invalid(kind, field, f"{field.name} of a {kind.label} is read-only.")


def checked_value(work: Work, kind: Kind, field: Field, value: str) -> str:
    """The value to keep; raises Refusal for a wrong type, length, pick-list value or e-mail address."""
    if value == "":
        return ""
    limit = work.settings["max_lengths"].get(f"{kind.name}.{field.name}", field.max)
    if limit and len(value) > limit:
        raise Refusal(invalid(kind, field, f"{field.title} is longer than {limit} characters.", f"Shorten {field.name}."))
    if field.choices:
        offered = [choice for choice in field.choices if choice.writable or work.sandbox]
        picked = value.split(JOINT) if field.many else [value]
        return JOINT.join(_label(work, kind, field, each, offered) for each in picked)
    if field.email and not _EMAIL.fullmatch(value):
        raise Refusal(
            invalid(kind, field, f"Illegal format for Contactversion : {field.title}"), business("Validate contactversion record failed!")
        )
    if field.type is Type.TEXT and work.settings["text_spaces"] == "single":
        return _SPACES.sub(" ", value)
    try:
        return kept(field.type, value)
    except BadLiteral as wanted:
        raise Refusal(invalid(kind, field, f"Illegal format for {field.title}: '{value}' is not {wanted}.")) from None


def _checked_line(work: Work, kind: Kind, lines: Lines, given: Given) -> dict[str, str]:
    known = {each.name: each for each in lines.fields}
    line: dict[str, str] = {}
    for name, value in given.items():
        if name not in known:
            raise Refusal(_unknown(lines.name, name))
        line[name] = checked_value(work, kind, known[name], value)
        if known[name].ref is not None and value:
            target_of(work, kind, known[name], value, {}, None)
    for each in lines.fields:
        if each.need is Need.YES and not line.get(each.name):
            raise Refusal(missing(kind, Field(f"{lines.name}.{each.name}")))
    return line


def _is_lacking(work: Work, kind: Kind, each: Field | Part | Owned, values: Values, preset: Mapping[str, Any], old: Row | None) -> bool:
    if isinstance(each, Part):
        return each.required and old is None and not values.parts.get(each.name)
    if isinstance(each, Owned):
        if each.name not in values.owned:
            return each.need_on_update if old is not None else each.least > 0
        return len(values.owned[each.name]) < each.least and (old is None or each.keeping is Keeping.REPLACE)
    needed = (
        each.need is Need.YES
        or (each.need is Need.UNNUMBERED and kind.name not in work.settings["numbered"])
        or (each.need is Need.MULTI_ENTITY and work.settings["location_required"] and work.company.is_multi_entity)
    )
    if not needed or values.own.get(each.spared_by):
        return False
    if old is None:
        return not values.own.get(each.name) and not preset.get(each.name) and not (each.type is Type.ENUM and each.default)
    if each.need_on_update:
        return not values.own.get(each.name)
    return each.name in values.own and not values.own[each.name]
