"""Decisions about records that have no counterpart yet, on either side: create it, find it, or leave the record alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tieout.core.case import DELETED_LEFT, DELETED_RIGHT, REPLACED, WITHDRAWN, Case, Decision, Finding, FindingKind, Step, StepKind
from tieout.core.fields import Halves, blocked, drift_text, mapped
from tieout.core.flow import Direction, Exclusion, FieldMap, Flow, Gone, When, WhenGone
from tieout.core.lines import added, halves, lines_in, new_lines, recognised
from tieout.core.record import Record, Ref, Value, normal
from tieout.core.rulings import RulingKind, kept_apart, standing
from tieout.core.view import Lookup, MissingError, Side, View

Settings = Mapping[str, Any]


def left_view(case: Case, record: Record, settings: Settings, now: datetime) -> View:
    """The view of a left record."""
    replaced = sum(1 for closed in case.closed if closed.because == REPLACED) if case.closed else 0
    allowed = bool(case.rulings) and standing(case.rulings, RulingKind.PERIOD_ALLOWED, now) is not None
    return View(record, settings, case.related, case.counterparts, case.facts, Side.LEFT, now, None, replaced, allowed)


def right_view(case: Case, record: Record, settings: Settings, now: datetime) -> View:
    """The view of a right record."""
    return View(record, settings, case.related_right, case.partners, case.facts, Side.RIGHT, now)


def what_becomes(rule: WhenGone, view: View, since: datetime) -> Gone:
    """What becomes of a record that stays, by its flow's rule."""
    return rule if isinstance(rule, Gone) else rule(view, since)


def _only(kind: FindingKind, code: str, text: str, recheck_at: datetime | None = None) -> Decision:
    return Decision(findings=(Finding(kind, code, text),), recheck_at=recheck_at)


def decide_left_born(flow: Flow, case: Case, settings: Settings, now: datetime) -> Decision:
    """A record of the left without counterpart. Raises what its rules raise."""
    left = case.left
    if left is None or left.deleted:
        return _only(FindingKind.SKIPPED, "record.gone", "The record no longer exists, and it was never in step.")
    view = left_view(case, left, settings, now)
    if (
        left_out := _left_out(flow, case, left, flow.excluded(view)) or _was_closed(case, flow.when_right_is_gone, DELETED_RIGHT, view)
    ) is not None:
        return left_out
    key = flow.natural_key(view)
    if case.taken_by:
        return _only(FindingKind.HELD, "link.collision", f"The ID {key} it would get is already used by {case.taken_by}.")
    if case.candidate is not None:
        if case.candidate.id in kept_apart(case.rulings, now):
            text = f"The ID {key} it would get belongs to a record that somebody keeps apart from it."
            return _only(FindingKind.HELD, "link.collision", text)
        return _adopt(flow, case, view, right_view(case, case.candidate, settings, now), case.candidate, Side.RIGHT)
    if flow.way(settings) not in (Direction.EXPORT, Direction.TWO_WAY):
        return _only(FindingKind.HELD, "link.missing", f"There is no record with the ID {key} to link it to.")
    return create_right(flow, case, view, key)


def decide_right_born(flow: Flow, case: Case, settings: Settings, now: datetime) -> Decision:
    """A record of the right without counterpart. Raises what its rules raise."""
    right = case.right
    if right is None or right.deleted:
        return _only(FindingKind.SKIPPED, "record.gone", "The record no longer exists, and it was never in step.")
    if not flow.takes_right_born(settings):
        return _only(FindingKind.SKIPPED, "record.one-way", "It exists on the other side only, and nothing is written from there.")
    view = right_view(case, right, settings, now)
    excluded = flow.excluded_right(view)
    if (left_out := _left_out(flow, case, right, excluded) or _was_closed(case, flow.when_left_is_gone, DELETED_LEFT, view)) is not None:
        return left_out
    key = flow.left_key(view)
    apart = case.candidate is not None and case.candidate.id in kept_apart(case.rulings, now)
    if case.taken_by and not apart:
        return _only(FindingKind.HELD, "link.collision", f"“{key}”, by which it would be found, is already used by {case.taken_by}.")
    if case.candidate is not None and not apart:
        return _adopt(flow, case, left_view(case, case.candidate, settings, now), view, case.candidate, Side.LEFT)
    return Decision(steps=(_create_left(flow, view, key),))


