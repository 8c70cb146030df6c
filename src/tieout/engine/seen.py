"""What was seen to change on either side by somebody else's hand, field by field, for the journal.

With it, and with what Tieout wrote itself, a record can be shown as it was on any day since it was first seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tieout.core.record import Fields, Record, normal
from tieout.store.bulk import new
from tieout.store.models import Connection, Journal
from tieout.store.statements import rows

CHANGED = "changed"
DELETED = "deleted there"


@dataclass(frozen=True, slots=True)
class Differing:
    """A record as it was read, the fields that were stored of it before, and whether it was deleted then."""

    record: Record
    before: Fields
    was_deleted: bool


def entries(connection: Connection, found: Sequence[Differing], at: datetime) -> list[Journal]:
    """A journal entry for each known record that is read with other values than before; the caller stores them."""
    told: list[tuple[Record, Mapping[str, object], str, str]] = []
    for each in found:
        if each.record.deleted and not each.was_deleted:
            told.append((each.record, {}, DELETED, "It was deleted there."))
        elif not each.record.deleted and not each.was_deleted and (changes := _changes(each)):
            told.append((each.record, changes, CHANGED, _text(each.record, changes)))
    if not told:
        return []
    owners: list[tuple[int | None, int]] = [*rows("integrations_of", {"platform": connection.pk})] or [(None, connection.pk)]
    return [_entry(owner, *one, at) for one in told for owner in owners]


def _changes(each: Differing) -> dict[str, object]:
    """The fields that changed; one that was not known before is no change: what we made is read in full for the first time."""
    side = {"by": each.record.modified_by} if each.record.modified_by else {}
    return {
        name: {"from": each.before[name], "to": value, **side}
        for name, value in each.record.fields.items()
        if name in each.before and normal(value) != normal(each.before[name])
    }


def _text(record: Record, changes: Mapping[str, object]) -> str:
    by = f" by {record.modified_by}" if record.modified_by else ""
    when = f" at {record.modified_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if record.modified_at is not None else ""
    return f"Changed there{by}{when}: {', '.join(sorted(changes))}."


def _entry(
    owner: tuple[int | None, int],
    record: Record,
    changes: Mapping[str, object],
    event: str,
    text: str,
    at: datetime,
) -> Journal:
    integration, company = owner
    is_left = integration is not None
    return new(
        Journal,
        at=at,
        company_id=company,
        integration_id=integration,
        left_kind=record.kind if is_left else "",
        left_id=record.id if is_left else "",
        right_kind="" if is_left else record.kind,
        right_id="" if is_left else record.id,
        entity=record.entity,
        name=f"{record.kind} {record.natural_key or record.id}"[:250],
        event=event,
        text=text,
        changes=dict(changes),
    )
