"""The examples of the client's page and of its docstring run, from top to bottom, against a company that answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

import tieout.intacct.client as library
from tieout.core.ports import Effect
from tieout.intacct.client import Client, RestClient
from tieout.intacct.connection import IntacctSystem, connect

from .company import VALUES, Clock, Company

PAGE = Path(__file__).parents[3] / "docs/intacct-client.md"
SUPDOC = (
    "<data><supdoc><supdocid>ATT-1</supdocid><attachments><attachment><attachmentname>invoice</attachmentname>"
    "<attachmenttype>pdf</attachmenttype><attachmentdata>YWJj</attachmentdata></attachment></attachments></supdoc></data>"
)
ANSWERS = {"create_potransaction": "<key>Purchase Order-7001</key>", "create_supdoc": "<key>1</key>", "get": SUPDOC}


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def legacy(company: Company, request: httpx.Request, root: etree._Element) -> httpx.Response | None:
    node = root.find("operation/content/function")
    if node is None or node[0].tag not in ANSWERS:
        return None
    head = f"<status>success</status><function>{node[0].tag}</function><controlid>{node.get('controlid')}</controlid>"
    return company.reply(f"{company.authentication()}<result>{head}{ANSWERS[str(node[0].tag)]}</result>")


def rest(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/oauth2/token"):
        return httpx.Response(200, json={"access_token": "t", "refresh_token": "r", "expires_in": 43200})
    if request.url.path.endswith("/query"):
        return httpx.Response(200, json={"ia::result": [{"key": "7", "employee.id": "E-1"}], "ia::meta": {"totalCount": 1, "next": None}})
    return httpx.Response(201, json={"ia::result": {"key": "7", "id": "7", "href": "/x/7"}, "ia::meta": {"totalCount": 1}})


@pytest.fixture
def names() -> dict[str, Any]:
    """What an example finds around it: a clock, some content, and clients that reach the company of the test."""
    company = Company(Clock())
    company.answer = lambda request, root: legacy(company, request, root)
    company.put("PROJECT", PROJECTID="P-1", NAME="Yard", STATUS="active")
    gateway = httpx.MockTransport(company.handle)

    class Reached(Client):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, http=gateway, **more)

    class RestReached(RestClient):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, http=httpx.MockTransport(rest), **more)

    company.put("VENDOR", VENDORID="V-1")
    company.put("GLACCOUNT", ACCOUNTNO="5000")
    company.put("LOCATION", LOCATIONID="100")

    def reached(values: dict[str, Any], *, clock: Clock) -> IntacctSystem:
        return connect(values, clock=clock, transport=gateway)

    around = {"clock": company.clock, "content": b"abc", "settings": VALUES, "company": company}
    return {**around, "Client": Reached, "RestClient": RestReached, "connect": reached}


def run(text: str, names: dict[str, Any]) -> None:
    """An example as it stands, but for the clients and the adapter, which the test has given their transport."""
    kept = {name: names[name] for name in ("Client", "RestClient", "connect")}
    imports = [line for line in text.splitlines() if line.startswith("from ")]
    exec(compile("\n".join(imports), "imports", "exec"), names)
    names.update(kept)
    rest_of_it = "\n".join(line for line in text.splitlines() if not line.startswith("from "))
    exec(compile(rest_of_it, "example", "exec"), names)


def test_every_example_of_the_page_runs(names: dict[str, Any]) -> None:
    examples = blocks()
    assert len(examples) == 6
    for text in examples:
        run(text, names)
        names["intacct"] = names["Client"](names["credentials"], clock=names["clock"])  # the first example closed its own
    assert names["names"] == {"P-1": "Yard"}
    assert names["company"].rows["PROJECT"][int(names["number"])].fields["DESCRIPTION"] == ""
    assert names["document_id"] == "Purchase Order-7001"
    assert names["found"].files[0].content == b"abc"
    outcome = names["outcome"]
    assert (outcome.effect, outcome.lines) == (Effect.DONE, ("1",))
    assert names["company"].lines("APBILL", int(outcome.id))[0]["TRX_AMOUNT"] == "10.50"
    assert (names["made"].key, names["rows"]) == ("7", [{"key": "7", "employee.id": "E-1"}])


def test_the_example_of_the_docstring_runs(names: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    described = library.__doc__ or ""
    text = "\n".join(line.removeprefix("    ") for line in described.splitlines() if line.startswith("    "))
    run(text, names)
    assert capsys.readouterr().out == "P-1\n"


def test_everything_the_library_offers_is_there() -> None:
    assert [name for name in library.__all__ if not hasattr(library, name)] == []
    assert sorted(library.__all__, key=str.casefold) == sorted(set(library.__all__), key=str.casefold)
