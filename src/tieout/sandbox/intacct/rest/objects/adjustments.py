"""Adjustments of payables and receivables, and advances of customers, over REST.

The endpoint catalogue gives their addresses and no fields: those of bills and invoices stand for them (assumption A-60).
"""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import CREATE, READ, UPDATE, Form, Link, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.payments import METHODS
from tieout.sandbox.intacct.rest.objects.purchasing import LINE

_MONEY: tuple[Property | Link, ...] = (
    *same(("currency.baseCurrency", "BASECURR"), ("currency.txnCurrency", "CURRENCY")),
    *same(("currency.exchangeRate.date", "EXCH_RATE_DATE"), ("currency.exchangeRate.typeId", "EXCH_RATE_TYPE_ID")),
    Property("currency.exchangeRate.rate", "EXCHANGE_RATE", Form.NUMBER),
    *same(("totalBaseAmount", "TOTALENTERED"), ("totalBaseAmountDue", "TOTALDUE")),
    *same(("totalTxnAmount", "TRX_TOTALENTERED"), ("totalTxnAmountDue", "TRX_TOTALDUE")),
)
_HEAD: tuple[Property | Link, ...] = (
    *same(("recordType", "RECORDTYPE"), ("state", "STATE"), ("referenceNumber", "DOCNUMBER"), ("description", "DESCRIPTION")),
    *same(("webURL", "RECORD_URL")),
    *_MONEY,
    Link("attachment", "SUPDOCID", "company-config/attachment"),
)


def _line(name: str, kind: str, owner: str) -> RestObject:
    """The lines of one of them."""
    return RestObject(
        f"{name}-line",
        kind,
        rows=(*LINE, Link(owner, "", name, key="RECORDKEY", read_only=True)),
        owner=owner,
    )


def _adjustment(module: str, kind: str, party: str, number: str) -> RestObject:
    """The adjustments of one module; `number` is the document they are about."""
    name = f"{module}/adjustment"
    return RestObject(
        name,
        kind,
        rows=(
            *same(
                ("adjustmentNumber", "RECORDID"), ("moduleKey", "MODULEKEY"), ("createdDate", "WHENCREATED"), ("postingDate", "WHENPOSTED")
            ),
            *same((number, f"{number.removesuffix('Number').upper()}NO")),
            *_HEAD,
            Link(party, f"{party.upper()}ID", f"{module}/{party}"),
            Rows("lines", f"{kind}ITEMS", f"{name}-line"),
        ),
    )


_ADVANCE = "accounts-receivable/advance"
OBJECTS = (
    _adjustment("accounts-payable", "APADJUSTMENT", "vendor", "billNumber"),
    _line("accounts-payable/adjustment", "APADJUSTMENTITEM", "adjustment"),
    _adjustment("accounts-receivable", "ARADJUSTMENT", "customer", "invoiceNumber"),
    _line("accounts-receivable/adjustment", "ARADJUSTMENTITEM", "adjustment"),
    RestObject(
        _ADVANCE,
        "ARADVANCE",
        rows=(
            *same(("paymentDate", "PAYMENTDATE"), ("receiptDate", "RECEIPTDATE")),
            Property("paymentMethod", "PAYMENTMETHOD", Form.WORD, words=METHODS),
            *_HEAD,
            Link("customer", "CUSTOMERID", "accounts-receivable/customer"),
            *same(("financialEntity.entityId", "FINANCIALENTITY")),
            Link("undepositedGLAccount", "UNDEPOSITEDACCOUNTNO", "general-ledger/account"),
            Rows("lines", "ARADVANCEITEMS", f"{_ADVANCE}-line"),
        ),
        methods=(READ, CREATE, UPDATE),
    ),
    _line(_ADVANCE, "ARADVANCEITEM", "advance"),
)
