"""The query service: POST /services/core/query (intacct-rest §4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tieout.sandbox.intacct.rest.binding import Place, Scalar, Schema, UnknownPath
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context
from tieout.sandbox.intacct.rest.errors import bad_value, malformed, no_payload, not_queryable, payload_errors, unknown_field
from tieout.sandbox.intacct.rest.expression import BadExpression, combined
from tieout.sandbox.intacct.rest.filters import Filters
from tieout.sandbox.intacct.rest.mapping import Form
from tieout.sandbox.intacct.rest.reads import paged, scrambled
from tieout.sandbox.intacct.rest.render import Json, at, value
from tieout.sandbox.intacct.rest.writes import permit
from tieout.sandbox.intacct.values import plain, sorter
from tieout.sandbox.storage import Row

PAGE, PAGE_MAX = 100, 4000
AGGREGATES = frozenset({"count", "avg", "sum", "min", "max"})
_PARTS = frozenset({"object", "fields", "filters", "filterExpression", "filterParameters", "orderBy", "start", "size"})
_PARAMETERS: Mapping[str, type] = {
    "asOfDate": str,
    "includeHierarchyFields": bool,
    "caseSensitiveComparison": bool,
    "includePrivate": bool,
}
_NUMERIC = frozenset({Form.INTEGER, Form.NUMBER, Form.DECIMAL, Form.PRECISE, Form.MONEY})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One thing asked for: a place, or an aggregate of one; `name` is its key in the rows."""

    name: str
    place: Place
    aggregate: str = ""


def query(context: Context, asked: Asked) -> Answer:
    """One query, or an array of queries for several objects."""
    if not asked.body:
        raise no_payload()
    if isinstance(asked.body, list):
        answers = [_query(context, each) for each in asked.body]
        items = [{"ia::result": each.result, "ia::meta": each.meta} for each in answers]
        return Answer(200, items, {"totalCount": len(items)}, records=sum(each.records for each in answers))
    return _query(context, asked.body)


def _query(context: Context, body: Any) -> Answer:
    if not isinstance(body, Mapping):
        raise malformed("A query is a JSON object.")
    if unknown := [name for name in body if name not in _PARTS]:
        raise payload_errors([unknown_field(name) for name in unknown])
    schema = context.schemas.get(str(body.get("object")))
    if schema is None:
        raise payload_errors([bad_value("object", f"There is no object {body.get('object')}.")])
    permit(context, schema, "query")
    context.meter.count("query", 1)
    parameters = _parameters(body.get("filterParameters"))
    wanted = _fields(context, schema, body.get("fields"))
    rows = schema.held(context.work.view(private=bool(parameters.get("includePrivate"))).rows(context.storage, schema.kind))
    rows = _filtered(context, schema, body, parameters, rows)
    rows = _ordered(context, schema, body.get("orderBy"), rows)
    start, size = _whole(body, "start", 1, None), _whole(body, "size", PAGE, PAGE_MAX)
    if any(each.aggregate for each in wanted):
        groups = _grouped(rows, wanted)
        return Answer(200, groups[start - 1 : start - 1 + size], paged(len(groups), start, size), records=len(groups))
    page = rows[start - 1 : start - 1 + size]
    result = [{each.name: at(each.place, row) for each in wanted} for row in page]
    return Answer(200, result, paged(len(rows), start, size), records=len(page))


def _parameters(given: Any) -> Mapping[str, Any]:
    if given is None or given == []:
        return {}
    if not isinstance(given, Mapping):
        raise payload_errors([bad_value("filterParameters", "/filterParameters is an object.")])
    for name, each in given.items():
        if name not in _PARAMETERS:
            raise payload_errors([unknown_field(f"filterParameters.{name}")])
        if not isinstance(each, _PARAMETERS[name]):
            raise payload_errors([bad_value(f"filterParameters.{name}", f"/filterParameters/{name} has the wrong type.")])
    return given


def _fields(context: Context, schema: Schema, given: Any) -> list[_Wanted]:
    if not isinstance(given, list) or not given:
        raise payload_errors([bad_value("fields", "/fields is an array with at least one field.")])
    found = []
    for number, name in enumerate(given):
        aggregate, _, path = str(name).rpartition(":") if str(name).partition(":")[0] in AGGREGATES else ("", "", str(name))
        place = _place(context, schema, path, f"fields.{number}", selected=True)
        if aggregate in {"avg", "sum"} and place.scalar.form not in _NUMERIC:
            raise payload_errors([bad_value(f"fields.{number}", f"{aggregate} needs a number; {path} is none.")])
        found.append(_Wanted(str(name), place, aggregate))
    return found


