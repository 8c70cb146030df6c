"""Documents reach the books after everything they refer to, stand there to the cent, and are marked as exported."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.journey.servicetitan.papers import Papers
from tests.world import World
from tieout.core.record import Ref
from tieout.core.tables import TableRow
from tieout.engine import tieout
from tieout.engine.linking import link
from tieout.engine.mapping import preview_rows, replace_rows
from tieout.engine.problem_list import ProblemFilter, held_by, problems
from tieout.engine.queue_list import QueueFilter, QueueState, queue
from tieout.engine.release import Word
from tieout.engine.requests import request
from tieout.engine.rulings import confirm_first
from tieout.platforms import registry
from tieout.platforms.servicetitan.tables import ACCOUNTS, PAYMENT_TYPES
from tieout.store.models import Integration, Intent, IntentState, Link, Problem, Ruling, RulingKind


@pytest.fixture
def office(world: World) -> Papers:
    """Everything is on, and an accountant has confirmed the first document of every kind."""
    integration = world.connect()
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    return Papers(world)


CONFIRMED = ("inventory-bills", "ap-bills", "ap-credits", "invoices", "invoice-credits", "credit-memos", "refunds", "advances")


def confirm(world: World) -> None:
    """An accountant has confirmed the first document of every flow."""
    for integration in Integration.objects.all():
        for flow in CONFIRMED:
            Ruling.objects.create(integration=integration, flow=flow, left_id="", kind=RulingKind.APPROVED, by="Rosa", at=world.clock.now())


def refusals() -> list[tuple[str, str]]:
    """Every write the books refused."""
    return list(Intent.objects.filter(state=IntentState.REFUSED).values_list("fault_code", "detail"))


@pytest.mark.req("R-ST-24", "R-ST-01", "R-ST-28")
def test_an_invoice_exported_right_after_its_job_was_booked_finds_its_project(world: World, office: Papers) -> None:
    confirm(world)
    customer = world.new_customer("Ashby Farm")
    job = world.new_job(customer, world.new_project(customer, "Barn"))
    invoice = office.invoice(job, 1000.0, 250.5)
    world.run_until_quiet(hours=2)
    (booked,) = office.books("ARINVOICE").values()
    assert (booked["RECORDID"], booked["CUSTOMERID"]) == (invoice["referenceNumber"], f"C-{customer['id']}")
    assert {line["PROJECTID"] for line in office.lines("ARINVOICEITEM", booked)} == {job["jobNumber"]}
    assert float(booked["TOTALENTERED"]) == float(invoice["total"])
    assert refusals() == []
    assert office.shown("invoices", invoice["id"])["syncStatus"] == "Exported"


@pytest.mark.req("R-ST-25", "R-ST-02")
def test_a_bill_exported_against_a_project_just_made_finds_parent_project_customer_and_vendor(world: World, office: Papers) -> None:
    confirm(world)
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    bill = office.bill(office.vendor(), job, 10.25, 90.0)
    world.run_until_quiet(hours=2)
    (booked,) = office.books("APBILL").values()
    lines = office.lines("APBILLITEM", booked)
    assert [(line["PROJECTID"], line["CUSTOMERID"], line["ACCOUNTNO"], line["LOCATIONID"]) for line in lines] == [
        (job["jobNumber"], f"C-{customer['id']}", "5100", "100")
    ] * 2
    assert world.projects()[job["jobNumber"]]["PARENTID"] == f"P-{project['number']}"
    assert float(booked["TOTALENTERED"]) == 100.25
    assert refusals() == []
    assert office.shown("inventory-bills", bill["id"])["syncStatus"] in ("Exported", "PostedAndExported")
    assert str(bill["id"]) in booked["DESCRIPTION"]
    assert booked["DESCRIPTION"].count("https://")
    assert Link.objects.get(left_kind="inventory-bill", left_id=str(bill["id"])).right_id == booked["RECORDNO"]


def step_through(world: World, seconds: float = 60) -> None:
    """Let a minute pass."""
    world.run(seconds, pause=10)


def one_job(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A customer with a job."""
    customer = world.new_customer("Ashby Farm")
    return customer, world.new_job(customer)


