"""Invoices, adjustments, advances and payments on both sides (intacct-xml §3D)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import bill, bill_of, create, number_in, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query

DAY = "<{0}><year>2026</year><month>{1}</month><day>{2}</day></{0}>"
HEAD = "<customerid>C-1</customerid>" + DAY.format("datecreated", "03", "10")


def line(amount: str = "100.00", account: str = "4000", location: str = "100", extra: str = "") -> str:
    place = f"<locationid>{location}</locationid>" if location else ""
    return f"<lineitem><glaccountno>{account}</glaccountno><amount>{amount}</amount>{place}{extra}</lineitem>"


def invoice_of(*lines: str, term: str = "Net 30", middle: str = "") -> str:
    due = f"<termname>{term}</termname>" if term else ""
    return f"<create_invoice>{HEAD}{due}{middle}<invoiceitems>{''.join(lines or (line(),))}</invoiceitems></create_invoice>"


def key_in(reply: Reply) -> str:
    assert reply.status == "success", reply.response.text
    return reply.result.findtext("key") or ""


def invoice(intacct: Gateway, *lines: str, **more: str) -> str:
    return key_in(intacct.call(invoice_of(*lines, **more)))


def payment(detail: str, extra: str = "<FINANCIALENTITY>OPERATING</FINANCIALENTITY>", customer: str = "C-1") -> str:
    head = f"<PAYMENTMETHOD>EFT</PAYMENTMETHOD><CUSTOMERID>{customer}</CUSTOMERID><RECEIPTDATE>03/20/2026</RECEIPTDATE>"
    lines = f"<ARPYMTDETAILS><ARPYMTDETAIL>{detail}</ARPYMTDETAIL></ARPYMTDETAILS>"
    return f"<ARPYMT>{extra}{head}<CURRENCY>USD</CURRENCY>{lines}</ARPYMT>"


def bill_payment(detail: str, extra: str = "") -> str:
    head = "<VENDORID>V-1</VENDORID><PAYMENTDATE>03/20/2026</PAYMENTDATE><CURRENCY>USD</CURRENCY>"
    lines = f"<APPYMTDETAILS><APPYMTDETAIL>{detail}</APPYMTDETAIL></APPYMTDETAILS>"
    return f"<APPYMT><FINANCIALENTITY>OPERATING</FINANCIALENTITY>{head}{extra}{lines}</APPYMT>"


def paid(key: str, amount: str) -> str:
    return f"<RECORDKEY>{key}</RECORDKEY><TRX_PAYMENTAMOUNT>{amount}</TRX_PAYMENTAMOUNT>"


def stored(intacct: Gateway, kind: str, number: str) -> dict[str, str]:
    return next(row for row in intacct.stored(kind) if row["RECORDNO"] == number)


def balance(intacct: Gateway) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in intacct.stored("GLDETAIL"):
        found[row["ACCOUNTNO"]] = round(found.get(row["ACCOUNTNO"], 0.0) + float(row["AMOUNT"]), 2)
    return {account: amount for account, amount in found.items() if amount}


@pytest.fixture
def books(intacct: Gateway) -> Gateway:
    intacct.customer("C-1")
    intacct.customer("C-2", contact="<PRINTAS>Other</PRINTAS><CONTACTNAME>Other</CONTACTNAME>")
    return intacct


def test_a_legacy_create_answers_with_a_key(books: Gateway) -> None:
    # §2.11: <key>
    reply = books.call(invoice_of())
    assert [child.tag for child in reply.result] == ["status", "function", "controlid", "key"]
    row = stored(books, "ARINVOICE", key_in(reply))
    assert (row["WHENCREATED"], row["WHENDUE"], row["TOTALDUE"], row["STATE"]) == ("03/10/2026", "04/09/2026", "100", "Posted")
    assert (row["CUSTOMERNAME"], row["MODULEKEY"], row["BILLTOPAYTOCONTACTNAME"]) == ("Harrow Dental", "4.AR", "Harrow Dental(CC-1)")
    assert balance(books) == {"4000": -100, "1100": 100}
    assert books.stored("CUSTOMER")[0]["TOTALDUE"] == "100"


@pytest.mark.parametrize(
    ("term", "due"), [("Net 15", "03/25/2026"), ("Due on Receipt", "03/10/2026"), ("10th of next month", "04/10/2026")]
)
def test_a_term_says_when_an_invoice_is_due(books: Gateway, term: str, due: str) -> None:
    # §3D create_invoice: datedue(c), termname(c)
    assert stored(books, "ARINVOICE", invoice(books, term=term))["WHENDUE"] == due


def test_an_invoice_cannot_be_created_or_updated_by_the_generic_functions(books: Gateway) -> None:
    # §3D ARINVOICE: generic read and delete only
    assert create(books, "<ARINVOICE><CUSTOMERID>C-1</CUSTOMERID></ARINVOICE>").errors[0][0] == "PL04000005"
    assert books.call("<update><ARINVOICE><RECORDNO>1</RECORDNO></ARINVOICE></update>").errors[0][0] == "PL04000005"
    number = invoice(books)
    assert books.call(f"<delete><object>ARINVOICE</object><keys>{number}</keys></delete>").status == "success"
    assert books.stored("ARINVOICEITEM") == books.stored("GLDETAIL") == []


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (invoice_of(term=""), "WHENDUE is required"),
        (invoice_of(term="Net 7"), "Invalid Term 'Net 7' specified."),
        (invoice_of().replace("C-1", "C-9"), "Customer 'C-9' specified is not valid."),
        (invoice_of(line(account="9999")), "Account 9999 is not valid"),
        (invoice_of(line(location="")), "LOCATIONID is required"),
        (invoice_of(line(location="NOPE")), "The location 'NOPE' is invalid."),
        (invoice_of(line(amount="1,000")), "not a plain number"),
        (invoice_of(middle="<action>Post</action>"), "ACTION"),
        (invoice_of(middle="<supdocid>ATT-9</supdocid>"), "ATT-9"),
        (invoice_of().replace("<month>03</month><day>10</day>", "<month>02</month><day>30</day>"), "not a day that exists"),
    ],
)
def test_an_invoice_that_breaks_a_rule_is_refused(books: Gateway, sent: str, text: str) -> None:
    # §3D create_invoice, §5.2
    assert text in books.call(sent).errors[0][1]
    assert books.stored("ARINVOICE") == books.stored("ARINVOICEITEM") == []


def test_lines_of_an_invoice_are_queried_on_their_own(books: Gateway) -> None:
    # §2.7
    number = invoice(books, line("10"), line("20"))
    rows = books.call(query("ARINVOICEITEM", "AMOUNT", "LINE_NO", "ARINVOICE.CUSTOMERID", order="LINE_NO")).rows
    assert [(row["AMOUNT"], row["LINE_NO"], row["ARINVOICE.CUSTOMERID"]) for row in rows] == [("10", "0", "C-1"), ("20", "1", "C-1")]
    assert number


def test_line_num_counts_from_one_and_untouched_lines_stay(books: Gateway) -> None:
    # §2.11: line_num counts from 1; §3D update_invoice@key
    number = invoice(books, line("10"), line("20"))
    change = f'<updateinvoiceitems><updatelineitem line_num="2"><amount>25</amount></updatelineitem>{line("5")}</updateinvoiceitems>'
    reply = books.call(f'<update_invoice key="{number}"><description>Changed</description>{change}</update_invoice>')
    assert [child.tag for child in reply.result] == ["status", "function", "controlid"]
    assert sorted(row["TRX_AMOUNT"] for row in books.stored("ARINVOICEITEM")) == ["10", "25", "5"]
    assert (stored(books, "ARINVOICE", number)["TOTALDUE"], stored(books, "ARINVOICE", number)["DESCRIPTION"]) == ("40", "Changed")
    wrong = '<updateinvoiceitems><updatelineitem line_num="9"><amount>1</amount></updatelineitem></updateinvoiceitems>'
    assert "no line 9" in books.call(f'<update_invoice key="{number}">{wrong}</update_invoice>').errors[0][1]
    assert "Cannot find" in books.call('<update_invoice key="77"><description>x</description></update_invoice>').errors[0][1]


def test_a_draft_invoice_is_not_in_the_books(books: Gateway) -> None:
    number = invoice(books, middle="<action>Draft</action>")
    assert stored(books, "ARINVOICE", number)["STATE"] == "Draft"
    assert balance(books) == {}
    books.call(f'<update_invoice key="{number}"><action>Submit</action></update_invoice>')
    assert balance(books) == {"4000": -100, "1100": 100}


def test_nogl_keeps_an_invoice_out_of_the_ledger(books: Gateway) -> None:
    # §3D create_invoice: nogl
    assert stored(books, "ARINVOICE", invoice(books, middle="<nogl>true</nogl>"))["TOTALDUE"] == "100"
    assert balance(books) == {}


def test_a_payment_settles_an_invoice_part_by_part(books: Gateway) -> None:
    # §3.0: Posted, Partially Paid, Paid keep the code A
    number = invoice(books)
    create(books, payment(paid(number, "40")))
    row = stored(books, "ARINVOICE", number)
    assert (row["STATE"], row["RAWSTATE"], row["TOTALPAID"], row["TOTALDUE"], row["WHENPAID"]) == ("Partially Paid", "A", "40", "60", "")
    create(books, payment(paid(number, "60")))
    row = stored(books, "ARINVOICE", number)
    assert (row["STATE"], row["TOTALDUE"], row["WHENPAID"]) == ("Paid", "0", "03/20/2026")
    assert balance(books) == {"4000": -100, "1000": 100}


@pytest.mark.parametrize(
    ("detail", "extra", "text"),
    [
        (paid("{n}", "100.01"), None, "exceeds total amount due (100)"),
        (paid("77", "1"), None, "Oops, we can't find this transaction; enter a valid"),
        (paid("{n}", "0"), None, "Enter a valid payment amount"),
        (paid("{n}", "-5"), None, "Enter a valid payment amount"),
        ("<TRX_PAYMENTAMOUNT>1</TRX_PAYMENTAMOUNT>", None, "Oops"),
        (paid("{n}", "1"), "", "FINANCIALENTITY, UNDEPOSITEDACCOUNTNO or PRBATCH"),
        (paid("{n}", "1"), "<FINANCIALENTITY>NONE</FINANCIALENTITY>", "NONE"),
    ],
)
def test_a_payment_that_breaks_a_rule_is_refused(books: Gateway, detail: str, extra: str | None, text: str) -> None:
    # §3D APPYMT, §5.2 payment texts
    number = invoice(books)
    sent = payment(detail.replace("{n}", number)) if extra is None else payment(detail.replace("{n}", number), extra)
    assert text in create(books, sent).errors[0][1]
    assert books.stored("ARPYMT") == []
    assert stored(books, "ARINVOICE", number)["TOTALDUE"] == "100"


def test_a_payment_settles_only_what_the_customer_owes(books: Gateway) -> None:
    number = invoice(books)
    assert "Oops" in create(books, payment(paid(number, "1"), customer="C-2")).errors[0][1]
    draft = invoice(books, middle="<action>Draft</action>")
    assert "Oops" in create(books, payment(paid(draft, "1"))).errors[0][1]


def test_a_paid_invoice_is_neither_changed_nor_deleted_nor_reversed(books: Gateway) -> None:
    number = invoice(books)
    create(books, payment(paid(number, "100")))
    items = '<updateinvoiceitems><updatelineitem line_num="1"><amount>1</amount></updatelineitem></updateinvoiceitems>'
    for sent in (
        f'<update_invoice key="{number}">{items}</update_invoice>',
        f'<delete_invoice key="{number}"/>',
        f'<reverse_invoice key="{number}">{DAY.format("datereversed", "03", "30")}</reverse_invoice>',
    ):
        assert "has payments" in books.call(sent).errors[0][1]
    assert books.call(f'<update_invoice key="{number}"><description>Note</description></update_invoice>').status == "success"


def test_a_reversed_payment_makes_the_invoice_due_again(books: Gateway) -> None:
    # §2.9 reverse_*; §3.0 Voided
    number = invoice(books)
    receipt = number_in(create(books, payment(paid(number, "100"))))
    assert "reverse it instead" in books.call(f"<delete><object>ARPYMT</object><keys>{receipt}</keys></delete>").errors[0][1]
    assert (
        books.call(f'<reverse_arpayment key="{receipt}">{DAY.format("datereversed", "03", "30")}</reverse_arpayment>').status == "success"
    )
    assert stored(books, "ARPYMT", receipt)["STATE"] == "Voided"
    assert (stored(books, "ARINVOICE", number)["STATE"], stored(books, "ARINVOICE", number)["TOTALDUE"]) == ("Posted", "100")
    assert balance(books) == {"4000": -100, "1100": 100}
    again = books.call(f'<reverse_arpayment key="{receipt}">{DAY.format("datereversed", "03", "30")}</reverse_arpayment>')
    assert "voided" in again.errors[0][1]


def test_a_reversed_invoice_leaves_both_entries_in_the_books(books: Gateway) -> None:
    # §2.9 reverse_invoice: @key, datereversed
    number = invoice(books)
    sent = f'<reverse_invoice key="{number}">{DAY.format("datereversed", "04", "01")}<description>Wrong</description></reverse_invoice>'
    assert books.call(sent).status == "success"
    row = stored(books, "ARINVOICE", number)
    assert (row["STATE"], row["RAWSTATE"], row["TOTALDUE"], row["TOTALENTERED"]) == ("Reversed", "V", "0", "100")
    assert balance(books) == {}
    assert sorted({each["BATCH_DATE"] for each in books.stored("GLDETAIL")}) == ["03/10/2026", "04/01/2026"]
    assert "reversed" in books.call(sent).errors[0][1]
    assert "reversed" in books.call(f'<update_invoice key="{number}"><description>x</description></update_invoice>').errors[0][1]


@pytest.mark.parametrize("closed", [{"": "2026-04-30"}, {"100": "13/01/2026"}, {"": 5}])
def test_a_last_closed_day_that_is_no_day_is_refused(books: Gateway, closed: dict[str, object]) -> None:
    answer = books.http.put("/_sandbox/settings", json={"books_closed": closed})
    assert answer.status_code == 400
    assert "last closed day" in answer.json()["error"]


def test_nothing_is_reversed_into_a_closed_period(books: Gateway) -> None:
    # §5.2: Periods are closed
    number = invoice(books)
    books.set(books_closed={"100": "04/30/2026"})
    sent = f'<reverse_invoice key="{number}">{DAY.format("datereversed", "04", "01")}</reverse_invoice>'
    assert "Periods are closed" in books.call(sent).errors[0][1]


def test_a_receipt_pays_one_invoice_and_keeps_the_rest_for_others(books: Gateway) -> None:
    # §3D create_arpayment, apply_arpayment
    first, second = invoice(books), invoice(books)
    item = f"<arpaymentitem><invoicekey>{first}</invoicekey><amount>100</amount></arpaymentitem>"
    head = "<customerid>C-1</customerid><paymentamount>150</paymentamount><bankaccountid>OPERATING</bankaccountid>"
    when = DAY.format("datereceived", "03", "20") + "<paymentmethod>EFT</paymentmethod>"
    receipt = key_in(books.call(f"<create_arpayment>{head}{when}{item}</create_arpayment>"))
    assert (stored(books, "ARPYMT", receipt)["TOTALENTERED"], stored(books, "ARPYMT", receipt)["TOTALDUE"]) == ("150", "50")

    def apply(amount: str) -> Reply:
        items = (
            f"<arpaymentitems><arpaymentitem><invoicekey>{second}</invoicekey><amount>{amount}</amount></arpaymentitem></arpaymentitems>"
        )
        date = DAY.format("paymentdate", "03", "25")
        return books.call(f"<apply_arpayment><arpaymentkey>{receipt}</arpaymentkey>{date}{items}</apply_arpayment>")

    assert "exceeds total amount due (50)" in apply("60").errors[0][1]
    assert apply("50").status == "success"
    assert stored(books, "ARINVOICE", second)["TOTALDUE"] == "50"
    assert stored(books, "ARPYMT", receipt)["TOTALDUE"] == "0"
    assert balance(books) == {"4000": -200, "1000": 150, "1100": 50}


def test_a_receipt_may_pay_nothing_yet(books: Gateway) -> None:
    head = "<customerid>C-1</customerid><paymentamount>80</paymentamount><undepfundsacct>1050</undepfundsacct>"
    key_in(books.call(f"<create_arpayment>{head}</create_arpayment>"))
    assert balance(books) == {"1050": 80, "1100": -80}
    bare = payment("").replace("<ARPYMTDETAIL></ARPYMTDETAIL>", "")
    assert "ARPYMTDETAILS is required" in create(books, bare).errors[0][1]


def test_an_advance_is_money_until_it_is_applied(books: Gateway) -> None:
    # intacct-objects ARADVANCE, ARPYMTDETAIL ADVANCEKEY
    items = "<ARADVANCEITEM><ACCOUNTNO>2100</ACCOUNTNO><TRX_AMOUNT>70</TRX_AMOUNT><LOCATIONID>100</LOCATIONID></ARADVANCEITEM>"
    head = "<CUSTOMERID>C-1</CUSTOMERID><PAYMENTMETHOD>Cash</PAYMENTMETHOD><FINANCIALENTITY>OPERATING</FINANCIALENTITY>"
    dates = "<PAYMENTDATE>03/01/2026</PAYMENTDATE><RECEIPTDATE>03/01/2026</RECEIPTDATE>"
    advance = number_in(create(books, f"<ARADVANCE>{head}{dates}<ARADVANCEITEMS>{items}</ARADVANCEITEMS></ARADVANCE>"))
    assert balance(books) == {"2100": -70, "1000": 70}
    number = invoice(books)
    credit = f"<ADVANCEKEY>{advance}</ADVANCEKEY><TRX_POSTEDADVANCEAMOUNT>{{}}</TRX_POSTEDADVANCEAMOUNT>"
    assert "exceeds" in create(books, payment(paid(number, "10") + credit.format("71"))).errors[0][1]
    number_in(create(books, payment(paid(number, "30") + credit.format("70"))))
    assert (stored(books, "ARINVOICE", number)["STATE"], stored(books, "ARADVANCE", advance)["STATE"]) == ("Paid", "Paid")
    assert books.call(f"<delete><object>ARADVANCE</object><keys>{advance}</keys></delete>").errors[0][0] == "PL04000005"


def test_a_negative_adjustment_is_a_credit(books: Gateway) -> None:
    # intacct-objects create_aradjustment, ARPYMTDETAIL ADJUSTMENTKEY
    items = f"<aradjustmentitems>{line('-30')}</aradjustmentitems>"
    adjustment = key_in(books.call(f"<create_aradjustment>{HEAD}<adjustmentno>ADJ-1</adjustmentno>{items}</create_aradjustment>"))
    assert stored(books, "ARADJUSTMENT", adjustment)["TOTALDUE"] == "-30"
    number = invoice(books)
    assert books.stored("CUSTOMER")[0]["TOTALDUE"] == "70"
    applied = f"<ADJUSTMENTKEY>{adjustment}</ADJUSTMENTKEY><TRX_ADJUSTMENTAMOUNT>30</TRX_ADJUSTMENTAMOUNT>"
    number_in(create(books, payment(paid(number, "70") + applied)))
    assert (stored(books, "ARINVOICE", number)["TOTALDUE"], stored(books, "ARADJUSTMENT", adjustment)["TOTALDUE"]) == ("0", "0")
    assert books.stored("CUSTOMER")[0]["TOTALDUE"] == "0"
    change = '<updatearadjustmentitems><updatelineitem line_num="1"><amount>-5</amount></updatelineitem></updatearadjustmentitems>'
    assert "has payments" in books.call(f'<update_aradjustment key="{adjustment}">{change}</update_aradjustment>').errors[0][1]
    assert "has payments" in books.call(f'<delete_aradjustment key="{adjustment}"/>').errors[0][1]


def test_bills_are_paid_and_payments_reversed_like_invoices(books: Gateway) -> None:
    # §3D APPYMT: RECORDKEY is the bill
    vendor(books)
    number = bill(books)
    sent = number_in(create(books, bill_payment(paid(number, "100"))))
    (row,) = books.call(query("APBILL", "STATE", "TOTALDUE", "WHENPAID")).rows
    assert row == {"STATE": "Paid", "TOTALDUE": "0", "WHENPAID": "03/20/2026"}
    assert balance(books) == {"5100": 100, "1000": -100}
    lines = f"<APPYMTDETAILS><APPYMTDETAIL>{paid(number, '1')}</APPYMTDETAIL></APPYMTDETAILS>"
    change = books.call(f"<update><APPYMT><RECORDNO>{sent}</RECORDNO>{lines}</APPYMT></update>")
    assert "is posted and cannot be changed" in change.errors[0][1]
    assert books.call(f'<reverse_appayment key="{sent}">{DAY.format("datereversed", "03", "30")}</reverse_appayment>').status == "success"
    assert books.call(query("APBILL", "STATE")).rows == [{"STATE": "Posted"}]
    (detail,) = books.call(query("APPYMTDETAIL", "RECORDKEY", "PAYMENTAMOUNT", "STATE", "APPYMT.VENDORID")).rows
    assert detail == {"RECORDKEY": number, "PAYMENTAMOUNT": "100", "STATE": "Voided", "APPYMT.VENDORID": "V-1"}


def test_a_draft_payment_settles_nothing_until_it_is_submitted(books: Gateway) -> None:
    # §3D APPYMT ACTION
    vendor(books)
    number = bill(books)
    draft = number_in(create(books, bill_payment(paid(number, "100"), "<ACTION>Draft</ACTION>")))
    assert books.call(query("APBILL", "TOTALDUE")).rows == [{"TOTALDUE": "100"}]
    update = f"<update><APPYMT><RECORDNO>{draft}</RECORDNO><ACTION>Submit</ACTION>{{}}</APPYMT></update>"
    assert "APPYMTDETAILS is required" in books.call(update.format("")).errors[0][1]
    lines = f"<APPYMTDETAILS><APPYMTDETAIL>{paid(number, '60')}</APPYMTDETAIL></APPYMTDETAILS>"
    assert books.call(update.format(lines)).status == "success"
    assert books.call(query("APBILL", "STATE", "TOTALDUE")).rows == [{"STATE": "Partially Paid", "TOTALDUE": "40"}]


def step(books: Gateway, name: str, *numbers: str) -> Reply:
    keys = "".join(f"<appaymentkey>{number}</appaymentkey>" for number in numbers)
    return books.call(f"<{name}_appaymentrequest><appaymentkeys>{keys}</appaymentkeys></{name}_appaymentrequest>")


def test_a_payment_that_needs_approval_settles_nothing_before_it_is_confirmed(books: Gateway) -> None:
    # objects table approve_appaymentrequest and its kin
    books.set(approvals=["APPYMT"])
    vendor(books)
    number = bill(books)
    sent = number_in(create(books, bill_payment(paid(number, "60"))))
    for name, state, due in (("approve", "Approved", "100"), ("confirm", "Posted", "40"), ("void", "Voided", "100")):
        assert step(books, name, sent).status == "success"
        assert books.call(query("APPYMT", "STATE")).rows == [{"STATE": state}]
        assert books.call(query("APBILL", "TOTALDUE")).rows == [{"TOTALDUE": due}]
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "100"
    assert "is voided: it cannot be approved" in step(books, "approve", sent).errors[0][1]


def test_several_payments_go_a_step_further_together_or_not_at_all(books: Gateway) -> None:
    books.set(approvals=["APPYMT"])
    vendor(books)
    number = bill(books)
    first, second = (number_in(create(books, bill_payment(paid(number, "60")))) for _ in range(2))
    assert step(books, "approve", first, second).status == "success"
    # together they are more than the bill
    assert "exceeds total amount due" in step(books, "send", first, second).errors[0][1]
    assert [row["STATE"] for row in books.call(query("APPYMT", "STATE")).rows] == ["Approved", "Approved"]
    assert step(books, "send", first).status == "success"
    assert step(books, "decline", second).status == "success"
    assert step(books, "send", "99").errors


def test_a_credit_from_a_vendor_is_applied_to_a_bill(books: Gateway) -> None:
    # intacct-objects create_apadjustment, APPYMTDETAIL ADJUSTMENTKEY
    vendor(books)
    items = f"<apadjustmentitems>{line('-25', account='5100')}</apadjustmentitems>"
    head = "<vendorid>V-1</vendorid>" + DAY.format("datecreated", "03", "05")
    adjustment = key_in(books.call(f"<create_apadjustment>{head}{items}</create_apadjustment>"))
    number = bill(books)
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "75"
    detail = paid(number, "75") + f"<ADJUSTMENTKEY>{adjustment}</ADJUSTMENTKEY><TRX_ADJUSTMENTAMOUNT>25</TRX_ADJUSTMENTAMOUNT>"
    number_in(create(books, bill_payment(detail)))
    assert books.stored("VENDOR")[0]["TOTALDUE"] == "0"
    assert balance(books) == {"5100": 75, "1000": -75}


def test_a_transaction_over_bill_and_payment_is_undone_as_one(books: Gateway) -> None:
    # §1.7
    vendor(books)
    number = bill(books)
    pay = f"<create>{bill_payment(paid(number, '100'))}</create>"
    books.call(pay, f"<create>{bill_of(vendor='V-9', number='B-2')}</create>", transaction="true")
    assert books.call(query("APBILL", "TOTALDUE")).rows == [{"TOTALDUE": "100"}]
    assert books.stored("APPYMT") == books.stored("APPYMTDETAIL") == []


def deposit(books: Gateway, *numbers: str, day: str = "25") -> Reply:
    receipts = "".join(f"<receiptkey>{number}</receiptkey>" for number in numbers)
    head = f"<bankaccountid>OPERATING</bankaccountid>{DAY.format('depositdate', '03', day)}<depositid>D-1</depositid>"
    return books.call(f"<record_deposit>{head}<receiptkeys>{receipts}</receiptkeys></record_deposit>")


def test_a_deposit_brings_receipts_from_undeposited_funds_to_the_bank(books: Gateway) -> None:
    # objects table record_deposit
    number = invoice(books)
    held = number_in(create(books, payment(paid(number, "40"), "<UNDEPOSITEDACCOUNTNO>1050</UNDEPOSITEDACCOUNTNO>")))
    banked = number_in(create(books, payment(paid(number, "10"))))
    before = balance(books)
    made = key_in(deposit(books, held))
    after = balance(books)
    assert (before["1050"], after.get("1050", 0)) == (40, 0)
    assert after["1000"] - before["1000"] == 40
    (line,) = books.call(query("DEPOSITENTRY", "DEPOSITKEY", "ACCOUNTNO", "AMOUNT", "DEPOSIT.RECORDID")).rows
    assert line == {"DEPOSITKEY": made, "ACCOUNTNO": "1050", "AMOUNT": "40", "DEPOSIT.RECORDID": "D-1"}
    for again in (held, banked, "99"):
        assert deposit(books, again).errors
    assert len(books.stored("DEPOSIT")) == 1
    voided = books.call(f'<reverse_arpayment key="{held}">{DAY.format("datereversed", "03", "30")}</reverse_arpayment>')
    assert "is part of a deposit" in voided.errors[0][1]