def _place(context: Context, schema: Schema, path: str, pointer: str, *, selected: bool = False) -> Place:
    try:
        place = context.places.find(schema, path)
    except UnknownPath:
        raise payload_errors([{**unknown_field(path), "target": f"/{pointer.replace('.', '/')}"}]) from None
    if place.scalar.deprecated or (not selected and place.path.rpartition(".")[2] == "href"):
        raise not_queryable(path, schema.name)
    return place


def _filtered(context: Context, schema: Schema, body: Mapping[str, Any], parameters: Mapping[str, Any], rows: list[Row]) -> list[Row]:
    given = body.get("filters") or []
    expression = body.get("filterExpression") or ""
    if not isinstance(given, list) or not isinstance(expression, str):
        raise payload_errors([bad_value("filters", "/filters is an array and /filterExpression a string.")])
    today = context.work.now.date()
    if (anchor := parameters.get("asOfDate")) is not None:
        try:
            today = date.fromisoformat(anchor)
        except ValueError:
            raise payload_errors([bad_value("filterParameters.asOfDate", "/filterParameters/asOfDate is a date.")]) from None
    filters = Filters(
        lambda path, pointer: _place(context, schema, path, pointer),
        today,
        any_case=parameters.get("caseSensitiveComparison") is False,
    )
    tests = [filters.test(each, f"filters.{number}") for number, each in enumerate(given)]
    if not tests:
        return rows
    try:
        test = combined(expression, tests)
    except BadExpression as error:
        raise payload_errors([bad_value("filterExpression", str(error))]) from None
    return [row for row in rows if test(row)]


def _ordered(context: Context, schema: Schema, given: Any, rows: list[Row]) -> list[Row]:
    if given is not None and not isinstance(given, list):
        raise payload_errors([bad_value("orderBy", "/orderBy is an array.")])
    last = given[-1] if given else None
    rows = list(rows) if isinstance(last, Mapping) and "key" in last else scrambled(context, rows)
    for number, each in reversed(list(enumerate(given or []))):
        pointer = f"orderBy.{number}"
        if not isinstance(each, Mapping) or len(each) != 1 or next(iter(each.values())) not in ("asc", "desc"):
            raise payload_errors([bad_value(pointer, 'An order is an object such as {"id": "asc"}.')])
        path, direction = next(iter(each.items()))
        rows.sort(key=_sort_key(_place(context, schema, path, pointer)), reverse=direction == "desc")
    return rows


def _sort_key(place: Place) -> Callable[[Row], tuple[bool, object]]:
    get, read = place.get, _reader(place.scalar)

    def key(row: Row) -> tuple[bool, object]:
        text = get(row)
        return (False, 0) if text == "" else (True, read(text))

    return key


def _reader(scalar: Scalar) -> Callable[[str], Any]:
    return scalar.word_for if scalar.form is Form.WORD else sorter(scalar.type)


def _grouped(rows: Sequence[Row], wanted: Sequence[_Wanted]) -> list[Json]:
    plain_ones = [each for each in wanted if not each.aggregate]
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(each.place.get(row) for each in plain_ones)].append(row)
    if not plain_ones:
        groups.setdefault((), [])
    return [
        {each.name: _aggregate(each, members) if each.aggregate else at(each.place, members[0]) for each in wanted}
        for members in groups.values()
    ]


def _aggregate(wanted: _Wanted, rows: Sequence[Row]) -> Any:
    texts = [text for row in rows if (text := wanted.place.get(row)) != ""]
    if wanted.aggregate == "count":
        return len(texts)
    if not texts:
        return None
    scalar = wanted.place.scalar
    if wanted.aggregate in {"min", "max"}:
        pick = min if wanted.aggregate == "min" else max
        return value(scalar, pick(texts, key=_reader(scalar)))
    total = sum((Decimal(text) for text in texts), Decimal(0))
    return value(scalar, plain(total if wanted.aggregate == "sum" else total / len(texts)))


def _whole(body: Mapping[str, Any], name: str, default: int, high: int | None) -> int:
    number = body.get(name)
    if number is None:
        return default
    if isinstance(number, bool) or not isinstance(number, int) or number < 1 or (high is not None and number > high):
        limit = f" to {high}" if high else ""
        raise payload_errors([bad_value(name, f"/{name} is a whole number from 1{limit}.")])
    return number
