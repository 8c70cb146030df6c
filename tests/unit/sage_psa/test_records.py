"""Bodies become records in normal form, or a fault that names the member and shows no value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sage_psa import bodies
from tieout.core.ports import Fault
from tieout.core.record import Record, Ref, dump
from tieout.platforms.sage_psa import KINDS, faults, normalise

MAKE = {
    "client": bodies.client,
    "project": bodies.project,
    "person": bodies.person,
    "role": bodies.role,
    "phase": bodies.phase,
    "task": bodies.task,
    "team-member": bodies.member,
    "workflow-column": bodies.column,
}


def test_a_project_keeps_the_apis_names_and_has_no_entity() -> None:
    record = normalise("project", bodies.project(301, end_date="2026-09-30"))
    assert record.fields == {
        "name": "Project 301",
        "company_project_id": 1,
        "custom_project_id": "P301",
        "stage": "RUNNING",
        "description": "Roof",
        "budget": Decimal("1250.5"),
        "budget_type": "FIXED_PRICE",
        "start_date": date(2026, 5, 1),
        "end_date": date(2026, 9, 30),
        "client": Ref("client", "101"),
        "rate_card": "9",
        "estimation_units": "HOURS",
        "minutes_per_estimation_point": 60,
        "use_baseline": False,
        "remaining_auto_calculated": True,
        "created_by": Ref("person", "3"),
        "created_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    assert (record.id, record.natural_key, record.entity) == ("301", "P301", "")
    assert (record.modified_at, record.modified_by) == (datetime(2026, 5, 1, 10, 0, tzinfo=UTC), "3")


@pytest.mark.parametrize(("custom", "key"), [("P-7", "P-7"), (None, "1"), ("", "1"), ("  ", "1")])
def test_a_project_goes_by_its_own_id_or_else_by_its_running_number(custom: str | None, key: str) -> None:
    assert normalise("project", bodies.project(301, custom_project_id=custom)).natural_key == key


@pytest.mark.parametrize("stage", ["OPPORTUNITY", "PLANNING", "RUNNING", "HALTED", "DONE", "SOMETHING_NEW"])
def test_every_stage_is_read_as_it_is_written_known_or_not(stage: str) -> None:
    assert normalise("project", bodies.project(stage=stage)).fields["stage"] == stage


def test_a_client_goes_by_its_id_because_names_are_not_unique() -> None:
    record = normalise("client", bodies.client(101, name="  Acme "))
    assert (record.natural_key, record.fields["name"], record.fields["notes"]) == ("101", "Acme", None)


def test_minutes_of_a_task_stay_minutes_and_its_column_carries_its_project() -> None:
    fields = normalise("task", bodies.task(501, assigned_persons=[7, 8], parent_task_id=500)).fields
    assert fields["estimate"] == 90
    assert fields["workflow_column"] == Ref("workflow-column", "301/41")
    assert fields["milestone"] == Ref("phase", "61")
    assert fields["parent_task_id"] == Ref("task", "500")
    assert fields["assigned_persons"] == frozenset({Ref("person", "7"), Ref("person", "8")})


@pytest.mark.parametrize("role", [21, {"id": 21, "name": "Engineer"}])
def test_a_persons_role_is_read_as_a_number_and_as_an_object(role: Any) -> None:
    record = normalise("person", bodies.person(7, default_role=role, client_id=101))
    assert record.fields["default_role"] == Ref("role", "21")
    assert record.fields["client_id"] == Ref("client", "101")
    assert record.fields["monday"] == 480
    assert "cost" not in record.fields


@pytest.mark.parametrize("kind", ["team-member", "workflow-column"])
def test_what_is_known_only_under_its_project_has_the_project_in_its_id(kind: str) -> None:
    record = normalise(kind, MAKE[kind](41), "301")
    assert record.id == "301/41"
    assert record.fields["project_id"] == Ref("project", "301")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-01T10:00:00Z", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
        ("2026-05-01T12:00:00+02:00", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
        ("2026-5-01T11:00:00+01:00", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
        ("2026-05-01T10:00:00.987Z", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
        ("2026-05-01 10:00:00", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
        ("2026-05-01T08:00:00-0200", datetime(2026, 5, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_every_form_of_time_that_was_seen_is_read(text: str, moment: datetime) -> None:
    assert normalise("client", bodies.client(updated_at=text)).modified_at == moment


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", 5),
        ("stage", True),
        ("start_date", "1st of May"),
        ("start_date", "2026-02-30"),
        ("start_date", "2026-05-011"),
        ("end_date", 20260501),
        ("budget", "much"),
        ("budget", "NaN"),
        ("client", "Acme"),
        ("client", [1]),
        ("use_baseline", "yes"),
        ("company_project_id", "one"),
        ("updated_at", "yesterday"),
        ("updated_at", "2026-13-01T00:00:00Z"),
        ("updated_by", 1.5),
    ],
)
def test_a_member_that_is_not_what_it_should_be_is_named_without_its_value(member: str, value: Any) -> None:
    with pytest.raises(Fault) as caught:
        normalise("project", bodies.project(301, **{member: value}))
    assert caught.value.case is faults.BODY
    assert f"project 301: {member}" in caught.value.detail
    assert str(value) not in caught.value.detail.replace("project 301", "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_without_an_id_or_a_required_member_is_refused(kind: str) -> None:
    for missing in ["person_id" if kind == "team-member" else "id", *(each.name for each in KINDS[kind].members if each.required)]:
        body = MAKE[kind]()
        del body[missing]
        with pytest.raises(Fault, match="is missing"):
            normalise(kind, body, "301")


def test_a_member_that_a_body_lacks_is_not_known_and_one_that_is_null_is_empty() -> None:
    body = bodies.project(end_date=None)
    del body["start_date"]
    fields = normalise("project", body).fields
    assert "start_date" not in fields
    assert fields["end_date"] is None


def test_an_unknown_kind_is_a_fault() -> None:
    with pytest.raises(Fault) as caught:
        normalise("invoice", {"id": 1})
    assert caught.value.case is faults.UNKNOWN_KIND


SCALARS = st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=20) | st.floats()
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6
)


@given(st.data())
def test_any_body_gives_a_record_that_can_be_stored_or_a_fault(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    body = MAKE[kind]()
    for member in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=4)):
        body[member] = data.draw(JSON)
    whole: Any = data.draw(st.just(body) | JSON)
    try:
        record = normalise(kind, whole, "301")
    except Fault as fault:
        said = fault.case
    else:
        assert isinstance(record, Record)
        assert len(record.fingerprint()) == 32
        dump(record.fields)
        return
    assert said is faults.BODY
