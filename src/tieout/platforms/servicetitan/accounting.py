"""What accountants see: invoices, payments, bills, credits, and the vendors and purchase orders they refer to.

Money is text in invoices, payments and bills and a number elsewhere (servicetitan §5); both become Decimal. Dates of documents are the days
they are written with, whatever hour follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieout.core.record import EMPTY
from tieout.platforms.servicetitan.kind import ALL_STATES, Export, Kind, Lines, Member, members
from tieout.platforms.servicetitan.members import amount, day, flag, identity, moment, ref, text
from tieout.platforms.servicetitan.work import ADDRESS_PARTS, BUSINESS_UNIT, CUSTOMER, JOB, LOCATION, PROJECT

VENDOR = "vendor"
PURCHASE_ORDER = "purchase-order"
INVOICE = "invoice"
PAYMENT = "payment"
CREDIT_MEMO = "credit-memo"
INVENTORY_BILL = "inventory-bill"
AP_BILL = "ap-bill"
AP_CREDIT = "ap-credit"

EXPORTED = "Exported"
"""The sync status of a document that another system has taken over; it cannot be taken back (servicetitan §9)."""

_BY_ID = {"sort": "+Id"}
_BATCH = (("batch.id", identity), ("batch.number", text), ("batch.name", text))
_ACCOUNTS = tuple(
    (f"{account}.{part}", text) for account in ("generalLedgerAccount", "costOfSaleAccount", "assetAccount") for part in ("number", "name")
)
_BILL_ITEM = (
    ("name", text),
    ("description", text),
    ("quantity", amount),
    ("cost", amount),
    ("skuId", identity),
    ("skuCode", text),
    ("skuType", text),
    *_ACCOUNTS,
    ("receiptItemId", identity),
    ("budgetCodeId", identity),
)


def _bill(*more: tuple[str, Any]) -> tuple[Member, ...]:
    """What inventory bills and payables bills have in common."""
    return members(
        ("purchaseOrderId", ref(PURCHASE_ORDER)),
        ("syncStatus", text),
        ("referenceNumber", text),
        ("vendorNumber", text),
        ("summary", text),
        ("billDate", day),
        ("dueDate", day),
        ("postDate", day),
        ("billAmount", amount),
        ("taxAmount", amount),
        ("shippingAmount", amount),
        ("termName", text),
        *_BATCH,
        ("businessUnit.id", ref(BUSINESS_UNIT)),
        ("vendor.id", ref(VENDOR)),
        ("jobId", ref(JOB)),
        ("budgetCodeId", identity),
        ("createdOn", moment),
        *more,
    )


def _rows_with(name: str, *, told: bool) -> Any:
    """A body that is a list of objects, each naming one document; `told` adds the other system's id and a text."""

    def body(documents: Sequence[tuple[int, str, str]]) -> Any:
        rows = []
        for id_, external, message in documents:
            more = {"externalId": external or None, "externalMessage": message or None} if told else {}
            rows.append({name: id_, **{key: value for key, value in more.items() if value is not None}})
        return rows

    return body


def _ids_in(name: str, **more: Any) -> Any:
    """A body that is one object with the ids of all documents."""
    return lambda documents: {name: [id_ for id_, _, _ in documents], **more}


