"""Documents of payables and receivables: bills, adjustments, invoices, payments and advances (intacct-xml §3D)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tieout.core.ports import Verb
from tieout.core.record import Fields
from tieout.intacct.catalogue import (
    Access,
    Act,
    Documents,
    Field,
    Kind,
    Lines,
    Touch,
    Type,
    WriteMode,
    aliased,
    dimension,
    fields,
    lines_field,
    number,
    reference,
)
from tieout.intacct.client import Function
from tieout.intacct.client import documents as build

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.ACT})
_TOTALS = "TOTALENTERED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE"
_REVERSED = frozenset({"reversed", "reversal"})


def _line(name: str, extra: tuple[Field, ...] = (), *, amount_always: bool = False) -> Kind:
    """A line of a payables or receivables document; its amount is in the document's currency."""
    return Kind(
        name,
        "",
        (
            reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY", alias="glaccountno"),
            *aliased(Type.TEXT, {"ACCOUNTLABEL": "accountlabel", "OFFSETGLACCOUNTNO": "offsetglaccountno"}),
            Field("TRX_AMOUNT", Type.DECIMAL, column="TRX_AMOUNT", alias="amount", always_sent=amount_always),
            *fields(Type.DECIMAL, "AMOUNT TOTALPAID", access=Access.NEVER),
            *aliased(Type.TEXT, {"ENTRYDESCRIPTION": "memo"}),
            reference("LOCATIONID", "LOCATION", "LOCATIONKEY", alias="locationid"),
            reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY", alias="departmentid"),
            dimension("PROJECTID", "PROJECT"),
            dimension("TASKID", "TASK"),
            dimension("COSTTYPEID", "COSTTYPE"),
            *aliased(Type.TEXT, {"CONTRACTID": "contractid", "WAREHOUSEID": "warehouseid"}),
            dimension("CUSTOMERID", "CUSTOMER"),
            dimension("VENDORID", "VENDOR"),
            dimension("EMPLOYEEID", "EMPLOYEE"),
            dimension("ITEMID", "ITEM"),
            dimension("CLASSID", "CLASS"),
            *extra,
        ),
        system=("RECORDNO", "RECORDKEY", "LINE_NO"),
    )


_ALLOCATION = aliased(Type.TEXT, {"ALLOCATION": "allocationid"})
_FORM1099 = (
    *aliased(Type.BOOLEAN, {"FORM1099": "item1099"}),
    *aliased(Type.TEXT, {"FORM1099TYPE": "form1099type", "FORM1099BOX": "form1099box"}),
)
_BILLABLE = aliased(Type.BOOLEAN, {"BILLABLE": "billable"})
_TAXES = {"TAXENTRIES": ("TAXENTRY", ("DETAILID", "TRX_TAX"))}
_ON = {"DATEREVERSED": Type.DATE, "DESCRIPTION": Type.TEXT}


def _reversal(function: Callable[[str, str, date, str], Function]) -> Act:
    def call(key: str, number: str, given: Fields) -> Function:
        moment = given["DATEREVERSED"]
        assert isinstance(moment, date)
        return function(key, number, moment, str(given.get("DESCRIPTION") or ""))

    return Act(call, frozenset({"reversed"}), _ON, frozenset({"DATEREVERSED"}))


def _recall(key: str, number: str, given: Fields) -> Function:
    return build.recall_bill(key, number)


APBILL = Kind(
    "APBILL",
    "RECORDID",
    (
        reference("VENDORID", "VENDOR", "VENDOR.RECORDNO"),
        *fields(Type.TEXT, "RECORDID DOCNUMBER DESCRIPTION TERMNAME SUPDOCID CURRENCY BASECURR EXCH_RATE_TYPE_ID PRBATCH"),
        *fields(Type.TEXT, "BILLTOPAYTOCONTACTNAME SHIPTORETURNTOCONTACTNAME"),
        *fields(Type.DATE, "WHENCREATED WHENPOSTED RECPAYMENTDATE EXCH_RATE_DATE"),
        Field("WHENDUE", Type.DATE, column="WHENDUE", always_sent=True),
        *fields(Type.DATE, "WHENPAID", access=Access.NEVER),
        *fields(Type.LABEL, "PAYMENTPRIORITY"),
        *fields(Type.LABEL, "STATE MODULEKEY", access=Access.NEVER),
        *fields(Type.LABEL, "ACTION", selectable=False),
        *fields(Type.BOOLEAN, "ONHOLD"),
        *fields(Type.DECIMAL, "EXCHANGE_RATE"),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("APBILLITEMS"),
    ),
    WriteMode.REPLACED,
    _WRITES,
    within="VENDORID",
    mark="DESCRIPTION",
    audit_type="apbill",
    label="bills",
    lines=Lines("APBILLITEMS", _line("APBILLITEM", (*_ALLOCATION, *_FORM1099, *_BILLABLE)), "RECORDKEY", sub=_TAXES),
    acts={"reverse": _reversal(build.reverse_bill), "recall": Act(_recall, frozenset({"draft"}))},
    # A bill that Purchasing made is changed through its document (intacct-xml §3D).
    locked={"STATE": _REVERSED, "MODULEKEY": frozenset({"9.po"})},
    effects=(Touch("VENDOR", "VENDORID"),),
)

