"""Tables of project estimates and of the budgets they post to (intacct-xml §3A PJESTIMATE, PJESTIMATETYPE)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.construction import line_dimensions, pick, quantities, workflow
from tieout.sandbox.intacct.catalogue.costs import stated
from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.catalogue.tasks import project_ref
from tieout.sandbox.intacct.fields import (
    SEARCH,
    WRITE,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Keeping,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    flag,
    recordno,
    status,
    text,
)

_CATEGORIES = ("Current Estimate", "Original Estimate")
_FORECASTS = tuple(f"{age} Forecast - {end} Completion" for end in ("At", "To") for age in ("Current", "Historical", "Future"))

PJESTIMATETYPE = Kind(
    "PJESTIMATETYPE",
    "Project Estimate Type",
    "Project Estimate Types",
    key="NAME",
    functions=WRITE,
    fields=(
        recordno(),
        stated("NAME", 80, "Name", Need.YES),
        workflow("SELECTEDWFTYPES", default="", many=True),
        pick("ESTIMATECATEGORY", *_CATEGORIES, *_FORECASTS),
        status(),
    ),
)

PJESTIMATE = Kind(
    "PJESTIMATE",
    "Project Estimate",
    "Project Estimates",
    key="PJESTIMATEID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("PJESTIMATEID", label="Project estimate ID", need=Need.UNNUMBERED, max=40),
        stated("DESCRIPTION", 1000),
        Field("PROJECTID", label="Project", need=Need.YES, create_only=True, ref=project_ref()),
        flag("ISPRIMARY"),
        flag("POSTED"),
        Field("PJESTIMATETYPENAME", ref=Ref("PJESTIMATETYPE", "NAME", "PJESTIMATETYPEKEY", "PJESTIMATETYPE")),
        Field("GLBUDGETID", label="GL budget", ref=Ref("GLBUDGETHEADER", "BUDGETID", "GLBUDGETKEY", "GLBUDGETHEADER")),
        Field("ESTIMATEDATE", Type.DATE, "Estimate date"),
        pick("POSTTO", "First period", "All periods", "Estimate date", "Effective date", default="First period"),
        Field(
            "STATUS",
            Type.ENUM,
            "Status",
            choices=(Choice("active", "T"), Choice("inactive", "F"), Choice("finalized", "X")),
            default="active",
        ),
        Field("TOTALAMOUNT", Type.CURRENCY, read_only=True, default="0"),
    ),
    numbering="EST-",
    owned=(
        Owned(
            "ENTRIES",
            "PJESTIMATEENTRY",
            "PJESTIMATEKEY",
            keeping=Keeping.MERGE,
            carries={"PJESTIMATEID": "PJESTIMATEID", "PROJECTID": "PROJECTID", "PROJECTDIMKEY": "PROJECTKEY"},
        ),
    ),
    cascades=("GLBUDGETITEM",),
)

PJESTIMATEENTRY = Kind(
    "PJESTIMATEENTRY",
    "Project Estimate Entry",
    "Project Estimate Entries",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    fields=(
        recordno(),
        Field(
            "PJESTIMATEID",
            label="Project estimate",
            need=Need.YES,
            create_only=True,
            ref=Ref(
                "PJESTIMATE",
                "PJESTIMATEID",
                "PJESTIMATEKEY",
                "PJESTIMATE",
                {},
                "Invalid Project Estimate '{value}' specified.",
                fills={"PROJECTID": "PROJECTID", "PROJECTDIMKEY": "PROJECTKEY"},
            ),
        ),
        Field("PROJECTID", read_only=True, ref=project_ref("PROJECTDIMKEY")),
        *quantities(),
        Field("AMOUNT", Type.CURRENCY, "Amount"),
        workflow(),
        Field("EFFECTIVEDATE", Type.DATE, "Effective date"),
        *line_dimensions("PROJECTID", "WAREHOUSEID"),
        Field(
            "CHANGEREQUESTKEY",
            Type.INTEGER,
            read_only=True,
            ref=Ref("CHANGEREQUEST", "RECORDNO", "CHANGEREQUESTKEY", "CHANGEREQUEST", {"CHANGEREQUESTID": "CHANGEREQUESTID"}),
        ),
        Field(
            "CHANGEREQUESTENTRYKEY",
            Type.INTEGER,
            read_only=True,
            ref=Ref("CHANGEREQUESTENTRY", "RECORDNO", "CHANGEREQUESTENTRYKEY", "CHANGEREQUESTENTRY"),
        ),
    ),
    cascades=("GLBUDGETITEM",),
)

GLBUDGETHEADER = Kind(
    "GLBUDGETHEADER",
    "Budget",
    "Budgets",
    key="BUDGETID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("BUDGETID", label="Budget ID", need=Need.YES, create_only=True, max=60),
        Field("DESCRIPTION", label="Description", need=Need.YES, max=200),
        Field("DEFAULT_BUDGET", Type.BOOLEAN, default="false"),
        Field("ISCONSOLIDATED", Type.BOOLEAN, default="false"),
        Field("CURRENCY", label="Currency", max=3),
        Field("ISPCNBUDGET", Type.BOOLEAN, read_only=True, default="false"),
        status(),
    ),
    # The container is spelt so by the vendor (objects table GLBUDGETHEADER).
    owned=(Owned("GLBDUGETITEMS", "GLBUDGETITEM", "BUDGETKEY", keeping=Keeping.MERGE, carries={"BUDGETID": "BUDGETID"}),),
    shared=True,
)

# The first and last day of a budget item's period; public taps order by the second (intacct-xml §9.4).
_DAYS = {"PBEGINDATE": "START_DATE", "PENDDATE": "END_DATE"}

GLBUDGETITEM = Kind(
    "GLBUDGETITEM",
    "Budget Item",
    "Budget Items",
    key="RECORDNO",
    functions=SEARCH | {"delete"},
    fields=(
        recordno(),
        Field("BUDGETKEY", Type.INTEGER, read_only=True, ref=Ref("GLBUDGETHEADER", "RECORDNO", "BUDGETKEY", "GLBUDGETHEADER")),
        Field("BUDGETID", read_only=True),
        Field("ACCT_NO", label="Account", need=Need.YES, ref=account_ref()),
        Field(
            "PERIODNAME",
            label="Period",
            need=Need.YES,
            ref=Ref("REPORTINGPERIOD", "NAME", "PERIODKEY", "REPORTINGPERIOD", _DAYS, "Invalid Reporting Period '{value}' specified."),
        ),
        Field("LOCATION_NO", ref=Ref("LOCATION", "LOCATIONID", "LOCATIONKEY", "LOCATION", {}, "The location '{value}' is invalid.")),
        Field("DEPT_NO", ref=Ref("DEPARTMENT", "DEPARTMENTID", "DEPTKEY", "DEPARTMENT", {}, "The department '{value}' is invalid.")),
        Field("AMOUNT", Type.CURRENCY, "Amount", Need.YES),
        *text("PROJECTID", "TASKID", "COSTTYPEID"),
        Field("PJESTIMATEKEY", Type.INTEGER, read_only=True, ref=Ref("PJESTIMATE", "RECORDNO", "PJESTIMATEKEY", "PJESTIMATE")),
        Field(
            "PJESTIMATEENTRYKEY",
            Type.INTEGER,
            read_only=True,
            ref=Ref("PJESTIMATEENTRY", "RECORDNO", "PJESTIMATEENTRYKEY", "PJESTIMATEENTRY"),
        ),
    ),
    shared=True,
)

KINDS = (PJESTIMATETYPE, PJESTIMATE, PJESTIMATEENTRY, GLBUDGETHEADER, GLBUDGETITEM)
