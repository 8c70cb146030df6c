"""Members are read strictly, and what is wrong with one is said without showing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.platforms.rows import CASES
from tieout.core.ports import Effect, Fault
from tieout.core.record import Ref
from tieout.platforms.members import LARGEST_ID, Members, Read, parsed, shape

PLAIN = Members(CASES.body)
READS: dict[str, Read] = {
    "text": PLAIN.text,
    "name": PLAIN.name,
    "flag": PLAIN.flag,
    "whole": PLAIN.whole,
    "identity": PLAIN.identity,
    "amount": PLAIN.amount,
    "day": PLAIN.day,
    "moment": PLAIN.moment,
    "ref": PLAIN.ref("customer"),
    "refs": PLAIN.refs("customer"),
}
AT_TEN = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def caught(call: Callable[[], Any]) -> Fault:
    with pytest.raises(Fault) as info:
        call()
    return info.value


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        ("text", " a\x00b ", "ab"),
        ("text", " \x00 ", None),
        ("name", " 7 ", "7"),
        ("flag", False, False),
        ("whole", Decimal("480.0"), 480),
        ("whole", -3, -3),
        ("identity", 7, "7"),
        ("identity", " 007 ", "7"),
        ("identity", LARGEST_ID, str(LARGEST_ID)),
        ("amount", "12.50", Decimal("12.50")),
        ("amount", 0.1, Decimal("0.1")),
        ("amount", "", None),
        ("day", "2026-05-01", date(2026, 5, 1)),
        ("day", "2026-5-1T23:30:00-10:00", date(2026, 5, 1)),
        ("moment", "2026-05-01T10:00:00Z", AT_TEN),
        ("moment", "2026-05-01T10:00", AT_TEN),
        ("moment", "2026-5-1 12:00:00 +0200", AT_TEN),
        ("moment", "2026-05-01T10:00:00.2876004Z", AT_TEN.replace(microsecond=287600)),
        ("moment", "2026-05-01T10:00:00.5z", AT_TEN.replace(microsecond=500000)),
        ("ref", 7, Ref("customer", "7")),
        ("refs", [7, None, 7, "8"], frozenset({Ref("customer", "7"), Ref("customer", "8")})),
    ],
)
def test_a_member_of_the_form_promised_is_read(read: str, value: Any, found: object) -> None:
    assert READS[read](value, "x") == found


@pytest.mark.parametrize("read", [name for name in READS if name not in ("name", "refs")])
def test_null_is_known_to_be_empty(read: str) -> None:
    assert READS[read](None, "x") is None
    assert PLAIN.refs("customer")(None, "x") == frozenset()


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        ("text", 7, "is a number, not text"),
        ("name", " ", "is empty"),
        ("name", None, "is empty"),
        ("flag", 1, "is a number, not true or false"),
        ("whole", True, "is true or false, not a whole number"),
        ("whole", Decimal("0.5"), "is a number, not a whole number"),
        ("whole", Decimal("1e30"), "is a number, not a whole number"),
        ("identity", 0, "is a number, not an id"),
        ("identity", -1, "is a number, not an id"),
        ("identity", LARGEST_ID + 1, "is a number, not an id"),
        ("identity", "7a", "is text, not an id"),
        ("identity", "٧", "is text, not an id"),
        ("identity", True, "is true or false, not an id"),
        ("amount", "twelve", "is not an amount"),
        ("amount", "NaN", "is not an amount"),
        ("amount", "9" * 29, "is not an amount"),
        ("amount", "1e99", "is not an amount"),
        ("amount", False, "is true or false, not an amount"),
        ("day", "2026-02-30", "is not a date"),
        ("day", "2026-05-012", "is not a date"),
        ("day", "01.05.2026", "is not a date"),
        ("moment", "2026-05-01", "is not a time"),
        ("moment", "2026-05-01T25:00:00Z", "is not a time"),
        ("moment", "2026-05-01T10:00:00+99:00", "is not a time"),
        ("moment", "0001-01-01T00:00:00+14:00", "is not a time"),
        ("ref", {"id": 7}, "is an object, not an id"),
        ("refs", 7, "is a number, not a list"),
        ("refs", [7, "x"], "[1]: is text, not an id"),
    ],
)
def test_any_other_member_is_refused_by_its_path_and_its_shape(read: str, value: Any, said: str) -> None:
    fault = caught(lambda: READS[read](value, "jobs 5: x"))
    assert (fault.case, fault.effect) == (CASES.body, Effect.NOT_SENT)
    assert fault.detail == f"jobs 5: x{said}" if said.startswith("[") else f"jobs 5: x: {said}"


def test_which_numbers_are_ids_is_the_vendors() -> None:
    zero_is_none, negative = Members(CASES.body, none_id=0), Members(CASES.body, least_id=-LARGEST_ID)
    assert [zero_is_none.identity(value, "x") for value in (0, "0", 1)] == [None, None, "1"]
    assert [negative.identity(value, "x") for value in (0, "-1", -LARGEST_ID)] == ["0", "-1", str(-LARGEST_ID)]


def test_where_a_vendor_puts_the_record_itself_its_id_is_read_and_an_object_without_one_is_refused() -> None:
    read = Members(CASES.body, embedded=True).ref("role")
    assert read({"id": 21, "name": "Engineer"}, "x") == read(21, "x") == Ref("role", "21")
    assert read({"id": None}, "x") is None
    assert "is an object, not an id" in caught(lambda: read({"name": "Engineer"}, "x")).detail


def test_a_body_is_parsed_without_losing_a_digit_and_only_if_it_is_json() -> None:
    assert parsed(b'{"a": 12.10}') == {"a": Decimal("12.10")}
    for body in (b"", b"{", b"<html>", b"[" * 100_000, b"\xff", b"1e9999999999999999999"):
        with pytest.raises(ValueError, match="not JSON"):
            parsed(body)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(value=ANYTHING, read=st.sampled_from(sorted(READS)))
def test_whatever_a_member_holds_it_is_read_or_refused_as_unreadable(value: Any, read: str) -> None:
    case = None
    try:
        READS[read](value, "x")
    except Fault as fault:
        case = fault.case
    assert case in (None, CASES.body)


def test_the_shape_of_a_value_does_not_show_it() -> None:
    shapes = [shape(value) for value in (None, True, 1, Decimal("1"), "secret", [], {})]
    assert shapes == ["null", "true or false", "a number", "a number", "text", "a list", "an object"]
