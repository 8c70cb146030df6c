"""What can be done to credit memos: edit, apply to invoices; they are made in the product (servicetitan §8, §9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tieout.sandbox.servicetitan import balances
from tieout.sandbox.servicetitan.amounts import cents, extended, money, quantity, total, unit_price
from tieout.sandbox.servicetitan.lifecycle import need_open
from tieout.sandbox.servicetitan.listing import page_of
from tieout.sandbox.servicetitan.pricebook import accounts_of, find_sku, price_of
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_sales import MEMO_LINES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if


def open_memo(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a credit memo from an accepted request of the objects route."""
    errors: Errors = {}
    customer = tenant.check_reference(errors, "customerId", "customers", given["customerId"], "Customer")
    location = tenant.check_reference(errors, "locationId", "locations", given.get("locationId"), "Location")
    unit = tenant.check_reference(errors, "businessUnitId", "business-units", given["businessUnitId"], "Business unit")
    if location is not None and location["customerId"] != given["customerId"]:
        errors.setdefault("locationId", []).append(f"Location {location['id']} does not belong to customer {given['customerId']}.")
    lines = [_line(tenant, place, line, errors) for place, line in enumerate(given.get("items") or ())]
    if not lines:
        errors.setdefault("items", []).append("A credit memo needs at least one line.")
    refuse_if(errors)
    named = {"id": given["businessUnitId"], "name": (unit or {}).get("name")}
    subtotal, tax = total(line["total"] for line in lines), cents(given.get("salesTax"))
    memo = tenant.records.insert(
        "credit-memos",
        {
            "active": True,
            "syncStatus": "Pending",
            "batch": None,
            "date": given.get("date") or tenant.records.stamp()[:10],
            "referenceNumber": tenant.records.number("creditMemoNumber", 8001),
            "subTotal": money(subtotal),
            "salesTax": money(tax),
            "salesTaxCode": None,
            "total": money(subtotal + tax),
            "balance": money(subtotal + tax),
            "appliedTo": [],
            "customer": {"id": given["customerId"], "name": (customer or {}).get("name")},
            "customerAddress": (customer or {}).get("address"),
            "location": None if location is None else {"id": location["id"], "name": location["name"]},
            "locationAddress": None if location is None else location["address"],
            "businessUnit": named,
            "customFields": [],
            "createdBy": "Office",
            "modifiedBy": "Office",
            "description": given.get("description"),
            "importId": None,
            "exportId": None,
        },
    )
    for line in lines:
        tenant.records.insert("credit-memo-items", {**line, "creditMemoId": memo["id"], "businessUnit": named})
    balances.owe(tenant, given["customerId"], -(subtotal + tax))
    return _apply(tenant, memo, given.get("splits") or ())


def amend_memo(tenant: Tenant, memo: Row, given: dict[str, Any]) -> Row:
    """Changes a pending credit memo: its date, text, unit, and what it is applied to in addition."""
    need_open("credit-memos", memo)
    fixed = given.keys() - {"date", "description", "businessUnitId", "splits"}
    if fixed:
        raise invalid(min(fixed), "This member of a credit memo cannot be changed.")
    errors: Errors = {}
    unit = tenant.check_reference(errors, "businessUnitId", "business-units", given.get("businessUnitId"), "Business unit")
    refuse_if(errors)
    changes: dict[str, Any] = {name: given[name] for name in ("date", "description") if name in given}
    if unit is not None:
        changes["businessUnit"] = {"id": unit["id"], "name": unit["name"]}
    return _apply(tenant, tenant.records.change("credit-memos", memo["id"], changes), given.get("splits") or ())


