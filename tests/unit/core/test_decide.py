"""The one function that decides, row by row, and what must hold for every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.sides import (
    LEFT,
    NOW,
    PARENT,
    PARENT_RIGHT,
    RIGHT,
    SETTINGS,
    World,
    left,
    linked_case,
    right,
    task_flow,
)
from tests.unit.core.values import fast, values
from tieout.core.decide import (
    DELETED_LEFT,
    DELETED_RIGHT,
    Case,
    ClosedPairing,
    Decision,
    FindingKind,
    Pairing,
    Side,
    Step,
    StepKind,
    decide,
)
from tieout.core.flow import Direction, Drift, Gone, Lookup, MissingError, Owner, View
from tieout.core.record import Record, Value, normal

EXPORT = task_flow()
OFF = {**SETTINGS, "on": False}


def look(case: Case, settings: Mapping[str, Any] = SETTINGS, **flow: Any) -> Decision:
    return decide(task_flow(**flow), case, settings, NOW)


def only_finding(decision: Decision) -> tuple[FindingKind, str]:
    assert decision.steps == ()
    assert len(decision.findings) == 1
    return decision.findings[0].kind, decision.findings[0].code


def only_step(decision: Decision) -> Step:
    assert len(decision.steps) == 1
    return decision.steps[0]


# Not linked


def test_a_record_without_counterpart_is_created_with_every_field_it_has() -> None:
    decision = look(Case(left(name="Long name of it", city=" ", amount=Decimal("1.50"), category="A", entity="100")))
    step = only_step(decision)
    assert (step.kind, step.side, step.natural_key, step.entity, step.target) == (StepKind.CREATE, Side.RIGHT, "T-5", "100", None)
    assert step.fields == {"NAME": "Long nam", "AMOUNT": Decimal("1.5"), "CATEGORY": "A"}
    assert step.base == {
        "NAME": ("Long name of it", "Long nam"),
        "CITY": (None, None),
        "AMOUNT": (Decimal("1.5"), Decimal("1.5")),
        "TITLE": (None, None),
        "PLAN": (None, None),
        "CATEGORY": ("A", "A"),
    }
    assert decision.findings == ()


@pytest.mark.parametrize("direction", [Direction.IMPORT, Direction.LINK_ONLY])
def test_a_flow_that_may_not_create_says_that_there_is_nothing_to_link(direction: Direction) -> None:
    decision = look(Case(left(name="x")), direction=direction)
    assert only_finding(decision) == (FindingKind.HELD, "link.missing")
    assert "T-5" in decision.findings[0].text


@pytest.mark.parametrize(
    ("case", "kind", "code"),
    [
        pytest.param(Case(None), FindingKind.SKIPPED, "record.gone", id="never there"),
        pytest.param(Case(replace(left(), deleted=True)), FindingKind.SKIPPED, "record.gone", id="deleted before it went"),
        pytest.param(Case(left(), since=NOW + timedelta(seconds=1)), FindingKind.SKIPPED, "record.before-switch-on", id="old, untouched"),
        pytest.param(Case(left(category="spare")), FindingKind.SKIPPED, "task.spare", id="excluded until needed"),
        pytest.param(Case(left(), taken_by="task 8"), FindingKind.HELD, "link.collision", id="ID taken"),
        pytest.param(
            Case(left(), closed=[ClosedPairing(RIGHT, DELETED_RIGHT)]), FindingKind.HELD, "link.deleted-right", id="deleted on the right"
        ),
        pytest.param(Case(left(), closed=[ClosedPairing(RIGHT, "unlinked")]), FindingKind.HELD, "link.closed", id="unlinked by a person"),
        pytest.param(
            Case(left(), closed=[ClosedPairing(RIGHT, DELETED_RIGHT), ClosedPairing(RIGHT, "unlinked")]),
            FindingKind.HELD,
            "link.closed",
            id="the latest closing counts",
        ),
        pytest.param(
            Case(left(), needed=True, closed=[ClosedPairing(RIGHT, "unlinked")]),
            FindingKind.HELD,
            "link.closed",
            id="closed, though needed",
        ),
        pytest.param(
            Case(left(plan=PARENT), candidate=right(), taken_by="task 8"),
            FindingKind.HELD,
            "link.collision",
            id="a taken one is not adopted",
        ),
    ],
)
def test_what_is_left_alone_and_why(case: Case, kind: FindingKind, code: str) -> None:
    assert only_finding(look(case)) == (kind, code)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case(left(), since=NOW), id="changed at the very moment of the switch-on"),
        pytest.param(Case(left(), since=NOW - timedelta(days=1)), id="changed since"),
        pytest.param(Case(replace(left(), modified_at=None), since=NOW), id="its system does not say when"),
        pytest.param(Case(left(), since=None), id="all are taken"),
        pytest.param(Case(left(), since=NOW + timedelta(days=1), needed=True), id="old, and needed"),
        pytest.param(Case(left(), since=NOW + timedelta(days=1), requested=True), id="old, and asked for"),
        pytest.param(Case(left(category="spare"), needed=True), id="spare, and needed"),
        pytest.param(Case(left(category="spare"), requested=True), id="spare, and asked for"),
        pytest.param(Case(left(), requested=True, closed=[ClosedPairing(RIGHT, DELETED_RIGHT)]), id="deleted there, asked for again"),
        pytest.param(Case(left(), requested=True, closed=[ClosedPairing(RIGHT, "unlinked")]), id="unlinked, asked for again"),
    ],
)
def test_what_is_created_all_the_same(case: Case) -> None:
    assert only_step(look(case)).kind is StepKind.CREATE


@pytest.mark.parametrize("asked", [{"needed": True}, {"requested": True}])
def test_what_a_rule_leaves_out_for_good_stays_out_even_when_it_is_needed_or_asked_for(asked: dict[str, bool]) -> None:
    case = Case(left(category="secret"), **asked)
    assert only_finding(look(case, {**SETTINGS, "hidden": "secret"})) == (FindingKind.SKIPPED, "task.hidden")


@pytest.mark.parametrize(
    "case",
    [Case(left()), Case(None), linked_case(left(name="new"), right(NAME="old"), {"NAME": ("old", "old")}), linked_case(None, None, {})],
)
def test_a_flow_that_is_off_does_nothing_at_all(case: Case) -> None:
    assert only_finding(look(case, OFF)) == (FindingKind.SKIPPED, "flow.off")


@pytest.mark.parametrize("direction", Direction)
def test_what_exists_already_is_linked_and_nothing_is_written(direction: Direction) -> None:
    candidate = right(NAME="Roof", CITY="Austin", STATUS="active", MEMO="theirs")
    step = only_step(decision := look(Case(left(name="Roof", city="Austin"), candidate=candidate), direction=direction))
    assert (step.kind, step.target, step.natural_key, dict(step.fields)) == (StepKind.LINK, RIGHT, "T-5", {})
    assert decision.findings == ()
    assert step.base["NAME"] == ("Roof", "Roof")
    assert "MEMO" not in step.base


def test_equal_fields_of_an_adopted_record_enter_the_base_and_different_ones_are_shown_and_left_alone() -> None:
    candidate = right(NAME="Roof", CITY="Dallas", AMOUNT=Decimal("10.00"), CATEGORY="B")
    case = Case(left(name="Roof", city="Austin", amount=Decimal("10.01"), category="A"), candidate=candidate)
    decision = look(case)
    assert {(finding.kind, finding.field) for finding in decision.findings} == {
        (FindingKind.DRIFT, "CITY"),
        (FindingKind.DRIFT, "AMOUNT"),
        (FindingKind.DRIFT, "CATEGORY"),
    }
    assert any("“Dallas”" in finding.text for finding in decision.findings)
    world = World(EXPORT, case)
    assert [step.kind for done in world.settle() for step in done.steps] == [StepKind.LINK]
    assert world.sent == []
    world.edit_left(city="Houston")
    world.settle()
    assert world.sent == [(Side.RIGHT, {"CITY": "Houston"})]


@pytest.mark.parametrize("direction", [Direction.EXPORT, Direction.TWO_WAY])
def test_empty_fields_of_an_adopted_record_take_the_value_once_the_link_stands(direction: Direction) -> None:
    case = Case(left(name="Roof", city="Austin", category="A"), candidate=right(NAME="Roof"))
    world = World(task_flow(direction), case)
    assert [step.kind for done in world.settle() for step in done.steps] == [StepKind.LINK, StepKind.UPDATE]
    assert world.sent == [(Side.RIGHT, {"CITY": "Austin", "CATEGORY": "A"})]


def test_an_empty_left_field_never_empties_an_adopted_record() -> None:
    for drift in Drift:
        world = World(task_flow(drift=drift), Case(left(name="Roof"), candidate=right(NAME="Roof", CITY="Austin", CATEGORY="A")))
        world.settle()
        assert world.sent == []


@pytest.mark.parametrize("direction", [Direction.TWO_WAY, Direction.IMPORT])
def test_an_empty_left_field_takes_the_value_of_an_adopted_record_where_the_flow_goes_that_way(direction: Direction) -> None:
    world = World(task_flow(direction), Case(left(name="Roof"), candidate=right(NAME="Roof", CITY="Austin", CATEGORY="A")))
    world.settle()
    assert world.sent == [(Side.LEFT, {"city": "Austin"})]


def test_a_record_waits_by_name_for_the_one_it_refers_to_and_is_not_created_without_it() -> None:
    decision = look(Case(left(name="x", plan=PARENT)))
    assert only_finding(decision) == (FindingKind.BLOCKED, "record.waits")
    (wait,) = decision.missing
    assert (wait.ref, wait.lookup) == (PARENT, Lookup.COUNTERPART)
    released = look(Case(left(name="x", plan=PARENT), counterparts={PARENT: PARENT_RIGHT}))
    assert only_step(released).fields["PLAN"] == PARENT_RIGHT


def test_a_candidate_is_not_linked_while_the_record_waits() -> None:
    assert only_finding(look(Case(left(name="x", plan=PARENT), candidate=right(NAME="x")))) == (FindingKind.BLOCKED, "record.waits")


def test_a_rule_that_lacks_a_record_to_make_the_id_waits_for_it() -> None:
    def key(view: View) -> str:
        return view.look(PARENT).natural_key

    decision = look(Case(left()), natural_key=key)
    assert [(finding.ref, finding.lookup) for finding in decision.missing] == [(PARENT, Lookup.RECORD)]
    assert only_step(look(Case(left(), related={PARENT: Record("plan", "7", {}, "P-7")}), natural_key=key)).natural_key == "P-7"


# Linked

SAME = {"NAME": ("Roof", "Roof"), "CITY": ("Austin", "Austin"), "AMOUNT": (None, None), "TITLE": (None, None), "PLAN": (None, None)}
BASE: Mapping[str, tuple[Value, Value]] = {**SAME, "CATEGORY": ("A", "A")}


def pair_of(
    one: Mapping[str, Value] | None = None, other: Mapping[str, Value] | None = None, base: Mapping[str, Any] = BASE, **more: Any
) -> Case:
    """A pair in step, but for these fields."""
    mine = left(**{"name": "Roof", "city": "Austin", "category": "A", **(one or {})})
    theirs = right(**{"NAME": "Roof", "CITY": "Austin", "CATEGORY": "A", "STATUS": "active", "MEMO": "theirs", **(other or {})})
    return linked_case(mine, theirs, base, **more)


def test_a_pair_in_step_says_so_and_does_nothing() -> None:
    assert only_finding(look(pair_of())) == (FindingKind.IN_STEP, "record.in-step")


def test_a_change_is_sent_alone_with_what_was_there_before() -> None:
    step = only_step(look(pair_of({"city": "Dallas"}, {"CITY": "Austin"})))
    assert (step.kind, step.side, step.target, step.natural_key, step.entity) == (StepKind.UPDATE, Side.RIGHT, RIGHT, "T-5", "100")
    assert (step.fields, step.expected, step.base) == ({"CITY": "Dallas"}, {"CITY": "Austin"}, {"CITY": ("Dallas", "Dallas")})
    assert step.reason == "Changed: CITY."


def test_a_value_that_was_emptied_is_emptied_on_the_other_side() -> None:
    assert only_step(look(pair_of({"city": "  "}))).fields == {"CITY": None}


def test_a_change_that_the_map_hides_is_accepted_without_a_write() -> None:
    base = {**BASE, "NAME": ("A long name", "A long n")}
    decision = look(pair_of({"name": "A long nose"}, {"NAME": "A long n"}, base))
    assert decision.steps == ()
    assert decision.agreed == {"NAME": ("A long nose", "A long n")}


def test_a_change_made_on_both_sides_alike_enters_the_base() -> None:
    for direction in Direction:
        decision = look(pair_of({"city": "Dallas"}, {"CITY": "Dallas"}), direction=direction)
        assert decision.steps == ()
        assert decision.agreed == {"CITY": ("Dallas", "Dallas")}


def test_an_edit_in_the_books_is_shown_left_alone_and_shown_again() -> None:
    world = World(EXPORT, pair_of())
    world.edit_right(CITY="El Paso")
    for _ in range(2):
        decision = world.look()
        assert only_finding(decision) == (FindingKind.DRIFT, "field.drift")
        assert decision.findings[0].field == "CITY"
    world.edit_left(city="Houston")
    world.settle()
    assert world.sent == [(Side.RIGHT, {"CITY": "Houston"})]


def test_an_edit_in_the_books_that_is_taken_back_is_forgotten() -> None:
    world = World(EXPORT, pair_of())
    world.edit_right(CITY="El Paso")
    world.look()
    world.edit_right(CITY="Austin")
    assert only_finding(world.look()) == (FindingKind.IN_STEP, "record.in-step")


def test_an_edit_in_the_books_is_undone_where_the_flow_restores() -> None:
    world = World(task_flow(drift=Drift.RESTORE), pair_of())
    world.edit_right(CITY="El Paso")
    assert only_step(world.look()).expected == {"CITY": "El Paso"}
    assert world.sent == [(Side.RIGHT, {"CITY": "Austin"})]
    world.settle()
    assert len(world.sent) == 1


def test_one_field_in_conflict_does_not_stop_the_others() -> None:
    case = pair_of({"name": "Roof A", "city": "Dallas"}, {"NAME": "Roof B", "AMOUNT": Decimal(5)})
    decision = look(case, direction=Direction.TWO_WAY, owner=Owner.ASK)
    assert [(finding.kind, finding.code, finding.field) for finding in decision.findings] == [
        (FindingKind.CONFLICT, "field.conflict", "NAME")
    ]
    assert "“Roof A” and “Roof B”" in decision.findings[0].text
    assert [(step.side, dict(step.fields)) for step in decision.steps] == [
        (Side.RIGHT, {"CITY": "Dallas"}),
        (Side.LEFT, {"amount": Decimal(5)}),
    ]


@pytest.mark.parametrize(
    ("owner", "left_newer", "side"),
    [
        (Owner.LEFT, False, Side.RIGHT),
        (Owner.RIGHT, True, Side.LEFT),
        (Owner.NEWEST, True, Side.RIGHT),
        (Owner.NEWEST, False, Side.LEFT),
    ],
)
def test_a_conflict_is_settled_by_its_owner_or_by_the_newer_edit(owner: Owner, left_newer: bool, side: Side) -> None:
    case = pair_of({"city": "Dallas"}, {"CITY": "El Paso"})
    assert case.left is not None
    moment = NOW + timedelta(minutes=1 if left_newer else -1)
    decision = look(replace(case, left=replace(case.left, modified_at=moment)), direction=Direction.TWO_WAY, owner=owner)
    step = only_step(decision)
    assert step.side is side
    assert step.fields == ({"CITY": "Dallas"} if side is Side.RIGHT else {"city": "El Paso"})
    assert step.base == {"CITY": ("Dallas", "Dallas") if side is Side.RIGHT else ("El Paso", "El Paso")}


def test_a_two_way_field_that_cannot_go_back_is_shown_instead() -> None:
    decision = look(pair_of({}, {"TITLE": "Chief"}), direction=Direction.TWO_WAY)
    assert only_finding(decision) == (FindingKind.DRIFT, "field.drift")


def test_a_field_given_on_creation_only_is_neither_sent_nor_shown_later() -> None:
    for one, other in (({"category": "B"}, {}), ({}, {"CATEGORY": "C"}), ({"category": "B"}, {"CATEGORY": "C"})):
        assert only_finding(look(pair_of(one, other))) == (FindingKind.IN_STEP, "record.in-step")


def test_a_field_whose_setting_is_off_is_not_looked_at_and_catches_up_when_it_is_turned_on() -> None:
    off = {**SETTINGS, "titles": False}
    world = World(EXPORT, Case(left(name="Roof", title="First")), off)
    world.settle()
    assert world.sent == [(Side.RIGHT, {"NAME": "Roof", "TITLE": "First"})]
    world.edit_left(title="Second")
    assert world.settle() == []
    world.settings = SETTINGS
    world.settle()
    assert world.sent[1:] == [(Side.RIGHT, {"TITLE": "Second"})]
    assert world.settle() == []


@pytest.mark.parametrize("drift", Drift)
@pytest.mark.parametrize("name", ["TITLE", "CATEGORY"])
def test_the_vendors_form_of_a_value_given_on_creation_is_accepted_though_the_field_is_not_kept(name: str, drift: Drift) -> None:
    """Otherwise turning its setting on later would take the vendor's form for somebody's edit."""
    off = {**SETTINGS, "titles": False}
    world = World(task_flow(drift=drift), Case(left(name="Roof", title="First", category="A")), off, form=lambda value: f"{value}."[:6])
    world.settle()
    assert world.case.pairing is not None
    assert world.case.pairing.base[name][1] in ("First.", "A.")
    world.settings = SETTINGS
    assert only_finding(world.look()) == (FindingKind.IN_STEP, "record.in-step")


def test_a_new_value_of_a_field_that_is_not_kept_is_never_sent_even_before_the_first_was_read_back() -> None:
    world = World(
        EXPORT, Case(left(name="Roof", title="First", category="A")), {**SETTINGS, "titles": False}, form=lambda value: f"{value}."
    )
    world.look()
    world.edit_left(title="Second", category="B")
    assert world.settle() == []


@pytest.mark.parametrize("shown", ["Oak Row", "OAK  ROW"])
def test_the_form_that_the_books_gave_a_text_is_nobodys_edit_whoever_saved_the_record_before_it_was_read_back(shown: str) -> None:
    base = {"NAME": ("Oak  Row", "Oak  Row"), "CITY": ("Leeds", "Leeds")}
    case = linked_case(left(name="Ash", city="Leeds"), right(NAME=shown, CITY="York"), base, unread=("NAME", "CITY"))
    both = look(case, direction=Direction.TWO_WAY, owner=Owner.ASK)
    assert {(step.side, name): value for step in both.steps for name, value in step.fields.items()} == {
        (Side.RIGHT, "NAME"): "Ash",
        (Side.LEFT, "city"): "York",
    }
    renamed = linked_case(left(name="Ash", city="Leeds"), right(NAME="Elm", CITY="Leeds"), base, unread=("NAME",))
    assert look(renamed, direction=Direction.TWO_WAY, owner=Owner.ASK).findings[0].kind is FindingKind.CONFLICT


def test_a_field_that_was_not_mapped_at_all_is_taken_up_when_its_setting_is_turned_on() -> None:
    world = World(EXPORT, Case(left(name="Roof", plan=PARENT)), {**SETTINGS, "parents": False})
    world.settle()
    assert world.sent == [(Side.RIGHT, {"NAME": "Roof"})]
    assert world.case.pairing is not None
    assert "PLAN" not in world.case.pairing.base
    world.settings = SETTINGS
    assert only_finding(world.look()) == (FindingKind.BLOCKED, "record.waits")
    world.case = replace(world.case, counterparts={PARENT: PARENT_RIGHT})
    world.settle()
    assert world.sent[1:] == [(Side.RIGHT, {"PLAN": PARENT_RIGHT})]


def test_a_reference_that_waits_does_not_stop_the_other_fields_and_follows_later() -> None:
    world = World(EXPORT, pair_of({"plan": PARENT, "city": "Dallas"}))
    decision = world.look()
    assert only_step(decision).fields == {"CITY": "Dallas"}
    assert [finding.ref for finding in decision.missing] == [PARENT]
    assert world.look().steps == ()
    world.case = replace(world.case, counterparts={PARENT: PARENT_RIGHT})
    world.settle()
    assert world.sent == [(Side.RIGHT, {"CITY": "Dallas"}), (Side.RIGHT, {"PLAN": PARENT_RIGHT})]


def test_a_reference_that_is_taken_away_is_emptied() -> None:
    base = {**BASE, "PLAN": (PARENT, PARENT_RIGHT)}
    case = pair_of({}, {"PLAN": PARENT_RIGHT}, base)
    assert only_step(look(case)).fields == {"PLAN": None}


def test_a_linked_record_stays_in_step_whatever_would_have_kept_it_from_being_created() -> None:
    case = replace(pair_of({"city": "Dallas", "category": "spare"}), since=NOW + timedelta(days=1))
    assert only_step(look(case)).fields == {"CITY": "Dallas"}


def test_what_was_deleted_on_the_right_is_unlinked_once_and_not_made_again_unasked() -> None:
    for gone in (None, replace(right(), deleted=True)):
        world = World(EXPORT, replace(pair_of({"city": "Dallas"}), right=gone))
        decision = world.look()
        assert (only_step_kind(decision), decision.steps[0].target, decision.steps[0].reason) == (StepKind.UNLINK, RIGHT, DELETED_RIGHT)
        assert [(finding.kind, finding.code) for finding in decision.findings] == [(FindingKind.HELD, "link.deleted-right")]
        assert only_finding(world.look()) == (FindingKind.HELD, "link.deleted-right")
        world.case = replace(world.case, requested=True)
        assert only_step_kind(world.look()) is StepKind.CREATE
        assert world.sent == [(Side.RIGHT, {"NAME": "Roof", "CITY": "Dallas", "CATEGORY": "A"})]


def only_step_kind(decision: Decision) -> StepKind:
    return only_step(decision).kind


@pytest.mark.parametrize("direction", [Direction.EXPORT, Direction.TWO_WAY])
def test_what_was_deleted_on_the_left_sets_its_counterpart_aside_and_is_unlinked(direction: Direction) -> None:
    for gone in (None, replace(left(name="Roof"), deleted=True)):
        decision = look(replace(pair_of(), left=gone), direction=direction)
        update, unlink = decision.steps
        assert (update.kind, update.side, update.target, update.entity) == (StepKind.UPDATE, Side.RIGHT, RIGHT, "100")
        assert (update.fields, update.expected) == ({"STATUS": "inactive"}, {"STATUS": "active"})
        assert (unlink.kind, unlink.reason) == (StepKind.UNLINK, DELETED_LEFT)


def test_a_counterpart_that_is_set_aside_already_is_only_unlinked() -> None:
    decision = look(replace(pair_of({}, {"STATUS": "inactive"}), left=None))
    assert (only_step_kind(decision), decision.steps[0].reason) == (StepKind.UNLINK, DELETED_LEFT)
    bare = look(replace(pair_of(), left=None), when_left_is_gone=Gone())
    assert only_step_kind(bare) is StepKind.UNLINK


@pytest.mark.parametrize("direction", [Direction.IMPORT, Direction.LINK_ONLY])
def test_a_flow_that_may_not_write_to_the_right_does_not_set_anything_aside_there(direction: Direction) -> None:
    decision = look(replace(pair_of(), left=None), direction=direction)
    assert only_step_kind(decision) is StepKind.UNLINK


def test_a_pair_that_is_gone_on_both_sides_is_unlinked_and_asks_nobody_anything() -> None:
    decision = look(linked_case(None, None, BASE))
    assert only_step_kind(decision) is StepKind.UNLINK
    assert decision.findings == ()


# What holds for every case

FIELDS = ("NAME", "CITY", "AMOUNT", "TITLE")
some: st.SearchStrategy[Value] = st.sampled_from([None, "Roof", "Roof replacement", "Austin", Decimal("1.10"), Decimal("1.11")])
settings = st.fixed_dictionaries({"on": st.just(True), "parents": st.booleans(), "titles": st.booleans(), "hidden": st.just("")})
flows = st.builds(task_flow, st.sampled_from(Direction), st.sampled_from(Drift), st.sampled_from(Owner))
lefts = st.builds(left, name=some, city=some, amount=some, title=some, plan=st.sampled_from([None, PARENT]))
rights = st.builds(right, NAME=some, CITY=some, AMOUNT=some, TITLE=some, PLAN=st.sampled_from([None, PARENT_RIGHT]), MEMO=st.just("theirs"))
bases = st.dictionaries(st.sampled_from(FIELDS), st.tuples(some, some))
moments = st.sampled_from([None, NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)])
partners = st.sampled_from([{}, {PARENT: PARENT_RIGHT}])


@st.composite
def linked_cases(draw: st.DrawFn) -> Case:
    mine = replace(draw(lefts), modified_at=draw(moments))
    unread = draw(st.frozensets(st.sampled_from(FIELDS)))
    return Case(mine, draw(rights), Pairing(RIGHT, draw(bases), unread), edited_by_us=draw(st.booleans()), counterparts=draw(partners))


@st.composite
def unlinked_cases(draw: st.DrawFn) -> Case:
    return Case(
        draw(st.none() | lefts),
        closed=draw(st.sampled_from([(), (ClosedPairing(RIGHT, DELETED_RIGHT),)])),
        candidate=draw(st.none() | rights),
        taken_by=draw(st.sampled_from(["", "task 8"])),
        needed=draw(st.booleans()),
        requested=draw(st.booleans()),
        since=draw(moments),
        counterparts=draw(partners),
    )


cases = linked_cases() | unlinked_cases()


@fast
@given(flows, cases, settings)
def test_the_same_case_gives_the_same_decision_and_a_decision_always_says_something(flow: Any, case: Case, chosen: Any) -> None:
    decision = decide(flow, case, chosen, NOW)
    assert decision == decide(flow, case, chosen, NOW)
    assert decision.steps or decision.findings


@fast
@given(flows, cases, settings)
def test_every_case_comes_to_rest(flow: Any, case: Case, chosen: Any) -> None:
    """A linked pair after one round of writes; an adopted one after the link and one round."""
    busy = World(flow, case, chosen).settle()
    assert len(busy) <= (1 if case.pairing is not None else 2)


@fast
@given(flows, cases, settings)
def test_every_case_comes_to_rest_though_the_vendor_writes_what_it_likes(flow: Any, case: Case, chosen: Any) -> None:
    busy = World(flow, case, chosen, form=lambda value: str(value).upper()[:6] if isinstance(value, str) else value).settle()
    assert len(busy) <= (1 if case.pairing is not None else 2)


@fast
@given(flows, linked_cases(), settings)
def test_no_side_is_overwritten_where_the_other_did_not_change(flow: Any, case: Case, chosen: Any) -> None:
    assert case.pairing is not None
    assert case.left is not None
    assert case.right is not None
    decision = decide(flow, case, chosen, NOW)
    for step in decision.steps:
        for name in step.base:
            pair = case.pairing.base.get(name)
            if pair is None:
                continue
            from_left = normal(case.left.fields.get(name.lower())) != normal(pair[0])
            from_right = normal(case.right.fields.get(name)) != normal(pair[1])
            restores = flow.drift is Drift.RESTORE and flow.direction is not Direction.TWO_WAY
            assert (from_left if step.side is Side.RIGHT else from_right) or restores


@fast
@given(flows, linked_cases(), settings)
def test_only_mapped_fields_that_differ_are_written_and_each_write_carries_what_it_replaces(flow: Any, case: Case, chosen: Any) -> None:
    assert case.left is not None
    assert case.right is not None
    for step in decide(flow, case, chosen, NOW).steps:
        assert step.kind is StepKind.UPDATE
        there = case.right.fields if step.side is Side.RIGHT else case.left.fields
        assert step.target == (RIGHT if step.side is Side.RIGHT else LEFT)
        assert "MEMO" not in step.fields
        assert set(step.expected) == set(step.fields)
        for name, value in step.fields.items():
            assert step.expected[name] == there.get(name)
            assert step.side is Side.LEFT or normal(value) != normal(there.get(name))


@fast
@given(flows, cases, settings)
def test_no_step_goes_where_the_flow_may_not_write(flow: Any, case: Case, chosen: Any) -> None:
    world = World(flow, case, chosen)
    world.settle()
    allowed = {
        Direction.EXPORT: {Side.RIGHT},
        Direction.IMPORT: {Side.LEFT},
        Direction.TWO_WAY: set(Side),
        Direction.LINK_ONLY: set(),
    }
    assert {side for side, _ in world.sent} <= allowed[flow.direction]


@fast
@given(st.sampled_from(Drift), some, some)
def test_an_export_carries_every_new_value_and_a_to_b_to_a_is_sent_each_time(drift: Drift, one: Value, other: Value) -> None:
    world = World(task_flow(drift=drift), Case(left(city=one)))
    world.settle()
    for value in (other, one):
        world.edit_left(city=value)
        world.settle()
    updates = [fields["CITY"] for _, fields in world.sent[1:]]
    assert updates == ([] if normal(one) == normal(other) else [normal(other), normal(one)])


@fast
@given(flows, linked_cases(), settings)
def test_after_a_rest_an_edit_of_one_field_writes_that_field_at_most(flow: Any, case: Case, chosen: Any) -> None:
    if flow.direction in (Direction.IMPORT, Direction.LINK_ONLY):
        case = replace(case, edited_by_us=False)  # such a flow never wrote the right side
    world = World(flow, case, chosen)
    world.settle()
    before = len(world.sent)
    world.edit_left(city="Laredo")
    world.settle()
    for _, fields in world.sent[before:]:
        assert set(fields) <= {"CITY", "city"}


# Fingerprints of steps


@fast
@given(lefts, lefts)
def test_a_step_has_one_fingerprint_for_one_effect(one: Record, other: Record) -> None:
    def created(record: Record) -> Step:
        return only_step(decide(EXPORT, Case(record, counterparts={PARENT: PARENT_RIGHT}), SETTINGS, NOW))

    assert (created(one).fingerprint() == created(other).fingerprint()) is (created(one).fields == created(other).fields)


def test_an_unrelated_edit_leaves_a_steps_fingerprint_and_everything_it_does_moves_it() -> None:
    step = only_step(look(pair_of({"city": "Dallas"})))
    unrelated = only_step(look(pair_of({"city": "Dallas", "note": "x"}, {"MEMO": "y", "CITY": "Austin "})))
    assert unrelated.fingerprint() == step.fingerprint()
    others = [
        replace(step, kind=StepKind.CREATE),
        replace(step, side=Side.LEFT),
        replace(step, entity="200"),
        replace(step, target=PARENT_RIGHT),
        replace(step, natural_key="T-6"),
        replace(step, fields={"CITY": "Waco"}),
    ]
    assert len({each.fingerprint() for each in (step, *others)}) == 7


@fast
@given(values)
def test_any_value_can_be_created_and_comes_to_rest(value: Value) -> None:
    world = World(EXPORT, Case(left(city=value)))
    world.settle()
    assert world.sent[0][1].get("CITY") == normal(value)


def test_a_missing_record_is_named_by_what_is_lacking() -> None:
    view = View(left(), SETTINGS)
    with pytest.raises(MissingError, match="record of plan 7"):
        view.look(PARENT)
    with pytest.raises(MissingError, match="counterpart of plan 7"):
        view.counterpart(PARENT)
