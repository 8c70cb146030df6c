"""The tenant's books and stock in every world: accounts, terms, payment types, tax, pricebook, inventory locations, order types.

Account numbers are those of the company's general ledger, as the vendor asks for (servicetitan §11.5).
"""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_budget_codes import code_of
from tieout.sandbox.servicetitan.tenant import API_USER, Tenant
from tieout.sandbox.servicetitan.world_names import EQUIPMENT, MATERIALS, WORK
from tieout.sandbox.servicetitan.world_setup import add, beginning, blank
from tieout.sandbox.worlds import demo

# number, name, type, subtype, what the tenant uses it for by default
_ACCOUNTS: Final = (
    ("1000", "Operating Account", "Asset", "Bank", "CheckingAccount"),
    ("1050", "Undeposited Funds", "Asset", "Other Current Asset", "UndepositedFunds"),
    ("1100", "Accounts Receivable", "Asset", "Accounts Receivable", "AccountsReceivable"),
    ("1200", "Inventory", "Asset", "Other Current Asset", "Inventory"),
    ("2000", "Accounts Payable", "Liability", "Accounts Payable", "AccountsPayable"),
    ("2100", "Customer Deposits", "Liability", "Other Current Liability", "CustomerDeposits"),
    ("2200", "Sales Tax Payable", "Liability", "Other Current Liability", "SalesTaxPayable"),
    ("3000", "Retained Earnings", "Equity", "Equity", "RetainedEarnings"),
    ("4000", "Contract Revenue", "Income", "Income", None),
    ("4100", "Service Revenue", "Income", "Income", "Revenue"),
    ("5000", "Labor", "Cost of Goods Sold", "Cost of Goods Sold", "CostOfGoodsSoldLabor"),
    ("5100", "Materials", "Cost of Goods Sold", "Cost of Goods Sold", "CostOfGoodsSoldMaterials"),
    ("5200", "Subcontractors", "Cost of Goods Sold", "Cost of Goods Sold", None),
    ("5300", "Equipment Rental", "Cost of Goods Sold", "Cost of Goods Sold", None),
    ("6000", "Office Expense", "Expense", "Expense", None),
)
# name, kind of due day, due day
_TERMS: Final = (
    ("Due on Receipt", "NumberOfDays", 0),
    ("Net 15", "NumberOfDays", 15),
    ("Net 30", "NumberOfDays", 30),
    ("10th of next month", "CertainDayOfFollowingMonth", 10),
)
_PAYMENT_TYPES: Final = ("Check", "Cash", "Credit Card", "ACH", "Refund (check)")
_ORDER_TYPES: Final = ("Stock replenishment", "Job purchase", "Subcontract")
_RETURN_TYPES: Final = ("Defective", "Not needed")
_FIELDS: Final = (
    ("invoice-custom-fields", "Certified payroll", ["Yes", "No"]),
    ("invoice-custom-fields", "Draw number", None),
    ("payment-custom-fields", "Lockbox", None),
    ("credit-memo-custom-fields", "Approved by", None),
    ("bill-custom-fields", "Lien waiver", ["Received", "Outstanding"]),
    ("ap-credit-custom-fields", "RMA", None),
    ("ap-payment-custom-fields", "Check run", None),
    ("vendor-custom-fields", "Insurance certificate", None),
)
# name, type, items: code, description, cost category
_SEGMENTS: Final = (
    ("Cost Code", "CostCode", (("22-00", "Plumbing", None), ("23-00", "HVAC", None), ("26-00", "Electrical", None))),
    ("Cost Type", "CostType", (("L", "Labor", "Labor"), ("M", "Material", "Material"), ("S", "Subcontract", "Subcontract"))),
)
# code, description, kind, how the amount is meant, amount
_MODIFIERS: Final = (
    ("MEMBER10", "Member discount 10 %", "Discount", "Percentage", "10"),
    ("GOODWILL", "Goodwill", "Discount", "Fixed", "25.00"),
    ("FUEL", "Fuel surcharge", "Fee", "Fixed", "9.50"),
)
# code, description, whether a job must be named, whether a budget code must be
_ACTIVITY_TYPES: Final = (
    ("JOB", "Work on a job", "Require", "Allow"),
    ("SHOP", "Shop time", "DoNotAllow", "DoNotAllow"),
)


def load_books(tenant: Tenant) -> None:
    """Writes them; every id is the same in every world."""
    at = beginning(tenant)
    for number, name, kind, subtype, use in _ACCOUNTS:
        row = {**blank("accounting", "GlAccountExtendedResponse"), "number": number, "name": name, "type": kind, "subtype": subtype}
        row |= {"source": "AccountingSystem", "defaultAccountType": use, "isIntacctBankAccount": number == "1000", "description": name}
        add(tenant, "gl-accounts", at, row)
    for name in dict.fromkeys(account[2] for account in _ACCOUNTS):
        add(tenant, "gl-account-types", at, {"name": name, "parentTypeId": None, "active": True})
    for name, due, day in _TERMS:
        add(tenant, "payment-terms", at, _term(tenant, name, due, day))
    for name in _PAYMENT_TYPES:
        add(tenant, "payment-types", at, {"name": name, "active": True})
    for name, rate in (("Denver", "0.0881"), ("Fort Collins", "0.0755"), ("Exempt", "0")):
        add(tenant, "tax-zones", at, _zone(tenant, name, rate))
    _stock(tenant, at)
    _pricebook(tenant, at)
    _work_breakdown(tenant, at)
    _activity_types(tenant, at)
    for kind, name, options in _FIELDS:
        add(tenant, kind, at, {"name": name, "dataType": "Dropdown" if options else "Text", "dataTypeOptions": options})


