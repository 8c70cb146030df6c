"""Acts, locked documents, approvals and other rulings, and mapping tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.unit.core.papers import Desk, bill_flow, desk, item, on_the_right
from tests.unit.core.sides import NOW, SETTINGS, left, task_flow
from tieout.core.decide import REPLACED, Case, FindingKind, Step, StepKind, decide
from tieout.core.flow import FieldMap, View
from tieout.core.rulings import Ruling, RulingKind
from tieout.core.tables import Facts, Rows, TableRow


def posted(**settings: object) -> Desk:
    made = desk(item("a", "1", "x"), item("b", "2"), memo="m", post=True, **settings)
    made.settle()
    assert made.right.fields["STATE"] == "Posted"
    return made


def test_an_act_follows_the_create_it_belongs_to_and_is_done_once() -> None:
    made = desk(item("a"), post=True)
    decision = made.look()
    assert [(step.kind, step.name, step.target) for step in decision.steps] == [
        (StepKind.CREATE, "create", None),
        (StepKind.ACT, "act post", None),
    ]
    assert made.settle().steps == ()
    assert len(made.taken) == 2


def test_an_act_waits_until_nothing_else_is_open() -> None:
    made = desk(item("a", "1"), post=False)
    made.settle()
    made.settings = {**made.settings, "post": True}
    made.edit_left(item("a", "1"), item("b", job=left().ref))
    decision = made.look()
    assert [finding.kind for finding in decision.findings] == [FindingKind.BLOCKED]
    assert decision.steps == ()


def test_a_change_to_a_posted_document_is_a_persons_matter_by_default() -> None:
    made = posted()
    made.edit_left(item("a", "5", "x"), item("b", "2"), memo="n")
    decision = made.look()
    assert [(step.kind, dict(step.fields)) for step in decision.steps] == [(StepKind.UPDATE, {"MEMO": "n"})]
    (finding,) = decision.findings
    assert (finding.kind, finding.code) == (FindingKind.HELD, "record.locked")
    assert finding.text == "It is posted there and can no longer be changed, but it was changed here: lines."


def test_by_setting_it_is_reversed_and_made_anew_under_its_next_number() -> None:
    made = posted(locked="replace")
    made.edit_left(item("a", "5", "x"), item("b", "2"), memo="m")
    old = made.right.id
    decision = made.look()
    assert [(step.kind, step.name, step.reason) for step in decision.steps][:2] == [
        (StepKind.ACT, "act reverse", "It can no longer be changed, so it is reversed and made anew."),
        (StepKind.UNLINK, "unlink", REPLACED),
    ]
    made.settle()
    assert made.books[old].fields["STATE"] == "Reversed"
    assert (made.right.natural_key, on_the_right(made.right), made.right.fields["STATE"]) == ("B-7-2", Decimal(7), "Posted")


def test_a_replacement_that_was_interrupted_goes_on_where_it_stopped() -> None:
    made = posted(locked="replace")
    made.edit_left(item("a", "5", "x"), memo="m")
    made.edit_right(STATE="Reversed")
    lock = made.flow.lock
    assert lock is not None
    made.flow = replace(made.flow, lock=replace(lock, state=lambda view: "no longer open" if view.get("STATE") != "Draft" else ""))
    assert [step.kind for step in made.look().steps][:2] == [StepKind.UNLINK, StepKind.CREATE]


def test_by_setting_another_document_carries_the_difference() -> None:
    made = posted(locked="adjust")
    made.edit_left(item("a", "5", "x"), item("c", "4"), memo="m")
    (step,) = made.look().steps
    assert (step.kind, step.made_kind, step.fields["AMOUNT"]) == (StepKind.ADJUST, "ADJUSTMENT", Decimal(6))
    assert made.settle().findings[0].kind is FindingKind.IN_STEP
    assert on_the_right(made.right) == Decimal(3)


@pytest.mark.parametrize("choice", ["replace", "adjust", "leave"])
def test_a_person_may_rule_what_becomes_of_the_change(choice: str) -> None:
    made = posted()
    made.edit_left(item("a", "5", "x"), item("b", "2"), memo="m")
    (finding,) = made.look().findings
    made.case = replace(
        made.case, rulings=[Ruling(RulingKind.RESOLVED, "kim", NOW, fingerprint=finding.fingerprint, data={"choice": choice})]
    )
    made.settle()
    assert [step.name for step in made.taken[2:]] == {
        "replace": ["act reverse", "unlink", "create", "act post"],
        "adjust": ["adjust"],
        "leave": [],
    }[choice]
    assert made.look().findings[0].kind is FindingKind.IN_STEP


# Approvals


def needs_approval(view: View, step: Step) -> str:
    return "" if view.facts.confirmed else "The first document needs an accountant's approval."


def test_what_needs_approval_waits_for_it_and_for_nothing_else() -> None:
    made = desk(item("a"), flow=bill_flow(approval=needs_approval))
    decision = made.look()
    (finding,) = decision.findings
    assert (decision.steps, finding.kind, finding.code) == ((), FindingKind.AWAITING, "approval.awaited")
    approved = Ruling(RulingKind.APPROVED, "kim", NOW, fingerprint=finding.fingerprint, until=NOW + timedelta(days=1))
    made.case = replace(made.case, rulings=[approved])
    made.edit_left(item("a", "2"))
    assert made.look().steps == ()  # what was approved is no longer what would be written
    made.edit_left(item("a"))
    made.case = replace(made.case, rulings=[replace(approved, until=NOW)])
    assert made.look().steps == ()  # lapsed
    made.case = replace(made.case, rulings=[approved])
    assert [step.kind for step in made.look().steps] == [StepKind.CREATE]


def test_once_the_first_is_confirmed_the_others_go_by_themselves() -> None:
    made = desk(item("a"), flow=bill_flow(approval=needs_approval))
    made.case = replace(made.case, facts=Facts(confirmed=True))
    assert [step.kind for step in made.look().steps] == [StepKind.CREATE]


def test_a_rejection_holds_until_what_would_be_written_changes() -> None:
    made = desk(item("a"))
    mark = decide(made.flow, made.case, made.settings, NOW).steps[0].fingerprint()
    made.case = replace(made.case, rulings=[Ruling(RulingKind.REJECTED, "kim", NOW, "wrong vendor", fingerprint=mark)])
    (finding,) = made.look().findings
    assert (finding.code, finding.text) == (
        "ruling.rejected",
        "kim rejected it: wrong vendor. It stays so until what would be written changes.",
    )
    made.edit_left(item("a", "3"))
    assert [step.kind for step in made.look().steps] == [StepKind.CREATE]


def test_a_skipped_record_is_left_alone_until_somebody_asks_for_it() -> None:
    skipped = Ruling(RulingKind.SKIPPED, "kim", NOW, "paid in cash", until=NOW + timedelta(days=3))
    decision = decide(task_flow(), Case(left(), rulings=[skipped]), SETTINGS, NOW)
    assert [(each.kind, each.text) for each in decision.findings] == [(FindingKind.SKIPPED, "kim skipped it: paid in cash.")]
    assert decision.recheck_at == NOW + timedelta(days=3)
    asked = Ruling(RulingKind.REQUESTED, "lee", NOW + timedelta(seconds=1))
    assert decide(task_flow(), Case(left(), rulings=[skipped, asked]), SETTINGS, NOW).steps


def test_a_ruling_may_let_a_record_into_a_closed_period() -> None:
    def day(view: View) -> str:
        return "May" if view.period_allowed else "June"

    flow = task_flow(fields=(FieldMap("DAY", day),))
    allowed = Ruling(RulingKind.PERIOD_ALLOWED, "kim", NOW)
    assert decide(flow, Case(left()), SETTINGS, NOW).steps[0].fields == {"DAY": "June"}
    assert decide(flow, Case(left(), rulings=[allowed]), SETTINGS, NOW).steps[0].fields == {"DAY": "May"}


# Mapping tables


def rows(*given: tuple[tuple[str, ...], str, date | None]) -> Rows:
    return Rows("Business units", tuple(TableRow(keys, {"location": value}, since) for keys, value, since in given))


def test_the_first_row_that_matches_wins_and_a_star_matches_everything() -> None:
    table = rows((("Plumbing", "Service"), "100", None), (("Plumbing", "*"), "110", None), (("*", "*"), "900", None))
    assert table.find(("plumbing ", "service")) == {"location": "100"}
    assert table.find(("Plumbing", "Install")) == {"location": "110"}
    assert table.find(("Roofing", "Install")) == {"location": "900"}
    assert rows((("*", "*"), "900", None), (("Plumbing", "Service"), "100", None)).find(("Plumbing", "Service")) == {"location": "900"}
    assert rows((("Plumbing",), "100", None)).find(("Roofing",)) is None


def test_a_row_counts_from_its_day_on() -> None:
    table = rows((("P",), "100", None), (("P",), "200", date(2026, 6, 1)), (("*",), "900", None))
    assert table.find(("P",), date(2026, 5, 31)) == {"location": "100"}
    assert table.find(("P",), date(2026, 6, 1)) == {"location": "200"}
    assert rows((("P",), "200", date(2026, 6, 1))).find(("P",), date(2026, 5, 31)) is None


def test_what_no_row_matches_is_held_and_the_table_is_named() -> None:
    flow = task_flow(fields=(FieldMap("PLACE", lambda view: view.mapped("units", view.text("unit"))["location"]),))
    facts = Facts({"units": rows((("Plumbing",), "100", None))})
    held = decide(flow, Case(left(unit="Roofing"), facts=facts), SETTINGS, NOW)
    (finding,) = held.findings
    assert (finding.kind, finding.code, finding.text, finding.cause) == (
        FindingKind.HELD,
        "mapping.unmatched",
        "The mapping table “Business units” has no row for “Roofing”.",
        "Business units: “Roofing”",
    )
    made = decide(flow, Case(left(unit="Plumbing"), facts=facts), SETTINGS, NOW)
    assert made.steps[0].fields == {"PLACE": "100"}
