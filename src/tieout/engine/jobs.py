"""The jobs a worker runs: drains, polls, and the sweep that finds what nobody woke anyone for.

A drain of one slot of one company is one job; its lock keeps a slot to one drain across all workers, so a company
never gets more concurrent drains than it has slots.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from tieout.core.record import fingerprint
from tieout.engine import exports, restore, retention, tieout
from tieout.engine import wake as waking
from tieout.engine.compare import compare_slice
from tieout.engine.compare import due as compare_due
from tieout.engine.drain import drain
from tieout.engine.plan import Scope, plan
from tieout.engine.poll import due_connections, poll
from tieout.engine.queue import BATCH, release_waits
from tieout.engine.runtime import Runtime
from tieout.engine.undo import plan_undo
from tieout.store.models import BatchState, Connection, ExportBatch, Integration, TieOut
from tieout.store.statements import rows

log = structlog.get_logger(__name__)

DRAIN = "tieout.drain"
POLL = "tieout.poll"
TIE_OUT = "tieout.tie_out"
PLAN = "tieout.plan"
UNDO = "tieout.plan_undo"
BATCH_JOB = "tieout.batch"
SWEEP = "tieout.sweep"
COMPARE = "tieout.compare"
NIGHT = "tieout.night"
FORGET = "tieout.forget"
LONGEST_DRAIN_S = 20.0  # then it makes way for other jobs and wakes itself again
LIVE_FIRST = 10
NIGHT_LAST = -10


def wake_company(company_id: int, slots: int = 1) -> None:
    """Have workers work off a company's due hints soon, in this many of its slots, whichever they are."""
    waking.wake_drains(DRAIN, company_id, slots, priority=LIVE_FIRST)


