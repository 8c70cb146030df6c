"""What all documents share: when they go, under which date and number, in what state, with which dimensions, and how they are undone.

A document's lines are first brought into one form (`line`), whatever they look like in ServiceTitan; `LINE_FIELDS` says once how such a
line becomes one of Sage Intacct.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tieout.core.control import Control
from tieout.core.flow import Act, Exclusion, FieldMap, Lock, Read, Settings, Side, View, When, WhenLocked, linked, member
from tieout.core.record import Fields, Line, Record, Ref, Value
from tieout.core.tables import HoldError
from tieout.platforms.servicetitan import problems
from tieout.platforms.servicetitan.kinds import EXPORTED, PROJECT, PURCHASE_ORDER
from tieout.platforms.servicetitan.rules import cut, survivor
from tieout.platforms.servicetitan.tables import ACCOUNTS, ITEMS, TERMS, needed_row, row_of, unit_row
from tieout.platforms.servicetitan.writer import DONE, EXPORT_ID, MARK

CENT = Decimal("0.01")
NUMBER_LENGTH = 45
MEMO_LENGTH = 1000
DRAFT = "draft"
GONE = frozenset({"reversed", "reversal", "voided"})
"""States of a document of the books that has been undone, in lower case."""


def money(value: Value) -> Decimal:
    """An amount to the cent; none is zero."""
    return (value if isinstance(value, Decimal) else Decimal(0)).quantize(CENT, ROUND_HALF_UP)


def day_of(view: View, *names: str) -> date:
    """The first of some fields that holds a day. Raises HoldError if none does."""
    for name in names:
        value = view.get(name)
        if isinstance(value, date):
            return value
    raise HoldError(problems.NO_DATE.code, f"The document has no date ({', '.join(names)}).")


# When a document goes


def status_of(view: View) -> str:
    """The sync status in ServiceTitan, in lower case."""
    return view.text("syncStatus").lower()


def is_void(view: View) -> bool:
    """Whether the document was voided in ServiceTitan: made inactive, or cancelled."""
    return view.get("active") is False or view.text("status").lower() in ("canceled", "cancelled")


def refuse_reopened(view: View) -> None:
    """Raises HoldError for a document that is being changed: only one that is posted again says what the books should show."""
    if status_of(view) == "pending" and not is_void(view):
        raise HoldError(problems.REOPENED.code, "The document was taken back to pending in ServiceTitan and is being changed there.")


def excluded(view: View) -> Exclusion | None:
    """Only posted documents go, of their own accord or on request; what somebody else exported never does (servicetitan §9, D7)."""
    if is_void(view):
        return Exclusion("servicetitan.void", "The document was voided in ServiceTitan before it was ever exported.", lasting=True)
    status = status_of(view)
    if status in DONE:
        text = (
            "ServiceTitan shows the document as exported, but not by Tieout: it may be in the books already. If ServiceTitan's own Intacct "
            "integration is on, leave each kind of document to one of the two."
        )
        return Exclusion("servicetitan.exported-elsewhere", text, lasting=True)
    if status != "posted":
        return Exclusion("servicetitan.not-posted", "The document is not posted in ServiceTitan yet.")
    if view.settings.get("export_when") == "request":
        return Exclusion("servicetitan.on-batch", "Documents go only when somebody asks for them.", until_needed=True)
    return None


# Dates and numbers


def closed_through(view: View) -> date | None:
    """The last closed day, as the accountant has entered it."""
    text = str(view.settings.get("closed_through") or "")
    return date.fromisoformat(text) if text else None


def in_closed_period(view: View, day: date) -> bool:
    """Whether a day is closed and nobody has allowed this document into it."""
    closed = closed_through(view)
    return closed is not None and day <= closed and not view.period_allowed


def refused_by_period(view: View, day: date) -> Exclusion | None:
    """Why a document in a closed period is left out for good, if that is the policy."""
    if view.settings.get("closed_period") == "refuse" and in_closed_period(view, day):
        text = f"The document is dated {day}, in a closed period, and is left out."
        return Exclusion("servicetitan.closed-period-left-out", text, lasting=True)
    return None


def posting_day(view: View, day: date) -> date:
    """The day under which a document enters the ledger. Raises HoldError if the policy holds it up."""
    if not in_closed_period(view, day):
        return day
    closed = closed_through(view)
    if view.settings.get("closed_period") == "next" and closed is not None:
        return closed + timedelta(days=1)
    text = f"The document is dated {day}, and the books are closed through {closed}."
    raise HoldError(problems.CLOSED_PERIOD.code, text, f"books closed through {closed}")


def numbered(view: View, setting: str, *, prefix: str = "ST-") -> str:
    """A document's number in the books by its template; one whose template comes out empty goes by its id.

    A document that was reversed and made anew gets a number of its own, because Sage Intacct takes a number once.
    """
    template = str(view.settings[setting])
    names = ("referenceNumber", "vendorNumber", "number")
    number = template.format(**{name: view.text(name) for name in names}, id=view.record.id).strip(" -") or f"{prefix}{view.record.id}"
    return again(view, number)


def of_owner(owner: Read, number: Callable[[View], str]) -> Callable[[View], str]:
    """The key of a document whose number is meant within its vendor or customer: the owner's record number, a slash, its own number.

    Raises MissingError while the owner is not in the books.
    """

    def key(view: View) -> str:
        ref = owner(view)
        return f"{view.counterpart(ref).id}/{number(view)}" if isinstance(ref, Ref) else number(view)

    return key


def again(view: View, number: str) -> str:
    """The number with a count behind it for a document made anew; long ones are cut."""
    suffix = f"-{view.replaced + 1}" if view.replaced else ""
    return number[: NUMBER_LENGTH - len(suffix)] + suffix


def described(noun: str, page: str, *days: str) -> Read:
    """The description: what it is in ServiceTitan, where, and why its posting day differs; so that an auditor can walk back."""

    def read(view: View) -> Value:
        url = str(view.settings["record_url"]).format(page=page, id=view.record.id)
        name = view.record.natural_key
        own = f" (ID {view.record.id})" if name != view.record.id else ""
        text = f"ServiceTitan {noun} {name}{own} {url}"
        own_day = day_of(view, *days)
        if posting_day(view, own_day) != own_day:
            text += f" Dated {own_day}; posted in the next open period."
        return cut(MEMO_LENGTH)(text, view)

    return read


def term(view: View) -> Value:
    """The payment term in the books, if the table names one."""
    return row_of(view, TERMS, (view.text("termName"),)).get("term_name") or None


def entity_of(view: View) -> str:
    """The entity in which a document is made."""
    if view.settings.get("transaction_level") != "entity":
        return ""
    row = unit_row(view, view.ref("businessUnit.id"))
    return row.get("entity") or row.get("location") or str(view.settings.get("default_location") or "")


# State in the books


def action(kind: str) -> Read:
    """Whether a new document is submitted: by the setting, and once an accountant has confirmed the first of its kind."""

    def read(view: View) -> Value:
        return "Submit" if view.settings.get(f"post_{kind}") == "submit" and view.facts.confirmed else "Draft"

    return read


def state_of(right: View) -> str:
    """The state of a document of the books, in lower case."""
    return right.text("STATE").lower()


def is_posted(right: View) -> bool:
    """Whether a document of the books has reached the ledger and stands."""
    return state_of(right) not in ("", DRAFT, "declined", "submitted", "partially approved", *GONE)


def locked(right: View) -> str:
    """In what state a document may not be edited any more; "" while it is a draft."""
    return "" if state_of(right) in ("", DRAFT, "declined") else state_of(right)


def closed_for(right: View) -> str:
    """Through when the books are closed, if a document of theirs stands in a closed period."""
    day = next((day for name in ("WHENPOSTED", "WHENCREATED") if isinstance(day := right.get(name), date)), None)
    return f"closed through {closed_through(right)}" if day is not None and in_closed_period(right, day) else ""


def by_setting(settings: Settings) -> WhenLocked:
    """What becomes of changes to a posted document."""
    return {"replace": WhenLocked.REPLACE, "adjust": WhenLocked.ADJUST}.get(str(settings.get("changed_after_posting")), WhenLocked.REPORT)


def reversal(*days: str) -> Act:
    """Undoing a posted document on the day it was posted under, or on the next open one."""

    def fields(left: View, right: View) -> Fields:
        day = day_of(left, *days)
        closed = closed_through(left)
        open_day = closed + timedelta(days=1) if closed is not None and day <= closed else day
        return {"DATEREVERSED": open_day, "DESCRIPTION": f"Voided or replaced in ServiceTitan ({left.record.id})"}

    return Act("reverse", lambda left, right: is_posted(right), fields, {"STATE": "Reversed"}, label="reverse it")


def void(*days: str, reversible: bool = True, deletable: bool = True) -> tuple[Act, ...]:
    """What becomes of a document that was voided in ServiceTitan after it went: by setting it is reversed, a draft deleted, or told.

    It is never passed over in silence: what no setting lets go, and what Sage Intacct cannot undo, raises HoldError.
    """
    undone = reversal(*days)

    def is_reversed(left: View, right: View) -> bool:
        if not is_void(left) or not is_posted(right):
            return False
        if reversible and left.settings.get("voided") != "report":
            return True
        raise HoldError(problems.VOIDED.code, f"The document was voided in ServiceTitan, and it is {state_of(right)} in Sage Intacct.")

    def is_deleted(left: View, right: View) -> bool:
        if not is_void(left) or is_posted(right) or state_of(right) in GONE:
            return False
        if deletable and left.settings.get("voided") == "undo" and not locked(right):
            return True
        raise HoldError(
            problems.VOIDED.code, f"The document was voided in ServiceTitan, and it is a {state_of(right) or DRAFT} in Sage Intacct."
        )

    reverse = Act("reverse", is_reversed, undone.fields, undone.becomes, label="reverse it")
    return reverse, Act("delete", is_deleted, label="delete the draft", deletes=True)


def lock(*days: str, **more: Any) -> Lock:
    """Posted documents are never edited silently: by setting they are reported, reversed and made anew, or adjusted."""
    return Lock(locked, by_setting, reversal=reversal(*days), closed=closed_for, **more)


def _is_to_be_marked(left: View, right: View) -> bool:
    return bool(left.settings.get("mark_exported")) and status_of(left) == "posted" and not is_void(left) and is_posted(right)


MARKED = Act(
    MARK,
    _is_to_be_marked,
    lambda left, right: {EXPORT_ID: right.record.id},
    {"syncStatus": EXPORTED},
    Side.LEFT,
    "mark it as exported",
)
"""Marking in ServiceTitan, last of all: it cannot be taken back (servicetitan §9)."""


# Lines


@dataclass(frozen=True, slots=True)
class Work:
    """What a line was done for: its job, or its project where there is no job."""

    job: Ref | None = None
    project: Ref | None = None


def work_of(view: View) -> Work:
    """The job or project of a document: its own, else that of its purchase order (servicetitan §8)."""
    job, project = view.ref("job.id") or view.ref("jobId"), view.ref("projectId")
    order = view.ref("purchaseOrderId")
    if job is None and project is None and order is not None and order.kind == PURCHASE_ORDER:
        found = view.look(order).fields
        first, second = found.get("jobId"), found.get("projectId")
        job, project = first if isinstance(first, Ref) else None, second if isinstance(second, Ref) else None
    return Work(job, project)


def customer_of(view: View, work: Work, own: Ref | None = None) -> Ref | None:
    """The customer a line is for, merges followed: the document's own, else that of its job or project (servicetitan D13)."""
    holder = work.job or work.project
    if own is None and holder is not None:
        found = view.look(holder).fields.get("customerId")
        own = found if isinstance(found, Ref) else None
    return survivor(view, own) if own is not None else None


