"""Documents as an office enters them: posted bills, invoices and payments in the field, and what the books show of them."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.people import People

ADDRESS = {"street": "4 Depot Rd", "unit": "", "city": "Austin", "state": "TX", "zip": "78702", "country": "USA"}
DOCUMENTS_ON = (
    {"export_payables": True, "export_receivables": True, "accounts_match": True, "default_location": "100"},
    {
        "export_inventory_bills": True,
        "export_ap_bills": True,
        "export_ap_credits": True,
        "export_invoices": True,
        "export_payments": True,
        "export_credit_memos": True,
        "bill_tax_account": "6000",
        "bill_shipping_account": "6000",
        "sales_tax_account": "2200",
        "vendor_credit_account": "5100",
        "advance_account": "2100",
    },
)


class Papers:
    """One office: its vendors, and the documents it enters."""

    SETTINGS: ClassVar = DOCUMENTS_ON

    def __init__(self, world: People) -> None:
        self.world = world
        self.skus = {kind: self._first(kind) for kind in ("materials", "services")}
        self.check = next(row["id"] for row in self._rows("payment-types") if row["name"] == "Check")

    def vendor(self, name: str = "Lone Star Supply") -> dict[str, Any]:
        """A vendor."""
        plain = {"active": True, "isTruckReplenishment": False, "restrictedMobileCreation": False, "taxRate": 0, "address": ADDRESS}
        return self._make("vendors", {"name": name, **plain})

    def bill(self, vendor: dict[str, Any], job: dict[str, Any], *costs: float, **more: Any) -> dict[str, Any]:
        """A posted inventory bill of a job, one line for each cost."""
        items = [{"skuId": self.skus["materials"], "quantity": 1, "cost": cost} for cost in costs or (100.25,)]
        return self._make("inventory-bills", {"vendorId": vendor["id"], "jobId": job["id"], "items": items, "syncStatus": "Posted", **more})

    def ap_bill(self, vendor: dict[str, Any], *lines: tuple[dict[str, Any], float]) -> dict[str, Any]:
        """A posted bill entered by hand, one expense line for each job and amount."""
        account = next(row["id"] for row in self._rows("gl-accounts") if row["number"] == "5200")
        expenses = [{"amount": amount, "glAccountId": account, "jobId": job["id"]} for job, amount in lines]
        plain = {"vendorId": vendor["id"], "jobId": lines[0][0]["id"], "billType": "ApBill", "syncStatus": "Posted"}
        return self._make("ap-bills", {**plain, "expenseItems": expenses})

    def invoice(self, job: dict[str, Any], *prices: float, **more: Any) -> dict[str, Any]:
        """A posted invoice of a job, one line for each price."""
        items = [{"skuId": self.skus["services"], "quantity": 1, "unitPrice": price} for price in prices or (1000.0,)]
        return self._make("invoices", {"jobId": job["id"], "items": items, "syncStatus": "Posted", **more})

    def project_invoice(self, project: dict[str, Any], *prices: float) -> dict[str, Any]:
        """A posted invoice of a project as a whole."""
        items = [{"skuId": self.skus["services"], "quantity": 1, "unitPrice": price} for price in prices]
        unit = self._first("business-units")
        return self._make("invoices", {"projectId": project["id"], "businessUnitId": unit, "items": items, "syncStatus": "Posted"})

    def payment(self, invoice: dict[str, Any], amount: float) -> dict[str, Any]:
        """A posted payment by check that pays an invoice."""
        splits = [{"invoiceId": invoice["id"], "amount": amount}]
        return self._make("payments", {"typeId": self.check, "splits": splits, "syncStatus": "Posted"})

    def advance(self, customer: dict[str, Any], amount: float) -> dict[str, Any]:
        """A posted payment by check that is applied to nothing."""
        return self._make("payments", {"typeId": self.check, "customerId": customer["id"], "amount": amount, "syncStatus": "Posted"})

    def vendor_credit(self, vendor: dict[str, Any], amount: float) -> dict[str, Any]:
        """A posted credit of a vendor."""
        day = f"{self.world.now():%Y-%m-%d}T00:00:00Z"
        return self._make("ap-credits", {"vendorId": vendor["id"], "amount": amount, "date": day, "syncStatus": "Posted"})

    def credit_memo(self, customer: dict[str, Any], price: float) -> dict[str, Any]:
        """A posted credit memo."""
        items = [{"skuId": self.skus["services"], "quantity": 1, "unitPrice": price}]
        plain = {"customerId": customer["id"], "businessUnitId": self._first("business-units"), "syncStatus": "Posted"}
        return self._make("credit-memos", {**plain, "items": items})

    def adjust(self, invoice: dict[str, Any], price: float) -> dict[str, Any]:
        """A posted invoice that adjusts another one."""
        items = [{"skuId": self.skus["services"], "quantity": -1 if price < 0 else 1, "unitPrice": abs(price)}]
        return self._make("invoices", {"adjustmentToId": invoice["id"], "items": items, "syncStatus": "Posted"})

    def change(self, kind: str, document: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Take a document back, change it, and post it again."""
        for body in ({"syncStatus": "Pending"}, changes, {"syncStatus": "Posted"}):
            made = self._make(kind, {"id": document["id"], **body})
        return made

    def void(self, kind: str, document: dict[str, Any]) -> None:
        """Take a document back and void it."""
        for body in ({"syncStatus": "Pending"}, {"active": False}):
            self._make(kind, {"id": document["id"], **body})

    def shown(self, kind: str, id_: int) -> dict[str, Any]:
        """A document as the field shows it now."""
        return next(row for row in self._rows(kind) if row["id"] == id_)

    def books(self, kind: str, key: str = "RECORDID") -> dict[str, dict[str, Any]]:
        """Every document of a kind in the books, by its number."""
        return {row[key]: row for row in self.world.control("intacct", "GET", f"objects/{kind}")}

    def lines(self, kind: str, header: dict[str, Any]) -> list[dict[str, Any]]:
        """The lines of a document in the books."""
        rows = self.world.control("intacct", "GET", f"objects/{kind}")
        return [row for row in rows if row["RECORDKEY"] == header["RECORDNO"]]

    def _make(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = self.world.control("servicetitan", "POST", f"objects/{kind}", body)
        return made

    def _rows(self, kind: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.world.control("servicetitan", "GET", f"objects/{kind}")
        return rows

    def _first(self, kind: str) -> int:
        return int(self._rows(kind)[0]["id"])
