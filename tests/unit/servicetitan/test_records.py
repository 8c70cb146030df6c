"""ServiceTitan's bodies become records, or a fault that says what is wrong with them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.servicetitan import documents
from tests.unit.servicetitan.bodies import business_unit, customer, job, job_type, location, project
from tieout.core.ports import Fault
from tieout.core.record import Record, Ref, dump, load
from tieout.platforms.servicetitan import KINDS, assemble, is_active, keys_touched_by, normalise, parts_of
from tieout.platforms.servicetitan.faults import BODY, UNKNOWN_KIND

BODIES = {
    "job": job(),
    "project": project(),
    "customer": customer(),
    "location": location(),
    "business-unit": business_unit(),
    "job-type": job_type(),
    "vendor": documents.vendor(),
    "purchase-order": documents.purchase_order(),
    "invoice": documents.invoice(),
    "payment": documents.payment(),
    "credit-memo": {**documents.credit_memo(), "items": [documents.credit_memo_item()]},
    "inventory-bill": documents.inventory_bill(),
    "ap-bill": documents.ap_bill(),
    "ap-credit": documents.ap_credit(),
}


def without(body: dict[str, Any], member: str) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != member}


def test_a_job_refers_to_its_project_customer_location_business_unit_and_type() -> None:
    record = normalise("job", job())
    assert record.natural_key == "J501"
    assert record.fields["projectId"] == Ref("project", "301")
    assert record.fields["customerId"] == Ref("customer", "101")
    assert record.fields["locationId"] == Ref("location", "201")
    assert record.fields["businessUnitId"] == Ref("business-unit", "11")
    assert record.fields["jobTypeId"] == Ref("job-type", "21")
    assert record.fields["customFields.Legacy number"] == "A-17"


def test_a_project_knows_its_jobs_as_a_set() -> None:
    record = normalise("project", project(jobIds=[502, 501, 501]))
    assert record.natural_key == "301"
    assert record.fields["jobIds"] == frozenset({Ref("job", "501"), Ref("job", "502")})
    assert record.fields["businessUnitIds"] == frozenset({Ref("business-unit", "11"), Ref("business-unit", "12")})


def test_a_merged_customer_names_the_survivor() -> None:
    record = normalise("customer", customer(active=False, mergedToId=102))
    assert record.fields["mergedToId"] == Ref("customer", "102")
    assert is_active(record) is False


def test_a_customer_is_known_by_its_id_because_names_are_not_unique() -> None:
    record = normalise("customer", customer())
    assert (record.natural_key, record.fields["name"], record.fields["address.city"]) == ("101", "Acme Homes", "Austin")


def test_inner_objects_that_are_null_are_known_to_be_empty() -> None:
    fields = normalise("business-unit", business_unit()).fields
    assert (fields["trade.name"], fields["division.name"]) == ("HVAC", None)


def test_seven_digits_of_a_second_are_cut_to_microseconds() -> None:
    assert normalise("job", job()).modified_at == datetime(2026, 5, 2, 20, 35, 38, 287600, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["2026-05-02T09:00:00Z", "2026-05-02T09:00:00", "2026-05-02T11:00:00+02:00", "2026-05-02T09:00:00.0000000Z"]
)
def test_every_way_to_write_a_time_means_the_same_moment(written: str) -> None:
    assert normalise("project", project(modifiedOn=written)).modified_at == datetime(2026, 5, 2, 9, tzinfo=UTC)


def test_a_project_never_changed_has_no_time_of_change() -> None:
    assert normalise("project", project(modifiedOn=None)).modified_at is None
    assert normalise("project", project(modifiedOn="0001-01-01T00:00:00Z")).modified_at is None


@pytest.mark.parametrize("written", ["1250.50", 1250.5, Decimal("1250.500"), "1250.5"])
def test_money_as_text_and_as_a_number_is_the_same_decimal(written: Any) -> None:
    assert normalise("job", job(total=written)).fields["total"] == Decimal("1250.5")


@pytest.mark.parametrize("written", ["NaN", "Infinity", float("inf"), "1e999", "twelve", True, [], "9" * 30])
def test_what_is_not_an_amount_is_refused(written: Any) -> None:
    with pytest.raises(Fault, match="jobs 501: total"):
        normalise("job", job(total=written))


def test_a_change_of_time_alone_does_not_change_the_fingerprint() -> None:
    assert normalise("job", job()).fingerprint() == normalise("job", job(modifiedOn="2026-05-09T00:00:00Z")).fingerprint()


def test_unknown_members_are_ignored() -> None:
    later = job(equipmentIds=[1], isAutoDispatched=True, summaryOfWork={"deep": [{}]})
    assert normalise("job", later) == normalise("job", job())


def test_ids_are_read_from_numbers_and_digits_and_zero_means_none() -> None:
    assert normalise("job", job(id="501", projectId=0)).fields["projectId"] is None


def test_nul_characters_never_reach_the_store() -> None:
    assert normalise("project", project(name="Roof\x00 one")).fields["name"] == "Roof one"


def test_of_two_custom_fields_with_one_name_the_first_counts_and_numbers_are_text() -> None:
    fields = [{"typeId": 1, "name": "Size", "value": Decimal("4.50")}, {"typeId": 2, "name": "Size", "value": "5"}, {"name": None}]
    assert normalise("job", job(customFields=fields)).fields["customFields.Size"] == "4.50"


def test_external_data_is_kept_by_key() -> None:
    assert normalise("project", project(externalData=[{"key": "RECORDNO", "value": "88"}])).fields["externalData.RECORDNO"] == "88"


def test_a_job_looks_the_same_from_the_feed_and_by_id() -> None:
    assert normalise("job", job(active=True)) == normalise("job", job())


def test_active_is_kept_when_the_feed_tells_it_and_absent_otherwise() -> None:
    assert normalise("project", project(active=False)).fields["active"] is False
    assert "active" not in normalise("project", project()).fields


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("job", job(jobStatus="Canceled"), False),
        ("job", job(jobStatus="Canceled", active=True), False),
        ("job", job(jobStatus="Completed"), True),
        ("job", job(jobStatus="Hold"), True),
        ("project", project(), None),
        ("project", project(active=True), True),
        ("project", project(active=False), False),
        ("customer", customer(active=False), False),
        ("customer", without(customer(), "active"), None),
    ],
)
def test_absent_never_means_inactive(kind: str, body: dict[str, Any], expected: bool | None) -> None:
    assert is_active(normalise(kind, body)) is expected


@pytest.mark.parametrize(
    ("kind", "body", "where"),
    [
        ("job", without(job(), "jobNumber"), "jobs 501: jobNumber: is missing"),
        ("job", job(jobNumber="  "), "jobs 501: jobNumber: is empty"),
        ("job", job(jobStatus=None), "jobs 501: jobStatus: is empty"),
        ("job", without(job(), "id"), "jobs.id: is missing"),
        ("job", job(id="abc"), "jobs.id: is text, not an id"),
        ("job", job(id=True), "jobs.id: is true or false, not an id"),
        ("job", job(id=2**63), "jobs.id: is a number, not an id"),
        ("job", job(projectId=-4), "jobs 501: projectId"),
        ("job", job(completedOn="yesterday"), "jobs 501: completedOn: is not a time"),
        ("job", job(modifiedOn="0001-01-01T00:00:00+14:00"), "jobs 501: modifiedOn: is not a time"),
        ("job", job(noCharge="no"), "jobs 501: noCharge: is text, not true or false"),
        ("job", job(customFields={"a": 1}), "jobs 501: customFields: is an object, not a list"),
        ("job", job(customFields=["a"]), "jobs 501: customFields[0]: is text, not an object"),
        ("project", project(jobIds=[501, None, "x"]), "projects 301: jobIds[2]: is text, not an id"),
        ("customer", customer(address=[]), "customers 101: address: is a list, not an object"),
        ("customer", customer(name=7), "customers 101: name: is a number"),
        ("job", [], "jobs: holds a list where a record should be"),
        ("job", None, "jobs: holds null where a record should be"),
    ],
)
def test_a_fault_names_the_member_and_what_is_wrong_with_it(kind: str, body: Any, where: str) -> None:
    with pytest.raises(Fault) as caught:
        normalise(kind, body)
    assert caught.value.case is BODY
    assert caught.value.detail.startswith(where)


def test_a_fault_never_shows_the_value() -> None:
    with pytest.raises(Fault) as caught:
        normalise("customer", customer(active="private words"))
    assert "private" not in str(caught.value)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(Fault, match="quotation") as caught:
        normalise("quotation", {})
    assert caught.value.case is UNKNOWN_KIND


def test_a_job_touches_its_project_and_a_project_its_jobs() -> None:
    assert keys_touched_by("job", job()) == {Ref("job", "501"), Ref("project", "301")}
    assert keys_touched_by("project", project()) == {Ref("project", "301"), Ref("job", "501"), Ref("job", "502")}
    assert keys_touched_by("customer", customer()) == {Ref("customer", "101")}


def test_one_body_is_one_record() -> None:
    assert parts_of("job", job()) == (normalise("job", job()),)


def test_of_several_bodies_the_latest_counts_whatever_their_order() -> None:
    old, new = project(name="Old", modifiedOn="2026-05-01T00:00:00Z"), project(name="New", modifiedOn="2026-05-03T00:00:00Z")
    key = Ref("project", "301")
    for bodies in ([old, new], [new, old], [old, project(302), new]):
        found = assemble(key, bodies)
        assert found is not None
        assert found.fields["name"] == "New"
    assert assemble(key, [project(302)]) is None
    untimed = assemble(key, [new, project(name="Untimed", modifiedOn=None)])
    assert untimed is not None
    assert untimed.fields["name"] == "Untimed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def bent_bodies(draw: st.DrawFn) -> tuple[str, Any]:
    """A body with some members replaced or removed at random, or nothing like a body."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    if draw(st.integers(0, 9)) == 0:
        return kind, draw(json_values)
    body = dict(BODIES[kind])
    for member in draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        if draw(st.booleans()):
            body[member] = draw(json_values)
        else:
            body.pop(member, None)
    return kind, body


@given(bent_bodies())
def test_any_body_gives_a_record_or_a_fault_and_nothing_else(bent: tuple[str, Any]) -> None:
    kind, body = bent
    record = outcome(kind, body)
    if isinstance(record, Fault):
        assert record.case is BODY
        assert record.detail
    else:
        assert load(dump(record.fields)) == record.fields
        assert record.fingerprint() == normalise(kind, body).fingerprint()


def outcome(kind: str, body: Any) -> Record | Fault:
    try:
        return normalise(kind, body)
    except Fault as fault:
        return fault
