"""Invoices, payments and credit memos: what becomes of them in Sage Intacct.

An invoice becomes an invoice there, one below zero a receivables adjustment; a payment pays the same invoices, one that is applied to
nothing is an advance, and a refund is an adjustment that the customer owes again (servicetitan §11.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from tieout.core.flow import Exclusion, FieldMap, Flow, LineMap, Read, View, When, linked
from tieout.core.record import Line, Ref, Value
from tieout.core.tables import HoldError
from tieout.platforms.servicetitan import problems
from tieout.platforms.servicetitan.differences import Carried, adjustment
from tieout.platforms.servicetitan.documents import (
    LINE_FIELDS,
    MARKED,
    Work,
    account_from,
    action,
    again,
    balanced,
    control,
    created_only,
    customer_of,
    day_of,
    described,
    entity_of,
    excluded,
    line,
    lock,
    money,
    numbered,
    of_owner,
    posting_day,
    refuse_reopened,
    refused_by_period,
    shown_as,
    term,
    void,
    work_of,
)
from tieout.platforms.servicetitan.kinds import CREDIT_MEMO, CUSTOMER, INVOICE, JOB, PAYMENT, PROJECT
from tieout.platforms.servicetitan.rules import plain, surviving
from tieout.platforms.servicetitan.tables import PAYMENT_TYPES, TAXES, needed_row, row_of

OF_WORK = frozenset({"JobInvoice", "ProjectInvoice"})
"""The invoices that concern projects (servicetitan §8)."""

Pick = Callable[[View], bool]
_CUSTOMER = FieldMap("CUSTOMERID", surviving("customer.id"), linked, label="customer")


def _picked(pick: Pick, day: str) -> Callable[[View], Exclusion | None]:
    """Why a document takes no part in one of several flows of its kind: it went or goes another way, or it does not go at all."""

    def rule(view: View) -> Exclusion | None:
        if not pick(view) or view.record.ref in view.counterparts:
            return Exclusion("servicetitan.other-flow", "It is exported as another kind of document, or comes to nothing.")
        return excluded(view) or refused_by_period(view, day_of(view, day))

    return rule


def _day(name: str) -> Read:
    return lambda view: day_of(view, name)


def _posting_day(name: str) -> Read:
    return lambda view: posting_day(view, day_of(view, name))


# Invoices


def invoice_number(view: View) -> str:
    """The number of an invoice in the books."""
    return numbered(view, "invoice_number")


def _items(view: View, work: Work, unit: Ref | None, customer: Ref | None, revenue: str) -> Iterator[Line]:
    found = view.get("items")
    for item in found if isinstance(found, tuple) else ():
        fields = item.fields
        amount = money(fields.get("total"))
        if not amount or fields.get("active") is False:
            continue
        own = fields.get("businessUnit.id")
        memo = plain(fields.get("displayName") or fields.get("description") or fields.get("skuName"))
        there = fields.get(f"{revenue}.number") or fields.get(f"{revenue}.name")
        more = {"sku": fields.get("skuId"), "sku_name": fields.get("skuName"), "sku_type": fields.get("type")}
        line_unit = own if isinstance(own, Ref) else unit
        yield line(f"item {item.id}", amount, memo, work, line_unit, customer, account_there=there, **more)


def invoice_lines(view: View) -> list[Line]:
    """The lines of an invoice, which add up to its total. Raises HoldError if they do not, MissingError for what has not been read."""
    return _receivable(view, "generalLedgerAccount", "invoice")


def _receivable(view: View, revenue: str, what: str) -> list[Line]:
    refuse_reopened(view)
    work = work_of(view) if view.text("invoiceConfiguration") in OF_WORK or what != "invoice" else Work()
    unit = view.ref("businessUnit.id")
    customer = customer_of(view, work, view.ref("customer.id"))
    lines = list(_items(view, work, unit, customer, revenue))
    tax = money(view.get("salesTax"))
    if tax:
        own = row_of(view, TAXES, (view.text("salesTaxCode.name"),)).get("account_no")
        account = own or account_from(view, "sales_tax_account", "sales tax")
        lines.append(line("salesTax", tax, "Sales tax", work, unit, customer, account=account))
    return balanced(lines, money(view.get("total")), what)


_LINES = LineMap("ARINVOICEITEMS", invoice_lines, LINE_FIELDS)
_HEADER = (
    _CUSTOMER,
    FieldMap("WHENCREATED", _day("invoiceDate"), label="invoice date"),
    FieldMap("WHENDUE", lambda view: day_of(view, "dueDate", "invoiceDate"), label="due date"),
    FieldMap("TERMNAME", term, label="term"),
)
_CARRIED = Carried("ARADJUSTMENT", "ARADJUSTMENTITEMS", "CUSTOMERID", _HEADER, _LINES, ("invoiceDate",))

INVOICES = Flow(
    name="invoices",
    label="Invoices",
    left_kind=INVOICE,
    right_kind="ARINVOICE",
    natural_key=invoice_number,
    shown_as=shown_as("Invoice"),
    excluded=_picked(lambda view: money(view.get("total")) > 0, "invoiceDate"),
    entity=entity_of,
    refers_to=(CUSTOMER, PROJECT, JOB),
    only_if=("export_receivables", "export_invoices"),
    fields=(
        *_HEADER,
        created_only("RECORDID", invoice_number, "number"),
        created_only("DESCRIPTION", described("invoice", "Invoice", "invoiceDate"), "description"),
        created_only("WHENPOSTED", _posting_day("invoiceDate"), "posting date"),
        created_only("ACTION", action("invoices"), "state", When.MAKING),
    ),
    lines=(_LINES,),
    acts=(*void("invoiceDate"), MARKED),
    lock=lock("invoiceDate", adjustment=adjustment(_CARRIED)),
    control=control(lambda view: money(view.get("total")), "invoiceDate"),
)


# Adjustments: invoices below zero, credit memos, refunds


def _adjustment(
    name: str,
    label: str,
    kind: str,
    switch: str,
    noun: str,
    *,
    page: str,
    day: str,
    lines: Callable[[View], list[Line]],
    pick: Pick,
    key: Read,
    sign: int = 1,
) -> Flow:
    number: Callable[[View], str] = lambda view: str(key(view))  # noqa: E731
    return Flow(
        name=name,
        label=label,
        left_kind=kind,
        right_kind="ARADJUSTMENT",
        natural_key=of_owner(_CUSTOMER.left, number),
        shown_as=shown_as(noun),
        excluded=_picked(pick, day),
        entity=entity_of,
        refers_to=(CUSTOMER, PROJECT, JOB),
        only_if=("export_receivables", switch),
        fields=(
            _CUSTOMER,
            created_only("RECORDID", number, "number"),
            created_only("DESCRIPTION", described(noun.lower(), page, day), "description"),
            FieldMap("WHENCREATED", _day(day), label="date"),
            created_only("WHENPOSTED", _posting_day(day), "posting date"),
            created_only("ACTION", action("adjustments"), "state", When.MAKING),
        ),
        lines=(LineMap("ARADJUSTMENTITEMS", lines, LINE_FIELDS),),
        acts=(*void(day, reversible=False), MARKED),
        lock=lock(day),
        control=control(lambda view: sign * money(view.get("total")), day),
    )


def memo_lines(view: View) -> list[Line]:
    """The lines of a credit memo: what the customer no longer owes, so each amount changes its sign."""
    return [
        Line(each.id, {**each.fields, "amount": -money(each.fields["amount"])})
        for each in _receivable(view, "revenueGeneralLedgerAccount", "memo")
    ]


def refund_lines(view: View) -> list[Line]:
    """The one line of a refund: what was paid back is owed again, against the account it was paid from."""
    amount = -money(view.get("total"))
    there = view.text("generalLedgerAccount.number") or None
    row = row_of(view, PAYMENT_TYPES, (view.text("typeId"),), (view.text("type"),))
    own = row.get("undeposited_account") or None
    customer = customer_of(view, Work(), view.ref("customer.id"))
    memo = f"Refund {view.text('type')}".strip()
    return [line("refund", amount, memo, Work(), view.ref("businessUnit.id"), customer, account=own, account_there=there)]


INVOICE_CREDITS = _adjustment(
    "invoice-credits",
    "Invoices below zero",
    INVOICE,
    "export_invoices",
    "Invoice",
    page="Invoice",
    day="invoiceDate",
    lines=invoice_lines,
    pick=lambda view: money(view.get("total")) < 0,
    key=invoice_number,
)
CREDIT_MEMOS = _adjustment(
    "credit-memos",
    "Credit memos",
    CREDIT_MEMO,
    "export_credit_memos",
    "Credit memo",
    page="CreditMemo",
    day="date",
    lines=memo_lines,
    pick=lambda view: bool(money(view.get("total"))),
    key=lambda view: again(view, view.text("referenceNumber") or f"CM-{view.record.id}"),
    sign=-1,
)
REFUNDS = _adjustment(
    "refunds",
    "Refunds",
    PAYMENT,
    "export_payments",
    "Refund",
    page="Payment",
    day="date",
    lines=refund_lines,
    pick=lambda view: money(view.get("total")) < 0,
    key=lambda view: again(view, f"ST-{view.record.id}"),
    sign=-1,
)


# Payments


def payment_number(view: View) -> str:
    """The number by which a payment is found again: ServiceTitan's own id, as payments have no number (servicetitan §11.3)."""
    return again(view, f"ST-{view.record.id}")


