"""Sending writes and saying what is known of each; looking for the traces of those nobody knows about.

The rules are those of the promise "exactly once" (design §2, invariant 4). Success alone is done; a refusal that the
fault table knows is refused; what was turned away before any function ran is not sent; everything else is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tieout.core.ports import Effect, Fault, Outcome, Verb, Write
from tieout.core.record import EMPTY
from tieout.intacct.aftermath import Done, aftermath
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
from tieout.intacct.encoding import LockedError, encode, needs_present
from tieout.intacct.faults import fault_of, own_fault, repeated
from tieout.intacct.line_writing import Present, UnwritableWriteError, VanishedLineError
from tieout.intacct.present import present
from tieout.intacct.reading import Reading
from tieout.intacct.rest_writer import RestWriter

_CODES = {UnwritableError: "intacct.unwritable-text", VanishedLineError: "intacct.line-gone", LockedError: "intacct.locked"}
_SPLITS = 16  # requests spent on finding the one write that makes a whole request unreadable


@dataclass(slots=True)
class _Batch:
    entity: str
    splits: int = _SPLITS


class Writer:
    """Writes to one company."""

    def __init__(self, reading: Reading, rest: RestWriter) -> None:
        self._reading = reading
        self._rest = rest

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send up to 100 writes of one entity in one request, one function each, and say what is known of each in order.

        Raises ValueError for more than 100, several entities, or a key that occurs twice.
        """
        if len(writes) > MAX_FUNCTIONS:
            raise ValueError(f"one call takes at most {MAX_FUNCTIONS} writes, not {len(writes)}")
        if len({write.entity for write in writes}) > 1 or len({write.key for write in writes}) != len(writes):
            raise ValueError("the writes of one call share their entity, and each has a key of its own")
        through_rest = [write for write in writes if (kind := self._reading.catalogue.get(write.kind)) is not None and kind.rest]
        outcomes = {write.key: outcome for write, outcome in zip(through_rest, self._rest.write(through_rest), strict=True)}
        calls: list[tuple[Write, Function]] = []
        here = self._present(writes)
        for write in writes:
            if write.key in outcomes:
                continue
            record = here.get((write.kind, write.target or ""))
            if isinstance(record, Fault):
                outcomes[write.key] = Outcome(record.effect, fault=record)
                continue
            try:
                calls.append((write, encode(self._reading.kind(write.kind), write, self._reading.catalogue, record)))
            except (UnwritableWriteError, UnwritableError, VanishedLineError, LockedError) as error:
                code = _CODES.get(type(error), "intacct.unwritable")
                fault = own_fault(code, self._reading.context(write.kind, write.entity), str(error), effect=Effect.REFUSED)
                outcomes[write.key] = Outcome(Effect.REFUSED, fault=fault)
            except Fault as fault:
                outcomes[write.key] = Outcome(Effect.REFUSED, fault=fault)
        if calls:
            outcomes.update(self._send(calls, _Batch(calls[0][0].entity or self._reading.scope.session)))
        done = [Done(write, outcome, _read(here, write)) for write in writes if (outcome := outcomes[write.key]).effect is Effect.DONE]
        outcomes.update(aftermath(self._reading, done))
        return [outcomes[write.key] for write in writes]

    def _present(self, writes: Sequence[Write]) -> dict[tuple[str, str], Present | Fault]:
        """The records of those updates that are written over them, by kind and RECORDNO: one read for each kind."""
        needing: dict[str, list[Write]] = {}
        for write in writes:
            known = self._reading.catalogue.get(write.kind)
            if known is not None and needs_present(known, write):
                needing.setdefault(write.kind, []).append(write)
        here: dict[tuple[str, str], Present | Fault] = {}
        for name, mine in needing.items():
            entity = mine[0].entity or self._reading.scope.session
            found = present(self._reading, self._reading.catalogue[name], mine, entity)
            here |= {(name, target): record for target, record in found.items()}
        return here

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
        number = fields.get("RECORDNO", "").strip() or result.key.strip()
        if result.status is Status.SUCCESS:
            if write.verb is not Verb.CREATE:
                return Outcome(Effect.DONE, write.target or number, write.natural_key)
            if not number:
                return self._unknown(write, Reason.INCOMPLETE)
            kind = self._reading.kind(write.kind)
            if kind.documents is not None and kind.documents.name == kind.natural_key:
                return Outcome(Effect.DONE, "", number)  # answered by name; its number is read with its lines
            name = "" if kind.within else fields.get(kind.natural_key, "").strip()
            return Outcome(Effect.DONE, number, name or write.natural_key)
        if write.verb is Verb.CREATE and number:
            return self._unknown(write, Reason.INCOMPLETE)  # refused, and yet a record is named
        error = RefusedError(Reason.REFUSED, Level.FUNCTION, errors=result.errors, entity=write.entity, object=write.kind)
        fault = fault_of(error, self._reading.client.credentials)
        return Outcome(fault.effect, fault=fault)

    def _unknown(self, write: Write, reason: Reason) -> Outcome:
        error = RefusedError(reason, Level.FUNCTION, entity=write.entity, object=write.kind)
        return Outcome(Effect.UNKNOWN, fault=fault_of(error, self._reading.client.credentials))


def _read(here: Mapping[tuple[str, str], Present | Fault], write: Write) -> Present | None:
    found = here.get((write.kind, write.target or ""))
    return found if isinstance(found, Present) else None
