"""What the rules of every resource share: the tenant's rows, settings and events, and the checks of members that refer elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from tieout.sandbox.servicetitan import (
    schemas_budget_codes,
    schemas_crm,
    schemas_inventory,
    schemas_jpm,
    schemas_ledger,
    schemas_payables,
    schemas_payroll,
    schemas_pricebook,
    schemas_purchasing,
    schemas_sales,
    schemas_sandbox,
    schemas_settings,
    schemas_timesheets,
)
from tieout.sandbox.servicetitan.events import Event, Events
from tieout.sandbox.servicetitan.problems import INVALID_TITLE, Refused, missing
from tieout.sandbox.servicetitan.query import Query
from tieout.sandbox.servicetitan.records import Records
from tieout.sandbox.servicetitan.resource import Resource, Row
from tieout.sandbox.servicetitan.schema import Catalogue, Errors

CATALOGUES: Final[Mapping[str, Catalogue]] = {
    "jpm": Catalogue(schemas_jpm.NOTATION + schemas_budget_codes.NOTATION),
    "crm": Catalogue(schemas_crm.NOTATION),
    "settings": Catalogue(schemas_settings.NOTATION),
    "accounting": Catalogue(schemas_sales.NOTATION + schemas_payables.NOTATION + schemas_ledger.NOTATION + schemas_sandbox.NOTATION),
    "inventory": Catalogue(schemas_inventory.NOTATION + schemas_purchasing.NOTATION),
    "pricebook": Catalogue(schemas_pricebook.NOTATION),
    "payroll": Catalogue(schemas_payroll.NOTATION),
    "timesheets": Catalogue(schemas_timesheets.NOTATION),
}
API_USER: Final = 1


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call that passed the door: the ids in its path, its query and its body as sent."""

    keys: Mapping[str, Any]
    query: Query
    body: bytes

    @property
    def application(self) -> str:
        """The application GUID whose external data are to be shown, or nothing."""
        return (self.query.text("externalDataApplicationGuid") or "").lower()


@dataclass(frozen=True, slots=True)
class Tenant:
    """The one tenant of the emulator."""

    records: Records
    settings: Mapping[str, Any]
    events: Events

    def accept(self, area: str, shape: str, body: bytes) -> dict[str, Any]:
        """The body in stored form; raises the 400 that lists everything wrong with it."""
        accepted, errors = CATALOGUES[area].accept(shape, _json(body), allow_unknown=self.settings["allow_unknown_members"])
        refuse_if(errors)
        return accepted

    def accept_list(self, area: str, shape: str, body: bytes) -> list[dict[str, Any]]:
        """The same for a body that is a list of objects."""
        accepted, errors = CATALOGUES[area].accept_list(shape, _json(body), allow_unknown=self.settings["allow_unknown_members"])
        refuse_if(errors)
        return accepted

    def show(self, area: str, shape: str, row: Row, application: str = "") -> dict[str, Any]:
        """The row as the wire shows it, with the external data of one application."""
        shown = dict(row)
        if "externalData" in CATALOGUES[area][shape].members:
            held = row.get("_external", {}).get(application.lower(), {}) if application else {}
            shown["externalData"] = [{"key": key, "value": value} for key, value in held.items()]
        if self.settings["project_modified_on_null"] and shape in ("ProjectResponse", "ExportProjectsResponse"):
            shown["modifiedOn"] = None
        reply = CATALOGUES[area].lay_out(shape, shown, digits=self.settings["fraction_digits"])
        if self.settings["extra_members"]:
            reply["summaryOfWork"], reply["isAutoDispatched"] = None, False
        return reply

    def show_as(self, resource: Resource, shape: str, row: Row, application: str = "") -> dict[str, Any]:
        """The row as a resource shows it, completed from other records."""
        whole = row if resource.derive is None else resource.derive(self.records, row)
        return self.show(resource.area, shape, whole, application)

    def existing(self, resource: Resource, key: int | str) -> Row:
        """The row, or a 404."""
        row = self.records.find(resource.kind, key)
        if row is None or (resource.where is not None and not resource.where(row)):
            raise missing(resource.label, key, resource.absent)
        return row

    def check_reference(self, errors: Errors, member: str, kind: str, key: int | None, label: str) -> Row | None:
        """The row a member refers to; a missing one is a complaint, None refers to nothing."""
        if key is None:
            return None
        row = self.records.find(kind, key)
        if row is None:
            errors.setdefault(member, []).append(f"{label} with ID {key} was not found.")
        return row

    def check_references(self, errors: Errors, member: str, kind: str, keys: Sequence[int] | None, label: str) -> None:
        """Complains about every id in a list that refers to nothing."""
        for key in keys or ():
            self.check_reference(errors, member, kind, key, label)

    def custom_fields(self, errors: Errors, kind: str, given: Sequence[Mapping[str, Any]] | None) -> list[Row]:
        """The stored form of custom field values, checked against their types (Text, Dropdown, Numeric; servicetitan §8)."""
        kept: list[Row] = []
        for each in given or ():
            declared = self.check_reference(errors, "customFields", kind, each["typeId"], "Custom field type")
            value = each["value"]
            if declared is None or value is None:
                continue
            if declared["dataType"] == "Dropdown" and value not in (declared["dataTypeOptions"] or ()):
                errors.setdefault("customFields", []).append(f"'{value}' is not an option of {declared['name']}.")
            if declared["dataType"] == "Numeric" and not _is_number(value):
                errors.setdefault("customFields", []).append(f"'{value}' is not a number for {declared['name']}.")
            kept.append({"typeId": declared["id"], "name": declared["name"], "value": value})
        return kept

    def tell(self, event: Event, row: Row, *, appointment: Row | None = None) -> None:
        """Notes a webhook about a row as it is now."""
        number = appointment["_change"] if appointment is not None else row["_change"]
        self.events.tell(event, row, number=number, at=self.records.stamp(), appointment=appointment)


def refuse_if(errors: Errors) -> None:
    """Raises the 400 with all complaints, if there are any."""
    if errors:
        raise Refused(400, INVALID_TITLE, errors=errors)


def new_external(given: Mapping[str, Any] | None) -> dict[str, dict[str, str]]:
    """External data of a create request, by application (servicetitan §8)."""
    if given is None:
        return {}
    return {given["applicationGuid"].lower(): {item["key"]: item["value"] for item in given["externalData"]}}


def changed_external(row: Row, given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """External data after an update: Replace drops the application's other keys, Merge keeps them; a null value removes its key."""
    application = given["applicationGuid"].lower()
    held = dict(row.get("_external", {}))
    kept = dict(held.get(application, {})) if given.get("patchMode") == "Merge" else {}
    for item in given["externalData"]:
        if item.get("value") is None:
            kept.pop(item["key"], None)
        else:
            kept[item["key"]] = item["value"]
    held[application] = kept
    return held


def application_of(given: Mapping[str, Any] | None) -> str:
    """The application of a request's external data; its reply shows them."""
    return "" if given is None else str(given["applicationGuid"])


def _json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        raise Refused(400, INVALID_TITLE, errors={"": ["The body is not valid JSON."]}) from None


def _is_number(text: str) -> bool:
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True
