"""The words of a decision: the case it is made from, and the steps and findings it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from tieout.core.merge import Base
from tieout.core.record import Fields, Record, Ref, fingerprint
from tieout.core.rulings import Ruling
from tieout.core.tables import NO_FACTS, Facts
from tieout.core.values import valueclass
from tieout.core.view import Lookup, Side

DELETED_LEFT = "deleted left"
DELETED_RIGHT = "deleted right"
REPLACED = "replaced"
WITHDRAWN = "withdrawn"


class StepKind(StrEnum):
    """What is to be done about a pair."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ACT = "act"
    ADJUST = "adjust"  # create another document that carries the difference to a locked one
    LINK = "link"
    UNLINK = "unlink"


class FindingKind(StrEnum):
    """What a person may want to know."""

    IN_STEP = "in step"
    SKIPPED = "skipped"
    HELD = "held"
    BLOCKED = "blocked on"
    CONFLICT = "conflict"
    DRIFT = "drift"
    AWAITING = "awaiting approval"
    WARNING = "warning"


@valueclass(frozen=True, slots=True)
class Finding:
    """One thing to know, in a sentence.

    Attributes:
        ref: what a blocked record waits for.
        lookup: what was lacking of it; `side` is the side it is on.
        cause: equal for all records that the same deed would release.
        fingerprint: what a ruling about this finding is bound to.
    """

    kind: FindingKind
    code: str
    text: str
    field: str = ""
    ref: Ref | None = None
    lookup: Lookup | None = None
    side: Side = Side.LEFT
    cause: str = ""
    fingerprint: str = ""


@valueclass(frozen=True, slots=True)
class Step:
    """One thing to do. The steps of a decision are taken in order, each only after the one before it is done.

    Attributes:
        fields: what is written, by field name of that side; references still as `Ref`. A line whose id begins with “+” is to
            be added.
        expected: the values of the same fields as last read; of lines, those that are ours.
        base: the pairs that enter the link's base once the step has settled.
        natural_key: of the record to create or link.
        target: the record written to or linked; None for a create, and for an act on the record made in the step before.
        action: the vendor's verb.
        made_kind: the kind of the record made, where it is not the flow's own.
        becomes: what an act makes of its record, as far as that is known.
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
    action: str = ""
    made_kind: str = ""
    becomes: Fields = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether a call is made; else only our own links change."""
        return self.kind not in (StepKind.LINK, StepKind.UNLINK)

    @property
    def name(self) -> str:
        """The kind of step with the verb, if it has one: what its calls are counted by."""
        return f"{self.kind.value} {self.action}".strip()

    def fingerprint(self) -> str:
        """Covers what would happen, not record versions, so an unrelated edit voids nothing."""
        target = [self.target.kind, self.target.id] if self.target else None
        return fingerprint([self.name, self.side, self.entity, target, self.made_kind, self.natural_key, self.fields])


@valueclass(frozen=True, slots=True)
class Pairing:
    """An open link as the decision sees it.

    `unread` and `unread_left` name the fields of each side that we wrote and have not read back: by the name of the pair
    they stand under in the base. The two halves of a pair of lines are equally long, and lines at the same place belong
    together: so the base tells which line is which. `maybe_added` are the left ids of lines that a call whose effect is not
    known may have added.
    """

    right: Ref
    base: Base = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    unread_left: frozenset[str] = frozenset()
    maybe_added: frozenset[str] = frozenset()


@valueclass(frozen=True, slots=True)
class ClosedPairing:
    """A link that was closed, why, and when."""

    right: Ref
    because: str
    at: datetime | None = None


@valueclass(frozen=True, slots=True)
class Case:
    """Everything one decision is made from.

    Attributes:
        left, right: the records as last read; None if they are not there. A case without pairing and left record is that of
            a record which is on the right only.
        pairing: the open link, if any.
        closed: earlier links of the record.
        candidate: an unlinked record of the other side that has the key this one would get.
        taken_by: who already owns that key, in words, if it is linked elsewhere.
        successor: an unlinked right record with the natural key of a linked one that is gone.
        needed: another record waits for this one.
        requested: a person asked for it, after any earlier link was closed.
        since: records neither created nor changed since then are left alone (R-ST-05); None takes all.
        edited_by_us: the right record's last editor is our own user; `left_edited_by_us` the same of the left.
        related, counterparts: see `View`; `related_right` and `partners` are the same for references of the right record.
        rulings: what people said about this record, the oldest first.
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
    left_edited_by_us: bool = False
    related_right: Mapping[Ref, Record] = field(default_factory=dict)
    partners: Mapping[Ref, Ref] = field(default_factory=dict)
    successor: Record | None = None
    rulings: Sequence[Ruling] = ()
    facts: Facts = NO_FACTS


@valueclass(frozen=True, slots=True)
class Decision:
    """Steps and findings come together: one field in conflict does not stop the others.

    `agreed` holds the pairs that enter the base although nothing is written for them. `recheck_at` is when time alone
    could change the answer.
    """

    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    agreed: Base = field(default_factory=dict)
    recheck_at: datetime | None = None

    @property
    def missing(self) -> tuple[Finding, ...]:
        """The findings that name a record to wait for."""
        return tuple(finding for finding in self.findings if finding.ref is not None)
