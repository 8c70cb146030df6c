"""Mapping tables, and which flows an accountant has confirmed, as the rules of a pair see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from django.db.models import Count, Max

from tieout.core.rulings import RulingKind
from tieout.core.tables import Facts, Rows, TableRow
from tieout.engine.pairs import Pair
from tieout.platforms import registry
from tieout.store.models import (
    Integration,
    MappingRow,
    Ruling,
)


def load_facts(integration: Integration, pairs: Sequence[Pair]) -> None:
    """Mapping tables, and which flows an accountant has confirmed the first record of."""
    rows, mark = tables_of(integration)
    asking = {pair.flow.name for pair in pairs if pair.flow.approval is not None or rows}
    said = Ruling.objects.filter(integration=integration, left_id="", kind=RulingKind.APPROVED.value, flow__in=asking) if asking else None
    give_facts(integration, pairs, (rows, mark), set(said.values_list("flow", flat=True)) if said is not None else set())


def give_facts(integration: Integration, pairs: Sequence[Pair], tables: tuple[dict[str, Rows], str], confirmed: Collection[str]) -> None:
    """Give pairs of one integration its tables, and whether their flow is among those confirmed."""
    rows, mark = tables
    asked = {pair.flow.name for pair in pairs if pair.flow.approval is not None or rows}.intersection(confirmed)
    since = integration.switched_on_at
    facts = {is_in: Facts(rows, is_in, mark + ("!" if is_in else ""), since) for is_in in (False, True)}
    for pair in pairs:
        pair.facts = facts[pair.flow.name in asked]


def facts_of(integration: Integration) -> Facts:
    """The mapping tables of an integration, for rules that are asked about no record in particular."""
    rows, mark = tables_of(integration)
    return Facts(rows, False, mark)


def tables_of(integration: Integration) -> tuple[dict[str, Rows], str]:
    """The mapping tables of an integration, ready to be looked up, and a mark that changes whenever one of them does.

    Rows are never edited in place (`mapping.replace_rows`), so their number and the newest id tell.
    """
    if not registry.platform(integration.platform.system).tables:
        return {}, ""
    count, newest = integration.mapping_rows.aggregate(n=Count("id"), newest=Max("id")).values()
    return tables_at(integration, f"{count}.{newest or 0}")


def tables_at(integration: Integration, mark: str) -> tuple[dict[str, Rows], str]:
    """The same, of which the mark is known already."""
    system = integration.platform.system
    return (_tables(integration.pk, system, mark), mark) if registry.platform(system).tables else ({}, "")


@lru_cache(maxsize=64)
def _tables(integration: int, system: str, mark: str) -> dict[str, Rows]:
    by_table: dict[str, list[TableRow]] = {}
    for row in MappingRow.objects.filter(integration=integration).order_by("table", "position"):
        by_table.setdefault(row.table, []).append(row.as_core())
    return {table.name: Rows(table.label, tuple(by_table.get(table.name, ()))) for table in registry.platform(system).tables}
