"""Error bodies of the REST surface (intacct-rest §9): wrappers, details and the gateway's own.

Codes marked EMU- are the emulator's: the reference names none for the case. Texts are our own where it records none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tieout.sandbox.intacct.rest.binding import Schema
from tieout.sandbox.intacct.wording import Problem

Error = dict[str, Any]
DUPLICATE_NUMBER = "BL34000061"


class RestRefusal(Exception):  # noqa: N818 - an answer, not a failure
    """A request or one of its records is refused with this status and this ia::error."""

    def __init__(self, status: int, error: Error) -> None:
        super().__init__(error.get("message", ""))
        self.status, self.error = status, error


def error(
    code: str,
    message: str,
    error_id: str = "",
    *,
    message_id: str = "",
    placeholders: Mapping[str, Any] | None = None,
    details: Sequence[Error] = (),
) -> Error:
    """One ia::error."""
    body: Error = {"code": code, "message": message}
    if error_id:
        body["errorId"] = error_id
    body["additionalInfo"] = {"messageId": message_id, "placeholders": dict(placeholders or {}), "propertySet": {}}
    if details:
        body["details"] = list(details)
    return body


def detail(code: str, error_id: str, message: str, path: str = "", *, message_id: str = "", correction: str = "") -> Error:
    """One of the details, with a JSON pointer if it is about a field of the payload (intacct-rest §9.1)."""
    body = error(code, message, error_id, message_id=message_id, placeholders={"FIELD_PATH": path} if path else None)
    if correction:
        body["correction"] = correction
    if path:
        body["target"] = "/" + path.replace(".", "/")
    return body


def malformed(message: str, *details: Error) -> RestRefusal:
    """400 invalidRequest."""
    return RestRefusal(400, error("invalidRequest", message, details=details))


def no_payload() -> RestRefusal:
    """REST-1028 (intacct-rest §9.3)."""
    message = "A POST or PATCH request needs a payload."
    return RestRefusal(400, error("invalidRequest", message, "REST-1028", message_id="IA.REQUEST_REQUIRES_A_PAYLOAD"))


def payload_errors(details: Sequence[Error]) -> RestRefusal:
    """REST-1064 around what is wrong with the payload (intacct-rest §9.3)."""
    body = error("invalidRequest", "The payload contains errors.", "REST-1064", message_id="IA.PAYLOAD_CONTAINS_ERRORS", details=details)
    return RestRefusal(400, body)


def unknown_field(path: str) -> Error:
    """REST-1043."""
    return detail("invalidRequest", "REST-1043", f"/{path.replace('.', '/')} is not a valid field", path, message_id="IA.NOT_A_VALID_FIELD")


def bad_value(path: str, text: str) -> Error:
    """A value of the wrong form; the reference names no number."""
    return detail("invalidRequest", "EMU-INVALID-VALUE", text, path)


def read_only(path: str) -> Error:
    """A field that writes may not carry; whether the vendor refuses or ignores it is a setting (intacct-rest §3.3)."""
    return detail("invalidRequest", "EMU-READ-ONLY", f"/{path.replace('.', '/')} is read-only", path)


def not_queryable(path: str, object_name: str) -> RestRefusal:
    """REST-1106 (intacct-rest §4, §9.3)."""
    body = error(
        "invalidRequest",
        f"The field {path} of {object_name} cannot be used in a query.",
        "REST-1106",
        placeholders={"FIELD": path, "OBJECT": object_name, "VERSION": "v1"},
    )
    return RestRefusal(400, body)


def not_found(schema: Schema, key: str) -> RestRefusal:
    """404 notFound."""
    return RestRefusal(404, error("notFound", f"There is no {schema.name} with the key {key}."))


def bad_key(key: str) -> RestRefusal:
    """invalidKey: addresses take the record number only (intacct-rest §0.2, §9.3)."""
    return RestRefusal(400, error("invalidKey", f"{key} is not a valid key."))


def not_permitted(function: str, schema: Schema) -> RestRefusal:
    """403 unauthorizedUser (intacct-rest §9.3)."""
    return RestRefusal(403, error("unauthorizedUser", f"The user has no permission to {function} {schema.name}."))


def not_emulated(what: str) -> RestRefusal:
    """A real operation the sandbox lacks: refused by name, so that nobody takes it for the vendor's refusal."""
    return RestRefusal(501, error("notEmulated", f"The sandbox does not emulate {what}.", "EMU-NOT-EMULATED"))


def no_method(method: str, path: str) -> RestRefusal:
    """405."""
    return RestRefusal(405, error("methodNotAllowed", f"{method} is not offered at {path}."))


def unprocessed() -> Error:
    """What the siblings of a failed record or sub-request say (intacct-rest §3.6, §6); its status is 422."""
    return error("unprocessed", "Operation skipped due to atomic transaction failure")


def failed(method: str, schema: Schema, problems: Sequence[Problem], duplicate_status: int) -> RestRefusal:
    """REST-7001 around the problems the object's rules found (intacct-rest §9.1); a duplicate has its own status."""
    resource = schema.href.removeprefix("/")
    body = error(
        "operationFailed",
        f"{method} request on {resource} object was unsuccessful",
        "REST-7001",
        message_id="IA.REQUEST_ON_OBJECT_FAILED",
        placeholders={"OPERATION": method, "RESOURCE_NAME": resource},
        details=[_business(schema, each) for each in problems if not _is_wrapper(each)] or [_business(schema, problems[0])],
    )
    is_duplicate = any(each.errorno == DUPLICATE_NUMBER for each in problems)
    return RestRefusal(duplicate_status if is_duplicate else 422, body)


def gateway(code: str, message: str, status: int = 400, *, number: int = 0) -> RestRefusal:
    """A refusal of the gateway in front: its details are an object, not a list (intacct-rest §1, §9.1)."""
    return RestRefusal(status, {"code": code, "message": message, "details": {"requestId": f"AC47C2BE:D9EE_{number:08X}.59"}})


def _is_wrapper(problem: Problem) -> bool:
    return problem.description2.startswith("Could not ")


def _business(schema: Schema, problem: Problem) -> Error:
    """A problem as the rules word it, with REST's names for fields; old-style numbers stay in `code` (intacct-rest §9.3)."""
    path = schema.path_of.get(problem.field, "") if problem.object in ("", schema.kind.name) else ""
    if problem.errorno == DUPLICATE_NUMBER:
        value = re.sub(r"^.*given value\(s\) (.*?) +already exists$", r"\1", problem.description2)
        text = f"Another record with the value '{value}' already exists"
        return detail("duplicateId", problem.errorno, text, path, correction=problem.correction)
    text, correction = (_renamed(each, problem.field, path) for each in (problem.description2, problem.correction))
    return detail(problem.errorno, problem.errorno, text, path, correction=correction)


def _renamed(text: str, field: str, path: str) -> str:
    return re.sub(rf"\b{re.escape(field)}\b", path, text) if field and path and field != path else text
