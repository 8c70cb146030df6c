"""Joins the REST tables with the XML tables: what each path is, how it is read, what it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import quote

from tieout.sandbox.intacct import fields as xml
from tieout.sandbox.intacct.fields import Field, Kind, Part, Type
from tieout.sandbox.intacct.reading import Columns
from tieout.sandbox.intacct.rest.forms import FORM_OF
from tieout.sandbox.intacct.rest.mapping import Form, Link, Owned, Property, RestObject, Rows, camel
from tieout.sandbox.storage import Row, Storage

Get = Callable[[Row], str]
MAX_HOPS = 4


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain value of an object, bound to its XML field. `words` is XML value -> REST word."""

    path: str
    column: str
    form: Form
    type: Type
    words: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False
    mutable: bool = True
    nullable: bool = True
    default: str = ""
    deprecated: bool = False
    tolerated: bool = False
    absent: str = ""

    def word_for(self, text: str) -> str:
        """The REST word of a kept value."""
        return self.words.get(text, text if not self.words else camel(text))

    def value_of(self, word: str) -> str | None:
        """The value to keep for a REST word; None if it is not one."""
        return next((value for value, known in self.words.items() if known == word), None)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference of an object, bound: `key` is the column of the target's record number, `kind` its XML name if it is held.

    One of `either` kind in XML is of the one kind here.
    """

    path: str
    column: str
    key: str
    target: str
    kind: str = ""
    shows: tuple[str, ...] = ()
    part: Part | None = None
    root: str = ""
    read_only: bool = False
    mutable: bool = True
    named: bool = False
    by: str = ""
    by_key: str = ""
    tolerated: bool = False
    id_needed: bool = False
    either: bool = False


@dataclass(frozen=True, slots=True)
class OwnedList:
    """A list of owned lines, bound; `scalars` and `references` are those of a line."""

    path: str
    lines: str
    object: str
    owner: str
    scalars: Mapping[str, Scalar]
    references: Mapping[str, Reference]
    suffixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowList:
    """A list of owned rows that are objects of their own, bound."""

    path: str
    owned: xml.Owned
    object: str


@dataclass(frozen=True)
class Schema:
    """One object over REST: its table, its XML rules with the fields only REST has, and its bound rows by path."""

    table: RestObject
    kind: Kind
    scalars: Mapping[str, Scalar]
    references: Mapping[str, Reference]
    lists: Mapping[str, OwnedList]
    rows: Mapping[str, RowList]
    type: str = ""

    @property
    def name(self) -> str:
        """Application and object, such as projects/project."""
        return self.table.name

    @property
    def href(self) -> str:
        """The path of its records, without a key."""
        return f"/objects/{quote(self.table.name, safe='/:')}"

    def address(self, row: Row) -> str:
        """The path of one record; one with a type has it in its path, however it was come to (intacct-rest §14.1)."""
        if self.table.typed is None or self.type:
            return f"{self.href}/{row['RECORDNO']}"
        return f"{self.href}::{quote(row[self.table.typed[0]], safe='')}/{row['RECORDNO']}"

    def held(self, rows: list[Row]) -> list[Row]:
        """Those of its kind's rows that are its own, and of its type."""
        if self.table.among is not None:
            column, said = self.table.among
            rows = [row for row in rows if row.get(column, "") == said]
        if self.table.typed is None or not self.type:
            return rows
        column = self.table.typed[0]
        return [row for row in rows if row.get(column) == self.type]

    def id_of(self, row: Row) -> str | None:
        """What reads show as id."""
        return row.get(self.table.id or self.kind.key) or None

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every path that only groups others."""
        found = set()
        for path in (*self.scalars, *self.references):
            while "." in path:
                path = path.rpartition(".")[0]
                found.add(path)
        return frozenset(found)

    @cached_property
    def path_of(self) -> Mapping[str, str]:
        """XML field -> REST path, for messages."""
        found = {each.column: each.path for each in self.scalars.values()}
        found.update({each.column: each.path for each in self.references.values() if each.column})
        found.update({each.part.name: each.path for each in self.references.values() if each.part is not None})
        found.update({each.owned.name: each.path for each in self.rows.values()})
        return found


def extended(kinds: Mapping[str, Kind], objects: Mapping[str, RestObject]) -> dict[str, Kind]:
    """The XML kinds as REST sees them: with the fields only it has, what only it demands, and updates that need nothing (§3.3).

    A field of an existing name takes its place.
    """
    found = dict(kinds)
    for table in objects.values():
        if table.kind in kinds:
            kind = found[table.kind]
            own = {each.name: replace(each, need_on_update=False) for each in (xml.recordno(), *kind.fields, *table.fields)}
            own.update((name, replace(own[name], need=xml.Need.YES)) for name in table.required)
            owned = tuple(replace(each, need_on_update=False) for each in kind.owned)
            found[table.kind] = replace(kind, fields=tuple(own.values()), owned=owned)
    return found


def bound(kinds: Mapping[str, Kind], plain: Mapping[str, Kind], objects: Mapping[str, RestObject]) -> dict[str, Schema]:
    """Every object whose XML kind is held, bound; raises KeyError for a row that names no field."""
    return {name: _bind(table, kinds, plain, objects) for name, table in objects.items() if table.kind in kinds}


def _bind(table: RestObject, kinds: Mapping[str, Kind], plain: Mapping[str, Kind], objects: Mapping[str, RestObject]) -> Schema:
    kind = kinds[table.kind]
    properties = [row for row in table.rows if isinstance(row, Property)]
    links = [row for row in table.rows if isinstance(row, Link)]
    lists = [row for row in table.rows if isinstance(row, Owned)]
    rows = [row for row in table.rows if isinstance(row, Rows)]
    if kind.stamped:
        properties.append(Property("audit.createdDateTime", kind.created, read_only=True))
        properties += _AUDIT
        links += _AUDIT_LINKS
        if not any(link.path == "entity" for link in links) and table.kind != "LOCATIONENTITY":
            links.append(_ENTITY)
    scalars = {"key": Scalar("key", "RECORDNO", Form.TEXT, Type.INTEGER, read_only=True, mutable=False)}
    shown = table.id or kind.key
    scalars["id"] = Scalar("id", shown, Form.TEXT, kind.by_name[shown].type, read_only=kind.by_name[shown].read_only, mutable=False)
    rest_only = {each.name for each in kind.fields} - {each.name for each in plain[table.kind].fields}
    scalars.update({row.path: _scalar(row, kind.by_name, rest_only) for row in properties})
    references = {row.path: _reference(row, kind, kind.by_name, objects, kinds) for row in links}
    owned = {each.name: each for each in kind.owned}
    return Schema(
        table,
        kind,
        scalars,
        references,
        {row.path: _owned(row, kind, objects, kinds) for row in lists},
        {row.path: RowList(row.path, owned[row.container], row.object) for row in rows},
    )


_AUDIT = [
    Property("audit.modifiedDateTime", "WHENMODIFIED", read_only=True),
    Property("audit.createdBy", "CREATEDBY", Form.TEXT, read_only=True, deprecated=True),
    Property("audit.modifiedBy", "MODIFIEDBY", Form.TEXT, read_only=True, deprecated=True),
]
_AUDIT_LINKS = [
    Link("audit.createdByUser", "", "company-config/user", key="CREATEDBY", read_only=True),
    Link("audit.modifiedByUser", "", "company-config/user", key="MODIFIEDBY", read_only=True),
]
_ENTITY = Link("entity", "", "company-config/entity", key="MEGAENTITYKEY", read_only=True)


def _scalar(row: Property, fields: Mapping[str, Field], rest_only: set[str]) -> Scalar:
    if row.tolerated:
        return Scalar(row.path, row.column, Form.TEXT, Type.TEXT, tolerated=True)
    own = fields[row.column]
    form = row.form or FORM_OF[own.type]
    words = row.words
    if words is None and form is Form.WORD:
        words = {choice.label: camel(choice.label) for choice in own.choices}
    return Scalar(
        row.path,
        row.column,
        form,
        own.type,
        words or {},
        read_only=row.read_only or own.read_only,
        mutable=not (row.read_only or own.read_only or own.create_only),
        nullable=not own.default,
        default="" if "{" in own.default else own.default,
        deprecated=row.deprecated,
        absent=own.default if own.name in rest_only and "{" not in own.default else "",
    )


def _reference(
    row: Link, kind: Kind, fields: Mapping[str, Field], objects: Mapping[str, RestObject], kinds: Mapping[str, Kind]
) -> Reference:
    part = next((each for each in kind.parts if each.name == row.part), None)
    own = fields[row.column] if row.column else None
    key = row.key or (part.key if part is not None else own.ref.key if own is not None and own.ref is not None else "")
    table = objects.get(row.target)
    named = table is not None and any(isinstance(each, Property) and each.path == "name" for each in table.rows)
    fixed = row.read_only or bool(row.root) or (own is not None and own.read_only)
    return Reference(
        row.path,
        row.column,
        key,
        row.target,
        kind=table.kind if table is not None and table.kind in kinds else "",
        shows=row.shows,
        part=part,
        root=row.root,
        read_only=fixed,
        mutable=not (fixed or (own is not None and own.create_only)),
        named=named,
        by=own.ref.by if own is not None and own.ref is not None else "",
        by_key=row.by_key,
        tolerated=row.tolerated,
        id_needed=row.id_needed,
        either=own is not None and own.ref is not None and bool(own.ref.other),
    )


def _owned(row: Owned, kind: Kind, objects: Mapping[str, RestObject], kinds: Mapping[str, Kind]) -> OwnedList:
    lines = next(each for each in kind.lines if each.name == row.lines)
    fields = {each.name: each for each in lines.fields}
    scalars = {each.path: _scalar(each, fields, set()) for each in row.rows if isinstance(each, Property)}
    references = {each.path: _reference(each, kind, fields, objects, kinds) for each in row.rows if isinstance(each, Link)}
    return OwnedList(row.path, row.lines, row.object, row.owner, scalars, references, row.suffixes)


class UnknownPath(Exception):  # noqa: N818 - callers turn it into a refusal
    """The object has no such path."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: how to get its text from a row, and what it is."""

    path: str
    get: Get
    scalar: Scalar


