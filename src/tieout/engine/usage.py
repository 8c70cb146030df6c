"""Counting what each connection uses, as its system bills it."""

from __future__ import annotations

from tieout.engine.runtime import Runtime
from tieout.store.models import Connection
from tieout.store.statements import execute


def count_usage(runtime: Runtime, connection: Connection) -> None:
    """Add what the connection's adapter used since the last count to today's figures (UTC)."""
    used = runtime.systems.used_since_last(connection)
    if used.requests or used.transactions:
        parameters = {
            "connection": connection.pk,
            "day": runtime.now().date(),
            "requests": used.requests,
            "transactions": used.transactions,
        }
        execute("add_usage", parameters)
