"""What can be done to invoices: edit, adjust, change lines (servicetitan §8, §9, §11.4).

Every job has its invoice from the moment it is booked. A posted or exported invoice is locked; what must change afterwards is an
adjustment invoice.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan import balances, timestamps
from tieout.sandbox.servicetitan.amounts import cents, due_date, extended, money, quantity, total, unit_price
from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.lifecycle import need_open, tell_invoice
from tieout.sandbox.servicetitan.pricebook import accounts_of, find_sku, place_of, price_of, sku_coded
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_sales import INVOICES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, ApiCall, Tenant, refuse_if

EMPTY: Final[Row] = {
    "active": True,
    "syncStatus": "Pending",
    "budgetCodeId": None,
    "subTotal": "0.00",
    "salesTax": "0.00",
    "salesTaxCode": None,
    "taxZoneId": None,
    "total": "0.00",
    "balance": "0.00",
    "invoiceType": None,
    "createdBy": "Office",
    "batch": None,
    "depositedOn": None,
    "adjustmentToId": None,
    "job": None,
    "projectId": None,
    "royalty": {"status": "Pending", "date": None, "sentOn": None, "memo": None},
    "employeeInfo": None,
    "commissionEligibilityDate": None,
    "sentStatus": "NotSent",
    "reviewStatus": "NeedsReview",
    "assignedTo": None,
    "summary": None,
    "customFields": [],
    "discountTotal": "0.00",
    "importId": None,
    "exportId": None,
    "materialSkuId": None,
    "membershipId": None,
    "paidOn": None,
    "invoiceConfiguration": "JobInvoice",
}
# Member of a request -> member of the invoice, for those that are taken as they are.
_PLAIN: Final = {
    "number": "referenceNumber",
    "invoicedOn": "invoiceDate",
    "dueDate": "dueDate",
    "summary": "summary",
    "exportId": "exportId",
    "reviewStatus": "reviewStatus",
    "budgetCodeId": "budgetCodeId",
    "taxZoneId": "taxZoneId",
}
_ROYALTY: Final = {"royaltyStatus": "status", "royaltyDate": "date", "royaltySentOn": "sentOn", "royaltyMemo": "memo"}


def for_job(tenant: Tenant, job: Row) -> Row:
    """The pending invoice a new job begins with, without lines; its number is the job's."""
    row = {**heading(tenant, job["customerId"], job["locationId"], job["businessUnitId"]), "id": job["invoiceId"]}
    job_type = tenant.records.find("job-types", job["jobTypeId"]) or {}
    row |= {"job": {"id": job["id"], "number": job["jobNumber"], "type": job_type.get("name")}, "referenceNumber": job["jobNumber"]}
    return tenant.records.insert("invoices", row)


def heading(tenant: Tenant, customer_id: int, location_id: int, unit_id: int, at: str | None = None) -> Row:
    """An empty invoice to a customer for a place, dated and due by the customer's term."""
    records = tenant.records
    customer, location = records.find("customers", customer_id) or {}, records.find("locations", location_id) or {}
    terms = records.all("payment-terms")
    own = records.find("payment-terms", customer.get("paymentTermId"))
    term = own or next(term for term in terms if term["isCustomerDefault"])
    date = at or records.stamp()
    zone = records.find("tax-zones", location.get("taxZoneId"))
    return {
        **EMPTY,
        "invoiceDate": date,
        "dueDate": due_date(term, date),
        "termName": term["name"],
        "customer": {"id": customer_id, "name": customer.get("name")},
        "customerAddress": customer.get("address"),
        "location": {"id": location_id, "name": location.get("name")},
        "locationAddress": location.get("address"),
        "businessUnit": {"id": unit_id, "name": (records.find("business-units", unit_id) or {}).get("name")},
        "taxZoneId": None if zone is None else zone["id"],
    }


def create_adjustment(tenant: Tenant, call: ApiCall) -> int:
    """``POST invoices``: an adjustment invoice; the reply is its id."""
    given = tenant.accept("accounting", "AdjustmentInvoiceCreateRequest", call.body)
    original = tenant.records.find("invoices", given["adjustmentToId"])
    if original is None or not original["active"]:
        raise invalid("adjustmentToId", f"Invoice with ID {given['adjustmentToId']} was not found.")
    return int(adjust(tenant, original, given)["id"])


