"""Payments to vendors and from customers with what they pay, over REST (endpoint catalogue; intacct-rest §14)."""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, READ, READ_METHODS, UPDATE, Form, Link, Property, RestObject, Rows, same

# The words of the recorded vendor model for those it has (intacct-rest §15.20); the others by its manner.
METHODS = {
    **{"Printed Check": "printedCheck", "Joint Check": "jointCheck", "Credit Card": "chargeCard", "EFT": "EFT", "Cash": "cash"},
    **{"ACH": "ACH", "Check Delivery": "checkDelivery", "WF Check": "wellsFargoCheck", "WF USD Wire": "wellsFargoUSDWire"},
    **{"WF Domestic ACH": "wellsFargoDomesticACH"},
    **{"Online Charge Card": "onlineChargeCard", "Online ACH Debit": "onlineACHDebit"},
}
_AMOUNTS = (
    *same(("txnCurrency.paymentAmount", "TRX_PAYMENTAMOUNT"), ("baseCurrency.paymentAmount", "PAYMENTAMOUNT")),
    *same(("txnCurrency.adjustmentAmount", "TRX_ADJUSTMENTAMOUNT"), ("txnCurrency.inlineAmount", "TRX_INLINEAMOUNT")),
    *same(("txnCurrency.postedAdvanceAmount", "TRX_POSTEDADVANCEAMOUNT"), ("discountDate", "DISCOUNTDATE")),
    Property("state", "STATE", read_only=True),
)
_TOTALS = (
    *same(
        ("txnCurrency.currency", "CURRENCY"), ("txnCurrency.totalAmount", "TRX_TOTALENTERED"), ("txnCurrency.totalPaid", "TRX_TOTALPAID")
    ),
    *same(("baseCurrency.currency", "BASECURR"), ("baseCurrency.totalAmount", "TOTALENTERED"), ("baseCurrency.totalPaid", "TOTALPAID")),
    *same(("recordType", "RECORDTYPE"), ("state", "STATE"), ("documentNumber", "DOCNUMBER"), ("description", "DESCRIPTION")),
    *same(("financialEntity.entityId", "FINANCIALENTITY"), ("webURL", "RECORD_URL")),
    Property("paymentMethod", "PAYMENTMETHOD", Form.WORD, words=METHODS),
)


def _named(path: str, column: str, target: str) -> Link:
    """What a payment pays or takes in its place; XML has its record number alone."""
    return Link(path, column, target, key=column)


AP_PAYMENT = RestObject(
    "accounts-payable/payment",
    "APPYMT",
    rows=(
        *_TOTALS,
        *same(("paymentDate", "PAYMENTDATE"), ("paymentRequestMethod", "PAYMENTREQUESTMETHOD"), ("paymentProvider", "PAYMENTPROVIDER")),
        Link("vendor", "VENDORID", "accounts-payable/vendor"),
        Rows("details", "APPYMTDETAILS", "accounts-payable/payment-detail"),
    ),
)
AP_DETAIL = RestObject(
    "accounts-payable/payment-detail",
    "APPYMTDETAIL",
    rows=(
        *_AMOUNTS,
        Link("apPayment", "", "accounts-payable/payment", key="PAYMENTKEY", read_only=True),
        _named("bill", "RECORDKEY", "accounts-payable/bill"),
        _named("inlineBill", "INLINEKEY", "accounts-payable/bill"),
        _named("apDebitAdjustment", "POSADJKEY", "accounts-payable/adjustment"),
        _named("apCreditAdjustment", "ADJUSTMENTKEY", "accounts-payable/adjustment"),
    ),
    methods=READ_METHODS,
    owner="apPayment",
)
AR_PAYMENT = RestObject(
    "accounts-receivable/payment",
    "ARPYMT",
    rows=(
        *_TOTALS,
        *same(("paymentSummary.receiptDate", "RECEIPTDATE"), ("paymentDate", "PAYMENTDATE"), ("payerName", "PAYERNAME")),
        *same(("exchangeRate.date", "EXCH_RATE_DATE"), ("exchangeRate.typeId", "EXCH_RATE_TYPE_ID")),
        Property("exchangeRate.rate", "EXCHANGE_RATE", Form.NUMBER),
        Link("customer", "CUSTOMERID", "accounts-receivable/customer"),
        Link("undepositedGLAccount", "UNDEPOSITEDACCOUNTNO", "general-ledger/account"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Rows("paymentDetails", "ARPYMTDETAILS", "accounts-receivable/payment-detail"),
    ),
    methods=(READ, CREATE, DELETE),
)
AR_DETAIL = RestObject(
    "accounts-receivable/payment-detail",
    "ARPYMTDETAIL",
    rows=(
        *_AMOUNTS,
        Link("arPayment", "", "accounts-receivable/payment", key="PAYMENTKEY", read_only=True),
        _named("arInvoice", "RECORDKEY", "accounts-receivable/invoice"),
        _named("arAdjustment", "POSADJKEY", "accounts-receivable/adjustment"),
    ),
    methods=READ_METHODS,
    owner="arPayment",
)

CONTRACT_LINE_ENTRY = RestObject(
    "construction/project-contract-line-entry",
    "PROJECTCONTRACTLINEENTRY",
    rows=(
        *same(("workflowType", "WFTYPE"), ("quantity", "QTY"), ("unitPrice", "UNITPRICE"), ("price", "PRICE"), ("memo", "MEMO")),
        *same(("priceEffectiveDate", "EFFECTIVEDATE")),
        Link("projectContractLine", "", "construction/project-contract-line", key="PROJECTCONTRACTLINEKEY", read_only=True),
        Link("dimensions.vendor", "VENDORID", "accounts-payable/vendor"),
    ),
    methods=(READ, DELETE),
    published=(UPDATE,),
)

OBJECTS = (AP_PAYMENT, AP_DETAIL, AR_PAYMENT, AR_DETAIL, CONTRACT_LINE_ENTRY)