APADJUSTMENT = Kind(
    "APADJUSTMENT",
    "RECORDID",
    (
        reference("VENDORID", "VENDOR", "VENDOR.RECORDNO", alias="vendorid"),
        *aliased(Type.TEXT, {"RECORDID": "adjustmentno", "DOCNUMBER": "billno", "DESCRIPTION": "description"}),
        *aliased(Type.TEXT, {"CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype"}),
        Field("WHENCREATED", Type.DATE, column="WHENCREATED", always_sent=True, alias="datecreated"),
        *aliased(Type.DATE, {"WHENPOSTED": "dateposted", "EXCH_RATE_DATE": "exchratedate"}),
        *aliased(Type.LABEL, {"ACTION": "action"}, selectable=False),
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *aliased(Type.DECIMAL, {"EXCHANGE_RATE": "exchrate"}),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("APADJUSTMENTITEMS"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES - {Verb.ACT},
    within="VENDORID",
    mark="DESCRIPTION",
    audit_type="apadjustment",
    label="payables adjustments",
    lines=Lines(
        "APADJUSTMENTITEMS", _line("APADJUSTMENTITEM", (*_ALLOCATION, *aliased(Type.BOOLEAN, {"FORM1099": "item1099"}))), "RECORDKEY"
    ),
    documents=Documents(build.create_apadjustment, build.update_apadjustment, build.delete_apadjustment),
    locked={"STATE": _REVERSED},
    effects=(Touch("VENDOR", "VENDORID"),),
)

ARINVOICE = Kind(
    "ARINVOICE",
    "RECORDID",
    (
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMER.RECORDNO", alias="customerid"),
        *aliased(Type.TEXT, {"RECORDID": "invoiceno", "DOCNUMBER": "ponumber", "DESCRIPTION": "description", "TERMNAME": "termname"}),
        *aliased(Type.TEXT, {"CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype", "SUPDOCID": "supdocid"}),
        *aliased(Type.DATE, {"WHENCREATED": "datecreated", "WHENPOSTED": "dateposted", "EXCH_RATE_DATE": "exchratedate"}),
        Field("WHENDUE", Type.DATE, column="WHENDUE", always_sent=True, alias="datedue"),
        *fields(Type.DATE, "WHENPAID", access=Access.NEVER),
        *aliased(Type.LABEL, {"ACTION": "action"}, selectable=False),
        *fields(Type.LABEL, "STATE MODULEKEY", access=Access.NEVER),
        *aliased(Type.DECIMAL, {"EXCHANGE_RATE": "exchrate"}),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("ARINVOICEITEMS"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES,
    mark="DESCRIPTION",
    audit_type="arinvoice",
    label="invoices",
    lines=Lines("ARINVOICEITEMS", _line("ARINVOICEITEM", _ALLOCATION), "RECORDKEY"),
    documents=Documents(build.create_invoice, build.update_invoice, build.delete_invoice),
    acts={"reverse": _reversal(build.reverse_invoice)},
    locked={"STATE": _REVERSED, "MODULEKEY": frozenset({"8.so"})},
    effects=(Touch("CUSTOMER", "CUSTOMERID"),),
)

_PAYMENT_DETAIL = Kind(
    "ARPYMTDETAIL",
    "",
    (
        number("RECORDKEY", "ARINVOICE"),
        *fields(Type.INTEGER, "ENTRYKEY POSADJKEY POSADJENTRYKEY ADJUSTMENTKEY ADJUSTMENTENTRYKEY INLINEKEY"),
        *fields(Type.INTEGER, "ADVANCEKEY OVERPAYMENTKEY NEGATIVEINVOICEKEY"),
        *fields(Type.DECIMAL, "TRX_PAYMENTAMOUNT TRX_ADJUSTMENTAMOUNT TRX_INLINEAMOUNT TRX_POSTEDADVANCEAMOUNT"),
        *fields(Type.DECIMAL, "TRX_POSTEDOVERPAYMENTAMOUNT TRX_NEGATIVEINVOICEAMOUNT TRX_TOTALDISCOUNTTOAPPLY"),
        *fields(Type.DATE, "DISCOUNTDATE"),
    ),
    system=("RECORDNO", "PAYMENTKEY"),
)

ARPYMT = Kind(
    "ARPYMT",
    "DOCNUMBER",
    (
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMER.RECORDNO"),
        *fields(Type.TEXT, "DOCNUMBER DESCRIPTION FINANCIALENTITY UNDEPOSITEDACCOUNTNO PRBATCH CURRENCY BASECURR EXCH_RATE_TYPE_ID"),
        *fields(Type.TEXT, "PAYERNAME", access=Access.CREATE),
        *fields(Type.LABEL, "PAYMENTMETHOD"),
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *fields(Type.LABEL, "ACTION", selectable=False),
        *fields(Type.DATE, "RECEIPTDATE WHENPAID"),
        *fields(Type.DATE, "PAYMENTDATE", selectable=False),
        *fields(Type.DECIMAL, "EXCHANGE_RATE"),
        *fields(Type.DECIMAL, "TRX_AMOUNTTOPAY OVERPAYMENTAMOUNT", selectable=False),
        *fields(Type.TEXT, "OVERPAYMENTLOCATIONID OVERPAYMENTDEPARTMENTID", selectable=False),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("ARPYMTDETAILS", access=Access.CREATE),
    ),
    WriteMode.SPARSE,
    _WRITES,
    within="CUSTOMERID",
    mark="DESCRIPTION",
    audit_type="arpymt",
    label="customer payments",
    lines=Lines("ARPYMTDETAILS", _PAYMENT_DETAIL, "PAYMENTKEY", position="RECORDNO", named_by=(), required=False),
    acts={"reverse": _reversal(build.reverse_arpayment)},
    locked={"STATE": frozenset({"reversed", "voided"})},
    effects=(Touch("ARINVOICE", "RECORDKEY", in_lines=True), Touch("CUSTOMER", "CUSTOMERID")),
)

ARADJUSTMENT = Kind(
    "ARADJUSTMENT",
    "RECORDID",
    (
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMER.RECORDNO", alias="customerid"),
        *aliased(Type.TEXT, {"RECORDID": "adjustmentno", "DOCNUMBER": "invoiceno", "DESCRIPTION": "description"}),
        *aliased(Type.TEXT, {"CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype"}),
        *aliased(Type.DATE, {"WHENCREATED": "datecreated", "WHENPOSTED": "dateposted", "EXCH_RATE_DATE": "exchratedate"}),
        *aliased(Type.LABEL, {"ACTION": "action"}, selectable=False),
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *aliased(Type.DECIMAL, {"EXCHANGE_RATE": "exchrate"}),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("ARADJUSTMENTITEMS"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES - {Verb.ACT},
    within="CUSTOMERID",
    mark="DESCRIPTION",
    audit_type="aradjustment",
    label="receivables adjustments",
    lines=Lines("ARADJUSTMENTITEMS", _line("ARADJUSTMENTITEM", amount_always=True), "RECORDKEY"),
    documents=Documents(build.create_aradjustment, build.update_aradjustment, build.delete_aradjustment),
    locked={"STATE": _REVERSED},
    effects=(Touch("CUSTOMER", "CUSTOMERID"),),
)

ARADVANCE = Kind(
    "ARADVANCE",
    "DOCNUMBER",
    (
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMER.RECORDNO", access=Access.CREATE),
        *fields(Type.TEXT, "DOCNUMBER DESCRIPTION FINANCIALENTITY UNDEPOSITEDACCOUNTNO PRBATCH CURRENCY BASECURR SUPDOCID"),
        *fields(Type.TEXT, "EXCH_RATE_TYPE_ID"),
        Field("PAYMENTMETHOD", Type.LABEL, column="PAYMENTMETHOD", always_sent=True),
        Field("PAYMENTDATE", Type.DATE, column="PAYMENTDATE", always_sent=True),
        Field("RECEIPTDATE", Type.DATE, column="RECEIPTDATE", always_sent=True),
        *fields(Type.DATE, "EXCH_RATE_DATE"),
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *fields(Type.LABEL, "ACTION", selectable=False, access=Access.CREATE),
        *fields(Type.DECIMAL, "EXCHANGE_RATE"),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("ARADVANCEITEMS"),
    ),
    WriteMode.REPLACED,
    # The reference gives neither a function that deletes one nor one that reverses it.
    frozenset({Verb.CREATE, Verb.UPDATE}),
    within="CUSTOMERID",
    mark="DESCRIPTION",
    audit_type="aradvance",
    label="customer advances",
    lines=Lines("ARADVANCEITEMS", _line("ARADVANCEITEM"), "RECORDKEY", named_by=(), always_sent=True),
    locked={"STATE": _REVERSED},
    effects=(Touch("CUSTOMER", "CUSTOMERID"),),
)
