"""Whoever has a record of one system finds its counterpart in the other by what stands in it, without Tieout."""

from __future__ import annotations

from tests.journey.servicetitan.papers import Papers
from tests.journey.servicetitan.test_documents import confirm
from tests.world import World


def test_a_document_names_its_counterpart_on_either_side_and_work_is_known_by_its_number(world: World) -> None:
    integration = world.connect()
    for wanted in Papers.SETTINGS:
        world.settings(integration, wanted)
    office = Papers(world)
    confirm(world)
    customer = world.new_customer("Ashby Farm")
    project = world.new_project(customer, "Barn")
    job = world.new_job(customer, project)
    invoice, bill, memo = office.invoice(job, 1000.0), office.bill(office.vendor(), job, 10.25), office.credit_memo(customer, 50.0)
    world.run_until_quiet(hours=3)
    made = {"invoices": (invoice, "ARINVOICE"), "inventory-bills": (bill, "APBILL"), "credit-memos": (memo, "ARADJUSTMENT")}
    for kind, (document, there) in made.items():
        (booked,) = office.books(there).values()
        address = booked["DESCRIPTION"].split()[-1]
        assert address.startswith("https://go.servicetitan.com/#/"), kind
        assert address.endswith(f"/{document['id']}"), kind
        shown = office.shown(kind, document["id"])
        assert shown["syncStatus"] == "Exported", kind
        if "exportId" in shown:
            assert shown["exportId"] == booked["RECORDNO"], kind
    assert "exportId" in office.shown("invoices", invoice["id"])
    assert "exportId" in office.shown("credit-memos", memo["id"])
    assert world.projects().keys() == {job["jobNumber"], f"P-{project['number']}"}
    assert world.customers().keys() == {f"C-{customer['id']}"}
