"""Work the emulator makes by itself at a steady rate, so that a demonstration shows moving figures."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.clock import Clock
from tieout.sandbox.servicetitan import activity_papers, rules_jobs, timestamps
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import Tenant

_OPEN: Final = ("Scheduled", "Dispatched", "InProgress", "Hold")


class Activity:
    """Books, renames, completes, cancels, bills, pays and buys, following the sandbox clock and a fixed seed; off while the rate is 0."""

    def __init__(self, clock: Clock, settings: Mapping[str, Any], tenant: Tenant, alter: Callable[[Callable[[], Any]], Any]) -> None:
        self._clock, self._settings, self._tenant, self._alter = clock, settings, tenant, alter
        self._chance = random.Random(0)
        self._round = 0

    def follow(self) -> None:
        """Begins, or begins again, at the rate of the settings; earlier rounds end."""
        self._round += 1
        self._plan(self._round)

    def _plan(self, number: int) -> None:
        rate = self._settings["activity_per_minute"]
        if rate > 0 and number == self._round:
            self._clock.later(60 / rate, lambda: self._tick(number))

    def _tick(self, number: int) -> None:
        if number == self._round and self._settings["activity_per_minute"] > 0:
            # What a person may not do at this moment is left out, like a dispatcher's second thought.
            with contextlib.suppress(Refused):
                self._alter(self.step)
            self._plan(number)

    def step(self) -> None:
        """Makes one change, a booking when there is nothing else to change."""
        acts = (self._book, self._rename, self._complete, self._cancel, self._invoice, self._pay, self._buy)
        act = self._chance.choices(acts, (35, 15, 20, 5, 15, 5, 5))[0]
        if not act():
            self._book()

    def _book(self) -> bool:
        records, chance = self._tenant.records, self._chance
        projects = [project for project in records.all("projects") if project["active"]]
        project = chance.choice(projects) if projects and chance.random() < 0.6 else None
        locations = [location for location in records.all("locations") if location["active"]]
        if not locations:
            return False
        location = records.find("locations", project["locationId"]) if project else chance.choice(locations)
        types = [each for each in records.all("job-types") if each["active"] and each["businessUnitIds"]]
        job_type = chance.choice(types)
        start = timestamps.plus(records.stamp(), 86400 * chance.randint(1, 10))
        rules_jobs.book(
            self._tenant,
            {
                "customerId": project["customerId"] if project else (location or {})["customerId"],
                "locationId": (location or {})["id"],
                "projectId": project["id"] if project else None,
                "businessUnitId": job_type["businessUnitIds"][0],
                "jobTypeId": job_type["id"],
                "priority": "Normal",
                "campaignId": chance.choice(records.all("campaigns"))["id"],
                "appointments": [{"start": start, "end": timestamps.plus(start, job_type["duration"])}],
                "summary": job_type["name"],
            },
        )
        return True

    def _rename(self) -> bool:
        project = self._one("projects", lambda row: row["active"] and row["name"] is not None)
        if project is None:
            return False
        stem, _, edition = project["name"].rpartition(" rev. ")
        name = f"{stem} rev. {int(edition) + 1}" if stem and edition.isdecimal() else f"{project['name']} rev. 2"
        self._tenant.records.change("projects", project["id"], {"name": name})
        return True

    def _complete(self) -> bool:
        job = self._one("jobs", lambda row: row["jobStatus"] in _OPEN)
        if job is not None:
            rules_jobs.finish(self._tenant, job, self._tenant.records.stamp())
        return job is not None

    def _cancel(self) -> bool:
        job = self._one("jobs", lambda row: row["jobStatus"] in _OPEN)
        reasons = self._tenant.records.all("job-cancel-reasons")
        if job is not None and reasons:
            rules_jobs.call_off(self._tenant, job, self._chance.choice(reasons)["id"], "Customer called")
        return job is not None and bool(reasons)

    def _invoice(self) -> bool:
        return activity_papers.bill_customer(self._tenant, self._chance)

    def _pay(self) -> bool:
        return activity_papers.take_payment(self._tenant, self._chance)

    def _buy(self) -> bool:
        return activity_papers.buy(self._tenant, self._chance)

    def _one(self, kind: str, wanted: Callable[[Row], bool]) -> Row | None:
        rows = [row for row in self._tenant.records.all(kind) if wanted(row)]
        return self._chance.choice(rows) if rows else None
