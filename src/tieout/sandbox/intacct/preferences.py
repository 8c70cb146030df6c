"""How the company is configured for documents and postings: the settings, and what `get_companyprefs` says of them (§2.9)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from tieout.sandbox.emulator import Setting
from tieout.sandbox.intacct.applications import APPLICATIONS
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.periods import day
from tieout.sandbox.intacct.reply import Result, data, element
from tieout.sandbox.intacct.wording import query_failed
from tieout.sandbox.intacct.work import Work


def _are_days(closed: Mapping[str, str]) -> bool:
    try:
        return all(bool(day(last)) for last in closed.values() if last)
    except (TypeError, ValueError):
        return False


SETTINGS: Mapping[str, Setting] = {
    "books_closed": Setting(
        {}, 'last closed day by entity, "" for the company, such as {"": "12/31/2025", "200": "03/31/2026"}', accepts=_are_days
    ),
    "duplicate_bill_numbers": Setting("refuse", "a second bill with the same number for one vendor", choices=("refuse", "accept")),
    "numbers_required": Setting([], "documents refused without a number of their own, such as ARINVOICE"),
    "approvals": Setting([], "documents and payments that wait for approval when submitted, such as APBILL or APPYMT"),
    "vendors_out_of_compliance": Setting([], "vendors whose purchasing documents are refused with CRE-3211"),
    "effects_move_modified": Setting(False, "WHENMODIFIED of a document moves when another one converts or changes it"),
    "price_conversion": Setting(True, "purchasing and order-entry lines may be converted by price"),
    "default_uom_group": Setting("Count", "unit group of items that name none"),
    "purchasing_journal": Setting("APJ", "journal of purchasing documents that post to the ledger alone"),
    "order_entry_journal": Setting("ARJ", "journal of order-entry documents that post to the ledger alone"),
    "labor_cost_posting": Setting(False, "approved time posts its cost, by the accounts of its time type"),
    "labor_journal": Setting("GJ", "journal of labor cost"),
    "inter_entity": Setting(True, "entities may owe each other; false refuses documents whose lines belong to several"),
    "ap_account": Setting("2000", "account payables are booked against"),
    "ar_account": Setting("1100", "account receivables are booked against"),
    "retainage_due": Setting("on release", "when what is held back of a document is due", choices=("on release", "at once")),
    "ap_retainage_account": Setting("2050", "account of what is held back from vendors"),
    "ar_retainage_account": Setting("1150", "account of what customers hold back"),
    "expense_account": Setting("2030", "account of what employees are owed"),
    "card_account": Setting("2020", "account of charge cards that name none"),
    "undeposited_account": Setting("1050", "account of undeposited funds"),
    "ie_receivable_account": Setting("1900", "account of what other entities owe"),
    "ie_payable_account": Setting("2900", "account of what is owed to other entities"),
}


# Names of preferences are not public except to those who read a company; these stand for the settings they show (assumed).
_SHOWN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "AP": (("UNIQUEBILLNUMBERS", "duplicate_bill_numbers"), ("APPROVALS", "approvals"), ("APACCOUNT", "ap_account")),
    "AR": (("ARACCOUNT", "ar_account"), ("UNDEPOSITEDACCOUNT", "undeposited_account")),
    "GL": (("IERECEIVABLEACCOUNT", "ie_receivable_account"), ("IEPAYABLEACCOUNT", "ie_payable_account")),
    "PO": (("APPROVALS", "approvals"), ("PRICECONVERSION", "price_conversion"), ("DEFAULTUOMGROUP", "default_uom_group")),
    "SO": (("PRICECONVERSION", "price_conversion"), ("DEFAULTUOMGROUP", "default_uom_group")),
    "ME": (("INTERENTITY", "inter_entity"), ("LOCATIONREQUIRED", "location_required")),
}


def get_companyprefs(work: Work, asked: etree._Element) -> Result:
    """`get_companyprefs`: the preferences of one application (intacct-xml §2.9); an unknown application is refused."""
    name = asked.get("application", "") or text_of(asked.find("application"))
    if name not in APPLICATIONS:
        raise query_failed(f"There is no application {name}.")
    own = (("BASECURRENCY", "USD"), ("MULTIENTITY", "true" if work.company.is_multi_entity else "false")) if name == "GEN" else ()
    shown = [*own, *((title, _value(work, setting)) for title, setting in _SHOWN.get(name, ()))]
    rows = (element("application", name) + element("preference", title) + element("prefvalue", value) for title, value in shown)
    return Result("success", data("".join(f"<companypref>{row}</companypref>" for row in rows)), transactions=1)


def get_applications(work: Work, asked: etree._Element) -> Result:
    """`get_applications`: the subscribed modules (intacct-xml §2.9)."""
    held = (APPLICATIONS[letters] for letters in APPLICATIONS if letters not in work.settings["unsubscribed"])
    rows = (element("key", key) + element("name", name) + element("subscribed", "true") for key, name in held)
    return Result("success", data("".join(f"<application>{row}</application>" for row in rows)), transactions=1)


def _value(work: Work, setting: str) -> str:
    value = work.settings[setting]
    if setting == "duplicate_bill_numbers":
        return "true" if value == "refuse" else "false"
    if isinstance(value, list):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
