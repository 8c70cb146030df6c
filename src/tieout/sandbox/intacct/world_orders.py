"""The document sequences and transaction definitions a company has before anyone works in it (design §6; intacct-xml §3C).

Names of definitions are a company's own. Those beginning with PC are the ones a Procore connection asks for; of its two change
orders the names are not public, so they are made up (procore §10.1).
"""

from __future__ import annotations

from typing import Any

Rows = tuple[dict[str, Any], ...]


def _sequence(name: str, prefix: str) -> dict[str, Any]:
    return {"SEQUENCEID": name, "PRINTTITLE": name, "FIXEDPREFIX": prefix, "STARTINGNUMBER": 1, "FIXEDLENGTH": 4}


SEQUENCES: Rows = (
    _sequence("Purchase orders", "PO-"),
    _sequence("PO change orders", "POCO-"),
    _sequence("Subcontracts", "SC-"),
    _sequence("Subcontract change orders", "SCCO-"),
    _sequence("Receivers", "REC-"),
    _sequence("Vendor invoices", "VI-"),
    _sequence("Sales orders", "SO-"),
    _sequence("Sales invoices", "INV-"),
    _sequence("Credit memos", "CM-"),
)

_FREE = {"EDITTYPE": "All", "DELTYPE": "All", "CONVTYPE": "Leave Transaction Open"}
_ORDER = {"DOCCLASS": "Order", "CATEGORY": "Order", **_FREE}
_TEXTS = {f"ENABLEADDINFO{name}": True for name in ("SCOPE", "SCHEDULE", "INTERNALREF", "EXTERNALREF", "BOND")}


def _source(name: str, reporting: str, sequence: str = "") -> dict[str, Any]:
    """An order that accepts change orders."""
    own = {"ENABLEDOCCHANGE": "Enable Change", "PRIMARYDOC": True, "ENABLE_RETAINAGE": True, "REPORTINGCATEGORY": reporting}
    return {"DOCID": name, "DESCRIPTION": name, **_ORDER, **own, **_TEXTS, "SEQUENCE": sequence}


def _change(name: str, reporting: str, sequence: str = "") -> dict[str, Any]:
    own = {"ENABLEDOCCHANGE": "Change Order", "ENABLE_RETAINAGE": True, "REPORTINGCATEGORY": reporting}
    return {"DOCID": name, "DESCRIPTION": name, **_ORDER, **own, **_TEXTS, "SEQUENCE": sequence}


def _posting(own: str, offset: str, sign: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"GLACCOUNT": own, "DEBIT_CREDIT": sign[0], "ISOFFSET": False},
        {"GLACCOUNT": offset, "DEBIT_CREDIT": sign[1], "ISOFFSET": True},
    ]


def _recalls(*names: str) -> list[dict[str, Any]]:
    return [{"RECDOCPAR": name} for name in names]


_CHARGES = [
    {"DESCRIPTION": "Freight", "DISC_CHARGE": "Charge", "AMT_PERC": "Amount", "DEBIT_CREDIT": "Debit", "GLACCOUNT": "5100"},
    {"DESCRIPTION": "Trade discount", "DISC_CHARGE": "Discount", "AMT_PERC": "Amount", "DEBIT_CREDIT": "Credit", "GLACCOUNT": "5100"},
]
_ORDERS = ("Purchase Order", "Subcontract", "PC Purchase Orders", "PC Subcontracts")
PURCHASING: Rows = (
    _source("Purchase Order", "Purchase Orders", "Purchase orders"),
    _source("Subcontract", "Subcontracts", "Subcontracts"),
    _source("PC Purchase Orders", "Purchase Orders"),
    _source("PC Subcontracts", "Subcontracts"),
    _change("PO Change Order", "Purchase Order Change Orders", "PO change orders"),
    _change("Subcontract Change Order", "Subcontract Change Orders", "Subcontract change orders"),
    _change("PC PO Change Orders", "Purchase Order Change Orders"),
    _change("PC Subcontract Change Orders", "Subcontract Change Orders"),
    {
        "DOCID": "PO Receiver",
        "DESCRIPTION": "Goods received",
        "DOCCLASS": "Other",
        "CATEGORY": "Shipping",
        "REPORTINGCATEGORY": "Purchase Receivers",
        "SEQUENCE": "Receivers",
        **_FREE,
        "RECALLS": _recalls(*_ORDERS),
    },
    {
        "DOCID": "Vendor Invoice",
        "DESCRIPTION": "Vendor invoice; makes an AP bill",
        "DOCCLASS": "Invoice",
        "CATEGORY": "Invoice",
        "REPORTINGCATEGORY": "Purchase Order Invoices",
        "SEQUENCE": "Vendor invoices",
        "UPDATES_GL": "A",
        "ENABLE_RETAINAGE": True,
        "SHOW_TOTALS": True,
        "SUBTOTALS": _CHARGES,
        "AR_ACCOUNTS": _posting("5100", "2000", ("Debit", "Credit")),
        **_FREE,
        "RECALLS": _recalls(*_ORDERS, "PO Receiver"),
    },
)

_SALES = _posting("4100", "1100", ("Credit", "Debit"))
ORDER_ENTRY: Rows = (
    {"DOCID": "Sales Order", "DESCRIPTION": "Sales order", **_ORDER, "SEQUENCE": "Sales orders", "ENABLE_RETAINAGE": True},
    {
        "DOCID": "Sales Invoice",
        "DESCRIPTION": "Sales invoice; makes an AR invoice",
        "DOCCLASS": "Invoice",
        "CATEGORY": "Invoice",
        "SEQUENCE": "Sales invoices",
        "UPDATES_GL": "A",
        "ENABLE_RETAINAGE": True,
        "SHOW_TOTALS": True,
        "SUBTOTALS": [
            {"DESCRIPTION": "Tax", "DISC_CHARGE": "Charge", "AMT_PERC": "Amount", "DEBIT_CREDIT": "Credit", "GLACCOUNT": "2100"},
            {"DESCRIPTION": "Discount", "DISC_CHARGE": "Discount", "AMT_PERC": "Amount", "DEBIT_CREDIT": "Debit", "GLACCOUNT": "4100"},
        ],
        "AR_ACCOUNTS": _SALES,
        **_FREE,
        "RECALLS": _recalls("Sales Order"),
    },
    {
        "DOCID": "Sales Credit Memo",
        "DESCRIPTION": "Credit memo; makes an AR adjustment",
        "DOCCLASS": "Adjustment",
        "CATEGORY": "Return",
        "SEQUENCE": "Credit memos",
        "UPDATES_GL": "A",
        "AR_ACCOUNTS": _SALES,
        **_FREE,
        "RECALLS": _recalls("Sales Invoice"),
    },
)

DEFINITIONS: tuple[tuple[str, Rows], ...] = (
    ("DOCSEQUENCE", SEQUENCES),
    ("PODOCUMENTPARAMS", PURCHASING),
    ("SODOCUMENTPARAMS", ORDER_ENTRY),
)
