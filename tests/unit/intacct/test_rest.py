"""The REST client: tokens, idempotency, answers in every shape, and the kinds that only REST can write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.in_process import InProcess
from tieout.core.ports import Effect, Outcome, Trace, Verb, Write
from tieout.core.record import Fields, Record, Ref
from tieout.intacct.client import (
    Credentials,
    IntacctError,
    Level,
    NotSentError,
    Reason,
    RefusedError,
    RestClient,
    RestCredentials,
    RestQuery,
    UnsureError,
    UnwritableError,
)
from tieout.intacct.client.rest import encode, exact_number
from tieout.intacct.client.rest_reply import read_reply
from tieout.intacct.client.transport import Answer
from tieout.intacct.connection import IntacctSystem, connect
from tieout.intacct.faults import fault_of
from tieout.sandbox.clock import Clock as SandboxClock
from tieout.sandbox.emulator import Emulator
from tieout.sandbox.registry import named

from .company import VALUES, Clock, Company
from .test_sandbox_company import SETTINGS

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
CREDENTIALS = RestCredentials("app", "the-secret", "ws", "ACME", "https://rest.test/ia/api/v1")
REST = {"rest_client_id": "sandbox-app", "rest_client_secret": "sandbox-app-secret", "rest_endpoint": "http://intacct.test/ia/api/v1"}


@dataclass
class Api:
    """A REST API that answers as told and remembers what it was asked."""

    clock: Clock = field(default_factory=Clock)
    asked: list[httpx.Request] = field(default_factory=list)
    tokens: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[httpx.Request], httpx.Response] | None = None
    refuse_refresh: bool = False
    valid: set[str] = field(default_factory=set)

    def client(self) -> RestClient:
        return RestClient(CREDENTIALS, clock=self.clock, http=httpx.MockTransport(self.handle))

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            given = dict(httpx.QueryParams(request.content.decode()))
            self.tokens.append(given)
            if given["grant_type"] == "refresh_token" and self.refuse_refresh:
                return httpx.Response(
                    400, json={"error": {"code": "tokenInvalid", "message": "Token is not valid", "errorId": "REST-2102"}}
                )
            token = f"t-{len(self.tokens)}"
            self.valid = {token}
            return httpx.Response(200, json={"token_type": "Bearer", "access_token": token, "refresh_token": "r-1", "expires_in": 43200})
        self.asked.append(request)
        if request.headers["authorization"].removeprefix("Bearer ") not in self.valid:
            return httpx.Response(401, json={"ia::error": {"code": "invalidRequest", "message": "The token is not valid"}})
        if self.answer is not None:
            return self.answer(request)
        return httpx.Response(201, json={"ia::result": {"key": "7", "id": "7", "href": "/x/7"}, "ia::meta": {"totalCount": 1}})


# Tokens


def test_one_token_serves_many_calls_and_is_refreshed_before_it_ends() -> None:
    api = Api()
    client = api.client()
    for at in range(3):
        client.create("projects/task", {"id": "1"}, key=f"k-{at}")
    assert [each["grant_type"] for each in api.tokens] == ["client_credentials"]
    assert api.tokens[0]["username"] == "ws@ACME"
    api.clock.advance(seconds=43_000)
    client.create("projects/task", {"id": "1"}, key="k-4")
    assert [each["grant_type"] for each in api.tokens] == ["client_credentials", "refresh_token"]


def test_a_grant_that_was_ended_by_another_is_asked_for_anew() -> None:
    api = Api(refuse_refresh=True)
    client = api.client()
    client.sign_in()
    api.clock.advance(hours=12)
    client.create("projects/task", {}, key="k")
    assert [each["grant_type"] for each in api.tokens] == ["client_credentials", "refresh_token", "client_credentials"]


def test_a_token_refused_in_between_is_replaced_once_and_the_call_repeated_as_it_was() -> None:
    api = Api()
    client = api.client()
    client.sign_in()
    api.valid.clear()
    client.create("projects/task", {"id": "1"}, key="k")
    assert [each.headers["idempotency-key"] for each in api.asked] == ["k", "k"]
    assert api.asked[0].content == api.asked[1].content
    assert len(api.tokens) == 2


def test_a_token_that_is_refused_again_is_not_asked_for_without_end() -> None:
    api = Api()
    api.answer = lambda request: httpx.Response(401, json={"ia::error": {"code": "invalidRequest", "message": "Invalid token"}})
    with pytest.raises(NotSentError) as raised:
        api.client().create("projects/task", {}, key="k")
    assert fault_of(raised.value, Credentials("ACME", "s", "p", "ws", "p")).case.code == "intacct.rest-sign-in"
    assert len(api.asked) == 2


def test_a_sign_in_that_fails_means_that_nothing_was_sent() -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    client = RestClient(CREDENTIALS, clock=Clock(), http=httpx.MockTransport(down))
    with pytest.raises(NotSentError):
        client.create("projects/task", {}, key="k")
    assert "the-secret" not in repr(client) + repr(client.credentials)


# Answers


def answered(status: int, body: object = None, **headers: str) -> IntacctError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    known = {name.replace("_", "-"): text for name, text in headers.items()}
    with pytest.raises(IntacctError) as raised:
        read_reply(Answer(status, known.get("content-type", "application/json"), "", content, known), NOW)
    return raised.value


NESTED = {
    "ia::result": {
        "ia::error": {
            "code": "operationFailed",
            "message": "POST request on objects/projects/task was unsuccessful",
            "errorId": "REST-7001",
            "supportId": "abc%7Edef",
            "details": [{"code": "x", "errorId": "GL-1009", "message": "Transactions do not balance"}],
        }
    },
    "ia::meta": {"totalError": 1},
}


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (422, NESTED, RefusedError, Reason.REFUSED),
        (200, NESTED, RefusedError, Reason.REFUSED),
        (400, {"ia::error": {"code": "invalidRequest", "message": "x"}}, RefusedError, Reason.REFUSED),
        (400, {"error": {"code": "tokenInvalid", "errorId": "REST-2102", "message": "Token is not valid"}}, NotSentError, Reason.REFUSED),
        (400, {"code": "invalidRequest", "message": "Credentials are invalid."}, NotSentError, Reason.REFUSED),
        (401, {}, NotSentError, Reason.REFUSED),
        (403, {"ia::error": {"message": "no"}}, RefusedError, Reason.REFUSED),
        (400, {"ia::error": {"code": "GW-0011", "message": "Invalid Request"}}, NotSentError, Reason.REFUSED),
        (429, {"ia::error": {"code": "GW-0010"}}, NotSentError, Reason.RATE_LIMIT),
        (429, b"slow down", NotSentError, Reason.RATE_LIMIT),
        (500, {"ia::error": {"code": "GW-0001", "message": "x"}}, UnsureError, Reason.SERVER_ERROR),
        (503, b"<html>busy</html>", UnsureError, Reason.SERVER_ERROR),
        (524, b"", UnsureError, Reason.STILL_RUNNING),
        (302, b"moved", UnsureError, Reason.REDIRECT),
        (200, b"<!DOCTYPE html><title>Sign in</title>", UnsureError, Reason.HTML),
        (200, b'{"ia::result":', UnsureError, Reason.MALFORMED),
        (200, b'{"a": "\xff"}', UnsureError, Reason.MALFORMED),
        (400, {}, UnsureError, Reason.INCOMPLETE),
    ],
)
def test_what_is_known_of_the_effect_follows_from_the_answer(status: int, body: object, kind: type[IntacctError], reason: Reason) -> None:
    error = answered(status, body)
    assert type(error) is kind
    assert error.reason is reason


def test_details_come_before_their_wrapper_and_the_support_id_is_readable() -> None:
    error = answered(422, NESTED)
    assert [each.errorno for each in error.errors] == ["GL-1009", "REST-7001"]
    assert error.errors[1].support_id == "abc~def"
    assert error.level is Level.FUNCTION


@pytest.mark.parametrize(
    ("status", "code"), [(403, "intacct.no-permission"), (404, "intacct.record-gone"), (409, "intacct.control-id-used")]
)
def test_a_status_says_what_its_body_leaves_out(status: int, code: str) -> None:
    error = answered(status, {"ia::error": {"code": "other", "message": "words"}})
    assert fault_of(error, Credentials("ACME", "s", "p", "ws", "p")).case.code == code


def test_the_longest_wait_any_header_asks_for_is_kept() -> None:
    error = answered(429, {}, **{"x-ia-throttle-limit-retryafter": "3", "x-ia-tenant-throttle-limit-retry-after": "9"})
    assert error.retry_after == 9


@given(st.binary(max_size=200), st.integers(100, 599))
def test_no_answer_whatever_breaks_the_reader(content: bytes, status: int) -> None:
    try:
        read_reply(Answer(status, "", "", content, {}), NOW)
    except IntacctError:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(("ia::result", "ia::error", "ia::meta", "error", "details", "code", "message", "errorId")), inner
            )
        ),
    )
)
def test_no_document_whatever_breaks_the_reader(body: object) -> None:
    try:
        read_reply(Answer(200, "", "", json.dumps(body).encode(), {}), NOW)
    except IntacctError:
        return


# Bodies

names = st.text(st.sampled_from("abc.:"), min_size=1, max_size=4)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    | st.integers(-(10**15), 10**15)
    | st.dates()
    | st.decimals(-(10**9), 10**9, places=4, allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


def shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shown(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shown(inner) for inner in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


@given(values)
def test_values_are_written_as_the_api_reads_them_and_equal_ones_alike(value: Any) -> None:
    assert json.loads(encode(value)) == shown(value)
    assert encode(value) == encode(value)


@given(st.decimals(-(10**12), 10**12, places=6, allow_nan=False))
def test_a_number_keeps_every_digit(value: Decimal) -> None:
    assert json.loads(encode({"n": exact_number(value)}), parse_float=Decimal, parse_int=Decimal) == {"n": value}


@pytest.mark.parametrize("value", [Decimal("NaN"), datetime(2026, 1, 1), object(), "\ud800"])
def test_a_value_that_json_cannot_carry_is_refused(value: object) -> None:
    with pytest.raises(UnwritableError):
        encode({"x": value})


def test_a_time_is_written_in_utc() -> None:
    moment = datetime(2026, 3, 2, 14, 0, tzinfo=UTC) + timedelta(hours=1)
    assert encode([moment]) == b'["2026-03-02T15:00:00Z"]'


def test_addresses_take_numbers_and_encode_document_types() -> None:
    api = Api()
    client = api.client()
    api.answer = lambda request: httpx.Response(200, json={"ia::result": {"key": "66"}})
    client.get("purchasing/document::Purchase Order", "66", entity="100")
    assert api.asked[-1].url.raw_path == b"/ia/api/v1/objects/purchasing/document::Purchase%20Order/66"
    assert api.asked[-1].headers["x-ia-api-param-entity"] == "100"
    with pytest.raises(UnwritableError, match="takes the record's number"):
        client.get("projects/project", "P-1/../2")
    with pytest.raises(ValueError, match="256"):
        client.create("projects/task", {}, key="k" * 257)


def test_a_query_that_is_not_answered_with_rows_is_unsure() -> None:
    api = Api()
    api.answer = lambda request: httpx.Response(200, json={"ia::result": {"key": "66"}})
    with pytest.raises(UnsureError):
        api.client().query(RestQuery("projects/task", ("id",)))
    api.answer = lambda request: httpx.Response(201, json={})
    with pytest.raises(UnsureError):
        api.client().create("projects/task", {}, key="k")


@pytest.mark.parametrize("asked", [{"fields": ()}, {"fields": ("*",)}, {"fields": ("id",), "size": 4001}])
def test_a_query_that_cannot_be_is_not_built(asked: Any) -> None:
    with pytest.raises(ValueError):
        RestQuery("projects/task", **asked)


# The kinds that only REST can write, against the emulator


@dataclass
class Books:
    emulator: Emulator
    system: IntacctSystem
    clock: SandboxClock

    def send(self, verb: Verb, kind: str, fields: Fields, key: str = "", **more: object) -> Outcome:
        (outcome,) = self.system.write([Write(key or str(uuid4()), verb, kind, fields, **more)])  # type: ignore[arg-type]
        return outcome

    def one(self, kind: str, number: str) -> Record:
        return self.system.read([Ref(kind, number)])[Ref(kind, number)]


@pytest.fixture
def books() -> Iterator[Books]:
    clock = SandboxClock()
    clock.set(NOW)
    emulator = named("intacct")[0].load()(world="empty", seed=1, clock=clock, settings={"concurrency": 0, "consistency_lag_s": 0})
    system = connect({**SETTINGS, **REST}, clock=clock, transport=InProcess(emulator))
    made = Books(emulator, system, clock)
    system.client.create("CONTACT", {"CONTACTNAME": "Ann", "PRINTAS": "Ann"}, key="c")
    person: Fields = {"PERSONALINFO.CONTACTNAME": "Ann", "LOCATIONID": "100", "STARTDATE": date(2020, 1, 1)}
    made.send(Verb.CREATE, "EMPLOYEE", person, natural_key="E-1")
    made.send(Verb.CREATE, "PROJECT", {"NAME": "P", "PROJECTCATEGORY": "Contract", "LOCATIONID": "100"}, natural_key="P-1")
    made.send(Verb.CREATE, "TASK", {"NAME": "T", "PROJECTID": "P-1", "TASKSTATUS": "Planned"}, natural_key="1/010")
    yield made
    system.close()
    emulator.close()


RESOURCE: Fields = {"PROJECTID": "P-1", "EMPLOYEEID": "E-1", "DESCRIPTION": "foreman", "BILLINGRATE": Decimal("85.55")}


def test_a_project_resource_is_written_through_rest_and_read_through_the_gateway(books: Books) -> None:
    made = books.send(Verb.CREATE, "PROJECTRESOURCES", RESOURCE, natural_key="1/E-1")
    assert (made.effect, made.natural_key) == (Effect.DONE, "1/E-1")
    record = books.one("PROJECTRESOURCES", made.id)
    assert (record.natural_key, record.fields["BILLINGRATE"]) == ("1/E-1", Decimal("85.55"))
    assert books.send(Verb.UPDATE, "PROJECTRESOURCES", {"DESCRIPTION": None}, target=made.id).effect is Effect.DONE
    assert books.one("PROJECTRESOURCES", made.id).fields["DESCRIPTION"] is None
    assert books.send(Verb.DELETE, "PROJECTRESOURCES", {}, target=made.id).effect is Effect.DONE
    gone = books.send(Verb.DELETE, "PROJECTRESOURCES", {}, target=made.id)
    assert gone.fault is not None
    assert gone.fault.case.code == "intacct.record-gone"


def test_a_task_resource_names_its_task_by_number_because_its_id_is_the_project_s_alone(books: Books) -> None:
    fields: Fields = {"PROJECTID": "P-1", "TASKID": "1/010", "EMPLOYEEID": "E-1", "BUDGETQTY": Decimal("16.5"), "ISFULLTIME": True}
    made = books.send(Verb.CREATE, "TASKRESOURCES", fields, natural_key="1/E-1")
    assert made.effect is Effect.DONE, made.fault
    shown = books.one("TASKRESOURCES", made.id).fields
    assert (shown["TASKID"], shown["BUDGETQTY"], shown["ISFULLTIME"]) == (Ref("TASK", "1"), Decimal("16.5"), True)
    lost = books.send(Verb.CREATE, "TASKRESOURCES", {**fields, "TASKID": "1/099"}, natural_key="1/E-1")
    assert lost.fault is not None
    assert "there is no TASK 1/099" in lost.fault.detail


def test_a_write_sent_twice_under_one_key_is_there_once(books: Books) -> None:
    write = Write("the-key", Verb.CREATE, "PROJECTRESOURCES", RESOURCE, natural_key="1/E-1")
    before = books.system.probe([write])[0]
    assert (before.trace, before.enforced) == (Trace.ABSENT, True)
    first, second = books.system.write([write])[0], books.system.write([write])[0]
    assert (first.effect, first.id) == (second.effect, second.id)
    assert len(books.system.changes("PROJECTRESOURCES", None).records) == 1
    assert books.system.probe([write])[0].trace is Trace.EQUAL
    other = Write("the-key", Verb.CREATE, "PROJECTRESOURCES", {**RESOURCE, "DESCRIPTION": "else"}, natural_key="1/E-1")
    (outcome,) = books.system.write([other])
    assert outcome.effect is Effect.UNKNOWN


def test_what_the_books_say_about_a_bad_reference_reaches_the_person(books: Books) -> None:
    outcome = books.send(Verb.CREATE, "PROJECTRESOURCES", {**RESOURCE, "PROJECTID": "P-9"}, natural_key="9/E-1")
    assert outcome.effect is Effect.REFUSED
    assert outcome.fault is not None
    assert outcome.fault.case.code == "intacct.invalid-project"
    assert "P-9" in str(outcome.fault)


def test_every_row_of_a_query_comes_once_whatever_the_page_size(books: Books) -> None:
    rest = books.system.rest
    assert rest is not None
    for at in range(12):
        body = {"id": f"Q-{at}", "name": "x", "category": "contract", "location": {"id": "100"}}
        rest.create("projects/project", body, key=f"q-{at}")
    asked = RestQuery("projects/project", ("id",), ({"$ne": {"id": "Q-3"}}, {"$ne": {"id": "Q-4"}}), size=4)
    assert sorted(str(row["id"]) for row in rest.query_all(asked)) == sorted(["P-1", *(f"Q-{at}" for at in range(12) if at not in (3, 4))])
    assert rest.query(asked).total == 11
    assert rest.model("projects/project")["apiObject"]
    assert rest.session_id()
    call = {"method": "GET", "path": "/objects/projects/project/1"}
    assert len(rest.composite([call, call], key="c")) == 2
    books.clock.advance(50_000)
    assert rest.get("projects/project", "1")["id"] == "P-1"


def test_without_an_application_a_rest_write_waits_and_says_what_is_missing() -> None:
    company = Company(Clock())
    system = connect(VALUES, clock=company.clock, transport=httpx.MockTransport(company.handle))
    (outcome,) = system.write([Write("k", Verb.CREATE, "PROJECTRESOURCES", RESOURCE, natural_key="1/E-1")])
    assert outcome.effect is Effect.NOT_SENT
    assert outcome.fault is not None
    assert outcome.fault.case.code == "intacct.rest-not-set-up"
    assert "REST client ID" in str(outcome.fault)
