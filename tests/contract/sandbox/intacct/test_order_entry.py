"""Order-entry documents, as far as billing needs them: invoices, credit memos, conversion (intacct-xml §3D SODOCUMENT)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query, read_by_query
from tests.contract.sandbox.intacct.orders import DAY, DUE, document, item, key_in, lines_of, ordered
from tests.contract.sandbox.intacct.projects import element
from tests.contract.spec_facts import facts

HEADER = (
    *("transactiontype", "datecreated", "dateposted", "createdfrom", "customerid", "documentno", "origdocdate", "referenceno", "termname"),
    *(
        "datedue",
        "message",
        "shipto",
        "billto",
        "externalid",
        "currency",
        "exchrate",
        "state",
        "projectid",
        "customerponumber",
        "subtotals",
    ),
)
LINE = (
    *("bundlenumber", "itemid", "itemdesc", "quantity", "unit", "discountpercent", "price", "retainagepercentage", "sourcelinekey"),
    *("locationid", "departmentid", "memo", "projectid", "taskid", "customerid", "fulfillmentstatus"),
)


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    intacct.customer("C-1")
    item(intacct, "SERVICE", extra="<BASEPRICE>90</BASEPRICE>")
    return intacct


def line(**more: Any) -> str:
    base: dict[str, Any] = {"itemid": "SERVICE", "quantity": "2", "unit": "Each", "price": "100", "locationid": "100"}
    return element("sotransitem", ordered({**base, **more}, LINE))


def sale(*lines: str, **more: Any) -> str:
    base: dict[str, Any] = {"transactiontype": "Sales Invoice", "datecreated": DAY, "customerid": "C-1", "datedue": DUE}
    given = ordered({**base, **more}, HEADER)
    subtotals = given.pop("subtotals", None)
    items = {"sotransitems": "".join(lines or (line(),)), **({"subtotals": subtotals} if subtotals else {})}
    return element("create_sotransaction", {**given, **items})


def sold(gateway: Gateway, *lines: str, **more: Any) -> dict[str, Any]:
    return document(gateway, key_in(gateway.call(sale(*lines, **more))), "SODOCUMENT")


def change(gateway: Gateway, docid: str, inner: str) -> Reply:
    return gateway.call(f'<update_sotransaction key="{docid}">{inner}</update_sotransaction>')


def test_an_invoice_makes_an_ar_invoice(books: Gateway) -> None:
    # §3D; §3.0 MODULEKEY 8.SO; ARINVOICE.RECORDNO from the document
    key = key_in(books.call(sale(documentno="INV001", referenceno="JOB-7", message="Repair")))
    assert key == "Sales Invoice-INV001"
    (found,) = books.call(query("SODOCUMENT", "DOCID", "STATE", "PRRECORDKEY", "ARINVOICE.RECORDNO", "ARINVOICE.MODULEKEY")).rows
    assert found["ARINVOICE.RECORDNO"] == found["PRRECORDKEY"] != ""
    assert (found["STATE"], found["ARINVOICE.MODULEKEY"]) == ("Pending", "8.SO")
    (invoice,) = books.stored("ARINVOICE")
    assert (invoice["CUSTOMERID"], invoice["RECORDID"], invoice["DOCNUMBER"], invoice["TOTALDUE"]) == ("C-1", "INV001", "JOB-7", "200")
    (row,) = books.stored("ARINVOICEITEM")
    assert (row["ACCOUNTNO"], row["OFFSETGLACCOUNTNO"], row["ITEMID"], row["TRX_AMOUNT"]) == ("4100", "1100", "SERVICE", "200")


def test_an_edit_makes_the_invoice_anew_and_a_delete_takes_it(books: Gateway) -> None:
    # §3C by the same rules
    row = sold(books)
    lines = '<updatesotransitems><updatesotransitem line_num="1"><price>150</price></updatesotransitem></updatesotransitems>'
    assert change(books, row["DOCID"], lines).status == "success"
    after = document(books, row["DOCID"], "SODOCUMENT")
    assert after["PRRECORDKEY"] != row["PRRECORDKEY"]
    assert [(each["RECORDNO"], each["TOTALENTERED"]) for each in books.stored("ARINVOICE")] == [(after["PRRECORDKEY"], "300")]
    assert books.call(f'<delete_sotransaction key="{row["DOCID"]}"/>').status == "success"
    assert books.stored("ARINVOICE") == books.stored("GLDETAIL") == books.stored("SODOCUMENTENTRY") == []


@pytest.mark.parametrize(
    "call",
    [
        '<update_invoice key="{0}"><description>x</description></update_invoice>',
        '<delete_invoice key="{0}"/>',
        "<delete><object>ARINVOICE</object><keys>{0}</keys></delete>",
        '<reverse_invoice key="{0}"><datereversed><year>2026</year><month>3</month><day>20</day></datereversed></reverse_invoice>',
    ],
)
def test_the_invoice_is_changed_through_its_document_alone(books: Gateway, call: str) -> None:
    # §3.0 MODULEKEY 8.SO, as §3D says of 9.PO
    key = sold(books)["PRRECORDKEY"]
    assert "was made by Order Entry" in books.call(call.format(key)).errors[0][1]
    assert len(books.stored("ARINVOICE")) == 1


def test_a_credit_memo_makes_a_negative_adjustment(books: Gateway) -> None:
    # servicetitan §11.3: Sales Credit Memo for negative invoices
    row = sold(books, transactiontype="Sales Credit Memo")
    assert (row["TOTAL"], books.stored("ARINVOICE")) == ("200", [])
    (adjustment,) = books.stored("ARADJUSTMENT")
    assert (adjustment["RECORDNO"], adjustment["TOTALDUE"], adjustment["MODULEKEY"]) == (row["PRRECORDKEY"], "-200", "8.SO")
    assert books.stored("CUSTOMER")[0]["TOTALDUE"] == "-200"
    assert "was made by Order Entry" in books.call(f'<delete_aradjustment key="{row["PRRECORDKEY"]}"/>').errors[0][1]
    found = books.call(query("SODOCUMENT", "PRRECORDKEY", "ARINVOICE.RECORDNO")).rows
    assert found == [{"PRRECORDKEY": adjustment["RECORDNO"], "ARINVOICE.RECORDNO": ""}]


def test_an_order_is_billed_in_parts(books: Gateway) -> None:
    # §3C conversion; §3.0 states
    order = sold(books, line(quantity="4"), transactiontype="Sales Order", documentno="1")
    assert books.stored("ARINVOICE") == []
    key = lines_of(books, order["DOCID"], "SODOCUMENTENTRY")[0]["RECORDNO"]
    part = sale(line(quantity="3", sourcelinekey=key), createdfrom=order["DOCID"])
    assert books.call(part).status == "success"
    assert document(books, order["DOCID"], "SODOCUMENT")["STATE"] == "Partially Converted"
    assert "6 is more than that" in books.call(part).errors[0][1]
    assert books.call(read_by_query("SODOCUMENT", "DOCID", "STATE = 'P'")).rows == [{"DOCID": order["DOCID"]}]
    assert "cannot be changed" in change(books, order["DOCID"], "<message>x</message>").errors[0][1]


def test_a_discount_lowers_the_price(books: Gateway) -> None:
    # objects table create_sotransaction: discountpercent
    row = sold(books, line(discountpercent="10"))
    (kept,) = lines_of(books, row["DOCID"], "SODOCUMENTENTRY")
    assert (kept["UIPRICE"], kept["PRICE"], kept["RETAILPRICE"], kept["TOTAL"], row["TOTAL"]) == ("100", "90", "100", "180", "180")


def test_prices_left_out_are_the_items(books: Gateway) -> None:
    assert sold(books, line(price=None))["TOTAL"] == "180"


def test_tax_and_discount_stand_below_the_lines(books: Gateway) -> None:
    # servicetitan §11.3: subtotal, tax, total -> Subtotals section
    part = "<subtotal><description>{}</description><total>{}</total><locationid>100</locationid></subtotal>"
    row = sold(books, subtotals=part.format("Tax", "16.5") + part.format("Discount", "5"))
    assert (row["SUBTOTAL"], row["TOTAL"], books.stored("ARINVOICE")[0]["TOTALDUE"]) == ("200", "211.5", "211.5")


def test_a_read_nests_the_lines(books: Gateway) -> None:
    # §1.3: SODOCUMENTENTRIES/sodocumententry
    row = sold(books)
    record = books.call(f"<read><object>SODOCUMENT</object><keys>{row['RECORDNO']}</keys><fields>*</fields></read>").data[0]
    assert record.findtext("SODOCUMENTENTRIES/sodocumententry/ITEMID") == "SERVICE"


def test_fulfilment_is_kept_with_the_line(books: Gateway) -> None:
    # objects table fulfillmentstatus
    status = f"<deliverystatus>Delivered</deliverystatus><deliverydate>{DAY}</deliverydate>"
    row = sold(books, line(fulfillmentstatus=status, bundlenumber="B1"))
    (kept,) = lines_of(books, row["DOCID"], "SODOCUMENTENTRY")
    assert (kept["DELIVERYSTATUS"], kept["DELIVERYDATE"], kept["BUNDLENUMBER"]) == ("Delivered", "03/10/2026", "B1")


@pytest.mark.parametrize(
    ("more", "lines", "text"),
    [
        ({"customerid": "C-9"}, {}, "Customer 'C-9' specified is not valid."),
        ({"transactiontype": "Vendor Invoice"}, {}, "Transaction definition 'Vendor Invoice' is not valid."),
        ({"datedue": None}, {}, "WHENDUE is required"),
        ({"billto": "<contactname>Nobody</contactname>"}, {}, "Invalid Contact 'Nobody' specified."),
        ({}, {"unit": "each"}, "Missing unit"),
        ({}, {"itemid": "BOUGHT"}, "cannot be used here"),
        ({}, {"sourcelinekey": "1"}, "CREATEDFROM"),
        ({}, {"locationid": None}, "LOCATIONID is required"),
    ],
)
def test_what_breaks_a_rule_is_refused(books: Gateway, more: dict[str, Any], lines: dict[str, Any], text: str) -> None:
    # §3D SODOCUMENT, by the rules of §3C
    item(books, "BOUGHT", "Non-Inventory (Purchase only)")
    reply = books.call(sale(line(**lines), **more))
    assert text in reply.errors[0][1], reply.errors
    assert reply.errors[-1] == ("BL01001973", "Could not create Order Entry Transaction record!")
    assert books.stored("SODOCUMENT") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<customerid>C-1</customerid>", ""),
        ("<quantity>2</quantity><unit>Each</unit>", "<unit>Each</unit><quantity>2</quantity>"),
        ("<customerid>C-1</customerid>", "<vendorid>V-1</vendorid>"),
        ("<quantity>2</quantity>", ""),
    ],
)
def test_a_wrong_shape_is_a_schema_error(books: Gateway, before: str, after: str) -> None:
    # §2.11
    assert books.call(sale().replace(before, after)).text("errormessage/error/errorno") == "XL03000003"


def test_generic_writes_and_deletes_are_refused(books: Gateway) -> None:
    # §0.5; objects table SODOCUMENT: lookup, query, readByQuery, read
    number = sold(books)["RECORDNO"]
    for call in (
        "<create><SODOCUMENT><DOCPARID>Sales Invoice</DOCPARID></SODOCUMENT></create>",
        f"<update><SODOCUMENT><RECORDNO>{number}</RECORDNO></SODOCUMENT></update>",
        f"<delete><object>SODOCUMENT</object><keys>{number}</keys></delete>",
        "<create><SODOCUMENTPARAMS><DOCID>x</DOCID></SODOCUMENTPARAMS></create>",
    ):
        assert books.call(call).errors[0][0] == "PL04000005"


def test_a_document_is_made_once_under_its_controlid(books: Gateway) -> None:
    # §1.6
    ids = {"controlids": ["so-1"], "uniqueid": "true"}
    assert books.call(sale(), **ids).status == "success"
    assert books.call(sale(), **ids).errors[0][0] == "EMU-DUPLICATE-CONTROLID"
    assert len(books.stored("SODOCUMENT")) == len(books.stored("ARINVOICE")) == 1


UNHELD = {"ITEM.TAXGROUP.RECORDNO"}  # of an object the company does not hold


@pytest.mark.parametrize("kind", [f"{module}DOCUMENT{part}" for module in ("PO", "SO") for part in ("", "ENTRY", "SUBTOTALS", "PARAMS")])
def test_every_column_clients_were_seen_to_read_can_be_read(books: Gateway, kind: str) -> None:
    # objects table, observed_read_fields
    sold(books)
    seen = [name for name in facts("intacct/objects")["objects"][kind]["seen_on_read"] if name not in UNHELD]
    assert books.call(query(kind, *seen)).status == "success"
    if kind == "SODOCUMENTENTRY":
        (row,) = books.call(query(kind, "WHENCREATED", "LINETOTAL", "STATUS", "APPROVE_STATE")).rows
        assert row == {"WHENCREATED": "03/10/2026", "LINETOTAL": "200", "STATUS": "active", "APPROVE_STATE": "Pending"}
