"""What can be done to technicians and employees over the API: they are hired (servicetitan Appendix B settings/v2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tieout.sandbox.servicetitan.schema import Errors
from tieout.sandbox.servicetitan.tenant import CATALOGUES, ApiCall, Tenant, refuse_if

_NEUTRAL: Final[dict[str, Any]] = {"str": "", "bool": False, "i64": 0, "i32": 0, "dec": "0.00"}
_WORDS: Final = {"status": "Idle", "role": "GeneralOffice", "active": True}


def hirer(kind: str, shape: str, request: str, reply: str) -> Callable[[Tenant, ApiCall], dict[str, Any]]:
    """The handler that creates one; the reply is the id."""

    def hire(tenant: Tenant, call: ApiCall) -> dict[str, Any]:
        given = tenant.accept("settings", request, call.body)
        errors: Errors = {}
        if not given["name"].strip():
            errors["name"] = ["The name may not be empty."]
        tenant.check_reference(errors, "businessUnitId", "business-units", given.get("businessUnitId"), "Business unit")
        if given.get("login") and any(
            row["loginName"] == given["login"] for each in ("technicians", "employees") for row in tenant.records.all(each)
        ):
            errors["login"] = [f"The login {given['login']} is taken."]
        refuse_if(errors)
        fields = CATALOGUES["settings"][shape].fields
        row: dict[str, Any] = {field.name: None if field.nullable else [] if field.many else _NEUTRAL.get(field.type) for field in fields}
        first, _, last = given["name"].partition(" ")
        row |= {name: value for name, value in _WORDS.items() if name in row}
        row |= {"name": given["name"], "firstName": first, "lastName": last or None, "email": given.get("email")}
        row |= {"loginName": given.get("login"), "businessUnitId": given.get("businessUnitId"), "phoneNumber": given.get("phoneNumber")}
        row |= {"roleIds": [given["roleId"]], "userId": tenant.records.new_id(), "id": None, "createdOn": None, "modifiedOn": None}
        return tenant.show("settings", reply, tenant.records.insert(kind, {**row, "_external": {}}))

    return hire
