"""What the demo contractor's jobs cost: vendors, purchase orders, receipts, bills, credits and payments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.pricebook import accounts_of, find_sku
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_bills import EMPTY as BILL
from tieout.sandbox.servicetitan.rules_bills import prepare_bill
from tieout.sandbox.servicetitan.rules_purchasing import FIRST_NUMBER, order_item
from tieout.sandbox.servicetitan.tenant import API_USER
from tieout.sandbox.servicetitan.world_desk import Desk, text
from tieout.sandbox.servicetitan.world_names import SUPPLIERS

_GOODS: Final = "goods"


class Payables:
    """The papers about vendors."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._chance, self._records = desk, desk.chance, desk.records
        self._vendors: dict[str, list[Row]] = {_GOODS: [], "services": []}
        self._parts = [("Material", row) for row in self._records.all("materials")]
        self._equipment = [("Equipment", row) for row in self._records.all("equipment")]
        self._accounts = {row["name"]: row for row in self._records.all("gl-accounts")}
        self._place = self._records.all("warehouses")[0]
        self._order_type = self._records.all("purchase-order-types")[1]
        self._bills: list[Row] = []
        self._orders = 0

    def suppliers(self) -> None:
        """The vendors, known from the beginning; two are paid through a factor."""
        at = timestamps.from_datetime(self._desk.today - timedelta(days=700))
        for name, city, code, delivers in SUPPLIERS:
            address = {"street": f"{self._chance.randint(100, 9900)} Freight Way", "unit": "", "city": city, "state": "CO", "zip": code}
            contact = {"firstName": "", "lastName": "", "phone": f"720555{self._chance.randint(0, 9999):04d}", "email": "", "fax": ""}
            row = {
                **self._desk.born(at, at),
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
        for vendor in self._vendors["services"][:2]:
            row = {**self._desk.born(at, at), "name": f"{vendor['name']} (remittance)", "active": True, "customerId": None}
            self._records.insert("remittance-vendors", {**row, "isApproved": True, "isVerified": True, "address": vendor["address"]})

    def purchase(self, job: Row) -> None:
        """Material and perhaps equipment for a job: most by an order that is received, then billed."""
        chance = self._chance
        chosen = chance.sample(self._parts, chance.randint(1, 4))
        if chance.random() < 0.4:
            chosen.append(chance.choice(self._equipment))
        lines = [
            {"skuId": sku["id"], "quantity": 1 if word == "Equipment" else chance.randint(1, 40), "cost": self._bought(sku["cost"])}
            for word, sku in chosen
        ]
        freight = chance.choice(("0", "0", "35.00", "118.50"))
        given = {"vendorId": chance.choice(self._vendors[_GOODS])["id"], "jobId": job["id"], "items": lines, "shippingAmount": freight}
        at = self._desk.later(job["createdOn"], 12)
        given["summary"] = f"Material for job {job['jobNumber']}"
        if chance.random() < 0.7:
            self._by_order(job, given, at)
        else:
            self._bill(at, given)

    def subcontracts(self, done: list[Row]) -> None:
        """Now and then one bill of a subcontractor is for several jobs (servicetitan §8)."""
        chance = self._chance
        big = [job for job in done if cents(job["total"]) > 2500]
        for start in range(0, len(big), 6):
            jobs = chance.sample(big[start : start + 6], min(3, len(big) - start))
            at = self._desk.later(max(job["completedOn"] for job in jobs), 4)
            lines = [
                {
                    "amount": text(chance.randint(15000, 220000)),
                    "glAccountId": self._accounts[chance.choice(("Subcontractors", "Equipment Rental"))]["id"],
                    "jobId": job["id"],
                    "businessUnitId": job["businessUnitId"],
                    "description": f"Job {job['jobNumber']}",
                }
                for job in jobs
            ]
            vendor = chance.choice(self._vendors["services"])["id"]
            self._bill(at, {"vendorId": vendor, "businessUnitId": jobs[0]["businessUnitId"], "expenseItems": lines, "billType": "ApBill"})

    def settle(self) -> None:
        """Pays the exported bills of each vendor month by month; a few bills are credited in part."""
        months: dict[tuple[int, str], list[Row]] = {}
        for place, bill in enumerate(self._bills):
            if place % 40 == 39:
                self._credit(bill)
            elif bill["syncStatus"] == "Exported" and self._chance.random() < 0.8:
                months.setdefault((bill["vendor"]["id"], bill["billDate"][:7]), []).append(bill)
        for bills in months.values():
            self._pay(bills)
        self._records.begin_numbers("purchaseOrderNumber", FIRST_NUMBER + self._orders)

    def _by_order(self, job: Row, given: dict[str, Any], at: str) -> None:
        desk = self._desk
        ordered = desk.later(job["createdOn"], 4)
        errors: dict[str, list[str]] = {}
        asked = [{**line, "description": "", "vendorPartNumber": ""} for line in given["items"]]
        lines = [order_item(desk.tenant, place, line, None, errors) for place, line in enumerate(asked)]
        for line in lines:
            line |= {"quantityReceived": line["quantity"], "status": "Received", "createdOn": ordered, "modifiedOn": at}
        whole = total(line["total"] for line in lines) + cents(given["shippingAmount"])
        number = str(FIRST_NUMBER + self._orders)
        self._orders += 1
        order = {
            **desk.born(ordered, at),
            **{name: job[name] for name in ("projectId", "businessUnitId", "invoiceId")},
            **dict.fromkeys(("technicianId", "batchId", "budgetCodeId")),
            "number": number,
            "jobId": job["id"],
            "status": "Exported" if desk.status(at) == "Exported" else "Received",
            "typeId": self._order_type["id"],
            "vendorId": given["vendorId"],
            "shipTo": self._place["address"],
            "_shipToDescription": self._place["name"],
            "inventoryLocationId": self._place["id"],
            "vendorDocumentNumber": "",
            "date": ordered,
            "requiredOn": timestamps.plus(ordered, 5 * 86400),
            "sentOn": ordered,
            "receivedOn": at,
            "total": money(whole),
            "tax": "0.00",
            "shipping": money(given["shippingAmount"]),
            "summary": given["summary"],
            "items": lines,
            "customFields": [],
        }
        self._desk.put("purchase-orders", order)
        bill = self._bill(at, given)
        bill |= {"purchaseOrderId": order["id"], "source": "Purchasing", "_request": {**given, "purchaseOrderId": order["id"]}}
        self._receipt(order, bill, at)

    def _receipt(self, order: Row, bill: Row, at: str) -> None:
        items = []
        for line in order["items"]:
            _, sku = find_sku(self._records, line["skuId"]) or ("", {})
            same = {name: line[name] for name in ("skuId", "description", "quantity", "cost", "budgetCodeId")}
            named = {"name": line["skuName"], "code": line["skuCode"], "purchaseOrderItemId": line["id"]}
            items.append({"id": self._records.new_id(), **same, **named, **accounts_of(self._records, sku)})
        kept = ("jobId", "businessUnitId", "vendorId", "technicianId", "inventoryLocationId", "shipTo", "batchId", "budgetCodeId")
        row = {
            **self._desk.born(at, bill["modifiedOn"]),
            **{name: order[name] for name in kept},
            "active": True,
            "number": f"R{order['number']}",
            "vendorInvoiceNumber": bill["vendorNumber"],
            "createdById": API_USER,
            "memo": "",
            "purchaseOrderId": order["id"],
            "billId": bill["id"],
            "shipToDescription": order["_shipToDescription"],
            "receiptAmount": order["total"],
            "taxAmount": "0.00",
            "shippingAmount": order["shipping"],
            "receivedOn": at,
            "syncStatus": bill["syncStatus"],
            "items": items,
            "customFields": [],
        }
        self._desk.put("receipts", row)

    def _bill(self, at: str, given: dict[str, Any]) -> Row:
        number = f"{self._chance.choice('ABKR')}-{self._chance.randint(10000, 99999)}"
        row = {**BILL, **prepare_bill(self._desk.tenant, {**given, "billDate": at, "vendorNumber": number})}
        status = self._desk.status(at)
        changed = self._desk.later(at, 20)
        row |= {**self._desk.born(at, changed), "syncStatus": status, "postDate": None if status == "Pending" else changed}
        self._bills.append(row)
        return self._desk.put("inventory-bills", row)

    def _credit(self, bill: Row) -> None:
        at = self._desk.later(bill["billDate"], 15)
        key = self._records.new_id()
        amount = money(cents(bill["billAmount"]) * Decimal("0.1"))
        split = {"id": self._records.new_id(), "active": True, "createdOn": at, "inventoryBillId": bill["id"], "vendorCreditId": key}
        row = {
            **dict.fromkeys(("inventoryReturnId", "canceledOn", "remittanceVendor", "budgetCodeId", "batch")),
            **self._desk.born(at, at),
            "id": key,
            "active": True,
            "jobId": bill["jobId"],
            "date": at,
            "number": self._records.number("vendorCreditNumber", 3001),
            "referenceNumber": bill["referenceNumber"],
            "memo": "Returned goods",
            "amount": amount,
            "appliedAmount": amount,
            "status": "Unreconciled",
            "syncStatus": self._desk.status(at),
            "businessUnit": bill["businessUnit"],
            "vendor": bill["vendor"],
            "paymentStatus": "Paid",
            "splits": [{**split, "amount": amount}],
            "customFields": [],
            "_request": {"vendorId": bill["vendor"]["id"], "amount": amount},
        }
        self._desk.put("ap-credits", row)

    def _pay(self, bills: list[Row]) -> None:
        at = self._desk.later(max(bill["dueDate"] for bill in bills), 10)
        at = max(min(at, timestamps.from_datetime(self._desk.today)), max(bill["modifiedOn"] for bill in bills))
        splits = [
            {
                **{"id": self._records.new_id(), "active": True, "createdOn": at, "documentId": bill["id"]},
                **{"inventoryBillId": bill["id"], "amount": bill["billAmount"]},
            }
            for bill in bills
        ]
        account = self._accounts["Operating Account"]
        named = {"id": account["id"], "name": account["name"], "number": account["number"], "type": account["type"]}
        row = {
            **dict.fromkeys(("approvedDate", "errorMessage", "batch", "remittanceVendor")),
            **self._desk.born(at, at),
            "active": True,
            "date": at,
            "method": "AccountingSystem",
            "name": None,
            "printCheck": False,
            "amount": money(total(split["amount"] for split in splits)),
            "status": "Paid",
            "syncStatus": self._desk.status(at),
            "glAccount": {**named, "detailType": account["subtype"]},
            "businessUnit": bills[0]["businessUnit"],
            "vendor": bills[0]["vendor"],
            "splits": splits,
            "customFields": [],
            "_request": {"vendorId": bills[0]["vendor"]["id"], "splits": []},
        }
        self._desk.put("ap-payments", row)

    def _bought(self, cost: str) -> str:
        """What was really paid: near the pricebook's cost, sometimes to the tenth of a cent."""
        paid = Decimal(cost) * self._chance.randint(930, 1080) / 1000
        return str(paid.quantize(Decimal("0.001" if self._chance.random() < 0.2 else "0.01")))
