"""The work breakdown structure: segments, their items, and budget codes made of one item of each (servicetitan §10)."""

from __future__ import annotations

from typing import Any

from tieout.sandbox.servicetitan.listing import page_of_rows
from tieout.sandbox.servicetitan.problems import invalid
from tieout.sandbox.servicetitan.resource import Row
from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import ApiCall, Tenant, refuse_if

_LARGEST_PAGE = 5000


def segments(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET work-breakdown-structure/segments`` and those of a project: the same for all here."""
    _check_project(tenant, call)
    return tenant.show("jpm", "Jpm.BudgetCodes.ListSegmentsResponse", {"data": tenant.records.all("segments")})


def items(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET …/segments/{segmentId}/items``: the roots, with ``includeChildren`` all of them."""
    key = call.keys["segmentId"]
    if tenant.records.find("segments", key) is None:
        raise invalid("segmentId", f"Segment with ID {key} was not found.")
    whole = call.query.flag("includeChildren")
    rows = [row for row in tenant.records.all("segment-items") if row["_segmentId"] == key and (whole or row["parentId"] is None)]
    return _page(tenant, call, rows, "Jpm.BudgetCodes.SegmentItemModel")


def budget_codes(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET …/budget-codes`` and those of a project."""
    _check_project(tenant, call)
    wanted = set(call.query.wholes("budgetCodeIds"))
    parts = {"segmentId": set(call.query.wholes("segmentIds")), "segmentItemId": set(call.query.wholes("segmentItemIds"))}
    rows = [
        row
        for row in tenant.records.all("budget-codes")
        if (not wanted or row["id"] in wanted)
        and all(not keys or any(part[member] in keys for part in row["segments"]) for member, keys in parts.items())
    ]
    return _page(tenant, call, rows, "Jpm.BudgetCodes.BudgetCodeModel")


def create(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``POST …/budget-codes``: a full code names an item of every segment."""
    keys = tenant.accept("jpm", "CreateFullBudgetCodeArgs", call.body)["segmentItemIds"]
    errors: Errors = {}
    found = [tenant.check_reference(errors, "segmentItemIds", "segment-items", key, "Segment item") for key in keys]
    chosen = [row for row in found if row is not None]
    named = [row["_segmentId"] for row in chosen]
    for segment in tenant.records.all("segments"):
        if named.count(segment["id"]) != 1:
            errors.setdefault("segmentItemIds", []).append(f"A full budget code has one item of {segment['name']}.")
    code = "-".join(row["code"] for row in sorted(chosen, key=lambda row: row["_segmentId"]))
    if any(row["code"] == code for row in tenant.records.all("budget-codes")):
        errors.setdefault("segmentItemIds", []).append(f"Budget code {code} exists.")
    refuse_if(errors)
    made = tenant.records.insert("budget-codes", code_of(chosen))
    return tenant.show("jpm", "Jpm.BudgetCodes.CreateBudgetCodeResponse", {"code": made})


def match(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
    """``GET …/budget-codes/match?codes=``: which code texts are valid."""
    _check_project(tenant, call)
    asked = call.query.texts("codes")
    if not asked:
        raise invalid("codes", "The codes field is required.")
    rows = tenant.records.all("budget-codes")
    results = []
    for code in asked:
        found = [row for row in rows if row["code"].lower() == code.lower()]
        results.append({"code": code, "isValid": bool(found), "budgetCodes": found})
    return tenant.show("jpm", "Jpm.BudgetCodes.MatchBudgetCodesResponse", {"matches": results})


def code_of(chosen: list[Row]) -> Row:
    """A budget code of some items, in the order of their segments."""
    ordered = sorted(chosen, key=lambda row: row["_segmentId"])
    parts = [
        {"segmentId": row["_segmentId"], "segmentItemId": row["id"], **{name: row[name] for name in ("code", "description", "path")}}
        for row in ordered
    ]
    text, words = "-".join(row["code"] for row in ordered), " / ".join(row["description"] for row in ordered)
    return {"code": text, "description": words, "segments": parts}


def _check_project(tenant: Tenant, call: ApiCall) -> None:
    key = call.keys.get("projectId")
    if key is not None and tenant.records.find("projects", key) is None:
        raise invalid("projectId", f"Project with ID {key} was not found.")


def _page(tenant: Tenant, call: ApiCall, rows: list[Row], shape: str) -> dict[str, Any]:
    shown, envelope = page_of_rows(rows, call.query, largest=_LARGEST_PAGE)
    return {**envelope, "data": [tenant.show("jpm", shape, row) for row in shown]}
