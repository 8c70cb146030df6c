"""The drain: one slot of one company works off its hints, a batch at a time, in dependency order.

hint → lease → observe → decide → intent → send → settle → release what waited. No transaction is held across a
call, and a stop at any point leaves either the hint, or an intent whose outcome the next drain looks for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections, transaction

from tieout.core.decide import StepKind
from tieout.core.problems import UNSAFE_PAIR
from tieout.engine import journal
from tieout.engine.alternating import pause_alternating
from tieout.engine.batch import KIND_PAUSE, Batch, LeaseOverError, Wires
from tieout.engine.circumstances import Circumstances, circumstances, pairs_of
from tieout.engine.facts import decide_pairs, find_candidates, find_successors, look_up, observe, refresh_before_writing, without_doubles
from tieout.engine.findings import NEEDED, record_findings, tells
from tieout.engine.gate import follow, gate
from tieout.engine.intents import SETTLE_AFTER
from tieout.engine.journal import Pass
from tieout.engine.loading import load
from tieout.engine.pairs import Pair, by_layer, is_unsafe
from tieout.engine.queue import BATCH, LEASE, Claimed, Postponed, after_refusal, claim, finish, postpone, release_waits, take_over
from tieout.engine.runtime import Runtime
from tieout.engine.send import carry_out, settle_unknowns
from tieout.engine.settle import agreements, settle_agreed
from tieout.engine.usage import count_usage
from tieout.store.models import Connection


@dataclass(slots=True)
class Drained:
    """What one drain did: hints worked off, for which company, and whether its connection stopped it."""

    hints: int = 0
    paused: bool = False
    company: str = ""


def drain(
    runtime: Runtime, company: Connection, slot: int, *, go_on: Callable[[], bool] = lambda: True, limit: int = BATCH, ahead: bool = False
) -> Drained:
    """Work off the company's due hints until none is left, `go_on` says no, or the company cannot be reached.

    With `ahead`, the next batch is prepared while one is on the wire, as long as there are whole batches: by a second thread, which
    shares the slot's wires, so that the slot still makes one call at a time.
    """
    take_over(company, slot, runtime.now(), SETTLE_AFTER)
    lane = _Lane(runtime, company, slot, go_on, limit, Wires())
    if not ahead:
        return lane.work()
    with ThreadPoolExecutor(1, thread_name_prefix=f"company {company.pk}, slot {slot}") as second:
        return lane.work(lambda: second.submit(lane.beside))


@dataclass(slots=True)
class _Lane:
    """One thread that works off a slot's hints, batch after batch."""

    runtime: Runtime
    company: Connection
    slot: int
    go_on: Callable[[], bool]
    limit: int
    wires: Wires

    def beside(self) -> Drained:
        """The same in a thread of its own."""
        try:
            return self.work()
        finally:
            connections.close_all()

    def work(self, is_full: Callable[[], Future[Drained]] | None = None) -> Drained:
        """Work until nothing is left; `is_full` is called once, as soon as a batch shows that there is more, for help."""
        done, work, helper = Drained(), Pass(self.company, "drain"), None
        while self.go_on() and not done.paused:
            now = self.runtime.now()
            hints = claim(self.company, self.slot, now, self.limit)
            if not hints:
                break
            if is_full is not None and helper is None and len(hints) == self.limit:
                helper = is_full()
            company, known = circumstances(self.company)
            batch = Batch(self.runtime, company, self.slot, work, hints, now + LEASE, self.wires)
            done.hints, done.company = done.hints + len(hints), company.name
            _process(batch, known)
            done.paused = company.pk in batch.down
        work.end(self.runtime.now())
        if helper is not None:
            other = helper.result()
            done.hints, done.paused = done.hints + other.hints, done.paused or other.paused
        return done


def _process(batch: Batch, known: Sequence[Circumstances]) -> None:
    batch.frozen = any(each.frozen for each in known)
    pairs = pairs_of(batch.company, batch.hints, known)
    try:
        batch.note_errors(pairs)
        safe = _safe(batch, pairs)
        observe(batch, safe)
        load(safe, facts=False)
        moved = False
        for layer in by_layer(safe):
            if not batch.is_down(batch.company, layer):
                moved = _work_layer(batch, [pair for pair in layer if not pair.stopped], again=moved) or moved
    except LeaseOverError:
        return
    finally:
        count_usage(batch.runtime, *batch.connections(pairs))
    batch.note_answers()
    _hand_back(batch, pairs)


def _safe(batch: Batch, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that may be written. No write passes but through here: an integration that became unsafe stops (invariant 10)."""
    unsafe = {p.integration.pk: p.integration for p in pairs if is_unsafe(p.integration.platform, p.integration.company)}
    for integration in unsafe.values():
        journal.raise_kind_problem(integration, UNSAFE_PAIR, integration.name, "", batch.now())
    for pair in pairs:
        if pair.integration.pk in unsafe:
            pair.stop_until(batch.now() + KIND_PAUSE)
    return [pair for pair in pairs if pair.integration.pk not in unsafe]


def _work_layer(batch: Batch, pairs: list[Pair], *, again: bool) -> bool:
    """Work on the pairs of one layer; whether anything happened that a later layer must see, which then is loaded `again`."""
    if again:
        load(pairs, facts=False)
    free = without_doubles(batch, settle_unknowns(batch, pairs))
    find_successors(batch, free)
    decide_pairs(batch, free)
    look_up(batch, free)
    refresh_before_writing(batch, free)
    find_candidates(batch, free)
    free = [pair for pair in free if pair.due_at is None]
    gate(batch, free)
    pause_alternating(batch, free)
    _record(batch, free)
    carry_out(batch, free)
    settled = [pair for pair in free if pair.due_at is None and not pair.refused]
    journal.clear_problems(settled, batch.now(), but=batch.raised)
    follow(free, batch.now())
    if any(_may_end_waits(pair) for pair in free):
        release_waits(batch.company, batch.now())
    return any(pair.intent is not None or pair.decision.steps or pair.decision.findings for pair in pairs)


def _may_end_waits(pair: Pair) -> bool:
    """Whether records need wait for this one no longer: it was linked just now, or already was when they began to wait."""
    if any(step.kind in (StepKind.CREATE, StepKind.LINK) for step in pair.decision.steps):
        return True
    return pair.link is not None and (pair.needed or any(hint.reason == NEEDED for hint in pair.hints))


def _record(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Store what was found, if there is anything to store."""
    for pair in pairs:
        batch.raised.setdefault(pair.identity, set())
        pair.recheck_at = pair.decision.recheck_at
    telling, agreed = tells(pairs), agreements(pairs)
    if telling or agreed:
        with transaction.atomic():
            batch.hold()
            record_findings(telling, batch.work, batch.raised, batch.now())
            settle_agreed(agreed, batch.now())


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
        dues = [moment for pair in mine for moment in (pair.due_at, pair.recheck_at) if moment is not None]
        if dues:
            postponed.append(Postponed(hint, min(dues)))
        elif any(pair.key_taken for pair in mine):
            postponed.append(Postponed(hint, now, counts=True))
        elif any(pair.refused for pair in mine):
            postponed.append(after_refusal(hint, now))
        else:
            finished.append(hint)
    finish(finished, batch.slot, batch.lease_until, now)
    postpone(postponed, batch.slot, batch.lease_until, now)
