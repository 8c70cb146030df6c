"""Tables of purchasing and order-entry documents, their lines and their subtotals (intacct-xml §3C).

The names of read-only columns about conversion are those clients have been seen to read; those about change orders are not
public in XML and follow the names REST has (intacct-rest §15.18, §15.19).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tieout.sandbox.intacct.catalogue.company import contact_ref
from tieout.sandbox.intacct.catalogue.construction import contract_fields, references, schedule, scope
from tieout.sandbox.intacct.catalogue.definitions import definition_ref
from tieout.sandbox.intacct.catalogue.dimensions import customer_ref, line_dimensions, supdoc, vendor_ref
from tieout.sandbox.intacct.catalogue.ledger import pick
from tieout.sandbox.intacct.catalogue.payables import made, money
from tieout.sandbox.intacct.catalogue.projects import status_guards
from tieout.sandbox.intacct.catalogue.tasks import project_ref
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import (
    SEARCH,
    Choice,
    Field,
    Keeping,
    Kind,
    Lines,
    Need,
    Owned,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    text,
)

DRAFT, SUBMITTED, PART_APPROVED, APPROVED, DECLINED = "Draft", "Submitted", "Partially Approved", "Approved", "Declined"
PENDING, IN_PROGRESS, PART_CONVERTED, CONVERTED, CLOSED = "Pending", "In Progress", "Partially Converted", "Converted", "Closed"
# Codes of intacct-xml §3.0; a write may carry three of them (§3C create_potransaction).
_CODES = {
    **{DRAFT: "I", SUBMITTED: "S", PART_APPROVED: "X", APPROVED: "A", DECLINED: "R"},
    **{PENDING: "O", IN_PROGRESS: "G", PART_CONVERTED: "P", CONVERTED: "C", CLOSED: "D"},
}
STATES = tuple(Choice(label, code, writable=label in {DRAFT, PENDING, CLOSED}) for label, code in _CODES.items())
PRICE, QUANTITY = "Price", "Quantity"
CHANGED = ("DRAFT", "POSTED", "REVISED")  # prefixes of a line's columns about change orders
_LINE_DATES = ("NEEDBYDATE", "DONOTSHIPBEFOREDATE", "DONOTSHIPAFTERDATE", "PROMISEDDATE", "CANCELAFTERDATE")


def _decimals(*names: str, read_only: bool = False) -> tuple[Field, ...]:
    return tuple(Field(name, Type.DECIMAL, read_only=read_only) for name in names)


# Columns clients have been seen to read (objects table, observed_read_fields) that nothing here fills.
_UNUSED = (
    *("CONTRACTID", "CONTRACTDESC", "ENTGLGROUP", "HASADVBILLING", "HASPOSTEDREVREC", "INVOICERUNKEY", "RENEWEDDOC", "SALESCONTRACT"),
    *("SCHOPKEY", "USEDASCONTRACT", "WAREHOUSE.LOCATIONID"),
)
_UNUSED_OF_LINES = (
    *("AVERAGE_COST", "WHSE_AVERAGE_COST", "BILLABLEDOCENTRYKEY", "BILLABLEPRENTRYKEY", "BILLABLETIMEENTRYKEY", "BILLINGSCHEDULEKEY"),
    *("BILLINGTEMPLATE", "BILLINGTEMPLATEKEY", "BUNDLENUMBER", "DEFERREVENUE", "DISCOUNT", "DISCOUNTPERCENT", "DISCOUNT_MEMO"),
    *("EEACCOUNTLABEL", "EEACCOUNTLABELKEY", "GLENTRYKEY1", "GLENTRYKEY2", "ITEMTERM", "TERMPERIOD", "OVERRIDETAX", "PERCENTVAL"),
    *("PRORATEPRICE", "RECURDOCID", "REVRECTEMPLATE", "REVRECTEMPLATEKEY", "SCHEDULEID", "SCHEDULENAME", "TAXABLEAMOUNT"),
    *("TAXVALOVERRIDE", "TIMENOTES", "TIMETYPEKEY", "TIMETYPENAME"),
)


def _unless(more: tuple[Field, ...], *names: str, type: Type = Type.TEXT) -> tuple[Field, ...]:
    """Columns the system makes, but those the module has as fields."""
    return tuple(each for each in made(*names, type=type) if all(each.name != own.name for own in more))


def _marks(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Type.BOOLEAN, read_only=True, default="false") for name in names)


def _contact(name: str, key: str) -> Field:
    return Field(f"{name}.CONTACTNAME", ref=contact_ref(name, key))


def _bond(name: str) -> tuple[Field, ...]:
    surety = Ref("VENDOR", "VENDORID", f"{name}SURETYCOMPANYKEY", "", {f"{name}SURETYCOMPANYNAME": "NAME"}, vendor_ref().wording)
    return (
        flag(f"{name}BONDREQUIRED"),
        flag(f"{name}BONDRECEIVED"),
        Field(f"{name}BONDAMOUNT", Type.CURRENCY),
        Field(f"{name}SURETYCOMPANY", ref=surety),
    )


def document(facts: Order, label: str, plural: str, party: Ref, more: tuple[Field, ...], functions: frozenset[str]) -> Kind:
    """A document of one module; `party` is who it is with."""
    terms = "APTERM" if facts.module == "9.PO" else "ARTERM"
    return Kind(
        facts.document,
        label,
        plural,
        key="DOCID",
        functions=functions,
        fields=(
            recordno(),
            Field("DOCPARID", label="Transaction definition", need=Need.YES, create_only=True, ref=definition_ref(facts.definition)),
            Field("DOCNO", label="Document number", create_only=True, max=45),
            Field("DOCID", label="Document ID", read_only=True),
            Field("STATE", Type.ENUM, "State", choices=STATES, default=PENDING),
            Field("CUSTVENDID", label=facts.party_word.title(), need=Need.YES, create_only=True, ref=party),
            Field("WHENCREATED", Type.DATE, "Date", Need.YES),
            *dates("WHENPOSTED", "WHENDUE"),
            Field("TERM.NAME", label="Term", ref=Ref(terms, "NAME", "TERMKEY", "TERM", {}, "Invalid Term '{value}' specified.")),
            Field(
                "CREATEDFROM",
                label="Source document",
                create_only=True,
                ref=Ref(facts.document, "DOCID", "CREATEDFROMKEY", "SOURCEDOC", {}, _NO_SOURCE),
            ),
            *text("PONUMBER", "VENDORDOCNO", max=45),
            *text("MESSAGE", "NOTE", max=1000),
            *text("SHIPVIA", max=80),
            _contact("CONTACT", "CONTACTKEY"),
            _contact("SHIPTO", "SHIPTOKEY"),
            _contact("BILLTO", "BILLTOKEY"),
            supdoc(),
            *text("BASECURR", "CURRENCY", max=3),
            Field("EXCHRATEDATE", Type.DATE),
            *text("EXCH_RATE_TYPE_ID", max=40),
            Field("EXCHRATE", Type.DECIMAL),
            Field("PROJECT", label="Project", ref=project_ref("PROJECTKEY")),
            Field("CHANGELOGNUMBER", Type.INTEGER),
            *dates("NEEDBYDATE", "DONOTSHIPBEFOREDATE", "DONOTSHIPAFTERDATE", "CANCELAFTERDATE"),
            *more,
            *scope(),
            *schedule(),
            *references(),
            *_bond("PERFORMANCE"),
            *_bond("PAYMENT"),
            Field("TAXSOLUTIONID", create_only=True, ref=Ref("TAXSOLUTION", "SOLUTIONID", "TAXSOLUTIONKEY", "")),
            *money("SUBTOTAL", "TOTAL", "TRX_SUBTOTAL", "TRX_TOTAL"),
            *money(*(f"{prefix}TOTAL{name}" for prefix in ("", "TRX_") for name in ("ENTERED", "PAID", "DUE"))),
            *made("PAYMENTSTATUS", "UPDATES_INV", "RELATEDDOCNO", *_UNUSED),
            *_unless(more, "ORIGDOCDATE", type=Type.DATE),
            Field("SIGN_FLAG", Type.INTEGER, read_only=True, default="1"),
            *_marks("CLOSED", "PRINTED", "BACKORDER", "SYSTEMGENERATED", "HASCHANGE"),
            Field("PRRECORDKEY", Type.INTEGER, read_only=True),
            *money("ORIGINALAMOUNT", "DRAFTCHANGESTOTAL", "POSTEDCHANGESTOTAL"),
            *money("REVISEDSUBTOTAL", "REVISEDTOTAL", "TRX_REVISEDSUBTOTAL", "TRX_REVISEDTOTAL"),
            *money("TOTAL_AMOUNT_CONVERTED", "TOTAL_AMOUNT_REMAINING"),
            *_decimals("TOTAL_QTY_CONVERTED", "TOTAL_QTY_REMAINING", read_only=True),
        ),
        owned=(
            Owned(
                facts.container,
                facts.entry,
                "DOCHDRNO",
                keeping=Keeping.MERGE,
                number="LINE_NO",
                first=0,
                least=1,
                carries=_HEADER,
            ),
            Owned(
                "SUBTOTALS", facts.subtotal, "DOCHDRNO", Keeping.MERGE, "DESCRIPTION", carries={"DOCHDRID": "DOCID", "DOCPARID": "DOCPARID"}
            ),
        ),
        paths={facts.bill[0]: (BILL_KEY, facts.bill[0])},
        created="AUWHENCREATED",
        indexes=("EXTERNALID", "PRRECORDKEY"),
    )


def entry(facts: Order, label: str, plural: str, more: tuple[Field, ...]) -> Kind:
    """The lines of a document of one module."""
    source = Ref(facts.document, "DOCID", "SOURCE_DOCKEY", "SOURCEDOC", {}, _NO_SOURCE)
    related = Ref(facts.document, "RECORDNO", "RELATEDDOCKEY", "RELATEDDOC", {"RELATEDDOCID": "DOCID"}, _NO_SOURCE)
    return Kind(
        facts.entry,
        label,
        plural,
        key="RECORDNO",
        functions=SEARCH,
        fields=(
            recordno(),
            *made("DOCHDRNO", type=Type.INTEGER),
            *made("DOCHDRID", "DOCPARID"),
            Field("LINE_NO", Type.INTEGER, "Line", read_only=True),
            *text("ITEMALIASID", "ITEMDESC", max=200),
            *text("UNIT", max=40),
            Field("UIQTY", Type.DECIMAL, "Quantity"),
            Field("UIPRICE", Type.DECIMAL, "Price"),
            *made("UIVALUE", type=Type.CURRENCY),
            *_decimals("QUANTITY", "PRICE", "TRX_PRICE", "RETAILPRICE", read_only=True),
            *money("TRX_VALUE", "TOTAL", "COST"),
            Field("TAXABLE", Type.BOOLEAN),
            *(Field(name, Type.CURRENCY) for name in ("TAXABSVAL", "OVERRIDETAXAMOUNT", "AMOUNTRETAINED", "TRX_AMOUNTRETAINED")),
            *text("LINELEVELSIMPLETAXTYPE", "TAXSCHEDULEID", max=80),
            *text("MEMO", max=1000),
            *made("CURRENCY", "BASECURR", "STATE", "ITEMGLGROUP"),
            *made("EXCHRATEDATE", type=Type.DATE),
            *_decimals("EXCHRATE", read_only=True),
            flag("BILLABLE"),
            *_marks("BILLED", "ADDEDBYCHANGE"),
            flag("FORM1099"),
            *text("FORM1099TYPE", "FORM1099BOX", max=40),
            *dates(*_LINE_DATES),
            Field("ALLOCATION", ref=Ref("ALLOCATION", "ALLOCATIONID", "ALLOCATIONKEY", "")),
            Field("RETAINAGEPERCENTAGE", Type.PERCENT),
            Field("PARTIALEXEMPT", Type.BOOLEAN),
            Field("PAYMENTTAXCAPTURE", Type.BOOLEAN),
            pick("CONVERSIONTYPE", PRICE, QUANTITY),
            flag("REVERSECONVERSION"),
            Field("SOURCE_DOCID", label="Source document", create_only=True, ref=source),
            Field("SOURCE_DOCLINEKEY", Type.INTEGER, "Source line", create_only=True, ref=_line_ref(facts, "SOURCE_DOC")),
            Field("RELATEDDOCKEY", Type.INTEGER, "Related document", create_only=True, ref=related),
            Field("RELATEDDOCLINEKEY", Type.INTEGER, "Related line", create_only=True, ref=_line_ref(facts, "RELATEDDOC")),
            *made("PRIMARYDOCKEY", "PRIMARYDOCLINEKEY", type=Type.INTEGER),
            *_decimals("QTY_CONVERTED", "QTY_REMAINING", "PRICE_CONVERTED", read_only=True),
            *money("TOTAL_AMOUNT_CONVERTED", "TOTAL_AMOUNT_REMAINING"),
            *(each for prefix in CHANGED for each in _decimals(*(f"{prefix}{name}" for name in ("QUANTITY", "UIQTY")), read_only=True)),
            *_decimals("REVISEDPRICE", "REVISEDUIPRICE", "REVISEDTRXPRICE", read_only=True),
            *(each for prefix in CHANGED for each in money(f"{prefix}VALUE")),
            *more,
            *(_required(each) for each in line_dimensions()),
            *_unless(more, *_UNUSED_OF_LINES),
            *_unless(more, "DATECONFIRMED", "REVRECSTARTDATE", "REVRECENDDATE", type=Type.DATE),
            *made("WHENCREATED", type=Type.DATE),
            *made("EXTENDED_DESCRIPTION", "COST_METHOD", "EXCHRATETYPE", "APPROVE_STATE"),
            Field("STATUS", read_only=True, default="active"),
            Field("LINETOTAL", Type.CURRENCY, read_only=True, derived="{TOTAL}"),
            Field("TRX_LINETOTAL", Type.CURRENCY, read_only=True, derived="{TRX_VALUE}"),
            Field("TRX_TAXABSVAL", Type.CURRENCY, read_only=True, derived="{TAXABSVAL}"),
            Field("DEPTKEY", Type.INTEGER, read_only=True, derived="{DEPARTMENTKEY}"),
            Field("PROJECTKEY", Type.INTEGER, read_only=True, derived="{PROJECTDIMKEY}"),
            Field("TASKKEY", Type.INTEGER, read_only=True, derived="{TASKDIMKEY}"),
        ),
        lines=(
            Lines(
                "ITEMDETAILS",
                (
                    Field("QUANTITY", Type.DECIMAL),
                    *text("SERIALNO", "LOTNO", "AISLE", "ROW", "BIN", max=80),
                    Field("ITEMEXPIRATION", Type.DATE),
                ),
                item="ITEMDETAIL",
            ),
        ),
        paths={
            facts.document: ("DOCHDRNO", facts.document),
            "PRIMARYDOC": ("PRIMARYDOCKEY", facts.document),
            "PRIMARYDOCLINE": ("PRIMARYDOCLINEKEY", facts.entry),
        },
        guards=status_guards(facts.entry),
        indexes=("DOCHDRNO", ADDED_BY),
        created="AUWHENCREATED",
    )


def subtotal(facts: Order, label: str, plural: str) -> Kind:
    """Discounts, charges and taxes below the lines."""
    return Kind(
        facts.subtotal,
        label,
        plural,
        key="RECORDNO",
        functions=SEARCH,
        fields=(
            recordno(),
            *made("DOCHDRNO", type=Type.INTEGER),
            *made("DOCHDRID", "DOCPARID"),
            Field("DESCRIPTION", label="Description", need=Need.YES, max=80),
            Field("TOTAL", Type.CURRENCY, "Total", Need.YES),
            *_decimals("ABSVAL", "PERCENTVAL"),
            *money("TRX_TOTAL"),
            *line_dimensions(),
        ),
        paths={facts.document: ("DOCHDRNO", facts.document)},
        indexes=("DOCHDRNO",),
    )


def history(facts: Order, label: str) -> Kind:
    """What a document was converted from, or into; only REST shows it (intacct-rest §14 document-history)."""
    return Kind(
        facts.history,
        label,
        label,
        key="RECORDNO",
        functions=frozenset(),
        rest_only=True,
        fields=(recordno(), *made(*HISTORY, type=Type.INTEGER)),
        stamped=False,
        indexes=HISTORY,
    )


HISTORY = ("DOCKEY", "FROMKEY", "TOKEY")
# Hidden: what kind of record PRRECORDKEY names, and the same key where that is a bill or invoice and no adjustment.
MADE_BY, MADE_BY_LINE = "DOCUMENTKEY", "DOCUMENTLINEKEY"  # the other way round, kept with the bill or adjustment and its lines
BILL_KIND, BILL_KEY = "PRRECORDKIND", "BILLKEY"
ADDED_BY = "ADDEDBYKEY"  # hidden: the change order's line that added this one
_HEADER = {"DOCHDRID": "DOCID", "DOCPARID": "DOCPARID"}
_NO_SOURCE = "Document '{value}' is not valid."
_ROLES: Mapping[str, Mapping[str, str]] = {"SOURCE_DOC": {"SOURCE_DOCKEY": "DOCHDRNO"}, "RELATEDDOC": {"RELATEDDOCKEY": "DOCHDRNO"}}


def _line_ref(facts: Order, role: str) -> Ref:
    """A line of the document named beside it."""
    return Ref(facts.entry, "RECORDNO", f"{role}LINEKEY", f"{role}LINE", {}, "Document line '{value}' is not valid.", within=_ROLES[role])


def _required(field: Field) -> Field:
    return replace(field, need=Need.YES) if field.name == "ITEMID" else field


PURCHASING = Order(
    document="PODOCUMENT",
    entry="PODOCUMENTENTRY",
    subtotal="PODOCUMENTSUBTOTALS",
    container="PODOCUMENTENTRIES",
    definition="PODOCUMENTPARAMS",
    module="9.PO",
    party="VENDOR",
    party_word="vendor",
    contacts=(("BILLTO", "PAYTOKEY"), ("SHIPTO", "RETURNTOKEY")),
    bill=("APBILL", "APBILLITEMS"),
    credit=("APADJUSTMENT", "APADJUSTMENTITEMS"),
    bill_party="VENDORID",
    barred=("Non-Inventory (Sales only)", "Kit"),
    unit="POUNIT",
    price="STANDARD_COST",
    accounts=("EXPENSEACCTKEY", "INVACCTKEY"),
    history="PODOCUMENTHISTORY",
)
_VENDOR = Ref("VENDOR", "VENDORID", "CUSTVENDKEY", "VENDOR", {"CUSTVENDNAME": "NAME"}, "Vendor '{value}' specified is not valid.")
_PO_MORE = (
    _contact("DELIVERTO", "DELIVERTOKEY"),
    *dates("PROMISEDDATE", "CONTRACTSTARTDATE", "CONTRACTENDDATE"),
)
PODOCUMENT = document(PURCHASING, "Purchasing Transaction", "Purchasing Transactions", _VENDOR, _PO_MORE, SEARCH | {"readByName", "delete"})
PODOCUMENTENTRY = entry(
    PURCHASING,
    "Purchasing Transaction Entry",
    "Purchasing Transaction Entries",
    (_contact("DELIVERTO", "DELIVERTOKEY"), *dates("DATECONFIRMED", "DATESHIPTOSUPPLIER")),
)
PODOCUMENTSUBTOTALS = subtotal(PURCHASING, "Purchasing Transaction Subtotal", "Purchasing Transaction Subtotals")


ORDER_ENTRY = Order(
    document="SODOCUMENT",
    entry="SODOCUMENTENTRY",
    subtotal="SODOCUMENTSUBTOTALS",
    container="SODOCUMENTENTRIES",
    definition="SODOCUMENTPARAMS",
    module="8.SO",
    party="CUSTOMER",
    party_word="customer",
    contacts=(("BILLTO", "BILLTOKEY"), ("SHIPTO", "SHIPTOKEY")),
    bill=("ARINVOICE", "ARINVOICEITEMS"),
    credit=("ARADJUSTMENT", "ARADJUSTMENTITEMS"),
    bill_party="CUSTOMERID",
    barred=("Non-Inventory (Purchase only)",),
    unit="OEUNIT",
    price="BASEPRICE",
    accounts=("INCOMEACCTKEY", "INCOMEACCTKEY"),
    history="SODOCUMENTHISTORY",
)
_CUSTOMER = Ref("CUSTOMER", "CUSTOMERID", "CUSTVENDKEY", "CUSTOMER", {"CUSTVENDNAME": "NAME"}, customer_ref().wording)
_BILLING = (
    *("PCBEXTERNALREFNO", "PCBDESCRIPTION", "ARCHITECT", "BILLAPPLICATIONNO", "ORGCONTRACTAMT", "RETCOMPLETEDAMT"),
    *("RETSTOREDMATERIALS", "LESSPRIORAPPLICATION", "TCAPMADDITION", "TCAPMDEDUCTION", "TCATMADDITION", "TCATMDEDUCTION"),
)
_LINE_BILLING = (
    *("PCBLEXTERNALREFNO", "PCBLDESCRIPTION", "PCBLBILLINGTYPE", "CONTRACTLINEVALUE", "COMPLETEDTHISPERIOD", "STOREDMATERIALS"),
    "PERCENTCOMPLETEDTODATE",
)
SODOCUMENT = document(
    ORDER_ENTRY,
    "Order Entry Transaction",
    "Order Entry Transactions",
    _CUSTOMER,
    (
        *dates("ORIGDOCDATE", "SHIPBYDATE", "SERVICEDELIVERYDATE", "SHIPPEDDATE", "PCBDATE", "BILLTHROUGHDATE"),
        *text("VSOEPRICELIST", "TRACKINGNUMBER", "CUSTOMERPONUMBER", max=80),
        *text(*_BILLING, max=200),
        contract_fields()[0],
        Field("PREVIOUSRETAINAGEBALANCE", Type.CURRENCY),
    ),
    SEARCH | {"readByName"},
)
SODOCUMENTENTRY = entry(
    ORDER_ENTRY,
    "Order Entry Transaction Entry",
    "Order Entry Transaction Entries",
    (
        *text("BUNDLENUMBER", "REVRECTEMPLATE", "RENEWALMACRO", "TASKNO", "BILLINGTEMPLATE", "LINESHIPTO", max=80),
        Field("DISCOUNTPERCENT", Type.DECIMAL),
        *text("DISCOUNT_MEMO", max=200),
        *dates("REVRECSTARTDATE", "REVRECENDDATE", "SHIPBY", "DATEPICKTICKETPRINTED", "SHIPPEDDATE", "DELIVERYDATE"),
        pick("DELIVERYSTATUS", "Delivered", "Undelivered"),
        *text("DEFERRALSTATUS", max=80),
        Field("DROPSHIP", Type.BOOLEAN),
        *contract_fields("PROJECTDIMKEY"),
        *text(*_LINE_BILLING, max=200),
        *(Field(name, Type.CURRENCY) for name in ("PRIORAPPLICATIONAMT", "PREVIOUSRETAINAGEBALANCE")),
        Field("ISRETAINAGERELEASE", Type.BOOLEAN),
    ),
)
SODOCUMENTSUBTOTALS = subtotal(ORDER_ENTRY, "Order Entry Transaction Subtotal", "Order Entry Transaction Subtotals")

KINDS = (
    *(PODOCUMENT, PODOCUMENTENTRY, PODOCUMENTSUBTOTALS, history(PURCHASING, "Purchasing Transaction History")),
    *(SODOCUMENT, SODOCUMENTENTRY, SODOCUMENTSUBTOTALS, history(ORDER_ENTRY, "Sales Transaction History")),
)
ORDERS: Mapping[str, Order] = {facts.document: facts for facts in (PURCHASING, ORDER_ENTRY)}
