"""Purchasing documents made of others: links, what is left, states, refusals (intacct-xml §3C; ingenious §8.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import vendor
from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.orders import (
    change,
    change_line,
    converted,
    definition,
    delete,
    document,
    item,
    key_in,
    lines_of,
    po_line,
    po_of,
    purchase,
    supplies,
)

ORDER = "Purchase Order-A"


@pytest.fixture
def order(intacct: Gateway) -> Gateway:
    """A purchase order A over 10 x 4.25 and 1 x 100."""
    supplies(intacct)
    purchase(intacct, po_line(), po_line(quantity="1", price="100"), documentno="A")
    return intacct


def key_of(gateway: Gateway, number: int = 1, docid: str = ORDER) -> str:
    found: str = lines_of(gateway, docid)[number - 1]["RECORDNO"]
    return found


def state(gateway: Gateway, docid: str = ORDER) -> str:
    found: str = document(gateway, docid)["STATE"]
    return found


def test_a_conversion_links_both_documents_line_by_line(order: Gateway) -> None:
    # §3C createdfrom, sourcelinekey
    invoice = key_in(converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order))))
    (line,) = lines_of(order, invoice)
    assert (line["SOURCE_DOCID"], line["SOURCE_DOCKEY"]) == (ORDER, document(order, ORDER)["RECORDNO"])
    assert line["SOURCE_DOCLINEKEY"] == key_of(order)
    assert document(order, invoice)["CREATEDFROM"] == ORDER


def test_a_part_leaves_the_rest_to_convert(order: Gateway) -> None:
    # §3C; §3.0 Partially Converted
    converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order)))
    first = lines_of(order, ORDER)[0]
    assert (first["QTY_CONVERTED"], first["QTY_REMAINING"]) == ("4", "6")
    assert (first["TOTAL_AMOUNT_CONVERTED"], first["TOTAL_AMOUNT_REMAINING"]) == ("17", "25.5")
    row = document(order, ORDER)
    assert (row["STATE"], row["TOTAL_AMOUNT_CONVERTED"], row["TOTAL_AMOUNT_REMAINING"]) == ("Partially Converted", "17", "125.5")
    assert first["STATE"] == "Partially Converted"


def test_the_whole_is_converted(order: Gateway) -> None:
    # §3.0 Converted
    converted(order, ORDER, *(po_line(quantity=n, sourcelinekey=key_of(order, line)) for line, n in ((1, "10"), (2, "1"))))
    assert (state(order), document(order, ORDER)["TOTAL_QTY_REMAINING"]) == ("Converted", "0")


@pytest.mark.parametrize("converts", [("10", "1"), ("4", None)])
def test_a_converted_order_is_neither_changed_nor_deleted(order: Gateway, converts: tuple[str, str | None]) -> None:
    # §3C: not possible in Converted, Partially Converted
    wanted = [(line, number) for line, number in zip((1, 2), converts, strict=True) if number]
    converted(order, ORDER, *(po_line(quantity=number, sourcelinekey=key_of(order, line)) for line, number in wanted))
    assert "cannot be changed" in change(order, ORDER, "<message>x</message>").errors[0][1]
    assert "cannot be deleted" in delete(order, ORDER).errors[0][1]
    number = document(order, ORDER)["RECORDNO"]
    assert order.call(f"<delete><object>PODOCUMENT</object><keys>{number}</keys></delete>").status == "failure"


def test_more_than_is_left_is_refused(order: Gateway) -> None:
    # ingenious §8.10: over-conversion rejected
    converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order)))
    reply = converted(order, ORDER, po_line(quantity="7", sourcelinekey=key_of(order)))
    assert reply.errors[0] == ("BL03000018", "Line 1 of 'Purchase Order-A' has 10 to convert; 11 is more than that.")
    assert len(order.stored("PODOCUMENT")) == 2
    assert lines_of(order, ORDER)[0]["QTY_CONVERTED"] == "4"


def test_two_lines_together_cannot_take_more_than_there_is(order: Gateway) -> None:
    reply = converted(order, ORDER, *(po_line(quantity="6", sourcelinekey=key_of(order)) for _ in range(2)))
    assert "12 is more than that" in reply.errors[0][1]


def test_quantities_are_compared_in_base_units(order: Gateway) -> None:
    # §3C unit; intacct-rest §15.19: quantity in base unit
    reply = converted(order, ORDER, po_line(quantity="1", unit="Dozen", sourcelinekey=key_of(order)))
    assert "12 is more than that" in reply.errors[0][1]
    invoice = key_in(converted(order, ORDER, po_line(quantity="0.5", unit="Dozen", price="51", sourcelinekey=key_of(order))))
    assert lines_of(order, invoice)[0]["QUANTITY"] == lines_of(order, ORDER)[0]["QTY_CONVERTED"] == "6"


def test_an_edit_of_the_invoice_counts_at_the_order(order: Gateway) -> None:
    invoice = key_in(converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order))))
    assert change_line(order, invoice, 1, "<quantity>9</quantity>").status == "success"
    assert lines_of(order, ORDER)[0]["QTY_REMAINING"] == "1"
    assert "11 is more than that" in change_line(order, invoice, 1, "<quantity>11</quantity>").errors[0][1]
    assert lines_of(order, ORDER)[0]["QTY_REMAINING"] == "1"


def test_a_deleted_invoice_gives_back_what_it_took(order: Gateway) -> None:
    invoice = key_in(converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order))))
    assert delete(order, invoice).status == "success"
    assert (state(order), lines_of(order, ORDER)[0]["QTY_REMAINING"]) == ("Pending", "10")
    assert delete(order, ORDER).status == "success"


def test_a_draft_converts_nothing_until_it_is_pending(order: Gateway) -> None:
    first = key_in(converted(order, ORDER, po_line(quantity="7", sourcelinekey=key_of(order)), state="Draft"))
    second = key_in(converted(order, ORDER, po_line(quantity="7", sourcelinekey=key_of(order)), state="Draft"))
    assert (state(order), lines_of(order, ORDER)[0]["QTY_REMAINING"]) == ("Pending", "10")
    assert change(order, first, "<state>Pending</state>").status == "success"
    assert "14 is more than that" in change(order, second, "<state>Pending</state>").errors[0][1]
    assert (state(order, second), state(order)) == ("Draft", "Partially Converted")


def test_a_line_may_take_back_what_was_converted(order: Gateway) -> None:
    # §3C reverseconversion
    converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order)))
    back = po_line(quantity="3", sourcelinekey=key_of(order), reverseconversion="true")
    assert converted(order, ORDER, back).status == "success"
    assert lines_of(order, ORDER)[0]["QTY_CONVERTED"] == "1"
    assert "is more than that" in converted(order, ORDER, back).errors[0][1]


def test_money_may_be_converted_instead_of_a_quantity(order: Gateway) -> None:
    # §3C conversiontype Price; ingenious §8.4
    part = po_line(quantity="1", price="40", conversiontype="Price", sourcelinekey=key_of(order, 2))
    converted(order, ORDER, part)
    line = lines_of(order, ORDER)[1]
    assert (line["PRICE_CONVERTED"], line["TOTAL_AMOUNT_CONVERTED"], line["TOTAL_AMOUNT_REMAINING"]) == ("40", "40", "60")
    assert (line["QTY_CONVERTED"], state(order)) == ("0", "Partially Converted")
    assert "110 is more than that" in converted(order, ORDER, part.replace("<price>40", "<price>70")).errors[0][1]
    converted(order, ORDER, part.replace("<price>40", "<price>60"), po_line(sourcelinekey=key_of(order)))
    assert state(order) == "Converted"


@pytest.mark.parametrize(
    ("more", "setting"),
    [
        ({"quantity": "2"}, True),
        ({"unit": "Dozen"}, True),
        ({"itemid": "PIPE", "warehouseid": "W-1", "sourcelinekey": "3"}, True),
        ({}, False),
    ],
)
def test_what_cannot_be_converted_by_price_is_refused(order: Gateway, more: dict[str, Any], setting: bool) -> None:
    # ingenious §8.4: quantity 1, base unit, non-inventory, enabled by the company
    item(order, "PIPE", "Inventory")
    order.call(
        "<create><WAREHOUSE><WAREHOUSEID>W-1</WAREHOUSEID><NAME>Y</NAME><LOC><LOCATIONID>100</LOCATIONID></LOC></WAREHOUSE></create>"
    )
    change(order, ORDER, f"<updatepotransitems>{po_line(itemid='PIPE', warehouseid='W-1')}</updatepotransitems>")
    order.set(price_conversion=setting)
    base = {"quantity": "1", "price": "1", "conversiontype": "Price", "sourcelinekey": key_of(order)}
    assert "by price" in converted(order, ORDER, po_line(**{**base, **more})).errors[0][1]


def test_an_item_says_how_it_is_converted(order: Gateway) -> None:
    # §3B ITEM.DEFAULT_CONVERSIONTYPE
    item(order, "SUB", extra="<DEFAULT_CONVERSIONTYPE>Price</DEFAULT_CONVERSIONTYPE>")
    purchase(order, po_line(itemid="SUB", quantity="1", price="900"), documentno="B")
    line = po_line(itemid="SUB", quantity="1", price="300", sourcelinekey=key_of(order, 1, "Purchase Order-B"))
    invoice = key_in(converted(order, "Purchase Order-B", line))
    assert lines_of(order, invoice)[0]["CONVERSIONTYPE"] == "Price"
    assert lines_of(order, "Purchase Order-B")[0]["TOTAL_AMOUNT_REMAINING"] == "600"


def test_lines_may_come_from_several_documents(order: Gateway) -> None:
    # §3C sourcedocid, sourcedoclineid (Construction)
    purchase(order, documentno="B")
    lines = [
        po_line(sourcedocid=docid, sourcedoclineid=key_of(order, 1, docid), quantity=number)
        for docid, number in ((ORDER, "4"), ("Purchase Order-B", "10"))
    ]
    assert order.call(po_of(*lines, transactiontype="Vendor Invoice")).status == "success"
    assert (state(order), state(order, "Purchase Order-B")) == ("Partially Converted", "Converted")
    missing = po_line(sourcedocid=ORDER)
    assert "SOURCE_DOCLINEKEY is required" in order.call(po_of(missing, transactiontype="Vendor Invoice")).errors[0][1]


@pytest.mark.parametrize(
    ("more", "header", "text"),
    [
        ({"sourcelinekey": None}, {}, "CREATEDFROM needs lines"),
        ({"sourcelinekey": "99"}, {}, "Document line '99' is not valid."),
        ({"sourcelinekey": "3"}, {}, "Document line '3' is not valid."),
        ({"itemid": "OTHER"}, {}, "The source line has the item 'LUMBER', not 'OTHER'."),
        ({}, {"createdfrom": None}, "needs CREATEDFROM"),
        ({}, {"vendorid": "V-2"}, "belongs to the vendor V-1, not V-2"),
        ({}, {"transactiontype": "Purchase Order"}, "A Purchase Order cannot be converted from a Purchase Order."),
        ({}, {"transactiontype": "Subcontract"}, "A Subcontract cannot be converted from a Purchase Order."),
    ],
)
def test_a_conversion_that_does_not_fit_is_refused(order: Gateway, more: dict[str, Any], header: dict[str, Any], text: str) -> None:
    # §3C createdfrom, sourcelinekey, RECALLS
    vendor(order, "V-2")
    item(order, "OTHER")
    purchase(order, documentno="B")  # its line is number 3
    line = po_line(**{"quantity": "1", "sourcelinekey": key_of(order), **more})
    reply = converted(order, ORDER, line, **header)
    assert text in reply.errors[0][1], reply.errors
    assert (state(order), lines_of(order, ORDER)[0]["QTY_CONVERTED"]) == ("Pending", "0")


@pytest.mark.parametrize("where", ["Draft", "Closed"])
def test_only_open_documents_are_converted(order: Gateway, where: str) -> None:
    # §3.0
    row = purchase(order, state=where)
    assert f"is {where.lower()} and cannot be converted" in converted(order, row["DOCID"]).errors[0][1]


def test_a_document_waiting_for_approval_is_not_converted(order: Gateway) -> None:
    order.set(approvals=["PODOCUMENT Purchase Order"])
    row = purchase(order)
    assert "is submitted and cannot be converted" in converted(order, row["DOCID"]).errors[0][1]
    order.call(f"<approve><PODOCUMENT><DOCID>{row['DOCID']}</DOCID></PODOCUMENT></approve>")
    assert converted(order, row["DOCID"]).status == "success"
    assert state(order, row["DOCID"]) == "Converted"


def test_a_converted_document_is_not_converted_again(order: Gateway) -> None:
    row = purchase(order)
    converted(order, row["DOCID"])
    assert "is converted and cannot be converted" in converted(order, row["DOCID"]).errors[0][1]


def test_conversion_goes_on_along_the_chain(order: Gateway) -> None:
    # §3C RECALLS: order -> receiver -> invoice
    receiver = key_in(
        converted(order, ORDER, po_line(quantity="4", sourcelinekey=key_of(order)), transactiontype="PO Receiver", documentno="R")
    )
    assert receiver == "PO Receiver-R"
    assert converted(order, receiver).errors[0][1].endswith("10 is more than that.")
    assert converted(order, receiver, po_line(quantity="4", sourcelinekey=key_of(order, 1, receiver))).status == "success"
    assert (state(order, receiver), state(order)) == ("Converted", "Partially Converted")
    assert "cannot be deleted" in delete(order, receiver).errors[0][1]


@pytest.mark.parametrize(("way", "after"), [("Close Transaction", "Closed"), ("Leave Transaction Open", "Partially Converted")])
def test_the_definition_says_what_a_part_leaves_behind(order: Gateway, way: str, after: str) -> None:
    # §3C CONVTYPE
    definition(order, "Standing Order", DOCCLASS="Order", CATEGORY="Order", CONVTYPE=way)
    definition(order, "Call-off", RECALLS=[("RECALL", {"RECDOCPAR": "Standing Order"})])
    row = purchase(order, transactiontype="Standing Order", documentno="S")
    line = po_line(quantity="4", sourcelinekey=key_of(order, 1, row["DOCID"]))
    assert converted(order, row["DOCID"], line, transactiontype="Call-off", documentno="1").status == "success"
    assert (state(order, row["DOCID"]), document(order, row["DOCID"])["CLOSED"]) == (after, str(after == "Closed").lower())


def test_the_rest_may_go_on_as_a_back_order(order: Gateway) -> None:
    # §3C CONVTYPE Close Original and Create Back Order
    definition(order, "Standing Order", DOCCLASS="Order", CATEGORY="Order", CONVTYPE="Close Original and Create Back Order")
    definition(order, "Call-off", RECALLS=[("RECALL", {"RECDOCPAR": "Standing Order"})])
    row = purchase(order, po_line(memo="slab"), po_line(), transactiontype="Standing Order", documentno="S")
    taken = [po_line(quantity=n, sourcelinekey=key_of(order, line, row["DOCID"])) for line, n in ((1, "4"), (2, "10"))]
    assert converted(order, row["DOCID"], *taken, transactiontype="Call-off", documentno="1").status == "success"
    assert state(order, row["DOCID"]) == "Closed"
    other = document(order, "Standing Order-S-1")
    assert (other["BACKORDER"], other["STATE"], other["CUSTVENDID"], other["TOTAL"]) == ("true", "Pending", "V-1", "25.5")
    assert [(line["UIQTY"], line["MEMO"]) for line in lines_of(order, other["DOCID"])] == [("6", "slab")]


def test_the_number_may_be_the_sources(order: Gateway) -> None:
    # §3C INHERIT_SOURCE_DOCNO
    definition(order, "Same Number", INHERIT_SOURCE_DOCNO="true", RECALLS=[("RECALL", {"RECDOCPAR": "Purchase Order"})])
    assert key_in(converted(order, ORDER, transactiontype="Same Number")) == "Same Number-A"


def test_a_definition_may_allow_conversion_alone(order: Gateway) -> None:
    # §3C CREATETYPE
    definition(order, "Never New", CREATETYPE="Convert only", RECALLS=[("RECALL", {"RECDOCPAR": "Purchase Order"})])
    alone = order.call(po_of(transactiontype="Never New", documentno="1"))
    assert "can only be made by converting" in alone.errors[0][1]
    assert converted(order, ORDER, transactiontype="Never New", documentno="1").status == "success"


def test_extra_lines_may_stand_beside_converted_ones(order: Gateway) -> None:
    lines = (po_line(quantity="4", sourcelinekey=key_of(order)), po_line(quantity="1", price="12"))
    invoice = document(order, key_in(converted(order, ORDER, *lines)))
    assert (invoice["TOTAL"], lines_of(order, invoice["DOCID"])[1]["SOURCE_DOCID"]) == ("29", "")


@pytest.mark.parametrize(("setting", "after"), [(False, "03/11/2026 08:00:00"), (True, "03/11/2026 09:00:00")])
def test_whether_a_conversion_touches_its_source_is_a_switch(intacct: Gateway, setting: bool, after: str) -> None:
    # §4.2: header WHENMODIFIED does not always move when a related record changes
    intacct.at("2026-03-11T08:00:00Z")
    intacct.set(effects_move_modified=setting)
    supplies(intacct)
    order = purchase(intacct)["DOCID"]
    other = purchase(intacct)["DOCID"]
    intacct.advance(3600)
    converted(intacct, order, po_line(quantity="4", sourcelinekey=key_of(intacct, 1, order)))
    assert document(intacct, order)["WHENMODIFIED"] == after
    assert document(intacct, other)["WHENMODIFIED"] == "03/11/2026 08:00:00"
