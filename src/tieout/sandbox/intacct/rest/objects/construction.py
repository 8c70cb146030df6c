"""Estimates, change requests, change orders and project contracts over REST (intacct-rest §15.11–15.17, §15.20)."""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, READ, READ_METHODS, UPDATE, Form, Link, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.company import linked

SCOPE = same(("scope", "SCOPE"), ("inclusions", "INCLUSIONS"), ("exclusions", "EXCLUSIONS"), ("terms", "TERMS"))
SCHEDULE = same(
    ("schedule.scheduledStartDate", "SCHEDULEDSTARTDATE"),
    ("schedule.actualStartDate", "ACTUALSTARTDATE"),
    ("schedule.scheduledCompletionDate", "SCHEDULEDCOMPLETIONDATE"),
    ("schedule.revisedCompletionDate", "REVISEDCOMPLETIONDATE"),
    ("schedule.substantialCompletionDate", "SUBSTANTIALCOMPLETIONDATE"),
    ("schedule.actualCompletionDate", "ACTUALCOMPLETIONDATE"),
    ("schedule.noticeToProceedDate", "NOTICETOPROCEED"),
    ("schedule.responseDueDate", "RESPONSEDUE"),
    ("schedule.executedOnDate", "EXECUTEDON"),
    ("schedule.scheduleImpact", "SCHEDULEIMPACT"),
)
_INSIDE = (
    ("initiatedBy", "INITIATED"),
    ("verbalApprovalBy", "VERBAL"),
    ("issuedBy", "ISSUED"),
    ("approvedBy", "APPROVED"),
    ("signedBy", "SIGNED"),
)
_OUTSIDE = (("verbalApprovalBy", "VERBAL"), ("approvedBy", "APPROVED"), ("signedBy", "SIGNED"))
REFERENCES: tuple[Property | Link, ...] = (
    *same(("internalReference.referenceNumber", "INTERNALREFNO"), ("internalReference.source", "INTERNALSOURCE")),
    *same(("internalReference.sourceReferenceNumber", "INTERNALSOURCEREFNO"), ("internalReference.issuedOnDate", "INTERNALISSUEDON")),
    *same(("internalReference.approvedOnDate", "INTERNALAPPROVEDON"), ("internalReference.signedOnDate", "INTERNALSIGNEDON")),
    *same(("externalReference.referenceNumber", "EXTERNALREFNO"), ("externalReference.approvedOnDate", "EXTERNALAPPROVEDON")),
    *same(("externalReference.signedOnDate", "EXTERNALSIGNEDON")),
    *(Link(f"internalReference.{path}", f"INTERNAL{role}BY", "company-config/employee") for path, role in _INSIDE),
    *(Link(f"externalReference.{path}", f"EXTERNAL{role}BY", "company-config/contact") for path, role in _OUTSIDE),
)
_DIMENSIONS = (
    Link("dimensions.department", "DEPARTMENTID", "company-config/department"),
    Link("dimensions.task", "TASKID", "projects/task"),
    Link("dimensions.costType", "COSTTYPEID", "construction/cost-type"),
    Link("dimensions.vendor", "VENDORID", "accounts-payable/vendor"),
    Link("dimensions.employee", "EMPLOYEEID", "company-config/employee"),
    Link("dimensions.item", "ITEMID", "inventory-control/item"),
    Link("dimensions.class", "CLASSID", "company-config/class"),
)
_CONTRACT = (
    Link("projectContract", "PROJECTCONTRACTID", "construction/project-contract"),
    Link("projectContractLine", "PROJECTCONTRACTLINEID", "construction/project-contract-line"),
)

ESTIMATE_TYPE = RestObject(
    "construction/project-estimate-type",
    "PJESTIMATETYPE",
    rows=(
        *same(("status", "STATUS")),
        Property(
            "estimateCategory",
            "ESTIMATECATEGORY",
            words={
                "Current Estimate": "currentEstimate",
                "Original Estimate": "originalEstimate",
                **{
                    f"{age} Forecast - {end} Completion": f"{age.lower()}Forecast{end}Completion"
                    for age in ("Current", "Historical", "Future")
                    for end in ("At", "To")
                },
            },
        ),
    ),
)

