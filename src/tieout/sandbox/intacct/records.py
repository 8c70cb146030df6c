"""Creates, changes and deletes rows by the tables of the catalogue (intacct-xml §2.1–2.3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from decimal import InvalidOperation
from functools import partial

from tieout.sandbox.intacct import dimensions
from tieout.sandbox.intacct.behaviour import PLAIN, Behaviour, Change
from tieout.sandbox.intacct.events import Event, note
from tieout.sandbox.intacct.fields import Kind, Part
from tieout.sandbox.intacct.incoming import Given, Values, checked
from tieout.sandbox.intacct.ownership import LINKED, owned_rows, write_owned
from tieout.sandbox.intacct.reading import GONE, earlier, gone
from tieout.sandbox.intacct.values import stamp
from tieout.sandbox.intacct.wording import Problem, Refusal, business, duplicate, wrapped
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import DuplicateRow, KeyOf, Row, Storage


def declare(storage: Storage, kinds: Mapping[str, Kind]) -> None:
    """Declares what is unique of every kind, and an index on every key that refers to another row."""
    for kind in kinds.values():
        keys = {each.ref.key for each in kind.fields if each.ref is not None} | {part.key for part in kind.parts}
        unique: dict[str, str | KeyOf] = {} if kind.key == "RECORDNO" else {"key": kind.key}
        if kind.scope:
            unique["key"] = _together((*kind.scope, kind.key))
        unique.update({f"unique {' '.join(columns)}": _together(columns) for columns in kind.unique})
        storage.declare(kind.name, unique=unique, index={key: _present(key) for key in (*sorted(keys), *kind.indexes) if key})


def referring(kinds: Mapping[str, Kind]) -> dict[str, tuple[tuple[Kind, str], ...]]:
    """By kind, the kinds that refer to it and the key columns they do it with; what forbids a delete."""
    found: dict[str, list[tuple[Kind, str]]] = {}
    for kind in kinds.values():
        for field in kind.fields:
            if field.ref is not None and field.ref.key:
                for target in field.ref.kinds:
                    found.setdefault(target, []).append((kind, field.ref.key))
        for part in kind.parts:
            found.setdefault(part.kind, []).append((kind, part.key))
    return {name: tuple(users) for name, users in found.items()}


def create(work: Work, kind: Kind, given: Given, preset: Mapping[str, str] | None = None) -> Row:
    """Adds a row; raises Refusal, ending with the "Could not create" wrapper.

    `preset` are columns set by what creates the row, not by a caller: they may be read-only ones.
    """
    try:
        row = _created(work, kind, given, preset or {})
    except Refusal as refusal:
        raise Refusal(*refusal.problems, wrapped("create", kind)) from None
    except InvalidOperation:
        raise Refusal(_too_large(kind), wrapped("create", kind)) from None
    note(work, kind, row, Event.CREATE)
    return row


def _created(work: Work, kind: Kind, given: Given, preset: Mapping[str, str], *, inner: bool = False) -> Row:
    behaviour = _behaviour(work, kind)
    values = checked(work, kind, behaviour.fill(work, kind, given, preset), preset=preset)
    number = str(work.storage.next(f"number of {kind.series or kind.name}"))
    row: Row = {"RECORDNO": number, **{name: value for name, value in preset.items() if value != ""}}
    row.update((name, value) for name, value in values.own.items() if value != "")
    if kind.numbering and not row.get(kind.key):
        row[kind.key] = _numbered(work, kind)
    for field in kind.fields:
        if field.default and field.name not in row:
            row[field.name] = field.default.format_map(row) if "{" in field.default else field.default
    row.update((name, lines) for name, lines in values.lines.items() if lines)
    if kind.stamped:
        row = {**_made(work, kind), **row}
    change = Change(work, kind, row, None, values, inner)
    if kind.name in work.company.lines:
        dimensions.apply(change)
    behaviour.prepare(change)
    _check_tree(work, kind, row)
    if kind.parts and work.storage.find(kind.name, "key", row.get(kind.key)) is not None:
        raise Refusal(duplicate(kind, row[kind.key]))  # before a part of the same name is
    for part in kind.parts:
        if part.name in values.parts:
            row[part.key] = _add_part(work, kind, part, values, row)
    _put(work, kind, row, None)
    _write_owned(change)
    behaviour.settle(change)
    return work.storage.get(kind.name, number) or row


def update(work: Work, kind: Kind, given: Given) -> Row:
    """Changes the row named by RECORDNO or its natural key: absent stays, empty clears (§4.4). Raises Refusal."""
    try:
        row = _updated(work, kind, given)
    except Refusal as refusal:
        raise Refusal(*refusal.problems, wrapped("update", kind)) from None
    except InvalidOperation:
        raise Refusal(_too_large(kind), wrapped("update", kind)) from None
    note(work, kind, row, Event.UPDATE)
    return row


def _updated(work: Work, kind: Kind, given: Given, *, inner: bool = False) -> Row:
    old = _named(work, kind, given)
    values = checked(work, kind, given, old=old)
    row = {**old, **values.own, **values.lines}
    row = {name: value for name, value in row.items() if value != "" and value != []}
    if kind.stamped:
        row["WHENMODIFIED"] = stamp(work.modified_at())
        row["MODIFIEDBY"] = work.user_number
    change = Change(work, kind, row, old, values, inner)
    behaviour = _behaviour(work, kind)
    if kind.name in work.company.lines:
        dimensions.apply(change)
    behaviour.prepare(change)
    _check_tree(work, kind, row)
    for part in kind.parts:
        if part.name in values.parts:
            row[part.key] = _change_part(work, kind, part, values, row)
    _put(work, kind, row, old)
    _write_owned(change)
    behaviour.settle(change)
    return work.storage.get(kind.name, row["RECORDNO"]) or row


def place(work: Work, kind: Kind, columns: Mapping[str, str]) -> Row:
    """Adds a row the system makes itself, such as a ledger entry: its columns are taken as they are."""
    row: Row = {"RECORDNO": str(work.storage.next(f"number of {kind.series or kind.name}"))}
    row.update((name, value) for name, value in columns.items() if value != "")
    if kind.stamped:
        row = {**_made(work, kind), **row}
    _put(work, kind, row, None)
    return row


def amend(work: Work, kind: Kind, number: str, changes: Mapping[str, str]) -> Row:
    """Keeps values the system derives, without a trace in the audit columns; gives the row."""
    old = work.storage.get(kind.name, number)
    assert old is not None
    row = {name: value for name, value in {**old, **changes}.items() if value != ""}
    if row != old:
        _put(work, kind, row, old)
    return row


def delete(work: Work, kind: Kind, number: str) -> None:
    """Removes a row nothing refers to, with what it owns, and notes it in the audit trail; raises Refusal."""
    row = work.visible(kind, number)
    if row is None:
        raise Refusal(business(f"Cannot find {kind.label.lower()} with key '{number}' to delete.", object=kind.name))
    try:
        remove(work, kind, row)
    except Refusal as refusal:
        raise Refusal(*refusal.problems, wrapped("delete", kind)) from None
    note(work, kind, row, Event.DELETE)


def remove(work: Work, kind: Kind, row: Row) -> None:
    """The same without wrapper and event, for rows that go with others; raises Refusal."""
    number = row["RECORDNO"]
    if work.storage.get(kind.name, number) is None:  # it went with another row already
        return
    behaviour = _behaviour(work, kind)
    behaviour.release(work, kind, row)
    for owned in kind.owned:
        for each in owned_rows(work, owned, number):
            remove(work, work.company.kinds[owned.kind], each)
    for other, key in work.company.referring.get(kind.name, ()):
        for user in work.storage.where(other.name, key, number):
            if other.name == kind.name and user["RECORDNO"] == number:
                continue
            if other.name in kind.cascades:
                remove(work, other, user)
                continue
            text = f"{kind.label} '{row[kind.key]}' cannot be deleted because {other.label} '{user[other.key]}' refers to it."
            raise Refusal(business(text, object=kind.name))
    take(work, kind.name, row)
    _note_deletion(work, kind, row)
    behaviour.dissolve(work, kind, row)


def take(work: Work, kind: str, row: Row) -> None:
    """Takes a row out of the storage; with a consistency lag searches go on to see it as they did (design §6)."""
    number = row["RECORDNO"]
    work.storage.remove(kind, number)
    if work.settings["consistency_lag_s"] <= 0:
        return
    for left in work.storage.all(gone(kind)):
        if work.now.timestamp() - float(left["_at"]) >= work.settings["consistency_lag_s"]:
            work.storage.remove(gone(kind), left["RECORDNO"])
    work.storage.put(gone(kind), number, {"RECORDNO": number, "_at": work.now.timestamp(), GONE: row})


def _too_large(kind: Kind) -> Problem:
    """Amounts whose product or sum cannot be told to the cent (own words)."""
    return business(f"The amounts of the {kind.label} are too large.", errorno="BL03000018", object=kind.name)


def _behaviour(work: Work, kind: Kind) -> Behaviour:
    return work.company.behaviours.get(kind.name, PLAIN)


def _write_owned(change: Change) -> None:
    for owned in change.kind.owned:
        if owned.name in change.values.owned:
            write_owned(change.work, change.row, owned, change.values.owned[owned.name], _CREATED_INSIDE, _UPDATED_INSIDE, remove)


_CREATED_INSIDE = partial(_created, inner=True)
_UPDATED_INSIDE = partial(_updated, inner=True)


def _together(columns: tuple[str, ...]) -> Callable[[Row], Hashable | None]:
    def key_of(row: Row) -> Hashable | None:
        found = tuple(row.get(column, "") for column in columns)
        return found if all(found) else None

    return key_of


def _present(key: str) -> KeyOf:
    return lambda row: row.get(key) or None


def _numbered(work: Work, kind: Kind) -> str:
    while True:
        value = f"{kind.numbering}{work.storage.next(f'sequence of {kind.name}'):05d}"
        if work.storage.find(kind.name, "key", value) is None:
            return value


def _made(work: Work, kind: Kind) -> Row:
    made: Row = {kind.created: stamp(work.now), "CREATEDBY": work.user_number, "MODIFIEDBY": work.user_number}
    if work.settings["modified_on_create"]:
        made["WHENMODIFIED"] = stamp(work.modified_at())
    if work.entity:
        entity = work.storage.find(work.company.entity_kind, "key", work.entity)
        made.update(MEGAENTITYID=work.entity, MEGAENTITYKEY=entity["RECORDNO"] if entity is not None else "")
    return made


def _named(work: Work, kind: Kind, given: Given) -> Row:
    number, key = given.get("ID" if kind.custom else "RECORDNO", ""), "" if kind.scope else given.get(kind.key, "")
    found = work.visible(kind, number) if number else None
    if not number and key:
        by_key = work.storage.find(kind.name, "key", key)
        found = by_key if by_key is not None and work.by_key().sees(kind, by_key) else None
    if found is None:
        raise Refusal(business(f"Cannot find {kind.label.lower()} with key '{number or key}' to update.", object=kind.name))
    return found


def _check_tree(work: Work, kind: Kind, row: Row) -> None:
    """No row is its own ancestor, and no branch is deeper than the object allows (own words)."""
    field = kind.by_name.get(kind.tree) if kind.tree else None
    if field is None or field.ref is None or not row.get(field.ref.key):
        return
    key = field.ref.key
    level, above = 1, row.get(key, "")
    while above:
        if above == row["RECORDNO"]:
            text = f"{kind.label} '{row.get(kind.key, '')}' cannot be its own parent or ancestor."
            raise Refusal(business(text, errorno="BL03000018", object=kind.name, field=field.name))
        level += 1
        parent = work.storage.get(kind.name, above)
        above = "" if parent is None else parent.get(key, "")
    if kind.depth and level + _height(work, kind, key, row["RECORDNO"]) > kind.depth:
        text = f"A {kind.label} hierarchy has at most {kind.depth} levels."
        raise Refusal(business(text, errorno="BL03000018", object=kind.name, field=field.name))


def _height(work: Work, kind: Kind, key: str, number: str) -> int:
    children = work.storage.where(kind.name, key, number)
    return max((1 + _height(work, kind, key, child["RECORDNO"]) for child in children), default=0)


def _add_part(work: Work, kind: Kind, part: Part, values: Values, row: Row) -> str:
    inner = work.company.kinds[part.kind]
    given = dict(values.parts[part.name])
    if LINKED in given:
        return str(given[LINKED])
    if not given.get(inner.key):
        given[inner.key] = part.naming.format_map({**dict.fromkeys(kind.by_name, ""), **row})
    return str(create(work, inner, given)["RECORDNO"])


def _change_part(work: Work, kind: Kind, part: Part, values: Values, row: Row) -> str:
    """Changes the part's row; a part that names another record's natural key moves to that record."""
    inner = work.company.kinds[part.kind]
    given = dict(values.parts[part.name])
    held = work.storage.get(part.kind, given.pop(LINKED, "") or row.get(part.key, ""))
    wanted = given.pop(inner.key, "")
    if wanted and (held is None or held[inner.key] != wanted):
        held = work.storage.find(part.kind, "key", wanted)
        if held is None:
            return str(create(work, inner, {**given, inner.key: wanted})["RECORDNO"])
    if held is None:
        return _add_part(work, kind, part, values, row)
    if given:
        update(work, inner, {**given, "RECORDNO": held["RECORDNO"]})
    return str(held["RECORDNO"])


def _put(work: Work, kind: Kind, row: Row, old: Row | None) -> None:
    row.pop("_at", None)
    row.pop("_before", None)
    if (lag := work.settings["consistency_lag_s"]) > 0:
        row["_at"] = work.now.timestamp()
        if old is not None:
            row["_before"] = earlier(old, row["_at"], lag)
    try:
        work.storage.put(kind.name, row["RECORDNO"], row)
    except DuplicateRow as error:
        value = error.value[-1] if isinstance(error.value, tuple) else error.value
        raise Refusal(duplicate(kind, str(value))) from None


def _note_deletion(work: Work, kind: Kind, row: Row) -> None:
    """The trail of a deletion; the form of OBJECTKEY is a switch, because three have been seen (intacct-xml §4.2)."""
    audit = work.company.kinds[work.company.audit_kind]
    number = str(work.storage.next(f"number of {audit.name}"))
    forms = {"recordno": row["RECORDNO"], "recordno_rec": f"{row['RECORDNO']}--REC", "natural": row.get(kind.key, "")}
    note: Row = {
        "RECORDNO": number,
        "OBJECTTYPE": kind.name.lower(),
        "OBJECTKEY": forms[work.settings["audit_object_key"]],
        "OBJECTDESC": row.get(kind.key, ""),
        "USERID": work.userid,
        "ACCESSTIME": stamp(work.now),
        "ACCESSMODE": "D",
        "SOURCE": "ui" if work.sandbox else "api",
    }
    _put(work, audit, note, None)
