"""Vendors, purchase orders and their types, receipts, returns, inventory locations (servicetitan §8, Appendix B inventory/v2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource

ORDER_STATUSES: Final = ("Pending", "Sent", "PartiallyReceived", "Received", "Exported", "Canceled")
SYNC_STATUSES: Final = ("Pending", "Posted", "Exported")
_SYNC: Final = Filter("syncStatuses", Reads.ONE_OF, "syncStatus", SYNC_STATUSES)
_REFERENCE: Final = Filter("referenceNumber", Reads.TEXT, "referenceNumber")
_NUMBER: Final = Filter("number", Reads.TEXT, "number")
_BATCH: Final = Filter("batchId", Reads.ID, "batchId")
_UNITS: Final = Filter("businessUnitIds", Reads.IDS, "businessUnitId")
_PLACES: Final = Filter("inventoryLocationIds", Reads.IDS, "inventoryLocationId")
_VENDORS: Final = Filter("vendorIds", Reads.IDS, "vendorId")

VENDORS: Final = Resource(
    area="inventory",
    path="vendors",
    kind="vendors",
    shape="VendorResponse",
    label="Vendor",
    scope="vendors",
    active="True",
    external=True,
    external_lookup=True,
    custom_fields="customField",
    filters=(IDS,),
)

PURCHASE_ORDERS: Final = Resource(
    area="inventory",
    path="purchase-orders",
    kind="purchase-orders",
    shape="PurchaseOrderResponse",
    label="Purchase order",
    scope="purchaseorders",
    feed="purchase-orders",
    feed_shape="ExportPurchaseOrdersResponse",
    filters=(
        IDS,
        Filter("status", Reads.WORD, "status", ORDER_STATUSES),
        _NUMBER,
        Filter("jobId", Reads.ID, "jobId"),
        Filter("jobIds", Reads.IDS, "jobId"),
        Filter("technicianId", Reads.ID, "technicianId"),
        Filter("projectId", Reads.ID, "projectId"),
        Filter("dateOnOrAfter", Reads.SINCE, "date"),
        Filter("dateBefore", Reads.BEFORE, "date"),
        Filter("sentOnOrAfter", Reads.SINCE, "sentOn"),
        Filter("sentBefore", Reads.BEFORE, "sentOn"),
    ),
)

PURCHASE_ORDER_TYPES: Final = Resource(
    area="inventory",
    path="purchase-order-types",
    kind="purchase-order-types",
    shape="PurchaseOrderTypeResponse",
    label="Purchase order type",
    scope="purchaseordertypes",
    active="True",
    by_id=False,
)

RECEIPTS: Final = Resource(
    area="inventory",
    path="receipts",
    kind="receipts",
    shape="InventoryReceiptResponse",
    label="Receipt",
    scope="receipts",
    active="True",
    by_id=False,
    custom_fields="customFields",
    filters=(
        IDS,
        _NUMBER,
        Filter("vendorInvoiceNumber", Reads.TEXT, "vendorInvoiceNumber"),
        Filter("billId", Reads.ID, "billId"),
        _BATCH,
        _VENDORS,
        _UNITS,
        _PLACES,
        Filter("purchaseOrderIds", Reads.IDS, "purchaseOrderId"),
        _SYNC,
        Filter("receivedOnOrAfter", Reads.SINCE, "receivedOn"),
        Filter("receivedBefore", Reads.BEFORE, "receivedOn"),
    ),
)

RETURNS: Final = Resource(
    area="inventory",
    path="returns",
    kind="returns",
    shape="InventoryReturnResponse",
    label="Return",
    scope="returns",
    active="True",
    by_id=False,
    external=True,
    external_lookup=True,
    custom_fields="customFields",
    feed="returns",
    feed_shape="ExportReturnsResponse",
    filters=(
        IDS,
        _NUMBER,
        _REFERENCE,
        Filter("jobId", Reads.ID, "jobId"),
        Filter("purchaseOrderId", Reads.ID, "purchaseOrderId"),
        _BATCH,
        _VENDORS,
        _UNITS,
        _PLACES,
        _SYNC,
        Filter("returnDateOnOrAfter", Reads.SINCE, "returnDate"),
        Filter("returnDateBefore", Reads.BEFORE, "returnDate"),
    ),
)

RETURN_TYPES: Final = Resource(
    area="inventory",
    path="return-types",
    kind="return-types",
    shape="ListReturnTypesResponse",
    label="Return type",
    scope="returntypes",
    by_id=False,
    filters=(
        # activeOnly=false is no filter, not "inactive only".
        Filter("activeOnly", Reads.FLAG, "", through=lambda records, row: [False, row["active"]]),
        Filter("name", Reads.TEXT, "name"),
    ),
)

WAREHOUSES: Final = Resource(
    area="inventory",
    path="warehouses",
    kind="warehouses",
    shape="WarehouseResponse",
    label="Warehouse",
    scope="warehouses",
    active="True",
    by_id=False,
    external=True,
    external_lookup=True,
    filters=(IDS,),
)

TRUCKS: Final = Resource(
    area="inventory",
    path="trucks",
    kind="trucks",
    shape="TruckResponse",
    label="Truck",
    scope="trucks",
    active="True",
    by_id=False,
    external=True,
    external_lookup=True,
    filters=(IDS,),
)

ADJUSTMENTS: Final = Resource(
    area="inventory",
    path="adjustments",
    kind="adjustments",
    shape="InventoryAdjustmentResponse",
    label="Adjustment",
    scope="adjustments",
    active="True",
    by_id=False,
    external=True,
    external_lookup=True,
    custom_fields="customFields",
    feed="adjustments",
    feed_shape="ExportAdjustmentsResponse",
    filters=(
        IDS,
        _NUMBER,
        _REFERENCE,
        _BATCH,
        Filter("invoiceIds", Reads.IDS, "invoiceId"),
        _PLACES,
        Filter("adjustmentTypes", Reads.TEXTS, "type"),
        _UNITS,
        _SYNC,
        Filter("dateOnOrAfter", Reads.SINCE, "date"),
        Filter("dateBefore", Reads.BEFORE, "date"),
    ),
)

TRANSFERS: Final = Resource(
    area="inventory",
    path="transfers",
    kind="transfers",
    shape="InventoryTransferResponse",
    label="Transfer",
    scope="transfers",
    by_id=False,
    external=True,
    external_lookup=True,
    custom_fields="customFields",
    feed="transfers",
    feed_shape="ExportTransfersResponse",
    filters=(
        IDS,
        Filter("statuses", Reads.TEXTS, "status"),
        _NUMBER,
        _REFERENCE,
        _BATCH,
        Filter("transferTypeIds", Reads.IDS, "_transferTypeId"),
        Filter("fromLocationIds", Reads.IDS, "fromLocationId"),
        Filter("toLocationIds", Reads.IDS, "toLocationId"),
        _SYNC,
        Filter("dateOnOrAfter", Reads.SINCE, "date"),
        Filter("dateBefore", Reads.BEFORE, "date"),
    ),
)

RESOURCES: Final = (
    VENDORS,
    PURCHASE_ORDERS,
    PURCHASE_ORDER_TYPES,
    RECEIPTS,
    RETURNS,
    RETURN_TYPES,
    WAREHOUSES,
    TRUCKS,
    ADJUSTMENTS,
    TRANSFERS,
)
