"""From a webhook's arrival to its effect in the books, through the real server and worker."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx

from tieout.bench import fill
from tieout.bench.emulated import WEBHOOK_KEY, Emulated, event
from tieout.bench.hub import a_hub, connect, is_quiet
from tieout.bench.limits import percentile
from tieout.bench.table import Row, at_most

IDLE_EVENTS, IDLE_EVERY_S = 30, 1.0
BUSY_EVENTS, BUSY_EVERY_S = 1200, 0.05
COMMAND = "tieout bench latency"
NOTE = (
    "A job is cancelled or restored in the ServiceTitan emulator and a signed webhook about it is posted to `tieout serve`; the clock runs "
    "from the beginning of that request until the project's status has changed in the Intacct emulator. Different jobs, so that no two "
    "events fall together. At one event a second the time in which the emulators themselves worked on its requests is taken off; at 20 a "
    "second, where events overlap, it is not. Flow: ServiceTitan jobs."
)


class Watch:
    """Notes when each record of the books shows what is awaited of it."""

    def __init__(self, emulated: Emulated) -> None:
        self._storage = emulated.books.storage
        self._awaited: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self.seen: list[tuple[float, float]] = []  # when each event was posted, and when its effect was visible
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def expect(self, number: str, status: str) -> None:
        """From now on the record is awaited with this status."""
        with self._lock:
            self._awaited[number] = (status, time.monotonic())

    @property
    def open(self) -> int:
        """How many are still awaited."""
        return len(self._awaited)

    def stop(self) -> None:
        """End looking."""
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopped.wait(0.002):
            with self._lock:
                items = list(self._awaited.items())
            for number, (status, since) in items:
                row = self._storage.get("PROJECT", number)
                if row is not None and row["STATUS"] == status:
                    self.seen.append((since, time.monotonic()))
                    with self._lock:
                        del self._awaited[number]


def latency(idle: int = IDLE_EVENTS, busy: int = BUSY_EVENTS) -> list[Row]:
    """Both paces."""
    with a_hub() as hub:
        emulated = Emulated()
        owner = fill.customer(emulated, "Only one")
        jobs = [fill.job(emulated, owner) for _ in range(max(400, idle))]
        connect(emulated, books={"concurrency": 6}, field={"webhook_key": WEBHOOK_KEY, "poll_seconds": 3600})
        url = hub.serve()
        hub.wait(lambda: emulated.books.storage.count("PROJECT") >= len(jobs) and is_quiet(), "the first load is done")
        numbers = {row["PROJECTID"]: row["RECORDNO"] for row in emulated.books.rows("PROJECT")}
        reason = emulated.call("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
        drive = _Drive(emulated, url, jobs, numbers, reason)
        drive.run(5, 0.5)  # the first events open connections
        emulators = (emulated.recorder, emulated.field_recorder)
        one_a_second = [
            (ended - began, sum(each.within_s(began, ended) for each in emulators)) for began, ended in drive.run(idle, IDLE_EVERY_S)
        ]
        many = [(ended - began, 0.0) for began, ended in drive.run(busy, BUSY_EVERY_S)]
        hub.stop()
        emulated.close()
    return [*_rows("one event a second", one_a_second, 0.050, 0.150), *_rows("20 events a second for 60 s", many, None, 0.700)]


class _Drive:
    def __init__(self, emulated: Emulated, url: str, jobs: Sequence[dict[str, Any]], numbers: dict[str, str], reason: int) -> None:
        self._emulated = emulated
        self._address = f"{url}/webhooks/field/"
        self._jobs = list(jobs)
        self._numbers = numbers
        self._reason = reason
        self._sent = 0
        self._cancelled: set[int] = set()

    def run(self, events: int, every_s: float) -> list[tuple[float, float]]:
        """Post events at a steady pace; when each was posted and when it was visible."""
        watch = Watch(self._emulated)
        with httpx.Client(timeout=30) as client:
            began = time.monotonic()
            for number in range(events):
                time.sleep(max(began + number * every_s - time.monotonic(), 0))
                self._one(client, watch)
            deadline = time.monotonic() + 60
            while watch.open and time.monotonic() < deadline:
                time.sleep(0.05)
        watch.stop()
        return watch.seen + [(0.0, 60.0)] * watch.open

    def _one(self, client: httpx.Client, watch: Watch) -> None:
        job = self._jobs[self._sent % len(self._jobs)]
        self._sent += 1
        if job["id"] in self._cancelled:
            self._emulated.call("PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
            self._cancelled.discard(job["id"])
            status = "active"
        else:
            self._emulated.call("PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": self._reason, "memo": "bench"})
            self._cancelled.add(job["id"])
            status = "inactive"
        body, headers = event(job, self._sent)
        watch.expect(self._numbers[job["jobNumber"]], status)
        client.post(self._address, content=body, headers=headers).raise_for_status()


def _rows(pace: str, events: Sequence[tuple[float, float]], half: float | None, most: float) -> list[Row]:
    """Of events, each with its time and how much of it the emulators took."""
    rows = []
    own = percentile([theirs for _, theirs in events], 0.5)
    took = [whole - theirs for whole, theirs in events]
    above = f" above the emulators' {own * 1000:.0f} ms" if own else ""
    shown = f"{above} ({len(took):,} events, worst {max(took) * 1000:.0f} ms)".strip()
    for share, name, target in ((0.5, "p50", half), (0.95, "p95", most)):
        if target is not None:
            value = percentile(took, share)
            figure = f"Webhook to books, {pace}, {name}"
            rows.append(Row(figure, f"{value * 1000:.0f} ms {shown}", f"≤ {target * 1000:.0f} ms", at_most(value, target), COMMAND, NOTE))
    return rows
