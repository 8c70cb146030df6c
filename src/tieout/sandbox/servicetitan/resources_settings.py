"""Business units, technicians, employees and tags (servicetitan §8, Appendix B settings/v2)."""

from __future__ import annotations

from typing import Final

from tieout.sandbox.servicetitan.resource import IDS, Filter, Reads, Resource

_NAME: Final = Filter("name", Reads.CONTAINS, "name")

BUSINESS_UNITS: Final = Resource(
    area="settings",
    path="business-units",
    kind="business-units",
    shape="BusinessUnitResponse",
    label="Business unit",
    scope="businessunits",
    sort=(),
    active="True",
    external=True,
    feed="business-units",
    feed_shape="ExportBusinessUnitResponse",
    filters=(IDS, _NAME),
)

TECHNICIANS: Final = Resource(
    area="settings",
    path="technicians",
    kind="technicians",
    shape="TechnicianResponse",
    label="Technician",
    scope="technicians",
    sort=(),
    active="True",
    feed="technicians",
    feed_shape="ExportTechnicianResponse",
    filters=(IDS, Filter("userIds", Reads.IDS, "userId"), _NAME),
)

EMPLOYEES: Final = Resource(
    area="settings",
    path="employees",
    kind="employees",
    shape="EmployeeResponse",
    label="Employee",
    scope="employees",
    sort=(),
    active="True",
    feed="employees",
    feed_shape="ExportEmployeeResponse",
    filters=(IDS, Filter("userIds", Reads.IDS, "userId"), _NAME, Filter("email", Reads.TEXT, "email")),
)

TAG_TYPES: Final = Resource(
    area="settings",
    path="tag-types",
    kind="tag-types",
    shape="TagTypeResponse",
    label="Tag type",
    scope="tagtypes",
    active="True",
    by_id=False,
    feed="tag-types",
    feed_shape="ExportTagTypeResponse",
)

RESOURCES: Final = (BUSINESS_UNITS, TECHNICIANS, EMPLOYEES, TAG_TYPES)
