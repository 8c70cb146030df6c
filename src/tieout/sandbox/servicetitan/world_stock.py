"""What moved in the demo contractor's stock: goods sent back, corrected and carried to trucks."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import cents, extended, money
from tieout.sandbox.servicetitan.pricebook import accounts_of
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import API_USER
from tieout.sandbox.servicetitan.world_desk import Desk

_EMPTY: Final = ("batchId", "batch", "canceledById", "canceledReason", "dateCanceled", "budgetCodeId")


class Stock:
    """A return for every thirtieth job with goods, a count correction and a transfer for every fortieth."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._chance, self._records = desk, desk.chance, desk.records
        self._parts = self._records.all("materials")
        self._place = self._records.all("warehouses")[0]
        self._trucks = self._records.all("trucks")
        self._vendor = self._records.all("vendors")[0]

    def moves(self, jobs: list[Row]) -> None:
        """Writes what moved for the jobs."""
        for number, job in enumerate(jobs[::30], start=40001):
            self._return(job, str(number))
        self._records.begin_numbers("returnNumber", 40001 + len(jobs[::30]))
        for number, job in enumerate(jobs[::40], start=1):
            self._correct(job, f"A{number}")
            self._carry(job, f"T{number}")

    def _return(self, job: Row, number: str) -> None:
        at = self._desk.later(job["completedOn"], 9)
        item = self._item(at)
        row = {
            **self._moved(at, number, at, [item]),
            "status": "Returned",
            "vendorId": self._vendor["id"],
            "purchaseOrderId": None,
            "jobId": job["id"],
            "projectId": job["projectId"],
            "businessUnitId": job["businessUnitId"],
            "inventoryLocationId": self._place["id"],
            "returnAmount": money(extended(item["quantity"], item["cost"])),
            "taxAmount": "0.00",
            "shippingAmount": "0.00",
            "returnDate": at,
            "returnedOn": at,
            "creditReceivedOn": None,
            "_request": {},
        }
        self._desk.put("returns", row)

    def _correct(self, job: Row, number: str) -> None:
        at = self._desk.later(job["completedOn"], 30)
        row = self._moved(at, number, at, [self._item(at)])
        row |= {"type": "Count", "inventoryLocationId": self._place["id"], "invoiceId": None}
        self._desk.put("adjustments", {**row, "businessUnitId": job["businessUnitId"], "projectId": job["projectId"]})

    def _carry(self, job: Row, number: str) -> None:
        at = self._desk.later(job["createdOn"], 3)
        truck = self._chance.choice(self._trucks)
        row = self._moved(at, number, at, [self._item(at)])
        row |= {
            "transferType": "Warehouse to truck",
            "status": "Received",
            "fromLocationId": self._place["id"],
            "toLocationId": truck["id"],
        }
        row |= {"pickedDate": at, "receivedDate": at, "dateRequired": None, "jobId": job["id"], "invoiceId": job["invoiceId"]}
        self._desk.put("transfers", {**row, "pickedById": API_USER, "receivedById": API_USER})

    def _moved(self, at: str, number: str, date: str, items: list[dict[str, Any]]) -> Row:
        plain = {"number": number, "referenceNumber": "", "memo": "", "date": date, "items": items, "customFields": [], "_external": {}}
        status = {"active": True, "syncStatus": self._desk.status(at), "createdById": API_USER}
        return {**dict.fromkeys(_EMPTY), **self._desk.born(at, at), **plain, **status}

    def _item(self, at: str) -> dict[str, Any]:
        sku = self._chance.choice(self._parts)
        count = str(self._chance.randint(1, 5))
        return {
            "id": self._records.new_id(),
            "skuId": sku["id"],
            "name": sku["displayName"],
            "code": sku["code"],
            "description": sku["description"],
            "createdOn": at,
            "modifiedOn": at,
            "quantity": count,
            "quantityPicked": count,
            "cost": money(cents(sku["cost"])),
            "totalCost": money(extended(count, sku["cost"])),
            "active": True,
            "createdById": API_USER,
            **accounts_of(self._records, sku),
        }
