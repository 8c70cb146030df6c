"""Waking a worker, and taking over the jobs of a dead one.

Hints and rulings are committed first and a worker is woken after; both in one transaction would lose wake-ups: the
wake is swallowed by a queued job that runs, sees nothing yet, and ends (proved, research/stack-validation §2). The
statement is an insert that does nothing when such a job already waits, since the library's own way fails a statement
for each of them. It depends on the library's table; a contract test watches over that.

Every task that may be rescued takes `rescues: int = 0`, which grows each time a worker dies over it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app

log = structlog.get_logger(__name__)

DEFAULT_QUEUE = "default"
RESCUE_TASK = "tieout.rescue"
FORGET_TASK = "tieout.forget_old_jobs"
RESCUES_LIMIT = 5  # a job that outlives this many workers probably kills them
STALLED_AFTER_S = 6.0
FINISHED_JOBS_KEPT_H = 72
FIRST_PRIORITY = 1000

_INSERT = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s)
ON CONFLICT DO NOTHING
"""

# The slots are chosen by lot: one that is busy with a slow call then holds up a part of what comes in at most. It does not wait for
# the disk, because a lost wake costs latency only.
_INSERT_DRAINS = """
WITH at_once AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
SELECT %(queue)s, %(task)s, %(priority)s, d.name, d.name, jsonb_build_object('company_id', d.id, 'slot', d.slot)
FROM (
    SELECT c.id, n.slot, 'drain:' || c.id || ':' || n.slot AS name
    FROM store_connection AS c CROSS JOIN generate_series(0, c.slots - 1) AS n (slot)
    WHERE c.id = %(company)s
    ORDER BY random()
    LIMIT %(slots)s
) AS d, at_once
ON CONFLICT DO NOTHING
"""

# One statement, so that a job is never failed without its successor. A late end of the dead worker then finds its own
# row failed and changes nothing; retrying the same row would let that late end finish the successor's work.
_RESCUE = """
WITH dead AS (
    UPDATE procrastinate_jobs AS job SET status = 'failed', attempts = attempts + 1, abort_requested = false
    WHERE job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - %(stalled_after_s)s * interval '1 second')
    RETURNING id, queue_name, task_name, priority, lock, queueing_lock, args,
        coalesce((args ->> 'rescues')::int, 0) AS rescues
), renewed AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
    SELECT queue_name, task_name, priority, lock, queueing_lock, args || jsonb_build_object('rescues', rescues + 1)
    FROM dead WHERE rescues < %(limit)s
    ON CONFLICT DO NOTHING
)
SELECT id, task_name, lock, rescues FROM dead ORDER BY id
"""


def wake(
    task_name: str,
    *,
    queueing_lock: str,
    lock: str | None = None,
    args: Mapping[str, Any] | None = None,
    priority: int = 0,
    queue: str = DEFAULT_QUEUE,
    run_at: datetime | None = None,
) -> None:
    """Have a worker run a task soon, unless a job with the same queueing lock already waits.

    Takes effect when the transaction around it commits, at once if there is none. Losing it costs latency only,
    because the sweep wakes again whatever is due; so a failure is logged and not raised.

    Args:
        task_name: the name the task is registered under.
        queueing_lock: at most one job with this value waits.
        lock: at most one job with this value runs.
        args: the task's keyword arguments, as JSON can carry them.
        priority: higher runs first.
        run_at: not before this moment.
    """
    _wake(_INSERT, (queue, task_name, priority, lock, queueing_lock, json.dumps(dict(args or {})), run_at), queueing_lock)


def wake_drains(task_name: str, company_id: int, slots: int, *, priority: int = 0) -> None:
    """Have workers run a task soon for so many of a company's slots, whichever they are; else like `wake`.

    Its arguments are `company_id` and `slot`, and both its locks `drain:company_id:slot`.
    """
    values = {"queue": DEFAULT_QUEUE, "task": task_name, "priority": priority, "company": company_id, "slots": slots}
    _wake(_INSERT_DRAINS, values, f"drain:{company_id}")


def _wake(statement: str, values: Any, what: str) -> None:
    def insert() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
        except DatabaseError as error:
            log.warning("wake.failed", what=what, reason=type(error).__name__)

    transaction.on_commit(insert)


@app.periodic(cron="* * * * * */2")  # seconds are the last of six fields
@app.task(name=RESCUE_TASK, queueing_lock=RESCUE_TASK, priority=FIRST_PRIORITY, pass_context=True)
async def rescue(context: JobContext, timestamp: int, rescues: int = 0) -> None:
    """Fail the jobs of workers that stopped beating and put new ones in their place; give up on those that kill workers."""
    stalled_after_s = float(context.additional_context.get("stalled_after_s", STALLED_AFTER_S))
    rows = await context.app.connector.execute_query_all_async(query=_RESCUE, stalled_after_s=stalled_after_s, limit=RESCUES_LIMIT)
    for row in rows:
        given_up = row["rescues"] >= RESCUES_LIMIT
        write = log.error if given_up else log.warning
        write("job.given_up" if given_up else "job.rescued", job=row["id"], task=row["task_name"], lock=row["lock"], rescues=row["rescues"])


@app.periodic(cron="17 3 * * *")
@app.task(name=FORGET_TASK, queueing_lock=FORGET_TASK, pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int, rescues: int = 0) -> None:
    """Delete finished, failed and cancelled jobs after three days; what they did is in the journal."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FINISHED_JOBS_KEPT_H, include_failed=True, include_cancelled=True, include_aborted=True
    )
