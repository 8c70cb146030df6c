"""What the emulated company holds before anyone works in it (design §6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tieout.sandbox.intacct.applications import application_of
from tieout.sandbox.intacct.catalogue import roles
from tieout.sandbox.intacct.incoming import flattened
from tieout.sandbox.intacct.records import create
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.intacct.world_books import BOOKS
from tieout.sandbox.intacct.world_orders import DEFINITIONS
from tieout.sandbox.worlds import demo

_EMPTY_ENTITIES = (("100", "Sandbox Entity 100"), ("200", "Sandbox Entity 200"))
_DEFINITIONS: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
    (
        "PROJECTSTATUS",
        (
            {"NAME": "In Progress", "DESCRIPTION": "Work and posting are open"},
            {"NAME": "On Hold", "PREVENTTIMESHEET": True, "PREVENTEXPENSE": True, "PREVENTAPPO": True},
            {
                "NAME": "Completed",
                "PREVENTTIMESHEET": True,
                "PREVENTEXPENSE": True,
                "PREVENTAPPO": True,
                "PREVENTGENINVOICE": True,
            },
        ),
    ),
    ("PROJECTTYPE", ({"NAME": "Installation"}, {"NAME": "Service"}, {"NAME": "Maintenance"})),
    ("CUSTTYPE", ({"NAME": "Residential"}, {"NAME": "Commercial"})),
    ("EMPLOYEETYPE", ({"NAME": "Full Time"}, {"NAME": "Part Time"})),
    ("EARNINGTYPE", ({"NAME": "Hourly", "METHOD": "Hourly"}, {"NAME": "Salary", "METHOD": "Salaried"})),
    ("TIMETYPE", ({"NAME": "Regular", "EARNINGTYPENAME": "Hourly"}, {"NAME": "Overtime", "EARNINGTYPENAME": "Hourly"})),
    ("TERRITORY", ({"NAME": "North"}, {"NAME": "South"})),
)
_PERMITTED = (
    *("PROJECT", "TASK", "CUSTOMER", "VENDOR", "EMPLOYEE", "ITEM", "GLACCOUNT"),
    *("TIMESHEET", "APBILL", "ARINVOICE", "PODOCUMENT", "GLBATCH"),
)
_USERS = (
    {"LOGINID": "Admin", "DESCRIPTION": "Company administrator"},
    {"LOGINID": "ws-user", "DESCRIPTION": "Web services user"},
)


def fill(work: Work, name: str) -> None:
    """Sets the company up: users, entities, definitions; in the demo world also its organisation, never business records."""
    for user in _USERS:
        number = create(work, work.company.kinds["USERINFO"], flattened(user))["RECORDNO"]
    work = replace(work, user_number=number)
    if name == "demo":
        _add_entities(work, tuple((entity.id, entity.name) for entity in demo.ENTITIES))
    else:
        _add_entities(work, _EMPTY_ENTITIES)
    _add_roles(work)
    for kind, rows in (*_DEFINITIONS, *BOOKS, *DEFINITIONS):
        for row in rows:
            _add(work, kind, row)
    if name == "demo":
        _add_organisation(work)


def _add_roles(work: Work) -> None:
    """Permissions for the records that matter most, and a role with all of them for each user."""
    rights = "#~#".join(roles.RIGHTS)
    named = {work.company.kinds[name].plural: name for name in _PERMITTED}
    for title, name in named.items():
        given = {"NAME": title, "MODULE": application_of(name), "PERMISSIONGROUP": application_of(name), "ALLOWEDRIGHTS": rights}
        _add(work, "PERMISSION", given)
    every = [{"POLICYNAME": title, "RIGHTS": rights} for title in named]
    for user, role in (("Admin", "Administrators"), ("ws-user", "Web Services")):
        _add(work, "ROLES", {"NAME": role, "ROLEPOLICYASSIGNMENTS": every, "ROLEUSERS": [{"USERLOGINID": user}]})


def _add_entities(work: Work, entities: tuple[tuple[str, str], ...]) -> None:
    for number, title in entities:
        _add(work, "LOCATION", {"LOCATIONID": number, "NAME": title, "CURRENCY": "USD"})
    for number, title in entities:
        _add(work, "LOCATIONENTITY", {"LOCATIONID": number, "NAME": title, "CURRENCY": "USD", "FIRSTMONTH": "January"})


def _add_organisation(work: Work) -> None:
    for entity in demo.ENTITIES:
        place = {"LOCATIONID": f"{entity.id}-1", "NAME": f"{entity.address.city} office", "PARENTID": entity.id}
        _add(work, "LOCATION", place)
    homes = {unit.id: unit.entity for unit in demo.UNITS}
    for unit in demo.UNITS:
        _add(work, "DEPARTMENT", {"DEPARTMENTID": unit.id, "TITLE": unit.name})
    for person in demo.PEOPLE:
        full = f"{person.first} {person.last}"
        contact = {"CONTACTNAME": full, "PRINTAS": full, "FIRSTNAME": person.first, "LASTNAME": person.last, "EMAIL1": person.email}
        _add(work, "CONTACT", contact)
        employee = {
            "EMPLOYEEID": person.id,
            "PERSONALINFO": {"CONTACTNAME": full},
            "TITLE": person.title,
            "DEPARTMENTID": person.unit,
            "LOCATIONID": homes[person.unit],
        }
        _add(work, "EMPLOYEE", employee)


def _add(work: Work, kind: str, values: dict[str, Any]) -> None:
    create(work, work.company.kinds[kind], flattened(values))
