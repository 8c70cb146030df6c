"""The kinds of Intacct records that Tieout reads and writes (intacct-xml §3A, §3B; intacct-objects.json)."""

from __future__ import annotations

from dataclasses import replace

from tieout.core.ports import Verb
from tieout.intacct.catalogue import Access, Catalogue, Field, Kind, Type, WriteMode, fields, reference

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE})
_ADDRESS = "ADDRESS1 ADDRESS2 ADDRESS3 CITY STATE ZIP COUNTRY"
_CONTACT = "COMPANYNAME PREFIX FIRSTNAME LASTNAME INITIAL PHONE1 PHONE2 CELLPHONE PAGER FAX EMAIL1 EMAIL2 URL1 URL2"


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

CUSTOMER = Kind(
    "CUSTOMER",
    "CUSTOMERID",
    (
        *fields(Type.TEXT, "CUSTOMERID NAME"),
        *fields(Type.LABEL, "STATUS CUSTTYPE"),
        reference("PARENTID", "CUSTOMER", "PARENTKEY"),
        *fields(Type.TEXT, "CUSTREPID GLGROUP TERRITORYID TERMNAME TAXID CURRENCY COMMENTS SUPDOCID RESALENO"),
        *fields(Type.DECIMAL, "CREDITLIMIT RETAINAGEPERCENTAGE"),
        *fields(Type.BOOLEAN, "ONETIME ONHOLD"),
        *fields(Type.TEXT, "PRINTAS", prefix="DISPLAYCONTACT."),
        *fields(Type.TEXT, "CONTACTNAME", prefix="DISPLAYCONTACT.", access=Access.CREATE),
        *fields(Type.TEXT, _CONTACT, prefix="DISPLAYCONTACT."),
        *fields(Type.BOOLEAN, "TAXABLE", prefix="DISPLAYCONTACT."),
        *fields(Type.TEXT, _ADDRESS, prefix="DISPLAYCONTACT.MAILADDRESS."),
        *fields(Type.TEXT, "CONTACTINFO.CONTACTNAME BILLTO.CONTACTNAME SHIPTO.CONTACTNAME"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="customer",
    label="customers",
)

EMPLOYEE = Kind(
    "EMPLOYEE",
    "EMPLOYEEID",
    (
        *fields(Type.TEXT, "EMPLOYEEID TITLE"),
        # Written under PERSONALINFO, read under CONTACT (intacct-xml §3B).
        Field("PERSONALINFO.CONTACTNAME", column="CONTACT.CONTACTNAME"),
        *fields(Type.LABEL, "STATUS EMPLOYEETYPE"),
        reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY"),
        reference("LOCATIONID", "LOCATION", "LOCATIONKEY"),
        *fields(Type.DATE, "STARTDATE ENDDATE"),
        *fields(Type.TEXT, "CURRENCY"),
        *fields(
            Type.TEXT,
            "CONTACT.PRINTAS CONTACT.FIRSTNAME CONTACT.LASTNAME CONTACT.EMAIL1 CONTACT.EMAIL2 CONTACT.PHONE1",
            access=Access.NEVER,
        ),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="employee",
    label="employees",
)

LOCATION = Kind(
    "LOCATION",
    "LOCATIONID",
    (
        *fields(Type.TEXT, "LOCATIONID"),
        Field("NAME", column="NAME", always_sent=True),
        *fields(Type.LABEL, "STATUS"),
        reference("PARENTID", "LOCATION", "PARENTKEY"),
        *fields(Type.DATE, "STARTDATE ENDDATE"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="location",
    label="locations",
)

LOCATIONENTITY = Kind(
    "LOCATIONENTITY",
    "LOCATIONID",
    (
        *fields(Type.TEXT, "LOCATIONID NAME", access=Access.NEVER),
        *fields(Type.LABEL, "STATUS", access=Access.NEVER),
        *fields(Type.TEXT, "CURRENCY", access=Access.NEVER),
    ),
    label="entities",
)

DEPARTMENT = Kind(
    "DEPARTMENT",
    "DEPARTMENTID",
    (
        *fields(Type.TEXT, "DEPARTMENTID TITLE"),
        *fields(Type.LABEL, "STATUS"),
        reference("PARENTID", "DEPARTMENT", "PARENTKEY"),
        *fields(Type.TEXT, "CUSTTITLE"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="department",
    label="departments",
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

KINDS: Catalogue = {
    kind.name: kind for kind in (PROJECT, CUSTOMER, LOCATIONENTITY, LOCATION, DEPARTMENT, EMPLOYEE, PROJECTSTATUS, PROJECTTYPE)
}


def narrowed(kind: Kind, columns: frozenset[str]) -> Kind:
    """The kind as a company has it, where only some columns can be selected.

    A reference whose key column is missing keeps its natural key column; a field without any column is no longer read.
    """
    kept = tuple(
        replace(
            each, column=each.column if each.column in columns else "", key_column=each.key_column if each.key_column in columns else ""
        )
        for each in kind.fields
    )
    return replace(kind, fields=kept, has_modified=kind.has_modified and "WHENMODIFIED" in columns)
