"""The REST form of every object: adding one is adding a table to one of these modules (intacct-rest §14, §15)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.rest.mapping import RestObject
from tieout.sandbox.intacct.rest.objects import (
    adjustments,
    cash,
    company,
    construction,
    files,
    ledger,
    orders,
    payments,
    people,
    projects,
    purchasing,
    receivables,
    roles,
    work,
)

OBJECTS: Mapping[str, RestObject] = {
    each.name: each
    for each in (
        *(*company.OBJECTS, *roles.OBJECTS, *people.OBJECTS, *projects.OBJECTS, *work.OBJECTS),
        *(
            *ledger.OBJECTS,
            *cash.OBJECTS,
            *purchasing.OBJECTS,
            *receivables.OBJECTS,
            *construction.OBJECTS,
            *files.OBJECTS,
            *orders.OBJECTS,
            *payments.OBJECTS,
            *adjustments.OBJECTS,
        ),
    )
}