def line(id_: str, amount: Decimal, memo: str, work: Work, unit: Ref | None, customer: Ref | None, **more: Value) -> Line:
    """A line in the one form that `LINE_FIELDS` reads.

    `account` is the number in the books, or `account_there` that of ServiceTitan; `sku`, `sku_name` and `sku_type` say which item it is.
    """
    fields: dict[str, Value] = {
        "amount": amount,
        "memo": memo,
        "job": work.job,
        "project": work.project,
        "unit": unit,
        "customer": customer,
    }
    return Line(id_, {**fields, **more})


def balanced(lines: Sequence[Line], total: Decimal, what: str) -> list[Line]:
    """The lines, which must add up to the total of the document.

    Amounts made of quantity and price are rounded, so a cent for each line may be missing; it goes to the largest line. Raises HoldError
    for more, because then something of the document is not known here.
    """
    missing = total - sum((money(each.fields["amount"]) for each in lines), Decimal(0))
    if not missing:
        return list(lines)
    if abs(missing) > CENT * len(lines):
        text = f"The lines of the {what} add up to {total - missing}, but its total is {total}."
        raise HoldError(problems.LINES_DIFFER.code, text)
    largest = max(range(len(lines)), key=lambda place: abs(money(lines[place].fields["amount"])))
    found = lines[largest]
    fixed = Line(found.id, {**found.fields, "amount": money(found.fields["amount"]) + missing})
    return [*lines[:largest], fixed, *lines[largest + 1 :]]


