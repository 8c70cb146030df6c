"""The office's part of the work the emulator makes by itself: finished jobs are billed and posted, invoices paid, material bought."""

from __future__ import annotations

import random
from typing import Final

from tieout.sandbox.servicetitan import rules_batches, rules_bills, rules_invoices, rules_payments
from tieout.sandbox.servicetitan.amounts import cents
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import Tenant

_BUYING: Final = ("Scheduled", "Dispatched", "InProgress")


def bill_customer(tenant: Tenant, chance: random.Random) -> bool:
    """Fills the invoice of a finished job with its service and a part or two, and posts it."""
    records = tenant.records
    waiting = [
        job for job in records.all("jobs") if job["jobStatus"] == "Completed" and _is_blank(records.find("invoices", job["invoiceId"]))
    ]
    services = {row["displayName"]: row for row in records.all("services")}
    kinds = {row["id"]: row["name"] for row in records.all("job-types")}
    waiting = [job for job in waiting if kinds[job["jobTypeId"]] in services]
    if not waiting:
        return False
    job = chance.choice(waiting)
    lines = [{"skuId": services[kinds[job["jobTypeId"]]]["id"], "quantity": "1"}]
    lines += [
        {"skuId": part["id"], "quantity": str(chance.randint(1, 4))}
        for part in chance.sample(records.all("materials"), chance.randint(0, 2))
    ]
    invoice = rules_invoices.edit(tenant, records.find("invoices", job["invoiceId"]) or {}, {"items": lines, "invoicedOn": records.stamp()})
    rules_batches.post_alone(tenant, "invoices", invoice, "Posted")
    return True


def take_payment(tenant: Tenant, chance: random.Random) -> bool:
    """Takes the whole balance of some posted or exported invoice, and posts the payment."""
    records = tenant.records
    open_ones = [row for row in records.all("invoices") if row["active"] and row["syncStatus"] != "Pending" and cents(row["balance"]) > 0]
    if not open_ones:
        return False
    invoice = chance.choice(open_ones)
    kind = chance.choice([row for row in records.all("payment-types") if "Refund" not in row["name"]])
    split = {"invoiceId": invoice["id"], "amount": invoice["balance"]}
    payment = rules_payments.take(tenant, {"typeId": kind["id"], "splits": [split]})
    rules_batches.post_alone(tenant, "payments", payment, "Posted")
    return True


def buy(tenant: Tenant, chance: random.Random) -> bool:
    """Posts a bill for material of a job that is open."""
    records = tenant.records
    jobs = [job for job in records.all("jobs") if job["jobStatus"] in _BUYING]
    vendors = [row for row in records.all("vendors") if row["active"]]
    if not jobs or not vendors:
        return False
    job = chance.choice(jobs)
    lines = [
        {"skuId": part["id"], "quantity": str(chance.randint(1, 20)), "cost": part["cost"]}
        for part in chance.sample(records.all("materials"), chance.randint(1, 3))
    ]
    number = f"N-{chance.randint(10000, 99999)}"
    given = {"vendorId": chance.choice(vendors)["id"], "jobId": job["id"], "items": lines, "vendorNumber": number}
    rules_batches.post_alone(tenant, "inventory-bills", rules_bills.open_bill(tenant, given), "Posted")
    return True


def _is_blank(invoice: Row | None) -> bool:
    return invoice is not None and invoice["active"] and invoice["syncStatus"] == "Pending" and not cents(invoice["total"])
