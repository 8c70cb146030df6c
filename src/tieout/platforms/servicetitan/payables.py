"""Vendors, bills and vendor credits: what becomes of them in Sage Intacct.

A bill of purchasing comes as an inventory bill, any other as an AP bill; both become bills there. Vendors go first, and only those that a
document needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from tieout.core.flow import Exclusion, FieldMap, Flow, LineMap, View, When, linked, member
from tieout.core.record import Line, Ref, Value
from tieout.platforms.servicetitan.differences import Carried, adjustment
from tieout.platforms.servicetitan.documents import (
    LINE_FIELDS,
    MARKED,
    Work,
    account_from,
    action,
    again,
    balanced,
    control,
    created_only,
    customer_of,
    day_of,
    described,
    entity_of,
    excluded,
    line,
    lock,
    money,
    numbered,
    of_owner,
    posting_day,
    refuse_reopened,
    refused_by_period,
    shown_as,
    term,
    void,
    work_of,
)
from tieout.platforms.servicetitan.kinds import AP_BILL, AP_CREDIT, CUSTOMER, INVENTORY_BILL, JOB, PROJECT, VENDOR
from tieout.platforms.servicetitan.rules import NAME_LENGTH, address, cut, plain, status, template
from tieout.platforms.servicetitan.tables import VENDORS as VENDOR_TABLE
from tieout.platforms.servicetitan.tables import row_of

_ACCOUNT_ORDER = {
    "cost": ("costOfSaleAccount", "assetAccount", "generalLedgerAccount"),
    "asset": ("assetAccount", "costOfSaleAccount", "generalLedgerAccount"),
    "general": ("generalLedgerAccount", "costOfSaleAccount", "assetAccount"),
}


# Vendors


def vendor_id(view: View) -> str:
    """The ID a vendor has in the books: the table's, if it names one, else one made by the template."""
    known = row_of(view, VENDOR_TABLE, (view.record.id,), (view.text("name"),)).get("vendor_id")
    return known or template(view, "vendor_id", id=view.record.id)


def vendor_excluded(view: View) -> Exclusion | None:
    """A vendor goes once a document needs it; a list of vendors is longer than what is bought from."""
    return Exclusion("servicetitan.vendor-unused", "No document that goes to Sage Intacct names this vendor yet.", until_needed=True)


VENDORS = Flow(
    name="vendors",
    label="Vendors",
    left_kind=VENDOR,
    right_kind="VENDOR",
    natural_key=vendor_id,
    shown_as=lambda record: f"Vendor {record.fields.get('name') or record.id}",
    excluded=vendor_excluded,
    only_if=("export_payables",),
    fields=(
        FieldMap("NAME", member("name"), cut(NAME_LENGTH), label="name"),
        FieldMap("DISPLAYCONTACT.PRINTAS", member("name"), cut(NAME_LENGTH), label="printed name"),
        *address("address"),
        FieldMap("DISPLAYCONTACT.PHONE1", member("contactInfo.phone"), cut(30), label="phone"),
        FieldMap("DISPLAYCONTACT.EMAIL1", member("contactInfo.email"), cut(NAME_LENGTH), label="e-mail"),
        FieldMap("STATUS", status, label="status"),
    ),
)


# Bills


def bill_number(view: View) -> str:
    """The number of a bill in the books."""
    return numbered(view, "bill_number")


def _bill_day(view: View) -> Value:
    return day_of(view, "billDate", "postDate", "createdOn")


def _bill_posting_day(view: View) -> Value:
    first = ("postDate", "billDate") if view.settings.get("gl_date") == "post" else ("billDate", "postDate")
    return posting_day(view, day_of(view, *first))


def _bill_excluded(view: View) -> Exclusion | None:
    return excluded(view) or refused_by_period(view, day_of(view, "postDate", "billDate"))


def _inventory_excluded(view: View) -> Exclusion | None:
    """As any bill; one without goods is an AP bill, which the feed of inventory bills shows without its expenses (servicetitan §8)."""
    if not view.get("items") and money(view.get("billAmount")) != money(view.get("taxAmount")) + money(view.get("shippingAmount")):
        return Exclusion("servicetitan.ap-bill", "The bill has no goods: it is an AP bill, and goes as one where AP bills are on.")
    return _bill_excluded(view)


def _account_of(item: Line, choice: str) -> str:
    for holder in _ACCOUNT_ORDER[choice]:
        found = item.fields.get(f"{holder}.number") or item.fields.get(f"{holder}.name")
        if found:
            return str(found)
    return ""


def _items(view: View, work: Work, unit: Ref | None, customer: Ref | None) -> Iterator[Line]:
    choice = str(view.settings["bill_account"])
    found = view.get("items")
    for item in found if isinstance(found, tuple) else ():
        fields = item.fields
        quantity, cost = fields.get("quantity"), fields.get("cost")
        each = quantity * cost if isinstance(quantity, Decimal) and isinstance(cost, Decimal) else Decimal(0)
        if not money(each):
            continue
        memo = plain(" ".join(dict.fromkeys(str(fields.get(name) or "") for name in ("name", "description"))))
        more = {"account_there": _account_of(item, choice), "sku": fields.get("skuId"), "sku_code": fields.get("skuCode")}
        yield line(f"item {item.id}", money(each), memo, work, unit, customer, sku_type=fields.get("skuType"), **more)


