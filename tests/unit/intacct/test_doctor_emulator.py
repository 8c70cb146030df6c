"""Each line of the doctor against the emulator: what goes wrong in a company is said, with its cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.in_process import InProcess
from tieout.core.ports import Check
from tieout.core.record import Ref
from tieout.intacct.client import Query
from tieout.intacct.connection import connect

from .test_rest import REST
from .test_sandbox_company import SETTINGS, Books, books

__all__ = ["books"]

NOTHING: Mapping[str, Any] = {}
ORDERS = {"Purchase Order": "Enable Change", "PO Change Order": "Change Order", "Vendor Invoice": ""}


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: with the connection's values, the company's switches or its records, and which line says it."""

    line: str
    code: str
    cure: str
    values: Mapping[str, Any] = field(default_factory=dict)
    company: Mapping[str, Any] = field(default_factory=dict)
    records: Callable[[Books], None] | None = None
    definitions: Mapping[str, str] = field(default_factory=dict)


def without_periods(books: Books) -> None:
    columns = ("RECORDNO", "NAME", "START_DATE", "END_DATE")
    for row in books.system.client.query_all(Query("REPORTINGPERIOD", columns)):
        given = {**row.fields, "HEADER1": "x", "STATUS": "inactive"}  # an update wants these again (intacct-objects.json)
        books.system.client.update("REPORTINGPERIOD", given, key=f"p-{row.fields['RECORDNO']}")


def change_definition(*names: str, **values: str) -> Callable[[Books], None]:
    def change(books: Books) -> None:
        for row in books.system.client.query_all(Query("PODOCUMENTPARAMS", ("RECORDNO", "DOCID"))):
            if row.fields["DOCID"] in names or not names:
                number = row.fields["RECORDNO"]
                books.system.client.update("PODOCUMENTPARAMS", {"RECORDNO": number, **values}, key=f"d-{number}")

    return change


WRONG: Mapping[str, Wrong] = {
    "the host does not answer": Wrong(
        "Reach Intacct", "intacct.unreachable", "firewall", {"endpoint": "http://127.0.0.1:9/ia/xml/xmlgw.phtml", "real": True}
    ),
    "the sender's password": Wrong("Sender", "intacct.wrong-sender-password", "case-sensitive", {"sender_password": "x"}),
    "the sender is not authorised": Wrong(
        "Sender", "intacct.unauthorised-sender", "Web Services authorizations", company={"authorised_senders": []}
    ),
    "the user's password": Wrong("Sign-in", "intacct.wrong-sign-in", "password", {"user_password": "x"}),
    "the company": Wrong("Sign-in", "intacct.wrong-sign-in", "company ID", {"company_id": "NOWHERE"}),
    "an entity that is not there": Wrong("Entity 999", "intacct.unknown-entity", "Company > Entities", {"entities": "100, 999"}),
    "a kind that may not be read": Wrong("Read bills", "intacct.no-permission", "role", company={"denied_operations": ["query APBILL"]}),
    "a kind that may not be added": Wrong(
        "Write projects", "intacct.no-permission", "add and modify projects", company={"denied_operations": ["create PROJECT"]}
    ),
    "a kind that may not be changed": Wrong(
        "Write projects", "intacct.no-permission", "add and modify projects", company={"denied_operations": ["update PROJECT"]}
    ),
    "a bill that may not be added": Wrong(
        "Write bills", "intacct.no-permission", "add and modify bills", company={"denied_operations": ["create APBILL"]}
    ),
    "no subscription to the gateway": Wrong("Sender", "intacct.no-web-services", "Web Services", company={"unsubscribed": ["XML"]}),
    "no subscription to purchasing": Wrong(
        "Subscriptions", "intacct.no-subscription", "subscribe to the application 9.PO", company={"unsubscribed": ["PO"]}
    ),
    "no subscription to projects": Wrong(
        "Subscriptions", "intacct.no-subscription", "subscribe to the application 48.PROJACCT", company={"unsubscribed": ["PA"]}
    ),
    "dates of the user with the day first": Wrong("Date format", "intacct.date-format", "24", company={"user_date_format": "/dmY"}),
    "a clock of twelve hours": Wrong("Date format", "intacct.date-format", "24", company={"user_clock": "12"}),
    "no reporting period": Wrong("Reporting period", "intacct.no-period", "Reporting periods", records=without_periods),
    "definitions that may not be read": Wrong(
        "Transaction definitions", "intacct.no-permission", "role", company={"denied_operations": ["query PODOCUMENTPARAMS"]}
    ),
    "no active definition": Wrong(
        "Transaction definitions", "intacct.no-definition", "Transaction definitions", records=change_definition(STATUS="Inactive")
    ),
    "a definition that is not there": Wrong(
        "Definition Rental Order", "intacct.no-definition", "Transaction definitions", definitions={"Rental Order": ""}
    ),
    "a definition that is not active": Wrong(
        "Definition Vendor Invoice",
        "intacct.no-definition",
        "Transaction definitions",
        records=change_definition("Vendor Invoice", STATUS="Inactive"),
        definitions=ORDERS,
    ),
    "a definition that takes no change orders": Wrong(
        "Definition Vendor Invoice", "intacct.definition-mode", "Enable Change", definitions={"Vendor Invoice": "Enable Change"}
    ),
    "a definition for entities only": Wrong(
        "Definition Purchase Order",
        "intacct.definition-level",
        "both levels",
        records=change_definition("Purchase Order", TD_CREATION_RULE="Entity only"),
        definitions=ORDERS,
    ),
    "a definition for the top level only": Wrong(
        "Definition Purchase Order",
        "intacct.definition-level",
        "both levels",
        values={"entities": "100", "level": "entity"},
        records=change_definition("Purchase Order", TD_CREATION_RULE="Top level only"),
        definitions=ORDERS,
    ),
    "the REST application": Wrong("REST application", "intacct.rest-sign-in", "REST client ID", {**REST, "rest_client_secret": "x"}),
    "no REST application": Wrong(
        "REST application", "intacct.rest-not-set-up", "REST client ID", {"rest_client_id": "", "rest_client_secret": ""}
    ),
    "more transactions than included": Wrong(
        "API transactions", "intacct.allowance", "Seconds between polls", {"monthly_transactions": 1000}
    ),
}
KINDS = ["PROJECT", "CUSTOMER", "APBILL", "PODOCUMENT", "PROJECTRESOURCES"]
WRITES = ["PROJECT", "APBILL", "PODOCUMENT"]


