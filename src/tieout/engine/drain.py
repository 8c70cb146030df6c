"""The drain: one slot of one company works off its hints, a batch at a time, in dependency order.

hint → lease → observe → decide → intent → send → settle → release what waited. No transaction is held across a
call, and a stop at any point leaves either the hint, or an intent whose outcome the next drain looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tieout.core.decide import Decision, Finding, FindingKind, Side, Step, StepKind, decide
from tieout.core.flow import Lookup
from tieout.core.ports import Effect, Fault, Outcome, Scope, System, Write
from tieout.core.problems import RULE_FAILED
from tieout.core.record import Ref
from tieout.engine import health, journal
from tieout.engine.findings import Raised, record_findings
from tieout.engine.intents import Planned, open_intents, prepare, read_lag, settle_after, target_connection
from tieout.engine.journal import Pass
from tieout.engine.observe import read, store, stored
from tieout.engine.pairs import Pair, by_layer, load, load_related, pairs_of
from tieout.engine.probe import probe, reopen, unknowns
from tieout.engine.queue import BATCH, LEASE, Claimed, Postponed, after_refusal, claim, finish, postpone, release_waits, take_over
from tieout.engine.runtime import Runtime
from tieout.engine.settle import SOON, Answer, settle, settle_links
from tieout.engine.usage import count_usage
from tieout.store.models import Connection, Intent, IntentState, Link

KIND_PAUSE = timedelta(minutes=1)  # before a kind of record that cannot be read is tried again
SAFETY = timedelta(seconds=10)  # a call is not begun when less than this of the lease is left


class LeaseOverError(Exception):
    """The lease of a batch ran out before its next call; the batch is left to whoever claims it next."""


@dataclass(slots=True)
class Drained:
    """What one drain did: hints worked off, and whether a connection stopped it."""

    hints: int = 0
    paused: bool = False


@dataclass(slots=True)
class Batch:
    """A batch of claimed hints in the hands of one drain."""

    runtime: Runtime
    company: Connection
    slot: int
    work: Pass
    hints: list[Claimed]
    lease_until: datetime
    raised: Raised = field(default_factory=dict)
    down: dict[int, datetime] = field(default_factory=dict)

    def now(self) -> datetime:
        """The time now."""
        return self.runtime.now()

    def system(self, connection: Connection) -> System:
        """The adapter of a connection, unless the lease is over. Raises Fault or LeaseOverError."""
        if self.now() + SAFETY >= self.lease_until:
            raise LeaseOverError
        return self.runtime.systems.of(connection)


def drain(runtime: Runtime, company: Connection, slot: int, *, go_on: Callable[[], bool] = lambda: True, limit: int = BATCH) -> Drained:
    """Work off the company's due hints until none is left, `go_on` says no, or the company cannot be reached."""
    take_over(company, slot, runtime.now(), settle_after(company))
    done = Drained()
    work = Pass(company, "drain")
    while go_on() and not done.paused:
        now = runtime.now()
        company.refresh_from_db()
        if company.retry_at is not None and company.retry_at > now:
            done.paused = True
            break
        hints = claim(company, slot, now, limit)
        if not hints:
            break
        batch = Batch(runtime, company, slot, work, hints, now + LEASE)
        done.hints += len(hints)
        _process(batch)
        done.paused = company.pk in batch.down
    work.end(runtime.now())
    return done


def _process(batch: Batch) -> None:
    pairs = pairs_of(batch.company, batch.hints)
    try:
        _note_errors(batch, pairs)
        _observe(batch, pairs)
        for layer in by_layer(pairs):
            if not _is_down(batch, batch.company, layer):
                _work_layer(batch, [pair for pair in layer if not pair.stopped])
    except LeaseOverError:
        return
    finally:
        for connection in _connections(batch, pairs):
            count_usage(batch.runtime, connection)
    _hand_back(batch, pairs)


def _connections(batch: Batch, pairs: Iterable[Pair]) -> list[Connection]:
    found = {pair.integration.platform_id: pair.integration.platform for pair in pairs}
    return [batch.company, *found.values()]


