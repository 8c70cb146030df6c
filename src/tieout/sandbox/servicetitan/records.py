"""The tenant's rows over the sandbox storage: ids, time stamps, and the order in which rows were changed.

A row is the vendor's object in stored form (moments as fixed-width text, money as text) plus private members that begin with an
underscore: ``_change`` numbers every change over all kinds, ``_external`` holds external data by application.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tieout.sandbox.clock import Clock
from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.storage import Storage

FIRST_ID: Final = 70_000_001
INDEXES: Final[Mapping[str, tuple[str, ...]]] = {
    "jobs": ("jobNumber", "projectId", "customerId", "locationId"),
    "projects": ("number", "customerId", "locationId"),
    "locations": ("customerId",),
    "appointments": ("jobId",),
    "job-canceled-logs": ("jobId",),
    "job-history": ("jobId",),
    "invoices": ("customer.id", "job.id", "adjustmentToId"),
    "invoice-items": ("invoiceId",),
    "invoice-tasks": ("_invoiceId",),
    "payments": ("customer.id",),
    "credit-memos": ("customer.id",),
    "credit-memo-items": ("creditMemoId",),
    "inventory-bills": ("vendor.id", "jobId", "purchaseOrderId"),
    "purchase-orders": ("number", "vendorId", "jobId", "projectId"),
    "receipts": ("purchaseOrderId", "billId"),
    "gl-accounts": ("number", "name"),
    "payment-terms": ("name",),
    "job-timesheets": ("jobId",),
    "customer-contacts": ("customerId",),
    "location-contacts": ("locationId",),
}


def _at(path: str) -> Callable[[Row], Any]:
    member, _, inner = path.partition(".")
    return lambda row: None if row.get(member) is None else row[member][inner]


class Records:
    """Reads and writes rows by kind and whole-number id."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._ordered: dict[str, tuple[int, list[int], list[Row]]] = {}
        for kind, members in INDEXES.items():
            storage.declare(kind, index={member: _at(member) if "." in member else member for member in members})

    def stamp(self, *, seventh: int = 0) -> str:
        """The sandbox clock's time in stored form."""
        return timestamps.from_datetime(self._clock.now(), seventh=seventh)

    def find(self, kind: str, key: int | str | None) -> Row | None:
        """The row with this id, or None."""
        return None if key is None else self._storage.get(kind, str(key))

    def all(self, kind: str) -> list[Row]:
        """Every row of a kind in the order of their ids."""
        return sorted(self._storage.all(kind), key=lambda row: row["id"])

    def children(self, kind: str, member: str, value: Any) -> list[Row]:
        """The rows whose indexed ``member`` equals ``value``, oldest first."""
        return self._storage.where(kind, member, value)

    def new_id(self) -> int:
        """The next id; all kinds share one sequence, an id has no meaning (servicetitan E15)."""
        return self._storage.next("id", FIRST_ID)

    def number(self, sequence: str, first: int) -> str:
        """The next visible number of a sequence, a text (servicetitan E15)."""
        return str(self._storage.next(sequence, first))

    def begin_numbers(self, sequence: str, first: int) -> None:
        """Lets a sequence of visible numbers go on at ``first``."""
        self._storage.set_scalar(sequence, first - 1)

    def insert(self, kind: str, row: Mapping[str, Any]) -> Row:
        """Adds a row. Given id, createdOn and modifiedOn are kept, absent ones are the next id and now."""
        change = self._storage.next("change")
        created = row.get("createdOn") or self.stamp(seventh=change)
        added = {**row, "id": row.get("id") or self.new_id(), "createdOn": created, "_change": change}
        added["modifiedOn"] = row.get("modifiedOn") or created
        self._storage.put(kind, str(added["id"]), added)
        return added

    def change(self, kind: str, key: int | str, changes: Mapping[str, Any], *, bump: bool = True) -> Row:
        """Changes members of a row; with ``bump`` its modifiedOn moves and export feeds show it again."""
        old = self._storage.get(kind, str(key))
        if old is None:
            raise KeyError(f"{kind} {key}")
        changed = {**old, **changes}
        if bump:
            change = self._storage.next("change")
            changed["_change"] = change
            changed["modifiedOn"] = changes.get("modifiedOn") or self.stamp(seventh=change)
        self._storage.put(kind, str(key), changed)
        return changed

    def remove(self, kind: str, key: int | str) -> None:
        """Removes a row; raises KeyError if there is none."""
        self._storage.remove(kind, str(key))

    def by_change(self, kind: str) -> tuple[list[int], list[Row]]:
        """Every row of a kind in the order of its last change, with the change numbers for bisection."""
        version = self._storage.version(kind)
        kept = self._ordered.get(kind)
        if kept is None or kept[0] != version:
            rows = sorted(self._storage.all(kind), key=lambda row: row["_change"])
            kept = self._ordered[kind] = (version, [row["_change"] for row in rows], rows)
        return kept[1], kept[2]
