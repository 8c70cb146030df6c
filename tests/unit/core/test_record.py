"""Values and their normal form: idempotent, loss-free in store, and told apart by their fingerprint exactly when they differ."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.values import decimals, fast, fields, moments, plain, refs, values
from tieout.core.record import Line, Record, Ref, Value, dump, fingerprint, load, normal, normal_fields, refs_in

NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def sorts(value: Any) -> Any:
    """The sort of a value and of everything inside it: Python takes True for 1, and the books do not."""
    if isinstance(value, tuple):
        return [{name: sorts(inner) for name, inner in line.fields.items()} for line in value]
    return "number" if type(value) in (int, Decimal) else type(value).__name__


@fast
@given(values)
def test_the_normal_form_of_a_normal_form_is_itself(value: Value) -> None:
    once = normal(value)
    assert normal(once) == once
    assert sorts(normal(once)) == sorts(once)


@fast
@given(values)
def test_every_value_comes_back_from_the_store_as_it_was(value: Value) -> None:
    back = load(json.loads(json.dumps(dump(value))))
    assert back == value
    assert sorts(back) == sorts(value)


@fast
@given(fields)
def test_a_whole_record_comes_back_from_the_store_as_it_was(stored: dict[str, Value]) -> None:
    assert load(json.loads(json.dumps(dump(stored)))) == stored


@fast
@given(values, values)
def test_fingerprints_are_equal_exactly_when_normal_forms_are(one: Value, other: Value) -> None:
    equal = normal(one) == normal(other) and sorts(normal(one)) == sorts(normal(other))
    assert (fingerprint(one) == fingerprint(other)) is equal


@fast
@given(values)
def test_a_value_and_its_normal_form_have_one_fingerprint(value: Value) -> None:
    assert fingerprint(value) == fingerprint(normal(value)) == fingerprint(load(dump(value)))


@fast
@given(st.integers(-(10**30), 10**30))
def test_a_whole_number_means_the_same_with_and_without_a_decimal_point(number: int) -> None:
    assert fingerprint(number) == fingerprint(Decimal(number)) == fingerprint(Decimal(f"{number}.00"))


@fast
@given(decimals, st.integers(0, 5))
def test_trailing_zeros_of_an_amount_carry_no_meaning(amount: Decimal, zeros: int) -> None:
    sign, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    padded = Decimal((sign, digits + (0,) * zeros, exponent - zeros))
    assert normal(padded) == normal(amount)
    assert str(normal(padded)) == str(normal(amount))


@fast
@given(decimals)
def test_no_digit_of_an_amount_is_lost(amount: Decimal) -> None:
    assert normal(amount) == amount


def test_an_amount_keeps_its_cents_whatever_the_precision_of_the_running_thread() -> None:
    with localcontext() as context:
        context.prec = 4
        assert normal(Decimal("123456.78")) == Decimal("123456.78")


@fast
@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_time_means_the_same_in_every_zone(moment: datetime, minutes: int) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert fingerprint(moment) == fingerprint(elsewhere)


def test_nothing_owed_is_nothing_owed_whatever_its_sign_and_its_zeros() -> None:
    assert {fingerprint(Decimal(text)) for text in ("0", "-0", "0.00", "-0.00", "0E+3")} == {fingerprint(Decimal(0))}


def test_a_time_without_a_zone_is_neither_normalised_nor_stored() -> None:
    naive = datetime(2026, 5, 20, 12, 0)
    with pytest.raises(ValueError, match="has no zone"):
        normal(naive)
    with pytest.raises(ValueError, match="has no zone"):
        dump({"startDate": naive})


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ("", None),
        ("  \t\n", None),
        (" Acme ", "Acme"),
        ("a  b", "a  b"),
        (False, False),
        (0, 0),
        (Decimal("-0.00"), Decimal(0)),
        (Decimal("10.50"), Decimal("10.5")),
        (Decimal("100"), Decimal("100")),
        (date(2026, 5, 20), date(2026, 5, 20)),
        (datetime(2026, 5, 20, 14, 0, tzinfo=timezone(timedelta(hours=2))), NOON),
        ((Line("1", {"memo": " x ", "amount": Decimal("1.10")}),), (Line("1", {"memo": "x", "amount": Decimal("1.1")}),)),
        ((), ()),
        (frozenset(), frozenset()),
    ],
)
def test_equal_meanings_become_equal_values(value: Value, meaning: Value) -> None:
    assert normal(value) == meaning
    assert type(normal(value)) is type(meaning)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, False),
        (None, 0),
        (True, 1),
        (False, 0),
        ("1", 1),
        ("1.5", Decimal("1.5")),
        ("None", None),
        ("2026-05-20", date(2026, 5, 20)),
        (date(2026, 5, 20), datetime(2026, 5, 20, tzinfo=UTC)),
        ("job 1", Ref("job", "1")),
        (Ref("job", "1"), Ref("project", "1")),
        (Ref("job", "1"), frozenset({Ref("job", "1")})),
        (None, ()),
        ((), frozenset()),
        ((Line("1", {"memo": "x"}),), (Line("2", {"memo": "x"}),)),
        ((Line("1", {}), Line("2", {})), (Line("2", {}), Line("1", {}))),
        (Decimal("0.01"), Decimal("0.02")),
        (Decimal("12345678901234567890123456789.01"), Decimal("12345678901234567890123456789.02")),
        ("é", "e"),
    ],
)
def test_different_meanings_have_different_fingerprints(one: Value, other: Value) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_text_that_looks_like_a_stored_value_stays_a_text() -> None:
    for text in ('{"$decimal": "1"}', "$ref", '["$lines"]'):
        assert load(json.loads(json.dumps(dump(text)))) == text


def test_what_is_no_value_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="float"):
        dump({"total": 1.5})


@fast
@given(st.lists(plain, max_size=4), st.dictionaries(st.text("ab", min_size=1), plain, max_size=3))
def test_a_structure_of_values_is_compared_value_by_value(items: list[Value], mapping: dict[str, Value]) -> None:
    assert fingerprint([items, mapping]) == fingerprint([list(map(normal, items)), normal_fields(mapping)])
    assert fingerprint({"a": 1, "b": "2"}) == fingerprint({"b": " 2", "a": Decimal("1.0")})
    assert fingerprint([items]) != fingerprint(items)


def test_the_order_of_fields_carries_no_meaning() -> None:
    one = Record("job", "1", {"a": "x", "b": "y"})
    other = Record("job", "1", {"b": "y", "a": "x "})
    assert one.fingerprint() == other.fingerprint()


@pytest.mark.parametrize(
    "other",
    [
        Record("project", "1", {"a": "x"}, "J1", "100"),
        Record("job", "2", {"a": "x"}, "J1", "100"),
        Record("job", "1", {"a": "z"}, "J1", "100"),
        Record("job", "1", {"a": "x", "b": None}, "J1", "100"),
        Record("job", "1", {"a": "x"}, "J2", "100"),
        Record("job", "1", {"a": "x"}, "J1", "200"),
        Record("job", "1", {"a": "x"}, "J1", "100", deleted=True),
    ],
)
def test_a_record_that_differs_in_anything_a_rule_reads_has_another_fingerprint(other: Record) -> None:
    assert Record("job", "1", {"a": "x"}, "J1", "100").fingerprint() != other.fingerprint()


def test_the_systems_own_version_mark_alone_changes_no_fingerprint() -> None:
    assert Record("job", "1", {}, version="7").fingerprint() == Record("job", "1", {}, version="8").fingerprint()


def test_the_references_of_a_record_include_those_of_sets_and_lines() -> None:
    record = Record(
        "bill",
        "1",
        {
            "vendor": Ref("vendor", "9"),
            "jobs": frozenset({Ref("job", "2"), Ref("job", "1")}),
            "lines": (Line("1", {"project": Ref("project", "3"), "memo": "x"}), Line("2", {"crew": frozenset({Ref("employee", "4")})})),
            "memo": "job 5",
        },
    )
    assert list(record.refs()) == [Ref("vendor", "9"), Ref("job", "1"), Ref("job", "2"), Ref("project", "3"), Ref("employee", "4")]
    assert record.ref == Ref("bill", "1")
    assert str(record.ref) == "bill 1"


@fast
@given(values)
def test_what_holds_no_reference_yields_none_and_normalising_keeps_them_all(value: Value) -> None:
    assert list(refs_in(normal(value))) == list(refs_in(value))


@fast
@given(refs)
def test_a_reference_yields_itself(ref: Ref) -> None:
    assert list(refs_in(ref)) == [ref]
