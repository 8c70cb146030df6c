"""The three-way merge of one field: each side is compared with its own half of the base, never with the other.

So a map need not be invertible, and what we wrote ourselves cannot come back as a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tieout.core.flow import Direction, Drift, Owner
from tieout.core.record import Value, normal

Base = Mapping[str, tuple[Value, Value]]


class Verdict(StrEnum):
    """What one field needs."""

    SAME = "same"  # neither side changed
    AGREED = "agreed"  # both sides now mean the same; the pair enters the base
    TO_RIGHT = "to right"
    TO_LEFT = "to left"
    DRIFT = "drift"  # the written side was edited and is left alone
    CONFLICT = "conflict"  # a person decides


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field on both sides, in normal form.

    Attributes:
        left, right: the values now.
        image: what the left value looks like on the right.
        base: the pair last accepted; None before the first.
        unread: we wrote the right value and nobody else has edited the record since.
    """

    left: Value
    right: Value
    image: Value
    base: tuple[Value, Value] | None
    unread: bool = False


@dataclass(frozen=True, slots=True)
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
    both sides, and the field's owner settles it. What we wrote and have not read back is no edit of the right side,
    whatever form its system gave it.
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
    left_changed, right_differs = left != base_left, right != base_right
    right_changed = right_differs and not state.unread
    if not left_changed and not right_changed:
        return Verdict.AGREED if right_differs else Verdict.SAME
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