@dataclass(frozen=True)
class Places:
    """Finds paths, dotted through references, for every object."""

    storage: Storage
    columns: Columns
    schemas: Mapping[str, Schema]

    def find(self, schema: Schema, path: str, hops: int = 0) -> Place:
        """The place of a path; raises UnknownPath for a group, a list or anything unknown."""
        scalar = schema.scalars.get(path)
        if scalar is not None:
            return Place(path, self.getter(schema, scalar), scalar)
        if path == "href":
            return Place(path, schema.address, Scalar("href", "", Form.TEXT, Type.TEXT, read_only=True, mutable=False))
        reference = next((each for each in schema.references.values() if path.startswith(f"{each.path}.")), None)
        if reference is None or hops > MAX_HOPS:
            raise UnknownPath(path)
        rest = path.removeprefix(f"{reference.path}.")
        target = self.schemas.get(reference.target)
        if target is None:
            return self._loose(schema, reference, path, rest)
        inner = self.find(target, rest, hops + 1)
        follow = self.follower(schema, reference)

        def get_through(row: Row) -> str:
            found = follow(row)
            return "" if found is None else inner.get(found)

        return Place(path, get_through, inner.scalar)

    def getter(self, schema: Schema, scalar: Scalar) -> Get:
        """How a scalar is read from a row of its object."""
        get, absent = self.columns.find(schema.kind, scalar.column).get, scalar.absent
        return (lambda row: get(row) or absent) if absent else get

    def follower(self, schema: Schema, reference: Reference) -> Callable[[Row], Row | None]:
        """How the row a reference points to is found."""
        storage, kind = self.storage, reference.kind
        if reference.root:
            return lambda row: self._root(kind, reference.root, row)
        if not kind or not reference.key:
            return lambda row: None
        key = self.columns.find(schema.kind, reference.key).get
        return lambda row: storage.get(kind, key(row))

    def _root(self, kind: str, key: str, row: Row) -> Row:
        while (above := self.storage.get(kind, row.get(key, ""))) is not None:
            row = above
        return row

    def _loose(self, schema: Schema, reference: Reference, path: str, rest: str) -> Place:
        """A reference to an object that is not held: its id is what was written, its key is not known."""
        if rest not in {"key", "id", "name", "href"}:
            raise UnknownPath(path)
        scalar = Scalar(path, reference.column, Form.TEXT, Type.TEXT)
        if rest != "id" or not reference.column:
            return Place(path, lambda row: "", scalar)
        return Place(path, self.columns.find(schema.kind, reference.column).get, scalar)
