"""Change orders: documents whose lines change the lines of another, or add to them (intacct-xml §3C; ingenious §8.3).

The lines carry differences: revised is original plus what posted changes say. What drafts say is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tieout.sandbox.intacct.amounts import number
from tieout.sandbox.intacct.catalogue.definitions import CHANGE_ORDER, SOURCE
from tieout.sandbox.intacct.catalogue.orders import ADDED_BY, CLOSED, DECLINED, DRAFT, PRICE, SUBMITTED
from tieout.sandbox.intacct.conversions import affect, definition_of, is_effective, refused
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ledger import dimensions_of
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.records import amend, place, remove
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_TEN_PLACES = Decimal("0.0000000001")
_FIXED = frozenset({DRAFT, SUBMITTED, DECLINED, CLOSED})
# What a line added by a change repeats of the line that added it.
_REPEATED = (
    *("ITEMID", "ITEMDIMKEY", "ITEMDESC", "ITEMGLGROUP", "UNIT", "UNITFACTOR", "UIPRICE", "TRX_PRICE", "PRICE", "RETAILPRICE", "MEMO"),
    *("CURRENCY", "BASECURR", "EXCHRATE", "EXCHRATEDATE", "BILLABLE", "BILLED", "FORM1099", "REVERSECONVERSION", "CONVERSIONTYPE"),
    *("RETAINAGEPERCENTAGE", "LOCATIONID", "LOCATIONKEY", "DEPARTMENTID", "DEPARTMENTKEY", "NEEDBYDATE"),
)


def check_line(facts: Order, work: Work, kind: Kind, row: Row, header: Row) -> None:
    """A change order's lines name an open document that accepts changes, of the same party; other documents' lines none."""
    definition = definition_of(facts, work, header)
    if definition["ENABLEDOCCHANGE"] != CHANGE_ORDER:
        if row.get("RELATEDDOCKEY"):
            raise refused(kind, f"A {definition['DOCID']} is no change order.", "BL03000018", "RELATEDDOCKEY")
        return
    if not row.get("RELATEDDOCKEY"):
        raise Refusal(missing(kind, kind.by_name["RELATEDDOCKEY"]))
    source = work.storage.get(facts.document, row["RELATEDDOCKEY"]) or {}
    if definition_of(facts, work, source)["ENABLEDOCCHANGE"] != SOURCE:
        raise refused(kind, f"'{source['DOCID']}' does not accept change orders.", "BL03000018", "RELATEDDOCKEY")
    if source["CUSTVENDID"] != header["CUSTVENDID"]:
        text = f"'{source['DOCID']}' belongs to the {facts.party_word} {source['CUSTVENDID']}, not {header['CUSTVENDID']}."
        raise refused(kind, text, "BL03000018", "RELATEDDOCKEY")
    if source["STATE"] in _FIXED:
        raise refused(kind, f"'{source['DOCID']}' is {source['STATE'].lower()} and cannot be changed.", field="RELATEDDOCKEY")
    line = work.storage.get(facts.entry, row.get("RELATEDDOCLINEKEY", ""))
    if line is not None and line["ITEMDIMKEY"] != row["ITEMDIMKEY"]:
        text = f"The related line has the item '{line['ITEMID']}', not '{row['ITEMID']}'."
        raise refused(kind, text, "BL03000018", "ITEMID")


def relate(facts: Order, work: Work, row: Row, lines: Sequence[Row]) -> None:
    """What a change order's header says of the document it changes: its number, and which change it is."""
    kind = work.company.kinds[facts.document]
    if definition_of(facts, work, row)["ENABLEDOCCHANGE"] != CHANGE_ORDER:
        amend(work, kind, row["RECORDNO"], {"CHANGELOGNUMBER": row.get("CHANGELOGNUMBER") or "0"})
        return
    keys = {line["RELATEDDOCKEY"] for line in lines}
    if len(keys) > 1:
        raise refused(kind, "The lines of a change order change one document.", "BL03000018", "RELATEDDOCKEY")
    source = work.storage.get(facts.document, next(iter(keys))) or {}
    log = row.get("CHANGELOGNUMBER") or str(int(source.get("CHANGELOGNUMBER") or 0) + 1)
    amend(work, kind, row["RECORDNO"], {"RELATEDDOCNO": source["DOCNO"], "CHANGELOGNUMBER": log})


def revise(facts: Order, work: Work, number_: str) -> None:
    """Works out anew what posted and draft changes make of a document; raises Refusal where a line cannot go any more."""
    kind, inner = work.company.kinds[facts.document], work.company.kinds[facts.entry]
    row = work.storage.get(facts.document, number_)
    if row is None:
        return
    changes = work.storage.where(facts.entry, "RELATEDDOCKEY", number_)
    headers = {line["DOCHDRNO"]: work.storage.get(facts.document, line["DOCHDRNO"]) or {} for line in changes}
    _add_lines(facts, work, row, changes, headers)
    changes = work.storage.where(facts.entry, "RELATEDDOCKEY", number_)
    for line in owned_rows(work, kind.owned[0], number_):
        own = [each for each in changes if each.get("RELATEDDOCLINEKEY") == line["RECORDNO"]]
        amend(work, inner, line["RECORDNO"], _revised(line, own, headers))
    affect(work, kind, row, _totals(row, list(headers.values())))


