"""What a line of a purchasing or order-entry document must be: item, unit, quantity, price, warehouse (intacct-xml §3C)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from tieout.sandbox.intacct import change_orders, conversions
from tieout.sandbox.intacct.amounts import cents, number
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.conversions import INHERITED, definition_of, refused
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Refusal, business, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

STOCKED = frozenset({"Inventory", "Stockable Kit"})
_TEN_PLACES = Decimal("0.0000000001")


def behaviour(facts: Order) -> Behaviour:
    """The hooks of one module's lines."""
    return Behaviour(prepare=partial(_prepare, facts), dissolve=partial(_dissolve, facts), fill=partial(_fill, facts))


def _fill(facts: Order, work: Work, kind: Kind, given: Given, preset: Mapping[str, str]) -> Given:
    """A line converted from another belongs to the header's source if it names none, and takes from it what it leaves out."""
    key = given.get("SOURCE_DOCLINEKEY", "")
    if not key:
        return given
    header = work.storage.get(facts.document, preset.get("DOCHDRNO", "")) or {}
    named = given.get("SOURCE_DOCID") or header.get("CREATEDFROM", "")
    if not named:
        raise refused(kind, "A source line needs CREATEDFROM, or its own source document.", "BL03000018", "SOURCE_DOCLINEKEY")
    source = work.storage.get(facts.entry, key) or {}
    taken = {name: source[name] for name in INHERITED if name not in given and source.get(name)}
    if "UIQTY" not in given and source.get("QTY_REMAINING"):
        taken["UIQTY"] = conversions.left_in_unit(source)
    return {**taken, **given, "SOURCE_DOCID": named}


def _prepare(facts: Order, change: Change) -> None:
    work, kind, row = change.work, change.kind, change.row
    header = work.storage.get(facts.document, row["DOCHDRNO"])
    assert header is not None
    definition = definition_of(facts, work, header)
    item = work.storage.get("ITEM", row["ITEMDIMKEY"])
    assert item is not None
    _check_item(facts, kind, row, item)
    factor = _set_unit(facts, work, kind, row, item)
    if not row.get("UIQTY"):
        raise Refusal(missing(kind, kind.by_name["UIQTY"]))
    _set_price(facts, kind, row, item, definition)
    _set_warehouse(kind, row, item, definition)
    _set_amounts(row, header, factor)
    _set_retainage(change, definition)
    if change.old is None:
        _check_sources(facts, work, kind, row, header)
        change_orders.check_line(facts, work, kind, row, header)
        _set_primary(facts, work, row)
    conversions.check_line(facts, work, kind, row, item, factor)
    row.update(ITEMGLGROUP=item.get("GLGROUP", ""), EXTENDED_DESCRIPTION=item.get("EXTENDED_DESCRIPTION", ""))
    row.update(COST_METHOD=item.get("COST_METHOD", ""), EXCHRATETYPE=header.get("EXCH_RATE_TYPE_ID", ""), STATE=header["STATE"])
    row.setdefault("NEEDBYDATE", header["WHENDUE"])


def _check_item(facts: Order, kind: Kind, row: Row, item: Row) -> None:
    """Items that are only sold are not bought, and the other way round (the types say so, intacct-xml §3B ITEM)."""
    if item["ITEMTYPE"] in facts.barred:
        text = f"Item '{item['ITEMID']}' is of the type {item['ITEMTYPE']} and cannot be used here."
        raise refused(kind, text, "BL03000018", "ITEMID")
    if item.get("STATUS") == "inactive":
        raise refused(kind, f"Item '{item['ITEMID']}' is inactive.", "BL03000018", "ITEMID")
    row.setdefault("ITEMDESC", item["NAME"])


def units_of(work: Work, item: Row) -> list[Row]:
    """The units of an item's group; without one, of the company's (procore §10.1: default UOM group)."""
    group = work.storage.find("UOM", "key", item.get("UOMGRP") or work.settings["default_uom_group"]) or {}
    return work.storage.where("UOMDETAIL", "GRPKEY", group.get("RECORDNO", ""))


def _set_unit(facts: Order, work: Work, kind: Kind, row: Row, item: Row) -> Decimal:
    """The unit, letter for letter one of the item's group (§3C: BL03000018); gives how many base units it is."""
    units = units_of(work, item)
    if not row.get("UNIT"):
        group = work.storage.find("UOM", "key", item.get("UOMGRP") or work.settings["default_uom_group"]) or {}
        row["UNIT"] = group.get(facts.unit, "") or next((each["UNIT"] for each in units if each["ISBASE"] == "true"), "")
    found = next((each for each in units if each["UNIT"] == row["UNIT"]), None)
    if found is None:
        text, correction = "Missing unit", f"Use one of: {', '.join(each['UNIT'] for each in units)}."
        raise Refusal(business(text, errorno="BL03000018", correction=correction, object=kind.name, field="UNIT"))
    return Decimal(found["CONVFACTOR"])


def _set_price(facts: Order, kind: Kind, row: Row, item: Row, definition: Row) -> None:
    """A line without a price has its item's; a definition may forbid any other (OVERRIDE_PRICE)."""
    usual = number(item, facts.price)
    if row.get("UIPRICE", "") == "":
        row["UIPRICE"] = plain(usual)
    elif definition["OVERRIDE_PRICE"] == "false" and Decimal(row["UIPRICE"]) != usual:
        raise refused(kind, f"The price of '{item['ITEMID']}' cannot be overridden.", "BL03000018", "UIPRICE")