ESTIMATE = RestObject(
    "construction/project-estimate",
    "PJESTIMATE",
    rows=(
        *same(("description", "DESCRIPTION"), ("estimateDate", "ESTIMATEDATE"), ("postTo", "POSTTO"), ("status", "STATUS")),
        *same(("isPrimary", "ISPRIMARY"), ("isPosted", "POSTED"), ("totalEstimateAmount", "TOTALAMOUNT")),
        Link("project", "PROJECTID", "projects/project", shows=("startDate", "endDate")),
        Link("projectEstimateType", "PJESTIMATETYPENAME", "construction/project-estimate-type"),
        Link("budget", "GLBUDGETID", "general-ledger/budget"),
        Link("customer", "", "accounts-receivable/customer", key="PROJECT.CUSTOMERKEY", read_only=True),
        Link("location", "", "company-config/location", key="PROJECT.LOCATIONKEY", read_only=True),
        Link("parentProject", "", "projects/project", key="PROJECT.PARENTKEY", read_only=True),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Rows("projectEstimateLines", "ENTRIES", "construction/project-estimate-line"),
    ),
    fields=(linked("SUPDOCID", "SUPDOC", "SUPDOCID", key="SUPDOCKEY"),),
)

ESTIMATE_LINE = RestObject(
    "construction/project-estimate-line",
    "PJESTIMATEENTRY",
    rows=(
        *same(("amount", "AMOUNT"), ("unitCost", "UNITCOST"), ("quantity", "QTY"), ("memo", "MEMO"), ("externalUOM", "EUOM")),
        *same(("workflowType", "WFTYPE"), ("effectiveDate", "EFFECTIVEDATE")),
        Property("numberOfProductionUnits", "PRODUCTIONUNITS", Form.INTEGER),
        Link("projectEstimate", "PJESTIMATEID", "construction/project-estimate", read_only=True),
        Link("changeRequest", "CHANGEREQUESTKEY", "construction/change-request"),
        Link("changeRequestLine", "CHANGEREQUESTENTRYKEY", "construction/change-request-line"),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        # The project is the estimate's; naming it again is what the vendor's example does.
        Link("dimensions.project", "PROJECTID", "projects/project", tolerated=True),
        *_DIMENSIONS,
        Link("dimensions.customer", "CUSTOMERID", "accounts-receivable/customer"),
    ),
    methods=READ_METHODS,
    owner="projectEstimate",
)

CHANGE_REQUEST_STATUS = RestObject(
    "construction/change-request-status", "CHANGEREQUESTSTATUS", rows=same(("workflowType", "WFTYPE"), ("status", "STATUS"))
)
CHANGE_REQUEST_TYPE = RestObject("construction/change-request-type", "CHANGEREQUESTTYPE", rows=same(("status", "STATUS")))

CHANGE_ORDER = RestObject(
    "construction/project-change-order",
    "PROJECTCHANGEORDER",
    rows=(
        *same(("projectChangeOrderDate", "PROJECTCHANGEORDERDATE"), ("priceEffectiveDate", "PRICEEFFECTIVEDATE")),
        *same(
            ("state", "PROJECTCHANGEORDERSTATE"), ("description", "DESCRIPTION"), ("totalCost", "TOTALCOST"), ("totalPrice", "TOTALPRICE")
        ),
        Link("project", "PROJECTID", "projects/project"),
        Link("item", "ITEMID", "inventory-control/item"),
        Link("changeRequestStatus", "CHANGEREQUESTSTATUSNAME", "construction/change-request-status"),
        Link("customer", "", "accounts-receivable/customer", key="PROJECT.CUSTOMERKEY", read_only=True),
        Link("location", "", "company-config/location", key="PROJECT.LOCATIONKEY", read_only=True),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        *_CONTRACT,
        *SCOPE,
        *SCHEDULE,
        *REFERENCES,
    ),
    required=("ITEMID", "PRICEEFFECTIVEDATE"),
)

