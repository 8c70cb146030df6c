"""Invoices, payments, credit memos and bank deposits (servicetitan §8, §9, Appendix B accounting/v2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tieout.sandbox.servicetitan import documents
from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Compared, Filter, Reads, Resource, Row

SYNC_STATUSES: Final = ("Pending", "Posted", "Exported")
REVIEW_STATUSES: Final = ("NeedsReview", "OnHold", "Reviewed", "PendingApproval", "Rejected", "ReadyForBilling", "Invoiced")
CONFIGURATIONS: Final = ("JobInvoice", "ProjectInvoice", "CounterSales", "MembershipInvoice", "InterestChargeInvoice", "ARImportInvoice")
TRANSACTION_TYPES: Final = ("Undefined", "JournalEntry", "ReceivePayment")
_AMOUNT_WORDS: Final = ("Equal", "NotEqual", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
_BATCH: Final = (
    Filter("batchId", Reads.ID, "batch.id"),
    Filter("batchNumber", Reads.ID, "", through=documents.batch_number),
)


def _applied(member: str) -> Callable[[Records, Row], list[Any]]:
    return lambda records, row: [split[member] for split in row["appliedTo"]]


_APPLIED: Final = (
    Filter("appliedToInvoiceIds", Reads.IDS, "", through=_applied("appliedTo")),
    Filter("appliedToReferenceNumber", Reads.TEXT, "", through=_applied("appliedToReferenceNumber")),
)

INVOICES: Final = Resource(
    area="accounting",
    path="invoices",
    kind="invoices",
    shape="InvoiceResponse",
    label="Invoice",
    scope="invoices",
    by_id=False,
    order_by=True,
    active="Any",
    active_state=True,
    custom_fields="customField",
    derive=documents.invoice,
    feed="invoices",
    feed_shape="ExportInvoiceResponse",
    compared=(Compared("balanceFilter.Balance", "balanceFilter.Comparer", "balance", ("Equals", "NotEquals", "Greater", "Less")),),
    filters=(
        IDS,
        Filter("statuses", Reads.ONE_OF, "syncStatus", SYNC_STATUSES),
        *_BATCH,
        Filter("jobId", Reads.ID, "job.id"),
        Filter("jobNumber", Reads.TEXT, "", through=documents.job_number),
        Filter("businessUnitId", Reads.ID, "businessUnit.id"),
        Filter("customerId", Reads.ID, "customer.id"),
        Filter("invoicedOnOrAfter", Reads.SINCE, "invoiceDate"),
        Filter("invoicedOnBefore", Reads.BEFORE, "invoiceDate"),
        Filter("adjustmentToId", Reads.ID, "adjustmentToId"),
        Filter("number", Reads.TEXT, "referenceNumber"),
        Filter("totalGreater", Reads.AT_LEAST, "total"),
        Filter("totalLess", Reads.AT_MOST, "total"),
        Filter("dueDateOnOrAfter", Reads.SINCE, "dueDate"),
        Filter("dueDateBefore", Reads.BEFORE, "dueDate"),
        Filter("reviewStatuses", Reads.ONE_OF, "reviewStatus", REVIEW_STATUSES),
        Filter("assignedToIds", Reads.IDS, "assignedTo.id"),
        Filter("invoiceConfigurations", Reads.ONE_OF, "invoiceConfiguration", CONFIGURATIONS),
    ),
)

INVOICE_ITEMS: Final = Resource(
    area="accounting",
    path="invoice-items",
    kind="invoice-items",
    shape="ExportInvoiceItemResponse",
    label="Invoice item",
    scope="invoices",
    listed=False,
    by_id=False,
    derive=documents.named,
    feed="invoice-items",
    feed_shape="ExportInvoiceItemResponse",
)

PAYMENTS: Final = Resource(
    area="accounting",
    path="payments",
    kind="payments",
    shape="DetailedPaymentResponse",
    label="Payment",
    scope="payments",
    by_id=False,
    active="True",
    active_state=True,
    custom_fields="customField",
    derive=documents.named,
    feed="payments",
    feed_shape="ExportPaymentResponse",
    filters=(
        IDS,
        *_APPLIED,
        *_BATCH,
        Filter("businessUnitIds", Reads.IDS, "businessUnit.id"),
        Filter("customerId", Reads.ID, "customer.id"),
        Filter("depositIds", Reads.IDS, "deposit.id"),
        Filter("paidOnAfter", Reads.SINCE, "date"),
        Filter("paidOnBefore", Reads.BEFORE, "date"),
        Filter("statuses", Reads.ONE_OF, "syncStatus", SYNC_STATUSES),
        Filter("totalGreater", Reads.AT_LEAST, "total"),
        Filter("totalLess", Reads.AT_MOST, "total"),
        Filter("transactionType", Reads.WORD, "_transactionType", TRANSACTION_TYPES),
    ),
)

CREDIT_MEMOS: Final = Resource(
    area="accounting",
    path="credit-memos",
    kind="credit-memos",
    shape="CreditMemoPublicResponse",
    label="Credit memo",
    scope="creditmemos",
    by_id=False,
    active="True",
    custom_fields="customField",
    derive=documents.named,
    compared=(
        Compared("totalFilter.Amount", "totalFilter.Comparer", "total", _AMOUNT_WORDS),
        Compared("balanceFilter.Amount", "balanceFilter.Comparer", "balance", _AMOUNT_WORDS),
    ),
    filters=(
        IDS,
        Filter("businessUnitIds", Reads.IDS, "businessUnit.id"),
        *_APPLIED,
        Filter("dateOnOrAfter", Reads.SINCE, "date"),
        Filter("dateBefore", Reads.BEFORE, "date"),
        Filter("appliedOnOrAfter", Reads.SINCE, "", through=_applied("appliedOn")),
        Filter("appliedBefore", Reads.BEFORE, "", through=_applied("appliedOn")),
        *_BATCH,
    ),
)

CREDIT_MEMO_ITEMS: Final = Resource(
    area="accounting",
    path="credit-memos/credit-memo-items",
    kind="credit-memo-items",
    shape="CreditMemosItemsPublicResponse",
    label="Credit memo item",
    scope="creditmemos",
    by_id=False,
    modified=False,
    active="True",
    filters=(
        Filter("creditMemoIds", Reads.IDS, "creditMemoId"),
        Filter("businessUnitIds", Reads.IDS, "businessUnit.id"),
    ),
)

# The lines of one credit memo, under its own path.
MEMO_LINES: Final = Resource(
    area="accounting",
    path="credit-memos/{id}/items",
    kind="credit-memo-items",
    shape="CreditMemoItemsPublicResponse",
    label="Credit memo item",
    scope="creditmemos",
    modified=False,
    active="True",
    filters=(Filter("businessUnitIds", Reads.IDS, "businessUnit.id"),),
)

BANK_DEPOSITS: Final = Resource(
    area="accounting",
    path="bank-deposits",
    kind="bank-deposits",
    shape="DetailedDepositResponse",
    label="Bank deposit",
    scope="bankdeposits",
    by_id=False,
    filters=(
        IDS,
        Filter("depositDateOnOrAfter", Reads.SINCE, "depositDate"),
        Filter("depositDateBefore", Reads.BEFORE, "depositDate"),
        Filter("reviewedOnOrAfter", Reads.SINCE, "reviewedOn"),
        Filter("reviewedBefore", Reads.BEFORE, "reviewedOn"),
        Filter("reviewStatus", Reads.WORD, "reviewStatus", ("NeedsReview", "Reviewed")),
        Filter("depositStatus", Reads.WORD, "depositStatus", ("Undefined", "Open", "Deposited")),
        Filter("syncStatus", Reads.WORD, "syncStatus", SYNC_STATUSES),
        Filter("grossAmountGreater", Reads.AT_LEAST, "grossAmount"),
        Filter("grossAmountLess", Reads.AT_MOST, "grossAmount"),
    ),
)

# The payments in one deposit, under its path.
DEPOSITED: Final = Resource(
    area="accounting",
    path="bank-deposits/{id}/transactions",
    kind="payments",
    shape="DetailedTransactionResponse",
    label="Payment",
    scope="bankdeposits",
    created=False,
    modified=False,
    sort=(),
    derive=documents.named,
)

RESOURCES: Final = (INVOICES, INVOICE_ITEMS, PAYMENTS, CREDIT_MEMOS, CREDIT_MEMO_ITEMS, BANK_DEPOSITS)
