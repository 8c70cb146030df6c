"""The order of elements in the document functions, as the reference lists it (intacct-xml §3C, §3D; intacct-objects.json)."""

from __future__ import annotations

_DATES = (
    "datecreated dateposted datedue datereversed datereceived paymentdate exchratedate needbydate donotshipbeforedate "
    "donotshipafterdate promiseddate contractstartdate contractenddate cancelafterdate dateconfirmed dateshiptosupplier "
    "revrecstartdate revrecenddate itemexpiration origdocdate shipbydate servicedeliverydate shippeddate pcbdate "
    "billthroughdate shipby datepickticketprinted"
)
# Elements that hold a date as year, month and day; every other date is written month/day/year (intacct-xml §4.1).
DATES = frozenset(_DATES.split())

_SALE = (
    "shipto billto supdocid externalid basecurr currency exchratedate exchratetype exchrate vsoepricelist customfields "
    "state projectid changelognumber needbydate shipbydate cancelafterdate donotshipbeforedate donotshipafterdate "
    "servicedeliverydate trackingnumber shippeddate customerponumber scope inclusions exclusions terms schedulestartdate "
    "actualstartdate scheduledcompletiondate reverseconversion revisedcompletiondate substantialcompletiondate "
    "actualcompletiondate noticetoproceed responsedue executedon scheduleimpact internalrefno internalinitiatedby "
    "internalverbalby internalissuedby internalissuedon internalapprovedby internalapprovedon internalsignedby "
    "internalsignedon internalsource internalsourcerefno externalrefno externalverbalby externalapprovedby "
    "externalapprovedon externalsignedby externalsignedon performancebondrequired performancebondreceived "
    "performancebondamount performancesuretycompany paymentbondrequired paymentbondreceived paymentbondamount "
    "paymentsuretycompany"
)
_BILLING = (
    "pcbexternalrefno pcbdescription pcbdate architect billthroughdate billapplicationno orgcontractamt retcompletedamt "
    "retstoredmaterials lesspriorapplication tcapmaddition tcapmdeduction tcatmaddition tcatmdeduction"
)

HEADERS: dict[str, tuple[str, ...]] = {
    name: tuple(order.split())
    for name, order in (
        (
            "create_bill",
            "vendorid datecreated dateposted datedue termname action batchkey billno ponumber onhold description externalid "
            "payto returnto basecurr currency exchratedate exchratetype exchrate nogl supdocid customfields billitems "
            "inclusivetax taxsolutionid",
        ),
        (
            "update_bill",
            "vendorid datecreated dateposted datedue termname action billno ponumber onhold description payto returnto "
            "currency exchratedate exchratetype exchrate supdocid customfields updatebillitems inclusivetax",
        ),
        (
            "create_invoice",
            "customerid datecreated dateposted datedue termname batchkey action invoiceno ponumber description externalid "
            "billto shipto basecurr currency exchratedate exchratetype exchrate nogl supdocid customfields taxsolutionid "
            "invoiceitems",
        ),
        (
            "update_invoice",
            "customerid datecreated dateposted datedue termname action invoiceno ponumber description payto returnto "
            "basecurr currency exchratedate exchratetype exchrate supdocid customfields updateinvoiceitems",
        ),
        (
            "create_apadjustment",
            "vendorid datecreated dateposted batchkey adjustmentno action billno description externalid basecurr currency "
            "exchratedate exchratetype exchrate nogl customfields inclusivetax taxsolutionid apadjustmentitems",
        ),
        (
            "update_apadjustment",
            "vendorid datecreated dateposted adjustmentno action billno description basecurr currency exchratedate "
            "exchratetype exchrate inclusivetax updateapadjustmentitems",
        ),
        (
            "create_potransaction",
            "transactiontype datecreated dateposted createdfrom vendorid documentno referenceno vendordocno termname "
            "datedue message shippingmethod returnto payto deliverto supdocid externalid basecurr currency exchratedate "
            "exchratetype exchrate customfields state projectid changelognumber needbydate donotshipbeforedate "
            "donotshipafterdate promiseddate contractstartdate contractenddate cancelafterdate scope inclusions exclusions "
            "terms schedulestartdate actualstartdate scheduledcompletiondate revisedcompletiondate "
            "substantialcompletiondate actualcompletiondate noticetoproceed responsedue executedon scheduleimpact "
            "internalrefno internalinitiatedby internalverbalby internalissuedby internalissuedon internalapprovedby "
            "internalapprovedon internalsignedby internalsignedon internalsource internalsourcerefno externalrefno "
            "externalverbalby externalapprovedby externalapprovedon externalsignedby externalsignedon "
            "performancebondrequired performancebondreceived performancebondamount performancesuretycompany "
            "paymentbondrequired paymentbondreceived paymentbondamount paymentsuretycompany taxsolutionid potransitems "
            "subtotals",
        ),
        (
            "update_potransaction",
            "datecreated dateposted referenceno vendordocno termname datedue message shippingmethod returnto payto "
            "deliverto supdocid externalid basecurr currency exchratedate exchratetype exchrate customfields state "
            "projectid changelognumber needbydate donotshipbeforedate donotshipafterdate promiseddate contractstartdate "
            "contractenddate cancelafterdate scope inclusions exclusions terms schedulestartdate actualstartdate "
            "scheduledcompletiondate revisedcompletiondate substantialcompletiondate actualcompletiondate noticetoproceed "
            "responsedue executedon scheduleimpact internalrefno internalinitiatedby internalverbalby internalissuedby "
            "internalissuedon internalapprovedby internalapprovedon internalsignedby internalsignedon internalsource "
            "internalsourcerefno externalrefno externalverbalby externalapprovedby externalapprovedon externalsignedby "
            "externalsignedon performancebondrequired performancebondreceived performancebondamount "
            "performancesuretycompany paymentbondrequired paymentbondreceived paymentbondamount paymentsuretycompany "
            "updatepotransitems updatesubtotals",
        ),
        (
            "create_aradjustment",
            "customerid datecreated dateposted batchkey adjustmentno action invoiceno description externalid basecurr "
            "currency exchratedate exchratetype exchrate nogl taxsolutionid aradjustmentitems",
        ),
        (
            "update_aradjustment",
            "customerid datecreated dateposted adjustmentno action invoiceno description basecurr currency exchratedate "
            "exchratetype exchrate updatearadjustmentitems",
        ),
        (
            "create_sotransaction",
            "transactiontype datecreated dateposted createdfrom customerid documentno origdocdate referenceno termname "
            f"datedue message shippingmethod {_SALE} taxsolutionid projectcontractid {_BILLING} previousretainagebalance "
            "sotransitems subtotals",
        ),
        (
            "update_sotransaction",
            "datecreated dateposted referenceno termname datedue origdocdate message shippingmethod "
            f"{_SALE} {_BILLING} updatesotransitems updatesubtotals",
        ),
    )
}

