"""The worker is killed again and again while the first load runs, and in the end everything is there, once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.journey.processes.running import Installation, installed, until

KILLS = 20


def test_twenty_kills_of_the_worker_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20)
    with installed(tmp_path, "--world", "demo", "--latency-ms", "40", "--per-record-ms", "3") as tieout:
        tieout.start("serve")
        tieout.connect()
        killed = 0
        while killed < KILLS:
            (worker,) = until(tieout.workers, "a worker runs")[:1]
            time_to_live = chance.uniform(0.2, 2.5)
            deadline = time.monotonic() + time_to_live
            until(lambda deadline=deadline: time.monotonic() > deadline, "its time comes")  # type: ignore[misc]
            os.kill(worker, signal.SIGKILL)
            until(lambda worker=worker: worker not in tieout.workers(), "it is gone")  # type: ignore[misc]
            killed += 1
        until(lambda: len(shown(tieout)) >= len(expected(tieout)) and tieout.is_quiet(), "everything is worked off", within_s=240)
        assert expected(tieout) == shown(tieout)
        assert tieout.json("tie-out")["agreed"] is True


def expected(tieout: Installation) -> dict[str, tuple[str, str, str]]:
    """The projects the books must show, from what the field holds: ID, parent, customer and state."""
    customers = {row["id"]: row for row in tieout.rows(tieout.servicetitan, "customers")}
    projects = {row["id"]: row for row in tieout.rows(tieout.servicetitan, "projects")}

    def survivor(customer: int) -> str:
        while customers[customer]["mergedToId"] is not None:
            customer = customers[customer]["mergedToId"]
        return f"C-{customer}"

    jobs = [job for job in tieout.rows(tieout.servicetitan, "jobs") if job["jobStatus"] != "Canceled"]
    needed = {job["projectId"] for job in jobs}
    found = {}
    for project in projects.values():
        if project["active"] or project["id"] in needed:
            state = "active" if project["active"] else "inactive"
            found[f"P-{project['number']}"] = ("", survivor(project["customerId"]), state)
    for job in jobs:
        parent = f"P-{projects[job['projectId']]['number']}" if job["projectId"] else ""
        found[job["jobNumber"]] = (parent, survivor(job["customerId"]), "active")
    return found


def shown(tieout: Installation) -> dict[str, tuple[str, str, str]]:
    """The projects the books show."""
    rows = tieout.rows(tieout.intacct, "PROJECT")
    assert not [key for key, count in Counter(row["PROJECTID"] for row in rows).items() if count > 1]
    return {row["PROJECTID"]: (row["PARENTID"] or "", row["CUSTOMERID"], row["STATUS"]) for row in rows}
