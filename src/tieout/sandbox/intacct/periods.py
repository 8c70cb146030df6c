"""Dates of documents: closed books, terms, and the base currency of an entity (intacct-xml §5.2, §7.5)."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

COMPANY_CURRENCY = "USD"
_MONTHS = {
    "of the month": 0,
    "of next month": 1,
    "of 2nd month": 2,
    "of 3rd month": 3,
    "of 4th month": 4,
    "of 5th month": 5,
    "of 6th month": 6,
}


def day(text: str) -> date:
    """The day a kept date names."""
    return datetime.strptime(text, "%m/%d/%Y").date()


def shown(moment: date) -> str:
    """A date as the gateway shows it."""
    return moment.strftime("%m/%d/%Y")


def check_open(work: Work, when: str, entities: set[str]) -> None:
    """Refuses a date in a closed period of the company or of one of the entities (intacct-xml §5.2; number assumed)."""
    closed = work.settings["books_closed"]
    for entity in ("", *sorted(entities)):
        last = closed.get(entity, "")
        if last and when and day(when) <= day(last):
            text = f"Periods are closed. Your transaction date ({when}) is within a period that's been closed."
            raise Refusal(business(text, errorno="BL03000018", correction="Use a date in an open period."))


def due_date(term: Row, begins: str) -> str:
    """The day an amount is due by its term, counted from the document's date."""
    days, start = int(term.get("DUEDATE") or 0), day(begins)
    way = str(term.get("DUEFROM", ""))
    months = next((number for words, number in _MONTHS.items() if way.startswith(words)), None)
    if months is None:
        return shown(start + timedelta(days=days))
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return shown(date(year, month + 1, min(max(days, 1), last)))


def base_currency(work: Work, entity: str) -> str:
    """The currency an entity keeps its books in."""
    found = work.storage.find(work.company.entity_kind, "key", entity) if entity else None
    return str((found or {}).get("CURRENCY") or COMPANY_CURRENCY)
