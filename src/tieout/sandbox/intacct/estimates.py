"""What project estimates do beyond their tables: the primary one, the lock, amounts, posting to a budget (§3A PJESTIMATE)."""

from __future__ import annotations

from datetime import date

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.amounts import number, product, shares, total
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import JOINT
from tieout.sandbox.intacct.periods import day
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business, invalid, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

ESTIMATE, ENTRY, BUDGET_ITEM = "PJESTIMATE", "PJESTIMATEENTRY", "GLBUDGETITEM"
_FREE = frozenset({"STATUS", "WHENMODIFIED", "MODIFIEDBY"})


def entries_of(work: Work, estimate: str) -> list[Row]:
    """The lines of an estimate."""
    return work.storage.where(ENTRY, "PJESTIMATEKEY", estimate)


def primary_of(work: Work, project: str) -> Row | None:
    """The primary estimate of a project."""
    found = (row for row in work.storage.where(ESTIMATE, "PROJECTKEY", project) if row.get("ISPRIMARY") == "true")
    return next(found, None)


def check_unlocked(kind: Kind, estimate: Row) -> None:
    """A finalized estimate changes no more."""
    if estimate.get("STATUS") == "finalized":
        text = f"Project Estimate '{estimate['PJESTIMATEID']}' is finalized: only its status can be changed."
        raise Refusal(business(text, errorno="BL03000018", object=kind.name, field="STATUS"))


def prepare(change: Change) -> None:
    """Guards the lock and the one primary estimate, and wants what posting needs."""
    work, kind, row, old = change.work, change.kind, change.row, change.old
    if old is not None and (change.values.owned or change.changed(*(set(row) | set(old)) - _FREE)):
        check_unlocked(kind, old)
    others = [each for each in work.storage.where(ESTIMATE, "PROJECTKEY", row["PROJECTKEY"]) if each["RECORDNO"] != row["RECORDNO"]]
    if old is None and not others:
        row["ISPRIMARY"] = "true"
    _check_primary(change, others)
    if row.get("ESTIMATEDATE"):
        _period(work, kind, day(row["ESTIMATEDATE"]))
    if row.get("POSTED") == "true":
        for name in ("GLBUDGETID", *(("ESTIMATEDATE",) if row.get("POSTTO") == "Estimate date" else ())):
            if not row.get(name):
                raise Refusal(missing(kind, kind.by_name[name]))


def settle(change: Change) -> None:
    """Adds up the lines and posts them again."""
    recount(change.work, change.row["RECORDNO"])


def release(work: Work, kind: Kind, row: Row) -> None:
    """A primary or finalized estimate is not deleted, nor one with lines of change requests."""
    reason = "primary" if row.get("ISPRIMARY") == "true" else "finalized" if row.get("STATUS") == "finalized" else ""
    if not reason and any(each.get("CHANGEREQUESTENTRYKEY") for each in entries_of(work, row["RECORDNO"])):
        reason = "linked to change requests"
    if reason:
        raise Refusal(business(f"Project Estimate '{row['PJESTIMATEID']}' is {reason} and cannot be deleted.", object=kind.name))


def recount(work: Work, estimate: str) -> None:
    """Works out the total of an estimate and its budget entries anew; raises Refusal where a line cannot be posted."""
    row = work.storage.get(ESTIMATE, estimate)
    if row is None:
        return
    lines = entries_of(work, estimate)
    row = records.amend(work, work.company.kinds[ESTIMATE], estimate, {"TOTALAMOUNT": total(lines, "AMOUNT")})
    budget_kind = work.company.kinds[BUDGET_ITEM]
    for item in work.storage.where(BUDGET_ITEM, "PJESTIMATEKEY", estimate):
        records.remove(work, budget_kind, item)
    if row.get("POSTED") == "true":
        for line in lines:
            _post(work, budget_kind, row, line)


def prepare_entry(change: Change) -> None:
    """A line's estimate must be open, its amount known, its workflow type one of the estimate's type."""
    work, kind, row, old = change.work, change.kind, change.row, change.old
    estimate = work.storage.get(ESTIMATE, row["PJESTIMATEKEY"])
    assert estimate is not None
    if not change.inner:
        check_unlocked(kind, estimate)
    if old is not None:
        _check_unlinked(kind, old, "changed")
    if row.get("PRODUCTIONUNITS") and not row.get("TASKID"):
        raise Refusal(missing(kind, kind.by_name["TASKID"]))
    if "AMOUNT" not in change.values.own and (old is None or change.changed("QTY", "UNITCOST")):
        row["AMOUNT"] = product(row, "QTY", "UNITCOST") or row.get("AMOUNT", "")
    if not row.get("AMOUNT"):
        if not row.get("PRODUCTIONUNITS"):
            raise Refusal(missing(kind, kind.by_name["AMOUNT"]))
        row["AMOUNT"] = "0"
    if "WFTYPE" in change.values.own:
        _check_workflow(work, kind, estimate, row)


def settle_entry(change: Change) -> None:
    """A line written on its own changes its estimate's total and posting."""
    if not change.inner:
        recount(change.work, change.row["PJESTIMATEKEY"])


def release_entry(work: Work, kind: Kind, row: Row) -> None:
    """Lines of change requests are the system's, and a finalized estimate keeps all."""
    _check_unlinked(kind, row, "deleted")
    estimate = work.storage.get(ESTIMATE, row["PJESTIMATEKEY"])
    if estimate is not None:
        check_unlocked(kind, estimate)


def dissolve_entry(work: Work, kind: Kind, row: Row) -> None:
    """Without the line the estimate's total is another."""
    recount(work, row["PJESTIMATEKEY"])


