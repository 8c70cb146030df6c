"""What change requests and change orders do beyond their tables: states, prices, totals, lines of the primary estimate (§3A)."""

from __future__ import annotations

from decimal import Decimal

from tieout.sandbox.intacct import estimates, records
from tieout.sandbox.intacct.amounts import cents, number, product, total
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business, invalid, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

REQUEST, ENTRY, ORDER = "CHANGEREQUEST", "CHANGEREQUESTENTRY", "PROJECTCHANGEORDER"
_CONTRACT = ("PROJECTCONTRACTID", "PROJECTCONTRACTLINEID")
# Columns a linked estimate line repeats from its change request entry.
_REPEATED = (
    *("QTY", "UNITCOST", "EUOM", "MEMO", "PRODUCTIONUNITS", "ACCOUNTNO", "ACCOUNTKEY", "DEPARTMENTID", "DEPARTMENTKEY"),
    *("PROJECTID", "PROJECTDIMKEY", "TASKID", "TASKDIMKEY", "COSTTYPEID", "COSTTYPEDIMKEY", "ITEMID", "ITEMDIMKEY"),
    *("VENDORID", "VENDORDIMKEY", "EMPLOYEEID", "EMPLOYEEDIMKEY", "CLASSID", "CLASSDIMKEY"),
)


def prepare_status(change: Change) -> None:
    """The workflow type of a status is settled once a change request uses it."""
    if change.old is None or not change.changed("WFTYPE"):
        return
    if change.work.storage.where(REQUEST, "CHANGEREQUESTSTATUSKEY", change.row["RECORDNO"]):
        text = f"The workflow type of the status '{change.row['NAME']}' cannot change: change requests use it."
        raise Refusal(invalid(change.kind, change.kind.by_name["WFTYPE"], text))


def prepare(change: Change) -> None:
    """Posting is one-way, a change order takes posted requests only, and a contract is named with its line where it is due."""
    kind, row, old = change.kind, change.row, change.old
    if old is not None and old.get("CHANGEREQUESTSTATE") == "Posted" and row.get("CHANGEREQUESTSTATE") != "Posted":
        text = f"Change Request '{row['CHANGEREQUESTID']}' is posted and cannot be a draft again."
        raise Refusal(invalid(kind, kind.by_name["CHANGEREQUESTSTATE"], text))
    if row.get("PROJECTCHANGEORDERID") and row.get("CHANGEREQUESTSTATE") != "Posted":
        text = f"Change Request '{row['CHANGEREQUESTID']}' is not posted and cannot belong to a project change order."
        raise Refusal(invalid(kind, kind.by_name["PROJECTCHANGEORDERID"], text))
    if row.get("PCNINTEGRATIONLEVEL") == "change request":
        _want_contract(kind, row)
    _check_line_named(kind, row)


def settle(change: Change) -> None:
    """Adds up the entries, for the change order too, and brings the estimate's lines in step."""
    work, kind, row = change.work, change.kind, change.row
    entries = _entries(work, row["RECORDNO"])
    if row.get("PCNINTEGRATIONLEVEL") == "change request entry":
        for entry in entries:
            _want_contract(work.company.kinds[ENTRY], entry)
    _check_projects(work, row, entries)
    row = _add_up(work, kind, row["RECORDNO"])
    for order in {row.get("PROJECTCHANGEORDERKEY", ""), (change.old or {}).get("PROJECTCHANGEORDERKEY", "")}:
        _add_up_order(work, order)
    _post(work, row, entries)


def release(work: Work, kind: Kind, row: Row) -> None:
    """Its lines leave the estimate with it."""
    for line in _linked(work, row["RECORDNO"]).values():
        _drop(work, line)
    for entry in _entries(work, row["RECORDNO"]):
        _point(work, entry, None)


def dissolve(work: Work, kind: Kind, row: Row) -> None:
    """The change order's totals go down."""
    _add_up_order(work, row.get("PROJECTCHANGEORDERKEY", ""))


