"""Planning without writing: what would be done now, field by field, what waits and why, and what it would cost.

Records are decided a chunk at a time and the items stored as they are found, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from tieout.core.decide import Finding, FindingKind, Side, StepKind, decide
from tieout.core.flow import Flow, Lookup, layers
from tieout.core.record import Ref
from tieout.engine import freeze, items
from tieout.engine.facts import linked_to
from tieout.engine.gate import hold_of
from tieout.engine.items import PLANNED, Wanted
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.observe import store
from tieout.engine.pairs import RIGHT_BORN, Pair, settings_of
from tieout.engine.poll import poll
from tieout.engine.runtime import Runtime
from tieout.engine.tables import load_facts
from tieout.engine.usage import count_usage
from tieout.platforms import registry
from tieout.store.models import OPEN_ITEM, Connection, Hold, Integration, Link, PlanItem, PlanState, Record
from tieout.store.statements import rows

CHUNK = 500
SIFTED = 5_000  # records asked about at once whether they need anything
AT_ONCE = 100  # records in one call of the books
Tell = Callable[[str, str, str], None]
Look = Callable[[Pair], None]
_PAIRING = (StepKind.CREATE, StepKind.LINK)


def _silent(what: str, name: str, text: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What to plan; everything that is on by default.

    Attributes:
        flows: only these flows.
        ids: only these left records, by their own IDs.
        since: take records from this moment on, whatever the integration says; with `takes_all`, whatever their age.
        documents: only these left records, by flow, as if somebody had asked for them; what they need goes with them.
    """

    flows: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    since: datetime | None = None
    takes_all: bool = False
    documents: Mapping[str, Sequence[str]] | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as JSON can carry it."""
        since = self.since.isoformat() if self.since is not None else None
        return {"flows": sorted(self.flows), "ids": sorted(self.ids), "since": since, "takes_all": self.takes_all}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Scope:
        """What `as_json` said; everything that is on by default when it says nothing."""
        since = datetime.fromisoformat(said["since"]) if said.get("since") else None
        return cls(frozenset(said.get("flows", ())), frozenset(said.get("ids", ())), since, bool(said.get("takes_all")))

    @property
    def is_backfill(self) -> bool:
        """Whether records are taken that would be left alone."""
        return self.since is not None or self.takes_all

    @property
    def is_whole(self) -> bool:
        """Whether it covers everything, so that what it does not show is no longer needed."""
        return not self.flows and not self.ids and not self.is_backfill and self.documents is None

    def includes(self, flow: str) -> bool:
        """Whether the records of a flow are planned for their own sake."""
        return flow in self.documents if self.documents is not None else not self.flows or flow in self.flows


@dataclass(slots=True)
class Plan:
    """What would happen.

    Attributes:
        run: the run whose number its items carry; None if none were stored.
        steps: how many, by flow and step. holds: how many of them wait for a person, by why.
        writes: how many calls would be made, to either side.
        in_step: pairs that need nothing. blocked: records that wait for another.
        needs_eye: records of which a person must decide something.
        left_alone: how many records are left alone, by code, with the words for the first of them.
    """

    run: int | None = None
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    writes: int = 0
    in_step: int = 0
    blocked: int = 0
    needs_eye: int = 0
    left_alone: dict[str, tuple[str, int]] = field(default_factory=dict)
    calls: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asked: set[tuple[str, str, str]] = field(default_factory=set)

    def changed(self) -> dict[str, int]:
        """How many steps concern records that are in step already, by flow."""
        counts: dict[str, int] = {}
        for (flow, step), n in self.steps.items():
            if step not in _PAIRING:
                counts[flow] = counts.get(flow, 0) + n
        return counts

    @property
    def transactions(self) -> int:
        """What executing it costs on the books' side, as they bill: one for each record written, and one read before each hundred.

        A create of a kind whose IDs the books keep unique needs no look before it.
        """
        return sum(n + (-(-n // AT_ONCE) if key in self.asked else 0) for key, n in self.calls.items())

    def count(self, step: StepKind) -> int:
        """How many steps of a kind there are in all flows."""
        return sum(n for (_, name), n in self.steps.items() if name.split()[0] == step)


def plan(
    runtime: Runtime, integration: Integration, *, scope: Scope | None = None, by: str = "", tell: Tell = _silent, look: Look | None = None
) -> Plan:
    """Bring both sides up to date, decide every record, and store what would be done as plan items. Nothing is written to either side.

    `tell` hears of each record that waits or needs a person's eye, `look` sees each pair as it was decided. Raises Fault if a
    side cannot be read.
    """
    scope = scope or Scope()
    poll(runtime, integration.platform)
    poll(runtime, integration.company)
    work = Pass(integration.company, "plan", by)
    planning = _Planning(runtime, integration, settings_of(integration), scope, tell, Plan(work.started(runtime.now()).pk), look)
    try:
        planning.everything()
    finally:
        count_usage(runtime, integration.company)
    found = planning.plan
    if scope.is_whole:
        over = (
            PlanItem.objects.filter(integration=integration, state=PlanState.PLANNED, undoes=None)
            .exclude(run_id=found.run)
            .exclude(hold=Hold.BATCH)
        )
        over.update(state=PlanState.LAPSED, ended_at=runtime.now())
    for (flow, step), n in found.steps.items():
        work.count(f"{flow} {step}", n)
    work.end(runtime.now())
    return found


def preview(runtime: Runtime, integration: Integration, settings: Mapping[str, Any], tell: Tell = _silent) -> Plan:
    """What would change under other settings, from what is stored of both sides. Nothing is read and nothing is stored."""
    planning = _Planning(runtime, integration, settings, Scope(), tell, Plan())
    planning.everything()
    return planning.plan


def items_of(found: Plan) -> Iterator[PlanItem]:
    """The open items of a plan, in the order in which they would be done."""
    rows = (
        PlanItem.objects.filter(run_id=found.run, state__in=OPEN_ITEM).order_by("id") if found.run is not None else PlanItem.objects.none()
    )
    yield from rows.iterator(CHUNK)


@dataclass(slots=True)
class _Planning:
    """One plan in the making; it is stored unless its plan has no run."""

    runtime: Runtime
    integration: Integration
    settings: Mapping[str, Any]
    scope: Scope
    tell: Tell
    plan: Plan
    look: Look | None = None
    editors: dict[Side, str] = field(default_factory=dict)

    def everything(self) -> None:
        """Decide every record of every flow that is on, what others refer to first."""
        is_frozen = freeze.standing(self.integration.company) is not None
        for layer in layers(registry.platform(self.integration.platform.system).flows):
            for flow in layer:
                if flow.is_on(self.settings) and self.scope.includes(flow.name):
                    for pairs in self._chunks(flow):
                        self._chunk(pairs, is_frozen)
                    for pairs in self._right_born(flow):
                        self._chunk(pairs, is_frozen)
                elif self.scope.is_whole:
                    self._say_what_stays(flow)

    def _say_what_stays(self, flow: Flow) -> None:
        """Name the one switch that keeps a flow off while the switch above it is on, and count the records known of its kind."""
        schema = {setting.name: setting for setting in registry.platform(self.integration.platform.system).settings}
        off = [schema[name] for name in flow.only_if if not self.settings.get(name)]
        if len(off) != 1 or not off[0].requires:
            return
        known = Record.objects.filter(connection=self.integration.platform, kind=flow.left_kind, deleted=False)
        linked = Link.objects.filter(integration=self.integration, flow=flow.name, is_open=True).values("left_id")
        text = f"{flow.label}: “{off[0].label}” is off. Turn it on to include them."
        self.plan.left_alone[f"flow.off {flow.name}"] = (text, known.exclude(remote_id__in=linked).count())

    def _chunks(self, flow: Flow) -> Iterator[list[Pair]]:
        if self.scope.documents is not None:
            groups: Iterable[Sequence[str]] = [self.scope.documents[flow.name]]
        elif self.scope.ids:
            rows = Record.objects.filter(connection=self.integration.platform, kind=flow.left_kind, remote_id__in=self.scope.ids)
            groups = [list(rows.order_by("remote_id").values_list("remote_id", flat=True))]
        else:
            groups = self._sifted(flow)
        for ids in groups:
            for start in range(0, len(ids), CHUNK):
                yield [self._pair(flow, id_) for id_ in ids[start : start + CHUNK]]

    def _sifted(self, flow: Flow) -> Iterator[list[str]]:
        """The left records that may need something; those that surely do not are only counted, which takes a tenth of the time."""
        any_pair = self._pair(flow, "")
        load_facts(self.integration, [any_pair])
        asked = {
            "integration": self.integration.pk,
            "platform": self.integration.platform_id,
            "company": self.integration.company_id,
            "flow": flow.name,
            "flows": [each.name for each in registry.platform(self.integration.platform.system).flows],
            "kind": flow.left_kind,
            "rules": any_pair.rules(),
            "limit": SIFTED,
        }
        last = ""
        while found := rows("sifted", {**asked, "last": last}):
            last = found[-1][0]
            maybe = [id_ for id_, is_same in found if not is_same]
            self.plan.in_step += len(found) - len(maybe)
            yield maybe

    def _right_born(self, flow: Flow) -> Iterator[list[Pair]]:
        """The records that are on the right only, of a flow that takes them."""
        if not flow.takes_right_born(self.settings) or self.scope.ids or self.scope.documents is not None:
            return
        linked = Link.objects.filter(integration=self.integration, flow=flow.name, right_id=OuterRef("remote_id"), is_open=True)
        rows = (
            Record.objects.filter(connection=self.integration.company, kind=flow.right_kind).filter(~Exists(linked)).order_by("remote_id")
        )
        last = ""
        while ids := list(rows.filter(remote_id__gt=last).values_list("remote_id", flat=True)[:CHUNK]):
            last = ids[-1]
            pairs = [self._pair(flow, RIGHT_BORN + id_) for id_ in ids]
            for pair in pairs:
                pair.left_ref = Ref(flow.right_kind, pair.left_ref.id)
            yield pairs

    def _pair(self, flow: Flow, id_: str) -> Pair:
        pair = Pair(self.integration, flow, Ref(flow.left_kind, id_), self.settings)
        if self.scope.is_backfill:
            pair.since = self.scope.since
        return pair

    def _chunk(self, pairs: Sequence[Pair], is_frozen: bool, *, needed: bool = False) -> None:
        """Decide a chunk; what refers to a record that this very chunk creates is decided once that is planned."""
        load(pairs)
        for pair in pairs:
            pair.needed = pair.needed or needed
            pair.requested = pair.requested or (self.scope.documents is not None and not needed)
        left = list(pairs)
        while left:
            self._decide(left)
            asked: set[Ref] = set()
            while fresh := self._lacking(left) - asked:  # a decision may name the next thing it lacks only once it has the first
                asked |= fresh
                self._plan_needed(fresh, {pair.flow.name for pair in left}, is_frozen)
                self._decide(left)
            self._look_for_existing(left)
            blocked = [pair for pair in left if pair.decision.missing]
            ready = [pair for pair in left if not pair.decision.missing]
            self._keep(ready, is_frozen)
            if self.plan.run is None or not any(step.kind in _PAIRING for pair in ready for step in pair.decision.steps):
                self._keep(blocked, is_frozen)
                return
            left = blocked

    def _lacking(self, pairs: Sequence[Pair]) -> set[Ref]:
        """The records these pairs wait for, as far as a plan is stored."""
        if self.plan.run is None:
            return set()
        return {f.ref for pair in pairs for f in pair.decision.missing if f.lookup is Lookup.COUNTERPART and f.ref is not None}

    def _plan_needed(self, lacking: Collection[Ref], mine: Collection[str], is_frozen: bool) -> None:
        """Plan records that others wait for and that take part only once another record needs them, except those of these flows."""
        for flow in registry.platform(self.integration.platform.system).flows:
            refs = sorted(ref for ref in lacking if ref.kind == flow.left_kind)
            if refs and flow.is_on(self.settings) and flow.name not in mine:
                self._chunk([self._pair(flow, ref.id) for ref in refs], is_frozen, needed=True)

    def _keep(self, pairs: Sequence[Pair], is_frozen: bool) -> None:
        now = self.runtime.now()
        found = [each for each in items.wanted(pairs, now) if not each.is_rejected]
        for each in found:
            each.item.hold = self._hold(each, is_frozen, now)
            self._count(each)
        if self.plan.run is not None:
            items.keep(found, now, self.plan.run)
        for pair in pairs:
            self._count_findings(pair)
            if self.look is not None:
                self.look(pair)

    def _hold(self, each: Wanted, is_frozen: bool, now: datetime) -> Hold:
        hold = hold_of(each, frozen=is_frozen, now=now)
        pair, usual = each.pair, self.integration.since(each.pair.flow.name)
        if self.scope.documents is not None and (hold == Hold.NONE or (hold == Hold.SWITCH_ON and pair.flow.control is not None)):
            return Hold.BATCH
        if hold == Hold.NONE and self.scope.is_backfill and pair.link is None and pair.left is not None and not pair.requested:
            at = pair.left.modified_at
            return Hold.BACKFILL if usual is not None and at is not None and at < usual else hold
        return hold

    def _count(self, each: Wanted) -> None:
        step = each.step
        self.plan.steps[(each.pair.flow.name, step.name)] += 1
        self.plan.writes += step.writes
        if each.item.hold:
            self.plan.holds[each.item.hold] += 1
        if step.writes and step.side is Side.RIGHT and self.plan.run is not None:
            key = (each.pair.flow.name, step.name, step.entity)
            self.plan.calls[key] += 1
            kind = step.made_kind or each.pair.flow.right_kind
            if not (step.kind is StepKind.CREATE and self.runtime.systems.of(self.integration.company).keeps_unique(kind)):
                self.plan.asked.add(key)

    def _count_findings(self, pair: Pair) -> None:
        for finding in pair.decision.findings:
            self._count_finding(pair, finding)
        if not pair.decision.steps and not pair.decision.findings:
            self.plan.in_step += 1

    def _count_finding(self, pair: Pair, finding: Finding) -> None:
        match finding.kind:
            case FindingKind.IN_STEP:
                self.plan.in_step += 1
            case FindingKind.BLOCKED:
                self.plan.blocked += 1
                self.tell("waits", pair.name, finding.text)
            case FindingKind.AWAITING:
                pass  # its item says so
            case FindingKind.CONFLICT | FindingKind.HELD:
                self.plan.needs_eye += 1
                self.tell("needs your eye", pair.name, finding.text)
            case _:
                text, n = self.plan.left_alone.get(finding.code, (finding.text, 0))
                self.plan.left_alone[finding.code] = (text, n + 1)

    def _look_for_existing(self, pairs: Sequence[Pair]) -> None:
        """Before anything is planned to be created, look whether it exists already, and decide again about what was found."""
        groups: dict[tuple[Side, str, str], dict[str, Pair]] = {}
        for pair in pairs if self.plan.run is not None else ():
            for step in pair.decision.steps:
                if step.kind is StepKind.CREATE and step.natural_key:
                    kind = pair.flow.right_kind if step.side is Side.RIGHT else pair.flow.left_kind
                    groups.setdefault((step.side, kind, step.entity), {}).setdefault(step.natural_key, pair)
        for (side, kind, entity), by_key in groups.items():
            connection = self.integration.company if side is Side.RIGHT else self.integration.platform
            found = self.runtime.systems.of(connection).find(kind, sorted(by_key), entity)
            store(connection, list(found.values()), self.runtime.now())
            taken = linked_to(connection, kind, [record.id for record in found.values()], side)
            for key, record in found.items():
                by_key[key].candidate, by_key[key].taken_by = record, taken.get(record.id, "")
            self._decide([by_key[key] for key in found])

    def _decide(self, pairs: Sequence[Pair]) -> None:
        planned = self._planned(pairs)
        for pair in pairs:
            pair.counterparts = {**{ref: planned[ref] for ref in pair.related if ref in planned}, **pair.counterparts}
            pair.edited_by_us = self._is_edited_by_us(pair, Side.RIGHT)
            pair.left_edited_by_us = self._is_edited_by_us(pair, Side.LEFT)
            pair.decision = decide(pair.flow, pair.case(), pair.settings, self.runtime.now())

    def _is_edited_by_us(self, pair: Pair, side: Side) -> bool:
        """Whether what we wrote to a side was read back with ourselves as its last editor."""
        record, is_read = (pair.right, pair.is_read_back) if side is Side.RIGHT else (pair.left, pair.left_is_read_back)
        unread = () if pair.link is None else (pair.link.unread if side is Side.RIGHT else pair.link.unread_left)
        if not unread or not is_read or record is None or self.plan.run is None:
            return False
        connection: Connection = self.integration.company if side is Side.RIGHT else self.integration.platform
        if side not in self.editors:
            self.editors[side] = self.runtime.systems.of(connection).editor()
        return bool(self.editors[side]) and record.modified_by == self.editors[side]

    def _planned(self, pairs: Sequence[Pair]) -> dict[Ref, Ref]:
        """What the records these pairs refer to will be on the other side, once this plan is carried out."""
        lacking = {ref for pair in pairs for ref in pair.related if ref not in pair.counterparts}
        found: dict[Ref, Ref] = {}
        if not lacking or self.plan.run is None:
            return found
        rows = PlanItem.objects.filter(integration=self.integration, left_id__in={ref.id for ref in lacking}, state__in=OPEN_ITEM)
        for item in rows.filter(step__in=_PAIRING, side=Side.RIGHT):
            found[Ref(item.left_kind, item.left_id)] = Ref(item.right_kind, item.right_id or PLANNED + item.natural_key)
        return found
