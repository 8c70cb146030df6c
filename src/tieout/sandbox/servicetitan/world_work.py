"""The demo contractor's customers, locations, projects and jobs, made from chance with a seed; dates lie before the clock's day."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_contacts import contact_row
from tieout.sandbox.servicetitan.rules_crm import CUSTOMER, LOCATION
from tieout.sandbox.servicetitan.rules_jobs import EMPTY as JOB
from tieout.sandbox.servicetitan.rules_jobs import FIRST_JOB_NUMBER, appointment_row
from tieout.sandbox.servicetitan.rules_projects import EMPTY as PROJECT
from tieout.sandbox.servicetitan.rules_projects import FIRST_PROJECT_NUMBER
from tieout.sandbox.servicetitan.tenant import API_USER, Tenant
from tieout.sandbox.servicetitan.world_names import (
    CITIES,
    COMPANY_KINDS,
    COMPANY_STEMS,
    FIRST,
    LAST,
    LONG_PROJECT_NAME,
    ODD_CUSTOMERS,
    PROJECT_NAMES,
    STREETS,
    WORK,
    Work,
)

_DAYS: Final = 540
_MERGED: Final = 4


def load_work(tenant: Tenant, chance: random.Random, sizes: Mapping[str, int]) -> None:
    """Writes everything in the order of its last change, as the years would have."""
    story = _Story(tenant, chance)
    for place in range(sizes["customers"]):
        story.customer(place)
    if story.locations:
        for place in range(sizes["projects"]):
            story.project(place)
        for place in range(sizes["jobs"]):
            story.job(place, sizes["jobs"])
    story.merge()
    story.write()


class _Story:
    """Rows in the making."""

    def __init__(self, tenant: Tenant, chance: random.Random) -> None:
        self._tenant, self._records, self._chance = tenant, tenant.records, chance
        self._today = timestamps.to_datetime(tenant.records.stamp()).replace(hour=0, minute=0, second=0, microsecond=0)
        self.customers: list[Row] = []
        self._customer_names: dict[int, str] = {}
        self.locations: list[Row] = []
        self.projects: list[Row] = []
        self._rows: list[tuple[str, Row]] = []
        self._by_name = {kind: {row["name"]: row for row in self._records.all(kind)} for kind in ("job-types", "project-statuses")}
        self._units = {row["conceptCode"]: row for row in self._records.all("business-units") if row["conceptCode"]}
        self._staff = {kind: self._records.all(kind) for kind in ("technicians", "employees", "campaigns", "project-types")}
        self._reasons = {kind: self._records.all(kind) for kind in ("job-cancel-reasons", "job-hold-reasons")}

    def customer(self, place: int) -> None:
        """A customer with its locations; some names are odd, some are borne by two customers."""
        chance = self._chance
        commercial = chance.random() < 0.35
        if place < len(ODD_CUSTOMERS):
            name, commercial = ODD_CUSTOMERS[place], True
        elif place % 23 == 0:
            name = chance.choice(self.customers)["name"]
        elif commercial:
            name = f"{chance.choice(COMPANY_STEMS)} {chance.choice(COMPANY_KINDS)}"
        else:
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        at = self._moment(_DAYS, 30)
        customer = {
            **CUSTOMER,
            **self._born(at, self._later(at, 200)),
            "type": "Commercial" if commercial else "Residential",
            "name": name,
            "address": self._address(),
            "customFields": [],
            "taxExempt": commercial and chance.random() < 0.1,
            "active": chance.random() > 0.02,
            "_external": {},
        }
        phone = contact_row("customer", customer["id"], {"type": "Phone", "value": f"303555{place % 10000:04d}"})
        self._rows.append(("customer-contacts", {**phone, **self._born(at, at)}))
        self.customers.append(customer)
        self._customer_names[customer["id"]] = name
        self._rows.append(("customers", customer))
        for branch in range(chance.choice((1, 1, 2, 3, 5)) if commercial else 1):
            self._location(customer, branch)

    def project(self, place: int) -> None:
        """A project at some location; a few are inactive, have no name, or a very long one."""
        chance = self._chance
        location = chance.choice(self.locations)
        work = chance.choice([each for each in WORK if each.group == "Install"])
        at = self._moment(_DAYS - 60, 5)
        status = chance.choice(list(self._by_name["project-statuses"].values()))
        done = status["name"] in ("Completed", "Closed & Billed")
        changed = self._later(at, 120)
        project = {
            **PROJECT,
            **self._born(at, changed),
            "number": str(FIRST_PROJECT_NUMBER + place),
            "name": self._project_name(place, location, work.name),
            "summary": f"<p>{work.name}, sold by the {work.group.lower()} team.</p>" if chance.random() < 0.6 else None,
            "status": status["name"],
            "statusId": status["id"],
            "customerId": location["customerId"],
            "locationId": location["id"],
            "projectTypeId": chance.choice(self._staff["project-types"])["id"],
            "projectManagerIds": [chance.choice(self._staff["employees"])["id"]],
            "businessUnitIds": [self._units[work.unit]["id"]],
            "startDate": at,
            "targetCompletionDate": timestamps.plus(at, 86400 * chance.randint(14, 150)),
            "actualCompletionDate": changed if done else None,
            "jobIds": [],
            "active": place % 25 != 24,
            "_external": {},
        }
        if place % 31 == 30:
            project |= {"status": None, "statusId": None}
        self.projects.append(project)
        self._rows.append(("projects", project))

    def job(self, place: int, of: int) -> None:
        """A job, most under projects; numbers grow with the date of booking."""
        chance = self._chance
        project = chance.choice(self.projects) if self.projects and chance.random() < 0.72 else None
        location = chance.choice(self.locations) if project is None else {"id": project["locationId"], "customerId": project["customerId"]}
        work = chance.choice(WORK)
        age = _DAYS - 60 - (_DAYS - 60) * place // max(of, 1)
        at = timestamps.from_datetime(self._today - timedelta(days=age, minutes=chance.randint(300, 960)), seventh=chance.randint(0, 9))
        job, visits = self._booked(work, location, at)
        job |= {"jobNumber": str(FIRST_JOB_NUMBER + place), "projectId": project["id"] if project else None}
        if project is not None:
            project["jobIds"].append(job["id"])
            project["modifiedOn"] = max(project["modifiedOn"], at)
            project["createdOn"] = min(project["createdOn"], at)
        self._rows.append(("jobs", job))
        self._rows += [("appointments", visit) for visit in visits]
        if job["jobStatus"] == "Canceled":
            self._cancel(job)

    def _booked(self, work: Work, location: Row, at: str) -> tuple[Row, list[Row]]:
        """A job of some kind of work and its appointments, in whatever state it has come to by today."""
        chance = self._chance
        key = self._records.new_id()
        visits = self._visits(key, location["customerId"], at, work.hours)
        past = visits[-1]["end"] < timestamps.from_datetime(self._today)
        status = chance.choices(tuple(_VISIT_STATUS), (75, 8, 4, 4, 5, 4) if past else (0, 6, 80, 5, 5, 4))[0]
        for visit in visits:
            visit["status"] = _VISIT_STATUS[status]
        job = {
            **JOB,
            **self._born(at, self._later(visits[-1]["end"] if status == "Completed" else at, 20)),
            "id": key,
            "customerId": location["customerId"],
            "locationId": location["id"],
            "jobStatus": status,
            "completedOn": visits[-1]["end"] if status == "Completed" else None,
            "businessUnitId": self._units[work.unit]["id"],
            "jobTypeId": self._by_name["job-types"][work.name]["id"],
            "priority": chance.choices(("Low", "Normal", "High", "Urgent"), (5, 80, 10, 5))[0],
            "campaignId": chance.choice(self._staff["campaigns"])["id"],
            "appointmentCount": len(visits),
            "firstAppointmentId": visits[0]["id"],
            "lastAppointmentId": visits[-1]["id"],
            "invoiceId": self._records.new_id(),
            "customerPo": f"PO-{chance.randint(1000, 99999)}" if chance.random() < 0.15 else "",
            "total": f"{chance.randint(work.low * 100, work.high * 100) / 100:.2f}" if status == "Completed" else "0.00",
            "summary": f"{work.name}. Call 30 minutes ahead.",
            "_external": {},
        }
        return job, visits

    def merge(self) -> None:
        """Merges a few customers that bear an older customer's name, with everything that was theirs."""
        first: dict[str, Row] = {}
        twins = [(first[each["name"]], each) for each in self.customers if first.setdefault(each["name"], each) is not each]
        for survivor, merged in twins[:_MERGED]:
            if survivor["mergedToId"] is None and merged["mergedToId"] is None:
                merged |= {"active": False, "mergedToId": survivor["id"]}
                survivor["active"] = True
                for kind, row in self._rows:
                    if kind in ("locations", "jobs", "projects", "appointments") and row["customerId"] == merged["id"]:
                        row["customerId"] = survivor["id"]

    def write(self) -> None:
        """Stores all rows, the oldest change first."""
        for kind, row in sorted(self._rows, key=lambda each: each[1]["modifiedOn"]):
            self._records.insert(kind, row)
        jobs = len(self._records.all("jobs"))
        projects = len(self._records.all("projects"))
        self._tenant.records.begin_numbers("jobNumber", FIRST_JOB_NUMBER + jobs)
        self._tenant.records.begin_numbers("projectNumber", FIRST_PROJECT_NUMBER + projects)

    def _location(self, customer: Row, branch: int) -> None:
        address = dict(customer["address"]) if branch == 0 else self._address()
        name = customer["name"] if branch == 0 else f"{customer['name']} - {address['street']}"
        location = {
            **LOCATION,
            **self._born(customer["createdOn"], self._later(customer["createdOn"], 200)),
            "customerId": customer["id"],
            "name": name,
            "address": address,
            "customFields": [],
            "active": customer["active"],
            "_external": {},
        }
        self.locations.append(location)
        self._rows.append(("locations", location))
        if branch:
            desk = contact_row("location", location["id"], {"type": "Email", "value": f"site{location['id']}@example.com"})
            self._rows.append(("location-contacts", {**desk, **self._born(location["createdOn"], location["createdOn"])}))

    def _project_name(self, place: int, location: Row, work: str) -> str | None:
        if place % 29 == 28:
            return None
        customer = self._customer_names[location["customerId"]]
        pattern = LONG_PROJECT_NAME if place % 37 == 36 else self._chance.choice(PROJECT_NAMES)
        street = location["address"]["street"]
        return pattern.format(work=work, place=location["name"], street=street, customer=customer)

    def _visits(self, job_id: int, customer_id: int, booked: str, hours: int) -> list[Row]:
        chance = self._chance
        visits: list[Row] = []
        day = chance.randint(0, 6)
        for number in range(1, chance.choice((1, 1, 1, 2, 3)) + 1):
            morning = timestamps.to_datetime(booked).replace(hour=0, minute=0, second=0, microsecond=0)
            start = morning + timedelta(days=day, hours=chance.choice((14, 16, 19, 21)))
            times = {"start": timestamps.from_datetime(start), "end": timestamps.from_datetime(start + timedelta(hours=hours))}
            technician = chance.choice(self._staff["technicians"])["id"]
            row = appointment_row(job_id, str(number), customer_id, {**times, "technicianIds": [technician]})
            row |= self._born(booked, self._later(booked, 5))
            visits.append(row)
            day += chance.randint(1, 4)
        return visits

    def _cancel(self, job: Row) -> None:
        reason = self._chance.choice(self._reasons["job-cancel-reasons"])
        at = job["modifiedOn"]
        log = {"jobId": job["id"], "reasonId": reason["id"], "memo": reason["name"], "createdById": API_USER, "active": True}
        self._rows.append(("job-canceled-logs", {**log, **self._born(at, at)}))

    def _address(self) -> dict[str, Any]:
        chance = self._chance
        city, code = chance.choice(CITIES)
        unit = f"Unit {chance.randint(1, 40)}" if chance.random() < 0.15 else None
        street = f"{chance.randint(100, 9999)} {chance.choice(STREETS)}"
        return {
            "street": street,
            "unit": unit,
            "city": city,
            "state": "CO",
            "zip": code,
            "country": "USA",
            "latitude": None,
            "longitude": None,
        }

    def _born(self, created: str, modified: str) -> Row:
        return {"id": self._records.new_id(), "createdOn": created, "modifiedOn": max(created, modified)}

    def _moment(self, most_days: int, least_days: int) -> str:
        """A moment on a working day between ``most_days`` and ``least_days`` before the clock's day."""
        chance = self._chance
        moment = self._today - timedelta(days=chance.randint(least_days, most_days), seconds=-chance.randint(13 * 3600, 23 * 3600))
        return timestamps.from_datetime(moment.replace(microsecond=chance.randint(0, 999_999)), seventh=chance.randint(0, 9))

    def _later(self, at: str, most_days: int) -> str:
        """Some time after, but before the clock's day begins."""
        ceiling = timestamps.from_datetime(self._today - timedelta(seconds=self._chance.randint(60, 86_000)))
        return max(at, min(ceiling, timestamps.plus(at, self._chance.randint(60, most_days * 86400))))


_VISIT_STATUS: Final[Mapping[str, str]] = {
    "Completed": "Done",
    "Canceled": "Canceled",
    "Scheduled": "Scheduled",
    "Dispatched": "Dispatched",
    "InProgress": "Working",
    "Hold": "Hold",
}
