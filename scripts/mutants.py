#!/usr/bin/env python3
"""Break one guarantee of the engine at a time, and see that the simulation notices.

    python scripts/mutants.py [NAME …]

Each mutant is a copy of the tree with one line changed. Its seeds are lived one after the other until one fails; a mutant
that outlives all of them is a hole in the simulation, and the exit status is 1. `SEEDS` and `SEED_BASE` choose the seeds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SEED = re.compile(r"^(?:E +)?seed (\d+): (.*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guarantee broken: in this file, this text is replaced once."""

    name: str
    file: str
    old: str
    new: str

    def apply(self, tree: Path) -> None:
        """Change a copy of the tree. Raises ValueError if the text is not there exactly once."""
        path = tree / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(
                f"{self.name}: the text to change stands {text.count(self.old)} times in {self.file}; bring the mutant up to date"
            )
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


MUTANTS = (
    Mutant(
        "probe-skipped",
        "src/tieout/engine/probe.py",
        "        match answer.trace:\n            case Trace.EQUAL:",
        "        match Trace.OTHER:\n            case Trace.EQUAL:",
    ),
    Mutant(
        "base-not-written",
        "src/tieout/engine/settle.py",
        "    link.base = {**link.base, **intent.base}",
        "    link.base = {**intent.base, **link.base}",
    ),
    Mutant(
        "key-without-count",
        "src/tieout/engine/intents.py",
        "[*identity, step.name, str(n), sent]",
        "[*identity, step.name, sent]",
    ),
    Mutant(
        "echo-rule-off",
        "src/tieout/core/paired.py",
        "    on_right = name in pairing.unread and (",
        "    on_right = False and (",
    ),
    Mutant(
        "hint-finished-without-version",
        "src/tieout/store/sql/queries.sql",
        "h.version = done.version AS is_over",
        "true AS is_over",
    ),
    Mutant(
        "claim-without-lease",
        "src/tieout/store/sql/queries.sql",
        "SET due_at = %(lease)s, slot = %(slot)s",
        "SET slot = %(slot)s",
    ),
)


def bites(mutant: Mutant, first: int, count: int) -> tuple[int, str] | None:
    """The first seed in which a mutant was noticed, and how it showed; None if it outlived all seeds."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".venv", ".git", "node_modules", ".*_cache", "__pycache__"))
        mutant.apply(tree)
        environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "SEED_BASE": str(first), "SEEDS": str(count)}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "tests/simulation/test_simulation.py"]
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    if not done.returncode:
        return None
    shown = _SEED.search(done.stdout)
    if shown is None:
        raise RuntimeError(f"{mutant.name}: the tests could not be run\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return int(shown[1]), shown[2]


def main(wanted: list[str]) -> int:
    """Break what is wanted, or everything; a mutant that was not noticed makes the exit status 1."""
    first, count = int(os.environ.get("SEED_BASE", "0")), int(os.environ.get("SEEDS", "500"))
    outlived = 0
    for mutant in MUTANTS:
        if wanted and mutant.name not in wanted:
            continue
        started = time.monotonic()
        found = bites(mutant, first, count)
        outlived += found is None
        what = f"seed {found[0]}: {found[1]}" if found is not None else "NOT NOTICED"
        print(f"{mutant.name:32} {time.monotonic() - started:6.0f} s  {what}", flush=True)
    return 1 if outlived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
