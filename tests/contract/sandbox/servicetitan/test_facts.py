"""The emulator's tables against the vendor's interface facts: no operation, parameter or member of its own, none forgotten."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.contract.spec_facts import facts
from tieout.sandbox.servicetitan.resource import Resource
from tieout.sandbox.servicetitan.routes import RESOURCES, ROUTES, Route
from tieout.sandbox.servicetitan.schema import Field, Schema
from tieout.sandbox.servicetitan.tenant import CATALOGUES

PREFIXES = (
    "Jpm.V2.Base.",
    "Jpm.V2.",
    "Jpm.Jobs.",
    "Crm.V2.Customers.",
    "Crm.V2.Locations.",
    "Crm.V2.",
    "TenantSettings.V2.",
    "Services.",
    "Accounting.V2.CreditMemos.",
    "Accounting.V2.",
    "Inventory.V2.",
    "Pricebook.V2.",
)
TYPES = {
    ("integer", "int64"): {"i64"},
    ("integer", "int32"): {"i32"},
    ("number", "decimal"): {"dec"},
    ("number", "double"): {"dbl"},
    ("boolean", None): {"bool"},
    ("object", None): {"obj"},
    ("string", "date-time"): {"dt"},
    ("string", "date"): {"date"},
    ("string", "guid"): {"guid"},
    ("string", "duration"): {"duration"},
}


def operation(area: str, method: str, template: str) -> dict[str, Any]:
    wanted = re.sub(r"\{\w+\}", "{}", f"/tenant/{{tenant}}/{template}")
    for path, methods in facts(area)["paths"].items():
        if re.sub(r"\{\w+\}", "{}", path) == wanted and method.lower() in methods:
            found: dict[str, Any] = methods[method.lower()]
            return found
    raise AssertionError(f"the vendor has no {method} {area}/{template}")


@pytest.mark.parametrize("route", ROUTES.all, ids=lambda route: route.function)
def test_every_operation_is_one_of_the_vendors(route: Route) -> None:
    # servicetitan Appendix B
    operation(route.area, route.method, route.template)


@pytest.mark.parametrize("resource", [each for each in RESOURCES if each.listed], ids=lambda each: each.path)
def test_every_list_reads_exactly_the_parameters_of_the_contract(resource: Resource) -> None:
    # servicetitan §5, Appendix B
    listed = {each["name"] for each in operation(resource.area, "GET", resource.path)["parameters"] if each["in"] == "query"}
    known = {"page", "pageSize", "includeTotal"} | {each.param for each in resource.filters}
    known |= {"createdBefore", "createdOnOrAfter"} if resource.created else set()
    known |= {"modifiedBefore", "modifiedOnOrAfter"} if resource.modified else set()
    known |= {"activeState" if resource.active_state else "active"} if resource.active else set()
    known |= {name for each in resource.compared for name in (each.amount, each.comparer)}
    if resource.loose_custom_fields:
        known |= {resource.custom_fields}
    elif resource.custom_fields:
        known |= {f"{resource.custom_fields}.Fields", f"{resource.custom_fields}.Operator"}
    known |= {"sort"} if resource.sort else set()
    known |= {"orderBy", "orderByDirection"} if resource.order_by else set()
    known |= {"externalDataApplicationGuid"} if resource.external else set()
    known |= {"externalDataKey", "externalDataValues"} if resource.external_lookup else set()
    known |= {"excludeAccountingChangesFromModifiedDateRange"} if resource.accounting else set()
    assert known == listed


@pytest.mark.parametrize("area", CATALOGUES)
def test_every_shape_has_the_members_of_the_contract(area: str) -> None:
    # servicetitan Appendix A
    complaints: dict[str, list[str]] = {}
    for full, described in facts(area)["schemas"].items():
        short = next((full.removeprefix(prefix) for prefix in PREFIXES if full.startswith(prefix)), full)
        if short in CATALOGUES[area]:
            complaints.setdefault(short, []).append(difference(CATALOGUES[area][short], described))
    # Two shapes of the vendor may share a short name: one of them is ours.
    assert {short: told for short, told in complaints.items() if all(told)} == {}


def difference(ours: Schema, described: dict[str, Any]) -> str:
    members = described.get("properties", {})
    if list(ours.words) != described.get("enum", []) or ours.members != members.keys():
        return f"{sorted(ours.members ^ members.keys())} {ours.words}"
    required = set(described.get("required", ()))
    for field in ours.fields:
        told = members[field.name]
        if field.required != (field.name in required) or field.nullable != bool(told.get("nullable")) or not fits(field, told):
            return f"{field} and {told}"
    return ""


def fits(field: Field, described: dict[str, Any]) -> bool:
    if field.many != (described.get("type") == "array"):
        return False
    one = described["items"] if field.many else described
    named = one.get("ref") or next((choice["ref"] for choice in one.get("oneOf", one.get("allOf", ()))), None)
    if named is not None:
        return str(named).endswith(field.type)
    return field.type in TYPES.get((one["type"], one.get("format")), {"str", "obj", "i64"} if one["type"] != "string" else {"str"})
