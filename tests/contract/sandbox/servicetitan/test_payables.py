"""Bills, and marking them as exported (servicetitan §8, §9, E14)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api

MARKS = [
    ("inventory-bills", "inventoryBillIds", "inventoryBillId"),
    ("ap-bills", "billIds", "billId"),
]


def test_a_bill_shows_its_lines_with_accounts_and_its_total(api: Api) -> None:
    # servicetitan §8 "Inventory bill", §5 "Money is a string in accounting objects"
    job, sku = api.new_job(), api.sku("materials", 1)
    lines = [{"skuId": sku["id"], "quantity": 3, "cost": 10.335}, {"skuId": api.sku("equipment")["id"], "quantity": 1, "cost": 700}]
    made = api.new_bill(jobId=job["id"], items=lines, taxAmount=12.4, shippingAmount=30)
    (bill,) = api.get("accounting/inventory-bills")
    assert (bill["id"], bill["jobId"], bill["jobNumber"], bill["syncStatus"]) == (made["id"], job["id"], job["jobNumber"], "Pending")
    assert bill["billAmount"] == "773.41"  # 31.005 is 31.01; 700; 12.40; 30
    first = bill["items"][0]
    assert (first["quantity"], first["cost"], first["skuCode"], first["skuType"]) == ("3", "10.335", sku["code"], "Material")
    assert [first[name]["number"] for name in ("generalLedgerAccount", "costOfSaleAccount", "assetAccount")] == ["4100", "5100", "1200"]
    assert "projectId" not in bill


def test_the_older_list_is_a_bare_array_and_the_newer_one_has_an_envelope(api: Api) -> None:
    # servicetitan E14
    api.new_bill()
    bare = api.get("accounting/inventory-bills", pageSize=1, page=1)
    assert bare == api.get("accounting/inventory-bills/paginated")["data"]
    assert api.get("accounting/inventory-bills", page=2) == []


def test_one_ap_bill_touches_several_jobs(api: Api) -> None:
    # servicetitan §8 "AP bill": expenseItems each with its own job
    one, two = api.new_job(), api.new_job()
    account = api.account("5200")["id"]
    lines = [{"amount": 100.5, "glAccountId": account, "jobId": one["id"]}, {"amount": 0.25, "glAccountId": account, "jobId": two["id"]}]
    made = api.new_bill(expenseItems=lines, businessUnitId=one["businessUnitId"])
    bill = api.get(f"accounting/ap-bills/{made['id']}")
    assert (bill["billType"], bill["billAmount"], bill["jobId"]) == ("ApBill", "100.75", None)
    assert [(line["amount"], line["job"]["id"]) for line in bill["expenseItems"]] == [("100.50", one["id"]), ("0.25", two["id"])]
    assert bill["expenseItems"][0]["generalLedgerAccount"]["number"] == "5200"


def test_ap_bills_list_procurement_unless_asked_otherwise(api: Api) -> None:
    # servicetitan §8 "billType (…; list default Procurement)"
    bought = api.new_bill()
    account = api.account("6000")["id"]
    other = api.new_bill(expenseItems=[{"amount": 5, "glAccountId": account}])
    assert [row["id"] for row in api.rows("accounting/ap-bills")] == [bought["id"]]
    assert [row["id"] for row in api.rows("accounting/ap-bills", billType="ApBill")] == [other["id"]]
    api.refused(400, "GET", "accounting/ap-bills", billType="Everything")
    # The older endpoint shows both, but has no expense lines: the total says more than the lines (servicetitan §8).
    older = {row["id"]: row for row in api.get("accounting/inventory-bills")}
    assert older.keys() == {bought["id"], other["id"]}
    assert (older[other["id"]]["items"], older[other["id"]]["billAmount"]) == ([], "5.00")


def test_an_unknown_bill_is_a_404(api: Api) -> None:
    # servicetitan Appendix B "ap-bills/{billId}; also 404"
    api.refused(404, "GET", "accounting/ap-bills/999")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"vendorId": 999}, "Vendor with ID 999"),
        ({"jobId": 999}, "Job with ID 999"),
        ({"jobId": None, "items": [], "expenseItems": [], "businessUnitId": 1}, "Business unit with ID 1"),
        ({"jobId": None}, "needs a business unit"),
        ({"items": []}, "at least one line"),
        ({"items": [{"skuId": 999, "quantity": 1, "cost": 1}]}, "Pricebook item with ID 999"),
        ({"items": [{"skuId": None, "quantity": 1, "cost": 1}]}, "may not be null"),
        ({"items": [{"skuId": 1, "quantity": "one", "cost": 1}]}, "must be a number"),
        ({"expenseItems": [{"amount": 1, "glAccountId": 999}]}, "GL account with ID 999"),
        ({"expenseItems": [{"glAccountId": 999}]}, "amount field is required"),
        ({"purchaseOrderId": 999}, "Purchase order with ID 999"),
        ({"termName": "Net 31"}, "Payment term 'Net 31'"),
        ({"taxZoneId": 999}, "Tax zone with ID 999"),
        ({"budgetCodeId": 999}, "Budget code with ID 999"),
        ({"items": [{"id": 999, "skuId": 1, "quantity": 1, "cost": 1}]}, "no line with ID 999"),
        ({"billType": "Rent"}, "must be one of"),
        ({"total": 5}, "is not known"),
        ({"syncStatus": "Lost"}, "must be one of"),
    ],
)
def test_a_bill_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any], told: str) -> None:
    # design §6 "validated like real ones"
    job, vendor = api.new_job(), api.new_vendor()
    good = {"vendorId": vendor["id"], "jobId": job["id"], "items": [{"skuId": api.sku()["id"], "quantity": 1, "cost": 1}]}
    assert told in api.not_put("inventory-bills", **{**good, **wrong})
    assert api.get("accounting/inventory-bills") == []


def test_a_line_of_no_quantity_and_an_inactive_account_are_refused(api: Api) -> None:
    account = api.account("6000")
    api.put("gl-accounts", id=account["id"], active=False)
    good = {"vendorId": api.new_vendor()["id"], "jobId": api.new_job()["id"]}
    assert "may not be zero" in api.not_put("ap-bills", **good, items=[{"skuId": api.sku()["id"], "quantity": 0, "cost": 1}])
    assert "not active" in api.not_put("ap-bills", **good, expenseItems=[{"amount": 1, "glAccountId": account["id"]}])


def test_a_bill_is_posted_and_then_locked_until_it_is_unposted(api: Api) -> None:
    # servicetitan §9 "Pending -> (batched) -> Posted -> Exported", §11.4 "Post (locks)"
    bill = api.new_bill()
    posted = api.put("ap-bills", id=bill["id"], syncStatus="Posted")
    assert (posted["syncStatus"], posted["postDate"]) == ("Posted", "2026-03-02T15:00:00Z")
    assert "is Posted and cannot be changed" in api.not_put("ap-bills", id=bill["id"], summary="late")
    assert "is Posted and cannot be changed" in api.not_put("ap-bills", id=bill["id"], active=False)
    api.put("ap-bills", id=bill["id"], syncStatus="Pending")
    lines = [{"skuId": api.sku()["id"], "quantity": 1, "cost": 20}]
    changed = api.put("ap-bills", id=bill["id"], items=lines, summary="late", syncStatus="Posted")
    assert (changed["summary"], changed["billAmount"], changed["syncStatus"]) == ("late", "20.00", "Posted")
    assert "not found" in api.not_put("ap-bills", id=999, summary="x")


def test_a_changed_bill_keeps_its_number_date_lines_and_fields(api: Api) -> None:
    bill = api.new_bill()
    fields = [{"objectId": bill["id"], "customFields": [{"name": "Lien waiver", "value": "Received"}]}]
    api.made("PATCH", "accounting/ap-bills/custom-fields", {"operations": fields})
    api.advance(60)
    api.put("ap-bills", id=bill["id"], summary="late")
    changed = api.get(f"accounting/ap-bills/{bill['id']}")
    assert [changed[name] for name in ("referenceNumber", "billDate", "items")] == [
        bill[name] for name in ("referenceNumber", "billDate", "items")
    ]
    assert changed["customFields"] == [{"name": "Lien waiver", "value": "Received"}]
    line = {"id": bill["items"][0]["id"], "skuId": bill["items"][0]["skuId"], "quantity": 5, "cost": 1}
    more = api.put("ap-bills", id=bill["id"], items=[line, {"skuId": line["skuId"], "quantity": 1, "cost": 2}])
    assert more["items"][0]["id"] == line["id"] != more["items"][1]["id"]
    assert more["billAmount"] == "7.00"
    assert "has no line" in api.not_put("ap-bills", id=bill["id"], items=[{**line, "id": 999}])


def test_a_vendor_total_that_differs_is_a_discrepancy(api: Api) -> None:
    # servicetitan Appendix A ApBillStatus
    bill = api.new_bill(vendorInvoiceTotal=50)
    assert (bill["billAmount"], bill["vendorInvoiceTotal"], bill["status"]) == ("54.75", "50.00", "Discrepancy")
    assert [row["id"] for row in api.rows("accounting/ap-bills", statuses="Discrepancy")] == [bill["id"]]
    assert api.rows("accounting/ap-bills", statuses="Reconciled") == []


@pytest.mark.parametrize(("path", "listed", "key"), MARKS)
def test_marking_bills_says_of_each_whether_it_succeeded(api: Api, path: str, listed: str, key: str) -> None:
    # servicetitan §9 "HTTP 200 does not mean success"
    pending, posted = api.new_bill(), api.new_bill(syncStatus="Posted")
    asked = {listed: [posted["id"], pending["id"], 999, posted["id"]]}
    replies = api.made("POST", f"accounting/{path}/markasexported", asked)
    assert [(row[key], row["success"]) for row in replies] == [
        (posted["id"], True),
        (pending["id"], False),
        (999, False),
        (posted["id"], False),
    ]
    assert [row["errorMessage"] and row["errorMessage"].rpartition(" is ")[2] for row in replies[:2]] == [None, "not posted."]
    assert "not found" in replies[2]["errorMessage"]
    assert "already exported" in replies[3]["errorMessage"]
    states = {row["id"]: row["syncStatus"] for row in api.get("accounting/inventory-bills")}
    assert states == {pending["id"]: "Pending", posted["id"]: "Exported"}
    assert "stays so" in api.not_put("ap-bills", id=posted["id"], syncStatus="Pending")


@pytest.mark.parametrize(("path", "listed", "key"), MARKS)
@pytest.mark.parametrize("body", ["bare", "wrong", "text", "nothing"])
def test_marking_bills_needs_the_body_of_the_contract(api: Api, path: str, listed: str, key: str, body: str) -> None:
    # servicetitan §9: an object with a list of ids, not an array
    bodies = {"bare": [{key: 1}], "wrong": {key: 1}, "text": {listed: ["1"]}, "nothing": {}}
    api.refused(400, "POST", f"accounting/{path}/markasexported", bodies[body])


def test_what_nobody_knows_about_marking_is_a_switch(api: Api) -> None:
    # servicetitan §9; options mark_exported_again, mark_pending_as_exported
    bill = api.new_bill()
    api.settings(mark_exported_again=True, mark_pending_as_exported=True)
    for _ in range(2):
        (reply,) = api.made("POST", "accounting/ap-bills/markasexported", {"billIds": [bill["id"]]})
        assert (reply["success"], reply["errorMessage"]) == (True, None)


def test_a_voided_bill_is_not_exported_and_the_feed_shows_it_inactive(api: Api) -> None:
    # servicetitan §6 "active, inactive and deleted rows"
    bill = api.new_bill()
    api.put("ap-bills", id=bill["id"], active=False)
    (reply,) = api.made("POST", "accounting/ap-bills/markasexported", {"billIds": [bill["id"]]})
    assert (reply["success"], "not active" in reply["errorMessage"]) == (False, True)
    rows, _ = api.export("accounting/export/inventory-bills", includeRecentChanges="true")
    assert [(row["id"], row["active"]) for row in rows] == [(bill["id"], False)]
    shown = api.get(f"accounting/ap-bills/{bill['id']}")
    assert (shown["status"], shown["dateCanceled"], shown["canceledBy"]["name"]) == ("Canceled", "2026-03-02T15:00:00Z", "Office")


def test_the_bill_feed_shows_every_step_of_a_bill(api: Api) -> None:
    # servicetitan §6, §9
    api.settings(export_lag_s=0)
    bill = api.new_bill()
    feed = "accounting/export/inventory-bills"
    seen, token = api.export(feed)
    for status in ("Posted", "Exported"):
        api.put("ap-bills", id=bill["id"], syncStatus=status)
        rows, token = api.export(feed, token)
        seen += rows
    assert [row["syncStatus"] for row in seen] == ["Pending", "Posted", "Exported"]
    assert {row["id"] for row in seen} == {bill["id"]}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"syncStatuses": "Pending"}, {"new"}),
        ({"syncStatuses": ["Posted", "Exported"]}, {"old"}),
        ({"syncStatuses": "PostedAndExported"}, {"old"}),
        ({"billNumber": "77"}, {"old"}),
        ({"minCost": "60.00"}, {"old"}),
        ({"minCost": "54.75", "maxCost": "54.75"}, {"new"}),
        ({"dateFrom": "2026-03-01"}, {"new"}),
        ({"dateTo": "2026-02-01T12:00:00Z"}, {"old"}),
        ({"customField.Fields[Lien waiver]": "Received"}, {"old"}),
        ({"customField.Fields[Lien waiver]": "Received", "customField.Fields.Missing": "x"}, set()),
        ({"customField.Fields[Lien waiver]": "Received", "customField.Fields.Missing": "x", "customField.Operator": "Or"}, {"old"}),
    ],
)
@pytest.mark.parametrize("about", ["accounting/ap-bills", "accounting/inventory-bills/paginated"])
def test_bills_are_filtered(api: Api, about: str, params: dict[str, Any], found: set[str]) -> None:
    # servicetitan Appendix B "ap-bills", "inventory-bills/paginated"
    job, sku = api.new_job(), api.sku()
    lines = [{"skuId": sku["id"], "quantity": 4, "cost": 18.25}]
    old = api.new_bill(jobId=job["id"], billDate="2026-02-01T12:00:00Z", referenceNumber="B-1771", items=lines)
    fields = [{"objectId": old["id"], "customFields": [{"name": "Lien waiver", "value": "Received"}]}]
    api.made("PATCH", "accounting/inventory-bills/custom-fields", {"operations": fields})
    api.put("ap-bills", id=old["id"], syncStatus="Posted")
    new = api.new_bill(jobId=job["id"])
    names = {old["id"]: "old", new["id"]: "new"}
    assert {names[row["id"]] for row in api.rows(about, **params)} == found


@pytest.mark.parametrize("params", [{"syncStatuses": "Gone"}, {"minCost": "lots"}, {"dateFrom": "soon"}, {"batchNumber": "x"}])
def test_a_bill_filter_that_does_not_fit_is_a_400(api: Api, params: dict[str, Any]) -> None:
    # servicetitan §4 "400 on every operation"
    api.refused(400, "GET", "accounting/ap-bills", **params)


@pytest.mark.parametrize(
    "operation",
    [
        {"objectId": 999, "customFields": [{"name": "Lien waiver", "value": "Received"}]},
        {"objectId": None, "customFields": []},
        {"customFields": []},
        {"objectId": "bill", "customFields": [{"name": "Nonsense", "value": "x"}]},
        {"objectId": "bill", "customFields": [{"name": "Lien waiver", "value": "Perhaps"}]},
        {"objectId": "bill", "fields": []},
    ],
)
def test_custom_fields_are_changed_together_or_not_at_all(api: Api, operation: dict[str, Any]) -> None:
    # servicetitan §8 "a bulk PATCH …/custom-fields"
    bill = api.new_bill()
    good = {"objectId": bill["id"], "customFields": [{"name": "Lien waiver", "value": "Received"}]}
    wrong = {**operation, "objectId": bill["id"]} if operation.get("objectId") == "bill" else operation
    api.refused(400, "PATCH", "accounting/ap-bills/custom-fields", {"operations": [good, wrong]})
    assert api.get(f"accounting/ap-bills/{bill['id']}")["customFields"] == []


def test_the_demo_worlds_bills_add_up(demo: Api) -> None:
    # design §6 "The demo world is a believable contractor"
    bills = demo.control("GET", "objects/ap-bills")
    jobs = {job["id"]: job for job in demo.rows("jpm/jobs")}
    assert {bill["syncStatus"] for bill in bills} == {"Pending", "Posted", "Exported"}
    assert {bill["billType"] for bill in bills} == {"Procurement", "ApBill"}
    for bill in bills:
        cent = Decimal("0.01")
        lines = sum((Decimal(line["quantity"]) * Decimal(line["cost"])).quantize(cent, "ROUND_HALF_UP") for line in bill["items"])
        lines += sum(Decimal(line["amount"]) for line in bill["expenseItems"])
        assert Decimal(bill["billAmount"]) == lines + Decimal(bill["taxAmount"]) + Decimal(bill["shippingAmount"])
        assert bill["jobId"] is None or bill["jobNumber"] == jobs[bill["jobId"]]["jobNumber"]
