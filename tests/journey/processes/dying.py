"""Works off what is due, and kills itself at a chosen step: one forked process for each order that comes in on standard input.

A step ends where something outside was told: a transaction that writes is committed, or a call has been answered. Between two
steps a death looks like one at the first of them, so these are all the points there are.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import django
import httpx
from psycopg.pq import TransactionStatus

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.django_settings"
django.setup()

from django.db import connection  # noqa: E402

from tieout.core.flow import Gone  # noqa: E402
from tieout.engine.drain import drain  # noqa: E402
from tieout.engine.poll import due_connections, poll  # noqa: E402
from tieout.engine.queue import release_waits  # noqa: E402
from tieout.engine.runtime import Runtime, Systems  # noqa: E402
from tieout.platforms import registry  # noqa: E402
from tieout.platforms.servicetitan import platform  # noqa: E402
from tieout.sandbox.clock import Clock  # noqa: E402
from tieout.store.models import IN_FLIGHT, Connection, Hint, Intent  # noqa: E402


class Steps:
    """Counts steps, and dies at the chosen one; None lives on. `told` says that something was told since the last one.

    With `from_intent` it counts from the first intent on, for passes whose beginning is that of others.
    """

    def __init__(self, last: int | None, *, from_intent: bool) -> None:
        self.left = last
        self.told = True
        self.counts = not from_intent

    def take(self) -> None:
        if self.left is None or not self.told or not self.counts:
            return
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        self.told = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if context["connection"].connection.info.transaction_status is TransactionStatus.IDLE:
            self.take()
        self.told = self.told or not sql.lstrip().upper().startswith("SELECT")
        self.counts = self.counts or 'INSERT INTO "store_intent"' in sql
        return execute(sql, params, many, context)


class Transport(httpx.HTTPTransport):
    """The real network, with a step before each call and one after its answer."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.steps = steps

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.steps.take()
        answer = super().handle_request(request)
        answer.read()
        self.steps.told = True
        self.steps.take()
        return answer


def delete_bills() -> None:
    """From now on bills whose original is gone are deleted in the books. No flow does that; the engine can."""
    gone = Gone(deletes=True)
    known = platform.PLATFORM
    flows = (replace(flow, when_left_is_gone=gone) if flow.name == "inventory-bills" else flow for flow in known.flows)
    platform.PLATFORM = replace(known, flows=tuple(flows))
    registry.vendor.cache_clear()


def work(order: dict[str, Any]) -> bool:
    """One pass over what is due at `at`; whether nothing is left to do."""
    if order["deletes"]:
        delete_bills()
    steps = Steps(order["dies_at"], from_intent=order["from_intent"])
    clock = Clock()
    clock.set(datetime.fromisoformat(order["at"]))
    systems = Systems(clock, {name: Transport(steps) for name in ("books", "field")})
    runtime = Runtime(clock, systems)
    with connection.execute_wrapper(steps):
        for each in due_connections(clock.now()):
            poll(runtime, each)
        company = Connection.objects.get(name="books")
        release_waits(company, clock.now())
        drain(runtime, company, 0)
        release_waits(company, clock.now())  # as the next sweep does: what this finds is still to be done
        systems.close()
    return not Hint.objects.exists() and not Intent.objects.filter(state__in=IN_FLIGHT).exists()


def main() -> None:
    """Carry out the orders of standard input, one a line, each in a process of its own; each answer is one line."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                os._exit(0 if work(json.loads(line)) else 1)
            except BaseException:
                traceback.print_exc()
                os._exit(2)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(json.dumps(status), flush=True)


if __name__ == "__main__":
    main()
