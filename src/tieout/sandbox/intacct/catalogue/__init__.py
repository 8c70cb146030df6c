"""The objects of the emulated company: one table per kind. Adding an object is adding a table to one of these modules."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue import (
    allocations,
    attachments,
    cards,
    cash,
    changes,
    company,
    contracts,
    costs,
    currencies,
    definitions,
    estimates,
    expenses,
    groups,
    items,
    ledger,
    orders,
    payables,
    people,
    projects,
    receivables,
    retainage,
    roles,
    summaries,
    tasks,
    taxes,
    timesheets,
    vendors,
)
from tieout.sandbox.intacct.catalogue.dimensions import CUSTOM_DIMENSION
from tieout.sandbox.intacct.fields import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *(*company.KINDS, *roles.KINDS, *people.KINDS, *projects.KINDS, *tasks.KINDS, *timesheets.KINDS, *costs.KINDS),
        *(*estimates.KINDS, *changes.KINDS, *contracts.KINDS),
        *(*ledger.KINDS, *vendors.KINDS, *items.KINDS, *payables.KINDS, *receivables.KINDS, *attachments.KINDS, *summaries.KINDS),
        *(*definitions.KINDS, *orders.KINDS, *retainage.KINDS),
        *(*allocations.KINDS, *cards.KINDS, *cash.KINDS, *currencies.KINDS, *expenses.KINDS, *taxes.KINDS, *groups.KINDS),
    )
}

# Which kinds play a part in the company itself; the engine knows them only by these names.
ENTITY_KIND = "LOCATIONENTITY"
LOCATION_KIND = "LOCATION"
USER_KIND = "USERINFO"
AUDIT_KIND = "AUDITHISTORY"
ENTITY_KEY = "LOCATIONID"
LOCATION_PARENT_KEY = "PARENTKEY"

# Object, field label, term, and whether it is a user-defined dimension (intacct-xml §7.4).
DIMENSIONS = ("DEPARTMENT", "LOCATION", "PROJECT", "TASK", "COSTTYPE", "CUSTOMER", "VENDOR", "EMPLOYEE", "ITEM", "CLASS", CUSTOM_DIMENSION)
