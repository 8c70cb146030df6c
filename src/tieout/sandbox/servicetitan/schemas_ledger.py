"""Members of the general ledger objects (servicetitan Appendix A; accounting v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
GlAccountExtendedResponse
    id!:i64 name:str? number:str? description:str? type:str? subtype:str? active!:bool isIntacctGroup!:bool
    isIntacctBankAccount!:bool source!:GeneralLedgerAccountSource defaultAccountType:DefaultAccountType? createdOn!:dt
    modifiedOn!:dt
GeneralLedgerAccountSource
    = Undefined AccountingSystem ManuallyCreated PublicApi
DefaultAccountType
    = CheckingAccount UndepositedFunds AccountsReceivable Inventory AccountsPayable CustomerRefundsPayable SalesTaxPayable
    CustomerDeposits MembershipAgreements RetainedEarnings Revenue MembershipRevenue Refunds CostOfGoodsSoldMaterials
    CostOfGoodsSoldEquipment CostOfGoodsSoldShipping CostOfGoodsSoldTax PayrollLabor PayrollEmployeeTaxes EmployeeBenefits
    EmployerTaxes EmployerBenefits Deductions InventoryAdjustments CostOfGoodsSoldRestockingFee CostOfGoodsSoldLabor
    PayrollLiability PayrollClearing CommittedCosts GoodsReceivedNotInvoiced VendorDiscount ProcessingFees
    GoodsReturnedNotCredited UseTaxExpense UseTaxLiability
GlAccountTypeResponse
    id!:i64 parentTypeId:i64? name:str? active!:bool createdOn!:dt modifiedOn!:dt
GlAccountCreateRequest
    name:str? number:str? description:str? type:str? subtype:str?
GlAccountUpdateRequest
    name:str? number:str? description:str? type:str? subtype:str? active:bool?
TaxZoneResponse
    id!:i64 name:str? color:i32? isTaxRateSeparated!:bool isMultipleTaxZone!:bool rates!:[TaxRateResponse] createdOn!:dt
    modifiedOn!:dt active!:bool
TaxRateResponse
    id:i64? taxName:str? taxBaseType!:[TaxBaseTypeNames] taxRate!:dec salesTaxItem:str?
TaxBaseTypeNames
    = Subtotal Labor Material
PaymentTermAPIModel
    id:i64? name:str? dueDayType!:PaymentTermDueDayType dueDay:i32? isCustomerDefault!:bool isVendorDefault!:bool active!:bool
    inUse:bool? modifiedOn!:dt createdOn!:dt paymentTermDiscountModel!:PaymentTermDiscountAPIModel
    interestSettings!:InterestSettingsAPIModel
PaymentTermDueDayType
    = NumberOfDays CertainDayOfCurrentMonth CertainDayOfFollowingMonth
PaymentTermDiscountAPIModel
    id:i64? discountApplyTo:PaymentTermApplyTo? discount:dec? discountType:PaymentTermValueType? account:str?
    applyBy:DiscountAppliedBy? applyByValue:i32?
PaymentTermApplyTo
    = ApplyToTotalAmount ApplyToSubtotalAmount ApplyToRemainingBalance
PaymentTermValueType
    = Fixed Percent
DiscountAppliedBy
    = NumberOfDays DayOfMonth DayOfFollowingMonth
InterestSettingsAPIModel
    id:i64? rateType!:InterestRateType flatRateValue:dec? percentageRateValue:dec? chargeMethod:InterestChargeMethod?
    frequency!:InterestChargeFrequency gracePeriod:i32? targetInvoices!:[InterestTargetInvoice] taskId!:i64 taskDisplayName!:str
InterestRateType
    = Flat Percentage MaxOfFlatAndPercentage
InterestChargeMethod
    = PrincipalOnly Total
InterestChargeFrequency
    = Once Daily Monthly
InterestTargetInvoice
    = JobInvoices MembershipInvoices ProgressInvoices PointOfSalesInvoices
JournalEntryResponse
    id:guid? createdOn!:dt modifiedOn!:dt number!:i32 name:str? source!:JournalEntrySource status!:JournalEntryPostingStatus
    syncStatus!:JournalEntrySyncStatus versionId!:i32 lastSyncVersionId:i32? message:str? postDate:date? exportedOn:dt?
    exportedBy:NamedFieldResponse? customFields:[CustomFieldResponse]? url:str? isEmpty!:bool
JournalEntrySource
    = ServiceTitan External
JournalEntryPostingStatus
    = Open Closed
JournalEntrySyncStatus
    = NotSynced InProgress Synced OutOfSync Error Excluded
JournalEntrySummaryResponse
    postDate:date? account!:GeneralLedgerAccount credit!:dec debit!:dec memo:str? businessUnit:NamedFieldResponse?
GeneralLedgerAccount
    id!:i64 number:str? name:str? type:str? subtype:str?
JournalEntryDetailsResponse
    postDate:date? account!:GeneralLedgerAccount debit!:dec credit!:dec memo:str? quantity:dec? unitAmount:dec?
    externalObjects:[ExternalObjectResponse]? transaction:JournalEntryTransaction? businessUnit:NamedFieldResponse?
    customer:NamedFieldResponse? vendor:NamedFieldResponse? inventoryLocation:NamedFieldResponse? job:NumberFieldResponse?
    customerLocation:NamedFieldResponse? paymentType:NamedFieldResponse? project:NumberFieldResponse?
    serviceAgreement:NumberFieldResponse? appliedTo:JournalEntryTransaction? sku:JournalEntrySku? transactionDate:date?
    budgetCodeId:i64?
ExternalObjectResponse
    id:str? type:str? name:str? url:str?
JournalEntryTransaction
    id!:i64 type!:JournalEntryTransactionType refNumber:str?
JournalEntryTransactionType
    = Unspecified Invoice Payment Bill VendorCredit VendorPayment InventoryAdjustment PaymentApplication BankDeposit
    InventoryReturn InventoryTransfer RevenueRecognition Estimate PurchaseOrder Receipt GrossPayItem PayrollPeriod Manual
    ItemConsumption External CreditMemo CreditMemoApplication
NumberFieldResponse
    id!:i64 number:str?
JournalEntrySku
    id!:i64 type:JournalEntrySkuType? code:str?
JournalEntrySkuType
    = Service Material Equipment PriceModifier Unspecified
JournalEntryCreateRequest
    name:str? status!:JournalEntryPostingStatus versionId!:i32 message:str? postDate:date? customFields:obj?
    lines:[JournalEntryLineCreateRequest]?
JournalEntryLineCreateRequest
    postDate:date? accountId:i64? debit!:dec credit!:dec memo:str? quantity:dec? unitAmount:dec?
    externalObjects:[ExternalObjectSaveRequest]? businessUnitId:i64? customerId:i64? vendorId:i64? inventoryLocationId:i64?
    jobId:i64? customerLocationId:i64? paymentTypeId:i64? projectId:i64? budgetCodeId:i64? employeeId:i64?
    serviceAgreementId:i64? appliedTo:JournalEntryTransaction? sku:JournalEntrySkuSaveRequest?
ExternalObjectSaveRequest
    id:str? type:str? name:str? url:str?
JournalEntrySkuSaveRequest
    id!:i64 type!:JournalEntrySkuType
JournalEntrySaveRequest
    name:str? status!:JournalEntryPostingStatus versionId!:i32 message:str? postDate:date? customFields:obj?
    lines:[JournalEntryLineCreateRequest]?
JournalEntryUpdateRequest
    status:JournalEntryStatus customFields:obj?
JournalEntryStatus
    = Open Closed
JournalEntrySyncUpdateRequest
    syncStatus!:JournalEntrySyncStatus versionId:i32 message:str customFields:obj?
EmptyJeHandling
    = IncludeExceptNotSynced Include Exclude
"""
