"""What Tieout knows about each kind of Intacct record, as data; the kinds themselves stand in `kinds`.

A flow names kinds and fields of this catalogue. Adding a kind is one entry in `kinds.KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tieout.core.ports import Verb

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
    """

    name: str
    type: Type = Type.TEXT
    column: str = ""
    target: str = ""
    key_column: str = ""
    access: Access = Access.ALWAYS
    always_sent: bool = False  # wanted with every update

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything to select in order to read it."""
        return tuple(name for name in (self.column, self.key_column) if name)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record.

    Attributes:
        enforced: the system itself keeps the natural key unique, so an absent create may be resent at once.
        has_modified: the object has WHENMODIFIED; without it every poll reads all of it.
        audit_type: its name in AUDITHISTORY; "" if deletions are not looked for there.
        verbs: what may be done to it.
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
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.fields})
        if len(self.by_name) != len(self.fields):
            raise ValueError(f"{self.name} names a field twice")
        if self.natural_key not in self.by_name:
            raise ValueError(f"{self.name} has no field {self.natural_key}")

    @property
    def columns(self) -> tuple[str, ...]:
        """Everything to select in order to read a whole record, system columns first."""
        system = SYSTEM_COLUMNS if self.has_modified else tuple(name for name in SYSTEM_COLUMNS if name != "WHENMODIFIED")
        return tuple(dict.fromkeys([*system, *(column for each in self.fields for column in each.columns)]))


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
        simple = [each.value for each in Type if each is not Type.REFERENCE]
        if kind not in widened:
            raise CustomFieldError(f"“{entry}” names no kind Tieout knows. Known kinds: {', '.join(sorted(widened))}.")
        if kind_of_value not in simple:
            raise CustomFieldError(f"“{entry}” has no known type. Known types: {', '.join(simple)}.")
        if name not in widened[kind].by_name:
            extra = Field(name, Type(kind_of_value), column=name)
            widened[kind] = replace(widened[kind], fields=(*widened[kind].fields, extra))
    return widened


def fields(type: Type, names: str, *, access: Access = Access.ALWAYS, selectable: bool = True, prefix: str = "") -> Iterable[Field]:
    """Fields of one type from a list of names."""
    for name in names.split():
        full = prefix + name
        yield Field(full, type, column=full if selectable else "", access=access)


def reference(name: str, target: str, key_column: str, *, access: Access = Access.ALWAYS) -> Field:
    """A field that names another record."""
    return Field(name, Type.REFERENCE, column=name, target=target, key_column=key_column, access=access)
