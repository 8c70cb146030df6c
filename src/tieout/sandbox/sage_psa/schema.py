"""Resources as data: what each field is, who may write it, and how bodies are read and replies laid out (sage-psa §2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, Final

from tieout.sandbox.sage_psa.problems import Refused, invalid

Row = dict[str, Any]
ALL_VERSIONS: Final = frozenset({1, 2, 3, 4})


class Type(StrEnum):
    """JSON types of fields."""

    INT = "a whole number"
    TEXT = "a text"
    BOOL = "true or false"
    NUMBER = "a number"
    DATE = "a date like 2026-03-01"
    STAMP = "a time like 2026-03-01T08:00:00Z"
    INTS = "a list of whole numbers"
    LIST = "a list"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``use`` holds c (may be given on create), u (on update), r (is in replies).

    ``words`` is a closed set of values, ``by_hand`` those that only the product's own pages can set. ``ref`` is the kind of
    record a number points to. A field with a default, or a required one, is never empty.
    """

    name: str
    type: Type
    use: str = "cur"
    required: bool = False
    default: Any = None
    words: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    ref: str = ""
    low: float | None = None
    high: float | None = None
    longest: int | None = None
    versions: frozenset[int] = ALL_VERSIONS

    @property
    def nullable(self) -> bool:
        """Whether it may be empty."""
        return not self.required and self.default is None


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of record.

    ``parent`` is the row member that holds the project's id when the record lives below a project. ``event`` is the webhook
    type, empty when the vendor sends none. ``custom`` is the entity type of its custom fields.
    """

    kind: str
    noun: str
    fields: tuple[Field, ...]
    parent: str = ""
    event: str = ""
    custom: str = ""
    first_id: int = 1

    def visible(self, version: int) -> list[Field]:
        """The fields a version of the API shows."""
        return [field for field in self.fields if "r" in field.use and version in field.versions]

    def defaults(self) -> Row:
        """A row with every field at its default."""
        return {field.name: list(field.default) if isinstance(field.default, list) else field.default for field in self.fields}


def stamps() -> tuple[Field, ...]:
    """Who made and last changed a record, and when."""
    return (
        Field("created_by", Type.INT, "r", ref="persons"),
        Field("updated_by", Type.INT, "r", ref="persons"),
        Field("created_at", Type.STAMP, "r"),
        Field("updated_at", Type.STAMP, "r"),
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads request bodies of one resource; ``hand`` says that a person does it in the product, past the API's limits."""

    resource: Resource
    settings: Mapping[str, Any]
    version: int
    hand: bool = False

    def read(self, body: object, use: str) -> Row:
        """The given fields, checked; ``use`` is c or u. Raises Refused."""
        if not isinstance(body, dict):
            raise invalid("The body must be a JSON object.")
        known = {field.name: field for field in self.resource.fields if self.hand or self.version in field.versions}
        given: Row = {}
        for name, value in body.items():
            field = known.get(name)
            if field is None:
                if self.settings["unknown_fields"] == "refuse":
                    raise invalid(f"The field {name} of a {self.resource.noun} is not known.")
            elif use not in field.use and not self.hand:
                if self.settings["read_only_fields"] == "refuse":
                    raise invalid(f"The field {name} of a {self.resource.noun} cannot be written.")
            elif value is None:
                self._take_null(field, use, given)
            else:
                given[name] = self._checked(field, value)
        if use == "c":
            self._require(known.values(), given)
        return given

    def _take_null(self, field: Field, use: str, given: Row) -> None:
        if use == "c":
            return
        wanted = self.settings["null_in_update"]
        if wanted == "refuse" or (wanted == "clear" and not field.nullable):
            raise invalid(f"The field {field.name} cannot be null.")
        if wanted == "clear":
            given[field.name] = [] if field.type is Type.INTS else None

    def _require(self, fields: Iterable[Field], given: Row) -> None:
        for field in fields:
            if field.required and "c" in field.use and self.version in field.versions and given.get(field.name) is None:
                raise invalid(f"The field {field.name} is required.")

    def _checked(self, field: Field, value: Any) -> Any:
        if not _fits(field.type, value):
            raise invalid(f"The field {field.name} must be {field.type}.")
        if field.words and value not in field.words and not (value in field.by_hand and (self.hand or self.settings["accept_opportunity"])):
            raise invalid(f"The field {field.name} must be one of {', '.join(field.words)}.")
        if field.longest is not None and len(value) > field.longest:
            raise invalid(f"The field {field.name} can have at most {field.longest} characters.")
        if (field.low is not None and value < field.low) or (field.high is not None and value > field.high):
            raise invalid(f"The field {field.name} must be between {field.low:g} and {'any' if field.high is None else f'{field.high:g}'}.")
        if field.required and isinstance(value, str) and not value.strip():
            raise invalid(f"The field {field.name} is required.")
        return list(dict.fromkeys(value)) if field.type is Type.INTS else value


def check_dates(settings: Mapping[str, Any], row: Row, start: str = "start_date", end: str = "end_date") -> None:
    """Refuses an end before its start."""
    if settings["check_date_order"] and row.get(start) and row.get(end) and row[end] < row[start]:
        raise Refused(400, f"The {end} is before the {start}.")


def _fits(kind: Type, value: Any) -> bool:
    match kind:
        case Type.INT:
            return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
        case Type.TEXT | Type.STAMP:
            return isinstance(value, str)
        case Type.BOOL:
            return isinstance(value, bool)
        case Type.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        case Type.DATE:
            return isinstance(value, str) and len(value) == 10 and _is_date(value)
        case Type.INTS:
            return isinstance(value, list) and all(_fits(Type.INT, each) for each in value)
        case Type.LIST:
            return isinstance(value, list)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
