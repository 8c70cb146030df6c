"""How bills come to be and are changed: by people, so over the objects route only; the API reads them (servicetitan §8, §9)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tieout.sandbox.servicetitan.amounts import cents, due_date, extended, money, quantity, total, unit_price
from tieout.sandbox.servicetitan.lifecycle import need_open
from tieout.sandbox.servicetitan.pricebook import account_shown, accounts_of, find_sku, place_of
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_receiving import bill_receipts
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, Tenant, refuse_if

EMPTY: Row = {
    "active": True,
    "syncStatus": "Pending",
    "status": "Unreconciled",
    "postDate": None,
    "earlyDiscountDate": None,
    "doNotPay": False,
    "dateCanceled": None,
    "canceledBy": None,
    "shipToDescription": None,
    "batch": None,
    "remittanceVendorInfo": None,
    "shipTo": None,
    "createdBy": "Office",
    "_external": {},
}


def open_bill(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a bill. What is absent comes from its purchase order, its job, and the vendors' default term."""
    _check_lines({"id": "", "items": [], "expenseItems": []}, given)
    bill = tenant.records.insert("inventory-bills", {**EMPTY, **prepare_bill(tenant, given)})
    bill_receipts(tenant, bill)
    return bill


def amend_bill(tenant: Tenant, row: Row, given: dict[str, Any]) -> Row:
    """Changes a pending bill; lists of lines are whole lists, and a line whose id is given stays the same line."""
    need_open("inventory-bills", row)
    _check_lines(row, given)
    kept = {name: row[name] for name in ("billDate", "referenceNumber", "customFields")}
    changes = prepare_bill(tenant, {**row["_request"], **kept, **given})
    changes |= {name: row[name] for name in ("items", "expenseItems") if name not in given}
    return tenant.records.change("inventory-bills", row["id"], changes)


def cancel_bill(tenant: Tenant, row: Row) -> Row:
    """Cancels a pending bill; what was received has no bill again."""
    need_open("inventory-bills", row)
    for receipt in tenant.records.children("receipts", "billId", row["id"]):
        tenant.records.change("receipts", receipt["id"], {"billId": None})
    gone = {"active": False, "status": "Canceled", "dateCanceled": tenant.records.stamp(), "canceledBy": {"id": API_USER, "name": "Office"}}
    return tenant.records.change("inventory-bills", row["id"], gone)


def prepare_bill(tenant: Tenant, given: dict[str, Any]) -> Row:
    """The members of a bill from an accepted request; raises the 400 with every complaint."""
    errors: Errors = {}
    vendor, order, job_id, unit = _about(tenant, given, errors)
    zone = tenant.check_reference(errors, "taxZoneId", "tax-zones", given.get("taxZoneId"), "Tax zone")
    term = _term(tenant, given.get("termName"), errors)
    for line in (given, *(given.get("items") or ()), *(given.get("expenseItems") or ())):
        tenant.check_reference(errors, "budgetCodeId", "budget-codes", line.get("budgetCodeId"), "Budget code")
    items = [_item(tenant, place, line, errors) for place, line in enumerate(given.get("items") or (), start=1)]
    expenses = [_expense(tenant, place, line, errors) for place, line in enumerate(given.get("expenseItems") or ())]
    if not items and not expenses:
        errors.setdefault("items", []).append("A bill needs at least one line.")
    refuse_if(errors)
    at = given.get("billDate") or tenant.records.stamp()
    lines = total(extended(line["quantity"], line["cost"]) for line in items) + total(line["amount"] for line in expenses)
    amount = lines + cents(given.get("taxAmount")) + cents(given.get("shippingAmount"))
    stated = given.get("vendorInvoiceTotal")
    return {
        **{name: given[name] for name in ("summary", "budgetCodeId", "vendorNumber", "doNotPay") if given.get(name) is not None},
        "purchaseOrderId": given.get("purchaseOrderId"),
        "billType": given.get("billType") or ("Procurement" if order is not None or items else "ApBill"),
        "source": given.get("source") or ("Purchasing" if order is not None else "Standalone"),
        "referenceNumber": given.get("referenceNumber") or tenant.records.number("billNumber", 5001),
        "billDate": at,
        "dueDate": given.get("dueDate") or due_date(term or {"dueDayType": "NumberOfDays", "dueDay": 30}, at),
        "termName": (term or {}).get("name"),
        "billAmount": money(amount),
        "vendorInvoiceTotal": money(amount if stated is None else stated),
        "status": "Unreconciled" if stated is None or cents(stated) == amount else "Discrepancy",
        "taxAmount": money(given.get("taxAmount")),
        "shippingAmount": money(given.get("shippingAmount")),
        "businessUnit": None if unit is None else {"id": unit["id"], "name": unit["name"]},
        "taxZone": None if zone is None else {"id": zone["id"], "name": zone["name"]},
        "vendor": {"id": given["vendorId"], "name": (vendor or {}).get("name")},
        "jobId": job_id,
        "items": items,
        "expenseItems": expenses,
        "customFields": given.get("customFields") or [],
        "_request": given,
    }


