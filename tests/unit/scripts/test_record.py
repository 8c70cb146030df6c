"""The record of outcomes that a test run writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_some.py").write_text("import pytest\n" + text)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    req(*numbers): numbers\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.requirement_record", "-p", "no:django", "-p", "no:cacheprovider", "."]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, check=False)


def recorded(folder: Path) -> dict[str, str]:
    record = json.loads((folder / ".tieout" / "test-results.json").read_text())
    return {name: entry["outcome"] for name, entry in record.items()}


def test_a_run_records_the_marked_tests_and_keeps_what_it_did_not_run(tmp_path: Path) -> None:
    run(
        tmp_path, '@pytest.mark.req("A")\ndef test_one(): ...\n@pytest.mark.req("B")\ndef test_two(): assert False\ndef test_plain(): ...\n'
    )
    assert recorded(tmp_path) == {"test_some.py::test_one": "passed", "test_some.py::test_two": "failed"}
    run(tmp_path, '@pytest.mark.req("B")\ndef test_two(): ...\n')
    assert recorded(tmp_path) == {"test_some.py::test_one": "passed", "test_some.py::test_two": "passed"}


def test_a_test_whose_tear_down_fails_is_recorded_as_failed(tmp_path: Path) -> None:
    run(tmp_path, '@pytest.fixture\ndef it():\n    yield\n    assert False\n@pytest.mark.req("A")\ndef test_one(it): ...\n')
    assert recorded(tmp_path) == {"test_some.py::test_one": "failed"}


def test_a_test_with_four_numbers_stops_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, '@pytest.mark.req("A", "B", "C", "D")\ndef test_one(): ...\n')
    assert done.returncode == 4
    assert "carries 4 requirement numbers" in done.stdout + done.stderr
