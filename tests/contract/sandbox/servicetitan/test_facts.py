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
    "Payroll.V2.Timesheets.",
    "Payroll.V2.GrossPayItems.",
    "Payroll.V2.Payrolls.",
    "Payroll.V2.JobSplits.",
    "Payroll.V2.PayrollAdjustments.",
    "Payroll.V2.",
    "Timesheets.V2.Activities.",
    "Timesheets.V2.ActivityTypes.",
    "Timesheets.V2.",
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


# Every operation of servicetitan Appendix B, by area: method letters (G P U A D for GET POST PUT PATCH DELETE) and paths.
NEEDED = {
    "jpm": """
        GP jobs; GA jobs/{}; G jobs/{}/history; U jobs/{}/cancel; U jobs/{}/remove-cancellation; U jobs/{}/hold; U jobs/{}/complete;
        G jobs/{}/canceled-log; G jobs/custom-fields; GP job-types; GA job-types/{}; GP projects; GA projects/{};
        P projects/{}/attach-job/{}; P projects/detach-job/{}; G projects/custom-fields; G project-statuses; G project-statuses/{};
        G project-substatuses; G project-types; G export/jobs; G export/projects; G export/appointments; G export/job-canceled-logs;
        G export/job-history; GP appointments; G work-breakdown-structure/segments; G work-breakdown-structure/projects/{}/segments;
        G work-breakdown-structure/segments/{}/items; GP work-breakdown-structure/budget-codes;
        G work-breakdown-structure/projects/{}/budget-codes; G work-breakdown-structure/budget-codes/match;
        G work-breakdown-structure/projects/{}/budget-codes/match
    """,
    "crm": """
        GP customers; GA customers/{}; GP locations; GA locations/{}; G export/customers; G export/locations;
        G customers/custom-fields; G locations/custom-fields
    """,
    "settings": """
        G business-units; GA business-units/{}; G export/business-units; GP technicians; GP employees; G export/technicians;
        G export/employees
    """,
    "accounting": """
        GP invoices; A invoices/{}; GA invoices/custom-fields; P invoices/markasexported; G export/invoices; G export/invoice-items;
        GP payments; P payments/status; G export/payments; G inventory-bills; G inventory-bills/paginated;
        P inventory-bills/markasexported; GA inventory-bills/custom-fields; G export/inventory-bills; G ap-bills; G ap-bills/{};
        P ap-bills/markasexported; G ap-credits; P ap-credits/markasexported; G ap-payments; P ap-payments/markasexported;
        G credit-memos; G credit-memos/{}/items; P credit-memos/markasexported; G bank-deposits; G bank-deposits/{}/transactions;
        P bank-deposits/markasexported; GP gl-accounts; GA gl-accounts/{}; G gl-accounts/types; GP journal-entries;
        GUAD journal-entries/{}; G journal-entries/{}/summary; G journal-entries/{}/details; A journal-entries/{}/sync;
        G payment-terms; G payment-types; G tax-zones
    """,
    "inventory": """
        GP purchase-orders; GA purchase-orders/{}; G export/purchase-orders; GP receipts; GP returns; G export/returns; GP vendors;
        GA vendors/{}; G warehouses; GP trucks; GP purchase-order-types; G adjustments; G transfers
    """,
    "payroll": """
        G jobs/timesheets; GP jobs/{}/timesheets; G non-job-timesheets; G export/jobs/timesheets; GP gross-pay-items;
        G export/gross-pay-items; G payrolls; G jobs/splits; G export/jobs/splits; G export/payroll-adjustments
    """,
    "timesheets": "GP activities; G export/activities; G activity-types; G export/activity-types",
}
METHODS = {"G": "GET", "P": "POST", "U": "PUT", "A": "PATCH", "D": "DELETE"}


@pytest.mark.parametrize("area", NEEDED)
def test_every_operation_of_the_reference_is_there(area: str) -> None:
    # servicetitan E4 "Offer every path of Appendix B"
    here = {(route.method, re.sub(r"\{\w+\}", "{}", route.template)) for route in ROUTES.all if route.area == area}
    for entry in NEEDED[area].split(";"):
        letters, template = entry.split()
        assert {(METHODS[letter], template) for letter in letters} <= here