def _about(tenant: Tenant, given: Mapping[str, Any], errors: Errors) -> tuple[Row | None, Row | None, int | None, Row | None]:
    """The vendor, purchase order, job and unit of a bill; what is not given follows from the order, then from the job."""
    vendor = tenant.check_reference(errors, "vendorId", "vendors", given["vendorId"], "Vendor")
    order = tenant.check_reference(errors, "purchaseOrderId", "purchase-orders", given.get("purchaseOrderId"), "Purchase order")
    if order is not None and order["vendorId"] != given["vendorId"]:
        errors.setdefault("vendorId", []).append(f"Purchase order {order['number']} is with another vendor.")
    if order is not None and order["status"] == "Canceled":
        errors.setdefault("purchaseOrderId", []).append(f"Purchase order {order['number']} is canceled.")
    job_id = given.get("jobId") or (order or {}).get("jobId")
    job = tenant.check_reference(errors, "jobId", "jobs", job_id, "Job")
    unit_id = given.get("businessUnitId") or (job or {}).get("businessUnitId") or (order or {}).get("businessUnitId")
    unit = tenant.check_reference(errors, "businessUnitId", "business-units", unit_id, "Business unit")
    if unit_id is None:
        errors.setdefault("businessUnitId", []).append("A bill needs a business unit, a job or a purchase order.")
    return vendor, order, job_id, unit


def _check_lines(row: Row, given: Mapping[str, Any]) -> None:
    for member in ("items", "expenseItems"):
        held = {line["id"] for line in row[member]}
        for place, line in enumerate(given.get(member) or ()):
            if line.get("id") is not None and line["id"] not in held:
                raise invalid(f"{member}[{place}].id", f"Bill {row['id']} has no line with ID {line['id']}.")


def _term(tenant: Tenant, name: str | None, errors: Errors) -> Row | None:
    if name is None:
        return next((term for term in tenant.records.all("payment-terms") if term["isVendorDefault"]), None)
    found = tenant.records.children("payment-terms", "name", name)
    if not found:
        errors["termName"] = [f"Payment term '{name}' was not found."]
    return found[0] if found else None


def _item(tenant: Tenant, order: int, line: Mapping[str, Any], errors: Errors) -> Row:
    path = f"items[{order - 1}]"
    found = find_sku(tenant.records, line["skuId"])
    if found is None:
        errors.setdefault(f"{path}.skuId", []).append(f"Pricebook item with ID {line['skuId']} was not found.")
        return {"quantity": "0", "cost": "0"}
    if Decimal(line["quantity"]) == 0:
        errors.setdefault(f"{path}.quantity", []).append("The quantity may not be zero.")
    kind, sku = found
    return {
        "id": line.get("id") or tenant.records.new_id(),
        "order": order,
        "name": sku["displayName"],
        "description": line.get("description") or sku["description"],
        "quantity": quantity(line["quantity"]),
        "cost": unit_price(line["cost"]),
        "inventoryLocation": place_of(tenant, f"{path}.inventoryLocationId", line.get("inventoryLocationId"), errors),
        "vendorPartNumber": line.get("vendorPartNumber"),
        "serialNumber": line.get("serialNumber"),
        **accounts_of(tenant.records, sku),
        "skuId": sku["id"],
        "receiptItemId": line.get("receiptItemId"),
        "skuType": kind,
        "skuCode": sku["code"],
        "budgetCodeId": line.get("budgetCodeId"),
    }


def _expense(tenant: Tenant, place: int, line: Mapping[str, Any], errors: Errors) -> Row:
    path = f"expenseItems[{place}]."
    account = tenant.check_reference(errors, f"{path}glAccountId", "gl-accounts", line["glAccountId"], "GL account")
    if account is not None and not account["active"]:
        errors.setdefault(f"{path}glAccountId", []).append(f"GL account {account['number']} is not active.")
    job = tenant.check_reference(errors, f"{path}jobId", "jobs", line.get("jobId"), "Job")
    unit = tenant.check_reference(errors, f"{path}businessUnitId", "business-units", line.get("businessUnitId"), "Business unit")
    return {
        "id": line.get("id") or tenant.records.new_id(),
        "amount": money(line["amount"]),
        "description": line.get("description"),
        "generalLedgerAccount": None if account is None else account_shown(account),
        "job": None if job is None else {"id": job["id"], "name": job["jobNumber"]},
        "businessUnit": None if unit is None else {"id": unit["id"], "name": unit["name"]},
        "budgetCodeId": line.get("budgetCodeId"),
        "projectLabelIds": line.get("projectLabelIds") or [],
    }
