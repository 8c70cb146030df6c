"""Contacts, customers, employees and what they are sorted by, over REST (intacct-rest §15.20, recorded customer model)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import Choice, Field, Type, flag
from tieout.sandbox.intacct.rest.mapping import Form, Link, Owned, Property, RestObject, same
from tieout.sandbox.intacct.rest.objects.company import CONTACT_SHOWN, linked


def words(name: str, *values: str, default: str = "") -> Field:
    """An enum that only REST has: its words are what is kept."""
    return Field(name, Type.ENUM, choices=tuple(Choice(value, value) for value in values), default=default)


CONTACT = RestObject(
    "company-config/contact",
    "CONTACT",
    rows=(
        *same(("companyName", "COMPANYNAME"), ("prefix", "PREFIX"), ("firstName", "FIRSTNAME"), ("lastName", "LASTNAME")),
        *same(("middleName", "INITIAL"), ("printAs", "PRINTAS"), ("phone1", "PHONE1"), ("phone2", "PHONE2"), ("mobile", "CELLPHONE")),
        *same(("pager", "PAGER"), ("fax", "FAX"), ("email1", "EMAIL1"), ("email2", "EMAIL2"), ("URL1", "URL1"), ("URL2", "URL2")),
        *same(("tax.isTaxable", "TAXABLE"), ("tax.taxId", "TAXID"), ("showInContactList", "SHOWINLIST"), ("status", "STATUS")),
        *same(("mailingAddress.addressLine1", "MAILADDRESS.ADDRESS1"), ("mailingAddress.addressLine2", "MAILADDRESS.ADDRESS2")),
        *same(("mailingAddress.addressLine3", "MAILADDRESS.ADDRESS3"), ("mailingAddress.city", "MAILADDRESS.CITY")),
        *same(("mailingAddress.state", "MAILADDRESS.STATE"), ("mailingAddress.postCode", "MAILADDRESS.ZIP")),
        *same(("mailingAddress.country", "MAILADDRESS.COUNTRY"), ("mailingAddress.isoCountryCode", "MAILADDRESS.COUNTRYCODE")),
        Property("discount", "DISCOUNT", Form.TEXT),
        Link("tax.group", "TAXGROUP", "company-config/contact-tax-group"),
        Link("priceSchedule", "PRICESCHEDULE", "purchasing/price-schedule"),
        Link("priceList", "PRICELIST", "order-entry/price-list"),
    ),
    fields=(
        *(Field(name, max=100) for name in ("TAXID", "DISCOUNT")),
        flag("SHOWINLIST", "true"),
        linked("PRICESCHEDULE", "PRICESCHEDULE", "NAME"),
        linked("PRICELIST", "PRICELIST", "NAME"),
    ),
)

CUSTOMER = RestObject(
    "accounts-receivable/customer",
    "CUSTOMER",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("isOneTimeUse", "ONETIME"), ("isOnHold", "ONHOLD"), ("notes", "COMMENTS")),
        *same(("customerResaleNumber", "RESALENO"), ("taxId", "TAXID"), ("emailOptIn", "EMAILOPTIN"), ("currency", "CURRENCY")),
        *same(("totalDue", "TOTALDUE"), ("customerRestriction", "OBJECTRESTRICTION"), ("overridePriceList", "OVERRIDEPRICELIST")),
        *same(("electronicAddress", "ELECTRONICADDRESS"), ("discountPercent", "DISCOUNTPERCENT")),
        *same(("enableOnlineACHPayment", "ENABLEONLINEACHPAYMENT"), ("enableOnlineCardPayment", "ENABLEONLINECARDPAYMENT")),
        *same(("lastInvoiceCreatedDate", "LASTINVOICEDATE"), ("lastStatementGeneratedDate", "LASTSTATEMENTDATE")),
        *same(("subscriptionEndDate", "SUBSCRIPTIONENDDATE"), ("advanceBillByType", "ADVBILLBYTYPE")),
        *same(("customerAccountHealth.churnRisk", "CHURNRISK"), ("customerAccountHealth.healthStatus", "HEALTHSTATUS")),
        *same(("customerAccountHealth.healthScore", "HEALTHSCORE"), ("restrictions.restrictionType", "RESTRICTIONTYPE")),
        *same(("webURL", "RECORD_URL")),
        Property("activationDate", "ACTIVATIONDATE", deprecated=True),
        Property("advanceBillBy", "ADVBILLBY", Form.DECIMAL),
        Property("creditLimit", "CREDITLIMIT", Form.NUMBER),
        Property("retainagePercentage", "RETAINAGEPERCENTAGE", Form.NUMBER),
        Property("resaleNumber", "RESALENUMBER", Form.NUMBER, deprecated=True),
        Property("deliveryOptions", "DELIVERY_OPTIONS", words={"Print": "print", "E-Mail": "email", "Print#~#E-Mail": "both"}),
        Link("parent", "PARENTID", "accounts-receivable/customer"),
        Link("accountGroup", "GLGROUP", "order-entry/customer-gl-group"),
        Link("accountLabel", "ARACCOUNT", "accounts-receivable/account-label"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("customerMessage", "CUSTMESSAGEID", "accounts-receivable/customer-message"),
        Link("customerType", "CUSTTYPE", "accounts-receivable/customer-type"),
        Link("defaultRevenueGLAccount", "DEFAULTREVENUEACCOUNT", "general-ledger/account"),
        Link("overrideOffsetGLAccount", "OFFSETGLACCOUNTNO", "general-ledger/account"),
        Link("priceList", "PRICELIST", "order-entry/price-list"),
        Link("priceSchedule", "PRICESCHEDULE", "purchasing/price-schedule"),
        Link("salesRepresentative", "CUSTREPID", "company-config/employee"),
        Link("shippingMethod", "SHIPPINGMETHOD", "accounts-receivable/shipping-method"),
        Link("term", "TERMNAME", "accounts-receivable/term"),
        Link("territory", "TERRITORYID", "accounts-receivable/territory"),
        Link("contacts.default", "", "company-config/contact", shows=(*CONTACT_SHOWN, "tax.isTaxable"), part="DISPLAYCONTACT"),
        Link("contacts.primary", "CONTACTINFO.CONTACTNAME", "company-config/contact"),
        Link("contacts.billTo", "BILLTO.CONTACTNAME", "company-config/contact"),
        Link("contacts.shipTo", "SHIPTO.CONTACTNAME", "company-config/contact"),
        Owned(
            "contactList",
            "CONTACT_LIST_INFO",
            "accounts-receivable/customer-contact",
            (Property("categoryName", "CATEGORYNAME"), Link("contact", "CONTACT.NAME", "company-config/contact")),
            owner="customer",
        ),
    ),
    fields=(
        Field("LASTINVOICEDATE", Type.DATE, read_only=True),
        Field("LASTSTATEMENTDATE", Type.DATE, read_only=True),
        Field("SUBSCRIPTIONENDDATE", Type.DATE, read_only=True),
        Field("ACTIVATIONDATE", Type.DATE, read_only=True),
        Field("ELECTRONICADDRESS", max=200),
        Field("DISCOUNTPERCENT", Type.DECIMAL),
        Field("RESALENUMBER", Type.DECIMAL),
        flag("ENABLEONLINEACHPAYMENT", "true"),
        flag("ENABLEONLINECARDPAYMENT", "true"),
        flag("CHURNRISK"),
        Field("HEALTHSCORE", Type.INTEGER),
        words("HEALTHSTATUS", "healthy", "atRisk", "escalated", default="healthy"),
        words("OVERRIDEPRICELIST", "customer", "billingContact", "shippingContact", default="customer"),
        words("RESTRICTIONTYPE", "unrestricted", "rootOnly", "restricted"),
        linked("DEFAULTREVENUEACCOUNT", "GLACCOUNT", "ACCOUNTNO"),
        linked("PRICELIST", "PRICELIST", "NAME"),
        linked("PRICESCHEDULE", "PRICESCHEDULE", "NAME"),
    ),
    fills={"DISPLAYCONTACT.PRINTAS": "NAME"},
)

EMPLOYEE = RestObject(
    "company-config/employee",
    "EMPLOYEE",
    rows=(
        *same(("SSN", "SSN"), ("jobTitle", "TITLE"), ("birthDate", "BIRTHDATE"), ("startDate", "STARTDATE"), ("endDate", "ENDDATE")),
        *same(("status", "STATUS"), ("gender", "GENDER"), ("terminationType", "TERMINATIONTYPE"), ("defaultCurrency", "CURRENCY")),
        *same(("form1099.name", "NAME1099"), ("form1099.type", "FORM1099TYPE"), ("form1099.box", "FORM1099BOX")),
        *same(("postActualCostWithVariance", "POSTACTUALCOST"), ("preferredPaymentMethod", "PAYMETHODKEY")),
        *same(("ach.enabled", "ACHENABLED"), ("ach.bankRoutingNumber", "ACHBANKROUTINGNUMBER"), ("ach.accountNumber", "ACHACCOUNTNUMBER")),
        *same(("ach.accountType", "ACHACCOUNTTYPE"), ("ach.remittanceType", "ACHREMITTANCETYPE")),
        *same(("sendAutomaticPaymentNotification", "PAYMENTNOTIFY"), ("mergePaymentRequests", "MERGEPAYMENTREQ")),
        *same(("isPlaceholderResource", "PLACEHOLDER"), ("webURL", "RECORD_URL")),
        # The vendor's own create example sends a name next to the contact; what is shown is the contact's.
        Property("name", "CONTACT.CONTACTNAME", tolerated=True),
        Link("primaryContact", "PERSONALINFO.CONTACTNAME", "company-config/contact", shows=CONTACT_SHOWN),
        Link("manager", "SUPERVISORID", "company-config/employee"),
        Link("department", "DEPARTMENTID", "company-config/department"),
        Link("location", "LOCATIONID", "company-config/location"),
        Link("class", "CLASSID", "company-config/class"),
        Link("employeeType", "EMPLOYEETYPE", "company-config/employee-type"),
        Link("employeePosition", "EMPPOSITIONID", "company-config/employee-position"),
        Link("earningType", "EARNINGTYPENAME", "company-config/earning-type"),
        Link("attachmentFolder", "SUPDOCFOLDERNAME", "company-config/folder"),
    ),
    fields=(flag("PLACEHOLDER"),),
)


def _named(name: str, kind: str, *rows: Property | Link, fields: tuple[Field, ...] = ()) -> RestObject:
    return RestObject(name, kind, rows=(*same(("status", "STATUS")), *rows), fields=fields)


OBJECTS = (
    CONTACT,
    CUSTOMER,
    EMPLOYEE,
    _named(
        "accounts-receivable/customer-type",
        "CUSTTYPE",
        Link("parent", "PARENTTYPE", "accounts-receivable/customer-type"),
        fields=(linked("PARENTTYPE", "CUSTTYPE", "NAME"),),
    ),
    _named("accounts-receivable/territory", "TERRITORY"),
    _named("accounts-receivable/term", "ARTERM", *same(("description", "DESCRIPTION"))),
    _named(
        "company-config/employee-type",
        "EMPLOYEETYPE",
        Property("form1099.type", "FORM1099TYPE"),
        Link("parent", "PARENTTYPE", "company-config/employee-type"),
        fields=(linked("PARENTTYPE", "EMPLOYEETYPE", "NAME"),),
    ),
)
