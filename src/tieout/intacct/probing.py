"""Looking for the traces of writes whose outcome nobody knows (design §2, invariant 4).

A create is looked for by its natural key, if that names one record, else by the mark its flow left in the kind's mark field; an
update or delete by the record itself, against the target and the pre-image; an act by the state it leads to. A kind that is
written through REST is also safe to send again at once: the same key and body are answered from the first call (intacct-rest §3.7).
"""

from __future__ import annotations

from collections.abc import Sequence

from tieout.core.ports import Probe, Trace, Verb, Write
from tieout.intacct.catalogue import REMOVE_LINES, Kind
from tieout.intacct.decoding import Seen
from tieout.intacct.line_writing import lines_of
from tieout.intacct.matching import matches
from tieout.intacct.reading import Reading


def probe(reading: Reading, writes: Sequence[Write]) -> list[Probe]:
    """The traces of writes, in order; per kind one query for creates by key, one by mark and one for the rest. Raises Fault."""
    answers = {at: Probe(Trace.NO_HANDLE) for at, _ in enumerate(writes)}
    for name in dict.fromkeys(write.kind for write in writes):
        kind = reading.kind(name)
        mine = [(at, write) for at, write in enumerate(writes) if write.kind == name]
        creates = [(at, write) for at, write in mine if write.verb is Verb.CREATE]
        keyed = [(at, write) for at, write in creates if write.natural_key and kind.natural_key and kind.is_whole(write.natural_key)]
        marked = [(at, write) for at, write in creates if (at, write) not in keyed and _mark(kind, write)]
        others = [(at, write) for at, write in mine if write.verb is not Verb.CREATE and write.target]
        if keyed:
            found = reading.by_keys(name, [write.natural_key for _, write in keyed], everywhere=True)
            answers.update({at: _created(kind, write, found) for at, write in keyed})
        if marked:
            found = reading.by_values(name, kind.mark, [_mark(kind, write) for _, write in marked], everywhere=True)
            answers.update({at: _marked(kind, write, found) for at, write in marked})
        if others:
            numbers = [write.target for _, write in others if write.target]
            by_id = {seen.record.id: seen for seen in reading.by_values(name, "RECORDNO", numbers, everywhere=True)}
            answers.update({at: _changed(kind, write, by_id.get(write.target or "")) for at, write in others})
    return [answers[at] for at in range(len(writes))]


def _mark(kind: Kind, write: Write) -> str:
    value = write.fields.get(kind.mark) if kind.mark else None
    return value.strip() if isinstance(value, str) else ""


def _created(kind: Kind, write: Write, found: Sequence[Seen]) -> Probe:
    named = [seen for seen in found if seen.record.natural_key == write.natural_key.strip()]
    if not named:
        return Probe(Trace.ABSENT, enforced=kind.enforced or bool(kind.rest))
    return _judged(kind, write, named, enforced=kind.enforced)


def _marked(kind: Kind, write: Write, found: Sequence[Seen]) -> Probe:
    named = [seen for seen in found if seen.record.fields.get(kind.mark) == _mark(kind, write)]
    return _judged(kind, write, named, enforced=False) if named else Probe(Trace.ABSENT)


def _judged(kind: Kind, write: Write, named: Sequence[Seen], *, enforced: bool) -> Probe:
    """What was found under the name: ours if it shows what was sent, in its entity or shared."""
    wanted = {name: value for name, value in write.fields.items() if value is not None}

    def equal(seen: Seen) -> bool:
        foreign = bool(write.entity) and seen.record.entity not in (write.entity, "")
        return not foreign and matches(kind, wanted, seen, adding=True) is not False

    seen = min(named, key=lambda one: (not equal(one), one.record.entity != write.entity, one.record.entity != ""))
    return Probe(Trace.EQUAL if equal(seen) else Trace.OTHER, seen.record, enforced)


def _changed(kind: Kind, write: Write, seen: Seen | None) -> Probe:
    if write.verb is Verb.DELETE:
        if seen is None:
            return Probe(Trace.EQUAL, enforced=True)
        unchanged = matches(kind, write.expected, seen) is not False
        # RECORDNO is never used again, so repeating a delete cannot hit another record (intacct-xml §4.3).
        return Probe(Trace.ABSENT if unchanged else Trace.OTHER, seen.record, enforced=True)
    if seen is None:
        return Probe(Trace.OTHER)
    if write.verb is Verb.ACT:
        return _acted(kind, write, seen)
    target = matches(kind, write.fields, seen, before=write.expected)
    if target is None:
        return Probe(Trace.NO_HANDLE, seen.record)
    if target:
        return Probe(Trace.EQUAL, seen.record)
    before = {name: value for name, value in write.expected.items() if name in write.fields}
    untouched = before.keys() == write.fields.keys() and matches(kind, before, seen)
    return Probe(Trace.ABSENT if untouched else Trace.OTHER, seen.record, enforced=bool(kind.rest))


def _acted(kind: Kind, write: Write, seen: Seen) -> Probe:
    if write.action == REMOVE_LINES and kind.lines is not None:
        wanted = {line.id for line in lines_of(write.fields, kind.lines) or ()}
        left = wanted & {line.id for line in lines_of(seen.record.fields, kind.lines) or ()}
        # A RECORDNO is never used again, so what is gone was taken out, and repeating it cannot hit another line.
        return Probe(Trace.EQUAL if not left else Trace.ABSENT if left == wanted else Trace.OTHER, seen.record)
    act = kind.acts.get(write.action)
    state = str(seen.record.fields.get("STATE") or "").lower()
    if act is None or not state:
        return Probe(Trace.NO_HANDLE, seen.record)
    if state in act.done:
        return Probe(Trace.EQUAL, seen.record)
    unchanged = matches(kind, write.expected, seen) is not False
    return Probe(Trace.ABSENT if unchanged else Trace.OTHER, seen.record)