def void_memo(tenant: Tenant, memo: Row) -> Row:
    """Voids a pending credit memo that is not applied to anything."""
    need_open("credit-memos", memo)
    if memo["appliedTo"]:
        raise invalid("active", f"Credit memo {memo['id']} is applied to invoices.")
    balances.owe(tenant, memo["customer"]["id"], cents(memo["total"]))
    for line in tenant.records.children("credit-memo-items", "creditMemoId", memo["id"]):
        tenant.records.change("credit-memo-items", line["id"], {"active": False})
    return tenant.records.change("credit-memos", memo["id"], {"active": False})


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH credit-memos/{id}``; an unknown one is a 400 (the contract lists no 404)."""
    memo = _of(tenant, call)
    given = tenant.accept("accounting", "CreditMemoUpdatePublicRequest", call.body)
    active = given.pop("active", memo["active"])
    if "summary" in given:
        given["description"] = given.pop("summary")
    changed = amend_memo(tenant, memo, given)
    changed = void_memo(tenant, changed) if active is False else changed
    shown = {**changed, "summary": changed["description"], "businessUnitId": changed["businessUnit"]["id"]}
    return tenant.show("accounting", "CreditMemoUpdatePublicResponse", shown)


def add_splits(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST credit-memos/{id}/splits``: applies it to invoices."""
    memo = _of(tenant, call)
    splits = tenant.accept("accounting", "CreditMemoAddSplitsPublicRequest", call.body).get("splits") or []
    if not splits:
        raise invalid("splits", "The splits field is required.")
    changed = _apply(tenant, memo, splits)
    shown = [{"invoiceId": each["appliedTo"], "amount": each["appliedAmount"]} for each in changed["appliedTo"]]
    return tenant.show("accounting", "CreditMemoAddSplitsPublicResponse", {"id": memo["id"], "splits": shown})


def items(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET credit-memos/{id}/items``."""
    memo = _of(tenant, call)
    keys = [line["id"] for line in tenant.records.children("credit-memo-items", "creditMemoId", memo["id"])]
    rows, envelope = page_of(MEMO_LINES, call.query, tenant.records, within=keys)
    return {**envelope, "data": [tenant.show("accounting", MEMO_LINES.shape, row) for row in rows]}


def _of(tenant: Tenant, call: ApiCall) -> Row:
    memo = tenant.records.find("credit-memos", call.keys["id"])
    if memo is None:
        raise invalid("id", f"Credit memo with ID {call.keys['id']} was not found.")
    return memo


def _apply(tenant: Tenant, memo: Row, given: Iterable[Mapping[str, Any]]) -> Row:
    """Applies part of a memo to invoices of its customer, as far as both balances go."""
    errors: Errors = {}
    left, applied = cents(memo["balance"]), list(memo["appliedTo"])
    for place, split in enumerate(given):
        path = f"splits[{place}]."
        amount = cents(split.get("amount"))
        invoice = tenant.check_reference(errors, f"{path}invoiceId", "invoices", split.get("invoiceId"), "Invoice")
        if invoice is None:
            errors.setdefault(f"{path}invoiceId", ["The invoiceId field is required."])
            continue
        if invoice["customer"]["id"] != memo["customer"]["id"]:
            errors.setdefault(f"{path}invoiceId", []).append(f"Invoice {invoice['id']} is of another customer.")
        if not Decimal(0) < amount <= min(left, cents(invoice["balance"])):
            told = f"{amount} cannot be applied: the memo has {left} left, the invoice {invoice['balance']}."
            errors.setdefault(f"{path}amount", []).append(told)
        left -= amount
        made = {"appliedId": tenant.records.new_id(), "appliedTo": invoice["id"], "appliedAmount": money(amount)}
        made |= {"appliedOn": tenant.records.stamp()[:10], "appliedBy": "Office", "appliedToReferenceNumber": invoice["referenceNumber"]}
        applied.append(made)
        balances.settle(tenant, invoice["id"], amount, tenant.records.stamp())
    refuse_if(errors)
    if len(applied) == len(memo["appliedTo"]):
        return memo
    return tenant.records.change("credit-memos", memo["id"], {"appliedTo": applied, "balance": money(left)})


def _line(tenant: Tenant, place: int, given: Mapping[str, Any], errors: Errors) -> Row:
    found = find_sku(tenant.records, given.get("skuId"))
    if found is None:
        errors.setdefault(f"items[{place}].skuId", []).append(f"Pricebook item {given.get('skuId')} was not found.")
        return {"total": "0"}
    kind, sku = found
    accounts = accounts_of(tenant.records, sku)
    price = (price_of(sku) or "0") if given.get("unitPrice") is None else given["unitPrice"]
    return {
        "active": True,
        "description": given.get("description") or sku["description"],
        "quantity": quantity(given["quantity"]),
        "cost": unit_price(sku.get("cost", "0")),
        "price": unit_price(price),
        "type": kind,
        "skuName": sku["code"],
        "skuId": sku["id"],
        "total": money(extended(given["quantity"], price)),
        "taxable": bool(sku.get("taxable")),
        "revenueGeneralLedgerAccount": accounts["generalLedgerAccount"],
        "expensesGeneralLedgerAccount": accounts["costOfSaleAccount"],
        "createdBy": "Office",
    }
