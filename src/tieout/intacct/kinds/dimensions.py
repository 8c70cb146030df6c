"""Dimensions and lists: what documents refer to (intacct-xml §3A, §3B; intacct-objects.json)."""

from __future__ import annotations

from tieout.core.ports import Verb
from tieout.intacct.catalogue import Access, Field, Kind, Type, WriteMode, fields, reference

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE})
_ADDRESS = "ADDRESS1 ADDRESS2 ADDRESS3 CITY STATE ZIP COUNTRY"
_CONTACT = "COMPANYNAME PREFIX FIRSTNAME LASTNAME INITIAL PHONE1 PHONE2 CELLPHONE PAGER FAX EMAIL1 EMAIL2 URL1 URL2"


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

CONTACT = Kind(
    "CONTACT",
    "CONTACTNAME",
    (
        *fields(Type.TEXT, "CONTACTNAME", access=Access.CREATE),
        *fields(Type.TEXT, f"PRINTAS {_CONTACT} TAXGROUP"),
        *fields(Type.LABEL, "STATUS"),
        *fields(Type.BOOLEAN, "TAXABLE"),
        *fields(Type.TEXT, f"{_ADDRESS} COUNTRYCODE", prefix="MAILADDRESS."),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="contact",
    label="contacts",
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

VENDOR = Kind(
    "VENDOR",
    "VENDORID",
    (
        *fields(Type.TEXT, "VENDORID NAME"),
        *fields(Type.LABEL, "STATUS VENDTYPE BILLINGTYPE PAYMENTPRIORITY OBJECTRESTRICTION"),
        reference("PARENTID", "VENDOR", "PARENTKEY"),
        *fields(Type.TEXT, "GLGROUP TAXID NAME1099 FORM1099TYPE FORM1099BOX SUPDOCID CURRENCY PAYMETHODKEY TERMNAME"),
        *fields(Type.TEXT, "VENDORACCOUNTNO COMMENTS APACCOUNT OFFSETGLACCOUNTNO"),
        *fields(Type.DECIMAL, "CREDITLIMIT RETAINAGEPERCENTAGE"),
        *fields(Type.DECIMAL, "TOTALDUE", access=Access.NEVER),
        *fields(Type.INTEGER, "DEFAULT_LEAD_TIME"),
        *fields(Type.BOOLEAN, "ONETIME ONHOLD DONOTCUTCHECK HIDEDISPLAYCONTACT MERGEPAYMENTREQ PAYMENTNOTIFY DISPLAYTERMDISCOUNT"),
        *fields(Type.BOOLEAN, "ISINDIVIDUAL"),
        *fields(Type.TEXT, "PRINTAS", prefix="DISPLAYCONTACT."),
        *fields(Type.TEXT, "CONTACTNAME", prefix="DISPLAYCONTACT.", access=Access.CREATE),
        *fields(Type.TEXT, _CONTACT, prefix="DISPLAYCONTACT."),
        *fields(Type.BOOLEAN, "TAXABLE", prefix="DISPLAYCONTACT."),
        *fields(Type.TEXT, _ADDRESS, prefix="DISPLAYCONTACT.MAILADDRESS."),
        *fields(Type.TEXT, "CONTACTINFO.CONTACTNAME PAYTO.CONTACTNAME RETURNTO.CONTACTNAME"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="vendor",
    label="vendors",
)

CLASS = Kind(
    "CLASS",
    "CLASSID",
    (
        *fields(Type.TEXT, "CLASSID NAME DESCRIPTION"),
        *fields(Type.LABEL, "STATUS"),
        reference("PARENTID", "CLASS", "PARENTKEY"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="class",
    label="classes",
)

ITEM = Kind(
    "ITEM",
    "ITEMID",
    (
        *fields(Type.TEXT, "ITEMID", access=Access.CREATE),
        Field("NAME", column="NAME", always_sent=True),
        *fields(Type.LABEL, "STATUS"),
        *fields(Type.LABEL, "ITEMTYPE COST_METHOD", access=Access.CREATE),
        *fields(Type.LABEL, "UOMGRP DEFAULT_CONVERSIONTYPE"),
        *fields(Type.TEXT, "PRODUCTLINEID EXTENDED_DESCRIPTION PODESCRIPTION SODESCRIPTION NOTE GLGROUP UPC TAXGROUP.NAME"),
        *fields(Type.TEXT, "SUBSTITUTEID CATEGORY SUBCATEGORY BRAND"),
        *fields(Type.BOOLEAN, "TAXABLE CONTRACTENABLED"),
        *fields(Type.DECIMAL, "STANDARD_COST BASEPRICE NETWEIGHT SHIP_WEIGHT"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="item",
    label="items",
)

GLACCOUNT = Kind(
    "GLACCOUNT",
    "ACCOUNTNO",
    (
        *fields(Type.TEXT, "ACCOUNTNO TITLE CATEGORY"),
        *fields(Type.LABEL, "ACCOUNTTYPE ALTERNATIVEACCOUNT STATUS"),
        Field("NORMALBALANCE", Type.LABEL, column="NORMALBALANCE", always_sent=True),
        Field("CLOSINGTYPE", Type.LABEL, column="CLOSINGTYPE", always_sent=True),
        reference("CLOSINGACCOUNTNO", "GLACCOUNT", "CLOSETOACCTKEY"),
        *fields(Type.BOOLEAN, "REQUIREDEPT REQUIRELOC REQUIREPROJECT REQUIRETASK REQUIRECUSTOMER REQUIREVENDOR REQUIREEMPLOYEE"),
        *fields(Type.BOOLEAN, "REQUIREITEM REQUIRECLASS REQUIRECONTRACT REQUIREWAREHOUSE"),
    ),
    WriteMode.SPARSE,
    _WRITES,
    enforced=True,
    audit_type="glaccount",
    label="accounts",
)


def _term(name: str, label: str) -> Kind:
    """Payment terms: how many days after which date a document is due (intacct-objects.json: read only in the generic functions)."""
    return Kind(
        name,
        "NAME",
        (
            *fields(Type.TEXT, "NAME DESCRIPTION", access=Access.NEVER),
            *fields(Type.LABEL, "STATUS DUEFROM", access=Access.NEVER),
            *fields(Type.INTEGER, "DUEDATE", access=Access.NEVER),
        ),
        label=label,
    )


APTERM = _term("APTERM", "payables terms")
ARTERM = _term("ARTERM", "receivables terms")
