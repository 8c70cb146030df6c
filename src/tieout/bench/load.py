"""The initial load of a slow company against what the company's own pace allows, and the same in layers."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tieout.bench import fill
from tieout.bench.emulated import Emulated
from tieout.bench.hub import a_hub, connect, is_quiet
from tieout.bench.limits import Vendor, share_of_limit
from tieout.bench.peer import peers
from tieout.bench.table import Row, Verdict, at_least

PACE = Vendor(per_request_s=0.2, per_record_s=0.03, connections=6)
PROJECTS = 10_000
LAYER = 1_200
TARGET = 0.95
FLOWS = "Flow: ServiceTitan projects."
NOTE = (
    f"{PROJECTS:,} ServiceTitan projects without customer or parent; the Intacct emulator takes 200 ms for a request and 30 ms for each "
    "record written, on 6 connections. The clock runs from the first write request to the last answer; the limit is all the requests, of "
    f"100 records each, spread evenly over the connections. Reading both sides and planning are done before and shown apart. {FLOWS}"
)
LAYERED = (
    f"{LAYER:,} customers, {LAYER:,} projects of theirs and {LAYER:,} jobs under them at the same pace, all marked at once; the limit is "
    "that of all the work together, as if no record had to wait for another. Flows: ServiceTitan customers, projects, jobs."
)


@dataclass(frozen=True, slots=True)
class _Before:
    reading_s: float
    planning_s: float
    items: int


def load(projects: int = PROJECTS) -> list[Row]:
    """Records without parents."""
    with a_hub() as hub:
        emulated = Emulated()
        fill.projects(emulated, fill.customer(emulated, "Only one"), projects)
        connect(emulated, books={"concurrency": PACE.connections, "poll_seconds": 600}, linked=False)
        emulated.slow(per_request_s=PACE.per_request_s, per_record_s=PACE.per_record_s, connections=PACE.connections)
        before = _read_and_plan()
        emulated.recorder.calls.clear()
        hub.start("worker")
        hub.wait(lambda: emulated.books.storage.count("PROJECT") >= projects and is_quiet(), "every project is written", look_s=0.5)
        hub.stop()
        writing, limit = emulated.recorder.writing_s(), PACE.shortest_s(projects)
        most = emulated.books.meter.as_dict()["max_concurrent"]
        command = "tieout bench load"
        compared = peers(emulated.books_url, projects, writing, command)
        emulated.close()
    share = share_of_limit(limit, writing)
    return [
        Row(
            f"Initial load of {projects:,} projects, share of the limit",
            f"{share:.3f} ({writing:.1f} s, limit {limit:.1f} s, at most {most} calls at once)",
            f"≥ {TARGET}",
            at_least(share, TARGET),
            command,
            NOTE,
        ),
        Row(f"Reading {projects:,} projects and the empty books", f"{before.reading_s:.1f} s", "", Verdict.SHOWN, command, NOTE),
        Row(f"Planning {before.items:,} creates", f"{before.planning_s:.1f} s", "", Verdict.SHOWN, command, NOTE),
        *compared,
    ]


def layered(count: int = LAYER) -> list[Row]:
    """Customers, projects and jobs, each under the other."""
    with a_hub() as hub:
        emulated = Emulated()
        for number in range(1, count + 1):
            owner = fill.customer(emulated, f"Customer {number}")
            (project,) = fill.projects(emulated, owner, 1, number)
            fill.job(emulated, owner, project)
        connect(emulated, books={"concurrency": PACE.connections, "poll_seconds": 600})
        emulated.slow(per_request_s=PACE.per_request_s, per_record_s=PACE.per_record_s, connections=PACE.connections)
        _read()
        emulated.recorder.calls.clear()
        hub.start("worker")

        def is_done() -> bool:
            books = emulated.books
            return books.storage.count("PROJECT") >= 2 * count and books.storage.count("CUSTOMER") >= count and is_quiet()

        hub.wait(is_done, "every record is written", look_s=0.5)
        hub.stop()
        writing, limit = emulated.recorder.writing_s(), PACE.shortest_in_layers_s([count, count, count])
        emulated.close()
    share = share_of_limit(limit, writing)
    figure = f"Layered load of 3 × {count:,} records, share of its limit"
    return [Row(figure, f"{share:.3f} ({writing:.1f} s, limit {limit:.1f} s)", "", Verdict.SHOWN, "tieout bench layered", LAYERED)]


def _read() -> float:
    from tieout.engine.poll import poll
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection

    began = time.monotonic()
    runtime = Runtime.real()
    for name in ("books", "field"):
        poll(runtime, Connection.objects.get(name=name))
    runtime.systems.close()
    return time.monotonic() - began


def _read_and_plan() -> _Before:
    from tieout.engine.plan import plan
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Integration

    reading = _read()
    began = time.monotonic()
    runtime = Runtime.real()
    found = plan(runtime, Integration.objects.get())
    runtime.systems.close()
    return _Before(reading, time.monotonic() - began, found.writes)
