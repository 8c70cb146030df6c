"""Settings of a connection, reading and finding by key, and the preflight doctor."""

from __future__ import annotations

import string

import httpx
import pytest
from lxml import etree

from tieout.core.ports import Check, System, Verb
from tieout.core.record import Ref
from tieout.core.settings import SettingError, SettingKind
from tieout.intacct import KINDS, SCHEMA, Type, WriteMode, connect
from tieout.intacct.catalogue import CustomFieldError, with_custom_fields

from .company import VALUES, Clock, Company, error


def test_the_adapter_is_a_system() -> None:
    system: System = Company(Clock()).system()
    system.close()


def test_passwords_are_secrets_and_no_secret_is_in_a_repr() -> None:
    secrets = [setting.name for setting in SCHEMA if setting.kind is SettingKind.SECRET]
    assert secrets == ["sender_password", "user_password", "rest_client_secret"]
    system = Company(Clock()).system(rest_client_id="app", rest_client_secret="rest-secret")
    assert system.rest is not None
    shown = [system, system.client, system.client.credentials, system.rest, system.rest.credentials]
    assert "secret" not in "".join(repr(each) for each in shown).replace("client_secret", "")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"company_id": ""}, "company_id"),
        ({"user_password": ""}, "user_password"),
        ({"endpoint": "ftp://api.intacct.com"}, "endpoint"),
        ({"concurrency": "99"}, "concurrency"),
        ({"level": "entity"}, "level"),
        ({"level": "entity", "entities": "100, 200"}, "level"),
        ({"custom_fields": "NOPE.FIELD"}, "custom_fields"),
        ({"definitions": "Purchase Order: Whenever"}, "definitions"),
        ({"definitions": ": Enable Change"}, "definitions"),
        ({"rest_client_id": "app"}, "rest_client_secret"),
        ({"rest_client_secret": "x"}, "rest_client_id"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(values: dict[str, str], name: str) -> None:
    with pytest.raises(SettingError) as caught:
        connect({**VALUES, **values}, clock=Clock())
    assert caught.value.name == name


def test_connecting_sends_nothing() -> None:
    company = Company(Clock())
    company.system()
    assert company.calls == []


def test_a_connection_inside_an_entity_reads_and_writes_in_its_session() -> None:
    company = Company(Clock())
    entities: list[str | None] = []
    company.answer = lambda request, root: entities.append(root.findtext("operation/authentication/login/locationid"))
    system = company.system(entities="100", level="entity")
    system.find("PROJECT", ["P-1"])
    assert entities[0] == "100"
    assert company.asked[-1].find("options/showprivate") is None


def test_the_top_level_sees_private_entities() -> None:
    company = Company(Clock())
    company.system().find("PROJECT", ["P-1"])
    assert company.asked[-1].findtext("options/showprivate") == "true"


def test_records_are_read_by_number_and_missing_ones_left_out() -> None:
    company = Company(Clock())
    for each in range(3):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME=f"Project {each}")
    refs = [Ref("PROJECT", "2"), Ref("PROJECT", "99"), Ref("PROJECT", "~P-2"), Ref("PROJECT", "odd"), Ref("CUSTOMER", "1")]
    found = company.system().read(refs)
    assert {ref.id: record.natural_key for ref, record in found.items()} == {"2": "P-1", "~P-2": "P-2"}


def test_more_than_a_thousand_records_are_read_in_several_queries() -> None:
    company = Company(Clock())
    for each in range(1, 1202):
        company.put("PROJECT", PROJECTID=f"P-{each}", NAME="x")
    system = company.system()
    assert len(system.read([Ref("PROJECT", str(each)) for each in range(1, 1202)])) == 1201
    assert company.calls.count("query") == 2


def test_finding_by_key_prefers_the_entity_asked_for() -> None:
    company = Company(Clock())
    for entity in ("", "100", "200"):
        company.put("PROJECT", PROJECTID="P-1", NAME=entity or "shared", MEGAENTITYID=entity)
    system = company.system()
    assert system.find("PROJECT", ["P-1", "P-2"], "100")["P-1"].fields["NAME"] == "100"
    assert system.find("PROJECT", ["P-1"], "300")["P-1"].fields["NAME"] == "shared"
    assert system.find("PROJECT", ["P-1"])["P-1"].fields["NAME"] == "shared"
    assert system.find("PROJECT", []) == {}


def test_custom_fields_become_fields_of_their_kind() -> None:
    company = Company(Clock())
    company.columns["PROJECT"].add("JOB_URL")
    company.put("PROJECT", PROJECTID="P-1", NAME="x", JOB_URL="https://jobs.example/1")
    system = company.system(custom_fields="project.job_url, CUSTOMER.REGION:label")
    assert system.find("PROJECT", ["P-1"])["P-1"].fields["JOB_URL"] == "https://jobs.example/1"
    assert system.catalogue["CUSTOMER"].by_name["REGION"].type is Type.LABEL
    assert "JOB_URL" not in KINDS["PROJECT"].by_name


