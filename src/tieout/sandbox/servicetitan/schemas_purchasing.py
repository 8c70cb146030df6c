"""Members of the purchase order, receipt, return, adjustment and transfer objects (servicetitan Appendix A; inventory v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
PurchaseOrderResponse
    id!:i64 number!:str invoiceId:i64? jobId:i64? projectId:i64? status!:str typeId!:i64 vendorId!:i64 technicianId:i64?
    shipTo!:AddressResponse businessUnitId:i64? inventoryLocationId:i64? batchId:i64? budgetCodeId:i64? vendorDocumentNumber!:str
    date!:dt requiredOn:dt? sentOn:dt? receivedOn:dt? createdOn!:dt modifiedOn!:dt total!:dec tax!:dec shipping!:dec summary!:str
    items!:[PurchaseOrderItemResponse] customFields!:[CustomFieldResponse]
PurchaseOrderItemResponse
    id!:i64 skuId!:i64 description!:str createdOn!:dt modifiedOn!:dt skuName!:str skuCode!:str skuType!:str vendorPartNumber!:str
    quantity!:dec quantityReceived!:dec cost!:dec total!:dec serialNumbers!:[SerialNumberResponse] status!:str chargeable!:bool
    budgetCodeId:i64?
SerialNumberResponse
    id!:i64 number!:str
ExportPurchaseOrdersResponse
    id!:i64 number!:str invoiceId:i64? jobId:i64? projectId:i64? status!:str typeId!:i64 vendorId!:i64 technicianId:i64?
    shipTo!:AddressResponse businessUnitId:i64? inventoryLocationId:i64? batchId:i64? budgetCodeId:i64? vendorDocumentNumber!:str
    date!:dt requiredOn:dt? sentOn:dt? receivedOn:dt? createdOn!:dt modifiedOn!:dt total!:dec tax!:dec shipping!:dec summary!:str
    items!:[PurchaseOrderItemResponse] customFields!:[CustomFieldResponse]
CreatePurchaseOrderRequest
    vendorId!:i64 typeId!:i64 businessUnitId!:i64 inventoryLocationId!:i64 jobId:i64? technicianId:i64? projectId:i64?
    budgetCodeId:i64? shipTo!:CreateAddressRequest vendorInvoiceNumber:str? impactsTechnicianPayroll!:bool memo:str? date!:dt
    requiredOn!:dt tax!:dec shipping!:dec items!:[CreatePurchaseOrderItemRequest]
CreateAddressRequest
    description!:str address!:AddressRequest
CreatePurchaseOrderItemRequest
    skuId!:i64 description!:str vendorPartNumber!:str quantity!:dec cost!:dec budgetCodeId:i64?
UpdatePurchaseOrderRequest
    vendorId:i64 typeId:i64 businessUnitId:i64 inventoryLocationId:i64 jobId:i64 technicianId:i64 projectId:i64 budgetCodeId:i64?
    shipTo:UpdateAddressRequest vendorInvoiceNumber:str impactsTechnicianPayroll:bool memo:str date:dt requiredOn:dt tax:dec
    shipping:dec items:[UpdatePurchaseOrderItemRequest]
UpdateAddressRequest
    description!:str address!:AddressRequest
UpdatePurchaseOrderItemRequest
    id!:i64 skuId!:i64 description!:str vendorPartNumber!:str quantity!:dec cost!:dec budgetCodeId:i64?
InventoryReceiptResponse
    id!:i64 active!:bool number!:str vendorInvoiceNumber!:str createdById:i64? memo!:str purchaseOrderId!:i64 billId:i64?
    jobId:i64? businessUnitId:i64? vendorId!:i64 technicianId:i64? inventoryLocationId!:i64 shipTo:AddressResponse?
    shipToDescription!:str receiptAmount!:dec taxAmount!:dec shippingAmount!:dec receivedOn:dt? createdOn!:dt modifiedOn!:dt
    batchId:i64? syncStatus!:SyncStatus budgetCodeId:i64? items!:[InventoryReceiptItemResponse]
    customFields!:[CustomFieldResponse]
SyncStatus
    = Pending Posted Exported
InventoryReceiptItemResponse
    id!:i64 skuId!:i64 name!:str code!:str description!:str quantity!:dec cost!:dec generalLedgerAccount:GLAccountResponse?
    costOfSaleAccount:GLAccountResponse? assetAccount:GLAccountResponse? purchaseOrderItemId!:i64 budgetCodeId:i64?
GLAccountResponse
    name:str? number:str? type:str? detailType:str?
ReceivePurchaseOrderRequest
    purchaseOrderId!:i64 dateReceived!:dt vendorDocumentNumber:str? memo:str? tax!:dec shipping!:dec budgetCodeId:i64?
    items!:[ReceivePurchaseOrderItemRequest]
ReceivePurchaseOrderItemRequest
    purchaseOrderItemId:i64? skuId!:i64 description:str? vendorPartNumber:str? quantity!:dec cost!:dec budgetCodeId:i64?
InventoryReturnResponse
    id!:i64 active!:bool number!:str referenceNumber!:str status!:InventoryReturnStatus vendorId!:i64 purchaseOrderId:i64?
    jobId:i64? projectId:i64? budgetCodeId:i64? businessUnitId!:i64 inventoryLocationId:i64? createdById:i64? memo!:str
    returnAmount!:dec taxAmount!:dec shippingAmount!:dec returnDate!:dt returnedOn:dt? creditReceivedOn:dt? createdOn!:dt
    modifiedOn!:dt batchId:i64? batch:BatchResponse? syncStatus!:SyncStatus canceledById:i64?
    canceledReason:InventoryReasonTransactionCanceled? dateCanceled:dt? items!:[InventoryReturnItemResponse]
    customFields!:[CustomFieldResponse] externalData!:[ExternalDataModel]
InventoryReturnStatus
    = Pending Returned CreditReceived Canceled
BatchResponse
    id!:i64 number:str? name:str?
InventoryReasonTransactionCanceled
    = NotRequired Duplicate Accidental VendorIssue Other JobCanceled NotWarranty WarrantyRejected
InventoryReturnItemResponse
    id!:i64 skuId!:i64 description!:str createdOn!:dt modifiedOn!:dt name!:str code!:str quantity!:dec cost!:dec
    generalLedgerAccount:GLAccountResponse? costOfSaleAccount:GLAccountResponse? assetAccount:GLAccountResponse?
    serialNumbers:[SerialNumberResponse]? createdById:i64? active!:bool receiptItemId:i64? budgetCodeId:i64?
ExportReturnsResponse
    id!:i64 active!:bool number!:str referenceNumber!:str status!:InventoryReturnStatus vendorId!:i64 purchaseOrderId:i64?
    jobId:i64? projectId:i64? budgetCodeId:i64? businessUnitId!:i64 inventoryLocationId:i64? createdById:i64? memo!:str
    returnAmount!:dec taxAmount!:dec shippingAmount!:dec returnDate!:dt returnedOn:dt? creditReceivedOn:dt? createdOn!:dt
    modifiedOn!:dt batchId:i64? batch:BatchResponse? syncStatus!:SyncStatus canceledById:i64?
    canceledReason:InventoryReasonTransactionCanceled? dateCanceled:dt? items!:[InventoryReturnItemResponse]
    customFields!:[CustomFieldResponse] externalData!:[ExternalDataModel]
CreateInventoryReturnRequest
    vendorId!:i64 jobId:i64? purchaseOrderId:i64? returnTypeId!:i64 businessUnitId!:i64 budgetCodeId:i64? referenceNumber:str?
    inventoryLocationId!:i64 returnDate!:dt memo:str? tax!:dec shipping!:dec restockingFee!:dec
    items:[CreateInventoryReturnItemRequest]?
CreateInventoryReturnItemRequest
    skuId!:i64 description:str? quantity!:dec cost!:dec shipmentItemId:i64? budgetCodeId:i64?
UpdateReturnRequest
    returnTypeId:i64 businessUnitId:i64 referenceNumber:str inventoryLocationId:i64 returnDate:dt memo:str tax:dec? shipping:dec?
    restockingFee:dec? budgetCodeId:i64? items:[UpdateReturnItemModel] externalData:ExternalDataUpdateRequest
UpdateReturnItemModel
    id!:i64 skuId!:i64 itemDescription:str? quantity!:dec cost!:dec budgetCodeId:i64?
InventoryAdjustmentResponse
    id!:i64 active!:bool number!:str referenceNumber!:str type!:str inventoryLocationId!:i64 businessUnitId:i64? projectId:i64?
    invoiceId:i64? createdById:i64? memo!:str date!:dt createdOn!:dt modifiedOn!:dt batchId:i64? batch:BatchResponse?
    syncStatus!:SyncStatus canceledReason:InventoryReasonTransactionCanceled? canceledById:i64? dateCanceled:dt?
    externalData!:[ExternalDataModel] items!:[InventoryAdjustmentItemResponse] customFields!:[CustomFieldResponse]
InventoryAdjustmentItemResponse
    id!:i64 skuId!:i64 description!:str createdOn!:dt modifiedOn!:dt name!:str code!:str quantity!:dec cost!:dec totalCost!:dec
    createdById:i64? active!:bool budgetCodeId:i64? serialNumbers:[SerialNumberResponse]?
ExportAdjustmentsResponse
    id!:i64 active!:bool number!:str referenceNumber!:str type!:str inventoryLocationId!:i64 businessUnitId:i64? projectId:i64?
    invoiceId:i64? createdById:i64? memo!:str date!:dt createdOn!:dt modifiedOn!:dt batchId:i64? batch:BatchResponse?
    syncStatus!:SyncStatus canceledReason:InventoryReasonTransactionCanceled? canceledById:i64? dateCanceled:dt?
    externalData!:[ExternalDataModel] items!:[InventoryAdjustmentItemResponse] customFields!:[CustomFieldResponse]
UpdateAdjustmentRequest
    externalData:ExternalDataUpdateRequest
InventoryTransferResponse
    id!:i64 transferType!:str status!:str number!:str referenceNumber!:str fromLocationId!:i64 toLocationId!:i64 createdById:i64?
    memo!:str date!:dt pickedDate:dt? receivedDate:dt? createdOn!:dt modifiedOn!:dt batchId:i64? batch:BatchResponse?
    syncStatus!:SyncStatus dateRequired:dt? jobId:i64? invoiceId:i64? canceledById:i64?
    canceledReason:InventoryReasonTransactionCanceled? dateCanceled:dt? active!:bool pickedById:i64? receivedById:i64?
    items!:[InventoryTransferItemResponse] customFields!:[CustomFieldResponse] externalData:[ExternalDataModel]?
InventoryTransferItemResponse
    id!:i64 skuId!:i64 description!:str createdOn!:dt modifiedOn!:dt name!:str code!:str quantity!:dec quantityPicked!:dec
    cost!:dec totalCost!:dec serialNumbers:[SerialNumberResponse]? createdById:i64? active!:bool budgetCodeId:i64?
ExportTransfersResponse
    id!:i64 transferType!:str status!:str number!:str referenceNumber!:str fromLocationId!:i64 toLocationId!:i64 createdById:i64?
    memo!:str date!:dt pickedDate:dt? receivedDate:dt? createdOn!:dt modifiedOn!:dt batchId:i64? batch:BatchResponse?
    syncStatus!:SyncStatus dateRequired:dt? jobId:i64? invoiceId:i64? canceledById:i64?
    canceledReason:InventoryReasonTransactionCanceled? dateCanceled:dt? active!:bool pickedById:i64? receivedById:i64?
    items!:[InventoryTransferItemResponse] customFields!:[CustomFieldResponse] externalData:[ExternalDataModel]?
UpdateTransferRequest
    externalData:ExternalDataUpdateRequest
CancelResourceRequest_Of_Inventory.V2.PurchaseOrderCancellationReason
    canceledReason:PurchaseOrderCancellationReason
PurchaseOrderCancellationReason
    = NotRequired Duplicate Accidental VendorIssue Other JobCanceled
CancelResourceRequest_Of_Inventory.V2.ReceiptCancellationReason
    canceledReason:ReceiptCancellationReason
ReceiptCancellationReason
    = NotRequired Duplicate Accidental VendorIssue Other JobCanceled
CancelResourceRequest_Of_Inventory.V2.ReturnCancellationReason
    canceledReason:ReturnCancellationReason
ReturnCancellationReason
    = NotRequired Duplicate Accidental VendorIssue Other JobCanceled
"""
