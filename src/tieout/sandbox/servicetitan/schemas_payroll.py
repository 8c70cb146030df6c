"""Members of the payroll objects (servicetitan §8, Appendix A; payroll v2).

The notation is that of `schemas_jpm`.
"""

NOTATION = """
JobTimesheetResponse
    id!:i64 jobId!:i64 appointmentId!:i64 technicianId!:i64 dispatchedOn:dt? arrivedOn:dt? canceledOn:dt? doneOn:dt?
    createdOn!:dt modifiedOn!:dt active!:bool
JobTimesheetCreateRequest
    appointmentId!:i64 technicianId!:i64 dispatchedOn!:dt arrivedOn!:dt canceledOn:dt? doneOn:dt?
JobTimesheetExportResponse
    id!:i64 jobId!:i64 appointmentId!:i64 technicianId!:i64 dispatchedOn:dt? arrivedOn:dt? canceledOn:dt? doneOn:dt?
    createdOn!:dt modifiedOn!:dt active!:bool
NonJobTimesheetResponse
    id!:i64 employeeId!:i64 employeeType!:EmployeeType timesheetCodeId!:i64 startedOn!:dt endedOn:dt? createdOn!:dt
    modifiedOn!:dt active!:bool
EmployeeType
    = Technician Employee
GrossPayItemResponse
    id:i64? employeeId:i64? employeeType:EmployeeType? businessUnitName:str? payrollId!:i64 employeePayrollId:str? date!:dt
    activity:str? activityCodeId:i64? activityCode:str? amount!:dec amountAdjustment:dec? payoutBusinessUnitName:str?
    grossPayItemType!:GrossPayItemType startedOn:dt? endedOn:dt? paidDurationHours:dec? paidTimeType:PaidTimeType?
    sourceEntityId:i64? jobId!:i64 jobNumber:str? jobTypeName:str? projectNumber:str? projectId:i64? invoiceId:i64?
    invoiceNumber:str? invoiceItemId:i64? customerId:i64? customerName:str? locationId:i64? locationName:str?
    locationAddress:str? locationZip:str? zoneName:str? taxZoneName:str? laborTypeId:i64? laborTypeCode:str? budgetCodeId:i64?
    isPrevailingWageJob:bool? memo:str? createdOn!:dt modifiedOn!:dt
GrossPayItemType
    = InvoiceRelatedBonus TimesheetTime CustomBonus Salary Reimbursement
PaidTimeType
    = Regular Overtime DoubleOvertime PaidTimeOff
GrossPayItemCreateRequest
    payrollId!:i64 amount!:dec activityCodeId!:i64 date!:dt invoiceId:i64? budgetCodeId:i64? memo:str?
GrossPayItemExportResponse
    id:i64? employeeId:i64? employeeType:EmployeeType? businessUnitName:str? payrollId!:i64 employeePayrollId:str? date!:dt
    activity:str? activityCodeId:i64? activityCode:str? amount!:dec amountAdjustment:dec? payoutBusinessUnitName:str?
    grossPayItemType!:GrossPayItemType startedOn:dt? endedOn:dt? paidDurationHours:dec? paidTimeType:PaidTimeType?
    sourceEntityId:i64? jobId!:i64 jobNumber:str? jobTypeName:str? projectNumber:str? projectId:i64? invoiceId:i64?
    invoiceNumber:str? invoiceItemId:i64? customerId:i64? customerName:str? locationId:i64? locationName:str?
    locationAddress:str? locationZip:str? zoneName:str? taxZoneName:str? laborTypeId:i64? laborTypeCode:str? budgetCodeId:i64?
    isPrevailingWageJob:bool? memo:str? createdOn!:dt modifiedOn!:dt active!:bool
PayrollResponse
    id!:i64 startedOn!:dt endedOn!:dt employeeId!:i64 employeeType!:EmployeeType status!:PayrollStatus burdenRate:dec?
    managerApprovedOn:dt? createdOn!:dt modifiedOn!:dt active!:bool
PayrollStatus
    = Pending Expired Approved Paid Locked
JobSplitResponse
    id!:i64 jobId!:i64 technicianId!:i64 split!:dec createdOn!:dt modifiedOn!:dt
JobSplitExportResponse
    id!:i64 jobId!:i64 technicianId!:i64 split!:dec createdOn!:dt modifiedOn!:dt active!:bool
PayrollAdjustmentExportResponse
    id!:i64 employeeType!:EmployeeType employeeId!:i64 postedOn!:dt amount!:dec memo:str? activityCodeId:i64? invoiceId:i64?
    hours:dec? rate:dec? quantity:dec? type!:PayrollAdjustmentType createdOn!:dt modifiedOn!:dt active!:bool
PayrollAdjustmentType
    = Direct CommissionBased Labor Advance SoldAdvance Scheduled AddOn MonthlyBonus BonusWOT
ModificationResponse
    id!:i64
"""
