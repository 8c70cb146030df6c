"""A pair: one record of one flow, and everything its decision needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tieout.core.decide import Case, ClosedPairing, Decision, Pairing
from tieout.core.flow import Flow, layers
from tieout.core.record import Record, Ref, fingerprint
from tieout.core.rulings import Ruling as CoreRuling
from tieout.core.settings import values_of
from tieout.core.tables import NO_FACTS, Facts
from tieout.engine.observe import Known
from tieout.engine.queue import Claimed
from tieout.platforms import registry
from tieout.store.models import (
    Connection,
    Environment,
    Integration,
    Intent,
    Link,
    PlanItem,
)

RIGHT_BORN = "right:"
"""Begins the pair's id of a record that is on the right only; what follows is its id there."""


@dataclass(slots=True, eq=False)
class Pair:
    """One record under one flow, and what is known of it.

    `items` are its standing plan items, `since` the moment from which untouched records are taken. It is named by its left
    record, or, as long as that is missing, by its right one (`RIGHT_BORN`). `due_at` is set when it must be looked at again,
    `recheck_at` when time alone may change what was decided; `stopped` says that a call it needs cannot be made for now.
    """

    integration: Integration
    flow: Flow
    left_ref: Ref
    settings: Mapping[str, Any]
    hints: list[Claimed] = field(default_factory=list)
    left: Record | None = None
    right: Record | None = None
    left_row: Known | None = None
    right_row: Known | None = None
    is_read_back: bool = False
    left_is_read_back: bool = False
    link: Link | None = None
    closed: list[Link] = field(default_factory=list)
    intent: Intent | None = None
    candidate: Record | None = None
    taken_by: str = ""
    needed: bool = False
    requested: bool = False
    edited_by_us: bool = False
    left_edited_by_us: bool = False
    related: dict[Ref, Record] = field(default_factory=dict)
    counterparts: dict[Ref, Ref] = field(default_factory=dict)
    related_right: dict[Ref, Record] = field(default_factory=dict)
    partners: dict[Ref, Ref] = field(default_factory=dict)
    successor: Record | None = None
    maybe_added: frozenset[str] = frozenset()
    rulings: list[CoreRuling] = field(default_factory=list)
    facts: Facts = NO_FACTS
    decision: Decision = field(default_factory=Decision)
    items: list[PlanItem] = field(default_factory=list)
    since: datetime | None = None
    due_at: datetime | None = None
    recheck_at: datetime | None = None
    stopped: bool = False
    refused: bool = False
    around: frozenset[str] = frozenset()  # what else is stored about it: see the statement of this name
    unasked: bool = False  # its create goes out without asking first whether the record exists
    key_taken: bool = False  # and it does exist

    def __post_init__(self) -> None:
        """Records of a flow are taken from the moment its people chose."""
        self.since = self.integration.since(self.flow.name)

    @property
    def identity(self) -> tuple[int, str, str]:
        """What makes the pair unique."""
        return (self.integration.pk, self.flow.name, self.left_ref.id)

    @property
    def is_right_born(self) -> bool:
        """Whether the record is on the right only."""
        return self.left_ref.id.startswith(RIGHT_BORN)

    @property
    def right_ref(self) -> Ref | None:
        """The right record, as far as it is known."""
        if self.link is not None:
            return self.link.right
        return Ref(self.flow.right_kind, self.left_ref.id.removeprefix(RIGHT_BORN)) if self.is_right_born else None

    @property
    def name(self) -> str:
        """How people recognise the record."""
        if self.left is not None:
            return self.flow.shown_as(self.left)
        return self.flow.shown_as_right(self.right) if self.is_right_born and self.right is not None else str(self.left_ref)

    def case(self) -> Case:
        """The case to decide."""
        pairing = None
        if self.link is not None:
            pairing = Pairing(
                self.link.right, self.link.base, frozenset(self.link.unread), frozenset(self.link.unread_left), self.maybe_added
            )
        return Case(
            left=self.left,
            right=self.right,
            pairing=pairing,
            closed=[ClosedPairing(link.right, link.closed_because, link.closed_at) for link in self.closed],
            candidate=self.candidate,
            taken_by=self.taken_by,
            needed=self.needed,
            requested=self.requested,
            since=self.since,
            edited_by_us=self.edited_by_us,
            related=self.related,
            counterparts=self.counterparts,
            left_edited_by_us=self.left_edited_by_us,
            related_right=self.related_right,
            partners=self.partners,
            successor=self.successor,
            rulings=self.rulings,
            facts=self.facts,
        )

    def left_fingerprint(self) -> str:
        """Changes whenever the left record, or anything its decision looks at beside it, changes."""
        if self.left is None:
            return ""
        around = sorted((str(ref), record.fingerprint()) for ref, record in self.related.items())
        partners = sorted((str(ref), str(other)) for ref, other in self.counterparts.items())
        beyond = sorted((str(ref), str(other)) for ref, other in self.partners.items())
        return fingerprint([self.left.fingerprint(), around, partners, *([beyond] if beyond else [])])

    def rules(self) -> str:
        """Changes whenever rules, settings or mapping tables may decide differently."""
        return self.flow.rules_fingerprint(self.settings, self.facts.mark)

    def take_left(self, row: Known | None) -> None:
        """The left record as stored."""
        self.left, self.left_row = (row.record if row is not None else None), row
        self.left_is_read_back = row is not None and self.link is not None and row.seen_at >= self.link.settled_at

    def take_right(self, row: Known | None) -> None:
        """The right record as stored; a reading made after our last write tells more than our own image of it."""
        self.right, self.right_row = (row.record if row is not None else None), row
        self.is_read_back = row is not None and self.link is not None and row.seen_at >= self.link.settled_at

    def look_again_at(self, moment: datetime) -> None:
        """Keep the hint until `moment`; the earliest wish counts."""
        self.due_at = moment if self.due_at is None else min(self.due_at, moment)

    def stop_until(self, moment: datetime) -> None:
        """Leave it for now: a call it needs cannot be made before `moment`."""
        self.stopped = True
        self.look_again_at(moment)


def is_unsafe(platform: Connection, company: Connection) -> bool:
    """Whether a test system would write to production books (invariant 10)."""
    return platform.environment == Environment.TEST and company.environment == Environment.PRODUCTION


def settings_of(integration: Integration) -> dict[str, Any]:
    """Every setting of an integration, defaults included."""
    return values_of(registry.platform(integration.platform.system).settings, integration.saved_settings())


def by_layer(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs in dependency order: what others refer to comes first."""
    flows = tuple({pair.flow.name: pair.flow for pair in pairs}.values())
    order = [[pair for pair in pairs if pair.flow in layer] for layer in layers(flows)]
    return [layer for layer in order if layer]
