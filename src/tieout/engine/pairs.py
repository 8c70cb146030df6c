"""From hints to pairs: which records of which flows a batch is about, and everything their decisions need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q

from tieout.core.decide import Case, ClosedPairing, Decision, Pairing
from tieout.core.flow import Direction, Flow, layers
from tieout.core.record import NEW_LINE, Record, Ref, fingerprint, refs_in
from tieout.core.rulings import Ruling as CoreRuling
from tieout.core.rulings import RulingKind
from tieout.core.settings import values_of
from tieout.core.tables import NO_FACTS, Facts, Rows, TableRow
from tieout.core.view import Side
from tieout.engine.observe import Known, as_known
from tieout.engine.queue import Claimed
from tieout.platforms import registry
from tieout.store.bulk import document, read_values
from tieout.store.models import (
    IN_FLIGHT,
    STANDING_ITEM,
    Connection,
    Environment,
    Integration,
    Intent,
    IntentState,
    Link,
    MappingRow,
    PlanItem,
    Ruling,
    Wait,
)
from tieout.store.statements import models, rows

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


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One integration, and what people have set for it, as it stood when a batch began.

    `tables` is the mark of its mapping tables (see `tables_of`), `confirmed` the flows whose first record an accountant found right.
    """

    integration: Integration
    settings: Mapping[str, Any]
    tables: str
    confirmed: frozenset[str]
    frozen: bool


def circumstances(company: Connection) -> tuple[Connection, list[Circumstances]]:
    """A company as it is now, and the circumstances of its active integrations. Raises Connection.DoesNotExist."""
    known: list[Circumstances] = []
    found = models("circumstances", {"company": company.pk}, Connection, Integration, Connection)
    if not found:
        raise Connection.DoesNotExist
    for books, integration, platform, saved, released, tables, confirmed, frozen in found:
        if integration is not None:
            integration.company, integration.platform = books, platform
            integration.released = {
                flow: datetime.fromisoformat(at).astimezone(UTC) if at else None for flow, at in read_values(released).items()
            }
            known.append(Circumstances(integration, read_values(saved), tables, frozenset(confirmed), frozen))
    return found[0][0], known


def is_unsafe(platform: Connection, company: Connection) -> bool:
    """Whether a test system would write to production books (invariant 10)."""
    return platform.environment == Environment.TEST and company.environment == Environment.PRODUCTION


def settings_of(integration: Integration) -> dict[str, Any]:
    """Every setting of an integration, defaults included."""
    return values_of(registry.platform(integration.platform.system).settings, integration.saved_settings())


def pairs_of(company: Connection, hints: Sequence[Claimed], known: Sequence[Circumstances]) -> list[Pair]:
    """The pairs a batch of hints is about; one pair for each record and flow, whichever side was hinted."""
    found: dict[tuple[int, str, str], Pair] = {}
    by_right = {hint.ref: hint for hint in hints if hint.connection_id == company.pk}
    for standing in known:
        integration = standing.integration
        settings = values_of(registry.platform(integration.platform.system).settings, standing.settings)
        flows = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}

        def add(flow: Flow, left: Ref, hint: Claimed, integration: Integration = integration, settings: Any = settings) -> None:
            pair = Pair(integration, flow, left, settings)
            found.setdefault(pair.identity, pair).hints.append(hint)

        for hint in hints:
            if hint.connection_id == integration.platform_id:
                for flow in flows.values():
                    if flow.left_kind == hint.kind:
                        add(flow, hint.ref, hint)
        linked: set[tuple[str, Ref]] = set()
        for link in _open_links_by_right(integration, by_right):
            if link.flow in flows:
                add(flows[link.flow], link.left, by_right[link.right])
                linked.add((link.flow, link.right))
        for flow in flows.values():
            if flow.takes_right_born(settings):
                for ref, hint in by_right.items():
                    if ref.kind == flow.right_kind and (flow.name, ref) not in linked:
                        add(flow, Ref(ref.kind, RIGHT_BORN + ref.id), hint)
        mine = [pair for pair in found.values() if pair.integration.pk == integration.pk]
        _give_facts(integration, mine, _tables_at(integration, standing.tables), standing.confirmed)
    return list(found.values())


