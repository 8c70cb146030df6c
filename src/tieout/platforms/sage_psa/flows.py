"""What Sage PSA keeps in step with Sage Intacct: clients with customers and projects with projects, both ways.

Where both sides changed a field, the books win for the status, and the later edit wins for texts and dates (sage-psa §10).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from tieout.core.flow import Direction, FieldMap, Flow, Gone, Owner, Read, View, When, linked, member, own_key, same
from tieout.core.record import Value
from tieout.platforms.sage_psa.kinds import CLIENT, PROJECT
from tieout.platforms.sage_psa.records import RUNNING
from tieout.platforms.sage_psa.rules import (
    client_excluded,
    client_left_gone,
    customer_id,
    project_excluded,
    project_excluded_right,
    project_id,
    project_left_gone,
)

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li)>", re.IGNORECASE)
FIXED_PRICE = "FIXED_PRICE"


def setting(name: str) -> Read:
    """A rule whose value is a setting; an empty one is no value."""
    return lambda view: view.settings.get(name) or None


def direction(name: str) -> Callable[[Mapping[str, Any]], Direction]:
    """The direction a setting chooses."""
    ways = {"to-intacct": Direction.EXPORT, "to-psa": Direction.IMPORT}
    return lambda settings: ways.get(str(settings.get(name)), Direction.TWO_WAY)


def plain(value: Value, view: View) -> Value:
    """Text without the markup that Sage PSA's descriptions may hold (R-PSA-06)."""
    if not isinstance(value, str) or ("<" not in value and "&" not in value):
        return value
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", value))).strip() or None


def activity(stage: Value, view: View) -> Value:
    """A stage as a status of the books: running is active, all else is not (R-PSA-52…61)."""
    return "active" if stage == RUNNING else "inactive"


def stage(status: Value, view: View) -> Value:
    """A status of the books as a stage: inactive is done (R-PSA-61)."""
    return RUNNING if str(status or "").lower() == "active" else "DONE"


def category(view: View) -> Value:
    """The category of a new project in the books, by its budget type (R-PSA-21)."""
    return view.settings["category_non_billable" if view.get("budget_type") == "NON_BILLABLE" else "category_billable"] or None


def fixed_budget(view: View) -> Value:
    """The budget, which counts for fixed-price projects only (R-PSA-10)."""
    return view.get("budget") if view.get("budget_type") == FIXED_PRICE else None


def _both(right: str, name: str, label: str, to_right: Callable[[Value, View], Value] = same) -> FieldMap:
    return FieldMap(right, member(name), to_right, same, name, Owner.NEWEST, label=label)


def _address(column: str, name: str, label: str) -> FieldMap:
    return _both(f"DISPLAYCONTACT.MAILADDRESS.{column}", name, label)


CLIENTS = Flow(
    name="clients",
    label="Clients",
    left_kind=CLIENT,
    right_kind="CUSTOMER",
    natural_key=customer_id,
    left_key=lambda view: view.text("NAME"),
    shown_as=lambda record: f"Client {record.fields.get('name') or record.id}",
    shown_as_right=lambda record: f"Customer {record.fields.get('NAME') or record.natural_key}",
    direction=direction("client_direction"),
    excluded=client_excluded,
    excluded_right=client_excluded,
    judges_age=True,
    fields=(
        _both("NAME", "name", "name"),
        FieldMap("DISPLAYCONTACT.PRINTAS", member("name"), when=When.CREATE_ONLY, label="printed name"),
        _address("ADDRESS1", "street", "street"),
        _address("ZIP", "zip", "ZIP code"),
        _address("CITY", "city", "city"),
        FieldMap("STATUS", lambda view: "active", when=When.CREATE_ONLY, label="status"),
    ),
    when_left_is_gone=client_left_gone,
    when_right_is_gone=Gone(asks=False),
)

PROJECTS = Flow(
    name="projects",
    label="Projects",
    left_kind=PROJECT,
    right_kind="PROJECT",
    natural_key=project_id,
    left_key=lambda view: view.record.natural_key,
    shown_as=lambda record: " ".join(filter(None, ("Project", record.natural_key, str(record.fields.get("name") or "")))),
    shown_as_right=lambda record: " ".join(filter(None, ("Project", record.natural_key, str(record.fields.get("NAME") or "")))),
    direction=direction("project_direction"),
    excluded=project_excluded,
    excluded_right=project_excluded_right,
    refers_to=(CLIENT,),
    judges_age=True,
    fields=(
        _both("NAME", "name", "name"),
        _both("DESCRIPTION", "description", "description", plain),
        _both("BEGINDATE", "start_date", "start date"),
        _both("ENDDATE", "end_date", "end date"),
        FieldMap("STATUS", member("stage"), activity, stage, "stage", Owner.RIGHT, label="stage"),
        FieldMap("BUDGETAMOUNT", fixed_budget, same, same, "budget", Owner.RIGHT, only_if="financials_enabled", label="budget"),
        FieldMap("CUSTOMERID", member("client"), linked, linked, "client", Owner.RIGHT, When.CREATE_ONLY, label="client"),
        FieldMap("PROJECTCATEGORY", category, when=When.CREATE_ONLY, label="project category"),
        FieldMap("LOCATIONID", setting("default_location"), when=When.CREATE_ONLY, label="location"),
        FieldMap("DEPARTMENTID", setting("default_department"), when=When.CREATE_ONLY, label="department"),
        FieldMap(
            "@project-id",
            member("custom_project_id"),
            same,
            same,
            "custom_project_id",
            when=When.CREATE_ONLY,
            label="project ID",
            right_read=own_key,
            direction=Direction.IMPORT,
        ),
        FieldMap(
            "@budget-type",
            member("budget_type"),
            same,
            same,
            "budget_type",
            when=When.CREATE_ONLY,
            label="budget type",
            right_read=lambda view: FIXED_PRICE,
            direction=Direction.IMPORT,
        ),
    ),
    when_left_is_gone=project_left_gone,
    when_right_is_gone=Gone(asks=False),
)

FLOWS = (CLIENTS, PROJECTS)

__all__ = ["CLIENTS", "FLOWS", "PROJECTS"]