def _note_errors(batch: Batch, pairs: Iterable[Pair]) -> None:
    """Connections that wait out an error are not called before their time, whatever a pair may want of them."""
    for connection in _connections(batch, pairs):
        if connection.retry_at is not None and connection.retry_at > batch.now():
            batch.down[connection.pk] = connection.retry_at


def _is_down(batch: Batch, connection: Connection, pairs: Iterable[Pair]) -> bool:
    """Whether a connection that these pairs need is in error; then they wait for it. All others go on."""
    until = batch.down.get(connection.pk)
    if until is None:
        return False
    for pair in pairs:
        pair.stop_until(until)
    return True


def _failed(batch: Batch, connection: Connection, fault: Fault, pairs: Sequence[Pair], kind: str) -> None:
    """A call that could not be made at all: pause the connection, or only these pairs, and burn nothing."""
    if fault.case.scope is Scope.CONNECTION:
        until = batch.down[connection.pk] = health.failed(connection, fault, batch.now())
    else:
        until = batch.now() + KIND_PAUSE
        for integration in {pair.integration.pk: pair.integration for pair in pairs}.values():
            journal.raise_kind_problem(integration, fault.case, kind, fault.detail, batch.now())
    for pair in pairs:
        pair.stop_until(until)


def _observe(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read afresh every hinted record whose stored state is older than its hint."""
    for connection in _connections(batch, pairs):
        hints = [hint for hint in batch.hints if hint.connection_id == connection.pk]
        rows = stored(connection, [hint.ref for hint in hints])
        stale = {hint.id for hint in hints if (row := rows.get(hint.ref)) is None or row.seen_at < hint.marked_at}
        wanted: dict[Ref, list[Pair]] = {}
        for pair in pairs:
            for hint in pair.hints:
                if hint.id in stale:
                    wanted.setdefault(hint.ref, []).append(pair)
        _read(batch, connection, wanted)


def _read(batch: Batch, connection: Connection, wanted: Mapping[Ref, Sequence[Pair]]) -> None:
    """Read records for the pairs that want them, kind by kind: one that cannot be read stops its own pairs only."""
    for kind in sorted({ref.kind for ref in wanted}):
        refs = sorted(ref for ref in wanted if ref.kind == kind)
        pairs = list(dict.fromkeys(pair for ref in refs for pair in wanted[ref]))
        if _is_down(batch, connection, pairs):
            continue
        try:
            unsure = read(connection, batch.system(connection), refs, batch.now(), read_lag(connection))
        except Fault as fault:
            _failed(batch, connection, fault, pairs, kind)
            continue
        health.worked(connection, batch.now())
        for ref, until in unsure.items():
            for pair in wanted[ref]:
                pair.look_again_at(until)


def _work_layer(batch: Batch, pairs: list[Pair]) -> None:
    load(pairs)
    free = _settle_unknowns(batch, pairs)
    _decide(batch, free)
    _look_up(batch, free)
    _refresh_before_writing(batch, free)
    _find_candidates(batch, free)
    free = [pair for pair in free if pair.due_at is None]
    record_findings(free, batch.raised, batch.now())
    links = [(p, s) for p in free for s in p.decision.steps if s.kind in (StepKind.LINK, StepKind.UNLINK)]
    _send(batch, [(p, s) for p in free for s in p.decision.steps if s.kind in (StepKind.CREATE, StepKind.UPDATE)])
    settle_links([(pair, step) for pair, step in links if pair.due_at is None], batch.work, batch.now())
    settled = [pair for pair in free if pair.due_at is None and not pair.refused]
    journal.clear_problems(settled, batch.now(), but=batch.raised)
    release_waits(batch.company, batch.now())


def _decide(batch: Batch, pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        if _is_unchanged(pair):
            pair.decision = Decision()
            continue
        if pair.link is not None and pair.link.unread and pair.right is not None:
            editor = batch.runtime.systems.of(batch.company).editor()
            pair.edited_by_us = bool(editor) and pair.right.modified_by == editor
        try:
            pair.decision = decide(pair.flow, pair.case(), pair.settings, batch.now())
        except Exception as error:  # a rule that breaks on one record must not stop the others
            text = f"A rule of {pair.flow.label} failed on this record: {type(error).__name__}."
            pair.decision = Decision(findings=(Finding(FindingKind.HELD, RULE_FAILED.code, text),))


def _is_unchanged(pair: Pair) -> bool:
    """Both sides and the rules are as they were when the pair was last in step."""
    link, right = pair.link, pair.right
    if link is None or right is None or not link.rules_fingerprint or right.deleted:
        return False
    if link.right_fingerprint != right.fingerprint() or link.left_fingerprint != pair.left_fingerprint():
        return False
    return link.rules_fingerprint == pair.flow.rules_fingerprint(pair.settings)


def _settle_unknowns(batch: Batch, pairs: Sequence[Pair]) -> list[Pair]:
    """Settle the open calls of these pairs; the pairs that have none."""
    for pair in pairs:
        if pair.intent is not None and pair.intent.state == IntentState.SENDING:
            pair.look_again_at(batch.now() + SOON)
    groups: dict[tuple[int, str], list[Pair]] = {}
    for pair in pairs:
        if pair.intent is not None and pair.intent.state == IntentState.UNKNOWN:
            groups.setdefault((target_connection(pair, Side(pair.intent.side)).pk, pair.intent.content["kind"]), []).append(pair)
    for group in groups.values():
        connection = target_connection(group[0], Side(group[0].intent.side)) if group[0].intent is not None else batch.company
        try:
            again = probe(unknowns(group), batch.system(connection), batch.work, batch.now())
            health.worked(connection, batch.now())
        except Fault as fault:
            _failed(batch, connection, fault, group, group[0].flow.right_kind)
            continue
        mine = reopen(again, batch.slot, batch.now())
        _call(batch, connection, [Sending(item.pair, item.intent, item.write) for item in mine])
    return [pair for pair in pairs if pair.intent is None]


def _look_up(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read by id the records that rules lacked, and decide again; at most three hops away."""
    for _ in range(3):
        lacking = [pair for pair in pairs if not pair.stopped and any(f.lookup is Lookup.RECORD for f in pair.decision.missing)]
        if not lacking:
            return
        for platform in {pair.integration.platform_id: pair.integration.platform for pair in lacking}.values():
            mine = [pair for pair in lacking if pair.integration.platform_id == platform.pk]
            wanted: dict[Ref, list[Pair]] = {}
            for pair in mine:
                for finding in pair.decision.missing:
                    if finding.lookup is Lookup.RECORD and finding.ref is not None:
                        wanted.setdefault(finding.ref, []).append(pair)
            _read(batch, platform, wanted)
            for integration_id in {pair.integration.pk for pair in mine}:
                load_related([pair for pair in mine if pair.integration.pk == integration_id], wanted)
        _decide(batch, [pair for pair in lacking if not pair.stopped])


def _refresh_before_writing(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read the records about to be changed, so that nobody's edit is overwritten unseen, and decide again."""
    for side in Side:
        writing = [
            pair
            for pair in pairs
            if pair.due_at is None and any(step.kind is StepKind.UPDATE and step.side is side for step in pair.decision.steps)
        ]
        for connection in {target_connection(pair, side).pk: target_connection(pair, side) for pair in writing}.values():
            mine = [pair for pair in writing if target_connection(pair, side).pk == connection.pk]
            wanted: dict[Ref, list[Pair]] = {}
            for pair in mine:
                for step in pair.decision.steps:
                    if step.target is not None and step.side is side:
                        wanted.setdefault(step.target, []).append(pair)
            _read(batch, connection, wanted)
            fresh = stored(connection, wanted)
            for pair in mine:
                if side is Side.RIGHT and pair.link is not None and (row := fresh.get(pair.link.right)) is not None:
                    pair.right = row.as_core()
                elif side is Side.LEFT and (row := fresh.get(pair.left_ref)) is not None:
                    pair.left = row.as_core()
            _decide(batch, [pair for pair in mine if not pair.stopped])


def _find_candidates(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Before anything is created, look whether it exists already, and decide again about what was found."""
    creating = [pair for pair in pairs if pair.due_at is None and any(s.kind is StepKind.CREATE for s in pair.decision.steps)]
    groups: dict[tuple[str, str], list[tuple[Pair, str]]] = {}
    for pair in creating:
        step = next(step for step in pair.decision.steps if step.kind is StepKind.CREATE)
        groups.setdefault((pair.flow.right_kind, step.entity), []).append((pair, step.natural_key))
    for (kind, entity), group in groups.items():
        members = [pair for pair, _ in group]
        if _is_down(batch, batch.company, members):
            continue
        try:
            found = batch.system(batch.company).find(kind, sorted({key for _, key in group}), entity)
            health.worked(batch.company, batch.now())
        except Fault as fault:
            _failed(batch, batch.company, fault, members, kind)
            continue
        taken = _linked(batch.company, kind, [record.id for record in found.values()])
        first: set[str] = set()
        for pair, key in group:
            record = found.get(key)
            if record is not None:
                pair.candidate, pair.taken_by = record, taken.get(record.id, "")
            elif key in first:
                pair.look_again_at(batch.now() + SOON)  # its namesake in this batch goes first, and is found then
            first.add(key)
        store(batch.company, list(found.values()), batch.now())
        _decide(batch, [pair for pair in members if pair.candidate is not None])


def _linked(company: Connection, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Who is linked already to these right records, in words."""
    links = Link.objects.filter(integration__company=company, right_kind=kind, right_id__in=ids, is_open=True)
    return {link.right_id: f"{link.left_kind} {link.left_id}" for link in links}


@dataclass(frozen=True, slots=True)
class Sending:
    """One stored intent about to be called."""

    pair: Pair
    intent: Intent
    write: Write


def _send(batch: Batch, steps: Sequence[tuple[Pair, Step]]) -> None:
    groups: dict[tuple[int, str, StepKind, str], list[Planned]] = {}
    for planned in prepare([(pair, step) for pair, step in steps if pair.due_at is None]):
        connection = target_connection(planned.pair, planned.step.side)
        groups.setdefault((connection.pk, planned.write.kind, planned.step.kind, planned.write.entity), []).append(planned)
    for group in groups.values():
        connection = target_connection(group[0].pair, group[0].step.side)
        if connection.pk in batch.down:
            for planned in group:
                planned.pair.look_again_at(batch.down[connection.pk])
            continue
        now = batch.now()
        batch.system(connection)
        kept, busy = open_intents(group, batch.work.started(now).pk, batch.slot, now)
        for pair in busy:
            pair.look_again_at(now + SOON)
        _call(batch, connection, [Sending(item.pair, intent, item.write) for item, intent in kept])


def _call(batch: Batch, connection: Connection, items: Sequence[Sending]) -> None:
    """Make calls whose intents are stored, and settle them."""
    if not items:
        return
    try:
        outcomes = batch.system(connection).write([item.write for item in items])
    except Fault as fault:
        outcomes = [Outcome(fault.effect, fault=fault)] * len(items)
    answers = [Answer(item.pair, item.intent, outcome) for item, outcome in zip(items, outcomes, strict=True)]
    settle(answers, batch.work, batch.now(), slot=batch.slot)
    broken = next((o.fault for o in outcomes if o.fault is not None and o.fault.case.scope is Scope.CONNECTION), None)
    if broken is not None:
        _failed(batch, connection, broken, [item.pair for item in items], items[0].write.kind)
    elif any(outcome.effect in (Effect.DONE, Effect.REFUSED) for outcome in outcomes):
        health.worked(connection, batch.now())


def _hand_back(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Finish the hints whose pairs are settled; postpone the others."""
    now = batch.now()
    by_hint: dict[int, list[Pair]] = {}
    for pair in pairs:
        for hint in pair.hints:
            by_hint.setdefault(hint.id, []).append(pair)
    finished: list[Claimed] = []
    postponed: list[Postponed] = []
    for hint in batch.hints:
        mine = by_hint.get(hint.id, [])
        dues = [pair.due_at for pair in mine if pair.due_at is not None]
        if dues:
            postponed.append(Postponed(hint, min(dues)))
        elif any(pair.refused for pair in mine):
            postponed.append(after_refusal(hint, now))
        else:
            finished.append(hint)
    finish(finished, batch.slot, now)
    postpone(postponed, batch.slot, now)
