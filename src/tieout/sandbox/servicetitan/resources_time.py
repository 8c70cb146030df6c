"""Time and pay: job timesheets, gross pay, payrolls, splits, activities (servicetitan §8, Appendix B payroll/v2 and timesheets/v2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.servicetitan.resource import Filter, Reads, Resource

_EMPLOYEE_TYPE: Final = Filter("employeeType", Reads.WORD, "employeeType", ("Technician", "Employee"))
_EMPLOYEE: Final = Filter("employeeId", Reads.ID, "employeeId")
_SHEET_FILTERS: Final = (
    Filter("technicianId", Reads.ID, "technicianId"),
    Filter("startedOn", Reads.SINCE, "arrivedOn"),
    Filter("endedOn", Reads.BEFORE, "doneOn"),
)

JOB_TIMESHEETS: Final = Resource(
    area="payroll",
    path="jobs/timesheets",
    kind="job-timesheets",
    shape="JobTimesheetResponse",
    label="Job timesheet",
    scope="jobtimesheets",
    active="True",
    by_id=False,
    feed="jobs/timesheets",
    feed_shape="JobTimesheetExportResponse",
    filters=(Filter("jobIds", Reads.IDS, "jobId"), *_SHEET_FILTERS),
)
# Those of one job, under its path.
TIMESHEETS_OF_JOB: Final = Resource(
    area="payroll",
    path="jobs/{job}/timesheets",
    kind="job-timesheets",
    shape="JobTimesheetResponse",
    label="Job timesheet",
    scope="jobtimesheets",
    active="True",
    filters=_SHEET_FILTERS,
)

NON_JOB_TIMESHEETS: Final = Resource(
    area="payroll",
    path="non-job-timesheets",
    kind="non-job-timesheets",
    shape="NonJobTimesheetResponse",
    label="Timesheet",
    scope="nonjobtimesheets",
    active="True",
    by_id=False,
    filters=(_EMPLOYEE, _EMPLOYEE_TYPE),
)

GROSS_PAY_ITEMS: Final = Resource(
    area="payroll",
    path="gross-pay-items",
    kind="gross-pay-items",
    shape="GrossPayItemResponse",
    label="Gross pay item",
    scope="grosspayitems",
    by_id=False,
    feed="gross-pay-items",
    feed_shape="GrossPayItemExportResponse",
    filters=(
        _EMPLOYEE_TYPE,
        _EMPLOYEE,
        Filter("payrollIds", Reads.IDS, "payrollId"),
        Filter("dateOnOrAfter", Reads.SINCE, "date"),
        Filter("dateOnOrBefore", Reads.UNTIL, "date"),
        Filter("modifiedOnOrBefore", Reads.UNTIL, "modifiedOn"),
    ),
)

PAYROLLS: Final = Resource(
    area="payroll",
    path="payrolls",
    kind="payrolls",
    shape="PayrollResponse",
    label="Payroll",
    scope="payrolls",
    active="True",
    by_id=False,
    filters=(
        _EMPLOYEE_TYPE,
        Filter("startedOnOrAfter", Reads.SINCE, "startedOn"),
        Filter("endedOnOrBefore", Reads.UNTIL, "endedOn"),
        Filter("approvedOnOrAfter", Reads.SINCE, "managerApprovedOn"),
        Filter("status", Reads.WORD, "status", ("Pending", "Expired", "Approved", "Paid", "Locked")),
    ),
)

JOB_SPLITS: Final = Resource(
    area="payroll",
    path="jobs/splits",
    kind="job-splits",
    shape="JobSplitResponse",
    label="Job split",
    scope="jobsplits",
    active="True",
    by_id=False,
    feed="jobs/splits",
    feed_shape="JobSplitExportResponse",
    filters=(Filter("jobIds", Reads.IDS, "jobId"),),
)

PAYROLL_ADJUSTMENTS: Final = Resource(
    area="payroll",
    path="payroll-adjustments",
    kind="payroll-adjustments",
    shape="PayrollAdjustmentExportResponse",
    label="Payroll adjustment",
    scope="payrolladjustments",
    listed=False,
    by_id=False,
    feed="payroll-adjustments",
    feed_shape="PayrollAdjustmentExportResponse",
)

ACTIVITY_TYPES: Final = Resource(
    area="timesheets",
    path="activity-types",
    kind="activity-types",
    shape="ActivityTypesResponse",
    label="Activity type",
    scope="activitytypes",
    active="True",
    by_id=False,
    feed="activity-types",
    feed_shape="ActivityTypeExportResponse",
)

ACTIVITIES: Final = Resource(
    area="timesheets",
    path="activities",
    kind="activities",
    shape="ActivitiesResponse",
    label="Activity",
    scope="activities",
    active="True",
    by_id=False,
    feed="activities",
    feed_shape="ActivityExportResponse",
)

RESOURCES: Final = (
    JOB_TIMESHEETS,
    NON_JOB_TIMESHEETS,
    GROSS_PAY_ITEMS,
    PAYROLLS,
    JOB_SPLITS,
    PAYROLL_ADJUSTMENTS,
    ACTIVITY_TYPES,
    ACTIVITIES,
)
