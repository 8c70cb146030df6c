"""What a decision needs to know: reading what is stale, looking up what rules lack, and finding what exists already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tieout.core.decide import Decision, Finding, FindingKind, Side, Step, StepKind, decide
from tieout.core.flow import Lookup
from tieout.core.ports import Fault
from tieout.core.problems import RULE_FAILED
from tieout.core.record import Fields, Ref, normal
from tieout.core.record import Record as CoreRecord
from tieout.engine import undo
from tieout.engine.batch import Batch
from tieout.engine.intents import read_lag, target_connection
from tieout.engine.loading import load_related, load_related_right
from tieout.engine.observe import Known, keep, store, stored
from tieout.engine.pairs import Pair
from tieout.engine.settle import SOON
from tieout.store.models import IN_FLIGHT, Connection, Intent, Link, Record


def observe(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read afresh every hinted record whose stored state is older than its hint."""
    for connection in batch.connections(pairs):
        wanted: dict[Ref, list[Pair]] = {}
        for pair in pairs:
            for hint in pair.hints:
                if hint.connection_id == connection.pk and not hint.is_read:
                    wanted.setdefault(hint.ref, []).append(pair)
        _read(batch, connection, wanted)


def _read(
    batch: Batch, connection: Connection, wanted: Mapping[Ref, Sequence[Pair]], known: Mapping[Ref, Known] | None = None
) -> Mapping[Ref, Known]:
    """Read records for the pairs that want them, kind by kind: one that cannot be read stops its own pairs only.

    What is known of the records then, freshly read or not. `known` is what is stored of them, if that is at hand.
    """
    if not wanted:
        return {}
    now = batch.now()
    if known is None:
        known = stored(connection, wanted)
    asked: list[Ref] = []
    answered: dict[Ref, CoreRecord] = {}
    for kind in sorted({ref.kind for ref in wanted}):
        refs = sorted(ref for ref in wanted if ref.kind == kind)
        pairs = list(dict.fromkeys(pair for ref in refs for pair in wanted[ref]))
        if batch.is_down(connection, pairs):
            continue
        try:
            with batch.calling(connection) as system:
                answered |= system.read(refs)
        except Fault as fault:
            batch.failed(connection, fault, pairs, kind)
            continue
        asked += refs
        batch.worked(connection)
    if not asked:
        return known
    reading = keep(connection, asked, answered, known, now, read_lag(connection))
    for ref, until in reading.unsure.items():
        for pair in wanted[ref]:
            pair.look_again_at(until)
    return reading.records


