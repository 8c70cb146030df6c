"""The tie-out: what agrees, what is missing, what differs to the cent, and what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.sides import NOW, SETTINGS, field_of, task_flow
from tests.unit.core.values import fast
from tieout.core.flow import Exclusion, FieldMap, Flow, LineMap, Lookup, MissingError, View
from tieout.core.record import Line, Record, Ref, Value
from tieout.core.tieout import ADJUSTED, CREATE_ONLY, Difference, FlowReport, Report, tie_out

PLANS = Flow(
    name="plans",
    label="Plans",
    left_kind="plan",
    right_kind="PLAN",
    natural_key=lambda view: f"P-{view.record.id}",
    shown_as=lambda record: f"Plan {record.id}",
    fields=(FieldMap("NAME", field_of("name")),),
)
TASKS = task_flow(refers_to=("plan",))


def task(id_: str, *, at: datetime | None = NOW, deleted: bool = False, **fields: Value) -> Record:
    return Record("task", id_, {"number": id_, **fields}, id_, modified_at=at, deleted=deleted)


def book(id_: str, key: str | None = None, *, deleted: bool = False, **fields: Value) -> Record:
    return Record("TASK", f"9{id_}", fields, f"T-{id_}" if key is None else key, deleted=deleted)


def compare(
    lefts: Sequence[Record],
    rights: Sequence[Record],
    *,
    flows: Sequence[Flow] = (TASKS,),
    settings: Mapping[str, Any] = SETTINGS,
    since: datetime | None = None,
    held: Mapping[Ref, str] | None = None,
    links: Mapping[tuple[str, Ref], Ref] | None = None,
) -> Report:
    def by_kind(records: Sequence[Record], kinds: Sequence[str]) -> dict[str, list[Record]]:
        return {kind: [record for record in records if record.kind == kind] for kind in kinds}

    return tie_out(
        flows,
        settings,
        by_kind(lefts, [flow.left_kind for flow in flows]),
        by_kind(rights, [flow.right_kind for flow in flows]),
        since=since,
        held=held or {},
        read_at={"task": NOW},
        links=links,
    )


def only_flow(report: Report) -> FlowReport:
    (flow,) = report.flows
    return flow


def test_equal_sides_agree_and_every_pair_is_counted() -> None:
    report = compare([task("1", name="Roof"), task("2", name=" ")], [book("1", NAME="Roof "), book("2")])
    flow = only_flow(report)
    assert report.agreed
    assert (flow.flow, flow.label, flow.left, flow.right, flow.pairs) == ("tasks", "Tasks", 2, 2, 2)
    assert (flow.missing, flow.differences, flow.excluded, flow.explained) == ([], [], {}, {})
    assert report.read_at == {"task": NOW}
    assert report.unmanaged == {"TASK": 0}


def test_nothing_on_either_side_agrees() -> None:
    assert compare([], []).agreed


@pytest.mark.parametrize(
    ("right", "agrees"),
    [
        (Decimal("1234567.89"), True),
        (Decimal("1234567.890"), True),
        (Decimal("1234567.90"), False),
        (Decimal("1234567.88"), False),
        (None, False),
    ],
)
def test_one_cent_is_a_difference(right: Value, agrees: bool) -> None:
    report = compare([task("1", amount=Decimal("1234567.89"))], [book("1", AMOUNT=right)])
    assert report.agreed is agrees
    if not agrees:
        assert only_flow(report).differences == [Difference("Task 1", "T-1", "AMOUNT", Decimal("1234567.89"), right)]


@fast
@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=5), st.integers(0, 4), st.sampled_from(["0.01", "-0.01"]))
def test_a_cent_anywhere_is_found_and_only_there(amounts: list[Decimal], where: int, cent: str) -> None:
    where %= len(amounts)
    lefts = [task(str(i), amount=amount) for i, amount in enumerate(amounts)]
    rights = [book(str(i), AMOUNT=amount) for i, amount in enumerate(amounts)]
    assert compare(lefts, rights).agreed
    rights[where] = book(str(where), AMOUNT=amounts[where] + Decimal(cent))
    report = compare(lefts, rights)
    assert not report.agreed
    assert [(d.key, d.field) for d in only_flow(report).differences] == [(f"T-{where}", "AMOUNT")]


def test_a_left_record_without_counterpart_is_missing_and_named() -> None:
    report = compare([task("1"), task("2", name="Roof")], [book("1")])
    flow = only_flow(report)
    assert not report.agreed
    assert flow.missing == [Difference("Task 2", "T-2", "", "2", None)]
    assert (flow.left, flow.right, flow.pairs) == (2, 1, 1)


def test_a_counterpart_that_was_deleted_is_missing() -> None:
    report = compare([task("1")], [book("1", deleted=True)])
    assert [missing.key for missing in only_flow(report).missing] == ["T-1"]
    assert report.unmanaged == {"TASK": 0}


def test_a_left_record_that_was_deleted_takes_no_part() -> None:
    report = compare([task("1", deleted=True)], [book("1")])
    assert report.agreed
    assert only_flow(report).left == 0
    assert report.unmanaged == {"TASK": 1}


def test_every_field_that_differs_is_named_with_both_values() -> None:
    report = compare([task("1", name="Roof replacement", city="Austin")], [book("1", NAME="Roof", CITY="Dallas")])
    assert [(d.field, d.left, d.right) for d in only_flow(report).differences] == [
        ("NAME", "Roof rep", "Roof"),
        ("CITY", "Austin", "Dallas"),
    ]


@pytest.mark.parametrize(
    ("record", "since", "held", "reason"),
    [
        (task("1", category="spare"), None, {}, "It is spare."),
        (task("1", at=NOW - timedelta(days=1)), NOW, {}, "last changed before the integration was switched on"),
        (task("1"), None, {Ref("task", "1"): "held: the period is closed"}, "held: the period is closed"),
        (task("1", category="spare"), None, {Ref("task", "1"): "held: the period is closed"}, "held: the period is closed"),
    ],
)
def test_what_a_rule_or_a_person_holds_back_is_excluded_with_its_reason(
    record: Record, since: datetime | None, held: dict[Ref, str], reason: str
) -> None:
    report = compare([record, task("2")], [book("2")], since=since, held=held)
    assert report.agreed
    assert only_flow(report).excluded == {reason: 1}
    assert only_flow(report).left == 1


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=1), None])
def test_what_changed_since_the_switch_on_is_not_excluded(at: datetime | None) -> None:
    assert not compare([task("1", at=at)], [], since=NOW).agreed


def test_an_old_record_that_was_synced_because_something_needed_it_is_compared_like_any_other() -> None:
    old = task("1", at=NOW - timedelta(days=1), city="Austin")
    report = compare([old], [book("1", CITY="Dallas")], since=NOW)
    assert [d.field for d in only_flow(report).differences] == ["CITY"]


def test_a_field_given_on_creation_only_is_explained_and_does_not_spoil_agreement() -> None:
    report = compare([task("1", category="A")], [book("1", CATEGORY="B")])
    assert report.agreed
    assert only_flow(report).explained == {CREATE_ONLY: 1}


def test_a_field_whose_setting_is_off_is_explained_and_counts_once_it_is_on() -> None:
    sides = [task("1", title="New")], [book("1", TITLE="Old")]
    off = compare(*sides, settings={**SETTINGS, "titles": False})
    assert off.agreed
    assert only_flow(off).explained == {CREATE_ONLY: 1}
    assert [d.field for d in only_flow(compare(*sides)).differences] == ["TITLE"]


def test_a_field_that_is_not_mapped_is_not_compared() -> None:
    sides = [task("1", plan=Ref("plan", "7"))], [book("1", PLAN=Ref("PLAN", "99"), MEMO="theirs")]
    assert compare(*sides, settings={**SETTINGS, "parents": False}).agreed
    assert not compare(*sides).agreed


def test_two_records_with_one_id_are_a_collision_that_names_the_owner() -> None:
    flow = task_flow(natural_key=lambda view: "T-1")
    report = compare([task("1"), task("2")], [book("1")], flows=[flow])
    assert not report.agreed
    assert only_flow(report).missing == [Difference("Task 2", "T-1", "", "2", "its ID belongs to Task 1")]
    assert only_flow(report).pairs == 1


def test_two_flows_that_want_one_record_are_a_collision_too() -> None:
    plans = Flow(
        name="plans",
        label="Plans",
        left_kind="plan",
        right_kind="TASK",
        natural_key=lambda v: "T-1",
        fields=(),
        shown_as=lambda r: "Plan 7",
    )
    report = compare([Record("plan", "7", {}), task("1")], [book("1")], flows=[TASKS, plans])
    assert [flow.flow for flow in report.flows] == ["plans", "tasks"]
    assert [missing.right for missing in report.flows[1].missing] == ["its ID belongs to Plan 7"]


def test_records_of_the_books_that_belong_to_no_flow_are_counted_and_do_not_spoil_agreement() -> None:
    report = compare([task("1")], [book("1"), book("2"), book("3"), book("4", deleted=True)])
    assert report.agreed
    assert report.unmanaged == {"TASK": 2}


def test_records_of_the_books_that_share_an_id_or_have_none_are_each_counted() -> None:
    report = compare([task("1")], [book("1"), book("2", ""), book("3", ""), book("4", "T-9"), book("5", "T-9")])
    assert report.unmanaged == {"TASK": 4}


def test_two_records_of_the_books_with_one_id_pair_once_and_the_other_is_unmanaged() -> None:
    report = compare([task("1")], [book("1"), book("2", "T-1")])
    assert only_flow(report).pairs == 1
    assert report.unmanaged == {"TASK": 1}


PLAN = Record("plan", "7", {"name": "Spring"})


@pytest.mark.parametrize(
    ("parent", "agrees"),
    [(Ref("PLAN", "907"), True), (Ref("PLAN", "908"), False), (None, False)],
)
def test_a_reference_is_compared_with_the_partner_found_afresh(parent: Ref | None, agrees: bool) -> None:
    plan = Record("PLAN", "907", {"NAME": "Spring"}, "P-7")
    report = compare([PLAN, task("1", plan=PLAN.ref)], [plan, book("1", PLAN=parent)], flows=[TASKS, PLANS])
    assert report.agreed is agrees


def test_a_reference_to_what_has_no_partner_is_a_difference_in_words() -> None:
    report = compare([PLAN, task("1", plan=PLAN.ref)], [book("1")], flows=[TASKS, PLANS])
    assert [d.key for d in report.flows[0].missing] == ["P-7"]
    assert [(d.field, d.left, d.right) for d in report.flows[1].differences] == [("PLAN", "counterpart of plan 7", None)]


def test_references_within_one_kind_are_followed_whatever_the_order_of_the_records() -> None:
    flow = task_flow(refers_to=("task",))
    lefts = [task("1", plan=Ref("task", "2")), task("2")]
    assert compare(lefts, [book("1", PLAN=Ref("TASK", "92")), book("2")], flows=[flow]).agreed


def test_a_record_whose_id_cannot_be_made_is_missing_and_the_rest_is_still_compared() -> None:
    def key(view: View) -> str:
        if view.record.id == "1":
            raise MissingError(Ref("plan", "7"), Lookup.RECORD)
        return f"T-{view.record.id}"

    report = compare([task("1"), task("2", city="Austin")], [book("2", CITY="Dallas")], flows=[task_flow(natural_key=key)])
    assert only_flow(report).missing == [Difference("Task 1", "", "", "1", "record of plan 7")]
    assert [d.field for d in only_flow(report).differences] == ["CITY"]


def test_a_record_that_takes_no_part_is_left_out_with_its_reason_although_its_id_cannot_be_made() -> None:
    def key(view: View) -> str:
        raise MissingError(Ref("plan", "7"), Lookup.RECORD)

    flow = task_flow(natural_key=key, excluded=lambda view: Exclusion("task.elsewhere", "It goes another way."))
    report = compare([task("1")], [], flows=[flow])
    assert (only_flow(report).missing, only_flow(report).excluded) == ([], {"It goes another way.": 1})


def test_a_record_of_the_books_that_is_linked_under_one_flow_is_not_paired_under_another() -> None:
    plans = Flow("plans", "Plans", "plan", "TASK", natural_key=lambda v: "T-1", shown_as=lambda r: "Plan 7", fields=())
    links = {("tasks", Ref("task", "1")): Ref("TASK", "91")}
    report = compare([Record("plan", "7", {}), task("1")], [book("1")], flows=[TASKS, plans], links=links)
    plan_report, task_report = report.flows
    assert [missing.right for missing in plan_report.missing] == ["its ID belongs to another record"]
    assert (task_report.pairs, task_report.missing) == (1, [])


def test_a_flow_that_is_off_is_not_reported_and_its_records_of_the_books_are_unmanaged() -> None:
    report = compare([task("1")], [book("1"), book("2")], settings={**SETTINGS, "on": False})
    assert report.flows == ()
    assert report.unmanaged == {"TASK": 2}
    assert report.agreed


def test_one_flow_that_disagrees_spoils_the_whole() -> None:
    plan = Record("PLAN", "907", {"NAME": "Autumn"}, "P-7")
    report = compare([PLAN, task("1")], [plan, book("1")], flows=[TASKS, PLANS])
    assert [(flow.flow, flow.agreed) for flow in report.flows] == [("plans", False), ("tasks", True)]
    assert not report.agreed


@fast
@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_every_record_of_both_sides_is_accounted_for(mine: set[int], theirs: set[int]) -> None:
    report = compare([task(str(i)) for i in mine], [book(str(i)) for i in theirs])
    flow = only_flow(report)
    assert flow.pairs == len(mine & theirs)
    assert {missing.key for missing in flow.missing} == {f"T-{i}" for i in mine - theirs}
    assert flow.left == len(mine)
    assert report.unmanaged == {"TASK": len(theirs - mine)}
    assert report.agreed is (mine <= theirs)


BILLS = Flow(
    name="bills",
    label="Bills",
    left_kind="bill",
    right_kind="BILL",
    natural_key=lambda view: f"B-{view.record.id}",
    shown_as=lambda record: f"Bill {record.id}",
    fields=(),
    lines=(LineMap("LINES", lambda view: view.get("lines"), (FieldMap("AMOUNT", field_of("amount")), FieldMap("JOB", field_of("job")))),),  # type: ignore[arg-type]
)


def lines(*rows: tuple[str, str, str], right: bool = False) -> tuple[Line, ...]:
    """Lines of id, amount and job."""
    names = ("AMOUNT", "JOB") if right else ("amount", "job")
    return tuple(Line(id_, dict(zip(names, (Decimal(amount), job), strict=True))) for id_, amount, job in rows)


@pytest.mark.parametrize(
    ("now", "carried"),
    [
        ([("1", "130", "A"), ("2", "50", "A")], [("7", "30", "A")]),
        ([("1", "100", "A"), ("2", "50", "B")], [("7", "-50", "A"), ("8", "50", "B")]),
        ([("1", "100", "A")], [("7", "-50", "A")]),
        ([("1", "100", "A"), ("2", "50", "A"), ("3", "5", "C")], [("7", "5", "C")]),
    ],
    ids=["dearer", "moved to another job", "a line taken out", "a line added"],
)
def test_a_document_and_those_that_carry_its_changes_are_compared_together(
    now: list[tuple[str, str, str]], carried: list[tuple[str, str, str]]
) -> None:
    left = Record("bill", "4", {"lines": lines(*now)}, "4", modified_at=NOW)
    right = Record("BILL", "94", {"LINES": lines(("5", "100", "A"), ("6", "50", "A"), right=True)}, "B-4")
    other = Record("CREDIT", "95", {"CREDITLINES": lines(*carried, right=True)}, "B-4-1")
    rights = {"BILL": [right], "CREDIT": [other]}
    alone = tie_out([BILLS], {}, {"bill": [left]}, rights, since=None, held={}, read_at={})
    assert not alone.agreed or now == [("1", "100", "A")]
    report = tie_out([BILLS], {}, {"bill": [left]}, rights, since=None, held={}, read_at={}, adjustments={left.ref: [other.ref]})
    (flow,) = report.flows
    assert (flow.missing, flow.differences, flow.explained) == ([], [], {ADJUSTED: 1})
    total = next(iter(flow.totals.values()))
    assert total.left == total.right == sum(Decimal(amount) for _, amount, _ in now)
    assert report.unmanaged == {"BILL": 0, "CREDIT": 0}
