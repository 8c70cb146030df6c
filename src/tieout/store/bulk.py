"""Inserting many rows of a model with one statement and one parameter.

The driver quotes every value of a many-row insert by itself, which took half of a batch's time; a JSON document is one value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import connection
from django.db.models import JSONField, Model

from tieout.core.record import load


def document(rows: Sequence[Any]) -> str:
    """Rows, as mappings, as the text that `jsonb_to_recordset` takes."""
    return msgspec.json.encode(rows).decode()


def read_values(text: str) -> Any:
    """The values in the text of a JSON column (`tieout.core.record.dump`)."""
    return load(msgspec.json.decode(text))


def insert(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert rows that are not stored yet. Raises django.db.IntegrityError.

    Their ids are set in the end, unless conflicts are ignored: then it is not known which of them were stored.
    """
    if not rows:
        return
    kind = type(rows[0])
    with connection.cursor() as cursor:
        cursor.execute(_statement(kind, ignore_conflicts), [document([_values(row) for row in rows])])
        if not ignore_conflicts:
            # Rows are inserted, and so answered, in the order of the document.
            for row, (id_,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = id_
                row._state.adding = False


def _values(row: Model) -> dict[str, Any]:
    row_dict = row.__dict__  # attributes of a model go through descriptors, which is slow
    return {column: row_dict[name] if prepare is None else prepare(row_dict[name]) for column, name, prepare in _columns(type(row))}


@cache
def _fields(kind: type[Model]) -> list[Any]:
    return [field for field in kind._meta.concrete_fields if not field.primary_key]


@cache
def _columns(kind: type[Model]) -> list[tuple[str, str, Callable[[Any], Any] | None]]:
    """Of each column, its name, that of its attribute, and what turns its value into JSON data, if it needs that."""
    return [(field.column, field.attname, field.get_prep_value if isinstance(field, JSONField) else None) for field in _fields(kind)]


@cache
def _statement(kind: type[Model], ignore_conflicts: bool) -> str:
    fields = _fields(kind)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    typed = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    ending = "ON CONFLICT DO NOTHING" if ignore_conflicts else f'RETURNING "{kind._meta.pk.column}"'
    return f'INSERT INTO "{kind._meta.db_table}" ({columns}) SELECT {columns} FROM jsonb_to_recordset(%s::jsonb) AS d ({typed}) {ending}'  # noqa: S608 - names of columns, no values


__all__ = ["document", "insert", "read_values"]
