"""Invoices and their lines: editing, adjusting, locking, exporting (servicetitan §8, §9, §11.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api


def invoice_of(api: Api, job: dict[str, Any]) -> dict[str, Any]:
    (invoice,) = api.rows("accounting/invoices", jobId=job["id"])
    return invoice


def billed(api: Api, **more: Any) -> dict[str, Any]:
    """The invoice of a new job with one line of 92.00."""
    line = {"skuId": api.sku()["id"], "quantity": 2}
    return api.put("invoices", jobId=api.new_job()["id"], items=[line], **more)


def test_a_job_has_its_invoice_from_the_moment_it_is_booked(api: Api) -> None:
    # servicetitan §8 "Job": invoiceId; "Invoice": job{id,number,type}
    customer = api.new_customer()
    project = api.new_project(customer)
    job = api.new_job(customer, projectId=project["id"])
    invoice = invoice_of(api, job)
    assert (invoice["id"], invoice["referenceNumber"], invoice["projectId"]) == (job["invoiceId"], job["jobNumber"], project["id"])
    assert (invoice["syncStatus"], invoice["total"], invoice["items"]) == ("Pending", "0.00", [])
    assert (invoice["invoiceConfiguration"], invoice["job"]["number"]) == ("JobInvoice", job["jobNumber"])


def test_an_invoice_follows_its_job_to_another_project(api: Api) -> None:
    # servicetitan D3: detached and attached jobs
    customer = api.new_customer()
    one, two = api.new_project(customer), api.new_project(customer)
    job = api.new_job(customer, projectId=one["id"])
    api.made("POST", f"jpm/projects/detach-job/{job['id']}")
    assert invoice_of(api, job)["projectId"] is None
    api.made("POST", f"jpm/projects/{two['id']}/attach-job/{job['id']}")
    assert invoice_of(api, job)["projectId"] == two["id"]


def test_a_line_takes_price_cost_and_accounts_from_the_pricebook(api: Api) -> None:
    # servicetitan §8 "Invoice item": three GL accounts
    job, sku = api.new_job(), api.sku("equipment")
    api.made("PATCH", f"accounting/invoices/{job['invoiceId']}/items", {"skuId": sku["id"], "description": "unit", "quantity": 2})
    invoice = invoice_of(api, job)
    (line,) = invoice["items"]
    assert (line["type"], line["skuName"], line["price"], line["total"]) == ("Equipment", sku["code"], "6890.00", "13780.00")
    assert (line["cost"], line["totalCost"]) == ("3140.00", "6280.00")
    assert [line[name]["number"] for name in ("generalLedgerAccount", "costOfSaleAccount", "assetAccount")] == ["4000", "5100", "1200"]
    assert (invoice["subTotal"], invoice["total"], invoice["balance"]) == ("13780.00", "13780.00", "13780.00")
    assert api.get(f"jpm/jobs/{job['id']}")["total"] == 13780
    assert api.get(f"crm/customers/{job['customerId']}")["balance"] == 13780


def test_a_discount_is_a_line_below_zero_and_one_in_percent_needs_its_amount(api: Api) -> None:
    # servicetitan §8 "Invoice item: type … PriceModifier"
    codes = {row["code"]: row["id"] for row in api.rows("pricebook/discounts-and-fees")}
    lines = [{"skuId": api.sku()["id"], "quantity": 2}, *({"skuId": codes[code], "quantity": 1} for code in ("GOODWILL", "FUEL"))]
    lines.append({"skuId": codes["MEMBER10"], "quantity": 1, "unitPrice": -9.2})
    invoice = api.put("invoices", jobId=api.new_job()["id"], items=lines)
    assert [(line["type"], line["total"]) for line in invoice["items"]] == [
        ("Material", "92.00"),
        ("PriceModifier", "-25.00"),
        ("PriceModifier", "9.50"),
        ("PriceModifier", "-9.20"),
    ]
    assert invoice["total"] == "67.30"
    assert "percentage" in api.not_put("invoices", jobId=api.new_job()["id"], items=[{"skuId": codes["MEMBER10"], "quantity": 1}])


def test_an_adjustment_may_bill_another_customer(api: Api) -> None:
    # servicetitan §11.1 "adjustment invoices whose bill-to differs from the original invoice"
    invoice, other = billed(api), api.new_customer("Insurer")
    line = {"skuId": api.sku()["id"], "quantity": 1}
    made = api.put("invoices", adjustmentToId=invoice["id"], customerId=other["id"], items=[line])
    assert (made["customer"]["name"], made["job"]["id"]) == ("Insurer", invoice["job"]["id"])
    assert api.get(f"crm/customers/{other['id']}")["balance"] == 46
    assert "Customer with ID 999" in api.not_put("invoices", adjustmentToId=invoice["id"], customerId=999)


def test_tax_follows_the_zone_of_the_place_and_only_taxable_lines(api: Api) -> None:
    # servicetitan §8 "taxZoneId on location"
    zone = next(row for row in api.rows("accounting/tax-zones") if row["name"] == "Denver")
    customer = api.new_customer()
    api.put("locations", id=customer["locations"][0]["id"], taxZoneId=zone["id"])
    job = api.new_job(customer)
    lines = [{"skuId": api.sku()["id"], "quantity": 1}, {"skuId": api.sku("services")["id"], "quantity": 1, "unitPrice": 100}]
    invoice = api.put("invoices", jobId=job["id"], items=lines)
    assert (invoice["subTotal"], invoice["salesTax"], invoice["total"]) == ("146.00", "4.05", "150.05")  # 46 x 0.0881
    assert (invoice["taxZoneId"], invoice["salesTaxCode"]["taxRate"]) == (zone["id"], 0.0881)


def test_a_line_is_changed_and_deleted_and_the_item_feed_tells(api: Api) -> None:
    # servicetitan §6 "the extra active member on … invoice items"
    api.settings(export_lag_s=0)
    invoice = billed(api)
    (line,) = invoice["items"]
    feed = "accounting/export/invoice-items"
    rows, token = api.export(feed)
    assert [(row["id"], row["invoiceId"], row["active"]) for row in rows] == [(line["id"], invoice["id"], True)]
    api.made("PATCH", f"accounting/invoices/{invoice['id']}/items", {"id": line["id"], "description": "more", "quantity": 5})
    rows, token = api.export(feed, token)
    assert [(row["quantity"], row["total"], row["order"]) for row in rows] == [("5", "230.00", 1)]
    api.made("DELETE", f"accounting/invoices/{invoice['id']}/items/{line['id']}")
    rows, token = api.export(feed, token)
    assert [row["active"] for row in rows] == [False]
    (after,) = api.rows("accounting/invoices")
    assert (after["items"], after["total"], after["balance"]) == ([], "0.00", "0.00")
    api.refused(400, "DELETE", f"accounting/invoices/{invoice['id']}/items/{line['id']}")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"description": "x"}, "quantity"),
        ({"quantity": 1}, "description"),
        ({"description": "x", "quantity": 1}, "skuId"),
        ({"description": "x", "quantity": 1, "skuId": 999}, "skuId"),
        ({"description": "x", "quantity": 1, "skuName": "NOPE"}, "skuId"),
        ({"description": "x", "quantity": 1, "id": 999}, "items[0].id"),
        ({"description": "x", "quantity": "two", "skuName": "FLT-1625"}, "quantity"),
        ({"description": "x", "quantity": 1, "skuName": "FLT-1625", "technicianId": 999}, "technicianId"),
        ({"description": "x", "quantity": 1, "skuName": "FLT-1625", "inventoryLocationId": 999}, "inventoryLocationId"),
        ({"description": "x", "quantity": 1, "skuName": "FLT-1625", "colour": "red"}, "colour"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(api: Api, body: dict[str, Any], told: str) -> None:
    # servicetitan Appendix B "PATCH invoices/{invoiceId}/items"
    invoice = billed(api)
    problem = api.refused(400, "PATCH", f"accounting/invoices/{invoice['id']}/items", body)
    assert any(told in member for member in problem["errors"])
    assert api.rows("accounting/invoices")[0]["total"] == "92.00"


def test_the_heading_is_edited(api: Api) -> None:
    # servicetitan Appendix B "PATCH invoices/{id}": an empty reply
    invoice = billed(api)
    employee = api.rows("settings/employees")[0]
    body = {"summary": "Thanks", "invoicedOn": "2026-02-01T00:00:00Z", "dueDate": "2026-03-03", "tax": 1.25, "assignedToId": employee["id"]}
    assert api.made("PATCH", f"accounting/invoices/{invoice['id']}", {**body, "reviewStatus": "Reviewed"}) is None
    (edited,) = api.rows("accounting/invoices", reviewStatuses="Reviewed", assignedToIds=employee["id"])
    assert (edited["summary"], edited["total"], edited["dueDate"][:10]) == ("Thanks", "93.25", "2026-03-03")
    for member in ("assignedToId", "typeId", "budgetCodeId", "taxZoneId"):
        api.refused(400, "PATCH", f"accounting/invoices/{invoice['id']}", {member: 999})
    api.refused(400, "PATCH", "accounting/invoices/999", {"summary": "x"})
    api.refused(400, "PATCH", f"accounting/invoices/{invoice['id']}", {"reviewStatus": "Fine"})


@pytest.mark.parametrize("status", ["Posted", "Exported"])
def test_a_posted_or_exported_invoice_is_locked(api: Api, status: str) -> None:
    # servicetitan §9, §11.4 "Post (locks)", "An exported batch is locked"
    invoice = billed(api, syncStatus="Posted")
    if status == "Exported":
        api.put("invoices", id=invoice["id"], syncStatus=status)
    line = invoice["items"][0]
    path = f"accounting/invoices/{invoice['id']}"
    api.refused(400, "PATCH", path, {"summary": "x"})
    api.refused(400, "PATCH", f"{path}/items", {"id": line["id"], "description": "x", "quantity": 1})
    api.refused(400, "DELETE", f"{path}/items/{line['id']}")
    assert f"is {status}" in api.not_put("invoices", id=invoice["id"], active=False)
    assert f"is {status}" in api.not_put("invoices", id=invoice["id"], items=[])
    (kept,) = api.rows("accounting/invoices")
    assert (kept["syncStatus"], kept["total"]) == (status, "92.00")


def test_what_must_change_after_export_is_an_adjustment_invoice(api: Api) -> None:
    # servicetitan §8 "adjustmentToId marks adjustment invoices", §11.4 "bill-to changes need an adjustment invoice"
    invoice = billed(api, syncStatus="Posted")
    api.put("invoices", id=invoice["id"], syncStatus="Exported")
    line = {"skuId": api.sku()["id"], "description": "credit", "quantity": -1}
    key = api.made("POST", "accounting/invoices", {"adjustmentToId": invoice["id"], "items": [line], "number": "ADJ-1"})
    (adjustment,) = api.rows("accounting/invoices", adjustmentToId=invoice["id"])
    assert (adjustment["id"], adjustment["referenceNumber"], adjustment["total"]) == (key, "ADJ-1", "-46.00")
    assert (adjustment["job"], adjustment["customer"], adjustment["syncStatus"]) == (invoice["job"], invoice["customer"], "Pending")
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 46
    assert api.get(f"jpm/jobs/{invoice['job']['id']}")["total"] == 92


@pytest.mark.parametrize("body", [{}, {"adjustmentToId": 999}, {"adjustmentToId": "x"}, {"adjustmentToId": None}])
def test_an_adjustment_of_nothing_is_refused(api: Api, body: dict[str, Any]) -> None:
    # servicetitan Appendix B "POST invoices: AdjustmentInvoiceCreateRequest"
    api.refused(400, "POST", "accounting/invoices", body)


def test_an_adjustment_of_a_voided_invoice_is_refused(api: Api) -> None:
    invoice = billed(api)
    api.put("invoices", id=invoice["id"], active=False)
    api.refused(400, "POST", "accounting/invoices", {"adjustmentToId": invoice["id"]})
    assert api.get(f"crm/customers/{invoice['customer']['id']}")["balance"] == 0


def test_marking_invoices_takes_an_array_and_keeps_the_external_id(api: Api) -> None:
    # servicetitan §9 "invoices/markasexported: array of {invoiceId, externalId?, externalMessage?}"
    posted, pending = billed(api, syncStatus="Posted"), billed(api)
    body = [{"invoiceId": posted["id"], "externalId": "SI-77", "externalMessage": "ok"}, {"invoiceId": pending["id"]}, {"invoiceId": 999}]
    replies = api.made("POST", "accounting/invoices/markasexported", body)
    assert [(row["invoiceId"], row["success"]) for row in replies] == [(posted["id"], True), (pending["id"], False), (999, False)]
    states = {row["id"]: (row["syncStatus"], row["exportId"]) for row in api.rows("accounting/invoices")}
    assert states == {posted["id"]: ("Exported", "SI-77"), pending["id"]: ("Pending", None)}
    for wrong in ({"invoiceIds": [posted["id"]]}, [{"id": 1}], [1], {"invoiceId": 1}):
        api.refused(400, "POST", "accounting/invoices/markasexported", wrong)


def test_a_project_has_an_invoice_without_a_job(api: Api) -> None:
    # servicetitan §8 "invoiceConfiguration", "job … and projectId both nullable"
    customer = api.new_customer()
    unit = api.rows("settings/business-units")[0]
    project = api.new_project(customer, businessUnitIds=[unit["id"]])
    invoice = api.put("invoices", projectId=project["id"], items=[{"skuId": api.sku()["id"], "quantity": 1}])
    assert (invoice["invoiceConfiguration"], invoice["job"], invoice["projectId"]) == ("ProjectInvoice", None, project["id"])
    assert [row["id"] for row in api.rows("accounting/invoices", invoiceConfigurations="ProjectInvoice")] == [invoice["id"]]
    counter = api.put("invoices", customerId=customer["id"], locationId=customer["locations"][0]["id"], businessUnitId=unit["id"])
    assert (counter["invoiceConfiguration"], counter["projectId"]) == ("CounterSales", None)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, "needs a customer"),
        ({"jobId": 999}, "Job with ID 999"),
        ({"projectId": 999}, "Project with ID 999"),
        ({"customerId": 999}, "Customer with ID 999"),
        ({"adjustmentToId": 999}, "Invoice with ID 999"),
        ({"invoiceConfiguration": "Gift"}, "must be one of"),
    ],
)
def test_an_invoice_to_nobody_is_refused(api: Api, wrong: dict[str, Any], told: str) -> None:
    # design §6 "validated like real ones"
    assert told in api.not_put("invoices", **wrong)


def test_a_job_has_one_invoice_and_no_second(api: Api) -> None:
    # servicetitan §8: what is billed in addition is an adjustment
    invoice = billed(api)
    assert "has its invoice" in api.not_put("invoices", jobId=invoice["job"]["id"], items=[{"skuId": api.sku()["id"], "quantity": 1}])


def test_a_renamed_customer_shows_on_its_invoices_and_a_merged_ones_go_to_the_survivor(api: Api) -> None:
    # servicetitan D13
    invoice = billed(api)
    key = invoice["customer"]["id"]
    api.made("PATCH", f"crm/customers/{key}", {"name": "Renamed & Co."})
    assert api.rows("accounting/invoices")[0]["customer"] == {"id": key, "name": "Renamed & Co."}
    survivor = api.new_customer("Survivor")
    api.put("customers", id=key, mergedToId=survivor["id"])
    assert api.rows("accounting/invoices", customerId=survivor["id"])[0]["id"] == invoice["id"]
    balances = [api.get(f"crm/customers/{each}")["balance"] for each in (key, survivor["id"])]
    assert balances == [0, 92]


def test_a_jobs_pending_invoice_goes_along_to_another_customer(api: Api) -> None:
    # servicetitan §8
    invoice = billed(api)
    other = api.new_customer("Somebody else")
    change = {"customerId": other["id"], "locationId": other["locations"][0]["id"]}
    api.made("PATCH", f"jpm/jobs/{invoice['job']['id']}", change)
    assert api.rows("accounting/invoices")[0]["customer"]["name"] == "Somebody else"
    assert [api.get(f"crm/customers/{key}")["balance"] for key in (invoice["customer"]["id"], other["id"])] == [0, 92]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"statuses": "Posted"}, {"posted"}),
        ({"statuses": ["Pending", "Posted"]}, {"pending", "posted", "voided"}),
        ({"statuses": "Exported"}, set()),
        ({"activeState": "InactiveOnly"}, {"voided"}),
        ({"activeState": "ActiveOnly"}, {"pending", "posted"}),
        ({"totalGreater": "92.01"}, {"posted"}),
        ({"totalLess": "92"}, {"pending", "voided"}),
        ({"balanceFilter.Balance": "92", "balanceFilter.Comparer": "Greater"}, {"posted"}),
        ({"balanceFilter.Balance": "92", "balanceFilter.Comparer": "Equals"}, {"pending", "voided"}),
        ({"invoicedOnOrAfter": "2026-03-01"}, {"pending", "voided"}),
        ({"invoicedOnBefore": "2026-03-01"}, {"posted"}),
        ({"dueDateBefore": "2026-02-15"}, {"posted"}),
        ({"customField.Fields[Draw number]": "7"}, {"pending"}),
        ({"orderBy": "id", "orderByDirection": "desc"}, {"pending", "posted", "voided"}),
    ],
)
def test_invoices_are_filtered(api: Api, params: dict[str, Any], found: set[str]) -> None:
    # servicetitan Appendix B "invoices"
    sku = api.sku()["id"]
    posted = billed(api)
    api.put(
        "invoices",
        id=posted["id"],
        invoicedOn="2026-02-01T08:00:00Z",
        dueDate="2026-02-10T08:00:00Z",
        items=[{"skuId": sku, "quantity": 1}],
    )
    api.put("invoices", id=posted["id"], syncStatus="Posted")
    pending, voided = billed(api), billed(api)
    api.put("invoices", id=voided["id"], active=False)
    fields = [{"objectId": pending["id"], "customFields": [{"name": "Draw number", "value": "7"}]}]
    api.made("PATCH", "accounting/invoices/custom-fields", {"operations": fields})
    names = {posted["id"]: "posted", pending["id"]: "pending", voided["id"]: "voided"}
    assert {names[row["id"]] for row in api.rows("accounting/invoices", **params)} == found


@pytest.mark.parametrize(
    "params",
    [
        {"statuses": "Lost"},
        {"activeState": "Some"},
        {"balanceFilter.Balance": "1"},
        {"balanceFilter.Comparer": "Greater"},
        {"balanceFilter.Balance": "1", "balanceFilter.Comparer": "About"},
        {"totalGreater": "much"},
        {"totalGreater": "NaN"},
        {"invoiceConfigurations": "Gift"},
        {"reviewStatuses": "Fine"},
        {"customField.Fields[a]": "1", "customField.Operator": "Xor"},
    ],
)
def test_an_invoice_filter_that_does_not_fit_is_a_400(demo: Api, params: dict[str, Any]) -> None:
    # servicetitan §4, §5
    demo.refused(400, "GET", "accounting/invoices", **params)


def test_the_demo_worlds_invoices_add_up(demo: Api) -> None:
    # design §6; servicetitan §8
    invoices = {row["id"]: row for row in demo.rows("accounting/invoices")}
    jobs = demo.rows("jpm/jobs")
    assert invoices.keys() == {job["invoiceId"] for job in jobs}
    paid: dict[int, Decimal] = {}
    for paper in (*demo.rows("accounting/payments"), *demo.rows("accounting/credit-memos")):
        for split in paper["appliedTo"]:
            paid[split["appliedTo"]] = paid.get(split["appliedTo"], Decimal(0)) + Decimal(str(split["appliedAmount"]))
    for job in jobs:
        invoice = invoices[job["invoiceId"]]
        assert Decimal(invoice["subTotal"]) == sum(Decimal(line["total"]) for line in invoice["items"])
        assert Decimal(invoice["total"]) == Decimal(str(job["total"])) == Decimal(invoice["subTotal"]) + Decimal(invoice["salesTax"])
        assert Decimal(invoice["balance"]) == Decimal(invoice["total"]) - paid.get(invoice["id"], Decimal(0)) >= 0
        assert (invoice["projectId"], invoice["customer"]["id"]) == (job["projectId"], job["customerId"])
    for customer in demo.rows("crm/customers", active="Any"):
        owed = sum((Decimal(row["total"]) for row in invoices.values() if row["customer"]["id"] == customer["id"]), Decimal(0))
        owed -= sum(Decimal(row["total"]) for row in demo.rows("accounting/payments", customerId=customer["id"]))
        owed -= sum(Decimal(str(row["total"])) for row in demo.rows("accounting/credit-memos") if row["customer"]["id"] == customer["id"])
        assert Decimal(str(customer["balance"])) == owed


def test_a_posted_invoice_locks_the_appointments_of_its_job(api: Api) -> None:
    # servicetitan §9 "almost nothing on a job's appointments can change once its invoice is posted or exported"
    invoice = billed(api, syncStatus="Posted")
    job = api.get(f"jpm/jobs/{invoice['job']['id']}")
    visit, times = f"jpm/appointments/{job['firstAppointmentId']}", {"start": "2026-03-09T15:00:00Z", "end": "2026-03-09T17:00:00Z"}
    reason = api.rows("jpm/job-hold-reasons")[0]["id"]
    calls = (
        ("POST", "jpm/appointments", {"jobId": job["id"], **times}),
        ("PATCH", f"{visit}/reschedule", times),
        ("PUT", f"{visit}/hold", {"reasonId": reason, "memo": "x"}),
        ("DELETE", f"{visit}/hold", None),
        ("DELETE", visit, None),
    )
    for call in calls:
        api.refused(409, *call)
    api.put("invoices", id=invoice["id"], syncStatus="Pending")
    api.made("PATCH", f"{visit}/reschedule", times)
