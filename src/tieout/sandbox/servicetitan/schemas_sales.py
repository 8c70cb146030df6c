"""Members of the invoice, payment and credit memo objects (servicetitan Appendix A; accounting v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
InvoiceResponse
    id!:i64 syncStatus:str? budgetCodeId:i64? referenceNumber:str? invoiceDate:dt? dueDate:dt? subTotal:str? salesTax:str?
    salesTaxCode:SalesTaxResponse? taxZoneId:i64? total:str? balance:str? invoiceType:NamedFieldResponse?
    customer:NamedFieldResponse? customerAddress:AddressResponse? location:NamedFieldResponse? locationAddress:AddressResponse?
    businessUnit:NamedFieldResponse? termName:str? createdBy:str? batch:BatchResponse? depositedOn:dt? createdOn!:dt
    modifiedOn:dt? adjustmentToId:i64? job:JobResponse? projectId:i64? royalty:RoyaltyResponse?
    employeeInfo:EmployeeInfoResponse? commissionEligibilityDate:str? sentStatus!:InvoiceSentStatus
    reviewStatus!:InvoiceReviewStatus assignedTo:NamedFieldResponse? summary:str? items:[InvoiceItemResponse]?
    customFields:[CustomFieldResponse]? active!:bool discountTotal:str? importId:str? exportId:str? materialSkuId:i64?
    membershipId:i64? paidOn:dt? invoiceConfiguration!:InvoiceConfiguration
SalesTaxResponse
    id!:i64 name:str? taxRate!:dec
NamedFieldResponse
    id!:i64 name:str?
AddressResponse
    street:str? unit:str? city:str? state:str? zip:str? country:str?
BatchResponse
    id!:i64 number:str? name:str?
JobResponse
    id!:i64 number:str? type:str?
RoyaltyResponse
    status:str? date:dt? sentOn:dt? memo:str?
EmployeeInfoResponse
    id!:i64 name:str? modifiedOn!:dt
InvoiceSentStatus
    = NotSent Sent Opened
InvoiceReviewStatus
    = NeedsReview OnHold Reviewed PendingApproval Rejected ReadyForBilling Invoiced
InvoiceItemResponse
    id!:i64 description:str? quantity:str? cost:str? totalCost:str? budgetCodeId:i64? inventoryLocationId:i64?
    inventoryLocation:str? price:str? type!:InvoiceItemType skuName:str? skuId!:i64 total:str? inventory!:bool taxable!:bool
    isChargeable!:bool generalLedgerAccount:GLAccountResponse? costOfSaleAccount:GLAccountResponse?
    assetAccount:GLAccountResponse? membershipTypeId!:i64 itemGroup:ItemGroupResponse? displayName:str? soldHours:dec?
    createdOn!:dt modifiedOn!:dt serviceDate:dt? order!:i32 businessUnit:NamedFieldResponse? createdById:i64?
    displayInAmount:bool? importId:str? exportId:str? inventoryStatus:str? addOn!:bool memberPrice:str? technicianId:i64?
    installedEquipmentId:i64? estimateItemId:i64?
InvoiceItemType
    = Service Material Equipment PriceModifier Unspecified
GLAccountResponse
    id!:i64 name:str? number:str? type:str? detailType:str?
ItemGroupResponse
    rootId!:i64 name:str?
CustomFieldResponse
    name:str? value:str?
InvoiceConfiguration
    = JobInvoice ProjectInvoice CounterSales MembershipInvoice InterestChargeInvoice ARImportInvoice
ExportInvoiceResponse
    summary:str? items:[InvoiceItemResponse]? customFields:[CustomFieldResponse]? active!:bool discountTotal:str? importId:str?
    exportId:str? materialSkuId:i64? membershipId:i64? paidOn:dt? invoiceConfiguration!:InvoiceConfiguration id!:i64
    syncStatus:str? budgetCodeId:i64? referenceNumber:str? invoiceDate:dt? dueDate:dt? subTotal:str? salesTax:str?
    salesTaxCode:SalesTaxResponse? taxZoneId:i64? total:str? balance:str? invoiceType:NamedFieldResponse?
    customer:NamedFieldResponse? customerAddress:AddressResponse? location:NamedFieldResponse? locationAddress:AddressResponse?
    businessUnit:NamedFieldResponse? termName:str? createdBy:str? batch:BatchResponse? depositedOn:dt? createdOn!:dt
    modifiedOn:dt? adjustmentToId:i64? job:JobResponse? projectId:i64? royalty:RoyaltyResponse?
    employeeInfo:EmployeeInfoResponse? commissionEligibilityDate:str? sentStatus!:InvoiceSentStatus
    reviewStatus!:InvoiceReviewStatus assignedTo:NamedFieldResponse?
ExportInvoiceItemResponse
    id!:i64 description:str? quantity:str? cost:str? totalCost:str? budgetCodeId:i64? inventoryLocationId:i64?
    inventoryLocation:str? price:str? type!:InvoiceItemType skuName:str? skuId!:i64 total:str? inventory!:bool taxable!:bool
    isChargeable!:bool generalLedgerAccount:GLAccountResponse? costOfSaleAccount:GLAccountResponse?
    assetAccount:GLAccountResponse? membershipTypeId!:i64 itemGroup:ItemGroupResponse? displayName:str? soldHours:dec?
    createdOn!:dt modifiedOn!:dt serviceDate:dt? order!:i32 businessUnit:NamedFieldResponse? createdById:i64?
    displayInAmount:bool? importId:str? exportId:str? inventoryStatus:str? addOn!:bool memberPrice:str? technicianId:i64?
    installedEquipmentId:i64? estimateItemId:i64? active!:bool invoiceId!:i64
AdjustmentInvoiceCreateRequest
    number:str? typeId:i64? invoicedOn:dt? subtotal:dec? tax:dec? taxZoneId:i64? summary:str? royaltyStatus:RoyaltyStatus?
    royaltyDate:dt? royaltySentOn:dt? royaltyMemo:str? exportId:str? reviewStatus:InvoiceReviewStatus? assignedToId:i64?
    budgetCodeId:i64? items:[InvoiceItemUpdateRequest]? adjustmentToId!:i64
RoyaltyStatus
    = Pending Sent Failed
InvoiceItemUpdateRequest
    skuId:i64? skuName:str? technicianId:i64? description!:str quantity!:dec unitPrice:dec? cost:dec? isAddOn:bool?
    signature:str? technicianAcknowledgementSignature:str? installedOn:dt? inventoryWarehouseName:str?
    skipUpdatingMembershipPrices:bool? itemGroupName:str? itemGroupRootId:i64? inventoryLocationId:i64? durationBillingId:i64?
    budgetCodeId:i64? id:i64?
InvoiceUpdateRequest
    number:str? typeId:i64? invoicedOn:dt? subtotal:dec? tax:dec? taxZoneId:i64? summary:str? royaltyStatus:RoyaltyStatus?
    royaltyDate:dt? royaltySentOn:dt? royaltyMemo:str? exportId:str? reviewStatus:InvoiceReviewStatus? assignedToId:i64?
    budgetCodeId:i64? items:[InvoiceItemUpdateRequest]? dueDate:date? payments:[PaymentSettlementUpdateRequest]?
PaymentSettlementUpdateRequest
    id!:i64 settlementStatus:SettlementStatus? settlementDate:dt?
SettlementStatus
    = NotSettled Settled
MarkInvoiceAsExportedUpdateRequest
    invoiceId!:i64 externalId:str? externalMessage:str?
MarkInvoiceAsExportedUpdateResponse
    invoiceId!:i64 success!:bool errorMessage:str?
TransactionStatus
    = Pending Posted Exported
DetailedPaymentResponse
    active!:bool appliedTo:[PaymentAppliedResponse]? authCode:str? batch:BatchResponse? businessUnit:NamedFieldResponse?
    checkNumber:str? createdBy:str? createdOn!:dt customer:NamedFieldResponse? customFields:[Accounting.CustomFieldModel]?
    date:dt? deposit:NamedFieldResponse? generalLedgerAccount:GLAccountResponse? id!:i64 memo:str? modifiedOn!:dt
    referenceNumber:str? refundedPaymentId:i64? syncStatus:str? total:str? type:str? typeId:str? unappliedAmount:str?
PaymentAppliedResponse
    appliedAmount:str? appliedBy:str? appliedId!:i64 appliedOn:dt? appliedTo!:i64 appliedToReferenceNumber:str?
Accounting.CustomFieldModel
    name!:str value!:str
ExportPaymentResponse
    active!:bool appliedTo:[PaymentAppliedResponse]? authCode:str? batch:BatchResponse? businessUnit:NamedFieldResponse?
    checkNumber:str? createdBy:str? createdOn!:dt customer:NamedFieldResponse? customFields:[Accounting.CustomFieldModel]?
    date:dt? deposit:NamedFieldResponse? generalLedgerAccount:GLAccountResponse? id!:i64 memo:str? modifiedOn!:dt
    referenceNumber:str? refundedPaymentId:i64? syncStatus:str? total:str? type:str? typeId:str? unappliedAmount:str?
PaymentCreateRequest
    amount:dec? authCode:str? checkNumber:str? customerId:i64? exportId:str? memo:str? paidOn:dt? splits:[PaymentSplitApiModel]?
    status:PaymentStatus? typeId!:i64
PaymentSplitApiModel
    amount:dec? invoiceId:i64? invoiceNumber:str?
PaymentStatus
    = Pending Posted Exported
PaymentUpdateRequest
    active:bool authCode:str checkNumber:str exportId:str memo:str paidOn:dt splits!:[PaymentSplitApiModel] status:PaymentStatus
    typeId!:i64
PaymentStatusBatchRequest
    paymentIds!:[i64] status!:PaymentStatus
PaymentResponse
    active:bool? authCode:str? checkNumber:str? customerId:i64? exportId:str? id!:i64 memo:str? paidOn:dt?
    splits!:[PaymentSplitApiModel] status:PaymentStatus? transactionStatus:TransactionProcessingStatus? typeId!:i64
TransactionProcessingStatus
    = Success Fail Pending Rejected
PaymentTypeResponse
    id!:i64 name!:str modifiedOn:dt? createdOn:dt?
CreditMemoPublicResponse
    id!:i64 date!:date referenceNumber:str? subTotal!:dec salesTax!:dec salesTaxCode:SalesTaxResponse? total!:dec balance!:dec
    appliedTo:[CreditMemoAppliedToCodeResponse]? customer:NamedFieldResponse? customerAddress:AddressResponse?
    location:NamedFieldResponse? locationAddress:AddressResponse? businessUnit:NamedFieldResponse? syncStatus:str?
    batch:BatchResponse? customFields:[CustomFieldResponse]? createdOn!:dt createdBy:str? modifiedOn!:dt modifiedBy:str?
    description:str? active!:bool importId:str? exportId:str?
CreditMemoAppliedToCodeResponse
    appliedId!:i64 appliedTo!:i64 appliedAmount!:dec appliedOn!:date appliedBy:str? appliedToReferenceNumber:str?
CreditMemoItemsPublicResponse
    id!:i64 active!:bool description:str? quantity!:dec cost!:dec price!:dec type:str? skuName:str? skuId!:i64 total!:dec
    taxable!:bool revenueGeneralLedgerAccount:CreditMemoItemGLAccountResponse?
    expensesGeneralLedgerAccount:CreditMemoItemGLAccountResponse? createdOn!:dt createdBy:str?
    businessUnit:CreditMemoItemNamedEntityResponse?
CreditMemoItemGLAccountResponse
    id!:i64 name:str? number:str? type:str?
CreditMemoItemNamedEntityResponse
    id!:i64 name:str?
CreditMemosItemsPublicResponse
    id!:i64 active!:bool description:str? quantity!:dec cost!:dec price!:dec type:str? skuName:str? skuId!:i64 total!:dec
    taxable!:bool revenueGeneralLedgerAccount:CreditMemoItemGLAccountResponse?
    expensesGeneralLedgerAccount:CreditMemoItemGLAccountResponse? createdOn!:dt createdBy:str?
    businessUnit:CreditMemoItemNamedEntityResponse? creditMemoId!:i64
CreditMemoUpdatePublicRequest
    active:bool summary:str date:date businessUnitId:i64
CreditMemoUpdatePublicResponse
    id!:i64 active!:bool summary:str? date!:date businessUnitId!:i64
CreditMemoAddSplitsPublicRequest
    splits:[CreditMemoAddSplitPublicRequest]?
CreditMemoAddSplitPublicRequest
    invoiceId:i64? amount:dec?
CreditMemoAddSplitsPublicResponse
    id!:i64 splits:[CreditMemoAddSplitPublicResponse]?
CreditMemoAddSplitPublicResponse
    invoiceId!:i64 amount!:dec
MarkCreditMemoAsExportedRequest
    creditMemoId!:i64 externalId:str? externalMessage:str?
MarkCreditMemoAsExportedResponse
    creditMemoId!:i64 success!:bool errorMessage:str?
DetailedDepositResponse
    id!:i64 name:str? depositStatus:str? syncStatus:str? batch:BatchResponse? createdOn!:dt createdBy:str? modifiedOn:dt?
    active!:bool importId:str? depositDate!:dt reviewStatus:str? reviewedOn:dt? grossAmount!:dec netAmount!:dec fees:dec?
    bankAccount:BankAccountResponse? feeAccount:FeeAccountResponse?
BankAccountResponse
    id!:i64 name:str? number:str? type:str? detailType:str?
FeeAccountResponse
    id!:i64 name:str? number:str? type:str? detailType:str?
DetailedTransactionResponse
    id!:i64 syncStatus:str? referenceNumber:str? date:dt? type:str? typeId:str? total:str? unappliedAmount:str? memo:str?
    customer:NamedFieldResponse? businessUnit:NamedFieldResponse? deposit:NamedFieldResponse? batch:BatchResponse? createdBy:str?
    generalLedgerAccount:GLAccountResponse? appliedTo:[PaymentAppliedResponse]? customFields:[Accounting.CustomFieldModel]?
    authCode:str? checkNumber:str? modifiedOn!:dt createdOn!:dt active!:bool
MarkDepositsAsExportedRequestArgs
    ids:[i64]?
CustomFieldUpdateRequest
    operations!:[CustomFieldOperationRequest]
CustomFieldOperationRequest
    objectId!:i64 customFields!:[CustomFieldPairRequest]
CustomFieldPairRequest
    name!:str value:str?
CustomFieldTypeResponse
    id!:i64 name!:str dataType!:CustomFieldDataType dataTypeOptions:[str]? createdOn!:dt modifiedOn!:dt
CustomFieldDataType
    = Text Dropdown Numeric
Webhook.InvoiceBatchedEventPayload
    invoice!:Webhook.InvoiceEventPayloadModel tenantId!:i64 tenantName!:str
Webhook.InvoiceEventPayloadModel
    id!:i64 syncStatus:str? budgetCodeId:i64? referenceNumber:str? invoiceDate:dt? dueDate:dt? subTotal:str? salesTax:str?
    salesTaxCode:SalesTaxResponse? taxZoneId:i64? total:str? balance:str? invoiceType:NamedFieldResponse?
    customer:NamedFieldResponse? customerAddress:AddressResponse? location:NamedFieldResponse? locationAddress:AddressResponse?
    businessUnit:NamedFieldResponse? termName:str? createdBy:str? batch:BatchResponse? depositedOn:dt? createdOn!:dt
    modifiedOn:dt? adjustmentToId:i64? job:JobResponse? projectId:i64? royalty:RoyaltyResponse?
    employeeInfo:EmployeeInfoResponse? commissionEligibilityDate:str? sentStatus!:InvoiceSentStatus
    reviewStatus!:InvoiceReviewStatus assignedTo:NamedFieldResponse?
Webhook.InvoiceExportedEventPayload
    invoice!:Webhook.InvoiceEventPayloadModel tenantId!:i64 tenantName!:str
Webhook.InvoicePostedEventPayload
    invoice!:Webhook.InvoiceEventPayloadModel tenantId!:i64 tenantName!:str
Webhook.InvoiceUpdatedEventPayload
    invoice!:Webhook.InvoiceEventPayloadModel tenantId!:i64 tenantName!:str
GetInvoiceTasksResponse
    taskId!:guid type:str? name:str? status:str? assigneeId:guid? dueDate:dt? description:str? templateId:str?
    relations!:[InvoiceTaskRelationResponse]
InvoiceTaskRelationResponse
    type:str? taskId!:guid
CreateInvoiceTaskRequest
    templateId!:str variables:obj?
CreateInvoiceTaskResponse
    executionId!:str tasks!:[CreatedTaskResponse] status!:str errors!:[TemplateExecutionErrorResponse]
CreatedTaskResponse
    taskId!:guid key!:str
TemplateExecutionErrorResponse
    message!:str
UpdateInvoiceTaskRequest
    name:str? status:str? assigneeId:guid? dueDate:dt? description:str?
UpdateInvoiceTaskResponse
    taskId!:guid
Webhook.InvoiceTaskCreatedEventPayload
    invoice!:Webhook.InvoiceTaskEventInvoiceModel task!:Webhook.InvoiceTaskEventTaskModel tenantId!:i64 tenantName!:str
Webhook.InvoiceTaskEventInvoiceModel
    id!:i64
Webhook.InvoiceTaskEventTaskModel
    id!:guid
Webhook.InvoiceTaskUpdatedEventPayload
    invoice!:Webhook.InvoiceTaskEventInvoiceModel task!:Webhook.InvoiceTaskEventTaskModel tenantId!:i64 tenantName!:str
"""