def test_the_first_bill_is_a_draft_and_later_ones_are_posted_once_an_accountant_has_confirmed_it(world: World, office: Papers) -> None:
    _, job = one_job(world)
    vendor = office.vendor()
    first = office.bill(vendor, job, 10.0)
    world.run_until_quiet(hours=2)
    assert office.books("APBILL")[first["referenceNumber"]]["STATE"] == "Draft"
    assert office.shown("inventory-bills", first["id"])["syncStatus"] == "Posted"
    confirm_first(Integration.objects.get(), "inventory-bills", Word("Rosa"), world.clock.now())
    second = office.bill(vendor, job, 20.0)
    world.run_until_quiet(hours=2)
    assert office.books("APBILL")[second["referenceNumber"]]["STATE"] == "Posted"
    world.edit_books(
        "APBILL", {"RECORDNO": office.books("APBILL")[first["referenceNumber"]]["RECORDNO"], "WHENDUE": "04/01/2026", "ACTION": "Submit"}
    )
    world.run_until_quiet(hours=2)
    assert office.shown("inventory-bills", first["id"])["syncStatus"] in ("Exported", "PostedAndExported")


@pytest.mark.req("R-ST-33", "R-ST-36", "R-ST-D14")
def test_a_document_that_waits_says_for_what_and_goes_by_itself_when_that_is_there(world: World, office: Papers) -> None:
    confirm(world)
    _, job = one_job(world)
    bill = office.bill(office.vendor(), job, 10.0)
    world.control("intacct", "PUT", "settings", {"denied_operations": ["create PROJECT"]})
    step_through(world)
    items = {item.name: item for item in queue(world.clock.now(), QueueFilter()).items}
    waiting = items[f"Bill {bill['referenceNumber']}"]
    assert waiting.state is QueueState.WAITING
    assert f"Job {job['jobNumber']}" in waiting.explanation
    assert items[f"Job {job['jobNumber']}"].state is QueueState.NEEDS_A_PERSON
    assert office.books("APBILL") == {}
    world.control("intacct", "PUT", "settings", {"denied_operations": []})
    request(Integration.objects.get(), f"job {job['id']}", by="tests", now=world.clock.now())
    world.run_until_quiet(hours=2)
    assert set(office.books("APBILL")) == {bill["referenceNumber"]}


def test_a_missing_row_of_a_table_is_one_problem_and_its_row_releases_the_documents(world: World, office: Papers) -> None:
    confirm(world)
    integration = Integration.objects.get()
    world.settings(integration, {"accounts_match": False})
    _, job = one_job(world)
    vendor = office.vendor()
    bills = [office.bill(vendor, job, amount) for amount in (10.0, 20.0)]
    step_through(world)
    held = [row for row in problems(ProblemFilter()).rows if row.code == "mapping.unmatched"]
    assert held
    assert "Accounts" in held[0].cause
    assert "5100" in held[0].cause
    assert office.books("APBILL") == {}
    rows = [TableRow(("5100",), {"account_no": "5200"})]
    shown = [preview_rows(world.runtime, Integration.objects.get(), ACCOUNTS, table).needs_eye for table in ([], rows)]
    assert shown == [len(bills), 0]
    replace_rows(Integration.objects.get(), ACCOUNTS, rows, by="tests", now=world.clock.now())
    world.run_until_quiet(hours=2)
    assert set(office.books("APBILL")) == {bill["referenceNumber"] for bill in bills}
    assert {row["ACCOUNTNO"] for row in world.control("intacct", "GET", "objects/APBILLITEM")} == {"5200"}
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_a_document_in_a_closed_period_is_held_and_told(world: World, office: Papers) -> None:
    confirm(world)
    world.settings(Integration.objects.get(), {"closed_through": "2026-03-31"})
    _, job = one_job(world)
    office.bill(office.vendor(), job, 10.0)
    step_through(world)
    assert office.books("APBILL") == {}
    (problem,) = [row for row in problems(ProblemFilter()).rows if row.code == "servicetitan.closed-period"]
    assert "2026-03-31" in problem.cause
    world.settings(Integration.objects.get(), {"closed_period": "next"})
    world.run_until_quiet(hours=2)
    (booked,) = office.books("APBILL").values()
    assert booked["WHENPOSTED"] == "04/01/2026"
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_an_ap_bill_of_two_jobs_and_a_payment_of_an_invoice_reach_the_books(world: World, office: Papers) -> None:
    confirm(world)
    rows = [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "1050", "bank_account": ""})]
    replace_rows(Integration.objects.get(), PAYMENT_TYPES, rows, by="tests", now=world.clock.now())
    customer, job = one_job(world)
    other = world.new_job(customer)
    ap_bill = office.ap_bill(office.vendor(), (job, 30.0), (other, 12.5))
    invoice = office.invoice(job, 500.0)
    payment = office.payment(invoice, 200.0)
    world.run_until_quiet(hours=3)
    assert refusals() == []
    booked = office.books("APBILL")[ap_bill["referenceNumber"] or f"ST-{ap_bill['id']}"]
    lines = {line["PROJECTID"]: float(line["TRX_AMOUNT"]) for line in office.lines("APBILLITEM", booked)}
    assert lines == {job["jobNumber"]: 30.0, other["jobNumber"]: 12.5}
    owed = office.books("ARINVOICE")[invoice["referenceNumber"]]
    assert float(owed["TOTALDUE"]) == 300.0
    assert office.shown("payments", payment["id"])["syncStatus"] == "Exported"


