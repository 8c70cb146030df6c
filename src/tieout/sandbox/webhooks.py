"""Messages an emulator owes to others, delivered when its clock says so."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import httpx

from tieout.sandbox.clock import Clock
from tieout.sandbox.faults import Action, Faults

Post = Callable[[str, Mapping[str, str], bytes], int]
Headers = Mapping[str, str] | Callable[[datetime], Mapping[str, str]]
Body = bytes | Callable[[datetime, int], tuple[Mapping[str, str], bytes]]
REORDER_SECONDS = 5.0


@dataclass(slots=True)
class Delivery:
    """One message to one address. `headers` may be a function of the time, for signatures made anew at each attempt.

    `body` may be a function of the time and the attempt's number (from 1) that gives further headers and the bytes, for
    vendors whose message itself differs from attempt to attempt.

    An attempt answered with one of `succeeds_on` ends it; with another status it is tried again if that is one of
    `retry_on` (None: any), as is one that got no answer. `state` is waiting, delivered, failed (no attempts are left) or
    dropped (by a fault).
    """

    url: str
    headers: Headers = field(repr=False)
    body: Body = field(repr=False)
    retries: tuple[float, ...] = ()
    retry_on: Collection[int] | None = None
    succeeds_on: Collection[int] = range(200, 300)
    due: datetime | None = None
    attempts: int = 0
    state: str = "waiting"
    statuses: list[int] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """What happened to it, without its body."""
        due = self.due.isoformat() if self.due else None
        return {"url": self.url, "state": self.state, "attempts": self.attempts, "statuses": self.statuses, "due": due}


class Outbox:
    """Deliveries in the order they fall due. Not durable: what was not delivered when the process ends is lost.

    In server mode (`start`) a background thread delivers over HTTP. For a simulation without sockets call `pump` with your
    own `post(url, headers, body) -> status`; an exception of type OSError or httpx.HTTPError counts as a failed attempt.
    """

    def __init__(self, clock: Clock, faults: Faults, *, timeout: float = 10.0) -> None:
        self._clock = clock
        self._faults = faults
        self._timeout = timeout
        self._changed = threading.Condition()
        self._queue: list[tuple[datetime, int, Delivery]] = []
        self._order = itertools.count()
        self._log: list[Delivery] = []
        self._thread: threading.Thread | None = None
        self._closed = False
        clock.subscribe(self._wake)

    def enqueue(
        self,
        url: str,
        headers: Headers,
        body: Body,
        *,
        retries: Sequence[float] = (),
        retry_on: Collection[int] | None = None,
        succeeds_on: Collection[int] = range(200, 300),
        delay: float = 0.0,
        function: str = "",
        object: str = "",
    ) -> None:
        """Owes one message `delay` seconds from now; after a failed attempt it is tried again after each of `retries` seconds.

        `retry_on` and `succeeds_on` are the statuses that are tried again, and those that end it; see Delivery.
        `function` and `object` are what drop_webhook, duplicate_webhook and reorder_webhook faults match; `path` is the URL.
        """
        copies, lag = 1, delay
        actions = (Action.DROP_WEBHOOK, Action.DUPLICATE_WEBHOOK, Action.REORDER_WEBHOOK)
        dropped = False
        for fault in self._faults.hits(function=function, object=object, path=url, actions=actions):
            if fault.action is Action.DROP_WEBHOOK:
                dropped = True
            elif fault.action is Action.DUPLICATE_WEBHOOK:
                copies += 1
            else:
                lag += REORDER_SECONDS if fault.seconds is None else fault.seconds
        with self._changed:
            for _ in range(copies):
                state = "dropped" if dropped else "waiting"
                delivery = Delivery(url, headers, body, tuple(retries), retry_on, succeeds_on, state=state)
                self._log.append(delivery)
                if not dropped:
                    self._plan(delivery, lag)
            self._changed.notify_all()

    def pump(self, post: Post | None = None) -> int:
        """Attempts everything that is due by the clock, in order; gives the number of attempts."""
        done = 0
        while (delivery := self._take_due()) is not None:
            self._attempt(delivery, post or self._post)
            done += 1
        return done

    def as_list(self) -> list[dict[str, Any]]:
        """Every delivery since the last reset, oldest first."""
        with self._changed:
            return [delivery.as_dict() for delivery in self._log]

    def clear(self) -> None:
        """Forgets everything owed and everything done."""
        with self._changed:
            self._queue.clear()
            self._log.clear()

    def start(self) -> None:
        """Delivers from a background thread from now on."""
        with self._changed:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Ends the background thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(self._timeout)
        if "_http" in self.__dict__:
            self._http.close()

    def _plan(self, delivery: Delivery, seconds: float) -> None:
        delivery.due = self._clock.now() + timedelta(seconds=seconds)
        heapq.heappush(self._queue, (delivery.due, next(self._order), delivery))

    def _take_due(self) -> Delivery | None:
        with self._changed:
            if self._queue and self._queue[0][0] <= self._clock.now():
                return heapq.heappop(self._queue)[2]
            return None

    def _attempt(self, delivery: Delivery, post: Post) -> None:
        now = self._clock.now()
        headers = delivery.headers(now) if callable(delivery.headers) else delivery.headers
        body = delivery.body
        if callable(body):
            further, body = body(now, delivery.attempts + 1)
            headers = {**headers, **further}
        try:
            status = post(delivery.url, headers, body)
        except (OSError, httpx.HTTPError):
            status = 0
        with self._changed:
            delivery.attempts += 1
            delivery.statuses.append(status)
            is_retried = delivery.retry_on is None or status == 0 or status in delivery.retry_on
            if status in delivery.succeeds_on:
                delivery.state = "delivered"
            elif is_retried and delivery.attempts <= len(delivery.retries):
                self._plan(delivery, delivery.retries[delivery.attempts - 1])
            else:
                delivery.state = "failed"

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        return self._http.post(url, headers=dict(headers), content=body).status_code

    @cached_property
    def _http(self) -> httpx.Client:
        """One client for all deliveries, each over a connection of its own: making a client takes longer than delivering."""
        return httpx.Client(timeout=self._timeout, limits=httpx.Limits(max_keepalive_connections=0))

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                left = (self._queue[0][0] - self._clock.now()).total_seconds() if self._queue else None
                if left is None or left > 0:
                    self._changed.wait(None if self._clock.is_virtual else left)
                    continue
            self.pump()
