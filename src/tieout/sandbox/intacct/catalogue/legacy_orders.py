"""The object-specific functions of purchasing and order entry, in the order of their elements (intacct-xml §3C)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.shapes import Inner, Legacy, shape

# What both modules' headers say of a contract; the objects table types these dates "date" where others are objects.
_SCOPE = "scope=SCOPE inclusions=INCLUSIONS exclusions=EXCLUSIONS terms=TERMS"
_SCHEDULE = (
    "revisedcompletiondate:day=REVISEDCOMPLETIONDATE substantialcompletiondate:day=SUBSTANTIALCOMPLETIONDATE "
    "actualcompletiondate:day=ACTUALCOMPLETIONDATE noticetoproceed:day=NOTICETOPROCEED responsedue:day=RESPONSEDUE "
    "executedon:day=EXECUTEDON scheduleimpact=SCHEDULEIMPACT"
)
_BEGIN = "schedulestartdate:day=SCHEDULEDSTARTDATE actualstartdate:day=ACTUALSTARTDATE scheduledcompletiondate:day=SCHEDULEDCOMPLETIONDATE"
_PEOPLE = (
    "internalrefno=INTERNALREFNO internalinitiatedby=INTERNALINITIATEDBY internalverbalby=INTERNALVERBALBY "
    "internalissuedby=INTERNALISSUEDBY internalissuedon:day=INTERNALISSUEDON internalapprovedby=INTERNALAPPROVEDBY "
    "internalapprovedon:day=INTERNALAPPROVEDON internalsignedby=INTERNALSIGNEDBY internalsignedon:day=INTERNALSIGNEDON "
    "internalsource=INTERNALSOURCE internalsourcerefno=INTERNALSOURCEREFNO externalrefno=EXTERNALREFNO "
    "externalverbalby=EXTERNALVERBALBY externalapprovedby=EXTERNALAPPROVEDBY externalapprovedon:day=EXTERNALAPPROVEDON "
    "externalsignedby=EXTERNALSIGNEDBY externalsignedon:day=EXTERNALSIGNEDON"
)
_BONDS = " ".join(
    f"{name}bondrequired={name.upper()}BONDREQUIRED {name}bondreceived={name.upper()}BONDRECEIVED "
    f"{name}bondamount={name.upper()}BONDAMOUNT {name}suretycompany={name.upper()}SURETYCOMPANY"
    for name in ("performance", "payment")
)
_MONEY = "basecurr=BASECURR currency=CURRENCY exchratedate:date=EXCHRATEDATE exchratetype=EXCH_RATE_TYPE_ID exchrate=EXCHRATE"
_NUMBERS = "customfields:custom state=STATE projectid=PROJECT changelognumber=CHANGELOGNUMBER"
_DUE = "termname=TERM.NAME datedue:date=WHENDUE message=MESSAGE shippingmethod=SHIPVIA"
_DIMENSIONS = (
    "projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID "
    "classid=CLASSID contractid=CONTRACTID"
)
_SUBTOTAL = shape(
    "description*=DESCRIPTION total*=TOTAL absval=ABSVAL percentval=PERCENTVAL locationid=LOCATIONID departmentid=DEPARTMENTID "
    "projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID "
    "classid=CLASSID itemid=ITEMID contractid=CONTRACTID customfields:custom"
)
_DETAILS: Inner = {
    "itemdetails": {
        "itemdetail": shape(
            "quantity=QUANTITY serialno=SERIALNO lotno=LOTNO aisle=AISLE row=ROW bin=BIN itemexpiration:date=ITEMEXPIRATION"
        )
    },
    "linesubtotals": {"linesubtotal": shape("trx_tax overridedetailid*")},
}

# -- purchasing

_PO_DATES = (
    "needbydate:date=NEEDBYDATE donotshipbeforedate:date=DONOTSHIPBEFOREDATE donotshipafterdate:date=DONOTSHIPAFTERDATE "
    "promiseddate:date=PROMISEDDATE"
)
_PO_REST = (
    f"{_NUMBERS} {_PO_DATES} contractstartdate:date=CONTRACTSTARTDATE contractenddate:date=CONTRACTENDDATE "
    f"cancelafterdate:date=CANCELAFTERDATE {_SCOPE} {_BEGIN} {_SCHEDULE} {_PEOPLE} {_BONDS}"
)
_PO_CONTACTS = "returnto{0}:contact=SHIPTO.CONTACTNAME payto{0}:contact=BILLTO.CONTACTNAME deliverto:contact=DELIVERTO.CONTACTNAME"
_PO_ITEM = (
    "itemaliasid=ITEMALIASID itemdesc=ITEMDESC taxable=TAXABLE warehouseid=WAREHOUSEID quantity{0}=UIQTY unit=UNIT "
    "linelevelsimpletaxtype=LINELEVELSIMPLETAXTYPE price=UIPRICE"
)
_PO_PLACE = (
    "locationid=LOCATIONID departmentid=DEPARTMENTID memo=MEMO itemdetails:lines=ITEMDETAILS form1099=FORM1099 "
    f"form1099type=FORM1099TYPE form1099box=FORM1099BOX customfields:custom {_DIMENSIONS} billable=BILLABLE {_PO_DATES} "
    "dateconfirmed:date=DATECONFIRMED cancelafterdate:date=CANCELAFTERDATE dateshiptosupplier:date=DATESHIPTOSUPPLIER "
    "allocationid=ALLOCATION"
)
_RETAINED = "retainagepercentage=RETAINAGEPERCENTAGE trx_amountretained=TRX_AMOUNTRETAINED"
_RELATED = "relateddockey=RELATEDDOCKEY relateddoclinekey=RELATEDDOCLINEKEY"
_PO_END = "linesubtotals:lines taxscxheduleid=TAXSCHEDULEID sourcedocid=SOURCE_DOCID sourcedoclineid=SOURCE_DOCLINEKEY"
_PO_LINE = shape(
    f"itemid*=ITEMID {_PO_ITEM.format('*')} sourcelinekey=SOURCE_DOCLINEKEY overridetaxamount=OVERRIDETAXAMOUNT "
    f"deliverto:contact=DELIVERTO.CONTACTNAME tax=TAXABSVAL {_PO_PLACE} {_RETAINED} {_RELATED} conversiontype=CONVERSIONTYPE "
    f"partialexempt=PARTIALEXEMPT paymenttaxcapture=PAYMENTTAXCAPTURE reverseconversion=REVERSECONVERSION {_PO_END}",
    _DETAILS,
)
_PO_CHANGE = shape(
    f"itemid=ITEMID {_PO_ITEM.format('')} deliverto:contact=DELIVERTO.CONTACTNAME {_PO_PLACE} {_RELATED} {_RETAINED} "
    f"conversiontype=CONVERSIONTYPE partialexempt=PARTIALEXEMPT paymenttaxcapture=PAYMENTTAXCAPTURE "
    f"reverseconversion=REVERSECONVERSION {_PO_END}",
    _DETAILS,
)
_PURCHASING: Mapping[str, Legacy] = {
    "create_potransaction": Legacy(
        "PODOCUMENT",
        "create",
        shape(
            "transactiontype*=DOCPARID datecreated*:date=WHENCREATED dateposted:date=WHENPOSTED createdfrom=CREATEDFROM "
            f"vendorid*=CUSTVENDID documentno=DOCNO referenceno=PONUMBER vendordocno=VENDORDOCNO {_DUE} {_PO_CONTACTS.format('*')} "
            f"supdocid=SUPDOCID externalid=EXTERNALID {_MONEY} {_PO_REST} taxsolutionid=TAXSOLUTIONID "
            "potransitems*:lines=PODOCUMENTENTRIES subtotals:lines=SUBTOTALS",
            {"potransitems": {"potransitem": _PO_LINE}, "subtotals": {"subtotal": _SUBTOTAL}},
        ),
        returns="DOCID",
    ),
    "update_potransaction": Legacy(
        "PODOCUMENT",
        "update",
        shape(
            f"datecreated:date=WHENCREATED dateposted:date=WHENPOSTED referenceno=PONUMBER vendordocno=VENDORDOCNO {_DUE} "
            f"{_PO_CONTACTS.format('')} supdocid=SUPDOCID externalid {_MONEY} {_PO_REST} "
            "updatepotransitems:lines=PODOCUMENTENTRIES updatesubtotals:lines=SUBTOTALS",
            {
                "updatepotransitems": {"updatepotransitem": _PO_CHANGE, "potransitem": _PO_LINE},
                "updatesubtotals": {"updatesubtotal": _SUBTOTAL},
            },
        ),
        key="key",
        natural=True,
    ),
    "partialupdate_potransaction": Legacy("PODOCUMENT", "update", shape("dateposted:date=WHENPOSTED"), key="key", natural=True),
    "delete_potransaction": Legacy("PODOCUMENT", "delete", key="key", natural=True),
}


# -- order entry

_SO_DATES = "donotshipbeforedate:date=DONOTSHIPBEFOREDATE donotshipafterdate:date=DONOTSHIPAFTERDATE"
_SO_REST = (
    f"vsoepricelist=VSOEPRICELIST {_NUMBERS} needbydate:date=NEEDBYDATE shipbydate:date=SHIPBYDATE cancelafterdate:date=CANCELAFTERDATE "
    f"{_SO_DATES} servicedeliverydate:date=SERVICEDELIVERYDATE trackingnumber=TRACKINGNUMBER shippeddate:date=SHIPPEDDATE "
    f"customerponumber=CUSTOMERPONUMBER {_SCOPE} {_BEGIN} reverseconversion {_SCHEDULE} {_PEOPLE} {_BONDS}"
)
_APPLICATION = (
    "pcbexternalrefno=PCBEXTERNALREFNO pcbdescription=PCBDESCRIPTION pcbdate:day=PCBDATE architect=ARCHITECT "
    "billthroughdate:day=BILLTHROUGHDATE billapplicationno=BILLAPPLICATIONNO orgcontractamt=ORGCONTRACTAMT "
    "retcompletedamt=RETCOMPLETEDAMT retstoredmaterials=RETSTOREDMATERIALS lesspriorapplication=LESSPRIORAPPLICATION "
    "tcapmaddition=TCAPMADDITION tcapmdeduction=TCAPMDEDUCTION tcatmaddition=TCATMADDITION tcatmdeduction=TCATMDEDUCTION"
)
_SO_CONTACTS = "shipto:contact=SHIPTO.CONTACTNAME billto:contact=BILLTO.CONTACTNAME"
_SO_ITEM = (
    "itemaliasid=ITEMALIASID itemdesc=ITEMDESC taxable=TAXABLE warehouseid=WAREHOUSEID quantity{0}=UIQTY unit=UNIT "
    f"linelevelsimpletaxtype=LINELEVELSIMPLETAXTYPE discountpercent=DISCOUNTPERCENT price=UIPRICE {_RELATED} {_RETAINED} "
    "conversiontype=CONVERSIONTYPE"
)
_SO_WHERE = "discsurchargememo=DISCOUNT_MEMO locationid=LOCATIONID linesubtotals:lines departmentid=DEPARTMENTID memo=MEMO"
_SO_MOVED = "discsurchargememo=DISCOUNT_MEMO locationid=LOCATIONID departmentid=DEPARTMENTID memo=MEMO linesubtotals:lines"
_SO_PLACE = (
    "itemdetails:lines=ITEMDETAILS customfields:custom revrectemplate=REVRECTEMPLATE revrecstartdate:date=REVRECSTARTDATE "
    "revrecenddate:date=REVRECENDDATE renewalmacro=RENEWALMACRO projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID "
    "customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID classid=CLASSID paymenttaxcapture=PAYMENTTAXCAPTURE "
    "contractid=CONTRACTID fulfillmentstatus:group=FULFILLMENT taskno=TASKNO billingtemplate=BILLINGTEMPLATE dropship=DROPSHIP "
    f"shipto=LINESHIPTO needbydate:date=NEEDBYDATE shipby:date=SHIPBY {_SO_DATES} datepickticketprinted:date=DATEPICKTICKETPRINTED "
    "cancelafterdate:date=CANCELAFTERDATE shippeddate:date=SHIPPEDDATE projectcontractid=PROJECTCONTRACTID "
    "projectcontractlineid=PROJECTCONTRACTLINEID pcblexternalrefno=PCBLEXTERNALREFNO pcbldescription=PCBLDESCRIPTION "
    "pcblbillingtype=PCBLBILLINGTYPE contractlinevalue=CONTRACTLINEVALUE priorapplicationamt=PRIORAPPLICATIONAMT "
    "completedthisperiod=COMPLETEDTHISPERIOD storedmaterials=STOREDMATERIALS percentcompletedtodate=PERCENTCOMPLETEDTODATE "
    "previousretainagebalance=PREVIOUSRETAINAGEBALANCE isretainagerelease=ISRETAINAGERELEASE"
)
_KIT = shape("invoiceprice deliverystatus deliverydate:date deferralstatus")
_FULFILMENT: Inner = {
    **_DETAILS,
    "fulfillmentstatus": {
        "fulfillmentstatus": shape(
            "deliverystatus=DELIVERYSTATUS deliverydate:date=DELIVERYDATE deferralstatus=DEFERRALSTATUS kitstatus:repeated",
            {"kitstatus": {"kitstatus": _KIT}},
        )
    },
}
_SO_LINE = shape(
    f"bundlenumber=BUNDLENUMBER itemid*=ITEMID {_SO_ITEM.format('*')} sourcelinekey=SOURCE_DOCLINEKEY {_SO_WHERE} {_SO_PLACE}", _FULFILMENT
)
_SO_CHANGE = shape(f"bundlenumber=BUNDLENUMBER itemid=ITEMID {_SO_ITEM.format('')} {_SO_MOVED} {_SO_PLACE}", _FULFILMENT)
_ORDER_ENTRY: Mapping[str, Legacy] = {
    "create_sotransaction": Legacy(
        "SODOCUMENT",
        "create",
        shape(
            "transactiontype*=DOCPARID datecreated*:date=WHENCREATED dateposted:date=WHENPOSTED createdfrom=CREATEDFROM "
            f"customerid*=CUSTVENDID documentno=DOCNO origdocdate:date=ORIGDOCDATE referenceno=PONUMBER {_DUE} {_SO_CONTACTS} "
            f"supdocid=SUPDOCID externalid=EXTERNALID {_MONEY} {_SO_REST} taxsolutionid=TAXSOLUTIONID "
            f"projectcontractid=PROJECTCONTRACTID {_APPLICATION} previousretainagebalance=PREVIOUSRETAINAGEBALANCE "
            "sotransitems*:lines=SODOCUMENTENTRIES subtotals:lines=SUBTOTALS",
            {"sotransitems": {"sotransitem": _SO_LINE}, "subtotals": {"subtotal": _SUBTOTAL}},
        ),
        returns="DOCID",
    ),
    "update_sotransaction": Legacy(
        "SODOCUMENT",
        "update",
        shape(
            f"datecreated:date=WHENCREATED dateposted:date=WHENPOSTED referenceno=PONUMBER termname=TERM.NAME datedue:date=WHENDUE "
            f"origdocdate:date=ORIGDOCDATE message=MESSAGE shippingmethod=SHIPVIA {_SO_CONTACTS} supdocid=SUPDOCID externalid {_MONEY} "
            f"{_SO_REST} {_APPLICATION} updatesotransitems:lines=SODOCUMENTENTRIES updatesubtotals:lines=SUBTOTALS",
            {
                "updatesotransitems": {"updatesotransitem": _SO_CHANGE, "sotransitem": _SO_LINE},
                "updatesubtotals": {"updatesubtotal": _SUBTOTAL},
            },
        ),
        key="key",
        natural=True,
    ),
    "delete_sotransaction": Legacy("SODOCUMENT", "delete", key="key", natural=True),
}

ORDERS: Mapping[str, Legacy] = {**_PURCHASING, **_ORDER_ENTRY}
