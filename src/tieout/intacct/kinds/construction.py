"""Construction: cost codes, cost types, estimates, change requests, owner change orders and contracts (intacct-xml §3A)."""

from __future__ import annotations

from tieout.core.ports import Verb
from tieout.intacct.catalogue import Access, Field, Kind, Lines, Touch, Type, WriteMode, dimension, fields, lines_field, number, reference

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE})
_WORDING = "SCOPE INCLUSIONS EXCLUSIONS TERMS SCHEDULEIMPACT SUPDOCID"
_INSIDE = (
    "INTERNALREFNO INTERNALINITIATEDBY INTERNALVERBALBY INTERNALISSUEDBY INTERNALAPPROVEDBY INTERNALSIGNEDBY INTERNALSOURCE "
    "INTERNALSOURCEREFNO EXTERNALREFNO EXTERNALVERBALBY EXTERNALAPPROVEDBY EXTERNALSIGNEDBY"
)
_DATES = (
    "SCHEDULEDSTARTDATE ACTUALSTARTDATE SCHEDULEDCOMPLETIONDATE REVISEDCOMPLETIONDATE SUBSTANTIALCOMPLETIONDATE ACTUALCOMPLETIONDATE "
    "NOTICETOPROCEED RESPONSEDUE EXECUTEDON INTERNALISSUEDON INTERNALAPPROVEDON INTERNALSIGNEDON EXTERNALAPPROVEDON EXTERNALSIGNEDON"
)
_ADDITIONAL = (*fields(Type.TEXT, f"{_WORDING} {_INSIDE}"), *fields(Type.DATE, _DATES))


def _list(name: str, label: str, *more: Field) -> Kind:
    """A list that estimates and change requests choose from."""
    return Kind(
        name,
        "NAME",
        (*fields(Type.TEXT, "NAME", access=Access.CREATE), *fields(Type.LABEL, "STATUS"), *more),
        WriteMode.SPARSE,
        _WRITES,
        enforced=True,
        audit_type=name.lower(),
        label=label,
    )


ACCUMULATIONTYPE = _list("ACCUMULATIONTYPE", "accumulation types", *fields(Type.LABEL, "COSTCATEGORY"))
PJESTIMATETYPE = _list("PJESTIMATETYPE", "estimate types", *fields(Type.LABEL, "SELECTEDWFTYPES ESTIMATECATEGORY"))
CHANGEREQUESTTYPE = _list("CHANGEREQUESTTYPE", "change request types")
CHANGEREQUESTSTATUS = _list("CHANGEREQUESTSTATUS", "change request statuses", *fields(Type.LABEL, "WFTYPE"))

