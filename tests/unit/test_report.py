"""The tie-out as people keep it: lines of CSV and a workbook that say what the report says."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from tieout.core.control import Total
from tieout.core.record import Ref
from tieout.core.tieout import Difference, FlowReport, Report
from tieout.engine.report import HEADINGS, MOST_ROWS, as_csv, as_data, as_workbook, rows

AT = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)


@pytest.fixture
def report() -> Report:
    flow = FlowReport("bills", "Bills", left=3, right=2, pairs=2, excluded={"held: It waits for an approval.": 4}, explained={"by rule": 5})
    flow.add("lines: amount", Decimal("100.10"), Decimal("100.11"))
    flow.places["100"] = Total(3, Decimal("100.10"), 2, Decimal("100.11"))
    flow.missing.append(Difference("Bill 9", "B-9", "", "9", None))
    flow.differences.append(Difference("=Bill 7", "B-7", "AMOUNT", Decimal("100.10"), Decimal("100.11"), "amount"))
    flow.differences.append(Difference("Bill 8", "B-8", "PROJECT", Ref("PROJECT", "4"), None, "project"))
    return Report((flow,), {"bill": AT, "BILL": AT}, {"BILL": 12})


def test_every_figure_of_the_report_stands_in_its_csv(report: Report) -> None:
    lines = list(csv.reader(io.StringIO(as_csv(as_data(report)))))
    assert tuple(lines[0]) == HEADINGS
    assert ["Read at", "bill", "", "", "", "", "", "", "2026-05-01 14:30:00 UTC"] in lines
    assert ["Records", "Bills", "", "", "with a counterpart", "3", "2", "-1", "2"] in lines
    assert ["Total", "Bills", "", "", "lines: amount", "100.10", "100.11", "0.01", ""] in lines
    assert ["Records by entity", "Bills", "", "", "100", "3", "2", "-1", ""] in lines
    assert ["Sum by entity", "Bills", "", "", "100", "100.10", "100.11", "0.01", ""] in lines
    assert ["Left out", "Bills", "", "", "held: It waits for an approval.", "", "", "", "4"] in lines
    assert ["Explained", "Bills", "", "", "by rule", "", "", "", "5"] in lines
    assert ["Missing", "Bills", "Bill 9", "B-9", "", "9", "", "", ""] in lines
    assert ["Differs", "Bills", "Bill 8", "B-8", "project", "PROJECT 4", "", "", ""] in lines
    assert ["Not from this platform", "BILL", "", "", "", "", "", "", "12"] in lines


def test_a_name_that_a_spreadsheet_would_run_stays_text(report: Report) -> None:
    assert "'=Bill 7" in as_csv(as_data(report))
    book = load_workbook(io.BytesIO(as_workbook(as_data(report), "Tie-out", ())))
    cell = next(row[2] for row in book["Differences"].iter_rows(min_row=2) if row[2].value == "=Bill 7")
    assert cell.data_type == "s"


def test_amounts_and_times_of_the_workbook_can_be_reckoned_with(report: Report) -> None:
    book = load_workbook(io.BytesIO(as_workbook(as_data(report), "Tie-out of field-books", ("Made by Ada",))))
    summary = [[cell.value for cell in row] for row in book["Tie-out"].iter_rows()]
    assert summary[0][0] == "Tie-out of field-books"
    total = next(row for row in summary if row[0] == "Total")
    assert total[5:8] == [pytest.approx(100.10), pytest.approx(100.11), pytest.approx(0.01)]
    assert next(row for row in summary if row[0] == "Read at")[8] == datetime(2026, 5, 1, 14, 30)


def test_a_report_of_any_size_is_kept_short_but_counted_in_full() -> None:
    flow = FlowReport("bills", "Bills", differences=[Difference("x", "x", "F", 1, 2)] * (MOST_ROWS + 5))
    data = as_data(Report((flow,), {}, {}))
    assert len(data["flows"][0]["rows"]) == MOST_ROWS
    assert data["flows"][0]["differing"] == MOST_ROWS + 5
    assert len(list(rows(data))) == MOST_ROWS + 1