def decide_pairs(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Decide each pair from what is known of it now."""
    editors = {side: _editors(batch, pairs, side) for side in Side}
    for pair in pairs:
        if pair.stopped:
            continue
        if (item := undo.released(pair)) is not None:
            pair.decision = undo.decide_undo(pair, item, batch.now())
            continue
        if is_unchanged(pair):
            pair.decision = Decision()
            continue
        pair.edited_by_us = pair.is_read_back and _is_by(pair.right, editors[Side.RIGHT].get(pair.integration.company_id))
        pair.left_edited_by_us = pair.left_is_read_back and _is_by(pair.left, editors[Side.LEFT].get(pair.integration.platform_id))
        try:
            pair.decision = decide(pair.flow, pair.case(), pair.settings, batch.now())
        except Exception as error:  # a rule that breaks on one record must not stop the others
            text = f"A rule of {pair.flow.label} failed on this record: {type(error).__name__}."
            pair.decision = Decision(findings=(Finding(FindingKind.HELD, RULE_FAILED.code, text),))


def _is_by(record: CoreRecord | None, editor: str | None) -> bool:
    return record is not None and bool(editor) and record.modified_by == editor


def _editors(batch: Batch, pairs: Sequence[Pair], side: Side) -> dict[int, str]:
    """How our own user signs on each connection of a side; asked only when something we wrote was read back for the first time."""
    found: dict[int, str] = {}
    asking: dict[int, list[Pair]] = {}
    for pair in pairs:
        if pair.link is None or pair.stopped:
            continue
        unread, is_read = (pair.link.unread, pair.is_read_back) if side is Side.RIGHT else (pair.link.unread_left, pair.left_is_read_back)
        if unread and is_read:
            asking.setdefault(target_connection(pair, side).pk, []).append(pair)
    for pk, mine in asking.items():
        connection = target_connection(mine[0], side)
        if batch.is_down(connection, mine):
            continue
        try:
            with batch.calling(connection) as system:
                found[pk] = system.editor()
        except Fault as fault:
            batch.failed(connection, fault, mine, mine[0].flow.right_kind)
    return found


def is_unchanged(pair: Pair) -> bool:
    """Both sides and the rules are as they were when the pair was last in step."""
    link, right = pair.link, pair.right
    if link is None or right is None or not link.rules_fingerprint or right.deleted:
        return False
    if link.right_fingerprint != right.fingerprint() or link.left_fingerprint != pair.left_fingerprint():
        return False
    return link.rules_fingerprint == pair.rules()


def look_up(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read by id the records that rules lacked, and decide again; at most three hops away."""
    for _ in range(3):
        lacking = [pair for pair in pairs if not pair.stopped and any(f.lookup is Lookup.RECORD for f in pair.decision.missing)]
        if not lacking:
            return
        for side in Side:
            _look_up_on(batch, lacking, side)
        decide_pairs(batch, [pair for pair in lacking if not pair.stopped])


def _look_up_on(batch: Batch, pairs: Sequence[Pair], side: Side) -> None:
    wanted: dict[int, dict[Ref, list[Pair]]] = {}
    for pair in pairs:
        for finding in pair.decision.missing:
            if finding.lookup is Lookup.RECORD and finding.ref is not None and finding.side is side:
                wanted.setdefault(target_connection(pair, side).pk, {}).setdefault(finding.ref, []).append(pair)
    for mine in wanted.values():
        asking = list(dict.fromkeys(pair for several in mine.values() for pair in several))
        _read(batch, target_connection(asking[0], side), mine)
        for integration_id in {pair.integration.pk for pair in asking}:
            same = [pair for pair in asking if pair.integration.pk == integration_id]
            if side is Side.LEFT:
                load_related(same, mine)
            else:
                load_related_right(same[0].integration, same, mine)


def refresh_before_writing(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Read the records about to be changed, so that nobody's edit is overwritten unseen, and decide again."""
    for side in Side:
        writing = [pair for pair in pairs if pair.due_at is None and any(_changes(step, side) for step in pair.decision.steps)]
        for connection in {target_connection(pair, side).pk: target_connection(pair, side) for pair in writing}.values():
            mine = [pair for pair in writing if target_connection(pair, side).pk == connection.pk]
            wanted: dict[Ref, list[Pair]] = {}
            for pair in mine:
                target = _target(pair, side)
                if target is not None:
                    wanted.setdefault(target, []).append(pair)
            fresh = _read(batch, connection, wanted, {ref: known for ref, known in _at_hand(mine, side) if ref in wanted})
            for pair in mine:
                target = _target(pair, side)
                row = fresh.get(target) if target is not None else None
                if row is not None and side is Side.RIGHT:
                    pair.take_right(row)
                elif row is not None:
                    pair.take_left(row)
            decide_pairs(batch, [pair for pair in mine if not pair.stopped])


def _at_hand(pairs: Sequence[Pair], side: Side) -> Iterator[tuple[Ref, Known]]:
    """What these pairs know of the records they are about to change."""
    for pair in pairs:
        row = pair.right_row if side is Side.RIGHT else pair.left_row
        if row is not None:
            yield row.record.ref, row


def _changes(step: Step, side: Side) -> bool:
    """Whether a step changes a record of this side that exists; an adjustment depends on one."""
    return step.side is side and step.kind in (StepKind.UPDATE, StepKind.ACT, StepKind.DELETE, StepKind.ADJUST)


def _target(pair: Pair, side: Side) -> Ref | None:
    if pair.link is None:
        return None
    return pair.link.right if side is Side.RIGHT else pair.link.left


def find_candidates(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Before anything is created, look whether it exists already, and decide again about what was found.

    Where the system itself keeps the natural key unique, and nothing that was read has it, the create may as well ask: a key
    that is taken all the same is refused, and the next look is a real one. That spares a request for each hundred creates.
    """
    groups: dict[tuple[int, str, str], list[tuple[Pair, Step]]] = {}
    for pair in pairs:
        step = next((step for step in pair.decision.steps if step.kind is StepKind.CREATE), None) if pair.due_at is None else None
        if step is None or pair.decision.steps[0] is not step or not step.natural_key:
            continue  # what is made in place of another is looked for once that is gone
        kind = pair.flow.right_kind if step.side is Side.RIGHT else pair.flow.left_kind
        groups.setdefault((target_connection(pair, step.side).pk, kind, step.entity), []).append((pair, step))
    for (_, kind, entity), group in groups.items():
        _find(batch, kind, entity, group)


def _find(batch: Batch, kind: str, entity: str, group: Sequence[tuple[Pair, Step]]) -> None:
    side = group[0][1].side
    connection = target_connection(group[0][0], side)
    members = [pair for pair, _ in group]
    if batch.is_down(connection, members):
        return
    try:
        if batch.runtime.systems.of(connection).keeps_unique(kind):
            _leave_asking_to_the_create(connection, kind, group)
        keys = sorted({step.natural_key for pair, step in group if not pair.unasked})
        found: Mapping[str, CoreRecord] = {}
        if keys:
            with batch.calling(connection) as system:
                found = system.find(kind, keys, entity)
        batch.worked(connection)
    except Fault as fault:
        batch.failed(connection, fault, members, kind)
        return
    taken = linked_to(connection, kind, [record.id for record in found.values()], side) if found else {}
    first: set[str] = set()
    for pair, step in group:
        record = found.get(step.natural_key)
        if record is not None:
            pair.candidate, pair.taken_by = record, taken.get(record.id, "")
        elif step.natural_key in first:
            pair.look_again_at(batch.now() + SOON)  # its namesake in this batch goes first, and is found then
        first.add(step.natural_key)
    store(connection, list(found.values()), batch.now())
    decide_pairs(batch, [pair for pair in members if pair.candidate is not None])


def _leave_asking_to_the_create(connection: Connection, kind: str, group: Sequence[tuple[Pair, Step]]) -> None:
    keys = [step.natural_key for _, step in group]
    known = set(Record.objects.filter(connection=connection, kind=kind, natural_key__any=keys).values_list("natural_key", flat=True))
    for pair, step in group:
        pair.unasked = step.natural_key not in known and not any(hint.attempts for hint in pair.hints)


def find_successors(batch: Batch, pairs: Sequence[Pair]) -> None:
    """Of right records that are gone, look for the one that was made anew under the same natural key."""
    gone: dict[str, list[Pair]] = {}
    for pair in pairs:
        right = pair.right
        if pair.flow.succeeds and pair.link is not None and right is not None and right.deleted and right.natural_key:
            gone.setdefault(right.kind, []).append(pair)
    for kind, mine in gone.items():
        if batch.is_down(batch.company, mine):
            continue
        by_key = {pair.right.natural_key: pair for pair in mine if pair.right is not None}
        try:
            with batch.calling(batch.company) as system:
                found = system.find(kind, sorted(by_key))
        except Fault as fault:
            batch.failed(batch.company, fault, mine, kind)
            continue
        store(batch.company, list(found.values()), batch.now())
        taken = linked_to(batch.company, kind, [record.id for record in found.values()])
        for key, record in found.items():
            if record.id not in taken and not record.deleted:
                by_key[key].successor = record


def without_doubles(batch: Batch, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that may be decided. A record without link that may be the one a call in flight is making waits for that call.

    Such a call has no link yet that would tell so; what it makes shows the values it was given.
    """
    unlinked = [pair for pair in pairs if pair.link is None and pair.flow.takes_right_born(pair.settings)]
    if not unlinked:
        return list(pairs)
    making = Intent.objects.filter(
        integration__in={pair.integration.pk for pair in unlinked}, state__in=IN_FLIGHT, step=StepKind.CREATE.value
    )
    waiting: set[int] = set()
    for intent in making:
        for pair in unlinked:
            own = Side.RIGHT if pair.is_right_born else Side.LEFT
            record = pair.right if pair.is_right_born else pair.left
            mine = (pair.integration.pk, pair.flow.name) == (intent.integration_id, intent.flow) and intent.side == own
            if mine and record is not None and _may_be(record, intent.content["fields"]):
                pair.look_again_at(batch.now() + SOON)
                waiting.add(id(pair))
    return [pair for pair in pairs if id(pair) not in waiting]


def _may_be(record: CoreRecord, sent: Fields) -> bool:
    """Whether a record shows every text a call was given."""
    return all(
        normal(record.fields.get(name)) == normal(value)
        for name, value in sent.items()
        if isinstance(value, str) and name in record.fields and not isinstance(record.fields[name], Ref)
    )


def linked_to(connection: Connection, kind: str, ids: Sequence[str], side: Side = Side.RIGHT) -> dict[str, str]:
    """Who is linked already to these records of a connection on this side, in words."""
    owner = "integration__company" if side is Side.RIGHT else "integration__platform"
    named = {owner: connection, f"{side}_kind": kind, f"{side}_id__in": list(ids)}
    links = Link.objects.filter(is_open=True, **named).select_related("integration")
    return {link.right_id if side is Side.RIGHT else link.left_id: _called(link, side) for link in links}


def _called(link: Link, side: Side) -> str:
    """The record linked to one of this side as people know it: its kind and its number, or its ID if it has none."""
    integration, other = link.integration, (link.left if side is Side.RIGHT else link.right)
    connection = integration.platform_id if side is Side.RIGHT else integration.company_id
    row = Record.objects.filter(connection_id=connection, kind=other.kind, remote_id=other.id).first()
    return f"{other.kind} {(row and row.natural_key) or other.id}"
