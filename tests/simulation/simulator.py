"""A seeded history of edits, faults, abandoned work and time jumps over the real engine; the same seed is the same history."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import httpx
from django.db import connection as database

from tests.in_process import InProcess
from tests.simulation.oracle import faults_of
from tests.world import World
from tieout.core.record import Ref
from tieout.engine.compare import compare_slice
from tieout.engine.drain import drain
from tieout.engine.mark import mark
from tieout.engine.poll import due_connections, poll
from tieout.engine.runtime import Runtime, Systems
from tieout.store.models import Connection, Link

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
WORDS = ("Boiler", "Barn", "Atrium", "Rooftop unit", "Well pump", "Panel", "Kitchen & bath", "Façade")


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


class Simulation:
    """One seed's history."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.world = World(seed)
        for name in list(self.world.transports):
            self.world.transports[name] = Mortal(self.world.transports[name].emulator, self._meanwhile)
        self.workers = [self.world.runtime, Runtime(self.world.clock, Systems(self.world.clock, self.world.transports))]
        self.customers: list[dict[str, Any]] = []
        self.projects: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.told: dict[str, set[str]] = {}
        self.history: list[str] = []
        self.at_work: list[str] = []
        self.is_healing = False

    def run(self) -> list[str]:
        """Live the history, let everything heal and settle; what is wrong in the end."""
        self.world.control("intacct", "PUT", "settings", self.chance.choice(SWITCHES))
        self.world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0, "attach_bumps_job": self.chance.random() < 0.5})
        self.world.connect()
        for _ in range(self.chance.randint(12, 30)):
            self._act()
        for name in ("intacct", "servicetitan"):
            self.world.control(name, "DELETE", "faults")
        for transport in self.world.transports.values():
            transport.dies_in = None  # type: ignore[attr-defined]
        self.is_healing = True
        self.world.run_until_quiet(hours=72)
        return self.verdict()

    def verdict(self) -> list[str]:
        """What the oracle finds wrong."""
        rows = self.world.control
        field = {kind: rows("servicetitan", "GET", f"objects/{kind}") for kind in ("customers", "projects", "jobs")}
        books = {kind: rows("intacct", "GET", f"objects/{kind}") for kind in ("CUSTOMER", "PROJECT")}
        return faults_of(field, books, self.told)

    def close(self) -> None:
        """Release the world."""
        self.workers[1].systems.close()
        self.world.close()

    def _act(self) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (self._new_customer, 2),
            (self._new_project, 3),
            (self._new_job, 5),
            (self._rename, 3),
            (self._attach, 3),
            (self._cancel_or_restore, 2),
            (self._merge, 1),
            (self._accountant, 2),
            (self._webhook, 4),
            (self._fault, 3),
            (self._sweep, 14),
            (self._jump, 3),
            (self._night, 1),
        ]
        act = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        self.history.append(act.__name__)
        act()

    def _new_customer(self) -> None:
        self.customers.append(self.world.new_customer(f"{self.chance.choice(WORDS)} {self.chance.randint(1, 9)}"))

    def _some_customer(self) -> dict[str, Any]:
        if not self.customers:
            self._new_customer()
        return self.chance.choice(self.customers)

    def _new_project(self) -> None:
        self.projects.append(self.world.new_project(self._some_customer(), f"{self.chance.choice(WORDS)} {self.chance.randint(1, 99)}"))

    def _new_job(self) -> None:
        project = self.chance.choice(self.projects) if self.projects and self.chance.random() < 0.6 else None
        customer = self._some_customer()
        if project is not None:
            customer = next(each for each in self.customers if each["id"] == project["customerId"])
        self.jobs.append(self.world.new_job(customer, project))

    def _rename(self) -> None:
        if self.projects:
            project = self.chance.choice(self.projects)
            if Link.objects.filter(flow="projects", left_id=str(project["id"])).exists():
                # Before that, nobody can tell which came first, the name in the field or an accountant's in a record found in the books.
                self.told.pop(f"P-{project['number']}", None)
            self.world.field(
                "PATCH", f"jpm/projects/{project['id']}", {"name": f"{self.chance.choice(WORDS)} {self.chance.randint(1, 99)}"}
            )

    def _attach(self) -> None:
        for job in self.jobs:
            for project in self.projects:
                free = self.world.field("GET", f"jpm/jobs/{job['id']}")["projectId"] is None
                if free and project["customerId"] == job["customerId"]:
                    self.world.field("POST", f"jpm/projects/{project['id']}/attach-job/{job['id']}")
                    return

    def _cancel_or_restore(self) -> None:
        if not self.jobs:
            return
        job = self.chance.choice(self.jobs)
        if self.world.field("GET", f"jpm/jobs/{job['id']}")["jobStatus"] == "Canceled":
            self.world.field("PUT", f"jpm/jobs/{job['id']}/remove-cancellation")
        else:
            reason = self.world.field("GET", "jpm/job-cancel-reasons")["data"][0]["id"]
            self.world.field("PUT", f"jpm/jobs/{job['id']}/cancel", {"reasonId": reason, "memo": "no"})

    def _merge(self) -> None:
        if len(self.customers) > 2:
            gone = self.customers.pop(0)
            into = self.chance.choice(self.customers)
            self.world.control("servicetitan", "POST", "objects/customers", {"id": gone["id"], "mergedToId": into["id"]})
            for each in (*self.projects, *self.jobs):
                if each["customerId"] == gone["id"]:
                    each["customerId"] = into["id"]

    def _accountant(self) -> None:
        """Somebody renames a project in the books; until the field renames it again, either name may stand."""
        shown = self.world.projects()
        keys = [key for key in shown if key.startswith("P-")]
        if keys:
            key = self.chance.choice(keys)
            name = f"By hand {self.chance.randint(1, 99)}"
            if self.world.edit_books("PROJECT", {"RECORDNO": shown[key]["RECORDNO"], "NAME": name}):
                self.told.setdefault(key, set()).add(name)

    def _webhook(self) -> None:
        """A webhook arrives, late or twice, about something that may have changed or not."""
        if self.jobs:
            refs = [Ref("job", str(self.chance.choice(self.jobs)["id"]))]
            mark(Connection.objects.get(name="field"), refs, reason="webhook", now=self.world.clock.now())

    def _fault(self) -> None:
        fault = {"match": {"nth": self.chance.randint(1, 3), "times": self.chance.randint(1, 3)}, **self.chance.choice(FAULTS)}
        if self.chance.random() < 0.7:
            fault["match"]["function"] = self.chance.choice(["create", "update", "query"])
            self.world.control("intacct", "POST", "faults", [fault])
        elif fault["action"] not in ("refuse", "finish_after_cut"):
            fault["match"]["path"] = "/export"
            self.world.control("servicetitan", "POST", "faults", [fault])

    def _sweep(self) -> None:
        """Work for a while; one time in four the process dies somewhere in it."""
        if self.chance.random() < 0.25:
            transport = self.world.transports[self.chance.choice(["books", "field"])]
            transport.dies_in, transport.after = self.chance.randint(0, 6), self.chance.random() < 0.5  # type: ignore[attr-defined]
        for connection in due_connections(self.world.clock.now()):
            self._poll(connection)
        self._drain()
        for transport in self.world.transports.values():
            transport.dies_in = None  # type: ignore[attr-defined]
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
        self._work(f"drain {slot}", lambda worker: drain(worker, Connection.objects.get(name="books"), slot))

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
        self.chance.choice([self._rename, self._new_job, self._cancel_or_restore, self._webhook, self._webhook])()
        for connection in Connection.objects.order_by("name"):
            self._poll(connection)
        if self.chance.random() < 0.7:
            self._drain()
        self.history.append(")")

    def _jump(self) -> None:
        self.world.clock.advance(self.chance.choice([1, 10, 61, 130, 1000, 8000]))
