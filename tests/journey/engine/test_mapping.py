"""Mapping tables: as files, saved whole, and looked at by every decision afterwards."""

from __future__ import annotations

from datetime import date

import pytest

from tests.world import World
from tieout.core.tables import Column, Table, TableRow
from tieout.engine import mapping
from tieout.engine.mapping import MappingError
from tieout.store.models import Hint, Journal, MappingRow

UNITS = Table(
    "units",
    "Units",
    "What belongs to a unit.",
    (Column("unit", "Unit"), Column("trade", "Trade")),
    (Column("location", "Location"), Column("class", "Class")),
)
TEXT = "unit,trade,location,class,since\nPlumbing,*,100,,\nPlumbing,*,200,C1,2026-06-01\n*,*,900,,\n"


def test_a_table_comes_back_from_its_file_as_it_went() -> None:
    rows = mapping.from_csv(UNITS, TEXT)
    assert rows[1] == TableRow(("Plumbing", "*"), {"location": "200", "class": "C1"}, date(2026, 6, 1))
    assert mapping.as_csv(UNITS, rows) == TEXT


def test_a_spreadsheets_file_may_have_another_order_and_fewer_columns() -> None:
    rows = mapping.from_csv(UNITS, "\ufeffTrade, Unit,location\r\n*,Roofing,300\r\n\r\n")
    assert rows == [TableRow(("Roofing", "*"), {"location": "300", "class": ""})]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The first line of “Units” lacks unit, trade. Its columns are: unit, trade, location, class, since."),
        ("unit,trade,colour\n", "The first line of “Units” has colour. Its columns are: unit, trade, location, class, since."),
        ("unit,trade,unit\n", "The first line of “Units” names a column twice. Its columns are: unit, trade, location, class, since."),
        ("unit,trade\nPlumbing,\n", "Line 2 of “Units” has an empty key. Write * where everything matches."),
        ("unit,trade,since\nA,B,31.3.26\n", "Line 2 of “Units” has the day “31.3.26”. Write it like 2026-03-31."),
        ("unit,trade\nA,B\na,b\n", "Line 3 says the same keys from the same day as line 2. Keep one of them."),
        ('unit,trade\n"A,B\n', "The file is not readable as CSV: unexpected end of data."),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(MappingError) as refused:
        mapping.from_csv(UNITS, text)
    assert str(refused.value) == says


def test_a_saved_table_is_told_in_the_log_and_everything_is_looked_at_again(world: World) -> None:
    integration = world.connect()
    world.new_customer("Ashby Farm")
    world.run_until_quiet()
    rows = mapping.from_csv(UNITS, TEXT)
    saved = mapping.replace_rows(integration, UNITS, rows, by="kim", now=world.clock.now())
    assert (saved.rows, saved.before) == (3, 0)
    assert saved.looked_at_again == Hint.objects.count() > 0
    assert mapping.rows_of(integration, UNITS) == rows
    assert Journal.objects.get(event="mapping changed").text == "kim saved the mapping table “Units”: 3 rows, 0 before."
    assert MappingRow.history.filter(history_change_reason="by kim").count() == 3
    again = mapping.replace_rows(integration, UNITS, rows, by="kim", now=world.clock.now())
    assert again.looked_at_again == 0
    mapping.replace_rows(integration, UNITS, rows[:1], by="kim", now=world.clock.now())
    assert mapping.rows_of(integration, UNITS) == rows[:1]


def test_a_table_is_shown_before_it_is_saved_and_nothing_of_it_is_kept(world: World) -> None:
    integration = world.connect()
    world.new_customer("Ashby Farm")
    world.run_until_quiet()
    rows = mapping.from_csv(UNITS, TEXT)
    found = mapping.preview_rows(world.runtime, integration, UNITS, rows)
    assert found.changed() == {}
    assert found.run is None
    assert not MappingRow.objects.exists()
    assert not Hint.objects.exists()


def test_a_table_that_is_not_declared_is_refused_with_those_that_are(world: World) -> None:
    integration = world.connect()
    with pytest.raises(MappingError, match="has no mapping table “colours”"):
        mapping.table_named(integration, "colours")
