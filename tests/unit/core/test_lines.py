"""Documents: lines merge by their ids; what is ours follows the left, what is not ours is never touched."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.papers import JOB, OTHER_JOB, PROJECT, Desk, bill, bill_flow, desk, item
from tests.unit.core.sides import NOW
from tests.unit.core.values import fast
from tieout.core.case import Case, FindingKind, StepKind
from tieout.core.decide import decide
from tieout.core.flow import Drift, LineMap
from tieout.core.record import Line, Record, Ref

THEIRS = Line("9", {"AMOUNT": Decimal(50), "TEXT": "freight", "PROJECT": None})


def sent(made: Desk) -> Desk:
    made.settle()
    return made


def test_a_document_goes_with_all_its_lines() -> None:
    made = desk(item("a", "1.50", "pipe", JOB), item("b", "2", "", OTHER_JOB), memo="first")
    decision = made.look()
    (step,) = decision.steps
    assert step.kind is StepKind.CREATE
    assert step.natural_key == "B-7"
    assert step.fields == {
        "MEMO": "first",
        "LINES": (
            Line("+a", {"AMOUNT": Decimal("1.5"), "TEXT": "pipe", "PROJECT": PROJECT}),
            Line("+b", {"AMOUNT": Decimal(2), "PROJECT": Ref("PROJECT", "905")}),
        ),
    }


def test_a_document_waits_for_everything_its_lines_name() -> None:
    jobs = [Ref("job", "77"), Ref("plan", "78")]
    decision = decide(
        bill_flow(), Case(bill(item("a", job=jobs[0]), item("b", job=jobs[1]), item("c"))), {"locked": "report", "post": False}, NOW
    )
    assert decision.steps == ()
    assert [finding.ref for finding in decision.findings] == jobs


def test_lines_are_known_by_the_ids_of_both_sides_once_they_are_read_back() -> None:
    made = sent(desk(item("a", "1", "x"), item("b", "1", "x"), item("c", "3")))
    assert made.case.pairing is not None
    left, right = made.case.pairing.base["LINES"]
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert [line.id for line in left] == ["a", "b", "c"]
    assert [line.id for line in right] == [line.id for line in made.lines]


def test_a_line_given_another_form_is_known_by_its_place() -> None:
    made = desk(item("a", "1", "wide"), item("b", "2"))
    made.look()
    odd = [Line(line.id, {**line.fields, "TEXT": "WIDE" if line.fields.get("TEXT") else None}) for line in made.lines]
    made.books[made.right.id] = replace(made.right, fields={**made.right.fields, "LINES": tuple(odd)})
    made.case = replace(made.case, right=made.right)
    assert made.settle().findings[0].kind is FindingKind.IN_STEP
    assert len(made.taken) == 1


def test_one_changed_line_is_written_with_the_others_as_they_are() -> None:
    made = sent(desk(item("a", "1", "x"), item("b", "2", "y")))
    before = made.lines
    made.edit_left(item("a", "1", "x"), item("b", "5", "y"))
    step = made.look().steps[0]
    assert step.reason == "Changed: lines."
    assert step.fields["LINES"] == (
        Line(before[0].id, {"AMOUNT": Decimal(1), "TEXT": "x", "PROJECT": None}),
        Line(before[1].id, {"AMOUNT": Decimal(5), "TEXT": "y", "PROJECT": None}),
    )
    assert step.expected["LINES"] == (
        Line(before[0].id, {"AMOUNT": Decimal(1), "TEXT": "x", "PROJECT": None}),
        Line(before[1].id, {"AMOUNT": Decimal(2), "TEXT": "y", "PROJECT": None}),
    )
    assert made.settle().steps == ()


def test_lines_that_are_not_ours_stay_when_ours_come_and_go() -> None:
    made = sent(desk(item("a"), item("b", "2")))
    made.edit_right([*made.lines[:1], THEIRS, *made.lines[1:]])
    assert made.settle().findings[0].kind is FindingKind.IN_STEP
    made.edit_left(item("b", "2"), item("c", "3"))
    made.settle()
    assert THEIRS in made.lines
    assert sorted(str(amount) for amount, _ in made.ours()) == ["2", "3"]


def test_a_line_that_cannot_be_taken_out_is_a_persons_matter() -> None:
    flow = bill_flow()
    lines = (replace(flow.lines[0], removes=False),)
    made = sent(desk(item("a"), item("b", "2"), flow=replace(flow, lines=lines)))
    made.edit_left(item("a"))
    decision = made.look()
    assert decision.steps == ()
    assert [(finding.kind, finding.code) for finding in decision.findings] == [(FindingKind.HELD, "line.stays")]


def test_a_line_edited_there_is_shown_and_left_alone_until_its_owner_changes_it() -> None:
    made = sent(desk(item("a", "1"), item("b", "2")))
    one, two = made.lines
    made.edit_right([Line(one.id, {**one.fields, "AMOUNT": Decimal(9)}), two])
    decision = made.look()
    assert decision.steps == ()
    assert [(finding.kind, finding.field) for finding in decision.findings] == [(FindingKind.DRIFT, "AMOUNT")]
    made.edit_left(item("a", "1"), item("b", "7"))
    made.settle()
    assert sorted(str(amount) for amount, _ in made.ours()) == ["7", "9"]
    made.edit_left(item("a", "3"), item("b", "7"))
    made.settle()
    assert sorted(str(amount) for amount, _ in made.ours()) == ["3", "7"]


def test_a_line_taken_out_there_comes_back_with_its_next_change_or_at_once_where_drift_is_restored() -> None:
    made = sent(desk(item("a", "1"), item("b", "2")))
    made.edit_right(made.lines[:1])
    decision = made.settle()
    assert [(finding.kind, finding.code) for finding in decision.findings] == [(FindingKind.DRIFT, "line.gone")]
    made.edit_left(item("a", "1"), item("b", "4"))
    made.settle()
    assert [amount for amount, _ in made.ours()] == [Decimal(1), Decimal(4)]

    strict = sent(desk(item("a", "1"), item("b", "2"), flow=bill_flow(Drift.RESTORE)))
    strict.edit_right(strict.lines[:1])
    strict.settle()
    assert [amount for amount, _ in strict.ours()] == [Decimal(1), Decimal(2)]


def test_a_line_that_waits_for_a_job_does_not_hold_up_the_others() -> None:
    made = sent(desk(item("a", "1")))
    unknown = Ref("job", "88")
    made.edit_left(item("a", "5"), item("b", "2", job=unknown))
    decision = made.look()
    assert [finding.ref for finding in decision.missing] == [unknown]
    assert [amount for amount, _ in made.ours()] == [Decimal(5)]
    made.case = replace(made.case, counterparts={**made.case.counterparts, unknown: Ref("PROJECT", "988")})
    made.settle()
    assert [amount for amount, _ in made.ours()] == [Decimal(5), Decimal(2)]


def test_a_document_that_exists_is_linked_and_its_lines_are_recognised_by_their_values() -> None:
    made = desk(item("a", "1", "x"), item("b", "2", "y"))
    there = Record(
        "BILL",
        "50",
        {"LINES": (THEIRS, Line("10", {"AMOUNT": Decimal(2), "TEXT": "y"}), Line("11", {"AMOUNT": Decimal(1), "TEXT": "x"}))},
        "B-7",
    )
    made.books["50"] = there
    made.case = replace(made.case, candidate=there)
    made.settle()
    assert [step.kind for step in made.taken] == [StepKind.LINK]
    assert sorted(str(amount) for amount, _ in made.ours()) == ["1", "2"]


def test_a_line_that_a_lost_call_may_have_added_is_not_added_again() -> None:
    made = sent(desk(item("a", "1", "x")))
    assert made.case.pairing is not None
    there = Line("77", {"AMOUNT": Decimal(5), "TEXT": "late", "PROJECT": None})
    made.edit_right([*made.lines, THEIRS, there])
    made.case = replace(made.case, pairing=replace(made.case.pairing, maybe_added=frozenset({"b", "c"})))
    made.case = replace(made.case, left=bill(item("a", "1", "x"), item("b", "5", "late"), item("c", "6")))
    (step,) = decide(made.flow, made.case, made.settings, NOW).steps
    lines = step.fields["LINES"]
    assert isinstance(lines, tuple)
    assert [line.id for line in lines] == [made.lines[0].id, "77", "+c"]


def test_two_sets_of_lines_can_follow_from_one_record() -> None:
    flow = bill_flow()
    more = LineMap("EXPENSES", lambda view: (), flow.lines[0].fields, "expenses")
    made = desk(item("a"), flow=replace(flow, lines=(*flow.lines, more)))
    (step,) = made.look().steps
    assert "EXPENSES" not in step.fields
    assert step.base["EXPENSES"] == ((), ())


ids = st.sampled_from(["a", "b", "c", "d"])
items = st.lists(
    st.builds(item, ids, st.sampled_from(["1", "2", "3", None]), st.sampled_from(["", "x"])), max_size=4, unique_by=lambda line: line.id
)
changes = st.one_of(
    st.tuples(st.just("left"), items),
    st.tuples(st.just("add theirs"), st.just(())),
    st.tuples(st.just("look"), st.just(())),
)


@fast
@given(items, st.lists(changes, max_size=6), st.sampled_from(Drift))
def test_after_any_edits_ours_follow_the_left_and_theirs_are_untouched(
    first: list[Line], edits: list[tuple[str, Any]], drift: Drift
) -> None:
    made = desk(*first, flow=bill_flow(drift))
    made.settle()
    theirs: list[Line] = []
    for what, value in edits:
        if what == "left":
            made.edit_left(*value)
        elif what == "add theirs" and "LINES" in made.right.fields:
            theirs.append(Line(f"5{len(theirs)}", {"AMOUNT": Decimal(77), "TEXT": "theirs", "PROJECT": None}))
            made.edit_right([theirs[-1], *made.lines])
        else:
            made.look()
    last = made.settle()
    assert [finding.kind for finding in last.findings] == [FindingKind.IN_STEP]
    assert made.case.left is not None
    wanted = made.case.left.fields["items"]
    assert isinstance(wanted, tuple)
    there = made.right.fields.get("LINES", ())
    assert isinstance(there, tuple)
    mine = sorted((str(line.fields.get("AMOUNT")), str(line.fields.get("TEXT") or "")) for line in there if line not in theirs)
    assert mine == sorted((str(line.fields["cost"]), str(line.fields["text"] or "")) for line in wanted)
    assert all(line in there for line in theirs)
    count = len(made.taken)
    made.settle()
    assert len(made.taken) == count  # nothing echoes
