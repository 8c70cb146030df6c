"""Batches: how documents are posted and exported together (servicetitan §11.4). The API has no call for them; people have.

A batch holds one kind of document, or invoices and payments together. Posting it locks them; unposting opens them again, as long as
not all of them are exported; exporting it here is the product's bypass: nothing is sent and nothing leads back.
"""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import cents
from tieout.sandbox.servicetitan.events import Event
from tieout.sandbox.servicetitan.lifecycle import EXPORTED, LABELS, PENDING, POSTED, move, tell_invoice
from tieout.sandbox.servicetitan.problems import Refused
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import CATALOGUES, Tenant, refuse_if

FIRST_NUMBER: Final = 1001
_TOGETHER: Final = frozenset({"invoices", "payments"})
Entries = list[tuple[str, Row]]


def put_batch(tenant: Tenant, old: Row | None, given: dict[str, Any]) -> Row:
    """Creates or changes a batch over the objects route."""
    if old is None and "id" in given:
        raise Refused(400, f"Batch with ID {given['id']} was not found.")
    accepted, errors = CATALOGUES["accounting"].accept("BatchRequest", {name: value for name, value in given.items() if name != "id"})
    refuse_if(errors)
    asked = accepted.get("transactions")
    if old is None:
        batch = open_batch(tenant, _found(tenant, asked or []), accepted.get("name"))
    elif asked is not None:
        batch = _refill(tenant, old, _found(tenant, asked))
    else:
        batch = old
    status = accepted.get("status")
    if status is not None and status != status_of(tenant, batch):
        _move_all(tenant, batch, status)
    return shown(tenant, batch)


def open_batch(tenant: Tenant, entries: Entries, name: str | None = None) -> Row:
    """Makes a pending batch of pending documents that are in none."""
    if not entries:
        raise Refused(400, "A batch needs at least one document.")
    _check(entries)
    number = tenant.records.number("batchNumber", FIRST_NUMBER)
    row = {"number": number, "name": name or f"Batch {number}", "transactions": []}
    return _fill(tenant, tenant.records.insert("batches", row), entries)


def post_alone(tenant: Tenant, kind: str, row: Row, status: str) -> Row:
    """Posts or unposts one document by itself: in a batch of its own, never out of a batch with others."""
    batch = tenant.records.find("batches", (row["batch"] or {}).get("id"))
    if batch is not None and len(batch["transactions"]) > 1:
        raise Refused(400, f"{LABELS[kind]} {row['id']} is in batch {batch['number']} with others; post or unpost the batch.")
    if batch is None and status == POSTED:
        open_batch(tenant, [(kind, row)])
    return move(tenant, kind, row, status)


def status_of(tenant: Tenant, batch: Row) -> str:
    """Exported when all its documents are, else Posted when one of them is posted or exported."""
    states = {row["syncStatus"] for _, row in _entries(tenant, batch)}
    return EXPORTED if states == {EXPORTED} else PENDING if states == {PENDING} else POSTED


def shown(tenant: Tenant, batch: Row) -> Row:
    """A batch as the objects route shows it."""
    return tenant.show("accounting", "BatchShown", {**batch, "status": status_of(tenant, batch)})


def _move_all(tenant: Tenant, batch: Row, status: str) -> None:
    now = status_of(tenant, batch)
    if now == EXPORTED:
        raise Refused(400, f"Batch {batch['number']} is Exported and stays so.")
    if now == PENDING and status == EXPORTED:
        raise Refused(400, f"Batch {batch['number']} is not posted.")
    for kind, row in _entries(tenant, batch):
        # $0 payments are never sent: they count as exported at once (servicetitan §11.4).
        bypassed = status == POSTED and kind == "payments" and not cents(row["total"])
        if row["syncStatus"] != status and not (status == EXPORTED and row["syncStatus"] == PENDING):
            move(tenant, kind, row, EXPORTED if bypassed else status)


def _refill(tenant: Tenant, batch: Row, entries: Entries) -> Row:
    """Gives a pending batch other documents; those that are taken out are in none."""
    if status_of(tenant, batch) != PENDING:
        raise Refused(400, f"Batch {batch['number']} is posted; unpost it to change what is in it.")
    kept = {(kind, row["id"]) for kind, row in entries}
    for kind, row in _entries(tenant, batch):
        if (kind, row["id"]) not in kept:
            tenant.records.change(kind, row["id"], {"batch": None})
    held = {(each["kind"], each["id"]) for each in batch["transactions"]}
    _check(entries, held)
    return _fill(tenant, {**batch, "transactions": []}, entries)


def _fill(tenant: Tenant, batch: Row, entries: Entries) -> Row:
    named = {"id": batch["id"], "number": batch["number"], "name": batch["name"]}
    for kind, row in entries:
        if row["batch"] != named:
            changed = tenant.records.change(kind, row["id"], {"batch": named})
            if kind == "invoices":
                tell_invoice(tenant, Event.INVOICE_BATCHED, changed)
    return tenant.records.change("batches", batch["id"], {"transactions": [{"kind": kind, "id": row["id"]} for kind, row in entries]})


def _check(entries: Entries, held: set[tuple[str, int]] | None = None) -> None:
    kinds = {kind for kind, _ in entries}
    if len(kinds) > 1 and not kinds <= _TOGETHER:
        raise Refused(400, "A batch holds one kind of document; only invoices and payments may share one.")
    for kind, row in entries:
        named = f"{LABELS[kind]} {row['id']}"
        if row["syncStatus"] != PENDING or not row["active"]:
            raise Refused(400, f"{named} is {row['syncStatus'] if row['active'] else 'not active'} and cannot be batched.")
        if row["batch"] is not None and (kind, row["id"]) not in (held or ()):
            raise Refused(400, f"{named} is in batch {row['batch']['number']}.")
        if kind == "invoices" and row["invoiceConfiguration"] == "ProjectInvoice" and not cents(row["total"]):
            raise Refused(400, f"{named} is a project invoice of nothing and is not batched.")


def _found(tenant: Tenant, asked: list[dict[str, Any]]) -> Entries:
    entries: Entries = []
    for each in asked:
        row = tenant.records.find(each["kind"], each["id"])
        if row is None:
            raise Refused(400, f"{LABELS[each['kind']]} with ID {each['id']} was not found.")
        entries.append((each["kind"], row))
    return entries


def _entries(tenant: Tenant, batch: Row) -> Entries:
    found = [(each["kind"], tenant.records.find(each["kind"], each["id"])) for each in batch["transactions"]]
    return [(kind, row) for kind, row in found if row is not None]
