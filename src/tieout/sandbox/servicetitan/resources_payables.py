"""Bills, AP credits, AP payments and remittance vendors (servicetitan §8, §9, Appendix B accounting/v2)."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan import documents
from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource, Row

BILL_TYPES: Final = ("NotSet", "Procurement", "ApBill")
BILL_STATUSES: Final = ("Unreconciled", "Discrepancy", "Reconciled", "Canceled")
BILL_SOURCES: Final = ("Undefined", "Standalone", "Purchasing", "Recurring", "OCR", "API")
SYNC_STATUSES: Final = ("Pending", "Posted", "Exported")
_SYNC_WORDS: Final = (*SYNC_STATUSES, "PostedAndExported")


def _sync_words(records: Records, row: Row) -> list[Any]:
    """The words that find a row by its sync status; PostedAndExported finds both (servicetitan §9)."""
    status = row["syncStatus"]
    return [status] if status == "Pending" else [status, "PostedAndExported"]


_SYNC: Final = Filter("syncStatuses", Reads.ONE_OF, "", _SYNC_WORDS, _sync_words)
_BILL_FILTERS: Final = (
    IDS,
    Filter("batchId", Reads.ID, "batch.id"),
    Filter("batchNumber", Reads.ID, "", through=documents.batch_number),
    Filter("billNumber", Reads.CONTAINS, "referenceNumber"),
    Filter("businessUnitIds", Reads.IDS, "businessUnit.id"),
    Filter("dateFrom", Reads.SINCE, "billDate"),
    Filter("dateTo", Reads.UNTIL, "billDate"),
    Filter("jobNumber", Reads.CONTAINS, "", through=documents.job_number),
    Filter("purchaseOrderNumber", Reads.CONTAINS, "", through=documents.purchase_order_of("number")),
    Filter("purchaseOrderTypes", Reads.TEXTS, "", through=documents.purchase_order_type),
    _SYNC,
    Filter("minCost", Reads.AT_LEAST, "billAmount"),
    Filter("maxCost", Reads.AT_MOST, "billAmount"),
)


def _inventory_bills(path: str, *, bare: bool, feed: str | None) -> Resource:
    return Resource(
        area="accounting",
        path=path,
        kind="inventory-bills",
        shape="InventoryBillResponse",
        label="Inventory bill",
        scope="inventorybills",
        sort=(),
        by_id=False,
        bare=bare,
        custom_fields="customField",
        derive=documents.inventory_bill,
        feed=feed,
        feed_shape="ExportInventoryBillResponse",
        filters=(*_BILL_FILTERS, Filter("billType", Reads.WORD, "billType", (*BILL_TYPES, "RecurringBill"))),
    )


# The older list is a bare array (servicetitan E14). Both show every bill, whatever its type: they also filter by it.
INVENTORY_BILLS_BARE: Final = _inventory_bills("inventory-bills", bare=True, feed=None)
INVENTORY_BILLS: Final = _inventory_bills("inventory-bills/paginated", bare=False, feed="inventory-bills")

AP_BILLS: Final = Resource(
    area="accounting",
    path="ap-bills",
    kind="inventory-bills",
    view="ap-bills",
    shape="ApBillResponse",
    label="AP bill",
    scope="apbills",
    sort=(),
    custom_fields="customField",
    derive=documents.bill,
    filters=(
        *_BILL_FILTERS,
        Filter("statuses", Reads.ONE_OF, "status", BILL_STATUSES),
        Filter("sources", Reads.ONE_OF, "source", BILL_SOURCES),
        Filter("billType", Reads.WORD, "billType", BILL_TYPES, default="Procurement"),
    ),
)

AP_CREDITS: Final = Resource(
    area="accounting",
    path="ap-credits",
    kind="ap-credits",
    shape="ApCreditResponse",
    label="AP credit",
    scope="apcredits",
    by_id=False,
    custom_fields="customField",
    derive=documents.named,
    filters=(IDS, _SYNC),
)

AP_PAYMENTS: Final = Resource(
    area="accounting",
    path="ap-payments",
    kind="ap-payments",
    shape="ApPaymentResponse",
    label="AP payment",
    scope="appayments",
    by_id=False,
    custom_fields="customField",
    derive=documents.named,
    filters=(IDS, _SYNC),
)

REMITTANCE_VENDORS: Final = Resource(
    area="accounting",
    path="remittance-vendors",
    kind="remittance-vendors",
    shape="RemittanceVendorResponse",
    label="Remittance vendor",
    scope="remittancevendors",
    active="True",
    filters=(IDS,),
)

RESOURCES: Final = (INVENTORY_BILLS_BARE, INVENTORY_BILLS, AP_BILLS, AP_CREDITS, AP_PAYMENTS, REMITTANCE_VENDORS)
