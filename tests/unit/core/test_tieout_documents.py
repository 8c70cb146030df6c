"""The tie-out of documents: line by line, with totals to the cent, and of what is on the right only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.unit.core.papers import JOB, PROJECT, SETTINGS, bill, bill_flow, item
from tests.unit.core.sides import NOW
from tieout.core.flow import Direction, Exclusion, Flow, same
from tieout.core.record import Line, Record, Ref, Value
from tieout.core.tieout import LINES_THERE, FlowReport, tie_out


def there(*lines: Line, key: str = "B-7", **fields: Value) -> Record:
    return Record("BILL", "70", {"MEMO": None, "LINES": tuple(lines), **fields}, key)


def line(id_: str, amount: str, text: str | None = None, project: Ref | None = None) -> Line:
    return Line(id_, {"AMOUNT": Decimal(amount), "TEXT": text, "PROJECT": project})


def compare(
    lefts: Sequence[Record],
    rights: Sequence[Record],
    flow: Flow | None = None,
    settings: Mapping[str, Any] = SETTINGS,
    held: Mapping[Ref, str] | None = None,
) -> FlowReport:
    chosen = flow or bill_flow()
    report = tie_out([chosen], settings, {"bill": lefts}, {"BILL": rights}, since=None, held=held or {}, read_at={}, now=NOW)
    return report.flows[0]


def test_lines_that_agree_add_up_to_the_cent() -> None:
    found = compare([bill(item("1", "100.10"), item("2", "0.20"))], [there(line("11", "100.10"), line("12", "0.20"))])
    assert found.agreed
    total = found.totals["lines: amount"]
    assert (total.left, total.right, total.difference) == (Decimal("100.30"), Decimal("100.30"), Decimal(0))


def test_a_line_that_differs_by_a_cent_is_shown_and_its_total_too() -> None:
    found = compare([bill(item("1", "100.10", "sand"))], [there(line("11", "100.11", "sand"))])
    (difference,) = found.differences
    assert (difference.label, difference.left, difference.right) == ("lines: amount", Decimal("100.1"), Decimal("100.11"))
    assert found.totals["lines: amount"].difference == Decimal("0.01")


def test_a_line_that_is_missing_is_a_difference_and_one_more_in_the_books_is_explained() -> None:
    lefts = [bill(item("1", "5", "sand"), item("2", "7", "lime"))]
    missing = compare(lefts, [there(line("11", "5", "sand"))])
    assert [each.label for each in missing.differences] == ["a line of the lines"]
    assert missing.totals["lines: amount"].difference == Decimal(-7)
    more = compare(lefts, [there(line("11", "5", "sand"), line("12", "7", "lime"), line("13", "3", "freight"))])
    assert more.agreed
    assert more.explained == {LINES_THERE: 1}


def test_lines_are_told_by_their_values_and_not_by_their_order() -> None:
    lefts = [bill(item("1", "5", "sand"), item("2", "7", "lime"))]
    assert compare(lefts, [there(line("11", "7", "lime"), line("12", "5", "sand"))]).agreed


def test_a_reference_of_a_line_without_partner_is_told() -> None:
    found = compare([bill(item("1", "5", job=JOB))], [there(line("11", "5", project=PROJECT))])
    assert [each.left for each in found.differences] == [
        f"counterpart of {JOB}",
    ]


def test_a_record_that_is_in_the_books_only_is_missing_here_if_its_flow_takes_it() -> None:
    flow = bill_flow(direction=Direction.TWO_WAY)
    fields = tuple(replace(each, to_left=same, left_name="memo") for each in flow.fields)
    two_way = replace(flow, fields=fields, lines=())
    orphan = there(key="B-99")
    found = compare([], [orphan], two_way)
    assert [(each.key, each.left, each.right) for each in found.missing] == [("B-99", None, "70")]
    assert compare([], [orphan], two_way, held={orphan.ref: "held: waits for an approval"}).excluded == {"held: waits for an approval": 1}
    leaves_out = replace(two_way, excluded_right=lambda view: Exclusion("x", "It was made by hand."))
    assert compare([], [orphan], leaves_out).excluded == {"It was made by hand.": 1}
    assert compare([], [orphan]).agreed
