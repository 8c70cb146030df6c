"""What can be done to payments: take, edit, post, export, delete (servicetitan §8, §9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan import balances
from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.lifecycle import EXPORTED, need_open
from tieout.sandbox.servicetitan.problems import Refused, invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if

EMPTY: Final[Row] = {
    "active": True,
    "syncStatus": "Pending",
    "batch": None,
    "deposit": None,
    "createdBy": "Office",
    "authCode": None,
    "checkNumber": None,
    "memo": None,
    "refundedPaymentId": None,
    "customFields": [],
    "exportId": None,
    "_transactionType": "ReceivePayment",
}
_PLAIN: Final = {"authCode": "authCode", "checkNumber": "checkNumber", "memo": "memo", "exportId": "exportId", "paidOn": "date"}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST payments``."""
    return reply(tenant, take(tenant, tenant.accept("accounting", "PaymentCreateRequest", call.body)))


def take(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Records a payment. Its customer is that of the invoices it is applied to, or is given; what is not applied is an advance."""
    errors: Errors = {}
    kind = tenant.check_reference(errors, "typeId", "payment-types", given["typeId"], "Payment type")
    splits = _splits(tenant, given.get("splits") or (), errors)
    owners = {invoice["customer"]["id"] for invoice, _ in splits}
    customer_id = given.get("customerId") or next(iter(owners), None)
    if customer_id is None:
        errors.setdefault("customerId", []).append("A payment needs a customer or an invoice.")
    if owners - {customer_id}:
        errors.setdefault("splits", []).append("All invoices of a payment belong to its customer.")
    customer = tenant.check_reference(errors, "customerId", "customers", customer_id, "Customer")
    amount = cents(given["amount"]) if given.get("amount") is not None else total(part for _, part in splits)
    _check_amount(amount, splits, errors)
    unit = tenant.check_reference(errors, "businessUnitId", "business-units", given.get("businessUnitId"), "Business unit")
    refunded = tenant.check_reference(errors, "refundedPaymentId", "payments", given.get("refundedPaymentId"), "Payment")
    if refunded is not None and amount >= 0:
        errors.setdefault("amount", []).append("A refund is a negative payment.")
    refuse_if(errors)
    at = given.get("paidOn") or tenant.records.stamp()
    applied = [_applied(tenant, invoice, part, at) for invoice, part in splits]
    row = {
        **EMPTY,
        **{member: given[name] for name, member in _PLAIN.items() if given.get(name) is not None},
        "date": at,
        "syncStatus": given.get("status") or "Pending",
        "type": (kind or {})["name"],
        "typeId": str(given["typeId"]),
        "total": money(amount),
        "customer": {"id": customer_id, "name": (customer or {}).get("name")},
        "businessUnit": _unit(unit, splits),
        "generalLedgerAccount": None,
        "referenceNumber": tenant.records.number("paymentNumber", 9001),
        "refundedPaymentId": None if refunded is None else refunded["id"],
        **_application(amount, applied),
    }
    payment = tenant.records.insert("payments", row)
    _spread(tenant, payment, +1)
    return payment


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH payments/{id}``: an unknown payment is a 400 here (the contract lists no 404)."""
    payment = tenant.records.find("payments", call.keys["id"])
    if payment is None:
        raise invalid("id", f"Payment with ID {call.keys['id']} was not found.")
    return reply(tenant, edit(tenant, payment, tenant.accept("accounting", "PaymentUpdateRequest", call.body)))


def edit(tenant: Tenant, payment: Row, given: dict[str, Any]) -> Row:
    """Changes a pending payment; splits are a whole list; ``active: false`` deletes it."""
    need_open("payments", payment)
    errors: Errors = {}
    kind = tenant.check_reference(errors, "typeId", "payment-types", given.get("typeId"), "Payment type")
    _spread(tenant, payment, -1)
    splits = _splits(tenant, given["splits"], errors) if "splits" in given else None
    if splits is not None:
        _check_amount(cents(payment["total"]), splits, errors)
        if {invoice["customer"]["id"] for invoice, _ in splits} - {payment["customer"]["id"]}:
            errors.setdefault("splits", []).append("All invoices of a payment belong to its customer.")
    refuse_if(errors)
    changes = {member: given[name] for name, member in _PLAIN.items() if name in given}
    changes |= {name: given[name] for name in ("active",) if name in given}
    if kind is not None:
        changes |= {"type": kind["name"], "typeId": str(kind["id"])}
    if "status" in given:
        changes["syncStatus"] = given["status"]
    if splits is not None:
        applied = [_applied(tenant, invoice, part, tenant.records.stamp()) for invoice, part in splits]
        changes |= _application(cents(payment["total"]), applied)
    changed = tenant.records.change("payments", payment["id"], changes)
    _spread(tenant, changed, +1)
    return changed


def change_status(tenant: Tenant, call: ApiCall) -> None:
    """``POST payments/status``: all payments or none; nothing leads back from Exported (servicetitan §9)."""
    given = tenant.accept("accounting", "PaymentStatusBatchRequest", call.body)
    rows = [(key, tenant.records.find("payments", key)) for key in given["paymentIds"]]
    failures = [told for key, row in rows if (told := _why_not(tenant, key, row, given["status"]))]
    if failures:
        raise Refused(400, " ".join(failures), errors={"paymentIds": failures})
    for key, _ in rows:
        tenant.records.change("payments", key, {"syncStatus": given["status"]})


def reply(tenant: Tenant, row: Row) -> dict[str, Any]:
    """A payment as create and update answer it: splits with numbers, the type's id as a number (servicetitan §8)."""
    splits = [
        {"amount": each["appliedAmount"], "invoiceId": each["appliedTo"], "invoiceNumber": each["appliedToReferenceNumber"]}
        for each in row["appliedTo"]
    ]
    shown = {**row, "customerId": row["customer"]["id"], "paidOn": row["date"], "splits": splits, "status": row["syncStatus"]}
    return tenant.show("accounting", "PaymentResponse", {**shown, "typeId": int(row["typeId"]), "transactionStatus": "Success"})


def _why_not(tenant: Tenant, key: int, row: Row | None, status: str) -> str | None:
    if row is None:
        return f"Payment with ID {key} was not found."
    if not row["active"]:
        return f"Payment {key} is not active."
    if row["syncStatus"] == EXPORTED and not (status == EXPORTED and tenant.settings["mark_exported_again"]):
        return f"Payment {key} is already exported."
    if status == EXPORTED and row["syncStatus"] == "Pending" and not tenant.settings["mark_pending_as_exported"]:
        return f"Payment {key} is not posted."
    return None


def _splits(tenant: Tenant, given: Iterable[Mapping[str, Any]], errors: Errors) -> list[tuple[Row, Decimal]]:
    found: list[tuple[Row, Decimal]] = []
    for place, split in enumerate(given):
        path = f"splits[{place}]."
        invoice = tenant.check_reference(errors, f"{path}invoiceId", "invoices", split.get("invoiceId"), "Invoice")
        if split.get("invoiceId") is None:
            errors.setdefault(f"{path}invoiceId", []).append("The invoiceId field is required.")
        if split.get("amount") is None:
            errors.setdefault(f"{path}amount", []).append("The amount field is required.")
        if invoice is not None and not invoice["active"]:
            errors.setdefault(f"{path}invoiceId", []).append(f"Invoice {invoice['id']} is not active.")
        if invoice is not None and split.get("amount") is not None:
            found.append((invoice, cents(split["amount"])))
    return found


def _check_amount(amount: Decimal, splits: list[tuple[Row, Decimal]], errors: Errors) -> None:
    applied = total(part for _, part in splits)
    if abs(applied) > abs(amount) or applied * amount < 0:
        errors.setdefault("splits", []).append(f"{applied} is applied of a payment of {amount}.")


def _applied(tenant: Tenant, invoice: Row, part: Decimal, at: str) -> Row:
    number = invoice["referenceNumber"]
    split = {"appliedTo": invoice["id"], "appliedAmount": money(part), "appliedOn": at, "appliedBy": "Office"}
    return {**split, "appliedId": tenant.records.new_id(), "appliedToReferenceNumber": number}


def _application(amount: Decimal, applied: list[Row]) -> Row:
    return {"appliedTo": applied, "unappliedAmount": money(amount - total(each["appliedAmount"] for each in applied))}


def _unit(unit: Row | None, splits: list[tuple[Row, Decimal]]) -> dict[str, Any] | None:
    if unit is not None:
        return {"id": unit["id"], "name": unit["name"]}
    return splits[0][0]["businessUnit"] if splits else None


def _spread(tenant: Tenant, payment: Row, sign: int) -> None:
    """Takes an active payment off the balances of its invoices and its customer, or gives it back."""
    if not payment["active"]:
        return
    for each in payment["appliedTo"]:
        balances.settle(tenant, each["appliedTo"], sign * cents(each["appliedAmount"]), payment["date"])
    balances.owe(tenant, payment["customer"]["id"], -sign * cents(payment["total"]))
