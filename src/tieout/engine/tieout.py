"""Running a tie-out: read both systems afresh, and compare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tieout.core.ports import Actor, System
from tieout.core.record import Record, Ref
from tieout.core.tieout import Report, tie_out
from tieout.engine.pairs import settings_of
from tieout.engine.runtime import Runtime
from tieout.engine.usage import count_usage
from tieout.platforms import registry
from tieout.store.models import Integration, Link, Problem

Progress = Callable[[str, int], None]


def _silent(what: str, number: int) -> None:
    """No progress is shown."""


def run(runtime: Runtime, integration: Integration, progress: Progress = _silent) -> Report:
    """Compare both sides of an integration, read afresh. Raises Fault if a side cannot be read."""
    platform = registry.platform(integration.platform.system)
    settings = settings_of(integration)
    flows = [flow for flow in platform.flows if flow.is_on(settings)]
    read_at: dict[str, datetime] = {}
    left_kinds = dict.fromkeys([*platform.reads, *(flow.left_kind for flow in flows)])
    right_kinds = dict.fromkeys(flow.right_kind for flow in flows)
    try:
        lefts = {kind: read_all(runtime, runtime.systems.of(integration.platform), kind, read_at, progress) for kind in left_kinds}
        rights = {kind: read_all(runtime, runtime.systems.of(integration.company), kind, read_at, progress) for kind in right_kinds}
    finally:
        count_usage(runtime, integration.platform)
        count_usage(runtime, integration.company)
    return tie_out(
        flows,
        settings,
        lefts,
        rights,
        since=integration.switched_on_at,
        held=_held(integration),
        read_at=read_at,
        links=_links(integration),
    )


def read_all(runtime: Runtime, system: System, kind: str, read_at: dict[str, datetime], progress: Progress) -> list[Record]:
    """Every record of a kind as it is now; the last reading of a record counts."""
    read_at[kind] = runtime.now()
    found: dict[Ref, Record] = {}
    cursor = None
    while True:
        page = system.changes(kind, cursor)
        found.update((record.ref, record) for record in page.records)
        progress(kind, len(found))
        cursor = page.cursor
        if not page.more:
            return list(found.values())


def _links(integration: Integration) -> dict[tuple[str, Ref], Ref]:
    """Which records stand as pairs; what they hold is read afresh."""
    links = Link.objects.filter(integration=integration, is_open=True).only("flow", "left_kind", "left_id", "right_kind", "right_id")
    return {(link.flow, link.left): link.right for link in links.iterator(5000)}


def _held(integration: Integration) -> dict[Ref, str]:
    """Records that wait for a person, with the cause."""
    waiting = Problem.objects.filter(integration=integration, cleared_at__isnull=True).exclude(actor=Actor.NOBODY.value)
    return {Ref(problem.subject_kind, problem.subject_id): f"held: {problem.cause}" for problem in waiting}
