"""From hints to pairs: which records of which flows a batch is about, and everything their decisions need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from tieout.core.decide import Case, ClosedPairing, Decision, Pairing
from tieout.core.flow import Flow, layers
from tieout.core.record import Record, Ref, fingerprint
from tieout.core.settings import values_of
from tieout.engine.observe import stored
from tieout.engine.queue import Claimed
from tieout.platforms import registry
from tieout.store.models import (
    IN_FLIGHT,
    STANDING_ITEM,
    Connection,
    Environment,
    Integration,
    Intent,
    Link,
    PlanItem,
    Ruling,
    RulingKind,
    Wait,
)
from tieout.store.models import Record as Row


@dataclass(slots=True, eq=False)
class Pair:
    """One left record under one flow, and what is known of it.

    `items` are its standing plan items, `since` the moment from which untouched records are taken. `due_at` is set when it
    must be looked at again; `stopped` says that a call it needs cannot be made for now.
    """

    integration: Integration
    flow: Flow
    left_ref: Ref
    settings: Mapping[str, Any]
    hints: list[Claimed] = field(default_factory=list)
    left: Record | None = None
    right: Record | None = None
    is_read_back: bool = False
    link: Link | None = None
    closed: list[Link] = field(default_factory=list)
    intent: Intent | None = None
    candidate: Record | None = None
    taken_by: str = ""
    needed: bool = False
    requested: bool = False
    edited_by_us: bool = False
    related: dict[Ref, Record] = field(default_factory=dict)
    counterparts: dict[Ref, Ref] = field(default_factory=dict)
    decision: Decision = field(default_factory=Decision)
    items: list[PlanItem] = field(default_factory=list)
    since: datetime | None = None
    due_at: datetime | None = None
    stopped: bool = False
    refused: bool = False

    def __post_init__(self) -> None:
        """Records of a flow are taken from the moment its people chose."""
        self.since = self.integration.since(self.flow.name)

    @property
    def identity(self) -> tuple[int, str, str]:
        """What makes the pair unique."""
        return (self.integration.pk, self.flow.name, self.left_ref.id)

    @property
    def name(self) -> str:
        """How people recognise the record."""
        return self.flow.shown_as(self.left) if self.left is not None else str(self.left_ref)

    def case(self) -> Case:
        """The case to decide."""
        pairing = None
        if self.link is not None:
            pairing = Pairing(self.link.right, self.link.base, frozenset(self.link.unread))
        return Case(
            left=self.left,
            right=self.right,
            pairing=pairing,
            closed=[ClosedPairing(link.right, link.closed_because) for link in self.closed],
            candidate=self.candidate,
            taken_by=self.taken_by,
            needed=self.needed,
            requested=self.requested,
            since=self.since,
            edited_by_us=self.edited_by_us,
            related=self.related,
            counterparts=self.counterparts,
        )

    def left_fingerprint(self) -> str:
        """Changes whenever the left record, or anything its decision looks at beside it, changes."""
        if self.left is None:
            return ""
        around = sorted((str(ref), record.fingerprint()) for ref, record in self.related.items())
        partners = sorted((str(ref), str(other)) for ref, other in self.counterparts.items())
        return fingerprint([self.left.fingerprint(), around, partners])

    def take_right(self, row: Row | None) -> None:
        """The right record as stored; a reading made after our last write tells more than our own image of it."""
        self.right = row.as_core() if row is not None else None
        self.is_read_back = row is not None and self.link is not None and row.seen_at >= self.link.settled_at

    def look_again_at(self, moment: datetime) -> None:
        """Keep the hint until `moment`; the earliest wish counts."""
        self.due_at = moment if self.due_at is None else min(self.due_at, moment)

    def stop_until(self, moment: datetime) -> None:
        """Leave it for now: a call it needs cannot be made before `moment`."""
        self.stopped = True
        self.look_again_at(moment)


def integrations_of(company: Connection) -> list[Integration]:
    """The active integrations that write to this company."""
    return list(Integration.objects.filter(company=company, active=True).select_related("platform", "company").prefetch_related("settings"))


def is_unsafe(platform: Connection, company: Connection) -> bool:
    """Whether a test system would write to production books (invariant 10)."""
    return platform.environment == Environment.TEST and company.environment == Environment.PRODUCTION


def settings_of(integration: Integration) -> dict[str, Any]:
    """Every setting of an integration, defaults included."""
    return values_of(registry.platform(integration.platform.system).settings, integration.saved_settings())


def pairs_of(company: Connection, hints: Sequence[Claimed]) -> list[Pair]:
    """The pairs a batch of hints is about; one pair for each left record and flow, whichever side was hinted."""
    found: dict[tuple[int, str, str], Pair] = {}
    integrations = integrations_of(company)
    books = [hint for hint in hints if hint.connection_id == company.pk]
    for integration in integrations:
        settings = settings_of(integration)
        flows = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}

        def add(flow: Flow, left: Ref, hint: Claimed, integration: Integration = integration, settings: Any = settings) -> None:
            pair = Pair(integration, flow, left, settings)
            found.setdefault(pair.identity, pair).hints.append(hint)

        for hint in hints:
            if hint.connection_id == integration.platform_id:
                for flow in flows.values():
                    if flow.left_kind == hint.kind:
                        add(flow, hint.ref, hint)
        by_right = {hint.ref: hint for hint in books}
        for link in _open_links_by_right(integration, by_right):
            if link.flow in flows:
                add(flows[link.flow], link.left, by_right[link.right])
    return list(found.values())


def _open_links_by_right(integration: Integration, refs: Iterable[Ref]) -> Iterable[Link]:
    wanted = Q()
    by_kind: dict[str, list[str]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    if not by_kind:
        return ()
    for kind, ids in by_kind.items():
        wanted |= Q(right_kind=kind, right_id__in=ids)
    return Link.objects.filter(wanted, integration=integration, is_open=True)


def by_layer(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs in dependency order: what others refer to comes first."""
    flows = tuple({pair.flow.name: pair.flow for pair in pairs}.values())
    order = [[pair for pair in pairs if pair.flow in layer] for layer in layers(flows)]
    return [layer for layer in order if layer]


