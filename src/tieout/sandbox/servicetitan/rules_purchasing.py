"""What can be done to purchase orders: create, edit, cancel (servicetitan §8, §9). An exported or canceled order stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import cents, extended, money, quantity, total, unit_price
from tieout.sandbox.servicetitan.pricebook import find_sku, place_of
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_inventory import PURCHASE_ORDERS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if

FIRST_NUMBER: Final = 20001
LOCKED: Final = ("Exported", "Canceled")
_REFERENCES: Final = (
    ("vendorId", "vendors", "Vendor"),
    ("typeId", "purchase-order-types", "Purchase order type"),
    ("businessUnitId", "business-units", "Business unit"),
    ("jobId", "jobs", "Job"),
    ("projectId", "projects", "Project"),
    ("technicianId", "technicians", "Technician"),
)
_PLAIN: Final = {
    **{name: name for name, _, _ in _REFERENCES},
    "inventoryLocationId": "inventoryLocationId",
    "budgetCodeId": "budgetCodeId",
    "vendorInvoiceNumber": "vendorDocumentNumber",
    "memo": "summary",
    "date": "date",
    "requiredOn": "requiredOn",
    "tax": "tax",
    "shipping": "shipping",
}


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST purchase-orders``: the reply is the id."""
    order = open_order(tenant, tenant.accept("inventory", "CreatePurchaseOrderRequest", call.body))
    return tenant.show("inventory", "ModificationResponse", order)


