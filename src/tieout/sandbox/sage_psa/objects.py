"""The control routes' view of the account: rows with everything stored, and what people do in the product's own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieout.sandbox.emulator import Refused as ControlRefused
from tieout.sandbox.sage_psa.duplication import duplicate
from tieout.sandbox.sage_psa.handling import set_custom_fields
from tieout.sandbox.sage_psa.problems import Refused
from tieout.sandbox.sage_psa.resources_setup import (
    CUSTOM_FIELDS,
    DEPARTMENTS,
    EXPENSE_CATEGORIES,
    LABELS,
    NON_PROJECT_TIME,
    PERSONS,
    PRIORITY_LEVELS,
    PROFILES,
    RATE_CARDS,
    ROLES,
    SUBSCRIPTIONS,
)
from tieout.sandbox.sage_psa.resources_work import CLIENTS, COLUMNS, EXPENSES, PHASES, PROJECTS, SPRINTS, TASKS, TEAM, TIME
from tieout.sandbox.sage_psa.schema import Resource, Row
from tieout.sandbox.sage_psa.work import Work

RESOURCES: Final[Mapping[str, Resource]] = {
    resource.kind: resource
    for resource in (
        CLIENTS,
        PROJECTS,
        PHASES,
        COLUMNS,
        TEAM,
        TASKS,
        TIME,
        EXPENSES,
        SPRINTS,
        PERSONS,
        ROLES,
        LABELS,
        EXPENSE_CATEGORIES,
        NON_PROJECT_TIME,
        RATE_CARDS,
        DEPARTMENTS,
        PROFILES,
        PRIORITY_LEVELS,
        CUSTOM_FIELDS,
        SUBSCRIPTIONS,
    )
}
FEEDS: Final = ("deleted_tasks", "deleted_time")
_HAND_VERSION: Final = 4
_PERSON_VERSION: Final = 2


def rows(work: Work, kind: str) -> list[Row]:
    """Every row of a kind as stored, with computed members and ``custom_fields``; members below a project tell its ``project_id``."""
    if kind in FEEDS:
        return [{name: value for name, value in row.items() if name[0] != "_"} for row in work.storage.all(kind)]
    resource = RESOURCES[kind]
    return [_whole(work, resource, row) for row in work.storage.all(kind)]


def add(work: Work, kind: str, given: Mapping[str, Any]) -> Row:
    """What a person does in the product: makes a row, or with an ``id`` changes it, or with ``_deleted`` removes it.

    ``_actor`` is the person's id. ``_project`` is the project of a member that is below one, ``_custom_fields`` are values of
    custom fields, ``_duplicate_of`` copies a project. Members the API cannot write can be written here.
    """
    if kind not in RESOURCES:
        raise ControlRefused(f"rows of {kind} cannot be added here")
    resource = RESOURCES[kind]
    extra = {name: value for name, value in given.items() if name.startswith("_")}
    body = {name: value for name, value in given.items() if not name.startswith("_")}
    try:
        return _do(work, resource, body, extra)
    except Refused as refusal:
        raise ControlRefused(refusal.message) from None


def _do(work: Work, resource: Resource, body: Row, extra: Row) -> Row:
    old = _existing(work, resource, body, extra)
    version = _PERSON_VERSION if resource is PERSONS else _HAND_VERSION
    if extra.get("_deleted"):
        if old is None:
            raise ControlRefused(f"there is no {resource.noun} to delete")
        work.remove(resource, old)
        return {"id": old.get("id"), "_deleted": True}
    if old is not None:
        row = work.change(resource, old, {name: value for name, value in body.items() if name != "id"}, version)
    elif extra.get("_duplicate_of") is not None and resource is PROJECTS:
        source = work.get("projects", extra["_duplicate_of"])
        if source is None:
            raise ControlRefused(f"there is no project {extra['_duplicate_of']}")
        row = duplicate(work, source, body, _HAND_VERSION)
    else:
        row = work.make(resource, {**body, **_parent(resource, extra)}, version, _fixed(work, resource, body, extra))
    if extra.get("_custom_fields"):
        row = set_custom_fields(work, resource, row, extra["_custom_fields"])
    return _whole(work, resource, row)


def _existing(work: Work, resource: Resource, body: Row, extra: Row) -> Row | None:
    if resource is TEAM:
        return work.get(TEAM.kind, f"{extra.get('_project')}/{body.get('person_id')}")
    if "id" not in body:
        return None
    row = work.get(resource.kind, body["id"])
    if row is None:
        raise ControlRefused(f"there is no {resource.noun} {body['id']}", 404)
    return row


def _parent(resource: Resource, extra: Row) -> Row:
    return {"project_id": extra["_project"]} if resource is TASKS and "_project" in extra else {}


def _fixed(work: Work, resource: Resource, body: Row, extra: Row) -> Row:
    if not resource.parent:
        return {}
    number = extra.get("_project", body.get("project_id"))
    if work.get("projects", number) is None:
        raise ControlRefused(f"a {resource.noun} belongs to a project: give its id as _project")
    return {resource.parent: number}


def _whole(work: Work, resource: Resource, row: Row) -> Row:
    stored = {name: value for name, value in row.items() if name[0] != "_"}
    below = {"project_id": row["_project"]} if "_project" in row else {}
    return {**stored, **work.rules[resource.kind].shown(work, row, _HAND_VERSION), **below, "custom_fields": row.get("_custom", {})}
