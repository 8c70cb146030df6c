"""The vendor's Node SDK on bills, invoices, adjustments, payments and journal entries (intacct-xml §3D, §9.1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

NUMBERS = count(1)
WHEN = day("2026-03-10")


@pytest.fixture
def vendor(sdk: NodeSdk) -> str:
    """A vendor nobody else has."""
    number = f"V-{next(NUMBERS)}"
    sdk.run("AccountsPayable.VendorCreate", vendorId=number, vendorName="Pipe Supply", printAs="Pipe Supply", paymentTerm="Net 30")
    return number


@pytest.fixture
def customer(sdk: NodeSdk) -> str:
    """A customer nobody else has."""
    number = f"C-{next(NUMBERS)}"
    sdk.run("AccountsReceivable.CustomerCreate", customerId=number, customerName="Birch", printAs="Birch", paymentTerm="Net 30")
    return number


def line(name: str, amount: float, account: str, **values: Any) -> dict[str, Any]:
    return made(name, **{"glAccountNumber": account, "transactionAmount": amount, "locationId": "100", **values})


def bill(sdk: NodeSdk, vendor: str, *amounts: float, **values: Any) -> str:
    lines = [line("AccountsPayable.BillLineCreate", amount, "5100", memo="Pipe") for amount in amounts or (100,)]
    return sdk.number(
        "AccountsPayable.BillCreate", **{"vendorId": vendor, "transactionDate": WHEN, "paymentTerm": "Net 30", "lines": lines, **values}
    )


def invoice(sdk: NodeSdk, customer: str, *amounts: float, **values: Any) -> str:
    lines = [line("AccountsReceivable.InvoiceLineCreate", amount, "4000", memo="Work") for amount in amounts or (80,)]
    told = {"customerId": customer, "transactionDate": WHEN, "dueDate": day("2026-04-09"), "lines": lines}
    return sdk.number("AccountsReceivable.InvoiceCreate", **{**told, **values})


def due(sdk: NodeSdk, kind: str, number: str) -> tuple[str, str]:
    row = sdk.read(kind, number)
    return row["STATE"], row["TOTALDUE"]


def test_a_bill_is_made_with_what_the_sdk_can_say(sdk: NodeSdk, vendor: str) -> None:
    sdk.run("Projects.ProjectCreate", projectId="BILL", projectName="Job", projectCategory="Contract", locationId="100")
    summary = sdk.number("AccountsPayable.BillSummaryCreate", title="March bills", glPostingDate=WHEN)
    number = sdk.number(
        "AccountsPayable.BillCreate",
        vendorId=vendor,
        transactionDate=WHEN,
        glPostingDate=day("2026-03-12"),
        dueDate=day("2026-04-30"),
        billNumber="B-1",
        referenceNumber="PO-9",
        summaryRecordNo=summary,
        description="Pipe & fittings",
        externalId="ext-1",
        baseCurrency="USD",
        transactionCurrency="USD",
        exchangeRateValue=1,
        lines=[
            line("AccountsPayable.BillLineCreate", 60.25, "5100", memo="Pipe", projectId="BILL", form1099=False),
            line("AccountsPayable.BillLineCreate", 40, "5200", billable=True),
        ],
    )
    row = sdk.read("APBILL", number)
    names = ("RECORDID", "DOCNUMBER", "WHENCREATED", "WHENPOSTED", "WHENDUE", "TOTALENTERED", "STATE", "PRBATCHKEY")
    assert [row[name] for name in names] == ["B-1", "PO-9", "03/10/2026", "03/12/2026", "04/30/2026", "100.25", "Posted", summary]
    lines = row["APBILLITEMS"]["apbillitem"]
    assert [(each["ACCOUNTNO"], each["TRX_AMOUNT"], each["PROJECTID"]) for each in lines] == [("5100", "60.25", "BILL"), ("5200", "40", "")]


def test_a_bill_is_changed_line_by_line_by_number_or_by_external_id(sdk: NodeSdk, vendor: str) -> None:
    number = bill(sdk, vendor, 60, 40, externalId="ext-2")
    first = made("AccountsPayable.BillLineUpdate", lineNo=1, transactionAmount=65)
    added = line("AccountsPayable.BillLineCreate", 5, "5300")
    sdk.run("AccountsPayable.BillUpdate", recordNo=number, description="More", lines=[first, added])
    row = sdk.read("APBILL", number)
    assert [each["TRX_AMOUNT"] for each in row["APBILLITEMS"]["apbillitem"]] == ["65", "40", "5"]
    assert (row["DESCRIPTION"], row["TOTALDUE"]) == ("More", "110")
    sdk.run("AccountsPayable.BillUpdate", externalId="ext-2", billNumber="B-2X")
    assert sdk.read("APBILL", number)["RECORDID"] == "B-2X"
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsPayable.BillUpdate", recordNo=number, lines=[made("AccountsPayable.BillLineUpdate", lineNo=9, memo="x")])
    assert "has no line 9" in refused.value.errors[0]


def test_a_bill_is_deleted_or_reversed(sdk: NodeSdk, vendor: str) -> None:
    first, second = bill(sdk, vendor), bill(sdk, vendor)
    sdk.run("AccountsPayable.BillDelete", recordNo=first)
    sdk.run("AccountsPayable.BillReverse", recordNo=second, reverseDate=day("2026-03-31"), memo="Twice")
    assert sdk.run("Common.Read", objectName="APBILL", keys=[int(first)])["count"] == 0
    assert sdk.read("APBILL", second)["STATE"] == "Reversed"
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsPayable.BillReverse", recordNo=second, reverseDate=day("2026-03-31"))
    assert "cannot be reversed" in refused.value.errors[0]


def test_a_second_bill_of_one_number_is_refused(sdk: NodeSdk, vendor: str) -> None:
    bill(sdk, vendor, billNumber="SAME")
    with pytest.raises(RefusedBySdk) as refused:
        bill(sdk, vendor, billNumber="SAME")
    assert refused.value.errors[0].startswith("BL03002185")


def test_payables_adjustments_are_made_used_and_deleted(sdk: NodeSdk, vendor: str) -> None:
    summary = sdk.number("AccountsPayable.ApAdjustmentSummaryCreate", title="Credits", glPostingDate=WHEN)
    adjustment = {"vendorId": vendor, "transactionDate": WHEN, "adjustmentNumber": "AD-1", "summaryRecordNo": summary}
    credit = line("AccountsPayable.ApAdjustmentLineCreate", -30, "5100", memo="Returned")
    number = sdk.number("AccountsPayable.ApAdjustmentCreate", **adjustment, description="Return", lines=[credit])
    row = sdk.read("APADJUSTMENT", number)
    assert (row["RECORDID"], row["TOTALDUE"], row["PRBATCHKEY"]) == ("AD-1", "-30", summary)
    paid = bill(sdk, vendor, 100)
    info = made("AccountsPayable.ApPaymentDetailBillInfo", recordNo=paid, paymentAmount=70)
    factory = made("AccountsPayable.ApPaymentDetailCreditFactory")
    info["set"]["detailTransaction"] = {**factory, "calls": [["create", "debit memo", number, None, 30]]}
    pay(sdk, vendor, [["addApPaymentDetailBill", info]])
    assert due(sdk, "APBILL", paid) == ("Paid", "0")
    assert due(sdk, "APADJUSTMENT", number)[1] == "0"
    unused = sdk.number("AccountsPayable.ApAdjustmentCreate", vendorId=vendor, transactionDate=WHEN, lines=[credit])
    sdk.run("AccountsPayable.ApAdjustmentDelete", recordNo=unused)
    assert sdk.run("Common.Read", objectName="APADJUSTMENT", keys=[int(unused)])["count"] == 0


def details(calls: list[Any]) -> dict[str, Any]:
    return {**made("AccountsPayable.ApPaymentDetailBuilder"), "calls": [*calls, ["getApPaymentDetailList"]]}


def pay(sdk: NodeSdk, vendor: str, calls: list[Any], **values: Any) -> str:
    info = made(
        "AccountsPayable.ApPaymentInfo",
        **{
            "paymentMethod": "EFT",
            "financialEntityId": "OPERATING",
            "vendorId": vendor,
            "paymentDate": day("2026-03-20"),
            "transactionCurrency": "USD",
            "baseCurrency": "USD",
            "apPaymentDetails": details(calls),
            **values,
        },
    )
    function = made("AccountsPayable.ApPaymentCreate", info)
    return str(sdk.send(function)["data"][0]["RECORDNO"])


def test_a_bill_is_paid_in_parts_and_a_payment_reversed(sdk: NodeSdk, vendor: str) -> None:
    number = bill(sdk, vendor, 100)
    info = made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=60)
    payment = pay(sdk, vendor, [["addApPaymentDetailBill", info]], documentNo="CHK-1", memo="First half")
    assert due(sdk, "APBILL", number) == ("Partially Paid", "40")
    row = sdk.read("APPYMT", payment)
    assert (row["STATE"], row["DOCNUMBER"], row["DESCRIPTION"], row["TOTALENTERED"]) == ("Posted", "CHK-1", "First half", "60")
    sdk.run("AccountsPayable.ApPaymentReverse", recordNo=payment, reverseDate=day("2026-03-31"), memo="Bounced")
    assert due(sdk, "APBILL", number) == ("Posted", "100")
    with pytest.raises(RefusedBySdk) as refused:
        pay(sdk, vendor, [["addApPaymentDetailBill", made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=101)]])
    assert any("exceeds total amount due" in each for each in refused.value.errors)


def test_a_negative_bill_is_used_against_another(sdk: NodeSdk, vendor: str) -> None:
    credit, owed = bill(sdk, vendor, -20), bill(sdk, vendor, 50)
    negative = made("AccountsPayable.ApPaymentDetailNegativeBill", recordNo=credit, transactionAmount=20)
    info = made("AccountsPayable.ApPaymentDetailInfo", recordNo=owed, paymentAmount=30, detailTransaction=negative)
    direct = made("AccountsPayable.ApPaymentDetailBill", info)
    pay(sdk, vendor, [], apPaymentDetails=[direct])
    assert (due(sdk, "APBILL", owed), due(sdk, "APBILL", credit)[1]) == (("Paid", "0"), "0")


def test_a_debit_memo_is_used_against_a_bill(sdk: NodeSdk, vendor: str) -> None:
    credit = line("AccountsPayable.ApAdjustmentLineCreate", -10, "5100")
    number = sdk.number("AccountsPayable.ApAdjustmentCreate", vendorId=vendor, transactionDate=WHEN, lines=[credit])
    owed = bill(sdk, vendor, 50)
    memo = made("AccountsPayable.ApPaymentDetailDebitMemo", recordNo=number, transactionAmount=10)
    info = made("AccountsPayable.ApPaymentDetailInfo", recordNo=owed, paymentAmount=40, detailTransaction=memo)
    pay(sdk, vendor, [["addApPaymentDetailBill", info]])
    assert (due(sdk, "APBILL", owed), due(sdk, "APADJUSTMENT", number)[1]) == (("Paid", "0"), "0")


def test_a_credit_that_raises_what_is_owed_is_paid_like_a_bill(sdk: NodeSdk, vendor: str) -> None:
    more = line("AccountsPayable.ApAdjustmentLineCreate", 25, "5100")
    number = sdk.number("AccountsPayable.ApAdjustmentCreate", vendorId=vendor, transactionDate=WHEN, lines=[more])
    info = made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=25)
    pay(sdk, vendor, [], apPaymentDetails=[made("AccountsPayable.ApPaymentDetailCreditMemo", info)])
    assert due(sdk, "APADJUSTMENT", number)[1] == "0"


def test_a_draft_payment_is_changed_submitted_and_another_deleted(sdk: NodeSdk, vendor: str) -> None:
    number = bill(sdk, vendor, 100)
    one = [["addApPaymentDetailBill", made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=60)]]
    all_ = [["addApPaymentDetailBill", made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=100)]]
    payment, dropped, unwanted = (pay(sdk, vendor, one, action="Draft") for _ in range(3))
    assert due(sdk, "APBILL", number) == ("Posted", "100")
    info = made(
        "AccountsPayable.ApPaymentInfo",
        recordNo=payment,
        financialEntityId="OPERATING",
        vendorId=vendor,
        paymentDate=day("2026-03-21"),
        memo="All of it",
        action="Submit",
        apPaymentDetails=details(all_),
    )
    sdk.send(made("AccountsPayable.ApPaymentUpdate", info))
    assert due(sdk, "APBILL", number) == ("Paid", "0")
    sdk.send(made("AccountsPayable.ApPaymentDelete", dropped))
    sdk.send({"static": "AccountsPayable.ApPaymentFactory", "method": "create", "args": ["delete", unwanted]})
    assert sdk.run("Common.Read", objectName="APPYMT", keys=[int(dropped), int(unwanted)])["count"] == 0


def test_an_invoice_is_made_with_what_the_sdk_can_say_and_changed(sdk: NodeSdk, customer: str) -> None:
    summary = sdk.number("AccountsReceivable.InvoiceSummaryCreate", title="March invoices", glPostingDate=WHEN)
    number = invoice(
        sdk,
        customer,
        50,
        30,
        invoiceNumber="INV-1",
        referenceNumber="PO-3",
        summaryRecordNo=summary,
        description="Work in March",
        externalId="inv-ext",
        glPostingDate=day("2026-03-15"),
        action="Submit",
    )
    row = sdk.read("ARINVOICE", number)
    names = ("RECORDID", "DOCNUMBER", "WHENPOSTED", "WHENDUE", "TOTALDUE", "PRBATCHKEY", "DESCRIPTION")
    assert [row[name] for name in names] == ["INV-1", "PO-3", "03/15/2026", "04/09/2026", "80", summary, "Work in March"]
    changed = made("AccountsReceivable.InvoiceLineUpdate", lineNo=2, transactionAmount=35, memo="More work")
    sdk.run("AccountsReceivable.InvoiceUpdate", recordNo=number, description="Changed", lines=[changed])
    row = sdk.read("ARINVOICE", number)
    assert [each["TRX_AMOUNT"] for each in row["ARINVOICEITEMS"]["arinvoiceitem"]] == ["50", "35"]
    sdk.run("AccountsReceivable.InvoiceUpdate", externalId="inv-ext", description="By its external id")
    assert sdk.read("ARINVOICE", number)["DESCRIPTION"] == "By its external id"


def test_an_invoice_is_deleted_or_reversed(sdk: NodeSdk, customer: str) -> None:
    first, second = invoice(sdk, customer), invoice(sdk, customer)
    sdk.run("AccountsReceivable.InvoiceDelete", recordNo=first)
    sdk.run("AccountsReceivable.InvoiceReverse", recordNo=second, reverseDate=day("2026-03-31"), memo="Wrong job")
    assert sdk.run("Common.Read", objectName="ARINVOICE", keys=[int(first)])["count"] == 0
    assert due(sdk, "ARINVOICE", second)[0] == "Reversed"


def test_receivables_adjustments_are_made_and_deleted(sdk: NodeSdk, customer: str) -> None:
    summary = sdk.number("AccountsReceivable.ArAdjustmentSummaryCreate", title="Credits", glPostingDate=WHEN)
    credit = line("AccountsReceivable.ArAdjustmentLineCreate", -15, "4000", memo="Discount")
    values = {"customerId": customer, "transactionDate": WHEN, "summaryRecordNo": summary, "lines": [credit]}
    number = sdk.number("AccountsReceivable.ArAdjustmentCreate", adjustmentNumber="CR-1", description="Sorry", **values)
    row = sdk.read("ARADJUSTMENT", number)
    assert (row["RECORDID"], row["TOTALDUE"], row["CUSTOMERID"]) == ("CR-1", "-15", customer)
    sdk.run("AccountsReceivable.ArAdjustmentDelete", recordNo=number)
    assert sdk.run("Common.Read", objectName="ARADJUSTMENT", keys=[int(number)])["count"] == 0


def receive(sdk: NodeSdk, customer: str, amount: float, *items: dict[str, Any], **values: Any) -> str:
    told = {"customerId": customer, "transactionPaymentAmount": amount, "bankAccountId": "OPERATING", "receivedDate": day("2026-03-20")}
    return sdk.number(
        "AccountsReceivable.ArPaymentCreate", **{**told, "paymentMethod": "EFT", "applyToTransactions": list(items), **values}
    )


def item(number: str, amount: float) -> dict[str, Any]:
    return made("AccountsReceivable.ArPaymentItem", applyToRecordId=number, amountToApply=amount)


def test_a_receipt_is_applied_now_later_and_taken_back(sdk: NodeSdk, customer: str) -> None:
    first, second = invoice(sdk, customer, 80), invoice(sdk, customer, 20)
    payment = receive(sdk, customer, 100, item(first, 80), referenceNumber="CHK-7")
    assert (due(sdk, "ARINVOICE", first), due(sdk, "ARINVOICE", second)) == (("Paid", "0"), ("Posted", "20"))
    later = {"recordNo": payment, "receivedDate": day("2026-03-22"), "memo": "The rest", "applyToTransactions": [item(second, 20)]}
    sdk.run("AccountsReceivable.ArPaymentApply", **later)
    assert due(sdk, "ARINVOICE", second) == ("Paid", "0")
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("AccountsReceivable.ArPaymentApply", **later)
    assert "exceeds total amount due" in refused.value.errors[0]
    other = invoice(sdk, customer, 10)
    taken = receive(sdk, customer, 10, item(other, 10))
    sdk.run("AccountsReceivable.ArPaymentReverse", recordNo=taken, reverseDate=day("2026-03-31"), memo="Bounced")
    assert due(sdk, "ARINVOICE", other) == ("Posted", "10")


def test_a_receipt_by_card_or_bank_transfer_online_is_taken(sdk: NodeSdk, customer: str) -> None:
    card = {"cardNum": "4111111111111111", "expiryDate": "12/30", "cardType": "Visa", "securityCode": "123", "useDefaultCard": False}
    bank = {"bankName": "B", "accountType": "Checking", "accountNumber": "1", "routingNumber": "2", "accountHolder": "Birch"}
    for method, paid in (
        ("Online Charge Card", {"onlineCardPayment": made("AccountsReceivable.OnlineCardPayment", **card)}),
        ("Online ACH Debit", {"onlineAchPayment": made("AccountsReceivable.OnlineAchPayment", **bank)}),
    ):
        number = invoice(sdk, customer, 10)
        payment = receive(sdk, customer, 10, item(number, 10), paymentMethod=method, **paid)
        assert sdk.read("ARPYMT", payment)["PAYMENTMETHOD"] == method
        assert due(sdk, "ARINVOICE", number) == ("Paid", "0")


def test_a_receipt_goes_into_a_summary_and_to_undeposited_funds(sdk: NodeSdk, customer: str) -> None:
    summary = sdk.number(
        "AccountsReceivable.ArPaymentSummaryCreate", title="Cheques", undepositedFundsGlAccountNo="1050", glPostingDate=day("2026-03-20")
    )
    number = invoice(sdk, customer, 80)
    payment = receive(sdk, customer, 80, item(number, 80), bankAccountId=None, summaryRecordNo=summary)
    row = sdk.read("ARPYMT", payment)
    assert (row["PRBATCHKEY"], row["TOTALENTERED"], row["STATE"]) == (summary, "80", "Posted")


def entry(account: str, amount: float, **values: Any) -> dict[str, Any]:
    told = {"glAccountNumber": account, "transactionAmount": amount, "locationId": "100", "memo": "Accrual"}
    return made("GeneralLedger.JournalEntryLineCreate", **{**told, **values})


def test_a_journal_entry_is_posted_and_deleted(sdk: NodeSdk) -> None:
    values = {"journalSymbol": "GJ", "postingDate": day("2026-03-15"), "description": "Accrual", "referenceNumber": "J-1"}
    number = sdk.number(
        "GeneralLedger.JournalEntryCreate", **values, historyComment="March", lines=[entry("6000", 25.5), entry("1000", -25.5)]
    )
    row = sdk.read("GLBATCH", number)
    assert (row["STATE"], row["BATCH_TITLE"], row["REFERENCENO"]) == ("Posted", "Accrual", "J-1")
    assert [(each["ACCOUNTNO"], each["TR_TYPE"], each["TRX_AMOUNT"]) for each in row["ENTRIES"]["glentry"]] == [
        ("6000", "1", "25.5"),
        ("1000", "-1", "25.5"),
    ]
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("GeneralLedger.JournalEntryCreate", **values, lines=[entry("6000", 25.5), entry("1000", -25)])
    assert "do not balance" in refused.value.errors[0]
    sdk.run("GeneralLedger.JournalEntryDelete", recordNo=number)
    assert sdk.run("Common.Read", objectName="GLBATCH", keys=[int(number)])["count"] == 0
    assert not [each for each in sdk.stored("GLDETAIL") if each["BATCHKEY"] == number]


def count(amount: float, **values: Any) -> dict[str, Any]:
    told = {"statAccountNumber": "9100", "amount": amount, "locationId": "100"}
    return made("GeneralLedger.StatisticalJournalEntryLineCreate", **{**told, **values})


def test_a_statistical_journal_entry_counts_in_a_statistical_account_and_needs_no_balance(sdk: NodeSdk) -> None:
    values = {"journalSymbol": "STJ", "postingDate": day("2026-03-15"), "description": "Hours", "referenceNumber": "S-1"}
    lines = [count(12.5, memo="Crew A"), count(-2, documentNumber="D-1")]
    number = sdk.number("GeneralLedger.StatisticalJournalEntryCreate", **values, historyComment="March", lines=lines)
    row = sdk.read("GLBATCH", number)
    assert (row["JOURNAL"], row["STATE"], row["BATCH_TITLE"], row["REFERENCENO"]) == ("STJ", "Posted", "Hours", "S-1")
    told = ("ACCOUNTNO", "ACCOUNTTITLE", "TR_TYPE", "TRX_AMOUNT", "AMOUNT", "CURRENCY", "BASECURR", "DESCRIPTION", "DOCUMENT")
    assert [tuple(each[name] for name in told) for each in row["ENTRIES"]["glentry"]] == [
        ("9100", "Hours Worked", "1", "12.5", "12.5", "", "", "Crew A", ""),
        ("9100", "Hours Worked", "-1", "2", "2", "", "", "", "D-1"),
    ]
    detail = [each for each in sdk.stored("GLDETAIL") if each["BATCHKEY"] == number]
    assert [(each["STATISTICAL"], each["SYMBOL"], each["AMOUNT"]) for each in detail] == [("true", "STJ", "12.5"), ("true", "STJ", "-2")]
    for symbol, line, text in (
        ("STJ", count(1, statAccountNumber="6000"), "Account 6000 is not valid"),
        ("STJ", count(1, statAccountNumber="9999"), "Account 9999 is not valid"),
        ("STJ", count(0), "TRX_AMOUNT must be positive"),
        ("GJ", count(1), "ENTRIES is required"),
        ("NONE", count(1), "Journal 'NONE' is not valid."),
    ):
        with pytest.raises(RefusedBySdk) as refused:
            sdk.run("GeneralLedger.StatisticalJournalEntryCreate", **{**values, "journalSymbol": symbol}, lines=[line])
        assert any(text in each for each in refused.value.errors), refused.value.errors
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("GeneralLedger.JournalEntryCreate", **{**values, "journalSymbol": "GJ"}, lines=[entry("9100", 5), entry("1000", -5)])
    assert any("Account 9100 is not valid" in each for each in refused.value.errors)
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("GeneralLedger.StatisticalAccountDelete", accountNo="9100")
    assert any("cannot be deleted" in each for each in refused.value.errors)
    sdk.run("GeneralLedger.StatisticalJournalEntryDelete", recordNo=number)
    assert sdk.run("Common.Read", objectName="GLBATCH", keys=[int(number)])["count"] == 0
    assert not [each for each in sdk.stored("GLDETAIL") if each["BATCHKEY"] == number]


def split(amount: float, location: str, **values: Any) -> dict[str, Any]:
    return made("Company.CustomAllocationSplit", amount=amount, locationId=location, **values)


def test_an_entry_is_split_by_hand_among_dimensions(sdk: NodeSdk) -> None:
    def sent(*splits: dict[str, Any]) -> dict[str, Any]:
        whole = entry("6000", 100, allocationId="Custom", locationId=None, customAllocationSplits=list(splits))
        told = {"journalSymbol": "GJ", "postingDate": day("2026-03-15"), "description": "Rent"}
        return {**told, "lines": [whole, entry("1000", -60), entry("1000", -40, locationId="200")]}

    number = sdk.number("GeneralLedger.JournalEntryCreate", **sent(split(60, "100"), split(40, "200")))
    line = sdk.read("GLBATCH", number)["ENTRIES"]["glentry"][0]
    assert (line["ALLOCATION"], line["LOCATION"], line["TRX_AMOUNT"]) == ("Custom", "", "100")
    assert [(each["AMOUNT"], each["LOCATIONID"]) for each in line["SPLIT"]] == [("60", "100"), ("40", "200")]
    detail = [each for each in sdk.stored("GLDETAIL") if each["BATCHKEY"] == number]
    assert [(each["ACCOUNTNO"], each["LOCATIONID"], each["AMOUNT"]) for each in detail] == [
        ("6000", "100", "60"),
        ("6000", "200", "40"),
        ("1000", "100", "-60"),
        ("1000", "200", "-40"),
    ]
    for wrong, text in (
        (sent(split(60, "100"), split(39, "200")), "distributes 99, not the 100"),
        (sent(split(110, "100"), split(-10, "200")), "must be positive"),
        (sent(split(100, "NOPE")), "location 'NOPE' is invalid"),
        (sent(), "needs a SPLIT"),
    ):
        with pytest.raises(RefusedBySdk) as refused:
            sdk.run("GeneralLedger.JournalEntryCreate", **wrong)
        assert any(text in each for each in refused.value.errors), refused.value.errors
    hours = count(10, allocationId="Custom", customAllocationSplits=[split(4, "100"), split(6, "200")])
    values = {"journalSymbol": "STJ", "postingDate": day("2026-03-15"), "description": "Hours"}
    counted = sdk.number("GeneralLedger.StatisticalJournalEntryCreate", **values, lines=[hours])
    assert [each["AMOUNT"] for each in sdk.stored("GLDETAIL") if each["BATCHKEY"] == counted] == ["4", "6"]
    for each in (number, counted):
        sdk.run("GeneralLedger.JournalEntryDelete", recordNo=each)
    assert sdk.stored("SPLIT") == []


@pytest.fixture
def approving(sdk: NodeSdk) -> Iterator[NodeSdk]:
    """A company whose payments wait for approval."""
    sdk.set(approvals=["APPYMT"])
    yield sdk
    sdk.set(approvals=[])


def waiting(sdk: NodeSdk, vendor: str) -> tuple[str, str]:
    """A bill and a payment of it that waits."""
    number = bill(sdk, vendor, 100)
    info = made("AccountsPayable.ApPaymentDetailInfo", recordNo=number, paymentAmount=60)
    payment = pay(sdk, vendor, [["addApPaymentDetailBill", info]])
    assert (sdk.read("APPYMT", payment)["STATE"], due(sdk, "APBILL", number)[1]) == ("Submitted", "100")
    return number, payment


@pytest.mark.parametrize("last", ["AccountsPayable.ApPaymentSend", "AccountsPayable.ApPaymentConfirm"])
def test_a_payment_that_waits_is_approved_and_then_sent_or_confirmed(approving: NodeSdk, vendor: str, last: str) -> None:
    number, payment = waiting(approving, vendor)
    with pytest.raises(RefusedBySdk):
        approving.send(made(last, payment))
    approving.send(made("AccountsPayable.ApPaymentApprove", payment))
    assert (approving.read("APPYMT", payment)["STATE"], due(approving, "APBILL", number)[1]) == ("Approved", "100")
    approving.send(made(last, payment))
    assert (approving.read("APPYMT", payment)["STATE"], due(approving, "APBILL", number)[1]) == ("Posted", "40")
    approving.send(made("AccountsPayable.ApPaymentVoid", payment))
    assert (approving.read("APPYMT", payment)["STATE"], due(approving, "APBILL", number)[1]) == ("Voided", "100")


def test_a_payment_that_waits_is_declined(approving: NodeSdk, vendor: str) -> None:
    number, payment = waiting(approving, vendor)
    approving.send(made("AccountsPayable.ApPaymentDecline", payment))
    assert (approving.read("APPYMT", payment)["STATE"], due(approving, "APBILL", number)[1]) == ("Declined", "100")
    with pytest.raises(RefusedBySdk) as refused:
        approving.send(made("AccountsPayable.ApPaymentVoid", payment))
    assert any("declined" in each for each in refused.value.errors)
