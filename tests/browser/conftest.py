"""A headless Chromium, the pages on a loopback port, and somebody signed in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.database import empty
from tests.journey.web.rows import Rows
from tieout.web.roles import Role
from tieout.web.snapshot import shared

PASSWORD = "a long enough password"
AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SignIn = Callable[..., Page]


def chromium() -> str | None:
    """The system's Chromium."""
    return (
        os.environ.get("TIEOUT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def absence() -> str:
    """Why pages cannot be looked at here, or nothing."""
    if chromium() is None:
        return "Chromium is missing, so the pages were not looked at: install it (Debian: apt-get install chromium) and run make test again"
    if not AXE.is_file():
        return "axe-core is missing, so the pages were not checked: npm ci --prefix tests/browser/node"
    return ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    if reason := absence():
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # The browser's driver keeps an event loop in this thread; the tables are still only used in plain calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as driver:
            found = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
            yield found
            found.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def rows(browser: Browser, transactional_db: None) -> Rows:
    """Two connections kept in step, as of now, and an empty log."""
    empty("store_journal", "store_run")
    shared.forget()
    return Rows(datetime.now(UTC))


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """Opens a browser window in which somebody of a role has signed in through the form.

    What the window writes to its console, and what it asks of other hosts, fails the test at its end.
    """
    complaints: list[str] = []
    contexts = []

    def make(role: Role = Role.ADMINISTRATOR, *, theme: str = "light", zone: str = "America/New_York") -> Page:
        user = User.objects.create_user(role.value.replace(" ", "-"), password=PASSWORD)
        user.groups.add(Group.objects.get(name=role.value))
        context = browser.new_context(
            base_url=live_server.url, color_scheme=theme, timezone_id=zone, viewport={"width": 1440, "height": 900}
        )  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((live_server.url, "data:")) else complaints.append(request.url))
        page.goto("/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints
