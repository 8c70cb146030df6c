"""The whole story in a browser, against running processes: connect, choose settings, see the queue, fix a bad mapping, export.

`TIEOUT_SHOTS=folder` keeps a picture of each station; those in docs/images are made so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import faults
from tests.journey.processes.office import PASSWORD, Office, running_office
from tests.journey.processes.running import until

SOON_MS = 30_000
CHILDREN = (
    "Enable Customer-Project Linkage",
    "Enable Project Automatic Synchronization",
    "Enable Parent Project Mapping",
    "Inventory bills",
    "Invoices",
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Emulators, a server and a worker; nothing is connected."""
    with running_office(tmp_path) as office:
        yield office


@pytest.fixture
def page(office: Office, browser: Browser) -> Iterator[Page]:
    """The administrator, signed in; what the page complains of fails the test."""
    url = f"http://127.0.0.1:{office.tieout.environment['TIEOUT_PORT']}"
    context = browser.new_context(base_url=url, timezone_id="America/Chicago", viewport={"width": 1280, "height": 860})
    context.set_default_timeout(SOON_MS)
    expect.set_options(timeout=SOON_MS)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    page.get_by_label("Username").fill("rosa")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/")
    yield page
    context.close()
    expect.set_options(timeout=5000)
    assert not complaints


def shoot(page: Page, name: str) -> None:
    """Keep a picture of what the window shows where TIEOUT_SHOTS names a directory."""
    if folder := os.environ.get("TIEOUT_SHOTS"):
        page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0) }")
        page.screenshot(path=Path(folder) / f"story-{name}.png", animations="disabled")


def go(page: Page, entry: str) -> None:
    """Choose an entry of the menu."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=re.compile(f"^{entry}")).click()


def connect(page: Page, system: str, values: dict[str, str]) -> None:
    """Fill in the form of a system and store it."""
    go(page, "Connections")
    page.get_by_role("link", name="Connect a system").first.click()
    page.get_by_role("link", name=f"Connect {system}", exact=True).click()
    page.get_by_label("Kind of account").select_option(value="test")
    for part in page.locator("#page-content summary").all():
        part.click()
    for label, value in values.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}( \\(needed\\))?$")).fill(value)
    assert faults(page) == []


def test_the_whole_story_from_connecting_to_exporting(office: Office, page: Page) -> None:
    connect_both_sides(office, page)
    choose_settings(page)
    job, bill, _ = enter_papers(office, "Ashby Farm")
    switch_on(page)
    see_the_queue(page, bill)
    fix_the_mapping(page)
    until(lambda: bill["referenceNumber"] in office.papers.books("APBILL"), "the bill is in the books")
    booked = office.papers.books("APBILL")[bill["referenceNumber"]]
    lines = office.papers.lines("APBILLITEM", booked)
    assert {(line["ACCOUNTNO"], line["PROJECTID"]) for line in lines} == {("5200", job["jobNumber"])}
    save(page, [], {}, {"When documents go": "When somebody asks for them"})
    _, later, invoice = enter_papers(office, "Birch Court")
    export(page, later, invoice)
    assert float(office.papers.books("APBILL")[later["referenceNumber"]]["TOTALENTERED"]) == 258.75
    assert float(office.papers.books("ARINVOICE")[invoice["referenceNumber"]]["TOTALENTERED"]) == 1250.0
    tie_out(page)


def connect_both_sides(office: Office, page: Page) -> None:
    """The books first, then the field, and the two kept in step."""
    company = {"Company ID": "SANDBOX", "Sender ID": "sandbox-sender", "Sender password": "sandbox-sender-pw"}
    user = {"User ID": "ws-user", "User password": "ws-user-pw", "Endpoint": f"{office.tieout.intacct}/ia/xml/xmlgw.phtml"}
    connect(page, "Sage Intacct", {**company, **user, "Seconds between polls": "10"})
    for part in page.locator("#page-content summary").all():
        part.click()
    shoot(page, "connect")
    page.get_by_role("button", name="Store and try it").click()
    expect(page.get_by_text("Everything the work needs in Sage Intacct is there.")).to_be_visible()
    app = {"Tenant ID": "1000001", "Client ID": "st-client", "Client secret": "st-secret", "App key": "st-app-key"}
    own = dict.fromkeys(("Sign-in address", "API address"), office.tieout.servicetitan)
    connect(page, "ServiceTitan", {**app, **own, "Seconds between polls": "15"})
    page.get_by_role("button", name="Store and try it").click()
    expect(page.get_by_text("Everything the work needs in ServiceTitan is there.")).to_be_visible()
    page.get_by_role("button", name="Keep in step").click()
    expect(page.get_by_text("are kept in step as servicetitan-intacct.")).to_be_visible()


def save(page: Page, switches: Sequence[str], values: dict[str, str], choices: dict[str, str]) -> None:
    """Change settings on their page and save them."""
    go(page, "Settings")
    for label in switches:
        page.get_by_label(label, exact=True).first.check()
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)
    for label, value in choices.items():
        page.get_by_label(label, exact=True).select_option(label=value)
    page.get_by_role("button", name="Save", exact=True).click()
    if page.get_by_role("heading", name="Nothing has been saved yet").count():
        page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile(r"^\s*Saved\. "))).to_be_visible()


def choose_settings(page: Page) -> None:
    """A switch below another can be turned on only once that one is on and saved."""
    expect(page.get_by_label("Enable Parent Project Mapping")).to_be_disabled()
    save(page, ["Enable Intacct Projects", "Enable payables", "Enable receivables"], {}, {})
    save(page, [*CHILDREN, "Use Project Name for Intacct Project Name"], {"Location": "100"}, {})
    assert faults(page) == []
    shoot(page, "settings")


def enter_papers(office: Office, name: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A job of a project, with a bill for its materials and an invoice."""
    customer = office.new_customer(name)
    job = office.new_job(customer, office.new_project(customer, "Grain store"))
    return job, office.papers.bill(office.papers.vendor(f"{name} Supply"), job, 240.5, 18.25), office.papers.invoice(job, 1250.0)


