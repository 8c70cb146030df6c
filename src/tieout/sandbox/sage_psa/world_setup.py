"""The account's set-up: roles, profiles, persons, departments, rate card, categories. Ids do not depend on chance."""

from __future__ import annotations

from typing import Any, Final

from tieout.sandbox.sage_psa.resources_setup import (
    CUSTOM_FIELDS,
    DEPARTMENTS,
    EXPENSE_CATEGORIES,
    LABELS,
    NON_PROJECT_TIME,
    PERSONS,
    PRIORITY_LEVELS,
    RATE_CARDS,
    RATES,
    ROLES,
)
from tieout.sandbox.sage_psa.schema import Resource, Row
from tieout.sandbox.sage_psa.work import Work
from tieout.sandbox.worlds import demo as story

_PROFILES: Final[tuple[tuple[int, str, list[str]], ...]] = (
    (-1, "Admin", ["PROJECTS_CREATE", "PROJECTS_UPDATE", "PROJECTS_DELETE", "TIME_APPROVE"]),
    (-2, "Controller", ["PROJECTS_CREATE", "PROJECTS_UPDATE", "TIME_APPROVE"]),
    (-3, "Collaborator", []),
    (-4, "Manager", ["PROJECTS_CREATE", "PROJECTS_UPDATE"]),
    (-5, "Coordinator", ["PROJECTS_UPDATE"]),
    (-6, "Client", []),
)
_ROLES: Final = (("Project Manager", 145.0), ("Technician", 98.0), ("Installer", 92.0), ("Electrician", 118.0), ("Office", 75.0))
_TITLES: Final = {"Project Manager": 0, "Operations Manager": 0, "Installer": 2, "Electrician": 3, "Controller": 4, "Dispatcher": 4}
_COMPANY: Final = {"company_name": story.COMPANY, "contact_name": "Marisol Tarrant", "contact_email": "office@ridgeline.example"}
_EMPTY_COMPANY: Final = {"company_name": "Sandbox Account", "contact_name": "Rowan Ashdown", "contact_email": "owner@sandbox.example"}


def load_setup(work: Work, *, demo: bool) -> None:
    """Writes the set-up; the system person the API acts as comes first, then the account's owner."""
    for number, name, permissions in _PROFILES:
        row = {"id": number, "name": name, "can_be_edited": number not in (-1, -6), "profile_permission": permissions}
        work.storage.put("profiles", str(number), row)
    system = {"first_name": "Forecast", "last_name": "API", "profile_ids": [], "is_system_user": True}
    work.actor = work.storage.next("id:persons", PERSONS.first_id)
    api = {**PERSONS.defaults(), **system, "id": work.actor, "_custom": {}, "start_date": work.now[:10]}
    stamp = {"created_by": work.actor, "updated_by": work.actor, "created_at": work.now, "updated_at": work.now}
    work.storage.put("persons", str(work.actor), {**api, **stamp})
    work.storage.set_scalar("api_person", work.actor)
    roles = [_add(work, ROLES, name=name)["id"] for name, _ in _ROLES]
    card = _add(work, RATE_CARDS, name="Standard rates", default_rate=105.0, currency="USD")
    for role, (_, rate) in zip(roles, _ROLES, strict=True):
        work.insert(RATES, {"rate": rate}, {"role": role, "_card": card["id"]})
    for name in ("Low", "Medium", "High"):
        _add(work, PRIORITY_LEVELS, name=name)
    for name in ("Materials", "Travel", "Equipment rental", "Permits"):
        _add(work, EXPENSE_CATEGORIES, name=name)
    for name, internal in (("Vacation", False), ("Sick leave", False), ("Training", True)):
        _add(work, NON_PROJECT_TIME, name=name, is_internal_time=internal)
    for name in ("Warranty", "Prevailing wage"):
        _add(work, LABELS, name=name)
    names = [entity.id for entity in story.ENTITIES]
    options = [{"id": place, "name": name} for place, name in enumerate(names, start=1)]
    _add(work, CUSTOM_FIELDS, entity_type="PROJECT", key="entity", options=options)
    _people(work, roles, demo=demo)
    company = {**(_COMPANY if demo else _EMPTY_COMPANY), "country": "US", "currency": "USD", "company_target": 0.7}
    work.storage.put("company", "1", company)


def _people(work: Work, roles: list[int], *, demo: bool) -> None:
    if not demo:
        owner = _add(work, PERSONS, first_name="Rowan", last_name="Ashdown", email="owner@sandbox.example", profile_ids=[-1])
        work.storage.set_scalar("owner", owner["id"])
        return
    departments = {unit.id: _add(work, DEPARTMENTS, name=unit.name)["id"] for unit in story.UNITS}
    for place, person in enumerate(story.PEOPLE):
        row = _add(
            work,
            PERSONS,
            first_name=person.first,
            last_name=person.last,
            email=person.email,
            job_title=person.title,
            profile_ids=[-1 if place == 0 else -4 if person.title.endswith("Manager") else -3],
            default_role=roles[_TITLES.get(person.title, 1)],
            department_id=departments[person.unit],
            cost=38.0 + 3.5 * place,
        )
        if place == 0:
            work.storage.set_scalar("owner", row["id"])


def _add(work: Work, resource: Resource, **given: Any) -> Row:
    return work.insert(resource, given, {})
