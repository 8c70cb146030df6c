"""What work is planned in: customers and their locations, projects, jobs, business units and job types."""

from __future__ import annotations

from tieout.core.record import EMPTY
from tieout.platforms.servicetitan.kind import Kind, members
from tieout.platforms.servicetitan.members import amount, flag, identity, moment, name, ref, refs, text

CUSTOMER = "customer"
LOCATION = "location"
PROJECT = "project"
JOB = "job"
BUSINESS_UNIT = "business-unit"
JOB_TYPE = "job-type"

ADDRESS_PARTS = ("street", "unit", "city", "state", "zip", "country")
_ADDRESS = tuple((f"address.{part}", text) for part in ADDRESS_PARTS)

WORK: tuple[Kind, ...] = (
    Kind(
        CUSTOMER,
        "customers",
        "crm",
        "customers",
        members(
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
        members(
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
        members(
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
        everything=EMPTY,
        feed_only=frozenset({"active"}),
        scope="tn.jpm.projects:r",
        number="number",
    ),
    Kind(
        JOB,
        "jobs",
        "jpm",
        "jobs",
        members(
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
        everything=EMPTY,
        scope="tn.jpm.jobs:r",
        number="jobNumber",
    ),
    Kind(
        BUSINESS_UNIT,
        "business units",
        "settings",
        "business-units",
        members(
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
        members(
            ("name", text, True),
            ("class", text),
            ("active", flag),
            ("priority", text),
            ("noCharge", flag),
            ("businessUnitIds", refs(BUSINESS_UNIT)),
            ("createdOn", moment),
        ),
        feed=False,
        order={"orderBy": "id", "orderByDirection": "asc"},
        scope="tn.jpm.jobtypes:r",
    ),
)
"""Every kind that work is planned in (servicetitan §8, Appendix A and B)."""

__all__ = ["ADDRESS_PARTS", "BUSINESS_UNIT", "CUSTOMER", "JOB", "JOB_TYPE", "LOCATION", "PROJECT", "WORK"]
