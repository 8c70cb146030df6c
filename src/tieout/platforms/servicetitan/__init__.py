"""ServiceTitan as a source: the work (customers, locations, projects, jobs) and its accounting (invoices, payments, bills, credits).

Give `connect` the saved values of `CONNECTION` and it gives a `tieout.core.ports.System` for one tenant. `SETTINGS` are the
settings of an integration; `verify`, `tenant_of`, `hints` and `delivery_id` serve webhooks. The facts are in reference servicetitan.
"""

from tieout.platforms.servicetitan.cursors import starting_at
from tieout.platforms.servicetitan.faults import CASES
from tieout.platforms.servicetitan.kinds import BUSINESS_UNIT, CUSTOMER, JOB, JOB_TYPE, KINDS, LOCATION, PROJECT
from tieout.platforms.servicetitan.records import CANCELED, assemble, is_active, keys_touched_by, normalise, parts_of
from tieout.platforms.servicetitan.settings import CONNECTION, SETTINGS, environment_of
from tieout.platforms.servicetitan.system import ServiceTitanSystem, connect
from tieout.platforms.servicetitan.webhooks import delivery_id, hints, tenant_of, verify

__all__ = [
    "BUSINESS_UNIT",
    "CANCELED",
    "CASES",
    "CONNECTION",
    "CUSTOMER",
    "JOB",
    "JOB_TYPE",
    "KINDS",
    "LOCATION",
    "PROJECT",
    "SETTINGS",
    "ServiceTitanSystem",
    "assemble",
    "connect",
    "delivery_id",
    "environment_of",
    "hints",
    "is_active",
    "keys_touched_by",
    "normalise",
    "parts_of",
    "starting_at",
    "tenant_of",
    "verify",
]
