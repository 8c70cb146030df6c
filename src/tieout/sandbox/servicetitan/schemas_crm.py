"""Members of the customer and location objects this emulator speaks (servicetitan §8, Appendix A; the vendor's crm v2 definitions).

The notation is read by `schema.parse`: `name!` is always present in a request, a trailing `?` may be null, `[x]` is a list,
`= A B C` is a closed set of words.
"""

NOTATION = """
CustomerResponse
    id!:i64 active!:bool name!:str type!:CustomerType address!:CustomerAddress customFields!:[CustomFieldModel] balance!:dec
    taxExempt!:bool tagTypeIds!:[i64] doNotMail!:bool doNotService!:bool nationalAccount!:bool createdOn!:dt createdById!:i64
    modifiedOn!:dt mergedToId:i64? paymentTermId:i64? creditLimit:dec? creditLimitBalance:dec? externalData!:[ExternalDataModel]
CustomerType
    = Residential Commercial
CustomerAddress
    street!:str unit:str? city!:str state!:str zip!:str country!:str latitude:dbl? longitude:dbl?
CustomFieldModel
    typeId!:i64 name:str? value:str?
ExternalDataModel
    key!:str value!:str
CreatedCustomerResponse
    id!:i64 active!:bool name!:str type!:CustomerType address!:CustomerAddress customFields!:[CustomFieldModel] balance!:dec
    taxExempt!:bool tagTypeIds!:[i64] doNotMail!:bool doNotService!:bool nationalAccount!:bool createdOn!:dt createdById!:i64
    modifiedOn!:dt mergedToId:i64? paymentTermId:i64? creditLimit:dec? creditLimitBalance:dec? externalData!:[ExternalDataModel]
    locations!:[CreateLocationResponse] contacts!:[CustomerContact]
CreateLocationResponse
    taxZoneId:i64? id!:i64 customerId!:i64 active!:bool name!:str address!:CustomerAddress customFields!:[CustomFieldModel]
    createdOn!:dt createdById!:i64 modifiedOn!:dt mergedToId:i64? zoneId:i64? taxExempt!:bool tagTypeIds!:[i64]
    externalData!:[ExternalDataModel] contacts!:[LocationContact]
LocationContact
    id!:i64 type!:ContactType value!:str memo:str?
ContactType
    = Phone Email Fax MobilePhone
CustomerContact
    id!:i64 type!:ContactType value!:str memo:str?
ExportCustomerResponse
    id!:i64 active!:bool name!:str type!:CustomerType address!:CustomerAddress customFields!:[CustomFieldModel] balance!:dec
    taxExempt!:bool tagTypeIds!:[i64] doNotMail!:bool doNotService!:bool nationalAccount!:bool createdOn!:dt createdById!:i64
    modifiedOn!:dt mergedToId:i64? paymentTermId:i64? creditLimit:dec? creditLimitBalance:dec? externalData!:[ExternalDataModel]
CreateCustomerRequest
    name!:str type:CustomerType? doNotMail:bool? doNotService:bool? nationalAccount:bool? locations!:[NewLocation]
    address!:CustomerAddress contacts:[NewCustomerContact]? customFields:[CustomFieldUpdateModel]? tagTypeIds:[i64]?
    externalData:ExternalDataCreateRequest? taxExempt:bool? paymentTermId:i64? creditLimit:dec? creditLimitBalance:dec?
NewLocation
    name!:str address!:CustomerAddress contacts:[NewCustomerContact]? customFields:[CustomFieldUpdateModel]? tagTypeIds:[i64]?
    externalData:ExternalDataCreateRequest? coordinatesSource:GeolocationCoordinatesSource?
    coordinatesVerificationStatus:GeolocationVerificationStatus?
NewCustomerContact
    type!:ContactType value!:str memo:str?
CustomFieldUpdateModel
    typeId!:i64 value!:str
ExternalDataCreateRequest
    applicationGuid!:guid externalData!:[ExternalDataModel]
GeolocationCoordinatesSource
    = None System User Imported
GeolocationVerificationStatus
    = Unverified InProgress Failed Verified
UpdateCustomerRequest
    name:str type:CustomerType address:UpdateCustomerAddress customFields:[CustomFieldUpdateModel]
    externalData:ExternalDataUpdateRequest doNotMail:bool doNotService:bool nationalAccount:bool active:bool tagTypeIds:[i64]
    taxExempt:bool paymentTermId:i64 creditLimit:dec creditLimitBalance:dec
UpdateCustomerAddress
    street!:str unit!:str city!:str state!:str zip!:str country!:str latitude!:dbl longitude!:dbl
ExternalDataUpdateRequest
    patchMode:ExternalDataPatchMode? applicationGuid!:guid externalData!:[ExternalDataUpdateModel]
ExternalDataPatchMode
    = Replace Merge
ExternalDataUpdateModel
    key!:str value:str?
LocationResponse
    id!:i64 customerId!:i64 active!:bool name!:str address!:CustomerAddress customFields!:[CustomFieldModel] createdOn!:dt
    createdById!:i64 modifiedOn!:dt mergedToId:i64? zoneId:i64? taxExempt!:bool tagTypeIds!:[i64]
    externalData!:[ExternalDataModel] taxZoneId:i64?
ExportLocationsResponse
    taxZoneId:i64? id!:i64 customerId!:i64 active!:bool name!:str address!:CustomerAddress customFields!:[CustomFieldModel]
    createdOn!:dt createdById!:i64 modifiedOn!:dt mergedToId:i64? zoneId:i64? taxExempt!:bool tagTypeIds!:[i64]
    externalData!:[ExternalDataModel]
CreateLocationRequest
    name!:str address!:CustomerAddress contacts:[NewCustomerContact]? customFields:[CustomFieldUpdateModel]? tagTypeIds:[i64]?
    externalData:ExternalDataCreateRequest? coordinatesSource:GeolocationCoordinatesSource?
    coordinatesVerificationStatus:GeolocationVerificationStatus? customerId!:i64
UpdateLocationRequest
    customerId:i64 name:str address:AddressPatchModel active:bool taxZoneId:i64 customFields:[CustomFieldUpdateModel]
    tagTypeIds:[i64] externalData:ExternalDataUpdateRequest
AddressPatchModel
    street!:str unit!:str city!:str state!:str zip!:str country!:str latitude:dbl? longitude:dbl?
CustomFieldTypeResponse
    id!:i64 name:str? dataType:str? dataTypeOptions:[str]? createdOn!:dt modifiedOn!:dt
CustomerContactWithModifiedOnResponse
    id!:i64 type!:ContactType value!:str memo:str? modifiedOn!:dt phoneSettings!:PhoneSettings createdOn!:dt
    preferences:ContactPreferencesResponse?
PhoneSettings
    phoneNumber!:str doNotText!:bool
ContactPreferencesResponse
    jobRemindersEnabled!:bool marketingUpdatesEnabled!:bool invoiceStatementNotification!:bool
CustomerContactWithModifiedOnAndCustomerIdResponse
    modifiedOn!:dt phoneSettings!:PhoneSettings createdOn!:dt preferences:ContactPreferencesResponse? id!:i64 type!:ContactType
    value!:str memo:str? customerId!:i64
CreateCustomerContactRequest
    type!:ContactType value!:str memo:str?
UpdateCustomerContactRequest
    type:ContactType value:str memo:str preferences:ContactPreferencesRequest
ContactPreferencesRequest
    jobRemindersEnabled!:bool marketingUpdatesEnabled!:bool invoiceStatementNotification!:bool
ExportCustomerContactResponse
    modifiedOn!:dt phoneSettings!:PhoneSettings createdOn!:dt preferences:ContactPreferencesResponse? id!:i64 type!:ContactType
    value!:str memo:str? customerId!:i64 active!:bool
ExportLocationContactResponse
    id!:i64 type!:ContactType value!:str memo:str? phoneSettings!:PhoneSettings modifiedOn!:dt createdOn!:dt
    preferences:ContactPreferencesResponse? locationId!:i64 active!:bool
LocationContactResponse
    id!:i64 type!:ContactType value!:str memo:str? phoneSettings!:PhoneSettings modifiedOn!:dt createdOn!:dt
    preferences:ContactPreferencesResponse?
LocationsContactResponse
    id!:i64 type!:ContactType value!:str memo:str? phoneSettings!:PhoneSettings modifiedOn!:dt createdOn!:dt
    preferences:ContactPreferencesResponse? locationId!:i64
LocationContactCreateRequest
    type!:ContactType value!:str memo:str?
LocationContactUpdateRequest
    type:ContactType value:str memo:str preferences:ContactPreferencesRequest
"""
