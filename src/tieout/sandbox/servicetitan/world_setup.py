"""The tenant's set-up in every world: business units, people, job types, project statuses, reasons, tags, custom fields."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.servicetitan import timestamps
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.rules_job_types import EMPTY as JOB_TYPE
from tieout.sandbox.servicetitan.tenant import API_USER, CATALOGUES, Tenant
from tieout.sandbox.servicetitan.world_names import (
    CAMPAIGNS,
    PROJECT_TYPES,
    REASONS_CANCEL,
    REASONS_HOLD,
    STATUSES,
    TAGS,
    WORK,
)
from tieout.sandbox.worlds import demo

_BEGAN_DAYS: Final = 900
_OFFICE: Final = "OFFICE"


def load_setup(tenant: Tenant) -> None:
    """Writes the set-up; every id is the same in every world, because it comes first."""
    at = beginning(tenant)
    units = _business_units(tenant, at)
    _people(tenant, at, units)
    for work in WORK:
        row = {**JOB_TYPE, "name": work.name, "class": work.group, "businessUnitIds": [units[work.unit]], "duration": work.hours * 3600}
        add(tenant, "job-types", at, {**row, "noCharge": False})
    add(tenant, "job-types", at, {**JOB_TYPE, "name": "Recall / Callback", "class": "Service", "noCharge": True})
    add(tenant, "job-types", at, {**JOB_TYPE, "name": "Solar Inspection (retired)", "class": "Maintenance", "active": False})
    for place, (name, subs) in enumerate(STATUSES, start=1):
        status = add(tenant, "project-statuses", at, {"name": name, "order": place})
        for order, sub in enumerate(subs, start=1):
            add(tenant, "project-substatuses", at, {"name": sub, "statusId": status["id"], "order": order, "active": True})
    for name in PROJECT_TYPES:
        add(tenant, "project-types", at, {"name": name, "description": f"{name} projects", "createdById": API_USER})
    for kind, names in (("job-cancel-reasons", REASONS_CANCEL), ("job-hold-reasons", REASONS_HOLD), ("campaigns", CAMPAIGNS)):
        for name in names:
            add(tenant, kind, at, {"name": name, "active": True})
    for name in TAGS:
        add(tenant, "tag-types", at, {**blank("settings", "TagTypeResponse"), "name": name, "code": name[:4].upper(), "color": "#3b82f6"})
    _custom_fields(tenant, at)


def beginning(tenant: Tenant) -> str:
    """The morning the tenant was set up, in stored form."""
    return timestamps.plus(tenant.records.stamp()[:11] + "08:00:00.0000000Z", -_BEGAN_DAYS * 86400)


def _business_units(tenant: Tenant, at: str) -> dict[str, int]:
    entities = {entity.id: entity for entity in demo.ENTITIES}
    divisions = {entity.id: {"id": tenant.records.new_id(), "name": entity.name} for entity in demo.ENTITIES}
    trades = {trade: tenant.records.new_id() for trade in dict.fromkeys(unit.trade for unit in demo.UNITS)}
    company = {"id": tenant.settings["tenant"], "name": demo.COMPANY, "modifiedOn": at}
    made: dict[str, int] = {}
    for unit in demo.UNITS:
        entity = entities[unit.entity]
        address = {"street": entity.address.line, "city": entity.address.city, "state": entity.address.state, "zip": entity.address.zip}
        row = {
            **blank("settings", "BusinessUnitResponse"),
            "name": unit.name,
            "officialName": entity.name,
            "currency": "USD",
            "defaultTaxRate": "0.0881",
            "address": {**address, "country": entity.address.country, "isManualCoordinates": False, "isMilitary": False},
            "accountCode": entity.id,
            "conceptCode": unit.id,
            "trade": {"id": trades[unit.trade], "name": unit.trade},
            "division": divisions[unit.entity],
            "tagTypeIds": [],
            "tenant": company,
        }
        made[unit.id] = add(tenant, "business-units", at, row)["id"]
    closed = {**blank("settings", "BusinessUnitResponse"), "name": "Solar (closed 2023)", "active": False, "tenant": company}
    add(tenant, "business-units", at, closed)
    return made


def _people(tenant: Tenant, at: str, units: dict[str, int]) -> None:
    for person in demo.PEOPLE:
        office = person.unit == _OFFICE or person.title.endswith("Manager")
        kind, shape = ("employees", "EmployeeResponse") if office else ("technicians", "TechnicianResponse")
        row = {
            **blank("settings", shape),
            "name": f"{person.first} {person.last}",
            "firstName": person.first,
            "lastName": person.last,
            "userId": tenant.records.new_id(),
            "email": person.email,
            "loginName": person.email.partition("@")[0],
            "businessUnitId": units[person.unit],
            "hourlyRate": "34.50",
            "accountLocked": False,
        }
        row |= {"role": "GeneralOffice"} if office else {"status": "Idle", "payrollId": person.id, "isManagedTech": True}
        add(tenant, kind, at, row)


def _custom_fields(tenant: Tenant, at: str) -> None:
    for kind, name, data_type, options in (
        ("job-custom-fields", "Permit number", "Text", None),
        ("job-custom-fields", "Crew size", "Numeric", None),
        ("project-custom-fields", "Contract type", "Dropdown", ["Lump sum", "Time and material", "Cost plus"]),
        ("project-custom-fields", "Retainage %", "Numeric", None),
        ("customer-custom-fields", "Legacy account", "Text", None),
        ("location-custom-fields", "Gate code", "Text", None),
    ):
        add(tenant, kind, at, {"name": name, "dataType": data_type, "dataTypeOptions": options})


def blank(area: str, shape: str) -> Row:
    """A row with neutral values for every member that may not be null."""
    catalogue = CATALOGUES[area]
    neutral: dict[str, Any] = {"str": "", "bool": False, "i64": 0, "i32": 0, "dec": "0.00"}
    row: Row = {}
    for field in catalogue[shape].fields:
        row[field.name] = None if field.nullable else [] if field.many else neutral.get(field.type)
    return {**row, "active": True, "id": None, "createdOn": None, "modifiedOn": None}


def add(tenant: Tenant, kind: str, at: str, row: Row) -> Row:
    """Writes a row of the set-up as it was made at a moment."""
    return tenant.records.insert(kind, {**row, "id": tenant.records.new_id(), "createdOn": at, "modifiedOn": at, "_external": {}})