def _add_lines(facts: Order, work: Work, row: Row, changes: Sequence[Row], headers: dict[str, Row]) -> None:
    """A posted change without a line adds one; a line whose change is gone goes too."""
    kind, inner = work.company.kinds[facts.document], work.company.kinds[facts.entry]
    held = owned_rows(work, kind.owned[0], row["RECORDNO"])
    known = {line["RECORDNO"] for line in changes}
    for line in held:
        if line.get(ADDED_BY) and line[ADDED_BY] not in known:
            remove(work, inner, line)
    last = max((int(line["LINE_NO"]) for line in held), default=-1)
    for line in changes:
        if line.get("RELATEDDOCLINEKEY") or not is_effective(headers[line["DOCHDRNO"]]):
            continue
        last += 1
        columns = {name: line[name] for name in (*_REPEATED, *dimensions_of(line)) if line.get(name)}
        columns |= {
            "DOCHDRNO": row["RECORDNO"],
            "DOCHDRID": row["DOCID"],
            "DOCPARID": row["DOCPARID"],
            "LINE_NO": str(last),
            "UIQTY": "0",
            "QUANTITY": "0",
            **dict.fromkeys(("UIVALUE", "TRX_VALUE", "TOTAL", "COST"), "0"),
            "ADDEDBYCHANGE": "true",
            ADDED_BY: line["RECORDNO"],
        }
        added = place(replace(work, entity=row.get("MEGAENTITYID", "")), inner, columns)
        amend(work, inner, line["RECORDNO"], {"RELATEDDOCLINEKEY": added["RECORDNO"], "PRIMARYDOCLINEKEY": added["RECORDNO"]})


def _revised(line: Row, changes: Sequence[Row], headers: dict[str, Row]) -> dict[str, str]:
    factor = Decimal(line.get("UNITFACTOR") or 1)
    found: dict[str, str] = {}
    sums = {}
    for prefix, is_posted in (("DRAFT", False), ("POSTED", True)):
        counted = [each for each in changes if _counts(headers[each["DOCHDRNO"]], is_posted=is_posted)]
        # A line converted by price keeps its quantity: a change is one of its price (ingenious §8.3, inferred).
        quantity = sum((number(each, "QUANTITY") for each in counted if each.get("CONVERSIONTYPE") != PRICE), Decimal(0))
        value = sum((number(each, "TRX_VALUE") for each in counted), Decimal(0))
        sums[prefix] = (quantity, value)
        found |= {f"{prefix}QUANTITY": plain(quantity), f"{prefix}UIQTY": _places(quantity / factor), f"{prefix}VALUE": plain(value)}
    quantity = number(line, "QUANTITY") + sums["POSTED"][0]
    value = number(line, "TRX_VALUE") + sums["POSTED"][1]
    price = value / quantity if quantity and any(sums["POSTED"]) else number(line, "TRX_PRICE")
    return {
        **found,
        "REVISEDQUANTITY": plain(quantity),
        "REVISEDUIQTY": _places(quantity / factor),
        "REVISEDVALUE": plain(value),
        "REVISEDTRXPRICE": _places(price),
        "REVISEDPRICE": _places(price * Decimal(line.get("EXCHRATE") or 1)),
        "REVISEDUIPRICE": _places(price * factor),
    }


def _counts(header: Row, *, is_posted: bool) -> bool:
    """Posted once it is effective; before, a draft, unless it was declined."""
    return is_effective(header) if is_posted else not is_effective(header) and header.get("STATE") != DECLINED


def _totals(row: Row, changes: Sequence[Row]) -> dict[str, str]:
    posted = [each for each in changes if is_effective(each)]
    drafts = [each for each in changes if _counts(each, is_posted=False)]

    def summed(rows: Sequence[Row], name: str) -> Decimal:
        return sum((number(each, name) for each in rows), Decimal(0))

    found = {
        "ORIGINALAMOUNT": row["TRX_TOTAL"],
        "DRAFTCHANGESTOTAL": plain(summed(drafts, "TRX_TOTAL")),
        "POSTEDCHANGESTOTAL": plain(summed(posted, "TRX_TOTAL")),
        "HASCHANGE": "true" if changes else "false",
    }
    for name, shown in (("SUBTOTAL", "REVISEDSUBTOTAL"), ("TOTAL", "REVISEDTOTAL")):
        found[shown] = plain(number(row, name) + summed(posted, name))
        found[f"TRX_{shown}"] = plain(number(row, f"TRX_{name}") + summed(posted, f"TRX_{name}"))
    if posted:
        found["CHANGELOGNUMBER"] = str(max(int(each.get("CHANGELOGNUMBER") or 0) for each in posted))
    return found


def _places(value: Decimal) -> str:
    return plain(value.quantize(_TEN_PLACES))
