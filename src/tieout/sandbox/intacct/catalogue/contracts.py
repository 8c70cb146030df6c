"""Tables of project contracts, their lines and types (objects table PROJECTCONTRACT*)."""

from __future__ import annotations

from dataclasses import replace

from tieout.sandbox.intacct.catalogue.construction import CONTRACT, labels, line_dimensions, pick, references, schedule, scope, workflow
from tieout.sandbox.intacct.catalogue.dimensions import account_ref, customer_ref
from tieout.sandbox.intacct.catalogue.tasks import project_ref, supdoc
from tieout.sandbox.intacct.fields import (
    SEARCH,
    WRITE,
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

# Sums over the entries of the lines, by workflow type (intacct-rest, project-contract summary).
SUMS = {
    "ORIGINALPRICE": "original",
    "REVISIONPRICE": "revision",
    "APPROVEDCHANGEPRICE": "approved change",
    "PENDINGCHANGEPRICE": "pending change",
    "FORECASTPRICE": "forecast",
    "OTHERPRICE": "other",
}
REVISED = ("ORIGINALPRICE", "REVISIONPRICE", "APPROVEDCHANGEPRICE")
_BUDGETS = ("ORIGINAL", "REVISION", "PENDING", "APPROVED", "FORECAST", "OTHER")


def _required(field: Field) -> Field:
    return replace(field, need=Need.YES) if field.name in {"ITEMID", "PROJECTID"} else field


def _sums() -> tuple[Field, ...]:
    return tuple(Field(name, Type.CURRENCY, read_only=True, default="0") for name in (*SUMS, "TOTALREVISEDPRICE"))


PROJECTCONTRACTTYPE = Kind(
    "PROJECTCONTRACTTYPE",
    "Project Contract Type",
    "Project Contract Types",
    key="PROJECTCONTRACTTYPEID",
    functions=WRITE - {"readByQuery"},
    fields=(
        recordno(),
        Field("PROJECTCONTRACTTYPEID", label="Project contract type ID", need=Need.YES, max=20),
        Field("PROJECTCONTRACTTYPENAME", label="Name", need=Need.YES, max=80),
        status(),
    ),
)

PROJECTCONTRACT = Kind(
    "PROJECTCONTRACT",
    "Project Contract",
    "Project Contracts",
    key="PROJECTCONTRACTID",
    functions=WRITE - {"readByQuery"},
    fields=(
        recordno(),
        Field("PROJECTCONTRACTID", label="Project contract ID", need=Need.UNNUMBERED, max=40),
        Field("NAME", label="Name", need=Need.YES, max=200),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref()),
        Field("CUSTOMERID", label="Customer", need=Need.YES, ref=customer_ref()),
        Field("CONTRACTDATE", Type.DATE, "Contract date", Need.YES),
        flag("BILLABLE"),
        *text("DESCRIPTION", max=1000),
        Field(
            "PROJECTCONTRACTTYPEID",
            ref=Ref("PROJECTCONTRACTTYPE", "PROJECTCONTRACTTYPEID", "PROJECTCONTRACTTYPEKEY", "PROJECTCONTRACTTYPE"),
        ),
        Field("ARCHITECT.CONTACTNAME", ref=Ref("CONTACT", "CONTACTNAME", "ARCHITECTKEY", "ARCHITECT")),
        supdoc(),
        status(),
        Field("RETAINAGEPERCENTAGE", Type.PERCENT),
        Field("LASTAPPLICATIONNO", Type.DECIMAL),
        *scope(),
        *schedule(),
        *references(),
        flag("POSTED"),
        pick(
            "POSTTO",
            *("Project contract date", "Project begin date", "Project contract line date", "Entry effective date"),
            default="Project contract date",
        ),
        *(Field(f"{name}GLBUDGETID", ref=Ref("GLBUDGETHEADER", "BUDGETID", f"{name}GLBUDGETKEY", "")) for name in _BUDGETS),
        flag("WIPEXCLUDE"),
        *_sums(),
    ),
    numbering="PCN-",
    cascades=("PROJECTCONTRACTLINE",),
)

