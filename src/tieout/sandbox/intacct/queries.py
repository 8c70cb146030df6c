"""The reading functions that search: `query`, `readByQuery`, `readMore` (intacct-xml §2.5, §2.6)."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from tieout.sandbox.intacct import sqlish
from tieout.sandbox.intacct.conditions import Compare, Every, Meaning, Node, Op, Some, predicate
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.formatting import Formatting
from tieout.sandbox.intacct.reading import Column, UnknownField
from tieout.sandbox.intacct.reply import Result, data, escape, flat
from tieout.sandbox.intacct.values import NUMBERS, BadLiteral, plain, sorter
from tieout.sandbox.intacct.wording import Problem, Refusal, query_failed
from tieout.sandbox.intacct.work import Cursor, Work
from tieout.sandbox.storage import Row

PAGE = 100
QUERY_PAGE_MAX = 2000
READ_BY_QUERY_PAGE_MAX = 1000
IN_MAX = 1000
_OPS = {
    "equalto": Op.EQ,
    "notequalto": Op.NE,
    "lessthan": Op.LT,
    "lessthanorequalto": Op.LE,
    "greaterthan": Op.GT,
    "greaterthanorequalto": Op.GE,
    "like": Op.LIKE,
    "notlike": Op.NOT_LIKE,
    "between": Op.BETWEEN,
    "in": Op.IN,
    "notin": Op.NOT_IN,
    "isnull": Op.NULL,
    "isnotnull": Op.NOT_NULL,
}
_AGGREGATES = frozenset({"count", "avg", "min", "max", "sum"})
_PARTS = frozenset({"object", "select", "filter", "orderby", "options", "pagesize", "offset", "docparid"})


@dataclass(frozen=True, slots=True)
class _Selected:
    """One thing asked for: a column, or an aggregate of one."""

    shown: str
    column: Column
    aggregate: str = ""


# -- query


def query(work: Work, element: etree._Element) -> Result:
    """`query`: select, filter, orderby, options, pagesize, offset; every page is a fresh query."""
    for child in element:
        if child.tag not in _PARTS:
            raise query_failed(f"Unexpected element {child.tag} in query.", "Query Failed")
    name = text_of(element.find("object"))  # records are named as the caller wrote it (`sageintacctsdk` counts on it, §9.3)
    kind = work.kind(name, "query", text_of(element.find("docparid")))
    options = element.find("options")
    try:
        selected = _selected(work, kind, element.find("select"))
        rows = _searched(work, kind, element, options)
    except UnknownField as unknown:
        raise query_failed(f"Field {unknown.name} does not exist on object {kind.name}.") from None
    except BadLiteral as wanted:
        raise query_failed(f"A value in the filter is not {wanted}.") from None
    size = page_size(element.find("pagesize"), QUERY_PAGE_MAX, work.strict)
    offset = _whole(element.find("offset"), 0, 0)
    if any(each.aggregate for each in selected):
        groups = _grouped(rows, selected, work.formatting)
        total, page = len(groups), groups[offset : offset + size]
    else:
        total = len(rows)
        cells = [(each.shown, work.formatting.reading(each.column.type, each.column.get)) for each in selected]
        page = [[(shown, get(row)) for shown, get in cells] for row in rows[offset : offset + size]]
    attributes = {
        "listtype": name,
        "totalcount": total,
        "offset": offset,
        "count": len(page),
        "numremaining": max(total - offset - len(page), 0),
    }
    form = text_of(None if options is None else options.find("returnformat")).lower() or "xml"
    return _listed(name, page, attributes, form)


def _searched(work: Work, kind: Kind, element: etree._Element, options: etree._Element | None) -> list[Row]:
    """The rows the filter accepts, in the order asked for; raises UnknownField, BadLiteral."""
    rows = work.view(private=_option(options, "showprivate")).rows(work.storage, kind)
    node = _filter(element.find("filter"), work.strict)
    if node is not None:
        meaning = Meaning(lenient=not work.strict, any_case=_option(options, "caseinsensitive"), form=work.formatting)
        try:
            test = predicate(node, kind, work.columns, meaning)
        except UnknownField as unknown:
            raise query_failed(f"Field {unknown.name} in filter does not exist.", "XL03000010") from None
        rows = [row for row in rows if test(row)]
    return ordered(work, kind, rows, _order(element.find("orderby")))


def _option(options: etree._Element | None, name: str) -> bool:
    return options is not None and text_of(options.find(name)).lower() == "true"


def _selected(work: Work, kind: Kind, element: etree._Element | None) -> list[_Selected]:
    if element is None or len(element) == 0:
        raise query_failed("select needs at least one field.", "Query Failed")
    found: dict[str, _Selected] = {}  # what is asked for twice is shown once
    for child in element:
        name = text_of(child)
        aggregate = "" if child.tag == "field" else str(child.tag)
        if (aggregate and aggregate not in _AGGREGATES) or not name or name == "*":
            raise query_failed(f"select cannot hold {child.tag} {name}.", "Query Failed")
        column = work.columns.find(kind, name)
        if not column.selectable and work.strict:
            raise UnknownField(kind.name, name)
        shown = f"{aggregate.upper()}.{column.name}" if aggregate else column.name
        found[shown] = _Selected(shown, column, aggregate)
    return list(found.values())


def _filter(element: etree._Element | None, strict: bool) -> Node | None:
    if element is None or len(element) == 0:
        return None
    # Exactly one operator is documented; real clients send several side by side (intacct-xml §2.6), read as "and".
    parts = tuple(_node(child, strict) for child in element)
    return parts[0] if len(parts) == 1 else Every(parts)


def _node(element: etree._Element, strict: bool) -> Node:
    name = str(element.tag)
    if name in {"and", "or"}:
        parts = tuple(_node(child, strict) for child in element)
        if len(parts) < (2 if strict else 1):
            raise query_failed(f"{name} needs at least two conditions.", "Query Failed")
        return Every(parts) if name == "and" else Some(parts)
    op = _OPS.get(name)
    if op is None:
        raise query_failed(f"There is no operator {name}.", "Query Failed")
    fields = [text_of(child) for child in element if child.tag == "field"]
    values = tuple(child.text or "" for child in element if child.tag == "value")
    wanted = {Op.NULL: (0, 0), Op.NOT_NULL: (0, 0), Op.BETWEEN: (2, 2), Op.IN: (1, IN_MAX), Op.NOT_IN: (1, IN_MAX)}.get(op, (1, 1))
    if len(fields) != 1 or not wanted[0] <= len(values) <= wanted[1] or len(fields) + len(values) != len(element):
        raise query_failed(f"{name} takes one field and {wanted[0]} to {wanted[1]} values.", "Query Failed")
    return Compare(fields[0], op, values)


def _order(element: etree._Element | None) -> list[tuple[str, bool]]:
    found = []
    for order in element if element is not None else ():
        name = text_of(order.find("field"))
        if order.tag != "order" or not name:
            raise query_failed("orderby holds order elements with a field.", "Query Failed")
        found.append((name, order.find("descending") is not None))
    return found


def ordered(work: Work, kind: Kind, rows: list[Row], order: Sequence[tuple[str, bool]]) -> list[Row]:
    """Without an order, and among equals, rows come in a different sequence each time, as a client must expect (§2.6)."""
    columns = [(work.columns.find(kind, name), descending) for name, descending in order]
    if not columns or columns[-1][0].name != "RECORDNO":
        rows = shuffled(work.shuffle(), rows)
    for column, descending in reversed(columns):
        rows.sort(key=_sort_key(column), reverse=descending)
    return rows


def _sort_key(column: Column) -> Callable[[Row], tuple[bool, object]]:
    read, get = sorter(column.type), column.get

    def key(row: Row) -> tuple[bool, object]:
        value = get(row)
        return (False, 0) if value == "" else (True, read(value))

    return key


def shuffled(dice: random.Random, rows: list[Row]) -> list[Row]:
    """The rows in an order nobody should rely on."""
    mixed = list(rows)
    dice.shuffle(mixed)
    return mixed


def _grouped(rows: Sequence[Row], selected: Sequence[_Selected], form: Formatting) -> list[list[tuple[str, str]]]:
    plain_ones = [each for each in selected if not each.aggregate]
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(each.column.get(row) for each in plain_ones)].append(row)
    if not plain_ones:
        groups.setdefault((), [])
    found = []
    for members in groups.values():
        values = ((each, _aggregate(each, members) if each.aggregate else each.column.get(members[0])) for each in selected)
        found.append([(each.shown, value if each.aggregate == "count" else form.shown(each.column.type, value)) for each, value in values])
    return found


def _aggregate(selected: _Selected, rows: Sequence[Row]) -> str:
    values = [value for row in rows if (value := selected.column.get(row)) != ""]
    if selected.aggregate == "count":
        return str(len(values))
    if not values:
        return ""
    if selected.aggregate in {"min", "max"}:
        read = sorter(selected.column.type)
        return min(values, key=read) if selected.aggregate == "min" else max(values, key=read)
    if selected.column.type not in NUMBERS:
        raise query_failed(f"{selected.aggregate} needs a number.")
    total = sum((Decimal(value) for value in values), Decimal(0))
    return plain(total if selected.aggregate == "sum" else total / len(values))


# -- readByQuery, readMore


def read_by_query(work: Work, element: etree._Element, *, within: str = "") -> Result:
    """`readByQuery`: a SQL-like text over stored codes; the rest of the rows waits under a resultId."""
    kind = work.kind(text_of(element.find("object")), "readByQuery", text_of(element.find("docparid")))
    if element.find("query") is None:
        raise query_failed("The query element is missing.")
    size = page_size(element.find("pagesize"), READ_BY_QUERY_PAGE_MAX, work.strict)
    try:
        parsed = sqlish.parse(text_of(element.find("query")))
        names = field_names(work, kind, text_of(element.find("fields"), "*") or "*", searched=True)
        rows = work.view(private=False).rows(work.storage, kind)
        if parsed.node is not None:
            test = predicate(parsed.node, kind, work.columns, Meaning(codes=True, lenient=not work.strict, form=work.formatting))
            rows = [row for row in rows if test(row)]
    except UnknownField as unknown:
        raise query_failed(f"Field {unknown.name} does not exist on object {kind.name}.") from None
    except BadLiteral as wanted:
        raise query_failed(f"A value in the query is not {wanted}.") from None
    except sqlish.BadQuery as error:
        raise query_failed(f"The query cannot be read: {error}.") from None
    rows = shuffled(work.shuffle(), rows)[: parsed.limit]
    form = text_of(element.find("returnFormat")).lower() or "xml"
    return _next_page(work, Cursor(kind, tuple(names), [row["RECORDNO"] for row in rows], size, form, within=within))


def open_cursor(work: Work, kind: Kind, element: etree._Element, rows: Sequence[Row]) -> Result:
    """The first page of these rows with the fields, page size and format asked for, as `readByQuery` gives it."""
    try:
        names = field_names(work, kind, text_of(element.find("fields"), "*") or "*", searched=True)
    except UnknownField as unknown:
        raise query_failed(f"Field {unknown.name} does not exist on object {kind.name}.") from None
    size = page_size(element.find("pagesize"), READ_BY_QUERY_PAGE_MAX, work.strict)
    form = text_of(element.find("returnFormat")).lower() or "xml"
    return _next_page(work, Cursor(kind, tuple(names), [row["RECORDNO"] for row in rows], size, form))


def read_more(work: Work, element: etree._Element) -> Result:
    """`readMore`: the next page of a result of this session, by resultId or by object."""
    result_id, object_name = text_of(element.find("resultId")), text_of(element.find("object")).upper()
    cursor = work.cursors.get(work.session, result_id, object_name)
    if cursor is None:
        raise query_failed("The result is not known in this session or has expired.")
    return _next_page(work, cursor)


def field_names(work: Work, kind: Kind, wanted: str, *, searched: bool) -> list[str]:
    """The columns a comma list or `*` names; raises UnknownField."""
    if wanted.strip() == "*":
        return [name for name in work.columns.all(kind) if not searched or work.columns.find(kind, name).selectable]
    return [work.columns.find(kind, name).name for name in wanted.split(",") if name.strip()]


def _next_page(work: Work, cursor: Cursor) -> Result:
    kind, total = cursor.kind, len(cursor.numbers)
    numbers = cursor.numbers[cursor.at : cursor.at + cursor.size]
    view = work.view(private=False)
    rows = [row for number in numbers if (row := view.row(work.storage, kind, number)) is not None]
    cursor.at += len(numbers)
    remaining = total - cursor.at
    result_id = work.cursors.keep(work.session, cursor) if remaining else ""
    page = [work.shown(kind, row, cursor.names) for row in rows]
    attributes = {
        "listtype": kind.name.lower(),
        "count": len(page),
        "totalcount": total,
        "numremaining": remaining,
        "resultId": result_id,
    }
    return _listed(kind.name.lower(), page, attributes, cursor.format, cursor.within)


# -- both


def _listed(record: str, page: Sequence[Sequence[tuple[str, str]]], attributes: dict[str, object], form: str, within: str = "") -> Result:
    if form == "xml":
        rows = "".join(flat(record, row) for row in page)
        rows = f"<{within}>{rows}</{within.partition(' ')[0]}>" if within else rows
        return Result("success", data(rows, attributes), transactions=1)
    if form == "json":
        text = json.dumps([dict(row) for row in page], ensure_ascii=False)
        return Result("success", bare=(text, "application/json"), transactions=1)
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if page:
            writer.writerow([name for name, _ in page[0]])
        writer.writerows([value for _, value in row] for row in page)
        return Result("success", bare=(out.getvalue(), "text/csv"), transactions=1)
    raise query_failed(f"The return format {escape(form)} is not xml, json or csv.")


def _whole(element: etree._Element | None, default: int, low: int) -> int:
    text = text_of(element)
    if not text:
        return default
    if not text.isdigit() or int(text) < low:
        raise query_failed(f"{element.tag if element is not None else ''} is a whole number from {low}.")
    return int(text)


def page_size(element: etree._Element | None, limit: int, strict: bool) -> int:
    """How many rows a page has, by default 100; one over the limit is refused, or cut to it in the tolerant mode."""
    size = _whole(element, PAGE, 1)
    if size > limit:
        if strict:
            raise Refusal(Problem("DL02000001", "There was an error processing the request.", f"pagesize is at most {limit}.", "Error"))
        return limit
    return size