def load(pairs: Sequence[Pair]) -> None:
    """Bring everything stored about these pairs: links, open calls, records of both sides, what others need of them."""
    for integration in {pair.integration.pk: pair.integration for pair in pairs}.values():
        mine = [pair for pair in pairs if pair.integration.pk == integration.pk]
        _load_links(integration, mine)
        _load_left(integration, mine)
        _load_right(integration, mine)
        _load_needed(integration, mine)
        _load_items(integration, mine)


def _load_items(integration: Integration, pairs: Sequence[Pair]) -> None:
    by_identity = {pair.identity: pair for pair in pairs}
    for pair in pairs:
        pair.items = []
    ids = [pair.left_ref.id for pair in pairs]
    for item in PlanItem.objects.filter(integration=integration, left_id__in=ids, state__in=STANDING_ITEM).order_by("id"):
        if (pair_or_none := by_identity.get((integration.pk, item.flow, item.left_id))) is not None:
            pair_or_none.items.append(item)


def _load_links(integration: Integration, pairs: Sequence[Pair]) -> None:
    by_identity = {pair.identity: pair for pair in pairs}
    ids = [pair.left_ref.id for pair in pairs]
    for pair in pairs:
        pair.link, pair.closed, pair.intent = None, [], None
    for link in Link.objects.filter(integration=integration, left_id__in=ids).order_by("id"):
        pair_or_none = by_identity.get((integration.pk, link.flow, link.left_id))
        if pair_or_none is not None:
            if link.is_open:
                pair_or_none.link = link
            else:
                pair_or_none.closed.append(link)
    for intent in Intent.objects.filter(integration=integration, left_id__in=ids, state__in=IN_FLIGHT):
        pair_or_none = by_identity.get((integration.pk, intent.flow, intent.left_id))
        if pair_or_none is not None:
            pair_or_none.intent = intent


def _load_left(integration: Integration, pairs: Sequence[Pair]) -> None:
    rows = stored(integration.platform, [pair.left_ref for pair in pairs])
    wanted: set[Ref] = set()
    for pair in pairs:
        row = rows.get(pair.left_ref)
        pair.left = row.as_core() if row is not None else None
        if pair.left is not None:
            wanted.update(pair.left.refs())
    load_related(pairs, wanted)


def load_related(pairs: Sequence[Pair], wanted: Iterable[Ref]) -> None:
    """Bring the left records that these pairs refer to, and what those refer to, with their partners on the other side."""
    integration = pairs[0].integration
    refs = set(wanted) | {ref for pair in pairs for ref in pair.related}
    rows = {ref: row.as_core() for ref, row in stored(integration.platform, refs).items()}
    further = {ref for record in rows.values() for ref in record.refs() if ref.kind == record.kind} - set(rows)
    rows |= {ref: row.as_core() for ref, row in stored(integration.platform, further).items()}
    partners = _partners(integration, refs | set(rows))
    for pair in pairs:
        if pair.left is None:
            continue
        near = set(pair.left.refs())
        near |= {ref for each in near if each in rows for ref in rows[each].refs() if ref.kind == each.kind}
        pair.related = {ref: rows[ref] for ref in near if ref in rows and not rows[ref].deleted}
        pair.counterparts = {ref: partners[ref] for ref in near if ref in partners}


def _partners(integration: Integration, refs: Iterable[Ref]) -> dict[Ref, Ref]:
    by_kind: dict[str, list[str]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    wanted = Q()
    for kind, ids in by_kind.items():
        wanted |= Q(left_kind=kind, left_id__in=ids)
    if not by_kind:
        return {}
    links = Link.objects.filter(wanted, integration=integration, is_open=True)
    return {link.left: link.right for link in links.only("left_kind", "left_id", "right_kind", "right_id")}


def _load_right(integration: Integration, pairs: Sequence[Pair]) -> None:
    rows = stored(integration.company, [pair.link.right for pair in pairs if pair.link is not None])
    for pair in pairs:
        row = rows.get(pair.link.right) if pair.link is not None else None
        pair.take_right(row)


def _load_needed(integration: Integration, pairs: Sequence[Pair]) -> None:
    ids = [pair.left_ref.id for pair in pairs]
    needed = set(Wait.objects.filter(integration=integration, needs_id__in=ids).values_list("needs_kind", "needs_id"))
    requests = Ruling.objects.filter(integration=integration, left_id__in=ids, kind=RulingKind.REQUESTED).order_by("at")
    requested = {(ruling.flow, ruling.left_id): ruling.at for ruling in requests}
    for pair in pairs:
        ref = pair.left_ref
        pair.needed = (ref.kind, ref.id) in needed
        asked_at = requested.get((pair.flow.name, ref.id))
        closed_at = max((link.closed_at for link in pair.closed if link.closed_at is not None), default=None)
        pair.requested = asked_at is not None and (closed_at is None or asked_at > closed_at)