def _expenses(view: View, work: Work, unit: Ref | None) -> Iterator[Line]:
    found = view.get("expenseItems")
    for item in found if isinstance(found, tuple) else ():
        fields = item.fields
        own = fields.get("job.id")
        for_work = Work(own) if isinstance(own, Ref) else work
        own_unit = fields.get("businessUnit.id")
        there = fields.get("generalLedgerAccount.number") or fields.get("generalLedgerAccount.name")
        yield line(
            f"expense {item.id}",
            money(fields.get("amount")),
            str(fields.get("description") or ""),
            for_work,
            own_unit if isinstance(own_unit, Ref) else unit,
            customer_of(view, for_work),
            account_there=there,
        )


def _extras(view: View, work: Work, unit: Ref | None, customer: Ref | None) -> Iterator[Line]:
    """Tax and freight, each on an account of its own."""
    for name, words, setting in (("taxAmount", "Tax", "bill_tax_account"), ("shippingAmount", "Freight", "bill_shipping_account")):
        amount = money(view.get(name))
        if amount:
            yield line(name, amount, words, work, unit, customer, account=account_from(view, setting, words.lower()))


def bill_lines(view: View) -> list[Line]:
    """The lines of a bill, which add up to its amount. Raises HoldError if they do not, MissingError for what has not been read."""
    refuse_reopened(view)
    work = work_of(view)
    unit = view.ref("businessUnit.id")
    customer = customer_of(view, work)
    lines = [*_items(view, work, unit, customer), *_expenses(view, work, unit), *_extras(view, work, unit, customer)]
    return balanced(lines, money(view.get("billAmount")), "bill")


_LINES = LineMap("APBILLITEMS", bill_lines, LINE_FIELDS)
_HEADER = (
    FieldMap("VENDORID", member("vendor.id"), linked, label="vendor"),
    FieldMap("WHENCREATED", _bill_day, label="bill date"),
    FieldMap("WHENDUE", lambda view: day_of(view, "dueDate", "billDate", "postDate"), label="due date"),
    FieldMap("TERMNAME", term, label="term"),
)
_CARRIED = Carried("APADJUSTMENT", "APADJUSTMENTITEMS", "VENDORID", _HEADER, _LINES, ("postDate", "billDate"))


def _bills(name: str, label: str, kind: str, switch: str, noun: str, excluded: Callable[[View], Exclusion | None]) -> Flow:
    return Flow(
        name=name,
        label=label,
        left_kind=kind,
        right_kind="APBILL",
        natural_key=of_owner(member("vendor.id"), bill_number),
        shown_as=shown_as(noun),
        excluded=excluded,
        entity=entity_of,
        refers_to=(VENDOR, CUSTOMER, PROJECT, JOB),
        only_if=("export_payables", switch),
        fields=(
            *_HEADER,
            created_only("RECORDID", bill_number, "number"),
            created_only("DOCNUMBER", lambda view: view.text("vendorNumber") or None, "reference"),
            created_only("DESCRIPTION", described(noun, "Bill", "postDate", "billDate"), "description"),
            created_only("WHENPOSTED", _bill_posting_day, "posting date"),
            created_only("ACTION", action("bills"), "state", When.MAKING),
        ),
        lines=(_LINES,),
        acts=(*void("postDate", "billDate"), MARKED),
        lock=lock("postDate", "billDate", adjustment=adjustment(_CARRIED)),
        control=control(lambda view: money(view.get("billAmount")), "billDate", "postDate", "createdOn"),
    )


INVENTORY_BILLS = _bills("inventory-bills", "Inventory bills", INVENTORY_BILL, "export_inventory_bills", "bill", _inventory_excluded)
AP_BILLS = _bills("ap-bills", "AP bills", AP_BILL, "export_ap_bills", "AP bill", _bill_excluded)


# Vendor credits


def credit_number(view: View) -> str:
    """The number of a vendor credit in the books."""
    return again(view, view.text("number") or f"ST-{view.record.id}")


def credit_lines(view: View) -> list[Line]:
    """The one line of a vendor credit: it has an amount and no items."""
    work = work_of(view)
    account = account_from(view, "vendor_credit_account", "a vendor credit")
    amount = -money(view.get("amount"))
    return [line("credit", amount, view.text("memo"), work, view.ref("businessUnit.id"), customer_of(view, work), account=account)]


AP_CREDITS = Flow(
    name="ap-credits",
    label="Vendor credits",
    left_kind=AP_CREDIT,
    right_kind="APADJUSTMENT",
    natural_key=of_owner(member("vendor.id"), credit_number),
    shown_as=shown_as("vendor credit"),
    excluded=lambda view: excluded(view) or refused_by_period(view, day_of(view, "date")),
    entity=entity_of,
    refers_to=(VENDOR, CUSTOMER, PROJECT, JOB),
    only_if=("export_payables", "export_ap_credits"),
    fields=(
        FieldMap("VENDORID", member("vendor.id"), linked, label="vendor"),
        created_only("RECORDID", credit_number, "number"),
        created_only("DOCNUMBER", lambda view: view.text("referenceNumber") or None, "reference"),
        created_only("DESCRIPTION", described("vendor credit", "VendorCredit", "date"), "description"),
        FieldMap("WHENCREATED", lambda view: day_of(view, "date"), label="date"),
        created_only("WHENPOSTED", lambda view: posting_day(view, day_of(view, "date")), "posting date"),
        created_only("ACTION", action("adjustments"), "state", When.MAKING),
    ),
    lines=(LineMap("APADJUSTMENTITEMS", credit_lines, LINE_FIELDS),),
    acts=(*void("date", reversible=False), MARKED),
    lock=lock("date"),
    control=control(lambda view: -money(view.get("amount")), "date"),
)

PAYABLES = (VENDORS, INVENTORY_BILLS, AP_BILLS, AP_CREDITS)
"""The flows of payables, in the order in which they need each other."""
