"""Answers `GET list` and `GET by id` for any resource: filters, sorting, paging (servicetitan §5, E4-E6)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.query import Query
from tieout.sandbox.servicetitan.records import INDEXES, Records
from tieout.sandbox.servicetitan.resource import Compared, Filter, Reads, Resource, Row

ACTIVE: Final = ("True", "Any", "False")
MOST_EXTERNAL_VALUES: Final = 50
MOST_CUSTOM_FIELDS: Final = 5
DEFAULT_PAGE: Final = 50
Test = Callable[[Row], bool]
_STATES: Final = {"ActiveOnly": "True", "InactiveOnly": "False", "All": "Any"}
_COMPARERS: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    **dict.fromkeys(("Equals", "Equal"), operator.eq),
    **dict.fromkeys(("NotEquals", "NotEqual"), operator.ne),
    **dict.fromkeys(("Greater", "GreaterThan"), operator.gt),
    **dict.fromkeys(("Less", "LessThan"), operator.lt),
    "GreaterThanOrEqual": operator.ge,
    "LessThanOrEqual": operator.le,
}


def page_of(
    resource: Resource, query: Query, records: Records, *, within: Collection[int] | None = None
) -> tuple[list[Row], dict[str, Any]]:
    """The rows of the asked page and the envelope without its data; ``within`` limits the list to some ids."""
    rows = matching(resource, query, records)
    if within is not None:
        rows = [row for row in rows if row["id"] in within]
    return page_of_rows(_sorted(resource, query, rows), query, largest=resource.largest_page)


def page_of_rows(rows: list[Row], query: Query, *, largest: int) -> tuple[list[Row], dict[str, Any]]:
    """The asked page of some rows and its envelope; a page holds at most ``largest``."""
    page = query.whole("page")
    size = query.whole("pageSize")
    page, size = 1 if page is None else page, DEFAULT_PAGE if size is None else size
    if page < 1:
        raise invalid("page", "The page must be 1 or more.")
    if not 1 <= size <= largest:
        raise invalid("pageSize", f"The pageSize must be between 1 and {largest}.")
    with_total = query.flag("includeTotal")
    start = (page - 1) * size
    envelope = {
        "page": page,
        "pageSize": size,
        "hasMore": len(rows) > start + size,
        "totalCount": len(rows) if with_total else None,
    }
    return rows[start : start + size], envelope


def matching(resource: Resource, query: Query, records: Records) -> list[Row]:
    """Every row the query's filters let through, in the order of the ids."""
    tests = [test for each in resource.filters if (test := _test(each, resource, query, records)) is not None]
    tests += _dates(resource, query)
    tests += _active(resource, query)
    tests += [test for each in resource.compared if (test := _compared(each, query)) is not None]
    if resource.custom_fields:
        tests += _custom_fields(resource, query)
    if resource.external_lookup:
        tests += _external(query)
    if resource.where is not None:
        tests.append(resource.where)
    if resource.hides_inactive:
        tests.append(lambda row: row["active"])
    return [row for row in _candidates(resource, query, records) if all(test(row) for test in tests)]


def _candidates(resource: Resource, query: Query, records: Records) -> list[Row]:
    """A superset of the answer, narrowed by ids or by one index where the query allows it."""
    for each in resource.filters:
        if each.param not in query or each.through is not None:
            continue
        if each.reads is Reads.IDS and each.member == "id":
            keys = dict.fromkeys(sorted(query.wholes(each.param, most=resource.most_ids)))
            return [row for key in keys if (row := records.find(resource.kind, key)) is not None]
        if each.member in INDEXES.get(resource.kind, ()) and each.reads in (Reads.ID, Reads.TEXT):
            value = query.whole(each.param) if each.reads is Reads.ID else query.text(each.param)
            return sorted(records.children(resource.kind, each.member, value), key=lambda row: row["id"])
    return records.all(resource.kind)


