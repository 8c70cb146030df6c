"""Taxes of lines: in the total, against an account of their own (objects table TAXENTRY, TAXDETAIL; §3C tax; assumption A-59)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.books import bill, bill_line, bill_of, create, vendor
from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.orders import change_line, po_line, purchase, supplies

ENTRIES = "<TAXENTRIES>{}</TAXENTRIES>"
TAX = "<TAXENTRY><DETAILID>{}</DETAILID>{}</TAXENTRY>"


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    """A vendor, and the taxes GST (5 %, against 2100), PST (against its solution's 2030) and BARE (against nothing)."""
    vendor(intacct)
    intacct.control("POST", "objects/TAXSOLUTION", [{"SOLUTIONID": "Home", "GLACCOUNTPURCHASE": "2030"}])
    details = (
        {"DETAILID": "GST", "VALUE": "5", "GLACCOUNT": "2100"},
        {"DETAILID": "PST", "TAXSOLUTIONID": "Home", "VALUE": "7"},
        {"DETAILID": "BARE"},
    )
    intacct.control("POST", "objects/TAXDETAIL", [{**each, "TAXTYPE": "Purchase"} for each in details])
    return intacct


def taxed(*taxes: str, amount: str = "100.00") -> str:
    return bill_line(amount, extra=ENTRIES.format("".join(taxes)))


def ledger(gateway: Gateway) -> dict[str, str]:
    rows = gateway.call("<query><object>GLDETAIL</object><select><field>ACCOUNTNO</field><sum>AMOUNT</sum></select></query>").rows
    return {row["ACCOUNTNO"]: row["SUM.AMOUNT"] for row in rows}


def stored(gateway: Gateway) -> dict[str, Any]:
    [row] = gateway.stored("APBILL")
    return dict(row)


def test_taxes_are_due_with_the_line_they_are_on(books: Gateway) -> None:
    bill(books, taxed(TAX.format("GST", ""), TAX.format("PST", "<TRX_TAX>6.5</TRX_TAX>")), bill_line("50"))
    row = stored(books)
    assert (row["TOTALENTERED"], row["TRX_TOTALENTERED"], row["TOTALDUE"]) == ("161.5", "161.5", "161.5")
    assert [(line["TRX_AMOUNT"], line["TRX_TAX"], line["TAX"]) for line in books.stored("APBILLITEM")] == [
        ("100", "11.5", "11.5"),
        ("50", "", ""),
    ]
    assert ledger(books) == {"5100": "150", "2100": "5", "2030": "6.5", "2000": "-161.5"}
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "161.5"


def test_a_read_shows_the_taxes_of_each_line(books: Gateway) -> None:
    number = bill(books, taxed(TAX.format("GST", "<TRX_TAX>4</TRX_TAX>")))
    found = books.call(f"<read><object>APBILL</object><keys>{number}</keys><fields>*</fields></read>").data
    [entry] = found.findall("APBILL/APBILLITEMS/apbillitem/TAXENTRIES/taxentry")
    assert (entry.findtext("DETAILID"), entry.findtext("TRX_TAX")) == ("GST", "4")


def test_the_older_function_takes_taxes_too(books: Gateway) -> None:
    entries = "<taxentries><taxentry><detailid>GST</detailid><trx_tax>5.5</trx_tax></taxentry></taxentries>"
    line = f"<lineitem><glaccountno>5100</glaccountno><amount>100</amount><locationid>100</locationid>{entries}</lineitem>"
    dates = "<datecreated>{0}</datecreated><datedue>{0}</datedue>".format("<year>2026</year><month>3</month><day>10</day>")
    reply = books.call(f"<create_bill><vendorid>V-1</vendorid>{dates}<billitems>{line}</billitems></create_bill>")
    assert reply.status == "success", reply.errors
    assert (stored(books)["TOTALENTERED"], ledger(books)["2100"]) == ("105.5", "5.5")


def test_new_lines_replace_the_taxes_too(books: Gateway) -> None:
    number = bill(books, taxed(TAX.format("GST", "")))
    books.call(f"<update><APBILL><RECORDNO>{number}</RECORDNO><WHENDUE>04/09/2026</WHENDUE>"
               f"<APBILLITEMS>{bill_line('80')}</APBILLITEMS></APBILL></update>")  # fmt: skip
    assert (stored(books)["TOTALDUE"], ledger(books)) == ("80", {"5100": "80", "2000": "-80"})


@pytest.mark.parametrize(
    ("tax", "says"),
    [
        (TAX.format("VAT", ""), "Invalid"),
        (TAX.format("BARE", "<TRX_TAX>1</TRX_TAX>"), "has no account to post to"),
        (TAX.format("GST", "<TRX_TAX>much</TRX_TAX>"), "Illegal format"),
        ("<TAXENTRY><TRX_TAX>1</TRX_TAX></TAXENTRY>", "DETAILID is required"),
    ],
)
def test_a_wrong_tax_is_refused(books: Gateway, tax: str, says: str) -> None:
    assert says in create(books, bill_of(taxed(tax))).errors[0][1]
    assert books.stored("APBILL") == books.stored("GLDETAIL") == []


def test_the_tax_of_a_purchasing_line_is_in_the_total_and_in_the_cost(intacct: Gateway) -> None:
    # a purchasing line has no account for its tax: the tax is part of what the thing cost
    supplies(intacct)
    line, more = po_line(tax="3"), po_line(tax="3", overridetaxamount="1.5")
    row = purchase(intacct, line, more, transactiontype="Vendor Invoice", documentno="1")
    assert (row["SUBTOTAL"], row["TOTAL"], row["TRX_TOTAL"]) == ("85", "89.5", "89.5")
    assert (stored(intacct)["TOTALDUE"], ledger(intacct)) == ("89.5", {"5100": "89.5", "2000": "-89.5"})
    change_line(intacct, "Vendor Invoice-1", 2, "<price>5</price>")  # no element of the change is about its tax
    assert stored(intacct)["TOTALDUE"] == "97"
