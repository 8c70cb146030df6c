"""The one function that decides: what a pair of records needs, and what a person should know about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tieout.core.flow import Direction, FieldMap, Flow, Lookup, MissingError, View
from tieout.core.merge import Base, FieldState, Policy, Verdict, merge
from tieout.core.record import Fields, Record, Ref, Value, fingerprint, normal

DELETED_LEFT = "deleted left"
DELETED_RIGHT = "deleted right"


class StepKind(StrEnum):
    """What is to be done about a pair."""

    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    UNLINK = "unlink"


class Side(StrEnum):
    """The side a step writes to."""

    LEFT = "left"
    RIGHT = "right"


class FindingKind(StrEnum):
    """What a person may want to know."""

    IN_STEP = "in step"
    SKIPPED = "skipped"
    HELD = "held"
    BLOCKED = "blocked on"
    CONFLICT = "conflict"
    DRIFT = "drift"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know, in a sentence; `ref` is what a blocked record waits for."""

    kind: FindingKind
    code: str
    text: str
    field: str = ""
    ref: Ref | None = None
    lookup: Lookup | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        fields: what is written, by field name of that side; references still as `Ref`.
        expected: the values of the same fields as last read.
        base: the pairs that enter the link's base once the step has settled.
        natural_key: of the record to create or link.
        target: the record written to or linked; None for a create.
    """

    kind: StepKind
    side: Side
    reason: str
    fields: Fields = field(default_factory=dict)
    expected: Fields = field(default_factory=dict)
    base: Base = field(default_factory=dict)
    natural_key: str = ""
    target: Ref | None = None
    entity: str = ""

    def fingerprint(self) -> str:
        """Covers what would happen, not record versions, so an unrelated edit voids nothing."""
        target = [self.target.kind, self.target.id] if self.target else None
        return fingerprint([self.kind, self.side, self.entity, target, self.natural_key, self.fields])


@dataclass(frozen=True, slots=True)
class Pairing:
    """An open link as the decision sees it; `unread` names the right fields we wrote and have not read back."""

    right: Ref
    base: Base = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ClosedPairing:
    """A link that was closed, and why."""

    right: Ref
    because: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything one decision is made from.

    Attributes:
        left, right: the records as last read; None if they are not there.
        pairing: the open link, if any.
        closed: earlier links of the left record.
        candidate: an unlinked right record that has the natural key the left record would get.
        taken_by: who already owns that natural key, in words, if it is linked elsewhere.
        needed: another record waits for this one.
        requested: a person asked for it, after any earlier link was closed.
        since: records neither created nor changed since then are left alone (R-ST-05); None takes all.
        edited_by_us: the right record's last editor is our own user.
        related, counterparts: see `View`.
    """

    left: Record | None
    right: Record | None = None
    pairing: Pairing | None = None
    closed: Sequence[ClosedPairing] = ()
    candidate: Record | None = None
    taken_by: str = ""
    needed: bool = False
    requested: bool = False
    since: datetime | None = None
    edited_by_us: bool = False
    related: Mapping[Ref, Record] = field(default_factory=dict)
    counterparts: Mapping[Ref, Ref] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Steps and findings come together: one field in conflict does not stop the others.

    `agreed` holds the pairs that enter the base although nothing is written for them.
    """

    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    agreed: Base = field(default_factory=dict)
    recheck_at: datetime | None = None

    @property
    def missing(self) -> tuple[Finding, ...]:
        """The findings that name a record to wait for."""
        return tuple(finding for finding in self.findings if finding.ref is not None)


def decide(flow: Flow, case: Case, settings: Mapping[str, Any], now: datetime) -> Decision:
    """What this pair needs under these settings. Pure and total: the same case gives the same decision."""
    try:
        if not flow.is_on(settings):
            return _only(FindingKind.SKIPPED, "flow.off", f"{flow.label} are not kept in step, because the setting is off.")
        if case.pairing is None:
            return _decide_unlinked(flow, case, settings)
        return _decide_linked(flow, case, case.pairing, settings)
    except MissingError as missing:
        return Decision(findings=(_blocked(missing),))


def _only(kind: FindingKind, code: str, text: str) -> Decision:
    return Decision(findings=(Finding(kind, code, text),))


def _blocked(missing: MissingError) -> Finding:
    text = f"It waits for {missing.ref}, which is not in step yet."
    return Finding(FindingKind.BLOCKED, "record.waits", text, ref=missing.ref, lookup=missing.lookup)


def _decide_unlinked(flow: Flow, case: Case, settings: Mapping[str, Any]) -> Decision:
    left = case.left
    if left is None or left.deleted:
        return _only(FindingKind.SKIPPED, "record.gone", "The record no longer exists, and it was never in step.")
    view = View(left, settings, case.related, case.counterparts)
    if (untouched := _untouched_since_switch_on(left, case)) is not None:
        return Decision(findings=(untouched,))
    exclusion = flow.excluded(view)
    if exclusion is not None and not (exclusion.until_needed and (case.needed or case.requested)):
        return _only(FindingKind.SKIPPED, exclusion.code, exclusion.text)
    if case.closed and not case.requested:
        because = case.closed[-1].because
        code = "link.deleted-right" if because == DELETED_RIGHT else "link.closed"
        text = (
            "Its counterpart was deleted there, so it is in step no more. It is not created again unless somebody asks for it."
            if because == DELETED_RIGHT
            else f"It was in step before, but the link was closed ({because}). Ask for it to link it again."
        )
        return _only(FindingKind.HELD, code, text)
    key = flow.natural_key(view)
    if case.taken_by:
        text = f"The ID {key} it would get is already used by {case.taken_by}."
        return _only(FindingKind.HELD, "link.collision", text)
    if case.candidate is not None:
        return _adopt(flow, case, view, case.candidate)
    if flow.direction not in (Direction.EXPORT, Direction.TWO_WAY):
        return _only(FindingKind.HELD, "link.missing", f"There is no record with the ID {key} to link it to.")
    return Decision(steps=(_create(flow, view, key),))


def _untouched_since_switch_on(left: Record, case: Case) -> Finding | None:
    if case.since is None or case.needed or case.requested:
        return None
    if left.modified_at is not None and left.modified_at < case.since:
        text = "It was last changed before the integration was switched on. Sync it on request to include it."
        return Finding(FindingKind.SKIPPED, "record.before-switch-on", text)
    return None


def _create(flow: Flow, view: View, key: str) -> Step:
    fields: dict[str, Value] = {}
    base: dict[str, tuple[Value, Value]] = {}
    for field_map in _mapped(flow, view.settings):
        left = normal(field_map.left(view))
        right = normal(field_map.to_right(left, view))
        base[field_map.right] = (left, right)
        if right is not None:
            fields[field_map.right] = right
    return Step(StepKind.CREATE, Side.RIGHT, "It had no counterpart yet.", fields, base=base, natural_key=key, entity=flow.entity(view))


def _adopt(flow: Flow, case: Case, view: View, candidate: Record) -> Decision:
    """Link what exists already. Equal fields enter the base; different ones are shown and left alone."""
    base: dict[str, tuple[Value, Value]] = {}
    findings: list[Finding] = []
    for field_map in _mapped(flow, view.settings):
        left = normal(field_map.left(view))
        right = normal(candidate.fields.get(field_map.right))
        image = normal(field_map.to_right(left, view))
        if (right is None and image is not None) or (left is None and right is not None and _goes_left(flow, field_map)):
            continue  # an empty field takes the other side's value once the link stands
        base[field_map.right] = (left, right)
        if image != right:
            findings.append(_drift(field_map, right))
    step = Step(
        StepKind.LINK,
        Side.RIGHT,
        f"A record with the ID {candidate.natural_key} exists already.",
        base=base,
        natural_key=candidate.natural_key,
        target=candidate.ref,
    )
    return Decision(steps=(step,), findings=tuple(findings))


def _goes_left(flow: Flow, field_map: FieldMap) -> bool:
    return flow.direction in (Direction.IMPORT, Direction.TWO_WAY) and field_map.to_left is not None


def _drift(field_map: FieldMap, right: Value) -> Finding:
    text = f"The {field_map.shown} was set to “{_shown(right)}” on the other side and is left alone."
    return Finding(FindingKind.DRIFT, "field.drift", text, field=field_map.right)


def _shown(value: Value) -> str:
    return "nothing" if value is None else str(value)


def _mapped(flow: Flow, settings: Mapping[str, Any]) -> list[FieldMap]:
    return [field_map for field_map in flow.fields if field_map.is_mapped(settings)]


def _decide_linked(flow: Flow, case: Case, pairing: Pairing, settings: Mapping[str, Any]) -> Decision:
    left_is_gone = case.left is None or case.left.deleted
    if (case.right is None or case.right.deleted) and left_is_gone:
        return Decision(steps=(Step(StepKind.UNLINK, Side.RIGHT, DELETED_LEFT, target=pairing.right),))
    if case.right is None or case.right.deleted:
        step = Step(StepKind.UNLINK, Side.RIGHT, DELETED_RIGHT, target=pairing.right)
        text = "The linked record was deleted on the other side. Ask for it to create it again, or leave it so."
        return Decision(steps=(step,), findings=(Finding(FindingKind.HELD, "link.deleted-right", text),))
    if case.left is None or case.left.deleted:
        return _left_is_gone(flow, case.right, pairing)
    view = View(case.left, settings, case.related, case.counterparts)
    return _merge_fields(flow, case, pairing, view, case.right)


def _left_is_gone(flow: Flow, right: Record, pairing: Pairing) -> Decision:
    wanted = {name: value for name, value in flow.when_left_is_gone.items() if normal(right.fields.get(name)) != normal(value)}
    unlink = Step(StepKind.UNLINK, Side.RIGHT, DELETED_LEFT, target=pairing.right)
    if not wanted or flow.direction not in (Direction.EXPORT, Direction.TWO_WAY):
        return Decision(steps=(unlink,))
    expected = {name: right.fields.get(name) for name in wanted}
    reason = "The record was deleted; its counterpart is set aside, never deleted."
    return Decision(steps=(Step(StepKind.UPDATE, Side.RIGHT, reason, wanted, expected, target=pairing.right, entity=right.entity), unlink))


@dataclass(slots=True)
class _Merged:
    """What the fields of one pair add up to."""

    to_right: dict[str, Value] = field(default_factory=dict)
    to_left: dict[str, Value] = field(default_factory=dict)
    base_right: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    base_left: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    agreed: dict[str, tuple[Value, Value]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def _merge_fields(flow: Flow, case: Case, pairing: Pairing, view: View, right: Record) -> Decision:
    merged = _Merged()
    back = View(right, view.settings, view.related, view.counterparts)
    for field_map in flow.fields:
        if not field_map.only_if or field_map.is_mapped(view.settings):
            try:
                _merge_field(flow, case, pairing, field_map, view, back, merged)
            except MissingError as missing:
                merged.findings.append(_blocked(missing))
    steps: list[Step] = []
    if merged.to_right:
        expected = {name: right.fields.get(name) for name in merged.to_right}
        reason = f"Changed: {flow.shown_fields(merged.to_right)}."
        steps.append(
            Step(
                StepKind.UPDATE,
                Side.RIGHT,
                reason,
                merged.to_right,
                expected,
                merged.base_right,
                natural_key=right.natural_key,
                target=pairing.right,
                entity=right.entity,
            )
        )
    if merged.to_left:
        expected = {name: view.record.fields.get(name) for name in merged.to_left}
        reason = f"Changed: {flow.shown_fields(merged.to_left)}."
        steps.append(Step(StepKind.UPDATE, Side.LEFT, reason, merged.to_left, expected, merged.base_left, target=view.record.ref))
    if not steps and not merged.findings:
        merged.findings.append(Finding(FindingKind.IN_STEP, "record.in-step", "Both sides agree."))
    return Decision(tuple(steps), tuple(merged.findings), merged.agreed)


def _merge_field(flow: Flow, case: Case, pairing: Pairing, field_map: FieldMap, view: View, back: View, merged: _Merged) -> None:
    name = field_map.right
    base = pairing.base.get(name)
    unread = case.edited_by_us and name in pairing.unread
    right = normal(back.record.fields.get(name))
    if base is not None and not field_map.is_kept(view.settings):
        if unread and right != normal(base[1]):
            merged.agreed[name] = (base[0], right)  # the form in which its first value came back
        return
    left = normal(field_map.left(view))
    converted = field_map.to_right(left, view)
    if base is not None and left == base[0] and right == base[1]:
        return  # neither side changed; nearly every field of every record ends here
    image = normal(converted)
    policy = Policy(flow.direction, flow.drift, field_map.owner, view.record.modified_at, back.record.modified_at)
    match merge(FieldState(left, right, image, base, unread), policy):
        case Verdict.AGREED:
            merged.agreed[name] = (left, right)
        case Verdict.TO_RIGHT:
            merged.to_right[name] = image
            merged.base_right[name] = (left, image)
        case Verdict.TO_LEFT if field_map.to_left is not None and field_map.left_name:
            value = normal(field_map.to_left(right, back))
            merged.to_left[field_map.left_name] = value
            merged.base_left[name] = (value, right)
        case Verdict.DRIFT | Verdict.TO_LEFT:
            merged.findings.append(_drift(field_map, right))
        case Verdict.CONFLICT:
            text = f"The {field_map.shown} was changed on both sides: “{_shown(left)}” and “{_shown(right)}”. Choose one."
            merged.findings.append(Finding(FindingKind.CONFLICT, "field.conflict", text, field=name))