def test_a_tie_out_says_of_a_payment_that_its_invoice_needs_a_person(world: World, office: Papers) -> None:
    confirm(world)
    integration = Integration.objects.get()
    world.settings(integration, {"accounts_match": False})
    rows = [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "1050", "bank_account": ""})]
    replace_rows(integration, PAYMENT_TYPES, rows, by="tests", now=world.clock.now())
    _, job = one_job(world)
    office.payment(office.invoice(job, 500.0), 200.0)
    step_through(world)
    report = tieout.run(world.runtime, integration)
    (payments,) = [flow for flow in report.flows if flow.flow == "payments"]
    assert payments.excluded == {"held: it waits for another record that needs a person": 1}
    assert report.agreed


def booked_bill(world: World, office: Papers, **settings: Any) -> dict[str, Any]:
    """A bill of 100 that stands posted in the books and is not marked, so that the field lets it be changed."""
    confirm(world)
    world.settings(Integration.objects.get(), {"mark_exported": False, **settings})
    _, job = one_job(world)
    bill = office.bill(office.vendor(), job, 100.0)
    world.run_until_quiet(hours=2)
    assert [row["STATE"] for row in office.books("APBILL").values()] == ["Posted"]
    return bill


def dearer(office: Papers, cost: float = 130.0) -> list[dict[str, Any]]:
    return [{"skuId": office.skus["materials"], "quantity": 1, "cost": cost}]


def test_a_posted_bill_that_changes_is_left_alone_and_told(world: World, office: Papers) -> None:
    bill = booked_bill(world, office)
    office.change("inventory-bills", bill, items=dearer(office))
    step_through(world, 120)
    (booked,) = office.books("APBILL").values()
    assert (booked["STATE"], float(booked["TOTALENTERED"])) == ("Posted", 100.0)
    assert [row.code for row in problems(ProblemFilter()).rows] == ["record.locked"]


def test_a_posted_bill_that_changes_is_reversed_and_posted_anew_by_setting(world: World, office: Papers) -> None:
    bill = booked_bill(world, office, changed_after_posting="replace")
    office.change("inventory-bills", bill, items=dearer(office))
    world.run_until_quiet(hours=3)
    old, new = sorted(office.books("APBILL").values(), key=lambda row: int(row["RECORDNO"]))
    assert (old["RECORDID"], old["STATE"]) == (bill["referenceNumber"], "Reversed")
    assert (new["RECORDID"].endswith("-2"), new["STATE"], float(new["TOTALENTERED"])) == (True, "Posted", 130.0)
    assert refusals() == []


