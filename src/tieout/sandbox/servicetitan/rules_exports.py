"""Marking documents as exported (servicetitan §9). The reply is 200 whatever happened: each row says whether it succeeded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tieout.sandbox.servicetitan.lifecycle import EXPORTED, LABELS, PENDING, move
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant


@dataclass(frozen=True, slots=True)
class Marking:
    """One call: its shapes, and where the ids are: ``listed`` is the member that holds them, empty when the body is an array."""

    path: str
    kind: str
    request: str
    reply: str
    key: str
    scope: str
    listed: str = ""


MARKINGS: Final = (
    Marking(
        "inventory-bills",
        "inventory-bills",
        "MarkInventoryBillAsExportedUpdateRequest",
        "MarkInventoryBillAsExportedUpdateResponse",
        "inventoryBillId",
        "inventorybills",
        listed="inventoryBillIds",
    ),
    Marking(
        "ap-bills",
        "inventory-bills",
        "MarkApBillAsExportedUpdateRequest",
        "MarkApBillAsExportedUpdateResponse",
        "billId",
        "apbills",
        listed="billIds",
    ),
    Marking(
        "invoices",
        "invoices",
        "MarkInvoiceAsExportedUpdateRequest",
        "MarkInvoiceAsExportedUpdateResponse",
        "invoiceId",
        "invoices",
    ),
    Marking(
        "ap-credits",
        "ap-credits",
        "MarkApCreditAsExportedUpdateRequest",
        "MarkApCreditAsExportedUpdateResponse",
        "apCreditId",
        "apcredits",
    ),
    Marking(
        "ap-payments",
        "ap-payments",
        "MarkApPaymentAsExportedUpdateRequest",
        "MarkApPaymentAsExportedUpdateResponse",
        "apPaymentId",
        "appayments",
    ),
    Marking(
        "credit-memos",
        "credit-memos",
        "MarkCreditMemoAsExportedRequest",
        "MarkCreditMemoAsExportedResponse",
        "creditMemoId",
        "creditmemos",
    ),
)


def marker(marking: Marking) -> Callable[[Tenant, ApiCall], list[dict[str, Any]]]:
    """The handler of one such call."""

    def mark(tenant: Tenant, call: ApiCall) -> list[dict[str, Any]]:
        if marking.listed:
            keys = tenant.accept("accounting", marking.request, call.body)[marking.listed]
            asked: Iterable[Mapping[str, Any]] = [{marking.key: key} for key in keys]
        else:
            asked = tenant.accept_list("accounting", marking.request, call.body)
        replies = []
        for each in asked:
            failure = _mark(tenant, marking.kind, each[marking.key], each)
            reply = {marking.key: each[marking.key], "success": failure is None, "errorMessage": failure}
            replies.append(tenant.show("accounting", marking.reply, reply))
        return replies

    return mark


def _mark(tenant: Tenant, kind: str, key: int, given: Mapping[str, Any]) -> str | None:
    """Exports one document, or says why not."""
    row = tenant.records.find(kind, key)
    failure = f"{LABELS[kind]} with ID {key} was not found." if row is None else why_not(tenant, kind, row)
    if failure is None and row is not None:
        changes = {"exportId": given["externalId"]} if given.get("externalId") is not None and "exportId" in row else {}
        move(tenant, kind, row, EXPORTED, changes)
    return failure


def why_not(tenant: Tenant, kind: str, row: Row) -> str | None:
    """Why a document cannot be exported, or None."""
    named = f"{LABELS[kind]} {row['id']}"
    if not row["active"]:
        return f"{named} is not active."
    if row["syncStatus"] == EXPORTED and not tenant.settings["mark_exported_again"]:
        return f"{named} is already exported."
    if row["syncStatus"] == PENDING and not tenant.settings["mark_pending_as_exported"]:
        return f"{named} is not posted."
    return None


def mark_deposits(tenant: Tenant, call: ApiCall) -> None:
    """``POST bank-deposits/markasexported``: an empty 200, or a 400 and nothing is marked."""
    keys = tenant.accept("accounting", "MarkDepositsAsExportedRequestArgs", call.body).get("ids") or []
    rows = [(key, tenant.records.find("bank-deposits", key)) for key in keys]
    missing = [f"Bank deposit with ID {key} was not found." for key, row in rows if row is None]
    failures = missing + [told for _, row in rows if row is not None and (told := why_not(tenant, "bank-deposits", row))]
    if failures:
        raise Refused(400, " ".join(failures), errors={"ids": failures})
    for _, row in rows:
        if row is not None:
            move(tenant, "bank-deposits", row, EXPORTED)
