"""The emulator's tables against the vendor's: no operation or field of its own, none of the covered ones forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sandbox.sage_psa.api import operations, shape
from tieout.sandbox.sage_psa.duplication import DUPLICATE
from tieout.sandbox.sage_psa.objects import RESOURCES
from tieout.sandbox.sage_psa.resources_setup import RATES
from tieout.sandbox.sage_psa.resources_work import COMMENTS, MILESTONES
from tieout.sandbox.sage_psa.routes import ROUTES, Route
from tieout.sandbox.sage_psa.schema import Field, Resource, Type

TYPES = {
    "Integer": {Type.INT},
    "String": {Type.TEXT, Type.DATE},
    "Boolean": {Type.BOOL},
    "Double": {Type.NUMBER},
    "Decimal": {Type.NUMBER},
    "Date": {Type.DATE, Type.STAMP},
    "List<Integer>": {Type.INTS},
}
# Seen in a documentation sample and by a public client, but in no list of operations (sage-psa §2.1).
SEEN_ONLY = {"GET /v4/phases"}
# The reference covers none of these areas: timers, checklists, allocations, files, linked projects, money reports (sage-psa §2.2).
LEFT_OUT = (
    "timer",
    "utilization",
    "sub_tasks",
    "to_dos",
    "allocations",
    "/file",
    "connected_projects",
    "person_cost_periods",
    "/baseline",
    "retainer_periods",
    "/projects/{}/financials",
    "versions/{}",
)
RESOURCES_BY_KIND: dict[str, Resource] = {**RESOURCES, "comments": COMMENTS, "rates": RATES}


def name(route: Route) -> str:
    return shape(f"{route.method} /v{route.version}/{route.template}")


@pytest.mark.parametrize("route", ROUTES.all, ids=lambda route: route.function)
def test_every_operation_is_one_of_the_vendors(route: Route) -> None:
    # sage-psa §2.1
    assert name(route) in operations() or name(route) in SEEN_ONLY


def test_no_operation_is_forgotten_except_the_areas_left_out() -> None:
    # sage-psa §2.1
    missing = set(operations()) - {name(route) for route in ROUTES.all}
    assert [each for each in sorted(missing) if not any(area in each for area in LEFT_OUT)] == []


def resource_of(route: Route) -> Resource:
    if "duplicate" in route.template:
        return DUPLICATE
    return MILESTONES if "milestones" in route.template else RESOURCES_BY_KIND[route.object]


def written(route: Route, resource: Resource) -> dict[str, Field]:
    use = "c" if route.method == "POST" else "u"
    return {each.name: each for each in resource.fields if use in each.use and route.version in each.versions}


WRITES = [
    route
    for route in ROUTES.all
    if route.method in ("POST", "PUT") and "custom_fields" not in route.template and route.object in RESOURCES_BY_KIND
]


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.function)
def test_every_body_has_exactly_the_vendors_fields(route: Route) -> None:
    # sage-psa §2.2
    listed = operations()[name(route)]["request"]
    version = f"v{route.version}"
    wanted = {key: each for key, each in listed.items() if "only" not in each or version in each["only"]}
    if route.object == "persons" and route.version == 1:
        wanted.pop("profile_ids", None)  # version 1 gives a user type where version 2 gives profiles
    if route.object == "priority_levels":
        wanted.pop("id", None)  # it stands in the body and names the record
    fields = written(route, resource_of(route))
    assert set(fields) == set(wanted)
    for key, each in wanted.items():
        _compare(fields[key], each, creating=route.method == "POST")


def _compare(field: Field, listed: dict[str, Any], *, creating: bool) -> None:
    if listed["type"] in TYPES:
        assert field.type in TYPES[listed["type"]], field.name
    assert list(field.words) == listed.get("enum", []), field.name
    assert field.longest == listed.get("maxLength"), field.name
    # One of the three targets of a time registration is required: SOURCES says so, and test_time proves it.
    if creating and field.name not in ("project", "task", "non_project_time"):
        assert field.required == bool(listed.get("required")), field.name


READS = [route for route in ROUTES.all if route.method == "GET" and route.object in RESOURCES_BY_KIND]


@pytest.mark.parametrize("route", READS, ids=lambda route: route.function)
def test_every_reply_shows_the_vendors_fields(route: Route) -> None:
    # sage-psa §2.2
    listed = operations().get(name(route), {}).get("response")
    special = ("deleted", "financials", "persons/{id}/projects", "versions")
    if not isinstance(listed, dict) or any(each in route.template for each in special):
        return
    version = f"v{route.version}"
    wanted = {key for key, each in listed.items() if not isinstance(each, dict) or "only" not in each or version in each["only"]}
    shown = {each.name for each in resource_of(route).visible(route.version)}
    assert wanted - {"progress"} <= shown
