#!/usr/bin/env python3
"""Which requirement numbers are proved, and by which tests.

    python scripts/requirements.py [--unproved] [--json]

One line each: NUMBER  STATUS  tests. A number is proved when at least one test carries it (`@pytest.mark.req`) and every test that
carries it passed in the last recorded run (`.tieout/test-results.json`, written by pytest). Refuses unknown numbers and more than three
on one test.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / ".tieout" / "test-results.json"
ROW = re.compile(r"^\| (R-[A-Z]+-D?\d+[a-z]?) \| ([^|]+) \| (.+) \|$")
LIMIT = 3


@dataclass(slots=True)
class Requirement:
    """One number with its statement and the tests that carry it."""

    number: str
    kind: str
    statement: str
    tests: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marked:
    """One test with the numbers it carries, and how many of them one of its cases carries at most."""

    path: str
    line: int
    name: str
    numbers: tuple[str, ...]
    most: int

    @property
    def node(self) -> str:
        """The test's id without parameters."""
        return f"{self.path}::{self.name}"


def read_requirements(folder: Path) -> dict[str, Requirement]:
    """Every number in the tables of docs/requirements/, in the order of the files."""
    found: dict[str, Requirement] = {}
    for page in sorted(folder.glob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            if match := ROW.match(line):
                found[match[1]] = Requirement(match[1], match[2].strip(), match[3].strip())
    return found


def marked_tests(folder: Path, root: Path) -> Iterator[Marked]:
    """Every test that carries numbers, its class's and its module's included."""
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield from _marked(tree.body, str(path.relative_to(root)), "", _module_numbers(tree))


def _marked(body: list[ast.stmt], path: str, prefix: str, inherited: tuple[str, ...]) -> Iterator[Marked]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _marked(node.body, path, f"{prefix}{node.name}::", inherited + _numbers(node.decorator_list))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            numbers = inherited + _numbers(node.decorator_list)
            if numbers:
                yield Marked(path, node.lineno, prefix + node.name, numbers, len(inherited) + sum(map(_most, node.decorator_list)))


def _numbers(expressions: list[ast.expr]) -> tuple[str, ...]:
    """The numbers in `pytest.mark.req(...)`, also inside `pytest.param(..., marks=...)` of a parametrised test."""
    found: list[str] = []
    for expression in expressions:
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.req"):
                found += [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return tuple(found)


def _most(decorator: ast.expr) -> int:
    """How many numbers one decorator gives to one case; each row of a parametrised test is its own case."""
    rows = [node for node in ast.walk(decorator) if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("pytest.param")]
    return max((len(_numbers([row])) for row in rows), default=len(_numbers([decorator])))


def _module_numbers(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id == "pytestmark" for name in node.targets):
            return _numbers([node.value])
    return ()


def read_record() -> dict[str, Any] | None:
    """What the last runs said, or None when there is no record."""
    try:
        loaded = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def passed(node: str, record: dict[str, Any]) -> bool:
    """Whether a test, with all its parameters, passed in the last recorded run."""
    entries = [entry for name, entry in record.items() if name == node or name.startswith(node + "[")]
    return bool(entries) and all(entry["outcome"] == "passed" for entry in entries)


def complaints(tests: list[Marked], known: dict[str, Requirement]) -> Iterator[str]:
    """What is wrong with the marks themselves."""
    for test in tests:
        if test.most > LIMIT:
            yield f"{test.path}:{test.line}: {test.name} carries {test.most} numbers: a test proves at most {LIMIT}, split it"
        for number in test.numbers:
            if number not in known:
                yield f"{test.path}:{test.line}: {number} is no requirement: docs/requirements/ lists them"


def main() -> int:
    """Print one line for each number; exit 1 when a mark is wrong."""
    parser = argparse.ArgumentParser(description="Which requirement numbers are proved, and by which tests.")
    parser.add_argument("--unproved", action="store_true", help="only those not proved")
    parser.add_argument("--json", action="store_true", help="one object for each number")
    options = parser.parse_args()
    known = read_requirements(ROOT / "docs" / "requirements")
    tests = list(marked_tests(ROOT / "tests", ROOT))
    wrong = list(complaints(tests, known))
    for line in wrong:
        print(line, file=sys.stderr)
    record = read_record()
    if record is None:
        print("No run is recorded yet, so nothing counts as proved: run make test first.", file=sys.stderr)
    for test in tests:
        for number in test.numbers:
            if number in known:
                known[number].tests.append(test.node)
    rows = [(item, bool(item.tests) and all(passed(node, record or {}) for node in item.tests)) for item in known.values()]
    shown = [(item, proved) for item, proved in rows if not (options.unproved and proved)]
    if options.json:
        print(
            json.dumps(
                [{"number": i.number, "kind": i.kind, "proved": p, "tests": i.tests, "statement": i.statement} for i, p in shown], indent=1
            )
        )
    else:
        for item, proved in shown:
            print(f"{item.number:10}  {'proved' if proved else 'unproved':8}  {' '.join(item.tests)}".rstrip())
        print(f"{sum(proved for _, proved in rows)} of {len(rows)} proved", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
