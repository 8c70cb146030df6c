"""From hints to pairs: which records of which flows a batch is about, under which settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from tieout.core.flow import Flow
from tieout.core.record import Ref
from tieout.core.settings import values_of
from tieout.engine.pairs import RIGHT_BORN, Pair
from tieout.engine.queue import Claimed
from tieout.engine.tables import give_facts, tables_at
from tieout.platforms import registry
from tieout.store.bulk import read_values
from tieout.store.models import (
    Connection,
    Integration,
    Link,
)
from tieout.store.statements import models


@dataclass(frozen=True, slots=True)
class Circumstances:
    """One integration, and what people have set for it, as it stood when a batch began.

    `tables` is the mark of its mapping tables (see `tables_of`), `confirmed` the flows whose first record an accountant found right.
    """

    integration: Integration
    settings: Mapping[str, Any]
    tables: str
    confirmed: frozenset[str]
    frozen: bool


def circumstances(company: Connection) -> tuple[Connection, list[Circumstances]]:
    """A company as it is now, and the circumstances of its active integrations. Raises Connection.DoesNotExist."""
    known: list[Circumstances] = []
    found = models("circumstances", {"company": company.pk}, Connection, Integration, Connection)
    if not found:
        raise Connection.DoesNotExist
    for books, integration, platform, saved, released, tables, confirmed, frozen in found:
        if integration is not None:
            integration.company, integration.platform = books, platform
            integration.released = {
                flow: datetime.fromisoformat(at).astimezone(UTC) if at else None for flow, at in read_values(released).items()
            }
            known.append(Circumstances(integration, read_values(saved), tables, frozenset(confirmed), frozen))
    return found[0][0], known


def pairs_of(company: Connection, hints: Sequence[Claimed], known: Sequence[Circumstances]) -> list[Pair]:
    """The pairs a batch of hints is about; one pair for each record and flow, whichever side was hinted."""
    found: dict[tuple[int, str, str], Pair] = {}
    by_right = {hint.ref: hint for hint in hints if hint.connection_id == company.pk}
    for standing in known:
        integration = standing.integration
        settings = values_of(registry.platform(integration.platform.system).settings, standing.settings)
        flows = {flow.name: flow for flow in registry.platform(integration.platform.system).flows}

        def add(flow: Flow, left: Ref, hint: Claimed, integration: Integration = integration, settings: Any = settings) -> None:
            pair = Pair(integration, flow, left, settings)
            found.setdefault(pair.identity, pair).hints.append(hint)

        for hint in hints:
            if hint.connection_id == integration.platform_id:
                for flow in flows.values():
                    if flow.left_kind == hint.kind:
                        add(flow, hint.ref, hint)
        linked: set[tuple[str, Ref]] = set()
        for link in _open_links_by_right(integration, by_right):
            if link.flow in flows:
                add(flows[link.flow], link.left, by_right[link.right])
                linked.add((link.flow, link.right))
        for flow in flows.values():
            if flow.takes_right_born(settings):
                for ref, hint in by_right.items():
                    if ref.kind == flow.right_kind and (flow.name, ref) not in linked:
                        add(flow, Ref(ref.kind, RIGHT_BORN + ref.id), hint)
        mine = [pair for pair in found.values() if pair.integration.pk == integration.pk]
        give_facts(integration, mine, tables_at(integration, standing.tables), standing.confirmed)
    return list(found.values())


def _by_kind(refs: Iterable[Ref], kind: str, id_: str) -> Q:
    """The rows whose kind and id columns name one of these; none without refs."""
    ids: dict[str, list[str]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, []).append(ref.id)
    wanted = Q(pk__in=[])
    for name, mine in ids.items():
        wanted |= Q(**{kind: name, f"{id_}__any": mine})
    return wanted


def _open_links_by_right(integration: Integration, refs: Collection[Ref]) -> Iterable[Link]:
    if not refs:
        return ()
    return Link.objects.filter(_by_kind(refs, "right_kind", "right_id"), integration=integration, is_open=True)