def prepare_entry(change: Change) -> None:
    """Production units need a task; cost and price follow from quantities where they are not given."""
    kind, row = change.kind, change.row
    sent = change.values.own
    if row.get("PRODUCTIONUNITS") and not row.get("TASKID"):
        raise Refusal(missing(kind, kind.by_name["TASKID"]))
    if "COST" not in sent and (change.old is None or change.changed("QTY", "UNITCOST")):
        row["COST"] = product(row, "QTY", "UNITCOST") or row.get("COST", "")
    if "PRICE" not in sent and row.get("UNITPRICE") and (change.old is None or change.changed("QTY", "UNITPRICE")):
        row["PRICE"] = product(row, "QTY", "UNITPRICE")
    row["LINEPRICE"] = plain(_price(row))
    _check_line_named(kind, row)


def release_entry(work: Work, kind: Kind, row: Row) -> None:
    """The estimate's line goes first."""
    line = next(iter(work.storage.where(estimates.ENTRY, "CHANGEREQUESTENTRYKEY", row["RECORDNO"])), None)
    if line is not None:
        _drop(work, line)


def dissolve_entry(work: Work, kind: Kind, row: Row) -> None:
    """Without it the totals are others."""
    owner = work.storage.get(REQUEST, row["CHANGEREQUESTKEY"])
    if owner is not None:
        _add_up(work, work.company.kinds[REQUEST], owner["RECORDNO"])
        _add_up_order(work, owner.get("PROJECTCHANGEORDERKEY", ""))


def prepare_order(change: Change) -> None:
    """A contract is named with its line."""
    _check_line_named(change.kind, change.row)


def _entries(work: Work, request: str) -> list[Row]:
    return work.storage.where(ENTRY, "CHANGEREQUESTKEY", request)


def _linked(work: Work, request: str) -> dict[str, Row]:
    return {row["CHANGEREQUESTENTRYKEY"]: row for row in work.storage.where(estimates.ENTRY, "CHANGEREQUESTKEY", request)}


def _price(row: Row) -> Decimal:
    """The price given, or cost with its markup (§3A CHANGEREQUEST)."""
    if row.get("PRICE"):
        return number(row, "PRICE")
    cost = number(row, "COST")
    return cents(cost + cost * number(row, "PRICEMARKUPPERCENT") / 100 + number(row, "PRICEMARKUPAMOUNT"))


def _want_contract(kind: Kind, row: Row) -> None:
    for name in _CONTRACT:
        if not row.get(name):
            raise Refusal(missing(kind, kind.by_name[name]))


def _check_line_named(kind: Kind, row: Row) -> None:
    """A contract requires its line (intacct-rest §15.15)."""
    if row.get("PROJECTCONTRACTID"):
        _want_contract(kind, row)


def _check_projects(work: Work, request: Row, entries: list[Row]) -> None:
    kind = work.company.kinds[ENTRY]
    for entry in entries:
        if entry["PROJECTDIMKEY"] != request["PROJECTKEY"]:
            text = f"The entry's project '{entry['PROJECTID']}' is not the change request's '{request['PROJECTID']}'."
            raise Refusal(invalid(kind, kind.by_name["PROJECTID"], text))


def _add_up(work: Work, kind: Kind, request: str) -> Row:
    entries = _entries(work, request)
    return records.amend(work, kind, request, {"TOTALCOST": total(entries, "COST"), "TOTALPRICE": total(entries, "LINEPRICE")})


def _add_up_order(work: Work, order: str) -> None:
    if work.storage.get(ORDER, order) is None:
        return
    requests = work.storage.where(REQUEST, "PROJECTCHANGEORDERKEY", order)
    totals = {name: total(requests, name) for name in ("TOTALCOST", "TOTALPRICE")}
    records.amend(work, work.company.kinds[ORDER], order, totals)


