"""Payments, credit memos and deposits (servicetitan §8, §9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api


@pytest.fixture
def invoice(api: Api) -> dict[str, Any]:
    """An invoice of 92.00."""
    return api.put("invoices", jobId=api.new_job()["id"], items=[{"skuId": api.sku()["id"], "quantity": 2}])


def check(api: Api) -> int:
    key: int = api.rows("accounting/payment-types")[0]["id"]
    return key


def paid(api: Api, invoice: dict[str, Any], applied: float = 92, **more: Any) -> dict[str, Any]:
    body = {"typeId": check(api), "splits": [{"invoiceId": invoice["id"], "amount": applied}], **more}
    payment: dict[str, Any] = api.made("POST", "accounting/payments", body)
    return payment


def listed(api: Api, **params: Any) -> dict[str, Any]:
    (payment,) = api.rows("accounting/payments", **params)
    return payment


def test_a_payment_lowers_the_balance_of_its_invoice_and_its_customer(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan §8 "Payment": only appliedTo; typeId a string here, a number in create
    made = paid(api, invoice, 50, amount=60.5, checkNumber="1007")
    assert made["splits"] == [{"amount": 50, "invoiceId": invoice["id"], "invoiceNumber": invoice["referenceNumber"]}]
    assert (made["typeId"], made["customerId"], made["status"]) == (check(api), invoice["customer"]["id"], "Pending")
    payment = listed(api)
    assert (payment["typeId"], payment["type"], payment["total"], payment["unappliedAmount"]) == (
        str(check(api)),
        "Check",
        "60.50",
        "10.50",
    )
    assert [(split["appliedTo"], split["appliedAmount"]) for split in payment["appliedTo"]] == [(invoice["id"], "50.00")]
    (after,) = api.rows("accounting/invoices")
    assert (after["balance"], after["paidOn"]) == ("42.00", None)
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 31.5


def test_the_last_payment_says_when_an_invoice_was_paid(api: Api, invoice: dict[str, Any]) -> None:
    paid(api, invoice, 90, paidOn="2026-02-27T10:00:00Z")
    paid(api, invoice, 2, paidOn="2026-03-01T10:00:00Z")
    (after,) = api.rows("accounting/invoices")
    assert (after["balance"], after["paidOn"]) == ("0.00", "2026-03-01T10:00:00Z")


def test_an_advance_is_applied_to_nothing(api: Api) -> None:
    # servicetitan §11.3 "Advance when unapplied"
    customer = api.new_customer()
    api.made("POST", "accounting/payments", {"typeId": check(api), "customerId": customer["id"], "amount": 500})
    payment = listed(api, customerId=customer["id"])
    assert (payment["appliedTo"], payment["unappliedAmount"]) == ([], "500.00")
    assert api.get(f"crm/customers/{customer['id']}")["balance"] == -500


def test_a_refund_is_a_negative_payment(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan §11.3 "Refund (negative payment)"
    first = paid(api, invoice)
    given = {"typeId": check(api), "customerId": invoice["customer"]["id"], "refundedPaymentId": first["id"]}
    refund = api.put("payments", **given, amount=-20)
    assert (refund["total"], refund["refundedPaymentId"]) == ("-20.00", first["id"])
    assert "negative" in api.not_put("payments", **given, amount=20)
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 20


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"typeId": 999}, "typeId"),
        ({"typeId": None}, "typeId"),
        ({"splits": [{"invoiceId": 999, "amount": 1}]}, "splits[0].invoiceId"),
        ({"splits": [{"amount": 1}]}, "splits[0].invoiceId"),
        ({"splits": [{"invoiceId": "mine"}]}, "splits[0].amount"),
        ({"splits": [{"invoiceId": "mine", "amount": 5}], "amount": 4}, "splits"),
        ({"splits": [{"invoiceId": "mine", "amount": -5}], "amount": 9}, "splits"),
        ({"customerId": 999}, "customerId"),
        ({"splits": [], "amount": 5}, "customerId"),
        ({"splits": [{"invoiceId": "mine", "amount": 5}], "customerId": "other"}, "splits"),
        ({"status": "Cleared"}, "status"),
        ({"tip": 5}, "tip"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(api: Api, invoice: dict[str, Any], wrong: dict[str, Any], member: str) -> None:
    # servicetitan Appendix B "POST payments: PaymentCreateRequest"
    body = {"typeId": check(api), "splits": [{"invoiceId": invoice["id"], "amount": 1}], **wrong}
    for split in body["splits"]:
        split |= {"invoiceId": invoice["id"]} if split.get("invoiceId") == "mine" else {}
    if body.get("customerId") == "other":
        body["customerId"] = api.new_customer()["id"]
    assert member in api.refused(400, "POST", "accounting/payments", body)["errors"]
    assert api.rows("accounting/payments") == []
    assert api.rows("accounting/invoices")[0]["balance"] == "92.00"


def test_a_payment_is_edited_and_deleted_while_it_is_pending(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan Appendix B "PATCH payments/{id}"
    made = paid(api, invoice)
    body = {"typeId": check(api), "splits": [{"invoiceId": invoice["id"], "amount": 30}], "memo": "part"}
    edited = api.made("PATCH", f"accounting/payments/{made['id']}", body)
    assert (edited["memo"], edited["splits"][0]["amount"]) == ("part", 30)
    assert listed(api)["unappliedAmount"] == "62.00"
    assert api.rows("accounting/invoices")[0]["balance"] == "62.00"
    api.made("PATCH", f"accounting/payments/{made['id']}", {**body, "active": False})
    assert api.rows("accounting/payments") == []
    assert listed(api, activeState="InactiveOnly")["id"] == made["id"]
    assert api.rows("accounting/invoices")[0]["balance"] == "92.00"
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 92
    rows, _ = api.export("accounting/export/payments", includeRecentChanges="true")
    assert [(row["id"], row["active"]) for row in rows] == [(made["id"], False)]


def test_an_unknown_payment_and_one_without_its_members_are_400s(api: Api, invoice: dict[str, Any]) -> None:
    made = paid(api, invoice)
    api.refused(400, "PATCH", "accounting/payments/999", {"typeId": check(api), "splits": []})
    api.refused(400, "PATCH", f"accounting/payments/{made['id']}", {"memo": "x"})


@pytest.mark.parametrize("status", ["Posted", "Exported"])
def test_a_posted_or_exported_payment_is_locked(api: Api, invoice: dict[str, Any], status: str) -> None:
    # servicetitan §9, §11.4
    made = paid(api, invoice, status="Posted")
    api.put("payments", id=made["id"], syncStatus=status)
    api.refused(400, "PATCH", f"accounting/payments/{made['id']}", {"typeId": check(api), "splits": [], "active": False})
    assert listed(api)["syncStatus"] == status


def test_payments_become_exported_by_their_status_all_or_none(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan §9 "POST payments/status … this is how payments become Exported"
    posted, pending = paid(api, invoice, 40, status="Posted"), paid(api, invoice, 50)
    for ids in ([posted["id"], pending["id"]], [posted["id"], 999]):
        api.refused(400, "POST", "accounting/payments/status", {"paymentIds": ids, "status": "Exported"})
    assert {row["syncStatus"] for row in api.rows("accounting/payments")} == {"Posted", "Pending"}
    assert api.made("POST", "accounting/payments/status", {"paymentIds": [posted["id"]], "status": "Exported"}) is None
    assert listed(api, statuses="Exported")["id"] == posted["id"]
    for status in ("Pending", "Posted", "Exported"):
        api.refused(400, "POST", "accounting/payments/status", {"paymentIds": [posted["id"]], "status": status})


@pytest.mark.parametrize("body", [{}, {"paymentIds": []}, {"status": "Posted"}, {"paymentIds": [1], "status": "Paid"}, [{"paymentId": 1}]])
def test_the_status_call_needs_the_body_of_the_contract(api: Api, body: Any) -> None:
    api.refused(400, "POST", "accounting/payments/status", body)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"appliedToInvoiceIds": "invoice"}, True),
        ({"appliedToInvoiceIds": "1"}, False),
        ({"totalGreater": "92"}, True),
        ({"totalLess": "91.99"}, False),
        ({"paidOnAfter": "2026-03-01"}, True),
        ({"paidOnBefore": "2026-03-01"}, False),
        ({"transactionType": "ReceivePayment"}, True),
        ({"transactionType": "JournalEntry"}, False),
        ({"statuses": "Pending,Posted"}, True),
    ],
)
def test_payments_are_filtered(api: Api, invoice: dict[str, Any], params: dict[str, Any], found: bool) -> None:
    # servicetitan Appendix B "payments"
    paid(api, invoice)
    asked = {name: invoice["id"] if value == "invoice" else value for name, value in params.items()}
    assert bool(api.rows("accounting/payments", **asked)) is found


# -- credit memos


def memo_of(api: Api, invoice: dict[str, Any], **more: Any) -> dict[str, Any]:
    line = {"skuId": api.sku()["id"], "quantity": 1, "unitPrice": 30}
    given = {"customerId": invoice["customer"]["id"], "businessUnitId": invoice["businessUnit"]["id"], "items": [line], **more}
    return api.put("credit-memos", **given)


def test_a_credit_memo_is_applied_to_an_invoice_as_far_as_both_go(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan §8 "Credit memo": appliedTo list, items with GL accounts
    memo = memo_of(api, invoice)
    assert (memo["total"], memo["balance"], memo["appliedTo"]) == (30, 30, [])
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 62
    path = f"accounting/credit-memos/{memo['id']}"
    for wrong in (
        {"invoiceId": invoice["id"], "amount": 30.01},
        {"invoiceId": invoice["id"], "amount": 0},
        {"invoiceId": 999, "amount": 1},
        {},
    ):
        api.refused(400, "POST", f"{path}/splits", {"splits": [wrong]})
    api.refused(400, "POST", f"{path}/splits", {"splits": []})
    reply = api.made("POST", f"{path}/splits", {"splits": [{"invoiceId": invoice["id"], "amount": 20}]})
    assert reply == {"id": memo["id"], "splits": [{"invoiceId": invoice["id"], "amount": 20}]}
    (after,) = api.rows("accounting/credit-memos", appliedToInvoiceIds=invoice["id"])
    assert (after["balance"], after["appliedTo"][0]["appliedToReferenceNumber"]) == (10, invoice["referenceNumber"])
    assert api.rows("accounting/invoices")[0]["balance"] == "72.00"
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 62
    (line,) = api.get(f"{path}/items")["data"]
    assert (line["total"], line["revenueGeneralLedgerAccount"]["number"]) == (30, "4100")
    assert api.rows("accounting/credit-memos/credit-memo-items", creditMemoIds=memo["id"])[0]["creditMemoId"] == memo["id"]


def test_a_credit_memo_of_another_customer_does_not_pay_an_invoice(api: Api, invoice: dict[str, Any]) -> None:
    memo = memo_of(api, invoice, customerId=api.new_customer("Other")["id"])
    api.refused(400, "POST", f"accounting/credit-memos/{memo['id']}/splits", {"splits": [{"invoiceId": invoice["id"], "amount": 1}]})


def test_a_credit_memo_is_edited_voided_and_marked(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan Appendix B "credit-memos"
    memo = memo_of(api, invoice)
    path = f"accounting/credit-memos/{memo['id']}"
    reply = api.made("PATCH", path, {"summary": "too dear", "date": "2026-02-28"})
    assert (reply["summary"], reply["date"]) == ("too dear", "2026-02-28")
    (found,) = api.rows("accounting/credit-memos", dateOnOrAfter="2026-02-28", dateBefore="2026-03-01")
    assert found["description"] == "too dear"
    (pending,) = api.made("POST", "accounting/credit-memos/markasexported", [{"creditMemoId": memo["id"]}])
    assert pending["success"] is False
    api.put("credit-memos", id=memo["id"], syncStatus="Posted")
    api.refused(400, "PATCH", path, {"summary": "x"})
    (done,) = api.made("POST", "accounting/credit-memos/markasexported", [{"creditMemoId": memo["id"], "externalId": "CM-1"}])
    assert done["success"] is True
    assert api.rows("accounting/credit-memos")[0]["exportId"] == "CM-1"
    other = memo_of(api, invoice)
    api.made("PATCH", f"accounting/credit-memos/{other['id']}", {"active": False})
    assert [row["id"] for row in api.rows("accounting/credit-memos", active="False")] == [other["id"]]
    for wrong in ({"businessUnitId": 999}, {"total": 5}, {"date": "soon"}):
        api.refused(400, "PATCH", f"accounting/credit-memos/{memo['id']}", wrong)
    api.refused(400, "PATCH", "accounting/credit-memos/999", {"summary": "x"})
    api.refused(400, "GET", "accounting/credit-memos/999/items")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"totalFilter.Amount": "30", "totalFilter.Comparer": "GreaterThanOrEqual"}, True),
        ({"totalFilter.Amount": "30", "totalFilter.Comparer": "GreaterThan"}, False),
        ({"balanceFilter.Amount": "30", "balanceFilter.Comparer": "NotEqual"}, False),
    ],
)
def test_credit_memos_are_filtered_by_amounts(api: Api, invoice: dict[str, Any], params: dict[str, str], found: bool) -> None:
    memo_of(api, invoice)
    assert bool(api.rows("accounting/credit-memos", **params)) is found


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"customerId": 999}, "Customer with ID 999"),
        ({"items": []}, "at least one line"),
        ({"items": [{"skuId": 999, "quantity": 1}]}, "Pricebook item 999"),
        ({"businessUnitId": 999}, "Business unit with ID 999"),
        ({"locationId": 999}, "Location with ID 999"),
    ],
)
def test_a_credit_memo_that_makes_no_sense_is_refused(api: Api, invoice: dict[str, Any], wrong: dict[str, Any], told: str) -> None:
    good = {"customerId": invoice["customer"]["id"], "businessUnitId": invoice["businessUnit"]["id"]}
    line = {"skuId": api.sku()["id"], "quantity": 1}
    assert told in api.not_put("credit-memos", **{**good, "items": [line], **wrong})


# -- deposits


def test_payments_are_deposited_once_and_the_deposit_is_marked(api: Api, invoice: dict[str, Any]) -> None:
    # servicetitan §9 "bank-deposits/markasexported {ids} -> empty 200"
    one, two = paid(api, invoice, 40), paid(api, invoice, 50)
    deposit = api.put("bank-deposits", paymentIds=[one["id"], two["id"]], fees=1.5, reviewStatus="Reviewed")
    assert (deposit["grossAmount"], deposit["netAmount"], deposit["bankAccount"]["number"]) == (90, 88.5, "1000")
    assert "deposited" in api.not_put("bank-deposits", paymentIds=[one["id"]])
    assert "at least one" in api.not_put("bank-deposits", paymentIds=[])
    inside = api.get(f"accounting/bank-deposits/{deposit['id']}/transactions", includeTotal="true")
    assert (inside["totalCount"], {row["id"] for row in inside["data"]}) == (2, {one["id"], two["id"]})
    assert {row["id"] for row in api.rows("accounting/payments", depositIds=deposit["id"])} == {one["id"], two["id"]}
    assert api.rows("accounting/invoices")[0]["depositedOn"] == "2026-03-02T15:00:00Z"
    api.refused(400, "POST", "accounting/bank-deposits/markasexported", {"ids": [deposit["id"]]})
    api.put("bank-deposits", id=deposit["id"], syncStatus="Posted")
    api.refused(400, "POST", "accounting/bank-deposits/markasexported", {"ids": [deposit["id"], 999]})
    assert api.rows("accounting/bank-deposits", syncStatus="Exported") == []
    assert api.made("POST", "accounting/bank-deposits/markasexported", {"ids": [deposit["id"]]}) is None
    (exported,) = api.rows("accounting/bank-deposits", syncStatus="Exported", grossAmountGreater="90", reviewStatus="Reviewed")
    assert exported["id"] == deposit["id"]
    api.refused(400, "GET", "accounting/bank-deposits/999/transactions")
