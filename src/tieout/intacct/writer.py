"""Sending writes and saying what is known of each; looking for the traces of those nobody knows about.

The rules are those of the promise "exactly once" (design §2, invariant 4). Success alone is done; a refusal that the
fault table knows is refused; what was turned away before any function ran is not sent; everything else is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.core.ports import Effect, Fault, Outcome, Probe, Trace, Verb, Write
from tieout.core.record import EMPTY, Fields, Ref, Value, normal
from tieout.intacct.catalogue import Field, Kind, Type
from tieout.intacct.client import (
    MAX_FUNCTIONS,
    Function,
    IntacctError,
    Level,
    NotSentError,
    Reason,
    RefusedError,
    Result,
    Status,
    UnwritableError,
)
from tieout.intacct.encoding import UnwritableWriteError, encode
from tieout.intacct.faults import fault_of, own_fault, repeated
from tieout.intacct.reading import Reading, Seen

_SPLITS = 16  # requests spent on finding the one write that makes a whole request unreadable


@dataclass(slots=True)
class _Batch:
    entity: str
    splits: int = _SPLITS


class Writer:
    """Writes to one company."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send up to 100 writes of one entity in one request, one function each, and say what is known of each in order.

        Raises ValueError for more than 100, several entities, or a key that occurs twice.
        """
        if len(writes) > MAX_FUNCTIONS:
            raise ValueError(f"one call takes at most {MAX_FUNCTIONS} writes, not {len(writes)}")
        if len({write.entity for write in writes}) > 1 or len({write.key for write in writes}) != len(writes):
            raise ValueError("the writes of one call share their entity, and each has a key of its own")
        outcomes: dict[str, Outcome] = {}
        calls: list[tuple[Write, Function]] = []
        for write in writes:
            try:
                calls.append((write, encode(self._reading.kind(write.kind), write)))
            except (UnwritableWriteError, UnwritableError) as error:
                code = "intacct.unwritable-text" if isinstance(error, UnwritableError) else "intacct.unwritable"
                fault = own_fault(code, self._reading.context(write.kind, write.entity), str(error), effect=Effect.REFUSED)
                outcomes[write.key] = Outcome(Effect.REFUSED, fault=fault)
            except Fault as fault:
                outcomes[write.key] = Outcome(Effect.REFUSED, fault=fault)
        if calls:
            outcomes.update(self._send(calls, _Batch(calls[0][0].entity or self._reading.scope.session)))
        return [outcomes[write.key] for write in writes]

    def _send(self, calls: Sequence[tuple[Write, Function]], batch: _Batch) -> dict[str, Outcome]:
        try:
            results = self._reading.client.execute([function for _, function in calls], entity=batch.entity, unique=True)
        except IntacctError as error:
            fault = fault_of(error, self._reading.client.credentials)
            if isinstance(error, NotSentError) and fault.case.code == "intacct.unreadable-request":
                return self._split(calls, batch, fault)
            return {write.key: Outcome(fault.effect, fault=fault) for write, _ in calls}
        return {write.key: self._outcome(write, result) for (write, _), result in zip(calls, results, strict=True)}

    def _split(self, calls: Sequence[tuple[Write, Function]], batch: _Batch, fault: Fault) -> dict[str, Outcome]:
        """Nothing ran because one function is unreadable: halve until it stands alone, so that it does not hold up the rest."""
        if len(calls) == 1:
            return {calls[0][0].key: Outcome(Effect.REFUSED, fault=fault)}
        outcomes: dict[str, Outcome] = {}
        middle = len(calls) // 2
        for half in (calls[:middle], calls[middle:]):
            if batch.splits <= 0:
                outcomes.update({write.key: Outcome(Effect.NOT_SENT, fault=fault) for write, _ in half})
                continue
            batch.splits -= 1
            outcomes.update(self._send(half, batch))
        return outcomes

    def _outcome(self, write: Write, result: Result | None) -> Outcome:
        if result is None:
            return self._unknown(write, Reason.INCOMPLETE)
        if result.status is Status.MISSING:
            return Outcome(Effect.UNKNOWN, fault=repeated(self._reading.context(write.kind, write.entity)))
        fields: Mapping[str, str] = result.rows[0].fields if result.rows else EMPTY
        number = fields.get("RECORDNO", "").strip()
        if result.status is Status.SUCCESS:
            if write.verb is not Verb.CREATE:
                return Outcome(Effect.DONE, write.target or number, write.natural_key)
            if not number:
                return self._unknown(write, Reason.INCOMPLETE)
            name = fields.get(self._reading.kind(write.kind).natural_key, "").strip()
            return Outcome(Effect.DONE, number, name or write.natural_key)
        if write.verb is Verb.CREATE and number:
            return self._unknown(write, Reason.INCOMPLETE)  # refused, and yet a record is named
        error = RefusedError(Reason.REFUSED, Level.FUNCTION, errors=result.errors, entity=write.entity, object=write.kind)
        fault = fault_of(error, self._reading.client.credentials)
        return Outcome(fault.effect, fault=fault)

    def _unknown(self, write: Write, reason: Reason) -> Outcome:
        error = RefusedError(reason, Level.FUNCTION, entity=write.entity, object=write.kind)
        return Outcome(Effect.UNKNOWN, fault=fault_of(error, self._reading.client.credentials))

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """Look for the traces of writes, in order; one query per kind for creates, one for the rest. Raises Fault."""
        answers: dict[int, Probe] = {}
        for name in dict.fromkeys(write.kind for write in writes):
            kind = self._reading.kind(name)
            mine = [(at, write) for at, write in enumerate(writes) if write.kind == name]
            creates = [(at, write) for at, write in mine if write.verb is Verb.CREATE and write.natural_key]
            others = [(at, write) for at, write in mine if write.verb in (Verb.UPDATE, Verb.DELETE) and write.target]
            answers.update({at: Probe(Trace.NO_HANDLE) for at, _ in mine})
            if creates:
                keys = [write.natural_key for _, write in creates]
                found = self._reading.by_values(name, kind.natural_key, keys, everywhere=True)
                answers.update({at: _created(self._reading.kind(name), write, found) for at, write in creates})
            if others:
                numbers = [write.target for _, write in others if write.target]
                by_id = {seen.record.id: seen for seen in self._reading.by_values(name, "RECORDNO", numbers, everywhere=True)}
                answers.update({at: _changed(self._reading.kind(name), write, by_id.get(write.target or "")) for at, write in others})
        return [answers[at] for at in range(len(writes))]


def _created(kind: Kind, write: Write, found: Sequence[Seen]) -> Probe:
    named = [seen for seen in found if seen.record.natural_key == write.natural_key.strip()]
    if not named:
        return Probe(Trace.ABSENT, enforced=kind.enforced)
    seen = min(named, key=lambda one: (one.record.entity != write.entity, one.record.entity != ""))
    foreign = write.entity and seen.record.entity not in (write.entity, "")
    wanted = {name: value for name, value in write.fields.items() if value is not None}
    equal = not foreign and matches(kind, wanted, seen) is not False
    return Probe(Trace.EQUAL if equal else Trace.OTHER, seen.record, kind.enforced)


def _changed(kind: Kind, write: Write, seen: Seen | None) -> Probe:
    if write.verb is Verb.DELETE:
        if seen is None:
            return Probe(Trace.EQUAL, enforced=True)
        unchanged = matches(kind, write.expected, seen) is not False
        # RECORDNO is never used again, so repeating a delete cannot hit another record (intacct-xml §4.3).
        return Probe(Trace.ABSENT if unchanged else Trace.OTHER, seen.record, enforced=True)
    if seen is None:
        return Probe(Trace.OTHER)
    target = matches(kind, write.fields, seen)
    if target is None:
        return Probe(Trace.NO_HANDLE, seen.record)
    if target:
        return Probe(Trace.EQUAL, seen.record)
    before = {name: value for name, value in write.expected.items() if name in write.fields}
    untouched = before.keys() == write.fields.keys() and matches(kind, before, seen)
    return Probe(Trace.ABSENT if untouched else Trace.OTHER, seen.record)


def matches(kind: Kind, wanted: Fields, seen: Seen) -> bool | None:
    """Whether a record shows the wanted values, field by field in normal form; None if none of them can be read."""
    readable = [(each, value) for name, value in wanted.items() if (each := kind.by_name.get(name)) and name in seen.record.fields]
    if wanted and not readable:
        return None
    return all(_same(each, value, seen) for each, value in readable)


def _same(each: Field, wanted: Value, seen: Seen) -> bool:
    shown = seen.record.fields[each.name]
    if each.type is Type.REFERENCE:
        if isinstance(wanted, Ref):
            return wanted == shown
        return (normal(wanted) or "") == seen.names.get(each.name, "")
    if each.type is Type.BOOLEAN:
        return bool(wanted) == bool(shown)
    wanted = normal(wanted.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(wanted, str) else normal(wanted)
    if each.type is Type.LABEL and isinstance(wanted, str) and isinstance(shown, str):
        return wanted.casefold() == shown.casefold()
    return wanted == shown
