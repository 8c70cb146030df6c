"""What customers owe: the balance of an invoice and of its customer follow every document (servicetitan §5, §8)."""

from __future__ import annotations

from decimal import Decimal

from tieout.sandbox.servicetitan.amounts import cents, money
from tieout.sandbox.servicetitan.tenant import Tenant


def owe(tenant: Tenant, customer_id: int, amount: Decimal) -> None:
    """Adds to a customer's balance. It moves modifiedOn, but is a change of accounting only (servicetitan §5)."""
    customer = tenant.records.find("customers", customer_id)
    if customer is not None and amount:
        changes = {
            "balance": money(cents(customer["balance"]) + amount),
            "_own_change": customer.get("_own_change") or customer["modifiedOn"],
        }
        tenant.records.change("customers", customer_id, changes)


def settle(tenant: Tenant, invoice_id: int, amount: Decimal, at: str) -> None:
    """Takes an applied amount from an invoice's balance; a paid invoice keeps the moment it was paid."""
    invoice = tenant.records.find("invoices", invoice_id)
    if invoice is not None and amount:
        left = cents(invoice["balance"]) - amount
        tenant.records.change("invoices", invoice_id, {"balance": money(left), "paidOn": None if left else at})
