"""Custom fields: what a company added to the vendor's objects, by setting (intacct-xml §3B, §2.4 docparid).

A field of one transaction definition is there only for callers who name the definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tieout.sandbox.emulator import Setting
from tieout.sandbox.intacct.fields import Field, Kind

LENGTH = 500
SETTINGS: Mapping[str, Setting] = {
    "custom_fields": Setting(
        {}, 'custom fields by object or transaction definition, such as {"PROJECT": ["REGION"], "SODOCUMENT::Sales Invoice": ["SOURCE_ID"]}'
    ),
}


class Kinds(Mapping[str, Kind]):
    """The objects of the company with the custom fields in force."""

    def __init__(self, plain: Mapping[str, Kind], settings: Mapping[str, Any]) -> None:
        self._plain, self._settings = plain, settings
        self._made: dict[tuple[str, tuple[str, ...]], Kind] = {}

    def __getitem__(self, name: str) -> Kind:
        return self.of(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    def of(self, name: str, definition: str = "") -> Kind:
        """An object with its custom fields and, for documents, those of one definition; raises KeyError."""
        kind, named = self._plain[name], self._settings["custom_fields"]
        if not named:
            return kind
        added = (*named.get(name, ()), *(named.get(f"{name}::{definition}", ()) if definition else ()))
        if not added:
            return kind
        if (name, added) not in self._made:
            fields = tuple(Field(each, max=LENGTH, custom=True) for each in added if each not in kind.by_name)
            self._made[name, added] = replace(kind, fields=(*kind.fields, *fields))
        return self._made[name, added]
