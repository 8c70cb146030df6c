"""`get_araging`: what customers owe, by how long it has been due (intacct-xml §9.3; intacct-objects get_araging)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.ledger import money
from tieout.sandbox.intacct.periods import day
from tieout.sandbox.intacct.postings import is_posted
from tieout.sandbox.intacct.reply import Result, data, element
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_KIND = "ARINVOICE"


@dataclass(frozen=True, slots=True)
class _Period:
    """A span of days, such as 31-60; without an end for "121-"."""

    name: str
    first: int
    last: int | None

    def holds(self, days: int) -> bool:
        return self.first <= days and (self.last is None or days <= self.last)


def get_araging(work: Work, asked: etree._Element) -> Result:
    """The open invoices of one customer or of all, summed by period; with showdetails each of them is listed too."""
    work.permit("get_araging", _KIND)
    periods = _periods(text_of(asked.find("agingperiods")))
    today = _as_of(work, asked.find("asofdate"))
    by_due = text_of(asked.find("useduedate"), "true") != "false"
    wanted = {name: text_of(asked.find(name)) for name in ("customerid", "invoiceno")}
    details = text_of(asked.find("showdetails")) == "true"
    owed: dict[str, list[Row]] = defaultdict(list)
    for row in work.view(private=False).rows(work.storage, work.company.kinds[_KIND]):
        fits = all(not value or row.get(column) == value for value, column in zip(wanted.values(), ("CUSTOMERID", "RECORDID"), strict=True))
        if fits and is_posted(row) and money(row.get("TOTALDUE", "")):
            owed[row["CUSTOMERID"]].append(row)
    shown = [_customer(name, rows, periods, today, by_due=by_due, details=details) for name, rows in sorted(owed.items())]
    return Result("success", data("".join(shown)), transactions=1)


def _periods(text: str) -> list[_Period]:
    found = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not dash or not first.isdigit() or (last and (not last.isdigit() or int(last) < int(first))):
            raise query_failed(f"'{part}' is no aging period such as 31-60 or 121-.")
        found.append(_Period(part.strip(), int(first), int(last) if last else None))
    return found


def _as_of(work: Work, asked: etree._Element | None) -> date:
    if asked is None or len(asked) == 0:
        return work.now.date()
    try:
        return date(*(int(text_of(asked.find(name))) for name in ("year", "month", "day")))
    except ValueError:
        raise query_failed("asofdate is no day that exists.") from None


def _customer(name: str, rows: Sequence[Row], periods: Sequence[_Period], today: date, *, by_due: bool, details: bool) -> str:
    parts = []
    for period in periods:
        held = [row for row in rows if period.holds((today - day(row["WHENDUE" if by_due else "WHENCREATED"])).days)]
        total = sum((money(row["TOTALDUE"]) for row in held), Decimal(0))
        inner = "".join(_detail(row, today) for row in held) if details else ""
        parts.append(f"<aging>{element('agingperiod', period.name)}{element('totalamount', plain(total))}{inner}</aging>")
    return f"<araging>{element('customerid', name)}{''.join(parts)}</araging>"


def _detail(row: Row, today: date) -> str:
    parts = (
        ("invoiceno", row.get("RECORDID", "")),
        ("invoicedate", row["WHENCREATED"]),
        ("duedate", row["WHENDUE"]),
        ("amount", row["TOTALDUE"]),
        ("age", str((today - day(row["WHENDUE"])).days)),
    )
    return f"<agingdetails>{''.join(element(name, value) for name, value in parts)}</agingdetails>"