def _work_breakdown(tenant: Tenant, at: str) -> None:
    """Cost codes with a cost type each, and the budget codes of all of them."""
    made: dict[str, list[Row]] = {}
    for name, kind, items in _SEGMENTS:
        plain = {"name": name, "type": kind, "structure": "Flat", "isActive": True, "isRequired": True}
        segment = add(tenant, "segments", at, plain)
        for code, words, category in items:
            row = {"parentId": None, "code": code, "description": words, "path": code, "costCategory": category, "isActive": True}
            made.setdefault(name, []).append(add(tenant, "segment-items", at, {**row, "_segmentId": segment["id"]}))
    for first in made["Cost Code"]:
        for second in made["Cost Type"]:
            add(tenant, "budget-codes", at, code_of([first, second]))


def _activity_types(tenant: Tenant, at: str) -> None:
    for code, words, job, budget in _ACTIVITY_TYPES:
        rules = {f"{name}Association": "Allow" for name in ("tag", "project", "projectLabel", "laborType", "memo")}
        row = {**blank("timesheets", "ActivityTypesResponse"), **rules, "code": code, "description": words, "icon": "clock"}
        add(tenant, "activity-types", at, {**row, "jobAssociation": job, "budgetCodeAssociation": budget})


def _term(tenant: Tenant, name: str, due: str, day: int) -> Row:
    no_interest = {"rateType": "Flat", "frequency": "Monthly", "targetInvoices": [], "taskId": 0, "taskDisplayName": ""}
    return {
        "name": name,
        "dueDayType": due,
        "dueDay": day,
        "isCustomerDefault": name == "Due on Receipt",
        "isVendorDefault": name == "Net 30",
        "active": True,
        "inUse": True,
        "paymentTermDiscountModel": {},
        "interestSettings": no_interest,
    }


def _zone(tenant: Tenant, name: str, rate: str) -> Row:
    rates = [{"id": tenant.records.new_id(), "taxName": name, "taxBaseType": ["Material"], "taxRate": rate, "salesTaxItem": name}]
    return {"name": name, "color": None, "isTaxRateSeparated": False, "isMultipleTaxZone": False, "rates": rates, "active": True}


def _stock(tenant: Tenant, at: str) -> None:
    houses: list[Row] = []
    for entity in demo.ENTITIES:
        place = entity.address
        address = {"street": place.line, "unit": None, "city": place.city, "state": place.state, "zip": place.zip, "country": "USA"}
        row = {**blank("inventory", "WarehouseResponse"), "name": f"{place.city} warehouse", "address": address}
        houses.append(add(tenant, "warehouses", at, row))
    for technician in tenant.records.all("technicians"):
        row = {**blank("inventory", "TruckResponse"), "name": f"Truck {technician['lastName']}", "warehouseId": houses[0]["id"]}
        add(tenant, "trucks", at, {**row, "technicianIds": [technician["id"]]})
    for name in _ORDER_TYPES:
        row = {**blank("inventory", "PurchaseOrderTypeResponse"), "name": name, "displayToTechnician": True}
        add(tenant, "purchase-order-types", at, row)
    for name in _RETURN_TYPES:
        add(tenant, "return-types", at, {**blank("inventory", "ListReturnTypesResponse"), "name": name})


def _pricebook(tenant: Tenant, at: str) -> None:
    services = _category(tenant, at, "Labor and installed work", "Services")
    goods = _category(tenant, at, "Parts and equipment", "Materials")
    for work in WORK:
        price = f"{(work.low + work.high) / 2:.2f}"
        row = {**_sku("ServiceGetResponse", work.code, work.name, price, "0.00"), "hours": str(work.hours), "isLabor": True}
        row |= {"account": "Contract Revenue" if work.group == "Install" else "Service Revenue", "taxable": False}
        add(tenant, "services", at, {**row, "categories": [{"id": services["id"], "name": services["name"], "active": True}]})
    for code, words, kind, amount_type, amount in _MODIFIERS:
        row = {**blank("pricebook", "DiscountAndFeesResponse"), "code": code, "displayName": words, "description": words, "type": kind}
        row |= {"amountType": amount_type, "amount": amount, "account": "Service Revenue"}
        add(tenant, "discounts-and-fees", at, row)
    for kind, shape, parts in (("materials", "MaterialResponse", MATERIALS), ("equipment", "EquipmentResponse", EQUIPMENT)):
        for part in parts:
            row = {**_sku(shape, part.code, part.name, part.price, part.cost), "categories": [goods["id"]], "taxable": True}
            row |= {"account": "Contract Revenue" if kind == "equipment" else "Service Revenue", "costOfSaleAccount": "Materials"}
            row |= {"assetAccount": "Inventory", "unitOfMeasure": "Each", "isInventory": True, "createdById": API_USER}
            if kind == "equipment":
                years = {"duration": 5, "description": "Parts"}
                row |= {"manufacturer": "Northfall", "model": part.code, "manufacturerWarranty": years, "serviceProviderWarranty": years}
            add(tenant, kind, at, row)


def _category(tenant: Tenant, at: str, name: str, kind: str) -> Row:
    return add(tenant, "categories", at, {**blank("pricebook", "CategoryResponse"), "name": name, "categoryType": kind})


def _sku(shape: str, code: str, name: str, price: str, cost: str) -> dict[str, Any]:
    row = {**blank("pricebook", shape), "code": code, "displayName": name, "description": name, "price": price, "cost": cost}
    return {**row, "memberPrice": price, "addOnPrice": price, "addOnMemberPrice": price}
