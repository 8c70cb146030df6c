"""What can be done to journal entries: external ones are written over the API, every one is told its sync state (servicetitan §8, §9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tieout.sandbox.servicetitan.amounts import cents, money, total
from tieout.sandbox.servicetitan.listing import MOST_CUSTOM_FIELDS, page_of_rows
from tieout.sandbox.servicetitan.pricebook import find_sku
from tieout.sandbox.servicetitan.problems import Refused, invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_ledger import JOURNAL_ENTRIES
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import API_USER, ApiCall, Tenant, refuse_if

_URL: Final = "https://go.servicetitan.com/#/JournalEntry/{}"
# Member of a line in a request -> its kind, how a 400 names it, the member of the line, and what of the record it shows.
_REFERENCES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("businessUnitId", "business-units", "Business unit", "businessUnit", "name"),
    ("customerId", "customers", "Customer", "customer", "name"),
    ("vendorId", "vendors", "Vendor", "vendor", "name"),
    ("inventoryLocationId", "warehouses", "Warehouse", "inventoryLocation", "name"),
    ("jobId", "jobs", "Job", "job", "jobNumber"),
    ("customerLocationId", "locations", "Location", "customerLocation", "name"),
    ("paymentTypeId", "payment-types", "Payment type", "paymentType", "name"),
    ("projectId", "projects", "Project", "project", "number"),
)


def create(tenant: Tenant, call: ApiCall) -> None:
    """``POST journal-entries``: always an external one; an empty reply."""
    open_entry(tenant, tenant.accept("accounting", "JournalEntryCreateRequest", call.body), source="External")


def open_entry(tenant: Tenant, given: dict[str, Any], *, source: str) -> Row:
    """Writes an entry; ServiceTitan's own come from the objects route."""
    number = int(tenant.records.number("journalEntryNumber", 1))
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{tenant.settings['tenant']}/journal-entries/{number}"))
    row = {
        "id": key,
        "number": number,
        "source": source,
        "syncStatus": "NotSynced",
        "versionId": 1,
        "lastSyncVersionId": None,
        "exportedOn": None,
        "exportedBy": None,
        "url": _URL.format(key),
        **_content(tenant, given, []),
    }
    return tenant.records.insert("journal-entries", row)


def replace(tenant: Tenant, call: ApiCall) -> None:
    """``PUT journal-entries/{id}``: external ones only; the lines given are all there are (servicetitan §9)."""
    entry = _external(tenant, call)
    rewrite(tenant, entry, tenant.accept("accounting", "JournalEntrySaveRequest", call.body))


def rewrite(tenant: Tenant, entry: Row, given: dict[str, Any]) -> Row:
    """Replaces what an open entry says; its version grows, and when it was synced it is out of sync."""
    if entry["status"] == "Closed":
        raise Refused(400, f"Journal entry {entry['number']} is Closed and cannot be changed.")
    if given["versionId"] != entry["versionId"]:
        raise invalid("versionId", f"Journal entry {entry['number']} is at version {entry['versionId']}, not {given['versionId']}.")
    changes = {**_content(tenant, given, entry["customFields"]), "versionId": entry["versionId"] + 1}
    if entry["syncStatus"] == "Synced":
        changes["syncStatus"] = "OutOfSync"
    return tenant.records.change("journal-entries", entry["id"], changes)


def delete(tenant: Tenant, call: ApiCall) -> None:
    """``DELETE journal-entries/{id}``: external ones only."""
    entry = _external(tenant, call)
    if entry["status"] == "Closed":
        raise Refused(400, f"Journal entry {entry['number']} is Closed and cannot be deleted.")
    tenant.records.remove("journal-entries", entry["id"])


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH journal-entries/{id}``: posting status and custom fields."""
    entry = tenant.existing(JOURNAL_ENTRIES, call.keys["guid"])
    given = tenant.accept("accounting", "JournalEntryUpdateRequest", call.body)
    changes = {"status": given["status"]} if "status" in given else {}
    changes |= _fields(entry["customFields"], given.get("customFields"))
    return _show(tenant, tenant.records.change("journal-entries", entry["id"], changes))


def sync(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH journal-entries/{id}/sync``: Synced needs the version that was synced, which must be the present one (servicetitan §9)."""
    entry = tenant.existing(JOURNAL_ENTRIES, call.keys["guid"])
    given = tenant.accept("accounting", "JournalEntrySyncUpdateRequest", call.body)
    changes = {
        "syncStatus": given["syncStatus"],
        "message": given.get("message"),
        **_fields(entry["customFields"], given.get("customFields")),
    }
    if given["syncStatus"] == "Synced":
        if given.get("versionId") is None:
            raise invalid("versionId", "The versionId field is required for Synced.")
        if given["versionId"] != entry["versionId"]:
            raise invalid("versionId", f"Journal entry {entry['number']} is at version {entry['versionId']}, not {given['versionId']}.")
        stamp = {"exportedOn": tenant.records.stamp(), "exportedBy": {"id": API_USER, "name": "Public API"}}
        changes |= {"lastSyncVersionId": given["versionId"], **stamp}
    return _show(tenant, tenant.records.change("journal-entries", entry["id"], changes))