def _post(work: Work, request: Row, entries: list[Row]) -> None:
    """Makes the primary estimate's lines those of a posted request whose status has a workflow type; else there are none."""
    status = work.storage.get("CHANGEREQUESTSTATUS", request.get("CHANGEREQUESTSTATUSKEY", "")) or {}
    workflow = status.get("WFTYPE", "none")
    linked = _linked(work, request["RECORDNO"])
    is_due = request.get("CHANGEREQUESTSTATE") == "Posted" and workflow != "none"
    kept = {entry["RECORDNO"] for entry in entries} if is_due else set()
    for key, line in linked.items():
        if key not in kept:
            _drop(work, line)
    if not is_due:
        for entry in entries:
            _point(work, entry, None)
        return
    for entry in entries:
        held = linked.get(entry["RECORDNO"])
        estimate = work.storage.get(estimates.ESTIMATE, held["PJESTIMATEKEY"]) if held is not None else _primary(work, request)
        if estimate is not None:
            _write_line(work, request, entry, held, estimate, workflow)


def _primary(work: Work, request: Row) -> Row | None:
    """The primary estimate; what comes of a posting without one is not known, so it is a setting (gap, §3A)."""
    found = estimates.primary_of(work, request["PROJECTKEY"])
    if found is None and work.settings["change_request_without_primary"] == "refuse":
        text = f"Project '{request['PROJECTID']}' has no primary estimate to post the change request to."
        raise Refusal(business(text, errorno="BL03000018", object=REQUEST, field="CHANGEREQUESTSTATE"))
    return found


def _write_line(work: Work, request: Row, entry: Row, line: Row | None, estimate: Row, workflow: str) -> None:
    kind = work.company.kinds[estimates.ENTRY]
    estimates.check_unlocked(kind, estimate)
    columns = {name: entry.get(name, "") for name in _REPEATED}
    columns |= {
        "AMOUNT": plain(number(entry, "COST")),
        "WFTYPE": workflow,
        "EFFECTIVEDATE": request.get("COSTEFFECTIVEDATE", "") or request["CHANGEREQUESTDATE"],
        "PJESTIMATEID": estimate["PJESTIMATEID"],
        "PJESTIMATEKEY": estimate["RECORDNO"],
        "CHANGEREQUESTKEY": request["RECORDNO"],
        "CHANGEREQUESTENTRYKEY": entry["RECORDNO"],
    }
    if line is None:
        records.place(work, kind, columns)
    else:
        records.amend(work, kind, line["RECORDNO"], columns)
    _point(work, entry, estimate)
    estimates.recount(work, estimate["RECORDNO"])


def _point(work: Work, entry: Row, estimate: Row | None) -> None:
    """Notes on an entry which estimate it is in."""
    held = work.storage.get(ENTRY, entry["RECORDNO"])
    if held is not None:
        place = {"PJESTIMATEID": "", "PJESTIMATEKEY": ""}
        if estimate is not None:
            place = {"PJESTIMATEID": estimate["PJESTIMATEID"], "PJESTIMATEKEY": estimate["RECORDNO"]}
        records.amend(work, work.company.kinds[ENTRY], entry["RECORDNO"], place)


def _drop(work: Work, line: Row) -> None:
    kind = work.company.kinds[estimates.ENTRY]
    estimate = work.storage.get(estimates.ESTIMATE, line["PJESTIMATEKEY"])
    if estimate is not None:
        estimates.check_unlocked(kind, estimate)
    freed = records.amend(work, kind, line["RECORDNO"], {"CHANGEREQUESTENTRYKEY": "", "CHANGEREQUESTKEY": ""})
    records.remove(work, kind, freed)


CHANGEREQUESTSTATUS = Behaviour(prepare=prepare_status)
CHANGEREQUEST = Behaviour(prepare=prepare, settle=settle, release=release, dissolve=dissolve)
CHANGEREQUESTENTRY = Behaviour(prepare=prepare_entry, release=release_entry, dissolve=dissolve_entry)
PROJECTCHANGEORDER = Behaviour(prepare=prepare_order)
