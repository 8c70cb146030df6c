"""The object-specific functions: their elements and the fields they mean (intacct-xml §2.11, §3D)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.legacy_cash import FUNCTIONS as CASH
from tieout.sandbox.intacct.catalogue.legacy_masters import MASTERS
from tieout.sandbox.intacct.catalogue.legacy_orders import ORDERS
from tieout.sandbox.intacct.catalogue.shapes import Inner, Legacy, shape

_TAX: Inner = {"taxentries": {"taxentry": shape("detailid*=DETAILID trx_tax=TRX_TAX")}}
_DIMENSIONS = (
    "projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID "
    "itemid=ITEMID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID"
)
_PLACES = "memo=ENTRYDESCRIPTION locationid=LOCATIONID departmentid=DEPARTMENTID"
_ACCOUNT = "glaccountno=ACCOUNTNO accountlabel=ACCOUNTLABEL offsetglaccountno=OFFSETGLACCOUNTNO"
_1099 = "item1099=FORM1099 form1099type=FORM1099TYPE form1099box=FORM1099BOX"
_RATES = "basecurr=BASECURR currency=CURRENCY exchratedate:date=EXCH_RATE_DATE exchratetype=EXCH_RATE_TYPE_ID exchrate=EXCHANGE_RATE"
_RATES_ONLY = _RATES.partition(" ")[2]
_REVENUE = (
    "revrectemplate=REVRECTEMPLATE defrevaccount=DEFERREDREVACCTNO revrecstartdate:date=REVRECSTARTDATE revrecenddate:date=REVRECENDDATE"
)
_LEFT = "customfields:custom"
_REPEATED = "key totalpaid totaldue"

_BILL_LINE = shape(
    f"{_ACCOUNT} amount*=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} {_1099} {_REPEATED} {_LEFT} {_DIMENSIONS} billable=BILLABLE "
    "totaltrxamount=TOTALTRXAMOUNT partialexempt taxentries:lines=TAXENTRIES",
    _TAX,
)
_BILL_CHANGE = shape(
    f"{_ACCOUNT} amount=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} {_1099} {_REPEATED} {_LEFT} {_DIMENSIONS} billable=BILLABLE "
    "totaltrxamount=TOTALTRXAMOUNT partialexempt "
    "taxentries:lines=TAXENTRIES",
    _TAX,
)
_INVOICE_LINE = shape(
    f"{_ACCOUNT} amount*=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} {_REPEATED} {_LEFT} {_REVENUE} {_DIMENSIONS} "
    "taxentries:lines=TAXENTRIES",
    _TAX,
)
_INVOICE_CHANGE = shape(
    f"{_ACCOUNT} amount=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} {_REPEATED} {_LEFT} {_REVENUE} {_DIMENSIONS} "
    "taxentries:lines=TAXENTRIES",
    _TAX,
)
_AP_ADJUSTMENT_LINE = shape(
    f"{_ACCOUNT} amount*=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} item1099=FORM1099 {_REPEATED} {_LEFT} {_DIMENSIONS} "
    "totaltrxamount=TOTALTRXAMOUNT taxentries:lines=TAXENTRIES",
    _TAX,
)
_AP_ADJUSTMENT_CHANGE = shape(
    f"{_ACCOUNT} amount=TRX_AMOUNT {_PLACES} {_1099} {_LEFT} {_DIMENSIONS} totaltrxamount=TOTALTRXAMOUNT taxentries:lines=TAXENTRIES",
    _TAX,
)
_AR_ADJUSTMENT_LINE = shape(
    f"{_ACCOUNT} amount*=TRX_AMOUNT allocationid=ALLOCATION {_PLACES} {_REPEATED} {_LEFT} {_DIMENSIONS} totaltrxamount=TOTALTRXAMOUNT "
    "taxentries:lines=TAXENTRIES",
    _TAX,
)
_AR_ADJUSTMENT_CHANGE = shape(
    f"{_ACCOUNT} amount*=TRX_AMOUNT {_PLACES} {_LEFT} {_DIMENSIONS} totaltrxamount=TOTALTRXAMOUNT taxentries:lines=TAXENTRIES",
    _TAX,
)
_COUNT = shape(
    "trtype*=TR_TYPE amount*=TRX_AMOUNT glaccountno*=ACCOUNTNO document=DOCUMENT memo=DESCRIPTION locationid=LOCATION "
    "departmentid=DEPARTMENT customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID projectid=PROJECTID taskid=TASKID "
    "costtypeid=COSTTYPEID itemid=ITEMID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID customfields:custom"
)
_ENTRY = shape(
    "trtype*:side=TR_TYPE amount*=TRX_AMOUNT glaccountno*=ACCOUNTNO document=DOCUMENT datecreated:date memo=DESCRIPTION "
    "locationid=LOCATION departmentid=DEPARTMENT customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID projectid=PROJECTID "
    "taskid=TASKID costtypeid=COSTTYPEID itemid=ITEMID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID "
    "customfields:custom currency=CURRENCY exchratedate:date=EXCH_RATE_DATE exchratetype=EXCH_RATE_TYPE_ID exchrate=EXCHANGE_RATE"
)

_DATES = "datecreated*:date=WHENCREATED dateposted:date=WHENPOSTED"
_DATES_LATER = "datecreated:date=WHENCREATED dateposted:date=WHENPOSTED"
_DUE = "datedue:date=WHENDUE termname=TERMNAME"
_AP_CONTACTS = "payto:contact=BILLTOPAYTOCONTACTNAME returnto:contact=SHIPTORETURNTOCONTACTNAME"
_AR_CONTACTS = "billto:contact=BILLTOPAYTOCONTACTNAME shipto:contact=SHIPTORETURNTOCONTACTNAME"
_BILL_NUMBERS = "billno=RECORDID ponumber=DOCNUMBER onhold=ONHOLD description=DESCRIPTION"
_REQUESTS = shape("appaymentkeys*:joined=KEYS", {"appaymentkeys": {"appaymentkey": ()}})
_REVERSAL = shape("datereversed*:date description")

_PAYABLES: Mapping[str, Legacy] = {
    "create_bill": Legacy(
        "APBILL",
        "create",
        shape(
            f"vendorid*=VENDORID {_DATES} {_DUE} action=ACTION batchkey=PRBATCHKEY {_BILL_NUMBERS} externalid=EXTERNALID "
            f"{_AP_CONTACTS} {_RATES} "
            f"nogl=NOGL supdocid=SUPDOCID {_LEFT} billitems*:lines=APBILLITEMS inclusivetax=INCLUSIVETAX taxsolutionid=TAXSOLUTIONID",
            {"billitems": {"lineitem": _BILL_LINE}},
        ),
    ),
    "update_bill": Legacy(
        "APBILL",
        "update",
        shape(
            f"vendorid=VENDORID {_DATES_LATER} {_DUE} action=ACTION {_BILL_NUMBERS} {_AP_CONTACTS} {_RATES_ONLY} supdocid=SUPDOCID {_LEFT} "
            "updatebillitems:lines=APBILLITEMS inclusivetax=INCLUSIVETAX",
            {"updatebillitems": {"updatelineitem": _BILL_CHANGE, "lineitem": _BILL_LINE}},
        ),
        key="key",
    ),
    "delete_bill": Legacy("APBILL", "delete", key="key"),
    "reverse_bill": Legacy("APBILL", "reverse", _REVERSAL, key="key"),
    "create_apadjustment": Legacy(
        "APADJUSTMENT",
        "create",
        shape(
            f"vendorid*=VENDORID {_DATES} batchkey=PRBATCHKEY adjustmentno=RECORDID action=ACTION billno=BILLNO description=DESCRIPTION "
            f"externalid=EXTERNALID {_RATES} nogl=NOGL {_LEFT} inclusivetax=INCLUSIVETAX taxsolutionid=TAXSOLUTIONID "
            "apadjustmentitems*:lines=APADJUSTMENTITEMS",
            {"apadjustmentitems": {"lineitem": _AP_ADJUSTMENT_LINE}},
        ),
    ),
    "update_apadjustment": Legacy(
        "APADJUSTMENT",
        "update",
        shape(
            f"vendorid=VENDORID {_DATES_LATER} adjustmentno=RECORDID action=ACTION billno=BILLNO description=DESCRIPTION {_RATES} "
            "inclusivetax=INCLUSIVETAX updateapadjustmentitems:lines=APADJUSTMENTITEMS",
            {"updateapadjustmentitems": {"updatelineitem": _AP_ADJUSTMENT_CHANGE, "lineitem": _AP_ADJUSTMENT_LINE}},
        ),
        key="key",
    ),
    "delete_apadjustment": Legacy("APADJUSTMENT", "delete", key="key"),
    "reverse_appayment": Legacy("APPYMT", "reverse", _REVERSAL, key="key"),
    **{f"{step}_appaymentrequest": Legacy("APPYMT", step, _REQUESTS) for step in ("approve", "decline", "send", "confirm", "void")},
}
_RECEIVABLES: Mapping[str, Legacy] = {
    "create_invoice": Legacy(
        "ARINVOICE",
        "create",
        shape(
            f"customerid*=CUSTOMERID {_DATES} {_DUE} batchkey=PRBATCHKEY &action=ACTION invoiceno=RECORDID ponumber=DOCNUMBER "
            f"onhold description=DESCRIPTION externalid=EXTERNALID {_AR_CONTACTS} {_RATES} nogl=NOGL supdocid=SUPDOCID {_LEFT} "
            "taxsolutionid=TAXSOLUTIONID "
            "invoiceitems*:lines=ARINVOICEITEMS",
            {"invoiceitems": {"lineitem": _INVOICE_LINE}},
        ),
    ),
    "update_invoice": Legacy(
        "ARINVOICE",
        "update",
        shape(
            f"customerid=CUSTOMERID {_DATES_LATER} {_DUE} action=ACTION invoiceno=RECORDID ponumber=DOCNUMBER description=DESCRIPTION "
            f"payto:contact=BILLTOPAYTOCONTACTNAME returnto:contact=SHIPTORETURNTOCONTACTNAME {_RATES} supdocid=SUPDOCID {_LEFT} "
            "updateinvoiceitems:lines=ARINVOICEITEMS",
            {"updateinvoiceitems": {"updatelineitem": _INVOICE_CHANGE, "lineitem": _INVOICE_LINE}},
        ),
        key="key",
    ),
    "delete_invoice": Legacy("ARINVOICE", "delete", key="key"),
    "reverse_invoice": Legacy("ARINVOICE", "reverse", _REVERSAL, key="key"),
    "create_aradjustment": Legacy(
        "ARADJUSTMENT",
        "create",
        shape(
            f"customerid*=CUSTOMERID {_DATES} batchkey=PRBATCHKEY adjustmentno=RECORDID action=ACTION invoiceno=INVOICENO "
            f"description=DESCRIPTION externalid=EXTERNALID {_RATES} nogl=NOGL taxsolutionid=TAXSOLUTIONID "
            "aradjustmentitems*:lines=ARADJUSTMENTITEMS",
            {"aradjustmentitems": {"lineitem": _AR_ADJUSTMENT_LINE}},
        ),
    ),
    "update_aradjustment": Legacy(
        "ARADJUSTMENT",
        "update",
        shape(
            f"customerid=CUSTOMERID {_DATES_LATER} adjustmentno=RECORDID action=ACTION invoiceno=INVOICENO description=DESCRIPTION "
            f"{_RATES} updatearadjustmentitems:lines=ARADJUSTMENTITEMS",
            {"updatearadjustmentitems": {"updatelineitem": _AR_ADJUSTMENT_CHANGE, "lineitem": _AR_ADJUSTMENT_LINE}},
        ),
        key="key",
    ),
    "delete_aradjustment": Legacy("ARADJUSTMENT", "delete", key="key"),
    "create_arpayment": Legacy(
        "ARPYMT",
        "pay",
        shape(
            "customerid*=CUSTOMERID paymentamount*=PAYMENTAMOUNT translatedamount batchkey=PRBATCHKEY bankaccountid=FINANCIALENTITY "
            "undepfundsacct=UNDEPOSITEDACCOUNTNO refid=DOCNUMBER overpaylocid=OVERPAYMENTLOCATIONID overpaydeptid=OVERPAYMENTDEPARTMENTID "
            f"datereceived:date=RECEIPTDATE paymentmethod=PAYMENTMETHOD {_RATES} cctype authcode arpaymentitem:repeated=ARPYMTDETAILS "
            "onlinecardpayment:group onlineachpayment:group",
            {
                "arpaymentitem": {"arpaymentitem": shape("invoicekey*=RECORDKEY amount*=TRX_PAYMENTAMOUNT")},
                "onlinecardpayment": {"onlinecardpayment": shape("cardnum* expirydate* cardtype* securitycode usedefaultcard")},
                "onlineachpayment": {
                    "onlineachpayment": shape("bankname* accounttype* accountnumber* routingnumber* accountholder* usedefaultcard")
                },
            },
        ),
    ),
    "apply_arpayment": Legacy(
        "ARPYMT",
        "apply",
        shape(
            "arpaymentkey*=RECORDNO paymentdate*:date=RECEIPTDATE batchkey memo overpaylocid overpaydeptid "
            "arpaymentitems*:lines=ARPYMTDETAILS",
            {"arpaymentitems": {"arpaymentitem": shape("invoicekey*=RECORDKEY amount*=TRX_PAYMENTAMOUNT")}},
        ),
    ),
    "get_araging": Legacy(
        "ARINVOICE",
        "read",
        shape(
            "agingperiods customerid invoiceno locationid departmentid asofdate:date useduedate showdetails useglpostdate "
            "showzerowithactivity"
        ),
    ),
    "reverse_arpayment": Legacy("ARPYMT", "reverse", shape("datereversed*:date description nsfclosedaccount"), key="key"),
}
_SUMMARY = "batchtitle*=TITLE datecreated*:date=CREATED"
_SUMMARIES: Mapping[str, Legacy] = {
    "create_billbatch": Legacy("APBILLBATCH", "create", shape(_SUMMARY)),
    "create_apadjustmentbatch": Legacy("APADJUSTMENTBATCH", "create", shape(_SUMMARY)),
    "create_invoicebatch": Legacy("ARINVOICEBATCH", "create", shape(_SUMMARY)),
    "create_aradjustmentbatch": Legacy("ARADJUSTMENTBATCH", "create", shape(_SUMMARY)),
    "create_arpaymentbatch": Legacy(
        "ARPYMTBATCH",
        "create",
        shape("batchtitle*=TITLE bankaccountid=FINANCIALENTITY &undepfundsacct=UNDEPOSITEDACCOUNTNO datecreated*:date=CREATED"),
    ),
}
_LEDGER: Mapping[str, Legacy] = {
    "create_gltransaction": Legacy(
        "GLBATCH",
        "create",
        shape(
            "journalid*=JOURNAL datecreated*:date=BATCH_DATE reversedate:date=REVERSEDATE description*=BATCH_TITLE referenceno=REFERENCENO "
            "sourceentity=BASELOCATION_NO customfields:custom gltransactionentries*:lines=ENTRIES",
            {"gltransactionentries": {"glentry": _ENTRY}},
        ),
        narrowed={"JOURNAL": "JOURNAL"},
    ),
    "create_statgltransaction": Legacy(
        "GLBATCH",
        "create",
        shape(
            "journalid*=JOURNAL datecreated*:date=BATCH_DATE reversedate:date=REVERSEDATE description*=BATCH_TITLE "
            "statgltransactionentries*:lines=ENTRIES",
            {"statgltransactionentries": {"glentry": _COUNT}},
        ),
        narrowed={"JOURNAL": "STATJOURNAL"},
    ),
    "delete_gltransaction": Legacy("GLBATCH", "delete", key="key"),
}
_MASTER_DATA: Mapping[str, Legacy] = {
    f"delete_{name}": Legacy(kind, "delete", key=key, natural=True)
    for name, kind, key in (
        ("department", "DEPARTMENT", "departmentid"),
        ("class", "CLASS", "key"),
        ("allocation", "ALLOCATION", "key"),
        ("project", "PROJECT", "key"),  # only the vendor's SDKs write it (intacct-xml §9.1)
    )
}
_FILES: Inner = {"attachments": {"attachment": shape("attachmentname*=NAME attachmenttype*=TYPE attachmentdata*=DATA")}}
_FOLDER = "supdocfoldername*=SUPDOCFOLDERNAME supdocfolderdescription=DESCRIPTION supdocparentfoldername=PARENTFOLDERNAME"
_ATTACHMENTS: Mapping[str, Legacy] = {
    "create_supdoc": Legacy(
        "SUPDOC",
        "create",
        shape(
            "supdocid=SUPDOCID supdocname*=SUPDOCNAME supdocfoldername*=FOLDER supdocdescription=DESCRIPTION attachments:lines=ATTACHMENTS",
            _FILES,
        ),
    ),
    "update_supdoc": Legacy(
        "SUPDOC",
        "extend",
        shape(
            "supdocid*=SUPDOCID supdocname=SUPDOCNAME supdocfoldername=FOLDER supdocdescription=DESCRIPTION attachments:lines=ATTACHMENTS",
            _FILES,
        ),
    ),
    "delete_supdoc": Legacy("SUPDOC", "delete", key="key", natural=True),
    "create_supdocfolder": Legacy("SUPDOCFOLDER", "create", shape(_FOLDER)),
    "update_supdocfolder": Legacy("SUPDOCFOLDER", "update", shape(_FOLDER)),
    "delete_supdocfolder": Legacy("SUPDOCFOLDER", "delete", key="key", natural=True),
}

_TASK_TEXT = (
    "pbegindate:date=PBEGINDATE penddate:date=PENDDATE itemid=ITEMID billable=BILLABLE taskdescription=DESCRIPTION ismilestone=ISMILESTONE "
    "utilized=UTILIZED priority=PRIORITY taskno=TASKNO taskstatus=TASKSTATUS parentkey=PARENTKEY parenttaskname=PARENTTASKNAME "
    f"budgetqty=BUDGETQTY estqty=ESTQTY timetype=TIMETYPENAME {_LEFT} classid=CLASSID"
)
_DEPENDENT = "dependentonkey=DEPENDENTONKEY dependentonname=DEPENDENTONNAME"
_TIME = shape(
    "lineno=LINENO customerid=CUSTOMERID itemid=ITEMID projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID taskname=TASKNAME "
    "timetype=TIMETYPE emppositionid=EMPPOSITIONID laborclassid=LABORCLASSID laborshiftid=LABORSHIFTID laborunionid=LABORUNIONID "
    "billable=BILLABLE locationid=LOCATIONID departmentid=DEPARTMENTID entrydate*:date=ENTRYDATE qty*=QTY extamount=EXTAMOUNT "
    "extemployertaxes=EXTEMPLOYERTAXES extfringes=EXTFRINGES extcashfringes=EXTCASHFRINGES timesheetentrydescription=DESCRIPTION "
    f"notes=NOTES vendorid=VENDORID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID extbillrate=EXTBILLRATE "
    f"extcostrate=EXTCOSTRATE {_LEFT}"
)
_SHEET = shape(
    "employeeid*=EMPLOYEEID begindate*:date=BEGINDATE glpostdate:date=GLPOSTDATE timesheetdescription=DESCRIPTION state=STATE "
    "timesheetitems*:lines=TIMESHEETENTRIES",
    {"timesheetitems": {"timesheetitem": _TIME}},
)
# Objects table create_task, create_timesheet: a task's status may be left out here, and a timesheet is submitted unless it says so.
_PROJECTS: Mapping[str, Legacy] = {
    "create_task": Legacy(
        "TASK",
        "create",
        shape(f"taskname*=NAME projectid*=PROJECTID {_TASK_TEXT} supdocid=SUPDOCID {_DEPENDENT}"),
        defaults={"TASKSTATUS": "Not Started"},
    ),
    "update_task": Legacy("TASK", "update", shape(f"taskname=NAME projectid=PROJECTID {_TASK_TEXT} {_DEPENDENT}"), key="key"),
    "delete_task": Legacy("TASK", "delete", key="key"),
    "create_timesheet": Legacy("TIMESHEET", "create", _SHEET, defaults={"STATE": "Submitted"}),
    "update_timesheet": Legacy("TIMESHEET", "update", _SHEET, key="key", defaults={"STATE": "Submitted"}, whole=True),
    "delete_timesheet": Legacy("TIMESHEET", "delete", key="key"),
}
FUNCTIONS: Mapping[str, Legacy] = {
    **_PAYABLES,
    **_RECEIVABLES,
    **_SUMMARIES,
    **_LEDGER,
    **_MASTER_DATA,
    **MASTERS,
    **_ATTACHMENTS,
    **_PROJECTS,
    **ORDERS,
    **CASH,
}
