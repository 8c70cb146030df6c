"""The list of requirement numbers: what counts as proved, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import requirements


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "some.md").write_text(
        "| number | kind | statement |\n|---|---|---|\n| R-ST-01 | page | It is so. |\n| R-ST-D2 | page | And so. |\n"
    )
    (tmp_path / "tests").mkdir()
    return tmp_path


def marked(project: Path, text: str) -> list[requirements.Marked]:
    (project / "tests" / "test_some.py").write_text("import pytest\n" + text)
    return list(requirements.marked_tests(project / "tests", project))


def test_numbers_are_read_from_the_tables(project: Path) -> None:
    known = requirements.read_requirements(project / "docs")
    assert list(known) == ["R-ST-01", "R-ST-D2"]
    assert known["R-ST-01"].statement == "It is so."


def test_numbers_of_a_test_its_class_and_its_module_are_added_up(project: Path) -> None:
    text = (
        'pytestmark = pytest.mark.req("A")\n@pytest.mark.req("B")\nclass TestIt:\n    @pytest.mark.req("C")\n    def test_one(self): ...\n'
    )
    (found,) = marked(project, text)
    assert found.numbers == ("A", "B", "C")
    assert found.node == "tests/test_some.py::TestIt::test_one"


def test_more_than_three_numbers_and_unknown_numbers_are_refused(project: Path) -> None:
    tests = marked(project, '@pytest.mark.req("R-ST-01", "R-ST-D2", "R-ST-98", "R-ST-99")\ndef test_it(): ...\n')
    lines = list(requirements.complaints(tests, requirements.read_requirements(project / "docs")))
    assert len(lines) == 3
    assert lines[0].endswith("test_it carries 4 numbers: a test proves at most 3, split it")
    assert "R-ST-98 is no requirement" in lines[1]


def test_each_row_of_a_table_is_a_case_of_its_own(project: Path) -> None:
    rows = ", ".join(f'pytest.param({n}, marks=pytest.mark.req("R-ST-01", "R-ST-D2"))' for n in range(4))
    (found,) = marked(project, f'@pytest.mark.req("A")\n@pytest.mark.parametrize("n", [{rows}])\ndef test_it(n): ...\n')
    assert len(found.numbers) == 9
    assert found.most == 3


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, False),
        ({"t.py::test_it": {"outcome": "passed"}}, True),
        ({"t.py::test_it": {"outcome": "skipped"}}, False),
        ({"t.py::test_it[a]": {"outcome": "passed"}, "t.py::test_it[b]": {"outcome": "failed"}}, False),
        ({"t.py::test_it_too": {"outcome": "passed"}}, False),
    ],
)
def test_a_test_counts_only_when_it_ran_and_all_its_cases_passed(record: dict[str, dict[str, str]], expected: bool) -> None:
    assert requirements.passed("t.py::test_it", record) is expected
