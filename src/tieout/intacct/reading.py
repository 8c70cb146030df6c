"""Queries on kinds of the catalogue, and the way from a row of text to a record in normal form."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tieout.core.ports import Fault
from tieout.core.record import Record, Ref, Value, normal
from tieout.intacct.catalogue import SYSTEM_COLUMNS, Catalogue, Field, Kind, Type
from tieout.intacct.client import (
    MAX_IN,
    MAX_PAGE,
    Client,
    Condition,
    IntacctError,
    ObjectType,
    Query,
    RefusedError,
    Result,
    Row,
    is_in,
    is_not_null,
)
from tieout.intacct.client.formats import read_boolean, read_date, read_decimal, read_integer, read_timestamp
from tieout.intacct.faults import Context, fault_of, own_fault
from tieout.intacct.kinds import narrowed

BY_NATURAL_KEY = "~"
_FIELD_FAULTS = frozenset({"intacct.unknown-field", "intacct.processing-error"})
_ALWAYS = frozenset({"RECORDNO"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records of the company a connection covers.

    Attributes:
        entities: the entities covered; empty means all. Shared records of the top level are always covered.
        session: the entity whose session reads; "" signs in at the top level.
        offset: how far the system's time columns run ahead of UTC (intacct-xml §4.2).
    """

    entities: frozenset[str] = frozenset()
    session: str = ""
    offset: timedelta = timedelta(0)

    def covers(self, entity: str) -> bool:
        """Whether a record of this entity belongs to the connection."""
        return not self.entities or not entity or entity in self.entities


@dataclass(frozen=True, slots=True)
class Seen:
    """A record with the natural keys its reference fields show, by field name."""

    record: Record
    names: Mapping[str, str]


