"""The shape of an object's rules: what its fields are, what they accept, what they point to. Pure data, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """The DATATYPE words of `lookup` (intacct-xml §2.8)."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    CURRENCY = "CURRENCY"
    PERCENT = "PERCENT"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"
    ENUM = "ENUM"
    SEQUENCE = "SEQUENCE"


class Need(StrEnum):
    """When a write must carry the field (the C and U columns of intacct-xml §3)."""

    NO = "no"
    YES = "yes"
    MULTI_ENTITY = "in a multi-entity company"
    UNNUMBERED = "without a numbering sequence"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a pick list: what reads and `query` show, and the stored code `readByQuery` compares (intacct-xml §3.0).

    One that is not `writable` occurs in reads only; the object's page does not list it among the values of a write.
    """

    label: str
    code: str
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Ref:
    """What a field points to.

    Attributes:
        kind: the object pointed to.
        by: the target's field whose value is written here.
        key: the column of this row that holds the target's RECORDNO.
        path: the relationship name for dotted fields, such as CUSTOMER in CUSTOMER.NAME.
        shown: further read-only columns of this row -> the target's field they show.
        wording: the refusal's text; {value} is what was sent.
        entity_bound: in an entity session only targets of that entity are accepted (intacct-xml §7.4).
        within: column of this row -> column of the target it must equal, such as PROJECTKEY for a task; also what must be given.
        fills: own fields -> the target's field they take; a different value sent with it is refused.
        free: values that point to nothing, such as Custom for an allocation that the line itself spells out.
        other: a second object whose rows may be pointed to as well; the two share their numbers and their natural keys.
    """

    kind: str
    by: str
    key: str
    path: str
    shown: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    entity_bound: bool = False
    within: Mapping[str, str] = field(default_factory=dict)
    fills: Mapping[str, str] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    other: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The objects pointed to."""
        return (self.kind, self.other) if self.other else (self.kind,)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object; a dotted name is an element nested in another.

    `max` is a length in characters; `max_stated` says that the reference gives it, else it is an assumption that `inspect`
    reports and the setting `max_lengths` overrides. `derived` is a read-only text made of other fields, such as C{CUSTOMERID};
    `default` may be one too, such as {RECORDNO}. `many` lets several choices be joined by #~# (intacct-xml §4.1). Where the field
    `spared_by` is given, this one is not needed. One that is not `selectable` is listed but refused by `query` (intacct-xml §2.6);
    one that is `write_only`, such as ACTION, is no field of the record at all; a `custom` one the company added.
    """

    name: str
    type: Type = Type.TEXT
    label: str = ""
    need: Need = Need.NO
    need_on_update: bool = False
    read_only: bool = False
    create_only: bool = False
    update_only: bool = False
    max: int = 0
    max_stated: bool = False
    choices: tuple[Choice, ...] = ()
    default: str = ""
    derived: str = ""
    ref: Ref | None = None
    email: bool = False
    selectable: bool = True
    many: bool = False
    spared_by: str = ""
    custom: bool = False
    write_only: bool = False

    @property
    def title(self) -> str:
        """The words people see for it."""
        return self.label or self.name.replace(".", " ").replace("_", " ").title()


@dataclass(frozen=True, slots=True)
class Part:
    """A record of another kind that is written inside this one, such as a customer's display contact.

    Attributes:
        name: the element it is written in.
        kind: the object it becomes.
        key: the column of the outer row that holds its RECORDNO.
        naming: how its natural key is made when none is sent; {NAME}-like fields are the outer row's.
        aliases: field names the outer element uses -> the inner object's own.
        required: a create of the outer object must carry it.
    """

    name: str
    kind: str
    key: str
    naming: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A repeatable element owned by the object; a write replaces the whole list; only `read` shows it."""

    name: str
    fields: tuple[Field, ...]
    item: str = ""


class Keeping(StrEnum):
    """What an update does with the owned rows it does not carry (intacct-xml §2.2)."""

    REPLACE = "replaced as a whole"
    MERGE = "merged by RECORDNO"


