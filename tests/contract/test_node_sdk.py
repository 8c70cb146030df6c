"""The vendor's own Node SDK, unchanged, against the Intacct emulator (intacct-xml §9.1)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tieout.sandbox.run import start

NODE = Path(__file__).parent / "node"
# The SDK takes only endpoints in the vendor's own domain, also in the reply to the sign-in.
ADVERTISED = "https://api.intacct.com/ia/xml/xmlgw.phtml"


def absence() -> str:
    """Why the SDK cannot be run here, or nothing."""
    if shutil.which("node") is None:
        return "Node is missing, so the vendor's SDK was not run: install Node 20 and run make test again"
    if not (NODE / "node_modules" / "@intacct" / "intacct-sdk").is_dir():
        return "The vendor's Node SDK is missing, so it was not run: npm ci --prefix tests/contract/node"
    return ""


if absence() and os.environ.get("CI") != "true":
    pytest.skip(absence(), allow_module_level=True)


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """Everything the SDK got back from one visit to a fresh emulator."""
    if reason := absence():
        pytest.fail(reason, pytrace=False)
    running = start(("intacct",), world="empty", settings={"advertise_endpoint": ADVERTISED})
    try:
        environment = {**os.environ, "EMULATOR_URL": f"{running['intacct'].url}/ia/xml/xmlgw.phtml"}
        command = ["node", str(NODE / "client.mjs")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    finally:
        for each in running.values():
            each.stop()
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_the_sdk_signs_in_and_into_an_entity(seen: dict[str, Any]) -> None:
    assert seen["session"]["sessionId"]
    assert not seen["session"]["entityId"]
    assert seen["scoped"]["entityId"] == "200"


def test_the_sdk_creates_and_updates_a_customer(seen: dict[str, Any]) -> None:
    assert seen["customerCreated"]["status"] == "success"
    assert seen["customerCreated"]["data"][0]["CUSTOMERID"] == "C-1"
    assert seen["customerUpdated"]["status"] == "success"
    assert seen["customerUpdated"]["data"][0]["RECORDNO"] == seen["customerCreated"]["data"][0]["RECORDNO"]


def test_the_sdk_creates_projects_and_reads_what_it_updated(seen: dict[str, Any]) -> None:
    assert [seen[f"created{number}"]["data"][0]["PROJECTID"] for number in range(1, 6)] == [f"J-{number}" for number in range(1, 6)]
    assert seen["projectUpdated"]["function"] == "update"
    (project,) = seen["read"]["data"]
    shown = {name: project[name] for name in ("PROJECTID", "NAME", "STATUS", "PARENTID", "CUSTOMERID", "LOCATIONID", "PROJECTCATEGORY")}
    assert shown == {
        "PROJECTID": "J-2",
        "NAME": "Job 2, renamed",
        "STATUS": "inactive",
        "PARENTID": "J-1",
        "CUSTOMERID": "C-1",
        "LOCATIONID": "100",
        "PROJECTCATEGORY": "Contract",
    }


def test_the_sdk_reads_a_customer_by_name_with_its_marks_intact(seen: dict[str, Any]) -> None:
    (customer,) = seen["readByName"]["data"]
    assert customer["NAME"] == "Birch & Sons <Plumbing>"


def test_the_sdk_pages_through_a_query_in_the_order_it_asked_for(seen: dict[str, Any]) -> None:
    assert [[row["PROJECTID"] for row in page["data"]] for page in seen["pages"]] == [["J-1", "J-2"], ["J-3", "J-4"], ["J-5"]]
    assert [page["numRemaining"] for page in seen["pages"]] == [3, 1, 0]
    assert {page["totalCount"] for page in seen["pages"]} == {5}
    assert {page["listType"] for page in seen["pages"]} == {"PROJECT"}


def test_the_sdk_pages_through_a_read_by_query_with_read_more(seen: dict[str, Any]) -> None:
    pages = seen["readByQuery"]
    assert [page["function"] for page in pages] == ["readByQuery", "readMore", "readMore"]
    assert [page["count"] for page in pages] == [2, 2, 1]
    assert {page["listType"] for page in pages} == {"project"}
    found = sorted(row["PROJECTID"] for page in pages for row in page["data"])
    assert found == ["J-1", "J-2", "J-3", "J-4", "J-5"]


def test_the_sdk_understands_a_duplicate(seen: dict[str, Any]) -> None:
    assert seen["duplicate"]["name"] == "ResultException"
    assert seen["duplicate"]["errors"][0].startswith("BL34000061 Another Project with the given value(s) J-1")


def test_the_sdk_deletes_children_first_and_a_customer_in_use_stays(seen: dict[str, Any]) -> None:
    assert seen["customerInUse"]["errors"][0].startswith("BL01001973")
    assert {seen[f"deleted{number}"]["status"] for number in range(1, 6)} == {"success"}
    assert seen["customerDeleted"]["status"] == "success"


def test_the_sdk_tells_a_wrong_user_password_from_a_wrong_sender_password(seen: dict[str, Any]) -> None:
    assert seen["wrongUser"] == {
        "name": "ResponseException",
        "message": "Response authentication status failure - XL03000006 Sign-in information is incorrect",
        "errors": ["XL03000006 Sign-in information is incorrect"],
    }
    assert seen["wrongSender"]["message"].startswith("Response control status failure - XL03000006")
