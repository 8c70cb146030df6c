"""The hot statements by name, read from `sql/queries.sql`, run through Django's own connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

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
