"""Sage PSA and Sage Intacct on one clock, with the real engine and store between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

import httpx
import pytest

from tests.database import empty
from tests.in_process import InProcess
from tests.world import INTACCT, World
from tieout.engine import connections
from tieout.store.models import Integration

SAGE_PSA = {"api_key": "psa-key", "base_url": "http://psa.test"}
_CALL = """<request><control><senderid>sandbox-sender</senderid><password>sandbox-sender-pw</password><controlid>person</controlid>
<uniqueid>false</uniqueid><dtdversion>3.0</dtdversion></control><operation><authentication><login><userid>{user}</userid>
<companyid>SANDBOX</companyid><password>{password}</password></login></authentication><content><function controlid="person">
{function}</function></content></operation></request>"""


class PsaWorld(World):
    """A world whose platform is Sage PSA."""

    system = "sage-psa"

    def connect(self, since: datetime | None = None, **settings: Any) -> Integration:
        """Connect and pair both systems."""
        now = self.clock.now()
        books = connections.connect("intacct", "books", INTACCT, environment="test", now=now)
        field = connections.connect("sage-psa", "field", SAGE_PSA, environment="test", now=now)
        integration = connections.pair(field, books, now=now, since=since)
        connections.save_settings(integration, {"default_location": "100", **settings}, by="tests", now=now)
        return Integration.objects.get(pk=integration.pk)

    def psa(self, method: str, path: str, body: Any = None) -> Any:
        """Call Sage PSA's own API as its user's software would."""
        with httpx.Client(transport=InProcess(self.platform), base_url="http://psa.test") as client:
            answer = client.request(method, f"/api/{path}", json=body, headers={"X-FORECAST-API-KEY": "psa-key"})
            assert answer.is_success, answer.text
            return answer.json() if answer.content else None

    def book(self, verb: str, kind: str, user: str = "Admin", **fields: str) -> None:
        """An accountant, or our own user, creates, updates or deletes a record in the books."""
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        if kind == "CUSTOMER":
            inner += f"<DISPLAYCONTACT><PRINTAS>{escape(fields['NAME'])}</PRINTAS></DISPLAYCONTACT>"
        if verb == "delete":
            function = f"<delete><object>{kind}</object><keys>{fields['RECORDNO']}</keys></delete>"
        else:
            function = f"<{verb}><{kind}>{inner}</{kind}></{verb}>"
        with httpx.Client(transport=InProcess(self.books), base_url="http://intacct.test") as client:
            sent = _CALL.format(function=function, user=user, password="admin-pw" if user == "Admin" else "ws-user-pw").encode()
            answer = client.post("/ia/xml/xmlgw.phtml", content=sent, headers={"Content-Type": "application/xml"})
            answer.raise_for_status()
            assert "<status>failure</status>" not in answer.text, answer.text
            if "<status>success</status>" not in answer.text:
                raise httpx.DecodingError("this is no reply of the gateway", request=answer.request)

    def psa_projects(self) -> dict[str, dict[str, Any]]:
        """Every project of Sage PSA by its name."""
        return {row["name"]: row for row in self.psa("GET", "v1/projects")}

    def clients(self) -> dict[str, dict[str, Any]]:
        """Every client of Sage PSA by its name."""
        return {row["name"]: row for row in self.psa("GET", "v1/clients")}


@pytest.fixture
def world(transactional_db: None) -> Iterator[PsaWorld]:
    """An empty account and empty books."""
    empty("store_journal", "store_run")
    made = PsaWorld()
    yield made
    made.close()
