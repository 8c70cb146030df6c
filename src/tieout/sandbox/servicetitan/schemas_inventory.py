"""Members of the vendor and inventory location objects (servicetitan Appendix A; inventory v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
VendorResponse
    id!:i64 name!:str active!:bool isTruckReplenishment!:bool isMobileCreationRestricted!:bool memo!:str deliveryOption!:str
    defaultTaxRate!:dec contactInfo!:VendorContactInfoResponse address!:AddressResponse createdOn!:dt modifiedOn!:dt
    externalData!:[ExternalDataModel] customFields:[CustomFieldResponse]?
VendorContactInfoResponse
    firstName!:str lastName!:str phone!:str email!:str fax!:str
AddressResponse
    street:str? unit:str? city:str? state:str? zip:str? country:str?
ExternalDataModel
    key!:str value!:str
CustomFieldResponse
    typeId!:i64 name!:str value!:str
CreateVendorRequest
    name!:str active!:bool memo:str? firstName:str? lastName:str? phone:str? email:str? fax:str? isTruckReplenishment!:bool
    deliveryOption:InventoryUnsafe.PurchaseOrderDeliveryOption? taxRate!:dec restrictedMobileCreation!:bool
    vendorQuickbooksItem:str? paymentTermId:i64? remittanceVendorId:i64? address!:AddressRequest
    externalData:ExternalDataCreateRequest? tags:[TagRequest]? vendorContacts:[CreateVendorContactRequest]?
InventoryUnsafe.PurchaseOrderDeliveryOption
    = Manual EmailAsExcel EmailAsPdf EmailAsPdfRollupView Electronic MarkAsSent EmailAsExcelAndPdf VendorPortal
AddressRequest
    street!:str unit!:str city!:str state!:str zip!:str country!:str
ExternalDataCreateRequest
    applicationGuid!:guid externalData!:[ExternalDataModel]
TagRequest
    tagTypeId!:i64
CreateVendorContactRequest
    name!:str email!:str
UpdateVendorRequest
    name:str active:bool memo:str firstName:str lastName:str phone:str email:str fax:str isTruckReplenishment:bool
    deliveryOption:InventoryUnsafe.PurchaseOrderDeliveryOption taxRate:dec restrictedMobileCreation:bool vendorQuickbooksItem:str
    paymentTermId:i64 remittanceVendorId:i64 address:AddressRequest tags:[TagRequest] vendorContacts:[UpdateVendorContactRequest]
    externalData:ExternalDataUpdateRequest
UpdateVendorContactRequest
    id:i64? name!:str email!:str
ExternalDataUpdateRequest
    patchMode:ExternalDataPatchMode? applicationGuid!:guid externalData!:[ExternalDataUpdateModel]
ExternalDataPatchMode
    = Replace Merge
ExternalDataUpdateModel
    key!:str value:str?
PurchaseOrderTypeResponse
    id!:i64 name!:str active!:bool automaticallyReceive!:bool displayToTechnician!:bool impactToTechnicianPayroll!:bool
    allowTechniciansToSendPo!:bool defaultRequiredDateDaysOffset!:i32 skipWeekends!:bool excludeTaxFromJobCosting!:bool
    createdOn!:dt modifiedOn!:dt
CreatePurchaseOrderTypeRequest
    name!:str active!:bool includeInPoScreen!:bool automaticallyReceive!:bool displayToTechnician!:bool
    excludeTaxFromJobCosting!:bool impactToTechnicianPayroll!:bool allowTechniciansToSendPo!:bool
    defaultRequiredDateDaysOffset!:i32 skipWeekends!:bool includeInSalesTax!:bool isDefault!:bool
    copyPurchaseOrderItemsToInvoiceWhenReceived!:bool isDefaultForConsignment!:bool alertSettings!:Inventory.PoTypeAlertSettings
Inventory.PoTypeAlertSettings
    sendEmailToTechnicianWhenPoMovedToSend!:bool sendEmailToTechnicianWhenPoMovedToReceived!:bool
    sendEmailToPmWhenPoMovedToSend!:bool sendEmailToPmWhenPoMovedToReceived!:bool
UpdatePurchaseOrderTypeRequest
    active:bool name:str includeInPoScreen:bool automaticallyReceive:bool displayToTechnician:bool excludeTaxFromJobCosting:bool
    impactToTechnicianPayroll:bool allowTechniciansToSendPo:bool defaultRequiredDateDaysOffset:i32 skipWeekends:bool
    includeInSalesTax:bool isDefault:bool copyPurchaseOrderItemsToInvoiceWhenReceived:bool isDefaultForConsignment:bool
    alertSettings:Inventory.PoTypeAlertSettings
WarehouseResponse
    id!:i64 name!:str active!:bool address!:AddressResponse inventoryTemplateId:i64? createdOn!:dt modifiedOn!:dt
    externalData!:[ExternalDataModel]
UpdateWarehouseRequest
    externalData:ExternalDataUpdateRequest
TruckResponse
    id!:i64 name!:str active!:bool memo!:str warehouseId:i64? technicianIds!:[i64] inventoryTemplateId:i64? createdOn!:dt
    modifiedOn!:dt externalData!:[ExternalDataModel]
CreateTruckRequest
    name!:str memo:str? warehouseId!:i64 templateId:i64? technicianIds:[i64]? externalData:ExternalDataCreateRequest?
UpdateTruckRequest
    name:str active:bool memo:str warehouseId:i64 templateId:i64? technicianIds:[i64] externalData:ExternalDataUpdateRequest
ModificationResponse
    id!:i64
CustomFieldUpdateRequest
    operations!:[CustomFieldOperationRequest]
CustomFieldOperationRequest
    objectId!:i64 customFields!:[CustomFieldRequest]
CustomFieldRequest
    name!:str value!:str
CustomFieldTypeResponse
    id!:i64 name!:str dataType!:CustomFieldDataType dataTypeOptions:[str]? createdOn!:dt modifiedOn!:dt
CustomFieldDataType
    = Text Dropdown Numeric
ListReturnTypesResponse
    id!:i64 name:str? automaticallyReceiveVendorCredit!:bool includeInSalesTax!:bool active!:bool isDefault!:bool
    isDefaultForConsignment!:bool createdOn!:dt modifiedOn!:dt
CreateReturnTypeRequest
    name!:str automaticallyReceiveVendorCredit!:bool includeInSalesTax!:bool isDefault!:bool isDefaultForConsignment!:bool
UpdateReturnTypeRequest
    id!:i64 active:bool name:str automaticallyReceiveVendorCredit:bool includeInSalesTax:bool isDefault:bool
    isDefaultForConsignment:bool
"""
