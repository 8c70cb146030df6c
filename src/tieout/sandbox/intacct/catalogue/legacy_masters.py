"""The object-specific functions of master data (objects table, legacy functions; intacct-xml §2.11).

A group whose field ends in a dot holds a record within the record; one without a field is put aside for those who ask.
"""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.shapes import Inner, Legacy, shape

_HERE = "own"  # the elements of a group that are the record's own
_MAIL = (
    "address1=MAILADDRESS.ADDRESS1 address2=MAILADDRESS.ADDRESS2 address3=MAILADDRESS.ADDRESS3 city=MAILADDRESS.CITY "
    "state=MAILADDRESS.STATE zip=MAILADDRESS.ZIP country=MAILADDRESS.COUNTRY countrycode=MAILADDRESS.COUNTRYCODE "
    "&isocountrycode=MAILADDRESS.COUNTRYCODE latitude longitude"
)
_MAILS: Inner = {"mailaddress": {"mailaddress": shape(_MAIL)}}
_PERSON = (
    "taxgroup=TAXGROUP prefix=PREFIX firstname=FIRSTNAME lastname=LASTNAME initial=INITIAL phone1=PHONE1 phone2=PHONE2 "
    "cellphone=CELLPHONE pager=PAGER fax=FAX email1=EMAIL1 email2=EMAIL2 url1=URL1 url2=URL2 status=STATUS "
    f"mailaddress:group={_HERE} taxid=TAXID taxschedule=TAXSCHEDULE &taxsolutionid=TAXSOLUTIONID"
)
_CONTACT = shape(f"contactname*=CONTACTNAME printas*=PRINTAS companyname=COMPANYNAME &taxable=TAXABLE {_PERSON}", _MAILS)
_CONTACT_CHANGE = shape(f"printas*=PRINTAS companyname=COMPANYNAME &taxable=TAXABLE {_PERSON}", _MAILS)
_LISTED = shape("category*=CATEGORYNAME contactname*=CONTACT.NAME")
_WITHIN: Inner = {
    "contactinfo": {
        "contactinfo": shape("contactname=CONTACTINFO.CONTACTNAME contact:group=DISPLAYCONTACT.", {"contact": {"contact": _CONTACT}})
    },
    "contactlist": {"contactitem": _LISTED},
    "deliveryoptions": {"deliveryoptions": shape("deliveryoption*=DELIVERY_OPTIONS")},
    "visibility": {
        "visibility": shape(
            "visibility_type*=OBJECTRESTRICTION restricted_locs:joined=RESTRICTEDLOCATIONS restricted_depts:joined=RESTRICTEDDEPARTMENTS",
            {"restricted_locs": {"locationid": ()}, "restricted_depts": {"departmentid": ()}},
        )
    },
    "personalinfo": {"personalinfo": shape(f"contactname=CONTACTNAME contact:group={_HERE}", {"contact": {"contact": _CONTACT}})},
}
_CONTACTS = f"contactinfo:group={_HERE}"
_PRIMARY = "primary:contact=CONTACTINFO.CONTACTNAME"
_VISIBLE = f"customfields:custom visibility:group={_HERE} supdocid=SUPDOCID"
_LIMITS = "creditlimit=CREDITLIMIT retainagepercentage=RETAINAGEPERCENTAGE"
_ACH = (
    "paymentnotify=PAYMENTNOTIFY achenabled=ACHENABLED achbankroutingnumber=ACHBANKROUTINGNUMBER achaccountnumber=ACHACCOUNTNUMBER "
    "achaccounttype=ACHACCOUNTTYPE achremittancetype=ACHREMITTANCETYPE"
)
_1099 = "name1099=NAME1099 form1099type=FORM1099TYPE form1099box=FORM1099BOX"

