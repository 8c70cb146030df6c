"""What can be done to business units over the API: only their external data (servicetitan §8, D11)."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.resources_settings import BUSINESS_UNITS
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, changed_external


def update_business_unit(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``PATCH business-units/{id}``."""
    unit = tenant.existing(BUSINESS_UNITS, call.keys["id"])
    given = tenant.accept("settings", "UpdateBusinessUnitRequest", call.body)
    changes = {"_external": changed_external(unit, given["externalData"])} if "externalData" in given else {}
    changed = tenant.records.change("business-units", unit["id"], changes)
    return tenant.show("settings", "ModificationResponse", changed)
