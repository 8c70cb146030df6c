"""What is held back of a document and released later (§3C retainagepercentage; objects table APRETAINAGERELEASE; assumption A-58)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query
from tests.contract.sandbox.intacct.orders import change_line, delete, po_line, purchase, supplies
from tests.contract.sandbox.intacct.projects import create as add
from tests.contract.sandbox.intacct.projects import made, update

INVOICE = "Vendor Invoice-1"


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    """Bill 1 of V-1 over 85, of which 4.25 and 2 are held back."""
    supplies(intacct)
    intacct.project("P-1")
    lines = po_line(retainagepercentage="10", projectid="P-1"), po_line(trx_amountretained="2")
    purchase(intacct, *lines, transactiontype="Vendor Invoice", documentno="1")
    return intacct


def bills(gateway: Gateway) -> dict[str, dict[str, Any]]:
    return {row["RECORDID"]: row for row in gateway.stored("APBILL")}


def lines_of(gateway: Gateway, number: str) -> list[dict[str, Any]]:
    rows = [row for row in gateway.stored("APBILLITEM") if row["RECORDKEY"] == bills(gateway)[number]["RECORDNO"]]
    return sorted(rows, key=lambda row: int(row["LINE_NO"]))


def entry(gateway: Gateway, amount: str, line: int = 0, **more: str) -> tuple[str, dict[str, str]]:
    keys = {"RETAINAGEBILLKEY": bills(gateway)["1"]["RECORDNO"], "RETAINAGEBILLITEMKEY": lines_of(gateway, "1")[line]["RECORDNO"]}
    return "APRETAINAGERELEASEENTRY", {**keys, "TRX_AMOUNTRELEASED": amount, **more}


def release(gateway: Gateway, *entries: tuple[str, dict[str, str]], state: str = "Released", **more: str) -> Reply:
    head = {"DESCRIPTION": "Roof is tight", "RELEASEDATE": "05/01/2026", "STATE": state, **more}
    return add(gateway, "APRETAINAGERELEASE", **head, APRETAINAGERELEASEENTRIES=list(entries))


def pay(gateway: Gateway, number: str, amount: str) -> Reply:
    detail = f"<RECORDKEY>{bills(gateway)[number]['RECORDNO']}</RECORDKEY><TRX_PAYMENTAMOUNT>{amount}</TRX_PAYMENTAMOUNT>"
    head = "<FINANCIALENTITY>OPERATING</FINANCIALENTITY><PAYMENTMETHOD>EFT</PAYMENTMETHOD><VENDORID>V-1</VENDORID>"
    date = "<PAYMENTDATE>06/20/2026</PAYMENTDATE><CURRENCY>USD</CURRENCY>"
    details = f"<APPYMTDETAILS><APPYMTDETAIL>{detail}</APPYMTDETAIL></APPYMTDETAILS>"
    return gateway.call(f"<create><APPYMT>{head}{date}{details}</APPYMT></create>")


def ledger(gateway: Gateway) -> dict[str, str]:
    rows = gateway.call("<query><object>GLDETAIL</object><select><field>ACCOUNTNO</field><sum>AMOUNT</sum></select></query>").rows
    return {row["ACCOUNTNO"]: row["SUM.AMOUNT"] for row in rows}


def test_what_is_held_back_is_not_due_and_stands_in_an_account_of_its_own(books: Gateway) -> None:
    bill = bills(books)["1"]
    assert (bill["TOTALENTERED"], bill["TOTALDUE"], bill["TRX_TOTALDUE"]) == ("85", "78.75", "78.75")
    assert [(row["RETAINAGEPERCENTAGE"], row["TRX_AMOUNTRETAINED"]) for row in lines_of(books, "1")] == [("10", "4.25"), ("", "2")]
    assert ledger(books) == {"5100": "85", "2000": "-78.75", "2050": "-6.25"}
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "78.75"
    assert "exceeds" in pay(books, "1", "80").errors[0][1]
    assert pay(books, "1", "78.75").status == "success"
    assert (bills(books)["1"]["STATE"], bills(books)["1"]["TOTALDUE"]) == ("Paid", "0")


def test_a_release_makes_a_bill_for_what_it_releases(books: Gateway) -> None:
    made(release(books, entry(books, "3"), entry(books, "2", line=1)))
    first, second = bills(books)["1"], bills(books)["1-R1"]
    assert (first["TRX_TOTALRELEASED"], first["TRX_TOTALRETAINED"], first["TOTALDUE"]) == ("5", "6.25", "78.75")
    assert (second["TOTALDUE"], second["VENDORID"], second["WHENCREATED"], second["DESCRIPTION"]) == (
        *("5", "V-1", "05/01/2026"),
        "Roof is tight",
    )
    assert [(row["ACCOUNTNO"], row["PROJECTID"], row["TRX_AMOUNT"]) for row in lines_of(books, "1-R1")] == [
        ("2050", "P-1", "3"),
        ("2050", "", "2"),
    ]
    assert ledger(books) == {"5100": "85", "2000": "-83.75", "2050": "-1.25"}
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "83.75"
    rows = books.call(query("APRETAINAGERELEASEENTRY", "TRX_AMOUNTRELEASED", "RETAINAGEBILLKEY", "APBILL.RECORDID", order="RECORDNO")).rows
    assert [row["APBILL.RECORDID"] for row in rows] == ["1", "1"]


@pytest.mark.parametrize(("amount", "left"), [("4.26", "4.25"), ("0", "4.25"), ("-1", "4.25")])
def test_no_more_than_is_held_back_can_be_released(books: Gateway, amount: str, left: str) -> None:
    assert f"cannot be released of AP Bill '1': {left} is held back." in release(books, entry(books, amount)).errors[0][1]
    assert (books.stored("APRETAINAGERELEASE"), list(bills(books))) == ([], ["1"])


def test_what_was_released_once_is_not_released_again(books: Gateway) -> None:
    made(release(books, entry(books, "3")))
    assert "1.25 is held back" in release(books, entry(books, "1.26")).errors[0][1]
    made(release(books, entry(books, "1.25")))
    assert sorted(bills(books)) == ["1", "1-R1", "1-R2"]


def test_a_line_of_another_bill_is_refused(books: Gateway) -> None:
    books.call("<create>" + "<APBILL><VENDORID>V-1</VENDORID><RECORDID>2</RECORDID><WHENCREATED>03/10/2026</WHENCREATED>"
               "<WHENDUE>04/09/2026</WHENDUE><APBILLITEMS><APBILLITEM><ACCOUNTNO>5100</ACCOUNTNO><TRX_AMOUNT>9</TRX_AMOUNT>"
               "<LOCATIONID>100</LOCATIONID></APBILLITEM></APBILLITEMS></APBILL></create>")  # fmt: skip
    reply = release(books, entry(books, "1", RETAINAGEBILLKEY=bills(books)["2"]["RECORDNO"]))
    assert "has no line" in reply.errors[0][1]


def test_a_draft_releases_nothing_until_it_is_released(books: Gateway) -> None:
    number = made(release(books, entry(books, "3"), state="Draft"))
    assert list(bills(books)) == ["1"]
    entries = [entry(books, "4")]
    assert update(books, "APRETAINAGERELEASE", RECORDNO=number, STATE="Released", APRETAINAGERELEASEENTRIES=entries).status == "success"
    assert bills(books)["1-R1"]["TOTALDUE"] == "4"
    reply = update(books, "APRETAINAGERELEASE", RECORDNO=number, RELEASEDATE="05/02/2026")
    assert "is released and cannot be changed" in reply.errors[0][1]


def test_a_release_is_undone_unless_its_bill_is_paid(books: Gateway) -> None:
    first, second = (made(release(books, entry(books, amount))) for amount in ("3", "1"))
    pay(books, "1-R1", "3")
    call = "<delete><object>APRETAINAGERELEASE</object><keys>{}</keys></delete>"
    assert "has payments" in books.call(call.format(first)).errors[0][1]
    assert books.call(call.format(second)).status == "success"
    assert (sorted(bills(books)), bills(books)["1"]["TRX_TOTALRELEASED"]) == (["1", "1-R1"], "3")


def test_a_bill_that_was_released_from_stays(books: Gateway) -> None:
    made(release(books, entry(books, "3")))
    for reply in (change_line(books, INVOICE, 1, "<price>5</price>"), delete(books, INVOICE)):
        assert "cannot be deleted because AP Retainage Release Entry" in reply.errors[0][1]


def test_closed_periods_hold_for_releases(books: Gateway) -> None:
    books.set(books_closed={"": "05/31/2026"})
    assert "Periods are closed" in release(books, entry(books, "3")).errors[0][1]
    made(release(books, entry(books, "3"), GLPOSTINGDATE="06/01/2026"))
    assert bills(books)["1-R1"]["WHENPOSTED"] == "06/01/2026"


def test_where_all_is_due_at_once_a_release_only_says_so(intacct: Gateway) -> None:
    intacct.set(retainage_due="at once")
    supplies(intacct)
    purchase(intacct, po_line(retainagepercentage="10"), transactiontype="Vendor Invoice", documentno="1")
    assert (bills(intacct)["1"]["TOTALDUE"], ledger(intacct)) == ("42.5", {"5100": "42.5", "2000": "-42.5"})
    made(release(intacct, entry(intacct, "4.25")))
    assert (list(bills(intacct)), bills(intacct)["1"]["TRX_TOTALRELEASED"], bills(intacct)["1"]["TOTALDUE"]) == (["1"], "4.25", "42.5")
