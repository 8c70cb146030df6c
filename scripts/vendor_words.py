#!/usr/bin/env python3
"""Keep vendors out of the core and the engine: no vendor name, object name or field name in their code, strings or comments.

    python scripts/vendor_words.py [FILE_OR_FOLDER ...]

A vendor's special case belongs into its flow, its catalogue or its adapter. The words come from tests/contract/specs/, so a new fact file
widens the check by itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SPECS = ROOT / "tests" / "contract" / "specs"
GUARDED = (ROOT / "src" / "tieout" / "core", ROOT / "src" / "tieout" / "engine")
CURE = "move the vendor's special case into its flow, catalogue or adapter"

# Found anywhere, also inside a longer name such as intacct_id.
VENDORS = re.compile(
    r"intacct|service[ _-]?titan|procore|ingenious|true[ _-]erp|sage|agave|quickbooks|forecast\.it|sage[ _-]?psa", re.IGNORECASE
)
NOT_A_VENDOR = re.compile(r"message|usage|passage", re.IGNORECASE)

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CAMEL = re.compile(r"[a-z]+[A-Z]\w*")
COMPOUND = re.compile(r"[A-Z]{4,}(ID|NO|KEY|DATE|NUM|TYPE|NAME)|WHEN[A-Z]+|TRX_\w+")

# Plain English, or SQL, or a name of Python's own; allowed although some vendor also uses it.
PLAIN = frozenset(
    (
        "ALLOCATION",
        "BUDGET",
        "CLASS",
        "COMMENTS",
        "COMPANY",
        "CONTACT",
        "CONTRACT",
        "DEPARTMENT",
        "DUPLICATE",
        "ENTITY",
        "EXPENSE",
        "FILENAME",
        "INVOICE",
        "ITEM",
        "JOURNAL",
        "LINENO",
        "LOCATION",
        "MEMBER",
        "NOTES",
        "PERMISSION",
        "PREFERENCE",
        "REGION",
        "ROLE",
        "ROLES",
        "TASK",
        "TERRITORY",
        "TRANSACTION",
        "UNIT",
        "UOM",
        "USER",
        "WAREHOUSE",
        "ZONE",
        "filename",
        "lineno",
        "typename",
        "username",
    )
)
SNAKE = frozenset({"origin_id", "origin_data", "wbs_code", "wbs_code_id", "line_item_type", "custom_project_id", "company_project_id"})


@cache
def vendor_words() -> frozenset[str]:
    """Object, function and field names that give a vendor away, matched as whole words in their own case."""
    catalogue = _facts("intacct/objects")
    words = set(catalogue["objects"]) | {name for name in catalogue["functions"] if "_" in name}
    fields = {field for node in catalogue["objects"].values() for field in _fields(node)}
    compounds = {field for field in fields if COMPOUND.fullmatch(field)}
    words |= compounds | {field.lower() for field in compounds}
    for path in sorted((SPECS / "servicetitan").glob("*.json")):
        schemas = _facts(f"servicetitan/{path.stem}")["schemas"].values()
        words |= {name for node in schemas for name in node.get("properties", {}) if CAMEL.fullmatch(name)}
    return frozenset((words | SNAKE) - PLAIN)


def _facts(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _fields(node: dict[str, Any]) -> Iterator[str]:
    for fields in node.get("elements", {}).values():
        yield from fields
    yield from node.get("seen_on_read", ())


def findings(path: Path) -> Iterator[tuple[int, str]]:
    """(line, word) for every vendor word in a file."""
    words = vendor_words()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        plain = NOT_A_VENDOR.sub("", line)
        yield from ((number, found.group()) for found in VENDORS.finditer(plain))
        yield from ((number, word) for word in WORD.findall(line) if word in words)


def main(arguments: list[str]) -> int:
    """One line for each finding; exit 1 when there is any."""
    places = [Path(argument) for argument in arguments] or list(GUARDED)
    files = [file for place in places for file in (sorted(place.rglob("*")) if place.is_dir() else [place])]
    count = 0
    for file in files:
        if file.suffix in (".py", ".sql"):
            shown = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
            for line, word in findings(file):
                print(f"{shown}:{line}: “{word}” is a vendor's word: {CURE}")
                count += 1
    return 1 if count else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