def _item(view: View) -> Mapping[str, str]:
    kind = view.text("sku_type")
    return row_of(view, ITEMS, (kind, view.text("sku")), (kind, view.text("sku_code")), (kind, view.text("sku_name")))


def account(view: View) -> Value:
    """The account a line is entered on: the item's, else the one given, else the table's for the account ServiceTitan gives."""
    own = _item(view).get("account_no") or view.text("account")
    if own:
        return own
    there = view.text("account_there")
    if not there:
        raise HoldError(
            problems.NO_ACCOUNT.code, f"A line names no account: {view.text('memo') or view.record.id}.", "a line without account"
        )
    if view.settings.get("accounts_match"):
        return row_of(view, ACCOUNTS, (there,)).get("account_no") or there
    return needed_row(view, ACCOUNTS, (there,))["account_no"]


def account_from(view: View, setting: str, words: str) -> str:
    """The account that a setting names for what has none of its own. Raises HoldError if it names none."""
    found = str(view.settings.get(setting) or "")
    if not found:
        raise HoldError(problems.NO_ACCOUNT.code, f"The settings name no account for {words}.", f"no account for {words}")
    return found


def by_unit(column: str, setting: str) -> Read:
    """A dimension that follows from the line's business unit, else from the settings."""
    return lambda view: unit_row(view, view.ref("unit")).get(column) or view.settings.get(setting) or None


