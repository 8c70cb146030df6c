"""The adapter against the emulator: purchase orders, subcontracts, change orders, vendor invoices, and the bills they make."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tieout.core.ports import Effect, Outcome, Trace, Verb, Write
from tieout.core.record import Fields, Line, Ref, Value

from .test_sandbox_company import DAY, Books, books

__all__ = ["books"]


@pytest.fixture
def yard(books: Books) -> Books:
    """A vendor, an item and a project: what an order refers to."""
    books.numbers["vendor"] = books.create("VENDOR", "V-1", NAME="Acme", DISPLAYCONTACT__PRINTAS="Acme")
    books.numbers["item"] = books.create("ITEM", "LUMBER", NAME="Lumber", ITEMTYPE="Non-Inventory")
    books.numbers["project"] = books.create("PROJECT", "P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    return books


def line(quantity: str, price: str, **more: Value) -> Line:
    given = {"ITEMID": "LUMBER", "UIQTY": Decimal(quantity), "UNIT": "Each", "UIPRICE": Decimal(price), "LOCATIONID": "100"}
    return Line("", {**given, "PROJECTID": "P-1", **more})


def order(key: str, number: str, *lines: Line, definition: str = "Purchase Order", **more: Value) -> Write:
    header: Fields = {"DOCPARID": definition, "CUSTVENDID": "V-1", "WHENCREATED": DAY, "WHENDUE": date(2026, 4, 2)}
    name = f"{definition}-{number}" if number else ""
    return Write(key, Verb.CREATE, "PODOCUMENT", {**header, **more, "PODOCUMENTENTRIES": lines}, natural_key=name)


def written(yard: Books, write: Write) -> Outcome:
    (outcome,) = yard.system.write([write])
    assert outcome.effect is Effect.DONE, outcome.fault
    return outcome


def changed(key: str, record: Ref, after: tuple[Line, ...], before: tuple[Line, ...], **fields: Value) -> Write:
    wanted = {**fields, "PODOCUMENTENTRIES": after}
    expected = {**dict.fromkeys(fields), "PODOCUMENTENTRIES": before}
    return Write(key, Verb.UPDATE, "PODOCUMENT", wanted, target=record.id, expected=expected)


def test_an_order_is_answered_by_its_name_and_given_its_number_and_those_of_its_lines(yard: Books) -> None:
    write = order("po-1", "PO-7", line("10", "4.25"), line("1", "9"), PROJECT="P-1", PONUMBER="REQ-55")
    assert yard.system.probe([write])[0].trace is Trace.ABSENT
    before = yard.system.usage().transactions
    outcome = written(yard, write)
    assert yard.system.usage().transactions - before == 2
    assert (outcome.natural_key, outcome.id.isdigit()) == ("Purchase Order-PO-7", True)
    record = yard.one("PODOCUMENT", outcome.id)
    assert (record.natural_key, record.fields["DOCNO"], record.fields["TRX_TOTAL"]) == ("Purchase Order-PO-7", "PO-7", Decimal("51.5"))
    assert (record.fields["CUSTVENDID"], record.fields["PROJECT"]) == (
        Ref("VENDOR", yard.numbers["vendor"]),
        Ref("PROJECT", yard.numbers["project"]),
    )
    lines = yard.lines("PODOCUMENT", outcome.id)
    assert outcome.lines == tuple(each.id for each in lines)
    assert [(each.fields["UIQTY"], each.fields["UIPRICE"], each.fields["UNIT"]) for each in lines] == [
        (10, Decimal("4.25"), "Each"),
        (1, 9, "Each"),
    ]
    assert lines[0].fields["ITEMID"] == Ref("ITEM", yard.numbers["item"])
    assert yard.system.probe([write])[0].trace is Trace.EQUAL
    assert list(yard.system.find("PODOCUMENT", ["Purchase Order-PO-7", "Purchase Order-PO-8"])) == ["Purchase Order-PO-7"]
    again = replace(write, key="po-2")
    (refused,) = yard.system.write([again])
    assert refused.effect is Effect.REFUSED


def test_a_hundred_orders_cost_one_read_more_than_their_writing(yard: Books) -> None:
    writes = [order(f"po-{at}", f"PO-{at}", line("1", "2"), line("3", "4")) for at in range(100)]
    before = yard.system.usage().transactions
    outcomes = yard.system.write(writes)
    assert yard.system.usage().transactions - before == 101
    assert len({outcome.id for outcome in outcomes}) == 100
    assert all(outcome.effect is Effect.DONE and len(outcome.lines) == 2 for outcome in outcomes)


def test_an_order_that_intacct_numbers_is_found_again_by_its_reference(yard: Books) -> None:
    write = order("po-1", "", line("1", "2"), PONUMBER="tieout:17")
    assert yard.system.probe([write])[0].trace is Trace.ABSENT
    outcome = written(yard, write)
    assert outcome.natural_key == f"Purchase Order-{yard.one('PODOCUMENT', outcome.id).fields['DOCNO']}"
    assert yard.system.probe([write])[0].trace is Trace.EQUAL


def test_an_order_that_does_not_show_yet_is_looked_for_by_its_name(yard: Books) -> None:
    yard.emulator.settings.update({"consistency_lag_s": 60})
    write = order("po-1", "PO-7", line("1", "2"))
    (outcome,) = yard.system.write([write])
    assert outcome.effect is Effect.UNKNOWN
    assert outcome.fault is not None
    assert (outcome.fault.case.code, outcome.fault.detail) == ("intacct.number-unknown", "Purchase Order-PO-7")
    yard.emulator.clock.advance(61)
    probe = yard.system.probe([write])[0]
    assert probe.trace is Trace.EQUAL
    assert probe.record is not None


def test_an_order_keeps_the_lines_a_change_does_not_name(yard: Books) -> None:
    made = written(yard, order("po-1", "PO-7", line("10", "4.25"), line("1", "9")))
    ref = Ref("PODOCUMENT", made.id)
    before = yard.lines("PODOCUMENT", made.id)
    after = (before[0], Line(before[1].id, {**before[1].fields, "UIPRICE": Decimal(8)}), line("2", "3"))
    write = changed("po-2", ref, after, before, MESSAGE="urgent")
    assert yard.system.probe([write])[0].trace is Trace.ABSENT
    outcome = written(yard, write)
    assert yard.system.probe([write])[0].trace is Trace.EQUAL
    now = yard.lines("PODOCUMENT", made.id)
    assert [(each.fields["UIQTY"], each.fields["UIPRICE"]) for each in now] == [(10, Decimal("4.25")), (1, 8), (2, 3)]
    assert outcome.lines == tuple(each.id for each in now)
    assert yard.one("PODOCUMENT", made.id).fields["MESSAGE"] == "urgent"
    dropped = yard.system.write([changed("po-3", ref, now[:1], now)])[0]
    assert dropped.fault is not None
    assert "cannot be taken out" in dropped.fault.detail


def test_an_order_is_closed_by_its_state_and_deleted_by_its_number(yard: Books) -> None:
    made = written(yard, order("po-1", "PO-7", line("1", "2")))
    assert yard.update("PODOCUMENT", made.id, STATE="Closed").effect is Effect.DONE
    assert yard.one("PODOCUMENT", made.id).fields["STATE"] == "Closed"
    other = written(yard, order("po-2", "PO-8", line("1", "2")))
    assert yard.send(Verb.DELETE, "PODOCUMENT", {}, target=other.id).effect is Effect.DONE
    gone = yard.send(Verb.DELETE, "PODOCUMENT", {}, target=other.id)
    assert gone.fault is not None
    assert gone.fault.case.code == "intacct.record-gone"


def test_a_conversion_names_its_sources_and_uses_them_up(yard: Books) -> None:
    source = written(yard, order("po-1", "PO-7", line("10", "4")))
    lines = yard.lines("PODOCUMENT", source.id)
    billed = line("10", "4", SOURCE_DOCLINEKEY=lines[0].id)
    write = order("vi-1", "VI-1", billed, definition="Vendor Invoice", CREATEDFROM="Purchase Order-PO-7", VENDORDOCNO="INV-9")
    outcome = written(yard, write)
    assert outcome.touched == (Ref("PODOCUMENT", "~Purchase Order-PO-7"),)
    assert yard.one("PODOCUMENT", source.id).fields["STATE"] == "Converted"
    assert yard.one("PODOCUMENT", outcome.id).fields["CREATEDFROM"] == Ref("PODOCUMENT", source.id)
    assert yard.lines("PODOCUMENT", outcome.id)[0].fields["SOURCE_DOCLINEKEY"] == Ref("PODOCUMENT", lines[0].id)
    locked = yard.update("PODOCUMENT", source.id, MESSAGE="late")
    assert locked.fault is not None
    assert (locked.effect, locked.fault.case.code) == (Effect.REFUSED, "intacct.locked")


def test_a_change_order_names_the_order_it_alters(yard: Books) -> None:
    source = written(yard, order("po-1", "PO-7", line("10", "4")))
    lines = yard.lines("PODOCUMENT", source.id)
    more = line("2", "4", RELATEDDOCKEY=source.id, RELATEDDOCLINEKEY=lines[0].id)
    new = line("1", "7", RELATEDDOCKEY=source.id)
    write = order("co-1", "CO-1", more, new, definition="PO Change Order", CHANGELOGNUMBER=1)
    outcome = written(yard, write)
    assert outcome.touched == (Ref("PODOCUMENT", source.id),)
    assert yard.system.probe([write])[0].trace is Trace.EQUAL
    altered = yard.lines("PODOCUMENT", source.id)
    assert len(altered) == 2
    assert altered[0].id == lines[0].id
    assert (altered[0].fields["UIQTY"], altered[0].fields["REVISEDUIQTY"]) == (10, 12)
    assert yard.one("PODOCUMENT", source.id).fields["TRX_REVISEDTOTAL"] == 55


def test_an_edited_vendor_invoice_says_which_bill_was_made_anew(yard: Books) -> None:
    made = written(yard, order("vi-1", "VI-1", line("10", "4"), definition="Vendor Invoice", VENDORDOCNO="INV-9"))
    bill = yard.one("PODOCUMENT", made.id).fields["PRRECORDKEY"]
    assert isinstance(bill, Ref)
    assert yard.one("APBILL", bill.id).fields["TRX_TOTALENTERED"] == 40
    locked = yard.update("APBILL", bill.id, DESCRIPTION="by hand")
    assert locked.fault is not None
    assert locked.fault.case.code == "intacct.locked"
    before = yard.lines("PODOCUMENT", made.id)
    dearer = (Line(before[0].id, {**before[0].fields, "UIPRICE": Decimal(5)}),)
    outcome = written(yard, changed("vi-2", Ref("PODOCUMENT", made.id), dearer, before))
    assert outcome.touched == (bill,)
    assert yard.system.read([bill]) == {}
    remade = yard.one("PODOCUMENT", made.id).fields["PRRECORDKEY"]
    assert isinstance(remade, Ref)
    assert remade != bill
    assert yard.one("APBILL", remade.id).fields["TRX_TOTALENTERED"] == 50


def test_a_wrong_unit_a_missing_number_and_a_strange_definition_are_told_apart(yard: Books) -> None:
    codes = [
        (order("x-1", "PO-1", line("1", "2", UNIT="each")), "intacct.unknown-unit"),
        (order("x-2", "", line("1", "2"), definition="PC Purchase Orders"), "intacct.missing-number"),
    ]
    for write, code in codes:
        (outcome,) = yard.system.write([write])
        assert outcome.fault is not None
        assert (outcome.effect, outcome.fault.case.code) == (Effect.REFUSED, code), outcome.fault


def test_a_document_without_lines_is_refused_before_it_is_sent(yard: Books) -> None:
    (outcome,) = yard.system.write([order("x-1", "PO-1")])
    assert outcome.effect is Effect.REFUSED
    assert yard.emulator.storage.items("PODOCUMENT") == []


def test_a_sales_invoice_makes_an_invoice_and_makes_it_anew_when_it_is_changed(yard: Books) -> None:
    yard.create("CUSTOMER", "C-1", NAME="Ashby", DISPLAYCONTACT__PRINTAS="Ashby")
    header: Fields = {"DOCPARID": "Sales Invoice", "CUSTVENDID": "C-1", "WHENCREATED": DAY, "WHENDUE": date(2026, 4, 2)}
    fields = {**header, "PONUMBER": "tieout:9", "SODOCUMENTENTRIES": (line("2", "30"), line("1", "5"))}
    write = Write("so-1", Verb.CREATE, "SODOCUMENT", fields, natural_key="Sales Invoice-SI-1")
    assert yard.system.probe([write])[0].trace is Trace.ABSENT
    made = written(yard, write)
    assert yard.system.probe([write])[0].trace is Trace.EQUAL
    lines = yard.lines("SODOCUMENT", made.id)
    assert (made.natural_key, made.lines) == ("Sales Invoice-SI-1", tuple(each.id for each in lines))
    invoice = yard.one("SODOCUMENT", made.id).fields["PRRECORDKEY"]
    assert isinstance(invoice, Ref)
    assert yard.one("ARINVOICE", invoice.id).fields["TRX_TOTALENTERED"] == 65
    dearer = (Line(lines[0].id, {**lines[0].fields, "UIPRICE": Decimal(31)}), lines[1])
    wanted, expected = {"SODOCUMENTENTRIES": dearer}, {"SODOCUMENTENTRIES": lines}
    outcome = written(yard, Write("so-2", Verb.UPDATE, "SODOCUMENT", wanted, target=made.id, expected=expected))
    assert outcome.touched == (invoice,)
    remade = yard.one("SODOCUMENT", made.id).fields["PRRECORDKEY"]
    assert isinstance(remade, Ref)
    assert yard.one("ARINVOICE", remade.id).fields["TRX_TOTALENTERED"] == 67
    assert yard.send(Verb.DELETE, "SODOCUMENT", {}, target=made.id).effect is Effect.DONE
