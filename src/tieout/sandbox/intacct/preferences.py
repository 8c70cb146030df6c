"""How the company is configured for documents and postings: the settings, and what `get_companyprefs` says of them (§2.9)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.emulator import Setting

SETTINGS: Mapping[str, Setting] = {
    "books_closed": Setting({}, 'last closed day by entity, "" for the company, such as {"": "12/31/2025", "200": "03/31/2026"}'),
    "duplicate_bill_numbers": Setting("refuse", "a second bill with the same number for one vendor", choices=("refuse", "accept")),
    "numbers_required": Setting([], "documents refused without a number of their own, such as ARINVOICE"),
    "approvals": Setting([], "documents that wait for approval when submitted, such as APBILL"),
    "inter_entity": Setting(True, "entities may owe each other; false refuses documents whose lines belong to several"),
    "ap_account": Setting("2000", "account payables are booked against"),
    "ar_account": Setting("1100", "account receivables are booked against"),
    "undeposited_account": Setting("1050", "account of undeposited funds"),
    "ie_receivable_account": Setting("1900", "account of what other entities owe"),
    "ie_payable_account": Setting("2900", "account of what is owed to other entities"),
}
