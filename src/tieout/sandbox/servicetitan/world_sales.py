"""What the demo contractor billed its customers, and what they paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.pricebook import account_shown
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_invoices import heading, line_of, summed
from tieout.sandbox.servicetitan.rules_payments import EMPTY as PAYMENT
from tieout.sandbox.servicetitan.world_desk import Desk


class Sales:
    """The papers about customers."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._chance, self._records = desk, desk.chance, desk.records
        self._services = {row["displayName"]: ("Service", row) for row in self._records.all("services")}
        self._parts = [("Material", row) for row in self._records.all("materials")]
        self._payment_types = [row for row in self._records.all("payment-types") if "Refund" not in row["name"]]
        self._bank = next(row for row in self._records.all("gl-accounts") if row["isIntacctBankAccount"])
        self._owed: dict[int, Decimal] = {}
        self._invoices: list[Row] = []
        self._payments: list[Row] = []

    def job(self, job: Row, kind: Row) -> None:
        """The invoice every job has; when it is done also its lines and what was paid on it."""
        done = job["jobStatus"] == "Completed"
        at = job["completedOn"] if done else job["createdOn"]
        invoice = {**heading(self._desk.tenant, job["customerId"], job["locationId"], job["businessUnitId"], at), "id": job["invoiceId"]}
        invoice |= {"createdOn": job["createdOn"], "modifiedOn": self._desk.later(at, 3), "referenceNumber": job["jobNumber"]}
        invoice["job"] = {"id": job["id"], "number": job["jobNumber"], "type": kind["name"]}
        if done:
            self._fill(job, invoice, kind["name"])
            self._invoices.append(invoice)
            if self._chance.random() < (0.5 if kind["class"] == "Install" else 0.85):
                self._pay(invoice)
        self._desk.put("invoices", invoice)

    def finish(self) -> None:
        """Credits a few invoices in part, brings the payments of each month to the bank, and tells what each customer owes."""
        for invoice in self._invoices[17::60]:
            self._credit(invoice)
        months: dict[str, list[Row]] = {}
        for payment in self._payments:
            if payment["type"] in ("Check", "Cash"):
                months.setdefault(payment["date"][:7], []).append(payment)
        for payments in months.values():
            self._deposit(payments)
        for key, owed in self._owed.items():
            self._records.change("customers", key, {"balance": money(owed)}, bump=False)

    def _fill(self, job: Row, invoice: Row, work: str) -> None:
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
        invoice |= summed(self._desk.tenant, invoice, lines, {"tax": "0.00"})
        status = self._desk.status(job["completedOn"])
        invoice |= {"syncStatus": status, "balance": invoice["total"], "reviewStatus": "NeedsReview" if status == "Pending" else "Reviewed"}
        for line in lines:
            self._desk.put("invoice-items", line)
        self._owe(invoice, asked)

    def _line(self, invoice: Row, found: tuple[str, Row], given: dict[str, Any], order: int) -> Row:
        line = line_of(self._desk.tenant, invoice, found, given, None, None)
        return {**line, **self._desk.born(invoice["createdOn"], invoice["modifiedOn"]), "order": order + 1}

    def _pay(self, invoice: Row) -> None:
        chance = self._chance
        at = self._desk.later(invoice["invoiceDate"], 25)
        whole = cents(invoice["total"])
        part = whole if chance.random() < 0.9 else cents(whole / 2)
        kind = chance.choice(self._payment_types)
        row = {
            **PAYMENT,
            **self._desk.born(at, self._desk.later(at, 3)),
            "date": at,
            "syncStatus": self._desk.status(at),
            "type": kind["name"],
            "typeId": str(kind["id"]),
            "checkNumber": str(chance.randint(1001, 9998)) if kind["name"] == "Check" else None,
            "total": money(part),
            "unappliedAmount": "0.00",
            "customer": invoice["customer"],
            "businessUnit": invoice["businessUnit"],
            "generalLedgerAccount": None,
            "referenceNumber": self._records.number("paymentNumber", 9001),
            "appliedTo": [self._applied(invoice, part, at)],
        }
        invoice |= {"balance": money(whole - part), "paidOn": at if part == whole else None, "modifiedOn": max(at, invoice["modifiedOn"])}
        self._owe(invoice, -part)
        self._payments.append(self._desk.put("payments", row))

    def _credit(self, invoice: Row) -> None:
        """A price that was too high is credited: on the invoice when it is still open, else kept for the next one."""
        at = self._desk.later(invoice["invoiceDate"], 20)
        amount = cents(cents(invoice["total"]) * Decimal("0.1"))
        part = min(amount, cents(invoice["balance"]))
        applied = [{**self._applied(invoice, part, at), "appliedOn": at[:10]}] if part else []
        memo = {
            **dict.fromkeys(("salesTaxCode", "batch", "importId", "exportId")),
            **{name: invoice[name] for name in ("customer", "customerAddress", "location", "locationAddress", "businessUnit")},
            **self._desk.born(at, at),
            "active": True,
            "syncStatus": self._desk.status(at),
            "date": at[:10],
            "referenceNumber": self._records.number("creditMemoNumber", 8001),
            "subTotal": money(amount),
            "salesTax": "0.00",
            "total": money(amount),
            "balance": money(amount - part),
            "appliedTo": applied,
            "customFields": [],
            "createdBy": "Office",
            "modifiedBy": "Office",
            "description": f"Price of invoice {invoice['referenceNumber']} corrected",
        }
        self._desk.put("credit-memos", memo)
        service = next(iter(self._services.values()))[1]
        line = self._line(invoice, ("Service", service), {"quantity": 1, "unitPrice": str(amount)}, 0)
        same = {name: line[name] for name in ("description", "quantity", "cost", "price", "type", "skuName", "skuId", "total", "taxable")}
        accounts = {"revenueGeneralLedgerAccount": line["generalLedgerAccount"], "expensesGeneralLedgerAccount": line["costOfSaleAccount"]}
        row = {**self._desk.born(at, at), **same, **accounts, "active": True, "createdBy": "Office"}
        self._desk.put("credit-memo-items", {**row, "businessUnit": invoice["businessUnit"], "creditMemoId": memo["id"]})
        invoice |= {"balance": money(cents(invoice["balance"]) - part), "modifiedOn": max(at, invoice["modifiedOn"])}
        self._owe(invoice, -amount)

    def _deposit(self, payments: list[Row]) -> None:
        at = max(payment["modifiedOn"] for payment in payments)
        gross = money(total(payment["total"] for payment in payments))
        deposit = {
            **dict.fromkeys(("batch", "importId", "feeAccount")),
            **self._desk.born(at, at),
            "active": True,
            "name": f"Deposit {at[:10]}",
            "depositStatus": "Deposited",
            "syncStatus": self._desk.status(at),
            "createdBy": "Office",
            "depositDate": at,
            "reviewStatus": "Reviewed",
            "reviewedOn": at,
            "grossAmount": gross,
            "netAmount": gross,
            "fees": "0.00",
            "bankAccount": account_shown(self._bank),
        }
        self._desk.put("bank-deposits", deposit)
        for payment in payments:
            payment["deposit"] = {"id": deposit["id"], "name": deposit["name"]}

    def _applied(self, invoice: Row, part: Decimal, at: str) -> Row:
        split = {"appliedTo": invoice["id"], "appliedAmount": money(part), "appliedOn": at, "appliedBy": "Office"}
        return {**split, "appliedId": self._records.new_id(), "appliedToReferenceNumber": invoice["referenceNumber"]}

    def _owe(self, invoice: Row, amount: Decimal) -> None:
        key = invoice["customer"]["id"]
        self._owed[key] = self._owed.get(key, Decimal(0)) + amount
