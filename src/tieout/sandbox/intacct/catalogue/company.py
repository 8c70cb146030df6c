"""Tables of the company itself: entities, locations, departments, classes, users, audit trail (intacct-xml §3B, §4.2)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import READ, SEARCH, WRITE, Choice, Field, Kind, Lines, Need, Ref, Type, dates, recordno, status, text
from tieout.sandbox.intacct.fields import flag as boolean

EMPLOYEE_REF = Ref(
    "EMPLOYEE", "EMPLOYEEID", "SUPERVISORKEY", "SUPERVISOR", {"SUPERVISORNAME": "CONTACT.CONTACTNAME"}, "The employee '{value}' is invalid."
)


def location_ref(path: str = "LOCATION", key: str = "LOCATIONKEY", name: str = "LOCATIONNAME") -> Ref:
    """A reference to a location; in an entity session only that entity's own are accepted."""
    return Ref("LOCATION", "LOCATIONID", key, path, {name: "NAME"}, "The location '{value}' is invalid.", entity_bound=True)


def department_ref() -> Ref:
    """A reference to a department."""
    return Ref(
        "DEPARTMENT", "DEPARTMENTID", "DEPARTMENTKEY", "DEPARTMENT", {"DEPARTMENTNAME": "TITLE"}, "The department '{value}' is invalid."
    )


def class_ref() -> Ref:
    """A reference to a class."""
    return Ref("CLASS", "CLASSID", "CLASSKEY", "CLASS", {"CLASSNAME": "NAME"}, "Invalid Class '{value}' specified.")


def contact_ref(container: str, key: str, wording: str = "Invalid Contact '{value}' specified.") -> Ref:
    """A reference to a contact written as CONTAINER/CONTACTNAME."""
    return Ref("CONTACT", "CONTACTNAME", key, container, {}, wording)


LOCATION = Kind(
    "LOCATION",
    "Location",
    "Locations",
    key="LOCATIONID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("LOCATIONID", label="Location ID", need=Need.YES, max=20),
        Field("NAME", label="Name", need=Need.YES, need_on_update=True, max=80),
        Field(
            "PARENTID",
            ref=Ref("LOCATION", "LOCATIONID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"}, "The location '{value}' is invalid."),
        ),
        Field("SUPERVISORID", ref=EMPLOYEE_REF),
        Field("CONTACTINFO.CONTACTNAME", ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        Field("SHIPTO.CONTACTNAME", ref=contact_ref("SHIPTO", "SHIPTOKEY")),
        *dates("STARTDATE", "ENDDATE"),
        *text("CUSTTITLE", max=100),
        status(),
        Field("CURRENCY", read_only=True),
    ),
    tree="PARENTID",
    shared=True,
)

LOCATIONENTITY = Kind(
    "LOCATIONENTITY",
    "Entity",
    "Entities",
    key="LOCATIONID",
    functions=READ,
    fields=(
        recordno(),
        Field("LOCATIONID", label="Entity ID", need=Need.YES, max=20, ref=Ref("LOCATION", "LOCATIONID", "LOCATIONKEY", "LOCATION", {}, "")),
        Field("NAME", label="Name", need=Need.YES, max=80),
        Field("REPORTPRINTAS", max=80),
        Field("SUPERVISORID", ref=EMPLOYEE_REF),
        *text("FIRSTMONTH", "FIRSTMONTHTAX", "WEEKSTART", "FEDERALID"),
        *dates("STARTDATE", "ENDDATE"),
        status(),
        Field("HAS_IE_RELATION", Type.BOOLEAN, default="false"),
        *text("CUSTOMERID", "CUSTOMERNAME", "VENDORID", "VENDORNAME", "CURRENCY", "TAXID"),
        Field("ENABLELEGALCONTACT", Type.BOOLEAN, default="false"),
        *text("LEGALNAME", "LEGALADDRESS1", "LEGALADDRESS2", "LEGALCITY", "LEGALSTATE", "LEGALZIPCODE", "LEGALCOUNTRY"),
        *text("OPCOUNTRY", "ADDRESSCOUNTRYDEFAULT"),
    ),
    shared=True,
)

DEPARTMENT = Kind(
    "DEPARTMENT",
    "Department",
    "Departments",
    key="DEPARTMENTID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("DEPARTMENTID", label="Department ID", need=Need.YES, max=20),
        Field("TITLE", label="Name", need=Need.YES, max=80),
        Field(
            "PARENTID",
            ref=Ref("DEPARTMENT", "DEPARTMENTID", "PARENTKEY", "PARENT", {"PARENTNAME": "TITLE"}, "The department '{value}' is invalid."),
        ),
        Field("SUPERVISORID", ref=EMPLOYEE_REF),
        *text("CUSTTITLE", max=100),
        status(),
    ),
    tree="PARENTID",
)

