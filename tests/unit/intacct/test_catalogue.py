"""The catalogue against the facts of the reference: no field or element is made up, and none is written where it may not be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tieout.core.ports import Verb
from tieout.intacct import KINDS
from tieout.intacct.catalogue import Access, Field, Kind, Type
from tieout.intacct.client import orders

FACTS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "contract/specs/intacct/objects.json").read_text(encoding="utf-8"))
WRITTEN = [kind for kind in KINDS.values() if kind.verbs and not kind.rest]
GENERIC = [kind for kind in WRITTEN if kind.documents is None and kind.by_function is None]
BY_DOCUMENTS = [kind for kind in WRITTEN if kind.documents is not None]
# Written by an element that the reference lists on the object's page under another name (intacct-xml §3A TASK, §3B).
ELSEWHERE = {
    ("TASK", "PROJECTID"),
    ("TASK", "TASKSTATUS"),
    ("TASK", "BILLABLE"),
    ("CUSTOMER", "PARENTID"),
}


def elements(name: str) -> dict[str, Any]:
    """What an object's elements are, nested ones by their path."""
    found: dict[str, Any] = {}
    for holder, fields in FACTS["objects"].get(name, {}).get("elements", {}).items():
        for each, facts in fields.items():
            found[each if holder == name else f"{holder}.{each}"] = facts
            found.setdefault(each, facts)
    return found


def stated(kind: Kind, each: Field) -> dict[str, Any] | None:
    known = elements(kind.name)
    path = each.name.split(".")
    return known.get(each.name) or known.get(".".join(path[-2:])) or known.get(path[-1])


def writable(kind: Kind) -> list[Field]:
    return [each for each in kind.fields if each.access is not Access.NEVER]


@pytest.mark.parametrize("kind", GENERIC, ids=lambda kind: kind.name)
def test_every_written_field_is_an_element_of_the_reference(kind: Kind) -> None:
    unknown = [each.name for each in writable(kind) if stated(kind, each) is None and (kind.name, each.name) not in ELSEWHERE]
    assert unknown == []


@pytest.mark.parametrize("kind", GENERIC, ids=lambda kind: kind.name)
def test_no_field_is_changed_that_the_reference_lets_only_be_given_at_first(kind: Kind) -> None:
    changed = [each for each in writable(kind) if each.access is Access.ALWAYS and Verb.UPDATE in kind.verbs]
    fixed = [each.name for each in changed if (facts := stated(kind, each)) is not None and "update" not in facts]
    assert fixed == []


@pytest.mark.parametrize("kind", BY_DOCUMENTS, ids=lambda kind: kind.name)
def test_every_alias_is_an_element_of_the_document_functions(kind: Kind) -> None:
    assert kind.documents is not None
    assert kind.lines is not None
    create, update = kind.documents.create.__name__, kind.documents.update.__name__
    header, line = orders.HEADERS[create], _line_order(create)
    assert [each.name for each in writable(kind) if each.type is not Type.LINES and each.alias not in header] == []
    changing = [each for each in writable(kind) if each.access is Access.ALWAYS and each.type is not Type.LINES]
    assert [each.name for each in changing if each.alias not in orders.HEADERS[update] and each.alias not in ONLY_AT_FIRST] == []
    assert [each.name for each in writable(kind.lines.kind) if each.alias not in line] == []


# Elements that only the create has; an update that changes one is refused by the builder, in its own words.
ONLY_AT_FIRST = {"vendorid", "customerid", "invoiceno", "adjustmentno", "exchratetype"}


def _line_order(create: str) -> tuple[str, ...]:
    own = {"create_potransaction": "potransitem", "create_sotransaction": "sotransitem"}
    return orders.LINES[own.get(create, f"{create}/line")]


@pytest.mark.parametrize("name", sorted(orders.HEADERS))
def test_the_order_of_a_header_is_that_of_the_reference(name: str) -> None:
    listed = FACTS["functions"][name]["elements"][name]
    given = [each for each in listed if each not in ("key", "disablevalidation", "externalkey")]
    assert [each for each in orders.HEADERS[name] if each in given] == given


@pytest.mark.parametrize("kind", [each for each in KINDS.values() if each.lines and each.verbs], ids=lambda kind: kind.name)
def test_every_line_can_be_found_by_its_document_and_put_in_order(kind: Kind) -> None:
    assert kind.lines is not None
    columns = kind.lines.kind.columns
    for needed in ("RECORDNO", kind.lines.owner, kind.lines.position, kind.lines.id_column):
        assert needed in columns
    assert not kind.lines.owner_name or kind.lines.owner_name in columns
    for touch in kind.effects:
        assert touch.kind in KINDS
        assert touch.by in (kind.lines.kind.by_name if touch.in_lines else kind.by_name)
