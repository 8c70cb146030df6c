"""Tables of projects and what they are sorted by (intacct-xml §3A PROJECT, PROJECTSTATUS, PROJECTTYPE)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import class_ref, contact_ref, department_ref, location_ref
from tieout.sandbox.intacct.fields import (
    READ,
    STATUS_READ_NON_POSTING,
    WRITE,
    Choice,
    Field,
    Guard,
    Kind,
    Lines,
    Need,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    status,
    text,
)

CATEGORIES = ("Contract", "Capitalized", "Internal Non-Billable", "Internal Billable")

PROJECTTYPE = Kind(
    "PROJECTTYPE",
    "Project Type",
    "Project Types",
    key="NAME",
    functions=READ,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        Field("PARENTNAME", ref=Ref("PROJECTTYPE", "NAME", "PARENTKEY", "PARENT")),
        status(),
    ),
    tree="PARENTNAME",
    shared=True,
)

PROJECTSTATUS = Kind(
    "PROJECTSTATUS",
    "Project Status",
    "Project Statuses",
    key="NAME",
    functions=READ,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        *text("DESCRIPTION", max=200),
        flag("PREVENTTIMESHEET"),
        flag("PREVENTEXPENSE"),
        flag("PREVENTAPPO"),
        flag("PREVENTGENINVOICE"),
        status(),
    ),
    shared=True,
)

# What entry each flag of a project's status forbids, by line object, and the word for it; the recorded words are those of
# expenses (intacct-xml §3A PROJECT, §5.2).
BLOCKED = {
    "TIMESHEETENTRY": ("PREVENTTIMESHEET", "timesheet submittal"),
    "EEXPENSESITEM": ("PREVENTEXPENSE", "expense submittal"),
    "APBILLITEM": ("PREVENTAPPO", "AP and purchasing entry"),
    "APADJUSTMENTITEM": ("PREVENTAPPO", "AP and purchasing entry"),
    "PODOCUMENTENTRY": ("PREVENTAPPO", "AP and purchasing entry"),
    "ARINVOICEITEM": ("PREVENTGENINVOICE", "invoice entry"),
}


def status_guards(kind: str) -> tuple[Guard, ...]:
    """What keeps lines of this object from naming a project whose status prevents them; none for most objects."""
    if kind not in BLOCKED:
        return ()
    flag_name, entry = BLOCKED[kind]
    wording = f"The Project '{{value}}' has a project status that prevents {entry}."
    return (Guard("PROJECTID", "PROJECTSTATUSKEY", "PROJECTSTATUS", flag_name, wording),)


# Listed by lookup, refused by query (intacct-xml §2.6).
_GRANT = ("CFDA", "FUNDEDNAME", "AGENCY", "FUNDINGOTHERID", "RESTRICTIONEXPIRY")


def _pick(name: str, *labels: str, selectable: bool = True) -> Field:
    return Field(name, Type.ENUM, choices=tuple(Choice(label, label) for label in labels), selectable=selectable)


PROJECT = Kind(
    "PROJECT",
    "Project",
    "Projects",
    key="PROJECTID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("PROJECTID", label="Project ID", need=Need.UNNUMBERED, max=20),
        Field("NAME", label="Name", need=Need.YES, max=100),
        *text("DESCRIPTION", max=1000),
        Field("CURRENCY", max=3),
        Field("PROJECTCATEGORY", Type.ENUM, "Project category", Need.YES, choices=tuple(Choice(each, each) for each in CATEGORIES)),
        Field("PROJECTSTATUS", ref=Ref("PROJECTSTATUS", "NAME", "PROJECTSTATUSKEY", "PROJECTSTATUS")),
        Field("PROJECTTYPE", ref=Ref("PROJECTTYPE", "NAME", "PROJECTTYPEKEY", "PROJECTTYPE")),
        Field(
            "PARENTID",
            ref=Ref("PROJECT", "PROJECTID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"}, "Invalid Project '{value}' specified."),
        ),
        flag("INVOICEWITHPARENT"),
        status(STATUS_READ_NON_POSTING),
        Field(
            "CUSTOMERID",
            ref=Ref(
                "CUSTOMER", "CUSTOMERID", "CUSTOMERKEY", "CUSTOMER", {"CUSTOMERNAME": "NAME"}, "Customer '{value}' specified is not valid."
            ),
        ),
        Field(
            "MANAGERID",
            ref=Ref(
                "EMPLOYEE",
                "EMPLOYEEID",
                "MANAGERKEY",
                "MANAGER",
                {"MANAGERCONTACTNAME": "CONTACT.CONTACTNAME"},
                "The employee '{value}' is invalid.",
            ),
        ),
        Field("CUSTUSERID", ref=Ref("USERINFO", "LOGINID", "CUSTUSERKEY", "CUSTUSER", {}, "Login ID {value} does not exist.")),
        Field(
            "SALESCONTACTID",
            ref=Ref(
                "EMPLOYEE",
                "EMPLOYEEID",
                "SALESCONTACTKEY",
                "SALESCONTACT",
                {"SALESCONTACTNAME": "CONTACT.CONTACTNAME"},
                "The employee '{value}' is invalid.",
            ),
        ),
        *text("DOCNUMBER", "USERRESTRICTIONS", max=100),
        *(Field(name, max=200, selectable=False) for name in _GRANT),
        _pick("PAYER", "Federal", "Third-party", selectable=False),
        _pick("ASSISTANCETYPE", "Cash", "Non-cash", selectable=False),
        _pick("REVRESTRICTION", "Purpose", "Time", "NA", selectable=False),
        Field("RESTRICTIONEXPIRATIONDATE", Type.DATE, selectable=False),
        Field("TIMESATISFACTIONSCHEDULED", Type.BOOLEAN, selectable=False),
        Field("CONTACTINFO.CONTACTNAME", ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        Field("BILLTO.CONTACTNAME", ref=contact_ref("BILLTO", "BILLTOKEY")),
        Field("SHIPTO.CONTACTNAME", ref=contact_ref("SHIPTO", "SHIPTOKEY")),
        Field("TERMNAME", ref=Ref("ARTERM", "NAME", "TERMSKEY", "ARTERM")),
        *text("BILLINGTYPE", max=100),
        *dates("BEGINDATE", "ENDDATE"),
        Field("DEPARTMENTID", ref=department_ref()),
        Field("LOCATIONID", need=Need.MULTI_ENTITY, ref=location_ref()),
        Field("CLASSID", ref=class_ref()),
        Field("SUPDOCID", ref=Ref("SUPDOC", "SUPDOCID", "SUPDOCKEY", "")),
        flag("BILLABLEEXPDEFAULT"),
        flag("BILLABLEAPPODEFAULT"),
        *text("SONUMBER", "PONUMBER", "PQNUMBER", max=100),
        Field("POAMOUNT", Type.CURRENCY),
        Field("CONTRACTAMOUNT", Type.CURRENCY),
        *text("BILLINGPRICING", "EXPENSEPRICING", "POAPPRICING", max=100),
        *(Field(name, Type.DECIMAL) for name in ("BILLINGRATE", "EXPENSERATE", "POAPRATE")),
        Field("BUDGETAMOUNT", Type.CURRENCY),
        Field("BUDGETEDCOST", Type.CURRENCY),
        Field("BUDGETQTY", Type.DECIMAL),
        Field("BUDGETID", ref=Ref("GLBUDGETHEADER", "BUDGETID", "BUDGETKEY", "")),
        *text("INVOICEMESSAGE", max=1000),
        Field("INVOICECURRENCY", max=3),
        *(Field(name, max=4000, max_stated=True) for name in ("SCOPE", "INCLUSIONS", "EXCLUSIONS", "TERMS")),
        *dates("SCHEDULEDSTARTDATE", "ACTUALSTARTDATE", "SCHEDULEDCOMPLETIONDATE", "REVISEDCOMPLETIONDATE"),
        *dates("SUBSTANTIALCOMPLETIONDATE", "ACTUALCOMPLETIONDATE", "NOTICETOPROCEED", "RESPONSEDUE", "EXECUTEON"),
        Field("SCHEDULEDIMPACT", max=100, max_stated=True),
    ),
    lines=(Lines("PROJECT_RULES", (Field("RULENAME", need=Need.YES, max=80),)),),
    numbering="PROJ-",
    tree="PARENTID",
    depth=5,  # sage-psa §5.2
    cascades=("PROJECTRESOURCES", "TASKRESOURCES"),
    wrapper="project",
)

KINDS = (PROJECTTYPE, PROJECTSTATUS, PROJECT)
