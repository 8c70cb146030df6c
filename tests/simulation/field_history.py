"""What people do in ServiceTitan, and what an accountant does meanwhile."""

from __future__ import annotations

from typing import Any

from tests.simulation.oracle import faults_of
from tests.simulation.simulator import Act, History
from tests.world import World
from tieout.core.record import Ref
from tieout.store.models import Link

WORDS = ("Boiler", "Barn", "Atrium", "Rooftop unit", "Well pump", "Panel", "Kitchen & bath", "Façade")


class FieldHistory(History):
    """Customers, projects and jobs, one way."""

    system = "servicetitan"
    reads = "/export"

    def __init__(self, seed: int) -> None:
        super().__init__(seed, World(seed))
        self.customers: list[dict[str, Any]] = []
        self.projects: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.told: dict[str, set[str]] = {}
        self.by_hand: set[str] = set()

    def begin(self) -> None:
        self.world.control("servicetitan", "PUT", "settings", {"rate_limit_per_s": 0, "attach_bumps_job": self.chance.random() < 0.5})
        self.world.connect()

    def people(self) -> list[tuple[Act, int]]:
        return [
            (self._new_customer, 2),
            (self._new_project, 3),
            (self._new_job, 5),
            (self._rename, 3),
            (self._attach, 3),
            (self._cancel_or_restore, 2),
            (self._waver, 1),
            (self._merge, 1),
            (self._accountant, 2),
        ]

    def in_passing(self) -> list[Act]:
        return [self._rename, self._new_job, self._cancel_or_restore]

    def touched(self) -> list[Ref]:
        return [Ref("job", str(job["id"])) for job in self.jobs]

    def verdict(self) -> list[str]:
        field = {kind: self.rows("servicetitan", kind) for kind in ("customers", "projects", "jobs")}
        books = {kind: self.rows("intacct", kind) for kind in ("CUSTOMER", "PROJECT")}
        return faults_of(field, books, self.told)

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
            project = self._same_again(self.projects)
            if Link.objects.filter(flow="projects", left_id=str(project["id"])).exists():
                # Before that, nobody can tell which came first, the name in the field or an accountant's in a record found in the books.
                self.told.pop(f"P-{project['number']}", None)
            # Of few names, so that people take back what they did: the same content is to be written once more. A project that an
            # accountant has renamed gets new names only: one taken back before it was looked at is no change, and theirs stands.
            is_by_hand = f"P-{project['number']}" in self.by_hand
            name = f"New {self.chance.randint(100, 99999)}" if is_by_hand else self.chance.choice(WORDS[:3])
            self.world.field("PATCH", f"jpm/projects/{project['id']}", {"name": name})

    def _same_again(self, things: list[dict[str, Any]]) -> dict[str, Any]:
        """One of these; half of the time the newest, because people work on one thing for a while."""
        return things[-1] if self.chance.random() < 0.5 else self.chance.choice(things)

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
        self._toggle(self._same_again(self.jobs))

    def _waver(self) -> None:
        """Somebody cannot make up their mind: the same change goes out, is taken back, and goes out again."""
        if self.jobs:
            job = self._same_again(self.jobs)
            for _ in range(3):
                self._toggle(job)
                self.world.clock.advance(61)
                self._sweep()

    def _toggle(self, job: dict[str, Any]) -> None:
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
                self.by_hand.add(key)
