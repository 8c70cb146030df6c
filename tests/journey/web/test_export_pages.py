"""The pages about batches: what they select and show, what their forms do, and what they say when that cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.journey.web.conftest import As
from tests.journey.web.rows import Rows
from tests.journey.web.test_plan_pages import item, said
from tieout.store.models import BatchDocument, BatchState, ExportBatch, Going, Hold, PlanItem, PlanState, SettingValue
from tieout.web.roles import Role


def batch(rows: Rows, **more: Any) -> ExportBatch:
    """A batch of two bills that go and one that cannot."""
    made = ExportBatch.objects.create(integration=rows.integration, by="accountant", made_at=rows.now, state=BatchState.SHOWN, **more)
    for number, going in (("5001", Going.GOES), ("5002", Going.GOES), ("5003", Going.CANNOT)):
        planned = item(rows, number, flow="inventory-bills", left_kind="inventory-bill", hold=Hold.BATCH)
        BatchDocument.objects.create(
            batch=made,
            flow="inventory-bills",
            left_kind="inventory-bill",
            left_id=number,
            name=f"Bill {number}",
            state=going,
            text="It waits for job 7." if going == Going.CANNOT else "",
            items=[planned.pk],
            before={"100": Decimal("12.50")},
        )
    made.before = [
        {"flow": "inventory-bills", "place": None, "count": 2, "amount": Decimal("25.00"), "count_there": 0, "amount_there": Decimal(0)},
        {"flow": "inventory-bills", "place": "100", "count": 2, "amount": Decimal("25.00"), "count_there": 0, "amount_there": Decimal(0)},
    ]
    made.save()
    return made


def test_a_selection_is_stored_and_a_worker_makes_it(signed_in: As, rows: Rows) -> None:
    for name in ("export_payables", "export_inventory_bills"):
        SettingValue.objects.create(integration=rows.integration, name=name, value=True)
    client = signed_in(Role.ACCOUNTANT)
    assert "Inventory bills" in said(client, "/exports/")
    form = {"integration": "field-books", "flow": ["inventory-bills"], "first": "2026-03-01", "last": "2026-03-31"}
    answer = client.post("/exports/make/", form, follow=True).content.decode()
    assert "A worker selects the documents" in answer
    made = ExportBatch.objects.get()
    assert (made.state, made.by) == (BatchState.MAKING, "accountant")
    assert made.wanted == {"flows": ["inventory-bills"], "ids": [], "first": "2026-03-01", "last": "2026-03-31"}


def test_a_selection_that_makes_no_sense_is_told(signed_in: As, rows: Rows) -> None:
    client = signed_in(Role.ACCOUNTANT)
    assert "No kind of document is turned on" in said(client, "/exports/")
    answer = client.post("/exports/make/", {"integration": "field-books"}, follow=True).content.decode()
    assert "Turn one on in the settings first" in answer
    SettingValue.objects.create(integration=rows.integration, name="export_payables", value=True)
    SettingValue.objects.create(integration=rows.integration, name="export_inventory_bills", value=True)
    answer = client.post("/exports/make/", {"integration": "field-books", "records": "zebra"}, follow=True).content.decode()
    assert "has the number or ID “zebra”" in answer


def test_a_preview_shows_the_control_totals_and_what_is_unticked_stays(signed_in: As, rows: Rows) -> None:
    made = batch(rows)
    client = signed_in(Role.ACCOUNTANT)
    page = said(client, f"/exports/{made.pk}/")
    for words in ("Bill 5001", "25.00", "Waits for its release", "It waits for job 7."):
        assert words in page
    first, second = made.documents.filter(state=Going.GOES)
    answer = client.post(f"/exports/{made.pk}/rule/", {"verb": "release", "document": first.pk, "why": "month end"}, follow=True)
    assert "Released 1 document." in answer.content.decode()
    for row in (first, second, made):
        row.refresh_from_db()
    assert (first.state, second.state, made.state, made.released_by) == (Going.SENT, Going.LEFT_OUT, BatchState.RELEASED, "accountant")
    assert [row["count"] for row in made.before if row["place"] is None] == [1]
    assert list(PlanItem.objects.filter(state=PlanState.RELEASED).values_list("left_id", flat=True)) == ["5001"]
    again = client.post(f"/exports/{made.pk}/rule/", {"verb": "release", "document": first.pk}, follow=True).content.decode()
    assert "no longer waits" in again


def test_a_batch_is_discarded_and_nothing_of_it_stays_planned(signed_in: As, rows: Rows) -> None:
    made = batch(rows)
    client = signed_in(Role.ACCOUNTANT)
    client.post(f"/exports/{made.pk}/rule/", {"verb": "discard"})
    made.refresh_from_db()
    assert made.state == BatchState.DISCARDED
    assert not PlanItem.objects.filter(state=PlanState.PLANNED).exists()
    assert "Discarded" in said(client, "/exports/")


def test_a_viewer_sees_batches_and_has_no_form(signed_in: As, rows: Rows) -> None:
    made = batch(rows)
    client = signed_in(Role.VIEWER)
    page = said(client, f"/exports/{made.pk}/")
    assert "Bill 5001" in page
    assert "Export the ticked documents" not in page
    assert client.get("/exports/999/").status_code == 404
