"""What people enter in ServiceTitan and see in the books, whichever way both are reached."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Any

ADDRESS = {"street": "12 Mill Lane", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}


class People(ABC):
    """An office at work; a world says how its calls travel and what time it is."""

    @abstractmethod
    def now(self) -> datetime:
        """The time in both systems."""

    @abstractmethod
    def field(self, method: str, resource: str, body: Any = None) -> Any:
        """Call ServiceTitan's own API as its user's software would, for example ``field("POST", "jpm/jobs", {...})``."""

    @abstractmethod
    def control(self, emulator: str, method: str, path: str, body: Any = None) -> Any:
        """Call an emulator's control route."""

    def projects(self) -> dict[str, dict[str, Any]]:
        """Every PROJECT of the books by PROJECTID, as its own API shows it."""
        return {row["PROJECTID"]: row for row in self.control("intacct", "GET", "objects/PROJECT")}

    def customers(self) -> dict[str, dict[str, Any]]:
        """Every CUSTOMER of the books by CUSTOMERID."""
        return {row["CUSTOMERID"]: row for row in self.control("intacct", "GET", "objects/CUSTOMER")}

    def new_customer(self, name: str) -> dict[str, Any]:
        """A customer with one location, as an office would enter it."""
        body = {"name": name, "type": "Residential", "address": ADDRESS, "locations": [{"name": name, "address": ADDRESS}]}
        made: dict[str, Any] = self.field("POST", "crm/customers", body)
        return made

    def location_of(self, customer: dict[str, Any]) -> int:
        """A customer's first location."""
        return int(self.field("GET", f"crm/locations?customerId={customer['id']}")["data"][0]["id"])

    def new_project(self, customer: dict[str, Any], name: str) -> dict[str, Any]:
        """A project at a customer's location."""
        made: dict[str, Any] = self.field("POST", "jpm/projects", {"locationId": self.location_of(customer), "name": name})
        return made

    def new_job(self, customer: dict[str, Any], project: dict[str, Any] | None = None) -> dict[str, Any]:
        """A job booked for the next day."""
        unit = self.field("GET", "settings/business-units")["data"][0]["id"]
        job_type = self.field("GET", "jpm/job-types")["data"][0]["id"]
        start = self.now() + timedelta(days=1)
        body = {
            "customerId": customer["id"],
            "locationId": self.location_of(customer),
            "businessUnitId": unit,
            "jobTypeId": job_type,
            "priority": "Normal",
            "campaignId": self.control("servicetitan", "GET", "objects/campaigns")[0]["id"],
            "appointments": [{"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}],
            "projectId": project["id"] if project else None,
        }
        made: dict[str, Any] = self.field("POST", "jpm/jobs", body)
        return made
