"""Filters and queries of the `query` function (intacct-xml §2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tieout.intacct.client.formats import Plain, wire_text

MAX_IN = 1000
MAX_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator with its field and values, or `and` / `or` with its parts."""

    operator: str
    field: str = ""
    values: tuple[str, ...] = ()
    parts: tuple[Condition, ...] = ()


def equal_to(field: str, value: Plain) -> Condition:
    """The field has this value."""
    return Condition("equalto", field, (wire_text(value),))


def not_equal_to(field: str, value: Plain) -> Condition:
    """The field has another value."""
    return Condition("notequalto", field, (wire_text(value),))


def less_than(field: str, value: Plain) -> Condition:
    """The field is below the value."""
    return Condition("lessthan", field, (wire_text(value),))


def at_most(field: str, value: Plain) -> Condition:
    """The field is the value or below it."""
    return Condition("lessthanorequalto", field, (wire_text(value),))


def greater_than(field: str, value: Plain) -> Condition:
    """The field is above the value."""
    return Condition("greaterthan", field, (wire_text(value),))


def at_least(field: str, value: Plain) -> Condition:
    """The field is the value or above it."""
    return Condition("greaterthanorequalto", field, (wire_text(value),))


def like(field: str, pattern: str) -> Condition:
    """The field matches the pattern (`%` any text, `_` one character)."""
    return Condition("like", field, (pattern,))


def not_like(field: str, pattern: str) -> Condition:
    """The field does not match the pattern."""
    return Condition("notlike", field, (pattern,))


def between(field: str, low: Plain, high: Plain) -> Condition:
    """The field is `low`, `high` or between them."""
    return Condition("between", field, (wire_text(low), wire_text(high)))


def is_in(field: str, values: Sequence[Plain]) -> Condition:
    """The field has one of the values. Raises ValueError for none or more than 1000 (intacct-xml §6)."""
    return Condition("in", field, _listed(values))


def not_in(field: str, values: Sequence[Plain]) -> Condition:
    """The field has none of the values. Raises ValueError for none or more than 1000."""
    return Condition("notin", field, _listed(values))


def is_null(field: str) -> Condition:
    """The field is empty."""
    return Condition("isnull", field)


def is_not_null(field: str) -> Condition:
    """The field is not empty."""
    return Condition("isnotnull", field)


def all_of(*parts: Condition) -> Condition:
    """All parts hold; one part stands for itself, since the gateway wants two or more."""
    return _joined("and", parts)


def any_of(*parts: Condition) -> Condition:
    """At least one part holds; one part stands for itself."""
    return _joined("or", parts)


def _joined(operator: str, parts: tuple[Condition, ...]) -> Condition:
    if not parts:
        raise ValueError(f"“{operator}” needs at least one condition")
    return parts[0] if len(parts) == 1 else Condition(operator, parts=parts)


def _listed(values: Sequence[Plain]) -> tuple[str, ...]:
    if not 1 <= len(values) <= MAX_IN:
        raise ValueError(f"a list condition takes 1 to {MAX_IN} values, not {len(values)}")
    return tuple(wire_text(value) for value in values)


@dataclass(frozen=True, slots=True)
class Query:
    """One `query` call. Without `order` the system promises no order, so paging needs one (intacct-xml §2.6).

    Attributes:
        order: pairs of field name and whether ascending.
        show_private: at the top level, also records of private entities.
    """

    object: str
    fields: tuple[str, ...]
    where: Condition | None = None
    order: tuple[tuple[str, bool], ...] = ()
    page_size: int = MAX_PAGE
    offset: int = 0
    show_private: bool = False
    case_insensitive: bool = False
    definition: str = field(default="")

    def __post_init__(self) -> None:
        if not self.fields or "*" in self.fields:
            raise ValueError("a query names its fields; * is refused by the gateway")
        if not 1 <= self.page_size <= MAX_PAGE:
            raise ValueError(f"a page holds 1 to {MAX_PAGE} records, not {self.page_size}")
        if self.offset < 0:
            raise ValueError("an offset cannot be negative")
