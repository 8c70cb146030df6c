"""A batch of claimed hints in the hands of one drain: its lease, and which connections may be called."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tieout.core.ports import Fault, Scope, System
from tieout.engine import health, journal
from tieout.engine.findings import Raised
from tieout.engine.journal import Pass
from tieout.engine.pairs import Pair
from tieout.engine.queue import Claimed, held
from tieout.engine.runtime import Runtime
from tieout.store.models import Connection

KIND_PAUSE = timedelta(minutes=1)  # before a kind of record that cannot be read is tried again
SAFETY = timedelta(seconds=10)  # a call is not begun when less than this of the lease is left


class LeaseOverError(Exception):
    """The lease of a batch ran out before its next call; the batch is left to whoever claims it next."""


class Wires:
    """What keeps a slot to one call at a time on each connection, however many of its batches are worked on."""

    def __init__(self) -> None:
        self._locks: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._making = threading.Lock()

    def to(self, connection: Connection) -> threading.Lock:
        """The wire to a connection; who holds it may call."""
        with self._making:
            return self._locks[connection.pk]


@dataclass(slots=True)
class Batch:
    """A batch of claimed hints.

    Attributes:
        wires: what the slot's batches share.
        raised: the codes of problems that stand, by pair.
        down: connections that are in error, and when they are tried again.
        well: connections that answered; they are out of error at the end of the batch, unless one of its calls failed.
        written: those of them that took a write.
        frozen: whether nothing may be written for the company, as it stood when the batch began.
    """

    runtime: Runtime
    company: Connection
    slot: int
    work: Pass
    hints: list[Claimed]
    lease_until: datetime
    wires: Wires = field(default_factory=Wires)
    raised: Raised = field(default_factory=dict)
    down: dict[int, datetime] = field(default_factory=dict)
    well: dict[int, Connection] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    frozen: bool = False

    def now(self) -> datetime:
        """The time now."""
        return self.runtime.now()

    @contextmanager
    def calling(self, connection: Connection) -> Iterator[System]:
        """The adapter of a connection, while no other batch of the slot calls it. Raises Fault, or LeaseOverError if the lease is over."""
        with self.wires.to(connection):
            if self.now() + SAFETY >= self.lease_until:
                raise LeaseOverError
            yield self.runtime.systems.of(connection)

    def hold(self, links: Sequence[int] = ()) -> dict[int, int]:
        """Make sure until the transaction ends that nobody took this batch over or moves these links; their versions.

        Raises LeaseOverError.
        """
        versions = held(self.hints, self.slot, self.lease_until, links)
        if versions is None:
            raise LeaseOverError
        return versions

    def connections(self, pairs: Iterable[Pair]) -> list[Connection]:
        """The connections these pairs are between, the books first."""
        found = {pair.integration.platform_id: pair.integration.platform for pair in pairs}
        return [self.company, *found.values()]

    def note_errors(self, pairs: Iterable[Pair]) -> None:
        """Connections that wait out an error are not called before their time, whatever a pair may want of them."""
        for connection in self.connections(pairs):
            if connection.retry_at is not None and connection.retry_at > self.now():
                self.down[connection.pk] = connection.retry_at

    def is_down(self, connection: Connection, pairs: Iterable[Pair]) -> bool:
        """Whether a connection that these pairs need is in error; then they wait for it. All others go on."""
        until = self.down.get(connection.pk)
        if until is None:
            return False
        for pair in pairs:
            pair.stop_until(until)
        return True

    def worked(self, connection: Connection, *, wrote: bool = False) -> None:
        """A call went well."""
        self.well[connection.pk] = connection
        if wrote:
            self.written.add(connection.pk)

    def note_answers(self) -> None:
        """Take the connections that answered, and on which no call failed, out of error."""
        for pk, connection in self.well.items():
            if pk in self.written and pk not in self.down:
                health.worked(connection, self.now())
            elif pk not in self.down:
                health.read_well(connection, self.now())

    def failed(self, connection: Connection, fault: Fault, pairs: Sequence[Pair], kind: str) -> None:
        """A call that could not be made at all: pause the connection, or only these pairs, and burn nothing."""
        if fault.case.scope is Scope.CONNECTION:
            until = self.down[connection.pk] = health.failed(connection, fault, self.now())
        else:
            until = self.now() + KIND_PAUSE
            for integration in {pair.integration.pk: pair.integration for pair in pairs}.values():
                journal.raise_kind_problem(integration, fault.case, kind, fault.detail, self.now())
        for pair in pairs:
            pair.stop_until(until)
