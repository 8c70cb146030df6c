"""Decisions about linked pairs: merge both sides, take what is due, and settle what became of a side that is gone or locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tieout.core.born import create_right, due_acts, left_view, right_view, what_becomes
from tieout.core.case import (
    DELETED_LEFT,
    DELETED_RIGHT,
    REPLACED,
    Case,
    ClosedPairing,
    Decision,
    Finding,
    FindingKind,
    Pairing,
    Step,
    StepKind,
)
from tieout.core.fields import READ, Halves, Merged, Sides, Unread, blocked, held, merge_field, stands
from tieout.core.flow import Direction, Flow, Gone, Lock, WhenLocked
from tieout.core.lines import lines_in, merge_lines, settled_elsewhere, to_recognise
from tieout.core.merge import Base
from tieout.core.record import Fields, Record, Value, normal
from tieout.core.rulings import RulingKind, standing
from tieout.core.tables import HoldError
from tieout.core.view import MissingError, Side

_WAITING = frozenset({FindingKind.BLOCKED, FindingKind.CONFLICT, FindingKind.HELD})
_OUTWARD = (Direction.EXPORT, Direction.TWO_WAY)
_INWARD = (Direction.IMPORT, Direction.TWO_WAY)


def decide_linked(flow: Flow, case: Case, pairing: Pairing, settings: Mapping[str, Any], now: datetime) -> Decision:
    """What a linked pair needs. Raises what its rules raise."""
    left = case.left if case.left is not None and not case.left.deleted else None
    right = case.right if case.right is not None and not case.right.deleted else None
    if left is None and right is None:
        return Decision(steps=(Step(StepKind.UNLINK, Side.RIGHT, DELETED_LEFT, target=pairing.right),))
    if right is None:
        assert left is not None
        return _right_is_gone(flow, case, left, pairing, settings, now)
    if left is None:
        return _left_is_gone(flow, case, right, pairing, settings, now)
    return _merge(flow, case, pairing, left, right, settings, now)


def _right_is_gone(flow: Flow, case: Case, left: Record, pairing: Pairing, settings: Mapping[str, Any], now: datetime) -> Decision:
    if case.successor is not None and flow.succeeds:
        return _succeed(pairing, case.successor, flow)
    gone = what_becomes(flow.when_right_is_gone, left_view(case, left, settings, now), now)
    unlink = Step(StepKind.UNLINK, Side.RIGHT, DELETED_RIGHT, target=pairing.right)
    if gone.brings_back:
        return Decision(steps=(unlink,), recheck_at=gone.not_before)
    if flow.way(settings) in _INWARD and (gone.deletes or gone.sets):
        return Decision(steps=(*_put_away(gone, left, Side.LEFT), unlink))
    if not gone.asks:
        return Decision(steps=(unlink,))
    text = "The linked record was deleted on the other side. Ask for it to create it again, or leave it so."
    return Decision(steps=(unlink,), findings=(Finding(FindingKind.HELD, "link.deleted-right", text),))


def _left_is_gone(flow: Flow, case: Case, right: Record, pairing: Pairing, settings: Mapping[str, Any], now: datetime) -> Decision:
    gone = what_becomes(flow.when_left_is_gone, right_view(case, right, settings, now), now)
    unlink = Step(StepKind.UNLINK, Side.RIGHT, DELETED_LEFT, target=pairing.right)
    if gone.brings_back:
        return Decision(steps=(unlink,), recheck_at=gone.not_before)
    if flow.way(settings) in _OUTWARD:
        return Decision(steps=(*_put_away(gone, right, Side.RIGHT), unlink))
    return Decision(steps=(unlink,))


def _put_away(gone: Gone, record: Record, side: Side) -> tuple[Step, ...]:
    """The step that deals with the record that stays, if it is to be dealt with."""
    entity = record.entity if side is Side.RIGHT else ""
    if gone.deletes:
        reason = "The record was deleted, and this flow deletes its counterpart."
        expected = dict(record.fields)
        return (Step(StepKind.DELETE, side, reason, {}, expected, natural_key=record.natural_key, target=record.ref, entity=entity),)
    wanted = {name: value for name, value in gone.sets.items() if normal(record.fields.get(name)) != normal(value)}
    if not wanted:
        return ()
    expected = {name: record.fields.get(name) for name in wanted}
    reason = "The record was deleted; its counterpart is set aside, never deleted."
    return (Step(StepKind.UPDATE, side, reason, wanted, expected, natural_key=record.natural_key, target=record.ref, entity=entity),)


def _succeed(pairing: Pairing, successor: Record, flow: Flow) -> Decision:
    """The record was made anew under another id: its successor takes over the link."""
    lines = {line_map.right for line_map in flow.lines}
    base: Base = {name: to_recognise(value) if name in lines else value for name, value in pairing.base.items()}
    unlink = Step(StepKind.UNLINK, Side.RIGHT, REPLACED, target=pairing.right)
    text = f"{successor.natural_key or successor.id} was made anew there and takes the place of the one that is gone."
    link = Step(StepKind.LINK, Side.RIGHT, text, base=base, natural_key=successor.natural_key, target=successor.ref)
    return Decision(steps=(unlink, link))


def _merge(flow: Flow, case: Case, pairing: Pairing, left: Record, right: Record, settings: Mapping[str, Any], now: datetime) -> Decision:
    sides = Sides(flow, flow.way(settings), left_view(case, left, settings, now), right_view(case, right, settings, now), case.rulings, now)
    merged = Merged()
    for field_map in flow.fields:
        if not field_map.only_if or field_map.is_mapped(settings):
            try:
                base = pairing.base.get(field_map.right)
                if base is None or not stands(field_map, sides.left, sides.right, base):
                    unread = _unread(case, pairing, field_map.right, field_map.left_name)
                    merge_field(sides, field_map, base, unread, merged)
            except MissingError as missing:
                merged.findings.append(blocked(missing))
            except HoldError as error:
                merged.findings.append(held(error))
    for line_map in flow.lines:
        if not line_map.only_if or settings.get(line_map.only_if):
            try:
                merge_lines(
                    sides, line_map, pairing.base.get(line_map.right), _unread(case, pairing, line_map.right), merged, pairing.maybe_added
                )
            except HoldError as error:
                merged.findings.append(held(error))
    steps = [*_write_right(flow, case, pairing, sides, merged), *_write_left(flow, left, merged)]
    if flow.acts and not any(finding.kind in _WAITING for finding in merged.findings):
        steps += due_acts(flow, sides.left, sides.right, pairing.right)
    if not steps and not merged.findings:
        merged.findings.append(Finding(FindingKind.IN_STEP, "record.in-step", "Both sides agree."))
    return Decision(tuple(steps), tuple(merged.findings), merged.agreed)


def _unread(case: Case, pairing: Pairing, name: str, left_name: str = "") -> Unread:
    """What of a field is as we wrote it: nobody else has edited the record since, or its text is ours but for spaces and capitals.

    The latter is what a system makes of a text, whoever has saved the record before it was read back.
    """
    if not pairing.unread and not pairing.unread_left:
        return READ
    base = pairing.base.get(name, (None, None))
    on_right = name in pairing.unread and (case.edited_by_us or _is_alike(case.right, name, base[1]))
    on_left = name in pairing.unread_left and (case.left_edited_by_us or _is_alike(case.left, left_name, base[0]))
    return Unread(on_left, on_right) if on_left or on_right else READ


def _is_alike(record: Record | None, name: str, written: Value) -> bool:
    shown = record.fields.get(name) if record is not None else None
    return isinstance(shown, str) and isinstance(written, str) and _plain(shown) == _plain(written)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _write_left(flow: Flow, left: Record, merged: Merged) -> list[Step]:
    if not merged.to_left:
        return []
    expected = {name: left.fields.get(name) for name in merged.to_left}
    reason = f"Changed: {flow.shown_fields(merged.to_left)}."
    return [Step(StepKind.UPDATE, Side.LEFT, reason, merged.to_left, expected, merged.base_left, target=left.ref)]


def _write_right(flow: Flow, case: Case, pairing: Pairing, sides: Sides, merged: Merged) -> list[Step]:
    if not merged.to_right:
        return []
    update = _update(flow, pairing, sides, merged, merged.to_right)
    lock = flow.lock
    state = lock.state(sides.right) if lock is not None else ""
    if lock is None or not state:
        return [update]
    free = {name: value for name, value in merged.to_right.items() if name in lock.frees}
    held_up = {name: value for name, value in merged.to_right.items() if name not in lock.frees}
    steps = [_update(flow, pairing, sides, merged, free)] if free else []
    return steps + (_when_locked(flow, case, pairing, sides, merged, lock, state, held_up) if held_up else [])


def _update(flow: Flow, pairing: Pairing, sides: Sides, merged: Merged, fields: Fields) -> Step:
    right = sides.right.record
    expected = {name: merged.expected.get(name, right.fields.get(name)) for name in fields}
    base = {name: merged.base_right[name] for name in fields}
    reason = f"Changed: {flow.shown_fields(fields)}."
    key, entity = right.natural_key, right.entity
    return Step(StepKind.UPDATE, Side.RIGHT, reason, dict(fields), expected, base, key, pairing.right, entity)


def _when_locked(
    flow: Flow, case: Case, pairing: Pairing, sides: Sides, merged: Merged, lock: Lock, state: str, fields: Fields
) -> list[Step]:
    """What becomes of changes to a record that can no longer be changed: by the flow's policy, or as a person ruled."""
    mark = _update(flow, pairing, sides, merged, fields).fingerprint()
    ruling = standing(case.rulings, RulingKind.RESOLVED, sides.now, mark)
    choice = str(ruling.data.get("choice") or "") if ruling is not None else ""
    then = WhenLocked(choice) if choice in set(WhenLocked) else lock.then(sides.left.settings)
    base = {name: merged.base_right[name] for name in fields}
    if choice == "leave":
        merged.agreed.update(_left_as_it_is(base, sides.right.record.fields, flow))
        return []
    if then is WhenLocked.REPLACE and (replaced := _replace(flow, case, pairing, sides, merged, lock)):
        return replaced
    if then is WhenLocked.ADJUST and lock.adjustment is not None:
        adjustment = lock.adjustment(sides.left, sides.right, pairing.base)
        settled = _left_as_it_is(base, sides.right.record.fields, flow)
        if adjustment is None:
            merged.agreed.update(settled)
            return []
        reason = f"It is {state} there, so another document carries the change: {flow.shown_fields(fields)}."
        right = sides.right.record
        made = {name: value for name, value in adjustment.fields.items() if value is not None}
        key = adjustment.natural_key
        step = Step(StepKind.ADJUST, Side.RIGHT, reason, made, {}, settled, key, None, right.entity, made_kind=adjustment.kind)
        return [step]
    text = f"It is {state} there and can no longer be changed, but it was changed here: {flow.shown_fields(fields)}."
    merged.findings.append(Finding(FindingKind.HELD, "record.locked", text, fingerprint=mark))
    return []


