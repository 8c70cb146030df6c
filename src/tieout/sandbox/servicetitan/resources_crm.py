"""Customers and locations (servicetitan §8, Appendix B crm/v2)."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource, Row

_ADDRESS: Final = (
    *(Filter(name, Reads.CONTAINS, f"address.{name}") for name in ("street", "unit", "city", "state", "zip", "country")),
    Filter("latitude", Reads.NUMBER, "address.latitude"),
    Filter("longitude", Reads.NUMBER, "address.longitude"),
)


def _phones(records: Records, customer: Row) -> list[Any]:
    return [contact["value"] for contact in customer["_contacts"] if contact["type"] in ("Phone", "MobilePhone")]


CUSTOMERS: Final = Resource(
    area="crm",
    path="customers",
    kind="customers",
    shape="CustomerResponse",
    label="Customer",
    scope="customers",
    active="True",
    external=True,
    external_lookup=True,
    feed="customers",
    feed_shape="ExportCustomerResponse",
    accounting=frozenset({"balance", "creditLimitBalance"}),
    filters=(
        IDS,
        Filter("name", Reads.CONTAINS, "name"),
        *_ADDRESS,
        Filter("phone", Reads.TEXT, "", through=_phones),
    ),
)

LOCATIONS: Final = Resource(
    area="crm",
    path="locations",
    kind="locations",
    shape="LocationResponse",
    label="Location",
    scope="locations",
    active="True",
    external=True,
    external_lookup=True,
    feed="locations",
    feed_shape="ExportLocationsResponse",
    filters=(IDS, Filter("name", Reads.CONTAINS, "name"), Filter("customerId", Reads.ID, "customerId"), *_ADDRESS),
)

CUSTOMER_CUSTOM_FIELDS: Final = Resource(
    area="crm",
    path="customers/custom-fields",
    kind="customer-custom-fields",
    shape="CustomFieldTypeResponse",
    label="Custom field",
    scope="customers",
    sort=("Id", "Name"),
    by_id=False,
)

LOCATION_CUSTOM_FIELDS: Final = Resource(
    area="crm",
    path="locations/custom-fields",
    kind="location-custom-fields",
    shape="CustomFieldTypeResponse",
    label="Custom field",
    scope="locations",
    sort=("Id", "Name"),
    by_id=False,
)

RESOURCES: Final = (CUSTOMERS, LOCATIONS, CUSTOMER_CUSTOM_FIELDS, LOCATION_CUSTOM_FIELDS)
