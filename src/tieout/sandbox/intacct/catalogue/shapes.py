"""How the elements of an object-specific function are written down, in the order the schema fixes (intacct-xml §2.11).

A shape is written as words `name*:form=FIELD`: a star marks what must be there, the form is text unless said otherwise, and
an element without a field is accepted without effect. The order of the words is the order of the elements; a word after an
ampersand shares the place of the one before it, where the vendor's own SDK writes them the other way round (§9.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Form(StrEnum):
    """How an element is written."""

    TEXT = "text"
    DATE = "date"  # year, month, day
    DAY = "day"  # the same, or mm/dd/yyyy
    CONTACT = "contact"  # contactname within
    CUSTOM = "custom"  # customfield: customfieldname, customfieldvalue
    LINES = "lines"
    GROUP = "group"  # elements of the same record, or by a field with a dot of one within it; without a field they are put aside
    REPEATED = "repeated"  # lines without a container
    SIDE = "side"  # debit or credit, kept as 1 or -1
    JOINED = "joined"  # values one below the other, kept as one text


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of a shape: the field it means, and by element name the shapes of what it holds."""

    name: str
    meaning: str = ""
    form: Form = Form.TEXT
    required: bool = False
    place: int = 0
    items: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)


Shape = tuple[Piece, ...]
Inner = Mapping[str, Mapping[str, Shape]]


@dataclass(frozen=True, slots=True)
class Legacy:
    """One function.

    Attributes:
        kind: the object it works on.
        verb: what it does: create, update, delete, reverse, apply; a read has a handler of its own.
        shape: its elements in order.
        key: the attribute that names the record.
        natural: whether that is the natural key instead of the record number.
        defaults: what fields are when the function leaves them out.
        whole: whether an update's lines take the place of all there are, instead of changing those named by line_num.
        returns: the column whose value a create replies with.
        narrowed: a field that may point to either of two objects -> the one it points to here.
    """

    kind: str
    verb: str
    shape: Shape = ()
    key: str = ""
    natural: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False
    returns: str = "RECORDNO"
    narrowed: Mapping[str, str] = field(default_factory=dict)


def shape(words: str, inner: Inner | None = None) -> Shape:
    """Reads a shape; `inner` holds the shapes within elements of the forms lines and group, by element name."""
    found: list[Piece] = []
    for number, word in enumerate(words.split()):
        place = found[-1].place if word.startswith("&") else number
        name, _, target = word.lstrip("&").partition("=")
        name, _, form = name.partition(":")
        required = name.endswith("*")
        name = name.rstrip("*")
        found.append(Piece(name, target, Form(form or "text"), required, place, (inner or {}).get(name, {})))
    return tuple(found)
