"""Both records of a linked pair, and what their fields add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tieout.core.case import Finding, FindingKind
from tieout.core.flow import Direction, FieldMap, Flow
from tieout.core.merge import FieldState, Policy, Verdict, merge, merge_members
from tieout.core.record import Ref, Value, fingerprint, normal
from tieout.core.rulings import Ruling, RulingKind, standing
from tieout.core.tables import HoldError
from tieout.core.view import Lookup, MissingError, Side, View

Halves = tuple[Value, Value]


@dataclass(slots=True)
class Sides:
    """The two records of a pair as rules see them, and how changes travel between them."""

    flow: Flow
    way: Direction
    left: View
    right: View
    rulings: Sequence[Ruling]
    now: datetime

    def policy(self, field_map: FieldMap) -> Policy:
        """How changes of this field travel."""
        left_at, right_at = self.left.record.modified_at, self.right.record.modified_at
        owner = field_map.owner_by(self.left.settings)
        return Policy(field_map.direction or self.way, self.flow.drift, owner, left_at, right_at)


@dataclass(slots=True)
class Merged:
    """What the fields of one pair add up to. `expected` holds what was last read of lines that are written."""

    to_right: dict[str, Value] = field(default_factory=dict)
    to_left: dict[str, Value] = field(default_factory=dict)
    base_right: dict[str, Halves] = field(default_factory=dict)
    base_left: dict[str, Halves] = field(default_factory=dict)
    agreed: dict[str, Halves] = field(default_factory=dict)
    expected: dict[str, Value] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unread:
    """Whether what we wrote to each side has not been read back yet, with nobody else having edited it since."""

    left: bool = False
    right: bool = False


READ = Unread()


class Compared(NamedTuple):  # one is made for every field of every record, and a tuple is made three times as fast as a dataclass
    """One field compared: what it needs, and its values in normal form."""

    verdict: Verdict
    left: Value
    right: Value
    image: Value


_SAME, _IMPORT = Verdict.SAME, Direction.IMPORT  # looking a member up in its class is slow


def stands(field_map: FieldMap, left: View, right: View, base: Halves) -> bool:
    """Whether both sides show what they last agreed on, which is in normal form; of a field that is not kept, whether the right does.

    Nearly every field of every record does, and then nothing more is asked of it. Raises what its rules raise.
    """
    if field_map.members or field_map.on_the_right(right) != base[1]:
        return False
    return not field_map.is_kept(left.settings) or field_map.left(left) == base[0]


def compare(sides: Sides, field_map: FieldMap, left_view: View, right_view: View, base: Halves | None, unread: Unread) -> Compared:
    """What one field, of a record or of a line, needs. Raises what its rules raise."""
    right = normal(field_map.on_the_right(right_view))
    if base is not None and not field_map.is_kept(left_view.settings):
        came_back = unread.right and right != normal(base[1])  # the form in which its first value came back
        return Compared(Verdict.AGREED if came_back else _SAME, base[0], right, right)
    left = normal(field_map.left(left_view))
    if base is not None and left == base[0] and right == base[1]:
        return Compared(_SAME, left, right, base[1])
    if field_map.right_read is not None or sides.way is _IMPORT:
        image = _as_if_sent(field_map, left, right, right_view)
    else:
        image = normal(field_map.to_right(left, left_view))
    verdict = merge(FieldState(left, right, image, base, unread.right, unread.left), sides.policy(field_map))
    found = Compared(verdict, left, right, image)
    return _chosen(sides, field_map, found) if verdict is Verdict.CONFLICT else found


_OTHER = Ref("", "")  # equals no value of any record


def _as_if_sent(field_map: FieldMap, left: Value, right: Value, right_view: View) -> Value:
    """Of a field that goes left only: the right value if the left is its image, else something that differs from it."""
    back = normal(field_map.to_left(right, right_view)) if field_map.to_left is not None else right
    return right if left == back else _OTHER


def conflict_fingerprint(name: str, left: Value, right: Value) -> str:
    """What a ruling about a conflict is bound to: it lapses when either value changes."""
    return fingerprint(["conflict", name, left, right])


def _chosen(sides: Sides, field_map: FieldMap, found: Compared) -> Compared:
    """A conflict as a person resolved it, if somebody did."""
    mark = conflict_fingerprint(field_map.right, found.left, found.right)
    ruling = standing(sides.rulings, RulingKind.RESOLVED, sides.now, mark)
    choice = ruling.data.get("choice") if ruling is not None else None
    if choice == "left":
        return Compared(Verdict.TO_RIGHT, found.left, found.right, found.image)
    if choice == "right":
        return Compared(Verdict.TO_LEFT, found.left, found.right, found.image)
    return found


def merge_field(sides: Sides, field_map: FieldMap, base: Halves | None, unread: Unread, merged: Merged) -> None:
    """Add what one field of the record needs. Raises what its rules raise."""
    name = field_map.right
    if field_map.members:
        left, right = field_map.left(sides.left), field_map.on_the_right(sides.right)
        _merge_members(sides, field_map, FieldState(left, right, None, base, unread.right, unread.left), merged)
        return
    found = compare(sides, field_map, sides.left, sides.right, base, unread)
    if found.verdict is _SAME:
        return
    match found.verdict:
        case Verdict.AGREED:
            merged.agreed[name] = (found.left, found.right)
        case Verdict.TO_RIGHT if field_map.right_read is None:
            merged.to_right[name] = found.image
            merged.base_right[name] = (found.left, found.image)
        case Verdict.TO_LEFT if field_map.to_left is not None and field_map.left_name:
            value = normal(field_map.to_left(found.right, sides.right))
            merged.to_left[field_map.left_name] = value
            merged.base_left[name] = (value, found.right)
        case Verdict.DRIFT | Verdict.TO_LEFT | Verdict.TO_RIGHT:
            merged.findings.append(drift(sides, field_map, found))
        case Verdict.CONFLICT:
            merged.findings.append(conflict(field_map, found))


def _merge_members(sides: Sides, field_map: FieldMap, state: FieldState, merged: Merged) -> None:
    found = merge_members(state, sides.policy(field_map), sides.left.counterparts, sides.right.counterparts)
    name, left, right = field_map.right, state.left or frozenset(), state.right or frozenset()
    if found.right != right:
        merged.to_right[name], merged.base_right[name] = found.right, found.base
    if found.left != left and field_map.left_name:
        merged.to_left[field_map.left_name], merged.base_left[name] = found.left, found.base
    if found.right == right and found.left == left and found.base != state.base:
        merged.agreed[name] = found.base
    merged.findings.extend(blocked(MissingError(ref, Lookup.COUNTERPART, Side.LEFT)) for ref in sorted(found.unknown_left))
    merged.findings.extend(blocked(MissingError(ref, Lookup.COUNTERPART, Side.RIGHT)) for ref in sorted(found.unknown_right))
    if found.drift:
        text = f"Some of the {field_map.shown} were taken out on the other side; that is left alone."
        merged.findings.append(Finding(FindingKind.DRIFT, "field.drift", text, field=name))


def blocked(missing: MissingError) -> Finding:
    """The finding of a record that waits for another."""
    text = f"It waits for {missing.ref}, which is not in step yet."
    return Finding(FindingKind.BLOCKED, "record.waits", text, ref=missing.ref, lookup=missing.lookup, side=missing.side)


def held(error: HoldError) -> Finding:
    """The finding of a record that waits for a person's deed."""
    return Finding(FindingKind.HELD, error.code, str(error), cause=error.cause)


