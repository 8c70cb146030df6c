"""What purchasing documents post: AP bills that come and go with them, and entries (intacct-xml §3C UPDATES_GL, PRRECORDKEY)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import account, create
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query
from tests.contract.sandbox.intacct.orders import (
    change,
    change_line,
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
from tests.contract.sandbox.intacct.projects import create as add
from tests.contract.sandbox.intacct.projects import made, task

INVOICE = "Vendor Invoice-1"


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    supplies(intacct)
    return intacct


def invoice(gateway: Gateway, *lines: str, **more: Any) -> dict[str, Any]:
    return purchase(gateway, *lines, **{"transactiontype": "Vendor Invoice", "documentno": "1", **more})


def bill_of(gateway: Gateway, docid: str = INVOICE) -> dict[str, Any]:
    key = document(gateway, docid)["PRRECORDKEY"]
    return next(row for row in gateway.stored("APBILL") if row["RECORDNO"] == key)


def pay(gateway: Gateway, amount: str) -> Reply:
    detail = f"<RECORDKEY>{bill_of(gateway)['RECORDNO']}</RECORDKEY><TRX_PAYMENTAMOUNT>{amount}</TRX_PAYMENTAMOUNT>"
    head = "<FINANCIALENTITY>OPERATING</FINANCIALENTITY><PAYMENTMETHOD>EFT</PAYMENTMETHOD><VENDORID>V-1</VENDORID>"
    date = "<PAYMENTDATE>03/20/2026</PAYMENTDATE><CURRENCY>USD</CURRENCY>"
    details = f"<APPYMTDETAILS><APPYMTDETAIL>{detail}</APPYMTDETAIL></APPYMTDETAILS>"
    return create(gateway, f"<APPYMT>{head}{date}{details}</APPYMT>")


def test_an_invoice_makes_a_bill(books: Gateway) -> None:
    # §3C: a definition that posts to AP creates a bill; §3.0 MODULEKEY 9.PO
    invoice(
        books,
        po_line(memo="slab"),
        po_line(quantity="1", price="7.50"),
        referenceno="REQ-55",
        message="March",
        datedue=None,
        termname="Net 30",
    )
    bill = bill_of(books)
    assert (bill["MODULEKEY"], bill["STATE"], bill["SYSTEMGENERATED"]) == ("9.PO", "Posted", "T")
    assert (bill["VENDORID"], bill["RECORDID"], bill["DOCNUMBER"], bill["DESCRIPTION"]) == ("V-1", "1", "REQ-55", "March")
    assert (bill["TOTALENTERED"], bill["TERMNAME"], bill["WHENDUE"], bill["DESCRIPTION2"]) == ("50", "Net 30", "04/09/2026", INVOICE)
    assert [(line["TRX_AMOUNT"], line["ENTRYDESCRIPTION"]) for line in books.stored("APBILLITEM")] == [
        ("42.5", "slab"),
        ("7.5", "Item LUMBER"),
    ]


def test_the_bill_is_found_from_the_document(books: Gateway) -> None:
    # §3C PRRECORDKEY
    row = invoice(books)
    where = "<equalto><field>DOCID</field><value>Vendor Invoice-1</value></equalto>"
    found = books.call(query("PODOCUMENT", "PRRECORDKEY", "APBILL.RECORDID", "APBILL.STATE", filter=where)).rows
    assert found == [{"PRRECORDKEY": row["PRRECORDKEY"], "APBILL.RECORDID": "1", "APBILL.STATE": "Posted"}]


def test_job_cost_arises_from_the_posted_invoice(books: Gateway) -> None:
    # §3D GLDETAIL: dimensions of the line, module, document
    books.project("P-1")
    made(add(books, "STANDARDCOSTTYPE", STANDARDCOSTTYPEID="MAT", NAME="Material"))
    made(task(books, TASKID="T-1"))
    made(add(books, "COSTTYPE", PROJECTID="P-1", TASKID="T-1", STANDARDCOSTTYPEID="MAT"))
    invoice(books, po_line(projectid="P-1", taskid="T-1", costtypeid="MAT"))
    debit = next(row for row in books.stored("GLDETAIL") if row["TR_TYPE"] == "1")
    assert (debit["ACCOUNTNO"], debit["AMOUNT"], debit["MODULEKEY"]) == ("5100", "42.5", "3.AP")
    assert (debit["PROJECTID"], debit["TASKID"], debit["COSTTYPEID"], debit["ITEMID"]) == ("P-1", "T-1", "MAT", "LUMBER")
    assert (debit["RECORDID"], debit["VENDORID"]) == ("1", "V-1")


def test_an_order_posts_nothing(books: Gateway) -> None:
    # §3C UPDATES_GL N
    purchase(books)
    assert books.stored("APBILL") == books.stored("GLDETAIL") == []


def test_an_edit_makes_the_bill_anew_under_another_number(books: Gateway) -> None:
    # §3C: any later update of the document deletes and recreates that bill with a new RECORDNO
    before = invoice(books)["PRRECORDKEY"]
    assert change_line(books, INVOICE, 1, "<price>5</price>").status == "success"
    after = bill_of(books)
    assert after["RECORDNO"] != before
    assert ([row["RECORDNO"] for row in books.stored("APBILL")], after["TOTALENTERED"]) == ([after["RECORDNO"]], "50")
    assert {row["RECORDKEY"] for row in books.stored("GLDETAIL")} == {after["RECORDNO"]}
    change(books, INVOICE, "<message>A word</message>")
    assert bill_of(books)["RECORDNO"] not in {before, after["RECORDNO"]}
    trail = [row["OBJECTKEY"] for row in books.stored("AUDITHISTORY") if row["OBJECTTYPE"] == "apbill"]
    assert trail == [before, after["RECORDNO"]]


def test_what_is_owed_to_the_vendor_follows(books: Gateway) -> None:
    def owed() -> str:
        found: str = books.stored("VENDOR")[0]["TOTALDUE"]
        return found

    invoice(books)
    assert owed() == "42.5"
    change_line(books, INVOICE, 1, "<quantity>20</quantity>")
    assert owed() == "85"
    delete(books, INVOICE)
    assert (owed(), books.stored("APBILL"), books.stored("GLDETAIL"), books.stored("GLBATCH")) == ("0", [], [], [])


@pytest.mark.parametrize(
    "call",
    [
        "<update><APBILL><RECORDNO>{0}</RECORDNO><DESCRIPTION>x</DESCRIPTION></APBILL></update>",
        "<delete><object>APBILL</object><keys>{0}</keys></delete>",
        '<update_bill key="{0}"><description>x</description></update_bill>',
        '<delete_bill key="{0}"/>',
        '<reverse_bill key="{0}"><datereversed><year>2026</year><month>3</month><day>20</day></datereversed></reverse_bill>',
    ],
)
def test_the_bill_is_changed_through_its_document_alone(books: Gateway, call: str) -> None:
    # §3D: bills made by Purchasing must be changed through the document
    key = invoice(books)["PRRECORDKEY"]
    reply = books.call(call.format(key))
    assert reply.errors[0][1] == "AP Bill '1' was made by Purchasing; change the transaction it came from."
    assert bill_of(books)["RECORDNO"] == key


def test_a_paid_invoice_is_neither_changed_nor_deleted(books: Gateway) -> None:
    # own words: what a payment was made for stays
    invoice(books)
    assert document(books, INVOICE)["PAYMENTSTATUS"] == "Open"
    assert pay(books, "10").status == "success"
    row = document(books, INVOICE)
    assert (row["PAYMENTSTATUS"], row["TOTALPAID"], row["TOTALDUE"], row["STATE"]) == ("Partially Paid", "10", "32.5", "Pending")
    assert "has payments" in change_line(books, INVOICE, 1, "<price>5</price>").errors[0][1]
    assert "has payments" in delete(books, INVOICE).errors[0][1]
    assert (document(books, INVOICE), bill_of(books)["MODULEKEY"]) == (row, "9.PO")
    pay(books, "32.5")
    assert (document(books, INVOICE)["PAYMENTSTATUS"], document(books, INVOICE)["TOTALDUE"]) == ("Paid", "0")


def test_closed_periods_hold_for_posting_documents(books: Gateway) -> None:
    # §5.2: Periods are closed
    books.set(books_closed={"": "03/31/2026"})
    reply = books.call(po_of(transactiontype="Vendor Invoice"))
    assert "Periods are closed. Your transaction date (03/10/2026)" in reply.errors[0][1]
    assert (books.stored("PODOCUMENT"), books.stored("APBILL")) == ([], [])
    assert books.call(po_of()).status == "success"
    later = "<year>2026</year><month>04</month><day>01</day>"
    invoice(books, dateposted=later)
    books.set(books_closed={"": "04/30/2026"})
    assert "Periods are closed" in change(books, INVOICE, "<message>x</message>").errors[0][1]
    assert "Periods are closed" in delete(books, INVOICE).errors[0][1]


def test_the_posting_date_moves_with_its_own_function(books: Gateway) -> None:
    # §3C partialupdate_potransaction
    invoice(books)
    date = "<dateposted><year>2026</year><month>04</month><day>01</day></dateposted>"
    books.call(f'<partialupdate_potransaction key="{INVOICE}">{date}</partialupdate_potransaction>')
    assert bill_of(books)["WHENPOSTED"] == books.stored("GLDETAIL")[0]["ENTRY_DATE"] == "04/01/2026"


def test_dimensions_an_account_demands_are_demanded(books: Gateway) -> None:
    # §3B GLACCOUNT REQUIRE*, §5.2
    create(books, account("7000", "<REQUIREPROJECT>true</REQUIREPROJECT>"))
    definition(books, "Job Invoice", UPDATES_GL="A", AR_ACCOUNTS=[("AR_ACCOUNT", {"GLACCOUNT": "7000"})])
    reply = books.call(po_of(transactiontype="Job Invoice", documentno="1"))
    assert reply.errors[0] == ("BL03000018", "This transaction is missing the Project dimension for the Account 7000")
    assert reply.errors[-1] == ("BL01001973", "Could not create Purchasing Transaction record!")
    books.project("P-1")
    assert books.call(po_of(po_line(projectid="P-1"), transactiontype="Job Invoice", documentno="1")).status == "success"


def test_accounts_go_by_item_group_then_by_the_item(books: Gateway) -> None:
    # §3C AR_ACCOUNTS (also used for AP posting): ITEM_GLGROUP, ISOFFSET
    item(books, "NAILS", extra="<GLGROUP>Job costs</GLGROUP>")
    item(books, "GLUE", extra="<EXPENSEACCTKEY>6000</EXPENSEACCTKEY>")
    rows = [
        ("AR_ACCOUNT", {"ITEM_GLGROUP": "Job costs", "GLACCOUNT": "5200"}),
        ("AR_ACCOUNT", {"ITEM_GLGROUP": "Job costs", "GLACCOUNT": "2100", "ISOFFSET": "true"}),
    ]
    definition(books, "By Group", UPDATES_GL="A", AR_ACCOUNTS=rows)
    head = {"transactiontype": "By Group", "documentno": "1"}
    books.call(po_of(po_line(itemid="NAILS"), po_line(itemid="GLUE"), **head))
    assert [(line["ACCOUNTNO"], line["OFFSETGLACCOUNTNO"]) for line in books.stored("APBILLITEM")] == [("5200", "2100"), ("6000", "")]
    reply = books.call(po_of(**{**head, "documentno": "2"}))
    assert reply.errors[0][1] == "Item 'LUMBER' has no account to post to."


def test_a_definition_may_post_to_the_ledger_alone(books: Gateway) -> None:
    # §3C UPDATES_GL G, INVGL_ACCOUNTS; §3.0 GLDETAIL.MODULEKEY 9.PO
    rows = [("INVGL_ACCOUNT", {"GLACCOUNT": "5100"}), ("INVGL_ACCOUNT", {"GLACCOUNT": "2100", "ISOFFSET": "true"})]
    definition(books, "Receipt", UPDATES_GL="G", INVGL_ACCOUNTS=rows)
    key = key_in(books.call(po_of(transactiontype="Receipt", documentno="1")))
    details = [(row["ACCOUNTNO"], row["AMOUNT"], row["MODULEKEY"]) for row in books.stored("GLDETAIL")]
    assert details == [("5100", "42.5", "9.PO"), ("2100", "-42.5", "9.PO")]
    change_line(books, key, 1, "<price>1</price>")
    assert [row["AMOUNT"] for row in books.stored("GLDETAIL")] == ["10", "-10"]
    books.set(books_closed={"": "03/31/2026"})
    assert "Periods are closed" in delete(books, key).errors[0][1]
    books.set(books_closed={})
    delete(books, key)
    assert books.stored("GLDETAIL") == []


def test_subtotals_add_and_take_away(books: Gateway) -> None:
    # §3C subtotals/subtotal; SUBTOTALS of the definition
    parts = "<subtotal><description>{}</description><total>{}</total><locationid>100</locationid></subtotal>"
    row = invoice(books, subtotals=parts.format("Freight", "12") + parts.format("Trade discount", "4.5"))
    assert (row["SUBTOTAL"], row["TOTAL"], bill_of(books)["TOTALENTERED"]) == ("42.5", "50", "50")
    found = books.call(query("PODOCUMENTSUBTOTALS", "DESCRIPTION", "TOTAL", order="RECORDNO")).rows
    assert found == [{"DESCRIPTION": "Freight", "TOTAL": "12"}, {"DESCRIPTION": "Trade discount", "TOTAL": "4.5"}]
    changed = "<updatesubtotal><description>Freight</description><total>20</total><locationid>100</locationid></updatesubtotal>"
    assert change(books, INVOICE, f"<updatesubtotals>{changed}</updatesubtotals>").status == "success"
    assert (document(books, INVOICE)["TOTAL"], len(books.stored("PODOCUMENTSUBTOTALS"))) == ("58", 2)
    other = books.call(po_of(transactiontype="Vendor Invoice", subtotals=parts.format("Tips", "1")))
    assert "has no subtotal 'Tips'" in other.errors[0][1]


def test_lines_of_two_entities_make_them_owe_each_other(books: Gateway) -> None:
    # §7.4
    invoice(books, po_line(), po_line(locationid="200"))
    accounts = {row["ACCOUNTNO"] for row in books.stored("GLDETAIL")}
    assert {"1900", "2900"} <= accounts
    books.set(inter_entity=False)
    for name in ("Vendor Invoice", "Purchase Order"):
        reply = books.call(po_of(po_line(), po_line(locationid="200"), transactiontype=name))
        assert "inter-entity" in reply.errors[0][1]


def test_a_bill_shows_what_is_held_back(books: Gateway) -> None:
    # intacct-rest §15.20 bill retainage; that it is not due before it is released is assumption A-58 (test_retainage.py)
    invoice(books, po_line(retainagepercentage="10"), po_line(trx_amountretained="2"))
    assert (bill_of(books)["TRX_TOTALRETAINED"], bill_of(books)["TOTALRETAINED"], bill_of(books)["TOTALDUE"]) == ("6.25", "6.25", "78.75")


def test_an_entitys_invoice_stays_in_its_entity(books: Gateway) -> None:
    # §7.2
    session = books.session("100")
    key = key_in(books.call(po_of(transactiontype="Vendor Invoice"), authentication=session))
    assert bill_of(books, key)["MEGAENTITYID"] == "100"
    change(books, key, "<message>from the top</message>")
    assert bill_of(books, key)["MEGAENTITYID"] == "100"


def test_a_shared_invoice_stays_shared_when_an_entity_changes_it(books: Gateway) -> None:
    # §7.2
    invoice(books, po_line(), po_line(locationid="200"))
    inner = f'<update_potransaction key="{INVOICE}"><message>from an entity</message></update_potransaction>'
    assert books.call(inner, authentication=books.session("100")).status == "success"
    assert (bill_of(books)["MEGAENTITYID"], bill_of(books)["TOTALENTERED"]) == ("", "85")


def test_a_bill_number_taken_by_hand_refuses_the_invoice(books: Gateway) -> None:
    # §5.2: BL03002185
    line = "<APBILLITEM><ACCOUNTNO>5100</ACCOUNTNO><TRX_AMOUNT>1</TRX_AMOUNT><LOCATIONID>100</LOCATIONID></APBILLITEM>"
    head = "<VENDORID>V-1</VENDORID><RECORDID>1</RECORDID><WHENCREATED>03/10/2026</WHENCREATED><WHENDUE>03/20/2026</WHENDUE>"
    create(books, f"<APBILL>{head}<APBILLITEMS>{line}</APBILLITEMS></APBILL>")
    reply = books.call(po_of(transactiontype="Vendor Invoice", documentno="1"))
    assert reply.errors[0][0] == "BL03002185"
    assert (books.stored("PODOCUMENT"), len(books.stored("APBILL"))) == ([], 1)


def test_smart_events_tell_of_the_document_and_of_its_bill(books: Gateway) -> None:
    # §8: topic ADD_PODOCUMENT, and what it makes
    books.set(smart_events=["after_create PODOCUMENT", "after_create APBILL", "after_delete APBILL"])
    invoice(books)
    change(books, INVOICE, "<message>x</message>")
    topics = [row["TOPIC"] for row in books.stored("SMARTEVENTLOG")]
    assert sorted(topics) == ["ADD_APBILL", "ADD_APBILL", "ADD_PODOCUMENT", "DELETE_APBILL"]
    assert lines_of(books, INVOICE)
