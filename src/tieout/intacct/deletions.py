"""Deletions, from the audit trail where the user may read it (intacct-xml §4.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tieout.core.record import Record
from tieout.intacct.client import MAX_IN, MAX_PAGE, IntacctError, Query, RefusedError, Row, all_of, any_of, at_least, equal_to, is_in
from tieout.intacct.client.formats import read_timestamp
from tieout.intacct.cursor import MAX_TOMBS, Cursor, instant
from tieout.intacct.faults import fault_of
from tieout.intacct.reading import BY_NATURAL_KEY, Reading

_OFF = timedelta(days=1)  # how long to wait before asking again without permission
_ZONES = timedelta(hours=14)  # the zone of ACCESSTIME is unknown, so look back as far as any zone can differ
_SUFFIX = "--REC"
_COLUMNS = ("OBJECTTYPE", "OBJECTKEY", "ACCESSMODE", "ACCESSTIME")


def deletions(reading: Reading, kind: str, cursor: Cursor, interval: timedelta, overlap: timedelta) -> list[Record]:
    """Records deleted since the last look, if another look is due. Moves the cursor. Raises Fault.

    An entry may name its record by RECORDNO, by RECORDNO with a suffix, or by natural key; what still exists is not
    reported. A record known only by natural key has the id `~` and that key.
    """
    audit_type = reading.kind(kind).audit_type
    now = reading.client.server_time()
    if not audit_type or now - instant(cursor.asked) < (_OFF if cursor.audit_off else interval):
        return []
    cursor.asked = now.isoformat()
    try:
        rows = list(_entries(reading, audit_type, instant(cursor.audited) - overlap - _ZONES))
    except RefusedError:
        cursor.audit_off = True
        return []
    except IntacctError as error:
        raise fault_of(error, reading.client.credentials) from error
    cursor.audit_off = False
    fresh = {_mark(row): row for row in rows if _mark(row) not in cursor.tombs}
    found = _gone(reading, kind, list(fresh.values()), cursor.high)
    reported = {record.id.removeprefix(BY_NATURAL_KEY) for record in found}
    cursor.audited = now.isoformat()
    told = [mark for mark, row in fresh.items() if _key(row) in reported or _key(row).removesuffix(_SUFFIX) in reported]
    cursor.tombs = [*cursor.tombs, *told][-MAX_TOMBS:]
    return found


def _entries(reading: Reading, audit_type: str, since: datetime) -> Iterator[Row]:
    where = all_of(equal_to("OBJECTTYPE", audit_type), equal_to("ACCESSMODE", "D"), at_least("ACCESSTIME", since))
    offset = 0
    while True:
        asked = Query("AUDITHISTORY", _COLUMNS, where, (("ACCESSTIME", True), ("OBJECTKEY", True)), MAX_PAGE, offset)
        result = reading.client.query(asked, entity=reading.scope.session)
        yield from result.rows
        if not result.rows or not result.remaining:
            return
        offset += len(result.rows)


def _key(row: Row) -> str:
    return row.fields.get("OBJECTKEY", "").strip()


def _mark(row: Row) -> str:
    return f"{_key(row)}@{row.fields.get('ACCESSTIME', '').strip()}"


def _gone(reading: Reading, kind: str, rows: Sequence[Row], high: int) -> list[Record]:
    """The records of entries that no longer exist. A bare number up to the highest RECORDNO seen is taken as one."""
    keys = {_key(row): row.fields.get("ACCESSTIME", "") for row in rows}
    keys.pop("", None)
    numbers, names = _existing(reading, kind, list(keys))
    composed = not reading.kind(kind).natural_key or bool(reading.kind(kind).within)
    out: list[Record] = []
    for key, when in keys.items():
        moment = read_timestamp(when)
        at = moment - reading.scope.offset if moment else None
        number = key.removesuffix(_SUFFIX)
        if number.isdigit() and (key != number or int(number) <= high):
            if number not in numbers:
                out.append(Record(kind, number, {}, modified_at=at, deleted=True))
        elif key not in names and not composed:
            out.append(Record(kind, BY_NATURAL_KEY + key, {}, natural_key=key, modified_at=at, deleted=True))
    return out


def _existing(reading: Reading, kind: str, keys: Sequence[str]) -> tuple[set[str], set[str]]:
    """Which of the keys still stand for a record, by RECORDNO and by natural key."""
    named = reading.kind(kind)
    natural = "" if named.within else named.natural_key  # a key that means something only inside another record proves nothing
    numbers: set[str] = set()
    names: set[str] = set()
    for start in range(0, len(keys), MAX_IN):
        part = keys[start : start + MAX_IN]
        digits = [number for key in part if (number := key.removesuffix(_SUFFIX)).isdigit()]
        asked = [*([is_in(natural, part)] if natural else []), *([is_in("RECORDNO", digits)] if digits else [])]
        if not asked:
            continue
        for row in reading.page(kind, any_of(*asked)).rows:
            numbers.add(row.fields.get("RECORDNO", "").strip())
            names.add(row.fields.get(natural, "").strip())
    return numbers, names


__all__ = ["deletions"]
