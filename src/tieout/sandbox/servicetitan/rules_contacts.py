"""Phone numbers and addresses of customers and locations (servicetitan §5: they do not move their owner's modifiedOn)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tieout.sandbox.servicetitan.listing import page_of_rows
from tieout.sandbox.servicetitan.problems import invalid, missing
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant

_LARGEST_PAGE = 5000
# The owner -> how a 404 names it, the shapes to create and to change a contact, and of the reply.
OWNERS = {
    "customer": ("Customer", "CreateCustomerContactRequest", "UpdateCustomerContactRequest", "CustomerContactWithModifiedOnResponse"),
    "location": ("Location", "LocationContactCreateRequest", "LocationContactUpdateRequest", "LocationContactResponse"),
}


def contact_row(owner: str, owner_id: int, given: Mapping[str, Any]) -> Row:
    """A contact as it is stored, without id and times."""
    return {
        "memo": None,
        "preferences": None,
        **given,
        f"{owner}Id": owner_id,
        "phoneSettings": {"phoneNumber": given["value"] if "Phone" in given["type"] else "", "doNotText": False},
        "active": True,
    }


def add_contact(tenant: Tenant, owner: str, owner_id: int, given: Mapping[str, Any]) -> Row:
    """Stores a contact of a customer or location."""
    if not given["value"].strip():
        raise invalid("value", "The value may not be empty.")
    return tenant.records.insert(f"{owner}-contacts", contact_row(owner, owner_id, given))


def handlers(owner: str) -> tuple[Callable[[Tenant, ApiCall], Any], ...]:
    """The handlers that list, add, change and delete contacts of one owner."""
    label, creating, changing, shape = OWNERS[owner]
    kind = f"{owner}-contacts"

    def held(tenant: Tenant, call: ApiCall) -> list[Row]:
        if tenant.records.find(f"{owner}s", call.keys["id"]) is None:
            raise missing(label, call.keys["id"])
        return [row for row in tenant.records.children(kind, f"{owner}Id", call.keys["id"]) if row["active"]]

    def one(tenant: Tenant, call: ApiCall) -> Row:
        for row in held(tenant, call):
            if row["id"] == call.keys["contactId"]:
                return row
        raise missing("Contact", call.keys["contactId"])

    def listed(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        rows, envelope = page_of_rows(held(tenant, call), call.query, largest=_LARGEST_PAGE)
        return {**envelope, "data": [tenant.show("crm", shape, row) for row in rows]}

    def add(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        held(tenant, call)
        given = tenant.accept("crm", creating, call.body)
        return tenant.show("crm", shape, add_contact(tenant, owner, call.keys["id"], given))

    def change(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        row = one(tenant, call)
        given = tenant.accept("crm", changing, call.body)
        if not given.get("value", "x").strip():
            raise invalid("value", "The value may not be empty.")
        merged = contact_row(owner, call.keys["id"], {**{name: row[name] for name in ("type", "value", "memo", "preferences")}, **given})
        return tenant.show("crm", shape, tenant.records.change(kind, row["id"], merged))

    def delete(tenant: Tenant, call: ApiCall) -> None:
        tenant.records.change(kind, one(tenant, call)["id"], {"active": False})

    return listed, add, change, delete
