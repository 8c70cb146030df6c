"""The vendor's Node SDK on expenses, reimbursements, charge cards, other receipts and bank feeds (objects table; intacct-xml §9.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.node_sdk import NodeSdk, RefusedBySdk, day, made

WHEN = day("2026-03-10")


@pytest.fixture(scope="module", autouse=True)
def staff(sdk: NodeSdk) -> None:
    for number, name in (("E-1", "Eli Post"), ("E-2", "Ida Rahm")):
        sdk.run("Company.ContactCreate", contactName=name, printAs=name)
        sdk.run("EmployeeExpense.EmployeeCreate", employeeId=number, contactName=name, locationId="100")
    sdk.run("Projects.ProjectCreate", projectId="P-1", projectName="Job", projectCategory="Contract", locationId="100")


def expense(amount: float, **values: Any) -> dict[str, Any]:
    told = {"expenseType": "Travel", "reimbursementAmount": amount, "locationId": "100", "expenseDate": day("2026-03-02")}
    return made("EmployeeExpense.ExpenseReportLineCreate", **{**told, **values})


def report(sdk: NodeSdk, *lines: dict[str, Any], **values: Any) -> str:
    told = {"employeeId": "E-1", "transactionDate": WHEN, "lines": list(lines) or [expense(40)]}
    return sdk.number("EmployeeExpense.ExpenseReportCreate", **{**told, **values})


def posted(sdk: NodeSdk, kind: str, number: str) -> list[tuple[str, str]]:
    """Account and signed amount of what a document posted."""
    rows = [row for row in sdk.stored("GLDETAIL") if (row["RECORDTYPE"], row["RECORDKEY"]) == (kind, number)]
    return sorted((row["ACCOUNTNO"], row["AMOUNT"]) for row in rows)


def test_a_report_is_made_with_what_the_sdk_can_say(sdk: NodeSdk) -> None:
    summary = sdk.number("EmployeeExpense.ExpenseReportSummaryCreate", title="March expenses", glPostingDate=WHEN)
    number = report(
        sdk,
        expense(40, memo=None, paidTo="Hotel <A>", paidFor="Visit", projectId="P-1", billable=True, quantity=2, unitRate=20),
        expense(10, paymentTypeName="Company card", transactionCurrency="EUR", transactionAmount=9, exchangeRateValue=1.11),
        glPostingDate=day("2026-03-12"),
        summaryRecordNo=summary,
        expenseReportNumber="ER-1",
        action="Submitted",
        reasonForExpense="Site visit",
        memo="Two nights",
        externalId="ext-er",
        baseCurrency="USD",
        reimbursementCurrency="USD",
    )
    row = sdk.read("EEXPENSES", number)
    names = ("RECORDID", "STATE", "DESCRIPTION", "MEMO", "WHENPOSTED", "EMPLOYEENAME", "TOTALENTERED", "TOTALDUE", "PRBATCHKEY")
    assert [row[name] for name in names] == ["ER-1", "Posted", "Site visit", "Two nights", "03/12/2026", "Eli Post", "50", "40", summary]
    first, second = row["EEXPENSESITEMS"]["eexpensesitem"]
    named = ("ACCOUNTNO", "ENTRYDESCRIPTION", "PAIDFOR", "PROJECTID", "QUANTITY", "EXPENSEDATE")
    assert [first[name] for name in named] == ["6000", "Hotel <A>", "Visit", "P-1", "2", "03/02/2026"]
    assert [second[name] for name in ("ORG_CURRENCY", "ORG_AMOUNT", "NONREIMBURSABLE")] == ["EUR", "9", "true"]
    assert posted(sdk, "eexpenses", number) == [("2020", "-10"), ("2030", "-40"), ("6000", "10"), ("6000", "40")]


def test_what_a_report_may_not_say_is_refused(sdk: NodeSdk) -> None:
    sdk.add("PROJECT", PROJECTID="HOLD", NAME="Held", PROJECTCATEGORY="Contract", LOCATIONID="100", PROJECTSTATUS="On Hold")
    for lines, values, told in (
        ([expense(1)], {"employeeId": "E-9"}, "The employee 'E-9' is invalid."),
        ([expense(1, expenseType="Yacht")], {}, "Yacht"),
        ([expense(1, expenseType=None)], {}, "ACCOUNTNO is required"),
        ([expense(1, projectId="HOLD")], {}, "The Project 'HOLD' has a project status that prevents expense submittal."),
        ([expense(1, locationId=None)], {}, "LOCATIONID is required"),
        ([expense(1)], {"action": "Paid"}, "Invalid value 'Paid' for ACTION"),
    ):
        with pytest.raises(RefusedBySdk) as refused:
            report(sdk, *lines, **values)
        assert any(told in each for each in refused.value.errors), (told, refused.value.errors)


def test_a_report_is_kept_as_a_draft_deleted_or_reversed(sdk: NodeSdk) -> None:
    draft, other = report(sdk, action="Draft"), report(sdk)
    assert (sdk.read("EEXPENSES", draft)["STATE"], posted(sdk, "eexpenses", draft)) == ("Draft", [])
    sdk.run("EmployeeExpense.ExpenseReportDelete", recordNo=draft)
    assert sdk.run("Common.Read", objectName="EEXPENSES", keys=[int(draft)])["count"] == 0
    sdk.run("EmployeeExpense.ExpenseReportReverse", recordNo=other, reverseDate=day("2026-03-31"), memo="Twice")
    assert [sdk.read("EEXPENSES", other)[name] for name in ("STATE", "TOTALDUE")] == ["Reversed", "0"]


def test_an_adjustment_is_made_and_deleted(sdk: NodeSdk) -> None:
    line = made(
        "EmployeeExpense.ExpenseAdjustmentLineCreate",
        expenseType="Travel",
        reimbursementAmount=-5,
        locationId="100",
        expenseDate=day("2026-03-02"),
        memo="Too much",
    )
    told = {"employeeId": "E-1", "transactionDate": WHEN, "expenseAdjustmentNumber": "EA-1", "expenseReportNumber": "ER-1", "lines": [line]}
    number = sdk.number("EmployeeExpense.ExpenseAdjustmentCreate", **told, description="Correction")
    row = sdk.read("EXPENSEADJUSTMENTS", number)
    assert [row[name] for name in ("RECORDID", "DOCNUMBER", "TOTALENTERED", "EMPLOYEEID")] == ["EA-1", "ER-1", "-5", "E-1"]
    assert posted(sdk, "expenseadjustments", number) == [("2030", "5"), ("6000", "-5")]
    sdk.run("EmployeeExpense.ExpenseAdjustmentDelete", recordNo=number)
    assert sdk.run("Common.Read", objectName="EXPENSEADJUSTMENTS", keys=[int(number)])["count"] == 0
    assert posted(sdk, "expenseadjustments", number) == []


def test_a_report_is_reimbursed(sdk: NodeSdk) -> None:
    number = report(sdk, expense(70), employeeId="E-2")
    told = {"bankAccountId": "OPERATING", "employeeId": "E-2", "paymentMethod": "EFT", "paymentDate": day("2026-03-20")}

    def pay(amount: float) -> str:
        item = made("EmployeeExpense.ReimbursementRequestItem", applyToRecordId=number, amountToApply=amount)
        return sdk.number(
            "EmployeeExpense.ReimbursementRequestCreate", **told, memo="March", mergeOption="employee", applyToTransactions=[item]
        )

    request = pay(30)
    assert [sdk.read("EEXPENSES", number)[name] for name in ("STATE", "TOTALDUE")] == ["Partially Paid", "40"]
    assert [sdk.read("EPPAYMENTREQUEST", request)[name] for name in ("EMPLOYEEID", "PAYMENTAMOUNT", "STATE")] == ["E-2", "30", "Posted"]
    (payment,) = [row for row in sdk.stored("EPPAYMENT") if row["PAYMENTREQUESTKEY"] == request]
    assert (payment["PAYMENTTYPE"], payment["PAYMENTAMOUNT"], payment["EMPLOYEEID"]) == ("EFT", "30", "E-2")
    assert posted(sdk, "eppayment", request) == [("1000", "-30"), ("2030", "30")]
    with pytest.raises(RefusedBySdk) as refused:
        pay(41)
    assert any("exceeds total amount due (40)" in each for each in refused.value.errors)
    pay(40)
    assert sdk.read("EEXPENSES", number)["STATE"] == "Paid"


def card_line(amount: float, **values: Any) -> dict[str, Any]:
    told = {"glAccountNumber": "5100", "transactionAmount": amount, "locationId": "100", "memo": "Pipe"}
    return made("CashManagement.ChargeCardTransactionLineCreate", **{**told, **values})


def test_a_charge_card_transaction_is_made_changed_and_reversed(sdk: NodeSdk) -> None:
    told = {"chargeCardId": "VISA-1", "transactionDate": WHEN, "referenceNumber": "CC-1", "payee": "Depot", "description": "Pipe"}
    number = sdk.number(
        "CashManagement.ChargeCardTransactionCreate",
        **told,
        transactionCurrency="USD",
        exchangeRateValue=1,
        lines=[card_line(30), card_line(12.5, projectId="P-1")],
    )
    row = sdk.read("CCTRANSACTION", number)
    names = ("RECORDID", "FINANCIALENTITY", "PAYEE", "TOTALENTERED", "WHENCREATED", "STATE")
    assert [row[name] for name in names] == ["CC-1", "VISA-1", "Depot", "42.5", "03/10/2026", "Posted"]
    assert posted(sdk, "cctransaction", number) == [("2020", "-42.5"), ("5100", "12.5"), ("5100", "30")]
    changed = made("CashManagement.ChargeCardTransactionLineUpdate", lineNo=1, transactionAmount=31, memo="Pipes")
    sdk.run("CashManagement.ChargeCardTransactionUpdate", recordNo=number, description="Pipes", lines=[changed])
    assert [sdk.read("CCTRANSACTION", number)[name] for name in ("DESCRIPTION", "TOTALENTERED")] == ["Pipes", "43.5"]
    sdk.run("CashManagement.ChargeCardTransactionReverse", recordNo=number, reverseDate=day("2026-03-31"), memo="Returned")
    assert sdk.read("CCTRANSACTION", number)["STATE"] == "Reversed"
    for values, text in (({"chargeCardId": "NOCARD"}, "NOCARD"), ({"lines": [card_line(1, glAccountNumber="9999")]}, "9999")):
        with pytest.raises(RefusedBySdk) as refused:
            sdk.run("CashManagement.ChargeCardTransactionCreate", **{**told, "lines": [card_line(1)], **values})
        assert any(text in each for each in refused.value.errors)


def test_another_receipt_goes_to_the_bank_or_to_undeposited_funds(sdk: NodeSdk) -> None:
    line = made("CashManagement.OtherReceiptLineCreate", glAccountNumber="4100", transactionAmount=25, locationId="100", memo="Scrap")
    told = {"transactionDate": WHEN, "payer": "Scrap yard", "receiptDate": WHEN, "paymentMethod": "Cash", "transactionNo": "R-1"}
    banked = sdk.number("CashManagement.OtherReceiptCreate", **told, bankAccountId="OPERATING", depositDate=day("2026-03-11"), lines=[line])
    held = sdk.number("CashManagement.OtherReceiptCreate", **told, undepositedFundsGlAccountNo="1050", description="Scrap", lines=[line])
    assert [sdk.read("OTHERRECEIPTS", banked)[name] for name in ("PAYEE", "TOTALENTERED", "DEPOSITDATE")] == [
        "Scrap yard",
        "25",
        "03/11/2026",
    ]
    assert posted(sdk, "otherreceipts", banked) == [("1000", "25"), ("4100", "-25")]
    assert posted(sdk, "otherreceipts", held) == [("1050", "25"), ("4100", "-25")]
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("CashManagement.OtherReceiptCreate", **{**told, "paymentMethod": "Barter"}, bankAccountId="OPERATING", lines=[line])
    assert "Invalid value 'Barter'" in refused.value.errors[0]


def test_receipts_in_undeposited_funds_are_brought_to_the_bank(sdk: NodeSdk) -> None:
    line = made("CashManagement.OtherReceiptLineCreate", glAccountNumber="4100", transactionAmount=25, locationId="100")
    told = {"transactionDate": WHEN, "payer": "Scrap yard", "receiptDate": WHEN, "paymentMethod": "Cash", "lines": [line]}
    held = sdk.number("CashManagement.OtherReceiptCreate", **told, undepositedFundsGlAccountNo="1050")
    sdk.run("AccountsReceivable.CustomerCreate", customerId="C-DEP", customerName="Birch", printAs="Birch")
    paid = {"customerId": "C-DEP", "transactionPaymentAmount": 75, "receivedDate": WHEN, "paymentMethod": "Cash"}
    received = sdk.number("AccountsReceivable.ArPaymentCreate", **paid, undepositedFundsGlAccountNo="1050")
    assert held != received  # one series of numbers
    slip = {"bankAccountId": "OPERATING", "depositDate": day("2026-03-12"), "depositSlipId": "D-1", "description": "March"}
    keys = [int(held), int(received)]
    number = sdk.number("CashManagement.DepositCreate", **slip, transactionKeysToDeposit=keys)
    row = sdk.read("DEPOSIT", number)
    assert (row["RECORDID"], row["TOTALENTERED"], row["STATE"], row["FINANCIALENTITY"]) == ("D-1", "100", "Posted", "OPERATING")
    assert posted(sdk, "deposit", number) == [("1000", "25"), ("1000", "75"), ("1050", "-25"), ("1050", "-75")]
    assert sdk.read("OTHERRECEIPTS", held)["DEPOSITDATE"] == "03/12/2026"
    for again, text in ((keys[:1], "is not in undeposited funds"), ([9999], "There is no receipt")):
        with pytest.raises(RefusedBySdk) as refused:
            sdk.run("CashManagement.DepositCreate", **slip, transactionKeysToDeposit=again)
        assert any(text in each for each in refused.value.errors)


def test_a_bank_feed_is_made_and_deleted(sdk: NodeSdk) -> None:
    record = made(
        "CashManagement.BankAccountTransactionRecord",
        transactionId=7,
        postingDate=day("2026-03-09"),
        transactionType="deposit",
        docNo="D-1",
        payee="Birch",
        amount=80.5,
        description="Deposit",
    )
    told = {"financialEntity": "OPERATING", "feedDate": WHEN, "feedType": "xml"}
    number = sdk.number("CashManagement.BankFeedsCreate", **told, bankAccountTxnRecords=[record])
    row = sdk.read("BANKACCTTXNFEED", number)
    assert (row["FINANCIALENTITY"], row["FEEDDATE"], row["FEEDTYPE"]) == ("OPERATING", "03/10/2026", "xml")
    (stored,) = sdk.stored("BANKACCTTXNFEED")
    assert [stored["BANKACCTTXNRECORDS"][0][name] for name in ("POSTINGDATE", "AMOUNT", "TRANSACTIONTYPE")] == [
        "03/09/2026",
        "80.5",
        "deposit",
    ]
    with pytest.raises(RefusedBySdk) as refused:
        sdk.run("CashManagement.BankFeedsCreate", **{**told, "feedType": "paper"}, bankAccountTxnRecords=[record])
    assert "Invalid value 'paper'" in refused.value.errors[0]
    sdk.run("CashManagement.BankFeedsDelete", recordNo=number)
    assert not sdk.stored("BANKACCTTXNFEED")
