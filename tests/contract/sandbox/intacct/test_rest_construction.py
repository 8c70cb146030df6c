"""Estimates, change requests, change orders, contracts and attachments over REST (intacct-rest §14.2, §15.11–15.17, §15.20)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.rest import CUSTOMERS, Rest, detail

HERE = "/objects/construction"
ESTIMATES, REQUESTS, ORDERS = f"{HERE}/project-estimate", f"{HERE}/change-request", f"{HERE}/project-change-order"
FILES, FOLDERS = "/objects/company-config/attachment", "/objects/company-config/folder"


@pytest.fixture
def site(rest: Rest) -> Rest:
    """A project P-1 of customer C-1 with one task, and an item."""
    rest.made(CUSTOMERS, {"id": "C-1", "name": "Harrow Dental"})
    rest.project("P-1", customer={"id": "C-1"}, startDate="2026-03-02")
    rest.made("/objects/projects/task", {"id": "01-010", "name": "Sitework", "taskStatus": "planned", "project": {"id": "P-1"}})
    rest.made("/objects/inventory-control/item", {"id": "Development", "name": "Development", "itemType": "nonInventory"})
    rest.made(
        "/objects/general-ledger/account", {"id": "5901", "name": "Costs", "accountType": "incomeStatement", "normalBalance": "debit"}
    )
    return rest


def request(**more: Any) -> dict[str, Any]:
    line = {
        "workflowType": "pendingChange",
        "quantity": "2",
        "unitCost": "100.00",
        "dimensions": {"project": {"id": "P-1"}, "task": {"id": "01-010"}},
    }
    del line["workflowType"]
    return {"id": "CR-4", "changeRequestDate": "2026-09-05", "project": {"id": "P-1"}, "changeRequestLines": [line]} | more


def estimate(**more: Any) -> dict[str, Any]:
    line = {"workflowType": "original", "quantity": "10", "unitCost": "300.00", "glAccount": {"id": "5901"}}
    lines = [{**line, "dimensions": {"project": {"id": "P-1"}, "task": {"id": "01-010"}}}]
    return {
        "id": "EST-1",
        "project": {"id": "P-1"},
        "estimateDate": "2026-09-01",
        "postTo": "firstPeriod",
        "projectEstimateLines": lines,
    } | more


def test_lines_of_an_estimate_are_written_through_the_header_only(site: Rest) -> None:
    # §3.5, §15.11, §15.12
    key = site.made(ESTIMATES, estimate())
    shown = site.read(ESTIMATES, key)
    (line,) = shown["projectEstimateLines"]
    assert (line["workflowType"], line["quantity"], line["unitCost"], line["dimensions"]["task"]["id"]) == (
        "original",
        "10",
        "300.00",
        "01-010",
    )
    assert (shown["customer"]["id"], shown["location"]["id"], shown["project"]["startDate"]) == ("C-1", "100", "2026-03-02")
    more = [{**estimate()["projectEstimateLines"][0], "quantity": "5"}, {"key": line["key"], "memo": "Piles"}]
    assert site.patch(f"{ESTIMATES}/{key}", {"projectEstimateLines": more}).status_code == 200
    lines = site.read(ESTIMATES, key)["projectEstimateLines"]
    assert [(each["quantity"], each["memo"]) for each in lines] == [("10", "Piles"), ("5", None)]
    assert site.patch(f"{ESTIMATES}/{key}", {"projectEstimateLines": [{"key": line["key"], "ia::operation": "delete"}]}).status_code == 200
    assert [each["quantity"] for each in site.read(ESTIMATES, key)["projectEstimateLines"]] == ["5"]
    assert site.found("construction/project-estimate-line", field="projectEstimate.id") == ["EST-1"]
    assert site.post(f"{HERE}/project-estimate-line", {"quantity": "1"}).status_code == 405


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"project": None}, 422),
        ({"project": {"id": "P-9"}}, 422),
        ({"postTo": "First period"}, 400),
        ({"totalEstimateAmount": "5"}, 400),
        ({"projectEstimateLines": [{"dimensions": {"task": {"id": "99"}}, "quantity": "1"}]}, 422),
        ({"projectEstimateLines": [{"key": "9"}]}, 400),
    ],
)
def test_a_wrong_estimate_is_refused(site: Rest, more: dict[str, Any], status: int) -> None:
    assert site.post(ESTIMATES, estimate(**more)).status_code == status
    assert site.xml.stored("PJESTIMATE") == []


def test_a_line_that_is_not_named_is_not_touched(site: Rest) -> None:
    # §3.3 untouched lines stay
    site.xml.at("2026-09-01T08:00:00Z")
    site.sign_in()
    key = site.made(ESTIMATES, estimate())
    site.xml.advance(60)
    site.patch(
        f"{ESTIMATES}/{key}", {"projectEstimateLines": [{"quantity": "1", "unitCost": "1", "dimensions": {"task": {"id": "01-010"}}}]}
    )
    stamps = site.found("construction/project-estimate-line", field="audit.modifiedDateTime")
    assert stamps == ["2026-09-01T08:00:00Z", "2026-09-01T08:01:00Z"]


def test_a_change_request_joins_a_change_order_once_posted(site: Rest) -> None:
    # §15.14, §15.15, §15.16
    site.made(ESTIMATES, estimate())
    site.made(f"{HERE}/change-request-status", {"id": "Waiting", "workflowType": "pendingChange"})
    order = {"id": "PCO-9", "project": {"id": "P-1"}, "projectChangeOrderDate": "2026-09-09", "priceEffectiveDate": "2026-09-01"}
    assert detail(site.post(ORDERS, order))[1] == "/item"
    order_key = site.made(ORDERS, {**order, "item": {"id": "Development"}, "state": "draft"})
    key = site.made(REQUESTS, request(changeRequestStatus={"id": "Waiting"}))
    shown = site.read(REQUESTS, key)
    assert (shown["changeRequestState"], shown["changeRequestStatus"]["workflowType"]) == ("draft", "pendingChange")
    assert (shown["projectCustomer"]["id"], shown["changeRequestLines"][0]["unitCost"]) == ("C-1", "100.00")
    body = {"changeRequestState": "posted", "projectChangeOrder": {"key": order_key}}
    assert site.patch(f"{REQUESTS}/{key}", body).status_code == 200
    assert site.read(REQUESTS, key)["projectChangeOrder"]["id"] == "PCO-9"
    assert site.read(ORDERS, order_key)["customer"]["id"] == "C-1"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"id": None}, 422),
        ({"changeRequestDate": None}, 422),
        ({"project": {"id": "P-9"}}, 422),
        ({"changeRequestState": "Posted"}, 400),
        ({"totalCost": "5.00"}, 400),
        ({"changeRequestLines": [{"nonsense": 1}]}, 400),
    ],
)
def test_a_wrong_change_request_is_refused(site: Rest, more: dict[str, Any], status: int) -> None:
    assert site.post(REQUESTS, request(**more)).status_code == status
    assert site.xml.stored("CHANGEREQUEST") == []


def test_a_contract_has_a_type_people_and_lines(site: Rest) -> None:
    # §15.20 project-contract
    site.made(f"{HERE}/project-contract-type", {"id": "FIX", "name": "Fixed"})
    body = {"id": "PC-1", "name": "Depot", "project": {"id": "P-1"}, "customer": {"id": "C-1"}, "contractDate": "2026-09-01"}
    key = site.made(f"{HERE}/project-contract", {**body, "projectContractType": {"id": "FIX"}, "scope": "All of it"})
    shown = site.read(f"{HERE}/project-contract", key)
    assert (shown["projectContractType"]["id"], shown["scope"], shown["location"]["id"]) == ("FIX", "All of it", "100")
    assert shown["internalReference"]["issuedBy"] == {"key": None, "id": None, "name": None}
    assert site.post(f"{HERE}/project-contract", {**body, "id": "PC-2", "customer": None}).status_code == 422


def test_files_are_added_to_an_attachment(rest: Rest) -> None:
    # §14.2 attachment
    rest.made(FOLDERS, {"id": "Sync"})
    body = {"id": "PO-1293", "name": "PO 1293", "folder": {"id": "Sync"}, "files": [{"name": "po.pdf", "data": "JVBERi0="}]}
    assert rest.post(FILES, {**body, "folder": {"id": "Nowhere"}}).status_code == 422
    assert detail(rest.post(FILES, {**body, "files": [{"nonsense": 1}]}))[0] == "REST-1043"
    key = rest.made(FILES, body)
    rest.patch(f"{FILES}/{key}", {"files": [{"name": "more.pdf", "data": "JVBERi0="}]})
    shown = rest.read(FILES, key)
    assert [each["name"] for each in shown["files"]] == ["po.pdf", "more.pdf"]
    assert shown["files"][0]["attachment"]["id"] == "PO-1293"
    assert rest.delete(f"{FOLDERS}/{shown['folder']['key']}").status_code == 422
