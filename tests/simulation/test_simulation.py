"""Seeds of the simulation; a failing one is run again alone with `SEED_BASE=n SEEDS=1`."""

from __future__ import annotations

import os
import traceback

import pytest

from tests.database import empty
from tests.simulation.document_history import DocumentHistory
from tests.simulation.field_history import FieldHistory
from tests.simulation.forecast_history import ForecastHistory

SEEDS = int(os.environ.get("SEEDS", "500"))
SEED_BASE = int(os.environ.get("SEED_BASE", "0"))
BLOCK = 25
HISTORIES = (FieldHistory, ForecastHistory, FieldHistory, ForecastHistory, DocumentHistory)  # by turns
_KINDS = "hint link record intent wait problem cursor planitem settingvalue integration connection run journal ruling apiusage freeze pace"
_TABLES = [f"store_{kind}" for kind in _KINDS.split()]


def blocks() -> list[range]:
    last = SEED_BASE + SEEDS
    return [range(start, min(start + BLOCK, last)) for start in range(SEED_BASE, last, BLOCK)]


@pytest.mark.parametrize("seeds", blocks(), ids=lambda seeds: f"{seeds.start}-{seeds.stop - 1}")
def test_after_any_history_both_sides_agree_and_nothing_is_lost_or_doubled(
    transactional_db: None, request: pytest.FixtureRequest, seeds: range
) -> None:
    wrong: list[str] = []
    for seed in seeds:
        if found := lived(seed):
            wrong.append(f"seed {seed}: {found}")
            if request.config.getoption("maxfail"):
                break
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def lived(seed: int) -> str:
    """What is wrong in the end of one seed's history, or what broke in it; nothing as a rule."""
    empty(*_TABLES)
    simulation = HISTORIES[seed % len(HISTORIES)](seed)
    try:
        return "; ".join(simulation.run())
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    finally:
        simulation.close()
