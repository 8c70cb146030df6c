"""Documents reach the books after everything they refer to, stand there to the cent, and are marked as exported."""

from __future__ import annotations

import pytest

from tests.journey.servicetitan.papers import Papers
from tests.world import World
from tieout.store.models import Integration, Intent, IntentState, Link, Ruling, RulingKind


@pytest.fixture
def office(world: World) -> Papers:
    """Everything is on, and an accountant has confirmed the first document of every kind."""
    integration = world.connect()
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    return Papers(world)


def confirm(world: World) -> None:
    """An accountant confirms the first document of every flow."""
    for integration in Integration.objects.all():
        for flow in ("inventory-bills", "ap-bills", "invoices"):
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