LINES: dict[str, tuple[str, ...]] = {
    name: tuple(order.split())
    for name, order in (
        (
            "create_bill/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid item1099 "
            "form1099type form1099box key totalpaid totaldue customfields projectid taskid costtypeid customerid vendorid "
            "employeeid itemid classid contractid warehouseid billable totaltrxamount partialexempt taxentries",
        ),
        (
            "create_invoice/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid key totalpaid "
            "totaldue customfields revrectemplate defrevaccount revrecstartdate revrecenddate projectid taskid costtypeid "
            "customerid vendorid employeeid itemid classid contractid warehouseid taxentries",
        ),
        (
            "create_apadjustment/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid item1099 key "
            "customfields projectid taskid costtypeid customerid vendorid employeeid itemid classid contractid warehouseid "
            "totaltrxamount taxentries",
        ),
        (
            "update_bill/changed",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid item1099 form1099type "
            "form1099box customfields projectid taskid costtypeid customerid vendorid employeeid itemid classid contractid "
            "warehouseid billable totaltrxamount partialexempt taxentries",
        ),
        (
            "update_bill/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid item1099 "
            "form1099type form1099box key totalpaid totaldue customfields projectid taskid costtypeid customerid vendorid "
            "employeeid itemid classid contractid warehouseid billable totaltrxamount partialexempt taxentries",
        ),
        (
            "update_invoice/changed",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid customfields revrectemplate "
            "defrevaccount revrecstartdate revrecenddate projectid taskid costtypeid customerid vendorid employeeid itemid "
            "classid contractid warehouseid taxentries",
        ),
        (
            "update_invoice/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid key totalpaid "
            "totaldue customfields revrectemplate defrevaccount revrecstartdate revrecenddate projectid taskid costtypeid "
            "customerid vendorid employeeid itemid classid contractid warehouseid taxentries",
        ),
        (
            "update_apadjustment/changed",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid item1099 form1099type "
            "form1099box customfields projectid taskid costtypeid customerid vendorid employeeid itemid classid contractid "
            "warehouseid totaltrxamount taxentries",
        ),
        (
            "update_apadjustment/line",
            "glaccountno accountlabel offsetglaccountno amount allocationid memo locationid departmentid item1099 "
            "form1099type form1099box key customfields projectid taskid costtypeid customerid vendorid employeeid itemid "
            "classid contractid warehouseid totaltrxamount taxentries",
        ),
        (
            "create_aradjustment/line",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid key totalpaid totaldue "
            "customfields projectid taskid costtypeid customerid vendorid employeeid itemid classid contractid warehouseid "
            "totaltrxamount taxentries",
        ),
        (
            "update_aradjustment/changed",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid customfields projectid taskid "
            "costtypeid customerid vendorid employeeid itemid classid contractid warehouseid totaltrxamount taxentries",
        ),
        (
            "update_aradjustment/line",
            "glaccountno accountlabel offsetglaccountno amount memo locationid departmentid key totalpaid totaldue "
            "customfields projectid taskid costtypeid customerid vendorid employeeid itemid classid contractid warehouseid "
            "totaltrxamount taxentries",
        ),
        (
            "sotransitem",
            "bundlenumber itemid itemaliasid itemdesc taxable warehouseid quantity unit linelevelsimpletaxtype "
            "discountpercent price relateddockey relateddoclinekey retainagepercentage trx_amountretained conversiontype "
            "sourcelinekey discsurchargememo locationid linesubtotals departmentid memo itemdetails customfields "
            "revrectemplate revrecstartdate revrecenddate renewalmacro projectid taskid costtypeid customerid vendorid "
            "employeeid classid paymenttaxcapture contractid fulfillmentstatus taskno billingtemplate dropship shipto "
            "needbydate shipby donotshipbeforedate donotshipafterdate datepickticketprinted cancelafterdate shippeddate "
            "projectcontractid projectcontractlineid pcblexternalrefno pcbldescription pcblbillingtype contractlinevalue "
            "priorapplicationamt completedthisperiod storedmaterials percentcompletedtodate previousretainagebalance "
            "isretainagerelease",
        ),
        (
            "updatesotransitem",
            "bundlenumber itemid itemaliasid itemdesc taxable warehouseid quantity unit linelevelsimpletaxtype "
            "discountpercent price relateddockey relateddoclinekey retainagepercentage trx_amountretained conversiontype "
            "discsurchargememo locationid departmentid memo linesubtotals itemdetails customfields revrectemplate "
            "revrecstartdate revrecenddate renewalmacro projectid taskid costtypeid customerid vendorid employeeid classid "
            "paymenttaxcapture contractid fulfillmentstatus taskno billingtemplate dropship shipto needbydate shipby "
            "donotshipbeforedate donotshipafterdate datepickticketprinted cancelafterdate shippeddate "
            "projectcontractlineid pcblexternalrefno pcbldescription pcblbillingtype contractlinevalue "
            "priorapplicationamt completedthisperiod storedmaterials percentcompletedtodate previousretainagebalance "
            "isretainagerelease",
        ),
        (
            "update_sotransaction/line",
            "bundlenumber itemid itemaliasid itemdesc taxable warehouseid quantity unit linelevelsimpletaxtype "
            "discountpercent price relateddockey relateddoclinekey retainagepercentage trx_amountretained conversiontype "
            "sourcelinekey discsurchargememo locationid linesubtotals departmentid memo itemdetails customfields "
            "revrectemplate revrecstartdate revrecenddate renewalmacro projectid taskid costtypeid customerid vendorid "
            "employeeid classid contractid fulfillmentstatus taskno billingtemplate dropship shipto needbydate shipby "
            "donotshipbeforedate donotshipafterdate datepickticketprinted cancelafterdate shippeddate "
            "projectcontractlineid pcblexternalrefno pcbldescription pcblbillingtype contractlinevalue "
            "priorapplicationamt completedthisperiod storedmaterials percentcompletedtodate previousretainagebalance "
            "isretainagerelease",
        ),
        (
            "potransitem",
            "itemid itemaliasid itemdesc taxable warehouseid quantity unit linelevelsimpletaxtype price sourcelinekey "
            "overridetaxamount deliverto tax locationid departmentid memo itemdetails form1099 form1099type form1099box "
            "customfields projectid taskid costtypeid customerid vendorid employeeid classid contractid billable needbydate "
            "donotshipbeforedate donotshipafterdate promiseddate dateconfirmed cancelafterdate dateshiptosupplier "
            "allocationid retainagepercentage trx_amountretained relateddockey relateddoclinekey conversiontype "
            "partialexempt paymenttaxcapture reverseconversion linesubtotals taxscxheduleid sourcedocid sourcedoclineid",
        ),
        (
            "updatepotransitem",
            "itemid itemaliasid itemdesc taxable warehouseid quantity unit linelevelsimpletaxtype price deliverto "
            "locationid departmentid memo itemdetails form1099 form1099type form1099box customfields projectid taskid "
            "costtypeid customerid vendorid employeeid classid contractid billable needbydate donotshipbeforedate "
            "donotshipafterdate promiseddate dateconfirmed cancelafterdate dateshiptosupplier allocationid relateddockey "
            "relateddoclinekey retainagepercentage trx_amountretained conversiontype partialexempt paymenttaxcapture "
            "reverseconversion linesubtotals taxscxheduleid sourcedocid sourcedoclineid",
        ),
        (
            "subtotal",
            "description total absval percentval locationid departmentid projectid taskid costtypeid customerid vendorid "
            "employeeid classid itemid contractid customfields",
        ),
    )
}