def checked(books: Books, wrong: Wrong | None = None) -> list[Check]:
    """The doctor's lines for a company in which one thing is wrong."""
    given = dict(wrong.values if wrong is not None else NOTHING)
    if wrong is not None and wrong.records is not None:
        wrong.records(books)
    books.emulator.settings.update(dict(wrong.company) if wrong is not None else {})
    transport = None if given.pop("real", False) else InProcess(books.emulator)
    system = connect({**SETTINGS, **REST, **given}, clock=books.emulator.clock, transport=transport)
    lines = system.check(KINDS, WRITES, wrong.definitions if wrong is not None else ORDERS)
    system.close()
    return lines


def test_every_line_is_well_where_everything_is_right(books: Books) -> None:
    lines = checked(books)
    assert [line for line in lines if not line.ok] == []
    names = {line.name for line in lines}
    assert {"Reach Intacct", "Sender", "Sign-in", "Entities", "Subscriptions", "Read bills", "Write projects"} <= names
    assert {"Reporting period", "Definition Purchase Order", "REST application", "API transactions", "Date format", "Audit trail"} <= names
    order = next(line for line in lines if line.name == "Definition Purchase Order")
    assert order.detail == "Order; Enable Change; numbered by Purchase orders."
    bare = next(line for line in lines if line.name == "Definition PC Purchase Orders")
    assert "Tieout gives the number" in bare.detail


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_the_first_line_that_fails_and_says_its_cure(books: Books, wrong: Wrong) -> None:
    failing = [line for line in checked(books, wrong) if not line.ok]
    assert (failing[0].name, failing[0].code) == (wrong.line, wrong.code), failing
    assert wrong.cure in failing[0].cure
    assert failing[0].cure.endswith(".")
    assert failing[0].detail
    assert len(failing) == 1


def test_an_audit_trail_that_may_not_be_read_is_said_and_fails_nothing(books: Books) -> None:
    books.emulator.settings.update({"denied_operations": ["query AUDITHISTORY"]})
    lines = books.system.check(["PROJECT"])
    trail = next(line for line in lines if line.name == "Audit trail")
    assert (trail.ok, "full comparison" in trail.detail, bool(trail.cure)) == (True, True, True)


def test_looking_changes_nothing(books: Books) -> None:
    books.create("PROJECT", "P-1", NAME="Depot", PROJECTCATEGORY="Contract", LOCATIONID="100")
    before = books.system.read([Ref("PROJECT", "1")])
    books.emulator.meter.reset()
    checked(books)
    assert not {"create", "update", "delete", "create_potransaction"} & set(books.emulator.meter.as_dict()["by_function"])
    assert books.system.read([Ref("PROJECT", "1")]) == before
