"""Tables of contacts, customers, employees and what they are sorted by (intacct-xml §3B CUSTOMER, CONTACT, EMPLOYEE)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import class_ref, contact_ref, department_ref, location_ref
from tieout.sandbox.intacct.catalogue.vendors import term
from tieout.sandbox.intacct.fields import (
    READ,
    STATUS_NON_POSTING,
    WRITE,
    Choice,
    Field,
    Kind,
    Lines,
    Need,
    Part,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    status,
    text,
)

CONTACT = Kind(
    "CONTACT",
    "Contact",
    "Contacts",
    key="CONTACTNAME",
    functions=WRITE,
    fields=(
        recordno(),
        Field("CONTACTNAME", label="Contact name", need=Need.YES, max=200),
        Field("PRINTAS", label="Print as", need=Need.YES, max=200),
        *text("COMPANYNAME", max=100),
        flag("TAXABLE", "true"),
        *text("TAXGROUP", "TAXSCHEDULE", "TAXSOLUTIONID", max=100),
        *text("PREFIX", max=20),
        *text("FIRSTNAME", "LASTNAME", max=80),
        *text("INITIAL", max=10),
        *text("PHONE1", "PHONE2", "CELLPHONE", "PAGER", "FAX", max=30),
        Field("EMAIL1", label="Primary Email Address", max=200, email=True),
        Field("EMAIL2", label="Secondary Email Address", max=200, email=True),
        *text("URL1", "URL2", max=200),
        status(),
        *text("MAILADDRESS.ADDRESS1", "MAILADDRESS.ADDRESS2", "MAILADDRESS.ADDRESS3", max=200),
        *text("MAILADDRESS.CITY", max=80),
        *text("MAILADDRESS.STATE", max=40),
        *text("MAILADDRESS.ZIP", max=30),
        *text("MAILADDRESS.COUNTRY", max=60),
        *text("MAILADDRESS.COUNTRYCODE", max=2),
        Field("VISIBLE", Type.BOOLEAN, default="true"),
        *text("TAXID", max=100),
    ),
    wrapper="contact",
    paths={"TAXGROUP": ("TAXGROUPKEY", "CONTACTTAXGROUP")},
)


def _named(name: str, label: str, plural: str, *fields: Field, functions: frozenset[str] = READ, tree: str = "") -> Kind:
    own = (recordno(), Field("NAME", label="Name", need=Need.YES, max=80), *fields, status())
    return Kind(name, label, plural, key="NAME", functions=functions, fields=own, tree=tree, shared=True)


CUSTTYPE = _named("CUSTTYPE", "Customer Type", "Customer Types")
TERRITORY = _named("TERRITORY", "Territory", "Territories")
ARTERM = term("ARTERM", "AR Term", "AR Terms")
EMPLOYEETYPE = _named("EMPLOYEETYPE", "Employee Type", "Employee Types", *text("FORM1099TYPE"))

CUSTOMER = Kind(
    "CUSTOMER",
    "Customer",
    "Customers",
    key="CUSTOMERID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("CUSTOMERID", label="Customer ID", need=Need.UNNUMBERED, max=20),
        Field("NAME", label="Name", need=Need.YES, max=100),
        Field("ENTITY", read_only=True, derived="C{CUSTOMERID}"),
        Field(
            "PARENTID",
            ref=Ref("CUSTOMER", "CUSTOMERID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"}, "Customer '{value}' specified is not valid."),
        ),
        status(STATUS_NON_POSTING),
        flag("ONETIME"),
        flag("HIDEDISPLAYCONTACT"),
        Field("CUSTTYPE", ref=Ref("CUSTTYPE", "NAME", "CUSTTYPEKEY", "CUSTTYPE")),
        Field(
            "CUSTREPID",
            ref=Ref(
                "EMPLOYEE",
                "EMPLOYEEID",
                "CUSTREPKEY",
                "CUSTREP",
                {"CUSTREPNAME": "CONTACT.CONTACTNAME"},
                "The employee '{value}' is invalid.",
            ),
        ),
        Field("GLGROUP", ref=Ref("ARGLGROUP", "NAME", "GLGRPKEY", "")),
        Field("TERRITORYID", ref=Ref("TERRITORY", "NAME", "TERRITORYKEY", "TERRITORY")),
        Field("SUPDOCID", ref=Ref("SUPDOC", "SUPDOCID", "SUPDOCKEY", "")),
        Field("TERMNAME", ref=Ref("ARTERM", "NAME", "TERMSKEY", "ARTERM")),
        Field("OFFSETGLACCOUNTNO", ref=Ref("GLACCOUNT", "ACCOUNTNO", "OFFSETGLACCOUNTKEY", "", {}, "Account {value} is not valid")),
        Field("ARACCOUNT", ref=Ref("ARACCOUNTLABEL", "ACCOUNTLABEL", "ACCOUNTLABELKEY", "")),
        *text("SHIPPINGMETHOD", "RESALENO", "TAXID", max=100),
        Field("CREDITLIMIT", Type.CURRENCY),
        Field("RETAINAGEPERCENTAGE", Type.PERCENT),
        flag("ONHOLD"),
        Field(
            "DELIVERY_OPTIONS",
            Type.ENUM,
            choices=(Choice("Print", "Print"), Choice("E-Mail", "E-Mail"), Choice("Print#~#E-Mail", "Print#~#E-Mail")),
        ),
        *text("CUSTMESSAGEID"),
        Field("EMAILOPTIN", Type.BOOLEAN),
        *text("COMMENTS", max=1000),
        Field("CURRENCY", max=3),
        Field("ADVBILLBY", Type.INTEGER),
        Field("ADVBILLBYTYPE", Type.ENUM, choices=(Choice("days", "D"), Choice("months", "M"))),
        *text("ARINVOICEPRINTTEMPLATEID", "OEQUOTEPRINTTEMPLATEID", "OEORDERPRINTTEMPLATEID", "OELISTPRINTTEMPLATEID"),
        *text("OEINVOICEPRINTTEMPLATEID", "OEADJPRINTTEMPLATEID", "OEOTHERPRINTTEMPLATEID"),
        Field("CONTACTINFO.CONTACTNAME", ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        Field("BILLTO.CONTACTNAME", ref=contact_ref("BILLTO", "BILLTOKEY")),
        Field("SHIPTO.CONTACTNAME", ref=contact_ref("SHIPTO", "SHIPTOKEY")),
        Field(
            "OBJECTRESTRICTION",
            Type.ENUM,
            choices=(Choice("Unrestricted", "U"), Choice("RootOnly", "O"), Choice("Restricted", "R")),
            default="Unrestricted",
        ),
        *text("RESTRICTEDLOCATIONS", "RESTRICTEDDEPARTMENTS"),
        Field("TOTALDUE", Type.CURRENCY, read_only=True, default="0"),
    ),
    parts=(
        Part(
            "DISPLAYCONTACT",
            "CONTACT",
            "DISPLAYCONTACTKEY",
            naming="{NAME}(C{CUSTOMERID})",
            aliases={"MAILADDRESS.ISOCOUNTRYCODE": "MAILADDRESS.COUNTRYCODE"},
            required=True,
        ),
    ),
    lines=(
        Lines("CONTACT_LIST_INFO", (Field("CATEGORYNAME", need=Need.YES), Field("CONTACT.NAME", need=Need.YES, ref=contact_ref("", "")))),
        Lines(
            "CUSTOMERCONTACTS",
            (Field("CATEGORYNAME", need=Need.YES), Field("CONTACT.NAME", need=Need.YES, ref=contact_ref("", ""))),
            item="CUSTOMERENTITYCONTACTS",
        ),
        Lines(
            "CUSTOMEREMAILTEMPLATES",
            (Field("DOCPARID", need=Need.YES), Field("EMAILTEMPLATENAME", need=Need.YES), Field("RECORDNO")),
            item="CUSTOMEREMAILTEMPLATE",
        ),
    ),
    numbering="CUST-",
    tree="PARENTID",
    paths={"SHIPTOCONTACT": ("SHIPTOKEY", "CONTACT"), "BILLTOCONTACT": ("BILLTOKEY", "CONTACT")},
)

EMPLOYEE = Kind(
    "EMPLOYEE",
    "Employee",
    "Employees",
    key="EMPLOYEEID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("EMPLOYEEID", label="Employee ID", need=Need.UNNUMBERED, max=20),
        Field(
            "PERSONALINFO.CONTACTNAME",
            label="Employee Contact",
            need=Need.YES,
            ref=contact_ref("PERSONALINFO", "CONTACTKEY", "Employee Contact info cannot be empty"),
        ),
        *dates("STARTDATE", "BIRTHDATE", "ENDDATE"),
        *text("TITLE", max=100),
        *text("SSN", max=20),
        Field("EMPLOYEETYPE", ref=Ref("EMPLOYEETYPE", "NAME", "EMPLOYEETYPEKEY", "EMPLOYEETYPE", {"EMPLOYEETYPE1099TYPE": "FORM1099TYPE"})),
        status(),
        Field(
            "TERMINATIONTYPE",
            Type.ENUM,
            choices=tuple(Choice(each, each) for each in ("voluntary", "involuntary", "deceased", "disability", "retired")),
        ),
        Field(
            "SUPERVISORID",
            ref=Ref(
                "EMPLOYEE",
                "EMPLOYEEID",
                "SUPERVISORKEY",
                "SUPERVISOR",
                {"SUPERVISORNAME": "CONTACT.CONTACTNAME"},
                "The employee '{value}' is invalid.",
            ),
        ),
        *text("GENDER", max=10),
        Field("DEPARTMENTID", ref=department_ref()),
        Field("LOCATIONID", need=Need.MULTI_ENTITY, ref=location_ref()),
        Field("CLASSID", ref=class_ref()),
        Field("EMPPOSITIONID", create_only=True, ref=Ref("EMPLOYEEPOSITION", "POSITIONID", "EMPPOSITIONKEY", "")),
        Field("CURRENCY", max=3),
        Field("EARNINGTYPENAME", ref=Ref("EARNINGTYPE", "NAME", "EARNINGTYPEKEY", "")),
        flag("POSTACTUALCOST"),
        *text("NAME1099", "FORM1099TYPE", "FORM1099BOX", "SUPDOCFOLDERNAME", "PAYMETHODKEY", max=100),
        flag("PAYMENTNOTIFY"),
        Field("MERGEPAYMENTREQ", Type.BOOLEAN, default="true", create_only=True),
        flag("ACHENABLED"),
        *text("ACHBANKROUTINGNUMBER", "ACHACCOUNTNUMBER", "ACHACCOUNTTYPE", "ACHREMITTANCETYPE", max=60),
    ),
    numbering="EMP-",
    paths={"CONTACT": ("CONTACTKEY", "CONTACT")},
)

KINDS = (CONTACT, CUSTTYPE, TERRITORY, ARTERM, EMPLOYEETYPE, CUSTOMER, EMPLOYEE)
