"""The object-specific functions of expenses and cash management (objects table, legacy functions; intacct-xml §9.1 for the order)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.shapes import Inner, Legacy, shape

_TAX: Inner = {"taxentries": {"taxentry": shape("detailid*=DETAILID trx_tax=TRX_TAX")}}
_DIMENSIONS = (
    "projectid=PROJECTID taskid=TASKID costtypeid=COSTTYPEID customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID "
    "itemid=ITEMID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID"
)
_ACCOUNT = "glaccountno=ACCOUNTNO accountlabel=ACCOUNTLABEL"
_PLACES = "locationid=LOCATIONID departmentid=DEPARTMENTID"
_RATES = "currency=CURRENCY exchratedate:date=EXCH_RATE_DATE exchratetype=EXCH_RATE_TYPE_ID exchrate=EXCHANGE_RATE"
_TAXES = "inclusivetax=INCLUSIVETAX taxsolutionid=TAXSOLUTIONID"
_REVERSAL = "datereversed*:date {}"

# -- expenses

_TYPE = "expensetype=ACCOUNTLABEL glaccountno=ACCOUNTNO"
_MONEY = (
    "amount{}=TRX_AMOUNT currency=ORG_CURRENCY trx_amount=ORG_AMOUNT exchratedate:date=ORG_EXCHRATEDATE exchratetype=ORG_EXCHRATETYPE "
    "exchrate=ORG_EXCHRATE expensedate:date=EXPENSEDATE memo=ENTRYDESCRIPTION"
)
_LAST = "billable=BILLABLE exppmttype=EXPPMTTYPE quantity=QUANTITY rate=UNITRATE"
_FOR = "form1099=FORM1099 form1099type=FORM1099TYPE form1099box=FORM1099BOX paidfor=PAIDFOR"
_TOTAL = "totaltrxamount=TOTALTRXAMOUNT taxentries:lines=TAXENTRIES"


def _expense(star: str) -> str:
    return f"{_TYPE} {_MONEY.format(star)} {_FOR} {_PLACES} customfields:custom {_DIMENSIONS} {_LAST} {_TOTAL}"


_EXPENSE, _EXPENSE_CHANGE = shape(_expense("*"), _TAX), shape(_expense(""), _TAX)
_ADJUSTMENT = shape(f"{_TYPE} {_MONEY.format('*')} {_PLACES} {_DIMENSIONS} {_LAST} customfields:custom {_TOTAL}", _TAX)
_HEAD = "datecreated{}:date=WHENCREATED dateposted:date=WHENPOSTED"
_REPORT = "expensereportno=RECORDID state=ACTION description=DESCRIPTION memo=MEMO"
_CURRENCIES = "basecurr=BASECURR currency=CURRENCY"
_REQUEST = shape(
    "bankaccountid*=FINANCIALENTITY employeeid*=EMPLOYEEID memo=DESCRIPTION paymentmethod*=PAYMENTMETHOD paymentdate*:date=PAYMENTDATE "
    "paymentoption=PAYMENTOPTION eppaymentrequestitems*:lines=EPPAYMENTREQUESTITEMS documentnumber=DOCNUMBER "
    "paymentdescription=PAYMENTDESCRIPTION paymentcontact=PAYMENTCONTACT",
    {"eppaymentrequestitems": {"eppaymentrequestitem": shape("key*=RECORDKEY paymentamount*=TRX_PAYMENTAMOUNT credittoapply")}},
)
_EXPENSES: Mapping[str, Legacy] = {
    "create_expensereport": Legacy(
        "EEXPENSES",
        "create",
        shape(
            f"employeeid*=EMPLOYEEID {_HEAD.format('*')} batchkey=PRBATCHKEY {_REPORT} externalid=EXTERNALID {_CURRENCIES} "
            f"customfields:custom &expenses*:lines=EEXPENSESITEMS &supdocid=SUPDOCID {_TAXES}",
            {"expenses": {"expense": _EXPENSE}},
        ),
    ),
    "update_expensereport": Legacy(
        "EEXPENSES",
        "update",
        shape(
            f"employeeid=EMPLOYEEID {_HEAD.format('')} {_REPORT} {_CURRENCIES} customfields:custom updateexpenses:lines=EEXPENSESITEMS "
            "supdocid=SUPDOCID inclusivetax=INCLUSIVETAX",
            {"updateexpenses": {"updateexpense": _EXPENSE_CHANGE, "expense": _EXPENSE}},
        ),
        key="key",
    ),
    "delete_expensereport": Legacy("EEXPENSES", "delete", key="key"),
    "reverse_expensereport": Legacy("EEXPENSES", "reverse", shape(_REVERSAL.format("description")), key="key"),
    "create_expensereportbatch": Legacy("EEXPENSESBATCH", "create", shape("batchtitle*=TITLE datecreated*:date=CREATED")),
    "create_expenseadjustmentreport": Legacy(
        "EXPENSEADJUSTMENTS",
        "create",
        shape(
            f"employeeid*=EMPLOYEEID {_HEAD.format('*')} batchkey=PRBATCHKEY adjustmentno=RECORDID docnumber=DOCNUMBER "
            f"description=DESCRIPTION {_CURRENCIES} expenseadjustments*:lines=EXPENSEADJUSTMENTSITEMS supdocid=SUPDOCID {_TAXES}",
            {"expenseadjustments": {"expenseadjustment": _ADJUSTMENT}},
        ),
    ),
    "delete_expenseadjustmentreport": Legacy("EXPENSEADJUSTMENTS", "delete", key="key"),
    "create_reimbursementrequest": Legacy("EPPAYMENTREQUEST", "create", _REQUEST),
    "create_expensetype": Legacy(
        "EEACCOUNTLABEL",
        "create",
        shape(
            "glaccountno*=GLACCOUNTNO expensetype*=ACCOUNTLABEL description*=DESCRIPTION offsetglaccountno=OFFSETGLACCOUNTNO status=STATUS"
        ),
    ),
    "create_expensepaymenttype": Legacy(
        "EXPENSEPAYMENTTYPE",
        "create",
        shape("name*=NAME description=DESCRIPTION nonreimbursable=NONREIMBURSABLE offsetacctno=OFFSETACCTNO status=STATUS"),
    ),
}

# -- cash management

_CARD_DIMENSIONS = (
    "departmentid=DEPARTMENTID locationid=LOCATIONID customerid=CUSTOMERID vendorid=VENDORID employeeid=EMPLOYEEID projectid=PROJECTID "
    "taskid=TASKID costtypeid=COSTTYPEID itemid=ITEMID classid=CLASSID contractid=CONTRACTID warehouseid=WAREHOUSEID"
)


def _card_line(star: str) -> str:
    first = f"{_ACCOUNT} description=ENTRYDESCRIPTION paymentamount{star}=TRX_AMOUNT {_CARD_DIMENSIONS} customfields:custom"
    return f"{first} {_TOTAL} billable=BILLABLE"


_CARD_LINE, _CARD_CHANGE = shape(_card_line("*"), _TAX), shape(_card_line(""), _TAX)
_CARD = "paymentdate{}:date=WHENCREATED referenceno=RECORDID payee=PAYEE description=DESCRIPTION supdocid=SUPDOCID"
_CASH: Mapping[str, Legacy] = {
    "record_cctransaction": Legacy(
        "CCTRANSACTION",
        "create",
        shape(
            f"chargecardid*=CARDID {_CARD.format('*')} {_RATES} customfields:custom {_TAXES} ccpayitems*:lines=CCTRANSACTIONENTRIES",
            {"ccpayitems": {"ccpayitem": _CARD_LINE}},
        ),
    ),
    "update_cctransaction": Legacy(
        "CCTRANSACTION",
        "update",
        shape(
            f"{_CARD.format('')} {_RATES} customfields:custom inclusivetax=INCLUSIVETAX updateccpayitems:lines=CCTRANSACTIONENTRIES",
            {"updateccpayitems": {"updateccpayitem": _CARD_CHANGE, "ccpayitem": _CARD_LINE}},
        ),
        key="key",
    ),
    "reverse_cctransaction": Legacy("CCTRANSACTION", "reverse", shape(_REVERSAL.format("memo")), key="key"),
    "record_otherreceipt": Legacy(
        "OTHERRECEIPTS",
        "create",
        shape(
            "paymentdate*:date=WHENCREATED payee*=PAYEE receiveddate*:date=RECEIPTDATE paymentmethod*=PAYMENTMETHOD "
            "undepglaccountno=UNDEPOSITEDACCOUNTNO bankaccountid=FINANCIALENTITY depositdate:date=DEPOSITDATE refid=RECORDID "
            f"description=DESCRIPTION supdocid=SUPDOCID {_RATES} customfields:custom {_TAXES} receiptitems*:lines=OTHERRECEIPTSENTRIES",
            {
                "receiptitems": {
                    "lineitem": shape(
                        f"{_ACCOUNT} amount*=TRX_AMOUNT memo=ENTRYDESCRIPTION {_PLACES} customfields:custom {_DIMENSIONS} {_TOTAL}", _TAX
                    )
                }
            },
        ),
    ),
    "record_deposit": Legacy(
        "DEPOSIT",
        "deposit",
        shape(
            "bankaccountid*=FINANCIALENTITY depositdate*:date=WHENCREATED depositid*=RECORDID receiptkeys*:joined=KEYS "
            "description=DESCRIPTION supdocid=SUPDOCID customfields:custom",
            {"receiptkeys": {"receiptkey": ()}},
        ),
    ),
    "delete_otherreceipt": Legacy("OTHERRECEIPTS", "delete", key="key"),
}
FUNCTIONS: Mapping[str, Legacy] = {**_EXPENSES, **_CASH}
