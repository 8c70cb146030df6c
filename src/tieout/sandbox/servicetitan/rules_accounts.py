"""What can be done to GL accounts: create, edit, deactivate; 409 when a name or number is taken (servicetitan §4, Appendix B)."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.problems import conflict
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.resources_ledger import GL_ACCOUNTS
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST gl-accounts``: 201."""
    given = tenant.accept("accounting", "GlAccountCreateRequest", call.body)
    empty = {"active": True, "isIntacctGroup": False, "isIntacctBankAccount": False, "source": "PublicApi", "defaultAccountType": None}
    blank = dict.fromkeys(("name", "number", "description", "type", "subtype"))
    _check(tenant, {**blank, **given}, None)
    return tenant.show("accounting", GL_ACCOUNTS.shape, tenant.records.insert("gl-accounts", {**empty, **blank, **given}))


def update(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH gl-accounts/{accountId}``; ``active: false`` is the only way to take one away."""
    account = tenant.existing(GL_ACCOUNTS, call.keys["id"])
    given = tenant.accept("accounting", "GlAccountUpdateRequest", call.body)
    changes = {name: value for name, value in given.items() if value is not None}
    _check(tenant, {**account, **changes}, account)
    return tenant.show("accounting", GL_ACCOUNTS.shape, tenant.records.change("gl-accounts", account["id"], changes))


def _check(tenant: Tenant, account: Row, old: Row | None) -> None:
    errors: Errors = {}
    types = {row["name"] for row in tenant.records.all("gl-account-types")}
    if not (account["name"] or "").strip():
        errors["name"] = ["The name field is required."]
    if account["type"] not in types:
        errors["type"] = [f"The type must be one of {', '.join(sorted(types))}."]
    refuse_if(errors)
    for member in ("name", "number"):
        for other in tenant.records.children("gl-accounts", member, account[member]) if account[member] else ():
            if old is None or other["id"] != old["id"]:
                raise conflict(f"GL account {other['id']} already has the {member} {account[member]}.")