def _test(each: Filter, resource: Resource, query: Query, records: Records) -> Test | None:
    if each.unless in query or (each.param not in query and not each.default):
        return None
    holds = _comparison(each, resource, query)
    if each.through is not None:
        through = each.through
        return lambda row: any(holds(value) for value in through(records, row))
    steps = each.member.split(".")
    return lambda row: holds(_member(row, steps))


def _comparison(each: Filter, resource: Resource, query: Query) -> Callable[[Any], bool]:
    name = each.param
    match each.reads:
        case Reads.ID:
            key = query.whole(name)
            return lambda value: value == key
        case Reads.IDS:
            keys = frozenset(query.wholes(name, most=resource.most_ids))
            return lambda value: value in keys
        case Reads.ANY_ID:
            some = frozenset(query.wholes(name))
            return lambda value: not some.isdisjoint(value)
        case Reads.TEXT:
            text = (query.text(name) or "").lower()
            return lambda value: value is not None and value.lower() == text
        case Reads.CONTAINS:
            part = (query.text(name) or "").lower()
            return lambda value: value is not None and part in value.lower()
        case Reads.WORD:
            word = query.word(name, each.words) or each.default
            return lambda value: value == word
        case Reads.WORDS:
            words = {given.lower() for given in query.texts(name)}
            return lambda value: "none" in words if value is None else value.lower() in words
        case Reads.SINCE:
            since = query.moment(name) or ""
            return lambda value: value is not None and _moment(value) >= since
        case Reads.ONE_OF:
            chosen = frozenset(query.words(name, each.words))
            return lambda value: value in chosen
        case Reads.TEXTS:
            texts = {given.lower() for given in query.texts(name)}
            if len(texts) > resource.most_ids:
                raise invalid(name, f"At most {resource.most_ids} values are allowed in '{name}'.")
            return lambda value: value is not None and value.lower() in texts
        case Reads.UNTIL:
            until = query.moment(name) or ""
            return lambda value: value is not None and _moment(value) <= until
        case Reads.SINCE_DAY:
            first = (query.moment(name) or "")[:10]
            return lambda value: value is not None and value[:10] >= first
        case Reads.UNTIL_DAY:
            last = (query.moment(name) or "")[:10]
            return lambda value: value is not None and value[:10] <= last
        case Reads.BEFORE:
            before = query.moment(name) or ""
            return lambda value: value is not None and _moment(value) < before
        case Reads.AT_LEAST | Reads.AT_MOST | Reads.NUMBER:
            return _number_comparison(each.reads, query.number(name))
        case Reads.FLAG:
            flag = query.flag(name)
            return lambda value: value is flag


def _moment(value: str) -> str:
    """A stored moment, or the beginning of a stored date."""
    return f"{value}T00:00:00.0000000Z" if len(value) == len("2026-01-01") else value


def _number_comparison(reads: Reads, number: Decimal | None) -> Callable[[Any], bool]:
    if number is None:
        return lambda value: True
    holds = {Reads.AT_LEAST: operator.ge, Reads.AT_MOST: operator.le, Reads.NUMBER: operator.eq}[reads]
    return lambda value: value is not None and holds(Decimal(str(value)), number)


def _active(resource: Resource, query: Query) -> list[Test]:
    if resource.active is None:
        return []
    asked = query.word("activeState", tuple(_STATES)) if resource.active_state else query.word("active", ACTIVE)
    wanted = resource.active if asked is None else _STATES.get(asked, asked)
    return [] if wanted == "Any" else [lambda row: row["active"] is (wanted == "True")]


def _compared(each: Compared, query: Query) -> Test | None:
    """An amount and a comparing word are given together or not at all."""
    amount, word = query.number(each.amount), query.word(each.comparer, each.words)
    if amount is None and word is None:
        return None
    if amount is None or word is None:
        name = each.amount if amount is None else each.comparer
        raise invalid(name, f"'{name}' must also be provided.")
    holds = _COMPARERS[word]
    return lambda row: holds(Decimal(row[each.member]), amount)


