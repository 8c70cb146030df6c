"""The kinds of ServiceTitan records this adapter reads: where each is found and which of its members are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.core.ports import Fault
from tieout.platforms.members import Read
from tieout.platforms.servicetitan.faults import UNKNOWN_KIND
from tieout.platforms.servicetitan.members import amount, flag, identity, moment, name, ref, refs, text

CUSTOMER = "customer"
LOCATION = "location"
PROJECT = "project"
JOB = "job"
BUSINESS_UNIT = "business-unit"
JOB_TYPE = "job-type"


@dataclass(frozen=True, slots=True)
class Member:
    """One member that is kept: its name (dotted inside an inner object), how it is read, and whether a body must have it."""

    name: str
    read: Read
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record and where it is found.

    Attributes:
        area, resource: the path `/{area}/v2/tenant/{tenant}/{resource}` that lists it and reads it by `ids`.
        feed: there is an export feed `export/{resource}` (servicetitan §6).
        any_active: the list hides inactive records unless it is asked with `active=Any` (servicetitan §5).
        scope: the permission an app needs, where its name is known (servicetitan §3; others follow the same pattern).
        number: the member that people and documents name it by; names are not unique, so elsewhere it is the id.
    """

    name: str
    label: str
    area: str
    resource: str
    members: tuple[Member, ...]
    feed: bool = True
    any_active: bool = True
    scope: str = ""
    number: str = ""


def _members(*rows: tuple[str, Read] | tuple[str, Read, bool]) -> tuple[Member, ...]:
    return tuple(Member(*row) for row in rows)


_ADDRESS = tuple((f"address.{part}", text) for part in ("street", "unit", "city", "state", "zip", "country"))

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            CUSTOMER,
            "customers",
            "crm",
            "customers",
            _members(
                ("name", text, True),
                ("type", text),
                ("active", flag),
                *_ADDRESS,
                ("taxExempt", flag),
                ("mergedToId", ref(CUSTOMER)),
                ("paymentTermId", identity),
                ("creditLimit", amount),
                ("createdOn", moment),
            ),
            scope="tn.crm.customers:r",
        ),
        Kind(
            LOCATION,
            "locations",
            "crm",
            "locations",
            _members(
                ("customerId", ref(CUSTOMER), True),
                ("name", text, True),
                ("active", flag),
                *_ADDRESS,
                ("taxExempt", flag),
                ("taxZoneId", identity),
                ("mergedToId", ref(LOCATION)),
                ("createdOn", moment),
            ),
            scope="tn.crm.locations:r",
        ),
        Kind(
            PROJECT,
            "projects",
            "jpm",
            "projects",
            _members(
                ("number", name, True),
                ("name", text),
                ("status", text),
                ("subStatus", text),
                ("customerId", ref(CUSTOMER), True),
                ("locationId", ref(LOCATION), True),
                ("projectTypeId", identity),
                ("businessUnitIds", refs(BUSINESS_UNIT)),
                ("jobIds", refs(JOB)),
                ("startDate", moment),
                ("targetCompletionDate", moment),
                ("actualCompletionDate", moment),
                ("createdOn", moment),
                ("active", flag),
            ),
            any_active=False,
            scope="tn.jpm.projects:r",
            number="number",
        ),
        Kind(
            JOB,
            "jobs",
            "jpm",
            "jobs",
            _members(
                ("jobNumber", name, True),
                ("jobStatus", name, True),
                ("projectId", ref(PROJECT)),
                ("customerId", ref(CUSTOMER), True),
                ("locationId", ref(LOCATION), True),
                ("businessUnitId", ref(BUSINESS_UNIT), True),
                ("jobTypeId", ref(JOB_TYPE), True),
                ("priority", text),
                ("customerPo", text),
                ("noCharge", flag),
                ("total", amount),
                ("completedOn", moment),
                ("createdOn", moment),
            ),
            any_active=False,
            scope="tn.jpm.jobs:r",
            number="jobNumber",
        ),
        Kind(
            BUSINESS_UNIT,
            "business units",
            "settings",
            "business-units",
            _members(
                ("name", text, True),
                ("officialName", text),
                ("active", flag),
                ("currency", text),
                ("accountCode", text),
                ("quickbooksClass", text),
                ("trade.name", text),
                ("division.name", text),
                ("createdOn", moment),
            ),
        ),
        Kind(
            JOB_TYPE,
            "job types",
            "jpm",
            "job-types",
            _members(
                ("name", text, True),
                ("class", text),
                ("active", flag),
                ("priority", text),
                ("noCharge", flag),
                ("businessUnitIds", refs(BUSINESS_UNIT)),
                ("createdOn", moment),
            ),
            feed=False,
            scope="tn.jpm.jobtypes:r",
        ),
    )
}
"""Every kind this adapter reads (servicetitan §6, §8, Appendix A and B)."""


def kind_of(kind: str) -> Kind:
    """The row of a kind. Raises Fault for a kind that is not read."""
    try:
        return KINDS[kind]
    except KeyError:
        raise Fault(UNKNOWN_KIND, kind) from None


__all__ = ["BUSINESS_UNIT", "CUSTOMER", "JOB", "JOB_TYPE", "KINDS", "LOCATION", "PROJECT", "Kind", "Member", "kind_of"]