def _check_primary(change: Change, others: list[Row]) -> None:
    kind, row = change.kind, change.row
    field = kind.by_name["ISPRIMARY"]
    other = next((each for each in others if each.get("ISPRIMARY") == "true"), None)
    if row.get("ISPRIMARY") == "true" and other is not None:
        text = f"Project '{row['PROJECTID']}' already has the primary estimate '{other['PJESTIMATEID']}'."
        raise Refusal(invalid(kind, field, text, "Set ISPRIMARY of that estimate to false first."))
    if change.old is None or change.old.get("ISPRIMARY") != "true" or row.get("ISPRIMARY") == "true":
        return
    if any(each.get("CHANGEREQUESTENTRYKEY") for each in entries_of(change.work, row["RECORDNO"])):
        text = f"Project Estimate '{row['PJESTIMATEID']}' stays primary while change requests are linked to it."
        raise Refusal(invalid(kind, field, text))


def _check_unlinked(kind: Kind, row: Row, done: str) -> None:
    if row.get("CHANGEREQUESTENTRYKEY"):
        text = f"Project Estimate Entry '{row['RECORDNO']}' belongs to a change request and cannot be {done} here."
        raise Refusal(business(text, errorno="BL03000018", object=kind.name))


def _check_workflow(work: Work, kind: Kind, estimate: Row, row: Row) -> None:
    selected = (work.storage.get("PJESTIMATETYPE", estimate.get("PJESTIMATETYPEKEY", "")) or {}).get("SELECTEDWFTYPES", "")
    if selected and row.get("WFTYPE") not in selected.split(JOINT) and work.settings["estimate_type_limits_workflow"]:
        text = f"Workflow type '{row.get('WFTYPE')}' is not selected on the estimate type '{estimate['PJESTIMATETYPENAME']}'."
        raise Refusal(invalid(kind, kind.by_name["WFTYPE"], text))


def _post(work: Work, kind: Kind, estimate: Row, line: Row) -> None:
    entry_kind = work.company.kinds[ENTRY]
    account = line if line.get("ACCOUNTNO") else work.storage.get("COSTTYPE", line.get("COSTTYPEDIMKEY", "")) or {}
    if not account.get("ACCOUNTNO"):
        raise Refusal(missing(entry_kind, entry_kind.by_name["ACCOUNTNO"]))
    days = _days(work, estimate, line)
    project = work.storage.get("PROJECT", estimate["PROJECTKEY"]) or {}
    for when, share in zip(days, shares(number(line, "AMOUNT"), len(days)), strict=True):
        period = _period(work, kind, when)
        columns = {
            "BUDGETKEY": estimate["GLBUDGETKEY"],
            "BUDGETID": estimate["GLBUDGETID"],
            "ACCT_NO": account["ACCOUNTNO"],
            "ACCOUNTKEY": account["ACCOUNTKEY"],
            "PERIODNAME": period["NAME"],
            "PERIODKEY": period["RECORDNO"],
            "LOCATION_NO": project.get("LOCATIONID", ""),
            "LOCATIONKEY": project.get("LOCATIONKEY", ""),
            "DEPT_NO": line.get("DEPARTMENTID", ""),
            "DEPTKEY": line.get("DEPARTMENTKEY", ""),
            "AMOUNT": plain(share),
            **{name: line.get(name, "") for name in ("PROJECTID", "TASKID", "COSTTYPEID")},
            "PJESTIMATEKEY": estimate["RECORDNO"],
            "PJESTIMATEENTRYKEY": line["RECORDNO"],
        }
        records.place(work, kind, columns)


def _days(work: Work, estimate: Row, line: Row) -> list[date]:
    """A day of each period a line is posted to. A project without a begin counts from today (assumed)."""
    match estimate.get("POSTTO"):
        case "Estimate date":
            return [day(estimate["ESTIMATEDATE"])]
        case "Effective date":
            if not line.get("EFFECTIVEDATE"):
                kind = work.company.kinds[ENTRY]
                raise Refusal(missing(kind, kind.by_name["EFFECTIVEDATE"]))
            return [day(line["EFFECTIVEDATE"])]
    project = work.storage.get("PROJECT", estimate["PROJECTKEY"]) or {}
    first = day(project["BEGINDATE"]) if project.get("BEGINDATE") else work.now.date()
    if estimate.get("POSTTO") != "All periods" or not project.get("ENDDATE"):
        return [first]
    last = day(project["ENDDATE"])
    months = range(first.year * 12 + first.month - 1, max(last.year * 12 + last.month - 1, first.year * 12 + first.month - 1) + 1)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _period(work: Work, kind: Kind, when: date) -> Row:
    """The budgetable period of a day; raises Refusal if there is none (intacct-rest §15.11)."""
    for row in work.storage.all("REPORTINGPERIOD"):
        if row.get("BUDGETING") == "true" and day(row["START_DATE"]) <= when <= day(row["END_DATE"]):
            return row
    raise Refusal(business(f"{when:%m/%d/%Y} is not in a budgetable period.", errorno="BL03000018", object=kind.name))


PJESTIMATE = Behaviour(prepare=prepare, settle=settle, release=release)
PJESTIMATEENTRY = Behaviour(prepare=prepare_entry, settle=settle_entry, release=release_entry, dissolve=dissolve_entry)


def check_budget_currency(change: Change) -> None:
    """A consolidated budget says its currency (objects table GLBUDGETHEADER)."""
    if change.row.get("ISCONSOLIDATED") == "true" and not change.row.get("CURRENCY"):
        raise Refusal(missing(change.kind, change.kind.by_name["CURRENCY"]))


GLBUDGETHEADER = Behaviour(prepare=check_budget_currency)
