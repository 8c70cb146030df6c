"""How an object's REST form is written down: one `RestObject` per object, rows of path and XML field. Pure data.

What a row leaves out is taken from the XML table of the same field: its type, whether it is read-only, what it refers to, and
the words of a pick list (the label in camel case). So a row says only what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tieout.sandbox.intacct.fields import Field


class Form(StrEnum):
    """The JSON forms of a value (intacct-rest §3.4)."""

    TEXT = "text"
    WORD = "word"  # one of an enum
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"  # a text with as many places as were sent
    PRECISE = "precise"  # a text with ten places
    MONEY = "money"  # a text with two places
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"  # a UTC date-time
    LIST = "list"  # an array of texts


@dataclass(frozen=True, slots=True)
class Property:
    """One plain value.

    Attributes:
        path: its REST name, dotted inside groups.
        column: the XML field.
        form: where it differs from what the field's type suggests.
        words: XML value -> REST word, where the camel-case label is not it.
        read_only: a write may not carry it, though XML's may.
        deprecated: it is read, but queries refuse it (intacct-rest §4).
        tolerated: a write may carry it and nothing comes of it; reads show another field.
    """

    path: str
    column: str
    form: Form | None = None
    words: Mapping[str, str] | None = None
    read_only: bool = False
    deprecated: bool = False
    tolerated: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A reference to another object: {key, id[, name], href}.

    Attributes:
        path: its REST name, dotted inside groups.
        column: the XML field that holds the target's natural key; empty if only the record number is kept.
        target: the REST name of the object referred to.
        key: the column with the target's record number, where the XML field does not say; it may be dotted.
        by_key: the XML field that takes a record number, where `column` does not find every target.
        shows: the target's own properties a read adds, by their REST names.
        part: the XML element the target is written in, so that its properties can be written through this one.
        root: the read-only root of the tree the object is in, through this key column.
        read_only: a write may not carry it.
        tolerated: a write may carry it and nothing comes of it.
        id_needed: a create names it by id, not by key.
    """

    path: str
    column: str
    target: str
    key: str = ""
    by_key: str = ""
    shows: tuple[str, ...] = ()
    part: str = ""
    root: str = ""
    read_only: bool = False
    tolerated: bool = False
    id_needed: bool = False


@dataclass(frozen=True, slots=True)
class Owned:
    """A list of lines the object owns.

    Attributes:
        path: its REST name.
        lines: the XML element of the lines.
        object: the REST name of one line's object, for hrefs and the model.
        rows: the properties of a line.
        owner: the REST name of the reference to the owner that a read adds.
        suffixes: XML fields of a line that are left to be the part of another after its last full stop, such as a file's type.
    """

    path: str
    lines: str
    object: str
    rows: tuple[Property | Link, ...]
    owner: str = ""
    suffixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of owned rows that are objects of their own, such as the lines of a bill.

    Attributes:
        path: its REST name.
        container: the XML element of the rows.
        object: the REST name of their object.
    """

    path: str
    container: str
    object: str


CREATE, READ, UPDATE, DELETE = "POST", "GET", "PATCH", "DELETE"
ALL_METHODS = (READ, CREATE, DELETE, UPDATE)
READ_METHODS = (READ,)


@dataclass(frozen=True, slots=True)
class RestObject:
    """The REST form of one XML object.

    Attributes:
        name: application and object, such as projects/project.
        kind: the XML object.
        rows: its properties, references and lists; key, id, href, audit and entity need no row.
        fields: XML fields that only REST has, kept with the others; one of an existing name takes its place for REST.
        fills: XML fields a create that leaves them out takes from another field.
        required: XML fields a create must carry over REST, though XML does without.
        methods: what is offered of GET, POST, PATCH, DELETE.
        published: further methods the vendor has that this emulator refuses by name.
        owner: for an owned object, the path of the reference to its owner; it is written through the owner.
        typed: its records have types, such as purchasing/document::Purchase Order: the XML field with the type, and the object
            whose natural keys the types are. Without a type it can only be read.
        id: the XML field shown as id by reads, where it is not the natural key; replies to writes show that one.
        barred: values a create may not carry, by XML field.
        among: of the XML object's rows it has those with this column as it says, where two objects of REST share one of XML.
    """

    name: str
    kind: str
    rows: tuple[Property | Link | Owned | Rows, ...]
    fields: tuple[Field, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    methods: tuple[str, ...] = ALL_METHODS
    published: tuple[str, ...] = ()
    owner: str = ""
    typed: tuple[str, str] | None = None
    id: str = ""
    barred: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    among: tuple[str, str] | None = None


def same(*rows: tuple[str, str]) -> tuple[Property, ...]:
    """Plain properties that differ from their XML fields in nothing but the name."""
    return tuple(Property(path, column) for path, column in rows)


def camel(label: str) -> str:
    """A label as an enum word: "Internal Non-Billable" -> internalNonBillable."""
    words = "".join(char if char.isalnum() else " " for char in label).split()
    return "".join(word[:1].lower() + word[1:] if number == 0 else word[:1].upper() + word[1:] for number, word in enumerate(words))
