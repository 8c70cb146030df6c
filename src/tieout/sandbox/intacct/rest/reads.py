"""Lists and reads by key over REST (intacct-rest §3.1, §3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context, counted
from tieout.sandbox.intacct.rest.errors import RestRefusal, malformed
from tieout.sandbox.intacct.rest.render import Json, full, short
from tieout.sandbox.intacct.rest.writes import found, permit
from tieout.sandbox.storage import Row

LIST_PAGE = 100


def read(context: Context, schema: Schema, keys: Sequence[str]) -> Answer:
    """GET by key: the whole object, or an array for several keys."""
    permit(context, schema, "read")
    context.meter.count("read", 1)
    if len(keys) == 1:
        return Answer(200, full(context, schema, found(context, schema, keys[0])), records=1)
    results: list[Json] = []
    failures = 0
    for key in keys:
        try:
            results.append(full(context, schema, found(context, schema, key)))
        except RestRefusal as refusal:
            failures += 1
            results.append({"ia::status": refusal.status, "ia::error": refusal.error})
    return Answer(207 if failures else 200, results, counted(len(keys), failures), records=len(keys))


def listed(context: Context, schema: Schema, asked: Asked) -> Answer:
    """GET without a key: key, id and href of up to a hundred records. Start and size are taken, though no source says so."""
    permit(context, schema, "read")
    context.meter.count("list", 1)
    start = _whole(asked, "start", 1, 1_000_000_000)
    size = _whole(asked, "size", LIST_PAGE, LIST_PAGE)
    rows = scrambled(context, schema.held(context.work.view(private=False).rows(context.storage, schema.kind)))
    page = rows[start - 1 : start - 1 + size]
    return Answer(200, [short(schema, row) for row in page], paged(len(rows), start, size), records=len(page))


def paged(total: int, start: int, size: int) -> dict[str, int | None]:
    """The meta of a page: next and previous are first positions, null at the ends (intacct-rest §3.1)."""
    return {
        "totalCount": total,
        "start": start,
        "pageSize": size,
        "next": start + size if start + size <= total else None,
        "previous": max(start - size, 1) if start > 1 else None,
    }


def scrambled(context: Context, rows: Sequence[Row]) -> list[Row]:
    """The rows in an order nobody should rely on, the same for every page (no order is promised, intacct-rest §4)."""
    seed = context.storage.scalar("seed", 0)
    return sorted(rows, key=lambda row: crc32(f"{seed} {row['RECORDNO']}".encode()))


def _whole(asked: Asked, name: str, default: int, high: int) -> int:
    text = asked.query.get(name)
    if text is None:
        return default
    if not text.isdigit() or not 1 <= int(text) <= high:
        raise malformed(f"{name} is a whole number from 1 to {high}.")
    return int(text)