def adjust(tenant: Tenant, original: Row, given: dict[str, Any]) -> Row:
    """Creates an adjustment invoice: the same job and place as the original, and the same bill-to unless another is given (§11.1)."""
    same = ("customer", "customerAddress", "location", "locationAddress", "businessUnit", "job", "projectId", "taxZoneId", "termName")
    earlier = tenant.records.children("invoices", "adjustmentToId", original["id"])
    at = given.get("invoicedOn") or tenant.records.stamp()
    row = {
        **EMPTY,
        **{name: original[name] for name in (*same, "invoiceConfiguration")},
        "invoiceDate": at,
        "dueDate": at,
        "referenceNumber": f"{original['referenceNumber']}-{len(earlier) + 1}",
        "adjustmentToId": original["id"],
    }
    other = tenant.records.find("customers", given.get("customerId"))
    if other is not None:
        row |= {"customer": {"id": other["id"], "name": other["name"]}, "customerAddress": other["address"]}
    return edit(tenant, tenant.records.insert("invoices", row), given)


def open_invoice(tenant: Tenant, given: dict[str, Any]) -> Row:
    """Creates an invoice by hand: an adjustment, the lines of a job's own invoice, a project's, or one over the counter."""
    errors: Errors = {}
    if given.get("adjustmentToId") is not None:
        original = tenant.records.find("invoices", given["adjustmentToId"])
        if original is None:
            raise invalid("adjustmentToId", f"Invoice with ID {given['adjustmentToId']} was not found.")
        tenant.check_reference(errors, "customerId", "customers", given.get("customerId"), "Customer")
        refuse_if(errors)
        return adjust(tenant, original, given)
    job = tenant.check_reference(errors, "jobId", "jobs", given.get("jobId"), "Job")
    project = tenant.check_reference(errors, "projectId", "projects", given.get("projectId"), "Project")
    about = job or project or given
    for member, kind, label in (("customerId", "customers", "Customer"), ("locationId", "locations", "Location")):
        if about.get(member) is None:
            errors.setdefault(member, []).append(f"An invoice needs a {label.lower()}, a job or a project.")
        tenant.check_reference(errors, member, kind, about.get(member), label)
    unit_id = given.get("businessUnitId") or about.get("businessUnitId") or next(iter(about.get("businessUnitIds") or ()), None)
    tenant.check_reference(errors, "businessUnitId", "business-units", unit_id, "Business unit")
    if unit_id is None:
        errors.setdefault("businessUnitId", []).append("The businessUnitId field is required.")
    refuse_if(errors)
    if job is not None:
        return edit(tenant, _untouched(tenant, job), given)
    row = heading(tenant, about["customerId"], about["locationId"], unit_id or 0, given.get("invoicedOn"))
    row |= {"referenceNumber": tenant.records.number("invoiceNumber", 60001), "projectId": given.get("projectId")}
    row["invoiceConfiguration"] = given.get("invoiceConfiguration") or ("CounterSales" if project is None else "ProjectInvoice")
    return edit(tenant, tenant.records.insert("invoices", row), given)


def _untouched(tenant: Tenant, job: Row) -> Row:
    """The invoice a job has had from its booking, as long as nothing is on it."""
    invoice = tenant.records.find("invoices", job["invoiceId"])
    if invoice is None:
        return for_job(tenant, job)
    if tenant.records.children("invoice-items", "invoiceId", invoice["id"]):
        raise invalid("jobId", f"Job {job['jobNumber']} has its invoice {invoice['id']}; change or adjust that one.")
    return invoice


def void(tenant: Tenant, invoice: Row) -> Row:
    """Voids a pending invoice nothing was paid on; its customer owes it no longer."""
    need_open("invoices", invoice)
    if cents(invoice["balance"]) != cents(invoice["total"]):
        raise invalid("active", f"Invoice {invoice['id']} has payments.")
    balances.owe(tenant, invoice["customer"]["id"], -cents(invoice["total"]))
    return tenant.records.change("invoices", invoice["id"], {"active": False})


def follow_job(tenant: Tenant, job: Row) -> None:
    """A pending invoice goes along when its job gets another customer, place or unit."""
    invoice = tenant.records.find("invoices", job["invoiceId"])
    if invoice is None or invoice["syncStatus"] != "Pending":
        return
    fresh = heading(tenant, job["customerId"], job["locationId"], job["businessUnitId"], invoice["invoiceDate"])
    same = ("customer", "customerAddress", "location", "locationAddress", "businessUnit", "taxZoneId")
    moved = {name: fresh[name] for name in same if invoice[name] != fresh[name]}
    if moved:
        owed = cents(invoice["balance"])
        balances.owe(tenant, invoice["customer"]["id"], -owed)
        tenant.records.change("invoices", invoice["id"], moved)
        balances.owe(tenant, job["customerId"], owed)


