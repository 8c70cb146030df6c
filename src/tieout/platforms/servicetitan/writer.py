"""Writing to ServiceTitan: marking documents as exported, the one thing that is written here, and looking whether a mark was made.

A mark is made once and cannot be taken back, and making it again changes nothing; so one without a clear answer is looked up by the sync
status and made again if it is not there. A success of the call says nothing about a document: each row of the answer has its own
(servicetitan §9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.core.ports import Effect, Fault, Outcome, Probe, Trace, Verb, Write
from tieout.core.record import Ref
from tieout.platforms.members import shape
from tieout.platforms.servicetitan import faults
from tieout.platforms.servicetitan.client import Client
from tieout.platforms.servicetitan.kind import Export, Kind
from tieout.platforms.servicetitan.kinds import kind_of
from tieout.platforms.servicetitan.members import identity, unreadable
from tieout.platforms.servicetitan.reader import Reader, is_id

MARK = "mark exported"
"""The one verb."""

SYNC_STATUS = "syncStatus"
EXPORT_ID = "exportId"
MESSAGE = "externalMessage"
DONE = frozenset({"exported", "postedandexported"})
"""The sync statuses of a document that is marked, in lower case (servicetitan §9)."""


class Writer:
    """The writing half of one connection."""

    def __init__(self, client: Client, reader: Reader) -> None:
        self._client = client
        self._reader = reader

    def write(self, writes: Sequence[Write]) -> list[Outcome]:
        """Mark documents of one kind as exported with one call and say what is known of each, in order."""
        outcomes: dict[int, Outcome] = {}
        sent: list[tuple[int, Write]] = []
        for place, write in enumerate(writes):
            if (why := _unwritable(write)) is not None:
                outcomes[place] = Outcome(Effect.REFUSED, fault=Fault(faults.READ_ONLY, why, effect=Effect.REFUSED))
            else:
                sent.append((place, write))
        for (place, _), outcome in zip(sent, self._mark([write for _, write in sent]), strict=True):
            outcomes[place] = outcome
        return [outcomes[place] for place in range(len(writes))]

    def probe(self, writes: Sequence[Write]) -> list[Probe]:
        """Look whether marks were made, in order. What never leaves is surely absent. Raises Fault."""
        there = self._reader.read([Ref(write.kind, write.target or "") for write in writes if _unwritable(write) is None])
        answers = []
        for write in writes:
            if _unwritable(write) is not None:
                answers.append(Probe(Trace.ABSENT, enforced=True))  # a repetition is refused again and settles it
                continue
            record = there.get(Ref(write.kind, write.target or ""))
            if record is None:
                answers.append(Probe(Trace.OTHER))
            else:
                is_marked = str(record.fields.get(SYNC_STATUS) or "").lower() in DONE
                answers.append(Probe(Trace.EQUAL if is_marked else Trace.ABSENT, record, enforced=True))
        return answers

    def _mark(self, writes: Sequence[Write]) -> list[Outcome]:
        if not writes:
            return []
        row = kind_of(writes[0].kind)
        export = row.export
        assert export is not None
        documents = [
            (int(write.target or 0), str(write.fields.get(EXPORT_ID) or ""), str(write.fields.get(MESSAGE) or "")) for write in writes
        ]
        try:
            data = self._client.post(row.area, export.path, export.body(documents)).data
            answers = _answers(export, data) if export.answer else None
        except Fault as fault:
            if fault.effect is Effect.REFUSED and len(writes) > 1:
                return [outcome for write in writes for outcome in self._mark([write])]  # one of them spoils it for all
            return [Outcome(fault.effect, fault=_explained(row, export, fault))] * len(writes)
        return [_outcome(row, write, answers) for write in writes]


def _unwritable(write: Write) -> str | None:
    """Why this is nothing that is written here; None for a mark."""
    said = f"{write.verb} {write.kind} {write.target or write.natural_key}".rstrip()
    others = write.fields.keys() - {EXPORT_ID, MESSAGE}
    if kind_of(write.kind).export is None or write.verb is not Verb.ACT or write.action != MARK:
        return f"{said} {write.action}".rstrip()
    if others:
        return f"{said}: {', '.join(sorted(others))}"
    return None if is_id(write.target or "") else f"{said}: there is no such ID"


def _answers(export: Export, data: Any) -> Mapping[str, tuple[bool, str]]:
    """What the answer says of each document. Raises Fault, with an unknown effect, for an answer that cannot be read."""
    if not isinstance(data, list):
        raise unreadable(export.path, f"the answer is {shape(data)}, not a list", effect=Effect.UNKNOWN)
    found: dict[str, tuple[bool, str]] = {}
    for place, item in enumerate(data):
        where = f"{export.path}[{place}]"
        if not isinstance(item, Mapping) or not isinstance(item.get("success"), bool):
            raise unreadable(f"{where}.success", "is missing or not true or false", effect=Effect.UNKNOWN)
        try:
            id_ = identity(item.get(export.answer), f"{where}.{export.answer}")
        except Fault as fault:
            raise Fault(fault.case, fault.detail, effect=Effect.UNKNOWN) from fault
        if id_ is not None:
            found[id_] = (item["success"], str(item.get("errorMessage") or "")[:200])
    return found


def _outcome(row: Kind, write: Write, answers: Mapping[str, tuple[bool, str]] | None) -> Outcome:
    target = write.target or ""
    if answers is None:
        return Outcome(Effect.DONE, target, write.natural_key)
    if target not in answers:
        said = f"{row.label} {target}: the answer does not name it"
        return Outcome(Effect.UNKNOWN, fault=unreadable(row.resource, said, effect=Effect.UNKNOWN))
    is_done, message = answers[target]
    if is_done:
        return Outcome(Effect.DONE, target, write.natural_key)
    return Outcome(Effect.REFUSED, fault=Fault(faults.MARK_REFUSED, f"{row.label} {target}: {message}", effect=Effect.REFUSED))


def _explained(row: Kind, export: Export, fault: Fault) -> Fault:
    if fault.case is faults.FORBIDDEN and export.scope:
        return Fault(faults.FORBIDDEN, f"mark {row.label} as exported, scope {export.scope}; {fault.detail}", effect=fault.effect)
    return fault


__all__ = ["DONE", "EXPORT_ID", "MARK", "MESSAGE", "SYNC_STATUS", "Writer"]
