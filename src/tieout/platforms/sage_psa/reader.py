"""Reading Sage PSA: whole lists, records by id, records by the key people know them by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from tieout.core.record import Record, Ref
from tieout.platforms.members import shape
from tieout.platforms.sage_psa.client import Client
from tieout.platforms.sage_psa.kinds import CLIENT, PERSON, PROJECT, ROLE, Kind, Listing, kind_of
from tieout.platforms.sage_psa.members import unreadable
from tieout.platforms.sage_psa.records import normalise

SINGLE_READS = 10
"""Up to so many records of one kind are read one by one; for more, the whole list is one call."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]*")
_ID = re.compile(r"-?[0-9]{1,18}")
_NAMED_BY = {CLIENT: "name", PERSON: "email", ROLE: "name"}


class Reader:
    """The reading half of one connection. Every method raises only Fault."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def read(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """Records by id; ids that cannot be ids of this service are left out like those that are not there."""
        found: dict[Ref, Record] = {}
        for kind in dict.fromkeys(ref.kind for ref in refs):
            row = kind_of(kind)
            wanted = list(dict.fromkeys(ref.id for ref in refs if ref.kind == kind and is_id(row, ref.id)))
            if row.listing is Listing.WHOLE and len(wanted) > SINGLE_READS:
                everything = {record.id: record for record in self.everything(row)}
                found |= {Ref(kind, id_): everything[id_] for id_ in wanted if id_ in everything}
            for id_ in wanted:
                # What the list did not show is looked for once more: absence is believed only of the record itself.
                if Ref(kind, id_) not in found and (record := self.one(row, id_)) is not None:
                    found[Ref(kind, id_)] = record
        return found

    def find(self, kind: str, keys: Sequence[str]) -> Mapping[str, Record]:
        """Records by the key people know them by; one that is not there is left out.

        Projects by project ID (`Record.natural_key`), clients and roles by name, people by e-mail in any case, everything else by id.
        Of several with one key, which only names can have, the one made first.
        """
        row = kind_of(kind)
        wanted = list(dict.fromkeys(key for key in keys if key))
        if not wanted:
            return {}
        if kind == PROJECT:
            return self._projects(row, wanted)
        if kind in _NAMED_BY:
            named = self.by_name(row)
            return {key: named[folded][0] for key in wanted if (folded := _folded(kind, key)) in named}
        return {ref.id: record for ref, record in self.read([Ref(kind, key) for key in wanted]).items()}

    def one(self, row: Kind, id_: str) -> Record | None:
        """The record with this id; None if the service says that there is none."""
        parts = id_.split("/")
        answer = self.client.look(row.one.format(*parts))
        if answer is None:
            return None
        record = normalise(row.name, answer.data, parts[0] if len(parts) > 1 else "")
        if record.id != id_:
            raise unreadable(f"{row.name} {id_}", "another record came back")
        return record

    def everything(self, row: Kind) -> list[Record]:
        """All records of a kind that has one list for the whole account."""
        return self.listed(row, row.path)

    def of_project(self, row: Kind, project: str) -> list[Record]:
        """All records of a kind under one project; none if the project is gone."""
        version = "v3" if row.listing is Listing.TASKS else "v1"
        path = f"{version}/projects/{project}/{row.path}"
        answer = self.client.look(path)
        return [] if answer is None else _records(row, path, answer.data, project)

    def listed(self, row: Kind, path: str, params: Mapping[str, str] | None = None) -> list[Record]:
        """The records in a bare list (sage-psa §2)."""
        return _records(row, path, self.client.get(path, params).data)

    def project_by_key(self, key: str) -> Record | None:
        """The project with this custom ID, or without one and with this running number; None if there is none."""
        row = kind_of(PROJECT)
        if not _PLAIN.fullmatch(key):
            # A slash or a dot at the start would make another path of it.
            return _first(row, self.everything(row), key)
        for path in [f"custom_project_id/{quote(key, safe='')}", *([f"company_project_id/{key}"] if _is_number(key) else [])]:
            answer = self.client.look(f"{row.path}/{path}")
            if answer is not None and (record := normalise(PROJECT, answer.data)).natural_key == key:
                return record
        return None

    def by_name(self, row: Kind) -> dict[str, list[Record]]:
        """All records of a kind under the name people know them by, those made first in front."""
        member = _NAMED_BY.get(row.name, "name")
        named: dict[str, list[Record]] = {}
        for record in sorted(self.everything(row), key=lambda each: int(each.id)):
            named.setdefault(_folded(row.name, str(record.fields.get(member) or "")), []).append(record)
        return named

    def _projects(self, row: Kind, keys: Sequence[str]) -> dict[str, Record]:
        if len(keys) <= SINGLE_READS:
            return {key: record for key in keys if (record := self.project_by_key(key)) is not None}
        projects = self.everything(row)
        return {key: record for key in keys if (record := _first(row, projects, key)) is not None}


def is_id(row: Kind, text: str) -> bool:
    """Whether a text can be the id of a record of this kind."""
    parts = text.split("/")
    return len(parts) == row.one.count("{}") and all(_ID.fullmatch(part) and part.isascii() for part in parts)


def _records(row: Kind, path: str, data: Any, project: str = "") -> list[Record]:
    if not isinstance(data, list):
        raise unreadable(path, f"the answer is {shape(data)}, not a list")
    found = {record.id: record for record in (normalise(row.name, body, project) for body in data)}
    return list(found.values())


def _first(row: Kind, records: Iterable[Record], key: str) -> Record | None:
    """The project a key names; a custom ID counts before a running number that happens to look the same."""
    named = [record for record in records if record.natural_key == key]
    return min(named, key=lambda record: (not record.fields.get("custom_project_id"), int(record.id)), default=None)


def _folded(kind: str, text: str) -> str:
    plain = " ".join(text.split())
    return plain.casefold() if kind == PERSON else plain


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19 and str(int(text)) == text


__all__ = ["SINGLE_READS", "Reader", "is_id"]
