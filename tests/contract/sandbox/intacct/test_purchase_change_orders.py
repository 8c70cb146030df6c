"""Change orders: how they revise the document they change, in draft and posted, and back (intacct-xml §3C; ingenious §8.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply
from tests.contract.sandbox.intacct.orders import (
    change,
    change_line,
    converted,
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


def number_of(gateway: Gateway, docid: str = ORDER) -> str:
    found: str = document(gateway, docid)["RECORDNO"]
    return found


def ordered(gateway: Gateway, *lines: str, **more: Any) -> Reply:
    return gateway.call(po_of(*lines, **{"transactiontype": "PO Change Order", **more}))


def revision(gateway: Gateway, line: int = 1, **more: Any) -> str:
    """A change of a line of the order; line 0 adds one."""
    key = lines_of(gateway, ORDER)[line - 1]["RECORDNO"] if line else None
    return po_line(**{"quantity": "2", "relateddockey": number_of(gateway), "relateddoclinekey": key, **more})


def totals(gateway: Gateway) -> tuple[str, str, str, str]:
    row = document(gateway, ORDER)
    return row["ORIGINALAMOUNT"], row["DRAFTCHANGESTOTAL"], row["POSTEDCHANGESTOTAL"], row["REVISEDTOTAL"]


def test_a_posted_change_revises_quantity_value_and_total(order: Gateway) -> None:
    # ingenious §8.3: revised = original + posted changes; lines carry differences
    key_in(ordered(order, revision(order)))
    line = lines_of(order, ORDER)[0]
    assert (line["QUANTITY"], line["POSTEDQUANTITY"], line["REVISEDQUANTITY"], line["REVISEDVALUE"]) == ("10", "2", "12", "51")
    assert (line["UIQTY"], line["REVISEDUIQTY"], line["REVISEDPRICE"], line["QTY_REMAINING"]) == ("10", "12", "4.25", "12")
    assert totals(order) == ("142.5", "0", "8.5", "151")
    row = document(order, ORDER)
    assert (row["TOTAL"], row["HASCHANGE"], row["CHANGELOGNUMBER"]) == ("142.5", "true", "1")


def test_a_change_at_another_price_revises_the_price(order: Gateway) -> None:
    ordered(order, revision(order, quantity="10", price="6.25"))
    line = lines_of(order, ORDER)[0]
    assert (line["REVISEDQUANTITY"], line["REVISEDVALUE"], line["REVISEDPRICE"]) == ("20", "105", "5.25")


def test_a_change_may_take_away(order: Gateway) -> None:
    ordered(order, revision(order, quantity="-4"))
    assert (lines_of(order, ORDER)[0]["REVISEDQUANTITY"], totals(order)) == ("6", ("142.5", "0", "-17", "125.5"))


def test_a_line_converted_by_price_changes_in_price_alone(order: Gateway) -> None:
    # ingenious §8.3, assumed
    ordered(order, revision(order, 2, quantity="1", price="25", conversiontype="Price"))
    line = lines_of(order, ORDER)[1]
    assert (line["REVISEDQUANTITY"], line["REVISEDPRICE"], line["REVISEDVALUE"]) == ("1", "125", "125")


def test_a_draft_change_is_shown_apart_until_it_is_posted(order: Gateway) -> None:
    # intacct-rest §14.1 draftChangesTotal, postedChangesTotal
    docid = key_in(ordered(order, revision(order), revision(order, 0, price="1"), state="Draft"))
    line = lines_of(order, ORDER)[0]
    assert (line["DRAFTQUANTITY"], line["POSTEDQUANTITY"], line["REVISEDQUANTITY"]) == ("2", "0", "10")
    assert (totals(order), len(lines_of(order, ORDER))) == (("142.5", "10.5", "0", "142.5"), 2)
    assert change(order, docid, "<state>Pending</state>").status == "success"
    line = lines_of(order, ORDER)[0]
    assert (line["DRAFTQUANTITY"], line["POSTEDQUANTITY"], line["REVISEDQUANTITY"]) == ("0", "2", "12")
    assert (totals(order), len(lines_of(order, ORDER))) == (("142.5", "0", "10.5", "153"), 3)


def test_a_change_without_a_line_adds_one(order: Gateway) -> None:
    # §3C relateddoclinekey: leave out to add a new line to the source
    order.project("P-1")
    docid = key_in(ordered(order, revision(order, 0, quantity="3", price="9", memo="extra", projectid="P-1")))
    added = lines_of(order, ORDER)[2]
    assert (added["ADDEDBYCHANGE"], added["LINE_NO"], added["ITEMID"], added["MEMO"], added["PROJECTID"]) == (
        *("true", "2", "LUMBER", "extra"),
        "P-1",
    )
    assert (added["QUANTITY"], added["REVISEDQUANTITY"], added["REVISEDVALUE"]) == ("0", "3", "27")
    # links in both directions
    (own,) = lines_of(order, docid)
    assert (own["RELATEDDOCKEY"], own["RELATEDDOCID"], own["RELATEDDOCLINEKEY"]) == (number_of(order), ORDER, added["RECORDNO"])
    assert document(order, docid)["RELATEDDOCNO"] == "A"


def test_a_line_added_from_an_entity_belongs_to_the_order(order: Gateway) -> None:
    # §7.2: the order is shared
    sent = po_of(revision(order, 0), transactiontype="PO Change Order")
    key_in(order.call(sent, authentication=order.session("100")))
    assert [line["MEGAENTITYID"] for line in lines_of(order, ORDER)] == ["", "", ""]


def test_lines_that_stay_keep_their_record_numbers(order: Gateway) -> None:
    # ingenious §8.10
    before = [line["RECORDNO"] for line in lines_of(order, ORDER)]
    ordered(order, revision(order), revision(order, 0))
    assert [line["RECORDNO"] for line in lines_of(order, ORDER)][:2] == before


def test_changes_are_counted(order: Gateway) -> None:
    # §3C changelognumber: 0 for sources, 1 for the first change, growing
    assert document(order, ORDER)["CHANGELOGNUMBER"] == "0"
    first = key_in(ordered(order, revision(order)))
    second = key_in(ordered(order, revision(order)))
    sent = key_in(ordered(order, revision(order), changelognumber="7"))
    assert [document(order, docid)["CHANGELOGNUMBER"] for docid in (first, second, sent, ORDER)] == ["1", "2", "7", "7"]


def test_an_edit_of_a_change_is_an_edit_of_what_it_changes(order: Gateway) -> None:
    docid = key_in(ordered(order, revision(order), revision(order, 0, price="1")))
    change_line(order, docid, 1, "<quantity>5</quantity>")
    change_line(order, docid, 2, "<quantity>7</quantity>")
    assert [line["REVISEDQUANTITY"] for line in lines_of(order, ORDER)] == ["15", "1", "7"]
    assert totals(order) == ("142.5", "0", "28.25", "170.75")


def test_a_deleted_change_leaves_no_trace_in_the_figures(order: Gateway) -> None:
    docid = key_in(ordered(order, revision(order), revision(order, 0)))
    assert delete(order, docid).status == "success"
    assert (totals(order), len(lines_of(order, ORDER))) == (("142.5", "0", "0", "142.5"), 2)
    assert lines_of(order, ORDER)[0]["REVISEDQUANTITY"] == "10"


def test_what_was_invoiced_cannot_be_changed_away(order: Gateway) -> None:
    added = key_in(ordered(order, revision(order, 0, quantity="3")))
    line = lines_of(order, ORDER)[2]["RECORDNO"]
    converted(order, ORDER, po_line(quantity="3", sourcelinekey=line))
    assert "refers to it" in delete(order, added).errors[0][1]
    assert "is more than that" in change_line(order, added, 1, "<quantity>2</quantity>").errors[0][1]
    converted(order, ORDER, po_line(quantity="10", sourcelinekey=lines_of(order, ORDER)[0]["RECORDNO"]))
    assert "is more than that" in ordered(order, revision(order, quantity="-1")).errors[0][1]


def test_changed_work_is_invoiced_from_the_source(order: Gateway) -> None:
    # ingenious §8.4
    line = lines_of(order, ORDER)[0]["RECORDNO"]
    assert "is more than that" in converted(order, ORDER, po_line(quantity="12", sourcelinekey=line)).errors[0][1]
    docid = key_in(ordered(order, revision(order)))
    assert converted(order, ORDER, po_line(quantity="12", sourcelinekey=line)).status == "success"
    assert "cannot be converted from a PO Change Order" in converted(order, docid).errors[0][1]


def test_a_converted_order_may_still_be_changed(order: Gateway) -> None:
    # Not in the list of states that refuse an update of it, for the change is another document (§3C)
    keys = [line["RECORDNO"] for line in lines_of(order, ORDER)]
    converted(order, ORDER, po_line(sourcelinekey=keys[0]), po_line(quantity="1", sourcelinekey=keys[1]))
    assert document(order, ORDER)["STATE"] == "Converted"
    assert ordered(order, revision(order, 0)).status == "success"
    assert document(order, ORDER)["STATE"] == "Partially Converted"


def test_a_change_waiting_for_approval_is_a_draft_and_a_declined_one_nothing(order: Gateway) -> None:
    order.set(approvals=["PODOCUMENT PO Change Order"])
    first, second = key_in(ordered(order, revision(order))), key_in(ordered(order, revision(order)))
    assert totals(order)[1:3] == ("17", "0")
    order.call(f"<approve><PODOCUMENT><DOCID>{first}</DOCID></PODOCUMENT></approve>")
    order.call(f"<decline><PODOCUMENT><DOCID>{second}</DOCID></PODOCUMENT></decline>")
    assert totals(order) == ("142.5", "0", "8.5", "151")


@pytest.mark.parametrize(
    ("line", "header", "text"),
    [
        ({"relateddockey": None, "relateddoclinekey": None}, {}, "RELATEDDOCKEY is required"),
        ({"relateddockey": "99", "relateddoclinekey": None}, {}, "Document '99' is not valid."),
        ({"relateddoclinekey": "3"}, {}, "Document line '3' is not valid."),
        ({"itemid": "OTHER"}, {}, "The related line has the item 'LUMBER', not 'OTHER'."),
        ({}, {"vendorid": "V-2"}, "belongs to the vendor V-1, not V-2"),
        ({}, {"transactiontype": "Purchase Order"}, "A Purchase Order is no change order."),
        ({"relateddockey": "2", "relateddoclinekey": None}, {}, "does not accept change orders"),
        ({"relateddockey": "3", "relateddoclinekey": None}, {}, "is closed and cannot be changed"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(order: Gateway, line: dict[str, Any], header: dict[str, Any], text: str) -> None:
    # §3C ENABLEDOCCHANGE, relateddockey
    vendor(order, "V-2")
    item(order, "OTHER")
    purchase(order, transactiontype="PO Receiver")
    purchase(order, state="Closed")
    before = document(order, ORDER)
    reply = ordered(order, revision(order, **line), **header)
    assert text in reply.errors[0][1], reply.errors
    assert document(order, ORDER) == before


def test_a_change_order_changes_one_document(order: Gateway) -> None:
    purchase(order, documentno="B")
    other = po_line(relateddockey=number_of(order, "Purchase Order-B"))
    assert "change one document" in ordered(order, revision(order), other).errors[0][1]


def test_a_changed_order_is_not_deleted(order: Gateway) -> None:
    ordered(order, revision(order))
    assert "refers to it" in delete(order, ORDER).errors[0][1]
