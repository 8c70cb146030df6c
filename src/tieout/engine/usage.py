"""Counting what each connection uses, as its system bills it."""

from __future__ import annotations

from tieout.engine.runtime import Runtime
from tieout.store.models import Connection
from tieout.store.statements import execute


def count_usage(runtime: Runtime, *connections: Connection) -> None:
    """Add what these connections' adapters used since the last count to today's figures (UTC)."""
    used = {connection.pk: runtime.systems.used_since_last(connection) for connection in sorted(connections, key=lambda each: each.pk)}
    some = {pk: usage for pk, usage in used.items() if usage.requests or usage.transactions}
    if some:
        parameters = {
            "connections": list(some),
            "day": runtime.now().date(),
            "requests": [usage.requests for usage in some.values()],
            "transactions": [usage.transactions for usage in some.values()],
        }
        execute("add_usage", parameters)
