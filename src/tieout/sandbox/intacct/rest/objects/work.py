"""Tasks, resources, standard tasks, cost types and timesheets over REST (intacct-rest §15.2–15.4, §15.7–15.10, §15.20)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Field, Type, flag
from tieout.sandbox.intacct.rest.mapping import Form, Link, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.company import linked
from tieout.sandbox.intacct.rest.objects.projects import PRICING

_HOURS = (
    Property("duration.planned", "BUDGETQTY", Form.NUMBER),
    Property("duration.estimated", "ESTQTY", Form.NUMBER),
    Property("duration.actual", "ACTUALQTY", Form.NUMBER),
    Property("duration.approved", "APPROVEDQTY", Form.NUMBER),
    Property("duration.remaining", "REMAININGQTY", Form.NUMBER),
)
_BILLED_HOURS = tuple(
    Property(f"duration.{path}", column, Form.NUMBER)
    for path, column in (
        ("plannedBillable", "BUDGETQTYBILLABLE"),
        ("estimatedBillable", "ESTQTYBILLABLE"),
        ("actualBillable", "ACTUALQTYBILLABLE"),
        ("approvedBillable", "APPROVEDQTYBILLABLE"),
    )
)
_BILLED_FIELDS = tuple(Field(row.column, Type.DECIMAL, read_only=True) for row in _BILLED_HOURS)

TASK = RestObject(
    "projects/task",
    "TASK",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("isMilestone", "ISMILESTONE"), ("isUtilized", "UTILIZED")),
        *same(("isBillable", "BILLABLE"), ("wbsCode", "TASKNO"), ("taskStatus", "TASKSTATUS"), ("percentComplete", "PERCENTCOMPLETE")),
        *same(("observedPercentComplete", "OBSPERCENTCOMPLETE"), ("planned.startDate", "PBEGINDATE"), ("planned.endDate", "PENDDATE")),
        *same(("actual.startDate", "ABEGINDATE"), ("actual.endDate", "AENDDATE")),
        *same(("productionUnits.description", "PRODUCTIONUNITDESC"), ("overridePurchasingTaxSchedule", "OVERRIDETAXSCHEDULE")),
        Property("priority", "PRIORITY", Form.NUMBER),
        Property("productionUnits.estimate", "PRODUCTIONUNITESTIMATE", Form.NUMBER),
        *_HOURS,
        *_BILLED_HOURS,
        Link("project", "PROJECTID", "projects/project", shows=("startDate", "endDate")),
        Link("parent", "PARENTKEY", "projects/task"),
        Link("root", "ROOTPARENTKEY", "projects/task"),
        Link("dependentOn", "DEPENDENTONKEY", "projects/task"),
        Link("customer", "", "accounts-receivable/customer", key="CUSTOMERKEY", read_only=True),
        Link("item", "ITEMID", "inventory-control/item"),
        Link("standardTask", "STANDARDTASKID", "construction/standard-task"),
        Link("class", "CLASSID", "company-config/class"),
        Link("timeType", "TIMETYPENAME", "time/time-type"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("taxSchedule", "TAXSCHEDULEID", "tax/purchasing-tax-schedule"),
    ),
    fields=(
        Field("OBSPERCENTCOMPLETE", Type.PERCENT, read_only=True),
        *(Field(name, Type.DATE, read_only=True) for name in ("ABEGINDATE", "AENDDATE")),
        Field("PRODUCTIONUNITESTIMATE", Type.DECIMAL),
        flag("OVERRIDETAXSCHEDULE"),
        linked("TAXSCHEDULEID", "TAXSCHEDULE", "NAME"),
        *_BILLED_FIELDS,
    ),
)

PROJECT_RESOURCE = RestObject(
    "projects/project-resource",
    "PROJECTRESOURCES",
    rows=(
        *same(("description", "DESCRIPTION"), ("startDate", "STARTDATE")),
        Property("pricing.laborRate", "BILLINGRATE", Form.NUMBER),
        Property("pricing.expenseRate", "EXPENSERATE", Form.NUMBER),
        Property("pricing.apPurchasingRate", "POAPRATE", Form.NUMBER),
        Property("pricing.laborPricingMethod", "BILLINGPRICING", Form.WORD, words=PRICING, read_only=True),
        Property("pricing.expensePricingMethod", "EXPENSEPRICING", Form.WORD, words=PRICING, read_only=True),
        Property("pricing.apPurchasingPricingMethod", "POAPPRICING", Form.WORD, words=PRICING, read_only=True),
        Link("project", "PROJECTID", "projects/project"),
        Link("employee", "EMPLOYEEID", "company-config/employee", shows=("startDate", "endDate")),
        Link("employeeContact", "", "company-config/contact", key="EMPLOYEE.CONTACTKEY", read_only=True),
        Link("item", "ITEMID", "inventory-control/item"),
    ),
)

TASK_RESOURCE = RestObject(
    "projects/task-resource",
    "TASKRESOURCES",
    rows=(
        *same(("description", "DESCRIPTION"), ("planned.startDate", "PBEGINDATE"), ("planned.endDate", "PENDDATE")),
        *same(("actual.startDate", "ABEGINDATE"), ("actual.endDate", "AENDDATE")),
        *same(("isFullTime", "ISFULLTIME"), ("isSoftBook", "ISSOFTBOOK")),
        Property("percentComplete", "PERCENTCOMPLETE", Form.NUMBER),
        *_HOURS,
        *_BILLED_HOURS,
        Link("project", "PROJECTID", "projects/project"),
        Link("task", "TASKID", "projects/task", by_key="TASKKEY", shows=("isBillable",)),
        Link("employee", "EMPLOYEEID", "company-config/employee"),
        Link("employeeContact", "", "company-config/contact", key="EMPLOYEE.CONTACTKEY", read_only=True),
    ),
    fields=_BILLED_FIELDS,
)

STANDARD_TASK = RestObject(
    "construction/standard-task",
    "STANDARDTASK",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("productionUnitDescription", "PRODUCTIONUNITDESC")),
        *same(("wbsCode", "TASKNO"), ("status", "STATUS"), ("isBillable", "BILLABLE"), ("isMilestone", "ISMILESTONE")),
        *same(("isUtilized", "UTILIZED")),
        Property("priority", "PRIORITY", Form.NUMBER),
        Link("item", "ITEMID", "inventory-control/item"),
        Link("timeType", "TIMETYPENAME", "time/time-type"),
        Link("parent", "PARENTKEY", "construction/standard-task"),
        Link("class", "CLASSID", "company-config/class"),
    ),
)

STANDARD_COST_TYPE = RestObject(
    "construction/standard-cost-type",
    "STANDARDCOSTTYPE",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("costUnitDescription", "COSTUNITDESCRIPTION"), ("status", "STATUS")),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        Link("accumulationType", "ACCUMULATIONTYPENAME", "construction/accumulation-type"),
        Link("parent", "PARENTID", "construction/standard-cost-type"),
        Link("item", "ITEMID", "inventory-control/item"),
    ),
)

COST_TYPE = RestObject(
    "construction/cost-type",
    "COSTTYPE",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("costUnitDescription", "COSTUNITDESCRIPTION"), ("status", "STATUS")),
        *same(("planned.startDate", "PLANNEDBEGINDATE"), ("planned.endDate", "PLANNEDENDDATE")),
        *same(("actual.startDate", "ACTUALBEGINDATE"), ("actual.endDate", "ACTUALENDDATE")),
        *same(("overridePurchasingTaxSchedule", "OVERRIDETAXSCHEDULE")),
        Link("project", "PROJECTID", "projects/project"),
        Link("task", "TASKID", "projects/task", by_key="TASKKEY"),
        Link("standardCostType", "STANDARDCOSTTYPEID", "construction/standard-cost-type"),
        Link("accumulationType", "ACCUMULATIONTYPENAME", "construction/accumulation-type"),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        Link("parent", "PARENTID", "construction/cost-type"),
        Link("item", "ITEMID", "inventory-control/item"),
        Link("taxSchedule", "TAXSCHEDULEID", "tax/purchasing-tax-schedule"),
    ),
    fields=(flag("OVERRIDETAXSCHEDULE"), linked("TAXSCHEDULEID", "TAXSCHEDULE", "NAME")),
)

ACCUMULATION_TYPE = RestObject(
    "construction/accumulation-type", "ACCUMULATIONTYPE", rows=same(("costCategory", "COSTCATEGORY"), ("status", "STATUS"))
)

TIME_TYPE = RestObject(
    "time/time-type",
    "TIMETYPE",
    rows=(
        *same(("status", "STATUS")),
        Link("earningType", "EARNINGTYPENAME", "company-config/earning-type"),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        Link("offsetGLAccount", "OFFSETACCOUNTNO", "general-ledger/account"),
    ),
    fields=(linked("OFFSETACCOUNTNO", "GLACCOUNT", "ACCOUNTNO"),),
)

EARNING_TYPE = RestObject("company-config/earning-type", "EARNINGTYPE", rows=same(("calculationMethod", "METHOD")))

TIMESHEET_LINE = RestObject(
    "time/timesheet-line",
    "TIMESHEETENTRY",
    rows=(
        *same(("entryDate", "ENTRYDATE"), ("description", "DESCRIPTION"), ("notes", "NOTES"), ("isBillable", "BILLABLE")),
        Property("lineNumber", "LINENO", read_only=True),
        Property("state", "STATE"),
        Property("quantity", "QTY", Form.NUMBER),
        Property("externalPayroll.billingRate", "EXTBILLRATE", Form.NUMBER),
        Property("externalPayroll.costRate", "EXTCOSTRATE", Form.NUMBER),
        Property("externalPayroll.amount", "EXTAMOUNT"),
        Property("externalPayroll.employerTaxes", "EXTEMPLOYERTAXES", Form.NUMBER),
        Property("externalPayroll.fringes", "EXTFRINGES", Form.NUMBER),
        Property("externalPayroll.cashFringes", "EXTCASHFRINGES", Form.NUMBER),
        Link("timesheet", "TIMESHEETKEY", "time/timesheet"),
        Link("timeType", "TIMETYPE", "time/time-type"),
        Link("laborClass", "LABORCLASSID", "construction/labor-class"),
        Link("dimensions.department", "DEPARTMENTID", "company-config/department"),
        Link("dimensions.location", "LOCATIONID", "company-config/location"),
        Link("dimensions.employee", "EMPLOYEEID", "company-config/employee"),
        Link("dimensions.project", "PROJECTID", "projects/project"),
        Link("dimensions.task", "TASKID", "projects/task", by_key="TASKKEY"),
        Link("dimensions.costType", "COSTTYPEID", "construction/cost-type"),
        Link("dimensions.customer", "CUSTOMERID", "accounts-receivable/customer"),
        Link("dimensions.vendor", "VENDORID", "accounts-payable/vendor"),
        Link("dimensions.item", "ITEMID", "inventory-control/item"),
        Link("dimensions.class", "CLASSID", "company-config/class"),
    ),
    owner="timesheet",
)

TIMESHEET = RestObject(
    "time/timesheet",
    "TIMESHEET",
    rows=(
        *same(("beginDate", "BEGINDATE"), ("endDate", "ENDDATE"), ("postingDate", "GLPOSTDATE"), ("description", "DESCRIPTION")),
        *same(("state", "STATE")),
        Link("employee", "EMPLOYEEID", "company-config/employee"),
        Link("employeeContact", "", "company-config/contact", key="EMPLOYEE.CONTACTKEY", read_only=True, shows=("firstName", "lastName")),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Rows("lines", "TIMESHEETENTRIES", "time/timesheet-line"),
    ),
)

OBJECTS = (
    *(TASK, PROJECT_RESOURCE, TASK_RESOURCE, STANDARD_TASK, STANDARD_COST_TYPE, COST_TYPE, ACCUMULATION_TYPE),
    *(TIME_TYPE, EARNING_TYPE, TIMESHEET, TIMESHEET_LINE),
)
