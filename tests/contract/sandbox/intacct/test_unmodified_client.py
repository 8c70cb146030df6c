"""The public client sageintacctsdk runs unmodified but for its address (intacct-xml §9.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.apis import api_base
from sageintacctsdk.exceptions import WrongParamsError

from tests.contract.sandbox.intacct.gateway import PATH, Gateway


@pytest.fixture
def client(intacct: Gateway) -> Iterator[Any]:
    """The client's address is hard-coded; the reference gives this wrap of its constructor."""
    original = api_base.ApiBase.__init__

    def wrapped(self: Any, *given: Any, **named: Any) -> None:
        original(self, *given, **named)
        self._ApiBase__api_url = f"{intacct.url}{PATH}"

    api_base.ApiBase.__init__ = wrapped
    try:
        yield SageIntacctSDK(
            sender_id="sandbox-sender",
            sender_password="sandbox-sender-pw",
            user_id="ws-user",
            company_id="SANDBOX",
            user_password="ws-user-pw",
        )
    finally:
        api_base.ApiBase.__init__ = original


def test_it_signs_in_creates_and_lists(client: Any) -> None:
    made = client.projects.post({"PROJECTID": "P-1", "NAME": "Depot", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"})
    assert made["data"]["project"]["PROJECTID"] == "P-1"
    contact = {"PRINTAS": "Harrow"}
    client.customers.post({"CUSTOMERID": "C-1", "NAME": "Harrow", "DISPLAYCONTACT": contact})
    assert [row["PROJECTID"] for row in client.projects.get_all()] == ["P-1"]
    assert client.customers.get_all()[0]["NAME"] == "Harrow"
    assert client.projects.count() == 1


@pytest.mark.parametrize(
    "name", ["projects", "customers", "contacts", "employees", "locations", "departments", "classes", "location_entities"]
)
def test_every_field_it_asks_for_can_be_selected(client: Any, name: str) -> None:
    # the client's select lists are its own tables
    assert isinstance(getattr(client, name).get_all(), list)


def test_it_reads_the_dimensions(client: Any) -> None:
    assert client.dimensions.get_all()


def test_it_recognises_a_refusal(client: Any) -> None:
    with pytest.raises(WrongParamsError, match="NAME is required"):
        client.projects.post({"PROJECTID": "P-1"})