CHANGE_REQUEST = RestObject(
    "construction/change-request",
    "CHANGEREQUEST",
    rows=(
        *same(("changeRequestDate", "CHANGEREQUESTDATE"), ("description", "DESCRIPTION"), ("changeRequestState", "CHANGEREQUESTSTATE")),
        *same(("costEffectiveDate", "COSTEFFECTIVEDATE"), ("priceEffectiveDate", "PRICEEFFECTIVEDATE")),
        *same(("totalCost", "TOTALCOST"), ("totalPrice", "TOTALPRICE")),
        Property(
            "projectContractLineSource",
            "PCNINTEGRATIONLEVEL",
            words={
                "project change order": "projectChangeOrder",
                "none": "none",
                "change request": "changeRequest",
                "change request entry": "changeRequestLine",
            },
        ),
        Link("project", "PROJECTID", "projects/project"),
        Link("projectCustomer", "", "accounts-receivable/customer", key="PROJECT.CUSTOMERKEY", read_only=True),
        Link("location", "", "company-config/location", key="PROJECT.LOCATIONKEY", read_only=True),
        Link("changeRequestStatus", "CHANGEREQUESTSTATUSNAME", "construction/change-request-status", shows=("workflowType",)),
        Link("changeRequestType", "CHANGEREQUESTTYPENAME", "construction/change-request-type"),
        Link("projectChangeOrder", "PROJECTCHANGEORDERID", "construction/project-change-order"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        *_CONTRACT,
        *SCOPE,
        *SCHEDULE,
        *REFERENCES,
        Rows("changeRequestLines", "CHANGEREQUESTENTRIES", "construction/change-request-line"),
    ),
)

CHANGE_REQUEST_LINE = RestObject(
    "construction/change-request-line",
    "CHANGEREQUESTENTRY",
    rows=(
        *same(("quantity", "QTY"), ("unitCost", "UNITCOST"), ("cost", "COST"), ("unitPrice", "UNITPRICE"), ("price", "PRICE")),
        *same(("priceMarkupPercent", "PRICEMARKUPPERCENT"), ("priceMarkupAmount", "PRICEMARKUPAMOUNT"), ("linePrice", "LINEPRICE")),
        *same(("externalUOM", "EUOM"), ("memo", "MEMO")),
        Property("lineNo", "LINENO", Form.TEXT),
        Property("numberOfProductionUnits", "PRODUCTIONUNITS", Form.DECIMAL),
        Link("changeRequest", "CHANGEREQUESTKEY", "construction/change-request"),
        Link("projectEstimate", "PJESTIMATEID", "construction/project-estimate"),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        Link("dimensions.project", "PROJECTID", "projects/project"),
        *_DIMENSIONS,
        *_CONTRACT,
    ),
    methods=READ_METHODS,
    owner="changeRequest",
)

CONTRACT_TYPE = RestObject(
    "construction/project-contract-type", "PROJECTCONTRACTTYPE", rows=same(("name", "PROJECTCONTRACTTYPENAME"), ("status", "STATUS"))
)

CONTRACT = RestObject(
    "construction/project-contract",
    "PROJECTCONTRACT",
    rows=(
        *same(("name", "NAME"), ("contractDate", "CONTRACTDATE"), ("description", "DESCRIPTION"), ("isBillable", "BILLABLE")),
        *same(("status", "STATUS"), ("excludeFromWIPReporting", "WIPEXCLUDE"), ("summary.originalPrice", "ORIGINALPRICE")),
        *same(("summary.totalPrice", "TOTALREVISEDPRICE"), ("summary.revisionPrice", "REVISIONPRICE")),
        *same(("summary.approvedChangePrice", "APPROVEDCHANGEPRICE"), ("summary.pendingChangePrice", "PENDINGCHANGEPRICE")),
        *same(("summary.otherPrice", "OTHERPRICE"), ("summary.forecastPrice", "FORECASTPRICE"), ("glBudgetPosting.isPosted", "POSTED")),
        Link("project", "PROJECTID", "projects/project"),
        Link("location", "", "company-config/location", key="PROJECT.LOCATIONKEY", read_only=True),
        Link("customer", "CUSTOMERID", "accounts-receivable/customer"),
        Link("projectContractType", "PROJECTCONTRACTTYPEID", "construction/project-contract-type"),
        Link("architect", "ARCHITECT.CONTACTNAME", "company-config/contact"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        *SCOPE,
        *SCHEDULE,
        *REFERENCES,
    ),
)

CONTRACT_LINE = RestObject(
    "construction/project-contract-line",
    "PROJECTCONTRACTLINE",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("status", "STATUS"), ("isBillable", "BILLABLE")),
        *same(("contractLineDate", "CONTRACTLINEDATE"), ("billingType", "BILLINGTYPE"), ("maximumBilling", "MAXIMUMBILLING")),
        *same(("maximumBillingAmount", "MAXIMUMBILLINGAMOUNT")),
        Link("projectContract", "PROJECTCONTRACTID", "construction/project-contract"),
        Link("parent", "PARENTID", "construction/project-contract-line"),
        Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
        Link("dimensions.project", "PROJECTID", "projects/project"),
        *_DIMENSIONS,
    ),
    methods=(READ, CREATE, UPDATE),
    published=(DELETE,),
)

OBJECTS = (
    *(ESTIMATE_TYPE, ESTIMATE, ESTIMATE_LINE, CHANGE_REQUEST_STATUS, CHANGE_REQUEST_TYPE, CHANGE_ORDER, CHANGE_REQUEST),
    *(CHANGE_REQUEST_LINE, CONTRACT_TYPE, CONTRACT, CONTRACT_LINE),
)