_CUSTOMER = (
    f"name{{}}=NAME parentid=PARENTID termname=TERMNAME custrepid=CUSTREPID shippingmethod=SHIPPINGMETHOD custtype=CUSTTYPE taxid=TAXID "
    f"{_LIMITS} territoryid=TERRITORYID resaleno=RESALENO deliveryoptions:group={_HERE} accountlabel=ARACCOUNT glaccountno "
    f"glgroup=GLGROUP onhold=ONHOLD comments=COMMENTS status=STATUS currency=CURRENCY {_PRIMARY} billto:contact=BILLTO.CONTACTNAME "
    f"shipto:contact=SHIPTO.CONTACTNAME {_CONTACTS} contactlist:lines=CONTACT_LIST_INFO vsoepricelist {_VISIBLE} "
    "offsetglaccountno=OFFSETGLACCOUNTNO"
)
_VENDOR = (
    f"name{{}}=NAME parentid=PARENTID termname=TERMNAME glaccountno=APACCOUNT vendtype=VENDTYPE taxid=TAXID taxsolutionid=TAXSOLUTIONID "
    f"taxschedule=TAXSCHEDULE {_LIMITS} paymethod=PAYMETHODKEY billingtype=BILLINGTYPE vendoraccountno=VENDORACCOUNTNO "
    "displocacctnocheck=DISPLOCACCTNOCHECK onhold=ONHOLD donotcutcheck=DONOTCUTCHECK comments=COMMENTS status=STATUS "
    f"currency=CURRENCY onetime=ONETIME {_PRIMARY} returnto:contact=RETURNTO.CONTACTNAME payto:contact=PAYTO.CONTACTNAME {_CONTACTS} "
    f"contactto1099:contact contactlist:lines=CONTACT_LIST_INFO {_1099} customfields:custom {_ACH} "
    f"displaytermdiscount=DISPLAYTERMDISCOUNT visibility:group={_HERE} supdocid=SUPDOCID mergepaymentreq=MERGEPAYMENTREQ "
    "offsetglaccountno=OFFSETGLACCOUNTNO"
)
_EMPLOYEE = (
    "ssn=SSN title=TITLE locationid=LOCATIONID departmentid=DEPARTMENTID classid=CLASSID supervisorid=SUPERVISORID "
    "birthdate:date=BIRTHDATE startdate:date=STARTDATE enddate:date=ENDDATE terminationtype=TERMINATIONTYPE employeetype=EMPLOYEETYPE "
    f"gender=GENDER status=STATUS currency=CURRENCY {_1099} earningtypename=EARNINGTYPENAME postactualcost=POSTACTUALCOST "
    f"emppositionid=EMPPOSITIONID personalinfo{{}}:group contactlist:lines paymethod=PAYMETHODKEY {_ACH} customfields:custom "
    "mergepaymentreq=MERGEPAYMENTREQ"
)
_LOCATION = (
    "name{}=NAME parentid=PARENTID supervisorid=SUPERVISORID startdate:date=STARTDATE enddate:date=ENDDATE status=STATUS "
    f"{_PRIMARY} shipto:contact=SHIPTO.CONTACTNAME customfields:custom custtitle=CUSTTITLE"
)
_DEMANDS = " ".join(
    f"require{word}=REQUIRE{word.upper()}"
    for word in ("dept", "loc", "project", "task", "customer", "vendor", "item", "employee", "class", "contract", "warehouse")
)
_GLACCOUNT = (
    "title{}=TITLE normalbalance*=NORMALBALANCE accounttype=ACCOUNTTYPE closingtype*=CLOSINGTYPE closingaccountno=CLOSINGACCOUNTNO "
    f"status=STATUS {_DEMANDS} customfields:custom category=CATEGORY alternativeaccount=ALTERNATIVEACCOUNT"
)
_ITEM_KIND = "itemtype*=ITEMTYPE enablefulfillment=ENABLEFULFILLMENT enable_bins=ENABLE_BINS"
_ITEM_KIND_LATER = "enable_bins=ENABLE_BINS enablefulfillment=ENABLEFULFILLMENT"
_COST = "cost_method=COST_METHOD standard_cost=STANDARD_COST"


def _item(star: str, kind: str, cost: str) -> str:
    same = (
        "autoprintlabel weightuom netweight durometer upc12 ean13 safetyitem restricteditem compliantitem condition engineeringalert "
        "specification1 specification2 specification3 engineeringapproval qualitycontrolapproval salesapproval primarycountryoforigin "
        "brand subbrand category subcategory catalogref color style size1 size2 giftcard webenabled webname webshortdesc weblongdesc"
    )
    return (
        f"name{star}=NAME status=STATUS {kind} extended_description=EXTENDED_DESCRIPTION productlineid=PRODUCTLINEID "
        f"substituteid=SUBSTITUTEID ship_weight=SHIP_WEIGHT taxable=TAXABLE {cost} base_price=BASEPRICE glgroup=GLGROUP note=NOTE "
        "inventory_precision=INV_PRECISION purchasing_precision=PO_PRECISION sales_precision=SO_PRECISION upc=UPC "
        "hasstartenddates=HASSTARTENDDATES term_period=TERMPERIOD defaultnoofperiods=TOTALPERIODS "
        "computepriceforshortterm=COMPUTEFORSHORTTERM itaxgroup=TAXGROUP.NAME revenue_posting=REVPOSTING vsoecategory=VSOECATEGORY "
        "vsoedlvrstatus=VSOEDLVRSTATUS vsoerevdefstatus=VSOEREVDEFSTATUS incomeaccount=INCOMEACCTKEY invaccount=INVACCTKEY "
        "expenseaccount=EXPENSEACCTKEY cogsaccount=COGSACCTKEY offsetoeglaccount=OFFSETOEGLACCOUNTKEY "
        "offsetpoglaccount=OFFSETPOGLACCOUNTKEY defrevaccount=DEFERREDREVACCTKEY uomgrp=UOMGRP customfields:custom "
        + " ".join(f"{name}={name.upper()}" for name in same.split())
    )