def _custom_fields(resource: Resource, query: Query) -> list[Test]:
    if resource.loose_custom_fields:
        wanted, every = query.fields(resource.custom_fields), True
        if len(wanted) > MOST_CUSTOM_FIELDS:
            raise invalid(resource.custom_fields, f"At most {MOST_CUSTOM_FIELDS} custom fields are allowed.")
    else:
        wanted = query.fields(f"{resource.custom_fields}.Fields")
        every = query.word(f"{resource.custom_fields}.Operator", ("And", "Or")) != "Or"
    if not wanted:
        return []

    def holds(row: Row) -> bool:
        held = {field["name"].lower(): (field["value"] or "") for field in row["customFields"] or ()}
        found = (held.get(name, "") == value for name, value in wanted.items())
        return all(found) if every else any(found)

    return [holds]


def _dates(resource: Resource, query: Query) -> list[Test]:
    tests: list[Test] = []
    if resource.created:
        tests += _range(query, "created", lambda row: row["createdOn"])
    if resource.modified:
        own = bool(resource.accounting) and query.flag("excludeAccountingChangesFromModifiedDateRange")
        tests += _range(query, "modified", _own_change if own else lambda row: row["modifiedOn"])
    return tests


def _own_change(row: Row) -> str | None:
    """When something else than accounting changed last (servicetitan §5)."""
    at: str | None = row.get("_own_change") or row["modifiedOn"]
    return at


def _range(query: Query, stem: str, at: Callable[[Row], str | None]) -> list[Test]:
    tests: list[Test] = []
    since, before = query.moment(f"{stem}OnOrAfter"), query.moment(f"{stem}Before")
    if since is not None:
        tests.append(lambda row: (at(row) or "") >= since)
    if before is not None:
        tests.append(lambda row: (at(row) or "~") < before)
    return tests


def _external(query: Query) -> list[Test]:
    key, values = query.text("externalDataKey"), query.texts("externalDataValues")
    if key is None and not values:
        return []
    if key is None:
        raise invalid("externalDataKey", "'externalDataKey' must also be provided.")
    if not values:
        raise invalid("externalDataValues", "'externalDataValues' must also be provided.")
    if len(values) > MOST_EXTERNAL_VALUES:
        raise invalid("externalDataValues", f"At most {MOST_EXTERNAL_VALUES} values are allowed.")
    application = (query.text("externalDataApplicationGuid") or "").lower()
    return [lambda row: row.get("_external", {}).get(application, {}).get(key) in values]


def _sorted(resource: Resource, query: Query, rows: list[Row]) -> list[Row]:
    asked = _asked_order(resource, query)
    if asked is None:
        return rows
    member, descending = asked
    return sorted(rows, key=_order_key(member), reverse=descending)


def _asked_order(resource: Resource, query: Query) -> tuple[str, bool] | None:
    if resource.order_by:
        field = query.word("orderBy", ("id", "modifiedOn", "createdOn"))
        direction = query.word("orderByDirection", ("asc", "ascending", "desc", "descending")) or "asc"
        if field is not None:
            return field, direction.startswith("desc")
    text = query.text("sort")
    if text is None or not resource.sort:
        return None
    # A bare plus arrives as a space (servicetitan §5).
    name = text.strip().lstrip("+-").strip()
    for field in resource.sort:
        if field.lower() == name.lower():
            return field[0].lower() + field[1:], text.strip().startswith("-")
    raise invalid("sort", f"Sorting by '{name}' is not supported. Available fields are: {', '.join(resource.sort)}.")


def _order_key(member: str) -> Callable[[Row], tuple[bool, Any]]:
    def key(row: Row) -> tuple[bool, Any]:
        value = row.get(member)
        return (False, "") if value is None else (True, value["id"] if isinstance(value, dict) else value)

    return key


def _member(row: Row, steps: list[str]) -> Any:
    value: Any = row
    for step in steps:
        value = None if value is None else value.get(step)
    return value
