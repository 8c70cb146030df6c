"""What approved time posts as cost: its time type's account against its offset, with the entry's dimensions.

Intacct posts labor cost where a company has it on (intacct-rest §15.2 timeType, §15.20 postActualLaborCost; intacct-xml §3.0
48.PROJACCT). How much, and to which accounts, is not published: it is what the entry's external payroll says (assumption A-57).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tieout.sandbox.intacct.amounts import cents, number
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ledger import Leg, Posting, account, check_dimensions, entity_of_line, post
from tieout.sandbox.intacct.periods import base_currency, check_open
from tieout.sandbox.intacct.wording import Refusal, business, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

MODULE = "48.PROJACCT"
_ADDED = ("EXTEMPLOYERTAXES", "EXTFRINGES", "EXTCASHFRINGES")


def time_type(work: Work, entry: Row) -> Row | None:
    """The time type of an entry: its own, else its task's."""
    task = work.storage.get("TASK", entry.get("TASKKEY", "")) or {}
    return work.storage.find("TIMETYPE", "key", entry.get("TIMETYPE") or task.get("TIMETYPENAME", ""))


def check_task(work: Work, kind: Kind, row: Row) -> None:
    """A task needs a time type while labor cost posting is on (intacct-rest §15.2)."""
    if work.settings["labor_cost_posting"] and not row.get("TIMETYPENAME"):
        raise Refusal(missing(kind, kind.by_name["TIMETYPENAME"]))


def cost_of(entry: Row) -> Decimal:
    """What an hour entry costs: its amount, or its rate times its hours, and taxes and fringes."""
    wages = number(entry, "EXTAMOUNT") or number(entry, "EXTCOSTRATE") * number(entry, "QTY")
    return cents(wages + sum((number(entry, name) for name in _ADDED), Decimal(0)))


def post_labor(work: Work, sheet: Row, entries: Iterable[Row]) -> None:
    """Posts the cost of entries that were just approved; nothing where the company does not. Raises Refusal."""
    if not work.settings["labor_cost_posting"]:
        return
    when = sheet.get("GLPOSTDATE") or sheet["ENDDATE"]
    legs: list[Leg] = []
    for entry in entries:
        cost, kind = cost_of(entry), time_type(work, entry)
        if not cost:
            continue
        if kind is None or not kind.get("ACCOUNTNO") or not kind.get("OFFSETACCOUNTNO"):
            text = f"The time type of entry '{entry['RECORDNO']}' has no accounts to post its cost to."
            raise Refusal(business(text, errorno="BL03000018", object="TIMESHEETENTRY", field="TIMETYPE"))
        check_open(work, when, {entity_of_line(work, entry)} - {""})
        dimensions = _dimensions(work, entry)
        check_dimensions(account(work, kind["ACCOUNTNO"]), dimensions)
        text = entry.get("DESCRIPTION", "") or sheet.get("DESCRIPTION", "")
        legs += [Leg(kind["ACCOUNTNO"], cost, cost, dimensions, text), Leg(kind["OFFSETACCOUNTNO"], -cost, -cost, dimensions, text)]
    currency = base_currency(work, work.entity)
    detail = {"RECORDTYPE": "ts", "RECORDKEY": sheet["RECORDNO"]}
    title = f"Labor cost of {sheet['EMPLOYEEID']} from {sheet['BEGINDATE']}"
    journal = str(work.settings["labor_journal"])
    post(work, Posting("TIMESHEET", sheet["RECORDNO"], MODULE, journal, when, title, "", currency, currency, detail), legs)


def _dimensions(work: Work, entry: Row) -> dict[str, str]:
    """The dimension columns of an entry by the names of the ledger's detail."""
    ours, theirs = work.company.kinds["TIMESHEETENTRY"].by_name, work.company.kinds["GLDETAIL"].by_name
    found: dict[str, str] = {}
    for name in ours:
        mine, detail = ours[name].ref, theirs[name].ref if name in theirs else None
        if mine is not None and detail is not None and entry.get(name):
            found |= {name: entry[name], detail.key: entry.get(mine.key, "")}
    return found
