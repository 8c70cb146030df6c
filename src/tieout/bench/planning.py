"""Planning over very many links of which none needs anything, and after an edit that concerns them all."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tieout.bench import many_links
from tieout.bench.emulated import Emulated
from tieout.bench.hub import PROGRAM, BenchError, Hub, a_hub, connect
from tieout.bench.limits import extrapolated
from tieout.bench.table import Row, Verdict, at_most

LINKS = 1_000_000
SAMPLE = 20_000
CUSTOMERS = 100
MOST_S, MOST_MB = 60.0, 300.0
COMMAND, EDITED = "tieout bench planning", "tieout bench edited"
NOTE = (
    f"`tieout plan`, as a command of its own, over {LINKS:,} linked ServiceTitan projects that each refer to one of {CUSTOMERS} "
    "customers, both systems without news; time and the most memory resident are those of the command, its start included. Flow: "
    "ServiceTitan projects."
)
EDIT_NOTE = (
    "A new default department changes the rules of every link and the value of none: every pair is loaded and decided anew, a few "
    f"hundred at a time. In a whole run {SAMPLE:,} of the links are planned and the time is extrapolated; `{EDITED}` plans all of them."
)


@dataclass(frozen=True, slots=True)
class _Took:
    seconds: float
    memory_mb: float


def planning(links: int = LINKS, sample: int = SAMPLE) -> list[Row]:
    """Time and memory without change, and the time after a mapping edit for some of the links."""
    with a_hub() as hub:
        emulated, integration = _begin(links)
        plain = _plan(hub, links)
        _edit(integration)
        began = time.monotonic()
        _plan_some(integration, sample)
        again = time.monotonic() - began
        emulated.close()
    shown = f"{plain.seconds:.0f} s"
    figure = f"Planning without change over {links:,} links"
    return [
        Row(figure, shown, f"< {MOST_S:.0f} s", at_most(plain.seconds, MOST_S), COMMAND, NOTE),
        Row("… memory", f"{plain.memory_mb:.0f} MB", f"< {MOST_MB:.0f} MB", at_most(plain.memory_mb, MOST_MB), COMMAND, NOTE),
        Row(
            "… after one mapping edit",
            f"{extrapolated(again, sample, links):.0f} s extrapolated ({sample:,} in {again:.1f} s)",
            "",
            Verdict.SHOWN,
            COMMAND,
            EDIT_NOTE,
        ),
    ]


def edited(links: int = LINKS) -> list[Row]:
    """Time and memory after a mapping edit, for all links."""
    with a_hub() as hub:
        emulated, integration = _begin(links)
        _edit(integration)
        took = _plan(hub, links)
        emulated.close()
    figure = f"Planning {links:,} links after one mapping edit"
    return [Row(figure, f"{took.seconds:.0f} s, {took.memory_mb:.0f} MB", "", Verdict.SHOWN, EDITED, EDIT_NOTE)]


def _begin(links: int) -> tuple[Emulated, Any]:
    emulated = Emulated()
    many_links.seed(emulated, CUSTOMERS)
    integration = connect(emulated)
    _bring_in_step()
    many_links.copy(integration, links)
    return emulated, integration


def _bring_in_step() -> None:
    from tieout.engine.drain import drain
    from tieout.engine.poll import poll
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection, Hint

    runtime = Runtime.real()
    for _ in range(30):
        for name in ("books", "field"):
            poll(runtime, Connection.objects.get(name=name))
        drain(runtime, Connection.objects.get(name="books"), 0)
        if not Hint.objects.exists():
            break
        time.sleep(1)
    else:
        raise BenchError("The projects to be copied did not come into step.")
    runtime.systems.close()


def _plan(hub: Hub, links: int) -> _Took:
    """Run the command. Raises BenchError if it fails or would write anything."""
    began = time.monotonic()
    said, log = hub.folder / "plan.json", hub.folder / "plan.log"
    with said.open("wb") as out, log.open("wb") as errors:
        process = subprocess.Popen([*PROGRAM, "plan", "--json"], env=hub.environment, stdout=out, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - began
    if process.returncode:
        raise BenchError(f"“tieout plan” failed: {log.read_text(errors='replace')[-500:]}")
    sums = json.loads(said.read_text().splitlines()[-1])
    if sums["steps"] or sums["in_step"] < links:
        raise BenchError(f"The plan over {links:,} unchanged links came to something else: {sums}")
    return _Took(took, used.ru_maxrss / 1024)


def _plan_some(integration: Any, sample: int) -> None:
    from tieout.engine.plan import Scope, plan
    from tieout.engine.runtime import Runtime

    runtime = Runtime.real()
    ids = frozenset(str(many_links.FIRST + number) for number in range(sample))
    found = plan(runtime, type(integration).objects.get(pk=integration.pk), scope=Scope(frozenset({many_links.FLOW}), ids))
    runtime.systems.close()
    if found.writes or found.in_step != sample:
        raise BenchError(f"After the edit {found.in_step:,} of {sample:,} links are in step, and {found.writes:,} would be written.")


def _edit(integration: Any) -> None:
    """Another department for new projects: it changes the rules of every link and the value of none."""
    from tieout.engine import connections

    connections.save_settings(integration, {"default_department": "D-1"}, by="bench", now=datetime.now(UTC))


__all__: Sequence[str] = ["edited", "planning"]