_TERM = f"description=DESCRIPTION status=STATUS due:group={_HERE} discount:group={_HERE} disccalcon penalty:group={_HERE}"
_TERMS: Inner = {
    "due": {"due": shape("dueday=DUEDATE duefrom=DUEFROM")},
    "discount": {
        "discount": shape("discday=DISCDATE discfrom=DISCFROM discamount=DISCAMOUNT discpercamn=DISCPERCAMN discgracedays=DISCFUDGEDAYS")
    },
    "penalty": {
        "penalty": shape("pen_type=PEN_TYPES penamount=PENAMOUNT penpercamn=PENPERCAMN pengracedays=PENFUDGEDAYS"),
    },
}
_TIMETYPE = "status=STATUS accountno=ACCOUNTNO offsetaccountno=OFFSETACCOUNTNO earningtypename=EARNINGTYPENAME customfields:custom"


def _label(star: str, last: str = "") -> str:
    return f"description{star}=DESCRIPTION offsetglaccountno=OFFSETGLACCOUNTNO status=STATUS {last}"


def _three(word: str, kind: str, key: str, column: str, create: str, update: str, inner: Inner | None = None) -> Mapping[str, Legacy]:
    """Create, update and delete of one object; the create names its key in an element, the others in an attribute."""
    return {
        f"create_{word}": Legacy(kind, "create", shape(create, inner), returns=column),
        f"update_{word}": Legacy(kind, "update", shape(update, inner), key=key, natural=True),
        f"delete_{word}": Legacy(kind, "delete", key=key, natural=True),
    }


MASTERS: Mapping[str, Legacy] = {
    **_three(
        *("customer", "CUSTOMER", "customerid", "CUSTOMERID"),
        f"customerid=CUSTOMERID {_CUSTOMER.format('*')}",
        _CUSTOMER.format(""),
        _WITHIN,
    ),
    **_three(*("vendor", "VENDOR", "vendorid", "VENDORID"), f"vendorid=VENDORID {_VENDOR.format('*')}", _VENDOR.format(""), _WITHIN),
    "create_contact": Legacy("CONTACT", "create", _CONTACT, returns="CONTACTNAME"),
    "update_contact": Legacy("CONTACT", "update", _CONTACT_CHANGE, key="contactname", natural=True),
    "delete_contact": Legacy("CONTACT", "delete", key="contactname", natural=True),
    **_three(
        *("employee", "EMPLOYEE", "employeeid", "EMPLOYEEID"),
        f"employeeid=EMPLOYEEID {_EMPLOYEE.format('*')}",
        _EMPLOYEE.format(""),
        _WITHIN,
    ),
    **_three(
        *("location", "LOCATION", "locationid", "LOCATIONID"),
        f"locationid*=LOCATIONID {_LOCATION.format('*')}",
        _LOCATION.format(""),
    ),
    **_three(
        *("glaccount", "GLACCOUNT", "glaccountno", "ACCOUNTNO"),
        f"glaccountno*=ACCOUNTNO {_GLACCOUNT.format('*')}",
        _GLACCOUNT.format(""),
    ),
    **_three(
        *("statglaccount", "STATACCOUNT", "glaccountno", "ACCOUNTNO"),
        f"glaccountno*=ACCOUNTNO title*=TITLE {_DEMANDS} customfields:custom category=CATEGORY status=STATUS",
        f"title=TITLE {_DEMANDS} customfields:custom category=CATEGORY status=STATUS",
    ),
    **_three(
        *("item", "ITEM", "itemid", "ITEMID"),
        f"itemid*=ITEMID {_item('*', _ITEM_KIND, _COST)}",
        _item("", _ITEM_KIND_LATER, _COST.partition(" ")[2]),
    ),
    **_three("apterm", "APTERM", "name", "NAME", f"name*=NAME {_TERM}", _TERM, _TERMS),
    **_three("arterm", "ARTERM", "name", "NAME", f"name*=NAME {_TERM}", _TERM, _TERMS),
    **_three(
        *("apaccountlabel", "APACCOUNTLABEL", "accountlabel", "ACCOUNTLABEL"),
        f"glaccountno*=GLACCOUNTNO accountlabel*=ACCOUNTLABEL {_label('*')}",
        f"glaccountno=GLACCOUNTNO {_label('')}",
    ),
    **_three(
        *("araccountlabel", "ARACCOUNTLABEL", "accountlabel", "ACCOUNTLABEL"),
        f"glaccountno*=GLACCOUNTNO accountlabel*=ACCOUNTLABEL {_label('*', 'taxcode')}",
        f"glaccountno=GLACCOUNTNO {_label('', 'taxcode')}",
    ),
    **_three("timetype", "TIMETYPE", "key", "NAME", f"name*=NAME {_TIMETYPE}", _TIMETYPE),
}