def _left_as_it_is(base: Mapping[str, Halves], right: Fields, flow: Flow) -> dict[str, Halves]:
    """The pairs of a change that is not made on this record: the left as it is now, the right as it stays."""
    lines = {line_map.right for line_map in flow.lines}
    settled: dict[str, Halves] = {}
    for name, value in base.items():
        stays: Value = normal(right.get(name))
        settled[name] = settled_elsewhere(value, lines_in(right.get(name))) if name in lines else (value[0], stays)
    return settled


def _replace(flow: Flow, case: Case, pairing: Pairing, sides: Sides, merged: Merged, lock: Lock) -> list[Step]:
    """Reverse the record, let go of it, and make it anew; nothing if that has to wait."""
    reverse = lock.reversal
    if reverse is None:
        return []
    closed = (*case.closed, ClosedPairing(pairing.right, REPLACED, sides.now))
    view = left_view(replace(case, closed=closed), sides.left.record, sides.left.settings, sides.now)
    made = create_right(flow, case, view, flow.natural_key(view))
    merged.findings.extend(finding for finding in made.findings if finding not in merged.findings)
    if not made.steps:
        return []
    right = sides.right.record
    expected = {name: right.fields.get(name) for name in reverse.becomes}
    reason = "It can no longer be changed, so it is reversed and made anew."
    undo = Step(
        StepKind.ACT,
        Side.RIGHT,
        reason,
        reverse.fields(sides.left, sides.right),
        expected,
        natural_key=right.natural_key,
        target=pairing.right,
        entity=right.entity,
        action=reverse.name,
        becomes=reverse.becomes,
    )
    unlink = Step(StepKind.UNLINK, Side.RIGHT, REPLACED, target=pairing.right)
    return [*([undo] if reverse.due(sides.left, sides.right) else []), unlink, *made.steps]


__all__ = ["decide_linked"]
