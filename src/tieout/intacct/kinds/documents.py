"""Documents of payables and receivables: bills, adjustments, invoices and customer payments (intacct-xml §3D)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tieout.core.ports import Verb
from tieout.core.record import Fields
from tieout.intacct.catalogue import Access, Act, Documents, Field, Kind, Lines, Type, WriteMode, fields, lines_field, reference
from tieout.intacct.client import Function
from tieout.intacct.client import documents as build

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.ACT})
_TOTALS = "TOTALENTERED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE"
_REVERSED = frozenset({"reversed", "reversal"})


def _aliased(type: Type, names: dict[str, str], *, access: Access = Access.ALWAYS, selectable: bool = True) -> tuple[Field, ...]:
    return tuple(Field(name, type, column=name if selectable else "", access=access, alias=alias) for name, alias in names.items())


def _dimension(name: str, target: str, key_column: str = "") -> Field:
    return reference(name, target, key_column or f"{target}DIMKEY", alias=name.lower())


def _line(name: str, extra: tuple[Field, ...] = ()) -> Kind:
    """A line of a payables or receivables document; its amount is in the document's currency."""
    return Kind(
        name,
        "",
        (
            reference("ACCOUNTNO", "GLACCOUNT", "ACCOUNTKEY", alias="glaccountno"),
            *_aliased(Type.TEXT, {"ACCOUNTLABEL": "accountlabel", "OFFSETGLACCOUNTNO": "offsetglaccountno", "ALLOCATION": "allocationid"}),
            *_aliased(Type.DECIMAL, {"TRX_AMOUNT": "amount"}),
            *fields(Type.DECIMAL, "AMOUNT TOTALPAID", access=Access.NEVER),
            *_aliased(Type.TEXT, {"ENTRYDESCRIPTION": "memo"}),
            reference("LOCATIONID", "LOCATION", "LOCATIONKEY", alias="locationid"),
            reference("DEPARTMENTID", "DEPARTMENT", "DEPARTMENTKEY", alias="departmentid"),
            _dimension("PROJECTID", "PROJECT"),
            _dimension("TASKID", "TASK"),
            *_aliased(Type.TEXT, {"COSTTYPEID": "costtypeid", "CONTRACTID": "contractid", "WAREHOUSEID": "warehouseid"}),
            _dimension("CUSTOMERID", "CUSTOMER"),
            _dimension("VENDORID", "VENDOR"),
            _dimension("EMPLOYEEID", "EMPLOYEE"),
            _dimension("ITEMID", "ITEM"),
            _dimension("CLASSID", "CLASS"),
            *extra,
        ),
        system=("RECORDNO", "RECORDKEY", "LINE_NO"),
    )


_FORM1099 = (
    *_aliased(Type.BOOLEAN, {"FORM1099": "item1099"}),
    *_aliased(Type.TEXT, {"FORM1099TYPE": "form1099type", "FORM1099BOX": "form1099box"}),
)
_BILLABLE = _aliased(Type.BOOLEAN, {"BILLABLE": "billable"})
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
    lines=Lines(
        "APBILLITEMS", _line("APBILLITEM", (*_FORM1099, *_aliased(Type.BOOLEAN, {"BILLABLE": "billable"}))), "RECORDKEY", sub=_TAXES
    ),
    acts={"reverse": _reversal(build.reverse_bill), "recall": Act(_recall, frozenset({"draft"}))},
    # A bill that Purchasing made is changed through its document (intacct-xml §3D).
    locked={"STATE": _REVERSED, "MODULEKEY": frozenset({"9.po"})},
    effects=("VENDOR",),
)

APADJUSTMENT = Kind(
    "APADJUSTMENT",
    "RECORDID",
    (
        reference("VENDORID", "VENDOR", "VENDOR.RECORDNO", alias="vendorid"),
        *_aliased(Type.TEXT, {"RECORDID": "adjustmentno", "DOCNUMBER": "billno", "DESCRIPTION": "description"}),
        *_aliased(Type.TEXT, {"CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype"}),
        Field("WHENCREATED", Type.DATE, column="WHENCREATED", always_sent=True, alias="datecreated"),
        *_aliased(Type.DATE, {"WHENPOSTED": "dateposted", "EXCH_RATE_DATE": "exchratedate"}),
        *_aliased(Type.LABEL, {"ACTION": "action"}, selectable=False),
        *fields(Type.LABEL, "STATE", access=Access.NEVER),
        *_aliased(Type.DECIMAL, {"EXCHANGE_RATE": "exchrate"}),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("APADJUSTMENTITEMS"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES - {Verb.ACT},
    within="VENDORID",
    mark="DESCRIPTION",
    audit_type="apadjustment",
    label="payables adjustments",
    lines=Lines("APADJUSTMENTITEMS", _line("APADJUSTMENTITEM", _aliased(Type.BOOLEAN, {"FORM1099": "item1099"})), "RECORDKEY"),
    documents=Documents(build.create_apadjustment, build.update_apadjustment, build.delete_apadjustment),
    locked={"STATE": _REVERSED},
    effects=("VENDOR",),
)

ARINVOICE = Kind(
    "ARINVOICE",
    "RECORDID",
    (
        reference("CUSTOMERID", "CUSTOMER", "CUSTOMER.RECORDNO", alias="customerid"),
        *_aliased(Type.TEXT, {"RECORDID": "invoiceno", "DOCNUMBER": "ponumber", "DESCRIPTION": "description", "TERMNAME": "termname"}),
        *_aliased(Type.TEXT, {"CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype", "SUPDOCID": "supdocid"}),
        *_aliased(Type.DATE, {"WHENCREATED": "datecreated", "WHENPOSTED": "dateposted", "EXCH_RATE_DATE": "exchratedate"}),
        Field("WHENDUE", Type.DATE, column="WHENDUE", always_sent=True, alias="datedue"),
        *fields(Type.DATE, "WHENPAID", access=Access.NEVER),
        *_aliased(Type.LABEL, {"ACTION": "action"}, selectable=False),
        *fields(Type.LABEL, "STATE MODULEKEY", access=Access.NEVER),
        *_aliased(Type.DECIMAL, {"EXCHANGE_RATE": "exchrate"}),
        *fields(Type.DECIMAL, _TOTALS, access=Access.NEVER),
        lines_field("ARINVOICEITEMS"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES,
    mark="DESCRIPTION",
    audit_type="arinvoice",
    label="invoices",
    lines=Lines("ARINVOICEITEMS", _line("ARINVOICEITEM"), "RECORDKEY"),
    documents=Documents(build.create_invoice, build.update_invoice, build.delete_invoice),
    acts={"reverse": _reversal(build.reverse_invoice)},
    locked={"STATE": _REVERSED, "MODULEKEY": frozenset({"8.so"})},
    effects=("CUSTOMER",),
)

_PAYMENT_DETAIL = Kind(
    "ARPYMTDETAIL",
    "",
    (
        *fields(Type.INTEGER, "RECORDKEY ENTRYKEY POSADJKEY POSADJENTRYKEY ADJUSTMENTKEY ADJUSTMENTENTRYKEY INLINEKEY"),
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
    lines=Lines("ARPYMTDETAILS", _PAYMENT_DETAIL, "PAYMENTKEY", position="RECORDNO", named_by=()),
    acts={"reverse": _reversal(build.reverse_arpayment)},
    locked={"STATE": frozenset({"reversed", "voided"})},
    effects=("ARINVOICE", "CUSTOMER"),
)