def test_a_posted_bill_that_changes_twice_is_adjusted_by_each_difference_by_setting(world: World, office: Papers) -> None:
    bill = booked_bill(world, office, changed_after_posting="adjust")
    for cost in (130.0, 145.5):
        office.change("inventory-bills", bill, items=dearer(office, cost))
        world.run_until_quiet(hours=3)
        world.clock.advance(60)
    (booked,) = office.books("APBILL").values()
    assert (booked["STATE"], float(booked["TOTALENTERED"])) == ("Posted", 100.0)
    assert refusals() == []
    amounts = sorted(float(row["TOTALENTERED"]) for row in office.books("APADJUSTMENT", "RECORDNO").values())
    assert sum(amounts) == 45.5
    report = tieout.run(world.runtime, Integration.objects.get())
    (bills,) = [flow for flow in report.flows if flow.flow == "inventory-bills"]
    assert (bills.missing, bills.differences) == ([], [])
    (total,) = [total for total in bills.totals.values() if total.label == "lines: amount"]
    assert (total.left, total.right) == (Decimal("145.50"), Decimal("145.50"))
    assert report.unmanaged["APADJUSTMENT"] == 0


def test_a_bill_voided_after_it_was_posted_is_reversed(world: World, office: Papers) -> None:
    bill = booked_bill(world, office)
    office.void("inventory-bills", bill)
    world.run_until_quiet(hours=3)
    states = [row["STATE"] for row in office.books("APBILL", "RECORDNO").values()]
    assert "Posted" not in states
    assert refusals() == []


def test_a_bill_that_is_taken_back_to_be_changed_is_told_and_waits(world: World, office: Papers) -> None:
    bill = booked_bill(world, office, changed_after_posting="replace")
    world.control("servicetitan", "POST", "objects/inventory-bills", {"id": bill["id"], "syncStatus": "Pending"})
    world.control("servicetitan", "POST", "objects/inventory-bills", {"id": bill["id"], "items": dearer(office)})
    step_through(world, 120)
    assert [row.code for row in problems(ProblemFilter()).rows] == ["servicetitan.reopened"]
    assert [float(row["TOTALENTERED"]) for row in office.books("APBILL").values()] == [100.0]


def test_credits_adjustments_advances_and_refunds_reach_the_books_and_both_sides_agree(world: World, office: Papers) -> None:
    confirm(world)
    rows = [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "1050", "bank_account": ""})]
    replace_rows(Integration.objects.get(), PAYMENT_TYPES, rows, by="tests", now=world.clock.now())
    customer, job = one_job(world)
    invoice = office.invoice(job, 500.0)
    made = {
        "ap-credits": office.vendor_credit(office.vendor(), 40.1),
        "credit-memos": office.credit_memo(customer, 50.0),
        "invoices": office.adjust(invoice, -100.0),
        "payments": office.advance(customer, 75.0),
    }
    office.advance(customer, -20.0)
    world.run_until_quiet(hours=3)
    assert refusals() == []
    assert not Problem.objects.filter(cleared_at=None).exists()
    payable = [float(row["TOTALENTERED"]) for row in office.books("APADJUSTMENT", "RECORDNO").values()]
    receivable = [float(row["TOTALENTERED"]) for row in office.books("ARADJUSTMENT", "RECORDNO").values()]
    assert (payable, sorted(receivable)) == ([-40.1], [-100.0, -50.0, 20.0])
    assert [float(row["TOTALENTERED"]) for row in office.books("ARADVANCE", "RECORDNO").values()] == [75.0]
    for kind, document in made.items():
        assert office.shown(kind, document["id"])["syncStatus"] == "Exported", kind
    report = tieout.run(world.runtime, Integration.objects.get())
    assert [(flow.flow, flow.differences, flow.missing) for flow in report.flows if not flow.agreed] == []


@pytest.mark.req("R-ST-D14", "R-ST-33")
def test_a_document_that_waits_too_long_is_a_problem_that_names_the_project_the_cause_and_the_cure(world: World, office: Papers) -> None:
    confirm(world)
    world.settings(Integration.objects.get(), {"waiting_minutes": 20})
    _, job = one_job(world)
    world.control("intacct", "PUT", "settings", {"denied_operations": ["create PROJECT"]})
    bills = [office.bill(office.vendor(), job, amount) for amount in (10.0, 20.0)]
    step_through(world, 600)
    assert "record.waits" not in {row.code for row in problems(ProblemFilter()).rows}
    step_through(world, 1200)
    (waits,) = [row for row in problems(ProblemFilter()).rows if row.code == "record.waits"]
    assert f"It waits for Job {job['jobNumber']}" in waits.cause
    denied = Problem.objects.get(cleared_at=None, flow="jobs")
    assert denied.cause in waits.cause
    assert waits.next_step == denied.next_step
    assert len(held_by(waits.id)) == len(bills) - 1
    world.control("intacct", "PUT", "settings", {"denied_operations": []})
    request(Integration.objects.get(), f"job {job['id']}", by="tests", now=world.clock.now())
    world.run_until_quiet(hours=3)
    assert set(office.books("APBILL")) == {bill["referenceNumber"] for bill in bills}
    assert not Problem.objects.filter(cleared_at=None).exists()


