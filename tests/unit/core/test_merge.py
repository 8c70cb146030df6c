"""The three-way merge of one field: every combination has an answer, and the answer never echoes, loses or oversteps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.core.values import fast, values
from tieout.core.flow import Direction, Drift, Owner
from tieout.core.merge import FieldState, Policy, Verdict, merge
from tieout.core.record import Ref, Value, normal

EARLY = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
LATE = EARLY + timedelta(hours=4)
WRITES = (Verdict.TO_LEFT, Verdict.TO_RIGHT)

policies = st.builds(
    Policy,
    st.sampled_from(Direction),
    st.sampled_from(Drift),
    st.sampled_from(Owner),
    st.sampled_from([None, EARLY, LATE]),
    st.sampled_from([None, EARLY, LATE]),
)
few: st.SearchStrategy[Value] = st.sampled_from([None, "A", "B", "C", " A ", Decimal("1.10"), Decimal("1.1")])
states = st.builds(FieldState, few | values, few | values, few | values, st.none() | st.tuples(few, few), st.booleans())


def export(drift: Drift = Drift.REPORT) -> Policy:
    return Policy(Direction.EXPORT, drift, Owner.LEFT)


def two_way(owner: Owner = Owner.ASK, left_at: datetime | None = None, right_at: datetime | None = None) -> Policy:
    return Policy(Direction.TWO_WAY, Drift.REPORT, owner, left_at, right_at)


def equal_maps(left: Value, right: Value, base: tuple[Value, Value] | None, *, unread: bool = False) -> FieldState:
    return FieldState(left, right, left, base, unread)


@fast
@given(states, policies)
def test_every_combination_has_an_answer_and_always_the_same(state: FieldState, policy: Policy) -> None:
    assert merge(state, policy) is merge(state, policy)
    assert isinstance(merge(state, policy), Verdict)


@fast
@given(states, policies)
def test_one_way_flows_never_write_to_their_source(state: FieldState, policy: Policy) -> None:
    verdict = merge(state, policy)
    if policy.direction is Direction.EXPORT:
        assert verdict is not Verdict.TO_LEFT
    if policy.direction is Direction.IMPORT:
        assert verdict is not Verdict.TO_RIGHT
    if policy.direction is Direction.LINK_ONLY:
        assert verdict not in WRITES


@fast
@given(states, policies)
def test_a_side_that_did_not_change_and_was_accepted_is_never_carried_over_the_other(state: FieldState, policy: Policy) -> None:
    if state.base is None:
        return
    verdict = merge(state, policy)
    left_changed = normal(state.left) != normal(state.base[0])
    right_changed = normal(state.right) != normal(state.base[1])
    if not left_changed and policy.drift is Drift.REPORT:
        assert verdict is not Verdict.TO_RIGHT
    if not right_changed and policy.drift is Drift.REPORT:
        assert verdict is not Verdict.TO_LEFT
    if not left_changed and not right_changed:
        assert verdict in (Verdict.SAME, Verdict.AGREED)


@fast
@given(values, values, policies)
def test_an_accepted_pair_is_quiet_under_every_policy_however_different_its_halves(left: Value, right: Value, policy: Policy) -> None:
    state = FieldState(left, right, "something else", (left, right))
    assert merge(state, policy) is Verdict.SAME


@fast
@given(values, values, values, policies)
def test_what_we_wrote_and_read_back_in_the_vendors_form_enters_the_base_and_is_never_sent(
    left: Value, image: Value, vendors: Value, policy: Policy
) -> None:
    written = (left, image)
    read_back = FieldState(left, vendors, image, written, unread=True)
    verdict = merge(read_back, policy)
    assert verdict is (Verdict.SAME if normal(vendors) == normal(image) else Verdict.AGREED)
    settled = FieldState(left, vendors, image, (left, vendors))
    assert merge(settled, policy) in (Verdict.SAME, Verdict.AGREED)


@pytest.mark.parametrize("owner", Owner)
@pytest.mark.parametrize("direction", [Direction.EXPORT, Direction.TWO_WAY])
def test_the_vendors_form_of_our_own_write_never_wins_over_a_later_edit_of_the_owner(direction: Direction, owner: Owner) -> None:
    """We wrote "Acme Homes", the vendor cut it to "Acme H", and meanwhile somebody on the left made it "Bolt"."""
    state = FieldState("Bolt", "Acme H", "Bolt", ("Acme Homes", "Acme Homes"), unread=True)
    assert merge(state, Policy(direction, Drift.REPORT, owner, EARLY, LATE)) is Verdict.TO_RIGHT


def test_a_to_b_to_a_gives_a_write_each_time() -> None:
    base = ("A", "A")
    written = []
    right = "A"
    for left in ("B", "A"):
        assert merge(equal_maps(left, right, base), export()) is Verdict.TO_RIGHT
        right, base = left, (left, left)
        written.append(right)
        assert merge(equal_maps(left, right, base), export()) is Verdict.SAME
    assert written == ["B", "A"]


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("base", [None, ("old", "old"), ("old", "new"), ("new", "old")])
def test_what_both_sides_mean_alike_enters_the_base(direction: Direction, base: tuple[Value, Value] | None) -> None:
    policy = Policy(direction, Drift.RESTORE, Owner.ASK)
    assert merge(equal_maps("new", "new", base), policy) is Verdict.AGREED
    assert merge(equal_maps("new", "new", ("new", "new")), policy) is Verdict.SAME


def test_agreement_is_judged_by_meaning_not_by_spelling() -> None:
    assert merge(equal_maps(Decimal("10.50"), Decimal("10.5"), (Decimal("10.5"), Decimal("10.500"))), two_way()) is Verdict.SAME
    assert merge(equal_maps(" Acme", "Acme ", ("Acme", "Acme")), two_way()) is Verdict.SAME
    assert merge(equal_maps("", None, (None, None)), two_way()) is Verdict.SAME
    cent = (Decimal("10.50"), Decimal("10.50"))
    assert merge(equal_maps(Decimal("10.51"), Decimal("10.50"), cent), two_way()) is Verdict.TO_RIGHT


def test_a_map_need_not_be_invertible() -> None:
    """The right holds 8 characters. A left edit beyond them still moves its own half of the base, and nothing is written."""
    base: tuple[Value, Value] = ("A long name", "A long n")
    assert merge(FieldState("A long nap", "A long n", "A long n", base), two_way()) is Verdict.AGREED
    assert merge(FieldState("A long name", "A long n", "A long n", base), two_way()) is Verdict.SAME


LEFT_ONLY = equal_maps("new", "old", ("old", "old"))
RIGHT_ONLY = equal_maps("old", "new", ("old", "old"))
BOTH = equal_maps("one", "two", ("old", "old"))


@pytest.mark.parametrize(
    ("direction", "drift", "left_only", "right_only", "both"),
    [
        (Direction.EXPORT, Drift.REPORT, Verdict.TO_RIGHT, Verdict.DRIFT, Verdict.TO_RIGHT),
        (Direction.EXPORT, Drift.RESTORE, Verdict.TO_RIGHT, Verdict.TO_RIGHT, Verdict.TO_RIGHT),
        (Direction.IMPORT, Drift.REPORT, Verdict.DRIFT, Verdict.TO_LEFT, Verdict.TO_LEFT),
        (Direction.IMPORT, Drift.RESTORE, Verdict.TO_LEFT, Verdict.TO_LEFT, Verdict.TO_LEFT),
        (Direction.TWO_WAY, Drift.REPORT, Verdict.TO_RIGHT, Verdict.TO_LEFT, Verdict.CONFLICT),
        (Direction.TWO_WAY, Drift.RESTORE, Verdict.TO_RIGHT, Verdict.TO_LEFT, Verdict.CONFLICT),
        (Direction.LINK_ONLY, Drift.REPORT, Verdict.DRIFT, Verdict.DRIFT, Verdict.DRIFT),
        (Direction.LINK_ONLY, Drift.RESTORE, Verdict.DRIFT, Verdict.DRIFT, Verdict.DRIFT),
    ],
)
def test_where_a_change_goes_by_direction_and_drift(
    direction: Direction, drift: Drift, left_only: Verdict, right_only: Verdict, both: Verdict
) -> None:
    policy = Policy(direction, drift, Owner.ASK)
    assert [merge(state, policy) for state in (LEFT_ONLY, RIGHT_ONLY, BOTH)] == [left_only, right_only, both]


@pytest.mark.parametrize(
    ("owner", "left_at", "right_at", "verdict"),
    [
        (Owner.LEFT, EARLY, LATE, Verdict.TO_RIGHT),
        (Owner.RIGHT, LATE, EARLY, Verdict.TO_LEFT),
        (Owner.ASK, LATE, EARLY, Verdict.CONFLICT),
        (Owner.NEWEST, LATE, EARLY, Verdict.TO_RIGHT),
        (Owner.NEWEST, EARLY, LATE, Verdict.TO_LEFT),
        (Owner.NEWEST, EARLY, EARLY, Verdict.CONFLICT),
        (Owner.NEWEST, None, LATE, Verdict.CONFLICT),
        (Owner.NEWEST, EARLY, None, Verdict.CONFLICT),
    ],
)
def test_who_wins_where_both_sides_changed(owner: Owner, left_at: datetime | None, right_at: datetime | None, verdict: Verdict) -> None:
    assert merge(BOTH, two_way(owner, left_at, right_at)) is verdict


@pytest.mark.parametrize(
    ("left", "right", "direction", "drift", "verdict"),
    [
        ("x", None, Direction.EXPORT, Drift.REPORT, Verdict.TO_RIGHT),
        ("x", None, Direction.TWO_WAY, Drift.REPORT, Verdict.TO_RIGHT),
        ("x", None, Direction.IMPORT, Drift.REPORT, Verdict.DRIFT),
        (None, "y", Direction.EXPORT, Drift.REPORT, Verdict.DRIFT),
        (None, "y", Direction.TWO_WAY, Drift.REPORT, Verdict.TO_LEFT),
        (None, "y", Direction.IMPORT, Drift.REPORT, Verdict.TO_LEFT),
        ("x", "y", Direction.EXPORT, Drift.REPORT, Verdict.DRIFT),
        ("x", "y", Direction.EXPORT, Drift.RESTORE, Verdict.TO_RIGHT),
        ("x", "y", Direction.IMPORT, Drift.REPORT, Verdict.DRIFT),
        ("x", "y", Direction.IMPORT, Drift.RESTORE, Verdict.TO_LEFT),
        ("x", "y", Direction.LINK_ONLY, Drift.RESTORE, Verdict.DRIFT),
        ("x", "x", Direction.LINK_ONLY, Drift.REPORT, Verdict.AGREED),
        (None, None, Direction.EXPORT, Drift.REPORT, Verdict.AGREED),
    ],
)
def test_a_pair_that_was_never_compared_before(left: Value, right: Value, direction: Direction, drift: Drift, verdict: Verdict) -> None:
    assert merge(equal_maps(left, right, None), Policy(direction, drift, Owner.LEFT)) is verdict


@pytest.mark.parametrize("owner", [Owner.ASK, Owner.NEWEST])
def test_two_way_values_that_differ_before_any_base_are_settled_like_edits_of_both_sides(owner: Owner) -> None:
    """Nothing tells which of the two is older, so neither may overwrite the other unasked."""
    assert merge(equal_maps("x", "y", None), two_way(owner)) is Verdict.CONFLICT


def everything() -> Iterator[tuple[FieldState, Policy]]:
    some = (None, "A", "B")
    bases: list[tuple[Value, Value] | None] = [None, *itertools.product(some, some)]
    for left, right, image, base in itertools.product(some, some, some, bases):
        for direction, drift, owner, unread in itertools.product(Direction, Drift, Owner, (False, True)):
            for left_at, right_at in ((None, None), (EARLY, LATE), (LATE, EARLY)):
                yield FieldState(left, right, image, base, unread), Policy(direction, drift, owner, left_at, right_at)


def test_no_write_is_answered_by_another_write() -> None:
    """After each verdict is carried out exactly, the same question has a quiet answer; all small cases."""
    for state, policy in everything():
        match merge(state, policy):
            case Verdict.TO_RIGHT:
                after = FieldState(state.left, state.image, state.image, (state.left, state.image))
            case Verdict.TO_LEFT:
                after = FieldState("taken over", state.right, "whatever it means", ("taken over", state.right))
            case Verdict.AGREED:
                after = FieldState(state.left, state.right, state.image, (state.left, state.right))
            case _:
                continue
        assert merge(after, policy) is Verdict.SAME, (state, policy)


def test_a_reference_that_moves_is_a_change() -> None:
    one, other = Ref("PROJECT", "1"), Ref("PROJECT", "2")
    assert merge(FieldState(Ref("project", "8"), one, other, (Ref("project", "7"), one)), export()) is Verdict.TO_RIGHT