def update(tenant: Tenant, call: ApiCall) -> None:
    """``PATCH invoices/{id}``: an empty reply."""
    invoice = tenant.records.find("invoices", call.keys["id"])
    if invoice is None:
        raise invalid("id", f"Invoice with ID {call.keys['id']} was not found.")
    edit(tenant, invoice, tenant.accept("accounting", "InvoiceUpdateRequest", call.body))


def edit(tenant: Tenant, invoice: Row, given: Mapping[str, Any]) -> Row:
    """Changes a pending invoice; ``items`` adds lines and changes those with an id."""
    need_open("invoices", invoice)
    errors: Errors = {}
    tenant.check_reference(errors, "taxZoneId", "tax-zones", given.get("taxZoneId"), "Tax zone")
    tenant.check_reference(errors, "typeId", "invoice-types", given.get("typeId"), "Invoice type")
    tenant.check_reference(errors, "budgetCodeId", "budget-codes", given.get("budgetCodeId"), "Budget code")
    assigned = tenant.check_reference(errors, "assignedToId", "employees", given.get("assignedToId"), "Employee")
    lines = [_line(tenant, invoice, line, f"items[{place}].", errors) for place, line in enumerate(given.get("items") or ())]
    refuse_if(errors)
    changes = {member: given[name] for name, member in _PLAIN.items() if given.get(name) is not None}
    if "dueDate" in changes:  # a date in the contract's request, a date-time in its replies
        changes["dueDate"] = timestamps.parse(changes["dueDate"])
    if assigned is not None:
        changes["assignedTo"] = {"id": assigned["id"], "name": assigned["name"]}
    royalty = {member: given[name] for name, member in _ROYALTY.items() if given.get(name) is not None}
    if royalty:
        changes["royalty"] = {**invoice["royalty"], **royalty}
    for line in lines:
        _put_line(tenant, line)
    return _add_up(tenant, invoice, changes, given)


def update_item(tenant: Tenant, call: ApiCall) -> None:
    """``PATCH invoices/{invoiceId}/items``: adds a line, or changes the one whose id is given."""
    invoice = _of(tenant, call)
    given = tenant.accept("accounting", "InvoiceItemUpdateRequest", call.body)
    edit(tenant, invoice, {"items": [given]})


def delete_item(tenant: Tenant, call: ApiCall) -> None:
    """``DELETE invoices/{invoiceId}/items/{itemId}``: the item feed then shows it inactive (servicetitan §6)."""
    invoice = _of(tenant, call)
    need_open("invoices", invoice)
    item = tenant.records.find("invoice-items", call.keys["itemId"])
    if item is None or item["invoiceId"] != invoice["id"] or not item["active"]:
        raise invalid("itemId", f"Invoice {invoice['id']} has no item with ID {call.keys['itemId']}.")
    tenant.records.change("invoice-items", item["id"], {"active": False})
    _add_up(tenant, invoice, {}, {})


def _of(tenant: Tenant, call: ApiCall) -> Row:
    key = call.keys["invoiceId"]
    invoice = tenant.records.find(INVOICES.kind, key)
    if invoice is None:
        raise invalid("invoiceId", f"Invoice with ID {key} was not found.")
    return invoice


def _line(tenant: Tenant, invoice: Row, given: Mapping[str, Any], path: str, errors: Errors) -> Row:
    records = tenant.records
    old = records.find("invoice-items", given.get("id"))
    if given.get("id") is not None and (old is None or old["invoiceId"] != invoice["id"] or not old["active"]):
        errors.setdefault(f"{path}id", []).append(f"Invoice {invoice['id']} has no item with ID {given['id']}.")
        return {}
    key = given.get("skuId") or (old or {}).get("skuId")
    found = find_sku(records, key) if key else sku_coded(records, given.get("skuName"))
    if found is None:
        errors.setdefault(f"{path}skuId", []).append(f"Pricebook item {key or given.get('skuName')} was not found.")
        return {}
    if given.get("unitPrice") is None and old is None and price_of(found[1]) is None:
        errors.setdefault(f"{path}unitPrice", []).append(f"{found[1]['code']} is a percentage; its amount must be given.")
        return {}
    place = place_of(tenant, f"{path}inventoryLocationId", given.get("inventoryLocationId"), errors)
    tenant.check_reference(errors, f"{path}technicianId", "technicians", given.get("technicianId"), "Technician")
    return {**line_of(tenant, invoice, found, given, place, old), "id": None if old is None else old["id"]}