def summary(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET journal-entries/{id}/summary``: sums by account and business unit; no job, no project (servicetitan §8)."""
    entry = tenant.existing(JOURNAL_ENTRIES, call.keys["guid"])
    groups: dict[tuple[int, int | None], list[Row]] = {}
    for line in entry["_lines"]:
        groups.setdefault((line["account"]["id"], (line["businessUnit"] or {}).get("id")), []).append(line)
    rows = [
        {**lines[0], "memo": None, **{side: money(total(line[side] for line in lines)) for side in ("debit", "credit")}}
        for lines in groups.values()
    ]
    return _page(tenant, call, rows, "JournalEntrySummaryResponse")


def details(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET journal-entries/{id}/details``: a line for each account, unit, transaction and item."""
    entry = tenant.existing(JOURNAL_ENTRIES, call.keys["guid"])
    return _page(tenant, call, entry["_lines"], "JournalEntryDetailsResponse")


def _page(tenant: Tenant, call: ApiCall, rows: list[Row], shape: str) -> dict[str, Any]:
    shown, envelope = page_of_rows(rows, call.query, largest=JOURNAL_ENTRIES.largest_page)
    return {**envelope, "data": [tenant.show("accounting", shape, row) for row in shown]}


def _show(tenant: Tenant, entry: Row) -> dict[str, Any]:
    return tenant.show("accounting", JOURNAL_ENTRIES.shape, entry)


def _external(tenant: Tenant, call: ApiCall) -> Row:
    entry = tenant.existing(JOURNAL_ENTRIES, call.keys["guid"])
    if entry["source"] != "External":
        raise Refused(400, f"Journal entry {entry['number']} is not external.")
    return entry


def _content(tenant: Tenant, given: Mapping[str, Any], held: list[Row]) -> Row:
    errors: Errors = {}
    lines = [_line(tenant, place, line, given, errors) for place, line in enumerate(given.get("lines") or ())]
    debit, credit = total(line["debit"] for line in lines), total(line["credit"] for line in lines)
    if debit != credit:
        errors.setdefault("lines", []).append(f"Debits are {debit}, credits {credit}.")
    if lines and given.get("postDate") is None and any(line["postDate"] is None for line in lines):
        errors["postDate"] = ["The postDate field is required."]
    refuse_if(errors)
    return {
        "name": given.get("name"),
        "status": given["status"],
        "message": given.get("message"),
        "postDate": given.get("postDate") or next((line["postDate"] for line in lines), None),
        "isEmpty": not lines,
        "_lines": lines,
        "customFields": held,
        **_fields(held, given.get("customFields")),
    }


def _line(tenant: Tenant, place: int, given: Mapping[str, Any], entry: Mapping[str, Any], errors: Errors) -> Row:
    path = f"lines[{place}]."
    account = tenant.check_reference(errors, f"{path}accountId", "gl-accounts", given.get("accountId"), "GL account")
    if given.get("accountId") is None:
        errors.setdefault(f"{path}accountId", []).append("The accountId field is required.")
    if cents(given["debit"]) < 0 or cents(given["credit"]) < 0 or (cents(given["debit"]) > 0 and cents(given["credit"]) > 0):
        errors.setdefault(f"{path}debit", []).append("A line has a debit or a credit, and neither is negative.")
    line: Row = {
        "postDate": given.get("postDate") or entry.get("postDate"),
        "account": {**(account or {}), "id": given.get("accountId") or 0},
        "debit": money(given["debit"]),
        "credit": money(given["credit"]),
        **{
            name: given.get(name)
            for name in ("memo", "quantity", "unitAmount", "externalObjects", "appliedTo", "budgetCodeId", "transaction")
        },
        "serviceAgreement": None,
        "transactionDate": given.get("postDate") or entry.get("postDate"),
        "sku": _sku(tenant, f"{path}sku", given.get("sku"), errors),
    }
    for member, kind, label, shown, named in _REFERENCES:
        row = tenant.check_reference(errors, f"{path}{member}", kind, given.get(member), label)
        line[shown] = None if row is None else {"id": row["id"], "number" if named != "name" else "name": row[named]}
    return line


def _sku(tenant: Tenant, path: str, given: Mapping[str, Any] | None, errors: Errors) -> Row | None:
    if given is None:
        return None
    found = find_sku(tenant.records, given["id"])
    if found is None:
        errors.setdefault(path, []).append(f"Pricebook item {given['id']} was not found.")
        return None
    return {"id": given["id"], "type": found[0], "code": found[1]["code"]}


def _fields(held: Iterable[Row], given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Custom fields after some are set: they cannot be deleted, only be null; at most five in a request."""
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > MOST_CUSTOM_FIELDS:
        raise invalid("customFields", f"At most {MOST_CUSTOM_FIELDS} custom fields are allowed, as an object.")
    fields = {field["name"]: field["value"] for field in held} | {
        name: None if value is None else str(value) for name, value in given.items()
    }
    return {"customFields": [{"name": name, "value": value} for name, value in fields.items()]}
