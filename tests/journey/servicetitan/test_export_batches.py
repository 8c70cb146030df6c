"""A bookkeeper selects documents, sees what they add up to, sends them, and is told to the cent what arrived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.journey.servicetitan.papers import Papers
from tests.journey.servicetitan.test_documents import confirm, refusals
from tests.world import World
from tieout.core.record import Ref
from tieout.core.tables import TableRow
from tieout.engine import exports
from tieout.engine.exports import ExportError, Selection
from tieout.engine.mapping import replace_rows
from tieout.engine.plan import plan
from tieout.engine.release import Word
from tieout.engine.rulings import pair_of, skip
from tieout.platforms.servicetitan.tables import BUSINESS_UNITS, PAYMENT_TYPES
from tieout.store.models import BatchState, ExportBatch, Going, Hold, Integration, Journal, PlanItem, PlanState


@pytest.fixture
def office(world: World) -> Papers:
    """Documents go only when somebody asks for them; an accountant has confirmed the first of every kind."""
    integration = world.connect()
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    world.settings(integration, {"export_when": "request"})
    rows = [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "1050", "bank_account": ""})]
    replace_rows(Integration.objects.get(), PAYMENT_TYPES, rows, by="tests", now=world.clock.now())
    confirm(world)
    return Papers(world)


def made(world: World, **wanted: Any) -> ExportBatch:
    asked = exports.ask(Integration.objects.get(), Selection(**wanted), by="Rosa", now=world.clock.now())
    return exports.make(world.runtime, asked)


def sums(rows: list[dict[str, Any]], part: str = "") -> dict[str, tuple[int, Decimal]]:
    """The totals by kind."""
    return {row["flow"]: (row[f"count{part}"], row[f"amount{part}"]) for row in rows if row["place"] is None}


def looked_at(world: World, batch: ExportBatch) -> ExportBatch:
    world.run_until_quiet(hours=3)
    return exports.look(world.runtime, ExportBatch.objects.get(pk=batch.pk))


def test_a_batch_goes_when_it_is_released_and_its_totals_agree_to_the_cent(world: World, office: Papers) -> None:
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer, world.new_project(customer, "Barn"))
    vendor = office.vendor()
    for cost in (10.25, 90.0):
        office.bill(vendor, job, cost)
    invoice = office.invoice(job, 500.0, 0.5)
    office.payment(invoice, 200.0)
    office.credit_memo(customer, 50.0)
    office.vendor_credit(vendor, 40.1)
    world.run_until_quiet(hours=2)
    assert office.books("APBILL") == office.books("ARINVOICE") == {}
    batch = made(world)
    assert batch.state == BatchState.SHOWN
    total = Decimal(str(invoice["total"]))
    shown = {
        "ap-credits": (1, Decimal("-40.10")),
        "credit-memos": (1, Decimal("-50.00")),
        "inventory-bills": (2, Decimal("100.25")),
        "invoices": (1, total),
        "payments": (1, Decimal("200.00")),
    }
    assert sums(batch.before) == shown
    assert {row["place"] for row in batch.before if row["flow"] == "inventory-bills"} == {None, "100"}
    world.run_until_quiet(hours=2)
    assert office.books("APBILL") == {}
    sent = exports.send(batch, Word("Rosa", "month end"), world.clock.now())
    done = looked_at(world, sent)
    assert refusals() == []
    assert (done.state, done.agreed) == (BatchState.DONE, True), [(each.name, each.state, each.text) for each in done.documents.all()]
    assert sums(done.after, "_there") == shown
    assert all(row["agrees"] for row in done.after)
    assert {each.state for each in done.documents.all()} == {Going.THERE}
    assert not PlanItem.objects.filter(state=PlanState.RELEASED).exists()
    told = list(Journal.objects.filter(event__startswith="batch").order_by("id").values_list("text", flat=True))
    assert "Rosa released batch" in told[0]
    assert "month end" in told[0]
    assert "both sides agree" in told[1]


def test_the_totals_of_a_batch_are_split_by_where_its_lines_are_booked(world: World, office: Papers) -> None:
    customer = world.new_customer("Ashby Farm")
    units = world.field("GET", "settings/business-units")["data"]
    rows = [TableRow((units[0]["name"],), {"location": "200", "department": "", "class": "", "entity": ""})]
    replace_rows(Integration.objects.get(), BUSINESS_UNITS, rows, by="tests", now=world.clock.now())
    job = world.new_job(customer)
    office.bill(office.vendor(), job, 12.5)
    world.run_until_quiet(hours=2)
    batch = made(world, flows=("inventory-bills",))
    places = {row["place"]: row["amount"] for row in batch.before}
    assert places == {None: Decimal("12.50"), "200": Decimal("12.50")}
    done = looked_at(world, exports.send(batch, Word("Rosa"), world.clock.now()))
    assert done.agreed
    assert {row["place"]: row["amount_there"] for row in done.after} == places


def test_a_document_changed_in_the_books_is_named_with_both_sums(world: World, office: Papers) -> None:
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    world.settings(Integration.objects.get(), {"post_bills": "draft"})
    bill = office.bill(office.vendor(), job, 100.0)
    world.run_until_quiet(hours=2)
    sent = exports.send(made(world), Word("Rosa"), world.clock.now())
    world.run_until_quiet(hours=3)
    (booked,) = office.books("APBILL").values()
    (line,) = office.lines("APBILLITEM", booked)
    lines = f"<APBILLITEM><RECORDNO>{line['RECORDNO']}</RECORDNO><TRX_AMOUNT>90</TRX_AMOUNT></APBILLITEM>"
    header = f"<RECORDNO>{booked['RECORDNO']}</RECORDNO><WHENDUE>{booked['WHENDUE']}</WHENDUE>"
    assert world._by_hand(f"<update><APBILL>{header}<APBILLITEMS>{lines}</APBILLITEMS></APBILL></update>")
    compared = exports.look(world.runtime, ExportBatch.objects.get(pk=sent.pk))
    assert compared.agreed is False
    (document,) = compared.documents.all()
    assert bill["referenceNumber"] in document.name
    assert document.text == "It adds up to 100.00 here and to 90.00 in the books."


def test_a_document_that_cannot_go_is_shown_with_its_reason_and_counts_in_no_total(world: World, office: Papers) -> None:
    world.settings(Integration.objects.get(), {"closed_through": "2026-02-28", "gl_date": "document"})
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    vendor = office.vendor()
    office.bill(vendor, job, 10.0)
    office.bill(vendor, job, 20.0, billDate="2026-02-10T00:00:00Z")
    world.run_until_quiet(hours=2)
    batch = made(world)
    assert sums(batch.before) == {"inventory-bills": (1, Decimal("10.00"))}
    (stopped,) = batch.documents.filter(state=Going.CANNOT)
    assert "closed through 2026-02-28" in stopped.text


def test_documents_are_chosen_by_day_and_by_tick_and_what_is_left_out_waits(world: World, office: Papers) -> None:
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer)
    vendor = office.vendor()
    early = office.bill(vendor, job, 10.0, billDate="2026-02-10T00:00:00Z")
    late = [office.bill(vendor, job, cost, billDate="2026-03-01T00:00:00Z") for cost in (20.0, 30.0)]
    world.run_until_quiet(hours=2)
    batch = made(world, first=date(2026, 3, 1), last=date(2026, 3, 31))
    assert {each.left_id for each in batch.documents.all()} == {str(bill["id"]) for bill in late}
    unticked = batch.documents.get(left_id=str(late[1]["id"]))
    done = looked_at(world, exports.send(batch, Word("Rosa"), world.clock.now(), without=[unticked.pk]))
    assert set(office.books("APBILL")) == {late[0]["referenceNumber"]}
    assert done.agreed
    assert sums(done.after, "_there") == {"inventory-bills": (1, Decimal("20.00"))}
    rest = made(world)
    assert {each.left_id for each in rest.documents.all()} == {str(bill["id"]) for bill in (early, late[1])}
    exports.discard(rest, Word("Rosa"), world.clock.now())
    assert not PlanItem.objects.filter(state=PlanState.PLANNED, hold=Hold.BATCH, step="create", flow="inventory-bills").exists()


def test_a_document_that_changes_after_it_was_shown_does_not_go(world: World, office: Papers) -> None:
    job = world.new_job(world.new_customer("Ashby Farm"))
    vendor = office.vendor()
    bill, other = office.bill(vendor, job, 10.0), office.bill(vendor, job, 5.0)
    world.run_until_quiet(hours=2)
    batch = made(world)
    office.change("inventory-bills", bill, items=[{"skuId": office.skus["materials"], "quantity": 1, "cost": 11.0}])
    world.run_until_quiet(hours=2)
    done = looked_at(world, exports.send(batch, Word("Rosa"), world.clock.now()))
    assert set(office.books("APBILL")) == {other["referenceNumber"]}
    assert done.agreed is False
    texts = {each.left_id: each.text for each in done.documents.all()}
    assert "Changed after it was released" in texts[str(bill["id"])]
    again = made(world)
    assert sums(again.before) == {"inventory-bills": (1, Decimal("11.00"))}


def test_a_batch_is_released_once_and_planning_afresh_leaves_it_alone(world: World, office: Papers) -> None:
    job = world.new_job(world.new_customer("Ashby Farm"))
    office.bill(office.vendor(), job, 10.0)
    world.run_until_quiet(hours=2)
    batch = made(world)
    plan(world.runtime, Integration.objects.get())
    exports.send(batch, Word("Rosa"), world.clock.now())
    with pytest.raises(ExportError, match="no longer waits"):
        exports.send(batch, Word("Rosa"), world.clock.now())
    with pytest.raises(ExportError, match="can no longer be discarded"):
        exports.discard(batch, Word("Rosa"), world.clock.now())
    assert looked_at(world, batch).agreed


def test_a_document_that_waits_is_named_with_what_it_waits_for_and_a_skip_ends_its_batch(world: World, office: Papers) -> None:
    world.control("intacct", "PUT", "settings", {"denied_operations": ["create PROJECT"]})
    job = world.new_job(world.new_customer("Ashby Farm"))
    bill = office.bill(office.vendor(), job, 10.0)
    world.run(90, pause=10)
    sent = exports.send(made(world), Word("Rosa"), world.clock.now())
    world.run(120, pause=10)
    compared = exports.look(world.runtime, ExportBatch.objects.get(pk=sent.pk))
    assert (compared.state, compared.agreed) == (BatchState.RELEASED, False)
    assert f"waits for job {job['id']}" in compared.documents.get().text
    pair = pair_of(Integration.objects.get(), "inventory-bills", Ref("inventory-bill", str(bill["id"])), world.clock.now())
    skip(pair, Word("Rosa", "paid by card"), world.clock.now())
    world.run(60, pause=10)
    ended = exports.look(world.runtime, ExportBatch.objects.get(pk=sent.pk))
    assert (ended.state, ended.agreed, ended.documents.get().text) == (BatchState.DONE, False, "Rosa skipped it: paid by card.")


@pytest.mark.parametrize("wanted", [{"flows": ("jobs",)}, {"first": date(2026, 3, 2), "last": date(2026, 3, 1)}])
def test_a_selection_that_makes_no_sense_is_refused(world: World, office: Papers, wanted: dict[str, Any]) -> None:
    with pytest.raises(ExportError):
        made(world, **wanted)