def _left_out(flow: Flow, case: Case, record: Record, exclusion: Exclusion | None) -> Decision | None:
    """Why a record takes no part, if so."""
    wanted = case.needed or case.requested
    if case.since is not None and not wanted and not flow.judges_age and record.modified_at is not None and record.modified_at < case.since:
        text = "It was last changed before the integration was switched on. Sync it on request to include it."
        return _only(FindingKind.SKIPPED, "record.before-switch-on", text)
    if exclusion is not None and not (exclusion.until_needed and wanted):
        return _only(FindingKind.SKIPPED, exclusion.code, exclusion.text, exclusion.until)
    return None


def _was_closed(case: Case, rule: WhenGone, deleted: str, view: View) -> Decision | None:
    """What an earlier link that was closed stands in the way of."""
    if not case.closed or case.requested:
        return None
    last = case.closed[-1]
    if last.because == REPLACED:
        return None
    if last.because != deleted:
        text = f"It was in step before, but the link was closed ({last.because}). Ask for it to link it again."
        return _only(FindingKind.HELD, "link.closed", text)
    now = view.now or last.at
    gone = what_becomes(rule, view, last.at or now) if now is not None else Gone()
    if gone.brings_back:
        if gone.not_before is None or now is None or now >= gone.not_before:
            return None
        return _only(FindingKind.SKIPPED, "link.comes-back", "Its counterpart was deleted there and will be made again.", gone.not_before)
    text = "Its counterpart was deleted there, so it is in step no more. It is not created again unless somebody asks for it."
    kind = FindingKind.HELD if gone.asks else FindingKind.SKIPPED
    return _only(kind, "link.deleted-right" if deleted == DELETED_RIGHT else "link.deleted-left", text)


def create_right(flow: Flow, case: Case, view: View, key: str) -> Decision:
    """The step that makes the right record, with the acts that are due at once; or everything it waits for."""
    fields: dict[str, Value] = {}
    base: dict[str, Halves] = {}
    waits: list[MissingError] = []
    later: list[MissingError] = []
    for field_map in mapped(flow.fields, view.settings):
        try:
            pair = _first_right(flow, field_map, view, later)
        except MissingError as missing:
            waits.append(missing)
            continue
        if pair is not None:
            base[field_map.right] = pair
            if pair[1] is not None and field_map.right_read is None:
                fields[field_map.right] = pair[1]
    for line_map in flow.lines:
        if line_map.only_if and not view.settings.get(line_map.only_if):
            continue
        pairs, missing_ones = new_lines(line_map, view)
        waits += missing_ones
        base[line_map.right] = halves(pairs)
        if pairs:
            fields[line_map.right] = tuple(added(right) for _, right in pairs)
    if waits:
        return Decision(findings=tuple(dict.fromkeys(blocked(each) for each in waits)))
    entity = flow.entity(view)
    step = Step(StepKind.CREATE, Side.RIGHT, "It had no counterpart yet.", fields, base=base, natural_key=key, entity=entity)
    image = Record(flow.right_kind, "", {name: halves_[1] for name, halves_ in base.items()}, key, entity)
    acts = due_acts(flow, view, right_view(case, image, view.settings, view.now), None) if view.now is not None else ()
    return Decision(steps=(step, *acts), findings=tuple(blocked(each) for each in later))


def _first_right(flow: Flow, field_map: FieldMap, view: View, later: list[MissingError]) -> Halves | None:
    """The first pair of a field of a record made on the right; None for one that stands in no base yet."""
    left = normal(field_map.left(view))
    if field_map.right_read is not None:
        return None if field_map.is_kept(view.settings) else (left, left)
    if field_map.members and isinstance(left, frozenset):
        linked = frozenset(ref for ref in left if ref in view.counterparts)
        later += [MissingError(ref, Lookup.COUNTERPART, Side.LEFT) for ref in sorted(left - linked)]
        return linked, frozenset(view.counterparts[ref] for ref in linked)
    if field_map.direction is Direction.IMPORT:
        return None
    return left, normal(field_map.to_right(left, view))


