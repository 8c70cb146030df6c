"""Projects, their tasks and resources, and the hours booked to them (intacct-xml §3A, §3B TIMESHEET)."""

from __future__ import annotations

from tieout.core.ports import Verb
from tieout.core.record import Fields
from tieout.intacct.catalogue import Access, Act, Field, Kind, Lines, Touch, Type, WriteMode, fields, lines_field, reference
from tieout.intacct.client import Function
from tieout.intacct.client.documents import approve, decline

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE})


PROJECT = Kind(
    "PROJECT",
    "PROJECTID",
    (
        *fields(Type.TEXT, "PROJECTID NAME DESCRIPTION"),
        *fields(Type.LABEL, "PROJECTCATEGORY PROJECTTYPE PROJECTSTATUS STATUS"),
        reference("PARENTID", "PROJECT", "PARENTKEY"),
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMERKEY"),
        reference("MANAGERID", "EMPLOYEE", "MANAGERKEY"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        reference("LOCATIONID", "LOCATION", "LOCATIONKEY"),
        *fields(Type.TEXT, "CLASSID CURRENCY INVOICECURRENCY TERMNAME SUPDOCID CUSTUSERID SALESCONTACTID DOCNUMBER"),
        *fields(Type.TEXT, "SONUMBER PONUMBER PQNUMBER BUDGETID INVOICEMESSAGE SCOPE INCLUSIONS EXCLUSIONS TERMS SCHEDULEDIMPACT"),
        *fields(Type.LABEL, "BILLINGTYPE BILLINGPRICING EXPENSEPRICING POAPPRICING"),
        *fields(Type.DATE, "BEGINDATE ENDDATE SCHEDULEDSTARTDATE ACTUALSTARTDATE SCHEDULEDCOMPLETIONDATE REVISEDCOMPLETIONDATE"),
        *fields(Type.DATE, "SUBSTANTIALCOMPLETIONDATE ACTUALCOMPLETIONDATE NOTICETOPROCEED RESPONSEDUE EXECUTEON"),
        *fields(Type.BOOLEAN, "INVOICEWITHPARENT BILLABLEEXPDEFAULT BILLABLEAPPODEFAULT"),
        *fields(Type.DECIMAL, "CONTRACTAMOUNT POAMOUNT BUDGETAMOUNT BUDGETEDCOST BUDGETQTY BILLINGRATE EXPENSERATE POAPRATE"),
        *fields(Type.TEXT, "CONTACTINFO.CONTACTNAME BILLTO.CONTACTNAME SHIPTO.CONTACTNAME"),
        # Listed by `lookup`, refused by `query` (intacct-xml §2.6): they can be written but not read back.
        *fields(Type.TEXT, "CFDA FUNDEDNAME AGENCY PAYER FUNDINGOTHERID ASSISTANCETYPE REVRESTRICTION RESTRICTIONEXPIRY", selectable=False),
        *fields(Type.DATE, "RESTRICTIONEXPIRATIONDATE", selectable=False),
        *fields(Type.BOOLEAN, "TIMESATISFACTIONSCHEDULED", selectable=False),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="project",
    label="projects",
)

PROJECTSTATUS = Kind(
    "PROJECTSTATUS",
    "NAME",
    (*fields(Type.TEXT, "NAME DESCRIPTION", access=Access.NEVER), *fields(Type.LABEL, "STATUS", access=Access.NEVER)),
    label="project statuses",
)

PROJECTTYPE = Kind(
    "PROJECTTYPE",
    "NAME",
    (*fields(Type.TEXT, "NAME", access=Access.NEVER), *fields(Type.LABEL, "STATUS", access=Access.NEVER)),
    label="project types",
)

TASK = Kind(
    "TASK",
    "TASKID",
    (
        *fields(Type.TEXT, "TASKID", access=Access.CREATE),
        reference("PROJECTID", "PROJECT", "PROJECTKEY", access=Access.CREATE),
        *fields(Type.TEXT, "NAME DESCRIPTION TASKNO SUPDOCID PRIORITY"),
        # Written as the RECORDNO of the parent task, which is how it is read too.
        *fields(Type.INTEGER, "PARENTKEY"),
        Field("TASKSTATUS", Type.LABEL, column="TASKSTATUS", always_sent=True),
        *fields(Type.LABEL, "STATUS"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
        reference("CLASSID", "CLASS", "CLASSKEY"),
        *fields(Type.TEXT, "STANDARDTASKID PRODUCTIONUNITDESC", access=Access.CREATE),
        *fields(Type.BOOLEAN, "BILLABLE ISMILESTONE UTILIZED"),
        *fields(Type.DATE, "PBEGINDATE PENDDATE"),
        *fields(Type.DECIMAL, "BUDGETQTY ESTQTY"),
        *fields(Type.DECIMAL, "ACTUALQTY APPROVEDQTY REMAININGQTY PERCENTCOMPLETE", access=Access.NEVER),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    within="PROJECTID",
    audit_type="task",
    label="tasks",
    effects=(Touch("PROJECT", "PROJECTID"),),
)

_ENTRY = Kind(
    "TIMESHEETENTRY",
    "",
    (
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *fields(Type.DATE, "ENTRYDATE"),
        *fields(Type.DECIMAL, "QTY"),
        *fields(Type.TEXT, "DESCRIPTION NOTES TIMETYPE EMPPOSITIONID LABORCLASSID LABORSHIFTID LABORUNIONID CONTRACTID WAREHOUSEID"),
        *fields(Type.BOOLEAN, "BILLABLE"),
        reference("PROJECTID", "PROJECT", "PROJECTKEY"),
        reference("TASKID", "TASK", "TASKKEY"),
        reference("COSTTYPEID", "COSTTYPE", "COSTTYPEKEY"),
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMERKEY"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
        reference("LOCATIONID", "LOCATION", "LOCATIONKEY"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        reference("VENDORID", "VENDOR", "VENDORKEY"),
        reference("CLASSID", "CLASS", "CLASSKEY"),
        *fields(Type.DECIMAL, "EXTBILLRATE EXTCOSTRATE EXTAMOUNT EXTEMPLOYERTAXES EXTFRINGES EXTCASHFRINGES"),
    ),
    system=("RECORDNO", "TIMESHEETKEY", "LINENO"),
    label="timesheet entries",
)


def _approve(key: str, number: str, given: Fields) -> Function:
    return approve(key, "TIMESHEET", number, comment=str(given.get("COMMENT") or ""), by=str(given.get("APPROVEDBY") or ""))


def _decline(key: str, number: str, given: Fields) -> Function:
    return decline(key, "TIMESHEET", number, comment=str(given.get("COMMENT") or ""), by=str(given.get("DECLINEDBY") or ""))


TIMESHEET = Kind(
    "TIMESHEET",
    "BEGINDATE",
    (
        reference("EMPLOYEEID", "EMPLOYEE", "EMPLOYEEKEY", always_sent=True),
        Field("BEGINDATE", Type.DATE, column="BEGINDATE", always_sent=True),
        *fields(Type.LABEL, "STATE"),
        *fields(Type.TEXT, "DESCRIPTION SUPDOCID"),
        *fields(Type.DATE, "GLPOSTDATE"),
        lines_field("TIMESHEETENTRIES"),
    ),
    WriteMode.REPLACED,
    _WRITES | {Verb.ACT},
    enforced=True,
    within="EMPLOYEEID",
    audit_type="timesheet",
    label="timesheets",
    # Every update replaces the entries, so that their RECORDNO changes; their number in the sheet is ours to keep.
    lines=Lines("TIMESHEETENTRIES", _ENTRY, "TIMESHEETKEY", position="LINENO", id_column="LINENO", named_by=("LINENO",), always_sent=True),
    acts={
        "approve": Act(_approve, frozenset({"approved"}), {"COMMENT": Type.TEXT, "APPROVEDBY": Type.TEXT}),
        "decline": Act(_decline, frozenset({"declined"}), {"COMMENT": Type.TEXT, "DECLINEDBY": Type.TEXT}),
    },
    locked={"STATE": frozenset({"submitted", "partially approved", "approved"})},
    effects=(Touch("TASK", "TASKID", in_lines=True), Touch("PROJECT", "PROJECTID", in_lines=True)),
)

PROJECTRESOURCES = Kind(
    "PROJECTRESOURCES",
    "EMPLOYEEID",
    (
        reference("PROJECTID", "PROJECT", "PROJECTKEY", access=Access.CREATE, alias="project"),
        reference("EMPLOYEEID", "EMPLOYEE", "EMPLOYEEKEY", alias="employee"),
        reference("ITEMID", "ITEM", "ITEMKEY", alias="item"),
        Field("DESCRIPTION", column="DESCRIPTION", alias="description"),
        Field("STARTDATE", Type.DATE, column="STARTDATE", alias="startDate"),
        Field("BILLINGRATE", Type.DECIMAL, column="BILLINGRATE", alias="pricing.laborRate"),
        Field("EXPENSERATE", Type.DECIMAL, column="EXPENSERATE", alias="pricing.expenseRate"),
        Field("POAPRATE", Type.DECIMAL, column="POAPRATE", alias="pricing.apPurchasingRate"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    within="PROJECTID",
    label="project resources",
    rest="projects/project-resource",
    effects=(Touch("PROJECT", "PROJECTID"),),
)

TASKRESOURCES = Kind(
    "TASKRESOURCES",
    "EMPLOYEEID",
    (
        reference("PROJECTID", "PROJECT", "PROJECTKEY", access=Access.CREATE, alias="project"),
        reference("TASKID", "TASK", "TASKKEY", alias="task"),
        reference("EMPLOYEEID", "EMPLOYEE", "EMPLOYEEKEY", alias="employee"),
        Field("DESCRIPTION", column="DESCRIPTION", alias="description"),
        Field("PBEGINDATE", Type.DATE, column="PBEGINDATE", alias="planned.startDate"),
        Field("PENDDATE", Type.DATE, column="PENDDATE", alias="planned.endDate"),
        Field("BUDGETQTY", Type.DECIMAL, column="BUDGETQTY", alias="duration.planned"),
        Field("ESTQTY", Type.DECIMAL, column="ESTQTY", alias="duration.estimated"),
        Field("ISFULLTIME", Type.BOOLEAN, column="ISFULLTIME", alias="isFullTime"),
        Field("ISSOFTBOOK", Type.BOOLEAN, column="ISSOFTBOOK", alias="isSoftBook"),
        *fields(Type.DATE, "ABEGINDATE AENDDATE", access=Access.NEVER),
        *fields(Type.DECIMAL, "ACTUALQTY APPROVEDQTY REMAININGQTY PERCENTCOMPLETE", access=Access.NEVER),
    ),
    WriteMode.SPARSE,
    _WRITES,
    within="TASKID",
    label="task resources",
    rest="projects/task-resource",
    effects=(Touch("TASK", "TASKID"),),
)
