"""Completes accounting and purchasing documents when they are shown: names and numbers as they are now, lines, custom fields.

A document keeps the ids of what it refers to; a renamed customer, vendor or job shows under its new name at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import Row

_NAMED: Final[Mapping[str, str]] = {
    "vendor": "vendors",
    "customer": "customers",
    "location": "locations",
    "businessUnit": "business-units",
    "taxZone": "tax-zones",
    "remittanceVendorInfo": "remittance-vendors",
    "remittanceVendor": "remittance-vendors",
}


def named(records: Records, row: Row) -> Row:
    """The row with the names its references have now."""
    shown = dict(row)
    for member, kind in _NAMED.items():
        held = row.get(member)
        found = None if held is None else records.find(kind, held["id"])
        if held is not None and found is not None:
            shown[member] = {"id": held["id"], "name": found["name"]}
    return shown


def invoice(records: Records, row: Row) -> Row:
    """An invoice with its lines, and with the number, type and project its job has now."""
    shown = named(records, row)
    job = None if row["job"] is None else records.find("jobs", row["job"]["id"])
    if job is not None:
        job_type = records.find("job-types", job["jobTypeId"])
        shown["job"] = {"id": job["id"], "number": job["jobNumber"], "type": None if job_type is None else job_type["name"]}
        shown["projectId"] = job["projectId"]
    shown["items"] = [named(records, item) for item in records.children("invoice-items", "invoiceId", row["id"]) if item["active"]]
    return shown


def bill(records: Records, row: Row) -> Row:
    """A bill with the number of its job, and of the jobs of its expense lines."""
    shown = named(records, row)
    job = records.find("jobs", row["jobId"])
    shown["jobNumber"] = None if job is None else job["jobNumber"]
    shown["expenseItems"] = [_expense(records, line) for line in row["expenseItems"]]
    return shown


def inventory_bill(records: Records, row: Row) -> Row:
    """A bill as the older endpoint shows it: the location of a line is a name only, expense lines are not there (servicetitan §8)."""
    shown = bill(records, row)
    shown["items"] = [{**line, "inventoryLocation": (line["inventoryLocation"] or {}).get("name")} for line in row["items"]]
    return shown


def purchase_order_of(member: str) -> Callable[[Records, Row], list[Any]]:
    """For filters: a member of the purchase order a bill belongs to."""

    def values(records: Records, row: Row) -> list[Any]:
        order = records.find("purchase-orders", row["purchaseOrderId"])
        return [] if order is None else [order[member]]

    return values


def purchase_order_type(records: Records, row: Row) -> list[Any]:
    """For filters: the name of the type of a bill's purchase order."""
    kinds = [records.find("purchase-order-types", key) for key in purchase_order_of("typeId")(records, row)]
    return [kind["name"] for kind in kinds if kind is not None]


def job_number(records: Records, row: Row) -> list[Any]:
    """For filters: the number of the job a document belongs to."""
    key = row["jobId"] if "jobId" in row else (row["job"] or {}).get("id")
    job = records.find("jobs", key)
    return [] if job is None else [job["jobNumber"]]


def batch_number(records: Records, row: Row) -> list[Any]:
    """For filters: the number of a document's batch."""
    return [] if row["batch"] is None else [int(row["batch"]["number"])]


def _expense(records: Records, line: Row) -> Row:
    shown = named(records, line)
    job = None if line["job"] is None else records.find("jobs", line["job"]["id"])
    # The contract gives an expense line's job an id and a name; a job has no name, so its number stands there.
    return shown if job is None else {**shown, "job": {"id": job["id"], "name": job["jobNumber"]}}
