"""GL accounts and journal entries (servicetitan §8, §9, §11.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.servicetitan.api import Api

NOBODY = "00000000-0000-0000-0000-000000000000"


def body(api: Api, amount: float = 12.5, **more: Any) -> dict[str, Any]:
    lines = [
        {"accountId": api.account("5000")["id"], "debit": amount, "credit": 0},
        {"accountId": api.account("2000")["id"], "debit": 0, "credit": amount},
    ]
    return {"name": "Accrual", "status": "Open", "versionId": 0, "postDate": "2026-02-28", "lines": lines, **more}


def written(api: Api, **more: Any) -> dict[str, Any]:
    api.made("POST", "accounting/journal-entries", body(api, **more))
    entries = api.get("accounting/journal-entries", sort="-Number")["data"]
    entry: dict[str, Any] = entries[0]
    return entry


def test_an_entry_written_over_the_api_is_external(api: Api) -> None:
    # servicetitan §8 "Journal entry: id is a GUID", §9 "source ServiceTitan or External"
    entry = written(api)
    assert (entry["source"], entry["syncStatus"], entry["versionId"], entry["lastSyncVersionId"]) == ("External", "NotSynced", 1, None)
    assert entry["url"].endswith(entry["id"])
    assert api.get(f"accounting/journal-entries/{entry['id']}") == entry


def test_details_name_job_and_project_and_the_summary_does_not(api: Api) -> None:
    # servicetitan §8 "Lines (/details) carry job, project, …; /summary only account + business unit"
    customer = api.new_customer()
    project = api.new_project(customer)
    job = api.new_job(customer, projectId=project["id"])
    about = {"jobId": job["id"], "projectId": project["id"], "customerId": customer["id"], "businessUnitId": job["businessUnitId"]}
    given = body(api)
    given["lines"] = [{**line, **about} for line in given["lines"] for _ in range(2)]
    api.made("POST", "accounting/journal-entries", given)
    (entry,) = api.get("accounting/journal-entries")["data"]
    details = api.get(f"accounting/journal-entries/{entry['id']}/details", includeTotal="true")
    assert details["totalCount"] == 4
    assert details["data"][0]["job"] == {"id": job["id"], "number": job["jobNumber"]}
    assert details["data"][0]["project"] == {"id": project["id"], "number": project["number"]}
    summary = api.get(f"accounting/journal-entries/{entry['id']}/summary")["data"]
    assert [(line["account"]["number"], line["debit"], line["credit"]) for line in summary] == [("5000", 25, 0), ("2000", 0, 25)]
    assert "job" not in summary[0]
    page = api.get(f"accounting/journal-entries/{entry['id']}/details", pageSize=3, page=2)
    assert (len(page["data"]), page["hasMore"]) == (1, False)


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"lines": [{"accountId": "5000", "debit": 5, "credit": 0}]}, "lines"),
        ({"lines": [{"accountId": 999, "debit": 0, "credit": 0}]}, "lines[0].accountId"),
        ({"lines": [{"debit": 0, "credit": 0}]}, "lines[0].accountId"),
        ({"lines": [{"accountId": "5000", "debit": 5, "credit": 5}]}, "lines[0].debit"),
        ({"lines": [{"accountId": "5000", "debit": -5, "credit": -5}]}, "lines[0].debit"),
        ({"lines": [{"accountId": "5000", "debit": 0, "credit": 0, "jobId": 999}]}, "lines[0].jobId"),
        ({"lines": [{"accountId": "5000", "debit": 0, "credit": 0, "projectId": 999}]}, "lines[0].projectId"),
        ({"lines": [{"accountId": "5000", "debit": 0, "credit": 0, "sku": {"id": 999, "type": "Material"}}]}, "lines[0].sku"),
        ({"postDate": None}, "postDate"),
        ({"postDate": "soon"}, "postDate"),
        ({"status": "Draft"}, "status"),
        ({"status": None}, "status"),
        ({"customFields": {str(number): "x" for number in range(6)}}, "customFields"),
        ({"source": "ServiceTitan"}, "source"),
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any], member: str) -> None:
    # servicetitan Appendix B "POST journal-entries"
    given = {**body(api), **wrong}
    for line in given["lines"]:
        line |= {"accountId": api.account("5000")["id"]} if line.get("accountId") == "5000" else {}
    assert member in api.refused(400, "POST", "accounting/journal-entries", given)["errors"]
    assert api.get("accounting/journal-entries", empty="Include")["data"] == []


def test_an_external_entry_is_replaced_at_its_version_only(api: Api) -> None:
    # servicetitan §9 "only External ones can be replaced or deleted"
    entry = written(api)
    path = f"accounting/journal-entries/{entry['id']}"
    assert "versionId" in api.refused(400, "PUT", path, body(api, versionId=5))["errors"]
    api.made("PUT", path, body(api, 99, versionId=1, name="Corrected"))
    changed = api.get(path)
    assert (changed["name"], changed["versionId"]) == ("Corrected", 2)
    assert api.get(f"{path}/summary")["data"][0]["debit"] == 99
    api.made("PATCH", path, {"status": "Closed"})
    api.refused(400, "PUT", path, body(api, versionId=2))
    api.refused(400, "DELETE", path)
    api.made("PATCH", path, {"status": "Open"})
    api.made("DELETE", path)
    api.refused(400, "GET", path)


def test_servicetitans_own_entry_is_not_replaced_or_deleted(api: Api) -> None:
    # servicetitan §9
    given = {name: value for name, value in body(api).items() if name != "versionId"}
    entry = api.put("journal-entries", **given)
    path = f"accounting/journal-entries/{entry['id']}"
    assert entry["source"] == "ServiceTitan"
    api.refused(400, "PUT", path, body(api, versionId=1))
    api.refused(400, "DELETE", path)
    assert api.get(path)["versionId"] == 1


def test_synced_needs_the_present_version_and_a_later_edit_is_out_of_sync(api: Api) -> None:
    # servicetitan §9 "versionId must equal the version synced and is required for Synced"
    given = {name: value for name, value in body(api).items() if name != "versionId"}
    entry = api.put("journal-entries", **given)
    path = f"accounting/journal-entries/{entry['id']}"
    api.refused(400, "PATCH", f"{path}/sync", {"syncStatus": "Synced"})
    api.refused(400, "PATCH", f"{path}/sync", {"syncStatus": "Synced", "versionId": 2})
    api.refused(400, "PATCH", f"{path}/sync", {"syncStatus": "Done"})
    api.refused(400, "PATCH", f"{path}/sync", {})
    api.refused(400, "PATCH", f"accounting/journal-entries/{NOBODY}/sync", {"syncStatus": "Error"})
    assert api.made("PATCH", f"{path}/sync", {"syncStatus": "InProgress"})["syncStatus"] == "InProgress"
    failed = api.made("PATCH", f"{path}/sync", {"syncStatus": "Error", "message": "no such account"})
    assert (failed["message"], failed["exportedOn"]) == ("no such account", None)
    synced = api.made("PATCH", f"{path}/sync", {"syncStatus": "Synced", "versionId": 1, "customFields": {"Intacct": "JE-9"}})
    assert (synced["lastSyncVersionId"], synced["exportedOn"], synced["message"]) == (1, "2026-03-02T15:00:00Z", None)
    assert synced["customFields"] == [{"name": "Intacct", "value": "JE-9"}]
    edited = api.put("journal-entries", id=entry["id"], **{**given, "name": "Again"})
    assert (edited["syncStatus"], edited["versionId"], edited["lastSyncVersionId"]) == ("OutOfSync", 2, 1)
    assert "at version 2" in api.not_put("journal-entries", id=entry["id"], **given, versionId=1)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"ids": "mine"}, True),
        ({"ids": NOBODY}, False),
        ({"name": "accr"}, True),
        ({"numberFrom": 1, "numberTo": 1}, True),
        ({"numberFrom": 2}, False),
        ({"postedFrom": "2026-02-28T23:00:00Z"}, True),
        ({"postedTo": "2026-02-27"}, False),
        ({"exportedFrom": "2020-01-01"}, False),
        ({"statuses": "Open"}, True),
        ({"syncStatuses": "Synced"}, False),
        ({"transactionTypes": "Bill"}, True),
        ({"transactionTypes": "Payment"}, False),
        ({"refNumber": "B-1,B-2"}, True),
        ({"customField.Source": "import"}, True),
        ({"customField.Source": "hand"}, False),
        ({"empty": "Exclude"}, True),
    ],
)
def test_entries_are_filtered(api: Api, params: dict[str, Any], found: bool) -> None:
    # servicetitan Appendix B "journal-entries", §5 "customField.<name>=<value>"
    given = {name: value for name, value in body(api).items() if name != "versionId"}
    for line in given["lines"]:
        line["transaction"] = {"id": 7, "type": "Bill", "refNumber": "B-1"}
    entry = api.put("journal-entries", **given, customFields={"Source": "import"})
    asked = {name: entry["id"] if value == "mine" else value for name, value in params.items()}
    assert bool(api.get("accounting/journal-entries", **asked)["data"]) is found


def test_empty_entries_are_left_out_until_they_are_synced_or_asked_for(api: Api) -> None:
    # servicetitan Appendix A EmptyJeHandling; "doesn't have effect when … requested by their ids"
    entry = api.put("journal-entries", name="Nothing", postDate="2026-02-01")
    assert entry["isEmpty"] is True
    assert api.get("accounting/journal-entries")["data"] == []
    assert api.get("accounting/journal-entries", empty="Include")["data"] == [entry]
    assert api.get("accounting/journal-entries", ids=entry["id"])["data"] == [entry]
    api.made("PATCH", f"accounting/journal-entries/{entry['id']}/sync", {"syncStatus": "Excluded"})
    assert len(api.get("accounting/journal-entries")["data"]) == 1
    assert api.get("accounting/journal-entries", empty="Exclude")["data"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"pageSize": 501},
        {"statuses": "Ajar"},
        {"empty": "Maybe"},
        {"sort": "Amount"},
        {"numberFrom": "one"},
        {f"customField.{number}": "x" for number in range(6)},
        {"ids": ",".join([NOBODY[:-2] + f"{number:02d}" for number in range(51)])},
    ],
)
def test_an_entry_filter_that_does_not_fit_is_a_400(api: Api, params: dict[str, Any]) -> None:
    # servicetitan §5 "500 for journal-entry endpoints", "at most 5"
    api.refused(400, "GET", "accounting/journal-entries", **params)


def test_an_id_that_is_no_guid_is_a_404(api: Api) -> None:
    api.checks = False
    api.refused(404, "GET", "accounting/journal-entries/17")


# -- GL accounts


def test_an_account_is_created_edited_and_deactivated(api: Api) -> None:
    # servicetitan §4 "201", "409 on GL account create/update"
    reply = api.call("POST", "accounting/gl-accounts", json={"name": "Tools", "number": "5400", "type": "Expense", "subtype": "Expense"})
    account = reply.json()
    assert (reply.status_code, account["source"], account["active"]) == (201, "PublicApi", True)
    path = f"accounting/gl-accounts/{account['id']}"
    assert api.made("PATCH", path, {"description": "Small tools"})["description"] == "Small tools"
    api.made("PATCH", path, {"active": False})
    assert api.rows("accounting/gl-accounts", numbers="5400") == []
    assert api.rows("accounting/gl-accounts", numbers="5400,5100", active="Any", types="expense")[0]["active"] is False


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"name": " ", "type": "Expense"}, 400),
        ({"name": "Tools"}, 400),
        ({"name": "Tools", "type": "Nonsense"}, 400),
        ({"name": "Tools", "type": "Expense", "active": True}, 400),
        ({"name": "Materials", "type": "Expense"}, 409),
        ({"name": "Tools", "type": "Expense", "number": "5100"}, 409),
    ],
)
def test_an_account_that_cannot_be_is_refused(api: Api, given: dict[str, Any], status: int) -> None:
    api.refused(status, "POST", "accounting/gl-accounts", given)


def test_an_account_keeps_its_number_to_itself(api: Api) -> None:
    account = api.account("6000")
    api.refused(409, "PATCH", f"accounting/gl-accounts/{account['id']}", {"number": "5100"})
    api.refused(409, "PATCH", f"accounting/gl-accounts/{account['id']}", {"name": "Materials"})
    api.refused(404, "PATCH", "accounting/gl-accounts/999", {"name": "x"})
    assert api.made("PATCH", f"accounting/gl-accounts/{account['id']}", {"number": "6000"}) != account


@pytest.mark.parametrize(
    ("params", "numbers"),
    [
        ({"isIntacctBankAccount": "true"}, ["1000"]),
        ({"isIntacctGroup": "true"}, []),
        ({"names": "Labor,Materials"}, ["5000", "5100"]),
        ({"subtypes": "Bank"}, ["1000"]),
        ({"description": "undep"}, ["1050"]),
        ({"source": "PublicApi"}, []),
    ],
)
def test_accounts_are_filtered(api: Api, params: dict[str, str], numbers: list[str]) -> None:
    # servicetitan Appendix B "gl-accounts"
    assert [row["number"] for row in api.rows("accounting/gl-accounts", **params)] == numbers
