"""Filters, whichever way they were written: a small tree, and its meaning for one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tieout.sandbox.intacct.fields import Kind, Type
from tieout.sandbox.intacct.formatting import US_FORM, Formatting
from tieout.sandbox.intacct.reading import Column, Columns
from tieout.sandbox.intacct.values import BadLiteral, Comparable, literal, sorter
from tieout.sandbox.storage import Row

Predicate = Callable[[Row], bool]


class Op(StrEnum):
    """The comparisons of `query` and `readByQuery` (intacct-xml §2.5, §2.6)."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    LIKE = "like"
    NOT_LIKE = "not like"
    IN = "in"
    NOT_IN = "not in"
    BETWEEN = "between"
    NULL = "is null"
    NOT_NULL = "is not null"


NEGATED = {
    Op.EQ: Op.NE,
    Op.NE: Op.EQ,
    Op.LT: Op.GE,
    Op.GE: Op.LT,
    Op.GT: Op.LE,
    Op.LE: Op.GT,
    Op.LIKE: Op.NOT_LIKE,
    Op.NOT_LIKE: Op.LIKE,
    Op.IN: Op.NOT_IN,
    Op.NOT_IN: Op.IN,
    Op.NULL: Op.NOT_NULL,
    Op.NOT_NULL: Op.NULL,
}


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against literals."""

    field: str
    op: Op
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them holds."""

    parts: tuple[Node, ...]


Node = Compare | Every | Some


def negate(node: Node) -> Node:
    """The opposite; rows where a field is null satisfy neither a comparison nor its opposite, as in SQL."""
    if isinstance(node, Every):
        return Some(tuple(negate(part) for part in node.parts))
    if isinstance(node, Some):
        return Every(tuple(negate(part) for part in node.parts))
    return Compare(node.field, NEGATED[node.op], node.values)


@dataclass(frozen=True, slots=True)
class Meaning:
    """How literals are read.

    Attributes:
        codes: pick lists and booleans are compared by stored code (readByQuery) instead of label (query).
        lenient: either is accepted (the tolerant mode).
        any_case: texts are compared without regard to case.
        form: how dates and times are written.
    """

    codes: bool = False
    lenient: bool = False
    any_case: bool = False
    form: Formatting = US_FORM


def predicate(node: Node, kind: Kind, columns: Columns, meaning: Meaning) -> Predicate:
    """The function that says whether a row satisfies the filter; raises UnknownField, BadLiteral."""
    if isinstance(node, Compare):
        return _compare(node, columns.find(kind, node.field), meaning)
    parts = [predicate(part, kind, columns, meaning) for part in node.parts]
    if len(parts) == 1:
        return parts[0]
    if isinstance(node, Every):
        if len(parts) == 2:
            first, second = parts
            return lambda row: first(row) and second(row)
        return lambda row: all(part(row) for part in parts)
    return lambda row: any(part(row) for part in parts)


def _compare(node: Compare, column: Column, meaning: Meaning) -> Predicate:
    get = column.get
    if node.op is Op.NULL:
        return lambda row: get(row) == ""
    if node.op is Op.NOT_NULL:
        return lambda row: get(row) != ""
    if column.codes:
        return _coded(node, column, meaning)
    if node.op in {Op.LIKE, Op.NOT_LIKE}:
        return _like(node, get, meaning)
    read = sorter(column.type)
    wanted = [literal(column.type, meaning.form.taken(column.type, value)) for value in node.values]
    if read is str and meaning.any_case:
        return _test(node.op, lambda row: get(row).lower(), [str(value).lower() for value in wanted])
    if read is str:
        return _test(node.op, get, wanted)
    return _typed(node.op, get, read, wanted)


def _coded(node: Compare, column: Column, meaning: Meaning) -> Predicate:
    """Pick lists and booleans: labels in `query`, stored codes in `readByQuery` (intacct-xml §3.0)."""
    get, codes = column.get, column.codes
    labels = {code: label for label, code in codes.items()}
    values = list(node.values)
    if column.type is Type.BOOLEAN and not meaning.codes:
        values = [value.lower() for value in values]
        if not meaning.lenient and any(value not in codes for value in values):
            raise BadLiteral("true or false")
    if meaning.lenient:
        values = [labels.get(value, value) for value in values]
        return _test(node.op, get, list(values))
    if meaning.codes:
        return _test(node.op, lambda row: codes.get(get(row), ""), list(values))
    if meaning.any_case:
        return _test(node.op, lambda row: get(row).lower(), [value.lower() for value in values])
    return _test(node.op, get, list(values))


def _like(node: Compare, get: Callable[[Row], str], meaning: Meaning) -> Predicate:
    pattern = "".join(".*" if char == "%" else "." if char == "_" else re.escape(char) for char in node.values[0])
    matches = re.compile(pattern, re.DOTALL | (re.IGNORECASE if meaning.any_case else 0)).fullmatch
    if node.op is Op.LIKE:
        return lambda row: (value := get(row)) != "" and matches(value) is not None
    return lambda row: (value := get(row)) != "" and matches(value) is None


def _typed(op: Op, get: Callable[[Row], str], read: Callable[[str], Comparable], wanted: Sequence[Comparable]) -> Predicate:
    test = _test(op, lambda row: read(get(row)), wanted)
    return lambda row: get(row) != "" and test(row)


def _test(op: Op, get: Callable[[Row], Comparable], wanted: Sequence[Comparable]) -> Predicate:
    first = wanted[0]
    match op:
        case Op.EQ:
            return lambda row: get(row) == first and first != ""
        case Op.NE:
            return lambda row: (value := get(row)) != first and value != ""
        case Op.LT:
            return lambda row: (value := get(row)) != "" and value < first  # type: ignore[operator]
        case Op.LE:
            return lambda row: (value := get(row)) != "" and value <= first  # type: ignore[operator]
        case Op.GT:
            return lambda row: (value := get(row)) != "" and value > first  # type: ignore[operator]
        case Op.GE:
            return lambda row: (value := get(row)) != "" and value >= first  # type: ignore[operator]
        case Op.BETWEEN:
            last = wanted[1]
            return lambda row: (value := get(row)) != "" and first <= value <= last  # type: ignore[operator]
        case Op.IN:
            members = frozenset(wanted) - {""}
            return lambda row: get(row) in members
        case _:
            members = frozenset(wanted)
            return lambda row: (value := get(row)) != "" and value not in members