def _slots_for(hints: int) -> int:
    """How many slots these due hints can keep busy: one for each batch."""
    return -(-hints // BATCH)


def wake_poll(connection_id: int) -> None:
    """Have a worker read what changed on a connection soon."""
    name = f"poll:{connection_id}"
    waking.wake(POLL, queueing_lock=name, lock=name, args={"connection_id": connection_id})


@cache
def runtime() -> Runtime:
    """This process's clock and adapters; adapters live as long as the process."""
    return Runtime.real(wake_company)


@app.task(name=DRAIN, pass_context=True)
def drain_job(context: JobContext, company_id: int, slot: int, rescues: int = 0) -> None:
    """Work off one slot of a company; wake as many slots as what is left can keep busy."""
    company = Connection(pk=company_id)  # the drain reads the rest
    until = time.monotonic() + LONGEST_DRAIN_S
    try:
        done = drain(runtime(), company, slot, go_on=lambda: time.monotonic() < until and not context.should_abort(), ahead=True)
    except Connection.DoesNotExist:
        return
    if done.hints:
        log.info("drain.done", company=done.company, slot=slot, hints=done.hints, paused=done.paused)
    if not done.paused and (due := dict(rows("due_companies", {"now": runtime().now()})).get(company_id)):
        wake_company(company_id, _slots_for(due))


def wake_tie_out(tie_out_id: int) -> None:
    """Have a worker make a tie-out that was asked for."""
    name = f"tie-out:{tie_out_id}"
    waking.wake(TIE_OUT, queueing_lock=name, lock=name, args={"tie_out_id": tie_out_id})


def wake_plan(integration_id: int, by: str, scope: Scope | None = None) -> None:
    """Have a worker plan an integration, or the part of it that is named."""
    name = f"plan:{integration_id}"
    part = {"scope": scope.as_json()} if scope is not None else {}
    args = {"integration_id": integration_id, "by": by, **part}
    waking.wake(PLAN, queueing_lock=f"{name}:{fingerprint([part])}" if part else name, lock=name, args=args)


@app.task(name=PLAN, pass_context=True)
def plan_job(context: JobContext, integration_id: int, by: str, scope: dict[str, Any] | None = None, rescues: int = 0) -> None:
    """Plan an integration, as its page asked."""
    integration = Integration.objects.select_related("platform", "company").filter(pk=integration_id).first()
    if integration is not None:
        found = plan(runtime(), integration, scope=Scope.from_json(scope or {}), by=by)
        log.info("plan.done", integration=integration.name, writes=found.writes, blocked=found.blocked)


def wake_undo(run_id: int, by: str) -> None:
    """Have a worker plan the undoing of a run."""
    name = f"undo:{run_id}"
    waking.wake(UNDO, queueing_lock=name, lock=name, args={"run_id": run_id, "by": by})


@app.task(name=UNDO, pass_context=True)
def undo_job(context: JobContext, run_id: int, by: str, rescues: int = 0) -> None:
    """Plan the undoing of a run, as its page asked."""
    found = plan_undo(runtime(), run_id, by=by)
    log.info("undo.planned", run=run_id, items=found.items, refused=found.refused)


def wake_batch(batch_id: int) -> None:
    """Have a worker make a batch, or see how far a released one has come."""
    name = f"batch:{batch_id}"
    waking.wake(BATCH_JOB, queueing_lock=name, lock=name, args={"batch_id": batch_id})


@app.task(name=BATCH_JOB, pass_context=True)
def batch_job(context: JobContext, batch_id: int, rescues: int = 0) -> None:
    """Make a batch that was asked for, or look after one that is under way."""
    batch = ExportBatch.objects.filter(pk=batch_id).first()
    if batch is not None and batch.state == BatchState.MAKING:
        made = exports.make(runtime(), batch)
        log.info("batch.made", batch=batch_id, documents=made.documents.count())
    elif batch is not None and batch.state == BatchState.RELEASED:
        found = exports.look(runtime(), batch)
        log.info("batch.looked", batch=batch_id, state=found.state, agreed=found.agreed)


@app.task(name=TIE_OUT, pass_context=True)
def tie_out_job(context: JobContext, tie_out_id: int, rescues: int = 0) -> None:
    """Make a tie-out that was asked for, unless it has been made."""
    asked = TieOut.objects.filter(pk=tie_out_id, ended_at=None).first()
    if asked is not None:
        report = tieout.make(runtime(), asked)
        log.info("tie-out.done", integration=asked.integration_id, agreed=report.agreed if report is not None else None)


@app.task(name=POLL, pass_context=True)
def poll_job(context: JobContext, connection_id: int, rescues: int = 0) -> None:
    """Read what changed on a connection."""
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is not None:
        changed = poll(runtime(), connection)
        if changed:
            log.info("poll.done", connection=connection.name, changed=changed)


@app.task(name=COMPARE, pass_context=True)
def compare_job(context: JobContext, connection_id: int, rescues: int = 0) -> None:
    """Compare a slice of a connection, and the next one as long as the night lasts."""
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is not None and not context.should_abort():
        compare_slice(runtime(), connection)


@app.periodic(cron="* * * * *")
@app.task(name=NIGHT, queueing_lock=NIGHT, pass_context=True)
def night(context: JobContext, timestamp: int, rescues: int = 0) -> None:
    """Have a slice of every connection compared whose night it is."""
    for connection in compare_due(runtime().now()):
        name = f"compare:{connection.pk}"
        waking.wake(COMPARE, queueing_lock=name, lock=name, args={"connection_id": connection.pk}, priority=NIGHT_LAST)


@app.periodic(cron="41 3 * * *")
@app.task(name=FORGET, queueing_lock=FORGET, pass_context=True)
def forget(context: JobContext, timestamp: int, rescues: int = 0) -> None:
    """Forget what has been kept long enough, and make the journal's next months."""
    now = runtime().now()
    retention.make_months(now)
    log.info("plan_items.forgotten", count=retention.forget_ended_items(now))


@app.periodic(cron="* * * * * */2")
@app.task(name=SWEEP, queueing_lock=SWEEP, priority=LIVE_FIRST, pass_context=True)
def sweep(context: JobContext, timestamp: int, rescues: int = 0) -> None:
    """Wake every company with due work and every connection whose poll is due."""
    now = runtime().now()
    restore.watch(settings.TIEOUT_NEWEST, now)
    for company in restore.end_compared(now):
        wake_company(company.pk)
    for company in Connection.objects.filter(pk__in=Integration.objects.filter(active=True).values("company")):
        release_waits(company, now)
    for company_id, due in rows("due_companies", {"now": now}):
        wake_company(company_id, _slots_for(due))
    for connection in due_connections(now):
        wake_poll(connection.pk)
    for batch in exports.due(now):
        wake_batch(batch)
