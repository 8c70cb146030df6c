"""Planning over many links of which none needs anything."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.bench import cpu
from tieout.bench.emulated import Emulated
from tieout.bench.hub import BenchError, a_hub, connect
from tieout.bench.limits import extrapolated
from tieout.bench.table import Row, Verdict, at_most

LINKS = 100_000
WHOLE = 1_000_000
MOST_S, MOST_MB = 60.0, 300.0
COMMAND = "tieout bench planning"
NOTE = (
    f"`tieout plan` over {LINKS:,} linked ServiceTitan projects in the database, both systems without news; the time is extrapolated to "
    f"{WHOLE:,} links, the memory is the most this process had resident. One mapping edit makes every link be decided anew. Flow: "
    "ServiceTitan projects."
)


def planning(links: int = LINKS) -> list[Row]:
    """Time and memory, and the time after a mapping edit."""
    with a_hub():
        emulated = Emulated()
        integration = connect(emulated, linked=False)
        _read()
        _store(integration, links)
        peak_before = cpu.peak_mb() if cpu.is_known() else 0.0
        took, items = _plan(integration)
        if items:
            raise BenchError(f"The plan over unchanged links would write {items} records.")
        peak = cpu.peak_mb() if cpu.is_known() else 0.0
        _edit(integration)
        again, _ = _plan(integration)
        emulated.close()
    whole = extrapolated(took, links, WHOLE)
    memory = f"{peak:.0f} MB ({peak_before:.0f} MB before planning)" if peak else "this system does not tell"
    return [
        Row(
            f"Planning without change over {WHOLE:,} links",
            f"{whole:.0f} s extrapolated ({links:,} in {took:.1f} s)",
            f"< {MOST_S:.0f} s",
            at_most(whole, MOST_S),
            COMMAND,
            NOTE,
        ),
        Row("… memory", memory, f"< {MOST_MB:.0f} MB", at_most(peak, MOST_MB) if peak else Verdict.NOT_MEASURED, COMMAND, NOTE),
        Row(
            "… after one mapping edit",
            f"{extrapolated(again, links, WHOLE):.0f} s extrapolated ({links:,} in {again:.1f} s)",
            "",
            Verdict.SHOWN,
            COMMAND,
            NOTE,
        ),
    ]


def _read() -> None:
    from tieout.engine.poll import poll
    from tieout.engine.runtime import Runtime
    from tieout.store.models import Connection

    runtime = Runtime.real()
    for name in ("books", "field"):
        poll(runtime, Connection.objects.get(name=name))
    runtime.systems.close()


def _plan(integration: Any) -> tuple[float, int]:
    from tieout.engine.plan import plan
    from tieout.engine.runtime import Runtime

    runtime = Runtime.real()
    began = time.monotonic()
    found = plan(runtime, type(integration).objects.get(pk=integration.pk))
    took = time.monotonic() - began
    runtime.systems.close()
    return took, found.writes


def _edit(integration: Any) -> None:
    """Another department for new projects: it changes the rules of every link and the value of none."""
    from tieout.engine import connections

    connections.save_settings(integration, {"default_department": "D-1"}, by="bench", now=datetime.now(UTC))


def _store(integration: Any, links: int) -> None:
    """Linked pairs as a synchronisation leaves them, 1,000 at a time; the customer they all belong to stands first."""
    from tieout.core.record import Ref
    from tieout.engine.observe import store
    from tieout.engine.pairs import Pair, load_facts, settings_of
    from tieout.platforms import registry
    from tieout.store.models import Link

    settings = settings_of(integration)
    flow = next(flow for flow in registry.platform("servicetitan").flows if flow.name == "projects")
    now = datetime.now(UTC) - timedelta(days=1)
    about = Pair(integration, flow, Ref("project", ""), settings)
    load_facts(integration, [about])
    rules = about.rules()
    for pairs in _chunks(integration, links, flow, settings, now):
        store(integration.platform, [pair.left for pair in pairs], now)
        store(integration.company, [pair.right for pair in pairs], now)
        Link.objects.bulk_create([_link(pair, rules, now) for pair in pairs])
    _analyse()


def _chunks(integration: Any, links: int, flow: Any, settings: Any, now: datetime) -> Iterator[list[Any]]:
    from tieout.core.decide import StepKind, decide
    from tieout.core.record import Record, Value
    from tieout.engine.pairs import Pair

    for start in range(1, links + 1, 1000):
        pairs = []
        for number in range(start, min(start + 1000, links + 1)):
            fields: dict[str, Value] = {
                "number": str(number),
                "name": f"Project {number}",
                "active": True,
                "customerId": None,
                "mergedToId": None,
            }
            left = Record("project", str(number), fields, str(number), modified_at=now)
            pair = Pair(integration, flow, left.ref, settings, left=left)
            (step,) = decide(flow, pair.case(), settings, now).steps
            if step.kind is not StepKind.CREATE:
                raise BenchError("A project that is not linked would not be created.")
            pair.right = Record("PROJECT", str(number), {name: halves[1] for name, halves in step.base.items()}, step.natural_key)
            pair.decision = decide(flow, pair.case(), settings, now)
            pairs.append(pair)
        yield pairs


def _link(pair: Any, rules: str, now: datetime) -> Any:
    from tieout.engine.settle import new_link, stored_base

    (step,) = pair.decision.steps
    link = new_link(pair, pair.right.ref, "created", now, base=stored_base(step.base))
    link.left_fingerprint, link.right_fingerprint, link.rules_fingerprint = pair.left_fingerprint(), pair.right.fingerprint(), rules
    return link


def _analyse() -> None:
    """Let the database know its tables, as it does by itself within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


__all__ = ["planning"]
