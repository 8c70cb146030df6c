"""Writes say what is known of each; probes find what a lost call left, and say so where nothing identifies it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sage_psa.bodies import ACTOR, NOW, Account, Watch, client, error, member, project, task
from tieout.core.ports import Effect, FaultCase, Outcome, Sign, Trace, Verb, Write
from tieout.core.record import Fields, Ref
from tieout.platforms.sage_psa import faults
from tieout.platforms.sage_psa.writer import LONGEST_BATCH, RECENT


def create(kind: str = "project", key: str = "k1", **fields: Any) -> Write:
    return Write(key, Verb.CREATE, kind, fields, natural_key=str(fields.get("custom_project_id", "")))


def update(kind: str, target: str, fields: Fields, before: Fields | None = None, key: str = "k1") -> Write:
    return Write(key, Verb.UPDATE, kind, fields, target=target, expected=before or {})


def delete(kind: str, target: str, before: Fields | None = None) -> Write:
    return Write("k1", Verb.DELETE, kind, {}, target=target, expected=before or {})


def sent(account: Account) -> Any:
    """What the last write carried."""
    return json.loads([request for request in account.seen if request.method in ("POST", "PUT")][-1].content)


def case_of(outcome: Outcome) -> FaultCase:
    assert outcome.fault is not None
    return outcome.fault.case


def on_writes(answer: httpx.Response | Exception) -> Callable[[httpx.Request], httpx.Response | None]:
    def intercept(request: httpx.Request) -> httpx.Response | None:
        if request.method == "GET":
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    return intercept


# creates


def test_a_created_project_is_sent_in_the_apis_own_types_and_named_by_its_id() -> None:
    account = Account()
    write = create(
        name="Roof",
        custom_project_id="P-1",
        stage="RUNNING",
        budget=Decimal("1250.10"),
        budget_type="FIXED_PRICE",
        start_date=date(2026, 5, 1),
        end_date=None,
        client="101",
        description="Line 1\nLine 2",
    )
    (outcome,) = account.system(Watch()).write([write])
    assert (outcome.effect, outcome.id, outcome.natural_key) == (Effect.DONE, "1001", "P-1")
    assert sent(account) == {
        "name": "Roof",
        "custom_project_id": "P-1",
        "stage": "RUNNING",
        "budget": 1250.1,
        "budget_type": "FIXED_PRICE",
        "start_date": "2026-05-01",
        "client": 101,
        "description": "Line 1\nLine 2",
    }
    assert b"1250.1," in account.seen[-1].content  # exact, never by way of a binary fraction


def test_a_created_client_goes_by_its_id() -> None:
    account = Account()
    (outcome,) = account.system(Watch()).write([create("client", name="Acme", country="DK")])
    assert (outcome.effect, outcome.id, outcome.natural_key) == (Effect.DONE, "1001", "1001")


def test_an_id_that_another_project_has_is_refused_before_anything_is_sent() -> None:
    account = Account()
    account.put("project", project(301, custom_project_id="P-1"))
    taken, other = create(name="Roof", custom_project_id="P-1"), create(name="Wall", custom_project_id="P-2", key="k2")
    first, second = account.system(Watch()).write([taken, other])
    assert (first.effect, case_of(first).sign) == (Effect.REFUSED, Sign.KEY_TAKEN)
    assert second.effect is Effect.DONE
    assert len(account.project) == 2


def test_a_running_number_that_looks_like_the_new_id_does_not_take_it() -> None:
    account = Account()
    account.put("project", project(301, custom_project_id=None))
    (outcome,) = account.system(Watch()).write([create(name="Roof", custom_project_id="1")])
    assert outcome.effect is Effect.DONE


def test_a_call_that_was_done_is_not_made_again_under_its_key() -> None:
    account = Account()
    system = account.system(Watch())
    system.write([create("client", name="Acme")])
    (again,) = system.write([create("client", name="Acme")])
    assert (again.effect, case_of(again).sign) == (Effect.UNKNOWN, Sign.CALL_REPEATED)
    assert len(account.client) == 1


def test_a_call_that_got_no_answer_may_be_made_again_under_its_key() -> None:
    account = Account(intercept=on_writes(httpx.ReadError("cut")))
    system = account.system(Watch())
    assert system.write([create("client", name="Acme")])[0].effect is Effect.UNKNOWN
    account.intercept = None
    assert system.write([create("client", name="Acme")])[0].effect is Effect.DONE


@pytest.mark.parametrize(
    ("fields", "case"),
    [
        ({"name": "Roof", "custom_project_id": "P" * 21}, faults.TOO_LONG),
        ({"name": "Roof", "stage": "OPPORTUNITY"}, faults.UNWRITABLE),
        ({"name": "Roof", "budget_type": "FREE"}, faults.UNWRITABLE),
        ({"name": "Roof", "color": "#FF0000"}, faults.UNWRITABLE),
        ({"name": "Roof", "company_project_id": 7}, faults.UNWRITABLE),
        ({"name": "Roof", "client": "Acme"}, faults.UNWRITABLE),
        ({"name": "Roof", "start_date": NOW}, faults.UNWRITABLE),
        ({"name": "\ud800"}, faults.UNWRITABLE),
        ({"name": " "}, faults.UNWRITABLE),
        ({}, faults.UNWRITABLE),
    ],
)
def test_what_cannot_be_written_is_refused_here_and_nothing_is_sent(fields: dict[str, Any], case: FaultCase) -> None:
    account = Account()
    (outcome,) = account.system(Watch()).write([create(**fields)])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, case)
    assert account.seen == []


@pytest.mark.parametrize("kind", ["person", "task", "role", "team-member", "phase"])
@pytest.mark.parametrize("verb", list(Verb))
def test_other_kinds_are_only_read(kind: str, verb: Verb) -> None:
    account = Account()
    write = Write("k1", verb, kind, {"name": "x"}, target=None if verb is Verb.CREATE else "1")
    (outcome,) = account.system(Watch()).write([write])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, faults.READ_ONLY)
    assert account.system(Watch()).probe([write])[0].trace is Trace.ABSENT
    assert account.seen == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": null}', b'{"id": "x"}', b"<html>", b"{"])
def test_a_success_that_names_no_new_record_leaves_the_create_open(body: bytes) -> None:
    account = Account(intercept=on_writes(httpx.Response(201, content=body)))
    (outcome,) = account.system(Watch()).write([create("client", name="Acme")])
    assert outcome.effect is Effect.UNKNOWN
    assert outcome.fault is not None
    assert outcome.fault.effect is Effect.UNKNOWN


def test_a_create_is_done_when_the_answer_names_the_record_however_odd_the_rest() -> None:
    account = Account(intercept=on_writes(httpx.Response(201, json={"id": 77, "name": 5})))
    (outcome,) = account.system(Watch()).write([create("client", name="Acme")])
    assert (outcome.effect, outcome.id) == (Effect.DONE, "77")


def test_a_create_that_refers_to_what_is_not_there_is_invalid_not_gone() -> None:
    account = Account(intercept=on_writes(error(404, "client not found")))
    (outcome,) = account.system(Watch()).write([create(name="Roof", client="9")])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, faults.INVALID)


# updates and deletes


def test_an_update_carries_only_what_changes_and_null_for_what_is_emptied() -> None:
    account = Account()
    account.put("project", project(301))
    (outcome,) = account.system(Watch()).write(
        [update("project", "301", {"name": "Wall", "start_date": None, "client": Ref("client", "9")})]
    )
    assert (outcome.effect, outcome.id, outcome.natural_key) == (Effect.DONE, "301", "P301")
    assert sent(account) == {"name": "Wall", "start_date": None, "client": 9}
    assert account.project[301]["description"] == "Roof"


def test_a_value_that_the_service_does_not_empty_is_told_and_never_taken_for_done() -> None:
    account = Account()
    account.put("project", project(301))
    kept = httpx.Response(200, json=project(301, name="Wall"))
    account.intercept = on_writes(kept)
    (outcome,) = account.system(Watch()).write([update("project", "301", {"name": "Wall", "start_date": None})])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, faults.NOT_CLEARED)
    assert "start_date" in str(outcome.fault)


@pytest.mark.parametrize("name", ["name", "stage", "budget_type"])
def test_what_may_not_be_empty_is_not_emptied(name: str) -> None:
    (outcome,) = Account().system(Watch()).write([update("project", "301", {name: None})])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, faults.UNWRITABLE)


def test_an_update_may_keep_its_own_id_but_not_take_anothers() -> None:
    account = Account()
    account.put("project", project(301), project(302))
    writes = [update("project", "301", {"custom_project_id": key}, key=key) for key in ("P301", "P302")]
    same, taken = account.system(Watch()).write(writes)
    assert same.effect is Effect.DONE
    assert (taken.effect, case_of(taken).sign) == (Effect.REFUSED, Sign.KEY_TAKEN)


def test_an_update_or_delete_of_what_is_gone_says_so() -> None:
    system = Account().system(Watch())
    for write in (update("client", "9", {"name": "x"}), delete("client", "9")):
        (outcome,) = system.write([write])
        assert (outcome.effect, case_of(outcome).sign) == (Effect.REFUSED, Sign.TARGET_GONE)


@pytest.mark.parametrize("kind", ["client", "project"])
def test_a_record_is_deleted(kind: str) -> None:
    account = Account()
    account.put(kind, client(5) if kind == "client" else project(5))
    (outcome,) = account.system(Watch()).write([delete(kind, "5")])
    assert (outcome.effect, outcome.id) == (Effect.DONE, "5")
    assert getattr(account, kind) == {}


@pytest.mark.parametrize("write", [update("client", "", {"name": "x"}), delete("client", "a/b"), update("client", "..", {"name": "x"})])
def test_a_write_to_no_real_id_is_refused_here(write: Write) -> None:
    account = Account()
    (outcome,) = account.system(Watch()).write([write])
    assert (outcome.effect, case_of(outcome)) == (Effect.REFUSED, faults.UNWRITABLE)
    assert account.seen == []


def test_an_update_of_nothing_needs_no_call() -> None:
    account = Account()
    assert account.system(Watch()).write([update("client", "1", {})])[0].effect is Effect.DONE
    assert account.seen == []


# batches


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        (error(401), Effect.NOT_SENT),
        (error(429), Effect.NOT_SENT),
        (error(503), Effect.UNKNOWN),
        (httpx.ReadTimeout("slow"), Effect.UNKNOWN),
        (httpx.ConnectError("refused"), Effect.NOT_SENT),
    ],
)
def test_after_a_fault_of_the_connection_the_rest_of_a_batch_is_not_sent(answer: Any, first: Effect) -> None:
    account = Account(intercept=on_writes(answer))
    writes = [create("client", key=f"k{number}", name=f"Client {number}") for number in range(5)]
    outcomes = account.system(Watch()).write(writes)
    assert [outcome.effect for outcome in outcomes] == [first, *[Effect.NOT_SENT] * 4]
    assert len({case_of(outcome).code for outcome in outcomes}) == 1
    assert len(account.seen) == 1


def test_a_refused_write_does_not_touch_the_others_of_its_batch() -> None:
    account = Account()
    account.put("client", client(1), client(3))
    outcomes = account.system(Watch()).write([update("client", str(id_), {"name": "x"}, key=str(id_)) for id_ in (1, 2, 3)])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE, Effect.REFUSED, Effect.DONE]


def test_a_slow_batch_ends_before_its_lease_does() -> None:
    watch = Watch()

    def slow(request: httpx.Request) -> None:
        watch.advance(25)

    account = Account(intercept=slow)
    outcomes = account.system(watch).write([create("client", key=f"k{number}", name=f"C{number}") for number in range(10)])
    assert [outcome.effect for outcome in outcomes] == [Effect.DONE] * 3 + [Effect.NOT_SENT] * 7
    assert timedelta(seconds=75) > LONGEST_BATCH


def test_our_own_person_is_learned_from_the_first_answer() -> None:
    account = Account()
    system = account.system(Watch())
    assert system.editor() == ""
    system.write([create("client", name="Acme")])
    assert system.editor() == str(ACTOR)
    assert system.read([Ref("client", "1001")])[Ref("client", "1001")].modified_by == system.editor()
    assert account.system(Watch(), api_person="42").editor() == "42"


# probes


def lost(account: Account, write: Write, *, before: bool) -> None:
    """Make a call whose answer is lost, before or after it took effect."""

    def intercept(request: httpx.Request) -> httpx.Response | None:
        if request.method == "GET":
            return None
        account.intercept = None
        if not before:
            account._answer(request)
        raise httpx.ReadError("cut")

    account.intercept = intercept
    (outcome,) = account.system(Watch()).write([write])
    assert outcome.effect is Effect.UNKNOWN


@pytest.mark.parametrize(("before", "trace"), [(True, Trace.ABSENT), (False, Trace.EQUAL)])
@pytest.mark.parametrize(
    "write",
    [
        create(name="Roof", custom_project_id="P-1", budget=Decimal("10.50"), client="101", start_date=date(2026, 5, 1)),
        create(name="Roof", stage="PLANNING"),
        create("client", name="Acme", notes="a\r\nb"),
        update("client", "5", {"name": "New", "zip": None}, {"name": "Client 5", "zip": "2100"}),
        update("project", "6", {"client": "9", "budget": Decimal("7")}, {"client": "101", "budget": Decimal("1250.5")}),
        delete("client", "5", {"name": "Client 5"}),
    ],
    ids=lambda write: f"{write.verb}-{write.kind}-{len(write.fields)}" if isinstance(write, Write) else None,
)
def test_a_probe_finds_out_what_became_of_a_lost_call(write: Write, before: bool, trace: Trace) -> None:
    account = Account()
    account.put("client", client(5))
    account.put("project", project(6))
    lost(account, write, before=before)
    (probe,) = account.system(Watch()).probe([write])
    assert probe.trace is trace
    if write.verb is Verb.CREATE:
        assert not probe.enforced  # uniqueness is not documented, so nothing is resent at once
        assert (probe.record is not None) is (trace is Trace.EQUAL)


def test_a_project_found_under_the_id_with_other_values_is_somebody_elses() -> None:
    account = Account()
    account.put("project", project(301, custom_project_id="P-1", name="Other"))
    (probe,) = account.system(Watch()).probe([create(name="Roof", custom_project_id="P-1")])
    assert probe.trace is Trace.OTHER
    assert probe.record is not None


def test_a_running_number_is_no_trace_of_an_id_of_ones_own() -> None:
    account = Account()
    account.put("project", project(301, custom_project_id=None, name="Roof"))
    (probe,) = account.system(Watch()).probe([create(name="Roof", custom_project_id="1")])
    assert probe.trace is Trace.ABSENT


def test_a_client_of_the_name_with_other_values_is_somebody_elses_and_the_first_equal_one_is_taken() -> None:
    account = Account()
    account.put("client", client(5, name="Acme"), client(8, name="Acme", city="Oslo"), client(9, name="Acme", city="Oslo"))
    probes = account.system(Watch()).probe([create("client", name="Acme", city=city) for city in ("Rome", "Oslo")])
    assert [probe.trace for probe in probes] == [Trace.OTHER, Trace.EQUAL]
    assert probes[1].record is not None
    assert probes[1].record.id == "8"


MADE = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
LONG_AGO = (NOW - RECENT - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("there", "trace"),
    [
        ({"created_at": MADE, "created_by": ACTOR}, Trace.EQUAL),
        ({"created_at": MADE, "created_by": 3}, Trace.ABSENT),  # somebody else made it
        ({"created_at": LONG_AGO, "created_by": ACTOR}, Trace.NO_HANDLE),
        ({"created_at": None, "created_by": ACTOR}, Trace.NO_HANDLE),
        ({"created_at": MADE, "created_by": ACTOR, "description": "Edited"}, Trace.NO_HANDLE),
        ({"created_at": MADE, "created_by": ACTOR, "name": "Other"}, Trace.ABSENT),
    ],
)
def test_a_project_without_an_id_has_only_marks_and_what_they_cannot_tell_is_left_to_a_person(there: dict[str, Any], trace: Trace) -> None:
    account = Account()
    account.put("project", project(301, **{"name": "Roof", "custom_project_id": None, **there}))
    (probe,) = account.system(Watch(), api_person=str(ACTOR)).probe([create(name="Roof", description="Roof")])
    assert probe.trace is trace


def test_a_create_without_any_name_has_no_handle() -> None:
    assert Account().system(Watch()).probe([create("client", notes="x")])[0].trace is Trace.NO_HANDLE


def test_an_update_is_compared_with_the_target_and_with_what_was_there_before() -> None:
    account = Account()
    system = account.system(Watch())
    write = update("client", "5", {"name": "New"}, {"name": "Old"})
    for name, trace in (("New", Trace.EQUAL), ("Old", Trace.ABSENT), ("Third", Trace.OTHER)):
        account.put("client", client(5, name=name))
        assert system.probe([write])[0].trace is trace
    account.client.clear()
    assert system.probe([write])[0].trace is Trace.OTHER


def test_probes_come_in_the_order_of_the_writes_and_a_list_is_read_once() -> None:
    account = Account()
    account.put("client", *(client(id_, name=f"C{id_}") for id_ in range(1, 8)))
    account.team[301] = {7: member()}
    account.put("task", task())
    writes = [create("client", name=f"C{id_}", key=str(id_)) for id_ in range(1, 8)]
    probes = account.system(Watch()).probe(writes)
    assert [probe.record.id for probe in probes if probe.record] == [str(id_) for id_ in range(1, 8)]
    assert account.asked() == ["GET v1/clients"]
    assert account.system(Watch()).probe([]) == []


TEXT = st.text(max_size=20).filter(lambda text: "\x00" not in text and text.isprintable())
VALUES_OF: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXT.filter(str.strip),
    "description": st.none() | TEXT,
    "budget": st.none() | st.decimals(min_value=0, max_value=10**9, places=2),
    "start_date": st.none() | st.dates(),
    "end_date": st.none() | st.dates(),
    "client": st.none() | st.integers(1, 10**6).map(str),
    "stage": st.sampled_from(["PLANNING", "RUNNING", "HALTED", "DONE"]),
}


@given(st.fixed_dictionaries(VALUES_OF), st.sets(st.sampled_from(sorted(VALUES_OF)), min_size=1))
def test_whatever_is_written_is_found_equal_afterwards(values: dict[str, Any], changed: set[str]) -> None:
    account = Account()
    system = account.system(Watch())
    write = create(custom_project_id="P-1", **values)
    (made,) = system.write([write])
    assert made.effect is Effect.DONE
    assert system.probe([write])[0].trace is Trace.EQUAL
    change = update("project", made.id, {name: values[name] for name in changed}, key="k2")
    assert system.write([change])[0].effect is Effect.DONE
    assert system.probe([change])[0].trace is Trace.EQUAL
