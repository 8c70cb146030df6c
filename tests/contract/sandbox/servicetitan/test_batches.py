"""Batches, and the invoice events they cause (servicetitan §7, §9, §11.4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api
from tests.contract.sandbox.servicetitan.test_webhooks import HOOK, KEY, Mailbox
from tests.contract.spec_facts import validate_value


def invoice(api: Api, quantity: int = 2) -> dict[str, Any]:
    return api.put("invoices", jobId=api.new_job()["id"], items=[{"skuId": api.sku()["id"], "quantity": quantity}])


def payment(api: Api, paper: dict[str, Any], amount: float = 5) -> dict[str, Any]:
    kind = api.rows("accounting/payment-types")[0]["id"]
    made: dict[str, Any] = api.made(
        "POST", "accounting/payments", {"typeId": kind, "splits": [{"invoiceId": paper["id"], "amount": amount}]}
    )
    return made


def batch(api: Api, *entries: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return api.put("batches", transactions=[{"kind": kind, "id": row["id"]} for kind, row in entries], **more)


def states(api: Api, kind: str = "invoices") -> set[str]:
    return {row["syncStatus"] for row in api.control("GET", f"objects/{kind}")}


def test_a_batch_is_posted_and_its_documents_with_it(api: Api) -> None:
    # servicetitan §11.4 "Create batch (Pending) -> review -> Post (locks) -> Export -> Exported"
    one, two = invoice(api), invoice(api)
    made = batch(api, ("invoices", one), ("invoices", two), name="March")
    assert (made["status"], states(api)) == ("Pending", {"Pending"})
    (shown, _) = api.rows("accounting/invoices", batchId=made["id"])
    assert shown["batch"] == {"id": made["id"], "number": made["number"], "name": "March"}
    assert len(api.rows("accounting/invoices", batchNumber=made["number"])) == 2
    posted = api.put("batches", id=made["id"], status="Posted")
    assert (posted["status"], states(api)) == ("Posted", {"Posted"})
    api.refused(400, "PATCH", f"accounting/invoices/{one['id']}", {"summary": "x"})
    api.made("POST", "accounting/invoices/markasexported", [{"invoiceId": row["id"]} for row in (one, two)])
    assert api.control("GET", "objects/batches")[0]["status"] == "Exported"


def test_only_invoices_and_payments_share_a_batch(api: Api) -> None:
    # servicetitan §11.4 rule 1
    paper = invoice(api)
    assert batch(api, ("invoices", paper), ("payments", payment(api, paper)))["status"] == "Pending"
    bill = api.new_bill()
    entries = [{"kind": "inventory-bills", "id": bill["id"]}, {"kind": "invoices", "id": invoice(api)["id"]}]
    assert "one kind" in api.not_put("batches", transactions=entries)


def test_a_partly_exported_batch_is_unposted_and_posted_again(api: Api) -> None:
    # servicetitan §11.4 rule 2
    one, two = invoice(api), invoice(api)
    made = batch(api, ("invoices", one), ("invoices", two), status="Posted")
    api.made("POST", "accounting/invoices/markasexported", [{"invoiceId": one["id"]}])
    assert states(api) == {"Posted", "Exported"}
    assert "unpost it" in api.not_put("batches", id=made["id"], transactions=[{"kind": "invoices", "id": one["id"]}])
    api.put("batches", id=made["id"], status="Pending")
    assert states(api) == {"Pending"}
    smaller = api.put("batches", id=made["id"], transactions=[{"kind": "invoices", "id": one["id"]}])
    assert [each["id"] for each in smaller["transactions"]] == [one["id"]]
    assert {row["id"]: row["batch"] for row in api.rows("accounting/invoices")}[two["id"]] is None
    api.put("batches", id=made["id"], status="Posted")
    api.made("POST", "accounting/invoices/markasexported", [{"invoiceId": one["id"]}])


@pytest.mark.parametrize("status", ["Pending", "Posted"])
def test_an_exported_batch_stays_so(api: Api, status: str) -> None:
    # servicetitan §11.4 rule 3, rule 5 "Bypass marks a batch Exported … cannot be undone"
    made = batch(api, ("invoices", invoice(api)))
    assert "not posted" in api.not_put("batches", id=made["id"], status="Exported")
    api.put("batches", id=made["id"], status="Posted")
    assert api.put("batches", id=made["id"], status="Exported")["status"] == "Exported"
    assert "stays so" in api.not_put("batches", id=made["id"], status=status)


def test_nothing_is_not_sent(api: Api) -> None:
    # servicetitan §11.4 rule 4
    customer = api.new_customer()
    project = api.new_project(customer, businessUnitIds=[api.rows("settings/business-units")[0]["id"]])
    empty = api.put("invoices", projectId=project["id"])
    assert "not batched" in api.not_put("batches", transactions=[{"kind": "invoices", "id": empty["id"]}])
    kind = api.rows("accounting/payment-types")[0]["id"]
    free = api.made("POST", "accounting/payments", {"typeId": kind, "customerId": customer["id"], "amount": 0})
    batch(api, ("payments", free), ("payments", payment(api, invoice(api))), status="Posted")
    assert states(api, "payments") == {"Posted", "Exported"}


def test_what_cannot_be_batched_is_refused(api: Api) -> None:
    paper = invoice(api)
    batch(api, ("invoices", paper))
    assert "is in batch" in api.not_put("batches", transactions=[{"kind": "invoices", "id": paper["id"]}])
    voided = invoice(api)
    api.put("invoices", id=voided["id"], active=False)
    assert "not active" in api.not_put("batches", transactions=[{"kind": "invoices", "id": voided["id"]}])
    posted = invoice(api)
    api.put("invoices", id=posted["id"], syncStatus="Posted")
    assert "is Posted" in api.not_put("batches", transactions=[{"kind": "invoices", "id": posted["id"]}])
    assert "at least one" in api.not_put("batches", transactions=[])
    assert "not found" in api.not_put("batches", transactions=[{"kind": "invoices", "id": 999}])
    assert "must be one of" in api.not_put("batches", transactions=[{"kind": "jobs", "id": 1}])
    assert "not found" in api.not_put("batches", id=999, status="Posted")


def test_a_document_posted_by_itself_has_a_batch_of_its_own_and_no_way_past_one_with_others(api: Api) -> None:
    # servicetitan §9 "Pending -> (batched) -> Posted"
    alone = api.put("invoices", id=invoice(api)["id"], syncStatus="Posted")
    assert alone["batch"]["number"]
    one, two = invoice(api), invoice(api)
    batch(api, ("invoices", one), ("invoices", two))
    assert "with others" in api.not_put("invoices", id=one["id"], syncStatus="Posted")


@pytest.fixture
def mailbox(near: Api) -> Mailbox:
    near.settings(webhook_url=HOOK, webhook_key=KEY)
    return Mailbox(near)


def test_every_step_of_an_invoice_is_an_event(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "accounting": invoice-updated, -batched, -posted, -exported; the invoice without items and a few members
    paper = invoice(near)
    mailbox.fetch()
    made = batch(near, ("invoices", paper))
    near.put("batches", id=made["id"], status="Posted")
    near.put("batches", id=made["id"], status="Pending")
    near.put("batches", id=made["id"], status="Posted")
    near.made("POST", "accounting/invoices/markasexported", [{"invoiceId": paper["id"]}])
    events = mailbox.fetch()
    assert [event["type"].removeprefix("tn.acc.invoice-") for event in events] == ["batched", "posted", "updated", "posted", "exported"]
    assert len({event["userassignedid"] for event in events}) == 5
    for event in events:
        name = f"Invoice{event['type'].removeprefix('tn.acc.invoice-').capitalize()}EventPayload"
        assert validate_value("accounting", f"CloudEvent_Of_Accounting.V2.Webhook.{name}", event) == []
        shown = event["data"]["invoice"]
        assert shown["id"] == paper["id"]
        assert not {"items", "customFields", "summary", "active"} & shown.keys()
    assert [event["data"]["invoice"]["syncStatus"] for event in events][-2:] == ["Posted", "Exported"]


def test_there_is_no_event_about_bills_payments_and_purchase_orders(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "Complete list of event types": payment.created and the like are not in the contract
    bill = near.new_bill()
    paper = invoice(near)
    near.rows("accounting/invoices")
    mailbox.fetch()
    near.put("ap-bills", id=bill["id"], syncStatus="Posted")
    payment(near, paper)
    assert mailbox.fetch() == []


def test_a_refused_change_tells_nothing(near: Api, mailbox: Mailbox) -> None:
    paper = invoice(near)
    mailbox.fetch()
    near.refused(400, "PATCH", f"accounting/invoices/{paper['id']}/items", {"description": "x", "quantity": 1, "skuId": 999})
    assert mailbox.fetch() == []


def test_a_task_on_an_invoice_has_its_own_events(near: Api, mailbox: Mailbox) -> None:
    # servicetitan §7 "tn.acc.invoice-task-created, tn.acc.invoice-task-updated"
    paper = invoice(near)
    path = f"accounting/invoices/{paper['id']}/tasks"
    mailbox.fetch()
    made = near.made("POST", path, {"templateId": "collections"})
    (task,) = made["tasks"]
    near.made("PATCH", f"{path}/{task['taskId']}", {"status": "Done", "dueDate": "2026-03-09T00:00:00Z"})
    (shown,) = near.get(path)["data"]
    assert (shown["taskId"], shown["status"], shown["templateId"]) == (task["taskId"], "Done", "collections")
    events = mailbox.fetch()
    assert [event["type"] for event in events] == ["tn.acc.invoice-task-created", "tn.acc.invoice-task-updated"]
    for event, word in zip(events, ("Created", "Updated"), strict=True):
        assert (event["data"]["invoice"]["id"], event["data"]["task"]["id"]) == (paper["id"], task["taskId"])
        assert validate_value("accounting", f"CloudEvent_Of_Accounting.V2.Webhook.InvoiceTask{word}EventPayload", event) == []
    nobody = "00000000-0000-0000-0000-000000000000"
    near.refused(400, "PATCH", f"{path}/{nobody}", {"status": "Done"})
    near.refused(400, "POST", path, {"templateId": " "})
    near.refused(400, "POST", path, {})
    near.refused(400, "GET", "accounting/invoices/999/tasks")