def test_a_payment_of_an_invoice_exported_elsewhere_is_told_at_once_and_goes_once_that_is_linked(world: World, office: Papers) -> None:
    confirm(world)
    rows = [TableRow(("Check",), {"method": "Printed Check", "undeposited_account": "1050", "bank_account": ""})]
    replace_rows(Integration.objects.get(), PAYMENT_TYPES, rows, by="tests", now=world.clock.now())
    _, job = one_job(world)
    world.settings(Integration.objects.get(), {"mark_exported": False})
    invoice = office.invoice(job, 500.0)
    world.run_until_quiet(hours=2)
    Link.objects.filter(left_kind="invoice").delete()  # the books have it, and Tieout did not bring it there
    world.control("servicetitan", "POST", "objects/invoices", {"id": invoice["id"], "syncStatus": "Exported"})
    office.payment(invoice, 200.0)
    step_through(world, 120)
    (waits,) = [row for row in problems(ProblemFilter()).rows if row.code == "record.waits"]
    assert f"Invoice {invoice['referenceNumber']}" in waits.cause
    assert "exported, but not by Tieout" in waits.cause
    assert "link that by hand" in waits.next_step
    flow = next(each for each in registry.platform("servicetitan").flows if each.name == "invoices")
    ref = Ref("invoice", str(invoice["id"]))
    link(world.runtime, Integration.objects.get(), flow, ref, invoice["referenceNumber"], Word("Rosa"))
    world.run_until_quiet(hours=3)
    assert refusals() == []
    assert float(office.books("ARINVOICE")[invoice["referenceNumber"]]["TOTALDUE"]) == 300.0
    assert not Problem.objects.filter(cleared_at=None).exists()


def drafted_bill(world: World, office: Papers, **settings: Any) -> dict[str, Any]:
    """A bill that stands in the books as a draft."""
    world.settings(Integration.objects.get(), {"post_bills": "draft", **settings})
    _, job = one_job(world)
    bill = office.bill(office.vendor(), job, 100.0)
    world.run_until_quiet(hours=2)
    assert [row["STATE"] for row in office.books("APBILL").values()] == ["Draft"]
    return bill


def test_a_draft_whose_bill_is_voided_is_told_and_deleted_only_by_setting(world: World, office: Papers) -> None:
    bill = drafted_bill(world, office)
    office.void("inventory-bills", bill)
    step_through(world, 120)
    (told,) = [row for row in problems(ProblemFilter()).rows if row.code == "servicetitan.voided"]
    assert "voided in ServiceTitan, and it is a draft" in told.cause
    assert len(office.books("APBILL")) == 1
    world.settings(Integration.objects.get(), {"voided": "undo"})
    world.run_until_quiet(hours=3)
    assert office.books("APBILL") == {}
    assert refusals() == []
    assert not Problem.objects.filter(cleared_at=None).exists()
    assert not Link.objects.filter(flow="inventory-bills", is_open=True).exists()


def test_a_posted_bill_that_is_voided_is_told_and_not_reversed_by_setting(world: World, office: Papers) -> None:
    bill = booked_bill(world, office, voided="report")
    office.void("inventory-bills", bill)
    step_through(world, 120)
    assert [row.code for row in problems(ProblemFilter()).rows] == ["servicetitan.voided"]
    assert [row["STATE"] for row in office.books("APBILL").values()] == ["Posted"]


def test_a_posted_vendor_credit_that_is_voided_is_told_because_no_function_reverses_it(world: World, office: Papers) -> None:
    confirm(world)
    world.settings(Integration.objects.get(), {"mark_exported": False})
    credit = office.vendor_credit(office.vendor(), 40.1)
    world.run_until_quiet(hours=2)
    office.void("ap-credits", credit)
    step_through(world, 120)
    assert [row.code for row in problems(ProblemFilter()).rows] == ["servicetitan.voided"]
