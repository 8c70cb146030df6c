"""What a company's books hold before anyone works in them: accounts, journals, terms, periods, units (design §6)."""

from __future__ import annotations

import calendar
from typing import Any

Rows = tuple[dict[str, Any], ...]
YEARS = (2025, 2026, 2027)


def _account(number: str, title: str, kind: str = "balancesheet", balance: str = "debit", **more: Any) -> dict[str, Any]:
    return {"ACCOUNTNO": number, "TITLE": title, "ACCOUNTTYPE": kind, "NORMALBALANCE": balance, **more}


def _expense(number: str, title: str, **more: Any) -> dict[str, Any]:
    closing = {"CLOSINGTYPE": "closing account", "CLOSINGACCOUNTNO": "3000"}
    return _account(number, title, "incomestatement", **closing, **more)


def _income(number: str, title: str) -> dict[str, Any]:
    closing = {"CLOSINGTYPE": "closing account", "CLOSINGACCOUNTNO": "3000"}
    return _account(number, title, "incomestatement", "credit", **closing)


ACCOUNTS: Rows = (
    _account("1000", "Operating Account"),
    _account("1010", "Reserve Account"),
    _account("1050", "Undeposited Funds"),
    _account("1100", "Accounts Receivable"),
    _account("1150", "Retainage Receivable"),
    _account("1900", "Due from Entities"),
    _account("2000", "Accounts Payable", balance="credit"),
    _account("2020", "Charge Cards Payable", balance="credit"),
    _account("2030", "Employee Expenses Payable", balance="credit"),
    _account("2050", "Retainage Payable", balance="credit"),
    _account("2100", "Customer Deposits", balance="credit"),
    _account("2900", "Due to Entities", balance="credit"),
    _account("3000", "Retained Earnings", balance="credit"),
    _income("4000", "Contract Revenue"),
    _income("4100", "Service Revenue"),
    _expense("5000", "Labor"),
    _expense("5100", "Materials"),
    _expense("5200", "Subcontractors"),
    _expense("5300", "Equipment Rental"),
    _expense("6000", "Office Expense"),
)


def _period(year: int, month: int) -> dict[str, Any]:
    name = f"{calendar.month_name[month]} {year}"
    last = calendar.monthrange(year, month)[1]
    return {
        "NAME": f"Month Ended {name}",
        "HEADER1": "Month Ended",
        "HEADER2": name,
        "START_DATE": f"{month:02d}/01/{year}",
        "END_DATE": f"{month:02d}/{last:02d}/{year}",
        "BUDGETING": True,
    }


_FROM = {"DUEFROM": "from invoice/bill date"}
TERMS: Rows = (
    {"NAME": "Net 15", "DESCRIPTION": "Due in 15 days", "DUEDATE": "15", **_FROM},
    {"NAME": "Net 30", "DESCRIPTION": "Due in 30 days", "DUEDATE": "30", **_FROM},
    {"NAME": "Due on Receipt", "DESCRIPTION": "Due at once", "DUEDATE": "0", **_FROM},
    {"NAME": "10th of next month", "DESCRIPTION": "Due on the 10th", "DUEDATE": "10", "DUEFROM": "of next month from invoice/bill date"},
)
_UNITS: Rows = (
    {"GRPNAME": "Count", "UNIT": "Each", "ABBREVIATION": "EA", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Count", "UNIT": "Dozen", "ABBREVIATION": "DZ", "CONVFACTOR": "12"},
    {"GRPNAME": "Time", "UNIT": "Hour", "ABBREVIATION": "HR", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Time", "UNIT": "Day", "ABBREVIATION": "DY", "CONVFACTOR": "8"},
    {"GRPNAME": "Length", "UNIT": "Foot", "ABBREVIATION": "FT", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Area", "UNIT": "Square Foot", "ABBREVIATION": "SF", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Duration", "UNIT": "Month", "ABBREVIATION": "MO", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Numbers", "UNIT": "Unit", "ABBREVIATION": "UN", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Volume", "UNIT": "Gallon", "ABBREVIATION": "GAL", "CONVFACTOR": "1", "ISBASE": True},
    {"GRPNAME": "Weight", "UNIT": "Pound", "ABBREVIATION": "LB", "CONVFACTOR": "1", "ISBASE": True},
)

BOOKS: tuple[tuple[str, Rows], ...] = (
    ("GLACCOUNT", tuple(sorted(ACCOUNTS, key=lambda each: each["ACCOUNTNO"] != "3000"))),
    (
        "JOURNAL",
        (
            {"SYMBOL": "GJ", "TITLE": "General Journal"},
            {"SYMBOL": "APJ", "TITLE": "Accounts Payable Journal"},
            {"SYMBOL": "ARJ", "TITLE": "Accounts Receivable Journal"},
            {"SYMBOL": "CDJ", "TITLE": "Cash Disbursements Journal"},
            {"SYMBOL": "CRJ", "TITLE": "Cash Receipts Journal"},
            {"SYMBOL": "EEJ", "TITLE": "Employee Expense Journal"},
            {"SYMBOL": "CCJ", "TITLE": "Charge Card Journal"},
        ),
    ),
    ("STATACCOUNT", ({"ACCOUNTNO": "9100", "TITLE": "Hours Worked"},)),
    ("STATJOURNAL", ({"SYMBOL": "STJ", "TITLE": "Statistical Journal"},)),
    ("REPORTINGPERIOD", tuple(_period(year, month) for year in YEARS for month in range(1, 13))),
    ("CHECKINGACCOUNT", ({"BANKACCOUNTID": "OPERATING", "BANKNAME": "Sandbox Bank", "BANKACCOUNTNO": "0001", "GLACCOUNTNO": "1000"},)),
    ("SAVINGSACCOUNT", ({"BANKACCOUNTID": "RESERVE", "BANKNAME": "Sandbox Bank", "BANKACCOUNTNO": "0002", "GLACCOUNTNO": "1010"},)),
    ("CREDITCARD", ({"CARDID": "VISA-1", "DESCRIPTION": "Company card", "CARDTYPE": "Visa", "OFFSETGLACCOUNTNO": "2020"},)),
    (
        "EXPENSEPAYMENTTYPE",
        ({"NAME": "Cash"}, {"NAME": "Company card", "NONREIMBURSABLE": True, "OFFSETACCTNO": "2020"}),
    ),
    ("EEACCOUNTLABEL", ({"ACCOUNTLABEL": "Travel", "DESCRIPTION": "Travel to jobs", "GLACCOUNTNO": "6000"},)),
    ("EXCHANGERATETYPES", ({"ID": "Intacct Daily Rate", "NAME": "Intacct Daily Rate", "ISDEFAULT": True},)),
    ("APTERM", TERMS),
    ("ARTERM", TERMS),
    ("VENDTYPE", ({"NAME": "Supplier"}, {"NAME": "Subcontractor", "FORM1099TYPE": "NEC"})),
    ("UOM", tuple({"NAME": name} for name in ("Area", "Count", "Duration", "Length", "Numbers", "Time", "Volume", "Weight"))),
    ("UOMDETAIL", _UNITS),
    ("ITEMGLGROUP", ({"NAME": "Job costs"},)),
    ("PRODUCTLINE", ({"PRODUCTLINEID": "Construction"},)),
)
