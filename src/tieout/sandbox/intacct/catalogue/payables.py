"""Tables of bills, AP adjustments and AP payments with their lines (intacct-xml §3D APBILL, APPYMT)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue.company import contact_ref
from tieout.sandbox.intacct.catalogue.dimensions import account_ref, line_dimensions, supdoc, vendor_ref
from tieout.sandbox.intacct.catalogue.ledger import bank, pick
from tieout.sandbox.intacct.catalogue.projects import status_guards
from tieout.sandbox.intacct.catalogue.taxes import TAXENTRIES
from tieout.sandbox.intacct.facts import Credit, Document, Settlement
from tieout.sandbox.intacct.fields import (
    SEARCH,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    text,
)

# Paid documents keep the code of posted ones: only the label tells them apart (intacct-xml §3.0).
BILL_STATES = (
    ("Draft", "D"),
    ("Partially Approved", "PA"),
    ("Submitted", "S"),
    ("Declined", "U"),
    ("Posted", "A"),
    ("Partially Paid", "A"),
    ("Paid", "A"),
    ("Reversed", "V"),
)
PAYMENT_STATES = (("Posted", "C"), ("Draft", "D"), ("Approved", "A"), ("Voided", "V"), ("Submitted", "S"), ("Declined", "U"))
TOTALS = tuple(f"{prefix}TOTAL{name}" for prefix in ("", "TRX_") for name in ("ENTERED", "SELECTED", "PAID", "DUE"))


def money(*names: str) -> tuple[Field, ...]:
    """Amounts the document engine computes."""
    return tuple(Field(name, Type.CURRENCY, read_only=True, default="0") for name in names)


def made(*names: str, type: Type = Type.TEXT) -> tuple[Field, ...]:
    """Fields only the system writes."""
    return tuple(Field(name, type, read_only=True) for name in names)


def state(choices: tuple[tuple[str, str], ...]) -> Field:
    """Where a document stands; only the system moves it."""
    return Field("STATE", Type.ENUM, "State", read_only=True, choices=tuple(Choice(label, code) for label, code in choices))


def action() -> Field:
    """What a write does with the document; it is not kept (intacct-xml §5.2: BL03002129)."""
    return Field("ACTION", default="Submit", write_only=True)


def exchange() -> tuple[Field, ...]:
    """Currencies of a header; amounts are in CURRENCY, totals also in BASECURR."""
    return (
        Field("CURRENCY", max=3),
        Field("BASECURR", max=3),
        Field("EXCH_RATE_DATE", Type.DATE),
        *text("EXCH_RATE_TYPE_ID", max=40),
        Field("EXCHANGE_RATE", Type.DECIMAL),
    )


def summary(kind: str) -> tuple[Field, ...]:
    """The summary a document belongs to: by title, or by key in the older functions."""
    return (
        Field("PRBATCH", max=100),
        Field("PRBATCHKEY", Type.INTEGER, create_only=True, ref=Ref(kind, "RECORDNO", "PRBATCHKEY", "", {}, "Batch {value} is not valid.")),
    )


def header_line(name: str, label: str, plural: str, header: str, *more: Field, labels: str = "") -> Kind:
    """The lines of a document; `labels` are the account labels they take, where it is not one of payables or receivables."""
    kept = labels or ("APACCOUNTLABEL" if header.startswith("AP") else "ARACCOUNTLABEL")
    return Kind(
        name,
        label,
        plural,
        key="RECORDNO",
        functions=SEARCH,
        fields=(
            recordno(),
            *made("RECORDKEY", type=Type.INTEGER),
            *made("RECORDTYPE", "STATE", "BASELOCATION"),
            Field("ENTRY_DATE", Type.DATE, read_only=True),
            Field("LINE_NO", Type.INTEGER, "Line", update_only=True),
            Field("LINEITEM", read_only=True, default="T"),
            Field("ACCOUNTNO", label="Account", ref=account_ref()),
            Field("ACCOUNTLABEL", label="Account label", ref=Ref(kept, "ACCOUNTLABEL", "ACCOUNTLABELKEY", "")),
            Field("OFFSETGLACCOUNTNO", ref=account_ref("OFFSETACCOUNTKEY", "OFFSETGLACCOUNTTITLE", "")),
            Field("TRX_AMOUNT", Type.CURRENCY, "Amount", Need.YES),
            Field("TOTALTRXAMOUNT", Type.CURRENCY),
            *money("AMOUNT", "TOTALPAID", "TRX_TOTALPAID", "TOTALSELECTED", "TRX_TOTALSELECTED"),
            *text("ENTRYDESCRIPTION", max=1000),
            *made("CURRENCY", "BASECURR", "EXCH_RATE_TYPE_ID"),
            *made("EXCH_RATE_DATE", type=Type.DATE),
            *made("EXCHANGE_RATE", type=Type.DECIMAL),
            *money("TRX_TAX", "TAX"),
            Field("ALLOCATION", ref=Ref("ALLOCATION", "ALLOCATIONID", "ALLOCATIONKEY", "")),
            flag("BILLABLE"),
            flag("SUBTOTAL"),
            *line_dimensions(),
            *more,
        ),
        lines=(TAXENTRIES,),
        paths={header: ("RECORDKEY", header)},
        guards=status_guards(name),
        indexes=("RECORDKEY",),
    )


def document(
    name: str,
    label: str,
    plural: str,
    party: Field,
    items: tuple[str, str],
    more: tuple[Field, ...],
    functions: frozenset[str],
    paths: Mapping[str, tuple[str, str]] | None = None,
    batch: str = "",
) -> Kind:
    """A document; `items` are the container and the kind of its lines, `batch` its summaries where they are not its own."""
    return Kind(
        name,
        label,
        plural,
        key="RECORDNO",
        functions=functions,
        fields=(
            recordno(),
            *made("RECORDTYPE", "FINANCIALENTITY", "RAWSTATE"),
            state(BILL_STATES),
            party,
            *text("RECORDID", "DOCNUMBER", max=45),
            *text("DESCRIPTION", max=1000),
            *made("DESCRIPTION2"),
            *dates("WHENCREATED", "WHENPOSTED"),
            *more,
            supdoc(),
            *exchange(),
            action(),
            *money(*TOTALS),
            *made("WHENPAID", "WHENDISCOUNT", type=Type.DATE),
            *summary(batch or f"{name}BATCH"),
            *made("SCHOPKEY", type=Type.INTEGER),
            *made("MODULEKEY", "SYSTEMGENERATED"),
            *made("DUE_IN_DAYS", type=Type.INTEGER),
            Field("INCLUSIVETAX", Type.BOOLEAN),
            Field("TAXSOLUTIONID", create_only=True, ref=Ref("TAXSOLUTION", "SOLUTIONID", "TAXSOLUTIONKEY", "")),
            *made("TAXMETHOD", "RETAINAGEPERCENTAGE", "TRX_TOTALRETAINED", "TRX_TOTALRELEASED", "TOTALRETAINED"),
        ),
        owned=(Owned(*items, "RECORDKEY", match="LINE_NO", number="LINE_NO", first=0, least=1),),
        created="AUWHENCREATED",
        returns=("RECORDNO", "RECORD_URL"),
        indexes=("EXTERNALID", "NUMBERED"),
        paths=paths or {},
    )


_TAX_1099 = (flag("FORM1099"), *text("FORM1099TYPE", "FORM1099BOX", max=40))
_DUE = (*dates("WHENDUE", "RECPAYMENTDATE"),)
_TERM = Field("TERMNAME", ref=Ref("APTERM", "NAME", "TERMKEY", "TERM", {"TERMVALUE": "TERMVALUE"}, "Invalid Term '{value}' specified."))
_CONTACTS = (
    Field("BILLTOPAYTOCONTACTNAME", ref=contact_ref("PAYTO", "BILLTOPAYTOKEY")),
    Field("SHIPTORETURNTOCONTACTNAME", ref=contact_ref("RETURNTO", "SHIPTORETURNTOKEY")),
)
_VENDOR = Field("VENDORID", label="Vendor", ref=vendor_ref())

_RETAINED = (*made("RETAINAGEPERCENTAGE", type=Type.PERCENT), *money("TRX_AMOUNTRETAINED", "AMOUNTRETAINED", "TRX_AMOUNTRELEASED"))
APBILLITEM = header_line("APBILLITEM", "AP Bill Item", "AP Bill Items", "APBILL", *_TAX_1099, *_RETAINED)
APBILL = document(
    "APBILL",
    "AP Bill",
    "AP Bills",
    _VENDOR,
    ("APBILLITEMS", "APBILLITEM"),
    (*_DUE, _TERM, pick("PAYMENTPRIORITY", "urgent", "high", "normal", "low", default="normal"), flag("ONHOLD"), *_CONTACTS),
    WRITE_BY_NUMBER,
)
APADJUSTMENTITEM = header_line("APADJUSTMENTITEM", "AP Adjustment Item", "AP Adjustment Items", "APADJUSTMENT", *_TAX_1099)
APADJUSTMENT = document(
    "APADJUSTMENT",
    "AP Adjustment",
    "AP Adjustments",
    _VENDOR,
    ("APADJUSTMENTITEMS", "APADJUSTMENTITEM"),
    (Field("BILLNO", max=45),),
    SEARCH | {"delete"},
)

_PAY_METHODS = (
    *("Printed Check", "Joint Check", "Cash", "EFT", "Credit Card", "ACH", "Check Delivery", "WF Check"),
    *("WF Domestic ACH", "WF USD Wire"),
)


def payment_line(name: str, label: str, header: str, credits: tuple[Credit, ...], *more: Field) -> Kind:
    """What one line of a payment settles."""
    keys = tuple(field for each in credits for field in (Field(each.key, Type.INTEGER), Field(each.amount, Type.CURRENCY)))
    entries = tuple(Field(each.key.replace("KEY", "ENTRYKEY"), Type.INTEGER) for each in credits)
    return Kind(
        name,
        label,
        f"{label}s",
        key="RECORDNO",
        functions=SEARCH,
        fields=(
            recordno(),
            *made("PAYMENTKEY", type=Type.INTEGER),
            *(Field(each, Type.INTEGER) for each in ("RECORDKEY", "ENTRYKEY", "POSADJKEY", "POSADJENTRYKEY")),
            Field("TRX_PAYMENTAMOUNT", Type.CURRENCY),
            *money("PAYMENTAMOUNT"),
            *keys,
            *entries,
            *dates("DISCOUNTDATE"),
            *made("STATE"),
            *more,
        ),
        paths={header: ("PAYMENTKEY", header)},
        indexes=("PAYMENTKEY", "RECORDKEY", "POSADJKEY", *(each.key for each in credits)),
    )


AP_CREDITS = (
    Credit("INLINEKEY", "APBILL", "TRX_INLINEAMOUNT"),
    Credit("ADJUSTMENTKEY", "APADJUSTMENT", "TRX_ADJUSTMENTAMOUNT"),
    Credit("ADVANCEKEY", "APADVANCE", "TRX_POSTEDADVANCEAMOUNT"),
)
APPYMTDETAIL = payment_line(
    "APPYMTDETAIL", "AP Payment Detail", "APPYMT", AP_CREDITS, Field("CURRENCY", max=3), *text("JOINTPAYEEPRINTAS", max=100)
)
APPYMT = Kind(
    "APPYMT",
    "AP Payment",
    "AP Payments",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    fields=(
        recordno(),
        *made("RECORDTYPE", "RAWSTATE"),
        state(PAYMENT_STATES),
        bank(),
        Field("PAYMENTPROVIDER", create_only=True, max=100),
        Field("PAYMENTMETHOD", Type.ENUM, create_only=True, choices=tuple(Choice(each, each) for each in _PAY_METHODS)),
        pick("PAYMENTREQUESTMETHOD", "vendorpref", "vendor", "bill", "payto", default="vendorpref"),
        Field("VENDORID", label="Vendor", need=Need.YES, create_only=True, ref=vendor_ref()),
        *text("DOCNUMBER", max=45),
        *text("DESCRIPTION", max=1000),
        Field("PAYMENTDATE", Type.DATE, "Payment date", Need.YES, create_only=True),
        *dates("WHENCREATED"),
        Field("CURRENCY", label="Currency", need=Need.YES, create_only=True, max=3),
        Field("BASECURR", create_only=True, max=3),
        Field("EXCH_RATE_DATE", Type.DATE, create_only=True),
        Field("EXCH_RATE_TYPE_ID", create_only=True, default="Intacct Daily Rate", max=40),
        Field("AMOUNTTOPAY", Type.CURRENCY, create_only=True),
        action(),
        *money(*TOTALS),
        *made("WHENPAID", type=Type.DATE),
    ),
    owned=(Owned("APPYMTDETAILS", "APPYMTDETAIL", "PAYMENTKEY", least=1, need_on_update=True),),
    created="AUWHENCREATED",
)

KINDS = (APBILL, APBILLITEM, APADJUSTMENT, APADJUSTMENTITEM, APPYMT, APPYMTDETAIL)

_PAY_TO = (("BILLTOPAYTOCONTACTNAME", "BILLTOPAYTOKEY", "PAYTOKEY"), ("SHIPTORETURNTOCONTACTNAME", "SHIPTORETURNTOKEY", "RETURNTOKEY"))
DOCUMENTS: Mapping[str, Document] = {
    "APBILL": Document(
        party="VENDORID",
        party_word="vendor",
        module="3.AP",
        journal="APJ",
        record_type="apbill",
        sign=1,
        control="ap_account",
        required=("VENDORID", "WHENCREATED", "WHENDUE"),
        unique=True,
        missing_number="BL03002128",
        labels="APACCOUNTLABEL",
        foreign_module="9.PO",
        contacts=_PAY_TO,
        retainage="ap_retainage_account",
        taxes="GLACCOUNTPURCHASE",
    ),
    "APADJUSTMENT": Document(
        party="VENDORID",
        party_word="vendor",
        module="3.AP",
        journal="APJ",
        record_type="apadjustment",
        sign=1,
        control="ap_account",
        due="",
        required=("VENDORID", "WHENCREATED"),
        labels="APACCOUNTLABEL",
        foreign_module="9.PO",
        taxes="GLACCOUNTPURCHASE",
    ),
}
SETTLEMENTS: Mapping[str, Settlement] = {
    "APPYMT": Settlement(
        party="VENDORID",
        party_word="vendor",
        module="3.AP",
        journal="CDJ",
        record_type="appayment",
        sign=1,
        control="ap_account",
        targets=(("RECORDKEY", "APBILL"), ("POSADJKEY", "APADJUSTMENT")),
        amount="TRX_PAYMENTAMOUNT",
        credits=AP_CREDITS,
        date="PAYMENTDATE",
    ),
}
