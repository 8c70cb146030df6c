"""The whole engine at a company that takes no time: records a second, CPU, and catching up after an absence."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tieout.bench import cpu, fill
from tieout.bench.emulated import Emulated
from tieout.bench.hub import Hub, a_hub, connect, is_quiet
from tieout.bench.limits import companies_a_core, extrapolated
from tieout.bench.table import Row, Verdict, at_least

RECORDS = 10_000
WHOLE = 50_000
TARGET = 1000.0
A_BUSY_COMPANY = 2_000  # changes a day
COMMAND, FULL = "tieout bench engine", "tieout bench catch-up"
NOTE = (
    f"One `tieout worker` with PostgreSQL and both emulators on the same machine; {RECORDS:,} ServiceTitan projects are created in an "
    "Intacct emulator without latency, reading done before. The clock runs from the first write request to the last answer; CPU is that "
    "of the worker's and the database's processes from the worker's start until nothing is left to do, the emulators' excluded. Companies "
    f"per core assumes {A_BUSY_COMPANY:,} changes a day, spread evenly. Flow: ServiceTitan projects."
)
CAUGHT_UP = (
    "While nothing of Tieout runs, projects are renamed in ServiceTitan; the clock runs from the start of the worker, which finds them by "
    f"polling, until nothing is left to do, and a tie-out then reads both systems afresh. In a whole run {RECORDS:,} are renamed and the "
    f"time is extrapolated; `{FULL}` renames {WHOLE:,}. Flow: ServiceTitan projects."
)


@dataclass(frozen=True, slots=True)
class _Used:
    worker_s: float
    database_s: float


def engine(records: int = RECORDS) -> list[Row]:
    """Both figures; they share the load that the second one changes."""
    with a_hub() as hub:
        emulated = Emulated()
        made = fill.projects(emulated, fill.customer(emulated, "Only one"), records)
        integration = connect(emulated, books={"concurrency": 6}, linked=False)
        emulated.slow(connections=6)
        _read()
        writing, used = _create(hub, emulated, records)
        took, agreed = _catch_up(hub, emulated, integration, made)
        emulated.close()
    return [*_throughput(records, writing, used), _caught_up(records, took, agreed)]


def catch_up(records: int = WHOLE) -> list[Row]:
    """Catching up in full."""
    with a_hub() as hub:
        emulated = Emulated()
        made = fill.projects(emulated, fill.customer(emulated, "Only one"), records)
        integration = connect(emulated, books={"concurrency": 6}, linked=False)
        _read()
        _create(hub, emulated, records)
        took, agreed = _catch_up(hub, emulated, integration, made)
        emulated.close()
    return [_caught_up(records, took, agreed)]


def _read() -> None:
    from tieout.engine.poll import poll
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection

    runtime = Runtime.real()
    for name in ("books", "field"):
        poll(runtime, Connection.objects.get(name=name))
    runtime.systems.close()


def _create(hub: Hub, emulated: Emulated, records: int) -> tuple[float, _Used]:
    emulated.recorder.calls.clear()
    hub.start("worker")
    start = hub.cpu_s("worker")
    hub.wait(lambda: emulated.books.storage.count("PROJECT") >= records and is_quiet(), "every project is written")
    end = hub.cpu_s("worker")
    hub.stop()
    return emulated.recorder.writing_s(), _Used(end[0] - start[0], end[1] - start[1])


def _catch_up(hub: Hub, emulated: Emulated, integration: Any, made: list[dict[str, Any]]) -> tuple[float, bool]:
    from tieout.engine import tieout
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Cursor

    for project in made:
        emulated.call("PATCH", f"jpm/projects/{project['id']}", {"name": f"{project['name']} renamed"})
    Cursor.objects.update(next_at=None)
    emulated.recorder.calls.clear()
    began = time.monotonic()
    hub.start("worker")
    named = len(made)

    def is_done() -> bool:
        rows = emulated.books.storage.all("PROJECT")
        return sum(row["NAME"].endswith("renamed") for row in rows) >= named and is_quiet()

    hub.wait(is_done, "every change is carried across", look_s=0.5)
    took = time.monotonic() - began
    hub.stop()
    runtime = Runtime.real()
    report = tieout.run(runtime, integration)
    runtime.systems.close()
    return took, report.agreed


def _throughput(records: int, writing: float, used: _Used) -> list[Row]:
    rate = records / writing
    rows = [
        Row(
            "Whole engine, records a second",
            f"{rate:,.0f}/s ({records:,} in {writing:.1f} s)",
            f"≥ {TARGET:,.0f}/s",
            at_least(rate, TARGET),
            COMMAND,
            NOTE,
        )
    ]
    figure = "CPU seconds for 1,000 records"
    if not cpu.is_known():
        return [*rows, Row(figure, "this system does not tell", "", Verdict.NOT_MEASURED, COMMAND, NOTE)]
    worker, database = (value * 1000 / records for value in (used.worker_s, used.database_s))
    companies = companies_a_core(worker + database, A_BUSY_COMPANY)
    shown = f"worker {worker:.2f} s, database {database:.2f} s; {companies:,.0f} companies a core"
    return [*rows, Row(figure, shown, "", Verdict.SHOWN, COMMAND, NOTE)]


def _caught_up(records: int, took: float, agreed: bool) -> Row:
    whole = extrapolated(took, records, WHOLE)
    said = "both sides agree" if agreed else "the sides differ"
    shown = f"{took:.0f} s" if records == WHOLE else f"{whole:.0f} s extrapolated ({records:,} in {took:.1f} s)"
    command, verdict = (FULL if records == WHOLE else COMMAND), (Verdict.MET if agreed else Verdict.MISSED)
    return Row(f"Catching up on {WHOLE:,} changes", f"{shown}; {said}", "agreement", verdict, command, CAUGHT_UP)
