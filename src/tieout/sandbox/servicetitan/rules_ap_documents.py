"""Credits from vendors and payments to them: made in the product, read and marked over the API (servicetitan §8, §9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.lifecycle import need_open
from tieout.sandbox.servicetitan.pricebook import account_shown
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import Tenant, refuse_if


def open_credit(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Records a vendor's credit."""
    key = tenant.records.new_id()
    empty = {
        "active": True,
        "canceledOn": None,
        "status": "Unreconciled",
        "syncStatus": "Pending",
        "batch": None,
        "paymentStatus": "Unpaid",
    }
    row = {**empty, "remittanceVendor": None, "customFields": [], "id": key, **_credit(tenant, key, given)}
    return tenant.records.insert("ap-credits", row)


def amend_credit(tenant: Tenant, row: Row, given: dict[str, Any]) -> Row:
    """Changes a pending credit; splits are a whole list."""
    need_open("ap-credits", row)
    return tenant.records.change(
        "ap-credits", row["id"], _credit(tenant, row["id"], {**row["_request"], **_same(row, "date", "number"), **given})
    )


def cancel_credit(tenant: Tenant, row: Row) -> Row:
    """Cancels a pending credit."""
    need_open("ap-credits", row)
    gone = {"active": False, "status": "Canceled", "canceledOn": tenant.records.stamp()}
    return tenant.records.change("ap-credits", row["id"], gone)


def open_payment(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Records a payment to a vendor: its amount is what it pays on bills."""
    empty = {"active": True, "syncStatus": "Pending", "batch": None, "errorMessage": None, "approvedDate": None, "remittanceVendor": None}
    row = {**empty, "printCheck": False, "customFields": [], **_payment(tenant, given)}
    return tenant.records.insert("ap-payments", row)


def amend_payment(tenant: Tenant, row: Row, given: dict[str, Any]) -> Row:
    """Changes a pending payment; splits are a whole list."""
    need_open("ap-payments", row)
    return tenant.records.change("ap-payments", row["id"], _payment(tenant, {**row["_request"], **_same(row, "date"), **given}))


def _same(row: Row, *members: str) -> dict[str, Any]:
    return {name: row[name] for name in members}


def _credit(tenant: Tenant, key: int, given: dict[str, Any]) -> Row:
    errors: Errors = {}
    vendor, unit = _parties(tenant, given, errors)
    tenant.check_reference(errors, "jobId", "jobs", given.get("jobId"), "Job")
    tenant.check_reference(errors, "inventoryReturnId", "returns", given.get("inventoryReturnId"), "Return")
    amount = cents(given["amount"])
    if amount <= 0:
        errors["amount"] = ["The amount must be more than zero."]
    splits = _splits(tenant, given.get("splits") or (), given["vendorId"], errors)
    applied = total(split["amount"] for split in splits)
    if applied > amount:
        errors.setdefault("splits", []).append(f"{applied} is applied of a credit of {amount}.")
    refuse_if(errors)
    return {
        "inventoryReturnId": given.get("inventoryReturnId"),
        "jobId": given.get("jobId"),
        "date": given.get("date") or tenant.records.stamp(),
        "number": given.get("number") or tenant.records.number("vendorCreditNumber", 3001),
        "referenceNumber": given.get("referenceNumber"),
        "memo": given.get("memo"),
        "amount": money(amount),
        "appliedAmount": money(applied),
        "businessUnit": unit,
        "vendor": vendor,
        "splits": [{**split, "vendorCreditId": key} for split in splits],
        "budgetCodeId": given.get("budgetCodeId"),
        "_request": given,
    }


def _payment(tenant: Tenant, given: dict[str, Any]) -> Row:
    errors: Errors = {}
    vendor, unit = _parties(tenant, given, errors)
    account = tenant.check_reference(errors, "glAccountId", "gl-accounts", given.get("glAccountId"), "GL account")
    splits = _splits(tenant, given["splits"], given["vendorId"], errors)
    if not splits:
        errors.setdefault("splits", []).append("A payment pays at least one bill.")
    refuse_if(errors)
    return {
        "date": given.get("date") or tenant.records.stamp(),
        "method": given.get("method") or "AccountingSystem",
        "status": given.get("status") or "Paid",
        "name": given.get("name"),
        "amount": money(total(split["amount"] for split in splits)),
        "glAccount": None if account is None else account_shown(account),
        "businessUnit": unit,
        "vendor": vendor,
        "splits": [{**split, "documentId": split["inventoryBillId"]} for split in splits],
        "_request": given,
    }


def _parties(tenant: Tenant, given: Mapping[str, Any], errors: Errors) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    vendor = tenant.check_reference(errors, "vendorId", "vendors", given["vendorId"], "Vendor")
    unit = tenant.check_reference(errors, "businessUnitId", "business-units", given.get("businessUnitId"), "Business unit")
    first, second = (None if row is None else {"id": row["id"], "name": row["name"]} for row in (vendor, unit))
    return first, second


def _splits(tenant: Tenant, given: Iterable[Mapping[str, Any]], vendor_id: int, errors: Errors) -> list[Row]:
    made: list[Row] = []
    for place, split in enumerate(given):
        path = f"splits[{place}].inventoryBillId"
        bill = tenant.check_reference(errors, path, "inventory-bills", split["inventoryBillId"], "Bill")
        if bill is not None and bill["vendor"]["id"] != vendor_id:
            errors.setdefault(path, []).append(f"Bill {bill['id']} is of another vendor.")
        if bill is not None and cents(split["amount"]) > Decimal(bill["billAmount"]):
            errors.setdefault(path, []).append(f"Bill {bill['id']} is only {bill['billAmount']}.")
        times = {"createdOn": tenant.records.stamp(), "active": True}
        made.append({"id": tenant.records.new_id(), **times, "inventoryBillId": split["inventoryBillId"], "amount": money(split["amount"])})
    return made
