"""Documents made of others: what may be converted, how much is left, and where that leaves the source (intacct-xml §3C)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from tieout.sandbox.intacct.amounts import cents, number, total
from tieout.sandbox.intacct.catalogue.definitions import BACK_ORDER, LEAVE_OPEN
from tieout.sandbox.intacct.catalogue.orders import (
    APPROVED,
    CLOSED,
    CONVERTED,
    DECLINED,
    DRAFT,
    IN_PROGRESS,
    PART_APPROVED,
    PART_CONVERTED,
    PENDING,
    PRICE,
    QUANTITY,
    SUBMITTED,
)
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.records import amend, create, place, remove, take
from tieout.sandbox.intacct.values import plain, stamp
from tieout.sandbox.intacct.wording import Refusal, business
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

OWN_STATE = "OWNSTATE"  # hidden: where a document stands apart from what was converted of it
BACK_ORDER_KEY = "BACKORDERKEY"  # hidden: the document made of what a conversion left over
# What a converted line takes from its source where it says nothing of its own.
INHERITED = (
    *("ITEMID", "ITEMDESC", "UNIT", "UIPRICE", "WAREHOUSEID", "LOCATIONID", "DEPARTMENTID", "PROJECTID", "TASKID", "COSTTYPEID"),
    *("CUSTOMERID", "VENDORID", "EMPLOYEEID", "CLASSID", "CONTRACTID", "BILLABLE"),
)
_TEN_PLACES = Decimal("0.0000000001")
_OPEN = frozenset({PENDING, APPROVED, IN_PROGRESS, PART_CONVERTED})


def refused(kind: Kind, text: str, errorno: str = "BL01001973", field: str = "") -> Refusal:
    """A refusal about a document."""
    return Refusal(business(text, errorno=errorno, object=kind.name, field=field))


def definition_of(facts: Order, work: Work, row: Row) -> Row:
    """The transaction definition of a document."""
    found = work.storage.find(facts.definition, "key", row.get("DOCPARID", ""))
    assert found is not None
    return found


def is_effective(row: Row) -> bool:
    """Whether a document counts: it is no draft and does not wait for approval."""
    return row.get("STATE") not in {DRAFT, SUBMITTED, PART_APPROVED, DECLINED}


def check_source(facts: Order, work: Work, kind: Kind, row: Row, source: Row) -> None:
    """Refuses a source that is not open, of another party, or of a definition this one is not converted from."""
    field = "CREATEDFROM"
    if source["STATE"] not in _OPEN:
        raise refused(kind, f"'{source['DOCID']}' is {source['STATE'].lower()} and cannot be converted.", field=field)
    if source["CUSTVENDID"] != row["CUSTVENDID"]:
        text = f"'{source['DOCID']}' belongs to the {facts.party_word} {source['CUSTVENDID']}, not {row['CUSTVENDID']}."
        raise refused(kind, text, "BL03000018", field)
    recalls = {each["RECDOCPAR"] for each in definition_of(facts, work, row).get("RECALLS", [])}
    if source["DOCPARID"] not in recalls:
        raise refused(kind, f"A {row['DOCPARID']} cannot be converted from a {source['DOCPARID']}.", "BL03000018", field)


def reckon(facts: Order, work: Work, source: str) -> None:
    """Works out anew what is converted of a document, and its state; raises Refusal when it is more than there is."""
    kind, inner = work.company.kinds[facts.document], work.company.kinds[facts.entry]
    row = work.storage.get(facts.document, source)
    if row is None:
        return
    lines = [_reckon_line(facts, work, inner, line) for line in owned_rows(work, kind.owned[0], source)]
    changes = {
        "TOTAL_AMOUNT_CONVERTED": total(lines, "TOTAL_AMOUNT_CONVERTED"),
        "TOTAL_AMOUNT_REMAINING": total(lines, "TOTAL_AMOUNT_REMAINING"),
        "TOTAL_QTY_CONVERTED": total(lines, "QTY_CONVERTED"),
        "TOTAL_QTY_REMAINING": total(lines, "QTY_REMAINING"),
    }
    state = _state(facts, work, row, lines)
    affect(work, kind, row, {**changes, "STATE": state, "CLOSED": "true" if state == CLOSED else "false"})
    for line in lines:
        amend(work, inner, line["RECORDNO"], {"STATE": state})
    if definition_of(facts, work, row)["CONVTYPE"] == BACK_ORDER:
        is_part = state == CLOSED and row.get(OWN_STATE) != CLOSED
        _keep_back_order(facts, work, kind, row, [line for line in lines if is_part and number(line, "QTY_REMAINING")])


def affect(work: Work, kind: Kind, row: Row, changes: Mapping[str, str]) -> Row:
    """Keeps what another document makes of one; whether that moves WHENMODIFIED is not known, so it is a setting (§4.2)."""
    is_moved = work.settings["effects_move_modified"] and any(row.get(name, "") != value for name, value in changes.items())
    return amend(work, kind, row["RECORDNO"], {**changes, "WHENMODIFIED": stamp(work.modified_at())} if is_moved else changes)


def keep_history(facts: Order, work: Work, target: str, sources: Iterable[str]) -> None:
    """Keeps which documents one was made from, on both sides of each pair; without sources there is nothing to keep."""
    kind, wanted = work.company.kinds[facts.history], dict.fromkeys(sources)
    forth = {row["FROMKEY"]: row for row in work.storage.where(kind.name, "DOCKEY", target) if row.get("FROMKEY")}
    back = {row["DOCKEY"]: row for row in work.storage.where(kind.name, "TOKEY", target)}
    for rows in (forth, back):
        for source, row in rows.items():
            if source not in wanted:
                take(work, kind.name, row)
    for source in wanted:
        if source not in forth:
            place(work, kind, {"DOCKEY": target, "FROMKEY": source})
            place(work, kind, {"DOCKEY": source, "TOKEY": target})


def _keep_back_order(facts: Order, work: Work, kind: Kind, row: Row, left: list[Row]) -> None:
    """What a partial conversion leaves over is a document of its own; it follows when the conversion is changed (CONVTYPE)."""
    held = work.storage.get(facts.document, row.get(BACK_ORDER_KEY, ""))
    wanted = [_back_line(line) for line in left]
    if held is not None:
        there = [line["UIQTY"] for line in owned_rows(work, kind.owned[0], held["RECORDNO"])]
        if there == [line["UIQTY"] for line in wanted]:
            return
        remove(work, kind, held)
    if not wanted:
        return
    given = {name: row[name] for name in ("DOCPARID", "CUSTVENDID", "WHENCREATED", "WHENDUE", "PONUMBER", "MESSAGE") if row.get(name)}
    at = 1
    while work.storage.find(facts.document, "key", f"{row['DOCID']}-{at}") is not None:
        at += 1
    given |= {"DOCNO": f"{row['DOCNO']}-{at}", "CURRENCY": row["CURRENCY"], "EXCHRATE": row.get("EXCHRATE", ""), facts.container: wanted}
    made = create(replace(work, entity=row.get("MEGAENTITYID", "")), kind, given, {"BACKORDER": "true"})
    amend(work, kind, row["RECORDNO"], {BACK_ORDER_KEY: made["RECORDNO"]})


def _back_line(line: Row) -> dict[str, str]:
    return {**{name: line[name] for name in (*INHERITED, "MEMO") if line.get(name)}, "UIQTY": left_in_unit(line)}


def left_in_unit(line: Row) -> str:
    """What is left to convert of a line, in its own unit."""
    return plain((number(line, "QTY_REMAINING") / Decimal(line.get("UNITFACTOR") or 1)).quantize(_TEN_PLACES))


def _reckon_line(facts: Order, work: Work, inner: Kind, line: Row) -> Row:
    by_price, by_quantity, price = Decimal(0), Decimal(0), Decimal(0)
    for target in effective_targets(facts, work, line, "SOURCE_DOCLINEKEY"):
        sign = -1 if target.get("REVERSECONVERSION") == "true" else 1
        if target.get("CONVERSIONTYPE") == PRICE:
            by_price += sign * number(target, "TRX_VALUE")
            price += sign * number(target, "TRX_PRICE")
        else:
            by_quantity += sign * number(target, "QUANTITY")
    quantity, value = number(line, "REVISEDQUANTITY"), number(line, "REVISEDVALUE")
    amount = by_price + (value if quantity and by_quantity == quantity else cents(by_quantity * number(line, "REVISEDTRXPRICE")))
    if _is_over(by_quantity, quantity) or (by_price and _is_over(amount, value)):
        asked, whole = (amount, value) if by_price else (by_quantity, quantity)
        text = f"Line {int(line['LINE_NO']) + 1} of '{line['DOCHDRID']}' has {plain(whole)} to convert; {plain(asked)} is more than that."
        raise refused(inner, text, "BL03000018", "UIPRICE" if by_price else "UIQTY")
    changes = {
        "QTY_CONVERTED": plain(by_quantity),
        "QTY_REMAINING": plain(quantity - by_quantity),
        "PRICE_CONVERTED": plain(price),
        "TOTAL_AMOUNT_CONVERTED": plain(amount),
        "TOTAL_AMOUNT_REMAINING": plain(value - amount),
    }
    return amend(work, inner, line["RECORDNO"], changes)


def _is_over(asked: Decimal, whole: Decimal) -> bool:
    """Whether more is taken than there is, or more given back than was taken."""
    return abs(asked) > abs(whole) or asked * whole < 0


def effective_targets(facts: Order, work: Work, line: Row, key: str) -> Iterable[Row]:
    """The lines that point to one through a key column, of documents that count."""
    for target in work.storage.where(facts.entry, key, line["RECORDNO"]):
        if is_effective(work.storage.get(facts.document, target["DOCHDRNO"]) or {"STATE": DRAFT}):
            yield target


def _state(facts: Order, work: Work, row: Row, lines: list[Row]) -> str:
    """Converted once nothing is left; before, what the source's definition does with a part (CONVTYPE, §3C)."""
    if not any(number(line, "QTY_CONVERTED") or number(line, "PRICE_CONVERTED") for line in lines):
        return str(row.get(OWN_STATE) or row["STATE"])
    if all(_is_done(line) for line in lines):
        return CONVERTED
    return PART_CONVERTED if definition_of(facts, work, row)["CONVTYPE"] == LEAVE_OPEN else CLOSED


