"""Writing to Sage PSA one call after the other, and looking for the traces of calls that got no clear answer.

What identifies a record here (sage-psa §2, §10.6; design §2.4f):

- A project created with a `custom_project_id` is found again by it. That the service keeps it unique is inferred, not documented, so it is
  looked up before every call that sets it, and an absent one is never resent at once.
- A client is found again by its name: none of that name means that none was created, one with equal fields is as good as the one sent. One
  with other fields is somebody's, and is decided anew.
- A project without a `custom_project_id` has only marks: its name, when it was created, and by whom if our own person is known. One made
  within `RECENT` with equal fields counts as ours. One that might be ours and cannot be told from another's is left to a person.

So nothing is ever lost, and a double is possible only for the one call in flight: if the first call takes effect after its resend.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tieout.core.ports import Effect, Fault, Outcome, Probe, Scope, Trace, Verb, Write
from tieout.core.record import Record, Ref, Value, normal
from tieout.platforms.exchange import Now
from tieout.platforms.sage_psa import faults
from tieout.platforms.sage_psa.client import Client
from tieout.platforms.sage_psa.encoding import encode, matches
from tieout.platforms.sage_psa.kinds import PROJECT, Kind, kind_of
from tieout.platforms.sage_psa.members import identity, unreadable
from tieout.platforms.sage_psa.reader import Reader, is_id
from tieout.platforms.sage_psa.records import normalise

RECENT = timedelta(days=1)
"""How long after its creation a project without an ID of its own may count as the one a lost call created."""

LONGEST_BATCH = timedelta(seconds=60)
"""After so long the rest of a batch is left for the next: calls are made one after the other, and a lease is not for ever."""

REMEMBERED = 2000
"""How many keys of calls that were done are kept in mind."""


class Writer:
    """The writing half of one connection."""

    def __init__(self, client: Client, reader: Reader, *, clock: Now, person: str = "") -> None:
        self._client = client
        self._reader = reader
        self._clock = clock
        self._done: OrderedDict[str, None] = OrderedDict()
        self.person = person

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Send each write and say what is known of it, in order.

        After a fault of the whole connection, or after `LONGEST_BATCH`, the rest is not sent.
        """
        started = self._clock()
        outcomes: list[Outcome] = []
        stopped: Fault | None = None
        for write in writes:
            if stopped is None and self._clock() - started > LONGEST_BATCH:
                stopped = Fault(faults.PACED, "the calls before it took long", retry_after=1.0)
            outcome = Outcome(Effect.NOT_SENT, fault=stopped) if stopped is not None else self._one(write)
            outcomes.append(outcome)
            if stopped is None and outcome.fault is not None and outcome.fault.case.scope is Scope.CONNECTION:
                fault = outcome.fault
                stopped = Fault(fault.case, "a call before it failed; this one was not sent", retry_after=fault.retry_after)
        return outcomes

    def _one(self, write: Write) -> Outcome:
        if write.key in self._done:
            return Outcome(Effect.UNKNOWN, fault=Fault(faults.REPEATED, write.kind, effect=Effect.UNKNOWN))
        try:
            outcome = self._send(kind_of(write.kind), write)
        except Fault as fault:
            if write.verb is Verb.CREATE and fault.case is faults.NOT_FOUND:
                fault = Fault(faults.INVALID, fault.detail, effect=fault.effect)  # what it refers to is not there
            return Outcome(fault.effect, fault=fault)
        self._remember(write.key)
        return outcome

    def _remember(self, key: str) -> None:
        self._done[key] = None
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)

    def _send(self, row: Kind, write: Write) -> Outcome:
        if not row.creates or write.verb is Verb.ACT:
            raise Fault(faults.READ_ONLY, f"{write.verb} {write.kind}", effect=Effect.REFUSED)
        data = encode(row, write) if write.verb is not Verb.DELETE else {}
        if write.verb is Verb.CREATE:
            self._keep_apart(row, data, "")
            return self._made(row, write, self._client.post(row.path, data).data)
        target = write.target or ""
        if not is_id(row, target):
            raise Fault(faults.UNWRITABLE, f"{write.verb} {write.kind} without an id", effect=Effect.REFUSED)
        if write.verb is Verb.DELETE:
            self._client.delete(row.one.format(target))
        elif data:
            self._keep_apart(row, data, target)
            return self._changed(row, write, self._client.put(row.one.format(target), data).data)
        return Outcome(Effect.DONE, target, write.natural_key)

    def _keep_apart(self, row: Kind, data: Mapping[str, Any], target: str) -> None:
        """See that no other project has the ID that is about to be set. Raises Fault if one has; nothing has been sent then."""
        wanted = data.get("custom_project_id")
        if row.name != PROJECT or not wanted:
            return
        holder = self._reader.project_by_key(wanted)
        if holder is not None and holder.fields.get("custom_project_id") == wanted and holder.id != target:
            raise Fault(faults.KEY_TAKEN, f"{wanted}, project {holder.id}", effect=Effect.REFUSED)

    def _made(self, row: Kind, write: Write, body: Any) -> Outcome:
        """The outcome of a create that was answered with success; without an id in the answer nobody knows."""
        try:
            given = identity(body.get("id") if isinstance(body, Mapping) else None, f"{row.label}: id")
        except Fault as fault:
            raise Fault(fault.case, fault.detail, effect=Effect.UNKNOWN) from fault
        if given is None:
            raise unreadable(row.path, "the answer names no new record", effect=Effect.UNKNOWN)
        record = self._learn(row, body)
        return Outcome(Effect.DONE, given, record.natural_key if record is not None else write.natural_key)

    def _changed(self, row: Kind, write: Write, body: Any) -> Outcome:
        record = self._learn(row, body)
        if record is not None:
            kept = [name for name, value in write.fields.items() if normal(value) is None and record.fields.get(name) is not None]
            if kept:
                # That null clears a field is not documented (sage-psa §2); the answer shows the whole record, so it is seen.
                raise Fault(faults.NOT_CLEARED, f"{write.kind} {write.target}: {', '.join(sorted(kept))}", effect=Effect.REFUSED)
        return Outcome(Effect.DONE, write.target or "", record.natural_key if record is not None else write.natural_key)

    def _learn(self, row: Kind, body: Any) -> Record | None:
        """The record in an answer, and from it who we are to Sage PSA (sage-psa §10.1). None if it cannot be read, which undoes nothing."""
        try:
            record = normalise(row.name, body)
        except Fault:
            return None
        maker = record.fields.get("created_by")
        self.person = record.modified_by or self.person or (maker.id if isinstance(maker, Ref) else "")
        return record

    # Traces

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """Look for the traces of writes, in order; a list that several need is read once. Raises Fault."""
        named: dict[str, dict[str, list[Record]]] = {}
        targets = [Ref(write.kind, write.target) for write in writes if write.verb is not Verb.CREATE and write.target]
        there = self._reader.read([ref for ref in targets if kind_of(ref.kind).creates]) if targets else {}
        answers = []
        for write in writes:
            row = kind_of(write.kind)
            if not row.creates or write.verb is Verb.ACT:
                answers.append(Probe(Trace.ABSENT, enforced=True))  # such a call never leaves; a repetition is refused again
            elif write.verb is not Verb.CREATE:
                answers.append(_left_on(write, there.get(Ref(write.kind, write.target or ""))))
            elif write.kind == PROJECT and (key := normal(write.fields.get("custom_project_id"))):
                answers.append(_found(write, self._reader.project_by_key(str(key)), str(key)))
            else:
                if write.kind not in named:
                    named[write.kind] = self._reader.by_name(row)
                answers.append(self._by_marks(write, named[write.kind]))
        return answers

    def _by_marks(self, write: Write, named: Mapping[str, Sequence[Record]]) -> Probe:
        name = " ".join(str(write.fields.get("name") or "").split())
        if not name:
            return Probe(Trace.NO_HANDLE)
        same = named.get(name, ())
        equal = [record for record in same if matches(_given(write), record)]
        if write.kind != PROJECT:
            if equal:
                return Probe(Trace.EQUAL, equal[0])
            return Probe(Trace.OTHER, same[0]) if same else Probe(Trace.ABSENT)
        same = [record for record in same if self._may_be_ours(record)]
        ours = [record for record in same if record in equal and self._is_recent(record)]
        if ours:
            return Probe(Trace.EQUAL, ours[0])
        return Probe(Trace.NO_HANDLE, same[0]) if same else Probe(Trace.ABSENT)

    def _may_be_ours(self, record: Record) -> bool:
        maker = record.fields.get("created_by")
        return not self.person or not isinstance(maker, Ref) or maker.id == self.person

    def _is_recent(self, record: Record) -> bool:
        made = record.fields.get("created_at")
        return isinstance(made, datetime) and self._clock() - made <= RECENT


def _found(write: Write, record: Record | None, key: str) -> Probe:
    if record is None or record.fields.get("custom_project_id") != key:
        return Probe(Trace.ABSENT)
    return Probe(Trace.EQUAL if matches(_given(write), record) else Trace.OTHER, record)


def _given(write: Write) -> dict[str, Value]:
    """What a create has sent: an empty member is left out of its call."""
    return {name: value for name, value in write.fields.items() if normal(value) is not None}


def _left_on(write: Write, record: Record | None) -> Probe:
    """What an update or delete left on its target. Ids are not given twice, so a repeated delete can hit nothing else."""
    if write.verb is Verb.DELETE:
        if record is None:
            return Probe(Trace.EQUAL, enforced=True)
        return Probe(Trace.ABSENT if matches(write.expected, record) else Trace.OTHER, record, enforced=True)
    if record is None:
        return Probe(Trace.OTHER)
    if matches(write.fields, record):
        return Probe(Trace.EQUAL, record)
    before = {name: value for name, value in write.expected.items() if name in write.fields}
    untouched = before.keys() == write.fields.keys() and matches(before, record)
    return Probe(Trace.ABSENT if untouched else Trace.OTHER, record)


__all__ = ["LONGEST_BATCH", "RECENT", "Writer"]
