"""Releasing, freezing, answering and comparing in the browser, with the mouse, with the keyboard alone, and by the accessibility rules."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_pages import faults
from tests.journey.web.rows import Rows
from tests.journey.web.test_export_pages import batch
from tests.journey.web.test_plan_pages import REPORT, item
from tieout.store.models import ExportBatch, Hold, PlanItem, PlanState, Problem, Record, Ruling, SettingValue, TieOut
from tieout.web.roles import Role

FIELDS = {
    "NAME": {"from": "Harbor", "to": "Harbor Lofts", "raw": "Harbor Lofts"},
    "STATUS": {"from": "inactive", "to": "active", "raw": True},
    "CUSTOMERID": {"from": None, "to": "C-88012", "raw": None},
}


class Desk:
    """Rows of everything these pages show, and the addresses that show them."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        rows.integration.asks_first = True
        rows.integration.save()
        for name in ("enable_projects", "parent_project_mapping", "customer_project_linkage", "project_auto_sync"):
            SettingValue.objects.create(integration=rows.integration, name=name, value=True)
        self.record: Record = rows.record("7")
        link = rows.link("7")
        link.base = {"NAME": ["Harbor", "Harbor"]}
        link.save()
        right = {"NAME": "Harbor", "STATUS": "active"}
        Record.objects.create(
            connection=rows.books, kind="PROJECT", remote_id="R7", natural_key="P-7", fields=right, fingerprint="f", seen_at=rows.now
        )
        change = {"NAME": {"from": None, "to": "Harbor", "raw": "Harbor", "rule": "projects/NAME, revision 1", "side": "right"}}
        self.run = rows.run()
        self.entry = rows.entry("Created as P-7.", run_id=self.run.pk, right_kind="PROJECT", right_id="R7", changes=change)
        for number in range(8):
            item(rows, f"3{number}", name=f"Project 3{number} Quay {number}")
        item(rows, "41", step="update", changes=FIELDS, hold=Hold.MOVED, reason="Changed: name, status.")
        item(rows, "42", step="update", changes=FIELDS, hold=Hold.FROZEN)
        item(rows, "43", state=PlanState.DONE, ended_at=rows.now, released_by="accountant", released_at=rows.now)
        item(rows, "44", state=PlanState.LAPSED, ended_at=rows.now)
        self.problem: Problem = rows.problem("7", name="Project 7 Harbor Lofts")
        self.batch: ExportBatch = batch(rows)
        said = {"flow": "projects", "left_id": "7", "kind": "skipped", "by": "accountant", "at": rows.now, "why": "a test project"}
        Ruling.objects.create(integration=rows.integration, **said)
        self.made: TieOut = TieOut.objects.create(
            integration=rows.integration, by="accountant", asked_at=rows.now, ended_at=rows.now, agreed=False, report=REPORT
        )

    def addresses(self) -> list[str]:
        return [
            "/plan/",
            "/plan/?tab=frozen",
            "/plan/?tab=done",
            "/plan/?tab=ended",
            "/plan/?text=zebra",
            "/records/",
            f"/records/{self.record.pk}/",
            f"/records/{self.record.pk}/?as_of={(self.rows.now - timedelta(days=1)).date()}",
            f"/problems/{self.problem.pk}/",
            "/exports/",
            f"/exports/{self.batch.pk}/",
            "/queue/?state=skipped",
            "/tie-outs/",
            f"/tie-outs/{self.made.pk}/",
            f"/log/{self.entry.pk}/",
        ]


@pytest.fixture
def desk(rows: Rows) -> Desk:
    return Desk(rows)


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page where TIEOUT_SHOTS names a directory."""
    if folder := os.environ.get("TIEOUT_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_plan_follows_the_accessibility_rules(theme: str, desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT, theme=theme)
    found = {}
    for number, address in enumerate(desk.addresses()):
        page.goto(address)
        for summary in page.locator("#page-content summary").all():
            summary.click()
        expect(page.locator("h1")).to_be_visible()
        shoot(page, f"{theme}-{number}")
        if broken := faults(page):
            found[address] = broken
    assert found == {}


def test_ticked_items_are_released_together(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile("^Plan")).click()
    page.get_by_label("Project 30 Quay 0, create").check()
    page.get_by_label("Project 31 Quay 1, create").check()
    page.locator("#why").fill("checked")
    page.get_by_role("button", name="Release the ticked items").click()
    expect(page.get_by_text("Released 2 items.")).to_be_visible()
    assert PlanItem.objects.filter(state=PlanState.RELEASED, released_by="accountant").count() == 2
    page.get_by_role("link", name=re.compile("^Goes by itself")).click()
    expect(page.get_by_role("region", name="Plan items")).to_contain_text("released by accountant")


def test_one_box_ticks_the_whole_page(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.goto("/plan/")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Reject the ticked items").click()
    expect(page.get_by_text("Rejected 9 items.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()


def test_an_item_shows_each_field_before_and_after(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.goto("/plan/?text=41")
    page.get_by_text(re.compile("^3 fields")).click()
    expect(page.get_by_role("row", name="Name Harbor Harbor Lofts")).to_be_visible()


def test_the_keyboard_alone_freezes_a_company_and_frees_it(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.goto("/plan/")
    page.locator("#z-why").focus()
    page.keyboard.type("audit")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Freeze", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="books is frozen")).to_be_visible()
    expect(page.get_by_text("audit")).to_be_visible()
    page.get_by_role("button", name="Lift the freeze of books").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("books may be written to again.")).to_be_visible()


def test_a_kind_is_switched_on_after_its_plan_was_seen(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ADMINISTRATOR)
    page.goto("/plan/")
    card = page.get_by_role("region", name="field-books waits to be switched on")
    expect(card).to_contain_text("create 8")
    card.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Switched on.")).to_be_visible()
    expect(card).to_have_count(0)


def test_a_record_leads_from_its_value_to_the_entry_that_set_it(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.goto("/records/?text=harbor")
    page.get_by_role("link", name=re.compile("Harbor Lofts")).click()
    row = page.get_by_role("row", name=re.compile("^Name Harbor"))
    expect(row).to_contain_text("Tieout")
    expect(row).to_contain_text("projects/NAME, revision 1")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Created as P-7.")).to_be_visible()
    page.get_by_role("button", name="Plan to undo what this run wrote").click()
    expect(page.get_by_text(f"A worker reads what run {desk.run.pk} wrote.")).to_be_visible()


def test_a_tie_out_is_downloaded(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.goto(f"/tie-outs/{desk.made.pk}/")
    expect(page.get_by_role("heading", name="The sides differ")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as workbook").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_controls_are_large_enough_and_narrow_windows_need_no_sideways_scrolling(desk: Desk, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    page.set_viewport_size({"width": 320, "height": 800})
    for address in desk.addresses():
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), address
        controls = page.locator(
            "#page-content button, #page-content input:not([type=hidden], [type=checkbox], [type=radio]), #page-content select, .t-tick"
        )
        for number in range(controls.count()):
            box = controls.nth(number).bounding_box()
            assert box is None or (box["width"] >= 24 and box["height"] >= 24), controls.nth(number).inner_html()
