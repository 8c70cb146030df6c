"""The table of figures and the page it becomes."""

from __future__ import annotations

from tieout.bench.table import Row, Verdict, at_least, at_most, document, plain

FAST = Row("Initial load", "0.97 of the limit", "≥ 0.95", Verdict.MET, "tieout bench load", "10,000 projects.")
SLOW = Row("A day | quiet", "900", "< 500", Verdict.MISSED, "tieout bench day", "On a virtual clock.")
SEEN = Row("Reading", "2.0 s", "", Verdict.SHOWN, "tieout bench load", "10,000 projects.")


def test_a_row_survives_the_way_through_json() -> None:
    assert [Row.load(data) for data in plain([FAST, SLOW, SEEN])] == [FAST, SLOW, SEEN]


def test_a_target_counts_as_met_at_its_very_edge() -> None:
    assert at_least(0.95, 0.95) is Verdict.MET
    assert at_least(0.949, 0.95) is Verdict.MISSED
    assert at_most(500, 500) is Verdict.MET
    assert at_most(501, 500) is Verdict.MISSED


def test_the_page_names_every_figure_with_its_command_target_and_verdict() -> None:
    page = document([FAST, SLOW, SEEN], "2 cores", 300)
    assert "| Initial load | 0.97 of the limit | ≥ 0.95 | met | `tieout bench load` |" in page
    assert "| missed |" in page
    assert "5.0 minutes; 1 of 2 targets met" in page


def test_a_bar_in_a_cell_does_not_break_the_table() -> None:
    assert "| A day \\| quiet |" in document([SLOW], "2 cores", 1)


def test_figures_measured_together_share_one_note() -> None:
    page = document([FAST, SEEN], "2 cores", 1)
    assert page.count("10,000 projects.") == 1
    assert "**Initial load; Reading.**" in page
