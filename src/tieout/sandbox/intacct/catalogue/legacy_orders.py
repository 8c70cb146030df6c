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

ORDERS: Mapping[str, Legacy] = {**_PURCHASING}
