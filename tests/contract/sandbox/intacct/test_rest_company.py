"""Roles and permissions, and what documents were made from, over REST (intacct-rest §14, §16.1; endpoint catalogue)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, query
from tests.contract.sandbox.intacct.orders import converted, delete, key_in, lines_of, purchase, supplies
from tests.contract.sandbox.intacct.rest import Rest

ROLE, PERMISSION = "/objects/company-config/role", "/objects/company-config/permission"
HISTORY = "/objects/purchasing/document-history"


def permission(rest: Rest, name: str) -> str:
    [row] = rest.query("company-config/permission", "key", filters=[{"$eq": {"name": name}}]).json()["ia::result"]
    return str(row["key"])


def role(rest: Rest, key: str) -> dict[str, Any]:
    found: dict[str, Any] = rest.get(f"{ROLE}/{key}").json()["ia::result"]
    return found


def test_the_roles_of_a_user_say_what_they_permit(rest: Rest) -> None:
    fields = ("role.id", "user.id")
    maps = rest.query("company-config/role-user-map", *fields).json()["ia::result"]
    assert sorted((row["user.id"], row["role.id"]) for row in maps) == [("Admin", "Administrators"), ("ws-user", "Web Services")]
    filters = [{"$eq": {"role.id": "Web Services"}}, {"$eq": {"permission.name": "AP Bills"}}]
    asked = rest.query("company-config/role-permission-assignment", "key", "permission.module", "accessRights", filters=filters)
    [row] = asked.json()["ia::result"]
    assert row["permission.module"] == "Accounts Payable"
    assert row["accessRights"] == ["List", "Readonly", "Add", "Modify", "Delete"]


def test_a_role_is_given_permissions_and_loses_them(rest: Rest) -> None:
    key = rest.post(ROLE, {"id": "Site", "description": "Site office"}).json()["ia::result"]["key"]
    projects, bills = permission(rest, "Projects"), permission(rest, "AP Bills")
    given = [{"permission": {"key": projects}, "accessRights": ["List", "Readonly"]}]
    assert rest.patch(f"{ROLE}/{key}", {"rolePermissionAssignments": given}).status_code == 200
    more = [{"permission": {"key": bills}, "accessRights": ["List"]}]
    assert rest.patch(f"{ROLE}/{key}", {"rolePermissionAssignments": more}).status_code == 200
    held = role(rest, key)["rolePermissionAssignments"]
    assert [(each["permission"]["name"], each["accessRights"]) for each in held] == [
        ("Projects", ["List", "Readonly"]),
        ("AP Bills", ["List"]),
    ]
    gone = [{"key": held[0]["key"], "ia::operation": "delete"}]
    assert rest.patch(f"{ROLE}/{key}", {"rolePermissionAssignments": gone}).status_code == 200
    assert [each["permission"]["name"] for each in role(rest, key)["rolePermissionAssignments"]] == ["AP Bills"]
    assert rest.delete(f"{ROLE}/{key}").status_code == 204
    left = rest.xml.call(query("ROLEPOLICYASSIGNMENT", "ROLENAME", "POLICYNAME", "ROLES.NAME")).rows
    assert {row["ROLENAME"] for row in left} == {row["ROLES.NAME"] for row in left} == {"Administrators", "Web Services"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"permission": {"key": "999"}, "accessRights": ["List"]},
        {"permission": {"key": "1"}, "accessRights": ["Rule"]},
        {"permission": {"key": "1"}, "accessRights": "List"},
    ],
)
def test_a_wrong_permission_is_refused(rest: Rest, wrong: dict[str, Any]) -> None:
    assert 400 <= rest.post(ROLE, {"id": "Site", "rolePermissionAssignments": [wrong]}).status_code < 500
    assert rest.query("company-config/role", "key").json()["ia::meta"]["totalCount"] == 2


def test_permissions_are_read_only_and_known_to_rest_alone(rest: Rest) -> None:
    assert rest.post(PERMISSION, {"name": "All"}).status_code == 405
    assert rest.xml.call(query("PERMISSION", "NAME")).errors[0][0] == "Query Failed"
    kinds = rest.xml.call("<inspect><object>*</object></inspect>").data
    assert not {"permission", "podocumenthistory"} & {each.get("typename") for each in kinds}


def pairs(rest: Rest) -> list[tuple[str, ...]]:
    names = ("purchasingDocument", "convertedFrom", "convertedTo")
    rows = rest.query("purchasing/document-history", *(f"{name}.key" for name in names), orderBy=[{"key": "asc"}]).json()["ia::result"]
    return [tuple(row[f"{name}.key"] or "" for name in names) for row in rows]


def test_a_document_tells_what_it_came_from_and_what_came_of_it(intacct: Gateway, rest: Rest) -> None:
    supplies(intacct)
    order = purchase(intacct)
    number = order["RECORDNO"]
    assert pairs(rest) == []
    docid = key_in(converted(intacct, order["DOCID"]))
    made = lines_of(intacct, docid)[0]["DOCHDRNO"]
    assert pairs(rest) == [(made, number, ""), (number, "", made)]
    [first, _] = rest.get(HISTORY).json()["ia::result"]
    shown = rest.get(f"{HISTORY}/{first['key']}").json()["ia::result"]
    told = [(shown[name] or {}).get("documentType") for name in ("purchasingDocument", "convertedFrom", "convertedTo")]
    assert sorted(each or "" for each in told) == ["", "Purchase Order", "Vendor Invoice"]
    assert rest.delete(f"{HISTORY}/{first['key']}").status_code == 405
    assert delete(intacct, docid).status == "success"
    assert pairs(rest) == []


def test_a_budget_is_written_with_its_lines_and_both_surfaces_read_it(rest: Rest) -> None:
    # endpoint catalogue: general-ledger/budget, budget-detail
    line = {"amount": "1200.50", "glAccount": {"id": "5100"}, "reportingPeriod": {"id": "Month Ended March 2026"}}
    line["dimensions"] = {"location": {"id": "100"}}
    key = rest.made("/objects/general-ledger/budget", {"id": "JOBS", "description": "Jobs", "lines": [line]})
    [held] = rest.read("/objects/general-ledger/budget", key)["lines"]
    assert (held["amount"], held["glAccount"]["id"], held["dimensions"]["location"]["id"]) == ("1200.50", "5100", "100")
    assert held["reportingPeriod"]["startDate"] == "2026-03-01"
    assert rest.found("general-ledger/budget-detail", field="amount") == ["1200.50"]
    rows = rest.xml.call(query("GLBUDGETITEM", "BUDGETID", "ACCT_NO", "PERIODNAME", "LOCATION_NO", "AMOUNT")).rows
    assert [tuple(row.values()) for row in rows] == [("JOBS", "5100", "Month Ended March 2026", "100", "1200.5")]
    answer = rest.post("/objects/general-ledger/budget", {"id": "X", "description": "X", "lines": [{**line, "glAccount": {"id": "9"}}]})
    assert answer.status_code == 422