def _applied(view: View) -> list[Line]:
    found = view.get("appliedTo")
    lines = found if isinstance(found, tuple) else ()
    return [each for each in lines if money(each.fields.get("appliedAmount"))]


def _is_payment(view: View) -> bool:
    return money(view.get("total")) > 0 and bool(_applied(view))


def payment_lines(view: View) -> list[Line]:
    """The invoices a payment pays. Raises HoldError for one that is applied to more than it holds."""
    applied = _applied(view)
    paid = sum((money(each.fields["appliedAmount"]) for each in applied), Decimal(0))
    if paid > money(view.get("total")):
        raise HoldError(problems.LINES_DIFFER.code, f"The payment is applied to {paid}, but its total is {money(view.get('total'))}.")
    return [Line(f"applied {each.id}", each.fields) for each in applied]


def _invoice(value: Value, view: View) -> Value:
    """The record number of the invoice that is paid. Raises HoldError for what is an adjustment there, which takes no payment."""
    found = view.counterpart(value) if isinstance(value, Ref) else None
    if found is None or found.kind != "ARINVOICE":
        text = f"The payment is applied to {value or 'nothing'}, which is no invoice in the books."
        raise HoldError(problems.NO_INVOICE.code, text)
    return found.id  # what is paid is named by its record number (intacct-xml §3D)


