"""Creates, changes and deletes over REST, one record or many, by the same rules as XML (intacct-rest §3.2, §3.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tieout.sandbox.intacct import records
from tieout.sandbox.intacct.functions import told_to_refuse
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.rest.binding import RowList, Schema
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context, Tally, counted
from tieout.sandbox.intacct.rest.errors import (
    RestRefusal,
    bad_key,
    bad_value,
    failed,
    malformed,
    no_payload,
    not_found,
    not_permitted,
    payload_errors,
    read_only,
    unprocessed,
)
from tieout.sandbox.intacct.rest.mapping import CREATE, DELETE, UPDATE
from tieout.sandbox.intacct.rest.payload import OPERATION, Reader
from tieout.sandbox.intacct.rest.render import Json, written
from tieout.sandbox.intacct.wording import Refusal
from tieout.sandbox.storage import Row

BATCH_MAX = 500
One = Callable[[Context, Any], Json | None]
Done = TypeVar("Done")


class _Abort(Exception):  # noqa: N818 - ends an atomic batch
    def __init__(self, at: int, refusal: RestRefusal) -> None:
        super().__init__(at)
        self.at, self.refusal = at, refusal


def create(context: Context, schema: Schema, asked: Asked) -> Answer:
    """POST: one object, or an array of up to 500."""
    if isinstance(asked.body, list):
        return _many(context, asked, asked.body, lambda within, body: create_one(within, schema, body), 201)
    if not asked.body:
        raise no_payload()
    return Answer(201, create_one(context, schema, asked.body), records=1)


def update(context: Context, schema: Schema, asked: Asked, keys: Sequence[str]) -> Answer:
    """PATCH: one object by key, or an array of objects that carry their keys."""
    if not keys:
        if not isinstance(asked.body, list):
            raise malformed("A PATCH without a key in its address takes an array of records with keys.")
        return _many(context, asked, asked.body, lambda within, body: update_named(within, schema, body), 200)
    if len(keys) > 1:
        raise malformed("A PATCH takes one key in its address.")
    if not asked.body:
        raise no_payload()
    return Answer(200, update_one(context, schema, keys[0], asked.body), records=1)


def delete(context: Context, schema: Schema, asked: Asked, keys: Sequence[str]) -> Answer:
    """DELETE: one key, or several separated by commas; a body is ignored."""
    if not keys:
        raise malformed("A DELETE names at least one key in its address.")
    if len(keys) == 1:
        delete_one(context, schema, keys[0])
        return Answer(204, empty=True, records=1)
    answer = _many(context, asked, keys, lambda within, key: delete_one(within, schema, key), 204)
    return answer if answer.status != 204 else Answer(204, empty=True, records=answer.records)


def create_one(context: Context, schema: Schema, body: Any) -> Json:
    """Adds one record; raises RestRefusal. One transaction is metered."""
    if schema.table.owner:
        return _add_line(context, schema, body)
    row = _ruled(context, schema, CREATE, "create", lambda: _create(context, schema, body))
    return written(schema, row)


def update_one(context: Context, schema: Schema, key: str, body: Any) -> Json:
    """Changes one record; raises RestRefusal. One transaction is metered."""
    old = found(context, schema, key)
    if schema.table.owner:
        owner, path, holder = _holder(context, schema, old)
        update_one(context, owner, holder, {path: [{**body, "key": key} if isinstance(body, Mapping) else body]})
        return written(schema, found(context, schema, key))
    row = _ruled(context, schema, UPDATE, "update", lambda: _update(context, schema, old, body))
    return written(schema, row)


def update_named(context: Context, schema: Schema, body: Any) -> Json:
    """Changes the record whose key the body carries; raises RestRefusal."""
    key = body.get("key") if isinstance(body, Mapping) else None
    if not isinstance(key, str):
        raise payload_errors([bad_value("key", "/key is the record number as a string.")])
    return update_one(context, schema, key, {name: value for name, value in body.items() if name != "key"})


def delete_one(context: Context, schema: Schema, key: str) -> None:
    """Removes one record; raises RestRefusal. One transaction is metered."""
    row = found(context, schema, key)
    if schema.table.owner:
        owner, path, holder = _holder(context, schema, row)
        update_one(context, owner, holder, {path: [{"key": key, OPERATION: "delete"}]})
        return
    _ruled(context, schema, DELETE, "delete", lambda: records.delete(context.work, schema.kind, key))


def found(context: Context, schema: Schema, key: str) -> Row:
    """The row with this key, if the caller may see it; raises RestRefusal 404, or 400 for what is no record number."""
    if not key.isdigit():
        raise bad_key(key)
    row = context.work.visible(schema.kind, key)
    if row is None or not schema.held([row]):
        raise not_found(schema, key)
    return row


def permit(context: Context, schema: Schema, function: str) -> None:
    """Refuses what the user may not do (403)."""
    try:
        context.work.permit(function, schema.kind.name)
    except Refusal:
        raise not_permitted(function, schema) from None


def _add_line(context: Context, schema: Schema, body: Any) -> Json:
    """Adds an owned record through its owner, which the body names (intacct-rest §3.5)."""
    name = schema.table.owner
    named = body.get(name) if isinstance(body, Mapping) else None
    key = named.get("key") if isinstance(named, Mapping) else None
    if not isinstance(key, str):
        raise payload_errors([bad_value(f"{name}.key", f"/{name}/key names the record that owns it.")])
    owner = context.schemas[schema.references[name].target]
    rows = _rows_of(owner, schema)
    before = {row["RECORDNO"] for row in owned_rows(context.work, rows.owned, key)}
    update_one(context, owner, key, {rows.path: [{part: value for part, value in body.items() if part != name}]})
    made = next(row for row in owned_rows(context.work, rows.owned, key) if row["RECORDNO"] not in before)
    return written(schema, made)


def _holder(context: Context, schema: Schema, row: Row) -> tuple[Schema, str, str]:
    """The owner's schema, the path of the list there, and the owner's key."""
    reference = schema.references[schema.table.owner]
    owner = context.schemas[reference.target]
    rows = _rows_of(owner, schema)
    return owner, rows.path, str(row[rows.owned.key])


def _rows_of(owner: Schema, schema: Schema) -> RowList:
    return next(each for each in owner.rows.values() if each.object == schema.name)


def _create(context: Context, schema: Schema, body: Any) -> Row:
    given = Reader(context, schema, None).read(body)
    if schema.type and schema.table.typed is not None:
        given[schema.table.typed[0]] = schema.type
    return records.create(context.work, schema.kind, given)


def _update(context: Context, schema: Schema, old: Row, body: Any) -> Row:
    kept = schema.id_of(old) or ""
    if isinstance(body, Mapping) and (body.get("id", kept) or "") != kept:
        raise payload_errors([read_only("id")])
    given = Reader(context, schema, old).read(body)
    given.pop(schema.kind.key, None)
    return records.update(context.work, schema.kind, {**given, "RECORDNO": old["RECORDNO"]})


def _ruled(context: Context, schema: Schema, method: str, function: str, act: Callable[[], Done]) -> Done:
    """Runs a write under permission, faults and metering; what the rules refuse becomes REST-7001."""
    permit(context, schema, function)
    duplicate = int(context.settings["duplicate_http"])
    if context.faults.hit(function=function, object=schema.kind.name, path=schema.href):
        context.meter.count(function, 0)
        raise failed(method, schema, told_to_refuse(function).problems, duplicate)
    try:
        with context.storage.transaction():
            done = act()
    except Refusal as refusal:
        context.meter.count(function, 0)
        raise failed(method, schema, refusal.problems, duplicate) from None
    except RestRefusal:
        context.meter.count(function, 0)
        raise
    context.meter.count(function, 1)
    return done


def _many(context: Context, asked: Asked, items: Sequence[Any], one: One, success: int) -> Answer:
    if not 1 <= len(items) <= BATCH_MAX:
        raise malformed(f"A batch has 1 to {BATCH_MAX} records.")
    if asked.is_atomic:
        return _atomic(context, items, one, success)
    results: list[Json] = []
    failures = 0
    for item in items:
        try:
            results.append({**(one(context, item) or {}), "ia::status": success})
        except RestRefusal as refusal:
            failures += 1
            results.append({"ia::status": refusal.status, "ia::error": refusal.error})
    return _batch(results, failures, success)


def _atomic(context: Context, items: Sequence[Any], one: One, success: int) -> Answer:
    """All or nothing: what failed says why, every other record is unprocessed."""
    tally = Tally()
    within = replace(context, meter=tally)
    try:
        with context.storage.transaction():
            results: list[Json] = []
            for at, item in enumerate(items):
                try:
                    results.append({**(one(within, item) or {}), "ia::status": success})
                except RestRefusal as refusal:
                    raise _Abort(at, refusal) from None
        tally.pass_on(context.meter)
        return _batch(results, 0, success)
    except _Abort as abort:
        tally.pass_on(context.meter, billed=False)
        skipped = {"ia::status": 422, "ia::error": unprocessed()}
        told = {"ia::status": abort.refusal.status, "ia::error": abort.refusal.error}
        return _batch([told if at == abort.at else skipped for at in range(len(items))], len(items), success)


def _batch(results: list[Json], failures: int, success: int) -> Answer:
    if not failures:
        results = [{name: value for name, value in each.items() if name != "ia::status"} for each in results]
    return Answer(207 if failures else success, results, counted(len(results), failures), records=len(results) - failures)
