"""What is stored about pairs and what they refer to, brought for their decisions in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tieout.core.flow import Direction
from tieout.core.record import NEW_LINE, Record, Ref, refs_in
from tieout.core.rulings import Ruling as CoreRuling
from tieout.core.rulings import RulingKind
from tieout.core.view import Side
from tieout.engine.observe import Known, as_known
from tieout.engine.pairs import RIGHT_BORN, Pair
from tieout.engine.tables import load_facts
from tieout.platforms import registry
from tieout.store.bulk import document
from tieout.store.models import (
    IN_FLIGHT,
    STANDING_ITEM,
    Integration,
    Intent,
    IntentState,
    Link,
    PlanItem,
    Ruling,
    Wait,
)
from tieout.store.statements import models, rows


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


def _load_perhaps_added(integration: Integration, pairs: Sequence[Pair]) -> None:
    """The lines that calls without known effect may have added since a document was last settled."""
    documents = {pair.identity: pair for pair in pairs if pair.flow.lines and pair.link is not None}
    if not documents:
        return
    mine = {"flow__any": list({flow for _, flow, _ in documents}), "left_id__any": [pair.left_ref.id for pair in documents.values()]}
    for intent in Intent.objects.filter(integration=integration, state=IntentState.SPENT, **mine):
        pair = documents.get((integration.pk, intent.flow, intent.left_id))
        if pair is None or pair.link is None or intent.settled_at is None or intent.settled_at < pair.link.settled_at:
            continue
        sent = [line for value in intent.content["fields"].values() if isinstance(value, tuple) for line in value]
        pair.maybe_added |= {line.id.removeprefix(NEW_LINE) for line in sent if line.id.startswith(NEW_LINE)}
