"""Related records, saved views and custom reports (intacct-xml §2.9, §9.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway, Reply
from tests.contract.sandbox.intacct.projects import made, task

COST = [{"PROJECTID": f"P-{number}", "AMOUNT": f"{number}.5"} for number in range(1, 6)]


def related(gateway: Gateway, kind: str, keys: str, relation: str, more: str = "") -> Reply:
    inner = f"<object>{kind}</object><keys>{keys}</keys><relation>{relation}</relation>{more}"
    return gateway.call(f"<readRelated>{inner}</readRelated>")


def report(gateway: Gateway, name: str = "Job cost", size: int = 2) -> Reply:
    return gateway.call(f"<readReport><report>{name}</report><waitTime>10</waitTime><pagesize>{size}</pagesize></readReport>")


def more_of(gateway: Gateway, number: str) -> Reply:
    return gateway.call(f"<readMore><reportId>{number}</reportId></readMore>")


@pytest.fixture
def site(intacct: Gateway) -> Gateway:
    """Projects P-1 and P-2 of C-1, the first with two tasks."""
    intacct.customer("C-1")
    for number in ("P-1", "P-2"):
        intacct.project(number, "<CUSTOMERID>C-1</CUSTOMERID>")
    for name in ("Rough-in", "Trim"):
        made(task(intacct, TASKID=name, NAME=name))
    return intacct


def test_what_records_refer_to_is_read_once_however_many_do(site: Gateway) -> None:
    reply = related(site, "PROJECT", "1,2", "CUSTOMER", "<fields>CUSTOMERID,NAME</fields>")
    assert reply.data.get("listtype") == "customer"
    assert reply.rows == [{"CUSTOMERID": "C-1", "NAME": "Harrow Dental"}]


def test_the_records_that_refer_to_one_are_read_by_their_object(site: Gateway) -> None:
    rows = related(site, "PROJECT", "1", "TASK", "<fields>TASKID</fields>").rows
    assert sorted(row["TASKID"] for row in rows) == ["Rough-in", "Trim"]
    assert related(site, "PROJECT", "2", "TASK", "<fields>TASKID</fields>").rows == []
    assert related(site, "PROJECT", "99", "TASK").rows == []


def test_related_records_come_in_pages_too(site: Gateway) -> None:
    first = related(site, "PROJECT", "1", "TASK", "<fields>TASKID</fields><pagesize>1</pagesize>")
    assert (first.data.get("totalcount"), first.data.get("numremaining")) == ("2", "1")
    second = site.call(f"<readMore><resultId>{first.data.get('resultId')}</resultId></readMore>")
    assert sorted(row["TASKID"] for row in (*first.rows, *second.rows)) == ["Rough-in", "Trim"]


def test_related_records_of_another_entity_are_not_seen(site: Gateway) -> None:
    inner = "<PROJECTID>P-3</PROJECTID><NAME>Own</NAME><PROJECTCATEGORY>Contract</PROJECTCATEGORY><CUSTOMERID>C-1</CUSTOMERID>"
    sent = f"<create><PROJECT>{inner}<LOCATIONID>100</LOCATIONID></PROJECT></create>"
    key = site.call(sent, authentication=site.session("100"))
    assert key.status == "success"
    inner = "<object>CUSTOMER</object><keys>1</keys><relation>PROJECT</relation><fields>PROJECTID</fields>"
    found = site.call(f"<readRelated>{inner}</readRelated>", authentication=site.session("200")).rows
    assert sorted(row["PROJECTID"] for row in found) == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("kind", "keys", "relation", "errorno"),
    [("PROJECT", "1", "NOTHING", "DL02000001"), ("PROJECT", "", "TASK", "DL02000001"), ("NOPE", "1", "TASK", "Query Failed")],
)
def test_a_relationship_that_is_not_there_is_refused(site: Gateway, kind: str, keys: str, relation: str, errorno: str) -> None:
    assert related(site, kind, keys, relation).errors[0][0] == errorno


def test_the_right_to_read_holds_for_related_records(site: Gateway) -> None:
    site.set(denied_operations=["read TASK"])
    assert related(site, "PROJECT", "1", "TASK").errors[0][0] == "PL04000005"


def test_a_view_gives_its_fields_of_its_rows(site: Gateway) -> None:
    site.set(saved_views={"Second & last": {"object": "PROJECT", "fields": "PROJECTID,STATUS", "query": "PROJECTID = 'P-2'"}})
    data = site.call("<readView><view>Second &amp; last</view><pagesize>10</pagesize></readView>").data
    assert (data.get("listtype"), data.get("totalcount")) == ("project", "1")
    [view] = data
    assert (view.tag, view.get("name")) == ("view", "Second & last")
    assert [[each.text for each in record] for record in view] == [["P-2", "active"]]
    assert site.call("<readView><view>Other</view></readView>").errors[0][0] == "DL02000001"


def test_a_report_is_pending_first_then_comes_in_pages_and_is_gone(intacct: Gateway) -> None:
    intacct.set(saved_reports={"Job cost": COST}, report_polls=2)
    started = report(intacct).data.find("report_results")
    assert started is not None
    number = started.findtext("REPORTID") or ""
    assert (bool(number), started.findtext("STATUS")) == (True, "PENDING")
    for _ in range(2):
        assert more_of(intacct, number).data.findtext("report_results/STATUS") == "PENDING"
    pages = [more_of(intacct, number) for _ in range(3)]
    assert [row for page in pages for row in page.rows] == COST
    assert [(page.data.get("listtype"), page.data.get("totalcount"), page.data.get("numremaining")) for page in pages] == [
        ("report", "5", "3"),
        ("report", "5", "1"),
        ("report", "5", "0"),
    ]
    assert more_of(intacct, number).errors[0][0] == "DL02000001"


def test_a_report_stays_as_it_was_when_it_was_asked_for(intacct: Gateway) -> None:
    intacct.set(saved_reports={"Job cost": COST[:1]}, report_polls=0)
    number = report(intacct).data.findtext("report_results/REPORTID") or ""
    intacct.set(saved_reports={"Job cost": COST})
    assert more_of(intacct, number).rows == COST[:1]
    assert report(intacct, "Nothing").errors[0][0] == "DL02000001"
    assert report(intacct, size=1001).errors[0][0] == "DL02000001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"saved_reports": {"x": [{"NO NAME": "1"}]}},
        {"saved_reports": {"x": [{"AMOUNT": 1}]}},
        {"saved_reports": {"x": "rows"}},
        {"saved_views": {"x": {"fields": "NAME"}}},
    ],
)
def test_what_is_no_view_or_report_cannot_be_saved(intacct: Gateway, wrong: dict[str, Any]) -> None:
    assert intacct.http.put("/_sandbox/settings", json=wrong).status_code == 400
