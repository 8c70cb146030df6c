"""What the objects route takes to create a document the vendor's API cannot create. These shapes are the emulator's own.

The names of members are the vendor's; what a document refers to is given by its id.
"""

NOTATION = """
BillRequest
    vendorId!:i64 purchaseOrderId:i64? jobId:i64? businessUnitId:i64? billType:ApBillType? source:ApBillSource?
    referenceNumber:str? vendorNumber:str? summary:str? billDate:dt? dueDate:dt? termName:str? taxZoneId:i64? taxAmount:dec?
    shippingAmount:dec? vendorInvoiceTotal:dec? doNotPay:bool? budgetCodeId:i64? items:[BillLineRequest]?
    expenseItems:[BillExpenseRequest]? customFields:[CustomFieldResponse]? syncStatus:TransactionStatus? active:bool?
BillLineRequest
    id:i64? skuId!:i64 quantity!:dec cost!:dec description:str? inventoryLocationId:i64? vendorPartNumber:str? serialNumber:str?
    receiptItemId:i64? budgetCodeId:i64?
BillExpenseRequest
    id:i64? amount!:dec glAccountId!:i64 description:str? jobId:i64? businessUnitId:i64? budgetCodeId:i64? projectLabelIds:[i64]?
InvoiceRequest
    jobId:i64? projectId:i64? customerId:i64? locationId:i64? businessUnitId:i64? adjustmentToId:i64? number:str?
    invoiceConfiguration:InvoiceConfiguration? invoicedOn:dt? dueDate:dt? summary:str? subtotal:dec? tax:dec? taxZoneId:i64?
    exportId:str? reviewStatus:InvoiceReviewStatus? assignedToId:i64? budgetCodeId:i64? items:[InvoiceLineRequest]?
    syncStatus:TransactionStatus? active:bool?
InvoiceLineRequest
    id:i64? skuId:i64? skuName:str? quantity!:dec unitPrice:dec? cost:dec? description:str? technicianId:i64?
    inventoryLocationId:i64? isAddOn:bool? budgetCodeId:i64?
PaymentRequest
    typeId!:i64 amount:dec? customerId:i64? splits:[PaymentSplitApiModel]? paidOn:dt? memo:str? checkNumber:str? authCode:str?
    exportId:str? businessUnitId:i64? refundedPaymentId:i64? syncStatus:TransactionStatus? active:bool?
ApCreditRequest
    vendorId!:i64 amount!:dec date:dt? number:str? referenceNumber:str? memo:str? jobId:i64? inventoryReturnId:i64?
    businessUnitId:i64? budgetCodeId:i64? splits:[BillSplitRequest]? syncStatus:TransactionStatus? active:bool?
BillSplitRequest
    inventoryBillId!:i64 amount!:dec
ApPaymentRequest
    vendorId!:i64 date:dt? method:ApPaymentMethod? status:ApPaymentStatus? name:str? glAccountId:i64? businessUnitId:i64?
    splits!:[BillSplitRequest] syncStatus:TransactionStatus? active:bool?
CreditMemoRequest
    customerId!:i64 locationId:i64? businessUnitId!:i64 date:date? description:str? salesTax:dec? items:[InvoiceLineRequest]?
    splits:[CreditMemoAddSplitPublicRequest]? syncStatus:TransactionStatus? active:bool?
DepositRequest
    paymentIds!:[i64] name:str? depositDate:dt? bankAccountId:i64? fees:dec? reviewStatus:DepositReviewStatus?
    syncStatus:TransactionStatus? active:bool?
DepositReviewStatus
    = NeedsReview Reviewed
EntryRequest
    source:JournalEntrySource? name:str? status:JournalEntryPostingStatus? postDate:date? message:str? versionId:i32?
    customFields:obj? lines:[EntryLineRequest]?
EntryLineRequest
    postDate:date? accountId:i64? debit!:dec credit!:dec memo:str? quantity:dec? unitAmount:dec? businessUnitId:i64?
    customerId:i64? vendorId:i64? inventoryLocationId:i64? jobId:i64? customerLocationId:i64? paymentTypeId:i64? projectId:i64?
    budgetCodeId:i64? transaction:JournalEntryTransaction? sku:JournalEntrySkuSaveRequest?
BatchRequest
    name:str? status:TransactionStatus? transactions:[BatchEntry]?
BatchEntry
    kind!:BatchKind id!:i64
BatchKind
    = invoices payments credit-memos bank-deposits inventory-bills ap-credits ap-payments
BatchShown
    id!:i64 number!:str name:str? status!:TransactionStatus transactions!:[BatchEntry] createdOn!:dt modifiedOn!:dt
"""