@pytest.mark.parametrize("text", ["PROJECT", "PROJECT.X:reference", "PROJECT.X:money", "A B.C", "NOPE.X"])
def test_a_custom_field_that_cannot_be_read_is_explained(text: str) -> None:
    with pytest.raises(CustomFieldError, match="“"):
        with_custom_fields(KINDS, text)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_is_sound(kind: object) -> None:
    kind = KINDS[kind.name]  # type: ignore[attr-defined]
    allowed = set(string.ascii_uppercase + string.digits + "._")
    assert all(set(name) <= allowed for name in kind.columns)
    assert kind.natural_key in kind.columns or (not kind.natural_key and kind.mark)
    for each in kind.fields:
        assert (each.type in (Type.REFERENCE, Type.NUMBER)) == bool(each.target)
        assert not each.target or each.target in KINDS
    assert (kind.mode is WriteMode.READ_ONLY) == (not kind.verbs)
    assert not kind.enforced or Verb.CREATE in kind.verbs


def test_fields_that_a_project_query_refuses_are_never_selected() -> None:
    refused = {
        "CFDA",
        "FUNDEDNAME",
        "AGENCY",
        "PAYER",
        "FUNDINGOTHERID",
        "ASSISTANCETYPE",
        "REVRESTRICTION",
        "RESTRICTIONEXPIRY",
        "RESTRICTIONEXPIRATIONDATE",
        "TIMESATISFACTIONSCHEDULED",
    }
    assert refused <= set(KINDS["PROJECT"].by_name)
    assert not refused & set(KINDS["PROJECT"].columns)


def failing(lines: list[Check]) -> list[tuple[str, str]]:
    return [(line.name, line.code) for line in lines if not line.ok]


def test_a_healthy_connection_has_only_good_lines() -> None:
    company = Company(Clock())
    company.put("LOCATIONENTITY", LOCATIONID="100", NAME="East")
    lines = company.system(entities="100").check()
    assert failing(lines) == []
    assert [line.name for line in lines[:4]] == ["Reach Intacct", "Sender", "Sign-in", "Entity 100"]
    assert {line.name for line in lines[4:]} >= {"Read projects", "Read customers", "Date format", "Audit trail"}


def refusal(level: str, inner: str) -> bytes:
    if level == "control":
        return f"<response><control><status>failure</status></control>{inner}</response>".encode()
    failed = f"<operation><authentication><status>failure</status></authentication>{inner}</operation>"
    return f"<response><control><status>success</status></control>{failed}</response>".encode()


@pytest.mark.parametrize(
    ("level", "number", "text", "name", "code"),
    [
        ("control", "XL03000006", "Incorrect Intacct XML Partner ID or password.", "Sender", "intacct.wrong-sender-password"),
        ("authentication", "XL03000006", "Invalid Web Services Authorization", "Sender", "intacct.unauthorised-sender"),
        ("authentication", "XL03000006", "Sign-in information is incorrect", "Sign-in", "intacct.wrong-sign-in"),
    ],
)
def test_the_first_failing_line_is_the_cause(level: str, number: str, text: str, name: str, code: str) -> None:
    company = Company(Clock())
    company.answer = lambda request, root: httpx.Response(200, content=refusal(level, error(number, text)))
    lines = company.system().check()
    assert failing(lines) == [(name, code)]
    assert lines[-1].name == name
    assert lines[-1].cure


def test_an_unreachable_host_is_the_first_line() -> None:
    def nowhere(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Name or service not known")

    lines = connect(VALUES, clock=Clock(), transport=httpx.MockTransport(nowhere)).check()
    assert [(line.name, line.ok, line.code) for line in lines] == [("Reach Intacct", False, "intacct.unreachable")]
    assert "api.intacct.com" in lines[0].detail


def test_a_front_door_refusal_is_a_sign_in_failure() -> None:
    company = Company(Clock())
    company.answer = lambda request, root: httpx.Response(401, content=error("XMLGW_JPP0002", "Sign-in information is incorrect").encode())
    assert failing(company.system().check()) == [("Sign-in", "intacct.wrong-sign-in")]


def test_an_entity_that_is_not_there_is_named() -> None:
    lines = Company(Clock()).system(entities="900").check()
    assert failing(lines) == [("Entity 900", "intacct.unknown-entity")]
    assert "900" in lines[-1].detail


def test_a_missing_permission_names_the_kind_and_the_others_are_still_looked_at() -> None:
    company = Company(Clock())

    def refuse(body: etree._Element) -> str:
        missing = body.tag == "query" and body.findtext("object") == "EMPLOYEE"
        return "You do not have permission for API operation READ_BY_QUERY on objects of type EMPLOYEE" if missing else ""

    company.refuse = refuse
    lines = company.system().check()
    assert failing(lines) == [("Read employees", "intacct.no-permission")]
    assert lines[-1].name == "Audit trail"


def test_a_date_format_that_could_be_misread_is_a_failure() -> None:
    company = Company(Clock(), date_format="/dmY")
    assert failing(company.system().check()) == [("Date format", "intacct.date-format")]


def test_an_unreadable_audit_trail_is_said_and_is_no_failure() -> None:
    lines = Company(Clock(), audit_allowed=False).system().check()
    assert failing(lines) == []
    assert (lines[-1].code, bool(lines[-1].cure)) == ("intacct.no-audit-permission", True)
