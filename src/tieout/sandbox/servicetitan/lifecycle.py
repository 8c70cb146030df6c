"""The life of a financial document: Pending, Posted, Exported (servicetitan §9, §11.4).

A posted document is locked until it is unposted; an exported one stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.documents import invoice as whole_invoice
from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import Tenant

PENDING: Final = "Pending"
POSTED: Final = "Posted"
EXPORTED: Final = "Exported"
LABELS: Final[Mapping[str, str]] = {
    "invoices": "Invoice",
    "payments": "Payment",
    "credit-memos": "Credit memo",
    "bank-deposits": "Bank deposit",
    "inventory-bills": "Bill",
    "ap-credits": "AP credit",
    "ap-payments": "AP payment",
}
_INVOICE_EVENTS: Final = {POSTED: Event.INVOICE_POSTED, EXPORTED: Event.INVOICE_EXPORTED, PENDING: Event.INVOICE_UPDATED}


def need_open(kind: str, row: Row) -> None:
    """Raises a 400 unless the document may be changed."""
    if row["syncStatus"] != PENDING:
        raise Refused(400, f"{LABELS[kind]} {row['id']} is {row['syncStatus']} and cannot be changed.")
    if not row["active"]:
        raise Refused(400, f"{LABELS[kind]} {row['id']} is not active and cannot be changed.")


def move(tenant: Tenant, kind: str, row: Row, status: str, changes: Mapping[str, Any] | None = None) -> Row:
    """Brings a document into a status; the rules about who may do so are the caller's."""
    made = dict(changes or {})
    if "postDate" in row and status == POSTED:
        made["postDate"] = tenant.records.stamp()
    moved = tenant.records.change(kind, row["id"], {**made, "syncStatus": status})
    if kind == "invoices":
        tell_invoice(tenant, _INVOICE_EVENTS[status], moved)
    return moved


def void(tenant: Tenant, kind: str, row: Row) -> Row:
    """Makes a pending document inactive; feeds show it so (servicetitan §6)."""
    need_open(kind, row)
    return tenant.records.change(kind, row["id"], {"active": False})


def tell_invoice(tenant: Tenant, event: Event, row: Row) -> None:
    """Notes a webhook about an invoice."""
    tenant.tell(event, {**whole_invoice(tenant.records, row), "_change": row["_change"]})
