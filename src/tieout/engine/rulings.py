"""People's stored words on records: what a problem asks, the answer to it, and every word said before.

A word is stored before it is acknowledged, and the record is looked at again; the decision that follows obeys it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tieout.core.decide import Finding, FindingKind, decide
from tieout.core.flow import Flow
from tieout.core.record import Ref
from tieout.core.rulings import is_skipped
from tieout.engine import journal
from tieout.engine.connections import look_again
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.mark import mark
from tieout.engine.pairs import RIGHT_BORN, Pair, settings_of
from tieout.engine.probe import handle_of
from tieout.engine.release import Word
from tieout.platforms import registry
from tieout.store.models import Integration, IntentState, Problem, Ruling, RulingKind

LOCKED = "record.locked"
NO_HANDLE = "write.no-handle"
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "field.conflict": (("left", "Keep the platform's value"), ("right", "Keep the books' value")),
    LOCKED: (
        ("replace", "Reverse it and make it anew"),
        ("adjust", "Carry the difference in another document"),
        ("leave", "Leave it as it is"),
    ),
    NO_HANDLE: (("done", "It was done"), ("not done", "It had no effect")),
}


class RulingError(ValueError):
    """A word that cannot be stored; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a question: its value now, the value last accepted, and who changed the record last, when."""

    now: Any
    accepted: Any
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked about a record.

    Attributes:
        code: of the problem it belongs to. text: the sentence people read.
        field, label: the field in the books it is about, if it is about one.
        fingerprint: what the answer is bound to; when either value moves, the question is asked anew.
        choices: the answers there are, each with its words.
    """

    code: str
    text: str
    field: str
    label: str
    fingerprint: str
    left: Half
    right: Half
    choices: tuple[tuple[str, str], ...]


def pair_of(integration: Integration, flow_name: str, ref: Ref, now: datetime) -> Pair:
    """A record's pair under one flow, decided from what is stored of it. Raises RulingError if there is no such flow."""
    flow = _flow(integration, flow_name)
    pair = Pair(integration, flow, ref, settings_of(integration))
    load([pair])
    pair.decision = decide(flow, pair.case(), pair.settings, now)
    return pair


def _flow(integration: Integration, name: str) -> Flow:
    for flow in registry.platform(integration.platform.system).flows:
        if flow.name == name:
            return flow
    raise RulingError(f"{integration.name} keeps no “{name}” in step.")


def questions(pair: Pair) -> list[Question]:
    """What the decision about a pair asks a person."""
    found = [_question(pair, finding) for finding in pair.decision.findings if finding.fingerprint and finding.code in CHOICES]
    intent = pair.intent
    if intent is not None and intent.state == IntentState.UNKNOWN and _asks(pair, NO_HANDLE):
        text = f"The call to {intent.step} it got no answer, and nothing can find it again. Look on the other side: was it done?"
        found.append(_question(pair, Finding(FindingKind.HELD, NO_HANDLE, text, fingerprint=handle_of(intent))))
    return found


def _asks(pair: Pair, code: str) -> bool:
    """Whether a problem of this code is open about the pair."""
    open_ones = Problem.objects.filter(integration=pair.integration, flow=pair.flow.name, code=code, cleared_at=None)
    return open_ones.filter(subject_id=pair.left_ref.id).exists()


def _question(pair: Pair, finding: Finding) -> Question:
    field_map = next((each for each in pair.flow.fields if each.right == finding.field), None)
    halves = pair.link.base.get(finding.field) if pair.link is not None and finding.field else None
    left, right = pair.left, pair.right
    theirs = right.fields.get(finding.field) if right is not None else None
    ours = left.fields.get(field_map.left_name) if left is not None and field_map is not None and field_map.left_name else None
    return Question(
        code=finding.code,
        text=finding.text,
        field=finding.field,
        label=field_map.shown if field_map is not None else finding.field,
        fingerprint=finding.fingerprint,
        left=Half(ours, halves[0] if halves else None, left.modified_by if left else "", left.modified_at if left else None),
        right=Half(theirs, halves[1] if halves else None, right.modified_by if right else "", right.modified_at if right else None),
        choices=CHOICES[finding.code],
    )