@dataclass(frozen=True, slots=True)
class Owned:
    """Rows of another kind that are written inside this one and searched on their own, such as timesheet entries.

    Attributes:
        name: the container element; it holds one element named like the owned kind for each row, and only `read` shows it. Where
            it is the owned kind's own name there is no container: the element itself is a row, and repeated.
        kind: the owned object.
        key: its column that holds this row's RECORDNO.
        keeping: what becomes of the rows an update does not carry.
        match: the field by which a row sent without its RECORDNO continues one that is there; with REPLACE and none, all are
            made anew.
        number: its field that counts the rows of one owner, from `first`, where none is sent.
        least: how many a create must carry, and an update that carries the container.
        need_on_update: every update must carry the container.
        carries: its columns -> the columns of this row they repeat.
    """

    name: str
    kind: str
    key: str
    keeping: Keeping = Keeping.REPLACE
    match: str = ""
    number: str = ""
    first: int = 1
    least: int = 0
    need_on_update: bool = False
    carries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guard:
    """A flag two steps away that forbids naming a record, such as a project whose status prevents timesheets.

    Attributes:
        field: the field that names the record.
        via: the record's column that holds the RECORDNO of the row with the flag.
        kind: that row's object.
        flag: its boolean.
        wording: the refusal's text; {value} is what was sent.
    """

    field: str
    via: str
    kind: str
    flag: str
    wording: str


@dataclass(frozen=True, eq=False)
class Kind:
    """The rules of one object.

    Attributes:
        name: upper case, as on the wire.
        label, plural: the words in messages.
        key: the natural key's field.
        functions: the generic functions it offers.
        fields: in the order reads show them.
        numbering: prefix of automatic ids when the company numbers this object.
        series: the object whose record numbers it shares, if not its own.
        tree: the field that makes rows parents of each other; no cycles, at most `depth` levels (0: any number).
        wrapper: the noun in "Could not create … record!", where it differs from the label.
        shared: rows are visible from every entity whoever made them.
        stamped: rows carry WHENCREATED and the other audit columns.
        paths: further relationship names -> the key column and kind they follow.
        scope: the columns within which the natural key is unique; such an object is addressed by RECORDNO alone.
        unique: further sets of columns that are unique together.
        owned: rows of other kinds written inside this one.
        cascades: kinds whose rows are deleted with the row they refer to, instead of forbidding its delete.
        guards: flags of named records that forbid a write.
        periods: pairs of dates of which the first must not be after the second.
        created: the column of the audit creation time; documents keep their own date in WHENCREATED (intacct-xml §4.2).
        returns: what replies to writes name a row by, where it is not RECORDNO and the natural key (intacct-xml §1.3).
        indexes: further columns rows are looked up by.
        custom: a Platform object, whose field names are of mixed case (intacct-xml §3B, user-defined dimensions).
        read_by: the field `read` takes the keys of, where it is not RECORDNO (objects table read_key).
        rest_only: the XML gateway has no such object.
    """

    name: str
    label: str
    plural: str
    key: str
    functions: frozenset[str]
    fields: tuple[Field, ...]
    parts: tuple[Part, ...] = ()
    lines: tuple[Lines, ...] = ()
    numbering: str = ""
    series: str = ""
    tree: str = ""
    depth: int = 0
    wrapper: str = ""
    shared: bool = False
    stamped: bool = True
    paths: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    description: str = ""
    scope: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    owned: tuple[Owned, ...] = ()
    cascades: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    periods: tuple[tuple[str, str], ...] = ()
    created: str = "WHENCREATED"
    returns: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    custom: bool = False
    read_by: str = "RECORDNO"
    rest_only: bool = False

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Its own fields by name, system fields included."""
        return {each.name: each for each in (*self.fields, *self.system)}

    @cached_property
    def system(self) -> tuple[Field, ...]:
        """The fields every object has on read (intacct-xml §3)."""
        audit = (
            Field(self.created, Type.TIMESTAMP, "When created", read_only=True),
            Field("WHENMODIFIED", Type.TIMESTAMP, "When modified", read_only=True),
            Field("CREATEDBY", Type.INTEGER, "Created by", read_only=True),
            Field("MODIFIEDBY", Type.INTEGER, "Modified by", read_only=True),
            Field("MEGAENTITYKEY", Type.INTEGER, "Created at - Entity key", read_only=True),
            Field("MEGAENTITYID", Type.TEXT, "Created at - Entity ID", read_only=True),
            Field("MEGAENTITYNAME", Type.TEXT, "Created at - Entity name", read_only=True),
            Field("RECORD_URL", Type.TEXT, "Record URL", read_only=True),
        )
        return tuple(each for each in (audit if self.stamped else ()) if all(each.name != own.name for own in self.fields))

    @cached_property
    def shown(self) -> Mapping[str, tuple[Ref, str]]:
        """Read-only columns that come from a target: name -> the reference and the target's field ("RECORDNO" for keys)."""
        found: dict[str, tuple[Ref, str]] = {}
        for each in self.fields:
            if each.ref is not None:
                found[each.ref.key] = (each.ref, "RECORDNO")
                found.update({column: (each.ref, theirs) for column, theirs in each.ref.shown.items()})
        return {name: where for name, where in found.items() if name not in self.by_name}

    @cached_property
    def relations(self) -> Mapping[str, tuple[str, str]]:
        """Relationship name -> (key column, kind), for dotted fields."""
        found = {each.ref.path: (each.ref.key, each.ref.kind) for each in self.fields if each.ref is not None and each.ref.path}
        found.update({part.name: (part.key, part.kind) for part in self.parts})
        return {**found, **self.paths}

    def targets(self, key: str, kind: str) -> tuple[str, ...]:
        """The objects a key column may point to: the one its relation names and, where the reference has it, the other one."""
        others = {each.ref.other for each in self.fields if each.ref is not None and each.ref.other and each.ref.key == key}
        return (kind, *sorted(others))

    @property
    def names(self) -> tuple[str, ...]:
        """What a reply to a write names a row by (intacct-xml §2.1)."""
        if self.returns:
            return self.returns
        return ("RECORDNO",) if self.key == "RECORDNO" or self.scope else ("RECORDNO", self.key)

    @cached_property
    def cased(self) -> Mapping[str, str]:
        """A Platform object's own field names by their upper-case form."""
        return {each.name.upper(): each.name for each in self.fields} if self.custom else {}

    @property
    def noun(self) -> str:
        """The noun in "Could not create … record!"."""
        return self.wrapper or self.label


