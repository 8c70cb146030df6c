"""Records how each test that carries requirement numbers ended, for `make requirements`.

The record is `.tieout/test-results.json`: test id → outcome, numbers, time. A run replaces the entries of the tests it ran.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

RECORD = Path(".tieout") / "test-results.json"
LIMIT = 3


class Recorder:
    """Collects outcomes during a run and writes them at its end."""

    def __init__(self, root: Path) -> None:
        self.path = root / RECORD
        self.outcomes: dict[str, dict[str, Any]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Give each test its numbers, to travel with its reports from the process that runs it; refuse more than three."""
        for item in items:
            numbers = [str(number) for mark in item.iter_markers("req") for number in mark.args]
            if len(numbers) > LIMIT:
                raise pytest.UsageError(f"{item.nodeid} carries {len(numbers)} requirement numbers: a test proves at most {LIMIT}")
            if numbers:
                item.user_properties.append(("req", numbers))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test passed when its call passed and neither set-up nor tear-down failed."""
        numbers = dict(report.user_properties).get("req")
        if numbers and (report.when == "call" or report.outcome != "passed"):
            worse = self.outcomes.get(report.nodeid, {}).get("outcome") == "failed"
            self.outcomes[report.nodeid] = {"outcome": "failed" if worse else report.outcome, "req": numbers}

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the record, keeping what earlier runs said about other tests; of several processes only the first writes."""
        if not self.outcomes or hasattr(session.config, "workerinput"):
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        known = read_record(self.path) | {name: {**outcome, "at": now} for name, outcome in self.outcomes.items()}
        self.path.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix="test-results-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(dict(sorted(known.items())), file, indent=1)
        Path(name).replace(self.path)


def read_record(path: Path) -> dict[str, Any]:
    """The record as it stands; empty when there is none or it cannot be read."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def pytest_configure(config: pytest.Config) -> None:
    """Join every run."""
    config.pluginmanager.register(Recorder(config.rootpath), "requirement-record")
