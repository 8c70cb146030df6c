"""Observing: bringing what is stored of records up to date, and storing what was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from tieout.core.ports import System
from tieout.core.record import Record, Ref, dump
from tieout.engine.mark import mark
from tieout.store.bulk import document
from tieout.store.models import Connection
from tieout.store.models import Record as Row
from tieout.store.statements import execute, rows


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing showed: the keys that are new or differ, and the members that joined or left a set of references.

    The record of such a member need not tell that it moved, so it is looked at too.
    """

    changed: Sequence[Ref] = ()
    moved: Sequence[Ref] = ()


def store(connection: Connection, records: Sequence[Record], read_at: datetime) -> Stored:
    """Store records as read at `read_at`. The caller holds a transaction, so that what changed can be marked with it."""
    latest = {record.ref: record for record in records}
    if not latest:
        return Stored()
    moved = _moved(connection, list(latest.values()))
    values = list(latest.values())
    known = [_row(record) for record in values]
    text = document(known)
    changed = [Ref(kind, id_) for kind, id_ in rows("changed_records", {"connection": connection.pk, "rows": text})]
    execute("upsert_records", {"connection": connection.pk, "rows": text, "seen": read_at})
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
    grouping = [record for record in records if any(isinstance(value, frozenset) for value in record.fields.values())]
    known = stored(connection, [record.ref for record in grouping])
    found: set[Ref] = set()
    for record in grouping:
        row = known.get(record.ref)
        before = row.fields if row is not None else {}
        for name, value in record.fields.items():
            if isinstance(value, frozenset):
                members = before.get(name)
                found |= value ^ (members if isinstance(members, frozenset) else frozenset())
    return sorted(found)


def stored(connection: Connection, refs: Iterable[Ref]) -> dict[Ref, Row]:
    """What is stored of these keys; a key never seen is left out."""
    by_kind: dict[str, list[str]] = {}
    for ref in set(refs):
        by_kind.setdefault(ref.kind, []).append(ref.id)
    if not by_kind:
        return {}
    wanted = Q()
    for kind, ids in by_kind.items():
        wanted |= Q(kind=kind, remote_id__in=ids)
    return {Ref(row.kind, row.remote_id): row for row in Row.objects.filter(wanted, connection=connection)}


def read(connection: Connection, system: System, refs: Sequence[Ref], now: datetime, lag: timedelta) -> dict[Ref, datetime]:
    """Read keys afresh and store them.

    A record that was known and is not found is stored as deleted, unless it was seen or written less than `lag` ago:
    a system may show its own newest rows late. Those keys are given with the moment from which absence counts.
    Raises Fault; then nothing is stored.
    """
    if not refs:
        return {}
    known = stored(connection, refs)
    found = {ref: _completed(record, known.get(ref)) for ref, record in system.read(refs).items()}
    absent = {ref: row for ref, row in known.items() if ref not in found and not row.deleted}
    unsure = {ref: row.seen_at + lag for ref, row in absent.items() if row.seen_at + lag > now}
    gone = [_deleted(row) for ref, row in absent.items() if ref not in unsure]
    with transaction.atomic():
        moved = store(connection, [*found.values(), *gone], now).moved
        mark(connection, moved, reason="moved", now=now)
    return unsure


def _completed(record: Record, known: Row | None) -> Record:
    """The record with what a read by id does not tell: a field it leaves out is not known anew, so the known one stands."""
    if known is None or known.deleted:
        return record
    return replace(record, fields={**known.fields, **record.fields})


def _deleted(row: Row) -> Record:
    record = row.as_core()
    return Record(record.kind, record.id, record.fields, record.natural_key, record.entity, deleted=True)