def line_of(
    tenant: Tenant, invoice: Row, found: tuple[str, Row], given: Mapping[str, Any], place: Mapping[str, Any] | None, old: Row | None
) -> Row:
    """A line about an item of the pricebook: its price and cost unless others are given, and its accounts."""
    kind, sku = found
    price = given.get("unitPrice")
    price = (old["price"] if old else price_of(sku)) if price is None else price
    cost = given.get("cost")
    cost = sku.get("cost", "0") if cost is None else cost
    count = given["quantity"]
    order = old["order"] if old else len(tenant.records.children("invoice-items", "invoiceId", invoice["id"])) + 1
    return {
        "description": given.get("description") or sku["description"],
        "quantity": quantity(count),
        "cost": unit_price(cost),
        "totalCost": money(extended(count, cost)),
        "budgetCodeId": given.get("budgetCodeId"),
        "inventoryLocationId": None if place is None else place["id"],
        "inventoryLocation": None if place is None else place["name"],
        "price": unit_price(price),
        "type": kind,
        "skuName": sku["code"],
        "skuId": sku["id"],
        "total": money(extended(count, price)),
        "inventory": bool(sku.get("isInventory")),
        "taxable": bool(sku.get("taxable")),
        "isChargeable": True,
        **accounts_of(tenant.records, sku),
        "membershipTypeId": 0,
        "itemGroup": None,
        "displayName": sku["displayName"],
        "soldHours": sku.get("hours") or "0",
        "serviceDate": invoice["invoiceDate"],
        "order": order,
        "businessUnit": invoice["businessUnit"],
        "createdById": API_USER,
        "displayInAmount": True,
        "importId": None,
        "exportId": None,
        "inventoryStatus": None,
        "addOn": bool(given.get("isAddOn")),
        "memberPrice": unit_price(sku.get("memberPrice") or price),
        "technicianId": given.get("technicianId"),
        "installedEquipmentId": None,
        "estimateItemId": None,
        "invoiceId": invoice["id"],
        "active": True,
    }


def _put_line(tenant: Tenant, line: Row) -> None:
    if line["id"] is None:
        tenant.records.insert("invoice-items", line)
    else:
        tenant.records.change("invoice-items", line["id"], line)


def _add_up(tenant: Tenant, invoice: Row, changes: dict[str, Any], given: Mapping[str, Any]) -> Row:
    """Writes the invoice with its sums; subtotal and tax may be given, or follow from the lines."""
    lines = [line for line in tenant.records.children("invoice-items", "invoiceId", invoice["id"]) if line["active"]]
    merged = {**invoice, **changes}
    sums = summed(tenant, merged, lines, given)
    owed = cents(sums["total"]) - cents(invoice["total"])
    sums["balance"] = money(cents(invoice["balance"]) + owed)
    changed = tenant.records.change("invoices", invoice["id"], {**changes, **sums})
    balances.owe(tenant, invoice["customer"]["id"], owed)
    job = tenant.records.find("jobs", (invoice["job"] or {}).get("id"))
    if job is not None and job["invoiceId"] == invoice["id"] and cents(job["total"]) != cents(sums["total"]):
        tenant.records.change("jobs", job["id"], {"total": sums["total"]})
    tell_invoice(tenant, Event.INVOICE_UPDATED, changed)
    return changed


def summed(tenant: Tenant, invoice: Row, lines: list[Row], given: Mapping[str, Any]) -> Row:
    """Subtotal, tax and total of an invoice."""
    zone = tenant.records.find("tax-zones", invoice["taxZoneId"])
    rate = Decimal(0) if zone is None else sum((Decimal(each["taxRate"]) for each in zone["rates"]), Decimal(0))
    stated = given.get("subtotal")
    subtotal = total(line["total"] for line in lines) if stated is None or lines else cents(stated)
    tax = given.get("tax")
    tax = cents(total(line["total"] for line in lines if line["taxable"]) * rate) if tax is None else cents(tax)
    code = None if zone is None else {"id": zone["id"], "name": zone["name"], "taxRate": str(rate)}
    return {"subTotal": money(subtotal), "salesTax": money(tax), "salesTaxCode": code, "total": money(subtotal + tax)}
