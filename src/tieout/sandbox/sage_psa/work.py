"""One request's view of the account: read, make, change and remove records with their rules, stamps and webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tieout.sandbox.sage_psa.events import CREATE, DELETE, UPDATE, Noted
from tieout.sandbox.sage_psa.problems import Refused, invalid
from tieout.sandbox.sage_psa.schema import Reader, Resource, Row, Type
from tieout.sandbox.storage import Storage


class Rules:
    """What a kind of record demands beyond its fields. The base demands nothing."""

    def complete(self, work: Work, new: Row, given: Row) -> None:
        """Fills what the caller left out of a new record."""

    def check(self, work: Work, new: Row, old: Row | None, given: Row) -> None:
        """Refuses, or adjusts, a record about to be stored; ``old`` is None for a new one."""

    def stored(self, work: Work, new: Row, old: Row | None, changed: tuple[str, ...]) -> None:
        """Does what follows from a stored record."""

    def removing(self, work: Work, row: Row, *, along: bool) -> None:
        """Refuses a removal, or removes what goes with it; ``along``: it goes with something else, and nothing is refused."""

    def shown(self, work: Work, row: Row, version: int) -> Mapping[str, Any]:
        """Members of replies that are computed, or shown otherwise than stored."""
        return {}


@dataclass(slots=True)
class Work:
    """Everything one request needs; writes happen inside one transaction of the storage.

    ``actor`` is the person who acts, ``hand`` says that it happens in the product's own pages and not through the API, and
    ``quiet`` that no webhooks are sent.
    """

    storage: Storage
    settings: Mapping[str, Any]
    rules: Mapping[str, Rules]
    now: str
    actor: int
    hand: bool = False
    quiet: bool = False
    noted: list[Noted] = field(default_factory=list)

    # -- reading

    def get(self, kind: str, number: object) -> Row | None:
        """The record with this id, or None."""
        return self.storage.get(kind, str(number))

    def need(self, kind: str, number: object) -> Row:
        """The record with this id, which must exist."""
        row = self.get(kind, number)
        if row is None:
            raise KeyError(f"{kind} {number}")
        return row

    def where(self, kind: str, index: str, value: object) -> list[Row]:
        """Records by an index, oldest first."""
        return self.storage.where(kind, index, str(value))

    def show(self, resource: Resource, row: Row, version: int) -> Row:
        """The record as a version of the API shows it."""
        computed = self.rules[resource.kind].shown(self, row, version)
        return {each.name: computed[each.name] if each.name in computed else row.get(each.name) for each in resource.visible(version)}

    # -- writing

    def make(self, resource: Resource, body: object, version: int, fixed: Mapping[str, Any] | None = None) -> Row:
        """Creates a record from a body; ``fixed`` are members the path gives."""
        given = Reader(resource, self.settings, version, self.hand).read(body, "c")
        self.check_references(resource, given)
        return self.insert(resource, given, fixed or {})

    def insert(self, resource: Resource, given: Row, fixed: Mapping[str, Any]) -> Row:
        """Stores a new record with its rules."""
        rules = self.rules[resource.kind]
        row = {**resource.defaults(), **given, **fixed, "_custom": {}}
        stamp = {"created_by": self.actor, "updated_by": self.actor, "created_at": self.now, "updated_at": self.now}
        row |= {name: value for name, value in stamp.items() if row.get(name) is None}
        rules.complete(self, row, given)
        rules.check(self, row, None, given)
        if "id" in row:
            row["id"] = self.storage.next(f"id:{resource.kind}", resource.first_id)
        self.storage.put(resource.kind, row_key(resource, row), row)
        rules.stored(self, row, None, ())
        self.tell(resource, CREATE, row)
        return row

    def change(self, resource: Resource, row: Row, body: object, version: int) -> Row:
        """Changes a record by a body; what the body leaves out stays."""
        given = Reader(resource, self.settings, version, self.hand).read(body, "u")
        self.check_references(resource, given)
        return self.update(resource, row, given)

    def update(self, resource: Resource, row: Row, given: Row) -> Row:
        """Stores new values of a record with its rules."""
        rules = self.rules[resource.kind]
        new = {**row, **given}
        rules.check(self, new, row, given)
        names = {each.name for each in resource.fields}
        changed = tuple(name for name in new if name in names and new[name] != row.get(name))
        if not changed and not self.settings["unchanged_put_bumps"]:
            return row
        return self.keep(resource, row, new, changed)

    def keep(self, resource: Resource, row: Row, new: Row, changed: tuple[str, ...]) -> Row:
        """Stores a changed record, moves its stamp and sends its webhook."""
        unmoved = {f"{resource.kind}.{name}" for name in changed} <= set(self.settings["updated_at_unmoved_by"])
        if not unmoved or not changed:
            stamp = {"updated_by": self.actor, "updated_at": self.now}
            new |= {name: value for name, value in stamp.items() if name not in changed}
        self.storage.put(resource.kind, row_key(resource, new), new)
        self.rules[resource.kind].stored(self, new, row, changed)
        self.tell(resource, UPDATE, new, tuple(name for name in changed if not name.startswith("updated_")))
        return new

    def remove(self, resource: Resource, row: Row, *, along: bool = False) -> None:
        """Removes a record; ``along`` says that it goes because another one does."""
        self.rules[resource.kind].removing(self, row, along=along)
        self.storage.remove(resource.kind, row_key(resource, row))
        if not along or self.settings["cascade_webhooks"]:
            self.tell(resource, DELETE, row)

    def tell(self, resource: Resource, event: str, row: Row, fields: tuple[str, ...] = ()) -> None:
        """Notes an event for the webhooks, if the vendor has one for it."""
        if resource.event and not self.quiet and (self.hand or self.settings["api_writes_fire"]):
            self.noted.append(Noted(resource.event, event, row["id"], self.actor, self.now, fields))

    def check_references(self, resource: Resource, given: Row) -> None:
        """Refuses a number that points to no record."""
        for each in resource.fields:
            value = given.get(each.name)
            if not each.ref or value is None:
                continue
            for number in value if each.type is Type.INTS else (value,):
                if self.get(each.ref, number) is None:
                    raise Refused(self.settings["missing_reference_status"], f"The {each.name} {number} does not exist.")

    def refuse_in_use(self, used: bool, noun: str) -> None:
        """Refuses the removal of set-up that is in use, where the account does so."""
        if used and self.settings["delete_setup_in_use"] == "refuse":
            raise invalid(f"The {noun} is in use and cannot be deleted.")


def row_key(resource: Resource, row: Row) -> str:
    """The key a record is stored under."""
    if resource.kind == "project_team":
        return f"{row['_project']}/{row['person_id']}"
    if resource.kind == "rates":
        return f"{row['_card']}/{row['role']}"
    return str(row["id"])
