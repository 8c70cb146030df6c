"""Seeds of the simulation; a failing one is run again alone with `SEED_BASE=n SEEDS=1`."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from tests.simulation.document_history import DocumentHistory
from tests.simulation.field_history import FieldHistory
from tests.simulation.forecast_history import ForecastHistory

SEEDS = int(os.environ.get("SEEDS", "500"))
SEED_BASE = int(os.environ.get("SEED_BASE", "0"))
BLOCK = 25
HISTORIES = (FieldHistory, ForecastHistory, FieldHistory, ForecastHistory, DocumentHistory)  # by turns
_TABLES = """
    store_hint, store_link, store_record, store_intent, store_wait, store_problem, store_cursor, store_planitem, store_settingvalue,
    store_integration, store_connection, store_run, store_journal, store_ruling, store_apiusage
"""


def blocks() -> list[range]:
    last = SEED_BASE + SEEDS
    return [range(start, min(start + BLOCK, last)) for start in range(SEED_BASE, last, BLOCK)]


@pytest.mark.parametrize("seeds", blocks(), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_after_any_history_both_sides_agree_and_nothing_is_lost_or_doubled(transactional_db: None, seeds: range) -> None:
    wrong: dict[int, list[str]] = {}
    for seed in seeds:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {_TABLES} CASCADE")
        simulation = HISTORIES[seed % len(HISTORIES)](seed)
        try:
            found = simulation.run()
        finally:
            simulation.close()
        if found:
            wrong[seed] = found
    assert wrong == {}
