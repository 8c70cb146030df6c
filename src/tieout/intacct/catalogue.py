"""What Tieout knows about each kind of Intacct record, as data; the kinds themselves stand in `kinds`.

A flow names kinds and fields of this catalogue. Adding a kind is one entry in `kinds.KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tieout.core.ports import Verb, Write
from tieout.core.record import Fields
from tieout.intacct.client import Function

SYSTEM_COLUMNS = ("RECORDNO", "WHENMODIFIED", "MODIFIEDBY", "MEGAENTITYID")


class Type(StrEnum):
    """How a field's text is to be read."""

    TEXT = "text"
    LABEL = "label"  # one of a list the company may edit; compared without regard to case
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    REFERENCE = "reference"  # written as the target's natural key, read as a Ref by RECORDNO
    NUMBER = "record number"  # written as the RECORDNO of a record or of a line, read as a Ref
    LINES = "lines"  # the owned lines of a document, as a tuple of `Line`


class Access(StrEnum):
    """When a field may be written."""

    ALWAYS = "always"
    CREATE = "on create"
    NEVER = "never"


class WriteMode(StrEnum):
    """What an update does to what it does not name (intacct-xml §2.2)."""

    SPARSE = "sparse"  # absent is untouched, empty clears
    LINES_MERGED = "lines merged by id"
    REPLACED = "replaced whole"
    READ_ONLY = "read only"


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: its name in records and writes; a dotted name is nested on the wire when written.
        column: what is selected to read it; "" for a field that cannot be selected.
        target: the kind a reference names.
        key_column: the column with the target's RECORDNO.
        always_sent: Intacct wants it with every update; an update that does not carry it is completed from the record.
        alias: its element in the kind's document functions, or its path in REST; "" where it has none.
        custom: the company's own; document functions take it among their custom fields.
        columns: everything to select in order to read it.
    """

    name: str
    type: Type = Type.TEXT
    column: str = ""
    target: str = ""
    key_column: str = ""
    access: Access = Access.ALWAYS
    always_sent: bool = False
    alias: str = ""
    custom: bool = False
    columns: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(name for name in (self.column, self.key_column) if name))


@dataclass(frozen=True, slots=True)
class Lines:
    """The owned lines of a kind of document.

    Lines are read by queries on their own object, never with the header: one transaction per 2000 lines of up to 1000
    documents, where `read` would cost one per 100 documents.

    Attributes:
        container: the element that holds them, and the name of their field in records and writes.
        kind: the object of a line.
        owner: the line's column with the RECORDNO of its document.
        owner_name: the line's column with the name by which document functions know its document.
        position: the line's column that orders them.
        id_column: the line's column whose value is `Line.id`.
        named_by: the columns by which an update names a line that exists.
        always_sent: Intacct wants all lines with every update, even of the header alone.
        required: a document has at least one; one that shows none does not show its lines yet.
        removable: a line can be deleted by itself, which takes a call of its own: the act `REMOVE_LINES`.
        sub: containers inside a line that go back as they came, each with its element and columns.
    """

    container: str
    kind: Kind
    owner: str
    owner_name: str = ""
    position: str = "LINE_NO"
    id_column: str = "RECORDNO"
    named_by: tuple[str, ...] = ("LINE_NO", "RECORDNO")
    always_sent: bool = False
    required: bool = True
    removable: bool = False
    sub: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Documents:
    """The document functions that write a kind whose object the generic ones cannot (intacct-xml §2.11, §3D).

    Each takes the idempotency key; `update` also the document's name, the changed lines by line number and the added ones.

    Attributes:
        name: the column by which these functions know the document, and what answers a create.
    """

    create: Callable[..., Function]
    update: Callable[..., Function]
    delete: Callable[..., Function]
    name: str = "RECORDNO"


@dataclass(frozen=True, slots=True)
class Act:
    """One of the vendor's verbs on a record.

    Attributes:
        build: the function from the idempotency key, the RECORDNO (or the natural key) and the given values.
        by_name: the record is named by its natural key.
        done: the states, in lower case, that show it has happened.
        takes: the values it may be given.
        needs: those it cannot do without.
    """

    build: Callable[[str, str, Fields], Function]
    done: frozenset[str]
    takes: Mapping[str, Type] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    by_name: bool = False


REMOVE_LINES = "remove lines"


@dataclass(frozen=True, slots=True)
class Touch:
    """Records of another kind that Intacct changes by itself when a record of this kind is written (design §5).

    Attributes:
        by: the field that names them; "" if no field does.
        in_lines: the field is one of the lines.
        remade: they are deleted and made anew under another RECORDNO.
    """

    kind: str
    by: str = ""
    in_lines: bool = False
    remade: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        natural_key: the field by which other records and people name it; "" if it has none.
        within: the reference field inside which the natural key is meant. A record's natural key is then that record's
            RECORDNO, a slash, and its own, such as `12/INV-7`: a bill number is one vendor's, a task ID one project's.
        numbered_by: the field a create gives its own key in, where the system makes the natural key from it.
        prefix: the field whose value and a hyphen stand before that in the natural key.
        enforced: the system itself keeps the natural key unique, so an absent create may be resent at once.
        mark: a field in which a flow may leave a text of its own, by which a record without natural key is found again.
        has_modified: the object has WHENMODIFIED; without it every poll reads all of it.
        audit_type: its name in AUDITHISTORY; "" if deletions are not looked for there.
        verbs: what may be done to it.
        locked: values of a field, in lower case, under which the record cannot be changed or deleted.
        still: the fields that can be written even then.
        effects: the other records that a write to this one changes.
        by_function: the function of a write from the write and its checked values, for a kind with functions of its own.
        rest: its path in the REST API, for kinds the XML gateway cannot write (intacct-rest §14).
        system: columns of every record that are no fields.

    `by_name`, `place` and `always_sent` follow from the fields: each by its name, its place in their order, and those that go with
    every update.
    """

    name: str
    natural_key: str
    fields: tuple[Field, ...]
    mode: WriteMode = WriteMode.READ_ONLY
    verbs: frozenset[Verb] = frozenset()
    enforced: bool = False
    has_modified: bool = True
    audit_type: str = ""
    label: str = ""
    within: str = ""
    numbered_by: str = ""
    prefix: str = ""
    mark: str = ""
    lines: Lines | None = None
    documents: Documents | None = None
    acts: Mapping[str, Act] = field(default_factory=dict)
    locked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    still: frozenset[str] = frozenset()
    effects: tuple[Touch, ...] = ()
    by_function: Callable[[Write, Mapping[str, Any]], Function] | None = None
    rest: str = ""
    system: tuple[str, ...] = SYSTEM_COLUMNS
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False, default_factory=dict)
    place: Mapping[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    always_sent: tuple[Field, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})
        object.__setattr__(self, "place", {each.name: place for place, each in enumerate(self.fields)})
        object.__setattr__(self, "always_sent", tuple(each for each in self.fields if each.always_sent))
        if len(self.by_name) != len(self.fields):
            raise ValueError(f"{self.name} names a field twice")
        touching = [touch.by for touch in self.effects if not touch.in_lines]
        for name in filter(None, (self.natural_key, self.within, self.mark, self.numbered_by, self.prefix, *self.still, *touching)):
            if name not in self.by_name:
                raise ValueError(f"{self.name} has no field {name}")
        if self.lines is not None and self.by_name.get(self.lines.container, Field("")).type is not Type.LINES:
            raise ValueError(f"{self.name} has no field of lines named {self.lines.container}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything to select in order to read a whole record, system columns first."""
        system = self.system if self.has_modified else tuple(name for name in self.system if name != "WHENMODIFIED")
        return tuple(dict.fromkeys([*system, *(column for each in self.fields for column in each.columns)]))

    def own_key(self, natural_key: str) -> str:
        """The record's own part of its natural key: what a field that refers to it holds."""
        if not self.within:
            return natural_key
        owner, slash, own = natural_key.partition("/")
        return own if slash and (owner.isdigit() or not owner) else natural_key

    def is_whole(self, natural_key: str) -> bool:
        """Whether a natural key names one record: where keys are meant within an owner, it must name the owner too."""
        owner, slash, _ = natural_key.partition("/")
        return not self.within or bool(slash and owner.isdigit())

    def key_of(self, owner: str, own: str) -> str:
        """The natural key from the owner's RECORDNO and the record's own part; empty without the latter."""
        return f"{owner}/{own}" if self.within and own else own


Catalogue = Mapping[str, Kind]


class CustomFieldError(ValueError):
    """The list of custom fields cannot be read; its text says which entry and what is expected."""


_CUSTOM = re.compile(r"(?P<kind>[A-Z]+)\.(?P<name>[A-Z][A-Z0-9_]*)(?:\s*[:=]\s*(?P<type>[a-z]+))?", re.IGNORECASE)


def with_custom_fields(catalogue: Catalogue, text: str) -> dict[str, Kind]:
    """The catalogue widened by a company's own fields, listed as `PROJECT.JOB_URL, CUSTOMER.REGION:label`.

    Raises CustomFieldError.
    """
    widened = dict(catalogue)
    for entry in filter(None, (part.strip() for part in re.split(r"[,;\n]", text))):
        found = _CUSTOM.fullmatch(entry)
        if found is None:
            raise CustomFieldError(
                f"“{entry}” is not a custom field. Write it as KIND.FIELD or KIND.FIELD:type, for example PROJECT.JOB_URL."
            )
        kind, name, kind_of_value = found["kind"].upper(), found["name"].upper(), (found["type"] or "text").lower()
        simple = [each.value for each in Type if each not in (Type.REFERENCE, Type.NUMBER, Type.LINES)]
        if kind_of_value not in simple:
            raise CustomFieldError(f"“{entry}” has no known type. Known types: {', '.join(simple)}.")
        extra = Field(name, Type(kind_of_value), column=name, custom=True)
        owner = next((each for each in widened.values() if each.lines is not None and each.lines.kind.name == kind), None)
        if kind in widened:
            widened[kind] = _with_field(widened[kind], extra)
        elif owner is not None and owner.lines is not None:
            widened[owner.name] = replace(owner, lines=replace(owner.lines, kind=_with_field(owner.lines.kind, extra)))
        else:
            raise CustomFieldError(f"“{entry}” names no kind Tieout knows. Known kinds: {', '.join(sorted(widened))}.")
    return widened


def _with_field(kind: Kind, extra: Field) -> Kind:
    return kind if extra.name in kind.by_name else replace(kind, fields=(*kind.fields, extra))


def fields(type: Type, names: str, *, access: Access = Access.ALWAYS, selectable: bool = True, prefix: str = "") -> Iterable[Field]:
    """Fields of one type from a list of names."""
    for name in names.split():
        full = prefix + name
        yield Field(full, type, column=full if selectable else "", access=access)


def reference(name: str, target: str, key_column: str, *, access: Access = Access.ALWAYS, **more: Any) -> Field:
    """A field that names another record."""
    return Field(name, Type.REFERENCE, column=name, target=target, key_column=key_column, access=access, **more)


def number(name: str, target: str, *, access: Access = Access.ALWAYS, alias: str = "") -> Field:
    """A field that names another record, or a line of one, by RECORDNO."""
    return Field(name, Type.NUMBER, column=name, target=target, access=access, alias=alias)


def aliased(type: Type, names: Mapping[str, str], *, access: Access = Access.ALWAYS, selectable: bool = True) -> tuple[Field, ...]:
    """Fields of one type with their elements in the kind's document functions."""
    return tuple(Field(name, type, column=name if selectable else "", access=access, alias=alias) for name, alias in names.items())


def dimension(name: str, target: str, key_column: str = "") -> Field:
    """A dimension of a line: read with the column that ends in DIMKEY, written under its own name in lower case."""
    return reference(name, target, key_column or f"{target}DIMKEY", alias=name.lower())


def lines_field(container: str, *, access: Access = Access.ALWAYS) -> Field:
    """The field that holds a document's lines."""
    return Field(container, Type.LINES, access=access)
