"""Objects whose records have types: purchasing/document::Purchase Order is the purchase orders among the documents (intacct-rest §14.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.rest.mapping import ALL_METHODS
from tieout.sandbox.storage import Storage


class Schemas(Mapping[str, Schema]):
    """Every object by name. Typed ones are made when they are asked for, for types are the company's own data."""

    def __init__(self, plain: Mapping[str, Schema], storage: Storage) -> None:
        self._plain, self._storage = plain, storage

    def __getitem__(self, name: str) -> Schema:
        base, separator, type_ = name.partition("::")
        schema = self._plain[name if name in self._plain else base]
        if name in self._plain or not separator:
            return schema
        if schema.table.typed is None or self._storage.find(schema.table.typed[1], "key", type_) is None:
            raise KeyError(name)
        return _typed(schema, type_)

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)


def _typed(schema: Schema, type_: str) -> Schema:
    """The object of one type: it can be written, and its lines and owner are of the type too."""
    table = schema.table
    references = dict(schema.references)
    if table.owner:
        owner = references[table.owner]
        references[table.owner] = replace(owner, target=f"{owner.target}::{type_}")
    return replace(
        schema,
        table=replace(table, name=f"{table.name}::{type_}", methods=ALL_METHODS, published=()),
        references=references,
        rows={path: replace(each, object=f"{each.object}::{type_}") for path, each in schema.rows.items()},
        type=type_,
    )
