"""Tables of invoices, AR adjustments, advances and payments with their lines (intacct-xml §3D ARINVOICE)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.company import contact_ref
from tieout.sandbox.intacct.catalogue.dimensions import account_ref, customer_ref, supdoc
from tieout.sandbox.intacct.catalogue.ledger import bank, pick
from tieout.sandbox.intacct.catalogue.payables import (
    BILL_STATES,
    PAYMENT_STATES,
    TOTALS,
    action,
    document,
    exchange,
    header_line,
    made,
    money,
    payment_line,
    state,
    summary,
)
from tieout.sandbox.intacct.facts import Credit, Document, Settlement
from tieout.sandbox.intacct.fields import (
    READ,
    SEARCH,
    WRITE_BY_NUMBER,
    Field,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    dates,
    recordno,
    status,
    text,
)

CUSTMESSAGE = Kind(
    "CUSTMESSAGE",
    "Customer Message",
    "Customer Messages",
    key="MESSAGEID",
    functions=READ,
    fields=(recordno(), Field("MESSAGEID", need=Need.YES, max=40), Field("MESSAGE", need=Need.YES, max=1000), status()),
    shared=True,
)
CONTACTTAXGROUP = Kind(
    "CONTACTTAXGROUP",
    "Contact Tax Group",
    "Contact Tax Groups",
    key="NAME",
    functions=READ,
    fields=(recordno(), Field("NAME", need=Need.YES, max=80), status()),
    shared=True,
)

_CUSTOMER = Field("CUSTOMERID", label="Customer", ref=customer_ref())
_TERM = Field("TERMNAME", ref=Ref("ARTERM", "NAME", "TERMKEY", "TERM", {"TERMVALUE": "TERMVALUE"}, "Invalid Term '{value}' specified."))
_MESSAGE = Field("CUSTMESSAGEID", ref=Ref("CUSTMESSAGE", "MESSAGEID", "CUSTMESSAGEKEY", "CUSTMESSAGE"))
_CONTACTS = (
    Field("BILLTOPAYTOCONTACTNAME", ref=contact_ref("BILLTO", "BILLTOPAYTOKEY")),
    Field("SHIPTORETURNTOCONTACTNAME", ref=contact_ref("SHIPTO", "SHIPTORETURNTOKEY")),
    *made("CONTACTKEY", type=Type.INTEGER),
)
_REVENUE = (
    *text("REVRECTEMPLATE", max=40),
    Field("DEFERREDREVACCTNO", ref=account_ref("DEFERREDREVACCTKEY", "DEFERREDREVACCTTITLE", "")),
    *dates("REVRECSTARTDATE", "REVRECENDDATE"),
)
_ITEM_READS = (
    *("TRX_DISCOUNTAPPLIED", "PARENTENTRY", "PAYMENTTAXCAPTURE", "DEFERREVENUE", "REVRECTEMPLATEKEY", "DETAILKEY"),
    *("BILLABLECONTRACTSCHENTRYKEY", "BILLABLECONTRACTUSAGEBILLINGID", "RETAINAGEPERCENTAGE", "TRX_AMOUNTRETAINED"),
    *("AMOUNTRETAINED", "TRX_AMOUNTRELEASED", "RETAINAGE_OFFSETGLACCOUNTNO", "PROJECTCONTRACTID", "PROJECTCONTRACTKEY"),
    *("PROJECTCONTRACTLINEID", "PROJECTCONTRACTLINEKEY", "PROJECTCONTRACTNAME", "PROJECTCONTRACTLINENAME"),
    *("ISRETAINAGERELEASE", "ISSUMMARIZED", "AMORTIZATIONTEMPLATEKEY", "AMORTIZATIONTEMPLATEID", "AMORTIZATIONSTARTDATE"),
    *("AMORTIZATIONENDDATE", "ORIGDOCKEY", "ORIGDOCLINEKEY", "ORIGDOCID", "ORIGDOCLINEID"),
)

ARINVOICEITEM = header_line("ARINVOICEITEM", "AR Invoice Item", "AR Invoice Items", "ARINVOICE", *_REVENUE, *made(*_ITEM_READS))
ARINVOICE = document(
    "ARINVOICE",
    "AR Invoice",
    "AR Invoices",
    _CUSTOMER,
    ("ARINVOICEITEMS", "ARINVOICEITEM"),
    (*dates("WHENDUE"), _TERM, _MESSAGE, *_CONTACTS),
    SEARCH | {"delete"},
    paths={"CONTACT": ("CONTACTKEY", "CONTACT")},
)
ARADJUSTMENTITEM = header_line("ARADJUSTMENTITEM", "AR Adjustment Item", "AR Adjustment Items", "ARADJUSTMENT")
ARADJUSTMENT = document(
    "ARADJUSTMENT",
    "AR Adjustment",
    "AR Adjustments",
    _CUSTOMER,
    ("ARADJUSTMENTITEMS", "ARADJUSTMENTITEM"),
    (Field("INVOICENO", max=45),),
    SEARCH | {"delete"},
)


def _bank(need_method: tuple[str, ...]) -> tuple[Field, ...]:
    """Where received money goes, and how it came."""
    return (
        bank(),
        Field("UNDEPOSITEDACCOUNTNO", ref=account_ref("UNDEPOSITEDACCOUNTKEY", "", "")),
        *summary("ARPYMTBATCH"),
        pick("PAYMENTMETHOD", *need_method, need=Need.YES),
        Field("RECEIPTDATE", Type.DATE, "Receipt date", Need.YES),
        *made("FINANCIALENTITYTYPE", "FINANCIALACCOUNTCURRENCY"),
    )


_METHODS = ("Printed Check", "Cash", "EFT", "Credit Card")
ARADVANCEITEM = header_line("ARADVANCEITEM", "AR Advance Item", "AR Advance Items", "ARADVANCE")
ARADVANCE = Kind(
    "ARADVANCE",
    "AR Advance",
    "AR Advances",
    key="RECORDNO",
    functions=SEARCH | {"create", "update"},
    fields=(
        recordno(),
        *made("RECORDTYPE", "RAWSTATE"),
        state(BILL_STATES),
        Field("CUSTOMERID", label="Customer", need=Need.YES, create_only=True, ref=customer_ref()),
        *_bank(_METHODS),
        Field("PAYMENTDATE", Type.DATE, "Payment date", Need.YES),
        *text("DOCNUMBER", max=45),
        *text("DESCRIPTION", max=1000),
        *made("RECORDID", "DESCRIPTION2", "MODULEKEY", "SYSTEMGENERATED"),
        *exchange(),
        supdoc(),
        action(),
        *money(*TOTALS),
        *made("WHENPAID", type=Type.DATE),
    ),
    owned=(
        Owned("ARADVANCEITEMS", "ARADVANCEITEM", "RECORDKEY", match="LINE_NO", number="LINE_NO", first=0, least=1, need_on_update=True),
    ),
    created="AUWHENCREATED",
    indexes=("NUMBERED",),
)

AR_CREDITS = (
    Credit("ADJUSTMENTKEY", "ARADJUSTMENT", "TRX_ADJUSTMENTAMOUNT"),
    Credit("INLINEKEY", "ARINVOICE", "TRX_INLINEAMOUNT"),
    Credit("ADVANCEKEY", "ARADVANCE", "TRX_POSTEDADVANCEAMOUNT"),
    Credit("OVERPAYMENTKEY", "ARPYMT", "TRX_POSTEDOVERPAYMENTAMOUNT"),
    Credit("NEGATIVEINVOICEKEY", "ARINVOICE", "TRX_NEGATIVEINVOICEAMOUNT"),
)
ARPYMTDETAIL = payment_line("ARPYMTDETAIL", "AR Payment Detail", "ARPYMT", AR_CREDITS, Field("TRX_TOTALDISCOUNTTOAPPLY", Type.CURRENCY))
ARPYMT = Kind(
    "ARPYMT",
    "AR Payment",
    "AR Payments",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    fields=(
        recordno(),
        *made("RECORDTYPE", "RAWSTATE", "SUMMARYTITLE", "DISPLAYSTATE", "PAYMENTMETHODKEY"),
        state(PAYMENT_STATES),
        Field("CUSTOMERID", label="Customer", ref=customer_ref()),
        *_bank((*_METHODS, "Online Charge Card", "Online ACH Debit")),
        Field("PAYERNAME", create_only=True, max=100),
        *text("DOCNUMBER", max=45),
        *text("DESCRIPTION", max=1000),
        *dates("PAYMENTDATE", "WHENPAID"),
        *made("WHENCREATED", type=Type.DATE),
        *(Field(name, Type.CURRENCY) for name in ("AMOUNTOPAY", "TRX_AMOUNTTOPAY", "OVERPAYMENTAMOUNT")),
        Field("OVERPAYMENTLOCATIONID", ref=Ref("LOCATION", "LOCATIONID", "OVERPAYMENTLOCATIONKEY", "")),
        Field("OVERPAYMENTDEPARTMENTID", ref=Ref("DEPARTMENT", "DEPARTMENTID", "OVERPAYMENTDEPARTMENTKEY", "")),
        Field("CURRENCY", label="Currency", need=Need.YES, max=3),
        Field("BASECURR", max=3),
        Field("EXCH_RATE_DATE", Type.DATE),
        *text("EXCH_RATE_TYPE_ID", "BILLTOPAYTONAME", max=100),
        Field("EXCHANGE_RATE", Type.DECIMAL),
        *(Field(f"ONLINECARDPAYMENT.{name}", max=40) for name in ("CARDNUM", "EXPIRYDATE", "CARDTYPE", "SECURITYCODE", "USEDEFAULTCARD")),
        action(),
        supdoc(),
        *money(*TOTALS),
        *made("CLEARED", "CLRDATE", "RECORDID", "BILLTOPAYTOKEY", "PARENTPAYMENTKEY", "TAXSOLUTIONID", "MULTIENTITYPYMTKEY"),
    ),
    owned=(Owned("ARPYMTDETAILS", "ARPYMTDETAIL", "PAYMENTKEY"),),
    created="AUWHENCREATED",
)

KINDS = (
    *(CUSTMESSAGE, CONTACTTAXGROUP, ARINVOICE, ARINVOICEITEM, ARADJUSTMENT, ARADJUSTMENTITEM),
    *(ARADVANCE, ARADVANCEITEM, ARPYMT, ARPYMTDETAIL),
)

_BILL_TO = (("BILLTOPAYTOCONTACTNAME", "BILLTOPAYTOKEY", "BILLTOKEY"), ("SHIPTORETURNTOCONTACTNAME", "SHIPTORETURNTOKEY", "SHIPTOKEY"))
DOCUMENTS: Mapping[str, Document] = {
    "ARINVOICE": Document(
        party="CUSTOMERID",
        party_word="customer",
        module="4.AR",
        journal="ARJ",
        record_type="arinvoice",
        sign=-1,
        control="ar_account",
        required=("CUSTOMERID", "WHENCREATED", "WHENDUE"),
        labels="ARACCOUNTLABEL",
        foreign_module="8.SO",
        contacts=_BILL_TO,
        retainage="ar_retainage_account",
        taxes="GLACCOUNTSALE",
    ),
    "ARADJUSTMENT": Document(
        party="CUSTOMERID",
        party_word="customer",
        module="4.AR",
        journal="ARJ",
        record_type="aradjustment",
        sign=-1,
        control="ar_account",
        due="",
        required=("CUSTOMERID", "WHENCREATED"),
        labels="ARACCOUNTLABEL",
        foreign_module="8.SO",
        taxes="GLACCOUNTSALE",
    ),
    "ARADVANCE": Document(
        party="CUSTOMERID",
        party_word="customer",
        module="4.AR",
        journal="CRJ",
        record_type="aradvance",
        sign=-1,
        control="undeposited_account",
        date="RECEIPTDATE",
        posted="",
        due="",
        required=("CUSTOMERID", "RECEIPTDATE", "PAYMENTDATE"),
        labels="ARACCOUNTLABEL",
        bank=True,
    ),
}
SETTLEMENTS: Mapping[str, Settlement] = {
    "ARPYMT": Settlement(
        party="CUSTOMERID",
        party_word="customer",
        module="4.AR",
        journal="CRJ",
        record_type="arpayment",
        sign=-1,
        control="ar_account",
        targets=(("RECORDKEY", "ARINVOICE"), ("POSADJKEY", "ARADJUSTMENT")),
        amount="TRX_PAYMENTAMOUNT",
        credits=AR_CREDITS,
        date="RECEIPTDATE",
        needs_account=True,
    ),
}
