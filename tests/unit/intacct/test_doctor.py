"""The doctor's lines about a company: each good, or with the cure."""

from __future__ import annotations

import httpx
import pytest

from tieout.core.ports import Check
from tieout.intacct import KINDS
from tieout.intacct.connection import IntacctSystem, connect

from .company import Clock, Company
from .test_rest import Books, books

__all__ = ["books"]


def line(lines: list[Check], name: str) -> Check:
    return next(each for each in lines if each.name == name)


def failing(lines: list[Check]) -> list[tuple[str, str]]:
    return [(each.name, each.code) for each in lines if not each.ok]


def test_a_subscription_that_a_needed_kind_belongs_to_is_named_with_its_cure() -> None:
    company = Company(Clock(), applications={"2.GL", "4.AR", "48.PROJACCT"})
    assert failing(company.system().check()) == []
    lines = company.system().check(["PROJECT", "APBILL"])
    assert failing(lines)[0] == ("Subscriptions", "intacct.no-subscription")
    assert "3.AP" in line(lines, "Subscriptions").detail
    assert "bills" in line(lines, "Subscriptions").detail
    assert "Subscriptions" in line(lines, "Subscriptions").cure


def test_subscriptions_that_cannot_be_seen_fail_nothing() -> None:
    unseen = line(Company(Clock(), applications=set()).system().check(), "Subscriptions")
    assert (unseen.ok, bool(unseen.cure)) == (True, True)
    strange = line(Company(Clock(), applications={"Purchasing"}).system().check(), "Subscriptions")
    assert (strange.ok, strange.cure) == (True, "")


def test_only_the_kinds_that_are_needed_are_looked_at_and_can_fail() -> None:
    company = Company(Clock())
    company.refuse = lambda body: (
        "You do not have permission for API operation READ on objects of type APBILL" if body.findtext("object") == "APBILL" else ""
    )
    everything = company.system().check()
    assert failing(everything) == []
    assert line(everything, "Read bills").code == "intacct.no-permission"
    assert line(everything, "Read bills").cure
    needed = company.system().check(["PROJECT", "APBILL"])
    assert failing(needed) == [("Read bills", "intacct.no-permission"), ("Reporting period", "intacct.no-period")]
    assert {each.name for each in needed if each.name.startswith("Read")} == {"Read projects", "Read bills"}


def test_a_missing_right_fails_only_where_the_kind_is_surely_written() -> None:
    company = Company(Clock(), rights={"Projects": "List|Readonly|Add|Modify", "Customers": "List|Add"})
    assert failing(company.system().check(["PROJECT", "CUSTOMER"])) == []
    assert line(company.system().check(["PROJECT", "CUSTOMER"]), "Write customers").cure
    lines = company.system().check(["PROJECT", "CUSTOMER"], ["PROJECT", "CUSTOMER", "EMPLOYEE"])
    assert failing(lines) == [("Write customers", "intacct.no-permission")]
    assert "change" in line(lines, "Write customers").detail
    assert line(lines, "Write projects").ok


def test_a_reporting_period_for_today_is_looked_for_where_documents_are_written() -> None:
    company = Company(Clock())
    assert failing(company.system().check(["APBILL"])) == [("Reporting period", "intacct.no-period")]
    company.put("REPORTINGPERIOD", NAME="November 2026", START_DATE="11/01/2026", END_DATE="11/30/2026", STATUS="active")
    lines = company.system().check(["APBILL"])
    assert failing(lines) == []
    assert "November 2026" in line(lines, "Reporting period").detail


