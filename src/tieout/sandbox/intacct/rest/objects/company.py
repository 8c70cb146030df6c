"""Entities, locations, departments, classes and users over REST (intacct-rest §15.20, endpoint catalogue)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Field, Ref, Type
from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, READ_METHODS, UPDATE, Link, RestObject, same

CONTACT_SHOWN = (
    *("prefix", "firstName", "lastName", "middleName", "printAs", "companyName", "phone1", "phone2", "mobile", "pager", "fax"),
    *("email1", "email2", "URL1", "URL2", "mailingAddress.addressLine1", "mailingAddress.addressLine2", "mailingAddress.addressLine3"),
    *("mailingAddress.city", "mailingAddress.state", "mailingAddress.postCode", "mailingAddress.country", "mailingAddress.isoCountryCode"),
)

LOCATION = RestObject(
    "company-config/location",
    "LOCATION",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("startDate", "STARTDATE"), ("endDate", "ENDDATE"), ("reportTitle", "CUSTTITLE")),
        *same(("baseCurrency", "CURRENCY"), ("printAs", "PRINTAS"), ("taxId", "TAXID"), ("businessId", "BUSINESSID")),
        *same(("description", "DESCRIPTION")),
        Link("parent", "PARENTID", "company-config/location"),
        Link("manager", "SUPERVISORID", "company-config/employee"),
        Link("contacts.primary", "CONTACTINFO.CONTACTNAME", "company-config/contact", shows=CONTACT_SHOWN),
        Link("contacts.shipTo", "SHIPTO.CONTACTNAME", "company-config/contact", shows=CONTACT_SHOWN),
    ),
    fields=(
        *(Field(name, max=200) for name in ("PRINTAS", "TAXID", "BUSINESSID")),
        Field("DESCRIPTION", max=500),
    ),
)

ENTITY = RestObject(
    "company-config/entity",
    "LOCATIONENTITY",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("startDate", "STARTDATE"), ("endDate", "ENDDATE"), ("federalId", "FEDERALID")),
        *same(("firstFiscalMonth", "FIRSTMONTH"), ("firstTaxMonth", "FIRSTMONTHTAX"), ("weekStart", "WEEKSTART"), ("taxId", "TAXID")),
        *same(("texts.reportPrintAs", "REPORTPRINTAS"), ("operatingCountry", "OPCOUNTRY")),
        *same(("defaultCountryForAddresses", "ADDRESSCOUNTRYDEFAULT"), ("enableInterEntityRelationships", "HAS_IE_RELATION")),
        *same(("legalContact.name", "LEGALNAME"), ("legalContact.enableOnTaxForms", "ENABLELEGALCONTACT")),
        *same(("legalContact.address.address1", "LEGALADDRESS1"), ("legalContact.address.address2", "LEGALADDRESS2")),
        *same(("legalContact.address.city", "LEGALCITY"), ("legalContact.address.state", "LEGALSTATE")),
        *same(("legalContact.address.zipCode", "LEGALZIPCODE"), ("legalContact.address.country", "LEGALCOUNTRY")),
        Link("manager", "SUPERVISORID", "company-config/employee"),
        Link("baseCurrency", "CURRENCY", "company-config/txn-currency"),
    ),
    methods=READ_METHODS,
    published=(CREATE, UPDATE, DELETE),
)

DEPARTMENT = RestObject(
    "company-config/department",
    "DEPARTMENT",
    rows=(
        *same(("name", "TITLE"), ("status", "STATUS"), ("reportTitle", "CUSTTITLE")),
        Link("parent", "PARENTID", "company-config/department"),
        Link("supervisor", "SUPERVISORID", "company-config/employee"),
    ),
)

CLASS = RestObject(
    "company-config/class",
    "CLASS",
    rows=(
        *same(("name", "NAME"), ("description", "DESCRIPTION"), ("status", "STATUS")),
        Link("parent", "PARENTID", "company-config/class"),
    ),
)

USER = RestObject(
    "company-config/user",
    "USERINFO",
    rows=(
        *same(("userName", "DESCRIPTION"), ("userType", "USERTYPE"), ("status", "STATUS"), ("accountEmail", "ACCOUNTEMAIL")),
        *same(
            ("password.disablePassword", "LOGINDISABLED"), ("sso.isSSOEnabled", "SSO_ENABLED"), ("sso.federatedSSOId", "SSO_FEDERATED_ID")
        ),
        Link("contact", "CONTACTINFO.CONTACTNAME", "company-config/contact", shows=CONTACT_SHOWN),
    ),
    fields=(Field("ACCOUNTEMAIL", email=True),),
    methods=READ_METHODS,
    published=(CREATE, UPDATE, DELETE),
)

OBJECTS = (LOCATION, ENTITY, DEPARTMENT, CLASS, USER)


def linked(name: str, kind: str, by: str, key: str = "") -> Field:
    """An XML-like reference that only REST has; a kind the company does not hold makes every value a bad reference."""
    stem = name.removesuffix("ID").removesuffix("NAME").replace(".", "")
    return Field(name, Type.TEXT, ref=Ref(kind, by, key or f"{stem}KEY", ""))