SEARCH = frozenset({"lookup", "inspect", "query", "readByQuery", "read"})
READ = frozenset({"lookup", "inspect", "query", "readByQuery", "read", "readByName"})
WRITE = READ | {"create", "update", "delete"}
WRITE_BY_NUMBER = SEARCH | {"create", "update", "delete"}
STATUS = (Choice("active", "T"), Choice("inactive", "F"))
# The code of "active non-posting" is not public; N is an assumption.
STATUS_READ_NON_POSTING = (*STATUS, Choice("active non-posting", "N", writable=False))
STATUS_NON_POSTING = (Choice("active", "T"), Choice("active non-posting", "N"), Choice("inactive", "F"))


def recordno() -> Field:
    """The record number every object has."""
    return Field("RECORDNO", Type.INTEGER, "Record number", read_only=True)


def flag(name: str, default: str = "false", label: str = "") -> Field:
    """A boolean with a default."""
    return Field(name, Type.BOOLEAN, label, default=default)


def text(*names: str, max: int = 0) -> tuple[Field, ...]:
    """Optional texts."""
    return tuple(Field(name, max=max) for name in names)


def dates(*names: str) -> tuple[Field, ...]:
    """Optional dates."""
    return tuple(Field(name, Type.DATE) for name in names)


def status(choices: tuple[Choice, ...] = STATUS) -> Field:
    """The STATUS every master record has; active unless said otherwise."""
    return Field("STATUS", Type.ENUM, "Status", choices=choices, default="active")
