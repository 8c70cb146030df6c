"""What a document line takes from the pricebook and the chart of accounts."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_pricebook import SKU_KINDS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import Tenant


def find_sku(records: Records, key: int | None) -> tuple[str, Row] | None:
    """The type word of an item (Service, Material, Equipment) and its row, or None."""
    for kind, word in SKU_KINDS.items():
        row = records.find(kind, key)
        if row is not None:
            return word, row
    return None


def price_of(sku: Row) -> str | None:
    """What an item costs a customer by default; a discount takes off, and one in percent has no price of its own."""
    if "amountType" not in sku:
        price: str = sku["price"]
        return price
    if sku["amountType"] == "Percentage":
        return None
    return f"-{sku['amount']}" if sku["type"] == "Discount" else sku["amount"]


def sku_coded(records: Records, code: str | None) -> tuple[str, Row] | None:
    """The same for the code of an item, in any case."""
    for kind, word in SKU_KINDS.items():
        for row in records.all(kind) if code else ():
            if row["code"].lower() == str(code).lower():
                return word, row
    return None


def place_of(tenant: Tenant, path: str, key: int | None, errors: Errors) -> dict[str, Any] | None:
    """The warehouse or truck with this id as a line shows it; a complaint when there is none."""
    if key is None:
        return None
    for kind, word in (("warehouses", "Warehouse"), ("trucks", "Truck")):
        row = tenant.records.find(kind, key)
        if row is not None:
            return {"id": key, "name": row["name"], "type": word}
    errors.setdefault(path, []).append(f"Inventory location with ID {key} was not found.")
    return None


def account_named(records: Records, name: str | None) -> dict[str, Any] | None:
    """A GL account by its name, as a document shows it; None when there is no such account."""
    found = records.children("gl-accounts", "name", name) if name else []
    return account_shown(found[0]) if found else None


def account_shown(row: Row) -> dict[str, Any]:
    """A GL account as a document shows it."""
    return {"id": row["id"], "name": row["name"], "number": row["number"], "type": row["type"], "detailType": row["subtype"]}


def accounts_of(records: Records, sku: Row) -> dict[str, Any]:
    """The three accounts of a line about an item (servicetitan §8)."""
    return {
        "generalLedgerAccount": account_named(records, sku.get("account")),
        "costOfSaleAccount": account_named(records, sku.get("costOfSaleAccount")),
        "assetAccount": account_named(records, sku.get("assetAccount")),
    }