def _set_warehouse(kind: Kind, row: Row, item: Row, definition: Row) -> None:
    """What is kept in stock is kept somewhere."""
    if row.get("WAREHOUSEID") or item["ITEMTYPE"] not in STOCKED:
        return
    if definition["WAREHOUSESELMETHOD"] != "Use the default warehouse" or not definition.get("DEFAULT_WAREHOUSE"):
        raise Refusal(missing(kind, kind.by_name["WAREHOUSEID"]))
    row["WAREHOUSEID"], row["WAREHOUSEDIMKEY"] = definition["DEFAULT_WAREHOUSE"], definition["DEFAULTWAREHOUSEKEY"]


def _set_amounts(row: Row, header: Row, factor: Decimal) -> None:
    """Quantity and price in base units, amounts in both currencies (intacct-rest §15.19)."""
    quantity, price, rate = number(row, "UIQTY"), number(row, "UIPRICE"), Decimal(header.get("EXCHRATE") or 1)
    price -= price * number(row, "DISCOUNTPERCENT") / 100
    value = cents(quantity * price)
    in_base_unit = (price / factor).quantize(_TEN_PLACES)
    base = cents(value * rate)
    row.update(
        UNITFACTOR=plain(factor),
        QUANTITY=plain(quantity * factor),
        TRX_PRICE=plain(in_base_unit),
        PRICE=plain((in_base_unit * rate).quantize(_TEN_PLACES)),
        RETAILPRICE=plain((number(row, "UIPRICE") / factor * rate).quantize(_TEN_PLACES)),
        UIVALUE=plain(value),
        TRX_VALUE=plain(value),
        TOTAL=plain(base),
        COST=plain(base),
        CURRENCY=header["CURRENCY"],
        BASECURR=header["BASECURR"],
        EXCHRATE=header.get("EXCHRATE", ""),
        EXCHRATEDATE=header.get("EXCHRATEDATE", ""),
    )


def _set_retainage(change: Change, definition: Row) -> None:
    """What is held back of a line, as a percentage or an amount, where the definition has it (§3C)."""
    row, sent = change.row, change.values.own
    if not row.get("RETAINAGEPERCENTAGE") and not row.get("TRX_AMOUNTRETAINED"):
        return
    if definition.get("ENABLE_RETAINAGE") != "true":
        text = f"Retainage is not enabled for the transaction definition '{definition['DOCID']}'."
        raise refused(change.kind, text, "BL03000018", "RETAINAGEPERCENTAGE")
    if row.get("RETAINAGEPERCENTAGE") and not sent.get("TRX_AMOUNTRETAINED"):
        row["TRX_AMOUNTRETAINED"] = plain(cents(number(row, "TRX_VALUE") * number(row, "RETAINAGEPERCENTAGE") / 100))
    row["AMOUNTRETAINED"] = plain(cents(number(row, "TRX_AMOUNTRETAINED") * Decimal(row.get("EXCHRATE") or 1)))


def _check_sources(facts: Order, work: Work, kind: Kind, row: Row, header: Row) -> None:
    """A line may name a source document of its own; what holds for the header's holds for it (§3C, Construction)."""
    if row.get("SOURCE_DOCID") and not row.get("SOURCE_DOCLINEKEY"):
        raise Refusal(missing(kind, kind.by_name["SOURCE_DOCLINEKEY"]))
    if row.get("SOURCE_DOCKEY"):
        conversions.check_source(facts, work, kind, header, work.storage.get(facts.document, row["SOURCE_DOCKEY"]) or {})


def _set_primary(facts: Order, work: Work, row: Row) -> None:
    """The order a line goes back to: the one it changes, or the first of its chain of sources whose definition is primary."""
    source = work.storage.get(facts.entry, row.get("SOURCE_DOCLINEKEY", "")) or {}
    if row.get("RELATEDDOCKEY"):
        row.update(PRIMARYDOCKEY=row["RELATEDDOCKEY"], PRIMARYDOCLINEKEY=row.get("RELATEDDOCLINEKEY", ""))
    elif source.get("PRIMARYDOCKEY"):
        row.update(PRIMARYDOCKEY=source["PRIMARYDOCKEY"], PRIMARYDOCLINEKEY=source.get("PRIMARYDOCLINEKEY", ""))
    elif source and definition_of(facts, work, source)["PRIMARYDOC"] == "true":
        row.update(PRIMARYDOCKEY=source["DOCHDRNO"], PRIMARYDOCLINEKEY=source["RECORDNO"])


def _dissolve(facts: Order, work: Work, kind: Kind, row: Row) -> None:
    """Without the line, what it took or changed is free again."""
    if row.get("RELATEDDOCKEY"):
        change_orders.revise(facts, work, row["RELATEDDOCKEY"])
        conversions.reckon(facts, work, row["RELATEDDOCKEY"])
    if row.get("SOURCE_DOCKEY"):
        conversions.reckon(facts, work, row["SOURCE_DOCKEY"])
