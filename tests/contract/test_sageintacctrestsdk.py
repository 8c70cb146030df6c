"""`sageintacctrestsdk`, unchanged, against the Intacct emulator (intacct-rest §16.1).

The client has no setting for the address: it is a constant, imported by name into two of its modules, which are set before it is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import intacctsdk.apis.api_base
import intacctsdk.intacctsdk
import pytest
from intacctsdk import IntacctRESTSDK
from intacctsdk.apis.api_base import ApiBase
from intacctsdk.exceptions import BadRequestError, InternalServerError, InvalidTokenError

from tieout.sandbox.run import Running, start

SignIn = Callable[..., IntacctRESTSDK]
Rows = list[dict[str, Any]]

# Every API class whose object the emulator has, with the fields its main consumer reads (§16.2); and how a record is made, if it can be.
READ: dict[str, tuple[str, ...]] = {
    "allocations": ("id", "status"),
    "charge_card_accounts": ("id", "status"),
    "charge_card_transactions": ("key", "state"),
    "expense_payment_types": ("id", "status", "isNonReimbursable"),
    "expense_reports": ("key", "state"),
    "expense_types": ("id", "description", "status", "glAccount.id"),
    "savings_accounts": ("id", "bankAccountDetails.bankName", "status"),
    "tax_details": ("taxPercent", "id", "taxSolution.id", "status", "taxType"),
    "accounts": ("id", "name", "accountType", "status"),
    "attachment_folders": ("id", "status"),
    "attachments": ("id", "name", "folder.id"),
    "bills": ("key", "state"),
    "ap_payments": ("key", "state"),
    "checking_accounts": ("id", "bankAccountDetails.bankName", "status"),
    "classes": ("id", "name", "status"),
    "contacts": ("id", "printAs", "status"),
    "cost_types": ("id", "key", "name", "status", "project.id", "task.name", "audit.createdDateTime", "audit.modifiedDateTime"),
    "customers": ("id", "name", "status"),
    "departments": ("id", "name", "status"),
    "employees": ("id", "name", "status", "primaryContact.email1", "primaryContact.printAs", "department.id", "location.id"),
    "items": ("id", "name", "status", "itemType"),
    "journal_entries": ("key", "state"),
    "journals": ("id", "name"),
    "location_entities": ("id", "name", "operatingCountry"),
    "locations": ("id", "name", "status"),
    "projects": ("id", "name", "status", "customer.id", "isBillableEmployeeExpense", "isBillablePurchasingAPExpense"),
    "permissions": ("id", "name", "module"),
    "reporting_periods": ("id", "status"),
    "role_permission_assignments": ("key", "role.id", "permission.id"),
    "role_user_maps": ("key", "role.id", "user.id"),
    "roles": ("id", "description"),
    "tasks": ("key", "name", "project.key", "project.name"),
    "users": ("id", "userName", "status"),
    "vendors": ("id", "name", "status", "contacts.default.email1"),
}
PROJECT = {"id": "J-1", "name": "Job 1", "category": "contract", "location": {"id": "100"}}
MADE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "accounts": ({"id": "5901", "name": "Materials", "accountType": "incomeStatement", "normalBalance": "debit"}, {"name": "Material"}),
    "attachment_folders": ({"id": "Sync"}, {"description": "Papers"}),
    "attachments": (
        {"id": "A-1", "name": "PO 1293", "folder": {"id": "Papers"}, "files": [{"name": "po.pdf", "data": "JVBERi0="}]},
        {"description": "Signed"},
    ),
    "classes": ({"id": "K-1", "name": "New build"}, {"name": "Newer"}),
    "contacts": ({"id": "Sill, Ada", "printAs": "Ada Sill"}, {"email1": "ada@b.example"}),
    "customers": ({"id": "C-1", "name": "Birch & Sons"}, {"notes": "Ring twice"}),
    "departments": ({"id": "D-1", "name": "Field"}, {"name": "Works"}),
    "employees": ({"id": "E-1", "location": {"id": "100"}, "primaryContact": {"id": "Contact 0"}}, {"jobTitle": "Fitter"}),
    "expense_types": ({"id": "Meals", "description": "Meals", "glAccount": {"id": "6000"}}, {"description": "Meals on site"}),
    "items": ({"id": "I-1", "name": "Labour", "itemType": "nonInventory"}, {"name": "Work"}),
    "locations": ({"id": "300", "name": "Yard"}, {"name": "Old yard"}),
    "projects": (PROJECT, {"description": "Two units"}),
    "tasks": ({"id": "01-010", "name": "Sitework", "taskStatus": "planned", "project": {"id": "P-0"}}, {"taskStatus": "inProgress"}),
    "roles": ({"id": "Site", "description": "Site office"}, {"description": "Office on site"}),
    "vendors": ({"id": "V-1", "name": "Pipe Supply"}, {"taxId": "12-345"}),
}
# Services, which are no objects.
SERVICES = frozenset({"dimensions", "multi_entity_preferences", "sessions"})


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    systems = start(("intacct",), world="empty")
    address = f"{systems['intacct'].url}/ia/api/v1"
    monkeypatch.setattr(intacctsdk.intacctsdk, "BASE_URL", address)
    monkeypatch.setattr(intacctsdk.apis.api_base, "BASE_URL", address)
    yield systems["intacct"]
    for each in systems.values():
        each.stop()


@pytest.fixture
def sign_in(running: Running) -> SignIn:
    def connect(**changes: Any) -> IntacctRESTSDK:
        given = {"username": "ws-user@SANDBOX", "client_id": "sandbox-app", "client_secret": "sandbox-app-secret", **changes}
        return IntacctRESTSDK(**given)

    return connect


@pytest.fixture
def client(sign_in: SignIn) -> IntacctRESTSDK:
    made = sign_in()
    made.contacts.post({"id": "Contact 0", "printAs": "Contact 0"})
    made.attachment_folders.post({"id": "Papers"})
    made.projects.post({**PROJECT, "id": "P-0"})
    return made


def every(api: ApiBase, fields: tuple[str, ...], **more: Any) -> Rows:
    return [row for page in api.get_all_generator(fields=list(fields), **more) for row in page]


def test_the_tables_name_every_api_of_the_client_once(client: IntacctRESTSDK) -> None:
    real = {name for name, value in vars(client).items() if isinstance(value, ApiBase)} - {"api_base"}
    assert len(real) > 35
    assert sorted([*READ, *SERVICES]) == sorted(real)
    assert set(MADE) <= set(READ)


def test_a_role_is_given_permissions_by_the_client(client: IntacctRESTSDK) -> None:
    key = client.roles.post({"id": "Yard"})["ia::result"]["key"]
    [permission] = every(client.permissions, ("key", "name"), filters=[{"$eq": {"name": "Projects"}}])
    client.roles.update_permission_assignments(key, [{"permission_key": permission["key"], "access_rights": ["List"]}])
    rows = every(client.role_permission_assignments, ("permission.name", "accessRights"), filters=[{"$eq": {"role.key": key}}])
    assert rows == [{"permission.name": "Projects", "accessRights": ["List"]}]


@pytest.mark.parametrize("name", sorted(READ))
def test_every_object_is_counted_listed_and_described(client: IntacctRESTSDK, name: str) -> None:
    api: ApiBase = getattr(client, name)
    rows = every(api, ("key", *READ[name]))
    assert len(rows) == api.count()
    assert all(row.keys() == {"key", *READ[name]} for row in rows)
    assert api.get_model()["ia::result"]["fields"]["key"]["readOnly"] is True
    if rows:
        assert api.get_by_key(rows[0]["key"])["ia::result"]["key"] == rows[0]["key"]


@pytest.mark.parametrize("name", sorted(MADE))
def test_every_object_that_can_be_written_is_created_read_changed_and_deleted(client: IntacctRESTSDK, name: str) -> None:
    api: ApiBase = getattr(client, name)
    body, change = MADE[name]
    before = api.count()
    key = api.post(body)["ia::result"]["key"]
    assert api.count() == before + 1
    assert api.get_by_key(key)["ia::result"]["id"] == body["id"]
    api.update(key, change)
    shown = api.get_by_key(key)["ia::result"]
    assert {field: shown[field] for field in change} == change
    assert api.delete(key) is None
    assert api.count() == before
    with pytest.raises(BadRequestError, match="notFound"):
        api.get_by_key(key)


def test_pages_are_read_to_the_end(client: IntacctRESTSDK) -> None:
    api = ApiBase(client, object_path="/objects/projects/project", page_size=3)
    api.update_access_token(client.access_token)
    api.update_entity_id(None)
    for number in range(1, 8):
        client.projects.post({**PROJECT, "id": f"P-{number}"})
    pages = list(api.get_all_generator(fields=["id"], order_by=[{"id": "asc"}]))
    assert [len(page) for page in pages] == [3, 3, 2]
    assert [row["id"] for page in pages for row in page] == [f"P-{number}" for number in range(8)]
    unordered = [row["id"] for page in api.get_all_generator(fields=["id"]) for row in page]
    assert sorted(unordered) == [f"P-{number}" for number in range(8)]


def test_filters_are_the_ones_its_consumer_sends(client: IntacctRESTSDK) -> None:
    # §16.2
    client.projects.post({**PROJECT, "id": "P-1", "status": "inactive"})
    active = [{"$eq": {"status": "active"}}]
    assert [row["id"] for row in every(client.projects, ("id",), filters=active)] == ["P-0"]
    assert client.projects.count(filters=active) == 1
    since = [{"$gte": {"audit.modifiedDateTime": "2020-01-01T00:00:00Z"}}, {"$in": {"id": ["P-0", "P-1"]}}]
    rows = every(client.projects, ("id",), filters=since, order_by=[{"audit.modifiedDateTime": "desc"}])
    assert {row["id"] for row in rows} == {"P-0", "P-1"}
    either = [{"$eq": {"id": "P-0"}}, {"$eq": {"id": "P-1"}}]
    assert len(every(client.projects, ("id",), filters=either, filter_expression="1 or 2")) == 2


def test_an_idempotent_key_makes_a_record_once(client: IntacctRESTSDK) -> None:
    first = client.projects.post(PROJECT, idempotent_key="k-1")
    assert client.projects.post(PROJECT, idempotent_key="k-1") == first
    assert client.projects.count() == 2


def test_a_bill_has_lines_and_takes_an_attachment_that_exists(client: IntacctRESTSDK) -> None:
    client.accounts.post(MADE["accounts"][0])
    client.vendors.post(MADE["vendors"][0])
    line = {"glAccount": {"id": "5901"}, "txnAmount": "100.00", "dimensions": {"location": {"id": "100"}, "project": {"id": "P-0"}}}
    bill = {"billNumber": "B-73", "vendor": {"id": "V-1"}, "createdDate": "2026-09-05", "dueDate": "2026-10-05", "lines": [line]}
    key = client.bills.post(bill)["ia::result"]["key"]
    shown = client.bills.get_by_key(key)["ia::result"]
    assert (shown["totalTxnAmount"], shown["lines"][0]["dimensions"]["project"]["id"]) == ("100.00", "P-0")
    assert every(client.bills, ("key", "state")) == [{"key": key, "state": "posted"}]
    with pytest.raises(BadRequestError):
        client.bills.update_attachment(key, "PO-1293-docs")
    client.attachments.post({"id": "PO-1293-docs", "name": "PO 1293", "folder": {"id": "Papers"}})
    client.bills.update_attachment(key, "PO-1293-docs")
    assert client.bills.get_by_key(key)["ia::result"]["attachment"]["id"] == "PO-1293-docs"


def test_a_user_defined_dimension_is_read_by_its_name(client: IntacctRESTSDK) -> None:
    dimensions = {each["dimensionName"]: each for each in client.dimensions.list()}
    assert dimensions["PROJECT"]["dimensionEndpoint"] == "/objects/projects/project"
    (own,) = (each for each in dimensions.values() if each["isUserDefinedDimension"])
    name = own["dimensionEndpoint"].split("::")[1]
    before = client.dimensions.count(dimension_name=name)
    other = ApiBase(client, object_path=own["dimensionEndpoint"])
    other.update_access_token(client.access_token)
    other.post({"name": "Digger"})
    assert client.dimensions.count(dimension_name=name) == before + 1
    rows = [row for page in client.dimensions.get_all_generator(fields=["id", "name"], dimension_name=name) for row in page]
    assert "Digger" in {row["name"] for row in rows}


def test_a_session_of_the_other_surface_is_given(client: IntacctRESTSDK) -> None:
    assert client.sessions.get_session_id().keys() == {"sessionId", "expiresIn"}
    assert client.multi_entity_preferences.get()["isModuleConfigured"] is True


def test_an_entity_is_chosen_when_the_client_is_made(sign_in: SignIn) -> None:
    scoped = sign_in(entity_id="200")
    key = scoped.projects.post({**PROJECT, "location": {"id": "200"}})["ia::result"]["key"]
    assert scoped.projects.get_by_key(key)["ia::result"]["entity"]["id"] == "200"
    assert [row["id"] for row in every(scoped.location_entities, ("id",), order_by=[{"id": "asc"}])] == ["100", "200"]
    top = sign_in()
    assert top.projects.count() == 0
    assert top.projects.count(filter_parameters={"includePrivate": True}) == 1


def test_the_three_ways_to_sign_in(sign_in: SignIn) -> None:
    first = sign_in()
    assert first.access_token_expires_in == 43200
    second = sign_in(use_client_credentials_auth=False, refresh_token=first.refresh_token)
    assert second.projects.count() == 0
    assert sign_in(access_token=second.access_token).projects.count() == 0


def test_refusals_carry_the_words_its_consumer_looks_for(client: IntacctRESTSDK, sign_in: SignIn) -> None:
    with pytest.raises(BadRequestError) as refused:
        client.projects.post({**PROJECT, "id": "P-0"})
    details = json.loads(refused.value.response)["ia::result"]["ia::error"]["details"]
    assert "Another record with the value" in details[0]["message"]
    with pytest.raises(BadRequestError, match="REST-1106"):
        every(client.projects, ("audit.createdBy",))
    with pytest.raises(BadRequestError, match="Credentials are invalid"):
        sign_in(client_secret="wrong")


def test_a_dead_token_is_an_invalid_token_to_the_client_if_it_is_a_400(running: Running, sign_in: SignIn) -> None:
    # §1, §16.1: it knows a dead token by a 400 with a certain text
    client = sign_in(access_token="dead.token.here")
    with pytest.raises(BadRequestError):
        client.projects.count()
    assert httpx.put(f"{running.url}/_sandbox/settings", json={"bearer_failure_http": "400"}).is_success
    with pytest.raises(InvalidTokenError):
        client.projects.count()


def test_a_failing_server_is_an_error_of_its_own(running: Running, client: IntacctRESTSDK) -> None:
    fault = [{"action": "http_status", "status": 503, "match": {"nth": 1}}, {"action": "http_status", "status": 429, "match": {"nth": 2}}]
    assert httpx.post(f"{running.url}/_sandbox/faults", json=fault).is_success
    with pytest.raises(InternalServerError):
        client.projects.count()
    with pytest.raises(BadRequestError, match="GW-0010"):
        client.projects.count()
