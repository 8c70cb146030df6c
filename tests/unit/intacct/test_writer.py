"""What is known of each write after its call, and what a probe makes of an unknown one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import httpx
import pytest
from lxml import etree

from tieout.core.ports import Effect, Trace, Verb, Write
from tieout.core.record import Fields, Ref, Value
from tieout.intacct.connection import IntacctSystem

from .company import Clock, Company, error


def create(key: str = "k-1", name: str = "P-1", kind: str = "PROJECT", entity: str = "", **fields: Value) -> Write:
    return Write(key, Verb.CREATE, kind, fields or {"NAME": "Depot"}, entity=entity, natural_key=name)


def update(
    fields: Fields, *, expected: Mapping[str, Value] | None = None, target: str = "1", entity: str = "", kind: str = "PROJECT"
) -> Write:
    return Write("u-1", Verb.UPDATE, kind, fields, entity=entity, target=target, expected=expected or {})


def answering(company: Company, results: str) -> IntacctSystem:
    system = company.system()
    system.client.get_api_session()

    def answer(request: httpx.Request, root: etree._Element) -> httpx.Response:
        return company.reply(company.authentication() + results)

    company.answer = answer
    return system


def result(inner: str, *, key: str = "k-1", status: str = "<status>failure</status>") -> str:
    return f"<result>{status}<function>create</function><controlid>{key}</controlid>{inner}</result>"


def test_a_created_record_is_done_with_its_number_and_key() -> None:
    company = Company(Clock())
    (outcome,) = company.system().write([create()])
    assert (outcome.effect, outcome.id, outcome.natural_key) == (Effect.DONE, "1", "P-1")


def test_a_write_carries_its_key_and_asks_for_uniqueness() -> None:
    company = Company(Clock())
    seen: list[tuple[str | None, str | None]] = []

    def watch(request: httpx.Request, root: etree._Element) -> None:
        if root.find("operation/content/function/create") is not None:
            node = root.find("operation/content/function")
            assert node is not None
            seen.append((node.get("controlid"), root.findtext("control/uniqueid")))

    company.answer = watch  # type: ignore[assignment]
    company.system().write([create("the-key")])
    assert seen == [("the-key", "true")]


def test_reads_do_not_ask_for_uniqueness() -> None:
    company = Company(Clock())
    asked: list[str | None] = []
    company.answer = lambda request, root: asked.append(root.findtext("control/uniqueid"))
    company.system().find("PROJECT", ["P-1"])
    assert set(asked) == {"false"}


def test_a_hundred_writes_go_in_one_request_with_one_object_each() -> None:
    company = Company(Clock())
    system = company.system()
    outcomes = system.write([create(f"k-{each}", f"P-{each}") for each in range(100)])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE] * 100
    assert system.client.usage.requests == 2
    assert company.calls.count("create") == 100


def test_more_than_a_hundred_writes_are_refused_by_the_adapter() -> None:
    with pytest.raises(ValueError, match="at most 100"):
        Company(Clock()).system().write([create(f"k-{each}") for each in range(101)])


def test_writes_of_two_entities_cannot_share_a_call() -> None:
    with pytest.raises(ValueError, match="share their entity"):
        Company(Clock()).system().write([create("a", entity="100"), create("b", entity="200")])


def test_one_refused_write_leaves_its_neighbours_alone() -> None:
    company = Company(Clock())
    outcomes = company.system().write([create("a", "P-1"), create("b", "P-1"), create("c", "P-2")])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE, Effect.REFUSED, Effect.DONE]
    fault = outcomes[1].fault
    assert fault is not None
    assert fault.case.code == "intacct.duplicate-key"
    assert fault.case.cause == "Intacct has another project with the same ID."


def test_the_same_key_sent_twice_is_unknown_and_not_a_second_record() -> None:
    company = Company(Clock())
    system = company.system()
    system.write([create()])
    (outcome,) = system.write([create()])
    assert outcome.effect is Effect.UNKNOWN
    assert len(company.rows["PROJECT"]) == 1


@pytest.mark.parametrize(
    ("results", "effect"),
    [
        (result(error("BL34000061", "Another Project")), Effect.REFUSED),
        (result(error("BL03123456", "A rule nobody wrote down")), Effect.REFUSED),
        (result(error("EMU-DUPLICATE-CONTROLID", "seen before")), Effect.UNKNOWN),
        (result(error("", "")), Effect.UNKNOWN),
        (result(""), Effect.UNKNOWN),
        (result(error("BL34000061", "x"), status=""), Effect.UNKNOWN),
        (result(error("XL03000009", "rolled back"), status="<status>aborted</status>"), Effect.NOT_SENT),
        (result("", status="<status>success</status>"), Effect.UNKNOWN),
        (result("<data><project><RECORDNO>7</RECORDNO></project></data>" + error("BL03000018", "x")), Effect.UNKNOWN),
        (result("", key="another", status="<status>success</status>"), Effect.UNKNOWN),
        ("", Effect.UNKNOWN),
    ],
)
def test_only_success_is_done_and_only_a_known_refusal_is_refused(results: str, effect: Effect) -> None:
    (outcome,) = answering(Company(Clock()), results).write([create()])
    assert outcome.effect is effect
    assert outcome.fault is not None


def test_fewer_results_than_functions_leave_the_rest_unknown() -> None:
    done = result("<data><project><RECORDNO>7</RECORDNO></project></data>", status="<status>success</status>")
    outcomes = answering(Company(Clock()), done).write([create("k-1"), create("k-2"), create("k-3")])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE, Effect.UNKNOWN, Effect.UNKNOWN]


@pytest.mark.parametrize(
    ("status", "body", "effect", "code"),
    [
        (429, b"", Effect.NOT_SENT, "intacct.rate-limit"),
        (503, b"<html></html>", Effect.UNKNOWN, "intacct.server-error"),
        (524, b"", Effect.UNKNOWN, "intacct.still-running"),
        (200, b"<html><body/></html>", Effect.UNKNOWN, "intacct.html"),
        (200, b"<response><control>", Effect.UNKNOWN, "intacct.malformed"),
    ],
)
def test_a_failure_of_the_request_is_an_outcome_of_each_write(status: int, body: bytes, effect: Effect, code: str) -> None:
    company = Company(Clock())
    system = company.system()
    system.client.get_api_session()
    company.answer = lambda request, root: httpx.Response(status, content=body)
    outcomes = system.write([create("a"), create("b", "P-2")])
    assert [(outcome.effect, outcome.fault and outcome.fault.case.code) for outcome in outcomes] == [(effect, code)] * 2


def test_an_answer_cut_while_signing_in_means_not_sent() -> None:
    company = Company(Clock())
    company.answer = lambda request, root: httpx.Response(200, content=b"<response>")
    (outcome,) = company.system().write([create()])
    assert outcome.effect is Effect.NOT_SENT


def test_one_unreadable_write_is_found_and_does_not_hold_up_the_rest() -> None:
    company = Company(Clock())
    system = company.system()
    system.client.get_api_session()

    def unreadable(request: httpx.Request, root: etree._Element) -> httpx.Response | None:
        if b"poison" not in request.content:
            return None
        text = f"<response><control><status>failure</status></control>{error('XL03000003', 'Error 502')}</response>"
        return httpx.Response(200, content=text.encode())

    company.answer = unreadable
    writes = [create(f"k-{each}", f"P-{each}", NAME="poison" if each == 5 else "fine") for each in range(12)]
    outcomes = system.write(writes)
    assert [each for each, outcome in enumerate(outcomes) if outcome.effect is not Effect.DONE] == [5]
    assert outcomes[5].effect is Effect.REFUSED


def test_when_every_write_is_unreadable_the_search_is_given_up() -> None:
    company = Company(Clock())
    system = company.system()
    system.client.get_api_session()
    text = f"<response><control><status>failure</status></control>{error('XL03000003', 'schema')}</response>"
    company.answer = lambda request, root: httpx.Response(200, content=text.encode())
    outcomes = system.write([create(f"k-{each}") for each in range(100)])
    assert system.client.usage.requests < 20
    assert {outcome.effect for outcome in outcomes} <= {Effect.REFUSED, Effect.NOT_SENT}


def test_an_update_names_its_record_by_number_and_sends_only_what_changes() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="old", DESCRIPTION="kept", TERMS="gone soon")
    (outcome,) = company.system().write([update({"NAME": "new", "TERMS": None})])
    assert (outcome.effect, outcome.id) == (Effect.DONE, "1")
    fields = company.rows["PROJECT"][1].fields
    assert (fields["NAME"], fields["DESCRIPTION"], fields["TERMS"]) == ("new", "kept", "")
    node = company.asked[-1][0]
    assert [child.tag for child in node] == ["RECORDNO", "NAME", "TERMS"]


def test_a_create_leaves_out_what_has_no_value() -> None:
    company = Company(Clock())
    company.system().write([create(NAME="Depot", DESCRIPTION=None)])
    assert [child.tag for child in company.asked[-1][0]] == ["PROJECTID", "NAME"]


def test_values_are_written_in_the_forms_of_the_gateway() -> None:
    company = Company(Clock())
    fields: dict[str, Value] = {
        "NAME": "Depot",
        "BEGINDATE": date(2026, 3, 4),
        "CONTRACTAMOUNT": Decimal("1200.50"),
        "INVOICEWITHPARENT": True,
        "CUSTOMERID": "C-1",
    }
    company.system().write([create(**fields)])
    stored = company.rows["PROJECT"][1].fields
    assert (stored["BEGINDATE"], stored["CONTRACTAMOUNT"], stored["INVOICEWITHPARENT"], stored["CUSTOMERID"]) == (
        "03/04/2026",
        "1200.50",
        "true",
        "C-1",
    )


def test_the_contact_of_a_customer_is_nested_when_written_and_read_by_dotted_names() -> None:
    company = Company(Clock())
    system = company.system()
    fields: dict[str, Value] = {
        "NAME": "Ann & Co",
        "DISPLAYCONTACT.PRINTAS": "Ann",
        "DISPLAYCONTACT.EMAIL1": "ann@example.com",
        "DISPLAYCONTACT.MAILADDRESS.CITY": "Bath",
    }
    (outcome,) = system.write([Write("k", Verb.CREATE, "CUSTOMER", fields, natural_key="C-1")])
    assert outcome.effect is Effect.DONE
    node = company.asked[-1][0]
    assert node.findtext("DISPLAYCONTACT/MAILADDRESS/CITY") == "Bath"
    assert len(node.findall("DISPLAYCONTACT")) == 1
    record = system.find("CUSTOMER", ["C-1"])["C-1"]
    assert record.fields["DISPLAYCONTACT.MAILADDRESS.CITY"] == "Bath"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (create(NO_SUCH="x"), "no field NO_SUCH"),
        (create(NAME=Decimal(1)), "NAME takes a text"),
        (create(INVOICEWITHPARENT="yes"), "takes a boolean"),
        (create(CUSTOMERID=Ref("CUSTOMER", "4")), "takes a reference"),
        (create(kind="PROJECTTYPE"), "does not create a PROJECTTYPE"),
        (update({"NAME": "x"}, target=""), "needs the RECORDNO"),
        (update({"NAME": "x"}, target="~P-1"), "needs the RECORDNO"),
        (update({"DISPLAYCONTACT.CONTACTNAME": "x"}, kind="CUSTOMER"), "can be written on create"),
        (Write("a", Verb.ACT, "PROJECT", {}, target="1", action="post"), "does not act a PROJECT"),
        (create(NAME="bell \x07"), "U+0007"),
        (create(kind="NOPE"), "NOPE"),
    ],
)
def test_what_the_catalogue_does_not_allow_is_refused_without_being_sent(write: Write, said: str) -> None:
    company = Company(Clock())
    good = create("good", "P-9", kind="PROJECT")
    refused, done = company.system().write([write, good])
    assert (refused.effect, done.effect) == (Effect.REFUSED, Effect.DONE)
    assert refused.fault is not None
    assert said in refused.fault.detail
    assert company.calls.count("create") + company.calls.count("update") == 1


def test_a_delete_names_its_record_by_number() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="x")
    (outcome,) = company.system().write([Write("d", Verb.DELETE, "PROJECT", {}, target="1")])
    assert (outcome.effect, outcome.id, company.rows["PROJECT"]) == (Effect.DONE, "1", {})


def test_a_write_is_made_in_the_session_of_its_entity() -> None:
    company = Company(Clock())
    entities: list[str | None] = []
    company.answer = lambda request, root: entities.append(root.findtext("operation/authentication/login/locationid"))
    company.system().write([create(entity="100")])
    assert entities == ["100", None]


def test_many_unknown_creates_are_looked_for_in_one_query() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="Depot")
    company.put("PROJECT", PROJECTID="P-2", NAME="Somebody else's")
    system = company.system()
    writes = [create(f"k-{each}", f"P-{each}") for each in range(1, 300)]
    probes = system.probe(writes)
    assert [probe.trace for probe in probes[:3]] == [Trace.EQUAL, Trace.OTHER, Trace.ABSENT]
    assert company.calls == ["getAPISession", "query"]
    assert all(probe.enforced for probe in probes)
    assert probes[0].record is not None
    assert probes[0].record.id == "1"


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ({"CONTRACTAMOUNT": "1200.5"}, {"CONTRACTAMOUNT": Decimal("1200.50")}),
        ({"BEGINDATE": "03/04/2026"}, {"BEGINDATE": date(2026, 3, 4)}),
        ({"INVOICEWITHPARENT": "F"}, {"INVOICEWITHPARENT": False}),
        ({"INVOICEWITHPARENT": ""}, {"INVOICEWITHPARENT": False}),
        ({"PROJECTCATEGORY": "Contract"}, {"PROJECTCATEGORY": "contract"}),
        ({"NAME": "Depot"}, {"NAME": " Depot "}),
        ({"DESCRIPTION": "a\nb"}, {"DESCRIPTION": "a\r\nb"}),
        ({"CUSTOMERID": "C-1", "CUSTOMERKEY": "40"}, {"CUSTOMERID": "C-1"}),
        ({"DESCRIPTION": "set by a default"}, {"DESCRIPTION": None}),
        ({"NAME": "Depot"}, {"NAME": "Depot", "CFDA": "cannot be read back"}),
    ],
)
def test_a_created_record_is_recognised_in_normal_form(stored: dict[str, str], wanted: dict[str, Value]) -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", **stored)
    (probe,) = company.system().probe([create(**wanted)])
    assert probe.trace is Trace.EQUAL


def test_a_create_in_one_entity_is_not_recognised_in_another() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="Depot", MEGAENTITYID="200")
    system = company.system(entities="100")
    (probe,) = system.probe([create(entity="100")])
    assert probe.trace is Trace.OTHER
    company.put("PROJECT", PROJECTID="P-1", NAME="Depot", MEGAENTITYID="100")
    (probe,) = system.probe([create(entity="100")])
    assert probe.trace is Trace.EQUAL
    assert probe.record is not None
    assert probe.record.entity == "100"


def test_a_create_without_a_key_of_its_own_leaves_no_handle() -> None:
    (probe,) = Company(Clock()).system().probe([create(name="")])
    assert (probe.trace, probe.enforced) == (Trace.NO_HANDLE, False)


@pytest.mark.parametrize(
    ("name", "trace"),
    [("new", Trace.EQUAL), ("old", Trace.ABSENT), ("something else", Trace.OTHER)],
)
def test_an_update_is_compared_with_target_and_pre_image(name: str, trace: Trace) -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME=name)
    (probe,) = company.system().probe([update({"NAME": "new"}, expected={"NAME": "old"})])
    assert (probe.trace, probe.enforced) == (trace, False)


def test_a_half_shown_update_is_neither() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="new", TERMS="old terms")
    write = update({"NAME": "new", "TERMS": "new terms"}, expected={"NAME": "old", "TERMS": "old terms"})
    assert company.system().probe([write])[0].trace is Trace.OTHER


def test_a_pre_image_of_a_reference_is_compared_by_record() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", CUSTOMERID="C-1", CUSTOMERKEY="40")
    write = update({"CUSTOMERID": "C-2"}, expected={"CUSTOMERID": Ref("CUSTOMER", "40")})
    assert company.system().probe([write])[0].trace is Trace.ABSENT


def test_without_a_pre_image_an_update_that_is_not_there_is_other() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="old")
    assert company.system().probe([update({"NAME": "new"})])[0].trace is Trace.OTHER


def test_an_update_of_a_record_that_is_gone_is_other() -> None:
    assert Company(Clock()).system().probe([update({"NAME": "new"})])[0].trace is Trace.OTHER


def test_an_update_of_fields_that_cannot_be_read_back_is_for_a_person() -> None:
    company = Company(Clock())
    company.put("PROJECT", PROJECTID="P-1", NAME="x")
    assert company.system().probe([update({"CFDA": "10.001"}, expected={"CFDA": None})])[0].trace is Trace.NO_HANDLE


def test_a_delete_is_equal_when_gone_absent_when_untouched_and_other_when_changed() -> None:
    company = Company(Clock())
    write = Write("d", Verb.DELETE, "PROJECT", {}, target="1", expected={"NAME": "x"})
    system = company.system()
    assert system.probe([write])[0].trace is Trace.EQUAL
    company.put("PROJECT", PROJECTID="P-1", NAME="x")
    assert system.probe([write])[0].trace is Trace.ABSENT
    company.put("PROJECT", number=1, NAME="y")
    assert system.probe([write])[0].trace is Trace.OTHER


def test_probes_of_several_kinds_come_back_in_order() -> None:
    company = Company(Clock())
    company.put("CUSTOMER", CUSTOMERID="C-1", NAME="Ann")
    company.put("PROJECT", PROJECTID="P-1", NAME="Depot")
    writes = [
        create(),
        Write("c", Verb.CREATE, "CUSTOMER", {"NAME": "Ann"}, natural_key="C-1"),
        update({"NAME": "new"}, expected={"NAME": "Depot"}),
        Write("c2", Verb.CREATE, "CUSTOMER", {"NAME": "Bob"}, natural_key="C-2"),
    ]
    traces = [probe.trace for probe in company.system().probe(writes)]
    assert traces == [Trace.EQUAL, Trace.EQUAL, Trace.ABSENT, Trace.ABSENT]