STANDARDTASK = Kind(
    "STANDARDTASK",
    "STANDARDTASKID",
    (
        *fields(Type.TEXT, "STANDARDTASKID", access=Access.CREATE),
        *fields(Type.TEXT, "NAME DESCRIPTION PRODUCTIONUNITDESC TASKNO PRIORITY TIMETYPENAME"),
        *fields(Type.LABEL, "STATUS"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
        reference("CLASSID", "CLASS", "CLASSKEY"),
        number("PARENTKEY", "STANDARDTASK"),
        *fields(Type.BOOLEAN, "BILLABLE ISMILESTONE UTILIZED"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="standardtask",
    label="standard cost codes",
)

STANDARDCOSTTYPE = Kind(
    "STANDARDCOSTTYPE",
    "STANDARDCOSTTYPEID",
    (
        *fields(Type.TEXT, "STANDARDCOSTTYPEID", access=Access.CREATE),
        *fields(Type.TEXT, "NAME DESCRIPTION COSTUNITDESCRIPTION ACCUMULATIONTYPENAME"),
        *fields(Type.LABEL, "STATUS"),
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        reference("PARENTID", "STANDARDCOSTTYPE", "PARENTKEY"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="standardcosttype",
    label="standard cost types",
)

COSTTYPE = Kind(
    "COSTTYPE",
    "COSTTYPEID",
    (
        # Its ID is the standard cost type's, and is read under another name than it is written.
        *fields(Type.TEXT, "COSTTYPEID", access=Access.NEVER),
        *fields(Type.TEXT, "STANDARDCOSTTYPEID", access=Access.CREATE, selectable=False),
        reference("PROJECTID", "PROJECT", "PROJECTKEY", access=Access.CREATE),
        reference("TASKID", "TASK", "TASKKEY", access=Access.CREATE),
        *fields(Type.TEXT, "NAME DESCRIPTION COSTUNITDESCRIPTION ACCUMULATIONTYPENAME"),
        *fields(Type.LABEL, "STATUS"),
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
        *fields(Type.DATE, "PLANNEDBEGINDATE PLANNEDENDDATE ACTUALBEGINDATE ACTUALENDDATE"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    within="TASKID",
    numbered_by="STANDARDCOSTTYPEID",
    audit_type="costtype",
    label="cost types",
    effects=(Touch("TASK", "TASKID"),),
)

_ESTIMATE_LINE = Kind(
    "PJESTIMATEENTRY",
    "",
    (
        dimension("TASKID", "TASK"),
        dimension("COSTTYPEID", "COSTTYPE"),
        *fields(Type.LABEL, "WFTYPE"),
        *fields(Type.DECIMAL, "QTY UNITCOST AMOUNT PRODUCTIONUNITS"),
        *fields(Type.TEXT, "EUOM MEMO CONTRACTID"),
        *fields(Type.DATE, "EFFECTIVEDATE"),
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        dimension("CUSTOMERID", "CUSTOMER"),
        dimension("VENDORID", "VENDOR"),
        dimension("EMPLOYEEID", "EMPLOYEE"),
        dimension("ITEMID", "ITEM"),
        dimension("CLASSID", "CLASS"),
        Field("CHANGEREQUESTKEY", Type.NUMBER, column="CHANGEREQUESTKEY", target="CHANGEREQUEST", access=Access.NEVER),
    ),
    system=("RECORDNO", "PJESTIMATEKEY"),
    label="estimate lines",
)

PJESTIMATE = Kind(
    "PJESTIMATE",
    "PJESTIMATEID",
    (
        *fields(Type.TEXT, "PJESTIMATEID", access=Access.CREATE),
        reference("PROJECTID", "PROJECT", "PROJECTKEY", access=Access.CREATE),
        *fields(Type.TEXT, "DESCRIPTION GLBUDGETID"),
        *fields(Type.LABEL, "PJESTIMATETYPENAME POSTTO STATUS"),
        *fields(Type.DATE, "ESTIMATEDATE"),
        *fields(Type.BOOLEAN, "ISPRIMARY POSTED"),
        *fields(Type.DECIMAL, "TOTALAMOUNT", access=Access.NEVER),
        lines_field("ENTRIES"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES | {Verb.ACT},
    enforced=True,
    mark="DESCRIPTION",
    audit_type="pjestimate",
    label="project estimates",
    lines=Lines("ENTRIES", _ESTIMATE_LINE, "PJESTIMATEKEY", position="RECORDNO", named_by=("RECORDNO",), required=False, removable=True),
    locked={"STATUS": frozenset({"finalized"})},
    still=frozenset({"STATUS"}),
    effects=(Touch("PROJECT", "PROJECTID"),),
)

_REQUEST_LINE = Kind(
    "CHANGEREQUESTENTRY",
    "",
    (
        dimension("PROJECTID", "PROJECT"),
        dimension("TASKID", "TASK"),
        dimension("COSTTYPEID", "COSTTYPE"),
        *fields(Type.DECIMAL, "QTY UNITCOST COST UNITPRICE PRICE PRICEMARKUPPERCENT PRICEMARKUPAMOUNT PRODUCTIONUNITS"),
        *fields(Type.TEXT, "EUOM MEMO"),
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        dimension("VENDORID", "VENDOR"),
        dimension("EMPLOYEEID", "EMPLOYEE"),
        dimension("ITEMID", "ITEM"),
        dimension("CLASSID", "CLASS"),
        reference("PROJECTCONTRACTID", "PROJECTCONTRACT", "PROJECTCONTRACTKEY"),
        reference("PROJECTCONTRACTLINEID", "PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEKEY"),
        reference("PJESTIMATEID", "PJESTIMATE", "PJESTIMATEKEY", access=Access.NEVER),
    ),
    system=("RECORDNO", "CHANGEREQUESTKEY"),
    label="change request lines",
)

CHANGEREQUEST = Kind(
    "CHANGEREQUEST",
    "CHANGEREQUESTID",
    (
        *fields(Type.TEXT, "CHANGEREQUESTID", access=Access.CREATE),
        reference("PROJECTID", "PROJECT", "PROJECTKEY"),
        *fields(Type.DATE, "CHANGEREQUESTDATE"),
        *fields(Type.DATE, "COSTEFFECTIVEDATE PRICEEFFECTIVEDATE", access=Access.CREATE),
        *fields(Type.LABEL, "CHANGEREQUESTSTATE CHANGEREQUESTTYPENAME CHANGEREQUESTSTATUSNAME PCNINTEGRATIONLEVEL"),
        *fields(Type.TEXT, "DESCRIPTION"),
        reference("PROJECTCHANGEORDERID", "PROJECTCHANGEORDER", "PROJECTCHANGEORDERKEY"),
        reference("PROJECTCONTRACTID", "PROJECTCONTRACT", "PROJECTCONTRACTKEY"),
        reference("PROJECTCONTRACTLINEID", "PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEKEY"),
        *_ADDITIONAL,
        *fields(Type.DECIMAL, "TOTALCOST TOTALPRICE", access=Access.NEVER),
        lines_field("CHANGEREQUESTENTRIES"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES | {Verb.ACT},
    enforced=True,
    audit_type="changerequest",
    label="change requests",
    lines=Lines(
        "CHANGEREQUESTENTRIES",
        _REQUEST_LINE,
        "CHANGEREQUESTKEY",
        position="RECORDNO",
        named_by=("RECORDNO",),
        required=False,
        removable=True,
    ),
    # A posted request writes its lines to the project's primary estimate, and takes them out again.
    effects=(
        Touch("PJESTIMATE", "PJESTIMATEID", in_lines=True),
        Touch("PROJECTCHANGEORDER", "PROJECTCHANGEORDERID"),
        Touch("PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEID"),
    ),
)

PROJECTCHANGEORDER = Kind(
    "PROJECTCHANGEORDER",
    "PROJECTCHANGEORDERID",
    (
        *fields(Type.TEXT, "PROJECTCHANGEORDERID", access=Access.CREATE),
        reference("PROJECTID", "PROJECT", "PROJECTKEY"),
        *fields(Type.DATE, "PROJECTCHANGEORDERDATE PRICEEFFECTIVEDATE"),
        *fields(Type.LABEL, "PROJECTCHANGEORDERSTATE CHANGEREQUESTSTATUSNAME"),
        *fields(Type.TEXT, "DESCRIPTION"),
        reference("ITEMID", "ITEM", "ITEMKEY"),
        reference("PROJECTCONTRACTID", "PROJECTCONTRACT", "PROJECTCONTRACTKEY"),
        reference("PROJECTCONTRACTLINEID", "PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEKEY"),
        *_ADDITIONAL,
        *fields(Type.DECIMAL, "TOTALCOST TOTALPRICE", access=Access.NEVER),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="projectchangeorder",
    label="project change orders",
    effects=(Touch("PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEID"),),
)

PROJECTCONTRACT = Kind(
    "PROJECTCONTRACT",
    "PROJECTCONTRACTID",
    (
        *fields(Type.TEXT, "PROJECTCONTRACTID", access=Access.CREATE),
        *fields(Type.TEXT, "NAME DESCRIPTION PROJECTCONTRACTTYPEID ARCHITECT.CONTACTNAME"),
        reference("PROJECTID", "PROJECT", "PROJECTKEY"),
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMERKEY"),
        *fields(Type.DATE, "CONTRACTDATE"),
        *fields(Type.BOOLEAN, "BILLABLE POSTED WIPEXCLUDE"),
        *fields(Type.LABEL, "STATUS POSTTO"),
        *fields(Type.DECIMAL, "RETAINAGEPERCENTAGE LASTAPPLICATIONNO"),
        *fields(Type.TEXT, "ORIGINALGLBUDGETID REVISIONGLBUDGETID PENDINGGLBUDGETID APPROVEDGLBUDGETID FORECASTGLBUDGETID OTHERGLBUDGETID"),
        *_ADDITIONAL,
        *fields(Type.DECIMAL, "ORIGINALPRICE REVISIONPRICE APPROVEDCHANGEPRICE PENDINGCHANGEPRICE", access=Access.NEVER),
        *fields(Type.DECIMAL, "FORECASTPRICE OTHERPRICE TOTALREVISEDPRICE", access=Access.NEVER),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    mark="DESCRIPTION",
    audit_type="projectcontract",
    label="project contracts",
)

_CONTRACT_ENTRY = Kind(
    "PROJECTCONTRACTLINEENTRY",
    "",
    (
        *fields(Type.LABEL, "WFTYPE"),
        *fields(Type.DECIMAL, "QTY UNITPRICE PRICE"),
        *fields(Type.DATE, "EFFECTIVEDATE"),
        *fields(Type.TEXT, "MEMO"),
        reference("VENDORID", "VENDOR", "VENDORKEY"),
    ),
    system=("RECORDNO", "PROJECTCONTRACTLINEKEY"),
    label="contract line entries",
)

PROJECTCONTRACTLINE = Kind(
    "PROJECTCONTRACTLINE",
    "PROJECTCONTRACTLINEID",
    (
        reference("PROJECTCONTRACTID", "PROJECTCONTRACT", "PROJECTCONTRACTKEY", access=Access.CREATE),
        *fields(Type.TEXT, "PROJECTCONTRACTLINEID NAME DESCRIPTION"),
        *fields(Type.DATE, "CONTRACTLINEDATE"),
        reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY"),
        *fields(Type.LABEL, "STATUS BILLINGTYPE MAXIMUMBILLING"),
        *fields(Type.DECIMAL, "RETAINAGEPERCENTAGE MAXIMUMBILLINGAMOUNT"),
        *fields(Type.BOOLEAN, "BILLABLE SUMMARIZEBILL GLEXCLUDE"),
        dimension("PROJECTID", "PROJECT"),
        dimension("TASKID", "TASK"),
        dimension("COSTTYPEID", "COSTTYPE"),
        dimension("ITEMID", "ITEM"),
        dimension("VENDORID", "VENDOR"),
        dimension("EMPLOYEEID", "EMPLOYEE"),
        dimension("CLASSID", "CLASS"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        *_ADDITIONAL,
        *fields(Type.DECIMAL, "ORIGINALPRICE REVISIONPRICE APPROVEDCHANGEPRICE PENDINGCHANGEPRICE", access=Access.NEVER),
        *fields(Type.DECIMAL, "FORECASTPRICE OTHERPRICE TOTALREVISEDPRICE", access=Access.NEVER),
        lines_field("PROJECTCONTRACTLINEENTRIES"),
    ),
    WriteMode.LINES_MERGED,
    # The reference gives no function that deletes one (intacct-objects.json).
    frozenset({Verb.CREATE, Verb.UPDATE, Verb.ACT}),
    enforced=True,
    within="PROJECTCONTRACTID",
    audit_type="projectcontractline",
    label="project contract lines",
    lines=Lines(
        "PROJECTCONTRACTLINEENTRIES",
        _CONTRACT_ENTRY,
        "PROJECTCONTRACTLINEKEY",
        position="RECORDNO",
        named_by=("RECORDNO",),
        required=False,
        removable=True,
    ),
    effects=(Touch("PROJECTCONTRACT", "PROJECTCONTRACTID"),),
)