def resolve(pair: Pair, fingerprint: str, choice: str, word: Word, now: datetime, *, made: str = "") -> Ruling:
    """Answer a question; `made` is the ID that a call which was done after all gave its record.

    Raises RulingError if it is no longer asked, there is no such answer, or the ID is missing.
    """
    asked = next((each for each in questions(pair) if each.fingerprint == fingerprint), None)
    if asked is None:
        raise RulingError(f"{pair.name} no longer asks this: a value has changed since. Look at it again.")
    if choice not in dict(asked.choices):
        raise RulingError(f"“{choice}” answers nothing here. Choose {' or '.join(value for value, _ in asked.choices)}.")
    data = {"choice": choice, "field": asked.field}
    if asked.code == NO_HANDLE and choice == "done":
        if not made and pair.link is None:
            raise RulingError("Name the ID that the record got on the other side, so that it can be linked.")
        data |= {"id": made} if made else {}
    return store(pair, RulingKind.RESOLVED, word, now, fingerprint=fingerprint, data=data)


def skip(pair: Pair, word: Word, now: datetime) -> Ruling:
    """Leave a record alone until somebody takes it back or asks for it. Raises RulingError without a reason."""
    if not word.why:
        raise RulingError(f"Say why {pair.name} is skipped; the reason is kept with your name.")
    with transaction.atomic():
        _note(pair, "skipped", f"{word.by} skipped it: {word.why}", now)
        return store(pair, RulingKind.SKIPPED, word, now)


def take_back(pair: Pair, word: Word, now: datetime) -> Ruling:
    """Take a skip back: the record goes on as if it had never been skipped. Raises RulingError if it is not skipped."""
    if is_skipped(pair.rulings, now) is None:
        raise RulingError(f"{pair.name} is not skipped.")
    with transaction.atomic():
        _note(pair, "skip taken back", f"{word.by} took the skip back{f': {word.why}' if word.why else '.'}", now)
        return store(pair, RulingKind.TAKEN_BACK, word, now)


def _note(pair: Pair, event: str, text: str, now: datetime) -> None:
    work = Pass(pair.integration.company, "ruling")
    journal.write([journal.entry(work, pair, event, text, now)])
    work.end(now)


def keep_apart(pair: Pair, right_id: str, word: Word, now: datetime) -> Ruling:
    """Say that a record of the other side is another thing."""
    return store(pair, RulingKind.KEPT_APART, word, now, data={"record": right_id})


def allow_period(pair: Pair, word: Word, now: datetime) -> Ruling:
    """Let a record be posted into a closed period."""
    return store(pair, RulingKind.PERIOD_ALLOWED, word, now)


def store(
    pair: Pair, kind: RulingKind, word: Word, now: datetime, *, fingerprint: str = "", data: Mapping[str, Any] | None = None
) -> Ruling:
    """Store a word on a pair and have its record looked at; the caller wakes the company."""
    with transaction.atomic():
        ruling = Ruling.objects.create(
            integration=pair.integration,
            flow=pair.flow.name,
            left_id=pair.left_ref.id,
            kind=kind,
            by=word.by[:150],
            at=now,
            why=word.why,
            until=word.until,
            fingerprint=fingerprint,
            data=dict(data or {}),
        )
        connection = pair.integration.company if pair.is_right_born else pair.integration.platform
        mark(connection, [Ref(pair.left_ref.kind, pair.left_ref.id.removeprefix(RIGHT_BORN))], reason="ruling", now=now)
    return ruling


def confirm_first(integration: Integration, flow: str, word: Word, now: datetime) -> int:
    """Say that the first record a flow made is right, so that those after it may be posted; how many records are looked at.

    Raises RulingError if there is no such flow.
    """
    left_kind = _flow(integration, flow).left_kind
    with transaction.atomic():
        Ruling.objects.create(
            integration=integration, flow=flow, left_id="", kind=RulingKind.APPROVED, by=word.by[:150], at=now, why=word.why
        )
        return look_again(integration, now, kinds={left_kind})


def said(integration: Integration, flow: str, left_id: str) -> Sequence[Ruling]:
    """Every word on a record, the newest first."""
    return list(Ruling.objects.filter(integration=integration, flow=flow, left_id=left_id).order_by("-at", "-id"))


def problem_pair(problem: Problem, now: datetime) -> Pair | None:
    """The pair an open problem is about; None for one about a connection or a kind of record."""
    if problem.integration is None or not problem.flow or not problem.subject_id:
        return None
    return pair_of(problem.integration, problem.flow, Ref(problem.subject_kind, problem.subject_id), now)