def _class(view: View) -> Value:
    return _item(view).get("class") or by_unit("class", "default_class")(view)


def _project(value: Value, view: View) -> Value:
    """The project of a job or project. Raises HoldError for a project that no setting lets go, rather than wait for it for ever."""
    if not isinstance(value, Ref):
        return None
    if value.kind == PROJECT and not view.settings.get("parent_project_mapping") and value not in view.counterparts:
        text = f"The document belongs to project {value.id} and to no job, and “Enable Parent Project Mapping” is off."
        raise HoldError(problems.PARENTS_OFF.code, text, "parent project mapping is off")
    return view.counterpart(value)


LINE_FIELDS = (
    FieldMap("ACCOUNTNO", account, label="account"),
    FieldMap("TRX_AMOUNT", member("amount"), label="amount"),
    FieldMap("ENTRYDESCRIPTION", member("memo"), label="memo"),
    FieldMap("PROJECTID", lambda view: view.get("job") or view.get("project"), _project, only_if="enable_projects", label="project"),
    FieldMap("CUSTOMERID", member("customer"), linked, label="customer"),
    FieldMap("LOCATIONID", by_unit("location", "default_location"), label="location"),
    FieldMap("DEPARTMENTID", by_unit("department", "default_department"), label="department"),
    FieldMap("CLASSID", _class, label="class"),
    FieldMap("ITEMID", lambda view: _item(view).get("item") or None, label="item"),
)
"""How a line becomes one of Sage Intacct (servicetitan §11.2)."""


def created_only(name: str, read: Read, label: str, when: When = When.CREATE_ONLY) -> FieldMap:
    """A field that is given when the document is made."""
    return FieldMap(name, read, when=when, label=label)


def control(amount: Callable[[View], Decimal], *days: str, lines: bool = True) -> Control:
    """What a document adds to the control totals of a batch: the total ServiceTitan shows, with the sign it has in the books."""
    own_day: Callable[[View], date] = lambda view: day_of(view, *days)  # noqa: E731
    return Control(amount, own_day, "TOTALENTERED", *(("TRX_AMOUNT", "LOCATIONID") if lines else ()))


def shown_as(noun: str) -> Callable[[Record], str]:
    """How people recognise a document."""
    return lambda record: f"{noun[0].upper()}{noun[1:]} {record.natural_key or record.id}"
