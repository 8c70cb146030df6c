"""Tables of timesheets, their entries and approvals (intacct-xml §3B TIMESHEET, §3.0)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import class_ref, department_ref, location_ref
from tieout.sandbox.intacct.catalogue.projects import status_guards
from tieout.sandbox.intacct.catalogue.tasks import (
    cost_type_ref,
    employee_ref,
    item_ref,
    project_ref,
    supdoc,
    task_key_ref,
    task_ref,
    time_type_ref,
)
from tieout.sandbox.intacct.fields import (
    SEARCH,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    flag,
    recordno,
    text,
)

STATES = (
    Choice("Draft", "I"),
    Choice("Saved", "V", writable=False),
    Choice("Submitted", "S"),
    Choice("Partially Approved", "X", writable=False),
    Choice("Approved", "A", writable=False),
    Choice("Partially Declined", "E", writable=False),
    Choice("Declined", "R", writable=False),
)


def _labour(name: str, kind: str) -> Field:
    return Field(name, ref=Ref(kind, name, name.replace("ID", "KEY"), kind))


TIMESHEETENTRY = Kind(
    "TIMESHEETENTRY",
    "Timesheet Entry",
    "Timesheet Entries",
    key="RECORDNO",
    functions=SEARCH - {"lookup"},
    fields=(
        recordno(),
        Field(
            "TIMESHEETKEY",
            Type.INTEGER,
            need=Need.YES,
            read_only=True,
            ref=Ref("TIMESHEET", "RECORDNO", "TIMESHEETKEY", "TIMESHEET"),
        ),
        Field("EMPLOYEEID", read_only=True, ref=employee_ref()),
        Field("LINENO", Type.INTEGER, "Line number"),
        Field("ENTRYDATE", Type.DATE, "Entry date", Need.YES),
        Field("QTY", Type.DECIMAL, "Quantity", Need.YES),
        Field("STATE", Type.ENUM, read_only=True, choices=STATES, default="Draft"),
        *text("DESCRIPTION", "NOTES", max=1000),
        Field("PROJECTID", label="Project", ref=project_ref()),
        Field("TASKKEY", Type.INTEGER, "Task", ref=task_key_ref()),
        Field("TASKID", label="Task ID", ref=task_ref()),
        Field("COSTTYPEID", label="Cost type", ref=cost_type_ref()),
        Field(
            "CUSTOMERID",
            ref=Ref(
                "CUSTOMER", "CUSTOMERID", "CUSTOMERKEY", "CUSTOMER", {"CUSTOMERNAME": "NAME"}, "Customer '{value}' specified is not valid."
            ),
        ),
        Field("ITEMID", ref=item_ref()),
        Field("TIMETYPE", ref=time_type_ref()),
        flag("BILLABLE", default=""),
        Field("EMPPOSITIONID", ref=Ref("EMPLOYEEPOSITION", "POSITIONID", "EMPPOSITIONKEY", "EMPLOYEEPOSITION")),
        _labour("LABORCLASSID", "LABORCLASS"),
        _labour("LABORSHIFTID", "LABORSHIFT"),
        _labour("LABORUNIONID", "LABORUNION"),
        Field("LOCATIONID", label="Location", need=Need.MULTI_ENTITY, ref=location_ref()),
        Field("DEPARTMENTID", label="Department", ref=department_ref()),
        Field("VENDORID", ref=Ref("VENDOR", "VENDORID", "VENDORKEY", "VENDOR", {"VENDORNAME": "NAME"})),
        Field("CLASSID", ref=class_ref()),
        Field("CONTRACTID", ref=Ref("CONTRACT", "CONTRACTID", "CONTRACTKEY", "CONTRACT")),
        Field("WAREHOUSEID", ref=Ref("WAREHOUSE", "WAREHOUSEID", "WAREHOUSEKEY", "WAREHOUSE")),
        *(Field(name, Type.CURRENCY) for name in ("EXTBILLRATE", "EXTCOSTRATE", "EXTAMOUNT")),
        *(Field(name, Type.CURRENCY) for name in ("EXTEMPLOYERTAXES", "EXTFRINGES", "EXTCASHFRINGES")),
    ),
    cascades=("TIMESHEETAPPROVAL",),
    guards=status_guards("TIMESHEETENTRY"),
)

TIMESHEET = Kind(
    "TIMESHEET",
    "Timesheet",
    "Timesheets",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    unique=(("EMPLOYEEKEY", "BEGINDATE"),),
    fields=(
        recordno(),
        Field("EMPLOYEEID", label="Employee", need=Need.YES, need_on_update=True, create_only=True, ref=employee_ref()),
        Field("BEGINDATE", Type.DATE, "Begin date", Need.YES, need_on_update=True, create_only=True),
        Field("ENDDATE", Type.DATE, "End date", read_only=True),
        Field("GLPOSTDATE", Type.DATE, "GL posting date"),
        *text("DESCRIPTION", max=1000),
        supdoc(),
        Field("STATE", Type.ENUM, "State", choices=STATES, default="Draft"),
    ),
    owned=(
        Owned(
            "TIMESHEETENTRIES",
            "TIMESHEETENTRY",
            "TIMESHEETKEY",
            number="LINENO",
            least=1,
            need_on_update=True,
            carries={"EMPLOYEEID": "EMPLOYEEID", "EMPLOYEEKEY": "EMPLOYEEKEY"},
        ),
    ),
)

TIMESHEETAPPROVAL = Kind(
    "TIMESHEETAPPROVAL",
    "Timesheet Approval",
    "Timesheet Approvals",
    key="RECORDNO",
    functions=SEARCH - {"lookup", "readByQuery"},
    fields=(
        recordno(),
        Field("STATE", Type.ENUM, choices=STATES),
        Field(
            "TIMESHEETENTRYKEY",
            Type.INTEGER,
            need=Need.YES,
            ref=Ref("TIMESHEETENTRY", "RECORDNO", "TIMESHEETENTRYKEY", "TIMESHEETENTRY"),
        ),
        *text("APPROVERID", "APPROVAL_STAGE", "APPROVAL_LEVEL", "APPROVEDBY"),
        Field("EVENTDATE", Type.DATE),
        *text("COMMENTS", max=1000),
    ),
)

KINDS = (TIMESHEETENTRY, TIMESHEET, TIMESHEETAPPROVAL)
