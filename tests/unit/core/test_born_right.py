"""Records that are on the right only: made on the left, found there, or left alone; and what becomes of a side that is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.core.sides import LEFT, NOW, PARENT, PARENT_RIGHT, RIGHT, SETTINGS, field_of, left, right, task_flow
from tieout.core.decide import (
    DELETED_LEFT,
    REPLACED,
    Case,
    ClosedPairing,
    Decision,
    FindingKind,
    Pairing,
    Side,
    StepKind,
    decide,
)
from tieout.core.flow import Direction, Drift, Exclusion, FieldMap, Flow, Gone, Owner, View, When, linked, own_id, same
from tieout.core.record import Record, Ref, Value
from tieout.core.rulings import Ruling, RulingKind
from tieout.core.view import Lookup

TOMORROW = NOW + timedelta(days=1)


def members(name: str, left_name: str) -> FieldMap:
    return FieldMap(name, field_of(left_name), left_name=left_name, members=True)


def flow(**more: Any) -> Flow:
    fields = (
        FieldMap("NAME", field_of("name"), same, same, "name", Owner.ASK, label="name"),
        FieldMap("PLAN", field_of("plan"), linked, linked, "plan", label="plan"),
        FieldMap("CATEGORY", field_of("category"), when=When.CREATE_ONLY),
        FieldMap("@mark", field_of("mark"), same, same, "mark", right_read=own_id, direction=Direction.IMPORT, label="mark"),
        FieldMap(
            "@style",
            field_of("style"),
            same,
            same,
            "style",
            right_read=lambda view: "fixed",
            when=When.CREATE_ONLY,
            direction=Direction.IMPORT,
        ),
    )
    excluded = {"excluded_right": lambda view: Exclusion("task.old", "It is old.", until=TOMORROW) if view.get("OLD") else None}
    return task_flow(**{"direction": Direction.TWO_WAY, "fields": fields, "left_key": lambda view: view.text("NAME"), **excluded, **more})


def look(case: Case, **more: Any) -> Decision:
    return decide(flow(**more), case, SETTINGS, NOW)


def only(decision: Decision) -> tuple[FindingKind, str]:
    assert decision.steps == ()
    (finding,) = decision.findings
    return finding.kind, finding.code


def test_a_record_of_the_right_is_made_on_the_left_with_what_goes_there() -> None:
    decision = look(Case(None, right(NAME="Roof", PLAN=PARENT_RIGHT, CATEGORY="A"), partners={PARENT_RIGHT: PARENT}))
    (step,) = decision.steps
    assert (step.kind, step.side, step.natural_key, step.target) == (StepKind.CREATE, Side.LEFT, "Roof", None)
    assert step.fields == {"name": "Roof", "plan": PARENT, "mark": "901", "style": "fixed"}
    assert step.base == {
        "NAME": ("Roof", "Roof"),
        "PLAN": (PARENT, PARENT_RIGHT),
        "CATEGORY": (None, "A"),
        "@mark": ("901", "901"),
        "@style": ("fixed", "fixed"),
    }
    made = Record("task", "1", dict(step.fields), modified_at=NOW)
    pairing = Pairing(RIGHT, step.base)
    after = decide(
        flow(),
        Case(
            made,
            right(NAME="Roof", PLAN=PARENT_RIGHT, CATEGORY="A"),
            pairing,
            partners={PARENT_RIGHT: PARENT},
            counterparts={PARENT: PARENT_RIGHT},
        ),
        SETTINGS,
        NOW,
    )
    assert only(after) == (FindingKind.IN_STEP, "record.in-step")


def test_it_waits_for_the_record_it_refers_to_by_its_name_on_the_right() -> None:
    (finding,) = look(Case(None, right(NAME="Roof", PLAN=PARENT_RIGHT))).findings
    assert (finding.kind, finding.ref, finding.side, finding.lookup) == (FindingKind.BLOCKED, PARENT_RIGHT, Side.RIGHT, Lookup.COUNTERPART)


def test_a_record_that_exists_on_the_left_is_linked() -> None:
    found = left(name="Roof", category="B")
    (step,) = look(Case(None, right(NAME="Roof", CATEGORY="A"), candidate=found)).steps
    assert (step.kind, step.side, step.target) == (StepKind.LINK, Side.LEFT, LEFT)
    assert step.base == {"NAME": ("Roof", "Roof"), "PLAN": (None, None), "CATEGORY": ("B", "A")}


def test_two_records_a_person_keeps_apart_are_not_linked() -> None:
    apart = Ruling(RulingKind.KEPT_APART, "kim", NOW, data={"record": "1"})
    (step,) = look(Case(None, right(NAME="Roof"), candidate=left(name="Roof"), rulings=[apart])).steps
    assert step.kind is StepKind.CREATE
    outward = look(Case(left(name="Roof"), candidate=right(NAME="Roof"), rulings=[replace(apart, data={"record": "901"})]))
    assert only(outward) == (FindingKind.HELD, "link.collision")


@pytest.mark.parametrize(
    ("case", "more", "kind", "code"),
    [
        pytest.param(Case(None, replace(right(), deleted=True)), {}, FindingKind.SKIPPED, "record.gone", id="gone"),
        pytest.param(Case(None, right()), {"direction": Direction.EXPORT}, FindingKind.SKIPPED, "record.one-way", id="nothing goes left"),
        pytest.param(Case(None, right(), since=TOMORROW), {}, FindingKind.SKIPPED, "record.before-switch-on", id="old"),
        pytest.param(Case(None, right(OLD=True)), {}, FindingKind.SKIPPED, "task.old", id="excluded"),
        pytest.param(Case(None, right(NAME="x"), taken_by="task 8"), {}, FindingKind.HELD, "link.collision", id="found, but taken"),
        pytest.param(Case(None, right(), closed=[ClosedPairing(RIGHT, "unlinked")]), {}, FindingKind.HELD, "link.closed", id="unlinked"),
        pytest.param(
            Case(None, right(), closed=[ClosedPairing(RIGHT, DELETED_LEFT, NOW)]), {}, FindingKind.HELD, "link.deleted-left", id="deleted"
        ),
        pytest.param(
            Case(None, right(), closed=[ClosedPairing(RIGHT, DELETED_LEFT, NOW)]),
            {"when_left_is_gone": Gone(asks=False)},
            FindingKind.SKIPPED,
            "link.deleted-left",
            id="deleted, and nobody is asked",
        ),
    ],
)
def test_what_is_left_alone_and_why(case: Case, more: dict[str, Any], kind: FindingKind, code: str) -> None:
    assert only(look(case, **more)) == (kind, code)


def test_an_exclusion_says_when_it_may_change_its_mind() -> None:
    assert look(Case(None, right(OLD=True))).recheck_at == TOMORROW


def back_at(view: View, since: datetime) -> Gone:
    return Gone(brings_back=True, not_before=since + timedelta(hours=8))


def test_a_record_deleted_on_the_left_comes_back_when_its_flow_says_so() -> None:
    pairing = Pairing(RIGHT, {"NAME": ("x", "x")})
    decision = look(Case(None, right(NAME="x"), pairing), when_left_is_gone=back_at)
    assert [(step.kind, step.reason) for step in decision.steps] == [(StepKind.UNLINK, DELETED_LEFT)]
    assert decision.recheck_at == NOW + timedelta(hours=8)
    waiting = Case(None, right(NAME="x"), closed=[ClosedPairing(RIGHT, DELETED_LEFT, NOW - timedelta(hours=1))])
    early = look(waiting, when_left_is_gone=back_at)
    assert only(early) == (FindingKind.SKIPPED, "link.comes-back")
    assert early.recheck_at == NOW + timedelta(hours=7)
    late = replace(waiting, closed=[ClosedPairing(RIGHT, DELETED_LEFT, NOW - timedelta(hours=8))])
    assert [step.kind for step in look(late, when_left_is_gone=back_at).steps] == [StepKind.CREATE]


@pytest.mark.parametrize(
    ("gone", "direction", "kinds"),
    [
        (Gone(), Direction.TWO_WAY, [StepKind.UNLINK]),
        (Gone({"status": "done"}), Direction.TWO_WAY, [StepKind.UPDATE, StepKind.UNLINK]),
        (Gone({"status": "done"}), Direction.EXPORT, [StepKind.UNLINK]),
        (Gone(deletes=True), Direction.IMPORT, [StepKind.DELETE, StepKind.UNLINK]),
        (Gone(deletes=True), Direction.EXPORT, [StepKind.UNLINK]),
        (Gone(asks=False), Direction.EXPORT, [StepKind.UNLINK]),
    ],
)
def test_what_becomes_of_the_left_when_the_right_is_gone(gone: Gone, direction: Direction, kinds: list[StepKind]) -> None:
    decision = look(Case(left(name="x"), None, Pairing(RIGHT)), when_right_is_gone=gone, direction=direction)
    assert [step.kind for step in decision.steps] == kinds
    assert all(step.side is Side.LEFT for step in decision.steps[:-1])
    assert bool(decision.findings) == (len(kinds) == 1 and gone.asks)


def test_a_record_made_anew_on_the_right_takes_over_the_link() -> None:
    pairing = Pairing(RIGHT, {"NAME": ("x", "x")})
    anew = Record("TASK", "902", {"NAME": "x"}, "T-5")
    decision = look(Case(left(name="x"), None, pairing, successor=anew), succeeds=True)
    assert (decision.steps[0].kind, decision.steps[0].reason) == (StepKind.UNLINK, REPLACED)
    assert (decision.steps[1].kind, decision.steps[1].target, decision.steps[1].base) == (StepKind.LINK, anew.ref, pairing.base)
    assert [step.kind for step in look(Case(left(name="x"), None, pairing, successor=anew)).steps] == [StepKind.UNLINK]


def test_what_follows_from_the_link_is_written_to_the_left_once_it_stands() -> None:
    made = look(Case(left(name="x", style="loose"))).steps[0]
    assert "@mark" not in made.base
    decision = look(Case(left(name="x", style="loose"), right(NAME="x"), Pairing(RIGHT, made.base)))
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.LEFT, {"mark": "901"})]


def test_what_we_wrote_to_the_left_cannot_come_back_as_a_change() -> None:
    pairing = Pairing(
        RIGHT,
        {"NAME": ("ROOF", "roof"), "PLAN": (None, None), "CATEGORY": (None, None), "@mark": ("901", "901"), "@style": (None, None)},
        unread_left=frozenset({"NAME"}),
    )
    case = Case(left(name="Roof", mark="901"), right(NAME="roof"), pairing, left_edited_by_us=True)
    decision = look(case)
    assert decision.steps == ()
    assert decision.agreed == {"NAME": ("Roof", "roof")}
    assert look(replace(case, left_edited_by_us=False)).steps == ()
    somebody = look(replace(case, left=left(name="Spire", mark="901"), left_edited_by_us=False))
    assert [(step.side, step.fields) for step in somebody.steps] == [(Side.RIGHT, {"NAME": "Spire"})]


@pytest.mark.parametrize(("choice", "side"), [("left", Side.RIGHT), ("right", Side.LEFT)])
def test_a_conflict_is_resolved_as_a_person_ruled_until_a_value_changes(choice: str, side: Side) -> None:
    pairing = Pairing(
        RIGHT, {"NAME": ("a", "a"), "PLAN": (None, None), "CATEGORY": (None, None), "@mark": ("901", "901"), "@style": (None, None)}
    )
    case = Case(left(name="b", mark="901"), right(NAME="c"), pairing)
    (finding,) = look(case).findings
    assert finding.kind is FindingKind.CONFLICT
    ruling = Ruling(RulingKind.RESOLVED, "kim", NOW, fingerprint=finding.fingerprint, data={"choice": choice})
    decision = look(replace(case, rulings=[ruling]))
    assert [(step.side, set(step.fields)) for step in decision.steps] == [(side, {"name"} if side is Side.LEFT else {"NAME"})]
    moved = look(replace(case, left=left(name="d", mark="901"), rulings=[ruling]))
    assert [each.kind for each in moved.findings] == [FindingKind.CONFLICT]


# Sets of references


A, B, C = (Ref("person", each) for each in "abc")
RA, RB, RC = (Ref("PERSON", each) for each in "ABC")


def team(
    left_ones: set[Ref], right_ones: set[Ref], base: tuple[Value, Value] | None, direction: Direction = Direction.TWO_WAY, **more: Any
) -> Decision:
    fields = (members("TEAM", "team"),)
    known = more.pop("known", {A: RA, B: RB, C: RC})
    pairing = Pairing(RIGHT, {"TEAM": base} if base is not None else {})
    case = Case(
        left(team=frozenset(left_ones)),
        right(TEAM=frozenset(right_ones)),
        pairing,
        counterparts=known,
        partners={other: one for one, other in known.items()},
    )
    return decide(task_flow(direction, fields=fields, **more), case, SETTINGS, NOW)


def test_members_added_on_both_sides_meet() -> None:
    decision = team({A, B}, {RA, RC}, (frozenset({A}), frozenset({RA})))
    assert {step.side: step.fields for step in decision.steps} == {
        Side.RIGHT: {"TEAM": frozenset({RA, RB, RC})},
        Side.LEFT: {"team": frozenset({A, B, C})},
    }


def test_a_member_taken_out_on_one_side_is_taken_out_on_the_other() -> None:
    decision = team({B}, {RA, RB}, (frozenset({A, B}), frozenset({RA, RB})))
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.RIGHT, {"TEAM": frozenset({RB})})]


def test_members_that_are_not_ours_are_left_alone_one_way() -> None:
    decision = team({A, B}, {RA, RC}, (frozenset({A}), frozenset({RA})), Direction.EXPORT)
    assert [(step.side, step.fields) for step in decision.steps] == [(Side.RIGHT, {"TEAM": frozenset({RA, RB, RC})})]


def test_a_member_without_partner_is_waited_for_and_does_not_hold_up_the_others() -> None:
    decision = team({A, B}, set(), None, Direction.EXPORT, known={A: RA})
    assert [(step.fields, step.base) for step in decision.steps] == [
        ({"TEAM": frozenset({RA})}, {"TEAM": (frozenset({A}), frozenset({RA}))})
    ]
    assert [finding.ref for finding in decision.missing] == [B]


def test_our_members_taken_out_there_are_told_or_restored() -> None:
    base = (frozenset({A}), frozenset({RA}))
    told = team({A}, set(), base, Direction.EXPORT)
    assert [finding.kind for finding in told.findings] == [FindingKind.DRIFT]
    restored = team({A}, set(), base, Direction.EXPORT, drift=Drift.RESTORE)
    assert [step.fields for step in restored.steps] == [{"TEAM": frozenset({RA})}]
