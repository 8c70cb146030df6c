"""Members of the job planning objects this emulator speaks (servicetitan §8, Appendix A; the vendor's jpm v2 definitions).

The notation is read by `schema.parse`: `name!` is always present in a request, a trailing `?` may be null, `[x]` is a list,
`= A B C` is a closed set of words.
"""

NOTATION = """
ApiErrorResponse
    type!:str title!:str status!:i32 traceId!:str errors!:obj data!:obj
JobResponse
    id!:i64 jobNumber!:str projectId:i64? customerId!:i64 locationId!:i64 jobStatus!:str completedOn:dt? businessUnitId!:i64
    jobTypeId!:i64 priority!:str campaignId!:i64 appointmentCount!:i64 firstAppointmentId!:i64 lastAppointmentId!:i64
    recallForId:i64? warrantyId:i64? jobGeneratedLeadSource:JobGeneratedLeadSource? noCharge!:bool notificationsEnabled!:bool
    createdOn!:dt createdById!:i64 modifiedOn!:dt tagTypeIds!:[i64] leadCallId:i64? partnerLeadCallId:i64? bookingId:i64?
    soldById:i64? customerPo!:str invoiceId!:i64 membershipId:i64? total:dec? createdFromEstimateId:i64? estimateIds!:[i64]
    summary:str? customFields!:[CustomFieldApiModel] externalData!:[ExternalDataModel]
JobGeneratedLeadSource
    jobId:i64? employeeId:i64?
CustomFieldApiModel
    typeId!:i64 name!:str value!:str
ExternalDataModel
    key!:str value!:str
ExportJobsResponse
    summary:str? customFields!:[CustomFieldApiModel] externalData!:[ExternalDataModel] id!:i64 jobNumber!:str projectId:i64?
    customerId!:i64 locationId!:i64 jobStatus!:str completedOn:dt? businessUnitId!:i64 jobTypeId!:i64 priority!:str
    campaignId!:i64 appointmentCount!:i64 firstAppointmentId!:i64 lastAppointmentId!:i64 recallForId:i64? warrantyId:i64?
    jobGeneratedLeadSource:JobGeneratedLeadSource? noCharge!:bool notificationsEnabled!:bool createdOn!:dt createdById!:i64
    modifiedOn!:dt tagTypeIds!:[i64] leadCallId:i64? partnerLeadCallId:i64? bookingId:i64? soldById:i64? customerPo!:str
    invoiceId!:i64 membershipId:i64? total:dec? createdFromEstimateId:i64? estimateIds!:[i64] active!:bool
JobCreateRequest
    customerId!:i64 locationId!:i64 projectId:i64? businessUnitId!:i64 jobGeneratedLeadSource:JobGeneratedLeadSource?
    jobTypeId!:i64 priority!:str campaignId!:i64 appointments!:[AppointmentInformation] summary:str?
    customFields:[CustomFieldModel]? tagTypeIds:[i64]? externalData:ExternalDataCreateRequest? invoiceSignatureIsRequired:bool?
    customerPo:str? soldById:i64? partnerLeadCallId:i64? leadId:i64? bookingId:i64?
AppointmentInformation
    start!:dt end!:dt arrivalWindowStart:dt? arrivalWindowEnd:dt? technicianIds:[i64]?
CustomFieldModel
    typeId!:i64 value:str?
ExternalDataCreateRequest
    applicationGuid!:guid externalData!:[ExternalDataModel]
UpdateJobRequest
    customerId:i64 locationId:i64 businessUnitId:i64 jobGeneratedLeadSource:JobGeneratedLeadSource? jobTypeId:i64 priority:str
    campaignId:i64 summary:str shouldUpdateInvoiceItems:bool customFields:[CustomFieldModel] tagTypeIds:[i64]
    externalData:ExternalDataUpdateRequest customerPo:str soldById:i64?
ExternalDataUpdateRequest
    patchMode:ExternalDataPatchMode? applicationGuid!:guid externalData!:[ExternalDataUpdateModel]
ExternalDataPatchMode
    = Replace Merge
ExternalDataUpdateModel
    key!:str value:str?
CancelJobRequest
    reasonId!:i64 memo!:str
HoldJobRequest
    reasonId!:i64 memo!:str
CompleteJobRequest
    completedOn!:dt
ProjectResponse
    id!:i64 number!:str name:str? summary:str? status:str? statusId:i64? subStatus:str? subStatusId:i64? customerId!:i64
    locationId!:i64 projectTypeId:i64? projectManagerIds!:[i64] businessUnitIds!:[i64] startDate:dt? targetCompletionDate:dt?
    actualCompletionDate:dt? modifiedOn:dt? createdOn!:dt customFields!:[CustomFieldApiModel] externalData!:[ExternalDataModel]
    jobIds!:[i64]
ExportProjectsResponse
    id!:i64 number!:str name:str? summary:str? status:str? statusId:i64? subStatus:str? subStatusId:i64? customerId!:i64
    locationId!:i64 projectTypeId:i64? projectManagerIds!:[i64] businessUnitIds!:[i64] startDate:dt? targetCompletionDate:dt?
    actualCompletionDate:dt? modifiedOn:dt? createdOn!:dt customFields!:[CustomFieldApiModel] externalData!:[ExternalDataModel]
    jobIds!:[i64] active!:bool
CreateProjectRequest
    locationId!:i64 customerId:i64? projectTypeId:i64? projectManagerIds:[i64]? name:str? summary:str? statusId:i64?
    subStatusId:i64? startDate:dt? targetCompletionDate:dt? actualCompletionDate:dt?
    customFields:[CustomFieldCreateOrUpdateModel]? externalData:ExternalDataCreateRequest? businessUnitIds:[i64]?
CustomFieldCreateOrUpdateModel
    typeId!:i64 value!:str
UpdateProjectRequest
    projectManagerIds:[i64] jobIds:[i64] businessUnitIds:[i64] name:str summary:str statusId:i64 subStatusId:i64
    projectTypeId:i64? startDate:dt targetCompletionDate:dt actualCompletionDate:dt customFields:[CustomFieldCreateOrUpdateModel]
    externalData:ExternalDataUpdateRequest
AppointmentResponse
    id!:i64 jobId!:i64 appointmentNumber:str? start!:dt end!:dt arrivalWindowStart:dt? arrivalWindowEnd:dt?
    status!:AppointmentStatus specialInstructions:str? createdOn!:dt modifiedOn!:dt customerId!:i64 unused!:bool createdById!:i64
    isConfirmed!:bool active!:bool
AppointmentStatus
    = Scheduled Dispatched Working Hold Done Canceled
ExportAppointmentsResponse
    id!:i64 jobId!:i64 appointmentNumber:str? start!:dt end!:dt arrivalWindowStart:dt? arrivalWindowEnd:dt?
    status!:AppointmentStatus specialInstructions:str? createdOn!:dt modifiedOn!:dt customerId!:i64 unused!:bool createdById!:i64
    isConfirmed!:bool active!:bool
AppointmentAddRequest
    jobId!:i64 start!:dt end!:dt arrivalWindowStart:dt? arrivalWindowEnd:dt? technicianIds:[i64]? specialInstructions:str?
AppointmentRescheduleRequest
    start:dt end:dt arrivalWindowStart:dt? arrivalWindowEnd:dt?
HoldAppointmentRequest
    reasonId!:i64 memo!:str
UpdateAppointmentSpecialInstructionsRequest
    specialInstructions!:str
JobTypeResponse
    id!:i64 name!:str businessUnitIds!:[i64] skills!:[str] tagTypeIds!:[i64] priority!:str duration!:i64 soldThreshold:dec?
    class!:str summary!:str noCharge!:bool enforceRecurringServiceEventSelection:bool? invoiceSignaturesRequired!:bool
    modifiedOn!:dt createdOn!:dt externalData!:[ExternalDataModel] active!:bool isSmartDispatched!:bool
CreateJobTypeRequest
    name!:str businessUnitIds:[i64]? skills:[str]? tagTypeIds:[i64]? priority:str? duration:i32? soldThreshold:dec? class:str?
    summary:str? noCharge:bool? enforceRecurringServiceEventSelection:bool? invoiceSignaturesRequired:bool?
    externalData:ExternalDataCreateRequest?
UpdateJobTypeRequest
    name:str businessUnitIds:[i64] skills:[str] tagTypeIds:[i64] priority:str duration:i32 soldThreshold:dec? class:str
    summary:str noCharge:bool enforceRecurringServiceEventSelection:bool invoiceSignaturesRequired:bool
    externalData:ExternalDataUpdateRequest
ProjectStatusResponse
    id!:i64 name!:str order!:i32 modifiedOn!:dt
ProjectSubStatusResponse
    id!:i64 name!:str statusId!:i64 order!:i32 modifiedOn!:dt active!:bool
ProjectTypeResponse
    id!:i64 name!:str description!:str createdById:i64?
CustomFieldTypeResponse
    id!:i64 name!:str dataType!:CustomFieldDataType dataTypeOptions:[str]? createdOn!:dt modifiedOn!:dt
CustomFieldDataType
    = Text Dropdown Numeric
JobCancelReasonResponse
    id!:i64 name!:str active!:bool createdOn!:dt modifiedOn!:dt
JobHoldReasonResponse
    id!:i64 name!:str active!:bool createdOn!:dt modifiedOn!:dt
CancelReasonResponse
    jobId!:i64 reasonId!:i64 name!:str text!:str
JobCanceledLogResponse
    id!:i64 jobId!:i64 reasonId!:i64 memo:str? createdOn!:dt createdById!:i64 active!:bool
ExportJobCanceledLogResponse
    id!:i64 jobId!:i64 reasonId!:i64 memo:str? createdOn!:dt createdById!:i64 active!:bool
JobHistoryResponse
    history:[JobHistoryItemModel]?
JobHistoryItemModel
    id!:i64 employeeId:i64? eventType!:str date!:dt usedSchedulingTool!:JobSchedulingTool memo!:str
JobSchedulingTool
    = Manual SmartSchedule SmartDispatch TechnicianRouteOptimization AdaptiveCapacity
JobStatus
    = Scheduled Dispatched InProgress Hold Completed Canceled
JobAppointmentStatus
    = Scheduled Dispatched Working Hold Done Canceled
Webhook.JobScheduledWebhookEvent
    job!:Webhook.Job manageEmployeeEmail:bool? manageFollowUpEmail:bool? tenantId!:i64 tenantName!:str
Webhook.Job
    id!:i64 jobNumber!:str projectId:i64? customerId!:i64 locationId!:i64 jobStatus!:str completedOn:dt? businessUnitId!:i64
    jobTypeId!:i64 priority!:str campaignId!:i64 appointmentCount!:i64 firstAppointmentId!:i64 lastAppointmentId!:i64
    recallForId:i64? warrantyId:i64? jobGeneratedLeadSource:JobGeneratedLeadSource? noCharge!:bool notificationsEnabled!:bool
    createdOn!:dt createdById!:i64 modifiedOn!:dt tagTypeIds!:[i64] leadCallId:i64? partnerLeadCallId:i64? bookingId:i64?
    soldById:i64? customerPo!:str invoiceId!:i64 membershipId:i64? total:dec? createdFromEstimateId:i64? estimateIds!:[i64]
Webhook.JobUpdatedWebhookEvent
    job!:Webhook.Job manageEmployeeEmail:bool? manageFollowUpEmail:bool? tenantId!:i64 tenantName!:str
Webhook.JobCompletedWebhookEvent
    job!:Webhook.Job manageEmployeeEmail:bool? manageFollowUpEmail:bool? tenantId!:i64 tenantName!:str
Webhook.JobRescheduledWebhookEvent
    job!:Webhook.Job manageEmployeeEmail:bool? manageFollowUpEmail:bool? appointmentId!:i64 appointmentNumber!:str tenantId!:i64
    tenantName!:str
Webhook.JobAppointmentUpdatedWebhookEvent
    appointment!:Webhook.JobAppointment tenantId!:i64 tenantName!:str
Webhook.JobAppointment
    id!:i64 jobId!:i64 appointmentNumber:str? start!:dt end!:dt arrivalWindowStart:dt? arrivalWindowEnd:dt?
    status!:AppointmentStatus specialInstructions:str? createdOn!:dt modifiedOn!:dt customerId!:i64 unused!:bool createdById!:i64
    isConfirmed!:bool active!:bool
CloudEvent_Of_Jpm.V2.Webhook.JobScheduledWebhookEvent
    specversion!:str id!:str type!:str time!:dt source!:str userassignedid!:str datacontenttype!:str
    data!:Webhook.JobScheduledWebhookEvent
"""
