"""Finds what a written value points to: by natural key, within a scope, or by RECORDNO (intacct-xml §4.1, §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.sandbox.intacct.fields import Field, Kind, Ref
from tieout.sandbox.intacct.wording import Refusal, bad_reference, business, invalid, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row


def target_of(work: Work, kind: Kind, field: Field, value: str, context: Mapping[str, Any], old: Row | None) -> Row:
    """The row a value names; raises Refusal if there is none, or it may not be named here.

    `context` holds the columns of the row being written, for references that are looked up within a scope.
    """
    ref = field.ref
    assert ref is not None
    target_kind = work.company.kinds.get(ref.kind)
    title = target_kind.label if target_kind is not None else field.title
    found = None if target_kind is None else _find(work, ref, target_kind, value, context)
    if found is None and ref.other:
        target_kind = work.company.kinds[ref.other]
        found = _find(work, ref, target_kind, value, context)
    if found is None or target_kind is None or not work.by_key().sees(target_kind, found):
        raise Refusal(bad_reference(kind, field, value, title))
    same = old is not None and old.get(ref.key, "") == found["RECORDNO"]
    if work.settings["inactive_references"] == "refuse" and found.get("STATUS", "active") == "inactive" and not same:
        raise Refusal(bad_reference(kind, field, value, title))
    if ref.entity_bound and work.entity and entity_of(work, found) != work.entity:
        raise Refusal(bad_reference(kind, field, value, title))
    for guard in kind.guards:
        if guard.field == field.name:
            flags = work.storage.get(guard.kind, found.get(guard.via, ""))
            if flags is not None and flags.get(guard.flag) == "true":
                raise Refusal(business(guard.wording.format(value=value), object=kind.name, field=field.name))
    return found


def is_deferred(ref: Ref) -> bool:
    """Whether a reference is resolved only after the row's other values are known."""
    return bool(ref.within or ref.fills)


def resolve_deferred(work: Work, kind: Kind, own: dict[str, str], base: Mapping[str, Any], old: Row | None) -> None:
    """Resolves the references that depend on other columns, in the order of the table, into `own`; raises Refusal.

    A value that was not sent is looked at again when a column it depends on has changed.
    """
    for field in kind.fields:
        ref = field.ref
        if ref is None or not is_deferred(ref):
            continue
        moved = any(column in own and own[column] != base.get(column, "") for column in ref.within)
        if field.name not in own and not (moved and base.get(field.name)):
            continue
        value = own.get(field.name, base.get(field.name, ""))
        if value:
            _resolve(work, kind, field, ref, value, own, base, old)
        elif not any(own.get(each.name) for each in kind.fields if each.ref is not None and each.ref.key == ref.key):
            own[ref.key] = ""
            own.update((each.name, "") for each in kind.fields if each.ref is not None and each.ref.key == ref.key)


def _resolve(
    work: Work, kind: Kind, field: Field, ref: Ref, value: str, own: dict[str, str], base: Mapping[str, Any], old: Row | None
) -> None:
    context = {**base, **own}
    for column in ref.within:
        if not context.get(column):
            raise Refusal(missing(kind, _written_as(kind, column)))
    found = target_of(work, kind, field, value, context, old)
    own[ref.key] = found["RECORDNO"]
    for mine, theirs in ref.fills.items():
        given, said = own.get(mine), work.columns.find(work.company.kinds[ref.kind], theirs).get(found)
        if given and given != said:
            text = f"{field.title} '{value}' does not belong to {mine} '{given}'."
            raise Refusal(invalid(kind, field, text))
        own[mine] = said


def _written_as(kind: Kind, column: str) -> Field:
    """The field by which a key column is written."""
    return next((each for each in kind.fields if each.ref is not None and each.ref.key == column), Field(column))


def _find(work: Work, ref: Ref, target: Kind, value: str, context: Mapping[str, Any]) -> Row | None:
    theirs = {there: context.get(mine, "") for mine, there in ref.within.items()}
    if ref.by == "RECORDNO":
        found = work.storage.get(target.name, value)
    elif target.scope:
        found = work.storage.find(target.name, "key", (*(theirs.get(column, "") for column in target.scope), value))
    else:
        found = work.storage.find(target.name, "key", value)
    if found is not None and any(found.get(there, "") != wanted for there, wanted in theirs.items()):
        return None
    return found


def entity_of(work: Work, place: Row) -> str:
    """The entity a location belongs to: itself or the nearest entity above it; empty if there is none."""
    seen: set[str] = set()
    while place["RECORDNO"] not in seen:
        seen.add(place["RECORDNO"])
        entity = work.storage.find(work.company.entity_kind, "key", place[work.company.entity_key])
        if entity is not None:
            return str(entity[work.company.entity_key])
        above = work.storage.get(work.company.location_kind, place.get(work.company.location_parent, ""))
        if above is None:
            break
        place = above
    return ""