def _is_done(line: Row) -> bool:
    return not number(line, "QTY_REMAINING") or (bool(number(line, "REVISEDVALUE")) and not number(line, "TOTAL_AMOUNT_REMAINING"))


def check_line(facts: Order, work: Work, inner: Kind, row: Row, item: Row, factor: Decimal) -> None:
    """Refuses a line that converts another item, or by price what cannot be (ingenious §8.4: one base unit, not stocked)."""
    if not row.get("SOURCE_DOCLINEKEY"):
        if row.get("REVERSECONVERSION") == "true":
            raise refused(inner, "REVERSECONVERSION needs the source line it takes back.", "BL03000018", "SOURCE_DOCLINEKEY")
        return
    source = work.storage.get(facts.entry, row["SOURCE_DOCLINEKEY"]) or {}
    if source["ITEMDIMKEY"] != row["ITEMDIMKEY"]:
        text = f"The source line has the item '{source['ITEMID']}', not '{row['ITEMID']}'."
        raise refused(inner, text, "BL03000018", "ITEMID")
    row["CONVERSIONTYPE"] = row.get("CONVERSIONTYPE") or item.get("DEFAULT_CONVERSIONTYPE") or QUANTITY
    if row["CONVERSIONTYPE"] != PRICE:
        return
    if not work.settings["price_conversion"]:
        raise refused(inner, "Conversion by price is not enabled.", "BL03000018", "CONVERSIONTYPE")
    if not str(item["ITEMTYPE"]).startswith("Non-Inventory") or number(row, "UIQTY") != 1 or factor != 1:
        text = "Conversion by price takes a quantity of 1 in the base unit, of an item that is not kept in stock."
        raise refused(inner, text, "BL03000018", "CONVERSIONTYPE")
