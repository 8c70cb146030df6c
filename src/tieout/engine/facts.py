"""What a decision needs to know: reading what is stale, looking up what rules lack, and finding what exists already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tieout.core.decide import Decision, Finding, FindingKind, Side, StepKind, decide
from tieout.core.flow import Lookup
from tieout.core.ports import Fault
from tieout.core.problems import RULE_FAILED
from tieout.core.record import Ref
from tieout.engine.batch import Batch
from tieout.engine.intents import read_lag, target_connection
from tieout.engine.observe import read, store, stored
from tieout.engine.pairs import Pair, load_related
from tieout.engine.settle import SOON
from tieout.store.models import Connection, Link, Record


def observe(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read afresh every hinted record whose stored state is older than its hint."""
    for connection in batch.connections(pairs):
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
        if batch.is_down(connection, pairs):
            continue
        try:
            unsure = read(connection, batch.system(connection), refs, batch.now(), read_lag(connection))
        except Fault as fault:
            batch.failed(connection, fault, pairs, kind)
            continue
        batch.worked(connection)
        for ref, until in unsure.items():
            for pair in wanted[ref]:
                pair.look_again_at(until)


def decide_pairs(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Decide each pair from what is known of it now."""
    editor = _editor(batch, pairs)
    for pair in pairs:
        if pair.stopped:
            continue
        if _is_unchanged(pair):
            pair.decision = Decision()
            continue
        pair.edited_by_us = pair.is_read_back and pair.right is not None and bool(editor) and pair.right.modified_by == editor
        try:
            pair.decision = decide(pair.flow, pair.case(), pair.settings, batch.now())
        except Exception as error:  # a rule that breaks on one record must not stop the others
            text = f"A rule of {pair.flow.label} failed on this record: {type(error).__name__}."
            pair.decision = Decision(findings=(Finding(FindingKind.HELD, RULE_FAILED.code, text),))


def _editor(batch: Batch, pairs: Sequence[Pair]) -> str:
    """How our own user signs in the books; asked only when something we wrote was read back for the first time."""
    asking = [pair for pair in pairs if pair.link is not None and pair.link.unread and pair.is_read_back and not pair.stopped]
    if not asking or batch.is_down(batch.company, asking):
        return ""
    try:
        return batch.system(batch.company).editor()
    except Fault as fault:
        batch.failed(batch.company, fault, asking, asking[0].flow.right_kind)
        return ""


def _is_unchanged(pair: Pair) -> bool:
    """Both sides and the rules are as they were when the pair was last in step."""
    link, right = pair.link, pair.right
    if link is None or right is None or not link.rules_fingerprint or right.deleted:
        return False
    if link.right_fingerprint != right.fingerprint() or link.left_fingerprint != pair.left_fingerprint():
        return False
    return link.rules_fingerprint == pair.flow.rules_fingerprint(pair.settings)


def look_up(batch: Batch, pairs: Sequence[Pair]) -> None:
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
        decide_pairs(batch, [pair for pair in lacking if not pair.stopped])


def refresh_before_writing(batch: Batch, pairs: Sequence[Pair]) -> None:
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
                    pair.take_right(row)
                elif side is Side.LEFT and (row := fresh.get(pair.left_ref)) is not None:
                    pair.left = row.as_core()
            decide_pairs(batch, [pair for pair in mine if not pair.stopped])


def find_candidates(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Before anything is created, look whether it exists already, and decide again about what was found."""
    creating = [pair for pair in pairs if pair.due_at is None and any(s.kind is StepKind.CREATE for s in pair.decision.steps)]
    groups: dict[tuple[str, str], list[tuple[Pair, str]]] = {}
    for pair in creating:
        step = next(step for step in pair.decision.steps if step.kind is StepKind.CREATE)
        groups.setdefault((pair.flow.right_kind, step.entity), []).append((pair, step.natural_key))
    for (kind, entity), group in groups.items():
        members = [pair for pair, _ in group]
        if batch.is_down(batch.company, members):
            continue
        try:
            found = batch.system(batch.company).find(kind, sorted({key for _, key in group}), entity)
            batch.worked(batch.company)
        except Fault as fault:
            batch.failed(batch.company, fault, members, kind)
            continue
        taken = linked_to(batch.company, kind, [record.id for record in found.values()])
        first: set[str] = set()
        for pair, key in group:
            record = found.get(key)
            if record is not None:
                pair.candidate, pair.taken_by = record, taken.get(record.id, "")
            elif key in first:
                pair.look_again_at(batch.now() + SOON)  # its namesake in this batch goes first, and is found then
            first.add(key)
        store(batch.company, list(found.values()), batch.now())
        decide_pairs(batch, [pair for pair in members if pair.candidate is not None])


def linked_to(company: Connection, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Who is linked already to these right records, in words."""
    links = Link.objects.filter(integration__company=company, right_kind=kind, right_id__in=ids, is_open=True).select_related("integration")
    return {link.right_id: _called(link) for link in links}


def _called(link: Link) -> str:
    """The left record of a link as people know it: its kind and its number, or its ID if it has none."""
    row = Record.objects.filter(connection_id=link.integration.platform_id, kind=link.left_kind, remote_id=link.left_id).first()
    return f"{link.left_kind} {(row and row.natural_key) or link.left_id}"
