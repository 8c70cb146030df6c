"""Which flows write which fields, and where two of them would write the same field of the same record.

A flow that only sends writes only to records it made or adopted itself, and a record is adopted once. A flow that takes over
records of the other side may meet any of them; so no other flow of the company may write a field that it writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tieout.core.flow import Direction, Flow
from tieout.core.view import Side
from tieout.engine.pairs import settings_of
from tieout.platforms import registry
from tieout.store.models import Integration

_OUTWARD = (Direction.EXPORT, Direction.TWO_WAY)
_INWARD = (Direction.IMPORT, Direction.TWO_WAY)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one flow writes on one side of one integration."""

    integration: Integration
    flow: Flow
    side: Side
    connection: int
    kind: str
    fields: frozenset[str]
    takes_over: bool

    def meets(self, other: Claim) -> bool:
        """Whether both may write a field of the same record."""
        same_records = (self.side, self.connection, self.kind) == (other.side, other.connection, other.kind)
        return same_records and (self.takes_over or other.takes_over) and bool(self.fields & other.fields)

    def __str__(self) -> str:
        return f"{self.flow.label} of {self.integration.name}"


def written(flow: Flow, settings: Mapping[str, Any], side: Side) -> frozenset[str]:
    """The fields of a side that a flow writes after creation under these settings."""
    found: set[str] = set()
    for field_map in flow.fields:
        way = field_map.direction or flow.way(settings)
        if not field_map.is_mapped(settings) or not field_map.is_kept(settings):
            continue
        if side is Side.RIGHT and way in _OUTWARD and field_map.right_read is None:
            found.add(field_map.right)
        elif side is Side.LEFT and way in _INWARD and field_map.left_name:
            found.add(field_map.left_name)
    return frozenset(found)


def claims_of(integration: Integration, settings: Mapping[str, Any]) -> Iterator[Claim]:
    """What the flows of an integration that are on write."""
    for flow in registry.platform(integration.platform.system).flows:
        if flow.is_on(settings):
            over = flow.takes_right_born(settings)
            company, platform = integration.company_id, integration.platform_id
            yield Claim(integration, flow, Side.RIGHT, company, flow.right_kind, written(flow, settings, Side.RIGHT), over)
            yield Claim(integration, flow, Side.LEFT, platform, flow.left_kind, written(flow, settings, Side.LEFT), over)


def conflict(changed: Integration, settings: Mapping[str, Any]) -> str:
    """What would be written by two flows if an integration had these settings, in a sentence; empty if nothing would."""
    others = Integration.objects.filter(company=changed.company, active=True).exclude(pk=changed.pk)
    claims = list(claims_of(changed, settings))
    for integration in others.select_related("platform", "company").prefetch_related("settings"):
        claims += claims_of(integration, settings_of(integration))
    for one, other in combinations(claims, 2):
        if changed.pk in (one.integration.pk, other.integration.pk) and one.meets(other):
            fields = ", ".join(sorted(one.fields & other.fields))
            return (
                f"{one} and {other} would both write {fields} of {one.kind} records, and undo each other. "
                "Let one of them write in one direction only, or turn it off."
            )
    return ""


__all__ = ["Claim", "claims_of", "conflict", "written"]
