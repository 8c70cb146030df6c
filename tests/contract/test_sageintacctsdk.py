"""`sageintacctsdk`, unchanged, against the Intacct emulator (intacct-xml §9.3).

The client has no setting for the address and none for the page size, so both are set on each of its API objects as they are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.apis.api_base import ApiBase
from sageintacctsdk.exceptions import InvalidTokenError, WrongParamsError

from tieout.sandbox.run import start

SignIn = Callable[..., SageIntacctSDK]


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    running = start(("intacct",), world="empty")
    made = ApiBase.__init__

    def pointed(self: ApiBase, *positional: Any, **named: Any) -> None:
        made(self, *positional, **named)
        self._ApiBase__api_url = f"{running['intacct'].url}/ia/xml/xmlgw.phtml"
        self._ApiBase__pagesize = 2

    monkeypatch.setattr(ApiBase, "__init__", pointed)

    def connect(**changes: str) -> SageIntacctSDK:
        return SageIntacctSDK(
            **{
                "sender_id": "sandbox-sender",
                "sender_password": "sandbox-sender-pw",
                "user_id": "ws-user",
                "company_id": "SANDBOX",
                "user_password": "ws-user-pw",
                **changes,
            }
        )

    yield connect
    for each in running.values():
        each.stop()


@pytest.fixture
def client(sign_in: SignIn) -> SageIntacctSDK:
    return sign_in()


def customer(number: int, **more: Any) -> dict[str, Any]:
    return {"CUSTOMERID": f"C-{number}", "NAME": f"Customer {number}", "DISPLAYCONTACT": {"PRINTAS": f"Customer {number}"}, **more}


def project(number: int, **more: Any) -> dict[str, Any]:
    return {"PROJECTID": f"J-{number}", "NAME": f"Job {number}", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100", **more}


def test_a_created_customer_is_read_back(client: SageIntacctSDK) -> None:
    created = client.customers.post(customer(1, COMMENTS="Ring twice & wait"))
    assert created["status"] == "success"
    assert created["data"]["customer"]["CUSTOMERID"] == "C-1"
    (read,) = client.customers.get_all("CUSTOMERID", "C-1")
    assert (read["NAME"], read["STATUS"]) == ("Customer 1", "active")


def test_a_customer_and_a_project_are_updated(client: SageIntacctSDK) -> None:
    client.customers.post(customer(1))
    client.projects.post(project(1, CUSTOMERID="C-1"))
    client.customers.update({"CUSTOMERID": "C-1", "NAME": "Birch & Sons"})
    client.projects.update({"PROJECTID": "J-1", "NAME": "Job 1, renamed", "STATUS": "inactive"})
    (read,) = client.projects.get_all("PROJECTID", "J-1")
    assert (read["NAME"], read["STATUS"], read["CUSTOMERNAME"]) == ("Job 1, renamed", "inactive", "Birch & Sons")


def test_all_pages_of_projects_and_customers_are_read(client: SageIntacctSDK) -> None:
    for number in range(1, 6):
        client.customers.post(customer(number))
        client.projects.post(project(number))
    assert client.projects.count() == 5
    projects = list(client.projects.get_all_generator(order_by_field="RECORDNO", order="ascending"))
    customers = list(client.customers.get_all_generator(order_by_field="CUSTOMERID", order="descending"))
    assert [[row["PROJECTID"] for row in page] for page in projects] == [["J-1", "J-2"], ["J-3", "J-4"], ["J-5"]]
    assert [[row["CUSTOMERID"] for row in page] for page in customers] == [["C-5", "C-4"], ["C-3", "C-2"], ["C-1"]]


def test_filters_of_both_query_functions_find_the_same_project(client: SageIntacctSDK) -> None:
    for number in range(1, 4):
        client.projects.post(project(number))
    client.projects.update({"PROJECTID": "J-2", "STATUS": "inactive"})
    older = client.projects.get("PROJECTID", "J-2")
    newer = client.projects.get_by_query(and_filter=[("equalto", "STATUS", "inactive")])
    assert older["project"]["PROJECTID"] == "J-2"
    assert [row["PROJECTID"] for row in newer] == ["J-2"]


def test_a_duplicate_project_id_is_reported_with_its_support_id_decoded(client: SageIntacctSDK) -> None:
    client.projects.post(project(1))
    with pytest.raises(WrongParamsError) as refused:
        client.projects.post(project(1))
    error = refused.value.response["error"][0]
    assert error["errorno"] == "BL34000061"
    assert "J-1" in error["description2"]
    assert "%7E" not in error["description2"]


def test_a_wrong_password_is_an_invalid_token_to_the_client(sign_in: SignIn) -> None:
    with pytest.raises(InvalidTokenError):
        sign_in(user_password="wrong")


def test_an_entity_is_chosen_at_sign_in(sign_in: SignIn) -> None:
    scoped = sign_in(entity_id="200")
    scoped.projects.post(project(1, LOCATIONID="200"))
    assert scoped.projects.get_all()[0]["MEGAENTITYID"] == "200"
    assert scoped.projects.get_all()[0]["PROJECTID"] == "J-1"
