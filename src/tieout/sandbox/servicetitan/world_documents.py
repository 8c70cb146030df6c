"""The demo contractor's papers: what its jobs cost, what was billed for them, and what was paid.

Old papers are exported, those of the last weeks are posted and wait for the books, the newest are pending.
"""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_bills import EMPTY as BILL
from tieout.sandbox.servicetitan.rules_bills import prepare_bill
from tieout.sandbox.servicetitan.rules_invoices import heading, line_of, summed
from tieout.sandbox.servicetitan.rules_payments import EMPTY as PAYMENT
from tieout.sandbox.servicetitan.tenant import Tenant
from tieout.sandbox.servicetitan.world_names import SUPPLIERS

_EXPORTED_AFTER_DAYS: Final = 45
_POSTED_AFTER_DAYS: Final = 7
_GOODS: Final = "goods"


def load_documents(tenant: Tenant, chance: random.Random) -> None:
    """Writes them in the order of their last change, as the years would have."""
    papers = _Papers(tenant, chance)
    papers.suppliers()
    for job in tenant.records.all("jobs"):
        papers.job(job)
    papers.subcontracts()
    papers.write()


class _Papers:
    """Rows in the making."""

    def __init__(self, tenant: Tenant, chance: random.Random) -> None:
        self._tenant, self._records, self._chance = tenant, tenant.records, chance
        self._today = timestamps.to_datetime(tenant.records.stamp()).replace(hour=0, minute=0, second=0, microsecond=0)
        self._rows: list[tuple[str, Row]] = []
        self._vendors: dict[str, list[Row]] = {"goods": [], "services": []}
        self._services = {row["displayName"]: ("Service", row) for row in self._records.all("services")}
        self._parts = [("Material", row) for row in self._records.all("materials")]
        self._equipment = [("Equipment", row) for row in self._records.all("equipment")]
        self._kinds = {row["id"]: row for row in self._records.all("job-types")}
        self._accounts = {row["name"]: row for row in self._records.all("gl-accounts")}
        self._payment_types = [row for row in self._records.all("payment-types") if "Refund" not in row["name"]]
        self._done: list[Row] = []
        self._owed: dict[int, Decimal] = {}

    def suppliers(self) -> None:
        """The vendors, known from the beginning."""
        at = timestamps.from_datetime(self._today - timedelta(days=700))
        for name, city, code, delivers in SUPPLIERS:
            address = {"street": f"{self._chance.randint(100, 9900)} Freight Way", "unit": "", "city": city, "state": "CO", "zip": code}
            contact = {"firstName": "", "lastName": "", "phone": f"720555{self._chance.randint(0, 9999):04d}", "email": "", "fax": ""}
            row = {
                **self._born(at, at),
                "name": name,
                "active": True,
                "isTruckReplenishment": delivers == _GOODS,
                "isMobileCreationRestricted": False,
                "memo": "",
                "deliveryOption": "EmailAsPdf",
                "defaultTaxRate": "0",
                "contactInfo": contact,
                "address": {**address, "country": "USA"},
                "customFields": [],
                "_external": {},
            }
            self._vendors[delivers].append(self._records.insert("vendors", row))

    def job(self, job: Row) -> None:
        """The invoice every job has; when it is done also what was paid on it, and before that what it cost."""
        kind = self._kinds[job["jobTypeId"]]
        install = kind["class"] == "Install"
        if install and job["jobStatus"] in ("Completed", "InProgress", "Dispatched"):
            self._purchase(job)
        done = job["jobStatus"] == "Completed"
        at = job["completedOn"] if done else job["createdOn"]
        invoice = {**heading(self._tenant, job["customerId"], job["locationId"], job["businessUnitId"], at), "id": job["invoiceId"]}
        invoice |= {"createdOn": job["createdOn"], "modifiedOn": self._later(at, 3), "referenceNumber": job["jobNumber"], "_external": {}}
        invoice["job"] = {"id": job["id"], "number": job["jobNumber"], "type": kind["name"]}
        if done:
            self._bill_customer(job, invoice, kind["name"], install=install)
        self._rows.append(("invoices", invoice))

    def subcontracts(self) -> None:
        """Now and then one bill of a subcontractor is for several jobs (servicetitan §8)."""
        chance = self._chance
        big = [job for job in self._done if cents(job["total"]) > 2500]
        for start in range(0, len(big), 6):
            jobs = chance.sample(big[start : start + 6], min(3, len(big) - start))
            at = self._later(max(job["completedOn"] for job in jobs), 4)
            lines = [
                {
                    "amount": str(chance.randint(15000, 220000) / 100),
                    "glAccountId": self._accounts[chance.choice(("Subcontractors", "Equipment Rental"))]["id"],
                    "jobId": job["id"],
                    "businessUnitId": job["businessUnitId"],
                    "description": f"Job {job['jobNumber']}",
                }
                for job in jobs
            ]
            vendor = chance.choice(self._vendors["services"])["id"]
            self._bill(at, {"vendorId": vendor, "businessUnitId": jobs[0]["businessUnitId"], "expenseItems": lines, "billType": "ApBill"})

    def write(self) -> None:
        """Stores all rows, the oldest change first, and what each customer owes."""
        for kind, row in sorted(self._rows, key=lambda each: each[1]["modifiedOn"]):
            self._records.insert(kind, row)
        for key, owed in self._owed.items():
            self._records.change("customers", key, {"balance": money(owed)}, bump=False)

    def _purchase(self, job: Row) -> None:
        chance = self._chance
        vendor = chance.choice(self._vendors[_GOODS])["id"]
        chosen = chance.sample(self._parts, chance.randint(1, 4))
        if chance.random() < 0.4:
            chosen.append(chance.choice(self._equipment))
        lines = [
            {"skuId": sku["id"], "quantity": 1 if word == "Equipment" else chance.randint(1, 40), "cost": self._bought(sku["cost"])}
            for word, sku in chosen
        ]
        freight = chance.choice(("0", "0", "35.00", "118.50"))
        given = {"vendorId": vendor, "jobId": job["id"], "items": lines, "shippingAmount": freight}
        self._bill(self._later(job["createdOn"], 12), {**given, "summary": f"Material for job {job['jobNumber']}"})

    def _bill(self, at: str, given: dict[str, Any]) -> None:
        number = f"{self._chance.choice('ABKR')}-{self._chance.randint(10000, 99999)}"
        row = {**BILL, **prepare_bill(self._tenant, {**given, "billDate": at, "vendorNumber": number})}
        status = self._status(at)
        changed = self._later(at, 20)
        row |= {**self._born(at, changed), "syncStatus": status, "postDate": None if status == "Pending" else changed}
        self._rows.append(("inventory-bills", row))

    def _bill_customer(self, job: Row, invoice: Row, work: str, *, install: bool) -> None:
        chance = self._chance
        asked = cents(job["total"])
        lines: list[Row] = []
        for word, sku in chance.sample(self._parts, chance.randint(0, 2)):
            count = chance.randint(1, 3)
            if asked > cents(sku["price"]) * count * 3:
                lines.append(self._line(invoice, (word, sku), {"quantity": count}, len(lines)))
        rest = asked - total(line["total"] for line in lines)
        service = self._services.get(work) or next(iter(self._services.values()))
        lines.insert(0, self._line(invoice, service, {"quantity": 1, "unitPrice": str(rest)}, len(lines)))
        invoice |= summed(self._tenant, invoice, lines, {"tax": "0.00"})
        status = self._status(job["completedOn"])
        invoice |= {"syncStatus": status, "balance": invoice["total"], "reviewStatus": "NeedsReview" if status == "Pending" else "Reviewed"}
        self._rows += [("invoice-items", line) for line in lines]
        self._owed[job["customerId"]] = self._owed.get(job["customerId"], Decimal(0)) + asked
        self._done.append(job)
        if chance.random() < (0.5 if install else 0.85):
            self._pay(job, invoice)

    def _line(self, invoice: Row, found: tuple[str, Row], given: dict[str, Any], order: int) -> Row:
        line = line_of(self._tenant, invoice, found, given, None, None)
        return {**line, **self._born(invoice["createdOn"], invoice["modifiedOn"]), "order": order + 1}

    def _pay(self, job: Row, invoice: Row) -> None:
        chance = self._chance
        at = self._later(job["completedOn"], 25)
        whole = cents(invoice["total"])
        part = whole if chance.random() < 0.9 else cents(whole / 2)
        kind = chance.choice(self._payment_types)
        applied = {"appliedTo": invoice["id"], "appliedAmount": money(part), "appliedOn": at, "appliedBy": "Office"}
        row = {
            **PAYMENT,
            **self._born(at, self._later(at, 3)),
            "date": at,
            "syncStatus": self._status(at),
            "type": kind["name"],
            "typeId": str(kind["id"]),
            "checkNumber": str(chance.randint(1001, 9998)) if kind["name"] == "Check" else None,
            "total": money(part),
            "unappliedAmount": "0.00",
            "customer": invoice["customer"],
            "businessUnit": invoice["businessUnit"],
            "generalLedgerAccount": None,
            "referenceNumber": self._records.number("paymentNumber", 9001),
            "appliedTo": [{**applied, "appliedId": self._records.new_id(), "appliedToReferenceNumber": invoice["referenceNumber"]}],
            "_external": {},
        }
        invoice |= {"balance": money(whole - part), "paidOn": at if part == whole else None, "modifiedOn": max(at, invoice["modifiedOn"])}
        self._owed[job["customerId"]] -= part
        self._rows.append(("payments", row))

    def _status(self, at: str) -> str:
        days = (self._today - timestamps.to_datetime(at)).days
        return "Exported" if days > _EXPORTED_AFTER_DAYS else "Posted" if days > _POSTED_AFTER_DAYS else "Pending"

    def _bought(self, cost: str) -> str:
        """What was really paid: near the pricebook's cost, sometimes to the tenth of a cent."""
        paid = Decimal(cost) * self._chance.randint(930, 1080) / 1000
        return str(paid.quantize(Decimal("0.001" if self._chance.random() < 0.2 else "0.01")))

    def _born(self, created: str, modified: str) -> Row:
        return {"id": self._records.new_id(), "createdOn": created, "modifiedOn": max(created, modified)}

    def _later(self, at: str, most_days: int) -> str:
        """Some time after, but before the clock's day begins."""
        ceiling = timestamps.from_datetime(self._today - timedelta(seconds=self._chance.randint(60, 86_000)))
        return max(at, min(ceiling, timestamps.plus(at, self._chance.randint(60, most_days * 86400))))