def _type_of(column: str) -> Read:
    return lambda view: needed_row(view, PAYMENT_TYPES, (view.text("typeId"),), (view.text("type"),)).get(column) or None


def _left_over(view: View) -> Value:
    """What remains after all applications; Sage Intacct keeps it as an overpayment."""
    paid = sum((money(each.fields["appliedAmount"]) for each in _applied(view)), Decimal(0))
    return money(view.get("total")) - paid or None


def _currency(view: View) -> Value:
    """The currency of the payment's business unit, else the one in the settings; ServiceTitan's payments name none."""
    unit = view.ref("businessUnit.id")
    return (view.look(unit).fields.get("currency") if unit is not None else None) or view.settings.get("currency") or None


_INTO = (
    created_only("CURRENCY", _currency, "currency"),
    created_only("PAYMENTMETHOD", _type_of("method"), "method"),
    created_only("FINANCIALENTITY", _type_of("bank_account"), "bank account"),
    created_only("UNDEPOSITEDACCOUNTNO", _type_of("undeposited_account"), "undeposited funds"),
)


def _payment(name: str, label: str, right_kind: str, noun: str, pick: Pick, more: tuple[FieldMap, ...], lines: LineMap) -> Flow:
    return Flow(
        name=name,
        label=label,
        left_kind=PAYMENT,
        right_kind=right_kind,
        natural_key=of_owner(_CUSTOMER.left, payment_number),
        shown_as=shown_as(noun),
        excluded=_picked(pick, "date"),
        entity=entity_of,
        refers_to=(CUSTOMER, INVOICE),
        only_if=("export_receivables", "export_payments"),
        fields=(
            _CUSTOMER,
            created_only("DOCNUMBER", payment_number, "number"),
            created_only("DESCRIPTION", described("payment", "Payment", "date"), "description"),
            created_only("RECEIPTDATE", _posting_day("date"), "receipt date"),
            created_only("PAYMENTDATE", _posting_day("date"), "payment date", When.MAKING),
            *_INTO,
            *more,
        ),
        lines=(lines,),
        acts=(*void("date", reversible=right_kind == "ARPYMT", deletable=right_kind == "ARPYMT"), MARKED),
        lock=lock("date"),
        control=control(lambda view: money(view.get("total")), "date", lines=right_kind == "ARADVANCE"),
    )


PAYMENTS = _payment(
    "payments",
    "Payments",
    "ARPYMT",
    "Payment",
    _is_payment,
    (created_only("OVERPAYMENTAMOUNT", _left_over, "overpayment"),),
    LineMap(
        "ARPYMTDETAILS",
        payment_lines,
        (
            FieldMap("RECORDKEY", lambda view: view.get("appliedTo"), _invoice, label="invoice"),
            FieldMap("TRX_PAYMENTAMOUNT", lambda view: money(view.get("appliedAmount")), label="amount"),
        ),
        removes=False,
    ),
)


def advance_lines(view: View) -> list[Line]:
    """The one line of an advance."""
    customer = customer_of(view, Work(), view.ref("customer.id"))
    account = account_from(view, "advance_account", "an advance")
    return [line("advance", money(view.get("total")), view.text("memo"), Work(), view.ref("businessUnit.id"), customer, account=account)]


ADVANCES = _payment(
    "advances",
    "Unapplied payments",
    "ARADVANCE",
    "Payment",
    lambda view: money(view.get("total")) > 0 and not _applied(view),
    (created_only("ACTION", action("invoices"), "state", When.MAKING),),
    LineMap("ARADVANCEITEMS", advance_lines, LINE_FIELDS),
)

RECEIVABLES = (INVOICES, INVOICE_CREDITS, CREDIT_MEMOS, PAYMENTS, ADVANCES, REFUNDS)
"""The flows of receivables, in the order in which they need each other."""
