"""Every measurement by name, and how all of them are made one after the other."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tieout.bench import cpu
from tieout.bench.hub import PROGRAM, BenchError
from tieout.bench.table import Row, Verdict, document

MEASUREMENTS: Mapping[str, str] = {
    "load": "tieout.bench.load:load",
    "layered": "tieout.bench.load:layered",
    "changed": "tieout.bench.transactions:changed",
    "documents": "tieout.bench.transactions:documents",
    "day": "tieout.bench.transactions:day",
    "latency": "tieout.bench.latency:latency",
    "pure": "tieout.bench.pure:pure",
    "engine": "tieout.bench.engine:engine",
    "planning": "tieout.bench.planning:planning",
}
IN_FULL: Mapping[str, str] = {
    "edited": "tieout.bench.planning:edited",
    "catch-up": "tieout.bench.engine:catch_up",
}
"""What a whole run measures on a part and extrapolates, in full; made only when asked for by name."""
LONGEST_S = 300.0
PAGE = "docs/benchmarks.md"


def measure(name: str) -> list[Row]:
    """One measurement, in this process."""
    module, _, function = {**MEASUREMENTS, **IN_FULL}[name].partition(":")
    made: Callable[[], list[Row]] = getattr(import_module(module), function)
    return made()


def measure_apart(name: str) -> list[Row]:
    """One measurement in a process of its own, so that none inherits another's memory, connections or threads."""
    try:
        done = subprocess.run([*PROGRAM, "bench", name, "--json"], capture_output=True, text=True, timeout=LONGEST_S, check=False)
        if done.returncode == 0:
            return [Row.load(data) for data in json.loads(done.stdout.splitlines()[-1])]
        why = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    except subprocess.TimeoutExpired:
        why = f"it took longer than {LONGEST_S:.0f} s"
    return [Row(name, why[:300], "", Verdict.NOT_MEASURED, f"tieout bench {name}")]


def measure_all(names: Sequence[str], tell: Callable[[str], None]) -> tuple[list[Row], float]:
    """Several measurements and how long they took together; `tell` gets a line before each."""
    began = time.monotonic()
    rows: list[Row] = []
    for name in names:
        tell(f"Measuring: {name}")
        rows += measure_apart(name)
    return rows, time.monotonic() - began


def write_page(rows: Sequence[Row], took_s: float, page: Path, busy: float = 0.0) -> None:
    """Write docs/benchmarks.md. Raises BenchError where there is no such directory."""
    if not page.parent.is_dir():
        raise BenchError(f"There is no directory {page.parent} to write {page.name} to; run it from the repository or give --page.")
    page.write_text(document(rows, cpu.machine(), took_s, busy), encoding="utf-8")


__all__ = ["IN_FULL", "MEASUREMENTS", "PAGE", "measure", "measure_all", "measure_apart", "write_page"]
