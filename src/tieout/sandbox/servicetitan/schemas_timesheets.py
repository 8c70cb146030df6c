"""Members of the timesheet objects of flexible timekeeping (servicetitan §8, Appendix A; timesheets v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
ActivitiesResponse
    id!:i64 employeeId!:i64 activityTypeId!:i64 employeeType!:EmployeeType startTime!:dt endTime:dt? jobId:i64?
    appointmentId:i64? projectId:i64? projectLabel:str? laborTypeId:i64? budgetCodeId:i64? memo:str? tagTypes!:[i64]
    startCoordinate:ActivityEntryCoordinate? endCoordinate:ActivityEntryCoordinate? active!:bool modifiedById:i64? createdOn!:dt
    modifiedOn!:dt
EmployeeType
    = Technician Employee
ActivityEntryCoordinate
    latitude:dbl? longitude:dbl?
ActivityExportResponse
    id!:i64 employeeId!:i64 employeeType!:EmployeeType activityTypeId!:i64 startTime!:dt endTime:dt? jobId:i64?
    appointmentId:i64? projectId:i64? projectLabel:str? laborTypeId:i64? budgetCodeId:i64? memo:str? tagTypes!:[i64]
    startCoordinate:ActivityEntryCoordinate? endCoordinate:ActivityEntryCoordinate? active!:bool modifiedById:i64? createdOn!:dt
    modifiedOn!:dt
ActivityTypesResponse
    id!:i64 code!:str categoryId!:i64 description:str? icon!:str businessUnitId:i64? isUsersHomeBusinessUnit!:bool
    laborTypeId:i64? isTechnicianProfileLaborType!:bool visibleToRoles!:[i64] defaultTagTypeIds!:[i64]
    tagAssociation!:Association jobAssociation!:Association projectAssociation!:Association projectLabelAssociation!:Association
    budgetCodeAssociation!:Association laborTypeAssociation!:Association memoAssociation!:Association defaultMemo:str?
    dontAllowToChangeMemo!:bool dontAllowToChangeTag!:bool isArchived!:bool isDraft!:bool isDefault!:bool isInUse!:bool
    active!:bool createdOn!:dt modifiedOn!:dt
Association
    = DoNotAllow Allow Require
ActivityTypeExportResponse
    id!:i64 code!:str categoryId!:i64 description:str? icon!:str businessUnitId:i64? isUsersHomeBusinessUnit!:bool
    laborTypeId:i64? isTechnicianProfileLaborType!:bool visibleToRoles!:[i64] defaultTagTypeIds!:[i64]
    tagAssociation!:Association jobAssociation!:Association projectAssociation!:Association projectLabelAssociation!:Association
    budgetCodeAssociation!:Association laborTypeAssociation!:Association memoAssociation!:Association defaultMemo:str?
    dontAllowToChangeMemo!:bool dontAllowToChangeTag!:bool isArchived!:bool isDraft!:bool isDefault!:bool isInUse!:bool
    active!:bool createdOn!:dt modifiedOn!:dt
ActivityCreateRequest
    employeeId!:i64 employeeType!:EmployeeType activityTypeId!:i64 startTime!:dt endTime:dt? jobId:i64? appointmentId:i64?
    projectId:i64? projectLabel:str? laborTypeId:i64? budgetCodeId:i64? budgetCodeName:str? milesDriven:dbl?
    nonJobEventAssignmentId:i64? memo:str? tagTypes!:[i64]
ModificationResponse
    id!:i64
"""
