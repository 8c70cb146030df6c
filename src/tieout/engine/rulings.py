"""People's stored words on records: what a problem asks, the answer to it, and every word said before.

A word is stored before it is acknowledged, and the record is looked at again; the decision that follows obeys it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tieout.core.decide import Finding, decide
from tieout.core.flow import Flow
from tieout.core.record import Ref
from tieout.engine.mark import mark
from tieout.engine.pairs import Pair, load, settings_of
from tieout.engine.release import Word
from tieout.platforms import registry
from tieout.store.models import Integration, Problem, Ruling, RulingKind

LOCKED = "record.locked"
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "field.conflict": (("left", "Keep the platform's value"), ("right", "Keep the books' value")),
    LOCKED: (
        ("replace", "Reverse it and make it anew"),
        ("adjust", "Carry the difference in another document"),
        ("leave", "Leave it as it is"),
    ),
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
    return [_question(pair, finding) for finding in pair.decision.findings if finding.fingerprint and finding.code in CHOICES]


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


def resolve(pair: Pair, fingerprint: str, choice: str, word: Word, now: datetime) -> Ruling:
    """Answer a question. Raises RulingError if it is no longer asked, or there is no such answer."""
    asked = next((each for each in questions(pair) if each.fingerprint == fingerprint), None)
    if asked is None:
        raise RulingError(f"{pair.name} no longer asks this: a value has changed since. Look at it again.")
    if choice not in dict(asked.choices):
        raise RulingError(f"“{choice}” answers nothing here. Choose {' or '.join(value for value, _ in asked.choices)}.")
    return store(pair, RulingKind.RESOLVED, word, now, fingerprint=fingerprint, data={"choice": choice, "field": asked.field})


def skip(pair: Pair, word: Word, now: datetime) -> Ruling:
    """Leave a record alone until somebody asks for it."""
    return store(pair, RulingKind.SKIPPED, word, now)


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
        mark(pair.integration.platform, [pair.left_ref], reason="ruling", now=now)
    return ruling


def said(integration: Integration, flow: str, left_id: str) -> Sequence[Ruling]:
    """Every word on a record, the newest first."""
    return list(Ruling.objects.filter(integration=integration, flow=flow, left_id=left_id).order_by("-at", "-id"))


def problem_pair(problem: Problem, now: datetime) -> Pair | None:
    """The pair an open problem is about; None for one about a connection or a kind of record."""
    if problem.integration is None or not problem.flow or not problem.subject_id:
        return None
    return pair_of(problem.integration, problem.flow, Ref(problem.subject_kind, problem.subject_id), now)
