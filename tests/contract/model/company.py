"""What a company keeps and refuses, said once more in as few words as possible (intacct-xml §2–4, §7; intacct-rest §3, §15).

State is rows of text by kind and record number. Values are Python's: text, bool, date, Decimal; None clears. What a field
cannot hold arrives as `Bad`. A write is judged as a whole: it is done, or it is refused and leaves nothing behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum

Value = str | bool | date | Decimal | None
Rows = dict[str, dict[str, Value]]


class Surface(StrEnum):
    """Which of the two surfaces a call takes."""

    XML = "xml"
    REST = "rest"


class Type(Enum):
    """What a field holds (intacct-xml §4.1)."""

    TEXT = str
    BOOLEAN = bool
    DATE = date
    MONEY = Decimal


@dataclass(frozen=True, slots=True)
class Bad:
    """What no field of a type can hold, as each surface writes it."""

    xml: str
    rest: object


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its XML name, its REST path, and what it may hold.

    Attributes:
        choices: the labels a pick list offers for writing; `rest_only` those that REST alone writes (intacct-rest §3.4).
        always: XML wants it with every update, not only on create (column U: R).
        target: the kind it refers to.
    """

    name: str
    rest: str
    type: Type = Type.TEXT
    required: bool = False
    always: bool = False
    default: Value = None
    choices: tuple[str, ...] = ()
    rest_only: tuple[str, ...] = ()
    target: str = ""
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One object; the first field is its natural key. `depth` is how many levels its tree may have (0: any number)."""

    name: str
    path: str
    fields: tuple[Field, ...]
    depth: int = 0
    owns_contact: bool = False

    @property
    def key(self) -> str:
        return self.fields[0].name

    @property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}


STATUS = Field("STATUS", "status", default="active", choices=("active", "inactive"))
REST_STATUS = replace(STATUS, rest_only=("active non-posting",))  # XML shows it and does not write it
CUSTOMER_STATUS = replace(STATUS, choices=("active", "inactive", "active non-posting"))
READ_ONLY = ("WHENCREATED", "WHENMODIFIED", "CREATEDBY", "MODIFIEDBY", "MEGAENTITYID", "RECORD_URL")  # §3: system fields


def _flag(name: str, rest: str) -> Field:
    return Field(name, rest, Type.BOOLEAN, default=False)


def _parent(kind: str) -> Field:
    return Field("PARENTID", "parent", target=kind)


def _partner(name: str, key: str, path: str, status: Field) -> Kind:
    fields = (
        Field(key, "id", required=True),
        Field("NAME", "name", required=True),
        status,
        _parent(name),
        _flag("ONHOLD", "isOnHold"),
        _flag("ONETIME", "isOneTimeUse"),
        Field("COMMENTS", "notes"),
        Field("TAXID", "taxId"),
    )
    return Kind(name, path, fields, owns_contact=True)


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "DEPARTMENT",
            "company-config/department",
            (
                Field("DEPARTMENTID", "id", required=True),
                Field("TITLE", "name", required=True),
                _parent("DEPARTMENT"),
                Field("CUSTTITLE", "reportTitle"),
                STATUS,
            ),
        ),
        Kind(
            "CLASS",
            "company-config/class",
            (
                Field("CLASSID", "id", required=True),
                Field("NAME", "name", required=True),
                Field("DESCRIPTION", "description"),
                _parent("CLASS"),
                STATUS,
            ),
        ),
        Kind(
            "LOCATION",
            "company-config/location",
            (
                Field("LOCATIONID", "id", required=True),
                Field("NAME", "name", required=True, always=True),
                _parent("LOCATION"),
                Field("CUSTTITLE", "reportTitle"),
                Field("STARTDATE", "startDate", Type.DATE),
                STATUS,
            ),
        ),
        _partner("CUSTOMER", "CUSTOMERID", "accounts-receivable/customer", CUSTOMER_STATUS),
        _partner("VENDOR", "VENDORID", "accounts-payable/vendor", REST_STATUS),
        Kind(
            "PROJECT",
            "projects/project",
            (
                Field("PROJECTID", "id", required=True),
                Field("NAME", "name", required=True),
                Field(
                    "PROJECTCATEGORY",
                    "category",
                    required=True,
                    choices=("Contract", "Capitalized", "Internal Non-Billable", "Internal Billable"),
                ),
                Field("LOCATIONID", "location", required=True, target="LOCATION"),  # a multi-entity company
                REST_STATUS,
                _parent("PROJECT"),
                Field("CUSTOMERID", "customer", target="CUSTOMER"),
                Field("DEPARTMENTID", "department", target="DEPARTMENT"),
                Field("CLASSID", "class", target="CLASS"),
                Field("DESCRIPTION", "description"),
                Field("DOCNUMBER", "documentNumber"),
                Field("BEGINDATE", "startDate", Type.DATE),
                Field("CONTRACTAMOUNT", "contractAmount", Type.MONEY),
                Field("SCHEDULEDIMPACT", "scheduleDetails.scheduleImpactNotes", longest=100),
                _flag("INVOICEWITHPARENT", "invoiceWithParent"),
                _flag("BILLABLEEXPDEFAULT", "isBillableEmployeeExpense"),
            ),
            depth=5,  # sage-psa §5.2
        ),
    )
}


class Refused(Exception):
    """The system must refuse this."""


@dataclass(slots=True)
class Company:
    """The rows of a company. A write raises Refused, or changes the rows and nothing else."""

    rows: dict[str, Rows] = field(default_factory=lambda: {name: {} for name in KINDS})

    def create(self, surface: Surface, kind: Kind, given: Mapping[str, object]) -> dict[str, Value]:
        """The row a create would make; `keep` puts it under the number the system gives it."""
        row: dict[str, Value] = {each.name: each.default for each in kind.fields}
        for name, value in given.items():
            row[name] = self._held(surface, kind, name, value)
        for each in kind.fields:
            if each.required and row[each.name] is None:
                raise Refused(f"{each.name} is missing")
        if self.number(kind, str(row[kind.key])) is not None:
            raise Refused(f"{kind.key} is taken")
        self._check_tree(kind, row)
        return row

    def keep(self, kind: Kind, number: str, row: dict[str, Value]) -> None:
        """Adds a created row; a number is never given twice (§4.3)."""
        assert number not in self.rows[kind.name]
        self.rows[kind.name][number] = row

    def update(self, surface: Surface, kind: Kind, number: str | None, given: Mapping[str, object]) -> None:
        """Changes what is given and leaves what is not (§2.2, §4.4)."""
        old = self.rows[kind.name].get(number or "")
        if old is None or number is None:
            raise Refused("there is no such record")
        changes = {name: self._held(surface, kind, name, value) for name, value in given.items()}
        row = {**old, **changes}
        for each in kind.fields:
            if each.required and row[each.name] is None:
                raise Refused(f"{each.name} cannot be cleared")
            if each.always and surface is Surface.XML and each.name not in given:
                raise Refused(f"{each.name} goes with every update")
        if row[kind.key] != old[kind.key]:
            raise Refused(f"{kind.key} never changes")
        self._check_tree(kind, row)
        self.rows[kind.name][number] = row

    def delete(self, kind: Kind, number: str) -> None:
        """Removes a row that nothing refers to."""
        row = self.rows[kind.name].get(number)
        if row is None:
            raise Refused("there is no such record")
        for other in KINDS.values():
            for each in other.fields:
                if each.target == kind.name and any(held[each.name] == row[kind.key] for held in self.rows[other.name].values()):
                    raise Refused(f"a {other.name} refers to it")
        del self.rows[kind.name][number]

    def number(self, kind: Kind, key: str) -> str | None:
        """The record number of a natural key."""
        return next((number for number, row in self.rows[kind.name].items() if row[kind.key] == key), None)

    def find(self, kind: Kind, name: str, operator: str, operands: Sequence[Value]) -> set[str]:
        """The numbers of the rows for which a condition of `query` holds (§2.6); a null meets `isnull` alone."""
        if name not in kind.by_name:
            raise Refused(f"there is no {name}")
        return {number for number, row in self.rows[kind.name].items() if _holds(operator, row[name], operands)}

    def _held(self, surface: Surface, kind: Kind, name: str, value: object) -> Value:
        each = kind.by_name.get(name)
        if each is None:
            raise Refused(f"{name} is read-only or unknown")
        if value is None:
            return None
        if not isinstance(value, each.type.value):
            raise Refused(f"{name} does not hold that")
        if each.choices and value not in each.choices + (each.rest_only if surface is Surface.REST else ()):
            raise Refused(f"{name} does not offer that")
        if each.longest and len(str(value)) > each.longest:
            raise Refused(f"{name} is too long")
        if each.target and self.number(KINDS[each.target], str(value)) is None:
            raise Refused(f"{name} names nothing")
        return value  # type: ignore[no-any-return]

    def _check_tree(self, kind: Kind, row: dict[str, Value]) -> None:
        """No record is its own ancestor, and no branch is longer than the kind allows."""
        if "PARENTID" not in kind.by_name:
            return
        parents = {held[kind.key]: held["PARENTID"] for held in self.rows[kind.name].values()} | {row[kind.key]: row["PARENTID"]}
        for start in parents:
            at, levels = start, 1
            while parents.get(at) is not None:
                at, levels = parents[at], levels + 1
                if at == start or levels > len(parents):
                    raise Refused("a record cannot be its own ancestor")
            if kind.depth and levels > kind.depth:
                raise Refused(f"a tree of {kind.name} has at most {kind.depth} levels")


def _holds(operator: str, value: Value, operands: Sequence[Value]) -> bool:
    if operator in {"isnull", "isnotnull"}:
        return (value is None) == (operator == "isnull")
    if value is None:
        return False
    text, first = str(value), str(operands[0])
    pattern = re.escape(first).replace("%", ".*").replace("_", ".")
    return {
        "equalto": value == operands[0],
        "notequalto": value != operands[0],
        "in": value in operands,
        "notin": value not in operands,
        "like": re.fullmatch(pattern, text, re.DOTALL) is not None,
        "notlike": re.fullmatch(pattern, text, re.DOTALL) is None,
    }[operator]
