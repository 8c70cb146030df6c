"""Columns of rows: own fields, columns of referenced records, dotted paths; and which rows a session may see."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tieout.sandbox.clock import Clock
from tieout.sandbox.intacct.fields import Kind, Type
from tieout.sandbox.storage import Row, Storage

_AUDIT_TYPES = {"RECORDNO": Type.INTEGER}
MAX_HOPS = 4
GONE = "_gone"  # in what is left of a removed row: the row as it was


def earlier(old: Row, now: float, lag: float) -> Row:
    """What a changed row keeps of the row before it for late searches: its versions younger than the lag and one older.

    Of versions closer together than a tenth of the lag only the first is kept.
    """
    at, before = float(old.get("_at", 0.0)), old.get("_before")
    if before is None or now - at >= lag:
        return {name: value for name, value in old.items() if name != "_before"}
    kept: Row = before if at - float(before.get("_at", 0.0)) < lag / 10 else old
    return kept


def gone(kind: str) -> str:
    """Where what was removed of an object waits until searches see that it is gone."""
    return f"_GONE {kind}"


class UnknownField(Exception):  # noqa: N818 - callers turn it into a refusal
    """The object has no such field."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} has no field {name}")
        self.kind, self.name = kind, name


@dataclass(frozen=True, slots=True)
class Column:
    """How to get one value of a row."""

    name: str
    type: Type
    get: Callable[[Row], str]
    codes: Mapping[str, str]
    selectable: bool = True


class Columns:
    """Finds columns by name for every kind; keeps what it found."""

    def __init__(self, storage: Storage, kinds: Mapping[str, Kind], entity_kind: str, clock: Clock | None = None) -> None:
        self._storage = storage
        self._clock = clock
        self._kinds = kinds
        self._entity_kind = entity_kind
        self._found: dict[tuple[str, str], Column] = {}

    def find(self, kind: Kind, name: str) -> Column:
        """The column of that name, dotted or not, in any case; raises UnknownField."""
        name = name.strip().upper()
        name = kind.cased.get(name, name)
        found = self._found.get((kind.name, name))
        if found is None:
            found = self._make(kind, name)
            if name not in kind.by_name or not kind.by_name[name].custom:  # what a company added may be taken away again
                self._found[(kind.name, name)] = found
        return found

    def all(self, kind: Kind) -> list[str]:
        """Every column `*` shows: own fields with the columns of what they refer to, parts, then system fields."""
        names: list[str] = []
        for field in kind.fields:
            if field.write_only:
                continue
            names.append(field.name)
            if field.ref is not None:
                names += [column for column in (field.ref.key, *field.ref.shown) if column and column in kind.shown]
        for part in kind.parts:
            names.append(part.key)
            inner = self._kinds[part.kind]
            names += [f"{part.name}.{field.name}" for field in inner.fields if field.name != "RECORDNO"]
        names += [field.name for field in kind.system]
        return list(dict.fromkeys(names))

    def show(self, kind: Kind, row: Row, names: Iterable[str]) -> list[tuple[str, str]]:
        """The named columns of a row."""
        return [(name, self.find(kind, name).get(row)) for name in names]

    def _make(self, kind: Kind, name: str) -> Column:
        own = kind.by_name.get(name)
        if own is not None:
            codes = {choice.label: choice.code for choice in own.choices}
            if own.type is Type.BOOLEAN:
                codes = {"true": "T", "false": "F"}
            return Column(name, own.type, self._own(kind, name, own.derived), codes, own.selectable and not own.write_only)
        if name in kind.shown:
            ref, theirs = kind.shown[name]
            if theirs == "RECORDNO":
                return Column(name, Type.INTEGER, _stored(name), {})
            return self._followed(name, ref.key, self._held(ref.kinds), theirs)
        if any(part.key == name for part in kind.parts):
            return Column(name, Type.INTEGER, _stored(name), {})
        return self._dotted(kind, name)

    def _dotted(self, kind: Kind, name: str, hops: int = 0) -> Column:
        first, _, rest = name.partition(".")
        relation = kind.relations.get(first)
        if not rest or relation is None or hops > MAX_HOPS:
            raise UnknownField(kind.name, name)
        key, target_name = relation
        target = self._kinds.get(target_name)
        # Only one hop up a hierarchy: CUSTOMER.PARENT.PARENT is refused (intacct-xml §2.6).
        if target is None or (target is kind and rest.partition(".")[0] == first):
            raise UnknownField(kind.name, name)
        for part in kind.parts:
            if part.name == first:
                rest = part.aliases.get(rest, rest)
        return self._followed(name, key, self._held(kind.targets(key, target_name)), rest)

    def _held(self, names: Iterable[str]) -> list[Kind]:
        return [self._kinds[name] for name in names if name in self._kinds]

    def _followed(self, name: str, key: str, targets: list[Kind], theirs: str) -> Column:
        """A column of what a key points to; the first of the targets says what it is, those that lack it leave it empty."""
        if not targets:
            return Column(name, Type.TEXT, lambda row: "", {})
        first, *others = targets
        inner = self.find(first, theirs)
        storage, first_name, get_inner = self._storage, first.name, inner.get
        more = [(each.name, self.find(each, theirs).get) for each in others if theirs.partition(".")[0] in each.by_name]

        def get(row: Row) -> str:
            found = storage.get(first_name, row.get(key, ""))
            return _elsewhere(row) if found is None else get_inner(found)

        def _elsewhere(row: Row) -> str:
            found = ((storage.get(kind, row.get(key, "")), get_other) for kind, get_other in more)
            return next((get_other(each) for each, get_other in found if each is not None), "")

        return Column(name, inner.type, get, inner.codes, inner.selectable)

    def _own(self, kind: Kind, name: str, derived: str) -> Callable[[Row], str]:
        if derived:
            return lambda row: derived.format_map(_Blank(row))
        if name == "RECORD_URL":
            return lambda row: _record_url(kind.name, row["RECORDNO"])
        if name == "MEGAENTITYNAME":
            return self._entity_name
        if name == "DUE_IN_DAYS":
            return self._days_until_due
        return _stored(name)

    def _days_until_due(self, row: Row) -> str:
        """A clock is needed for this column alone; without one it stays empty."""
        due = row.get("WHENDUE", "")
        if not due or self._clock is None:
            return ""
        return str((datetime.strptime(due, "%m/%d/%Y").date() - self._clock.now().date()).days)

    def _entity_name(self, row: Row) -> str:
        entity = self._storage.get(self._entity_kind, row.get("MEGAENTITYKEY", ""))
        return "" if entity is None else str(entity["NAME"])


