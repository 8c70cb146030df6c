"""Refusals in ServiceTitan's error shape: RFC 7807 with all six members always present (servicetitan §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_TYPES: Final = {
    400: "https://tools.ietf.org/html/rfc7231#section-6.5.1",
    401: "https://tools.ietf.org/html/rfc7235#section-3.1",
    403: "https://tools.ietf.org/html/rfc7231#section-6.5.3",
    404: "https://tools.ietf.org/html/rfc7231#section-6.5.4",
    409: "https://tools.ietf.org/html/rfc7231#section-6.5.8",
    429: "https://tools.ietf.org/html/rfc6585#section-4",
}
INVALID_TITLE: Final = "One or more validation errors occurred."


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """The call is refused: HTTP status, title, field messages and extra headers."""

    def __init__(
        self, status: int, title: str, *, errors: Mapping[str, Sequence[str]] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.errors = {name: list(messages) for name, messages in (errors or {}).items()}
        self.headers = dict(headers or {})

    def body(self, trace_id: str) -> dict[str, Any]:
        """The JSON body: type, title, status, traceId, errors, data."""
        return {
            "type": _TYPES.get(self.status, "https://tools.ietf.org/html/rfc7231#section-6.6.1"),
            "title": self.title,
            "status": self.status,
            "traceId": trace_id,
            "errors": self.errors,
            "data": {},
        }


def invalid(field: str, message: str) -> Refused:
    """A 400 that names one field."""
    return Refused(400, INVALID_TITLE, errors={field: [message]})


def missing(what: str, key: object, status: int = 404) -> Refused:
    """A 404 for a record that does not exist; a 400 where the contract lists no 404."""
    return Refused(status, f"{what} with ID {key} was not found.")


def conflict(title: str) -> Refused:
    """A 409: the record is in a state that forbids the change."""
    return Refused(409, title)
