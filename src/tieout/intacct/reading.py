"""Queries on kinds of the catalogue, and the way from a row of text to a record in normal form."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tieout.core.ports import Fault
from tieout.core.record import Line
from tieout.intacct.catalogue import Catalogue, Kind, Lines, Type
from tieout.intacct.client import (
    MAX_IN,
    MAX_PAGE,
    Client,
    Condition,
    IntacctError,
    ObjectType,
    Plain,
    Query,
    RefusedError,
    Result,
    Row,
    all_of,
    greater_than,
    is_in,
    is_not_null,
)
from tieout.intacct.client.formats import read_integer
from tieout.intacct.client.functions import MAX_KEYS
from tieout.intacct.decoding import BY_NATURAL_KEY, Seen, decode, decode_fields, own_value
from tieout.intacct.faults import Context, fault_of, own_fault
from tieout.intacct.kinds import narrowed

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


class Reading:
    """Reads kinds of one company. It learns which columns the company has when a query is refused because of one."""

    def __init__(self, client: Client, catalogue: Catalogue, scope: Scope) -> None:
        self.client = client
        self.scope = scope
        self.catalogue = catalogue
        self._catalogue = {**{each.lines.kind.name: each.lines.kind for each in catalogue.values() if each.lines}, **catalogue}
        self._narrowed: dict[str, Kind] = {}
        self._custom: dict[str, frozenset[str]] = {}
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

    def custom_columns(self, name: str) -> frozenset[str]:
        """The company's own columns of an object that can be written, asked once. Raises IntacctError."""
        with self._guard:
            known = self._custom.get(name)
        if known is None:
            described = self.client.lookup(name, entity=self.scope.session)
            known = frozenset(each.name.upper() for each in described.fields if each.custom and not each.read_only)
            with self._guard:
                self._custom[name] = known
        return known

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

    def by_values(self, name: str, column: str, values: Sequence[Plain], *, everywhere: bool = False) -> list[Seen]:
        """All records whose column has one of the values, at most 1000 values a call (intacct-xml §6). Raises Fault."""
        found: list[Seen] = []
        distinct = list(dict.fromkeys(values))
        for start in range(0, len(distinct), MAX_IN):
            found += self.seen(name, self.rows(name, is_in(column, distinct[start : start + MAX_IN])), everywhere=everywhere)
        return found

    def by_keys(self, name: str, keys: Sequence[str], *, everywhere: bool = False) -> list[Seen]:
        """All records with one of the natural keys; a key that cannot be one of this kind finds nothing. Raises Fault."""
        kind = self.kind(name)
        if not kind.natural_key:
            return []
        if not kind.within:
            return self.by_values(name, kind.natural_key, keys, everywhere=everywhere)
        owners = {owner: True for key in keys if (owner := key.partition("/")[0]).isdigit()}
        own = {value: True for key in keys if (value := own_value(kind, key)) is not None}
        owner_column = kind.by_name[kind.within].key_column
        found: list[Seen] = []
        for start in range(0, len(own), MAX_IN):
            where = is_in(kind.natural_key, list(own)[start : start + MAX_IN])
            if owners and len(owners) <= MAX_IN and owner_column and "." not in owner_column:
                where = all_of(where, is_in(owner_column, list(owners)))
            found += self.seen(name, self.rows(name, where), everywhere=everywhere)
        wanted = set(keys)
        return [seen for seen in found if seen.record.natural_key in wanted]

    def rows(self, name: str, where: Condition) -> list[Row]:
        """Every row of a condition, page by page in the order of RECORDNO. Raises Fault."""
        result = self.page(name, where)
        rows = list(result.rows)
        while result.rows and result.remaining:
            result = self.page(name, all_of(greater_than("RECORDNO", rows[-1].fields.get("RECORDNO", "")), where))
            rows += result.rows
        return rows

    def seen(self, name: str, rows: Sequence[Row], *, everywhere: bool = False) -> list[Seen]:
        """The records of rows with their lines, within the scope unless `everywhere`.

        Raises Fault for a value that does not fit its field.
        """
        kind = self.kind(name)
        resolved = self._resolved(kind, rows)
        out: list[Seen] = []
        for row in rows:
            try:
                one = decode(kind, row, self.scope.offset, resolved)
            except ValueError as error:
                raise self._unreadable(name, row, error) from None
            if everywhere or self.scope.covers(one.record.entity):
                out.append(one)
        return self._with_lines(kind.lines, out) if kind.lines is not None else out

    def _unreadable(self, name: str, row: Row, error: ValueError) -> Fault:
        return own_fault("intacct.unreadable-value", self.context(name), f"RECORDNO {row.fields.get('RECORDNO', '?')}: {error}")

    def _with_lines(self, lines: Lines, headers: Sequence[Seen]) -> list[Seen]:
        """The same records with their lines, read by their owners: one query for up to 1000 documents and 2000 lines."""
        rows: list[Row] = []
        numbers = list(dict.fromkeys(seen.record.id for seen in headers))
        for start in range(0, len(numbers), MAX_IN):
            rows += self.rows(lines.kind.name, is_in(lines.owner, numbers[start : start + MAX_IN]))
        by_owner: dict[str, list[Row]] = {number: [] for number in numbers}
        for row in rows:
            by_owner.setdefault(row.fields.get(lines.owner, "").strip(), []).append(row)
        bare = [number for number in numbers if not by_owner[number]]
        if bare and lines.required:
            by_owner |= self._lines_by_read(headers[0].record.kind, lines, bare)
        return self._joined(lines, headers, by_owner)

    def _lines_by_read(self, name: str, lines: Lines, numbers: Sequence[str]) -> dict[str, list[Row]]:
        """The lines of documents that show none in a query though they must have some: queries may lag behind, reads by key do not.

        Raises Fault.
        """
        found: dict[str, list[Row]] = {}
        for start in range(0, len(numbers), MAX_KEYS):
            try:
                rows = self.client.read(name, numbers[start : start + MAX_KEYS], lines=(lines.container,), entity=self.scope.session)
            except RefusedError:
                continue  # an object that cannot be read by key shows its lines later
            except IntacctError as error:
                raise fault_of(error, self.client.credentials) from error
            found |= {row.fields.get("RECORDNO", "").strip(): list(row.lines.get(lines.container, ())) for row in rows}
        return found

    def _joined(self, lines: Lines, headers: Sequence[Seen], by_owner: Mapping[str, Sequence[Row]]) -> list[Seen]:
        kind = self.kind(lines.kind.name)
        resolved = self._resolved(kind, [row for rows in by_owner.values() for row in rows])
        out: list[Seen] = []
        for seen in headers:
            owned: list[tuple[int, int, Line, dict[str, str]]] = []
            for row in by_owner.get(seen.record.id, ()):
                try:
                    values, names = decode_fields(kind, row, resolved)
                    place = read_integer(row.fields.get(lines.position, "")) or 0, read_integer(row.fields.get("RECORDNO", "")) or 0
                except ValueError as error:
                    raise self._unreadable(kind.name, row, error) from None
                owned.append((*place, Line(row.fields.get(lines.id_column, "").strip(), values), names))
            out.append(_joined(lines, seen, owned))
        return out

    def _resolved(self, kind: Kind, rows: Sequence[Row]) -> dict[tuple[str, str], str]:
        """RECORDNO by (target, natural key) for references whose key column this company cannot select."""
        wanted: dict[str, set[str]] = {}
        for each in kind.fields:
            if each.type is Type.REFERENCE and each.column and not each.key_column and not self._is_within(each.target):
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

    def _is_within(self, target: str) -> bool:
        """Whether the target's natural key alone does not name one record."""
        found = self._catalogue.get(target)
        return found is not None and bool(found.within)

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

    return frozenset(column for column in {*kind.columns, *kind.system} if keep(column))


def _joined(lines: Lines, seen: Seen, owned: Sequence[tuple[int, int, Line, dict[str, str]]]) -> Seen:
    ordered = [(line, names) for _, _, line, names in sorted(owned, key=lambda one: one[:2])]
    fields = {**seen.record.fields, lines.container: tuple(line for line, _ in ordered)}
    names = {line_name(lines, line.id, name): text for line, given in ordered for name, text in given.items()}
    return Seen(replace(seen.record, fields=fields), {**seen.names, **names})


def line_name(lines: Lines, id_: str, name: str) -> str:
    """Under which name `Seen.names` holds what a line's reference field shows."""
    return f"{lines.container}[{id_}].{name}"


__all__ = ["BY_NATURAL_KEY", "Reading", "Scope", "Seen", "line_name"]
