"""Documents over the objects route: created, changed, posted, unposted and voided as people do it in the product (servicetitan §11.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan import (
    lifecycle,
    rules_ap_documents,
    rules_batches,
    rules_bills,
    rules_credit_memos,
    rules_deposits,
    rules_invoices,
    rules_journal,
    rules_payments,
)
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import CATALOGUES, Tenant, refuse_if

Open = Callable[[Tenant, dict[str, Any]], Row]
Amend = Callable[[Tenant, Row, dict[str, Any]], Row]
Void = Callable[[Tenant, Row], Row]


def _void(kind: str) -> Void:
    return lambda tenant, row: lifecycle.void(tenant, kind, row)


def _delete_payment(tenant: Tenant, row: Row) -> Row:
    return rules_payments.edit(tenant, row, {"active": False})


# Kind -> the shape of what is given; how one is created, changed, voided.
DOCUMENTS: Final[Mapping[str, tuple[str, Open, Amend, Void]]] = {
    "inventory-bills": ("BillRequest", rules_bills.open_bill, rules_bills.amend_bill, rules_bills.cancel_bill),
    "invoices": ("InvoiceRequest", rules_invoices.open_invoice, rules_invoices.edit, rules_invoices.void),
    "payments": ("PaymentRequest", rules_payments.take, rules_payments.edit, _delete_payment),
    "credit-memos": ("CreditMemoRequest", rules_credit_memos.open_memo, rules_credit_memos.amend_memo, rules_credit_memos.void_memo),
    "bank-deposits": ("DepositRequest", rules_deposits.open_deposit, rules_deposits.amend_deposit, _void("bank-deposits")),
    "ap-credits": ("ApCreditRequest", rules_ap_documents.open_credit, rules_ap_documents.amend_credit, rules_ap_documents.cancel_credit),
    "ap-payments": ("ApPaymentRequest", rules_ap_documents.open_payment, rules_ap_documents.amend_payment, _void("ap-payments")),
}


def put_document(tenant: Tenant, kind: str, old: Row | None, given: dict[str, Any]) -> Row:
    """Creates or changes one document; ``syncStatus`` then moves it, ``active: false`` voids it."""
    shape, create, amend, void = DOCUMENTS[kind]
    if old is None and "id" in given:
        raise Refused(400, f"{lifecycle.LABELS[kind]} with ID {given['id']} was not found.")
    body = {name: value for name, value in given.items() if name != "id"}
    accepted, errors = CATALOGUES["accounting"].accept(shape, body, partial=old is not None)
    refuse_if(errors)
    status, active = accepted.pop("syncStatus", None), accepted.pop("active", None)
    row = create(tenant, accepted) if old is None else amend(tenant, old, accepted) if accepted else old
    if active is False:
        return void(tenant, row)
    return row if status is None or status == row["syncStatus"] else _move(tenant, kind, row, status)


def _move(tenant: Tenant, kind: str, row: Row, status: str) -> Row:
    """One step of a person: post, unpost, or bypass (exported without being sent); nothing leads back from Exported."""
    if row["syncStatus"] == lifecycle.EXPORTED:
        raise Refused(400, f"{lifecycle.LABELS[kind]} {row['id']} is Exported and stays so.")
    if status == lifecycle.EXPORTED and row["syncStatus"] == lifecycle.PENDING:
        raise Refused(400, f"{lifecycle.LABELS[kind]} {row['id']} is not posted.")
    if status == lifecycle.EXPORTED:
        return lifecycle.move(tenant, kind, row, status)
    return rules_batches.post_alone(tenant, kind, row, status)


def put_entry(tenant: Tenant, old: Row | None, given: dict[str, Any]) -> Row:
    """Writes a journal entry as the product does, ServiceTitan's own unless told otherwise; changing one raises its version."""
    if old is None and "id" in given:
        raise Refused(400, f"Journal entry with ID {given['id']} was not found.")
    body = {name: value for name, value in given.items() if name != "id"}
    accepted, errors = CATALOGUES["accounting"].accept("EntryRequest", body)
    refuse_if(errors)
    source = accepted.pop("source", None) or "ServiceTitan"
    whole = {"status": "Open", **{name: value for name, value in accepted.items() if value is not None}}
    if old is None:
        return rules_journal.open_entry(tenant, whole, source=source)
    return rules_journal.rewrite(tenant, old, {"name": old["name"], **whole, "versionId": whole.get("versionId", old["versionId"])})
