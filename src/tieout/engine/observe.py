"""Observing: bringing what is stored of records up to date, and storing what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tieout.core.ports import System
from tieout.core.record import Record, Ref, dump
from tieout.engine import seen
from tieout.engine.mark import mark
from tieout.store.bulk import document, insert, read_values
from tieout.store.models import Connection
from tieout.store.statements import rows


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing showed: the keys that are new or differ, and the members that joined or left a set of references.

    The record of such a member need not tell that it moved, so it is looked at too.
    """

    changed: Sequence[Ref] = ()
    moved: Sequence[Ref] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of one record, and when it was seen."""

    record: Record
    seen_at: datetime


def store(connection: Connection, records: Sequence[Record], read_at: datetime, *, noted: bool = True) -> Stored:
    """Store records as read at `read_at`. The caller holds a transaction, so that what changed can be marked with it.

    What differs from before is noted in the journal, unless the caller has written it and says so itself.
    """
    latest = {record.ref: record for record in records}
    if not latest:
        return Stored()
    given = list(latest.values())
    moved = _moved(connection, given)
    parameters = {"connection": connection.pk, "rows": document([_row(record) for record in given]), "seen": read_at}
    changed: list[Ref] = []
    differing: list[seen.Differing] = []
    for kind, id_, before, was_deleted in rows("store_records", parameters):
        changed.append(Ref(kind, id_))
        if noted and before is not None:
            differing.append(seen.Differing(latest[changed[-1]], read_values(before), was_deleted))
    insert(seen.entries(connection, differing, read_at))
    return Stored(changed, moved)


def _row(record: Record) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "remote_id": record.id,
        "natural_key": record.natural_key,
        "entity": record.entity,
        "fields": dump(record.fields),
        "fingerprint": record.fingerprint(),
        "version": record.version,
        "modified_at": record.modified_at,
        "modified_by": record.modified_by,
        "deleted": record.deleted,
    }


def _moved(connection: Connection, records: Sequence[Record]) -> list[Ref]:
    grouping = [record for record in records if frozenset in map(type, record.fields.values())]
    known = stored(connection, [record.ref for record in grouping])
    found: set[Ref] = set()
    for record in grouping:
        row = known.get(record.ref)
        before = row.record.fields if row is not None else {}
        for name, value in record.fields.items():
            if isinstance(value, frozenset):
                members = before.get(name)
                found |= value ^ (members if isinstance(members, frozenset) else frozenset())
    return sorted(found)


def stored(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, Known]:
    """What is stored of these keys; a key never seen is left out."""
    wanted = list(set(refs))
    if not wanted:
        return {}
    parameters = {"connection": connection.pk, "kinds": [ref.kind for ref in wanted], "ids": [ref.id for ref in wanted]}
    return {Ref(kind, id_): as_known(kind, id_, *row) for kind, id_, *row in rows("stored_records", parameters)}


def as_known(
    kind: str,
    id_: str,
    natural_key: str,
    entity: str,
    fields: str,
    version: str,
    modified_at: datetime | None,
    modified_by: str,
    deleted: bool,
    seen_at: datetime,
) -> Known:
    """What one row of a statement tells of a record."""
    return Known(Record(kind, id_, read_values(fields), natural_key, entity, version, modified_at, modified_by, deleted), seen_at)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading keys showed: the records as they are known now, and the keys of which absence does not count before a moment."""

    records: Mapping[Ref, Known]
    unsure: Mapping[Ref, datetime]


def read(connection: Connection, system: System, refs: Sequence[Ref], now: datetime, lag: timedelta) -> dict[Ref, datetime]:
    """Read keys afresh and store them; the keys of which absence does not count yet, each with when it does.

    Raises Fault; then nothing is stored.
    """
    if not refs:
        return {}
    known = stored(connection, refs)
    return dict(keep(connection, refs, system.read(refs), known, now, lag).unsure)


def keep(
    connection: Connection,
    asked: Sequence[Ref],
    answered: Mapping[Ref, Record],
    known: Mapping[Ref, Known],
    now: datetime,
    lag: timedelta,
) -> Reading:
    """Store what a system answered about the keys it was asked for at `now`; `known` is what was stored of them before.

    A record that was known and is not found is stored as deleted, unless it was seen or written less than `lag` ago:
    a system may show its own newest rows late.
    """
    found = {ref: _completed(record, known.get(ref)) for ref, record in answered.items()}
    absent = {ref: known[ref] for ref in asked if ref in known and ref not in found and not known[ref].record.deleted}
    unsure = {ref: row.seen_at + lag for ref, row in absent.items() if row.seen_at + lag > now}
    gone = {ref: _deleted(row.record) for ref, row in absent.items() if ref not in unsure}
    with transaction.atomic():
        moved = store(connection, [*found.values(), *gone.values()], now).moved
        mark(connection, moved, reason="moved", now=now)
    fresh = {ref: Known(record, now) for ref, record in (found | gone).items()}
    return Reading({**known, **fresh}, unsure)


def _completed(record: Record, known: Known | None) -> Record:
    """The record with what a read by id does not tell: a field it leaves out is not known anew, so the known one stands."""
    if known is None or known.record.deleted:
        return record
    return replace(record, fields={**known.record.fields, **record.fields})


def _deleted(record: Record) -> Record:
    return Record(record.kind, record.id, record.fields, record.natural_key, record.entity, deleted=True)
