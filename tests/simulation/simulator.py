"""A seeded history of edits, faults, abandoned work and time jumps over the real engine; the same seed is the same history.

What people do differs by platform (`field_history`, `forecast_history`); what befalls the engine is the same for all.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import httpx
from django.db import connection as database

from tests.in_process import InProcess
from tests.world import World, as_long_as_a_drain_may
from tieout.core.record import Ref
from tieout.engine import rulings
from tieout.engine.compare import compare_slice
from tieout.engine.drain import drain
from tieout.engine.mark import mark
from tieout.engine.poll import due_connections, poll
from tieout.engine.release import Word
from tieout.engine.runtime import Runtime, Systems
from tieout.store.models import Connection, Problem

FAULTS: tuple[dict[str, Any], ...] = (
    {"action": "delay", "seconds": 400},
    {"action": "refuse"},
    {"action": "http_status", "status": 500},
    {"action": "http_status", "status": 429, "seconds": 3},
    {"action": "html_body"},
    {"action": "cut_before_commit"},
    {"action": "cut_after_commit"},
    {"action": "finish_after_cut", "seconds": 20},
    {"action": "expire_session"},
)
SWITCHES: tuple[dict[str, Any], ...] = (
    {"duplicate_controlid_reply": "no_status"},
    {"duplicate_controlid_reply": "failure"},
    {"refusal_spends_controlid": True},
    {"controlid_memory_s": 60},
    {"duplicate_while_running": "refuse"},
    {"duplicate_while_running": "run"},
    {"duplicate_while_running": "wait"},
    {"consistency_lag_s": 45},
)
SLOTS = 4


class AbandonedError(BaseException):
    """The process dies here: nothing above may catch it."""


class Mortal(InProcess):
    """A transport under which the process may die, before or after the call arrived, and others may work meanwhile."""

    def __init__(self, emulator: Any, meanwhile: Callable[[], None]) -> None:
        super().__init__(emulator)
        self.meanwhile = meanwhile
        self.dies_in: int | None = None
        self.after = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.meanwhile()
        if self.dies_in is not None:
            self.dies_in -= 1
            if self.dies_in < 0:
                self.dies_in = None
                if self.after:
                    super().handle_request(request)
                raise AbandonedError
        return super().handle_request(request)


Act = Callable[[], Any]


class History:
    """One seed's history.

    Attributes:
        system: the platform beside the books.
        reads: a part of the path of the platform's lists, which a fault may befall.
    """

    system: str
    reads: str

    def __init__(self, seed: int, world: World) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.world = world
        for name in list(world.transports):
            world.transports[name] = Mortal(world.transports[name].emulator, self._meanwhile)
        self.workers = [world.runtime, Runtime(world.clock, Systems(world.clock, world.transports))]
        self.history: list[str] = []
        self.at_work: list[str] = []
        self.is_healing = False

    def begin(self) -> None:
        """Connect both systems."""
        raise NotImplementedError

    def people(self) -> list[tuple[Act, int]]:
        """What people do, and how often."""
        raise NotImplementedError

    def in_passing(self) -> list[Act]:
        """What people do while a call is under way."""
        raise NotImplementedError

    def touched(self) -> list[Ref]:
        """The records a webhook may be about."""
        raise NotImplementedError

    def verdict(self) -> list[str]:
        """What the oracle finds wrong."""
        raise NotImplementedError

    def run(self) -> list[str]:
        """Live the history, let everything heal and settle; what is wrong in the end."""
        for name in ("intacct", self.system):  # no call takes no time: what was read before a write is older than the write
            self.world.control(name, "PUT", "settings", {"latency_ms": 1})
        self.world.control("intacct", "PUT", "settings", self.chance.choice(SWITCHES))
        self.begin()
        for _ in range(self.chance.randint(12, 30)):
            self._act()
        for name in ("intacct", self.system):
            self.world.control(name, "DELETE", "faults")
        self._live()
        self.is_healing = True
        self.world.run_until_quiet(hours=72)
        while self._answer():
            self.world.run_until_quiet(hours=72)
        return self.verdict()

    def close(self) -> None:
        """Release the world."""
        self.workers[1].systems.close()
        self.world.close()

    def rows(self, system: str, kind: str) -> list[dict[str, Any]]:
        """What an emulator holds."""
        found: list[dict[str, Any]] = self.world.control(system, "GET", f"objects/{kind}")
        return found

    def _live(self) -> None:
        for transport in self.world.transports.values():
            transport.dies_in = None  # type: ignore[attr-defined]

    def _act(self) -> None:
        acts = [
            *self.people(),
            (self._webhook, 4),
            (self._answer, 1),
            (self._fault, 3),
            (self._sweep, 14),
            (self._jump, 3),
            (self._night, 1),
        ]
        act = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        self.history.append(act.__name__)
        act()
        self.world.clock.advance(self.chance.uniform(0, 2))

    def _answer(self) -> bool:
        """A person answers the questions that stand, one way or the other; whether there were any."""
        now, found = self.world.clock.now(), False
        for problem in Problem.objects.filter(code="field.conflict", cleared_at=None).order_by("id"):
            pair = rulings.problem_pair(problem, now)
            for question in rulings.questions(pair) if pair is not None else ():
                choice = self.chance.choice([value for value, _ in question.choices])
                rulings.resolve(pair, question.fingerprint, choice, Word("tests"), now)
                found = True
        return found

    def _webhook(self) -> None:
        """A webhook arrives, late or twice, about something that may have changed or not."""
        if refs := self.touched():
            mark(Connection.objects.get(name="field"), [self.chance.choice(refs)], reason="webhook", now=self.world.clock.now())

    def _fault(self) -> None:
        fault = {"match": {"nth": self.chance.randint(1, 3), "times": self.chance.randint(1, 3)}, **self.chance.choice(FAULTS)}
        if self.chance.random() < 0.7:
            fault["match"]["function"] = self.chance.choice(["create", "update", "query"])
            self.world.control("intacct", "POST", "faults", [fault])
        elif fault["action"] not in ("refuse", "finish_after_cut", "expire_session"):
            fault["match"]["path"] = self.reads
            self.world.control(self.system, "POST", "faults", [fault])

    def _sweep(self) -> None:
        """Work for a while; one time in four the process dies somewhere in it."""
        if self.chance.random() < 0.25:
            transport = self.world.transports[self.chance.choice(["books", "field"])]
            transport.dies_in, transport.after = self.chance.randint(0, 6), self.chance.random() < 0.5  # type: ignore[attr-defined]
        for connection in due_connections(self.world.clock.now()):
            self._poll(connection)
        self._drain()
        self._live()
        self.world.clock.advance(self.chance.uniform(0.1, 5))

    def _poll(self, connection: Connection) -> None:
        self._work(f"poll {connection.name}", lambda worker: poll(worker, connection))

    def _night(self) -> None:
        """A slice of the nightly compare, of both sides."""
        for connection in Connection.objects.order_by("name"):
            self._work(f"compare {connection.name}", lambda worker, connection=connection: compare_slice(worker, connection, pages=3))

    def _drain(self) -> None:
        free = [slot for slot in range(SLOTS) if f"drain {slot}" not in self.at_work]
        slot = self.chance.choice(free)
        self._work(
            f"drain {slot}", lambda worker: drain(worker, Connection.objects.get(name="books"), slot, go_on=as_long_as_a_drain_may())
        )

    def _work(self, name: str, job: Callable[[Runtime], Any]) -> None:
        """Do one job unless it is being done; a death ends this job alone."""
        if name in self.at_work:
            return
        self.at_work.append(name)
        try:
            job(self.workers[len(self.at_work) - 1])
        except AbandonedError:
            self.history.append(f"({name} died)")
        finally:
            self.at_work.remove(name)

    def _meanwhile(self) -> None:
        """While one job waits for its answer, the world goes on: people edit, and another worker polls and drains."""
        if database.in_atomic_block:
            raise AssertionError("a transaction is held across a call")
        if len(self.at_work) != 1 or self.is_healing or self.chance.random() > 0.08:
            return
        self.history.append(f"(during {self.at_work[0]}:")
        self.chance.choice([*self.in_passing(), self._webhook, self._webhook])()
        for connection in Connection.objects.order_by("name"):
            self._poll(connection)
        if self.chance.random() < 0.7:
            self._drain()
        self.history.append(")")

    def _jump(self) -> None:
        self.world.clock.advance(self.chance.choice([1, 10, 61, 130, 1000, 8000]))
