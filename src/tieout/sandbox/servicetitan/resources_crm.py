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
    contacts = records.children("customer-contacts", "customerId", customer["id"])
    return [contact["value"] for contact in contacts if contact["active"] and contact["type"] in ("Phone", "MobilePhone")]


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


def _contacts(owner: str, shape: str, feed_shape: str) -> Resource:
    return Resource(
        area="crm",
        path=f"{owner}s/contacts",
        kind=f"{owner}-contacts",
        shape=shape,
        label="Contact",
        scope=f"{owner}s",
        sort=(),
        by_id=False,
        hides_inactive=True,
        feed=f"{owner}s/contacts",
        feed_shape=feed_shape,
        filters=(Filter(f"{owner}Ids", Reads.IDS, f"{owner}Id"),),
    )


CUSTOMER_CONTACTS: Final = _contacts("customer", "CustomerContactWithModifiedOnAndCustomerIdResponse", "ExportCustomerContactResponse")
LOCATION_CONTACTS: Final = _contacts("location", "LocationsContactResponse", "ExportLocationContactResponse")

RESOURCES: Final = (CUSTOMERS, LOCATIONS, CUSTOMER_CONTACTS, LOCATION_CONTACTS, CUSTOMER_CUSTOM_FIELDS, LOCATION_CUSTOM_FIELDS)
