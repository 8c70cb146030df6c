"""An office and its accountant at a running installation: they use addresses, pages and commands, and nothing else."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.journey.processes.running import HTTP, Installation, installed, until
from tests.journey.servicetitan.papers import Papers
from tests.people import People

PASSWORD = "a long enough password"
TOKEN_LIVES = timedelta(minutes=10)
FLOWS = ("inventory-bills", "ap-bills", "ap-credits", "invoices", "invoice-credits", "credit-memos", "refunds", "advances")
WORDS = re.compile(r"<[^>]*>|\s+")


class Office(People):
    """People at work, over sockets."""

    def __init__(self, tieout: Installation) -> None:
        self.tieout = tieout
        self.addresses = {"intacct": tieout.intacct, "servicetitan": tieout.servicetitan}
        self.http = httpx.Client(verify=False, timeout=60)
        self.signed_in_until = datetime.min.replace(tzinfo=UTC)
        self.papers = Papers(self)
        self.old: dict[str, Any] = {}

    def now(self) -> datetime:
        return datetime.now(UTC)

    def field(self, method: str, resource: str, body: Any = None) -> Any:
        if self.now() > self.signed_in_until:
            asked = {"grant_type": "client_credentials", "client_id": "st-client", "client_secret": "st-secret"}
            self.token = self.http.post(f"{self.tieout.servicetitan}/connect/token", data=asked).json()["access_token"]
            self.signed_in_until = self.now() + TOKEN_LIVES
        area, _, rest = resource.partition("/")
        headers = {"Authorization": self.token, "ST-App-Key": "st-app-key"}

        def answered() -> httpx.Response | None:
            found = self.http.request(method, f"{self.tieout.servicetitan}/{area}/v2/tenant/1000001/{rest}", json=body, headers=headers)
            return None if found.status_code == httpx.codes.TOO_MANY_REQUESTS else found

        answer = until(answered, "the field takes a call again")
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def control(self, emulator: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.addresses[emulator]}/_sandbox/{path}", json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def set(self, *values: str, fails: bool = False) -> str:
        """Save settings; what was said of them."""
        return self.tieout.run("settings", "set", "--yes", *values, fails=fails)

    def sync(self, *command: str) -> None:
        """Ask for what changed to be looked for now, and wait until it is worked off."""
        self.tieout.run("sync", *command)

    def refused(self) -> list[str]:
        """What the books refused until now."""
        lines = self.tieout.run("log", "--event", "refused", "--json").splitlines()
        return [line["text"] for line in map(json.loads, lines) if "text" in line]

    def left_alone(self) -> str:
        """Why records are left alone, as the plan says it."""
        *_, sums = map(json.loads, self.tieout.run("plan", "--json").splitlines())
        return " ".join(each["text"] for each in sums["left_alone"])

    def page(self, path: str) -> str:
        """The words of a page, as the administrator sees it."""
        url = f"http://127.0.0.1:{self.tieout.environment['TIEOUT_PORT']}"
        if "sessionid" not in self.http.cookies:
            form = self.http.get(f"{url}/login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
            assert token is not None
            answer = self.http.post(
                f"{url}/login/", data={"username": "rosa", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}, headers={"Referer": url}
            )
            assert answer.status_code == 302, answer.text
        answer = self.http.get(f"{url}{path}")
        assert answer.status_code == 200, f"{answer.url}: {answer.text}"
        return WORDS.sub(" ", html.unescape(answer.text))


@contextmanager
def running_office(folder: Path, *sandbox: str, workers: int = 1) -> Iterator[Office]:
    """An installation that serves, with its first administrator and nothing connected yet."""
    with installed(folder, *(sandbox or ("--world", "empty"))) as tieout:
        tieout.environment["TIEOUT_WORKERS"] = str(workers)
        tieout.run("init", "--user", "rosa", "--password-file", "-", stdin=PASSWORD)
        tieout.start("serve")
        url = f"http://127.0.0.1:{tieout.environment['TIEOUT_PORT']}/healthz"
        until(lambda: _answers(url), "the server answers")
        office = Office(tieout)
        try:
            yield office
        finally:
            office.http.close()


def documents_on(office: Office) -> None:
    """Documents go, and the first one of each kind has been confirmed."""
    for wanted in Papers.SETTINGS:
        office.set(*(f"{name}={'on' if value is True else value}" for name, value in wanted.items()))
    office.tieout.run("approve", *(part for flow in FLOWS for part in ("--first", flow)))


def _answers(url: str) -> bool:
    try:
        return HTTP.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
