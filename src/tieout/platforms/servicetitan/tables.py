"""The mapping tables that documents need: business units, accounts, items, payment types, terms, taxes, vendors and customers.

ServiceTitan's business units carry no dimensions of Sage Intacct (servicetitan D11), and accounts, items and terms have names of their
own on each side (servicetitan §11.2). A table is asked by the id first and then by the name people know, so either may stand in a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tieout.core.record import EMPTY, Ref
from tieout.core.tables import Column, Table, UnmappedError
from tieout.core.view import View

BUSINESS_UNITS = Table(
    "business-units",
    "Business units",
    "The location, department and class of everything that belongs to a business unit. In a company with several entities each needs "
    "a location; the entity counts only if documents are made at entity level.",
    keys=(Column("business_unit", "Business unit", "Its ID or name in ServiceTitan."),),
    values=(
        Column("location", "Location", "The location ID in Sage Intacct."),
        Column("department", "Department", "The department ID in Sage Intacct."),
        Column("class", "Class", "The class ID in Sage Intacct."),
        Column("entity", "Entity", "The location ID of the entity."),
    ),
    requirement="servicetitan D11",
)
ACCOUNTS = Table(
    "accounts",
    "Accounts",
    "The account in Sage Intacct for an account of ServiceTitan, where the numbers differ.",
    keys=(Column("account", "Account", "The account's number in ServiceTitan, or its name where it has no number."),),
    values=(Column("account_no", "Account number", "The account number in Sage Intacct."),),
    requirement="servicetitan §11.2",
)
ITEMS = Table(
    "items",
    "Items",
    "The item, and where it differs the account, of a service, material or equipment. What no row names has no item.",
    keys=(
        Column("type", "Type", "Service, Material, Equipment, or * for all."),
        Column("sku", "SKU", "Its ID, code or name in the pricebook, or * for all."),
    ),
    values=(
        Column("item", "Item", "The item ID in Sage Intacct."),
        Column("account_no", "Account number", "Instead of the account that ServiceTitan gives."),
        Column("class", "Class", "Instead of the class of the business unit."),
    ),
    requirement="servicetitan §11.2",
)
PAYMENT_TYPES = Table(
    "payment-types",
    "Payment types",
    "How a payment arrives in Sage Intacct: its method, and the account of undeposited funds or the bank account it is put into.",
    keys=(Column("type", "Payment type", "Its ID or name in ServiceTitan."),),
    values=(
        Column("method", "Method", "Printed Check, Cash, EFT, Credit Card, Online or another method of Sage Intacct."),
        Column("undeposited_account", "Undeposited funds", "The account number; leave empty if a bank account is given."),
        Column("bank_account", "Bank account", "The bank account ID; leave empty if an account of undeposited funds is given."),
    ),
    requirement="servicetitan §11.2",
)
TERMS = Table(
    "terms",
    "Payment terms",
    "The term in Sage Intacct. Without a row a document has its due date and no term.",
    keys=(Column("term", "Term", "Its name in ServiceTitan."),),
    values=(Column("term_name", "Term", "Its name in Sage Intacct."),),
    requirement="servicetitan §11.2",
)
TAXES = Table(
    "taxes",
    "Sales taxes",
    "The account that a sales tax is entered on, where it is not the one in the settings.",
    keys=(Column("tax", "Tax code", "Its name in ServiceTitan."),),
    values=(Column("account_no", "Account number", "The account number in Sage Intacct."),),
    requirement="servicetitan §11.3",
)
VENDORS = Table(
    "vendors",
    "Vendors",
    "The vendor in Sage Intacct that a vendor of ServiceTitan is, where it exists there under an ID of its own.",
    keys=(Column("vendor", "Vendor", "Its ID or name in ServiceTitan."),),
    values=(Column("vendor_id", "Vendor ID", "The vendor ID in Sage Intacct."),),
    requirement="servicetitan §11.2",
)
CUSTOMERS = Table(
    "customers",
    "Customers",
    "The customer in Sage Intacct that a customer of ServiceTitan is, where it exists there under an ID of its own.",
    keys=(Column("customer", "Customer", "Its ID in ServiceTitan; names are not unique."),),
    values=(Column("customer_id", "Customer ID", "The customer ID in Sage Intacct."),),
    requirement="servicetitan §11.2",
)

TABLES = (BUSINESS_UNITS, ACCOUNTS, ITEMS, PAYMENT_TYPES, TERMS, TAXES, VENDORS, CUSTOMERS)
"""Every mapping table."""


_NOTHING = "\x00"  # matches no key but *


def row_of(view: View, table: Table, *asked: tuple[str, ...], day: date | None = None) -> Mapping[str, str]:
    """The row for the first of several ways to ask that has one; empty if none has.

    A row that holds for anything (`*` as its last key) counts only where no way to ask has a row of its own.
    """
    for_all: Mapping[str, str] = EMPTY
    for keys in asked:
        if not keys[-1]:
            continue
        found = _found(view, table, keys, day)
        if found and found is not _found(view, table, (*keys[:-1], _NOTHING), day):
            return found
        for_all = for_all or found
    return for_all


def _found(view: View, table: Table, keys: tuple[str, ...], day: date | None) -> Mapping[str, str]:
    try:
        return view.mapped(table.name, *keys, day=day)
    except UnmappedError:
        return EMPTY


def needed_row(view: View, table: Table, *asked: tuple[str, ...], day: date | None = None) -> Mapping[str, str]:
    """The row for the first of several ways to ask that has one. Raises UnmappedError, for the last one, if none has."""
    found = row_of(view, table, *asked, day=day)
    if not found:
        raise UnmappedError(table.label, [key for key in asked[-1] if key])
    return found


def unit_row(view: View, unit: Ref | None, day: date | None = None) -> Mapping[str, str]:
    """What the table says of a business unit; empty if there is none or no row. Raises MissingError if it has not been read yet."""
    if unit is None:
        return EMPTY
    return row_of(view, BUSINESS_UNITS, (unit.id,), (str(view.look(unit).fields.get("name") or ""),), day=day)


__all__ = [
    "ACCOUNTS",
    "BUSINESS_UNITS",
    "CUSTOMERS",
    "ITEMS",
    "PAYMENT_TYPES",
    "TABLES",
    "TAXES",
    "TERMS",
    "VENDORS",
    "needed_row",
    "row_of",
    "unit_row",
]
