"""The tie-out of documents: line by line, with totals to the cent, and of what is on the right only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.unit.core.papers import JOB, PROJECT, SETTINGS, bill, bill_flow, item, total
from tests.unit.core.sides import NOW
from tieout.core.control import Control, Total
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


CONTROL = Control(total, lambda view: NOW.date(), "TOTAL", "AMOUNT", "TEXT")
COUNTED = replace(bill_flow(), control=CONTROL, entity=lambda view: "300")


def test_documents_are_counted_and_added_up_by_the_places_of_their_lines() -> None:
    lefts = [bill(item("1", "5", "100"), item("2", "7", "200"))]
    right = there(line("11", "5", "100"), line("12", "7", "200"), line("13", "3", "200"), TOTAL=Decimal(15))
    assert compare(lefts, [right], COUNTED).places == {
        "100": Total(1, Decimal(5), 1, Decimal(5)),
        "200": Total(1, Decimal(7), 1, Decimal(10)),
    }


def test_a_document_made_in_an_entity_counts_there_on_both_sides() -> None:
    right = replace(there(line("11", "5", "100"), TOTAL=Decimal(5)), entity="300")
    assert compare([bill(item("1", "5", "100"))], [right], COUNTED).places == {"300": Total(1, Decimal(5), 1, Decimal(5))}


def test_what_a_document_s_head_says_beyond_its_lines_shows_in_the_sums() -> None:
    right = there(line("11", "5", "100"), TOTAL=Decimal("5.01"))
    found = compare([bill(item("1", "5", "100"))], [right], COUNTED)
    assert found.places == {"100": Total(1, Decimal(5), 1, Decimal(5)), "": Total(0, Decimal(0), 1, Decimal("0.01"))}


def test_a_document_that_is_not_there_counts_where_it_would_be_made() -> None:
    assert compare([bill(item("1", "5", "100"))], [], COUNTED).places == {"300": Total(1, Decimal(5), 0, Decimal(0))}


def test_the_documents_that_carry_later_changes_count_with_theirs() -> None:
    lefts = [bill(item("1", "5", "100"))]
    right = there(line("11", "8", "100"), TOTAL=Decimal(8))
    credit = replace(there(line("21", "-3", "100"), key="C-1", TOTAL=Decimal(-3)), id="71", kind="CREDIT")
    rights = {"BILL": [right], "CREDIT": [credit]}
    adjustments = {lefts[0].ref: [credit.ref]}
    report = tie_out([COUNTED], SETTINGS, {"bill": lefts}, rights, since=None, held={}, read_at={}, now=NOW, adjustments=adjustments)
    assert report.flows[0].places == {"100": Total(1, Decimal(5), 1, Decimal(5))}


def test_what_is_no_document_is_counted_by_the_entity_of_the_books() -> None:
    right = replace(there(line("11", "5", "100")), entity="200")
    assert compare([bill(item("1", "5", "100"))], [right]).places == {"200": Total(1, Decimal(0), 1, Decimal(0))}