PROJECTCONTRACTLINE = Kind(
    "PROJECTCONTRACTLINE",
    "Project Contract Line",
    "Project Contract Lines",
    key="PROJECTCONTRACTLINEID",
    functions=(SEARCH | {"create", "update"}) - {"readByQuery"},
    scope=("PROJECTCONTRACTKEY",),
    fields=(
        recordno(),
        Field(
            "PROJECTCONTRACTID",
            label="Project contract",
            need=Need.YES,
            create_only=True,
            ref=Ref("PROJECTCONTRACT", "PROJECTCONTRACTID", "PROJECTCONTRACTKEY", "PROJECTCONTRACT", {}, CONTRACT),
        ),
        Field("PROJECTCONTRACTLINEID", label="Project contract line ID", need=Need.YES, max=40),
        Field("NAME", label="Name", need=Need.YES, max=200),
        *text("DESCRIPTION", max=1000),
        Field(
            "PARENTID",
            ref=Ref(
                "PROJECTCONTRACTLINE",
                "PROJECTCONTRACTLINEID",
                "PARENTKEY",
                "PARENT",
                {"PARENTNAME": "NAME"},
                within={"PROJECTCONTRACTKEY": "PROJECTCONTRACTKEY"},
            ),
        ),
        status(),
        Field("CONTRACTLINEDATE", Type.DATE, "Contract line date", Need.YES),
        Field("ACCOUNTNO", label="Account", need=Need.YES, ref=account_ref()),
        Field("RETAINAGEPERCENTAGE", Type.PERCENT),
        flag("BILLABLE"),
        Field("BILLINGTYPE", Type.ENUM, "Billing type", Need.YES, choices=labels("Progress", "TM")),
        Field(
            "MAXIMUMBILLING",
            Type.ENUM,
            "Maximum billing",
            Need.YES,
            choices=labels("Total revised price", "Specified amount", "No maximum"),
            default="Total revised price",
        ),
        Field("MAXIMUMBILLINGAMOUNT", Type.CURRENCY),
        flag("SUMMARIZEBILL"),
        *scope(),
        *schedule(),
        *references(),
        supdoc(),
        *text(*(f"{name}RATETABLEID" for name in ("DEFAULT", "TS", "PO", "AP", "GL", "CC", "EE")), max=40),
        *(_required(each) for each in line_dimensions("CUSTOMERID")),
        flag("GLEXCLUDE"),
        *_sums(),
    ),
    owned=(
        Owned(
            "PROJECTCONTRACTLINEENTRIES",
            "PROJECTCONTRACTLINEENTRY",
            "PROJECTCONTRACTLINEKEY",
            keeping=Keeping.MERGE,
            number="LINENO",
        ),
    ),
    tree="PARENTID",
)

# The reference names the entries but none of their fields; these are inferred from the sums and from estimate entries.
PROJECTCONTRACTLINEENTRY = Kind(
    "PROJECTCONTRACTLINEENTRY",
    "Project Contract Line Entry",
    "Project Contract Line Entries",
    key="RECORDNO",
    functions=(SEARCH | {"delete"}) - {"readByQuery"},
    fields=(
        recordno(),
        Field(
            "PROJECTCONTRACTLINEKEY",
            Type.INTEGER,
            need=Need.YES,
            read_only=True,
            ref=Ref("PROJECTCONTRACTLINE", "RECORDNO", "PROJECTCONTRACTLINEKEY", "PROJECTCONTRACTLINE"),
        ),
        Field("LINENO", Type.INTEGER, read_only=True),
        workflow(),
        Field("QTY", Type.DECIMAL),
        Field("UNITPRICE", Type.CURRENCY),
        Field("PRICE", Type.CURRENCY, "Price"),
        Field("EFFECTIVEDATE", Type.DATE),
        *text("MEMO", max=2000),
        Field("VENDORID", ref=Ref("VENDOR", "VENDORID", "VENDORKEY", "VENDOR", {"VENDORNAME": "NAME"})),
    ),
)

KINDS = (PROJECTCONTRACTTYPE, PROJECTCONTRACT, PROJECTCONTRACTLINE, PROJECTCONTRACTLINEENTRY)
