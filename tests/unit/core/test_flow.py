"""Flows as data: their order, their settings, and what a rule may see."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.sides import LEFT, PARENT, PARENT_RIGHT, SETTINGS, left, task_flow
from tests.unit.core.values import fast
from tieout.core.flow import CycleError, FieldMap, Flow, View, When, layers, linked, same, set_up
from tieout.core.record import Record, Ref


def flow(name: str, kind: str, *refers_to: str) -> Flow:
    return task_flow(name=name, left_kind=kind, refers_to=refers_to)


def names(order: list[list[Flow]]) -> list[list[str]]:
    return [[one.name for one in layer] for layer in order]


@pytest.mark.parametrize(
    ("flows", "order"),
    [
        ((), []),
        ((flow("a", "A"),), [["a"]]),
        ((flow("c", "C", "A", "B"), flow("b", "B", "A"), flow("a", "A")), [["a"], ["b"], ["c"]]),
        ((flow("a", "A"), flow("b", "B"), flow("c", "C", "A")), [["a", "b"], ["c"]]),
        ((flow("a", "A", "not kept in step"),), [["a"]]),
        ((flow("tree", "A", "A"),), [["tree"]]),
        ((flow("tree", "A", "A"), flow("b", "B", "A")), [["tree"], ["b"]]),
        # Two flows of one kind: whoever refers to the kind waits for both of them.
        ((flow("c", "C", "A"), flow("a1", "A"), flow("a2", "A", "B"), flow("b", "B")), [["a1", "b"], ["a2"], ["c"]]),
    ],
)
def test_every_flow_comes_after_those_it_refers_to(flows: tuple[Flow, ...], order: list[list[str]]) -> None:
    assert names(layers(flows)) == order


@pytest.mark.parametrize(
    "flows",
    [
        (flow("a", "A", "B"), flow("b", "B", "A")),
        (flow("a", "A", "B"), flow("b", "B", "C"), flow("c", "C", "A"), flow("d", "D")),
        (flow("a1", "A", "B"), flow("a2", "A"), flow("b", "B", "A")),
    ],
)
def test_flows_that_wait_for_each_other_are_refused_by_name(flows: tuple[Flow, ...]) -> None:
    with pytest.raises(CycleError, match=r"wait for each other: .*\ba1?\b.*\bb\b"):
        layers(flows)


@fast
@given(st.lists(st.sets(st.integers(0, 7)), max_size=8), st.randoms(use_true_random=False))
def test_an_order_holds_every_flow_once_and_no_flow_before_what_it_needs(needs: list[set[int]], random: Any) -> None:
    flows = [flow(str(i), str(i), *(str(need) for need in wanted if need < i)) for i, wanted in enumerate(needs)]
    random.shuffle(flows)
    order = layers(tuple(flows))
    place = {one.name: i for i, layer in enumerate(order) for one in layer}
    assert sorted(place) == sorted(one.name for one in flows)
    assert sum(map(len, order)) == len(flows)
    for one in flows:
        assert all(place[need] < place[one.name] for need in one.refers_to)


@pytest.mark.parametrize(
    ("needs", "settings", "on"),
    [
        ((), {}, True),
        (("a",), {"a": True}, True),
        (("a",), {"a": False}, False),
        (("a",), {}, False),
        (("a", "b"), {"a": True, "b": True}, True),
        (("a", "b"), {"a": True, "b": False}, False),
    ],
)
def test_a_flow_runs_only_when_all_its_settings_are_on(needs: tuple[str, ...], settings: dict[str, bool], on: bool) -> None:
    assert task_flow(only_if=needs).is_on(settings) is on


@pytest.mark.parametrize(
    ("more", "settings", "mapped", "kept"),
    [
        ({}, {}, True, True),
        ({"when": When.CREATE_ONLY}, {}, True, False),
        ({"only_if": "a"}, {"a": False}, False, True),
        ({"only_if": "a"}, {"a": True}, True, True),
        ({"updates_if": "a"}, {"a": False}, True, False),
        ({"updates_if": "a"}, {}, True, False),
        ({"updates_if": "a"}, {"a": True}, True, True),
        ({"updates_if": "a", "when": When.CREATE_ONLY}, {"a": True}, True, False),
    ],
)
def test_when_a_field_takes_part_and_when_it_is_kept(more: Any, settings: dict[str, bool], mapped: bool, kept: bool) -> None:
    field_map = FieldMap("NAME", lambda view: view.get("name"), **more)
    assert (field_map.is_mapped(settings), field_map.is_kept(settings)) == (mapped, kept)


def test_the_fingerprint_of_the_rules_moves_with_every_setting_and_every_revision() -> None:
    one = task_flow()
    prints = {
        one.rules_fingerprint(SETTINGS),
        one.rules_fingerprint({**SETTINGS, "titles": False}),
        one.rules_fingerprint({**SETTINGS, "hidden": "A"}),
        task_flow(revision=2).rules_fingerprint(SETTINGS),
        task_flow(name="others").rules_fingerprint(SETTINGS),
    }
    assert len(prints) == 5
    assert one.rules_fingerprint(SETTINGS) == task_flow().rules_fingerprint(dict(reversed(SETTINGS.items())))


def test_a_rule_sees_the_record_its_references_and_their_partners() -> None:
    other = Record("plan", "7", {"name": "Spring"}, "P-7")
    view = View(left(name="Roof", plan=PARENT, count=3), SETTINGS, {PARENT: other}, {PARENT: PARENT_RIGHT})
    assert (view.get("name"), view.get("absent")) == ("Roof", None)
    assert (view.text("name"), view.text("count"), view.text("absent")) == ("Roof", "3", "")
    assert (view.ref("plan"), view.ref("name"), view.ref("absent")) == (PARENT, None, None)
    assert view.look(PARENT) is other
    assert view.counterpart(PARENT) == PARENT_RIGHT
    assert view.record.ref == LEFT


def test_a_reference_becomes_its_partner_and_anything_else_nothing() -> None:
    view = View(left(), SETTINGS, counterparts={PARENT: PARENT_RIGHT})
    assert linked(PARENT, view) == PARENT_RIGHT
    assert linked(None, view) is None
    assert same(Ref("x", "1"), view) == Ref("x", "1")


def test_what_must_be_set_up_by_name_is_that_of_the_flows_that_are_on() -> None:
    flows = [
        task_flow(set_up=lambda settings: {str(settings["template"]): "takes changes"}),
        task_flow(name="orders", set_up=lambda settings: {"Invoice": "", "Order": ""}),
        task_flow(name="off", only_if=("off",), set_up=lambda settings: {"Nothing": ""}),
        task_flow(name="plain"),
    ]
    settings = {"on": True, "off": False, "template": "Order"}
    assert set_up(flows, settings) == {"Order": "takes changes", "Invoice": ""}
    assert set_up(flows, {**settings, "on": False}) == {}
