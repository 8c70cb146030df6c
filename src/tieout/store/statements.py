"""The hot statements by name, read from `sql/queries.sql`, run through Django's own connection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model

_ALL_COLUMNS = re.compile(r"\b(\w+)\.\*")
_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def statements() -> Mapping[str, str]:
    """The text of every named statement."""
    parts = _NAME.split((Path(__file__).parent / "sql" / "queries.sql").read_text())
    return {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def durable() -> None:
    """Have this transaction's commit wait for the disk, which a worker's commits otherwise do not (`host.worker`)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")


def execute(name: str, parameters: Mapping[str, Any]) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statements()[name], parameters)
        return int(cursor.rowcount)


def rows(name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement; the rows it gives."""
    with connection.cursor() as cursor:
        cursor.execute(statements()[name], parameters)
        return list(cursor.fetchall())


def models(name: str, parameters: Mapping[str, Any], *kinds: type[Model]) -> list[tuple[Any, ...]]:
    """Run a statement that gives all columns of these models, one model after the other, and then any others.

    Each row as instances, None for a model whose id is null, followed by the other values. A query of Django's own takes ten
    times as long to put together.
    """
    with connection.cursor() as cursor:
        cursor.execute(_in_full(name, kinds), parameters)
        makers, width = _makers(tuple(column.name for column in cursor.description), kinds)
        return [(*[make(row) for make in makers], *row[width:]) for row in cursor.fetchall()]


@cache
def _in_full(name: str, kinds: Sequence[type[Model]]) -> str:
    """A statement that names each column of these models where it says `alias.*`, the models in the order of their aliases.

    A later version may have added columns to the tables that this one does not know.
    """
    left = list(kinds)
    models_by_alias: dict[str, type[Model]] = {}

    def columns(found: re.Match[str]) -> str:
        if found[1] not in models_by_alias:
            models_by_alias[found[1]] = left.pop(0)
        return ", ".join(f'{found[1]}."{field.column}"' for field in models_by_alias[found[1]]._meta.concrete_fields)

    return _ALL_COLUMNS.sub(columns, statements()[name])


@cache
def _makers(columns: Sequence[str], kinds: Sequence[type[Model]]) -> tuple[list[Callable[[Sequence[Any]], Model | None]], int]:
    """What makes the instance of each model of a row with these columns, and how many columns those are."""
    makers: list[Callable[[Sequence[Any]], Model | None]] = []
    start = 0
    for kind in kinds:
        end = start + len(kind._meta.concrete_fields)
        makers.append(_maker(kind, {column: start + place for place, column in enumerate(columns[start:end])}))
        start = end
    return makers, start


def _maker(kind: type[Model], places: Mapping[str | None, int]) -> Callable[[Sequence[Any]], Model | None]:
    fields = kind._meta.concrete_fields
    names = [field.attname for field in fields]
    order = [places[field.column] for field in fields]
    converters = [(index, each) for index, field in enumerate(fields) for each in field.get_db_converters(connection)]
    key = places[kind._meta.pk.column]

    def make(row: Sequence[Any]) -> Model | None:
        if row[key] is None:
            return None
        values = [row[place] for place in order]
        for index, convert in converters:
            values[index] = convert(values[index], None, connection)
        return kind.from_db(connection.alias, names, values)

    return make
