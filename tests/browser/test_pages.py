"""People's work in the browser: signing in, watching figures move, finding a record, reading what changed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import AXE, SignIn
from tests.journey.web.rows import Rows
from tieout.web.roles import Role

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOVES_WITHIN_MS = 8000


def fill(rows: Rows) -> int:
    """Something of everything; gives an entry of the log."""
    for number in range(60):
        rows.link(f"l{number}")
        rows.intent(f"l{number}", "done", at=rows.now - timedelta(minutes=number % 25))
    for number in range(70):
        rows.record(f"h{number}", name=f"Site {number}")
        rows.hint(f"h{number}")
    rows.intent("u", "unknown", resend_after=rows.now + timedelta(minutes=15))
    rows.problem("7", detail="BL01001973 Another project with the given value(s) already exists")
    rows.wait("6", "7")
    rows.field.state, rows.field.state_text = "degraded", "ServiceTitan does not answer. Tieout goes on by itself once it does."
    rows.field.retry_at = rows.now + timedelta(minutes=10)
    rows.field.save()
    run = rows.run()
    rows.entry("The ID is already used.", event="refused", level="error", run_id=run.pk)
    rows.entry("No clear answer.", event="outcome unknown", level="warning")
    changes = {"NAME": {"from": "Harbor", "to": "Harbor Lofts", "raw": "Harbor Lofts"}}
    return int(rows.entry("Updated PROJECT N7.", event="updated", run_id=run.pk, changes=changes).pk)


def faults(page: Page) -> list[str]:
    """What the accessibility rules find on a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_follows_the_accessibility_rules(theme: str, rows: Rows, sign_in: SignIn) -> None:
    entry = fill(rows)
    page = sign_in(theme=theme)
    addresses = ["/", "/queue/", "/queue/?text=zebra", "/problems/", "/log/", f"/log/{entry}/", "/connections/", "/connections/field/"]
    addresses += ["/auth/user/", "/auth/user/add/", "/auth/group/", "/axes/accessattempt/"]
    addresses += ["/settings/", "/settings/field-books/tables/items/", "/connect/", "/connect/servicetitan/", "/connections/books/change/"]
    found = {}
    for address in addresses:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        if broken := faults(page):
            found[address] = broken
    assert found == {}
    assert (page.locator("html.dark").count() == 1) == (theme == "dark")


def test_the_sign_in_page_follows_the_accessibility_rules(rows: Rows, sign_in: SignIn) -> None:
    page = sign_in()
    page.context.clear_cookies()
    page.goto("/login/")
    assert faults(page) == []


def test_the_overview_shows_the_figures_and_moves_by_itself(rows: Rows, sign_in: SignIn) -> None:
    rows.link("1")
    page = sign_in(Role.VIEWER)
    in_step = page.locator(".t-figure", has_text="In step").locator(".t-figure-number")
    expect(in_step).to_have_text("1")
    for number in range(2, 7):
        rows.link(str(number))
    rows.entry("Created PROJECT N9.", name="Project 9 Oak Hill", ago=timedelta(0))
    expect(in_step).to_have_text("6", timeout=MOVES_WITHIN_MS)
    expect(page.get_by_role("link", name="Created PROJECT N9.")).to_be_visible(timeout=MOVES_WITHIN_MS)


def test_updates_pause_until_they_are_wanted_again(rows: Rows, sign_in: SignIn) -> None:
    rows.link("1")
    page = sign_in(Role.VIEWER)
    button = page.get_by_role("button", name="Pause updates")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    rows.link("2")
    page.evaluate("() => new Promise(done => setTimeout(done, 2600))")  # more than one turn of the page's own clock
    assert not [url for url in asked if "moving" in url]
    button.click()
    expect(page.locator(".t-figure", has_text="In step").locator(".t-figure-number")).to_have_text("2", timeout=MOVES_WITHIN_MS)


def test_what_a_reader_holds_stays_while_figures_move(rows: Rows, sign_in: SignIn) -> None:
    rows.link("1")
    rows.entry("Created PROJECT N7.")
    page = sign_in(Role.ACCOUNTANT)
    page.get_by_text("Show as a table").click()
    held = page.locator("#figure-problems")
    held.focus()
    rows.link("2")
    expect(page.locator(".t-figure", has_text="In step").locator(".t-figure-number")).to_have_text("2", timeout=MOVES_WITHIN_MS)
    expect(held).to_be_focused()
    expect(page.locator("#chart-table")).to_have_attribute("open", "")