def drift(sides: Sides, field_map: FieldMap, found: Compared) -> Finding:
    """The finding of a field that was edited where it is only written."""
    way = field_map.direction or sides.way
    text = drift_text(field_map, found.left if way is Direction.IMPORT else found.right)
    return Finding(FindingKind.DRIFT, "field.drift", text, field=field_map.right)


def drift_text(field_map: FieldMap, value: Value) -> str:
    """What people read about a field that was edited where it is only written."""
    return f"The {field_map.shown} was set to “{shown(value)}” on the other side and is left alone."


def conflict(field_map: FieldMap, found: Compared, where: str = "") -> Finding:
    """The finding of a field that both sides changed."""
    text = f"The {field_map.shown}{where} was changed on both sides: “{shown(found.left)}” and “{shown(found.right)}”. Choose one."
    mark = conflict_fingerprint(field_map.right, found.left, found.right)
    return Finding(FindingKind.CONFLICT, "field.conflict", text, field=field_map.right, fingerprint=mark)


def shown(value: Value) -> str:
    """A value as people read it."""
    return "nothing" if value is None else str(value)


def mapped(field_maps: Sequence[FieldMap], settings: Mapping[str, object]) -> list[FieldMap]:
    """The fields that take part under these settings."""
    return [field_map for field_map in field_maps if field_map.is_mapped(settings)]