ACCOUNTING: tuple[Kind, ...] = (
    Kind(
        VENDOR,
        "vendors",
        "inventory",
        "vendors",
        members(
            ("name", text, True),
            ("active", flag),
            ("memo", text),
            *((f"contactInfo.{part}", text) for part in ("firstName", "lastName", "phone", "email", "fax")),
            *((f"address.{part}", text) for part in ADDRESS_PARTS),
            ("createdOn", moment),
        ),
        feed=False,
        order=_BY_ID,
        repeats_ids=True,
    ),
    Kind(
        PURCHASE_ORDER,
        "purchase orders",
        "inventory",
        "purchase-orders",
        members(
            ("number", text),
            ("status", text),
            ("jobId", ref(JOB)),
            ("projectId", ref(PROJECT)),
            ("vendorId", ref(VENDOR)),
            ("businessUnitId", ref(BUSINESS_UNIT)),
            ("date", day),
            ("total", amount),
            ("tax", amount),
            ("shipping", amount),
            ("summary", text),
            ("createdOn", moment),
        ),
        everything=EMPTY,
        scope="tn.inv.purchaseorders:r",
        number="number",
    ),
    Kind(
        INVOICE,
        "invoices",
        "accounting",
        "invoices",
        members(
            ("syncStatus", text),
            ("referenceNumber", text),
            ("invoiceDate", day),
            ("dueDate", day),
            ("subTotal", amount),
            ("salesTax", amount),
            ("salesTaxCode.name", text),
            ("total", amount),
            ("invoiceType.name", text),
            ("customer.id", ref(CUSTOMER)),
            ("location.id", ref(LOCATION)),
            ("businessUnit.id", ref(BUSINESS_UNIT)),
            ("termName", text),
            *_BATCH,
            ("adjustmentToId", ref(INVOICE)),
            ("job.id", ref(JOB)),
            ("projectId", ref(PROJECT)),
            ("summary", text),
            ("exportId", text),
            ("invoiceConfiguration", text),
            ("active", flag),
            ("createdOn", moment),
        ),
        everything=ALL_STATES,
        lines=(
            Lines(
                "items",
                members(
                    ("description", text),
                    ("displayName", text),
                    ("type", text),
                    ("skuId", identity),
                    ("skuName", text),
                    ("quantity", amount),
                    ("cost", amount),
                    ("price", amount),
                    ("total", amount),
                    ("taxable", flag),
                    ("isChargeable", flag),
                    ("serviceDate", day),
                    ("businessUnit.id", ref(BUSINESS_UNIT)),
                    *_ACCOUNTS,
                    ("budgetCodeId", identity),
                ),
                feed="invoice-items",
                owner="invoiceId",
            ),
        ),
        export=Export("invoices/markasexported", _rows_with("invoiceId", told=True), "invoiceId", "tn.acc.invoices:w"),
        scope="tn.acc.invoices:r",
        number="referenceNumber",
    ),
    Kind(
        PAYMENT,
        "payments",
        "accounting",
        "payments",
        members(
            ("syncStatus", text),
            ("date", day),
            ("total", amount),
            ("unappliedAmount", amount),
            ("type", text),
            ("typeId", identity),
            ("checkNumber", text),
            ("referenceNumber", text),
            ("memo", text),
            ("customer.id", ref(CUSTOMER)),
            ("businessUnit.id", ref(BUSINESS_UNIT)),
            *_BATCH,
            ("deposit.id", identity),
            ("generalLedgerAccount.number", text),
            ("refundedPaymentId", ref(PAYMENT)),
            ("active", flag),
            ("createdOn", moment),
        ),
        everything=ALL_STATES,
        lines=(
            Lines(
                "appliedTo",
                members(
                    ("appliedTo", ref(INVOICE)),
                    ("appliedAmount", amount),
                    ("appliedOn", day),
                    ("appliedToReferenceNumber", text),
                ),
                id="appliedId",
            ),
        ),
        export=Export("payments/status", _ids_in("paymentIds", status=EXPORTED)),
    ),
    Kind(
        CREDIT_MEMO,
        "credit memos",
        "accounting",
        "credit-memos",
        members(
            ("syncStatus", text),
            ("referenceNumber", text),
            ("date", day),
            ("subTotal", amount),
            ("salesTax", amount),
            ("total", amount),
            ("customer.id", ref(CUSTOMER)),
            ("location.id", ref(LOCATION)),
            ("businessUnit.id", ref(BUSINESS_UNIT)),
            *_BATCH,
            ("description", text),
            ("exportId", text),
            ("active", flag),
            ("createdOn", moment),
        ),
        feed=False,
        order=_BY_ID,
        batch=20,  # each needs a call of its own for its items
        lines=(
            Lines(
                "items",
                members(
                    ("description", text),
                    ("type", text),
                    ("skuId", identity),
                    ("skuName", text),
                    ("quantity", amount),
                    ("price", amount),
                    ("total", amount),
                    ("taxable", flag),
                    ("active", flag),
                    ("businessUnit.id", ref(BUSINESS_UNIT)),
                    ("revenueGeneralLedgerAccount.number", text),
                ),
                path="items",
            ),
            Lines("appliedTo", members(("appliedTo", ref(INVOICE)), ("appliedAmount", amount), ("appliedOn", day)), id="appliedId"),
        ),
        export=Export("credit-memos/markasexported", _rows_with("creditMemoId", told=True), "creditMemoId"),
        number="referenceNumber",
    ),
    Kind(
        INVENTORY_BILL,
        "inventory bills",
        "accounting",
        "inventory-bills",
        _bill(("active", flag)),
        # Without “/paginated” the list is a bare array that cannot be turned page by page (servicetitan §8).
        listed="inventory-bills/paginated",
        everything=EMPTY,
        feed_only=frozenset({"active"}),
        lines=(Lines("items", members(*_BILL_ITEM)),),
        export=Export("inventory-bills/markasexported", _ids_in("inventoryBillIds"), "inventoryBillId"),
        number="referenceNumber",
    ),
    Kind(
        AP_BILL,
        "payables bills",
        "accounting",
        "ap-bills",
        _bill(("billType", text), ("source", text), ("status", text), ("vendorInvoiceTotal", amount), ("doNotPay", flag)),
        feed=False,
        # The list gives procurement bills by itself; those are inventory bills and come by their own feed (servicetitan §8).
        everything={"billType": "ApBill"},
        lines=(
            Lines("items", members(*_BILL_ITEM)),
            Lines(
                "expenseItems",
                members(
                    ("amount", amount),
                    ("description", text),
                    ("generalLedgerAccount.number", text),
                    ("generalLedgerAccount.name", text),
                    ("job.id", ref(JOB)),
                    ("businessUnit.id", ref(BUSINESS_UNIT)),
                    ("budgetCodeId", identity),
                ),
            ),
        ),
        export=Export("ap-bills/markasexported", _ids_in("billIds"), "billId"),
        number="referenceNumber",
    ),
    Kind(
        AP_CREDIT,
        "payables credits",
        "accounting",
        "ap-credits",
        members(
            ("syncStatus", text),
            ("status", text),
            ("number", text),
            ("referenceNumber", text),
            ("memo", text),
            ("date", day),
            ("amount", amount),
            ("jobId", ref(JOB)),
            ("vendor.id", ref(VENDOR)),
            ("businessUnit.id", ref(BUSINESS_UNIT)),
            *_BATCH,
            ("budgetCodeId", identity),
            ("active", flag),
            ("createdOn", moment),
        ),
        feed=False,
        everything=EMPTY,
        order=_BY_ID,
        lines=(Lines("splits", members(("inventoryBillId", ref(INVENTORY_BILL)), ("amount", amount), ("active", flag))),),
        export=Export("ap-credits/markasexported", _rows_with("apCreditId", told=False), "apCreditId"),
        number="number",
    ),
)
"""Every kind of document, and what only documents refer to (servicetitan §8, §9, Appendix A and B)."""

__all__ = [
    "ACCOUNTING",
    "AP_BILL",
    "AP_CREDIT",
    "CREDIT_MEMO",
    "EXPORTED",
    "INVENTORY_BILL",
    "INVOICE",
    "PAYMENT",
    "PURCHASE_ORDER",
    "VENDOR",
]