CLASS = Kind(
    "CLASS",
    "Class",
    "Classes",
    key="CLASSID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("CLASSID", label="Class ID", need=Need.YES, max=20),
        Field("NAME", label="Name", need=Need.YES, max=80),
        *text("DESCRIPTION", max=500),
        Field("PARENTID", ref=Ref("CLASS", "CLASSID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"}, "Invalid Class '{value}' specified.")),
        status(),
    ),
    tree="PARENTID",
)

USERTYPES = (
    ("business user", "B"),
    ("employee user", "E"),
    ("view only user", "R"),
    ("warehouse user", "W"),
    ("dashboard user", "D"),
    ("project manager user", "P"),
    ("construction manager user", "C"),
    ("payment approver", "A"),
    ("platform user", "T"),
    ("CRM user", "S"),
)

# What a new user's contact is made of, where none that exists is named (objects table USERINFO.CONTACTINFO).
USER_CONTACT = ("LASTNAME", "FIRSTNAME", "EMAIL1")

USERINFO = Kind(
    "USERINFO",
    "User",
    "Users",
    key="LOGINID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("LOGINID", label="User ID", need=Need.YES, max=80),
        *text("DESCRIPTION", max=100),
        Field("CONTACTINFO.CONTACTNAME", create_only=True, ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        *(Field(f"CONTACTINFO.{name}", create_only=True, max=80, write_only=True) for name in USER_CONTACT),
        Field("USERTYPE", Type.ENUM, choices=tuple(Choice(label, code) for label, code in USERTYPES), default="business user"),
        # The page lists the first two; the vendor's SDKs write the third (intacct-xml §9.1).
        Field("STATUS", Type.ENUM, choices=(Choice("active", "T"), Choice("lockedout", "L"), Choice("inactive", "F")), default="active"),
        boolean("LOGINDISABLED"),
        boolean("SSO_ENABLED"),
        *text("SSO_FEDERATED_ID"),
    ),
    lines=(
        Lines("USERLOCATIONS", (Field("LOCATIONID", need=Need.YES, ref=location_ref("", "", "")),)),
        Lines("USERDEPARTMENTS", (Field("DEPARTMENTID", need=Need.YES, ref=department_ref()),)),
        Lines("USERTERRITORIES", (Field("TERRITORYID", need=Need.YES, ref=Ref("TERRITORY", "NAME", "", "")),)),
    ),
    shared=True,
)

AUDITHISTORY = Kind(
    "AUDITHISTORY",
    "Audit History",
    "Audit History",
    key="RECORDNO",
    functions=frozenset({"lookup", "query", "readByQuery"}),
    fields=(
        recordno(),
        Field("ID", Type.INTEGER, read_only=True, derived="{RECORDNO}"),  # the key public taps read it by (intacct-xml §9.4)
        Field("OBJECTTYPE", need=Need.YES),
        Field("OBJECTKEY", need=Need.YES),
        *text("OBJECTDESC", "USERID"),
        Field("ACCESSTIME", Type.TIMESTAMP),
        Field("ACCESSMODE", need=Need.YES),
        Field("SOURCE", default="ui"),
    ),
    shared=True,
    stamped=False,
)

# Read with get_list alone; written by the smart events themselves (intacct-xml §8).
SMARTEVENTLOG = Kind(
    "SMARTEVENTLOG",
    "Smart Event Log",
    "Smart Event Logs",
    key="RECORDNO",
    functions=frozenset(),
    fields=(
        recordno(),
        *(Field(name, read_only=True) for name in ("SMARTLINKID", "TOPIC", "OWNEROBJECT")),
        Field("TIMESTAMP", Type.TIMESTAMP, read_only=True),
        *(Field(name, read_only=True) for name in ("USERID", "OBJECTKEY")),
    ),
    shared=True,
    stamped=False,
)

# On no page of the reference; a public tap looks it up before it begins (intacct-xml §9.4), so it is here, empty.
AFFILIATEENTITY = Kind(
    "AFFILIATEENTITY",
    "Affiliate Entity",
    "Affiliate Entities",
    key="AFFILIATEENTITYID",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("AFFILIATEENTITYID", label="Affiliate entity ID", need=Need.YES, max=20),
        Field("NAME", label="Name", need=Need.YES, max=80),
        status(),
    ),
    shared=True,
)

KINDS = (AFFILIATEENTITY, LOCATION, LOCATIONENTITY, DEPARTMENT, CLASS, USERINFO, AUDITHISTORY, SMARTEVENTLOG)
