"""Members of the business unit and people objects this emulator speaks (servicetitan §8, Appendix A; the vendor's settings v2 definitions).

The notation is read by `schema.parse`: `name!` is always present in a request, a trailing `?` may be null, `[x]` is a list,
`= A B C` is a closed set of words.
"""

NOTATION = """
BusinessUnitResponse
    id!:i64 active!:bool name!:str officialName:str? email:str? currency:str? phoneNumber:str? invoiceHeader:str?
    invoiceMessage:str? defaultTaxRate:dec? authorizationParagraph:str? acknowledgementParagraph:str?
    address:BusinessUnitAddressResponse? materialSku:str? quickbooksClass:str? accountCode:str? franchiseId:str? conceptCode:str?
    corporateContractNumber:str? trade:NamedModel? division:NamedModel? tagTypeIds:[i64]? tenant:BusinessUnitTenantResponse?
    createdOn!:dt modifiedOn!:dt externalData:[ExternalDataModel]?
BusinessUnitAddressResponse
    street:str? unit:str? city:str? state:str? zip:str? country:str? latitude:dbl? longitude:dbl? isManualCoordinates!:bool
    isMilitary!:bool
NamedModel
    id!:i64 name!:str
BusinessUnitTenantResponse
    id!:i64 name!:str accountCode:str? franchiseId:str? conceptCode:str? modifiedOn!:dt
ExternalDataModel
    key!:str value!:str
ExportBusinessUnitResponse
    id!:i64 active!:bool name!:str officialName:str? email:str? currency:str? phoneNumber:str? invoiceHeader:str?
    invoiceMessage:str? defaultTaxRate:dec? authorizationParagraph:str? acknowledgementParagraph:str?
    address:BusinessUnitAddressResponse? materialSku:str? quickbooksClass:str? accountCode:str? franchiseId:str? conceptCode:str?
    corporateContractNumber:str? trade:NamedModel? division:NamedModel? tagTypeIds:[i64]? tenant:BusinessUnitTenantResponse?
    createdOn!:dt modifiedOn!:dt externalData:[ExternalDataModel]?
UpdateBusinessUnitRequest
    externalData:ExternalDataUpdateRequest
ExternalDataUpdateRequest
    patchMode:ExternalDataPatchMode? applicationGuid!:guid externalData!:[ExternalDataUpdateModel]
ExternalDataPatchMode
    = Replace Merge
ExternalDataUpdateModel
    key!:str value:str?
TechnicianResponse
    id!:i64 userId!:i64 name!:str roleIds:[i64]? businessUnitId:i64? mainZoneId:i64? zoneIds:[i64]? createdOn!:dt modifiedOn!:dt
    email:str? phoneNumber:str? loginName:str? home:TechnicianAddressResponse? dailyGoal!:dec isManagedTech!:bool
    licenseType:LicenseType? customFields:[TechnicianCustomFieldResponse]? active!:bool aadUserId:str? burdenRate!:dec team:str?
    jobFilter:JobFilter? permissions:[TechnicianPermissionResponse]? accountLocked:bool? commissionRate!:dec currentValue:dec?
    firstName:str? lastName:str? hourlyRate!:dec jobId:i64? mobilePhone:str? outboundCallerId:str? payrollId:str?
    payrollProfileId:i64? appoitmentId:i64? shiftStart:duration? shiftEnd:duration? soldByRate!:dec startDate:dt?
    status!:TechnicianStatus skills:[TechnicianSkillResponse]? positions:[TechnicianPosition]?
    location:TechnicianLocationResponse? bio:str? memo:str?
TechnicianAddressResponse
    street:str? unit:str? country:str? city:str? state:str? zip:str? streetAddress:str? latitude:dbl? longitude:dbl?
LicenseType
    = NonManagedTech ManagedTech ManagedInstaller
TechnicianCustomFieldResponse
    typeId!:i64 name:str? value:str?
JobFilter
    = AllScheduledDispatchedWorking NextScheduledDispatchedWorking DispatchedWorking NextScheduledDispatchedWorkingToday
    AllScheduledDispatchedWorkingToday AllScheduledDispatchedWorkingFiveDays NextScheduledDispatchedWorkingTodayTomorrow
    AllScheduledDispatchedWorkingTodayTomorrow Next2ScheduledDispatchedWorkingToday
TechnicianPermissionResponse
    id!:i32 value:str?
TechnicianStatus
    = Idle Dispatched Working Meal
TechnicianSkillResponse
    id!:i64 name:str?
TechnicianPosition
    = Installer Service Sales Maintenance Helper InstallProductionManager ServiceManager SalesManager PartRunner DummyTech
TechnicianLocationResponse
    latitude:dbl? longitude:dbl? coordinatesUpdatedOn:dt?
ExportTechnicianResponse
    id!:i64 userId!:i64 name!:str roleIds:[i64]? businessUnitId:i64? mainZoneId:i64? zoneIds:[i64]? createdOn!:dt modifiedOn!:dt
    email:str? phoneNumber:str? loginName:str? home:TechnicianAddressResponse? dailyGoal!:dec isManagedTech!:bool
    licenseType:LicenseType? customFields:[TechnicianCustomFieldResponse]? active!:bool aadUserId:str? burdenRate!:dec team:str?
    jobFilter:JobFilter? permissions:[TechnicianPermissionResponse]? accountLocked:bool? commissionRate!:dec currentValue:dec?
    firstName:str? lastName:str? hourlyRate!:dec jobId:i64? mobilePhone:str? outboundCallerId:str? payrollId:str?
    payrollProfileId:i64? appoitmentId:i64? shiftStart:duration? shiftEnd:duration? soldByRate!:dec startDate:dt?
    status!:TechnicianStatus skills:[TechnicianSkillResponse]? positions:[TechnicianPosition]?
    location:TechnicianLocationResponse? bio:str? memo:str?
EmployeeResponse
    id!:i64 userId!:i64 name!:str firstName:str? lastName:str? managerId:i64? role!:EmployeeUserRole roleIds:[i64]?
    businessUnitId:i64? createdOn!:dt modifiedOn!:dt email:str? phoneNumber:str? loginName:str? active!:bool aadUserId:str?
    accountLocked:bool? home:EmployeeAddressResponse? agentId!:i32 startDate:dt? terminationDate:dt? hourlyRate!:dec
    overtimeProfileId:i64? customFields:[EmployeeCustomFieldResponse]? permissions:[EmployeePermissionResponse]?
EmployeeUserRole
    = Unspecified Technician Dispatch Accounting FieldManager DisplayUser DisplayUserWithBillingAccess SalesManager CSR
    GeneralOffice TechnicianHelper TechnicianMaintenance TechnicianInstaller Admin TechnicianService TechnicianSales Owner
    EmptyEmployee EmptyTechnician
EmployeeAddressResponse
    street:str? unit:str? country:str? city:str? state:str? zip:str?
EmployeeCustomFieldResponse
    typeId!:i64 name:str? value:str?
EmployeePermissionResponse
    id!:i32 value:str?
ExportEmployeeResponse
    customFields:[EmployeeCustomFieldResponse]? permissions:[EmployeePermissionResponse]? id!:i64 userId!:i64 name!:str
    firstName:str? lastName:str? managerId:i64? role!:EmployeeUserRole roleIds:[i64]? businessUnitId:i64? createdOn!:dt
    modifiedOn!:dt email:str? phoneNumber:str? loginName:str? active!:bool aadUserId:str? accountLocked:bool?
    home:EmployeeAddressResponse? agentId!:i32 startDate:dt? terminationDate:dt? hourlyRate!:dec overtimeProfileId:i64?
TagTypeResponse
    id!:i64 name!:str color!:str code!:str importance:TagImportance? isConversionOpportunity!:bool
    allowToUseOnTimesheetActivity!:bool isVisibleOnDispatchBoard!:bool active!:bool createdOn!:dt modifiedOn!:dt
TagImportance
    = Medium High
ExportTagTypeResponse
    id!:i64 name!:str color!:str code!:str importance:TagImportance? isConversionOpportunity!:bool
    allowToUseOnTimesheetActivity!:bool isVisibleOnDispatchBoard!:bool active!:bool createdOn!:dt modifiedOn!:dt
ModificationResponse
    id!:i64
TechnicianCreateRequest
    name!:str phoneNumber:str? email:str? login:str? password:str? accountCreationMethod!:AccountCreationMethod
    businessUnitId:i64? roleId!:i64 positions!:[TechnicianPosition] aadUserId:str? licenseType!:LicenseType team:str?
    dailyGoal:dec? burdenRate:dec? bio:str? memo:str? jobFilter:JobFilter? jobHistoryDateFilter:JobHistoryDateFilter?
    home:CreateOrUpdateAddressRequest? customFields:[TechnicianCustomFieldCreateOrUpdateRequest]?
AccountCreationMethod
    = CreateLater SendInvite AssignLoginAndPassword
JobHistoryDateFilter
    = AllJobs LastThreeDays LastSevenDays LastMonth
CreateOrUpdateAddressRequest
    unit:str? street!:str city!:str state:str? country:str? zip:str? latitude:dbl? longitude:dbl?
TechnicianCustomFieldCreateOrUpdateRequest
    typeId!:i64 value:str?
TechnicianCreateResponse
    id!:i64
EmployeeCreateRequest
    name!:str mobilePhoneNumber:str? phoneNumber:str? email!:str login:str? password:str?
    accountCreationMethod!:AccountCreationMethod businessUnitId:i64? roleId!:i64 positions!:[EmployeePosition] aadUserId:str?
    customFields:[EmployeeCustomFieldCreateOrUpdateRequest]?
EmployeePosition
    = CSR Dispatcher CsrManager DispatchManager InstallProductionManager ServiceManager SalesManager MarketingManager
    Administrator PayrollManager Bookkeeper PurchasingManager WarehouseManager OfficeManager GeneralManager BusinessOwner
    AnsweringService InsideSales GeneralOfficeNonManagement
EmployeeCustomFieldCreateOrUpdateRequest
    typeId!:i64 value:str?
EmployeeCreateResponse
    id!:i64
"""
