"""Rows of one emulator: in memory, indexed, transactional, and durable when given a directory."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
KeyOf = Callable[[Row], Hashable | None]


class DuplicateRow(Exception):  # noqa: N818 - callers turn it into the vendor's refusal
    """Another row of the kind already has this value in a unique index."""

    def __init__(self, kind: str, index: str, value: Hashable, existing: str) -> None:
        super().__init__(f"{kind} {existing} already has {index} {value!r}")
        self.kind, self.index, self.value, self.existing = kind, index, value, existing


@dataclass(slots=True)
class _Index:
    key_of: KeyOf
    unique: bool
    ids: dict[Hashable, Any] = field(default_factory=dict)  # value -> id, or value -> {id: None} in order

    def add(self, kind: str, name: str, row_id: str, row: Row) -> None:
        value = self.key_of(row)
        if value is None:
            return
        if self.unique:
            holder = self.ids.setdefault(value, row_id)
            if holder != row_id:
                raise DuplicateRow(kind, name, value, holder)
        else:
            self.ids.setdefault(value, {})[row_id] = None

    def drop(self, row_id: str, row: Row) -> None:
        value = self.key_of(row)
        if value is None:
            return
        if self.unique:
            if self.ids.get(value) == row_id:
                del self.ids[value]
        elif (ids := self.ids.get(value)) is not None:
            ids.pop(row_id, None)
            if not ids:
                del self.ids[value]


@dataclass(slots=True)
class _Kind:
    rows: dict[str, Row] = field(default_factory=dict)
    indexes: dict[str, _Index] = field(default_factory=dict)
    version: int = 0


_SCALARS = "\0scalars"


class Storage:
    """Rows by kind and id, with indexes, nestable transactions and named scalars.

    A row is a dict of JSON values (text, int, float, bool, None, lists, dicts; money as text). `get`, `find`, `all` hand
    out the stored dicts themselves: treat them as read-only and `put` a new dict to change a row. Ids are texts.

    Every change belongs to a transaction; one outside `transaction()` is its own. `transaction()` nests: an inner one is
    a savepoint, and an exception leaving it undoes exactly what was done inside
    (a row whose removal is undone comes last in `all`). One thread at a time holds a transaction.

    With `data_dir`, each outermost commit is one SQLite transaction (WAL) in `data_dir/NAME.sqlite3`, written before
    `transaction()` returns, so a killed process loses nothing it answered; rows are loaded again by the next start.
    """

    def __init__(self, data_dir: Path | None = None, *, name: str = "sandbox") -> None:
        self._lock = threading.RLock()
        self._kinds: dict[str, _Kind] = {}
        self._undo: list[tuple[str, str, Row | None]] = []
        self._depth = 0
        self._db: sqlite3.Connection | None = None
        if data_dir is not None:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(data_dir / f"{name}.sqlite3", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS row (kind TEXT, id TEXT, body TEXT, seq INTEGER PRIMARY KEY, UNIQUE (kind, id))")
            for kind, row_id, body in self._db.execute("SELECT kind, id, body FROM row ORDER BY seq"):
                self._kind(kind).rows[row_id] = json.loads(body)

    # -- declarations

    def declare(
        self, kind: str, *, unique: Mapping[str, str | KeyOf] | None = None, index: Mapping[str, str | KeyOf] | None = None
    ) -> None:
        """Adds indexes to a kind: name -> field name, or a function of the row; a None key leaves the row out."""
        with self._lock:
            held = self._kind(kind)
            for is_unique, declared in ((True, unique or {}), (False, index or {})):
                for name, key in declared.items():
                    made = _Index(key if callable(key) else _field_key(key), is_unique)
                    for row_id, row in held.rows.items():
                        made.add(kind, name, row_id, row)
                    held.indexes[name] = made

    # -- reading

    def get(self, kind: str, row_id: str) -> Row | None:
        """The row with this id, or None."""
        with self._lock:
            return self._kind(kind).rows.get(row_id)

    def find(self, kind: str, index: str, value: Hashable) -> Row | None:
        """The row a unique index knows under `value`, or None."""
        with self._lock:
            held = self._kind(kind)
            row_id = held.indexes[index].ids.get(value)
            return None if row_id is None else held.rows[row_id]

    def where(self, kind: str, index: str, value: Hashable) -> list[Row]:
        """The rows a non-unique index knows under `value`, oldest first."""
        with self._lock:
            held = self._kind(kind)
            return [held.rows[row_id] for row_id in held.indexes[index].ids.get(value, ())]

    def all(self, kind: str) -> list[Row]:
        """Every row of a kind, oldest first."""
        with self._lock:
            return list(self._kind(kind).rows.values())

    def items(self, kind: str) -> list[tuple[str, Row]]:
        """Every id and row of a kind, oldest first."""
        with self._lock:
            return list(self._kind(kind).rows.items())

    def count(self, kind: str) -> int:
        """How many rows a kind has."""
        with self._lock:
            return len(self._kind(kind).rows)

    def kinds(self) -> list[str]:
        """The kinds that were declared or hold rows."""
        with self._lock:
            return sorted(kind for kind in self._kinds if kind != _SCALARS)

    def version(self, kind: str) -> int:
        """A number that grows whenever any row of the kind changes; for caches."""
        with self._lock:
            return self._kind(kind).version

    # -- writing

    def put(self, kind: str, row_id: str, row: Row) -> None:
        """Adds or replaces a row; raises DuplicateRow and changes nothing if a unique index objects."""
        with self._writing():
            self._undo.append((kind, row_id, self._kind(kind).rows.get(row_id)))
            try:
                self._set(kind, row_id, row)
            except DuplicateRow:
                self._undo.pop()
                raise

    def remove(self, kind: str, row_id: str) -> None:
        """Removes a row; raises KeyError if there is none."""
        with self._writing():
            self._undo.append((kind, row_id, self._kind(kind).rows[row_id]))
            self._set(kind, row_id, None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keeps or undoes everything done inside together; nested, it is a savepoint."""
        with self._lock:
            mark = len(self._undo)
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._write_out()
            except BaseException:
                self._roll_back(mark)
                raise
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._undo.clear()

    # -- scalars and sequences

    def scalar(self, name: str, default: Any = None) -> Any:
        """A named value kept with the rows, transactional and durable like them."""
        row = self.get(_SCALARS, name)
        return default if row is None else row["value"]

    def set_scalar(self, name: str, value: Any) -> None:
        """Sets a named JSON value."""
        self.put(_SCALARS, name, {"value": value})

    def next(self, name: str, start: int = 1) -> int:
        """The next number of a sequence; undone with its transaction like any change."""
        with self._lock:
            number = int(self.scalar(name, start - 1)) + 1
            self.set_scalar(name, number)
            return number

    # -- life

    def clear(self) -> None:
        """Removes every row and scalar; declarations stay."""
        with self.transaction():
            for kind, held in self._kinds.items():
                for row_id in list(held.rows):
                    self.remove(kind, row_id)

    def close(self) -> None:
        """Closes the file, if there is one."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # -- inside

    def _kind(self, kind: str) -> _Kind:
        held = self._kinds.get(kind)
        if held is None:
            held = self._kinds[kind] = _Kind()
        return held

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._depth:
                yield
            else:
                with self.transaction():
                    yield

    def _set(self, kind: str, row_id: str, row: Row | None) -> None:
        held = self._kind(kind)
        old = held.rows.get(row_id)
        if old is not None:
            for index in held.indexes.values():
                index.drop(row_id, old)
        if row is not None:
            added: list[_Index] = []
            try:
                for name, index in held.indexes.items():
                    index.add(kind, name, row_id, row)
                    added.append(index)
            except DuplicateRow:
                for index in added:
                    index.drop(row_id, row)
                if old is not None:
                    for name, index in held.indexes.items():
                        index.add(kind, name, row_id, old)
                raise
            held.rows[row_id] = row
        else:
            held.rows.pop(row_id, None)
        held.version += 1

    def _roll_back(self, mark: int) -> None:
        while len(self._undo) > mark:
            kind, row_id, old = self._undo.pop()
            self._set(kind, row_id, old)

    def _write_out(self) -> None:
        if self._db is None or not self._undo:
            return
        changed = dict.fromkeys((kind, row_id) for kind, row_id, _ in self._undo)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for kind, row_id in changed:
                row = self._kinds[kind].rows.get(row_id)
                if row is None:
                    self._db.execute("DELETE FROM row WHERE kind = ? AND id = ?", (kind, row_id))
                else:
                    self._db.execute(
                        "INSERT INTO row (kind, id, body) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                        (kind, row_id, json.dumps(row)),
                    )
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise


def _field_key(name: str) -> KeyOf:
    def key_of(row: Row) -> Hashable | None:
        value = row.get(name)
        return value if isinstance(value, Hashable) else None

    return key_of
