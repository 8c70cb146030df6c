"""How dimensions depend on each other: the functions that say so, and what it does to lines (intacct-xml §7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from tieout.sandbox.emulator import Setting
from tieout.sandbox.intacct.behaviour import Change
from tieout.sandbox.intacct.catalogue import DIMENSIONS
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Field, Kind
from tieout.sandbox.intacct.reply import Result, data, element
from tieout.sandbox.intacct.wording import Refusal, business, query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# That a project fills the customer by default is inferred (intacct-xml §7.4).
SETTINGS: Mapping[str, Setting] = {
    "dimension_relationships": Setting(
        [{"dimension": "PROJECT", "related": "CUSTOMER", "autofill": True, "override": True}],
        'which dimension fills which, such as {"dimension": "PROJECT", "related": "DEPARTMENT", "autofill": true, "override": false}',
    ),
    "dimension_restrictions": Setting(
        [],
        'which values go together, such as {"dimension": "DEPARTMENT", "restricted_by": "LOCATION", "allowed": {"100": ["D1"]}}',
    ),
}
_FIRST_OBJECT, _FIRST_RELATIONSHIP = 10001, 20001


def apply(change: Change) -> None:
    """Fills and checks the dimensions of a line as the company's relationships and restrictions say; raises Refusal."""
    settings = change.work.settings
    for relationship in settings["dimension_relationships"]:
        if relationship.get("autofill"):
            _fill(change, relationship)
    for restriction in settings["dimension_restrictions"]:
        _restrict(change, restriction)


def relationships(work: Work, asked: etree._Element) -> Result:
    """`getDimensionRelationships`."""
    rows = []
    for number, each in _numbered(work, "dimension_relationships"):
        sides = (*_named(each["related"], number), ("source_side", "Many"), ("related_side", "One"))
        head = (*_named(each["dimension"]), ("autofillrelated", _word(each, "autofill")), ("enableoverride", _word(each, "override")))
        rows.append(f"<relationship>{_elements(head)}<related>{_elements(sides)}</related></relationship>")
    return Result("success", data("".join(rows)), transactions=1)


def autofill_details(work: Work, asked: etree._Element) -> Result:
    """`getDimensionAutofillDetails`: the relationships that fill."""
    rows = []
    for number, each in _numbered(work, "dimension_relationships"):
        if each.get("autofill"):
            head = (*_named(each["dimension"]), ("enableoverride", _word(each, "override")))
            filled = (*_named(each["related"], number), ("type", "Many-to-One"))
            rows.append(f"<relationship>{_elements(head)}<autofill>{_elements(filled)}</autofill></relationship>")
    return Result("success", data("".join(rows)), transactions=1)


def restrictions(work: Work, asked: etree._Element) -> Result:
    """`getDimensionRestrictions`."""
    rows = []
    for number, each in _numbered(work, "dimension_restrictions"):
        by = _elements(_named(each["restricted_by"], number))
        rows.append(f"<restriction>{_elements(_named(each['dimension']))}<restrictedby>{by}</restrictedby></restriction>")
    return Result("success", data("".join(rows)), transactions=1)


def restricted_data(work: Work, asked: etree._Element) -> Result:
    """`getDimensionRestrictedData`: the values that go with the one sent; the form of the reply is assumed (intacct-xml §7.4)."""
    sent = asked.find("DimensionValue")
    name, value = (text_of(None if sent is None else sent.find(each)) for each in ("dimension", "value"))
    if name.upper() not in DIMENSIONS or not value:
        raise query_failed("DimensionValue needs a dimension and a value.")
    rows = []
    for each in work.settings["dimension_restrictions"]:
        if each["restricted_by"] == name.upper() and value in each.get("allowed", {}):
            values = "".join(element("value", allowed) for allowed in each["allowed"][value])
            rows.append(f"<DimensionValues>{element('dimension', each['dimension'])}<values>{values}</values></DimensionValues>")
    return Result("success", data("".join(rows)), transactions=1)


def _numbered(work: Work, setting: str) -> list[tuple[int, Mapping[str, Any]]]:
    return [(_FIRST_RELATIONSHIP + at, each) for at, each in enumerate(work.settings[setting])]


def _named(dimension: str, relationship: int | None = None) -> tuple[tuple[str, str], ...]:
    number = str(_FIRST_OBJECT + DIMENSIONS.index(dimension)) if dimension in DIMENSIONS else ""
    named = (("dimension", dimension), ("object_id", number))
    return named if relationship is None else (*named, ("relationship_id", str(relationship)))


def _word(described: Mapping[str, Any], name: str) -> str:
    return "true" if described.get(name) else "false"


def _elements(parts: tuple[tuple[str, str], ...]) -> str:
    return "".join(element(name, value) for name, value in parts)


def _field(kind: Kind, dimension: str, *, written: bool = True) -> Field | None:
    """The field of a row that names a value of the dimension by its id; `written` if it must be one that can be sent."""
    by_id = (each for each in kind.fields if each.ref is not None and each.ref.kind == dimension and each.ref.by != "RECORDNO")
    return next((each for each in by_id if not (written and each.read_only)), None)


def _fill(change: Change, relationship: Mapping[str, Any]) -> None:
    work, row = change.work, change.row
    dimension = work.company.kinds.get(relationship["dimension"])
    source, target = _field(change.kind, relationship["dimension"], written=False), _field(change.kind, relationship["related"])
    link = None if dimension is None else _field(dimension, relationship["related"])
    if source is None or target is None or link is None or source.ref is None or target.ref is None or link.ref is None:
        return
    if not change.changed(source.name, target.name):
        return
    held: Row = work.storage.get(relationship["dimension"], row.get(source.ref.key, "")) or {}
    value = held.get(link.name, "")
    if not value or row.get(target.name) == value:
        return
    is_stale = target.name not in change.values.own and change.changed(source.name) and change.old is not None
    if not row.get(target.name) or is_stale:
        row[target.name], row[target.ref.key] = value, held[link.ref.key]
    elif not relationship.get("override"):
        text = f"{work.company.kinds[relationship['related']].label} must be {value}. This value is auto-filled"
        raise Refusal(business(text, errorno="BL03000018", object=change.kind.name, field=target.name))


def _restrict(change: Change, restriction: Mapping[str, Any]) -> None:
    work, row = change.work, change.row
    target, by = _field(change.kind, restriction["dimension"]), _field(change.kind, restriction["restricted_by"], written=False)
    if target is None or by is None or not row.get(target.name):
        return
    allowed = restriction.get("allowed", {}).get(row.get(by.name, ""))
    if allowed is not None and row[target.name] not in allowed:
        kinds = work.company.kinds
        label, other = kinds[restriction["dimension"]].label, kinds[restriction["restricted_by"]].label
        named = work.storage.get(restriction["dimension"], row.get(target.ref.key, "") if target.ref is not None else "") or {}
        name = named.get("NAME") or named.get("TITLE") or ""
        text = f"{label} '{row[target.name]}': '{name}' specified is not valid. {label} is restricted by {other}."
        raise Refusal(business(text, errorno="BL03000018", object=change.kind.name, field=target.name))