def _by_kind(refs: Iterable[Ref], kind: str, id_: str) -> Q:
    """The rows whose kind and id columns name one of these; none without refs."""
    ids: dict[str, list[str]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, []).append(ref.id)
    wanted = Q(pk__in=[])
    for name, mine in ids.items():
        wanted |= Q(**{kind: name, f"{id_}__any": mine})
    return wanted


def _open_links_by_right(integration: Integration, refs: Collection[Ref]) -> Iterable[Link]:
    if not refs:
        return ()
    return Link.objects.filter(_by_kind(refs, "right_kind", "right_id"), integration=integration, is_open=True)


def by_layer(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs in dependency order: what others refer to comes first."""
    flows = tuple({pair.flow.name: pair.flow for pair in pairs}.values())
    order = [[pair for pair in pairs if pair.flow in layer] for layer in layers(flows)]
    return [layer for layer in order if layer]


def load(pairs: Sequence[Pair], *, facts: bool = True) -> None:
    """Bring everything stored about these pairs: links, open calls, records of both sides, what others need of them, and facts."""
    for integration in {pair.integration.pk: pair.integration for pair in pairs}.values():
        mine = [pair for pair in pairs if pair.integration.pk == integration.pk]
        _look_around(integration, mine)
        _load_calls(integration, mine)
        _load_both(integration, mine)
        _load_needed(integration, mine)
        _load_items(integration, mine)
        if facts:
            load_facts(integration, mine)
        _load_perhaps_added(integration, mine)


def _look_around(integration: Integration, pairs: Sequence[Pair]) -> None:
    """Bring the links, and ask once which records have anything else stored about them; nearly none do, and then nothing more is asked."""
    by_identity = {pair.identity: pair for pair in pairs}
    born_right = {(pair.flow.name, ref.id): pair for pair in pairs if pair.is_right_born and (ref := pair.right_ref) is not None}
    ids = [pair.left_ref.id for pair in pairs]
    own = [id_.removeprefix(RIGHT_BORN) for id_ in ids]
    for pair in pairs:
        pair.link, pair.closed = None, []
    asked = {
        "integration": integration.pk,
        "flows": list({pair.flow.name for pair in pairs}),
        "ids": ids,
        "own": own,
        "right_kinds": list({pair.flow.right_kind for pair in born_right.values()}),
        "right_ids": [id_ for _, id_ in born_right],
    }
    found: dict[str, set[str]] = {}
    for link, id_, source in models("around", asked, Link):
        if link is None:
            found.setdefault(id_, set()).add(source)
            continue
        pair_or_none = by_identity.get((integration.pk, link.flow, link.left_id)) or born_right.get((link.flow, link.right_id))
        if pair_or_none is not None and link.is_open:
            pair_or_none.link = link
        elif pair_or_none is not None:
            pair_or_none.closed.append(link)
    for pair, id_, own_id in zip(pairs, ids, own, strict=True):
        pair.around = frozenset(found.get(id_, ())) | frozenset(found.get(own_id, ()))


def _with(pairs: Sequence[Pair], source: str) -> list[str]:
    """The left ids of the pairs that have rows of this source."""
    return [pair.left_ref.id for pair in pairs if source in pair.around]


def _load_items(integration: Integration, pairs: Sequence[Pair]) -> None:
    by_identity = {pair.identity: pair for pair in pairs}
    for pair in pairs:
        pair.items = []
    ids = _with(pairs, "item")
    if not ids:
        return
    for item in PlanItem.objects.filter(integration=integration, left_id__any=ids, state__in=STANDING_ITEM).order_by("id"):
        if (pair_or_none := by_identity.get((integration.pk, item.flow, item.left_id))) is not None:
            pair_or_none.items.append(item)


def _load_calls(integration: Integration, pairs: Sequence[Pair]) -> None:
    by_identity = {pair.identity: pair for pair in pairs}
    for pair in pairs:
        pair.intent = None
    open_calls = _with(pairs, "intent")
    for intent in Intent.objects.filter(integration=integration, left_id__any=open_calls, state__in=IN_FLIGHT) if open_calls else ():
        pair_or_none = by_identity.get((integration.pk, intent.flow, intent.left_id))
        if pair_or_none is not None:
            pair_or_none.intent = intent


def _load_both(integration: Integration, pairs: Sequence[Pair]) -> None:
    """The left records of pairs with what they refer to, and the right ones."""
    steps = {pair.link.left if pair.link is not None else pair.left_ref: 0 for pair in pairs}
    for pair in pairs:
        steps |= {ref: 1 for ref in _near_before(pair, Side.LEFT) if ref not in steps}
    rights = [ref for pair in pairs if (ref := pair.right_ref) is not None]
    found = _reach(integration, Side.LEFT, steps, rights)
    for pair in pairs:
        pair.take_left(found.rows.get(pair.link.left if pair.link is not None else pair.left_ref))
        pair.take_right(found.others.get(ref) if (ref := pair.right_ref) is not None else None)
    _relate_left(pairs, found)
    load_related_right(integration, pairs)


def _near_left(pair: Pair) -> set[Ref]:
    """What a left record refers to, and what it referred to when it was last in step: a member taken out has a partner too."""
    return (set(pair.left.refs()) if pair.left is not None else set()) | _near_before(pair, Side.LEFT)


def _near_before(pair: Pair, side: Side) -> set[Ref]:
    """What a record of members referred to on one side when it was last in step."""
    if pair.link is None or not any(field_map.members for field_map in pair.flow.fields):
        return set()
    return {ref for left, right in pair.link.base.values() for ref in refs_in(left if side is Side.LEFT else right)}


def load_related(pairs: Sequence[Pair], wanted: Iterable[Ref]) -> None:
    """Bring the left records that these pairs refer to, and what those refer to, with their partners on the other side.

    A record that has no link in its own flow may have one in another: its partner there is brought too.
    """
    steps = dict.fromkeys({*wanted, *(ref for pair in pairs for ref in pair.related)}, 1)
    steps |= {pair.left_ref: LAST for pair in pairs if pair.link is None and pair.left_ref not in steps}
    _relate_left(pairs, _reach(pairs[0].integration, Side.LEFT, steps))


def _relate_left(pairs: Sequence[Pair], found: _Reached) -> None:
    for pair in pairs:
        if pair.left is None:
            continue
        near = _reached(_near_left(pair), found.rows)
        pair.related = {ref: found.rows[ref].record for ref in near if ref in found.rows and not found.rows[ref].record.deleted}
        pair.counterparts = {ref: found.partners[ref] for ref in (near if pair.link else near | {pair.left_ref}) if ref in found.partners}


STEPS = 3  # a bill names its purchase order, that its job, and the job its customer
LAST = STEPS + 1  # what the third leads to is not looked up, only its partner


@dataclass(frozen=True, slots=True)
class _Reached:
    """Records of one side and what they lead to, as stored; whom each is linked to; and the records of the other side asked for."""

    rows: dict[Ref, Known] = field(default_factory=dict)
    partners: dict[Ref, Ref] = field(default_factory=dict)
    others: dict[Ref, Known] = field(default_factory=dict)


def _reach(integration: Integration, side: Side, steps: Mapping[Ref, int], others: Collection[Ref] = ()) -> _Reached:
    """What is stored of records and of those they lead to; each begins at a step.

    From step 0 all references count, from there on those of plain fields: sets of members lead nowhere, because a group may have
    thousands. What the last step leads to is not read, only its partner is.
    """
    is_left, here, there = side is Side.LEFT, integration.platform_id, integration.company_id
    asked: dict[str, Any] = {
        "integration": integration.pk,
        "here": here if is_left else there,
        "there": there if is_left else here,
        "flows": [flow.name for flow in registry.platform(integration.platform.system).flows],
    }
    found = _Reached()
    wanted, seen = dict(steps), set(steps)
    beside: Collection[Ref] = others
    while wanted or beside:
        rows_of: dict[bool, dict[Ref, Known]] = {True: {}, False: {}}
        asked["wanted"] = document(
            [{"kind": ref.kind, "id": ref.id, "is_left": is_left, "is_read": step < LAST} for ref, step in wanted.items()]
        )
        asked["others"] = document([{"kind": ref.kind, "id": ref.id} for ref in beside])
        for is_here, kind, id_, *row, partner_kind, partner_id in rows("near", asked):
            if row[-1] is not None:
                rows_of[is_here][Ref(kind, id_)] = as_known(kind, id_, *row)
            if partner_id is not None:
                found.partners[Ref(kind, id_)] = Ref(partner_kind, partner_id)
        found.rows.update(rows_of[True])
        found.others.update(rows_of[False])
        onward: dict[Ref, int] = {}
        for ref, known in rows_of[True].items():
            step = wanted[ref]
            for each in known.record.refs() if step == 0 else _onward(known.record):
                if each not in seen:
                    onward[each] = min(step + 1, onward.get(each, LAST))
        wanted, beside = onward, ()
        seen |= onward.keys()
    return found


def _onward(record: Record) -> set[Ref]:
    return {value for value in record.fields.values() if isinstance(value, Ref)}


def _reached(near: set[Ref], rows: Mapping[Ref, Known]) -> set[Ref]:
    """What some references lead to by way of the records at hand, themselves included."""
    reached, fresh = set(near), set(near)
    for _ in range(STEPS):
        fresh = {ref for each in fresh if each in rows for ref in _onward(rows[each].record)} - reached
        reached |= fresh
    return reached


def load_related_right(integration: Integration, pairs: Sequence[Pair], wanted: Iterable[Ref] = ()) -> None:
    """Bring the right records that these pairs' right ones refer to, with their partners, for flows that write to the left."""
    inward = [pair for pair in pairs if pair.right is not None and _goes_left(pair)]
    refs = {ref for pair in inward for ref in _near_right(pair)} | set(wanted)
    if not refs:
        return
    found = _reach(integration, Side.RIGHT, dict.fromkeys(refs, 1))
    for pair in inward:
        near = _reached(_near_right(pair), found.rows)
        pair.related_right = {ref: found.rows[ref].record for ref in near if ref in found.rows and not found.rows[ref].record.deleted}
        pair.partners = {ref: found.partners[ref] for ref in near if ref in found.partners}


def _goes_left(pair: Pair) -> bool:
    return pair.flow.way(pair.settings) in (Direction.IMPORT, Direction.TWO_WAY)


def _near_right(pair: Pair) -> set[Ref]:
    return (set(pair.right.refs()) if pair.right is not None else set()) | _near_before(pair, Side.RIGHT)


def _load_needed(integration: Integration, pairs: Sequence[Pair]) -> None:
    ids = [id_.removeprefix(RIGHT_BORN) for id_ in _with(pairs, "needed")]
    waits = Wait.objects.filter(integration=integration, needs_id__any=ids)
    needed = set(waits.values_list("needs_side", "needs_kind", "needs_id")) if ids else set()
    rulings: dict[tuple[str, str], list[CoreRuling]] = {}
    ruled = _with(pairs, "ruling")
    said = Ruling.objects.filter(integration=integration, left_id__any=ruled)
    for ruling in said.order_by("at", "id") if ruled else ():
        rulings.setdefault((ruling.flow, ruling.left_id), []).append(ruling.as_core())
    for pair in pairs:
        ref = pair.left_ref
        side = Side.RIGHT if pair.is_right_born else Side.LEFT
        pair.needed = (side.value, ref.kind, ref.id.removeprefix(RIGHT_BORN)) in needed
        pair.rulings = rulings.get((pair.flow.name, ref.id), [])
        asked_at = max((ruling.at for ruling in pair.rulings if ruling.kind is RulingKind.REQUESTED), default=None)
        closed_at = max((link.closed_at for link in pair.closed if link.closed_at is not None), default=None)
        pair.requested = asked_at is not None and (closed_at is None or asked_at > closed_at)


def load_facts(integration: Integration, pairs: Sequence[Pair]) -> None:
    """Mapping tables, and which flows an accountant has confirmed the first record of."""
    rows, mark = tables_of(integration)
    asking = {pair.flow.name for pair in pairs if pair.flow.approval is not None or rows}
    said = Ruling.objects.filter(integration=integration, left_id="", kind=RulingKind.APPROVED.value, flow__in=asking) if asking else None
    _give_facts(integration, pairs, (rows, mark), set(said.values_list("flow", flat=True)) if said is not None else set())


def _give_facts(integration: Integration, pairs: Sequence[Pair], tables: tuple[dict[str, Rows], str], confirmed: Collection[str]) -> None:
    rows, mark = tables
    asked = {pair.flow.name for pair in pairs if pair.flow.approval is not None or rows}.intersection(confirmed)
    since = integration.switched_on_at
    facts = {is_in: Facts(rows, is_in, mark + ("!" if is_in else ""), since) for is_in in (False, True)}
    for pair in pairs:
        pair.facts = facts[pair.flow.name in asked]


def facts_of(integration: Integration) -> Facts:
    """The mapping tables of an integration, for rules that are asked about no record in particular."""
    rows, mark = tables_of(integration)
    return Facts(rows, False, mark)


def _load_perhaps_added(integration: Integration, pairs: Sequence[Pair]) -> None:
    """The lines that calls without known effect may have added since a document was last settled."""
    documents = {pair.identity: pair for pair in pairs if pair.flow.lines and pair.link is not None}
    if not documents:
        return
    ids = [pair.left_ref.id for pair in documents.values()]
    for intent in Intent.objects.filter(integration=integration, left_id__any=ids, state=IntentState.SPENT):
        pair = documents.get((integration.pk, intent.flow, intent.left_id))
        if pair is None or pair.link is None or intent.settled_at is None or intent.settled_at < pair.link.settled_at:
            continue
        sent = [line for value in intent.content["fields"].values() if isinstance(value, tuple) for line in value]
        pair.maybe_added |= {line.id.removeprefix(NEW_LINE) for line in sent if line.id.startswith(NEW_LINE)}


def tables_of(integration: Integration) -> tuple[dict[str, Rows], str]:
    """The mapping tables of an integration, ready to be looked up, and a mark that changes whenever one of them does.

    Rows are never edited in place (`mapping.replace_rows`), so their number and the newest id tell.
    """
    if not registry.platform(integration.platform.system).tables:
        return {}, ""
    count, newest = integration.mapping_rows.aggregate(n=Count("id"), newest=Max("id")).values()
    return _tables_at(integration, f"{count}.{newest or 0}")


def _tables_at(integration: Integration, mark: str) -> tuple[dict[str, Rows], str]:
    system = integration.platform.system
    return (_tables(integration.pk, system, mark), mark) if registry.platform(system).tables else ({}, "")


@lru_cache(maxsize=64)
def _tables(integration: int, system: str, mark: str) -> dict[str, Rows]:
    by_table: dict[str, list[TableRow]] = {}
    for row in MappingRow.objects.filter(integration=integration).order_by("table", "position"):
        by_table.setdefault(row.table, []).append(row.as_core())
    return {table.name: Rows(table.label, tuple(by_table.get(table.name, ()))) for table in registry.platform(system).tables}