def test_a_screen_reader_hears_of_a_new_problem_once(rows: Rows, sign_in: SignIn) -> None:
    page = sign_in(Role.ACCOUNTANT)
    said = page.get_by_role("status")
    expect(said).to_contain_text("All connections work.")
    rows.problem("7")
    expect(said).to_contain_text("1 problem needs a person.", timeout=MOVES_WITHIN_MS)


def test_a_session_that_ends_leads_to_the_sign_in_page(rows: Rows, sign_in: SignIn) -> None:
    page = sign_in(Role.VIEWER)
    page.context.clear_cookies(name="sessionid")
    page.wait_for_url(re.compile("/login/"), timeout=MOVES_WITHIN_MS)


def test_the_queue_is_narrowed_by_state_and_name(rows: Rows, sign_in: SignIn) -> None:
    fill(rows)
    page = sign_in(Role.ACCOUNTANT)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Queue").click()
    body = page.get_by_role("region", name="Queue").locator("tbody tr")
    expect(body).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(body).to_have_count(23)
    page.get_by_role("link", name=re.compile("^Needs a person")).click()
    expect(body).to_have_count(1)
    expect(body).to_contain_text("Change one of the two.")
    page.get_by_role("link", name=re.compile("^All")).click()
    page.get_by_label("Record").fill("site 42")
    page.get_by_role("button", name="Filter").click()
    expect(body).to_have_count(1)
    expect(body).to_contain_text("Site 42")
    page.get_by_role("link", name="Clear").click()
    expect(body).to_have_count(50)


def test_an_entry_of_the_log_shows_what_changed_and_leads_to_its_run(rows: Rows, sign_in: SignIn) -> None:
    fill(rows)
    page = sign_in(Role.ACCOUNTANT)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sync log").click()
    page.get_by_label("Record or words").fill("updated project")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name="Updated PROJECT N7.").click()
    expect(page.get_by_role("heading", name="Updated PROJECT N7.")).to_be_visible()
    expect(page.get_by_role("row", name="NAME Harbor Harbor Lofts Harbor Lofts")).to_be_visible()
    page.get_by_role("link", name="All entries of this run").click()
    expect(page.get_by_role("region", name="Sync log").locator("tbody tr")).to_have_count(2)


def test_times_are_those_of_the_browser_s_zone(rows: Rows, sign_in: SignIn) -> None:
    rows.now = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
    rows.entry("Created PROJECT N7.")
    page = sign_in(Role.VIEWER, zone="Pacific/Auckland")
    page.goto("/log/")
    expect(page.get_by_role("region", name="Sync log")).to_contain_text("2 May 2026, 11:30")
    expect(page.locator("td time").first).to_have_attribute("title", "2026-05-01 23:30:00 UTC")


def test_the_keyboard_alone_reaches_the_content_the_menu_and_the_account(rows: Rows, sign_in: SignIn) -> None:
    fill(rows)
    page = sign_in(Role.ACCOUNTANT)
    page.goto("/queue/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.getElementById('page-content').contains(document.activeElement)")
    opener = page.get_by_role("button", name="accountant")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(opener).to_be_focused()


def test_every_control_is_large_enough_to_hit(rows: Rows, sign_in: SignIn) -> None:
    fill(rows)
    page = sign_in()
    for address in ("/", "/queue/", "/problems/", "/log/", "/connections/"):
        page.goto(address)
        controls = page.locator("#page-content button, #page-content input:not([type=hidden]), #page-content select, .t-tabs a, .t-button")
        for number in range(controls.count()):
            box = controls.nth(number).bounding_box()
            assert box is None or (box["width"] >= 24 and box["height"] >= 24), controls.nth(number).inner_html()


@pytest.mark.parametrize("width", [320, 768])
def test_a_narrow_window_needs_no_sideways_scrolling(width: int, rows: Rows, sign_in: SignIn) -> None:
    entry = fill(rows)
    page = sign_in()
    page.set_viewport_size({"width": width, "height": 800})
    for address in ("/", "/queue/", "/problems/", "/log/", f"/log/{entry}/", "/connections/", "/connections/field/"):
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), address


def test_signing_out_ends_the_session(rows: Rows, sign_in: SignIn) -> None:
    page = sign_in(Role.VIEWER)
    page.get_by_role("button", name="viewer").click()
    page.get_by_role("button", name="Log out").click()
    page.goto("/queue/")
    page.wait_for_url(re.compile("/login/"))
