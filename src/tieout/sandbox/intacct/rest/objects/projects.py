"""Projects and what they are sorted by, over REST (intacct-rest §15.1, §15.5, §15.6)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import STATUS_NON_POSTING, Field, Type, flag, status
from tieout.sandbox.intacct.rest.mapping import Form, Link, Property, RestObject, same
from tieout.sandbox.intacct.rest.objects.company import linked
from tieout.sandbox.intacct.rest.objects.people import words

# The XML labels of these pick lists are not published; the words' plain English is an assumption.
_BILLING = {"Time & Material": "timeAndMaterial", "Fixed Fee": "fixedFee", "Fixed Fee and Expenses": "fixedFeeAndExpenses"}
PRICING = {"Billing rate": "billingRate", "Cost plus fee": "costPlusFee"}
_RESTRICTIONS = {
    "System default": "systemDefault",
    "Any user": "anyUser",
    "Project users": "projectUsers",
    "Project and task users": "projectTaskUsers",
}
_DAYS = (
    ("scheduledStartDate", "SCHEDULEDSTARTDATE"),
    ("actualStartDate", "ACTUALSTARTDATE"),
    ("scheduledCompletionDate", "SCHEDULEDCOMPLETIONDATE"),
    ("revisedCompletionDate", "REVISEDCOMPLETIONDATE"),
    ("substantialCompletionDate", "SUBSTANTIALCOMPLETIONDATE"),
    ("actualCompletionDate", "ACTUALCOMPLETIONDATE"),
    ("noticeToProceedDate", "NOTICETOPROCEED"),
    ("responseDueDate", "RESPONSEDUE"),
    ("executedOnDate", "EXECUTEON"),
    ("scheduleImpactNotes", "SCHEDULEDIMPACT"),
)

PROJECT = RestObject(
    "projects/project",
    "PROJECT",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("category", "PROJECTCATEGORY"), ("status", "STATUS")),
        *same(("projectCurrency", "CURRENCY"), ("startDate", "BEGINDATE"), ("endDate", "ENDDATE")),
        *same(("budget.billingAmount", "BUDGETAMOUNT"), ("budget.budgetedCost", "BUDGETEDCOST")),
        Property("budget.budgetedDuration", "BUDGETQTY", Form.MONEY),
        *same(("contractAmount", "CONTRACTAMOUNT"), ("actualAmount", "ACTUALAMOUNT"), ("purchaseOrderAmount", "POAMOUNT")),
        *same(("progress.estimatedDuration", "ESTIMATEDQTY"), ("progress.actualDuration", "ACTUALQTY")),
        *same(("progress.approvedDuration", "APPROVEDQTY"), ("progress.remainingDuration", "REMAININGQTY")),
        *same(("progress.percentComplete", "PERCENTCOMPLETE"), ("progress.observedPercentComplete", "OBSPERCENTCOMPLETE")),
        Property("billingType", "BILLINGTYPE", Form.WORD, words=_BILLING),
        *same(("salesOrderNumber", "SONUMBER"), ("purchaseOrderNumber", "PONUMBER"), ("purchaseQuoteNumber", "PQNUMBER")),
        *same(("documentNumber", "DOCNUMBER"), ("salesforceKey", "SFDCKEY"), ("invoiceWithParent", "INVOICEWITHPARENT")),
        *same(("excludeFromWIPSchedule", "WIPEXCLUDE"), ("excludeExpenses", "EXCLUDEEXPENSES"), ("billingOverMax", "BILLINGOVERMAX")),
        *same(("isBillableEmployeeExpense", "BILLABLEEXPDEFAULT"), ("isBillablePurchasingAPExpense", "BILLABLEAPPODEFAULT")),
        Property("userRestrictions", "USERRESTRICTIONS", Form.WORD, words=_RESTRICTIONS),
        Property("ratesAndPricing.laborPricing", "BILLINGPRICING", Form.WORD, words=PRICING),
        Property("ratesAndPricing.expensePricing", "EXPENSEPRICING", Form.WORD, words=PRICING),
        Property("ratesAndPricing.purchasingAPPricing", "POAPPRICING", Form.WORD, words=PRICING, read_only=True),
        Property("ratesAndPricing.laborMarkup", "LABORMARKUP", Form.MONEY),
        Property("ratesAndPricing.expenseMarkup", "EXPENSERATE", Form.MONEY),
        Property("ratesAndPricing.defaultRate", "BILLINGRATE", Form.MONEY),
        *same(("invoiceMessage", "INVOICEMESSAGE"), ("invoiceCurrency", "INVOICECURRENCY"), ("webURL", "RECORD_URL")),
        *same(("grant.aln", "CFDA"), ("grant.fundedProjectName", "FUNDEDNAME"), ("grant.agency", "AGENCY")),
        *same(("grant.otherId", "FUNDINGOTHERID"), ("grant.restrictionExpiry", "RESTRICTIONEXPIRY"), ("grant.payer", "PAYER")),
        *same(("grant.assistanceType", "ASSISTANCETYPE"), ("grant.restrictionExpirationDate", "RESTRICTIONEXPIRATIONDATE")),
        *same(("grant.isTimeSatisfactionScheduled", "TIMESATISFACTIONSCHEDULED")),
        Property("grant.revenueRestriction", "REVRESTRICTION", words={"Purpose": "purpose", "Time": "time", "NA": "NA"}),
        *same(("scopeDetails.scope", "SCOPE"), ("scopeDetails.inclusions", "INCLUSIONS")),
        *same(("scopeDetails.exclusions", "EXCLUSIONS"), ("scopeDetails.terms", "TERMS")),
        *(Property(f"scheduleDetails.{path}", column) for path, column in _DAYS),
        Link(
            "projectStatus",
            "PROJECTSTATUS",
            "projects/project-status",
            shows=("disableTimesheetEntry", "disableExpenseEntry", "disablePurchasingAPEntry", "disableGenerateInvoice"),
        ),
        Link("projectType", "PROJECTTYPE", "projects/project-type"),
        Link("glBudget", "BUDGETID", "general-ledger/budget"),
        Link("parent", "PARENTID", "projects/project"),
        Link("rootProject", "", "projects/project", root="PARENTKEY"),
        Link("wipScheduleProject", "WIPPROJECTID", "projects/project"),
        Link("customer", "CUSTOMERID", "accounts-receivable/customer"),
        Link("salesContact", "SALESCONTACTID", "company-config/employee"),
        Link("manager", "MANAGERID", "company-config/employee"),
        Link("customerUser", "CUSTUSERID", "company-config/user"),
        Link("department", "DEPARTMENTID", "company-config/department"),
        Link("location", "LOCATIONID", "company-config/location"),
        Link("class", "CLASSID", "company-config/class"),
        Link("cipAsset", "CIPASSETID", "fixed-assets/asset"),
        Link("paymentTerm", "TERMNAME", "accounts-receivable/term"),
        Link("contacts.primary", "CONTACTINFO.CONTACTNAME", "company-config/contact"),
        Link("contacts.billTo", "BILLTO.CONTACTNAME", "company-config/contact"),
        Link("contacts.shipTo", "SHIPTO.CONTACTNAME", "company-config/contact"),
        Link("contacts.site", "SITE.CONTACTNAME", "company-config/contact"),
        Link("contract", "CONTRACTID", "contracts/contract", read_only=True),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("taxSolution", "TAXSOLUTIONID", "tax/tax-solution"),
        Link("taxSchedule", "TAXSCHEDULEID", "tax/order-entry-tax-schedule"),
        Link("multiEntityLocation", "", "company-config/entity", key="MEGAENTITYKEY", read_only=True),
    ),
    fields=(
        status(STATUS_NON_POSTING),
        Field("ACTUALAMOUNT", Type.CURRENCY),
        *(Field(name, Type.DECIMAL, read_only=True) for name in ("ESTIMATEDQTY", "ACTUALQTY", "APPROVEDQTY", "REMAININGQTY")),
        *(Field(name, Type.PERCENT, read_only=True) for name in ("PERCENTCOMPLETE", "OBSPERCENTCOMPLETE")),
        Field("SFDCKEY", read_only=True),
        Field("CONTRACTID", read_only=True),
        Field("LABORMARKUP", Type.DECIMAL),
        flag("WIPEXCLUDE", "true"),
        flag("EXCLUDEEXPENSES"),
        words("BILLINGOVERMAX", "doNothing", "issueAWarningMessage", "preventBilling", default="doNothing"),
        linked("WIPPROJECTID", "PROJECT", "PROJECTID"),
        linked("CIPASSETID", "FAASSET", "ASSETID"),
        linked("SITE.CONTACTNAME", "CONTACT", "CONTACTNAME"),
        linked("TAXSOLUTIONID", "TAXSOLUTION", "SOLUTIONID"),
        linked("TAXSCHEDULEID", "TAXSCHEDULE", "NAME"),
    ),
)

PROJECT_STATUS = RestObject(
    "projects/project-status",
    "PROJECTSTATUS",
    rows=(
        *same(("description", "DESCRIPTION"), ("status", "STATUS"), ("disableTimesheetEntry", "PREVENTTIMESHEET")),
        *same(("disableExpenseEntry", "PREVENTEXPENSE"), ("disablePurchasingAPEntry", "PREVENTAPPO")),
        *same(("disableGenerateInvoice", "PREVENTGENINVOICE")),
    ),
)

PROJECT_TYPE = RestObject(
    "projects/project-type",
    "PROJECTTYPE",
    rows=(*same(("status", "STATUS")), Link("parent", "PARENTNAME", "projects/project-type")),
)

OBJECTS = (PROJECT, PROJECT_STATUS, PROJECT_TYPE)
