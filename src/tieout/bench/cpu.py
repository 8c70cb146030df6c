"""CPU seconds and memory of processes, as Linux counts them; elsewhere they are not known."""

from __future__ import annotations

import os
import platform
from pathlib import Path

PROC = Path("/proc")


def is_known() -> bool:
    """Whether this machine tells."""
    return (PROC / "self" / "stat").exists()


def _fields(pid: int) -> list[str]:
    text = (PROC / str(pid) / "stat").read_text()
    return text[text.rindex(")") + 2 :].split()  # the name before may hold spaces


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                found.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:
                continue  # it ended meanwhile
    return found


def tree(pid: int) -> list[int]:
    """A process and all its descendants that live."""
    children, found, queue = _children(), [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


def seconds(pid: int) -> float:
    """CPU seconds of a process, its living descendants, and those of its descendants that have ended."""
    total = 0
    for one in tree(pid):
        try:
            fields = _fields(one)
        except OSError:
            continue
        total += sum(int(fields[at]) for at in (11, 12, 13, 14))
    return total / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int | str = "self") -> float:
    """The most memory a process had resident at once, in megabytes."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def busy() -> float:
    """How many programs have wanted a core at once lately, by the system's own average over five minutes; 0 where it does not tell."""
    return os.getloadavg()[1] if hasattr(os, "getloadavg") else 0.0


def machine() -> str:
    """What this machine is, in a few words."""
    name = platform.machine()
    info = PROC / "cpuinfo"
    if info.exists():
        name = next((line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")), name)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} cores, {name}, Python {platform.python_version()}"