def due_acts(flow: Flow, left: View, right: View, target: Ref | None) -> tuple[Step, ...]:
    """The acts that are to be done now. Without a target they are for the record the step before has made."""
    steps = []
    for act in flow.acts:
        if act.due(left, right):
            record = left.record if act.side is Side.LEFT else right.record
            expected = {name: record.fields.get(name) for name in act.becomes}
            reason = f"It is due: {act.shown}."
            if act.deletes and target is not None:
                gone = dict(record.fields)
                steps += [
                    Step(StepKind.DELETE, act.side, reason, {}, gone, natural_key=record.natural_key, target=target, entity=record.entity),
                    Step(StepKind.UNLINK, act.side, WITHDRAWN, target=target),
                ]
                break
            to = left.record.ref if act.side is Side.LEFT else target
            steps.append(
                Step(
                    StepKind.ACT,
                    act.side,
                    reason,
                    act.fields(left, right),
                    expected,
                    natural_key=record.natural_key,
                    target=to,
                    entity=record.entity if act.side is Side.RIGHT else "",
                    action=act.name,
                    becomes=act.becomes,
                )
            )
    return tuple(steps)


def _create_left(flow: Flow, view: View, key: str) -> Step:
    """The step that makes the left record of a right one."""
    way = flow.way(view.settings)
    fields: dict[str, Value] = {}
    base: dict[str, Halves] = {}
    for field_map in mapped(flow.fields, view.settings):
        right = normal(field_map.on_the_right(view))
        if not field_map.goes_left(way):
            if not field_map.is_kept(view.settings):
                base[field_map.right] = (None, right)  # what is given on creation only was given there
            continue
        left = _first_left(field_map, right, view)
        base[field_map.right] = (left, right)
        if left is not None:
            fields[field_map.left_name] = left
    return Step(StepKind.CREATE, Side.LEFT, "It exists on the other side only.", fields, base=base, natural_key=key)


def _first_left(field_map: FieldMap, right: Value, view: View) -> Value:
    if field_map.members and isinstance(right, frozenset):
        return frozenset(view.counterpart(ref) for ref in sorted(right))
    return normal(field_map.to_left(right, view)) if field_map.to_left is not None else None


def _adopt(flow: Flow, case: Case, left: View, right: View, found: Record, side: Side) -> Decision:
    """Link what exists already. Equal fields enter the base; different ones are shown and left alone."""
    way = flow.way(left.settings)
    base: dict[str, Halves] = {}
    findings: list[Finding] = []
    for field_map in mapped(flow.fields, left.settings):
        one, other = normal(field_map.left(left)), normal(field_map.on_the_right(right))
        if field_map.right_read is not None or field_map.members:
            continue  # what follows from the link is written once it stands, and sets are merged then
        image = normal(field_map.to_right(one, left))
        if field_map.when is When.MAKING:
            base[field_map.right] = (one, other)
            continue
        if (other is None and image is not None) or (one is None and other is not None and field_map.goes_left(way)):
            continue  # an empty field takes the other side's value once the link stands
        base[field_map.right] = (one, other)
        if image != other:
            findings.append(Finding(FindingKind.DRIFT, "field.drift", drift_text(field_map, other), field=field_map.right))
    for line_map in flow.lines:
        pairs, missing = new_lines(line_map, left)
        if missing:
            raise missing[0]
        base[line_map.right] = halves(recognised(pairs, lines_in(right.get(line_map.right)), by_place=False))
    name = found.natural_key or found.id
    text = f"A record with the ID {name} exists already."
    step = Step(StepKind.LINK, side, text, base=base, natural_key=name, target=found.ref)
    return Decision(steps=(step,), findings=tuple(findings))


__all__ = ["create_right", "decide_left_born", "decide_right_born", "due_acts", "left_view", "right_view", "what_becomes"]
