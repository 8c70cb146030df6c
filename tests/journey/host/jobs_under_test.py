"""Jobs that leave a row for everything they do, so that a test can see what workers did."""

from __future__ import annotations

import os
import time

from django.db import connection
from procrastinate import JobContext
from procrastinate.contrib.django import app

BATCH_S = 0.1


def record(job: str, rescues: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (job, worker, rescues) VALUES (%s, %s, %s)", (job, os.getpid(), rescues))


@app.task(name="tests.write")
def write(job: str, rescues: int = 0) -> None:
    record(job, rescues)


@app.task(name="tests.drain", pass_context=True)
def drain(context: JobContext, job: str, rescues: int = 0) -> None:
    """Batches without end, each behind the fence that the engine's own claim has: the job must still be this worker's."""
    while not context.should_abort():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'doing'", (context.job.id,))
            if not cursor.fetchone():
                return
        time.sleep(BATCH_S)  # the remote call
        record(job, rescues)
