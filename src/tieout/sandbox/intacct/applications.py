"""The applications a company subscribes to, and which of them an object belongs to (intacct-xml §2.9, §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.sandbox.emulator import Setting

GATEWAY_SUBSCRIPTION = "XML"
# What a company may subscribe to, by the letters of get_companyprefs and the module's key; all are on unless a setting says not.
APPLICATIONS: Mapping[str, tuple[str, str]] = {
    "GEN": ("1.CO", "Company"),
    "ME": ("16.ME", "Multi-Entity"),
    "GL": ("2.GL", "General Ledger"),
    "CM": ("11.CM", "Cash Management"),
    "AP": ("3.AP", "Accounts Payable"),
    "AR": ("4.AR", "Accounts Receivable"),
    "EE": ("6.EE", "Time and Expenses"),
    "PO": ("9.PO", "Purchasing"),
    "SO": ("8.SO", "Order Entry"),
    "INV": ("7.INV", "Inventory Control"),
    "PA": ("48.PROJACCT", "Project and Resource Management"),
    "CS": ("17.CS", "Customization Services"),
}
# Which application an object's permission belongs to, by the beginning of its name; what fits none is the company's own.
_BEGINNINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("EE", ("EE", "EXPENSE", "EMPLOYEE", "EPPAYMENT")),
    ("AP", ("AP", "VEND")),
    ("AR", ("AR", "CUST", "TERRITORY")),
    ("PO", ("PO", "DOCSEQUENCE")),
    ("SO", ("SO",)),
    ("GL", ("GL", "JOURNAL", "REPORTINGPERIOD", "ALLOCATION", "STAT")),
    ("CM", ("CC", "CHECKING", "SAVINGS", "CREDITCARD", "OTHERRECEIPTS", "BANK", "DEPOSIT", "PROVIDER")),
    ("INV", ("ITEM", "UOM", "WAREHOUSE", "PRODUCTLINE")),
    ("PA", ("PROJECT", "TASK", "PJ", "CHANGEREQUEST", "STANDARD", "COSTTYPE", "ACCUMULATION", "TIME", "EARNING", "LABOR")),
)


def application_of(kind: str) -> str:
    """The application an object belongs to, as `getUserPermissions` names it."""
    return APPLICATIONS[_letters(kind)][1]


def is_subscribed(settings: Mapping[str, Any], kind: str) -> bool:
    """Whether the company has the application an object belongs to."""
    return _letters(kind) not in settings["unsubscribed"]


def _letters(kind: str) -> str:
    return next((name for name, beginnings in _BEGINNINGS if kind.startswith(beginnings)), "GEN")


SETTINGS: Mapping[str, Setting] = {
    "unsubscribed": Setting(
        [],
        "applications the company does not subscribe to, by the letters of get_companyprefs; XML stands for the gateway itself",
        accepts=lambda given: all(each in ({*APPLICATIONS, GATEWAY_SUBSCRIPTION} - {"GEN"}) for each in map(str, given)),
    ),
}
