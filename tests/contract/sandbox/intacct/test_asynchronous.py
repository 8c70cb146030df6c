"""Requests that are acknowledged and answered later, at the address of a transport policy (intacct-xml §1.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from lxml import etree

from tests.contract.sandbox.intacct.gateway import Gateway, errors_in, project
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.server import Server

URL = "https://books.example/later"


@dataclass(slots=True)
class Later:
    """The emulator over HTTP, and what it sent to the policy's address."""

    gateway: Gateway
    emulator: IntacctEmulator
    got: list[tuple[str, Mapping[str, str], etree._Element]] = field(default_factory=list)

    def pump(self) -> etree._Element:
        """The reply that arrives now."""
        self.got.clear()
        self.emulator.outbox.pump(self._post)
        [(url, headers, root)] = self.got
        assert (url, headers["Content-Type"]) == (URL, 'text/xml; encoding="UTF-8"')
        return root

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((url, headers, etree.fromstring(body)))
        return 200


@pytest.fixture
def later() -> Iterator[Later]:
    emulator = IntacctEmulator()
    server = Server(emulator, "127.0.0.1", 0).start()
    with Gateway(server.url) as gateway:
        gateway.set(transport_policies={"later": URL})
        yield Later(gateway, emulator)
    server.stop()
    emulator.close()


def test_a_request_is_acknowledged_and_its_reply_is_sent_to_the_policys_address(later: Later) -> None:
    reply = later.gateway.call(f"<create>{project('P-1')}</create>", policyid="later")
    assert [child.tag for child in reply.root] == ["acknowledgement", "control"]
    assert (reply.text("acknowledgement/status"), reply.text("control/status")) == ("success", "success")
    root = later.pump()
    assert root.findtext("operation/result/status") == "success"
    assert root.findtext("operation/result/data/project/PROJECTID") == "P-1"
    assert [row["PROJECTID"] for row in later.gateway.stored("PROJECT")] == ["P-1"]


def test_what_is_wrong_with_the_work_is_told_later(later: Later) -> None:
    for authentication, path, errorno in (
        (later.gateway.login(password="x"), "operation", "XL03000006"),
        ("", "operation/result", "Query Failed"),
    ):
        reply = later.gateway.call("<create><NOPE/></create>", policyid="later", authentication=authentication)
        assert reply.text("acknowledgement/status") == "success"
        found = later.pump().find(path)
        assert found is not None
        assert errors_in(found)[0][0] == errorno


def test_what_is_wrong_with_the_envelope_is_told_at_once(later: Later) -> None:
    for given, says in (
        ({"policyid": "other"}, "other is not a valid transport policy."),
        ({"policyid": "later", "password": "x"}, "Partner ID"),
    ):
        reply = later.gateway.call(f"<create>{project('P-1')}</create>", **given)
        assert reply.root.find("acknowledgement") is None
        assert says in errors_in(reply.root)[0][1]
    assert later.gateway.stored("PROJECT") == []
    assert later.emulator.outbox.as_list() == []


def test_a_policy_needs_an_address(later: Later) -> None:
    assert later.gateway.http.put("/_sandbox/settings", json={"transport_policies": {"x": "nowhere"}}).status_code == 400
