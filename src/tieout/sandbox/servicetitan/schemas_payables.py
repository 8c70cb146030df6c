"""Members of the bill, AP credit and AP payment objects (servicetitan Appendix A; accounting v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
InventoryBillResponse
    id!:i64 purchaseOrderId:i64? syncStatus:str? referenceNumber:str? vendorNumber:str? summary:str? billDate:dt? billAmount:str?
    taxAmount:str? shippingAmount:str? createdBy:str? createdOn:dt? modifiedOn:dt? termName:str? dueDate:dt?
    shipToDescription:str? postDate:dt? batch:BatchResponse? businessUnit:NamedFieldResponse? taxZone:NamedFieldResponse?
    vendor:NamedFieldResponse? shipTo:AddressResponse? budgetCodeId:i64? items:[InventoryBillItemResponse]?
    customFields:[CustomFieldResponse]? jobId:i64? jobNumber:str?
InventoryBillItemResponse
    order!:i32 name:str? description:str? quantity:str? cost:str? inventoryLocation:str? serialNumber:str?
    generalLedgerAccount:GLAccountResponse? costOfSaleAccount:GLAccountResponse? assetAccount:GLAccountResponse? id!:i64
    skuId!:i64 receiptItemId:i64? skuType!:str skuCode!:str budgetCodeId:i64?
ExportInventoryBillResponse
    id!:i64 purchaseOrderId:i64? syncStatus:str? referenceNumber:str? vendorNumber:str? summary:str? billDate:dt? billAmount:str?
    taxAmount:str? shippingAmount:str? createdBy:str? createdOn:dt? modifiedOn:dt? termName:str? dueDate:dt?
    shipToDescription:str? postDate:dt? batch:BatchResponse? businessUnit:NamedFieldResponse? taxZone:NamedFieldResponse?
    vendor:NamedFieldResponse? shipTo:AddressResponse? budgetCodeId:i64? items:[InventoryBillItemResponse]?
    customFields:[CustomFieldResponse]? jobId:i64? jobNumber:str? active!:bool
ApBillResponse
    id!:i64 purchaseOrderId:i64? syncStatus:str? status:str? source:str? billType:str? postDate:dt? referenceNumber:str?
    vendorNumber:str? summary:str? billDate:dt? earlyDiscountDate:dt? billAmount:str? vendorInvoiceTotal:str? taxAmount:str?
    shippingAmount:str? createdBy:str? createdOn:dt? modifiedOn:dt? termName:str? dueDate:dt? doNotPay!:bool dateCanceled:dt?
    canceledBy:NamedFieldResponse? shipToDescription:str? batch:BatchResponse? businessUnit:NamedFieldResponse?
    taxZone:NamedFieldResponse? vendor:NamedFieldResponse? remittanceVendorInfo:NamedFieldResponse? shipTo:AddressResponse?
    budgetCodeId:i64? items:[ApBillItemResponse]? expenseItems:[ApBillExpenseItemResponse]? customFields:[CustomFieldResponse]?
    jobId:i64? jobNumber:str?
ApBillItemResponse
    order!:i32 name:str? description:str? quantity:str? cost:str? inventoryLocation:InventoryLocationResponse?
    vendorPartNumber:str? serialNumber:str? generalLedgerAccount:GLAccountResponse? costOfSaleAccount:GLAccountResponse?
    assetAccount:GLAccountResponse? id!:i64 skuId!:i64 receiptItemId:i64? skuType!:str skuCode!:str budgetCodeId:i64?
InventoryLocationResponse
    id!:i64 name:str? type:str?
ApBillExpenseItemResponse
    id!:i64 amount!:str description:str? generalLedgerAccount:GLAccountResponse? job:NamedFieldResponse?
    businessUnit:NamedFieldResponse? budgetCodeId:i64? projectLabelIds:[i64]?
ApBillStatus
    = Unreconciled Discrepancy Reconciled Canceled
ApBillSource
    = Undefined Standalone Purchasing Recurring OCR API
ApBillType
    = NotSet Procurement ApBill
ApBillSyncStatus
    = Pending Posted Exported PostedAndExported
MarkInventoryBillAsExportedUpdateRequest
    inventoryBillIds!:[i64]
MarkInventoryBillAsExportedUpdateResponse
    inventoryBillId!:i64 success!:bool errorMessage:str?
MarkApBillAsExportedUpdateRequest
    billIds!:[i64]
MarkApBillAsExportedUpdateResponse
    billId!:i64 success!:bool errorMessage:str?
ApCreditResponse
    id!:i64 inventoryReturnId:i64? jobId:i64? active!:bool createdOn!:dt modifiedOn!:dt date!:dt canceledOn:dt? number:str?
    referenceNumber:str? memo:str? amount!:dec appliedAmount!:dec status!:VendorCreditStatus syncStatus!:ApCreditSyncStatus
    batch:BatchResponse? businessUnit:NamedFieldResponse? remittanceVendor:NamedFieldResponse? vendor:NamedFieldResponse?
    paymentStatus!:ApPaymentStatus splits!:[ApCreditSplitModelResponse] budgetCodeId:i64? customFields:[CustomFieldResponse]?
VendorCreditStatus
    = Unreconciled Canceled
ApCreditSyncStatus
    = Pending Posted Exported
ApPaymentStatus
    = Unpaid ReadyForApproval Initiated Paid Cancelled InTransit Processing Rejected
ApCreditSplitModelResponse
    id!:i64 active!:bool createdOn!:dt inventoryBillId!:i64 vendorCreditId!:i64 amount!:dec
MarkApCreditAsExportedUpdateRequest
    apCreditId!:i64
MarkApCreditAsExportedUpdateResponse
    apCreditId!:i64 success!:bool errorMessage:str?
ApPaymentResponse
    id!:i64 active:bool? createdOn!:dt modifiedOn!:dt date!:dt approvedDate:dt? method!:ApPaymentMethod name:str?
    printCheck:bool? amount!:dec errorMessage:str? status!:ApPaymentStatus syncStatus!:ApPaymentSyncStatus batch:BatchResponse?
    glAccount:GLAccountResponse? businessUnit:NamedFieldResponse? vendor:NamedFieldResponse? remittanceVendor:NamedFieldResponse?
    splits!:[ApPaymentSplitApiModel] customFields:[CustomFieldResponse]?
ApPaymentMethod
    = AccountingSystem ServiceTitan
ApPaymentSyncStatus
    = Pending Posted Exported
ApPaymentSplitApiModel
    id!:i64 active:bool? createdOn!:dt documentId:i64? inventoryBillId:i64? amount!:dec
MarkApPaymentAsExportedUpdateRequest
    apPaymentId!:i64 externalId:str? externalMessage:str?
MarkApPaymentAsExportedUpdateResponse
    apPaymentId!:i64 success!:bool errorMessage:str?
RemittanceVendorResponse
    id!:i64 name:str? active!:bool customerId:str? isApproved!:bool isVerified!:bool
    contactInfo:RemittanceVendorContactInfoResponse? address:AddressResponse? createdOn!:dt modifiedOn!:dt
RemittanceVendorContactInfoResponse
    firstName:str? lastName:str? phone:str? email:str? fax:str?
"""