class Reading:
    """Reads kinds of one company. It learns which columns the company has when a query is refused because of one."""

    def __init__(self, client: Client, catalogue: Catalogue, scope: Scope) -> None:
        self.client = client
        self.scope = scope
        self._catalogue = catalogue
        self._narrowed: dict[str, Kind] = {}
        self._guard = threading.Lock()

    def kind(self, name: str) -> Kind:
        """The kind as this company has it, as far as known. Raises Fault for a kind not in the catalogue."""
        with self._guard:
            found = self._narrowed.get(name) or self._catalogue.get(name)
        if found is None:
            raise own_fault("intacct.unknown-kind", self.context(name), name)
        return found

    def context(self, object: str = "", entity: str = "") -> Context:
        """The names a fault's sentences may use."""
        return Context.of(self.client.credentials, entity=entity, object=object)

    def page(self, name: str, where: Condition | None, order: Sequence[str] = ("RECORDNO",), *, page_size: int = MAX_PAGE) -> Result:
        """One page of whole records. Raises Fault.

        When a column is refused, the object's own field list decides what to select from then on: first leniently
        (paths of related objects are kept), then strictly. Nothing is asked beforehand, so the usual case costs one call.
        """
        try:
            return self._query(self.kind(name), where, order, page_size)
        except Fault as fault:
            if fault.case.code not in _FIELD_FAULTS:
                raise
            refused = fault
        described = self._described(name)
        for strictly in (False, True):
            before = self.kind(name)
            after = narrowed(before, _selectable(before, described, strictly))
            if after == before:
                continue
            self._remember(after)
            if "WHENMODIFIED" in order and not after.has_modified:
                break
            try:
                return self._query(after, where, order, page_size)
            except Fault as fault:
                if fault.case.code not in _FIELD_FAULTS:
                    raise
                refused = fault
        raise refused

    def newest_stamp(self, name: str) -> str:
        """The latest WHENMODIFIED there is, as text; "" if no record has one. Raises Fault.

        Learns by the way if the object has no such column at all.
        """
        if not self.kind(name).has_modified:
            return ""
        asked = Query(
            name,
            ("RECORDNO", "WHENMODIFIED"),
            is_not_null("WHENMODIFIED"),
            (("WHENMODIFIED", False),),
            1,
            show_private=not self.scope.session,
        )
        try:
            rows = self.client.query(asked, entity=self.scope.session).rows
        except IntacctError as error:
            fault = fault_of(error, self.client.credentials)
            if fault.case.code not in _FIELD_FAULTS or "WHENMODIFIED" in self._described(name).field_names:
                raise fault from error
            self._remember(replace(self.kind(name), has_modified=False))
            return ""
        return rows[0].fields.get("WHENMODIFIED", "").strip() if rows else ""

    def _remember(self, kind: Kind) -> None:
        with self._guard:
            self._narrowed[kind.name] = kind

    def _described(self, name: str) -> ObjectType:
        try:
            return self.client.lookup(name, entity=self.scope.session)
        except IntacctError as error:
            raise fault_of(error, self.client.credentials) from error

    def _query(self, kind: Kind, where: Condition | None, order: Sequence[str], page_size: int) -> Result:
        asked = Query(
            kind.name,
            kind.columns,
            where,
            tuple((column, True) for column in order),
            page_size,
            show_private=not self.scope.session,
        )
        try:
            return self.client.query(asked, entity=self.scope.session)
        except IntacctError as error:
            raise fault_of(error, self.client.credentials) from error

    def by_values(self, name: str, column: str, values: Sequence[str], *, everywhere: bool = False) -> list[Seen]:
        """All records whose column has one of the values, at most 1000 values a call (intacct-xml §6). Raises Fault."""
        found: list[Seen] = []
        distinct = list(dict.fromkeys(values))
        for start in range(0, len(distinct), MAX_IN):
            found += self.seen(name, self.page(name, is_in(column, distinct[start : start + MAX_IN])).rows, everywhere=everywhere)
        return found

    def seen(self, name: str, rows: Sequence[Row], *, everywhere: bool = False) -> list[Seen]:
        """The records of rows, within the scope unless `everywhere`. Raises Fault for a value that does not fit its field."""
        kind = self.kind(name)
        resolved = self._resolved(kind, rows)
        out: list[Seen] = []
        for row in rows:
            try:
                one = decode(kind, row, self.scope.offset, resolved)
            except ValueError as error:
                detail = f"RECORDNO {row.fields.get('RECORDNO', '?')}: {error}"
                raise own_fault("intacct.unreadable-value", self.context(name), detail) from None
            if everywhere or self.scope.covers(one.record.entity):
                out.append(one)
        return out

    def _resolved(self, kind: Kind, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
        """RECORDNO by (target, natural key) for references whose key column this company cannot select."""
        wanted: dict[str, set[str]] = {}
        for each in kind.fields:
            if each.type is Type.REFERENCE and each.column and not each.key_column:
                names = {row.fields.get(each.column, "").strip() for row in rows} - {""}
                wanted.setdefault(each.target, set()).update(names)
        found: dict[tuple[str, str], str] = {}
        for target, names in wanted.items():
            if not names:
                continue
            column = self.kind(target).natural_key
            for one in self._keys(target, column, sorted(names)):
                found[(target, one.fields.get(column, "").strip())] = one.fields.get("RECORDNO", "").strip()
        return found

    def _keys(self, target: str, column: str, names: Sequence[str]) -> list[Row]:
        rows: list[Row] = []
        for start in range(0, len(names), MAX_IN):
            where = is_in(column, names[start : start + MAX_IN])
            asked = Query(target, ("RECORDNO", column), where, (("RECORDNO", True),), show_private=not self.scope.session)
            try:
                rows += self.client.query(asked, entity=self.scope.session).rows
            except RefusedError:
                return rows  # the target cannot be read: its natural key stands for it
            except IntacctError as error:
                raise fault_of(error, self.client.credentials) from error
        return rows


def _selectable(kind: Kind, described: ObjectType, strictly: bool) -> frozenset[str]:
    known = described.field_names
    paths = {path.upper() for path in described.relationships}

    def keep(column: str) -> bool:
        if column in known or column in _ALWAYS:
            return True
        head = column.split(".", 1)[0]
        return "." in column and not strictly and (head in known or head in paths)

    return frozenset(column for column in {*kind.columns, *SYSTEM_COLUMNS} if keep(column))


def decode(kind: Kind, row: Row, offset: timedelta, resolved: Mapping[tuple[str, str], str]) -> Seen:
    """A record from a row of text. Raises ValueError for a text that does not fit its field."""
    values: dict[str, Value] = {}
    names: dict[str, str] = {}
    for each in kind.fields:
        if not each.columns or not any(column in row.fields for column in each.columns):
            continue
        try:
            values[each.name] = (
                _reference(each, row, resolved, names) if each.type is Type.REFERENCE else read_value(each.type, row.fields[each.column])
            )
        except ValueError as error:
            raise ValueError(f"{each.name}: {error}") from None
    stamp = row.fields.get("WHENMODIFIED", "").strip()
    moment = read_timestamp(stamp)
    record = Record(
        kind=kind.name,
        id=row.fields.get("RECORDNO", "").strip(),
        fields=values,
        natural_key=row.fields.get(kind.natural_key, "").strip(),
        entity=row.fields.get("MEGAENTITYID", "").strip(),
        version=stamp,
        modified_at=moment - offset if moment else None,
        modified_by=row.fields.get("MODIFIEDBY", "").strip(),
    )
    return Seen(record, names)


def _reference(each: Field, row: Row, resolved: Mapping[tuple[str, str], str], names: dict[str, str]) -> Ref | None:
    name = row.fields.get(each.column, "").strip()
    key = row.fields.get(each.key_column, "").strip() if each.key_column else resolved.get((each.target, name), "")
    names[each.name] = name
    if key:
        number = read_integer(key)
        return Ref(each.target, str(number))
    return Ref(each.target, BY_NATURAL_KEY + name) if name else None


def read_value(type: Type, text: str) -> Value:
    """A text of the wire as a value in normal form. Raises ValueError."""
    match type:
        case Type.BOOLEAN:
            return read_boolean(text)
        case Type.DECIMAL:
            return normal(read_decimal(text))
        case Type.INTEGER:
            return read_integer(text)
        case Type.DATE:
            return read_date(text)
        case Type.TIMESTAMP:
            return read_timestamp(text)
        case _:
            return normal(text.replace("\r\n", "\n").replace("\r", "\n"))


__all__ = ["BY_NATURAL_KEY", "Reading", "Scope", "Seen", "decode", "read_value"]
