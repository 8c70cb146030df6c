"""Purchasing documents: what they are made of, what is refused, how they change and go (intacct-xml §3C)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query, read_by_query
from tests.contract.sandbox.intacct.orders import (
    BLANK,
    DAY,
    DUE,
    change,
    document,
    item,
    key_in,
    lines_of,
    po_line,
    po_of,
    purchase,
    supplies,
)
from tests.contract.sandbox.intacct.projects import element

WRAPPER = ("BL01001973", "Could not create Purchasing Transaction record!")


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    supplies(intacct)
    return intacct


def test_a_create_replies_with_the_document_id(books: Gateway) -> None:
    # §2.11, §3C
    assert key_in(books.call(po_of(documentno="PO-7001"))) == "Purchase Order-PO-7001"
    row = document(books, "Purchase Order-PO-7001")
    assert (row["DOCNO"], row["DOCPARID"], row["STATE"], row["CUSTVENDNAME"]) == ("PO-7001", "Purchase Order", "Pending", "Acme Supply")
    assert (row["TOTAL"], row["TRX_TOTAL"], row["SUBTOTAL"]) == ("42.5", "42.5", "42.5")
    assert (row["WHENCREATED"], row["WHENPOSTED"], row["WHENDUE"]) == ("03/10/2026", "03/10/2026", "04/09/2026")
    assert (row["PRRECORDKEY"], books.stored("APBILL"), books.stored("GLDETAIL")) == ("", [], [])


def test_a_document_with_all_its_lines_is_one_transaction(books: Gateway) -> None:
    # §6
    before = books.control("GET", "meter")["transactions"]
    books.call(po_of(po_line(), po_line(), po_line()))
    assert books.control("GET", "meter")["transactions"] == before + 1


def test_lines_carry_what_was_sent_and_count_from_nought(books: Gateway) -> None:
    # §2.11 line numbering, §3C line join
    row = purchase(books, po_line(memo="slab"), po_line(quantity="2", unit="Dozen", price="48"), documentno="A")
    first, second = lines_of(books, row["DOCID"])
    assert (first["LINE_NO"], first["DOCHDRNO"], first["MEMO"], first["TOTAL"]) == ("0", row["RECORDNO"], "slab", "42.5")
    assert (second["LINE_NO"], second["UIQTY"], second["UIPRICE"], second["QUANTITY"], second["PRICE"]) == ("1", "2", "48", "24", "4")
    assert second["UIVALUE"] == "96"


def test_a_query_never_gives_lines_and_a_read_nests_them(books: Gateway) -> None:
    # §1.3, §2.7, §3C
    row = purchase(books)
    (found,) = books.call(query("PODOCUMENT", "DOCNO", "DOCPARID", "TERM.NAME", "CONTACT.CONTACTNAME")).rows
    assert list(found) == ["DOCNO", "DOCPARID", "TERM.NAME", "CONTACT.CONTACTNAME"]
    read = f"<read><object>PODOCUMENT</object><keys>{row['RECORDNO']}</keys><fields>*</fields><docparid>Purchase Order</docparid></read>"
    record = books.call(read).data[0]
    assert record.findtext("PODOCUMENTENTRIES/podocumententry/ITEMID") == "LUMBER"
    named = books.call(f"<readByName><object>PODOCUMENT</object><keys>{row['DOCID']}</keys><fields>RECORDNO</fields></readByName>")
    assert named.rows == [{"RECORDNO": row["RECORDNO"]}]


def test_lines_are_searched_by_their_header(books: Gateway) -> None:
    # §3C: PODOCUMENTENTRY.DOCHDRNO = PODOCUMENT.RECORDNO, DOCHDRID = DOCID
    row = purchase(books)
    where = f"<equalto><field>DOCHDRNO</field><value>{row['RECORDNO']}</value></equalto>"
    (line,) = books.call(query("PODOCUMENTENTRY", "DOCHDRID", "ITEMNAME", "QTY_REMAINING", "WAREHOUSE.NAME", filter=where)).rows
    assert line == {"DOCHDRID": row["DOCID"], "ITEMNAME": "Item LUMBER", "QTY_REMAINING": "10", "WAREHOUSE.NAME": ""}


def test_states_are_searched_by_their_stored_codes(books: Gateway) -> None:
    # §3.0 PODOCUMENT.STATE
    purchase(books)
    purchase(books, state="Draft")
    assert [row["STATE"] for row in books.call(read_by_query("PODOCUMENT", "STATE", "STATE = 'O'")).rows] == ["Pending"]
    assert [row["STATE"] for row in books.call(read_by_query("PODOCUMENT", "STATE", "STATE = 'I'")).rows] == ["Draft"]
    assert books.call(read_by_query("PODOCUMENT", "STATE", "STATE = 'Pending'")).rows == []


@pytest.mark.parametrize("function", ["create", "update"])
def test_generic_writes_are_refused(books: Gateway, function: str) -> None:
    # §0.5: documents cannot be created or updated with generic functions
    inner = "<PODOCUMENT><RECORDNO>1</RECORDNO><DOCPARID>Purchase Order</DOCPARID></PODOCUMENT>"
    reply = books.call(f"<{function}>{inner}</{function}>")
    assert reply.errors[0][0] == "PL04000005"
    line = f"<{function}><PODOCUMENTENTRY><RECORDNO>1</RECORDNO></PODOCUMENTENTRY></{function}>"
    assert books.call(line).errors[0][0] == "PL04000005"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<vendorid>V-1</vendorid>", ""),
        (f"<returnto>{BLANK}</returnto>", ""),
        (f"<payto>{BLANK}</payto>", ""),
        (f"<datecreated>{DAY}</datecreated>", ""),
        ("<transactiontype>Purchase Order</transactiontype>", ""),
        ("<itemid>LUMBER</itemid>", ""),
        ("<quantity>10</quantity>", ""),
        ("<quantity>10</quantity><unit>Each</unit>", "<unit>Each</unit><quantity>10</quantity>"),
        (f"<datedue>{DUE}</datedue><returnto>{BLANK}</returnto>", f"<returnto>{BLANK}</returnto><datedue>{DUE}</datedue>"),
        ("<price>4.25</price>", "<price>4.25</price><nonsense>1</nonsense>"),
        ("<vendorid>V-1</vendorid>", "<vendorid>V-1</vendorid><vendorid>V-1</vendorid>"),
        (f"<datedue>{DUE}</datedue>", "<datedue>04/09/2026</datedue>"),
    ],
)
def test_a_wrong_shape_is_a_schema_error_of_the_request(books: Gateway, before: str, after: str) -> None:
    # §2.11, §5.2: XL03000003
    sent = po_of()
    assert before in sent
    reply = books.call(sent.replace(before, after))
    assert reply.text("errormessage/error/errorno") == "XL03000003"
    assert books.stored("PODOCUMENT") == []


def test_the_tolerant_mode_takes_any_order(books: Gateway) -> None:
    # §10.12
    books.set(strict=False)
    moved = po_of().replace("<quantity>10</quantity><unit>Each</unit>", "<unit>Each</unit><quantity>10</quantity>")
    assert books.call(moved).status == "success"


@pytest.mark.parametrize(
    ("more", "errorno", "text"),
    [
        ({"transactiontype": "purchase order"}, "BL01001973", "Transaction definition 'purchase order' is not valid."),
        ({"vendorid": "V-9"}, "BL01001973", "Vendor 'V-9' specified is not valid."),
        ({"datedue": None}, "BL03000018", "WHENDUE is required"),
        ({"datedue": None, "termname": "Net 999"}, "BL01001973", "Invalid Term 'Net 999' specified."),
        ({"state": "Submitted"}, "BL03000018", "Invalid value 'Submitted'"),
        ({"createdfrom": "Purchase Order-NONE"}, "BL01001973", "Document 'Purchase Order-NONE' is not valid."),
        ({"projectid": "P-9"}, "BL01001973", "Invalid Project 'P-9' specified."),
        ({"supdocid": "NONE"}, "BL01001973", "NONE"),
        ({"scope": "x" * 4001}, "BL03000018", "longer than 4000"),
        ({"payto": "<contactname>Nobody</contactname>"}, "BL01001973", "Invalid Contact 'Nobody' specified."),
        ({"currency": "EUR"}, "BL01001973", "EXCHRATE is required"),
        ({"currency": "EUR", "exchrate": "0"}, "BL03000018", "EXCHRATE must be positive"),
        ({"datecreated": "<year>2026</year><month>2</month><day>30</day>"}, "BL03000018", "is not a date"),
    ],
)
def test_a_header_that_breaks_a_rule_is_refused(books: Gateway, more: dict[str, Any], errorno: str, text: str) -> None:
    # §3C create_potransaction, §5.2
    reply = books.call(po_of(**more))
    assert reply.errors[0][0] == errorno
    assert text in reply.errors[0][1]
    assert reply.errors[-1] == WRAPPER
    assert books.stored("PODOCUMENT") == books.stored("PODOCUMENTENTRY") == []


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"itemid": "NOPE"}, "NOPE"),
        ({"unit": "each"}, "Missing unit"),
        ({"unit": "Hour"}, "Missing unit"),
        ({"locationid": None}, "LOCATIONID is required"),
        ({"locationid": "NOPE"}, "The location 'NOPE' is invalid."),
        ({"departmentid": "NOPE"}, "The department 'NOPE' is invalid."),
        ({"projectid": "NOPE"}, "Invalid Project 'NOPE' specified."),
        ({"taskid": "T"}, "PROJECTID is required"),
        ({"costtypeid": "T"}, "TASKID is required"),
        ({"customerid": "NOPE"}, "Customer 'NOPE' specified is not valid."),
        ({"vendorid": "NOPE"}, "Invalid Vendor 'NOPE' specified."),
        ({"employeeid": "NOPE"}, "The employee 'NOPE' is invalid."),
        ({"classid": "NOPE"}, "Invalid Class 'NOPE' specified."),
        ({"warehouseid": "NOPE"}, "NOPE"),
        ({"quantity": "ten"}, "not a plain number"),
        ({"price": "1,000"}, "not a plain number"),
        ({"price": "9" * 40}, "not a number of this size"),
        ({"price": "9" * 15, "quantity": "9" * 15}, "too large"),
        ({"billable": "yes"}, "not true or false"),
        ({"sourcelinekey": "1"}, "CREATEDFROM"),
        ({"sourcedocid": "Purchase Order-1"}, "Document 'Purchase Order-1' is not valid."),
        ({"relateddockey": "99"}, "Document '99' is not valid."),
        ({"relateddoclinekey": "1"}, "RELATEDDOCKEY is required"),
        ({"reverseconversion": "true"}, "REVERSECONVERSION needs the source line"),
        ({"conversiontype": "Both"}, "Invalid value 'Both'"),
    ],
)
def test_a_line_that_breaks_a_rule_refuses_the_whole_document(books: Gateway, more: dict[str, Any], text: str) -> None:
    # §3C potransitem and rules, §5.2, §7.4
    reply = books.call(po_of(po_line(), po_line(**more)))
    assert text in reply.errors[0][1], reply.errors
    assert reply.errors[-1] == WRAPPER
    assert books.stored("PODOCUMENT") == books.stored("PODOCUMENTENTRY") == []


@pytest.mark.parametrize(
    ("kind", "taken"), [("Non-Inventory (Sales only)", False), ("Kit", False), ("Non-Inventory (Purchase only)", True)]
)
def test_items_that_are_only_sold_are_not_bought(books: Gateway, kind: str, taken: bool) -> None:
    # §3B ITEM.ITEMTYPE
    item(books, "OTHER", kind)
    assert (books.call(po_of(po_line(itemid="OTHER"))).status == "success") is taken


def test_what_is_kept_in_stock_needs_a_warehouse(books: Gateway) -> None:
    # §3C warehouseid; objects table WAREHOUSE
    item(books, "PIPE", "Inventory")
    books.call(
        "<create><WAREHOUSE><WAREHOUSEID>W-1</WAREHOUSEID><NAME>Yard</NAME><LOC><LOCATIONID>100</LOCATIONID></LOC></WAREHOUSE></create>"
    )
    assert "WAREHOUSEID is required" in books.call(po_of(po_line(itemid="PIPE"))).errors[0][1]
    row = purchase(books, po_line(itemid="PIPE", warehouseid="W-1"))
    where = f"<equalto><field>DOCHDRNO</field><value>{row['RECORDNO']}</value></equalto>"
    assert books.call(query("PODOCUMENTENTRY", "WAREHOUSE.LOCATION_NO", "WAREHOUSE.NAME", filter=where)).rows == [
        {"WAREHOUSE.LOCATION_NO": "W-1", "WAREHOUSE.NAME": "Yard"}
    ]


def test_a_unit_or_price_left_out_is_the_items(books: Gateway) -> None:
    # §3C: unit, price optional; own choice of the defaults
    item(books, "NAILS", extra="<UOMGRP>Weight</UOMGRP><STANDARD_COST>3.5</STANDARD_COST>")
    row = purchase(books, po_line(itemid="NAILS", unit=None, price=None))
    (line,) = lines_of(books, row["DOCID"])
    assert (line["UNIT"], line["UIPRICE"], line["TOTAL"]) == ("Pound", "3.5", "35")


def test_a_second_document_with_the_number_is_refused(books: Gateway) -> None:
    # §1.6: natural key collision on documentno
    purchase(books, documentno="PO-1")
    reply = books.call(po_of(documentno="PO-1"))
    assert reply.errors[0] == ("BL34000061", "Another Purchasing Transaction with the given value(s) Purchase Order-PO-1  already exists")
    purchase(books, documentno="PO-1", transactiontype="Subcontract")


def test_numbers_come_from_the_sequence_and_step_over_taken_ones(books: Gateway) -> None:
    # §3C SEQUENCE; intacct-rest §15.18 documentNumber
    purchase(books, documentno="PO-0001")
    assert purchase(books)["DOCNO"] == "PO-0002"
    assert purchase(books)["DOCNO"] == "PO-0003"


def test_without_a_sequence_a_number_must_be_sent(books: Gateway) -> None:
    # §3C, §5.2: PL01000127
    reply = books.call(po_of(transactiontype="PC Purchase Orders"))
    assert reply.errors[0] == ("PL01000127", "Document Number is missing")
    assert purchase(books, transactiontype="PC Purchase Orders", documentno="PC-1")["DOCID"] == "PC Purchase Orders-PC-1"


def test_a_refused_create_spends_no_number(books: Gateway) -> None:
    # §1.7: what fails leaves nothing
    books.call(po_of(po_line(unit="Bushel")))
    assert purchase(books)["DOCNO"] == "PO-0001"


def test_a_term_makes_the_due_date(books: Gateway) -> None:
    # §3C: termname or datedue
    assert purchase(books, datedue=None, termname="Net 30")["WHENDUE"] == "04/09/2026"


def test_an_empty_contact_takes_the_vendors(books: Gateway) -> None:
    # §3C rules: returnto, payto
    row = purchase(books)
    assert row["BILLTO.CONTACTNAME"] == row["SHIPTO.CONTACTNAME"] == row["CONTACT.CONTACTNAME"] == "Acme Supply(VV-1)"


def test_an_inactive_vendor_takes_no_documents(books: Gateway) -> None:
    # §5.2: Activate the vendor x, then try again.
    books.call("<update><VENDOR><VENDORID>V-1</VENDORID><STATUS>inactive</STATUS></VENDOR></update>")
    assert books.call(po_of()).errors[0][1] == "Activate the vendor V-1, then try again."


def test_a_vendor_out_of_compliance_takes_no_documents(books: Gateway) -> None:
    # §5.2: CRE-3211
    row = purchase(books)
    books.set(vendors_out_of_compliance=["V-1"])
    assert books.call(po_of()).errors[0] == ("CRE-3211", "The vendor V-1 is out of compliance.")
    assert change(books, row["DOCID"], "<message>x</message>").errors[0][0] == "CRE-3211"


def test_a_project_on_hold_takes_no_orders(books: Gateway) -> None:
    # PROJECTSTATUS.PREVENTAPPO
    books.project("P-1", "<PROJECTSTATUS>On Hold</PROJECTSTATUS>")
    assert "project status that prevents" in books.call(po_of(po_line(projectid="P-1"))).errors[0][1]


def test_a_foreign_currency_is_kept_beside_the_base(books: Gateway) -> None:
    # §3C basecurr, currency, exchrate
    row = purchase(books, currency="EUR", exchrate="1.1")
    assert (row["BASECURR"], row["CURRENCY"], row["TRX_TOTAL"], row["TOTAL"]) == ("USD", "EUR", "42.5", "46.75")


def test_an_update_changes_what_it_names_and_appends_lines(books: Gateway) -> None:
    # §3C update_potransaction: line_num from 1
    row = purchase(books, po_line(), po_line(price="1"))
    before = lines_of(books, row["DOCID"])
    lines = f'<updatepotransitem line_num="2"><price>4.50</price></updatepotransitem>{po_line(quantity="1", price="9")}'
    inner = f"<referenceno>REQ-56</referenceno><updatepotransitems>{lines}</updatepotransitems>"
    assert change(books, row["DOCID"], inner).status == "success"
    after = lines_of(books, row["DOCID"])
    assert [line["UIPRICE"] for line in after] == ["4.25", "4.5", "9"]
    assert [line["RECORDNO"] for line in after[:2]] == [line["RECORDNO"] for line in before]
    assert (document(books, row["DOCID"])["PONUMBER"], document(books, row["DOCID"])["TOTAL"]) == ("REQ-56", "96.5")


def test_an_update_by_external_id_finds_the_document(books: Gateway) -> None:
    # §3C: externalkey="true"
    row = purchase(books, externalid="ext-7001")
    books.call('<update_potransaction key="ext-7001" externalkey="true"><message>Two</message></update_potransaction>')
    assert document(books, row["DOCID"])["MESSAGE"] == "Two"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<updatepotransitems><updatepotransitem line_num="3"><price>1</price></updatepotransitem></updatepotransitems>', "has no line 3"),
        ('<updatepotransitems><updatepotransitem line_num="0"><price>1</price></updatepotransitem></updatepotransitems>', "has no line 0"),
        ('<updatepotransitems><updatepotransitem line_num="1"><unit>x</unit></updatepotransitem></updatepotransitems>', "Missing unit"),
        ('<updatepotransitems><updatepotransitem line_num="1"><itemid/></updatepotransitem></updatepotransitems>', "ITEMID is required"),
        ("<state>Draft</state>", "cannot become a draft again"),
        ("<datecreated/>", "WHENCREATED is required"),
        ('<updatepotransitems><updatepotransitem line_num="²"><price>1</price></updatepotransitem></updatepotransitems>', "has no line ²"),
    ],
)
def test_a_wrong_update_is_refused_and_changes_nothing(books: Gateway, inner: str, text: str) -> None:
    # §3C update_potransaction, §4.4
    row = purchase(books)
    reply = change(books, row["DOCID"], inner)
    assert text in reply.errors[0][1]
    assert document(books, row["DOCID"]) == row


def test_an_update_of_nothing_is_refused(books: Gateway) -> None:
    # §5.2
    reply = change(books, "Purchase Order-NONE", "<message>x</message>")
    assert reply.errors[0][1] == "Cannot find purchasing transaction with key 'Purchase Order-NONE' to update."
    assert (
        books.call("<update_potransaction><message>x</message></update_potransaction>").text("errormessage/error/errorno") == "XL03000003"
    )


def test_vendor_definition_and_number_cannot_be_changed_by_an_update(books: Gateway) -> None:
    # §3C: not among the elements of update_potransaction
    row = purchase(books)
    for name, value in (("vendorid", "V-1"), ("documentno", "X"), ("transactiontype", "Subcontract"), ("createdfrom", "X")):
        assert change(books, row["DOCID"], f"<{name}>{value}</{name}>").text("errormessage/error/errorno") == "XL03000003"


def test_a_closed_document_may_be_opened_again(books: Gateway) -> None:
    # §3C state; update refused only in Submitted, In Progress, Converted, Partially Converted
    row = purchase(books, state="Closed")
    assert (row["STATE"], row["CLOSED"]) == ("Closed", "true")
    change(books, row["DOCID"], "<state>Pending</state>")
    assert (document(books, row["DOCID"])["STATE"], document(books, row["DOCID"])["CLOSED"]) == ("Pending", "false")


def test_the_posting_date_alone_has_a_function_of_its_own(books: Gateway) -> None:
    # §3C partialupdate_potransaction
    row = purchase(books)
    date = "<dateposted><year>2026</year><month>03</month><day>31</day></dateposted>"
    assert books.call(f'<partialupdate_potransaction key="{row["DOCID"]}">{date}</partialupdate_potransaction>').status == "success"
    assert document(books, row["DOCID"])["WHENPOSTED"] == "03/31/2026"
    other = f'<partialupdate_potransaction key="{row["DOCID"]}"><message>x</message></partialupdate_potransaction>'
    assert books.call(other).text("errormessage/error/errorno") == "XL03000003"


def test_a_document_is_deleted_by_id_or_by_number(books: Gateway) -> None:
    # §3C: delete_potransaction by DOCID, generic delete by RECORDNO
    first, second = purchase(books), purchase(books)
    assert books.call(f'<delete_potransaction key="{first["DOCID"]}"/>').status == "success"
    assert books.call(f"<delete><object>PODOCUMENT</object><keys>{second['RECORDNO']}</keys></delete>").status == "success"
    assert books.stored("PODOCUMENT") == books.stored("PODOCUMENTENTRY") == []
    gone = books.call(f'<delete_potransaction key="{first["DOCID"]}"/>')
    assert "Cannot find purchasing transaction" in gone.errors[0][1]
    assert {(row["OBJECTTYPE"], row["ACCESSMODE"]) for row in books.stored("AUDITHISTORY")} == {
        ("podocument", "D"),
        ("podocumententry", "D"),
    }


def test_a_draft_is_kept_apart_until_it_is_pending(books: Gateway) -> None:
    # §3C state Draft
    row = purchase(books, state="Draft", transactiontype="Vendor Invoice")
    assert books.stored("APBILL") == []
    change(books, row["DOCID"], "<state>Pending</state>")
    assert len(books.stored("APBILL")) == 1


@pytest.mark.parametrize("verb", ["approve", "decline"])
def test_a_submitted_document_waits_and_is_decided(books: Gateway, verb: str) -> None:
    # §2.9, §3.0; ingenious §8.10: approval makes the bill
    books.set(approvals=["PODOCUMENT Vendor Invoice"])
    row = purchase(books, transactiontype="Vendor Invoice")
    assert (row["STATE"], books.stored("APBILL")) == ("Submitted", [])
    assert "submitted and cannot be changed" in change(books, row["DOCID"], "<message>x</message>").errors[0][1]
    decide = element(verb, {"PODOCUMENT": element("DOCID", {}).replace("></", f">{row['DOCID']}</") + "<COMMENT>ok</COMMENT>"})
    assert books.call(decide).status == "success"
    after = document(books, row["DOCID"])
    assert after["STATE"] == {"approve": "Approved", "decline": "Declined"}[verb]
    assert bool(after["PRRECORDKEY"]) is (verb == "approve")
    assert "does not wait for approval" in books.call(decide).errors[0][1]
    assert purchase(books)["STATE"] == "Pending"


@pytest.mark.parametrize("state", ["In Progress", "Converted", "Partially Converted"])
def test_a_document_put_in_a_locked_state_is_neither_changed_nor_deleted(books: Gateway, state: str) -> None:
    # §3C update_potransaction; design §6: rows the API cannot create are put in past it
    line = {"ITEMID": "LUMBER", "UIQTY": "1", "UNIT": "Each", "UIPRICE": "5", "LOCATIONID": "100"}
    head = {"DOCPARID": "Purchase Order", "DOCNO": "Z", "CUSTVENDID": "V-1", "WHENCREATED": "03/10/2026", "WHENDUE": "04/09/2026"}
    books.control("POST", "objects/PODOCUMENT", [{**head, "STATE": state, "PODOCUMENTENTRIES": [line]}])
    row = document(books, "Purchase Order-Z")
    assert (row["STATE"], row["TOTAL"]) == (state, "5")
    assert f"is {state.lower()} and cannot be changed" in change(books, row["DOCID"], "<message>x</message>").errors[0][1]
    assert "cannot be deleted" in books.call(f'<delete_potransaction key="{row["DOCID"]}"/>').errors[0][1]
    wrong = books.http.post(
        "/_sandbox/objects/PODOCUMENT", json=[{**head, "DOCNO": "Y", "PODOCUMENTENTRIES": [{**line, "UNIT": "Bushel"}]}]
    )
    assert wrong.status_code == 400


def test_a_declined_document_is_submitted_again_when_it_is_changed(books: Gateway) -> None:
    # §3.0
    books.set(approvals=["PODOCUMENT"])
    row = purchase(books)
    books.call(f"<decline><PODOCUMENT><DOCID>{row['DOCID']}</DOCID></PODOCUMENT></decline>")
    change(books, row["DOCID"], "<message>Better</message>")
    assert document(books, row["DOCID"])["STATE"] == "Submitted"


def test_what_waits_and_what_was_decided_can_be_asked(books: Gateway) -> None:
    # §2.9 getTransactionsToApprove, getApprovalHistory; the form of the replies is assumed
    books.at("2026-03-11T08:00:00Z")
    books.set(approvals=["PODOCUMENT"])
    first, second = purchase(books), purchase(books)
    waiting = "<getTransactionsToApprove><module>purchasing</module></getTransactionsToApprove>"
    assert [row["DOCID"] for row in books.call(waiting).rows] == [first["DOCID"], second["DOCID"]]
    books.call(f"<decline><PODOCUMENT><DOCID>{first['DOCID']}</DOCID><COMMENT>Too dear</COMMENT></PODOCUMENT></decline>")
    assert [row["DOCID"] for row in books.call(waiting).rows] == [second["DOCID"]]
    asked = "<getApprovalHistory><module>purchasing</module><docid>{}</docid></getApprovalHistory>"
    (note,) = books.call(asked.format(first["DOCID"])).rows
    assert (note["ACTION"], note["USERID"], note["ACTIONDATE"], note["COMMENT"]) == (
        *("Declined", "ws-user", "03/11/2026 08:00:00"),
        "Too dear",
    )
    assert books.call(asked.format(second["DOCID"])).rows == []
    assert "Cannot find" in books.call(asked.format("Purchase Order-NONE")).errors[0][1]
    assert books.call(waiting.replace("purchasing", "inventory")).status == "failure"
    books.set(denied_operations=["getTransactionsToApprove PODOCUMENT"])
    assert books.call(waiting).errors[0][0] == "PL04000005"


def test_retainage_needs_a_definition_that_has_it(books: Gateway) -> None:
    # §3C retainagepercentage, ENABLE_RETAINAGE
    row = purchase(books, po_line(retainagepercentage="10"))
    (line,) = lines_of(books, row["DOCID"])
    assert (line["TRX_AMOUNTRETAINED"], line["AMOUNTRETAINED"]) == ("4.25", "4.25")
    reply = books.call(po_of(po_line(retainagepercentage="10"), transactiontype="PO Receiver"))
    assert "Retainage is not enabled" in reply.errors[0][1]


@pytest.mark.parametrize("entity", ["100", "200"])
def test_an_entitys_documents_are_its_own(books: Gateway, entity: str) -> None:
    # §7.2, §7.4
    session = books.session(entity)
    other = "200" if entity == "100" else "100"
    refused = books.call(po_of(po_line(locationid=other)), authentication=session)
    assert refused.errors[0][1] == f"The location '{other}' is invalid."
    key = key_in(books.call(po_of(po_line(locationid=entity)), authentication=session))
    assert document(books, key)["MEGAENTITYID"] == entity
    ask = query("PODOCUMENT", "DOCID")
    assert books.call(ask, authentication=books.session(other)).rows == []
    assert books.call(ask, authentication=session).rows == [{"DOCID": key}]
    assert books.call(ask).rows == []
    assert books.call(query("PODOCUMENT", "DOCID", more="<options><showprivate>true</showprivate></options>")).rows == [{"DOCID": key}]


@pytest.mark.parametrize(
    ("denied", "call"),
    [
        ("create_potransaction PODOCUMENT", po_of()),
        ("delete_potransaction PODOCUMENT", '<delete_potransaction key="Purchase Order-PO-0001"/>'),
        ("query PODOCUMENT", query("PODOCUMENT", "DOCID")),
        ("approve PODOCUMENT", "<approve><PODOCUMENT><DOCID>x</DOCID></PODOCUMENT></approve>"),
    ],
)
def test_without_permission_nothing_goes(books: Gateway, denied: str, call: str) -> None:
    # §5.2: PL04000005
    books.set(denied_operations=[denied])
    assert books.call(call).errors[0][0] == "PL04000005"


def test_permissions_tell_who_may_write_documents(books: Gateway) -> None:
    # §2.9 getUserPermissions: rights joined with a pipe
    def rights() -> str | None:
        reply = books.call("<getUserPermissions><userId>ws-user</userId></getUserPermissions>")
        policies = reply.data.iter("policy")
        return next(each.findtext("rights") for each in policies if each.findtext("policyName") == "Purchasing Transactions")

    assert rights() == "List|Readonly|Add|Modify|Delete"
    books.set(denied_operations=["create_potransaction PODOCUMENT"])
    assert rights() == "List|Readonly|Modify|Delete"


def test_a_document_is_made_once_under_its_controlid(books: Gateway) -> None:
    # §1.6
    ids = {"controlids": ["po-1"], "uniqueid": "true"}
    assert books.call(po_of(), **ids).status == "success"
    again = books.call(po_of(), **ids)
    assert (again.status, again.errors[0][0]) == (None, "EMU-DUPLICATE-CONTROLID")
    assert len(books.stored("PODOCUMENT")) == 1
    refused = books.call(po_of(po_line(unit="Bushel")), controlids=["po-2"], uniqueid="true")
    assert refused.status == "failure"
    assert books.call(po_of(), controlids=["po-2"], uniqueid="true").status == "success"  # a refusal spends no controlid by default


@pytest.mark.parametrize(("reply", "status"), [("no_status", None), ("failure", "failure")])
@pytest.mark.parametrize("function", [po_of(), '<delete_potransaction key="Purchase Order-PO-0001"/>'])
def test_a_write_cut_after_the_commit_was_done_and_is_refused_again(books: Gateway, function: str, reply: str, status: str | None) -> None:
    # §1.6, §10.11
    books.set(duplicate_controlid_reply=reply)
    before = len(books.stored("PODOCUMENT"))
    if "delete" in function:
        purchase(books)
        before = 1
    name = "delete_potransaction" if "delete" in function else "create_potransaction"
    books.fault("cut_after_commit", function=name, object="PODOCUMENT", nth=1)
    with pytest.raises(httpx.RemoteProtocolError):
        books.call(function, controlids=["po-1"], uniqueid="true")
    assert len(books.stored("PODOCUMENT")) == 1 - before
    again = books.call(function, controlids=["po-1"], uniqueid="true")
    assert (again.status, again.errors[0][0]) == (status, "EMU-DUPLICATE-CONTROLID")