class _Blank(dict[str, str]):
    """A row in which what is missing is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _stored(name: str) -> Callable[[Row], str]:
    def get(row: Row) -> str:
        return str(row.get(name, ""))

    return get


def _record_url(kind: str, number: str) -> str:
    token = base64.urlsafe_b64encode(f"{kind}.{number}".encode()).decode().rstrip("=")
    return f"https://www.intacct.com/ia/acct/ur.phtml?.r={token}"


@dataclass(frozen=True, slots=True)
class View:
    """What one reading function may see: the session's entity, private rows or not, and how late it is."""

    entity: str = ""
    private: bool = True
    now: float = 0.0
    lag: float = 0.0

    def rows(self, storage: Storage, kind: Kind) -> list[Row]:
        """The rows of a kind it may see; with a lag, changes younger than it are not seen yet.

        From an entity: shared rows and its own. From the top: shared rows, and entities' rows if private (intacct-xml §7.2).
        """
        rows = storage.all(kind.name)
        if self.lag > 0:
            rows = [seen for row in (*rows, *storage.all(gone(kind.name))) if (seen := self.seen(row)) is not None]
        if kind.shared or (not self.entity and self.private):
            return rows
        if self.entity:
            return [row for row in rows if row.get("MEGAENTITYID", "") in ("", self.entity)]
        return [row for row in rows if not row.get("MEGAENTITYID")]

    def row(self, storage: Storage, kind: Kind, number: str) -> Row | None:
        """One row as a search sees it, whoever it belongs to."""
        row = storage.get(kind.name, number) or (storage.get(gone(kind.name), number) if self.lag > 0 else None)
        return row if row is None or self.lag <= 0 else self.seen(row)

    def sees(self, kind: Kind, row: Row) -> bool:
        """Whether a row found by its key is visible; nothing is late there."""
        if kind.shared or not (owner := row.get("MEGAENTITYID", "")):
            return True
        return owner == self.entity if self.entity else self.private

    def seen(self, row: Row) -> Row | None:
        """A stored row as a search sees it now, None if not yet or no longer."""
        if row.get(GONE):
            return self.seen(row[GONE]) if self.now - float(row["_at"]) < self.lag else None
        found: Row | None = row
        while found is not None and self.now - float(found.get("_at", 0.0)) < self.lag:
            found = found.get("_before")
        return found
