"""What arrives from vendors and what goes back: receipts and returns (servicetitan §8, Appendix B inventory/v2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import cents, extended, money, quantity, total, unit_price
from tieout.sandbox.servicetitan.pricebook import accounts_of, find_sku, place_of
from tieout.sandbox.servicetitan.problems import Refused, conflict, missing
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_inventory import RECEIPTS, RETURNS
from tieout.sandbox.servicetitan.rules_purchasing import need_open
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, ApiCall, Tenant, changed_external, refuse_if

_CANCEL: Final = "CancelResourceRequest_Of_Inventory.V2.{}CancellationReason"


def receive(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST receipts``: what came of a purchase order; the reply is the receipt's id."""
    given = tenant.accept("inventory", "ReceivePurchaseOrderRequest", call.body)
    return tenant.show("inventory", "ModificationResponse", open_receipt(tenant, given))


def open_receipt(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Writes a receipt; the order counts what has come, and is received when all has."""
    order = tenant.records.find("purchase-orders", given["purchaseOrderId"])
    if order is None:
        raise missing("Purchase order", given["purchaseOrderId"])
    need_open(order)
    errors: Errors = {}
    ordered = {line["id"]: dict(line) for line in order["items"]}
    items = [_receipt_item(tenant, place, line, ordered, errors) for place, line in enumerate(given["items"])]
    if not items:
        errors["items"] = ["A receipt needs at least one item."]
    refuse_if(errors)
    amount = total(extended(item["quantity"], item["cost"]) for item in items) + cents(given["tax"]) + cents(given["shipping"])
    receipt = tenant.records.insert(
        "receipts",
        {
            **{name: order[name] for name in ("jobId", "businessUnitId", "vendorId", "technicianId", "inventoryLocationId", "shipTo")},
            "active": True,
            "number": tenant.records.number("receiptNumber", 30001),
            "vendorInvoiceNumber": given.get("vendorDocumentNumber") or "",
            "createdById": API_USER,
            "memo": given.get("memo") or "",
            "purchaseOrderId": order["id"],
            "billId": None,
            "shipToDescription": order["_shipToDescription"],
            "receiptAmount": money(amount),
            "taxAmount": money(given["tax"]),
            "shippingAmount": money(given["shipping"]),
            "receivedOn": given["dateReceived"],
            "batchId": None,
            "syncStatus": "Pending",
            "budgetCodeId": given.get("budgetCodeId"),
            "items": items,
            "customFields": [],
        },
    )
    _count(tenant, order, list(ordered.values()), given["dateReceived"])
    return receipt


def cancel_receipt(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH receipts/{id}/cancellation``: not when it is billed or posted; the order waits for the goods again."""
    receipt = tenant.existing(RECEIPTS, call.keys["id"])
    tenant.accept("inventory", _CANCEL.format("Receipt"), call.body)
    if not receipt["active"] or receipt["billId"] is not None or receipt["syncStatus"] != "Pending":
        raise Refused(400, f"Receipt {receipt['number']} is canceled, billed or posted.")
    order = tenant.records.find("purchase-orders", receipt["purchaseOrderId"])
    if order is not None:
        back = {item["purchaseOrderItemId"]: Decimal(item["quantity"]) for item in receipt["items"]}
        lines = [
            {**line, "quantityReceived": quantity(Decimal(line["quantityReceived"]) - back.get(line["id"], 0))} for line in order["items"]
        ]
        _count(tenant, order, lines, None)
    return tenant.show("inventory", "ModificationResponse", tenant.records.change("receipts", receipt["id"], {"active": False}))


def give_back(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST returns``: the reply is the return's id."""
    given = tenant.accept("inventory", "CreateInventoryReturnRequest", call.body)
    return tenant.show("inventory", "ModificationResponse", open_return(tenant, given))


def open_return(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Writes a pending return; its project is its job's."""
    optional = dict.fromkeys(("returnedOn", "creditReceivedOn", "batchId", "batch", "canceledById", "canceledReason", "dateCanceled"))
    row = {"active": True, "number": tenant.records.number("returnNumber", 40001), "status": "Pending", "createdById": API_USER}
    content = _returned(tenant, given)
    return tenant.records.insert("returns", {**optional, **row, "syncStatus": "Pending", "customFields": [], "_external": {}, **content})


def update_return(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH returns/{id}``: 409 when it is canceled or posted (the contract lists 409)."""
    row = tenant.existing(RETURNS, call.keys["id"])
    given = tenant.accept("inventory", "UpdateReturnRequest", call.body)
    if row["status"] == "Canceled" or row["syncStatus"] != "Pending":
        raise conflict(f"Return {row['number']} is canceled or posted and cannot be changed.")
    external = {"_external": changed_external(row, given.pop("externalData"))} if "externalData" in given else {}
    if "items" in given:
        given["items"] = [{**line, "description": line.get("itemDescription")} for line in given["items"]]
    changes = _returned(tenant, {**row["_request"], **given})
    return tenant.show("inventory", "ModificationResponse", tenant.records.change("returns", row["id"], {**changes, **external}))


def cancel_return(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH returns/{id}/cancellation``."""
    row = tenant.existing(RETURNS, call.keys["id"])
    given = tenant.accept("inventory", _CANCEL.format("Return"), call.body)
    if row["status"] == "Canceled" or row["syncStatus"] != "Pending":
        raise Refused(400, f"Return {row['number']} is canceled or posted.")
    gone = {"status": "Canceled", "active": False, "canceledById": API_USER, "dateCanceled": tenant.records.stamp()}
    changed = tenant.records.change("returns", row["id"], {**gone, "canceledReason": given.get("canceledReason")})
    return tenant.show("inventory", "ModificationResponse", changed)


def bill_receipts(tenant: Tenant, bill: Row) -> None:
    """Ties the receipts of a bill's purchase order that have no bill yet to it."""
    if bill["purchaseOrderId"] is not None:
        for receipt in tenant.records.children("receipts", "purchaseOrderId", bill["purchaseOrderId"]):
            if receipt["active"] and receipt["billId"] is None:
                tenant.records.change("receipts", receipt["id"], {"billId": bill["id"]})


def _receipt_item(tenant: Tenant, place: int, given: Mapping[str, Any], ordered: dict[int, Row], errors: Errors) -> Row:
    path = f"items[{place}]."
    key = given.get("purchaseOrderItemId")
    line = ordered.get(key) if key is not None else next((each for each in ordered.values() if each["skuId"] == given["skuId"]), None)
    if line is None or line["skuId"] != given["skuId"]:
        errors.setdefault(f"{path}skuId", []).append(f"The purchase order has no item {key or ''} of {given['skuId']}.")
        return {}
    count = Decimal(given["quantity"])
    still = Decimal(line["quantity"]) - Decimal(line["quantityReceived"])
    if not Decimal(0) < count <= still:
        errors.setdefault(f"{path}quantity", []).append(f"{count} cannot be received; {still} of {line['skuCode']} are still to come.")
    line["quantityReceived"] = quantity(Decimal(line["quantityReceived"]) + count)
    _, sku = find_sku(tenant.records, line["skuId"]) or ("", {})
    return {
        "id": tenant.records.new_id(),
        "skuId": line["skuId"],
        "name": line["skuName"],
        "code": line["skuCode"],
        "description": given.get("description") or line["description"],
        "quantity": quantity(count),
        "cost": unit_price(given["cost"]),
        **accounts_of(tenant.records, sku),
        "purchaseOrderItemId": line["id"],
        "budgetCodeId": given.get("budgetCodeId") or line["budgetCodeId"],
    }


def _count(tenant: Tenant, order: Row, lines: list[Row], received_on: str | None) -> None:
    come = [Decimal(line["quantityReceived"]) for line in lines]
    whole = all(Decimal(line["quantity"]) <= count for line, count in zip(lines, come, strict=True))
    status = "Received" if whole else "PartiallyReceived" if any(come) else "Sent"
    for line, count in zip(lines, come, strict=True):
        line["status"] = "Received" if Decimal(line["quantity"]) <= count else "Pending"
    changes = {"items": lines, "status": status, "receivedOn": received_on if whole else None}
    tenant.records.change("purchase-orders", order["id"], changes)


def _returned(tenant: Tenant, given: dict[str, Any]) -> Row:
    errors: Errors = {}
    tenant.check_reference(errors, "vendorId", "vendors", given["vendorId"], "Vendor")
    tenant.check_reference(errors, "returnTypeId", "return-types", given["returnTypeId"], "Return type")
    tenant.check_reference(errors, "businessUnitId", "business-units", given["businessUnitId"], "Business unit")
    order = tenant.check_reference(errors, "purchaseOrderId", "purchase-orders", given.get("purchaseOrderId"), "Purchase order")
    if order is not None and order["vendorId"] != given["vendorId"]:
        errors.setdefault("vendorId", []).append(f"Purchase order {order['number']} is with another vendor.")
    job = tenant.check_reference(errors, "jobId", "jobs", given.get("jobId") or (order or {}).get("jobId"), "Job")
    place_of(tenant, "inventoryLocationId", given.get("inventoryLocationId"), errors)
    items = [_returned_item(tenant, place, line, errors) for place, line in enumerate(given.get("items") or ())]
    if not items:
        errors.setdefault("items", []).append("A return needs at least one item.")
    refuse_if(errors)
    amount = total(extended(item["quantity"], item["cost"]) for item in items) + cents(given["tax"]) + cents(given["shipping"])
    return {
        "referenceNumber": given.get("referenceNumber") or "",
        "vendorId": given["vendorId"],
        "purchaseOrderId": given.get("purchaseOrderId"),
        "jobId": None if job is None else job["id"],
        "projectId": None if job is None else job["projectId"],
        "budgetCodeId": given.get("budgetCodeId"),
        "businessUnitId": given["businessUnitId"],
        "inventoryLocationId": given["inventoryLocationId"],
        "memo": given.get("memo") or "",
        "returnAmount": money(amount - cents(given.get("restockingFee"))),
        "taxAmount": money(given["tax"]),
        "shippingAmount": money(given["shipping"]),
        "returnDate": given["returnDate"],
        "items": items,
        "_request": given,
    }


def _returned_item(tenant: Tenant, place: int, given: Mapping[str, Any], errors: Errors) -> Row:
    found = find_sku(tenant.records, given["skuId"])
    if found is None or found[0] not in ("Material", "Equipment"):
        errors.setdefault(f"items[{place}].skuId", []).append(f"Material or equipment with ID {given['skuId']} was not found.")
        return {"quantity": "0", "cost": "0"}
    if Decimal(given["quantity"]) <= 0:
        errors.setdefault(f"items[{place}].quantity", []).append("The quantity must be more than zero.")
    sku, now = found[1], tenant.records.stamp()
    return {
        "id": tenant.records.new_id(),
        "skuId": sku["id"],
        "description": given.get("description") or sku["description"],
        "createdOn": now,
        "modifiedOn": now,
        "name": sku["displayName"],
        "code": sku["code"],
        "quantity": quantity(given["quantity"]),
        "cost": unit_price(given["cost"]),
        **accounts_of(tenant.records, sku),
        "serialNumbers": None,
        "createdById": API_USER,
        "active": True,
        "receiptItemId": given.get("shipmentItemId"),
        "budgetCodeId": given.get("budgetCodeId"),
    }