def test_each_purchasing_definition_is_shown_with_how_it_takes_changes_and_numbers() -> None:
    company = Company(Clock(), applications={"9.PO"})
    company.put("REPORTINGPERIOD", NAME="November 2026", START_DATE="11/01/2026", END_DATE="11/30/2026", STATUS="active")
    assert failing(company.system().check(["PODOCUMENT"])) == [("Transaction definitions", "intacct.no-definition")]
    company.put("PODOCUMENTPARAMS", DOCID="Subcontract", DOCCLASS="Order", ENABLEDOCCHANGE="Enable Change", SEQUENCE="SUB", STATUS="Active")
    company.put("PODOCUMENTPARAMS", DOCID="PO Change", DOCCLASS="Order", ENABLEDOCCHANGE="Change Order", STATUS="Active")
    lines = company.system().check(["PODOCUMENT"])
    assert failing(lines) == []
    assert line(lines, "Definition Subcontract").detail == "Order; Enable Change; numbered by SUB."
    assert "Tieout gives the number" in line(lines, "Definition PO Change").detail


def test_definitions_that_may_not_be_read_fail_where_they_are_needed() -> None:
    company = Company(Clock(), applications={"9.PO"})
    company.put("REPORTINGPERIOD", NAME="November 2026", START_DATE="11/01/2026", END_DATE="11/30/2026", STATUS="active")
    company.refuse = lambda body: "You do not have permission for API" if body.findtext("object") == "PODOCUMENTPARAMS" else ""
    assert failing(company.system().check(["PODOCUMENT"])) == [("Transaction definitions", "intacct.no-permission")]


@pytest.mark.parametrize(
    ("values", "ok"),
    [({}, True), ({"monthly_transactions": 1000}, False), ({"poll_seconds": 5, "idle_poll_seconds": 5}, False)],
)
def test_the_monthly_cost_of_looking_is_set_against_what_is_included(values: dict[str, object], ok: bool) -> None:
    found = line(Company(Clock()).system(**values).check(), "API transactions")
    assert found.ok is ok
    assert bool(found.cure) is not ok


def test_the_entities_the_user_sees_are_listed() -> None:
    company = Company(Clock())
    assert line(company.system().check(), "Entities").detail == "The company has no entities."
    for entity in ("200", "100"):
        company.put("LOCATIONENTITY", LOCATIONID=entity)
    assert "2 entities: 100, 200" in line(company.system().check(), "Entities").detail


def test_a_missing_rest_application_fails_where_a_kind_needs_it() -> None:
    company = Company(Clock())
    assert failing(company.system().check()) == []
    lines = company.system().check(["PROJECT", "TASKRESOURCES"])
    assert failing(lines) == [("REST application", "intacct.rest-not-set-up")]
    assert "REST client ID" in line(lines, "REST application").cure


def test_a_rest_application_that_is_refused_is_said() -> None:
    company = Company(Clock())

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            return httpx.Response(400, json={"error": {"code": "GW-0037", "message": "client_id is missing"}})
        return company.handle(request)

    values = {"company_id": "A", "sender_id": "s", "sender_password": "p", "user_id": "ws", "user_password": "p"}
    rest = {"rest_client_id": "app", "rest_client_secret": "x"}
    system: IntacctSystem = connect({**values, **rest}, clock=company.clock, transport=httpx.MockTransport(handle))
    assert failing(system.check()) == []
    assert line(system.check(), "REST application").code == "intacct.rest-sign-in"
    assert failing(system.check(["PROJECTRESOURCES"])) == [("REST application", "intacct.rest-sign-in")]


def test_every_line_is_good_against_the_emulator(books: Books) -> None:
    kinds = list(KINDS)[:30]  # all at once would cost more than a month includes
    assert failing(list(books.system.check(kinds, ["PROJECT", "CUSTOMER", "VENDOR", "TASKRESOURCES"]))) == []


def test_a_company_whose_answers_are_all_refused_breaks_nothing() -> None:
    company = Company(Clock())
    company.refuse = lambda body: "You do not have permission for API" if body.tag != "getAPISession" else ""
    lines = company.system().check(list(KINDS))
    assert failing(lines) == [("Entities", "intacct.no-permission")]
    assert all(each.cure for each in lines if not each.ok)