def switch_on(page: Page) -> None:
    """Look at the plan and release it."""
    go(page, "Plan")
    page.get_by_role("button", name="Plan now").click()
    card = page.get_by_role("region", name="servicetitan-intacct waits to be switched on")
    until(lambda: page.reload() and card.count() and re.search("create [3-9]", card.inner_text()), "the plan is made")
    assert faults(page) == []
    shoot(page, "plan")
    card.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Switched on.")).to_be_visible()


def see_the_queue(page: Page, bill: dict[str, Any]) -> None:
    """The job is there; its bill waits, and the queue says why."""
    go(page, "Queue")
    row = page.get_by_role("row", name=re.compile(bill["referenceNumber"]))
    until(lambda: page.reload() and row.count() and "5100" in row.inner_text(), "the queue names what is missing")
    assert faults(page) == []
    shoot(page, "queue")


def fix_the_mapping(page: Page) -> None:
    """From the problem to the row that is missing."""
    go(page, "Problems")
    page.get_by_role("link", name=re.compile("^Bill")).first.click()
    page.get_by_role("link", name=re.compile("Accounts|mapping")).first.click()
    for line, (account, theirs) in enumerate((("5100", "5200"), ("4100", "4000")), 2):
        page.get_by_label(f"Account, line {line}", exact=True).fill(account)
        page.get_by_label(f"Account number, line {line}", exact=True).fill(theirs)
    assert faults(page) == []
    shoot(page, "mapping")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_have_count(0)


def export(page: Page, bill: dict[str, Any], invoice: dict[str, Any]) -> None:
    """Select what waits, look at its control totals, and send it."""
    go(page, "Records")
    page.get_by_role("searchbox", name="Record").fill(invoice["referenceNumber"])
    page.get_by_role("button", name="Filter").click()
    until(lambda: page.reload() and page.get_by_text(f"Invoice {invoice['referenceNumber']}").count(), "the invoice has been read")
    go(page, "Export")
    page.get_by_role("button", name="Preview").click()
    documents = page.get_by_role("region", name="Documents")
    until(lambda: page.reload() and documents.count(), "the batch is made")
    for document in (bill, invoice):
        expect(documents).to_contain_text(document["referenceNumber"])
    assert faults(page) == []
    shoot(page, "batch")
    page.get_by_role("button", name="Export the ticked documents").click()
    until(lambda: page.reload() and page.get_by_text("Both sides agree to the cent.").count(), "the batch has been compared")
    shoot(page, "exported")


def tie_out(page: Page) -> None:
    """Both sides agree, to the cent."""
    go(page, "Tie-outs")
    page.get_by_role("button", name="Tie out now").click()
    until(
        lambda: page.reload() and page.get_by_role("region", name="Tie-outs").get_by_text("Both sides agree").count(), "the report is there"
    )
    page.get_by_role("region", name="Tie-outs").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Both sides agree")).to_be_visible()
    assert faults(page) == []
    shoot(page, "agreed")
