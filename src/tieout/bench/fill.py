"""What the platform holds before a measurement begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tieout.bench.emulated import Emulated

ADDRESS = {"street": "12 Mill Lane", "city": "Austin", "state": "TX", "zip": "78701", "country": "USA"}


def customer(emulated: Emulated, name: str) -> dict[str, Any]:
    """A customer with one location."""
    body = {"name": name, "type": "Residential", "address": ADDRESS, "locations": [{"name": name, "address": ADDRESS}]}
    made: dict[str, Any] = emulated.call("POST", "crm/customers", body)
    made["locationId"] = int(emulated.call("GET", f"crm/locations?customerId={made['id']}")["data"][0]["id"])
    return made


def projects(emulated: Emulated, owner: dict[str, Any], count: int, first: int = 1) -> list[dict[str, Any]]:
    """Projects of one customer."""
    with emulated.field.storage.transaction():
        return [
            emulated.field.add("projects", {"customerId": owner["id"], "locationId": owner["locationId"], "name": f"Project {number}"})
            for number in range(first, first + count)
        ]


def vendor(emulated: Emulated) -> dict[str, Any]:
    """A vendor."""
    plain = {"active": True, "isTruckReplenishment": False, "restrictedMobileCreation": False, "taxRate": 0}
    return emulated.field.add("vendors", {"name": "Lone Star Supply", "address": {**ADDRESS, "unit": ""}, **plain})


def bills(emulated: Emulated, seller: dict[str, Any], job: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Posted inventory bills of a job with one line each."""
    material = emulated.field.rows("materials")[0]["id"]
    posted = {"vendorId": seller["id"], "jobId": job["id"], "syncStatus": "Posted"}
    with emulated.field.storage.transaction():
        return [
            emulated.field.add("inventory-bills", {**posted, "items": [{"skuId": material, "quantity": 1, "cost": number + 0.25}]})
            for number in range(1, count + 1)
        ]


def job(emulated: Emulated, owner: dict[str, Any], project: dict[str, Any] | None = None) -> dict[str, Any]:
    """A job booked for the next day."""
    start = emulated.field.clock.now() + timedelta(days=1)
    body = {
        "customerId": owner["id"],
        "locationId": owner["locationId"],
        "businessUnitId": emulated.call("GET", "settings/business-units")["data"][0]["id"],
        "jobTypeId": emulated.call("GET", "jpm/job-types")["data"][0]["id"],
        "priority": "Normal",
        "campaignId": emulated.field.rows("campaigns")[0]["id"],
        "appointments": [{"start": start.isoformat(), "end": (start + timedelta(hours=2)).isoformat()}],
        "projectId": project["id"] if project else None,
    }
    made: dict[str, Any] = emulated.call("POST", "jpm/jobs", body)
    return made
