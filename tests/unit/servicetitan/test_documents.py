"""Accounting documents: read with their lines from feeds and lists, and marked as exported."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.contract.spec_facts import validate_value
from tests.unit.servicetitan import documents
from tests.unit.servicetitan.bodies import NOW, Service, Watch, error, feed, listing, token
from tieout.core.ports import Effect, Fault, Scope, Trace, Verb, Write
from tieout.core.record import Line, Ref, dump, load
from tieout.platforms.servicetitan import KINDS, faults, normalise
from tieout.platforms.servicetitan.cursors import stamp
from tieout.platforms.servicetitan.writer import MARK

INVOICES = "accounting/export/invoices"


def lines(record: Any, name: str) -> tuple[Line, ...]:
    found = record.fields[name]
    assert isinstance(found, tuple)
    return found


# Bodies


@pytest.mark.parametrize(
    ("area", "schema", "body"),
    [
        ("accounting", "Accounting.V2.InvoiceResponse", documents.invoice()),
        ("accounting", "Accounting.V2.ExportInvoiceItemResponse", documents.invoice_item(invoiceId=1, active=True)),
        ("accounting", "Accounting.V2.DetailedPaymentResponse", documents.payment()),
        ("accounting", "Accounting.V2.CreditMemos.CreditMemoPublicResponse", documents.credit_memo()),
        ("accounting", "Accounting.V2.CreditMemos.CreditMemoItemsPublicResponse", documents.credit_memo_item()),
        ("accounting", "Accounting.V2.InventoryBillResponse", documents.inventory_bill()),
        ("accounting", "Accounting.V2.ApBillResponse", documents.ap_bill()),
        ("accounting", "Accounting.V2.ApCreditResponse", documents.ap_credit()),
        ("inventory", "Inventory.V2.VendorResponse", documents.vendor()),
        ("inventory", "Inventory.V2.PurchaseOrderResponse", documents.purchase_order()),
    ],
)
def test_the_bodies_used_here_are_the_vendors_own(area: str, schema: str, body: dict[str, Any]) -> None:
    assert validate_value(area, schema, body) == []


def test_an_invoice_refers_to_its_customer_job_project_and_business_unit_and_carries_its_items() -> None:
    record = normalise("invoice", documents.invoice())
    fields = record.fields
    assert (record.natural_key, fields["total"], fields["salesTax"]) == ("601", Decimal("1082.5"), Decimal("82.5"))
    assert (fields["customer.id"], fields["job.id"], fields["projectId"]) == (
        Ref("customer", "101"),
        Ref("job", "501"),
        Ref("project", "301"),
    )
    (item,) = lines(record, "items")
    assert item.id == "6101"
    assert item.fields["generalLedgerAccount.number"] == "40100"
    assert item.fields["businessUnit.id"] == Ref("business-unit", "11")
    assert Ref("business-unit", "11") in set(record.refs())


@pytest.mark.parametrize("written", ["2026-05-06T00:00:00Z", "2026-05-06T23:59:59.9999999Z", "2026-05-06T00:00:00", "2026-05-06"])
def test_the_date_of_a_document_is_the_day_it_is_written_with(written: str) -> None:
    assert normalise("invoice", documents.invoice(invoiceDate=written)).fields["invoiceDate"] == date(2026, 5, 6)


def test_a_payment_names_each_invoice_it_is_applied_to() -> None:
    (applied,) = lines(normalise("payment", documents.payment()), "appliedTo")
    assert (applied.id, applied.fields["appliedTo"], applied.fields["appliedAmount"]) == ("6511", Ref("invoice", "601"), Decimal(500))


def test_one_payables_bill_can_touch_several_jobs_by_its_expense_lines() -> None:
    expenses = [
        {"id": number, "amount": "5.00", "generalLedgerAccount": None, "job": {"id": job, "name": "x"}, "businessUnit": None}
        for number, job in ((1, 501), (2, 502))
    ]
    record = normalise("ap-bill", documents.ap_bill(expenseItems=expenses))
    assert [line.fields["job.id"] for line in lines(record, "expenseItems")] == [Ref("job", "501"), Ref("job", "502")]
    assert record.fields["items"] == ()


def test_lines_survive_being_stored_and_keep_their_ids() -> None:
    record = normalise("inventory-bill", documents.inventory_bill())
    assert load(json.loads(json.dumps(dump(record.fields)))) == record.fields
    assert [line.id for line in lines(record, "items")] == ["7711"]


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (documents.bill_item(id=None), r"items\[0\]\.id: is missing"),
        (documents.bill_item(cost="ten"), r"items\[0\]\.cost: is not an amount"),
        ("x", r"items\[0\]: is text, not an object"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(item: Any, said: str) -> None:
    with pytest.raises(Fault, match=said):
        normalise("inventory-bill", documents.inventory_bill(items=[item]))


def test_a_line_listed_twice_counts_once() -> None:
    record = normalise("inventory-bill", documents.inventory_bill(items=[documents.bill_item(1), documents.bill_item(1)]))
    assert len(lines(record, "items")) == 1


# Reading


@pytest.mark.parametrize(
    ("kind", "path", "make", "asked"),
    [
        ("invoice", "accounting/invoices", documents.invoice, {"activeState": "All"}),
        ("payment", "accounting/payments", documents.payment, {"activeState": "All"}),
        ("ap-bill", "accounting/ap-bills", documents.ap_bill, {"billType": "ApBill"}),
        ("ap-credit", "accounting/ap-credits", documents.ap_credit, {}),
        ("purchase-order", "inventory/purchase-orders", documents.purchase_order, {}),
        ("vendor", "inventory/vendors", documents.vendor, {"active": "Any"}),
    ],
)
def test_documents_are_read_by_id_whatever_their_state(kind: str, path: str, make: Any, asked: dict[str, str]) -> None:
    service = Service()
    service.on(path, listing([make(2)]))
    assert set(service.system(Watch()).read([Ref(kind, "2"), Ref(kind, "3")])) == {Ref(kind, "2")}
    (call,) = service.calls(path)
    assert call.items() >= asked.items()


def test_the_ids_of_vendors_are_repeated_and_those_of_others_are_one_list() -> None:
    service = Service()
    service.on("inventory/vendors", listing([]))
    service.on("accounting/invoices", listing([]))
    service.system(Watch()).read([Ref(kind, id_) for kind in ("vendor", "invoice") for id_ in ("2", "3")])
    queries = {request.url.path.rsplit("/", 1)[1]: request.url.params.get_list("ids") for request in service.seen[1:]}
    assert queries == {"vendors": ["2", "3"], "invoices": ["2,3"]}


def test_inventory_bills_are_read_where_pages_can_be_turned_and_learn_from_the_feed_whether_they_are_active() -> None:
    service = Service()
    service.on("accounting/inventory-bills/paginated", listing([documents.inventory_bill(771)]))
    service.on("accounting/export/inventory-bills", feed([documents.inventory_bill(771, active=False)], "t"))
    record = service.system(Watch()).read([Ref("inventory-bill", "771")])[Ref("inventory-bill", "771")]
    assert record.fields["active"] is False
    assert service.calls("accounting/inventory-bills") == []


def test_a_credit_memo_is_read_with_the_items_below_it() -> None:
    service = Service()
    service.on("accounting/credit-memos", listing([documents.credit_memo(681), documents.credit_memo(682)]))
    for id_ in (681, 682):
        service.on(f"accounting/credit-memos/{id_}/items", listing([documents.credit_memo_item(id_ * 10)]))
    page = service.system(Watch()).changes("credit-memo", None)
    assert [[line.id for line in lines(record, "items")] for record in page.records] == [["6810"], ["6820"]]
    assert service.calls("accounting/credit-memos/681/items")[0]["active"] == "Any"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if kind.feed])
def test_every_feed_is_read_to_its_end_and_gone_on_with_later(kind: str) -> None:
    row = KINDS[kind]
    path = f"{row.area}/export/{row.resource}"
    service = Service()
    service.on(path, feed([], "t1"))
    system = service.system(Watch())
    page = system.changes(kind, None)
    service.on(path, feed([], "t2"))
    system.changes(kind, page.cursor)
    assert [call.get("from") for call in service.calls(path)] == [None, "t1"]


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if not kind.feed])
def test_what_has_no_feed_is_listed_from_its_time_of_change(kind: str) -> None:
    row = KINDS[kind]
    path = f"{row.area}/{row.list_path}"
    service = Service()
    service.on(path, listing([]))
    system = service.system(Watch())
    system.changes(kind, {"start": stamp(NOW)})
    (call,) = service.calls(path)
    assert call["modifiedOnOrAfter"] == stamp(NOW)
    assert call.items() >= {**row.everything, **row.order}.items()


# Invoices whose body has no items


def test_an_invoice_that_a_feed_shows_without_items_is_read_by_id() -> None:
    service = Service()
    service.on(INVOICES, feed([documents.invoice(601, items=None), documents.invoice(602)], "t"))
    service.on("accounting/invoices", listing([documents.invoice(601)]))
    page = service.system(Watch()).changes("invoice", None)
    assert [len(lines(record, "items")) for record in page.records] == [1, 1]
    assert [call["ids"] for call in service.calls("accounting/invoices")] == ["601"]


def test_items_that_no_body_shows_are_taken_from_the_feed_of_items() -> None:
    service = Service()
    service.on("accounting/invoices", listing([documents.invoice(601, items=None), documents.invoice(602, items=None)]))
    rows = [
        documents.invoice_item(1, invoiceId=601, active=True),
        documents.invoice_item(2, invoiceId=999, active=True),
        documents.invoice_item(3, invoiceId=601, active=False),
        documents.invoice_item(1, invoiceId=601, active=True, total="5.00"),
    ]
    pages = {None: feed(rows[:2], "t1", more=True), "t1": feed(rows[2:], "t2")}
    first = stamp(NOW.replace(day=6, hour=9))
    service.on(
        "accounting/export/invoice-items",
        lambda request, params: httpx.Response(200, json=pages[None if params["from"] == first else params["from"]]),
    )
    found = service.system(Watch()).read([Ref("invoice", "601"), Ref("invoice", "602")])
    assert [(line.id, line.fields["total"]) for line in lines(found[Ref("invoice", "601")], "items")] == [("1", Decimal(5))]
    assert lines(found[Ref("invoice", "602")], "items") == ()


def test_items_that_cannot_all_be_found_are_not_known_rather_than_none() -> None:
    service = Service()
    service.on("accounting/invoices", listing([documents.invoice(601, items=None)]))
    service.on(
        "accounting/export/invoice-items",
        lambda request, params: httpx.Response(200, json=feed([documents.invoice_item(1, invoiceId=5)], params["from"] + "x", more=True)),
    )
    found = service.system(Watch()).read([Ref("invoice", "601")])
    assert "items" not in found[Ref("invoice", "601")].fields


def test_a_feed_of_items_that_stands_still_is_a_fault_and_no_endless_loop() -> None:
    service = Service()
    service.on("accounting/invoices", listing([documents.invoice(601, items=None)]))
    service.on("accounting/export/invoice-items", feed([], "", more=True))
    with pytest.raises(Fault, match="does not move"):
        service.system(Watch()).read([Ref("invoice", "601")])


# Marking as exported


def mark(kind: str, id_: int, **fields: Any) -> Write:
    return Write(f"k{id_}", Verb.ACT, kind, fields, target=str(id_), action=MARK)


MARKS = [
    (
        "invoice",
        "accounting/invoices/markasexported",
        [{"invoiceId": 1, "externalId": "4711"}, {"invoiceId": 2, "externalId": "4711"}],
        "invoiceId",
    ),
    ("inventory-bill", "accounting/inventory-bills/markasexported", {"inventoryBillIds": [1, 2]}, "inventoryBillId"),
    ("ap-bill", "accounting/ap-bills/markasexported", {"billIds": [1, 2]}, "billId"),
    ("ap-credit", "accounting/ap-credits/markasexported", [{"apCreditId": 1}, {"apCreditId": 2}], "apCreditId"),
    (
        "credit-memo",
        "accounting/credit-memos/markasexported",
        [{"creditMemoId": 1, "externalId": "4711"}, {"creditMemoId": 2, "externalId": "4711"}],
        "creditMemoId",
    ),
    ("payment", "accounting/payments/status", {"paymentIds": [1, 2], "status": "Exported"}, ""),
]


@pytest.mark.parametrize(("kind", "path", "body", "answer"), MARKS)
def test_each_kind_is_marked_with_its_own_body_in_one_call(kind: str, path: str, body: Any, answer: str) -> None:
    service = Service()
    rows = [{answer: 1, "success": True}, {answer: 2, "success": False, "errorMessage": "Batch is not posted"}]
    service.on(path, rows if answer else httpx.Response(200))
    outcomes = service.system(Watch()).write([mark(kind, id_, exportId="4711") for id_ in (1, 2)])
    (sent,) = [json.loads(request.content) for request in service.seen if request.url.path.endswith(path.split("/", 1)[1])]
    assert sent == body
    assert (outcomes[0].effect, outcomes[0].id) == (Effect.DONE, "1")
    if answer:
        assert outcomes[1].effect is Effect.REFUSED
        assert outcomes[1].fault is not None
        assert "Batch is not posted" in str(outcomes[1].fault)
        assert outcomes[1].fault.case is faults.MARK_REFUSED
    else:
        assert outcomes[1].effect is Effect.DONE


@pytest.mark.parametrize("answer", [None, {}, [{"invoiceId": 1}], [{"invoiceId": "x", "success": True}], [], "ok"])
def test_an_answer_that_does_not_say_what_became_of_a_document_leaves_it_open(answer: Any) -> None:
    service = Service()
    service.on("accounting/invoices/markasexported", httpx.Response(200, json=answer) if answer is not None else httpx.Response(200))
    (outcome,) = service.system(Watch()).write([mark("invoice", 1)])
    assert outcome.effect is Effect.UNKNOWN


def test_one_document_that_spoils_a_call_does_not_hold_up_the_others() -> None:
    service = Service()

    def answer(request: httpx.Request, params: Any) -> httpx.Response:
        ids = [row["invoiceId"] for row in json.loads(request.content)]
        if 2 in ids:
            return httpx.Response(400, json=error(400, "Invoice 2 is locked"))
        return httpx.Response(200, json=[{"invoiceId": id_, "success": True} for id_ in ids])

    service.on("accounting/invoices/markasexported", answer)
    outcomes = service.system(Watch()).write([mark("invoice", id_) for id_ in (1, 2, 3)])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE, Effect.REFUSED, Effect.DONE]


@pytest.mark.parametrize(
    ("answer", "effect", "scope"),
    [
        (httpx.Response(500, text="<html>"), Effect.UNKNOWN, Scope.CONNECTION),
        (httpx.Response(429, json=error(429, "Rate limit is exceeded. Try again in 7 seconds.")), Effect.NOT_SENT, Scope.CONNECTION),
        (httpx.Response(403, json=error(403, "Forbidden")), Effect.REFUSED, Scope.KIND),
    ],
)
def test_a_mark_that_fails_says_what_is_known_of_it(answer: httpx.Response, effect: Effect, scope: Scope) -> None:
    service = Service()
    service.on("accounting/invoices/markasexported", answer)
    (outcome,) = service.system(Watch()).write([mark("invoice", 1)])
    assert outcome.effect is effect
    assert outcome.fault is not None
    assert outcome.fault.case.scope is scope


@pytest.mark.parametrize("status", ["Exported", "exported", "PostedAndExported"])
def test_a_lost_mark_is_found_by_the_sync_status(status: str) -> None:
    service = Service()
    service.on("accounting/ap-bills", listing([documents.ap_bill(1, syncStatus=status), documents.ap_bill(2, syncStatus="Posted")]))
    probes = service.system(Watch()).probe([mark("ap-bill", id_) for id_ in (1, 2, 3)])
    assert [probe.trace for probe in probes] == [Trace.EQUAL, Trace.ABSENT, Trace.OTHER]
    assert probes[1].enforced


@pytest.mark.parametrize(
    "write",
    [
        Write("k", Verb.UPDATE, "invoice", {"syncStatus": "Exported"}, target="1"),
        Write("k", Verb.ACT, "invoice", {}, target="1", action="post"),
        Write("k", Verb.ACT, "invoice", {"total": "1"}, target="1", action=MARK),
        Write("k", Verb.ACT, "vendor", {}, target="1", action=MARK),
        Write("k", Verb.CREATE, "invoice", {}),
        Write("k", Verb.DELETE, "invoice", {}, target="1"),
        Write("k", Verb.ACT, "invoice", {}, target="x", action=MARK),
    ],
)
def test_nothing_but_the_mark_is_ever_written(write: Write) -> None:
    service = Service()
    system = service.system(Watch())
    (outcome,) = system.write([write])
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert outcome.fault.case is faults.READ_ONLY
    assert system.probe([write])[0].trace is Trace.ABSENT
    assert service.seen == []


@pytest.mark.parametrize(("granted", "ok"), [(("tn.acc.invoices:r", "tn.acc.invoices:w"), True), (("tn.acc.invoices:r",), False)])
def test_the_check_says_beforehand_whether_invoices_may_be_marked(granted: tuple[str, ...], ok: bool) -> None:
    service = Service(token_answer=lambda request: httpx.Response(200, json={"access_token": token(scopes=granted), "expires_in": 900}))
    service.on(INVOICES, feed([], "t"))
    found = {line.name: line for line in service.system(Watch()).check(["invoice"])}
    assert found["Mark invoices as exported"].ok is ok
    if not ok:
        assert found["Mark invoices as exported"].code == "servicetitan.missing-scope"
        assert "tn.acc.invoices:w" in found["Mark invoices as exported"].detail
