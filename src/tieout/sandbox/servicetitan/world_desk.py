"""Where the demo contractor's papers are made: rows with believable dates, kept until they are stored in the order of their last change."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.amounts import money
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_batches import FIRST_NUMBER
from tieout.sandbox.servicetitan.tenant import Tenant

_EXPORTED_AFTER_DAYS: Final = 45
_POSTED_AFTER_DAYS: Final = 7
# Kinds that are batched, and what they share a batch with (servicetitan §11.4).
_BATCHED: Final = {
    "invoices": "Invoices and payments",
    "payments": "Invoices and payments",
    "inventory-bills": "Bills",
    "credit-memos": "Credit memos",
    "bank-deposits": "Deposits",
    "ap-credits": "Vendor credits",
    "ap-payments": "Vendor payments",
}


class Desk:
    """Rows in the making, and the chance and the day they are made with."""

    def __init__(self, tenant: Tenant, chance: random.Random) -> None:
        self.tenant, self.records, self.chance = tenant, tenant.records, chance
        self.today = timestamps.to_datetime(tenant.records.stamp()).replace(hour=0, minute=0, second=0, microsecond=0)
        self._rows: list[tuple[str, Row]] = []

    def put(self, kind: str, row: Row) -> Row:
        """Keeps a row to be stored."""
        self._rows.append((kind, row))
        return row

    def born(self, created: str, modified: str) -> Row:
        """The id and the times of a new row."""
        return {"id": self.records.new_id(), "createdOn": created, "modifiedOn": max(created, modified)}

    def later(self, at: str, most_days: int) -> str:
        """Some time after, but before the clock's day begins."""
        ceiling = timestamps.from_datetime(self.today - timedelta(seconds=self.chance.randint(60, 86_000)))
        return max(at, min(ceiling, timestamps.plus(at, self.chance.randint(60, most_days * 86400))))

    def status(self, at: str) -> str:
        """Old papers are exported, those of the last weeks posted, the newest pending."""
        days = (self.today - timestamps.to_datetime(at)).days
        return "Exported" if days > _EXPORTED_AFTER_DAYS else "Posted" if days > _POSTED_AFTER_DAYS else "Pending"

    def write(self) -> None:
        """Stores all rows, the oldest change first, and the batches of those that were posted."""
        self._batch()
        for kind, row in sorted(self._rows, key=lambda each: each[1]["modifiedOn"]):
            self.records.insert(kind, row)

    def _batch(self) -> None:
        groups: dict[tuple[str, str, str], list[tuple[str, Row]]] = {}
        for kind, row in self._rows:
            if kind in _BATCHED and row["syncStatus"] != "Pending":
                groups.setdefault((row["modifiedOn"][:7], _BATCHED[kind], row["syncStatus"]), []).append((kind, row))
        for number, ((month, name, _), members) in enumerate(sorted(groups.items()), start=FIRST_NUMBER):
            at = min(row["modifiedOn"] for _, row in members)
            batch = {**self.born(at, at), "number": str(number), "name": f"{name} {month}"}
            for _, row in members:
                row["batch"] = {"id": batch["id"], "number": batch["number"], "name": batch["name"]}
            batch["transactions"] = [{"kind": kind, "id": row["id"]} for kind, row in members]
            self.records.insert("batches", batch)
        self.records.begin_numbers("batchNumber", FIRST_NUMBER + len(groups))


def shown_unit(unit: Row | None) -> Row | None:
    """A record as a document names it."""
    return None if unit is None else {"id": unit["id"], "name": unit["name"]}


def text(cents: int) -> str:
    """Cents as the text of an amount."""
    return money(cents / 100)
