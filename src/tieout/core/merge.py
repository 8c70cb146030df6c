"""The three-way merge of one field: each side is compared with its own half of the base, never with the other.

So a map need not be invertible, and what we wrote ourselves cannot come back as a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tieout.core.flow import Direction, Drift, Owner
from tieout.core.record import Ref, Value, normal

Base = Mapping[str, tuple[Value, Value]]


class Verdict(StrEnum):
    """What one field needs."""

    SAME = "same"  # neither side changed
    AGREED = "agreed"  # both sides now mean the same; the pair enters the base
    TO_RIGHT = "to right"
    TO_LEFT = "to left"
    DRIFT = "drift"  # the written side was edited and is left alone
    CONFLICT = "conflict"  # a person decides


@dataclass(slots=True)  # not frozen: one is made for every changed field, and that takes half the time
class FieldState:
    """One field on both sides, in normal form.

    Attributes:
        left, right: the values now.
        image: what the left value looks like on the right.
        base: the pair last accepted; None before the first.
        unread: we wrote the right value and nobody else has edited the record since; `unread_left` the same of the left.
    """

    left: Value
    right: Value
    image: Value
    base: tuple[Value, Value] | None
    unread: bool = False
    unread_left: bool = False


@dataclass(slots=True)
class Policy:
    """How a field's changes travel, and who wins where both sides changed."""

    direction: Direction
    drift: Drift
    owner: Owner
    left_modified_at: datetime | None = None
    right_modified_at: datetime | None = None


def merge(state: FieldState, policy: Policy) -> Verdict:
    """What the field needs. Total: every combination has an answer.

    Without a base, equal meanings agree and an empty side takes the other's value. Different values are treated as
    an edit of the side that is written to, because nothing shows that the owner changed it; in a two-way flow that is
    both sides, and the field's owner settles it. What we wrote and have not read back is no edit of that side, whatever
    form its system gave it.
    """
    left, right, image = normal(state.left), normal(state.right), normal(state.image)
    if image == right and (state.base is None or (left, right) != _pair(state.base)):
        return Verdict.AGREED
    if state.base is None:
        if left is None or right is None:
            return _one_side_edited(policy, left_changed=right is None)
        if policy.direction is Direction.TWO_WAY:
            return _both_edited(policy)
        return _one_side_edited(policy, left_changed=policy.direction is Direction.IMPORT)
    base_left, base_right = _pair(state.base)
    left_differs, right_differs = left != base_left, right != base_right
    left_changed, right_changed = left_differs and not state.unread_left, right_differs and not state.unread
    if not left_changed and not right_changed:
        return Verdict.AGREED if left_differs or right_differs else Verdict.SAME
    if left_changed and right_changed:
        return _both_edited(policy)
    return _one_side_edited(policy, left_changed=left_changed)


def _pair(base: tuple[Value, Value]) -> tuple[Value, Value]:
    return normal(base[0]), normal(base[1])


def _one_side_edited(policy: Policy, *, left_changed: bool) -> Verdict:
    match policy.direction, left_changed:
        case (Direction.LINK_ONLY, _):
            return Verdict.DRIFT
        case (Direction.EXPORT | Direction.TWO_WAY, True):
            return Verdict.TO_RIGHT
        case (Direction.IMPORT | Direction.TWO_WAY, False):
            return Verdict.TO_LEFT
        case (Direction.EXPORT, False):
            return Verdict.TO_RIGHT if policy.drift is Drift.RESTORE else Verdict.DRIFT
        case _:
            return Verdict.TO_LEFT if policy.drift is Drift.RESTORE else Verdict.DRIFT


def _both_edited(policy: Policy) -> Verdict:
    match policy.direction:
        case Direction.EXPORT:
            return Verdict.TO_RIGHT
        case Direction.IMPORT:
            return Verdict.TO_LEFT
        case Direction.LINK_ONLY:
            return Verdict.DRIFT
    match policy.owner:
        case Owner.LEFT:
            return Verdict.TO_RIGHT
        case Owner.RIGHT:
            return Verdict.TO_LEFT
        case Owner.ASK:
            return Verdict.CONFLICT
    if policy.left_modified_at is None or policy.right_modified_at is None or policy.left_modified_at == policy.right_modified_at:
        return Verdict.CONFLICT
    return Verdict.TO_RIGHT if policy.left_modified_at > policy.right_modified_at else Verdict.TO_LEFT


@dataclass(frozen=True, slots=True)
class Members:
    """Both sides of a set of references after the merge, and the pair that enters the base.

    `unknown` are members whose partner is not known yet; `drift` says that members we wrote were taken out there.
    """

    left: frozenset[Ref]
    right: frozenset[Ref]
    base: tuple[frozenset[Ref], frozenset[Ref]]
    unknown_left: frozenset[Ref] = frozenset()
    unknown_right: frozenset[Ref] = frozenset()
    drift: bool = False


def merge_members(state: FieldState, policy: Policy, to_right: Mapping[Ref, Ref], to_left: Mapping[Ref, Ref]) -> Members:
    """Merge a set of references member by member: what one side added or took out since the base is done on the other.

    Members of the written side that are not ours are left alone. A member whose partner is not known yet stays out of the
    base, so that it is carried across as soon as there is one.
    """
    left, right = _members(state.left), _members(state.right)
    base_left, base_right = (
        (_members(state.base[0]), _members(state.base[1])) if state.base is not None else (frozenset[Ref](), frozenset[Ref]())
    )
    outward = policy.direction in (Direction.EXPORT, Direction.TWO_WAY)
    inward = policy.direction in (Direction.IMPORT, Direction.TWO_WAY)
    fresh_left, fresh_right = left - base_left, right - base_right
    lost_left = frozenset() if state.unread_left else base_left - left
    lost_right = frozenset() if state.unread else base_right - right
    new_left, new_right = set(left), set(right)
    if outward:
        new_right |= {to_right[ref] for ref in fresh_left if ref in to_right}
        new_right -= {to_right[ref] for ref in lost_left if ref in to_right and to_right[ref] not in fresh_right}
    if inward:
        new_left |= {to_left[ref] for ref in fresh_right if ref in to_left}
        new_left -= {to_left[ref] for ref in lost_right if ref in to_left and to_left[ref] not in fresh_left}
    drift = (bool(lost_right) and not inward) or (bool(lost_left) and not outward)
    if drift and policy.drift is Drift.RESTORE:
        back_right = {ref for ref in lost_right if outward and to_left.get(ref) in left}
        back_left = {ref for ref in lost_left if inward and to_right.get(ref) in right}
        new_right, new_left, drift = new_right | back_right, new_left | back_left, False
    unknown_left = frozenset(ref for ref in fresh_left if outward and ref not in to_right)
    unknown_right = frozenset(ref for ref in fresh_right if inward and ref not in to_left)
    base = (frozenset(new_left) - unknown_left, frozenset(new_right) - unknown_right)
    return Members(frozenset(new_left), frozenset(new_right), base, unknown_left, unknown_right, drift)


def _members(value: Value) -> frozenset[Ref]:
    return value if isinstance(value, frozenset) else frozenset()
