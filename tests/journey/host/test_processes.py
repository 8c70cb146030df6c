"""The supervisor over children that die young, ignore signals, or outlive it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.journey.host.waiting import until
from tieout.host.processes import LONGEST_PAUSE_S, Child, Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def child(program: str) -> Child:
    return Child("test", [sys.executable, "-c", program], dict(os.environ))


def test_a_child_that_keeps_dying_young_is_started_ever_more_slowly() -> None:
    quick = child("")
    now = 1000.0  # handed in: no time passes in this test
    quick.keep_running(now)
    pauses = []
    for _ in range(7):
        until(lambda: quick.has_ended, "the child has ended")
        died = now
        quick.keep_running(now)
        while quick.pid is None:
            now += 0.25
            quick.keep_running(now)
        pauses.append(now - died)
    until(lambda: quick.has_ended, "the last child has ended")

    assert pauses[0] == 0.5
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S


def test_a_child_that_lived_long_is_started_again_soon() -> None:
    steady = child("")
    steady.keep_running(1000.0)
    until(lambda: steady.has_ended, "the child has ended")

    steady.keep_running(5000.0)
    assert steady.pid is None
    steady.keep_running(5000.5)

    assert steady.pid is not None
    until(lambda: steady.has_ended, "the child has ended again")


def test_a_child_that_ignores_the_signal_is_killed_with_all_it_started() -> None:
    stubborn = child(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {STUBBORN!r}])")
    stubborn.keep_running(time.monotonic())
    pid = stubborn.pid
    assert pid is not None
    grandchild = until(lambda: children_of(pid), "the grandchild is there")[0]

    stubborn.wait_or_kill(time.monotonic())

    assert stubborn.pid is None
    until(lambda: not is_running(grandchild), "the grandchild has ended")


def test_the_supervisor_starts_its_children_and_stops_them_when_told() -> None:
    sleeper = child("import time; time.sleep(600)")
    seen: list[int] = []

    def look() -> None:
        if sleeper.pid is not None:
            seen.append(sleeper.pid)
            supervisor.stop()

    supervisor = Supervisor([sleeper], tick=look)
    supervisor.run()

    assert seen
    assert not is_running(seen[0])


def test_a_child_ends_when_its_supervisor_is_killed() -> None:
    dependent = 'from tieout.host.processes import die_with_parent as d; import time; d(); print("ready", flush=True); time.sleep(600)'
    program = (
        "import os, sys, time; from tieout.host.processes import Child;"
        f"child = Child('c', [sys.executable, '-c', {dependent!r}], dict(os.environ)); child.keep_running(time.monotonic());"
        "print('child', child.pid, flush=True); time.sleep(600)"
    )
    supervisor = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    said = ""
    while not (re.search(r"^child \d+$", said, re.MULTILINE) and "ready\n" in said):  # ready: it now depends on its parent
        said += supervisor.stdout.readline()
    pid = int(re.findall(r"^child (\d+)$", said, re.MULTILINE)[0])

    supervisor.kill()
    supervisor.communicate()

    until(lambda: not is_running(pid), "the child has ended")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
