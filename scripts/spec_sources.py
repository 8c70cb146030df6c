"""The vendor files that `spec_facts.py` reads: where each came from, its date, and how it is reduced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """One vendor file and the fact file made from it."""

    path: str
    output: str
    facts_of: str
    origin: str
    dated: str
    reduce: Callable[[Any], dict[str, Any]] | None = None


_SERVICETITAN = (
    "the developer portal's own OpenAPI download, as kept by github.com/archdotdev/tap-service-titan @ 0001e257eb92 (Apache-2.0)"
)
_SERVICETITAN_AREAS = ("accounting", "crm", "inventory", "jpm", "payroll", "pricebook", "settings", "timesheets")

SOURCES: tuple[Source, ...] = tuple(
    Source(f"servicetitan/tenant-{area}-v2.json", f"servicetitan/{area}.json", f"ServiceTitan API v2, {area}", _SERVICETITAN, "2026-03-05")
    for area in _SERVICETITAN_AREAS
)