def open_order(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates a pending order from an accepted create request."""
    errors: Errors = {}
    _check(tenant, given, errors)
    if not given["items"]:
        errors["items"] = ["A purchase order needs at least one item."]
    lines = [order_item(tenant, place, line, None, errors) for place, line in enumerate(given["items"])]
    refuse_if(errors)
    optional = dict.fromkeys(("jobId", "projectId", "technicianId", "budgetCodeId", "requiredOn", "sentOn", "receivedOn", "batchId"))
    job = tenant.records.find("jobs", given.get("jobId"))
    row = {
        **optional,
        "vendorDocumentNumber": "",
        "summary": "",
        **_members(given),
        "number": tenant.records.number("purchaseOrderNumber", FIRST_NUMBER),
        "invoiceId": None if job is None else job["invoiceId"],
        "status": "Pending",
        "shipTo": given["shipTo"]["address"],
        "_shipToDescription": given["shipTo"]["description"],
        "customFields": [],
    }
    return tenant.records.insert("purchase-orders", {**row, **_sums(row, lines)})


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH purchase-orders/{id}``: items that are named change, the others stay; the reply is the id."""
    order = tenant.existing(PURCHASE_ORDERS, call.keys["id"])
    given = tenant.accept("inventory", "UpdatePurchaseOrderRequest", call.body)
    return tenant.show("inventory", "ModificationResponse", edit(tenant, order, given))


def edit(tenant: Tenant, order: Row, given: dict[str, Any]) -> Row:
    """Changes an order that is neither exported nor canceled."""
    need_open(order)
    errors: Errors = {}
    _check(tenant, given, errors)
    if (
        "vendorId" in given
        and given["vendorId"] != order["vendorId"]
        and tenant.records.children("receipts", "purchaseOrderId", order["id"])
    ):
        errors.setdefault("vendorId", []).append("Something was received from the vendor already.")
    lines = {line["id"]: line for line in order["items"]}
    for place, line in enumerate(given.get("items") or ()):
        old = lines.get(line["id"])
        if old is None and line["id"]:
            errors.setdefault(f"items[{place}].id", []).append(f"Purchase order {order['number']} has no item with ID {line['id']}.")
            continue
        made = order_item(tenant, place, line, old, errors)
        lines[made.get("id", 0)] = made
    refuse_if(errors)
    changes = _members(given)
    if "shipTo" in given:
        changes |= {"shipTo": given["shipTo"]["address"], "_shipToDescription": given["shipTo"]["description"]}
    return tenant.records.change("purchase-orders", order["id"], {**changes, **_sums({**order, **changes}, list(lines.values()))})


def cancel(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH purchase-orders/{id}/cancellation``: not when something was received."""
    order = tenant.existing(PURCHASE_ORDERS, call.keys["id"])
    tenant.accept("inventory", "CancelResourceRequest_Of_Inventory.V2.PurchaseOrderCancellationReason", call.body)
    need_open(order)
    if order["status"] in ("PartiallyReceived", "Received"):
        raise Refused(400, f"Purchase order {order['number']} is {order['status']} and cannot be canceled.")
    return tenant.show("inventory", "ModificationResponse", tenant.records.change("purchase-orders", order["id"], {"status": "Canceled"}))


def amend(tenant: Tenant, order: Row, given: dict[str, Any]) -> Row:
    """What people do in the product: send an order, or export a received one."""
    status = given.pop("status", None)
    row = edit(tenant, order, given) if given else order
    if status is None or status == row["status"]:
        return row
    steps = {"Sent": ("Pending",), "Pending": ("Sent",), "Exported": ("Received",), "Canceled": ("Pending", "Sent")}
    if row["status"] not in steps.get(status, ()):
        raise Refused(400, f"Purchase order {row['number']} is {row['status']} and cannot become {status}.")
    sent = {"sentOn": tenant.records.stamp() if status == "Sent" else None} if status in ("Sent", "Pending") else {}
    return tenant.records.change("purchase-orders", row["id"], {"status": status, **sent})


def need_open(order: Row) -> None:
    """Raises a 400 for an order that is exported or canceled (servicetitan §9)."""
    if order["status"] in LOCKED:
        raise Refused(400, f"Purchase order {order['number']} is {order['status']} and cannot be changed.")


def _members(given: Mapping[str, Any]) -> dict[str, Any]:
    members = {member: given[name] for name, member in _PLAIN.items() if name in given}
    return {name: "" if value is None and name in ("vendorDocumentNumber", "summary") else value for name, value in members.items()}


def _check(tenant: Tenant, given: Mapping[str, Any], errors: Errors) -> None:
    for member, kind, label in _REFERENCES:
        tenant.check_reference(errors, member, kind, given.get(member), label)
    place_of(tenant, "inventoryLocationId", given.get("inventoryLocationId"), errors)
    vendor = tenant.records.find("vendors", given.get("vendorId"))
    if vendor is not None and not vendor["active"]:
        errors.setdefault("vendorId", []).append(f"Vendor {vendor['name']} is not active.")


def order_item(tenant: Tenant, place: int, line: Mapping[str, Any], old: Row | None, errors: Errors) -> Row:
    """A line of an order from a request, complained about when it makes no sense."""
    path = f"items[{place}]."
    found = find_sku(tenant.records, line["skuId"])
    if found is None or found[0] not in ("Material", "Equipment"):
        errors.setdefault(f"{path}skuId", []).append(f"Material or equipment with ID {line['skuId']} was not found.")
        return {}
    received = Decimal(old["quantityReceived"]) if old else Decimal(0)
    if Decimal(line["quantity"]) <= 0 or Decimal(line["quantity"]) < received:
        errors.setdefault(f"{path}quantity", []).append(f"The quantity must be more than zero, and at least {received}.")
    kind, sku = found
    return {
        "id": old["id"] if old else tenant.records.new_id(),
        "skuId": sku["id"],
        "description": line["description"],
        "createdOn": old["createdOn"] if old else tenant.records.stamp(),
        "modifiedOn": tenant.records.stamp(),
        "skuName": sku["displayName"],
        "skuCode": sku["code"],
        "skuType": kind,
        "vendorPartNumber": line["vendorPartNumber"],
        "quantity": quantity(line["quantity"]),
        "quantityReceived": quantity(received),
        "cost": unit_price(line["cost"]),
        "total": money(extended(line["quantity"], line["cost"])),
        "serialNumbers": [],
        "status": old["status"] if old else "Pending",
        "chargeable": True,
        "budgetCodeId": line.get("budgetCodeId"),
    }


def _sums(order: Mapping[str, Any], lines: list[Row]) -> dict[str, Any]:
    whole = total(line["total"] for line in lines) + cents(order["tax"]) + cents(order["shipping"])
    return {"items": lines, "total": money(whole), "tax": money(order["tax"]), "shipping": money(order["shipping"])}
