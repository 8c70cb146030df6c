"""One worker process: runs jobs until asked to stop, and starts over by itself when the database goes away.

The library's worker ends when its listener or heartbeat loses the database; the loop here starts it again with a
growing pause. Sync jobs run in threads, as many as may run at once (research/stack-validation §3 and §5).
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import structlog
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg_pool import AsyncConnectionPool

from tieout.engine.wake import STALLED_AFTER_S
from tieout.host.configuration import Configuration
from tieout.host.processes import die_with_parent
from tieout.host.setup import close_connections, settle_memory

log = structlog.get_logger(__name__)

STEADY_S = 60.0
SPARE_THREADS = 4
CONNECTIONS = 4
OPENING_PATIENCE_S = 10.0
CLOSING_PATIENCE_S = 1.0
CONNECTION_PATIENCE_S = 2.0  # also how long a stop takes while the database is away


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a worker notices and gives up; tests are less patient than real life.

    Attributes:
        heartbeat_s, stalled_after_s: how often it says it lives, and after what silence another takes its jobs.
        grace_s: after SIGTERM, how long before jobs are told to end at their next batch.
        stop_s: after SIGTERM, when it ends even if a job has not; jobs are safe to be cut anywhere.
        first_pause_s, longest_pause_s: bounds of the pause before it starts over.
    """

    heartbeat_s: float = 1.5
    stalled_after_s: float = STALLED_AFTER_S
    grace_s: float = 1.0
    stop_s: float = 9.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 10.0


def run_worker(configuration: Configuration, pace: Pace | None = None) -> None:
    """Run jobs until SIGTERM or SIGINT; Django must be loaded."""
    _commit_without_waiting()
    settle_memory()
    asyncio.run(_supervise(configuration, pace or Pace()))


def _commit_without_waiting() -> None:
    """Do not wait for the disk at each commit of this process.

    A crash of the database then loses at most the last moments of work, as if it had not been done yet: it is done again,
    because whatever remains is of one moment. What must outlast a crash before the next thing happens, an intent before its
    call, says so itself (`store.statements.durable`).
    """
    options = connection.settings_dict["OPTIONS"]
    options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    close_connections()  # those opened so far are made anew


async def _supervise(configuration: Configuration, pace: Pace) -> None:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(configuration.concurrency + SPARE_THREADS, thread_name_prefix="job"))
    asked = asyncio.Event()

    def ask() -> None:
        if not asked.is_set():
            _end_at_last(pace.stop_s)
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    pause_s = pace.first_pause_s
    while True:
        began = loop.time()
        reason = await _run_once(configuration, pace, asked)
        if asked.is_set():
            log.info("worker.stopped")
            return
        if loop.time() - began > STEADY_S:
            pause_s = pace.first_pause_s
        log.warning("worker.starts_over", reason=reason, pause_s=pause_s)
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), pause_s)
        pause_s = min(pause_s * 2, pace.longest_pause_s)


async def _run_once(configuration: Configuration, pace: Pace, asked: asyncio.Event) -> str:
    """Run the library's worker until it ends or we are asked to stop; gives the name of what ended it."""
    work = asyncio.create_task(_work(configuration, pace))
    stop = asyncio.create_task(asked.wait())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    work.cancel()
    stop.cancel()
    outcome, _ = await asyncio.gather(work, stop, return_exceptions=True)
    return f"{type(outcome).__name__}: {outcome}" if isinstance(outcome, Exception) else "connection lost"


async def _work(configuration: Configuration, pace: Pace) -> None:
    # A pool of our own, so that it is closed even if the stop comes while it opens: its tasks ignore being cancelled.
    pool: AsyncConnectionPool = AsyncConnectionPool(
        kwargs=connector_params(),
        min_size=1,
        max_size=CONNECTIONS,
        timeout=CONNECTION_PATIENCE_S,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )
    try:
        await pool.open(wait=True, timeout=OPENING_PATIENCE_S)
        with app.replace_connector(PsycopgConnector()):
            await app.open_async(pool)
            log.info("worker.started", concurrency=configuration.concurrency)
            await app.run_worker_async(
                name=f"{socket.gethostname()}-{os.getpid()}",
                concurrency=configuration.concurrency,
                fetch_job_polling_interval=0.5,
                abort_job_polling_interval=2.0,
                delete_jobs="successful",
                shutdown_graceful_timeout=pace.grace_s,
                update_heartbeat_interval=pace.heartbeat_s,
                stalled_worker_timeout=pace.stalled_after_s,
                additional_context={"stalled_after_s": pace.stalled_after_s},
                install_signal_handlers=False,
            )
    finally:
        await pool.close(timeout=CLOSING_PATIENCE_S)


def _end_at_last(patience_s: float) -> None:
    """End the process by force after a while: a job in a slow remote call must not hold up a restart."""
    timer = threading.Timer(patience_s, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


def work(configuration: Configuration) -> None:
    """`tieout worker`: open the database, bring the tables up to date, and run jobs until SIGTERM or Ctrl-C.

    Raises:
        ConfigurationError, PostgresError: a value or the database cannot be used.
    """
    from tieout.host.setup import setup

    die_with_parent()
    run_worker(setup(configuration))


def main() -> None:
    """A worker started by `serve`, with everything it needs in the environment."""
    from tieout.host.setup import enter

    die_with_parent()
    configuration = Configuration.from_environment()
    enter(configuration, configuration.database_url)
    run_worker(configuration)


if __name__ == "__main__":
    main()
